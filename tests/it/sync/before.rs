//! Before a sync: who is asked, reminded, passed over and named, and when; what happens to people who go.

use rondo::{
    engine::turns::Turn,
    model::clock::Instant,
    rituals::sync::{plan::often_refused, store},
};

use super::*;

pub(super) const EVERYONE: [&str; 4] = ["ana", "ben", "cy", "dee"];
/// What a person reads who is asked.
pub(super) const ASKS: &str = "It's your turn to lead ";
pub(super) const REMINDS: &str = "I haven't heard from you yet";
pub(super) const NAMES: &str = "Please lead ";
const LEADS: &str = "You lead ";
const SHEET: &str = ":clipboard: *You lead ";
pub(super) const SHEET_OF_13: &str = "• When: Tuesday, 13 January at 10:00, 30 minutes";

fn instant(text: &str) -> Instant {
    format!("{text}:00Z").parse().unwrap()
}

/// Moves the clock, stops at all that is due until then, and does it.
pub async fn until(bot: &mut Bot, when: &str) {
    let (engine, end) = (bot.parts.engine.clone(), instant(when));
    bot.settle().await;
    for _ in 0..200 {
        let Some(next) = engine.store.next_run_at(&engine.team).await.unwrap().filter(|next| *next <= end)
        else {
            break;
        };
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.settle().await;
    }
    bot.sandbox.clock().advance_to(end.timestamp_millis());
    bot.settle().await;
}

/// Returns who has a message with these words in their DM, and how many.
pub(super) fn told(bot: &Bot, words: &str) -> Vec<(&'static str, usize)> {
    let count =
        |who: &'static str| (who, bot.reads_dm(who).iter().filter(|text| text.contains(words)).count());
    EVERYONE.map(count).into_iter().filter(|(_, count)| *count > 0).collect()
}

/// Returns the one person whose DM has these words.
pub(super) fn only(bot: &Bot, words: &str) -> &'static str {
    let told = told(bot, words);
    let [(who, 1)] = told[..] else { panic!("{words}: {told:?}") };
    who
}

/// Presses a button in a person's DM.
pub(super) async fn answers(bot: &mut Bot, who: &str, button: &str) {
    let place = bot.user.clone();
    bot.clicks(who, &place, button).await;
}

/// Starts a weekly sync and goes to its first occasion, from which on the second, a week later, is prepared.
pub(super) async fn weekly(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let channel = running(bot, people).await;
    let asked = only(bot, ASKS);
    answers(bot, asked, "I'll do it").await;
    until(bot, "2026-01-06T10:00").await;
    assert_eq!(lead_of(&announced(bot)[0]), asked);
    channel
}

each_store! {
    async fn a_person_who_says_nothing_is_passed_over(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        let asked = bot.reads_dm(first).pop().unwrap();
        assert!(asked.starts_with(
            ":speech_balloon: It's your turn to lead the sync in #team on Tuesday, 13 January at 10:00. Will you?"
        ), "{asked}");
        assert_eq!(leads_shown(bot, "ana").await[0], first);
        until(bot, "2026-01-08T09:59").await;
        assert_eq!(told(bot, REMINDS), []);
        until(bot, "2026-01-08T10:00").await;
        assert_eq!(only(bot, REMINDS), first);
        until(bot, "2026-01-09T10:00").await;
        let second = only(bot, ASKS);
        assert_ne!(second, first);
        assert!(bot.reads_dm(first).iter().any(|text| text.starts_with("There was no yes in time, so you don't lead ")));
        assert_eq!(leads_shown(bot, "ana").await[0], second);
        until(bot, "2026-01-12T10:00").await;
        let third = only(bot, NAMES);
        assert!(third != first && third != second);
        assert_eq!(only(bot, SHEET_OF_13), third);
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), third);
        let csv = exported(bot).await;
        let line = csv.lines().find(|line| line.contains(",2026-01-13,")).unwrap();
        assert!(line.contains(&format!(",lead,{third},assigned,")), "{csv}");
        // Silence still owes: those who said nothing are next.
        assert_ne!(only(bot, ASKS), third);
    }

    async fn an_answer_stands_in_the_newest_message(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-08T10:00").await;
        let of = |bot: &Bot, words: &str| bot.reads_dm(asked).iter().filter(|text| text.starts_with(words)).count();
        let below = "You've answered: what you said about the sync in #team on Tuesday, 13 January at 10:00 is below.";
        answers(bot, asked, "I'll do it").await;
        assert_eq!((of(bot, ":white_check_mark: You lead the sync in #team on Tuesday, 13"), of(bot, below)), (1, 1));
        answers(bot, asked, "Can't after all").await;
        assert_eq!((of(bot, "Thanks for telling me: you don't lead"), of(bot, below)), (1, 1));
        assert!(bot.reads_dm(asked).pop().unwrap().starts_with("Thanks for telling me"));
    }

    async fn a_yes_settles_it(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let lead = only(bot, ASKS);
        answers(bot, lead, "I'll do it").await;
        assert_eq!(told(bot, ASKS), []);
        until(bot, "2026-01-12T09:59").await;
        assert_eq!((told(bot, REMINDS), told(bot, NAMES), told(bot, SHEET_OF_13)), (vec![], vec![], vec![]));
        until(bot, "2026-01-12T10:00").await;
        assert_eq!(only(bot, SHEET_OF_13), lead);
        let sheet = bot.reads_dm(lead).pop().unwrap();
        let is_first = sheet.contains("It's your first time. What helps:");
        assert_eq!(is_first, lead_of(&announced(bot)[0]) != lead, "{sheet}");
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
    }

    async fn a_no_asks_the_next_at_once(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let mut declined = Vec::new();
        for _ in 0..3 {
            let asked = only(bot, ASKS);
            assert!(!declined.contains(&asked), "{asked} is asked once");
            answers(bot, asked, "Can't this time").await;
            declined.push(asked);
        }
        assert_eq!(told(bot, ASKS), []);
        assert_eq!(leads_shown(bot, "ana").await[0], "-");
        assert!(bot.reads_dm(declined[2]).iter().any(|text| text.contains("There's no one else to ask")));
        assert_eq!(only(bot, "No one can lead the sync in #team on Tuesday, 13 January at 10:00"), "ana");
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(only(bot, "No one can lead "), "ana");
        assert!(announced(bot)[1].contains("No one's free to lead, so it goes on without a lead."));
        // The one who declined first still owes the most.
        assert_eq!(told(bot, ASKS).len(), 1);
        let programme = programme_in(bot, &channel).await;
        let store = &bot.parts.engine.context().store;
        let reactions = store::reactions(store, &programme.id).await.unwrap();
        assert_eq!(often_refused(&reactions, 2).len(), 0);
        assert_eq!(often_refused(&reactions, 1).len(), 3);
    }

    async fn an_accepted_turn_can_be_given_back(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        answers(bot, first, "I'll do it").await;
        answers(bot, first, "Can't after all").await;
        let second = only(bot, ASKS);
        assert_ne!(second, first);
        answers(bot, second, "I'll do it").await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), second);
    }

    async fn people_are_asked_in_their_own_hours(bot: &mut Bot) {
        running(bot, &["ben", "cy", "ana"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        // In New York it is four in the morning.
        if told(bot, ASKS) == [("ben", 1)] {
            answers(bot, "ben", "Can't this time").await;
        }
        until(bot, "2026-01-05T13:59").await;
        assert!(!told(bot, ASKS).contains(&("cy", 1)));
        until(bot, "2026-01-05T14:00").await;
        assert!(told(bot, ASKS).contains(&("cy", 1)));
    }

    async fn missed_and_repeated_ticks_change_nothing(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        for _ in 0..3 {
            let ticker = &bot.parts.ticker;
            let (one, two) = tokio::join!(ticker.tick_once(), ticker.tick_once());
            assert!(one.unwrap() != Turn::Worked && two.unwrap() != Turn::Worked);
            bot.settle().await;
        }
        assert_eq!(only(bot, ASKS), first);
        // Nothing ran for days: all that was due is due at once, and concurrent ticks name one person.
        bot.sandbox.clock().advance_to(instant("2026-01-12T10:30").timestamp_millis());
        let (one, two, three) =
            tokio::join!(bot.parts.ticker.tick_once(), bot.parts.ticker.tick_once(), bot.parts.ticker.tick_once());
        one.and(two).and(three).unwrap();
        bot.settle().await;
        let lead = only(bot, NAMES);
        assert_ne!(lead, first);
        assert_eq!((told(bot, REMINDS), told(bot, ASKS), told(bot, SHEET_OF_13)), (vec![], vec![], vec![(lead, 1)]));
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
    }

    async fn a_missed_week_asks_nothing(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        let question = bot.person(first).reads_dm().pop().unwrap();
        bot.sandbox.clock().advance_to(instant("2026-01-13T11:00").timestamp_millis());
        bot.settle().await;
        assert_eq!(lead_of(&announced(bot)[1]), first, "they were asked and did not say no");
        assert_eq!((told(bot, NAMES), told(bot, REMINDS)), (vec![], vec![]));
        bot.person(first).clicks(&question, "Can't this time").await;
        bot.settle().await;
        let told = bot.reads_dm(first).pop().unwrap();
        assert!(told.starts_with("Nothing has changed: the sync on Tuesday, 13 January has begun, or falls out."), "{told}");
    }

    async fn the_turn_of_a_person_who_leaves_is_free(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        answers(bot, first, "I'll do it").await;
        bot.says(first, "#team", "/sync leave").await;
        let second = only(bot, ASKS);
        assert_ne!(second, first);
        answers(bot, second, "I'll do it").await;
        let settled = bot.person(second).reads_dm().pop().unwrap();
        bot.says(second, "#team", "/sync skip").await;
        let third = ["ana", "ben", "dee"].into_iter().find(|who| *who != first && *who != second).unwrap();
        bot.person(second).clicks(&settled, "Swap with…").await;
        bot.settle().await;
        let told = bot.reads_dm(second).pop().unwrap();
        assert!(told.starts_with("This turn isn't yours any more, so nothing has changed."), "{told}");
        assert_eq!(self::told(bot, ASKS), [], "there is no one else to ask");
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(only(bot, SHEET_OF_13), third);
        assert_eq!(lead_of(&announced(bot)[1]), third);
    }

    async fn the_turn_of_a_deactivated_person_is_free(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        answers(bot, first, "I'll do it").await;
        bot.sandbox.deactivate(first);
        bot.hears_events().await;
        bot.settle().await;
        let second = only(bot, ASKS);
        assert_ne!(second, first);
        answers(bot, second, "I'll do it").await;
        bot.sandbox.kick("team", &bot.id(second));
        bot.hears_events().await;
        bot.settle().await;
        until(bot, "2026-01-13T10:00").await;
        let third = ["ana", "ben", "dee"].into_iter().find(|who| *who != first && *who != second).unwrap();
        assert_eq!(lead_of(&bot.reads(third, "#team").into_iter().rfind(|text| text.starts_with(BEGINS)).unwrap()), third);
        assert_eq!(only(bot, SHEET_OF_13), third);
    }

    async fn a_daily_sync_asks_on_the_working_day_before(bot: &mut Bot) {
        team(bot, &["ana", "ben", "dee"]).await;
        starts(bot, "/sync start every weekday at 9:30").await;
        until(bot, "2026-01-08T12:00").await;
        let lead = only(bot, "on Friday, 9 January at 09:30. Will you?");
        let asked = bot.reads_dm(lead).pop().unwrap();
        assert!( asked.contains("I'll announce you as the lead."), "{asked}");
        until(bot, "2026-01-09T09:30").await;
        assert_eq!(lead_of(announced(bot).last().unwrap()), lead);
        assert_eq!((told(bot, REMINDS), told(bot, NAMES)), (vec![], vec![]));
        until(bot, "2026-01-09T16:00").await;
        only(bot, "on Monday, 12 January at 09:30. Will you?");
    }

    async fn a_late_question_has_the_run_sheet(bot: &mut Bot) {
        team(bot, &["ana", "ben", "dee"]).await;
        starts(bot, "/sync start every weekday at 9:30").await;
        until(bot, "2026-01-08T09:40").await;
        bot.says("ben", "#team", "/sync add Budget").await;
        until(bot, "2026-01-08T12:00").await;
        let lead = only(bot, "on Friday, 9 January at 09:30. Will you?");
        let asked = bot.reads_dm(lead).pop().unwrap();
        assert!(asked.contains("• When: Friday, 9 January at 09:30") && asked.contains("Budget"), "{asked}");
        answers(bot, lead, "I'll do it").await;
        let sheets: Vec<String> = bot.reads_dm(lead).into_iter().filter(|text| text.contains("9 January at 09:30")).collect();
        assert!(sheets.len() == 1 && sheets[0].starts_with(SHEET), "{sheets:?}");
    }

    async fn a_sync_of_one_gets_a_run_sheet(bot: &mut Bot) {
        running(bot, &["ana"]).await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!((told(bot, ASKS), told(bot, NAMES), told(bot, REMINDS)), (vec![], vec![], vec![]));
        assert_eq!(told(bot, SHEET), [("ana", 2)]);
        let sheets: Vec<String> = bot.reads_dm("ana").into_iter().filter(|text| text.contains(SHEET)).collect();
        assert!(sheets[0].contains("It's your first time.") && !sheets[1].contains("first time"), "{sheets:?}");
        assert!(!sheets[0].contains("Swap with"), "{sheets:?}");
    }

    async fn of_two_who_offer_at_once_one_leads(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        let others: Vec<&str> = ["ana", "ben", "dee"].into_iter().filter(|who| *who != asked).collect();
        for who in &others {
            bot.says(who, "#team", "/sync next").await;
        }
        let shown: Vec<_> = others.iter().map(|who| bot.person(who).reads("#team").pop().unwrap()).collect();
        let (one, two) = (bot.person(others[0]), bot.person(others[1]));
        tokio::join!(one.clicks(&shown[0], "I'll do it"), two.clicks(&shown[1], "I'll do it"));
        bot.settle().await;
        let leads: Vec<&str> = others
            .iter()
            .copied()
            .filter(|who| bot.reads_dm(who).iter().any(|text| text.contains("13 January") && text.contains(LEADS)))
            .collect();
        let [lead] = leads[..] else { panic!("{leads:?}") };
        assert!(bot.reads_last(lead, "#team").starts_with("You lead the sync in #team on "));
        let other = others.iter().find(|who| **who != lead).unwrap();
        let answer = bot.reads_last(other, "#team");
        assert!(answer.starts_with(&format!("@{lead} was quicker and leads the sync in #team on ")), "{answer}");
        assert!(bot.reads_dm(asked).iter().any(|text| text.starts_with(&format!("@{lead} has offered to lead "))));
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
        let csv = exported(bot).await;
        assert!(csv.contains(&format!(",lead,{lead},volunteered,")), "{csv}");
    }

    async fn three_silences_in_a_row_are_known(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let programme = programme_in(bot, &channel).await;
        until(bot, "2026-03-10T10:00").await;
        let store = &bot.parts.engine.context().store;
        let reactions = store::reactions(store, &programme.id).await.unwrap();
        let announced = announced(bot);
        assert!(announced.iter().all(|text| text.contains(" leads.")), "each sync has a lead all the same");
        // To lead because one was named is no answer.
        let everyone = ["ana", "ben"].map(|who| UserId(bot.id(who)));
        assert_eq!(often_refused(&reactions, 3), everyone.into());
        assert_eq!(often_refused(&reactions, 99), [].into());
    }

    async fn the_button_goes_when_the_sync_is_over(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        until(bot, "2026-01-06T10:29").await;
        assert!(announced(bot)[0].contains("press *I'll take over*"));
        until(bot, "2026-01-06T10:30").await;
        let over = announced(bot).pop().unwrap();
        assert!(over.ends_with(" leads.\nThis sync is over.") && !over.contains("take over"), "{over}");
    }

    async fn a_late_sync_ends_later(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.sandbox.clock().advance_to(instant("2026-01-06T12:00").timestamp_millis());
        bot.settle().await;
        until(bot, "2026-01-06T12:29").await;
        assert!(announced(bot)[0].contains("press *I'll take over*"));
        until(bot, "2026-01-06T12:30").await;
        assert!(announced(bot)[0].ends_with("This sync is over."));
    }

    async fn a_sync_that_was_asked_for_can_be_moved(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        answers(bot, asked, "I'll do it").await;
        bot.says("ana", "#team", "/sync start every Tuesday at 15:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        assert_eq!(leads_shown(bot, "ana").await[0], asked, "the day is the same");
        until(bot, "2026-01-13T15:00").await;
        assert_eq!(announced(bot).len(), 2);
        assert_eq!(lead_of(&announced(bot)[1]), asked);
    }

    async fn a_sync_that_moves_to_another_day_settles_nothing(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        answers(bot, asked, "I'll do it").await;
        bot.says("ana", "#team", "/sync start every Wednesday at 10:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        let (engine, id) = (bot.parts.engine.clone(), bot.id(asked));
        let of = "SELECT user_id FROM sync_turn WHERE local_date = '2026-01-13'";
        let turns = engine.store.ask(of, Vec::new()).await.unwrap();
        assert!(!format!("{turns:?}").contains(&id), "{turns:?}");
    }

    async fn what_was_answered_is_erased(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        answers(bot, asked, "I'll do it").await;
        let person = rondo::engine::person::PersonData::of(&bot.parts.engine);
        let erased = person.erase(&UserId(bot.id(asked)), &[], false).await.unwrap();
        assert!(erased.is_clean, "{erased:?}");
        for table in ["sync_turn", "sync_answer"] {
            assert!(erased.rows.iter().any(|(name, rows)| *name == table && *rows > 0), "{table}: {erased:?}");
        }
        until(bot, "2026-01-13T10:00").await;
        assert_ne!(lead_of(&announced(bot)[1]), asked);
    }
}
