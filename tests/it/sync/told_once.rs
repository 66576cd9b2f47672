//! What people have read stays true, once and in its order: offers that fall through, swaps, presses, places of an agenda.

use serde_json::json;
use slack_sandbox::Submission;

use super::{
    agenda::{adds, fields, orders},
    before::{ASKS, answers, only, until, weekly},
    setup::{modal, opens},
    swap::{NEXT, offers, people},
    *,
};

/// Has a person offer to lead on 13 January in place of the one who is asked; returns both.
async fn offered(bot: &mut Bot) -> (&'static str, &'static str) {
    let (asked, [other, _]) = people(bot);
    bot.says(other, "#team", "/sync next").await;
    bot.clicks(other, "#team", "I'll do it").await;
    assert_eq!(
        of_13(bot, asked),
        [relieved(other, "Your turn comes later. If they can't after all, I may ask you again.")]
    );
    (asked, other)
}

fn relieved(by: &str, follows: &str) -> String {
    format!(
        "@{by} has offered to lead the sync in #team on Tuesday, 13 January at 10:00 in your place. {follows}"
    )
}

/// Returns what a person reads of the sync of 13 January.
fn of_13(bot: &Bot, who: &str) -> Vec<String> {
    let read = bot.reads_dm(who).into_iter().map(|text| text.replace('\n', " "));
    read.filter(|text| text.contains("13 January")).collect()
}

each_store! {
    async fn the_only_question_to_close_a_sync_becomes_how_it_was_closed(bot: &mut Bot) {
        team(bot, &["ana", "cy"]).await;
        starts(bot, "/sync start every weekday at 10:00").await;
        bot.says("ana", "#team", "/sync leave").await;
        // Cy's day begins hours after the next sync, so no reminder follows.
        assert_eq!(lead_of(&next_sync(bot).await), "cy");
        comes_to(bot, "end").await;
        let asked = bot.reads_dm("cy").pop().unwrap();
        assert!(asked.starts_with("Thanks for leading the sync in #team on") && asked.contains("It closes by itself"), "{asked}");
        let dm = bot.user.clone();
        bot.clicks("cy", &dm, "Close this sync").await;
        let person = bot.person("cy");
        person.sees_modal().await.expect("a form");
        person.submits().await;
        bot.settle().await;
        let closed = bot.reads_dm("cy").pop().unwrap();
        assert!(closed.contains("is closed; its thread has the summary"), "{closed}");
    }

    async fn an_offer_that_ends_with_its_sync_promises_nothing(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, other) = offered(bot).await;
        bot.says("ana", "#team", "/sync cancel 13 January").await;
        let by = |who: &str| if who == "ana" { "you've".to_owned() } else { "@ana has".to_owned() };
        let ends = |who: &str| format!("You don't lead the sync in #team on Tuesday, 13 January at 10:00: {} cancelled it. It counts as no one's turn.", by(who));
        assert_eq!(of_13(bot, asked), [ends(asked)]);
        // What the other read today says so, and rings no second time.
        assert_eq!(of_13(bot, other), [ends(other)]);
    }

    async fn an_offer_that_is_taken_back_says_so(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, other) = offered(bot).await;
        answers(bot, other, "Can't after all").await;
        let read = of_13(bot, asked);
        assert!(read[0].starts_with(&format!("@{other} has offered to lead the sync in #team on Tuesday, 13 January at 10:00 in your place, and doesn't lead it after all.")), "{read:?}");
    }

    async fn an_offer_that_is_taken_back_is_mended_in_every_message(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        answers(bot, asked, "I'll do it").await;
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "No").await;
        answers(bot, asked, "Can't after all").await;
        let holder = only(bot, ASKS);
        let free = if holder == other { third } else { other };
        offers(bot, holder, asked, NEXT).await;
        bot.says(free, "#team", "/sync next").await;
        bot.clicks(free, "#team", "I'll do it").await;
        answers(bot, free, "Can't after all").await;
        let read = of_13(bot, holder);
        assert!(!read.iter().any(|text| text.contains("has offered") && !text.contains("doesn't lead it after all")), "{read:?}");
    }

    async fn a_no_leaves_one_message_with_buttons(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        answers(bot, asked, "I'll do it").await;
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "No").await;
        let of_13 = |message: &slack_sandbox::Message| message.has_button("Swap with…") && message.text.contains("in your place, so it's still your turn");
        let with: Vec<slack_sandbox::Message> = bot.person(asked).reads_dm().into_iter().filter(|message| message.has_button("Swap with…")).collect();
        assert!(with.len() == 1 && of_13(&with[0]), "{:?}", bot.reads_dm(asked));
    }

    async fn a_yes_after_a_colleagues_no_stands_in_the_newest_message(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "No").await;
        answers(bot, asked, "I'll do it").await;
        let with: Vec<slack_sandbox::Message> = bot.person(asked).reads_dm().into_iter().filter(|message| message.has_button("Swap with…")).collect();
        assert!(with.len() == 1 && with[0].text.starts_with(":white_check_mark: You lead "), "{:?}", bot.reads_dm(asked));
        assert_eq!(bot.reads_dm(asked).last(), Some(&with[0].text).map(|text| bot.as_read(text)).as_ref());
    }

    async fn an_offer_that_was_kept_promises_nothing_more(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, other) = offered(bot).await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(of_13(bot, asked)[0], relieved(other, "Your turn comes later."));
    }

    async fn a_turn_that_passes_on_is_told_in_the_newest_message(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        until(bot, "2026-01-09T10:00").await;
        let read = of_13(bot, asked);
        let below = "There's news below about the sync in #team on Tuesday, 13 January at 10:00.";
        assert_eq!(read.len(), 2, "the question and its reminder: {read:?}");
        assert_eq!(read[0], below);
        assert!(read[1].starts_with("There was no yes in time, so you don't lead "), "{read:?}");
    }

    async fn a_yes_to_a_swap_is_told_once(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "Yes, I'll take it").await;
        let read = of_13(bot, asked);
        let firsts: Vec<&str> = read.iter().map(|text| text.split(". ").next().unwrap()).collect();
        let said_yes = format!("I asked @{other} to lead the sync in #team on Tuesday, 13 January at 10:00, and they said yes.");
        assert_eq!(firsts.iter().filter(|text| **text == said_yes).count(), 1, "{read:?}");
        let taken = format!(":white_check_mark: @{other} leads ");
        assert_eq!(firsts.iter().filter(|text| text.starts_with(&taken)).count(), 1, "the news alone: {read:?}");
        assert_eq!(read.len(), 3, "the question leads there: {read:?}");
    }

    async fn who_is_chosen_no_more_reads_so(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        until(bot, "2026-01-07T12:00").await;
        let asked = only(bot, ASKS);
        let others: Vec<&str> = ["ana", "ben", "dee"].into_iter().filter(|who| *who != asked).collect();
        bot.says("ana", "#team", "/sync").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("sync:people", json!(others)));
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        let first = preview.split("First turns, as things stand: @").nth(1).unwrap_or_else(|| panic!("{preview}")).split(' ').next().unwrap().to_owned();
        assert!(preview.contains(&format!("for example if @{first} leads")), "{preview}");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let read = of_13(bot, asked);
        assert!(read[0].ends_with("you're no longer among the people who take turns."), "{read:?}");
        assert_eq!(leads_shown(bot, "ana").await[0], first);
    }

    async fn a_second_press_of_start_reads_the_same(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync start every Tuesday at 10:00 called Planning").await;
        let ana = bot.person("ana");
        let preview = ana.reads("#team").pop().unwrap();
        ana.clicks(&preview, "Start").await;
        bot.settle().await;
        ana.clicks(&preview, "Start").await;
        bot.settle().await;
        let read = bot.reads_last("ana", "#team");
        assert!(bot.reads("ana", "#team").iter().any(|text| text.starts_with("Planning is on. First sync: Tuesday, 6 January at 10:00.") || text.starts_with("*Planning* is on. First sync: Tuesday, 6 January at 10:00.")), "{read}");
        assert!(!bot.reads("ana", "#team").iter().any(|text| text.contains("already run")), "{:?}", bot.reads("ana", "#team"));
        assert_eq!(reads_team(bot, "ben", ":speech_balloon: @ana has started ").len(), 1);
        let again = says(bot, "ana", "/sync start every Tuesday at 10:00 called Planning").await;
        assert!(again.contains("Planning* already runs here, every Tuesday at 10:00"), "{again}");
    }

    async fn a_holiday_is_left_out_in_the_form(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana").await;
        assert!(ana.fills("when", "every weekday at 10:00 until 31 December"));
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        assert!(!preview.contains("type the times again"), "{preview}");
    }

    async fn the_place_that_was_typed_wins(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for point in ["a", "b", "c"] {
            adds(bot, "ana", point).await;
        }
        let ana = orders(bot, "ana").await;
        let fields = fields(&ana);
        assert!(ana.fills(&fields[2], "1"));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["c (@ana)", "a (@ana)", "b (@ana)"]);
        let ana = orders(bot, "ana").await;
        for field in super::agenda::fields(&ana) {
            assert!(ana.fills(&field, ""));
        }
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let shown = ana.reads("#team").pop().unwrap();
        assert!(shown.blocks.iter().all(|block| !block.to_string().contains("Order and strike")), "{:?}", shown.blocks);
    }

    async fn long_points_come_in_their_order(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let who = ["ana", "ben"];
        for number in 0..12 {
            adds(bot, who[number % 2], &format!("{number} {}", "long ".repeat(500))).await;
        }
        next_sync(bot).await;
        let read = bot.reads("ana", "#team");
        let places: Vec<u32> = read
            .iter()
            .filter_map(|text| text.strip_prefix('*')?.split_once(".* ").and_then(|(place, _)| place.parse().ok()))
            .collect();
        assert_eq!(places, (1..=12).collect::<Vec<u32>>(), "{read:?}");
    }
}
