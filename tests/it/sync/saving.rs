//! *Save for…*: the words of a message go on the agenda of a sync.

use chrono::Duration;
use slack_sandbox::{Message, PersonHandle, Submission};

use super::*;

/// Uses *Save for…* on the newest message with these words that a person sees in a place.
async fn saves(bot: &Bot, who: &str, place: &str, words: &str) -> (PersonHandle, Message) {
    let person = bot.person(who);
    let message = person.reads(place).into_iter().rfind(|post| post.text.contains(words)).unwrap();
    let answer = person.uses_shortcut_on(&message, "Save for…").await;
    assert!(answer.is_answered(), "{answer:?}");
    (person, message)
}

async fn drafts(bot: &Bot) -> i64 {
    let rows = bot.parts.engine.store.ask("SELECT COUNT(*) FROM saved_draft", Vec::new()).await.unwrap();
    rows[0][0].int().unwrap()
}

each_store! {
    async fn a_place_says_when_it_is_for_the_person_who_chooses(bot: &mut Bot) {
        running(bot, &["ana", "cy"]).await;
        bot.person("cy").says("#team", "a thought").await;
        let (cy, _) = saves(bot, "cy", "#team", "a thought").await;
        let form = format!("{:?}", cy.sees_modal().await.expect("a form").blocks);
        assert!(form.contains("Tuesday, 6 January at 05:00") && !form.contains("6 January at 10:00"), "{form}");
        assert!(form.contains("Times are in America/New_York."), "{form}");
    }

    async fn the_next_sync_of_the_channel_is_offered_first(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.sandbox.add_channel("other", false, &["ana", "ben"]);
        bot.sandbox.invite("other", &bot.user);
        bot.hears_events().await;
        for typed in ["/retro start every Friday at 15:00", "/sync start every Wednesday at 9:00"] {
            bot.says("ana", "#other", typed).await;
            bot.clicks("ana", "#other", "Start").await;
        }
        for (place, chosen) in [("#team", "#team: the next sync"), ("#other", "#other: the next sync"), ("#lounge", "the next sync")] {
            bot.person("ben").says(place, "a thought").await;
            let (ben, _) = saves(bot, "ben", place, "a thought").await;
            let form = ben.sees_modal().await.expect("a form");
            let select = form.blocks.iter().find(|block| block["block_id"] == "place").unwrap();
            let label = select["element"]["initial_option"]["text"]["text"].as_str().unwrap();
            assert!(label.contains(chosen), "{place}: {label}");
            ben.closes();
        }
    }

    async fn points_survive_an_archived_channel(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ben", "#team", "/sync add Budget").await;
        bot.sandbox.archive("team");
        bot.hears_events().await;
        super::before::until(bot, "2026-01-06T10:00").await;
        assert_eq!(announced(bot), [""; 0]);
        let told = bot.reads_dm("ana").into_iter().filter(|text| text.starts_with("I couldn't announce the sync in #team")).count();
        assert_eq!(told, 1, "{:?}", bot.reads_dm("ana"));
        bot.sandbox.unarchive("team");
        bot.sandbox.invite("team", &bot.user);
        bot.hears_events().await;
        super::before::until(bot, "2026-01-13T10:00").await;
        assert_eq!(announced(bot).len(), 1);
        let replies = bot.reads("ana", "#team").into_iter().filter(|text| text.contains("Budget")).count();
        assert_eq!(replies, 1, "{:?}", bot.reads("ana", "#team"));
    }

    async fn a_message_goes_on_the_agenda(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        // The bot isn't in #lounge.
        bot.person("cy").says("#lounge", "Who's on call in <May>? @dee & co").await;
        let (ben, message) = saves(bot, "ben", "#lounge", "on call").await;
        let form = ben.sees_modal().await.expect("a form");
        assert!(form.plain().contains("By @cy:") && form.plain().contains("on call in"), "{}", form.plain());
        assert!(form.plain().contains("everyone in the channel that you choose will be able to read these words, with your name and the author's."));
        bot.person("cy").deletes(&message).unwrap();
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let told = bot.reads_last("ben", "#lounge");
        assert!(told.starts_with("This point is on the agenda of the sync in #team, Tuesday, 6 January at 10:00:"), "{told}");
        let [line] = &agenda(bot, "ana").await[..] else { panic!("one point") };
        assert!(line.starts_with("Who's on call in &lt;May&gt;? @Dee &amp; co (@cy's words, added by @ben, <https://"), "{line}");
        assert!(line.contains(&format!("/archives/{}/p{}|message>", message.channel, message.ts.replace('.', ""))), "{line}");
        assert_eq!(drafts(bot).await, 0);
        bot.clicks("ben", "#lounge", "Take back").await;
        assert_eq!(agenda(bot, "ana").await, [""; 0]);
    }

    async fn private_words_are_saved_by_their_author_only(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("ana").says("#secret", "the plan").await;
        bot.person("ana").says("@ben", "the other plan").await;
        for (place, words) in [("#secret", "the plan"), ("@ana", "the other plan")] {
            let (ben, _) = saves(bot, "ben", place, words).await;
            bot.settle().await;
            assert!(ben.modal().is_none());
            let refused = bot.reads_last("ben", place);
            assert!(refused.starts_with("That message is from a private conversation and isn't yours"), "{refused}");
        }
        for (place, words) in [("#secret", "the plan"), ("@ben", "the other plan")] {
            let (ana, _) = saves(bot, "ana", place, words).await;
            let form = ana.sees_modal().await.expect("a form");
            let (shown, raw) = (form.plain(), form.raw.to_string());
            assert!(shown.contains("This is from a private conversation. A promise of yours"), "{shown}");
            let sync = raw.split('"').find(|text| text.starts_with("#team: ")).expect("the next sync");
            assert!(place != "#secret" || ana.fills("place", sync), "{raw}");
            assert_eq!(ana.submits().await, Submission::Closed);
            bot.settle().await;
        }
        assert_eq!(agenda(bot, "ben").await.len(), 1);
        let mine = bot.says("ana", "#general", "/promise mine").await.text;
        assert!(mine.contains("the other plan"), "without a choice it stays with her: {mine}");
        assert_eq!(bot.parts.engine.store.outbox_depth(bot.parts.engine.clock.now()).await.unwrap().discarded, 0);
    }

    async fn only_syncs_of_ones_own_channels_are_offered(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("cy").says("#lounge", "a thought").await;
        let (cy, _) = saves(bot, "cy", "#lounge", "a thought").await;
        bot.settle().await;
        let form = cy.sees_modal().await.expect("a form").plain();
        assert!(!form.contains("#team") && form.contains("#general: a decision"), "{form}");
        // A person who leaves the channel while the form is open sees nothing of it any more.
        let (ben, _) = saves(bot, "ben", "#lounge", "a thought").await;
        ben.sees_modal().await.expect("a form");
        ben.leaves("team");
        bot.hears_events().await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("it is told at the field") };
        assert!(errors["place"].starts_with("These syncs have ended, or you're not in their channel any more"), "{errors:?}");
        assert_eq!(agenda(bot, "ana").await, [""; 0]);
    }

    async fn words_are_saved_once_and_for_a_day(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#team", "a thought").await;
        let (ben, _) = saves(bot, "ben", "#team", "a thought").await;
        ben.sees_modal().await.expect("a form");
        let (one, other) = tokio::join!(ben.submits(), ben.submits());
        bot.settle().await;
        assert_eq!(agenda(bot, "ana").await, ["a thought (@ben, "].map(|_| agenda_line(bot)), "{one:?} {other:?}");
        let (ben, _) = saves(bot, "ben", "#team", "a thought").await;
        ben.sees_modal().await.expect("a form");
        assert_eq!(drafts(bot).await, 1);
        bot.passes(Duration::hours(25));
        let engine = bot.parts.engine.clone();
        while !engine.store.sweep(&engine.team, engine.clock.now()).await.unwrap() {}
        assert_eq!(drafts(bot).await, 0);
        ben.submits().await;
        bot.settle().await;
        let told = bot.reads_dm("ben");
        let is_told = |text: &String| text.starts_with("I don't have these words any more, so nothing was saved: a form keeps them for a day.");
        assert!(told.iter().any(is_told), "{told:?}");
    }

    async fn nothing_to_read_is_nothing_to_save(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#team", "\u{200b}\u{3164}").await;
        let person = bot.person("ben");
        let message = person.reads("#team").pop().unwrap();
        assert!(person.uses_shortcut_on(&message, "Save for…").await.is_answered());
        bot.settle().await;
        assert!(bot.reads_last("ben", "#team").starts_with("That message has no words that I could save."));
    }

    async fn a_stopped_sync_takes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.person("ben").says("#team", "a thought").await;
        let (ben, _) = saves(bot, "ben", "#team", "a thought").await;
        ben.sees_modal().await.expect("a form");
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        assert!(matches!(ben.submits().await, Submission::Errors(_)));
    }
}

/// Returns the line of the one point that was saved from a message of its own author.
fn agenda_line(bot: &Bot) -> String {
    let message = bot.person("ben").reads("#team").into_iter().find(|post| post.text == "a thought").unwrap();
    let domain = bot
        .sandbox
        .deliveries()
        .iter()
        .rev()
        .find_map(|delivery| delivery.payload["team"]["domain"].as_str().map(str::to_owned))
        .unwrap();
    format!(
        "a thought (@ben, <https://{domain}.slack.com/archives/{}/p{}|message>)",
        message.channel,
        message.ts.replace('.', "")
    )
}
