//! Reads blocks and attachments as apps give them: as arrays, or as JSON in a string.

use serde_json::Value;

/// Returns attachments from an array or from JSON in a string; `None` if the call has none.
pub(crate) fn attachments_of(value: Option<&Value>) -> Result<Option<Vec<Value>>, &'static str> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let listed = blocks_of(Some(value)).map_err(|_| "invalid_attachments")?;
    let are_objects = listed.iter().all(Value::is_object);
    if are_objects { Ok(Some(listed)) } else { Err("invalid_attachments") }
}

/// Returns blocks from an array or from JSON in a string.
pub(crate) fn blocks_of(value: Option<&Value>) -> Result<Vec<Value>, &'static str> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(blocks)) => Ok(blocks.clone()),
        Some(Value::String(text)) if text.is_empty() => Ok(Vec::new()),
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| "invalid_blocks_format"),
        Some(_) => Err("invalid_blocks_format"),
    }
}
