//! How the giver is named: as text, since a mention would ping them for their own gift.

use rondo::{
    model::people::Person,
    store::{people, unit::UnitOfWork},
};

use crate::{
    each_store,
    support::{Bot, gestures::FORM},
};

/// Sends a slash command in `#general` from a person that is not in the directory.
async fn a_newcomer_types(bot: &mut Bot, user_name: &str, text: &str, trigger: &str) {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("team_id", &*bot.sandbox.team_id()),
            ("user_id", "U0NEW"),
            ("user_name", user_name),
            ("channel_id", &bot.general()),
            ("command", "/kudos"),
            ("text", text),
            ("trigger_id", trigger),
            ("response_url", "http://127.0.0.1:9/nowhere"),
        ])
        .finish();
    assert_eq!(bot.sends("/slack/commands", FORM, form.as_bytes()).await.status, 200);
    bot.settle().await;
}

/// Sets another name for a person in the directory.
async fn is_called(bot: &Bot, who: &str, name: &str) {
    let engine = &bot.parts.engine;
    let known = engine.store.people(&engine.team, &[bot.id(who).as_str().into()]).await.unwrap();
    let renamed = Person { name: name.to_owned(), ..known.into_values().next().unwrap() };
    let mut unit = UnitOfWork::new();
    people::put_person(&mut unit, &engine.team, &renamed, engine.clock.now());
    engine.store.commit(unit).await.unwrap();
}

/// Returns all that the bot posted or changed.
fn posted(bot: &Bot) -> String {
    let calls = bot.sandbox.calls();
    let posts = calls.iter().filter(|call| ["chat.postMessage", "chat.update"].contains(&&*call.method));
    posts.map(|call| call.args.to_string()).collect()
}

each_store! {
    async fn no_post_mentions_the_giver(bot: &mut Bot) {
        bot.expects_refusals();
        let ana = bot.id("ana");
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Undo").await;
        bot.says("ana", "#lounge", "/kudos @ben @cy for tea").await;
        bot.says("ana", "@ben", &format!("/kudos @ben for cake with <@{ana}>")).await;
        let posts = posted(bot);
        assert!(posts.contains("*Ana* thanks"), "{posts}");
        assert!(!posts.contains(&format!("<@{ana}")), "{posts}");
    }

    async fn an_unknown_giver_has_slacks_name(bot: &mut Bot) {
        let ben = bot.id("ben");
        a_newcomer_types(bot, "nia.new", &format!("<@{ben}> for lunch"), "1.new").await;
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *nia.new* thanks @ben\n>lunch");
        bot.passes(chrono::Duration::minutes(1));
        a_newcomer_types(bot, "\u{202e}\u{3164}", &format!("<@{ben}> for tea"), "2.new").await;
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *A colleague* thanks @ben\n>tea");
    }

    async fn names_cannot_notify_or_break_lines(bot: &mut Bot) {
        is_called(bot, "ana", "\u{202e}<!channel>\n*An*a\u{200b} & c\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}o").await;
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        let read = bot.reads_last("dee", "#general");
        assert_eq!(
            read,
            ":tada: &lt;!channel&gt; *An*a &amp; c\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}o thanks @ben\n>lunch"
        );
        is_called(bot, "ana", "\u{3164}\u{200b}").await;
        bot.says("ana", "#general", "/kudos @ben for tea").await;
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *ana* thanks @ben\n>tea", "Slack's own name for her");
    }
}
