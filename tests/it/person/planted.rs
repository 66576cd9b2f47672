//! A person is planted in every place that can hold them, and erased.

use std::collections::BTreeSet;

use rondo::{
    engine::person::tables,
    model::{
        effect::{Effect, NewEffect, Origin, Target},
        message::Message,
        people::{ChannelId, UserId},
    },
    store::{
        holdings::{HeldTable, Holds},
        outbox,
        unit::UnitOfWork,
    },
};

use super::{assert_declared, connect, dump, people_of};
use crate::each_database;

const ANA: &str = "U1SENTINEL";
const BEN: &str = "U2OTHER";
/// Characters that JSON, mrkdwn and `LIKE` escape.
const NAME: &str = "Ana & \"Quo\" 100%";

/// Returns the text of a column, which is hers or about her.
fn planted(column: &str, holds: Holds, is_hers: bool) -> String {
    let mention = format!("<@{ANA}|ana.l> <@{ANA}> {ANA} person/{ANA} @{NAME} @Ana &amp; \"Quo\" 100%");
    match holds {
        Holds::Row | Holds::Person if is_hers => ANA.to_owned(),
        Holds::Row | Holds::Person => BEN.to_owned(),
        Holds::Words if is_hers => "velvet words of hers".to_owned(),
        Holds::Reply if is_hers => r#"{"Ephemeral":{"text":"velvet words of hers"}}"#.to_owned(),
        Holds::Words => format!("plain words of his to {mention}"),
        Holds::Reply | Holds::Text => {
            let json = serde_json::json!({"row": is_hers, "text": mention, "of": [ANA, BEN], ANA: "plain words of his"});
            format!("{json}")
        }
        Holds::Folded => rondo::model::text::fold(&format!("plain words of his to {mention} {NAME}")),
        // Rows of two tables belong together where their keys are the same.
        Holds::Nothing | Holds::KeyOfCopy(_) => format!("{column} {is_hers}"),
    }
}

/// Inserts a row with these texts; numbers are 1.
async fn plant(url: &str, table: &HeldTable, is_hers: bool) {
    let question = if url.starts_with("sqlite") {
        format!(
            "SELECT name FROM pragma_table_info('{}') WHERE type = 'BIGINT' AND \"notnull\" = 1",
            table.name
        )
    } else {
        format!(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{}' \
             AND data_type = 'bigint' AND is_nullable = 'NO'",
            table.name
        )
    };
    let mut connection = connect(url).await;
    let numbers: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_all(&mut connection).await.unwrap();
    let texts: Vec<&str> = table.columns.iter().map(|(column, _)| *column).collect();
    let places: Vec<String> = (1..=texts.len()).map(|place| format!("${place}")).collect();
    let text = format!(
        "INSERT INTO {} (team_id, {}{}) VALUES ('T1', {}{})",
        table.name,
        texts.join(", "),
        numbers.iter().map(|number| format!(", {number}")).collect::<Vec<_>>().concat(),
        places.join(", "),
        ", 1".repeat(numbers.len())
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(text));
    for (column, holds) in table.columns {
        query = query.bind(planted(column, *holds, is_hers));
    }
    query.execute(&mut connection).await.unwrap();
}

/// Whether the table holds a single row of the store itself.
fn is_of_the_store(table: &HeldTable) -> bool {
    ["workspace", "suppression"].contains(&table.name)
}

async fn plant_all(url: &str, tables: &[&HeldTable]) {
    for table in tables.iter().filter(|table| !is_of_the_store(table)) {
        for is_hers in [true, false] {
            plant(url, table, is_hers).await;
        }
    }
    let mut connection = connect(url).await;
    sqlx::query("UPDATE person SET name = $1 WHERE user_id = $2")
        .bind(NAME)
        .bind(ANA)
        .execute(&mut connection)
        .await
        .unwrap();
}

/// Her traces in a dump.
const HERS: [&str; 6] = [ANA, "u1sentinel", "Quo", "quo", "ana.l", "velvet"];

each_database! {
    async fn every_column_is_declared(url: &str) {
        assert_declared(url, &people_of(url).await.rituals).await;
    }

    async fn a_planted_person_is_erased(url: &str) {
        let people = people_of(url).await;
        let tables = tables(&people.rituals);
        plant_all(url, &tables).await;
        let before = dump(url).await;
        for hers in HERS {
            assert!(before.contains(hers), "the search would find {hers}");
        }
        let counted = people.count(&ANA.into(), &[]).await.unwrap();
        assert_eq!(dump(url).await, before, "counting changes nothing");
        let erased = people.erase(&ANA.into(), &[], false).await.unwrap();
        assert!(erased.is_clean);
        assert!(counted.len() > 10 && erased.rows.len() == counted.len(), "{counted:?} {erased:?}");
        let after = dump(url).await;
        for hers in HERS {
            let left: Vec<&str> = after.lines().filter(|line| line.contains(hers)).collect();
            assert!(left.is_empty(), "{hers} is left in {left:#?}");
        }
        assert!(after.contains("plain words of his to @someone"), "{after}");
        assert!(after.contains(&format!(r#""of":["{BEN}"]"#)), "lists of people go on without her: {after}");
        for kept in before.lines().filter(|line| line.contains(BEN) && HERS.iter().all(|hers| !line.contains(hers))) {
            assert!(after.lines().any(|line| line == kept), "{kept} is not hers");
        }
        // Erasing again finds nothing, and neither does erasing an unknown person.
        assert_eq!(people.erase(&ANA.into(), &[], false).await.unwrap().rows, []);
        assert_eq!(people.erase(&"U3STRANGER".into(), &[], false).await.unwrap().rows, []);
        assert!(people.is_kept_out(&ANA.into()).await.unwrap());
        assert!(people.is_kept_out(&"U3STRANGER".into()).await.unwrap());
        assert!(!people.is_kept_out(&BEN.into()).await.unwrap());
        let dumped = dump(url).await;
        let hashes = dumped.lines().filter(|line| line.starts_with("suppression.person_hash")).count();
        assert_eq!((hashes, dumped.contains("STRANGER")), (2, false), "{dumped}");
    }

    async fn erased_people_get_nothing(url: &str) {
        let people = people_of(url).await;
        let (ana, ben) = (UserId::from(ANA), UserId::from(BEN));
        let message = || Message::new("hi");
        let group = |group: &[&UserId]| Target::Group(group.iter().copied().cloned().collect());
        let (now, channel) = (people.clock.now(), ChannelId("C1".to_owned()));
        let mut unit = UnitOfWork::new();
        for (key, work) in [
            ("dm", Effect::Post { to: Target::Person(ana.clone()), message: message() }),
            ("group", Effect::Post { to: group(&[&ana, &ben]), message: message() }),
            ("ephemeral", Effect::Ephemeral { channel: channel.clone(), user: ana.clone(), message: message() }),
            ("others", Effect::Post { to: group(&[&ben, &"U3CY".into()]), message: message() }),
            ("members", Effect::SetGroupMembers { group: "S1".into(), people: vec![ana.clone(), ben.clone()] }),
            ("delete", Effect::Delete { to: Target::Person(ana.clone()) }),
        ] {
            let origin = Origin::new("kudos", String::new());
            let to = Target::Channel(channel.clone());
            let effect = NewEffect { effect: work, ..NewEffect::post(origin, key.to_owned(), to, message(), now) };
            outbox::enqueue(&mut unit, &people.team, &effect, now).unwrap();
        }
        people.store.commit(unit).await.unwrap();
        people.erase(&ana, &[], false).await.unwrap();
        let after = dump(url).await;
        let keys: Vec<&str> = after.lines().filter_map(|line| line.strip_prefix("outbox.key: ")).collect();
        assert_eq!(BTreeSet::from_iter(keys), BTreeSet::from(["others", "members", "delete"]));
        assert!(after.contains(&format!(r#""people":["{BEN}"]"#)) && !after.contains(ANA), "{after}");
    }

    async fn erased_people_stay_distinct(url: &str) {
        let people = people_of(url).await;
        let mut connection = connect(url).await;
        for receiver in [ANA, BEN, "U3CY"] {
            sqlx::query("INSERT INTO gift_receiver (team_id, gift_id, receiver) VALUES ('T1', 'g', $1)")
                .bind(receiver)
                .execute(&mut connection)
                .await
                .unwrap();
        }
        for person in [ANA, BEN] {
            people.erase(&UserId::from(person), &[], false).await.unwrap();
        }
        let left: Vec<String> = sqlx::query_scalar("SELECT receiver FROM gift_receiver ORDER BY receiver")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!((left.len(), left[0].as_str()), (3, "U3CY"), "{left:?}");
        assert!(left[1..].iter().all(|person| UserId::from(person.as_str()).is_pseudonym()), "{left:?}");
        assert_ne!(left[1], left[2]);
    }

    async fn an_interrupted_erasure_is_finished(url: &str) {
        for done in 0..6 {
            let people = people_of(url).await;
            let tables = tables(&people.rituals);
            let mut connection = connect(url).await;
            for table in tables.iter().filter(|table| !is_of_the_store(table)) {
                let clear = format!("DELETE FROM {} WHERE team_id = 'T1'", table.name);
                sqlx::query(sqlx::AssertSqlSafe(clear)).execute(&mut connection).await.unwrap();
            }
            plant_all(url, &tables).await;
            // Only the first tables, as if the process had been killed after them.
            let erasure = rondo::model::erasure::Erasure::new(ANA.into(), [NAME], &people.entropy);
            people.store.suppress(&people.team, &ANA.into(), b"secret", people.clock.now()).await.unwrap();
            let mut eraser = people.store.eraser(&people.team);
            for table in tables.iter().take(done * 4) {
                eraser.erase(table, &erasure, people.clock.now()).await.unwrap();
            }
            drop(eraser);
            assert!(people.erase(&ANA.into(), &[], false).await.unwrap().is_clean);
            let after = dump(url).await;
            assert!(HERS.iter().all(|hers| !after.contains(hers)), "{done}: {after}");
        }
    }

    async fn allowed_people_are_no_longer_excluded(url: &str) {
        let people = people_of(url).await;
        assert!(!people.allow(&ANA.into()).await.unwrap(), "there is nothing to allow");
        people.erase(&ANA.into(), &[], false).await.unwrap();
        assert!(people.allow(&ANA.into()).await.unwrap());
        assert!(!people.is_kept_out(&ANA.into()).await.unwrap());
        let wanted = people.store.wanted_lists(&people.team).await.unwrap();
        assert_eq!(wanted.len(), 3, "the directory finds them again");
    }
}
