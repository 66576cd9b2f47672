//! What people read of coffee in the set-up form.

use chrono::NaiveDateTime;

use crate::{
    common::{
        programmes::messages::on_the_wall,
        setup::{PreviewMessage, messages::input},
        words::Words,
    },
    model::{
        message::{Block, Field, Message, SelectOption, Shape},
        people::ChannelId,
        text::{Markup, count},
    },
    rituals::coffee::{
        options::Options,
        plan::{LARGEST_GROUP, SMALLEST_GROUP},
    },
    say,
};

/// What coffee chats are called.
pub const WORDS: Words = Words {
    ritual: super::super::NAME,
    plural: "coffee chats",
    short: "chats",
    occasion: "round",
    occasions: "rounds",
    emoji: ":coffee:",
    fewest: (SMALLEST_GROUP, "two"),
    usual_times: "every 2 weeks on Tuesday at 10:00",
    pace: "Once a week or every two weeks suits most channels.",
    thanks: "Thanks for meeting, everyone!",
    remembered: "who has met",
    at_once: "",
    set_up: "Set up coffee chats",
    change: "Change coffee chats",
    who: "Everyone in the channel takes part, and anyone can skip a round or leave.",
    share: "part",
    deed: "hold a round",
    left_out: "no round",
    takers: "the people I can introduce",
    strangers: "I can't introduce people of other workspaces.",
    after_leaving: "If I've just introduced you to someone, you can still meet.",
    name: "Lunch",
};

/// The field for what is said around a round, and its options.
pub const AROUND: &str = "around";
/// The notice on the day before.
pub const TELL_BEFORE: &str = "notice";
/// The question at the end.
pub const ASK_AFTER: &str = "close";
/// The field for how many people are introduced at a time.
pub const SIZE: &str = "size";

/// The fields of a programme's options; `usual` is the size of groups that the configuration sets.
pub fn fields(options: &Options, usual: usize) -> Vec<Block> {
    let option = |label: &str, value: &str| SelectOption { label: label.to_owned(), value: value.to_owned() };
    let around = [(options.notice, TELL_BEFORE), (options.close, ASK_AFTER)];
    let around = Field::Choices {
        options: vec![
            option("Tell the channel the day before, so that people can skip", TELL_BEFORE),
            option("Ask each group at the end whether they met", ASK_AFTER),
        ],
        chosen: around.into_iter().filter(|(on, _)| *on).map(|(_, value)| value.to_owned()).collect(),
        shape: Shape::Open,
    };
    let sizes = (SMALLEST_GROUP..=LARGEST_GROUP).map(|size| {
        let label = format!("{size} people");
        option(&label, &size.to_string())
    });
    let size = Field::Choice {
        options: sizes.collect(),
        chosen: Some(options.group_size.unwrap_or(usual).to_string()),
        shape: Shape::Menu,
    };
    vec![
        input(AROUND, "Around each round", None, true, around),
        input(SIZE, "How many people meet at a time?", None, false, size),
    ]
}

/// The messages of chats as they would be, each with when it is read.
#[derive(Clone, Debug, Default)]
pub struct Showing {
    /// What the channel reads now.
    pub now: Option<Message>,
    /// What it reads on the day before a round.
    pub notice: Option<(NaiveDateTime, Message)>,
    /// What each group reads, and how many groups there are, as far as that's known.
    pub round: Option<(NaiveDateTime, Option<usize>, Message)>,
    /// What a group reads at the end.
    pub close: Option<(NaiveDateTime, Message)>,
}

/// The messages in the order in which people read them. `readers` is how many people are in the channel.
pub fn shown(channel: &ChannelId, readers: usize, showing: Showing) -> Vec<PreviewMessage> {
    let readers = count(readers, "person", "people");
    let mut shown: Vec<(Option<NaiveDateTime>, PreviewMessage)> = Vec::new();
    if let Some(message) = showing.now {
        shown.push((None, PreviewMessage { when: say!("Now, to {} in {}", &readers, channel), message }));
    }
    if let Some((wall, message)) = showing.notice {
        let when = say!("{}, to {} in {}", on_the_wall(wall), &readers, channel);
        shown.push((Some(wall), PreviewMessage { when, message }));
    }
    if let Some((wall, groups, message)) = showing.round {
        let groups = match groups {
            None => Markup::from("each group, for example"),
            Some(1) => Markup::from("1 group"),
            Some(groups) => say!("each of {} groups, for example", groups),
        };
        shown.push((
            Some(wall),
            PreviewMessage { when: say!("{}, to {}", on_the_wall(wall), groups), message },
        ));
    }
    if let Some((wall, message)) = showing.close {
        let when = say!("{}, to each group that hasn't said that it met", on_the_wall(wall));
        shown.push((Some(wall), PreviewMessage { when, message }));
    }
    shown.sort_by_key(|(wall, _)| *wall);
    shown.into_iter().map(|(_, shown)| shown).collect()
}

/// What a preview says of people who take part in other coffee chats already; `here` is how many people would take part.
pub fn elsewhere(here: usize, elsewhere: usize) -> Markup {
    match elsewhere {
        0 => Markup::default(),
        1 => Markup::from("1 of them has other coffee chats already."),
        all if all == here => Markup::from("All of them have other coffee chats already."),
        elsewhere => say!("{} of them have other coffee chats already.", elsewhere),
    }
}

/// What a person reads of each option that changes; `usual` is the size of groups that the configuration sets.
pub fn changed_options(old: &Options, new: &Options, usual: usize) -> Vec<Markup> {
    let switched = [
        switched(
            (old.notice, new.notice),
            "From now on, I tell the channel on the day before.",
            "I don't tell the channel on the day before any more.",
        ),
        switched(
            (old.close, new.close),
            "From now on, I ask each group at the end whether they met.",
            "I don't ask groups any more whether they met.",
        ),
    ];
    let size = |options: &Options| options.group_size.unwrap_or(usual);
    let resized = (size(old) != size(new))
        .then(|| say!("{} people meet at a time, instead of {}.", size(new), size(old)));
    switched.into_iter().flatten().chain(resized).collect()
}

fn switched((old, new): (bool, bool), on: &'static str, off: &'static str) -> Option<Markup> {
    (old != new).then(|| Markup::from(if new { on } else { off }))
}
