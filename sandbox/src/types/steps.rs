//! Things to try on the page, and what ticks them.

/// Something to try on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub title: String,
    /// Such as what to type where.
    pub hint: String,
    pub watch: Watch,
}

impl Step {
    /// A step with a title, a hint and what ticks it off.
    pub fn new(title: &str, hint: &str, watch: Watch) -> Step {
        Step { title: title.to_owned(), hint: hint.to_owned(), watch }
    }
}

/// What ticks a step. It counts if it is done through the page or the control API and the app answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// A text that begins with this is sent, such as `/kudos`.
    Sends(String),
    /// A button with this text is pressed, or a choice with it is made.
    Presses(String),
    /// The clock is moved.
    MovesTime,
    /// The clock jumps to what happens next.
    JumpsOn,
    /// The person to act as is changed.
    SwitchesPerson,
    /// The Home of an app is opened.
    OpensHome,
    /// An emoji is put on a message.
    Reacts,
    /// An app shows a message that contains this text to a controlled person, such as its answer to a command. Unlike
    /// [`Watch::Sends`] and [`Watch::Presses`] it does not count when the app refuses.
    Reads(String),
}

/// Something that a person did.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UserAction<'a> {
    Sent(&'a str),
    Pressed(&'a str),
    MovedTime,
    JumpedOn,
    Became,
    OpenedHome,
    Reacted,
    Read(&'a str),
}

impl Watch {
    /// Whether the action ticks the step.
    pub(crate) fn is_met_by(&self, action: UserAction<'_>) -> bool {
        match (self, action) {
            (Watch::Sends(start), UserAction::Sent(text)) => text.starts_with(start.as_str()),
            (Watch::Presses(label), UserAction::Pressed(pressed)) => label == pressed,
            (Watch::Reads(part), UserAction::Read(text)) => text.contains(part.as_str()),
            (Watch::MovesTime, UserAction::MovedTime | UserAction::JumpedOn)
            | (Watch::JumpsOn, UserAction::JumpedOn)
            | (Watch::SwitchesPerson, UserAction::Became)
            | (Watch::OpensHome, UserAction::OpenedHome)
            | (Watch::Reacts, UserAction::Reacted) => true,
            _ => false,
        }
    }
}
