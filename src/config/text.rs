//! Reads a text file that a person wrote, without the byte-order mark that an editor put at its start.

use std::{fs::File, io::Read as _, path::Path};

/// Editors on Windows begin a file with this mark; it is no part of the text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns the text of a file, without a byte-order mark. The error says why it cannot be read, for brackets in a
/// sentence.
pub fn read_text(path: &Path, most_bytes: u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(most_bytes + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most_bytes {
        return Err(format!("it is larger than {most_bytes} bytes"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is saved as UTF-16: save it as UTF-8".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Returns a value without the spaces around it, and without a byte-order mark.
pub fn trimmed(value: &str) -> &str {
    value.trim_matches(|letter: char| letter.is_whitespace() || letter == BYTE_ORDER_MARK)
}
