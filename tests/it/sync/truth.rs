//! What people are told about a turn stays true when the turn changes.

use slack_sandbox::Message;

use super::{
    before::{ASKS, NAMES, SHEET_OF_13, answers, only, told, until, weekly},
    swap::{NEXT, NOTHING, offers, people},
    *,
};

/// Returns the buttons about turns on a message.
pub(super) fn buttons(message: &Message) -> Vec<serde_json::Value> {
    let about_turns = [
        "sync:accept",
        "sync:decline",
        "sync:swap",
        "sync:volunteer",
        "sync:swap_yes",
        "sync:swap_no",
        "sync:no_notes",
    ];
    let actions = message.blocks.iter().filter(|block| block["type"] == "actions");
    let buttons = actions.flat_map(|block| block["elements"].as_array().cloned().unwrap_or_default());
    buttons.filter(|button| about_turns.iter().any(|action| button["action_id"] == *action)).collect()
}

/// Returns what a person reads in their DM with buttons about turns, without the time.
pub(super) fn open_to(bot: &Bot, who: &str) -> Vec<String> {
    let messages = bot.person(who).reads(&bot.user);
    messages
        .iter()
        .filter(|message| !buttons(message).is_empty())
        .map(|message| bot.as_read(&message.text))
        .collect()
}

/// Returns how many messages a person has in their DM that begin so.
fn count(bot: &Bot, who: &str, begins: &str) -> usize {
    bot.reads_dm(who).iter().filter(|text| text.starts_with(begins)).count()
}

const OF_13: &str = "You don't lead the sync in #team on Tuesday, 13 January at 10:00: ";

/// Returns the person who was asked to lead on 13 January and said yes, and the other two.
async fn settled(bot: &mut Bot) -> (&'static str, [&'static str; 2]) {
    weekly(bot, &["ana", "ben", "dee"]).await;
    let (lead, others) = people(bot);
    answers(bot, lead, "I'll do it").await;
    (lead, others)
}

/// Stops the syncs of `#team`.
async fn stops(bot: &mut Bot) {
    bot.says("ana", "#team", "/sync stop").await;
    bot.clicks("ana", "#team", "Stop these syncs").await;
}

each_store! {
    async fn a_lead_who_skips_keeps_no_buttons(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        assert_eq!(open_to(bot, lead).len(), 1);
        bot.says(lead, "#team", "/sync skip").await;
        assert_eq!(open_to(bot, lead), [""; 0]);
        assert_eq!(count(bot, lead, &format!("{OF_13}you're skipping it.")), 1);
        assert_ne!(only(bot, ASKS), lead);
        // They come back, and are asked anew in a message of its own.
        bot.says(lead, "#team", "/sync join").await;
        let next = only(bot, ASKS);
        answers(bot, next, "Can't this time").await;
        until(bot, "2026-01-08T12:00").await;
        for who in ["ana", "ben", "dee"] {
            let is_asked = told(bot, ASKS).contains(&(who, 1));
            assert_eq!(!open_to(bot, who).is_empty(), is_asked, "{who}");
        }
    }

    async fn a_person_who_leaves_keeps_no_question(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        bot.says(asked, "#team", "/sync leave").await;
        assert_eq!(open_to(bot, asked), [""; 0]);
        assert_eq!(count(bot, asked, &format!("{OF_13}you've left the syncs.")), 1);
        assert_ne!(only(bot, ASKS), asked);
    }

    async fn a_person_who_goes_away_is_free_at_once(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        bot.says(lead, "#team", "/coffee away until 14 January").await;
        assert_eq!(open_to(bot, lead), [""; 0]);
        assert_eq!(count(bot, lead, &format!("{OF_13}you're away or don't work on that day.")), 1);
        assert_ne!(only(bot, ASKS), lead);
    }

    async fn a_person_who_fills_in_the_form_is_free_at_once(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        bot.says(lead, "#team", "/rondo me").await;
        let person = bot.person(lead);
        assert!(person.sees_modal().await.is_some());
        assert!(person.fills("days_out", vec!["Tue"]));
        assert_eq!(person.submits().await, slack_sandbox::Submission::Closed);
        bot.settle().await;
        assert_eq!(open_to(bot, lead), [""; 0]);
        assert_ne!(only(bot, ASKS), lead);
    }

    async fn a_cancelled_sync_has_no_lead(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        let other = if lead == "ana" { "you've" } else { "@ana has" };
        bot.says("ana", "#team", "/sync cancel 13 January").await;
        assert_eq!(open_to(bot, lead), [""; 0]);
        // A person who had said yes hears so; the one who cancels knows.
        let times = if lead == "ana" { 1 } else { 2 };
        assert_eq!(count(bot, lead, &format!("{OF_13}{other} cancelled it.")), times);
    }

    async fn a_pause_leaves_no_question_open(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        bot.says("ana", "#team", "/sync pause").await;
        assert_eq!((open_to(bot, asked).len(), count(bot, asked, OF_13)), (0, 1));
        bot.says("ana", "#team", "/sync resume").await;
        assert_eq!(open_to(bot, only(bot, ASKS)).len(), 1);
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(announced(bot).len(), 2);
    }

    async fn a_stop_tells_the_lead(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        stops(bot).await;
        let times = if lead == "ana" { 1 } else { 2 };
        assert_eq!((open_to(bot, lead).len(), count(bot, lead, OF_13)), (0, times));
        starts(bot, WEEKLY).await;
        let asked = only(bot, ASKS);
        assert_eq!(open_to(bot, asked).len(), 1, "they are asked anew");
        answers(bot, asked, "I'll do it").await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), asked);
    }

    async fn a_move_shows_the_new_time(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        bot.says("ana", "#team", "/sync start every Tuesday at 15:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        let open = open_to(bot, lead);
        assert!(open.len() == 1 && open[0].contains("on Tuesday, 13 January at 15:00"), "{open:?}");
        bot.says("ana", "#team", "/sync start every Wednesday at 15:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        let moved = "You don't lead the sync in #team on Tuesday, 13 January at 15:00: there's no sync on that day now.";
        assert!(count(bot, lead, moved) >= 1, "{:?}", bot.reads_dm(lead));
        assert!(open_to(bot, lead).iter().all(|text| !text.contains("13 January")));
    }

    async fn a_sync_that_has_begun_has_no_buttons(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        until(bot, "2026-01-12T12:00").await;
        assert_eq!(open_to(bot, lead).len(), 2, "the answer and the run sheet");
        until(bot, "2026-01-13T10:00").await;
        assert!(open_to(bot, lead).iter().all(|text| !text.contains("13 January")));
        // The question whether to skip a sync without an agenda, and their answer, which leads there.
        assert_eq!(count(bot, lead, "There's news below about the sync in #team on Tuesday, 13 January at 10:00."), 1);
        let begun = ":white_check_mark: You lead the sync in #team on Tuesday, 13 January at 10:00. It has begun.";
        assert_eq!(count(bot, lead, begun), 1);
        assert_eq!(told(bot, SHEET_OF_13), [(lead, 1)], "the run sheet stays");
    }

    async fn a_cancelled_swap_frees_its_return(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, others) = people(bot);
        let shown = leads_shown(bot, "ana").await;
        let place = shown.iter().skip(1).position(|lead| others.contains(&lead.as_str())).unwrap() + 1;
        let other = others.into_iter().find(|who| *who == shown[place]).unwrap();
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "Yes, I'll take it").await;
        assert_eq!((open_to(bot, asked).len(), open_to(bot, other).len()), (1, 1));
        bot.says("ana", "#team", "/sync cancel 13 January").await;
        assert_eq!((open_to(bot, asked), open_to(bot, other)), (vec![], vec![]));
        let of_return = bot.reads_dm(asked).into_iter().filter(|text| text.contains("So your swap is over")).count();
        assert!(of_return >= 1, "{:?}", bot.reads_dm(asked));
        let of_other: Vec<String> =
            bot.reads_dm(other).into_iter().filter(|text| text.contains(&format!("So your swap with @{asked} is over"))).collect();
        assert!(!of_other.is_empty(), "{:?}", bot.reads_dm(other));
        let turns = bot.parts.engine.store.ask("SELECT user_id FROM sync_turn WHERE user_id <> '' AND state <> 'begun'", Vec::new()).await.unwrap();
        assert!(turns.is_empty(), "{turns:?}");
    }

    async fn a_swap_that_is_given_back_ends_both_halves(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, others) = people(bot);
        let shown = leads_shown(bot, "ana").await;
        let place = shown.iter().skip(1).position(|lead| others.contains(&lead.as_str())).unwrap() + 1;
        let other = others.into_iter().find(|who| *who == shown[place]).unwrap();
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "Yes, I'll take it").await;
        answers(bot, other, "Can't after all").await;
        assert!(bot.reads_dm(asked).iter().any(|text| text.contains("so your swap is over")), "{:?}", bot.reads_dm(asked));
        assert!(open_to(bot, other).is_empty());
        assert_ne!(only(bot, ASKS), other);
    }

    async fn a_question_is_withdrawn_when_its_asker_leads(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        offers(bot, asked, third, NOTHING).await;
        answers(bot, asked, "I'll do it").await;
        assert_eq!((open_to(bot, other), open_to(bot, third)), (vec![], vec![]));
        assert_eq!(told(bot, "Until they say yes, it's still your turn."), []);
        assert_eq!(count(bot, other, &format!("@{asked} asked whether you'd lead the sync in #team on Tuesday, 13 January at 10:00. That's settled")), 1);
        // A question that was withdrawn can be asked again.
        offers(bot, asked, other, NOTHING).await;
        answers(bot, other, "Yes, I'll take it").await;
        assert_eq!(leads_shown(bot, "ana").await[0], other);
        assert_eq!((open_to(bot, asked), open_to(bot, third)), (vec![], vec![]));
    }

    async fn an_accepted_swap_settles_the_other_questions(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        offers(bot, asked, third, NOTHING).await;
        answers(bot, third, "Yes, I'll take it").await;
        assert_eq!((open_to(bot, asked), open_to(bot, other), open_to(bot, third).len()), (vec![], vec![], 1));
        assert_eq!(told(bot, "Until they say yes, it's still your turn."), []);
    }

    async fn a_person_who_is_away_reads_how_to_come_back(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        bot.says(other, "#team", "/sync next").await;
        let shown = bot.person(other).reads("#team").pop().unwrap();
        bot.says(other, "#team", "/sync away until 14 January").await;
        bot.person(other).clicks(&shown, "I'll do it").await;
        bot.settle().await;
        let told = bot.reads_last(other, "#team");
        assert!(told.starts_with("You're away until Wednesday, 14 January, so you can't lead the sync in #team on "), "{told}");
        assert!(told.contains("Back earlier? `/sync back` ends your time away."), "{told}");
        bot.says(other, "#team", "/sync back").await;
        bot.person(other).clicks(&shown, "I'll do it").await;
        bot.settle().await;
        assert!(asked != other && leads_shown(bot, "ana").await[0] == other);
    }

    async fn a_question_to_a_person_who_goes_is_withdrawn(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        offers(bot, asked, third, NOTHING).await;
        for (who, typed) in [(other, "/sync away until 14 January"), (third, "/sync leave")] {
            bot.says(who, "#team", typed).await;
            assert_eq!(open_to(bot, who), [""; 0]);
            let told = format!("@{who} won't be there for the sync in #team on Tuesday, 13 January at 10:00, so I've withdrawn your \
                question. It's still your turn.");
            assert_eq!(count(bot, asked, &told), 1, "{:?}", bot.reads_dm(asked));
        }
        assert_eq!(told(bot, "Until they say yes, it's still your turn."), []);
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
    }

    async fn a_late_no_names_in_one_message(bot: &mut Bot) {
        let (lead, _) = settled(bot).await;
        // All of them work at this hour, wherever they are.
        until(bot, "2026-01-12T10:00").await;
        let before: Vec<usize> = ["ana", "ben", "dee"].map(|who| bot.reads_dm(who).len()).into();
        answers(bot, lead, "Can't after all").await;
        let named = only(bot, NAMES);
        assert_eq!(only(bot, SHEET_OF_13), named);
        for (who, before) in ["ana", "ben", "dee"].into_iter().zip(before) {
            // A no is answered in the message where it was pressed.
            assert_eq!(bot.reads_dm(who).len() - before, usize::from(who == named), "{who}");
        }
        answers(bot, named, "Can't this time").await;
        assert_ne!(only(bot, NAMES), named);
    }
}
