//! What comes next for an organiser: the buttons of the last retros, for one who didn't get their messages or forgot them.

use chrono::Duration;

use super::{
    NAME, Retros, messages,
    plan::{State, on_a_weekday},
    posting::dated,
    programmes::local,
    store,
    values::Retro,
};
use crate::{
    common::programmes::tell_organisers,
    model::{clock::Instant, event::Reply, failure::Failure, message::Message, people::UserId},
    ritual::{Answer, Context, Ran},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// How many of the last retros of a programme are looked at, and how many are shown.
const RETROS_READ: i64 = 8;
const RETROS_SHOWN: usize = 4;

impl Retros {
    /// Answers with how the newest of these programmes' retros stand that aren't over, and with the buttons that lead them on.
    pub(super) async fn show_next<'c>(
        &'c self,
        context: &'c Context,
        programmes: Vec<Programme>,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let (mut waiting, mut refused): (Vec<(Programme, Retro)>, _) = (Vec::new(), None);
        let mut not_led = Vec::new();
        let all = programmes.len();
        for programme in programmes {
            match self.programmes(context).may_lead_on(&programme, &user).await {
                Ok(()) => {}
                Err(Failure::Refuse(message)) => {
                    not_led.push((programme.name, programme.organisers));
                    refused = refused.or(Some(message));
                    continue;
                }
                Err(failure) => return Err(failure),
            }
            let last = store::retros(&context.store, &programme.id, RETROS_READ).await?.into_iter();
            waiting
                .extend(last.filter(|retro| !retro.state.is_over()).map(|retro| (programme.clone(), retro)));
        }
        if let Some(message) = refused.filter(|_| not_led.len() == all) {
            let several = || Failure::refuse(messages::led_by_others(&not_led));
            return Err(if all > 1 { several() } else { Failure::Refuse(message) });
        }
        waiting.sort_by_key(|(_, retro)| std::cmp::Reverse(retro.opened_at));
        let mut shown = Vec::new();
        for (programme, retro) in waiting.iter().take(RETROS_SHOWN) {
            shown.push(next_of(context, programme, retro).await?);
        }
        Ok(Answer::reply(Reply::Ephemeral(messages::several_next(shown, &self.command))))
    }

    /// Reminds the organisers once of answers that no one has read: people were told that they'd be shown.
    pub(super) async fn remind_to_reveal(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let retro = store::retro(&context.store, &run.subject).await?;
        let unread = |retro: &Retro| retro.is_sorted && matches!(retro.state, State::Closed | State::Checked);
        let Some(retro) = retro.filter(unread) else { return Ok(Ran::skipped(messages::OVER)) };
        let Some(programme) = context.store.programme(&retro.programme).await? else {
            return Ok(Ran::skipped(messages::OVER));
        };
        let mut unit = UnitOfWork::new();
        let message = messages::still_unread(&retro, &programme.name, &programme.channel);
        tell_organisers(&mut unit, context, NAME, &programme, (&format!("waits/{}", retro.id), &message))?;
        Ok(Ran::done(unit))
    }
}

/// Returns when the organisers of a retro that closes now are reminded: at this time of the next weekday.
pub(super) fn reminder_at(context: &Context, programme: &Programme) -> Instant {
    let tomorrow = context.now + Duration::days(1);
    let wall = on_a_weekday(local(context, programme, tomorrow).wall);
    programme.cadence.as_ref().and_then(|times| times.instant_of(wall)).unwrap_or(tomorrow)
}

/// Says how one retro stands that isn't over.
async fn next_of(context: &Context, programme: &Programme, retro: &Retro) -> Result<Message, Failure> {
    let name = programme.name.as_str();
    let dated = |message| dated(programme, retro, message);
    Ok(match retro.state {
        State::Open => messages::next_is_close(retro, name, &local(context, programme, retro.closes_at)),
        State::Closed if !retro.is_sorted => messages::closes_now(name),
        State::Closed | State::Checked => messages::next_is_reveal(retro, name),
        State::Revealed => {
            let grouped = store::themes::grouped(&context.store, &retro.id).await?;
            let themes = grouped.themes.len() + grouped.alone.len();
            dated(messages::what_next(name, &programme.channel, &retro.id, (0, themes)))
        }
        State::Voting => {
            let ends = local(context, programme, retro.vote.map_or(context.now, |vote| vote.ends_at));
            let value = format!("{} {}", retro.id, retro.version);
            dated(messages::vote_for_organiser(name, &value, &ends))
        }
        State::Done | State::Cancelled => messages::stands(retro.state),
    })
}
