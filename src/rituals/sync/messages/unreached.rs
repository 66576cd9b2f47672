//! What a person reads whose points no sync reaches.

use super::{
    agenda::{TAKE_BACK, TAKE_ONE_BACK, button},
    start::the_sync,
};
use crate::{
    common::programmes::messages::way_of,
    model::{
        message::{Control, Message, Pick, Select, SelectOption},
        people::ChannelId,
        text::{Markup, one_line, shorten},
    },
    rituals::sync::plan::Point,
    say,
};

/// The action of a person whose points stay; its value is `ONE` or `SEVERAL`.
pub const KEEP_POINT: &str = "sync:keep_point";
pub const ONE: &str = "one";
pub const SEVERAL: &str = "several";

/// How many characters of a point its person reads back, and how many a menu shows.
const LISTED: usize = 300;
const LONGEST_OPTION: usize = 75;

/// The question whether points are still wanted that have moved on so many times.
pub fn still_wanted((name, channel): (&str, &ChannelId), points: &[&Point], times: i64) -> Message {
    let lines: Vec<Markup> =
        points.iter().map(|point| say!("• {}", Markup::line_of(&point.words, LISTED))).collect();
    let (what, still) = match points {
        [_] => ("This point of yours has", "Is it still wanted?"),
        _ => ("These points of yours have", "Are they still wanted?"),
    };
    let message = Message::new(say!(
        "{} moved on {} times on the agenda of {} in {}:\n{}\n{}",
        what,
        times,
        the_sync(name),
        channel,
        Markup::join(&lines, "\n"),
        still
    ))
    .with_context("I ask this once. Without an answer nothing changes.");
    if let [point] = points {
        return message.with_buttons(vec![
            button("Keep it", KEEP_POINT, ONE.to_owned()),
            button("Take it off", TAKE_BACK, point.id.clone()),
        ]);
    }
    let option = |point: &&Point| SelectOption {
        label: shorten(&one_line(&point.words), LONGEST_OPTION),
        value: point.id.clone(),
    };
    message.with_controls(vec![
        Control::Button(button("Keep them", KEEP_POINT, SEVERAL.to_owned())),
        Control::Select(Select {
            action: TAKE_ONE_BACK.to_owned(),
            value: SEVERAL.to_owned(),
            placeholder: "Take one off…".to_owned(),
            pick: Pick::Choice { options: points.iter().map(option).collect(), chosen: None },
        }),
    ])
}

/// What a person reads whose points stay.
pub fn kept_on(several: bool, command: &str) -> Message {
    let stays = if several { "They stay" } else { "It stays" };
    Message::new(say!(
        "{} on the agenda. {} shows it, and takes points of yours off.",
        stays,
        way_of(command, "agenda")
    ))
}
