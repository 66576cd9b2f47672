//! Installs apps, with their bots and tokens.

use super::World;
use super::apps::App;
use super::people::User;
use crate::types::install::Install;
use crate::types::people::PersonKind;

impl World {
    /// Installs an app, whose bot gets this handle and name. It replaces an app of the same name.
    pub(crate) fn install(&mut self, wanted: App, handle: &str, shown: &str) -> Install {
        let old = self.apps.iter().position(|app| app.name == wanted.name).map(|at| self.apps.remove(at));
        let mut app = old.unwrap_or_else(|| App {
            id: self.ids.id("A"),
            bot_user: self.ids.id("U"),
            bot_id: self.ids.id("B"),
            signing_secret: self.ids.hex(32),
            verification_token: self.ids.secret(24),
            revoked: true,
            ..App::default()
        });
        if app.revoked {
            app.bot_token =
                format!("xoxb-{}-{}-{}", self.ids.digits(12), self.ids.digits(13), self.ids.secret(24));
            app.level_token = format!("xapp-1-{}-{}-{}", app.id, self.ids.digits(13), self.ids.hex(64));
            app.revoked = false;
        }
        let app = App {
            id: app.id,
            bot_user: app.bot_user,
            bot_id: app.bot_id,
            bot_token: app.bot_token,
            level_token: app.level_token,
            signing_secret: app.signing_secret,
            verification_token: app.verification_token,
            sockets: app.sockets,
            ..wanted
        };
        let bot = User {
            id: app.bot_user.clone(),
            name: handle.to_owned(),
            real_name: shown.to_owned(),
            display_name: shown.to_owned(),
            zone: "America/Los_Angeles".to_owned(),
            title: String::new(),
            department: None,
            kind: PersonKind::Bot,
            deleted: false,
            bot_id: Some(app.bot_id.clone()),
            app_id: Some(app.id.clone()),
            updated_ms: self.now_ms(),
        };
        self.users.insert(bot.id.clone(), bot);
        let install = Install {
            bot_token: app.bot_token.clone(),
            app_token: app.level_token.clone(),
            signing_secret: app.signing_secret.clone(),
            app_id: app.id.clone(),
            bot_id: app.bot_id.clone(),
            bot_user_id: app.bot_user.clone(),
        };
        self.apps.push(app);
        install
    }
}
