//! Opens, joins and lists conversations.

use std::collections::BTreeSet;

use serde_json::json;

use super::chat::may_be_written_to;
use super::rows::page;
use super::{ApiRefusal, Caller, Outcome};
use crate::base::limits::{CHANNEL_NAME, GROUP_PEOPLE, TOPIC};
use crate::workspace::channels::{Channel, ChannelKind};

/// Returns a conversation that the bot may know about and whose kind its scopes let it read.
pub(super) fn known<'a>(caller: &'a Caller<'_>, right: &str) -> Result<&'a Channel, ApiRefusal> {
    let wanted = caller.args.text("channel").ok_or("channel_not_found")?;
    let bot = &caller.app.bot_user;
    let channel = caller.world.channels.get(wanted).filter(|channel| channel.is_open_to(bot));
    let channel = channel.ok_or("channel_not_found")?;
    let scope = format!("{}:{right}", channel.kind.scope_name());
    if !caller.app.holds(&scope) {
        return Err(ApiRefusal::scope(&[&scope], &caller.app));
    }
    Ok(channel)
}

/// `conversations.open`
pub(super) fn open(caller: &mut Caller<'_>) -> Outcome {
    if let Some(channel) = caller.args.text("channel") {
        let bot = &caller.app.bot_user;
        let place = caller.world.channels.get(channel).filter(|place| place.is_open_to(bot));
        let place = place.ok_or("channel_not_found")?;
        if !matches!(place.kind, ChannelKind::Im | ChannelKind::Mpim) {
            return Err("method_not_supported_for_channel_type".into());
        }
        return Ok(json!({ "no_op": true, "already_open": true, "channel": { "id": place.id } }));
    }
    let mut people: BTreeSet<String> = caller.args.words("users").into_iter().collect();
    if people.is_empty() {
        return Err("users_list_not_supplied".into());
    }
    people.remove(&caller.app.bot_user);
    if people.is_empty() {
        return Err("not_enough_users".into());
    }
    if people.len() > GROUP_PEOPLE {
        return Err("too_many_users".into());
    }
    let scope = if people.len() == 1 { "im:write" } else { "mpim:write" };
    if !caller.app.holds(scope) {
        return Err(ApiRefusal::scope(&[scope], &caller.app));
    }
    for id in &people {
        may_be_written_to(caller.world.users.get(id).ok_or("user_not_found")?)?;
    }
    people.insert(caller.app.bot_user.clone());
    let (id, was_there) = caller.world.direct(&people);
    let mut shown = json!({ "channel": { "id": id } });
    if caller.args.flag("return_im") {
        shown["channel"] = caller.world.channel_json(&caller.world.channels[&id], &caller.app.bot_user);
    }
    if was_there {
        shown["no_op"] = json!(true);
        shown["already_open"] = json!(true);
    }
    Ok(shown)
}

/// `conversations.create`
pub(super) fn create(caller: &mut Caller<'_>) -> Outcome {
    let name = caller.args.text("name").ok_or("invalid_name_required")?.to_owned();
    let kind = if caller.args.flag("is_private") { ChannelKind::Private } else { ChannelKind::Public };
    let scope = if kind == ChannelKind::Private { "groups:write" } else { "channels:manage" };
    if !caller.app.holds(scope) {
        return Err(ApiRefusal::scope(&[scope], &caller.app));
    }
    if name.chars().count() > CHANNEL_NAME {
        return Err("invalid_name_maxlength".into());
    }
    let is_letter =
        |letter: char| (letter.is_alphanumeric() && !letter.is_uppercase()) || "-_".contains(letter);
    if !name.chars().all(is_letter) {
        return Err("invalid_name_specials".into());
    }
    if name.chars().all(|letter| "-_".contains(letter)) {
        return Err("invalid_name_punctuation".into());
    }
    if caller.world.channels.values().any(|channel| channel.name == name) {
        return Err("name_taken".into());
    }
    let bot = caller.app.bot_user.clone();
    let id = caller.world.new_channel(&name, kind, &bot);
    caller.world.tell_created(&id);
    Ok(json!({ "channel": caller.world.channel_json(&caller.world.channels[&id], &bot) }))
}

/// `conversations.join`
pub(super) fn join(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("channel").ok_or("channel_not_found")?;
    let bot = caller.app.bot_user.clone();
    let channel = caller.world.channels.get(wanted).filter(|channel| channel.is_open_to(&bot));
    let channel = channel.ok_or("channel_not_found")?;
    if channel.kind != ChannelKind::Public {
        return Err("method_not_supported_for_channel_type".into());
    }
    if channel.archived {
        return Err("is_archived".into());
    }
    let id = channel.id.clone();
    let was_in = channel.members.contains(&bot);
    caller.world.enter(&id, &bot, None);
    let mut shown = json!({ "channel": caller.world.channel_json(&caller.world.channels[&id], &bot) });
    if was_in {
        shown["warning"] = json!("already_in_channel");
        shown["response_metadata"] = json!({ "warnings": ["already_in_channel"] });
    }
    Ok(shown)
}

/// `conversations.setTopic`
pub(super) fn set_topic(caller: &mut Caller<'_>) -> Outcome {
    let wanted = caller.args.text("channel").ok_or("channel_not_found")?.to_owned();
    let topic = caller.args.text("topic").unwrap_or_default().to_owned();
    let bot = caller.app.bot_user.clone();
    let channel = caller.world.channels.get_mut(&wanted).filter(|channel| channel.is_open_to(&bot));
    let channel = channel.ok_or("channel_not_found")?;
    let scopes: &[&str] = match channel.kind {
        ChannelKind::Public => &["channels:manage", "channels:write.topic"],
        ChannelKind::Private => &["groups:write", "groups:write.topic"],
        ChannelKind::Im | ChannelKind::Mpim => return Err("method_not_supported_for_channel_type".into()),
    };
    if !scopes.iter().any(|scope| caller.app.holds(scope)) {
        return Err(ApiRefusal::scope(scopes, &caller.app));
    }
    if !channel.members.contains(&bot) {
        return Err("not_in_channel".into());
    }
    if channel.archived {
        return Err("is_archived".into());
    }
    if topic.chars().count() > TOPIC {
        return Err("too_long".into());
    }
    channel.topic = topic;
    Ok(json!({ "channel": caller.world.channel_json(&caller.world.channels[&wanted], &bot) }))
}

/// `conversations.info`
pub(super) fn info(caller: &mut Caller<'_>) -> Outcome {
    let channel = known(caller, "read")?;
    let mut shown = caller.world.channel_json(channel, &caller.app.bot_user);
    if !caller.args.flag("include_num_members")
        && let Some(fields) = shown.as_object_mut()
    {
        fields.remove("num_members");
    }
    Ok(json!({ "channel": shown }))
}

/// `conversations.list`
pub(super) fn list(caller: &mut Caller<'_>) -> Outcome {
    listed(caller, &caller.app.bot_user.clone(), false)
}

/// `users.conversations`
pub(super) fn of_user(caller: &mut Caller<'_>) -> Outcome {
    let user = caller.args.text("user").unwrap_or(&caller.app.bot_user).to_owned();
    if !caller.world.users.contains_key(&user) {
        return Err("user_not_found".into());
    }
    listed(caller, &user, true)
}

fn listed(caller: &Caller<'_>, user: &str, members_only: bool) -> Outcome {
    let mut types = caller.args.words("types");
    if types.is_empty() {
        types.push("public_channel".to_owned());
    }
    let kinds: Vec<ChannelKind> =
        [ChannelKind::Public, ChannelKind::Private, ChannelKind::Im, ChannelKind::Mpim]
            .into_iter()
            .filter(|kind| types.iter().any(|named| named == kind.type_name()))
            .collect();
    if kinds.len() < types.len() {
        return Err("invalid_types".into());
    }
    for kind in &kinds {
        let scope = format!("{}:read", kind.scope_name());
        if !caller.app.holds(&scope) {
            return Err(ApiRefusal::scope(&[&scope], &caller.app));
        }
    }
    let bot = &caller.app.bot_user;
    let without_archived = caller.args.flag("exclude_archived");
    let rows: Vec<&Channel> = caller
        .world
        .channels
        .values()
        .filter(|channel| kinds.contains(&channel.kind) && channel.is_open_to(bot))
        .filter(|channel| !members_only || channel.members.contains(user))
        .filter(|channel| !(without_archived && channel.archived))
        .collect();
    page(
        caller.args,
        "channels",
        100,
        &rows,
        |channel| &channel.id,
        |channel| caller.world.channel_json(channel, bot),
    )
}

/// `conversations.members`
pub(super) fn members(caller: &mut Caller<'_>) -> Outcome {
    let channel = known(caller, "read")?;
    let members: Vec<&String> = channel.members.iter().collect();
    page(caller.args, "members", 100, &members, |id| id.as_str(), |id| json!(id))
}
