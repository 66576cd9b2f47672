//! What people read when a theme is sorted: in the team's hands, in those of others, or in no one's.

use chrono::NaiveDate;

use super::{own_button, the_retro};
use crate::{
    common::{promises::messages::request_fields, setup::messages::input},
    model::{
        message::{Block, ButtonStyle, Control, Field, Message, Modal, Pick, Select, SelectOption},
        people::{ChannelId, UserId},
        text::{Markup, count, date, mentions},
    },
    rituals::retro::{
        theme::{Hands, Theme},
        values::Retro,
    },
    say,
};

/// The menu of a theme, its buttons, and the forms behind them.
pub const HANDS: &str = "retro:hands";
pub const PROMISE: &str = "retro:promise";
pub const PROMISE_FORM: &str = "retro:promised";
pub const PASS: &str = "retro:pass";
pub const PASS_FORM: &str = "retro:passed";
/// The fields of the form that passes a theme on.
pub const PASS_TO: &str = "pass_to";
pub const PASS_WORDS: &str = "pass_words";

/// How many characters the words have with which a theme is passed on.
pub const LONGEST_PASSED: usize = 500;
/// How many promises come from one retro without a remark.
const USUAL_PROMISES: i64 = 2;

/// Says how a theme is sorted, and how often it came up.
pub fn sorted(theme: &Theme) -> Markup {
    let again = match theme.came_up.and_then(|times| usize::try_from(times).ok()) {
        Some(times) if times > 1 => say!("Came up {} times. ", times),
        _ => Markup::default(),
    };
    let promised = usize::try_from(theme.promised).unwrap_or_default();
    let state = match (&theme.hands, &theme.passed_to) {
        (Hands::Unsorted, _) => {
            Markup::from("Talk about it in the thread. Is it in your hands? An organiser says so below.")
        }
        (Hands::Ours, _) if promised > 0 => Markup::from("*In our hands.*"),
        (Hands::Ours, _) => Markup::from("*In our hands.* Who takes on a first step?"),
        (Hands::Others, Some(_)) => Markup::from("*Needs others.*"),
        (Hands::Others, None) => Markup::from("*Needs others.* An organiser can pass it on to a channel."),
        (Hands::NotOurs, _) => Markup::from("*Not in our hands.* Good that it was said."),
    };
    // What was done stays, however the theme is sorted now.
    let promised = if promised == 0 {
        Markup::default()
    } else {
        say!(" {} made or asked for.", count(promised, "promise was", "promises were"))
    };
    let passed =
        theme.passed_to.as_ref().map_or_else(Markup::default, |channel| say!(" Passed on to {}.", channel));
    say!("{}{}{}{}", again, state, promised, passed)
}

/// The menu and buttons below a theme.
pub fn controls(theme: &Theme) -> Vec<Control> {
    let option =
        |hands: Hands| SelectOption { label: label(hands).to_owned(), value: hands.as_str().to_owned() };
    let menu = Control::Select(Select {
        action: HANDS.to_owned(),
        value: theme.id.clone(),
        placeholder: "In our hands?".to_owned(),
        pick: Pick::Choice {
            options: Hands::SORTED.into_iter().map(option).collect(),
            chosen: Some(theme.hands)
                .filter(|hands| *hands != Hands::Unsorted)
                .map(|hands| hands.as_str().to_owned()),
        },
    });
    match (theme.hands, &theme.passed_to) {
        (Hands::Others, Some(_)) => {
            vec![
                menu,
                Control::Button(own_button("Pass it on elsewhere", PASS, &theme.id, ButtonStyle::Plain)),
            ]
        }
        (Hands::Others, None) => {
            vec![menu, Control::Button(own_button("Pass it on", PASS, &theme.id, ButtonStyle::Primary))]
        }
        (Hands::Ours, _) => {
            vec![
                menu,
                Control::Button(own_button("Make a promise", PROMISE, &theme.id, ButtonStyle::Primary)),
            ]
        }
        _ => vec![menu],
    }
}

fn label(hands: Hands) -> &'static str {
    match hands {
        Hands::Unsorted => "Not sorted",
        Hands::Ours => "Ours",
        Hands::Others => "Needs others",
        Hands::NotOurs => "Not ours",
    }
}

/// What a person reads whose menu or button is older than the theme.
pub fn sorted_meanwhile() -> Message {
    Message::new(
        "This theme was sorted otherwise or passed on meanwhile, so nothing has changed. Its message says how it stands.",
    )
}

/// The same for a person who would ask for promises from it.
pub fn no_promise_from_it() -> Message {
    sorted_meanwhile()
        .with_context("A promise can still be made without it: `/promise send the report by Friday`.")
}

/// What a person reads whose menu or button belongs to a theme without answers.
pub fn theme_is_past() -> Message {
    Message::new(
        "The answers of this theme are deleted or hidden by now, and the theme went with them, so nothing has changed. A promise or a decision \
         can still be made without it.",
    )
}

/// What a person reads who would sort a theme and may not.
pub fn not_sorting(organisers: &[UserId], lead: Option<&UserId>) -> Message {
    let lead = lead.filter(|lead| !organisers.contains(lead));
    let lead =
        lead.map_or_else(Markup::default, |lead| say!(", and so can {}, who leads the next sync", lead));
    Message::new(say!(
        "{} can sort the themes of these retros{}. Nothing has changed; you can say in the thread what you think.",
        mentions(organisers),
        lead
    ))
}

/// The form that asks for promises from a theme, of the person who opens it unless they choose another. `promised` is how many there
/// are from the whole retro.
pub fn promise_form(theme: &Theme, promised: i64, user: &UserId) -> Modal {
    let mut blocks =
        vec![Block::Text(say!("What is a first step towards *{}*?", Markup::plain(&theme.title())))];
    if promised >= USUAL_PROMISES {
        let promised = usize::try_from(promised).unwrap_or_default();
        blocks.push(Block::Text(say!(
            ":bulb: {} made or asked for in this retro already. One or two are kept more often than five; you can still add one.",
            count(promised, "promise was", "promises were")
        )));
    }
    blocks.extend(request_fields(Some(user)));
    Modal {
        callback: PROMISE_FORM.to_owned(),
        title: "Make a promise".to_owned(),
        submit: "Send".to_owned(),
        close: "Cancel".to_owned(),
        private: theme.id.clone(),
        blocks,
        tell_closed: false,
    }
}

/// What that form becomes that asks others for so many promises, makes so many of the person's own, and asks the person when they'll keep
/// so many others.
pub fn asked_for_promises(asked: usize, own: usize, undated: usize) -> Message {
    let others = say!(
        "{} asked for, by DM. Nothing is promised until the person says yes.",
        count(asked, "promise is", "promises are")
    );
    let mine =
        say!("{} yours now; your DM says when I remind you.", count(own, "promise is", "promises are"));
    let when = say!(
        "{} a date: I've asked you by DM when you'll do it.",
        count(undated, "promise of yours needs", "promises of yours need")
    );
    let lines = [(own, mine), (undated, when), (asked, others)];
    let lines: Vec<Markup> =
        lines.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| line).collect();
    Message::new(Markup::join(&lines, "\n"))
}

/// What stands at a form that asks for nothing.
pub const NOTHING_ASKED: &str = "What's the first step? Write a few words.";

/// What a person reads who wasn't asked in a retro and doesn't run it.
pub fn not_of_the_retro() -> Message {
    Message::new(
        "Only those who were asked in this retro take on its promises. `/promise` makes one of your own, though.",
    )
}

/// The form that passes a theme on.
pub fn pass_form(theme: &Theme) -> Modal {
    // Without a name of its own a theme is called by an answer, which was written for its channel alone.
    let words = Field::Text {
        written: theme.name.clone(),
        placeholder: "What gets in your way, and what would help?".to_owned(),
        multiline: true,
        limit: LONGEST_PASSED,
    };
    Modal {
        callback: PASS_FORM.to_owned(),
        title: "Pass it on".to_owned(),
        submit: "Post it".to_owned(),
        close: "Not yet".to_owned(),
        private: theme.id.clone(),
        blocks: vec![
            Block::Text(Markup::from(
                "I post your words there with your name and how often this came up. The answers stay here: they were written for this channel.",
            )),
            input(
                PASS_TO,
                "Which channel can do something about it?",
                Some("You and I have to be in it."),
                false,
                Field::Channel { chosen: None },
            ),
            input(PASS_WORDS, "What should they read?", None, false, words),
        ],
        tell_closed: false,
    }
}

/// What stands at words that are missing or too long.
pub fn wrong_words(characters: usize) -> String {
    if characters == 0 {
        "Write a few words.".to_owned()
    } else {
        format!("That has {characters} characters, and {LONGEST_PASSED} fit.")
    }
}

/// What stands at the channel of the retro itself.
pub const SAME_CHANNEL: &str = "That's the channel of this retro. Choose one that can do something about it.";

/// What stands at a channel that has read of it.
pub const PASSED_THERE: &str = "It was passed on to that channel already. Choose another one.";

/// What stands at a channel that the person isn't in.
pub const NOT_IN_THAT_CHANNEL: &str = "You aren't in that channel. Join it first, or choose another one.";

/// What the other channel reads; `from` is the channel of the retro, if everyone may know it.
pub fn passed(
    user: &UserId,
    words: &str,
    from: Option<&ChannelId>,
    (came_up, day): (Option<i64>, NaiveDate),
) -> Message {
    let times = came_up.and_then(|times| usize::try_from(times).ok()).filter(|times| *times > 1);
    let history = match times {
        Some(times) => say!("It came up in {} of their retros, last on {}.", times, date(day)),
        None => say!("It came up in their retro of {}.", date(day)),
    };
    Message::new(say!(
        ":mirror: {} asks for your help with something that {} can't settle by itself:\n{}",
        user,
        from.map_or_else(|| Markup::from("another team"), Markup::from),
        Markup::quote(words)
    ))
    .with_context(say!("{} Answer in the thread, please.", history))
}

/// What the form becomes.
pub fn passed_on(channel: &ChannelId) -> Message {
    Message::new(say!("I'm posting it in {}. The theme's message says so, too.", channel))
}

/// What the organiser reads if Slack doesn't take the post.
pub fn not_passed(retro: &Retro, name: &str, channel: &ChannelId) -> Message {
    Message::new(say!(
        ":warning: Slack didn't let me post a theme of {} of {} in {}, so it isn't passed on. *Pass it on* at its message tries again, there or elsewhere.",
        the_retro(name),
        date(retro.date),
        channel
    ))
}
