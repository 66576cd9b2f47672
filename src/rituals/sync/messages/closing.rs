//! What people read when a sync is closed.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    agenda::{button, point_line},
    start::{the_sync, the_sync_first},
};
use crate::{
    common::{
        decisions::messages::decided_fields,
        programmes::press::value_on,
        promises::{Promise, messages as promised},
    },
    model::{
        cadence::Occurrence,
        clock::Instant,
        event::LONGEST_WORDS,
        message::{Block, Button, Field, Input, Message, Modal, SelectOption, Shape},
        people::{ChannelId, UserId},
        text::{Markup, all_of, count, date, mentions, one_line, shorten, unescape},
    },
    rituals::sync::plan::{EndState, HeldSync, Point},
    say,
};

/// The action of the button that opens the form; its value is the programme and the date.
pub const CLOSE: &str = "sync:close";
/// The callback of the form.
pub const CLOSE_FORM: &str = "sync:close_form";
/// The form's fields: the points that were reached, and the notes.
pub const REACHED: &str = "reached";
pub const NOTES: &str = "notes";

/// Why no question comes any more.
pub const IS_CLOSED: &str = "the sync was closed";
/// What a scribe is thanked for.
pub const TAKING_NOTES: &str = "taking notes";

/// How many characters of a point an option, and a summary, shows.
const LONGEST_OPTION: usize = 75;
const LONGEST_LINE: usize = 200;
/// What becomes of the points that weren't reached.
const LEFT_MOVES_ON: &str = "What you leave out moves on to the next sync.";
const LEFT_IS_KEPT: &str = "What you leave out is kept, in case the syncs start again.";
/// How long notes may be, in characters.
const LONGEST_NOTES: usize = LONGEST_WORDS;

/// Who has led a sync, for the person who is asked to close it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Led {
    ByReader,
    ByAnother,
    ByNoOne,
}

impl HeldSync {
    /// Returns who has led it, for a reader.
    pub fn led_by(&self, reader: Option<&UserId>) -> Led {
        match &self.lead {
            None => Led::ByNoOne,
            Some(lead) if reader == Some(&lead.user) => Led::ByReader,
            Some(_) => Led::ByAnother,
        }
    }
}

/// The day of a sync, as the reader's calendar shows it.
fn day_of(at: &Occurrence) -> Markup {
    Markup::day(at.at, &date(at.wall.date()))
}

/// What the lead of a sync that is over is asked, or an organiser if it has no lead; `points` is how many were on its agenda,
/// with whether another sync comes, and the last question says when it closes by itself. `led` is `None` in a reminder.
pub fn ask_to_close(
    (programme, name, channel): (&str, &str, &ChannelId),
    (at, points, goes_on): (&Occurrence, usize, bool),
    (closes_at, led): (Option<(Instant, Tz)>, Option<Led>),
) -> Message {
    let day = at.wall.date();
    let sync = |name: Markup| say!("{} in {} on {}", name, channel, day_of(at));
    let asked = match led {
        None => say!("{} is still open. What did you get to?", sync(the_sync_first(name))),
        Some(Led::ByReader) => say!("Thanks for leading {}! What did you get to?", sync(the_sync(name))),
        Some(Led::ByNoOne) => {
            say!("{} had no lead, so I'm asking you: what did you get to?", sync(the_sync_first(name)))
        }
        Some(Led::ByAnother) => say!(
            "The person who led {} isn't here any more, so I'm asking you: what did you get to?",
            sync(the_sync(name))
        ),
    };
    let how = match (closes_at, points) {
        (None, 0) => Markup::from("It takes a minute: write down what matters. Nothing was on the agenda."),
        (None, _) => say!(
            "It takes a minute: tick what you reached, and write down what matters. The rest {}.",
            if goes_on { "moves on" } else { "is kept in case the syncs start again" }
        ),
        (Some((at, zone)), points) => {
            let rest = match (points, goes_on) {
                (0, _) => "",
                (1, true) => ", and its point moves on",
                (_, true) => ", and all its points move on",
                (1, false) => ", and its point is kept in case the syncs start again",
                (_, false) => ", and all its points are kept in case the syncs start again",
            };
            say!("It closes by itself {}{}.", Markup::date_time(at, zone), rest)
        }
    };
    Message::new(asked).with_context(how).with_buttons(vec![close_button("Close this sync", programme, day)])
}

/// What a person reads who would close a sync and may not: what closing is, and who can do it.
pub fn is_closed_by_others() -> Message {
    Message::new("You don't take turns in these syncs, so you can't close them. Nothing has changed.")
}

/// The same where its lead, its scribe or an organiser is there.
pub fn may_not_close(
    (name, day): (&str, NaiveDate),
    (lead, scribe): (Option<&UserId>, Option<&UserId>),
    organisers: &[UserId],
) -> Message {
    let lead = lead.map(|lead| say!("its lead {}", lead));
    let scribe = scribe.map(|scribe| say!("{}, who takes notes", scribe));
    let run = (!organisers.is_empty()).then(|| say!("{} (its organisers)", mentions(organisers)));
    let mut who: Vec<Markup> = [lead, scribe, run].into_iter().flatten().collect();
    who.push(Markup::from("a workspace admin"));
    Message::new(say!("You can't close {} on {}, so nothing has changed.", the_sync(name), date(day)))
        .with_context(say!(
            "Closing says what was reached and adds notes. Those can do it who are in the channel: {}.",
            all_of(&who)
        ))
}

fn close_button(label: &str, programme: &str, day: NaiveDate) -> Button {
    button(label, CLOSE, value_on(programme, day))
}

/// What a person reads who closes a sync where several are open: the name, the id and the date of each.
pub fn close_which(open: &[(&str, &str, NaiveDate)]) -> Message {
    let message = Message::new("Several syncs here are open. Which one would you like to close?");
    open.iter().fold(message, |message, (name, programme, day)| {
        let sync = if name.is_empty() { "the sync".to_owned() } else { one_line(name) };
        let label = format!("Close {} of {}", shorten(&sync, 40), unescape(date(*day).as_str()));
        message.with_buttons(vec![close_button(&label, programme, *day)])
    })
}

/// What a person reads who closes a sync where none is open; with how the last one ended, if that is one.
pub fn nothing_to_close(last: Option<(NaiveDate, &EndState)>) -> Message {
    let how = last.map_or_else(Markup::default, |(day, state)| {
        let how = match state {
            EndState::Open | EndState::Lapsed => Markup::from("has closed by itself"),
            EndState::Closed(by) => say!("was closed by {}", by),
            EndState::Skipped(by) => say!("was skipped by {}", by),
        };
        say!(" The last one, on {}, {}.", date(day), how)
    });
    Message::new(say!("There's no sync to close here: none has begun that is still open.{}", how))
        .with_context("When a sync is over, I ask its lead to close it.")
}

/// The form that closes a sync; `goes_on` is whether another one comes.
pub fn close_form(points: &[Point], (name, day, goes_on): (&str, NaiveDate, bool), private: String) -> Modal {
    let mut blocks = vec![Block::Text(say!(
        "{} on {}. The thread of its announcement gets a summary.",
        the_sync_first(name),
        date(day)
    ))];
    if points.is_empty() {
        blocks.push(Block::Text(Markup::from("Nothing was on its agenda.")));
    } else {
        let option = |point: &Point| SelectOption {
            label: shorten(&one_line(&point.words), LONGEST_OPTION),
            value: point.id.clone(),
        };
        let options = points.iter().map(option).collect();
        blocks.push(Block::Input(Input {
            name: REACHED.to_owned(),
            label: "What did you reach?".to_owned(),
            hint: Some(if goes_on { LEFT_MOVES_ON } else { LEFT_IS_KEPT }.to_owned()),
            optional: true,
            field: Field::Choices { options, chosen: Vec::new(), shape: Shape::Open },
        }));
    }
    blocks.push(Block::Input(Input {
        name: NOTES.to_owned(),
        label: "Notes".to_owned(),
        hint: None,
        optional: true,
        field: Field::Text {
            written: String::new(),
            placeholder: "What matters".to_owned(),
            multiline: true,
            limit: LONGEST_NOTES,
        },
    }));
    blocks.extend(decided_fields());
    blocks.extend(promised::request_fields(None));
    Modal {
        callback: CLOSE_FORM.to_owned(),
        title: "Close this sync".to_owned(),
        submit: "Close the sync".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// What the thread reads when a person has closed the sync of a day: what was reached, what moves on, who was asked for what, and the
/// notes. `left` goes with whether there is a next sync.
pub fn summary(
    (by, day): (&UserId, NaiveDate),
    (reached, (left, goes_on)): (&[&Point], (&[&Point], bool)),
    (asked, notes): (&[Promise], &str),
) -> Message {
    let mut paragraphs = vec![say!("{} has closed this sync.", by)];
    paragraphs.extend(list("*Reached*", reached.iter().copied(), (false, false)));
    paragraphs.extend(list(moves_on(goes_on), left.iter().copied(), (true, goes_on)));
    paragraphs.extend(written(day, asked, notes));
    Message::new(Markup::join(&paragraphs, "\n"))
}

/// What a person has written: who is asked for what, and the notes.
fn written(day: NaiveDate, asked: &[Promise], notes: &str) -> Vec<Markup> {
    let mut paragraphs = Vec::new();
    if !asked.is_empty() {
        let lines: Vec<Markup> =
            asked.iter().map(|promise| say!("• {}", promised::line(promise, day, true))).collect();
        paragraphs.push(say!("*Asked for*\n{}", Markup::join(&lines, "\n")));
    }
    if !notes.is_empty() {
        paragraphs.push(say!("*Notes*\n{}", Markup::quote(notes)));
    }
    paragraphs
}

/// What the thread reads when a person adds to a sync that is closed already.
pub fn addition((by, day): (&UserId, NaiveDate), (asked, notes): (&[Promise], &str)) -> Message {
    let mut paragraphs = vec![say!("{} adds to this sync.", by)];
    paragraphs.extend(written(day, asked, notes));
    Message::new(Markup::join(&paragraphs, "\n"))
}

/// What a person reads whose form came when the sync was closed; `has_ticks` is whether they ticked what was reached.
pub fn added_late((name, day): (&str, NaiveDate), state: &EndState, has_ticks: bool) -> Message {
    let how = match state {
        EndState::Closed(by) | EndState::Skipped(by) => {
            say!("{} had closed {} on {} already", by, the_sync(name), date(day))
        }
        EndState::Open | EndState::Lapsed => {
            say!("{} on {} had closed by itself already", the_sync_first(name), date(day))
        }
    };
    let message = Message::new(say!("{}, so I've added what you wrote to its thread.", how));
    if has_ticks { message.with_context("The points stay as they were when it closed.") } else { message }
}

/// The heading of what wasn't reached.
fn moves_on(goes_on: bool) -> &'static str {
    if goes_on { "*Moves on to the next sync*" } else { "*Kept, in case the syncs start again*" }
}

/// What the thread reads when a sync closes by itself, with whether there is a next one.
pub fn lapsed(points: &[Point], goes_on: bool) -> Message {
    let paragraphs: Vec<Markup> =
        [Markup::from("This sync closes by itself, so I don't know what you reached.")]
            .into_iter()
            .chain(list(moves_on(goes_on), points.iter(), (true, goes_on)))
            .collect();
    Message::new(Markup::join(&paragraphs, "\n"))
}

/// A list of points under a heading, nothing without points. Those that stay say how often they have moved on, this time included if
/// it's a move.
fn list<'p>(
    heading: &'static str,
    points: impl Iterator<Item = &'p Point>,
    (stay, is_move): (bool, bool),
) -> Option<Markup> {
    let line = |point: &Point| {
        let point = Point { moved: if stay { point.moved + i64::from(is_move) } else { 0 }, ..point.clone() };
        say!("• {}", point_line(&point, LONGEST_LINE))
    };
    let lines: Vec<Markup> = points.map(line).collect();
    (!lines.is_empty()).then(|| say!("{}\n{}", heading, Markup::join(&lines, "\n")))
}

/// What the question becomes for the person who closed the sync; with the button that thanks its scribe, if there is one.
pub fn closed(
    (name, at): (&str, &Occurrence),
    (left, goes_on): (usize, bool),
    thanks: Option<Button>,
) -> Message {
    let rest = match left {
        0 => Markup::default(),
        left if !goes_on => {
            say!(" {} kept, in case the syncs start again.", count(left, "point is", "points are"))
        }
        left => say!(" {} on to the next sync.", count(left, "point moves", "points move")),
    };
    let message = Message::new(say!(
        "{} on {} is closed; its thread has the summary.{}",
        the_sync_first(name),
        day_of(at),
        rest
    ));
    match thanks {
        None => message,
        Some(thanks) => message
            .with_context("A press thanks your scribe with kudos in the channel.")
            .with_buttons(vec![thanks]),
    }
}

/// What the question becomes once the reminder is sent.
pub fn asked_again(name: &str, at: &Occurrence) -> Message {
    Message::new(say!("I've asked you again about {} on {}: see below.", the_sync(name), day_of(at)))
}

/// What the question becomes once the reminder below it says how the sync was closed.
pub fn closed_below(name: &str, at: &Occurrence) -> Message {
    Message::new(say!("{} on {} is closed: see below.", the_sync_first(name), day_of(at)))
}

/// What stands at notes that are too long.
pub fn long_notes(characters: usize) -> String {
    let too_many = count(characters.saturating_sub(LONGEST_NOTES), "character", "characters");
    let too_many = too_many.as_str();
    format!("These notes are {too_many} too long: 3,000 fit. Shorten them, or put the rest into the thread.")
}

/// What the question becomes for the others.
pub fn closed_by(name: &str, at: &Occurrence, by: &UserId) -> Message {
    Message::new(say!("{} has closed {} on {}.", Markup::first(by), the_sync(name), day_of(at)))
}

/// What the question becomes when the sync closes by itself.
pub fn lapsed_question(name: &str, at: &Occurrence) -> Message {
    Message::new(say!("{} on {} has closed by itself.", the_sync_first(name), day_of(at)))
}

/// What the question becomes when a person stops the syncs.
pub fn stopped_question(name: &str, at: &Occurrence, by: &UserId) -> Message {
    Message::new(say!("{} on {} is closed: {} has stopped the syncs.", the_sync_first(name), day_of(at), by))
        .with_context("What wasn't reached is kept in case they start again. Notes of yours? Its thread still takes them.")
}

/// What a person reads beforehand who stops syncs of which one isn't closed yet: a sentence.
pub fn still_open(day: NaiveDate) -> Markup {
    say!("The one on {} isn't closed yet; close it first if there's something to note.", date(day))
}

/// What a person reads who closes a sync that is closed.
pub fn is_closed() -> Message {
    Message::new("This sync is closed already, so nothing has changed. Its thread has the summary.")
}
