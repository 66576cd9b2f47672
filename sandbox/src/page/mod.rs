//! The browser page and its JSON API, which tests in other languages may use too.

mod actions;
mod door;
mod jump;
mod search;
mod shown;
mod state;
mod talk;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::hub::Hub;

const PAGE: &str = include_str!("page.html");
/// The styles, by file name. They are part of the page itself, so that it can be painted before anything else has
/// loaded.
const STYLES: [&str; 7] = [
    include_str!("page.css"),
    include_str!("talk.css"),
    include_str!("blocks.css"),
    include_str!("composed.css"),
    include_str!("kit.css"),
    include_str!("search.css"),
    include_str!("wire.css"),
];
/// Where the styles go, and the scripts to fetch along with the first.
const HEAD: &str = "<!-- styles and scripts -->";
/// The page's scripts by their names.
const SCRIPTS: [(&str, &str); 36] = [
    ("acts.js", include_str!("acts.js")),
    ("attached.js", include_str!("attached.js")),
    ("blocks.js", include_str!("blocks.js")),
    ("choices.js", include_str!("choices.js")),
    ("composed.js", include_str!("composed.js")),
    ("composer.js", include_str!("composer.js")),
    ("confirm.js", include_str!("confirm.js")),
    ("controls.js", include_str!("controls.js")),
    ("dates.js", include_str!("dates.js")),
    ("drafts.js", include_str!("drafts.js")),
    ("draw.js", include_str!("draw.js")),
    ("emoji.js", include_str!("emoji.js")),
    ("emoji_names.js", include_str!("emoji_names.js")),
    ("emoji_picker.js", include_str!("emoji_picker.js")),
    ("external.js", include_str!("external.js")),
    ("figures.js", include_str!("figures.js")),
    ("finder.js", include_str!("finder.js")),
    ("links.js", include_str!("links.js")),
    ("markdown.js", include_str!("markdown.js")),
    ("message.js", include_str!("message.js")),
    ("modal.js", include_str!("modal.js")),
    ("mrkdwn.js", include_str!("mrkdwn.js")),
    ("others.js", include_str!("others.js")),
    ("page.js", include_str!("page.js")),
    ("rich.js", include_str!("rich.js")),
    ("roving.js", include_str!("roving.js")),
    ("search.js", include_str!("search.js")),
    ("side.js", include_str!("side.js")),
    ("steps.js", include_str!("steps.js")),
    ("store.js", include_str!("store.js")),
    ("talk.js", include_str!("talk.js")),
    ("time.js", include_str!("time.js")),
    ("tools.js", include_str!("tools.js")),
    ("touch.js", include_str!("touch.js")),
    ("using.js", include_str!("using.js")),
    ("wire.js", include_str!("wire.js")),
];
/// The page loads nothing from other sites, and no text that people write can make it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The answer to a request for the page when it is switched off.
const NO_PAGE: &str =
    "There is no page here: Slack's API is under /api, and the doors for programs are under /sandbox.\n";

/// Stands in the page's place until the workspace is open.
const PREPARING: &str = include_str!("preparing.html");
const PREPARING_SCRIPT: (&str, &str) = ("preparing.js", include_str!("preparing.js"));
/// How soon a request that came too early can be sent again.
const AGAIN: [(HeaderName, &str); 1] = [(header::RETRY_AFTER, "1")];

/// Returns the page as it is sent.
fn whole_page() -> String {
    let scripts = SCRIPTS.iter().fold(String::new(), |links, (name, _)| {
        links + "\n<link rel=\"modulepreload\" href=\"" + name + "\">"
    });
    PAGE.replacen(HEAD, &format!("<style>\n{}</style>{scripts}", STYLES.concat()), 1)
}

/// The page and its scripts.
pub(crate) fn routes() -> Router<Arc<Hub>> {
    let page = Bytes::from(whole_page());
    let page = get(move |State(hub): State<Arc<Hub>>| async move {
        let policy = [(header::CONTENT_SECURITY_POLICY, POLICY)];
        if hub.is_open() {
            return (policy, Html(page)).into_response();
        }
        (StatusCode::SERVICE_UNAVAILABLE, AGAIN, policy, Html(PREPARING)).into_response()
    });
    SCRIPTS.into_iter().chain([PREPARING_SCRIPT]).fold(
        Router::new().route("/", page),
        |routes, (name, text)| {
            let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
            routes.route(&format!("/{name}"), get(move || async move { (kind, text) }))
        },
    )
}

/// The answer where the page would be when it is switched off.
pub(crate) fn no_routes() -> Router<Arc<Hub>> {
    Router::new().route("/", get(|| async { (StatusCode::NOT_FOUND, NO_PAGE) }))
}

/// Refuses what comes before the workspace is open.
async fn only_when_open(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    if hub.is_open() {
        return next.run(request).await;
    }
    let body = json!({ "ok": false, "error": "workspace_is_being_prepared" }).to_string();
    (StatusCode::SERVICE_UNAVAILABLE, AGAIN, [(header::CONTENT_TYPE, "application/json")], body)
        .into_response()
}

/// The routes for programs, with the page's own among them.
pub(crate) fn doors(hub: &Arc<Hub>) -> Router<Arc<Hub>> {
    Router::new()
        .route("/sandbox/state", get(door::state))
        .route("/sandbox/messages", get(door::messages))
        .route("/sandbox/search", get(door::search))
        .route("/sandbox/wire", get(door::wire))
        .route("/sandbox/calls", get(door::calls))
        .route("/sandbox/deliveries", get(door::deliveries))
        .route("/sandbox/events", get(door::events))
        .route("/sandbox/upload", post(door::upload))
        .route("/sandbox/{action}", post(door::act))
        .route_layer(middleware::from_fn_with_state(Arc::clone(hub), only_when_open))
}
