//! A sync that moves to a nearer date while the question who leads it is open: the person asked keeps the turn, and has as long as they
//! have read.

use std::collections::BTreeMap;

use chrono::Duration;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rondo::{
    model::clock::Instant,
    rituals::sync::{plan::Reaction, store},
};

use super::{
    before::{ASKS, NAMES, REMINDS, only, told, until, weekly},
    truth::buttons,
    *,
};

/// Returns how many questions each person let pass.
async fn silences(bot: &Bot, channel: &ChannelId) -> BTreeMap<UserId, usize> {
    let programme = programme_in(bot, channel).await;
    let reactions = store::reactions(&bot.parts.engine.context().store, &programme.id).await.unwrap();
    let silent = |reactions: Vec<Reaction>| reactions.iter().filter(|one| **one == Reaction::Silent).count();
    reactions
        .into_iter()
        .map(|(user, reactions)| (user, silent(reactions)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// Returns the labels of the buttons in a person's DM.
fn labels(bot: &Bot, who: &str) -> Vec<String> {
    let read = bot.person(who).reads_dm();
    let blocks = read.iter().flat_map(|message| message.blocks.clone());
    let buttons = blocks.filter_map(|block| block["elements"].as_array().cloned()).flatten();
    buttons.filter_map(|button| Some(button["text"]["text"].as_str()?.to_owned())).collect()
}

each_store! {
    async fn the_person_asked_leads_a_sync_that_moves_near(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-07T12:00").await;
        says(bot, "ana", "/sync move 13 January to today at 14:30").await;
        assert_eq!((only(bot, NAMES), told(bot, ASKS)), (asked, vec![]));
        let read = bot.reads_dm(asked);
        let named = read.last().unwrap();
        assert!(named.contains("Please lead the sync in #team on Wednesday, 7 January at 14:30"), "{named}");
        assert!(named.contains("It has moved: it was planned for Tuesday, 13 January at 10:00."), "{named}");
        assert!(read.iter().any(|text| text.contains("Your turn has moved with it: my message about it is below.")), "{read:?}");
        let labels = labels(bot, asked);
        assert_eq!(labels.iter().filter(|label| *label == "I'll do it").count(), 1, "{labels:?}");
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
        until(bot, "2026-01-07T14:30").await;
        assert_eq!(lead_of(&announced(bot)[1]), asked);
        assert_eq!(silences(bot, &channel).await, BTreeMap::new());
    }

    async fn a_person_named_by_a_move_is_asked_again_where_there_is_time(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-07T12:00").await;
        says(bot, "ana", "/sync move 13 January to today at 14:30").await;
        assert_eq!(only(bot, NAMES), asked);
        says(bot, "ana", "/sync move today to 16 January at 10:00").await;
        until(bot, "2026-01-07T12:10").await;
        let read = bot.reads_dm(asked);
        let again = read.last().unwrap();
        assert!(again.contains("Friday, 16 January at 10:00") && again.contains("If I don't hear from you by"), "{again}");
        assert!(!again.contains("I'll announce you as the lead"), "{again}");
        assert!(told(bot, NAMES).is_empty(), "{:?}", told(bot, NAMES));
    }

    async fn a_sync_that_moves_to_today_has_one_lead(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-07T12:00").await;
        says(bot, "ana", "/sync move 13 January to today at 12:24").await;
        let skips = |bot: &Bot| ["ana", "ben", "dee"].into_iter().filter(|who| labels(bot, who).contains(&"Skip this sync".to_owned())).collect::<Vec<_>>();
        assert_eq!(skips(bot), [asked]);
        assert_eq!(told(bot, "three times in a row"), []);
        until(bot, "2026-01-07T12:24").await;
        assert_eq!(lead_of(&announced(bot)[1]), asked);
    }

    async fn a_sync_that_moves_nearer_asks_anew(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-07T12:00").await;
        says(bot, "ana", "/sync move 13 January to 9 January").await;
        assert_eq!(only(bot, ASKS), asked);
        let question = bot.reads_dm(asked).pop().unwrap();
        assert!(question.contains("If I don't hear from you by Thursday, 8 January at 10:00, I'll ask the next in line"), "{question}");
        until(bot, "2026-01-08T09:59").await;
        assert_eq!((only(bot, ASKS), told(bot, NAMES), told(bot, REMINDS)), (asked, vec![], vec![]));
        assert_eq!(silences(bot, &channel).await, BTreeMap::new());
        until(bot, "2026-01-08T10:00").await;
        assert_ne!(only(bot, NAMES), asked);
        assert_eq!(silences(bot, &channel).await.len(), 1);
    }

    async fn a_sync_that_moves_away_gives_more_time(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-08T12:00").await;
        says(bot, "ana", "/sync move 13 January to 16 January").await;
        let question = bot.reads_dm(asked).pop().unwrap();
        assert!(question.contains("If I don't hear from you by Wednesday, 14 January at 10:00"), "{question}");
        until(bot, "2026-01-14T09:59").await;
        assert_eq!(silences(bot, &channel).await, BTreeMap::new());
        assert_eq!(told(bot, NAMES), []);
    }

    async fn a_sync_that_moves_twice_within_its_day_asks_with_buttons(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        for time in ["15:00", "16:00", "15:00"] {
            says(bot, "ana", &format!("/sync move 13 January to {time}")).await;
            assert_eq!(only(bot, ASKS), asked);
            let question = bot.reads_dm(asked).pop().unwrap();
            assert!(question.contains(&format!("Tuesday, 13 January at {time}. Will you?")), "{question}");
            let labels = labels(bot, asked);
            assert_eq!(labels.iter().filter(|label| *label == "I'll do it").count(), 1, "{labels:?}");
        }
        super::before::answers(bot, asked, "I'll do it").await;
        assert_eq!(told(bot, "You lead the sync in #team on Tuesday, 13 January at 15:00. Thank you!"), [(asked, 1)]);
    }
}

/// When the people asked have until, as the questions with buttons in a person's DM say.
fn deadlines(bot: &Bot, who: &str) -> Vec<i64> {
    let read = bot.person(who).reads_dm();
    let open = read
        .iter()
        .filter(|message| buttons(message).iter().any(|button| button["action_id"] == "sync:accept"));
    let until = |message: &slack_sandbox::Message| {
        let (_, rest) = message.text.split_once("hear from you by <!date^")?;
        rest.split('^').next()?.parse().ok()
    };
    open.filter_map(until).collect()
}

each_store! {
    async fn nothing_is_silence_before_the_deadline_that_was_read(bot: &mut Bot) {
        let people = ["ana", "ben", "cy", "dee"];
        let channel = running(bot, &people).await;
        let mut rng = StdRng::seed_from_u64(16);
        let (mut acts, mut seen) = (Vec::new(), 0);
        for _ in 0..300 {
            let now: Instant = bot.parts.engine.clock.now();
            let read: Vec<(UserId, Vec<i64>)> = people.iter().map(|who| (UserId(bot.id(who)), deadlines(bot, who))).collect();
            let before = silences(bot, &channel).await;
            let day = |rng: &mut StdRng| now.date_naive() + Duration::days(rng.random_range(0..9));
            let hour = rng.random_range(8..18);
            let shown = bot.says("ana", "#team", "/sync next 2").await.text;
            let shown = bot.as_read(&shown);
            let next: Vec<String> = shown.lines().filter_map(|line| Some(line.strip_prefix("• ")?.split_once(" at ")?.0.split_once(", ")?.1.to_owned())).collect();
            let act = match (rng.random_range(0..30), next.choose(&mut rng)) {
                (0..=1, Some(next)) => format!("/sync move {next} to {} at {hour}:00", day(&mut rng)),
                (3, Some(next)) => format!("/sync cancel {next}"),
                (4, _) => format!("/sync start every {} at {hour}:00", ["Tuesday", "Wednesday", "Friday"].choose(&mut rng).unwrap()),
                (5, Some(next)) => format!("/sync move {next} to {hour}:00"),
                _ => String::new(),
            };
            acts.push(format!("{now} {act}"));
            if act.is_empty() {
                let later = now + Duration::minutes(rng.random_range(10..400));
                until(bot, &later.format("%Y-%m-%dT%H:%M").to_string()).await;
            } else {
                bot.says("ana", "#team", &act).await;
                if act.contains("start") {
                    let changes = |message: &slack_sandbox::Message| message.blocks.iter().any(|block| block["type"] == "actions" && block.to_string().contains("Change the times"));
                    if bot.person("ana").reads("#team").iter().any(changes) {
                        bot.clicks("ana", "#team", "Change the times").await;
                    }
                }
            }
            bot.settle().await;
            let now = bot.parts.engine.clock.now().timestamp();
            for (user, count) in silences(bot, &channel).await {
                if count > before.get(&user).copied().unwrap_or_default() {
                    let (_, until) = read.iter().find(|(id, _)| *id == user).unwrap();
                    assert!(until.iter().any(|until| *until <= now), "{user}: {until:?} {acts:#?}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 3, "some were silent: {seen} {acts:#?}");
    }
}
