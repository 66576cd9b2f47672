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
        assert!(asked.starts_with(&format!("{QUESTION} It's your turn, so you decide.")), "{asked}");
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
        super::before::until(bot, "2026-01-05T19:59").await;
        assert_eq!(asked(bot), 0);
        // It's their last working hour before.
        super::before::until(bot, "2026-01-05T21:00").await;
        assert_eq!(asked(bot), 1);
        super::before::until(bot, "2026-01-06T10:00").await;
        assert_eq!(asked(bot), 1, "{:?}", bot.reads_dm("cy"));
    }

    async fn a_lead_elsewhere_is_asked_in_the_last_of_their_hours_or_awake(bot: &mut Bot) {
        for (times, sync, asked_at) in [
            // 19:30 in Kolkata: at 16:30 there.
            ("every Tuesday at 14:00", "2026-01-06T14:00", "2026-01-06T11:00"),
            // 8:30 in Kolkata: at 7:30 there.
            ("every Wednesday at 03:00", "2026-01-07T03:00", "2026-01-07T02:00"),
        ] {
            if sync.contains("06") {
                team(bot, &["ana", "dee"]).await;
            }
            starts(bot, &format!("/sync start {times}")).await;
            bot.says("ana", "#team", "/sync leave").await;
            let asked = |bot: &Bot| bot.reads_dm("dee").iter().filter(|text| text.contains("Skip it?")).count();
            let before: rondo::model::clock::Instant = format!("{asked_at}:00Z").parse().unwrap();
            super::before::until(bot, &(before - chrono::Duration::minutes(1)).format("%Y-%m-%dT%H:%M").to_string()).await;
            let known = asked(bot);
            super::before::until(bot, asked_at).await;
            assert_eq!(asked(bot), known + 1, "{times} {:?}", bot.reads_dm("dee"));
            super::before::until(bot, sync).await;
            bot.says("ana", "#team", "/sync stop").await;
            bot.clicks("ana", "#team", "Stop these syncs").await;
        }
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
        let [turn, question] = &read[..] else { panic!("{read:?}") };
        assert!(turn.starts_with(":clipboard: *You lead ") && question.starts_with("Nothing is on the agenda"), "{read:?}");
        // What comes on the agenda later is told before it's skipped.
        bot.says("ana", "#team", "/sync add Budget").await;
        let question = bot.reads_dm("cy").pop().unwrap();
        assert!(question.starts_with("There's something on the agenda of the sync in #team on Tuesday, 6 January at 11:00 now: 1 point."), "{question}");
        super::before::answers(bot, "cy", "Skip all the same").await;
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
    }

    async fn a_skipped_sync_is_neither_cancelled_nor_moved(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let question = bot.person(&lead).reads_dm().pop().unwrap();
        for _ in 0..2 {
            bot.person(&lead).clicks(&question, "Skip this sync").await;
            bot.settle().await;
        }
        assert_eq!(bot.reads_dm(&lead).pop().unwrap(), "You've skipped the sync on Tuesday, 6 January. The channel knows.");
        for typed in ["/sync cancel today", "/sync move today to 19:00"] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with("The sync of Tuesday, 6 January 2026 falls out already: it was skipped. Nothing has changed."), "{said}");
        }
    }

    async fn the_sync_takes_place_all_the_same(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "We meet all the same").await;
        assert_eq!(bot.reads_dm(&lead).pop().unwrap(), "OK, the sync on Tuesday, 6 January at 10:00 takes place.");
        assert_eq!(lead_of(&next_sync(bot).await), lead);
    }

    async fn points_that_came_since_are_told(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let dm = bot.user.clone();
        let question = bot.person(&lead).reads_dm().pop().unwrap();
        bot.says("ben", "#team", "/sync add Budget").await;
        let now = bot.reads_dm(&lead).pop().unwrap();
        assert!(now.contains("on Tuesday, 6 January at 10:00 now: 1 point. So it takes place.\nIf you skip it all the same, it waits"), "{now}");
        // Pressed before the message changed.
        bot.person(&lead).clicks(&question, "Skip this sync").await;
        bot.settle().await;
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
        assert!(bot.reads_dm(&lead).iter().any(|text| text.starts_with("You've skipped the sync on Tuesday, 6 January.")));
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

    async fn a_move_in_the_instant_of_a_skip_reads_that_it_is_skipped(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let lead = hour_before(bot).await;
        let (person, ana) = (bot.person(&lead), bot.person("ana"));
        let question = person.reads_dm().into_iter().rfind(|message| message.text.contains("Skip it?")).unwrap();
        let (_, moved) = tokio::join!(person.clicks(&question, "Skip this sync"), ana.says("#team", "/sync move 6 January to 16:00"));
        bot.settle().await;
        assert!(!moved.text.contains("just beginning"), "{}", moved.text);
    }

    async fn a_sync_that_has_begun_is_not_skipped(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let person = bot.person(&lead);
        let question = person.reads_dm().pop().unwrap();
        next_sync(bot).await;
        person.clicks(&question, "Skip this sync").await;
        bot.settle().await;
        assert!(bot.reads_dm(&lead).iter().any(|text| text.starts_with("The sync on Tuesday, 6 January has begun or isn't planned any more, so I haven't skipped it.")));
        assert_eq!(announced(bot).len(), 1);
    }

    async fn a_point_in_the_instant_of_a_skip_waits_for_the_next(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        let (person, ben) = (bot.person(&lead), bot.person("ben"));
        let question = person.reads_dm().pop().unwrap();
        tokio::join!(person.clicks(&question, "Skip this sync"), ben.says("#team", "/sync add Budget"));
        bot.settle().await;
        let read = bot.reads_dm(&lead).pop().unwrap();
        if next_shown(bot).await == "Tuesday, 13 January 2026" {
            assert!(!read.contains("So it takes place"), "{read}");
        } else {
            assert!(read.contains("1 point"), "{read}");
        }
        assert_eq!(agenda(bot, "ana").await, ["Budget (@ben)"]);
    }

    async fn a_point_that_is_taken_back_leaves_nothing_on_the_agenda(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = hour_before(bot).await;
        bot.says("ben", "#team", "/sync add Budget").await;
        bot.says("ben", "#team", "/sync add Hiring").await;
        assert!(bot.reads_dm(&lead).pop().unwrap().contains(" now: 2 points. So it takes place."));
        bot.clicks("ben", "#team", "Take back").await;
        assert!(bot.reads_dm(&lead).pop().unwrap().contains(" now: 1 point. So it takes place."));
        // The lead strikes the other.
        let ana = super::ordering::empties_all(bot, &["Budget"]).await;
        assert_eq!(ana.submits().await, slack_sandbox::Submission::Closed);
        bot.settle().await;
        let question = bot.reads_dm(&lead).into_iter().rfind(|text| text.contains("Skip it?")).unwrap();
        assert!(question.starts_with(&format!("{QUESTION} It's your turn, so you decide.")), "{question}");
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "Skip this sync").await;
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
    }

    async fn a_sync_that_moves_within_its_day_is_asked_about_anew(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        say_yes(bot).await;
        let lead = hour_before(bot).await;
        bot.says("ana", "#team", "/sync move 6 January to 12:00").await;
        let asked = |bot: &Bot, about: &str| bot.reads_dm(&lead).into_iter().filter(|text| text.contains(about)).count();
        assert_eq!(asked(bot, "Skip it?"), 0, "{:?}", bot.reads_dm(&lead));
        super::before::until(bot, "2026-01-06T11:00").await;
        assert_eq!(asked(bot, "Tuesday, 6 January at 12:00. Skip it? It's your turn"), 1, "{:?}", bot.reads_dm(&lead));
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "Skip this sync").await;
        assert_eq!(next_shown(bot).await, "Tuesday, 13 January 2026");
        assert_eq!(asked(bot, "Skip it?"), 0);
    }

    async fn a_question_to_organisers_follows_its_sync_there_and_back(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("ben", "#team", "/sync skip").await;
        super::before::until(bot, "2026-01-06T09:00").await;
        let asked = |bot: &Bot| bot.reads_dm("ana").into_iter().filter(|text| text.contains("Skip it?")).collect::<Vec<_>>();
        bot.says("ana", "#team", "/sync move 6 January to 16:00").await;
        assert!(asked(bot).is_empty());
        bot.says("ana", "#team", "/sync move 6 January to 10:00").await;
        assert_eq!(asked(bot).len(), 1);
        assert!(asked(bot)[0].starts_with(QUESTION), "{:?}", asked(bot));
        bot.says("ana", "#team", "/sync move 6 January to 16:00").await;
        super::before::until(bot, "2026-01-06T15:00").await;
        let [question] = &asked(bot)[..] else { panic!("{:?}", asked(bot)) };
        assert!(question.contains("Tuesday, 6 January at 16:00. Skip it?"), "{question}");
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
        super::before::until(bot, "2026-01-06T15:00").await;
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
