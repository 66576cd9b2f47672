//! Whose an effect is: what ends with its owner is withdrawn, and owners take turns.

use std::fmt;

use super::people::UserId;

/// Whose an effect is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// It stands by itself, and nothing withdraws it.
    #[default]
    None,
    /// A programme, by its id. What it still had to send is withdrawn when it ends.
    Programme(String),
    /// A person.
    Person(UserId),
}

impl fmt::Display for Owner {
    /// Its one stored form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::None => Ok(()),
            Owner::Programme(id) => write!(f, "programme/{id}"),
            Owner::Person(user) => write!(f, "person/{user}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_stored_in_one_form() {
        let stored = |owner: Owner| owner.to_string();
        assert_eq!(stored(Owner::None), "");
        assert_eq!(stored(Owner::Programme("019b".to_owned())), "programme/019b");
        assert_eq!(stored(Owner::Person(UserId::from("U1"))), "person/U1");
    }
}
