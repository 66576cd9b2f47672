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

/// Ten people who fill their fields.
const TALKATIVE: [&str; 10] = ["ana", "ben", "cy", "dee", "eve", "fay", "gil", "hal", "ida", "joe"];

/// One of their lines: so long that one message holds only some of them.
fn long_line(who: &str, at: usize) -> String {
    format!("{who}{at} {} {at}{who} ends", "x".repeat(570))
}

/// Returns what the form shows.
fn shown_in(form: &PersonHandle) -> String {
    form.modal().unwrap().blocks.iter().map(ToString::to_string).collect()
}

/// Chooses the answer that begins so to be hidden, on the page that is open.
fn hides(form: &PersonHandle, begins: &str) -> bool {
    let modal = form.modal().unwrap();
    modal.blocks.iter().filter(|block| block["type"] == "input").any(|field| {
        let labels = field["element"]["options"]
            .as_array()
            .unwrap()
            .iter()
            .map(|option| option["text"]["text"].as_str().unwrap());
        let mut fitting = labels.filter(|label| label.contains(&format!(" {begins} ")));
        fitting.next().is_some_and(|label| form.fills(field["block_id"].as_str().unwrap(), vec![label]))
    })
}

each_store! {
    async fn every_answer_is_read_whole_and_can_be_hidden(bot: &mut Bot) {
        open(bot, &TALKATIVE).await;
        for who in TALKATIVE {
            let lines: Vec<String> = (0..5).map(|at| long_line(who, at)).collect();
            answers(bot, who, &[("1", &lines.join("\n"))]).await;
        }
        comes_to(bot, "close").await;
        let form = reviews(bot).await;
        assert!(shown_in(&form).contains("*Page 1 of 2*. The last one has *Reveal*."), "{}", shown_in(&form));
        let first = shown_in(&form);
        let hidden_first = (0..5).map(|at| format!("ben{at}")).find(|begins| hides(&form, begins));
        assert_eq!(form.submits().await, Submission::Updated);
        let second = shown_in(&form);
        assert!(second.contains("*Page 2 of 2*"), "{second}");
        for (who, at) in TALKATIVE.iter().flat_map(|who| (0..5).map(move |at| (*who, at))) {
            let pages = [&first, &second].into_iter().filter(|page| page.contains(&long_line(who, at)));
            assert_eq!(pages.count(), 1, "{who} {at}");
        }
        // Back to the first page, which still has what was chosen there, and what is chosen here is kept, too.
        let hidden_second = (0..5).map(|at| format!("cy{at}")).find(|begins| hides(&form, begins));
        form.clicks_in_modal("Earlier answers").await;
        bot.eventually("the first page is back", || async { shown_in(&form).contains("*Page 1 of 2*") }).await;
        assert_eq!(shown_in(&form).contains("_(hidden)_"), hidden_first.is_some());
        assert_eq!(form.submits().await, Submission::Updated);
        assert_eq!(shown_in(&form).contains("_(hidden)_"), hidden_second.is_some());
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle_within(chrono::Duration::minutes(5)).await;
        let posts = bot.person("fay").reads("#team");
        let head = posts.iter().rfind(|post| post.text.starts_with(":mirror: *What should we start doing?*")).unwrap();
        assert!(head.text.contains("more answers follow in the thread. Talk about it in the thread."), "{}", head.text);
        let thread: Vec<&slack_sandbox::Message> = posts.iter().filter(|post| post.thread_ts.as_ref() == Some(&head.ts) && post.ts != head.ts).collect();
        let last = thread.last().unwrap();
        assert!(thread.len() >= 2 && last.text.ends_with(" to 50 of 50."), "{}", last.text);
        let all = posts.iter().map(|post| post.text.as_str()).collect::<Vec<_>>().join("\n");
        let hidden: Vec<String> = hidden_first.into_iter().chain(hidden_second).collect();
        for (who, at) in TALKATIVE.iter().flat_map(|who| (0..5).map(move |at| (*who, at))) {
            let is_hidden = hidden.contains(&format!("{who}{at}"));
            assert_eq!(all.matches(&long_line(who, at)).count(), usize::from(!is_hidden), "{who} {at}");
        }
        assert_eq!(all.matches("• _hidden by the organiser_").count(), hidden.len());
        // Nothing of it is kept with the presses.
        let kept = "SELECT COUNT(*) FROM processed_delivery WHERE reply LIKE '%xxxxx%'";
        assert_eq!(bot.parts.engine.store.ask(kept, Vec::new()).await.unwrap()[0][0].int(), Some(0));
        let history = bot.says("ana", "#team", "/retro history").await.text;
        let shown = 50 - hidden.len();
        assert!(history.contains(&format!("{shown} answers shown, 10 people were asked")), "{history}");
    }

    async fn several_people_are_thanked_for_one_answer(bot: &mut Bot) {
        open_with(bot, &TEAM, &["1"]).await;
        let form = opens(bot, "ben", "Answer with your name").await;
        let words = format!("The demo, thanks to @cy and @fay, {} to the end", "and on ".repeat(120));
        assert!(form.fills("prompt_3", words.as_str()));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        comes_to(bot, "close").await;
        reveals(bot).await;
        let offer = bot.person("ben").reads_dm().pop().unwrap();
        assert!(offer.has_button("Thank @Cy") && offer.has_button("Thank @Fay"), "{}", offer.text);
        for button in ["Thank @Fay", "Thank @Cy"] {
            bot.person("ben").clicks(&offer, button).await;
            bot.settle().await;
        }
        let given = reads_team(bot, "fay", ":tada: ");
        assert_eq!(given.len(), 2, "{given:?}");
        assert!(given.iter().all(|text| text.trim_end().ends_with("to the end")), "{given:?}");
        assert!(bot.as_read(&given[0]).contains("thanks @fay") && bot.as_read(&given[1]).contains("thanks @cy"), "{given:?}");
    }

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
        assert!(shown[0].ends_with("From the retro: 6 people answered, anonymous, in random order. Talk about it in the thread.\nThe retro of Tuesday, 6 January."), "{}", shown[0]);
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
        assert!(bot.reads_dm("ben").pop().unwrap().starts_with("@ana runs these retros, so this is theirs"), "{:?}", bot.reads_dm("ben"));
        assert!(message.has_button("Read and reveal"));
    }

    async fn of_two_reveals_one_counts(bot: &mut Bot) {
        closed(bot).await;
        let form = reviews(bot).await;
        let (one, other) = tokio::join!(form.submits(), form.submits());
        bot.settle().await;
        assert_eq!(reads_team(bot, "fay", ":mirror: *What should we start doing?*").len(), 1, "{one:?} {other:?}");
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
        assert!(bot.as_read(&offer.text).contains("In the retro of Tuesday, 6 January in #team, you named people"), "{}", offer.text);
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
