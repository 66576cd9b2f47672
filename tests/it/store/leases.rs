//! Leases, the sweep, and which workspace a database belongs to.

use chrono::Duration;
use rondo::model::people::UserId;

use super::*;
use crate::each_database;

const HALF_A_MINUTE: Duration = Duration::seconds(30);

async fn take(store: &Store, holder: &str, at: Instant) -> bool {
    store.take_lease(&team(), "outbox", holder, at, HALF_A_MINUTE).await.unwrap()
}

each_database! {
    async fn leases_are_exclusive_and_end(url: &str) {
        let store = open(url).await;
        let later = |seconds| now() + Duration::seconds(seconds);
        assert!(take(&store, "one", now()).await);
        assert!(!take(&store, "other", later(29)).await, "while it is held");
        assert!(take(&store, "one", later(29)).await, "its holder renews it");
        assert!(!take(&store, "other", later(58)).await, "renewed it lasts longer");
        assert_eq!(store.lease_until(&team(), "outbox").await.unwrap(), Some(later(59)));
        assert!(take(&store, "other", later(59)).await, "at its end another takes it over");
        assert!(!take(&store, "one", later(60)).await, "and the first has lost it");
        store.release_lease(&team(), "outbox", "one").await.unwrap();
        assert!(!take(&store, "one", later(60)).await, "a process cannot release another one's lease");
        store.release_lease(&team(), "outbox", "other").await.unwrap();
        assert!(take(&store, "one", later(60)).await, "what is given back is free at once");
        assert!(store.take_lease(&team(), "nightly", "other", later(60), HALF_A_MINUTE).await.unwrap());
    }

    async fn one_claimant_gets_the_lease(url: &str) {
        let store = open(url).await;
        let holders: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let taken = futures_util::future::join_all(holders.iter().map(|holder| take(&store, holder, now()))).await;
        assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1);
    }

    async fn setting_the_clock_back_frees_leases(url: &str) {
        let store = open(url).await;
        assert!(take(&store, "one", now()).await);
        assert!(!take(&store, "other", now() - Duration::seconds(20)).await, "clocks may differ a little");
        assert!(take(&store, "other", now() - Duration::days(1)).await);
    }

    async fn the_sweep_takes_only_old_rows(url: &str) {
        let store = open(url).await;
        let ago = |hours: i64| now() - Duration::hours(hours);
        let mut unit = UnitOfWork::new();
        for hours in [1, 47, 49] {
            let key = format!("seen {hours}");
            unit.row(&MARK, values!["T1", key, "\"Nothing\"", ago(hours)]);
        }
        for (key, hours, visible, discarded) in [
            ("sent today", 1, None, None),
            ("sent a week ago", 24 * 8, None, None),
            ("waits for long", 24 * 40, Some(now()), None),
            ("given up this month", 24 * 20, None, Some(ago(24 * 20))),
            ("given up last month", 24 * 40, None, Some(ago(24 * 31))),
        ] {
            unit.row(&OUTBOX, outbox_row(key, ago(hours), visible, discarded));
        }
        store.commit(unit).await.unwrap();
        assert!(take(&store, "old", ago(72)).await);
        assert!(store.take_lease(&team(), "nightly", "new", now(), HALF_A_MINUTE).await.unwrap());
        store.claim_workspace(&team(), &UserId("U0".into()), now()).await.unwrap();
        for _ in 0..2 {
            assert!(store.sweep(&team(), now()).await.unwrap());
            let seen = store.ask("SELECT key FROM processed_delivery ORDER BY processed_at DESC", Vec::new()).await.unwrap();
            assert_eq!(texts(seen), ["seen 1", "seen 47"]);
            let outbox = store.ask("SELECT key FROM outbox ORDER BY key", Vec::new()).await.unwrap();
            assert_eq!(texts(outbox), ["given up this month", "sent today", "waits for long"]);
            let leases = store.ask("SELECT name FROM lease ORDER BY name", Vec::new()).await.unwrap();
            assert_eq!(texts(leases), ["nightly", "workspace"]);
        }
    }

    async fn a_database_has_one_workspace(url: &str) {
        let store = open(url).await;
        let bot = UserId("U0".into());
        let teams: Vec<TeamId> = (0..8).map(|n| TeamId(format!("T{n}"))).collect();
        let claims = teams.iter().map(|team| store.claim_workspace(team, &bot, now()));
        let claims = futures_util::future::join_all(claims).await;
        let winners: Vec<_> = claims.iter().enumerate().filter(|(_, claim)| claim.is_ok()).collect();
        assert_eq!(winners.len(), 1);
        let winner = &teams[winners[0].0];
        assert_eq!(store.workspace().await.unwrap().as_ref(), Some(winner));
        store.claim_workspace(winner, &bot, now()).await.unwrap();
        let other = TeamId("T99".into());
        let error = store.claim_workspace(&other, &bot, now()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "this database belongs to the workspace {winner} and the token to T99: set DATABASE_URL to a \
                 database of its own, or SLACK_BOT_TOKEN to the token of {winner}"
            )
        );
        assert_eq!(number(&store, "SELECT COUNT(*) FROM workspace").await, 1);
    }
}

static OUTBOX: Insert = Insert {
    table: "outbox",
    columns: &[
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
        "version",
        "sent_version",
        "not_before",
        "visible_at",
        "attempts",
        "looks",
        "discarded_at",
        "created_at",
    ],
    identity: 2,
    on_conflict: "",
};

fn outbox_row(key: &str, made: Instant, visible: Option<Instant>, discarded: Option<Instant>) -> Vec<Value> {
    let ms = |at: Option<Instant>| at.map(|at| at.timestamp_millis());
    values![
        "T1",
        key,
        1,
        "post",
        "C1",
        0,
        "",
        "",
        0,
        "",
        "",
        "at_most_once",
        ms(Some(made + Duration::days(7))),
        1,
        1,
        made,
        ms(visible),
        0,
        0,
        ms(discarded),
        made
    ]
}
