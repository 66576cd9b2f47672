//! The sandbox refuses what Slack refuses: each row is a call, the error, and the rule in Slack's documentation.

mod client;
mod everywhere;
mod messages;
mod places;
mod things;
mod views;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use slack_sandbox::{Clock, NewPerson, Options, PersonHandle, PersonKind, Sandbox};

use crate::bot::{Bot, START_MS, manifest};
use crate::modals::triggered;

/// A method, its arguments, the error, and the rule in words. `{name}` in the arguments stands for an id.
type Row = (&'static str, Value, &'static str, &'static str);

/// A workspace with people and things of each kind.
struct Town {
    sandbox: Sandbox,
    bot: Bot,
    ana: PersonHandle,
    ids: BTreeMap<&'static str, String>,
}

impl Town {
    async fn new() -> Town {
        Town::with(&manifest()).await
    }

    async fn with(manifest: &Value) -> Town {
        let options =
            Options { clock: Clock::frozen_at(START_MS), enforce_limits: false, ..Options::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut ids = BTreeMap::new();
        for (name, kind) in [
            ("ana", PersonKind::Member),
            ("ben", PersonKind::Member),
            ("gone", PersonKind::Member),
            ("guest", PersonKind::Guest),
            ("visitor", PersonKind::SingleChannelGuest),
            ("stranger", PersonKind::Stranger),
            ("robot", PersonKind::Bot),
        ] {
            ids.insert(name, sandbox.add_person(NewPerson { kind, ..NewPerson::named(name) }).id());
        }
        let bot = Bot::install(&sandbox, manifest);
        bot.opens_socket().await;
        ids.insert("bot", bot.install.bot_user_id.clone());
        for (name, is_private, members) in [
            ("home", false, &["ana", "gone", "tester"][..]),
            ("far", false, &["ana"]),
            ("old", false, &["ana", "tester"]),
            ("secret", true, &["ana"]),
            ("team", true, &["ana", "tester"]),
        ] {
            ids.insert(name, sandbox.add_channel(name, is_private, members));
        }
        ids.insert("group", sandbox.add_user_group("design", "Design", &["ana"]));
        let mut town = Town { ana: sandbox.person("ana"), sandbox, bot, ids };
        town.speaks().await;
        town.sandbox.deactivate("gone");
        town.sandbox.archive("old");
        town
    }

    /// Posts messages: the bot's own, Ana's, one that only Ana sees, and some elsewhere.
    async fn speaks(&mut self) {
        for (name, place) in [("mine", "home"), ("mine_in_old", "old"), ("dm", "ana")] {
            let post = json!({ "channel": self.ids[place], "text": "x" });
            let posted = self.bot.calls("chat.postMessage", post).await.body;
            let kept = if name == "dm" { &posted["channel"] } else { &posted["ts"] };
            self.ids.insert(name, kept.as_str().unwrap_or_default().to_owned());
        }
        for (name, place) in [("hers", "home"), ("hers_far", "far")] {
            let said = self.ana.says(&self.ids[place], "x").await.raw;
            self.ids.insert(name, said["ts"].as_str().unwrap().to_owned());
        }
        let whisper = json!({ "channel": self.ids["home"], "user": self.ids["ana"], "text": "psst" });
        let whispered = self.bot.calls("chat.postEphemeral", whisper).await.body;
        let ts = whispered["message_ts"].as_str().unwrap_or_default();
        self.ids.insert("whisper", ts.to_owned());
    }

    /// Returns the arguments as a form, which every method takes, with ids for names.
    async fn form(&self, args: &Value) -> Vec<(String, String)> {
        let mut form = Vec::new();
        for (key, value) in args.as_object().unwrap() {
            let mut text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if text == "{trigger}" {
                text = triggered(&self.bot, &self.ana).await.as_str().unwrap().to_owned();
            }
            for (name, id) in &self.ids {
                text = text.replace(&format!("{{{name}}}"), id);
            }
            form.push((key.clone(), text));
        }
        form
    }

    async fn calls(&self, method: &str, args: &Value) -> crate::bot::Reply {
        let form = self.form(args).await;
        let form: Vec<(&str, &str)> =
            form.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        self.bot.reads(method, &form).await
    }

    /// Asserts that every row is refused as it says.
    async fn refuses(&self, rows: &[Row]) {
        let mut faults = Vec::new();
        for (method, args, error, rule) in rows {
            let reply = self.calls(method, args).await;
            if reply.error() != *error {
                let shown: String = args.to_string().chars().take(200).collect();
                faults.push(format!("{method} {shown}: {} instead of {error} ({rule})", reply.error()));
            }
        }
        assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    }
}
