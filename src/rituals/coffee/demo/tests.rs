//! What colleagues do when coffee chats are started, and when they are introduced.

use std::collections::BTreeSet;

use rand::SeedableRng as _;

use super::*;
use crate::ritual::demo::fixtures::{colleagues, heard, sunday_night, undrawn};

/// Returns what follows a message while a visitor acts as `U1`.
fn reactions(heard: &HeardMessage) -> Option<Vec<Reaction>> {
    let (colleagues, controlled) = (colleagues(24), BTreeSet::from([1]));
    let company = Company { colleagues: &colleagues, controlled: &controlled, now: sunday_night() };
    hear(heard, &company, &mut StdRng::seed_from_u64(1))
}

fn introduction(members: &[usize]) -> HeardMessage {
    let buttons = vec![introductions::MET.to_owned(), NOT_YET.to_owned()];
    let said = heard(sunday_night(), "You're matched", None);
    HeardMessage { place: HeardIn::Group, members: members.to_vec(), buttons, ..said }
}

#[test]
fn a_visitor_is_greeted_at_once() {
    let greeted = reactions(&introduction(&[1, 9])).unwrap();
    assert!(
        matches!(&greeted[..], [Reaction::Answer { who: 9, action: ColleagueAction::Says(place, _) }] if place == "C1"),
        "{greeted:?}"
    );
}

#[test]
fn introduced_colleagues_agree_in_working_hours() {
    let planned = reactions(&introduction(&[5, 9])).unwrap();
    assert!((2..=3).contains(&planned.len()), "{planned:?}");
    let colleagues = colleagues(24);
    for reaction in planned {
        let Reaction::Planned(planned) = reaction else { panic!("{reaction:?}") };
        assert!(colleagues[planned.who].is_at_work(planned.at));
    }
}

#[test]
fn a_visitors_start_is_welcomed() {
    let text = ":coffee: <@U1> has started coffee chats here: every Tuesday";
    let welcomed = reactions(&heard(sunday_night(), text, None)).unwrap();
    assert!((3..=5).contains(&welcomed.len()), "{welcomed:?}");
}

#[test]
fn other_messages_are_left_to_others() {
    for text in ["", "Hello <@U1>", "has started coffee chats here", "somebody has started coffee chats "] {
        assert_eq!(reactions(&heard(sunday_night(), text, None)), None, "{text}");
    }
    let question = HeardMessage { buttons: vec!["We met".to_owned()], ..introduction(&[1, 9]) };
    assert_eq!(reactions(&question), None, "the question at a round's end is no introduction");
}

#[test]
fn the_page_draws_every_emoji() {
    assert_eq!(undrawn(&ON_COFFEE), [""; 0]);
}
