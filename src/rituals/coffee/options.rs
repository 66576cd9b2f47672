//! What the organiser of chats may choose: the settings of one programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    messages::{AROUND, ASK_AFTER, SIZE, TELL_BEFORE},
    plan::{LARGEST_GROUP, SMALLEST_GROUP},
};
use crate::model::{event::FieldValue, failure::Failure};

/// The choices of one programme, as the store keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The version of this form.
    pub v: u32,
    /// Whether the channel hears of a round on the day before.
    #[serde(default = "yes")]
    pub notice: bool,
    /// Whether each group is asked at the end whether they met.
    #[serde(default = "yes")]
    pub close: bool,
    /// How many people are introduced at a time; `None` is what the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_size: Option<usize>,
}

fn yes() -> bool {
    true
}

impl Default for Options {
    fn default() -> Options {
        Options { v: 1, notice: true, close: true, group_size: None }
    }
}

impl Options {
    /// Reads the settings of a programme. What this release cannot read is as it is by default.
    pub fn read(settings: &str) -> Options {
        let read = serde_json::from_str::<Options>(settings).unwrap_or_default();
        Options { group_size: read.group_size.filter(|size| fits(*size)), ..read }
    }

    /// As the store keeps them.
    pub fn as_stored(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::Fail(error.into()))
    }

    /// The same with what a form answers. A field that the form doesn't have stays as it is. `usual` is the size of groups
    /// that the configuration sets: chats of that size follow it.
    #[must_use]
    pub fn answered(self, answers: &BTreeMap<String, FieldValue>, usual: usize) -> Options {
        let (notice, close) = match answers.get(AROUND) {
            Some(FieldValue::Choices(chosen)) => {
                let is_chosen = |value: &str| chosen.iter().any(|chosen| chosen == value);
                (is_chosen(TELL_BEFORE), is_chosen(ASK_AFTER))
            }
            Some(_) => (false, false),
            None => (self.notice, self.close),
        };
        let group_size = match answers.get(SIZE) {
            Some(FieldValue::Choice(size)) => size.parse().ok().filter(|size| fits(*size) && *size != usual),
            _ => self.group_size,
        };
        Options { notice, close, group_size, ..self }
    }
}

fn fits(size: usize) -> bool {
    (SMALLEST_GROUP..=LARGEST_GROUP).contains(&size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::message::Block, rituals::coffee::messages::fields};

    /// What the fields answer that are sent as they stand.
    fn as_they_stand(options: &Options, usual: usize) -> BTreeMap<String, FieldValue> {
        let answer = |block: Block| match block {
            Block::Input(input) => Some((input.name, input.field.answer())),
            _ => None,
        };
        fields(options, usual).into_iter().filter_map(answer).collect()
    }

    #[test]
    fn fields_sent_as_they_stand_change_nothing() {
        for (notice, close) in [(true, true), (true, false), (false, true), (false, false)] {
            for group_size in [None, Some(3), Some(8)] {
                let options = Options { v: 1, notice, close, group_size };
                for usual in [2, 4] {
                    assert_eq!(options.clone().answered(&as_they_stand(&options, usual), usual), options);
                }
                assert_eq!(options.clone().answered(&BTreeMap::new(), 2), options);
            }
        }
    }

    #[test]
    fn answers_of_another_kind_choose_nothing() {
        let answers = |around, size| BTreeMap::from([(AROUND.to_owned(), around), (SIZE.to_owned(), size)]);
        let off = Options { notice: false, close: false, ..Options::default() };
        for size in ["0", "1", "9", "-2", "two", ""] {
            let odd = answers(FieldValue::Empty, FieldValue::Choice(size.to_owned()));
            assert_eq!(Options::default().answered(&odd, 2), off, "{size}");
        }
        let odd = answers(FieldValue::Choices(vec!["other".to_owned()]), FieldValue::Number(3));
        assert_eq!(Options::default().answered(&odd, 2), off);
    }

    #[test]
    fn choices_are_stored_in_one_form() {
        for (options, stored) in [
            (Options::default(), r#"{"v":1,"notice":true,"close":true}"#),
            (
                Options { v: 1, notice: false, close: false, group_size: Some(3) },
                r#"{"v":1,"notice":false,"close":false,"group_size":3}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&options).unwrap(), stored);
            assert_eq!(Options::read(stored), options);
        }
        for other in [r#"{"v":1}"#, r#"{"v":1,"group_size":99}"#, "", "[]"] {
            assert_eq!(Options::read(other), Options::default(), "{other}");
        }
    }
}
