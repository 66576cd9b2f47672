//! A decision log as Markdown: an entry for each decision, with its versions.

use std::fmt::Write as _;

use crate::model::text::{escape_markdown, one_line, shorten};

/// The title of the log.
pub const TITLE: &str = "Decisions";

/// How many characters of a decision its heading shows.
const LONGEST_HEADING: usize = 100;

/// A version of a decision, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogVersion<'l> {
    pub version: &'l str,
    /// Whether it holds, or was superseded.
    pub state: &'l str,
    pub decided_on: &'l str,
    pub channel: &'l str,
    pub what: &'l str,
    pub why: &'l str,
    pub turned_down: &'l str,
    pub names: &'l str,
    pub review_on: &'l str,
    /// Who last looked at it again, and on which day in UTC; empty where no one has.
    pub reviewer: &'l str,
    pub reviewed_on: &'l str,
    pub recorder: &'l str,
    /// The day in UTC.
    pub recorded_on: &'l str,
}

/// Writes an entry; the versions are in their order, and the last one holds.
pub fn entry(versions: &[LogVersion<'_>]) -> String {
    let Some((current, earlier)) = versions.split_last() else { return String::new() };
    let heading = escape_markdown(&shorten(&one_line(current.what), LONGEST_HEADING));
    let mut entry = format!("\n## {}: {heading}\n\n", current.decided_on);
    let status = if current.state == "current" { "Current" } else { "Superseded" };
    let _ = writeln!(entry, "- Status: {status}, version {}", current.version);
    field(&mut entry, "Channel", current.channel);
    field(&mut entry, "Decided by", current.names);
    field(&mut entry, "Recorded by", &format!("{}, {}", current.recorder, current.recorded_on));
    if !current.reviewed_on.is_empty() {
        field(&mut entry, "Still stands", &format!("{}, {}", current.reviewer, current.reviewed_on));
    }
    field(&mut entry, "Look at it again", current.review_on);
    texts(&mut entry, current);
    for version in earlier.iter().rev() {
        let _ = write!(entry, "\n### Version {}, superseded: {}", version.version, version.decided_on);
        if version.names.is_empty() {
            entry.push('\n');
        } else {
            let _ = writeln!(entry, ", {}", escape_markdown(&one_line(version.names)));
        }
        texts(&mut entry, version);
    }
    entry
}

fn field(entry: &mut String, name: &str, words: &str) {
    if !words.is_empty() {
        let _ = writeln!(entry, "- {name}: {}", escape_markdown(&one_line(words)));
    }
}

fn texts(entry: &mut String, version: &LogVersion<'_>) {
    for (name, words) in [("What", version.what), ("Why", version.why), ("Turned down", version.turned_down)]
    {
        if !words.is_empty() {
            let _ = write!(entry, "\n**{name}**\n\n{}", quoted(words));
        }
    }
}

/// Quotes a text, each of its lines as it was typed.
fn quoted(words: &str) -> String {
    let mut quoted = String::new();
    for line in words.trim().lines() {
        let line = escape_markdown(line.trim());
        // Two spaces keep the line's end.
        let _ = if line.is_empty() { writeln!(quoted, ">") } else { writeln!(quoted, "> {line}  ") };
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_its_versions() {
        let first = LogVersion {
            version: "1",
            state: "superseded",
            decided_on: "2026-01-06",
            channel: "team",
            what: "Use MySQL",
            names: "Ana",
            recorder: "Ana",
            recorded_on: "2026-01-06",
            ..LogVersion::default()
        };
        let second = LogVersion {
            version: "2",
            state: "current",
            decided_on: "2026-01-13",
            what: "Use Postgres\n\n<!channel>",
            why: "Two teams know it",
            turned_down: "MySQL",
            names: "Ana, Cy",
            review_on: "2027-01-05",
            reviewer: "Ben",
            reviewed_on: "2026-02-03",
            ..first.clone()
        };
        insta::assert_snapshot!(entry(&[first, second]), @r"

        ## 2026-01-13: Use Postgres \<\!channel\>

        - Status: Current, version 2
        - Channel: team
        - Decided by: Ana, Cy
        - Recorded by: Ana, 2026-01-06
        - Still stands: Ben, 2026-02-03
        - Look at it again: 2027-01-05

        **What**

        > Use Postgres  
        >
        > \<\!channel\>  

        **Why**

        > Two teams know it  

        **Turned down**

        > MySQL  

        ### Version 1, superseded: 2026-01-06, Ana

        **What**

        > Use MySQL
        ");
        assert_eq!(entry(&[]), "");
    }
}
