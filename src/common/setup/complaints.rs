//! What is to be mended in a form, field by field. A field shows plain text, so names stand where a message mentions people.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{
        event::Reply,
        failure::Failure,
        message::Message,
        people::{ChannelId, UserId},
        text::{Markup, unescape, with_fallbacks},
    },
    store::reading::ReadStore,
};

/// What is to be mended, by the field's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaints(BTreeMap<String, String>);

impl Complaints {
    /// Adds words at a field; the first ones stay.
    pub fn add(&mut self, field: &str, words: String) {
        self.0.entry(field.to_owned()).or_insert(words);
    }

    /// What was found, unless it was refused: then the refusal stands at this field. Other failures go on.
    pub async fn at<T>(
        &mut self,
        store: &ReadStore,
        field: &str,
        found: Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(Failure::Refuse(message)) => {
                self.add(field, plain(store, &message).await?);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Whether there is nothing to mend.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As the form shows them.
    pub fn reply(self) -> Reply {
        Reply::Errors(self.0)
    }

    /// As a paragraph above the form, where there are no fields to show them at.
    pub fn paragraph(&self) -> Markup {
        let words: Vec<Markup> = self.0.values().map(|words| Markup::words(words)).collect();
        Markup::join(&words, "\n")
    }
}

/// A message without markup. Where it mentions people and public channels, their names stand there.
pub async fn plain(store: &ReadStore, message: &Message) -> Result<String, Failure> {
    let text = message.text.as_str();
    let people: Vec<UserId> = mentions(text, "<@").map(UserId::from).collect();
    let known = if people.is_empty() { BTreeMap::new() } else { store.people(&people).await? };
    let mut plain = without_quotes_and_links(&with_fallbacks(text).replace('`', ""));
    for person in people {
        let name = known.get(&person).map_or(person.as_str(), |known| known.name.as_str());
        plain = plain.replace(&format!("<@{person}>"), &format!("@{name}"));
    }
    let channels: BTreeSet<ChannelId> = mentions(text, "<#").map(ChannelId::from).collect();
    for channel in channels {
        // A form proves nothing: the name of a private channel isn't told.
        let name = store.public_name(&channel).await?;
        let name = name.map_or("that channel".to_owned(), |name| format!("#{name}"));
        plain = plain.replace(&format!("<#{channel}>"), &name);
    }
    Ok(unescape(&plain))
}

/// Returns a text in which lines that are quoted stand in quotation marks, and links are their labels.
fn without_quotes_and_links(text: &str) -> String {
    let unquoted = |line: &str| line.strip_prefix('>').map_or(line.to_owned(), |line| format!("“{line}”"));
    let text = text.lines().map(unquoted).collect::<Vec<_>>().join("\n");
    let mut parts = text.split("<http");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |read, part| {
        let (link, rest) = part.split_once('>').unwrap_or((part, ""));
        match link.split_once('|') {
            Some((_, label)) => format!("{read}{label}{rest}"),
            None => format!("{read}http{link}{rest}"),
        }
    })
}

/// The ids that a text mentions behind a mark.
fn mentions<'t>(text: &'t str, mark: &'static str) -> impl Iterator<Item = &'t str> {
    text.split(mark).skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_where_they_are_mentioned() {
        let found = |text: &'static str| mentions(text, "<@").collect::<Vec<_>>();
        assert_eq!(found("Ask <@U1> or <@U2>: <#C1>, <@broken"), ["U1", "U2"]);
        assert!(found("Ask them.").is_empty());
    }

    #[test]
    fn quotes_and_links_are_plain() {
        let text = "Saved:\n>send &lt;it&gt;\n>to Ben\n<https://a.example/x?y|From this message>, @Ben's\n<https://a.example>";
        let plain = "Saved:\n“send &lt;it&gt;”\n“to Ben”\nFrom this message, @Ben's\nhttps://a.example";
        assert_eq!(without_quotes_and_links(text), plain);
    }

    #[test]
    fn the_first_words_at_a_field_stay() {
        let mut complaints = Complaints::default();
        complaints.add("when", "First.".to_owned());
        complaints.add("when", "Second.".to_owned());
        complaints.add("name", "Too <long>.".to_owned());
        assert_eq!(complaints.paragraph().as_str(), "Too &lt;long&gt;.\nFirst.");
        let errors = [("name", "Too <long>."), ("when", "First.")];
        let errors = errors.map(|(field, words)| (field.to_owned(), words.to_owned()));
        assert_eq!(complaints.reply(), Reply::Errors(errors.into()));
    }
}
