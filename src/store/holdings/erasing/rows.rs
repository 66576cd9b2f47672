//! Which rows hold something about a person, how each of them changes, and the statements that change it.

use crate::store::holdings::{FoldedCopy, HeldTable, Holds};
use crate::{
    model::{erasure::Erasure, text::folded_words},
    store::unit::Value,
    values,
};

/// How many rows are read and changed in one transaction.
pub(super) const CHUNK: usize = 200;
/// A kept reply after an erasure.
const NO_REPLY: &str = "\"Nothing\"";

/// What to do with one row.
pub(super) enum Change {
    Delete,
    Update(Vec<Value>),
}

/// Builds the query for rows that may hold something about the person, in the order of their keys. It finds all of
/// them, and some others.
pub(super) fn question(
    table: &HeldTable,
    team: &str,
    held: &[(&str, Holds)],
    erasure: &Erasure,
    behind: Option<&[Value]>,
) -> (String, Vec<Value>) {
    let mut values = values![team];
    let mut place = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut any = Vec::new();
    let person = erasure.person.as_str();
    for (column, holds) in held {
        match holds {
            Holds::Row | Holds::Person => {
                any.push(format!("{column} = {}", place(person.into())));
                continue;
            }
            Holds::KeyOfCopy(_) | Holds::Folded | Holds::Nothing => continue,
            Holds::Words | Holds::Reply | Holds::Text => {}
        }
        any.push(format!("{column} LIKE {}", place(format!("%{person}%").into())));
        let named = erasure.name_patterns();
        any.extend(named.map(|pattern| format!("LOWER({column}) LIKE {}", place(pattern.into()))));
    }
    let any = any.join(" OR ");
    let key = table.key.join(", ");
    let further = behind.map(|behind| {
        let places: Vec<String> = behind.iter().map(|value| place(value.clone())).collect();
        format!("AND ({key}) > ({})", places.join(", "))
    });
    let columns: Vec<&str> = held.iter().map(|(column, _)| *column).collect();
    let text = format!(
        "SELECT {key}, {} FROM {} WHERE team_id = $1 AND ({any}) {} ORDER BY {key} LIMIT {CHUNK}",
        columns.join(", "),
        table.name,
        further.unwrap_or_default()
    );
    (text, values)
}

/// Returns how a row changes; `None` if it holds nothing about the person.
pub(super) fn change(held: &[(&str, Holds)], columns: &[Value], erasure: &Erasure) -> Option<Change> {
    let person = erasure.person.as_str();
    let texts: Vec<Option<String>> = columns.iter().map(|value| value.clone().text()).collect();
    let is_theirs = |kind: Holds| {
        held.iter().zip(&texts).any(|((_, holds), text)| *holds == kind && text.as_deref() == Some(person))
    };
    if is_theirs(Holds::Row) {
        return Some(Change::Delete);
    }
    let is_own = is_theirs(Holds::Person);
    let becomes = |holds: Holds, text: &str| match holds {
        Holds::Person if text == person => erasure.pseudonym.clone(),
        Holds::Words if is_own => String::new(),
        Holds::Reply if is_own || erasure.scrub_stored(text) != text => NO_REPLY.to_owned(),
        Holds::Row | Holds::Person | Holds::Reply | Holds::Folded | Holds::KeyOfCopy(_) | Holds::Nothing => {
            text.to_owned()
        }
        Holds::Words | Holds::Text => erasure.scrub_stored(text),
    };
    let changed: Vec<Option<String>> = held
        .iter()
        .zip(&texts)
        .map(|((_, holds), text)| text.as_ref().map(|text| becomes(*holds, text)))
        .collect();
    (changed != texts).then(|| Change::Update(changed.into_iter().map(Value::from).collect()))
}

/// Builds the statements that make the folded copies of a changed row anew, unless another process has changed the row.
pub(super) fn copies(
    table: &HeldTable,
    held: &[(&str, Holds)],
    (team, key): (&str, &[Value]),
    new: &[Value],
) -> Vec<(String, Vec<Value>)> {
    let copies = held.iter().filter_map(|(_, holds)| match holds {
        Holds::KeyOfCopy(copy) => Some(copy),
        _ => None,
    });
    let statement = |copy: &&FoldedCopy| {
        let sources = held.iter().zip(new).filter(|((column, _), _)| copy.of.contains(column));
        let sources: Vec<String> = sources.filter_map(|(_, value)| value.clone().text()).collect();
        let (which, mut values) = as_read(table, held, (team, key), new);
        let keys: Vec<String> =
            table.key.iter().enumerate().map(|(at, column)| format!("{column} = ${}", at + 2)).collect();
        let (words, more) = folded_words(&sources.join(" "));
        values.extend(values![i64::from(!more.is_empty()), words, more]);
        let last = values.len();
        let text = format!(
            "UPDATE {} SET is_long = ${}, words = ${}, more = ${last} WHERE team_id = $1 AND {} AND EXISTS (SELECT 1 FROM {} WHERE {which})",
            copy.table,
            last - 2,
            last - 1,
            keys.join(" AND "),
            table.name
        );
        (text, values)
    };
    copies.map(statement).collect()
}

/// Builds the condition of a row of this key that still is as it was read, and its values.
fn as_read(
    table: &HeldTable,
    held: &[(&str, Holds)],
    (team, key): (&str, &[Value]),
    read: &[Value],
) -> (String, Vec<Value>) {
    let mut values = values![team];
    values.extend(key.iter().cloned());
    values.extend(read.iter().cloned());
    let mut which = vec!["team_id = $1".to_owned()];
    which.extend(table.key.iter().enumerate().map(|(at, column)| format!("{column} = ${}", at + 2)));
    let first = 2 + key.len();
    let is_as_read =
        |(at, (column, _)): (usize, &(&str, Holds))| format!("{column} IS NOT DISTINCT FROM ${}", first + at);
    which.extend(held.iter().enumerate().map(is_as_read));
    (which.join(" AND "), values)
}

/// Builds the statement that changes a row, unless another process has changed it since it was read: the next pass
/// finds it then.
pub(super) fn statement(
    table: &HeldTable,
    held: &[(&str, Holds)],
    (team, key): (&str, &[Value]),
    read: &[Value],
    change: Change,
) -> (String, Vec<Value>) {
    let (which, mut values) = as_read(table, held, (team, key), read);
    match change {
        Change::Delete => (format!("DELETE FROM {} WHERE {which}", table.name), values),
        Change::Update(new) => {
            let first = values.len() + 1;
            let set: Vec<String> = held
                .iter()
                .enumerate()
                .map(|(at, (column, _))| format!("{column} = ${}", first + at))
                .collect();
            values.extend(new);
            (format!("UPDATE {} SET {} WHERE {which}", table.name, set.join(", ")), values)
        }
    }
}
