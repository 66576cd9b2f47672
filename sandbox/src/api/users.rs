//! The directory.

use serde_json::json;

use super::rows::page;
use super::{Caller, Outcome};
use crate::workspace::people::User;

/// `users.info`
pub(super) fn info(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("user").ok_or("user_not_found")?;
    let user = caller.world.users.get(wanted).ok_or("user_not_found")?;
    Ok(json!({ "user": caller.world.user_json(user, caller.app.holds("users:read.email")) }))
}

/// `users.list`
pub(super) fn list(caller: &mut Caller<'_>) -> Outcome {
    let with_email = caller.app.holds("users:read.email");
    let rows: Vec<&User> = caller.world.users.values().filter(|user| user.is_ours()).collect();
    let show = |user: &&User| caller.world.user_json(user, with_email);
    let mut shown = page(caller.args, "members", 1_000, &rows, |user| &user.id, show)?;
    shown["cache_ts"] = json!(caller.world.now_ms() / 1_000);
    Ok(shown)
}

/// `users.profile.get`
pub(super) fn profile_get(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("user").unwrap_or(&caller.app.bot_user);
    let user = caller.world.users.get(wanted).ok_or("user_not_found")?;
    Ok(json!({ "profile": caller.world.full_profile_json(user, caller.app.holds("users:read.email")) }))
}
