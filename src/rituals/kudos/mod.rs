//! Kudos: one person thanks one or more others, in public, for a reason.

mod absent;
mod demo;
mod give;
mod ledger;
pub mod messages;
pub mod plan;
pub mod request;
pub mod store;

use chrono::Duration;
use futures_util::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};

use self::{
    plan::{FormField, Objection},
    request::Request,
};
use crate::{
    model::{
        effect::{ANSWER_MINUTES, DeliveryOutcome, Effect, Origin, Target},
        event::{self, Action, Command, Reply, Submission},
        failure::Failure,
        people::ChannelId,
    },
    ritual::{
        Answer, CommandSpec, Context, Handling, Ran, Registration, Ritual, Settled, Thanks, ThanksOffer,
    },
    store::{holdings::Holdings, programmes::Programme, runs::Run, unit::UnitOfWork},
};

/// `[kudos]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KudosSettings {
    /// How many people a person may thank in a day of their own zone; 0 means no limit.
    pub daily_allowance: u32,
    /// Whether a gift must say what it is for.
    pub reason_required: bool,
    /// For how long a gift can be taken back, in minutes; 0 means not at all.
    pub undo_minutes: u32,
}

impl KudosSettings {
    /// The first key that is out of range, and how to mend it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        const MOST_A_DAY: u32 = 1_000;
        const MINUTES_OF_A_DAY: u32 = 24 * 60;
        if self.daily_allowance > MOST_A_DAY {
            return Some((
                "daily_allowance",
                format!("write a number from 1 to {MOST_A_DAY}, or 0 for no limit"),
            ));
        }
        if self.undo_minutes > MINUTES_OF_A_DAY {
            return Some((
                "undo_minutes",
                format!("write a number from 1 to {MINUTES_OF_A_DAY}, or 0 for no undo"),
            ));
        }
        None
    }
}

impl Default for KudosSettings {
    fn default() -> KudosSettings {
        KudosSettings { daily_allowance: 10, reason_required: true, undo_minutes: 10 }
    }
}

/// Its entry in the list of rituals.
pub const REGISTRATION: Registration = Registration {
    name: NAME,
    command: "/kudos",
    configure: |section| {
        section.read(KudosSettings::fault, |settings, command| Box::new(Kudos::new(settings, command)))
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

/// The ritual.
pub struct Kudos {
    settings: KudosSettings,
    command: String,
}

/// How kudos effects are called in the outbox.
const NAME: &str = "kudos";
/// How many of the latest gifts `mine` shows.
const LATEST: i64 = 5;

/// Where a command was typed, which a form and a refused announcement need to know later.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Place {
    channel: ChannelId,
    response_url: String,
    /// Until when the `response_url` works, in milliseconds: a form may lie open for longer.
    until: i64,
}

impl Place {
    /// The place of a command or press that just came in.
    fn here(channel: ChannelId, response_url: String, context: &Context) -> Place {
        let until = context.now + Duration::minutes(ANSWER_MINUTES);
        Place { channel, response_url, until: until.timestamp_millis() }
    }
}

impl Ritual for Kudos {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Thank someone, and say what for",
            usage: "@ana @ben for unblocking the release",
            ways: &[
                ("@ana @ben for unblocking the release", "thanks them in this channel"),
                ("@design for the new look", "thanks everybody in a user group"),
                ("", "opens a form for the same"),
                ("mine", "what you gave and received"),
                ("help", "says all this in Slack"),
            ],
        }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("commands", "so that people can type the command"),
            ("chat:write", "to announce a gift in the channel"),
            ("im:write", "to tell people by DM where the bot is not in the channel"),
            ("users:read", "to know bots from people, and each giver's zone"),
            ("channels:read", "to know the channels the bot is in"),
            ("groups:read", "to know the private channels the bot is in"),
            ("usergroups:read", "to thank a user group"),
        ]
    }

    fn holdings(&self) -> &'static Holdings {
        &store::HOLDINGS
    }

    fn offer(&self) -> Option<(&'static str, &'static str)> {
        Some(("Give kudos", ""))
    }

    fn thanks(&self) -> Option<ThanksOffer> {
        Some(ThanksOffer { action: messages::THANK })
    }

    fn on_command<'c>(&'c self, context: &'c Context, command: Command) -> Handling<'c> {
        self.command_given(context, command).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        async move {
            match action.action.as_str() {
                messages::UNDO => self.undo(context, action).await,
                messages::AGAIN => self.give_again(context, action).await,
                messages::THANK => self.thank(context, action).await,
                // A button of an older or newer release: nothing to do is better than a wrong thing.
                _ => Ok(Answer::nothing()),
            }
        }
        .boxed()
    }

    fn on_submission<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.form_sent(context, sent).boxed()
    }

    fn on_settled<'c>(
        &'c self,
        context: &'c Context,
        origin: &'c Origin,
        outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        match outcome {
            DeliveryOutcome::Refused(_, error) => self.tell_privately(context, origin, error).boxed(),
            DeliveryOutcome::Sent { .. } => absent::announced(context, origin).boxed(),
            DeliveryOutcome::Done | DeliveryOutcome::Dropped(_) => {
                std::future::ready(Ok(Settled::given_up())).boxed()
            }
        }
    }

    fn run_title(&self, _kind: &str) -> &'static str {
        "Kudos for people who aren't in the channel"
    }

    fn on_run<'c>(
        &'c self,
        context: &'c Context,
        _programme: Option<&'c Programme>,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        async move {
            match run.kind.as_str() {
                absent::KIND => self.tell_absent(context, run).await,
                _ => Ok(Ran::unknown_work()),
            }
        }
        .boxed()
    }
}

impl Kudos {
    /// The ritual with its settings, answering to this command.
    pub fn new(settings: KudosSettings, command: String) -> Kudos {
        Kudos { settings, command }
    }

    fn allowance(&self) -> Option<i64> {
        (self.settings.daily_allowance > 0).then(|| i64::from(self.settings.daily_allowance))
    }

    fn refuse(&self, objection: &Objection) -> Failure {
        Failure::refuse(messages::objection(objection, &self.command))
    }

    async fn command_given<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
    ) -> Result<Answer<'c>, Failure> {
        match request::parse(&command.text).map_err(|objection| self.refuse(&objection))? {
            Request::Help => {
                let help = messages::help(&self.command, self.allowance(), self.settings.undo_minutes);
                Ok(Answer::reply(Reply::Ephemeral(help)))
            }
            Request::Form => {
                let place = Place::here(command.channel, command.response_url, context);
                let form = messages::form(note(&place)?, self.settings.reason_required);
                Ok(Answer::reply(Reply::Open(Box::new(form))))
            }
            Request::Mine => self.mine(context, &command).await,
            Request::Give(draft) => {
                let giver = give::Giver {
                    user: command.user,
                    user_name: command.user_name,
                    place: Place::here(command.channel, command.response_url, context),
                    way: give::Way::Typed(command.text),
                };
                self.give(context, giver, &draft).await
            }
        }
    }

    async fn mine<'c>(&'c self, context: &Context, command: &Command) -> Result<Answer<'c>, Failure> {
        let user = &command.user;
        let (given_count, got_count) = store::totals(&context.store, user).await?;
        let got = store::latest(&context.store, user, LATEST).await?;
        let mut given = Vec::new();
        for gift in store::latest_given(&context.store, user, LATEST).await? {
            let receivers = store::receivers(&context.store, &gift.id).await?;
            given.push((gift, receivers));
        }
        let zone = context.store.zone_of(user).await?.unwrap_or(context.zone);
        let today = context.now.with_timezone(&zone).date_naive();
        let left = match self.allowance() {
            None => None,
            Some(allowance) => {
                let day = store::day(&context.store, user, &today.to_string()).await?;
                Some(((allowance - day.map_or(0, |day| day.people)).max(0), allowance))
            }
        };
        let mine = messages::Mine { given_count, got_count, given: &given, got: &got, left, zone, today };
        Ok(Answer::reply(Reply::Ephemeral(messages::mine(&mine, &self.command))))
    }

    async fn form_sent<'c>(&'c self, context: &'c Context, sent: Submission) -> Result<Answer<'c>, Failure> {
        let Ok(place) = serde_json::from_str::<Place>(&sent.private) else {
            return Ok(give::form_error(FormField::People, &messages::STALE_FORM.into()));
        };
        let mut answers = sent.answers;
        let people = match answers.remove(messages::PEOPLE) {
            Some(event::FieldValue::People(people)) => people,
            _ => Vec::new(),
        };
        let reason = match answers.remove(messages::REASON) {
            Some(event::FieldValue::Text(reason)) => reason,
            _ => String::new(),
        };
        let draft = plan::draft_of_form(people, &reason);
        let (user, user_name) = (sent.user, sent.user_name);
        let giver = give::Giver { user, user_name, place, way: give::Way::Form };
        self.give(context, giver, &draft).await
    }

    async fn give_again<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (Some(channel), Some(response_url)) = (action.channel, action.response_url) else {
            return Ok(Answer::nothing());
        };
        let Request::Give(draft) =
            request::parse(&action.value).map_err(|objection| self.refuse(&objection))?
        else {
            return Ok(Answer::nothing());
        };
        let place = Place::here(channel, response_url, context);
        let (user, user_name) = (action.user, action.user_name);
        let giver = give::Giver { user, user_name, place, way: give::Way::OnceMore };
        self.give(context, giver, &draft).await
    }

    /// Gives what another ritual's button offers: once, however often it is pressed.
    async fn thank<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (Ok(thanks), Some(response_url)) =
            (serde_json::from_str::<Thanks>(&action.value), action.response_url)
        else {
            return Ok(Answer::nothing());
        };
        // The button may have been there for long.
        if !context.store.is_member(&thanks.channel, &action.user).await? {
            return Err(Failure::refuse(messages::not_in_channel(&thanks.channel, &self.command)));
        }
        let draft = plan::draft_of_form(vec![thanks.person], &thanks.reason);
        let place = Place::here(thanks.channel, response_url, context);
        let (user, user_name) = (action.user, action.user_name);
        let giver = give::Giver { user, user_name, place, way: give::Way::Offered(thanks.id) };
        self.give(context, giver, &draft).await
    }

    async fn undo<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let given = store::gift(&context.store, &action.value).await?;
        let minutes = self.settings.undo_minutes;
        let no = |given| Failure::refuse(messages::cannot_undo(given, &action.user, minutes));
        let Some(gift) = given.as_ref().filter(|gift| gift.giver == action.user) else {
            return Err(no(given.as_ref()));
        };
        let mut unit = UnitOfWork::new();
        let since = context.now - Duration::minutes(i64::from(minutes));
        store::undo(&mut unit, &context.team, gift, since, context.now);
        // The one of these that was posted is deleted; the others are not posted any more.
        let receivers = store::receivers(&context.store, &gift.id).await?;
        let posted = std::iter::once((announcement_key(&gift.id), Target::Channel(gift.channel.clone())))
            .chain(
                receivers
                    .into_iter()
                    .map(|person| (private_key(&gift.id, person.as_str()), Target::Person(person))),
            );
        for (key, to) in posted {
            context.amend(&mut unit, &key, &Effect::Delete { to })?;
        }
        let undone = Reply::Replace(messages::undone(self.allowance().is_some()));
        Ok(Answer::new(unit, undone).or_else(move |_| {
            let refused = async move {
                let given = store::gift(&context.store, &action.value).await?;
                Err(Failure::refuse(messages::cannot_undo(given.as_ref(), &action.user, minutes)))
            };
            refused.boxed()
        }))
    }
}

/// The outbox key of a gift's announcement.
fn announcement_key(gift: &str) -> String {
    format!("kudos/gift/{gift}")
}

/// The outbox key of what one person is told of a gift by DM.
fn private_key(gift: &str, person: &str) -> String {
    format!("kudos/gift/{gift}/{person}")
}

fn note(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Fail(error.into()))
}
