//! The toy ritual: a person notes something, and after some hours the channel is reminded of it.

mod demo;
mod ledger;
mod messages;
mod plan;
mod store;

use chrono::Duration;
use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    model::{
        catch_up::CatchUp,
        effect::{Effect, NewEffect, Target},
        event::{Action, Command, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::ChannelId,
    },
    ritual::{Answer, CommandSpec, Context, Handling, Ran, Registration, Ritual},
    store::{
        holdings::Holdings,
        programmes::Programme,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};
use serde::Deserialize;

use self::plan::{Note, Request};

const NAME: &str = "toy";
const REMINDER: &str = "reminder";
const MOST_HOURS: u32 = 24;

/// `[toy]` in the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToySettings {
    /// Hours until the channel is reminded.
    hours: u32,
}

impl Default for ToySettings {
    fn default() -> ToySettings {
        ToySettings { hours: 1 }
    }
}

impl ToySettings {
    fn fault(&self) -> Option<(&'static str, String)> {
        (!(1..=MOST_HOURS).contains(&self.hours))
            .then(|| ("hours", format!("write a number from 1 to {MOST_HOURS}")))
    }
}

/// Its entry in the list of rituals.
pub const REGISTRATION: Registration = Registration {
    name: NAME,
    command: "/toy",
    configure: |section| {
        section.read(ToySettings::fault, |settings, command| Box::new(Toy { settings, command }))
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

struct Toy {
    settings: ToySettings,
    command: String,
}

impl Ritual for Toy {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Remind this channel of something",
            usage: "water the plants",
            ways: &[("water the plants", "reminds this channel of it"), ("help", "shows this in Slack")],
        }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[("commands", "so that people can type the command"), ("chat:write", "to remind the channel")]
    }

    fn holdings(&self) -> &'static Holdings {
        &store::HOLDINGS
    }

    fn on_command<'c>(&'c self, context: &'c Context, command: Command) -> Handling<'c> {
        std::future::ready(Ok(self.note(context, command))).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        async move {
            match action.action.as_str() {
                messages::DONE => done(context, action).await,
                _ => Ok(Answer::nothing()),
            }
        }
        .boxed()
    }

    fn run_title(&self, _kind: &str) -> &'static str {
        "Reminder"
    }

    fn on_run<'c>(
        &'c self,
        context: &'c Context,
        _programme: Option<&'c Programme>,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        async move {
            let Some(note) = store::note(&context.store, &run.subject).await? else {
                return Ok(Ran::skipped("the note is gone"));
            };
            let mut unit = UnitOfWork::new();
            context.enqueue_once(&mut unit, &post(context, &note, messages::reminder(&note)))?;
            Ok(Ran::done(unit))
        }
        .boxed()
    }
}

impl Toy {
    fn note<'c>(&self, context: &Context, command: Command) -> Answer<'c> {
        let Request::Note(words) = plan::parse(&command.text) else {
            let help = messages::help(&self.command, self.settings.hours);
            return Answer::reply(Reply::Ephemeral(help));
        };
        let note = Note {
            id: context.id(),
            author: command.user.0,
            channel: command.channel.0,
            words,
            noted_at: context.now,
            done_at: None,
        };
        let mut unit = UnitOfWork::new();
        store::put(&mut unit, &context.team, &note);
        let run = NewRun {
            owner: Owner::None,
            ritual: NAME,
            occasion: None,
            kind: REMINDER,
            subject: &note.id,
            due: plan::due(context.now, self.settings.hours),
            late: CatchUp::Within(Duration::hours(12)),
            payload: "",
        };
        runs::put(&mut unit, &context.team, &run, context.now);
        Answer::new(unit, Reply::Ephemeral(messages::noted(&note.words)))
    }
}

async fn done(context: &Context, action: Action) -> Result<Answer<'_>, Failure> {
    let Some(note) = store::note(&context.store, &action.value).await? else {
        return Ok(Answer::nothing());
    };
    let mut unit = UnitOfWork::new();
    store::mark_done(&mut unit, &context.team, &note.id, context.now);
    let message = messages::done(&note, &action.user);
    let to = Target::Channel(ChannelId(note.channel.clone()));
    context.amend(&mut unit, &key(&note), &Effect::Post { to, message })?;
    Ok(Answer::new(unit, Reply::Nothing).or_refuse(Failure::refuse(messages::done_already())))
}

fn key(note: &Note) -> String {
    format!("toy/note/{}", note.id)
}

fn post(context: &Context, note: &Note, message: Message) -> NewEffect {
    let to = Target::Channel(ChannelId(note.channel.clone()));
    NewEffect::new(NAME, key(note), Effect::Post { to, message }, context.now)
}
