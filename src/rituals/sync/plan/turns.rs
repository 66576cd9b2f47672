//! Plans the next turns of a sync from what was recorded of the past ones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Member, Occasion, Rota, Rules, Turns, assign};
use crate::model::people::UserId;

/// The duty of leading.
pub const LEAD: &str = "lead";
/// The duty of taking notes.
pub const SCRIBE: &str = "scribe";

/// One date of a sync with all who took part in the sync then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollCall {
    pub occasion: Occasion,
    /// People who took part in the sync, and not on that date.
    pub absent: BTreeSet<UserId>,
}

impl RollCall {
    /// Returns the roll call of a date that is still to come.
    pub fn coming(date: NaiveDate, available: BTreeSet<UserId>, absent: BTreeSet<UserId>) -> RollCall {
        let occasion = Occasion {
            date,
            available,
            declined: BTreeSet::new(),
            asked_last: BTreeSet::new(),
            busy: BTreeSet::new(),
            at_night: BTreeSet::new(),
            declined_notes: BTreeSet::new(),
            duties: BTreeMap::new(),
            is_over: false,
        };
        RollCall { occasion, absent }
    }
}

/// What decides between people whose turns don't.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// People without one have no entry.
    pub departments: BTreeMap<UserId, String>,
    /// Dates of people's duties in other syncs.
    pub busy: BTreeMap<UserId, Vec<NaiveDate>>,
    /// Dates on which people have agreed to lead this one.
    pub booked: BTreeMap<UserId, Vec<NaiveDate>>,
    /// The order of people who lead one after the other; others come behind them, in the order of their ids.
    pub order: Vec<UserId>,
}

/// Puts people into the order in which they lead one after the other.
pub fn put_in_order<T>(people: &mut [T], id: impl Fn(&T) -> &UserId, order: &[UserId]) {
    let place = |of: &UserId| order.iter().position(|known| known == of).unwrap_or(order.len());
    people.sort_by(|one, other| (place(id(one)), id(one)).cmp(&(place(id(other)), id(other))));
}

/// Assigns the duties of the dates to come, in their order. `past` and `coming` are in the order of their dates. A person who
/// was absent on the first date is no newcomer later.
pub fn turns(
    past: &[RollCall],
    coming: &[RollCall],
    rules: &Rules,
    preferences: &Preferences,
) -> Vec<BTreeMap<String, UserId>> {
    planned(past, coming, rules, preferences).1.duties.split_off(past.len())
}

/// Returns each person's turns of leading on these dates, which are over.
pub fn balances(past: &[RollCall], rules: &Rules) -> BTreeMap<UserId, Turns> {
    let (members, rota) = planned(past, &[], rules, &Preferences::default());
    members.into_iter().map(|member| member.id).zip(rota.turns).collect()
}

fn planned(
    past: &[RollCall],
    coming: &[RollCall],
    rules: &Rules,
    preferences: &Preferences,
) -> (Vec<Member>, Rota) {
    let mut joined: BTreeMap<&UserId, NaiveDate> = BTreeMap::new();
    for RollCall { occasion, absent } in past.iter().chain(coming) {
        for person in occasion.available.iter().chain(absent).chain(occasion.duties.values()) {
            joined.entry(person).or_insert(occasion.date);
        }
    }
    let member = |(id, date): (&UserId, NaiveDate)| Member {
        id: id.clone(),
        department: preferences.departments.get(id).cloned(),
        joined: Some(date),
        busy: preferences.busy.get(id).cloned().unwrap_or_default(),
        booked: preferences.booked.get(id).cloned().unwrap_or_default(),
    };
    let mut members: Vec<Member> = joined.into_iter().map(member).collect();
    if !preferences.order.is_empty() {
        put_in_order(&mut members, |member| &member.id, &preferences.order);
    }
    let occasions: Vec<Occasion> =
        past.iter().chain(coming).map(|roll_call| roll_call.occasion.clone()).collect();
    let rota = assign(&members, &occasions, rules);
    (members, rota)
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;
    use crate::rituals::sync::plan::Policy;

    fn day(number: usize) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 6).unwrap() + Days::new(7 * number as u64)
    }

    fn people(ids: &str) -> BTreeSet<UserId> {
        ids.split_whitespace().map(UserId::from).collect()
    }

    fn on(number: usize, available: &str, absent: &str) -> RollCall {
        RollCall::coming(day(number), people(available), people(absent))
    }

    fn held(mut roll_call: RollCall, duties: BTreeMap<String, UserId>) -> RollCall {
        (roll_call.occasion.duties, roll_call.occasion.is_over) = (duties, true);
        roll_call
    }

    fn led_by(roll_call: RollCall, lead: &str) -> RollCall {
        held(roll_call, [(LEAD.to_owned(), lead.into())].into())
    }

    fn rules(roles: &[&str], seed: u64) -> Rules {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        Rules { roles, policy: Policy::Fair, alternate_departments: false, seed }
    }

    fn leads(past: &[RollCall], coming: &[RollCall]) -> Vec<String> {
        leads_by(past, coming, &rules(&[LEAD], 7), &Preferences::default())
    }

    fn leads_by(
        past: &[RollCall],
        coming: &[RollCall],
        rules: &Rules,
        preferences: &Preferences,
    ) -> Vec<String> {
        let turns = turns(past, coming, rules, preferences);
        turns.iter().map(|duties| duties.get(LEAD).map_or("-".to_owned(), UserId::to_string)).collect()
    }

    #[test]
    fn a_newcomer_does_not_lead_at_once() {
        assert_eq!(leads(&[led_by(on(0, "A", ""), "A")], &[on(1, "A B", ""), on(2, "A B", "")]), ["A", "B"]);
    }

    #[test]
    fn a_person_who_was_away_is_no_newcomer() {
        assert_eq!(leads(&[led_by(on(0, "A", "B"), "A")], &[on(1, "A B", "")]), ["B"]);
    }

    #[test]
    fn a_volunteer_who_has_left_counts_in_the_past_alone() {
        assert_eq!(leads(&[led_by(on(0, "A B", ""), "Z")], &[on(1, "B", "")]), ["B"]);
    }

    #[test]
    fn without_people_there_is_no_lead() {
        assert_eq!(leads(&[], &[on(0, "", "A"), on(1, "A", "")]), ["-", "A"]);
    }

    #[test]
    fn a_person_with_a_duty_elsewhere_that_week_leads_later() {
        let coming = [on(0, "A B", ""), on(1, "A B", "")];
        for seed in 0..20 {
            for (busy, first) in [("A", "B"), ("B", "A")] {
                // The sync is on a Tuesday, the other duty on the Friday of the same week.
                let busy = BTreeMap::from([(UserId::from(busy), vec![day(0) + Days::new(3)])]);
                let preferences = Preferences { busy, ..Preferences::default() };
                assert_eq!(leads_by(&[], &coming, &rules(&[LEAD], seed), &preferences)[0], first, "{seed}");
            }
        }
    }

    #[test]
    fn a_turn_that_was_agreed_on_counts_before_it_comes() {
        // A gave the first turn to B, and takes the third of B in return.
        let past = [led_by(on(0, "A B C", ""), "C"), led_by(on(1, "A B C", ""), "B")];
        let mut third = on(3, "A B C", "");
        third.occasion.duties = [(LEAD.to_owned(), UserId::from("A"))].into();
        let coming = [on(2, "A B C", ""), third];
        let booked = BTreeMap::from([(UserId::from("A"), vec![day(3)])]);
        let preferences = Preferences { booked, ..Preferences::default() };
        for seed in 0..20 {
            let led = leads_by(&past, &coming, &rules(&[LEAD], seed), &preferences);
            assert!(led[0] != "A" && led[1] == "A", "{seed}: {led:?}");
        }
    }

    #[test]
    fn departments_lead_in_turn() {
        let coming: Vec<RollCall> = (0..4).map(|number| on(number, "A B C D", "")).collect();
        let of = |department: &str, people_of: &str| -> Vec<(UserId, String)> {
            people(people_of).into_iter().map(|id| (id, department.to_owned())).collect()
        };
        let departments: BTreeMap<UserId, String> =
            of("design", "A B").into_iter().chain(of("ops", "C D")).collect();
        let preferences = Preferences { departments: departments.clone(), ..Preferences::default() };
        for seed in 0..20 {
            let rules = Rules { alternate_departments: true, ..rules(&[LEAD], seed) };
            let led = leads_by(&[], &coming, &rules, &preferences);
            let led: Vec<&str> = led.iter().map(|id| &*departments[&UserId::from(&**id)]).collect();
            assert!(led.windows(2).all(|two| two[0] != two[1]), "{seed}: {led:?}");
        }
    }

    proptest! {
        /// What `next` shows comes true, if nothing changes meanwhile.
        #[test]
        fn turns_planned_together_are_those_planned_one_by_one(
            seed in any::<u64>(),
            who in prop::collection::vec(prop::collection::btree_set(0..6_u8, 0..6), 1..9),
        ) {
            let coming: Vec<RollCall> = who
                .iter()
                .enumerate()
                .map(|(number, who)| {
                    let id = |person: u8| UserId(format!("U{person}"));
                    let absent = (0..6).filter(|person| !who.contains(person)).map(id).collect();
                    RollCall::coming(day(number), who.iter().copied().map(id).collect(), absent)
                })
                .collect();
            let (rules, none) = (rules(&[LEAD, SCRIBE], seed), Preferences::default());
            let together = turns(&[], &coming, &rules, &none);
            let mut past = Vec::new();
            for (roll_call, expected) in coming.into_iter().zip(together) {
                let duties = turns(&past, std::slice::from_ref(&roll_call), &rules, &none).remove(0);
                prop_assert_eq!(&duties, &expected);
                past.push(held(roll_call, duties));
            }
        }
    }
}
