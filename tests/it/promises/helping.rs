//! *Need help*: a person or the channel is asked, kindly and not too often.

use rondo::{engine::person::PersonData, model::people::UserId, store::StoreError};
use secrecy::ExposeSecret as _;
use slack_sandbox::{NewPerson, PersonHandle, Submission};

use super::*;
use crate::support::dump::Dump;

const CALLS: &str = ":raised_hand: @ben would like a hand with this:\n>send the report";

/// Makes ben's promise from `#general` due, and opens the form of its reminder.
async fn needs_help(bot: &mut Bot) -> PersonHandle {
    types(bot, "ben", "/promise send the report by Friday").await;
    until(bot, "2026-01-09T08:01").await;
    presses(bot, "ben", "Need help").await;
    let ben = bot.person("ben");
    assert_eq!(ben.sees_modal().await.expect("a form").title, "Ask for help");
    ben
}

async fn sent(bot: &mut Bot, person: &PersonHandle) -> Submission {
    let sent = person.submits().await;
    bot.settle().await;
    sent
}

/// Opens the form once more.
async fn asks_again(bot: &mut Bot, person: &PersonHandle) {
    presses(bot, "ben", "Need help").await;
    person.sees_modal().await.expect("a form");
}

each_store! {
    async fn a_person_is_asked_for_help(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("no person") };
        assert_eq!(errors["helper"], "Choose a person.");
        assert!(ben.fills("helper", bot.user.clone()));
        let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("the bot") };
        assert_eq!(errors["helper"], "I can't help with it myself. Choose a person.");
        for (who, why) in [("ben", "That's you."), ("helper", "@Helper is a bot")] {
            assert!(ben.fills("helper", bot.id(who)));
            let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("{who}") };
            assert!(errors["helper"].starts_with(why), "{errors:?}");
        }
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let [asked] = &bot.reads_dm("dee")[..] else { panic!("one message") };
        assert!(asked.starts_with(CALLS), "{asked}");
        let [card] = &bot.reads_dm("ben")[..] else { panic!("the reminder says it: {:?}", bot.reads_dm("ben")) };
        assert!(card.starts_with(REMINDER) && card.contains("I'm asking @dee for help. The promise is still yours"), "{card}");
        presses(bot, "ben", "Done").await;
        assert_eq!(bot.reads_dm("ben"), [":white_check_mark: Done, thank you:\n>send the report"]);
        assert!(bot.reads("ana", "#general").is_empty(), "the channel reads nothing");
        assert_eq!(bot.reads_dm("dee"), ["@ben doesn't need a hand with this any more:\n>send the report"]);
        presses(bot, "ben", "Not yet after all").await;
        assert!(bot.reads_dm("dee")[0].starts_with(CALLS));
    }

    async fn what_would_help_is_read_with_the_promise(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("would_help", "x".repeat(501)));
        assert!(ben.fills("helper", bot.id("dee")));
        let Submission::Errors(_) = sent(bot, &ben).await else { panic!("more than Slack takes") };
        assert!(ben.fills("would_help", "the figures & <!channel>\nhalf an hour"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let words = "What would help:\n>the figures &amp; &lt;!channel&gt;\n>half an hour\n";
        let asked = bot.reads_last("dee", &bot.user.clone());
        assert!(asked.starts_with(&format!("{CALLS}\n{words}Promised for")), "{asked}");
        // It comes back with the promise, and with its new date.
        presses(bot, "ben", "Done").await;
        assert!(!bot.reads_last("dee", &bot.user.clone()).contains("figures"));
        presses(bot, "ben", "Not yet after all").await;
        assert!(bot.reads_last("dee", &bot.user.clone()).starts_with(&format!("{CALLS}\n{words}")));
        asks_again(bot, &ben).await;
        assert!(ben.fills("where", "Everyone in #general"));
        assert!(ben.fills("would_help", "  "));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let post = bot.reads("ana", "#general").pop().unwrap();
        assert_eq!(post, format!("{CALLS}\nIf you can help, answer in this message's thread or write to them."));
    }

    async fn who_is_asked_later_reads_what_would_help(bot: &mut Bot) {
        bot.says("dee", "#general", "/sync away until 16 January").await;
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert!(ben.fills("would_help", "the figures"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        until(bot, "2026-01-19T12:00").await;
        let asked = bot.reads_last("dee", &bot.user.clone());
        assert!(asked.contains("What would help:\n>the figures"), "{asked}");
    }

    async fn the_longest_words_fit(bot: &mut Bot) {
        let ben = bot.person("ben");
        types(bot, "ben", "/promise").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("what", format!("a{}", "&".repeat(2_990))) && ben.fills("date", "2026-01-09"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        until(bot, "2026-01-09T08:01").await;
        asks_again(bot, &ben).await;
        assert!(ben.fills("where", "Everyone in #general") && ben.fills("would_help", format!("b{}", "<".repeat(499))));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let [post] = &bot.reads("ana", "#general")[..] else { panic!("one post") };
        assert!(post.contains(&format!("{}\nWhat would help:\n>b{}", "&amp;".repeat(2_990), "&lt;".repeat(499))), "{post}");
    }

    async fn what_would_help_is_exported_and_erased_with_its_owner(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert!(ben.fills("would_help", "the quarterly figures"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let data = PersonData::of(&bot.parts.engine);
        let (ben, dee) = (UserId(bot.id("ben")), UserId(bot.id("dee")));
        for person in [&ben, &dee] {
            let mut wanted = Vec::new();
            let keep = |section, row: serde_json::Map<String, serde_json::Value>| -> Result<(), StoreError> {
                wanted.extend(row.get("would_help").map(|words| (section, words.clone())));
                Ok(())
            };
            data.export(person, keep).await.unwrap();
            let section = if *person == ben { "promises_help_wanted" } else { "promises_helped" };
            assert_eq!(wanted, [(section, serde_json::json!("the quarterly figures"))]);
        }
        assert!(data.erase(&ben, &[], false).await.unwrap().is_clean);
        bot.settle().await;
        let Dump(tables) = Dump::of(bot.config.store.url.expose_secret()).await;
        let kept: Vec<_> = tables.into_values().flatten().filter(|row| row.mentions("quarterly")).collect();
        assert!(kept.is_empty(), "{kept:#?}");
    }

    async fn a_helper_who_comes_back_early_is_asked_then(bot: &mut Bot) {
        bot.says("dee", "#general", "/sync away until 16 January").await;
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        assert!(bot.reads_dm("ben")[0].contains("I'll ask @dee for help on Monday, 19 January"), "{:?}", bot.reads_dm("ben"));
        bot.says("dee", "#general", "/sync back").await;
        bot.settle().await;
        let asked = |bot: &Bot| bot.reads_dm("dee").into_iter().filter(|text| text.starts_with(CALLS)).count();
        assert_eq!(asked(bot), 1, "{:?}", bot.reads_dm("dee"));
        let [card] = &bot.reads_dm("ben")[..] else { panic!("{:?}", bot.reads_dm("ben")) };
        assert!(card.contains("You hope for help from @dee.") && !card.contains("19 January"), "{card}");
        until(bot, "2026-01-19T12:00").await;
        assert_eq!(asked(bot), 1);
    }

    async fn an_owner_hears_that_their_helper_has_left(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        bot.sandbox.deactivate("dee");
        bot.hears_events().await;
        bot.settle().await;
        let read = bot.reads_dm("ben");
        assert_eq!(read.iter().filter(|text| text.starts_with("@dee has left, so they can't help you with this:\n>")).count(), 1, "{read:?}");
        assert!(!read.iter().any(|text| text.contains("asking @dee") || text.contains("help from @dee")), "{read:?}");
    }

    async fn a_call_for_help_leaves_older_answers_alone(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben check the logs by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        let ben = bot.person("ben");
        presses(bot, "ben", "Need help").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let bells = bot.reads_dm("ben").into_iter().filter(|text| text.starts_with(":bell:")).count();
        assert_eq!(bells, 1, "{:?}", bot.reads_dm("ben"));
        picks(bot, "ben", "Later…", "In three days").await;
        assert!(bot.reads_last("ben", &bot.user.clone()).contains("You hope for help from @dee."), "{:?}", bot.reads_dm("ben"));
    }

    async fn a_call_for_one_of_several_names_its_promise(bot: &mut Bot) {
        types(bot, "ben", "/promise water the plants by Friday").await;
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let [call] = &bot.reads_dm("dee")[..] else { panic!("one call") };
        let words = call.lines().find_map(|line| line.strip_prefix('>')).unwrap().to_owned();
        let own = bot.reads_dm("ben").pop().unwrap();
        assert_eq!(own, format!("I'm asking @dee for help. The promise is still yours; its date stays as it is.\n>{words}"));
        let mine = types(bot, "ben", "/promise mine").await;
        let number = if mine.contains(&format!("1. {words}")) { 1 } else { 2 };
        types(bot, "ben", &format!("/promise done {number}")).await;
        let own = bot.reads_dm("ben").pop().unwrap();
        assert_eq!(own, format!("You asked @dee for help with this, until it needed no hand any more:\n>{words}"));
    }

    async fn each_person_who_was_asked_hears_the_end(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        for who in ["ana", "dee", "ana"] {
            assert!(ben.fills("helper", bot.id(who)));
            assert_eq!(sent(bot, &ben).await, Submission::Closed, "{who}");
            bot.passes(Duration::minutes(61));
            presses(bot, "ben", "Need help").await;
            ben.sees_modal().await.expect("a form");
        }
        ben.closes();
        let [card] = &bot.reads_dm("ben")[..] else { panic!("one reminder: {:?}", bot.reads_dm("ben")) };
        assert!(card.contains("I'm asking @ana for help.") && card.contains("You also hope for help from @dee."), "{card}");
        let [first, again] = &bot.reads_dm("ana")[..] else { panic!("two messages: {:?}", bot.reads_dm("ana")) };
        assert_eq!(first, "@ben has asked for a hand with this again:\n>send the report");
        assert!(again.starts_with(CALLS), "{again}");
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "Drop it").await;
        for who in ["ana", "dee"] {
            assert_eq!(bot.reads_last(who, &bot.user.clone()), "@ben doesn't need a hand with this any more:\n>send the report", "{who}");
        }
    }

    async fn the_channel_is_asked_once_an_hour(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("where", "Everyone in #general"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let [post] = &bot.reads("ana", "#general")[..] else { panic!("one post") };
        assert_eq!(*post, format!("{CALLS}\nIf you can help, answer in this message's thread or write to them."));
        presses(bot, "ben", "Need help").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("where", "Everyone in #general"));
        let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("the form stays open") };
        assert_eq!(errors["where"], "You asked there within the last hour. Give them some time, or ask a person.");
        assert!(bot.reads_dm("ben").iter().all(|text| !text.contains("within the last hour")), "nothing lasts");
        assert_eq!(bot.reads("ana", "#general").len(), 1);
    }

    async fn the_channel_may_be_asked_right_after_a_person(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        asks_again(bot, &ben).await;
        assert!(ben.fills("helper", bot.id("dee")));
        let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("the form stays open") };
        assert_eq!(errors["helper"], "You asked them within the last hour. Give them some time, or ask another person.");
        assert!(ben.fills("where", "Everyone in #general"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        assert_eq!((bot.reads("ana", "#general").len(), bot.reads_dm("dee").len()), (1, 1));
        let [card] = &bot.reads_dm("ben")[..] else { panic!("one reminder: {:?}", bot.reads_dm("ben")) };
        assert!(card.contains("I'm asking in #general for help.") && card.contains("You also hope for help from @dee."), "{card}");
    }

    async fn an_hour_allows_five_calls(bot: &mut Bot) {
        let more = ["gil", "hal", "ida"];
        for who in more {
            bot.sandbox.add_person(NewPerson { zone: "Europe/Berlin", ..NewPerson::named(who) });
            bot.sandbox.invite("general", who);
        }
        bot.hears_events().await;
        let ben = needs_help(bot).await;
        for who in ["dee", "ana", "gil", "hal", "cy"] {
            assert!(ben.fills("helper", bot.id(who)));
            assert_eq!(sent(bot, &ben).await, Submission::Closed, "{who}");
            asks_again(bot, &ben).await;
        }
        assert!(ben.fills("helper", bot.id("ida")));
        let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("the form stays open") };
        assert_eq!(errors["helper"], "You've asked for help with this 5 times within the last hour. Give them some time.");
        bot.passes(Duration::minutes(61));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
    }

    async fn a_person_is_asked_for_help_in_their_hours(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday at 15:00").await;
        until(bot, "2026-01-09T13:01").await;
        presses(bot, "ben", "Need help").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        // It is 8:01 in New York.
        assert!(ben.fills("helper", bot.id("cy")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let card = bot.reads_last("ben", &bot.user.clone());
        assert!(card.contains("I'll ask @cy for help on Friday, 9 January at 09:00, @cy's time, when they're at work."), "{card}");
        until(bot, "2026-01-09T13:59").await;
        assert!(bot.reads_dm("cy").is_empty());
        until(bot, "2026-01-09T14:01").await;
        let [asked] = &bot.reads_dm("cy")[..] else { panic!("one message: {:?}", bot.reads_dm("cy")) };
        assert_eq!(*asked, format!("{CALLS}\nPromised for Friday, 9 January at 15:00, @ben's time. If you can help, write to them."));
        presses(bot, "ben", "Done").await;
        assert_eq!(bot.reads_dm("cy"), ["@ben doesn't need a hand with this any more:\n>send the report"]);
    }

    async fn a_call_says_the_date_that_its_promise_has(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("dee")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        picks(bot, "ben", "Later…", "Next week").await;
        let [call] = &bot.reads_dm("dee")[..] else { panic!("one message: {:?}", bot.reads_dm("dee")) };
        assert!(call.starts_with(CALLS) && call.contains("Promised for Friday, 16 January."), "{call}");
    }

    async fn an_owner_hears_that_a_helper_has_gone_away(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("helper", bot.id("cy")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        types(bot, "cy", "/sync away until 14 January").await;
        until(bot, "2026-01-09T14:01").await;
        assert!(!bot.reads_dm("cy").iter().any(|text| text.contains("would like a hand")), "{:?}", bot.reads_dm("cy"));
        let delayed: Vec<String> =
            bot.reads_dm("ben").into_iter().filter(|text| text.starts_with("I haven't asked @cy for help with this yet:")).collect();
        let [told] = &delayed[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert!(told.contains("I'll ask them on Thursday, 15 January at 09:00"), "{told}");
        until(bot, "2026-01-15T14:01").await;
        assert!(bot.reads_dm("cy").iter().any(|text| text.starts_with(CALLS)), "{:?}", bot.reads_dm("cy"));
    }

    async fn a_call_that_waits_is_one_and_ends_with_its_promise(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        for hours in [1, 2] {
            assert!(ben.fills("helper", bot.id("cy")));
            assert_eq!(sent(bot, &ben).await, Submission::Closed);
            until(bot, &format!("2026-01-09T{:02}:03", 8 + hours)).await;
            asks_again(bot, &ben).await;
        }
        ben.closes();
        until(bot, "2026-01-09T14:01").await;
        assert_eq!(bot.reads_dm("cy").len(), 1, "{:?}", bot.reads_dm("cy"));
        types(bot, "ben", "/promise another by Monday").await;
        until(bot, "2026-01-12T08:01").await;
        presses(bot, "ben", "Need help").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("helper", bot.id("cy")));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        presses(bot, "ben", "Done").await;
        until(bot, "2026-01-12T20:00").await;
        assert_eq!(bot.reads_dm("cy").len(), 1, "nothing is left to ask: {:?}", bot.reads_dm("cy"));
    }

    async fn a_call_ends_with_its_promise(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        assert!(ben.fills("where", "Everyone in #general"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        presses(bot, "ben", "Done").await;
        assert_eq!(bot.reads("ana", "#general"), ["@ben doesn't need a hand with this any more:\n>send the report"]);
        presses(bot, "ben", "Not yet after all").await;
        let [post] = &bot.reads("ana", "#general")[..] else { panic!("one post") };
        assert!(post.starts_with(CALLS), "{post}");
        bot.passes(Duration::minutes(61));
        presses(bot, "ben", "Need help").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("where", "Everyone in #general"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let [old, new] = &bot.reads("ana", "#general")[..] else { panic!("two posts") };
        assert_eq!(old, "@ben has asked for a hand with this again:\n>send the report");
        assert!(new.starts_with(CALLS), "{new}");
    }

    async fn a_call_ends_when_its_promise_is_taken_back(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        presses(bot, "ben", "Need help").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("where", "Everyone in #general"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        bot.says("ana", "#general", "/promise asked").await;
        bot.clicks("ana", "#general", "Take it back").await;
        bot.settle().await;
        let posts: Vec<String> = bot.reads("cy", "#general");
        assert_eq!(posts, ["@ben doesn't need a hand with this any more:\n>send the report"]);
    }

    async fn a_closed_channel_is_told_to_the_owner(bot: &mut Bot) {
        let ben = needs_help(bot).await;
        bot.expects_refusals();
        bot.sandbox.faults().fail("chat.postMessage", 1, "restricted_action");
        assert!(ben.fills("where", "Everyone in #general"));
        assert_eq!(sent(bot, &ben).await, Submission::Closed);
        let told = bot.reads_dm("ben").join("\n");
        assert!(told.contains("I can't post in #general, so I haven't asked for help there."), "{told}");
        assert!(!told.contains("I'm asking in #general"), "{told}");
        presses(bot, "ben", "Need help").await;
        ben.sees_modal().await.expect("a form");
        bot.sandbox.kick("general", &bot.user);
        bot.hears_events().await;
        assert!(ben.fills("where", "Everyone in #general"));
        let Submission::Errors(errors) = sent(bot, &ben).await else { panic!("the bot isn't there") };
        assert_eq!(errors["where"], "I can't post there any more. Ask a person instead.");
    }
}
