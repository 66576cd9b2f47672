//! What the organiser of chats may choose: the settings of one programme.

use serde::{Deserialize, Serialize};

use super::plan::{LARGEST_GROUP, SMALLEST_GROUP};

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
        let fits = |size: &usize| (SMALLEST_GROUP..=LARGEST_GROUP).contains(size);
        Options { group_size: read.group_size.filter(fits), ..read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
