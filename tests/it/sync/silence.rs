//! People who never answer: after three questions they are asked last, and come back with one press.

use rondo::rituals::sync::{plan::unanswering, store};

use super::{
    before::{ASKS, answers, told, until},
    *,
};

const LAST: &str = "I've asked you three times in a row";
const EVERYONE: [&str; 4] = ["ana", "ben", "cy", "dee"];

/// Goes on day by day until this day, while all but one person say yes whenever they are asked.
async fn all_but_one_answer(bot: &mut Bot, silent: &str, days: impl IntoIterator<Item = String>) {
    for day in days {
        until(bot, &format!("{day}T18:00")).await;
        for (who, _) in told(bot, ASKS) {
            if who != silent {
                answers(bot, who, "I'll do it").await;
            }
        }
    }
}

fn days(from: &str, count: usize) -> Vec<String> {
    let from: chrono::NaiveDate = from.parse().unwrap();
    from.iter_days().take(count).map(|day| day.to_string()).collect()
}

/// Starts a weekly sync in which this person has left three questions without an answer.
async fn with_a_silent_person(bot: &mut Bot, silent: &str) -> ChannelId {
    let channel = running(bot, &EVERYONE).await;
    for week in 0..20 {
        if !told(bot, LAST).is_empty() {
            break;
        }
        let from: chrono::NaiveDate = "2026-01-05".parse().unwrap();
        let monday = from + chrono::Days::new(7 * week);
        all_but_one_answer(bot, silent, days(&monday.to_string(), 7)).await;
    }
    assert_eq!(told(bot, LAST), [(silent, 1)]);
    channel
}

async fn is_last(bot: &Bot, channel: &ChannelId, who: &str) -> bool {
    let programme = programme_in(bot, channel).await;
    let store = &bot.parts.engine.context().store;
    let silent = unanswering(&store::reactions(store, &programme.id).await.unwrap());
    silent.contains(&UserId(bot.id(who)))
}

each_store! {
    async fn a_person_who_never_answers_is_asked_last(bot: &mut Bot) {
        let channel = with_a_silent_person(bot, "ben").await;
        assert!(is_last(bot, &channel, "ben").await);
        // The forecast comes true: the others are asked, each five working days before.
        let shown = leads_shown(bot, "ana").await;
        assert!(!shown.contains(&"ben".to_owned()), "{shown:?}");
        let before = announced(bot).len();
        let today = bot.parts.engine.clock.now().date_naive().succ_opt().unwrap().to_string();
        all_but_one_answer(bot, "ben", days(&today, 28)).await;
        let led: Vec<String> = announced(bot)[before..].iter().map(|text| lead_of(text)).collect();
        assert!(led.len() >= 3 && shown.starts_with(&led), "{shown:?} {led:?}");
        assert_eq!(told(bot, LAST), [("ben", 1)], "it is said once");
    }

    async fn one_press_brings_a_silent_person_back(bot: &mut Bot) {
        let channel = with_a_silent_person(bot, "ben").await;
        answers(bot, "ben", "I'm back in").await;
        assert!(!is_last(bot, &channel, "ben").await);
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("Welcome back! I'll ask you to lead the sync in #team")));
        let shown = leads_shown(bot, "ana").await;
        assert!(shown[..3].contains(&"ben".to_owned()), "what they owe has waited: {shown:?}");
        assert!(shown.iter().filter(|lead| *lead == "ben").count() <= 4, "and nothing was added: {shown:?}");
        assert!(!says(bot, "ben", "/sync next").await.contains("I ask you last"));
    }

    async fn next_has_the_way_back_for_the_person_alone(bot: &mut Bot) {
        let channel = with_a_silent_person(bot, "ben").await;
        let words = "Three questions whether you'll lead the sync had no answer, so I ask you last for now.";
        assert!(!says(bot, "cy", "/sync next").await.contains("had no answer"));
        assert!(says(bot, "ben", "/sync next").await.contains(words));
        bot.clicks("ben", "#team", "I'm back in").await;
        assert!(!is_last(bot, &channel, "ben").await);
        // The message in the DM is late, and does no harm.
        answers(bot, "ben", "I'm back in").await;
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("You're in: ")));
    }

    async fn an_offer_to_lead_brings_a_person_back(bot: &mut Bot) {
        let channel = with_a_silent_person(bot, "ben").await;
        says(bot, "ben", "/sync next").await;
        bot.clicks("ben", "#team", "I'll do it").await;
        assert!(!is_last(bot, &channel, "ben").await);
    }

    async fn organisers_and_the_person_read_who_is_asked_last(bot: &mut Bot) {
        with_a_silent_person(bot, "ben").await;
        let words = "@ben is asked last for now, since three questions in a row had no answer.";
        for (who, reads) in [("ana", true), ("ben", true), ("cy", false)] {
            assert_eq!(says(bot, who, "/sync stats").await.contains(words), reads, "{who}");
        }
    }

    async fn people_who_are_asked_last_are_asked_when_all_others_say_no(bot: &mut Bot) {
        let channel = with_a_silent_person(bot, "ben").await;
        for _ in 0..40 {
            let day = bot.parts.engine.clock.now().date_naive().succ_opt().unwrap();
            until(bot, &format!("{day}T18:00")).await;
            for (who, _) in told(bot, ASKS) {
                if who != "ben" {
                    answers(bot, who, "Can't this time").await;
                }
            }
            if told(bot, ASKS).iter().any(|(who, _)| *who == "ben") {
                break;
            }
        }
        answers(bot, "ben", "I'll do it").await;
        assert!(!is_last(bot, &channel, "ben").await, "they have answered");
    }

    async fn the_lead_goes_round_where_no_one_answers(bot: &mut Bot) {
        running(bot, &["ana", "ben", "dee"]).await;
        for day in days("2026-01-05", 100) {
            until(bot, &format!("{day}T20:00")).await;
        }
        let led: Vec<String> = announced(bot).iter().map(|text| lead_of(text)).collect();
        let times = ["ana", "ben", "dee"].map(|who| led.iter().filter(|lead| *lead == who).count());
        let (most, fewest) = (times.iter().max().unwrap(), times.iter().min().unwrap());
        assert!(led.len() >= 12 && most - fewest <= 3, "{led:?}");
    }
}
