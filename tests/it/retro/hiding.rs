//! An organiser hides an answer that the channel has read already.

use rondo::{cli::ledger::LedgerFormat, rituals::retro::plan::State};

use super::{
    keeping::exported,
    sorting::{done, sorts, theme},
    voting::{control, revealed, shown_in, starts_vote, themes_shown, vote_message, votes},
    *,
};

/// Has ana choose the answers that contain these words, and no others, in the form behind *Hide an answer*.
async fn hides(bot: &mut Bot, words: &[&str]) -> String {
    let form = opens(bot, "ana", "Hide an answer").await;
    assert!(
        shown_in(&form).contains("Hide one only if it attacks a person: I edit my messages"),
        "{}",
        shown_in(&form)
    );
    let modal = form.modal().unwrap();
    let field = modal.blocks.iter().find(|block| block["block_id"] == "hide_1").unwrap();
    let options = field["element"]["options"].as_array().unwrap().iter();
    let labels = options.map(|option| option["text"]["text"].as_str().unwrap());
    let chosen: Vec<&str> = labels.filter(|label| words.iter().any(|words| label.contains(words))).collect();
    assert_eq!(chosen.len(), words.len(), "{field}");
    assert!(form.fills("hide_1", chosen));
    assert_eq!(form.submits().await, Submission::Updated);
    let said = form.modal().unwrap().plain();
    form.closes();
    bot.settle().await;
    said
}

/// Returns all that the channel reads now.
pub(super) fn channel_reads(bot: &Bot) -> String {
    bot.reads("fay", "#team").join("\n")
}

each_store! {
    async fn an_answer_is_hidden_after_the_reveal(bot: &mut Bot) {
        let channel = revealed(bot).await;
        assert!(channel_reads(bot).contains("• Lunch"));
        let said = hides(bot, &["Lunch"]).await;
        assert!(said.contains("1 answer is hidden now. I'm editing my messages in the channel."), "{said}");
        assert!(!channel_reads(bot).contains("Lunch") && channel_reads(bot).contains("• _hidden by the organiser_"), "{}", channel_reads(bot));
        let history = bot.says("fay", "#team", "/retro history").await.text;
        assert!(history.contains("5 answers shown"), "{history}");
        // It's no theme any more, and comes back when it is shown again.
        starts_vote(bot).await;
        assert!(!vote_message(bot, "ben").text.contains("Lunch"));
        let said = hides(bot, &[]).await;
        assert!(said.contains("No answer is hidden now."), "{said}");
        assert!(channel_reads(bot).contains("• Lunch"));
        let said = hides(bot, &[]).await;
        assert!(said.contains("Nothing has changed."), "{said}");
        assert_eq!(last_retro(bot, &channel).await.state, State::Voting);
    }

    async fn an_answer_is_hidden_while_a_vote_runs(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        for who in ["ana", "ben", "cy", "dee", "eve"] {
            assert_eq!(votes(bot, who, &["Lunch", "Hiring"]).await, Submission::Updated);
        }
        hides(bot, &["Lunch"]).await;
        assert!(!channel_reads(bot).contains("Lunch"), "{}", channel_reads(bot));
        comes_to(bot, "votes").await;
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
        assert!(!channel_reads(bot).contains("Lunch"), "{}", channel_reads(bot));
        assert!(themes_shown(bot)[1].starts_with(":mirror: *1. Hiring*: 5 votes"), "{:?}", themes_shown(bot));
        assert!(bot.reads_dm("ana").iter().any(|text| text.contains("The vote of the retro of Tuesday, 6 January is over, and the themes are in")), "{:?}", bot.reads_dm("ana"));
    }

    async fn themes_follow_what_is_hidden(bot: &mut Bot) {
        done(bot).await;
        sorts(bot, "ana", "Lunch", "Ours").await;
        let ours = theme(bot, "ben", "Lunch");
        hides(bot, &["Lunch", "Too many meetings"]).await;
        let shown = channel_reads(bot);
        assert!(!shown.contains("Lunch") && !shown.contains("Too many meetings"), "{shown}");
        // The other answer of that theme stays.
        assert!(shown.contains("too many meetings!") && shown.contains("Hidden by the organiser*"), "{shown}");
        assert!(shown.contains("An organiser has hidden or shown an answer since."), "{shown}");
        bot.person("ben").clicks(&ours, "Make a promise").await;
        bot.settle().await;
        assert!(bot.reads("ben", "#team").iter().any(|text| text.starts_with("The answers of this theme are deleted or hidden by now")), "{:?}", bot.reads("ben", "#team").last());
        let exported = exported(bot, None, LedgerFormat::Csv).await;
        assert!(!exported.contains("Lunch") && exported.contains("too many meetings!"), "{exported}");
    }

    async fn only_organisers_hide(bot: &mut Bot) {
        revealed(bot).await;
        let message = control(bot, "Hide an answer");
        let person = bot.person("ben");
        person.clicks(&message, "Hide an answer").await;
        bot.settle().await;
        assert!(person.modal().is_none());
    }
}
