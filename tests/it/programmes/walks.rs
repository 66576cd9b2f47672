//! A ritual that describes its programmes and has nothing else: no tables, no messages beside those that it must have.

use chrono::{Duration, NaiveDate, NaiveDateTime};
use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    common::{
        programmes::{Answers, Loading, Participants, ProgrammeRitual, Programmes, Standing, Upcoming},
        setup::{Complaints, PreviewMessage, messages::input},
        words::Words,
    },
    model::{
        cadence::{Cadence, Occurrence},
        catch_up::CatchUp,
        event::{Action, Command, FieldValue, Submission},
        failure::Failure,
        message::{Block, Field, Message},
        people::UserId,
        text::Markup,
    },
    ritual::{CommandSpec, Context, Handling, PlannedRun, ProgrammeRuns, Ran, Ritual},
    say,
    store::{
        programmes::Programme,
        runs::{PastRun, Run},
    },
};

pub const NAME: &str = "walks";
/// The field of its only option: how fast people walk.
pub const PACE: &str = "pace";

static WORDS: Words = Words {
    ritual: NAME,
    plural: "walks",
    short: "walks",
    occasion: "walk",
    occasions: "walks",
    emoji: ":boot:",
    fewest: (2, "two"),
    usual_times: "every Friday at 12:00",
    pace: "Once a week suits most feet.",
    thanks: "Thanks for walking!",
    remembered: "who walked",
    at_once: "",
    set_up: "Set up walks",
    change: "Change walks",
    who: "Anyone may come.",
    share: "part",
    deed: "announce a walk",
    left_out: "no walk",
    takers: "the people who can walk",
    strangers: "People of other workspaces can't walk.",
    after_leaving: "You can still walk alone.",
    name: "Dusk",
};

pub struct Walks;

impl Walks {
    fn programmes<'c>(&'c self, context: &'c Context) -> Programmes<'c> {
        Programmes { ritual: self, context }
    }
}

impl Ritual for Walks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: "/walk".to_owned(), description: "", usage: "", ways: &[] }
    }

    fn on_command<'c>(&'c self, context: &'c Context, command: Command) -> Handling<'c> {
        self.programmes(context).typed(command).boxed()
    }

    fn on_action<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        self.programmes(context).pressed(action).boxed()
    }

    fn on_submission<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        self.programmes(context).sent(sent).boxed()
    }

    fn programme_runs(&self) -> Option<&dyn ProgrammeRuns> {
        Some(self)
    }
}

impl ProgrammeRuns for Walks {
    fn plan(&self, _: &Programme, occasion: Occurrence) -> Vec<PlannedRun> {
        let late = CatchUp::Within(Duration::minutes(30));
        vec![PlannedRun { kind: "walk", subject: String::new(), due: occasion, late }]
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

impl ProgrammeRitual for Walks {
    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn occasion(&self) -> &'static str {
        "walk"
    }

    fn command_name(&self) -> &'static str {
        "/walk"
    }

    fn help(&self) -> Message {
        Message::new("Walk.")
    }

    fn standing<'c>(&'c self, _: &'c Context, _: &'c Programme, _: Vec<PastRun>) -> Loading<'c, Standing> {
        std::future::ready(Ok(Standing::default())).boxed()
    }

    fn participants<'c>(
        &'c self,
        context: &'c Context,
        programme: &'c Programme,
        _: Option<NaiveDateTime>,
    ) -> Loading<'c, Participants> {
        async move {
            let here = context.store.channel_people(&programme.channel).await?;
            Ok(Participants { here, ..Participants::default() })
        }
        .boxed()
    }

    fn remark<'c>(
        &'c self,
        _: &'c Context,
        _: &'c Programme,
        _: &'c Participants,
        _: Option<Occurrence>,
    ) -> Loading<'c, Markup> {
        std::future::ready(Ok(Markup::from("Bring shoes."))).boxed()
    }

    fn announcement(&self, organiser: &UserId, _: &Programme, cadence: &Cadence, _: &Occurrence) -> Message {
        Message::new(say!("{} has started walks, {}.", organiser, Markup::words(&cadence.say())))
    }

    fn shown<'c>(&'c self, _: &'c Context, upcoming: Upcoming<'c>) -> Loading<'c, Vec<PreviewMessage>> {
        let start = Markup::from("At the start of the first walk");
        let start = PreviewMessage { when: start, message: Message::new("Off we go!") };
        let now = upcoming.now.map(|message| PreviewMessage { when: Markup::from("Now"), message });
        std::future::ready(Ok(now.into_iter().chain([start]).collect())).boxed()
    }

    fn fields(&self, settings: &str) -> Vec<Block> {
        let written = Field::Text {
            written: settings.to_owned(),
            placeholder: String::new(),
            multiline: false,
            limit: 10,
        };
        vec![input(PACE, "How fast?", None, false, written)]
    }

    fn answered(
        &self,
        settings: &str,
        answers: &Answers,
        complaints: &mut Complaints,
    ) -> Result<String, Failure> {
        let Some(FieldValue::Text(pace)) = answers.get(PACE) else { return Ok(settings.to_owned()) };
        if pace == "run" {
            complaints.add(PACE, "That's no walk.".to_owned());
        }
        Ok(pace.clone())
    }

    fn changed_options(&self, old: &str, new: &str) -> Vec<Markup> {
        (old != new).then(|| say!("Pace: {}.", Markup::words(new))).into_iter().collect()
    }

    fn was_held_on<'c>(&'c self, _: &'c Context, _: &'c str, _: NaiveDate) -> Loading<'c, bool> {
        std::future::ready(Ok(false)).boxed()
    }

    fn was_held<'c>(&'c self, _: &'c Context, _: &'c Programme) -> Loading<'c, bool> {
        std::future::ready(Ok(true)).boxed()
    }
}
