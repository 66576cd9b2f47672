//! A ritual that only describes its programmes gets all that manages them: it starts, changes, pauses and stops in its own
//! words.

mod walks;

use std::collections::BTreeMap;

use rondo::{
    common::setup::SetupStep,
    model::{
        event::{Action, Command, FieldValue, Reply, Submission},
        failure::Failure,
        message::{Block, Message, Modal},
        people::ChannelId,
    },
    ritual::{Answer, Context, Ritual as _},
    store::{programmes::Programme, unit::Outcome},
};

use self::walks::{NAME, PACE, Walks};
use crate::{each_store, support::Bot};

/// Words of coffee, which another ritual's people must never read.
const FOREIGN: [&str; 4] = ["coffee", "Coffee", "chat", "round"];

/// Returns the reply to an answer whose unit is committed first, as the engine does it.
async fn concluded(bot: &Bot, mut answer: Result<Answer<'_>, Failure>) -> Reply {
    loop {
        let Answer { unit, reply, declined, .. } = match answer {
            Ok(answer) => answer,
            Err(Failure::Refuse(message)) => return Reply::Ephemeral(*message),
            Err(failure) => panic!("{failure:?}"),
        };
        match bot.parts.engine.store.commit(unit).await.unwrap() {
            Outcome::Committed(_) => return reply,
            Outcome::Refused(guard) => answer = declined.expect("an answer for this")(guard).await,
        }
    }
}

/// Returns the reply to a command of this person in `#general`.
async fn types(bot: &mut Bot, who: &str, text: &str) -> Reply {
    let context = bot.parts.engine.context();
    let command = Command {
        user: bot.id(who).as_str().into(),
        user_name: None,
        channel: bot.general().as_str().into(),
        name: "/walk".to_owned(),
        text: text.to_owned(),
        trigger: String::new(),
        response_url: "https://hooks.slack.test/1".to_owned(),
    };
    let reply = concluded(bot, Walks.on_command(&context, command).await).await;
    bot.settle().await;
    reply
}

/// Returns the reply to a press of a button in `#general`.
async fn presses(bot: &mut Bot, who: &str, (action, value): (String, String)) -> Reply {
    let context = bot.parts.engine.context();
    let action = Action {
        user: bot.id(who).as_str().into(),
        user_name: None,
        channel: Some(bot.general().as_str().into()),
        action,
        value,
        chosen: None,
        fields: BTreeMap::new(),
        message: None,
        view: None,
        trigger: String::new(),
        response_url: None,
    };
    let reply = concluded(bot, Walks.on_action(&context, action).await).await;
    bot.settle().await;
    reply
}

/// Returns the reply to a form or a preview that ana sends.
async fn sends(
    bot: &mut Bot,
    context: &Context,
    step: SetupStep,
    modal: &Modal,
    answers: &[(&str, &str)],
) -> Reply {
    let text = |(field, text): &(&str, &str)| ((*field).to_owned(), FieldValue::Text((*text).to_owned()));
    let submission = Submission {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        callback: step.action(NAME),
        private: modal.private.clone(),
        answers: answers.iter().map(text).collect(),
        first_field: Some("when".to_owned()),
        view: "V1".to_owned(),
        hash: String::new(),
        trigger: String::new(),
    };
    let reply = concluded(bot, Walks.on_submission(context, submission).await).await;
    bot.settle().await;
    reply
}

/// Returns the text of a message to the person alone.
fn text(reply: &Reply) -> String {
    let (Reply::Ephemeral(message) | Reply::Replace(message)) = reply else { panic!("{reply:?}") };
    in_own_words(message.text.as_str())
}

/// Returns a text that names nothing of another ritual.
fn in_own_words(text: &str) -> String {
    for foreign in FOREIGN {
        assert!(!text.contains(foreign), "{foreign:?} in {text:?}");
    }
    text.to_owned()
}

fn modal(reply: Reply) -> Modal {
    let (Reply::Open(modal) | Reply::Update(modal)) = reply else { panic!("{reply:?}") };
    for block in &modal.blocks {
        if let Block::Text(words) | Block::Context(words) = block {
            in_own_words(words.as_str());
        }
    }
    *modal
}

/// Returns the action and value of the button with this label.
fn button(reply: &Reply, label: &str) -> (String, String) {
    let (Reply::Ephemeral(Message { blocks, .. }) | Reply::Replace(Message { blocks, .. })) = reply else {
        panic!("{reply:?}")
    };
    let buttons = blocks.iter().filter_map(|block| match block {
        Block::Buttons(buttons) => Some(buttons),
        _ => None,
    });
    let button = buttons.flatten().find(|button| button.label == label);
    let button = button.unwrap_or_else(|| panic!("no {label:?} in {blocks:?}"));
    (button.action.clone(), button.value.clone())
}

async fn stored(bot: &Bot) -> Programme {
    let engine = &bot.parts.engine;
    let general = ChannelId(bot.general());
    let all = engine.store.programmes_in(&engine.team, NAME, &general).await.unwrap();
    all.into_iter().next().expect("it was started")
}

/// Starts walks in `#general`.
async fn starts(bot: &mut Bot) -> Reply {
    let preview = types(bot, "ana", "start every Tuesday at 10:00").await;
    presses(bot, "ana", button(&preview, "Start")).await
}

each_store! {
    with [];

    async fn another_ritual_starts_by_typed_times(bot: &mut Bot) {
        let preview = types(bot, "ana", "every Tuesday at 10:00").await;
        let shown = text(&preview);
        assert!(shown.starts_with("*Walks in this channel, every Tuesday at 10:00 (Europe/Lisbon).*"), "{shown}");
        assert!(shown.contains("people here would take part. Bring shoes."), "{shown}");
        assert!(shown.contains("First walks: Tuesday, 6 January"), "{shown}");
        let started = presses(bot, "ana", button(&preview, "Start")).await;
        assert!(text(&started).starts_with("Walks are on. First walk: "), "{}", text(&started));
        assert_eq!(bot.reads_last("ben", "#general"), "@ana has started walks, every Tuesday at 10:00 (Europe/Lisbon).");
        let again = text(&types(bot, "ana", "start every Tuesday at 10:00").await);
        assert!(again.starts_with("Walks already run here, "), "{again}");
        assert!(again.contains("Next walk: "), "{again}");
        let refused = text(&types(bot, "ben", "pause").await);
        assert!(refused.contains("runs these walks."), "{refused}");
    }

    async fn another_ritual_moves_pauses_and_stops(bot: &mut Bot) {
        starts(bot).await;
        let preview = types(bot, "ana", "start every Thursday at 15:00").await;
        let moved = text(&presses(bot, "ana", button(&preview, "Change the times")).await);
        assert!(moved.contains("Next walk: "), "{moved}");
        let read = bot.reads_last("ben", "#general");
        assert!(in_own_words(&read).starts_with(":boot: @ana has moved the walks."), "{read}");
        let paused = types(bot, "ana", "pause").await;
        assert!(text(&paused).contains("There are no walks until you resume them."), "{}", text(&paused));
        let skipped = text(&types(bot, "ben", "skip").await);
        assert_eq!(skipped, "There's no walk to skip now, so nothing has changed. They're paused.");
        let resumed = text(&presses(bot, "ana", button(&paused, "Resume")).await);
        assert!(resumed.starts_with("I've resumed the walks. Next walk: "), "{resumed}");
        let question = types(bot, "ana", "stop").await;
        assert!(text(&question).contains("the walk on "), "{}", text(&question));
        let stopped = text(&presses(bot, "ana", button(&question, "Stop these walks")).await);
        assert!(stopped.starts_with("I've stopped the walks in "), "{stopped}");
        let farewell = bot.reads_last("ben", "#general");
        assert!(in_own_words(&farewell).contains("I'll remember who walked."), "{farewell}");
        let none = text(&types(bot, "ana", "status").await);
        assert!(none.starts_with("The walks in this channel were stopped on "), "{none}");
    }

    async fn another_ritual_has_the_form_with_its_own_options(bot: &mut Bot) {
        starts(bot).await;
        let status = types(bot, "ana", "").await;
        let context = bot.parts.engine.context();
        let form = modal(presses(bot, "ana", button(&status, "Change")).await);
        assert_eq!(form.title, "Change walks");
        let fields = |pace| [("when", "every Tuesday at 10:00"), ("name", "Dawn"), (PACE, pace)];
        let errors = sends(bot, &context, SetupStep::Form, &form, &fields("run")).await;
        let Reply::Errors(errors) = errors else { panic!("{errors:?}") };
        assert_eq!(errors.into_iter().collect::<Vec<_>>(), [(PACE.to_owned(), "That's no walk.".to_owned())]);
        let preview = modal(sends(bot, &context, SetupStep::Form, &form, &fields("slow")).await);
        let shown: Vec<&str> = preview.blocks.iter().filter_map(|block| match block {
            Block::Text(words) => Some(words.as_str()),
            _ => None,
        }).collect();
        assert!(shown.iter().any(|shown| shown.contains("Pace: slow.")), "{shown:?}");
        assert!(shown.contains(&"*At the start of the first walk*"), "{shown:?}");
        let saved = sends(bot, &context, SetupStep::Preview, &preview, &[]).await;
        assert_eq!(saved, Reply::Nothing);
        let stored = stored(bot).await;
        assert_eq!((stored.name.as_str(), stored.settings.as_str()), ("Dawn", "slow"));
    }
}
