//! What `history` and `status` say.

use chrono::NaiveDate;

use super::themes::{question_of, votes_of};
use crate::{
    common::programmes::messages::{way_of, when},
    model::{
        cadence::Occurrence,
        message::Message,
        text::{Markup, count, date},
    },
    rituals::retro::{
        plan::{MOST_DISCUSSED, State},
        theme::{Hands, Theme, ask_several},
        values::Retro,
    },
    say,
};

/// How many themes of a retro `history` shows, unless more of them were sorted.
const THEMES_SHOWN: usize = 3;

/// A retro with what is left of it.
#[derive(Clone, Debug)]
pub struct PastRetro {
    pub retro: Retro,
    /// How many answers are kept and not hidden.
    pub answers: usize,
    /// How many questions with a scale had their numbers shown.
    pub pulses: usize,
    /// Whether the time for which answers are kept is over.
    pub is_forgotten: bool,
    pub themes: Vec<Theme>,
}

impl PastRetro {
    /// Whether it was held and brought nothing that could be shown.
    pub fn is_empty(&self) -> bool {
        let is_shown = matches!(self.retro.state, State::Revealed | State::Voting | State::Done);
        is_shown && self.answers == 0 && self.pulses == 0 && !self.is_forgotten
    }
}

/// What `history` says: the last retros of each programme in which the reader was asked, by its name, the newest first. `more` is how many can
/// be asked for where there are others.
pub fn history(programmes: &[(String, Vec<PastRetro>)], more: Option<usize>, command: &str) -> Message {
    let paragraph = |(name, retros): &(String, Vec<PastRetro>)| {
        let heading = if name.is_empty() {
            Markup::from("*The last retros in which you were asked*")
        } else {
            say!("*The last retros of {} in which you were asked*", Markup::plain(name))
        };
        if retros.is_empty() {
            return say!("{}\nNone so far.", heading);
        }
        let lines: Vec<Markup> = retros.iter().map(|past| say!("• {}{}", line(past), themes(past))).collect();
        say!("{}\n{}", heading, Markup::join(&lines, "\n"))
    };
    let paragraphs: Vec<Markup> = programmes.iter().map(paragraph).collect();
    let message = Message::new(Markup::join(&paragraphs, "\n\n"));
    match more {
        None => message,
        Some(all) => message.with_context(say!(
            "There are more. {} shows up to {}.",
            way_of(command, &format!("history {all}")),
            all
        )),
    }
}

/// The top themes of a retro that is done, and what became of them.
fn themes(past: &PastRetro) -> Markup {
    if past.retro.state != State::Done {
        return Markup::default();
    }
    let says_which = ask_several(&past.themes);
    let line = |theme: &Theme| {
        let question = question_of(theme, says_which);
        say!("\n    ◦ {}{}{}{}", Markup::plain(&theme.title()), question, votes_of(theme), became(theme))
    };
    // What became of a theme is what people look for.
    let mut themes: Vec<&Theme> = past.themes.iter().collect();
    themes.sort_by_key(|theme| theme.hands == Hands::Unsorted);
    let sorted = themes.iter().filter(|theme| theme.hands != Hands::Unsorted).count();
    let shown = sorted.clamp(THEMES_SHOWN, MOST_DISCUSSED.max(THEMES_SHOWN));
    let mut lines: Vec<Markup> = themes.into_iter().take(shown).map(line).collect();
    let more = past.themes.len().saturating_sub(shown);
    if more > 0 {
        lines.push(say!("\n    ◦ and {}", count(more, "more theme", "more themes")));
    }
    Markup::join(&lines, "")
}

fn became(theme: &Theme) -> Markup {
    let promised = usize::try_from(theme.promised).unwrap_or_default();
    let hands = match (&theme.hands, &theme.passed_to) {
        (Hands::Unsorted, _) | (Hands::Others, Some(_)) => "",
        (Hands::Ours, _) => ", in our hands",
        (Hands::Others, None) => ", needs others",
        (Hands::NotOurs, _) => ", not in our hands",
    };
    let asked_for = match promised {
        0 => Markup::default(),
        promised => say!(", {} made or asked for", count(promised, "promise", "promises")),
    };
    let passed =
        theme.passed_to.as_ref().map_or_else(Markup::default, |channel| say!(", passed on to {}", channel));
    say!("{}{}{}", hands, asked_for, passed)
}

fn line(PastRetro { retro, answers, pulses, is_forgotten, .. }: &PastRetro) -> Markup {
    let asked = count(retro.asked, "person was asked", "people were asked");
    match retro.state {
        State::Open => say!("{}: open, {}", date(retro.date), asked),
        State::Cancelled if *answers == 0 => {
            say!("{}: ended with its programme, nothing is kept", date(retro.date))
        }
        _ if *is_forgotten => {
            say!("{}: {}; its answers are past their time and deleted", date(retro.date), asked)
        }
        State::Cancelled => {
            let shown = count(*answers, "answer", "answers");
            say!("{}: ended with its programme, {} shown before", date(retro.date), shown)
        }
        State::Closed | State::Checked => {
            say!("{}: closed and not revealed yet, {}", date(retro.date), asked)
        }
        State::Revealed | State::Voting | State::Done if *answers > 0 => {
            say!("{}: {} shown, {}", date(retro.date), count(*answers, "answer", "answers"), asked)
        }
        State::Revealed | State::Voting | State::Done if *pulses > 0 => {
            say!(
                "{}: the pulse of {} shown, {}",
                date(retro.date),
                count(*pulses, "question", "questions"),
                asked
            )
        }
        State::Revealed | State::Voting | State::Done => {
            say!("{}: nothing to show, {}", date(retro.date), asked)
        }
    }
}

/// What `status` says of a retro that was held.
pub fn held(retro: &Retro) -> Markup {
    match retro.state {
        State::Open => say!("• {}: open", date(retro.date)),
        State::Closed | State::Checked => say!("• {}: closed, not revealed yet", date(retro.date)),
        State::Voting => {
            say!(
                "• {}: {} asked, and the vote is on",
                date(retro.date),
                count(retro.asked, "person", "people")
            )
        }
        State::Revealed | State::Done => {
            say!("• {}: {} asked", date(retro.date), count(retro.asked, "person", "people"))
        }
        State::Cancelled => say!("• {}: ended early", date(retro.date)),
    }
}

/// What `status` says of a retro that is open.
pub fn status(day: NaiveDate, closes: &Occurrence) -> Markup {
    say!("The retro of {} is open until {}.", date(day), when(closes))
}
