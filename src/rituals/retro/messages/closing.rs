//! What people read when a retro closes, is extended, or can't be held.

use chrono::NaiveDate;

use super::{
    AskedRetro, WORDS, control, own_button, revealing::REVIEW, setup::on_a_weekend, the_retro,
    the_retro_first,
};
use crate::{
    common::programmes::{
        messages::{button, way_of, when},
        press::Press,
    },
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Message},
        people::ChannelId,
        text::{Markup, count, date},
    },
    rituals::retro::{
        plan::{Departments, State, Threshold},
        values::{AskedPrompt, Retro},
    },
    say,
};

/// Why a run was left out, as people read it.
pub const NOT_IN_CHANNEL: &str = "I wasn't in the channel";
pub const STILL_OPEN: &str = "the retro before was still open";
pub const TOO_FEW: &str = "too few people for anonymous prompts";
pub const NO_ONE_TO_ASK: &str = "there was no one to ask";
pub const OVER: &str = "the retro is over";
/// Why a person wasn't asked.
pub const HAS_LEFT: &str = "they left before they were asked";
pub const IS_AWAY: &str = "they're away until it closes";

/// What became of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedPrompt {
    pub prompt: AskedPrompt,
    pub respondents: usize,
    /// Whether its answers are kept.
    pub is_kept: bool,
}

/// What the channel reads when a retro has closed.
pub fn closed(
    retro: &Retro,
    name: &str,
    prompts: &[ClosedPrompt],
    departments: Option<Departments>,
) -> Message {
    let message = Message::new(say!(
        ":mirror: {} is closed. {}",
        the_retro_first(name),
        if prompts.iter().any(|prompt| prompt.is_kept && prompt.respondents > 0) {
            "Its organiser reads the answers first and then shows them here."
        } else {
            "There's nothing to show this time."
        }
    ));
    let has_names = prompts.iter().any(|closed| !closed.prompt.is_anonymous && closed.respondents > 0);
    let message = match departments.filter(|_| has_names) {
        Some(Departments { counted, spoke }) => message.with_context(say!(
            "People of {} of {} departments have answered with their names. I count departments of which {} people or more were asked.",
            spoke,
            counted,
            retro.threshold.people()
        )),
        None => message,
    };
    let too_few: Vec<Markup> = prompts
        .iter()
        .filter(|prompt| !prompt.is_kept)
        .map(|prompt| say!("• {}", Markup::plain(&prompt.prompt.words)))
        .collect();
    if too_few.is_empty() {
        return message;
    }
    message.with_context(say!(
        "Fewer than {} people have answered {}, so their answers are deleted and never shown:\n{}",
        retro.threshold.people(),
        if too_few.len() == 1 { "this prompt" } else { "these prompts" },
        Markup::join(&too_few, "\n")
    ))
}

/// What an organiser reads when a retro has closed, and once its answers are shown.
pub fn closed_for_organiser(
    retro: &Retro,
    (name, channel): (&str, &ChannelId),
    prompts: &[ClosedPrompt],
    is_shown: bool,
) -> Message {
    let line = |prompt: &ClosedPrompt| {
        let words = Markup::plain(&prompt.prompt.words);
        match (prompt.is_kept, prompt.respondents) {
            (false, _) => say!("• fewer than {}, deleted: {}", retro.threshold.people(), words),
            (true, respondents) => say!("• {}: {}", count(respondents, "person", "people"), words),
        }
    };
    let lines: Vec<Markup> = prompts.iter().map(line).collect();
    let message = Message::new(say!(
        ":mirror: {} of {} in {} is closed. {} asked; this many have answered:\n{}",
        the_retro_first(name),
        date(retro.date),
        channel,
        count(retro.asked, "person was", "people were"),
        Markup::join(&lines, "\n")
    ));
    let can_be_read =
        |closed: &ClosedPrompt| closed.is_kept && closed.respondents > 0 && !closed.prompt.is_scale();
    if !prompts.iter().any(can_be_read) {
        return message;
    }
    if is_shown {
        return message.with_context("The channel can read the answers.");
    }
    message
        .with_context("Read the answers first: you can hide one that attacks a person. It shows as hidden.")
        .with_buttons(vec![own_button("Read and reveal", REVIEW, &retro.id, ButtonStyle::Primary)])
}

/// What an organiser reads who has closed a retro.
pub fn closes_now(name: &str) -> Message {
    Message::new(say!("I'm closing {} now. In a moment I'll tell you what came in.", the_retro(name)))
}

/// What an organiser reads who has extended a retro.
pub fn extended_for_organiser(asked: AskedRetro<'_>) -> Message {
    let AskedRetro { retro, name, closes, .. } = asked;
    Message::new(say!(
        "{} is open until {}. I'm telling everyone who was asked.",
        the_retro_first(name),
        when(closes)
    ))
    .with_buttons(control(retro))
}

/// What an organiser reads whose button is older than the retro's last change.
pub fn moved_on(command: &str) -> Message {
    Message::new(say!(
        "This retro has moved on since that message, so nothing has changed. {} shows how it stands, with the buttons that work.",
        way_of(command, "next")
    ))
}

/// What a message about an open retro becomes when it closes.
pub fn opened_over(retro: &Retro, (name, channel): (&str, &ChannelId)) -> Message {
    Message::new(say!(":mirror: {} of {} in {} is closed.", the_retro_first(name), date(retro.date), channel))
}

/// What an organiser reads where a retro can't be held. `absent` is how many others take part and can't be asked.
pub fn not_held(
    name: &str,
    channel: &ChannelId,
    (people, absent, threshold): (usize, usize, Threshold),
    why: &'static str,
) -> Message {
    match why {
        TOO_FEW => {
            let others = match absent {
                0 => Markup::default(),
                1 => Markup::from(" 1 other is away, skips it, or doesn't work while it's open."),
                others => {
                    say!(" {} others are away, skip it, or don't work while it's open.", others)
                }
            };
            let lower = if threshold > Threshold::LEAST {
                "Invite more people, ask with names, or lower the threshold (3 at least)"
            } else {
                "Invite more people, or ask with names"
            };
            Message::new(say!(
                "I haven't asked anyone in {} of {}: {} would be asked, and an anonymous prompt is shown only when {} have answered.{}",
                the_retro(name),
                channel,
                count(people, "person", "people"),
                threshold.people(),
                others
            ))
            .with_context(say!("{}: the channel's status has *Change*.", lower))
        }
        why => Message::new(say!("{} of {} wasn't held: {}.", the_retro_first(name), channel, why)),
    }
}

/// What a person reads who asks for a retro while one is open.
pub fn still_open(retro: &Retro, closes: &Occurrence) -> Message {
    Message::new(say!(
        "A retro is open here until {}. Close it first, or wait until it's over.",
        when(closes)
    ))
    .with_buttons(control(retro))
}

/// What a person reads beforehand who stops retros while one isn't over: a sentence.
pub fn ends_unfinished(retro: &Retro) -> Markup {
    let day = date(retro.date);
    match retro.state {
        State::Voting => {
            say!("The vote of the retro of {} isn't over: its votes would be deleted uncounted.", day)
        }
        State::Revealed => say!(
            "The themes of the retro of {} aren't posted yet; *Show the themes* still works afterwards.",
            day
        ),
        State::Closed | State::Checked if retro.is_sorted => {
            say!(
                "The answers of the retro of {} aren't shown yet; *Read and reveal* still works afterwards.",
                day
            )
        }
        _ => {
            say!("The retro of {} isn't over: its answers would be deleted, and no one would read them.", day)
        }
    }
}

/// What a person reads who asks for a retro while one closes.
pub fn closes_soon() -> Message {
    Message::new("The retro before is just closing, so nothing has changed. Please try again in a moment.")
}

/// What a person reads who has opened the only retro of a channel.
pub fn held_once(retro: &Retro, channel: &ChannelId, closes: &Occurrence, command: &str) -> Message {
    Message::new(say!(
        "The retro in {} is open until {}. I'm asking {}, each in their own hours.",
        channel,
        when(closes),
        count(retro.asked, "person", "people")
    ))
    .with_context(say!(
        "When it closes I tell you by DM, and {} there shows you the next step.",
        way_of(command, "next")
    ))
}

/// What a person reads who asks for a second retro on one day.
pub fn had_one_today() -> Message {
    Message::new(
        "There was a retro here today already. One a day is as many as I hold, so that answers stay apart.",
    )
}

/// The organiser's button that opens a retro right away; its value is the programme and its version.
pub const ASK_NOW: &str = "retro:ask_now";

/// What a person is asked who wants a retro right away: with what it asks, and its date if few people work then.
pub fn ask_now(
    retro: &Retro,
    (name, closes): (&str, &Occurrence),
    (how, weekend): (Markup, Option<NaiveDate>),
    value: &str,
) -> Message {
    let what = if name.is_empty() { Markup::from("a retro") } else { Markup::bold(name) };
    let message = Message::new(say!(
        "Hold {} now? {} would be asked, each in their own hours, and could answer until {}.\n{}",
        what,
        count(retro.asked, "person", "people"),
        when(closes),
        how
    ));
    let message = match weekend {
        Some(day) => message.with_context(on_a_weekend(day)),
        None => message,
    };
    message.with_buttons(vec![
        own_button("Ask them now", ASK_NOW, value, ButtonStyle::Primary),
        button(&WORDS, "Not now", Press::NotNow, "-", ButtonStyle::Plain),
    ])
}

/// What a person reads whose question about a retro right away is older than its times or settings.
pub fn changed_since_asked(command: &str) -> Message {
    Message::new(say!(
        "These retros have changed since I asked, so no one is asked yet. {} asks you anew.",
        way_of(command, "now")
    ))
}

/// What a person reads who has opened a retro right away.
pub fn under_way(retro: &Retro, closes: &Occurrence) -> Message {
    Message::new(say!(
        "I'm asking {} now, each in their own hours. It's open until {}.",
        count(retro.asked, "person", "people"),
        when(closes)
    ))
}

/// What an organiser reads who extends a retro again and again.
pub fn long_enough() -> Message {
    Message::new(
        "This retro has been open for four weeks, which is as long as I keep one open. Close it, and hold another.",
    )
}

/// What an organiser reads who extends a retro that is open until the next one begins.
pub fn extended_as_far(next: &Occurrence, command: &str) -> Message {
    Message::new(say!(
        "The next retro begins {}, and one is open at a time, so nothing has changed. {} leaves the next one out.",
        when(next),
        way_of(command, &format!("cancel {}", next.wall.format("%-d %B")))
    ))
}

/// What a person reads who asks for a retro where several programmes run.
pub fn now_which(names: &[String], command: &str) -> Message {
    let way = |name: &String| way_of(command, &format!("now {name}"));
    let ways: Vec<Markup> = names.iter().filter(|name| !name.is_empty()).map(way).collect();
    Message::new(say!("Several retros run here. Which do you mean? {}", Markup::join(&ways, ", ")))
}
