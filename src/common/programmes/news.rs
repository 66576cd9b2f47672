//! What is posted about a programme, and what follows when Slack refuses it.

use serde::{Deserialize, Serialize};

use super::{Programmes, messages};
use crate::{
    model::{
        cadence::Occurrence,
        effect::{DeliveryOutcome, Effect, NewEffect, Origin, Target},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
        refusal::Refusal,
    },
    ritual::{Context, Settled},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What an effect is about that every ritual may have. A ritual's own subjects have notes of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NewsSubject {
    /// What the channel is told of the programme with this id.
    Programme(String),
    /// Something that is no loss.
    Aside,
}

/// The origin of a ritual's effect, with what it is about as its note.
pub fn origin(ritual: &'static str, about: &impl Serialize) -> Result<Origin, Failure> {
    let note = serde_json::to_string(about).map_err(|error| Failure::Fail(error.into()))?;
    Ok(Origin::new(ritual, note))
}

/// A message to one person, which is no loss if they have gone.
pub fn to_person(
    context: &Context,
    ritual: &'static str,
    key: String,
    person: &UserId,
    message: Message,
) -> Result<NewEffect, Failure> {
    let to = Target::Person(person.clone());
    Ok(NewEffect::post(origin(ritual, &NewsSubject::Aside)?, key, to, message, context.now))
}

/// Adds to a unit that each organiser of a programme reads this, once for each key.
pub fn tell_organisers(
    unit: &mut UnitOfWork,
    context: &Context,
    ritual: &'static str,
    programme: &Programme,
    (key, message): (&str, &Message),
) -> Result<(), Failure> {
    for organiser in &programme.organisers {
        let key = format!("{ritual}/trouble/{}/{key}/{organiser}", programme.id);
        context.enqueue_once(unit, &to_person(context, ritual, key, organiser, message.clone())?)?;
    }
    Ok(())
}

impl Programmes<'_> {
    /// Tells the channel. Each announcement is one thing that is seen, so it has a key of its own.
    pub fn announce(
        self,
        unit: &mut UnitOfWork,
        programme: &Programme,
        message: Message,
    ) -> Result<(), Failure> {
        Ok(self.context.enqueue(unit, &self.announcement(programme, message)?)?)
    }

    /// Returns the key of the message that tells the channel that a programme begins.
    pub(super) fn beginning_key(self, programme: &Programme) -> String {
        let start = programme.started_at.timestamp_millis();
        format!("{}/news/{}/{start}", self.ritual_name(), programme.id)
    }

    /// Adds to a unit that the message that tells the channel of the beginning names the occasion that is first now, and its button
    /// skips that one. It goes on naming the person who started it, though others may organise it now. Once an occasion has begun, it stays
    /// as it is.
    pub(super) async fn put_first_anew(
        self,
        unit: &mut UnitOfWork,
        programme: &Programme,
        first: Option<&Occurrence>,
    ) -> Result<(), Failure> {
        let Some(first) = first else { return Ok(()) };
        let key = self.beginning_key(programme);
        let Some(starter) = self.context.store.causer_of(&key).await? else { return Ok(()) };
        let occasions = self.context.store.occasions_from(&programme.id, programme.started_at).await?;
        if occasions.iter().any(|occasion| occasion.has_begun) {
            return Ok(());
        }
        let message = self.ritual.announcement(&starter, programme, self.times(programme)?, first);
        let effect = Effect::Post { to: Target::Channel(programme.channel.clone()), message };
        Ok(self.context.revise(unit, &key, &effect)?)
    }

    pub(super) fn announcement(self, programme: &Programme, message: Message) -> Result<NewEffect, Failure> {
        let key = format!("{}/news/{}", self.ritual_name(), self.context.id());
        let to = Target::Channel(programme.channel.clone());
        let about = origin(self.ritual_name(), &NewsSubject::Programme(programme.id.clone()))?;
        let owner = Owner::Programme(programme.id.clone());
        Ok(NewEffect { owner, ..NewEffect::post(about, key, to, message, self.context.now) })
    }

    /// What follows from what became of a message with a [`NewsSubject`]. Other messages count as no loss.
    pub async fn settled(self, origin: &Origin, outcome: &DeliveryOutcome) -> Result<Settled, Failure> {
        let about = serde_json::from_str::<NewsSubject>(&origin.note).unwrap_or(NewsSubject::Aside);
        match (about, outcome) {
            (NewsSubject::Programme(id), DeliveryOutcome::Refused(_, error)) => {
                let context = self.context;
                let Some(programme) = context.store.programme(&id).await? else {
                    return Ok(Settled::given_up());
                };
                let mut unit = UnitOfWork::new();
                if programme.ended_at.is_none() {
                    let message = messages::unannounced(
                        self.words(),
                        &programme.channel,
                        &programme.id,
                        error,
                        &context.bot,
                    );
                    tell_organisers(&mut unit, context, self.ritual_name(), &programme, ("news", &message))?;
                }
                Ok(Settled::with(unit))
            }
            // An answer, or a DM to a person who has left, needs no attention.
            (NewsSubject::Aside, DeliveryOutcome::Refused(Refusal::Person, _)) => {
                Ok(Settled::with(UnitOfWork::new()))
            }
            (NewsSubject::Aside | NewsSubject::Programme(_), _) => Ok(Settled::given_up()),
        }
    }
}
