//! A Slack workspace by itself: `slack-sandbox --help` says how to try a bot of any language in it.

use std::io::{Error, ErrorKind, Result, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};
use slack_sandbox::{
    Install, NewPerson, Options, PersonKind, Sandbox, Step, Watch, manifest_with_everything, method_table,
};

const HELP: &str = "\
A Slack workspace in a box, to try a bot in without an account.

Usage: slack-sandbox [OPTIONS]

  --listen ADDRESS   where the workspace listens [127.0.0.1:4000]; port 0 takes a free one
  --host NAME        a name under which you open it, beside localhost and plain addresses; may be repeated
  --app-url URL      where your app takes Slack's requests; without it, it dials a socket (Socket Mode)
  --manifest FILE    your app's manifest, as JSON; without it, an app that may do everything
  --command /NAME    a slash command of the app without a manifest; may be repeated
  --json             the addresses and tokens as one line of JSON
  --methods          the methods it knows, what each needs and what is left out
  --help             this text

It prints the page's address and what your app has to be started with, and runs until Ctrl-C.
";

const PEOPLE: [(&str, &str, &str, &str); 12] = [
    ("ana", "Ana Costa", "Europe/Lisbon", "Design"),
    ("ben", "Ben Ito", "Asia/Tokyo", "Engineering"),
    ("cy", "Cy Reed", "America/Denver", "Support"),
    ("dora", "Dora Novak", "Europe/Prague", "Design"),
    ("emeka", "Emeka Obi", "Africa/Lagos", "Finance"),
    ("finn", "Finn Berg", "Europe/Oslo", "Engineering"),
    ("gita", "Gita Rao", "Asia/Kolkata", "Engineering"),
    ("hugo", "Hugo Lind", "Europe/Stockholm", "Support"),
    ("ines", "Inés Vega", "America/Bogota", "Finance"),
    ("jun", "Jun Park", "Asia/Seoul", "Design"),
    ("kofi", "Kofi Mensah", "Africa/Accra", "Support"),
    ("lea", "Léa Roux", "Europe/Paris", "Engineering"),
];

/// The command line's arguments.
#[derive(Debug)]
struct Arguments {
    listen: SocketAddr,
    hosts: Vec<String>,
    app_url: Option<String>,
    manifest: Option<PathBuf>,
    commands: Vec<String>,
    json: bool,
    methods: bool,
    help: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 4_000)),
            hosts: Vec::new(),
            app_url: None,
            manifest: None,
            commands: Vec::new(),
            json: false,
            methods: false,
            help: false,
        }
    }
}

fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}

/// Returns a URL that requests can be sent to.
fn web_address(text: String) -> Result<String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    if host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) {
        return Ok(text);
    }
    Err(wrong(format!("{text} is no address of an app, such as http://127.0.0.1:3000/slack/events")))
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Arguments> {
    let mut wanted = Arguments::default();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| wrong(format!("{argument} wants a value")));
        match argument.as_str() {
            "--listen" => {
                let address = value()?;
                wanted.listen =
                    address.parse().map_err(|_| wrong(format!("{address} is no address with a port")))?;
            }
            "--host" => wanted.hosts.push(value()?),
            "--app-url" => wanted.app_url = Some(web_address(value()?)?),
            "--manifest" => wanted.manifest = Some(value()?.into()),
            "--command" => wanted.commands.push(value()?),
            "--json" => wanted.json = true,
            "--methods" => wanted.methods = true,
            "--help" | "-h" => wanted.help = true,
            other => return Err(wrong(format!("{other} is not known; see --help"))),
        }
    }
    Ok(wanted)
}

/// Exit code for misunderstood arguments, as opposed to a failure.
const MISUNDERSTOOD: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else {
        return ExitCode::SUCCESS;
    };
    // Nothing is left to report to.
    let _ = writeln!(std::io::stderr(), "slack-sandbox: {error}");
    if error.kind() == ErrorKind::InvalidInput { ExitCode::from(MISUNDERSTOOD) } else { ExitCode::FAILURE }
}

async fn run() -> Result<()> {
    let wanted = read(std::env::args().skip(1))?;
    if wanted.help {
        return std::io::stdout().write_all(HELP.as_bytes());
    }
    if wanted.methods {
        return std::io::stdout().write_all(method_table().as_bytes());
    }
    let manifest = manifest(&wanted)?;
    let options = Options {
        listen: wanted.listen,
        hosts: wanted.hosts.clone(),
        hides_secrets: true,
        ..Options::default()
    };
    let listening = Sandbox::start(options).await;
    let sandbox = listening.map_err(|error| {
        let how = "choose another address with --listen";
        Error::new(error.kind(), format!("cannot listen on {} ({error}): {how}", wanted.listen))
    })?;
    fill(&sandbox);
    let install = sandbox.install(&manifest).map_err(wrong)?;
    tell(&sandbox, &install, wanted.json)?;
    if wanted.app_url.is_some()
        && let Err(trouble) = sandbox.verify_request_url(&install.app_id).await
    {
        writeln!(std::io::stderr(), "{trouble} It will be tried again with every delivery.")?;
    }
    tokio::signal::ctrl_c().await?;
    sandbox.shutdown();
    Ok(())
}

/// Returns the app's manifest, with request URLs if it is to be reached over HTTP.
fn manifest(wanted: &Arguments) -> Result<Value> {
    let mut manifest = match &wanted.manifest {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Error::new(error.kind(), format!("{}: {error}", path.display())))?;
            serde_json::from_str(&text).map_err(|error| wrong(format!("{}: {error}", path.display())))?
        }
        None => manifest_with_everything("App", &wanted.commands),
    };
    if let Some(url) = &wanted.app_url {
        let settings = &mut manifest["settings"];
        settings["socket_mode_enabled"] = json!(false);
        settings["event_subscriptions"]["request_url"] = json!(url);
        settings["interactivity"]["request_url"] = json!(url);
        settings["interactivity"]["message_menu_options_url"] = json!(url);
        let commands = manifest["features"]["slash_commands"].as_array_mut();
        for command in commands.into_iter().flatten() {
            command["url"] = json!(url);
        }
    }
    Ok(manifest)
}

fn fill(sandbox: &Sandbox) {
    for (at, (name, real_name, zone, department)) in PEOPLE.into_iter().enumerate() {
        let kind = if at == 0 { PersonKind::Admin } else { PersonKind::Member };
        let department = Some(department);
        sandbox.add_person(NewPerson { real_name, zone, kind, department, ..NewPerson::named(name) });
    }
    sandbox.add_channel("coffee", false, &["ana", "ben", "cy", "gita", "lea"]);
    sandbox.add_channel("design-only", true, &["ana", "dora", "jun"]);
    sandbox.add_user_group("design", "Design", &["ana", "dora", "jun"]);
    sandbox.set_steps(vec![
        Step::new("Become somebody else", "Choose another name at the top right.", Watch::SwitchesPerson),
        Step::new("Put an emoji on a message", "Point at a message and press the smile.", Watch::Reacts),
        Step::new("Let an hour go by", "Press +1 h beside the clock.", Watch::MovesTime),
    ]);
}

/// Prints what an app needs, so that a shell can read it.
fn tell(sandbox: &Sandbox, install: &Install, as_json: bool) -> Result<()> {
    let told = [
        ("url", "SANDBOX_URL", sandbox.url()),
        ("api_url", "SLACK_API_URL", sandbox.api_url()),
        ("bot_token", "SLACK_BOT_TOKEN", install.bot_token.clone()),
        ("app_token", "SLACK_APP_TOKEN", install.app_token.clone()),
        ("signing_secret", "SLACK_SIGNING_SECRET", install.signing_secret.clone()),
        ("bot_user_id", "SLACK_BOT_USER_ID", install.bot_user_id.clone()),
    ];
    let mut out = std::io::stdout();
    if as_json {
        let fields = told.into_iter().map(|(key, _, value)| (key.to_owned(), json!(value))).collect();
        return writeln!(out, "{}", Value::Object(fields));
    }
    for (_, key, value) in told {
        writeln!(out, "{key}={value}")?;
    }
    Ok(())
}
