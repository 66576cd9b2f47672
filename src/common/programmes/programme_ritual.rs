//! What differs between the programmes of one ritual and those of another: a trait, and the values that its methods take.

use chrono::{NaiveDate, NaiveDateTime};
use futures_util::{FutureExt as _, future::BoxFuture};

use super::{Answers, AtOnce, Hint, Participants, Standing, messages, participants_of};
use crate::{
    common::{
        setup::{Complaints, PreviewMessage},
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        failure::Failure,
        message::{Block, Message},
        people::UserId,
        text::Markup,
    },
    ritual::{Context, Handling, Ritual},
    store::{programmes::Programme, runs::PastRun, unit::UnitOfWork},
};

/// What a method returns that reads the store.
pub type Loading<'c, T> = BoxFuture<'c, Result<T, Failure>>;

/// A ritual whose programmes channels keep. What most rituals have nothing for has a default.
pub trait ProgrammeRitual: Ritual {
    /// What its programmes are called.
    fn words(&self) -> &'static Words;

    /// The kind of run that is the occasion itself.
    fn occasion(&self) -> &'static str;

    /// The kinds of run around an occasion that options switch off.
    fn around(&self) -> &'static [&'static str] {
        &[]
    }

    /// The command, with its slash.
    fn command_name(&self) -> &str;

    /// What the command's `help` says.
    fn help(&self) -> Message;

    /// The words of the command that only this ritual has.
    fn own_verbs(&self) -> &'static [OwnVerb] {
        &[]
    }

    /// Answers one of its own words about the programmes that are meant: that whose name follows the word, or all that the channel
    /// keeps.
    fn on_own_verb<'c>(
        &'c self,
        _context: &'c Context,
        _word: &'static str,
        _programmes: Vec<Programme>,
        _asker: Asker,
    ) -> Handling<'c> {
        std::future::ready(Err(Failure::Fail(anyhow::anyhow!("the ritual doesn't answer its own words"))))
            .boxed()
    }

    /// What is probably meant by words that only this ritual's people type, or what they are told.
    fn hints(&self) -> &'static [(&'static [&'static str], Hint)] {
        &[]
    }

    /// What only this ritual says in a status; `past` are the runs of the last occasions, the newest first.
    fn standing<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        past: Vec<PastRun>,
    ) -> Loading<'c, Standing>;

    /// Who takes part in the occasion at this local time; without a time, who takes part at all.
    fn participants<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        wall: Option<NaiveDateTime>,
    ) -> Loading<'c, Participants> {
        participants_of(context, programme, wall).boxed()
    }

    /// What a preview says of the participants beside how many they are: sentences, or nothing. `first` is the occasion that
    /// would be the first.
    fn remark<'c>(
        &'c self,
        _context: &'c Context,
        _programme: &'c Programme,
        _participants: &'c Participants,
        _first: Option<Occurrence>,
    ) -> Loading<'c, Markup> {
        std::future::ready(Ok(Markup::default())).boxed()
    }

    /// What the channel reads when a programme begins.
    fn announcement(
        &self,
        organiser: &UserId,
        programme: &Programme,
        cadence: &Cadence,
        first: &Occurrence,
    ) -> Message;

    /// The messages that people would read, in the order in which they would.
    fn shown<'c>(&'c self, context: &'c Context, upcoming: Upcoming<'c>) -> Loading<'c, Vec<PreviewMessage>>;

    /// The form's fields for the options in stored settings.
    fn fields(&self, settings: &str) -> Vec<Block>;

    /// Stored settings with what these fields hold, or what is to be mended at them. Settings that mean the same stay as they
    /// are stored; a field that the form doesn't have changes nothing.
    fn answered(
        &self,
        settings: &str,
        answers: &Answers,
        complaints: &mut Complaints,
    ) -> Result<String, Failure>;

    /// A sentence for each option that differs between old and new settings.
    fn changed_options(&self, old: &str, new: &str) -> Vec<Markup>;

    /// Whether the programme of this id had its occasion on that local date.
    fn was_held_on<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c str,
        date: NaiveDate,
    ) -> Loading<'c, bool>;

    /// Whether a programme had an occasion at all.
    fn was_held<'c>(&'c self, context: &'c Context, programme: &'c Programme) -> Loading<'c, bool>;

    /// What follows in the ritual's tables when a person leaves or skips the next occasion.
    fn absent<'c>(&'c self, _context: &'c Context, _programme: &'c Programme) -> Loading<'c, UnitOfWork> {
        std::future::ready(Ok(UnitOfWork::new())).boxed()
    }

    /// Whether an occasion has begun that its organisers have still to lead to its end.
    fn is_under_way<'c>(&'c self, _context: &'c Context, _programme: &'c Programme) -> Loading<'c, bool> {
        std::future::ready(Ok(false)).boxed()
    }

    /// Whether it can hold an occasion at once.
    fn holds_at_once(&self) -> bool {
        false
    }

    /// Holds an occasion at once, of a programme that begins with it, or says why it can't be held.
    fn hold_at_once<'c>(
        &'c self,
        _context: &'c Context,
        _programme: &'c Programme,
    ) -> Loading<'c, Result<AtOnce, Message>> {
        std::future::ready(Ok(Err(messages::over(self.words())))).boxed()
    }

    /// What a person reads beforehand who stops a programme, of what isn't finished: a sentence, or nothing.
    fn unfinished<'c>(&'c self, _context: &'c Context, _programme: &'c Programme) -> Loading<'c, Markup> {
        std::future::ready(Ok(Markup::default())).boxed()
    }

    /// What follows when a person hands a programme over, which is as it was: what the new organiser reads of what waits for them, a
    /// sentence or nothing, and what changes in the ritual's messages.
    fn handed_over<'c>(
        &'c self,
        _context: &'c Context,
        _programme: &'c Programme,
        _hands: HandOver<'c>,
    ) -> Loading<'c, (Markup, UnitOfWork)> {
        std::future::ready(Ok(Default::default())).boxed()
    }

    /// What the channel reads, when a programme pauses, of an occasion that goes on meanwhile: a sentence, or nothing.
    fn goes_on<'c>(&'c self, _context: &'c Context, _programme: &'c Programme) -> Loading<'c, Markup> {
        std::future::ready(Ok(Markup::default())).boxed()
    }

    /// What follows in the ritual's tables when occasions that were planned don't come, or come otherwise; the programme is as it
    /// is then.
    fn replanned<'c>(
        &'c self,
        _context: &'c Context,
        _programme: &'c Programme,
        _change: Replanned,
    ) -> Loading<'c, UnitOfWork> {
        std::future::ready(Ok(UnitOfWork::new())).boxed()
    }
}

/// A word of the command that only one ritual has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnVerb {
    /// As it is typed, in lower case.
    pub word: &'static str,
    /// Whether it also reads programmes that were stopped, where the channel keeps none.
    pub reads_ended: bool,
}

/// The person who typed a ritual's own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    pub user: UserId,
    /// How many lines they want to read, if they said so.
    pub number: Option<usize>,
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
