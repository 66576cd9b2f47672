//! Who takes part in a channel's chats: everybody in it who has not said otherwise.

use super::store::Absence;
use crate::model::people::{Kind, Person, UserId};

/// Who takes part in a round, and who would but for their own wish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Who takes part.
    pub here: Vec<Person>,
    /// Who sits out this one round.
    pub skipping: Vec<UserId>,
    /// Who has left the chats for good, until they join again.
    pub left: Vec<UserId>,
}

impl Members {
    /// Whether the person is in one of the three lists.
    pub fn knows(&self, user: &UserId) -> bool {
        self.here.iter().any(|person| person.id == *user)
            || self.skipping.contains(user)
            || self.left.contains(user)
    }
}

/// Sorts the people of a channel. Bots, people of other workspaces and accounts that are switched off never take part.
/// `date` is that of the round in question.
pub fn members(people: Vec<Person>, absences: &[(UserId, Absence)], date: &str) -> Members {
    let mut members = Members::default();
    for person in people {
        if person.deactivated || matches!(person.kind, Kind::Bot | Kind::Stranger) {
            continue;
        }
        match absences.iter().find(|(who, _)| *who == person.id) {
            Some((_, Absence::Left)) => members.left.push(person.id),
            Some((_, Absence::Skips(skipped))) if skipped == date => members.skipping.push(person.id),
            _ => members.here.push(person),
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, kind: Kind, deactivated: bool) -> Person {
        Person { id: id.into(), name: id.to_owned(), zone: None, kind, deactivated, admin: false }
    }

    #[test]
    fn everybody_takes_part_who_is_a_person_and_has_not_said_otherwise() {
        let people = vec![
            person("ana", Kind::Member, false),
            person("bot", Kind::Bot, false),
            person("cy", Kind::Guest, false),
            person("dee", Kind::Member, true),
            person("eve", Kind::Stranger, false),
            person("fay", Kind::Member, false),
            person("gus", Kind::Member, false),
            person("hal", Kind::Member, false),
        ];
        let absences = [
            ("fay".into(), Absence::Left),
            ("gus".into(), Absence::Skips("2026-01-06".to_owned())),
            ("hal".into(), Absence::Skips("2025-12-30".to_owned())),
            ("who".into(), Absence::Left),
        ];
        let members = members(people, &absences, "2026-01-06");
        let here: Vec<&str> = members.here.iter().map(|person| person.id.as_str()).collect();
        assert_eq!(here, ["ana", "cy", "hal"]);
        assert_eq!((members.skipping, members.left), (vec!["gus".into()], vec!["fay".into()]));
    }
}
