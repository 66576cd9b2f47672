//! Organisers put answers together, one theme at a time.

use super::{
    answering::sends_form,
    voting::{control, first_lines, revealed, shown_in, themes_shown},
    *,
};

/// Opens the form of themes.
pub async fn groups(bot: &Bot, who: &str) -> PersonHandle {
    let person = bot.person(who);
    person.clicks(&control(bot, "Group into themes"), "Group into themes").await;
    assert!(person.sees_modal().await.is_some(), "{who} sees no form: {:?}", bot.reads_dm(who));
    person
}

/// Returns the block whose name begins so.
pub fn field(form: &PersonHandle, begins: &str) -> String {
    let modal = form.modal().unwrap();
    let mut names = modal.blocks.iter().filter_map(|block| block["block_id"].as_str());
    names.find(|name| name.starts_with(begins)).expect("a field").to_owned()
}

/// Fills in a theme: its name, and the answers that are found by these words.
pub async fn fills(form: &PersonHandle, name: &str, answers: &[&str]) {
    assert!(form.fills(&field(form, "theme_name_"), name));
    let answers_field = field(form, "retro:theme_answers_");
    let offered = form.looks_in_modal(&answers_field, "").await.raw["options"].clone();
    let offered = offered.as_array().expect("options");
    let is_meant = |option: &&serde_json::Value| answers.iter().any(|words| option["text"]["text"] == *words);
    let chosen: Vec<serde_json::Value> = offered.iter().filter(is_meant).cloned().collect();
    assert_eq!(chosen.len(), answers.len(), "{offered:?}");
    assert!(form.fills(&answers_field, chosen), "{}", shown_in(form));
}

/// Returns what the form says of themes, and of the answers that stand by themselves.
fn parts(form: &PersonHandle) -> (String, String) {
    let shown = shown_in(form);
    let (themes, alone) = shown.split_once("By themselves:").expect("answers by themselves");
    (themes.to_owned(), alone.to_owned())
}

each_store! {
    async fn answers_are_put_together_by_hand(bot: &mut Bot) {
        revealed(bot).await;
        let form = groups(bot, "ana").await;
        assert!(shown_in(&form).contains("By themselves:") && shown_in(&form).contains("*: 2 answers"), "{}", shown_in(&form));
        fills(&form, "Time & <space>", &["Lunch", "Hiring"]).await;
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("Saved: *Time &amp; &lt;space&gt;*, 2 answers."), "{}", shown_in(&form));
        // An answer moves to another theme, and a theme of which all are taken out is gone.
        fills(&form, "Desks", &["A <new> desk", "Lunch"]).await;
        assert_eq!(form.submits().await, Submission::Updated);
        let modal = form.modal().unwrap();
        let options = modal.blocks.iter().find(|block| block["block_id"] == field(&form, "retro:theme_choice_")).unwrap()["element"]["options"].clone();
        let labels: Vec<String> = options.as_array().unwrap().iter().map(|option| option["text"]["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!((labels.len(), labels[0].as_str()), (4, "A new theme"), "{labels:?}");
        let same = labels.iter().find(|label| label.to_lowercase().contains("too many")).unwrap();
        form.picks_in_modal(&field(&form, "retro:theme_choice_"), same.as_str()).await;
        bot.eventually("the form has the theme", || async { shown_in(&form).contains("Take all of them out") }).await;
        let before = field(&form, "retro:theme_choice_");
        assert!(form.fills(&field(&form, "retro:theme_answers_"), Vec::<String>::new()));
        assert_eq!(form.submits().await, Submission::Updated);
        // Slack keeps what was chosen in a field of the same name, and that theme is gone.
        assert_ne!(field(&form, "retro:theme_choice_"), before);
        assert!(shown_in(&form).contains("is gone; its answers stand by themselves."), "{}", shown_in(&form));
        form.closes();
        surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
        bot.settle().await;
        let shown = themes_shown(bot);
        assert_eq!(first_lines(&shown)[1], ":mirror: *1. Desks*", "{shown:?}");
        assert_eq!(shown[0].lines().count(), 8, "{}", shown[0]);
        assert!(shown[0].contains("Time &amp; &lt;space&gt;"), "{}", shown[0]);
    }

    async fn an_answer_that_is_left_of_a_theme_stands_by_itself(bot: &mut Bot) {
        revealed(bot).await;
        let form = groups(bot, "ana").await;
        let (themes, _) = parts(&form);
        assert_eq!(themes.matches(": 2 answers").count(), 1, "{themes}");
        // One of the two that say nearly the same moves to another theme.
        fills(&form, "Meetings", &["too many meetings!", "Lunch"]).await;
        assert_eq!(form.submits().await, Submission::Updated);
        let (themes, alone) = parts(&form);
        assert!(themes.contains("*Meetings*: 2 answers") && !themes.contains(": 1 answer"), "{themes}");
        assert!(alone.to_lowercase().contains("• too many meetings"), "{alone}");
    }

    async fn of_two_organisers_one_saves(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let form = groups(bot, "ana").await;
        fills(&form, "Food", &["Lunch"]).await;
        let (one, other) = tokio::join!(form.submits(), form.submits());
        assert_eq!([&one, &other], [&Submission::Updated; 2]);
        form.closes();
        let form = groups(bot, "ana").await;
        assert_eq!(shown_in(&form).matches("*Food*: 1 answer").count(), 1, "{}", shown_in(&form));
        // The retro is done while the form is open.
        fills(&form, "", &["Hiring"]).await;
        let retro = last_retro(bot, &channel).await.id;
        sends_form(bot, "ana", "retro:finish_sure", &retro, &[]).await;
        bot.settle().await;
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("This retro is done: its themes are in the channel."), "{}", shown_in(&form));
    }

    async fn a_theme_needs_answers_and_a_short_name(bot: &mut Bot) {
        revealed(bot).await;
        let form = groups(bot, "ana").await;
        let Submission::Errors(errors) = form.submits().await else { panic!("a theme without answers") };
        let told: Vec<&String> = errors.values().collect();
        assert_eq!(told, ["Please complete this required field."]);
        fills(&form, " \u{200b}", &["Lunch"]).await;
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("Saved: *Lunch*, 1 answer."), "{}", shown_in(&form));
    }
}
