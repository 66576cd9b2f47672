//! Checks where requests come from: programs and the sandbox's own page are allowed, pages of other sites and unknown
//! host names (DNS rebinding) are not.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, Request, header};

/// A host name that was not given at the start.
const OTHER_NAME: &str = "This workspace is not known under that name. Open it as localhost or by its address, or say its \
                          name with --host when you start it.\n";
/// A page of another site, or a browser's request for such a page.
const OTHER_SITE: &str = "not from another site\n";

/// What slack-go says of itself when it opens the socket. No page can bring that along but Slack's own, and the socket's address
/// has a ticket that only the app's token gets.
const OPENS_A_SOCKET: (&str, &str) = ("/link", "https://api.slack.com");

/// The host names that are allowed beside `localhost` and plain addresses.
#[derive(Debug)]
pub(crate) struct HostCheck {
    hosts: Vec<String>,
}

impl HostCheck {
    /// Allows these names, `localhost` and plain addresses.
    pub(crate) fn expected_at(hosts: Vec<String>) -> HostCheck {
        HostCheck { hosts: hosts.into_iter().map(|host| host.to_lowercase()).collect() }
    }

    /// Returns why a request is refused; `None` if it is allowed.
    pub(crate) fn refuse<B>(&self, request: &Request<B>) -> Option<&'static str> {
        let headers = request.headers();
        // A request for an absolute URL names its host there; HTTP wants both to be the same.
        let authority = request.uri().authority().map(Authority::as_str);
        let mut named = headers.get_all(header::HOST).iter().map(|host| host.to_str().ok());
        let (Some(Some(host)), None) = (named.next(), named.next()) else { return Some(OTHER_NAME) };
        if !self.knows(host) || authority.is_some_and(|authority| authority != host) {
            return Some(OTHER_NAME);
        }
        let opens_the_page =
            matches!(*request.method(), Method::GET | Method::HEAD) && request.uri().path() == "/";
        let opens_a_socket = headers.get(header::ORIGIN).is_some_and(|origin| {
            (request.uri().path(), origin.as_bytes()) == (OPENS_A_SOCKET.0, OPENS_A_SOCKET.1.as_bytes())
        });
        (!opens_the_page && !opens_a_socket && is_of_another_site(headers, host)).then_some(OTHER_SITE)
    }

    fn knows(&self, host: &str) -> bool {
        let name = without_port(host).to_lowercase();
        let name = name.strip_suffix('.').unwrap_or(&name);
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        name == "localhost" || bare.parse::<IpAddr>().is_ok() || self.hosts.iter().any(|host| host == name)
    }
}

/// Whether a browser says that another site's page asks. Programs send no such header.
fn is_of_another_site(headers: &HeaderMap, host: &str) -> bool {
    let says = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let origin = says("origin").map(|origin| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).unwrap_or("null")
    });
    let site = says("sec-fetch-site");
    origin.is_some_and(|origin| !origin.eq_ignore_ascii_case(host))
        || site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

/// Returns `localhost` for `localhost:4000`, `[::1]` for `[::1]:4000`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_let_in(method: &str, path: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let host_check = HostCheck::expected_at(vec!["Demo.example.org".to_owned()]);
        host_check.refuse(&request.body(()).unwrap()).is_none()
    }

    #[test]
    fn unknown_hosts_are_refused_everywhere() {
        for host in [
            "localhost",
            "LOCALHOST:4000",
            "127.0.0.1:4000",
            "[::1]:80",
            "10.1.2.3",
            "demo.example.org:1",
            "localhost.",
        ] {
            assert!(is_let_in("GET", "/api/auth.test", &[("host", host)]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:4000",
            "a@localhost",
            ":4000",
        ] {
            for path in ["/", "/api/auth.test", "/sandbox/state", "/link"] {
                assert!(!is_let_in("GET", path, &[("host", host)]), "{host}{path}");
            }
        }
        assert!(!is_let_in("GET", "/", &[]), "no host is named");
        assert!(!is_let_in("GET", "/", &[("host", "localhost"), ("host", "evil.example")]));
        assert!(!is_let_in("GET", "http://evil.example/", &[("host", "localhost")]));
    }

    #[test]
    fn a_library_may_name_slack_when_it_opens_a_socket() {
        let (here, slack) = (("host", "localhost:4000"), ("origin", "https://api.slack.com"));
        assert!(is_let_in("GET", "/link", &[here, slack]));
        assert!(!is_let_in("GET", "/link", &[here, ("origin", "https://api.slack.com.evil.example")]));
        for path in ["/sandbox/state", "/sandbox/events", "/api/auth.test"] {
            assert!(!is_let_in("GET", path, &[here, slack]), "{path}");
        }
    }

    #[test]
    fn other_sites_may_only_link() {
        let here = ("host", "localhost:4000");
        for foreign in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:4001"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            for (method, path) in [
                ("POST", "/sandbox/say"),
                ("GET", "/sandbox/state"),
                ("GET", "/link"),
                ("POST", "/api/chat.postMessage"),
                ("POST", "/"),
            ] {
                assert!(!is_let_in(method, path, &[here, foreign]), "{foreign:?} {path}");
            }
            assert!(is_let_in("GET", "/", &[here, foreign]), "a link leads to the page");
        }
        for own in [
            ("origin", "http://localhost:4000"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
        ] {
            assert!(is_let_in("POST", "/sandbox/say", &[here, own]), "{own:?}");
        }
    }
}
