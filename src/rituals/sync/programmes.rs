//! Syncs as programmes: what the shared code needs to know of them.

use futures_util::FutureExt as _;

use super::{
    START, Syncs,
    before::Ahead,
    messages::{self, ComingTurns, WORDS},
    options::{Options, TurnOrder},
    plan::{EndState, HeldSync, How, Lead},
    rota::{FIRST_TURNS, TURNS_SHOWN, at_night, roll_call, work_time},
    store,
};
use crate::{
    common::{
        programmes::{
            Asker, ChannelPeople, OwnVerb, Part, ProgrammeKind, Programmes, Upcoming,
            messages::{no_more, paused_now},
            participants_of,
        },
        setup::PreviewMessage,
    },
    model::{cadence::Occurrence, event::Reply, failure::Failure, people::UserId, text::Markup},
    ritual::{Answer, Context},
    store::programmes::Programme,
};

/// How many syncs `next` shows a button for with which a person offers to lead; more are in a menu.
const MOST_BUTTONS: usize = 2;
/// Of how many syncs it shows the buttons of a person's own turn, the next ones.
const MOST_OWN: usize = 4;

static SYNCS: ProgrammeKind<Syncs> = ProgrammeKind {
    words: &WORDS,
    occasion: START,
    around: &[],
    command: |sync| &sync.command,
    help: |sync| messages::help(&sync.command),
    own_verbs: &[
        OwnVerb {
            word: "next",
            reads_ended: false,
            answer: |sync, context, programmes, asker| {
                sync.show_next(context, programmes, asker, false).boxed()
            },
        },
        // A person who wants to give their turn away, or to take one, finds the buttons for it there.
        OwnVerb {
            word: "swap",
            reads_ended: false,
            answer: |sync, context, programmes, asker| {
                sync.show_next(context, programmes, asker, true).boxed()
            },
        },
        OwnVerb {
            word: "lead",
            reads_ended: false,
            answer: |sync, context, programmes, asker| {
                sync.show_next(context, programmes, asker, false).boxed()
            },
        },
        OwnVerb {
            word: "history",
            reads_ended: true,
            answer: |sync, context, programmes, asker| {
                sync.show_history(context, programmes, asker.number).boxed()
            },
        },
        OwnVerb {
            word: "stats",
            reads_ended: true,
            answer: |sync, context, programmes, asker| {
                sync.show_stats(context, programmes, asker.user).boxed()
            },
        },
        OwnVerb {
            word: "agenda",
            reads_ended: false,
            answer: |sync, context, programmes, asker| {
                sync.show_agenda(context, programmes, asker.user).boxed()
            },
        },
    ],
    hints: &[],
    standing: |sync, context, programme, past| sync.standing(context, programme, past).boxed(),
    participants: |_, context, programme, wall| participants_of(context, programme, wall).boxed(),
    remark: |sync, context, programme, _, first| sync.first_leads(context, programme, first).boxed(),
    announcement: |sync, organiser, programme, cadence, first| {
        let called = (programme.name.as_str(), programme.id.as_str());
        let options = Options::read(&programme.settings);
        let options = (sync.minutes(&options), &options);
        messages::announcement(organiser, called, (cadence, first), options, &sync.command)
    },
    shown: |sync, context, upcoming| sync.shown(context, upcoming).boxed(),
    fields: |sync, settings| messages::fields(&Options::read(settings), sync.settings.duration_minutes),
    answered: |sync, settings, answers, complaints| {
        let before = Options::read(settings);
        let after = before.clone().answered(answers, sync.settings.duration_minutes, complaints);
        if after == before { Ok(settings.to_owned()) } else { after.as_stored() }
    },
    changed_options: |sync, old, new| {
        messages::changed_options(&Options::read(old), &Options::read(new), sync.settings.duration_minutes)
    },
    was_held_on: |context, programme, date| {
        async move { Ok(store::had_sync(&context.store, programme, date).await?) }.boxed()
    },
    was_held: |context, programme| {
        async move { Ok(!store::past(&context.store, &programme.id, 1).await?.is_empty()) }.boxed()
    },
    absent: |sync, context, programme| sync.look_for_absent(context, programme).boxed(),
    is_under_way: |context, programme| {
        async move {
            let last = store::closing::last(&context.store, &programme.id).await?;
            Ok(last.is_some_and(|end| end.state == EndState::Open))
        }
        .boxed()
    },
    at_once: None,
    handed_over: |_, _, _, _| std::future::ready(Ok(Default::default())).boxed(),
    goes_on: |_, _| std::future::ready(Ok(Markup::default())).boxed(),
    unfinished: |context, programme| {
        async move {
            let (points, _) = store::agenda::open_points(&context.store, &programme.id, &context.bot).await?;
            let last = store::closing::last(&context.store, &programme.id).await?;
            let open =
                last.filter(|end| end.state == EndState::Open).map(|end| messages::still_open(end.date));
            let kept = messages::points_kept(points);
            let said: Vec<Markup> = [open.unwrap_or_default(), kept]
                .into_iter()
                .filter(|said| !said.as_str().is_empty())
                .collect();
            Ok(Markup::join(&said, " "))
        }
        .boxed()
    },
    replanned: |sync, context, programme, change| sync.replanned(context, programme, change).boxed(),
};

impl Syncs {
    /// Returns the syncs, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c, Syncs> {
        Programmes { kind: &SYNCS, ritual: self, context }
    }

    /// Returns how long a sync with these options is, in minutes.
    pub(super) fn minutes(&self, options: &Options) -> u32 {
        options.minutes.unwrap_or(self.settings.duration_minutes)
    }

    /// Answers with the next turns of each of these programmes; `is_swap` is whether the person would give one of theirs away.
    async fn show_next<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        Asker { user, number }: Asker,
        is_swap: bool,
    ) -> Result<Answer<'c>, Failure> {
        let number = number.unwrap_or(TURNS_SHOWN).clamp(1, TURNS_SHOWN);
        let zone = context.store.zone_of(&user).await?.unwrap_or(context.zone);
        let (mut shown, mut offers, mut own, mut last) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for programme in programmes {
            let mut turns = self.next_turns(context, &programme).await?;
            turns.truncate(number);
            let pause = self.programmes(context).pause_of(&programme, &user).await?;
            let cadence = self.programmes(context).times(&programme)?;
            let standing = match pause {
                Some(pause) => Some(paused_now(&WORDS, &pause, &self.command)),
                None => turns.is_empty().then(|| no_more(&WORDS, cadence, &self.command)),
            };
            let next = self.ahead(context, programme.clone()).await?;
            let order = messages::in_order(&self.order_of(context, &programme).await?);
            let is_silent = next.as_ref().is_some_and(|next| next.is_silent);
            let remark =
                if is_silent { messages::with_order(&messages::IF_ANSWERED.into(), &order) } else { order };
            shown.push(ComingTurns { name: programme.name.clone(), turns, standing, remark });
            if next.is_some_and(|next| next.asked_last.contains(&user)) {
                last.push((programme.name.clone(), programme.id.clone()));
            }
            own.extend(self.own_turn(context, &programme, &user).await?);
            if let Some((at, value)) = self.first_unsettled(context, &programme, &user).await? {
                offers.push((programme.name, at, value));
            }
        }
        let next = messages::next(&shown, zone);
        own.sort_by_key(|own| own.at.at);
        own.truncate(MOST_OWN);
        let with_own_turn = |next, own: &Ahead| {
            messages::with_own_turn(next, &own.place(), own.turn.lead().is_some(), &own.value(&own.turn))
        };
        let next = own.iter().fold(next, with_own_turn);
        let next =
            if own.is_empty() && is_swap { next.with_context(messages::NO_TURN_TO_SWAP) } else { next };
        let with_way_back =
            |next, (name, programme): &(String, String)| messages::with_way_back(next, name, programme);
        let next = last.iter().take(MOST_BUTTONS).fold(next, with_way_back);
        // An unanswered question has the same button.
        let is_asked = own.iter().any(|own| own.turn.lead().is_none());
        let next = if offers.len() > MOST_BUTTONS {
            messages::with_offers(next, &offers, zone)
        } else {
            let with_offer = |next, (name, at, value): &(String, Occurrence, String)| {
                messages::with_offer(next, (name, at), is_asked, value)
            };
            offers.iter().fold(next, with_offer)
        };
        Ok(Answer::reply(Reply::Ephemeral(next)))
    }

    /// Says who would lead first.
    async fn first_leads(
        &self,
        context: &Context,
        programme: &Programme,
        first: Option<Occurrence>,
    ) -> Result<Markup, Failure> {
        let cadence = self.programmes(context).times(programme)?;
        let later = first.map(|first| cadence.upcoming(first.at, FIRST_TURNS - 1)).unwrap_or_default();
        let dates: Vec<Occurrence> = first.into_iter().chain(later).collect();
        let shown = dates.clone();
        let turns = self.turns_on(context, programme, dates).await?;
        let people = ChannelPeople::load(context, programme).await?;
        let here = |at: &Occurrence| roll_call(&people, at.wall.date()).occasion.available;
        let outside = first.map_or_else(Markup::default, |first| {
            let night = at_night(&people, &first, context.zone);
            let own = |user: UserId| {
                let zone = work_time(&people, &user, context.zone).zone;
                let own = first.at.with_timezone(&zone).naive_local();
                (user, own)
            };
            let people: Vec<_> = here(&first).intersection(&night).cloned().map(own).collect();
            let is_fair = Options::read(&programme.settings).order == TurnOrder::Fair;
            messages::outside_hours(&first, &people, is_fair)
        });
        let order = messages::in_order(&self.order_of(context, programme).await?);
        let skipped = messages::clocks_skip(&shown, cadence.zone);
        let taken = self.turns_taken(context, programme, &people).await?;
        let said = [messages::first_leads(&turns), order, skipped, outside, taken];
        let said: Vec<Markup> = said.into_iter().filter(|said| !said.as_str().is_empty()).collect();
        Ok(Markup::join(&said, " "))
    }

    /// Names the people who have agreed to lead, and won't, since they aren't among the people chosen.
    async fn turns_taken(
        &self,
        context: &Context,
        programme: &Programme,
        people: &ChannelPeople,
    ) -> Result<Markup, Failure> {
        let today = context.now.with_timezone(&self.programmes(context).times(programme)?.zone).date_naive();
        let turns = store::turns_from(&context.store, &programme.id, today).await?;
        let taken = turns.into_iter().filter_map(|(date, turn)| {
            let lead = turn.lead().cloned()?;
            (people.on(Some(date)).part_of(&lead) == Part::IsNotChosen).then_some((lead, date))
        });
        Ok(messages::turns_taken(&taken.collect::<Vec<_>>()))
    }

    /// Returns the messages that people will read of these syncs.
    async fn shown(&self, context: &Context, upcoming: Upcoming<'_>) -> Result<Vec<PreviewMessage>, Failure> {
        let Upcoming { programme, dates, reader, unread, now, .. } = upcoming;
        let options = Options::read(&programme.settings);
        let first = self.turns_on(context, programme, dates.iter().take(1).copied().collect()).await?;
        let first = first.into_iter().next();
        let scribe = first.as_ref().and_then(|turn| turn.scribe.as_ref());
        // While it isn't known who is there, the reader is the example.
        let lead = first.as_ref().and_then(|turn| turn.lead.as_ref()).or(unread.map(|_| reader));
        let example = dates.first().zip(programme.cadence.as_ref()).map(|(first, cadence)| {
            let minutes = self.minutes(&options);
            let called = (programme.id.as_str(), first.wall.date());
            let held = HeldSync {
                lead: lead.map(|id| Lead { user: id.clone(), how: How::Assigned, version: 1 }),
                scribe: scribe.cloned(),
                link: options.link.clone(),
                ..HeldSync::announced(called, first.at, first.at, minutes)
            };
            (
                first.wall,
                lead.cloned(),
                messages::start(&held, &programme.name, cadence.zone, (options.audience.is_some(), false)),
            )
        });
        Ok(messages::shown(&programme.channel, now, example))
    }
}
