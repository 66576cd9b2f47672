//! What people read about who was chosen to take part.

use crate::{
    common::{programmes::audience::Outside, words::Words},
    model::{
        message::Message,
        people::{ChannelId, UserId},
        text::{Markup, count, mentions},
    },
    say,
};

/// The fields of the form.
pub const ONLY_GROUP: &str = "Only this user group";
pub const ONLY_GROUP_HINT: &str = "Leave this and the next field empty for everyone in the channel.";
pub const ONLY_PEOPLE: &str = "Only these people";
pub const ONLY_PEOPLE_HINT: &str = "With a user group above, both take part. They have to be in the channel.";

/// How many people a sentence names.
const MOST_NAMES: usize = 10;

/// What stands at more people than can be named.
pub fn too_many_named(most: usize) -> String {
    format!("Up to {most} people fit. For more, choose a user group.")
}

/// What stands at a user group that the directory doesn't have.
pub fn no_such_group(handle: &str) -> String {
    format!("I can't find @{handle} any more. Choose another group, or clear the field.")
}

/// What stands at a user group without members.
pub fn empty_group(handle: &str) -> String {
    format!("@{handle} has no members yet. Choose another group, or clear the field.")
}

/// What stands at a choice of people of whom none is in the channel.
pub fn none_of_them_here(channel: &ChannelId) -> Message {
    Message::new(say!("None of them is in {}. Invite them there first, or choose other people.", channel))
}

/// Names a choice of people in a sentence.
pub fn named_audience(group: Option<&str>, people: &[UserId]) -> Markup {
    let group = group.map(|handle| say!("the members of {}", Markup::name(&format!("@{handle}"))));
    let named = if people.len() > MOST_NAMES {
        count(people.len(), "person", "people who were named")
    } else {
        mentions(people)
    };
    match (group, people.is_empty()) {
        (Some(group), true) => group,
        (Some(group), false) => say!("{} and {}", group, named),
        (None, false) => named,
        (None, true) => Markup::from("people who were named"),
    }
}

/// What a preview says of people who are chosen and have no part: a sentence for each reason, or nothing.
pub fn without_a_part(outside: &Outside, channel: &ChannelId) -> Markup {
    let absent = match outside.absent.as_slice() {
        [] => None,
        few if few.len() <= MOST_NAMES => {
            Some(say!("Not in {} yet: {}. They take part once they join it.", channel, mentions(few)))
        }
        many => Some(say!(
            "{} people you chose aren't in {} yet. They take part once they join it.",
            many.len(),
            channel
        )),
    };
    let unable = match outside.unable.as_slice() {
        [] => None,
        few if few.len() <= MOST_NAMES => Some(say!("{} can't take part.", mentions(few))),
        many => Some(say!("{} people you chose can't take part.", many.len())),
    };
    let left = match outside.left {
        0 => None,
        1 => Some(Markup::from(
            "1 person you chose has left before, and takes part again once they join again.",
        )),
        left => Some(say!(
            "{} people you chose have left before, and take part again once they join again.",
            left
        )),
    };
    Markup::join(&absent.into_iter().chain(unable).chain(left).collect::<Vec<_>>(), " ")
}

/// What stands at a choice of people of whom these can't take part.
pub fn unable_to_take_part(unable: &[UserId]) -> Message {
    Message::new(say!(
        "{} can't take part: bots, people of other workspaces and deactivated accounts can't. Choose only others.",
        mentions(unable)
    ))
}

/// What a person reads who says something of their part and was not chosen.
pub fn not_chosen(words: &Words, audience: &Markup, organisers: &[UserId]) -> Message {
    Message::new(say!("Nothing has changed: these {} are for {}.", words.short, audience))
        .with_context(say!("{} can add you with *Change* in the status.", mentions(organisers)))
}

/// What a status says of who was chosen: a sentence.
pub fn chosen(words: &Words, audience: &Markup, lacks_group: bool) -> Markup {
    if lacks_group {
        return say!(
            "These {} are for {}, and I can't find that user group any more: press *Change* to choose who takes part.",
            words.short,
            audience
        );
    }
    say!("These {} are for {}.", words.short, audience)
}
