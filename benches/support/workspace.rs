//! A workspace to start the bot in.

use rondo::{
    config::{Config, Environment},
    manifest::{self, Mode},
    rituals,
};
use slack_sandbox::{Install, Options, Sandbox};

/// A workspace with the app installed, and what the bot needs to connect.
pub struct Workspace {
    pub sandbox: Sandbox,
    pub install: Install,
}

impl Workspace {
    pub async fn start(mode: &Mode, options: Options) -> anyhow::Result<Workspace> {
        let sandbox = Sandbox::start(options).await?;
        let defaults = Config::load(rituals::ALL, None, &Environment::default())?;
        let asked = manifest::manifest(&defaults.rituals(), &defaults.commands.rondo, mode);
        let install = sandbox.install(&asked).map_err(anyhow::Error::msg)?;
        sandbox.invite("general", &install.bot_user_id);
        Ok(Workspace { sandbox, install })
    }

    /// Returns the environment of a bot with this database.
    pub fn environment(&self, database: &str) -> Vec<(&'static str, String)> {
        vec![
            ("SLACK_API_URL", self.sandbox.api_url()),
            ("SLACK_BOT_TOKEN", self.install.bot_token.clone()),
            ("DATABASE_URL", database.to_owned()),
            ("RONDO_LISTEN", "127.0.0.1:0".to_owned()),
            ("RONDO_ADMIN_LISTEN", "127.0.0.1:0".to_owned()),
            ("RONDO_LOG", "warn".to_owned()),
        ]
    }
}
