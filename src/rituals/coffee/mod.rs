//! Coffee: people of one channel meet in small groups, round after round.

mod holidays;
mod members;
pub mod messages;
pub mod plan;
mod programme;
mod questions;
mod request;
mod round;
pub mod store;
mod taking_part;

use chrono::NaiveDateTime;
use futures_util::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};

use self::{
    members::Members,
    plan::{LARGEST_GROUP, SMALLEST_GROUP},
    request::Request,
    taking_part::{join, leave, skip},
};
use super::ritual::{CommandSpec, Ran, Ritual, Saved, Visit};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        effect::{DeliveryOutcome, Effect, Origin, Target},
        event::{Action, Command, Reply},
        failure::Failure,
        message::Message,
        people::{ChannelId, ChannelState, Closed, TeamId, UserId},
    },
    store::{outbox, programmes::Programme, runs::Run, unit::Unit},
};

/// `[coffee]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many people are introduced to each other at a time.
    pub group_size: usize,
}

impl Settings {
    /// The first key that is out of range, and how to mend it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        (!(SMALLEST_GROUP..=LARGEST_GROUP).contains(&self.group_size))
            .then(|| ("group_size", format!("write a number from {SMALLEST_GROUP} to {LARGEST_GROUP}")))
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { group_size: SMALLEST_GROUP }
    }
}

/// The ritual.
pub struct Coffee {
    settings: Settings,
    command: String,
    /// Handles of the user groups that are departments.
    departments: Vec<String>,
}

/// How coffee is called in the outbox, in its actions and in the store.
const NAME: &str = "coffee";
/// The one kind of run.
const ROUND: &str = "round";

/// What an effect is about, for when the ritual is told what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum About {
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
                (
                    "start every 2 weeks on Tuesday at 10:00",
                    "starts coffee chats in this channel, or changes their times",
                ),
                ("status", "shows the next round and who takes part"),
                ("skip", "skips the next round, just for you"),
                ("leave", "takes you out of the chats"),
                ("join", "brings you back in"),
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
        Some(("Coffee chats", "start"))
    }

    fn channel_moved(&self, unit: &mut Unit, team: &TeamId, from: &ChannelId, to: &ChannelId) {
        store::move_channel(unit, team, from, to);
    }

    fn on_command<'v>(&'v self, visit: &'v Visit, command: Command) -> BoxFuture<'v, Result<Reply, Failure>> {
        async move {
            let user = &command.user;
            match request::parse(&command.text) {
                Request::Help => Ok(Reply::Ephemeral(messages::help(&self.command))),
                Request::Start(when) => self.propose(visit, &command, &when).await,
                Request::Unknown(meant) => self.times_or_nothing(visit, &command, meant).await,
                Request::Status => self.status(visit, &command).await,
                Request::Stop => {
                    self.ask_to_stop(
                        visit,
                        self.here(visit, &command.channel, user).await?,
                        user,
                        Asked::Typed,
                    )
                    .await
                }
                Request::Join => {
                    join(visit, self.here(visit, &command.channel, user).await?, user, Asked::Typed).await
                }
                Request::Leave => {
                    leave(visit, self.here(visit, &command.channel, user).await?, user, Asked::Typed).await
                }
                Request::Skip => {
                    skip(visit, self.here(visit, &command.channel, user).await?, user, Asked::Typed).await
                }
            }
        }
        .boxed()
    }

    fn on_action<'v>(&'v self, visit: &'v Visit, action: Action) -> BoxFuture<'v, Result<Reply, Failure>> {
        async move {
            let user = &action.user;
            let (pressed, in_answer) = (Asked::Pressed(&action), Asked::PressedInAnswer(&action));
            match action.action.as_str() {
                messages::START => self.start(visit, &action).await,
                messages::MOVE => self.move_to(visit, &action).await,
                messages::NOT_NOW => {
                    let message = messages::not_now(&self.command);
                    save_or(visit, Unit::new(), in_answer, message, messages::over()).await
                }
                messages::STOP => {
                    self.ask_to_stop(visit, of_button(visit, &action).await?, user, pressed).await
                }
                messages::STOP_NOW => {
                    self.stop(visit, of_button(visit, &action).await?, user, in_answer).await
                }
                messages::JOIN => join(visit, now_of_button(visit, &action).await?, user, in_answer).await,
                messages::LEAVE => leave(visit, now_of_button(visit, &action).await?, user, pressed).await,
                messages::SKIP => skip(visit, now_of_button(visit, &action).await?, user, pressed).await,
                messages::MET => round::met(visit, &action).await,
                messages::NOT_YET => round::not_yet(visit, &action).await,
                // A button of an older or newer release: nothing to do is better than a wrong thing.
                _ => Err(Failure::refuse(messages::unknown_button(&self.command))),
            }
        }
        .boxed()
    }

    fn on_settled<'v>(
        &'v self,
        visit: &'v Visit,
        origin: &'v Origin,
        outcome: &'v DeliveryOutcome,
    ) -> BoxFuture<'v, Result<Option<Unit>, Failure>> {
        round::settled(visit, origin, outcome).boxed()
    }

    fn comes_round(&self) -> Option<&'static str> {
        Some(ROUND)
    }

    fn run_title(&self, _: &str) -> &'static str {
        "Coffee round"
    }

    fn catch_up(&self, _: &str) -> CatchUp {
        CatchUp::WorkingDay
    }

    fn on_run<'v>(
        &'v self,
        visit: &'v Visit,
        programme: &'v Programme,
        run: &'v Run,
    ) -> BoxFuture<'v, Result<Ran, Failure>> {
        self.hold_round(visit, programme, run).boxed()
    }
}

impl Coffee {
    /// The ritual with its settings, answering to this command; `departments` are handles of user groups.
    pub fn new(settings: Settings, command: String, departments: Vec<String>) -> Coffee {
        Coffee { settings, command, departments }
    }

    /// The chats of a channel; a person is told where else theirs are.
    async fn here(&self, visit: &Visit, channel: &ChannelId, user: &UserId) -> Result<Programme, Failure> {
        if let Some(running) = visit.store.programme_in(&visit.team, NAME, channel).await? {
            return Ok(running);
        }
        let is_channel = !is_direct(channel)
            && visit.store.channel_state(&visit.team, channel).await? != ChannelState::Closed(Closed::Direct);
        let theirs = visit.store.channels_with(&visit.team, NAME, user).await?;
        Err(Failure::refuse(messages::none_here(is_channel, &theirs, &self.command)))
    }
}

/// Whether it is the DM of one person with the bot, as its id says.
fn is_direct(channel: &ChannelId) -> bool {
    channel.as_str().starts_with('D')
}

/// The chats that a button belongs to.
async fn of_button(visit: &Visit, action: &Action) -> Result<Programme, Failure> {
    let programme = visit.store.programme(&visit.team, &action.value).await?;
    let running = programme.filter(|programme| programme.ended_at.is_none());
    running.ok_or_else(|| Failure::refuse(messages::over()))
}

/// The chats that the channel of a button keeps now. Who takes part outlives a stop and a new start, so a button of before
/// does what it says.
async fn now_of_button(visit: &Visit, action: &Action) -> Result<Programme, Failure> {
    let over = || Failure::refuse(messages::over());
    let programme = visit.store.programme(&visit.team, &action.value).await?.ok_or_else(over)?;
    if programme.ended_at.is_none() {
        return Ok(programme);
    }
    visit.store.programme_in(&visit.team, NAME, &programme.channel).await?.ok_or_else(over)
}

/// Who takes part in a channel's round of that time on its wall.
async fn members_of(
    visit: &Visit,
    channel: &ChannelId,
    wall: Option<NaiveDateTime>,
) -> Result<Members, Failure> {
    let people = visit.store.channel_people(&visit.team, channel).await?;
    let absences = store::absences(&visit.store, &visit.team, channel).await?;
    let date = wall.map(|wall| wall.date().to_string()).unwrap_or_default();
    Ok(members::members(people, &absences, &date))
}

/// The round that is still to come.
async fn next_round(visit: &Visit, programme: &Programme) -> Result<Option<Occurrence>, Failure> {
    let pending = visit.store.pending_runs(&visit.team, &programme.id).await?;
    Ok(pending.into_iter().find(|run| run.kind == ROUND).map(|run| run.due))
}

/// How a person asked, which decides how they are answered.
#[derive(Clone, Copy)]
enum Asked<'a> {
    /// With the command.
    Typed,
    /// By a button in a message that everybody there sees.
    Pressed(&'a Action),
    /// By a button in an answer that only they see, and that has served its turn.
    PressedInAnswer(&'a Action),
}

/// Saves a unit, and answers the person who asked.
async fn save(visit: &Visit, mut unit: Unit, asked: Asked<'_>, message: Message) -> Result<Saved, Failure> {
    let (action, replace) = match asked {
        Asked::Typed => return visit.save(unit, Reply::Ephemeral(message)).await,
        Asked::Pressed(action) => (action, false),
        Asked::PressedInAnswer(action) => (action, true),
    };
    if let Some(url) = action.response_url.clone() {
        let key = format!("coffee/answer/{}", visit.entropy.id(visit.now));
        let answer = Effect::answer(NAME, key, url, message, replace, visit.now);
        outbox::enqueue(&mut unit, &visit.team, &answer.caused_by(&action.user), visit.now)?;
    }
    visit.save(unit, Reply::Nothing).await
}

/// The same where a guard may say no, which is answered with `no`.
async fn save_or(
    visit: &Visit,
    unit: Unit,
    asked: Asked<'_>,
    message: Message,
    no: Message,
) -> Result<Reply, Failure> {
    match save(visit, unit, asked, message).await? {
        Saved::Yes(reply) => Ok(reply),
        Saved::No(_) => Err(Failure::refuse(no)),
    }
}

fn origin(about: &About) -> Result<Origin, Failure> {
    let note = serde_json::to_string(about).map_err(|error| Failure::Fail(error.into()))?;
    Ok(Origin::new(NAME, note))
}

/// A message to one person, which is no loss if they have gone.
fn to_person(visit: &Visit, key: String, person: &UserId, message: Message) -> Result<Effect, Failure> {
    let to = Target::Person(person.clone());
    Ok(Effect::post(origin(&About::Aside)?, key, to, message, visit.now))
}
