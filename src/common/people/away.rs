//! A person's times away: adding one, and ending or dropping one. They are in order and don't overlap.

use chrono::{Days, NaiveDate};

use super::Away;

/// How many times away a person can have that aren't over.
pub const MOST: usize = 20;

/// The times away of a person once one more is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Those that aren't over, the earliest first.
    pub all: Vec<Away>,
    /// The new one. If the person is away already, it begins when they left.
    pub new: Away,
    /// Those that it takes the place of.
    pub replaced: Vec<Away>,
}

/// Records one more time away; `None` if there would be more than [`MOST`].
///
/// What was said last counts: the new one takes the place of those to come that it overlaps, and if both are now, it sets the end.
/// One that is now is only cut where a later one begins, and one that follows another stays apart from it.
pub fn with(recorded: &[Away], added: Away, today: NaiveDate) -> Option<Placed> {
    let mut new = added;
    let (mut others, mut replaced) = (Vec::new(), Vec::new());
    for away in recorded.iter().copied().filter(|away| away.to >= today) {
        let overlaps = away.from <= added.to && added.from <= away.to;
        if away.from <= today && added.from <= today {
            new.from = new.from.min(away.from);
            replaced.extend((away.to != added.to).then_some(away));
        } else if !overlaps {
            others.push(away);
        } else if away.from <= today {
            others.extend(added.from.pred_opt().map(|to| Away { to, ..away }));
        } else if away != added {
            replaced.push(away);
        }
    }
    others.push(new);
    others.sort_unstable();
    (others.len() <= MOST).then_some(Placed { all: others, new, replaced })
}

/// Returns the time away that is now.
pub fn current(recorded: &[Away], today: NaiveDate) -> Option<Away> {
    recorded.iter().copied().find(|away| (away.from..=away.to).contains(&today))
}

/// Returns the times away that aren't over without one of them; if that is now, it ends yesterday. `None` if it isn't recorded.
pub fn without(recorded: &[Away], dropped: Away, today: NaiveDate) -> Option<Vec<Away>> {
    if dropped.to < today || !recorded.contains(&dropped) {
        return None;
    }
    let yesterday = today.checked_sub_days(Days::new(1));
    let shorter = yesterday.filter(|yesterday| dropped.from <= *yesterday);
    let shorter = shorter.map(|yesterday| Away { to: yesterday, ..dropped });
    let others = recorded.iter().copied().filter(|away| away.to >= today && *away != dropped);
    let mut left: Vec<Away> = others.chain(shorter).collect();
    left.sort_unstable();
    Some(left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Days of December 2026; today is the 2nd.
    fn away(from: u32, to: u32) -> Away {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        Away { from: day(from), to: day(to) }
    }

    const TODAY: &str = "2026-12-02";

    fn recorded(before: &[Away], added: Away) -> (Vec<Away>, Vec<Away>) {
        let placed = with(before, added, day(TODAY)).unwrap();
        assert!(placed.all.contains(&placed.new));
        (placed.all, placed.replaced)
    }

    #[test]
    fn what_is_said_last_sets_the_end() {
        for last in [2, 4, 9] {
            let (all, replaced) = recorded(&[away(1, 6), away(20, 22)], away(2, last));
            assert_eq!((all, replaced), (vec![away(1, last), away(20, 22)], vec![away(1, 6)]));
        }
        assert_eq!(recorded(&[away(1, 6)], away(2, 6)), (vec![away(1, 6)], vec![]), "nothing is replaced");
    }

    #[test]
    fn times_that_touch_stay_apart() {
        let before = [away(1, 3), away(8, 9)];
        assert_eq!(recorded(&before, away(4, 7)), (vec![away(1, 3), away(4, 7), away(8, 9)], vec![]));
    }

    #[test]
    fn times_to_come_that_overlap_are_replaced() {
        let before = [away(1, 3), away(8, 12), away(14, 15), away(20, 20)];
        assert_eq!(
            recorded(&before, away(10, 14)),
            (vec![away(1, 3), away(10, 14), away(20, 20)], vec![away(8, 12), away(14, 15)])
        );
        assert_eq!(
            recorded(&before, away(8, 12)),
            (before.to_vec(), vec![]),
            "the same one again is nothing new"
        );
        assert_eq!(recorded(&[away(1, 6)], away(5, 9)), (vec![away(1, 4), away(5, 9)], vec![]));
    }

    #[test]
    fn there_are_not_too_many() {
        let many: Vec<Away> = (4..24).map(|day| away(day, day)).collect();
        assert_eq!(with(&many, away(28, 29), day(TODAY)), None);
        assert!(with(&many[1..], away(28, 29), day(TODAY)).is_some());
        assert!(with(&many, away(3, 29), day(TODAY)).is_some(), "it takes the place of them all");
    }

    #[test]
    fn a_person_who_is_back_was_away_until_yesterday() {
        let before = [away(1, 9), away(10, 11)];
        assert_eq!(current(&before, day(TODAY)), Some(away(1, 9)));
        let after = without(&before, away(1, 9), day(TODAY)).unwrap();
        assert_eq!(after, [away(1, 1), away(10, 11)]);
        assert_eq!(current(&after, day(TODAY)), None);
        assert_eq!(without(&[away(2, 9)], away(2, 9), day(TODAY)), Some(Vec::new()));
        for gone in [away(1, 1), away(5, 6)] {
            assert_eq!(without(&after, gone, day(TODAY)), None);
        }
    }

    proptest! {
        #[test]
        fn times_away_never_overlap(typed in prop::collection::vec((1_u32..31, 0_u32..6), 1..25)) {
            let mut all = Vec::new();
            for (first, days) in typed {
                let added = away(first, (first + days).min(31));
                if added.to < day(TODAY) {
                    continue;
                }
                if let Some(placed) = with(&all, added, day(TODAY)) {
                    let covers = |date| placed.all.iter().any(|away| (away.from..=away.to).contains(&date));
                    let is_covered = added.from.iter_days().take_while(|date| *date <= added.to).all(covers);
                    prop_assert!(is_covered);
                    all = placed.all;
                }
                let are_apart = all.windows(2).all(|pair| pair[0].to < pair[1].from);
                prop_assert!(are_apart && all.iter().all(|away| away.from <= away.to), "{:?}", all);
            }
        }
    }
}
