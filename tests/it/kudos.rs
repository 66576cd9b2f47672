//! Kudos, from what somebody types to what everybody reads.

use crate::{each_store, support::Bot};

each_store! {
    async fn a_kudos_is_announced_in_its_channel_and_confirmed_to_the_giver(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos @ben @cy for unblocking the release").await;
        assert!(answer.plain().contains("Kudos to @ben and @cy"), "{}", answer.plain());
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: @ana thanks @ben and @cy\n>unblocking the release");
    }

    async fn a_kudos_can_be_taken_back_for_ten_minutes(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Undo").await;
        assert_eq!(bot.reads_last("dee", "#general"), "_@ana took a kudos back._");
        assert!(bot.reads("ana", "#general").iter().any(|read| read.starts_with("Taken back")));
    }
}
