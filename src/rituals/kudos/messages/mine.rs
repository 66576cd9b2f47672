//! What `mine` says: what one person gave and received, for them alone.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{more_after_midnight, number, used_up};
use crate::{
    model::{
        message::Message,
        people::UserId,
        text::{Markup, count, date_as_of, mentions},
    },
    rituals::kudos::plan::{GivenCount, StoredGift},
    say,
};

/// How much of a reason a list shows, in characters.
const LONGEST_LINE: usize = 200;

/// What one person gave and got, as they see it.
pub struct Mine<'l> {
    pub given_count: GivenCount,
    /// How many gifts they got in all.
    pub got_count: i64,
    /// The latest gifts they gave, newest first, each with its receivers.
    pub given: &'l [(StoredGift, Vec<UserId>)],
    /// The latest gifts they got, newest first.
    pub got: &'l [StoredGift],
    /// How many people they can still thank today, and in a whole day; `None` for any number.
    pub left: Option<(i64, i64)>,
    /// Their zone, in which days are counted.
    pub zone: Tz,
    /// The date there.
    pub today: NaiveDate,
}

/// What someone gave and got; for them alone.
pub fn mine(mine: &Mine<'_>, command: &str) -> Message {
    let GivenCount { people, gifts } = mine.given_count;
    // The list below has a line for each gift, which may thank several people.
    let given = if people > gifts && gifts > 0 {
        say!("{} kudos in {}", people, count(number(gifts), "message", "messages"))
    } else {
        say!("{} kudos", people)
    };
    let mut lines = vec![match (people, mine.got_count) {
        (0, 0) => Markup::from("You haven't given or received any kudos yet."),
        (_, 0) => say!("You've given {}. You haven't received any yet.", given),
        (0, got) => say!("You've received {} kudos. You haven't given any yet.", got),
        (_, got) => say!("You've given {} and received {}.", given, got),
    }];
    if !mine.got.is_empty() {
        lines.push(Markup::from("*Received*"));
        lines.extend(mine.got.iter().map(|gift| mine.line(gift, &say!("from {}", &gift.giver))));
    }
    if !mine.given.is_empty() {
        lines.push(Markup::from("*Given*"));
        lines.extend(mine.given.iter().map(|(gift, to)| mine.line(gift, &say!("to {}", a_few(to)))));
    }
    let hint = match mine.left {
        Some((0, allowance)) => say!("{} {}", used_up(allowance), more_after_midnight(allowance)),
        Some((people, _)) => {
            say!("You can thank {} today.", count(number(people), "more person", "more people"))
        }
        None => say!("To thank someone, type {}", Markup::code(&format!("{command} @name for …"))),
    };
    Message::new(Markup::join(&lines, "\n")).with_context(hint)
}

impl Mine<'_> {
    fn line(&self, gift: &StoredGift, whom: &Markup) -> Markup {
        let day = date_as_of(self.today, gift.given_at.with_timezone(&self.zone).date_naive());
        let reason = Markup::line_of(&gift.reason, LONGEST_LINE);
        let colon = if gift.reason.is_empty() { "" } else { ": " };
        say!("• {}, {}{}{}", day, whom, colon, reason)
    }
}

/// The first few of many people.
fn a_few(people: &[UserId]) -> Markup {
    const A_FEW: usize = 4;
    if people.len() <= A_FEW {
        return mentions(people);
    }
    let (shown, others) = people.split_at(A_FEW - 1);
    let names: Vec<Markup> = shown.iter().map(Markup::from).collect();
    say!("{} and {} others", Markup::join(&names, ", "), others.len())
}
