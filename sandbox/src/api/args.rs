//! Arguments of a call, out of a query, a form or JSON.

use serde_json::{Map, Value};

/// What a call came with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args(pub(crate) Map<String, Value>);

impl Args {
    /// Adds what a query or a form says.
    pub(crate) fn read_form(&mut self, form: &[u8]) {
        for (key, value) in form_urlencoded::parse(form) {
            self.0.insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }

    /// Adds what a JSON object says.
    pub(crate) fn read_json(&mut self, body: &[u8]) -> Result<(), &'static str> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => {
                self.0.extend(fields);
                Ok(())
            }
            Ok(_) => Err("json_not_object"),
            Err(_) => Err("invalid_json"),
        }
    }

    /// A string that is not empty.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A string that has to be there.
    pub(crate) fn needed(&self, key: &str) -> Result<&str, &'static str> {
        self.text(key).ok_or("invalid_arguments")
    }

    /// A flag, however it is written.
    pub(crate) fn flag(&self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => matches!(text.as_str(), "true" | "1"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A whole number, however it is written.
    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        let value = self.0.get(key)?;
        value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .or_else(|| value.as_str()?.parse().ok())
    }

    /// Something structured: as it is in JSON, or JSON in a string in a form.
    pub(crate) fn json(&self, key: &str) -> Result<Option<Value>, &'static str> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str(text).map(Some).map_err(|_| "invalid_arguments")
            }
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// A list of words: an array, or words between commas.
    pub(crate) fn words(&self, key: &str) -> Vec<String> {
        match self.0.get(key) {
            Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(text)) => {
                text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Attachments as a list, whichever way they came; `None` where a call says nothing of them.
pub(crate) fn attachments_of(value: Option<&Value>) -> Result<Option<Vec<Value>>, &'static str> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let listed = blocks_of(Some(value)).map_err(|_| "invalid_attachments")?;
    let are_objects = listed.iter().all(Value::is_object);
    if are_objects { Ok(Some(listed)) } else { Err("invalid_attachments") }
}

/// Blocks as a list, whether they came as an array or as JSON in a string.
pub(crate) fn blocks_of(value: Option<&Value>) -> Result<Vec<Value>, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(blocks)) => Ok(blocks.clone()),
        Some(Value::String(text)) if text.is_empty() => Ok(Vec::new()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| "invalid_blocks_format"),
        Some(_) => Err("invalid_blocks_format"),
    }
}
