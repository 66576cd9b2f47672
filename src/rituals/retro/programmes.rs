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
    common::{
        programmes::{
            Answers, Asker, AtOnce, HandOver, Hint, Loading, NOW, OwnVerb, Participants, ProgrammeRitual,
            Programmes, Replanned, Standing, Upcoming, audience::Audience, participants_of,
        },
        setup::{Complaints, PreviewMessage},
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        failure::Failure,
        message::{Block, Message},
        people::UserId,
        text::Markup,
    },
    ritual::{Context, Handling},
    store::{programmes::Programme, runs::PastRun, unit::UnitOfWork},
};

/// How many days after its close a retro counts as left as it is.
const LEFT_AFTER_DAYS: i64 = 14;

impl Retros {
    /// Returns the retros, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c> {
        Programmes { ritual: self, context }
    }

    /// Returns how many people must have answered an anonymous prompt.
    pub(super) fn threshold(&self, options: &Options) -> Threshold {
        options.threshold_that_holds(self.usual())
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

impl ProgrammeRitual for Retros {
    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn occasion(&self) -> &'static str {
        OPEN
    }

    fn command_name(&self) -> &str {
        &self.command
    }

    fn help(&self) -> Message {
        messages::help(&self.command)
    }

    fn own_verbs(&self) -> &'static [OwnVerb] {
        &[
            OwnVerb { word: NOW, reads_ended: false },
            OwnVerb { word: "notes", reads_ended: false },
            OwnVerb { word: "next", reads_ended: true },
            OwnVerb { word: "hide", reads_ended: true },
            OwnVerb { word: "close", reads_ended: false },
            OwnVerb { word: "extend", reads_ended: false },
            OwnVerb { word: "reveal", reads_ended: false },
            OwnVerb { word: "vote", reads_ended: false },
            OwnVerb { word: "history", reads_ended: true },
        ]
    }

    fn on_own_verb<'c>(
        &'c self,
        context: &'c Context,
        word: &'static str,
        programmes: Vec<Programme>,
        asker: Asker,
    ) -> Handling<'c> {
        async move {
            match word {
                NOW => self.now(context, programmes, asker.user).await,
                "notes" => self.show_notes(context, programmes, &asker.user).await,
                "history" => self.show_history(context, programmes, &asker).await,
                "hide" => self.show_next(context, (programmes, Step::Hide), asker.user).await,
                // What they'd type for a step leads to what comes next, too: the steps are buttons.
                _ => self.show_next(context, (programmes, Step::Next), asker.user).await,
            }
        }
        .boxed()
    }

    fn hints(&self) -> &'static [(&'static [&'static str], Hint)] {
        &messages::HINTS
    }

    fn standing<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        past: Vec<PastRun>,
    ) -> Loading<'c, Standing> {
        self.standing_of(context, programme, past).boxed()
    }

    /// People who don't work while the retro is open count as away.
    fn participants<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        wall: Option<NaiveDateTime>,
    ) -> Loading<'c, Participants> {
        let opens = wall.zip(programme.cadence.as_ref()).and_then(|(wall, cadence)| {
            let opens = Occurrence { at: cadence.instant_of(wall)?, wall };
            Some((
                opens,
                closing_of(&Options::read(&programme.settings), opens, cadence, cadence.next(opens.at)),
            ))
        });
        async move {
            match opens {
                Some((opens, closes)) => Ok(asked_in(context, programme, (opens, closes.at)).await?.0),
                None => participants_of(context, programme, wall).await,
            }
        }
        .boxed()
    }

    fn remark<'c>(
        &'c self,
        _context: &'c Context,
        programme: &'c Programme,
        participants: &'c Participants,
        first: Option<Occurrence>,
    ) -> Loading<'c, Markup> {
        let remarks = self.remarks(programme, participants.here.len(), first);
        std::future::ready(Ok(Markup::join(&remarks, " "))).boxed()
    }

    fn announcement(
        &self,
        organiser: &UserId,
        programme: &Programme,
        cadence: &Cadence,
        first: &Occurrence,
    ) -> Message {
        let options = Options::read(&programme.settings);
        let called = (programme.name.as_str(), programme.id.as_str());
        let meant = closing_of(&options, *first, cadence, None);
        let until_next = closing_of(&options, *first, cadence, cadence.next(first.at)) != meant;
        let deck = options.deck(&self.decks).map_or("", |deck| &deck.name);
        let about = messages::AnnouncedRetros {
            deck,
            days: Some(options.days).filter(|_| !until_next),
            audience: options.audience.as_ref().map(Audience::named),
        };
        messages::announcement(organiser, called, (cadence, first), &about, &self.command)
    }

    fn shown<'c>(
        &'c self,
        _context: &'c Context,
        upcoming: Upcoming<'c>,
    ) -> Loading<'c, Vec<PreviewMessage>> {
        std::future::ready(Ok(self.preview(upcoming))).boxed()
    }

    fn fields(&self, settings: &str) -> Vec<Block> {
        messages::fields(&Options::read(settings), self.usual())
    }

    fn answered(
        &self,
        settings: &str,
        answers: &Answers,
        complaints: &mut Complaints,
    ) -> Result<String, Failure> {
        let before = Options::read(settings);
        let after = before.clone().answered(answers, self.usual(), complaints);
        if after == before { Ok(settings.to_owned()) } else { after.as_stored() }
    }

    fn changed_options(&self, old: &str, new: &str) -> Vec<Markup> {
        messages::changed_options(&Options::read(old), &Options::read(new), self.usual())
    }

    fn was_held_on<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c str,
        date: NaiveDate,
    ) -> Loading<'c, bool> {
        async move { Ok(store::had_retro(&context.store, programme, date).await?) }.boxed()
    }

    fn was_held<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, bool> {
        async move {
            // No one is thanked for answers that are deleted unread in the same moment.
            let is_open = store::under_way(&context.store, &programme.id).await?.is_some();
            Ok(!is_open && !store::retros(&context.store, &programme.id, 1).await?.is_empty())
        }
        .boxed()
    }

    fn is_under_way<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, bool> {
        async move { Ok(unfinished(context, programme).await?.is_some()) }.boxed()
    }

    fn holds_at_once(&self) -> bool {
        true
    }

    fn hold_at_once<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
    ) -> Loading<'c, Result<AtOnce, Message>> {
        self.hold_once(context, programme).boxed()
    }

    fn unfinished<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, Markup> {
        async move {
            let unfinished = unfinished(context, programme).await?;
            Ok(unfinished.map_or_else(Markup::default, |retro| messages::ends_unfinished(&retro)))
        }
        .boxed()
    }

    fn handed_over<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        hands: HandOver<'c>,
    ) -> Loading<'c, (Markup, UnitOfWork)> {
        self.hand_retros_over(context, programme, hands).boxed()
    }

    fn goes_on<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, Markup> {
        async move {
            let open = store::under_way(&context.store, &programme.id).await?;
            let open = open.filter(|retro| retro.takes_answers(context.now));
            Ok(open.map_or_else(Markup::default, |retro| {
                messages::status(retro.date, &closes(context, programme, &retro))
            }))
        }
        .boxed()
    }

    fn replanned<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        change: Replanned,
    ) -> Loading<'c, UnitOfWork> {
        async move {
            let mut unit = UnitOfWork::new();
            match change {
                Replanned::Stopped => return self.end(context, programme).await,
                Replanned::Changed => {
                    let days = Options::read(&programme.settings).kept_days();
                    store::keep_answers(&mut unit, &context.team, &programme.id, days);
                }
                _ => {}
            }
            Ok(unit)
        }
        .boxed()
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
