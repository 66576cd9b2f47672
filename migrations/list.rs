//! The migrations, oldest first: number, name and text.

pub const LIST: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("0001_foundation.sql")), //
];
