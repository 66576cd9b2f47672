//! A ritual that only reacts to the outcomes of its effects.

use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    engine::{Engine, outbox::Outbox},
    model::{
        effect::{DeliveryOutcome, Origin},
        event::Command,
        failure::Failure,
    },
    ritual::{Answer, CommandSpec, Context, Handling, Ritual, Settled},
};

use crate::support::Bot;

/// Its name as an origin of effects.
pub const NAME: &str = "reacting";

/// A ritual with this reaction.
pub struct Reacting<F>(pub F);

impl<F> Ritual for Reacting<F>
where
    F: Fn(&Context, &Origin, &DeliveryOutcome) -> Result<Settled, Failure> + Send + Sync + 'static,
{
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/reacting".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn on_command<'v>(&'v self, _: &'v Context, _: Command) -> Handling<'v> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    fn on_settled<'v>(
        &'v self,
        context: &'v Context,
        origin: &'v Origin,
        outcome: &'v DeliveryOutcome,
    ) -> BoxFuture<'v, Result<Settled, Failure>> {
        std::future::ready((self.0)(context, origin, outcome)).boxed()
    }
}

/// Returns an outbox beside the bot's own, whose effects belong to a ritual with this reaction.
pub fn outbox_of<F>(bot: &Bot, reacts: F) -> Outbox
where
    F: Fn(&Context, &Origin, &DeliveryOutcome) -> Result<Settled, Failure> + Send + Sync + 'static,
{
    let rituals = vec![Box::new(Reacting(reacts)) as Box<dyn Ritual>].into();
    Outbox::new(Engine { rituals, ..bot.parts.engine.clone() }, bot.config.slack.call_timeout)
}
