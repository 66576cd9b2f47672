//! The programmes that channels keep, the same for every ritual: starting, moving, pausing and stopping them with typed words,
//! buttons and the set-up form.
//!
//! A ritual says what is its own about them once, as a [`ProgrammeRitual`], and gives what people type, press and send to
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
mod programme_ritual;
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

pub use self::{
    at_once::{AtOnce, NOW, says_now},
    away::TimesAway,
    coming::{next_occasion, rests},
    news::{NewsSubject, origin, tell_organisers, to_person},
    one_date::OneDate,
    participants::{ChannelPeople, Part, Participants, participants_of},
    pausing::put_pause,
    programme_ritual::{Asker, HandOver, Loading, OwnVerb, ProgrammeRitual, Replanned, Upcoming},
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
    common::{setup::SetupStep, words::Words},
    model::{
        cadence::Cadence,
        event::{Action, Command, FieldValue, Reply},
        failure::Failure,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What the fields of a form hold, by their names.
pub type Answers = BTreeMap<String, FieldValue>;

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
#[derive(Clone, Copy)]
pub struct Programmes<'c> {
    /// The ritual.
    pub ritual: &'c dyn ProgrammeRitual,
    /// The event's context.
    pub context: &'c Context,
}

impl<'c> Programmes<'c> {
    /// Handles the command.
    pub async fn typed(self, command: Command) -> Result<Answer<'c>, Failure> {
        if self.is_hinted(&command.text) {
            return Err(self.unknown(&command, None));
        }
        let own = self.ritual.own_verbs().iter();
        let mut own = own.filter_map(|verb| Some((verb, request::behind(&command.text, verb.word)?)));
        if let Some((verb, text)) = own.next() {
            let (name, number) = self.name_and_number(&command.channel, &text, verb.reads_ended).await?;
            let name = Some(name).filter(|name| !name.is_empty());
            let programmes = self.all_read(&command, name, verb.reads_ended).await?;
            let asker = Asker { user: command.user, number };
            return self.ritual.on_own_verb(self.context, verb.word, programmes, asker).await;
        }
        let (verb, name) = match request::parse(&command.text) {
            Request::Bare => return self.bare(command).await,
            Request::Help => return Ok(Answer::reply(Reply::Ephemeral(self.ritual.help()))),
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
            Request::HandOver(text) => return self.ask_to_hand_over(command, text).await,
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
            Verb::Pause => self.pause(programme, &user, ReplyVia::Typed).await,
            Verb::Resume => self.resume(programme, &user, ReplyVia::Typed).await,
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
            Press::HandOver => self.hand_over(action).await,
            Press::Status => self.status(self.of_button(&action).await?, user).await,
            Press::Pause => {
                let programme = self.of_button(&action).await?;
                self.pause(programme, &user, ReplyVia::PressedInAnswer).await
            }
            Press::Resume => {
                let programme = self.of_button(&action).await?;
                self.resume(programme, &user, ReplyVia::PressedInAnswer).await
            }
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
        self.ritual.participants(self.context, programme, wall).await
    }

    /// Returns what follows in the ritual's tables when occasions don't come, or come otherwise.
    async fn replanned(self, programme: &Programme, change: Replanned) -> Result<UnitOfWork, Failure> {
        self.ritual.replanned(self.context, programme, change).await
    }

    fn command(&self) -> &'c str {
        self.ritual.command_name()
    }

    fn words(&self) -> &'static Words {
        self.ritual.words()
    }

    fn ritual_name(&self) -> &'static str {
        self.words().ritual
    }

    /// The refusal where a programme has ended.
    fn over(&self) -> Failure {
        Failure::refuse(messages::over(self.words()))
    }
}
