//! A round so large that one unit holds tens of thousands of rows.

use rondo::{
    model::{
        clock::from_ms,
        effect::{NewEffect, Origin, Target},
        people::{ChannelId, TeamId, UserId},
        text::Markup,
    },
    rituals::coffee::{plan::CoffeeGroup, store},
    store::{
        outbox,
        reading::ReadStore,
        unit::{Outcome, UnitOfWork},
    },
};

use crate::{
    each_database,
    support::{bot::MONDAY_MORNING, store_beside},
};

const GROUPS: usize = 5_000;

each_database! {
    async fn a_huge_round_is_one_commit(url: &str) {
        let store = store_beside(url).await;
        let (team, now) = (TeamId("T1".into()), from_ms(MONDAY_MORNING));
        for attempt in 1..=2 {
            let mut unit = UnitOfWork::new();
            let channel = ChannelId::from("C1");
            store::put_round(&mut unit, &team, "p", "2026-01-06");
            for n in 0..GROUPS {
                let people = vec![UserId(format!("U{n}")), UserId(format!("W{n}"))];
                let group = CoffeeGroup {
                    id: format!("{attempt}-{n:05}"),
                    programme: "p".to_owned(),
                    channel: channel.clone(),
                    date: "2026-01-06".to_owned(),
                    question: "What for?".to_owned(),
                    people: people.clone(),
                };
                store::put_group(&mut unit, &team, &group);
                let origin = Origin::new("coffee", String::new());
                let hello = Markup::from("Hello").into();
                let effect = NewEffect::post(origin, group.id.clone(), Target::Group(people), hello, now);
                outbox::enqueue(&mut unit, &team, &effect, now).unwrap();
            }
            let outcome = store.commit(unit).await.unwrap();
            if attempt == 1 {
                assert!(matches!(outcome, Outcome::Committed(_)));
            } else {
                assert_eq!(outcome, Outcome::Refused(store::HELD));
            }
        }
        let history = store::history(&ReadStore::new(store.clone(), team.clone()), "p", (60, now.date_naive())).await.unwrap();
        assert_eq!(history.iter().map(Vec::len).collect::<Vec<_>>(), [GROUPS]);
        assert_eq!(usize::try_from(store.outbox_depth(now).await.unwrap().waiting).unwrap(), GROUPS);
    }
}
