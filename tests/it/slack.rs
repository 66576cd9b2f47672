//! The Slack client and the HTTP listener with a sandbox, without the rest of the bot.

mod calls;
mod figures;
mod forms;
mod incoming;
mod replies;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::FutureExt as _;
use rondo::{
    model::{
        event::{Event, Reply},
        people::{ChannelId, UserId},
    },
    slack::{ClientSettings, Handled, Handler, HttpDoor, SigningSecret, Slack, http::routes},
};
use serde_json::{Value, json};
use slack_sandbox::{NewPerson, Options, PersonHandle, Sandbox, manifest_with_everything};
use tokio::net::TcpListener;

use crate::support::bot::{MONDAY_MORNING, clock_of};

/// An app with all scopes and events, and with answers that a test sets.
struct App {
    sandbox: Sandbox,
    slack: Slack,
    /// The bot's id as a member.
    bot: UserId,
    heard: Arc<Mutex<Vec<Event>>>,
    /// Its answers to interactions, the next one first; empty for none.
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl App {
    /// Starts the app in a workspace of ana and ben; it is in `#general`, and not in `#lounge`.
    async fn start() -> App {
        let clock = slack_sandbox::Clock::frozen_at(MONDAY_MORNING);
        let sandbox = Sandbox::start(Options { clock, ..Options::default() }).await.unwrap();
        for name in ["ana", "ben"] {
            sandbox.add_person(NewPerson::named(name));
        }
        sandbox.add_channel("lounge", false, &["ana", "ben"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let install = sandbox.install(&manifest(&listener.local_addr().unwrap().to_string())).unwrap();
        sandbox.invite("general", &install.bot_user_id);
        let heard: Arc<Mutex<Vec<Event>>> = Arc::default();
        let replies: Arc<Mutex<VecDeque<Reply>>> = Arc::default();
        let (kept, answers) = (Arc::clone(&heard), Arc::clone(&replies));
        let handle: Handler = Arc::new(move |delivery| {
            let asks = matches!(delivery.event, Event::Submission(_) | Event::OptionsWanted(_));
            kept.lock().unwrap().push(delivery.event);
            let reply = answers.lock().unwrap().pop_front().filter(|_| asks);
            std::future::ready(Handled::Reply(reply.unwrap_or_default())).boxed()
        });
        let secret = SigningSecret::new(&install.signing_secret.as_str().into()).unwrap();
        let door = HttpDoor { secret, clock: clock_of(&sandbox), handle };
        tokio::spawn(async { axum::serve(listener, routes(door)).await });
        let slack = Slack::new(ClientSettings {
            api_url: sandbox.api_url(),
            bot_token: install.bot_token.as_str().into(),
            app_token: None,
            call_timeout: Duration::from_secs(20),
        });
        App { sandbox, slack: slack.unwrap(), bot: install.bot_user_id.as_str().into(), heard, replies }
    }

    fn person(&self, name: &str) -> PersonHandle {
        self.sandbox.person(name)
    }

    fn user(&self, name: &str) -> UserId {
        self.person(name).id().as_str().into()
    }

    async fn channel(&self, name: &str) -> ChannelId {
        let ana = self.person("ana");
        assert!(ana.says(name, "hello").await.is_answered());
        self.heard();
        ana.reads(name).pop().expect("what she said").channel.as_str().into()
    }

    /// Takes the events since the last call.
    fn heard(&self) -> Vec<Event> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }

    /// Sets the answer to the next event.
    fn answers_with(&self, reply: Reply) {
        self.replies.lock().unwrap().push_back(reply);
    }

    /// Returns a fresh trigger of this person.
    async fn trigger(&self, name: &str) -> String {
        assert!(self.person(name).says("#general", "/everything").await.is_answered());
        let trigger = self.heard().into_iter().find_map(|event| match event {
            Event::Command(command) => Some(command.trigger),
            _ => None,
        });
        trigger.expect("the command is heard")
    }

    /// Returns the app's newest message that a person sees in a place.
    fn newest(&self, name: &str, place: &str) -> slack_sandbox::Message {
        let of_the_app = |message: &slack_sandbox::Message| message.author == self.bot.as_str();
        self.person(name).reads(place).into_iter().rev().find(of_the_app).expect("a message of the app")
    }
}

fn manifest(address: &str) -> Value {
    let url = format!("http://{address}/slack/events");
    let mut manifest = manifest_with_everything("Everything", &["/everything".to_owned()]);
    manifest["features"]["slash_commands"][0]["url"] = json!(url);
    manifest["features"]["shortcuts"] = json!([
        { "name": "Remember this", "type": "message", "callback_id": "test:remember", "description": "x" },
        { "name": "Begin", "type": "global", "callback_id": "test:begin", "description": "x" },
    ]);
    let settings = &mut manifest["settings"];
    settings["socket_mode_enabled"] = json!(false);
    settings["event_subscriptions"]["request_url"] = json!(url);
    settings["interactivity"]["request_url"] = json!(url);
    settings["interactivity"]["message_menu_options_url"] = json!(url);
    manifest
}
