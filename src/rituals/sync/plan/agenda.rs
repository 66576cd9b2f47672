//! The points of an agenda, and the order that a person gives them.

use std::collections::BTreeMap;

use crate::model::people::UserId;

/// How many points the agenda of a programme may have.
pub const MOST_POINTS: usize = 30;
/// How many of them one person may have added.
pub const MOST_OF_A_PERSON: usize = 10;

/// A point of an agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub id: String,
    pub programme: String,
    /// The person who added it.
    pub user: UserId,
    /// The person who wrote the words, if it is another.
    pub author: Option<UserId>,
    pub words: String,
    /// The address of the message that it was saved from; empty without one.
    pub link: String,
    /// How many syncs did not reach it.
    pub moved: i64,
}

/// What becomes of the points of an agenda.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ordering {
    /// The ids of those that stay, in their new order.
    pub kept: Vec<String>,
    /// The ids of those that are struck.
    pub struck: Vec<String>,
}

/// Orders points by the numbers that a form gives them. A point without a number is struck; one that the form doesn't have was
/// added later and stays behind the others. A point that gets the number of another moves before it if it comes from behind, and
/// behind it if it comes from before.
pub fn ordered(points: &[Point], numbers: &BTreeMap<String, Option<i64>>) -> Ordering {
    let mut kept = Vec::new();
    let mut struck = Vec::new();
    for (place, point) in (1_i64..).zip(points) {
        match numbers.get(&point.id) {
            Some(Some(number)) => kept.push((*number, number.cmp(&place), &point.id)),
            Some(None) => struck.push(point.id.clone()),
            None => kept.push((i64::MAX, i64::MAX.cmp(&place), &point.id)),
        }
    }
    kept.sort_by_key(|(number, moves, _)| (*number, *moves));
    Ordering { kept: kept.into_iter().map(|(.., id)| id.to_owned()).collect(), struck }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn point(id: &str) -> Point {
        Point {
            id: id.to_owned(),
            programme: "P".to_owned(),
            user: "U1".into(),
            author: None,
            words: String::new(),
            link: String::new(),
            moved: 0,
        }
    }

    fn numbers(given: &[(&str, Option<i64>)]) -> BTreeMap<String, Option<i64>> {
        given.iter().map(|(id, number)| ((*id).to_owned(), *number)).collect()
    }

    #[test]
    fn numbers_order_and_empty_fields_strike() {
        let points = ["a", "b", "c", "d"].map(point);
        let ordering = ordered(&points, &numbers(&[("a", Some(3)), ("b", None), ("c", Some(1))]));
        assert_eq!(
            (ordering.kept, ordering.struck),
            (vec!["c".into(), "a".into(), "d".into()], vec!["b".into()])
        );
        let moved = |given: &[(&str, Option<i64>)]| {
            let shown = [("a", Some(1)), ("b", Some(2)), ("c", Some(3)), ("d", Some(4))];
            ordered(&points, &numbers(&[&shown, given].concat())).kept.concat()
        };
        assert_eq!(moved(&[("c", Some(1))]), "cabd");
        assert_eq!(moved(&[("c", Some(1)), ("d", Some(1))]), "cdab");
        assert_eq!(moved(&[("a", Some(2))]), "bacd");
        assert_eq!(moved(&[("a", Some(4)), ("d", Some(1))]), "dbca");
        let unchanged = ordered(&points, &numbers(&[("a", Some(1)), ("b", Some(2)), ("gone", Some(-4))]));
        assert_eq!((unchanged.kept.concat().as_str(), unchanged.struck.len()), ("abcd", 0));
    }

    proptest! {
        #[test]
        fn no_point_is_lost(ids in prop::collection::btree_set("[a-f]{1,2}", 0..12), given in prop::collection::btree_map("[a-f]{1,2}", any::<Option<i64>>(), 0..12)) {
            let points: Vec<Point> = ids.iter().map(|id| point(id)).collect();
            let Ordering { kept, struck } = ordered(&points, &given);
            prop_assert!(struck.iter().all(|id| given[id].is_none()));
            let number = |id: &String| given.get(id).copied().flatten().unwrap_or(i64::MAX);
            let is_in_order = kept.windows(2).all(|pair| number(&pair[0]) <= number(&pair[1]));
            prop_assert!(is_in_order);
            let all: BTreeSet<String> = kept.iter().chain(&struck).cloned().collect();
            prop_assert_eq!((all, kept.len() + struck.len()), (ids.clone(), ids.len()));
        }
    }
}
