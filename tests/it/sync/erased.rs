//! A person is erased who leads a sync that is on, or who has asked another to swap.

use rondo::engine::person::PersonData;

use super::{
    before::{ASKS, answers, only, until, weekly},
    closing::with_scribe,
    swap::{NOTHING, offers, people},
    *,
};

async fn erases(bot: &mut Bot, who: &str) {
    let data = PersonData::of(&bot.parts.engine);
    assert!(data.erase(&UserId(bot.id(who)), &[], false).await.unwrap().is_clean);
    bot.settle().await;
}

each_store! {
    async fn the_scribe_closes_a_sync_whose_lead_is_erased(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "dee"]).await;
        let announcement = next_sync(bot).await;
        let lead = lead_of(&announcement);
        let scribe = ["ana", "ben", "dee"].into_iter().find(|who| announcement.contains(&format!("@{who} takes notes"))).unwrap();
        erases(bot, &lead).await;
        comes_to(bot, "end").await;
        let asked = bot.reads_dm(scribe).pop().unwrap();
        assert!(asked.starts_with("The person who led the sync in #team on Tuesday, 6 January isn't here any more, so I'm asking you: what did you get to?"), "{asked}");
        let over = announced(bot).pop().unwrap();
        assert!(over.contains("30 minutes. Someone leads, @"), "{over}");
        let dm = bot.user.clone();
        bot.clicks(scribe, &dm, "Close this sync").await;
        let person = bot.person(scribe);
        assert_eq!(person.sees_modal().await.expect("a form").title, "Close this sync");
    }

    async fn the_next_in_line_closes_a_sync_where_all_others_are_gone(bot: &mut Bot) {
        running(bot, &["ana", "ben", "dee"]).await;
        // Ana runs the syncs, and leads.
        if only(bot, ASKS) == "ana" {
            answers(bot, "ana", "I'll do it").await;
        } else {
            bot.says("ana", "#team", "/sync next").await;
            bot.clicks("ana", "#team", "I'll do it").await;
        }
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
        erases(bot, "ana").await;
        comes_to(bot, "end").await;
        until(bot, "2026-01-06T15:00").await;
        let asked: Vec<&str> = ["ben", "dee"].into_iter().filter(|who| bot.reads_dm(who).iter().any(|text| text.contains("isn't here any more, so I'm asking you"))).collect();
        let [asked] = asked[..] else { panic!("one is asked: {asked:?} {:?}", bot.reads_dm("ben")) };
        let dm = bot.user.clone();
        bot.clicks(asked, &dm, "Close this sync").await;
        let person = bot.person(asked);
        assert_eq!(person.sees_modal().await.expect("a form").title, "Close this sync");
        person.submits().await;
        bot.settle().await;
        assert!(bot.reads_dm(asked).iter().any(|text| text.contains("is closed; its thread has the summary")), "{:?}", bot.reads_dm(asked));
    }

    async fn a_yes_to_an_erased_asker_takes_the_turn_that_is_free(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        until(bot, "2026-01-08T10:05").await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        erases(bot, asked).await;
        answers(bot, other, "Yes, I'll take it").await;
        assert_eq!(leads_shown(bot, other).await[0], other);
        let read = bot.reads_dm(other);
        assert!(read.iter().any(|text| text.starts_with(":white_check_mark: You lead the sync in #team on Tuesday, 13 January")), "{read:?}");
        assert!(!read.iter().any(|text| text.contains("asks whether you'd lead")), "{read:?}");
    }

    async fn a_question_of_an_erased_asker_ends_with_the_sync(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        until(bot, "2026-01-08T10:05").await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        let organiser = "ana";
        if asked == organiser {
            return;
        }
        erases(bot, asked).await;
        bot.says(organiser, "#team", "/sync cancel 13 January").await;
        for who in [other, third] {
            assert!(super::truth::open_to(bot, who).iter().all(|text| !text.contains("13 January")), "{:?}", bot.reads_dm(who));
        }
    }
}
