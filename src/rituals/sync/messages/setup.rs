//! What people read of syncs in the set-up form.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::{NextTurn, night::own_time};
use crate::{
    common::{
        programmes::{audience, messages::on_the_wall},
        setup::{
            PreviewMessage,
            messages::{input, limit_of},
        },
        words::Words,
    },
    model::{
        cadence::Occurrence,
        message::{Block, Field, Message, SelectOption, Shape},
        people::{ChannelId, UserId},
        text::{Markup, all_of, count, date},
    },
    rituals::sync::{
        NAME,
        options::{DURATIONS, LONGEST_LINK, Options, TurnOrder},
    },
    say,
};

/// What syncs are called.
pub const WORDS: Words = Words {
    ritual: NAME,
    plural: "syncs",
    short: "syncs",
    occasion: "sync",
    occasions: "syncs",
    emoji: ":speech_balloon:",
    // It goes on without a lead.
    fewest: (0, "no"),
    usual_times: "every Tuesday at 10:00",
    pace: "Once a day is as often as a sync can come.",
    thanks: "Thanks to everyone who led!",
    remembered: "who has led",
    at_once: "",
    set_up: "Set up a sync",
    change: "Change the syncs",
    who: "Everyone in the channel, or everyone you choose, leads in turn. Anyone can skip a turn or leave.",
    share: "turns",
    deed: "announce a sync",
    left_out: "not announced",
    takers: "the people who can lead",
    strangers: "People of other workspaces can't lead.",
    after_leaving: "You're still welcome at the syncs; you just get no turn.",
    name: "Planning",
};

/// The field for how long a sync is.
pub const MINUTES: &str = "minutes";
/// The field for the address where people join.
pub const LINK: &str = "link";
/// The field for the second role, and its options.
pub const SCRIBES: &str = "scribe";
pub const WITH_SCRIBE: &str = "scribe";
const WITHOUT: &str = "none";
/// The field for how the next lead is chosen, and its options.
pub const ORDER: &str = "order";
pub const ROUND_ROBIN: &str = "round_robin";
const FAIR: &str = "fair";
/// The field for turns of departments, and its only option.
pub const DEPARTMENTS: &str = "departments";
const IN_TURN: &str = "in_turn";

/// How many people are named in their order.
const MOST_IN_ORDER: usize = 12;

/// How many people a preview names for whom a sync is outside their hours.
const MOST_NAMED: usize = 3;

/// The fields of a programme's options; `usual` is how long the configuration makes a sync, in minutes.
pub fn fields(options: &Options, usual: u32) -> Vec<Block> {
    let option = |label: &str, value: &str| SelectOption { label: label.to_owned(), value: value.to_owned() };
    let minutes = Field::Choice {
        options: DURATIONS.map(|minutes| option(&format!("{minutes} minutes"), &minutes.to_string())).into(),
        chosen: Some(options.minutes.unwrap_or(usual).to_string()),
        shape: Shape::Menu,
    };
    let link = Field::Text {
        written: options.link.clone(),
        placeholder: "https://meet.example.com/planning".to_owned(),
        multiline: false,
        limit: limit_of(LONGEST_LINK, &options.link),
    };
    let scribes = Field::Choice {
        options: vec![
            option("No second role", WITHOUT),
            option("A scribe takes notes, in turn too", WITH_SCRIBE),
        ],
        chosen: Some(if options.scribe { WITH_SCRIBE } else { WITHOUT }.to_owned()),
        shape: Shape::Open,
    };
    let order = Field::Choice {
        options: vec![
            option("The person furthest behind their share", FAIR),
            option("One after the other, always in the same order", ROUND_ROBIN),
        ],
        chosen: Some(if options.order == TurnOrder::Fair { FAIR } else { ROUND_ROBIN }.to_owned()),
        shape: Shape::Open,
    };
    let departments = Field::Choices {
        options: vec![option("Departments lead in turn, where that's fair", IN_TURN)],
        chosen: options.departments.then(|| IN_TURN.to_owned()).into_iter().collect(),
        shape: Shape::Open,
    };
    let from = "A person's department is that of their own settings (/rondo me), else their user group's.";
    let mut fields = vec![
        input(MINUTES, "How long is it?", None, false, minutes),
        input(LINK, "Join link", Some("The address of the call, if there is one."), true, link),
        input(SCRIBES, "Second role", None, false, scribes),
    ];
    fields.extend(audience::fields(NAME, options.audience.as_ref()));
    let by_name =
        "In the same order: people whom you choose by name lead in the order in which you choose them.";
    fields.push(input(ORDER, "Who leads next?", Some(by_name), false, order));
    fields.push(input(DEPARTMENTS, "Departments", Some(from), true, departments));
    fields
}

/// What stands at an address that is none, or not a safe one.
pub fn wrong_link() -> String {
    "Use an address that begins with https://, without spaces or a password.".to_owned()
}

/// What stands at the departments where everyone leads in a fixed order.
pub fn departments_in_order() -> String {
    "Always in the same order leaves no choice for departments. Untick this, or let the person lead who is furthest behind.".to_owned()
}

/// What stands at an address that is too long.
pub fn long_link(longest: usize) -> String {
    format!("That link is too long. Up to {longest} characters fit.")
}

/// What a preview of this day says of who would lead first; nothing if no one can.
pub fn first_leads(turns: &[NextTurn], today: NaiveDate) -> Markup {
    if turns.iter().all(|turn| turn.lead.is_none()) {
        return Markup::default();
    }
    let lead = |turn: &NextTurn| {
        let lead = turn.lead.as_ref().map_or_else(|| Markup::from("no one"), Markup::from);
        say!("{} on {}", lead, day_as_of(today, turn.at.wall.date()))
    };
    let leads: Vec<Markup> = turns.iter().map(lead).collect();
    say!("First turns, as things stand: {}.", all_of(&leads))
}

/// A day without its weekday, with the year if that is another one.
fn day_as_of(today: NaiveDate, day: NaiveDate) -> Markup {
    let format = if day.year() == today.year() { "%-d %B" } else { "%-d %B %Y" };
    Markup::words(&day.format(format).to_string())
}

/// What a preview of a day says of a sync whose time the clocks skip; nothing if none of these is one. `zone` is that of its times.
pub fn clocks_skip(dates: &[Occurrence], zone: Tz, today: NaiveDate) -> Markup {
    let skips = |at: &&Occurrence| at.at.with_timezone(&zone).naive_local() != at.wall;
    dates.iter().find(skips).map_or_else(Markup::default, |at| {
        let shown = at.at.with_timezone(&zone).naive_local();
        say!(
            "On {} the clocks skip {}, so it's at {} then.",
            day_as_of(today, at.wall.date()),
            Markup::words(&at.wall.format("%H:%M").to_string()),
            Markup::words(&shown.format("%H:%M").to_string())
        )
    })
}

/// In which order people lead one after the other; nothing without people.
pub fn in_order(people: &[UserId]) -> Markup {
    let mut named: Vec<Markup> = people.iter().take(MOST_IN_ORDER).map(Markup::from).collect();
    if named.is_empty() {
        return Markup::default();
    }
    let others = people.len() - named.len();
    if others > 0 {
        named.push(count(others, "more person", "more people"));
    }
    say!("One after the other, in this order: {}.", all_of(&named))
}

/// What a preview says of people who have agreed to lead on a date, and won't; nothing if there are none.
pub fn turns_taken(turns: &[(UserId, NaiveDate)]) -> Markup {
    let taken =
        |(lead, day): &(UserId, NaiveDate)| say!("{}, who was to lead on {}, won't.", lead, date(*day));
    let taken: Vec<Markup> = turns.iter().take(MOST_NAMED).map(taken).collect();
    Markup::join(&taken, " ")
}

/// What a preview says of people for whom the first sync is at night, or outside their hours, each with their time; nothing if there
/// are none. `is_fair` is whether others come before them.
pub fn outside_hours(first: &Occurrence, people: &[(UserId, NaiveDateTime)], is_fair: bool) -> Markup {
    let time = |(user, own): &(UserId, NaiveDateTime)| say!("{} for {}", own_time(first, *own), user);
    let mut named: Vec<Markup> = people.iter().take(MOST_NAMED).map(time).collect();
    if named.is_empty() {
        return Markup::default();
    }
    let others = people.len() - named.len();
    if others > 0 {
        named.push(count(others, "other person", "other people"));
    }
    let others = if is_fair { " Others lead before them, where that's fair." } else { "" };
    say!("Outside the usual hours of some: {}.{}", all_of(&named), others)
}

/// The messages in the order in which people read them, each with when.
pub fn shown(
    channel: &ChannelId,
    now: Option<Message>,
    example: Option<(NaiveDateTime, Option<UserId>, Message)>,
) -> Vec<PreviewMessage> {
    let now = now.map(|message| PreviewMessage { when: say!("Now, to everyone in {}", channel), message });
    let example = example.map(|(wall, lead, message)| {
        let if_they = lead.map_or_else(Markup::default, |lead| say!(" if {} leads", &lead));
        let when = say!("{}, to everyone in {}, for example{}", on_the_wall(wall), channel, if_they);
        PreviewMessage { when, message }
    });
    now.into_iter().chain(example).collect()
}

/// What a person reads of each option that changes; `usual` is how long the configuration makes a sync, in minutes.
pub fn changed_options(old: &Options, new: &Options, usual: u32) -> Vec<Markup> {
    let minutes = |options: &Options| i64::from(options.minutes.unwrap_or(usual));
    let mut changed = Vec::new();
    if minutes(old) != minutes(new) {
        changed.push(say!("A sync is {} minutes long, instead of {}.", minutes(new), minutes(old)));
    }
    if old.link != new.link {
        changed.push(match new.link() {
            Some(link) => say!("New join link: {}", Markup::link(&link, "")),
            None => Markup::from("There's no join link any more."),
        });
    }
    if old.scribe != new.scribe {
        changed.push(Markup::from(if new.scribe {
            "From now on, a second person takes notes."
        } else {
            "No second person takes notes any more."
        }));
    }
    if old.audience != new.audience {
        changed.push(match &new.audience {
            None => Markup::from("Everyone in the channel takes turns from now on."),
            Some(audience) => say!("Only some take turns from now on: {}.", audience.named()),
        });
    }
    if old.order != new.order {
        changed.push(Markup::from(match new.order {
            TurnOrder::Fair => "From now on, the person furthest behind their share leads.",
            TurnOrder::RoundRobin => {
                "From now on, people lead one after the other, always in the same order."
            }
        }));
    }
    if new.order == TurnOrder::RoundRobin && (old.order != new.order || old.audience != new.audience) {
        let by_name = new.audience.as_ref().filter(|audience| audience.group.is_none());
        changed.extend(by_name.map(|audience| in_order(&audience.people)));
    }
    if old.departments != new.departments {
        changed.push(Markup::from(if new.departments {
            "From now on, departments lead in turn, where that's fair."
        } else {
            "Departments don't count any more."
        }));
    }
    changed
}
