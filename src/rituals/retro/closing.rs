//! A retro closes: answers to a prompt that enough people have answered are shuffled and kept, all else is deleted.
//!
//! It takes two steps, each a run. The first has the retro take no answer any more: one conditional statement, which an answer's own
//! waits for or is refused by. What is read after that can't change, so the second step sorts it, once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use futures_util::FutureExt as _;

use super::{
    CLOSE, Retros, SORT, WAITS,
    answering::as_form,
    asking::{QUESTION, questions_are_over, to_asked},
    messages::{self, AskedRetro, ClosedPrompt},
    next::reminder_at,
    opening::{began_effect, put_run},
    plan::{
        Answered, CannotExtend, Departments, State, Verdict, closing, departments, extended, on_a_weekday,
        verdict,
    },
    posting::{SORTED, tell_standing, to_channel},
    programmes::{closes, next_after, zone},
    pulse, store,
    values::{AskedPrompt, Retro, RetroAnswer, lines_of},
};
use crate::{
    common::{
        people::{PersonSettings, store as settings, store::departments_of, work_time::WorkTime},
        programmes::{ReplyVia, is_direct},
    },
    model::{
        cadence::{Occurrence, resolve},
        effect::NewEffect,
        event::{Action, Reply, Submission},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, Context, Ran},
    store::{outbox, programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// What is left of a retro that closes.
struct Sorted {
    prompts: Vec<ClosedPrompt>,
    answers: Vec<RetroAnswer>,
}

impl Retros {
    /// Has a retro take no answer any more.
    pub(super) async fn close(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let retro = store::retro(&context.store, &run.subject).await?;
        let Some(retro) = retro.filter(|retro| retro.state == State::Open) else {
            return Ok(Ran::skipped(messages::OVER));
        };
        if context.now < retro.closes_at {
            return Ok(Ran::snoozed(UnitOfWork::new(), retro.closes_at, ""));
        }
        let mut unit = UnitOfWork::new();
        if let Some(programme) = context.store.programme(&retro.programme).await? {
            let place = (programme.name.as_str(), &programme.channel);
            let over = messages::opened_over(&retro, place);
            for kind in ["opened", "count"] {
                tell_standing(&mut unit, context, (&programme, &retro), (kind, &over), false)?;
            }
            let closed = Retro { state: State::Closed, ..retro.clone() };
            let began = began_effect(context, &programme, &closed).await?;
            context.revise(&mut unit, &began.key, &began.effect)?;
            let over = messages::question_is_over(&retro, place);
            questions_are_over(&mut unit, context, &retro, &over).await?;
        }
        store::begin_closing(&mut unit, &context.team, &retro.id, context.now);
        forget_waiting(&mut unit, context, &retro);
        store::cancel_person_runs(&mut unit, &context.team, &retro.id, messages::OVER, context.now);
        put_run(&mut unit, context, &retro, SORT, context.now);
        Ok(Ran::done(unit))
    }

    /// Keeps the answers that may be shown, deletes all else, and tells people.
    pub(super) async fn sort(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let retro = store::retro(&context.store, &run.subject).await?;
        let Some(retro) = retro.filter(|retro| retro.state == State::Closed && !retro.is_sorted) else {
            return Ok(Ran::skipped(messages::OVER));
        };
        let Sorted { prompts, answers } = sorted(context, &retro).await?;
        let (mut unit, team) = (UnitOfWork::new(), &context.team);
        let state = if answers.is_empty() { State::Done } else { State::Closed };
        store::settle(&mut unit, team, &retro.id, state, context.now);
        let retro = only_reached(&mut unit, context, retro).await?;
        for closed in &prompts {
            // How few have answered is no one's business either.
            let respondents = if closed.is_kept { closed.respondents } else { 0 };
            store::settle_prompt(&mut unit, team, (&retro.id, &closed.prompt.place), respondents);
        }
        let named: BTreeSet<UserId> = answers.iter().filter_map(|answer| answer.user.clone()).collect();
        store::put_answers(&mut unit, team, &retro.id, answers);
        store::wipe(&mut unit, team, &retro.id);
        store::notes::forget(&mut unit, team, &retro);
        let programme = context.store.programme(&retro.programme).await?;
        pulse::conclude(&mut unit, context, (&retro, programme.as_ref())).await?;
        if let Some(programme) = programme {
            if state == State::Closed {
                put_run(&mut unit, context, &retro, WAITS, reminder_at(context, &programme));
            }
            let place = (programme.name.as_str(), &programme.channel);
            let message = messages::closed_for_organiser(&retro, place, &prompts, false);
            tell_standing(&mut unit, context, (&programme, &retro), (SORTED, &message), true)?;
            // Scales have a message of their own.
            let prompts: Vec<ClosedPrompt> =
                prompts.into_iter().filter(|closed| !closed.prompt.is_scale()).collect();
            if !prompts.is_empty() {
                let departments = self.spoke(context, (&retro, &programme), &named).await?;
                let message = messages::closed(&retro, &programme.name, &prompts, departments);
                let effect = to_channel(context, &programme, &retro, ("closed", message))?;
                context.enqueue_once(&mut unit, &effect)?;
            }
        }
        Ok(Ran::done(unit))
    }

    /// Counts the departments in which a person has answered with their name; `None` if too few can be counted.
    async fn spoke(
        &self,
        context: &Context,
        (retro, programme): (&Retro, &Programme),
        named: &BTreeSet<UserId>,
    ) -> Result<Option<Departments>, Failure> {
        let of = departments_of(&context.store, &programme.channel, &context.departments).await?;
        let mut asked: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let people = store::asked_so_far(&context.store, &retro.id).await?;
        for person in &people {
            *asked.entry(of.get(person).map(String::as_str)).or_default() += 1;
        }
        let spoke = named.iter().filter_map(|person| of.get(person).map(String::as_str)).collect();
        Ok(departments(&asked, &spoke, retro.threshold))
    }

    /// Asks before a retro closes ahead of its time.
    pub(super) async fn close_now<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let moved_on = || messages::moved_on(&self.command);
        let Some((retro, programme)) = self.controlled(context, &action.value, &action.user).await? else {
            return Ok(Answer::reply(Reply::Replace(moved_on())));
        };
        let asked = store::asked_so_far(&context.store, &retro.id).await?.len();
        let (waiting, closes) = (retro.asked.saturating_sub(asked), closes(context, &programme, &retro));
        let has_anonymous =
            store::prompts(&context.store, &retro.id).await?.iter().any(|prompt| prompt.is_anonymous);
        let state = (waiting, has_anonymous, &closes);
        let form = messages::ask_to_close(&retro, &programme.name, state, action.value);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Closes a retro before its time.
    pub(super) async fn close_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme) = match self.controlled(context, &sent.private, &sent.user).await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(Answer::reply(as_form(self.closed_by_now(context, &sent.private).await?))),
            Err(Failure::Refuse(message)) => return Ok(Answer::reply(as_form(*message))),
            Err(failure) => return Err(failure),
        };
        let mut unit = UnitOfWork::new();
        store::close_at(&mut unit, &context.team, &retro, context.now);
        put_run(&mut unit, context, &retro, CLOSE, context.now);
        let closing = Answer::new(unit, as_form(messages::closes_now(&programme.name)));
        Ok(closing.or_else(move |_| {
            async move { Ok(Answer::reply(as_form(self.closed_by_now(context, &sent.private).await?))) }
                .boxed()
        }))
    }

    /// Says what became of a retro that takes no answer any more: their second press, or another organiser's, finds it closing.
    async fn closed_by_now(&self, context: &Context, value: &str) -> Result<Message, Failure> {
        let id = value.split(' ').next().unwrap_or_default();
        let closing = store::retro(&context.store, id).await?;
        let closing = closing.filter(|retro| {
            // The first press may have come a moment after this one.
            let soon = context.now + Duration::minutes(1);
            !retro.is_sorted && retro.state != State::Cancelled && !retro.takes_answers(soon)
        });
        let programme = match &closing {
            Some(retro) => context.store.programme(&retro.programme).await?,
            None => None,
        };
        Ok(programme.map_or_else(
            || messages::moved_on(&self.command),
            |programme| messages::closes_now(&programme.name),
        ))
    }

    /// Keeps a retro open for longer. Everyone who was asked hears it.
    pub(super) async fn extend<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let moved_on = || messages::moved_on(&self.command);
        let Some((retro, programme)) = self.controlled(context, &action.value, &action.user).await? else {
            return Ok(Answer::reply(Reply::Replace(moved_on())));
        };
        let next = next_after(&programme, context.now);
        let wanted = a_weekday_later(context, &programme, closes(context, &programme, &retro));
        if let Some(next) = next.filter(|next| next.at <= retro.closes_at && retro.closes_at < wanted.at) {
            return Err(Failure::refuse(messages::extended_as_far(&next, &self.command)));
        }
        let wanted = closing(wanted, next).at;
        let closes_at = match extended(retro.opened_at, retro.closes_at, wanted) {
            Ok(closes_at) => closes_at,
            Err(CannotExtend::TooLong(_) | CannotExtend::NotLater) => {
                return Err(Failure::refuse(messages::long_enough()));
            }
        };
        let mut unit = UnitOfWork::new();
        store::close_at(&mut unit, &context.team, &retro, closes_at);
        let retro = Retro { closes_at, version: retro.version + 1, ..retro };
        put_run(&mut unit, context, &retro, CLOSE, closes_at);
        // How many have answered is looked at once, at a time that was planned beforehand: an organiser who chose the times could tell
        // who answered when.
        let closes = closes(context, &programme, &retro);
        let about =
            AskedRetro { retro: &retro, name: &programme.name, channel: &programme.channel, closes: &closes };
        let kind = format!("extended-{}", retro.version);
        // Those who are asked later read the new time in their question.
        let asked = store::asked_so_far(&context.store, &retro.id).await?;
        let known = context.store.people(&asked).await?;
        let own = settings::of_channel(&context.store, &programme.channel).await?;
        let usual = PersonSettings::default();
        for person in asked {
            let zone = known.get(&person).and_then(|person| person.zone).unwrap_or(context.zone);
            let work = WorkTime::of(zone, own.get(&person).unwrap_or(&usual), &context.holidays);
            // A person who is away reads it when they're back, if it's still open then.
            let Some(not_before) = work.next(context.now, closes_at) else { continue };
            let effect = to_asked(context, &retro, &person, (&kind, messages::extended(about)))?;
            // They are many, and not the organiser's own.
            context.enqueue_once(&mut unit, &NewEffect { not_before, ..effect })?;
        }
        let began = began_effect(context, &programme, &retro).await?;
        context.revise(&mut unit, &began.key, &began.effect)?;
        // What was said before says the new time from now on. A question can't: only it has the keys of its person.
        let prompts = store::prompts(&context.store, &retro.id).await?;
        let standing = messages::opened(about, prompts.iter().any(|prompt| prompt.is_anonymous));
        for kind in ["opened", "count"] {
            tell_standing(&mut unit, context, (&programme, &retro), (kind, &standing), false)?;
        }
        let message = messages::extended_for_organiser(about);
        // In their DM, the message that was pressed says the new time itself.
        let is_dm = action.channel.as_ref().is_some_and(is_direct);
        let via = if is_dm { ReplyVia::Pressed } else { ReplyVia::PressedInAnswer };
        Ok(Answer::new(unit, via.reply(message)).or_refuse(Failure::refuse(moved_on())))
    }

    /// Returns the retro of an organiser's button, with its programme, if both are as the button says; `None` if nothing of the kind can be
    /// done any more, so that the button may go.
    async fn controlled(
        &self,
        context: &Context,
        value: &str,
        user: &UserId,
    ) -> Result<Option<(Retro, Programme)>, Failure> {
        let moved_on = || Failure::refuse(messages::moved_on(&self.command));
        let (id, version) = value.split_once(' ').ok_or_else(moved_on)?;
        let (retro, programme) = self.organised(context, id, user).await?;
        match retro.takes_answers(context.now) {
            false => Ok(None),
            true if retro.version.to_string() == version => Ok(Some((retro, programme))),
            true => Err(moved_on()),
        }
    }

    /// Returns a retro that a person may manage, and its programme.
    pub(super) async fn organised(
        &self,
        context: &Context,
        id: &str,
        user: &UserId,
    ) -> Result<(Retro, Programme), Failure> {
        let moved_on = || Failure::refuse(messages::moved_on(&self.command));
        let retro = store::retro(&context.store, id).await?.ok_or_else(moved_on)?;
        let programme = context.store.programme(&retro.programme).await?.ok_or_else(moved_on)?;
        match self.programmes(context).may_lead_on_in(&programme, user).await {
            Ok(()) => Ok((retro, programme)),
            Err(Failure::Refuse(_)) if !programme.organisers.contains(user) => {
                Err(Failure::refuse(messages::not_led(&programme.name, &programme.organisers)))
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Adds to a unit that people whose question wasn't written before the close weren't asked, and returns the retro without them.
async fn only_reached(unit: &mut UnitOfWork, context: &Context, retro: Retro) -> Result<Retro, Failure> {
    let reached = store::asked_so_far(&context.store, &retro.id).await?;
    for person in store::asked(&context.store, &retro.id).await? {
        if !reached.contains(&person) {
            store::was_not_asked(unit, &context.team, &retro.id, &person);
        }
    }
    store::asked_in_all(unit, &context.team, &retro.id, reached.len());
    Ok(Retro { asked: reached.len(), ..retro })
}

/// Adds to the unit that closes a retro that what still waits for a person's hours isn't sent: it says that the retro is open.
fn forget_waiting(unit: &mut UnitOfWork, context: &Context, retro: &Retro) {
    for kind in [QUESTION, "remind", "extended-%"] {
        let pattern = format!("retro/{kind}/{}/%", retro.id);
        outbox::withdraw_like(unit, &context.team, &pattern, context.now);
    }
}

/// Returns the same local time of the next weekday.
fn a_weekday_later(context: &Context, programme: &Programme, closes: Occurrence) -> Occurrence {
    let wall = on_a_weekday(closes.wall + Duration::days(1));
    let at = resolve(zone(context, programme), wall).unwrap_or(closes.at + (wall - closes.wall));
    Occurrence { at, wall }
}

/// Returns what became of the prompts of a retro whose answers are sorted.
pub(super) async fn settled_prompts(context: &Context, retro: &Retro) -> Result<Vec<ClosedPrompt>, Failure> {
    let settled = |prompt: AskedPrompt| {
        let respondents = prompt.respondents.unwrap_or_default();
        // Of what was withheld no number is stored.
        ClosedPrompt { respondents, is_kept: respondents > 0 || !prompt.is_anonymous, prompt }
    };
    Ok(store::prompts(&context.store, &retro.id).await?.into_iter().map(settled).collect())
}

/// Sorts what was answered: each answer gets a random id and stands by itself, without what else its person wrote. Of an anonymous prompt
/// that too few people have answered nothing is left.
async fn sorted(context: &Context, retro: &Retro) -> Result<Sorted, Failure> {
    let slots = store::slots(&context.store, &retro.id).await?;
    let named = store::named_words(&context.store, &retro.id).await?;
    let mut sorted = Sorted { prompts: Vec::new(), answers: Vec::new() };
    for prompt in store::prompts(&context.store, &retro.id).await? {
        let written: Vec<(Option<&UserId>, &str)> = if prompt.is_anonymous {
            let slots = slots.iter().filter(|slot| slot.place == prompt.place);
            slots.map(|slot| (None, slot.words.as_str())).collect()
        } else {
            let named = named.iter().filter(|(place, _, _)| *place == prompt.place);
            named.map(|(_, user, words)| (Some(user), words.as_str())).collect()
        };
        let respondents = written.len();
        let answered = Answered { is_anonymous: prompt.is_anonymous, people: respondents };
        let is_kept = verdict(answered, retro.threshold) != Verdict::Withheld;
        for (user, words) in written.into_iter().filter(|_| is_kept && !prompt.is_scale()) {
            sorted.answers.extend(lines_of(words).into_iter().map(|words| RetroAnswer {
                id: context.entropy.key(),
                place: prompt.place.clone(),
                prompt: prompt.words.clone(),
                user: user.cloned(),
                words,
                is_hidden: false,
            }));
        }
        sorted.prompts.push(ClosedPrompt { prompt, respondents, is_kept });
    }
    Ok(sorted)
}
