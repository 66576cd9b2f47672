//! What `status` says.

use super::*;
use crate::common::programmes::{
    Part, Standing,
    messages::{Status, left_out, status},
};

/// Ten o'clock on a day of January, which is nine in UTC.
fn at_ten(day: u32) -> Occurrence {
    let wall = NaiveDate::from_ymd_opt(2026, 1, day).unwrap().and_hms_opt(10, 0, 0).unwrap();
    Occurrence { at: Utc.with_ymd_and_hms(2026, 1, day, 9, 0, 0).unwrap(), wall }
}

#[test]
fn status_message() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
    let round = |groups, met, unreached| HeldRound { date: "2026-01-06".to_owned(), groups, met, unreached };
    let past = vec![
        held(day(20), &round(7, 5, 1)),
        left_out(&WORDS, day(13), Some("I wasn't running at the time")),
        left_out(&WORDS, day(10), None),
        held(day(6), &round(1, 1, 0)),
    ];
    let (cadence, next) = (weekly(), at_ten(27));
    let standing = Standing { past, ..Standing::default() };
    let shown = Status {
        programme: "P",
        name: "",
        is_paused: false,
        paused_until: None,
        organisers: &["ANA".into()],
        cadence: &cadence,
        next: Some(&next),
        zone: Tz::Europe__Berlin,
        here: 15,
        absent: 1,
        audience: None,
        reader: Part::TakesPart,
        manages: true,
        closed: None,
        standing: standing.clone(),
    };
    insta::assert_snapshot!(read(&status(&WORDS, &shown, "/coffee")), @r"
    *Coffee chats run here, every Tuesday at 10:00 (Europe/Berlin).*
    Next round: Tuesday, 27 January 2026 at 10:00 (Europe/Berlin).
    15 people take part.
    1 person skips the next round.
    • Tuesday, 20 January: 5 of 7 groups said that they met; I couldn't introduce 1.
    • Tuesday, 13 January: no round. I wasn't running at the time.
    • Saturday, 10 January: no round. Something went wrong on my side; it's in my log.
    • Tuesday, 6 January: 1 of 1 group said that they met.
    (Run by <@ANA>. `/coffee skip` skips the next round, `/coffee leave` takes you out.)
    [Change] [Set up another]
    ");
    insta::assert_snapshot!(read(&status(&WORDS, &Status { reader: Part::Skips, manages: false, standing, audience: None, ..shown }, "/coffee")), @r"
    *Coffee chats run here, every Tuesday at 10:00 (Europe/Berlin).*
    Next round: Tuesday, 27 January 2026 at 10:00 (Europe/Berlin).
    15 people take part.
    1 person skips the next round.
    • Tuesday, 20 January: 5 of 7 groups said that they met; I couldn't introduce 1.
    • Tuesday, 13 January: no round. I wasn't running at the time.
    • Saturday, 10 January: no round. Something went wrong on my side; it's in my log.
    • Tuesday, 6 January: 1 of 1 group said that they met.
    (Run by <@ANA>. You're skipping the next round; `/coffee join` puts you back in.)
    [Set up another]
    ");
    let (reader, standing) = (Part::HasLeft, Standing::default());
    let shown = Status { next: None, here: 1, absent: 2, reader, standing, ..shown };
    insta::assert_snapshot!(read(&status(&WORDS, &shown, "/coffee")), @r"
    *Coffee chats ran here, every Tuesday at 10:00 (Europe/Berlin).*
    No further round is planned. `/coffee start` with times starts them anew.
    1 person takes part so far.
    2 people skip the next round.
    (Run by <@ANA>. You've left these chats; `/coffee join` brings you back.)
    [Change] [Set up another]
    ");
}
