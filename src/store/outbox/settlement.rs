//! Stores the outcomes of effects.

use super::{Due, LOST};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, TeamId},
    },
    store::{
        Store, StoreError,
        unit::{Outcome, UnitOfWork, Value, Write},
    },
    values,
};

/// The outcome of a claimed effect.
#[derive(Clone, Debug)]
pub enum Settlement {
    /// Slack shows it: the conversation and timestamp, if it is a message.
    Sent(Option<(ChannelId, String)>),
    /// Slack no longer shows it.
    Deleted,
    /// Its conversation is open; the next step is due at once.
    Opened(ChannelId),
    /// Slack shows the message, but its ritual failed to store that. At this instant the message is updated to its own
    /// text, which may be repeated freely, and the ritual is told again.
    Untold((ChannelId, String), Instant, String),
    /// It was certainly not done; it is tried again at this instant.
    Retry(Instant, String),
    /// It may have been done; it is searched for at this instant.
    Look(Instant, String),
    /// It was searched for and not found; it is searched for again at this instant.
    LookAgain(Instant),
    /// It cannot be done, and an operator should know.
    Discarded(String),
    /// It is no longer useful, for example an answer to a person who has stopped waiting.
    Dropped(String),
    /// It cannot be done, and its ritual does something else instead.
    Replaced(String),
}

impl Store {
    /// Stores the outcome of a claimed effect, together with its ritual's writes; returns false if the claim had ended
    /// and another worker has the effect.
    pub async fn settle_effect(
        &self,
        team: &TeamId,
        due: &Due,
        settlement: Settlement,
        mut unit: UnitOfWork,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let id = values![team.as_str(), due.key.as_str(), due.visible_at];
        let with = |more: Vec<Value>| id.iter().cloned().chain(more).collect::<Vec<_>>();
        let settle = match settlement {
            Settlement::Sent(posted) => {
                let (channel, ts) = posted.unzip();
                // A version that was requested meanwhile is due at once; otherwise the words are erased, and the notes
                // for a failure too.
                Write::Run(
                    "UPDATE outbox SET send_started_at = NULL, attempts = 0, looks = 0, last_error = NULL, \
                     channel = COALESCE($5, channel), ts = COALESCE($6, ts), \
                     payload = CASE WHEN version > $4 THEN payload ELSE NULL END, \
                     note = CASE WHEN version > $4 THEN note ELSE '' END, \
                     visible_at = CASE WHEN version > $4 THEN $7 ELSE NULL END \
                     WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                    with(values![due.sent_version, channel.map(|channel| channel.0), ts, now]),
                )
            }
            // It is posted nowhere now, so the same thing can be posted again.
            Settlement::Deleted => Write::Run(
                "UPDATE outbox SET send_started_at = NULL, attempts = 0, looks = 0, last_error = NULL, ts = NULL, \
                 payload = CASE WHEN version > $4 THEN payload ELSE NULL END, \
                 visible_at = CASE WHEN version > $4 THEN $5 ELSE NULL END \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![due.sent_version, now]),
            ),
            Settlement::Untold((channel, ts), at, error) => Write::Run(
                "UPDATE outbox SET send_started_at = NULL, looks = 0, channel = $4, ts = $5, visible_at = $6, \
                 last_error = $7 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![channel.as_str(), ts, at, error]),
            ),
            // Behind effects that wait for the same conversation.
            Settlement::Opened(conversation) => Write::Run(
                "UPDATE outbox SET channel = $4, visible_at = $5, attempts = 0, last_error = NULL \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![conversation.as_str(), now]),
            ),
            Settlement::Retry(at, error) => Write::Run(
                "UPDATE outbox SET send_started_at = NULL, looks = 0, visible_at = $4, last_error = $5 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![at, error]),
            ),
            Settlement::Look(at, error) => Write::Run(
                "UPDATE outbox SET visible_at = $4, last_error = $5 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![at, error]),
            ),
            Settlement::LookAgain(at) => Write::Run(
                "UPDATE outbox SET visible_at = $4, looks = looks + 1 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![at]),
            ),
            // The address of an answer is of no use to a later try.
            Settlement::Discarded(error) => Write::Run(
                "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, discarded_at = $4, last_error = $5, \
                 payload = CASE WHEN kind = 'respond' THEN NULL ELSE payload END \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![now, error]),
            ),
            Settlement::Dropped(error) | Settlement::Replaced(error) => Write::Run(
                "UPDATE outbox SET visible_at = NULL, send_started_at = NULL, payload = NULL, note = '', last_error = $4 \
                 WHERE team_id = $1 AND key = $2 AND visible_at = $3 RETURNING key",
                with(values![error]),
            ),
        };
        unit.guard_first(LOST, settle);
        Ok(matches!(self.commit(unit).await?, Outcome::Committed(_)))
    }
}
