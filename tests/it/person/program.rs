//! `rondo person`, also beside a running bot.

use rondo::{
    model::{
        clock::from_ms,
        people::{ChannelId, TeamId, UserId},
    },
    rituals::kudos::store::{NewGift, put},
    store::{Store, unit::UnitOfWork},
};
use serde_json::Value;

use super::{dump, people_of};
use crate::support::{Program, bot::MONDAY_MORNING, postgres, store_beside};

/// Returns all bytes of the database file, its companions and the files beside them.
fn bytes_of(program: &Program) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(program.folder.path()).unwrap().map(|file| file.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())).collect()
}

/// Returns the files that contain these bytes.
fn files_with(program: &Program, words: &str) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    let mut files: Vec<String> =
        bytes_of(program).into_iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect();
    files.sort();
    files
}

async fn exported(program: &Program, id: &str) -> Value {
    let out = program.runs(&["person", "export", id]).await.well();
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erasing_cleans_every_file() {
    for server in [None, postgres::fresh_database().await] {
        let mut program = Program::new().await;
        let is_file = server.is_none();
        if let Some(url) = &server {
            program.set("DATABASE_URL", url);
        }
        let mut bot = program.is_up().await;
        let (ana, ben) = (program.sandbox.person("ana"), program.sandbox.person("ben"));
        let (id, words) = (ana.id(), "velvet underground");
        for text in [format!("/kudos @ben for the {words}"), "/kudos mine".to_owned()] {
            assert!(ana.says("#general", &text).await.is_answered());
        }
        assert!(ben.says("#general", "/kudos @ana for what she knows").await.is_answered());
        let before = dump(program.url()).await;
        assert!(before.contains(&id) && before.contains(words), "{before}");
        if is_file {
            assert!(!files_with(&program, &id).is_empty() && !files_with(&program, words).is_empty());
        }
        let mut out = exported(&program, &id).await;
        while out["kept"]["profile"].is_null() {
            // The bot reads the directory in its own time.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            out = exported(&program, &id).await;
        }
        assert_eq!(out["kept"]["profile"][0]["name"], "Ana");
        assert_eq!(out["kept"]["kudos_given"][0]["reason"], format!("the {words}"));
        assert_eq!(out["is_erased_and_left_out"], false);
        let counted = program.runs(&["person", "erase", &id]).await.well();
        assert!(counted.contains("gift\t1\n") && counted.ends_with("add --yes to do it.\n"), "{counted}");
        assert!(dump(program.url()).await.contains(words), "nothing is changed");

        let said = program.runs(&["person", "erase", &id, "--yes"]).await.well();
        assert!(said.contains(&format!("{id} is erased and left out.")), "{said}");
        let after = dump(program.url()).await;
        assert!(
            !after.contains(&id) && !after.contains(words) && after.contains("what she knows"),
            "{after}"
        );
        if is_file {
            assert!(said.contains("Nothing of them is left in the database file."), "{said}");
            let copy = program.folder.path().join("copy.db").display().to_string();
            program.runs(&["backup", &copy]).await.well();
            for hers in [id.as_str(), words] {
                assert_eq!(files_with(&program, hers), Vec::<String>::new(), "{hers}");
            }
        }
        assert!(!program.runs(&["export", "kudos"]).await.well().contains(&id));
        let out = exported(&program, &id).await;
        assert_eq!(
            (&out["kept"], &out["is_erased_and_left_out"]),
            (&serde_json::json!({}), &Value::Bool(true))
        );
        // The bot goes on.
        let answer = ana.says("#general", "/kudos @ben for more").await.plain();
        assert!(answer.starts_with("I've erased what I kept about you"), "{answer}");
        let allowed = program.runs(&["person", "allow", &id]).await.well();
        assert_eq!(allowed, format!("{id} may take part again; the bot reads anew who is here\n"));
        assert!(ana.says("#general", "/kudos @ben for more").await.plain().contains("Kudos to"));
        assert_eq!(bot.stops("-TERM").await.0, Some(0));
    }
}

/// Stores a ledger of a person who gave and got a lot.
async fn give(url: &str, gifts: usize) {
    let people = people_of(url).await;
    people.store.close().await;
    let store = store_beside(url).await;
    for chunk in (0..gifts).collect::<Vec<_>>().chunks(100) {
        let mut unit = UnitOfWork::new();
        for n in chunk {
            let (giver, channel) = (UserId("U1ANA".to_owned()), ChannelId("C1".to_owned()));
            let receivers = [UserId(format!("U2R{n}")), UserId("U3BEN".to_owned())];
            let gift = NewGift {
                id: &format!("{n:05}"),
                giver: &giver,
                channel: &channel,
                receivers: &receivers,
                reason: "velvet",
                local_date: &format!("day {n}"),
                allowance: 10,
                fingerprint: "",
            };
            put(&mut unit, &TeamId("T1".to_owned()), &gift, from_ms(MONDAY_MORNING));
        }
        store.commit(unit).await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_ledgers_are_exported_whole() {
    let program = Program::new().await;
    give(program.url(), 1_300).await;
    let out = exported(&program, "U1ANA").await;
    assert_eq!(out["kept"]["kudos_given"].as_array().unwrap().len(), 2_600);
    assert_eq!(out["kept"]["kudos_days"].as_array().unwrap().len(), 1_300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_erasure_can_be_repeated() {
    let program = Program::new().await;
    give(program.url(), 3_000).await;
    for pause in [20, 60, 120, 200, 300] {
        let mut erasing = program.starts(&["person", "erase", "U1ANA", "--yes"]);
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        erasing.stops("-KILL").await;
    }
    program.runs(&["person", "erase", "U1ANA", "--yes"]).await.well();
    let after = dump(program.url()).await;
    assert!(!after.contains("U1ANA") && !after.contains("velvet"));
    assert_eq!(after.lines().filter(|line| line.starts_with("gift.giver: erased-")).count(), 3_000);
    for hers in ["U1ANA", "velvet"] {
        assert_eq!(files_with(&program, hers), Vec::<String>::new(), "{hers}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_ids_are_refused() {
    let program = Program::new().await;
    for (arguments, line) in [
        (vec!["person", "erase", "ana"], "a member ID looks like U0123ABCD: see --help"),
        (vec!["person", "export", "U1'; --"], "a member ID looks like U0123ABCD: see --help"),
        (vec!["person", "export"], "see --help"),
        (vec!["person", "forget", "U1ANA"], "see --help"),
    ] {
        let said = program.runs(&arguments).await.refused(2);
        assert!(said.ends_with(line), "{arguments:?}: {said}");
    }
    assert!(program.runs(&["person", "export", "U1ANA"]).await.code == 1, "there is no database");
    Store::migrate(program.url()).await.unwrap();
    let line = program.runs(&["person", "erase", "U1ANA", "--yes"]).await.refused(1);
    assert_eq!(line, "this database belongs to no workspace yet: start the bot once");
    people_of(program.url()).await.store.close().await;
    let line = program.runs(&["person", "erase", "U0BOT", "--yes"]).await.refused(2);
    assert_eq!(line, "U0BOT is the bot itself: name a person");
    let line = program.runs(&["person", "allow", "U1ANA"]).await.refused(1);
    assert_eq!(line, "U1ANA is not left out: there is nothing to allow");
    let said = program.runs(&["person", "erase", "U1ANA"]).await.well();
    assert!(said.starts_with("0 rows of U1ANA would be erased"), "{said}");
    let said = program.runs(&["person", "erase", "U1ANA", "--yes"]).await.well();
    assert!(said.starts_with("U1ANA is erased and left out."), "also an unknown person: {said}");
}
