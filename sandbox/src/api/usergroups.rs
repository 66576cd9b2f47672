//! User groups.

use serde_json::{Value, json};

use super::{Caller, Outcome};
use crate::types::people::PersonKind;

/// `usergroups.list`
pub(super) fn list(caller: &mut Caller<'_>) -> Value {
    let with_users = caller.args.flag("include_users");
    let with_disabled = caller.args.flag("include_disabled");
    let groups: Vec<Value> = caller
        .world
        .groups
        .values()
        .filter(|group| with_disabled || group.disabled_ms == 0)
        .map(|group| caller.world.group_json(group, with_users))
        .collect();
    json!({ "usergroups": groups })
}

/// `usergroups.users.list`
pub(super) fn users_list(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("usergroup").ok_or("no_such_subteam")?;
    let group = caller.world.groups.get(wanted).ok_or("no_such_subteam")?;
    Ok(json!({ "users": group.members }))
}

/// `usergroups.users.update`: the list replaces all members, and may not be empty.
pub(super) fn users_update(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("usergroup").ok_or("no_such_subteam")?.to_owned();
    if !caller.world.groups.contains_key(&wanted) {
        return Err("no_such_subteam".into());
    }
    let members = caller.args.words("users");
    if members.is_empty() {
        return Err("no_users_provided".into());
    }
    for id in &members {
        match caller.world.users.get(id).filter(|user| !user.deleted) {
            None => return Err("invalid_users".into()),
            Some(user) if user.kind == PersonKind::SingleChannelGuest => {
                return Err("single_channel_guests_cannot_be_added".into());
            }
            Some(user) if user.is_bot() || user.kind == PersonKind::Guest => {
                return Err("invalid_user".into());
            }
            Some(_) => {}
        }
    }
    let bot = caller.app.bot_user.clone();
    caller.world.regroup(&wanted, members, &bot);
    let group = caller.world.groups.get(&wanted).ok_or("no_such_subteam")?;
    Ok(json!({ "usergroup": caller.world.group_json(group, true) }))
}
