//! Links and dates in Slack's angle brackets.

use chrono_tz::Tz;
use url::Url;

use super::{Markup, escape, one_line, shorten};
use crate::model::clock::Instant;

/// How long an address may be, in characters. Longer ones would be torn where a message is cut.
const LONGEST_ADDRESS: usize = 1_500;
/// How many characters of a link's label are shown.
const LONGEST_LABEL: usize = 150;

/// The address of a page: `https`, with a host, without a user's name or password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(Url);

impl Link {
    /// Reads an address. `None` for every other scheme, for one that hides its host behind a user's name, and for one
    /// that is too long or holds spaces.
    pub fn read(address: &str) -> Option<Link> {
        let address = address.trim();
        // The parser drops line ends and tabs silently, and an address should be read as it was written.
        if address.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let url = Url::parse(address).ok()?;
        let plain = url.scheme() == "https" && url.has_host() && url.username().is_empty();
        let fits = url.as_str().chars().count() <= LONGEST_ADDRESS;
        (plain && url.password().is_none() && fits).then_some(Link(url))
    }

    /// Returns the address in ASCII: foreign letters in its host are written as `xn--…`, so that no letter passes for
    /// another.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl Markup {
    /// Returns a link with a label, which people may have written. A label that looks like an address of another host
    /// is followed by the host of the link; without a label, the host is shown.
    pub fn link(to: &Link, label: &str) -> Markup {
        let label = shorten(&one_line(label), LONGEST_LABEL);
        let label = if label.is_empty() {
            to.host().to_owned()
        } else if names_another_host(&label, to.host()) {
            format!("{label} ({})", to.host())
        } else {
            label
        };
        // A bar would end the address; addresses can write it escaped.
        let address = escape(&to.as_str().replace('|', "%7C"));
        Markup(format!("<{address}|{}>", escape(&label)))
    }

    /// Returns a day and time, which Slack shows each reader in their own zone. Clients that cannot show it in `zone`,
    /// named.
    pub fn date_time(at: Instant, zone: Tz) -> Markup {
        let fallback = on_the_wall(at, zone);
        Markup(format!("<!date^{}^{{date_long_pretty}} at {{time}}|{fallback}>", at.timestamp()))
    }

    /// The same for what is read again later: never as *today*, which would become *yesterday*.
    pub fn lasting_date_time(at: Instant, zone: Tz) -> Markup {
        Markup::moment(at, &Markup(on_the_wall(at, zone)))
    }

    /// The same within a sentence, behind *on*, say: never as *today* or *yesterday*. The fallback is the caller's.
    pub fn moment(at: Instant, fallback: &Markup) -> Markup {
        Markup(format!("<!date^{}^{{date_long}} at {{time}}|{fallback}>", at.timestamp()))
    }

    /// The same for a day.
    pub fn day(at: Instant, fallback: &Markup) -> Markup {
        Markup(format!("<!date^{}^{{date_long}}|{fallback}>", at.timestamp()))
    }

    /// The same for a time of day.
    pub fn time(at: Instant, zone: Tz) -> Markup {
        let fallback = format!("{} ({zone})", at.with_timezone(&zone).format("%H:%M"));
        Markup(format!("<!date^{}^{{time}}|{fallback}>", at.timestamp()))
    }
}

/// Returns an instant on the wall in a zone, which is named.
fn on_the_wall(at: Instant, zone: Tz) -> String {
    format!("{} ({zone})", at.with_timezone(&zone).format("%A, %-d %B %Y at %H:%M"))
}

/// Returns a text in which each day and time is as clients read it that cannot show it in the reader's zone.
pub fn with_fallbacks(text: &str) -> String {
    let mut parts = text.split("<!date^");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |read, part| {
        let (token, rest) = part.split_once('>').unwrap_or((part, ""));
        format!("{read}{}{rest}", token.rsplit('|').next().unwrap_or_default())
    })
}

/// Whether a word of the label could be taken for an address elsewhere. A word that only looks like one costs nothing:
/// the host is shown in addition.
fn names_another_host(label: &str, host: &str) -> bool {
    let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'));
    label.to_lowercase().split(ends).any(|word| {
        let word = word.trim_matches(|c| c == '.' || c == '-');
        let looks_like_one = word.rsplit_once('.').is_some_and(|(before, top)| {
            !before.is_empty() && top.chars().count() > 1 && top.chars().any(char::is_alphabetic)
        });
        looks_like_one && word != host && word.strip_prefix("www.") != Some(host)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::{
            clock::from_ms,
            people::{ChannelId, GroupId},
            text::unescape,
        },
        say,
    };

    fn link(address: &str) -> Link {
        Link::read(address).unwrap_or_else(|| panic!("{address}"))
    }

    #[test]
    fn a_link_shows_its_label_and_leads_to_its_address() {
        let doc = link(" https://docs.example/retro?a=1&b=2#top ");
        let said = Markup::link(&doc, "the *notes* <of> R&D\nand more");
        insta::assert_snapshot!(said, @"<https://docs.example/retro?a=1&amp;b=2#top|the *notes* &lt;of&gt; R&amp;D and more>");
        insta::assert_snapshot!(Markup::link(&doc, " \u{200b}\n"), @"<https://docs.example/retro?a=1&amp;b=2#top|docs.example>");
        insta::assert_snapshot!(Markup::link(&link("https://x.example/a|b"), "x"), @"<https://x.example/a%7Cb|x>");
        insta::assert_snapshot!(Markup::link(&link("https://b\u{fc}cher.example"), "books"), @"<https://xn--bcher-kva.example/|books>");
    }

    #[test]
    fn a_label_that_names_another_host_is_followed_by_the_true_one() {
        let evil = link("https://evil.test/");
        for label in ["https://bank.example", "www.bank.example", "see bank.example/login", "BANK.example"] {
            assert!(Markup::link(&evil, label).as_str().ends_with(" (evil.test)>"), "{label}");
        }
        for label in ["my bank", "evil.test", "https://www.evil.test/x", "version 1.2", "e.g. this", "…"] {
            assert!(!Markup::link(&evil, label).as_str().contains("(evil.test)"), "{label}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for address in [
            "",
            "docs.example",
            "http://docs.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "slack://open",
            "//docs.example",
            "https://",
            "https:///",
            "https://bank.example@evil.test",
            "https://:secret@evil.test",
            "https://do cs.example",
            "https://docs.example/a\nb",
            "https://docs.example/a\tb",
            "https://[::1",
            "https://docs.example:99999",
        ] {
            assert_eq!(Link::read(address), None, "{address:?}");
        }
        assert_eq!(Link::read(&format!("https://docs.example/{}", "a".repeat(1_500))), None);
    }

    #[test]
    fn instants_channels_and_groups_in_slacks_words() {
        let at = from_ms(1_767_603_600_000);
        insta::assert_snapshot!(
            Markup::date_time(at, Tz::Asia__Kolkata),
            @"<!date^1767603600^{date_long_pretty} at {time}|Monday, 5 January 2026 at 14:30 (Asia/Kolkata)>"
        );
        insta::assert_snapshot!(
            Markup::lasting_date_time(at, Tz::UTC),
            @"<!date^1767603600^{date_long} at {time}|Monday, 5 January 2026 at 09:00 (UTC)>"
        );
        // Slack would write `on yesterday`.
        insta::assert_snapshot!(
            say!("on {}", Markup::moment(at, &Markup::from("5 January"))),
            @"on <!date^1767603600^{date_long} at {time}|5 January>"
        );
        insta::assert_snapshot!(Markup::time(at, Tz::UTC), @"<!date^1767603600^{time}|09:00 (UTC)>");
        let (channel, group) = (ChannelId::from("C1"), GroupId::from("S1"));
        insta::assert_snapshot!(say!("{} in {}", &group, &channel), @"<!subteam^S1> in <#C1>");
    }

    proptest! {
        #[test]
        fn a_link_is_one_link_for_any_text(
            host in "[a-z]{1,8}\\.(org|test)",
            path in "(\\PC|[<>&|!@#%?=]){0,40}",
            label in "(\\PC|[<>&|!@#\n]|<!channel>|https?://){0,60}",
        ) {
            let Some(to) = Link::read(&format!("https://{host}/{path}")) else { return Ok(()) };
            prop_assert_eq!(to.host(), host);
            let said = Markup::link(&to, &label);
            let inner = said.as_str().strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).expect("brackets");
            prop_assert!(!inner.contains(['<', '>', '\n']), "{inner}");
            let (address, shown) = inner.split_once('|').expect("a label");
            prop_assert!(!shown.trim().is_empty());
            prop_assert_eq!(unescape(address), to.as_str().replace('|', "%7C"));
            let led_to = Link::read(&unescape(address)).expect("an address");
            prop_assert_eq!(led_to.host(), to.host());
            prop_assert_eq!(led_to.as_str().replace('|', "%7C"), to.as_str().replace('|', "%7C"));
        }

        #[test]
        fn what_is_no_https_address_is_no_link(address in "(\\PC|[:/@?#.]|https?|javascript|data){0,30}") {
            if let Some(link) = Link::read(&address) {
                prop_assert!(link.as_str().starts_with("https://") && !link.host().is_empty());
                prop_assert!(!link.as_str().contains(['<', '>', ' ', '\n']), "{}", link.as_str());
            }
        }
    }
}
