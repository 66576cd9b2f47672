//! A retro of a large company.

use std::time::Instant as Stopwatch;

use rondo::rituals::retro::plan::State;
use sqlx::Connection as _;

use super::{
    grouping::groups,
    voting::{control, shown_in},
    *,
};

/// How many people are in the channel.
const CROWD: usize = 500;

each_store! {
    async fn five_hundred_people_are_asked_at_once(bot: &mut Bot) {
        let names: Vec<String> = (0..CROWD).map(|number| format!("crowd{number}")).collect();
        let mut people: Vec<&str> = names.iter().map(String::as_str).collect();
        people.push("ana");
        team(bot, &people).await;
        starts(bot, &["1", "2", "3"]).await;
        let engine = bot.parts.engine.clone();
        let due = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(due.timestamp_millis());
        let watch = Stopwatch::now();
        bot.parts.ticker.tick_once().await.unwrap();
        let opening = watch.elapsed();
        let count = async |text: &'static str| {
            engine.store.ask(text, Vec::new()).await.unwrap()[0][0].int().unwrap()
        };
        // Five for each prompt are never given to a person.
        let spare = 3 * 5;
        let slots = i64::try_from(3 * people.len()).unwrap() + spare;
        assert_eq!(count("SELECT COUNT(*) FROM retro_slot").await, slots);
        assert_eq!(count("SELECT COUNT(*) FROM retro_key").await, slots);
        let watch = Stopwatch::now();
        while count("SELECT COUNT(*) FROM retro_key").await > spare {
            bot.parts.ticker.tick_once().await.unwrap();
        }
        let asking = watch.elapsed();
        let dms = "SELECT COUNT(*) FROM outbox WHERE key LIKE 'retro/ask/%' AND payload IS NOT NULL";
        assert_eq!(count(dms).await, i64::try_from(people.len()).unwrap());
        // Unoptimised and beside other tests it takes several times as long as a release does.
        assert!(opening.as_secs() < 10 && asking.as_secs() < 30, "{opening:?} {asking:?}");
        bot.settle_within(chrono::Duration::hours(2)).await;
        bot.expects_refusals();
    }
}

/// How many people answer at length, and how many of them at once.
const LONG_CROWD: usize = 24;
const AT_ONCE: usize = 8;
/// How often a person sends a form again that wasn't saved, as they are told to.
const MOST_TRIES: usize = 20;
/// A small vocabulary, so that answers resemble each other as those of a company do.
const VOCABULARY: usize = 2_000;

/// Three lines that take a field to its end, of words that no other answer has in this order.
fn long_words(seed: usize) -> String {
    let mut state = seed;
    let mut line = || {
        let mut words = Vec::new();
        while words.iter().map(|word: &String| word.len() + 1).sum::<usize>() < 985 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            words.push(format!("w{}", (state >> 33) % VOCABULARY));
        }
        words.join(" ")
    };
    [line(), line(), line()].join("\n")
}

/// Writes long answers into all slots but the spare ones, as if people had sent them one by one.
async fn all_answer_at_length(bot: &Bot) {
    let mut stranger = crate::support::stranger(&bot.database()).await;
    let slots = "SELECT key_hash, place FROM retro_slot ORDER BY place, key_hash";
    let slots: Vec<(String, String)> = sqlx::query_as(slots).fetch_all(&mut stranger).await.unwrap();
    let mut spare = std::collections::BTreeMap::new();
    let mut unit = stranger.begin().await.unwrap();
    for (at, (hash, place)) in slots.iter().enumerate() {
        let left = spare.entry(place).or_insert(5);
        let words = if *left > 0 { String::new() } else { long_words(at) };
        *left -= i32::from(*left > 0);
        let fill = sqlx::query("UPDATE retro_slot SET words = $1 WHERE key_hash = $2");
        fill.bind(format!("{words:<4096}")).bind(hash).execute(&mut *unit).await.unwrap();
    }
    unit.commit().await.unwrap();
    stranger.close().await.unwrap();
}

/// Opens a person's form, with a long answer to each prompt.
async fn writes_at_length(bot: &mut Bot, who: &str, seed: usize) -> PersonHandle {
    let form = opens(bot, who, "Answer").await;
    for place in 1..=3 {
        assert!(form.fills(&format!("prompt_{place}"), long_words(seed * 3 + place)));
    }
    form
}

each_store! {
    async fn many_long_answers_are_taken_and_shown(bot: &mut Bot) {
        let names: Vec<String> = (0..LONG_CROWD).map(|number| format!("crowd{number}")).collect();
        let mut people: Vec<&str> = vec!["ana"];
        people.extend(names.iter().map(String::as_str));
        let channel = team(bot, &people).await;
        starts(bot, &["1", "2", "3"]).await;
        comes_to(bot, "open").await;
        bot.settle_within(chrono::Duration::hours(1)).await;
        all_are_asked(bot, &people).await;
        all_answer_at_length(bot).await;
        let mut forms = Vec::new();
        for (at, who) in names[..AT_ONCE].iter().enumerate() {
            forms.push(writes_at_length(bot, who, 90_000 + at).await);
        }
        let sent = futures_util::future::join_all(forms.iter().map(PersonHandle::submits)).await;
        for (form, mut sent) in forms.iter().zip(sent) {
            // On a busy machine not all have their turn in time. They're told so, and their words stand in the form.
            for _ in 0..MOST_TRIES {
                let Submission::Errors(told) = &sent else { break };
                assert!(told["prompt_1"].starts_with("I couldn't save that just now, so nothing was done."), "{told:?}");
                sent = form.submits().await;
            }
            assert_eq!(sent, Submission::Updated);
            assert!(shown_in(form).contains("9 answers are saved"), "{}", shown_in(form));
            form.closes();
        }
        comes_to(bot, "close").await;
        let retro = last_retro(bot, &channel).await;
        let kept = store::answers(&read_store(bot), &retro.id).await.unwrap();
        assert!(kept.len() >= 9 * people.len() && kept.iter().all(|answer| answer.words.len() > 900), "{}", kept.len());
        let form = opens(bot, "ana", "Read and reveal").await;
        while form.modal().unwrap().blocks.iter().any(|block| block["label"]["text"] == "Hide") {
            assert_eq!(form.submits().await, Submission::Updated);
        }
        assert!(shown_in(&form).contains("3 prompts are shown in <#"), "{}", shown_in(&form));
        form.closes();
        bot.settle_within(chrono::Duration::hours(2)).await;
        let form = groups(bot, "ana").await;
        form.closes();
        surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
        bot.settle_within(chrono::Duration::hours(2)).await;
        bot.expects_refusals();
    }
}
