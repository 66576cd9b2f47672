//! A retro opens: who is asked, what, and until when is fixed from then on.

use chrono::Duration;

use super::{
    ASK, CLOSE, COUNT, ENDED, NAME, OPEN, Retros,
    messages::{self, AskedRetro},
    options::Options,
    plan::{Schedule, look_at, may_ask},
    posting::{kept, tell_standing, to_channel},
    programmes::{closes, closing_of, next_after},
    scheduling::asked_in,
    store,
    values::{AnswerKey, AskedPrompt, Retro},
};
use crate::{
    common::{
        programmes::{AtOnce, Readiness, readiness, tell_organisers},
        promises,
    },
    model::{
        cadence::Occurrence, catch_up::CatchUp, clock::Instant, effect::NewEffect, failure::Failure,
        message::Message, owner::Owner, people::UserId,
    },
    ritual::{Context, Ran},
    store::{
        programmes::Programme,
        runs::{self, NewRun, PastRun, Run},
        unit::UnitOfWork,
    },
};

/// A close is never too late: until it is done, answers are kept that may have to be deleted.
const LATEST_CLOSE_DAYS: i64 = 3_650;
/// How late people may hear that a retro has ended with its programme.
const LATEST_END_HOURS: i64 = 24;
/// How long a retro waits for the one before it to close.
const CLOSING_SECONDS: i64 = 20;

/// A retro that is about to open.
pub(super) struct Opening {
    pub unit: UnitOfWork,
    pub retro: Retro,
    /// What the channel reads.
    began: Message,
}

/// Why no one is asked.
pub(super) struct NotHeld {
    why: &'static str,
    /// How many people would be asked.
    people: usize,
    /// How many others take part and are away, skip it, or don't work while it's open.
    absent: usize,
}

impl Retros {
    /// Opens the retro of an occasion.
    pub(super) async fn hold(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        if let Some(before) = store::under_way(&context.store, &programme.id).await?
            && before.closes_at <= context.now
        {
            // The one before closes in this instant.
            let soon = context.now + Duration::seconds(CLOSING_SECONDS);
            return Ok(Ran::snoozed(UnitOfWork::new(), soon, ""));
        }
        let opening = match readiness(context, programme).await? {
            Readiness::Ready => self.open(context, programme, run.due).await?,
            Readiness::BeingRead(waits) => return Ok(waits),
            Readiness::Closed => Err(NotHeld { why: messages::NOT_IN_CHANNEL, people: 0, absent: 0 }),
        };
        match opening {
            Ok(Opening { unit, .. }) => Ok(Ran::done(unit)),
            Err(not_held) => {
                let (why, message) = (not_held.why, self.not_held(programme, &not_held));
                let key = format!("{}/{}", run.occasion, run.kind);
                let mut ran = Ran::skipped(why);
                if why == messages::NO_ONE_TO_ASK && is_known(context, programme, why).await? {
                    return Ok(ran);
                }
                tell_organisers(&mut ran.unit, context, NAME, programme, (&key, &message))?;
                Ok(ran)
            }
        }
    }

    /// Opens the only retro of a programme that begins with it.
    pub(super) async fn hold_once(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<Result<AtOnce, Message>, Failure> {
        let zone = self.programmes(context).times(programme)?.zone;
        let at = Occurrence { at: context.now, wall: context.now.with_timezone(&zone).naive_local() };
        if store::had_retro(&context.store, &programme.id, at.wall.date()).await? {
            return Ok(Err(messages::had_one_today()));
        }
        Ok(match self.open(context, programme, at).await? {
            Ok(Opening { unit, retro, began }) => {
                let closes = closes(context, programme, &retro);
                let held = messages::held_once(&retro, &programme.channel, &closes, &self.command);
                Ok(AtOnce { unit, began, held })
            }
            Err(not_held) => Err(self.not_held(programme, &not_held)),
        })
    }

    pub(super) fn not_held(
        &self,
        programme: &Programme,
        NotHeld { why, people, absent }: &NotHeld,
    ) -> Message {
        let threshold = self.threshold(&Options::read(&programme.settings));
        let numbers = (*people, *absent, threshold);
        messages::not_held(&programme.name, &programme.channel, numbers, why)
    }

    pub(super) async fn open(
        &self,
        context: &Context,
        programme: &Programme,
        opens: Occurrence,
    ) -> Result<Result<Opening, NotHeld>, Failure> {
        let options = Options::read(&programme.settings);
        let cadence = self.programmes(context).times(programme)?;
        let opens = Occurrence { at: context.now, ..opens };
        let closes = closing_of(&options, opens, cadence, next_after(programme, opens.at));
        let (participants, Schedule { asked, reminded, .. }) =
            asked_in(context, programme, (opens, closes.at)).await?;
        let absent = participants.skipping.len() + participants.away.len();
        let not_held = |why| Ok(Err(NotHeld { why, people: asked.len(), absent }));
        if store::under_way(&context.store, &programme.id).await?.is_some() {
            return not_held(messages::STILL_OPEN);
        }
        let prompts = options.prompts(&self.decks);
        let is_anonymous = prompts.iter().any(|prompt| prompt.is_anonymous);
        if prompts.is_empty() || asked.is_empty() {
            return not_held(messages::NO_ONE_TO_ASK);
        }
        if may_ask(asked.len(), is_anonymous, self.threshold(&options)).is_err() {
            return not_held(if is_anonymous { messages::TOO_FEW } else { messages::NO_ONE_TO_ASK });
        }
        let retro = self.retro_of(context.id(), programme, &options, (asked.len(), opens, closes.at));
        let mut unit = UnitOfWork::new();
        let people: Vec<UserId> = asked.iter().map(|(person, _)| person.clone()).collect();
        store::put_retro(&mut unit, &context.team, &retro, &prompts, &people);
        let anonymous = prompts.iter().filter(|prompt| prompt.is_anonymous);
        // More than are asked: the last keys in the pool aren't those of the last person.
        let keys = people.len() + retro.threshold.people();
        let keys: Vec<(String, AnswerKey)> = anonymous
            .flat_map(|prompt| std::iter::repeat_n(prompt.place.clone(), keys))
            .map(|place| (place, AnswerKey::new(context.entropy.key())))
            .collect();
        store::put_slots(&mut unit, &context.team, &retro.id, &keys, || context.entropy.key());
        for (person, at) in &asked {
            put_person_run(&mut unit, context, &retro, (person, ASK), *at);
        }
        put_run(&mut unit, context, &retro, CLOSE, retro.closes_at);
        if is_anonymous {
            let asked: Vec<Instant> = asked.iter().map(|(_, at)| *at).collect();
            if let Some(at) = look_at(&asked, &reminded, retro.closes_at) {
                put_run(&mut unit, context, &retro, COUNT, at);
            }
        }
        let about =
            AskedRetro { retro: &retro, name: &programme.name, channel: &programme.channel, closes: &closes };
        let opened = messages::opened(about, is_anonymous);
        tell_standing(&mut unit, context, (programme, &retro), ("opened", &opened), true)?;
        let began = began_with(context, programme, &retro, &prompts).await?;
        let effect = kept(context, to_channel(context, programme, &retro, ("began", began.clone()))?);
        context.enqueue_once(&mut unit, &effect)?;
        Ok(Ok(Opening { unit, retro, began }))
    }
}

/// Whether the retro before this one was left out for the same reason, so that its organisers know.
async fn is_known(context: &Context, programme: &Programme, why: &str) -> Result<bool, Failure> {
    let past = context.store.past_runs(&programme.id, OPEN, 1).await?;
    Ok(past.first().and_then(PastRun::reason) == Some(why))
}

/// Returns the message with which a retro began, as the retro is now.
pub(super) async fn began_effect(
    context: &Context,
    programme: &Programme,
    retro: &Retro,
) -> Result<NewEffect, Failure> {
    let prompts = store::prompts(&context.store, &retro.id).await?;
    let message = began_with(context, programme, retro, &prompts).await?;
    Ok(kept(context, to_channel(context, programme, retro, ("began", message))?))
}

async fn began_with(
    context: &Context,
    programme: &Programme,
    retro: &Retro,
    prompts: &[AskedPrompt],
) -> Result<Message, Failure> {
    let last = store::retros(&context.store, &programme.id, 2).await?;
    let before = last.into_iter().find(|before| before.id != retro.id);
    let review =
        promises::review(context, programme, before.map(|before| before.opened_at), retro.date).await?;
    let closes = closes(context, programme, retro);
    let about = AskedRetro { retro, name: &programme.name, channel: &programme.channel, closes: &closes };
    let is_for_all = Options::read(&programme.settings).audience.is_none();
    Ok(messages::began(about, prompts, is_for_all, &review))
}

/// Adds to a unit a run of a retro for one person. It ends with the person's data.
pub(super) fn put_person_run(
    unit: &mut UnitOfWork,
    context: &Context,
    retro: &Retro,
    (person, kind): (&UserId, &'static str),
    at: Instant,
) {
    let run = NewRun {
        owner: Owner::Person(person.clone()),
        ritual: NAME,
        occasion: None,
        kind,
        subject: &retro.id,
        due: Occurrence { at, wall: at.naive_utc() },
        late: CatchUp::Until(retro.closes_at),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}

/// Adds to a unit a run of a retro, or gives one that is not done yet another time. It has no programme, since a pause doesn't end a
/// retro that is open.
pub(super) fn put_run(
    unit: &mut UnitOfWork,
    context: &Context,
    retro: &Retro,
    kind: &'static str,
    at: Instant,
) {
    let late = match kind {
        COUNT => CatchUp::Until(retro.closes_at),
        ENDED => CatchUp::Within(Duration::hours(LATEST_END_HOURS)),
        _ => CatchUp::Within(Duration::days(LATEST_CLOSE_DAYS)),
    };
    let run = NewRun {
        owner: Owner::None,
        ritual: NAME,
        occasion: None,
        kind,
        subject: &retro.id,
        due: Occurrence { at, wall: at.naive_utc() },
        late,
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}
