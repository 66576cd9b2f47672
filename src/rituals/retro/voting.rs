//! A vote on the themes: an organiser starts it, those who were asked vote, and the top themes are shown when it ends.
//!
//! Of a ballot nothing is kept but its row until the vote ends: [`Ritual::is_anonymous`] has the engine keep no trace of the events.
//!
//! [`Ritual::is_anonymous`]: crate::ritual::Ritual::is_anonymous

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use futures_util::FutureExt as _;

use super::{
    Retros, VOTES,
    answering::as_form,
    concluding::{Conclusion, conclude, vote_effect},
    grouping::instead,
    messages,
    opening::put_run,
    plan::{Act, Ballot, Budget, Change, NO_VOTE_UP_TO, State, VoteTime, voters_needed},
    posting::{NEXT_STEP, VOTING, shown_retro, tell_standing},
    programmes::{local, zone},
    store,
    theme::Theme,
    values::{Retro, Vote},
};
use crate::{
    model::{
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Block,
        people::UserId,
    },
    ritual::{Answer, Context, Ran},
    store::{programmes::Programme, runs::Run, unit::UnitOfWork},
};

impl Retros {
    /// Opens the form that starts a vote.
    pub(super) async fn open_vote<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let by = (action.value.as_str(), &action.user);
        let (retro, programme) = match self.at_step(context, by, Act::BeginVoting).await? {
            Ok(found) => found,
            Err(message) => return Ok(instead(message, &action.value)),
        };
        let grouped = store::themes::grouped(&context.store, &retro.id).await?;
        let all = grouped.themes.len() + grouped.alone.len();
        let themes = grouped.all_themes(|| context.id()).len();
        let needed = may_vote_on(context, &retro, themes).await?;
        let newer = newer_than(context, &retro).await?;
        let which = messages::which_one(&programme.name, retro.date, newer);
        let mut form =
            messages::vote_setup(&programme.name, (themes, all.saturating_sub(themes)), needed, retro.id);
        form.blocks.insert(0, Block::Text(which));
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Starts the vote: from now on the themes are fixed.
    pub(super) async fn begin_vote<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let by = (sent.private.as_str(), &sent.user);
        let (retro, programme) = match self.step_of_form(context, by, Act::BeginVoting).await? {
            Ok(found) => found,
            Err(message) => return Ok(Answer::reply(as_form(message))),
        };
        let themes = themes_of(context, &retro).await?;
        let needed = may_vote_on(context, &retro, themes.len()).await?;
        let chosen = |field: &str| match sent.answers.get(field) {
            Some(FieldValue::Choice(chosen)) => Some(chosen.as_str()),
            _ => None,
        };
        let budget = chosen(messages::VOTES).and_then(|votes| Budget::of_votes(votes.parse().ok()?));
        let time = chosen(messages::VOTE_FOR).and_then(VoteTime::parse);
        let (budget, time) = (budget.unwrap_or_default(), time.unwrap_or(VoteTime::USUAL));
        let ends_at = time.end(context.now, zone(context, &programme));
        let mut unit = UnitOfWork::new();
        store::voting::begin(&mut unit, &context.team, &retro, budget.votes(), ends_at);
        for theme in &themes {
            store::themes::put(&mut unit, &context.team, &retro.id, theme);
        }
        put_run(&mut unit, context, &retro, VOTES, ends_at);
        let (vote, ends) = (Vote { budget, ends_at, ballots: 0 }, local(context, &programme, ends_at));
        let message = messages::vote_began(&programme.name, &retro.id, &themes, (vote, &ends, needed));
        context.enqueue_once(&mut unit, &vote_effect(context, &programme, &retro, message)?)?;
        let message = messages::vote_for_organiser(
            (&programme.name, &programme.channel),
            (&retro, retro.version + 1),
            &ends,
        );
        tell_standing(&mut unit, context, (&programme, &retro), (VOTING, &message), true)?;
        let message = messages::answers_read(&shown_retro(context, &programme, &retro).await?);
        tell_standing(&mut unit, context, (&programme, &retro), (NEXT_STEP, &message), false)?;
        let started = Answer::new(unit, as_form(messages::vote_started(&programme.name, &ends)));
        Ok(started.or_else(move |_| stood(context, retro.id).boxed()))
    }

    /// Asks before the themes are shown without a vote.
    pub(super) async fn finish<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let by = (action.value.as_str(), &action.user);
        let (retro, programme) = match self.at_step(context, by, Act::Finish).await? {
            Ok(found) => found,
            Err(message) => return Ok(instead(message, &action.value)),
        };
        let numbers = (themes_of(context, &retro).await?.len(), newer_than(context, &retro).await?);
        let at = (programme.name.as_str(), &programme.channel);
        let form = messages::ask_to_finish(&retro, at, numbers, action.value);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Shows the themes without a vote.
    pub(super) async fn finish_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let by = (sent.private.as_str(), &sent.user);
        let (retro, programme) = match self.step_of_form(context, by, Act::Finish).await? {
            Ok(found) => found,
            Err(message) => return Ok(Answer::reply(as_form(message))),
        };
        let mut unit = UnitOfWork::new();
        store::voting::finish(&mut unit, &context.team, &retro);
        let themes = themes_of(context, &retro).await?;
        let reply = messages::finished(&programme.name, &programme.channel, themes.len());
        conclude(&mut unit, context, (&retro, &programme), Conclusion { themes, ballots: None }).await?;
        Ok(Answer::new(unit, as_form(reply)).or_else(move |_| stood(context, retro.id).boxed()))
    }

    /// Asks before a vote ends ahead of its time.
    pub(super) async fn end_vote_now<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (id, version) = action.value.split_once(' ').unwrap_or((&action.value, ""));
        let (retro, programme) = match self.at_step(context, (id, &action.user), Act::EndVoting).await? {
            Ok(found) => found,
            Err(message) => return Ok(instead(message, id)),
        };
        let Some(vote) = retro.vote.filter(|_| retro.version.to_string() == version) else {
            return Err(Failure::refuse(messages::moved_on(&self.command)));
        };
        let ends = local(context, &programme, vote.ends_at);
        let form = messages::ask_to_end_vote(&retro, &programme.name, &ends, action.value);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Ends the vote before its time.
    pub(super) async fn end_vote_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (id, version) = sent.private.split_once(' ').unwrap_or((&sent.private, ""));
        let (retro, _) = match self.step_of_form(context, (id, &sent.user), Act::EndVoting).await? {
            Ok(found) => found,
            Err(message) => return Ok(Answer::reply(as_form(message))),
        };
        if retro.version.to_string() != version {
            return self.vote_ended(context, &retro.id).await;
        }
        let mut unit = UnitOfWork::new();
        store::voting::end_at(&mut unit, &context.team, &retro, context.now);
        put_run(&mut unit, context, &retro, VOTES, context.now);
        let ends = Answer::new(unit, as_form(messages::vote_ends_now()));
        Ok(ends.or_else(move |_| async move { self.vote_ended(context, &retro.id).await }.boxed()))
    }

    /// Says how a vote stands that is another one than the form is about: their second press, or another organiser's, finds it over.
    async fn vote_ended<'c>(&'c self, context: &'c Context, retro: &str) -> Result<Answer<'c>, Failure> {
        let retro = store::retro(&context.store, retro).await?;
        // The first press may have come a moment after this one.
        let soon = context.now + Duration::minutes(1);
        let is_over = retro.is_some_and(|retro| {
            retro.state != State::Voting || retro.vote.is_some_and(|vote| vote.ends_at <= soon)
        });
        Ok(Answer::reply(as_form(if is_over {
            messages::vote_ends_now()
        } else {
            messages::moved_on(&self.command)
        })))
    }

    /// Counts the votes once their time is over, and shows the top themes.
    pub(super) async fn count_votes(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let over = || Ok(Ran::skipped(messages::OVER));
        let retro = store::retro(&context.store, &run.subject).await?;
        let Some(retro) = retro.filter(|retro| retro.state == State::Voting) else { return over() };
        let programme = context.store.programme(&retro.programme).await?;
        let (Some(vote), Some(programme)) = (retro.vote, programme) else { return over() };
        if context.now < vote.ends_at {
            return Ok(Ran::snoozed(UnitOfWork::new(), vote.ends_at, ""));
        }
        let ballots = counted(context, &retro).await?;
        let mut unit = UnitOfWork::new();
        store::voting::end(&mut unit, &context.team, (&retro, vote.ballots), context.now);
        let themes = store::themes::grouped(&context.store, &retro.id).await?.themes;
        let needed = voters_of(context, &retro).await?;
        let ballots = Some((ballots, needed));
        conclude(&mut unit, context, (&retro, &programme), Conclusion { themes, ballots }).await?;
        Ok(Ran::done(unit))
    }

    /// Opens the ballot of a person who was asked.
    pub(super) async fn open_ballot<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme, vote) = may_vote(context, &action.value, &action.user).await?;
        let ballot = store::voting::ballot(&context.store, &retro.id, &action.user).await?;
        let themes = store::themes::grouped(&context.store, &retro.id).await?.themes;
        let ends = local(context, &programme, vote.ends_at);
        let form = messages::ballot_form(&themes, (vote, &ends), &ballot, retro.id);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Keeps a ballot in place of the one before.
    pub(super) async fn ballot_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (retro, programme, vote) = match may_vote(context, &sent.private, &sent.user).await {
            Ok(found) => found,
            Err(Failure::Refuse(message)) => return Ok(Answer::reply(as_form(*message))),
            Err(failure) => return Err(failure),
        };
        let themes = store::themes::grouped(&context.store, &retro.id).await?.themes;
        let (ballot, lost) = match ballot_of(&sent, &themes, vote.budget) {
            Ok(read) => read,
            Err(errors) => return Ok(Answer::reply(Reply::Errors(errors))),
        };
        let is_empty = ballot.given() == 0 && lost == 0;
        if is_empty && store::voting::ballot(&context.store, &retro.id, &sent.user).await?.given() == 0 {
            let first = messages::vote_field(1);
            return Ok(Answer::reply(Reply::Errors([(first, messages::NO_THEME.to_owned())].into())));
        }
        let mut unit = UnitOfWork::new();
        store::voting::put_ballot(&mut unit, &context.team, (&retro.id, &sent.user), &ballot, context.now);
        let ends = local(context, &programme, vote.ends_at);
        let saved = Answer::new(unit, as_form(messages::voted((ballot.given(), lost), &ends)));
        Ok(saved
            .or_else(|_| Box::pin(std::future::ready(Ok(Answer::reply(as_form(messages::vote_is_over())))))))
    }
}

/// Returns what an organiser reads whose step another one, or their own second press, has taken first.
async fn stood(context: &Context, retro: String) -> Result<Answer<'_>, Failure> {
    let state = store::retro(&context.store, &retro).await?.map_or(State::Cancelled, |retro| retro.state);
    Ok(Answer::reply(as_form(match state {
        State::Revealed => messages::themes_changed(),
        state => messages::stands(state),
    })))
}

/// Returns the date of the newest retro of the same programme, if that is a newer one.
async fn newer_than(context: &Context, retro: &Retro) -> Result<Option<NaiveDate>, Failure> {
    let newest = store::retros(&context.store, &retro.programme, 1).await?.pop();
    Ok(newest.map(|newest| newest.date).filter(|date| *date > retro.date))
}

/// Returns all themes of a retro whose answers are shown.
async fn themes_of(context: &Context, retro: &Retro) -> Result<Vec<Theme>, Failure> {
    let grouped = store::themes::grouped(&context.store, &retro.id).await?;
    Ok(grouped.all_themes(|| context.id()))
}

/// Returns how many people must vote in a retro.
pub(super) async fn voters_of(context: &Context, retro: &Retro) -> Result<usize, Failure> {
    let prompts = store::prompts(&context.store, &retro.id).await?;
    Ok(voters_needed(retro.threshold, prompts.iter().any(|prompt| prompt.is_anonymous)))
}

/// Lets a vote pass that has something to choose between, and people enough; returns how many must vote.
async fn may_vote_on(context: &Context, retro: &Retro, themes: usize) -> Result<usize, Failure> {
    if themes <= NO_VOTE_UP_TO {
        return Err(Failure::refuse(messages::few_themes(themes)));
    }
    let needed = voters_of(context, retro).await?;
    if retro.asked < needed {
        return Err(Failure::refuse(messages::few_voters(retro.asked, needed)));
    }
    Ok(needed)
}

/// Returns the retro that a person may vote in, its programme and its vote.
async fn may_vote(context: &Context, id: &str, user: &UserId) -> Result<(Retro, Programme, Vote), Failure> {
    let over = || Failure::refuse(messages::vote_is_over());
    let retro = store::retro(&context.store, id).await?.ok_or_else(over)?;
    let vote = retro.takes_votes(context.now).ok_or_else(over)?;
    let programme = context.store.programme(&retro.programme).await?.ok_or_else(over)?;
    if !store::is_asked(&context.store, &retro.id, user).await? {
        return Err(Failure::refuse(messages::may_not_vote()));
    }
    Ok((retro, programme, vote))
}

/// Returns the ballot that a form holds, or what is to be mended at each field. A theme that isn't one of these gets no vote; how many were for
/// such a theme.
fn ballot_of(
    sent: &Submission,
    themes: &[Theme],
    budget: Budget,
) -> Result<(Ballot, u32), BTreeMap<String, String>> {
    let (mut ballot, mut lost, mut errors) = (Ballot::default(), 0, BTreeMap::new());
    for number in 1..=budget.votes() {
        let field = messages::vote_field(number);
        let Some(FieldValue::Choice(chosen)) = sent.answers.get(&field) else { continue };
        if !themes.iter().any(|theme| theme.id == *chosen) {
            lost += 1;
            continue;
        }
        match ballot.changed(chosen, Change::Give, budget) {
            Ok(changed) => ballot = changed,
            Err(_) => {
                errors.insert(field, messages::enough_for_one(budget.most_for_one()));
            }
        }
    }
    if errors.is_empty() { Ok((ballot, lost)) } else { Err(errors) }
}

/// Returns the ballots that count: not those of people who have left the workspace.
async fn counted(context: &Context, retro: &Retro) -> Result<Vec<Ballot>, Failure> {
    let ballots = store::voting::ballots(&context.store, &retro.id).await?;
    let voters: Vec<UserId> = ballots.iter().map(|(user, _)| user.clone()).collect();
    let known = context.store.people(&voters).await?;
    let is_here = |user: &UserId| known.get(user).is_some_and(|person| !person.deactivated);
    Ok(ballots.into_iter().filter(|(user, _)| is_here(user)).map(|(_, ballot)| ballot).collect())
}
