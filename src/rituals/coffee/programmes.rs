//! Coffee chats as programmes: what the shared code needs to know of them.

use futures_util::FutureExt as _;

use super::{
    CLOSE, Coffee, NOTICE, ROUND,
    messages::{self, WORDS},
    options::Options,
    store,
};
use crate::{
    common::programmes::{ProgrammeKind, Programmes, Replanned, participants_of},
    model::{people::UserId, text::Markup},
    ritual::Context,
    store::unit::UnitOfWork,
};

static COFFEE_CHATS: ProgrammeKind<Coffee> = ProgrammeKind {
    words: &WORDS,
    occasion: ROUND,
    around: &[NOTICE, CLOSE],
    command: |coffee| &coffee.command,
    help: |coffee| messages::help(&coffee.command),
    own_verbs: &[],
    hints: &[],
    standing: |coffee, context, programme, past| coffee.standing(context, programme, past).boxed(),
    participants: |_, context, programme, wall| participants_of(context, programme, wall).boxed(),
    remark: |_, context, programme, participants, _| {
        async move {
            let here: Vec<UserId> = participants.here.iter().map(|person| person.id.clone()).collect();
            let elsewhere = store::how_many_elsewhere(&context.store, &programme.id, &here).await?;
            Ok(messages::elsewhere(here.len(), elsewhere))
        }
        .boxed()
    },
    announcement: |coffee, organiser, programme, cadence, first| {
        let called = (programme.name.as_str(), programme.id.as_str());
        messages::announcement(organiser, called, cadence, first, &coffee.command)
    },
    shown: |coffee, _, upcoming| std::future::ready(Ok(coffee.shown(upcoming))).boxed(),
    fields: |coffee, settings| messages::fields(&Options::read(settings), coffee.settings.group_size),
    answered: |coffee, settings, answers, _| {
        let before = Options::read(settings);
        let after = before.clone().answered(answers, coffee.settings.group_size);
        if after == before { Ok(settings.to_owned()) } else { after.as_stored() }
    },
    changed_options: |coffee, old, new| {
        messages::changed_options(&Options::read(old), &Options::read(new), coffee.settings.group_size)
    },
    was_held_on: |context, programme, date| {
        async move { Ok(store::had_round(&context.store, programme, date).await?) }.boxed()
    },
    was_held: |context, programme| {
        async move { Ok(!store::held(&context.store, &programme.id, 1).await?.is_empty()) }.boxed()
    },
    absent: |_, _, _| std::future::ready(Ok(UnitOfWork::new())).boxed(),
    is_under_way: |_, _| std::future::ready(Ok(false)).boxed(),
    at_once: None,
    handed_over: |_, _, _, _| std::future::ready(Ok(Default::default())).boxed(),
    goes_on: |_, _| std::future::ready(Ok(Markup::default())).boxed(),
    unfinished: |_, _| std::future::ready(Ok(Markup::default())).boxed(),
    replanned: |_, context, programme, change| {
        let mut unit = UnitOfWork::new();
        if change == Replanned::Stopped {
            store::rest_unreached(&mut unit, &context.team, programme, context.now);
        }
        std::future::ready(Ok(unit)).boxed()
    },
};

impl Coffee {
    /// The coffee chats, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c, Coffee> {
        Programmes { kind: &COFFEE_CHATS, ritual: self, context }
    }
}
