//! What comes next for an organiser: the buttons of the last retros, for one who didn't get their messages or forgot them.

use chrono::Duration;

use super::{
    Retros,
    grouping::next_step_of,
    messages,
    plan::{State, on_a_weekday},
    posting::{NEXT_STEP, SORTED, UNREAD, VOTING, shown_retro, tell_standing},
    programmes::local,
    store,
    theme::Hands,
    values::{Retro, Step},
};
use crate::{
    common::programmes::HandOver,
    model::{clock::Instant, event::Reply, failure::Failure, message::Message, people::UserId, text::Markup},
    ritual::{Answer, Context, Ran},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// How many of the last retros of a programme are looked at, and how many are shown.
const RETROS_READ: i64 = 8;
const RETROS_SHOWN: usize = 4;

/// For how many days after its close a retro is found here that is over.
const FOUND_DAYS: i64 = 90;

impl Retros {
    /// Answers with how the newest of these programmes' retros stand, and with the buttons that lead them on.
    pub(super) async fn show_next<'c>(
        &'c self,
        context: &'c Context,
        (programmes, step): (Vec<Programme>, Step),
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let mut waiting: Vec<(Programme, Retro)> = Vec::new();
        let mut not_led = Vec::new();
        let all = programmes.len();
        for programme in programmes {
            match self.programmes(context).may_lead_on(&programme, &user).await {
                Ok(()) => {}
                Err(Failure::Refuse(_)) => {
                    not_led.push((programme.name, programme.organisers));
                    continue;
                }
                Err(failure) => return Err(failure),
            }
            for retro in retros_to_lead(context, &programme, step).await? {
                waiting.push((programme.clone(), retro));
            }
        }
        if all > 0 && not_led.len() == all {
            return Err(Failure::refuse(messages::led_by_others(&not_led)));
        }
        waiting.sort_by_key(|(_, retro)| std::cmp::Reverse(retro.opened_at));
        let mut shown = Vec::new();
        for (programme, retro) in waiting.iter().take(RETROS_SHOWN) {
            shown.push(match step {
                Step::Next => next_of(context, programme, retro).await?,
                Step::Hide => messages::answers_shown(&shown_retro(context, programme, retro).await?),
            });
        }
        if shown.is_empty() && step == Step::Hide && !not_led.is_empty() {
            return Err(Failure::refuse(messages::led_by_others(&not_led)));
        }
        let nothing = match step {
            Step::Next => messages::nothing_next(&self.command),
            Step::Hide => messages::nothing_to_hide(&self.command),
        };
        Ok(Answer::reply(Reply::Ephemeral(messages::several_next(shown).unwrap_or(nothing))))
    }

    /// Returns what a new organiser reads of the retro that waits for them, and that the messages of the former one lead no retro on any
    /// more.
    pub(super) async fn hand_retros_over(
        &self,
        context: &Context,
        programme: &Programme,
        HandOver { from, to }: HandOver<'_>,
    ) -> Result<(Markup, UnitOfWork), Failure> {
        let mut unit = UnitOfWork::new();
        let waits = self.what_waits(context, programme).await?;
        if from == to {
            return Ok((waits, unit));
        }
        let former = Programme { organisers: vec![from.clone()], ..programme.clone() };
        let message = messages::led_by_another(&programme.name, &programme.channel, to);
        for retro in store::retros(&context.store, &programme.id, RETROS_READ).await? {
            for kind in ["opened", "count", SORTED, UNREAD, NEXT_STEP, VOTING] {
                tell_standing(&mut unit, context, (&former, &retro), (kind, &message), false)?;
            }
        }
        Ok((waits, unit))
    }

    /// Says which retro waits for its organisers: a sentence, or nothing.
    async fn what_waits(&self, context: &Context, programme: &Programme) -> Result<Markup, Failure> {
        let last = retros_to_lead(context, programme, Step::Next).await?.into_iter().next();
        let Some(last) = last.filter(|retro| retro.state != State::Cancelled) else {
            return Ok(Markup::default());
        };
        if last.state == State::Done && unsorted(context, &last).await? == 0 {
            return Ok(Markup::default());
        }
        let place = (programme.name.as_str(), &programme.channel);
        Ok(messages::waits_for_you(&last, place, &self.command))
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
        tell_standing(&mut unit, context, (&programme, &retro), (UNREAD, &message), true)?;
        Ok(Ran::done(unit))
    }
}

/// Returns when the organisers of a retro that closes now are reminded: at this time of the next weekday.
pub(super) fn reminder_at(context: &Context, programme: &Programme) -> Instant {
    let tomorrow = context.now + Duration::days(1);
    let wall = on_a_weekday(local(context, programme, tomorrow).wall);
    programme.cadence.as_ref().and_then(|times| times.instant_of(wall)).unwrap_or(tomorrow)
}

/// Returns the last retros of a programme that wait for their organisers, the newest first, or the last one whose answers the channel has
/// read. For those who would hide an answer, all of the latter.
async fn retros_to_lead(context: &Context, programme: &Programme, step: Step) -> Result<Vec<Retro>, Failure> {
    let last = store::retros(&context.store, &programme.id, RETROS_READ).await?;
    let since = context.now - Duration::days(FOUND_DAYS);
    let (over, waiting): (Vec<Retro>, Vec<Retro>) = last.into_iter().partition(|retro| retro.state.is_over());
    let shown = match step {
        Step::Next if !waiting.is_empty() => return Ok(waiting),
        Step::Next => over,
        Step::Hide => {
            let is_read = |retro: &Retro| matches!(retro.state, State::Revealed | State::Voting);
            waiting.into_iter().filter(is_read).chain(over).collect()
        }
    };
    let mut found = Vec::new();
    for retro in shown.into_iter().filter(|retro| retro.closes_at > since) {
        if !store::answers(&context.store, &retro.id).await?.is_empty() {
            found.push(retro);
        }
        if step == Step::Next && !found.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// Returns how many themes of a retro no one has sorted.
async fn unsorted(context: &Context, retro: &Retro) -> Result<usize, Failure> {
    let themes = store::themes::grouped(&context.store, &retro.id).await?.themes;
    Ok(themes.iter().filter(|theme| theme.hands == Hands::Unsorted).count())
}

/// Says how one retro stands.
async fn next_of(context: &Context, programme: &Programme, retro: &Retro) -> Result<Message, Failure> {
    let name = programme.name.as_str();
    Ok(match retro.state {
        State::Open => messages::next_is_close(retro, name, &local(context, programme, retro.closes_at)),
        State::Closed if !retro.is_sorted => messages::closes_now(name),
        State::Closed | State::Checked => messages::next_is_reveal(retro, name),
        State::Revealed => {
            let grouped = store::themes::grouped(&context.store, &retro.id).await?;
            next_step_of(context, (retro, programme), &grouped).await?
        }
        State::Voting => {
            let ends = local(context, programme, retro.vote.map_or(context.now, |vote| vote.ends_at));
            messages::vote_for_organiser((name, &programme.channel), (retro, retro.version), &ends)
        }
        State::Done => {
            let unsorted = unsorted(context, retro).await?;
            messages::themes_shown(&shown_retro(context, programme, retro).await?, (false, unsorted))
        }
        State::Cancelled => messages::answers_shown(&shown_retro(context, programme, retro).await?),
    })
}
