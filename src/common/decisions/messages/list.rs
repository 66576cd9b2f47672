//! The list of a channel's decisions, and the versions of one.

use chrono::NaiveDate;

use super::{SUPERSEDE, action, button, by, named, said, value_of};
use crate::{
    common::{decisions::record::Decision, programmes::messages::way_of},
    model::{
        event::MessagePlace,
        message::{Block, Control, Message, Pick, Select, SelectOption},
        people::{ChannelId, SOMEONE},
        text::{Link, Markup, date_as_of, mentions, one_line, shorten},
    },
    say,
};

/// The button that shows the next page; its value is where that begins, and the words.
pub const OLDER: &str = "decision_older";
/// The menu that shows all of a decision; its choices are decisions.
pub const SHOW: &str = "decision_show";
/// The button that shows all of a decision with its versions; its value is the decision.
pub const VERSIONS: &str = "decision_versions";
/// The button that shows the versions before; its value is the decision and the version that was shown last.
pub const OLDER_VERSIONS: &str = "decision_older_versions";

/// How many people a line names.
const MOST_NAMED: usize = 3;
/// How long an option's label may be.
const LONGEST_LABEL: usize = 75;

/// A page of a channel's decisions.
#[derive(Clone, Debug)]
pub struct ListPage<'p> {
    pub channel: &'p ChannelId,
    /// What was looked for; empty where all are listed.
    pub words: &'p str,
    /// Whether not all of it was looked for.
    pub is_cut: bool,
    /// The newest first.
    pub decisions: &'p [Decision],
    /// The value of the button for the next page, if there is one.
    pub older: Option<String>,
    pub today: NaiveDate,
    /// The address of the workspace.
    pub workspace: &'p str,
}

/// What a list says.
pub fn list(page: &ListPage<'_>, ritual: &str, command: &str) -> Message {
    let lines: Vec<Markup> = page
        .decisions
        .iter()
        .enumerate()
        .map(|(place, decision)| say!("{}. {}", place + 1, line(decision, page.today, page.workspace)))
        .collect();
    let head = if page.words.is_empty() {
        say!("*Decisions in* {}", page.channel)
    } else {
        say!("*Decisions in* {} with {}", page.channel, Markup::quoted(page.words))
    };
    let mut message = Message::new(say!("{}\n{}", head, Markup::join(&lines, "\n")));
    if page.is_cut {
        message =
            message.with_context("I looked for the first ten words, and the first 100 characters of each.");
    }
    message = message.with_context(say!(
        "The newest come first. {} finds those with all of these words.",
        way_of(command, "decisions some words")
    ));
    let option = |(place, decision): (usize, &Decision)| SelectOption {
        label: shorten(&format!("{}. {}", place + 1, one_line(&decision.what)), LONGEST_LABEL),
        value: decision.id.clone(),
    };
    let show = Select {
        action: action(ritual, SHOW),
        value: page.channel.to_string(),
        placeholder: "Show all of…".to_owned(),
        pick: Pick::Choice { options: page.decisions.iter().enumerate().map(option).collect(), chosen: None },
    };
    let mut controls = vec![Control::Select(show)];
    controls.extend(page.older.clone().map(|value| Control::Button(button(ritual, "Older", OLDER, value))));
    message.with_controls(controls)
}

/// A decision on a line: its date, what, who, and where its message is.
fn line(decision: &Decision, today: NaiveDate, workspace: &str) -> Markup {
    let mut rest = Vec::new();
    match decision.decided_by.as_slice() {
        [] => {}
        people if people.len() <= MOST_NAMED => rest.push(mentions(people)),
        people => {
            rest.push(say!("{} and {} more", mentions(&people[..MOST_NAMED]), people.len() - MOST_NAMED));
        }
    }
    if decision.version > 1 {
        rest.push(say!("version {}", decision.version));
    }
    rest.extend(decision.review_on.map(|date| say!("to look at again from {}", date_as_of(today, date))));
    rest.extend(link(decision, workspace).map(|link| Markup::link(&link, "message")));
    let rest = if rest.is_empty() { Markup::default() } else { say!(" ({})", Markup::join(&rest, ", ")) };
    say!("{}: {}{}", date_as_of(today, decision.decided_on), named(decision), rest)
}

/// Returns the address of the message that shows a decision.
fn link(decision: &Decision, workspace: &str) -> Option<Link> {
    let (channel, ts) = decision.posted.clone()?;
    let place = MessagePlace { channel, ts, thread_ts: None, ephemeral: false };
    Link::read(&place.permalink(workspace))
}

/// What a list says that has nothing: no decision at all, none with these words, or no older one.
pub fn none_found(channel: &ChannelId, words: &str, is_first_page: bool, command: &str) -> Message {
    if !is_first_page {
        return Message::new("There are no older ones.");
    }
    if words.is_empty() {
        return Message::new(say!("No decision is recorded in {} yet.", channel)).with_context(say!(
            "{} records one.",
            way_of(command, "decide Use Postgres because two teams know it")
        ));
    }
    let none = Message::new(say!("No decision in {} has all of this: {}", channel, Markup::quoted(words)));
    let none = if words.split(' ').any(|word| word.trim_start_matches('@').to_lowercase() == SOMEONE) {
        none.with_context("*someone* stands where a person was erased, so nothing is found by it.")
    } else {
        none
    };
    none.with_context(say!(
        "Try fewer words, or a part of one. {} lists all of them, the newest first.",
        way_of(command, "decisions")
    ))
}

/// Versions of a decision.
#[derive(Clone, Debug)]
pub struct VersionsPage<'p> {
    /// The newest first.
    pub versions: &'p [Decision],
    /// Whether the first of them is the one that counts.
    pub has_current: bool,
    /// Whether there are earlier ones.
    pub has_earlier: bool,
    pub today: NaiveDate,
    pub workspace: &'p str,
}

/// All that versions of a decision say.
pub fn versions(page: &VersionsPage<'_>, ritual: &str) -> Message {
    let texts = page.versions.iter().enumerate().map(|(place, version)| {
        let head = match (place, page.has_current) {
            (0, true) => say!("*Holds now: version {}*", version.version),
            _ => say!("*Version {}*", version.version),
        };
        let link = link(version, page.workspace);
        let link = link.map_or_else(Markup::default, |link| say!(" ({})", Markup::link(&link, "message")));
        let head = say!(
            "{}, decided on {}{}{}",
            head,
            date_as_of(page.today, version.decided_on),
            by(version),
            link
        );
        let recorded = say!("{}\nRecorded by {}:\n{}", head, &version.recorded_by, said(version));
        match super::looked_at(version) {
            Some(looked_at) => say!("{}\n{}", recorded, looked_at),
            None => recorded,
        }
    });
    let texts: Vec<Markup> = texts.collect();
    let message =
        Message { text: Markup::join(&texts, "\n\n"), blocks: texts.into_iter().map(Block::Text).collect() };
    let mut buttons = Vec::new();
    if let Some(current) = page.versions.first().filter(|_| page.has_current) {
        buttons.push(button(ritual, "Supersede", SUPERSEDE, value_of(current)));
    }
    if let Some(last) = page.versions.last().filter(|_| page.has_earlier) {
        buttons.push(button(ritual, "Earlier versions", OLDER_VERSIONS, value_of(last)));
    }
    if buttons.is_empty() { message } else { message.with_buttons(buttons) }
}
