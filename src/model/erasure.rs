//! Replaces an erased person: by a random pseudonym in keys, and by *someone* in words.

use serde_json::Value;

use super::{
    entropy::Entropy,
    people::{PSEUDONYM, UserId},
    text::{escape, has_visible_text, one_line},
};

/// Replaces a mention of an erased person.
const SOMEONE: &str = "@someone";

/// The erasure of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub person: UserId,
    /// Replaces their id. It is drawn for this erasure, and cannot be traced back.
    pub pseudonym: String,
    /// Their known names.
    names: Vec<String>,
}

impl Erasure {
    /// Returns the erasure of a person with these names.
    pub fn new<'n>(person: UserId, names: impl IntoIterator<Item = &'n str>, entropy: &Entropy) -> Erasure {
        let mut names: Vec<String> = names.into_iter().map(one_line).collect();
        names.retain(|name| has_visible_text(name) && *name != person.as_str());
        let escaped: Vec<String> = names.iter().map(|name| escape(name)).collect();
        names.extend(escaped);
        // A name that begins with another one goes first.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        let pseudonym = format!("{PSEUDONYM}{:016x}", entropy.seed().cast_unsigned());
        Erasure { person, pseudonym, names }
    }

    /// Returns patterns for `LIKE` that match every text in small letters with a mention of one of their names, and
    /// some other texts.
    pub fn name_patterns(&self) -> impl Iterator<Item = String> {
        let any = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '%' };
        self.names.iter().map(move |name| format!("%@{}%", name.chars().map(any).collect::<String>()))
    }

    /// Returns a text without them: mentions become `@someone`, a bare id becomes the pseudonym. The rest stays.
    pub fn scrub(&self, text: &str) -> String {
        let text = self.without_mentions(text);
        let text = self.names.iter().fold(text, |text, name| without_name(&text, name));
        without_id(&text, self.person.as_str(), &self.pseudonym)
    }

    /// The same for a text that may be JSON: its texts and keys are scrubbed one by one, and the person is removed from
    /// lists of people.
    pub fn scrub_stored(&self, stored: &str) -> String {
        match serde_json::from_str::<Value>(stored) {
            Ok(json @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => {
                let scrubbed = self.scrub_json(json.clone());
                // A text without them stays as it was written.
                if scrubbed == json { stored.to_owned() } else { scrubbed.to_string() }
            }
            _ => self.scrub(stored),
        }
    }

    fn scrub_json(&self, json: Value) -> Value {
        match json {
            Value::String(text) => Value::String(self.scrub(&text)),
            Value::Array(items) => {
                let others = items.into_iter().filter(|item| item != self.person.as_str());
                others.map(|item| self.scrub_json(item)).collect()
            }
            Value::Object(fields) => {
                fields.into_iter().map(|(key, value)| (self.scrub(&key), self.scrub_json(value))).collect()
            }
            other => other,
        }
    }

    /// Replaces `<@U1>` and `<@U1|label>` by `@someone`.
    fn without_mentions(&self, text: &str) -> String {
        let start = format!("<@{}", self.person);
        let mut scrubbed = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(&start) {
            let (before, mention) = rest.split_at(at);
            scrubbed.push_str(before);
            let behind = &mention[start.len()..];
            if let Some(end) = behind.find('>').filter(|_| behind.starts_with(['>', '|'])) {
                scrubbed.push_str(SOMEONE);
                rest = &behind[end + 1..];
            } else {
                scrubbed.push_str(&start);
                rest = behind;
            }
        }
        scrubbed.push_str(rest);
        scrubbed
    }
}

/// Replaces an id that stands by itself by the pseudonym.
fn without_id(text: &str, id: &str, pseudonym: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(id) {
        let (before, found) = rest.split_at(at);
        let behind = &found[id.len()..];
        replaced.push_str(before);
        let is_part = behind.starts_with(char::is_alphanumeric) || replaced.ends_with(char::is_alphanumeric);
        replaced.push_str(if is_part { id } else { pseudonym });
        rest = behind;
    }
    replaced.push_str(rest);
    replaced
}

/// Replaces a name behind an `@` by `@someone`, in upper or lower case.
fn without_name(text: &str, name: &str) -> String {
    let mut parts = text.split('@');
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some(rest) = behind(part, name).filter(|rest| !rest.starts_with(char::is_alphanumeric)) {
            replaced.push_str(SOMEONE);
            replaced.push_str(rest);
        } else {
            replaced.push('@');
            replaced.push_str(part);
        }
    }
    replaced
}

/// Returns the rest of a text that begins with a name, in upper or lower case.
fn behind<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for wanted in name.chars() {
        let found = rest.next()?;
        if !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    Some(rest.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erasure(name: Option<&str>) -> Erasure {
        Erasure {
            pseudonym: "erased-0".to_owned(),
            ..Erasure::new("U1ANA".into(), name, &Entropy::seeded(1))
        }
    }

    #[test]
    fn mentions_become_someone() {
        let ana = erasure(Some("Ana & Co"));
        for (text, scrubbed) in [
            ("for <@U1ANA> alone", "for @someone alone"),
            ("<@U1ANA|ana.b><@U1ANA>", "@someone@someone"),
            ("<@U1ANAB> and <@U1ANA|", "<@U1ANAB> and <@erased-0|"),
            ("&lt;@U1ANA&gt;", "&lt;@erased-0&gt;"),
            ("thanks @Ana &amp; Co!", "thanks @someone!"),
            ("thanks @Ana & Co", "thanks @someone"),
            ("@Ana & Company", "@Ana & Company"),
            ("Ana alone is a word of theirs", "Ana alone is a word of theirs"),
            ("person/U1ANA", "person/erased-0"),
            ("U0,U1ANA,U2", "U0,erased-0,U2"),
            ("XU1ANA U1ANAX", "XU1ANA U1ANAX"),
            ("@ana & co, @ANA & CO.", "@someone, @someone."),
            ("mail ana@ana & co", "mail ana@someone"),
            ("", ""),
        ] {
            assert_eq!(ana.scrub(text), scrubbed, "{text}");
        }
    }

    #[test]
    fn json_keeps_its_form() {
        let ana = erasure(Some("Ana \"A\""));
        let stored = r#"{"to":{"Group":["U1ANA","U2"]},"U1ANA":1,"text":"hi <@U1ANA|a> @Ana \"A\" é"}"#;
        let scrubbed: Value = serde_json::from_str(&ana.scrub_stored(stored)).unwrap();
        assert_eq!(
            scrubbed,
            serde_json::json!({"to": {"Group": ["U2"]}, "erased-0": 1, "text": "hi @someone @someone é"})
        );
        assert_eq!(ana.scrub_stored(r#"["U2","U1ANA"]"#), r#"["U2"]"#);
        assert_eq!(ana.scrub_stored(r#"["U1ANA"]"#), "[]");
        let other = r#"{ "b": 1, "a": "U2" }"#;
        assert_eq!(ana.scrub_stored(other), other, "not even its spaces change");
        assert_eq!(ana.scrub_stored("\"Nothing\""), "\"Nothing\"");
        assert_eq!(ana.scrub_stored("no json, <@U1ANA>"), "no json, @someone");
    }

    #[test]
    fn every_erasure_draws_a_pseudonym_of_its_own() {
        let entropy = Entropy::seeded(7);
        let draw = || Erasure::new("U1".into(), None, &entropy).pseudonym;
        let (first, second) = (draw(), draw());
        assert_ne!(first, second);
        assert!(first.starts_with(PSEUDONYM) && first.len() == PSEUDONYM.len() + 16, "{first}");
    }

    #[test]
    fn a_name_pattern_finds_every_written_form_of_the_name() {
        let patterns = |name| erasure(name).name_patterns().collect::<Vec<_>>();
        assert_eq!(patterns(Some("Tóm Co_1%")), ["%@t%m%co%1%%"]);
        assert_eq!(patterns(Some("A & B")), ["%@a%%amp%%b%", "%@a%%%b%"]);
        assert!(patterns(Some("U1ANA")).is_empty(), "who has no name goes by their id");
        assert!(patterns(None).is_empty());
    }
}
