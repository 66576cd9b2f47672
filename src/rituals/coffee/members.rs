//! Who takes part in a channel's chats: all people in it who have not said otherwise.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::store::Absence;
use crate::{
    common::{people::PersonSettings, programmes::Participants},
    model::people::{Person, PersonKind, UserId},
};

/// People who take part in no round.
#[derive(Clone, Copy, Debug)]
pub struct Absent<'a> {
    /// What people said of these chats.
    pub absences: &'a [(UserId, Absence)],
    /// What people set for themselves.
    pub settings: &'a BTreeMap<UserId, PersonSettings>,
    /// Whether guests take part.
    pub guests_take_part: bool,
}

/// Sorts the people of a channel. Bots, people of other workspaces and accounts that are switched off never take part.
/// `date` is that of the round in question, if there is one.
pub fn members(people: Vec<Person>, absent: Absent<'_>, date: Option<NaiveDate>) -> Participants {
    let Absent { absences, settings, guests_take_part } = absent;
    let skipped_date = date.map(|date| date.to_string());
    let is_out =
        |user: &UserId| date.is_some_and(|date| settings.get(user).is_some_and(|own| own.is_out(date)));
    let mut members = Participants::default();
    for person in people {
        let takes_part = match person.kind {
            PersonKind::Member => true,
            PersonKind::Guest => guests_take_part,
            PersonKind::Bot | PersonKind::Stranger => false,
        };
        if person.deactivated || !takes_part {
            continue;
        }
        match absences.iter().find(|(who, _)| *who == person.id) {
            Some((_, Absence::Left)) => members.left.push(person.id),
            Some((_, Absence::Skips(skipped))) if Some(skipped) == skipped_date.as_ref() => {
                members.skipping.push(person.id);
            }
            _ if is_out(&person.id) => members.away.push(person.id),
            _ => members.here.push(person),
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use chrono::{Weekday, WeekdaySet};

    use super::*;
    use crate::common::people::Away;

    fn person(id: &str, kind: PersonKind, deactivated: bool) -> Person {
        Person { id: id.into(), name: id.to_owned(), zone: None, kind, deactivated, admin: false }
    }

    #[test]
    fn everybody_takes_part_who_is_a_person_and_has_not_said_otherwise() {
        let tuesday = "2026-01-06".parse().unwrap();
        let people = vec![
            person("ana", PersonKind::Member, false),
            person("bot", PersonKind::Bot, false),
            person("cy", PersonKind::Guest, false),
            person("dee", PersonKind::Member, true),
            person("eve", PersonKind::Stranger, false),
            person("fay", PersonKind::Member, false),
            person("gus", PersonKind::Member, false),
            person("hal", PersonKind::Member, false),
            person("ida", PersonKind::Member, false),
            person("jo", PersonKind::Member, false),
        ];
        let absences = [
            ("fay".into(), Absence::Left),
            ("gus".into(), Absence::Skips("2026-01-06".to_owned())),
            ("hal".into(), Absence::Skips("2025-12-30".to_owned())),
            ("who".into(), Absence::Left),
        ];
        let away = Away { from: tuesday, to: tuesday };
        let settings = BTreeMap::from([
            ("ida".into(), PersonSettings { away: vec![away], ..PersonSettings::default() }),
            (
                "jo".into(),
                PersonSettings { days_out: WeekdaySet::single(Weekday::Tue), ..PersonSettings::default() },
            ),
            ("fay".into(), PersonSettings { away: vec![away], ..PersonSettings::default() }),
        ]);
        let absent = Absent { absences: &absences, settings: &settings, guests_take_part: true };
        let without = Absent { guests_take_part: false, ..absent };
        let without_guests = members(people.clone(), without, Some(tuesday)).here;
        assert!(without_guests.iter().all(|person| person.kind == PersonKind::Member));
        assert!(members(people.clone(), absent, None).away.is_empty(), "no round, no day to be away on");
        let members = members(people, absent, Some(tuesday));
        assert_eq!(members.away, ["ida".into(), "jo".into()]);
        assert!(members.knows(&"jo".into()));
        let here: Vec<&str> = members.here.iter().map(|person| person.id.as_str()).collect();
        assert_eq!(here, ["ana", "cy", "hal"]);
        assert_eq!((members.skipping, members.left), (vec!["gus".into()], vec!["fay".into()]));
    }
}
