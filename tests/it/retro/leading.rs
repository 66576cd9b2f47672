//! Organisers lead a retro on: after a hand-over, after a stop, and with a second press.

use super::{
    closing::some_answer,
    grouping::{fills, groups},
    hiding::channel_reads,
    once::{goes_to_its_end, holds_now},
    sorting::{done, theme},
    voting::{control, revealed, shown_in, starts_vote},
    *,
};

async fn says(bot: &mut Bot, who: &str, typed: &str) -> String {
    let said = bot.says(who, "#team", typed).await.text;
    bot.as_read(&said)
}

/// Has an organiser hide the answer with these words, by the button in the answer to `/retro hide`.
async fn hides_by_word(bot: &mut Bot, who: &str, words: &str) {
    says(bot, who, "/retro hide").await;
    bot.clicks(who, "#team", "Hide an answer").await;
    let form = bot.person(who);
    let modal = form
        .sees_modal()
        .await
        .unwrap_or_else(|| panic!("{who} sees no form: {:?}", bot.reads(who, "#team")));
    let field = modal.blocks.iter().find(|block| block["block_id"] == "hide_1").unwrap();
    let options = field["element"]["options"].as_array().unwrap().iter();
    let labels = options.map(|option| option["text"]["text"].as_str().unwrap().to_owned());
    let chosen: Vec<String> = labels.filter(|label| label.contains(words)).collect();
    assert_eq!(chosen.len(), 1, "{field}");
    assert!(form.fills("hide_1", chosen));
    assert_eq!(form.submits().await, Submission::Updated);
    assert!(shown_in(&form).contains("1 answer is hidden now."), "{}", shown_in(&form));
    form.closes();
    bot.settle().await;
}

async fn stops(bot: &mut Bot, who: &str) {
    says(bot, who, "/retro stop").await;
    bot.clicks(who, "#team", "Stop these retros").await;
    bot.settle().await;
}

each_store! {
    async fn a_new_organiser_can_hide_an_answer_of_a_retro_that_is_done(bot: &mut Bot) {
        done(bot).await;
        says(bot, "ana", "/retro hand over to @ben").await;
        bot.clicks("ana", "#team", "Hand over").await;
        let told = bot.reads_dm("ben").into_iter().find(|text| text.contains("over to you")).expect("ben reads it");
        let told = bot.as_read(&told);
        assert!(told.contains("The retro of Tuesday, 6 January waits for you: type `/retro next` in #team."), "{told}");
        let next = says(bot, "ben", "/retro next").await;
        assert!(next.contains("Next: sort each there by its menu") && next.contains("The retro of Tuesday, 6 January is done: its themes are in #team."), "{next}");
        let dm = bot.user.clone();
        let former = bot.person("ana").reads(&dm);
        assert!(former.iter().any(|message| bot.as_read(&message.text).contains("You've handed the retros in #team over to @ben, who leads them on.")));
        assert!(!former.iter().any(|message| message.has_button("End the vote now") || message.has_button("Show the themes")));
        hides_by_word(bot, "ben", "Lunch").await;
        assert!(!channel_reads(bot).contains("Lunch"), "{}", channel_reads(bot));
        let answer = says(bot, "cy", "/retro hide").await;
        assert!(answer.contains("@ben runs these retros."), "{answer}");
    }

    async fn a_retro_that_is_done_is_found_beside_others(bot: &mut Bot) {
        team(bot, &TEAM).await;
        holds_now(bot, "ben").await;
        goes_to_its_end(bot, "ben").await;
        says(bot, "ana", "/retro start every Tuesday at 10:00 called Weekly").await;
        bot.clicks("ana", "#team", "Start").await;
        bot.settle().await;
        let next = says(bot, "ben", "/retro next").await;
        assert!(next.contains("Next: sort each there by its menu"), "{next}");
        let hide = says(bot, "ben", "/retro hide").await;
        assert!(hide.contains("The answers of the retro of Monday, 5 January are in #team."), "{hide}");
        let history = says(bot, "fay", "/retro history").await;
        assert!(history.contains("6 answers shown"), "{history}");
        // Another's retros are theirs.
        let hide = says(bot, "cy", "/retro hide").await;
        assert!(hide.contains("Only those who run a retro") && hide.contains("@ana runs *Weekly*"), "{hide}");
    }

    async fn the_button_of_a_former_organiser_says_whose_it_is(bot: &mut Bot) {
        revealed(bot).await;
        let hand_over = async |bot: &mut Bot, from: &str, to: &str| {
            let typed = format!("/retro hand over to @{to}");
            says(bot, from, &typed).await;
            bot.clicks(from, "#team", "Hand over").await;
        };
        hand_over(bot, "ana", "cy").await;
        says(bot, "cy", "/retro next").await;
        bot.clicks("cy", "#team", "Group into themes").await;
        let form = bot.person("cy");
        assert!(form.sees_modal().await.is_some());
        fills(&form, "Food", &["Lunch", "Hiring"]).await;
        hand_over(bot, "cy", "ben").await;
        assert_eq!(form.submits().await, Submission::Updated);
        let said = bot.as_read(&form.modal().unwrap().plain());
        assert!(said.contains("@ben runs these retros, so this is theirs or a workspace admin's to do. Nothing was saved"), "{said}");
    }

    async fn an_answer_can_be_hidden_after_a_stop(bot: &mut Bot) {
        revealed(bot).await;
        stops(bot, "ana").await;
        hides_by_word(bot, "ana", "Lunch").await;
        assert!(!channel_reads(bot).contains("Lunch"), "{}", channel_reads(bot));
    }

    async fn an_answer_can_be_hidden_after_a_stop_during_the_vote(bot: &mut Bot) {
        revealed(bot).await;
        starts_vote(bot).await;
        stops(bot, "ana").await;
        let reads = channel_reads(bot);
        assert!(reads.contains("The retro was stopped during its vote, so the votes aren't counted. Its answers stay above."), "{reads}");
        let dm = bot.reads_dm("ana").join("\n");
        assert!(!dm.contains("runs until") && dm.contains("The answers of the retro of Tuesday, 6 January are in #team."), "{dm}");
        let old = control(bot, "Hide an answer");
        hides_by_word(bot, "ana", "Lunch").await;
        assert!(!channel_reads(bot).contains("Lunch"), "{}", channel_reads(bot));
        let ana = bot.person("ana");
        ana.clicks(&old, "Hide an answer").await;
        assert!(ana.sees_modal().await.is_some());
    }

    async fn nothing_of_a_retro_that_was_stopped_unread_can_be_hidden(bot: &mut Bot) {
        open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        stops(bot, "ana").await;
        let said = says(bot, "ana", "/retro hide").await;
        assert!(said.contains("so there's nothing to hide."), "{said}");
    }

    async fn a_second_press_says_what_the_first_one_did(bot: &mut Bot) {
        revealed(bot).await;
        let form = groups(bot, "ana").await;
        fills(&form, "Food", &["Lunch", "Hiring"]).await;
        tokio::join!(form.submits(), form.submits());
        assert!(shown_in(&form).contains("Saved: *Food*, 2 answers."), "{}", shown_in(&form));
        form.closes();
        bot.settle().await;
        let next = with_button(bot, "ana", "Show the themes");
        assert!(next.text.contains("There are 4 themes."), "{}", next.text);
        let form = asks(bot, "ana", &next, "Start the vote").await;
        tokio::join!(form.submits(), form.submits());
        let said = form.modal().unwrap().plain();
        assert!(said.contains("The vote of the retro is on in the channel") || said.contains("The vote is on."), "{said}");
        form.closes();
        bot.settle().await;
        let vote = with_button(bot, "ana", "End the vote now");
        let form = asks(bot, "ana", &vote, "End the vote now").await;
        tokio::join!(form.submits(), form.submits());
        let said = form.modal().unwrap().plain();
        assert!(said.contains("The vote is over. I'm counting"), "{said}");
    }

    async fn a_second_press_of_the_close_says_that_it_closes(bot: &mut Bot) {
        open(bot, &TEAM).await;
        let form = asks(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        tokio::join!(form.submits(), form.submits());
        let said = form.modal().unwrap().plain();
        assert!(said.contains("I'm closing the retro now."), "{said}");
    }

    async fn the_message_about_the_next_step_keeps_to_what_is_true(bot: &mut Bot) {
        revealed(bot).await;
        let next = with_button(bot, "ana", "Show the themes");
        assert!(next.text.contains("There are 5 themes."), "{}", next.text);
        hides_by_word(bot, "ana", "Lunch").await;
        let next = with_button(bot, "ana", "Show the themes");
        assert!(next.text.contains("There are 4 themes."), "{}", next.text);
        surely(bot, "ana", &next, "Show the themes").await;
        bot.settle().await;
        let dm = bot.user.clone();
        let ana = bot.person("ana");
        assert!(!ana.reads(&dm).iter().any(|message| message.has_button("Show the themes")));
        let said = control(bot, "Hide an answer");
        assert!(bot.as_read(&said.text).contains("The retro of Tuesday, 6 January is done: its themes are in #team. Next: sort each there"), "{}", said.text);
        // A late press leads on as well.
        ana.clicks(&next, "Start the vote").await;
        bot.settle().await;
        assert!(ana.reads(&dm).iter().any(|message| message.text.starts_with("This retro is done: its themes") && message.has_button("Hide an answer")));
    }

    async fn a_one_off_that_is_over_is_stopped_by_its_organiser_alone(bot: &mut Bot) {
        team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        goes_to_its_end(bot, "ana").await;
        let said = says(bot, "ben", "/retro stop").await;
        assert!(said.contains("@ana runs these retros."), "{said}");
        stops(bot, "ana").await;
        let told = bot.reads("fay", "#team").pop().unwrap();
        assert!(told.contains("`/retro start` with a new time holds another retro."), "{told}");
    }

    async fn promises_of_ones_own_are_not_told_as_asked_for(bot: &mut Bot) {
        done(bot).await;
        bot.person("ana").picks(&theme(bot, "ana", "Lunch"), "In our hands?", "Ours").await;
        bot.settle().await;
        let ana = bot.person("ana");
        ana.clicks(&theme(bot, "ana", "Lunch"), "Make a promise").await;
        assert!(ana.sees_modal().await.is_some());
        assert!(ana.fills("promised_1", "Buy bread"));
        assert_eq!(ana.submits().await, Submission::Updated);
        ana.closes();
        bot.settle().await;
        assert!(channel_reads(bot).contains("1 promise was made or asked for."), "{}", channel_reads(bot));
    }

    async fn a_second_kind_of_retros_wants_a_name(bot: &mut Bot) {
        team(bot, &TEAM).await;
        let said = says(bot, "ana", "/retro start every Tuesday at 10:00 called Weekly").await;
        assert!(said.contains("Weekly"), "{said}");
        bot.clicks("ana", "#team", "Start").await;
        bot.settle().await;
        bot.says("ben", "#team", "/retro").await;
        bot.clicks("ben", "#team", "Set up another").await;
        let ben = bot.person("ben");
        let form = ben.sees_modal().await.expect("a form");
        assert!(form.blocks.iter().any(|block| block["block_id"] == "name"));
        assert!(ben.fills("when", "every Thursday at 10:00"));
        let Submission::Errors(said) = ben.submits().await else { panic!("{}", shown_in(&ben)) };
        assert_eq!(said["name"], "Retros called \"Weekly\" run in that channel. Give these a name, too.");
    }

    async fn names_and_numbers_are_understood_in_any_order(bot: &mut Bot) {
        team(bot, &TEAM).await;
        for (name, day) in [("Weekly", "Tuesday"), ("Ops", "Thursday")] {
            says(bot, "ana", &format!("/retro start every {day} at 10:00 called {name}")).await;
            bot.clicks("ana", "#team", "Start").await;
            bot.settle().await;
        }
        for typed in ["history weekly 3", "history 3 weekly", "history 3 called Weekly", "history Weekly"] {
            let said = says(bot, "ana", &format!("/retro {typed}")).await;
            assert!(said.starts_with("*The last retros of Weekly in which you were asked*") && !said.contains("Ops"), "{typed}: {said}");
        }
        let said = says(bot, "ana", "/retro move Wekly to Friday").await;
        assert!(!said.contains("No retro is planned"), "{said}");
        let said = says(bot, "ana", "/retro move Tuesday Weekly to Wednesday").await;
        assert!(said.contains("Wednesday"), "{said}");
        assert!(bot.reads("fay", "#team").pop().unwrap().contains("*Weekly*"), "{:?}", bot.reads("fay", "#team").pop());
        let said = says(bot, "ana", "/retro move Weekly to Friday").await;
        assert!(said.starts_with("Which retro?") && said.contains("The next ones:"), "{said}");
    }

    async fn more_time_is_not_offered_where_it_helps_no_one(bot: &mut Bot) {
        let people = &TEAM[..5];
        team(bot, people).await;
        starts(bot, &["1", "2", "3"]).await;
        comes_to(bot, "open").await;
        let later: Vec<&str> = people.iter().copied().filter(|who| question(bot, who).is_none()).collect();
        let gone = later.last().copied().unwrap_or_else(|| panic!("all were asked at once"));
        says(bot, gone, "/retro leave").await;
        bot.settle().await;
        comes_to(bot, "count").await;
        let told = bot.reads_dm("ana").into_iter().find(|text| text.contains("people answer it, and")).map(|text| bot.as_read(&text));
        let told = told.expect("ana reads that too few can answer");
        assert!(told.contains("is shown only if 5 people answer it, and 4 can: so what is written there is deleted unread, and more time doesn't help."), "{told}");
    }
}
