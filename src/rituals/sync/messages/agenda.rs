//! What people read of the agenda of a sync.

use super::start::the_sync;
use crate::{
    common::programmes::messages::{way_of, when},
    model::{
        cadence::Occurrence,
        message::{Block, Button, ButtonStyle, Field, Input, Message, Modal},
        people::ChannelId,
        text::{Link, Markup, count, one_line, shorten, unescape},
    },
    rituals::sync::plan::{MOST_OF_A_PERSON, MOST_POINTS, Point},
    say,
};

/// The action of the button that takes a point back; its value is the point's id.
pub const TAKE_BACK: &str = "sync:take_back";
/// The action of the button that opens the form for an agenda's order; its value is the programme's id.
pub const ORDER_AGENDA: &str = "sync:order";
/// The callback of that form.
pub const ORDER_FORM: &str = "sync:order_form";

/// How many characters all points of an agenda take up together, about. Fewer points show more of their words.
const ROOM: usize = 9_000;
/// How many characters a point shows at least, and at most.
const SHORTEST: usize = 200;
const LONGEST: usize = 3_000;
/// How many characters of a point its label in a form shows.
const LONGEST_LABEL: usize = 150;
/// How many characters of a point its person reads back.
const LONGEST_QUOTE: usize = 500;

/// The agenda of a programme's next sync.
pub struct Agenda {
    pub programme: String,
    /// The programme's name; empty without one.
    pub name: String,
    pub next: Option<Occurrence>,
    /// In their order.
    pub points: Vec<Point>,
    /// How many points an earlier sync has that isn't closed yet.
    pub unclosed: usize,
    /// Whether the reader may order and strike them.
    pub may_order: bool,
}

/// The lines of an agenda, in the order of its points: the words, who added them, and how often they moved on.
pub fn agenda_lines(points: &[Point]) -> Vec<Markup> {
    let room = (ROOM / points.len().max(1)).clamp(SHORTEST, LONGEST);
    let numbered = points.iter().enumerate();
    numbered.map(|(place, point)| say!("{}. {}", place + 1, point_line(point, room))).collect()
}

/// A point on a line, with as many characters of its words.
pub fn point_line(point: &Point, longest: usize) -> Markup {
    let by = match &point.author {
        Some(author) => say!("{}'s words, added by {}", author, &point.user),
        None => Markup::from(&point.user),
    };
    let moved = match point.moved {
        0 => Markup::default(),
        1 => Markup::from(", moved on once"),
        2 => Markup::from(", moved on twice"),
        often => say!(", moved on {} times", often),
    };
    let link = Link::read(&point.link);
    let link = link.map_or_else(Markup::default, |link| say!(", {}", Markup::link(&link, "message")));
    say!("{} ({}{}{})", Markup::line_of(&point.words, longest), by, moved, link)
}

/// What `agenda` says.
pub fn agenda(agendas: &[Agenda], command: &str) -> Message {
    let add = way_of(command, "add");
    let paragraph = |agenda: &Agenda| {
        let when = agenda.next.as_ref().map_or_else(Markup::default, |next| say!(", {}", when(next)));
        let name =
            if agenda.name.is_empty() { Markup::from("the next sync") } else { Markup::plain(&agenda.name) };
        let head = say!("*Agenda of {}*{}", name, when);
        let mut lines = vec![head];
        if agenda.points.is_empty() {
            lines.push(say!("Nothing yet. {} and some words put a point on it.", &add));
        }
        lines.extend(agenda_lines(&agenda.points));
        if agenda.unclosed > 0 {
            let points = count(agenda.unclosed, "point", "points");
            lines.push(say!("The last sync isn't closed yet: what it didn't reach of {} moves on.", points));
        }
        Markup::join(&lines, "\n")
    };
    let paragraphs: Vec<Markup> = agendas.iter().map(paragraph).collect();
    let message = Message::new(Markup::join(&paragraphs, "\n\n")).with_context(
        "It goes into the thread when the sync begins. What isn't reached moves on to the next one.",
    );
    let may_order = agendas.iter().filter(|agenda| agenda.may_order);
    may_order.fold(message, |message, agenda| {
        let label = match agenda.name.as_str() {
            "" => "Order and strike".to_owned(),
            name => shorten(&format!("Order and strike: {name}"), 75),
        };
        message.with_buttons(vec![button(&label, ORDER_AGENDA, agenda.programme.clone())])
    })
}

/// What the thread of an announcement says of the agenda.
pub fn agenda_in_thread(points: &[Point]) -> Message {
    Message::new(say!("*Agenda*\n{}", Markup::join(&agenda_lines(points), "\n")))
}

/// What a person reads who has added a point.
pub fn added(
    point: &Point,
    (channel, name): (&ChannelId, &str),
    next: Option<&Occurrence>,
    is_cut: bool,
    command: &str,
) -> Message {
    let date = next.map_or_else(Markup::default, |next| say!(", {}", when(next)));
    let message = Message::new(say!(
        "This point is on the agenda of {} in {}{}:\n{}",
        the_sync(name),
        channel,
        date,
        Markup::quote(&shorten(&point.words, LONGEST_QUOTE))
    ));
    let message =
        if is_cut { message.with_context("I've kept the first 3,000 characters.") } else { message };
    message
        .with_context(say!(
            "Everyone there reads it when the sync begins; until then, {} shows the list.",
            way_of(command, "agenda")
        ))
        .with_buttons(vec![button("Take back", TAKE_BACK, point.id.clone())])
}

/// What a person reads who adds a point without words.
pub fn no_point(command: &str) -> Message {
    Message::new(say!(
        "What's the point? Type it behind the command: {}",
        way_of(command, "add Who's on call in May?")
    ))
}

/// What a person reads whose point doesn't fit: `open` is how many points there are, and how many are theirs.
pub fn agenda_full((all, own): (usize, usize), command: &str) -> Message {
    if own >= MOST_OF_A_PERSON {
        return Message::new(say!(
            "You have {} on this agenda already, which is as many as a person can add. I haven't added this one.",
            count(own, "point", "points")
        ))
        .with_context("Put two into one, or take one back.");
    }
    if all < MOST_POINTS {
        return Message::new("This point is on the agenda already, or I couldn't add it.")
            .with_context(say!("{} shows the list.", way_of(command, "agenda")));
    }
    Message::new(say!(
        "This agenda is full: {} points are more than a sync gets through. I haven't added yours.",
        all
    ))
    .with_context(say!("{} shows them. The lead can strike some.", way_of(command, "agenda")))
}

/// What a person reads who has taken a point back.
pub fn taken_back() -> Message {
    Message::new("I've taken the point off the agenda.")
}

/// What a person reads who takes a point back that isn't theirs, or that a sync has taken up.
pub fn cannot_take_back(command: &str) -> Message {
    Message::new(
        "This point isn't waiting any more: its sync has begun, or it was struck or taken back before.",
    )
    .with_context(say!("{} shows what's on the next agenda.", way_of(command, "agenda")))
}

/// What a person reads who orders an agenda without points.
pub fn nothing_to_order(command: &str) -> Message {
    Message::new(say!("There's nothing on this agenda any more. {} shows it.", way_of(command, "agenda")))
}

/// What a person reads whose form is about syncs that have ended, or that they don't see any more.
pub fn ended() -> Message {
    Message::new("These syncs have ended, or you're not in their channel any more, so nothing has changed.")
}

/// What a person chooses to save words for a sync: plain text.
pub fn place(channel: &str, name: &str, when: Option<&Markup>) -> String {
    let name = if name.is_empty() { "the next sync".to_owned() } else { one_line(name) };
    match when {
        Some(when) => format!("#{channel}: {name}, {}", unescape(when.as_str())),
        None => format!("#{channel}: {name}"),
    }
}

/// The form in which points are ordered and struck: a number for each.
pub fn order_form(points: &[Point], private: String) -> Modal {
    let field = |(place, point): (usize, &Point)| {
        let number = i64::try_from(place + 1).unwrap_or(i64::MAX);
        Block::Input(Input {
            name: point.id.clone(),
            label: shorten(&one_line(&point.words), LONGEST_LABEL),
            hint: None,
            optional: true,
            field: Field::Number { written: Some(number), least: None, most: None },
        })
    };
    let mut blocks =
        vec![Block::Text(Markup::from("Give each point its place. *Empty a field to strike the point.*"))];
    blocks.extend(points.iter().enumerate().map(field));
    Modal {
        callback: ORDER_FORM.to_owned(),
        title: "Order and strike".to_owned(),
        submit: "Save".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// What stands at a number that can't be read.
pub fn wrong_number() -> String {
    "Give a whole number, or empty the field to strike the point.".to_owned()
}

/// What stands in a form whose agenda was ordered by another person meanwhile, or went to its sync.
pub fn agenda_changed() -> String {
    "This agenda was ordered by another person, or its sync has begun, since you opened this form. Nothing has changed. \
     Close it and open it again."
        .to_owned()
}

/// What a person reads who has ordered an agenda.
pub fn ordered(now: &Agenda, command: &str) -> Message {
    agenda(std::slice::from_ref(now), command)
}

pub(super) fn button(label: &str, action: &str, value: String) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value, look: ButtonStyle::Plain }
}
