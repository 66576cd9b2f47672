//! What organisers read of a sync that no one can lead stays true when a person is found, or the sync doesn't come.

use super::{
    before::{ASKS, answers, only, told, until, weekly},
    *,
};

const NO_ONE: &str = "No one can lead the sync in #team on Tuesday, 13 January at ";
const NO_ONE_AT_10: &str = "No one can lead the sync in #team on Tuesday, 13 January at 10:00";

/// Has everyone say no to the sync of 13 January, and returns the last one who was asked.
async fn without_a_lead(bot: &mut Bot) -> &'static str {
    weekly(bot, &["ana", "ben", "dee"]).await;
    let mut last = "";
    for _ in 0..3 {
        last = only(bot, ASKS);
        answers(bot, last, "Can't this time").await;
    }
    assert_eq!(only(bot, NO_ONE_AT_10), "ana");
    last
}

fn organiser_reads(bot: &Bot, words: &str) -> usize {
    bot.reads_dm("ana").into_iter().filter(|text| text.starts_with(words)).count()
}

each_store! {
    async fn an_offer_is_told(bot: &mut Bot) {
        without_a_lead(bot).await;
        bot.says("ben", "#team", "/sync next").await;
        bot.clicks("ben", "#team", "I'll do it").await;
        assert_eq!(told(bot, NO_ONE), []);
        assert_eq!(organiser_reads(bot, "@ben has offered to lead the sync in #team on Tuesday, 13 January at 10:00. At first no one could."), 1);
        // It is told anew, and once, if nothing comes of it.
        answers(bot, "ben", "Can't after all").await;
        until(bot, "2026-01-12T12:00").await;
        assert_eq!(organiser_reads(bot, NO_ONE_AT_10), 1, "{:?}", bot.reads_dm("ana"));
        assert_eq!(organiser_reads(bot, "@ben has offered to lead "), 0);
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("At first no one could lead ") && text.ends_with(" @ben offered to, and doesn't lead it after all.")), "{:?}", bot.reads_dm("ana"));
    }

    async fn a_lead_at_the_start_is_told(bot: &mut Bot) {
        without_a_lead(bot).await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(organiser_reads(bot, NO_ONE_AT_10), 1);
        bot.clicks("dee", "#team", "I'll lead").await;
        assert_eq!((lead_of(&announced(bot)[1]), told(bot, NO_ONE)), ("dee".to_owned(), vec![]));
        assert_eq!(organiser_reads(bot, "@dee has offered to lead the sync in #team on Tuesday, 13 January at 10:00."), 1);
    }

    async fn a_person_who_comes_back_is_asked(bot: &mut Bot) {
        weekly(bot, &["ana", "ben"]).await;
        answers(bot, only(bot, ASKS), "Can't this time").await;
        let other = only(bot, ASKS);
        says(bot, other, "/sync skip").await;
        assert_eq!(only(bot, NO_ONE_AT_10), "ana");
        says(bot, other, "/sync join").await;
        until(bot, "2026-01-09T12:00").await;
        assert_eq!((only(bot, ASKS), told(bot, NO_ONE)), (other, vec![]));
        assert_eq!(organiser_reads(bot, "At first no one could lead the sync in #team on Tuesday, 13 January at 10:00. I've asked @"), 1);
    }

    async fn a_sync_that_does_not_come_needs_no_lead(bot: &mut Bot) {
        without_a_lead(bot).await;
        says(bot, "ana", "/sync cancel 13 January").await;
        assert_eq!(told(bot, NO_ONE), []);
        assert_eq!(organiser_reads(bot, "No one could lead the sync in #team on Tuesday, 13 January at 10:00; it doesn't take place, since you've cancelled it."), 1);
    }

    async fn a_sync_that_moves_says_when_it_is(bot: &mut Bot) {
        without_a_lead(bot).await;
        says(bot, "ana", "/sync move 13 January to 15:00").await;
        assert_eq!(told(bot, NO_ONE_AT_10), []);
        assert_eq!(organiser_reads(bot, "No one can lead the sync in #team on Tuesday, 13 January at 15:00"), 1);
        says(bot, "ana", "/sync move 13 January to 14 January").await;
        assert_eq!(told(bot, NO_ONE), []);
        until(bot, "2026-01-07T12:00").await;
        assert_eq!(organiser_reads(bot, "No one can lead the sync in #team on Wednesday, 14 January at 15:00"), 1, "{:?}", bot.reads_dm("ana"));
    }
}
