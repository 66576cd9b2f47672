//! Exports a person's data page by page, so that a ledger of any size needs little memory.

use serde_json::{Map, Value as Json};

use super::Section;
use crate::{
    model::{
        clock::from_ms,
        people::{TeamId, UserId},
    },
    store::{Store, StoreError, unit::Value},
    values,
};

const PAGE: i64 = 500;

/// One row of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its first column: the next page begins behind it.
    pub place: String,
    /// Its values, by the names of the section's columns.
    pub fields: Map<String, Json>,
}

impl Store {
    /// Returns a page of a section's rows behind a place; the first page is behind the empty place. Empty at the end.
    pub async fn section(
        &self,
        team: &TeamId,
        person: &UserId,
        section: &Section,
        behind: &str,
    ) -> Result<Vec<Entry>, StoreError> {
        let values = values![team.as_str(), person.as_str(), behind, PAGE];
        let rows = self.ask(section.sql, values).await?;
        rows.into_iter().map(|row| entry(section, row)).collect()
    }
}

fn entry(section: &Section, row: Vec<Value>) -> Result<Entry, StoreError> {
    let missing = || StoreError::coding("a row of an export lacks a value");
    if row.len() != section.columns.len() + 1 {
        return Err(missing());
    }
    let mut row = row.into_iter();
    let place = row.next().and_then(Value::text).ok_or_else(missing)?;
    let said = |(column, value): (&&str, Value)| {
        let json = match value {
            Value::Text(text) => text.map_or(Json::Null, Json::from),
            Value::Int(Some(ms)) if column.ends_with("_at") => Json::from(from_ms(ms).to_rfc3339()),
            Value::Int(int) => int.map_or(Json::Null, Json::from),
        };
        ((*column).to_owned(), json)
    };
    Ok(Entry { place, fields: section.columns.iter().zip(row).map(said).collect() })
}
