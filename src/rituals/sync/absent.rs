//! People who don't take part any more, or not in the next sync: it's looked at whether a turn is open again.

use std::collections::BTreeSet;

use chrono::Duration;

use super::{Syncs, before::look_now, store};
use crate::{
    model::{event::WorkspaceEvent, failure::Failure, people::UserId},
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Syncs {
    /// Returns what follows when people don't take part any more or in the next sync: a run looks whether a turn is open again.
    pub(super) async fn look_for_absent(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        if let Some(ahead) = self.ahead(context, programme.clone()).await? {
            look_now(&mut unit, context, &ahead, &format!("absent-{}", context.id()));
        }
        Ok(unit)
    }

    /// Returns the same for a person who has left a channel, or whose account was deactivated.
    pub(super) async fn person_gone(
        &self,
        context: &Context,
        change: &WorkspaceEvent,
    ) -> Result<UnitOfWork, Failure> {
        match change {
            WorkspaceEvent::PersonChanged(person) if person.deactivated => {
                self.look_at_turns_of(context, &person.id).await
            }
            WorkspaceEvent::MemberLeft(_, user) => self.look_at_turns_of(context, user).await,
            _ => Ok(UnitOfWork::new()),
        }
    }

    /// Returns a unit after which the syncs are looked at in which a person has a turn.
    pub(super) async fn look_at_turns_of(
        &self,
        context: &Context,
        user: &UserId,
    ) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        // A sync in a zone to the west is on the day before.
        let since = context.now.date_naive() - Duration::days(1);
        let turns = store::turns_of(&context.store, user, since).await?;
        let programmes: BTreeSet<String> = turns.into_iter().map(|(programme, _)| programme).collect();
        for programme in programmes {
            let programme = context.store.programme(&programme).await?;
            if let Some(programme) = programme.filter(|programme| programme.ended_at.is_none()) {
                unit.append(self.look_for_absent(context, &programme).await?);
            }
        }
        Ok(unit)
    }
}
