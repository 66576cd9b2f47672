//! `rondo demo`: a Slack workspace in a box and the bot in it, in one process; the only place that knows both.

use std::{io, net::IpAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use slack_sandbox::{NewPerson, Sandbox};
use tokio::sync::{oneshot, watch};

use super::{Ended, demo_address, print, stop_signal};
use crate::{
    app::App,
    config::{Config, Environment},
    engine, logging,
    manifest::{self, Mode},
    model::{clock::Clock, entropy::Entropy},
    rituals,
    store::Store,
};

#[derive(Args)]
pub(super) struct Options {
    /// The address to listen on (default: this machine only)
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
    /// The port of the page (default: 4000, or a free one if that is taken)
    #[arg(long)]
    port: Option<u16>,
    /// The same company and the same kudos for the same number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many people work there
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(2..=500))]
    people: u16,
}

const USUAL_PORT: u16 = 4000;

pub(super) async fn run(options: Options) -> Result<ExitCode, Ended> {
    if let Ok(filter) = logging::filter("warn") {
        // A process that logs already goes on logging as it did.
        let _ = logging::start(filter, logging::Format::Text);
    }
    let shutdown = stop_signal()?;
    let folder = Folder::new(options.seed)?;
    let sandbox = start_sandbox(&options).await?;
    company::settle_in(&sandbox, options.people);
    let (stop, stopped) = watch::channel(false);
    let app = open_bot(&sandbox, &folder, options.seed).await?;
    let store = app.store.clone();
    let (ready, is_ready) = oneshot::channel();
    let bot = tokio::spawn(app.run(stopped, move |_| {
        // Whoever waited may have been stopped.
        let _ = ready.send(());
    }));
    if is_ready.await.is_err() || !sandbox.connected().await {
        return Err(match bot.await {
            Ok(Err(error)) => error.into(),
            _ => Ended::Failed("the bot did not find its way into the demo workspace".to_owned()),
        });
    }
    company::live_through_the_week(&sandbox, &store).await;
    // Whoever listens on every address is reached on this one, too.
    print(&format!("Rondo demo: {}", sandbox.url().replace("//0.0.0.0:", "//127.0.0.1:")))?;
    print("Open it, choose who you are, and type /kudos @name for … in any channel. Ctrl-C ends it.")?;
    let mut shutdown = shutdown;
    engine::stopped(&mut shutdown).await;
    stop.send_replace(true);
    let ended = bot.await;
    sandbox.shutdown();
    match ended {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(error)) => Err(error.into()),
        Err(error) => Err(Ended::Failed(error.to_string())),
    }
}

async fn start_sandbox(options: &Options) -> Result<Sandbox, Ended> {
    let start = |port| {
        let began = Clock::machine().now_ms() - company::WEEK_MS;
        Sandbox::start(slack_sandbox::Options {
            listen: demo_address(options.listen, port),
            clock: slack_sandbox::Clock::running_from(began),
            seed: options.seed,
            team_name: "Rondo Demo".to_owned(),
            ..slack_sandbox::Options::default()
        })
    };
    let port = options.port.unwrap_or(USUAL_PORT);
    match start(port).await {
        Ok(sandbox) => Ok(sandbox),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && options.port.is_none() => {
            Ok(start(0).await?)
        }
        Err(error) => Err(Ended::Failed(format!(
            "cannot listen on port {port} ({error}): choose another one with --port"
        ))),
    }
}

async fn open_bot(sandbox: &Sandbox, folder: &Folder, seed: u64) -> Result<App, Ended> {
    let defaults = Config::load(None, &Environment::default())?;
    let manifest =
        manifest::manifest(&rituals::all(defaults.rituals()), &defaults.commands.rondo, &Mode::Socket);
    let install = sandbox.install(&manifest).map_err(Ended::Failed)?;
    let environment: Environment = [
        ("SLACK_API_URL", sandbox.api_url()),
        ("SLACK_BOT_TOKEN", install.bot_token),
        ("SLACK_APP_TOKEN", install.app_token),
        ("DATABASE_URL", format!("sqlite:{}", folder.0.join("demo.db").display())),
        ("RONDO_LISTEN", "127.0.0.1:0".to_owned()),
    ]
    .into_iter()
    .collect();
    company::invite_bot(sandbox, &install.bot_user_id);
    let time = sandbox.clock().clone();
    let clock = Clock::steered(
        {
            let time = time.clone();
            move || time.now_ms()
        },
        time.moved(),
    );
    Ok(App::open(Config::load(None, &environment)?, clock, Entropy::seeded(seed)).await?)
}

/// A folder of the demo's own, which goes when the demo does.
struct Folder(PathBuf);

impl Folder {
    fn new(seed: u64) -> Result<Folder, Ended> {
        let name = format!("rondo-demo-{}-{seed}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays in the system's folder for temporary files is cleaned away by the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The made-up company: who works there, and what they thanked each other for before you came.
mod company {
    use super::{Duration, NewPerson, Sandbox, Store};

    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    /// How long before the present the demo begins.
    pub(super) const WEEK_MS: i64 = 5 * DAY_MS;

    const DEPARTMENTS: [&str; 5] = ["Engineering", "Design", "Sales", "Support", "Operations"];
    const ZONES: [&str; 4] = ["Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Kolkata"];
    const FIRST: [&str; 24] = [
        "Ana", "Ben", "Chiara", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jonas", "Kavya", "Liam",
        "Mei", "Noor", "Olga", "Pedro", "Quinn", "Rosa", "Sven", "Tara", "Umar", "Vera", "Wim", "Yuki",
    ];
    const LAST: [&str; 12] = [
        "Costa",
        "Fischer",
        "Rossi",
        "Patel",
        "Demir",
        "Okafor",
        "Lindqvist",
        "Moreau",
        "Novak",
        "Tanaka",
        "Haddad",
        "Byrne",
    ];
    /// Who thanked whom, where and what for, by place in the list of people; a day's pause between the lines.
    const KUDOS: [(usize, &[usize], &str, &str); 9] = [
        (0, &[1, 6], "general", "unblocking the release on Friday evening"),
        (3, &[8], "support", "explaining the outage to customers before they had to ask"),
        (6, &[2], "design", "the onboarding screens: the first ones that nobody had a question about"),
        (12, &[0], "engineering", "reviewing my first pull request so patiently"),
        (9, &[4, 13], "general", "taking the late shift when half of us were ill"),
        (1, &[17], "sales", "bringing engineering along to the customer, and translating both ways"),
        (22, &[10], "operations", "the checklist that saved us on Monday"),
        (15, &[5], "general", "remembering everyone's name on the first day"),
        (4, &[3], "design", "saying kindly that my draft was not there yet"),
    ];

    fn handle(n: usize) -> String {
        let first = FIRST[n % FIRST.len()].to_lowercase();
        if n < FIRST.len() { first } else { format!("{first}{}", n / FIRST.len() + 1) }
    }

    /// People and channels.
    pub(super) fn settle_in(sandbox: &Sandbox, people: u16) {
        let people = usize::from(people);
        for n in 0..people {
            sandbox.add_person(NewPerson {
                name: &handle(n),
                real_name: &format!(
                    "{} {}",
                    FIRST[n % FIRST.len()],
                    LAST[(n * 5 + n / FIRST.len()) % LAST.len()]
                ),
                zone: ZONES[n % ZONES.len()],
                department: Some(DEPARTMENTS[n % DEPARTMENTS.len()]),
                ..NewPerson::default()
            });
        }
        let handles: Vec<String> = (0..people).map(handle).collect();
        for (d, department) in DEPARTMENTS.iter().enumerate() {
            let members: Vec<&str> =
                handles.iter().skip(d).step_by(DEPARTMENTS.len()).map(String::as_str).collect();
            sandbox.add_channel(&department.to_lowercase(), false, &members);
            sandbox.add_user_group(&department.to_lowercase(), department, &members);
        }
        let everybody: Vec<&str> = handles.iter().map(String::as_str).collect();
        sandbox.add_channel("coffee-chats", false, &everybody);
    }

    /// The bot is at home in every channel but one, where it shows what it does when it may not post.
    pub(super) fn invite_bot(sandbox: &Sandbox, bot: &str) {
        for channel in ["general", "coffee-chats", "engineering", "design", "sales", "support"] {
            sandbox.invite(channel, bot);
        }
    }

    /// Some days of kudos, said by people and handled by the bot, as everything here.
    pub(super) async fn live_through_the_week(sandbox: &Sandbox, store: &Store) {
        let now = sandbox.clock().now_ms() + WEEK_MS;
        let pause = WEEK_MS / (i64::try_from(KUDOS.len()).unwrap_or(1) + 1);
        for (giver, receivers, channel, reason) in KUDOS {
            let names: Vec<String> = receivers.iter().map(|n| format!("@{}", handle(*n))).collect();
            let said = format!("/kudos {} for {reason}", names.join(" "));
            sandbox.person(&handle(giver)).says(&format!("#{channel}"), &said).await;
            settle(sandbox, store).await;
            sandbox.clock().advance_by(pause);
        }
        sandbox.clock().advance_to(now);
    }

    /// Lets the bot say what it has to say; its pace is Slack's, so time is moved along.
    async fn settle(sandbox: &Sandbox, store: &Store) {
        /// A demo whose bot is stuck still starts.
        const LONGEST: usize = 500;
        for _ in 0..LONGEST {
            let now = crate::model::clock::from_ms(sandbox.clock().now_ms());
            match store.outbox_depth(now).await {
                Ok(depth) if depth.waiting > 0 => {}
                _ => return,
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
            sandbox.clock().advance_by(250);
        }
    }
}
