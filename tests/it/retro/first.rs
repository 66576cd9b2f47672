//! A first retro by people who have read nothing: one command, and then what the messages offer.

use super::{
    voting::{shown_in, themes_shown, vote_message},
    *,
};

/// What a person does: types, presses, fills in and sends.
#[derive(Default)]
struct Acts(usize);

impl Acts {
    /// Presses a button of the newest message of a place, which has to offer it, and returns the form that opens.
    async fn presses(&mut self, bot: &mut Bot, who: &str, button: &str) -> PersonHandle {
        let person = bot.person(who);
        let newest = person.reads_dm().into_iter().rev().find(|message| !message.blocks.is_empty()).unwrap();
        assert!(newest.has_button(button), "{who}'s newest message has no {button}: {}", newest.text);
        person.clicks(&newest, button).await;
        self.0 += 1;
        assert!(person.sees_modal().await.is_some(), "{who} sees no form: {:?}", bot.reads_dm(who));
        person
    }

    /// Sends a form and closes what it becomes.
    async fn sends(&mut self, bot: &mut Bot, form: &PersonHandle) {
        assert_eq!(form.submits().await, Submission::Updated, "{}", shown_in(form));
        self.0 += 1;
        form.closes();
        bot.settle().await;
    }
}

each_store! {
    async fn a_first_retro_needs_no_reading(bot: &mut Bot) {
        team(bot, &TEAM).await;
        let mut organiser = Acts::default();
        // The only command that is typed. The form stands as it comes, and its preview leads on.
        let ana = bot.person("ana");
        ana.says("#team", "/retro").await;
        assert!(ana.sees_modal().await.is_some());
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        organiser.0 += 3;
        comes_to(bot, "open").await;
        all_are_asked(bot, &TEAM).await;
        let mut each = Acts::default();
        for (at, who) in TEAM.into_iter().enumerate() {
            let mut acts = Acts::default();
            let question = question(bot, who).unwrap();
            for (button, field) in [("Answer anonymously", "prompt_1"), ("Answer with your name", "prompt_3")] {
                assert!(question.has_button(button), "{}", question.text);
                let person = bot.person(who);
                person.clicks(&question, button).await;
                assert!(person.sees_modal().await.is_some());
                assert!(person.fills(field, ["Lunch together", "A quiet room", "Fewer meetings"][at % 3]));
                acts.0 += 2;
                acts.sends(bot, &person).await;
            }
            each = acts;
        }
        comes_to(bot, "close").await;
        let form = organiser.presses(bot, "ana", "Read and reveal").await;
        organiser.sends(bot, &form).await;
        let form = organiser.presses(bot, "ana", "Start the vote").await;
        organiser.sends(bot, &form).await;
        for who in TEAM {
            let message = vote_message(bot, who);
            let person = bot.person(who);
            person.clicks(&message, "Vote").await;
            assert!(person.sees_modal().await.is_some());
            super::voting::chooses(&person, &["Lunch together"]);
            each.0 += usize::from(who == "fay") * 2;
            if who == "fay" { each.sends(bot, &person).await } else { Acts::default().sends(bot, &person).await }
        }
        let form = organiser.presses(bot, "ana", "End the vote now").await;
        organiser.sends(bot, &form).await;
        let shown = themes_shown(bot);
        assert!(shown[1].starts_with(":mirror: *1. Lunch together*: 6 votes"), "{shown:?}");
        // The last step is below each theme, as the organiser's newest message says.
        let told = bot.reads_dm("ana").pop().unwrap();
        assert!(told.contains("The themes are in") || told.contains("the themes are in"), "{told}");
        assert!(told.contains("*In our hands?*"), "{told}");
        let top = |bot: &Bot, who: &str| {
            let is_it = |message: &slack_sandbox::Message| message.text.starts_with(":mirror: *1. Lunch together*");
            bot.person(who).reads("#team").into_iter().find(is_it).expect("the theme is shown")
        };
        bot.person("ana").picks(&top(bot, "ana"), "In our hands?", "Ours").await;
        bot.settle().await;
        organiser.0 += 1;
        assert!(top(bot, "fay").has_button("Make a promise"), "{}", top(bot, "fay").text);
        // What it takes, so that it doesn't become more unnoticed.
        assert_eq!((organiser.0, each.0), (10, 9));
    }
}
