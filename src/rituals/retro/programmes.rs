//! Retros as programmes: what the shared code needs to know of them.

use chrono_tz::Tz;
use futures_util::FutureExt as _;

use super::{
    OPEN, Retros,
    deck::Decks,
    messages::{self, AskedRetro, WORDS},
    options::Options,
    plan::{State, Threshold},
    store,
    values::{AnswerKeys, AskedPrompt, Retro},
};
use crate::{
    common::{
        programmes::{
            OwnVerb, ProgrammeKind, Programmes, Replanned, Standing, Upcoming, audience::Audience,
            messages::left_out, participants_of,
        },
        setup::PreviewMessage,
    },
    model::{cadence::Occurrence, clock::Instant, failure::Failure, text::Markup},
    ritual::Context,
    store::{programmes::Programme, runs::PastRun, unit::UnitOfWork},
};

/// After how many days a retro whose answers were shown counts as left as it is.
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
            answer: |retros, context, programmes, asker| retros.now(context, programmes, asker.user).boxed(),
        },
        OwnVerb {
            word: "notes",
            answer: |retros, context, programmes, asker| {
                async move { retros.show_notes(context, programmes, &asker.user).await }.boxed()
            },
        },
        OwnVerb {
            word: "next",
            answer: |retros, context, programmes, asker| {
                retros.show_next(context, programmes, asker.user).boxed()
            },
        },
        OwnVerb {
            word: "history",
            answer: |retros, context, programmes, asker| {
                async move { retros.show_history(context, programmes, &asker.user).await }.boxed()
            },
        },
    ],
    standing: |retros, context, programme, past| retros.standing(context, programme, past).boxed(),
    participants: |_, context, programme, wall| participants_of(context, programme, wall).boxed(),
    remark: |retros, _, programme, participants, _| {
        let options = Options::read(&programme.settings);
        let is_anonymous = options.prompts(&retros.decks).iter().any(|prompt| prompt.is_anonymous);
        let few = messages::too_few_people(participants.here.len(), retros.threshold(&options));
        std::future::ready(Ok(if is_anonymous { few } else { Markup::default() })).boxed()
    },
    announcement: |retros, organiser, programme, cadence, first| {
        let options = Options::read(&programme.settings);
        let called = (programme.name.as_str(), programme.id.as_str());
        let about = messages::AnnouncedRetros {
            deck: options.deck(&retros.decks).map_or("", |deck| &deck.name),
            days: options.days,
            audience: options.audience.as_ref().map(Audience::named),
        };
        messages::announcement(organiser, called, (cadence, first), &about, &retros.command)
    },
    shown: Retros::shown,
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
        async move { Ok(!store::retros(&context.store, &programme.id, 1).await?.is_empty()) }.boxed()
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

impl Retros {
    /// Returns the retros, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c, Retros> {
        Programmes { kind: &RETROS, ritual: self, context }
    }

    /// Returns how many people must have answered an anonymous prompt. From the median and spread of fewer than five numbers these can often be
    /// told.
    pub(super) fn threshold(&self, options: &Options) -> Threshold {
        let chosen = options.threshold(self.settings.threshold);
        let has_scales = options.prompts(&self.decks).iter().any(AskedPrompt::is_scale);
        if has_scales { chosen.max(Threshold::default()) } else { chosen }
    }

    /// Returns what options are read by: the decks, and the threshold that the configuration sets.
    fn usual(&self) -> (&Decks, usize) {
        (&self.decks, self.settings.threshold)
    }

    async fn standing(
        &self,
        context: &Context,
        programme: &Programme,
        past: Vec<PastRun>,
    ) -> Result<Standing, Failure> {
        let held = store::retros(&context.store, &programme.id, 20).await?;
        let open = held.iter().find(|retro| retro.takes_answers(context.now));
        let more = open.map(|retro| messages::status(retro.date, &closes(context, programme, retro)));
        let told = past.into_iter().map(|run| {
            let date = run.wall.date();
            match held.iter().find(|retro| retro.date == date) {
                Some(retro) => messages::held(retro),
                None => left_out(&WORDS, date, run.reason()),
            }
        });
        Ok(Standing { more: more.unwrap_or_default(), past: told.collect(), ..Standing::default() })
    }

    /// Returns the messages that people will read of these retros.
    fn shown(&self, upcoming: Upcoming<'_>) -> Vec<PreviewMessage> {
        let Upcoming { programme, dates, participants, unread, now, .. } = upcoming;
        let options = Options::read(&programme.settings);
        let asked = unread.unwrap_or(participants.here.len());
        let example = dates.first().zip(programme.cadence.as_ref()).map(|(first, cadence)| {
            let closes = closing_of(&options, *first, |wall| cadence.instant_of(wall));
            let retro = self.retro_of(String::new(), programme, &options, (asked, *first, closes.at));
            let about = AskedRetro {
                retro: &retro,
                name: &programme.name,
                channel: &programme.channel,
                closes: &closes,
            };
            let keys = AnswerKeys { retro: String::new(), keys: Vec::new() };
            (first.wall, messages::ask(about, &options.prompts(&self.decks), &keys, &[]))
        });
        let known = participants.of_the_programme() + participants.left.len();
        messages::shown(&programme.channel, (unread.unwrap_or(known), asked), now, example)
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

/// Returns the last retro of a programme that its organisers have still to lead to its end.
async fn unfinished(context: &Context, programme: &Programme) -> Result<Option<Retro>, Failure> {
    let since = context.now - chrono::Duration::days(LEFT_AFTER_DAYS);
    Ok(store::unfinished(&context.store, &programme.id, since).await?)
}

/// Returns when a retro closes that opens then, at the same local time.
pub(super) fn closing_of(
    options: &Options,
    opens: Occurrence,
    instant_of: impl Fn(chrono::NaiveDateTime) -> Option<Instant>,
) -> Occurrence {
    let days = chrono::Duration::days(i64::from(options.days));
    let wall = opens.wall + days;
    Occurrence { at: instant_of(wall).unwrap_or(opens.at + days), wall }
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
