//! Why what a person typed behind the command is not understood.

use crate::model::people::UserId;

/// Why a text is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// A promise has one owner.
    TwoOwners,
    /// A user group or a whole channel is named as the owner.
    Crowd,
    /// The person stands behind the date: what was typed before them.
    NameLast(UserId, String),
    /// What was typed is that a person be asked: what they would do. It may be that the person who types will ask them.
    AskThem(UserId, String),
    /// A name with an `@` that is no mention, as it was typed.
    NotLinked(String),
    /// What was typed of one of a list's numbers, and the list that has the buttons for it.
    HasButtons(String, &'static str),
    /// `back` with a day, in place of the days away.
    BackOn,
    /// That another person is away.
    AwayThem(UserId),
    /// One word that is near a known one.
    Unknown(String, &'static str),
    /// Something is done, without its number.
    DoneWhich,
    /// The same of something that is given up.
    DropWhich,
    /// It doesn't say what to undo.
    Undo,
    /// How many characters the words have, which are too many.
    Long(usize),
}
