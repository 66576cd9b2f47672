//! Uploads files: an address, the bytes, then sharing.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Caller, Outcome};
use crate::base::limits::{ALT_TEXT, BODY_BYTES};
use crate::hub::Hub;
use crate::workspace::channels::ChannelKind;
use crate::workspace::files::File;
use crate::workspace::messages::Post;

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
