//! Retros as programmes: what the shared code needs to know of them.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Weekday};
use chrono_tz::Tz;
use futures_util::FutureExt as _;

use super::{
    OPEN, Retros,
    deck::Decks,
    messages::{self, WORDS},
    options::Options,
    plan::{State, Threshold, closing, on_a_weekday},
    scheduling::asked_in,
    store,
    values::{Retro, Step},
};
use crate::{
    common::programmes::{
        Asker, OwnVerb, Participants, ProgrammeKind, Programmes, Replanned, audience::Audience,
        participants_of,
    },
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        failure::Failure,
        text::Markup,
    },
    ritual::{Context, Handling},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// How many days after its close a retro counts as left as it is.
const LEFT_AFTER_DAYS: i64 = 14;

static RETROS: ProgrammeKind<Retros> = ProgrammeKind {
    words: &WORDS,
    occasion: OPEN,
    around: &[],
    command: |retros| &retros.command,
    help: |retros| messages::help(&retros.command),
    own_verbs: &[
        OwnVerb {
            word: "now",
            reads_ended: false,
            answer: |retros, context, programmes, asker| retros.now(context, programmes, asker.user).boxed(),
        },
        OwnVerb {
            word: "notes",
            reads_ended: false,
            answer: |retros, context, programmes, asker| {
                async move { retros.show_notes(context, programmes, &asker.user).await }.boxed()
            },
        },
        OwnVerb { word: "next", reads_ended: true, answer: next_step },
        OwnVerb {
            word: "hide",
            reads_ended: true,
            answer: |retros, context, programmes, asker| {
                retros.show_next(context, (programmes, Step::Hide), asker.user).boxed()
            },
        },
        OwnVerb { word: "close", reads_ended: false, answer: next_step },
        OwnVerb { word: "extend", reads_ended: false, answer: next_step },
        OwnVerb { word: "reveal", reads_ended: false, answer: next_step },
        OwnVerb { word: "vote", reads_ended: false, answer: next_step },
        OwnVerb {
            word: "history",
            reads_ended: true,
            answer: |retros, context, programmes, asker| {
                async move { retros.show_history(context, programmes, &asker).await }.boxed()
            },
        },
    ],
    hints: &messages::HINTS,
    standing: |retros, context, programme, past| retros.standing_of(context, programme, past).boxed(),
    participants: |retros, context, programme, wall| retros.participants(context, programme, wall).boxed(),
    remark: |retros, _, programme, participants, first| {
        let remarks = retros.remarks(programme, participants.here.len(), first);
        std::future::ready(Ok(Markup::join(&remarks, " "))).boxed()
    },
    announcement: |retros, organiser, programme, cadence, first| {
        let options = Options::read(&programme.settings);
        let called = (programme.name.as_str(), programme.id.as_str());
        let meant = closing_of(&options, *first, cadence, None);
        let until_next = closing_of(&options, *first, cadence, cadence.next(first.at)) != meant;
        let deck = options.deck(&retros.decks).map_or("", |deck| &deck.name);
        let about = messages::AnnouncedRetros {
            deck,
            days: Some(options.days).filter(|_| !until_next),
            audience: options.audience.as_ref().map(Audience::named),
        };
        messages::announcement(organiser, called, (cadence, first), &about, &retros.command)
    },
    shown: |retros, _, upcoming| std::future::ready(Ok(retros.preview(upcoming))).boxed(),
    fields: |retros, settings| messages::fields(&Options::read(settings), retros.usual()),
    answered: |retros, settings, answers, complaints| {
        let before = Options::read(settings);
        let after = before.clone().answered(answers, retros.usual(), complaints);
        if after == before { Ok(settings.to_owned()) } else { after.as_stored() }
    },
    changed_options: |retros, old, new| {
        messages::changed_options(&Options::read(old), &Options::read(new), retros.usual())
    },
    was_held_on: |context, programme, date| {
        async move { Ok(store::had_retro(&context.store, programme, date).await?) }.boxed()
    },
    was_held: |context, programme| {
        async move {
            // No one is thanked for answers that are deleted unread in the same moment.
            let is_open = store::under_way(&context.store, &programme.id).await?.is_some();
            Ok(!is_open && !store::retros(&context.store, &programme.id, 1).await?.is_empty())
        }
        .boxed()
    },
    absent: |_, _, _| std::future::ready(Ok(UnitOfWork::new())).boxed(),
    is_under_way: |context, programme| {
        async move { Ok(unfinished(context, programme).await?.is_some()) }.boxed()
    },
    at_once: Some(|retros, context, programme| retros.hold_once(context, programme).boxed()),
    unfinished: |context, programme| {
        async move {
            let unfinished = unfinished(context, programme).await?;
            Ok(unfinished.map_or_else(Markup::default, |retro| messages::ends_unfinished(&retro)))
        }
        .boxed()
    },
    handed_over: |retros, context, programme, hands| retros.handed_over(context, programme, hands).boxed(),
    goes_on: |context, programme| {
        async move {
            let open = store::under_way(&context.store, &programme.id).await?;
            let open = open.filter(|retro| retro.takes_answers(context.now));
            Ok(open.map_or_else(Markup::default, |retro| {
                messages::status(retro.date, &closes(context, programme, &retro))
            }))
        }
        .boxed()
    },
    replanned: |retros, context, programme, change| {
        async move {
            match change {
                Replanned::Stopped => retros.end(context, programme).await,
                Replanned::Changed => {
                    let mut unit = UnitOfWork::new();
                    let days = Options::read(&programme.settings).kept_days();
                    store::keep_answers(&mut unit, &context.team, &programme.id, days);
                    Ok(unit)
                }
                _ => Ok(UnitOfWork::new()),
            }
        }
        .boxed()
    },
};

/// Answers with what comes next for an organiser. What they'd type for a step leads there, too: the steps are buttons.
fn next_step<'c>(
    retros: &'c Retros,
    context: &'c Context,
    programmes: Vec<Programme>,
    asker: Asker,
) -> Handling<'c> {
    retros.show_next(context, (programmes, Step::Next), asker.user).boxed()
}

impl Retros {
    /// Returns the retros, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c, Retros> {
        Programmes { kind: &RETROS, ritual: self, context }
    }

    /// Returns how many people must have answered an anonymous prompt.
    pub(super) fn threshold(&self, options: &Options) -> Threshold {
        options.threshold_that_holds(self.usual())
    }

    /// Returns who is asked in the retro at this local time. People who don't work while it's open count as away.
    pub(super) async fn participants(
        &self,
        context: &Context,
        programme: &Programme,
        wall: Option<NaiveDateTime>,
    ) -> Result<Participants, Failure> {
        let opens = wall.zip(programme.cadence.as_ref()).and_then(|(wall, cadence)| {
            let opens = Occurrence { at: cadence.instant_of(wall)?, wall };
            Some((
                opens,
                closing_of(&Options::read(&programme.settings), opens, cadence, cadence.next(opens.at)),
            ))
        });
        match opens {
            Some((opens, closes)) => Ok(asked_in(context, programme, (opens, closes.at)).await?.0),
            None => participants_of(context, programme, wall).await,
        }
    }

    /// Returns what options are read by: the decks, and the threshold that the configuration sets.
    pub(super) fn usual(&self) -> (&Decks, usize) {
        (&self.decks, self.settings.threshold)
    }

    /// Returns a retro of a programme that opens at a time and closes at another.
    pub(super) fn retro_of(
        &self,
        id: String,
        programme: &Programme,
        options: &Options,
        (asked, opens, closes_at): (usize, Occurrence, Instant),
    ) -> Retro {
        Retro {
            id,
            programme: programme.id.clone(),
            date: opens.wall.date(),
            deck: options.deck(&self.decks).map(|deck| deck.code.clone()).unwrap_or_default(),
            state: State::Open,
            threshold: self.threshold(options),
            asked,
            opened_at: opens.at,
            closes_at,
            is_sorted: false,
            version: 1,
            kept_days: options.kept_days(),
            vote: None,
        }
    }
}

/// Whether a date is a Saturday or a Sunday, when most people aren't asked.
pub(super) fn is_on_a_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Returns the last retro of a programme that its organisers have still to lead to its end.
pub(super) async fn unfinished(context: &Context, programme: &Programme) -> Result<Option<Retro>, Failure> {
    let since = context.now - chrono::Duration::days(LEFT_AFTER_DAYS);
    Ok(store::unfinished(&context.store, &programme.id, since).await?)
}

/// Returns when a retro closes that opens then: at the same local time of a weekday, or when the next one begins.
pub(super) fn closing_of(
    options: &Options,
    opens: Occurrence,
    cadence: &Cadence,
    next: Option<Occurrence>,
) -> Occurrence {
    let wall = on_a_weekday(opens.wall + chrono::Duration::days(i64::from(options.days)));
    let at = cadence.instant_of(wall).unwrap_or(opens.at + (wall - opens.wall));
    closing(Occurrence { at, wall }, next)
}

/// Returns the first retro after an instant that is planned by the times of a programme; none while it is paused.
pub(super) fn next_after(programme: &Programme, at: Instant) -> Option<Occurrence> {
    let cadence = programme.cadence.as_ref().filter(|_| programme.paused_at.is_none());
    cadence.and_then(|cadence| cadence.next(at))
}

/// Returns when a retro closes, in the zone of its programme.
pub(super) fn closes(context: &Context, programme: &Programme, retro: &Retro) -> Occurrence {
    local(context, programme, retro.closes_at)
}

/// Returns an instant in the zone of a programme.
pub(super) fn local(context: &Context, programme: &Programme, at: Instant) -> Occurrence {
    Occurrence { at, wall: at.with_timezone(&zone(context, programme)).naive_local() }
}

/// Returns the zone of a programme.
pub(super) fn zone(context: &Context, programme: &Programme) -> Tz {
    programme.cadence.as_ref().map_or(context.zone, |cadence| cadence.zone)
}
