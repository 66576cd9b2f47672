//! Slash commands: what the client sends, and what it shows of the answer.

use super::{PersonHandle, may_post};
use crate::deliver;
use crate::types::answer::{Answer, Status};
use crate::types::traffic::{DeliveryKind, DeliveryReply};
use crate::workspace::World;
use crate::workspace::apps::ResponseUrl;
use crate::workspace::channels::ChannelKind;
use crate::workspace::mentions::{Labels, escape};

/// Slack's own command that brings people and apps into a channel.
const INVITE: &str = "/invite";

impl PersonHandle {
    pub(super) async fn commands(&self, place: &str, typed: &str) -> Answer {
        let (name, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let prepared = self.hub.with(|world| {
            world.acting_tab.clone_from(&self.tab);
            if !world.users.contains_key(&self.id) {
                return Err(Box::new(Answer::refused("user_not_found")));
            }
            if name == INVITE && world.command(name).is_none() {
                return Err(Box::new(invited(world, place, &self.id, rest)));
            }
            let Some((app, command)) = world.command(name).map(|(app, command)| (app.clone(), command.clone())) else {
                let said = format!(
                    "{name} is not a valid command. In Slack, all messages that start with the \"/\" character are \
                     interpreted as commands. If you are trying to send a message and not run a command, try \
                     preceding the \"/\" with an empty space."
                );
                world.slackbot_whispers(place, None, &self.id, &said);
                return Err(Box::new(Answer::client("unknown_command", said)));
            };
            let text = rest.trim();
            let text =
                if command.should_escape { world.encode(text, Labels::With) } else { escape(text) };
            let payload = world.command_payload(&self.hub.base, &app, &command, place, &self.id, &text);
            Ok((app, command, payload))
        });
        let (app, command, payload) = match prepared {
            Ok(prepared) => prepared,
            Err(answer) => return *answer,
        };
        let request = self.request(DeliveryKind::Command, &app, payload, command.url);
        let reply = deliver::send(&self.hub, &request).await;
        self.hub
            .with_mark(self.simulated, |world| command_answered(world, &app.id, place, &self.id, name, reply))
    }
}

impl PersonHandle {
    /// Refuses a command in a thread, where Slack's client has none.
    pub(super) fn commands_in_thread(&self, place: &str, typed: &str, thread_ts: &str) -> Answer {
        let name = typed.split_whitespace().next().unwrap_or(typed);
        let said = format!("{name} is not supported in threads. Sorry!");
        let told = self.changes(|world| {
            may_post(world, place, &self.id)?;
            world.slackbot_whispers(place, Some(thread_ts), &self.id, &said);
            Ok(())
        });
        match told {
            Ok(()) => Answer::client("not_supported_in_threads", said),
            Err(error) => Answer::refused(error),
        }
    }
}

/// Brings the people and apps that are mentioned into a channel; tells the person what keeps them out.
fn invited(world: &mut World, place: &str, user: &str, typed: &str) -> Answer {
    if let Err(error) = may_post(world, place, user) {
        return Answer::refused(error);
    }
    let typed = world.encode(typed, Labels::With);
    let mentioned = typed.split("<@").skip(1).filter_map(|rest| rest.split(['|', '>']).next());
    let mentioned: Vec<String> = mentioned
        .filter(|id| world.users.get(*id).is_some_and(|user| !user.deleted))
        .map(str::to_owned)
        .collect();
    let kind = world.channels.get(place).map(|channel| channel.kind);
    let is_channel = matches!(kind, Some(ChannelKind::Public | ChannelKind::Private));
    if mentioned.is_empty() || !is_channel {
        let said = if is_channel {
            "Whom? /invite @name brings a person or an app into a channel."
        } else {
            "/invite works in channels."
        };
        world.slackbot_whispers(place, None, user, said);
        return Answer::client("nobody_invited", said.to_owned());
    }
    for one in &mentioned {
        world.enter(place, one, Some(user));
    }
    Answer { status: Status::Answered, ..Answer::client("", String::new()) }
}

/// Shows what came of a command, as the client does.
fn command_answered(
    world: &mut World,
    app_id: &str,
    place: &str,
    user: &str,
    name: &str,
    reply: DeliveryReply,
) -> Answer {
    let (code, status, why) = match reply {
        DeliveryReply::NoAnswer => ("operation_timeout", Status::NoAnswer, "because the app did not respond"),
        DeliveryReply::Failed(_) => {
            ("dispatch_failed", Status::Failed("dispatch_failed"), "with the error \"dispatch_failed\"")
        }
        DeliveryReply::Acknowledged(said) => {
            let made_ms = world.now_ms();
            let held = ResponseUrl {
                app_id: app_id.to_owned(),
                channel: place.to_owned(),
                user: user.to_owned(),
                original: None,
                made_ms,
                uses: 0,
            };
            let text = said["text"].as_str().unwrap_or_default().to_owned();
            let blocks = said["blocks"].as_array().cloned().unwrap_or_default();
            let says_something = !text.is_empty() || !blocks.is_empty();
            if says_something && let Err(error) = world.answer(&held, &said) {
                return Answer { raw: said, ..Answer::refused(error) };
            }
            let plain = world.plain(&text, &blocks);
            return Answer { status: Status::Answered, text, blocks, raw: said, plain };
        }
    };
    let said = format!("{name} failed {why}");
    world.slackbot_whispers(place, None, user, &said);
    Answer { status, ..Answer::client(code, said) }
}
