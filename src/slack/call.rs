//! How a call to Slack can end: outcomes are sorted by whether Slack may have done what was requested.

use std::{error::Error, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;
use slack_morphism::{ClientResult, errors::SlackClientError};

use crate::model::text::shorten;

/// How long to wait after a 429 without a `Retry-After`.
const UNSAID_RETRY_AFTER: Duration = Duration::from_secs(30);

/// The shortest and the longest wait that a `Retry-After` can cause. Slack counts the calls of a minute and asks for
/// seconds; a proxy may ask for nothing or for centuries. A header must cause neither a tight loop nor an hour without
/// service, and a call after five minutes that is still too early gets another 429.
const SHORTEST_RETRY_AFTER: Duration = Duration::from_secs(1);
pub(super) const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(5);

/// How the text of a rate-limited call begins.
pub const ASKS_TO_WAIT: &str = "Slack asks to wait";
/// How many characters of Slack's explanation an operator is shown.
const DETAIL_CHARACTERS: usize = 300;

/// Why a call to Slack failed. Operators see it, so it holds no token, no secret address and no words of a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Slack refused: nothing was done.
    #[error("Slack refuses {method}: {error}{}{}", extra(" (missing scope: ", needed.as_ref()), extra(" (", detail.as_ref()))]
    Refused {
        method: &'static str,
        /// Slack's code for it, for example `channel_not_found`.
        error: String,
        /// The scope that is missing.
        needed: Option<String>,
        /// Slack's explanation, for example which block it cannot read.
        detail: Option<String>,
    },
    /// Slack rate-limited the call: nothing was done.
    #[error("{} {} s before {method}", ASKS_TO_WAIT, retry_after.as_secs())]
    RateLimited { method: &'static str, retry_after: Duration },
    /// No connection was made, or a proxy turned the request down: certainly nothing was done.
    #[error("Slack could not be reached for {method}: {cause}")]
    Unreached {
        method: &'static str,
        /// The network's error.
        cause: String,
    },
    /// It was sent and no usable answer arrived: it may have been done.
    #[error("Slack's answer to {method} was lost: {cause}")]
    Lost {
        method: &'static str,
        /// What happened instead of an answer.
        cause: String,
    },
}

/// Returns an optional remark in brackets, `opening` holding the first of them.
fn extra(opening: &str, remark: Option<&String>) -> String {
    remark.map(|remark| format!("{opening}{remark})")).unwrap_or_default()
}

impl CallError {
    /// Returns Slack's code of a refusal, else `rate_limited`, `unreached` or `lost`.
    pub fn code(&self) -> &str {
        match self {
            CallError::Refused { error, .. } => error,
            CallError::RateLimited { .. } => "rate_limited",
            CallError::Unreached { .. } => "unreached",
            CallError::Lost { .. } => "lost",
        }
    }

    fn outcome(&self) -> &'static str {
        match self {
            CallError::Refused { .. } => "refused",
            CallError::RateLimited { .. } => "rate_limited",
            CallError::Unreached { .. } => "unreached",
            CallError::Lost { .. } => "lost",
        }
    }
}

/// Waits for a Web API call, at most for `patience`, and reads its answer.
pub(super) async fn answer_of<T: DeserializeOwned>(
    method: &'static str,
    patience: Duration,
    call: impl Future<Output = ClientResult<Value>>,
) -> Result<T, CallError> {
    let outcome = match tokio::time::timeout(patience, call).await {
        Err(_) => Err(too_late(method, patience)),
        Ok(Err(error)) => Err(of_client(method, error)),
        Ok(Ok(body)) => read(method, body),
    };
    counted(method, outcome)
}

/// Waits for a plain HTTP call, at most for `patience`, and sorts its answer; a success returns its headers and its
/// text.
pub(super) async fn plain_answer_of(
    method: &'static str,
    patience: Duration,
    request: reqwest::RequestBuilder,
) -> Result<(reqwest::header::HeaderMap, String), CallError> {
    let exchange = async {
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok((status, headers, response.text().await?))
    };
    match tokio::time::timeout(patience, exchange).await {
        Err(_) => Err(too_late(method, patience)),
        Ok(Err(error)) => Err(of_plain(method, error)),
        Ok(Ok((status, headers, text))) => match of_status(method, status.as_u16(), &headers, &text) {
            Some(error) => Err(error),
            None => Ok((headers, text)),
        },
    }
}

/// Counts the outcome of a call.
pub(super) fn counted<T>(method: &'static str, outcome: Result<T, CallError>) -> Result<T, CallError> {
    let word = outcome.as_ref().map_or_else(CallError::outcome, |_| "ok");
    metrics::counter!("rondo_slack_calls_total", "method" => method, "outcome" => word).increment(1);
    outcome
}

/// Reads a complete answer: `ok` first, since Slack reports errors with status 200, too.
pub(super) fn read<T: DeserializeOwned>(method: &'static str, body: Value) -> Result<T, CallError> {
    match body.get("ok").and_then(Value::as_bool) {
        Some(true) => serde_json::from_value(body)
            // The parser's own message would quote what it could not read.
            .map_err(|_| lost(method, "the answer lacks what this method always answers")),
        Some(false) => Err(of_body(method, &body)),
        None => Err(lost(method, "the answer is not one of Slack's")),
    }
}

/// The error of a call that was given up: the request may still arrive.
fn too_late(method: &'static str, patience: Duration) -> CallError {
    lost(method, format!("no answer within {} s", patience.as_secs_f32()))
}

fn lost(method: &'static str, cause: impl Into<String>) -> CallError {
    CallError::Lost { method, cause: cause.into() }
}

/// The error of a 429, with the wait that Slack requested, if it named one.
fn rate_limited(method: &'static str, asked: Option<Duration>) -> CallError {
    let wait = asked.unwrap_or(UNSAID_RETRY_AFTER).clamp(SHORTEST_RETRY_AFTER, LONGEST_RETRY_AFTER);
    CallError::RateLimited { method, retry_after: wait }
}

/// Sorts an error of the Web API client.
fn of_client(method: &'static str, error: SlackClientError) -> CallError {
    match error {
        SlackClientError::ApiError(error) => {
            let body = error.http_response_body.as_deref().and_then(|body| serde_json::from_str(body).ok());
            of_body(method, &body.unwrap_or_else(|| serde_json::json!({ "error": error.code })))
        }
        SlackClientError::RateLimitError(error) => rate_limited(method, error.retry_after),
        SlackClientError::HttpError(error) => {
            let text = error.http_response_body.unwrap_or_default();
            let status = error.status_code.as_u16();
            match of_status(method, status, &reqwest::header::HeaderMap::new(), &text) {
                // Slack's own refusals have a body of their own kind; this one comes from a proxy or a captive portal.
                Some(CallError::Refused { error, .. }) if error == http(status) => {
                    let cause = format!("something on the way answered with HTTP {status}");
                    CallError::Unreached { method, cause }
                }
                other => other.unwrap_or_else(|| lost(method, format!("HTTP {status}"))),
            }
        }
        SlackClientError::HttpProtocolError(error) => match error.cause {
            Some(cause) => of_network(method, cause.as_ref()),
            None => lost(method, "the connection broke"),
        },
        // The parser's own message would quote the answer.
        SlackClientError::ProtocolError(_) => lost(method, "the answer is not one of Slack's"),
        SlackClientError::SystemError(error) => match error.cause {
            Some(cause) => lost(method, chain(cause.as_ref())),
            None => lost(method, "the connection broke"),
        },
        SlackClientError::EndOfStream(_) | SlackClientError::SocketModeProtocolError(_) => {
            lost(method, "the connection broke")
        }
    }
}

/// Only a failure to connect proves that nothing was sent.
fn of_network(method: &'static str, cause: &(dyn Error + Send + Sync + 'static)) -> CallError {
    let connecting = cause
        .downcast_ref::<hyper_util::client::legacy::Error>()
        .is_some_and(hyper_util::client::legacy::Error::is_connect);
    if connecting { CallError::Unreached { method, cause: chain(cause) } } else { lost(method, chain(cause)) }
}

/// Sorts an error of a plain HTTP call; addresses are removed, since some of them are secrets.
fn of_plain(method: &'static str, error: reqwest::Error) -> CallError {
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        CallError::Unreached { method, cause: chain(&error) }
    } else {
        lost(method, chain(&error))
    }
}

/// Returns what an HTTP status says about the outcome; `None` for a success.
fn of_status(
    method: &'static str,
    status: u16,
    headers: &reqwest::header::HeaderMap,
    text: &str,
) -> Option<CallError> {
    /// A server (or a proxy) that stopped waiting may still have passed the request on.
    const REQUEST_TIMEOUT: u16 = 408;
    let body: Option<Value> = serde_json::from_str(text).ok();
    match status {
        200..=299 => {
            body.filter(|body| body.get("ok") == Some(&Value::Bool(false))).map(|b| of_body(method, &b))
        }
        429 => {
            let seconds = headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
            Some(rate_limited(method, seconds.map(Duration::from_secs)))
        }
        300..=499 if status != REQUEST_TIMEOUT => Some(match body {
            Some(body) if body.get("error").is_some_and(Value::is_string) => of_body(method, &body),
            _ => CallError::Refused { method, error: http(status), needed: None, detail: None },
        }),
        _ => Some(lost(method, format!("HTTP {status}"))),
    }
}

/// Names a refusal of which only the status is known.
fn http(status: u16) -> String {
    format!("http_{status}")
}

/// Sorts an answer with `"ok": false`.
fn of_body(method: &'static str, body: &Value) -> CallError {
    let error = body.get("error").and_then(Value::as_str).unwrap_or("unknown_error");
    match error {
        "ratelimited" | "rate_limited" => rate_limited(method, None),
        // Slack's reference says of these two that part of the request may have been carried out.
        "internal_error" | "fatal_error" => lost(method, format!("Slack says {error}")),
        _ => CallError::Refused {
            method,
            error: error.to_owned(),
            needed: body.get("needed").and_then(Value::as_str).map(str::to_owned),
            detail: detail(body),
        },
    }
}

/// Returns Slack's details about a refusal: which part of the request it could not read.
fn detail(body: &Value) -> Option<String> {
    let lists = [body.pointer("/response_metadata/messages"), body.get("errors")];
    let remarks: Vec<&str> =
        lists.into_iter().flatten().filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect();
    (!remarks.is_empty()).then(|| shorten(&remarks.join("; "), DETAIL_CHARACTERS))
}

/// Joins an error and its sources on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut under = error.source();
    while let Some(error) = under {
        let deeper = error.to_string();
        if !words.contains(&deeper) {
            words = format!("{words}: {deeper}");
        }
        under = error.source();
    }
    words.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(body: &Value) -> CallError {
        read::<Value>("chat.postMessage", body.clone()).unwrap_err()
    }

    #[test]
    fn a_refusal_names_the_scope_and_the_block() {
        let error = refusal(&json!({
            "ok": false, "error": "missing_scope", "needed": "chat:write.public", "provided": "chat:write",
        }));
        assert_eq!(
            error.to_string(),
            "Slack refuses chat.postMessage: missing_scope (missing scope: chat:write.public)"
        );
        let error = refusal(&json!({
            "ok": false, "error": "invalid_blocks", "errors": ["must be more than 0 characters [/blocks/0]"],
        }));
        assert_eq!(error.code(), "invalid_blocks");
        assert!(error.to_string().ends_with("(must be more than 0 characters [/blocks/0])"));
    }

    #[test]
    fn what_may_have_been_done_is_lost() {
        for error in ["internal_error", "fatal_error"] {
            assert_eq!(refusal(&json!({ "ok": false, "error": error })).code(), "lost");
        }
        assert_eq!(refusal(&json!({})).code(), "lost", "a page of a proxy is no answer");
        for status in [408, 500, 502, 503, 504] {
            let error = of_status("x", status, &reqwest::header::HeaderMap::new(), "").expect("an error");
            assert_eq!(error.code(), "lost", "{status}");
        }
    }

    #[test]
    fn a_client_error_status_is_a_refusal() {
        let headers = reqwest::header::HeaderMap::new();
        let code = |status, text| of_status("x", status, &headers, text).map(|error| error.code().to_owned());
        assert_eq!(code(404, "").as_deref(), Some("http_404"));
        assert_eq!(code(404, r#"{"ok":false,"error":"expired_url"}"#).as_deref(), Some("expired_url"));
        assert_eq!(code(200, r#"{"ok":false,"error":"used_url"}"#).as_deref(), Some("used_url"));
        assert_eq!(code(200, "ok"), None);
        assert_eq!(code(429, "").as_deref(), Some("rate_limited"));
    }

    #[test]
    fn a_proxys_page_is_no_refusal_of_slacks() {
        let of = |status: u16, body: &str| {
            let status = axum::http::StatusCode::from_u16(status).unwrap();
            let error = slack_morphism::errors::SlackClientHttpError::new(status);
            of_client("x", SlackClientError::HttpError(error.with_http_response_body(body.to_owned())))
        };
        for status in [302, 400, 403, 404, 407] {
            assert_eq!(of(status, "<html>Sign in</html>").code(), "unreached", "{status}");
        }
        assert_eq!(of(503, "").code(), "lost");
        assert_eq!(of(403, r#"{"ok":false,"error":"access_denied"}"#).code(), "access_denied");
    }

    #[test]
    fn an_absurd_retry_after_is_cut_to_five_minutes() {
        let wait = |value: &str| {
            let headers = [(reqwest::header::RETRY_AFTER, value.parse().unwrap())].into_iter().collect();
            match of_status("x", 429, &headers, "") {
                Some(CallError::RateLimited { retry_after, .. }) => retry_after.as_secs(),
                other => panic!("{other:?}"),
            }
        };
        let asked = ["7", "300", "301", "9000000000000", "18446744073709551615"];
        assert_eq!(asked.map(wait), [7, 300, 300, 300, 300]);
        assert_eq!(wait("0"), 1, "no tight loop");
        let unreadable =
            ["", "-1", "soon", "1.5", "99999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT", "\u{663}"];
        assert_eq!(unreadable.map(wait), [30; 7]);
        let error = SlackClientError::RateLimitError(
            slack_morphism::errors::SlackRateLimitError::new().opt_retry_after(Some(Duration::MAX)),
        );
        assert_eq!(of_client("x", error), rate_limited("x", Some(LONGEST_RETRY_AFTER)));
    }
}
