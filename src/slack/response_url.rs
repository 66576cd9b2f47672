//! Checks which addresses an answer may be sent to: Slack's own, and those of the configured Web API.

use reqwest::Url;

/// Slack's domains; an answer may go to them or to any host below them. `response_url`s are on `hooks.slack.com`, or on
/// `hooks.slack-gov.com` for workspaces of `GovSlack`.
const SLACK_DOMAINS: [&str; 2] = ["slack.com", "slack-gov.com"];

/// Reads a `response_url`; `None` if it does not lead to Slack. A delivery is signed, but its content may have been
/// replayed from elsewhere, and a request to an address of a stranger's choice would reach into the network that the
/// bot runs in.
pub(super) fn allowed(response_url: &str, api_url: &str) -> Option<Url> {
    let url = Url::parse(response_url).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    // A simulated Slack hands out addresses of its own.
    let of_api = Url::parse(api_url).is_ok_and(|api| url.has_host() && api.origin() == url.origin());
    (of_api || is_slacks(&url)).then_some(url)
}

fn is_slacks(url: &Url) -> bool {
    // `port` is `None` for the scheme's default port.
    url.scheme() == "https" && url.port().is_none() && url.domain().is_some_and(is_slack_domain)
}

fn is_slack_domain(host: &str) -> bool {
    SLACK_DOMAINS
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|below| below.is_empty() || below.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const API: &str = "https://slack.com/api";
    const SANDBOX: &str = "http://127.0.0.1:4000/api";

    #[test]
    fn slacks_hosts_are_allowed() {
        for url in [
            "https://hooks.slack.com/commands/T1/2/s3cret",
            "https://hooks.slack.com:443/actions/T1/2/s3cret",
            "https://HOOKS.SLACK.COM/app/T1/2",
            "https://hooks.slack-gov.com/commands/T1/2/s3cret",
            "https://slack.com/x",
            "https://harbour.enterprise.slack.com/x",
        ] {
            assert!(allowed(url, API).is_some(), "{url}");
            assert!(allowed(url, SANDBOX).is_some(), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_not() {
        for url in [
            "",
            "hooks.slack.com/commands",
            "//hooks.slack.com/commands",
            "http://hooks.slack.com/commands/T1",
            "ftp://hooks.slack.com/",
            "file:///etc/passwd",
            "data:text/plain,https://hooks.slack.com",
            "javascript:alert(1)",
            "https://hooks.slack.com:8443/",
            "https://hooks.slack.com:80/",
            "https://hooks.slack.com.evil.test/",
            "https://evil.test/hooks.slack.com",
            "https://evil.test/?https://hooks.slack.com",
            "https://evil.test#hooks.slack.com",
            "https://evilslack.com/",
            "https://hooks-slack.com/",
            "https://slack.com.evil.test/",
            "https://slack.community/",
            "https://hooks.slack.com@evil.test/",
            "https://hooks.slack.com%40evil.test/",
            "https://hooks.slack.com:secret@evil.test/",
            "https://evil.test@hooks.slack.com/",
            "https://user:password@hooks.slack.com/",
            "https://:password@hooks.slack.com/",
            "https://evil.test\\@hooks.slack.com/",
            "https://hooks.slack.com./",
            "https://hooks.sl\u{430}ck.com/",
            "https://hooks.slack.com\u{ff0e}evil.test/",
            "https://xn--slck-5qa.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://2130706433/",
            "http://127.0.0.1:4000/commands",
        ] {
            assert!(allowed(url, API).is_none(), "{url}");
        }
    }

    #[test]
    fn the_configured_api_answers_for_its_own_origin_only() {
        assert!(allowed("http://127.0.0.1:4000/commands/T1/2/s3cret", SANDBOX).is_some());
        for url in [
            "http://127.0.0.1/commands",
            "http://127.0.0.1:4001/commands",
            "https://127.0.0.1:4000/commands",
            "http://localhost:4000/commands",
            "http://user@127.0.0.1:4000/commands",
            "http://127.0.0.1:4000@evil.test/",
            "data:text/plain,hello",
        ] {
            assert!(allowed(url, SANDBOX).is_none(), "{url}");
        }
        // Two addresses without a host never share an origin.
        assert!(allowed("data:a", "data:a").is_none());
    }

    proptest! {
        #[test]
        fn an_allowed_address_leads_to_slack(
            scheme in "https?|ftp", user in "([a-z]{1,3}[@:])?", host in "[a-z.\\\\/@#?%:\u{430}\u{ff0e}]{0,12}",
            end in "(slack\\.com|slack-gov\\.com)?[a-z.@:/0-9]{0,8}",
        ) {
            let text = format!("{scheme}://{user}{host}{end}/path");
            if let Some(url) = allowed(&text, API) {
                let host = url.host_str().unwrap();
                prop_assert!(host == "slack.com" || host == "slack-gov.com"
                    || host.ends_with(".slack.com") || host.ends_with(".slack-gov.com"), "{text} leads to {host}");
                prop_assert_eq!((url.scheme(), url.username(), url.password()), ("https", "", None));
            }
        }
    }
}
