//! When retros open and close, and whom that leaves out.

use chrono::{Datelike as _, Duration, Weekday};
use serde_json::json;

use super::*;

/// Has ana start retros in `#team` with the form, open for so many days, and returns what the preview says.
async fn starts_for(bot: &mut Bot, times: &str, days: &str, fills: &[(&str, serde_json::Value)]) -> String {
    let ana = bot.person("ana");
    ana.says("#team", "/retro").await;
    ana.sees_modal().await.expect("a form");
    assert!(ana.fills("when", times) && ana.fills("days", days));
    for (field, value) in fills {
        assert!(ana.fills(field, value.clone()), "{field}");
    }
    assert_eq!(ana.submits().await, Submission::Updated);
    let preview = ana.modal().unwrap().blocks.iter().map(ToString::to_string).collect::<String>();
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
    bot.as_read(&preview)
}

async fn retros_held(bot: &Bot, channel: &ChannelId) -> Vec<Retro> {
    let programme = programme_in(bot, channel).await;
    store::retros(&read_store(bot), &programme.id, 20).await.unwrap()
}

each_store! {
    async fn daily_retros_follow_each_other(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts_for(bot, "every weekday at 10:00", "1", &[]).await;
        for _ in 0..12 {
            comes_to(bot, "open").await;
        }
        let held = retros_held(bot, &channel).await;
        let days: Vec<i64> = held.windows(2).map(|two| (two[0].date - two[1].date).num_days()).collect();
        assert!(days.len() >= 5 && days.iter().all(|days| [1, 3].contains(days)), "{days:?}");
        assert!(!bot.reads_dm("ana").iter().any(|text| text.contains("wasn't held")), "{:?}", bot.reads_dm("ana"));
    }

    async fn a_retro_closes_when_the_next_begins(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let preview = starts_for(bot, "every Tuesday at 10:00", "14", &[]).await;
        assert!(preview.contains("One retro is open at a time, so the first closes when the next begins, Tuesday, 13 January at 10:00, \
            and not after 14 days."), "{preview}");
        assert!(preview.contains("you have time until the next one begins to answer"), "{preview}");
        comes_to(bot, "open").await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!((retro.closes_at - retro.opened_at).num_days(), 7);
        let ana = bot.person("ana");
        ana.clicks(&with_button(bot, "ana", "Extend by a weekday"), "Extend by a weekday").await;
        bot.settle().await;
        assert!(bot.reads_dm("ana").iter().any(|text| bot.as_read(text).starts_with("The next retro begins Tuesday, 13 January at 10:00")), "{:?}", bot.reads_dm("ana"));
        assert_eq!(last_retro(bot, &channel).await.closes_at, retro.closes_at);
        comes_to(bot, "open").await;
        comes_to(bot, "open").await;
        assert!(retros_held(bot, &channel).await.len() >= 2);
    }

    async fn no_retro_closes_on_a_weekend(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts_for(bot, "every Friday at 16:00", "2", &[]).await;
        comes_to(bot, "open").await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!((retro.closes_at.weekday(), retro.asked), (Weekday::Mon, 6));
    }

    async fn organisers_hear_of_too_few_once_people_had_time(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts_for(bot, "every Tuesday at 10:00", "1", &[]).await;
        comes_to(bot, "open").await;
        let warned = |bot: &Bot| bot.reads_dm("ana").into_iter().find(|text| text.contains("so far not every anonymous prompt has 5 answers"));
        assert_eq!(warned(bot), None);
        comes_to(bot, "count").await;
        let now = bot.parts.engine.clock.now();
        assert!(now - last_retro(bot, &channel).await.opened_at >= Duration::hours(3));
        assert!(warned(bot).is_some(), "{:?}", bot.reads_dm("ana"));
    }

    async fn a_pause_with_an_end_ends(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        bot.says("ana", "#team", "/retro pause until 20 January").await;
        bot.settle().await;
        comes_to(bot, "resume").await;
        assert_eq!(reads_team(bot, "fay", ":mirror: The pause of the retros is over.").len(), 1, "{:?}", bot.reads("fay", "#team"));
        assert!(bot.says("ana", "#team", "/retro status").await.text.contains("Next retro"));
        comes_to(bot, "open").await;
        assert!(last_retro(bot, &channel).await.takes_answers(bot.parts.engine.clock.now()));
    }

    async fn retros_for_some_are_announced_as_such(bot: &mut Bot) {
        team(bot, &TEAM).await;
        let chosen = [("retro:people", json!([bot.id("ben"), bot.id("cy")])), ("threshold", json!("3"))];
        let preview = starts_for(bot, "every Tuesday at 10:00", "3", &chosen).await;
        assert!(preview.contains("Now, to 6 people in #team"), "{preview}");
        assert!(preview.contains("With fewer than 3 people I ask no one") && !preview.contains("It's time for"), "{preview}");
        let announced = bot.as_read(&bot.reads("fay", "#team").pop().unwrap());
        assert!(announced.contains("I'll ask only @ben and @cy, each in a message of their own"), "{announced}");
        let status = bot.says("ben", "#team", "/retro status").await.text;
        assert!(status.contains("With fewer than 3 people I ask no one"), "{status}");
        let left = bot.says("fay", "#team", "/retro leave").await.text;
        assert!(left.starts_with("Nothing has changed: these retros are for"), "{left}");
        let noted = bot.says("fay", "#team", "/retro note The review").await.text;
        assert!(noted.contains("you aren't one of them") && noted.contains("nothing is noted"), "{noted}");
    }

    async fn those_who_left_are_counted_among_the_chosen(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        bot.says("fay", "#team", "/retro leave").await;
        let noted = bot.says("fay", "#team", "/retro note The review").await.text;
        assert!(noted.starts_with("You've left these retros, so a note couldn't come back to you"), "{noted}");
        bot.says("ana", "#team", "/retro").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("retro:people", json!([bot.id("ben"), bot.id("cy"), bot.id("fay")])));
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = ana.modal().unwrap().blocks.iter().map(ToString::to_string).collect::<String>();
        assert!(preview.contains("1 person you chose has left before"), "{preview}");
    }

    async fn a_retro_of_too_few_says_who_is_missing(bot: &mut Bot) {
        team(bot, &TEAM[..5]).await;
        starts(bot, &["1"]).await;
        bot.says("cy", "#team", "/retro skip").await;
        comes_to(bot, "open").await;
        let told = bot.reads_dm("ana").pop().unwrap();
        assert!(told.contains("4 people would be asked") && told.contains("1 other is away, skips it, or doesn't work while it's open."), "{told}");
    }

    async fn who_is_back_in_time_is_asked(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        bot.says("fay", "#team", "/retro away 6 January").await;
        comes_to(bot, "open").await;
        assert_eq!(last_retro(bot, &channel).await.asked, 6);
        assert!(question(bot, "fay").is_none());
        all_are_asked(bot, &TEAM).await;
    }
}
