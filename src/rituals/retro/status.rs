//! What `status` tells of retros alone: one that is open, too few people for the next one, and the last ones.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Retros,
    messages::{self, WORDS},
    programmes::closes,
    store,
    values::Retro,
};
use crate::{
    common::programmes::{ProgrammeRitual as _, Standing, messages::left_out},
    model::{failure::Failure, text::Markup},
    ritual::Context,
    store::{programmes::Programme, runs::PastRun},
};

/// How many past retros a status tells of at least.
const PAST_SHOWN: usize = 3;

impl Retros {
    /// Returns what a status says of retros: when an open one closes, whether enough people are asked in the next one, and what became of
    /// the last ones.
    pub(super) async fn standing_of(
        &self,
        context: &Context,
        programme: &Programme,
        past: Vec<PastRun>,
    ) -> Result<Standing, Failure> {
        let held = store::retros(&context.store, &programme.id, 20).await?;
        let open = held.iter().find(|retro| retro.takes_answers(context.now));
        let next = self.programmes(context).next(programme).await?;
        let mut more = Vec::new();
        if let Some(retro) = open {
            more.push(messages::status(retro.date, &closes(context, programme, retro)));
        }
        let mut after = Markup::default();
        if let Some(next) = next {
            let people = self.participants(context, programme, Some(next.wall)).await?.here.len();
            let enough = self.is_enough(programme, people);
            if !enough {
                more.push(self.too_few(programme, people));
            }
            if open.is_some_and(|retro| next.at < retro.closes_at) {
                after = messages::left_out_while_open();
            }
        }
        let more = Markup::join(&more, " ");
        Ok(Standing { more, next: after, past: past_of(&held, past), ..Standing::default() })
    }
}

/// Says what became of the last occasions, those held beside the usual times among them, the newest first.
fn past_of(held: &[Retro], past: Vec<PastRun>) -> Vec<Markup> {
    let most = past.len().max(PAST_SHOWN);
    let mut told: BTreeMap<NaiveDate, Markup> =
        held.iter().map(|retro| (retro.date, messages::held(retro))).collect();
    for run in past {
        let date = run.wall.date();
        told.entry(date).or_insert_with(|| left_out(&WORDS, date, run.reason()));
    }
    told.into_values().rev().take(most).collect()
}
