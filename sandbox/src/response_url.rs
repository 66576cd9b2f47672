//! `response_url`: takes five answers within half an hour after a command or a click.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api::args::{attachments_of, blocks_of};
use crate::base::blocks::{self, Surface};
use crate::base::limits::{BODY_BYTES, RESPONSE_URL, TEXT_CUT};
use crate::faults::Fault;
use crate::hub::Hub;
use crate::server::Lost;
use crate::state::World;
use crate::state::apps::ResponseUrl;
use crate::state::attachments::Said;
use crate::state::messages::Post;
use crate::types::traffic::Call;

/// The name of these answers among calls and faults.
const NAME: &str = "response_url";

type ResponseUrlRefusal = (StatusCode, &'static str);

/// `POST` to an address from a command or an interaction.
pub(crate) async fn answer(
    State(hub): State<Arc<Hub>>,
    Path((door, team, number, secret)): Path<(String, String, String, String)>,
    body: Body,
) -> Response {
    if hub.switches(|switches| switches.down) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = format!("{door}/{team}/{number}/{secret}");
    let fault = hub.switches(|switches| switches.take(NAME));
    let (status, shown) = match &fault {
        Some(Fault::RateLimit(_)) => refused((StatusCode::TOO_MANY_REQUESTS, "ratelimited")),
        Some(Fault::ServerError) => refused((StatusCode::INTERNAL_SERVER_ERROR, "internal_error")),
        Some(Fault::Error(error)) => refused((StatusCode::NOT_FOUND, error)),
        Some(Fault::LoseAnswer) | None => match hub.with(|world| used(world, &path, &body)) {
            Ok(()) => (StatusCode::OK, json!({ "ok": true })),
            Err(refusal) => refused(refusal),
        },
    };
    let lost = fault == Some(Fault::LoseAnswer);
    hub.look(|world| {
        let call = Call {
            method: NAME.to_owned(),
            args: serde_json::from_slice(&body).unwrap_or_default(),
            answer: if lost { Value::Null } else { shown.clone() },
            http_status: status.as_u16(),
            at_ms: world.now_ms(),
            app_id: world.response_urls.get(&path).map(|held| held.app_id.clone()),
        };
        world.wire.log_call(call);
    });
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], shown.to_string())
            .into_response();
    if let Some(Fault::RateLimit(seconds)) = fault {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if lost {
        response.extensions_mut().insert(Lost);
    }
    response
}

fn refused((status, error): (StatusCode, &str)) -> (StatusCode, Value) {
    (status, json!({ "ok": false, "error": error }))
}

fn used(world: &mut World, path: &str, body: &[u8]) -> Result<(), ResponseUrlRefusal> {
    let now_ms = world.now_ms();
    let held = world.response_urls.get_mut(path).ok_or((StatusCode::NOT_FOUND, "expired_url"))?;
    if now_ms - held.made_ms > RESPONSE_URL.1 {
        return Err((StatusCode::NOT_FOUND, "expired_url"));
    }
    if held.uses >= RESPONSE_URL.0 {
        return Err((StatusCode::NOT_FOUND, "used_url"));
    }
    let said: Value =
        serde_json::from_slice(body).map_err(|_| (StatusCode::BAD_REQUEST, "invalid_payload"))?;
    held.uses += 1;
    let held = held.clone();
    apply(world, &held, &said).map_err(|error| (StatusCode::BAD_REQUEST, error))
}

/// Carries out an answer: an acknowledgement with a payload, or a post to a `response_url`.
pub(crate) fn apply(world: &mut World, held: &ResponseUrl, said: &Value) -> Result<(), &'static str> {
    let original = held.original.as_ref().map(|original| original.ts.clone());
    if said["delete_original"] == true {
        let ts = original.ok_or("message_not_found")?;
        world.remove(&held.channel, &ts);
        return Ok(());
    }
    let blocks = blocks_of(said.get("blocks"))?;
    let attachments = attachments_of(said.get("attachments"))?.unwrap_or_default();
    let text = said["text"].as_str().unwrap_or_default();
    if text.is_empty() && blocks.is_empty() && attachments.is_empty() {
        return Err("no_text");
    }
    let fits = blocks::check(&blocks, Surface::Message).is_empty();
    if !fits || !blocks::check_attachments(&attachments).is_empty() {
        return Err("invalid_blocks");
    }
    let text: String = text.chars().take(TEXT_CUT).collect();
    if let (true, Some(ts)) = (said["replace_original"] == true, &original) {
        let said = Said { text, blocks: Some(blocks), attachments: Some(attachments) };
        return world.revise(&held.channel, ts, said).map(|_| ());
    }
    let in_channel = said["response_type"] == "in_channel";
    let Some(app) = world.app(&held.app_id) else {
        return Err("invalid_token");
    };
    let post = Post {
        user: app.bot_user.clone(),
        app_id: Some(app.id.clone()),
        text,
        blocks,
        attachments,
        thread_ts: said["thread_ts"].as_str().map(str::to_owned),
        ephemeral_to: (!in_channel).then(|| held.user.clone()),
        metadata: said.get("metadata").cloned(),
        ..Post::default()
    };
    world.post(&held.channel, post);
    Ok(())
}
