//! The set-up form that every ritual shares: name, channel, times and who takes part, then a preview, then *Start* or *Save*.
//!
//! Two views take turns in one modal. The **form** asks. What is sent is checked: either it comes back with what is to be
//! mended at each field, or the **preview** takes its place, with the next dates and each message as people will read it. The
//! preview carries what was typed, so that *Back* shows the form with it, and so does everything that stands in the way later.
//!
//! This module knows the form's values and words; `common/programmes/setup.rs` opens it, checks what comes back, and starts or
//! changes the programme. A ritual adds the fields of its own options, as blocks under names of their own; what they hold
//! comes back in [`SetupDraft::own`].
//!
//! Nothing in `private` proves anything: it comes from outside, so who may do what, and in which channel, is decided at each step
//! anew.

mod carried;
mod complaints;
pub mod messages;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::{
    carried::{Carried, Purpose},
    complaints::{Complaints, plain},
    messages::{Preview, PreviewMessage},
};
use crate::model::{
    event::FieldValue,
    people::ChannelId,
    text::{clean, has_visible_text, one_line},
};

/// The field for the name.
pub const NAME: &str = "name";
/// The field for the channel; there is none where a programme is changed.
pub const CHANNEL: &str = "channel";
/// The field for the times.
pub const WHEN: &str = "when";
/// The field for the single dates that don't come as the times say.
pub const SINGLE_DATES: &str = "single_dates";

/// How long a name may be, in characters.
pub const LONGEST_NAME: usize = 40;
/// How long times may be as they are typed, in characters.
pub const LONGEST_WHEN: usize = 1_200;

/// What a person sends or presses of the form, behind the ritual's name and a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupStep {
    /// The form was sent.
    Form,
    /// The preview was sent: it starts or saves.
    Preview,
    /// The preview's button *Back* was pressed.
    Back,
}

impl SetupStep {
    const ALL: [(SetupStep, &'static str); 3] =
        [(SetupStep::Form, "setup"), (SetupStep::Preview, "setup_now"), (SetupStep::Back, "setup_back")];

    /// The step that a callback or an action names, if it is one of the form's.
    pub fn of(action: &str) -> Option<SetupStep> {
        let (_, word) = action.split_once(':')?;
        SetupStep::ALL.into_iter().find(|(_, known)| *known == word).map(|(step, _)| step)
    }

    /// Its callback or action, for a ritual.
    pub fn action(self, ritual: &str) -> String {
        let word = SetupStep::ALL.into_iter().find(|(step, _)| *step == self).map_or("", |(_, word)| word);
        format!("{ritual}:{word}")
    }
}

/// What a person typed and chose, as they did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupDraft {
    /// The name, empty where there is none.
    pub name: String,
    /// The channel.
    pub channel: Option<ChannelId>,
    /// The times.
    pub when: String,
    /// The names of the single dates that stay as they were changed; `None` stands for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Vec<String>>,
    /// What the ritual's own fields hold, by their names.
    pub own: BTreeMap<String, FieldValue>,
}

impl SetupDraft {
    /// What the answers of a form say. A field that it doesn't have is empty.
    pub fn of(mut answers: BTreeMap<String, FieldValue>) -> SetupDraft {
        let text = |answer: Option<FieldValue>| match answer {
            Some(FieldValue::Text(text)) => text,
            _ => String::new(),
        };
        let (name, when) = (text(answers.remove(NAME)), text(answers.remove(WHEN)));
        let channel = match answers.remove(CHANNEL) {
            Some(FieldValue::Channel(channel)) => Some(channel),
            _ => None,
        };
        let kept = match answers.remove(SINGLE_DATES) {
            Some(FieldValue::Choices(kept)) => Some(kept),
            Some(FieldValue::Empty) => Some(Vec::new()),
            _ => None,
        };
        SetupDraft { name, channel, when, kept, own: answers }
    }
}

/// A name as it is kept and shown, empty where nothing of it can be seen; `None` where it is too long.
pub fn kept_name(typed: &str) -> Option<String> {
    let name = one_line(&clean(typed));
    // Signs alone would be read as formatting.
    let is_name =
        has_visible_text(&name) && name.contains(|sign: char| !sign.is_ascii_punctuation() && sign != ' ');
    let name = if is_name { name } else { String::new() };
    (name.chars().count() <= LONGEST_NAME).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_step_is_found_by_its_action() {
        for (step, _) in SetupStep::ALL {
            assert_eq!(SetupStep::of(&step.action("coffee")), Some(step));
        }
        for other in ["setup", "coffee:start", "coffee:setup:now", ""] {
            assert_eq!(SetupStep::of(other), None, "{other}");
        }
    }

    #[test]
    fn a_name_is_kept_on_one_line() {
        for (typed, kept) in [
            ("  Early\n birds\u{202e} ", Some("Early birds")),
            ("", Some("")),
            (" \u{200b}\u{3164} ", Some("")),
            ("*_~ `", Some("")),
            ("<!channel> & `co`", Some("<!channel> & `co`")),
            ("朝のコーヒー ☕️", Some("朝のコーヒー ☕️")),
        ] {
            assert_eq!(kept_name(typed).as_deref(), kept, "{typed:?}");
        }
        assert_eq!(kept_name(&"☕".repeat(40)).map(|name| name.chars().count()), Some(40));
        assert_eq!(kept_name(&"x".repeat(81)), None);
    }

    #[test]
    fn a_field_of_another_kind_counts_as_empty() {
        let answers = [
            (NAME, FieldValue::Number(7)),
            (WHEN, FieldValue::Empty),
            (CHANNEL, FieldValue::Text("C1".to_owned())),
            ("size", FieldValue::Choice("3".to_owned())),
        ];
        let draft = SetupDraft::of(answers.map(|(name, answer)| (name.to_owned(), answer)).into());
        let own = BTreeMap::from([("size".to_owned(), FieldValue::Choice("3".to_owned()))]);
        assert_eq!(draft, SetupDraft { own, ..SetupDraft::default() });
    }

    proptest! {
        #[test]
        fn a_kept_name_stays_as_it_is(typed in any::<String>()) {
            if let Some(kept) = kept_name(&typed) {
                prop_assert_eq!(kept_name(&kept), Some(kept.clone()));
                prop_assert!(kept.is_empty() || has_visible_text(&kept));
            }
        }
    }
}
