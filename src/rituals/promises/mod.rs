//! Promises: people say what they'll do and by when, ask others for it, and are reminded once in their own hours.
//!
//! The record is in `common/promises`, so that other rituals read it. Here is what people type and press.

mod answering;
mod askers;
mod asking;
mod calling;
mod cards;
mod coming_back;
mod demo;
mod handing;
mod helpers;
mod helping;
mod ledger;
mod lists;
mod menus;
pub mod messages;
mod reminding;
pub mod request;
mod returning;
mod settings;
mod still_wanted;
mod telling;
mod unanswered;
mod withdrawing;
mod zones;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};

pub use self::settings::PromiseSettings;
use self::{
    handing::may_take,
    request::{Objection, Request},
};
use crate::{
    common::{
        promises::{self, Promise, PromiseState, RITUAL, messages as shared, plan::Later, store},
        reply_target::ReplyTarget,
    },
    model::{
        authority::Operation,
        effect::{DeliveryOutcome, Origin},
        event::{Action, Command, FieldValue, Reply, Submission, WorkspaceEvent},
        failure::Failure,
        people::{ChannelId, UserId},
    },
    ritual::{
        Answer, CommandSpec, Context, Handling, Ran, Registration, Ritual, RunSubject, SavePlace, SavedWords,
        Settled,
    },
    store::{StoreError, programmes::Programme, reading::ReadStore, runs::Run, unit::UnitOfWork},
};

/// Its entry in the list of rituals.
pub const REGISTRATION: Registration = Registration {
    name: RITUAL,
    command: "/promise",
    configure: |section| {
        section.read(PromiseSettings::fault, |settings, command| Box::new(Promises::new(settings, command)))
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

/// The ritual.
pub struct Promises {
    settings: PromiseSettings,
    command: String,
}

/// What a form about a promise carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Carried {
    id: String,
    version: i64,
    /// Where the button was, if only the person sees it there: a message in a DM changes by itself.
    target: Option<ReplyTarget>,
    /// The place of the list's page where it was; empty on the first one.
    place: String,
    /// Whether the answer takes the place of the message where the button was, which is too old to be changed by its key.
    #[serde(default)]
    is_replaced: bool,
}

/// What the form for a new promise carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct NewCarried {
    /// Where it was opened.
    channel: ChannelId,
    target: Option<ReplyTarget>,
}

impl Ritual for Promises {
    fn name(&self) -> &'static str {
        RITUAL
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Promise something by a date, or ask for it",
            usage: "send the report by Friday",
            ways: &[
                ("send the report by Friday", "promises it, and reminds you in time"),
                ("@ben send the report by 4 December at 15:00", "asks Ben for it"),
                ("", "opens a form for the same"),
                ("mine", "shows what waits for you, with buttons"),
                ("done 1", "says that the first of them is done"),
                ("drop 1", "asks whether you give up the first of them"),
                ("asked", "shows what you asked of others, to take it back or ask another person"),
                ("open", "shows what was promised in this channel and is open"),
                ("kept", "shows what was kept lately"),
                ("help", "says all this in Slack"),
            ],
        }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("commands", "so that people can type the command"),
            ("chat:write", "to ask people for promises, and to remind them"),
            ("im:write", "to do so by DM"),
            ("users:read", "to know bots from people, and each person's zone"),
            ("channels:read", "to know the channels the bot is in"),
            ("groups:read", "to know the private channels the bot is in"),
        ]
    }

    fn offer(&self) -> Option<(&'static str, &'static str)> {
        Some(("Make a promise", ""))
    }

    fn on_command<'c>(&'c self, context: &'c Context, command: Command) -> Handling<'c> {
        self.command_given(context, command).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.pressed(context, action).boxed()
    }

    fn on_submission<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        async move {
            match sent.callback.as_str() {
                messages::NEW_FORM => self.new_sent(context, sent).await,
                messages::MOVE_FORM => self.date_chosen(context, sent).await,
                messages::NO_FORM => self.no_sent(context, sent).await,
                messages::HELP_FORM => self.help_sent(context, sent).await,
                messages::HAND_FORM => self.another_asked(context, sent).await,
                _ => Ok(Answer::nothing()),
            }
        }
        .boxed()
    }

    fn on_change<'c>(
        &'c self,
        context: &'c Context,
        change: &'c WorkspaceEvent,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        reminding::changed(context, change).boxed()
    }

    fn on_absence<'c>(
        &'c self,
        context: &'c Context,
        user: &'c UserId,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        std::future::ready(Ok(reminding::days_changed(context, user))).boxed()
    }

    fn on_settled<'c>(
        &'c self,
        context: &'c Context,
        origin: &'c Origin,
        outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        helping::settled(context, origin, outcome).boxed()
    }

    fn run_title(&self, kind: &str) -> &'static str {
        match kind {
            reminding::GONE => messages::PERSON_GONE,
            reminding::BACK => messages::PERSON_BACK,
            reminding::ABSENT => messages::ABSENCE,
            askers::ASKER_GONE => messages::ASKER_LEFT,
            calling::CALL => messages::CALL_FOR_HELP,
            // The way back ends without a word.
            reminding::DONE_FOR_LONG => "",
            promises::ASK | promises::NUDGE | promises::LAPSE => messages::REQUEST,
            promises::RETURNED => messages::OWNER_GONE,
            promises::STILL_WANTED => messages::WANTED,
            _ => messages::REMINDER,
        }
    }

    fn run_subject<'c>(
        &'c self,
        store: &'c ReadStore,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<RunSubject, StoreError>> {
        async move {
            Ok(RunSubject { is_over: promises::is_over(store, run).await?, ..RunSubject::default() })
        }
        .boxed()
    }

    fn on_run<'c>(
        &'c self,
        context: &'c Context,
        _programme: Option<&'c Programme>,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        async move {
            match run.kind.as_str() {
                promises::REMIND => reminding::remind(context, run).await,
                reminding::GONE => returning::give_back(context, run).await,
                reminding::BACK => coming_back::tell(context, run).await,
                reminding::ABSENT => unanswered::plan_anew(context, run).await,
                askers::ASKER_GONE => askers::tell_owner_of_asker(context, run).await,
                calling::CALL => calling::call_now(context, run).await,
                reminding::DONE_FOR_LONG => reminding::end_undo(context, run).await,
                promises::RETURNED => returning::tell_of_return(context, run).await,
                promises::ASK => unanswered::ask(context, run).await,
                promises::NUDGE => unanswered::nudge(context, run).await,
                promises::LAPSE => unanswered::lapse(context, run).await,
                promises::STILL_WANTED => still_wanted::ask(context, run).await,
                _ => Ok(Ran::unknown_work()),
            }
        }
        .boxed()
    }

    fn takes_words(&self) -> bool {
        true
    }

    fn save_places<'c>(
        &'c self,
        context: &'c Context,
        user: &'c UserId,
    ) -> BoxFuture<'c, Result<Vec<SavePlace>, Failure>> {
        async move {
            let may = context.may(user, &Operation::TakePart).await?;
            Ok(may.map_or(Vec::new(), |()| vec![lists::own_place()]))
        }
        .boxed()
    }

    fn on_saved<'c>(&'c self, context: &'c Context, _place: String, saved: SavedWords) -> Handling<'c> {
        self.save(context, saved).boxed()
    }
}

impl Promises {
    /// The ritual with its settings, answering to this command.
    pub fn new(settings: PromiseSettings, command: String) -> Promises {
        Promises { settings, command }
    }

    fn object(&self, objection: &Objection) -> Failure {
        Failure::refuse(messages::objection(objection, &self.command))
    }

    async fn command_given<'c>(
        &'c self,
        context: &'c Context,
        command: Command,
    ) -> Result<Answer<'c>, Failure> {
        match request::parse(&command.text).map_err(|objection| self.object(&objection))? {
            Request::Help => Ok(Answer::reply(Reply::Ephemeral(messages::help(&self.command)))),
            // Behind another command, as in `/rondo promises`, they are listed.
            Request::Form if command.name != self.command => self.mine(context, &command.user).await,
            Request::Form => self.open_new(context, command, ("", None, None)).await,
            Request::Done(number) => self.done_typed(context, &command.user, number).await,
            Request::Pick(purpose, numbers) => self.picked(context, &command.user, purpose, &numbers).await,
            Request::Mine => self.mine(context, &command.user).await,
            Request::Asked => self.asked(context, &command.user).await,
            Request::Open => self.open(context, &command).await,
            Request::Kept => self.kept(context, &command).await,
            Request::Away(days) => self.times_away(context).away(&command.user, &days).await,
            Request::Back => self.times_away(context).back_again(&command.user).await,
            Request::Promise(draft) => self.promise_typed(context, command, draft).await,
        }
    }

    async fn pressed<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        match action.action.as_str() {
            shared::ACCEPT => self.accept(context, action).await,
            shared::MOVE => self.open_move(context, action).await,
            shared::DECLINE => self.decline(context, action).await,
            shared::WHEN => match chosen(&action) {
                Some(shared::TOMORROW) => self.choose(context, action, Later::Tomorrow).await,
                Some(shared::THREE_DAYS) => self.choose(context, action, Later::ThreeDays).await,
                Some(shared::NEXT_WEEK) => self.choose(context, action, Later::NextWeek).await,
                Some(shared::ANOTHER_DATE) => self.open_move(context, action).await,
                other => match other.and_then(shared::named_due) {
                    Some(due) => self.choose_named(context, action, due).await,
                    None => Ok(Answer::nothing()),
                },
            },
            messages::DONE => self.done(context, action).await,
            messages::NOT_YET => self.not_yet(context, action).await,
            messages::HELP => self.open_help(context, action).await,
            messages::HAND => self.open_hand(context, action).await,
            shared::TAKE => self.take(context, action).await,
            messages::TAKE_BACK => self.take_back(context, action).await,
            messages::MORE => self.more(context, &action).await,
            messages::ALL => self.mine(context, &action.user).await,
            messages::MORE_ASKED => self.more_asked(context, &action).await,
            messages::MORE_OPEN => self.more_open(context, &action).await,
            messages::MORE_LOST => self.more_lost(context, &action).await,
            // A button of an older or newer release: nothing to do is better than a wrong thing.
            _ => Ok(Answer::nothing()),
        }
    }

    /// Returns the promise of a button as it was read, if it is the presser's and has not changed since the button was made.
    async fn of_button(
        &self,
        context: &Context,
        action: &Action,
        states: &[PromiseState],
    ) -> Result<Promise, Failure> {
        let (version, _) = parts_of(&action.value);
        self.own(context, version, &action.user, states).await
    }

    /// Returns a promise of a person's in one of these states, if it has not changed since this version.
    async fn own(
        &self,
        context: &Context,
        (id, version): (&str, i64),
        user: &UserId,
        states: &[PromiseState],
    ) -> Result<Promise, Failure> {
        let promise = self.current(context, (id, version), user, states).await?;
        if promise.owner == *user { Ok(promise) } else { Err(Failure::refuse(messages::not_yours())) }
    }

    async fn current(
        &self,
        context: &Context,
        (id, version): (&str, i64),
        user: &UserId,
        states: &[PromiseState],
    ) -> Result<Promise, Failure> {
        let promise = store::promise(&context.store, id).await?;
        let promise = promise.ok_or_else(|| Failure::refuse(messages::gone()))?;
        if promise.version == version && states.contains(&promise.state) {
            Ok(promise)
        } else {
            Err(self.stands(context, &promise, user).await?)
        }
    }

    /// Says how a promise stands, to a person whose button or form is old.
    async fn stands(&self, context: &Context, promise: &Promise, user: &UserId) -> Result<Failure, Failure> {
        let today = promises::today(context, &promise.owner).await?;
        let is_free = promise.state == PromiseState::Returned && may_take(context, promise, user).await?;
        Ok(Failure::refuse(messages::stands(promise, (user, is_free), today, &self.command)))
    }

    /// Says the same after another answer was quicker.
    async fn stands_now(&self, context: &Context, id: &str, user: &UserId) -> Failure {
        match store::promise(&context.store, id).await {
            Ok(Some(promise)) => self.stands(context, &promise, user).await.unwrap_or_else(|failure| failure),
            Ok(None) => Failure::refuse(messages::gone()),
            Err(error) => error.into(),
        }
    }
}

/// Reads the value of a button: the promise and its version, and the place of the list's page where it is, which is empty on the first one.
fn parts_of(value: &str) -> ((&str, i64), &str) {
    let mut parts = value.splitn(3, ' ');
    let id = parts.next().unwrap_or_default();
    let version = parts.next().and_then(|version| version.parse().ok()).unwrap_or(-1);
    ((id, version), parts.next().unwrap_or_default())
}

/// What was chosen in a menu.
fn chosen(action: &Action) -> Option<&str> {
    match &action.chosen {
        Some(FieldValue::Choice(chosen)) => Some(chosen),
        _ => None,
    }
}

fn note(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Fail(error.into()))
}
