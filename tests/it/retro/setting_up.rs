//! The form that sets retros up, and what people read before the first one.

use super::*;

/// Returns the labels of the boxes for the prompts of a deck, and of those that are ticked.
fn boxes(form: &PersonHandle, deck: &str) -> (Vec<String>, usize) {
    let modal = form.modal().unwrap();
    let field = format!("anonymous_{deck}");
    let block = modal.blocks.iter().find(|block| block["block_id"] == field.as_str());
    let element = &block.unwrap_or_else(|| panic!("{:?}", modal.blocks))["element"];
    let label = |option: &serde_json::Value| option["text"]["text"].as_str().unwrap().to_owned();
    let labels = element["options"].as_array().unwrap().iter().map(label).collect();
    (labels, element["initial_options"].as_array().map_or(0, Vec::len))
}

each_store! {
    async fn another_deck_shows_its_prompts(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let ana = bot.person("ana");
        ana.says("#team", "/retro").await;
        ana.sees_modal().await.expect("a form");
        assert_eq!(boxes(&ana, "start-stop-continue").0[0], "1. What should we start doing?");
        assert!(ana.fills("when", "every Tuesday at 10:00") && ana.fills("days", "7"));
        ana.picks_in_modal("retro:deck", "Glad, sad, mad").await;
        bot.eventually("the form shows the other deck", || async {
            ana.modal().unwrap().blocks.iter().any(|block| block["block_id"] == "anonymous_glad-sad-mad")
        }).await;
        let (labels, ticked) = boxes(&ana, "glad-sad-mad");
        assert_eq!((labels[0].as_str(), labels.len(), ticked), ("1. What made you glad? You can name the people behind it.", 3, 2));
        assert!(ana.fills("anonymous_glad-sad-mad", vec!["1"]));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let settings = programme_in(bot, &channel).await.settings;
        assert_eq!(settings, r#"{"v":1,"deck":"glad-sad-mad","named":[2,3],"days":7}"#, "what was typed before stays");
    }

    async fn a_changed_deck_keeps_its_channel(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        bot.says("ana", "#team", "/retro").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        ana.picks_in_modal("retro:deck", "Partnership stock-take").await;
        bot.eventually("the form shows the other deck", || async {
            ana.modal().unwrap().blocks.iter().any(|block| block["block_id"] == "anonymous_partnership")
        }).await;
        assert!(ana.modal().unwrap().blocks.iter().any(|block| block.to_string().contains(&format!("In <#{channel}>"))));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(programme_in(bot, &channel).await.settings, r#"{"v":1,"deck":"partnership","days":3}"#);
    }

    async fn the_channel_reads_that_a_retro_began(bot: &mut Bot) {
        open_with(bot, &TEAM, &["1", "2"]).await;
        let began = reads_team(bot, "ben", ":mirror: The retro has begun:");
        assert_eq!(began, [":mirror: The retro has begun: I'm asking everyone here who takes part (6 people), each in their own hours. \
            It's open until Friday, 9 January at 10:00. Each prompt says whether answers to it are anonymous or shown with names."]);
    }

    async fn just_enough_people_are_told_beforehand(bot: &mut Bot) {
        team(bot, &TEAM[..5]).await;
        let preview = bot.says("ana", "#team", START).await;
        assert!(preview.text.contains("An anonymous prompt is shown only if all 5 of them answer it."), "{}", preview.text);
        bot.clicks("ana", "#team", "Start").await;
        comes_to(bot, "open").await;
        let told = bot.reads_dm("ana").into_iter().find(|text| text.contains("I'm asking 5 people")).unwrap();
        assert!(told.contains("only if all 5 of them answer it"), "{told}");
    }

    async fn those_who_were_asked_hear_of_the_end(bot: &mut Bot) {
        open(bot, &TEAM).await;
        answers(bot, "ben", &[("1", "Less mail")]).await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.settle().await;
        for who in TEAM {
            let told = bot.reads_dm(who).pop().unwrap();
            assert!(told.starts_with(":mirror: The retro of #team has ended before its time"), "{who}: {told}");
        }
        assert!(question(bot, "ben").is_none(), "it has no buttons any more");
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with(":mirror: The retro of Tuesday, 6 January in #team was stopped while it was open, so nothing more goes in.")));
    }
}
