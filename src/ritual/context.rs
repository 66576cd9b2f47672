//! What a ritual is given to work with: one workspace at one instant.

use std::{
    borrow::Cow,
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono_tz::Tz;
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;

use super::{LookedUp, ThanksOffer, messages};
use crate::{
    model::{
        authority::{ActorFacts, Authority, Decision, Denied, MayStart, Operation},
        clock::Instant,
        effect::{Effect, NewEffect},
        entropy::Entropy,
        failure::{Failure, Lookup},
        holidays::Holidays,
        people::{ChannelId, ChannelState, Closed, TeamId, UserId},
    },
    store::{
        StoreError, outbox, people::Known, reading::ReadStore, suppression::Suppressed, unit::UnitOfWork,
    },
};

/// Tells who leads what comes next in a channel, as far as that's settled.
pub type Facilitator =
    for<'c> fn(&'c Context, &'c ChannelId) -> BoxFuture<'c, Result<Option<UserId>, StoreError>>;

/// The workspace at the instant of an event.
pub struct Env {
    /// The store, to read from.
    pub store: ReadStore,
    /// The source of ids and seeds.
    pub entropy: Entropy,
    /// The workspace.
    pub team: TeamId,
    /// The bot itself.
    pub bot: UserId,
    /// The address of the workspace, below which its messages have theirs.
    pub workspace_url: Arc<str>,
    /// The zone of people whose profile has none.
    pub zone: Tz,
    /// Handles of the user groups that are departments, without `@`.
    pub departments: Arc<[String]>,
    /// What the configuration says of who may do what.
    pub authority: Arc<Authority>,
    /// The public holidays of regions.
    pub holidays: Arc<Holidays>,
    /// The instant at which the event is handled: one for the whole handling.
    pub now: Instant,
    /// What Slack was asked for.
    pub looked_up: LookedUp,
    /// What Slack has answered since this instant is taken as a fact for this event.
    pub asked_since: Instant,
    /// How a ritual offers to thank a person, where one of the rituals gives thanks.
    pub thanks: Option<ThanksOffer>,
    /// Who leads in a channel, where one of the rituals knows.
    pub facilitator: Option<Facilitator>,
    /// Whether the event was acknowledged already: an error can't be shown at a form's field any more.
    pub is_acknowledged: bool,
}

/// Where a person stands towards a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Inside,
    /// They aren't in it, as far as the directory knows.
    Outside,
    /// It is a DM, or one of a group.
    Direct,
    /// Slack doesn't show who is in it: only its people can type there.
    Unknown,
}

/// What a ritual is given for one event.
pub struct Context {
    env: Env,
    misses_a_group: AtomicBool,
    unread_channel: OnceLock<ChannelId>,
    unread_person: OnceLock<UserId>,
    suppressed: OnceCell<Suppressed>,
    /// The person who caused the event.
    actor: OnceLock<UserId>,
    /// What the directory knows of the event's people, and of whom it was asked.
    people: OnceLock<(Vec<UserId>, Known)>,
}

impl Deref for Context {
    type Target = Env;

    fn deref(&self) -> &Env {
        &self.env
    }
}

impl Context {
    /// The context of one event.
    pub fn new(env: Env) -> Context {
        Context {
            env,
            misses_a_group: AtomicBool::new(false),
            unread_channel: OnceLock::new(),
            unread_person: OnceLock::new(),
            suppressed: OnceCell::new(),
            actor: OnceLock::new(),
            people: OnceLock::new(),
        }
    }

    /// Notes who caused the event.
    pub fn is_by(&self, user: &UserId) {
        self.actor.set(user.clone()).ok();
    }

    /// Reads what the directory knows of these people, once for the event.
    pub async fn read_people(&self, ids: Vec<UserId>) -> Result<(), StoreError> {
        let known = self.store.people(&ids).await?;
        self.people.set((ids, known)).ok();
        Ok(())
    }

    /// Returns what the directory knows of these people, without those who are not in it.
    pub async fn people(&self, ids: &[UserId]) -> Result<Known, StoreError> {
        match self.people.get() {
            Some((read, known)) if ids.iter().all(|id| read.contains(id)) => {
                let of = |id: &UserId| known.get(id).map(|person| (id.clone(), person.clone()));
                Ok(ids.iter().filter_map(of).collect())
            }
            _ => self.store.people(ids).await,
        }
    }

    /// The erased people of the workspace; they are read once for an event.
    pub async fn suppressed(&self) -> Result<&Suppressed, StoreError> {
        self.suppressed.get_or_try_init(|| self.store.suppressed()).await
    }

    /// Returns who leads next in a channel, where a ritual knows and it's settled.
    pub async fn next_lead(&self, channel: &ChannelId) -> Result<Option<UserId>, StoreError> {
        match self.facilitator {
            Some(facilitator) => facilitator(self, channel).await,
            None => Ok(None),
        }
    }

    /// Whether Slack has answered this for the event: what is still unknown then is so.
    pub fn has_asked(&self, lookup: &Lookup) -> bool {
        self.looked_up.is_answered(lookup, self.asked_since)
    }

    /// Whether a person may do something in the channel where they typed or pressed, which proves that they are in it.
    /// Where it depends on what is not known, Slack is asked first ([`Failure::Later`]).
    pub async fn may(&self, user: &UserId, deed: &Operation<'_>) -> Result<Result<(), Denied>, Failure> {
        self.decide(user, deed, None).await
    }

    /// The same for a channel that they chose: the directory says whether they are in it.
    pub async fn may_in(
        &self,
        user: &UserId,
        deed: &Operation<'_>,
        channel: &ChannelId,
    ) -> Result<Result<(), Denied>, Failure> {
        self.decide(user, deed, Some(channel)).await
    }

    /// Whether a person may do something in the channel where they typed, as far as the directory knows: Slack isn't asked.
    pub async fn may_by_directory(&self, user: &UserId, deed: &Operation<'_>) -> Result<bool, StoreError> {
        let (decision, _) = self.decision(user, deed, None).await?;
        Ok(matches!(decision, Decision::Allowed))
    }

    /// Where a person stands towards the channel in which they typed: a public one can be typed in from outside. Where the directory doesn't
    /// know who is in it, Slack is asked first ([`Failure::Later`]).
    pub async fn presence(&self, channel: &ChannelId, user: &UserId) -> Result<Presence, Failure> {
        if self.store.is_member(channel, user).await? {
            return Ok(Presence::Inside);
        }
        let lookup = Lookup::Channel(channel.clone());
        match self.store.channel_state(channel).await? {
            ChannelState::Open { .. } => {
                self.miss_a_channel(channel);
                Ok(Presence::Outside)
            }
            ChannelState::Closed(Closed::Direct) => Ok(Presence::Direct),
            ChannelState::Unread { refused: None } if !self.has_asked(&lookup) => Err(Failure::Later(lookup)),
            ChannelState::Closed(_) | ChannelState::Unread { .. } => Ok(Presence::Unknown),
        }
    }

    async fn decide(
        &self,
        user: &UserId,
        deed: &Operation<'_>,
        chosen: Option<&ChannelId>,
    ) -> Result<Result<(), Denied>, Failure> {
        let (decision, is_known) = self.decision(user, deed, chosen).await?;
        match decision {
            Decision::Allowed => Ok(Ok(())),
            Decision::Denied(denied) => {
                self.check_again(user, denied);
                if let (Denied::NotInChannel, Some(channel)) = (denied, chosen) {
                    self.miss_a_channel(channel);
                }
                Ok(Err(denied))
            }
            Decision::Unknown => {
                let lookup = match chosen {
                    Some(channel) if is_known => Lookup::Channel(channel.clone()),
                    _ => Lookup::Person(user.clone()),
                };
                Err(if self.has_asked(&lookup) {
                    Failure::refuse(messages::not_known())
                } else {
                    Failure::Later(lookup)
                })
            }
        }
    }

    /// Returns what the directory decides, and whether it knows the person.
    async fn decision(
        &self,
        user: &UserId,
        deed: &Operation<'_>,
        chosen: Option<&ChannelId>,
    ) -> Result<(Decision, bool), StoreError> {
        let person = self.people(std::slice::from_ref(user)).await?.remove(user);
        let groups = match (&self.authority.may_start, deed) {
            (MayStart::Listed { .. }, Operation::Start | Operation::Manage([])) => {
                self.store.groups_of(user).await?
            }
            _ => Vec::new(),
        };
        let in_channel = match chosen {
            None => Some(true),
            Some(channel) => match self.store.channel_state(channel).await? {
                ChannelState::Open { .. } => Some(self.store.is_member(channel, user).await?),
                ChannelState::Closed(_) | ChannelState::Unread { .. } => None,
            },
        };
        let facts = ActorFacts { user, person: person.as_ref(), groups: &groups, in_channel };
        Ok((self.authority.decide(deed, &facts), person.is_some()))
    }

    /// What a person is denied for may have changed without the bot's hearing of it: Slack is asked, for the next try.
    pub fn check_again(&self, user: &UserId, denied: Denied) {
        match denied {
            Denied::Bot | Denied::NotInChannel | Denied::Erased => {}
            Denied::NotListed => self.miss_a_group(),
            Denied::Deactivated
            | Denied::Stranger
            | Denied::Guest
            | Denied::NotAdmin
            | Denied::NotOrganiser => self.miss_a_person(user),
        }
    }

    /// A new id; later ones are greater.
    pub fn id(&self) -> String {
        self.entropy.id(self.now)
    }

    /// Adds to a unit that something is to be done at Slack; where its key is there already, this is its new version.
    pub fn enqueue(&self, unit: &mut UnitOfWork, effect: &NewEffect) -> Result<(), StoreError> {
        outbox::enqueue(unit, &self.team, &self.caused(effect), self.now)
    }

    /// Adds to a unit that something is to be done at Slack, unless its key is there already.
    pub fn enqueue_once(&self, unit: &mut UnitOfWork, effect: &NewEffect) -> Result<(), StoreError> {
        outbox::enqueue_once(unit, &self.team, &self.caused(effect), self.now)
    }

    /// The person who caused the event, where one did; an erased person is not written down.
    pub fn causer(&self) -> Option<&UserId> {
        self.actor.get()
    }

    /// What follows from a person's event is caused by them, unless it says otherwise.
    fn caused<'e>(&self, effect: &'e NewEffect) -> Cow<'e, NewEffect> {
        match self.causer() {
            Some(user) if effect.causer.is_none() => Cow::Owned(effect.clone().caused_by(user)),
            _ => Cow::Borrowed(effect),
        }
    }

    /// Adds to a unit that an effect has a new version, where it is known at all.
    pub fn amend(&self, unit: &mut UnitOfWork, key: &str, work: &Effect) -> Result<(), StoreError> {
        outbox::amend(unit, &self.team, key, work, self.now)
    }

    /// Adds to a unit that a message says something else, posted or not, unless it was withdrawn.
    pub fn revise(&self, unit: &mut UnitOfWork, key: &str, work: &Effect) -> Result<(), StoreError> {
        outbox::revise(unit, &self.team, key, work, self.now)
    }

    /// Adds to a unit that a posted message says something else, if the programme that owns it has ended.
    pub fn amend_if_over(&self, unit: &mut UnitOfWork, key: &str, work: &Effect) -> Result<(), StoreError> {
        outbox::amend_if_over(unit, &self.team, key, work, self.now)
    }

    /// Notes that a user group was named which the directory does not know, so that it is looked for.
    pub fn miss_a_group(&self) {
        self.misses_a_group.store(true, Ordering::Relaxed);
    }

    /// Whether a user group was named which the directory does not know.
    pub fn misses_a_group(&self) -> bool {
        self.misses_a_group.load(Ordering::Relaxed)
    }

    /// Says that an answer depends on a channel of which the directory knows too little, so that it is read soon.
    pub fn miss_a_channel(&self, channel: &ChannelId) {
        // One event comes from one channel.
        self.unread_channel.set(channel.clone()).ok();
    }

    /// The channel of which the directory knows too little.
    pub fn unread_channel(&self) -> Option<&ChannelId> {
        self.unread_channel.get()
    }

    /// Says that an answer depends on a person that the directory knows too little of, so that Slack is asked soon.
    pub fn miss_a_person(&self, user: &UserId) {
        // One event comes from one person.
        self.unread_person.set(user.clone()).ok();
    }

    /// Returns the person that the directory knows too little of.
    pub fn unread_person(&self) -> Option<&UserId> {
        self.unread_person.get()
    }
}
