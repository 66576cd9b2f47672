//! What `history` and `status` say.

use chrono::NaiveDate;

use crate::{
    common::programmes::messages::when,
    model::{
        cadence::Occurrence,
        message::Message,
        text::{Markup, count, date},
    },
    rituals::retro::{plan::State, values::Retro},
    say,
};

/// A retro with what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRetro {
    pub retro: Retro,
    /// How many answers are kept.
    pub answers: usize,
    /// Whether the time for which answers are kept is over.
    pub is_forgotten: bool,
}

/// What `history` says: the last retros of each programme in which the reader was asked, by its name, the newest first.
pub fn history(programmes: &[(String, Vec<PastRetro>)]) -> Message {
    let paragraph = |(name, retros): &(String, Vec<PastRetro>)| {
        let heading = if name.is_empty() {
            Markup::from("*The last retros in which you were asked*")
        } else {
            say!("*The last retros of {} in which you were asked*", Markup::plain(name))
        };
        if retros.is_empty() {
            return say!("{}\nNone so far.", heading);
        }
        let lines: Vec<Markup> = retros.iter().map(|past| say!("• {}", line(past))).collect();
        say!("{}\n{}", heading, Markup::join(&lines, "\n"))
    };
    let paragraphs: Vec<Markup> = programmes.iter().map(paragraph).collect();
    Message::new(Markup::join(&paragraphs, "\n\n"))
}

fn line(PastRetro { retro, answers, is_forgotten }: &PastRetro) -> Markup {
    let asked = count(retro.asked, "person was asked", "people were asked");
    match retro.state {
        State::Open => say!("{}: open, {}", date(retro.date), asked),
        State::Cancelled => say!("{}: ended with its programme, nothing is kept", date(retro.date)),
        _ if *is_forgotten => {
            say!("{}: {}; its answers are past their time and deleted", date(retro.date), asked)
        }
        State::Closed | State::Checked => {
            say!("{}: closed and not revealed yet, {}", date(retro.date), asked)
        }
        State::Revealed | State::Voting | State::Done if *answers > 0 => {
            say!("{}: {} shown, {}", date(retro.date), count(*answers, "answer", "answers"), asked)
        }
        State::Revealed | State::Voting | State::Done => {
            say!("{}: nothing to show, {}", date(retro.date), asked)
        }
    }
}

/// What `status` says of a retro that was held.
pub fn held(retro: &Retro) -> Markup {
    match retro.state {
        State::Open => say!("{}: open", date(retro.date)),
        State::Closed | State::Checked => say!("{}: closed, not revealed yet", date(retro.date)),
        State::Revealed | State::Voting | State::Done => {
            say!("{}: {} asked", date(retro.date), count(retro.asked, "person", "people"))
        }
        State::Cancelled => say!("{}: ended early", date(retro.date)),
    }
}

/// What `status` says of a retro that is open.
pub fn status(day: NaiveDate, closes: &Occurrence) -> Markup {
    say!("The retro of {} is open until {}.", date(day), when(closes))
}
