//! Posts, changes and deletes messages.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ApiRefusal, Caller, Outcome};
use crate::base::blocks::given::{attachments_of, blocks_of};
use crate::base::blocks::{self, Surface};
use crate::base::limits::{ATTACHMENTS, METADATA_BYTES, TEXT_CUT, TEXT_UPDATE};
use crate::types::people::PersonKind;
use crate::workspace::attachments::Said;
use crate::workspace::channels::ChannelKind;
use crate::workspace::messages::Post;

/// The content of a message, as a call gives it.
struct Content {
    text: Option<String>,
    blocks: Option<Vec<Value>>,
    attachments: Option<Vec<Value>>,
    metadata: Option<Value>,
}

fn content(caller: &Caller<'_>) -> Result<Content, ApiRefusal> {
    let given = caller.args.0.get("blocks");
    let blocks = blocks_of(given)?;
    let attachments = attachments_of(caller.args.0.get("attachments"))?;
    if attachments.as_ref().is_some_and(|attachments| attachments.len() > ATTACHMENTS) {
        return Err("too_many_attachments".into());
    }
    let mut wrong = blocks::check(&blocks, Surface::Message);
    wrong.extend(blocks::check_attachments(attachments.as_deref().unwrap_or_default()));
    if !wrong.is_empty() {
        return Err(ApiRefusal::listing("invalid_blocks", &wrong));
    }
    let metadata = caller.args.json("metadata").map_err(|_| "invalid_metadata_format")?;
    if let Some(metadata) = &metadata {
        if !is_metadata(metadata) {
            return Err("invalid_metadata_format".into());
        }
        if metadata.to_string().len() > METADATA_BYTES {
            return Err("metadata_too_large".into());
        }
    }
    let text = caller.args.text("text").map(str::to_owned);
    let blocks = given.filter(|given| !given.is_null()).map(|_| blocks);
    let content = Content { text, blocks, attachments, metadata };
    let is_empty = |list: &Option<Vec<Value>>| list.as_ref().is_none_or(Vec::is_empty);
    if content.text.is_none() && is_empty(&content.blocks) && is_empty(&content.attachments) {
        return Err("no_text".into());
    }
    Ok(content)
}

/// Whether metadata are an event, work objects, or both.
fn is_metadata(metadata: &Value) -> bool {
    let has = |holder: &Value, key: &str| holder[key].as_str().is_some_and(|text| !text.is_empty());
    let is_entity = |entity: &Value| {
        has(entity, "entity_type")
            && has(entity, "url")
            && has(&entity["external_ref"], "id")
            && entity["entity_payload"].is_object()
    };
    let is_event = has(metadata, "event_type") && metadata["event_payload"].is_object();
    let names_an_event = ["event_type", "event_payload"].iter().any(|key| !metadata[*key].is_null());
    match &metadata["entities"] {
        Value::Null => is_event,
        Value::Array(entities) => {
            !entities.is_empty() && entities.iter().all(is_entity) && (is_event || !names_an_event)
        }
        _ => false,
    }
}

/// Returns where a call wants to post: an id, a name, or a person, which means their direct conversation.
fn destination(caller: &mut Caller<'_>) -> Result<String, ApiRefusal> {
    let wanted = caller.args.text("channel").ok_or("channel_not_found")?.to_owned();
    if wanted.starts_with(['U', 'W']) && !caller.world.channels.contains_key(&wanted) {
        let user = caller.world.users.get(&wanted).ok_or("channel_not_found")?;
        may_be_written_to(user)?;
        let people = BTreeSet::from([caller.app.bot_user.clone(), wanted]);
        return Ok(caller.world.direct(&people).0);
    }
    let bot = &caller.app.bot_user;
    let channel = caller.world.find_channel(&wanted).filter(|channel| channel.is_open_to(bot));
    let channel = channel.ok_or("channel_not_found")?;
    if channel.archived {
        return Err("is_archived".into());
    }
    Ok(channel.id.clone())
}

/// Returns Slack's reasons for not writing to a person.
pub(super) fn may_be_written_to(user: &crate::workspace::people::User) -> Result<(), ApiRefusal> {
    if user.is_bot() || user.id == "USLACKBOT" {
        return Err("cannot_dm_bot".into());
    }
    if user.deleted {
        return Err("user_disabled".into());
    }
    if user.kind == PersonKind::Stranger {
        return Err("user_not_visible".into());
    }
    Ok(())
}

fn thread(caller: &Caller<'_>, channel: &str) -> Result<Option<String>, ApiRefusal> {
    let Some(ts) = caller.args.text("thread_ts") else {
        return Ok(None);
    };
    let parent = caller.world.channels.get(channel).and_then(|channel| channel.post(ts));
    let parent = parent.ok_or("thread_not_found")?;
    // A reply to a reply goes to the thread of both.
    Ok(Some(parent.thread_ts.clone().unwrap_or_else(|| parent.ts.clone())))
}

/// `chat.postMessage`
pub(super) fn post_message(caller: &mut Caller<'_>) -> Outcome {
    let channel = destination(caller)?;
    let content = content(caller)?;
    let place = &caller.world.channels[&channel];
    let inside = place.members.contains(&caller.app.bot_user);
    let open = place.kind == ChannelKind::Public && caller.app.holds("chat:write.public");
    if !inside && !open {
        return Err("not_in_channel".into());
    }
    let thread_ts = thread(caller, &channel)?;
    let post = Post {
        user: caller.app.bot_user.clone(),
        app_id: Some(caller.app.id.clone()),
        text: content.text.unwrap_or_default().chars().take(TEXT_CUT).collect(),
        blocks: content.blocks.unwrap_or_default(),
        attachments: content.attachments.unwrap_or_default(),
        metadata: content.metadata,
        broadcast: thread_ts.is_some() && caller.args.flag("reply_broadcast"),
        thread_ts,
        ..Post::default()
    };
    let ts = caller.world.post(&channel, post);
    let post = caller.world.channels[&channel].post(&ts).ok_or("internal_error")?;
    Ok(json!({ "channel": channel, "ts": ts, "message": caller.world.message_json(&channel, post, true) }))
}

/// `chat.postEphemeral`
pub(super) fn post_ephemeral(caller: &mut Caller<'_>) -> Outcome {
    let user = caller.args.needed("user")?.to_owned();
    let channel = destination(caller)?;
    let content = content(caller)?;
    let place = &caller.world.channels[&channel];
    if !place.members.contains(&caller.app.bot_user) {
        return Err("not_in_channel".into());
    }
    if !place.members.contains(&user) || caller.world.users.get(&user).is_none_or(|user| user.deleted) {
        return Err("user_not_in_channel".into());
    }
    let thread_ts = thread(caller, &channel)?;
    let post = Post {
        user: caller.app.bot_user.clone(),
        app_id: Some(caller.app.id.clone()),
        text: content.text.unwrap_or_default().chars().take(TEXT_CUT).collect(),
        blocks: content.blocks.unwrap_or_default(),
        attachments: content.attachments.unwrap_or_default(),
        thread_ts,
        ephemeral_to: Some(user),
        ..Post::default()
    };
    Ok(json!({ "message_ts": caller.world.post(&channel, post) }))
}

/// Returns the app's own message that a call names. Fails with `of_another` for a message of another author, with
/// `archived` in an archived channel.
fn own_message(caller: &Caller<'_>, of_another: &str, archived: &str) -> Result<(String, Post), ApiRefusal> {
    let channel = caller.args.text("channel").ok_or("channel_not_found")?;
    let ts = caller.args.text("ts").ok_or("message_not_found")?;
    let bot = &caller.app.bot_user;
    let place = caller.world.channels.get(channel).filter(|channel| channel.is_open_to(bot));
    let place = place.ok_or("channel_not_found")?;
    let post = place.post(ts).filter(|post| post.ephemeral_to.is_none()).ok_or("message_not_found")?;
    if post.app_id.as_ref() != Some(&caller.app.id) {
        return Err(of_another.into());
    }
    if place.archived {
        return Err(archived.into());
    }
    Ok((channel.to_owned(), post.clone()))
}

/// `chat.update`
pub(super) fn update(caller: &mut Caller<'_>) -> Outcome {
    let (channel, post) = own_message(caller, "cant_update_message", "is_inactive")?;
    let content = content(caller)?;
    if content.text.as_ref().is_some_and(|text| text.chars().count() > TEXT_UPDATE) {
        return Err("msg_too_long".into());
    }
    let text = content.text.unwrap_or_default();
    let said = Said { text: text.clone(), blocks: content.blocks, attachments: content.attachments };
    let after = caller.world.revise(&channel, &post.ts, said)?;
    let metadata = content.metadata.or(after.metadata);
    if let Some(post) = caller.world.channels.get_mut(&channel).and_then(|place| place.post_mut(&after.ts)) {
        post.metadata = metadata;
    }
    let post = caller.world.channels[&channel].post(&post.ts).ok_or("message_not_found")?;
    let message = caller.world.message_json(&channel, post, true);
    Ok(json!({ "channel": channel, "ts": post.ts, "text": text, "message": message }))
}

/// `chat.delete`
pub(super) fn delete(caller: &mut Caller<'_>) -> Outcome {
    let (channel, post) = own_message(caller, "cant_delete_message", "is_archived")?;
    caller.world.remove(&channel, &post.ts);
    Ok(json!({ "channel": channel, "ts": post.ts }))
}

/// `chat.getPermalink`
pub(super) fn get_permalink(caller: &mut Caller<'_>) -> Outcome {
    let channel = caller.args.text("channel").ok_or("channel_not_found")?;
    let ts = caller.args.text("message_ts").ok_or("message_not_found")?;
    let bot = &caller.app.bot_user;
    let place = caller.world.channels.get(channel).filter(|channel| channel.is_open_to(bot));
    place.ok_or("channel_not_found")?.post(ts).ok_or("message_not_found")?;
    let link = format!("{}/archives/{channel}/p{}", caller.base, ts.replace('.', ""));
    Ok(json!({ "channel": channel, "permalink": link }))
}
