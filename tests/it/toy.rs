//! A toy ritual with all that a ritual has, built from the places of [`PLACES`] alone, in the real app.

mod ritual;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use rand::{SeedableRng as _, rngs::StdRng};
use rondo::{
    cli::ledger::{LedgerFormat, write_ledger},
    config::{Config, ConfigDraft, Environment},
    engine::person::PersonData,
    model::clock::from_ms,
    ritual::{
        Registration,
        demo::{Colleague, ColleagueAction, Company, HeardIn, HeardMessage, Reaction, Spot},
    },
    rituals,
};
use serde_json::{Value, json};
use sqlx::{Connection as _, migrate::Migrator};

use crate::{
    each_database,
    person::assert_declared,
    support::{
        Bot,
        bot::MONDAY_MORNING,
        gestures::{FORM, payload_form},
        http,
        ports::free_address,
        stranger,
    },
    tidy::code::{code, paths},
};

/// Where a ritual is, `NAME` being its name. The list of rituals has one line for it.
const PLACES: [&str; 7] = [
    "src/rituals/NAME/",
    "src/rituals/mod.rs",
    "migrations/",
    "config/rondo.example.toml",
    "tests/it/NAME.rs",
    "README.md",
    "CHANGELOG.md",
];
/// Code beside these places that knows a ritual, each with its reason.
const KNOW_A_RITUAL: [(&str, &str); 2] = [
    ("src/cli/pair.rs", "`rondo pair` plans a coffee round from files"),
    ("src/cli/rota.rs", "`rondo rota` plans the turns of a sync from files"),
];

/// The list of rituals with one line more.
static WITH_TOY: &[Registration] = &[
    rituals::coffee::REGISTRATION,
    rituals::kudos::REGISTRATION,
    rituals::retro::REGISTRATION,
    rituals::sync::REGISTRATION,
    rituals::promises::REGISTRATION,
    ritual::REGISTRATION,
];

fn root() -> std::path::PathBuf {
    let environment = Environment::of_process();
    Path::new(environment.get("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR"))).to_owned()
}

/// Makes a database as a release with the toy's migration does.
async fn migrate_with_toy(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("migrations")).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|kind| kind == "sql") {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    fs::write(folder.path().join("9000_toy.sql"), include_str!("toy/9000_toy.sql")).unwrap();
    let url = if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() };
    let mut connection = stranger(&url).await;
    Migrator::new(folder.path()).await.unwrap().run(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Starts the bot with the toy.
async fn bot_with_toy(url: &str, settings: &[(&str, &str)]) -> Bot {
    migrate_with_toy(url).await;
    Bot::with_rituals(WITH_TOY, Some(url), settings).await
}

/// Presses the reminder's button over HTTP.
async fn presses_done(bot: &mut Bot, who: &str, trigger: &str) {
    let has_it = |message: &slack_sandbox::Message| message.has_button("Done");
    let reminders = bot.person(who).reads("#general").into_iter();
    let button =
        reminders.rev().find(has_it).map_or(json!(null), |message| message.blocks[1]["elements"][0].clone());
    let press = json!({
        "type": "block_actions", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": trigger, "channel": { "id": bot.general() }, "response_url": Value::Null,
        "actions": [{ "action_id": button["action_id"], "value": button["value"] }],
    });
    assert_eq!(bot.sends("/slack/interactions", FORM, payload_form(&press).as_bytes()).await.status, 200);
}

/// Returns the toy's ledger, as `rondo export toy` writes it.
async fn exported(bot: &Bot, format: LedgerFormat) -> String {
    let (ledger, mut output) = (ritual::REGISTRATION.ledger.unwrap(), Vec::new());
    let since = chrono::NaiveDate::default();
    write_ledger(&ledger, &bot.parts.engine.store, since, format, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

each_database! {
    async fn a_note_comes_back_until_it_is_done(url: &str) {
        let mut bot = bot_with_toy(url, &[("toy.hours", "2")]).await;
        assert!(bot.sends_command("ana", "/toy").await.ends_with("I'll remind this channel after 2 h."));
        assert_eq!(bot.sends_command("ana", "/toy =water <b>").await, "Noted: =water &lt;b&gt;");
        bot.passes(chrono::Duration::minutes(119));
        bot.settle_within(chrono::Duration::seconds(30)).await;
        assert!(bot.reads("ben", "#general").iter().all(|text| !text.contains("Remember")), "it is too early");
        bot.passes(chrono::Duration::minutes(2));
        bot.settle().await;
        assert_eq!(bot.reads_last("ben", "#general"), "Remember: =water &lt;b&gt;");
        presses_done(&mut bot, "ben", "1.1.done").await;
        presses_done(&mut bot, "cy", "2.1.done").await;
        bot.settle().await;
        assert_eq!(bot.reads_last("dee", "#general"), "Done by @ben: =water &lt;b&gt;");
        assert!(bot.reads_dm("cy").iter().any(|text| text == "That was done already."), "{:?}", bot.reads_dm("cy"));
        bot.finish().await;
    }

    async fn its_ledger_is_exported(url: &str) {
        let mut bot = bot_with_toy(url, &[]).await;
        bot.sends_command("ana", "/toy =1+1").await;
        let csv = exported(&bot, LedgerFormat::Csv).await;
        let line = csv.lines().nth(1).unwrap();
        assert!(csv.starts_with("\u{feff}note_id,author,words,done_at\n"), "{csv}");
        assert!(line.ends_with(&format!(",{},'=1+1,", bot.id("ana"))), "{line}");
        let json: Value = serde_json::from_str(&exported(&bot, LedgerFormat::Json).await).unwrap();
        assert_eq!((&json[0]["words"], &json[0]["done_at"]), (&json!("=1+1"), &Value::Null));
        bot.passes(chrono::Duration::hours(1));
        bot.finish().await;
    }

    async fn its_people_can_be_erased(url: &str) {
        let mut bot = bot_with_toy(url, &[]).await;
        assert_declared(url, &bot.parts.engine.rituals).await;
        bot.sends_command("ana", "/toy call Zoe").await;
        let ana = bot.id("ana").as_str().into();
        let erased = PersonData::of(&bot.parts.engine).erase(&ana, &[], false).await.unwrap();
        assert!(erased.is_clean && erased.rows.contains(&("toy_note", 1)), "{erased:?}");
        assert!(!exported(&bot, LedgerFormat::Csv).await.contains("Zoe"));
        bot.passes(chrono::Duration::hours(1));
        bot.finish().await;
    }
}

#[test]
fn its_settings_are_told_like_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rondo.toml");
    let errors = |text: &str| {
        fs::write(&file, text).unwrap();
        let draft = ConfigDraft::read(WITH_TOY, Some(&file), &Environment::default());
        let errors: Vec<String> = draft.errors.iter().map(ToString::to_string).collect();
        errors.join("\n").replace(&file.display().to_string(), "rondo.toml")
    };
    assert_eq!(
        errors("[toy]\nhour = 2"),
        "rondo.toml:2: there is no key \"hour\" in [toy]: did you mean \"hours\"?"
    );
    assert_eq!(
        errors("[toy]\nhours = 25"),
        "toy.hours in rondo.toml is out of range: write a number from 1 to 24"
    );
    assert_eq!(errors("[tay]\n"), "rondo.toml:1: there is no section [tay]: did you mean [toy]?");
    assert_eq!(errors("[commands]\ntoy = \"/todo\""), "");
    let config = Config::load(WITH_TOY, Some(&file), &Environment::default()).unwrap();
    assert_eq!(config.rituals().last().unwrap().command().name, "/todo");
}

/// The program with the toy: this test binary, started again by the tests below.
#[test]
#[ignore = "the tests that need it start it"]
fn program() {
    let Some(arguments) = Environment::of_process().get("TOY_ARGUMENTS").map(str::to_owned) else { return };
    let arguments = arguments.split(' ').map(Into::into);
    let _ = rondo::cli::main(std::iter::once("rondo".into()).chain(arguments), WITH_TOY);
}

fn program_with(arguments: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["toy::program", "--exact", "--ignored", "--nocapture"]);
    command.env("TOY_ARGUMENTS", arguments).stdin(Stdio::null());
    command
}

#[test]
fn the_program_knows_the_toy() {
    let says = |arguments| {
        let output = program_with(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    };
    let help = says("export --help");
    assert!(
        help.contains("[possible values: coffee, kudos, retro, sync, promises, toy, decisions]"),
        "{help}"
    );
    assert!(
        help.contains(
            "kudos: in UTC; retro: in the zone of each retro; sync: in the zone of each sync; promises: asked for, in UTC; toy: in UTC"
        ),
        "{help}"
    );
    assert!(
        says("export tea")
            .contains("[possible values: coffee, kudos, retro, sync, promises, toy, decisions]")
    );
    assert!(says("manifest").contains("\"command\": \"/toy\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shows_the_toy() {
    let address = free_address();
    let (_, port) = address.rsplit_once(':').unwrap();
    let mut demo = program_with(&format!("demo --headless --people 6 --port {port}"));
    let mut demo = demo.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let url = format!("http://{address}/sandbox/state?as=ana&channel=general");
    let mut seen = Value::Null;
    for _ in 0..600 {
        if let Ok(answer) = http().get(&url).send().await {
            seen = answer.json().await.unwrap();
            if !seen["steps"].as_array().is_none_or(Vec::is_empty) {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    demo.kill().unwrap();
    demo.wait().unwrap();
    let titles: Vec<&str> =
        seen["steps"].as_array().unwrap().iter().map(|step| step["title"].as_str().unwrap()).collect();
    assert_eq!(titles.first(), Some(&"Thank a colleague"));
    assert_eq!(titles[titles.len() - 2..], ["Be reminded", "Be another person"]);
}

#[test]
fn a_colleague_presses_its_button() {
    let demo = ritual::REGISTRATION.demo.unwrap();
    let colleagues: Vec<Colleague> = ["ana", "ben"]
        .map(|name| Colleague {
            id: name.to_uppercase(),
            handle: name.to_owned(),
            name: name.to_owned(),
            first: "Ana",
            zone: chrono_tz::Tz::UTC,
            department: "design".to_owned(),
        })
        .into();
    let (controlled, now) = (BTreeSet::from([0]), from_ms(MONDAY_MORNING));
    let company = Company { colleagues: &colleagues, controlled: &controlled, now };
    let reacts = |text: &str| {
        let spot = Spot { place: "C1".to_owned(), ts: "1.1".to_owned() };
        let heard = HeardMessage {
            spot,
            at: now,
            thread: None,
            place: HeardIn::Channel,
            author: None,
            simulated: false,
            text: text.to_owned(),
            members: vec![0, 1],
            buttons: vec!["Done".to_owned()],
        };
        (demo.hear)(&heard, &company, &mut StdRng::seed_from_u64(1))
    };
    let reactions = reacts("Remember: tea").unwrap();
    assert!(
        matches!(&reactions[..], [Reaction::Answer { who: 1, action: ColleagueAction::Presses(_, "Done") }]),
        "{reactions:?}"
    );
    assert_eq!(reacts("Kudos to Ben"), None);
}

#[test]
fn a_ritual_is_in_these_places() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let contributing = read("CONTRIBUTING.md");
    for place in PLACES {
        let shown = place.replace("NAME", "<ritual>");
        assert!(contributing.contains(&format!("`{shown}")), "CONTRIBUTING.md doesn't say {shown}");
        for ritual in rituals::ALL {
            let place = place.replace("NAME", ritual.name);
            assert!(root().join(&place).exists(), "{place}");
            if place.contains('.') {
                assert!(
                    read(&place).to_lowercase().contains(ritual.name),
                    "{place} doesn't name {}",
                    ritual.name
                );
            }
        }
    }
}

/// Returns the files of `src` that import a ritual, beside its own.
fn files_that_know(root: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !name.starts_with("src/rituals/") {
                // Tests may take the rituals that there are as examples.
                let text = fs::read_to_string(&path).unwrap();
                let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                if knows_a_ritual(shipped) && !name.ends_with("tests.rs") && !name.contains("/tests/") {
                    files.insert(name);
                }
            }
        }
    }
    files
}

fn knows_a_ritual(text: &str) -> bool {
    let imported = paths(&code(text, false), "crate");
    imported.iter().any(|path| match &path[..] {
        [first, ritual, ..] => first == "rituals" && !["ALL", "self"].contains(&ritual.as_str()),
        _ => false,
    })
}

#[test]
fn no_other_code_knows_a_ritual() {
    assert_eq!(files_that_know(&root()), KNOW_A_RITUAL.map(|(path, _)| path.to_owned()).into());
    assert!(knows_a_ritual("use crate::{ritual::Ritual, rituals::kudos::plan};"));
    assert!(knows_a_ritual("fn a() { crate::rituals::coffee::plan::pair() }"));
    assert!(!knows_a_ritual("// crate::rituals::kudos\nuse crate::{ritual::Registration, rituals};"));
}
