//! Simulated colleagues of the demo company: reads messages for them, and acts for them in the workspace.

mod actions;
mod hearing;
mod introductions;
mod kudos;
mod life;
mod routine;
#[cfg(test)]
mod tests;
mod words;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use slack_sandbox::{Colleagues, Message, PersonHandle, Sandbox};

pub(super) use self::actions::Colleague;
use self::{
    actions::{ColleagueAction, PlannedAction, Spot},
    hearing::{HeardIn, HeardMessage},
    introductions::NOT_YET,
    life::CompanyLife,
};
use crate::model::clock::{Instant, from_ms};

/// The prefix of group conversations' names.
const GROUP: &str = "mpdm-";
/// The prefix of direct conversations' ids.
const DIRECT: char = 'D';

/// Sets these people as simulated colleagues, seeded.
pub(super) fn come_to_life(sandbox: &Sandbox, colleagues: Vec<Colleague>, seed: u64) {
    let handles: Vec<String> = colleagues.iter().map(|person| person.handle.clone()).collect();
    let life = CompanyLife::new(seed, colleagues, from_ms(sandbox.clock().now_ms()));
    let company = Arc::new(Company { sandbox: sandbox.clone(), life: Mutex::new((life, String::new())) });
    let ahead = Arc::clone(&company);
    sandbox.set_colleagues(Colleagues::new(
        handles,
        move || ahead.next_at().map(|at| at.timestamp_millis()),
        move || Arc::clone(&company).does_what_is_due(),
    ));
}

struct Company {
    sandbox: Sandbox,
    /// The plan, and the time stamp of the last message that it has seen.
    life: Mutex<(CompanyLife, String)>,
}

impl Company {
    fn now(&self) -> Instant {
        from_ms(self.sandbox.clock().now_ms())
    }

    fn life(&self) -> MutexGuard<'_, (CompanyLife, String)> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Processes new messages and returns when a colleague acts next.
    fn next_at(&self) -> Option<Instant> {
        let now = self.now();
        let (life, heard_until) = &mut *self.life();
        let acted_as = self.sandbox.acted_as();
        let controlled: BTreeSet<usize> = acted_as
            .iter()
            .filter_map(|id| life.colleagues().iter().position(|person| person.id == *id))
            .collect();
        life.sees(&controlled, now);
        for message in self.sandbox.said_after(heard_until) {
            life.hears(&self.hears(life.colleagues(), &message), now, &controlled);
            *heard_until = message.ts;
        }
        life.next_at(now)
    }

    fn hears(&self, colleagues: &[Colleague], message: &Message) -> HeardMessage {
        let number = |id: &String| colleagues.iter().position(|person| person.id == *id);
        let is_group =
            self.sandbox.channel_name(&message.channel).is_some_and(|name| name.starts_with(GROUP));
        let place = match is_group {
            true => HeardIn::Group,
            false if message.channel.starts_with(DIRECT) => HeardIn::Direct,
            false => HeardIn::Channel,
        };
        HeardMessage {
            spot: Spot { place: message.channel.clone(), ts: message.ts.clone() },
            at: said_at(&message.ts),
            thread: message.thread_ts.clone(),
            place,
            author: number(&message.author),
            simulated: message.simulated.wrote,
            text: message.text.clone(),
            members: self.sandbox.members(&message.channel).iter().filter_map(number).collect(),
            introduces: message.has_button(NOT_YET),
        }
    }

    async fn does_what_is_due(self: Arc<Self>) {
        let due = self.life().0.due(self.now());
        for planned in due {
            self.does(planned).await;
        }
    }

    /// Carries out one action. An action that is refused because the person is controlled is not repeated.
    async fn does(&self, planned: PlannedAction) {
        let handle = |who: usize| self.life().0.colleagues()[who].handle.clone();
        let person = self.sandbox.colleague(&handle(planned.who));
        match planned.action {
            ColleagueAction::Thanks { receivers, channel, reason } => {
                let names: Vec<String> =
                    receivers.into_iter().map(|who| format!("@{}", handle(who))).collect();
                let command = format!("/kudos {} for {reason}", names.join(" "));
                person.says(&format!("#{channel}"), &command).await;
            }
            ColleagueAction::StartsCoffee => self.start_coffee(person).await,
            ColleagueAction::Says(place, text) => {
                person.says(&place, &text).await;
            }
            // A message that was changed meanwhile, such as a kudos that was taken back, gets no answer.
            ColleagueAction::Replies(spot, text) => {
                if let Some(message) = found(&person, &spot).filter(|message| !message.edited) {
                    person.replies(&message, &text);
                }
            }
            ColleagueAction::Reacts(spot, emoji) => {
                if let Some(message) = found(&person, &spot).filter(|message| !message.edited) {
                    person.reacts(&message, emoji).ok();
                }
            }
            ColleagueAction::Presses(spot, button) => {
                if let Some(message) = found(&person, &spot).filter(|message| message.has_button(button)) {
                    person.clicks(&message, button).await;
                }
            }
        }
    }

    /// Starts coffee chats. A tab of an earlier demo may still act as the organiser; then another colleague does it.
    async fn start_coffee(&self, organiser: PersonHandle) {
        let acted_as = self.sandbox.acted_as();
        let free = self.life().0.colleagues().iter().find(|person| !acted_as.contains(&person.id)).cloned();
        let organiser = free.map_or(organiser, |person| self.sandbox.colleague(&person.id));
        organiser.says("#coffee-chats", "/coffee start every Tuesday at 10:00").await;
        if let Some(preview) = organiser.sees("#coffee-chats", "Coffee chats in this channel").await {
            organiser.clicks(&preview, "Start").await;
        }
    }
}

/// Returns when a message with this time stamp was posted: it is in seconds.
fn said_at(ts: &str) -> Instant {
    let seconds = ts.split('.').next().and_then(|seconds| seconds.parse::<i64>().ok());
    from_ms(seconds.unwrap_or_default().saturating_mul(1_000))
}

fn found(person: &PersonHandle, spot: &Spot) -> Option<Message> {
    person.finds(&spot.place, &spot.ts)
}
