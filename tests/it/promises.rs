//! Promises, from what a person types to what they are reminded of.

mod answering;
mod asking;
mod asking_later;
mod gone;
mod helping;
mod limits;
mod lists;
mod meanwhile;
mod menus;
mod odd_inputs;
mod record;
mod reminding;
mod returning;
mod saving;
mod taking_back;
mod together;
mod truth;
mod unanswered;
mod unheard;
mod words;

use chrono::Duration;
use rondo::{
    cli::ledger::{LedgerFormat, write_ledger},
    model::clock::Instant,
    rituals::promises,
};
use slack_sandbox::Message;

use crate::{each_store, support::Bot};

/// The reminder's first words.
const REMINDER: &str = ":bell: Promised for ";

/// Goes to a time in UTC, doing all that is due on the way.
async fn until(bot: &mut Bot, time: &str) {
    let end: Instant = format!("{time}:00Z").parse().unwrap();
    bot.travels_to(end, Duration::seconds(20)).await;
}

/// Returns the reminders that a person has got, or what became of them.
fn reminders(bot: &Bot, who: &str) -> Vec<String> {
    bot.reads_dm(who).into_iter().filter(|text| text.starts_with(REMINDER)).collect()
}

/// Returns the promises of the reminders that a person has got, or what became of them: those of a message about several, too.
fn reminded_of(bot: &Bot, who: &str) -> Vec<String> {
    let bells = bot.reads_dm(who).into_iter().filter(|text| text.starts_with(":bell: "));
    let words = |text: String| {
        text.lines().filter_map(|line| line.strip_prefix('>').map(str::to_owned)).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = bells.flat_map(words).collect();
    all.sort();
    all
}

/// Returns the newest message with this button or menu that a person reads in their DM.
fn with_control(bot: &Bot, who: &str, label: &str) -> Message {
    let has_it = |message: &Message| message.blocks.iter().any(|block| block.to_string().contains(label));
    let found = bot.person(who).reads(&bot.user).into_iter().rfind(has_it);
    found.unwrap_or_else(|| panic!("{who} has no {label:?}: {:#?}", bot.reads_dm(who)))
}

/// Presses a button in a person's DM.
async fn presses(bot: &mut Bot, who: &str, button: &str) {
    let message = with_control(bot, who, button);
    bot.person(who).clicks(&message, button).await;
    bot.settle().await;
}

/// Chooses in a menu of a person's DM.
async fn picks(bot: &mut Bot, who: &str, menu: &str, choice: &str) {
    let message = with_control(bot, who, menu);
    let answer = bot.person(who).picks(&message, menu, choice).await;
    assert!(answer.is_answered(), "{answer:?}");
    bot.settle().await;
}

/// Types a command in `#general`, and returns what only this person reads.
async fn types(bot: &mut Bot, who: &str, text: &str) -> String {
    let answer = bot.says(who, "#general", text).await;
    bot.as_read(&answer.text)
}

/// Returns the ledger as `rondo export promises` writes it.
async fn exported(bot: &Bot, format: LedgerFormat) -> String {
    let (ledger, mut output) = (promises::REGISTRATION.ledger.unwrap(), Vec::new());
    let since = chrono::NaiveDate::default();
    write_ledger(&ledger, &bot.parts.engine.store, since, format, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

/// Returns the state of each promise, oldest first.
async fn states(bot: &Bot) -> Vec<String> {
    let text = "SELECT state FROM promise_owner ORDER BY promise_id";
    let rows = bot.parts.engine.store.ask(text, Vec::new()).await.unwrap();
    rows.into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect()
}

each_store! {
    async fn a_promise_is_reminded_and_kept(bot: &mut Bot) {
        let answer = types(bot, "ben", "/promise send the report by Friday").await;
        assert!(answer.starts_with(":handshake: Promised for Friday, 9 January:\n>send the report\n"), "{answer}");
        assert!(answer.contains("Friday, 9 January 2026 at 09:00 (Europe/Berlin)"), "{answer}");
        until(bot, "2026-01-09T07:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        presses(bot, "ben", "Done").await;
        assert_eq!(bot.reads_dm("ben"), [":white_check_mark: Done, thank you:\n>send the report"]);
        assert_eq!(states(bot).await, ["kept"]);
        until(bot, "2026-01-20T08:01").await;
        assert_eq!(bot.reads_dm("ben").len(), 1, "it is over");
        assert!(bot.reads("ana", "#general").is_empty(), "the channel reads nothing");
    }

    async fn a_person_is_asked_for_a_promise(bot: &mut Bot) {
        let answer = types(bot, "ana", "/promise @ben send the report by Friday at 15:00").await;
        assert!(answer.starts_with("I've asked @ben for this by Friday, 9 January at 15:00, @ben's time:\n>send the report\n"), "{answer}");
        let [asked] = &bot.reads_dm("ben")[..] else { panic!("one question") };
        assert!(asked.starts_with(
            ":handshake: @ana asks you for a promise by Friday, 9 January at 15:00, from #general:\n>send the report\n"
        ), "{asked}");
        presses(bot, "ben", "I'll do it").await;
        assert_eq!(bot.reads_dm("ana"), [":handshake: @ben promises this by Friday, 9 January at 15:00, @ben's time:\n>send the report"]);
        until(bot, "2026-01-09T12:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-09T13:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1, "an hour before the time they said");
        presses(bot, "ben", "Done").await;
        assert_eq!(bot.reads_last("ana", &bot.user.clone()), ":white_check_mark: @ben has done this:\n>send the report");
    }

    async fn every_name_of_the_command_works(bot: &mut Bot) {
        types(bot, "ben", "/rondo promise send the report by Friday").await;
        types(bot, "ben", "/rondo promises water the plants by Thursday").await;
        for command in ["/promise mine", "/rondo promise mine", "/rondo promises mine", "/rondo promises", "/rondo promise"] {
            let mine = types(bot, "ben", command).await;
            assert!(mine.starts_with("*What waits for you*\n1. water the plants (promised for Thursday, 8 January)"), "{mine}");
            assert!(mine.contains("\n2. send the report (promised for Friday, 9 January)"), "{mine}");
        }
        assert!(types(bot, "ben", "/rondo promises open").await.starts_with("*Promised in this channel, and open*\n"));
        assert!(types(bot, "ben", "/rondo promises kept").await.starts_with("No promise from this channel was kept"));
    }

    async fn the_ledger_has_each_promise(bot: &mut Bot) {
        types(bot, "ben", "/promise =send | the report by Friday at 15:00").await;
        types(bot, "ana", "/promise @ben another by Friday").await;
        let csv = exported(bot, LedgerFormat::Csv).await;
        assert!(csv.contains(",'=send | the report,,2026-01-09 15:00,Europe/Berlin,2026-01-09T14:00:00+00:00,0,,open,,2026-01-05"), "{csv}");
        assert!(csv.contains(",another,,2026-01-09,Europe/Berlin,,0,,asked,,,"), "{csv}");
        let json = exported(bot, LedgerFormat::Json).await;
        let lines: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((lines[0]["words"].as_str(), lines[1]["state"].as_str()), (Some("=send | the report"), Some("asked")));
        let markdown = exported(bot, LedgerFormat::Markdown).await;
        let [head, rule, first, second] = &markdown.lines().collect::<Vec<_>>()[..] else { panic!("{markdown}") };
        assert!(head.starts_with("| promise_id | asked_at |") && rule.starts_with("| --- | --- |"), "{markdown}");
        assert!(first.contains("| \\=send \\| the report |") && second.contains("| another |"), "{markdown}");
    }
}
