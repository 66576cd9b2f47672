//! The agenda of the next sync: `/sync add`, `/sync agenda`, *Take back*, *Order and strike*, and the thread at the start.

use chrono::Duration;
use rondo::engine::person::PersonData;
use slack_sandbox::{PersonHandle, Submission};

use super::*;

async fn adds(bot: &mut Bot, who: &str, words: &str) -> String {
    let answer = bot.says(who, "#team", &format!("/sync add {words}")).await;
    bot.as_read(&answer.text)
}

/// Opens *Order and strike* of the newest agenda that a person sees.
async fn orders(bot: &mut Bot, who: &str) -> PersonHandle {
    bot.says(who, "#team", "/sync agenda").await;
    bot.clicks(who, "#team", "Order and strike").await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Order and strike");
    person
}

/// Returns the person who leads the next sync.
async fn next_lead(bot: &mut Bot) -> String {
    leads_shown(bot, "ana").await.remove(0)
}

each_store! {
    async fn a_point_without_words_is_asked_for(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for nothing in ["", " ", "\u{200b}", "\u{3164}\u{202e}", "called "] {
            let answer = adds(bot, "ben", nothing).await;
            if nothing == "called " {
                assert!(answer.starts_with("This point is on the agenda"), "no sync is called so: {answer}");
            } else {
                assert!(answer.starts_with("What's the point?"), "{nothing:?}: {answer}");
            }
        }
        assert_eq!(agenda(bot, "ana").await, ["called (@ben)"]);
    }

    async fn words_are_cleaned_and_harmless(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let answer = adds(bot, "ben", "a\u{202e}b\u{7}c @ana #team <!channel> ```x``` https://a.example/?b&c").await;
        assert!(answer.contains(">abc @Ana #team &lt;!channel&gt; ```x``` https://a.example/?b&amp;c"), "{answer}");
        let [line] = &agenda(bot, "ben").await[..] else { panic!("one point") };
        assert_eq!(line, "abc @Ana #team &lt;!channel&gt; ``x`` https://a.example/?b&amp;c (@ben)");
        next_sync(bot).await;
        let raw = bot.person("ana").reads("#team").pop().unwrap().text;
        assert!(!raw.contains("<!channel>") && !raw.contains(&format!("<@{}>", bot.id("ana"))), "{raw}");
    }

    async fn long_points_keep_their_beginning(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let answer = adds(bot, "ben", &format!("{}END", "x".repeat(3_000))).await;
        assert!(answer.contains("I've kept the first 3,000 characters."), "{answer}");
        let [line] = &agenda(bot, "ben").await[..] else { panic!("one point") };
        assert_eq!(*line, format!("{} (@ben)", "x".repeat(3_000)));
    }

    async fn a_person_and_an_agenda_have_their_measure(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        for number in 0..10 {
            assert!(adds(bot, "ben", &format!("point {number}")).await.starts_with("This point is on the agenda"));
        }
        let full = adds(bot, "ben", "one more").await;
        assert!(full.starts_with("You have 10 points on this agenda already, which is as many as a person can add."), "{full}");
        for (who, count) in [("ana", 10), ("cy", 9)] {
            for number in 0..count {
                adds(bot, who, &format!("{who} {number}")).await;
            }
        }
        // Of two who add the last point at once, one does.
        let (cy, dee) = (bot.person("cy"), bot.person("dee"));
        let (one, other) = tokio::join!(cy.says("#team", "/sync add last"), dee.says("#team", "/sync add last"));
        bot.settle().await;
        let answers = [one.text, other.text];
        let added = answers.iter().filter(|text| text.starts_with("This point is on the agenda")).count();
        let full = answers.iter().filter(|text| text.starts_with("This agenda is full: 30 points")).count();
        assert_eq!((added, full, agenda(bot, "ana").await.len()), (1, 1, 30), "{answers:?}");
        // All of them fit the thread, and the form.
        let lead = next_lead(bot).await;
        let form = orders(bot, &lead).await;
        assert_eq!(form.submits().await, Submission::Closed);
        next_sync(bot).await;
        let [thread] = &reads_team(bot, "ana", "*Agenda*")[..] else { panic!("one agenda") };
        assert_eq!(thread.lines().count(), 31);
    }

    async fn a_channel_without_syncs_says_how_to_start_one(bot: &mut Bot) {
        let answer = bot.says("ana", "#general", "/sync add budget").await.text;
        assert!(answer.contains("`/sync start every Tuesday at 10:00`"), "{answer}");
    }

    async fn the_agenda_goes_into_the_thread(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        assert_eq!(agenda(bot, "cy").await, [""; 0]);
        adds(bot, "ben", "Who's on call?").await;
        let answer = adds(bot, "cy", "Budget").await;
        assert!(answer.starts_with("This point is on the agenda of the sync in #team, Tuesday, 6 January at 10:00:\n>Budget"), "{answer}");
        let lead = next_lead(bot).await;
        let form = orders(bot, &lead).await;
        let view = form.modal().unwrap();
        let fields: Vec<String> = view.blocks.iter().filter(|block| block["type"] == "input").map(|block| block["block_id"].as_str().unwrap().to_owned()).collect();
        assert!(form.fills(&fields[0], "2") && form.fills(&fields[1], "1"));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["Budget (@cy)", "Who's on call? (@ben)"]);
        next_sync(bot).await;
        let posts = bot.person("ana").reads("#team");
        let announcement = posts.iter().rfind(|post| post.text.starts_with(BEGINS)).unwrap();
        let thread = posts.iter().find(|post| post.text.starts_with("*Agenda*")).unwrap();
        assert_eq!(thread.thread_ts.as_ref(), Some(&announcement.ts));
        assert_eq!(bot.as_read(&thread.text), "*Agenda*\n1. Budget (@cy)\n2. Who's on call? (@ben)");
        assert_eq!(agenda(bot, "ana").await, [""; 0], "what is added now is for the next sync");
    }

    async fn the_run_sheet_has_the_agenda(bot: &mut Bot) {
        running(bot, &["ana"]).await;
        adds(bot, "ana", "Budget").await;
        comes_to(bot, "sheet").await;
        let sheet = bot.reads_dm("ana").into_iter().rfind(|text| text.contains("*You lead")).unwrap();
        assert!(sheet.contains("• Agenda so far:\n1. Budget (@ana)"), "{sheet}");
    }

    async fn only_those_who_run_a_sync_order_it(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        adds(bot, "ben", "Budget").await;
        let lead = next_lead(bot).await;
        let other = ["ben", "cy"].into_iter().find(|name| *name != lead).unwrap();
        bot.says(other, "#team", "/sync agenda").await;
        let seen = bot.person(other).reads("#team").pop().unwrap();
        assert!(!seen.blocks.iter().any(|block| block.to_string().contains("Order and strike")));
        bot.says("ana", "#team", "/sync agenda").await;
        let anas = bot.person("ana").reads("#team").pop().unwrap();
        assert!(anas.blocks.iter().any(|block| block.to_string().contains("Order and strike")), "ana runs it");
        let programme = bot.parts.engine.store.programme_ids(&bot.parts.engine.team).await.unwrap().remove(0);
        let answers = crate::coffee::answers_to(bot, other, "sync:order", &programme).await;
        assert!(answers.iter().any(|text| text.starts_with("@ana runs these syncs.")), "{answers:?}");
    }

    async fn of_two_who_order_at_once_the_second_hears_so(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for point in ["a", "b"] {
            adds(bot, "ben", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields: Vec<String> = ana.modal().unwrap().blocks.iter().filter(|block| block["type"] == "input").map(|block| block["block_id"].as_str().unwrap().to_owned()).collect();
        assert!(ana.fills(&fields[0], ""));
        let lead = next_lead(bot).await;
        if lead == "ana" {
            next_sync(bot).await;
        } else {
            let other = orders(bot, &lead).await;
            assert_eq!(other.submits().await, Submission::Closed);
            bot.settle().await;
        }
        let Submission::Errors(errors) = ana.submits().await else { panic!("the form stays open") };
        assert!(errors[&fields[0]].starts_with("This agenda was ordered by another person, or its sync has begun"), "{errors:?}");
    }

    async fn a_form_that_is_open_over_the_start_changes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        let ana = orders(bot, "ana").await;
        let field = ana.modal().unwrap().blocks[1]["block_id"].as_str().unwrap().to_owned();
        assert!(ana.fills(&field, ""));
        next_sync(bot).await;
        adds(bot, "ben", "Later").await;
        let sent = ana.submits().await;
        assert!(matches!(sent, Submission::Errors(_)), "{sent:?}");
        assert_eq!(reads_team(bot, "ana", "*Agenda*"), ["*Agenda*\n1. Budget (@ben)"]);
    }

    async fn a_struck_point_is_gone_and_a_wrong_number_is_told(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for point in ["a", "b", "c"] {
            adds(bot, "ben", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields: Vec<String> = ana.modal().unwrap().blocks.iter().filter(|block| block["type"] == "input").map(|block| block["block_id"].as_str().unwrap().to_owned()).collect();
        assert!(ana.fills(&fields[1], "") && ana.fills(&fields[0], "-7") && ana.fills(&fields[2], "-8"));
        adds(bot, "ben", "d").await;
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["c (@ben)", "a (@ben)", "d (@ben)"]);
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "*Agenda*"), ["*Agenda*\n1. c (@ben)\n2. a (@ben)\n3. d (@ben)"]);
    }

    async fn a_point_is_taken_back_until_the_sync_begins(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        bot.clicks("ben", "#team", "Take back").await;
        assert_eq!(agenda(bot, "ana").await, [""; 0]);
        adds(bot, "ben", "Budget").await;
        let answer = bot.person("ben").reads("#team").into_iter().rfind(|post| post.text.contains("is on the agenda")).unwrap();
        next_sync(bot).await;
        bot.person("ben").clicks(&answer, "Take back").await;
        bot.settle().await;
        assert!(bot.reads_last("ben", "#team").starts_with("This point isn't waiting any more"), "{}", bot.reads_last("ben", "#team"));
        let engine = bot.parts.engine.clone();
        let programme = engine.store.programme_ids(&engine.team).await.unwrap().remove(0);
        let date = "2026-01-06".parse().unwrap();
        let taken = rondo::rituals::sync::store::agenda::taken(&engine.context().store, &programme, date).await.unwrap();
        let answers = crate::coffee::answers_to(bot, "cy", "sync:take_back", &taken[0].id).await;
        assert!(answers.iter().any(|text| text.starts_with("This point isn't waiting any more")), "{answers:?}");
    }

    async fn a_name_or_a_menu_says_which_sync(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        let answer = adds(bot, "ben", "Budget called planning").await;
        assert!(answer.starts_with("This point is on the agenda of *Planning* in #team, Wednesday, 7 January at 15:00:\n>Budget"), "{answer}");
        let ben = bot.person("ben");
        ben.says("#team", "/sync add the function called foo").await;
        let form = ben.sees_modal().await.expect("a form");
        assert_eq!(form.title, "Save for…");
        assert!(form.plain().contains("the function called foo"), "{}", form.plain());
        assert!(ben.fills("place", "#team: Planning, Wednesday, 7 January at 15:00"), "{}", form.raw);
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_last("ben", "#team").starts_with("This point is on the agenda of *Planning*"));
        assert_eq!(agenda(bot, "ana").await, ["Budget (@ben)", "the function called foo (@ben)"]);
    }

    async fn an_erased_person_takes_their_words_along(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        adds(bot, "ben", "velvet words").await;
        let ben = bot.id("ben");
        adds(bot, "cy", &format!("ask <@{ben}> about it @ben")).await;
        let erased = PersonData::of(&bot.parts.engine).erase(&UserId(ben), &[], false).await.unwrap();
        assert!(erased.is_clean, "{erased:?}");
        let [line] = &agenda(bot, "ana").await[..] else { panic!("one point") };
        assert!(line.contains("@someone") && !line.contains("ben") && line.ends_with("(@cy)"), "{line}");
        bot.passes(Duration::minutes(1));
        next_sync(bot).await;
        assert!(!reads_team(bot, "ana", "*Agenda*")[0].contains("velvet"));
    }
}

each_store! {
    with [("people.guests_take_part", "false")];
    async fn guests_add_points_where_they_take_part(bot: &mut Bot) {
        running(bot, &["ana", "gus"]).await;
        assert_eq!(adds(bot, "gus", "Budget").await, "Guests don't take part in syncs in this workspace.");
    }
}
