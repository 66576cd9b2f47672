//! Handles each delivery once: from an event to the ritual, and from its answer to the acknowledgement. What a person
//! reads of a failure is in `handling_error.rs`.

mod admission;
mod again;
mod conclude;
mod deferred;
mod late;
mod lookups;
mod unrecorded;

use self::conclude::{Case, Mark};
use super::{
    Engine, directory,
    handling_error::{DEADLINE, HandlingError},
    messages,
    panics::guarded,
    reply_route::ReplyRoute,
};
use crate::{
    common::{
        people::{self, edit::Editor},
        saving::{self, Saver},
    },
    model::{
        authority::Denied,
        effect::{ENGINE, Effect, NewEffect, Origin, Target},
        event::{Action, Command, Delivery, Event, Mentioned, Reply, Shortcut},
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
    },
    ritual::{Answer, Context, Ritual},
    slack::Handled,
    store::{dm_help, people::channels, unit::UnitOfWork},
};

/// How long the help in a DM is worth sending.
const HELP_MINUTES: i64 = 10;

#[derive(Clone)]
pub struct Dispatch {
    engine: Engine,
}

impl Dispatch {
    /// Returns a dispatch to all rituals. `/rondo <ritual> …` always works, even if the rituals' own commands were
    /// renamed.
    pub fn new(engine: Engine) -> Dispatch {
        Dispatch { engine }
    }

    /// Handles a delivery once; a repetition gets the same reply. A person hears within `DEADLINE` what happened, even
    /// if the store does not answer or a ritual panics: the handling then goes on, and its outcome follows.
    pub async fn handle(&self, delivery: Delivery) -> Handled {
        if delivery.team != self.engine.team {
            metrics::counter!("rondo_deliveries_foreign_total").increment(1);
            return Handled::Reply(Reply::Nothing);
        }
        let is_anonymous = self.is_anonymous(&delivery.event);
        let mark = if is_anonymous { Mark::Unrecorded } else { Mark::Delivery(delivery.key) };
        let case = Case::new(self.engine.context(), mark, &delivery.event);
        let (dispatch, reply_route) = (self.clone(), case.reply_route.clone());
        let mut handling = self.engine.behind.spawn(async move {
            let ended = guarded(dispatch.conclude(&case, delivery.event)).await;
            ended
                .unwrap_or_else(|panicked| Err(panicked.into()))
                .map_err(|failure| HandlingError::of(&failure, case.is_committed()))
        });
        let Ok(ended) = tokio::time::timeout(DEADLINE, &mut handling).await else {
            let (dispatch, way) = (self.clone(), reply_route.clone());
            self.engine.behind.spawn(async move {
                let ended = handling.await.unwrap_or(Err(HandlingError::Broken));
                dispatch.follow_up(way, ended).await;
            });
            return self.acknowledge_error(HandlingError::Late, &reply_route);
        };
        match ended.unwrap_or(Err(HandlingError::Broken)) {
            Ok(reply) if is_anonymous => Handled::Reply(self.post_behind(reply_route, reply)),
            Ok(reply) => Handled::Reply(self.show_behind(reply_route, reply)),
            Err(problem) => self.acknowledge_error(problem, &reply_route),
        }
    }

    async fn conclude(&self, case: &Case, event: Event) -> Result<Reply, Failure> {
        let context = &case.context;
        let denied = if case.is_recorded() {
            admission::denied(context, &event).await?
        } else {
            admission::denied_unrecorded(context, &event).await?
        };
        let answer = match denied {
            Some(Denied::Erased) if let Some(user) = self.rejoining_person(&event) => {
                admission::rejoin(context, user).await
            }
            Some(denied) => admission::refuse_entry(&case.reply_route, denied, &self.engine.rondo_command),
            None => self.answer(context, event).await,
        };
        if !case.is_recorded() {
            return case.conclude(&self.engine, answer).await;
        }
        lookups::for_next_try(&self.engine, context);
        let answer = match context.unread_channel() {
            Some(channel) => self.request_reading(context, channel).await.and(answer),
            None => answer,
        };
        case.conclude(&self.engine, answer).await
    }

    /// Returns the erased person who typed that they take part again.
    fn rejoining_person<'e>(&self, event: &'e Event) -> Option<&'e UserId> {
        let Event::Command(command) = event else { return None };
        (*command.name == *self.engine.rondo_command && asks_to_come_back(&command.text))
            .then_some(&command.user)
    }

    /// Reports the error in the acknowledgement, or posts it if the acknowledgement cannot carry it.
    fn acknowledge_error(&self, problem: HandlingError, reply_route: &ReplyRoute) -> Handled {
        metrics::counter!("rondo_deliveries_failed_total", "why" => problem.why()).increment(1);
        let (handled, url) = problem.acknowledge(reply_route);
        if let Some(url) = url {
            let slack = self.engine.slack.clone();
            self.engine
                .behind
                .spawn(async move { post(&slack, &url, &Message::new(problem.words()), false).await });
        }
        handled
    }

    /// Posts the outcome of a handling that was acknowledged before its end.
    async fn follow_up(&self, reply_route: ReplyRoute, ended: Result<Reply, HandlingError>) {
        let message = match ended {
            Ok(reply) => match self.show_behind(reply_route.clone(), reply) {
                Reply::Ephemeral(message) | Reply::Replace(message) => message,
                _ => return,
            },
            Err(problem) => Message::new(problem.words()),
        };
        if let ReplyRoute::Command { response_url: Some(url), .. }
        | ReplyRoute::Action { response_url: Some(url), .. } = reply_route
        {
            post(&self.engine.slack, &url, &message, false).await;
        }
    }

    /// Makes the call that a reply asks for in a task of its own: its trigger expires after 3 s, and the
    /// acknowledgement must not wait for Slack. Returns what is left to acknowledge.
    fn show_behind(&self, reply_route: ReplyRoute, reply: Reply) -> Reply {
        let (trigger, response_url, view) = match reply_route {
            ReplyRoute::Command { trigger, response_url, .. } => (trigger, response_url, None),
            ReplyRoute::Action { trigger, response_url, view, .. } => (trigger, response_url, view),
            ReplyRoute::Form { .. } | ReplyRoute::None => return reply,
        };
        if !matches!(reply, Reply::Open(_) | Reply::Push(_) | Reply::Update(_)) {
            return reply;
        }
        let slack = self.engine.slack.clone();
        self.engine.behind.spawn(async move {
            let Some(Err(error)) = slack.shows_reply(&reply, &trigger, view.as_deref()).await else { return };
            tracing::warn!(%error, "a modal could not be shown");
            if let Some(url) = response_url {
                post(&slack, &url, &messages::form_too_late(), false).await;
            }
        });
        Reply::Nothing
    }

    async fn answer<'c>(&'c self, context: &'c Context, event: Event) -> Result<Answer<'c>, Failure> {
        match event {
            Event::Command(command) => self.command(context, command).await,
            Event::Action(action) if people::owns(&action.action) => Editor { context }.pressed(action).await,
            Event::Action(action) if action.action == messages::AGAIN => {
                let text = action.value.clone();
                let (name, text) = text.split_once(' ').unwrap_or((&text, ""));
                self.run_command_text(context, action, name, text).await
            }
            Event::Action(action) => match (self.offered(&action.action), self.owner(&action.action)) {
                (Some((ritual, text)), _) => {
                    self.run_command_text(context, action, &ritual.command().name, text).await
                }
                (None, Some(ritual)) => ritual.on_action(context, action).await,
                (None, None) => Ok(unknown("action")),
            },
            Event::Submission(sent) if people::owns(&sent.callback) => {
                let user = sent.user.clone();
                Ok(Editor { context }.save(sent).await?.with_absence_of(&user))
            }
            Event::Submission(sent) if saving::owns(&sent.callback) => self.saver(context).save(sent).await,
            Event::Submission(submission) => match self.owner(&submission.callback) {
                Some(ritual) => ritual.on_submission(context, submission).await,
                None => Ok(unknown("submission")),
            },
            Event::DirectMessage { user, channel, .. } => self.direct_message(context, &user, channel),
            Event::ViewClosed(closed) => match self.owner(&closed.view.callback) {
                Some(ritual) => ritual.on_view_closed(context, closed).await,
                None => Ok(unknown("view_closed")),
            },
            Event::OptionsWanted(wanted) => match self.owner(&wanted.action) {
                Some(ritual) => Ok(Answer::reply(Reply::Options(ritual.options(context, wanted).await?))),
                None => Ok(unknown("options")),
            },
            Event::MessageShortcut(shortcut) if shortcut.callback == saving::SHORTCUT => {
                self.saver(context).open(shortcut).await
            }
            Event::MessageShortcut(shortcut) => self.shortcut(context, Shortcut::Message(shortcut)).await,
            Event::GlobalShortcut(shortcut) => self.shortcut(context, Shortcut::Global(shortcut)).await,
            Event::Mention(mention) => self.mention(context, &mention),
            Event::Reaction(reaction) => {
                let mut unit = UnitOfWork::new();
                for ritual in self.engine.rituals.iter() {
                    unit.append(ritual.on_reaction(context, &reaction).await?);
                }
                Ok(Answer::new(unit, Reply::Nothing))
            }
            Event::HomeOpened(_) => Ok(unknown("home")),
            Event::Workspace { event, at_us } => {
                let Some(event) = directory::without_suppressed(&self.engine, event).await? else {
                    return Ok(Answer::nothing());
                };
                let mut unit = directory::change(&self.engine, &event, at_us);
                unit.append(directory::told(&self.engine, context, &event).await?);
                Ok(Answer::new(unit, Reply::Nothing))
            }
        }
    }

    async fn command<'c>(
        &'c self,
        context: &'c Context,
        mut command: Command,
    ) -> Result<Answer<'c>, Failure> {
        if let Some(ritual) = self.engine.rituals.iter().find(|ritual| ritual.command().name == command.name)
        {
            return ritual.on_command(context, command).await;
        }
        if *command.name != *self.engine.rondo_command {
            // The app's settings at Slack name a command that the configuration does not. What it should do is a guess,
            // so it shows the help.
            unknown("command");
            return Ok(Answer::reply(Reply::Ephemeral(self.help())));
        }
        let text = command.text.trim();
        let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if asks_to_come_back(text) {
            return Ok(Answer::reply(Reply::Ephemeral(messages::here_already())));
        }
        match self.named(&first.to_lowercase()) {
            Some(ritual) => {
                command.text = rest.to_owned();
                ritual.on_command(context, command).await
            }
            None if matches!(&*first.to_lowercase(), "" | "help" | "?") => {
                Ok(Answer::reply(Reply::Ephemeral(self.help())))
            }
            None if first.to_lowercase() == "me" && rest.trim().is_empty() => {
                Editor { context }.open(&command.user, Some(command.response_url)).await
            }
            None => {
                let rituals = &self.engine.rituals;
                // `me` is known, and the words behind it are not.
                let shown = if first.eq_ignore_ascii_case("me") { text } else { first };
                let unknown = messages::unknown(shown, rituals, &self.engine.rondo_command);
                Ok(Answer::reply(Reply::Ephemeral(unknown)))
            }
        }
    }

    /// Answers a person who wrote in their DM with a short help, once for each message and at most once in ten seconds.
    fn direct_message<'c>(
        &self,
        context: &Context,
        user: &UserId,
        channel: ChannelId,
    ) -> Result<Answer<'c>, Failure> {
        if *user == context.bot {
            return Ok(Answer::nothing());
        }
        let message = messages::direct_help(&self.engine.rituals, &self.engine.rondo_command);
        let origin = Origin::new(ENGINE, String::new());
        let key = format!("help/{}", context.id());
        let effect = NewEffect {
            expires_at: Some(context.now + chrono::Duration::minutes(HELP_MINUTES)),
            ..NewEffect::post(origin, key, Target::Channel(channel), message, context.now)
        };
        let mut unit = UnitOfWork::new();
        dm_help::guard(&mut unit, &context.team, user, context.now);
        context.enqueue(&mut unit, &effect)?;
        Ok(Answer::new(unit, Reply::Nothing))
    }

    async fn shortcut<'c>(&'c self, context: &'c Context, shortcut: Shortcut) -> Result<Answer<'c>, Failure> {
        match self.owner(shortcut.callback()) {
            Some(ritual) => ritual.on_shortcut(context, shortcut).await,
            None => Ok(unknown("shortcut")),
        }
    }

    /// Answers a person who mentioned the bot in a channel: only they see a short help there, at most once in ten
    /// seconds.
    fn mention<'c>(&self, context: &Context, mention: &Mentioned) -> Result<Answer<'c>, Failure> {
        if mention.user == context.bot {
            return Ok(Answer::nothing());
        }
        let ephemeral = Effect::Ephemeral {
            channel: mention.message.channel.clone(),
            user: mention.user.clone(),
            message: messages::mentioned(&self.engine.rituals, &self.engine.rondo_command),
        };
        let effect = NewEffect {
            expires_at: Some(context.now + chrono::Duration::minutes(HELP_MINUTES)),
            ..NewEffect::new(ENGINE, format!("help/{}", context.id()), ephemeral, context.now)
        };
        let mut unit = UnitOfWork::new();
        dm_help::guard(&mut unit, &context.team, &mention.user, context.now);
        context.enqueue(&mut unit, &effect.caused_by(&mention.user))?;
        Ok(Answer::new(unit, Reply::Nothing))
    }

    /// Returns the ritual whose command a button of the help runs, and the text behind the command.
    fn offered(&self, action: &str) -> Option<(&dyn Ritual, &'static str)> {
        let ritual = self.engine.ritual(action.strip_prefix(messages::OPEN)?)?;
        Some((ritual, ritual.offer()?.1))
    }

    /// Runs a command as if the person who pressed the button had typed it in that channel.
    async fn run_command_text<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
        name: &str,
        text: &str,
    ) -> Result<Answer<'c>, Failure> {
        let Some(channel) = action.channel else { return Ok(Answer::nothing()) };
        let command = Command {
            user: action.user,
            user_name: action.user_name,
            channel,
            name: name.to_owned(),
            text: text.to_owned(),
            trigger: action.trigger,
            response_url: action.response_url.unwrap_or_default(),
        };
        Box::pin(self.command(context, command)).await
    }

    /// Commits the request to read a channel, before the person is told about it.
    async fn request_reading(&self, context: &Context, channel: &ChannelId) -> Result<(), Failure> {
        let mut unit = UnitOfWork::new();
        channels::want_for_person(&mut unit, &context.team, channel, context.now);
        Ok(self.engine.store.commit(unit).await.map(drop)?)
    }

    /// Returns the ritual of this name, or whose command has it: `promises` and `promise`.
    fn named(&self, word: &str) -> Option<&dyn Ritual> {
        let by_command = || {
            self.engine.rituals.iter().find(|ritual| ritual.command().name.strip_prefix('/') == Some(word))
        };
        self.engine.ritual(word).or_else(|| by_command().map(AsRef::as_ref))
    }

    fn owner(&self, action: &str) -> Option<&dyn Ritual> {
        self.engine.ritual(action.split_once(':').map_or(action, |(ritual, _)| ritual))
    }

    fn saver<'c>(&'c self, context: &'c Context) -> Saver<'c> {
        Saver { context, rituals: &self.engine.rituals }
    }

    /// Returns the reply to `/rondo`.
    fn help(&self) -> Message {
        messages::help(&self.engine.rituals, &self.engine.rondo_command)
    }
}

fn asks_to_come_back(text: &str) -> bool {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ") == messages::COME_BACK
}

/// Counts an event that no ritual owns, and does nothing.
fn unknown<'c>(kind: &'static str) -> Answer<'c> {
    metrics::counter!("rondo_deliveries_unknown_total", "kind" => kind).increment(1);
    Answer::nothing()
}

/// Posts directly, without the store, which may be what fails.
async fn post(slack: &crate::slack::Slack, url: &str, message: &Message, replaces: bool) {
    if let Err(error) = slack.respond(url, message, replaces).await {
        tracing::warn!(%error, "a person could not be told what became of their request");
    }
}
