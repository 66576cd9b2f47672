//! People answer, change and withdraw, until the retro closes.

use serde_json::json;

use super::*;
use crate::support::gestures::{FORM, payload_form};

/// Sends a form as Slack does, with anything in it, and returns the answer's body.
pub(super) async fn sends_form(
    bot: &Bot,
    who: &str,
    callback: &str,
    private: &str,
    fields: &[(&str, &str)],
) -> String {
    let values: serde_json::Map<String, serde_json::Value> = fields
        .iter()
        .map(|(name, value)| {
            ((*name).to_owned(), json!({ *name: { "type": "plain_text_input", "value": value } }))
        })
        .collect();
    let payload = json!({
        "type": "view_submission", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": format!("{}.form", bot.parts.engine.clock.now().timestamp_millis()),
        "view": { "id": "V1", "hash": "1", "callback_id": callback, "private_metadata": private,
            "state": { "values": values },
            "blocks": fields.iter().map(|(name, _)| json!({ "type": "input", "block_id": name })).collect::<Vec<_>>() },
    });
    let answered = bot.sends("/slack/interactions", FORM, payload_form(&payload).as_bytes()).await;
    assert_eq!(answered.status, 200);
    answered.body
}

/// Returns what the form shows at a prompt.
pub(super) fn written(form: &PersonHandle, place: &str) -> String {
    let modal = form.modal().unwrap();
    let field = modal.blocks.iter().find(|block| block["block_id"] == format!("prompt_{place}")).unwrap();
    field["element"]["initial_value"].as_str().unwrap_or_default().to_owned()
}

each_store! {
    async fn an_answer_can_be_changed_and_withdrawn(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        answers(bot, "ana", &[("1", "Less mail\n\nMore tea"), ("2", "Meetings")]).await;
        let form = opens(bot, "ana", "Answer").await;
        assert_eq!((written(&form, "1"), written(&form, "2")), ("Less mail\nMore tea".to_owned(), "Meetings".to_owned()));
        assert!(form.fills("prompt_1", "Less mail") && form.fills("prompt_2", ""));
        assert_eq!(form.submits().await, Submission::Updated);
        let slots = store::slots(&read_store(bot), &last_retro(bot, &channel).await.id).await.unwrap();
        assert_eq!(slots.iter().map(|slot| slot.words.as_str()).collect::<Vec<_>>(), ["Less mail"]);
        let form = opens(bot, "ana", "Answer").await;
        assert_eq!(written(&form, "2"), "");
        // Nothing of it is in the DM.
        assert!(bot.reads_dm("ana").iter().all(|text| !text.contains("Less mail")));
    }

    async fn a_form_sent_twice_counts_once(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let keys = keys_of(bot, "ana").expose();
        for _ in 0..2 {
            let body = sends_form(bot, "ana", "retro:anonymous", &keys, &[("prompt_1", "Less mail")]).await;
            assert!(body.contains("1 answer is saved, without your name."), "{body}");
        }
        let slots = store::slots(&read_store(bot), &last_retro(bot, &channel).await.id).await.unwrap();
        assert_eq!(slots.len(), 1);
    }

    async fn forged_forms_save_nothing(bot: &mut Bot) {
        let channel = open(bot, &["ana", "ben", "cy", "dee", "eve"]).await;
        let keys = keys_of(bot, "ana");
        let retro = last_retro(bot, &channel).await;
        let forged = format!("{} 1:{}", retro.id, "0".repeat(32));
        let exchanged = keys.expose().replace(" 1:", " 9:").replace(" 2:", " 1:").replace(" 9:", " 2:");
        for private in [forged.as_str(), exchanged.as_str(), "", &retro.id, "nothing 1:zz"] {
            let body = sends_form(bot, "ana", "retro:anonymous", private, &[("prompt_1", "Less mail")]).await;
            assert!(body.contains("I can't match this form with your message"), "{private}: {body}");
        }
        // All or nothing: one key fits, the other doesn't.
        let half = format!("{} 1:{} 2:{}", retro.id, keys.of("1").unwrap().expose(), "f".repeat(32));
        let fields = [("prompt_1", "Less mail"), ("prompt_2", "Meetings")];
        let body = sends_form(bot, "ana", "retro:anonymous", &half, &fields).await;
        assert!(body.contains("I can't match this form"), "{body}");
        // A person who was not asked, even with a key that fits.
        let body = sends_form(bot, "gus", "retro:anonymous", &keys.expose(), &[("prompt_1", "Less mail")]).await;
        assert!(body.contains("You weren't asked in this retro"), "{body}");
        assert!(store::slots(&read_store(bot), &retro.id).await.unwrap().is_empty());
    }

    async fn answers_have_bounds(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let keys = keys_of(bot, "ana").expose();
        let (long, many) = ("x".repeat(1_001), "a\nb\nc\nd\ne\nf".to_owned());
        for (typed, told) in [(long, "longer than 1000 characters"), (many, "That's 6 answers")] {
            let body = sends_form(bot, "ana", "retro:anonymous", &keys, &[("prompt_1", &typed), ("prompt_2", "Fine")]).await;
            assert!(body.contains(told) && body.contains("prompt_1") && !body.contains("prompt_2"), "{body}");
        }
        let retro = last_retro(bot, &channel).await;
        assert!(store::slots(&read_store(bot), &retro.id).await.unwrap().is_empty(), "nothing is cut, nothing is saved");
        let odd = ["🎉", "<!channel> *b* `c` <@U1>", "\u{202e}evil", " \u{200b} "];
        for (at, words) in odd.iter().enumerate() {
            sends_form(bot, "ana", "retro:anonymous", &keys, &[("prompt_3", words)]).await;
            let slots = store::slots(&read_store(bot), &retro.id).await.unwrap();
            assert_eq!(slots.len(), usize::from(at < 3), "{words}");
        }
    }

    async fn skipping_says_so_and_notes_nothing(bot: &mut Bot) {
        open(bot, &TEAM).await;
        let dm = bot.user.clone();
        bot.clicks("ana", &dm, "Skip this time").await;
        bot.eventually("ana reads that it's fine", || async { bot.reads_dm("ana").pop().unwrap().starts_with("That's fine. I note nothing") }).await;
        assert!(question(bot, "ana").is_some(), "the message stays");
        answers(bot, "ana", &[("1", "After all")]).await;
    }

    async fn named_answers_have_a_form_of_their_own(bot: &mut Bot) {
        let channel = open_with(bot, &TEAM, &["1", "2"]).await;
        let asked = bot.as_read(&question(bot, "ben").unwrap().text);
        assert!(asked.contains("3. What went well and should go on? You can name the people who made it work. _(with your name)_") && asked.ends_with("An answer with your name is shown with it in the channel."), "{asked}");
        let form = opens(bot, "ben", "Answer with your name").await;
        assert!(form.fills("prompt_3", "The short syncs") && !form.fills("prompt_1", "Not here"));
        assert_eq!(form.submits().await, Submission::Updated);
        let form = opens(bot, "ben", "Answer with your name").await;
        assert_eq!(written(&form, "3"), "The short syncs");
        form.closes();
        let form = opens(bot, "ben", "Answer anonymously").await;
        assert!(form.fills("prompt_1", "Less mail") && !form.fills("prompt_3", "Not here"));
        assert_eq!(form.submits().await, Submission::Updated);
        let retro = last_retro(bot, &channel).await;
        let named = store::named_words(&read_store(bot), &retro.id).await.unwrap();
        assert_eq!(named, [("3".to_owned(), bot.id("ben").as_str().into(), "The short syncs".to_owned())]);
    }

    async fn an_answer_after_the_close_is_not_in(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let keys = keys_of(bot, "ana").expose();
        let form = opens(bot, "ana", "Answer").await;
        assert!(form.fills("prompt_1", "Too late"));
        let closes = last_retro(bot, &channel).await.closes_at;
        // The close is due, and its run hasn't come yet.
        bot.sandbox.clock().advance_to(closes.timestamp_millis());
        let Submission::Errors(said) = form.submits().await else { panic!("it's too late") };
        assert!(said["prompt_1"].starts_with("This retro has closed, so this isn't saved."), "{said:?}");
        bot.settle().await;
        let body = sends_form(bot, "ana", "retro:anonymous", &keys, &[("prompt_1", "Too late")]).await;
        assert!(body.contains("This retro has closed"), "{body}");
        assert!(store::answers(&read_store(bot), &last_retro(bot, &channel).await.id).await.unwrap().is_empty());
    }
}
