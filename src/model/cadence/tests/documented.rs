//! Checks every row of the tables in `docs/schedules.md`.

use super::*;

/// The document says that it uses this day and zone.
fn documented() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string("docs/schedules.md").unwrap();
    let said = "Monday, 5 January 2026, in Europe/Berlin";
    assert!(text.contains(said), "the day of the examples is stated");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// A row as it should be.
fn row(typed: &str) -> String {
    match Cadence::parse(typed, Tz::Europe__Berlin, day("2026-01-05")) {
        Ok(cadence) => {
            let next = cadence.upcoming(instant("2026-01-05T08:00:00Z"), 3);
            let next: Vec<String> =
                next.iter().map(|at| at.wall.format("%a %-d %b %Y %H:%M").to_string()).collect();
            format!("| `{typed}` | {} | {} |", cadence.say(), next.join(", "))
        }
        Err(error) => format!("| `{typed}` | {error} |"),
    }
}

#[test]
fn the_document_is_true_row_by_row() {
    let rows = documented();
    assert!(rows.iter().filter(|row| row.len() == 3).count() > 25, "understood");
    assert!(rows.iter().filter(|row| row.len() == 2).count() > 15, "refused");
    let mut wrong = Vec::new();
    for cells in rows {
        let expected = row(cells[0].trim_matches('`'));
        if format!("| {} |", cells.join(" | ")) != expected {
            wrong.push(expected);
        }
    }
    assert!(wrong.is_empty(), "these rows are true instead:\n{}\n", wrong.join("\n"));
}
