//! Every word about decisions.

mod form;
mod list;
mod log;
mod review;
#[cfg(test)]
mod tests;

pub use self::{
    form::{
        Asked, BOT_DECIDES, CUT, DECIDED, DECIDED_WHY, ERASED, FORM, FormFor, NO_DECISION, NO_SYNC,
        NOT_LATER, OCCASION, PostedIn, REVIEW, STANDS_FORM, TOO_FAR, TURNED_DOWN, UNCHANGED, WHAT, WHO, WHY,
        WRONG_DATE, WRONG_PEOPLE, decided_fields, form, from, stands_form, too_long, too_many_people,
    },
    list::{ListPage, OLDER, OLDER_VERSIONS, SHOW, VERSIONS, VersionsPage, list, none_found, versions},
    log::{LogVersion, TITLE, entry},
    review::{
        STANDS, TO_REVIEW, answered, came_up_again, confirmed, in_sheet, in_thread, more_to_review, stands,
    },
};
use super::record::Decision;
use crate::{
    common::programmes::messages::way_of,
    model::{
        message::{Button, ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Link, Markup, date_with_year, mentions, shorten},
    },
    say,
};

/// The button that opens the form for the next version, behind the ritual's name; its value is the decision and the version that
/// its message shows.
pub const SUPERSEDE: &str = "decision_supersede";

/// How many characters of a decision stand where it is only named, and where it is quoted beside another.
const LONGEST_NAME: usize = 200;
const LONGEST_QUOTE: usize = 500;

/// Returns the action of a button, for a ritual.
pub fn action(ritual: &str, word: &str) -> String {
    format!("{ritual}:{word}")
}

fn button(ritual: &str, label: &str, word: &str, value: String) -> Button {
    Button { label: label.to_owned(), action: action(ritual, word), value, look: ButtonStyle::Plain }
}

/// The value of a button about a version of a decision.
fn value_of(decision: &Decision) -> String {
    format!("{} {}", decision.id, decision.version)
}

/// Names a decision on a line.
pub fn named(decision: &Decision) -> Markup {
    Markup::line_of(&decision.what, LONGEST_NAME)
}

/// Who decided, as in ` by @ana and @ben`; nothing where no one is named.
fn by(decision: &Decision) -> Markup {
    if decision.decided_by.is_empty() {
        Markup::default()
    } else {
        say!(" by {}", mentions(&decision.decided_by))
    }
}

/// All that a version says: what, why, what was turned down, and when it is looked at again.
fn said(decision: &Decision) -> Markup {
    let mut paragraphs = vec![Markup::quote(&decision.what)];
    for (heading, words) in [("*Why*", &decision.why), ("*Turned down*", &decision.turned_down)] {
        if !words.is_empty() {
            paragraphs.push(say!("{}\n{}", heading, Markup::quote(words)));
        }
    }
    if let Some(date) = decision.review_on {
        paragraphs.push(say!("*To look at again* from {}", date_with_year(date)));
    }
    if let Some(link) = Link::read(&decision.link) {
        paragraphs.push(say!("It's from {}.", Markup::link(&link, "this message")));
    }
    Markup::join(&paragraphs, "\n")
}

/// What the channel reads of a decision.
pub fn posted(decision: &Decision, ritual: &str) -> Message {
    let text = say!("*Decision*{}\n{}", by(decision), said(decision));
    let message = Message::new(text);
    let message = if decision.version > 1 {
        message.with_context(say!(
            "{} superseded version {} with this; *Versions* shows what it said.",
            &decision.recorded_by,
            decision.version - 1
        ))
    } else if decision.decided_by == std::slice::from_ref(&decision.recorded_by) {
        message
    } else {
        message.with_context(say!("Recorded by {}.", &decision.recorded_by))
    };
    let message = match looked_at(decision) {
        Some(looked_at) => message.with_context(looked_at),
        None => message,
    };
    message.with_buttons(vec![
        button(ritual, "Supersede", SUPERSEDE, value_of(decision)),
        button(ritual, "Versions", VERSIONS, decision.id.clone()),
    ])
}

/// Who last looked at a decision again, and on which of the reader's days.
fn looked_at(decision: &Decision) -> Option<Markup> {
    let review = decision.reviewed.as_ref()?;
    let day = Markup::day(review.at, &date_with_year(review.at.date_naive()));
    Some(say!("{} looked at it again on {}: it still stands.", &review.by, day))
}

/// What the message of a version becomes once another version supersedes it.
pub fn superseded(old: &Decision, new: &Decision, ritual: &str) -> Message {
    Message::new(say!(
        "*This decision was superseded* by {} on {} with:\n{}\nIt said until then:\n{}",
        &new.recorded_by,
        date_with_year(new.decided_on),
        Markup::quote(&shorten(&new.what, LONGEST_QUOTE)),
        said(old)
    ))
    .with_buttons(vec![button(ritual, "Show what holds now", VERSIONS, old.id.clone())])
}

/// What a person reads who has recorded a decision.
pub fn recorded(channel: &ChannelId, is_in_thread: bool) -> Message {
    if is_in_thread {
        Message::new(say!(
            "I've recorded this decision, and I'm posting it in the thread of the sync in {}.",
            channel
        ))
    } else {
        Message::new(say!("I've recorded this decision, and I'm posting it in {}.", channel))
    }
}

/// What a person reads whose decision couldn't be posted.
pub fn not_posted(channel: &ChannelId, bot: &UserId, command: &str) -> Message {
    Message::new(say!("Your decision is recorded, but I couldn't post it in {}.", channel)).with_context(
        say!(
            "If I'm not in the channel, type `/invite` {} there. {} shows it in any case.",
            bot,
            way_of(command, "decisions")
        ),
    )
}

/// What a person reads who writes a version where another person was quicker, and what it says now.
pub fn quicker(now: &Decision) -> Message {
    let (by, how) = last_change(now);
    Message::new(say!(
        "{} was quicker and {}, so yours wasn't recorded. It says now: {}",
        by,
        how,
        named(now)
    ))
    .with_context(match (&now.reviewed, now.review_on) {
        (Some(_), day) => {
            let again = day.map_or_else(
                || Markup::from("It isn't looked at again, so there's nothing left to do."),
                |day| {
                    say!("It's looked at again from {}, so there's nothing left to do.", date_with_year(day))
                },
            );
            say!("{} If it shouldn't stand, close this form and press Supersede under the decision.", again)
        }
        (None, _) => {
            Markup::from("If yours should hold, close this form and press Supersede under the new message.")
        }
    })
}

/// Who last did something to a decision, and what.
fn last_change(version: &Decision) -> (&UserId, &'static str) {
    match &version.reviewed {
        Some(review) => (&review.by, "said that this decision still stands"),
        None => (&version.recorded_by, "superseded this decision"),
    }
}

/// What a person reads who presses a button of a version that doesn't count any more.
pub fn outdated(now: &Decision, ritual: &str) -> Message {
    Message::new(say!(
        "This decision has changed since: {} recorded version {}. It says now:\n{}",
        &now.recorded_by,
        now.version,
        Markup::quote(&shorten(&now.what, LONGEST_QUOTE))
    ))
    .with_buttons(vec![
        button(ritual, "Supersede", SUPERSEDE, value_of(now)),
        button(ritual, "Versions", VERSIONS, now.id.clone()),
    ])
}

/// What a person reads who sends the same form twice.
pub fn recorded_already() -> Message {
    Message::new("This decision is recorded already.")
}

/// What a person reads who records the same decision again within minutes.
pub fn recorded_twice(command: &str) -> Message {
    Message::new("You recorded this a few minutes ago, so it's there once already.").with_context(say!(
        "{} shows it. If it's another decision, say it in other words.",
        way_of(command, "decisions")
    ))
}

/// What a person reads whose button or form is about a decision that they can't see, or that isn't there.
pub fn not_for_you(command: &str) -> Message {
    Message::new("I can't show you this: you aren't in the channel of this decision, as far as I know. Nothing has changed.")
        .with_context(say!("Join the channel and type {} there.", way_of(command, "decisions")))
}

/// What a person reads who would list the decisions of a channel that they aren't in.
pub fn not_a_member(channel: &ChannelId, command: &str) -> Message {
    let line =
        say!("Its people alone read the decisions of {}, and as far as I know you aren't in it.", channel);
    Message::new(line).with_context(join_it(command, "decisions"))
}

/// What a person reads who would record a decision in a channel that they aren't in, or supersede one.
pub fn no_writer(channel: &ChannelId, command: &str) -> Message {
    let line =
        say!("Its people alone record the decisions of {}, and as far as I know you aren't in it.", channel);
    Message::new(line).with_context(join_it(command, "decide …"))
}

fn join_it(command: &str, way: &'static str) -> Markup {
    say!("Join it and type {} there. If you've just joined, try again in a moment.", way_of(command, way))
}

/// What a person reads who would record or find a decision where no channel keeps it.
pub fn no_channel(command: &str) -> Message {
    Message::new("A decision belongs to a channel, so that everyone there can find it again.").with_context(
        say!(
            "Type {} or {} in the channel that decided.",
            way_of(command, "decide …"),
            way_of(command, "decisions")
        ),
    )
}

/// The same in a channel that the bot isn't in.
pub fn not_here(bot: &UserId) -> Message {
    Message::new("I'm not in this channel, so I can't keep its decisions.")
        .with_context(say!("Invite me with `/invite` {}, and try again.", bot))
}

/// The same in a channel that is archived.
pub fn archived() -> Message {
    Message::new("This channel is archived, so I can't post a decision here. Nothing was recorded.")
}

/// What a guest reads who would record a decision where guests don't take part.
pub fn guests_stay_out() -> Message {
    Message::new("Guests don't record decisions in this workspace, so nothing has changed.")
}
