//! What `status` says.

use super::*;
use crate::common::programmes::Part;

/// Ten o'clock on a day of January, which is nine in UTC.
fn at_ten(day: u32) -> Occurrence {
    let wall = NaiveDate::from_ymd_opt(2026, 1, day).unwrap().and_hms_opt(10, 0, 0).unwrap();
    Occurrence { at: Utc.with_ymd_and_hms(2026, 1, day, 9, 0, 0).unwrap(), wall }
}

#[test]
fn status_message() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap().and_hms_opt(10, 0, 0).unwrap();
    let held = |groups, met, unreached| {
        PastRound::Held(HeldRound { date: "2026-01-06".to_owned(), groups, met, unreached })
    };
    let past = [
        (day(20), held(7, 5, 1)),
        (day(13), PastRound::LeftOut("I wasn't running at the time".to_owned())),
        (day(6), held(1, 1, 0)),
    ];
    let cadence = weekly();
    let standing = Status {
        programme: "P",
        name: "",
        is_paused: false,
        cadence: &cadence,
        organisers: &["ANA".into()],
        next: Some((at_ten(27), Tz::Europe__Berlin)),
        here: 15,
        skipping: 1,
        reader: Part::TakesPart,
        past: &past,
        closed: None,
    };
    insta::assert_snapshot!(read(&status(&standing, "/coffee")), @r"
    *Coffee chats run here, every Tuesday at 10:00 (Europe/Berlin).*
    Next round: Tuesday, 27 January 2026 at 10:00 (Europe/Berlin).
    15 people take part.
    1 person skips the next round.
    • Tuesday, 20 January: 5 of 7 groups met; I couldn't introduce 1.
    • Tuesday, 13 January: no round. I wasn't running at the time.
    • Tuesday, 6 January: 1 of 1 group met.
    (Started by <@ANA>. `/coffee skip` skips the next round, `/coffee leave` takes you out.)
    [Change] [Set up another]
    ");
    insta::assert_snapshot!(read(&status(&Status { reader: Part::Skips, ..standing }, "/coffee")), @r"
    *Coffee chats run here, every Tuesday at 10:00 (Europe/Berlin).*
    Next round: Tuesday, 27 January 2026 at 10:00 (Europe/Berlin).
    15 people take part.
    1 person skips the next round.
    • Tuesday, 20 January: 5 of 7 groups met; I couldn't introduce 1.
    • Tuesday, 13 January: no round. I wasn't running at the time.
    • Tuesday, 6 January: 1 of 1 group met.
    (Started by <@ANA>. You're skipping the next round; `/coffee join` puts you back in.)
    [Change] [Set up another]
    ");
    let standing = Status { next: None, here: 1, skipping: 2, reader: Part::HasLeft, past: &[], ..standing };
    insta::assert_snapshot!(read(&status(&standing, "/coffee")), @r"
    *Coffee chats run here, every Tuesday at 10:00 (Europe/Berlin).*
    No further round is planned; `/coffee start` with times starts them anew.
    1 person takes part so far.
    2 people skip the next round.
    (Started by <@ANA>. You've left these chats; `/coffee join` brings you back.)
    [Change] [Set up another]
    ");
}
