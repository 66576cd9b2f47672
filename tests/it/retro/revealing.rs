//! The organiser reads the answers first, hides what attacks a person, and shows the rest.

use super::*;

/// Opens a retro whose first prompt all of the team answer, and closes it.
async fn closed(bot: &mut Bot) -> ChannelId {
    let channel = open(bot, &TEAM).await;
    for who in TEAM {
        answers(bot, who, &[("1", &format!("Idea of {who}\n<!channel> & more of {who}"))]).await;
    }
    comes_to(bot, "close").await;
    channel
}

async fn reviews(bot: &mut Bot) -> PersonHandle {
    opens(bot, "ana", "Read and reveal").await
}

each_store! {
    async fn answers_are_shown_without_names(bot: &mut Bot) {
        closed(bot).await;
        let form = reviews(bot).await;
        assert_eq!(form.submits().await, Submission::Updated);
        bot.settle().await;
        let shown = reads_team(bot, "fay", ":mirror: *What should we start doing?*");
        assert_eq!(shown.len(), 1);
        let lines: Vec<&str> = shown[0].lines().filter(|line| line.starts_with("• ")).collect();
        assert_eq!(lines.len(), 12, "{}", shown[0]);
        assert!(shown[0].contains("• &lt;!channel&gt; &amp; more of ben"), "{}", shown[0]);
        assert!(shown[0].ends_with("From the retro: 6 people answered, anonymous, in random order. Talk about it in the thread."), "{}", shown[0]);
        // What one person wrote doesn't stand together.
        let together = TEAM.iter().filter(|who| {
            let at = |text: String| lines.iter().position(|line| line.contains(&text)).unwrap();
            at(format!("Idea of {who}")).abs_diff(at(format!("more of {who}"))) == 1
        });
        assert!(together.count() < TEAM.len());
    }

    async fn a_hidden_answer_shows_as_hidden(bot: &mut Bot) {
        closed(bot).await;
        let form = reviews(bot).await;
        let modal = form.modal().unwrap();
        let field = modal.blocks.iter().find(|block| block["block_id"] == "hide_1").unwrap();
        let options = field["element"]["options"].as_array().unwrap();
        let bens = options.iter().find(|option| option["text"]["text"].as_str().unwrap().ends_with("Idea of ben")).unwrap();
        assert!(form.fills("hide_1", vec![bens["text"]["text"].as_str().unwrap()]));
        assert_eq!(form.submits().await, Submission::Updated);
        bot.settle().await;
        let shown = reads_team(bot, "fay", ":mirror: *What should we start doing?*").pop().unwrap();
        assert!(shown.contains("• _hidden by the organiser_") && !shown.contains("Idea of ben"), "{shown}");
    }

    async fn only_organisers_read_them(bot: &mut Bot) {
        let channel = closed(bot).await;
        let retro = last_retro(bot, &channel).await;
        let message = bot.person("ana").reads_dm().pop().unwrap();
        let press = serde_json::json!({
            "type": "block_actions", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id("ben") },
            "trigger_id": "1.2.ben", "response_url": serde_json::Value::Null,
            "actions": [{ "action_id": "retro:review", "value": retro.id }],
        });
        let body = crate::support::gestures::payload_form(&press);
        bot.sends("/slack/interactions", crate::support::gestures::FORM, body.as_bytes()).await;
        bot.settle().await;
        assert!(bot.person("ben").modal().is_none());
        assert!(bot.reads_dm("ben").pop().unwrap().starts_with("@ana runs these retros."), "{:?}", bot.reads_dm("ben"));
        assert!(message.has_button("Read and reveal"));
    }

    async fn of_two_reveals_one_counts(bot: &mut Bot) {
        closed(bot).await;
        let form = reviews(bot).await;
        let (one, other) = tokio::join!(form.submits(), form.submits());
        bot.settle().await;
        assert_eq!(reads_team(bot, "fay", ":mirror: *What should we start doing?*").len(), 1, "{one:?} {other:?}");
        let dm = bot.user.clone();
        bot.clicks("ana", &dm, "Read and reveal").await;
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("These answers are in the channel already")));
        let history = bot.says("ana", "#team", "/retro history").await;
        assert_eq!(bot.as_read(&history.text), "*The last retros in which you were asked*\n• Tuesday, 6 January: 12 answers shown, 6 people were asked");
    }

    async fn a_named_answer_becomes_a_kudos(bot: &mut Bot) {
        open_with(bot, &TEAM, &["1"]).await;
        for (who, words) in [("ben", "The demo, thanks to @cy and @ben\nThe cake"), ("cy", "The <notes> of @fay"), ("dee", "All of it")] {
            let form = opens(bot, who, "Answer with your name").await;
            assert!(form.fills("prompt_3", words) && form.fills("prompt_2", "@eve is late"));
            assert_eq!(form.submits().await, Submission::Updated);
            form.closes();
        }
        for who in TEAM {
            let form = opens(bot, who, "Answer anonymously").await;
            assert!(form.fills("prompt_1", "As @gus does"));
            assert_eq!(form.submits().await, Submission::Updated);
            form.closes();
        }
        comes_to(bot, "close").await;
        let form = reviews(bot).await;
        let modal = form.modal().unwrap();
        let field = modal.blocks.iter().find(|block| block["block_id"] == "hide_3").unwrap();
        let options = field["element"]["options"].as_array().unwrap();
        let cys = options.iter().find(|option| option["text"]["text"].as_str().unwrap().contains("<notes>")).unwrap();
        assert!(form.fills("hide_3", vec![cys["text"]["text"].as_str().unwrap()]));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        for who in TEAM.into_iter().filter(|who| *who != "ben") {
            assert!(!bot.reads_dm(who).iter().any(|text| text.contains("thank them with kudos")), "{who}");
        }
        let offer = bot.person("ben").reads_dm().pop().unwrap();
        assert!(bot.as_read(&offer.text).contains("In the retro of #team, you named people"), "{}", offer.text);
        assert!(offer.has_button("Thank @Cy") && !offer.has_button("Thank @Ben"));
        let ben = bot.person("ben");
        for _ in 0..2 {
            ben.clicks(&offer, "Thank @Cy").await;
            bot.settle().await;
        }
        let given = reads_team(bot, "fay", ":tada: ");
        assert_eq!(given.len(), 1, "{given:?}");
        assert!(given[0].contains("Ben* thanks") && given[0].ends_with("The demo, thanks to @cy and @ben"), "{given:?}");
    }
}
