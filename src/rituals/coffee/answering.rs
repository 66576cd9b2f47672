//! What people say of their group: that it met, that it hasn't yet, or that it didn't work out this time.

use super::{messages, next_round, notice::question_key, plan::CoffeeGroup, round::introduction_key, store};
use crate::{
    model::{
        effect::{Effect, Target},
        event::{Action, Reply},
        failure::Failure,
        message::Message,
    },
    ritual::{Answer, Context},
    store::{
        absences::{self, Absence},
        programmes::Programme,
        unit::UnitOfWork,
    },
};

/// A group of which one of its people says something, and the chats that it is of.
struct Answered {
    group: CoffeeGroup,
    programme: Option<Programme>,
    /// What the chats are called.
    name: String,
}

/// Notes that a group met.
pub(super) async fn met<'c>(context: &Context, action: &Action) -> Result<Answer<'c>, Failure> {
    let Answered { group, programme, name } = answered(context, action).await?;
    let introduction = messages::introduction_met(&group, &name, &action.user);
    let question = messages::question_answered(&group, &name, &action.user);
    let has_left = absences::of_programme(&context.store, &group.programme)
        .await?
        .contains(&(action.user.clone(), Absence::Left));
    let goes_on = !has_left && programme.is_some_and(|programme| programme.ended_at.is_none());
    note(context, &group, true, (introduction, question), messages::thanks(goes_on))
}

/// Notes that a group has not met yet, or takes back that it has.
pub(super) async fn not_yet<'c>(context: &Context, action: &Action) -> Result<Answer<'c>, Failure> {
    let Answered { group, programme, name } = answered(context, action).await?;
    let latest = store::held(&context.store, &group.programme, 1).await?;
    let is_latest = latest.first().is_none_or(|latest| latest.date == group.date);
    let next = match programme {
        Some(programme) if is_latest => next_round(context, &programme).await?,
        _ => None,
    };
    let changed = (messages::introduction(&group, &name), messages::ask_whether_met(&group, &name));
    note(context, &group, false, changed, messages::no_rush(next.as_ref()))
}

/// Notes at the end of a round that a group did not meet. The question says so, and that they may still have.
pub(super) async fn not_this_time<'c>(context: &Context, action: &Action) -> Result<Answer<'c>, Failure> {
    let Answered { group, name, .. } = answered(context, action).await?;
    let question = messages::question_declined(&group, &name, &action.user);
    let mut unit = UnitOfWork::new();
    store::not_met(&mut unit, &context.team, &group.id);
    change(&mut unit, context, &group, &question_key(&group.id), question)?;
    let noted = Answer::new(unit, Reply::Ephemeral(messages::noted()));
    Ok(noted.or_refuse(Failure::refuse(messages::met_already())))
}

/// Finds the group. Only those who were put together answer for it.
async fn answered(context: &Context, action: &Action) -> Result<Answered, Failure> {
    let group = store::group(&context.store, &action.value).await?;
    let group = group.ok_or_else(|| Failure::refuse(messages::unknown_group()))?;
    if !group.people.contains(&action.user) {
        return Err(Failure::refuse(messages::not_your_group()));
    }
    let programme = context.store.programme(&group.programme).await?;
    let name = programme.as_ref().map(|programme| programme.name.clone()).unwrap_or_default();
    Ok(Answered { group, programme, name })
}

fn note<'c>(
    context: &Context,
    group: &CoffeeGroup,
    met: bool,
    (introduction, question): (Message, Message),
    answer: Message,
) -> Result<Answer<'c>, Failure> {
    let mut unit = UnitOfWork::new();
    store::answer(&mut unit, &context.team, &group.id, met, context.now);
    change(&mut unit, context, group, &introduction_key(&group.id), introduction)?;
    change(&mut unit, context, group, &question_key(&group.id), question)?;
    let said = Answer::new(unit, Reply::Ephemeral(answer.clone()));
    // It is known already, so nothing changes; the person is answered all the same.
    Ok(said.or_else(|_| Box::pin(std::future::ready(Ok(Answer::reply(Reply::Ephemeral(answer)))))))
}

/// Changes a message of a group that may be there.
fn change(
    unit: &mut UnitOfWork,
    context: &Context,
    group: &CoffeeGroup,
    key: &str,
    message: Message,
) -> Result<(), Failure> {
    let effect = Effect::Post { to: Target::Group(group.people.clone()), message };
    Ok(context.amend(unit, key, &effect)?)
}
