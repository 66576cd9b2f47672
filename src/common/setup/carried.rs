//! What a view of the set-up form carries unseen, in a fixed form: an update of the bot may come while it lies open.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::SetupDraft;
use crate::{
    common::reply_target::ReplyTarget,
    model::{
        clock::{Instant, from_ms},
        failure::Failure,
    },
};

/// The version of this form; a view of another one can't be read.
const VERSION: u32 = 1;
/// How many characters a view carries at most: Slack's own limit.
const MOST_CHARACTERS: usize = 3_000;

/// What a form is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To start a programme.
    Start,
    /// To change one.
    Change {
        /// Which.
        programme: String,
        /// How often it had been changed when it was read.
        version: i64,
    },
}

/// What a view carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    v: u32,
    /// What the form is for.
    pub purpose: Purpose,
    /// Where the person typed or pressed.
    pub target: Option<ReplyTarget>,
    /// A preview carries what was typed; the form has it in its fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<SetupDraft>,
    /// When and in which zone its times were read, in milliseconds: what starts is what was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<(i64, Tz)>,
}

impl Carried {
    /// What a form carries.
    pub fn new(purpose: Purpose, target: Option<ReplyTarget>) -> Carried {
        Carried { v: VERSION, purpose, target, draft: None, read: None }
    }

    /// The same with what was typed, whose times were read at that instant in that zone.
    #[must_use]
    pub fn with_draft(mut self, draft: SetupDraft, at: Instant, zone: Tz) -> Carried {
        (self.draft, self.read) = (Some(draft), Some((at.timestamp_millis(), zone)));
        self
    }

    /// The same without what was typed.
    #[must_use]
    pub fn without_draft(mut self) -> Carried {
        (self.draft, self.read) = (None, None);
        self
    }

    /// When and in which zone its times were read.
    pub fn read_at(&self) -> Option<(Instant, Tz)> {
        self.read.map(|(at, zone)| (from_ms(at), zone))
    }

    /// As a view carries it; `None` where it is longer than Slack takes.
    pub fn private(&self) -> Result<Option<String>, Failure> {
        let private = serde_json::to_string(self).map_err(|error| Failure::Fail(error.into()))?;
        Ok((private.chars().count() <= MOST_CHARACTERS).then_some(private))
    }

    /// Reads what a view carried; `None` where it is none of this release's.
    pub fn of(private: &str) -> Option<Carried> {
        serde_json::from_str::<Carried>(private).ok().filter(|carried| carried.v == VERSION)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        common::setup::{LONGEST_WHEN, kept_name},
        model::{event::FieldValue, text::clean},
    };

    fn draft(name: &str, when: &str) -> SetupDraft {
        let own = BTreeMap::from([
            ("around".to_owned(), FieldValue::Choices(vec!["notice".to_owned(), "close".to_owned()])),
            ("size".to_owned(), FieldValue::Choice("2".to_owned())),
        ]);
        SetupDraft {
            name: name.to_owned(),
            channel: Some("C0CAFE".into()),
            when: when.to_owned(),
            kept: None,
            own,
        }
    }

    #[test]
    fn what_is_carried_has_a_form_that_stays() {
        let now = from_ms(1_767_603_600_000);
        let form = Carried::new(Purpose::Start, None);
        let stored = r#"{"v":1,"purpose":"start","target":null}"#;
        assert_eq!(form.private().unwrap().as_deref(), Some(stored));
        assert_eq!(Carried::of(stored), Some(form));
        let purpose = Purpose::Change { programme: "P".to_owned(), version: 3 };
        let target = ReplyTarget::here("https://hooks.example/1".to_owned(), now);
        let draft = SetupDraft { own: BTreeMap::new(), ..draft("Lunch", "every Tuesday at 10:00") };
        let preview = Carried::new(purpose, Some(target)).with_draft(draft, now, Tz::Europe__Lisbon);
        let stored = concat!(
            r#"{"v":1,"purpose":{"change":{"programme":"P","version":3}},"#,
            r#""target":{"response_url":"https://hooks.example/1","until":1767605100000},"#,
            r#""draft":{"name":"Lunch","channel":"C0CAFE","when":"every Tuesday at 10:00","own":{}},"#,
            r#""read":[1767603600000,"Europe/Lisbon"]}"#
        );
        assert_eq!(preview.private().unwrap().as_deref(), Some(stored));
        assert_eq!(Carried::of(stored).unwrap().read_at(), Some((now, Tz::Europe__Lisbon)));
        assert_eq!(Carried::of(stored), Some(preview));
    }

    #[test]
    fn what_is_none_of_this_releases_is_not_read() {
        for other in [
            "",
            "C0CAFE",
            "null",
            "[]",
            r#"{"v":2,"purpose":"start","target":null}"#,
            r#"{"v":1,"purpose":"stop","target":null}"#,
            r#"{"v":1,"purpose":"start","target":null,"read":[0,"Mars/Olympus"]}"#,
        ] {
            assert_eq!(Carried::of(other), None, "{other}");
        }
    }

    proptest! {
        /// Quotes and backslashes take two characters there.
        #[test]
        fn what_the_fields_take_is_carried(
            name in "(\\PC|[\"\\\\☕]){0,40}",
            when in "(\\PC|[\"\\\\]){0,800}",
        ) {
            prop_assert!(when.chars().count() <= LONGEST_WHEN);
            let name = kept_name(&name).unwrap_or_default();
            let purpose = Purpose::Change { programme: "x".repeat(36), version: i64::MAX };
            let target = ReplyTarget::here(format!("https://hooks.slack.com/{}", "x".repeat(200)), from_ms(0));
            let carried = Carried::new(purpose, Some(target));
            let carried = carried.with_draft(draft(&name, &clean(&when)), from_ms(i64::from(u32::MAX)), Tz::America__Argentina__ComodRivadavia);
            let private = carried.private().unwrap().expect("it fits");
            prop_assert_eq!(Carried::of(&private), Some(carried));
        }

        #[test]
        fn any_text_is_read_or_refused(private in any::<String>()) {
            prop_assert_eq!(Carried::of(&private), None);
        }
    }
}
