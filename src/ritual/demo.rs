//! What a ritual shows in `rondo demo`: the steps of the page's card, and what simulated colleagues do with it. Values
//! only: the demo carries them out in its workspace.

mod colleague;
#[cfg(test)]
pub mod fixtures;
mod hearing;
mod workday;

use std::collections::BTreeSet;

use chrono::Duration;
use rand::{RngExt as _, rngs::StdRng, seq::IndexedRandom as _, seq::SliceRandom as _};

pub use self::{
    colleague::{Colleague, is_working_day, working_minutes},
    hearing::{HeardIn, HeardMessage, mentions},
    workday::Workday,
};
use crate::model::clock::Instant;

/// Minutes until colleagues react to a message.
pub const REACTION_MINUTES: std::ops::Range<i64> = 2..60;
/// How many colleagues put an emoji on good news: one of these numbers.
pub const ON_NEWS: [usize; 8] = [0, 1, 1, 2, 2, 2, 3, 4];

/// How many weeks before the present colleagues begin to talk and to use most rituals.
pub const LIVELY_WEEKS: i64 = 3;

/// The index of the colleague as whom the page opens, who is the first by name.
pub const FIRST_VISITOR: usize = 0;

/// A ritual's part of the demo.
#[derive(Clone, Copy)]
pub struct Demo {
    /// Its place on the card: rituals with a smaller number come first.
    pub order: u8,
    /// How many weeks before the present the company begins with it.
    pub weeks: i64,
    /// The steps of its chapter. The first one shows its best moment, within a minute of a first visit.
    pub steps: &'static [DemoStep],
    /// The steps of its chapter in a company to which nothing has happened yet.
    pub first_steps: &'static [DemoStep],
    /// Returns what colleagues do before the first visit, given the instant at which the company begins with it.
    pub begin: fn(&[Colleague], Instant) -> Vec<PlannedAction>,
    /// Returns what colleagues do by themselves on a working day, each by their index. The demo chooses the time.
    pub day: fn(&Workday<'_>) -> Vec<(usize, ColleagueAction)>,
    /// Returns what follows when colleagues read a message of the app; `None` if it is another ritual's.
    pub hear: fn(&HeardMessage, &Company<'_>, &mut StdRng) -> Option<Vec<Reaction>>,
}

impl Demo {
    /// Colleagues who do nothing, to be completed: `Demo { steps: &STEPS, ..Demo::QUIET }`.
    pub const QUIET: Demo = Demo {
        order: u8::MAX,
        weeks: LIVELY_WEEKS,
        steps: &[],
        first_steps: &[],
        begin: |_, _| Vec::new(),
        day: |_| Vec::new(),
        hear: |_, _, _| None,
    };
}

/// A step of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoStep {
    pub title: &'static str,
    /// What to do, so exactly that a test can follow it. The page links channels in it, and the command after `type: `.
    pub hint: &'static str,
    pub ticked_by: StepTick,
    /// The titles of the forms that the hint is about. On a narrow page a form covers the card, and so shows the hint itself.
    pub forms: &'static [&'static str],
}

/// What ticks a step: an action, and the words of the app that follow only if it did what was asked for, in a message or
/// a form. So neither a refusal ticks it nor a colleague who does the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepTick {
    /// A person sends a text that begins so, and reads these words.
    Sends(&'static str, &'static str),
    /// A person presses the button with this label, or chooses this option, and reads these words.
    Presses(&'static str, &'static str),
    /// A person presses a button with one of these labels, or chooses such an option, or sends a text that begins so, and reads
    /// these words.
    PressesOrSends(&'static [&'static str], &'static str, &'static str),
    /// A person reads these words, by their own doing or because time has come to it.
    Reads(&'static str),
}

/// The place of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The conversation's id.
    pub place: String,
    pub ts: String,
}

/// An action of a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColleagueAction {
    /// Posts a text or types a command in a conversation, by its name or id.
    Says(String, String),
    /// Types a command, waits for an answer that contains `preview`, and presses its button. If a visitor acts as the
    /// colleague by then, another one does it.
    SetsUp { place: &'static str, command: &'static str, preview: &'static str, button: &'static str },
    /// Becomes a member of a channel, by its name.
    Joins(&'static str),
    /// Replies to a message in its thread.
    Replies(Spot, String),
    /// Puts an emoji on a message.
    Reacts(Spot, &'static str),
    /// Presses the button with this label under a message.
    Presses(Spot, &'static str),
    /// Chooses an option of the menu with this placeholder under a message.
    Picks { spot: Spot, menu: &'static str, option: &'static str },
    /// Presses the button with this label under a message, fills in fields of the form that opens, by their names, and sends it.
    /// If the form is refused, it is closed.
    SendsForm { spot: Spot, button: &'static str, fields: Vec<(&'static str, FormValue)> },
    /// Types a command that opens a form, fills in fields of it, and sends it. If a preview follows, that is sent, too. If a visitor acts
    /// as the colleague by then, another one does it.
    SendsTyped { place: &'static str, command: &'static str, fields: Vec<(&'static str, FormValue)> },
}

/// What a colleague puts into a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormValue {
    /// A text; a person as `@name`.
    Text(String),
    /// The first so many options of the field.
    FirstOptions(usize),
    /// The option at this place, from 0 and from the beginning again behind the last.
    Option(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAction {
    pub at: Instant,
    /// The colleague's index.
    pub who: usize,
    pub action: ColleagueAction,
}

/// What follows from a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Happens at its time, unless the colleague or the company has done enough on that day.
    Planned(PlannedAction),
    /// Happens within seconds, at any hour: a visitor waits for it. Left out after many answers within a minute.
    Answer { who: usize, action: ColleagueAction },
}

/// The company at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Company<'c> {
    pub colleagues: &'c [Colleague],
    /// The indices of those that a visitor acts as. They do nothing by themselves.
    pub controlled: &'c BTreeSet<usize>,
    pub now: Instant,
}

impl Company<'_> {
    /// Returns who could react to a message: its readers who are not controlled, without its author and `except`.
    pub fn readers(&self, heard: &HeardMessage, except: &[usize]) -> Vec<usize> {
        let reads = |who: &usize| {
            Some(*who) != heard.author && !self.controlled.contains(who) && !except.contains(who)
        };
        heard.members.iter().copied().filter(reads).collect()
    }

    /// Sorts people who are at work first, then those who are awake, in a random order among equals.
    pub fn nearest(&self, mut people: Vec<usize>, rng: &mut StdRng) -> Vec<usize> {
        people.shuffle(rng);
        let far = |who: &usize| {
            let person = &self.colleagues[*who];
            (!person.is_at_work(self.now), !person.is_awake(self.now))
        };
        people.sort_by_key(far);
        people
    }

    /// Has some of these people put an emoji on a message in their working hours; how many is one of `counts`.
    pub fn like(
        &self,
        heard: &HeardMessage,
        people: Vec<usize>,
        counts: &[usize],
        emoji: &[&'static str],
        rng: &mut StdRng,
    ) -> Vec<Reaction> {
        let most = counts.choose(rng).copied().unwrap_or_default();
        let mut reactions = Vec::new();
        for who in self.nearest(people, rng).into_iter().take(most) {
            let at = self.now + Duration::minutes(rng.random_range(REACTION_MINUTES));
            let action = ColleagueAction::Reacts(heard.spot.clone(), one_of(emoji, rng));
            if self.colleagues[who].is_at_work(at) {
                reactions.push(Reaction::Planned(PlannedAction { at, who, action }));
            }
        }
        reactions
    }
}

/// Returns one of these texts, an empty one if there is none.
pub fn one_of<'t>(texts: &[&'t str], rng: &mut StdRng) -> &'t str {
    texts.choose(rng).copied().unwrap_or_default()
}

/// Returns the text that a colleague says this week. It repeats after as many weeks as there are texts, unless their number is a
/// multiple of 3.
pub fn in_turn<'t>(texts: &[&'t str], now: Instant, who: usize) -> &'t str {
    // The next colleague doesn't say next week what this one says now.
    texts.get((9 * week_of(now) + who) % texts.len().max(1)).copied().unwrap_or_default()
}

/// The number of the week of an instant.
pub fn week_of(now: Instant) -> usize {
    const WEEK_S: i64 = 7 * 24 * 60 * 60;
    usize::try_from(now.timestamp() / WEEK_S).unwrap_or_default()
}

/// Puts a name and a time into a text, in place of `{name}` and `{when}`.
pub fn filled(text: &str, name: &str, when: &str) -> String {
    let mut filled = text.replace("{name}", name).replace("{when}", when);
    // A text may begin with what was put in.
    if let Some(first) = filled.get(..1).map(str::to_uppercase) {
        filled.replace_range(..1, &first);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_repeats_before_all_were_said() {
        let texts: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let said = |week| in_turn(&texts, fixtures::sunday_night() + Duration::weeks(week), 7);
        assert_eq!((0..20).map(said).collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(in_turn(&[], fixtures::sunday_night(), 7), "");
    }

    #[test]
    fn texts_get_names_and_times() {
        assert_eq!(filled("{when}, {name}?", "Ana", "wednesday at 9:00"), "Wednesday at 9:00, Ana?");
        assert_eq!(filled("über {name}", "Ana", ""), "über Ana");
    }
}
