//! A sync without an agenda: an hour before, its lead is asked whether to skip it.

use super::*;

const QUESTION: &str = "Nothing is on the agenda of the sync in #team, Tuesday, 6 January at 10:00. Skip it?";

/// Goes to the hour before the next sync, and returns its lead.
async fn hour_before(bot: &mut Bot) -> String {
    let lead = leads_shown(bot, "ana").await.remove(0);
    super::before::until(bot, "2026-01-06T09:00").await;
    lead
}

/// Returns the date of the next sync that `/sync next` shows.
async fn next_shown(bot: &mut Bot) -> String {
    let answer = bot.says("ana", "#team", "/sync next").await;
    let text = bot.as_read(&answer.text);
    text.lines().find_map(|line| line.strip_prefix("• ")).unwrap().split(" at ").next().unwrap().to_owned()
}

each_store! {
    async fn a_press_skips_for_all(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let lead = hour_before(bot).await;
        let asked = bot.reads_dm(&lead).pop().unwrap();
        assert!(asked.starts_with(&format!("{QUESTION} The turn is yours, so you decide.")), "{asked}");
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "Skip this sync").await;
        let told = reads_team(bot, "ben", ":speech_balloon: @").pop().unwrap();
        assert!(told.starts_with(&format!(":speech_balloon: @{lead} has skipped the sync on Tuesday, 6 January at 10:00. Next sync: Tuesday, 13 January at 10:00.")), "{told}");
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
        // The turn stays theirs, and a start of the bot within the hour brings nothing back.
        bot.parts.ticker.repair().await.unwrap();
        bot.settle().await;
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
        assert_eq!(lead_of(&next_sync(bot).await), lead, "no one owes for a sync that was skipped");
        assert_eq!(announced(bot).len(), 1);
        assert_eq!(exported(bot).await.lines().count(), 2);
        let programme = programme_in(bot, &channel).await;
        assert!(programme.is_running());
    }

    async fn a_sync_with_points_is_not_asked_about(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ben", "#team", "/sync add Budget").await;
        let lead = hour_before(bot).await;
        assert!(!bot.reads_dm(&lead).iter().any(|text| text.starts_with("Nothing is on the agenda")));
    }

    async fn a_lead_elsewhere_is_not_asked_at_night(bot: &mut Bot) {
        // An hour before, it is four in the morning in New York, and half past two in the afternoon in Kolkata.
        running(bot, &["ana", "cy", "dee"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("dee", "#team", "/sync skip").await;
        let asked = |bot: &Bot| bot.reads_dm("cy").iter().filter(|text| text.starts_with(QUESTION)).count();
        super::before::until(bot, "2026-01-05T14:59").await;
        assert_eq!(asked(bot), 0);
        super::before::until(bot, "2026-01-05T15:00").await;
        assert_eq!(asked(bot), 1);
        super::before::until(bot, "2026-01-06T10:00").await;
        assert_eq!(asked(bot), 1, "{:?}", bot.reads_dm("cy"));
    }

    async fn a_lead_reads_of_their_turn_before_they_decide(bot: &mut Bot) {
        // At 15:00 in Berlin people are asked who don't work before the sync, and in New York the day begins.
        team(bot, &["ana", "ben", "cy"]).await;
        starts(bot, "/sync start every Tuesday at 11:00 in Berlin").await;
        bot.says("ana", "#team", "/sync leave").await;
        if bot.reads_dm("ben").iter().any(|text| text.contains("It's your turn to lead")) {
            super::before::answers(bot, "ben", "Can't this time").await;
        }
        super::before::until(bot, "2026-01-06T08:59").await;
        let read = bot.reads_dm("cy");
        let [turn] = &read[..] else { panic!("{read:?}") };
        assert!(turn.contains("lead the sync in #team on Tuesday, 6 January at 11:00"), "{turn}");
        assert!(turn.contains("Nothing is on the agenda so far. *Skip this sync* cancels it for everyone"), "{turn}");
        super::before::answers(bot, "cy", "Skip this sync").await;
        assert_eq!(reads_team(bot, "ben", ":speech_balloon: @cy has skipped the sync on Tuesday, 6 January").len(), 1);
        let read = bot.reads_dm("cy");
        assert!(read[0].starts_with("You don't lead the sync in #team on Tuesday, 6 January at 11:00: you've skipped it"), "{read:?}");
        assert!(read.iter().any(|text| text.starts_with("I've skipped the sync on Tuesday, 6 January")), "{read:?}");
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
    }

    async fn the_only_lead_reads_of_their_turn_before_they_decide(bot: &mut Bot) {
        team(bot, &["ana", "cy"]).await;
        starts(bot, "/sync start every Tuesday at 11:00 in Berlin").await;
        bot.says("ana", "#team", "/sync leave").await;
        super::before::until(bot, "2026-01-06T08:59").await;
        let read = bot.reads_dm("cy");
        let [turn] = &read[..] else { panic!("{read:?}") };
        assert!(turn.starts_with(":clipboard: *You lead ") && turn.contains("Nothing is on the agenda so far."), "{turn}");
        // What comes on the agenda later is told before it's skipped.
        bot.says("ana", "#team", "/sync add Budget").await;
        super::before::answers(bot, "cy", "Skip this sync").await;
        assert!(bot.reads_dm("cy").pop().unwrap().starts_with("There's something on the agenda now: 1 point."));
        super::before::answers(bot, "cy", "Skip all the same").await;
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
    }

    async fn the_sync_takes_place_all_the_same(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "We meet all the same").await;
        assert_eq!(bot.reads_dm(&lead).pop().unwrap(), "OK, the sync takes place.");
        assert_eq!(lead_of(&next_sync(bot).await), lead);
    }

    async fn points_that_came_since_are_told(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        bot.says("ben", "#team", "/sync add Budget").await;
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "Skip this sync").await;
        let told = bot.reads_dm(&lead).pop().unwrap();
        assert!(told.starts_with("There's something on the agenda now: 1 point. So I haven't skipped the sync."), "{told}");
        bot.clicks(&lead, &dm, "Skip all the same").await;
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
        assert_eq!(agenda(bot, "ana").await, ["Budget (@ben)"], "it waits for the next one");
    }

    async fn a_second_press_and_a_late_one_change_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let person = bot.person(&lead);
        let question = person.reads_dm().pop().unwrap();
        tokio::join!(person.clicks(&question, "Skip this sync"), person.clicks(&question, "Skip this sync"));
        bot.settle().await;
        assert_eq!(reads_team(bot, "ben", ":speech_balloon: @").iter().filter(|text| text.contains("has skipped")).count(), 1);
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
        next_sync(bot).await;
        person.clicks(&question, "Skip this sync").await;
        bot.settle().await;
        assert_eq!(announced(bot).len(), 1);
        assert!(bot.reads_dm(&lead).iter().any(|text| text.starts_with(&format!("@{lead} has skipped this sync already."))));
    }

    async fn a_turn_that_changes_at_once_is_skipped_all_the_same(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        bot.says("ana", "#team", "/sync skip").await;
        let lead = hour_before(bot).await;
        let person = bot.person(&lead);
        let decline = |message: &slack_sandbox::Message| {
            super::truth::buttons(message).into_iter().find(|button| button["action_id"] == "sync:decline")
        };
        let turn = person.reads_dm().into_iter().rfind(|message| decline(message).is_some()).unwrap();
        let label = decline(&turn).unwrap()["text"]["text"].as_str().unwrap().to_owned();
        let question = person.reads_dm().into_iter().rfind(|message| message.text.contains("Skip it?")).unwrap();
        tokio::join!(person.clicks(&turn, &label), person.clicks(&question, "Skip this sync"));
        bot.settle().await;
        let told = bot.reads_dm(&lead);
        assert!(!told.iter().any(|text| text.contains("so I haven't skipped it")), "{told:?}");
    }

    async fn a_sync_that_has_begun_is_not_skipped(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let person = bot.person(&lead);
        let question = person.reads_dm().pop().unwrap();
        next_sync(bot).await;
        person.clicks(&question, "Skip this sync").await;
        bot.settle().await;
        assert!(bot.reads_dm(&lead).iter().any(|text| text.starts_with("This sync has begun or isn't planned any more, so I haven't skipped it.")));
        assert_eq!(announced(bot).len(), 1);
    }

    async fn without_a_lead_the_organisers_are_asked(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("ben", "#team", "/sync skip").await;
        super::before::until(bot, "2026-01-06T09:00").await;
        let asked = bot.reads_dm("ana").pop().unwrap();
        assert!(asked.starts_with(&format!("{QUESTION} It has no lead yet, so I'm asking you.")), "{asked}");
    }

    async fn a_question_to_organisers_ends_with_its_sync(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("ben", "#team", "/sync skip").await;
        super::before::until(bot, "2026-01-06T09:00").await;
        let question = |bot: &Bot| bot.reads_dm("ana").into_iter().rfind(|text| text.contains("skip") || text.contains("Moved to ")).unwrap();
        bot.says("ana", "#team", "/sync move 6 January to 16:00").await;
        assert_eq!(question(bot), ":speech_balloon: Moved to Tuesday, 6 January at 16:00: the sync in #team on Tuesday, \
            6 January at 10:00.");
        bot.says("ana", "#team", "/sync cancel 6 January").await;
        assert_eq!(question(bot), "There's nothing to skip: the sync in #team on Tuesday, 6 January at 16:00 doesn't take place, since \
            you've cancelled it.");
    }

    async fn a_person_who_neither_leads_nor_organises_skips_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let lead = hour_before(bot).await;
        let other = ["ben", "cy"].into_iter().find(|name| *name != lead).unwrap();
        let programme = programme_in(bot, &channel).await;
        let answers = crate::coffee::answers_to(bot, other, "sync:skip_sync", &format!("{} 2026-01-06", programme.id)).await;
        assert!(answers.iter().any(|text| text.starts_with("@ana runs these syncs.")), "{answers:?}");
        assert_eq!(next_shown(bot).await, "Tuesday, 6 January 2026");
    }

    async fn points_of_an_unclosed_sync_count(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ben", "#team", "/sync add Budget").await;
        next_sync(bot).await;
        let shown = bot.says("ben", "#team", "/sync agenda").await.text;
        assert!(shown.contains("The last sync isn't closed yet. What it didn't reach moves on to this one: 1 point at most."), "{shown}");
        super::before::until(bot, "2026-01-13T09:00").await;
        for who in ["ana", "ben"] {
            assert!(bot.reads_dm(who).iter().all(|text| !text.contains("Nothing is on the agenda of ")), "{who}");
        }
    }
}
