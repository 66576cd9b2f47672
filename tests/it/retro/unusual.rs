//! Answers, themes and forms as no one means them.

use rondo::{
    rituals::retro::plan::State,
    store::{programmes, unit::UnitOfWork},
};

use super::{
    grouping::{field, fills, groups},
    voting::{control, first_lines, revealed, shown_in, starts_vote, themes_shown},
    *,
};
use crate::support::gestures::{FORM, payload_form};

/// Sends a form as an attacker does who knows the wire.
async fn forges(
    bot: &mut Bot,
    who: &str,
    callback: &str,
    private: &str,
    values: &serde_json::Value,
) -> String {
    let (team, user) = (bot.sandbox.team_id(), bot.id(who));
    let payload = serde_json::json!({
        "type": "view_submission", "team": { "id": team }, "user": { "id": user, "team_id": team },
        "trigger_id": format!("{callback}.{private}.{}", values.to_string().len()),
        "view": {
            "id": "V1", "type": "modal", "callback_id": callback, "private_metadata": private,
            "state": { "values": values },
        },
    });
    let answered = bot.sends("/slack/interactions", FORM, payload_form(&payload).as_bytes()).await;
    bot.settle().await;
    answered.body
}

fn chosen(field: &str, value: &str) -> serde_json::Value {
    let option = serde_json::json!({ "text": { "type": "plain_text", "text": "x" }, "value": value });
    serde_json::json!({ field: { field: { "type": "static_select", "selected_option": option } } })
}

async fn answers_of(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let retro = last_retro(bot, channel).await;
    let answers = store::answers(&read_store(bot), &retro.id).await.unwrap();
    let mut words: Vec<String> = answers.into_iter().map(|answer| answer.words).collect();
    words.sort();
    words
}

/// People enough for 500 answers.
const CROWD: usize = 100;
/// Five of these, each on its line, fill a field.
const LENGTH: usize = 599;

each_store! {
    async fn odd_letters_are_answers_too(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let odd = ["🎉🎉", "\u{202e}desrever si sihT\u{202c}", "<script>alert(1)</script>", "*_~`bold`~_*", "<!here> <@U1> <#C1|x>", "مرحبا ✅"];
        for (who, words) in TEAM.iter().zip(odd) {
            answers(bot, who, &[("1", words)]).await;
        }
        comes_to(bot, "close").await;
        let kept = answers_of(bot, &channel).await;
        assert!(kept.contains(&"🎉🎉".to_owned()) && kept.contains(&"مرحبا ✅".to_owned()), "{kept:?}");
        assert!(!kept.iter().any(|words| words.contains(['\u{202e}', '\u{202c}'])), "a direction doesn't reach into the next answer: {kept:?}");
        reveals(bot).await;
        let shown = reads_team(bot, "fay", ":mirror: *What should we start doing?*").remove(0);
        assert!(shown.contains("• 🎉🎉") && shown.contains("&lt;!here&gt; &lt;@U1&gt;") && shown.contains("&lt;script&gt;"), "{shown}");
        presses_and_shows(bot).await;
        let shown = themes_shown(bot);
        assert_eq!(shown.len(), 6, "{shown:?}");
        assert!(!shown.iter().any(|text| text.contains("<!here>") || text.contains("<@U1>")), "{shown:?}");
    }

    async fn too_many_and_too_long_answers_are_told(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let form = opens(bot, "ben", "Answer").await;
        assert!(form.fills("prompt_1", "a\nb\nc\nd\ne\nf") && form.fills("prompt_2", "x".repeat(1_001)));
        let Submission::Errors(errors) = form.submits().await else { panic!("six answers") };
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["prompt_1", "prompt_2"]);
        assert!(form.fills("prompt_1", " \u{200b}\n\u{202e}\n") && form.fills("prompt_2", "x".repeat(1_000)));
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("1 answer is saved"), "{}", shown_in(&form));
        let retro = last_retro(bot, &channel).await;
        assert_eq!(store::slots(&read_store(bot), &retro.id).await.unwrap().len(), 1);
    }

    async fn a_form_counts_after_its_person_left_the_channel(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        for who in ["ana", "ben", "cy", "dee"] {
            answers(bot, who, &[("1", &format!("Idea of {who}"))]).await;
        }
        let form = opens(bot, "eve", "Answer").await;
        assert!(form.fills("prompt_1", "My last word"));
        bot.sandbox.kick("team", "eve");
        bot.settle().await;
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("1 answer is saved"), "she was asked: {}", shown_in(&form));
        form.closes();
        comes_to(bot, "close").await;
        assert!(answers_of(bot, &channel).await.contains(&"My last word".to_owned()));
    }

    async fn an_erased_persons_form_is_refused(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        answers(bot, "ben", &[("1", "Before")]).await;
        let form = opens(bot, "ben", "Answer").await;
        assert!(form.fills("prompt_1", "After"));
        let ben = bot.id("ben").as_str().into();
        let data = rondo::engine::person::PersonData::of(&bot.parts.engine);
        assert!(data.erase(&ben, &[], false).await.unwrap().is_clean);
        form.submits().await;
        bot.settle().await;
        let retro = last_retro(bot, &channel).await;
        let slots = store::slots(&read_store(bot), &retro.id).await.unwrap();
        assert_eq!(slots.into_iter().map(|slot| slot.words).collect::<Vec<_>>(), ["Before"]);
    }

    async fn long_answers_are_read_in_full(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let long = |who: &str| format!("{} the end of {who}", "word ".repeat(195));
        for who in TEAM {
            answers(bot, who, &[("1", &[long(who), long(who)].join("\n"))]).await;
        }
        comes_to(bot, "close").await;
        let form = opens(bot, "ana", "Read and reveal").await;
        assert_eq!(shown_in(&form).matches("the end of fay").count(), 2, "{}", shown_in(&form));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        let shown = bot.reads("fay", "#team").concat();
        assert_eq!(shown.matches("the end of ").count(), 12);
        assert_eq!(answers_of(bot, &channel).await.len(), 12);
    }

    async fn two_organisers_reveal_once(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", &format!("Idea of {who}"))]).await;
        }
        comes_to(bot, "close").await;
        let ana = opens(bot, "ana", "Read and reveal").await;
        let engine = bot.parts.engine.clone();
        let mut programme = programme_in(bot, &channel).await;
        programme.organisers.push(bot.id("ben").as_str().into());
        let mut unit = UnitOfWork::new();
        programmes::hand_over(&mut unit, &engine.team, &programme).unwrap();
        engine.store.commit(unit).await.unwrap();
        bot.says("ben", "#team", "/retro next").await;
        let ben = bot.person("ben");
        bot.clicks("ben", "#team", "Read and reveal").await;
        assert!(ben.sees_modal().await.is_some());
        let (one, other) = tokio::join!(ana.submits(), ben.submits());
        bot.settle().await;
        assert_eq!((one, other), (Submission::Updated, Submission::Updated));
        assert_eq!(reads_team(bot, "fay", ":mirror: *What should we start doing?*").len(), 1);
        let told = [shown_in(&ana), shown_in(&ben)];
        assert!(told.iter().any(|text| text.contains("prompt is shown in <#")), "{told:?}");
        assert_eq!(last_retro(bot, &channel).await.state, State::Revealed);
    }

    async fn a_form_that_slack_finds_changed_can_be_used_again(bot: &mut Bot) {
        revealed(bot).await;
        let form = groups(bot, "ana").await;
        let modal = form.modal().unwrap();
        let theme = field(&form, "retro:theme_choice_");
        let options = modal.blocks.iter().find(|block| block["block_id"] == theme.as_str()).unwrap()["element"]["options"].clone();
        let label = options[1]["text"]["text"].as_str().unwrap().to_owned();
        bot.sandbox.faults().fail("views.update", 1, "hash_conflict");
        form.picks_in_modal(&theme, label.as_str()).await;
        bot.settle().await;
        assert!(!shown_in(&form).contains("Take all of them out"));
        form.picks_in_modal(&theme, label.as_str()).await;
        bot.eventually("the form has the theme", || async { shown_in(&form).contains("Take all of them out") }).await;
        bot.expects_refusals();
    }

    async fn a_retro_of_hidden_answers_ends(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", "An attack")]).await;
        }
        comes_to(bot, "close").await;
        let form = opens(bot, "ana", "Read and reveal").await;
        let modal = form.modal().unwrap();
        let field = modal.blocks.iter().find(|block| block["block_id"] == "hide_1").unwrap();
        let options = field["element"]["options"].as_array().unwrap().iter();
        let all: Vec<serde_json::Value> = options.map(|option| option["value"].clone()).collect();
        assert!(form.fills("hide_1", all));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        surely(bot, "ana", &with_button(bot, "ana", "End the retro"), "End the retro").await;
        assert_eq!(reads_team(bot, "fay", ":mirror: The retro is done. No answer is shown, so there are no themes.").len(), 1);
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
    }

    async fn forged_forms_change_nothing(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let retro = last_retro(bot, &channel).await;
        let before = store::themes::grouped(&read_store(bot), &retro.id).await.unwrap();
        // A theme of an answer that isn't of this retro, and a form of another release.
        let private = format!("{} {} new", retro.id, retro.version);
        let field = format!("retro:theme_answers_{}_new", retro.version);
        let option = serde_json::json!({ "text": { "type": "plain_text", "text": "x" }, "value": "nothing" });
        let values = serde_json::json!({ &field: { &field: { "type": "multi_external_select", "selected_options": [option] } } });
        let told = forges(bot, "ana", "retro:grouped", &private, &values).await;
        assert!(told.contains("Choose at least one answer."), "{told}");
        for private in ["", "x", "x 1", "x 1 y", &format!("{} -1 new", retro.id)] {
            forges(bot, "ana", "retro:grouped", private, &values).await;
        }
        assert_eq!(store::themes::grouped(&read_store(bot), &retro.id).await.unwrap(), before);
        // More votes than there are, and an end that isn't offered: as usual instead.
        forges(bot, "ana", "retro:vote_setup", &retro.id, &chosen("votes", "99")).await;
        let voting = last_retro(bot, &channel).await;
        assert_eq!((voting.state, voting.vote.unwrap().budget.votes()), (State::Voting, 3));
        // A ballot with a theme of nowhere, and one of a person who wasn't asked.
        forges(bot, "ben", "retro:ballot", &retro.id, &chosen("vote_1", "nothing")).await;
        forges(bot, "gus", "retro:ballot", &retro.id, &chosen("vote_1", "nothing")).await;
        assert!(store::voting::ballots(&read_store(bot), &retro.id).await.unwrap().is_empty());
    }

    async fn a_theme_may_have_any_name(bot: &mut Bot) {
        revealed(bot).await;
        let form = groups(bot, "ana").await;
        fills(&form, "🎉 \u{202e}*<!here>* `x`", &["Lunch"]).await;
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        starts_vote(bot).await;
        let asked = reads_team(bot, "fay", ":mirror: *What should we talk about?*").pop().unwrap();
        assert!(asked.contains("🎉") && !asked.contains("<!here>") && !asked.contains('\u{202e}'), "{asked}");
        surely(bot, "ana", &with_button(bot, "ana", "End the vote now"), "End the vote now").await;
        assert!(first_lines(&themes_shown(bot)).iter().any(|line| line.contains("🎉")), "{:?}", themes_shown(bot));
    }
}

async fn presses_and_shows(bot: &mut Bot) {
    surely(bot, "ana", &control(bot, "Show the themes"), "Show the themes").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_long_answers_are_shown() {
    let mut own = Bot::on_sqlite().await;
    let bot = &mut own;
    let names: Vec<String> = (0..CROWD).map(|number| format!("crowd{number}")).collect();
    let mut people: Vec<&str> = vec!["ana"];
    people.extend(names.iter().map(String::as_str));
    let channel = team(bot, &people).await;
    starts(bot, &["1", "2", "3"]).await;
    comes_to(bot, "open").await;
    for _ in 0..10 {
        if people.iter().all(|who| question(bot, who).is_some()) {
            break;
        }
        comes_to(bot, "ask").await;
    }
    for (at, who) in names.iter().enumerate() {
        let form = opens(bot, who, "Answer").await;
        let line = |number: usize| {
            format!("{at} {number} {}", "wide ".repeat(LENGTH / 5)).chars().take(LENGTH).collect::<String>()
        };
        let lines: Vec<String> = (0..5).map(line).collect();
        assert!(form.fills("prompt_1", lines.join("\n")));
        assert_eq!(form.submits().await, Submission::Updated, "{who}");
        form.closes();
    }
    comes_to(bot, "close").await;
    assert_eq!(answers_of(bot, &channel).await.len(), 5 * CROWD);
    let form = opens(bot, "ana", "Read and reveal").await;
    let mut listed = 0;
    while form.modal().unwrap().blocks.iter().any(|block| block["label"]["text"] == "Hide") {
        let modal = form.modal().unwrap();
        let fields = modal.blocks.iter().filter(|block| block["label"]["text"] == "Hide");
        listed += fields.map(|block| block["element"]["options"].as_array().unwrap().len()).sum::<usize>();
        assert_eq!(form.submits().await, Submission::Updated);
    }
    assert_eq!(listed, 5 * CROWD, "each can be hidden");
    form.closes();
    bot.settle_within(chrono::Duration::hours(1)).await;
    let shown = reads_team(bot, "ana", ":mirror: *What should we start doing?*");
    assert!(
        shown[0].contains("100 people answered") && shown[0].contains("more answers follow in the thread."),
        "{}",
        shown[0]
    );
    let posts = bot.reads("ana", "#team");
    let lines = posts
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| line.starts_with("• ") && line.len() > LENGTH);
    let lines: std::collections::BTreeSet<&str> = lines.collect();
    assert!(lines.len() == 5 * CROWD && lines.iter().all(|line| !line.ends_with('…')), "{}", lines.len());
    let form = groups(bot, "ana").await;
    form.closes();
    presses_and_shows(bot).await;
    let retro = last_retro(bot, &channel).await;
    let themes = store::themes::grouped(&read_store(bot), &retro.id).await.unwrap().themes;
    assert!((1..=40).contains(&themes.len()), "{}", themes.len());
    assert_eq!(retro.state, State::Done);
    bot.settle_within(chrono::Duration::hours(2)).await;
    bot.expects_refusals();
    own.finish().await;
}
