//! Refuses views that Slack would not show.

use serde_json::Value;

use super::views::Held;
use crate::base::blocks::{Surface, check_view};
use crate::base::limits::VIEW_BYTES;

/// Why Slack would not show a view.
#[derive(Clone, Debug)]
pub(crate) struct ViewRefusal {
    /// Slack's name for the error.
    pub(crate) error: &'static str,
    /// What is wrong in detail; may be empty.
    pub(crate) messages: Vec<String>,
}

impl From<&'static str> for ViewRefusal {
    fn from(error: &'static str) -> Self {
        ViewRefusal { error, messages: Vec::new() }
    }
}

/// Refuses a view that Slack would not show. `replaced` is the view in whose place it goes.
pub(crate) fn check_content(
    held: &[Held],
    view: &Value,
    surface: Surface,
    replaced: Option<&str>,
) -> Result<(), ViewRefusal> {
    let wanted = if surface == Surface::Home { "home" } else { "modal" };
    if view["type"] != wanted {
        let message = format!("[ERROR] must be a valid enum value: {wanted} [json-pointer:/view/type]");
        return Err(ViewRefusal { error: "invalid_arguments", messages: vec![message] });
    }
    if view.to_string().len() > VIEW_BYTES {
        return Err(ViewRefusal::from("view_too_large"));
    }
    let wrong = check_view(view, surface);
    if !wrong.is_empty() {
        return Err(ViewRefusal { error: "invalid_arguments", messages: wrong });
    }
    let external_id = view["external_id"].as_str().filter(|id| !id.is_empty());
    let taken =
        |held: &Held| Some(held.id.as_str()) != replaced && held.view["external_id"].as_str() == external_id;
    if external_id.is_some() && held.iter().any(taken) {
        return Err(ViewRefusal::from("duplicate_external_id"));
    }
    Ok(())
}
