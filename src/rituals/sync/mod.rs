//! Syncs: a regular meeting whose lead goes round.

mod absent;
mod agenda;
mod answering;
mod asking_to_skip;
mod before;
mod busy;
mod changing;
mod closing;
mod closing_form;
mod closing_times;
mod coming_back;
mod decisions;
mod demo;
mod end;
mod erasing;
mod facilitating;
mod history;
mod ledger;
mod line;
mod looking;
pub mod messages;
mod moved;
mod newest;
mod no_lead;
mod options;
mod ordering;
pub mod plan;
mod programmes;
mod relieved;
mod replanning;
mod rota;
mod scribe;
mod sheet;
mod skipping;
mod start;
mod status;
pub mod store;
mod striking;
mod swap;
mod swap_ends;
mod take_over;
mod unreached;
mod waiting;

pub use self::options::SyncSettings;
use self::{options::Options, plan::Steps};
use crate::{
    common::{decisions::Decisions, programmes::audience},
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::{DeliveryOutcome, Origin},
        event::{Action, Command, FieldValue, OptionsWanted, Submission, WorkspaceEvent},
        failure::Failure,
        message::SelectOption,
        people::UserId,
    },
    ritual::{
        Answer, CommandSpec, Context, Facilitator, Handling, PlannedRun, ProgrammeRuns, Ran, Registration,
        Ritual, SavePlace, SavedWords, Settled,
    },
    store::{
        StoreError, holdings::Holdings, programmes::Programme, reading::ReadStore, runs::Run,
        unit::UnitOfWork,
    },
};
use chrono::Duration;
use futures_util::{FutureExt as _, future::BoxFuture};

/// Its entry in the list of rituals.
pub const REGISTRATION: Registration = Registration {
    name: NAME,
    command: "/sync",
    configure: |section| {
        section.read(SyncSettings::fault, |settings, command| Box::new(Syncs::new(settings, command)))
    },
    ledger: Some(ledger::LEDGER),
    demo: Some(demo::DEMO),
};

/// The ritual.
pub struct Syncs {
    settings: SyncSettings,
    command: String,
}

/// Its name in the outbox, in its actions and in the store.
const NAME: &str = "sync";
/// The kind of run that announces a sync.
const START: &str = "start";
/// The kinds of run before it: the person who is next is asked and reminded, the next in line is asked, a person is named, and
/// the lead gets the run sheet.
const PREPARE: &str = "ask";
const REMIND: &str = "remind";
const NEXT: &str = "next";
const NAME_LEAD: &str = "name";
const SHEET: &str = "sheet";
/// The kind of run that settles who takes notes.
const NOTES: &str = "notes";
/// The kind of run that ends a sync, and how late it may come, in hours.
const END: &str = "end";
const LATEST_END_HOURS: i64 = 72;
/// The kinds of run that ask whether to skip a sync, remind its lead to close it, and close it without them.
const EMPTY: &str = "empty";
const NUDGE: &str = "nudge";
const LAPSE: &str = "lapse";
/// How late a sync may be announced, in hours.
const LATEST_HOURS: i64 = 4;

impl Ritual for Syncs {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec {
            name: self.command.clone(),
            description: "Take turns leading a regular sync",
            usage: "start every Tuesday at 10:00",
            ways: &[
                ("", "opens a form that sets up a sync, or shows how those of this channel stand"),
                ("start every Tuesday at 10:00", "starts syncs in this channel, or changes their times"),
                ("next", "shows who leads the next eight times"),
                ("swap", "shows the next turns, with the buttons that swap yours or give it away"),
                ("history", "shows who led the last eight times, and how the notes begin"),
                ("stats", "shows each person's turns and their share"),
                ("add Who's on call in May?", "puts a point on the agenda of the next sync"),
                ("agenda", "shows that agenda; take points of yours back, and the lead orders and strikes"),
                (
                    "decide Use Postgres because two teams know it",
                    "records a decision: what, why, who, and when to look at it again",
                ),
                ("decisions postgres", "shows the decisions of this channel, those with all of these words"),
                ("close", "closes the last sync: its lead says what was reached, and adds notes"),
                ("status", "shows the next sync and how many take turns"),
                ("skip", "gives you no turn at the next sync"),
                ("leave", "takes you out of the turns"),
                ("join", "brings you back in"),
                ("away until Friday", "leaves you out of everything until then; back ends it"),
                ("cancel Tuesday", "cancels the sync of that day for everyone"),
                ("move Tuesday to Wednesday", "moves the sync of that day; all others stay"),
                ("pause", "stops the syncs for a while; resume brings them back"),
                ("pause until 7 January", "pauses the syncs until that day; they go on by themselves"),
                (
                    "hand over to @ben",
                    "makes another person organise the syncs in your place, after asking you",
                ),
                ("stop", "ends the syncs in this channel, after asking you"),
                ("help", "shows all this in Slack"),
            ],
        }
    }

    fn scopes(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("commands", "so that people can type the command"),
            ("chat:write", "to announce who leads"),
            (
                "im:write",
                "to ask people whether they lead and what they reached, and to tell an organiser what went wrong",
            ),
            ("users:read", "to know bots from people, and each person's zone"),
            ("channels:read", "to know who is in a channel"),
            ("groups:read", "to know who is in a private channel"),
            ("usergroups:read", "to give turns to a user group, and to departments in turn"),
        ]
    }

    fn offer(&self) -> Option<(&'static str, &'static str)> {
        Some(("Syncs", ""))
    }

    fn on_change<'c>(
        &'c self,
        context: &'c Context,
        change: &'c WorkspaceEvent,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        async move {
            let mut unit = self.person_gone(context, change).await?;
            Decisions::put_change(&mut unit, context, change);
            Ok(unit)
        }
        .boxed()
    }

    fn on_absence<'c>(
        &'c self,
        context: &'c Context,
        user: &'c UserId,
    ) -> BoxFuture<'c, Result<UnitOfWork, Failure>> {
        self.look_at_turns_of(context, user).boxed()
    }

    fn before_erasure<'c>(
        &'c self,
        store: &'c ReadStore,
        (user, now): (&'c UserId, Instant),
    ) -> BoxFuture<'c, Result<UnitOfWork, StoreError>> {
        erasing::looks(store, user, now).boxed()
    }

    fn facilitator(&self) -> Option<Facilitator> {
        Some(|context, channel| facilitating::next_lead(context, channel).boxed())
    }

    fn holdings(&self) -> &'static Holdings {
        &store::HOLDINGS
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
                messages::swap::FORM => self.offer_swap(context, sent).await,
                messages::ORDER_FORM | messages::STRIKE_FORM => self.order_sent(context, sent).await,
                messages::CLOSE_FORM => self.close_sent(context, sent).await,
                _ if Decisions::owns(&sent.callback) => self.decision_sent(context, sent).await,
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
        async move { audience::options(context, NAME, &wanted).await }.boxed()
    }

    fn on_settled<'c>(
        &'c self,
        context: &'c Context,
        origin: &'c Origin,
        outcome: &'c DeliveryOutcome,
    ) -> BoxFuture<'c, Result<Settled, Failure>> {
        async move {
            match self.decisions(context).settled(origin, outcome)? {
                Some(settled) => Ok(settled),
                None => self.announcement_settled(context, origin, outcome).await,
            }
        }
        .boxed()
    }

    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        Some(self)
    }

    fn run_title(&self, kind: &str) -> &'static str {
        match kind {
            PREPARE | REMIND | NEXT => "Question who leads a sync",
            NAME_LEAD => "Choice of who leads a sync",
            SHEET => "Run sheet of a sync",
            NOTES => "Choice of who takes notes",
            END => "End of a sync",
            // It looks every few hours, and mostly nothing comes of it.
            EMPTY => "",
            NUDGE => "Reminder to close a sync",
            LAPSE => "Closing of a sync",
            _ => "Sync",
        }
    }

    fn on_run<'c>(
        &'c self,
        context: &'c Context,
        programme: Option<&'c Programme>,
        run: &'c Run,
    ) -> BoxFuture<'c, Result<Ran, Failure>> {
        async move {
            match (run.kind.as_str(), programme) {
                (START, Some(programme)) => self.announce(context, programme, run).await,
                (PREPARE | REMIND | NEXT | NAME_LEAD, Some(programme)) => {
                    self.prepare(context, programme, run).await
                }
                (SHEET, Some(programme)) => self.send_sheet(context, programme, run).await,
                (NOTES, Some(programme)) => self.settle_scribe(context, programme, run).await,
                (END, Some(programme)) => self.end(context, programme, run).await,
                (EMPTY, Some(programme)) => self.ask_to_skip(context, programme, run).await,
                (NUDGE, Some(programme)) => self.remind_to_close(context, programme, run).await,
                (LAPSE, Some(programme)) => self.lapse(context, programme, run).await,
                _ => Ok(Ran::unknown_work()),
            }
        }
        .boxed()
    }
}

impl ProgrammeRuns for Syncs {
    fn plan(&self, programme: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        let planned = |kind, due, late| PlannedRun { kind, subject: String::new(), due, late };
        let mut runs = vec![planned(START, occasion, CatchUp::Within(Duration::hours(LATEST_HOURS)))];
        runs.push(asking_to_skip::planned(occasion));
        let Some(cadence) = &programme.cadence else { return runs };
        let steps = Steps::plan(cadence, programme.from_at, occasion);
        let notes = steps.sheet.filter(|_| Options::read(&programme.settings).scribe);
        let before = [
            (NOTES, notes),
            (PREPARE, steps.ask),
            (REMIND, steps.remind),
            (NEXT, steps.next),
            (NAME_LEAD, steps.name),
            (SHEET, steps.sheet),
        ];
        let before = before.into_iter().filter_map(|(kind, due)| Some((kind, due?)));
        runs.extend(asking_to_skip::planned_early(&steps, occasion));
        runs.extend(before.map(|(kind, due)| planned(kind, due, CatchUp::Until(occasion.at))));
        let minutes = Duration::minutes(i64::from(self.minutes(&Options::read(&programme.settings))));
        let end = Occurrence { at: occasion.at + minutes, wall: occasion.wall + minutes };
        runs.push(planned(END, end, CatchUp::Within(Duration::hours(LATEST_END_HOURS))));
        runs
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

impl Syncs {
    /// Returns the ritual with its settings, answering to this command.
    pub fn new(settings: SyncSettings, command: String) -> Syncs {
        Syncs { settings, command }
    }

    async fn pressed<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        match action.action.as_str() {
            messages::TAKE_OVER => self.take_over(context, action).await,
            messages::ACCEPT => self.accept(context, action).await,
            messages::DECLINE => self.decline(context, action).await,
            messages::VOLUNTEER => self.volunteer(context, action).await,
            messages::VOLUNTEER_FOR => self.volunteer(context, chosen(action)).await,
            messages::notes::DECLINE_NOTES => self.decline_notes(context, action).await,
            messages::BACK_IN => self.back_in(context, action).await,
            messages::SWAP => self.open_swap(context, action).await,
            messages::swap::YES => self.take_swap(context, action).await,
            messages::swap::NO => self.refuse_swap(context, action).await,
            messages::TAKE_BACK | messages::TAKE_ONE_BACK => self.take_back(context, &action).await,
            messages::IN_FULL => self.show_in_full(context, action).await,
            messages::KEEP_POINT => Ok(self.keep_point(&action)),
            messages::PUT_BACK => self.put_back(context, action).await,
            messages::ORDER_AGENDA => self.order(context, action).await,
            messages::SKIP_SYNC | messages::SKIP_FROM_SHEET => self.skip_sync(context, action, false).await,
            messages::SKIP_ALL_THE_SAME => self.skip_sync(context, action, true).await,
            messages::MEET => self.meet(context, &action).await,
            messages::CLOSE => self.close(context, action).await,
            _ => match self.decisions(context).pressed(&action).await? {
                Some(answer) => Ok(answer),
                None => self.programmes(context).pressed(action).await,
            },
        }
    }
}

/// Returns an action of a menu as if the button of the chosen option had been pressed.
fn chosen(action: Action) -> Action {
    match &action.chosen {
        Some(FieldValue::Choice(value)) => Action { value: value.clone(), ..action },
        _ => action,
    }
}
