//! Reads the columns of a row from left to right.

use super::{StoreError, unit::Value};
use crate::model::clock::{Instant, from_ms};

/// The columns of a row that are not read yet. A column that must have a value and has none is an error that names the
/// table: such a row fails the whole reading.
pub struct Columns {
    table: &'static str,
    rest: std::vec::IntoIter<Value>,
}

impl Columns {
    pub fn of(table: &'static str, row: Vec<Value>) -> Columns {
        Columns { table, rest: row.into_iter() }
    }

    pub fn text(&mut self) -> Result<String, StoreError> {
        self.text_or_null().ok_or_else(|| self.missing())
    }

    pub fn int(&mut self) -> Result<i64, StoreError> {
        self.int_or_null().ok_or_else(|| self.missing())
    }

    pub fn at(&mut self) -> Result<Instant, StoreError> {
        self.int().map(from_ms)
    }

    pub fn text_or_null(&mut self) -> Option<String> {
        self.rest.next()?.text()
    }

    pub fn int_or_null(&mut self) -> Option<i64> {
        self.rest.next()?.int()
    }

    pub fn at_or_null(&mut self) -> Option<Instant> {
        self.int_or_null().map(from_ms)
    }

    fn missing(&self) -> StoreError {
        StoreError::coding(format!("a row of {} lacks a value", self.table))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn columns_are_read_in_their_order() {
        let mut row = Columns::of("gift", values!["a", 7, None::<i64>, None::<String>, 8]);
        assert_eq!((row.text().unwrap().as_str(), row.int().unwrap()), ("a", 7));
        assert_eq!((row.int_or_null(), row.text_or_null(), row.at().unwrap()), (None, None, from_ms(8)));
    }

    #[test]
    fn a_missing_value_is_an_error() {
        for row in [values![], values![7], values![None::<String>]] {
            let error = Columns::of("gift", row).text().unwrap_err();
            assert!(error.to_string().contains("a row of gift lacks a value"), "{error}");
        }
        assert!(Columns::of("gift", values!["7"]).int().is_err());
    }
}
