//! What people read of the agenda of a sync.

use super::start::the_sync;
use crate::{
    common::programmes::messages::{way_of, when},
    model::{
        cadence::Occurrence,
        message::{
            Block, Button, ButtonStyle, Control, Field, Input, Message, Modal, Pick, Select, SelectOption,
        },
        people::{ChannelId, UserId},
        text::{Link, Markup, count, one_line, shorten, unescape},
    },
    rituals::sync::plan::{MOST_OF_A_PERSON, MOST_POINTS, Point},
    say,
};

/// The action of the button that takes a point back; its value is the point's id.
pub const TAKE_BACK: &str = "sync:take_back";
/// The action of the menu that takes one of a person's points back; its value is the programme's id, the chosen one the point's.
pub const TAKE_ONE_BACK: &str = "sync:take_one_back";
/// The action of the button that shows an agenda's points in full; its value is the programme's id.
pub const IN_FULL: &str = "sync:in_full";
/// The action of the button that opens the form for an agenda's order; its value is the programme's id.
pub const ORDER_AGENDA: &str = "sync:order";
/// The callback of that form.
pub const ORDER_FORM: &str = "sync:order_form";

/// How many characters of a point a list shows.
const LISTED: usize = 150;
/// How many characters all points take up together in a thread, about, and one of them at least.
const ROOM: usize = 9_000;
const SHORTEST: usize = 200;
/// How many characters of a point its label in a menu shows.
const LONGEST_OPTION: usize = 75;
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
    /// The points of an earlier sync that isn't closed yet.
    pub unclosed: Vec<Point>,
    /// The person who reads it.
    pub reader: UserId,
    /// Whether the reader may order and strike them.
    pub may_order: bool,
}

/// The lines of an agenda, in the order of its points: the words, who added them, and how often they moved on.
pub fn agenda_lines(points: &[Point]) -> Vec<Markup> {
    lines(points, LISTED)
}

fn lines(points: &[Point], longest: usize) -> Vec<Markup> {
    let numbered = points.iter().enumerate();
    numbered.map(|(place, point)| say!("{}. {}", place + 1, point_line(point, longest))).collect()
}

/// A point on a line, with as many characters of its words.
pub fn point_line(point: &Point, longest: usize) -> Markup {
    let moved = match point.moved {
        0 => Markup::default(),
        1 => Markup::from(", moved on once"),
        2 => Markup::from(", moved on twice"),
        often => say!(", moved on {} times", often),
    };
    let link = Link::read(&point.link);
    let link = link.map_or_else(Markup::default, |link| say!(", {}", Markup::link(&link, "message")));
    say!("{} ({}{}{})", Markup::line_of(&point.words, longest), by(point), moved, link)
}

/// Whose a point is.
fn by(point: &Point) -> Markup {
    match &point.author {
        Some(author) => say!("{}'s words, added by {}", author, &point.user),
        None => Markup::from(&point.user),
    }
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
        if !agenda.unclosed.is_empty() {
            let points = count(agenda.unclosed.len(), "point", "points");
            let becomes = if agenda.next.is_some() { "moves on to this one" } else { "is kept" };
            lines.push(say!(
                "The last sync isn't closed yet. What it didn't reach {}: {} at most.",
                becomes,
                points
            ));
        }
        Markup::join(&lines, "\n")
    };
    let paragraphs: Vec<Markup> = agendas.iter().map(paragraph).collect();
    let message = Message::new(Markup::join(&paragraphs, "\n\n")).with_context(
        if agendas.iter().any(|agenda| agenda.next.is_some()) {
            "It goes into the thread when the sync begins. What isn't reached moves on to the next one."
        } else {
            "No sync is planned now: the points are kept in case the syncs go on."
        },
    );
    let rows = agendas.iter().map(controls).filter(|row| !row.is_empty());
    rows.fold(message, Message::with_controls)
}

/// What the reader of an agenda may do with it.
fn controls(agenda: &Agenda) -> Vec<Control> {
    let called = |label: &str| match agenda.name.as_str() {
        "" => label.to_owned(),
        name => shorten(&format!("{label}: {name}"), 75),
    };
    let mut controls = Vec::new();
    if agenda.points.iter().any(is_cut) {
        controls.push(Control::Button(button(&called("Show in full"), IN_FULL, agenda.programme.clone())));
    }
    if agenda.may_order {
        let order = button(&called("Order and strike"), ORDER_AGENDA, agenda.programme.clone());
        controls.push(Control::Button(order));
    }
    let own = agenda.points.iter().chain(&agenda.unclosed).filter(|point| point.user == agenda.reader);
    let option = |point: &Point| SelectOption {
        label: shorten(&one_line(&point.words), LONGEST_OPTION),
        value: point.id.clone(),
    };
    let options: Vec<SelectOption> = own.map(option).collect();
    if !options.is_empty() {
        controls.push(Control::Select(Select {
            action: TAKE_ONE_BACK.to_owned(),
            value: agenda.programme.clone(),
            placeholder: called("Take a point of yours back…"),
            pick: Pick::Choice { options, chosen: None },
        }));
    }
    controls
}

/// Whether a list doesn't show all of a point.
fn is_cut(point: &Point) -> bool {
    one_line(&point.words).chars().count() > LISTED
}

/// An agenda with all words of its points.
pub fn agenda_in_full(points: &[Point]) -> Modal {
    let point = |(place, point): (usize, &Point)| Block::Text(in_full(place + 1, point));
    Modal {
        callback: "sync:agenda".to_owned(),
        title: "Agenda".to_owned(),
        submit: String::new(),
        close: "Close".to_owned(),
        private: String::new(),
        blocks: points.iter().enumerate().map(point).collect(),
        tell_closed: false,
    }
}

fn in_full(number: usize, point: &Point) -> Markup {
    say!("*{}.* {}:\n{}", number, by(point), Markup::quote(&point.words))
}

/// What the thread of an announcement says of the agenda: first the list, then each point in full that the list cuts.
pub fn agenda_in_thread(points: &[Point]) -> Vec<Message> {
    let longest = (ROOM / points.len().max(1)).max(SHORTEST);
    let list = Message::new(say!("*Agenda*\n{}", Markup::join(&lines(points, longest), "\n")));
    let cut = points.iter().enumerate().filter(|(_, point)| one_line(&point.words).chars().count() > longest);
    std::iter::once(list).chain(cut.map(|(place, point)| Message::new(in_full(place + 1, point)))).collect()
}

/// What a person reads who has added a point; `next` goes with whether another sync comes at all.
pub fn added(
    point: &Point,
    (channel, name): (&ChannelId, &str),
    (next, goes_on): (Option<&Occurrence>, bool),
    is_cut: bool,
    command: &str,
) -> Message {
    let date = match next {
        Some(next) => say!(", {}", when(next)),
        None if goes_on => Markup::default(),
        None => Markup::from(", though no further one is planned"),
    };
    let message = Message::new(say!(
        "This point is on the agenda of {} in {}{}:\n{}",
        the_sync(name),
        channel,
        date,
        Markup::quote(&shorten(&point.words, LONGEST_QUOTE))
    ));
    let message = match (is_cut, point.words.chars().count() > LONGEST_QUOTE) {
        (true, _) => message.with_context("This shows the beginning. I've kept the first 3,000 characters."),
        (false, true) => message.with_context("This shows the beginning. The agenda has all of it."),
        (false, false) => message,
    };
    message
        .with_context(if goes_on {
            say!(
                "Everyone there reads it when the sync begins; until then, {} shows the list.",
                way_of(command, "agenda")
            )
        } else {
            say!("I keep it in case the syncs start again. {} shows the list.", way_of(command, "agenda"))
        })
        .with_buttons(vec![button("Take back", TAKE_BACK, point.id.clone())])
}

/// What a person reads who adds a point without words.
pub fn no_point(command: &str) -> Message {
    Message::new(say!(
        "What's the point? Type it behind the command: {}",
        way_of(command, "add Who's on call in May?")
    ))
}

/// What a person reads who adds a point to syncs that have ended.
pub fn no_sync_to_come(no_more: Markup) -> Message {
    Message::new(say!("I haven't added this point. {}", no_more))
}

/// What a person reads who adds words that are on the agenda.
pub fn already_there(added_by: &UserId, command: &str) -> Message {
    Message::new(say!(
        "This point is on the agenda already: {} added it. I haven't added it a second time.",
        added_by
    ))
    .with_context(say!("{} shows the list.", way_of(command, "agenda")))
}

/// What a person reads whose point doesn't fit: how many points there are, how many are theirs, and how many the next sync has.
pub fn agenda_full(((all, own), waiting): ((usize, usize), usize), words: &str, command: &str) -> Message {
    let words = Markup::quote(&shorten(words, LONGEST_QUOTE));
    if own >= MOST_OF_A_PERSON {
        return Message::new(say!(
            "You have {} on this agenda already, which is as many as a person can add. I haven't added this one:\n{}",
            count(own, "point", "points"),
            words
        ))
        .with_context(say!(
            "Put two into one, or take one back: {} has a menu for it. Points of a sync that isn't closed yet count.",
            way_of(command, "agenda")
        ));
    }
    if all < MOST_POINTS {
        return Message::new(say!(
            "The agenda has just changed, so I haven't added this point. Please try again:\n{}",
            words
        ))
        .with_context(say!("{} shows the list.", way_of(command, "agenda")));
    }
    let message = Message::new(say!(
        "This agenda is full: {} points are more than a sync gets through. I haven't added yours:\n{}",
        all,
        words
    ));
    let message = match all.saturating_sub(waiting) {
        0 => message,
        open => message.with_context(say!(
            "{} of a sync that isn't closed yet: once its lead closes it with {}, those that it reached are off the agenda.",
            count(open, "point is", "points are"),
            way_of(command, "close")
        )),
    };
    if waiting == 0 {
        return message;
    }
    message.with_context(say!(
        "{} shows what comes next. The lead can strike points there.",
        way_of(command, "agenda")
    ))
}

/// What a person reads who has taken a point back; `is_taken` is whether a sync has taken it up.
pub fn taken_back(point: &Point, is_taken: bool) -> Message {
    let taken = say!(
        "I've taken the point off the agenda:\n{}",
        Markup::quote(&shorten(&point.words, LONGEST_QUOTE))
    );
    let message = Message::new(taken);
    if is_taken {
        message.with_context("The thread of its sync still shows it, but it won't move on to the next one.")
    } else {
        message
    }
}

/// What a person reads who takes a point back that isn't theirs, or that isn't open any more.
pub fn cannot_take_back(command: &str) -> Message {
    Message::new(
        "This point isn't open any more: its sync was closed, or it was struck or taken back before.",
    )
    .with_context(say!("{} shows what's on the next agenda.", way_of(command, "agenda")))
}

/// What a person reads who orders or shows an agenda without points.
pub fn nothing_left(command: &str) -> Message {
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

/// The refusal of a person who may not run a sync, with the person who may.
pub fn lead_may(refused: Message, lead: Option<&UserId>) -> Message {
    match lead {
        Some(lead) => refused.with_context(say!("For this sync its lead can, too: {}.", lead)),
        None => refused,
    }
}

/// The form in which points are ordered and struck: a number for each.
pub fn order_form(points: &[Point], private: String) -> Modal {
    let last = i64::try_from(points.len()).unwrap_or(i64::MAX);
    let field = |(place, point): (usize, &Point)| {
        let number = i64::try_from(place + 1).unwrap_or(i64::MAX);
        Block::Input(Input {
            name: point.id.clone(),
            label: shorten(&one_line(&point.words), LONGEST_LABEL),
            hint: None,
            optional: true,
            field: Field::Number { written: Some(number), least: Some(1), most: Some(last) },
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

/// What stands at a place that a point can't have among this many.
pub fn wrong_place(points: usize) -> String {
    match points {
        1 => "The only place is 1. Write it, or empty the field to strike the point.".to_owned(),
        _ => format!("Write a place from 1 to {points}, or empty the field to strike the point."),
    }
}

/// What stands in a form whose agenda was ordered by another person meanwhile, or went to its sync.
pub fn agenda_changed() -> String {
    "This agenda was ordered by another person, or its sync has begun, since you opened this form. Nothing has changed. \
     Close it and open it again."
        .to_owned()
}

/// The same, where there's no field at which it could stand.
pub fn agenda_changed_meanwhile() -> Message {
    Message::new(Markup::plain(&agenda_changed()))
}

/// What a person reads who has ordered an agenda.
pub fn ordered(now: &Agenda, command: &str) -> Message {
    agenda(std::slice::from_ref(now), command)
}

pub(super) fn button(label: &str, action: &str, value: String) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value, look: ButtonStyle::Plain }
}
