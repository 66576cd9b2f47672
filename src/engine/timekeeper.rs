//! Resolves jumps of the clock. A clock does not show a doubted jump, so nothing becomes due by it; here Slack is asked
//! for its time, which confirms the jump or does not.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use super::{
    Engine,
    supervisor::{Heartbeat, Loop},
    turns::{self, Turn},
};
use crate::model::{
    clock::{Clock, Jump},
    episode::Episode,
};

pub const LOOP: Loop = Loop {
    name: "clock",
    part: PART,
    undone: "a jump of the clock is not cleared up",
    limit: Duration::from_mins(1),
};
/// The part of readiness that says whether the clock is doubted.
pub const PART: &str = "clock";
/// How often the clocks are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often Slack is asked while a clock is doubted.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// The problem that is logged while a jump stays doubted.
const IN_DOUBT: &str = "the machine's clock jumped and Slack's did not: Rondo goes by the time as it was before. Set the clock \
    right (by NTP); where it is right, restart Rondo";

#[derive(Clone)]
pub struct Timekeeper {
    engine: Engine,
    /// The machine's, and the database server's, which replicas share.
    clocks: [Clock; 2],
    doubt: Arc<Episode>,
}

impl Timekeeper {
    /// Returns the timekeeper of a process whose own clock is `own`.
    pub fn new(engine: Engine, own: Clock) -> Timekeeper {
        let clocks = [own, engine.clock.clone()];
        Timekeeper { engine, clocks, doubt: Arc::new(Episode::of(IN_DOUBT)) }
    }

    /// Returns the jump that is doubted now.
    pub fn jump(&self) -> Option<Jump> {
        self.clocks.iter().find_map(Clock::doubted_jump)
    }

    /// Checks the clocks, and asks Slack about a jump; returns whether one is still doubted.
    pub async fn look_once(&self) -> bool {
        let Some(jump) = self.jump() else {
            self.doubt.ended();
            return false;
        };
        let Engine { store, slack, clock, .. } = &self.engine;
        let slack_shows = slack.time().await;
        if let Ok(slack_shows) = slack_shows {
            self.clocks.iter().for_each(|clock| clock.note_slack_time(slack_shows));
        }
        // A corrected server clock should be noticed soon.
        let corrected = store.correct(clock).await;
        if let Err(error) = &corrected {
            tracing::debug!(%error, "the database server's clock could not be read");
        }
        if self.jump().is_none() {
            let seconds = jump.by.num_seconds();
            tracing::info!(seconds, now = %clock.now(), "the clock jumped, and Slack's clock shows the same or it is right again");
            self.doubt.ended();
            return false;
        }
        let slack_shows = slack_shows.map_or_else(|error| error.to_string(), |at| at.to_rfc3339());
        let seen = format!(
            "it shows {}, {} s off; Slack: {slack_shows}",
            jump.shows.to_rfc3339(),
            jump.by.num_seconds()
        );
        self.doubt.goes_on("clock", &seen);
        true
    }

    /// Checks until the shutdown.
    pub async fn run(self, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
        let clock = &self.engine.clock;
        let turn = || async {
            let is_in_doubt = heartbeat.during(self.look_once()).await;
            Ok(Turn::Idle(Some(clock.now() + if is_in_doubt { ASK_EVERY } else { LOOK_EVERY })))
        };
        turns::repeat(clock, &heartbeat, shutdown, || ASK_EVERY, std::future::pending, turn).await;
    }
}
