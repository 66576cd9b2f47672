//! Taking over the lead of a sync that was announced.

use chrono::NaiveDate;

use super::{
    NAME, Syncs,
    changing::{AboutTurn, TurnOn},
    messages::{self, Loss},
    plan::{EndState, HeldSync, How},
    start::announcement_key,
    store,
};
use crate::{
    common::programmes::{ChannelPeople, Part, to_person},
    model::{
        effect::{Effect, Target},
        event::{Action, Reply},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// How many messages to a person about leads that were taken from them are mended when they lead again, the newest first.
const MOST_TAKEN: usize = 10;

impl Syncs {
    /// Makes the person who pressed the lead. Of two people who press at once, one gets it and the other reads who.
    pub(super) async fn take_over<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(&action).await?;
        programmes.may_take_part_in(&programme.channel, &action.user).await?;
        let people = ChannelPeople::load(context, &programme).await?;
        if people.on(None).part_of(&action.user) == Part::IsNotChosen {
            return Err(Failure::refuse(Syncs::not_chosen(&programme)));
        }
        let Some((date, seen)) = occasion_of(&action.value) else { return programmes.pressed(action).await };
        let held = self.held(context, &programme, date).await?;
        let end = store::closing::end_of(&context.store, &programme.id, date).await?;
        if held.is_over(context.now) || end.is_some_and(|end| end.state != EndState::Open) {
            return Err(Failure::refuse(messages::too_late(&self.command)));
        }
        if held.lead.as_ref().is_some_and(|lead| lead.user == action.user) {
            return Ok(Answer::reply(Reply::Ephemeral(messages::leads_already())));
        }
        let zone = programmes.times(&programme)?.zone;
        let at = held.occurrence(zone);
        let turn = store::turn(&context.store, &programme.id, date).await?;
        let on = TurnOn { programme: &programme, at, turn: &turn };
        let takes_notes = notes_again(context, &on, &held).await?;
        let notes = takes_notes.as_ref();
        let mut unit = UnitOfWork::new();
        store::closing::still_open(&mut unit, &context.team, (&programme.id, date));
        store::take_over(&mut unit, &context.team, (&held, notes), (&action.user, seen), context.now);
        self.tell_leads(&mut unit, context, (&on, &held, notes), (&action.user, seen)).await?;
        let took_notes = held.scribe.as_ref() == Some(&action.user);
        let held = held.taken_over((&action.user, seen), notes);
        let message =
            messages::start(&held, &programme.name, zone, (Syncs::is_limited(&programme), took_notes));
        let to = Target::Channel(programme.channel.clone());
        context.amend(&mut unit, &announcement_key(&held), &Effect::Post { to, message })?;
        let leads = Answer::new(unit, Reply::Ephemeral(messages::leads_now(took_notes)));
        Ok(leads.or_else(move |guard| match guard {
            store::closing::CLOSED => {
                Box::pin(std::future::ready(Err(Failure::refuse(messages::too_late(&self.command)))))
            }
            _ => Box::pin(self.taken_by_another(context, programme, date)),
        }))
    }

    /// Adds to a unit what the person reads who led until now; and that what another has read before isn't true any more, who
    /// led, was relieved, and leads again. `takes_notes` is who led, and takes notes again.
    async fn tell_leads(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (on, held, takes_notes): (&TurnOn<'_>, &HeldSync, Option<&UserId>),
        (user, seen): (&UserId, i64),
    ) -> Result<(), Failure> {
        let TurnOn { programme, turn, .. } = *on;
        let begun = messages::free(&on.place(), Loss::Begun, user);
        self.put_led(unit, context, on, (user, seen, &begun), true).await?;
        if turn.user.as_ref() == Some(user) {
            // They were prepared to lead before another took over.
            let ahead = self.ahead_at(context, programme.clone(), on.at).await?;
            let sheet = self.sheet(context, &ahead, (user, turn)).await?;
            on.amend(unit, context, (AboutTurn::Sheet, user), &sheet)?;
        }
        if turn.scribe.as_ref() == Some(user) {
            on.amend(unit, context, (AboutTurn::Notes, user), &messages::notes::leads(&on.place()))?;
        }
        if held.lead.is_none() {
            Syncs::amend_no_lead(unit, context, on, |reader| {
                messages::lead_found(&on.place(), (user, reader), How::Volunteered)
            })?;
        }
        let Some(former) = held.lead.as_ref().map(|lead| &lead.user) else { return Ok(()) };
        let place = (programme.name.as_str(), &programme.channel);
        self.put_led(unit, context, on, (former, seen, &messages::led_by_another(place, user)), false)
            .await?;
        if takes_notes.is_some() {
            on.amend(unit, context, (AboutTurn::Notes, former), &messages::notes::begun(&on.place()))?;
        } else if turn.scribe.as_ref() == Some(former) {
            let free = messages::notes::free(&on.place(), Loss::Begun, former);
            on.amend(unit, context, (AboutTurn::Notes, former), &free)?;
        }
        let message = messages::taken_from_you(place, user, takes_notes.is_some());
        // A person who has left the channel has nothing to do with it any more.
        if context.store.is_member(&programme.channel, former).await? {
            let key = taken_key(on, former, seen + 1);
            context.enqueue(unit, &to_person(context, NAME, key, former, message)?)?;
        }
        Ok(())
    }

    /// Adds to a unit that all messages to a person who leads a sync that has begun, or led it, say something else.
    async fn put_led(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        (user, seen, message): (&UserId, i64, &Message),
        leads: bool,
    ) -> Result<(), Failure> {
        let offers = store::offers_on(&context.store, &on.programme.id, on.date()).await?;
        let mut keys = on.all_keys(user, &offers);
        // The run sheet of the lead is one again.
        keys.retain(|key| !leads || *key != on.sheet_key(user));
        keys.extend((1..=seen).rev().take(MOST_TAKEN).map(|version| taken_key(on, user, version)));
        Syncs::amend_newest(unit, context, (&on.place(), user), &keys, message).await
    }

    async fn taken_by_another<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        date: NaiveDate,
    ) -> Result<Answer<'c>, Failure> {
        let held = self.held(context, &programme, date).await?;
        let lead = held.lead.map(|lead| lead.user);
        Err(Failure::refuse(messages::taken(lead.as_ref())))
    }

    /// Returns the sync of a button.
    async fn held(
        &self,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
    ) -> Result<HeldSync, Failure> {
        let held = store::held(&context.store, &programme.id, date).await?;
        held.ok_or_else(|| Failure::refuse(messages::too_late(&self.command)))
    }
}

/// Returns the person who leads a sync and was to take notes there before they took over: once another leads, they take notes again.
async fn notes_again(context: &Context, on: &TurnOn<'_>, held: &HeldSync) -> Result<Option<UserId>, Failure> {
    let former = held.lead.as_ref().map(|lead| &lead.user);
    let is_scribe = held.scribe.is_none() && on.turn.scribe.as_ref() == former;
    let Some(former) = former.filter(|_| is_scribe) else { return Ok(None) };
    Ok(context.store.is_member(&on.programme.channel, former).await?.then(|| former.clone()))
}

/// The outbox key of what a person reads from whom this version of the lead was taken.
fn taken_key(on: &TurnOn<'_>, user: &UserId, version: i64) -> String {
    format!("sync/taken/{}/{}/{user}/{version}", on.programme.id, on.date())
}

/// Reads the date and the version of the lead from the value of a button, behind the id of the programme.
pub(super) fn occasion_of(value: &str) -> Option<(NaiveDate, i64)> {
    let mut parts = value.split(' ').skip(1);
    let (date, version) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some((date, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_names_a_date_and_a_version() {
        let date = NaiveDate::from_ymd_opt(2026, 1, 6).unwrap();
        assert_eq!(occasion_of("P 2026-01-06 1"), Some((date, 1)));
        for other in ["", "P", "P 2026-01-06", "P 2026-02-30 1", "P 2026-01-06 x", "P 2026-01-06 1 2"] {
            assert_eq!(occasion_of(other), None, "{other}");
        }
    }
}
