//! What the files of a database hold of a retro that is open.

use super::{
    anonymity::{files, holds},
    *,
};
use crate::support::dump::Dump;

/// How often what is left of questions is overwritten, and some time more.
const MINUTES: i64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_leave_the_files_once_people_are_asked() {
    let mut bot = Bot::on_sqlite().await;
    open(&mut bot, &TEAM).await;
    let keys: Vec<String> =
        TEAM.iter().flat_map(|who| keys_of(&bot, who).keys).map(|(_, key)| key.expose().to_owned()).collect();
    assert_eq!(keys.len(), 3 * TEAM.len());
    let url = bot.database();
    let hash = keys_of(&bot, "ben").of("1").unwrap().hash();
    assert!(holds(&files(&url), &hash), "the search finds what is there");
    bot.passes(chrono::Duration::minutes(MINUTES));
    bot.settle().await;
    let found = files(&url);
    let left = keys.iter().filter(|key| holds(&found, key)).count();
    assert_eq!(left, 0, "of {} keys", keys.len());
    bot.finish().await;
}

/// Returns all places at which a file has these texts.
fn places(bytes: &[u8], texts: &[String]) -> Vec<usize> {
    let is_there = |at: &usize| texts.iter().any(|text| bytes[*at..].starts_with(text.as_bytes()));
    (0..bytes.len()).filter(is_there).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_move_nothing_in_the_file() {
    let mut bot = Bot::on_sqlite().await;
    open_with(&mut bot, &TEAM, &["1", "2"]).await;
    let url = bot.database();
    let file = || std::fs::read(url.trim_start_matches("sqlite:")).unwrap();
    let is_quiet =
        || async { std::fs::read(format!("{}-wal", url.trim_start_matches("sqlite:"))).unwrap().is_empty() };
    // A row begins with the hash of a key, or with the place and the person.
    let mut rows: Vec<String> = Vec::new();
    for who in TEAM {
        rows.extend(keys_of(&bot, who).keys.iter().map(|(_, key)| key.hash()));
        rows.push(format!("3{}", bot.id(who)));
    }
    bot.passes(chrono::Duration::minutes(MINUTES));
    bot.settle().await;
    bot.eventually("the log is empty", is_quiet).await;
    let before = places(&file(), &rows);
    assert!(before.len() >= rows.len(), "{} of {}", before.len(), rows.len());
    for who in ["fay", "ben", "eve", "ana", "dee", "cy"] {
        for (button, fields) in
            [("Answer anonymously", &["prompt_1", "prompt_2"][..]), ("Answer with your name", &["prompt_3"])]
        {
            let form = opens(&mut bot, who, button).await;
            for field in fields {
                assert!(form.fills(field, format!("{field} of {who}, in {} words", who.repeat(who.len()))));
            }
            assert_eq!(form.submits().await, Submission::Updated);
            form.closes();
        }
    }
    bot.eventually("the log is empty", is_quiet).await;
    let after = file();
    assert!(
        holds(&after, "prompt_1 of cy") && holds(&after, "prompt_3 of fay"),
        "the search finds what is there"
    );
    assert_eq!(places(&after, &rows), before);
    bot.finish().await;
}

each_store! {
    async fn named_answers_leave_their_words_alone(bot: &mut Bot) {
        open_with(bot, &TEAM, &["1"]).await;
        bot.passes(chrono::Duration::minutes(MINUTES));
        bot.settle().await;
        let before = Dump::of(&bot.database()).await;
        let form = opens(bot, "ben", "Answer with your name").await;
        assert!(form.fills("prompt_3", "The demo"));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        let after = Dump::of(&bot.database()).await.since(&before);
        let tables: Vec<&str> = after.iter().map(|(table, _)| table.as_str()).collect();
        assert!(tables.iter().all(|table| table.starts_with("retro_named") || *table == "retro"), "{after:#?}");
    }

    async fn numbers_take_five_people(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let ana = bot.person("ana");
        ana.says("#team", "/retro").await;
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("retro:deck", "Trust check") && ana.fills("when", "every Tuesday at 10:00") && ana.fills("threshold", "3"));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        comes_to(bot, "open").await;
        assert_eq!(last_retro(bot, &channel).await.threshold.people(), 5);
    }
}
