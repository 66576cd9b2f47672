//! The agenda of the next sync: `/sync add`, `/sync agenda`, *Take back*, *Order and strike*, and the thread at the start.

use chrono::Duration;
use rondo::engine::person::PersonData;
use slack_sandbox::{PersonHandle, Submission};

use super::*;

/// The menu that takes back a point of one's own.
pub(super) const MENU: &str = "Take a point of yours back…";

pub(super) async fn adds(bot: &mut Bot, who: &str, words: &str) -> String {
    let answer = bot.says(who, "#team", &format!("/sync add {words}")).await;
    bot.as_read(&answer.text)
}

/// Opens *Order and strike* of the newest agenda that a person sees.
pub(super) async fn orders(bot: &mut Bot, who: &str) -> PersonHandle {
    bot.says(who, "#team", "/sync agenda").await;
    bot.clicks(who, "#team", "Order and strike").await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Order and strike");
    person
}

/// Returns the names of an open form's fields.
pub(super) fn fields(person: &PersonHandle) -> Vec<String> {
    let form = person.modal().expect("a form");
    let inputs = form.blocks.iter().filter(|block| block["type"] == "input");
    inputs.map(|block| block["block_id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the person who leads the next sync.
pub(super) async fn next_lead(bot: &mut Bot) -> String {
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
        assert_eq!(*line, format!("{}… (@ben)", "x".repeat(149)));
        // Nothing of it is lost: a button shows all before the sync, and the thread at its beginning.
        bot.clicks("ben", "#team", "Show in full").await;
        let whole = "x".repeat(3_000);
        let ben = bot.person("ben");
        let form = ben.sees_modal().await.expect("the agenda in full");
        assert_eq!((form.title.as_str(), form.plain().matches('x').count() >= 3_000), ("Agenda", true));
        ben.closes();
        for number in 0..5 {
            adds(bot, "ana", &format!("{number} {}", "y".repeat(2_500))).await;
        }
        next_sync(bot).await;
        assert!(reads_team(bot, "ana", "*Agenda*")[0].contains(&format!("1. {}", "x".repeat(1_000))));
        let in_full = reads_team(bot, "ana", "*1.* @ben:");
        assert_eq!(in_full, [format!("*1.* @ben:\n>{whole}")]);
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
        let (one, other) = tokio::join!(cy.says("#team", "/sync add last"), dee.says("#team", "/sync add the last"));
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
        let fields = fields(&form);
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

    async fn the_same_words_are_one_point(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        adds(bot, "ben", "Budget").await;
        for who in ["ben", "cy"] {
            let again = adds(bot, who, " Budget ").await;
            assert!(again.starts_with("This point is on the agenda already: @ben added it."), "{again}");
        }
        let (cy, ana) = (bot.person("cy"), bot.person("ana"));
        let (one, other) = tokio::join!(cy.says("#team", "/sync add Party"), ana.says("#team", "/sync add Party"));
        let answers = [one.text, other.text];
        assert_eq!(answers.iter().filter(|text| text.starts_with("This point is on the agenda of")).count(), 1, "{answers:?}");
        assert_eq!(agenda(bot, "ana").await.len(), 2);
        // For the sync after the next one, the same words are a new point.
        next_sync(bot).await;
        assert!(adds(bot, "ben", "Budget").await.starts_with("This point is on the agenda of"));
    }

    async fn points_of_ones_own_are_taken_back_from_the_list(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for (who, point) in [("ben", "Budget"), ("cy", "Party"), ("ben", "On call")] {
            adds(bot, who, point).await;
        }
        let list = async |bot: &mut Bot, who: &str| {
            bot.says(who, "#team", "/sync agenda").await;
            bot.person(who).reads("#team").pop().unwrap()
        };
        let (bens, ben) = (list(bot, "ben").await, bot.person("ben"));
        assert!(!ben.picks(&bens, MENU, "Party").await.is_answered(), "that is cy's");
        assert!(ben.picks(&bens, MENU, "On call").await.is_answered());
        bot.settle().await;
        assert_eq!(agenda(bot, "ana").await, ["Budget (@ben)", "Party (@cy)"]);
        // Also what a sync has taken up that isn't closed yet.
        next_sync(bot).await;
        adds(bot, "ben", "Later").await;
        let bens = list(bot, "ben").await;
        assert!(bens.text.contains("The last sync isn't closed yet."), "{}", bens.text);
        assert!(ben.picks(&bens, MENU, "Budget").await.is_answered());
        bot.settle().await;
        let told = bot.reads_last("ben", "#team");
        assert!(told.contains("it won't move on to the next one"), "{told}");
        comes_to(bot, "lapse").await;
        assert_eq!(agenda(bot, "ana").await, ["Party (@cy, moved on once)", "Later (@ben)"]);
        ben.picks(&bens, MENU, "Budget").await;
        bot.settle().await;
        assert!(bot.reads_last("ben", "#team").starts_with("This point isn't open any more"), "{}", bot.reads_last("ben", "#team"));
    }

    async fn a_point_is_taken_back_until_its_sync_is_closed(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        bot.clicks("ben", "#team", "Take back").await;
        assert_eq!(agenda(bot, "ana").await, [""; 0]);
        adds(bot, "ben", "Budget").await;
        adds(bot, "ben", "Party").await;
        let answers: Vec<_> = bot.person("ben").reads("#team").into_iter().filter(|post| post.text.contains("This point is on the agenda")).collect();
        next_sync(bot).await;
        let engine = bot.parts.engine.clone();
        let programme = engine.store.programme_ids(&engine.team).await.unwrap().remove(0);
        let date = "2026-01-06".parse().unwrap();
        let taken = rondo::rituals::sync::store::agenda::taken(&engine.context().store, &programme, date).await.unwrap();
        let not_theirs = crate::coffee::answers_to(bot, "cy", "sync:take_back", &taken[0].id).await;
        assert!(not_theirs.iter().any(|text| text.starts_with("This point isn't open any more")), "{not_theirs:?}");
        bot.person("ben").clicks(&answers[answers.len() - 2], "Take back").await;
        bot.settle().await;
        assert_eq!(reads_team(bot, "ben", "I've taken the point off the agenda:\n>Budget").len(), 2);
        comes_to(bot, "lapse").await;
        assert_eq!(agenda(bot, "ana").await, ["Party (@ben, moved on once)"]);
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
        assert!(ben.fills("place", "#team: Planning, Wednesday, 7 January at 16:00"), "{}", form.raw);
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
