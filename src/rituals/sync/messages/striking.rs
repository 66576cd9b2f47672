//! What people read of points that are struck off an agenda.

use super::{
    agenda::{agenda_lines, button, point_line},
    start::the_sync,
};
use crate::{
    common::programmes::messages::{way_of, when},
    model::{
        cadence::Occurrence,
        message::{Block, Message, Modal},
        people::{ChannelId, UserId},
        text::{Markup, count, shorten},
    },
    rituals::sync::plan::Point,
    say,
};

/// The callback of the form that asks whether to strike points of others.
pub const STRIKE_FORM: &str = "sync:strike_form";
/// The action of the button with which a person puts struck points back; its value is the programme's id and those of the points.
pub const PUT_BACK: &str = "sync:put_back";

/// How many characters of a point its person reads back where several were struck, and where one was.
const LISTED: usize = 150;
const LONGEST_QUOTE: usize = 500;

/// The question whether to strike these points, some of them added by others.
pub fn strike_form(points: &[&Point], private: String) -> Modal {
    let owned: Vec<Point> = points.iter().map(|point| (*point).clone()).collect();
    let head = say!("{} off the agenda:", count(points.len(), "point comes", "points come"));
    let mut blocks = vec![Block::Text(head)];
    blocks.extend(agenda_lines(&owned).into_iter().map(Block::Text));
    blocks.push(Block::Text(Markup::from(
        "The people who added them read so, and can put them back. *Cancel* leaves the agenda as it is.",
    )));
    Modal {
        callback: STRIKE_FORM.to_owned(),
        title: if points.len() == 1 { "Strike this point?" } else { "Strike these points?" }.to_owned(),
        submit: "Strike".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// What a person reads whose points another person has struck.
pub fn struck(
    (programme, name, channel): (&str, &str, &ChannelId),
    by: &UserId,
    points: &[&Point],
) -> Message {
    let lines: Vec<Markup> = match points {
        [point] => vec![Markup::quote(&shorten(&point.words, LONGEST_QUOTE))],
        points => points.iter().map(|point| say!("• {}", Markup::line_of(&point.words, LISTED))).collect(),
    };
    let (what, label) = if points.len() == 1 {
        ("a point of yours", "Put it back")
    } else {
        ("some points of yours", "Put them back")
    };
    let ids = points.iter().map(|point| point.id.as_str());
    let value: Vec<&str> = std::iter::once(programme).chain(ids).collect();
    Message::new(say!(
        "{} has taken {} off the agenda of {} in {}:\n{}",
        by,
        what,
        the_sync(name),
        channel,
        Markup::join(&lines, "\n")
    ))
    .with_context(say!("Still worth talking about? Press *{}*, or ask {}.", label, by))
    .with_buttons(vec![button(label, PUT_BACK, value.join(" "))])
}

/// What a person reads who has put points back.
pub fn put_back(points: &[Point], name: &str, next: Option<&Occurrence>, command: &str) -> Message {
    let date = next.map_or_else(Markup::default, |next| say!(", {}", when(next)));
    let lines: Vec<Markup> = points.iter().map(|point| say!("• {}", point_line(point, LISTED))).collect();
    Message::new(say!("Back on the agenda of {}{}:\n{}", the_sync(name), date, Markup::join(&lines, "\n")))
        .with_context(say!("{} shows the list.", way_of(command, "agenda")))
}

/// What a person reads who puts points back that aren't struck any more.
pub fn not_struck(command: &str) -> Message {
    Message::new("That's on the agenda again already, or its words are gone, so nothing has changed.")
        .with_context(say!("{} shows the list.", way_of(command, "agenda")))
}
