//! Things to try on the page, and what ticks them.

/// Something to try on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The chapter of the card that it belongs to; empty if the card has none. Steps of a chapter follow each other.
    pub chapter: String,
    pub title: String,
    /// Such as what to type where. The page links the names of channels and apps in it, and the command after `type: `.
    pub hint: String,
    pub watch: Watch,
    /// The titles of the forms in which something is to be done. On a narrow page a form covers the card, and so shows the hint.
    pub forms: Vec<String>,
}

impl Step {
    /// A step with a title, a hint and what ticks it off.
    pub fn new(title: &str, hint: &str, watch: Watch) -> Step {
        Step {
            chapter: String::new(),
            title: title.to_owned(),
            hint: hint.to_owned(),
            watch,
            forms: Vec::new(),
        }
    }

    /// Puts the step into a chapter.
    #[must_use]
    pub fn in_chapter(self, chapter: &str) -> Step {
        Step { chapter: chapter.to_owned(), ..self }
    }

    /// Has the forms with these titles show the hint while the step is next.
    #[must_use]
    pub fn in_forms(self, titles: &[&str]) -> Step {
        Step { forms: titles.iter().map(|title| (*title).to_owned()).collect(), ..self }
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
    /// An app shows this text to a controlled person, in a message or a form, such as its answer to a command.
    Reads(String),
    /// The first, and while it is done or afterwards the second. An app that refuses shows another text than one that
    /// does what it was asked for: `Watch::Sends("/kudos".into()).and_reads("Kudos to")`.
    Then(Box<Watch>, Box<Watch>),
    /// One of the two, such as a button and the command that does the same.
    Either(Box<Watch>, Box<Watch>),
}

impl Watch {
    /// Counts only if an app shows this text after it.
    #[must_use]
    pub fn and_reads(self, text: &str) -> Watch {
        Watch::Then(Box::new(self), Box::new(Watch::Reads(text.to_owned())))
    }

    /// Counts if the other is done, too.
    #[must_use]
    pub fn or(self, other: Watch) -> Watch {
        Watch::Either(Box::new(self), Box::new(other))
    }
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
    /// Whether the action ticks the step by itself.
    pub(crate) fn is_met_by(&self, action: UserAction<'_>) -> bool {
        match (self, action) {
            (Watch::Either(one, other), action) => one.is_met_by(action) || other.is_met_by(action),
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

    /// Whether it waits for the text of an app.
    pub(crate) fn reads(&self) -> bool {
        match self {
            Watch::Reads(_) => true,
            Watch::Then(_, then) => then.reads(),
            Watch::Either(one, other) => one.reads() || other.reads(),
            _ => false,
        }
    }
}
