//! The trait `Ritual`: what a ritual is, and what it is given to work with.

mod answer;
mod context;
mod data_files;
pub mod demo;
mod ledger;
mod looked_up;
mod messages;
mod registration;
mod saving;
mod thanks;

use chrono::Duration;
use futures_util::{FutureExt as _, future::BoxFuture};

pub use self::{
    answer::{Answer, Declined, Ending, Handling, Ran, Settled},
    context::{Context, Env, Facilitator, Presence},
    data_files::{BYTE_ORDER_MARK, DataFile, FileFault, FolderRules, read_text},
    demo::Demo,
    ledger::{Ledger, LedgerColumn, LedgerDocument, LedgerLine, LedgerPage},
    looked_up::LookedUp,
    registration::{ConfiguredRitual, Registration, SettingsSection},
    saving::{SavePlace, SavedWords},
    thanks::{Thanks, ThanksOffer},
};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::{DeliveryOutcome, Origin},
        event::{Action, Command, OptionsWanted, Reaction, Shortcut, Submission, ViewClosed, WorkspaceEvent},
        failure::Failure,
        message::SelectOption,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        holdings::Holdings,
        occasions,
        programmes::Programme,
        reading::ReadStore,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// What a run is about beside what its owner says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSubject {
    /// The programme, by its id, where no programme owns the run.
    pub programme: Option<String>,
    /// Whether it will find nothing to do: what it is about has been answered, changed or ended.
    pub is_over: bool,
}

/// A programme that keeps coming round: something people do with the bot.
///
/// A ritual neither calls Slack nor commits. It answers with a reply and a unit, into which it writes its effects.
pub trait Ritual: Send + Sync {
    /// Its name, which is also the part before the colon in its buttons' actions and its modals' callbacks.
    fn name(&self) -> &'static str;

    /// The slash command people type for it.
    fn command(&self) -> CommandSpec;

    /// The scopes that it needs beside the engine's own, each with the reason.
    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// All its tables with what they hold of people, and what is exported of a person; a test finds a table that is missing.
    fn holdings(&self) -> &'static Holdings {
        &Holdings::NONE
    }

    /// Handles its command.
    fn on_command<'c>(&'c self, context: &'c Context, command: Command) -> Handling<'c>;

    /// What the help in a person's DM offers of it: a button's label, and what the button types behind the command.
    fn offer(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// The workspace has changed: a person left, a channel closed or goes by another id, say. What the ritual writes about it
    /// is committed together with the change. It hears of each change that Slack tells in time, and of people whose
    /// account is on or off, or who are in another time zone, when they are read; another change that was read later is not told.
    fn on_change<'c>(
        &'c self,
        _context: &'c Context,
        _change: &'c WorkspaceEvent,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        std::future::ready(Ok(UnitOfWork::new())).boxed()
    }

    /// A person is away on other days than before, or doesn't work on them. What the ritual writes about it is committed together
    /// with their settings, so it can't read those yet; it may plan a run that does.
    fn on_absence<'c>(
        &'c self,
        _context: &'c Context,
        _user: &'c UserId,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        std::future::ready(Ok(UnitOfWork::new())).boxed()
    }

    /// A person will be erased by a process that doesn't talk to Slack. What is to be done about it is for runs, which the unit plans; it's
    /// committed once they are.
    fn before_erasure<'c>(
        &'c self,
        _store: &'c ReadStore,
        (_user, _now): (&'c UserId, Instant),
    ) -> BoxFuture<'c, Result<UnitOfWork, StoreError>> {
        std::future::ready(Ok(UnitOfWork::new())).boxed()
    }

    /// Whether no trace may tell who used this action or sent this form. Nothing is recorded of such an event: neither that
    /// it came nor who caused it. Handling it again must change nothing, it may cause no effect and no run, and its reply is
    /// lost with the process.
    fn is_anonymous(&self, _action: &str) -> bool {
        false
    }

    /// Handles a press of one of its buttons, or a choice in one of its menus.
    fn on_action<'c>(&'c self, _context: &'c Context, _action: Action) -> Handling<'c> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    /// Handles one of its modals that was sent.
    fn on_submission<'c>(&'c self, _context: &'c Context, _sent: Submission) -> Handling<'c> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    /// A person closed one of its modals that wants to be told.
    fn on_view_closed<'c>(&'c self, _context: &'c Context, _closed: ViewClosed) -> Handling<'c> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    /// A person used one of its shortcuts, on a message or from the menu.
    fn on_shortcut<'c>(&'c self, _context: &'c Context, _shortcut: Shortcut) -> Handling<'c> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    /// Whether people can save the words of messages for it; if any ritual says so, the app offers *Save for…*.
    fn takes_words(&self) -> bool {
        false
    }

    /// Returns what a person may save words for, 100 places at most.
    fn save_places<'c>(
        &'c self,
        _context: &'c Context,
        _user: &'c UserId,
    ) -> BoxFuture<'c, Result<Vec<SavePlace>, Failure>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }

    /// Saves words for one of these places, by its id. A message in the reply reaches the person where they chose it; a form that
    /// takes the place of theirs asks for more before anything is saved.
    fn on_saved<'c>(&'c self, _context: &'c Context, _place: String, _saved: SavedWords) -> Handling<'c> {
        std::future::ready(Ok(Answer::nothing())).boxed()
    }

    /// How other rituals offer to thank a person, if it is this one that gives thanks.
    fn thanks(&self) -> Option<ThanksOffer> {
        None
    }

    /// Tells who leads next in a channel, if it is this one that has people lead.
    fn facilitator(&self) -> Option<Facilitator> {
        None
    }

    /// What one of its menus offers to what a person has typed into it so far, 100 options at most. Nothing is committed.
    fn options<'c>(
        &'c self,
        _context: &'c Context,
        _wanted: OptionsWanted,
    ) -> BoxFuture<'c, Result<Vec<SelectOption>, Failure>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }

    /// A person put an emoji on a message in a channel of the bot, or took it off. Every ritual hears of it.
    fn on_reaction<'c>(
        &'c self,
        _context: &'c Context,
        _reaction: &'c Reaction,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        std::future::ready(Ok(UnitOfWork::new())).boxed()
    }

    /// One of its effects was settled. The unit it answers is committed together with the settlement.
    fn on_settled<'c>(
        &'c self,
        _context: &'c Context,
        _origin: &'c Origin,
        _outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        std::future::ready(Ok(Settled::given_up())).boxed()
    }

    /// The runs of its programmes; `None` where channels keep none of it.
    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        None
    }

    /// What a run of its own is called where people read what comes next, as in `Coffee round`; nothing, where no one sees anything of it.
    /// [`title_of`] knows the others.
    fn run_title(&self, _kind: &str) -> &'static str {
        self.name()
    }

    /// What a run of its own is about, for people who read what comes next.
    fn run_subject<'c>(
        &'c self,
        _store: &'c ReadStore,
        _run: &'c Run,
    ) -> BoxFuture<'c, Result<RunSubject, StoreError>> {
        std::future::ready(Ok(RunSubject::default())).boxed()
    }

    /// A run of its own is due and this attempt has it in hand; it has a programme where a programme is its owner. What it answers is
    /// committed together with the end of the run and the beginning of the next, unless another attempt has taken over:
    /// then nothing of it is.
    fn on_run<'c>(
        &'c self,
        _context: &'c Context,
        _programme: Option<&'c Programme>,
        _run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        std::future::ready(Ok(Ran::unknown_work())).boxed()
    }
}

/// The runs of a ritual's programmes: those that it plans for an occasion, and those that programmes of every ritual have. No ritual
/// can plan its own without answering the others.
pub trait ProgrammeRuns: Send + Sync {
    /// Plans one occasion of one of its programmes: all that is to be done for it and is known before. The first of them is
    /// the occasion itself: once it has ended, the next occasion is planned.
    fn plan(&self, programme: &Programme, occasion: Occurrence) -> Vec<PlannedRun>;

    /// Handles a run that programmes of every ritual have ([`runs::is_shared`]), as [`Ritual::on_run`] does its own.
    fn on_shared_run<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>>;
}

/// Returns what a ritual plans for an occasion of one of its programmes.
pub fn planned_runs(ritual: &dyn Ritual, programme: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
    ritual.programme_runs().map(|runs| runs.plan(programme, occasion)).unwrap_or_default()
}

/// Has a ritual handle a run of its own, or one that programmes of every ritual have.
pub async fn handle_run(
    ritual: &dyn Ritual,
    context: &Context,
    programme: Option<&Programme>,
    run: &Run,
) -> Result<Ran, Failure> {
    match (programme, ritual.programme_runs()) {
        (Some(programme), Some(shared)) if runs::is_shared(&run.kind) => {
            shared.on_shared_run(context, programme, run).await
        }
        _ => ritual.on_run(context, programme, run).await,
    }
}

/// Returns what a run is called where people read what comes next.
pub fn title_of(ritual: &dyn Ritual, kind: &str) -> &'static str {
    match kind {
        runs::RESUME => "End of a pause",
        runs::LAST => "Word that there are no more",
        _ => ritual.run_title(kind),
    }
}

/// A run of an occasion, as a ritual plans it.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRun {
    /// What is due: `round`, say.
    pub kind: &'static str,
    /// The person or thing it is for, where there are several of a kind; else empty.
    pub subject: String,
    /// When, on the wall and as an instant.
    pub due: Occurrence,
    /// How late it may start.
    pub late: CatchUp,
}

/// Adds to a unit an occasion of a programme with all that its ritual plans for it.
pub fn put_occasion(
    unit: &mut UnitOfWork,
    team: &TeamId,
    ritual: &dyn Ritual,
    programme: &Programme,
    occasion: Occurrence,
    now: Instant,
) {
    occasions::put(unit, team, &programme.id, occasion);
    for planned in planned_runs(ritual, programme, occasion) {
        let run = NewRun {
            owner: Owner::Programme(programme.id.clone()),
            ritual: ritual.name(),
            occasion: Some(occasion),
            kind: planned.kind,
            subject: &planned.subject,
            due: planned.due,
            late: planned.late,
            payload: "",
        };
        runs::put(unit, team, &run, now);
    }
}

/// How long after the last occasion of a programme people read that there are no more, in hours, and how late that may come, in days.
const LAST_HOURS: i64 = 2;
const LATEST_LAST_DAYS: i64 = 60;

/// Adds to a unit the occasion of a programme that comes after an instant, and returns it. Where its times have come to their end,
/// people read so; a programme of one date says so by itself.
pub fn put_next(
    unit: &mut UnitOfWork,
    team: &TeamId,
    ritual: &dyn Ritual,
    programme: &Programme,
    (after, now): (Instant, Instant),
) -> Option<Occurrence> {
    let cadence = programme.cadence.as_ref()?;
    let next = cadence.next(after);
    match (next, cadence.until) {
        (Some(next), _) => put_occasion(unit, team, ritual, programme, next, now),
        (None, Some(until)) if cadence.only().is_none() => {
            let at = now + Duration::hours(LAST_HOURS);
            let run = NewRun {
                owner: Owner::Programme(programme.id.clone()),
                ritual: ritual.name(),
                occasion: None,
                kind: runs::LAST,
                subject: &until.to_string(),
                due: Occurrence { at, wall: at.with_timezone(&cadence.zone).naive_local() },
                late: CatchUp::Within(Duration::days(LATEST_LAST_DAYS)),
                payload: "",
            };
            runs::put(unit, team, &run, now);
        }
        (None, _) => {}
    }
    next
}

/// What `/help` and the manifest say of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSpec {
    /// As the configuration names it, with its slash.
    pub name: String,
    /// What it does, in a few words.
    pub description: &'static str,
    /// What to write behind it.
    pub usage: &'static str,
    /// Every way to write it, each with what it does: what stands behind the command, or nothing.
    pub ways: &'static [(&'static str, &'static str)],
}
