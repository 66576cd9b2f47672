//! Every word of the set-up form that all rituals share.

use chrono_tz::Tz;

use super::{CHANNEL, LONGEST_NAME, LONGEST_WHEN, NAME, Purpose, SINGLE_DATES, SetupDraft, SetupStep, WHEN};
use crate::{
    common::words::Words,
    model::{
        cadence::Exception,
        message::{Block, Button, ButtonStyle, Control, Field, Input, Message, Modal, SelectOption, Shape},
        people::ChannelId,
        text::Markup,
    },
    say,
};

/// What stands at the channel where none is chosen.
pub const NO_CHANNEL: &str = "Choose a channel.";
/// What stands at times that are too long to carry.
pub const LONG_WHEN: &str = "That's too long for this form. Leave out some of the dates.";
/// What stands in a form that another release has made.
pub const STALE: &str = "This form is from before an update, so I can't read it and nothing has changed. Copy your text and open a new form.";

/// How many characters a field takes whose text has so many at most. What is written already fits, however Slack counts it: it would
/// refuse the form otherwise.
pub fn limit_of(longest: usize, written: &str) -> usize {
    longest.max(written.encode_utf16().count())
}

/// The form with a draft in it. `own` are the ritual's own fields, `notice` is what the person should read first.
pub fn form(
    words: &Words,
    draft: &SetupDraft,
    purpose: &Purpose,
    own: Vec<Block>,
    notice: Option<Markup>,
    private: String,
) -> Modal {
    let name = Field::Text {
        written: draft.name.clone(),
        placeholder: words.name.to_owned(),
        multiline: false,
        limit: limit_of(LONGEST_NAME, &draft.name),
    };
    let when = Field::Text {
        written: draft.when.clone(),
        placeholder: words.usual_times.to_owned(),
        multiline: false,
        limit: LONGEST_WHEN,
    };
    let channel = match purpose {
        Purpose::Start => {
            let field = Field::Channel { chosen: draft.channel.clone() };
            Some(input(CHANNEL, "Channel", Some("I have to be in it: /invite me there first."), false, field))
        }
        Purpose::Change { .. } => draft.channel.as_ref().map(in_channel),
    };
    let hint = "In plain words: every Tuesday at 10:00, last Friday of the month at 16:00 in New York, every weekday at \
                9:30 except 24 December.";
    let mut blocks: Vec<Block> =
        notice.into_iter().map(|notice| Block::Text(say!(":warning: {}", notice))).collect();
    blocks.extend(channel);
    let offers_now = matches!(purpose, Purpose::Start) && !words.at_once.is_empty();
    let hint = if offers_now { format!("{hint} {}", words.at_once) } else { hint.to_owned() };
    blocks.push(input(WHEN, "When", Some(&hint), false, when));
    blocks.extend(own);
    blocks.push(input(NAME, "Name", Some("Only needed if several run in one channel."), true, name));
    blocks.push(Block::Context(Markup::from(words.who)));
    Modal {
        callback: SetupStep::Form.action(words.ritual),
        title: title(words, purpose),
        submit: "Preview".to_owned(),
        close: "Cancel".to_owned(),
        private,
        tell_closed: false,
        blocks,
    }
}

/// The form with the zone in which its times are read.
pub fn with_zone(mut form: Modal, zone: Tz) -> Modal {
    for block in &mut form.blocks {
        if let Block::Input(Input { name, hint: Some(hint), .. }) = block
            && name == WHEN
        {
            *hint = format!("{hint} I read them in {zone}, unless you name another zone.");
        }
    }
    form
}

/// How many single dates the form shows. Later ones stay as they are.
const MOST_SINGLE_DATES: usize = 10;

/// The form with a field for the single dates that don't come as the times say. Those in `kept` stay; `None` stands for all.
pub fn with_single_dates(mut form: Modal, dates: &[Exception], kept: Option<&[String]>) -> Modal {
    let shown = shown_dates(dates);
    if shown.is_empty() {
        return form;
    }
    let option = |date: &Exception| SelectOption { label: date_label(*date), value: date_name(*date) };
    let names = shown.iter().map(|date| date_name(*date));
    let field = Field::Choices {
        options: shown.iter().map(option).collect(),
        chosen: names.filter(|name| kept.is_none_or(|kept| kept.contains(name))).collect(),
        shape: Shape::Open,
    };
    let hint = "These stay where your times still have such a date; the preview says which. Untick one, and that date is as usual again.";
    let field = input(SINGLE_DATES, "Single dates", Some(hint), true, field);
    let is_when = |block: &Block| matches!(block, Block::Input(input) if input.name == WHEN);
    let place = form.blocks.iter().position(is_when).map_or(0, |when| when + 1);
    form.blocks.insert(place, field);
    form
}

/// Returns the single dates that a person has unticked.
pub fn unticked(dates: &[Exception], kept: Option<&[String]>) -> Vec<Exception> {
    let is_gone = |date: &&Exception| kept.is_some_and(|kept| !kept.contains(&date_name(**date)));
    shown_dates(dates).iter().filter(is_gone).copied().collect()
}

fn shown_dates(dates: &[Exception]) -> &[Exception] {
    dates.get(..dates.len().min(MOST_SINGLE_DATES)).unwrap_or_default()
}

/// The name of a single date as a field holds it.
fn date_name(date: Exception) -> String {
    match date {
        Exception::LeftOut(date) => date.to_string(),
        Exception::Also(wall, _) => wall.format("%Y-%m-%dT%H:%M").to_string(),
    }
}

fn date_label(date: Exception) -> String {
    let day = "%A, %-d %B";
    match date {
        Exception::LeftOut(date) => format!("Not on {}", date.format(day)),
        Exception::Also(wall, None) => format!("Also on {} at {}", wall.format(day), wall.format("%H:%M")),
        Exception::Also(wall, Some(from)) => {
            format!("On {} at {}, not on {}", wall.format(day), wall.format("%H:%M"), from.format(day))
        }
    }
}

fn title(words: &Words, purpose: &Purpose) -> String {
    match purpose {
        Purpose::Start => words.set_up,
        Purpose::Change { .. } => words.change,
    }
    .to_owned()
}

fn in_channel(channel: &ChannelId) -> Block {
    Block::Text(say!("In {}", channel))
}

/// A question of the form.
pub fn input(name: &str, label: &str, hint: Option<&str>, optional: bool, field: Field) -> Block {
    let hint = hint.map(str::to_owned);
    Block::Input(Input { name: name.to_owned(), label: label.to_owned(), hint, optional, field })
}

/// The same, where the choice decides what else the form asks.
pub fn live_input(name: &str, label: &str, hint: Option<&str>, field: Field) -> Block {
    let hint = hint.map(str::to_owned);
    let (name, label) = (name.to_owned(), label.to_owned());
    Block::LiveInput(Input { name, label, hint, optional: false, field })
}

/// A message as people will read it.
#[derive(Clone, Debug)]
pub struct PreviewMessage {
    /// When, where and by how many people it is read.
    pub when: Markup,
    /// What they read.
    pub message: Message,
}

/// What is shown before a programme starts or changes.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What it comes to, with the next dates.
    pub summary: Message,
    /// What people will read, in the order in which they do.
    pub shown: Vec<PreviewMessage>,
}

/// The preview. Sending it starts or saves.
pub fn preview(words: &Words, purpose: &Purpose, preview: Preview, private: String) -> Modal {
    let mut blocks = preview.summary.blocks;
    // The messages below are long.
    let back = Button {
        label: "Back".to_owned(),
        action: SetupStep::Back.action(words.ritual),
        value: "-".to_owned(),
        look: ButtonStyle::Plain,
    };
    blocks.push(Block::Buttons(vec![back]));
    for PreviewMessage { when, message } in preview.shown {
        blocks.push(Block::Text(say!("*{}*", when)));
        let labels: Vec<Markup> = labels(&message).iter().map(|label| Markup::words(label)).collect();
        blocks.push(Block::Context(message.text));
        if !labels.is_empty() {
            blocks.push(Block::Context(say!("Buttons: {}", Markup::join(&labels, " | "))));
        }
    }
    let submit = match purpose {
        Purpose::Start => "Start",
        Purpose::Change { .. } => "Save",
    };
    Modal {
        callback: SetupStep::Preview.action(words.ritual),
        title: title(words, purpose),
        submit: submit.to_owned(),
        close: "Cancel".to_owned(),
        private,
        tell_closed: false,
        blocks,
    }
}

/// What the buttons of a message say.
fn labels(message: &Message) -> Vec<String> {
    let of_block = |block: &Block| -> Vec<String> {
        match block {
            Block::Buttons(buttons) => buttons.iter().map(|button| button.label.clone()).collect(),
            Block::Actions { buttons, menu } => {
                let choices = menu.choices.iter().map(|choice| choice.label.clone());
                buttons.iter().map(|button| button.label.clone()).chain(choices).collect()
            }
            Block::Controls(controls) => controls
                .iter()
                .filter_map(|control| match control {
                    Control::Button(button) => Some(button.label.clone()),
                    Control::Menu(_) | Control::Select(_) => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    };
    message.blocks.iter().flat_map(of_block).collect()
}

/// A view that says why the preview can't be used, where there is no form to go back to.
pub fn stale(words: &Words) -> Modal {
    Modal {
        callback: SetupStep::Form.action(words.ritual),
        title: words.set_up.to_owned(),
        submit: String::new(),
        close: "Close".to_owned(),
        private: String::new(),
        tell_closed: false,
        blocks: vec![Block::Text(Markup::from(STALE))],
    }
}
