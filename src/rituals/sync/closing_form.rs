//! The form that closes a sync: what was reached, notes, a decision, and who is asked for what; the rest moves on.

use anyhow::anyhow;
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};

use super::{
    Syncs,
    closing::{is_known, put_in_thread, put_summary},
    messages,
    plan::{EndState, HeldSync, Point},
    store::{self, closing::End},
};
use crate::{
    common::{
        decisions::record::Decision,
        programmes::{Answers, ChannelPeople, Part, press::date_of},
        promises::{self, Requested},
        reply_target::ReplyTarget,
        setup::Complaints,
    },
    model::{
        cadence::Occurrence,
        event::{Action, Command, FieldValue, LONGEST_WORDS, Reply, Submission},
        failure::Failure,
        message::Button,
        people::UserId,
        text::{clean, has_visible_text},
    },
    ritual::{Answer, Context, Handling, Thanks},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What the form carries.
#[derive(Serialize, Deserialize)]
struct Carried {
    programme: String,
    date: NaiveDate,
    /// Where the person typed who reads what came of it; behind a button the question says so.
    target: Option<ReplyTarget>,
}

/// What a person has written into the form.
struct Written {
    notes: String,
    decision: Option<Decision>,
    asked: Requested,
}

impl Written {
    fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.decision.is_none() && self.asked.promises.is_empty()
    }
}

impl Syncs {
    /// Opens the form for a button.
    pub(super) async fn close<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(&action).await?;
        let Some(date) = date_of(&action.value) else { return programmes.pressed(action).await };
        self.open_form(context, &programme, (date, &action.user), None).await
    }

    /// Opens the form for the sync of a channel that is open; the person chooses where there are several.
    pub(super) async fn close_typed<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
        name: &str,
    ) -> Result<Answer<'c>, Failure> {
        let name = Some(name).filter(|name| !name.is_empty());
        let meant = self.programmes(context).all_meant(&command, None, name).await?;
        let (mut open, mut last) = (Vec::new(), None);
        for programme in meant {
            match store::closing::last(&context.store, &programme.id).await? {
                Some(end) if end.state == EndState::Open => open.push((programme, end.date)),
                Some(end) => last = Some(end),
                None => {}
            }
        }
        match open.as_slice() {
            [] => {
                let last = last.as_ref().map(|end| (end.date, &end.state));
                Err(Failure::refuse(messages::nothing_to_close(last)))
            }
            [(programme, date)] => {
                let target = ReplyTarget::here(command.response_url, context.now);
                self.open_form(context, programme, (*date, &command.user), Some(target)).await
            }
            several => {
                let several: Vec<_> = several
                    .iter()
                    .map(|(programme, date)| (programme.name.as_str(), programme.id.as_str(), *date))
                    .collect();
                Ok(Answer::reply(Reply::Ephemeral(messages::close_which(&several))))
            }
        }
    }

    async fn open_form<'c>(
        &self,
        context: &'c Context,
        programme: &Programme,
        (date, user): (NaiveDate, &UserId),
        target: Option<ReplyTarget>,
    ) -> Result<Answer<'c>, Failure> {
        self.closable(context, programme, date, user).await?;
        let points = store::agenda::taken(&context.store, &programme.id, date).await?;
        let carried = Carried { programme: programme.id.clone(), date, target };
        let private = serde_json::to_string(&carried).map_err(|error| Failure::Fail(error.into()))?;
        let goes_on = self.goes_on(context, programme).await?;
        let form = messages::close_form(&points, (&programme.name, date, goes_on), private);
        Ok(Answer::reply(Reply::Open(Box::new(form))))
    }

    /// Closes a sync with what its form holds. Of two who close it at once one counts.
    pub(super) fn close_sent<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        Box::pin(self.closing_sent(context, sent))
    }

    async fn closing_sent<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let ended = || Failure::refuse(messages::ended());
        let carried = serde_json::from_str::<Carried>(&sent.private).map_err(|_| ended())?;
        let date = carried.date;
        let programme = context.store.programme(&carried.programme).await?;
        let programme = programme.filter(|programme| programme.ended_at.is_none()).ok_or_else(ended)?;
        let end = store::closing::end_of(&context.store, &programme.id, date).await?.ok_or_else(ended)?;
        let Some(held) = self.still_open(context, &programme, date).await? else {
            // Another press may have closed it since it was read.
            let end = store::closing::end_of(&context.store, &programme.id, date).await?.ok_or_else(ended)?;
            if !matches!(end.state, EndState::Closed(_) | EndState::Lapsed) {
                return Err(Failure::refuse(messages::is_closed()));
            }
            return self.add_to_closed(context, &programme, (carried, end), sent).await;
        };
        self.may_close(context, &programme, &held, &sent.user).await?;
        let Written { notes, decision, asked } =
            match self.written(context, (&programme, date), &sent).await? {
                Ok(written) => written,
                Err(wrong) => return Ok(Answer::reply(wrong)),
            };
        let points = store::agenda::taken(&context.store, &programme.id, date).await?;
        let chosen: &[String] = match sent.answers.get(messages::REACHED) {
            Some(FieldValue::Choices(chosen)) => chosen,
            _ => &[],
        };
        let (reached, left): (Vec<&Point>, Vec<&Point>) =
            points.iter().partition(|point| chosen.contains(&point.id));
        let mut unit = UnitOfWork::new();
        let (team, of) = (&context.team, (programme.id.as_str(), date));
        store::closing::close(&mut unit, team, of, (&sent.user, &notes, held.version()), context.now);
        let goes_on = self.goes_on(context, &programme).await?;
        store::agenda::settle(&mut unit, team, of, &reached, goes_on);
        let kept = (&left[..], goes_on);
        let summary = messages::summary((&sent.user, date), (&reached, kept), (&asked.promises, &notes));
        let thread = end.thread(&programme.channel);
        put_summary(&mut unit, context, &programme, (&end, summary))?;
        if let Some(decision) = &decision {
            self.decisions(context).put(&mut unit, decision, thread).await?;
        }
        self.ask_still_wanted(&mut unit, context, &programme, left.iter().copied().filter(|_| goes_on))
            .await?;
        asked.ask(&mut unit, context).await?;
        let thanks = thanks(context, &programme, &held, &sent.user).await?;
        let at = held.occurrence(self.programmes(context).times(&programme)?.zone);
        let closed = messages::closed((&programme.name, &at), (left.len(), goes_on), thanks);
        let others = |at: &Occurrence| messages::closed_by(&programme.name, at, &sent.user);
        self.put_answers(&mut unit, context, &programme, date, (Some((&sent.user, &closed)), &others))
            .await?;
        self.put_over(&mut unit, context, &programme, &held)?;
        self.put_no_more(&mut unit, context, &programme, date).await?;
        let key = format!("sync/closed/{}/{date}", programme.id);
        if let Some(answer) = carried.target.and_then(|target| target.answer(key, closed, context.now)) {
            context.enqueue(&mut unit, &answer)?;
        }
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |guard| match guard {
            // Another person has taken the lead over in this instant, or has closed the sync.
            store::TAKEN | store::closing::CLOSED => self.close_sent(context, sent),
            _ => not_closed(context, asked, guard).boxed(),
        }))
    }

    /// Reads what a person has written into the form, or returns what is wrong with it.
    async fn written(
        &self,
        context: &Context,
        at: (&Programme, NaiveDate),
        sent: &Submission,
    ) -> Result<Result<Written, Reply>, Failure> {
        let (mut complaints, said) = (Complaints::default(), (&sent.user, &sent.answers));
        let written = Written {
            notes: notes(&sent.answers, &mut complaints),
            decision: self.decisions(context).decided_at(at, said, &mut complaints),
            asked: promises::requested(context, at, said, &mut complaints).await?,
        };
        Ok(if complaints.is_empty() { Ok(written) } else { Err(complaints.reply()) })
    }

    /// Adds what a person has written to a sync that was closed while they wrote, so that none of it is lost.
    async fn add_to_closed<'c>(
        &'c self,
        context: &'c Context,
        programme: &Programme,
        (carried, end): (Carried, End),
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let (date, user) = (end.date, &sent.user);
        let held = store::held(&context.store, &programme.id, date).await?;
        if let Some(held) = &held {
            self.may_close(context, programme, held, user).await?;
        } else {
            self.may_run(context, programme, user, None).await?;
        }
        let written = match self.written(context, (programme, date), &sent).await? {
            Ok(written) => written,
            Err(wrong) => return Ok(Answer::reply(wrong)),
        };
        // The same form may be sent twice: what the first press did was said then.
        if end.state == EndState::Closed(user.clone()) && end.notes == written.notes {
            return Ok(Answer::nothing());
        }
        if written.is_empty() {
            return Err(Failure::refuse(messages::is_closed()));
        }
        let Written { notes, decision, asked } = written;
        let mut unit = UnitOfWork::new();
        if !notes.is_empty() {
            let of = (programme.id.as_str(), date);
            store::notes::add(&mut unit, &context.team, of, (&context.id(), user, &notes), context.now);
        }
        if !notes.is_empty() || !asked.promises.is_empty() {
            let message = messages::addition((user, date), (&asked.promises, &notes));
            // Messages that wait for the same instant are sent in the order of their keys: this one follows the summary.
            let key = format!("sync/summary/{}/{date}/{}", programme.id, context.id());
            put_in_thread(&mut unit, context, programme, (&end, key, message))?;
        }
        if let Some(decision) = &decision {
            self.decisions(context).put(&mut unit, decision, end.thread(&programme.channel)).await?;
        }
        asked.ask(&mut unit, context).await?;
        let has_ticks = matches!(sent.answers.get(messages::REACHED), Some(FieldValue::Choices(chosen)) if !chosen.is_empty());
        let added = messages::added_late((&programme.name, date), &end.state, has_ticks);
        let key = format!("sync/added/{}/{date}/{}", programme.id, context.id());
        let reply = match carried.target.and_then(|target| target.answer(key, added.clone(), context.now)) {
            Some(answer) => {
                context.enqueue(&mut unit, &answer)?;
                Reply::Nothing
            }
            None => Reply::Ephemeral(added),
        };
        Ok(Answer::new(unit, reply).or_else(move |guard| not_closed(context, asked, guard).boxed()))
    }

    /// Lets the lead of a sync, its scribe and those who run it close it, while it is open.
    async fn closable(
        &self,
        context: &Context,
        programme: &Programme,
        date: NaiveDate,
        user: &UserId,
    ) -> Result<HeldSync, Failure> {
        let held = self.still_open(context, programme, date).await?;
        let held = held.ok_or_else(|| Failure::refuse(messages::is_closed()))?;
        self.may_close(context, programme, &held, user).await?;
        Ok(held)
    }

    /// Lets the lead of a sync pass, the person who takes its notes, and those who run it.
    async fn may_close(
        &self,
        context: &Context,
        programme: &Programme,
        held: &HeldSync,
        user: &UserId,
    ) -> Result<(), Failure> {
        let lead = held.lead.as_ref().map(|lead| &lead.user);
        let takes_notes = held.scribe.as_ref() == Some(user);
        match self.may_run(context, programme, user, if takes_notes { Some(user) } else { lead }).await {
            Err(Failure::Refuse(_)) if !is_known(context, programme, held).await? => {
                // The next in line was asked, and anyone may do it who takes part.
                let people = ChannelPeople::load(context, programme).await?;
                match people.on(None).part_of(user) {
                    Part::TakesPart => Ok(()),
                    _ => Err(Failure::refuse(messages::is_closed_by_others())),
                }
            }
            Err(Failure::Refuse(_)) => {
                let duties = (lead, held.scribe.as_ref());
                let of = (programme.name.as_str(), held.date);
                Err(Failure::refuse(messages::may_not_close(of, duties, &programme.organisers)))
            }
            may => may,
        }
    }
}

/// Says why a sync wasn't closed: a bound of promises, at its field.
async fn not_closed<'c>(context: &Context, asked: Requested, guard: &str) -> Result<Answer<'c>, Failure> {
    match asked.refused(context, guard).await? {
        Some(errors) => Ok(Answer::reply(errors)),
        None => Err(Failure::Fail(anyhow!("a form that closes a sync was refused by {guard}"))),
    }
}

/// Returns the notes of a form; what is wrong with them is said at their field.
fn notes(answers: &Answers, complaints: &mut Complaints) -> String {
    let Some(FieldValue::Text(notes)) = answers.get(messages::NOTES) else { return String::new() };
    let notes = clean(notes).trim().to_owned();
    let characters = notes.chars().count();
    if characters > LONGEST_WORDS {
        complaints.add(messages::NOTES, messages::long_notes(characters));
    }
    if has_visible_text(&notes) { notes } else { String::new() }
}

/// Returns the button with which the person who closes a sync thanks its scribe, where a ritual takes thanks.
async fn thanks(
    context: &Context,
    programme: &Programme,
    held: &HeldSync,
    user: &UserId,
) -> Result<Option<Button>, Failure> {
    let (Some(offer), Some(scribe)) = (context.thanks, &held.scribe) else { return Ok(None) };
    let person = context.store.person(scribe).await?.filter(|person| !person.deactivated);
    let Some(person) = person.filter(|_| scribe != user) else { return Ok(None) };
    let thanks = Thanks {
        id: context.id(),
        channel: programme.channel.clone(),
        person: scribe.clone(),
        reason: messages::TAKING_NOTES.to_owned(),
    };
    Ok(offer.button(&person.name, &thanks))
}
