//! The browser page and the JSON door it uses, which tests in other languages may use too.

mod door;
mod shown;

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};

use crate::hub::Hub;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const BLOCKS: &str = include_str!("blocks.js");
const MODAL: &str = include_str!("modal.js");
const TIME: &str = include_str!("time.js");
const MRKDWN: &str = include_str!("mrkdwn.js");
/// The page loads nothing from elsewhere, and nothing a person wrote can make it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What whoever looks for a page is told where there is none.
const NO_PAGE: &str =
    "There is no page here: Slack's API is under /api, and the doors for programs are under /sandbox.\n";

/// The page and its parts.
pub(crate) fn routes() -> Router<Arc<Hub>> {
    Router::new()
        .route("/", get(|| async { ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(PAGE)) }))
        .route(
            "/page.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response() }),
        )
        .route("/page.js", get(|| async { script(SCRIPT) }))
        .route("/blocks.js", get(|| async { script(BLOCKS) }))
        .route("/modal.js", get(|| async { script(MODAL) }))
        .route("/time.js", get(|| async { script(TIME) }))
        .route("/mrkdwn.js", get(|| async { script(MRKDWN) }))
}

/// Where the page would be when nobody wants one.
pub(crate) fn no_routes() -> Router<Arc<Hub>> {
    Router::new().route("/", get(|| async { (StatusCode::NOT_FOUND, NO_PAGE) }))
}

/// The doors for programs, the page among them.
pub(crate) fn doors() -> Router<Arc<Hub>> {
    Router::new()
        .route("/sandbox/state", get(door::state))
        .route("/sandbox/calls", get(door::calls))
        .route("/sandbox/deliveries", get(door::deliveries))
        .route("/sandbox/events", get(door::events))
        .route("/sandbox/{action}", post(door::act))
}

fn script(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
}
