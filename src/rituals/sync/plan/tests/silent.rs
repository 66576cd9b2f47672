//! A group in which no one answers: the turns go round all the same.

use super::*;

const WEEKS: usize = 60;

/// How the people are found who are asked last.
type AskedLast = fn(&BTreeMap<UserId, Vec<Reaction>>, &BTreeSet<UserId>) -> BTreeSet<UserId>;
/// How one is found who leads without an answer before the next in line.
type Behind = fn(&BTreeMap<UserId, Turns>, &BTreeSet<UserId>, &UserId) -> Option<UserId>;

/// Plays weeks of a group in which no one answers. Each week two people are asked, one after the other, and one is named. Returns how
/// often each person led.
fn led(people: usize, (last, behind): (AskedLast, Behind)) -> Vec<usize> {
    let ids: Vec<String> = (0..people).map(|number| format!("U{number}")).collect();
    let all = ids.join(" ");
    let (mut reactions, mut occasions) = (BTreeMap::<UserId, Vec<Reaction>>::new(), Vec::<Occasion>::new());
    for week in 0..WEEKS {
        let mut occasion = on(week, &all);
        let available = occasion.available.clone();
        occasion.asked_last = last(&reactions, &available);
        let first_without = |without: BTreeSet<UserId>| {
            let mut occasions = occasions.clone();
            occasions.push(Occasion { declined: without, ..occasion.clone() });
            let rota = assign(&members(&all), &occasions, &rules(&[LEAD]));
            rota.duties.last().unwrap().get(LEAD).cloned()
        };
        let (none, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..2 {
            let passed = passed_over(&available, &occasion.asked_last, (&none, asked.clone()));
            asked.extend(first_without(passed));
        }
        let without = without_a_yes(&available, &occasion.asked_last, (&none, &asked));
        let next = first_without(without).expect("a person leads");
        let so_far = assign(&members(&all), &occasions, &rules(&[LEAD])).turns;
        let balances = ids.iter().map(|id| UserId::from(&**id)).zip(so_far).collect();
        let lead = behind(&balances, &asked, &next).unwrap_or(next);
        for user in asked {
            reactions.entry(user).or_default().insert(0, Reaction::Silent);
        }
        occasion.duties.insert(LEAD.to_owned(), lead);
        occasion.is_over = true;
        occasions.push(occasion);
    }
    let times = |id: &String| occasions.iter().filter(|past| past.duties[LEAD].as_str() == id).count();
    ids.iter().map(times).collect()
}

#[test]
fn the_lead_goes_round_where_no_one_answers() {
    let spread = |led: &[usize]| led.iter().max().unwrap() - led.iter().min().unwrap();
    for people in 3..=9 {
        let led = led(people, (asked_last, far_behind));
        assert!(spread(&led) <= 4, "{led:?}");
    }
    let without: [(AskedLast, Behind); 3] = [
        (|reactions, _| unanswering(reactions), |_, _, _| None),
        (asked_last, |_, _, _| None),
        (|reactions, _| unanswering(reactions), far_behind),
    ];
    for rule in without {
        let led = led(5, rule);
        assert!(spread(&led) > 10, "{led:?}");
    }
}
