//! The search for messages: what is found, and what a person never finds.

use serde_json::{Value, json};

use super::{get, says};
use crate::bot::{Bot, manifest_with, workspace};

async fn finds(bot: &Bot, who: &str, words: &str) -> Value {
    get(bot, &format!("search?as={who}&find={}", words.replace(' ', "+"))).await
}

fn found(shown: &Value) -> Vec<&str> {
    shown["results"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn no_one_finds_what_they_may_not_read() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.add_channel("board", true, &["ana", "ben"]);
    sandbox.add_channel("open", false, &["ana"]);
    let ana = sandbox.person("ana");
    ana.says("#board", "the zebra plan, private").await;
    ana.says("@ben", "the zebra plan, between us").await;
    ana.says("#open", "the zebra plan, for all").await;
    // A whisper of the app, and a message that was deleted.
    bot.reacts(|_| crate::bot::Reflex::Say(json!({ "text": "a zebra for ana alone" })));
    ana.says("#general", "/kudos zebra").await;
    let gone = says(&bot, "ana", "no zebra after all").await;
    super::act(&bot, "delete", json!({ "as": "ana", "channel": "#general", "ts": gone })).await;
    let of_ben = ["the zebra plan, for all", "the zebra plan, between us", "the zebra plan, private"];
    assert_eq!(found(&finds(&bot, "ben", "zebra").await), of_ben);
    assert_eq!(found(&finds(&bot, "ana", "zebra").await), of_ben);
    assert_eq!(found(&finds(&bot, "cy", "zebra").await), of_ben[..1]);
    // Who was taken out of a private channel finds it no more.
    sandbox.kick("board", "ben");
    assert_eq!(found(&finds(&bot, "ben", "zebra").await), of_ben[..2]);
}

#[tokio::test]
async fn words_are_found_in_any_spelling() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&["chat:write"]));
    sandbox.invite("#general", "tester");
    let cafe = says(&bot, "ana", "Meet me at the Caf\u{e9}, @ben").await;
    let replied = json!({ "as": "ben", "where": "#general", "thread_ts": cafe, "text": "Which caf\u{e9}?" });
    super::act(&bot, "say", replied).await;
    let blocks = json!([{ "type": "section", "text": { "type": "mrkdwn", "text": "*Cafe* of the month" } }]);
    bot.calls("chat.postMessage", json!({ "channel": "#general", "blocks": blocks })).await;
    let shown = finds(&bot, "cy", "CAFE").await;
    assert_eq!(found(&shown).len(), 3, "{shown}");
    assert_eq!(
        (&shown["results"][1]["thread_ts"], &shown["results"][1]["in_channel"]),
        (&json!(cafe), &json!(false))
    );
    // All of the words, in any order, and names as they are read.
    assert_eq!(finds(&bot, "cy", "ben cafe").await["results"].as_array().unwrap().len(), 1);
    assert_eq!(found(&finds(&bot, "cy", "cafe zebra").await), [""; 0]);
    for nothing in ["", " ", "%20"] {
        assert_eq!(found(&finds(&bot, "cy", nothing).await), [""; 0]);
    }
}

#[tokio::test]
async fn a_result_shows_its_match() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&[]));
    let ana = sandbox.person("ana");
    let far = "word ".repeat(80);
    let near = "A heading\nOne of us has seen the zebra plan";
    for (said, shown) in [
        (
            format!("A heading\n{far}the zebra plan\nand more"),
            "…word word word word the zebra plan\nand more",
        ),
        (near.to_owned(), near),
        (format!("{} zebra", "é".repeat(300)), "…zebra"),
    ] {
        ana.says("#general", &said).await;
        assert_eq!(found(&finds(&bot, "ben", "zebra").await)[0], shown);
    }
    ana.says("#general", &format!("{far}@ben zebra")).await;
    let shown = finds(&bot, "ben", "zebra").await;
    let mention = format!("<@{}>", sandbox.person("ben").id());
    assert_eq!(found(&shown)[0], format!("…word word word word {mention} zebra"), "a mention is whole");
}

#[tokio::test]
async fn a_search_has_bounds() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&[]));
    let ana = sandbox.person("ana");
    let long = format!("{}\n{} zebra <@{}>", "before ".repeat(100), "x".repeat(300), ana.id());
    ana.says("#general", &long).await;
    for number in 0..60 {
        ana.says("#general", &format!("zebra {number}")).await;
    }
    let shown = finds(&bot, "ben", "zebra").await;
    assert_eq!((found(&shown).len(), &shown["more"]), (40, &json!(true)));
    assert_eq!(found(&shown)[0], "zebra 59", "the newest first");
    // Of a long message the line with the word is shown, cut.
    let shown = finds(&bot, "ben", "xxx zebra").await;
    assert_eq!((found(&shown)[0].chars().count(), &shown["more"]), (281, &json!(false)));
    assert_eq!(found(&finds(&bot, "ben", &"zebra ".repeat(2_000)).await).len(), 40);
}
