//! Changing chats with the form.

use slack_sandbox::{NewPerson, PersonHandle, PersonKind, Submission};

use super::{
    setup::{becomes, errors, modal, written},
    *,
};

/// Presses *Change* below the status of the chats.
async fn changes(bot: &mut Bot, who: &str) -> PersonHandle {
    status(bot, who).await;
    bot.clicks(who, "#cafe", "Change").await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Change coffee chats");
    person
}

/// Confirms what was typed.
async fn saves(bot: &mut Bot, person: &PersonHandle) {
    assert_eq!(person.submits().await, Submission::Updated);
    assert_eq!(person.submits().await, Submission::Closed);
    bot.settle().await;
}

/// Returns the chats' pending runs, with their days.
async fn pending(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let programme = programme_in(bot, channel).await.unwrap();
    let engine = &bot.parts.engine;
    let runs = engine.store.pending_runs(&engine.team, &programme.id).await.unwrap();
    runs.iter().map(|run| format!("{} {}", run.due.wall.format("%a %d %H:%M"), run.kind)).collect()
}

/// Returns the rounds so far and their outcomes.
async fn walls(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let past = history(bot, channel).await;
    past.iter().map(|past| format!("{} {}", past.wall.format("%a %d %H:%M"), past.outcome)).collect()
}

each_store! {
    async fn all_settings_change_at_once(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let ana = changes(bot, "ana").await;
        assert_eq!(written(&ana, "when"), "every Tuesday at 10:00 (Europe/Lisbon)");
        ana.fills("name", "Early birds");
        ana.fills("when", "every Wednesday at 10:30");
        ana.fills("around", json!(["notice"]));
        ana.fills("size", "4 people");
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        for words in [
            "Change the coffee chats in #cafe?",
            "Name so far: none\nNew name: Early birds",
            "Times so far: every Tuesday at 10:00 (Europe/Lisbon)\nNew times: every Wednesday at 10:30 (Europe/Lisbon)",
            "I don't ask groups any more whether they met.",
            "4 people meet at a time, instead of 2.",
            "First rounds: Wednesday, 7 January; Wednesday, 14 January; Wednesday, 21 January.",
            "@ana has moved the coffee chats.",
        ] {
            assert!(preview.contains(words), "{words}: {preview}");
        }
        assert_eq!(bot.reads("ben", "#cafe").len(), 1, "nothing has happened yet");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_last("ben", "#cafe").contains("has moved the coffee chats"));
        let announced = bot.reads_last("ben", "#cafe");
        for words in ["Next round: Wednesday, 7 January at 10:30.\nTheir name from now on: *Early birds*.", "4 people meet at a time, instead of 2."] {
            assert!(announced.contains(words), "{announced}");
        }
        let told = "I've changed *Early birds* in #cafe, and I'm announcing the new times there. Next round: Wednesday";
        assert!(bot.reads("ana", "#cafe").iter().any(|text| text.starts_with(told)), "{:?}", bot.reads("ana", "#cafe"));
        assert_eq!(pending(bot, &channel).await, ["Tue 06 10:30 notice", "Wed 07 10:30 round"]);
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben", "cy", "dee"]);
        assert_eq!(walls(bot, &channel).await, ["Tue 06 10:00 cancelled", "Wed 07 10:30 done"]);
    }

    async fn renaming_keeps_the_weeks_counted(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee start every 2 weeks on Tuesday at 10:00").await;
        bot.clicks("ana", "#cafe", "Start").await;
        comes_round(bot).await;
        let ana = changes(bot, "ana").await;
        ana.fills("name", "Lunch");
        let before = pending(bot, &channel).await;
        saves(bot, &ana).await;
        assert_eq!(pending(bot, &channel).await, before);
        assert_eq!(programme_in(bot, &channel).await.unwrap().name, "Lunch");
        assert!(bot.reads("ben", "#cafe").iter().all(|text| !text.contains("moved")), "the channel isn't told");
        comes_round(bot).await;
        assert_eq!(walls(bot, &channel).await, ["Tue 06 10:00 done", "Tue 20 10:00 done"]);
    }

    async fn the_notice_can_be_switched(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        let all = pending(bot, &channel).await;
        assert_eq!(all, ["Mon 12 10:00 close", "Mon 12 10:00 notice", "Tue 13 10:00 round", "Mon 19 10:00 close"]);
        let ana = changes(bot, "ana").await;
        ana.fills("around", json!([]));
        saves(bot, &ana).await;
        assert_eq!(pending(bot, &channel).await, ["Mon 12 10:00 close", "Tue 13 10:00 round"]);
        let ana = changes(bot, "ana").await;
        ana.fills("around", json!(["notice", "close"]));
        saves(bot, &ana).await;
        assert_eq!(pending(bot, &channel).await, all);
        comes_round(bot).await;
        assert_eq!(walls(bot, &channel).await, ["Tue 06 10:00 done", "Tue 13 10:00 done"]);
    }

    async fn announced_rounds_stay_when_moved(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        comes_to(bot, "notice").await;
        let ana = changes(bot, "ana").await;
        ana.fills("when", "every Friday at 15:00");
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        assert!(preview.contains("The round on Tuesday, 13 January at 10:00 stays as announced."), "{preview}");
        assert!(preview.contains("First rounds: Friday, 16 January;"), "{preview}");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_last("ben", "#cafe").ends_with(
            "The round on Tuesday, 13 January at 10:00 stays as announced. The one after it: Friday, 16 January at 15:00."
        ), "{}", bot.reads_last("ben", "#cafe"));
        comes_round(bot).await;
        comes_round(bot).await;
        assert_eq!(walls(bot, &channel).await, ["Tue 06 10:00 done", "Tue 13 10:00 done", "Fri 16 15:00 done"]);
    }

    async fn equal_times_keep_the_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.says("ben", "#cafe", "/coffee skip").await;
        bot.says("ana", "#cafe", "/coffee start every Tuesday and Thursday at 10:00").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        assert!(bot.reads_last("ben", "#cafe").ends_with("Next round: Tuesday, 6 January at 10:00."));
        comes_round(bot).await;
        comes_round(bot).await;
        assert_eq!(walls(bot, &channel).await, ["Tue 06 10:00 done", "Thu 08 10:00 done"]);
        assert!(rounds(bot, &channel).await[0].iter().flatten().all(|name| name != "ben"), "the skip stays");
    }

    async fn organisers_and_admins_change_chats(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.add_person(NewPerson { kind: PersonKind::Admin, ..NewPerson::named("boss") });
        bot.sandbox.invite("cafe", "boss");
        bot.hears_events().await;
        status(bot, "ben").await;
        assert!(!bot.person("ben").reads("#cafe").iter().any(|message| message.has_button("Change")));
        let boss = changes(bot, "boss").await;
        boss.fills("name", "Lunch");
        saves(bot, &boss).await;
        assert!(status(bot, "ana").await.starts_with("*Lunch: coffee chats run here"));
        status(bot, "boss").await;
        bot.passes(chrono::Duration::seconds(1));
        bot.sandbox.set_kind("boss", PersonKind::Member);
        bot.hears_events().await;
        bot.clicks("boss", "#cafe", "Change").await;
        assert!(bot.reads_last("boss", "#cafe").starts_with("@ana runs these chats."), "{}", bot.reads_last("boss", "#cafe"));
        assert!(bot.person("boss").modal().is_none());
    }

    async fn outsiders_cannot_change_chats(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        ana.fills("name", "Lunch");
        assert_eq!(ana.submits().await, Submission::Updated);
        bot.passes(chrono::Duration::seconds(1));
        ana.leaves("#cafe");
        bot.hears_events().await;
        assert_eq!(ana.submits().await, Submission::Updated);
        assert!(modal(bot, &ana).contains("As far as I know you're not in that channel"), "{}", modal(bot, &ana));
        assert_eq!(written(&ana, "name"), "Lunch");
        ana.closes();
        assert!(status(bot, "ben").await.starts_with("*Coffee chats run here"));
    }

    async fn concurrent_changes_are_shown(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        ana.fills("name", "Lunch");
        ana.fills("when", "every Friday at 12:00");
        assert_eq!(ana.submits().await, Submission::Updated);
        bot.says("ana", "#cafe", "/coffee start every Monday at 9:30").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        let words = "These chats were changed while you had the form open, so nothing is saved yet. Their times now: every \
                     Monday at 09:30 (Europe/Lisbon). Next round: Monday, 5 January at 09:30 (UTC).";
        assert!(modal(bot, &ana).contains(words), "{}", modal(bot, &ana));
        assert_eq!((written(&ana, "name"), written(&ana, "when")), (json!("Lunch"), json!("every Friday at 12:00")));
        saves(bot, &ana).await;
        let programme = programme_in(bot, &channel).await.unwrap();
        assert_eq!((programme.name.as_str(), programme.cadence.unwrap().say().as_str()), ("Lunch", "every Friday at 12:00 (Europe/Lisbon)"));
        assert_eq!(pending(bot, &channel).await[0], "Thu 08 12:00 notice");
    }

    async fn chats_stopped_meanwhile_restart(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        ana.fills("when", "every Friday at 12:00");
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        assert!(modal(bot, &ana).contains("These chats were stopped while you had the form open"), "{}", modal(bot, &ana));
        assert_eq!(written(&ana, "when"), "every Friday at 12:00");
        saves(bot, &ana).await;
        assert!(programme_in(bot, &channel).await.unwrap().is_running());
        assert_eq!(pending(bot, &channel).await[1], "Fri 09 12:00 round");
    }

    async fn paused_chats_stay_paused(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        ana.fills("when", "every Friday at 12:00");
        bot.says("ana", "#cafe", "/coffee pause").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        assert!(modal(bot, &ana).contains("They're paused now."), "{}", modal(bot, &ana));
        saves(bot, &ana).await;
        assert!(bot.reads_last("ben", "#cafe").ends_with("there are no rounds until they're resumed."));
        assert!(pending(bot, &channel).await.is_empty());
        bot.says("ana", "#cafe", "/coffee start every Thursday at 12:00").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        assert!(pending(bot, &channel).await.is_empty(), "nor does the typed way plan anything");
        bot.says("ana", "#cafe", "/coffee resume").await;
        comes_round(bot).await;
        let done: Vec<String> = walls(bot, &channel).await.into_iter().filter(|wall| wall.ends_with("done")).collect();
        assert_eq!(done, ["Thu 08 12:00 done"]);
    }

    async fn an_unchanged_form_says_so(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        let same = "That's how they are already. Change something, or press Cancel.";
        assert_eq!(ana.submits().await, errors(&[("when", same)]));
        ana.fills("around", json!(["close"]));
        assert_eq!(ana.submits().await, Submission::Updated);
        ana.clicks_in_modal("Back").await;
        becomes(bot, &ana, "In #cafe").await;
        ana.closes();
    }

    async fn names_are_unique(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee start every Friday at 9:00 called Lunch").await;
        bot.clicks("ana", "#cafe", "Start").await;
        bot.says("ana", "#cafe", "/coffee status lunch").await;
        bot.clicks("ana", "#cafe", "Change").await;
        let ana = bot.person("ana");
        ana.sees_modal().await;
        ana.fills("name", " ");
        let taken = "Coffee chats run in that channel already, every Tuesday at 10:00 (Europe/Lisbon). Give these a name.";
        assert_eq!(ana.submits().await, errors(&[("name", taken)]));
        ana.fills("name", "LUNCH");
        saves(bot, &ana).await;
        assert!(bot.says("ana", "#cafe", "/coffee status lunch").await.text.starts_with("*LUNCH: coffee chats"));
    }

    async fn two_saves_count_once(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        ana.fills("when", "every Friday at 12:00");
        assert_eq!(ana.submits().await, Submission::Updated);
        let twin = bot.person("ana");
        tokio::join!(ana.submits(), twin.submits());
        bot.settle().await;
        let moved = bot.reads("ben", "#cafe").into_iter().filter(|text| text.contains("has moved the coffee chats"));
        assert_eq!(moved.count(), 1);
        assert_eq!(pending(bot, &channel).await[1], "Fri 09 12:00 round");
    }
}
