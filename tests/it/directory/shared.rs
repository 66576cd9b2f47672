//! Several processes that read the same workspace, and one that is interrupted: each page is read once.

use std::sync::Arc;

use rondo::{
    engine::directory::{Hold, Lists},
    slack::pacing::Pacer,
    store::unit::{Outcome, UnitOfWork},
};

use super::*;

/// Returns another process on the same database.
fn replica(bot: &Bot) -> Engine {
    let engine = bot.parts.engine.clone();
    Engine { pacer: Arc::new(Pacer::new(engine.clock.now())), ..engine }
}

fn asked(bot: &Bot, method: &str) -> usize {
    bot.sandbox.calls().iter().filter(|call| call.method == method).count()
}

fn crowd(bot: &Bot, many: usize) {
    for n in 0..many {
        bot.sandbox.add_person(NewPerson::named(&format!("p{n}")));
    }
}

/// Reads all that is requested, with these processes in parallel.
async fn read_by(bot: &Bot, lists: &[Lists]) {
    loop {
        let steps = futures_util::future::join_all(lists.iter().map(Lists::read_once)).await;
        let steps: Vec<Turn> = steps.into_iter().map(Result::unwrap).collect();
        if steps.contains(&Turn::Worked) {
            continue;
        }
        let next = steps.iter().filter_map(|step| if let Turn::Idle(at) = step { *at } else { None }).min();
        let engine = &bot.parts.engine;
        if engine.store.wanted_lists(&engine.team).await.unwrap().is_empty() {
            return;
        }
        let next = next.unwrap_or(engine.clock.now() + Duration::milliseconds(100));
        bot.sandbox.clock().advance_to(next.timestamp_millis());
    }
}

each_store! {
    async fn two_processes_share_one_reading(bot: &mut Bot) {
        crowd(bot, 700);
        bot.hears_events().await;
        let lists = [Lists::new(replica(bot)), Lists::new(replica(bot))];
        // Each finds at its start that it has to read.
        read_by(bot, &lists).await;
        bot.passes(Duration::minutes(2));
        let before = ["users.list", "usergroups.list", "users.conversations"].map(|method| asked(bot, method));
        wants_everything(bot).await;
        read_by(bot, &lists).await;
        let after = ["users.list", "usergroups.list", "users.conversations"].map(|method| asked(bot, method));
        assert_eq!([after[0] - before[0], after[1] - before[1], after[2] - before[2]], [4, 1, 1]);
    }

    async fn an_interrupted_reading_resumes(bot: &mut Bot) {
        crowd(bot, 700);
        bot.hears_events().await;
        wants_everything(bot).await;
        let before = asked(bot, "users.list");
        while asked(bot, "users.list") < before + 2 {
            goes_on(bot).await;
        }
        // The process is killed here; its lease is left. The next one reads the two missing pages.
        bot.passes(Duration::seconds(30));
        bot.parts.lists = Lists::new(replica(bot));
        bot.reads_lists().await;
        assert_eq!(asked(bot, "users.list"), before + 4);
        for name in ["p0", "p350", "p699"] {
            assert!(known(bot, name).await.is_some(), "{name}");
        }
    }

    async fn a_refused_cursor_restarts_reading(bot: &mut Bot) {
        bot.expects_refusals();
        crowd(bot, 700);
        bot.hears_events().await;
        wants_everything(bot).await;
        let before = asked(bot, "users.list");
        while asked(bot, "users.list") < before + 2 {
            goes_on(bot).await;
        }
        bot.sandbox.faults().fail("users.list", 1, "invalid_cursor");
        let engine = &bot.parts.engine;
        bot.reads_lists().await;
        assert_eq!(asked(bot, "users.list"), before + 2 + 1 + 4);
        assert!(engine.store.wanted_lists(&engine.team).await.unwrap().is_empty());
    }

    async fn a_new_request_restarts_reading(bot: &mut Bot) {
        crowd(bot, 700);
        bot.hears_events().await;
        wants_everything(bot).await;
        let before = asked(bot, "users.list");
        while asked(bot, "users.list") < before + 2 {
            goes_on(bot).await;
        }
        bot.passes(Duration::seconds(1));
        wants_everything(bot).await;
        bot.reads_lists().await;
        assert_eq!(asked(bot, "users.list"), before + 2 + 4);
    }

    async fn a_lost_lease_stops_reading(bot: &mut Bot) {
        let engine = &bot.parts.engine;
        let [one, other] = [(); 2].map(|()| Hold::new(engine.clone(), "test", Duration::seconds(20)));
        assert_eq!(one.claim().await.unwrap(), LeaseClaim::Before, "it was never claimed");
        assert_eq!(other.claim().await.unwrap(), LeaseClaim::No);
        let writes = async |hold: &Hold| {
            let mut unit = UnitOfWork::new();
            hold.guard(&mut unit);
            matches!(engine.store.commit(unit).await.unwrap(), Outcome::Committed(_))
        };
        // It is renewed after half of its time while the work goes on.
        let work = async {
            for _ in 0..50 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                bot.passes(Duration::seconds(1));
            }
        };
        assert_eq!(one.during(work).await, Some(()));
        assert_eq!(other.claim().await.unwrap(), LeaseClaim::No, "for longer than its length");
        assert!(writes(&one).await);
        // The process is stopped, and another one takes over.
        bot.passes(Duration::seconds(21));
        assert!(!writes(&one).await, "it has ended, although no other process has it yet");
        assert_eq!(other.claim().await.unwrap(), LeaseClaim::Anew);
        assert_eq!(one.during(std::future::pending::<()>()).await, None);
        assert!(writes(&other).await && !writes(&one).await);
        one.release().await;
        assert!(writes(&other).await, "a process cannot release another one's lease");
    }
}
