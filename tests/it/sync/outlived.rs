//! Messages about a turn don't outlive it: what a person read of it before is still true after it has moved, or gone.

use rondo::{
    rituals::sync::store,
    store::unit::{Outcome, UnitOfWork},
};

use super::{
    before::{answers, until, weekly},
    swap::{NEXT, NOTHING, offers, people},
    take_over::others,
    truth::open_to,
    *,
};

/// Returns what a person reads in their DM with these words.
fn with(bot: &Bot, who: &str, words: &str) -> Vec<String> {
    bot.reads_dm(who).into_iter().filter(|text| text.contains(words)).collect()
}

/// Has the person who is asked swap their turn for the next one of another, and returns both with the day in return.
async fn swapped(bot: &mut Bot) -> (&'static str, &'static str, String) {
    weekly(bot, &["ana", "ben", "dee"]).await;
    let (asked, others) = people(bot);
    let shown = leads_shown(bot, "ana").await;
    let place = shown.iter().skip(1).position(|lead| others.contains(&lead.as_str())).unwrap() + 1;
    let other = others.into_iter().find(|who| *who == shown[place]).unwrap();
    let offer = offers(bot, asked, other, NEXT).await;
    let day = offer.split_once("leads on ").unwrap().1.split_once(" in your place").unwrap().0.to_owned();
    answers(bot, other, "Yes, I'll take it").await;
    (asked, other, day)
}

each_store! {
    async fn a_note_of_a_move_stays_true_when_the_turn_goes(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (lead, _) = people(bot);
        answers(bot, lead, "I'll do it").await;
        for typed in ["/sync move 13 January to 15:00", "/sync move 13 January to 14 January"] {
            says(bot, "ana", typed).await;
            assert!(!with(bot, lead, "Your turn has moved with it: my message about it is below.").is_empty(), "{:?}", bot.reads_dm(lead));
        }
        answers(bot, lead, "Can't after all").await;
        assert_eq!(with(bot, lead, "still your turn"), [""; 0]);
        assert_eq!(open_to(bot, lead), [""; 0]);
    }

    async fn a_swapped_turn_moves_in_all_messages(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, third, NOTHING).await;
        answers(bot, third, "No").await;
        offers(bot, asked, other, NOTHING).await;
        says(bot, "ana", "/sync move 13 January to 11:00").await;
        assert_eq!(with(bot, asked, "I've asked ").len(), 1);
        assert!(with(bot, asked, "I've asked ")[0].contains("13 January at 11:00"), "{:?}", bot.reads_dm(asked));
        answers(bot, other, "Yes, I'll take it").await;
        for (typed, when) in [
            ("/sync move 13 January to 15:00", "Tuesday, 13 January at 15:00"),
            ("/sync move 13 January to 14 January", "Wednesday, 14 January at 15:00"),
        ] {
            says(bot, "ana", typed).await;
            let open = open_to(bot, other);
            assert!(!open.is_empty() && open.iter().all(|text| text.contains(when)), "{open:?}");
        }
        assert_eq!(open_to(bot, asked), [""; 0], "the no of the third is settled");
    }

    async fn a_no_to_a_swap_moves_with_its_turn(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        answers(bot, other, "No").await;
        for (typed, when) in [
            ("/sync move 13 January to 15:00", "Tuesday, 13 January at 15:00"),
            ("/sync move 13 January to 14 January", "Wednesday, 14 January at 15:00"),
        ] {
            says(bot, "ana", typed).await;
            let open = open_to(bot, asked);
            assert!(!open.is_empty() && open.iter().all(|text| text.contains(when)), "{open:?}");
        }
    }

    async fn a_return_that_falls_back_is_not_promised_any_more(bot: &mut Bot) {
        let (asked, other, day) = swapped(bot).await;
        assert!(!with(bot, asked, &format!("In return, you lead on {day}")).is_empty());
        assert_eq!(with(bot, other, &format!("@{asked} leads on {day} in your place.")).len(), 1);
        answers(bot, asked, "Can't after all").await;
        assert_eq!(with(bot, asked, "In return, you lead on"), [""; 0]);
        assert_eq!(with(bot, other, " in your place."), [""; 0]);
        let open = open_to(bot, other);
        assert!(open.len() == 1 && open[0].starts_with(":white_check_mark: You lead the sync in #team on Tuesday, 13 January"), "{open:?}");
    }

    async fn a_swap_that_is_over_is_over_in_all_messages(bot: &mut Bot) {
        let (asked, other, _) = swapped(bot).await;
        answers(bot, other, "Can't after all").await;
        assert_eq!(with(bot, asked, &format!("@{other} leads the sync")), [""; 0]);
        assert_eq!(with(bot, asked, "In return, you lead on"), [""; 0]);
    }

    async fn a_pause_ends_a_swap_with_both_halves(bot: &mut Bot) {
        let (asked, other, _) = swapped(bot).await;
        let said = says(bot, "ana", "/sync pause").await;
        assert!(said.contains("paused"), "{said}");
        assert_eq!((open_to(bot, asked), open_to(bot, other)), (vec![], vec![]));
        assert_eq!(with(bot, asked, "In return, you lead on"), [""; 0]);
    }

    async fn two_who_swapped_and_leave_are_both_free(bot: &mut Bot) {
        let (asked, other, _) = swapped(bot).await;
        for who in [other, asked] {
            bot.says(who, "#team", "/sync leave").await;
        }
        assert_eq!((open_to(bot, asked), open_to(bot, other)), (vec![], vec![]));
        let turns = "SELECT user_id FROM sync_turn WHERE user_id <> '' AND state = 'accepted'";
        assert!(bot.parts.engine.store.ask(turns, Vec::new()).await.unwrap().is_empty());
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(announced(bot).len(), 2);
    }

    async fn a_turn_that_falls_out_names_its_own_time(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (lead, _) = people(bot);
        answers(bot, lead, "I'll do it").await;
        says(bot, "ana", "/sync start every Wednesday at 15:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        let gone = "You don't lead the sync in #team on Tuesday, 13 January at 10:00: there's no sync on that day now.";
        assert!(!with(bot, lead, gone).is_empty(), "{:?}", bot.reads_dm(lead));
        assert_eq!(with(bot, lead, "13 January at 15:00"), [""; 0]);
    }

    async fn a_yes_in_the_instant_of_a_move_names_the_new_time(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (lead, [other, _]) = people(bot);
        offers(bot, lead, other, NOTHING).await;
        let offer = bot.person(other).reads_dm().into_iter().rfind(|message| message.text.contains("asks whether you'd lead ")).unwrap();
        let (taker, ana) = (bot.person(other), bot.person("ana"));
        tokio::join!(taker.clicks(&offer, "Yes, I'll take it"), ana.says("#team", "/sync move 13 January to 15:00"));
        bot.settle().await;
        let open = open_to(bot, other);
        assert!(!open.is_empty() && open.iter().all(|text| text.contains("Tuesday, 13 January at 15:00")), "{open:?}");
    }

    async fn a_yes_of_long_ago_is_recalled(bot: &mut Bot) {
        const RECALLED: &str = ":speech_balloon: Coming up: you lead the sync in #team on Tuesday, 20 January at 10:00, as agreed.";
        weekly(bot, &["ana", "ben", "dee"]).await;
        answers(bot, people(bot).0, "I'll do it").await;
        bot.says("ben", "#team", "/sync next").await;
        bot.clicks("ben", "#team", "I'll do it").await;
        until(bot, "2026-01-13T09:59").await;
        assert_eq!(with(bot, "ben", RECALLED), [""; 0]);
        until(bot, "2026-01-13T10:00").await;
        let recalled = with(bot, "ben", RECALLED);
        assert_eq!(recalled.len(), 1, "{:?}", bot.reads_dm("ben"));
        answers(bot, "ben", "Can't after all").await;
        assert_eq!(with(bot, "ben", RECALLED), [""; 0]);
    }

    async fn the_question_whether_to_skip_ends_with_a_take_over(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let question = with(bot, &lead, "It has begun.");
        assert!(!question.is_empty(), "{:?}", bot.reads_dm(&lead));
        let volunteer = others(&lead)[0];
        bot.clicks(volunteer, "#team", "I'll take over").await;
        assert_eq!(with(bot, &lead, "You lead the sync"), [""; 0]);
        bot.clicks(&lead, "#team", "I'll take over").await;
        assert_eq!(with(bot, &lead, &format!("@{volunteer} has taken over")), [""; 0]);
        assert_eq!(with(bot, volunteer, &format!("@{lead} has taken over and leads the sync in #team")).len(), 1);
        bot.clicks(volunteer, "#team", "I'll take over").await;
        assert!(!with(bot, &lead, &format!("@{volunteer} has taken over and leads the sync in #team")).is_empty());
        assert_eq!(with(bot, &lead, "You lead the sync"), [""; 0]);
        assert_eq!(with(bot, volunteer, "has taken over and leads the sync in #team"), [""; 0]);
    }

    async fn a_question_to_organisers_ends_when_the_sync_begins(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("ben", "#team", "/sync skip").await;
        until(bot, "2026-01-06T09:00").await;
        assert_eq!(with(bot, "ana", "Skip it?").len(), 1);
        until(bot, "2026-01-06T10:00").await;
        assert_eq!(with(bot, "ana", "Skip it?"), [""; 0]);
        assert_eq!(with(bot, "ana", "There's nothing to skip any more: the sync in #team on Tuesday, 6 January at 10:00 has begun.").len(), 1);
    }

    async fn a_take_over_and_a_closing_exclude_each_other(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let programme = programme_in(bot, &channel).await;
        let engine = bot.parts.engine.clone();
        let (context, now) = (engine.context(), engine.clock.now());
        let date = now.date_naive();
        let held = store::held(&context.store, &programme.id, date).await.unwrap().unwrap();
        let (ana, ben) = (UserId(bot.id("ana")), UserId(bot.id("ben")));
        let takes_over = || {
            let mut unit = UnitOfWork::new();
            store::closing::still_open(&mut unit, &context.team, (&programme.id, date));
            store::take_over(&mut unit, &context.team, (&held, None), (&ben, 1), now);
            unit
        };
        let closes = |seen: i64| {
            let mut unit = UnitOfWork::new();
            store::closing::close(&mut unit, &context.team, (&programme.id, date), (&ana, "", seen), now);
            unit
        };
        assert_eq!(held.version(), 1, "{lead}");
        assert!(matches!(engine.store.commit(takes_over()).await.unwrap(), Outcome::Committed(_)));
        assert_eq!(engine.store.commit(closes(1)).await.unwrap(), Outcome::Refused(store::TAKEN), "the lead was another's");
        assert!(matches!(engine.store.commit(closes(2)).await.unwrap(), Outcome::Committed(_)));
        assert_eq!(engine.store.commit(takes_over()).await.unwrap(), Outcome::Refused(store::closing::CLOSED));
        assert_eq!(engine.store.commit(closes(2)).await.unwrap(), Outcome::Refused(store::closing::CLOSED));
    }

    async fn a_press_and_a_form_at_once_agree_on_the_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let lead = lead_of(&next_sync(bot).await);
        bot.says(&lead, "#team", "/sync close").await;
        let (closer, volunteer) = (bot.person(&lead), bot.person(others(&lead)[0]));
        closer.sees_modal().await.expect("the form");
        let is_one = |message: &slack_sandbox::Message| message.text.starts_with(BEGINS);
        let announcement = bot.person("ana").reads("#team").into_iter().rfind(is_one).unwrap();
        tokio::join!(volunteer.clicks(&announcement, "I'll take over"), closer.submits());
        bot.settle().await;
        let csv = exported(bot).await;
        let took_over = csv.contains(",volunteered,");
        let now = announced(bot).remove(0);
        assert_eq!(lead_of(&now) == volunteer.name(), took_over, "{now} {csv}");
        let answer = bot.reads_last(&volunteer.name(), "#team");
        assert_eq!(answer.starts_with("You lead this sync now"), took_over, "{answer}");
    }
}
