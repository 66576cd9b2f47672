//! Starting, moving and stopping.

use rondo::store::{
    runs::{self, RunOutcome},
    unit::UnitOfWork,
};

use super::*;

each_store! {
    async fn one_line_starts_chats(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let preview = bot.says("ana", "#cafe", WEEKLY).await;
        assert_eq!(
            preview.text,
            "*Coffee chats in this channel, every Tuesday at 10:00 (Europe/Lisbon).*\n4 people here would take part.\n\
             First rounds: Tuesday, 6 January; Tuesday, 13 January; Tuesday, 20 January."
        );
        assert!(bot.reads("ben", "#cafe").is_empty(), "only ana sees the preview");
        bot.clicks("ana", "#cafe", "Start").await;
        assert!(bot.reads_last("ben", "#cafe").starts_with(
            ":coffee: @ana has started coffee chats here: every Tuesday at 10:00 (Europe/Lisbon). "
        ));
        comes_round(bot).await;
        let partner = partners(bot, &channel, "ana").await.remove(0);
        for (reader, other) in [("ana", partner.as_str()), (partner.as_str(), "ana")] {
            let read = reads_group(bot, reader, &[other.to_owned()]).join("\n");
            assert!(read.starts_with(":coffee: Hi @"), "{read}");
            assert!(read.contains("*Icebreaker:* "), "{read}");
            assert!(read.contains("@ana") && read.contains(&format!("@{partner}")), "{read}");
        }
    }

    async fn plain_times_start_chats_too(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let preview = bot.says("ana", "#cafe", "/coffee every 2 weeks on Thursday at 15:30").await;
        assert!(preview.text.starts_with("*Coffee chats in this channel, every 2 weeks on Thursday at 15:30"));
    }

    async fn a_preview_points_out_christmas(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let typed = "/coffee start last Friday of the month at 16:00";
        let preview = bot.says("ana", "#cafe", typed).await.text;
        assert!(preview.contains("Friday, 25 December is a holiday for many people."), "{preview}");
        let except = preview.split('`').nth(1).unwrap();
        let preview = bot.says("ana", "#cafe", &format!("{typed} {except}")).await.text;
        assert!(preview.starts_with("*Coffee chats in this channel, "), "{preview}");
        assert!(!preview.contains("holiday"), "{preview}");
        bot.clicks("ana", "#cafe", "Start").await;
        let preview = bot.says("ana", "#cafe", "/coffee start every Friday at 9:00").await.text;
        assert!(preview.contains("*Change the times"), "{preview}");
    }

    async fn unclear_times_get_an_example(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        let cases = [
            ("", "When?"),
            ("every Blursday at 10:00", "I don't know \"Blursday\"."),
            ("every Tuesday at 25:00", "I don't know the time \"25:00\"."),
            ("0 10 30 2 *", "No day fits \"0 10 30 2 *\"."),
            ("* * * * *", "That's more than 4 times a day, and 4 is the most."),
            ("every Tuesday at 10:00 in Mars/Olympus", "I don't know the place \"Mars/Olympus\""),
            ("every Tuesday at 10:00 until 2025-12-31", "That ends on 31 December 2025, before it first comes."),
            ("0 9,15 * * 2", "That's more than one round a day, and each round takes people's time."),
            ("every <!channel> at <b>", "I don't know"),
        ];
        for (words, objection) in cases {
            let answer = bot.says("ana", "#cafe", &format!("/coffee start {words}")).await;
            assert!(answer.text.starts_with(objection), "{words}: {}", answer.text);
            assert!(!answer.text.contains("<!channel>"), "{}", answer.text);
        }
        assert!(bot.reads("ben", "#cafe").is_empty());
    }

    async fn a_missing_bot_explains_the_invite(bot: &mut Bot) {
        bot.says("ana", "#lounge", WEEKLY).await;
        let answer = bot.says("ana", "#lounge", WEEKLY).await;
        let rondo = bot.person(&bot.user).name();
        assert_eq!(
            bot.as_read(&answer.text),
            format!(
                "As far as I know I'm not in this channel, so I can't see who's here. I'm checking with Slack now.\n\
                 If I was just invited, try again in a few seconds. If not, invite me with `/invite` @{rondo}, \
                 or in a group DM, go to a channel."
            )
        );
    }

    async fn dms_cannot_have_chats(bot: &mut Bot) {
        let answer = bot.says("ana", "@ben", WEEKLY).await;
        assert!(answer.text.starts_with("Coffee chats run in a channel."), "{}", answer.text);
    }

    async fn empty_channels_learn_the_start(bot: &mut Bot) {
        cafe(bot, &["ana"]).await;
        let preview = bot.says("ana", "#cafe", WEEKLY).await;
        assert!(preview.text.contains("A round needs two people"), "{}", preview.text);
    }

    async fn concurrent_starts_start_once(bot: &mut Bot) {
        let channel = cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.says("ben", "#cafe", "/coffee start every Friday at 14:00").await;
        let (ana, ben) = (bot.person("ana"), bot.person("ben"));
        let (from_ana, from_ben) = (ana.reads("#cafe").pop().unwrap(), ben.reads("#cafe").pop().unwrap());
        tokio::join!(ana.clicks(&from_ana, "Start"), ben.clicks(&from_ben, "Start"));
        bot.settle().await;
        let engine = &bot.parts.engine;
        let programme = programme_in(bot, &channel).await.unwrap();
        let pending = engine.store.pending_runs(&engine.team, &programme.id).await.unwrap();
        assert_eq!(pending.iter().filter(|run| run.kind == "round").count(), 1);
        let started = bot.reads("ana", "#cafe").into_iter().filter(|text| text.contains("has started coffee chats"));
        assert_eq!(started.count(), 1);
        let loser = if programme.organisers[0].as_str() == ana.id() { "ben" } else { "ana" };
        let told = bot.reads(loser, "#cafe").join("\n");
        assert!(told.contains("Coffee chats already run here, "), "{told}");
    }

    async fn two_presses_start_once(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.sandbox.faults().duplicate_deliveries(true);
        bot.clicks("ana", "#cafe", "Start").await;
        bot.sandbox.faults().duplicate_deliveries(false);
        assert_eq!(bot.reads("ben", "#cafe").len(), 1);
    }

    async fn cancelling_changes_nothing(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.clicks("ana", "#cafe", "Not now").await;
        assert_eq!(bot.reads_last("ana", "#cafe"), "OK, nothing has changed. `/coffee help` shows what I can do here.");
        assert!(status(bot, "ana").await.starts_with("There are no coffee chats in this channel."));
    }

    async fn new_times_move_pending_rounds(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let preview = bot.says("ana", "#cafe", "/coffee start every Wednesday at 16:00").await;
        assert!(preview.text.starts_with(
            "*Change the times of the coffee chats here?*\nNow: every Tuesday at 10:00 (Europe/Lisbon)\n\
             New: every Wednesday at 16:00 (Europe/Lisbon)"
        ));
        bot.clicks("ana", "#cafe", "Change the times").await;
        assert!(bot.reads_last("ben", "#cafe").contains("has moved the coffee chats"));
        comes_round(bot).await;
        comes_round(bot).await;
        let walls: Vec<String> = history(bot, &channel)
            .await
            .into_iter()
            .map(|past| format!("{} {}", past.wall.format("%a %d %H:%M"), past.outcome))
            .collect();
        assert_eq!(walls, ["Tue 06 10:00 cancelled", "Wed 07 16:00 done", "Wed 14 16:00 done"]);
    }

    async fn equal_times_change_nothing(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        let answer = bot.says("ben", "#cafe", "/coffee start every Tuesday at 10:00 in Europe/Lisbon").await;
        assert_eq!(
            bot.as_read(&answer.text),
            "Coffee chats already run here, every Tuesday at 10:00 (Europe/Lisbon). Next round: Tuesday, 6 January at \
             10:00."
        );
    }

    async fn only_organisers_and_admins_stop_chats(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        for words in ["stop", "start every Friday at 9:00"] {
            let answer = bot.says("ben", "#cafe", &format!("/coffee {words}")).await;
            assert!(bot.as_read(&answer.text).starts_with("@ana runs these chats."), "{}", answer.text);
        }
        assert!(status(bot, "ben").await.starts_with("*Coffee chats run here, every Tuesday"));
        let boss = slack_sandbox::NewPerson {
            kind: slack_sandbox::PersonKind::Admin,
            ..slack_sandbox::NewPerson::named("boss")
        };
        bot.sandbox.add_person(boss);
        bot.sandbox.invite("cafe", "boss");
        bot.hears_events().await;
        bot.says("boss", "#cafe", "/coffee stop").await;
        bot.clicks("boss", "#cafe", "Stop these chats").await;
        let stopped = "I've stopped the coffee chats in #cafe. I'm telling the channel, unless I've been removed from it.";
        assert!(bot.reads("boss", "#cafe").contains(&stopped.to_owned()));
    }

    async fn stopped_chats_can_restart(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        assert!(bot.reads_last("ben", "#cafe").contains("@ana has stopped the coffee chats."));
        let engine = bot.parts.engine.clone();
        assert_eq!(engine.store.next_run_at(&engine.team).await.unwrap(), None);
        let again = bot.says("ana", "#cafe", "/coffee stop").await;
        assert!(again.text.starts_with("The coffee chats in this channel were stopped on Tuesday, 6 January."));
        bot.says("ben", "#cafe", WEEKLY).await;
        bot.clicks("ben", "#cafe", "Start").await;
        comes_round(bot).await;
        let [first, second] = &rounds(bot, &channel).await[..] else { panic!("two rounds") };
        assert!(first.is_disjoint(second), "who met before is remembered: {first:?} {second:?}");
    }

    async fn status_shows_next_and_last_rounds(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        bot.says("dee", "#cafe", "/coffee skip").await;
        assert_eq!(
            status(bot, "ben").await,
            "*Coffee chats run here, every Tuesday at 10:00 (Europe/Lisbon).*\n\
             Next round: Tuesday, 13 January 2026 at 11:00 (Europe/Berlin) your time.\n\
             3 people take part.\n\
             1 person skips the next round.\n\
             • Tuesday, 6 January: 0 of 2 groups said that they met.\n\
             Run by @ana. `/coffee skip` skips the next round, `/coffee leave` takes you out."
        );
    }

    async fn internal_errors_hide_their_details(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        let rondo::engine::Engine { store, team, .. } = bot.parts.engine.clone();
        let due = rondo::model::clock::from_ms(bot.sandbox.clock().now_ms()) + chrono::Duration::days(3);
        let runs = store.due_runs(&team, due, 10).await.unwrap().runs;
        let mut run = runs.into_iter().find(|run| run.kind == "round").unwrap();
        assert!(store.claim_run(&team, &mut run, 1, due).await.unwrap());
        let mut unit = UnitOfWork::new();
        runs::finish(&mut unit, &team, &run, RunOutcome::Failed, "no such table: coffee_seat", due);
        store.commit(unit).await.unwrap();
        let read = status(bot, "ben").await;
        assert!(
            read.contains("• Tuesday, 6 January: no round. Something went wrong on my side; it's in my log."),
            "{read}"
        );
        assert!(!read.contains("no such table"), "{read}");
    }

    async fn help_shows_every_way(bot: &mut Bot) {
        for words in ["/coffee help", "/coffee ?", "/rondo coffee help"] {
            let answer = bot.says("ana", "#general", words).await;
            assert!(answer.text.starts_with("*Coffee chats introduce people in this channel to each other"), "{words}");
        }
    }
}
