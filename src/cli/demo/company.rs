//! The demo company: its people and channels.

use chrono_tz::Tz;
use slack_sandbox::{NewPerson, Sandbox};

use crate::ritual::demo::Colleague;

const DEPARTMENTS: [&str; 5] = ["Engineering", "Design", "Sales", "Support", "Operations"];
const ZONES: [Tz; 4] = [Tz::Europe__Berlin, Tz::Europe__Lisbon, Tz::America__New_York, Tz::Asia__Kolkata];
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
/// How many people of all departments meet in #cross-team.
const CREW: usize = 8;

fn handle(n: usize) -> String {
    let first = FIRST[n % FIRST.len()].to_lowercase();
    if n < FIRST.len() { first } else { format!("{first}{}", n / FIRST.len() + 1) }
}

fn full_name(n: usize) -> String {
    format!("{} {}", FIRST[n % FIRST.len()], LAST[(n * 5 + n / FIRST.len()) % LAST.len()])
}

/// Adds people and channels.
pub(super) fn settle_in(sandbox: &Sandbox, people: u16) {
    let people = usize::from(people);
    for n in 0..people {
        sandbox.add_person(NewPerson {
            name: &handle(n),
            real_name: &full_name(n),
            zone: ZONES[n % ZONES.len()].name(),
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
    let all: Vec<&str> = handles.iter().map(String::as_str).collect();
    sandbox.add_channel("coffee-chats", false, &all);
    let crew: Vec<&str> = all.iter().copied().take(CREW).collect();
    sandbox.add_channel("cross-team", false, &crew);
}

/// Adds the bot to every channel but one, where it shows what it does when it may not post.
pub(super) fn invite_bot(sandbox: &Sandbox, bot: &str) {
    for channel in ["general", "coffee-chats", "cross-team", "engineering", "design", "sales", "support"] {
        sandbox.invite(channel, bot);
    }
}

/// Returns the user groups that are departments, so that coffee chats reach across them.
pub(super) fn departments() -> Vec<String> {
    DEPARTMENTS.iter().map(|department| department.to_lowercase()).collect()
}

/// Returns the company's people as simulated colleagues.
pub(super) fn colleagues(sandbox: &Sandbox, people: u16) -> Vec<Colleague> {
    let person = |n| {
        let handle = handle(n);
        Colleague {
            id: sandbox.person(&handle).id(),
            name: full_name(n),
            first: FIRST[n % FIRST.len()],
            zone: ZONES[n % ZONES.len()],
            department: DEPARTMENTS[n % DEPARTMENTS.len()].to_lowercase(),
            handle,
        }
    };
    (0..usize::from(people)).map(person).collect()
}
