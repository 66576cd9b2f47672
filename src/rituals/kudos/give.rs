//! Giving: from a draft to a committed gift, announced in its channel or, where that is closed, by DM.

use std::collections::BTreeMap;

use chrono::Duration;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Kudos, NAME, Place, announcement_key, messages, note,
    plan::{self, About, Draft, Gift, Objection, Rules},
    private_key, store,
};
use crate::{
    model::{
        effect::{Effect, Origin, Target},
        event::Reply,
        failure::Failure,
        message::Message,
        people::{ChannelId, Kind, Person, UserId},
        refusal::Refusal,
        text::{Markup, unescape},
    },
    rituals::ritual::{Saved, Visit},
    store::{outbox, unit::Unit},
};

/// How a gift came in, which decides where an objection is shown.
#[derive(Clone, Copy)]
pub(super) enum Way<'t> {
    /// Behind the command; what was typed.
    Typed(&'t str),
    /// In the form.
    Form,
    /// By the button that gives the same once more.
    OnceMore,
}

/// What the announcement's row remembers for the case that Slack refuses it.
#[derive(Serialize, Deserialize)]
struct Announced {
    gift: String,
    /// Where the giver can be told.
    place: Place,
    /// What the giver is called.
    #[serde(default)]
    giver: Option<String>,
}

/// The most that a button's value may hold.
const LONGEST_VALUE: usize = 2_000;

/// Who gives, where, and how it came in.
pub(super) struct Giver<'g> {
    pub(super) user: &'g UserId,
    /// What Slack calls them.
    pub(super) user_name: Option<&'g str>,
    pub(super) place: &'g Place,
    pub(super) way: Way<'g>,
}

/// A gift that only the store can still refuse.
struct Ready {
    gift: Gift,
    id: String,
    /// What the giver is called.
    giver: Option<String>,
    local_date: String,
    print: String,
}

impl Kudos {
    /// Gives, or says what stands in the way.
    pub(super) async fn give(
        &self,
        visit: &Visit,
        giver: Giver<'_>,
        draft: &Draft,
    ) -> Result<Reply, Failure> {
        if let Some(objection) = plan::oversized(draft) {
            return self.object(&objection, giver.way);
        }
        let mut directory = self.look_up(visit, giver.user, draft).await?;
        let local_date = local_date(directory.get(giver.user), visit);
        let name = plan::known_as(directory.get(giver.user), giver.user_name);
        // The bot knows itself for one, also before it has read who else is here.
        directory.insert(visit.bot.clone(), itself(visit));
        let planned = match self.members_of_groups(visit, draft).await? {
            Ok(members) => {
                directory.extend(visit.store.people(&visit.team, &members).await?);
                plan::gift(draft, &members, giver.user, &directory, self.rules())
            }
            Err(objection) => Err(objection),
        };
        let gift = match planned {
            Ok(gift) => gift,
            Err(objection) => return self.object(&objection, giver.way),
        };
        let id = visit.entropy.id(visit.now);
        let print = match giver.way {
            // Once more is another gift than the one before, and pressed twice it is still one.
            Way::OnceMore => format!("once more {}", plan::print(&gift)),
            Way::Typed(_) | Way::Form => plan::print(&gift),
        };
        let ready = Ready { gift, id, giver: name, local_date, print };
        let unit = self.unit(visit, &giver, &ready)?;
        let reply = match giver.way {
            Way::Typed(_) => Reply::Ephemeral(self.confirmation(&giver, &ready)),
            Way::Form | Way::OnceMore => Reply::Nothing,
        };
        match visit.save(unit, reply).await? {
            Saved::Yes(reply) => Ok(reply),
            Saved::No(_) => self.over_the_day(visit, &giver, &ready).await,
        }
    }

    fn rules(&self) -> Rules {
        Rules { allowance: self.allowance(), reason_required: self.settings.reason_required }
    }

    fn confirmation(&self, giver: &Giver<'_>, ready: &Ready) -> Message {
        let in_private = is_private_place(&giver.place.channel);
        messages::confirmation(&ready.gift, &ready.id, self.settings.undo_minutes, in_private)
    }

    /// The giver, and everybody whom the draft names.
    async fn look_up(
        &self,
        visit: &Visit,
        giver: &UserId,
        draft: &Draft,
    ) -> Result<BTreeMap<UserId, Person>, Failure> {
        let mut ids: Vec<UserId> = std::iter::once(giver).chain(plan::named(draft)).cloned().collect();
        ids.sort();
        ids.dedup();
        Ok(visit.store.people(&visit.team, &ids).await?)
    }

    async fn members_of_groups(
        &self,
        visit: &Visit,
        draft: &Draft,
    ) -> Result<Result<Vec<UserId>, Objection>, Failure> {
        let mut members = Vec::new();
        for (group, handle) in &draft.groups {
            let Some(people) = visit.store.group_members(&visit.team, group).await? else {
                visit.miss_a_group();
                return Ok(Err(Objection::UnknownGroup(handle.clone())));
            };
            members.extend(people);
        }
        Ok(Ok(members))
    }

    /// Everything that a gift writes, together or not at all.
    fn unit(&self, visit: &Visit, giver: &Giver<'_>, ready: &Ready) -> Result<Unit, Failure> {
        let Ready { gift, id, giver: name, local_date, print } = ready;
        let name = name.as_deref();
        let mut unit = Unit::new();
        let row = store::NewGift {
            id,
            giver: giver.user,
            channel: &giver.place.channel,
            receivers: &gift.receivers,
            reason: &gift.reason,
            local_date,
            allowance: self.allowance().unwrap_or(i64::MAX),
            print,
        };
        store::put(&mut unit, &visit.team, &row, visit.now);
        if is_private_place(&giver.place.channel) {
            // A slash command also works in a DM, which nobody else reads: the people thanked are told directly.
            private_effects(&mut unit, visit, (giver.user, name), &gift.receivers, id, &gift.reason)?;
        } else {
            let announced =
                Announced { gift: id.clone(), place: giver.place.clone(), giver: name.map(str::to_owned) };
            let message = messages::announcement(name, &gift.receivers, &gift.reason);
            let to = Target::Channel(giver.place.channel.clone());
            let effect = post(visit, announcement_key(id), note(&announced)?, to, message);
            outbox::enqueue(&mut unit, &visit.team, &effect.caused_by(giver.user), visit.now)?;
        }
        if !matches!(giver.way, Way::Typed(_)) {
            let replace = matches!(giver.way, Way::OnceMore);
            let message = self.confirmation(giver, ready);
            let answer = tell(visit, format!("kudos/given/{id}"), giver.place, giver.user, message, replace);
            outbox::enqueue(&mut unit, &visit.team, &answer, visit.now)?;
        }
        Ok(unit)
    }

    fn object(&self, objection: &Objection, way: Way<'_>) -> Result<Reply, Failure> {
        match way {
            Way::Typed(_) | Way::OnceMore => Err(self.refuse(objection)),
            Way::Form => Ok(form_error(objection.about(), &messages::objection_line(objection))),
        }
    }

    /// Says why the giver's day said no: the same words came just before, or the allowance is used up.
    async fn over_the_day(&self, visit: &Visit, giver: &Giver<'_>, ready: &Ready) -> Result<Reply, Failure> {
        let receivers = &ready.gift.receivers;
        let day = store::day(&visit.store, &visit.team, giver.user, &ready.local_date).await?;
        let echo = day.as_ref().is_some_and(|day| {
            day.last_print == ready.print && visit.now - day.last_at < Duration::seconds(plan::ECHO_SECONDS)
        });
        let allowance = self.allowance().unwrap_or(i64::MAX);
        let left = (allowance - day.map_or(0, |day| day.people)).max(0);
        let spent = if plan::size(receivers.len()) <= left {
            messages::taken_back_too_often()
        } else {
            messages::spent(receivers.len(), left, allowance)
        };
        match giver.way {
            Way::Form if echo => Ok(form_error(About::People, &messages::SAME_AGAIN_IN_FORM.into())),
            Way::Form => Ok(form_error(About::People, &spent)),
            Way::OnceMore if echo => Err(Failure::refuse(messages::same_again(receivers, None))),
            Way::OnceMore => Err(Failure::refuse(spent)),
            Way::Typed(text) if echo => {
                let typed = (text.len() <= LONGEST_VALUE).then(|| text.to_owned());
                keep(visit, messages::same_again(receivers, typed)).await
            }
            Way::Typed(_) => keep(visit, spent.into()).await,
        }
    }

    /// The announcement was refused for good: the people thanked are told by DM, and the giver why.
    pub(super) async fn tell_privately(
        &self,
        visit: &Visit,
        origin: &Origin,
        error: &str,
    ) -> Result<Option<Unit>, Failure> {
        let Ok(announced) = serde_json::from_str::<Announced>(&origin.note) else {
            // It was not an announcement. A DM to somebody who has left needs nobody's attention.
            return Ok((Refusal::of(error) == Refusal::Person).then(Unit::new));
        };
        let Some(gift) = store::gift(&visit.store, &visit.team, &announced.gift).await? else {
            return Ok(Some(Unit::new()));
        };
        if gift.undone_at.is_some() {
            return Ok(Some(Unit::new()));
        }
        let receivers = store::receivers(&visit.store, &visit.team, &gift.id).await?;
        let mut unit = Unit::new();
        let name = self.giver_name(visit, &gift.giver, announced.giver.as_deref()).await?;
        let giver = (&gift.giver, name.as_deref());
        private_effects(&mut unit, visit, giver, &receivers, &gift.id, &gift.reason)?;
        let hint = messages::told_privately(&receivers, &gift.channel, &visit.bot, error);
        let key = format!("kudos/hint/{}", gift.id);
        let answer = tell(visit, key, &announced.place, &gift.giver, hint, false);
        outbox::enqueue(&mut unit, &visit.team, &answer, visit.now)?;
        Ok(Some(unit))
    }

    /// What a giver is called now, as far as it is known.
    pub(super) async fn giver_name(
        &self,
        visit: &Visit,
        giver: &UserId,
        user_name: Option<&str>,
    ) -> Result<Option<String>, Failure> {
        let known = visit.store.people(&visit.team, std::slice::from_ref(giver)).await?;
        Ok(plan::known_as(known.get(giver), user_name))
    }
}

fn private_effects(
    unit: &mut Unit,
    visit: &Visit,
    (giver, name): (&UserId, Option<&str>),
    receivers: &[UserId],
    id: &str,
    reason: &str,
) -> Result<(), Failure> {
    for reader in receivers {
        let message = messages::private_announcement(name, receivers, reader, reason);
        let to = Target::Person(reader.clone());
        let effect = post(visit, private_key(id, reader.as_str()), String::new(), to, message);
        outbox::enqueue(unit, &visit.team, &effect.caused_by(giver), visit.now)?;
    }
    Ok(())
}

fn post(visit: &Visit, key: String, note: String, to: Target, message: Message) -> Effect {
    Effect::post(Origin::new(NAME, note), key, to, message, visit.now)
}

/// Tells the giver where they typed, for as long as that works, and then by DM.
fn tell(
    visit: &Visit,
    key: String,
    place: &Place,
    giver: &UserId,
    message: Message,
    replace: bool,
) -> Effect {
    let effect = if visit.now.timestamp_millis() < place.until {
        Effect::answer(NAME, key, place.response_url.clone(), message, replace, visit.now)
    } else {
        post(visit, key, String::new(), Target::Person(giver.clone()), message)
    };
    effect.caused_by(giver)
}

fn itself(visit: &Visit) -> Person {
    Person {
        id: visit.bot.clone(),
        name: "Rondo".to_owned(),
        zone: None,
        kind: Kind::Bot,
        deactivated: false,
        admin: false,
    }
}

/// Answers a command no, and keeps the answer: what the day forbids now it may allow later, and then a late repetition
/// of the same delivery must not be carried out. Whoever wants it still types it anew.
async fn keep(visit: &Visit, message: Message) -> Result<Reply, Failure> {
    match visit.save(Unit::new(), Reply::Ephemeral(message.clone())).await? {
        Saved::Yes(reply) => Ok(reply),
        Saved::No(_) => Err(Failure::refuse(message)),
    }
}

/// Somebody whom the directory has not met yet is taken to live in the configured zone.
fn local_date(person: Option<&Person>, visit: &Visit) -> String {
    visit.now.with_timezone(&zone(person, visit)).date_naive().to_string()
}

pub(super) fn zone(person: Option<&Person>, visit: &Visit) -> Tz {
    person.and_then(|person| person.zone).unwrap_or(visit.zone)
}

/// An error at a field of the form, which shows plain text.
pub(super) fn form_error(about: About, line: &Markup) -> Reply {
    let field = match about {
        About::People => messages::PEOPLE,
        About::Reason => messages::REASON,
    };
    Reply::Errors(BTreeMap::from([(field.to_owned(), unescape(line.as_str()))]))
}

/// Whether a channel's id is that of a DM between two people, or of one with the bot.
fn is_private_place(channel: &ChannelId) -> bool {
    channel.as_str().starts_with('D')
}
