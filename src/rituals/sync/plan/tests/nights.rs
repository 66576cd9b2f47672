//! People for whom a sync is at night.

use super::*;

#[test]
fn people_for_whom_it_is_night_come_last_in_turn() {
    let mut occasions: Vec<Occasion> = (0..12).map(|number| on(number, "A B C D")).collect();
    for occasion in &mut occasions {
        occasion.at_night.insert(UserId::from("A"));
    }
    for seed in 0..50 {
        let leads = leads(&assign(&members("A B C D"), &occasions, &Rules { seed, ..rules(&[LEAD]) }));
        assert!(leads.chunks(4).all(|four| four[3] == "A" && !four[..3].contains(&four[3])), "{leads:?}");
    }
}

/// Whether another person could lead in their day instead of the lead at a night of theirs, whose turn is as due as the lead's: it is
/// less than half a turn behind the most due one, while that is less than half a turn.
fn day_was_free(occasion: &Occasion, lead: &UserId, balances: &BTreeMap<&UserId, f64>) -> bool {
    let of = |id: &UserId| balances[id];
    let greatest = occasion.available.iter().map(of).fold(f64::MIN, f64::max);
    let window = if greatest < 0.5 - 1e-6 { 0.5 } else { 0.0 };
    let is_due = |id: &&UserId| of(id) > greatest - window + 1e-6;
    occasion.at_night.contains(lead)
        && occasion.available.iter().filter(is_due).any(|id| !occasion.at_night.contains(id))
}

proptest! {
    #[test]
    fn a_person_leads_at_night_only_if_their_turn_is_the_most_due(
        weeks in prop::collection::vec((0_u8..64, 0_u8..64), 1..40), seed in any::<u64>(),
    ) {
        let who = |bits: u8| (0..6).filter(move |n| bits >> n & 1 == 1).map(|n| UserId(format!("U{n}")));
        let occasions: Vec<Occasion> = weeks
            .iter()
            .enumerate()
            .map(|(number, (here, night))| Occasion {
                available: who(*here).collect(),
                at_night: who(*night).collect(),
                ..on(number, "")
            })
            .collect();
        let people = members("U0 U1 U2 U3 U4 U5");
        let rules = Rules { seed, ..rules(&[LEAD]) };
        let rota = assign(&people, &occasions, &rules);
        for (number, occasion) in occasions.iter().enumerate() {
            let Some(lead) = rota.duties[number].get(LEAD) else { continue };
            let before = assign(&people, &occasions[..number], &rules).turns;
            let balances = people.iter().map(|member| &member.id).zip(&before);
            let balances = balances.map(|(id, turns)| (id, turns.owed - f64::from(turns.led))).collect();
            prop_assert!(!day_was_free(occasion, lead, &balances), "{number}: {lead} {balances:?}");
        }
    }
}
