//! Reads a call's arguments from a query, a form or JSON.

use serde_json::{Map, Value};

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args(pub(crate) Map<String, Value>);

impl Args {
    /// Adds the pairs of a query or a form.
    pub(crate) fn read_form(&mut self, form: &[u8]) {
        for (key, value) in form_urlencoded::parse(form) {
            self.0.insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }

    /// Adds the keys of a JSON object.
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

    /// Returns a string that is not empty.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Returns a string, or the refusal for a missing argument.
    pub(crate) fn needed(&self, key: &str) -> Result<&str, &'static str> {
        self.text(key).ok_or("invalid_arguments")
    }

    /// Returns a flag, from JSON or text.
    pub(crate) fn flag(&self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => matches!(text.as_str(), "true" | "1"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// Returns a whole number, from JSON or text.
    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        let value = self.0.get(key)?;
        value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .or_else(|| value.as_str()?.parse().ok())
    }

    /// Returns structured data: as it is in JSON, or parsed from a string in a form.
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

    /// Returns a list of words, from an array or from text with commas.
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
