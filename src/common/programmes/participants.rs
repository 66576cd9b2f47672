//! Who takes part in an occasion, as each ritual says it of its programmes.

use crate::model::people::{Person, UserId};

/// Who takes part in an occasion, and who would but for their own wish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participants {
    /// Who takes part.
    pub here: Vec<Person>,
    /// Who sits out this one occasion.
    pub skipping: Vec<UserId>,
    /// Who is away on that day, or doesn't work then.
    pub away: Vec<UserId>,
    /// Who has left the programme for good, until they join again.
    pub left: Vec<UserId>,
}

impl Participants {
    /// Whether the person is in one of the lists.
    pub fn knows(&self, user: &UserId) -> bool {
        self.here.iter().any(|person| person.id == *user)
            || self.skipping.contains(user)
            || self.away.contains(user)
            || self.left.contains(user)
    }

    /// How many people take part in the programme, whether in this occasion or not.
    pub fn of_the_programme(&self) -> usize {
        self.here.len() + self.skipping.len() + self.away.len()
    }
}
