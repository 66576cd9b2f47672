//! Each person is asked in a message of their own, which alone has the keys of their anonymous answers.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::{
    ENDED, NAME, REMIND, Retros, TIDY,
    concluding::vote_effect,
    messages::{self, AskedRetro},
    notes,
    opening::{began_effect, put_person_run, put_run},
    plan::{Answered, State, ask_at, remind_at, would_be_missed},
    posting::{VOTING, kept, shown_retro, tell_standing},
    programmes::closes,
    store,
    values::{AnswerKeys, AskedPrompt, Retro},
};
use crate::{
    common::{
        people::{PersonSettings, store as settings, work_time::WorkTime},
        programmes::{NewsSubject, origin, to_person},
    },
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::from_ms,
        effect::{DeliveryGuarantee, DeliveryOutcome, Keep, Lane, NewEffect, Origin},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::{Person, UserId},
    },
    ritual::{Context, Ran, Settled},
    store::{
        absences::{self, Absence},
        programmes::Programme,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// The kind of the message that asks.
pub(super) const QUESTION: &str = "ask";

/// How long before the close people are reminded at the earliest, in hours.
const REMIND_HOURS: i64 = 24;
/// How often what is left of questions is overwritten at most, and how late that may be.
const TIDY_SECONDS: i64 = 180;
const LATEST_TIDY_DAYS: i64 = 365;

/// What the message is about that has a person's keys.
#[derive(Serialize, Deserialize)]
struct QuestionSubject {
    question_of: String,
}

/// A run of a retro for one person, while the retro is open.
struct ForPerson {
    retro: Retro,
    programme: Programme,
    person: Person,
    own: PersonSettings,
}

impl ForPerson {
    fn work<'p>(&'p self, context: &'p Context) -> WorkTime<'p> {
        WorkTime::of(self.person.zone.unwrap_or(context.zone), &self.own, &context.holidays)
    }
}

impl Retros {
    /// Asks a person: keys are drawn out of the pool into their message.
    pub(super) async fn ask(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let asked = match self.for_person(context, run).await? {
            Ok(asked) => asked,
            Err(ran) => return Ok(ran),
        };
        let ForPerson { retro, programme, person, .. } = &asked;
        let absences = absences::of_programme(&context.store, &programme.id).await?;
        if absences.contains(&(person.id.clone(), Absence::Left)) {
            return Ok(Ran::skipped(messages::HAS_LEFT));
        }
        // They may have said since the retro began that they're away.
        match ask_at(context.now, retro.closes_at, &asked.work(context)) {
            Some(at) if at <= context.now => {}
            Some(at) => return Ok(Ran::snoozed(UnitOfWork::new(), at, "")),
            None => return Ok(Ran::skipped(messages::IS_AWAY)),
        }
        let prompts = store::prompts(&context.store, &retro.id).await?;
        let mut unit = UnitOfWork::new();
        store::while_open_as_read(&mut unit, &context.team, retro, context.now);
        let Some(keys) = draw(&mut unit, context, retro, &prompts).await? else {
            return Ok(Ran::skipped(messages::OVER));
        };
        let closes = closes(context, programme, retro);
        let about = AskedRetro { retro, name: &programme.name, channel: &programme.channel, closes: &closes };
        let notes = notes::returned(context, retro, &person.id).await?;
        let message = messages::ask(about, &prompts, &keys, &notes);
        // It loses its buttons when the retro is over, which may be extended until then.
        let mut question = kept(context, to_asked(context, retro, &person.id, (QUESTION, message))?);
        let subject = QuestionSubject { question_of: retro.id.clone() };
        question.origin = Origin { wants_sent: true, ..origin(NAME, &subject)? };
        context.enqueue_once(&mut unit, &question)?;
        put_tidy(&mut unit, context, retro);
        if let Some(at) = remind_at(context.now, retro.closes_at, &asked.work(context)) {
            put_person_run(&mut unit, context, retro, (&person.id, REMIND), at);
        }
        Ok(Ran::done(unit))
    }

    /// Overwrites what is left of the messages in which people were asked, once they are sent: these had their keys.
    pub(super) async fn tidy(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let retro = run.subject.split(' ').next().unwrap_or_default();
        if store::are_questions_waiting(&context.store, retro).await? {
            let soon = context.now + Duration::seconds(TIDY_SECONDS);
            return Ok(Ran::snoozed(UnitOfWork::new(), soon, ""));
        }
        let mut unit = UnitOfWork::new();
        store::wipe_questions(&mut unit);
        Ok(Ran::done(unit))
    }

    /// Has the log forget the keys of a question that was sent, or never will be: the row of the message that waited has them no longer. `None`
    /// for other messages.
    pub(super) async fn question_settled(
        &self,
        context: &Context,
        about: &Origin,
        outcome: &DeliveryOutcome,
    ) -> Result<Option<Settled>, Failure> {
        if serde_json::from_str::<QuestionSubject>(&about.note).is_err() {
            return Ok(None);
        }
        let mut settled = match outcome {
            DeliveryOutcome::Sent { .. } | DeliveryOutcome::Done => Settled::with(UnitOfWork::new()),
            _ => {
                let about = origin(NAME, &NewsSubject::Aside)?;
                self.programmes(context).settled(&about, outcome).await?
            }
        };
        settled.unit.empty_log();
        Ok(Some(settled))
    }

    /// Reminds a person, whether they have answered or not: no one knows.
    pub(super) async fn remind(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let asked = match self.for_person(context, run).await? {
            Ok(asked) => asked,
            Err(ran) => return Ok(ran),
        };
        let ForPerson { retro, programme, person, .. } = &asked;
        // The retro may have been extended since, or the run may be late.
        let from = context.now.max(retro.closes_at - Duration::hours(REMIND_HOURS));
        match asked.work(context).next(from, retro.closes_at) {
            Some(at) if at <= context.now => {}
            Some(at) => return Ok(Ran::snoozed(UnitOfWork::new(), at, "")),
            // They don't work in the last day.
            None if asked.work(context).includes(context.now) => {}
            None => return Ok(Ran::skipped(messages::OVER)),
        }
        let closes = closes(context, programme, retro);
        let about = AskedRetro { retro, name: &programme.name, channel: &programme.channel, closes: &closes };
        let mut unit = UnitOfWork::new();
        store::while_open_as_read(&mut unit, &context.team, retro, context.now);
        let message = messages::remind(about);
        context.enqueue_once(&mut unit, &to_asked(context, retro, &person.id, ("remind", message))?)?;
        Ok(Ran::done(unit))
    }

    /// Tells the organisers, once people had time, if too few have answered an anonymous prompt.
    pub(super) async fn count(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let Some((retro, programme)) = open_retro(context, &run.subject).await? else {
            return Ok(Ran::skipped(messages::OVER));
        };
        let slots = store::slots(&context.store, &retro.id).await?;
        let prompts = store::prompts(&context.store, &retro.id).await?;
        let answered = |prompt: &AskedPrompt| Answered {
            is_anonymous: prompt.is_anonymous,
            people: slots.iter().filter(|slot| slot.place == prompt.place).count(),
        };
        let answered: Vec<Answered> = prompts.iter().map(answered).collect();
        let mut unit = UnitOfWork::new();
        if !would_be_missed(&answered, retro.threshold).is_empty() {
            store::while_open_as_read(&mut unit, &context.team, &retro, context.now);
            let closes = closes(context, &programme, &retro);
            let about = AskedRetro {
                retro: &retro,
                name: &programme.name,
                channel: &programme.channel,
                closes: &closes,
            };
            let can_answer = store::can_answer(&context.store, &retro.id).await?;
            let message = messages::too_few_answered(about, can_answer);
            tell_standing(&mut unit, context, (&programme, &retro), ("count", &message), true)?;
        }
        Ok(Ran::done(unit))
    }

    /// Ends the retro of a programme that is stopped.
    pub(super) async fn end(&self, context: &Context, programme: &Programme) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        if let Some(open) = store::under_way(&context.store, &programme.id).await? {
            put_run(&mut unit, context, &open, ENDED, context.now);
            store::cancel_person_runs(&mut unit, &context.team, &open.id, messages::OVER, context.now);
        }
        let last = store::retros(&context.store, &programme.id, 1).await?.pop();
        if let Some(voted) = last.filter(|retro| retro.state == State::Voting) {
            let message = messages::vote_called_off(&programme.name);
            let over = vote_effect(context, programme, &voted, message)?;
            context.amend_if_over(&mut unit, &over.key, &over.effect)?;
            let shown = messages::answers_shown(&shown_retro(context, programme, &voted).await?);
            tell_standing(&mut unit, context, (programme, &voted), (VOTING, &shown), false)?;
        }
        store::cancel_all(&mut unit, &context.team, &programme.id);
        Ok(unit)
    }

    /// Tells everyone who has been asked so far that a retro has ended with its programme: the others never heard of it. They are many, so the person who stopped it doesn't wait
    /// for this.
    pub(super) async fn tell_ended(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let retro = store::retro(&context.store, &run.subject).await?;
        let Some(retro) = retro.filter(|retro| retro.state == State::Cancelled) else {
            return Ok(Ran::skipped(messages::OVER));
        };
        let Some(programme) = context.store.programme(&retro.programme).await? else {
            return Ok(Ran::skipped(messages::OVER));
        };
        let mut unit = UnitOfWork::new();
        let place = (programme.name.as_str(), &programme.channel);
        let over = messages::question_was_stopped(&retro, place);
        questions_are_over(&mut unit, context, &retro, &over).await?;
        for person in store::asked_so_far(&context.store, &retro.id).await? {
            let key = format!("retro/ended/{}/{person}", retro.id);
            let message = messages::ended(&programme.name, &programme.channel);
            // Its programme has ended, so it can't own what is sent.
            let effect = NewEffect { lane: Lane::Bulk, ..to_person(context, NAME, key, &person, message)? };
            context.enqueue_once(&mut unit, &effect)?;
        }
        let ended = messages::was_stopped(&retro, place);
        for kind in ["opened", "count"] {
            tell_standing(&mut unit, context, (&programme, &retro), (kind, &ended), false)?;
        }
        let began = began_effect(context, &programme, &retro).await?;
        context.revise(&mut unit, &began.key, &began.effect)?;
        Ok(Ran::done(unit))
    }

    async fn for_person(&self, context: &Context, run: &Run) -> Result<Result<ForPerson, Ran>, Failure> {
        let over = || Ok(Err(Ran::skipped(messages::OVER)));
        let Owner::Person(user) = &run.owner else { return Ok(Err(Ran::unknown_work())) };
        let Some((retro, programme)) = open_retro(context, &run.subject).await? else { return over() };
        let person = context.store.person(user).await?.filter(|person| !person.deactivated);
        let Some(person) = person else { return over() };
        let own = settings::of_person(&context.store, user).await?;
        Ok(Ok(ForPerson { retro, programme, person, own }))
    }
}

/// Returns the retro with this id and its programme, while it takes answers.
pub(super) async fn open_retro(context: &Context, id: &str) -> Result<Option<(Retro, Programme)>, Failure> {
    let retro = store::retro(&context.store, id).await?;
    let Some(retro) = retro.filter(|retro| retro.takes_answers(context.now)) else { return Ok(None) };
    let programme = context.store.programme(&retro.programme).await?;
    Ok(programme.map(|programme| (retro, programme)))
}

/// Adds to a unit that what is left of a question is overwritten soon after it was sent, together with those of the same minutes.
fn put_tidy(unit: &mut UnitOfWork, context: &Context, retro: &Retro) {
    let turn = context.now.timestamp().div_euclid(TIDY_SECONDS) + 1;
    let at = from_ms(turn.saturating_mul(TIDY_SECONDS * 1_000));
    let run = NewRun {
        owner: Owner::None,
        ritual: NAME,
        occasion: None,
        kind: TIDY,
        subject: &format!("{} {turn}", retro.id),
        due: Occurrence { at, wall: at.naive_utc() },
        late: CatchUp::Within(Duration::days(LATEST_TIDY_DAYS)),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}

/// Draws a random key for each anonymous prompt, and adds to the unit that they leave the pool; `None` if one is missing.
async fn draw(
    unit: &mut UnitOfWork,
    context: &Context,
    retro: &Retro,
    prompts: &[AskedPrompt],
) -> Result<Option<AnswerKeys>, Failure> {
    let mut keys = Vec::new();
    for prompt in prompts.iter().filter(|prompt| prompt.is_anonymous) {
        let at = (retro.id.as_str(), prompt.place.as_str());
        let Some(key) = store::draw_key(&context.store, at, &context.entropy.key()).await? else {
            return Ok(None);
        };
        store::take_key(unit, &context.team, &key);
        keys.push((prompt.place.clone(), key));
    }
    Ok(Some(AnswerKeys { retro: retro.id.clone(), keys }))
}

/// Adds to a unit that the questions of a retro that is over read so, without buttons.
pub(super) async fn questions_are_over(
    unit: &mut UnitOfWork,
    context: &Context,
    retro: &Retro,
    over: &Message,
) -> Result<(), Failure> {
    for person in store::asked_so_far(&context.store, &retro.id).await? {
        let question = to_asked(context, retro, &person, (QUESTION, over.clone()))?;
        context.revise(unit, &question.key, &question.effect)?;
    }
    Ok(())
}

/// Returns a message to a person who was asked; it is one of many, and worthless once the retro has closed.
pub(super) fn to_asked(
    context: &Context,
    retro: &Retro,
    person: &UserId,
    (kind, message): (&str, Message),
) -> Result<NewEffect, Failure> {
    let key = format!("retro/{kind}/{}/{person}", retro.id);
    Ok(NewEffect {
        owner: Owner::Programme(retro.programme.clone()),
        lane: Lane::Bulk,
        expires_at: Some(retro.closes_at),
        keep: Keep::Until(retro.closes_at),
        delivery: DeliveryGuarantee::AtLeastOnce,
        ..to_person(context, NAME, key, person, message)?
    })
}
