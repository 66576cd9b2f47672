//! Once per delivery: from an event to the ritual, and from its answer to the acknowledgement. What a
//! person reads of a failure is in `trouble.rs`.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    Engine, directory, messages,
    panics::guarded,
    trouble::{DEADLINE, Trouble, WayBack},
};
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

    /// Handles a delivery once, and answers the same twice. A person hears within `DEADLINE` what became of it, even
    /// where the store is silent or a ritual panics: the handling then goes on, and its outcome follows.
    pub async fn handle(&self, delivery: Delivery) -> Handled {
        if delivery.team != self.engine.team {
            metrics::counter!("rondo_deliveries_foreign_total").increment(1);
            return Handled::Reply(Reply::Nothing);
        }
        let way_back = WayBack::of(&delivery.event);
        let dispatch = self.clone();
        let way = way_back.clone();
        let mut handling = tokio::spawn(async move {
            let visit = dispatch.engine.visit_of_delivery(delivery.key);
            let ended = guarded(dispatch.conclude(&visit, &way, delivery.event)).await;
            ended
                .unwrap_or_else(|panicked| Err(panicked.into()))
                .map_err(|failure| Trouble::of(&failure, visit.is_committed()))
        });
        let Ok(ended) = tokio::time::timeout(DEADLINE, &mut handling).await else {
            let (dispatch, way) = (self.clone(), way_back.clone());
            tokio::spawn(async move {
                let ended = handling.await.unwrap_or(Err(Trouble::Broken));
                dispatch.follow_up(way, ended).await;
            });
            return self.tell(Trouble::Late, &way_back);
        };
        match ended.unwrap_or(Err(Trouble::Broken)) {
            Ok(Reply::Open(modal)) => {
                self.open_behind(way_back, *modal);
                Handled::Reply(Reply::Nothing)
            }
            Ok(reply) => Handled::Reply(reply),
            Err(trouble) => self.tell(trouble, &way_back),
        }
    }

    async fn conclude(&self, visit: &Visit, way_back: &WayBack, event: Event) -> Result<Reply, Failure> {
        let answer = self.answer(visit, event).await;
        if visit.misses_a_group() {
            self.look_for_groups(visit.now);
        }
        let answer = match visit.unread_channel() {
            Some(channel) => self.want(visit, channel).await.and(answer),
            None => answer,
        };
        // What did not commit may be a repetition of something that did: then the earlier reply counts.
        match self.once(visit, answer).await {
            Err(Failure::Refuse(message)) => self.refuse(visit, way_back, *message).await,
            answer => answer,
        }
    }

    /// Acknowledges with the trouble where the acknowledgement can say it, and posts it where it cannot.
    fn tell(&self, trouble: Trouble, way_back: &WayBack) -> Handled {
        metrics::counter!("rondo_deliveries_failed_total", "why" => trouble.why()).increment(1);
        let (handled, url) = trouble.acknowledge(way_back);
        if let Some(url) = url {
            let slack = self.engine.slack.clone();
            tokio::spawn(async move { post(&slack, &url, &Message::new(trouble.words())).await });
        }
        handled
    }

    /// Tells how a handling ended that was acknowledged before it did.
    async fn follow_up(&self, way_back: WayBack, ended: Result<Reply, Trouble>) {
        let message = match ended {
            Ok(Reply::Open(modal)) => return self.open_behind(way_back, *modal),
            Ok(Reply::Ephemeral(message)) => message,
            Ok(_) => return,
            Err(trouble) => Message::new(trouble.words()),
        };
        if let WayBack::Command { response_url: Some(url), .. }
        | WayBack::Action { response_url: Some(url), .. } = way_back
        {
            post(&self.engine.slack, &url, &message).await;
        }
    }

    fn open_behind(&self, way_back: WayBack, modal: crate::model::message::Modal) {
        if let WayBack::Command { trigger, response_url } | WayBack::Action { trigger, response_url } =
            way_back
        {
            self.open(trigger, response_url, modal);
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
            Event::DirectMessage { user, channel, .. } => self.direct_message(visit, &user, channel).await,
            Event::ViewClosed(_) => Ok(unknown("view_closed")),
            Event::OptionsWanted(_) => Ok(unknown("options")),
            Event::MessageShortcut(_) | Event::GlobalShortcut(_) => Ok(unknown("shortcut")),
            Event::Mention(_) => Ok(unknown("mention")),
            Event::Reaction(_) => Ok(unknown("reaction")),
            Event::HomeOpened(_) => Ok(unknown("home")),
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
        let origin = Origin::default();
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
            WayBack::Action { response_url: None, .. } | WayBack::Form(_) | WayBack::None => {
                Ok(Reply::Nothing)
            }
        }
    }

    /// Opens a modal in its own task: its trigger dies after 3 s, and the acknowledgement must not wait for Slack.
    fn open(&self, trigger: String, response_url: Option<String>, modal: crate::model::message::Modal) {
        const LATE: &str = "The form did not open in time. Please try once more.";
        let slack = self.engine.slack.clone();
        tokio::spawn(async move {
            let Err(error) = slack.open_view(&trigger, &modal).await else { return };
            tracing::warn!(%error, "a modal could not be opened");
            if let Some(url) = response_url {
                post(&slack, &url, &Message::new(LATE)).await;
            }
        });
    }
}

/// Counts what no ritual owns, and does nothing.
fn unknown(kind: &'static str) -> Reply {
    metrics::counter!("rondo_deliveries_unknown_total", "kind" => kind).increment(1);
    Reply::Nothing
}

/// Posts directly, without the store, which may be what fails.
async fn post(slack: &crate::slack::Slack, url: &str, message: &Message) {
    if let Err(error) = slack.respond(url, message, false).await {
        tracing::warn!(%error, "a person could not be told what became of their request");
    }
}
