//! A person's answer about their turn stands in one message: the newest that they have.

use super::{
    Syncs,
    changing::{TurnOn, amend, offered_key, unanswered_key},
    messages,
    plan::{Offer, Turn},
    store::OfferState,
};
use crate::{
    model::{failure::Failure, message::Message, people::UserId},
    ritual::Context,
    store::unit::UnitOfWork,
};

/// How many versions of a turn are looked through for messages of a person, the last ones.
const MOST_MOVES: i64 = 6;

impl Syncs {
    /// Adds to a unit that of the posted messages to a person about their turn the older ones say where their answer is: in the newest. `no`
    /// is what they read who said no.
    pub(super) async fn put_answered_below(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        (user, offers): (&UserId, &[(Offer, OfferState)]),
        no: Option<&Message>,
    ) -> Result<(), Failure> {
        let mut keys = on.keys_of(on.turn, user);
        // A yes leaves its buttons in those alone, and a no ends the swaps, too.
        let offers = if no.is_some() { offers } else { &[] };
        keys.extend(on.swap_keys(user, offers));
        let made = offers.iter().filter(|(offer, _)| offer.from == *user && offer.since == on.turn.since);
        keys.extend(made.flat_map(|(offer, _)| [offered_key(offer), unanswered_key(offer)]));
        let mut posted = Vec::new();
        for key in keys {
            posted.extend(context.store.posted(&key).await?.map(|(_, ts)| (ts, key)));
        }
        posted.sort();
        let newest = posted.pop();
        for (_, key) in posted {
            amend(unit, context, (&key, user), &messages::answered_below(&on.place()))?;
        }
        // The message in which they read of the turn anew, since the sync had moved, isn't posted: those before it lead there.
        if let (None, Some(no)) = (newest, no) {
            let first = on.turn.since.saturating_sub(MOST_MOVES).max(0);
            for since in first..on.turn.since {
                for key in on.keys_of(&Turn { since, ..on.turn.clone() }, user) {
                    amend(unit, context, (&key, user), no)?;
                }
            }
        }
        Ok(())
    }
}
