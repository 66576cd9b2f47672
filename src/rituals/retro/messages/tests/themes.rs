//! Themes, as their channel sees them.

use super::{answer, read};
use crate::{
    model::{
        message::Message,
        people::{Person, PersonKind},
    },
    rituals::retro::{
        messages::theme,
        theme::{Hands, Theme},
    },
};

fn shown(name: &str, of: &Theme) -> Message {
    let ben = Person {
        id: "BEN".into(),
        name: "Ben".to_owned(),
        zone: None,
        kind: PersonKind::Member,
        deactivated: false,
        admin: false,
    };
    theme(name, of, &[(ben.id.clone(), ben)].into())
}

/// Themes in all hands.
pub fn sorted_themes() -> Vec<Theme> {
    let sorted = |rank, name: &str, hands| Theme {
        name: name.to_owned(),
        rank: Some(rank),
        hands,
        ..Theme::unnamed(
            rank.to_string(),
            vec![answer(name, "A", Some("BEN"), false), answer("2", "<!here>", None, false)],
        )
    };
    vec![
        Theme { promised: 2, votes: Some(4), came_up: Some(3), ..sorted(1, "Lunch", Hands::Ours) },
        Theme { passed_to: Some("IT".into()), votes: Some(1), ..sorted(2, "The build", Hands::Others) },
        sorted(3, "Rain", Hands::NotOurs),
        sorted(4, "*Hiring*", Hands::Unsorted),
    ]
}

#[test]
fn themes_say_how_they_are_sorted() {
    let [ours, others, not_ours, unsorted] = &sorted_themes()[..] else { panic!("four themes") };
    insta::assert_snapshot!(read(&shown("", ours)), @r"
    :mirror: *1. Lunch*: 4 votes
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro. Came up 3 times. *In our hands.* 2 promises were asked for.)
    [In our hands? ▾] [Make a promise]
    ");
    insta::assert_snapshot!(read(&shown("Ops", others)), @r"
    :mirror: *2. The build*: 1 vote
    • A (*Ben*)
    • &lt;!here&gt;
    (From *Ops*. *Needs others.* Passed on to <#IT>.)
    [In our hands? ▾] [Pass it on elsewhere]
    ");
    let again = Theme { hands: Hands::NotOurs, passed_to: Some("IT".into()), ..ours.clone() };
    assert!(read(&shown("", &again)).contains(
        "*Not in our hands.* Good that it was said. 2 promises were asked for. Passed on to <#IT>."
    ));
    insta::assert_snapshot!(read(&shown("", not_ours)), @r"
    :mirror: *3. Rain*
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro. *Not in our hands.* Good that it was said.)
    [In our hands? ▾]
    ");
    insta::assert_snapshot!(read(&shown("", unsorted)), @r"
    :mirror: *4. Hiring*
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro. Talk about it in the thread. Is it in your hands? An organiser says so below.)
    [In our hands? ▾]
    ");
    let waits = Theme { passed_to: None, ..others.clone() };
    insta::assert_snapshot!(read(&shown("", &waits)), @r"
    :mirror: *2. The build*: 1 vote
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro. *Needs others.* An organiser can pass it on to a channel.)
    [In our hands? ▾] [Pass it on]
    ");
    let first = Theme { promised: 0, ..ours.clone() };
    insta::assert_snapshot!(read(&shown("", &first)), @r"
    :mirror: *1. Lunch*: 4 votes
    • A (*Ben*)
    • &lt;!here&gt;
    (From the retro. Came up 3 times. *In our hands.* Who takes on a first step?)
    [In our hands? ▾] [Make a promise]
    ");
}
