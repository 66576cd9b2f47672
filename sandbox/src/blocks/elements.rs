//! Interactive elements: buttons, menus, inputs.

use serde_json::Value;

use super::{Checker, Surface, TextKind};
use crate::limits;

/// What may stand beside a section.
pub(super) const ACCESSORY: &[&str] = &[
    "button",
    "checkboxes",
    "radio_buttons",
    "overflow",
    "image",
    "datepicker",
    "timepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "workflow_button",
];

/// What may stand in an actions block.
pub(super) const ACTIONS: &[&str] = &[
    "button",
    "checkboxes",
    "radio_buttons",
    "overflow",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
    "rich_text_input",
    "workflow_button",
];

/// What may stand in an input block.
pub(super) const INPUT: &[&str] = &[
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "multi_static_select",
    "multi_external_select",
    "multi_users_select",
    "multi_conversations_select",
    "multi_channels_select",
];

impl Checker {
    pub(super) fn element(&mut self, element: &Value, path: &str, allowed: &[&str]) {
        let Some(kind) = element["type"].as_str() else {
            return self.wrong("missing required field: type", path);
        };
        if !allowed.contains(&kind) {
            return self.wrong(&format!("unsupported type: {kind}"), &format!("{path}/type"));
        }
        self.length(element, "action_id", path, limits::ID);
        self.text(element, "placeholder", path, TextKind::Plain, limits::PLACEHOLDER, false);
        self.confirm(element, path);
        match kind {
            "button" => self.button(element, path),
            "image" => self.image(element, path),
            "static_select" | "multi_static_select" => self.select(element, path),
            "overflow" => self.options(element, path, limits::OVERFLOW_OPTIONS),
            "checkboxes" | "radio_buttons" => self.options(element, path, limits::CHECK_OPTIONS),
            "plain_text_input" => self.text_input(element, path),
            "number_input" if element["is_decimal_allowed"].as_bool().is_none() => {
                self.wrong("missing required field: is_decimal_allowed", path);
            }
            "file_input" if self.surface == Surface::Home => {
                self.wrong("unsupported type: file_input", &format!("{path}/type"));
            }
            _ => {}
        }
    }

    fn button(&mut self, button: &Value, path: &str) {
        self.text(button, "text", path, TextKind::Plain, limits::BUTTON_TEXT, true);
        self.length(button, "value", path, limits::BUTTON_VALUE);
        self.length(button, "url", path, limits::URL);
        self.length(button, "accessibility_label", path, limits::BUTTON_TEXT);
        if let Some(style) = button.get("style").and_then(Value::as_str)
            && !matches!(style, "primary" | "danger")
        {
            self.wrong("must be a valid enum value", &format!("{path}/style"));
        }
    }

    fn select(&mut self, select: &Value, path: &str) {
        let Some(groups) = select.get("option_groups").and_then(Value::as_array) else {
            return self.options(select, path, limits::SELECT_OPTIONS);
        };
        if groups.len() > limits::SELECT_OPTIONS {
            let most = limits::SELECT_OPTIONS;
            self.wrong(&format!("no more than {most} items allowed"), &format!("{path}/option_groups"));
        }
        for (at, group) in groups.iter().enumerate() {
            let path = format!("{path}/option_groups/{at}");
            self.text(group, "label", &path, TextKind::Plain, limits::OPTION_TEXT, true);
            self.options(group, &path, limits::SELECT_OPTIONS);
        }
    }

    fn options(&mut self, holder: &Value, path: &str, most: usize) {
        let Some(options) = holder["options"].as_array() else {
            return self.wrong("missing required field: options", path);
        };
        if options.is_empty() {
            self.wrong("must have at least 1 item", &format!("{path}/options"));
        }
        if options.len() > most {
            self.wrong(&format!("no more than {most} items allowed"), &format!("{path}/options"));
        }
        let boxes = matches!(holder["type"].as_str(), Some("checkboxes" | "radio_buttons"));
        let kind = if boxes { TextKind::Either } else { TextKind::Plain };
        for (at, option) in options.iter().enumerate() {
            let path = format!("{path}/options/{at}");
            self.text(option, "text", &path, kind, limits::OPTION_TEXT, true);
            self.text(option, "description", &path, kind, limits::OPTION_TEXT, false);
            if option["value"].as_str().is_none() {
                self.wrong("missing required field: value", &path);
            }
            self.length(option, "value", &path, limits::OPTION_VALUE);
        }
        let initial = holder.get("initial_option").into_iter();
        let initial = initial.chain(holder["initial_options"].as_array().into_iter().flatten());
        for chosen in initial {
            if !options.iter().any(|option| {
                option["value"] == chosen["value"] && option["text"]["text"] == chosen["text"]["text"]
            }) {
                self.wrong("initial option must be one of the options", path);
            }
        }
    }

    fn text_input(&mut self, input: &Value, path: &str) {
        for key in ["min_length", "max_length"] {
            let Some(length) = input.get(key).filter(|length| !length.is_null()) else {
                continue;
            };
            if length.as_u64().is_none_or(|length| length > limits::INPUT_TEXT as u64) {
                self.wrong(
                    &format!("must be less than {}", limits::INPUT_TEXT + 1),
                    &format!("{path}/{key}"),
                );
            }
        }
        let most = input["max_length"].as_u64().and_then(|most| usize::try_from(most).ok());
        self.length(input, "initial_value", path, most.unwrap_or(limits::INPUT_TEXT));
    }

    fn confirm(&mut self, element: &Value, path: &str) {
        let Some(confirm) = element.get("confirm").filter(|confirm| !confirm.is_null()) else {
            return;
        };
        let path = format!("{path}/confirm");
        let (title, text, button) = limits::CONFIRM;
        self.text(confirm, "title", &path, TextKind::Plain, title, true);
        self.text(confirm, "text", &path, TextKind::Either, text, true);
        self.text(confirm, "confirm", &path, TextKind::Plain, button, false);
        self.text(confirm, "deny", &path, TextKind::Plain, button, false);
    }
}
