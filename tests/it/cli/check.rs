//! `rondo check` and `rondo outbox`: output and exit codes.

use chrono::Duration;
use rondo::{
    model::{
        clock::Clock,
        effect::{Lane, NewEffect, Origin, Target},
        owner::Owner,
        people::{ChannelId, TeamId},
    },
    store::{
        Opening, Store,
        outbox::{self, HeldUp, Settlement},
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

use crate::support::{Program, a_run, store_beside};

/// Runs `rondo check` and returns its lines and its exit code.
async fn check(program: &Program) -> (i32, Vec<String>) {
    let ended = program.runs(&["check"]).await;
    assert_eq!(ended.stderr, "");
    (ended.code, ended.stdout.lines().map(str::to_owned).collect())
}

/// Returns the line about this.
fn about(lines: &[String], what: &str) -> String {
    let found = lines.iter().find(|line| line[5..].starts_with(what));
    found.unwrap_or_else(|| panic!("no line about {what}: {lines:#?}")).clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_passes_before_and_after_start() {
    let program = Program::new().await;
    let (code, lines) = check(&program).await;
    assert_eq!(code, 0, "{lines:#?}");
    assert!(lines.iter().all(|line| line.starts_with("ok ")), "{lines:#?}");
    assert_eq!(about(&lines, "database"), "ok   database: there is none yet: `rondo run` makes it");
    assert!(!program.folder.path().join("rondo.db").exists(), "looking makes nothing");
    program.is_up().await.stops("-TERM").await;
    let (code, lines) = check(&program).await;
    assert_eq!(code, 0, "{lines:#?}");
    assert!(lines.iter().all(|line| line.starts_with("ok ")), "{lines:#?}");
    let team = program.sandbox.team_id();
    assert_eq!(
        about(&lines, "database"),
        format!("ok   database: Sqlite, up to date, of the workspace {team}")
    );
    assert_eq!(about(&lines, "outbox"), "ok   outbox: 0 waiting, none given up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_holiday_file_fails_and_keeps_the_bot_from_starting() {
    let program = Program::new().await;
    let (_, lines) = check(&program).await;
    assert!(about(&lines, "holidays").starts_with("ok   holidays: known of at, gb, fr, de, "), "{lines:#?}");
    let folder = program.folder.path().join("days");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("de.toml");
    std::fs::write(&file, "name = \"Germany\"\n[days]\n2026-02-30 = \"x\"\n").unwrap();
    let config = program.folder.path().join("rondo.toml");
    std::fs::write(&config, format!("[holidays]\nfolder = \"{}\"\n", folder.display())).unwrap();
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    let wrong = format!(
        "fail configuration: {}:3: \"2026-02-30\" is no date: write a day that exists, as in 2026-12-25",
        file.display()
    );
    assert!(lines.contains(&wrong), "{lines:#?}");
    assert_eq!(about(&lines, "holidays"), "warn holidays: none are known: correct holidays.folder");
    let ended = program.runs(&["run"]).await;
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("\"2026-02-30\" is no date"), "{}", ended.stderr);
    std::fs::write(&file, format!("name = \"Germany\"\n[days]\n{}", "# a long remark\n".repeat(10_000)))
        .unwrap();
    let (code, lines) = check(&program).await;
    let huge = format!("fail configuration: {} cannot be read (", file.display());
    assert!(code == 1 && lines.iter().any(|line| line.starts_with(&huge)), "{lines:#?}");
    std::fs::write(&file, "name = \"Germany\"\n[days]\n2026-10-03 = \"x\"\n").unwrap();
    let (code, lines) = check(&program).await;
    assert_eq!(
        (code, about(&lines, "holidays")),
        (0, "ok   holidays: known of de, until 2026-10-03".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_scope_fails() {
    let program = Program::without(&["im:write"]).await;
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    assert_eq!(
        about(&lines, "scopes"),
        "fail scopes: missing im:write: add them under OAuth & Permissions and install the app anew"
    );
    let program = Program::without(&["channels:history"]).await;
    let (code, lines) = check(&program).await;
    assert_eq!(code, 0);
    assert!(about(&lines, "history scopes").starts_with("warn history scopes: missing channels:history"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overdue_runs_warn() {
    let program = Program::new().await;
    program.is_up().await.stops("-TERM").await;
    let (_, lines) = check(&program).await;
    assert_eq!(about(&lines, "runs"), "ok   runs: nothing is planned");
    let store = Store::open(program.url(), Opening::Beside).await.unwrap();
    let team = TeamId(program.sandbox.team_id());
    let planned = async |at| {
        let mut unit = UnitOfWork::new();
        runs::put(&mut unit, &team, &a_run(at), at);
        store.commit(unit).await.unwrap();
        check(&program).await
    };
    let ahead = Clock::machine().now() + Duration::hours(1);
    let (code, lines) = planned(ahead).await;
    assert_eq!(code, 0);
    assert_eq!(
        about(&lines, "runs"),
        format!("ok   runs: the next is due at {} UTC", ahead.format("%Y-%m-%d %H:%M"))
    );
    let ago = Clock::machine().now() - Duration::minutes(6);
    let (code, lines) = planned(ago).await;
    assert_eq!(code, 0, "it may be that the bot is just not started");
    assert_eq!(
        about(&lines, "runs"),
        format!(
            "warn runs: something has been due since {} UTC: start `rondo run`, or look into its log",
            ago.format("%Y-%m-%d %H:%M")
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_slack_refuses_fail() {
    let mut program = Program::new().await;
    program.set("SLACK_APP_TOKEN", "xapp-1-wrong");
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    assert!(
        about(&lines, "app token")
            .starts_with("fail app token: Slack refuses SLACK_APP_TOKEN (invalid_auth): make")
    );
    program.set("SLACK_BOT_TOKEN", "xoxb-1-wrong");
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    let line = about(&lines, "bot token");
    assert!(line.starts_with("fail bot token: Slack refuses SLACK_BOT_TOKEN (invalid_auth): copy"), "{line}");
    program.unset("SLACK_BOT_TOKEN");
    program.unset("SLACK_APP_TOKEN");
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    assert!(about(&lines, "bot token").starts_with("fail bot token: SLACK_BOT_TOKEN is not set: install"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_that_is_away_fails() {
    let program = Program::new().await;
    program.sandbox.faults().down(true);
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    assert!(about(&lines, "bot token").ends_with("check SLACK_API_URL and the way out of this network"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_clock_is_noticed() {
    let program = Program::new().await;
    let clock = program.sandbox.clock().clone();
    for (minutes, code, word) in [(10, 1, "fail"), (-10, 1, "fail"), (1, 0, "warn")] {
        let real = Clock::machine().now_ms();
        clock.set(real + minutes * 60_000);
        let (found, lines) = check(&program).await;
        let line = about(&lines, "clock");
        assert!(found == code && line.starts_with(word) && line.contains("NTP"), "{minutes}: {line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_database_fails() {
    let mut program = Program::new().await;
    program.set("DATABASE_URL", "sqlite:/no/such/folder/rondo.db");
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    let line = about(&lines, "database");
    assert!(
        line.starts_with("fail database: the database cannot be opened (the folder /no/such/folder"),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_has_a_line() {
    let mut program = Program::new().await;
    program.set("RONDO_LOG", "warning");
    program.set("RONDO_ADMIN_LISTEN", "here");
    program.set("RONDO_LISTENS", "127.0.0.1:1");
    program.set("SLACK_SIGNING_SECRET", "x");
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    for (line, number) in [
        ("fail configuration: RONDO_LOG holds \"warning\"", 1),
        ("fail configuration: RONDO_ADMIN_LISTEN is \"here\"", 1),
        ("warn configuration: nothing reads the variable RONDO_LISTENS: did you mean RONDO_LISTEN?", 1),
        ("warn configuration: SLACK_SIGNING_SECRET is not like Slack's", 1),
        ("ok   bot token: ", 1),
        ("ok   database: ", 1),
        ("ok   address: ", 0),
    ] {
        assert_eq!(
            lines.iter().filter(|found| found.starts_with(line)).count(),
            number,
            "{line}: {lines:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_tries_what_run_does() {
    let mut program = Program::new().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    program.set("RONDO_LISTEN", &taken.local_addr().unwrap().to_string());
    // An address without a listener.
    program.set("RONDO_ADMIN_LISTEN", "192.0.2.1:3001");
    let (code, lines) = check(&program).await;
    assert_eq!(code, 1);
    assert!(about(&lines, "address").starts_with("warn address: "), "{lines:#?}");
    assert!(about(&lines, "address").ends_with("else set RONDO_LISTEN to a free one"), "{lines:#?}");
    assert!(
        about(&lines, "admin address").starts_with("fail admin address: cannot listen on 192.0.2.1:3001"),
        "{lines:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_department_warns() {
    let mut program = Program::new().await;
    program.sandbox.add_user_group("design", "Design", &["ana"]);
    let file = program.folder.path().join("rondo.toml");
    program.set("RONDO_CONFIG", &file.display().to_string());
    std::fs::write(&file, "[people]\ndepartments = [\"@Design\"]").unwrap();
    assert_eq!(
        about(&check(&program).await.1, "departments"),
        "ok   departments: 1 user group, and it is there"
    );
    std::fs::write(&file, "[people]\ndepartments = [\"design\", \"desing\"]").unwrap();
    let (code, lines) = check(&program).await;
    assert_eq!(code, 0);
    assert_eq!(
        about(&lines, "departments"),
        "warn departments: no user group of the workspace is called @desing: correct people.departments, or make the group"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_readable_database_warns() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = Program::new().await;
    program.runs(&["migrate"]).await.well();
    let file = program.folder.path().join("rondo.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let line = about(&check(&program).await.1, "database files");
    assert!(line.starts_with("warn database files: other users of this machine may read "), "{line}");
}

/// Stores an effect in the database of a bot that does not run.
async fn effect(program: &Program, key: &str, owner: Owner, settlement: Option<Settlement>) {
    let store = store_beside(program.url()).await;
    let (team, now) = (TeamId(program.sandbox.team_id()), Clock::machine().now());
    let to = Target::Channel(ChannelId("C1".into()));
    let effect = NewEffect {
        owner,
        not_before: now - Duration::seconds(1),
        ..NewEffect::post(Origin::default(), key.to_owned(), to, "between us".into(), now)
    };
    let mut unit = UnitOfWork::new();
    outbox::enqueue(&mut unit, &team, &effect, now).unwrap();
    store.commit(unit).await.unwrap();
    if let Some(settlement) = settlement {
        let mut due = store
            .due_effect(&team, Lane::Interactive, "", now, HeldUp::default())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        assert!(store.claim_effect(&team, &mut due, Some(now), now).await.unwrap());
        assert!(store.settle_effect(&team, &due, settlement, UnitOfWork::new(), now).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discarded_effects_can_be_retried() {
    let program = Program::new().await;
    let older = program.runs(&["outbox"]).await.refused(1);
    assert!(older.starts_with("the database cannot be opened ("), "{older}");
    Store::migrate(program.url()).await.unwrap();
    assert_eq!(program.runs(&["outbox"]).await.well(), "nothing waits, and nothing was given up\n");
    for key in ["one", "two"] {
        effect(&program, key, Owner::None, Some(Settlement::Discarded("is_archived\nand more".into()))).await;
    }
    effect(&program, "three", Owner::None, None).await;
    let (code, lines) = check(&program).await;
    assert_eq!(code, 0);
    assert_eq!(
        about(&lines, "outbox"),
        "warn outbox: 2 given up: `rondo outbox` shows why, `rondo outbox retry` sends them again"
    );
    let listed = program.runs(&["outbox", "list"]).await.well();
    assert_eq!(listed.lines().count(), 3);
    assert!(
        listed.contains("given up\tpost\tC1\tone\towner=-\ttries=1\tnext=-\tis_archived and more\n"),
        "{listed}"
    );
    assert!(listed.contains("waiting\tpost\tC1\tthree\t") && !listed.contains("between us"), "{listed}");
    assert_eq!(program.runs(&["outbox", "drop", "--key", "one"]).await.well(), "1 dropped\n");
    let line = program.runs(&["outbox", "retry", "--key", "three"]).await.refused(1);
    assert_eq!(line, "nothing that was given up has the key three: `rondo outbox` lists the keys");
    assert_eq!(program.runs(&["outbox", "retry"]).await.well(), "1 will be sent again\n");
    assert_eq!(
        program.runs(&["outbox", "retry"]).await.well(),
        "nothing was given up, so nothing has changed\n"
    );
    assert_eq!(about(&check(&program).await.1, "outbox"), "ok   outbox: 2 waiting, none given up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_programmes_effects_can_be_dropped() {
    let program = Program::new().await;
    Store::migrate(program.url()).await.unwrap();
    let drop = ["outbox", "drop", "--waiting", "--programme"];
    let unknown =
        |id| format!("no programme has the id {id}: `rondo outbox` shows the owner of each message");
    assert_eq!(program.runs(&[&drop[..], &["p"]].concat()).await.refused(1), unknown("p"));
    let store = store_beside(program.url()).await;
    let (team, now) = (TeamId(program.sandbox.team_id()), Clock::machine().now());
    store.claim_workspace(&team, &"UBOT".into(), now).await.unwrap();
    let mut unit = UnitOfWork::new();
    let (organiser, channel) = ("U1".into(), ChannelId("C1".into()));
    programmes::start(&mut unit, &team, &Programme::new("p".into(), "coffee", channel, organiser, None, now))
        .unwrap();
    store.commit(unit).await.unwrap();
    let owner = Owner::Programme("p".to_owned());
    for (key, owner) in [("one", &owner), ("two", &owner), ("three", &Owner::None)] {
        effect(&program, key, owner.clone(), None).await;
    }
    let listed = program.runs(&["outbox"]).await.well();
    assert!(listed.contains("waiting\tpost\tC1\tone\towner=programme/p\ttries=0\t"), "{listed}");
    assert_eq!(program.runs(&[&drop[..], &["q"]].concat()).await.refused(1), unknown("q"));
    // The owner as the list shows it works as well as the id.
    assert_eq!(program.runs(&[&drop[..], &["programme/p"]].concat()).await.well(), "2 dropped\n");
    assert_eq!(program.runs(&[&drop[..], &["p"]].concat()).await.well(), "0 dropped\n");
    for alone in
        [&["--waiting"][..], &["--programme", "p"], &["--waiting", "--programme", "p", "--key", "one"]]
    {
        let line = program.runs(&[&["outbox", "drop"], alone].concat()).await.refused(2);
        assert!(line.ends_with(": see --help"), "{line}");
    }
}
