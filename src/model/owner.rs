//! The owners of effects and runs: when an owner ends, what is unsent or not run is withdrawn.

use std::{fmt, str::FromStr};

use super::people::UserId;

/// The owner of an effect or a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// It has no owner, and nothing withdraws it.
    #[default]
    None,
    /// A programme, by its id. When it ends, its unsent effects are withdrawn.
    Programme(String),
    Person(UserId),
    /// A delivery, by its key: what is done for it later.
    Delivery(String),
}

impl fmt::Display for Owner {
    /// Writes its one stored form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::None => Ok(()),
            Owner::Programme(id) => write!(f, "programme/{id}"),
            Owner::Person(user) => write!(f, "person/{user}"),
            Owner::Delivery(key) => write!(f, "delivery/{key}"),
        }
    }
}

/// The stored form of an owner that this release does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an owner of a kind that this release does not know")]
pub struct UnknownOwner;

impl FromStr for Owner {
    type Err = UnknownOwner;

    fn from_str(stored: &str) -> Result<Owner, UnknownOwner> {
        match stored.split_once('/') {
            None if stored.is_empty() => Ok(Owner::None),
            Some(("programme", id)) => Ok(Owner::Programme(id.to_owned())),
            Some(("person", user)) => Ok(Owner::Person(user.into())),
            Some(("delivery", key)) => Ok(Owner::Delivery(key.to_owned())),
            _ => Err(UnknownOwner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_stored_in_one_form() {
        let stored = |owner: Owner| {
            let stored = owner.to_string();
            assert_eq!(stored.parse(), Ok(owner));
            stored
        };
        assert_eq!(stored(Owner::None), "");
        assert_eq!(stored(Owner::Programme("019b".to_owned())), "programme/019b");
        assert_eq!(stored(Owner::Person(UserId::from("U1"))), "person/U1");
        assert_eq!(stored(Owner::Delivery("1.2/3".to_owned())), "delivery/1.2/3");
        assert_eq!("promise/1".parse::<Owner>(), Err(UnknownOwner));
    }
}
