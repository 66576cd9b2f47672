//! Events other than commands, buttons and forms reach their ritual, once.

use std::sync::{Arc, Mutex};

use futures_util::{FutureExt as _, future::BoxFuture};
use rondo::{
    engine::{Engine, dispatch::Dispatch},
    model::{
        event::{
            Command, Delivery, Event, GlobalShortcut, MessagePlace, MessageShortcut, OptionsWanted, Reaction,
            Reply, Shortcut, ViewClosed, ViewPlace, WorkspaceEvent,
        },
        failure::Failure,
        message::SelectOption,
        people::{ChannelId, Closed},
    },
    ritual::{Answer, CommandSpec, Context, Handling, Ritual},
    slack::Handled,
    store::unit::{Insert, UnitOfWork},
    values,
};

use crate::{each_store, support::Bot};

/// A row for each event that was heard and committed.
static HEARD: Insert = Insert {
    table: "processed_delivery",
    columns: &["team_id", "key", "reply", "processed_at"],
    identity: 2,
    on_conflict: "",
};

/// A ritual that stores what it hears.
#[derive(Clone)]
struct Hears {
    name: &'static str,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Hears {
    fn hears(&self, what: &str) {
        self.heard.lock().unwrap().push(format!("{} {what}", self.name));
    }

    fn answers(&self, what: &str) -> Handling<'_> {
        self.hears(what);
        std::future::ready(Ok(Answer::reply(Reply::Ephemeral("Heard.".into())))).boxed()
    }

    /// Stores a row for each ritual, so that a unit which is not committed shows.
    fn writes(&self, context: &Context, what: &str) -> BoxFuture<'_, Result<UnitOfWork, Failure>> {
        let mut unit = UnitOfWork::new();
        unit.row(&HEARD, values![context.team.as_str(), format!("{}/{what}", self.name), "", context.now]);
        self.hears(what);
        std::future::ready(Ok(unit)).boxed()
    }
}

impl Ritual for Hears {
    fn name(&self) -> &'static str {
        self.name
    }

    fn command(&self) -> CommandSpec {
        CommandSpec { name: format!("/{}", self.name), description: "", usage: "", ways: &[] }
    }

    fn on_command<'v>(&'v self, _: &'v Context, _: Command) -> Handling<'v> {
        self.answers("command")
    }

    fn on_view_closed<'v>(&'v self, _: &'v Context, closed: ViewClosed) -> Handling<'v> {
        self.answers(&format!("closed {}", closed.view.id))
    }

    fn on_shortcut<'v>(&'v self, _: &'v Context, shortcut: Shortcut) -> Handling<'v> {
        self.answers(&format!("shortcut {}", shortcut.callback()))
    }

    fn options<'v>(
        &'v self,
        _: &'v Context,
        wanted: OptionsWanted,
    ) -> BoxFuture<'v, Result<Vec<SelectOption>, Failure>> {
        self.hears(&format!("options for {}", wanted.typed));
        let option = SelectOption { label: wanted.typed.clone(), value: wanted.typed };
        std::future::ready(Ok(vec![option])).boxed()
    }

    fn on_reaction<'v>(
        &'v self,
        context: &'v Context,
        reaction: &'v Reaction,
    ) -> BoxFuture<'v, Result<UnitOfWork, Failure>> {
        self.writes(context, &format!("reaction {}", reaction.emoji))
    }

    fn on_change<'v>(
        &'v self,
        context: &'v Context,
        change: &'v WorkspaceEvent,
    ) -> BoxFuture<'v, Result<UnitOfWork, Failure>> {
        match change {
            WorkspaceEvent::ChannelGone(channel, _) => self.writes(context, &format!("{channel} is gone")),
            _ => std::future::ready(Ok(UnitOfWork::new())).boxed(),
        }
    }
}

struct Heard {
    dispatch: Dispatch,
    engine: Engine,
    log: Arc<Mutex<Vec<String>>>,
}

impl Heard {
    fn start(bot: &Bot) -> Heard {
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let ritual = |name| Box::new(Hears { name, heard: heard.clone() }) as Box<dyn Ritual>;
        let rituals = vec![ritual("one"), ritual("two")].into();
        let engine = Engine { rituals, ..bot.parts.engine.clone() };
        Heard { dispatch: Dispatch::new(engine.clone()), engine, log: heard }
    }

    async fn handle(&self, key: &str, event: Event) -> Reply {
        let delivery = Delivery { key: key.to_owned(), team: self.engine.team.clone(), event };
        match self.dispatch.handle(delivery).await {
            Handled::Reply(reply) => reply,
            Handled::Busy => panic!("it is not acknowledged"),
        }
    }

    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock().unwrap())
    }

    async fn kept(&self) -> i64 {
        let rows = self.engine.store.ask(
            "SELECT COUNT(*) FROM processed_delivery WHERE key LIKE 'one/%' OR key LIKE 'two/%'",
            vec![],
        );
        rows.await.unwrap()[0][0].clone().int().unwrap()
    }
}

fn place(bot: &Bot) -> MessagePlace {
    MessagePlace {
        channel: ChannelId(bot.general()),
        ts: "1.2".to_owned(),
        thread_ts: None,
        ephemeral: false,
    }
}

fn view(callback: &str) -> ViewPlace {
    ViewPlace {
        id: "V1".to_owned(),
        hash: String::new(),
        callback: callback.to_owned(),
        private: String::new(),
        home: false,
    }
}

fn wanted(bot: &Bot, typed: &str) -> Event {
    Event::OptionsWanted(OptionsWanted {
        user: bot.id("ana").as_str().into(),
        action: "two:group".to_owned(),
        value: String::new(),
        typed: typed.to_owned(),
        message: None,
        view: Some(view("two:form")),
    })
}

each_store! {
    async fn every_event_reaches_its_ritual(bot: &mut Bot) {
        let all = Heard::start(bot);
        let user = || bot.id("ana").as_str().into();
        let closed = |callback| Event::ViewClosed(ViewClosed { user: user(), view: view(callback), all: false });
        let global = |callback: &str| Event::GlobalShortcut(GlobalShortcut {
            user: user(), user_name: None, callback: callback.to_owned(), trigger: String::new(),
        });
        let on_message = Event::MessageShortcut(MessageShortcut {
            user: user(),
            user_name: None,
            callback: "one:promise".to_owned(),
            message: place(bot),
            is_public: false,
            author: None,
            text: "I'll do it".to_owned(),
            domain: None,
            trigger: String::new(),
            response_url: None,
        });
        for (key, event) in [("1", closed("one:form")), ("2", global("two:new")), ("3", on_message)] {
            assert_eq!(all.handle(key, event.clone()).await, Reply::Nothing, "{event:?}");
            assert_eq!(all.handle(key, event).await, Reply::Nothing);
        }
        let heard = all.heard();
        assert_eq!(heard.iter().filter(|line| line.starts_with("one closed V1")).count(), 2, "asked twice, done once: {heard:?}");
        assert!(heard.contains(&"two shortcut two:new".to_owned()) && heard.contains(&"one shortcut one:promise".to_owned()));
        for (key, event) in [("5", closed("three:form")), ("6", global("three"))] {
            assert_eq!(all.handle(key, event).await, Reply::Nothing);
        }
        assert!(all.heard().is_empty(), "what no ritual owns does nothing");
        bot.settle().await;
        // A shortcut can only be answered in the person's DM.
        assert_eq!(bot.person("ana").reads_dm().len(), 2, "one for each shortcut, however often it came");
    }

    async fn menu_requests_leave_no_trace(bot: &mut Bot) {
        let all = Heard::start(bot);
        let rows = async || {
            let rows = all.engine.store.ask("SELECT COUNT(*) FROM processed_delivery", Vec::new()).await.unwrap();
            rows[0][0].clone().int()
        };
        let before = rows().await;
        for typed in ["d", "de", "des"] {
            let Reply::Options(options) = all.handle("same key", wanted(bot, typed)).await else { panic!("no options") };
            assert_eq!(options[0].label, typed);
        }
        assert_eq!(rows().await, before);
    }

    async fn every_ritual_hears_reactions_once(bot: &mut Bot) {
        let all = Heard::start(bot);
        let reaction = |emoji: &str| Event::Reaction(Reaction {
            user: bot.id("ana").as_str().into(),
            emoji: emoji.to_owned(),
            added: true,
            channel: ChannelId(bot.general()),
            ts: "1.2".to_owned(),
            author: None,
            at_us: None,
        });
        let gone = WorkspaceEvent::ChannelGone("C0GONE".into(), Closed::Archived);
        for _ in 0..2 {
            all.handle("r", reaction("tada")).await;
            all.handle("c", Event::Workspace { event: gone.clone(), at_us: None }).await;
        }
        assert_eq!(all.kept().await, 4, "two rituals, two things, and each is kept once");
        let before = all.heard().len();
        assert_eq!(before, 8, "a repetition is told again, and what it writes is declined");
    }

    async fn mentions_are_answered_privately(bot: &mut Bot) {
        let mention = format!("@{} what can you do?", bot.person(&bot.user).name());
        for _ in 0..2 {
            bot.person("ana").says("#general", &mention).await;
            bot.hears_events().await;
            bot.settle().await;
        }
        let mine = bot.person("ana").reads("#general").into_iter().filter(|message| message.ephemeral_to.is_some());
        let mine: Vec<String> = mine.map(|message| message.text).collect();
        assert_eq!(mine.len(), 1, "{mine:?}");
        assert!(mine[0].starts_with("Hi! I answer commands"), "{mine:?}");
        assert!(!bot.reads("ben", "#general").iter().any(|text| text.starts_with("Hi!")));
    }
}
