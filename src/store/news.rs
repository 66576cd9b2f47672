//! News: what was written that a loop may wait for, here or at another replica.
//!
//! A commit on PostgreSQL notifies the other replicas (`NOTIFY`), and each has one connection that listens (`LISTEN`).
//! So loops can sleep until something is due. While nothing can be received, because the connection is lost or goes
//! through a proxy without `LISTEN`, they look again every few seconds.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Executor as _, postgres::PgListener};
use tokio::{sync::Notify, task::JoinHandle, time::timeout};

use super::{outbox::EFFECT, people::channels, runs::RUN, unit::UnitOfWork};

/// The channel on which replicas notify each other in their database.
const CHANNEL: &str = "rondo";
/// How long an idle loop waits at most: while news is received, and while it is not.
const LOOK_AGAIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN_UNHEARD: Duration = Duration::from_secs(2);
/// After this long a silence the connection is checked, and given this long to answer.
const SILENCE: Duration = Duration::from_secs(30);
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection may take, and the pause before the next try.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// What news is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Outbox,
    Runs,
    Readings,
}

impl Topic {
    const ALL: [Topic; 3] = [Topic::Outbox, Topic::Runs, Topic::Readings];

    fn table(self) -> &'static str {
        match self {
            Topic::Outbox => EFFECT.table,
            Topic::Runs => RUN.table,
            Topic::Readings => channels::TABLE,
        }
    }
}

/// A set of topics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Topics(u8);

impl Topics {
    const EVERYTHING: Topics = Topics(0b111);

    /// Returns what a unit writes that a loop may wait for. Its guards do not count: only loops themselves write those.
    pub(super) fn of(unit: &UnitOfWork) -> Topics {
        let topics = Topic::ALL.into_iter().filter(|topic| unit.writes_to(topic.table()));
        Topics(topics.map(|topic| 1 << topic as u8).sum())
    }

    pub(super) fn and(self, others: Topics) -> Topics {
        Topics(self.0 | others.0)
    }

    fn has(self, topic: Topic) -> bool {
        self.0 & (1 << topic as u8) != 0
    }
}

/// Identifies a store among those that work on a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sender(pub(super) i64);

impl Sender {
    /// Builds the statement that commits a transaction and notifies the other replicas.
    pub(super) fn commit(self, topics: Topics) -> String {
        if topics == Topics::default() {
            return "COMMIT".to_owned();
        }
        format!("NOTIFY {CHANNEL}, '{:x} {}'; COMMIT", self.0, topics.0)
    }

    /// Returns the topics of a notification; none if this store sent it, since its own loops know already.
    fn topics_of(self, payload: &str) -> Topics {
        let Some((sender, topics)) = payload.split_once(' ') else { return Topics::EVERYTHING };
        if sender == format!("{:x}", self.0) {
            return Topics::default();
        }
        topics.parse().map_or(Topics::EVERYTHING, Topics)
    }
}

/// The waiting loops. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct News(Arc<Waiters>);

#[derive(Default)]
struct Waiters {
    loops: [Notify; 3],
    is_heard: AtomicBool,
}

impl News {
    /// Waits for news. It counts from the call, not from the first poll.
    pub(super) fn of(&self, topic: Topic) -> impl Future<Output = ()> {
        self.0.loops[topic as usize].notified()
    }

    /// Wakes the loops that wait for these topics.
    pub(super) fn tell(&self, topics: Topics) {
        for topic in Topic::ALL.into_iter().filter(|topic| topics.has(*topic)) {
            self.0.loops[topic as usize].notify_waiters();
        }
    }

    /// Returns how long an idle loop may wait before it looks again.
    pub(super) fn look_again(&self) -> Duration {
        if self.0.is_heard.load(Ordering::Relaxed) { LOOK_AGAIN } else { LOOK_AGAIN_UNHEARD }
    }

    /// Notes whether news is received from now on. News from before may have been missed.
    fn is_heard(&self, is_heard: bool) {
        self.0.is_heard.store(is_heard, Ordering::Relaxed);
        self.tell(Topics::EVERYTHING);
    }
}

/// A task that receives the news of other replicas until it is dropped.
pub(super) struct Listening(JoinHandle<()>);

impl Listening {
    /// Listens on a server.
    pub(super) fn start(url: String, sender: Sender, news: News) -> Listening {
        Listening(tokio::spawn(async move {
            loop {
                if let Ok(Ok(mut listener)) = timeout(CONNECT_WITHIN, listen(&url)).await {
                    tracing::debug!("other replicas are heard");
                    news.is_heard(true);
                    receive(&mut listener, sender, &news).await;
                    news.is_heard(false);
                    tracing::debug!("other replicas are not heard; looking every few seconds");
                }
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }))
    }

    pub(super) fn stop(&self) {
        self.0.abort();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn listen(url: &str) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    // Loops look for what was missed before anything else is received.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Receives until the connection is lost.
async fn receive(listener: &mut PgListener, sender: Sender, news: &News) {
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => news.tell(sender.topics_of(notification.payload())),
            Ok(Ok(None) | Err(_)) => return,
            Err(_) => match timeout(ANSWER_WITHIN, listener.execute("SELECT 1")).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => return,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn a_write_for_a_loop_is_news_and_a_claim_is_not() {
        let mut unit = UnitOfWork::new();
        assert_eq!(Topics::of(&unit), Topics::default());
        unit.run("UPDATE outbox SET visible_at = $3 WHERE team_id = $1 AND key = $2", values!["T1", "k", 1]);
        assert_eq!(Topics::of(&unit), Topics(0b001));
        unit.run("UPDATE channel SET wanted_at = $2 WHERE team_id = $1", values!["T1", 1]);
        unit.run("UPDATE channel_member SET left_at = $2 WHERE team_id = $1", values!["T1", 1]);
        assert_eq!(Topics::of(&unit), Topics(0b101));
    }

    #[test]
    fn a_store_hears_others_and_not_itself() {
        let (one, other) = (Sender(255), Sender(-1));
        assert_eq!(one.commit(Topics::default()), "COMMIT");
        assert_eq!(one.commit(Topics(0b110)), "NOTIFY rondo, 'ff 6'; COMMIT");
        assert_eq!(one.topics_of("ff 6"), Topics::default());
        assert_eq!(other.topics_of("ff 6"), Topics(0b110));
        assert_eq!(one.topics_of(&other.commit(Topics(1))["NOTIFY rondo, '".len()..][..18]), Topics(1));
        assert_eq!(one.topics_of("what a later release says"), Topics::EVERYTHING);
        assert_eq!(one.topics_of(""), Topics::EVERYTHING);
    }
}
