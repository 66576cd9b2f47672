//! The agenda of the next sync: adding a point, taking it back, and showing the list.

use chrono_tz::Tz;

use super::{
    NAME, Syncs,
    decisions::{DecisionPlace, decision_places},
    messages,
    plan::Point,
    skipping::pending,
    store,
};
use crate::{
    common::{
        programmes::{
            messages::{no_more, on_the_wall},
            request::{bare_name, behind},
            typed_words::{meant, words_behind},
        },
        saving::{self, NewForm, kept_words},
    },
    model::{
        event::{Action, Command, FieldValue, Reply},
        failure::Failure,
        people::{ChannelState, UserId},
        text::has_visible_text,
    },
    ritual::{Answer, Context, Handling, SavePlace, SavedWords},
    store::{programmes::Programme, runs, unit::UnitOfWork},
};

impl Syncs {
    /// Handles the command: a point for the agenda and a decision have any words, *close* opens a form, and the rest is as for all
    /// programmes.
    pub(super) async fn command_given<'c>(
        &'c self,
        context: &'c Context,
        mut command: Command,
    ) -> Result<Answer<'c>, Failure> {
        // With whom is chosen in the form, behind the button.
        if behind(&command.text, "swap").is_some_and(|rest| rest.starts_with("with ")) {
            "swap".clone_into(&mut command.text);
        }
        let words = |word| words_behind(&command.text, word).map(str::to_owned);
        if let Some(point) = words("add") {
            return self.add_typed(context, command, &point).await;
        }
        if let Some(words) = words("decide") {
            return self.decide(context, command, &words).await;
        }
        if let Some(words) = words("decisions") {
            return self.find_decisions(context, command, &words).await;
        }
        match behind(&command.text, "close") {
            Some(name) => self.close_typed(context, command, bare_name(&name)).await,
            None => self.programmes(context).typed(command).await,
        }
    }

    /// Adds a point to the agenda of the sync whose name it ends with, or of the only one; else the person chooses.
    async fn add_typed<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
        sent: &str,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let running = programmes.all_meant(&command, None, None).await?;
        programmes.may_take_part(&command.user).await?;
        let (words, is_cut) = kept_words(context, sent).await?;
        let (words, mut running) = meant(words, running);
        if !has_visible_text(&words) {
            return Err(Failure::refuse(messages::no_point(&self.command)));
        }
        if running.len() == 1 {
            let point =
                SavedWords { id: context.id(), user: command.user, author: None, words, link: String::new() };
            return self.add(context, running.swap_remove(0), point, is_cut).await;
        }
        let zone = context.store.zone_of(&command.user).await?.unwrap_or(context.zone);
        let mut places = Vec::new();
        for programme in &running {
            let place = self.place(context, programme, zone).await?;
            places.extend(place.map(|place| saving::offered(NAME, place)));
        }
        let form = NewForm {
            user: &command.user,
            author: None,
            words: &words,
            link: String::new(),
            is_private: false,
            channel: &command.channel,
            response_url: Some(command.response_url),
        };
        saving::form(context, form, places)
    }

    fn add<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        saved: SavedWords,
        is_cut: bool,
    ) -> Handling<'c> {
        Box::pin(self.added(context, programme, saved, is_cut))
    }

    async fn added<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        saved: SavedWords,
        is_cut: bool,
    ) -> Result<Answer<'c>, Failure> {
        let again = saved.clone();
        if self.programmes(context).has_ended(&programme).await? {
            let cadence = self.programmes(context).times(&programme)?;
            return Err(Failure::refuse(messages::no_sync_to_come(no_more(
                &messages::WORDS,
                cadence,
                &self.command,
            ))));
        }
        let SavedWords { id, user, author, words, link } = saved;
        let point = Point { id, programme: programme.id.clone(), user, author, words, link, moved: 0 };
        let mut next = self.programmes(context).next(&programme).await?;
        // Read before all else that is said of it, so that a skip in between refuses the point.
        let start = match &next {
            Some(next) => pending(context, &programme, next.wall.date()).await?,
            None => None,
        };
        if start.is_none() {
            next = self.programmes(context).next(&programme).await?;
        }
        let mut unit = UnitOfWork::new();
        store::agenda::add(&mut unit, &context.team, &point, context.now);
        self.put_agenda_in_skip_questions(&mut unit, context, (&programme, 1)).await?;
        let about = (&programme.channel, programme.name.as_str());
        let comes = (next.as_ref(), self.goes_on(context, &programme).await?);
        let message = messages::added(&point, about, comes, is_cut, &self.command);
        if let Some(start) = &start {
            runs::still_due(&mut unit, &context.team, start);
        }
        let added = Answer::new(unit, Reply::Ephemeral(message));
        Ok(added.or_else(move |guard| match guard {
            // The sync was skipped in this instant, or begins.
            runs::OUTDATED => self.add(context, programme, again, is_cut),
            _ => Box::pin(async move { Err(self.not_added(context, &programme.id, &point).await?) }),
        }))
    }

    /// Returns why a point wasn't added.
    pub(super) async fn not_added(
        &self,
        context: &Context,
        programme: &str,
        point: &Point,
    ) -> Result<Failure, Failure> {
        let waiting = store::agenda::waiting(&context.store, programme).await?;
        if let Some(same) = waiting.iter().find(|other| other.words == point.words) {
            return Ok(Failure::refuse(messages::already_there(&same.user, &self.command)));
        }
        let open = store::agenda::open_points(&context.store, programme, &point.user).await?;
        Ok(Failure::refuse(messages::agenda_full((open, waiting.len()), &point.words, &self.command)))
    }

    /// Takes a point back, until its sync was closed.
    pub(super) async fn take_back<'c>(
        &'c self,
        context: &'c Context,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        let gone = || Failure::refuse(messages::cannot_take_back(&self.command));
        let chosen = match &action.chosen {
            Some(FieldValue::Choice(chosen)) => chosen,
            _ => &action.value,
        };
        let own = store::agenda::own(&context.store, chosen, &action.user).await?;
        let (point, is_taken) = own.ok_or_else(gone)?;
        let mut unit = UnitOfWork::new();
        store::agenda::take_back(&mut unit, &context.team, &point.id, &action.user);
        let programme = context.store.programme(&point.programme).await?;
        if let Some(programme) = programme.filter(|programme| programme.ended_at.is_none()) {
            self.put_agenda_in_skip_questions(&mut unit, context, (&programme, -1)).await?;
        }
        let taken = Answer::new(unit, Reply::Replace(messages::taken_back(&point, is_taken)));
        Ok(taken.or_refuse(gone()))
    }

    /// Shows the agenda of each of these programmes. The lead of the next sync and those who run it may order it.
    pub(super) async fn show_agenda<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut shown = Vec::new();
        for programme in programmes {
            let points = store::agenda::waiting(&context.store, &programme.id).await?;
            let unclosed = store::agenda::unclosed(&context.store, &programme.id).await?;
            let next = self.programmes(context).next(&programme).await?;
            let may_order = !points.is_empty() && self.may_order(context, &programme, &user).await?;
            let (programme, name, reader) = (programme.id, programme.name, user.clone());
            shown.push(messages::Agenda { programme, name, next, points, unclosed, reader, may_order });
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::agenda(&shown, &self.command))))
    }

    /// Shows the points of an agenda in full, to people in its channel.
    pub(super) async fn show_in_full<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programme = self.programmes(context).of_button(&action).await?;
        let is_there = action.channel.as_ref() == Some(&programme.channel)
            || context.store.is_member(&programme.channel, &action.user).await?;
        if !is_there {
            return Err(Failure::refuse(messages::ended()));
        }
        let points = store::agenda::waiting(&context.store, &programme.id).await?;
        if points.is_empty() {
            return Err(Failure::refuse(messages::nothing_left(&self.command)));
        }
        Ok(Answer::reply(Reply::Open(Box::new(messages::agenda_in_full(&points)))))
    }

    /// Whether a person seems to be one who may order an agenda; the form asks for certain.
    async fn may_order(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
    ) -> Result<bool, Failure> {
        if programme.organisers.contains(user) {
            return Ok(true);
        }
        let is_admin = context.store.person(user).await?.is_some_and(|person| person.admin);
        Ok(is_admin || self.next_lead(context, programme).await?.as_ref() == Some(user))
    }

    /// Returns the person who leads the next sync, as things stand.
    pub(super) async fn next_lead(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<Option<UserId>, Failure> {
        let Some(next) = self.programmes(context).next(programme).await? else { return Ok(None) };
        self.lead_at(context, programme, next).await
    }

    /// Lets the lead of a sync pass, and those who run its programme; all of them only while they are in the channel.
    pub(super) async fn may_run(
        &self,
        context: &Context,
        programme: &Programme,
        user: &UserId,
        lead: Option<&UserId>,
    ) -> Result<(), Failure> {
        if lead == Some(user) && context.store.is_member(&programme.channel, user).await? {
            return Ok(());
        }
        let may = self.programmes(context).may_manage_in(programme, user).await;
        match may {
            // They are refused for not being its lead either.
            Err(Failure::Refuse(refused)) => Err(Failure::refuse(messages::lead_may(*refused, lead))),
            may => may,
        }
    }

    /// Returns the next syncs that a person may save words for: those of their channels, where they take part at all.
    pub(super) async fn places(&self, context: &Context, user: &UserId) -> Result<Vec<SavePlace>, Failure> {
        match self.programmes(context).may_take_part(user).await {
            Ok(()) => {}
            Err(Failure::Refuse(_)) => return Ok(Vec::new()),
            Err(failure) => return Err(failure),
        }
        let zone = context.store.zone_of(user).await?.unwrap_or(context.zone);
        let mut places = Vec::new();
        let programmes = context.store.programmes_of_member(NAME, user).await?;
        for programme in &programmes {
            if !self.programmes(context).has_ended(programme).await? {
                places.extend(self.place(context, programme, zone).await?);
            }
        }
        places.extend(decision_places(context, &programmes, user).await?);
        Ok(places)
    }

    /// Returns the next sync of a programme as something to save words for, with its time in the zone of the person who chooses;
    /// `None` where the bot can't work in its channel.
    async fn place(
        &self,
        context: &Context,
        programme: &Programme,
        zone: Tz,
    ) -> Result<Option<SavePlace>, Failure> {
        let state = context.store.channel_state(&programme.channel).await?;
        let ChannelState::Open { name: channel } = state else { return Ok(None) };
        let next = self.programmes(context).next(programme).await?;
        let when = next.map(|next| on_the_wall(next.at.with_timezone(&zone).naive_local()));
        let label = messages::place(&channel, &programme.name, when.as_ref());
        Ok(Some(SavePlace {
            id: programme.id.clone(),
            label,
            agenda_of: Some(programme.channel.clone()),
            times_in: next.map(|_| zone),
            ..SavePlace::default()
        }))
    }

    /// Returns a programme for which a person saves words. A form proves nothing, and it may have been open for long.
    pub(super) async fn open_to(
        &self,
        context: &Context,
        programme: &str,
        user: &UserId,
    ) -> Result<Programme, Failure> {
        let ended = || Failure::refuse(messages::ended());
        let found = context.store.programme(programme).await?;
        let found = found.filter(|programme| programme.ended_at.is_none() && programme.ritual == NAME);
        let programme = found.ok_or_else(ended)?;
        let is_there = context.store.is_member(&programme.channel, user).await?;
        if is_there { Ok(programme) } else { Err(ended()) }
    }

    /// Saves words for the next sync of the programme with this id, or opens the form for a decision with them.
    pub(super) async fn save<'c>(
        &'c self,
        context: &'c Context,
        place: String,
        saved: SavedWords,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        if let Some(place) = DecisionPlace::of(&place) {
            return self.decide_saved(context, place, saved).await;
        }
        let programme = self.open_to(context, &place, &saved.user).await?;
        programmes.may_take_part(&saved.user).await?;
        self.add(context, programme, saved, false).await
    }
}
