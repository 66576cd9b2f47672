//! Messages, answers and what happened, in JSON.

use serde_json::{Value, json};

use crate::hub::Hub;
use crate::hub::steps::StepState;
use crate::types::answer::{Answer, Status, Submission};
use crate::types::schedule::NextThing;
use crate::types::shown::Message;
use crate::types::traffic::{Call, Delivery};
use crate::workspace::World;

/// A message in JSON.
pub(super) fn shown_message(message: &Message) -> Value {
    let simulated = |name: &str| -> Vec<&String> {
        let theirs = message.simulated.reactions.iter().filter(|(emoji, _)| emoji == name);
        theirs.map(|(_, user)| user).collect()
    };
    let reactions: Vec<Value> = message
        .reactions
        .iter()
        .map(|(name, users)| json!({ "name": name, "users": users, "simulated": simulated(name) }))
        .collect();
    json!({
        "ts": message.ts, "channel": message.channel, "author": message.author, "app_id": message.app_id,
        "text": message.text, "files": message.files, "blocks": message.blocks,
        "attachments": message.attachments, "ephemeral": message.ephemeral_to.is_some(),
        "thread_ts": message.thread_ts, "edited": message.edited, "metadata": message.metadata,
        "reactions": reactions, "plain": message.plain(), "pinned": message.pinned,
        "simulated": message.simulated.wrote,
    })
}

/// An answer in JSON.
pub(super) fn shown_answer(answer: &Answer) -> Value {
    let (status, error) = match answer.status {
        Status::Answered => ("answered", None),
        Status::NoAnswer => ("no_answer", Some("operation_timeout")),
        Status::Failed(code) => ("failed", Some(code)),
    };
    json!({
        "status": status, "error": error, "text": answer.text, "blocks": answer.blocks, "raw": answer.raw,
        "plain": answer.plain(),
    })
}

/// The result of a submission in JSON.
pub(super) fn shown_submission(submission: &Submission) -> Value {
    match submission {
        Submission::Closed => json!({ "status": "closed" }),
        Submission::Errors(errors) => json!({ "status": "errors", "errors": errors }),
        Submission::Updated => json!({ "status": "updated" }),
        Submission::Pushed => json!({ "status": "pushed" }),
        Submission::NoAnswer => json!({ "status": "no_answer" }),
    }
}

/// Returns whether simulated colleagues act, and who they are, in JSON; null if none are set.
pub(super) fn shown_colleagues(hub: &Hub, world: &World) -> Value {
    let simulated = hub.simulated(world);
    simulated.map_or(Value::Null, |people| json!({ "on": hub.colleagues_are_on(), "people": people }))
}

/// The next scheduled thing in JSON.
pub(super) fn shown_next(next: &NextThing) -> Value {
    json!({ "at_ms": next.at_ms, "title": next.title })
}

/// The steps to try in JSON.
pub(super) fn shown_steps(steps: &[StepState]) -> Value {
    let shown = |StepState { step, done, .. }: &StepState| json!({ "chapter": step.chapter, "title": step.title, "hint": step.hint, "forms": step.forms, "done": done });
    steps.iter().map(shown).collect()
}

/// A call in JSON.
pub(super) fn shown_call(call: &Call) -> Value {
    json!({
        "method": call.method, "args": call.args, "answer": call.answer, "http_status": call.http_status,
        "at_ms": call.at_ms, "app_id": call.app_id,
    })
}

/// A delivery in JSON.
pub(super) fn shown_delivery(delivery: &Delivery) -> Value {
    json!({
        "kind": delivery.kind, "door": delivery.door, "app_id": delivery.app_id, "payload": delivery.payload,
        "attempt": delivery.attempt, "again": delivery.again, "outcome": delivery.outcome, "at_ms": delivery.at_ms, "simulated": delivery.simulated,
    })
}
