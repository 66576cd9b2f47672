//! `[people] may_start`: who may start programmes, as it is written and as it is used.

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor, value::SeqAccessDeserializer},
};

use super::{ConfigError, checks::handle_of, sources::Sources};
use crate::model::{authority::MayStart, people::UserId, secrets, text::nearest};

const EVERYONE: &str = "everyone";
const ADMINS: &str = "admins";

/// The setting as it is written.
#[derive(Debug, PartialEq, Eq)]
pub enum Written {
    Word(String),
    /// A list of user groups and people.
    List(Vec<String>),
}

impl Default for Written {
    fn default() -> Written {
        Written::Word(EVERYONE.to_owned())
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        struct WordOrList;

        impl<'de> Visitor<'de> for WordOrList {
            type Value = Written;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("\"everyone\", \"admins\" or a list such as [\"@design\", \"U0123ABCD\"]")
            }

            fn visit_str<E>(self, word: &str) -> Result<Written, E> {
                Ok(Written::Word(word.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Written, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Written::List)
            }
        }

        deserializer.deserialize_any(WordOrList)
    }
}

/// Checks who may start programmes.
pub fn check(sources: &Sources<'_>, written: &Written) -> Result<MayStart, ConfigError> {
    const KEY: &str = "people.may_start";
    match written {
        Written::Word(word) => {
            let given = sources.in_file(KEY, word);
            match given.value.to_lowercase().as_str() {
                EVERYONE => Ok(MayStart::Everyone),
                ADMINS => Ok(MayStart::Admins),
                other => Err(given.refused(
                    "",
                    match nearest(other, [EVERYONE, ADMINS]) {
                        Some(meant) => format!("did you mean \"{meant}\"?"),
                        None => {
                            "write \"everyone\", \"admins\" or a list such as [\"@design\", \"U0123ABCD\"]"
                                .to_owned()
                        }
                    },
                )),
            }
        }
        Written::List(list) => listed(&sources.named(KEY), list),
    }
}

fn listed(name: &str, list: &[String]) -> Result<MayStart, ConfigError> {
    let (mut groups, mut people) = (Vec::new(), Vec::new());
    if list.is_empty() {
        return Err(ConfigError::new(
            format!("{name} is an empty list"),
            "name someone, or write \"admins\"",
        ));
    }
    for text in list {
        let text = text.trim();
        let is_new = if let Some(group) = text.strip_prefix('@').and_then(handle_of) {
            add(&mut groups, group)
        } else if is_user(text) {
            add(&mut people, UserId::from(text))
        } else {
            return Err(ConfigError::new(
                format!("{name} has {}, which is neither a user group nor a person", secrets::shown(text)),
                "write a user group as \"@design\" and a person by their member ID, as in \"U0123ABCD\"",
            ));
        };
        if !is_new {
            return Err(ConfigError::new(
                format!("{name} has {} twice", secrets::shown(text)),
                "keep one of them",
            ));
        }
    }
    Ok(MayStart::Listed { groups, people })
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) -> bool {
    let is_new = !list.contains(&item);
    if is_new {
        list.push(item);
    }
    is_new
}

/// Whether it is a person's id as Slack writes it.
fn is_user(text: &str) -> bool {
    text.starts_with(['U', 'W'])
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}
