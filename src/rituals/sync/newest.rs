//! Of the messages to a person about one turn, the newest says what holds, and the older ones lead to it.

use super::{
    Syncs,
    changing::{TurnOn, amend, answered_key, offered_key, skip_question_key, swapped_key, unanswered_key},
    messages::{self, Loss, SyncPlace},
    plan::{Offer, Turn, TurnState},
    store::{self, OfferState},
};
use crate::{
    model::{failure::Failure, message::Message, people::UserId},
    ritual::Context,
    store::unit::UnitOfWork,
};

/// How many versions of a turn are looked through for messages of a person, the last ones.
const MOST_MOVES: i64 = 6;

impl TurnOn<'_> {
    /// Returns the outbox keys of what a person has read of the turn: also of the swaps that they have taken or asked for, and of the
    /// question whether to skip the sync.
    pub(super) fn all_keys(&self, user: &UserId, offers: &[(Offer, OfferState)]) -> Vec<String> {
        let made = offers.iter().filter(|(offer, _)| offer.from == *user && offer.since == self.turn.since);
        let mut keys = self.keys_of(self.turn, user);
        keys.extend(self.swap_keys(user, offers));
        keys.extend(made.flat_map(|(offer, _)| [offered_key(offer), unanswered_key(offer)]));
        keys.push(skip_question_key(&self.programme.id, &self.at, user));
        keys
    }

    /// Returns those of them that say why a person doesn't lead; once the sync has begun, that they lead.
    fn keys_of_loss(&self, (user, offers): (&UserId, &[(Offer, OfferState)]), loss: Loss<'_>) -> Vec<String> {
        let mut keys = self.all_keys(user, offers);
        match loss {
            // The run sheet stays.
            Loss::Begun => keys.retain(|key| *key != self.sheet_key(user)),
            // The question whether to skip the sync is answered where it was pressed.
            Loss::Skipped(_) => drop(keys.pop()),
            _ => {}
        }
        keys
    }

    /// Adds to a unit that the messages to a person whose turn another has taken say something else.
    pub(super) async fn amend_swapped(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        offer: &Offer,
        message: &Message,
    ) -> Result<(), Failure> {
        let turn = Turn { since: offer.since, ..self.turn.clone() };
        let mut keys = self.keys_of(&turn, &offer.from);
        keys.extend([offered_key(offer), unanswered_key(offer), swapped_key(offer)]);
        Syncs::amend_newest(unit, context, (&self.place(), &offer.from), &keys, message).await
    }
}

impl Syncs {
    /// Adds to a unit that of these messages to a person about a sync the newest says something else, and the older ones that there is
    /// news below. What isn't posted is withdrawn.
    pub(super) async fn amend_newest(
        unit: &mut UnitOfWork,
        context: &Context,
        (place, user): (&SyncPlace<'_>, &UserId),
        keys: &[String],
        message: &Message,
    ) -> Result<(), Failure> {
        let mut posted = posted(context, keys).await?;
        posted.pop();
        for key in keys {
            let below = posted.contains(key).then(|| messages::news_below(place));
            amend(unit, context, (key, user), below.as_ref().unwrap_or(message))?;
        }
        Ok(())
    }

    /// Adds to a unit that all of the posted messages to a person about a turn but the newest say that there is news below.
    pub(super) async fn put_news_below(
        unit: &mut UnitOfWork,
        context: &Context,
        (on, user): (&TurnOn<'_>, &UserId),
        keys: &[String],
    ) -> Result<(), Failure> {
        put_below(unit, context, (on, user), keys, messages::news_below).await?;
        Ok(())
    }

    /// Adds to a unit that of the messages to a person about the turn that they had the newest says why they don't lead, and the older
    /// ones lead to it; once the sync has begun, that they lead.
    pub(super) async fn put_lost_below(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        (user, offers): (&UserId, &[(Offer, OfferState)]),
        (loss, words): (Loss<'_>, &Message),
    ) -> Result<(), Failure> {
        let is_answer = matches!(loss, Loss::Declined | Loss::LastDeclined);
        let mut keys = on.keys_of_loss((user, offers), loss);
        let own = || offers.iter().filter(|(offer, _)| offer.from == *user && offer.since == on.turn.since);
        let is_answered =
            matches!(loss, Loss::Swapped(..)) && own().any(|(_, state)| *state == OfferState::Open);
        // What became of a question to a colleague stands where it was asked, unless the person has said more since.
        for (offer, state) in own().filter(|_| !is_answer) {
            if *state == OfferState::Void || is_answered && *state == OfferState::Open {
                let told = [offered_key(offer), unanswered_key(offer), answered_key(offer)];
                keys.retain(|key| !told.contains(key));
            }
        }
        let below = if is_answer { messages::answered_below } else { messages::news_below };
        if let Some(newest) = put_below(unit, context, (on, user), &keys, below).await? {
            // A colleague's yes is told in a message of its own.
            let words = if is_answered { &below(&on.place()) } else { words };
            return amend(unit, context, (&newest, user), words);
        }
        if is_answer {
            // The message in which they read of the turn anew, since the sync had moved, isn't posted: those before it lead there.
            let first = on.turn.since.saturating_sub(MOST_MOVES).max(0);
            for since in first..on.turn.since {
                for key in on.keys_of(&Turn { since, ..on.turn.clone() }, user) {
                    amend(unit, context, (&key, user), words)?;
                }
            }
        }
        Ok(())
    }

    /// Adds to a unit that all of the posted messages to a person about the turn that they had lead to the one that is sent now.
    pub(super) async fn put_all_below(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        (user, loss): (&UserId, Loss<'_>),
    ) -> Result<(), Failure> {
        let offers = store::offers_on(&context.store, &on.programme.id, on.date()).await?;
        let keys = on.keys_of_loss((user, &offers), loss);
        put_all(unit, context, (on, user), keys).await
    }

    /// Adds to a unit that the posted messages to a person who leads, but for the run sheet and what they read of questions to colleagues,
    /// lead to the one that is sent now, which has the same buttons. Who hasn't answered yet keeps the question.
    pub(super) async fn put_still_yours_below(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        user: &UserId,
    ) -> Result<(), Failure> {
        if on.turn.state != TurnState::Accepted {
            return Ok(());
        }
        let offers = store::offers_on(&context.store, &on.programme.id, on.date()).await?;
        let mut keys = on.keys_of_words(user);
        keys.extend(on.swap_keys(user, &offers));
        put_all(unit, context, (on, user), keys).await
    }

    /// Adds to a unit that of the messages to a person who has said that they lead the newest alone says so, with the ways out. A run
    /// sheet stays.
    pub(super) async fn put_yes_below(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        (user, offers): (&UserId, &[(Offer, OfferState)]),
        yes: &Message,
    ) -> Result<(), Failure> {
        let mut keys = on.keys_of(on.turn, user);
        keys.extend(on.swap_keys(user, offers));
        let newest = put_below(unit, context, (on, user), &keys, messages::answered_below).await?;
        match newest.filter(|key| *key != on.sheet_key(user)) {
            Some(newest) => amend(unit, context, (&newest, user), yes),
            None => Ok(()),
        }
    }
}

/// Adds to a unit that all of the posted messages but the newest lead to it. Returns the key of the newest.
async fn put_below(
    unit: &mut UnitOfWork,
    context: &Context,
    (on, user): (&TurnOn<'_>, &UserId),
    keys: &[String],
    below: impl Fn(&SyncPlace<'_>) -> Message,
) -> Result<Option<String>, Failure> {
    let mut posted = posted(context, keys).await?;
    let newest = posted.pop();
    for key in posted {
        amend(unit, context, (&key, user), &below(&on.place()))?;
    }
    Ok(newest)
}

/// Adds to a unit that all of the posted messages lead to one that is sent now.
async fn put_all(
    unit: &mut UnitOfWork,
    context: &Context,
    (on, user): (&TurnOn<'_>, &UserId),
    keys: Vec<String>,
) -> Result<(), Failure> {
    for key in posted(context, &keys).await? {
        amend(unit, context, (&key, user), &messages::news_below(&on.place()))?;
    }
    Ok(())
}

/// Returns those of the messages that are posted, the oldest first.
async fn posted(context: &Context, keys: &[String]) -> Result<Vec<String>, Failure> {
    let mut posted = Vec::new();
    for key in keys {
        posted.extend(context.store.posted(key).await?.map(|(_, ts)| (ts, key.clone())));
    }
    posted.sort();
    Ok(posted.into_iter().map(|(_, key)| key).collect())
}
