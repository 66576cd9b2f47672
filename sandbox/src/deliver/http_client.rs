//! A small HTTP client for request URLs on this machine: plain http, bounded, one connection a request.

use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::base::limits::BODY_BYTES;

/// A response.
#[derive(Debug)]
pub(crate) struct HttpReply {
    pub(crate) status: u16,
    pub(crate) is_json: bool,
    pub(crate) body: Bytes,
}

/// Posts `body` to a plain http URL. The error is the word that Slack's retry reasons have for the failure.
pub(crate) async fn post(
    url: &str,
    headers: &[(&str, String)],
    body: String,
) -> Result<HttpReply, &'static str> {
    let uri: hyper::Uri = url.parse().map_err(|_| "connection_failed")?;
    if uri.scheme_str() != Some("http") {
        return Err("ssl_error");
    }
    let host = uri.host().ok_or("connection_failed")?.to_owned();
    let stream = TcpStream::connect((host.as_str(), uri.port_u16().unwrap_or(80)))
        .await
        .map_err(|_| "connection_failed")?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| "connection_failed")?;
    let driver = tokio::spawn(async move {
        connection.await.ok();
    });
    let path = uri.path_and_query().map_or("/", hyper::http::uri::PathAndQuery::as_str);
    let authority = uri.authority().map_or(host.as_str(), hyper::http::uri::Authority::as_str);
    let mut request = Request::post(path).header("host", authority).header("connection", "close");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|_| "connection_failed")?;
    let response = sender.send_request(request).await.map_err(|_| "connection_failed")?;
    let status = response.status().as_u16();
    let kind =
        response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = kind.starts_with("application/json");
    let body =
        Limited::new(response.into_body(), BODY_BYTES).collect().await.map_err(|_| "http_error")?.to_bytes();
    driver.abort();
    Ok(HttpReply { status, is_json, body })
}
