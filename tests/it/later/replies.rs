//! Each reply after a question to Slack reaches the person, by the target that is open then.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use rondo::{
    model::{
        effect::{Call, Effect},
        event::{Action, Command, Event, Submission, ViewPlace},
        failure::{Failure, Lookup},
        message::{Block, Message, Modal},
    },
    ritual::{Answer, CommandSpec, Context, Handling, Ritual},
    store::unit::{UnitOfWork, Write},
    values,
};

use super::*;
use crate::support::modal;

/// A ritual that must ask Slack first, and then gives a fixed reply.
#[derive(Clone)]
struct Asks {
    reply: Arc<Mutex<Reply>>,
    is_declined: Arc<Mutex<bool>>,
}

impl Asks {
    fn replies(&self, context: &Context) -> Handling<'_> {
        let answer = if context.has_asked(&Lookup::Groups) {
            let reply = self.reply.lock().unwrap().clone();
            let mut unit = UnitOfWork::new();
            if *self.is_declined.lock().unwrap() {
                let never = "UPDATE workspace SET bot_user = '' WHERE team_id = $1 AND team_id = 'nobody' RETURNING team_id";
                unit.guard("never", Write::Run(never, values![context.team.as_str()]));
            }
            Ok(Answer::new(unit, reply).or_refuse(Failure::refuse("It was declined.")))
        } else {
            Err(Failure::Later(Lookup::Groups))
        };
        Box::pin(std::future::ready(answer))
    }
}

impl Ritual for Asks {
    fn name(&self) -> &'static str {
        "asks"
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/asks".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn on_command<'v>(&'v self, context: &'v Context, _: Command) -> Handling<'v> {
        self.replies(context)
    }

    fn on_action<'v>(&'v self, context: &'v Context, _: Action) -> Handling<'v> {
        self.replies(context)
    }

    fn on_submission<'v>(&'v self, context: &'v Context, _: Submission) -> Handling<'v> {
        self.replies(context)
    }
}

fn asks_form() -> Box<Modal> {
    Box::new(Modal { callback: "asks:form".to_owned(), ..modal("A form") })
}

fn command(bot: &Bot) -> Event {
    Event::Command(Command {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        channel: bot.general().as_str().into(),
        name: "/asks".to_owned(),
        text: "for it".to_owned(),
        trigger: String::new(),
        response_url: "https://hooks.slack.test/1".to_owned(),
    })
}

fn button(bot: &Bot, in_view: bool) -> Event {
    let view = ViewPlace {
        id: "V1".to_owned(),
        hash: String::new(),
        callback: "asks:form".to_owned(),
        private: String::new(),
        home: false,
    };
    Event::Action(Action {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        channel: None,
        action: "asks:button".to_owned(),
        value: String::new(),
        chosen: None,
        fields: BTreeMap::new(),
        message: None,
        view: in_view.then_some(view),
        trigger: String::new(),
        response_url: (!in_view).then(|| "https://hooks.slack.test/2".to_owned()),
    })
}

fn form(bot: &Bot) -> Event {
    Event::Submission(Submission {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        callback: "asks:form".to_owned(),
        private: String::new(),
        answers: BTreeMap::new(),
        first_field: Some("first".to_owned()),
        view: "V9".to_owned(),
        hash: String::new(),
        trigger: String::new(),
    })
}

/// Returns how a reply after a question to Slack reaches the person: the acknowledgement, and the effects.
async fn follows(bot: &mut Bot, event: Event, reply: Reply, is_declined: bool) -> (Reply, String) {
    let (reply, is_declined) = (Arc::new(Mutex::new(reply)), Arc::new(Mutex::new(is_declined)));
    let rituals = vec![Box::new(Asks { reply, is_declined }) as Box<dyn Ritual>].into();
    let engine = Engine { rituals, ..restarted(bot) };
    let key = engine.entropy.id(engine.clock.now());
    let delivery = Delivery { key, team: engine.team.clone(), event };
    let Handled::Reply(acknowledged) = Dispatch::new(engine.clone()).handle(delivery).await else {
        panic!("it is not acknowledged")
    };
    ticks(bot, &Ticker::new(engine.clone())).await;
    assert_eq!(waiting(bot).await, (0, 0));
    let rows = "SELECT payload FROM outbox WHERE visible_at IS NOT NULL";
    let mut waits = engine.store.ask(rows, Vec::new()).await.unwrap();
    assert!(waits.len() <= 1, "{waits:?}");
    let said = waits.pop().map_or("nothing".to_owned(), |mut row| {
        let work: Effect = serde_json::from_str(&row.remove(0).text().unwrap()).unwrap();
        match work.next_call(rondo::model::effect::EffectProgress::default()).unwrap() {
            Call::Respond(url, message, replace) => {
                format!(
                    "{} {}{}",
                    url.rsplit('/').next().unwrap(),
                    if replace { "replaces: " } else { "" },
                    message.text
                )
            }
            Call::UpdateView(view, modal) => format!("{view} shows {}: {:?}", modal.title, texts(modal)),
            Call::Post { message, .. } => format!("dm {}", message.text),
            call => format!("{call:?}"),
        }
    });
    let mut unit = UnitOfWork::new();
    unit.run("DELETE FROM outbox WHERE team_id = $1", values![engine.team.as_str()]);
    engine.store.commit(unit).await.unwrap();
    (acknowledged, said)
}

fn texts(modal: &Modal) -> Vec<String> {
    let text = |block: &Block| match block {
        Block::Text(text) | Block::Context(text) => Some(text.to_string()),
        _ => None,
    };
    modal.blocks.iter().filter_map(text).collect()
}

each_store! {
    async fn every_reply_reaches_the_person(bot: &mut Bot) {
        let errors = || Reply::Errors([("first".to_owned(), "Which day?".to_owned())].into());
        let said = || Reply::Ephemeral(Message::new("Here it is."));
        let replies: [(&str, Reply); 6] = [
            ("nothing", Reply::Nothing),
            ("ephemeral", said()),
            ("replace", Reply::Replace(Message::new("Instead."))),
            ("open", Reply::Open(asks_form())),
            ("update", Reply::Update(asks_form())),
            ("errors", errors()),
        ];
        let mut seen = String::new();
        let events: [(&str, Event); 4] =
            [("command", command(bot)), ("button", button(bot, false)), ("view", button(bot, true)), ("form", form(bot))];
        for (way, event) in events {
            for (what, reply) in &replies {
                let (acknowledged, follows) = follows(bot, event.clone(), reply.clone(), false).await;
                let acknowledged = match acknowledged {
                    Reply::Nothing => "nothing".to_owned(),
                    Reply::Ephemeral(message) => message.text.to_string(),
                    Reply::Update(modal) => format!("form: {}", texts(&modal).join(" ")),
                    other => panic!("{other:?}"),
                };
                let expected = if way == "command" { ONE_MOMENT } else { "nothing" };
                assert!(acknowledged == expected || way == "form" && acknowledged.starts_with("form: One moment"), "{acknowledged}");
                writeln!(seen, "{way} {what}: {follows}").unwrap();
            }
        }
        insta::allow_duplicates!(insta::assert_snapshot!(seen, @r#"
        command nothing: nothing
        command ephemeral: 1 Here it is.
        command replace: 1 Instead.
        command open: 1 Ready now.
        command update: 1 Ready now.
        command errors: 1 I couldn't do that yet:
        • Which day?
        Open the form again to change it.
        button nothing: nothing
        button ephemeral: 2 Here it is.
        button replace: 2 replaces: Instead.
        button open: 2 Ready now. Please press the button once more.
        button update: 2 Ready now. Please press the button once more.
        button errors: 2 I couldn't do that yet:
        • Which day?
        Open the form again to change it.
        view nothing: nothing
        view ephemeral: dm Here it is.
        view replace: dm Instead.
        view open: dm Ready now. Please press the button once more.
        view update: V1 shows A form: ["Hello"]
        view errors: dm I couldn't do that yet:
        • Which day?
        Open the form again to change it.
        form nothing: V9 shows Rondo: ["Done. You can close this."]
        form ephemeral: V9 shows Rondo: ["Here it is."]
        form replace: V9 shows Rondo: ["Instead."]
        form open: V9 shows A form: ["Hello"]
        form update: V9 shows A form: ["Hello"]
        form errors: V9 shows Rondo: ["I couldn't do that yet:\n• Which day?", "Open the form again to change it."]
        "#));
    }

    async fn a_declining_guard_is_answered(bot: &mut Bot) {
        for (event, way) in [(command(bot), "1 It was declined."), (button(bot, false), "2 It was declined.")] {
            let (_, follows) = follows(bot, event, Reply::Ephemeral("Done.".into()), true).await;
            assert_eq!(follows, way);
        }
    }
}
