//! Taking part in a channel's chats, sitting one round out, and leaving.

use chrono::NaiveDate;

use super::{Coffee, members_of, messages, next_round, store};
use crate::{
    common::programmes::ReplyVia,
    model::{failure::Failure, people::UserId},
    ritual::{Answer, Context},
    store::{programmes::Programme, unit::UnitOfWork},
};

/// Brings a person back in.
pub(super) async fn join<'c>(
    coffee: &'c Coffee,
    context: &'c Context,
    programme: Programme,
    user: UserId,
    asked: ReplyVia,
) -> Result<Answer<'c>, Failure> {
    coffee.programmes(context).may_take_part(&user).await?;
    let next = next_round(context, &programme).await?;
    let members = members_of(context, &programme, next.map(|next| next.wall)).await?;
    let absences = store::absences(&context.store, &programme.id).await?;
    // A skip of a round that is over changes nothing.
    let today = context.now.with_timezone(&coffee.programmes(context).times(&programme)?.zone).date_naive();
    let was_out = absences.iter().any(|(who, absence)| {
        *who == user && !matches!(absence, store::Absence::Skips(date) if *date < today.to_string())
    });
    let mut unit = UnitOfWork::new();
    store::join(&mut unit, &context.team, &programme.id, &user);
    let message = if !was_out && members.here.iter().any(|person| person.id == user) {
        messages::already_in(next.as_ref())
    } else if !members.knows(&user) {
        match asked {
            ReplyVia::Typed => messages::not_seen(&programme.channel),
            _ => messages::not_in_channel(&programme.channel),
        }
    } else if members.away.contains(&user) {
        messages::joined_but_away(next.as_ref())
    } else {
        messages::joined(next.as_ref())
    };
    Ok(Answer::new(unit, asked.reply(message)))
}

/// Takes a person out.
pub(super) fn leave<'c>(
    context: &Context,
    programme: &Programme,
    user: &UserId,
    asked: ReplyVia,
) -> Answer<'c> {
    let mut unit = UnitOfWork::new();
    store::leave(&mut unit, &context.team, &programme.id, user, context.now);
    let message = messages::left((&programme.name, &programme.channel), &programme.id);
    Answer::new(unit, asked.reply(message))
}

/// Leaves a person out of the next round; nothing changes if they pressed a button about another one.
pub(super) async fn skip<'c>(
    coffee: &'c Coffee,
    context: &Context,
    (programme, date): (Programme, Option<NaiveDate>),
    user: UserId,
    asked: ReplyVia,
) -> Result<Answer<'c>, Failure> {
    let next = next_round(context, &programme).await?;
    let next = next.ok_or_else(|| Failure::refuse(messages::nothing_to_skip()))?;
    if date.is_some_and(|date| date != next.wall.date()) {
        return Ok(Answer::reply(asked.reply(messages::another_round_is_next(&next, &coffee.command))));
    }
    let absences = store::absences(&context.store, &programme.id).await?;
    // A person who has left does not come back by skipping a round.
    if absences.contains(&(user.clone(), store::Absence::Left)) {
        let message = messages::already_left((&programme.name, &programme.channel), &programme.id);
        return Ok(Answer::reply(asked.reply(message)));
    }
    let mut unit = UnitOfWork::new();
    store::skip(&mut unit, &context.team, &programme.id, &user, &next.wall.date().to_string());
    let members = members_of(context, &programme, Some(next.wall)).await?;
    let message = if members.knows(&user) {
        messages::skipping(&next, &programme.name, &programme.id)
    } else {
        messages::not_seen(&programme.channel)
    };
    Ok(Answer::new(unit, asked.reply(message)))
}
