//! Notes between retros: kept for their author, who gets them back in the next question.

use super::{
    NAME, Retros,
    messages::{self, NotesShown},
    programmes::unfinished,
    store::{self, notes},
    values::{LONGEST_ANSWER, Note},
};
use crate::{
    common::{
        programmes::{
            Asker, NOW, Part, participants_of, says_now,
            typed_words::{meant, words_behind},
        },
        saving::plain_words,
    },
    model::{
        event::{Action, Command, LONGEST_WORDS, Reply},
        failure::Failure,
        people::{ChannelState, UserId},
        text::{has_visible_text, one_line},
    },
    ritual::{Answer, Context, SavePlace, SavedWords},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What shows an organiser the next step, and words for steps that mean the same.
const NEXT: &str = "next";
const HIDE: &str = "hide";
const LEADING_WORDS: [&str; 16] = [
    "close",
    "close now",
    "extend",
    "extend by a day",
    "extend by a weekday",
    "reveal",
    "group",
    "themes",
    "vote",
    "vote now",
    "votes",
    "finish",
    "end",
    "sort",
    "promise",
    "promises",
];
/// The same for hiding an answer.
const HIDING_WORDS: [&str; 4] = ["hide an answer", "hide answer", "review", "delete an answer"];

/// Whether a command is this word alone.
fn has_words(text: &str, word: &str) -> bool {
    text.trim().eq_ignore_ascii_case(word)
}

impl Retros {
    /// Handles the command: a note has any words, `now` may be once, and the rest is as for all programmes.
    pub(super) async fn command_given<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        if says_now(&command.text) {
            let offered = programmes.offer_at_once(&command).await?;
            return match offered {
                Some(form) => Ok(form),
                None => programmes.typed(Command { text: NOW.to_owned(), ..command }).await,
            };
        }
        if has_words(&command.text, "history") && programmes.running_in(&command.channel).await?.is_empty() {
            // What was shown stays, also after a stop.
            let past = context.store.programmes_in(NAME, &command.channel).await?;
            if !past.is_empty() {
                let asker = Asker { user: command.user, number: None };
                return self.show_history(context, past, &asker).await;
            }
        }
        if LEADING_WORDS.iter().any(|word| has_words(&command.text, word)) {
            return programmes.typed(Command { text: NEXT.to_owned(), ..command }).await;
        }
        if HIDING_WORDS.iter().any(|word| has_words(&command.text, word)) {
            return programmes.typed(Command { text: HIDE.to_owned(), ..command }).await;
        }
        let Some(sent) = words_behind(&command.text, "note").map(str::to_owned) else {
            return programmes.typed(command).await;
        };
        let running = programmes.all_meant(&command, None, None).await?;
        programmes.may_take_part(&command.user).await?;
        if sent.chars().count() > LONGEST_WORDS {
            return Err(Failure::refuse(messages::long_note()));
        }
        let (words, mut running) = meant(plain_words(context, &sent).await?, running);
        if running.len() > 1 {
            let names: Vec<String> = running.into_iter().map(|programme| programme.name).collect();
            return Err(Failure::refuse(messages::note_which(&names, &self.command)));
        }
        let Some(programme) = running.pop() else { return Ok(Answer::nothing()) };
        self.note(context, programme, (context.id(), command.user, words)).await
    }

    async fn note<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        (id, user, words): (String, UserId, String),
    ) -> Result<Answer<'c>, Failure> {
        let words = one_line(&words);
        if !has_visible_text(&words) {
            return Err(Failure::refuse(messages::no_note(&self.command)));
        }
        if words.chars().count() > LONGEST_ANSWER {
            return Err(Failure::refuse(messages::long_note()));
        }
        if self.asks_no_more(context, &programme).await? {
            let over = messages::retros_are_over(&programme.name, &programme.channel, &self.command);
            return Err(Failure::refuse(over));
        }
        self.may_note(context, &programme, &user).await?;
        let noted = notes::notes(&context.store, &programme.id, &user, context.now).await?;
        if let Some(same) = noted.iter().find(|note| note.words.to_lowercase() == words.to_lowercase()) {
            return Ok(Answer::reply(Reply::Ephemeral(messages::noted_same(same, &self.command))));
        }
        let note = Note { id, programme: programme.id.clone(), user, words, noted_at: context.now };
        let mut unit = UnitOfWork::new();
        notes::put(&mut unit, &context.team, &note);
        let is_planned = self.programmes(context).next(&programme).await?.is_some();
        let at = (programme.name.as_str(), &programme.channel);
        let message = messages::noted(&note, at, is_planned, &self.command);
        let noted = Answer::new(unit, Reply::Ephemeral(message))
            .keeping(Reply::Ephemeral(messages::noted_before(&self.command)));
        Ok(noted.or_refuse(Failure::refuse(messages::notes_full(&self.command))))
    }

    /// Whether no question comes any more in which a note could come back. A pause doesn't keep open what was held once.
    async fn asks_no_more(&self, context: &Context, programme: &Programme) -> Result<bool, Failure> {
        let programmes = self.programmes(context);
        if programmes.has_ended(programme).await? {
            return Ok(true);
        }
        let held_once = programme.cadence.as_ref().and_then(|times| times.instant_of(times.only()?));
        let is_past = held_once.is_some_and(|at| at <= context.now);
        Ok(is_past && unfinished(context, programme).await?.is_none())
    }

    /// Lets those pass to whom a note would come back: people who are asked.
    async fn may_note(&self, context: &Context, programme: &Programme, user: &UserId) -> Result<(), Failure> {
        match participants_of(context, programme, None).await?.part_of(user) {
            Part::IsNotChosen => Err(Failure::refuse(messages::note_not_chosen())),
            Part::HasLeft => Err(Failure::refuse(messages::note_has_left(&self.command))),
            _ => Ok(()),
        }
    }

    /// Answers with a person's notes for the next retro of each of these programmes, and with those of one that is open.
    pub(super) async fn show_notes<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut shown = NotesShown::default();
        for programme in programmes {
            let noted = notes::notes(&context.store, &programme.id, user, context.now).await?;
            let open = store::under_way(&context.store, &programme.id).await?;
            let Some(open) = open else {
                shown.next.extend(noted);
                continue;
            };
            let asked = store::is_asked(&context.store, &open.id, user).await?;
            let (before, since): (Vec<Note>, Vec<Note>) =
                noted.into_iter().partition(|note| asked && note.noted_at <= open.opened_at);
            let answered = store::named_by(&context.store, &open.id, user).await?;
            let is_sent =
                |note: &Note| answered.iter().any(|words| words.lines().any(|line| line == note.words));
            let (sent, open): (Vec<Note>, Vec<Note>) = before.into_iter().partition(is_sent);
            shown.sent.extend(sent);
            shown.open.extend(open);
            shown.next.extend(since);
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::notes(&shown, &self.command)))
            .keeping(Reply::Ephemeral(messages::noted_before(&self.command))))
    }

    /// Deletes a person's note.
    pub(super) fn delete_note<'c>(&'c self, context: &'c Context, action: &Action) -> Answer<'c> {
        let mut unit = UnitOfWork::new();
        notes::delete(&mut unit, &context.team, &action.value, &action.user);
        let deleted = Answer::new(unit, Reply::Replace(messages::note_deleted(&self.command)));
        deleted.or_refuse(Failure::refuse(messages::note_gone(&self.command)))
    }

    /// Returns the next retros that a person may save words for: those of their channels, where they take part at all.
    pub(super) async fn places(&self, context: &Context, user: &UserId) -> Result<Vec<SavePlace>, Failure> {
        match self.programmes(context).may_take_part(user).await {
            Ok(()) => {}
            Err(Failure::Refuse(_)) => return Ok(Vec::new()),
            Err(failure) => return Err(failure),
        }
        let mut places = Vec::new();
        for programme in context.store.programmes_of_member(NAME, user).await? {
            if self.asks_no_more(context, &programme).await? {
                continue;
            }
            let state = context.store.channel_state(&programme.channel).await?;
            if let (ChannelState::Open { name: channel }, Ok(())) =
                (state, self.may_note(context, &programme, user).await)
            {
                let label = messages::note_place(&channel, &programme.name);
                let place = SavePlace { id: programme.id, label, is_private: true, ..SavePlace::default() };
                places.push(place);
            }
        }
        Ok(places)
    }

    /// Saves words as a note for the next retro of the programme with this id.
    pub(super) async fn save<'c>(
        &'c self,
        context: &'c Context,
        place: String,
        saved: SavedWords,
    ) -> Result<Answer<'c>, Failure> {
        let ended = || Failure::refuse(messages::no_retros_there());
        let found = context.store.programme(&place).await?;
        let found = found.filter(|programme| programme.ended_at.is_none() && programme.ritual == NAME);
        let programme = found.ok_or_else(ended)?;
        // A form proves nothing, and it may have been open for long.
        if !context.store.is_member(&programme.channel, &saved.user).await? {
            return Err(ended());
        }
        self.programmes(context).may_take_part(&saved.user).await?;
        self.note(context, programme, (saved.id, saved.user, saved.words)).await
    }
}

/// Returns the notes that come back to a person in a retro.
pub(super) async fn returned(
    context: &Context,
    retro: &super::values::Retro,
    user: &UserId,
) -> Result<Vec<Note>, Failure> {
    Ok(store::notes::notes(&context.store, &retro.programme, user, retro.opened_at).await?)
}
