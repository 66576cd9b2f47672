//! `rondo health`: whether the bot or the demo of these settings is ready, for containers and service managers.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use clap::Args;
use serde_json::Value;

use super::{ConfigFile, DEMO_PORT, Ended, demo_address, print};
use crate::ritual::Registration;

#[derive(Args)]
pub(super) struct Options {
    /// Ask a demo by the address of its page
    #[arg(long, conflicts_with = "config")]
    demo: bool,
    /// The port of the demo's page
    #[arg(long, requires = "demo", default_value_t = DEMO_PORT)]
    port: u16,
    /// The address that the demo listens on (default: this machine only)
    #[arg(long, value_name = "ADDR", requires = "demo")]
    listen: Option<IpAddr>,
    #[command(flatten)]
    config: ConfigFile,
}

/// How long to wait for an answer. Container engines give up after five seconds in the image's own health check.
const PATIENCE: Duration = Duration::from_secs(4);
/// Longer than any genuine answer, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

pub(super) async fn run(options: Options, registry: &[Registration]) -> Result<ExitCode, Ended> {
    // Container engines reserve code 2, so a faulty configuration is 1 here.
    let (address, path) = if options.demo {
        (demo_address(options.listen, options.port), "/sandbox/state")
    } else {
        let config = options.config.load(registry).map_err(|error| Ended::Failed(error.to_string()))?;
        (config.http.admin_listen, "/readyz")
    };
    let address = reachable(address);
    let (status, body) = ask(address, path).await.map_err(|error| {
        Ended::Failed(format!("not ready: nothing answers on {address} ({})", error.without_url()))
    })?;
    let what = if options.demo { "the demo" } else { "the bot" };
    // The page's API answers an unknown person with another code.
    if status == 200 || (options.demo && status < 500) {
        print(&format!("{what} on {address} is ready"))?;
        return Ok(ExitCode::SUCCESS);
    }
    Err(Ended::Failed(format!("not ready: {what} on {address} answers {status}{}", waiting_parts(&body))))
}

/// Returns the address at which a listener is reached from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

async fn ask(address: SocketAddr, path: &str) -> reqwest::Result<(u16, String)> {
    let client = reqwest::Client::builder()
        .no_proxy()
        // It asks without TLS, and reading the machine's roots takes longer than asking.
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()?;
    let mut answer = client.get(format!("http://{address}{path}")).send().await?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            break;
        }
    }
    Ok((answer.status().as_u16(), String::from_utf8_lossy(&body).into_owned()))
}

/// Returns the parts that are not ready, as the answer names them.
fn waiting_parts(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let parts = body["parts"].as_array().into_iter().flatten();
    let waiting: Vec<&str> =
        parts.filter(|part| part["ready"] == false).filter_map(|part| part["name"].as_str()).collect();
    if waiting.is_empty() { String::new() } else { format!(" (waiting for {})", waiting.join(", ")) }
}
