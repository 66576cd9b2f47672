//! Uploads files: an address, the bytes, then sharing.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Caller, Outcome};
use crate::base::limits::{ALT_TEXT, BODY_BYTES, PAGE_ROWS};
use crate::hub::Hub;
use crate::workspace::channels::ChannelKind;
use crate::workspace::files::File;
use crate::workspace::messages::Post;

/// Files on one page of `files.list`, unless the call asks for another number.
const FILES_PAGE: usize = 100;

/// `files.getUploadURLExternal`
pub(super) fn get_upload_url(caller: &mut Caller<'_>) -> Outcome {
    let name = caller.args.needed("filename")?.to_owned();
    let length = caller.args.number("length").filter(|length| *length > 0).ok_or("invalid_arguments")?;
    let alt_text = caller.args.text("alt_txt").unwrap_or_default().to_owned();
    if alt_text.chars().count() > ALT_TEXT {
        return Err("alt_txt_too_large".into());
    }
    let id = caller.world.ids.id("F");
    let file = File {
        id: id.clone(),
        app_id: caller.app.id.clone(),
        user: caller.app.bot_user.clone(),
        title: name.clone(),
        name,
        alt_text,
        upload_path: format!("upload/v1/{}", caller.world.ids.secret(40)),
        length,
        content: None,
        created_ms: caller.world.now_ms(),
    };
    let url = format!("{}/{}", caller.base, file.upload_path);
    caller.world.files.insert(id.clone(), file);
    Ok(json!({ "upload_url": url, "file_id": id }))
}

/// `files.completeUploadExternal`
pub(super) fn complete_upload(caller: &mut Caller<'_>) -> Outcome {
    let listed = caller.args.json("files")?.ok_or("invalid_arguments")?;
    let listed = listed.as_array().filter(|files| !files.is_empty()).ok_or("invalid_arguments")?.clone();
    let mut shown: Vec<Value> = Vec::new();
    for one in &listed {
        let id = one["id"].as_str().ok_or("invalid_arguments")?;
        let app_id = &caller.app.id;
        let file =
            caller.world.files.get_mut(id).filter(|file| file.app_id == *app_id).ok_or("file_not_found")?;
        if file.content.is_none() {
            return Err("file_not_found".into());
        }
        if let Some(title) = one["title"].as_str() {
            title.clone_into(&mut file.title);
        }
        let file = file.clone();
        shown.push(caller.world.file_json(caller.base, &file));
    }
    if let Some(channel) = caller.args.text("channel_id").map(str::to_owned) {
        share(caller, &channel, &shown)?;
    }
    Ok(json!({ "files": shown }))
}

/// `files.list`: the app's own files, and those in conversations that it may know about, newest first.
pub(super) fn list(caller: &mut Caller<'_>) -> Outcome {
    let (args, world, bot) = (caller.args, &*caller.world, &caller.app.bot_user);
    let channel = args.text("channel");
    if channel.is_some_and(|id| world.channels.get(id).is_none_or(|place| !place.is_open_to(bot))) {
        return Err("channel_not_found".into());
    }
    let bound = |key: &str, other: i64| -> Result<i64, &'static str> {
        match args.text(key) {
            None => Ok(other),
            // A fraction of a second makes no difference.
            Some(seconds) => {
                seconds.split('.').next().unwrap_or_default().parse().map_err(|_| "invalid_arguments")
            }
        }
    };
    let (from, to) = (bound("ts_from", i64::MIN)?, bound("ts_to", i64::MAX)?);
    let mut found: Vec<Value> = Vec::new();
    for file in world.files.values().filter(|file| file.content.is_some()) {
        let shared = world.channels_with_file(&file.id);
        let open: Vec<&str> = shared.into_iter().filter(|id| world.channels[*id].is_open_to(bot)).collect();
        let is_known = file.app_id == caller.app.id || !open.is_empty();
        let is_there = channel.is_none_or(|id| open.contains(&id));
        let is_theirs = args.text("user").is_none_or(|user| user == file.user);
        if is_known && is_there && is_theirs && (from..=to).contains(&(file.created_ms / 1_000)) {
            let mut shown = world.file_json(caller.base, file);
            shown["channels"] = json!(open);
            found.push(shown);
        }
    }
    found.sort_by_key(|file| {
        std::cmp::Reverse((file["created"].as_i64(), file["id"].as_str().map(str::to_owned)))
    });
    let count = args.number("count").unwrap_or(FILES_PAGE).clamp(1, PAGE_ROWS);
    let page = args.number("page").unwrap_or(1).max(1);
    let total = found.len();
    let files: Vec<Value> = found.into_iter().skip((page - 1).saturating_mul(count)).take(count).collect();
    let paging = json!({ "count": count, "total": total, "page": page, "pages": total.div_ceil(count) });
    Ok(json!({ "files": files, "paging": paging }))
}

/// `files.delete`: messages stay, and show that the file was deleted.
pub(super) fn delete(caller: &mut Caller<'_>) -> Outcome {
    let id = caller.args.text("file").ok_or("file_not_found")?.to_owned();
    let file = caller.world.files.get(&id).ok_or("file_not_found")?;
    if file.app_id != caller.app.id {
        return Err("cant_delete_file".into());
    }
    caller.world.remove_file(&id);
    Ok(json!({}))
}

fn share(caller: &mut Caller<'_>, channel: &str, files: &[Value]) -> Result<(), super::ApiRefusal> {
    let bot = caller.app.bot_user.clone();
    let place = caller
        .world
        .channels
        .get(channel)
        .filter(|place| place.is_open_to(&bot))
        .ok_or("channel_not_found")?;
    let open = place.kind == ChannelKind::Public && caller.app.holds("chat:write.public");
    if !place.members.contains(&bot) && !open {
        return Err("not_in_channel".into());
    }
    if place.archived {
        return Err("is_archived".into());
    }
    let post = Post {
        user: bot,
        app_id: Some(caller.app.id.clone()),
        subtype: Some("file_share"),
        text: caller.args.text("initial_comment").unwrap_or_default().to_owned(),
        thread_ts: caller.args.text("thread_ts").map(str::to_owned),
        files: files.to_vec(),
        ..Post::default()
    };
    caller.world.post(channel, post);
    Ok(())
}

/// `POST /upload/v1/SECRET`: the bytes. It takes no token, and clients should not send one.
pub(crate) async fn upload(State(hub): State<Arc<Hub>>, Path(secret): Path<String>, body: Body) -> Response {
    let Ok(bytes) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = format!("upload/v1/{secret}");
    hub.with(|world| match world.files.values_mut().find(|file| file.upload_path == path) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(file) => {
            let said = format!("OK - {}", bytes.len());
            file.content = Some(bytes.to_vec());
            said.into_response()
        }
    })
}

/// `GET /files/ID`: an uploaded file, for the page.
pub(crate) async fn download(State(hub): State<Arc<Hub>>, Path(id): Path<String>) -> Response {
    let found = hub.look(|world| {
        let file = world.files.get(&id)?;
        Some((file.media_type(), file.content.clone()?))
    });
    match found {
        None => StatusCode::NOT_FOUND.into_response(),
        Some((kind, bytes)) => {
            let headers = [(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
            (headers, bytes).into_response()
        }
    }
}
