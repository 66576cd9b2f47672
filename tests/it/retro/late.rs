//! What comes too late, and what becomes of a retro whose people, channel or programme are gone.

use rondo::rituals::retro::plan::State;

use super::{
    sorting::{done, sorts, theme},
    voting::{
        ballot, chooses, control, first_lines, revealed, shown_in, starts_vote, themes_shown, vote_message,
        votes,
    },
    *,
};

async fn presses(bot: &mut Bot, who: &str, message: &slack_sandbox::Message, button: &str) {
    bot.person(who).clicks(message, button).await;
    bot.settle().await;
}

fn is_told(bot: &Bot, who: &str, place: &str, begins: &str) -> bool {
    bot.reads(who, place).iter().any(|text| text.starts_with(begins))
}

async fn erase(bot: &Bot, who: &str) {
    let user = bot.id(who).as_str().into();
    let data = rondo::engine::person::PersonData::of(&bot.parts.engine);
    let erased = data.erase(&user, &[], false).await.unwrap();
    assert!(erased.is_clean, "{erased:?}");
}

/// Opens the form that passes a theme on, and fills it in.
async fn passes(bot: &mut Bot, words: &str, to: &str) -> PersonHandle {
    let ana = bot.person("ana");
    let message = theme(bot, "ana", words);
    if message.has_button("Pass it on") {
        ana.clicks(&message, "Pass it on").await;
    } else {
        ana.picks(&message, "In our hands?", "Needs others").await;
    }
    ana.sees_modal().await.expect("a form");
    let modal = ana.modal().unwrap();
    let words = modal.blocks.iter().find(|block| block["block_id"] == "pass_words").unwrap();
    assert!(words["element"]["initial_value"].is_null(), "no answer stands there: {words}");
    assert!(ana.fills("pass_to", to) && ana.fills("pass_words", "Our build takes an hour"));
    ana
}

each_store! {
    async fn a_refused_post_is_not_passed_on(bot: &mut Bot) {
        done(bot).await;
        bot.sandbox.add_channel("it", false, &["ana"]);
        bot.sandbox.invite("it", &bot.user.clone());
        bot.settle().await;
        for error in ["not_in_channel", "is_archived", "restricted_action"] {
            let ana = passes(bot, "The build is slow", "#it").await;
            bot.settle().await;
            bot.sandbox.faults().fail("chat.postMessage", 1, error);
            assert_eq!(ana.submits().await, Submission::Updated, "{error}");
            ana.closes();
            bot.settle().await;
            let told = bot.reads_dm("ana").pop().unwrap();
            assert!(told.starts_with(":warning: Slack didn't let me post a theme of the retro of Tuesday, 6 January in #it"), "{error}: {told}");
            assert!(theme(bot, "ana", "The build is slow").has_button("Pass it on"), "{error}");
        }
        let ana = passes(bot, "The build is slow", "#it").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        bot.settle().await;
        assert!(is_told(bot, "ana", "#it", ":mirror: @ana asks for your help"), "{:?}", bot.reads("ana", "#it"));
        assert!(!theme(bot, "ana", "The build is slow").has_button("Pass it on"));
        bot.expects_refusals();
    }

    async fn themes_go_only_where_both_are(bot: &mut Bot) {
        done(bot).await;
        bot.sandbox.add_channel("without-bot", false, &["ana"]);
        for (name, people) in [("anas", ["ana"]), ("dees", ["dee"])] {
            bot.sandbox.add_channel(name, true, &people);
            bot.sandbox.invite(name, &bot.user.clone());
        }
        bot.sandbox.add_channel("old", false, &["ana"]);
        bot.sandbox.invite("old", &bot.user.clone());
        bot.settle().await;
        bot.sandbox.archive("old");
        bot.reads_the_workspace().await;
        bot.hears_events().await;
        bot.settle().await;
        for (channel, why) in [("#without-bot", "not in"), ("#old", "archived")] {
            let ana = passes(bot, "The build is slow", channel).await;
            let sent = ana.submits().await;
            bot.settle().await;
            // Slack may have to be asked first, and then the form says why.
            let told = match sent {
                Submission::Errors(errors) => errors["pass_to"].clone(),
                _ => shown_in(&ana),
            };
            assert!(told.contains(why), "{channel}: {told}");
            ana.closes();
        }
        let ana = passes(bot, "The build is slow", "#anas").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        bot.settle().await;
        assert!(is_told(bot, "ana", "#anas", ":mirror: @ana asks for your help"));
    }

    async fn an_erased_ballot_does_not_count(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        for who in TEAM {
            assert_eq!(votes(bot, who, &["Lunch"]).await, Submission::Updated);
        }
        erase(bot, "ben").await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!(store::voting::ballots(&read_store(bot), &retro.id).await.unwrap().len(), 5);
        comes_to(bot, "votes").await;
        let shown = themes_shown(bot);
        assert_eq!(first_lines(&shown)[1], ":mirror: *1. Lunch*: 5 votes");
        assert!(shown[0].contains("5 people voted."), "{}", shown[0]);
    }

    async fn an_erased_answer_leaves_its_theme(bot: &mut Bot) {
        let channel = open_with(bot, &TEAM, &["1"]).await;
        for (who, words) in [("ben", "The demo"), ("cy", "The cake"), ("dee", "the demo!")] {
            let form = opens(bot, who, "Answer with your name").await;
            assert!(form.fills("prompt_2", words));
            assert_eq!(form.submits().await, Submission::Updated);
            form.closes();
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        erase(bot, "cy").await;
        surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
        let shown = themes_shown(bot);
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(!shown.iter().any(|text| text.contains("cake")), "{shown:?}");
        // The authors are named, and not mentioned: the message of the prompt has done that.
        let raw = bot.person("fay").reads("#team").pop().unwrap().text;
        assert!(raw.contains("*Ben*") && raw.contains("*Dee*") && !raw.contains("<@"), "{raw}");
        sorts(bot, "ana", if raw.contains("The demo*") { "The demo" } else { "the demo!" }, "Ours").await;
        let raw = bot.person("fay").reads("#team").pop().unwrap().text;
        assert!(raw.contains("In our hands") && !raw.contains("<@"), "{raw}");
        erase(bot, "ben").await;
        let history = bot.says("fay", "#team", "/retro history").await.plain();
        assert!(history.contains("the demo!, in our hands"), "{history}");
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
    }

    async fn buttons_of_a_former_step_say_how_it_stands(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let dm = bot.user.clone();
        let next = control(bot, "Start the vote");
        assert!(!bot.person("ana").reads_dm().iter().any(|message| message.has_button("Read and reveal")));
        let revealing = bot.person("ana").reads_dm().into_iter().rev().find(|message| message.text.contains("this many have answered")).unwrap();
        assert!(!revealing.has_button("Hide an answer"), "the newest message has it");
        starts_vote(bot).await;
        let hides = bot.person("ana").reads_dm().into_iter().filter(|message| message.has_button("Hide an answer"));
        assert_eq!(hides.count(), 1, "the newest message has it");
        let vote = vote_message(bot, "ben");
        let form = ballot(bot, "ben").await;
        chooses(&form, &["Lunch"]);
        for button in ["Group into themes", "Start the vote", "Show the themes"] {
            presses(bot, "ana", &next, button).await;
            assert!(is_told(bot, "ana", &dm, "The vote is on."), "{button}: {:?}", bot.reads_dm("ana"));
        }
        assert!(bot.person("ana").modal().is_none());
        let end = control(bot, "End the vote now");
        surely(bot, "ana", &end, "End the vote now").await;
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
        presses(bot, "ana", &end, "End the vote now").await;
        assert!(is_told(bot, "ana", &dm, "This retro is done: its themes are in the channel."), "{:?}", bot.reads_dm("ana"));
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("This vote is over"), "{}", shown_in(&form));
        form.closes();
        presses(bot, "ben", &vote, "Vote").await;
        assert!(is_told(bot, "ben", "#team", "This vote is over"), "{:?}", bot.reads("ben", "#team"));
        assert_eq!(themes_shown(bot).len(), 6);
    }

    async fn forms_of_a_theme_sorted_otherwise_change_nothing(bot: &mut Bot) {
        done(bot).await;
        sorts(bot, "ana", "Lunch", "Ours").await;
        let ours = theme(bot, "ben", "Lunch");
        let ben = bot.person("ben");
        ben.clicks(&ours, "Make a promise").await;
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("promised_1", "Book a table"));
        sorts(bot, "ana", "Lunch", "Not ours").await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("the form keeps the words") };
        let error = &errors["promised_1"];
        assert!(error.starts_with("This theme was sorted otherwise") && error.contains("/promise send the report by Friday"), "{error}");
        ben.closes();
        presses(bot, "ben", &ours, "Make a promise").await;
        assert!(is_told(bot, "ben", "#team", "This theme was sorted otherwise"));
        assert!(!bot.reads_dm("ben").iter().any(|text| text.contains("Book a table")));
    }

    async fn one_is_due_when_the_other_closes(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let ana = bot.person("ana");
        ana.says("#team", "/retro").await;
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("anonymous_start-stop-continue", vec!["1", "2", "3"]));
        assert!(ana.fills("when", "every weekday at 10:00") && ana.fills("days", "1"));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        comes_to(bot, "open").await;
        let first = last_retro(bot, &channel).await;
        all_are_asked(bot, &TEAM).await;
        assert!(!bot.reads_dm("ana").iter().any(|text| text.contains("fewer than 5 answers so far")), "no one has had a chance yet");
        for _ in 0..6 {
            if last_retro(bot, &channel).await.id != first.id {
                break;
            }
            comes_to(bot, "open").await;
        }
        let second = last_retro(bot, &channel).await;
        assert_eq!(second.date, first.date.succ_opt().unwrap());
        assert!(!bot.reads_dm("ana").iter().any(|text| text.contains("wasn't held")), "{:?}", bot.reads_dm("ana"));
    }

    async fn the_history_stays_after_a_stop(bot: &mut Bot) {
        done(bot).await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        let history = bot.says("fay", "#team", "/retro history").await.plain();
        assert!(history.contains("6 answers shown, 6 people were asked"), "{history}");
    }

    async fn words_for_a_step_show_it(bot: &mut Bot) {
        open(bot, &TEAM).await;
        for typed in ["/retro close", "/retro extend", "/retro Vote"] {
            let told = bot.says("ana", "#team", typed).await.plain();
            assert!(told.contains("is open until"), "{typed}: {told}");
        }
    }

    async fn a_revealed_retro_outlives_its_programme(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let next = control(bot, "Show the themes");
        let asked = bot.says("ana", "#team", "/retro stop").await.plain();
        assert!(asked.contains("aren't posted yet; *Show the themes* still works afterwards."), "{asked}");
        bot.clicks("ana", "#team", "Stop these retros").await;
        surely(bot, "ana", &next, "Show the themes").await;
        assert_eq!(themes_shown(bot).len(), 6, "{:?}", bot.reads("fay", "#team"));
        sorts(bot, "ana", "Lunch", "Ours").await;
        assert!(theme(bot, "fay", "Lunch").text.contains("*In our hands.*"));
        sorts(bot, "ben", "Hiring", "Ours").await;
        assert!(theme(bot, "fay", "Hiring").text.contains("Is it in your hands?"), "ben organises nothing");
        let engine = &bot.parts.engine;
        let programme = engine.store.programmes_in(&engine.team, "retro", &channel).await.unwrap().remove(0);
        assert!(programme.ended_at.is_some());
    }
}
