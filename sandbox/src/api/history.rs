//! Reads messages and reacts to them.

use serde_json::json;

use super::conversations::known;
use super::rows::page;
use super::{ApiRefusal, Caller, Outcome};
use crate::workspace::channels::Channel;
use crate::workspace::messages::{Post, check_emoji};

/// Refuses a range of time whose ends are not time stamps.
fn check_times(caller: &Caller<'_>) -> Result<(), ApiRefusal> {
    for (end, error) in [("latest", "invalid_ts_latest"), ("oldest", "invalid_ts_oldest")] {
        if caller.args.text(end).is_some_and(|ts| ts.parse::<f64>().is_err()) {
            return Err(error.into());
        }
    }
    Ok(())
}

/// Whether a message is in the range of time that a call asks for.
fn in_time(caller: &Caller<'_>, post: &Post) -> bool {
    let inclusive = caller.args.flag("inclusive");
    let number = |text: &str| text.parse::<f64>().unwrap_or_default();
    let ts = number(&post.ts);
    let after = caller
        .args
        .text("oldest")
        .map(number)
        .is_none_or(|oldest| ts > oldest || (inclusive && ts >= oldest));
    let before = caller
        .args
        .text("latest")
        .map(number)
        .is_none_or(|latest| ts < latest || (inclusive && ts <= latest));
    after && before
}

/// Returns the conversation that a call reads. The bot has to be a member.
fn read<'a>(caller: &'a Caller<'_>) -> Result<&'a Channel, ApiRefusal> {
    let channel = known(caller, "history")?;
    if !channel.members.contains(&caller.app.bot_user) {
        return Err("not_in_channel".into());
    }
    check_times(caller)?;
    Ok(channel)
}

/// `conversations.history`
pub(super) fn history(caller: &mut Caller<'_>) -> Outcome {
    let channel = read(caller)?;
    let rows: Vec<&Post> = channel
        .posts
        .iter()
        .rev()
        .filter(|post| {
            !post.deleted && post.ephemeral_to.is_none() && post.is_in_channel() && in_time(caller, post)
        })
        .collect();
    messages(caller, &channel.id, &rows, 100)
}

/// `conversations.replies`
pub(super) fn replies(caller: &mut Caller<'_>) -> Outcome {
    let channel = read(caller)?;
    let ts = caller.args.text("ts").ok_or("thread_not_found")?;
    let named = channel.post(ts).filter(|post| post.ephemeral_to.is_none()).ok_or("thread_not_found")?;
    let root = named.thread_ts.as_ref().unwrap_or(&named.ts);
    let rows: Vec<&Post> = channel
        .posts
        .iter()
        .filter(|post| !post.deleted && post.ephemeral_to.is_none())
        .filter(|post| post.ts == *root || (post.thread_ts.as_ref() == Some(root) && in_time(caller, post)))
        .collect();
    messages(caller, &channel.id, &rows, 1_000)
}

fn messages(caller: &Caller<'_>, channel: &str, rows: &[&Post], usual: usize) -> Outcome {
    let with_metadata = caller.args.flag("include_all_metadata");
    let mut shown = page(
        caller.args,
        "messages",
        usual,
        rows,
        |post| &post.ts,
        |post| caller.world.message_json(channel, post, with_metadata),
    )?;
    let more = shown["response_metadata"]["next_cursor"].as_str().is_some_and(|cursor| !cursor.is_empty());
    shown["has_more"] = json!(more);
    if !more && let Some(fields) = shown.as_object_mut() {
        fields.remove("response_metadata");
    }
    Ok(shown)
}

/// Returns the conversation and the message that a reaction or a pin is for. Fails with `nowhere` if the call names
/// no conversation.
fn target(caller: &Caller<'_>, nowhere: &'static str) -> Result<(String, String), ApiRefusal> {
    let bot = &caller.app.bot_user;
    let wanted = caller.args.text("channel").ok_or(nowhere)?;
    let ts = caller.args.text("timestamp").ok_or("no_item_specified")?;
    if ts.parse::<f64>().is_err() {
        return Err("bad_timestamp".into());
    }
    let channel = caller.world.channels.get(wanted).filter(|channel| channel.is_open_to(bot));
    let channel = channel.ok_or("channel_not_found")?;
    if channel.archived {
        return Err("is_archived".into());
    }
    channel.post(ts).filter(|post| post.ephemeral_to.is_none()).ok_or("message_not_found")?;
    Ok((wanted.to_owned(), ts.to_owned()))
}

/// `reactions.add`
pub(super) fn add_reaction(caller: &mut Caller<'_>) -> Outcome {
    let emoji = caller.args.text("name").ok_or("invalid_name")?.trim_matches(':').to_owned();
    check_emoji(&emoji)?;
    let (channel, ts) = target(caller, "no_item_specified")?;
    let bot = caller.app.bot_user.clone();
    if !caller.world.channels[&channel].members.contains(&bot) {
        return Err("not_in_channel".into());
    }
    caller.world.react(&channel, &ts, &bot, &emoji, false)?;
    Ok(json!({}))
}

/// `reactions.remove`: the bot's own.
pub(super) fn remove_reaction(caller: &mut Caller<'_>) -> Outcome {
    let emoji = caller.args.text("name").ok_or("invalid_name")?.trim_matches(':').to_owned();
    check_emoji(&emoji)?;
    let (channel, ts) = target(caller, "no_item_specified")?;
    let bot = caller.app.bot_user.clone();
    caller.world.unreact(&channel, &ts, &bot, &emoji)?;
    Ok(json!({}))
}

/// `reactions.get`
pub(super) fn get_reactions(caller: &mut Caller<'_>) -> Outcome {
    let (channel, ts) = target(caller, "no_item_specified")?;
    let post = caller.world.channels[&channel].post(&ts).ok_or("message_not_found")?;
    let message = caller.world.message_json(&channel, post, false);
    Ok(json!({ "type": "message", "channel": channel, "message": message }))
}

/// `pins.add`
pub(super) fn pin(caller: &mut Caller<'_>) -> Outcome {
    let (channel, ts) = target(caller, "channel_not_found")?;
    let bot = &caller.app.bot_user;
    let place = caller.world.channels.get_mut(&channel).ok_or("channel_not_found")?;
    if !place.members.contains(bot) {
        return Err("not_in_channel".into());
    }
    let post = place.post_mut(&ts).ok_or("message_not_found")?;
    if std::mem::replace(&mut post.pinned, true) {
        return Err("already_pinned".into());
    }
    Ok(json!({}))
}
