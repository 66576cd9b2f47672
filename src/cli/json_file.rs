//! Files of JSON that a command plans from.

use std::{collections::HashMap, path::Path};

use serde::de::DeserializeOwned;

use super::Ended;
use crate::{model::secrets, ritual::read_text};

/// In bytes. A workspace of half a million people takes less.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// Reads a file that holds a list of these. The error names the line and the column.
pub(super) fn read_list<T: DeserializeOwned>(file: &Path, of_what: &str) -> Result<T, Ended> {
    let text = text_of(file)?;
    if text.trim_start().starts_with('{') {
        let name = secrets::shown_bare(&file.display().to_string());
        return Err(Ended::Usage(format!("{name}: write a JSON list of {of_what}: [ … ]")));
    }
    parsed(file, &text)
}

fn text_of(file: &Path) -> Result<String, Ended> {
    let name = secrets::shown_bare(&file.display().to_string());
    read_text(file, LARGEST_FILE)
        .map_err(|why| Ended::Usage(format!("{name} cannot be read ({why}): name a file of JSON")))
}

fn parsed<T: DeserializeOwned>(file: &Path, text: &str) -> Result<T, Ended> {
    let name = secrets::shown_bare(&file.display().to_string());
    serde_json::from_str(text).map_err(|error| Ended::Usage(format!("{name}: {error}")))
}

/// Reads a file that holds an object with some of these keys: serde would take a list for their values in this order.
pub(super) fn read_object<T: DeserializeOwned>(file: &Path, keys: &str) -> Result<T, Ended> {
    let text = text_of(file)?;
    if !text.trim_start().starts_with('{') {
        let name = secrets::shown_bare(&file.display().to_string());
        return Err(Ended::Usage(format!("{name}: write a JSON object with {keys}")));
    }
    parsed(file, &text)
}

/// Returns the error at a place in a file.
pub(super) fn wrong(file: &Path, place: &str, what: &str) -> Ended {
    let name = secrets::shown_bare(&file.display().to_string());
    Ended::Usage(format!("{name}: {place}: {what}"))
}

/// Refuses members with an empty id, or with the id of an earlier member.
pub(super) fn check_ids<'i>(file: &Path, ids: impl Iterator<Item = &'i str>) -> Result<(), Ended> {
    let mut first = HashMap::new();
    for (number, id) in (1..).zip(ids) {
        let place = format!("member {number}");
        if id.trim().is_empty() {
            return Err(wrong(file, &place, "the id is empty: give each member one"));
        }
        if let Some(before) = first.insert(id, number) {
            return Err(wrong(file, &place, &format!("{id:?} is member {before} already: name each once")));
        }
    }
    Ok(())
}
