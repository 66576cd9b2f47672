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
    /// The one that has the new days. It may be longer than what was added.
    pub new: Away,
    /// Those that it takes the place of.
    pub replaced: Vec<Away>,
    /// Whether the person wasn't recorded as away on all of these days.
    pub has_changed: bool,
}

/// Records one more time away; `None` if there would be more than [`MOST`].
///
/// It is joined with those that it overlaps, so that no day is lost, and one that follows another stays apart from it. Days that
/// are recorded already change nothing.
pub fn with(recorded: &[Away], added: Away, today: NaiveDate) -> Option<Placed> {
    let mut new = added;
    let (mut all, mut replaced, mut has_changed) = (Vec::new(), Vec::new(), true);
    for away in recorded.iter().copied().filter(|away| away.to >= today) {
        if away.to < added.from || added.to < away.from {
            all.push(away);
            continue;
        }
        has_changed = added.from < away.from || away.to < added.to;
        new = Away { from: new.from.min(away.from), to: new.to.max(away.to) };
        replaced.push(away);
    }
    // How long ago it began makes no difference to the person.
    replaced.retain(|away| away.to != new.to || away.from > today);
    replaced.retain(|away| *away != new);
    all.push(new);
    all.sort_unstable();
    (all.len() <= MOST).then_some(Placed { all, new, replaced, has_changed })
}

/// Records that a person is away from now until a day: it sets the end of the time away that is now, earlier or later. `None` if
/// there would be more than [`MOST`].
pub fn until(recorded: &[Away], last: NaiveDate, today: NaiveDate) -> Option<Placed> {
    let now = current(recorded, today);
    let others: Vec<Away> = recorded.iter().copied().filter(|away| Some(*away) != now).collect();
    let added = Away { from: now.map_or(today, |now| now.from), to: last };
    let mut placed = with(&others, added, today)?;
    placed.has_changed = now != Some(placed.new);
    let ended = now.filter(|now| now.to != placed.new.to);
    placed.replaced.splice(0..0, ended);
    Some(placed)
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
        let before = [away(1, 6), away(20, 22)];
        for last in [2, 4, 9] {
            let placed = until(&before, away(2, last).to, day(TODAY)).unwrap();
            assert_eq!(placed.all, [away(1, last), away(20, 22)]);
            assert_eq!((placed.replaced, placed.has_changed), (vec![away(1, 6)], true));
        }
        let same = until(&before, away(2, 6).to, day(TODAY)).unwrap();
        assert_eq!((same.all, same.replaced, same.has_changed), (before.to_vec(), vec![], false));
        let joined = until(&before, away(2, 21).to, day(TODAY)).unwrap();
        assert_eq!((joined.all, joined.replaced), (vec![away(1, 22)], before.to_vec()));
    }

    #[test]
    fn a_short_absence_keeps_a_long_one() {
        let before = [away(1, 20), away(24, 30)];
        for added in [away(3, 3), away(2, 2), away(10, 20), away(24, 30), away(25, 26)] {
            let placed = with(&before, added, day(TODAY)).unwrap();
            assert_eq!((placed.all, placed.replaced, placed.has_changed), (before.to_vec(), vec![], false));
            assert!(placed.new.from <= added.from && added.to <= placed.new.to, "{:?}", placed.new);
        }
    }

    #[test]
    fn times_that_touch_stay_apart() {
        let before = [away(1, 3), away(8, 9)];
        assert_eq!(recorded(&before, away(4, 7)), (vec![away(1, 3), away(4, 7), away(8, 9)], vec![]));
    }

    #[test]
    fn times_that_overlap_are_joined() {
        let before = [away(1, 3), away(8, 12), away(14, 15), away(20, 20)];
        assert_eq!(
            recorded(&before, away(10, 14)),
            (vec![away(1, 3), away(8, 15), away(20, 20)], vec![away(8, 12), away(14, 15)])
        );
        assert_eq!(recorded(&[away(1, 6)], away(5, 9)), (vec![away(1, 9)], vec![away(1, 6)]));
        assert_eq!(recorded(&[away(2, 6)], away(1, 6)), (vec![away(1, 6)], vec![]), "it ends when it did");
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
        fn no_recorded_day_is_lost(typed in prop::collection::vec((1_u32..31, 0_u32..12, any::<bool>()), 1..25)) {
            let mut all: Vec<Away> = Vec::new();
            for (first, days, sets_end) in typed {
                let mut added = away(first, (first + days).min(31));
                if added.to < day(TODAY) {
                    continue;
                }
                let placed = if sets_end {
                    added.from = day(TODAY);
                    until(&all, added.to, day(TODAY))
                } else {
                    with(&all, added, day(TODAY))
                };
                let Some(placed) = placed else { continue };
                let now = current(&all, day(TODAY)).filter(|_| sets_end);
                let covers = |times: &[Away], date| times.iter().any(|away| (away.from..=away.to).contains(&date));
                for date in day(TODAY).iter_days().take(31) {
                    let is_ended = now.is_some_and(|now| (added.to..=now.to).contains(&date) && date != added.to);
                    let was_said = covers(&all, date) && !is_ended || covers(&[added], date);
                    prop_assert_eq!(covers(&placed.all, date), was_said, "{} of {:?} and {:?}", date, all, added);
                }
                prop_assert!(placed.has_changed || placed.all == all);
                all = placed.all;
                let are_apart = all.windows(2).all(|pair| pair[0].to < pair[1].from);
                prop_assert!(are_apart && all.iter().all(|away| away.from <= away.to), "{:?}", all);
            }
        }
    }
}
