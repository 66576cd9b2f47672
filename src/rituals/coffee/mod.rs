//! Coffee: people of one channel meet in small groups, round after round.

mod answering;
mod demo;
mod ledger;
pub mod messages;
mod notice;
mod occasion;
mod options;
pub mod plan;
mod preview;
mod programmes;
mod round;
mod status;
pub mod store;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};

use self::{
    options::Options,
    plan::{LARGEST_GROUP, SMALLEST_GROUP},
};
use crate::{
    common::programmes::next_occasion,
    model::{
        cadence::Occurrence,
        effect::{DeliveryOutcome, Origin},
        event::{Action, Command, Submission, WorkspaceEvent},
        failure::Failure,
    },
    ritual::{
        Answer, CommandSpec, Context, Handling, PlannedRun, ProgrammeRuns, Ran, Registration, Ritual, Settled,
    },
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
        section.read(CoffeeSettings::fault, |settings, command| Box::new(Coffee::new(settings, command)))
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

/// The ritual.
pub struct Coffee {
    settings: CoffeeSettings,
    command: String,
}

/// How coffee is called in the outbox, in its actions and in the store.
const NAME: &str = "coffee";
/// The kinds of run: the notice on the day before, the round, and the question at its end.
const NOTICE: &str = "notice";
const ROUND: &str = "round";
const CLOSE: &str = "close";

/// What an effect of coffee's own is about, for when the ritual is told what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum EffectSubject {
    /// The introduction of a group.
    Group(String),
}

impl Ritual for Coffee {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Introduce people in a channel to each other, round after round",
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
                ("away until Friday", "leaves you out of everything until then; back ends it"),
                ("cancel Tuesday", "cancels the round of that day for everyone"),
                ("move Tuesday to Wednesday", "moves the round of that day; all others stay"),
                ("pause", "stops the rounds for a while; resume brings them back"),
                ("pause until 7 January", "pauses the rounds until that day; they go on by themselves"),
                (
                    "hand over to @ben",
                    "makes another person organise the coffee chats in your place, after asking you",
                ),
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
        self.programmes(context).typed(command).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.pressed(context, action).boxed()
    }

    fn on_submission<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.programmes(context).sent(sent).boxed()
    }

    fn on_settled<'c>(
        &'c self,
        context: &'c Context,
        origin: &'c Origin,
        outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        self.settled(context, origin, outcome).boxed()
    }

    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        Some(self)
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
                (NOTICE, Some(programme)) => self.give_notice(context, programme).await,
                (CLOSE, Some(programme)) => self.close_round(context, programme, run).await,
                _ => Ok(Ran::unknown_work()),
            }
        }
        .boxed()
    }
}

impl ProgrammeRuns for Coffee {
    fn plan(&self, programme: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        let Some(cadence) = &programme.cadence else { return Vec::new() };
        occasion::plan(&Options::read(&programme.settings), cadence, programme.from_at, occasion)
    }

    fn on_shared_run<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        self.programmes(context).on_shared_run(programme, run).boxed()
    }
}

impl Coffee {
    /// The ritual with its settings, answering to this command.
    pub fn new(settings: CoffeeSettings, command: String) -> Coffee {
        Coffee { settings, command }
    }

    async fn pressed<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        match action.action.as_str() {
            messages::MET => answering::met(context, &action).await,
            messages::NOT_YET => answering::not_yet(context, &action).await,
            messages::NOT_THIS_TIME => answering::not_this_time(context, &action).await,
            _ => self.programmes(context).pressed(action).await,
        }
    }
}

/// The round that is still to come.
async fn next_round(context: &Context, programme: &Programme) -> Result<Option<Occurrence>, Failure> {
    next_occasion(context, programme, ROUND).await
}
