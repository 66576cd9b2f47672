//! Writing down what became of an effect.

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

/// What became of a claimed effect.
#[derive(Clone, Debug)]
pub enum Settlement {
    /// Slack shows it now: where, and under which timestamp, if it is a message.
    Sent(Option<(ChannelId, String)>),
    /// Slack shows it no more.
    Deleted,
    /// Its conversation is open: this is the next step to it, which is due at once.
    Opened(ChannelId),
    /// Slack shows the message, and its ritual could not take note of that. At this instant the message is changed to what
    /// it says, which may be repeated freely, and the ritual is told once more.
    Untold((ChannelId, String), Instant, String),
    /// It was surely not done; again at this instant.
    Retry(Instant, String),
    /// Nobody knows whether it was done; look at this instant.
    Look(Instant, String),
    /// It was looked for and not found; look again at this instant.
    LookAgain(Instant),
    /// It cannot be done, and somebody should know.
    Discarded(String),
    /// It is of no use any more, and nobody misses it: an answer to a person who has stopped waiting, say.
    Dropped(String),
    /// It cannot be done, and its ritual does something else instead.
    Replaced(String),
}

impl Store {
    /// Writes down what became of a claimed effect, together with what its ritual does about it; false when the
    /// claim had ended and somebody else has the effect in hand.
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
                // A version that was asked for meanwhile is due at once; else the words are erased, and what was noted for a failure.
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
            // It stands nowhere now, so that the same thing can be posted anew.
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
            // Behind those that wait for their turn in the same conversation.
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
