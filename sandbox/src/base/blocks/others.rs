//! Blocks that few apps use: videos, Markdown, files, tables, actions below an answer.

use serde_json::Value;

use super::find::flat;
use super::{Checker, TextKind, elements};
use crate::base::limits;

impl Checker {
    /// Checks the rules for all blocks of a message or a view together.
    pub(super) fn together(&mut self, blocks: &[Value], root: &str) {
        if blocks.iter().filter(|block| block["type"] == "table").count() > 1 {
            self.wrong("only one table is allowed", root);
        }
        let written = blocks.iter().filter(|block| block["type"] == "markdown");
        let written: usize =
            written.filter_map(|block| block["text"].as_str()).map(|text| text.chars().count()).sum();
        if written > limits::MARKDOWN_TEXT {
            self.wrong(&format!("must be less than {} characters", limits::MARKDOWN_TEXT + 1), root);
        }
        let focused = flat(blocks).flat_map(|block| {
            let listed = block["elements"].as_array().into_iter().flatten();
            [&block["element"], &block["accessory"]].into_iter().chain(listed)
        });
        if focused.filter(|element| element["focus_on_load"] == true).count() > 1 {
            self.wrong("only one element can have focus_on_load", root);
        }
    }

    pub(super) fn video(&mut self, block: &Value, path: &str) {
        self.text(block, "title", path, TextKind::Plain, limits::VIDEO_TEXT, true);
        self.text(block, "description", path, TextKind::Plain, limits::VIDEO_TEXT, false);
        self.length(block, "author_name", path, limits::VIDEO_AUTHOR);
        for key in ["alt_text", "video_url", "thumbnail_url"] {
            self.needs(block, key, path);
        }
    }

    pub(super) fn markdown(&mut self, block: &Value, path: &str) {
        self.needs(block, "text", path);
    }

    pub(super) fn file(&mut self, block: &Value, path: &str) {
        self.needs(block, "external_id", path);
        if block["source"] != "remote" {
            self.wrong("must be a valid enum value", &format!("{path}/source"));
        }
    }

    pub(super) fn table(&mut self, block: &Value, path: &str) {
        let Some(rows) = block["rows"].as_array() else {
            return self.wrong("missing required field: rows", path);
        };
        if rows.len() > limits::TABLE_ROWS {
            self.wrong(
                &format!("no more than {} items allowed", limits::TABLE_ROWS),
                &format!("{path}/rows"),
            );
        }
        for (row, cells) in rows.iter().enumerate() {
            let path = format!("{path}/rows/{row}");
            let cells = cells.as_array().map(Vec::as_slice).unwrap_or_default();
            if cells.len() > limits::TABLE_CELLS {
                self.wrong(&format!("no more than {} items allowed", limits::TABLE_CELLS), &path);
            }
            for (at, cell) in cells.iter().enumerate() {
                let path = format!("{path}/{at}");
                match cell["type"].as_str() {
                    Some("raw_text" | "raw_number") => self.needs(cell, "text", &path),
                    Some("rich_text") => self.rich_text(cell, &path),
                    _ => self.wrong("unsupported type", &format!("{path}/type")),
                }
            }
        }
    }

    pub(super) fn context_actions(&mut self, block: &Value, path: &str) {
        for (at, element) in self.list(block, path, limits::CONTEXT_ACTIONS).iter().enumerate() {
            self.element(element, &format!("{path}/elements/{at}"), elements::CONTEXT_ACTIONS);
        }
    }

    /// Checks a required string.
    fn needs(&mut self, holder: &Value, key: &str, path: &str) {
        if holder[key].as_str().is_none() {
            self.wrong(&format!("missing required field: {key}"), path);
        }
    }
}

#[cfg(test)]
mod tests;
