//! Coffee: people of one channel meet in small groups, round after round.

mod answering;
mod changing;
mod demo;
mod holidays;
mod ledger;
mod members;
pub mod messages;
mod moving;
mod notice;
mod occasion;
mod options;
mod permission;
pub mod plan;
mod request;
mod round;
mod setup;
mod starting;
mod status;
pub mod store;
mod taking_part;
mod which;

use chrono::NaiveDateTime;
use futures_util::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};

use self::{
    members::{Absent, Participants},
    options::Options,
    plan::{LARGEST_GROUP, SMALLEST_GROUP},
    request::{Request, Verb},
    taking_part::{join, leave, skip},
    which::of_button,
};
use crate::{
    common::{people::store as settings, setup::SetupStep},
    model::{
        cadence::{Cadence, Occurrence},
        effect::{DeliveryOutcome, NewEffect, Origin, Target},
        event::{Action, Command, Reply, Submission, WorkspaceEvent},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, CommandSpec, Context, Handling, PlannedRun, Ran, Registration, Ritual, Settled},
    store::{holdings::Holdings, programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// `[coffee]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CoffeeSettings {
    /// How many people are introduced to each other at a time.
    pub group_size: usize,
}

impl CoffeeSettings {
    /// The first key that is out of range, and how to mend it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        (!(SMALLEST_GROUP..=LARGEST_GROUP).contains(&self.group_size))
            .then(|| ("group_size", format!("write a number from {SMALLEST_GROUP} to {LARGEST_GROUP}")))
    }
}

impl Default for CoffeeSettings {
    fn default() -> CoffeeSettings {
        CoffeeSettings { group_size: SMALLEST_GROUP }
    }
}

/// Its entry in the list of rituals.
pub const REGISTRATION: Registration = Registration {
    name: NAME,
    command: "/coffee",
    configure: |section| {
        section.read(CoffeeSettings::fault, |settings, shared| {
            Box::new(Coffee::new(settings, shared.command, shared.departments))
        })
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

/// The ritual.
pub struct Coffee {
    settings: CoffeeSettings,
    command: String,
    /// Handles of the user groups that are departments.
    departments: Vec<String>,
}

/// How coffee is called in the outbox, in its actions and in the store.
const NAME: &str = "coffee";
/// The kinds of run: the notice on the day before, the round, and the question at its end.
const NOTICE: &str = "notice";
const ROUND: &str = "round";
const CLOSE: &str = "close";

/// What an effect is about, for when the ritual is told what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum EffectSubject {
    /// The introduction of a group.
    Group(String),
    /// What the channel is told of a programme.
    Programme(String),
    /// Something that is no loss.
    Aside,
}

impl Ritual for Coffee {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Introduce people in this channel to each other, round after round",
            usage: "start every 2 weeks on Tuesday at 10:00",
            ways: &[
                ("", "opens a form that sets up coffee chats, or shows how those of this channel stand"),
                (
                    "start every 2 weeks on Tuesday at 10:00",
                    "starts coffee chats in this channel, or changes their times",
                ),
                ("status", "shows the next round and how many take part"),
                ("skip", "skips the next round, just for you"),
                ("leave", "takes you out of the chats"),
                ("join", "brings you back in"),
                ("pause", "stops the rounds for a while; resume brings them back"),
                ("stop", "ends the chats in this channel, after asking you"),
                ("help", "shows all this in Slack"),
            ],
        }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("commands", "so that people can type the command"),
            ("chat:write", "to introduce people to each other"),
            ("mpim:write", "to open a conversation for the people who are introduced"),
            ("im:write", "to tell an organiser why a round could not be held"),
            ("users:read", "to know bots from people, and each person's zone"),
            ("channels:read", "to know who is in a channel"),
            ("groups:read", "to know who is in a private channel"),
            ("usergroups:read", "to know departments that are user groups"),
        ]
    }

    fn offer(&self) -> Option<(&'static str, &'static str)> {
        Some(("Coffee chats", ""))
    }

    fn on_change<'c>(
        &'c self,
        context: &'c Context,
        change: &'c WorkspaceEvent,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        let mut unit = UnitOfWork::new();
        if let WorkspaceEvent::ChannelMoved { from, to } = change {
            store::move_channel(&mut unit, &context.team, from, to);
        }
        std::future::ready(Ok(unit)).boxed()
    }

    fn holdings(&self) -> &'static Holdings {
        &store::HOLDINGS
    }

    fn on_command<'c>(&'c self, context: &'c Context, command: Command) -> Handling<'c> {
        self.typed(context, command).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.pressed(context, action).boxed()
    }

    fn on_submission<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.sent(context, sent).boxed()
    }

    fn on_settled<'c>(
        &'c self,
        context: &'c Context,
        origin: &'c Origin,
        outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        round::settled(context, origin, outcome).boxed()
    }

    fn plan(&self, programme: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        let Some(cadence) = &programme.cadence else { return Vec::new() };
        occasion::plan(&Options::read(&programme.settings), cadence, programme.from_at, occasion)
    }

    fn run_title(&self, kind: &str) -> &'static str {
        match kind {
            NOTICE => "Notice of a coffee round",
            CLOSE => "Question whether people met",
            _ => "Coffee round",
        }
    }

    fn on_run<'c>(
        &'c self,
        context: &'c Context,
        programme: Option<&'c Programme>,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        async move {
            match (run.kind.as_str(), programme) {
                (ROUND, Some(programme)) => self.hold_round(context, programme, run).await,
                (NOTICE, Some(programme)) => self.give_notice(context, programme, run).await,
                (CLOSE, Some(programme)) => self.close_round(context, programme, run).await,
                _ => Ok(Ran::unknown_work()),
            }
        }
        .boxed()
    }
}

impl Coffee {
    /// The ritual with its settings, answering to this command; `departments` are handles of user groups.
    pub fn new(settings: CoffeeSettings, command: String, departments: Vec<String>) -> Coffee {
        Coffee { settings, command, departments }
    }

    async fn typed<'c>(&'c self, context: &'c Context, command: Command) -> Result<Answer<'c>, Failure> {
        let (word, name) = match request::parse(&command.text) {
            Request::Bare => return self.bare(context, command).await,
            Request::Help => return Ok(Answer::reply(Reply::Ephemeral(messages::help(&self.command)))),
            Request::Start(when) => return self.propose(context, &command, &when).await,
            Request::Unknown(meant) => return self.times_or_nothing(context, &command, meant).await,
            Request::Status => (Verb::Status, None),
            Request::Stop => (Verb::Stop, None),
            Request::Join => (Verb::Join, None),
            Request::Leave => (Verb::Leave, None),
            Request::Skip => (Verb::Skip, None),
            Request::Pause => (Verb::Pause, None),
            Request::Resume => (Verb::Resume, None),
            Request::Named(word, name) => (word, Some(name)),
        };
        let programme = self.meant(context, &command, word, name.as_deref()).await?;
        let user = &command.user;
        match word {
            Verb::Stop => self.ask_to_stop(context, programme, user).await,
            Verb::Join => join(context, programme, user, ReplyVia::Typed).await,
            Verb::Leave => Ok(leave(context, &programme, user, ReplyVia::Typed)),
            Verb::Skip => skip(context, programme, user, ReplyVia::Typed).await,
            Verb::Pause => self.pause(context, programme, user).await,
            Verb::Resume => self.resume(context, programme, user).await,
            Verb::Status | Verb::Help | Verb::Start => self.status(context, programme, user).await,
        }
    }

    async fn pressed<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let user = action.user.clone();
        match action.action.as_str() {
            messages::START => self.start(context, action).await,
            messages::MOVE => self.move_to(context, action).await,
            messages::SET_UP => self.set_up_another(context, action).await,
            messages::CHANGE => self.change(context, action).await,
            messages::NOT_NOW => Ok(Answer::reply(Reply::Replace(messages::not_now(&self.command)))),
            messages::STOP => self.ask_to_stop(context, of_button(context, &action).await?, &user).await,
            messages::STATUS => self.status(context, of_button(context, &action).await?, &user).await,
            messages::PAUSE => self.pause(context, of_button(context, &action).await?, &user).await,
            messages::RESUME => self.resume(context, of_button(context, &action).await?, &user).await,
            messages::STOP_NOW => self.stop(context, of_button(context, &action).await?, &action).await,
            messages::JOIN => {
                join(context, of_button(context, &action).await?, &user, ReplyVia::PressedInAnswer).await
            }
            messages::LEAVE => {
                let programme = of_button(context, &action).await?;
                Ok(leave(context, &programme, &user, ReplyVia::Pressed))
            }
            messages::SKIP => {
                skip(context, of_button(context, &action).await?, &user, ReplyVia::Pressed).await
            }
            messages::MET => answering::met(context, &action).await,
            messages::NOT_YET => answering::not_yet(context, &action).await,
            messages::NOT_THIS_TIME => answering::not_this_time(context, &action).await,
            other if SetupStep::of(other) == Some(SetupStep::Back) => self.back(context, action).await,
            // A button of an older or newer release: nothing to do is better than a wrong thing.
            _ => Err(Failure::refuse(messages::unknown_button(&self.command))),
        }
    }
}

/// When chats come.
fn times(programme: &Programme) -> Result<&Cadence, Failure> {
    programme.cadence.as_ref().ok_or_else(|| Failure::refuse(messages::over()))
}

/// Who takes part in the round of a programme at that time on its wall.
async fn members_of(
    context: &Context,
    programme: &Programme,
    wall: Option<NaiveDateTime>,
) -> Result<Participants, Failure> {
    let people = context.store.channel_people(&programme.channel).await?;
    let absences = store::absences(&context.store, &programme.id).await?;
    let settings = settings::of_channel(&context.store, &programme.channel).await?;
    let guests_take_part = context.authority.guests_take_part;
    let absent = Absent { absences: &absences, settings: &settings, guests_take_part };
    Ok(members::members(people, absent, wall.map(|wall| wall.date())))
}

/// The round that is still to come.
async fn next_round(context: &Context, programme: &Programme) -> Result<Option<Occurrence>, Failure> {
    if programme.paused_at.is_some() {
        return Ok(None);
    }
    let pending = context.store.pending_runs(&programme.id).await?;
    Ok(pending.into_iter().find(|run| run.kind == ROUND).map(|run| run.due))
}

/// How a person asked, which decides how they are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReplyVia {
    /// With the command.
    Typed,
    /// By a button in a message that the whole channel sees.
    Pressed,
    /// By a button in an answer that only they see, and that has served its turn.
    PressedInAnswer,
}

impl ReplyVia {
    fn reply(self, message: Message) -> Reply {
        match self {
            ReplyVia::Typed | ReplyVia::Pressed => Reply::Ephemeral(message),
            ReplyVia::PressedInAnswer => Reply::Replace(message),
        }
    }
}

fn origin(about: &EffectSubject) -> Result<Origin, Failure> {
    let note = serde_json::to_string(about).map_err(|error| Failure::Fail(error.into()))?;
    Ok(Origin::new(NAME, note))
}

/// A message to one person, which is no loss if they have gone.
fn to_person(
    context: &Context,
    key: String,
    person: &UserId,
    message: Message,
) -> Result<NewEffect, Failure> {
    let to = Target::Person(person.clone());
    Ok(NewEffect::post(origin(&EffectSubject::Aside)?, key, to, message, context.now))
}
