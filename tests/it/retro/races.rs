//! Two people, or a person and a run, in the same moment: what people read is what is stored.

use rondo::{
    engine::ticker::Ticker,
    store::{
        programmes, runs,
        unit::{Outcome, UnitOfWork},
    },
};

use super::{
    answering::sends_form,
    grouping::{fills, groups},
    hiding::channel_reads,
    sorting::{done, theme},
    voting::{ballot, chooses, control, revealed, shown_in, starts_vote, themes_shown},
    *,
};

/// Has ben organise the retros, too.
async fn ben_organises(bot: &Bot, channel: &ChannelId) {
    let engine = &bot.parts.engine;
    let mut programme = programme_in(bot, channel).await;
    programme.organisers.push(bot.id("ben").as_str().into());
    let mut unit = UnitOfWork::new();
    programmes::hand_over(&mut unit, &engine.team, &programme).unwrap();
    engine.store.commit(unit).await.unwrap();
}

each_store! {
    async fn a_theme_is_sorted_while_its_answer_is_hidden(bot: &mut Bot) {
        let channel = done(bot).await;
        ben_organises(bot, &channel).await;
        let form = opens(bot, "ana", "Hide an answer").await;
        let modal = form.modal().unwrap();
        let field = modal.blocks.iter().find(|block| block["block_id"] == "hide_1").unwrap();
        let options = field["element"]["options"].as_array().unwrap().iter();
        let labels = options.map(|option| option["text"]["text"].as_str().unwrap().to_owned());
        let chosen: Vec<String> = labels.filter(|label| label.contains("Too many meetings")).collect();
        assert_eq!(chosen.len(), 1, "{field}");
        assert!(form.fills("hide_1", chosen));
        let ben = bot.person("ben");
        let is_meant = |message: &slack_sandbox::Message| {
            message.text.lines().next().is_some_and(|line| line.starts_with(":mirror: *1. ") && line.contains("oo many meetings"))
        };
        let meetings = ben.reads("#team").into_iter().rev().find(is_meant).expect("the theme is shown");
        let (sent, _) = tokio::join!(form.submits(), ben.picks(&meetings, "In our hands?", "Ours"));
        assert_eq!(sent, Submission::Updated);
        form.closes();
        bot.settle().await;
        // Neither undoes what the other did, in any order.
        let reads = channel_reads(bot);
        assert!(!reads.contains("• Too many meetings") && reads.contains("• too many meetings!"), "{reads}");
        assert!(reads.contains("*In our hands.*"), "{reads}");
        let retro = last_retro(bot, &channel).await;
        let themes = store::themes::grouped(&read_store(bot), &retro.id).await.unwrap().themes;
        assert_eq!(themes.iter().filter(|theme| theme.hands.as_str() == "ours").count(), 1, "{themes:?}");
    }

    async fn two_organisers_sort_two_themes_at_once(bot: &mut Bot) {
        let channel = done(bot).await;
        ben_organises(bot, &channel).await;
        let (ana, ben) = (bot.person("ana"), bot.person("ben"));
        let (lunch, hiring) = (theme(bot, "ana", "Lunch"), theme(bot, "ben", "Hiring"));
        tokio::join!(ana.picks(&lunch, "In our hands?", "Ours"), ben.picks(&hiring, "In our hands?", "Not ours"));
        bot.settle().await;
        let reads = channel_reads(bot);
        assert!(reads.contains("*In our hands.*") && reads.contains("*Not in our hands.*"), "{reads}");
    }

    async fn two_organisers_group_at_once(bot: &mut Bot) {
        let channel = revealed(bot).await;
        ben_organises(bot, &channel).await;
        let ana = groups(bot, "ana").await;
        bot.says("ben", "#team", "/retro next").await;
        bot.clicks("ben", "#team", "Group into themes").await;
        let ben = bot.person("ben");
        assert!(ben.sees_modal().await.is_some());
        fills(&ana, "Food", &["Lunch", "Hiring"]).await;
        fills(&ben, "People", &["Hiring", "A <new> desk"]).await;
        let sent = tokio::join!(ana.submits(), ben.submits());
        assert_eq!(sent, (Submission::Updated, Submission::Updated));
        let told = [shown_in(&ana), shown_in(&ben)];
        assert_eq!(told.iter().filter(|text| text.contains("Saved: ")).count(), 1, "{told:?}");
        assert_eq!(told.iter().filter(|text| text.contains("changed the themes meanwhile")).count(), 1, "{told:?}");
        let retro = last_retro(bot, &channel).await;
        let grouped = store::themes::grouped(&read_store(bot), &retro.id).await.unwrap();
        let of_both = grouped.themes.iter().filter(|theme| ["Food", "People"].contains(&theme.name.as_str()));
        assert_eq!(of_both.map(|theme| theme.answers.len()).collect::<Vec<_>>(), [2]);
        ana.closes();
        ben.closes();
    }

    async fn no_question_is_written_in_the_moment_of_the_close(bot: &mut Bot) {
        // All in one zone, so that all are due to be asked at once.
        let people = ["ana", "eve", "fay", "hal", "ida", "joe", "kim", "lou"];
        let channel = team(bot, &people).await;
        starts(bot, &[]).await;
        let engine = bot.parts.engine.clone();
        let due = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(due.timestamp_millis());
        bot.parts.ticker.tick_once().await.unwrap();
        let retro = last_retro(bot, &channel).await;
        let other = Ticker::new(engine.clone());
        let asking = async {
            for _ in 0..people.len() {
                other.tick_once().await.unwrap();
            }
        };
        let private = format!("{} {}", retro.id, retro.version);
        tokio::join!(asking, sends_form(bot, "ana", "retro:close_sure", &private, &[]));
        bot.settle().await;
        assert!(!last_retro(bot, &channel).await.takes_answers(engine.clock.now()));
        let counted = last_retro(bot, &channel).await.asked;
        let rows = "SELECT COUNT(*) FROM outbox WHERE key LIKE 'retro/ask/%'";
        let written = engine.store.ask(rows, Vec::new()).await.unwrap()[0][0].int().unwrap();
        assert_eq!(i64::try_from(counted).unwrap(), written, "who was asked counts, and no one was asked afterwards");
        // What depends on the retro being open is read again by its run.
        let mut unit = UnitOfWork::new();
        store::while_open_as_read(&mut unit, &engine.team, &retro, engine.clock.now());
        assert_eq!(engine.store.commit(unit).await.unwrap(), Outcome::Refused(runs::OUTDATED));
    }

    async fn no_question_says_a_time_that_has_just_changed(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let engine = bot.parts.engine.clone();
        let read = last_retro(bot, &channel).await;
        surely_pressed(bot, "Extend by a weekday").await;
        let mut unit = UnitOfWork::new();
        store::while_open_as_read(&mut unit, &engine.team, &read, engine.clock.now());
        assert_eq!(engine.store.commit(unit).await.unwrap(), Outcome::Refused(runs::OUTDATED));
        let mut unit = UnitOfWork::new();
        store::while_open_as_read(&mut unit, &engine.team, &last_retro(bot, &channel).await, engine.clock.now());
        assert!(matches!(engine.store.commit(unit).await.unwrap(), Outcome::Committed(_)));
    }

    async fn the_last_ballot_counts_or_is_refused(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        for who in ["ana", "ben", "cy", "dee", "eve"] {
            assert_eq!(super::voting::votes(bot, who, &["Hiring"]).await, Submission::Updated);
        }
        let form = ballot(bot, "fay").await;
        chooses(&form, &["Lunch"]);
        let ends = last_retro(bot, &channel).await.vote.unwrap().ends_at.timestamp_millis();
        bot.sandbox.clock().advance_to(ends - 1);
        let counting = async {
            bot.sandbox.clock().advance_to(ends);
            bot.parts.ticker.tick_once().await.unwrap();
        };
        let (sent, ()) = tokio::join!(form.submits(), counting);
        assert_eq!(sent, Submission::Updated);
        let is_saved = shown_in(&form).contains("Your vote is saved.");
        assert!(is_saved || shown_in(&form).contains("This vote is over, so nothing has changed."), "{}", shown_in(&form));
        form.closes();
        bot.settle().await;
        let list = &themes_shown(bot)[0];
        assert!(list.contains(if is_saved { "6 people voted." } else { "5 people voted." }), "{list}");
    }
}

/// Presses a button of ana's newest message with it.
async fn surely_pressed(bot: &mut Bot, button: &str) {
    let message = control(bot, button);
    bot.person("ana").clicks(&message, button).await;
    bot.settle().await;
}
