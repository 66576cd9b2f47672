//! The state of the process for monitoring: health, readiness and metrics over HTTP.

use std::{
    collections::BTreeSet,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::future::BoxFuture;
use metrics::Unit;
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use serde::Serialize;

/// How often [`Metrics::upkeep`] has to be called.
pub const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// A readiness request is answered within this, even if a part does not answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// From a commit shared by many to the 3 s after which Slack gives up on an acknowledgement.
const SECONDS: [f64; 13] =
    [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0];
/// From a single unit to a full batch.
const UNITS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// The counters, with their meaning for readers of `/metrics`.
const COUNTERS: [(&str, &str); 11] = [
    ("rondo_deliveries_total", "Deliveries from Slack, by kind and by what became of them."),
    ("rondo_deliveries_failed_total", "Deliveries that could not be saved (retry) or handled (fail)."),
    (
        "rondo_deliveries_foreign_total",
        "Deliveries of another workspace, which are acknowledged and left alone.",
    ),
    ("rondo_deliveries_unknown_total", "Commands, buttons and forms that no ritual owns, by kind."),
    (
        "rondo_http_connections_closed_total",
        "HTTP connections that were closed or turned away, by listener and by why.",
    ),
    ("rondo_slack_calls_total", "Calls to Slack, by method and result."),
    ("rondo_slack_rate_limited_total", "Calls of the outbox that Slack refused as too many."),
    ("rondo_loop_restarts_total", "Restarts of loops that panicked or returned, by loop."),
    ("rondo_loop_failures_total", "Turns of loops that failed, by loop."),
    ("rondo_loop_refusals_total", "Turns of loops that the store refused, by loop."),
    ("rondo_runs_total", "Runs that ended, by ritual and by how: done, skipped or failed."),
];
const GAUGES: [(&str, Unit, &str); 6] = [
    ("rondo_outbox_waiting", Unit::Count, "Effects still to be done at Slack."),
    ("rondo_outbox_oldest_seconds", Unit::Seconds, "For how long the oldest effect that is due has waited."),
    ("rondo_outbox_discarded", Unit::Count, "Effects that were given up: see `rondo outbox`."),
    ("rondo_runs_late_seconds", Unit::Seconds, "For how long the oldest run that is due has waited."),
    ("rondo_http_connections", Unit::Count, "HTTP connections that are open, by listener."),
    ("rondo_socket_connections", Unit::Count, "Socket Mode connections that are open."),
];
const HISTOGRAMS: [(&str, Unit, &[f64], &str); 3] = [
    (
        "rondo_acknowledgement_seconds",
        Unit::Seconds,
        &SECONDS,
        "From a delivery's arrival to its acknowledgement.",
    ),
    ("rondo_store_commit_seconds", Unit::Seconds, &SECONDS, "How long a batch of units took to commit."),
    ("rondo_store_batch_units", Unit::Count, &UNITS, "How many units shared a commit."),
];

/// One of the parts that must work before the bot is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadinessPart {
    /// For example `store`.
    pub name: &'static str,
    pub ready: bool,
    /// Why not; empty if it works. Only the log shows it, since it may name a host, a path or a user.
    #[serde(skip)]
    pub why: String,
}

impl ReadinessPart {
    /// Returns a part with what is wrong with it, if anything is.
    pub fn of(name: &'static str, wrong: Option<String>) -> ReadinessPart {
        match wrong {
            Some(why) => ReadinessPart::waiting(name, why),
            None => ReadinessPart::ready(name),
        }
    }

    pub fn ready(name: &'static str) -> ReadinessPart {
        ReadinessPart { name, ready: true, why: String::new() }
    }

    pub fn waiting(name: &'static str, why: impl Into<String>) -> ReadinessPart {
        ReadinessPart { name, ready: false, why: why.into() }
    }
}

/// Asks every part for its state.
#[derive(Clone)]
pub struct Readiness {
    ask: Arc<dyn Fn() -> BoxFuture<'static, Vec<ReadinessPart>> + Send + Sync>,
}

impl Readiness {
    /// Calls `ask` for each request.
    pub fn new<F>(ask: impl Fn() -> F + Send + Sync + 'static) -> Readiness
    where
        F: Future<Output = Vec<ReadinessPart>> + Send + 'static,
    {
        Readiness { ask: Arc::new(move || Box::pin(ask())) }
    }

    /// Returns the present state of the parts.
    pub async fn parts(&self) -> Vec<ReadinessPart> {
        self.parts_within(ANSWER_WITHIN).await
    }

    /// Returns the state of the parts; those that do not answer in time are not ready.
    async fn parts_within(&self, limit: Duration) -> Vec<ReadinessPart> {
        match tokio::time::timeout(limit, (self.ask)()).await {
            Ok(parts) => parts,
            Err(_) => {
                vec![ReadinessPart::waiting("answer", format!("no answer within {} s", limit.as_secs()))]
            }
        }
    }
}

/// The measurements since the process started.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Installs the recorder of this process. Further calls have no effect.
    pub fn install() -> Result<Metrics, BuildError> {
        static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(metrics.clone());
        }
        let recorder = recorder()?;
        let metrics = Metrics { handle: recorder.handle() };
        metrics::set_global_recorder(recorder)?;
        Ok(installed.insert(metrics).clone())
    }

    /// Returns the page that Prometheus reads.
    pub fn page(&self) -> String {
        self.handle.render()
    }

    /// Moves recent measurements into their buckets; without it memory grows.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let mut builder = PrometheusBuilder::new();
    for (name, _, buckets, _) in HISTOGRAMS {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)?;
    }
    let recorder = builder.build_recorder();
    metrics::with_local_recorder(&recorder, || {
        for (name, text) in COUNTERS {
            metrics::describe_counter!(name, text);
        }
        for (name, unit, text) in GAUGES {
            metrics::describe_gauge!(name, unit, text);
        }
        for (name, unit, _, text) in HISTOGRAMS {
            metrics::describe_histogram!(name, unit, text);
        }
    });
    Ok(recorder)
}

/// `/healthz`, `/readyz` and `/metrics`.
pub fn routes(readiness: Readiness, metrics: Metrics) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz).with_state(Watch { readiness, missing: Arc::default() }))
        .route("/metrics", get(page).with_state(metrics))
}

/// Readiness, with the parts that were not ready at the last request.
#[derive(Clone)]
struct Watch {
    readiness: Readiness,
    missing: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Watch {
    /// Logs once when a part stops working or works again.
    fn log_changes(&self, parts: &[ReadinessPart]) {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        for part in parts {
            if part.ready && missing.remove(part.name) {
                tracing::info!(part = part.name, "ready again");
            } else if !part.ready && missing.insert(part.name) {
                tracing::warn!(part = part.name, why = part.why, "not ready");
            }
        }
    }
}

/// Says which parts are ready, and nothing about why one is not.
async fn readyz(State(watch): State<Watch>) -> Response {
    let parts = watch.readiness.parts().await;
    watch.log_changes(&parts);
    let ready = parts.iter().all(|part| part.ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "ready": ready, "parts": parts });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn page(State(metrics): State<Metrics>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.page()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Starts the routes on a free port and returns what a path answers.
    async fn answer(readiness: Readiness, path: &str) -> (u16, String) {
        rustls::crypto::ring::default_provider().install_default().ok();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = routes(readiness, Metrics::install().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(format!("http://{address}{path}")).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    fn asking(parts: &[ReadinessPart]) -> Readiness {
        let parts = parts.to_vec();
        Readiness::new(move || std::future::ready(parts.clone()))
    }

    #[tokio::test]
    async fn a_process_that_lives_is_healthy() {
        assert_eq!(
            answer(asking(&[ReadinessPart::waiting("store", "locked")]), "/healthz").await,
            (200, "ok\n".to_owned())
        );
    }

    #[tokio::test]
    async fn readiness_says_which_part_is_not() {
        let parts =
            [ReadinessPart::ready("slack"), ReadinessPart::waiting("store", "the database is locked")];
        let (status, body) = answer(asking(&parts), "/readyz").await;
        assert_eq!(status, 503);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["ready"], false);
        let store = serde_json::json!({ "name": "store", "ready": false });
        assert_eq!(body["parts"][1], store);
        assert_eq!(answer(asking(&parts[..1]), "/readyz").await.0, 200);
    }

    #[tokio::test]
    async fn a_part_that_does_not_answer_is_not_ready() {
        let parts = Readiness::new(std::future::pending).parts_within(Duration::ZERO).await;
        assert_eq!(parts, [ReadinessPart::waiting("answer", "no answer within 0 s")]);
    }

    #[tokio::test]
    async fn metrics_are_described_and_put_in_buckets() {
        let metrics = Metrics::install().unwrap();
        metrics::counter!("rondo_deliveries_total", "kind" => "command").increment(1);
        metrics::histogram!("rondo_store_batch_units").record(3.0);
        metrics.upkeep();
        let (status, page) = answer(asking(&[]), "/metrics").await;
        assert_eq!(status, 200);
        assert!(page.contains("# HELP rondo_deliveries_total Deliveries from Slack"), "{page}");
        assert!(page.contains("rondo_deliveries_total{kind=\"command\"} 1"), "{page}");
        assert!(page.contains("rondo_store_batch_units_bucket{le=\"4\"} 1"), "{page}");
    }
}
