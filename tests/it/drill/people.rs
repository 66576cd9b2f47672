//! The store is locked or a ritual panics: each person is told, and a redelivery is done once.

use std::sync::Arc;

use rondo::{
    engine::dispatch::Dispatch,
    model::event::{Action, Command, Delivery, Event, Reply, Submission},
    ritual::{CommandSpec, Context, Handling, Ritual},
    slack::Handled,
};
use serde_json::json;
use slack_sandbox::Submission as Submitted;
use sqlx::Executor as _;

use crate::{
    each_database,
    support::{Bot, sqlite_in, stranger},
};

struct Panics;

impl Ritual for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/panics".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn on_command<'v>(&'v self, _: &'v Context, _: Command) -> Handling<'v> {
        Box::pin(async { panic!("a planted fault") })
    }

    fn on_action<'v>(&'v self, _: &'v Context, _: Action) -> Handling<'v> {
        panic!("a planted fault before the future")
    }

    fn on_submission<'v>(&'v self, _: &'v Context, _: Submission) -> Handling<'v> {
        Box::pin(async { panic!("a planted fault") })
    }
}

fn command(bot: &Bot, name: &str, text: &str) -> Event {
    Event::Command(Command {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        channel: bot.general().as_str().into(),
        name: name.to_owned(),
        text: text.to_owned(),
        trigger: String::new(),
        response_url: String::new(),
    })
}

fn form(bot: &Bot) -> Event {
    Event::Submission(Submission {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        callback: "panics:form".to_owned(),
        private: String::new(),
        answers: std::collections::BTreeMap::new(),
        first_field: Some("first".to_owned()),
        view: String::new(),
        hash: String::new(),
        trigger: String::new(),
    })
}

fn button(bot: &Bot) -> Event {
    Event::Action(Action {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        channel: None,
        action: "panics:button".to_owned(),
        value: String::new(),
        chosen: None,
        fields: std::collections::BTreeMap::new(),
        message: None,
        view: None,
        trigger: String::new(),
        response_url: None,
    })
}

fn delivery(bot: &Bot, key: &str, event: Event) -> Delivery {
    Delivery { key: key.to_owned(), team: bot.parts.engine.team.clone(), event }
}

fn ephemeral(handled: Handled) -> String {
    match handled {
        Handled::Reply(Reply::Ephemeral(message)) => message.text.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_told_to_the_person() {
    let bot = Bot::on_sqlite().await;
    let mut engine = bot.parts.engine.clone();
    engine.rituals = Arc::new([Box::new(Panics) as Box<dyn Ritual>]);
    let dispatch = Dispatch::new(engine);
    let said = ephemeral(dispatch.handle(delivery(&bot, "1", command(&bot, "/panics", ""))).await);
    assert!(said.starts_with("Something went wrong on my side"), "{said}");
    let Handled::Reply(Reply::Errors(errors)) = dispatch.handle(delivery(&bot, "2", form(&bot))).await else {
        panic!("the form closes")
    };
    assert!(errors["first"].starts_with("Something went wrong on my side"), "{errors:?}");
    assert_eq!(dispatch.handle(delivery(&bot, "3", button(&bot))).await, Handled::Busy);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_after_a_lock_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_in(&folder);
    let mut bot = Bot::on(&url).await;
    let dispatch = Dispatch::new(bot.parts.engine.clone());
    let thanks =
        || delivery(&bot, "again", command(&bot, "/kudos", &format!("<@{}> for tea", bot.id("ben"))));
    let mut other = stranger(&url).await;
    other.execute(sqlx::raw_sql("BEGIN IMMEDIATE")).await.unwrap();
    let began = std::time::Instant::now();
    let said = ephemeral(dispatch.handle(thanks()).await);
    assert!(began.elapsed() < std::time::Duration::from_secs(4), "{:?}", began.elapsed());
    let is_told = said.starts_with("I couldn't save that") || said.starts_with("Saving takes longer");
    assert!(is_told, "{said}");
    other.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    for _ in 0..2 {
        let said = ephemeral(dispatch.handle(thanks()).await);
        assert!(said.starts_with("Kudos to"), "{said}");
    }
    bot.settle().await;
    assert_eq!(bot.thanked().await, ["ben"]);
}

/// Another program's transaction, which blocks all writes.
struct Lock(sqlx::AnyConnection);

impl Lock {
    async fn on(url: &str) -> Lock {
        let mut other = stranger(url).await;
        let statements: &[&'static str] = if url.starts_with("sqlite:") {
            &["BEGIN IMMEDIATE"]
        } else {
            &["BEGIN", "LOCK TABLE processed_delivery IN ACCESS EXCLUSIVE MODE"]
        };
        for statement in statements {
            other.execute(sqlx::raw_sql(*statement)).await.unwrap();
        }
        Lock(other)
    }

    async fn ends(mut self) {
        self.0.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    }
}

/// Whether the text tells of an error, truthfully.
fn is_told(words: &str) -> bool {
    ["I couldn't save that", "Saving takes longer"].iter().any(|told| words.starts_with(told))
}

each_database! {
    async fn a_button_works_after_a_lock(url: &str) {
        let mut bot = Bot::on(url).await;
        let ana = bot.person("ana");
        let thanks = ana.says("#general", "/kudos @ben for tea").await;
        assert!(thanks.plain().contains("Kudos to"), "{thanks:?}");
        let undo = ana.reads("#general").into_iter().rev().find(|message| message.has_button("Undo")).unwrap();
        let lock = Lock::on(url).await;
        let before = ana.reads("#general").len();
        ana.clicks(&undo, "Undo").await;
        let told = || ana.reads("#general").iter().skip(before).any(|message| is_told(&message.plain()));
        bot.eventually("she is told", || async { told() }).await;
        lock.ends().await;
        ana.clicks(&undo, "Undo").await;
        bot.settle().await;
        assert!(bot.thanked().await.is_empty(), "undone in the end");
        bot.finish().await;
    }

    async fn a_form_survives_a_lock(url: &str) {
        let mut bot = Bot::on(url).await;
        let ana = bot.person("ana");
        ana.says("#general", "/kudos").await;
        ana.sees_modal().await.unwrap();
        assert!(ana.fills("people", json!(["ben"])) && ana.fills("reason", "the tea"));
        let lock = Lock::on(url).await;
        let Submitted::Errors(errors) = ana.submits().await else { panic!("the form closes") };
        assert!(errors.values().any(|error| is_told(error)), "{errors:?}");
        lock.ends().await;
        // On a busy machine the first try may be stored behind its answer, and the form says so.
        match ana.submits().await {
            Submitted::Errors(errors) => {
                assert!(errors.values().any(|error| error.contains("that one counted")), "{errors:?}");
            }
            sent => assert_eq!(sent, Submitted::Closed),
        }
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["ben"]);
        bot.finish().await;
    }

    async fn slow_work_is_reported_and_done_once(url: &str) {
        let mut bot = Bot::on(url).await;
        let ana = bot.person("ana");
        let lock = Lock::on(url).await;
        let saying = async { ana.says("#general", "/kudos @ben for tea").await };
        let unlocking = async {
            tokio::time::sleep(std::time::Duration::from_millis(2_700)).await;
            lock.ends().await;
        };
        let (answer, ()) = tokio::join!(saying, unlocking);
        assert!(is_told(&answer.plain()), "{answer:?}");
        // Slack does not send it again, since it was acknowledged.
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        bot.settle().await;
        let said = bot.reads("ana", "#general").join("\n");
        if answer.plain().starts_with("I couldn't save that") {
            assert!(bot.thanked().await.is_empty(), "nothing was done, as it says");
        } else {
            assert_eq!(bot.thanked().await, ["ben"]);
            assert!(said.contains("Kudos to"), "the outcome follows: {said}");
        }
        bot.finish().await;
    }
}
