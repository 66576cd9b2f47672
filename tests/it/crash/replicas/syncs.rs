//! Syncs that begin at the same time in several channels, and three replicas: one is killed while a sync is being
//! announced, one is stopped. Each sync is announced once.

use rondo::rituals::sync::{SyncSettings, Syncs};

use super::*;
use crate::crash::PATIENCE_FOR_A_POST;

const BEGINS: &str = "It's time for ";

impl Rounds {
    /// Starts syncs in all channels, which begin now.
    async fn syncs_begin(&self) {
        let now = Clock::machine().now();
        let wall = now.naive_utc().with_second(0).and_then(|wall| wall.with_nanosecond(0)).unwrap();
        let words = format!("every day at {}", wall.format("%H:%M"));
        let cadence = Cadence::parse(&words, Tz::UTC, wall.date()).unwrap();
        let syncs = Syncs::new(SyncSettings::default(), "/sync".to_owned());
        let mut unit = UnitOfWork::new();
        for channel in 0..CHANNELS {
            let (id, organiser) = (format!("sync{channel}"), self.person(0));
            let cadence = Some(cadence.clone());
            let programme = Programme::new(id, "sync", self.channel(channel), organiser, cadence, now);
            programmes::start(&mut unit, &self.team, &programme).unwrap();
            put_occasion(
                &mut unit,
                &self.team,
                &syncs,
                &programme,
                Occurrence { at: wall.and_utc(), wall },
                now,
            );
        }
        self.store.commit(unit).await.unwrap();
    }

    /// Returns how many announcements the people of each channel read.
    fn announcements(&self) -> Vec<usize> {
        let read = |channel: usize| {
            let reader = members(channel).next().unwrap();
            let place = format!("#{}", load::channel(channel));
            let messages = self.campaign.sandbox.person(&load::name(reader)).reads(&place);
            messages.iter().filter(|message| message.text.contains(BEGINS)).count()
        };
        (0..CHANNELS).map(read).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sync_is_announced_once() {
    let Some(url) = postgres::fresh_database().await else { return };
    let rounds = Rounds::prepare(Some(url)).await;
    let replicas = [rounds.start(), rounds.start(), rounds.start()];
    for replica in &replicas {
        replica.ready().await;
    }
    let [killed, stopped, working] = replicas;
    rounds.syncs_begin().await;
    rounds.campaign.wire.next_post(PATIENCE_FOR_A_POST).await;
    killed.kill();
    stopped.stands_still();
    rounds.claims_run_out().await;
    rounds.until("all are announced", async || rounds.announcements().iter().all(|read| *read > 0)).await;
    stopped.goes_on();
    rounds.campaign.empty_the_outbox("PostgreSQL, three processes").await;
    assert_eq!(rounds.announcements(), [1; CHANNELS]);
    for count in ["SELECT COUNT(*) FROM sync_occasion", "SELECT COUNT(*) FROM sync_duty"] {
        let rows = rounds.store.ask(count, Vec::new()).await.unwrap();
        assert_eq!(rows[0][0].int(), Some(i64::try_from(CHANNELS).unwrap()), "{count}");
    }
    for bot in [stopped, working] {
        bot.stops_cleanly().await;
    }
    rounds.store.close().await;
    rounds.campaign.sandbox.shutdown();
}
