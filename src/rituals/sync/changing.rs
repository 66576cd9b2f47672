//! Changes of turns. Each goes through here, so that every message about a turn says what is true after it.

use chrono::{Duration, NaiveDate};

use super::{
    NAME, Syncs,
    messages::{self, Loss, SyncPlace},
    plan::{How, Offer, Turn, TurnState},
    store::{self, AnswerState, OfferState},
};
use crate::{
    common::programmes::{Part, to_person},
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        effect::{DeliveryGuarantee, Effect, Keep, NewEffect, Target},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::Context,
    store::{
        occasions::name_of,
        programmes::{self, Programme},
        unit::UnitOfWork,
    },
};

/// For how long messages about a turn can be changed after the sync, in days: a turn that is led in return comes later. The rows of a
/// year's daily sync take less than 200 kB.
pub(super) const KEEP_DAYS: i64 = 250;

/// How long after a yes what is sent of it may still be on its way, in minutes.
const UNSENT_MINUTES: i64 = 2;

/// A message to a person about their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AboutTurn {
    Asked,
    Reminded,
    Named,
    Leads,
    Sheet,
    /// That they take notes.
    Notes,
}

impl AboutTurn {
    /// Those that ask, or say who leads.
    pub const WORDS: [AboutTurn; 4] =
        [AboutTurn::Asked, AboutTurn::Reminded, AboutTurn::Named, AboutTurn::Leads];

    /// Returns its part of a key in the outbox.
    fn as_str(self) -> &'static str {
        match self {
            AboutTurn::Asked => "ask",
            AboutTurn::Reminded => "remind",
            AboutTurn::Named => "name",
            AboutTurn::Leads => "lead",
            AboutTurn::Sheet => "sheet",
            AboutTurn::Notes => "notes",
        }
    }
}

/// The turn of a date as it is stored.
#[derive(Clone, Copy)]
pub(super) struct TurnOn<'t> {
    pub programme: &'t Programme,
    pub at: Occurrence,
    pub turn: &'t Turn,
}

impl TurnOn<'_> {
    pub fn date(&self) -> NaiveDate {
        self.at.wall.date()
    }

    pub fn key(&self) -> (&str, NaiveDate) {
        (&self.programme.id, self.date())
    }

    pub(super) fn place(&self) -> SyncPlace<'_> {
        SyncPlace { name: &self.programme.name, channel: &self.programme.channel, at: &self.at }
    }

    /// Returns a message about a version of the turn, to the person who has it. It can be changed until after the sync.
    pub fn message(
        &self,
        context: &Context,
        about: AboutTurn,
        (after, user): (&Turn, &UserId),
        message: Message,
    ) -> Result<NewEffect, Failure> {
        let effect = to_person(context, NAME, self.effect_key(about, after, user), user, message)?;
        Ok(NewEffect {
            owner: Owner::Programme(self.programme.id.clone()),
            expires_at: Some(self.at.at),
            keep: Keep::Until(self.at.at + Duration::days(KEEP_DAYS)),
            delivery: DeliveryGuarantee::AtLeastOnce,
            ..effect
        })
    }

    /// Adds to a unit that a message to the person who has the turn says something else, if it was sent.
    pub fn amend(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (about, user): (AboutTurn, &UserId),
        message: &Message,
    ) -> Result<(), Failure> {
        amend(unit, context, (&self.effect_key(about, self.turn, user), user), message)
    }

    /// Adds the same for all messages to a person about the turn, the run sheet too.
    pub fn amend_all(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        user: &UserId,
        message: &Message,
    ) -> Result<(), Failure> {
        for about in AboutTurn::WORDS.into_iter().chain([AboutTurn::Sheet]) {
            self.amend(unit, context, (about, user), message)?;
        }
        Ok(())
    }

    /// Adds to a unit that a message to the person who has the turn says something else, sent or not.
    pub fn revise(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (about, user): (AboutTurn, &UserId),
        message: &Message,
    ) -> Result<(), Failure> {
        let effect = Effect::Post { to: Target::Person(user.clone()), message: message.clone() };
        Ok(context.revise(unit, &self.effect_key(about, self.turn, user), &effect)?)
    }

    /// Adds to a unit the next version of the turn ([`runs::OUTDATED`](crate::store::runs::OUTDATED); a first version also
    /// [`programmes::CHANGED`]), and what the person reads who takes notes.
    pub fn put_version(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        after: &Turn,
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        store::put_turn(unit, &context.team, self.key(), after);
        if self.turn.version == 0 {
            // A turn without a row can't tell that its sync has moved.
            programmes::unchanged(unit, &context.team, self.programme);
        }
        self.put_scribe(unit, context, after, loss)
    }

    /// Returns the outbox keys of what a person reads about the turn in messages about swaps: that they have taken it, and that
    /// a colleague can't take it.
    pub fn swap_keys(&self, user: &UserId, offers: &[(Offer, OfferState)]) -> Vec<String> {
        let key = |(offer, state): &(Offer, OfferState)| match state {
            OfferState::Accepted if offer.to == *user => Some(offer_key(offer)),
            OfferState::Refused | OfferState::Void
                if offer.from == *user && offer.since == self.turn.since =>
            {
                Some(answered_key(offer))
            }
            _ => None,
        };
        offers.iter().filter_map(key).collect()
    }

    /// Whether a person has said just now that they lead, and no message that a change of the turn could mend is sent to them.
    async fn is_unsent(&self, context: &Context, lead: &UserId) -> Result<bool, Failure> {
        let is_new = self.turn.changed_at > context.now - Duration::minutes(UNSENT_MINUTES);
        if self.turn.state != TurnState::Accepted || !is_new {
            return Ok(false);
        }
        let offers = store::offers_on(&context.store, &self.programme.id, self.date()).await?;
        for key in self.keys_of(self.turn, lead).into_iter().chain(self.swap_keys(lead, &offers)) {
            if context.store.posted(&key).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the outbox keys of what a person read of a version of the turn: those that ask or say who leads, and the run sheet.
    pub fn keys_of(&self, turn: &Turn, user: &UserId) -> Vec<String> {
        let about = AboutTurn::WORDS.into_iter().chain([AboutTurn::Sheet]);
        about.map(|about| self.effect_key(about, turn, user)).collect()
    }

    /// Returns the outbox keys of what the person reads who has the turn, but for the run sheet.
    pub fn keys_of_words(&self, user: &UserId) -> Vec<String> {
        AboutTurn::WORDS.map(|about| self.effect_key(about, self.turn, user)).into()
    }

    /// Returns the outbox key of the run sheet of the person who has the turn.
    pub fn sheet_key(&self, user: &UserId) -> String {
        self.effect_key(AboutTurn::Sheet, self.turn, user)
    }

    fn effect_key(&self, about: AboutTurn, turn: &Turn, user: &UserId) -> String {
        let since = if about == AboutTurn::Notes { turn.scribe_since } else { turn.since };
        let about = about.as_str();
        format!("sync/{about}/{}/{}/{since}/{user}", self.programme.id, self.date())
    }
}

/// Returns the value of a button about the turn of a date.
pub(super) fn value_of(programme: &str, date: NaiveDate, version: i64) -> String {
    format!("{programme} {date} {version}")
}

impl Syncs {
    /// Adds to a unit that a turn [changes](TurnOn::put_version), and that the messages about it say so. `loss` is why it isn't the person's any more who had it; the messages of one who keeps it say that they lead.
    pub(super) async fn put_change(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (on, after): (&TurnOn<'_>, &Turn),
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        on.put_version(unit, context, after, loss)?;
        // A swap changes two turns, and looks at questions once both have changed.
        let is_swap = matches!(loss, Loss::Swapped(..));
        if let Some(now) = after.holder().filter(|now| !is_swap && on.turn.holder() != Some(*now)) {
            self.withdraw_without_return(unit, context, on, now).await?;
        }
        let Some(holder) = on.turn.holder() else {
            return Syncs::put_found(unit, context, (on, after), loss).await;
        };
        let answer = match loss {
            Loss::Declined | Loss::LastDeclined => Some(AnswerState::Declined),
            Loss::Silent | Loss::AskedLast => Some(AnswerState::Silent),
            Loss::Away => Some(AnswerState::Returned),
            Loss::Swapped(..) => Some(AnswerState::Swapped),
            Loss::Volunteered(_) => Some(AnswerState::Relieved),
            _ => None,
        };
        let offers = store::offers_on(&context.store, &on.programme.id, on.date()).await?;
        let keeps = after.holder() == Some(holder);
        if keeps {
            let value = value_of(&on.programme.id, on.date(), after.version);
            let message = match after.state {
                TurnState::Accepted => messages::yours(&on.place(), &value),
                _ => messages::named_below(&on.place()),
            };
            // A person who is named reads so anew.
            let is_new = |about: &AboutTurn| *about == AboutTurn::Named && after.state == TurnState::Named;
            for about in AboutTurn::WORDS.into_iter().filter(|about| !is_new(about)) {
                on.amend(unit, context, (about, holder), &message)?;
            }
            let keys = on.keys_of_words(holder);
            Syncs::put_news_below(unit, context, (on, holder), &keys).await?;
            if after.state == TurnState::Accepted {
                Syncs::put_yes_below(unit, context, on, (holder, &offers), &message).await?;
            }
        }
        let over =
            if keeps { Vec::new() } else { self.ended_swaps(context, on, (after, loss), &offers).await? };
        let mut words = messages::free(&on.place(), loss, holder);
        for (offer, day, ..) in &over {
            words = messages::with_swap_over(words, &offer.from, *day);
        }
        if !keeps {
            Syncs::put_relieved(unit, context, on, loss).await?;
            if let Some(answer) = answer {
                store::put_answer(unit, &context.team, on.key(), (holder, answer), context.now);
            }
            on.amend_all(unit, context, holder, &words)?;
            // The question whether to skip the sync is answered where it was pressed.
            if !matches!(loss, Loss::Skipped(_)) {
                let key = skip_question_key(&on.programme.id, &on.at, holder);
                amend(unit, context, (&key, holder), &words)?;
            }
        }
        Syncs::put_offers(unit, context, on, (&offers, (!keeps).then_some(&words)), loss).await?;
        if !keeps {
            Syncs::put_lost_below(unit, context, on, (holder, &offers), (loss, &words)).await?;
        }
        if !keeps && on.turn.how == How::Swapped && !matches!(loss, Loss::Begun | Loss::SwapOver(..)) {
            self.put_without_return(unit, context, on, holder).await?;
        }
        if !over.is_empty() {
            store::void_accepted(unit, &context.team, on.key(), context.now);
        }
        for (offer, day, at, turn) in &over {
            let back = TurnOn { programme: on.programme, at: *at, turn };
            let loss = Loss::SwapOver(&offer.to, on.date(), &loss);
            assert!(*day != on.date(), "a turn isn't given in return for itself");
            Box::pin(self.put_free(unit, context, &back, loss)).await?;
        }
        Ok(())
    }

    /// Adds to a unit that a turn is open again. A person who had said that they lead hears so, unless it's their own doing.
    pub(super) async fn put_free(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        if store::changes_turn(unit, &context.team, on.key()) {
            // The end of a swap has opened it.
            return Ok(());
        }
        let mut after = on.turn.then(None, TurnState::Open, How::Assigned, context.now);
        after.scribe = after.scribe.filter(|_| !loss.ends_sync());
        self.put_change(unit, context, (on, &after), loss).await?;
        let by_others = match loss {
            Loss::Absent(part) => part == Part::IsNotChosen,
            Loss::Declined | Loss::LastDeclined | Loss::Silent | Loss::AskedLast | Loss::Away => false,
            _ => true,
        };
        // What they read of their turn today says so now, and the channel reads of everything else that others do.
        let is_taken = matches!(loss, Loss::Absent(Part::IsNotChosen) | Loss::SwapOver(..));
        let zone = on.programme.cadence.as_ref().map_or(context.zone, |times| times.zone);
        let day = |at: Instant| at.with_timezone(&zone).date_naive();
        let is_news = by_others && (is_taken || day(on.turn.changed_at) < day(context.now));
        let Some(lead) = on.turn.lead().filter(|lead| by_others && context.causer() != Some(*lead)) else {
            return Ok(());
        };
        if !is_news && !on.is_unsent(context, lead).await? {
            return Ok(());
        }
        let key = format!("sync/free/{}/{}/{}/{lead}", on.programme.id, on.date(), on.turn.since);
        let message = messages::free(&on.place(), loss, lead);
        Syncs::put_all_below(unit, context, on, (lead, loss)).await?;
        // What a stopped programme owns is withdrawn.
        Ok(context.enqueue_once(unit, &to_person(context, NAME, key, lead, message)?)?)
    }
}

/// Adds to a unit that a message to a person says something else, if it was sent.
pub(super) fn amend(
    unit: &mut UnitOfWork,
    context: &Context,
    (key, user): (&str, &UserId),
    message: &Message,
) -> Result<(), Failure> {
    Ok(context.amend(unit, key, &said(user, message))?)
}

pub(super) fn said(user: &UserId, message: &Message) -> Effect {
    Effect::Post { to: Target::Person(user.clone()), message: message.clone() }
}

/// The outbox key of an offer, as the person reads it who is asked.
pub(super) fn offer_key(offer: &Offer) -> String {
    format!("sync/offer/{}", offer.id)
}

/// The outbox key of what the person reads who has made an offer.
pub(super) fn offered_key(offer: &Offer) -> String {
    format!("sync/offered/{}", offer.id)
}

/// The outbox key of what they read of a no.
pub(super) fn answered_key(offer: &Offer) -> String {
    format!("sync/answered/{}", offer.id)
}

/// The outbox key of what they read when no answer has come.
pub(super) fn unanswered_key(offer: &Offer) -> String {
    format!("sync/unanswered/{}", offer.id)
}

/// The outbox key of what they read of a yes.
pub(super) fn swapped_key(offer: &Offer) -> String {
    format!("sync/swapped/{}", offer.id)
}

/// The outbox key of the question to a person whether to skip the sync of a time; another time is another question. Of messages of one instant it is sent behind those about the
/// turn, since their keys come first.
pub(super) fn skip_question_key(programme: &str, at: &Occurrence, person: &UserId) -> String {
    format!("sync/whether-to-skip/{programme}/{}/{person}", name_of(at.wall))
}

/// Returns when the occasion of a date comes; the usual time of another date where it has none.
pub(super) fn occurrence_on(times: &Cadence, date: NaiveDate) -> Option<Occurrence> {
    let midnight = times.instant_of(date.and_hms_opt(0, 0, 0)?)?;
    let next = times.next(midnight - Duration::seconds(1))?;
    if next.wall.date() == date {
        return Some(next);
    }
    let wall = date.and_time(next.wall.time());
    Some(Occurrence { at: times.instant_of(wall)?, wall })
}
