//! Simulated colleagues of the demo company: reads messages for them, and acts for them in the workspace.

mod life;
mod routine;
#[cfg(test)]
mod tests;
mod words;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use slack_sandbox::{Colleagues, Message, PersonHandle, Sandbox, Submission, View};

use self::life::CompanyLife;
use crate::{
    model::clock::{Instant, from_ms},
    ritual::demo::{
        Colleague, ColleagueAction, Demo, FormValue, HeardIn, HeardMessage, LIVELY_WEEKS, PlannedAction, Spot,
    },
};

/// The prefix of group conversations' names.
const GROUP: &str = "mpdm-";
/// The prefix of direct conversations' ids.
const DIRECT: char = 'D';

/// Returns how many weeks before the present the company of these rituals begins.
pub(super) fn weeks_of_history(demos: &[Demo]) -> i64 {
    demos.iter().map(|demo| demo.weeks).chain([LIVELY_WEEKS]).max().unwrap_or_default()
}

/// Sets these people as simulated colleagues, seeded, who also use these rituals.
pub(super) fn come_to_life(
    sandbox: &Sandbox,
    demos: Vec<Demo>,
    (colleagues, weeks): (Vec<Colleague>, i64),
    seed: u64,
) {
    let handles: Vec<String> = colleagues.iter().map(|person| person.handle.clone()).collect();
    let now = from_ms(sandbox.clock().now_ms());
    let life = CompanyLife::new(seed, demos, colleagues, (now, weeks));
    let company = Arc::new(Performer { sandbox: sandbox.clone(), life: Mutex::new((life, String::new())) });
    let ahead = Arc::clone(&company);
    sandbox.set_colleagues(Colleagues::new(
        handles,
        move || ahead.next_at().map(|at| at.timestamp_millis()),
        move || Arc::clone(&company).does_what_is_due(),
    ));
}

/// Reads for the colleagues, and carries out their plan.
struct Performer {
    sandbox: Sandbox,
    /// The plan, and the time stamp of the last message that it has seen.
    life: Mutex<(CompanyLife, String)>,
}

impl Performer {
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
            buttons: message.blocks.iter().flat_map(buttons).collect(),
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
            ColleagueAction::SetsUp { place, command, preview, button } => {
                let person = self.or_a_free_colleague(person);
                person.says(place, command).await;
                if let Some(preview) = person.sees(place, preview).await {
                    person.clicks(&preview, button).await;
                }
            }
            ColleagueAction::Says(place, text) => {
                person.says(&place, &text).await;
            }
            ColleagueAction::Joins(channel) => self.sandbox.invite(channel, &person.id()),
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
            ColleagueAction::Picks { spot, menu, option } => {
                if let Some(message) = found(&person, &spot) {
                    person.picks(&message, menu, option).await;
                }
            }
            ColleagueAction::SendsTyped { place, command, fields } => {
                let person = self.or_a_free_colleague(person);
                person.says(place, command).await;
                if let Some(form) = person.sees_modal().await {
                    send_form(&person, &form, &fields).await;
                }
            }
            ColleagueAction::SendsForm { spot, button, fields } => {
                let message = found(&person, &spot).filter(|message| message.has_button(button));
                let Some(message) = message else { return };
                if let Some(form) = person.opens_modal(&message, button).await {
                    send_form(&person, &form, &fields).await;
                }
            }
        }
    }

    /// Returns the person, or another colleague if a tab of an earlier demo still acts as them.
    fn or_a_free_colleague(&self, person: PersonHandle) -> PersonHandle {
        let acted_as = self.sandbox.acted_as();
        if !acted_as.contains(&person.id()) {
            return person;
        }
        let free = self.life().0.colleagues().iter().find(|person| !acted_as.contains(&person.id)).cloned();
        free.map_or(person, |person| self.sandbox.colleague(&person.id))
    }
}

/// Fills in the form that a colleague has opened, and sends it and a preview that follows; a form that is refused is closed.
async fn send_form(person: &PersonHandle, form: &View, fields: &[(&'static str, FormValue)]) {
    for (field, value) in fields {
        let block = form.blocks.iter().find(|block| block["block_id"] == *field);
        let options = block.and_then(|block| block["element"]["options"].as_array());
        let options = options.into_iter().flatten().map(|option| option["value"].clone());
        match value {
            FormValue::Text(text) => person.fills(field, text.as_str()),
            FormValue::FirstOptions(count) => person.fills(field, options.take(*count).collect::<Vec<_>>()),
            FormValue::Option(place) => {
                options.cycle().nth(*place).is_some_and(|option| person.fills(field, option))
            }
        };
    }
    let mut sent = person.submits().await;
    let is_preview = || person.modal().is_some_and(|form| !form.raw["submit"].is_null());
    if sent == Submission::Updated && is_preview() {
        sent = person.submits().await;
    }
    if sent != Submission::Closed {
        person.closes();
    }
}

/// Returns the labels of the buttons in a block.
fn buttons(block: &Value) -> Vec<String> {
    match block {
        Value::Array(parts) => parts.iter().flat_map(buttons).collect(),
        Value::Object(fields) if fields.get("type").is_some_and(|kind| kind == "button") => {
            block["text"]["text"].as_str().map(str::to_owned).into_iter().collect()
        }
        Value::Object(fields) => fields.values().flat_map(buttons).collect(),
        _ => Vec::new(),
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
