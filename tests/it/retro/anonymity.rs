//! Attacks on copies of the database: who wrote what? Each attack finds the link if there is one, as planted weaknesses prove.
//!
//! `docs/retro.md` says what may be found. What it states is tested here, too: that a person who copies the database before and
//! after an answer sees what was added.

use std::collections::{BTreeMap, BTreeSet};

use rondo::rituals::retro::values::AnswerKey;
use serde_json::Value;

use super::{pulse::open_pulse, *};
use crate::support::{
    dump::{Dump, DumpedRow},
    lines::Lines,
};

/// Enough people that no order of them comes about by chance.
const PEOPLE: [&str; 12] =
    ["ana", "ben", "cy", "dee", "eve", "fay", "gil", "hal", "ida", "joe", "kim", "lou"];
/// The order in which they answer, which is neither that of their names nor that in which they are asked.
const ORDER: [&str; 12] = ["fay", "kim", "ana", "ida", "dee", "lou", "ben", "hal", "joe", "cy", "gil", "eve"];
/// What they answer to a scale, in that order: neither sorted nor the same number twice in a row.
const NUMBERS: [&str; 12] = ["2", "5", "1", "4", "3", "5", "2", "4", "1", "3", "5", "2"];

/// What an attacker has: copies of the database, and what may be known from elsewhere.
#[derive(Clone)]
struct Loot {
    /// A copy from when all were asked, and one after each answer.
    before_the_close: Vec<Dump>,
    after_the_close: Dump,
    /// The people by their ids, in the order in which they answered, and what each of them said.
    people: Vec<String>,
    said: Vec<String>,
    /// What the messages of these people held until the close.
    keys: Vec<AnswerKeys>,
}

/// Who wrote which text, by the attacker's conclusion.
type Links = BTreeSet<(String, String)>;

fn idea(who: &str) -> String {
    format!("Idea of {who}")
}

/// Has everyone answer with words, one after the other, and copies the database all along.
async fn loot(bot: &mut Bot) -> Loot {
    open(bot, &PEOPLE).await;
    collect(bot, ORDER.map(idea).into()).await
}

/// The same with a number of a scale.
async fn loot_of_a_scale(bot: &mut Bot) -> Loot {
    open_pulse(bot, &PEOPLE).await;
    collect(bot, NUMBERS.map(str::to_owned).into()).await
}

async fn collect(bot: &mut Bot, said: Vec<String>) -> Loot {
    // What is left of the questions is overwritten before, by a run that comes with no answer.
    bot.passes(chrono::Duration::minutes(8));
    bot.settle().await;
    let url = bot.database();
    let keys = ORDER.iter().map(|who| keys_of(bot, who)).collect();
    let mut before_the_close = vec![Dump::of(&url).await];
    for (who, text) in ORDER.iter().zip(&said) {
        bot.passes(chrono::Duration::minutes(7));
        answers(bot, who, &[("1", text)]).await;
        before_the_close.push(Dump::of(&url).await);
    }
    comes_to(bot, "close").await;
    let people = ORDER.iter().map(|who| bot.id(who)).collect();
    Loot { before_the_close, after_the_close: Dump::of(&url).await, people, said, keys }
}

impl Loot {
    fn last(&self) -> &Dump {
        self.before_the_close.last().unwrap()
    }

    /// Returns what is true.
    fn truth(&self) -> Links {
        self.people.iter().cloned().zip(self.said.iter().cloned()).collect()
    }

    /// Returns the people that a row names.
    fn named<'l>(&'l self, row: &DumpedRow) -> Vec<&'l String> {
        self.people.iter().filter(|id| row.mentions(id)).collect()
    }

    /// Returns the conclusions that are true.
    fn right(&self, links: &Links) -> usize {
        links.intersection(&self.truth()).count()
    }
}

/// Returns the rows that hold an answer, in the order of the database.
fn texts(dump: &Dump) -> Vec<DumpedRow> {
    let rows = dump.rows("retro_slot").iter().chain(dump.rows("retro_answer"));
    rows.filter(|row| !row.text("words").is_empty()).cloned().collect()
}

/// Whether a row holds a text. Digits are in many ids, so a number counts where it is all that a column holds.
fn holds_words(row: &DumpedRow, text: &str) -> bool {
    if text.len() > 1 { row.mentions(text) } else { row.columns.values().any(|value| value == text) }
}

/// Concludes from rows that hold a person and a text.
fn beside(loot: &Loot, dump: &Dump) -> Links {
    let mut links = Links::new();
    for row in dump.0.values().flatten() {
        for person in loot.named(row) {
            let here = loot.said.iter().filter(|text| holds_words(row, text));
            links.extend(here.map(|text| (person.clone(), text.clone())));
        }
    }
    links
}

/// Concludes from rows that hold a person and a key, or its hash.
fn by_key(loot: &Loot, dump: &Dump) -> Links {
    let slots: BTreeMap<String, String> =
        texts(dump).iter().map(|row| (row.text("key_hash"), row.text("words"))).collect();
    let mut links = Links::new();
    for row in dump.0.values().flatten() {
        let words: Vec<String> = row
            .columns
            .values()
            .filter_map(Value::as_str)
            .flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphanumeric()))
            .filter(|word| word.len() == 32 || word.len() == 64)
            .map(str::to_owned)
            .collect();
        for word in words {
            let hash = if word.len() == 32 { AnswerKey::new(word).hash() } else { word };
            if let Some(text) = slots.get(&hash) {
                links.extend(loot.named(row).into_iter().map(|person| (person.clone(), text.clone())));
            }
        }
    }
    links
}

/// Concludes from an order of texts that is an order of people: that of the database or of any column.
fn by_order(loot: &Loot, dump: &Dump) -> Links {
    let mut of_people: Vec<Vec<String>> = vec![loot.people.clone()];
    for rows in dump.0.values() {
        for rows in orders(rows) {
            let named: Vec<String> = rows
                .iter()
                .filter_map(|row| match loot.named(row).as_slice() {
                    [only] => Some((*only).clone()),
                    _ => None,
                })
                .collect();
            let mut once = BTreeSet::new();
            let named: Vec<String> = named.into_iter().filter(|person| once.insert(person.clone())).collect();
            if named.len() == loot.people.len() {
                of_people.push(named);
            }
        }
    }
    // A few are right by chance: among thousands of orders, half of them. Where answers are alike, as numbers are, one order
    // in fifty thousand puts all but two of them right, so nothing less than all counts.
    let unlike: BTreeSet<&String> = loot.said.iter().collect();
    let wrong = if unlike.len() == loot.said.len() { 2 } else { 0 };
    let mut links = Links::new();
    for rows in orders(&texts(dump)) {
        let of_texts: Vec<String> = rows.iter().map(|row| row.text("words")).collect();
        for people in &of_people {
            let guess: Links = people.iter().cloned().zip(of_texts.iter().cloned()).collect();
            if loot.right(&guess) + wrong >= people.len() {
                links.extend(guess);
            }
        }
    }
    links
}

/// Returns rows in their own order and in that of each column, forwards and backwards. The words themselves are no order.
fn orders(rows: &[DumpedRow]) -> Vec<Vec<DumpedRow>> {
    let columns: BTreeSet<&String> =
        rows.iter().flat_map(|row| row.columns.keys()).filter(|column| *column != "words").collect();
    let mut orders = vec![rows.to_vec()];
    for column in columns {
        let mut sorted = rows.to_vec();
        sorted.sort_by_key(|row| match &row.columns[column] {
            Value::Number(number) => format!("{:020}", number.as_i64().unwrap_or_default()),
            value => value.as_str().unwrap_or_default().to_owned(),
        });
        orders.push(sorted);
    }
    let mut by_transaction = rows.to_vec();
    by_transaction.sort_by_key(|row| row.written_by.parse::<u64>().unwrap_or_default());
    orders.push(by_transaction);
    let backwards: Vec<Vec<DumpedRow>> =
        orders.iter().map(|rows| rows.iter().rev().cloned().collect()).collect();
    orders.extend(backwards);
    orders
}

/// Concludes from a text and a person that one transaction wrote, and no other text or person.
fn by_transaction(loot: &Loot, dump: &Dump) -> Links {
    let mut written: BTreeMap<&str, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for (table, row) in dump.0.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, row))) {
        if row.written_by.is_empty() {
            continue;
        }
        let (people, texts) = written.entry(&row.written_by).or_default();
        people.extend(loot.named(row).into_iter().cloned());
        if ["retro_slot", "retro_answer"].contains(&table.as_str()) && !row.text("words").is_empty() {
            texts.insert(row.text("words"));
        }
    }
    let alone = written.into_values().filter(|(people, texts)| people.len() == 1 && texts.len() == 1);
    alone
        .map(|(people, texts)| (people.into_iter().next().unwrap(), texts.into_iter().next().unwrap()))
        .collect()
}

/// Concludes from a time in or beside a text, as in an id that begins with it: the texts in the order of their times.
fn by_time(loot: &Loot, dump: &Dump) -> Links {
    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    let started = crate::support::bot::MONDAY_MORNING;
    let is_time = |ms: i64| (started - DAY_MS..started + 30 * DAY_MS).contains(&ms);
    let time_of = |row: &DumpedRow| {
        row.columns.iter().filter(|(column, _)| *column != "retro_id").find_map(|(_, value)| match value {
            Value::Number(number) => number.as_i64().filter(|ms| is_time(*ms)),
            Value::String(text) => i64::from_str_radix(text.get(..12)?, 16).ok().filter(|ms| is_time(*ms)),
            _ => None,
        })
    };
    let mut timed: Vec<(i64, String)> =
        texts(dump).iter().filter_map(|row| Some((time_of(row)?, row.text("words")))).collect();
    timed.sort();
    loot.people.iter().cloned().zip(timed.into_iter().map(|(_, text)| text)).collect()
}

/// Concludes from rows that came with an answer, for an attacker who doesn't know who answered then: rows that name a person.
fn by_trace(loot: &Loot) -> Links {
    let mut links = Links::new();
    for pair in loot.before_the_close.windows(2) {
        let new = pair[1].since(&pair[0]);
        let texts = new.iter().filter(|(table, _)| table == "retro_slot").map(|(_, row)| row.text("words"));
        let people = new.iter().flat_map(|(_, row)| loot.named(row)).cloned();
        let people: BTreeSet<String> = people.collect();
        links.extend(texts.flat_map(|text| people.iter().map(move |person| (person.clone(), text.clone()))));
    }
    links
}

/// An attack on one copy.
type Attack = (&'static str, fn(&Loot, &Dump) -> Links);

const ATTACKS: [Attack; 5] = [
    ("beside", beside),
    ("by key", by_key),
    ("by order", by_order),
    ("by transaction", by_transaction),
    ("by time", by_time),
];

fn plant(dump: &Dump, change: impl FnOnce(&mut BTreeMap<String, Vec<DumpedRow>>)) -> Dump {
    let mut planted = dump.clone();
    change(&mut planted.0);
    planted
}

each_store! {
    async fn no_copy_tells_who_wrote_what(bot: &mut Bot) {
        let loot = loot(bot).await;
        assert_eq!(texts(loot.last()).len(), PEOPLE.len());
        assert_eq!(texts(&loot.after_the_close).len(), PEOPLE.len());
        for (name, attack) in ATTACKS {
            for (when, dump) in [("before", loot.last()), ("after", &loot.after_the_close)] {
                let links = attack(&loot, dump);
                assert_eq!(loot.right(&links), 0, "{name} the close, {when}: {links:?}");
            }
        }
        assert_eq!(by_trace(&loot), Links::new(), "no row came with an answer that names a person");
        // What the docs state: a person who knows when another answered, and has copies from just before and after, sees the text.
        for (at, who) in ORDER.iter().enumerate() {
            let new = loot.before_the_close[at + 1].since(&loot.before_the_close[at]);
            let changed: Vec<(&str, String)> = new.iter().map(|(table, row)| (table.as_str(), row.text("words"))).collect();
            assert_eq!(changed, [("retro_slot", idea(who))], "an answer changes its slot and nothing else");
        }
    }

    async fn planted_weaknesses_are_found(bot: &mut Bot) {
        let loot = loot(bot).await;
        let all = PEOPLE.len();
        let row = |columns: &[(&str, Value)], written_by: &str| DumpedRow {
            columns: columns.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            written_by: written_by.to_owned(),
        };
        let words = |at: usize| Value::from(idea(ORDER[at]));
        let person = |at: usize| Value::from(loot.people[at].clone());
        // A person's message with the answer in it.
        let planted = plant(loot.last(), |tables| {
            let rows = (0..all).map(|at| row(&[("target", person(at)), ("payload", words(at))], ""));
            tables.get_mut("outbox").unwrap().extend(rows);
        });
        assert_eq!(loot.right(&beside(&loot, &planted)), all);
        // Messages that still have their keys.
        let keys: Vec<String> = loot.keys.iter().map(AnswerKeys::expose).collect();
        let planted = plant(loot.last(), |tables| {
            let rows = keys.iter().enumerate();
            let rows = rows.map(|(at, keys)| row(&[("target", person(at)), ("payload", keys.as_str().into())], ""));
            tables.get_mut("outbox").unwrap().extend(rows);
        });
        assert_eq!(loot.right(&by_key(&loot, &planted)), all);
        // Rows in the order of the answers, of the people, and ids that grow with time.
        let in_order = |rows: Vec<usize>| {
            plant(&loot.after_the_close, |tables| {
                let rows = rows.into_iter().map(|at| row(&[("answer_id", "x".into()), ("words", words(at))], ""));
                tables.insert("retro_answer".to_owned(), rows.collect());
            })
        };
        assert_eq!(loot.right(&by_order(&loot, &in_order((0..all).collect()))), all);
        let mut by_id: Vec<usize> = (0..all).collect();
        by_id.sort_by_key(|at| &loot.people[*at]);
        assert_eq!(loot.right(&by_order(&loot, &in_order(by_id))), all);
        let start = crate::support::bot::MONDAY_MORNING;
        let planted = plant(&loot.after_the_close, |tables| {
            let ids = (0..all).map(|at| format!("{:012x}7000800000000000", start + i64::try_from(at).unwrap() * 60_000));
            let rows = ids.enumerate().map(|(at, id)| row(&[("answer_id", id.into()), ("words", words(at))], ""));
            tables.insert("retro_answer".to_owned(), rows.rev().collect());
        });
        assert_eq!(loot.right(&by_time(&loot, &planted)), all);
        // A delivery that one transaction wrote with the answer, and that names the person.
        let planted = plant(loot.last(), |tables| {
            let slots = (0..all).map(|at| row(&[("key_hash", "h".into()), ("words", words(at))], &at.to_string()));
            tables.insert("retro_slot".to_owned(), slots.collect());
            let deliveries = (0..all).map(|at| row(&[("person", person(at))], &at.to_string()));
            tables.insert("processed_delivery".to_owned(), deliveries.collect());
        });
        assert_eq!(loot.right(&by_transaction(&loot, &planted)), all);
        let mut traced = loot.clone();
        for (at, dump) in traced.before_the_close.iter_mut().enumerate().skip(1) {
            dump.0.get_mut("processed_delivery").unwrap().push(row(&[("person", person(at - 1))], ""));
        }
        assert_eq!(loot.right(&by_trace(&traced)), all);
    }

    async fn no_copy_tells_who_chose_which_number(bot: &mut Bot) {
        let loot = loot_of_a_scale(bot).await;
        assert_eq!(texts(loot.last()).len(), PEOPLE.len());
        for (name, attack) in ATTACKS {
            for (when, dump) in [("before", loot.last()), ("after", &loot.after_the_close)] {
                let links = attack(&loot, dump);
                assert_eq!(loot.right(&links), 0, "{name} the close, {when}: {links:?}");
            }
        }
        assert_eq!(by_trace(&loot), Links::new(), "no row came with an answer that names a person");
        // A person who knows when another answered, and has copies from just before and after, sees the number, as the docs state.
        for (at, number) in NUMBERS.iter().enumerate() {
            let new = loot.before_the_close[at + 1].since(&loot.before_the_close[at]);
            let changed: Vec<(&str, String)> = new.iter().map(|(table, row)| (table.as_str(), row.text("words"))).collect();
            assert_eq!(changed, [("retro_slot", (*number).to_owned())], "an answer changes its slot and nothing else");
        }
    }

    async fn the_close_leaves_no_number(bot: &mut Bot) {
        let loot = loot_of_a_scale(bot).await;
        for table in ["retro_slot", "retro_key", "retro_named", "retro_answer"] {
            assert_eq!(loot.after_the_close.rows(table), [], "{table}");
        }
        // What came with the close, beside the medians: nothing that counts the answers by number or by person.
        let new = loot.after_the_close.since(loot.last());
        let kept: Vec<&DumpedRow> = new.iter().filter(|(table, _)| table == "retro_scale").map(|(_, row)| row).collect();
        let [scale] = kept[..] else { panic!("{kept:?}") };
        assert_eq!([&scale.columns["median"], &scale.columns["spread"], &scale.columns["answers"]], [6, 5, 12]);
        let tables: BTreeSet<&str> = new.iter().map(|(table, _)| table.as_str()).collect();
        let known = ["lease", "outbox", "retro", "retro_prompt", "retro_scale", "run"].into();
        assert!(tables.is_subset(&known), "{tables:?}");
        for (table, row) in &new {
            assert!(table != "retro_prompt" || row.text("place") == "1" || row.columns["respondents"] == 0, "{row:?}");
        }
    }

    async fn planted_numbers_are_found(bot: &mut Bot) {
        let loot = loot_of_a_scale(bot).await;
        let row = |columns: &[(&str, Value)], written_by: &str| DumpedRow {
            columns: columns.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            written_by: written_by.to_owned(),
        };
        let rows = |with: fn(&str, &str, usize) -> Vec<(&'static str, Value)>| -> Vec<DumpedRow> {
            let all = loot.people.iter().zip(&loot.said).enumerate();
            all.map(|(at, (person, number))| row(&with(person, number, at), &at.to_string())).collect()
        };
        let all = loot.truth().len();
        let beside_each = rows(|person, number, _| vec![("person", person.into()), ("number", number.into())]);
        let planted = plant(loot.last(), |tables| {
            tables.insert("outbox".to_owned(), beside_each);
        });
        assert_eq!(loot.right(&beside(&loot, &planted)), all);
        let in_order = rows(|_, number, _| vec![("key_hash", "h".into()), ("words", number.into())]);
        let planted = plant(loot.last(), |tables| {
            tables.insert("retro_slot".to_owned(), in_order);
        });
        assert_eq!(loot.right(&by_order(&loot, &planted)), all);
        let deliveries = rows(|person, _, _| vec![("person", person.into())]);
        let planted = plant(&planted, |tables| {
            tables.insert("processed_delivery".to_owned(), deliveries);
        });
        assert_eq!(loot.right(&by_transaction(&loot, &planted)), all);
    }

    async fn keys_are_in_the_messages_alone(bot: &mut Bot) {
        open(bot, &PEOPLE).await;
        let dump = Dump::of(&bot.database()).await;
        for who in PEOPLE {
            for (_, key) in keys_of(bot, who).keys {
                let holds = |row: &&DumpedRow| row.mentions(key.expose());
                assert_eq!(dump.0.values().flatten().filter(holds).count(), 0, "{who}");
                let slots = dump.rows("retro_slot").iter().filter(|row| row.text("key_hash") == key.hash());
                assert_eq!(slots.count(), 1);
            }
        }
        // Some are left for each prompt, so that the last person's weren't the only ones.
        assert_eq!(dump.rows("retro_key").len(), 3 * 5);
        assert_eq!(dump.rows("retro_slot").len(), 3 * (PEOPLE.len() + 5));
    }

    async fn the_close_leaves_no_key_and_no_hash(bot: &mut Bot) {
        let loot = loot(bot).await;
        let keys: Vec<&AnswerKey> = loot.keys.iter().flat_map(|keys| &keys.keys).map(|(_, key)| key).collect();
        for who in ORDER {
            assert!(question(bot, who).is_none(), "{who}'s message has no keys any more");
        }
        for table in ["retro_slot", "retro_key", "retro_named"] {
            assert_eq!(loot.after_the_close.rows(table), [], "{table}");
        }
        for row in loot.after_the_close.0.values().flatten() {
            assert!(!keys.iter().any(|key| row.mentions(key.expose()) || row.mentions(&key.hash())), "{row:?}");
        }
        let answers = loot.after_the_close.rows("retro_answer");
        let transactions: BTreeSet<&str> = answers.iter().map(|row| row.written_by.as_str()).collect();
        assert_eq!(transactions.len(), 1, "one transaction wrote all answers");
    }

    async fn a_named_answer_leaves_its_words_alone(bot: &mut Bot) {
        open_with(bot, &PEOPLE, &["1", "2"]).await;
        let url = bot.database();
        let mut orders = Vec::new();
        for who in ORDER {
            // One after the other, as most people do.
            let before = Dump::of(&url).await;
            for (button, field) in [("Answer anonymously", "prompt_1"), ("Answer with your name", "prompt_3")] {
                let form = opens(bot, who, button).await;
                assert!(form.fills(field, format!("{field} of {who}")));
                assert_eq!(form.submits().await, Submission::Updated);
                form.closes();
            }
            let after = Dump::of(&url).await;
            let new: Vec<(String, String)> = after.since(&before).into_iter().map(|(table, row)| (table, row.text("words"))).collect();
            let expected = [("retro_named", format!("prompt_3 of {who}")), ("retro_slot", format!("prompt_1 of {who}"))];
            assert_eq!(new, expected.map(|(table, words)| (table.to_owned(), words)), "no press and no form is recorded");
            let named = after.rows("retro_named");
            orders.push(named.iter().map(|row| row.text("user_id")).collect::<Vec<_>>());
            let written: BTreeSet<&str> = named.iter().filter(|row| row.text("place") == "3").map(|row| row.written_by.as_str()).collect();
            assert_eq!(written.len(), 1, "one transaction wrote all named answers to a prompt");
        }
        orders.dedup();
        let mut by_id = ORDER.map(|who| bot.id(who)).to_vec();
        by_id.sort_unstable();
        assert!(orders.iter().all(|order| { let mut sorted = order.clone(); sorted.sort_unstable(); sorted == by_id }), "a row each, from the beginning");
    }

    async fn opening_a_form_leaves_no_trace(bot: &mut Bot) {
        open(bot, &TEAM).await;
        let before = Dump::of(&bot.database()).await;
        let form = opens(bot, "ben", "Answer").await;
        form.closes();
        let dm = bot.user.clone();
        bot.clicks("cy", &dm, "Skip this time").await;
        assert_eq!(Dump::of(&bot.database()).await.since(&before), []);
    }
}

/// Returns the bytes of a database file and of its companions.
pub(super) fn files(url: &str) -> Vec<u8> {
    let path = url.trim_start_matches("sqlite:");
    let mut bytes = Vec::new();
    for end in ["", "-wal", "-shm"] {
        bytes.extend(std::fs::read(format!("{path}{end}")).unwrap_or_default());
    }
    bytes
}

pub(super) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_files_forget_what_is_deleted() {
    let mut bot = Bot::on_sqlite().await;
    let bot_ref = &mut bot;
    open(bot_ref, &TEAM).await;
    // So long that SQLite keeps it on pages of its own.
    let long = |who: &str| format!("Secret of {who} {}\n{0}\n{0}", "x".repeat(900));
    for who in ["ana", "ben", "cy"] {
        answers(bot_ref, who, &[("2", &long(who))]).await;
    }
    let url = bot_ref.database();
    let hash = keys_of(bot_ref, "ben").of("2").unwrap().hash();
    let found = files(&url);
    assert!(holds(&found, "Secret of ben") && holds(&found, &hash), "the search finds what is there");
    let keys: Vec<AnswerKeys> = TEAM.iter().map(|who| keys_of(bot_ref, who)).collect();
    comes_to(bot_ref, "close").await;
    let found = files(&url);
    for (who, keys) in TEAM.iter().zip(keys) {
        assert!(!holds(&found, &format!("Secret of {who}")), "{who}");
        for (_, key) in keys.keys {
            assert!(!holds(&found, key.expose()) && !holds(&found, &key.hash()), "{who}");
        }
    }
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_files_forget_keys_that_were_sent() {
    let mut bot = Bot::on_sqlite().await;
    let bot_ref = &mut bot;
    open(bot_ref, &TEAM).await;
    let keys: Vec<String> = TEAM
        .iter()
        .flat_map(|who| keys_of(bot_ref, who).keys)
        .map(|(_, key)| key.expose().to_owned())
        .collect();
    let url = bot_ref.database();
    // The messages waited in the outbox, beside the ids of their receivers.
    let is_clean = || async {
        let found = files(&url);
        !keys.iter().any(|key| holds(&found, key))
    };
    bot_ref.eventually("neither the file nor its log has a key that a person has", is_clean).await;
    let hash = keys_of(bot_ref, "ben").of("1").unwrap().hash();
    assert!(holds(&files(&url), &hash), "the search finds what is there");
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_a_file_keeps_no_order_of_answers() {
    let mut bot = Bot::on_sqlite().await;
    let bot_ref = &mut bot;
    open_with(bot_ref, &TEAM, &["1", "2"]).await;
    for who in TEAM {
        for (button, field) in [("Answer anonymously", "prompt_1"), ("Answer with your name", "prompt_3")] {
            let form = opens(bot_ref, who, button).await;
            assert!(form.fills(field, format!("{field} of {who}")));
            assert_eq!(form.submits().await, Submission::Updated);
            form.closes();
        }
    }
    // A person who copies the file with its log finds the answers in the file, and none of the steps in which they came.
    let path = bot_ref.database().trim_start_matches("sqlite:").to_owned();
    let log = || std::fs::read(format!("{path}-wal")).unwrap_or_default();
    let is_silent = || async { !TEAM.iter().any(|who| holds(&log(), &format!("of {who}"))) };
    bot_ref.eventually("the log has none of the answers", is_silent).await;
    assert!(holds(&files(&bot_ref.database()), "prompt_1 of ben"), "the search finds what is there");
    bot.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_writes_its_tables_anew() {
    let Some(url) = crate::support::postgres::fresh_database().await else { return };
    let mut bot = Bot::on(&url).await;
    let bot_ref = &mut bot;
    open(bot_ref, &TEAM).await;
    answers(bot_ref, "ana", &[("2", "Secret")]).await;
    let size = "SELECT pg_relation_size('retro_slot')";
    let pages = async |bot: &Bot| {
        let rows = bot.parts.engine.store.ask(size, Vec::new()).await.unwrap();
        rows[0][0].int().unwrap()
    };
    assert!(pages(bot_ref).await > 0);
    comes_to(bot_ref, "close").await;
    // On a busy server older transactions of other databases may have to end first.
    bot_ref.eventually("the table is empty", || async { pages(bot_ref).await == 0 }).await;
    bot.finish().await;
}

// All tasks of this test run on its own thread, so that it alone hears its lines.
#[tokio::test]
async fn no_log_line_follows_an_answer() {
    let (lines, _hearing) = Lines::of_this_thread("trace");
    let mut bot = Bot::on_sqlite().await;
    open(&mut bot, &TEAM).await;
    let asking = lines.take();
    assert!(asking.contains("rondo::engine"), "lines are heard: {asking}");
    assert!(!PEOPLE[..6].iter().any(|who| asking.contains(keys_of(&bot, who).keys[0].1.expose())));
    let dm = bot.user.clone();
    let question = question(&bot, "ben").unwrap();
    let ben = bot.person("ben");
    ben.clicks(&question, "Answer").await;
    assert!(ben.sees_modal().await.is_some());
    assert!(ben.fills("prompt_1", "Less mail"));
    assert_eq!(ben.submits().await, Submission::Updated);
    ben.clicks(&question, "Skip this time").await;
    bot.eventually("ben reads the answer", || async {
        bot.reads("ben", &dm).iter().any(|text| text.starts_with("That's fine"))
    })
    .await;
    let heard = lines.take();
    let ours: Vec<&str> = heard.lines().filter(|line| line.contains(" rondo::")).collect();
    assert_eq!(ours, Vec::<&str>::new());
    assert!(!heard.contains("Less mail"), "{heard}");
    bot.finish().await;
}
