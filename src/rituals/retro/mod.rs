//! Retros: people of a channel answer a few prompts, anonymously or with their names, and read the answers together.
//!
//! Of an anonymous answer nothing is kept that tells whose it is; `docs/retro.md` says what that means.

mod answering;
mod asking;
mod closing;
mod concluding;
pub mod deck;
mod demo;
mod grouping;
mod hiding;
mod history;
mod ledger;
pub mod messages;
mod next;
mod notes;
mod now;
mod opening;
mod options;
pub mod plan;
mod posting;
mod preview;
mod programmes;
mod pulse;
mod revealing;
mod scheduling;
mod sheet;
mod showing;
mod sorting;
mod status;
pub mod store;
mod thanking;
pub mod theme;
mod themes_form;
pub mod values;
mod voting;

use std::path::Path;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde::Deserialize;

use self::{
    deck::Decks,
    options::{MOST_THRESHOLD, threshold_of},
    plan::Threshold,
};
use crate::{
    common::programmes::audience,
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        effect::{DeliveryOutcome, Origin},
        event::{Action, Command, OptionsWanted, Submission},
        failure::Failure,
        message::SelectOption,
        people::UserId,
    },
    ritual::{
        Answer, CommandSpec, Context, Handling, PlannedRun, ProgrammeRuns, Ran, Registration, Ritual,
        RunSubject, SavePlace, SavedWords, Settled,
    },
    store::{StoreError, holdings::Holdings, programmes::Programme, reading::ReadStore, runs::Run},
};

/// `[retro]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetroSettings {
    /// How many people must have answered an anonymous prompt for it to be shown, unless an organiser chooses.
    pub threshold: usize,
    /// A folder with decks; empty is those that the program brings along.
    pub decks: String,
}

impl RetroSettings {
    /// Returns the first key that is out of range, and how to fix it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        let least = Threshold::LEAST.people();
        let threshold = threshold_of(self.threshold).is_none();
        let threshold =
            threshold.then(|| ("threshold", format!("write a number from {least} to {MOST_THRESHOLD}")));
        threshold.or_else(|| deck::fault(&self.decks))
    }
}

impl Default for RetroSettings {
    fn default() -> RetroSettings {
        RetroSettings { threshold: Threshold::default().people(), decks: String::new() }
    }
}

/// Its entry in the list of rituals.
pub const REGISTRATION: Registration = Registration {
    name: NAME,
    command: "/retro",
    configure: |section| {
        section.read(RetroSettings::fault, |settings, command| Box::new(Retros::new(settings, command)))
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

/// The ritual.
pub struct Retros {
    settings: RetroSettings,
    command: String,
    decks: Decks,
}

/// Its name in the outbox, in its actions and in the store.
const NAME: &str = "retro";
/// The kind of run that opens a retro.
const OPEN: &str = "open";
/// The kinds of run of a retro that is open: a person is asked, a person is reminded, and the organisers hear if too few have answered.
const ASK: &str = "ask";
const REMIND: &str = "remind";
const COUNT: &str = "count";
/// The kind of run that overwrites what is left of messages with keys.
const TIDY: &str = "tidy";
/// The kind of run that tells people of a retro that has ended with its programme.
const ENDED: &str = "ended";
/// The kinds of run that end it: no answer is taken any more, and what was answered is sorted.
const CLOSE: &str = "close";
const SORT: &str = "sort";
/// The kind of run that counts the votes.
const VOTES: &str = "votes";
/// The kind of run that looks whether the organisers have read the answers.
const WAITS: &str = "waits";

impl Ritual for Retros {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Ask everyone in a channel how things go, anonymously or by name",
            usage: "start last Friday of the month at 10:00",
            ways: &[
                ("", "opens a form that sets up retros, or shows how those of this channel stand"),
                (
                    "start last Friday of the month at 10:00",
                    "starts retros in this channel, or changes their times",
                ),
                ("now", "asks everyone right away: once, or beside the usual times"),
                ("note the review took a week", "keeps a note for the next retro, for you alone"),
                ("notes", "shows your notes"),
                ("next", "shows an organiser how the last retro goes on: read, group, vote, end"),
                ("hide", "lets an organiser hide an answer that the channel has read"),
                ("history", "shows the last retros and what became of their themes"),
                ("status", "shows the next retro and how many are asked"),
                ("skip", "leaves you out of the next retro"),
                ("leave", "takes you out of the retros"),
                ("join", "brings you back in"),
                ("away until Friday", "leaves you out of everything until then; back ends it"),
                ("cancel Friday", "cancels the retro of that day for everyone"),
                ("pause", "stops the retros for a while; resume brings them back"),
                ("stop", "ends the retros in this channel, after asking you"),
                ("help", "shows all this in Slack"),
            ],
        }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("commands", "so that people can type the command"),
            ("chat:write", "to show answers in the channel"),
            ("im:write", "to ask each person, and to show answers to the organiser first"),
            ("users:read", "to know bots from people, and each person's zone"),
            ("channels:read", "to know who is in a channel"),
            ("groups:read", "to know who is in a private channel"),
            ("usergroups:read", "to ask a user group"),
        ]
    }

    fn offer(&self) -> Option<(&'static str, &'static str)> {
        Some(("Retros", ""))
    }

    fn holdings(&self) -> &'static Holdings {
        &store::HOLDINGS
    }

    fn is_anonymous(&self, action: &str) -> bool {
        // A record of a named answer would tell who sent the anonymous one before it, and when.
        let answers = [
            messages::ANSWER_ANONYMOUS,
            messages::FORM_ANONYMOUS,
            messages::ANSWER_NAMED,
            messages::FORM_NAMED,
            messages::SKIP_TIME,
        ];
        answers.contains(&action) || [messages::VOTE, messages::BALLOT].contains(&action)
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
                messages::FORM_ANONYMOUS | messages::FORM_NAMED => {
                    answering::answer_sent(context, sent).await
                }
                messages::CLOSE_FORM => self.close_sent(context, sent).await,
                messages::FINISH_FORM => self.finish_sent(context, sent).await,
                messages::END_VOTE_FORM => self.end_vote_sent(context, sent).await,
                messages::REVEAL_FORM => self.reveal(context, sent).await,
                messages::VOTE_SETUP => self.begin_vote(context, sent).await,
                messages::GROUPED => self.theme_sent(context, sent).await,
                messages::PROMISE_FORM => self.promise_sent(context, sent).await,
                messages::PASS_FORM => self.pass_sent(context, sent).await,
                messages::BALLOT => self.ballot_sent(context, sent).await,
                _ => self.programmes(context).sent(sent).await,
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
        self.places(context, user).boxed()
    }

    fn on_saved<'c>(&'c self, context: &'c Context, place: String, saved: SavedWords) -> Handling<'c> {
        self.save(context, place, saved).boxed()
    }

    fn options<'c>(
        &'c self,
        context: &'c Context,
        wanted: OptionsWanted,
    ) -> BoxFuture<'c, Result<Vec<SelectOption>, Failure>> {
        async move {
            if wanted.action.starts_with(messages::THEME_ANSWERS) {
                return self.answer_options(context, &wanted).await;
            }
            audience::options(context, NAME, &wanted).await
        }
        .boxed()
    }

    fn on_settled<'c>(
        &'c self,
        context: &'c Context,
        origin: &'c Origin,
        outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        async move {
            if let Some(settled) = self.answers_settled(context, origin, outcome).await? {
                return Ok(settled);
            }
            if let Some(settled) = self.question_settled(context, origin, outcome).await? {
                return Ok(settled);
            }
            match self.pass_settled(context, origin, outcome).await? {
                Some(settled) => Ok(settled),
                None => self.programmes(context).settled(origin, outcome).await,
            }
        }
        .boxed()
    }

    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        Some(self)
    }

    fn run_title(&self, kind: &str) -> &'static str {
        match kind {
            ASK => "Question of a retro",
            // No one sees anything of these, as a rule.
            TIDY | COUNT | WAITS => "",
            REMIND => "Reminder of a retro",
            ENDED => "End of a retro",
            CLOSE | SORT => "Closing of a retro",
            VOTES => "Count of votes in a retro",
            _ => "Retro",
        }
    }

    fn run_subject<'c>(
        &'c self,
        store: &'c ReadStore,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<RunSubject, StoreError>> {
        async move {
            // A retro that is open goes on when its programme ends, so that doesn't own its runs.
            let programme = store::retro(store, &run.subject).await?.map(|retro| retro.programme);
            Ok(RunSubject { programme, is_over: false })
        }
        .boxed()
    }

    fn on_run<'c>(
        &'c self,
        context: &'c Context,
        programme: Option<&'c Programme>,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        async move {
            match (run.kind.as_str(), programme) {
                (OPEN, Some(programme)) => self.hold(context, programme, run).await,
                (ASK, None) => self.ask(context, run).await,
                (TIDY, None) => self.tidy(context, run).await,
                (REMIND, None) => self.remind(context, run).await,
                (COUNT, None) => self.count(context, run).await,
                (ENDED, None) => self.tell_ended(context, run).await,
                (CLOSE, None) => self.close(context, run).await,
                (SORT, None) => self.sort(context, run).await,
                (VOTES, None) => self.count_votes(context, run).await,
                (WAITS, None) => self.remind_to_reveal(context, run).await,
                _ => Ok(Ran::unknown_work()),
            }
        }
        .boxed()
    }
}

impl ProgrammeRuns for Retros {
    fn plan(&self, _programme: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        vec![PlannedRun { kind: OPEN, subject: String::new(), due: occasion, late: CatchUp::WorkingDay }]
    }

    fn on_shared_run<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        self.programmes(context).on_shared_run(programme, run).boxed()
    }
}

impl Retros {
    /// Returns the ritual with its settings, answering to this command.
    pub fn new(settings: RetroSettings, command: String) -> Retros {
        let folder = Some(Path::new(&settings.decks)).filter(|folder| !folder.as_os_str().is_empty());
        let (decks, _) = deck::read(folder);
        Retros { settings, command, decks }
    }

    async fn pressed<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        match action.action.as_str() {
            messages::ANSWER_ANONYMOUS => self.answer_anonymously(context, action).await,
            messages::ANSWER_NAMED => self.answer_by_name(context, action).await,
            messages::ASK_NOW => self.ask_now(context, action).await,
            messages::SKIP_TIME => self.skip_time(context, action).await,
            messages::DELETE_NOTE => Ok(self.delete_note(context, &action)),
            messages::DECK => self.programmes(context).chosen_in_form(action).await,
            messages::CLOSE_NOW => self.close_now(context, action).await,
            messages::EXTEND => self.extend(context, action).await,
            messages::REVIEW => self.review(context, action).await,
            messages::EARLIER_ANSWERS => self.review_earlier(context, action).await,
            messages::GROUP => self.open_grouping(context, action).await,
            id if id.starts_with(messages::THEME) => self.theme_chosen(context, action).await,
            messages::HANDS => self.sort_theme(context, action).await,
            messages::PASS => self.open_pass(context, action).await,
            messages::PROMISE => self.open_promise(context, action).await,
            messages::START_VOTE => self.open_vote(context, action).await,
            messages::FINISH => self.finish(context, action).await,
            messages::END_VOTE => self.end_vote_now(context, action).await,
            messages::VOTE => self.open_ballot(context, action).await,
            _ => self.programmes(context).pressed(action).await,
        }
    }
}
