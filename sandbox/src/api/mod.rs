//! The Web API: reads a call, checks it, carries it out and logs it.

mod apps;
pub(crate) mod args;
mod chat;
mod conversations;
mod files;
mod history;
pub(crate) mod response_url;
mod rows;
pub(crate) mod socket;
mod usergroups;
mod users;
mod views;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::base::limits::BODY_BYTES;
use crate::base::scopes::{Method, Token, method};
use crate::hub::Hub;
use crate::hub::switches::Fault;
use crate::types::traffic::Call;
use crate::workspace::World;
use crate::workspace::apps::App;
use args::Args;

pub(crate) use files::{download, upload};

/// Marks an answer that must not arrive: the server drops the connection instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost;

/// The fields beside `ok`, or a refusal.
pub(crate) type Outcome = Result<Value, ApiRefusal>;

/// `ok: false` with Slack's name for the error.
#[derive(Clone, Debug)]
pub(crate) struct ApiRefusal {
    pub(crate) error: String,
    pub(crate) more: Map<String, Value>,
}

impl From<&str> for ApiRefusal {
    fn from(error: &str) -> Self {
        ApiRefusal { error: error.to_owned(), more: Map::new() }
    }
}

impl ApiRefusal {
    /// A refusal with a list of problems.
    pub(crate) fn listing(error: &str, messages: &[String]) -> ApiRefusal {
        let mut refusal = ApiRefusal::from(error);
        refusal.more.insert("response_metadata".to_owned(), json!({ "messages": messages }));
        refusal
    }

    /// A refusal for a missing scope.
    pub(crate) fn scope(needed: &[&str], app: &App) -> ApiRefusal {
        let mut refusal = ApiRefusal::from("missing_scope");
        refusal.more.insert("needed".to_owned(), json!(needed.join(",")));
        refusal.more.insert("provided".to_owned(), json!(app.scopes.join(",")));
        refusal
    }
}

/// An admitted call.
pub(crate) struct Caller<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) app: App,
    pub(crate) args: &'a Args,
    pub(crate) base: &'a str,
}

/// An answer to send.
struct ApiReply {
    status: StatusCode,
    body: Value,
    retry_after: Option<u64>,
    scopes: Option<String>,
    lost: bool,
    app_id: Option<String>,
    /// The workspace's clock, since callers compare it with their own.
    date: Option<String>,
}

impl ApiReply {
    fn ok(body: Value) -> ApiReply {
        ApiReply {
            status: StatusCode::OK,
            body,
            retry_after: None,
            scopes: None,
            lost: false,
            app_id: None,
            date: None,
        }
    }

    fn refused(refusal: ApiRefusal) -> ApiReply {
        let mut body = refusal.more;
        body.insert("ok".to_owned(), json!(false));
        body.insert("error".to_owned(), json!(refusal.error));
        ApiReply::ok(Value::Object(body))
    }

    fn failed(status: StatusCode, error: &'static str) -> ApiReply {
        let mut reply = ApiReply::refused(ApiRefusal::from(error));
        reply.status = status;
        reply
    }

    fn limited(seconds: u64) -> ApiReply {
        let mut reply = ApiReply::refused(ApiRefusal::from("ratelimited"));
        reply.status = StatusCode::TOO_MANY_REQUESTS;
        reply.retry_after = Some(seconds);
        reply
    }
}

/// `/api/METHOD`
pub(crate) async fn call(
    State(hub): State<Arc<Hub>>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Response {
    let (latency, fault) = hub.switches(|switches| (switches.latency, switches.take(&name)));
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut args = Args::default();
    args.read_form(parts.uri.query().unwrap_or_default().as_bytes());
    let kind = header_text(&parts.headers, "content-type").split(';').next().unwrap_or_default().trim();
    let is_json = kind.eq_ignore_ascii_case("application/json");
    let mut readable = Ok(());
    if !is_json {
        readable = check_kind(kind, &body);
        args.read_form(&body);
    } else if method(&name).is_none_or(|method| method.reads_json) && !body.is_empty() {
        readable = args.read_json(&body);
        // In JSON the token is not looked for: it belongs in the header.
        args.0.remove("token");
    }
    let token = header_text(&parts.headers, "authorization")
        .strip_prefix("Bearer ")
        .map(str::to_owned)
        .or_else(|| args.text("token").map(str::to_owned));
    args.0.remove("token");
    let mut reply = match readable {
        Ok(()) => hub.with(|world| answer(world, &hub, &name, token.as_deref(), &args, fault.as_ref())),
        Err(error) => ApiReply::refused(ApiRefusal::from(error)),
    };
    hub.look(|world| world.wire.log_call(logged(&hub, name, args, &reply)));
    let now = chrono::DateTime::from_timestamp_millis(hub.clock.now_ms());
    reply.date = now.map(|now| now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    reply.into_response()
}

/// Whether Slack reads a body of this content type that is not JSON.
fn check_kind(kind: &str, body: &[u8]) -> Result<(), &'static str> {
    match kind.to_ascii_lowercase().as_str() {
        _ if body.is_empty() => Ok(()),
        "application/x-www-form-urlencoded" | "text/plain" => Ok(()),
        "" => Err("missing_post_type"),
        "multipart/form-data" => Err("invalid_form_data"),
        _ => Err("invalid_post_type"),
    }
}

fn logged(hub: &Hub, method: String, args: Args, reply: &ApiReply) -> Call {
    Call {
        method,
        args: Value::Object(args.0),
        answer: if reply.lost { Value::Null } else { reply.body.clone() },
        http_status: reply.status.as_u16(),
        at_ms: hub.clock.now_ms(),
        app_id: reply.app_id.clone(),
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn answer(
    world: &mut World,
    hub: &Hub,
    name: &str,
    token: Option<&str>,
    args: &Args,
    fault: Option<&Fault>,
) -> ApiReply {
    match fault {
        Some(Fault::RateLimit(seconds)) => return ApiReply::limited(*seconds),
        Some(Fault::ServerError) => {
            return ApiReply::failed(StatusCode::INTERNAL_SERVER_ERROR, "internal_error");
        }
        Some(Fault::Down) => return ApiReply::failed(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable"),
        Some(Fault::Error(error)) => return ApiReply::refused(ApiRefusal::from(error.as_str())),
        Some(Fault::LoseAnswer) | None => {}
    }
    let Some(method) = method(name) else {
        let mut refusal = ApiRefusal::from("unknown_method");
        refusal.more.insert("req_method".to_owned(), json!(name));
        return ApiReply::refused(refusal);
    };
    let app = match admit(world, method, token) {
        Ok(app) => app,
        Err(refusal) => return ApiReply::refused(refusal),
    };
    let (scopes, app_id) = (app.scopes.join(","), app.id.clone());
    let mut reply = if let Err(seconds) = within_limits(world, hub, method, &app, args) {
        ApiReply::limited(seconds)
    } else {
        match dispatch(name, &mut Caller { world, app, args, base: &hub.base }) {
            Ok(mut body) => {
                body["ok"] = json!(true);
                ApiReply::ok(body)
            }
            Err(refusal) => ApiReply::refused(refusal),
        }
    };
    reply.app_id = Some(app_id);
    reply.scopes = Some(scopes);
    reply.lost = fault == Some(&Fault::LoseAnswer);
    reply
}

/// Returns the app that calls, or the reason why it may not.
fn admit(world: &World, method: &Method, token: Option<&str>) -> Result<App, ApiRefusal> {
    if method.token == Token::None {
        return Ok(App::default());
    }
    let token = token.ok_or("not_authed")?;
    let found = world.apps.iter().find(|app| app.bot_token == token || app.level_token == token);
    let app = found.ok_or("invalid_auth")?;
    if app.revoked {
        return Err(ApiRefusal::from("token_revoked"));
    }
    let kind = if app.bot_token == token { Token::Bot } else { Token::App };
    if kind != method.token {
        return Err(ApiRefusal::from("not_allowed_token_type"));
    }
    if kind == Token::Bot && !method.scopes.is_empty() && !method.scopes.iter().any(|scope| app.holds(scope))
    {
        return Err(ApiRefusal::scope(method.scopes, app));
    }
    Ok(app.clone())
}

fn within_limits(world: &mut World, hub: &Hub, method: &Method, app: &App, args: &Args) -> Result<(), u64> {
    if !hub.enforce_limits {
        return Ok(());
    }
    let now_ms = world.now_ms();
    let channel = args.text("channel").unwrap_or_default();
    world.windows.take(method.tier, &app.id, method.name, channel, now_ms).map_err(i64::unsigned_abs)
}

fn dispatch(name: &str, caller: &mut Caller<'_>) -> Outcome {
    match name {
        "api.test" => Ok(json!({ "args": caller.args.0 })),
        "auth.test" => Ok(apps::auth_test(caller)),
        "apps.connections.open" => apps::connections_open(caller),
        "bots.info" => apps::bots_info(caller),
        "team.info" => Ok(json!({ "team": caller.world.team_json(caller.base) })),
        "chat.postMessage" => chat::post_message(caller),
        "chat.postEphemeral" => chat::post_ephemeral(caller),
        "chat.update" => chat::update(caller),
        "chat.delete" => chat::delete(caller),
        "chat.getPermalink" => chat::get_permalink(caller),
        "conversations.create" => conversations::create(caller),
        "conversations.open" => conversations::open(caller),
        "conversations.join" => conversations::join(caller),
        "conversations.setTopic" => conversations::set_topic(caller),
        "conversations.info" => conversations::info(caller),
        "conversations.list" => conversations::list(caller),
        "conversations.members" => conversations::members(caller),
        "conversations.history" => history::history(caller),
        "conversations.replies" => history::replies(caller),
        "reactions.add" => history::add_reaction(caller),
        "reactions.remove" => history::remove_reaction(caller),
        "reactions.get" => history::get_reactions(caller),
        "files.getUploadURLExternal" => files::get_upload_url(caller),
        "files.completeUploadExternal" => files::complete_upload(caller),
        "files.list" => files::list(caller),
        "files.delete" => files::delete(caller),
        "pins.add" => history::pin(caller),
        "usergroups.list" => Ok(usergroups::list(caller)),
        "usergroups.users.list" => usergroups::users_list(caller),
        "usergroups.users.update" => usergroups::users_update(caller),
        "users.conversations" => conversations::of_user(caller),
        "users.info" => users::info(caller),
        "users.list" => users::list(caller),
        "users.profile.get" => users::profile_get(caller),
        "views.open" => views::open(caller),
        "views.push" => views::push(caller),
        "views.update" => views::update(caller),
        "views.publish" => views::publish(caller),
        _ => Err(ApiRefusal::from("unknown_method")),
    }
}

impl IntoResponse for ApiReply {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        if let Some(date) = self.date.and_then(|date| HeaderValue::from_str(&date).ok()) {
            headers.insert(header::DATE, date);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(scopes) = self.scopes.and_then(|scopes| HeaderValue::from_str(&scopes).ok()) {
            headers.insert(HeaderName::from_static("x-oauth-scopes"), scopes);
        }
        if self.lost {
            response.extensions_mut().insert(Lost);
        }
        response
    }
}
