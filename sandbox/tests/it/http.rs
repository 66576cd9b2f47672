//! Apps over HTTP: signed requests, retries, and what counts as an answer.

use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use ring::hmac;
use serde_json::{Value, json};
use slack_sandbox::{Sandbox, Status};
use tokio::net::TcpListener;

use crate::bot::{START_MS, manifest, workspace};

/// A request that arrived.
#[derive(Clone, Debug)]
struct Seen {
    headers: hyper::HeaderMap,
    body: String,
}

type Log = Arc<Mutex<Vec<Seen>>>;

/// An app behind a URL: records requests and answers `(status, content type, body)`.
async fn app(answer: impl Fn(&Seen) -> (u16, &'static str, String) + Send + Sync + 'static) -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/slack", listener.local_addr().unwrap());
    let log = Log::default();
    let (kept, answer) = (Arc::clone(&log), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (log, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            let service = service_fn(move |request: Request<Incoming>| {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                async move {
                    let (parts, body) = request.into_parts();
                    let body = String::from_utf8(body.collect().await?.to_bytes().to_vec()).unwrap();
                    let seen = Seen { headers: parts.headers, body };
                    let (status, kind, said) = answer(&seen);
                    log.lock().unwrap().push(seen);
                    let response = Response::builder().status(status).header("content-type", kind);
                    Ok::<_, hyper::Error>(response.body(Full::new(Bytes::from(said))).unwrap())
                }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    (url, log)
}

fn installed(sandbox: &Sandbox, url: &str) -> slack_sandbox::Install {
    let mut manifest = manifest();
    manifest["settings"]["socket_mode_enabled"] = json!(false);
    manifest["settings"]["event_subscriptions"]["request_url"] = json!(url);
    manifest["settings"]["interactivity"]["request_url"] = json!(url);
    for command in manifest["features"]["slash_commands"].as_array_mut().unwrap() {
        command["url"] = json!(url);
    }
    sandbox.install(&manifest).unwrap()
}

fn header<'a>(seen: &'a Seen, name: &str) -> &'a str {
    seen.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn commands_are_signed_forms() {
    let sandbox = workspace().await;
    let (url, log) = app(|_| (200, "application/json", json!({ "text": "Kudos" }).to_string())).await;
    let install = installed(&sandbox, &url);
    let ana = sandbox.person("ana");
    let answer = ana.says("#general", "/kudos @ben").await;
    assert_eq!(answer.text, "Kudos");
    assert_eq!(ana.reads("#general").last().unwrap().text, "Kudos");
    let seen = log.lock().unwrap()[0].clone();
    let stamp = header(&seen, "x-slack-request-timestamp");
    assert_eq!(stamp, (START_MS / 1_000).to_string());
    let key = hmac::Key::new(hmac::HMAC_SHA256, install.signing_secret.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{stamp}:{}", seen.body).as_bytes());
    let hex: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(header(&seen, "x-slack-signature"), format!("v0={}", hex.concat()));
    assert_eq!(header(&seen, "content-type"), "application/x-www-form-urlencoded");
    let form: Vec<(String, String)> = form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
    assert!(form.contains(&("command".to_owned(), "/kudos".to_owned())));
}

#[tokio::test]
async fn plain_text_is_an_answer() {
    let sandbox = workspace().await;
    let (url, _) = app(|seen| {
        if seen.body.contains("fail") {
            (500, "text/plain", String::new())
        } else {
            (200, "text/plain", "Hello".into())
        }
    })
    .await;
    installed(&sandbox, &url);
    let ana = sandbox.person("ana");
    assert_eq!(ana.says("#general", "/kudos").await.text, "Hello");
    assert_eq!(ana.says("#general", "/kudos fail").await.status, Status::Failed("dispatch_failed"));
}

#[tokio::test]
async fn failed_events_are_sent_again() {
    let sandbox = workspace().await;
    let (url, log) = app(|seen| {
        (if header(seen, "x-slack-retry-num") == "2" { 200 } else { 503 }, "text/plain", String::new())
    })
    .await;
    installed(&sandbox, &url);
    sandbox.set_zone("ana", "Europe/Paris");
    let failed = |sandbox: &Sandbox| {
        (sandbox.deliveries().iter().filter(|one| one.outcome == "http_error").count() == 2).then_some(())
    };
    sandbox.eventually(failed).await.unwrap();
    sandbox.clock().advance_to(START_MS + 60_000);
    let done = |sandbox: &Sandbox| {
        sandbox.deliveries().iter().any(|one| one.outcome == "acknowledged").then_some(())
    };
    sandbox.eventually(done).await.unwrap();
    let seen = log.lock().unwrap().clone();
    let numbers: Vec<&str> = seen.iter().map(|one| header(one, "x-slack-retry-num")).collect();
    assert_eq!(numbers, ["", "1", "2"]);
    assert_eq!(header(&seen[1], "x-slack-retry-reason"), "http_error");
    assert_eq!(seen[0].body, seen[2].body);
    assert_ne!(header(&seen[0], "x-slack-signature"), header(&seen[2], "x-slack-signature"));
}

#[tokio::test]
async fn interactions_are_json_in_forms() {
    let sandbox = workspace().await;
    let (url, log) = app(|_| (200, "text/plain", String::new())).await;
    installed(&sandbox, &url);
    assert!(sandbox.person("ana").uses_shortcut("start").await.is_answered());
    let seen = log.lock().unwrap()[0].clone();
    let form: Vec<(String, String)> = form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
    let payload: Value = serde_json::from_str(&form[0].1).unwrap();
    assert_eq!((form[0].0.as_str(), &payload["type"]), ("payload", &json!("shortcut")));
}

#[tokio::test]
async fn a_request_url_proves_itself() {
    let sandbox = workspace().await;
    let echo = |seen: &Seen| {
        let said: Value = serde_json::from_str(&seen.body).unwrap();
        (200, "application/json", json!({ "challenge": said["challenge"] }).to_string())
    };
    let (url, _) = app(echo).await;
    let install = installed(&sandbox, &url);
    assert_eq!(sandbox.verify_request_url(&install.app_id).await, Ok(()));
    let (other, _) = app(|_| (200, "text/plain", "hello".into())).await;
    let install = installed(&sandbox, &other);
    assert!(sandbox.verify_request_url(&install.app_id).await.is_err());
}
