//! Queries about people: many run at once, and each gets its own answer.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use futures_util::future::join_all;
use rondo::{
    model::people::{Person, PersonKind, UserId},
    store::people::put_person,
};

use super::*;
use crate::each_database;

/// More people than one statement asks for.
const MANY: usize = 300;

fn person(number: usize, name: &str) -> Person {
    Person {
        id: UserId(format!("U{number:04}")),
        name: name.to_owned(),
        zone: Some(Tz::Europe__Berlin),
        kind: PersonKind::Member,
        deactivated: false,
        admin: false,
    }
}

/// Stores people of the same numbers in two workspaces, with different names.
async fn store_people(store: &Store) {
    let mut unit = UnitOfWork::new();
    for team in ["T1", "T2"] {
        for number in 0..MANY {
            put_person(&mut unit, &team.into(), &person(number, &format!("{team} {number}")), now());
        }
    }
    assert!(is_committed(&store.commit(unit).await));
}

each_database! {
    async fn concurrent_queries_get_their_answers(url: &str) {
        let store = open(url).await;
        store_people(&store).await;
        let asked = (0..MANY).map(|number| {
            let store = store.clone();
            let team = TeamId::from(if number % 2 == 0 { "T1" } else { "T2" });
            async move {
                let ids = [person(number, "").id, person(number / 3, "").id, UserId::from("UNOBODY")];
                (number, store.people(&team, &ids).await.unwrap())
            }
        });
        for (number, known) in join_all(asked).await {
            let team = if number % 2 == 0 { "T1" } else { "T2" };
            let expected: BTreeMap<UserId, Person> = [number, number / 3]
                .map(|number| person(number, &format!("{team} {number}")))
                .map(|person| (person.id.clone(), person))
                .into();
            assert_eq!(known, expected);
        }
    }

    async fn a_query_takes_any_number(url: &str) {
        let store = open(url).await;
        store_people(&store).await;
        let team = TeamId::from("T1");
        let all: Vec<UserId> = (0..MANY).map(|number| person(number, "").id).collect();
        assert_eq!(store.people(&team, &all).await.unwrap().len(), MANY);
        assert!(store.people(&team, &[]).await.unwrap().is_empty());
    }

    async fn queries_see_earlier_commits(url: &str) {
        let store = open(url).await;
        let team = TeamId::from("T1");
        let ids = [person(1, "").id];
        for name in ["Ana", "Ana Maria", "Anja"] {
            let mut unit = UnitOfWork::new();
            put_person(&mut unit, &team, &person(1, name), now());
            assert!(is_committed(&store.commit(unit).await));
            assert_eq!(store.people(&team, &ids).await.unwrap()[&ids[0]].name, name);
        }
    }

    async fn a_closed_store_says_so(url: &str) {
        let store = open(url).await;
        store.close().await;
        let answer = store.people(&TeamId::from("T1"), &[person(1, "").id]).await;
        assert!(matches!(answer, Err(StoreError::Unreached(_))), "{answer:?}");
    }
}
