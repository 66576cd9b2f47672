//! A Slack workspace in a box: Slack's API over real HTTP and WebSocket, to try and test a bot without an account.
//!
//! It refuses what Slack refuses, and it knows nothing of the bot: any app manifest can be installed.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use slack_sandbox::{NewPerson, Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default()).await?;
//! let install = sandbox.install(&serde_json::json!({
//!     "display_information": { "name": "Greeter" },
//!     "features": { "bot_user": { "display_name": "greeter" } },
//!     "oauth_config": { "scopes": { "bot": ["chat:write"] } },
//!     "settings": { "socket_mode_enabled": true },
//! }));
//! // Give the tokens in `install` and `sandbox.api_url()` to the bot, then act as a person.
//! let ana = sandbox.add_person(NewPerson::named("ana"));
//! let answer = ana.says("#general", "Good morning").await;
//! # let _ = (install, answer);
//! # Ok(())
//! # }
//! ```

mod acts;
mod api;
mod base;
mod control;
mod deliver;
mod hub;
mod page;
mod server;
mod start;
mod types;
mod workspace;

pub use acts::PersonHandle;
pub use base::{clock::Clock, scopes::method_table};
pub use control::{faults::Faults, sandbox::Sandbox};
pub use start::Options;
pub use types::{
    answer::{Answer, Status, Submission},
    colleagues::Colleagues,
    install::Install,
    people::{NewPerson, PersonKind},
    schedule::{NextThing, TimeSteps, Trip},
    shown::{Message, Simulated, View},
    steps::{Step, Watch},
    traffic::{Call, Delivery},
};
pub use workspace::manifest::manifest_with_everything;
