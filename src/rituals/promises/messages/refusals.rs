//! What people read when something stands in the way.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::{
    common::promises::{
        Due, MOST_OPEN, MOST_REQUESTS, Promise, PromiseState,
        messages::{due_at, quoted, take, too_long},
        when::{Why, WrongWhen},
    },
    model::{
        message::Message,
        people::{ChannelId, UserId},
        text::{Markup, date_as_of, shorten},
    },
    rituals::promises::request::Objection,
    say,
};

/// How many characters of what was typed are repeated.
const LONGEST_TYPED: usize = 100;

/// What a person reads who may take no part.
pub fn guests_stay_out() -> Message {
    Message::new("Guests don't take part in promises in this workspace.")
        .with_context("A workspace admin can ask the people who run me to change that.")
}

/// What stands at the date of a form that moves a promise to the date it has.
pub const SAME_DATE: &str = "It's promised for that already. Choose another date, or close this form.";

/// What a person reads whose command is not understood.
pub fn objection(objection: &Objection, command: &str) -> Message {
    let way = |words: &str| Markup::code(&format!("{command} {words}"));
    match objection {
        Objection::TwoOwners => Message::new("A promise has one owner, so that it's clear who does it.")
            .with_context(say!("Ask each of them: {}", way("@ben send the report by Friday"))),
        Objection::Crowd => Message::new("A promise has one owner, so I can't ask a whole group.")
            .with_context(say!("Ask a person: {}", way("@ben send the report by Friday"))),
        Objection::NameLast(person, before) => {
            Message::new(say!("Will {} do this, or you? It isn't clear with the name at the end.", person))
                .with_context(say!(
                    "To ask them, put their name first: {}. If it's yours, end with the date: {}.",
                    way(&shorten(&format!("@name {before}"), LONGEST_TYPED)),
                    way(&shorten(before, LONGEST_TYPED))
                ))
        }
        Objection::AskThem(person, what) => Message::new(say!("Should I ask {} for this promise?", person))
            .with_context(say!(
                "Then put their name first: {}. If it's you who will ask them, say so: {}.",
                way(&shorten(&format!("@name {what}"), LONGEST_TYPED)),
                way("I'll ask …")
            )),
        Objection::NotLinked(name) => Message::new(say!(
            "I don't know {}. Pick the name from the list that Slack shows when you type @.",
            Markup::quoted(name)
        )),
        Objection::Unknown(typed, near) => Message::new(say!(
            "I don't know {}. Did you mean {}?",
            Markup::quoted(typed),
            Markup::code(&format!("{command} {near}"))
        ))
        .with_context(say!("A promise says more: {}", way("send the report by Friday"))),
        Objection::HasButtons(typed, list) => {
            let buttons = if *list == "asked" {
                "*Take it back* is below each of them."
            } else {
                "*Later…* moves what you promised. What you're asked for has *I'll do it* or a menu of days, and *Can't*."
            };
            Message::new(say!("I don't know {}. {} has buttons for that.", Markup::quoted(typed), way(list)))
                .with_context(buttons)
        }
        Objection::BackOn => Message::new("Until when are you away?").with_context(say!(
            "{} says so, with the last day that you're away, and {} that you're back today.",
            way("away until Friday"),
            way("back")
        )),
        Objection::AwayThem(person) => {
            Message::new(say!("Only {} can say when they're away.", person)).with_context(say!(
                "They type {}. Nothing was promised.",
                way("away until Friday")
            ))
        }
        Objection::DoneWhich => Message::new("Which one is done?").with_context(say!(
            "{} numbers what waits for you, and {} says that the first is done.",
            way("mine"),
            way("done 1")
        )),
        Objection::DropWhich => Message::new("Which one won't you do?").with_context(say!(
            "{} numbers what waits for you, and {} is about the first.",
            way("mine"),
            way("drop 1")
        )),
        Objection::Undo => Message::new("What shall I undo?").with_context(say!(
            "{} shows what you asked of others, to take it back. Below what you said is done or gave up is a button that opens it again for \
             a day. {} gives up the first that waits for you.",
            way("asked"),
            way("drop 1")
        )),
        Objection::Long(length) => Message::new(Markup::words(&too_long(*length))),
    }
}

/// What a person reads whose date is none, with what works in its place. `elsewhere` is the owner whose clock counts with the time on
/// it, if it shows another time than the person's.
pub fn wrong_when(wrong: &WrongWhen, command: &str, elsewhere: Option<(&UserId, NaiveDateTime)>) -> Message {
    let typed = Markup::quoted(&wrong.typed);
    let line = match &wrong.why {
        Why::Vague => say!("When is {}? I need a day, so that I can remind in time.", typed),
        Why::NoSuchDay(why) => Markup::words(why),
        Why::NoFifth => say!("There's no {}: that month has four of them.", typed),
        Why::Over => match elsewhere {
            Some((owner, wall)) => say!(
                "{} is over for {}, where it's {}. When will it be done?",
                typed,
                owner,
                due_at(&Due { date: wall.date(), time: Some(wall.time()) }, wall.date())
            ),
            None => say!("{} is over. When will it be done?", typed),
        },
        Why::TooFar => say!("{} is more than a year ahead. What can be done sooner?", typed),
        Why::WhichHalf => say!("Is {} in the morning or in the afternoon?", typed),
        Why::NoSuchTime => say!("In {}, I can't read the time.", typed),
        Why::PartOfDay => {
            say!("What time is {}? A part of a day is earlier for some people than for others.", typed)
        }
        Why::Repeated => say!("I remind once for a date, so I can't read {}.", typed),
        Why::TwoDates => say!("{} names two dates, and I remind for one.", typed),
        Why::OtherClock => match elsewhere {
            Some((owner, _)) => say!(
                "I read times on the clock of the person who does it, here {}'s, so I can't read {}.",
                owner,
                typed
            ),
            None => say!("I read times on your own clock, so I can't read {}.", typed),
        },
        Why::Holiday => say!("I don't know holidays by their names, so I can't tell when {} is.", typed),
        Why::DayOrTime => say!("Is {} a day or a time?", typed),
        Why::OtherLanguage => say!("I read dates in English alone, so I can't tell when {} is.", typed),
        Why::Ambiguous => say!("In {}, I can't tell the day from the month.", typed),
    };
    let with_lead = |phrase: &String| {
        let is_whole = phrase.starts_with("in ");
        Markup::code(&if is_whole { phrase.clone() } else { format!("by {phrase}") })
    };
    let nearest: Vec<Markup> = wrong.nearest.iter().map(with_lead).collect();
    let nearest = match &nearest[..] {
        [] => Markup::code("by Friday"),
        [only] => only.clone(),
        [others @ .., last] => say!("{} or {}", Markup::join(others, ", "), last),
    };
    Message::new(line).with_context(say!(
        "Write {}, for example. {} on its own opens a form with a calendar.",
        nearest,
        Markup::code(command)
    ))
}

/// What stands at a field of a form.
pub const HELP_CLOSED: &str = "I can't post there any more. Ask a person instead.";
pub const HELP_NOT_ME: &str = "I can't help with it myself. Choose a person.";
pub const HELP_OUTSIDE: &str = "As far as I know they aren't in the channel that this is from, so I can't show it to them. Choose a person who is, or write to them yourself.";
pub const HELP_GUEST: &str = "They're a guest here, and guests aren't asked for help. Choose another person.";
pub const HELP_YOURSELF: &str = "That's you. Choose another person.";

/// What stands at a time that is over, with the time on the wall of the person who does it.
pub fn time_over(wall: NaiveTime, is_own: bool) -> String {
    let (now, whose) = (wall.format("%H:%M"), if is_own { "for you" } else { "where they are" });
    format!("That time is over: it's {now} {whose}. Choose a later one, or leave it empty.")
}

/// What is said of a time that a clock skips on a day.
pub fn time_skipped(time: NaiveTime, date: NaiveDate) -> String {
    format!(
        "There's no {} on {}, since the clocks go forward then. Choose a time an hour later.",
        time.format("%H:%M"),
        date_as_of(date, date).as_str()
    )
}

/// What a person reads whose words say nothing that could be done.
pub fn says_nothing(words: &str, command: &str) -> Message {
    Message::new(say!(
        "What will be done? {} has no letter or digit in it.",
        Markup::quoted(&shorten(words, LONGEST_TYPED))
    ))
    .with_context(say!("For example: {}", Markup::code(&format!("{command} send the report by Friday"))))
}

/// What a person reads who would list the promises of a DM.
pub fn no_list_here(command: &str) -> Message {
    let way = |words: &str| Markup::code(&format!("{command} {words}"));
    Message::new("A promise that's made in a DM is on no channel's list.").with_context(say!(
        "{} shows what waits for you. {} and {} show what was promised in the channel where you type them.",
        way("mine"),
        way("open"),
        way("kept")
    ))
}

/// What a person reads who asks for the list of a channel in which they aren't.
pub fn not_a_member(channel: &ChannelId, command: &str) -> Message {
    Message::new(say!(
        "As far as I know you're not in {}, and its members alone see what was promised there.",
        channel
    ))
    .with_context(say!(
        "Join it and ask again in a minute. {} shows what waits for you.",
        Markup::code(&format!("{command} mine"))
    ))
}

/// What a person reads who asks for the list of a channel that the bot isn't in.
pub fn not_in_here(bot: &UserId, command: &str) -> Message {
    let mine = Markup::code(&format!("{command} mine"));
    Message::new("I'm not in this channel, so what's promised here is on no list that others see.")
        .with_context(say!("Type `/invite` {} to change that. {} shows what waits for you.", bot, mine))
}

/// What a person reads whose form is of another release.
pub fn stale_form() -> Message {
    Message::new("This form is too old, so nothing has changed. Please open it again.")
}

/// What a person reads who presses a button of a promise that isn't kept any more.
pub fn gone() -> Message {
    Message::new("I don't keep this promise any more, so there's nothing to do.")
}

/// What a person reads who presses another person's button.
pub fn not_yours() -> Message {
    Message::new("This isn't yours to answer, so nothing has changed.")
}

/// What a person reads who isn't in the channel that a promise is from.
pub fn not_in_channel() -> Message {
    Message::new("As far as I know you're not in the channel that this is from, so nothing has changed.")
}

/// How a promise stands, for the `reader` who presses an old button. If it is free for them, they can take it.
pub fn stands(
    promise: &Promise,
    (reader, is_free): (&UserId, bool),
    today: NaiveDate,
    command: &str,
) -> Message {
    let due = promise.due.map_or_else(Markup::default, |due| say!(" for {}", due_at(&due, today)));
    let line = match promise.state {
        PromiseState::Asked if promise.is_own() => {
            Markup::from("This waits for you to say when you'll do it. I've asked you in our DM.")
        }
        PromiseState::Asked => say!("This is asked of {}, who hasn't answered yet.", &promise.owner),
        PromiseState::Open if promise.owner == *reader => {
            say!("You've promised this{} already. Nothing has changed.", due)
        }
        PromiseState::Open => say!("{} has promised this{}. Nothing has changed.", &promise.owner, due),
        PromiseState::Kept => Markup::from("This is done already. Nothing has changed."),
        PromiseState::Dropped if !promise.is_own() => {
            say!("{} can't do this, and has said so. Nothing has changed.", &promise.owner)
        }
        PromiseState::Dropped => Markup::from("This was dropped already. Nothing has changed."),
        PromiseState::Returned => Markup::from("This has no owner any more. Nothing has changed."),
        PromiseState::Withdrawn if promise.asker == *reader => {
            Markup::from("You've taken this back, so there's nothing left to do.")
        }
        PromiseState::Withdrawn => {
            say!("{} has taken this back, so there's nothing left to do.", &promise.asker)
        }
        PromiseState::Lapsed => {
            Markup::from("There was no answer to this for long, so it has ended. Nothing has changed.")
        }
    };
    let message = Message::new(say!("{}\n{}", line, quoted(promise))).with_context(say!(
        "{} shows what waits for you, {} what you asked of others.",
        Markup::code(&format!("{command} mine")),
        Markup::code(&format!("{command} asked"))
    ));
    if is_free { message.with_controls(vec![take(promise)]) } else { message }
}

/// What a person reads who names a number that their list doesn't have.
pub fn no_such_number(number: usize, listed: usize, command: &str) -> Message {
    let list = Markup::code(&format!("{command} mine"));
    match listed {
        0 => Message::new("Nothing waits for you, so nothing has changed."),
        _ => Message::new(say!("There's no {} in your list, so nothing has changed.", number))
            .with_context(say!("{} shows it with its numbers.", list)),
    }
}

/// What a person reads who says that something is done which they haven't promised.
pub fn not_promised_yet(promise: &Promise, command: &str) -> Message {
    Message::new(say!("You haven't promised this yet, so it can't be done:\n{}", quoted(promise)))
        .with_context(say!(
            "{} shows it, with the buttons to promise or drop it.",
            Markup::code(&format!("{command} mine"))
        ))
}

/// What a person reads who has as many open promises as a person can have.
pub fn full(promise: &Promise, command: &str) -> Message {
    Message::new(say!(
        "You have {} open promises, so I haven't added this one:\n{}",
        MOST_OPEN,
        quoted(promise)
    ))
    .with_context(say!(
        "{} shows them: finish or drop one, and promise this then.",
        Markup::code(&format!("{command} mine"))
    ))
}

/// The same at a field of its form, which stays open.
pub fn full_at_field(command: &str) -> String {
    format!(
        "You have {MOST_OPEN} open promises, and this would be one more. Finish or drop one first: {command} mine shows them."
    )
}

/// What a person reads who has asked others for as much as a day allows.
pub fn asked_often(promise: &Promise, command: &str) -> Message {
    Message::new(say!(
        "You've asked for {} promises today, so I haven't asked for this one:\n{}",
        MOST_REQUESTS,
        quoted(promise)
    ))
    .with_context(say!(
        "You can ask again tomorrow. {} shows what you asked for.",
        Markup::code(&format!("{command} asked"))
    ))
}

/// What a person reads who records the same promise a second time.
pub fn recorded_already(promise: &Promise, command: &str) -> Message {
    let message = if promise.is_own() && promise.due.is_none() {
        Message::new(say!("You saved this a few minutes ago, so I've kept it once:\n{}", quoted(promise)))
    } else if promise.is_own() {
        Message::new(say!("You promised this a few minutes ago, so I've kept it once:\n{}", quoted(promise)))
    } else {
        Message::new(say!(
            "You asked {} for this a few minutes ago, so I haven't asked again:\n{}",
            &promise.owner,
            quoted(promise)
        ))
    };
    let list = if promise.is_own() { "mine" } else { "asked" };
    message.with_context(say!(
        "{} shows it. If it's another one, say it in other words or for another date.",
        Markup::code(&format!("{command} {list}"))
    ))
}

/// What a person reads who saves a message of which a promise waits for them already.
pub fn saved_already(promise: &Promise, command: &str) -> Message {
    Message::new(say!("You've saved this message already, so I've kept it once:\n{}", quoted(promise)))
        .with_context(say!(
            "{} shows it, with buttons to move or drop it.",
            Markup::code(&format!("{command} mine"))
        ))
}

/// What an owner reads who takes *Done* or *Drop it* back after a day.
pub fn done_for_good(promise: &Promise, command: &str) -> Message {
    let what = if promise.state == PromiseState::Dropped { "dropped" } else { "done" };
    let line = say!("This was {} more than a day ago, so it stays {}:\n{}", what, what, quoted(promise));
    Message::new(line).with_context(say!(
        "{} makes a new promise.",
        Markup::code(&format!("{command} send the report by Friday"))
    ))
}
