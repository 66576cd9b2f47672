//! Giving: from a draft to a committed gift, announced in its channel or, where that is closed, by DM.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::Duration;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Kudos, NAME, Place, announcement_key, messages, note,
    plan::{self, FormField, Gift, GiftDraft, Objection, Rules},
    private_key,
    request::grammar::Piece,
    store,
};
use crate::{
    model::{
        authority::Operation,
        effect::{NewEffect, Origin, Target},
        event::Reply,
        failure::{Failure, Lookup},
        message::Message,
        people::{ChannelId, Person, PersonKind, UserId},
        refusal::Refusal,
        text::{Markup, unescape},
    },
    ritual::{Answer, Context, Settled},
    store::unit::UnitOfWork,
};

/// How a gift came in, which decides where an objection is shown.
pub(super) enum Way {
    /// Behind the command; what was typed.
    Typed(String),
    /// In the form.
    Form,
    /// By the button that gives the same once more.
    OnceMore,
    /// By a button of another ritual, which has chosen the gift's id.
    Offered(String),
}

/// What the announcement's row remembers for when it is known what became of it.
#[derive(Serialize, Deserialize)]
pub(super) struct Announced {
    pub(super) gift: String,
    /// Where the giver can be told.
    place: Place,
    /// What the giver is called.
    #[serde(default)]
    giver: Option<String>,
}

/// The most that a button's value may hold.
const LONGEST_VALUE: usize = 2_000;

/// Who gives, where, and how it came in.
pub(super) struct Giver {
    pub(super) user: UserId,
    /// What Slack calls them.
    pub(super) user_name: Option<String>,
    pub(super) place: Place,
    pub(super) way: Way,
}

/// A gift that only the store can still refuse.
struct Ready {
    gift: Gift,
    id: String,
    /// What the giver is called.
    giver: Option<String>,
    local_date: String,
    fingerprint: String,
}

impl Kudos {
    /// Gives, or says what stands in the way.
    pub(super) async fn give<'c>(
        &'c self,
        context: &'c Context,
        giver: Giver,
        draft: &GiftDraft,
    ) -> Result<Answer<'c>, Failure> {
        if context.may(&giver.user, &Operation::Give).await?.is_err() {
            return self.object(&Objection::NotAllowed, &giver.way);
        }
        if let Some(objection) = plan::oversized(draft) {
            return self.object(&objection, &giver.way);
        }
        let mut directory = self.look_up(context, &giver.user, draft).await?;
        let Some(draft) = without_erased(context, draft, &directory).await? else {
            return self.object(&Objection::Erased, &giver.way);
        };
        let draft = &*draft;
        let local_date = local_date(directory.get(&giver.user), context);
        let name = plan::known_as(directory.get(&giver.user), giver.user_name.as_deref());
        // The bot knows itself for one, also before it has read who else is here.
        directory.insert(context.bot.clone(), itself(context));
        let planned = match self.members_of_groups(context, draft).await? {
            Ok(members) => {
                directory.extend(context.store.people(&members).await?);
                plan::gift(draft, &members, &giver.user, &directory, self.rules())
            }
            Err(objection) => Err(objection),
        };
        let gift = match planned {
            Ok(gift) => gift,
            Err(objection) => return self.object(&objection, &giver.way),
        };
        let id = match &giver.way {
            Way::Offered(id) => id.clone(),
            Way::Typed(_) | Way::Form | Way::OnceMore => context.id(),
        };
        let fingerprint = match giver.way {
            // Once more is another gift than the one before, and pressed twice it is still one.
            Way::OnceMore => format!("once more {}", plan::fingerprint(&gift)),
            Way::Typed(_) | Way::Form | Way::Offered(_) => plan::fingerprint(&gift),
        };
        let ready = Ready { gift, id, giver: name, local_date, fingerprint };
        let unit = self.unit(context, &giver, &ready)?;
        let confirmation = self.confirmation(&giver, &ready);
        let reply = match giver.way {
            Way::Typed(_) | Way::Offered(_) => Reply::Ephemeral(confirmation),
            Way::OnceMore => Reply::Replace(confirmation),
            Way::Form => Reply::Nothing,
        };
        let answer = Answer::new(unit, reply);
        Ok(answer.or_else(move |guard| match guard {
            store::GIVEN => Box::pin(std::future::ready(Err(Failure::refuse(messages::given_already())))),
            _ => Box::pin(self.over_the_day(context, giver, ready)),
        }))
    }

    fn rules(&self) -> Rules {
        Rules { allowance: self.allowance(), reason_required: self.settings.reason_required }
    }

    fn confirmation(&self, giver: &Giver, ready: &Ready) -> Message {
        let in_private = is_private_place(&giver.place.channel);
        messages::confirmation(&ready.gift, &ready.id, self.settings.undo_minutes, in_private)
    }

    /// The giver, and all people that the draft names.
    async fn look_up(
        &self,
        context: &Context,
        giver: &UserId,
        draft: &GiftDraft,
    ) -> Result<BTreeMap<UserId, Person>, Failure> {
        let mut ids: Vec<UserId> = std::iter::once(giver).chain(plan::named(draft)).cloned().collect();
        ids.sort();
        ids.dedup();
        Ok(context.people(&ids).await?)
    }

    async fn members_of_groups(
        &self,
        context: &Context,
        draft: &GiftDraft,
    ) -> Result<Result<Vec<UserId>, Objection>, Failure> {
        let mut members = Vec::new();
        for (group, handle) in &draft.groups {
            let Some(people) = context.store.group_members(group).await? else {
                if !context.has_asked(&Lookup::Groups) {
                    return Err(Failure::Later(Lookup::Groups));
                }
                return Ok(Err(Objection::UnknownGroup(handle.clone())));
            };
            members.extend(people);
        }
        Ok(Ok(members))
    }

    /// Everything that a gift writes, together or not at all.
    fn unit(&self, context: &Context, giver: &Giver, ready: &Ready) -> Result<UnitOfWork, Failure> {
        let Ready { gift, id, giver: name, local_date, fingerprint } = ready;
        let name = name.as_deref();
        let mut unit = UnitOfWork::new();
        let row = store::NewGift {
            id,
            giver: &giver.user,
            channel: &giver.place.channel,
            receivers: &gift.receivers,
            reason: &gift.reason,
            local_date,
            allowance: self.allowance().unwrap_or(i64::MAX),
            fingerprint,
        };
        if let Way::Offered(_) = giver.way {
            store::put_once(&mut unit, &context.team, &row, context.now);
        } else {
            store::put(&mut unit, &context.team, &row, context.now);
        }
        if is_private_place(&giver.place.channel) {
            // A slash command also works in a DM, which no one else reads: the people thanked are told directly.
            private_effects(&mut unit, context, (&giver.user, name), &gift.receivers, id, &gift.reason)?;
        } else {
            let announced =
                Announced { gift: id.clone(), place: giver.place.clone(), giver: name.map(str::to_owned) };
            let message = messages::announcement(name, &gift.receivers, &gift.reason);
            let to = Target::Channel(giver.place.channel.clone());
            let mut effect = post(context, announcement_key(id), note(&announced)?, to, message);
            effect.origin.wants_sent = true;
            context.enqueue(&mut unit, &effect.caused_by(&giver.user))?;
        }
        if matches!(giver.way, Way::Form) {
            let message = self.confirmation(giver, ready);
            let answer = tell(context, format!("kudos/given/{id}"), &giver.place, &giver.user, message);
            context.enqueue(&mut unit, &answer)?;
        }
        Ok(unit)
    }

    fn object<'c>(&self, objection: &Objection, way: &Way) -> Result<Answer<'c>, Failure> {
        match way {
            Way::Typed(_) | Way::OnceMore | Way::Offered(_) => Err(self.refuse(objection)),
            Way::Form => Ok(form_error(objection.about(), &messages::objection_line(objection))),
        }
    }

    /// Says why the giver's day said no: the same words came just before, or the allowance is used up. What the day forbids
    /// now it may allow later, so what was typed is answered for good: a late repetition of the same delivery is not carried
    /// out, and a person who still wants it types it anew.
    async fn over_the_day<'c>(
        &'c self,
        context: &'c Context,
        giver: Giver,
        ready: Ready,
    ) -> Result<Answer<'c>, Failure> {
        let receivers = &ready.gift.receivers;
        let day = store::day(&context.store, &giver.user, &ready.local_date).await?;
        let echo = day.as_ref().is_some_and(|day| {
            day.last_fingerprint == ready.fingerprint
                && context.now - day.last_at < Duration::milliseconds(plan::echo_ms!())
        });
        let allowance = self.allowance().unwrap_or(i64::MAX);
        let left = (allowance - day.map_or(0, |day| day.people)).max(0);
        let spent = if plan::size(receivers.len()) <= left {
            messages::taken_back_too_often()
        } else {
            messages::spent(receivers.len(), left, allowance)
        };
        match giver.way {
            Way::Form if echo => Ok(form_error(FormField::People, &messages::SAME_AGAIN_IN_FORM.into())),
            Way::Form => Ok(form_error(FormField::People, &spent)),
            Way::OnceMore | Way::Offered(_) if echo => {
                Err(Failure::refuse(messages::same_again(receivers, None)))
            }
            Way::OnceMore | Way::Offered(_) => Err(Failure::refuse(spent)),
            Way::Typed(text) if echo => {
                let typed = (text.len() <= LONGEST_VALUE).then_some(text);
                Ok(Answer::reply(Reply::Ephemeral(messages::same_again(receivers, typed))))
            }
            Way::Typed(_) => Ok(Answer::reply(Reply::Ephemeral(spent.into()))),
        }
    }

    /// The announcement was refused for good: the people thanked are told by DM, and the giver why.
    pub(super) async fn tell_privately(
        &self,
        context: &Context,
        origin: &Origin,
        error: &str,
    ) -> Result<Settled, Failure> {
        let Ok(announced) = serde_json::from_str::<Announced>(&origin.note) else {
            // It was not an announcement. A DM to a person who has left needs no attention.
            let is_settled = Refusal::of(error) == Refusal::Person;
            return Ok(Settled { unit: UnitOfWork::new(), is_settled });
        };
        let Some(gift) = store::gift(&context.store, &announced.gift).await? else {
            return Ok(Settled::with(UnitOfWork::new()));
        };
        if gift.undone_at.is_some() {
            return Ok(Settled::with(UnitOfWork::new()));
        }
        let receivers = store::receivers(&context.store, &gift.id).await?;
        let mut unit = UnitOfWork::new();
        let name = self.giver_name(context, &gift.giver, announced.giver.as_deref()).await?;
        let giver = (&gift.giver, name.as_deref());
        private_effects(&mut unit, context, giver, &receivers, &gift.id, &gift.reason)?;
        let hint = messages::told_privately(&receivers, &gift.channel, &context.bot, error);
        let key = format!("kudos/hint/{}", gift.id);
        let answer = tell(context, key, &announced.place, &gift.giver, hint);
        context.enqueue(&mut unit, &answer)?;
        Ok(Settled::with(unit))
    }

    /// What a giver is called now, as far as it is known.
    pub(super) async fn giver_name(
        &self,
        context: &Context,
        giver: &UserId,
        user_name: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let known = context.people(std::slice::from_ref(giver)).await?;
        Ok(plan::known_as(known.get(giver), user_name))
    }
}

/// A draft whose reason names no erased person; `None` where it thanks one. People in the directory were not erased.
async fn without_erased<'d>(
    context: &Context,
    draft: &'d GiftDraft,
    directory: &BTreeMap<UserId, Person>,
) -> Result<Option<Cow<'d, GiftDraft>>, Failure> {
    let is_unknown = |person: &UserId| !directory.contains_key(person) && *person != context.bot;
    let is_in_doubt = |piece: &Piece| matches!(piece, Piece::Person(person, _) if is_unknown(person));
    if !draft.people.iter().any(is_unknown) && !draft.reason.iter().any(is_in_doubt) {
        return Ok(Some(Cow::Borrowed(draft)));
    }
    let suppressed = context.suppressed().await?;
    if draft.people.iter().any(|person| suppressed.holds(person)) {
        return Ok(None);
    }
    let mut draft = draft.clone();
    for piece in &mut draft.reason {
        if matches!(piece, Piece::Person(person, _) if suppressed.holds(person)) {
            *piece = Piece::Words("@someone".to_owned());
        }
    }
    Ok(Some(Cow::Owned(draft)))
}

fn private_effects(
    unit: &mut UnitOfWork,
    context: &Context,
    (giver, name): (&UserId, Option<&str>),
    receivers: &[UserId],
    id: &str,
    reason: &str,
) -> Result<(), Failure> {
    for reader in receivers.iter().filter(|reader| !reader.is_pseudonym()) {
        let message = messages::private_announcement(name, receivers, reader, reason);
        let effect = private_effect(context, id, reader, message);
        context.enqueue(unit, &effect.caused_by(giver))?;
    }
    Ok(())
}

/// What one of the people thanked reads in their DM.
pub(super) fn private_effect(context: &Context, gift: &str, reader: &UserId, message: Message) -> NewEffect {
    let to = Target::Person(reader.clone());
    post(context, private_key(gift, reader.as_str()), String::new(), to, message)
}

fn post(context: &Context, key: String, note: String, to: Target, message: Message) -> NewEffect {
    NewEffect::post(Origin::new(NAME, note), key, to, message, context.now)
}

/// Tells the giver where they typed, for as long as that works, and then by DM.
fn tell(context: &Context, key: String, place: &Place, giver: &UserId, message: Message) -> NewEffect {
    let effect = if context.now.timestamp_millis() < place.until {
        NewEffect::answer(NAME, key, place.response_url.clone(), message, false, context.now)
    } else {
        post(context, key, String::new(), Target::Person(giver.clone()), message)
    };
    effect.caused_by(giver)
}

fn itself(context: &Context) -> Person {
    Person {
        id: context.bot.clone(),
        name: "Rondo".to_owned(),
        zone: None,
        kind: PersonKind::Bot,
        deactivated: false,
        admin: false,
    }
}

/// A person who is not in the directory yet is taken to live in the configured zone.
fn local_date(person: Option<&Person>, context: &Context) -> String {
    context.now.with_timezone(&zone(person, context)).date_naive().to_string()
}

fn zone(person: Option<&Person>, context: &Context) -> Tz {
    person.and_then(|person| person.zone).unwrap_or(context.zone)
}

/// An error at a field of the form, which shows plain text.
pub(super) fn form_error<'c>(about: FormField, line: &Markup) -> Answer<'c> {
    let field = match about {
        FormField::People => messages::PEOPLE,
        FormField::Reason => messages::REASON,
    };
    Answer::reply(Reply::Errors(BTreeMap::from([(field.to_owned(), unescape(line.as_str()))])))
}

/// Whether a channel's id is that of a DM between two people, or of one with the bot.
fn is_private_place(channel: &ChannelId) -> bool {
    channel.as_str().starts_with('D')
}
