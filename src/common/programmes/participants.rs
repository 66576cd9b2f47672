//! Who takes part in an occasion of a channel's programme: the people in the channel, or those of them whom its organiser
//! chose, who have not said otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{NaiveDate, NaiveDateTime};

use super::audience::Audience;
use crate::{
    common::people::{PersonSettings, store as settings},
    model::{
        failure::Failure,
        holidays::Holidays,
        people::{Person, PersonKind, UserId},
    },
    ritual::Context,
    store::{
        absences::{self, Absence},
        programmes::Programme,
    },
};

/// Who takes part in an occasion, and who would but for their own wish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participants {
    /// Who takes part.
    pub here: Vec<Person>,
    /// Who sits out this one occasion.
    pub skipping: Vec<UserId>,
    /// Who is away on that day, doesn't work then, or has a public holiday.
    pub away: Vec<UserId>,
    /// The names of the holidays of those of them who have one on that day.
    pub holidays: BTreeMap<UserId, String>,
    /// Who has left the programme for good, until they join again.
    pub left: Vec<UserId>,
    /// Who is in the channel and wasn't chosen to take part.
    pub unchosen: Vec<UserId>,
}

impl Participants {
    /// Whether the person is in one of the lists.
    pub fn knows(&self, user: &UserId) -> bool {
        self.here.iter().any(|person| person.id == *user)
            || self.skipping.contains(user)
            || self.away.contains(user)
            || self.left.contains(user)
    }

    /// How many people take part in the programme, whether in this occasion or not.
    pub fn of_the_programme(&self) -> usize {
        self.here.len() + self.skipping.len() + self.away.len()
    }

    /// How many people of the channel could take part, whether they do or not.
    pub fn in_the_channel(&self) -> usize {
        self.of_the_programme() + self.left.len() + self.unchosen.len()
    }

    /// What the person does about the occasion.
    pub fn part_of(&self, user: &UserId) -> Part {
        match user {
            user if self.unchosen.contains(user) => Part::IsNotChosen,
            user if self.left.contains(user) => Part::HasLeft,
            user if self.skipping.contains(user) => Part::Skips,
            user if self.holidays.contains_key(user) => Part::HasHoliday,
            user if self.away.contains(user) => Part::IsAway,
            user if self.here.iter().any(|person| person.id == *user) => Part::TakesPart,
            _ => Part::IsNotSeen,
        }
    }
}

/// What a person does about an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// They take part.
    TakesPart,
    /// They skip it.
    Skips,
    /// Their own settings say that they are away or don't work that day.
    IsAway,
    /// That day is a public holiday in their region.
    HasHoliday,
    /// They have left the programme.
    HasLeft,
    /// The programme's organiser chose others.
    IsNotChosen,
    /// They are not among the people of the channel who can take part.
    IsNotSeen,
}

/// The people of a programme's channel, with what they said and set for themselves.
#[derive(Clone, Debug)]
pub struct ChannelPeople {
    pub people: Vec<Person>,
    pub absences: Vec<(UserId, Absence)>,
    pub settings: BTreeMap<UserId, PersonSettings>,
    pub guests_take_part: bool,
    /// The people whom the organiser chose, in the channel or not; `None` is everyone.
    pub chosen: Option<BTreeSet<UserId>>,
    /// The public holidays of regions.
    pub holidays: Arc<Holidays>,
}

impl ChannelPeople {
    pub async fn load(context: &Context, programme: &Programme) -> Result<ChannelPeople, Failure> {
        let store = &context.store;
        let chosen = match Audience::of(&programme.settings) {
            Some(audience) => Some(audience.chosen(store).await?.people),
            None => None,
        };
        Ok(ChannelPeople {
            people: store.channel_people(&programme.channel).await?,
            absences: absences::of_programme(store, &programme.id).await?,
            settings: settings::of_channel(store, &programme.channel).await?,
            guests_take_part: context.authority.guests_take_part,
            chosen,
            holidays: context.holidays.clone(),
        })
    }

    /// Sorts them for an occasion on a local date, or for none. Bots, people of other workspaces and deactivated accounts
    /// never take part.
    pub fn on(&self, date: Option<NaiveDate>) -> Participants {
        let skipped_date = date.map(|date| date.to_string());
        let is_out = |user: &UserId| {
            date.is_some_and(|date| self.settings.get(user).is_some_and(|own| own.is_out(date)))
        };
        let holiday =
            |user: &UserId| self.holidays.holiday(self.settings.get(user)?.region.as_deref(), date?);
        let mut participants = Participants::default();
        for person in &self.people {
            let takes_part = match person.kind {
                PersonKind::Member => true,
                PersonKind::Guest => self.guests_take_part,
                PersonKind::Bot | PersonKind::Stranger => false,
            };
            if person.deactivated || !takes_part {
                continue;
            }
            let id = person.id.clone();
            if self.chosen.as_ref().is_some_and(|chosen| !chosen.contains(&id)) {
                participants.unchosen.push(id);
                continue;
            }
            match self.absences.iter().find(|(who, _)| *who == id) {
                Some((_, Absence::Left)) => participants.left.push(id),
                Some((_, Absence::Skips(skipped))) if Some(skipped) == skipped_date.as_ref() => {
                    participants.skipping.push(id);
                }
                _ if is_out(&id) => participants.away.push(id),
                _ => match holiday(&id) {
                    Some(name) => {
                        participants.holidays.insert(id.clone(), name.to_owned());
                        participants.away.push(id);
                    }
                    None => participants.here.push(person.clone()),
                },
            }
        }
        participants
    }
}

/// Returns who takes part in the occasion of a programme at that local time; without a time, who takes part at all.
pub async fn participants_of(
    context: &Context,
    programme: &Programme,
    wall: Option<NaiveDateTime>,
) -> Result<Participants, Failure> {
    Ok(ChannelPeople::load(context, programme).await?.on(wall.map(|wall| wall.date())))
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
        let channel = ChannelPeople {
            people,
            absences: absences.into(),
            settings,
            guests_take_part: true,
            chosen: None,
            holidays: Arc::default(),
        };
        let without = ChannelPeople { guests_take_part: false, ..channel.clone() }.on(Some(tuesday));
        assert!(without.here.iter().all(|person| person.kind == PersonKind::Member));
        assert!(channel.on(None).away.is_empty(), "without an occasion there is no day to be away on");
        let members = channel.on(Some(tuesday));
        assert_eq!(members.away, ["ida".into(), "jo".into()]);
        assert!(members.knows(&"jo".into()));
        for (who, part) in [
            ("ana", Part::TakesPart),
            ("gus", Part::Skips),
            ("jo", Part::IsAway),
            ("fay", Part::HasLeft),
            ("bot", Part::IsNotSeen),
        ] {
            assert_eq!(members.part_of(&who.into()), part, "{who}");
        }
        let chosen = Some(["ana", "fay", "who"].map(UserId::from).into());
        let few = ChannelPeople { chosen, ..channel }.on(Some(tuesday));
        assert_eq!((few.here.len(), &few.left), (1, &vec!["fay".into()]));
        for (who, part) in [("gus", Part::IsNotChosen), ("who", Part::IsNotSeen), ("bot", Part::IsNotSeen)] {
            assert_eq!(few.part_of(&who.into()), part, "{who}");
        }
        let here: Vec<&str> = members.here.iter().map(|person| person.id.as_str()).collect();
        assert_eq!(here, ["ana", "cy", "hal"]);
        assert_eq!((members.skipping, members.left), (vec!["gus".into()], vec!["fay".into()]));
    }
}
