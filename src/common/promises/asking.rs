//! Who can be asked for a promise, and what another form asks for.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Due, Owner, Promise, PromiseOrigin, PromiseState, ask, form, make,
    messages::{
        NotAsked, Refused, RequestFields, asked_them_later, not_asked, promised_own, refused_at_field,
    },
    store, told,
};
use crate::{
    common::setup::Complaints,
    model::{
        event::{FieldValue, Reply},
        failure::{Failure, Lookup},
        message::Message,
        people::{ChannelId, PersonKind, UserId},
    },
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What the form of an occasion asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requested {
    pub promises: Vec<Promise>,
    /// The field with the words of each.
    fields: Vec<String>,
}

impl Requested {
    /// Adds all of them to a unit. The asker is told by DM when those will be asked who aren't at work now.
    pub async fn ask(&self, unit: &mut UnitOfWork, context: &Context) -> Result<(), Failure> {
        let mut later = Vec::new();
        for promise in &self.promises {
            if promise.state == PromiseState::Open {
                promise_own(unit, context, promise).await?;
            } else {
                later.extend(ask(unit, context, promise).await?);
            }
        }
        let Some(first) = self.promises.first().filter(|_| !later.is_empty()) else { return Ok(()) };
        let message = asked_them_later(&later, today(context, &first.asker).await?);
        let key = format!("promises/asked_later/{}", first.id);
        Ok(context.enqueue_once(unit, &told(context, key, &first.asker, message))?)
    }

    /// Says at the field why a unit with them was refused; `None` if this guard is none of promises.
    pub async fn refused(&self, context: &Context, guard: &str) -> Result<Option<Reply>, Failure> {
        let mut complaints = Complaints::default();
        for (promise, field) in self.promises.iter().zip(&self.fields) {
            let why = match guard {
                store::TWICE if store::is_recent(&context.store, promise, context.now).await? => {
                    Refused::Twice
                }
                store::ASKED_OFTEN if !promise.is_own() => Refused::Often,
                store::FULL if promise.is_own() => Refused::Full,
                _ => continue,
            };
            complaints.add(field, refused_at_field(why));
        }
        Ok((!complaints.is_empty()).then(|| complaints.reply()))
    }
}

/// Returns what the form of an occasion asks for, such as the one that closes it; what is wrong is said at its field. A
/// request that names no one is for the person who sends the form: they are asked, unless they name themselves and a date. The same
/// request twice is one.
pub async fn requested(
    context: &Context,
    (programme, date): (&Programme, NaiveDate),
    (user, answers): (&UserId, &BTreeMap<String, FieldValue>),
    complaints: &mut Complaints,
) -> Result<Requested, Failure> {
    let mut requested = Requested::default();
    for fields in RequestFields::all() {
        let Some(wanted) = form::wanted(user, answers, &fields, complaints) else { continue };
        let is_named = wanted.owner.is_some();
        let owner = wanted.owner.unwrap_or_else(|| user.clone());
        let may = may_be_asked(context, (user, &owner), Some(&programme.channel)).await;
        if complaints.at(&context.store, &fields.who, may).await?.is_none() {
            continue;
        }
        if let Some(due) = wanted.due
            && let Some(wrong) =
                form::wrong_date_of(due, today(context, &owner).await?, today(context, user).await?)
        {
            complaints.add(&fields.date, wrong);
        }
        let asked = Promise {
            due: wanted.due.map(Due::on),
            origin: PromiseOrigin {
                channel: Some(programme.channel.clone()),
                programme: programme.id.clone(),
                occasion: Some(date),
            },
            ..Promise::asked(context.id(), owner, user.clone(), wanted.words)
        };
        // Those who name themselves and a date have promised it.
        let is_promised = is_named && asked.is_own();
        let promise = match asked.due.filter(|_| is_promised) {
            Some(due) => asked.promised_for(due, context.now),
            None => asked,
        };
        let is_there = requested.promises.iter().any(|other| other.fingerprint() == promise.fingerprint());
        if !is_there {
            requested.fields.push(fields.what);
            requested.promises.push(promise);
        }
    }
    Ok(requested)
}

/// Adds to a unit what a person promises in a form, and tells them by DM when they are reminded.
async fn promise_own(unit: &mut UnitOfWork, context: &Context, promised: &Promise) -> Result<(), Failure> {
    let owner = Owner::load(context, &promised.owner).await?;
    let at = make(unit, context, promised, &owner);
    let message = promised_own(promised, (owner.today(context.now), owner.zone), at);
    let key = format!("promises/made/{}", promised.id);
    Ok(context.enqueue_once(unit, &told(context, key, &promised.owner, message))?)
}

/// Returns the date on a person's wall.
pub async fn today(context: &Context, user: &UserId) -> Result<NaiveDate, Failure> {
    let zone = context.store.zone_of(user).await?.unwrap_or(context.zone);
    Ok(context.now.with_timezone(&zone).date_naive())
}

/// Lets those pass who may be asked by a person for what is from a channel, or from none. Of a person who isn't known Slack is asked first.
pub async fn may_be_asked(
    context: &Context,
    (asker, owner): (&UserId, &UserId),
    channel: Option<&ChannelId>,
) -> Result<(), Failure> {
    if asker == owner {
        return Ok(());
    }
    let no = |why: NotAsked| Err(Failure::refuse(Message::new(not_asked(why, owner))));
    if *owner == context.bot {
        return no(NotAsked::Me);
    }
    let Some(person) = context.store.person(owner).await? else {
        if context.suppressed().await?.holds(owner) {
            return no(NotAsked::Erased);
        }
        let lookup = Lookup::Person(owner.clone());
        return if context.has_asked(&lookup) { no(NotAsked::Unknown) } else { Err(Failure::Later(lookup)) };
    };
    let asker_is_guest =
        context.store.person(asker).await?.is_some_and(|person| person.kind == PersonKind::Guest);
    let why = match person.kind {
        _ if asker_is_guest => Some(NotAsked::AskerIsGuest),
        PersonKind::Bot => Some(NotAsked::Bot),
        _ if person.deactivated => Some(NotAsked::Deactivated),
        PersonKind::Stranger => Some(NotAsked::Stranger),
        PersonKind::Guest => Some(NotAsked::Guest),
        PersonKind::Member => None,
    };
    if let Some(why) = why {
        context.miss_a_person(owner);
        return no(why);
    }
    match channel {
        Some(channel) if !context.store.is_member(channel, owner).await? => {
            context.miss_a_channel(channel);
            no(NotAsked::NotInChannel)
        }
        _ => Ok(()),
    }
}
