//! What the organiser of a sync may choose: the settings of one programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    NAME,
    messages::{
        DEPARTMENTS, LINK, MINUTES, ORDER, ROUND_ROBIN, SCRIBES, WITH_SCRIBE, departments_in_order,
        long_link, wrong_link,
    },
    plan::{LEAD, Policy, SCRIBE},
};
use crate::{
    common::{
        programmes::audience::{self, Audience},
        setup::Complaints,
    },
    model::{
        event::FieldValue,
        failure::Failure,
        people::UserId,
        text::{Link, clean},
    },
};

/// `[sync]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SyncSettings {
    /// How long a sync is, in minutes, unless its organiser chooses.
    pub duration_minutes: u32,
}

impl SyncSettings {
    /// Returns the first key that is out of range, and how to fix it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        let [durations @ .., last] = DURATIONS.map(|minutes| minutes.to_string());
        (!DURATIONS.contains(&self.duration_minutes))
            .then(|| ("duration_minutes", format!("write {} or {last}", durations.join(", "))))
    }
}

impl Default for SyncSettings {
    fn default() -> SyncSettings {
        SyncSettings { duration_minutes: 30 }
    }
}

/// How long a sync may be, in minutes.
pub const DURATIONS: [u32; 7] = [15, 25, 30, 45, 50, 60, 90];
/// How long an address may be, in characters: the form's preview carries it.
pub const LONGEST_LINK: usize = 500;

/// The choices of one programme, as the store keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The version of this form.
    pub v: u32,
    /// How long a sync is, in minutes; `None` is what the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// The address where people join, as it was typed; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
    /// Whether a second person takes notes.
    #[serde(default)]
    pub scribe: bool,
    /// Who takes turns; `None` is everyone in the channel. Shared code reads it from the stored settings, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// How a person is chosen.
    #[serde(default, skip_serializing_if = "TurnOrder::is_fair")]
    pub order: TurnOrder,
    /// Whether departments lead in turn, where that is fair.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub departments: bool,
}

/// How a person is chosen, as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnOrder {
    #[default]
    Fair,
    RoundRobin,
}

impl TurnOrder {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_fair(&self) -> bool {
        *self == TurnOrder::Fair
    }

    pub fn policy(self) -> Policy {
        match self {
            TurnOrder::Fair => Policy::Fair,
            TurnOrder::RoundRobin => Policy::RoundRobin,
        }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            v: 1,
            minutes: None,
            link: String::new(),
            scribe: false,
            audience: None,
            order: TurnOrder::Fair,
            departments: false,
        }
    }
}

impl Options {
    /// Reads the settings of a programme. What this release cannot read is as it is by default.
    pub fn read(settings: &str) -> Options {
        let read = serde_json::from_str::<Options>(settings).unwrap_or_default();
        Options { minutes: read.minutes.filter(|minutes| DURATIONS.contains(minutes)), ..read }
    }

    pub fn as_stored(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::Fail(error.into()))
    }

    /// Returns the address where people join.
    pub fn link(&self) -> Option<Link> {
        Link::read(&self.link)
    }

    /// Returns the people who were chosen by name to lead one after the other, in the order in which they were chosen.
    pub fn in_order(&self) -> &[UserId] {
        match &self.audience {
            Some(audience) if self.order == TurnOrder::RoundRobin => &audience.people,
            _ => &[],
        }
    }

    /// Returns the duties of a sync, that of leading first.
    pub fn roles(&self) -> Vec<String> {
        [Some(LEAD), self.scribe.then_some(SCRIBE)].into_iter().flatten().map(str::to_owned).collect()
    }

    /// Returns the same with what a form answers, and complains about an address that is none. A field that the form doesn't
    /// have stays as it is. `usual` is how long the configuration makes a sync: programmes of that length follow it.
    #[must_use]
    pub fn answered(
        self,
        answers: &BTreeMap<String, FieldValue>,
        usual: u32,
        complaints: &mut Complaints,
    ) -> Options {
        let minutes = match answers.get(MINUTES) {
            Some(FieldValue::Choice(minutes)) => {
                minutes.parse().ok().filter(|minutes| DURATIONS.contains(minutes) && *minutes != usual)
            }
            _ => self.minutes,
        };
        let link = match answers.get(LINK) {
            Some(FieldValue::Text(link)) => clean(link).trim().to_owned(),
            Some(_) => String::new(),
            None => self.link,
        };
        if link.chars().count() > LONGEST_LINK {
            complaints.add(LINK, long_link(LONGEST_LINK));
        } else if !link.is_empty() && Link::read(&link).is_none() {
            complaints.add(LINK, wrong_link());
        }
        let scribe = match answers.get(SCRIBES) {
            Some(FieldValue::Choice(chosen)) => chosen == WITH_SCRIBE,
            _ => self.scribe,
        };
        let audience = audience::answered(NAME, self.audience, answers, complaints);
        let order = match answers.get(ORDER) {
            Some(FieldValue::Choice(chosen)) if chosen == ROUND_ROBIN => TurnOrder::RoundRobin,
            Some(_) => TurnOrder::Fair,
            None => self.order,
        };
        let departments = match answers.get(DEPARTMENTS) {
            Some(FieldValue::Choices(chosen)) => !chosen.is_empty(),
            Some(_) => false,
            None => self.departments,
        };
        if departments && order == TurnOrder::RoundRobin && answers.contains_key(DEPARTMENTS) {
            complaints.add(DEPARTMENTS, departments_in_order());
        }
        Options { minutes, link, scribe, audience, order, departments, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::message::Block, rituals::sync::messages::fields};

    /// What the fields answer that are sent as they stand.
    fn as_they_stand(options: &Options, usual: u32) -> BTreeMap<String, FieldValue> {
        let answer = |block: Block| match block {
            Block::Input(input) => Some((input.name, input.field.answer())),
            _ => None,
        };
        fields(options, usual).into_iter().filter_map(answer).collect()
    }

    fn answered(options: Options, answers: &[(&str, FieldValue)]) -> (Options, bool) {
        let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut complaints = Complaints::default();
        let options = options.answered(&answers, 30, &mut complaints);
        (options, complaints.is_empty())
    }

    #[test]
    fn fields_sent_as_they_stand_change_nothing() {
        let orders = [(TurnOrder::Fair, true), (TurnOrder::RoundRobin, false)];
        let others = [(None, "", false), (Some(45), "https://a.example/", true)];
        for ((minutes, link, scribe), (order, departments)) in others.into_iter().zip(orders) {
            let link = link.to_owned();
            let options = Options { minutes, link, scribe, order, departments, ..Options::default() };
            let mut complaints = Complaints::default();
            let again = options.clone().answered(&as_they_stand(&options, 30), 30, &mut complaints);
            assert_eq!((again, complaints.is_empty()), (options, true));
        }
    }

    #[test]
    fn departments_dont_go_with_a_fixed_order() {
        let answers = |order: &str, departments: &[&str]| {
            let departments = departments.iter().map(|one| (*one).to_owned()).collect();
            let departments = FieldValue::Choices(departments);
            let order = FieldValue::Choice(order.to_owned());
            answered(Options::default(), &[(ORDER, order), (DEPARTMENTS, departments)]).1
        };
        assert!(answers("fair", &["in_turn"]) && answers(ROUND_ROBIN, &[]));
        assert!(!answers(ROUND_ROBIN, &["in_turn"]));
    }

    #[test]
    fn only_https_addresses_are_taken() {
        let link = |typed: &str| {
            let (options, is_fine) =
                answered(Options::default(), &[(LINK, FieldValue::Text(typed.to_owned()))]);
            (options.link, is_fine)
        };
        assert_eq!(link(" https://meet.example/a?b=c "), ("https://meet.example/a?b=c".to_owned(), true));
        assert_eq!(link(""), (String::new(), true));
        for wrong in [
            "http://meet.example/",
            "meet.example/a",
            "javascript:alert(1)",
            "https://ana:secret@meet.example/",
            "https://meet.example/a b",
            "https://",
            "the usual room",
        ] {
            assert_eq!(link(wrong), (wrong.to_owned(), false));
        }
        assert!(!link(&format!("https://meet.example/{}", "a".repeat(LONGEST_LINK))).1);
    }

    #[test]
    fn other_durations_are_not_taken() {
        let minutes = |chosen: &str| {
            answered(Options::default(), &[(MINUTES, FieldValue::Choice(chosen.to_owned()))]).0.minutes
        };
        assert_eq!((minutes("45"), minutes("30")), (Some(45), None));
        for other in ["0", "-15", "31", "9999", "half an hour", ""] {
            assert_eq!(minutes(other), None, "{other}");
        }
        assert_eq!(Options::read(r#"{"v":1,"minutes":31}"#), Options::default());
    }

    #[test]
    fn settings_have_a_form_that_stays() {
        let before = r#"{"v":1,"minutes":45,"link":"https://meet.example/","scribe":true}"#;
        assert_eq!(Options::read(before).as_stored().unwrap(), before);
        let stored =
            r#"{"v":1,"scribe":false,"audience":{"people":["U1"]},"order":"round_robin","departments":true}"#;
        let options = Options::read(stored);
        assert_eq!((options.order.policy(), options.departments), (Policy::RoundRobin, true));
        assert_eq!(options.audience, Audience::of(stored));
        assert_eq!(options.as_stored().unwrap(), stored);
        assert_eq!(Options::read("{\"v\":1}"), Options::default());
        assert_eq!(Options::read("not JSON"), Options::default());
    }
}
