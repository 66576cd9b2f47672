//! Blocks that hold other blocks or parts of their own: cards, carousels, containers, alerts, tasks and plans.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Checker, TextKind, elements};
use crate::base::limits;

/// Blocks that a container may hold.
const IN_CONTAINER: [&str; 11] = [
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
];
const LEVELS: [&str; 5] = ["default", "info", "warning", "error", "success"];
const WIDTHS: [&str; 4] = ["narrow", "standard", "wide", "full"];
const TASK_STATES: [&str; 4] = ["pending", "in_progress", "complete", "error"];

fn given<'v>(holder: &'v Value, key: &str) -> Option<&'v Value> {
    holder.get(key).filter(|value| !value.is_null())
}

impl Checker {
    pub(super) fn alert(&mut self, block: &Value, path: &str) {
        self.text(block, "text", path, TextKind::Either, limits::ALERT_TEXT, true);
        self.one_of(block, "level", path, &LEVELS);
    }

    pub(super) fn card(&mut self, block: &Value, path: &str) {
        let shown = ["hero_image", "title", "actions", "body"];
        if !shown.iter().any(|key| given(block, key).is_some()) {
            self.wrong(&format!("at least one of {} is required", shown.join(", ")), path);
        }
        for (key, most) in
            [("title", limits::CARD_TITLE), ("subtitle", limits::CARD_TITLE), ("body", limits::CARD_BODY)]
        {
            self.text(block, key, path, TextKind::Either, most, false);
        }
        for key in ["hero_image", "icon"] {
            self.image_element(block, key, path);
        }
        if let Some(actions) = given(block, "actions") {
            let path = format!("{path}/actions");
            match actions.as_array() {
                Some(actions) => self.acting(actions, &path, elements::CARD),
                None => self.wrong("must be an array", &path),
            }
        }
    }

    pub(super) fn carousel(&mut self, block: &Value, path: &str) {
        for (at, card) in self.list(block, path, limits::CAROUSEL_CARDS).iter().enumerate() {
            let path = format!("{path}/elements/{at}");
            if card["type"] == "card" {
                self.block(card, &path);
            } else {
                self.wrong("unsupported type", &format!("{path}/type"));
            }
        }
    }

    pub(super) fn container(&mut self, block: &Value, path: &str) {
        if given(block, "title").is_none() && given(block, "rich_text_title").is_none() {
            self.wrong("missing required field: title", path);
        }
        self.text(block, "title", path, TextKind::Plain, limits::CARD_TITLE, false);
        self.text(block, "subtitle", path, TextKind::Either, limits::CARD_TITLE, false);
        self.rich_text_under(block, "rich_text_title", path);
        self.image_element(block, "icon", path);
        self.one_of(block, "width", path, &WIDTHS);
        for key in ["is_collapsible", "default_collapsed", "has_header_divider"] {
            if given(block, key).is_some_and(|value| !value.is_boolean()) {
                self.wrong("must be a boolean", &format!("{path}/{key}"));
            }
        }
        let Some(children) = block["child_blocks"].as_array() else {
            return self.wrong("missing required field: child_blocks", path);
        };
        let path = format!("{path}/child_blocks");
        self.counted(children.len(), 1, limits::CONTAINER_BLOCKS, &path);
        for (at, child) in children.iter().enumerate() {
            let path = format!("{path}/{at}");
            match child["type"].as_str() {
                Some(kind) if !IN_CONTAINER.contains(&kind) => {
                    self.wrong(&format!("unsupported type: {kind}"), &format!("{path}/type"));
                }
                _ => self.block(child, &path),
            }
        }
    }

    pub(super) fn plan(&mut self, block: &Value, path: &str) {
        self.string(block, "title", path, usize::MAX);
        let Some(tasks) = given(block, "tasks") else {
            return;
        };
        let path = format!("{path}/tasks");
        let Some(tasks) = tasks.as_array() else {
            return self.wrong("must be an array", &path);
        };
        self.counted(tasks.len(), 0, limits::PLAN_TASKS, &path);
        let ids: Vec<&str> = tasks.iter().filter_map(|task| task["task_id"].as_str()).collect();
        self.unique(&ids, &path);
        for (at, task) in tasks.iter().enumerate() {
            self.task_card(task, &format!("{path}/{at}"));
        }
    }

    /// Checks a task: a block of its own, or one of a plan.
    pub(super) fn task_card(&mut self, block: &Value, path: &str) {
        for key in ["task_id", "title"] {
            self.string(block, key, path, usize::MAX);
        }
        self.one_of(block, "status", path, &TASK_STATES);
        for key in ["details", "output"] {
            self.rich_text_under(block, key, path);
        }
        let sources = given(block, "sources").and_then(Value::as_array).map(Vec::as_slice);
        for (at, source) in sources.unwrap_or_default().iter().enumerate() {
            let path = format!("{path}/sources/{at}");
            if source["type"] != "url" {
                self.wrong("unsupported type", &format!("{path}/type"));
            }
            for key in ["url", "text"] {
                self.string(source, key, &path, limits::URL);
            }
        }
    }

    /// Checks elements that a person uses, and that no two have the same `action_id`.
    pub(super) fn acting(&mut self, elements: &[Value], path: &str, allowed: &[&str]) {
        let mut ids = BTreeSet::new();
        for (at, element) in elements.iter().enumerate() {
            let path = format!("{path}/{at}");
            if let Some(id) = element["action_id"].as_str()
                && !ids.insert(id)
            {
                self.wrong(
                    &format!("`action_id` {id} already exists in this block"),
                    &format!("{path}/action_id"),
                );
            }
            self.element(element, &path, allowed);
        }
    }

    fn image_element(&mut self, holder: &Value, key: &str, path: &str) {
        let path = format!("{path}/{key}");
        match given(holder, key) {
            None => {}
            Some(image) if image["type"] == "image" => self.image(image, &path),
            Some(_) => self.wrong("unsupported type", &format!("{path}/type")),
        }
    }

    fn rich_text_under(&mut self, holder: &Value, key: &str, path: &str) {
        let path = format!("{path}/{key}");
        match given(holder, key) {
            None => {}
            Some(text) if text["type"] == "rich_text" => self.rich_text(text, &path),
            Some(_) => self.wrong("unsupported type", &format!("{path}/type")),
        }
    }

    /// Checks an optional word of a fixed set.
    fn one_of(&mut self, holder: &Value, key: &str, path: &str, known: &[&str]) {
        let fits = |value: &Value| value.as_str().is_some_and(|word| known.contains(&word));
        if given(holder, key).is_some_and(|value| !fits(value)) {
            self.wrong("must be a valid enum value", &format!("{path}/{key}"));
        }
    }
}

#[cfg(test)]
mod tests;
