//! Syncs as programmes: what the shared code needs to know of them.

use chrono::NaiveDate;
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
            Answers, Asker, ChannelPeople, Loading, OwnVerb, Part, Participants, ProgrammeRitual, Programmes,
            Replanned, Standing, Upcoming,
            messages::{no_more, paused_now},
        },
        setup::{Complaints, PreviewMessage},
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        event::Reply,
        failure::Failure,
        message::{Block, Message},
        people::UserId,
        text::Markup,
    },
    ritual::{Answer, Context, Handling},
    store::{programmes::Programme, runs::PastRun, unit::UnitOfWork},
};

/// How many syncs `next` shows a button for with which a person offers to lead; more are in a menu.
const MOST_BUTTONS: usize = 2;
/// Of how many syncs it shows the buttons of a person's own turn, the next ones.
const MOST_OWN: usize = 4;

impl Syncs {
    /// Returns the syncs, for one event.
    pub(super) fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c> {
        Programmes { ritual: self, context }
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
        let today = context.now.with_timezone(&cadence.zone).date_naive();
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
        let skipped = messages::clocks_skip(&shown, cadence.zone, today);
        let taken = self.turns_taken(context, programme, &people).await?;
        let said = [messages::first_leads(&turns, today), order, skipped, outside, taken];
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
    async fn preview(
        &self,
        context: &Context,
        upcoming: Upcoming<'_>,
    ) -> Result<Vec<PreviewMessage>, Failure> {
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

impl ProgrammeRitual for Syncs {
    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn occasion(&self) -> &'static str {
        START
    }

    fn command_name(&self) -> &str {
        &self.command
    }

    fn help(&self) -> Message {
        messages::help(&self.command)
    }

    fn own_verbs(&self) -> &'static [OwnVerb] {
        &[
            OwnVerb { word: "next", reads_ended: false },
            OwnVerb { word: "swap", reads_ended: false },
            OwnVerb { word: "lead", reads_ended: false },
            OwnVerb { word: "history", reads_ended: true },
            OwnVerb { word: "stats", reads_ended: true },
            OwnVerb { word: "agenda", reads_ended: false },
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
                "history" => self.show_history(context, programmes, asker.number).await,
                "stats" => self.show_stats(context, programmes, asker.user).await,
                "agenda" => self.show_agenda(context, programmes, asker.user).await,
                // A person who wants to give their turn away, or to take one, finds the buttons for it there, too.
                _ => self.show_next(context, programmes, asker, word == "swap").await,
            }
        }
        .boxed()
    }

    fn standing<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        past: Vec<PastRun>,
    ) -> Loading<'c, Standing> {
        self.standing_of(context, programme, past).boxed()
    }

    fn remark<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        _participants: &'c Participants,
        first: Option<Occurrence>,
    ) -> Loading<'c, Markup> {
        self.first_leads(context, programme, first).boxed()
    }

    fn announcement(
        &self,
        organiser: &UserId,
        programme: &Programme,
        cadence: &Cadence,
        first: &Occurrence,
    ) -> Message {
        let called = (programme.name.as_str(), programme.id.as_str());
        let options = Options::read(&programme.settings);
        let options = (self.minutes(&options), &options);
        messages::announcement(organiser, called, (cadence, first), options, &self.command)
    }

    fn shown<'c>(&'c self, context: &'c Context, upcoming: Upcoming<'c>) -> Loading<'c, Vec<PreviewMessage>> {
        self.preview(context, upcoming).boxed()
    }

    fn fields(&self, settings: &str) -> Vec<Block> {
        messages::fields(&Options::read(settings), self.settings.duration_minutes)
    }

    fn answered(
        &self,
        settings: &str,
        answers: &Answers,
        complaints: &mut Complaints,
    ) -> Result<String, Failure> {
        let before = Options::read(settings);
        let after = before.clone().answered(answers, self.settings.duration_minutes, complaints);
        if after == before { Ok(settings.to_owned()) } else { after.as_stored() }
    }

    fn changed_options(&self, old: &str, new: &str) -> Vec<Markup> {
        messages::changed_options(&Options::read(old), &Options::read(new), self.settings.duration_minutes)
    }

    fn was_held_on<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c str,
        date: NaiveDate,
    ) -> Loading<'c, bool> {
        async move { Ok(store::had_sync(&context.store, programme, date).await?) }.boxed()
    }

    fn was_held<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, bool> {
        async move { Ok(!store::past(&context.store, &programme.id, 1).await?.is_empty()) }.boxed()
    }

    fn absent<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, UnitOfWork> {
        self.look_for_absent(context, programme).boxed()
    }

    fn is_under_way<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, bool> {
        async move {
            let last = store::closing::last(&context.store, &programme.id).await?;
            Ok(last.is_some_and(|end| end.state == EndState::Open))
        }
        .boxed()
    }

    fn unfinished<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, Markup> {
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
    }

    fn replanned<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        change: Replanned,
    ) -> Loading<'c, UnitOfWork> {
        self.replan_turns(context, programme, change).boxed()
    }
}
