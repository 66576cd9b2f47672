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

/// Returns what a person's form carries that opens by this button of the question now.
pub(super) async fn carried(bot: &mut Bot, who: &str, button: &str) -> String {
    let form = opens(bot, who, button).await;
    let carried = form.modal().unwrap().private_metadata;
    form.closes();
    carried
}

/// Returns what is in the slots that have an answer.
async fn in_slots(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let slots = store::slots(&read_store(bot), &last_retro(bot, channel).await.id).await.unwrap();
    slots.into_iter().map(|slot| slot.words).collect()
}

/// What an older form is told.
const OLDER: &str = "You've sent something else since you opened this form, so nothing has changed yet.";

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
        let keys = carried(bot, "ana", "Answer").await;
        for _ in 0..2 {
            let body = sends_form(bot, "ana", "retro:anonymous", &keys, &[("prompt_1", "Less mail")]).await;
            assert!(body.contains("1 answer is saved, without your name."), "{body}");
        }
        let slots = store::slots(&read_store(bot), &last_retro(bot, &channel).await.id).await.unwrap();
        assert_eq!(slots.len(), 1);
    }

    async fn an_older_form_replaces_nothing_unsaid(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let form = opens(bot, "ana", "Answer").await;
        let both = form.modal().unwrap().private_metadata;
        assert!(form.fills("prompt_1", "Older\nwords") && form.fills("prompt_2", "Meetings"));
        // The same form is open on the phone.
        let body = sends_form(bot, "ana", "retro:anonymous", &both, &[("prompt_1", "Newer")]).await;
        assert!(body.contains("1 answer is saved"), "{body}");
        assert_eq!(form.submits().await, Submission::Updated);
        assert_eq!(in_slots(bot, &channel).await, ["Newer"]);
        let shown = form.modal().unwrap().blocks.iter().map(ToString::to_string).collect::<String>();
        assert!(shown.contains(OLDER) && shown.contains("_Sent meanwhile:_\\n>Newer"), "{shown}");
        assert_eq!((written(&form, "1"), written(&form, "2")), ("Older\nwords".to_owned(), "Meetings".to_owned()));
        // Now it's said.
        assert_eq!(form.submits().await, Submission::Updated);
        let mut slots = in_slots(bot, &channel).await;
        slots.sort_unstable();
        assert_eq!(slots, ["Meetings", "Older\nwords"]);
    }

    async fn a_form_delivered_again_brings_nothing_back(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let first = carried(bot, "ana", "Answer").await;
        for (keys, words) in [(first.clone(), "Less mail"), (String::new(), "More tea"), (String::new(), "")] {
            let keys = if keys.is_empty() { carried(bot, "ana", "Answer").await } else { keys };
            let body = sends_form(bot, "ana", "retro:anonymous", &keys, &[("prompt_1", words)]).await;
            assert!(!body.contains(OLDER), "{body}");
        }
        // Slack delivers the first one again, hours later, when the answer is withdrawn.
        let body = sends_form(bot, "ana", "retro:anonymous", &first, &[("prompt_1", "Less mail")]).await;
        assert!(body.contains(OLDER) && body.contains("_no answer_"), "{body}");
        assert_eq!(in_slots(bot, &channel).await, Vec::<String>::new());
        // A form that holds what is written changes nothing, however old it is.
        let body = sends_form(bot, "ana", "retro:anonymous", &first, &[("prompt_1", " ")]).await;
        assert!(body.contains("There's nothing of yours in these prompts now."), "{body}");
    }

    async fn of_two_forms_at_once_one_is_saved(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let keys = carried(bot, "ana", "Answer").await;
        let (of_one, of_other) = ([("prompt_1", "Less mail")], [("prompt_1", "More tea")]);
        let (one, other) = tokio::join!(
            sends_form(bot, "ana", "retro:anonymous", &keys, &of_one),
            sends_form(bot, "ana", "retro:anonymous", &keys, &of_other),
        );
        assert_eq!([&one, &other].into_iter().filter(|body| body.contains("1 answer is saved")).count(), 1, "{one} {other}");
        assert_eq!([&one, &other].into_iter().filter(|body| body.contains(OLDER)).count(), 1, "{one} {other}");
        let kept = in_slots(bot, &channel).await;
        assert_eq!(kept, [if one.contains("is saved") { "Less mail" } else { "More tea" }]);
    }

    async fn an_older_form_with_a_name_waits_too(bot: &mut Bot) {
        let channel = open_with(bot, &TEAM, &["1"]).await;
        let retro = last_retro(bot, &channel).await.id;
        let first = carried(bot, "ben", "Answer with your name").await;
        for _ in 0..2 {
            let body = sends_form(bot, "ben", "retro:named", &first, &[("prompt_3", "The demo")]).await;
            assert!(body.contains("1 answer is saved with your name."), "{body}");
        }
        let body = sends_form(bot, "ben", "retro:named", &first, &[("prompt_3", "The cake"), ("prompt_2", "Mail")]).await;
        assert!(body.contains(OLDER) && body.contains(">The demo"), "{body}");
        let named = store::named_words(&read_store(bot), &retro).await.unwrap();
        assert_eq!(named, [("3".to_owned(), bot.id("ben").as_str().into(), "The demo".to_owned())]);
    }

    async fn all_answers_to_a_prompt_take_the_same_room(bot: &mut Bot) {
        let channel = open_with(bot, &TEAM, &["1", "2"]).await;
        let slots = "SELECT CAST(MIN(OCTET_LENGTH(words)) AS BIGINT), CAST(MAX(OCTET_LENGTH(words)) AS BIGINT) FROM retro_slot WHERE place = '1'";
        let named = "SELECT CAST(MIN(OCTET_LENGTH(words)) AS BIGINT), CAST(MAX(OCTET_LENGTH(words)) AS BIGINT) FROM retro_named WHERE place = '3'";
        let rooms = async |bot: &Bot, sql: &'static str| {
            let rows = bot.parts.engine.store.ask(sql, Vec::new()).await.unwrap();
            [rows[0][0].int().unwrap(), rows[0][1].int().unwrap()]
        };
        assert_eq!((rooms(bot, slots).await, rooms(bot, named).await), ([256; 2], [256; 2]));
        let long = ["🎉".repeat(700), "x".repeat(900)].join("\n");
        for (button, field) in [("Answer anonymously", "prompt_1"), ("Answer with your name", "prompt_3")] {
            for (who, words) in [("ben", "Less mail"), ("cy", &long), ("dee", "More tea"), ("cy", "")] {
                let form = opens(bot, who, button).await;
                assert!(form.fills(field, words));
                assert_eq!(form.submits().await, Submission::Updated);
                form.closes();
            }
        }
        assert_eq!((rooms(bot, slots).await, rooms(bot, named).await), ([4_096; 2], [4_096; 2]));
        let mut kept = in_slots(bot, &channel).await;
        kept.sort_unstable();
        assert_eq!(kept, ["Less mail", "More tea"]);
        // Two grow it at once, and both are in.
        let (bens, dees) = (carried(bot, "ben", "Answer anonymously").await, carried(bot, "dee", "Answer anonymously").await);
        let longer = |letter: &str| [letter.repeat(990), letter.repeat(990), letter.repeat(990)].join("\n").replace('e', "é");
        let (ben, dee) = (longer("e"), longer("d"));
        let (of_ben, of_dee) = ([("prompt_1", ben.as_str())], [("prompt_1", dee.as_str())]);
        let (one, other) = tokio::join!(
            sends_form(bot, "ben", "retro:anonymous", &bens, &of_ben),
            sends_form(bot, "dee", "retro:anonymous", &dees, &of_dee),
        );
        assert!(one.contains("3 answers are saved") && other.contains("3 answers are saved"), "{one} {other}");
        assert_eq!(rooms(bot, slots).await, [8_192; 2]);
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
            let keys = carried(bot, "ana", "Answer").await;
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
