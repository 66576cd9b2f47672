//! `rondo migrate`, `rondo export`, `rondo backup`: the operator's data.

use rondo::{
    model::{
        clock::from_ms,
        people::{ChannelId, TeamId, UserId},
    },
    rituals::{
        coffee::{plan::CoffeeGroup, store as coffee},
        kudos::store::{NewGift, put},
    },
    store::{Store, unit::UnitOfWork},
};

use crate::support::{Program, bot::MONDAY_MORNING, postgres, store_beside};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Reasons that are hard for a spreadsheet or a line reader.
const REASONS: [&str; 8] = [
    "plain",
    "commas, \"quotes\" and 'more'",
    "two\nlines\r\nor three",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1 bug",
    "@ben always",
    "'quoted from the start",
];

/// Stores gifts of every reason, enough for several pages, with a day between the two halves.
async fn give(url: &str, gifts: usize) {
    let store = store_beside(url).await;
    let team = TeamId("T1".into());
    for chunk in (0..gifts).collect::<Vec<_>>().chunks(100) {
        let mut unit = UnitOfWork::new();
        for n in chunk {
            let (giver, channel) = (UserId(format!("U{n:05}")), ChannelId("C1".into()));
            let receivers = [UserId("W1".into()), UserId("W2".into())];
            let gift = NewGift {
                id: &format!("{n:05}"),
                giver: &giver,
                channel: &channel,
                receivers: &receivers,
                reason: REASONS[n % REASONS.len()],
                local_date: "2026-01-05",
                allowance: 10,
                fingerprint: "",
            };
            let day = i64::from(*n >= gifts / 2);
            put(&mut unit, &team, &gift, from_ms(MONDAY_MORNING + day * DAY_MS));
        }
        store.commit(unit).await.unwrap();
    }
}

/// Returns the text as an import reads it back: without the added apostrophes.
fn back(cell: &str) -> String {
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_formats_export_everything() {
    for server in [None, postgres::fresh_database().await] {
        let mut program = Program::new().await;
        if let Some(url) = &server {
            program.set("DATABASE_URL", url);
        }
        let gifts = 1_200;
        give(program.url(), gifts).await;
        let csv = program.runs(&["export", "kudos"]).await.well();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let columns =
            ["gift_id", "given_at", "local_date", "giver", "receiver", "channel", "reason", "undone_at"];
        assert_eq!(reader.headers().unwrap(), columns.as_slice());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2 * gifts);
        for (n, row) in rows.iter().enumerate() {
            assert_eq!(
                (&row[0], &row[4]),
                (format!("{:05}", n / 2).as_str(), if n % 2 == 0 { "W1" } else { "W2" })
            );
            assert_eq!(back(&row[6]), REASONS[n / 2 % REASONS.len()]);
            assert!(!row[6].starts_with(['=', '+', '-', '@']), "a spreadsheet would compute {}", &row[6]);
        }
        let json = program.runs(&["export", "kudos", "--format", "json"]).await.well();
        let json: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(json.len(), 2 * gifts);
        for (n, line) in json.iter().enumerate() {
            assert_eq!(line["reason"], REASONS[n / 2 % REASONS.len()]);
            assert_eq!(line["undone_at"], serde_json::Value::Null);
        }
        let since =
            program.runs(&["export", "kudos", "--since", "2026-01-06", "--format", "json"]).await.well();
        let since: Vec<serde_json::Value> = serde_json::from_str(&since).unwrap();
        assert_eq!(since.len(), gifts);
        assert!(since.iter().all(|line| line["given_at"].as_str().unwrap().starts_with("2026-01-06")));
        let never =
            program.runs(&["export", "kudos", "--since", "2027-01-01", "--format", "json"]).await.well();
        assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&never).unwrap().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn further_tables_are_asked_for_by_name() {
    let program = Program::new().await;
    store_beside(program.url()).await;
    let agenda = program.runs(&["export", "sync", "--what", "agenda", "--format", "md"]).await.well();
    assert!(agenda.starts_with("| point_id | added_at | programme_id |"), "{agenda}");
    let closings = program.runs(&["export", "sync", "--what", "closings"]).await.well();
    assert!(closings.contains("programme_id,local_date,channel,state,person,notes,settled_at"), "{closings}");
    for (args, said) in [
        (
            ["export", "sync", "--what", "agendas"],
            "sync has no table agendas: write --what with one of agenda, closings, additions, or leave it out",
        ),
        (["export", "kudos", "--what", "agenda"], "kudos has one table, so leave out --what agenda"),
    ] {
        let ended = program.runs(&args).await;
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coffee_exports_groups_and_meetings() {
    for server in [None, postgres::fresh_database().await] {
        let mut program = Program::new().await;
        if let Some(url) = &server {
            program.set("DATABASE_URL", url);
        }
        let store = store_beside(program.url()).await;
        let team = TeamId("T1".into());
        let groups = [("g1", "2026-01-06", vec!["U1", "U2"]), ("g2", "2026-01-13", vec!["U1", "U2", "U3"])];
        for (id, date, people) in &groups {
            let mut unit = UnitOfWork::new();
            let group = CoffeeGroup {
                id: (*id).to_owned(),
                programme: "p".to_owned(),
                channel: "C1".into(),
                date: (*date).to_owned(),
                question: "What for?".to_owned(),
                people: people.iter().map(|person| UserId::from(*person)).collect(),
            };
            coffee::put_group(&mut unit, &team, &group);
            store.commit(unit).await.unwrap();
        }
        let mut unit = UnitOfWork::new();
        coffee::answer(&mut unit, &team, "g1", true, from_ms(MONDAY_MORNING));
        coffee::unreached(&mut unit, &team, "g2", from_ms(MONDAY_MORNING));
        store.commit(unit).await.unwrap();
        let csv = program.runs(&["export", "coffee"]).await.well();
        assert_eq!(
            csv,
            "\u{feff}group_id,local_date,channel,person,met_at,unreached_at\n\
             g1,2026-01-06,C1,U1,2026-01-05T09:00:00+00:00,\n\
             g1,2026-01-06,C1,U2,2026-01-05T09:00:00+00:00,\n\
             g2,2026-01-13,C1,U1,,2026-01-05T09:00:00+00:00\n\
             g2,2026-01-13,C1,U2,,2026-01-05T09:00:00+00:00\n\
             g2,2026-01-13,C1,U3,,2026-01-05T09:00:00+00:00\n"
        );
        let json =
            program.runs(&["export", "coffee", "--since", "2026-01-13", "--format", "json"]).await.well();
        let json: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(json.len(), 3);
        assert_eq!(json[0]["met_at"], serde_json::Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrate_can_be_repeated() {
    let program = Program::new().await;
    for _ in 0..2 {
        assert_eq!(program.runs(&["migrate"]).await.well(), "the database is up to date\n");
    }
    assert_eq!(program.runs(&["export", "kudos"]).await.well().lines().count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_backup_is_complete() {
    let mut program = Program::new().await;
    let file = program.folder.path().join("rondo.toml");
    std::fs::write(&file, "[kudos]\ndaily_allowance = 0\n").unwrap();
    program.set("RONDO_CONFIG", &file.display().to_string());
    let mut bot = program.is_up().await;
    let ana = program.sandbox.person("ana");
    let mut acknowledged = Vec::new();
    let copy = program.folder.path().join("copy.db").display().to_string();
    for n in 0..12 {
        let answer = ana.says("#general", &format!("/kudos @ben for gift {n:02}")).await;
        assert!(answer.plain().contains("Kudos to"), "{answer:?}");
        acknowledged.push(format!("gift {n:02}"));
    }
    let arguments = ["backup", copy.as_str()];
    let (said, ()) = tokio::join!(program.runs(&arguments), async {
        for n in 12..30 {
            ana.says("#general", &format!("/kudos @ben for gift {n:02}")).await;
        }
    });
    assert_eq!(said.well(), format!("the database is copied to {copy}\n"));
    let again = program.runs(&["backup", &copy]).await.refused(2);
    assert_eq!(again, format!("{copy} exists already: name a file that does not"));
    assert_eq!(bot.stops("-TERM").await.0, Some(0));
    program.set("DATABASE_URL", &format!("sqlite:{copy}"));
    let ledger = program.runs(&["export", "kudos"]).await.well();
    for gift in &acknowledged {
        assert!(ledger.contains(gift.as_str()), "{gift} is missing in:\n{ledger}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backup_needs_an_sqlite_file() {
    let mut program = Program::new().await;
    let line = program.runs(&["backup", "copy.db"]).await.refused(2);
    assert_eq!(line, "DATABASE_URL names a database that is not there: name the one that the bot works on");
    assert!(!program.folder.path().join("copy.db").exists());
    Store::migrate(program.url()).await.unwrap();
    let line = program.runs(&["backup", "/no/such/folder/copy.db"]).await.refused(1);
    assert!(line.starts_with("the database cannot be copied to /no/such/folder/copy.db ("), "{line}");
    program.set("DATABASE_URL", "postgres://rondo@localhost/rondo");
    let line = program.runs(&["backup", "copy.db"]).await.refused(2);
    assert_eq!(line, "DATABASE_URL is a PostgreSQL server: back it up with pg_dump");
}
