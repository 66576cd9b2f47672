//! After each change of a promise, each message about it is true: what isn't so any more is said as past, and every button works.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rondo::common::promises::{KEEP_DAYS, Promise, PromiseState, store};
use serde_json::Value;

use super::*;

const PEOPLE: [&str; 3] = ["ana", "ben", "dee"];
const ZONES: [&str; 3] = ["Europe/Lisbon", "Europe/Berlin", "Asia/Kolkata"];
/// How many promises are played, and how many acts each has.
const MOST_PROMISES: u64 = 12;
const ACTS: usize = 24;
/// How many of the sentences below no act of the play leads to.
const MOST_UNSEEN: usize = 24;

use PromiseState::{Asked, Dropped, Kept, Lapsed, Open, Returned};

/// Whom a message says to have a promise.
#[derive(Clone, Copy)]
enum Holder {
    /// The first person that it names.
    Named,
    Reader,
    /// It says nothing of them.
    Unsaid,
}

/// What the first line of a message says to be so now: its words, who has it, its state, and whether it names the date.
const CLAIMS: [(&str, Holder, PromiseState, bool); 32] = [
    ("promises this by", Holder::Named, Open, true),
    ("has moved this to", Holder::Named, Open, true),
    ("has done this:", Holder::Named, Kept, false),
    ("can't do this:", Holder::Named, Dropped, false),
    ("isn't done with this after all", Holder::Named, Open, false),
    ("hasn't answered, so this request has ended", Holder::Named, Lapsed, false),
    ("This has no owner any more", Holder::Unsaid, Returned, false),
    ("No one will answer this request any more", Holder::Unsaid, Returned, false),
    ("no one has taken it on since", Holder::Unsaid, Returned, false),
    ("asks you for a promise", Holder::Reader, Asked, false),
    ("This still waits for your answer", Holder::Reader, Asked, false),
    ("so they may help you with this", Holder::Reader, Open, false),
    ("still hopes for your answer", Holder::Reader, Asked, false),
    ("Will you do this by", Holder::Reader, Asked, true),
    ("When will you do this", Holder::Reader, Asked, false),
    ("I've asked @", Holder::Named, Asked, true),
    ("for this by", Holder::Named, Asked, true),
    ("for this yet", Holder::Named, Asked, false),
    ("Promised for", Holder::Reader, Open, true),
    ("Moved to", Holder::Reader, Open, true),
    ("Not done yet", Holder::Reader, Open, true),
    ("It's yours again", Holder::Reader, Open, true),
    ("Done, thank you", Holder::Reader, Kept, false),
    ("You've dropped this", Holder::Reader, Dropped, false),
    ("Dropped:", Holder::Reader, Dropped, false),
    ("would like a hand with this", Holder::Named, Open, false),
    ("I'm asking", Holder::Reader, Open, false),
    ("I'll ask", Holder::Reader, Open, false),
    ("for help with this yet", Holder::Reader, Open, false),
    ("won't be at work for some days", Holder::Named, Open, true),
    ("is at work before this is due after all", Holder::Named, Open, false),
    ("is due at another time", Holder::Named, Open, false),
];

/// What is said as past.
const PAST: [&str; 21] = [
    "had promised this",
    "had promised you this",
    "had said that this is done",
    "took this back",
    "has taken this back, so it isn't yours to do",
    "took this on",
    "was asked for this",
    "You said that you can't do this",
    "This was taken off your list",
    "so I took it off your list",
    "asked for a hand with this again",
    "had asked you for a hand",
    "until it needed no hand any more",
    "doesn't need a hand with this any more",
    "I've asked you about this again",
    "This request has ended",
    "so they can't help you with this",
    "I couldn't ask",
    "have changed, so I moved",
    "that you asked for lost",
    "has changed, so",
];

/// Returns what is untrue in a message that a person reads.
fn untrue(text: &str, reader: &str, promise: &Promise, name: &dyn Fn(&str) -> String) -> Option<String> {
    let head = text.lines().next().unwrap_or_default();
    if PAST.iter().any(|words| head.contains(words)) {
        return None;
    }
    let owner = name(promise.owner.as_str());
    let Some((_, holder, state, is_dated)) = CLAIMS.iter().find(|(words, ..)| head.contains(words)) else {
        return Some("says what this test doesn't know".to_owned());
    };
    if promise.state != *state {
        return Some(format!("says {state:?}, and it's {:?}", promise.state));
    }
    let named =
        head.split('@').nth(1).and_then(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next());
    let said = match holder {
        Holder::Named => named.unwrap_or_default(),
        Holder::Reader => reader,
        Holder::Unsaid => &owner,
    };
    if said != owner {
        return Some(format!("says {said}, and it's {owner}"));
    }
    let due = promise.due.map(|due| due.date.format("%-d %B").to_string()).filter(|_| *is_dated);
    due.filter(|due| !head.contains(due)).map(|due| format!("doesn't say {due}"))
}

/// Returns the buttons of a message: the action, and what it is about.
fn buttons(block: &Value) -> Vec<(String, String)> {
    let all = block["elements"].as_array().cloned().unwrap_or_default();
    let of = |element: &Value| {
        Some((element["action_id"].as_str()?.to_owned(), element["value"].as_str()?.to_owned()))
    };
    let mut found: Vec<_> = all.iter().filter_map(of).collect();
    found.retain(|(_, value)| value.split(' ').next().is_some_and(|id| id.len() > 20));
    found
}

/// Whether a person can do this with a promise.
fn works(action: &str, reader: &str, promise: &Promise) -> bool {
    let (is_owner, is_asker) = (promise.owner.as_str() == reader, promise.asker.as_str() == reader);
    match action.split(['/', '#']).next().unwrap_or_default() {
        "promises:done" | "promises:help" => is_owner && promise.state == Open,
        "promises:accept" => is_owner && promise.state == Asked,
        "promises:move" | "promises:decline" | "promises:when" => is_owner && promise.is_pending(),
        "promises:not_yet" => is_owner && promise.can_be_reopened(),
        "promises:hand" => is_asker && matches!(promise.state, Dropped | Returned | Lapsed),
        "promises:take" => matches!(promise.state, Dropped | Returned | Lapsed),
        "promises:take_back" => is_asker && matches!(promise.state, Asked | Open | Returned),
        other => panic!("{other}"),
    }
}

/// Returns all promises, oldest first.
async fn promises_of(bot: &Bot) -> Vec<Promise> {
    let context = bot.parts.engine.context();
    let rows = bot
        .parts
        .engine
        .store
        .ask("SELECT promise_id FROM promise ORDER BY promise_id", Vec::new())
        .await
        .unwrap();
    let mut all = Vec::new();
    for id in rows.into_iter().flatten().filter_map(rondo::store::unit::Value::text) {
        all.extend(store::promise(&context.store, &id).await.unwrap());
    }
    all
}

/// Whether a message follows its promise: it isn't a person's alone, and not too old.
fn is_kept(bot: &Bot, message: &Message) -> bool {
    let seconds: i64 = message.ts.split('.').next().unwrap().parse().unwrap();
    let age = bot.parts.engine.clock.now().timestamp() - seconds;
    message.ephemeral_to.is_none() && age < Duration::days(KEEP_DAYS - 1).num_seconds()
}

/// Returns each untruth that people read in their DMs.
async fn untruths(bot: &Bot, seen: &mut BTreeSet<&'static str>) -> Vec<String> {
    let (all, mut found) = (promises_of(bot).await, Vec::new());
    let name = |id: &str| bot.person(id).name();
    for who in PEOPLE {
        let reader = bot.id(who);
        for message in bot.person(who).reads(&bot.user).into_iter().filter(|message| is_kept(bot, message)) {
            let text = bot.as_read(&message.text);
            seen.extend(CLAIMS.iter().map(|claim| claim.0).chain(PAST).filter(|words| text.contains(words)));
            let about =
                |promise: &&Promise| text.lines().any(|line| line.strip_prefix('>') == Some(&promise.words));
            if let Some(promise) = all.iter().find(about)
                && !text.starts_with(":bell: *")
                && let Some(why) = untrue(&text, who, promise, &name)
            {
                found.push(format!("{who} reads a message that {why}: {text}"));
            }
            for (action, value) in message.blocks.iter().flat_map(buttons) {
                let (id, version) = value.split_once(' ').unwrap();
                let Some(promise) = all.iter().find(|promise| promise.id == id) else { continue };
                if promise.version.to_string() != version || !works(&action, &reader, promise) {
                    found.push(format!(
                        "{who} reads {action}, and it's {:?} of {}: {text}",
                        promise.state,
                        name(promise.owner.as_str())
                    ));
                }
            }
        }
    }
    found
}

/// What happens next.
struct Play {
    rng: StdRng,
    off: Vec<&'static str>,
    told: Vec<String>,
}

impl Play {
    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.rng.random_range(0..of.len())].clone()
    }

    fn ahead(&mut self, bot: &Bot) -> NaiveDate {
        bot.parts.engine.clock.now().date_naive() + Days::new(self.rng.random_range(1..60))
    }

    async fn acts(&mut self, bot: &mut Bot) {
        match self.rng.random_range(0..100) {
            0..55 => self.presses_any(bot).await,
            55..62 => self.takes_back(bot).await,
            62..72 => self.switches(bot).await,
            72..77 => {
                let (who, zone) = (self.one(&PEOPLE), self.one(&ZONES));
                self.told.push(format!("{who} is in {zone}"));
                bot.sandbox.set_zone(who, zone);
                bot.hears_events().await;
            }
            77..83 => {
                let (who, until) = (self.one(&PEOPLE), self.ahead(bot));
                let words = self.one(&[format!("/sync away until {until}"), "/sync back".to_owned()]);
                self.told.push(format!("{who}: {words}"));
                if !self.off.contains(&who) {
                    bot.says(who, "#general", &words).await;
                }
            }
            _ => {
                let hours = self.one(&[1, 5, 24, 30, 80, 200, 1_700]);
                self.told.push(format!("{hours} hours"));
                let at = bot.parts.engine.clock.now() + Duration::hours(hours);
                super::until(bot, &at.format("%Y-%m-%dT%H:%M").to_string()).await;
            }
        }
        bot.settle().await;
    }

    async fn switches(&mut self, bot: &mut Bot) {
        let who = self.one(&PEOPLE);
        self.told.push(format!("{who} off or on"));
        if let Some(at) = self.off.iter().position(|off| *off == who) {
            self.off.remove(at);
            bot.sandbox.reactivate(who);
        } else {
            self.off.push(who);
            bot.sandbox.deactivate(who);
        }
        bot.hears_events().await;
    }

    async fn takes_back(&mut self, bot: &mut Bot) {
        if self.off.contains(&"ana") {
            return;
        }
        types(bot, "ana", "/promise asked").await;
        let list = bot.person("ana").reads("#general").pop().unwrap();
        let label = self.one(&["Take it back", "Ask another person", "Ask another person"]);
        self.told.push(format!("ana, in her list: {label}"));
        self.clicks(bot, "ana", &list, label).await;
    }

    async fn presses_any(&mut self, bot: &mut Bot) {
        let labels = [
            "I'll do it",
            "Another date",
            "Can't",
            "Done",
            "Later…",
            "Need help",
            "Not yet after all",
            "Keep it after all",
            "Drop it",
            "Ask another person",
            "I'll do it myself",
            "I'll take it",
            "When will you do it?",
            "Take it back",
        ];
        let mut found = Vec::new();
        for who in PEOPLE.into_iter().filter(|who| !self.off.contains(who)) {
            for message in
                bot.person(who).reads(&bot.user).into_iter().filter(|message| message.ephemeral_to.is_none())
            {
                let shown = serde_json::to_string(&message.blocks).unwrap();
                // A request that is taken back is over; that is rare.
                let is_there = |label: &&str| {
                    shown.contains(&format!("\"text\":\"{label}\"")) && *label != "Take it back"
                };
                found.extend(labels.into_iter().filter(is_there).map(|label| (who, message.clone(), label)));
            }
        }
        if found.is_empty() {
            return;
        }
        let (who, message, label) = self.one(&found);
        self.told.push(format!("{who}: {label}"));
        self.clicks(bot, who, &message, label).await;
    }

    async fn clicks(&mut self, bot: &mut Bot, who: &str, message: &Message, label: &str) {
        let person = bot.person(who);
        if matches!(label, "Later…" | "When will you do it?") {
            let choice = self.one(&["Tomorrow", "In three days", "Next week"]);
            person.picks(message, label, choice).await;
        } else {
            person.clicks(message, label).await;
        }
        bot.settle().await;
        let Some(form) = person.modal() else { return };
        let (date, other) = (self.ahead(bot).to_string(), self.one(&PEOPLE));
        match form.title.as_str() {
            "Ask for help" => drop(person.fills("helper", bot.id(other))),
            "Ask another person" => drop((person.fills("who", bot.id(other)), person.fills("date", date))),
            _ => drop(person.fills("date", date)),
        }
        let sent = person.submits().await;
        self.told.push(format!("  {}, {other}: {sent:?}", form.title));
        bot.settle().await;
        if person.modal().is_some() {
            person.closes();
        }
    }
}

each_store! {
    async fn each_message_about_a_promise_stays_true(bot: &mut Bot) {
        bot.expects_refusals();
        let mut seen = BTreeSet::new();
        let mut play = Play { rng: StdRng::seed_from_u64(0), off: Vec::new(), told: Vec::new() };
        for seed in 0..MOST_PROMISES {
            play.rng = StdRng::seed_from_u64(seed);
            for who in std::mem::take(&mut play.off) {
                bot.sandbox.reactivate(who);
                bot.hears_events().await;
                bot.settle().await;
            }
            play.told.clear();
            let date = play.ahead(bot);
            types(bot, "ana", &format!("/promise @ben write part {seed} by {date}")).await;
            for _ in 0..ACTS {
                play.acts(bot).await;
                let untruths = untruths(bot, &mut seen).await;
                assert!(untruths.is_empty(), "promise {seed}, after {:#?}: {untruths:#?}", play.told);
            }
        }
        let unseen: Vec<&str> = CLAIMS.iter().map(|claim| claim.0).chain(PAST).filter(|words| !seen.contains(words)).collect();
        assert!(unseen.len() <= MOST_UNSEEN, "the play says little: {unseen:?}");
    }

    async fn each_message_is_true_once_a_person_is_erased(bot: &mut Bot) {
        bot.expects_refusals();
        let mut play = Play { rng: StdRng::seed_from_u64(7), off: Vec::new(), told: Vec::new() };
        let date = play.ahead(bot);
        for part in 0..4 {
            types(bot, "ana", &format!("/promise @{} write part {part} by {date}", play.one(&["ben", "dee"]))).await;
            for _ in 0..4 {
                play.presses_any(bot).await;
                bot.settle().await;
            }
        }
        for who in ["dee", "ben"] {
            let erased = rondo::model::people::UserId(bot.id(who));
            assert!(rondo::engine::person::PersonData::of(&bot.parts.engine).erase(&erased, &[], false).await.unwrap().is_clean);
            bot.settle().await;
            let untruths = untruths(bot, &mut BTreeSet::new()).await;
            let others: Vec<&String> = untruths.iter().filter(|untruth| untruth.starts_with("ana")).collect();
            assert!(others.is_empty(), "{who} is erased, after {:#?}: {others:#?}", play.told);
        }
    }
}
