//! Every word about programmes that all rituals share; [`Words`] fills in what theirs are called.

mod audience;
mod away;
mod cancelling;
mod changing;
mod ending;
mod handing_over;
mod moving;
mod pausing;
mod proposal;
mod refusals;
mod rescheduling;
mod setup;
mod status;
mod taking_part;

use chrono::NaiveDateTime;

pub use self::{
    audience::{
        ONLY_GROUP, ONLY_GROUP_HINT, ONLY_PEOPLE, ONLY_PEOPLE_HINT, chosen, empty_group, named_audience,
        no_such_group, none_of_them_here, not_chosen, too_many_named, unable_to_take_part, without_a_part,
    },
    away::{
        away, away_already, back, back_takes_no_day, not_away, one_day_alone, too_many_times_away,
        which_weekday, wrong_days,
    },
    cancelling::{
        NoOccasion, WHY_CANCELLED, announcement_of_cancellation, cancelled, long_reason, no_occasion_on,
        one_date, paused_meanwhile, too_many_kept, too_many_left_out, which_date, which_year,
    },
    changing::{
        announcement_of_stop, ask_to_stop, began_and_stopped, occasion_begins, stopped, unannounced, which,
        why_moved, why_paused, why_stopped, why_switched_off,
    },
    ending::{GOES_ON, NOT_OVER, announcement_of_end, ask_to_go_on, no_more},
    handing_over::{
        WrongOrganiser, ask_to_hand_over, handed_over, organised_by, wrong_organiser, you_organise,
    },
    moving::{
        AfterMove, announcement_of_change, announcement_of_move, moved, preview_of_move, saved,
        with_kept_dates, with_kept_zone,
    },
    pausing::{
        Pause, WHY_RESUMED, WrongPause, announcement_of_pause, announcement_of_pause_until,
        announcement_of_resume, is_other_clock, nothing_to_pause, paused, paused_already, paused_now,
        paused_skip, paused_until, resumed, wrong_pause,
    },
    proposal::{Holidays, Proposal, Takers, preview, summary, summary_at_once},
    refusals::{
        archived, cannot_read, guests_stay_out, has_begun, long_name, may_not_start, no_channel,
        no_such_name, none_here, not_here, not_understood, not_yours, now_stands_alone, or_your_own,
        outdated, over, say_which, times_over, too_soon, twice_a_day, unknown, unknown_but_explained,
        unknown_but_near, unknown_button, wrong_times,
    },
    rescheduling::{
        WHY_MOVED_AWAY, WrongTarget, announcement_of_moved_occasion, moved_occasion, told_already,
        wrong_target,
    },
    setup::{
        Changes, changed_meanwhile, name_taken, name_wanted, nothing_changed, stopped_meanwhile,
        summary_of_change,
    },
    status::{Status, left_out, status},
    taking_part::{
        already_in, already_left, another_is_next, joined, joined_but_away, joined_on_a_holiday, left,
        not_in_channel, not_seen, nothing_to_skip, skipping, yours,
    },
};
use super::press::Press;
use crate::{
    common::words::Words,
    model::{
        cadence::{Cadence, Occurrence},
        message::{Button, ButtonStyle, Message},
        people::ChannelId,
        text::{Markup, date},
    },
    say,
};

/// What a person reads who asks for the times that there are already.
pub fn same_times(words: &Words, name: &str, now: &Cadence, next: Option<&Occurrence>) -> Message {
    let run = if name.is_empty() {
        say!("{} already run here", words.at_start())
    } else {
        say!("{} already runs here", Markup::bold(name))
    };
    Message::new(say!(
        "{}, {}.{}",
        run,
        Markup::words(&now.say()),
        next.map_or_else(Markup::default, |next| say!(" {}", next_occasion(words, next)))
    ))
}

/// The answer to a question about new times, where the programme has changed since it was asked.
pub fn changed_since(words: &Words, now: &Cadence, next: Option<&Occurrence>) -> Message {
    Message::new(say!(
        "These times have changed since I asked, so I've left them alone. {} run here {}.{}",
        words.at_start(),
        Markup::words(&now.say()),
        next.map_or_else(Markup::default, |next| say!(" {}", next_occasion(words, next)))
    ))
}

/// The question that a person closes becomes this.
pub fn not_now(command: &str) -> Message {
    Message::new(say!("OK, nothing has changed. {} shows what I can do here.", way_of(command, "help")))
}

/// What a person reads who has started a programme; with the channel where that isn't the one they read this in.
pub fn started(
    words: &Words,
    next: &Occurrence,
    people: usize,
    name: &str,
    channel: Option<&ChannelId>,
) -> Message {
    let are_on = if name.is_empty() {
        say!("{} are on", words.at_start())
    } else {
        say!("{} is on", Markup::bold(name))
    };
    let next = say!("First {}: {}.", words.occasion, when(next));
    let message = Message::new(match channel {
        None => say!("{}. {} I'm announcing it here; anyone can opt out.", are_on, next),
        Some(channel) => {
            say!("{} in {}. {} I'm announcing it there; anyone can opt out.", are_on, channel, next)
        }
    });
    let (fewest, in_letters) = words.fewest;
    if people < fewest {
        return message.with_context(say!(
            "A {} needs {} people, so invite a few to the channel before then.",
            words.occasion,
            in_letters
        ));
    }
    message
}

/// What to type to start a programme again that was stopped.
fn start_again(name: &str, command: &str) -> Markup {
    if name.is_empty() { way_of(command, "start") } else { way_of(command, &format!("start called {name}")) }
}

/// What a programme is called in a sentence.
pub fn called(words: &Words, name: &str) -> Markup {
    if name.is_empty() { say!("the {}", words.plural) } else { Markup::bold(name) }
}

/// The same in a heading, which is in bold as a whole.
fn heading(words: &Words, name: &str) -> Markup {
    if name.is_empty() { say!("the {}", words.plural) } else { Markup::plain(name) }
}

/// A day and a time, which Slack shows each reader in their own zone. Clients that cannot show it as the programme has it, with
/// how far that is from UTC.
pub fn when(occasion: &Occurrence) -> Markup {
    Markup::moment(occasion.at, &say!("{} ({})", on_the_wall(occasion.wall), Markup::words(&utc(occasion))))
}

/// Returns how far the zone of an occasion is from UTC, as in `UTC+5:30`.
fn utc(occasion: &Occurrence) -> String {
    let minutes = (occasion.wall - occasion.at.naive_utc()).num_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// A day and a time on the wall of the programme.
pub fn on_the_wall(wall: NaiveDateTime) -> Markup {
    say!("{} at {}", date(wall.date()), Markup::words(&wall.format("%H:%M").to_string()))
}

/// When the next occasion comes: a sentence.
pub fn next_occasion(words: &Words, occasion: &Occurrence) -> Markup {
    say!("Next {}: {}.", words.occasion, when(occasion))
}

/// What to type, as code.
pub fn way_of(command: &str, way: &str) -> Markup {
    Markup::code(format!("{command} {way}").trim_end())
}

/// The same for the programme of this name, which is empty where it has none.
pub fn way_called(command: &str, way: &str, name: &str) -> Markup {
    let called = if name.is_empty() { String::new() } else { format!(" called {name}") };
    way_of(command, &format!("{way}{called}"))
}

/// A button that every ritual has.
pub fn button(words: &Words, label: &str, press: Press, value: &str, look: ButtonStyle) -> Button {
    Button { label: label.to_owned(), action: press.action(words.ritual), value: value.to_owned(), look }
}
