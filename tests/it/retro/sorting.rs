//! The themes of a retro are sorted: ours, needs others, not ours.

use rondo::{
    rituals::sync::{
        plan::{Turn, TurnState},
        store::{put_turn, turn},
    },
    store::unit::UnitOfWork,
};

use super::{
    voting::{control, revealed, themes_shown},
    *,
};
use crate::sync;

/// Shows the themes without a vote, and returns the message of the one called so.
pub async fn done(bot: &mut Bot) -> ChannelId {
    let channel = revealed(bot).await;
    surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
    bot.settle().await;
    channel
}

/// Returns the message of a theme, as a person sees it.
pub fn theme(bot: &Bot, who: &str, words: &str) -> slack_sandbox::Message {
    let is_it = |message: &slack_sandbox::Message| {
        message.text.starts_with(":mirror: *")
            && message.text.lines().next().is_some_and(|line| line.ends_with(&format!("{words}*")))
    };
    bot.person(who).reads("#team").into_iter().rev().find(is_it).expect("the theme is shown")
}

pub(super) async fn sorts(bot: &mut Bot, who: &str, words: &str, hands: &str) {
    bot.person(who).picks(&theme(bot, who, words), "In our hands?", hands).await;
    bot.settle().await;
}

fn as_read(bot: &Bot, words: &str) -> String {
    bot.as_read(&theme(bot, "fay", words).text)
}

each_store! {
    async fn themes_are_sorted(bot: &mut Bot) {
        done(bot).await;
        assert!(as_read(bot, "Lunch").ends_with("\n_What should we start doing?_\nFrom the retro of Tuesday, 6 January. Talk about it in the thread. Is it in your hands? An organiser says so below."), "{}", as_read(bot, "Lunch"));
        sorts(bot, "ana", "Lunch", "Ours").await;
        assert!(as_read(bot, "Lunch").ends_with("From the retro of Tuesday, 6 January. *In our hands.* Who takes on a first step?"), "{}", as_read(bot, "Lunch"));
        sorts(bot, "ana", "Hiring", "Not ours").await;
        assert!(as_read(bot, "Hiring").ends_with("From the retro of Tuesday, 6 January. *Not in our hands.* Good that it was said."), "{}", as_read(bot, "Hiring"));
        // Others don't sort.
        sorts(bot, "ben", "Lunch", "Not ours").await;
        assert!(as_read(bot, "Lunch").contains("*In our hands.*"));
        assert!(bot.reads("ben", "#team").iter().any(|text| text.starts_with("@ana can sort the themes of these retros.")), "{:?}", bot.reads("ben", "#team").last());
        let history = bot.says("ben", "#team", "/retro history").await.text;
        assert!(history.contains("◦ ") && history.contains("◦ and 2 more themes"), "{history}");
        bot.sandbox.invite("team", "gus");
        bot.settle().await;
        let history = bot.says("gus", "#team", "/retro history").await.text;
        assert!(!history.contains("◦ "), "gus wasn't asked: {history}");
    }

    async fn a_promise_comes_from_a_theme_in_our_hands(bot: &mut Bot) {
        let channel = done(bot).await;
        sorts(bot, "ana", "Lunch", "Ours").await;
        let ben = bot.person("ben");
        ben.clicks(&theme(bot, "ben", "Lunch"), "Make a promise").await;
        ben.sees_modal().await.expect("a form");
        let Submission::Errors(errors) = ben.submits().await else { panic!("Slack asks for it") };
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["promised_1"]);
        assert!(ben.fills("promised_1", "\u{200b}"));
        let Submission::Errors(errors) = ben.submits().await else { panic!("nothing is asked for") };
        assert_eq!(errors.values().collect::<Vec<_>>(), ["What's the first step? Write a few words."]);
        assert!(ben.fills("promised_1", "Book a table"));
        assert!(ben.fills("promised_2", "Find a cook") && ben.fills("promised_2_who", "@cy"));
        assert_eq!(ben.submits().await, Submission::Updated);
        ben.closes();
        bot.settle().await;
        assert!(as_read(bot, "Lunch").ends_with("*In our hands.* 2 promises were made or asked for."), "{}", as_read(bot, "Lunch"));
        // Cy is asked in cy's own hours.
        bot.passes(chrono::Duration::hours(6));
        bot.settle().await;
        assert!(bot.reads_dm("cy").iter().any(|text| text.contains("Find a cook")), "{:?}", bot.reads_dm("cy"));
        // With a date it's Ben's promise at once.
        ben.clicks(&theme(bot, "ben", "Lunch"), "Make a promise").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("promised_1", "Ask for a quote") && ben.fills("promised_1_date", "2026-02-27"));
        assert_eq!(ben.submits().await, Submission::Updated);
        let form = ben.sees_modal().await.expect("what became of it").raw.to_string();
        assert!(form.contains("1 promise is yours now; your DM says when I remind you."), "{form}");
        ben.closes();
        bot.settle().await;
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with(":handshake: Promised for "), "{:?}", bot.reads_dm("ben"));
        let retro = last_retro(bot, &channel).await;
        let promise = rondo::common::promises::store::asked_by(&read_store(bot), &bot.id("ben").as_str().into(), ("", ""), 10).await.unwrap();
        assert!(promise.iter().all(|promise| promise.origin.programme == retro.programme && promise.origin.occasion == Some(retro.date)));
        // A third one is possible, after a remark.
        let dee = bot.person("dee");
        dee.clicks(&theme(bot, "dee", "Lunch"), "Make a promise").await;
        let form = dee.sees_modal().await.expect("a form");
        assert!(form.blocks.iter().any(|block| block.to_string().contains("3 promises were made or asked for in this retro already.")));
        dee.closes();
        bot.sandbox.invite("team", "gus");
        bot.settle().await;
        bot.person("gus").clicks(&theme(bot, "gus", "Lunch"), "Make a promise").await;
        bot.settle().await;
        assert!(bot.reads("gus", "#team").iter().any(|text| text.starts_with("Only those who were asked in this retro")));
    }

    async fn a_theme_is_passed_on_once(bot: &mut Bot) {
        done(bot).await;
        bot.sandbox.add_channel("it", false, &["ana"]);
        bot.sandbox.add_channel("secret", true, &["dee"]);
        bot.sandbox.add_channel("help", false, &["dee"]);
        bot.sandbox.invite("help", &bot.user.clone());
        bot.sandbox.invite("it", &bot.user.clone());
        bot.sandbox.invite("secret", &bot.user.clone());
        bot.settle().await;
        let ana = bot.person("ana");
        sorts(bot, "ana", "The build is slow", "Needs others").await;
        let form = ana.sees_modal().await.expect("a form");
        // An answer was written for this channel: none is offered to be posted elsewhere.
        assert!(!form.blocks.iter().any(|block| block.to_string().contains("The build is slow")), "{form:?}");
        assert!(ana.fills("pass_to", "#team"));
        assert!(matches!(ana.submits().await, Submission::Errors(_)));
        assert!(ana.fills("pass_to", "#help"));
        assert!(ana.fills("pass_words", "Our build takes an hour"));
        let Submission::Errors(errors) = ana.submits().await else { panic!("ana isn't in #help") };
        assert_eq!(errors.values().collect::<Vec<_>>(), ["You aren't in that channel. Join it first, or choose another one."]);
        assert!(ana.fills("pass_to", "#it"));
        assert!(ana.fills("pass_words", "Our build takes an hour <!channel>"));
        let (one, other) = tokio::join!(ana.submits(), ana.submits());
        assert!([&one, &other].into_iter().any(|sent| *sent == Submission::Updated), "{one:?} {other:?}");
        bot.settle().await;
        let read: Vec<String> = bot.reads("ana", "#it").into_iter().filter(|text| text.starts_with(":mirror:")).collect();
        assert_eq!(read, [":mirror: @ana asks for your help with something that #team can't settle by itself:\n\
            >Our build takes an hour &lt;!channel&gt;\nIt came up in their retro of Tuesday, 6 January. Answer in the thread, please."]);
        assert!(as_read(bot, "The build is slow").ends_with("*Needs others.* Passed on to #it."), "{}", as_read(bot, "The build is slow"));
        assert!(!theme(bot, "ana", "The build is slow").has_button("Pass it on"));
    }

    async fn a_theme_is_passed_on_elsewhere(bot: &mut Bot) {
        done(bot).await;
        for name in ["it", "build"] {
            bot.sandbox.add_channel(name, false, &["ana"]);
            bot.sandbox.invite(name, &bot.user.clone());
        }
        bot.settle().await;
        let ana = bot.person("ana");
        let passes = async |bot: &mut Bot, to: &str| {
            ana.sees_modal().await.expect("a form");
            assert!(ana.fills("pass_words", "Our build takes an hour") && ana.fills("pass_to", to));
            let sent = ana.submits().await;
            bot.settle().await;
            sent
        };
        let is_posted = || async { ana.modal().is_some_and(|form| form.blocks.iter().any(|block| block.to_string().contains("I'm posting it in"))) };
        sorts(bot, "ana", "The build is slow", "Needs others").await;
        passes(bot, "#it").await;
        bot.eventually("the form says so", is_posted).await;
        ana.closes();
        // It was the wrong channel.
        ana.clicks(&theme(bot, "ana", "The build is slow"), "Pass it on elsewhere").await;
        let Submission::Errors(errors) = passes(bot, "#it").await else { panic!("#it has read of it") };
        assert_eq!(errors.values().collect::<Vec<_>>(), ["It was passed on to that channel already. Choose another one."]);
        passes(bot, "#build").await;
        bot.eventually("the form says so", is_posted).await;
        ana.closes();
        assert!(as_read(bot, "The build is slow").ends_with("*Needs others.* Passed on to #build."), "{}", as_read(bot, "The build is slow"));
        // Then the team can do something about it after all.
        sorts(bot, "ana", "The build is slow", "Ours").await;
        assert!(as_read(bot, "The build is slow").ends_with("*In our hands.* Who takes on a first step? Passed on to #build."), "{}", as_read(bot, "The build is slow"));
    }

    async fn the_lead_of_the_next_sync_sorts_too(bot: &mut Bot) {
        let channel = revealed(bot).await;
        sync::starts(bot, "/sync start every Thursday at 11:00").await;
        let planned = sync::programme_in(bot, &channel).await;
        let engine = bot.parts.engine.clone();
        let date = "2026-01-15".parse().unwrap();
        let before = turn(&read_store(bot), &planned.id, date).await.unwrap();
        let named = Turn {
            user: Some(bot.id("ben").as_str().into()),
            state: TurnState::Named,
            version: before.version + 1,
            changed_at: engine.clock.now(),
            ..Turn::untouched()
        };
        let mut unit = UnitOfWork::new();
        put_turn(&mut unit, &engine.team, (&planned.id, date), &named);
        engine.store.commit(unit).await.unwrap();
        surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
        bot.settle().await;
        let list = bot.as_read(&themes_shown(bot)[0]);
        assert!(list.contains("@ben leads your next sync, and can take you through them and sort them.\n"), "{list}");
        sorts(bot, "ben", "Lunch", "Ours").await;
        assert!(as_read(bot, "Lunch").contains("*In our hands.*"), "{}", as_read(bot, "Lunch"));
    }

    async fn an_answer_that_was_shown_comes_up_again(bot: &mut Bot) {
        // The answers were shown, and no themes.
        revealed(bot).await;
        comes_to(bot, "open").await;
        all_are_asked_again(bot).await;
        for who in TEAM {
            answers(bot, who, &[("1", "LUNCH")]).await;
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
        let shown = bot.reads("fay", "#team").pop().unwrap();
        assert!(shown.contains("From the retro of ") && shown.contains(". Came up 2 times."), "{shown}");
    }

    async fn a_theme_comes_up_again(bot: &mut Bot) {
        done(bot).await;
        comes_to(bot, "open").await;
        all_are_asked_again(bot).await;
        for who in TEAM {
            answers(bot, who, &[("1", "LUNCH")]).await;
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
        bot.settle().await;
        let shown = bot.reads("fay", "#team").pop().unwrap();
        assert!(shown.contains("From the retro of ") && shown.contains(". Came up 2 times. Talk about it in the thread."), "{shown} {:?}", themes_shown(bot));
    }
}

/// Moves the clock until each of the team was asked in the second retro.
async fn all_are_asked_again(bot: &mut Bot) {
    for _ in TEAM {
        let asked = |who: &&str| {
            bot.reads_dm(who).iter().filter(|text| text.starts_with(":mirror: It's time for ")).count()
        };
        if TEAM.iter().all(|who| asked(who) == 2) {
            return;
        }
        comes_to(bot, "ask").await;
    }
}
