//! Checks Block Kit as Slack does: types, required fields and lengths, with Slack's own words for each problem.

mod composed;
mod elements;
mod figures;
pub(crate) mod find;
pub(crate) mod given;
mod others;
mod rich;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::base::limits;

/// Where blocks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    Message,
    Modal,
    Home,
}

/// Which kind of text object is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextKind {
    Plain,
    Either,
}

/// Collects problems, each with the path to it.
#[derive(Debug)]
struct Checker {
    surface: Surface,
    errors: Vec<String>,
    /// The ids of the blocks so far.
    ids: BTreeSet<String>,
}

impl Checker {
    fn new(surface: Surface) -> Checker {
        Checker { surface, errors: Vec::new(), ids: BTreeSet::new() }
    }
}

/// Returns all problems in a list of blocks; empty if Slack would take it.
pub(crate) fn check(blocks: &[Value], surface: Surface) -> Vec<String> {
    check_at(blocks, surface, if surface == Surface::Message { "/blocks" } else { "/view/blocks" })
}

/// Returns all problems in a message's attachments. Their blocks follow the rules for messages.
pub(crate) fn check_attachments(attachments: &[Value]) -> Vec<String> {
    let listed = attachments.iter().enumerate();
    listed
        .flat_map(|(at, attachment)| {
            let blocks = attachment["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
            check_at(blocks, Surface::Message, &format!("/attachments/{at}/blocks"))
        })
        .collect()
}

/// Returns all problems in the list of blocks at `root`.
fn check_at(blocks: &[Value], surface: Surface, root: &str) -> Vec<String> {
    let mut checker = Checker::new(surface);
    let most = if surface == Surface::Message { limits::BLOCKS_IN_MESSAGE } else { limits::BLOCKS_IN_VIEW };
    if blocks.len() > most {
        checker.wrong(&format!("no more than {most} items allowed"), root);
    }
    for (at, block) in blocks.iter().enumerate() {
        checker.block(block, &format!("{root}/{at}"));
    }
    checker.together(blocks, root);
    checker.figures_together(blocks, root);
    checker.errors
}

/// Returns all problems in a view: its frame and its blocks.
pub(crate) fn check_view(view: &Value, surface: Surface) -> Vec<String> {
    let mut checker = Checker::new(surface);
    if surface == Surface::Modal {
        checker.text(view, "title", "/view", TextKind::Plain, limits::MODAL_TITLE, true);
        checker.text(view, "submit", "/view", TextKind::Plain, limits::MODAL_TITLE, false);
        checker.text(view, "close", "/view", TextKind::Plain, limits::MODAL_TITLE, false);
        let has_input = view["blocks"].as_array().into_iter().flatten().any(|block| block["type"] == "input");
        if has_input && view.get("submit").is_none_or(Value::is_null) {
            checker.wrong("missing required field: submit", "/view");
        }
    }
    checker.length(view, "private_metadata", "/view", limits::PRIVATE_METADATA);
    checker.length(view, "callback_id", "/view", limits::ID);
    checker.length(view, "external_id", "/view", limits::ID);
    match view["blocks"].as_array() {
        None => checker.wrong("missing required field: blocks", "/view"),
        Some(blocks) => {
            let wrong = check(blocks, surface);
            checker.errors.extend(wrong);
        }
    }
    checker.errors
}

impl Checker {
    fn wrong(&mut self, what: &str, path: &str) {
        self.errors.push(format!("[ERROR] {what} [json-pointer:{path}]"));
    }

    fn block(&mut self, block: &Value, path: &str) {
        if let Some(id) = block["block_id"].as_str()
            && !self.ids.insert(id.to_owned())
        {
            self.wrong(&format!("`block_id` {id} already exists"), &format!("{path}/block_id"));
        }
        self.length(block, "block_id", path, limits::ID);
        match block["type"].as_str() {
            Some("section") => self.section(block, path),
            Some("header") => self.text(block, "text", path, TextKind::Plain, limits::HEADER_TEXT, true),
            Some("context") => self.context(block, path),
            Some("actions") => self.actions(block, path),
            Some("image") => self.image(block, path),
            Some("input") => self.input(block, path),
            Some("rich_text") => self.rich_text(block, path),
            Some("video") => self.video(block, path),
            Some("divider") => {}
            Some("card") => self.card(block, path),
            Some("carousel") if self.surface != Surface::Modal => self.carousel(block, path),
            Some("alert") if self.surface == Surface::Modal => self.alert(block, path),
            Some("container") if self.surface == Surface::Message => self.container(block, path),
            Some("plan") if self.surface == Surface::Message => self.plan(block, path),
            Some("task_card") if self.surface == Surface::Message => self.task_card(block, path),
            Some("markdown") if self.surface == Surface::Message => self.markdown(block, path),
            Some("file") if self.surface == Surface::Message => self.file(block, path),
            Some("table") if self.surface == Surface::Message => self.table(block, path),
            Some("data_table") if self.surface == Surface::Message => self.data_table(block, path),
            Some("data_visualization") if self.surface == Surface::Message => self.chart(block, path),
            Some("context_actions") if self.surface == Surface::Message => self.context_actions(block, path),
            Some(other) => self.wrong(&format!("unsupported type: {other}"), &format!("{path}/type")),
            None => self.wrong("missing required field: type", path),
        }
    }

    fn section(&mut self, block: &Value, path: &str) {
        let fields = block.get("fields").filter(|fields| !fields.is_null());
        self.text(block, "text", path, TextKind::Either, limits::SECTION_TEXT, fields.is_none());
        if let Some(fields) = fields {
            let fields = fields.as_array().map(Vec::as_slice).unwrap_or_default();
            if fields.is_empty() {
                self.wrong("must have at least 1 item", &format!("{path}/fields"));
            }
            if fields.len() > limits::SECTION_FIELDS {
                let most = limits::SECTION_FIELDS;
                self.wrong(&format!("no more than {most} items allowed"), &format!("{path}/fields"));
            }
            for (at, field) in fields.iter().enumerate() {
                self.text_object(field, &format!("{path}/fields/{at}"), TextKind::Either, limits::FIELD_TEXT);
            }
        }
        if let Some(accessory) = block.get("accessory").filter(|accessory| !accessory.is_null()) {
            self.element(accessory, &format!("{path}/accessory"), elements::ACCESSORY);
        }
    }

    fn context(&mut self, block: &Value, path: &str) {
        let elements = self.list(block, path, limits::CONTEXT_ELEMENTS);
        for (at, element) in elements.iter().enumerate() {
            let path = format!("{path}/elements/{at}");
            if element["type"] == "image" {
                self.image(element, &path);
            } else {
                self.text_object(element, &path, TextKind::Either, limits::SECTION_TEXT);
            }
        }
    }

    fn actions(&mut self, block: &Value, path: &str) {
        let elements = self.list(block, path, limits::ACTIONS_ELEMENTS);
        self.acting(&elements, &format!("{path}/elements"), elements::ACTIONS);
    }

    fn list(&mut self, block: &Value, path: &str, most: usize) -> Vec<Value> {
        let Some(elements) = block["elements"].as_array() else {
            self.wrong("missing required field: elements", path);
            return Vec::new();
        };
        if elements.is_empty() {
            self.wrong("must have at least 1 item", &format!("{path}/elements"));
        }
        if elements.len() > most {
            self.wrong(&format!("no more than {most} items allowed"), &format!("{path}/elements"));
        }
        elements.clone()
    }

    fn image(&mut self, block: &Value, path: &str) {
        if block["image_url"].is_null() && block["slack_file"].is_null() {
            self.wrong("missing required field: image_url", path);
        }
        self.length(block, "image_url", path, limits::URL);
        if block["alt_text"].as_str().is_none() {
            self.wrong("missing required field: alt_text", path);
        }
        self.length(block, "alt_text", path, limits::ALT_TEXT);
        if block.get("block_id").is_some() || block["type"] == "image" {
            self.text(block, "title", path, TextKind::Plain, limits::ALT_TEXT, false);
        }
    }

    fn input(&mut self, block: &Value, path: &str) {
        self.text(block, "label", path, TextKind::Plain, limits::LABEL, true);
        self.text(block, "hint", path, TextKind::Plain, limits::LABEL, false);
        match block.get("element") {
            Some(element) => self.element(element, &format!("{path}/element"), elements::INPUT),
            None => self.wrong("missing required field: element", path),
        }
    }

    /// Checks a text object under `key`.
    fn text(&mut self, holder: &Value, key: &str, path: &str, kind: TextKind, most: usize, required: bool) {
        match holder.get(key).filter(|text| !text.is_null()) {
            None if required => self.wrong(&format!("missing required field: {key}"), path),
            None => {}
            Some(text) => self.text_object(text, &format!("{path}/{key}"), kind, most),
        }
    }

    fn text_object(&mut self, text: &Value, path: &str, kind: TextKind, most: usize) {
        match (text["type"].as_str(), kind) {
            (Some("plain_text"), _) | (Some("mrkdwn"), TextKind::Either) => {}
            (Some(other), _) => self.wrong(&format!("unsupported type: {other}"), &format!("{path}/type")),
            (None, _) => return self.wrong("must provide an object", path),
        }
        let Some(said) = text["text"].as_str() else {
            return self.wrong("missing required field: text", path);
        };
        if said.is_empty() {
            self.wrong("must be more than 0 characters", &format!("{path}/text"));
        }
        if said.chars().count() > most {
            self.wrong(&format!("must be less than {} characters", most + 1), &format!("{path}/text"));
        }
    }

    /// Checks an optional plain string under `key`.
    fn length(&mut self, holder: &Value, key: &str, path: &str, most: usize) {
        match holder.get(key) {
            None | Some(Value::Null) => {}
            Some(Value::String(said)) if said.chars().count() <= most => {}
            Some(Value::String(_)) => {
                self.wrong(&format!("must be less than {} characters", most + 1), &format!("{path}/{key}"));
            }
            Some(_) => self.wrong("must be a string", &format!("{path}/{key}")),
        }
    }
}

#[cfg(test)]
mod tests;
