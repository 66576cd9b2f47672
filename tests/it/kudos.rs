//! Kudos, from the typed command to what the channel reads.

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
    async fn kudos_are_announced_and_confirmed(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/kudos @ben @cy for unblocking the release").await;
        assert_eq!(
            bot.as_read(&answer.text),
            "Kudos to @ben and @cy! :tada:\nYou can undo this for 10 minutes."
        );
        assert_eq!(bot.reads("dee", "#general"), [":tada: *Ana* thanks @ben and @cy\n>unblocking the release"]);
        assert_eq!(bot.reads("ana", "#general").len(), 2, "the giver sees the confirmation, too");
    }

    async fn members_are_not_told_twice(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert!(bot.reads_dm("ben").is_empty());
    }
}
