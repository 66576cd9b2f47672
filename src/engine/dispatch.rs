//! Once per delivery: from an event to the ritual, and from its answer to the acknowledgement. The only place where
//! a failure becomes words for a person or a line for the operator.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Engine, directory, messages};
use crate::{
    model::{
        clock::Instant,
        effect::{Effect, Origin, Target},
        event::{Action, Command, Delivery, Event, Reply},
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
    },
    rituals::ritual::{Saved, Visit},
    slack::Handled,
    store::{dm_help, outbox, people::channels, unit::Unit},
};

/// What is answered when the store could not take something that Slack will not send again.
const NOT_SAVED: &str =
    "I could not save that just now, so nothing was done. Please send it again in a minute.";
/// What is answered when something is wrong with the program.
const BROKEN: &str = "Something went wrong on my side, and nothing was done. It is in my log; please tell whoever \
                      runs me.";

/// How long the help in a DM is worth sending.
const HELP_MINUTES: i64 = 10;

/// How long after looking for a user group nobody looks again, in minutes: the list is asked for in full.
const LOOK_AGAIN_MINUTES: i64 = 3;

/// Hands deliveries to rituals.
#[derive(Clone)]
pub struct Dispatch {
    engine: Engine,
    /// What `/rondo` is called here.
    rondo_command: String,
    /// When the user groups were last looked for because somebody named one that was not known.
    looked_for_groups: Arc<Mutex<Option<Instant>>>,
}

impl Dispatch {
    /// A dispatch to all rituals; `/rondo <ritual> …` always works, whatever their own commands are called.
    pub fn new(engine: Engine, rondo_command: String) -> Dispatch {
        Dispatch { engine, rondo_command, looked_for_groups: Arc::default() }
    }

    /// Handles a delivery once, and answers the same twice. Nothing but the store is waited for.
    pub async fn handle(&self, delivery: Delivery) -> Handled {
        if delivery.team != self.engine.team {
            metrics::counter!("rondo_deliveries_foreign_total").increment(1);
            return Handled::Reply(Reply::Nothing);
        }
        let visit = self.engine.visit_of_delivery(delivery.key);
        let way_back = WayBack::of(&delivery.event);
        let answer = self.answer(&visit, delivery.event).await;
        if visit.misses_a_group() {
            self.look_for_groups(visit.now);
        }
        let answer = match visit.unread_channel() {
            Some(channel) => self.want(&visit, channel).await.and(answer),
            None => answer,
        };
        // Whatever did not commit may be a repetition of something that did: then the earlier reply counts.
        let answer = match self.once(&visit, answer).await {
            Ok(reply) => Ok(reply),
            Err(Failure::Refuse(message)) => self.refuse(&visit, &way_back, *message).await,
            Err(failure) => Err(failure),
        };
        match answer {
            Ok(Reply::Open(modal)) => {
                if let WayBack::Command { trigger, response_url }
                | WayBack::Action { trigger, response_url } = way_back
                {
                    self.open(trigger, response_url, *modal);
                }
                Handled::Reply(Reply::Nothing)
            }
            Ok(reply) => Handled::Reply(reply),
            Err(failure) => failed(&failure, &way_back),
        }
    }

    async fn answer(&self, visit: &Visit, event: Event) -> Result<Reply, Failure> {
        match event {
            Event::Command(command) => self.command(visit, command).await,
            Event::Action(action) => match (self.offered(&action.action), self.owner(&action.action)) {
                (Some((ritual, text)), _) => self.types(visit, action, ritual, text).await,
                (None, Some(ritual)) => ritual.on_action(visit, action).await,
                (None, None) => Ok(unknown("action")),
            },
            Event::Submission(submission) => match self.owner(&submission.callback) {
                Some(ritual) => ritual.on_submission(visit, submission).await,
                None => Ok(unknown("submission")),
            },
            Event::DirectMessage { user, channel } => self.direct_message(visit, &user, channel).await,
            Event::Workspace { event, at_us } => {
                let unit = directory::change(&self.engine, event, at_us);
                match visit.save(unit, Reply::Nothing).await? {
                    Saved::Yes(reply) => Ok(reply),
                    Saved::No(_) => Ok(Reply::Nothing),
                }
            }
        }
    }

    async fn command(&self, visit: &Visit, mut command: Command) -> Result<Reply, Failure> {
        if let Some(ritual) = self.engine.rituals.iter().find(|ritual| ritual.command().name == command.name)
        {
            return ritual.on_command(visit, command).await;
        }
        if command.name != self.rondo_command {
            // The app's page at Slack names a command that the configuration does not: what it should do is a guess,
            // so it only says what there is.
            unknown("command");
            return Ok(Reply::Ephemeral(self.help()));
        }
        let text = command.text.trim();
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        match self.engine.ritual(&first.to_lowercase()) {
            Some(ritual) => {
                command.text = rest.to_owned();
                ritual.on_command(visit, command).await
            }
            None if matches!(&*first.to_lowercase(), "" | "help" | "?") => Ok(Reply::Ephemeral(self.help())),
            None => {
                let rituals = &self.engine.rituals;
                Ok(Reply::Ephemeral(messages::unknown(first, rituals, &self.rondo_command)))
            }
        }
    }

    /// A person wrote in their DM: they get a short help, once for each message and at most once a minute.
    async fn direct_message(
        &self,
        visit: &Visit,
        user: &UserId,
        channel: ChannelId,
    ) -> Result<Reply, Failure> {
        if *user == visit.bot {
            return Ok(Reply::Nothing);
        }
        let message = messages::direct_help(&self.engine.rituals, &self.rondo_command);
        let origin = Origin { ritual: String::new(), note: String::new() };
        let key = format!("help/{}", visit.entropy.id(visit.now));
        let effect = Effect {
            expires_at: Some(visit.now + chrono::Duration::minutes(HELP_MINUTES)),
            ..Effect::post(origin, key, Target::Channel(channel), message, visit.now)
        };
        let mut unit = Unit::new();
        dm_help::guard(&mut unit, &visit.team, user, visit.now);
        outbox::enqueue(&mut unit, &visit.team, &effect, visit.now)?;
        match visit.save(unit, Reply::Nothing).await? {
            Saved::Yes(reply) => Ok(reply),
            Saved::No(_) => Ok(Reply::Nothing),
        }
    }

    /// The ritual whose command a button of the help types, and what it types behind it.
    fn offered(&self, action: &str) -> Option<(&dyn crate::rituals::ritual::Ritual, &'static str)> {
        let ritual = self.engine.ritual(action.strip_prefix(messages::OPEN)?)?;
        Some((ritual, ritual.offer()?.1))
    }

    /// Does what the command would do. What would be its answer goes to the button's `response_url`.
    async fn types(
        &self,
        visit: &Visit,
        action: Action,
        ritual: &dyn crate::rituals::ritual::Ritual,
        text: &str,
    ) -> Result<Reply, Failure> {
        let Some(channel) = action.channel else { return Ok(Reply::Nothing) };
        let command = Command {
            user: action.user,
            user_name: action.user_name,
            channel,
            name: ritual.command().name,
            text: text.to_owned(),
            trigger: action.trigger,
            response_url: action.response_url.unwrap_or_default(),
        };
        match ritual.on_command(visit, command).await? {
            Reply::Ephemeral(message) => Err(Failure::refuse(message)),
            reply => Ok(reply),
        }
    }

    /// Commits that a channel is to be read before the person is told that it is.
    async fn want(&self, visit: &Visit, channel: &ChannelId) -> Result<(), Failure> {
        let mut unit = Unit::new();
        channels::want_for_person(&mut unit, &visit.team, channel, visit.now);
        Ok(visit.store.commit(unit).await.map(drop)?)
    }

    fn owner(&self, action: &str) -> Option<&dyn crate::rituals::ritual::Ritual> {
        self.engine.ritual(action.split_once(':').map_or(action, |(ritual, _)| ritual))
    }

    /// What `/rondo` says.
    fn help(&self) -> Message {
        messages::help(&self.engine.rituals, &self.rondo_command)
    }

    /// Reads the user groups in a task of its own, so that the next try may know the one that was missing.
    fn look_for_groups(&self, now: Instant) {
        let mut looked = self.looked_for_groups.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.is_some_and(|at| now - at < chrono::Duration::minutes(LOOK_AGAIN_MINUTES)) {
            return;
        }
        *looked = Some(now);
        let engine = self.engine.clone();
        tokio::spawn(async move {
            if let Err(error) = directory::refresh_groups(&engine, now).await {
                tracing::warn!(%error, "the user groups could not be read");
            }
        });
    }

    /// Makes sure that a delivery which committed nothing is marked as handled, unless it was refused, so that the
    /// person may correct it and send again.
    async fn once(&self, visit: &Visit, answer: Result<Reply, Failure>) -> Result<Reply, Failure> {
        if visit.is_committed() {
            return answer;
        }
        if let Err(Failure::Refuse(_)) | Ok(Reply::Errors(_)) = answer {
            return match visit.earlier_reply().await? {
                Some(earlier) => Ok(earlier),
                None => answer,
            };
        }
        let reply = answer?;
        match visit.save(Unit::new(), reply.clone()).await? {
            Saved::Yes(reply) => Ok(reply),
            Saved::No(_) => Ok(reply),
        }
    }

    /// Tells somebody no: behind a command as its answer, behind a button through its `response_url`.
    async fn refuse(&self, visit: &Visit, way_back: &WayBack, message: Message) -> Result<Reply, Failure> {
        match way_back {
            WayBack::Command { .. } => Ok(Reply::Ephemeral(message)),
            WayBack::Action { response_url: Some(url), .. } => {
                let key = format!("answer/{}", self.engine.entropy.id(visit.now));
                let effect = Effect::answer("", key, url.clone(), message, false, visit.now);
                let mut unit = Unit::new();
                outbox::enqueue(&mut unit, &visit.team, &effect, visit.now)?;
                match visit.save(unit, Reply::Nothing).await? {
                    Saved::Yes(reply) => Ok(reply),
                    Saved::No(_) => Ok(Reply::Nothing),
                }
            }
            WayBack::Action { response_url: None, .. } | WayBack::None => Ok(Reply::Nothing),
        }
    }

    /// Opens a modal in its own task: its trigger dies after 3 s, and the acknowledgement must not wait for Slack.
    fn open(&self, trigger: String, response_url: Option<String>, modal: crate::model::message::Modal) {
        const LATE: &str = "The form did not open in time. Please try once more.";
        let slack = self.engine.slack.clone();
        tokio::spawn(async move {
            let Err(error) = slack.open_view(&trigger, &modal).await else { return };
            tracing::warn!(%error, "a modal could not be opened");
            if let Some(url) = response_url
                && let Err(error) = slack.respond(&url, &Message::new(LATE), false).await
            {
                tracing::warn!(%error, "nor could the person be told");
            }
        });
    }
}

/// Counts what no ritual owns, and does nothing.
fn unknown(kind: &'static str) -> Reply {
    metrics::counter!("rondo_deliveries_unknown_total", "kind" => kind).increment(1);
    Reply::Nothing
}

/// How a person can be answered.
enum WayBack {
    Command { trigger: String, response_url: Option<String> },
    Action { trigger: String, response_url: Option<String> },
    None,
}

impl WayBack {
    fn of(event: &Event) -> WayBack {
        match event {
            Event::Command(Command { trigger, response_url, .. }) => {
                WayBack::Command { trigger: trigger.clone(), response_url: Some(response_url.clone()) }
            }
            Event::Action(Action { trigger, response_url, .. }) => {
                WayBack::Action { trigger: trigger.clone(), response_url: response_url.clone() }
            }
            Event::Submission(_) | Event::DirectMessage { .. } | Event::Workspace { .. } => WayBack::None,
        }
    }
}

/// Slack sends events, clicks and forms again when they are not acknowledged, or tells the person; a command it
/// forgets, so its sender is asked to send it once more.
fn failed(failure: &Failure, way_back: &WayBack) -> Handled {
    let is_command = matches!(way_back, WayBack::Command { .. });
    match failure {
        Failure::Retry(cause) => {
            tracing::warn!(error = format!("{cause:#}"), "a delivery could not be saved");
            metrics::counter!("rondo_deliveries_failed_total", "why" => "retry").increment(1);
            if is_command { Handled::Reply(Reply::Ephemeral(Message::new(NOT_SAVED))) } else { Handled::Busy }
        }
        Failure::Fail(cause) => {
            tracing::error!(error = format!("{cause:#}"), "a delivery could not be handled");
            metrics::counter!("rondo_deliveries_failed_total", "why" => "fail").increment(1);
            let reply = if is_command { Reply::Ephemeral(Message::new(BROKEN)) } else { Reply::Nothing };
            Handled::Reply(reply)
        }
        Failure::Refuse(_) => Handled::Reply(Reply::Nothing),
    }
}
