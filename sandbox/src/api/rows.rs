//! Cursors: lists come in pages.

use serde_json::{Value, json};

use super::ApiRefusal;
use super::args::Args;
use crate::base::limits::PAGE_ROWS;

const MARK: &str = "bmV4dDp";

/// Returns one page of `rows` under `key`, with the cursor of the next page. `id` identifies a row; rows keep their
/// order.
pub(super) fn page<T>(
    args: &Args,
    key: &str,
    usual: usize,
    rows: &[T],
    id: impl Fn(&T) -> &str,
    show: impl Fn(&T) -> Value,
) -> Result<Value, ApiRefusal> {
    // Slack takes 0 as "no limit".
    if args.text("limit").is_some_and(|limit| limit.parse::<usize>().is_err()) {
        return Err("invalid_limit".into());
    }
    let limit = args.number("limit").filter(|limit| *limit > 0).unwrap_or(usual);
    if limit > PAGE_ROWS {
        return Err("invalid_limit".into());
    }
    let from = match args.text("cursor") {
        None => 0,
        Some(cursor) => {
            let next =
                cursor.strip_prefix(MARK).and_then(|rest| rest.strip_suffix('=')).ok_or("invalid_cursor")?;
            rows.iter().position(|row| id(row) == next).ok_or("invalid_cursor")?
        }
    };
    let shown: Vec<Value> = rows.iter().skip(from).take(limit).map(show).collect();
    let next = rows.get(from + limit).map(|row| format!("{MARK}{}=", id(row))).unwrap_or_default();
    Ok(json!({ key: shown, "response_metadata": { "next_cursor": next } }))
}
