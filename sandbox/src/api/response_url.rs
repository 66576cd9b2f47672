//! `response_url`: takes five answers within half an hour after a command or a click.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Lost;
use crate::base::limits::{BODY_BYTES, RESPONSE_URL};
use crate::hub::Hub;
use crate::hub::switches::Fault;
use crate::types::traffic::Call;
use crate::workspace::World;

/// The name of these answers among calls and faults.
const NAME: &str = "response_url";

type ResponseUrlRefusal = (StatusCode, &'static str);

/// `POST` to an address from a command or an interaction.
pub(crate) async fn answer(
    State(hub): State<Arc<Hub>>,
    Path((door, team, number, secret)): Path<(String, String, String, String)>,
    body: Body,
) -> Response {
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = format!("{door}/{team}/{number}/{secret}");
    let fault = hub.switches(|switches| switches.take(NAME));
    let (status, shown) = match &fault {
        Some(Fault::RateLimit(_)) => refused((StatusCode::TOO_MANY_REQUESTS, "ratelimited")),
        Some(Fault::ServerError) => refused((StatusCode::INTERNAL_SERVER_ERROR, "internal_error")),
        Some(Fault::Down) => refused((StatusCode::SERVICE_UNAVAILABLE, "service_unavailable")),
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
    world.answer(&held, &said).map_err(|error| (StatusCode::BAD_REQUEST, error))
}
