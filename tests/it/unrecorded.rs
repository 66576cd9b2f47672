//! Events that must leave no trace: an anonymous press or form is handled, and no one can tell that it came.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use rondo::{
    engine::{Engine, dispatch::Dispatch},
    model::{
        effect::{NewEffect, Origin, Target},
        event::{Action, Command, Delivery, Event, Reply, Submission},
        failure::{Failure, Lookup},
        people::UserId,
    },
    ritual::{Answer, CommandSpec, Context, Handling, Ritual},
    slack::Handled,
    store::unit::UnitOfWork,
};

use crate::{
    each_store,
    support::{Bot, dump::Dump},
};

/// A ritual whose buttons and forms that begin with `hush:secret` are anonymous.
#[derive(Clone, Default)]
struct Hush {
    causers: Arc<Mutex<Vec<Option<UserId>>>>,
}

impl Ritual for Hush {
    fn name(&self) -> &'static str {
        "hush"
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/hush".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn is_anonymous(&self, action: &str) -> bool {
        action.starts_with("hush:secret")
    }

    fn on_command<'c>(&'c self, _: &'c Context, _: Command) -> Handling<'c> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.causers.lock().unwrap().push(context.causer().cloned());
        let answer = match action.value.as_str() {
            "later" => Err(Failure::Later(Lookup::Person(action.user))),
            "effect" => {
                let mut unit = UnitOfWork::new();
                let origin = Origin::new("hush", String::new());
                let to = Target::Person(action.user);
                let effect = NewEffect::post(origin, "hush/1".to_owned(), to, "Heard.".into(), context.now);
                context
                    .enqueue(&mut unit, &effect)
                    .map(|()| Answer::new(unit, Reply::Nothing))
                    .map_err(Failure::from)
            }
            "refuse" => Err(Failure::refuse("No.")),
            _ => Ok(Answer::reply(Reply::Ephemeral("Heard.".into()))),
        };
        std::future::ready(answer).boxed()
    }

    fn on_submission<'c>(&'c self, _: &'c Context, _: Submission) -> Handling<'c> {
        std::future::ready(Err(Failure::refuse("No."))).boxed()
    }
}

struct Heard {
    dispatch: Dispatch,
    hush: Hush,
    engine: Engine,
    url: String,
}

impl Heard {
    fn start(bot: &Bot) -> Heard {
        let hush = Hush::default();
        let rituals: Vec<Box<dyn Ritual>> = vec![Box::new(hush.clone())];
        let engine = Engine { rituals: rituals.into(), ..bot.parts.engine.clone() };
        Heard { dispatch: Dispatch::new(engine.clone()), hush, engine, url: bot.database() }
    }

    async fn handle(&self, event: Event) -> Handled {
        let delivery = Delivery { key: "1.2.secret".to_owned(), team: self.engine.team.clone(), event };
        self.dispatch.handle(delivery).await
    }

    /// Asserts that handling an event changes nothing in the database, and returns the reply.
    async fn leaves_no_trace(&self, event: Event) -> Handled {
        let before = Dump::of(&self.url).await;
        let handled = self.handle(event).await;
        let after = Dump::of(&self.url).await;
        assert_eq!(after.since(&before), [], "{handled:?}");
        assert_eq!(before.since(&after), []);
        handled
    }
}

fn press(bot: &Bot, action: &str, value: &str) -> Event {
    Event::Action(Action {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        channel: None,
        action: action.to_owned(),
        value: value.to_owned(),
        chosen: None,
        fields: [].into(),
        message: None,
        view: None,
        trigger: "1.2.secret".to_owned(),
        response_url: Some("http://127.0.0.1:9/nowhere".to_owned()),
    })
}

fn form(bot: &Bot, callback: &str) -> Event {
    Event::Submission(Submission {
        user: bot.id("ana").as_str().into(),
        user_name: None,
        callback: callback.to_owned(),
        private: String::new(),
        answers: [].into(),
        first_field: None,
        view: "V1".to_owned(),
        hash: String::new(),
        trigger: "1.2.secret".to_owned(),
    })
}

each_store! {
    async fn an_anonymous_press_leaves_no_trace(bot: &mut Bot) {
        let heard = Heard::start(bot);
        for value in ["", "refuse", "later"] {
            let handled = heard.leaves_no_trace(press(bot, "hush:secret", value)).await;
            assert_eq!(handled, Handled::Reply(Reply::Nothing), "the message goes to the response_url alone");
        }
        assert_eq!(*heard.hush.causers.lock().unwrap(), [None, None, None], "the ritual can't name them by mistake");
    }

    async fn an_anonymous_form_is_answered_in_place(bot: &mut Bot) {
        let heard = Heard::start(bot);
        let handled = heard.leaves_no_trace(form(bot, "hush:secret_form")).await;
        assert!(matches!(handled, Handled::Reply(Reply::Update(_))), "{handled:?}");
    }

    async fn an_anonymous_press_causes_no_effect(bot: &mut Bot) {
        let heard = Heard::start(bot);
        heard.leaves_no_trace(press(bot, "hush:secret", "effect")).await;
    }

    async fn a_deactivated_person_leaves_no_trace(bot: &mut Bot) {
        let heard = Heard::start(bot);
        let Event::Action(action) = press(bot, "hush:secret", "") else { unreachable!() };
        let action = Action { user: bot.id("left").as_str().into(), ..action };
        heard.leaves_no_trace(Event::Action(action)).await;
        assert!(heard.hush.causers.lock().unwrap().is_empty(), "the ritual isn't asked");
    }

    async fn other_presses_are_recorded(bot: &mut Bot) {
        let heard = Heard::start(bot);
        let before = Dump::of(&heard.url).await;
        heard.handle(press(bot, "hush:open", "refuse")).await;
        let rows = Dump::of(&heard.url).await.since(&before);
        let ana = bot.id("ana");
        assert!(rows.iter().any(|(table, row)| table == "processed_delivery" && row.text("person") == ana), "{rows:?}");
        assert_eq!(*heard.hush.causers.lock().unwrap(), [Some(UserId(ana))]);
        bot.passes(chrono::Duration::hours(1));
        bot.expects_refusals();
    }
}
