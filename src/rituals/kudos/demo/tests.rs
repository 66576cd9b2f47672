//! What colleagues do when a visitor or a colleague gives kudos.

use std::collections::BTreeSet;

use rand::SeedableRng as _;

use super::*;
use crate::{
    model::people::UserId,
    ritual::demo::fixtures::{colleagues, heard, sunday_night, undrawn},
    rituals::kudos::messages,
};

/// Returns what follows when `giver` thanks `U4`, and a visitor acts as `U1`.
fn reactions(giver: usize) -> Option<Vec<Reaction>> {
    let (colleagues, controlled) = (colleagues(24), BTreeSet::from([1]));
    let company = Company { colleagues: &colleagues, controlled: &controlled, now: sunday_night() };
    let announced =
        messages::announcement(Some(&format!("Person {giver}")), &[UserId::from("U4")], "the plan");
    hear(&heard(sunday_night(), announced.text.as_str(), None), &company, &mut StdRng::seed_from_u64(1))
}

#[test]
fn a_thanked_colleague_answers_a_visitor() {
    let answers = reactions(1).expect("the announcement is understood");
    let by = |person: usize| {
        answers
            .iter()
            .filter(|answer| matches!(answer, Reaction::Answer { who, .. } if *who == person))
            .count()
    };
    assert!((1..=2).contains(&by(4)), "{answers:?}");
    assert_eq!(by(1), 0);
    assert_eq!(answers.len(), by(4) + 1, "another colleague reacts, too");
}

#[test]
fn kudos_of_colleagues_get_emoji_in_working_hours() {
    assert_eq!(reactions(3), Some(Vec::new()), "it is the night to Sunday");
}

#[test]
fn other_messages_are_left_to_others() {
    let (colleagues, controlled) = (colleagues(24), BTreeSet::new());
    let company = Company { colleagues: &colleagues, controlled: &controlled, now: sunday_night() };
    for text in ["", "Hello", ":tada: *A stranger* thanks <@U4>", "*Person 1* thanks"] {
        let said = heard(sunday_night(), text, None);
        assert_eq!(hear(&said, &company, &mut StdRng::seed_from_u64(1)), None, "{text}");
    }
}

#[test]
fn each_gift_is_of_two_people() {
    let mut reasons: Vec<&str> = GIFTS.iter().map(|(.., reason)| *reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    assert_eq!(reasons.len(), GIFTS.len());
    assert!(GIFTS.iter().all(|(giver, receivers, ..)| !receivers.contains(giver) && *giver < 24));
}

#[test]
fn the_page_draws_every_emoji() {
    assert_eq!(undrawn(&ON_KUDOS), [""; 0]);
    assert_eq!(undrawn(&ON_THANKS), [""; 0]);
}
