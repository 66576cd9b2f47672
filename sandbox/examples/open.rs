//! Opens a sandbox with a few people in it and installs an app, for bots in any language:
//! `cargo run -p slack-sandbox --example open -- 127.0.0.1:4000 manifest.json`

use std::io::{Error, Write};

use serde_json::{Value, json};
use slack_sandbox::{Kind, NewPerson, Options, Sandbox, Step, Watch};

const PEOPLE: [(&str, &str, &str, &str); 6] = [
    ("ana", "Ana Costa", "Europe/Lisbon", "Design"),
    ("ben", "Ben Ito", "Asia/Tokyo", "Engineering"),
    ("cy", "Cy Reed", "America/Denver", "Support"),
    ("dora", "Dora Novak", "Europe/Prague", "Design"),
    ("emeka", "Emeka Obi", "Africa/Lagos", "Finance"),
    ("finn", "Finn Berg", "Europe/Oslo", "Engineering"),
];

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let listen = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listen = listen.parse().map_err(|error| Error::other(format!("{listen}: {error}")))?;
    let sandbox = Sandbox::start(Options { listen, ..Options::default() }).await?;
    for (at, (name, real_name, zone, department)) in PEOPLE.into_iter().enumerate() {
        let kind = if at == 0 { Kind::Admin } else { Kind::Member };
        sandbox.add_person(NewPerson {
            real_name,
            zone,
            kind,
            department: Some(department),
            ..NewPerson::named(name)
        });
    }
    sandbox.add_channel("coffee", false, &["ana", "ben", "cy"]);
    sandbox.add_user_group("design", "Design", &["ana", "dora"]);
    sandbox.set_steps(vec![
        Step::new(
            "Become somebody else",
            "Choose another name at the top right.",
            Watch::BecomesSomebodyElse,
        ),
        Step::new("Put an emoji on a message", "Point at a message and press the smile.", Watch::Reacts),
        Step::new("Let an hour go by", "Press +1 h beside the clock.", Watch::TravelsInTime),
    ]);
    let mut told = json!({ "url": sandbox.url(), "api_url": sandbox.api_url() });
    if let Some(path) = arguments.next() {
        let manifest: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let install = sandbox.install(&manifest).map_err(Error::other)?;
        told["bot_token"] = json!(install.bot_token);
        told["app_token"] = json!(install.app_token);
        told["signing_secret"] = json!(install.signing_secret);
        told["bot_user_id"] = json!(install.bot_user_id);
    }
    writeln!(std::io::stdout(), "{told}")?;
    tokio::signal::ctrl_c().await?;
    sandbox.shutdown();
    Ok(())
}
