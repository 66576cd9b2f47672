//! Methods about the app itself.

use serde_json::{Value, json};

use super::{Caller, Outcome};

/// `auth.test`
pub(super) fn auth_test(caller: &mut Caller<'_>) -> Value {
    let user = caller.world.users.get(&caller.app.bot_user).map(|user| user.name.clone());
    json!({
        "url": format!("{}/", caller.base),
        "team": caller.world.team_name,
        "user": user,
        "team_id": caller.world.team_id,
        "user_id": caller.app.bot_user,
        "bot_id": caller.app.bot_id,
        "is_enterprise_install": false,
    })
}

/// `apps.connections.open`
pub(super) fn connections_open(caller: &mut Caller<'_>) -> Outcome {
    if !caller.app.socket_mode {
        return Err("socket_mode_not_enabled".into());
    }
    let ticket = caller.world.new_ticket(&caller.app.id);
    let host = caller.base.replacen("http://", "ws://", 1);
    Ok(json!({ "url": format!("{host}/link?ticket={ticket}&app_id={}", caller.app.id) }))
}

/// `bots.info`
pub(super) fn bots_info(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("bot").unwrap_or(&caller.app.bot_id);
    let app = caller.world.apps.iter().find(|app| app.bot_id == wanted).ok_or("bot_not_found")?;
    Ok(json!({ "bot": {
        "id": app.bot_id, "deleted": false, "name": app.name, "updated": 0, "app_id": app.id,
        "user_id": app.bot_user, "icons": {},
    }}))
}
