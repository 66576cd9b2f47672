//! Where a benchmark prints.

use std::io::Write as _;

/// Prints a line, past the lint that keeps the program itself from doing so.
pub fn say(line: &str) {
    // There is nobody to tell that nobody listens.
    let _ = writeln!(std::io::stdout(), "{line}");
}
