//! The made-up company: who works there, and what they thanked each other for before you came.

use chrono::{Datelike as _, Timelike as _, Weekday};
use slack_sandbox::{NewPerson, Sandbox};

use crate::model::clock::from_ms;

const HOUR_MS: i64 = 60 * 60 * 1_000;
const MINUTE_MS: i64 = 60 * 1_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How long before the present the demo begins.
pub(super) const HISTORY_MS: i64 = 21 * DAY_MS;
/// When people are at work, in UTC: late enough for Lisbon, early enough for Kolkata.
const WORKING_HOURS: std::ops::Range<u32> = 8..17;
/// By how many working hours a kudos comes later or earlier than an even pace would have it, in turns.
const UNEVEN: [i64; 5] = [0, 2, -1, 4, -2];
/// What takes each kudos to a minute of its own.
const NEXT_MINUTE: i64 = 37;
const MINUTES: i64 = 60;

/// The button that says it.
const MET: &str = "We met";

const DEPARTMENTS: [&str; 5] = ["Engineering", "Design", "Sales", "Support", "Operations"];
const ZONES: [&str; 4] = ["Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Kolkata"];
const FIRST: [&str; 24] = [
    "Ana", "Ben", "Chiara", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Kavya", "Liam", "Mei",
    "Noor", "Olga", "Pedro", "Quinn", "Rosa", "Sven", "Tara", "Umar", "Vera", "Wim", "Yuki",
];
const LAST: [&str; 12] = [
    "Costa",
    "Fischer",
    "Rossi",
    "Patel",
    "Demir",
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Tanaka",
    "Haddad",
    "Byrne",
];
/// Who thanked whom, where and what for, by place in the list of people, the oldest first.
const KUDOS: [(usize, &[usize], &str, &str); 32] = [
    (0, &[1, 6], "general", "unblocking the release on Friday evening"),
    (2, &[11], "design", "the new empty screens, they made me smile"),
    (10, &[5], "engineering", "pairing with me on the flaky test until it was gone"),
    (3, &[8], "support", "explaining the outage to customers before they had to ask"),
    (14, &[19], "general", "finding us a room when all of them were taken"),
    (5, &[0], "general", "asking the question we were all too shy to ask"),
    (6, &[2], "design", "the onboarding screens: the first ones that nobody had a question about"),
    (7, &[17], "sales", "letting me listen in on the difficult call"),
    (12, &[0], "engineering", "reviewing my first pull request so patiently"),
    (8, &[13, 18], "support", "a whole week without a ticket older than a day"),
    (0, &[15], "engineering", "the runbook that nobody wanted to write"),
    (9, &[4, 13], "general", "taking the late shift when half of us were ill"),
    (21, &[6], "design", "tidying the icons, all 214 of them"),
    (17, &[2], "sales", "the slides in Portuguese, overnight"),
    (1, &[17], "sales", "bringing engineering along to the customer, and translating both ways"),
    (16, &[20], "engineering", "making the build two minutes faster. Two minutes!"),
    (13, &[3], "support", "calling back a customer at six on a Friday"),
    (22, &[10], "operations", "the checklist that saved us on Monday"),
    (1, &[0], "general", "a demo so calm that even I understood it"),
    (19, &[9], "general", "the parcel that was lost, and then was not"),
    (23, &[8], "support", "covering for me while I was at the dentist"),
    (11, &[1], "design", "telling me what does not work yet, and staying to mend it with me"),
    (15, &[5], "general", "remembering everyone's name on the first day"),
    (4, &[14], "general", "explaining the new expense rules without making anyone feel silly"),
    (20, &[10], "engineering", "catching the time zone bug before it caught us"),
    (9, &[22], "sales", "telling the customer the truth about the date"),
    (4, &[3], "design", "saying kindly that my draft was not there yet"),
    (2, &[3], "general", "staying on the line until the invoice was right"),
    (18, &[23], "support", "an answer that turned an angry customer into a fan"),
    (3, &[4], "general", "bringing the office plants back from the dead"),
    (6, &[16], "design", "taking notes in every workshop, so that the rest of us can think"),
    (15, &[0, 5], "engineering", "a migration that was planned, rehearsed and boring, as it should be"),
];

fn handle(n: usize) -> String {
    let first = FIRST[n % FIRST.len()].to_lowercase();
    if n < FIRST.len() { first } else { format!("{first}{}", n / FIRST.len() + 1) }
}

/// People and channels.
pub(super) fn settle_in(sandbox: &Sandbox, people: u16) {
    let people = usize::from(people);
    for n in 0..people {
        sandbox.add_person(NewPerson {
            name: &handle(n),
            real_name: &format!(
                "{} {}",
                FIRST[n % FIRST.len()],
                LAST[(n * 5 + n / FIRST.len()) % LAST.len()]
            ),
            zone: ZONES[n % ZONES.len()],
            department: Some(DEPARTMENTS[n % DEPARTMENTS.len()]),
            ..NewPerson::default()
        });
    }
    let handles: Vec<String> = (0..people).map(handle).collect();
    for (d, department) in DEPARTMENTS.iter().enumerate() {
        let members: Vec<&str> =
            handles.iter().skip(d).step_by(DEPARTMENTS.len()).map(String::as_str).collect();
        sandbox.add_channel(&department.to_lowercase(), false, &members);
        sandbox.add_user_group(&department.to_lowercase(), department, &members);
    }
    let everybody: Vec<&str> = handles.iter().map(String::as_str).collect();
    sandbox.add_channel("coffee-chats", false, &everybody);
}

/// The bot is at home in every channel but one, where it shows what it does when it may not post.
pub(super) fn invite_bot(sandbox: &Sandbox, bot: &str) {
    for channel in ["general", "coffee-chats", "engineering", "design", "sales", "support"] {
        sandbox.invite(channel, bot);
    }
}

/// The user groups that are departments, so that coffee reaches across them.
pub(super) fn departments() -> Vec<String> {
    DEPARTMENTS.iter().map(|department| department.to_lowercase()).collect()
}

/// Something that people did before you came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// A kudos, by its place in the list.
    Kudos(usize),
    /// Coffee chats begin in their channel.
    Coffee,
    /// Some of those whom coffee brought together say that they met.
    Answers,
}

/// Some weeks of kudos and coffee, said by people and handled by the bot, as everything here.
pub(super) async fn live_until_now(sandbox: &Sandbox, people: u16) {
    let began_ms = sandbox.clock().now_ms();
    let now_ms = began_ms + HISTORY_MS;
    let mut deeds: Vec<(i64, Deed)> = moments(began_ms, now_ms, KUDOS.len())
        .into_iter()
        .enumerate()
        .map(|(n, at_ms)| (at_ms, Deed::Kudos(n)))
        .collect();
    if let Some((first_ms, _)) = deeds.first().copied() {
        deeds.push((first_ms + MINUTE_MS, Deed::Coffee));
    }
    let evenings = (1..HISTORY_MS / DAY_MS).map(|day| began_ms + day * DAY_MS);
    deeds.extend(evenings.filter(|ms| from_ms(*ms).weekday() == Weekday::Thu).map(|ms| (ms, Deed::Answers)));
    deeds.sort_by_key(|(at_ms, _)| *at_ms);
    for (at_ms, deed) in deeds {
        sandbox.travel_to(at_ms).await;
        match deed {
            Deed::Kudos(n) => thank(sandbox, people, n).await,
            Deed::Coffee => start_coffee(sandbox).await,
            Deed::Answers => say_who_met(sandbox, people).await,
        }
    }
    sandbox.travel_to(now_ms).await;
}

async fn thank(sandbox: &Sandbox, people: u16, n: usize) {
    let works_here = |n: &usize| *n < usize::from(people);
    let (giver, receivers, channel, reason) = KUDOS[n];
    if !works_here(&giver) || !receivers.iter().all(works_here) {
        return;
    }
    let names: Vec<String> = receivers.iter().map(|n| format!("@{}", handle(*n))).collect();
    let command = format!("/kudos {} for {reason}", names.join(" "));
    sandbox.person(&handle(giver)).says(&format!("#{channel}"), &command).await;
}

async fn start_coffee(sandbox: &Sandbox) {
    let organiser = sandbox.person(&handle(0));
    organiser.says("#coffee-chats", "/coffee start every Tuesday at 10:00").await;
    if let Some(preview) = organiser.sees("#coffee-chats", "Coffee chats in this channel").await {
        organiser.clicks(&preview, "Start").await;
    }
}

/// Of every three people two remember to say that they met, if nobody of their group has said it yet.
async fn say_who_met(sandbox: &Sandbox, people: u16) {
    for n in (0..usize::from(people)).filter(|n| n % 3 != 0) {
        let person = sandbox.person(&handle(n));
        for group in person.group_dms() {
            let messages = person.reads(&group);
            if let Some(open) = messages.iter().rev().find(|message| message.has_button(MET)) {
                person.clicks(open, MET).await;
            }
        }
    }
}

/// When each of so many kudos is said: at work, some close together and some far apart, in their order.
fn moments(began_ms: i64, now_ms: i64, count: usize) -> Vec<i64> {
    let full_hours = (began_ms / HOUR_MS + 1)..(now_ms / HOUR_MS);
    let at_work: Vec<i64> = full_hours
        .map(|hour| hour * HOUR_MS)
        .filter(|ms| {
            let at = from_ms(*ms);
            !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) && WORKING_HOURS.contains(&at.hour())
        })
        .collect();
    let mut moments: Vec<i64> = (0_i64..)
        .zip(UNEVEN.into_iter().cycle())
        .take(count)
        .filter_map(|(n, uneven)| {
            let even = usize::try_from(n).ok()? * at_work.len() / count;
            let hour = at_work.get(even.saturating_add_signed(isize::try_from(uneven).ok()?))?;
            Some(hour + n * NEXT_MINUTE % MINUTES * MINUTE_MS)
        })
        .collect();
    moments.sort_unstable();
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kudos_are_said_at_work_over_all_the_weeks() {
        // Any three weeks hold fifteen working days, whatever day and hour it is now.
        for began_hour in 0..(7 * 24) {
            let began_ms = 1_700_000_000_000 + began_hour * HOUR_MS;
            let moments = moments(began_ms, began_ms + HISTORY_MS, KUDOS.len());
            assert_eq!(moments.len(), KUDOS.len());
            assert!(moments.is_sorted_by(|one, other| one < other), "nobody speaks at the same time");
            let mut days: Vec<i64> = moments.iter().map(|ms| ms / (24 * HOUR_MS)).collect();
            days.dedup();
            assert!((12..=16).contains(&days.len()), "on most days: {days:?}");
            for ms in moments {
                assert!((began_ms..began_ms + HISTORY_MS).contains(&ms));
                let at = from_ms(ms);
                assert!(at.weekday().num_days_from_monday() < 5 && (8..17).contains(&at.hour()), "{at}");
            }
        }
    }

    #[test]
    fn nobody_thanks_themselves_and_no_two_kudos_are_alike() {
        let mut reasons: Vec<&str> = KUDOS.iter().map(|(.., reason)| *reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        assert_eq!(reasons.len(), KUDOS.len());
        assert!(KUDOS.iter().all(|(giver, receivers, ..)| !receivers.contains(giver)));
        assert!(KUDOS.iter().all(|(giver, receivers, ..)| {
            receivers.iter().chain([giver]).all(|person| *person < FIRST.len())
        }));
    }
}
