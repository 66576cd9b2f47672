//! Decisions: what a channel has decided, why, and who, so that it's found again.
//!
//! A decision is a row for each of its versions, and what a version says is never edited. Superseding it writes the next version, and
//! saying that it still stands is noted on the newest one; of two people at once one does either, and the other reads what it says now.
//! Everyone in the channel can find its decisions, and no one else.
//!
//! A ritual gives what people type, press and send to [`Decisions`], says where a decision is posted, and asks for those that
//! an occasion looks at again.

mod carried;
mod deciding;
pub mod form;
mod ledger;
mod listing;
pub mod messages;
pub mod record;
mod review;
pub mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::record::Decision;
pub use self::{
    deciding::{Drafted, NewForm, Recorded},
    ledger::LEDGER,
    review::due,
};
use crate::{
    common::programmes::{is_direct, to_person},
    model::{
        authority::Operation,
        effect::{DeliveryOutcome, Origin},
        event::{Action, Submission, WorkspaceEvent},
        failure::{Failure, Lookup},
        people::{ChannelId, ChannelState, Closed, UserId},
    },
    ritual::{Answer, Context, Settled},
    store::unit::UnitOfWork,
};

/// What the actions and callbacks of decisions begin with, behind the ritual's name and a colon.
const PREFIX: &str = "decision_";

/// Returns the word of an action or a callback, if it is one of decisions.
pub fn word_of(action: &str) -> Option<&str> {
    action.split_once(':').map(|(_, word)| word).filter(|word| word.starts_with(PREFIX))
}

/// The decisions, for one event and the ritual that got it.
#[derive(Clone, Copy)]
pub struct Decisions<'c> {
    pub context: &'c Context,
    /// The ritual whose buttons and forms these are.
    pub ritual: &'static str,
    /// Its command, with its slash.
    pub command: &'c str,
}

/// What the message of a version is about.
#[derive(Serialize, Deserialize)]
struct Posted {
    decision: String,
    version: i64,
    channel: ChannelId,
    /// The person who recorded it.
    by: UserId,
}

impl<'c> Decisions<'c> {
    /// Handles a press of one of the buttons; `None` if it is another one's.
    pub async fn pressed(self, action: &Action) -> Result<Option<Answer<'c>>, Failure> {
        let Some(word) = word_of(&action.action) else { return Ok(None) };
        let answer = match word {
            messages::SUPERSEDE => self.supersede(action).await?,
            messages::VERSIONS => self.show(action.value.clone(), &action.user).await?,
            messages::SHOW => self.show_chosen(action).await?,
            messages::OLDER => self.older(action).await?,
            messages::OLDER_VERSIONS => self.older_versions(action).await?,
            messages::STANDS => self.ask_whether_it_stands(action).await?,
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    /// Whether a callback is one of decisions' forms.
    pub fn owns(callback: &str) -> bool {
        word_of(callback).is_some()
    }

    /// Whether a form that was sent says that a decision still stands; [`Decisions::confirmed`] handles it, and
    /// [`Decisions::drafted`] reads the other one.
    pub fn confirms(sent: &Submission) -> bool {
        word_of(&sent.callback) == Some(messages::STANDS_FORM)
    }

    /// Lets the people pass who see the decisions of a channel: those who are in it.
    async fn may_read(self, channel: &ChannelId, user: &UserId) -> Result<(), Failure> {
        if self.context.store.is_member(channel, user).await? {
            return Ok(());
        }
        self.context.miss_a_channel(channel);
        Err(self.not_for_you())
    }

    /// Lets a channel pass where decisions can be posted. One that isn't known is looked up.
    pub async fn may_post_in(self, channel: &ChannelId) -> Result<(), Failure> {
        let context = self.context;
        let lookup = Lookup::Channel(channel.clone());
        Err(Failure::refuse(match context.store.channel_state(channel).await? {
            _ if is_direct(channel) => messages::no_channel(self.command),
            ChannelState::Open { .. } => return Ok(()),
            ChannelState::Unread { refused: None } if !context.has_asked(&lookup) => {
                return Err(Failure::Later(lookup));
            }
            ChannelState::Closed(Closed::Direct) => messages::no_channel(self.command),
            ChannelState::Closed(Closed::Archived) => messages::archived(),
            ChannelState::Closed(Closed::NotIn) | ChannelState::Unread { .. } => {
                context.miss_a_channel(channel);
                messages::not_here(&context.bot)
            }
        }))
    }

    /// Lets those of them pass who take part, and so may write versions, where the channel can read of it: what it was told of the version
    /// before would stay for good.
    async fn may_write(self, channel: &ChannelId, user: &UserId) -> Result<(), Failure> {
        if !self.context.store.is_member(channel, user).await? {
            self.context.miss_a_channel(channel);
            return Err(Failure::refuse(messages::no_writer(channel, self.command)));
        }
        let may = self.context.may(user, &Operation::TakePart).await?;
        may.map_err(|_| Failure::refuse(messages::guests_stay_out()))?;
        let refused = match self.context.store.channel_state(channel).await? {
            ChannelState::Closed(Closed::Archived) => messages::archived(),
            ChannelState::Closed(Closed::NotIn) => messages::not_here(&self.context.bot),
            _ => return Ok(()),
        };
        self.context.miss_a_channel(channel);
        Err(Failure::refuse(refused))
    }

    fn not_for_you(self) -> Failure {
        Failure::refuse(messages::not_for_you(self.command))
    }

    /// Returns the newest version of a decision that a person sees. A decision that isn't there is as one that they don't see.
    async fn seen(self, id: &str, user: &UserId) -> Result<Decision, Failure> {
        let found = store::current(&self.context.store, id).await?;
        let decision = found.ok_or_else(|| self.not_for_you())?;
        self.may_read(&decision.channel, user).await?;
        Ok(decision)
    }

    /// Returns what follows from what became of a decision's message; `None` if it is another message.
    pub fn settled(self, origin: &Origin, outcome: &DeliveryOutcome) -> Result<Option<Settled>, Failure> {
        let Ok(posted) = serde_json::from_str::<Posted>(&origin.note) else { return Ok(None) };
        let context = self.context;
        let mut unit = UnitOfWork::new();
        match outcome {
            DeliveryOutcome::Sent { channel, ts } => {
                store::posted(&mut unit, &context.team, (&posted.decision, posted.version), (channel, ts));
            }
            DeliveryOutcome::Refused(..) if !posted.by.is_pseudonym() => {
                let message = messages::not_posted(&posted.channel, &context.bot, self.command);
                let key = format!("decision/trouble/{}/{}", posted.decision, posted.version);
                context
                    .enqueue_once(&mut unit, &to_person(context, self.ritual, key, &posted.by, message)?)?;
            }
            _ => return Ok(Some(Settled::given_up())),
        }
        Ok(Some(Settled::with(unit)))
    }

    /// Adds to a unit what follows for decisions when the workspace has changed.
    pub fn put_change(unit: &mut UnitOfWork, context: &Context, change: &WorkspaceEvent) {
        if let WorkspaceEvent::ChannelMoved { from, to } = change {
            store::move_channel(unit, &context.team, from, to);
        }
    }
}

/// Returns the outbox key of the message of a version.
fn message_key(id: &str, version: i64) -> String {
    format!("decision/{id}/{version}")
}

/// Returns the outbox key of the message with which an occasion looks at a version again.
fn review_key(decision: &Decision, date: NaiveDate) -> String {
    format!("decision/review/{}/{}/{date}", decision.id, decision.version)
}
