//! Interactive elements: buttons, menus, inputs.

use serde_json::Value;

use super::{Checker, Surface, TextKind};
use crate::base::limits;

/// Elements that may accompany a section.
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

/// Elements of an actions block.
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

/// Elements of an input block.
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

/// Elements of a card.
pub(super) const CARD: &[&str] = &["button"];

/// Elements below an app's answer.
pub(super) const CONTEXT_ACTIONS: &[&str] = &["feedback_buttons", "icon_button"];

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
            "datepicker" => self.shaped(element, "initial_date", path, "YYYY-MM-DD"),
            "timepicker" => self.shaped(element, "initial_time", path, "HH:mm"),
            "datetimepicker" => self.moment(element, path),
            "overflow" => self.options(element, path, limits::OVERFLOW_OPTIONS),
            "checkboxes" | "radio_buttons" => self.options(element, path, limits::CHECK_OPTIONS),
            "plain_text_input" => self.text_input(element, path),
            "icon_button" => {
                self.text(element, "text", path, TextKind::Plain, limits::BUTTON_TEXT, true);
                self.length(element, "value", path, limits::BUTTON_VALUE);
            }
            "feedback_buttons" => {
                for key in ["positive_button", "negative_button"] {
                    let path = format!("{path}/{key}");
                    self.text(&element[key], "text", &path, TextKind::Plain, limits::BUTTON_TEXT, true);
                    self.length(&element[key], "value", &path, limits::BUTTON_VALUE);
                }
            }
            "number_input" => self.number_input(element, path),
            "file_input" if self.surface == Surface::Home => {
                self.wrong("unsupported type: file_input", &format!("{path}/type"));
            }
            _ => {}
        }
        if kind.starts_with("multi_") {
            self.at_least(element, "max_selected_items", 1, path);
        }
        if kind.ends_with("external_select") {
            self.at_least(element, "min_query_length", 0, path);
        }
    }

    /// Checks an optional whole number under `key`.
    fn at_least(&mut self, holder: &Value, key: &str, least: u64, path: &str) {
        let given = holder.get(key).filter(|given| !given.is_null());
        if given.is_some_and(|given| given.as_u64().is_none_or(|number| number < least)) {
            self.wrong(&format!("must be greater than or equal to {least}"), &format!("{path}/{key}"));
        }
    }

    /// Checks a date or time of day under `key` against a pattern whose letters mean digits.
    fn shaped(&mut self, holder: &Value, key: &str, path: &str, pattern: &str) {
        let Some(given) = holder.get(key).filter(|given| !given.is_null()) else {
            return;
        };
        let fits = given.as_str().is_some_and(|given| {
            let fits = |(one, like): (char, char)| {
                if like.is_ascii_alphabetic() { one.is_ascii_digit() } else { one == like }
            };
            given.chars().count() == pattern.len() && given.chars().zip(pattern.chars()).all(fits)
        });
        if !fits {
            self.wrong(&format!("must be in the format {pattern}"), &format!("{path}/{key}"));
        }
    }

    fn moment(&mut self, picker: &Value, path: &str) {
        let given = picker.get("initial_date_time").filter(|given| !given.is_null());
        if given.is_some_and(|given| given.as_u64().is_none_or(|at| !limits::MOMENTS.contains(&at))) {
            self.wrong("must be a timestamp of 10 digits", &format!("{path}/initial_date_time"));
        }
    }

    fn number_input(&mut self, input: &Value, path: &str) {
        if input["is_decimal_allowed"].as_bool().is_none() {
            self.wrong("missing required field: is_decimal_allowed", path);
        }
        for key in ["min_value", "max_value", "initial_value"] {
            match input.get(key) {
                None | Some(Value::Null) => {}
                Some(Value::String(number)) if number.parse::<f64>().is_ok() => {}
                Some(Value::String(_)) => self.wrong("must be a number", &format!("{path}/{key}")),
                Some(_) => self.wrong("must be a string", &format!("{path}/{key}")),
            }
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
        let options = groups.iter().filter_map(|group| group["options"].as_array()).flatten();
        self.initial(select, &options.collect::<Vec<&Value>>(), path);
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
            self.length(option, "url", &path, limits::URL);
        }
        self.initial(holder, &options.iter().collect::<Vec<&Value>>(), path);
    }

    /// Checks that what is selected initially is among the options.
    fn initial(&mut self, holder: &Value, options: &[&Value], path: &str) {
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
