//! The programmes that channels keep, the same for every ritual: starting, moving, pausing and stopping them with typed words,
//! buttons and the set-up form.
//!
//! A ritual describes its programmes once, as a [`ProgrammeKind`], and gives what people type, press and send to
//! [`Programmes`]. What only it knows stays in its folder: the runs of an occasion, its own buttons, and its tables.

mod at_once;
pub mod audience;
mod away;
mod cancelling;
mod changing;
mod coming;
mod ending;
mod handing_over;
mod holidays;
pub mod messages;
mod moving;
mod news;
mod one_date;
mod participants;
mod pausing;
mod permission;
pub mod press;
mod readiness;
mod reply_via;
pub mod request;
mod rescheduling;
mod running;
mod setup;
mod starting;
mod status;
mod taking_part;
pub mod typed_words;
mod which;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use futures_util::future::BoxFuture;

pub use self::{
    at_once::{AtOnce, Hold, NOW, says_now},
    away::TimesAway,
    coming::next_occasion,
    news::{NewsSubject, origin, tell_organisers, to_person},
    one_date::OneDate,
    participants::{ChannelPeople, Part, Participants, participants_of},
    pausing::put_pause,
    readiness::{Readiness, readiness},
    reply_via::ReplyVia,
    status::Standing,
    which::{Hint, is_direct},
};
use self::{
    press::Press,
    request::{Request, Verb},
};
use crate::{
    common::{
        setup::{Complaints, PreviewMessage, SetupStep},
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        event::{Action, Command, FieldValue, Reply},
        failure::Failure,
        message::{Block, Message},
        people::UserId,
        text::Markup,
    },
    ritual::{Answer, Context, Handling, Ritual},
    store::{programmes::Programme, runs::PastRun, unit::UnitOfWork},
};

/// What the fields of a form hold, by their names.
pub type Answers = BTreeMap<String, FieldValue>;
/// A sentence that a person reads, or nothing, and what changes in the ritual's tables and messages.
pub type Followed = (Markup, UnitOfWork);
/// What a function returns that reads the store.
pub type Loading<'a, T> = BoxFuture<'a, Result<T, Failure>>;

/// What differs between the programmes of one ritual and those of another.
pub struct ProgrammeKind<R: 'static> {
    /// What they are called.
    pub words: &'static Words,
    /// The kind of run that is the occasion itself.
    pub occasion: &'static str,
    /// The kinds of run around an occasion that options switch off.
    pub around: &'static [&'static str],
    /// The command, with its slash.
    pub command: fn(ritual: &R) -> &str,
    /// What the command's `help` says.
    pub help: fn(ritual: &R) -> Message,
    /// The words of the command that only this ritual has.
    pub own_verbs: &'static [OwnVerb<R>],
    /// What is probably meant by words that only this ritual's people type, or what they are told.
    pub hints: &'static [(&'static [&'static str], Hint)],
    /// What only this ritual says in a status; `past` are the runs of the last occasions, the newest first.
    pub standing: for<'a> fn(
        ritual: &'a R,
        context: &'a Context,
        programme: &'a Programme,
        past: Vec<PastRun>,
    ) -> Loading<'a, Standing>,
    /// Who takes part in the occasion at this local time; without a time, who takes part at all.
    pub participants: for<'a> fn(
        ritual: &'a R,
        context: &'a Context,
        programme: &'a Programme,
        wall: Option<NaiveDateTime>,
    ) -> Loading<'a, Participants>,
    /// What a preview says of the participants beside how many they are: sentences, or nothing. `first` is the occasion that
    /// would be the first.
    pub remark: for<'a> fn(
        ritual: &'a R,
        context: &'a Context,
        programme: &'a Programme,
        participants: &'a Participants,
        first: Option<Occurrence>,
    ) -> Loading<'a, Markup>,
    /// What the channel reads when a programme begins.
    pub announcement: fn(
        ritual: &R,
        organiser: &UserId,
        programme: &Programme,
        cadence: &Cadence,
        first: &Occurrence,
    ) -> Message,
    /// The messages that people would read, in the order in which they would.
    pub shown: for<'a> fn(
        ritual: &'a R,
        context: &'a Context,
        upcoming: Upcoming<'a>,
    ) -> Loading<'a, Vec<PreviewMessage>>,
    /// The form's fields for the options in stored settings.
    pub fields: fn(ritual: &R, settings: &str) -> Vec<Block>,
    /// Stored settings with what these fields hold, or what is to be mended at them. Settings that mean the same stay as they
    /// are stored; a field that the form doesn't have changes nothing.
    pub answered: fn(
        ritual: &R,
        settings: &str,
        answers: &Answers,
        complaints: &mut Complaints,
    ) -> Result<String, Failure>,
    /// A sentence for each option that differs between old and new settings.
    pub changed_options: fn(ritual: &R, old: &str, new: &str) -> Vec<Markup>,
    /// Whether the programme of this id had its occasion on that local date.
    pub was_held_on:
        for<'a> fn(context: &'a Context, programme: &'a str, date: NaiveDate) -> Loading<'a, bool>,
    /// Whether a programme had an occasion at all.
    pub was_held: for<'a> fn(context: &'a Context, programme: &'a Programme) -> Loading<'a, bool>,
    /// What follows in the ritual's tables when a person leaves or skips the next occasion.
    pub absent:
        for<'a> fn(ritual: &'a R, context: &'a Context, programme: &'a Programme) -> Loading<'a, UnitOfWork>,
    /// Whether an occasion has begun that its organisers have still to lead to its end.
    pub is_under_way: for<'a> fn(context: &'a Context, programme: &'a Programme) -> Loading<'a, bool>,
    /// Holds an occasion at once, of a programme that begins with it; `None` where the ritual can't.
    pub at_once: Option<Hold<R>>,
    /// What a person reads beforehand who stops a programme, of what isn't finished: a sentence, or nothing.
    pub unfinished: for<'a> fn(context: &'a Context, programme: &'a Programme) -> Loading<'a, Markup>,
    /// What follows when a person hands a programme over, which is as it was: what the new organiser reads of what waits for them, a
    /// sentence or nothing, and what changes in the ritual's messages.
    pub handed_over: for<'a> fn(
        ritual: &'a R,
        context: &'a Context,
        programme: &'a Programme,
        hands: HandOver<'a>,
    ) -> Loading<'a, Followed>,
    /// What the channel reads, when a programme pauses, of an occasion that goes on meanwhile: a sentence, or nothing.
    pub goes_on: for<'a> fn(context: &'a Context, programme: &'a Programme) -> Loading<'a, Markup>,
    /// What follows in the ritual's tables when occasions that were planned don't come, or come otherwise; the programme is as it
    /// is then.
    pub replanned: for<'a> fn(
        ritual: &'a R,
        context: &'a Context,
        programme: &'a Programme,
        change: Replanned,
    ) -> Loading<'a, UnitOfWork>,
}

/// From whom a programme goes to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver<'h> {
    pub from: &'h UserId,
    pub to: &'h UserId,
}

/// Why occasions that were planned don't come, or come otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replanned {
    /// The occasion of this local date is cancelled.
    Cancelled(NaiveDate),
    /// The programme has other times or settings.
    Changed,
    /// This occasion is planned after a start or a pause.
    Planned(Occurrence),
    /// One occasion comes at another time: from the first to the second. All that was settled for it is kept.
    Rescheduled(Occurrence, Occurrence),
    /// It pauses. Where the pause ends by itself, this occasion is the first that comes.
    Paused(Option<Occurrence>),
    Stopped,
}

/// A word of the command that only one ritual has.
pub struct OwnVerb<R: 'static> {
    /// As it is typed, in lower case.
    pub word: &'static str,
    /// Whether it also reads programmes that were stopped, where the channel keeps none.
    pub reads_ended: bool,
    /// Answers about the programmes that are meant: that whose name follows the word, or all that the channel keeps.
    pub answer: for<'c> fn(
        ritual: &'c R,
        context: &'c Context,
        programmes: Vec<Programme>,
        asker: Asker,
    ) -> Handling<'c>,
}

/// The person who typed a ritual's own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    pub user: UserId,
    /// How many lines they want to read, if they said so.
    pub number: Option<usize>,
}

/// What is known when the messages of a preview are written.
pub struct Upcoming<'u> {
    /// The programme as it would be.
    pub programme: &'u Programme,
    /// Its next occasions.
    pub dates: &'u [Occurrence],
    /// The person who reads the preview.
    pub reader: &'u UserId,
    /// Who would take part in the first of the occasions.
    pub participants: &'u Participants,
    /// How many people are in the channel while it isn't known who they are.
    pub unread: Option<usize>,
    /// What the channel reads at once.
    pub now: Option<Message>,
}

/// What a person changes about their own part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartChange {
    /// They take part again.
    Join,
    /// They don't take part any more.
    Leave,
    /// They sit out the next occasion; with a date, the one of that local date or none.
    Skip(Option<NaiveDate>),
}

/// The programmes of one ritual, for one event.
pub struct Programmes<'c, R: 'static> {
    /// What they are.
    pub kind: &'static ProgrammeKind<R>,
    /// The ritual.
    pub ritual: &'c R,
    /// The event's context.
    pub context: &'c Context,
}

impl<R> Clone for Programmes<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Programmes<'_, R> {}

impl<'c, R: Ritual> Programmes<'c, R> {
    /// Handles the command.
    pub async fn typed(self, command: Command) -> Result<Answer<'c>, Failure> {
        if self.is_hinted(&command.text) {
            return Err(self.unknown(&command, None));
        }
        let own = self.kind.own_verbs.iter();
        let mut own = own.filter_map(|verb| Some((verb, request::behind(&command.text, verb.word)?)));
        if let Some((verb, text)) = own.next() {
            let (name, number) = self.name_and_number(&command.channel, &text, verb.reads_ended).await?;
            let name = Some(name).filter(|name| !name.is_empty());
            let programmes = self.all_read(&command, name, verb.reads_ended).await?;
            let asker = Asker { user: command.user, number };
            return (verb.answer)(self.ritual, self.context, programmes, asker).await;
        }
        let (verb, name) = match request::parse(&command.text) {
            Request::Bare => return self.bare(command).await,
            Request::Help => return Ok(Answer::reply(Reply::Ephemeral((self.kind.help)(self.ritual)))),
            Request::Start(when) => return self.propose(&command, &when).await,
            Request::Unknown(meant) => return self.times_or_nothing(&command, meant).await,
            Request::Status => (Verb::Status, None),
            Request::Stop => (Verb::Stop, None),
            Request::Join => (Verb::Join, None),
            Request::Leave => (Verb::Leave, None),
            Request::Skip => (Verb::Skip, None),
            Request::Pause => (Verb::Pause, None),
            Request::Resume => (Verb::Resume, None),
            Request::Away(days) => return self.times_away().away(&command.user, &days).await,
            Request::Back => return self.times_away().back_again(&command.user).await,
            Request::Cancel(text) => return self.cancel(command, text).await,
            Request::Move(text) => return self.reschedule(command, text).await,
            Request::HandOver(text) => return self.hand_over(command, text).await,
            Request::Named(Verb::Pause, text) => return self.pause_as_typed(command, text).await,
            Request::Named(Verb::Back, _) => return Err(self.times_away().comes_back_without_a_day()),
            Request::Named(verb, name) => (verb, Some(request::bare_name(&name).to_owned())),
        };
        let programme = self.meant(&command, verb, name.as_deref()).await?;
        let user = command.user;
        match verb {
            Verb::Stop => self.ask_to_stop(programme, &user).await,
            Verb::Join => self.take_part(PartChange::Join, programme, user, ReplyVia::Typed).await,
            Verb::Leave => self.take_part(PartChange::Leave, programme, user, ReplyVia::Typed).await,
            Verb::Skip => self.take_part(PartChange::Skip(None), programme, user, ReplyVia::Typed).await,
            Verb::Pause => self.pause(programme, &user).await,
            Verb::Resume => self.resume(programme, &user).await,
            Verb::Status | Verb::Help | Verb::Start | Verb::Away | Verb::Back | Verb::Cancel | Verb::Move => {
                self.status(programme, user).await
            }
        }
    }

    /// Handles a press of a button that every ritual has; any other is refused as one of another release.
    pub async fn pressed(self, action: Action) -> Result<Answer<'c>, Failure> {
        if SetupStep::of(&action.action) == Some(SetupStep::Back) {
            return self.back(action).await;
        }
        // Nothing to do is better than a wrong thing.
        let press = Press::of(&action.action)
            .ok_or_else(|| Failure::refuse(messages::unknown_button(self.command())))?;
        let user = action.user.clone();
        match press {
            Press::Start => self.start(action).await,
            Press::Move => self.move_to(action).await,
            Press::SetUp => self.set_up_another(action).await,
            Press::Change => self.change(action).await,
            Press::NotNow => Ok(Answer::reply(Reply::Replace(messages::not_now(self.command())))),
            Press::Stop => self.ask_to_stop(self.of_button(&action).await?, &user).await,
            Press::StopNow => self.stop(self.of_button(&action).await?, action).await,
            Press::Status => self.status(self.of_button(&action).await?, user).await,
            Press::Pause => self.pause(self.of_button(&action).await?, &user).await,
            Press::Resume => self.resume(self.of_button(&action).await?, &user).await,
            Press::Join => {
                let programme = self.of_button(&action).await?;
                self.take_part(PartChange::Join, programme, user, ReplyVia::PressedInAnswer).await
            }
            Press::Leave => {
                let programme = self.of_button(&action).await?;
                self.take_part(PartChange::Leave, programme, user, ReplyVia::Pressed).await
            }
            Press::Skip => {
                let programme = self.of_button(&action).await?;
                let date = press::date_of(&action.value);
                self.take_part(PartChange::Skip(date), programme, user, ReplyVia::Pressed).await
            }
        }
    }

    /// When a programme comes.
    pub fn times<'p>(&self, programme: &'p Programme) -> Result<&'p Cadence, Failure> {
        programme.cadence.as_ref().ok_or_else(|| self.over())
    }

    /// Returns the date where times are.
    fn today(&self, times: &Cadence) -> NaiveDate {
        self.context.now.with_timezone(&times.zone).date_naive()
    }

    async fn participants(
        self,
        programme: &Programme,
        wall: Option<NaiveDateTime>,
    ) -> Result<Participants, Failure> {
        (self.kind.participants)(self.ritual, self.context, programme, wall).await
    }

    /// Returns what follows in the ritual's tables when occasions don't come, or come otherwise.
    async fn replanned(self, programme: &Programme, change: Replanned) -> Result<UnitOfWork, Failure> {
        (self.kind.replanned)(self.ritual, self.context, programme, change).await
    }

    fn command(&self) -> &'c str {
        (self.kind.command)(self.ritual)
    }

    fn words(&self) -> &'static Words {
        self.kind.words
    }

    fn ritual_name(&self) -> &'static str {
        self.kind.words.ritual
    }

    /// The refusal where a programme has ended.
    fn over(&self) -> Failure {
        Failure::refuse(messages::over(self.words()))
    }
}
