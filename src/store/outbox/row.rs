//! An effect as a row of the outbox.

use chrono::Duration;

use crate::{
    model::{
        clock::Instant,
        effect::{DeliveryGuarantee, Effect, EffectProgress, Keep, NewEffect, Target},
        owner::Owner,
        people::TeamId,
    },
    store::{
        StoreError,
        unit::{Insert, Value},
    },
    values,
};

const COLUMNS: &[&str] = &[
    "team_id",
    "key",
    "format",
    "kind",
    "target",
    "lane",
    "ritual",
    "note",
    "wants_sent",
    "owner",
    "causer",
    "delivery",
    "kept_until",
    "payload",
    "version",
    "sent_version",
    "not_before",
    "visible_at",
    "expires_at",
    "attempts",
    "looks",
    "channel",
    "created_at",
];

/// An effect. One whose key exists requests the next version of the same thing.
pub(in crate::store) static EFFECT: Insert = Insert {
    table: "outbox",
    columns: COLUMNS,
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO UPDATE SET \
         payload = excluded.payload, version = outbox.version + 1, expires_at = excluded.expires_at, \
         note = excluded.note, wants_sent = excluded.wants_sent, \
         format = excluded.format, kind = excluded.kind, target = excluded.target, kept_until = excluded.kept_until, \
         owner = excluded.owner, causer = excluded.causer, lane = excluded.lane, attempts = 0, discarded_at = NULL, last_error = NULL, \
         channel = CASE WHEN outbox.ts IS NULL THEN excluded.channel ELSE outbox.channel END, \
         not_before = CASE WHEN outbox.visible_at IS NULL THEN excluded.not_before ELSE outbox.not_before END, \
         visible_at = CASE WHEN outbox.send_started_at IS NULL THEN excluded.visible_at ELSE outbox.visible_at END",
};

/// The same, for what is said once and not changed by a repetition.
pub(super) static EFFECT_ONCE: Insert =
    Insert { table: "outbox", columns: COLUMNS, identity: 2, on_conflict: "ON CONFLICT DO NOTHING" };

pub(super) fn row(team: &TeamId, effect: &NewEffect, now: Instant) -> Result<Vec<Value>, StoreError> {
    let (target, conversation) = place(&effect.effect);
    let expires_at = effect.expires_at.map(|at| at.timestamp_millis());
    Ok(values![
        team.as_str(),
        effect.key.as_str(),
        super::format_written!(),
        kind(&effect.effect),
        target,
        effect.lane.rank(),
        effect.origin.ritual.as_str(),
        effect.origin.note.as_str(),
        i64::from(effect.origin.wants_sent),
        effect.owner.to_string(),
        causer(effect),
        delivery_word(effect.delivery),
        kept_until(effect, now),
        encode(&effect.effect)?,
        1,
        0,
        effect.not_before,
        effect.not_before,
        expires_at,
        0,
        0,
        conversation.map(str::to_owned),
        now,
    ])
}

/// Returns the target for operators, and the conversation if it is known.
fn place(effect: &Effect) -> (String, Option<&str>) {
    match effect {
        Effect::Post { to, .. } | Effect::Delete { to } => {
            // A DM has no conversation before it is opened; a group must be opened before a post.
            let conversation = match to {
                Target::Channel(channel) | Target::Thread { channel, .. } => Some(channel.as_str()),
                Target::Person(_) | Target::Group(_) => None,
            };
            (to.to_string(), conversation)
        }
        // The address of an answer is a secret and no channel, and a view's id means nothing to an operator.
        Effect::Respond { .. } | Effect::UpdateView { .. } => (String::new(), None),
        Effect::PublishHome { user, .. } => (user.to_string(), None),
        Effect::SetGroupMembers { group, .. } => (group.to_string(), None),
        Effect::Ephemeral { channel, .. }
        | Effect::SetTopic { channel, .. }
        | Effect::Pin { channel, .. }
        | Effect::Join { channel } => (channel.to_string(), None),
    }
}

/// Returns the word by which SQL tells a row's next call. If the call does not depend on progress, it is the kind of
/// the call.
pub(super) fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::Post { to: Target::Group(_), .. } => "group",
        Effect::Post { to: Target::Thread { .. }, .. } => "reply",
        Effect::Post { .. } => "post",
        Effect::Delete { to: Target::Thread { .. } } => "delete_reply",
        Effect::Delete { .. } => "delete",
        _ => effect.next_call(EffectProgress::default()).map_or("", |call| call.kind().as_str()),
    }
}

/// Returns the end of a row's life; a row without one is kept for ever.
fn kept_until(effect: &NewEffect, now: Instant) -> Option<i64> {
    match effect.keep {
        Keep::AWeek => Some((effect.not_before.max(now) + Duration::days(7)).timestamp_millis()),
        Keep::Until(end) => Some(end.timestamp_millis()),
        Keep::Always => None,
    }
}

/// Returns the causer that an effect takes turns for.
fn causer(effect: &NewEffect) -> String {
    match &effect.causer {
        Some(person) => Owner::Person(person.clone()).to_string(),
        None => effect.owner.to_string(),
    }
}

const AT_MOST_ONCE: &str = "at_most_once";
const AT_LEAST_ONCE: &str = "at_least_once";

fn delivery_word(delivery: DeliveryGuarantee) -> &'static str {
    match delivery {
        DeliveryGuarantee::AtMostOnce => AT_MOST_ONCE,
        DeliveryGuarantee::AtLeastOnce => AT_LEAST_ONCE,
    }
}

pub(super) fn delivery_of(word: &str) -> Option<DeliveryGuarantee> {
    [DeliveryGuarantee::AtMostOnce, DeliveryGuarantee::AtLeastOnce]
        .into_iter()
        .find(|delivery| delivery_word(*delivery) == word)
}

pub(super) fn encode(effect: &Effect) -> Result<String, StoreError> {
    serde_json::to_string(effect).map_err(StoreError::coding)
}
