//! People to add, and the kinds of members.

/// What kind of member a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PersonKind {
    /// A full member.
    #[default]
    Member,
    /// A guest of several channels.
    Guest,
    /// A guest of one channel.
    SingleChannelGuest,
    /// A bot.
    Bot,
    /// A workspace admin.
    Admin,
    /// A workspace owner.
    Owner,
    /// A person of another workspace, seen through a shared channel.
    Stranger,
}

/// A person to add.
#[derive(Clone, Copy, Debug)]
pub struct NewPerson<'a> {
    /// The handle, such as `ana`.
    pub name: &'a str,
    /// Empty for a name made from the handle.
    pub real_name: &'a str,
    /// Shown instead of the full name; may be empty.
    pub display_name: &'a str,
    /// Such as `Europe/Berlin`.
    pub zone: &'a str,
    pub title: &'a str,
    /// Shown as a custom profile field.
    pub department: Option<&'a str>,
    pub kind: PersonKind,
}

impl Default for NewPerson<'_> {
    fn default() -> Self {
        NewPerson {
            name: "",
            real_name: "",
            display_name: "",
            zone: "Etc/UTC",
            title: "",
            department: None,
            kind: PersonKind::Member,
        }
    }
}

impl<'a> NewPerson<'a> {
    /// A full member with this handle and defaults for the rest.
    pub fn named(name: &'a str) -> NewPerson<'a> {
        NewPerson { name, ..NewPerson::default() }
    }
}
