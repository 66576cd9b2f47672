//! What apps offered in menus whose options come from them, so that a person may choose by text or value.

use std::collections::VecDeque;

use serde_json::Value;

/// Menus whose offers are kept; the oldest is forgotten first.
const MENUS: usize = 200;

/// A menu as one person has it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenMenu {
    user: String,
    block_id: Value,
    action_id: Value,
}

impl OpenMenu {
    pub(crate) fn new(user: &str, block: &Value, element: &Value) -> OpenMenu {
        OpenMenu {
            user: user.to_owned(),
            block_id: block["block_id"].clone(),
            action_id: element["action_id"].clone(),
        }
    }
}

/// The newest offer in each menu, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Offers(VecDeque<(OpenMenu, Vec<Value>)>);

impl Offers {
    /// Keeps what an app answered to a person who typed into a menu.
    pub(crate) fn keep(&mut self, menu: OpenMenu, answer: &Value) {
        self.0.retain(|(other, _)| *other != menu);
        while self.0.len() >= MENUS {
            self.0.pop_front();
        }
        self.0.push_back((menu, options(answer).cloned().collect()));
    }

    /// Returns the offered option with this text or value.
    pub(crate) fn find(&self, menu: &OpenMenu, named: &str) -> Option<&Value> {
        let (_, offered) = self.0.iter().find(|(other, _)| other == menu)?;
        offered.iter().find(|option| is_named(option, named))
    }
}

/// Returns the options of a menu or of an answer, those in groups too.
pub(crate) fn options(holder: &Value) -> impl Iterator<Item = &Value> {
    let groups = holder["option_groups"].as_array().into_iter().flatten();
    let grouped = groups.filter_map(|group| group["options"].as_array()).flatten();
    holder["options"].as_array().into_iter().flatten().chain(grouped)
}

/// Whether an option has this text or value.
pub(crate) fn is_named(option: &Value, named: &str) -> bool {
    option["text"]["text"] == named || option["value"] == named
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn old_offers_make_room() {
        let mut offers = Offers::default();
        let menu = |at: usize| OpenMenu::new("U1", &json!({ "block_id": at }), &json!({ "action_id": "a" }));
        let answer = json!({ "options": [{ "text": { "text": "Far" }, "value": "far" }] });
        for at in 0..=MENUS {
            offers.keep(menu(at), &answer);
        }
        assert!(offers.find(&menu(0), "far").is_none());
        assert!(offers.find(&menu(1), "Far").is_some() && offers.find(&menu(MENUS), "far").is_some());
        offers.keep(menu(1), &json!({ "options": [] }));
        assert!(offers.find(&menu(1), "far").is_none());
        assert_eq!(offers.0.len(), MENUS);
    }
}
