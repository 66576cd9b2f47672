//! Kudos, from what somebody types to what everybody reads.

mod allowance;
mod commands;
mod form;
mod giver;
mod grammar;
mod people;
mod places;
mod repeats;
mod undo;
mod words;

use crate::{each_store, support::Bot};

each_store! {
    async fn a_kudos_is_announced_in_its_channel_and_confirmed_to_the_giver_alone(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos @ben @cy for unblocking the release").await;
        assert_eq!(
            bot.as_read(&answer.text),
            "Kudos to @ben and @cy! :tada:\nYou can undo this for 10 minutes."
        );
        assert_eq!(bot.reads("dee", "#general"), [":tada: *Ana* thanks @ben and @cy\n>unblocking the release"]);
        assert_eq!(bot.reads("ana", "#general").len(), 2, "the giver sees the confirmation, too");
    }

    async fn nobody_is_told_twice_that_is_in_the_channel(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert!(bot.reads_dm("ben").is_empty());
    }
}
