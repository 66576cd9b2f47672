//! Decides who may do what, from facts and settings.
//!
//! Two callers use it: the dispatcher, for every event ([`admit`]), and a ritual through its context, for what a person
//! wants to do ([`Authority::decide`]). An unknown fact is left out: the decision is [`Decision::Unknown`] if it
//! depends on one.

use super::people::{Person, PersonKind, UserId};

/// What a person wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation<'d> {
    /// Start a programme in a channel.
    Start,
    /// Change or stop a programme of these organisers. Without an organiser it belongs to everyone who may start one.
    Manage(&'d [UserId]),
    /// Take part in a programme.
    TakePart,
    /// Thank people.
    Give,
}

/// Who may start a programme. Workspace admins always may, guests never.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MayStart {
    #[default]
    Everyone,
    Admins,
    /// Workspace admins and those who are listed.
    Listed {
        /// Handles of user groups, without `@`.
        groups: Vec<String>,
        people: Vec<UserId>,
    },
}

/// The configuration of who may do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    pub may_start: MayStart,
    pub guests_take_part: bool,
}

impl Default for Authority {
    fn default() -> Authority {
        Authority { may_start: MayStart::Everyone, guests_take_part: true }
    }
}

/// What is known of a person who wants to do something.
#[derive(Clone, Copy, Debug)]
pub struct ActorFacts<'f> {
    pub user: &'f UserId,
    /// `None` if they are not in the directory.
    pub person: Option<&'f Person>,
    /// Handles of the user groups that they are in.
    pub groups: &'f [String],
    /// Whether they are in the channel: a command or a press there proves it.
    pub in_channel: Option<bool>,
}

/// Why a person may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denied {
    Bot,
    Deactivated,
    /// They were erased, and are suppressed.
    Erased,
    /// They belong to another workspace.
    Stranger,
    Guest,
    NotInChannel,
    /// `may_start` names admins, and they are none.
    NotAdmin,
    /// `may_start` lists others.
    NotListed,
    /// They are neither an organiser nor a workspace admin.
    NotOrganiser,
}

/// Whether a person may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    Denied(Denied),
    /// It depends on a fact that is not known: who they are, or whether they are in the channel.
    Unknown,
}

/// Whether events of a person are handled. Those of a person who is not in the directory are.
pub fn admit(person: Option<&Person>) -> Result<(), Denied> {
    match person {
        Some(person) if person.kind == PersonKind::Bot => Err(Denied::Bot),
        Some(person) if person.kind == PersonKind::Stranger => Err(Denied::Stranger),
        Some(person) if person.deactivated => Err(Denied::Deactivated),
        Some(_) | None => Ok(()),
    }
}

impl Authority {
    /// Decides whether a person may do something.
    pub fn decide(&self, operation: &Operation<'_>, facts: &ActorFacts<'_>) -> Decision {
        if let Err(denied) = admit(facts.person) {
            return Decision::Denied(denied);
        }
        let is_guest = facts.person.is_some_and(|person| person.kind == PersonKind::Guest);
        match operation {
            Operation::TakePart if is_guest && !self.guests_take_part => Decision::Denied(Denied::Guest),
            Operation::TakePart | Operation::Give => Decision::Allowed,
            Operation::Manage(organisers) if organisers.contains(facts.user) => Decision::Allowed,
            Operation::Manage([]) | Operation::Start => self.start(facts),
            Operation::Manage(_) => match facts.person {
                None => Decision::Unknown,
                Some(person) if person.admin => Decision::Allowed,
                Some(_) => Decision::Denied(Denied::NotOrganiser),
            },
        }
    }

    fn start(&self, facts: &ActorFacts<'_>) -> Decision {
        let Some(person) = facts.person else { return Decision::Unknown };
        if person.kind == PersonKind::Guest {
            return Decision::Denied(Denied::Guest);
        }
        match facts.in_channel {
            None => return Decision::Unknown,
            Some(false) => return Decision::Denied(Denied::NotInChannel),
            Some(true) => {}
        }
        match &self.may_start {
            _ if person.admin => Decision::Allowed,
            MayStart::Everyone => Decision::Allowed,
            MayStart::Admins => Decision::Denied(Denied::NotAdmin),
            MayStart::Listed { groups, people } => {
                if people.contains(facts.user) || facts.groups.iter().any(|group| groups.contains(group)) {
                    Decision::Allowed
                } else {
                    Decision::Denied(Denied::NotListed)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [PersonKind; 4] =
        [PersonKind::Member, PersonKind::Guest, PersonKind::Bot, PersonKind::Stranger];

    /// Every kind of person that decisions tell apart, and an unknown person.
    fn everyone() -> Vec<Option<Person>> {
        let flags = [(false, false), (false, true), (true, false), (true, true)];
        let known = KINDS.into_iter().flat_map(|kind| {
            flags.map(|(deactivated, admin)| {
                let admin = admin && kind == PersonKind::Member;
                Some(Person {
                    id: "ana".into(),
                    name: "ana".to_owned(),
                    zone: None,
                    kind,
                    deactivated,
                    admin,
                })
            })
        });
        known.chain([None]).collect()
    }

    fn settings() -> Vec<Authority> {
        let listed = |group: &str, person: &str| MayStart::Listed {
            groups: vec![group.to_owned()],
            people: vec![person.into()],
        };
        let may_start = [MayStart::Everyone, MayStart::Admins, listed("design", "ben"), listed("ops", "ana")];
        let both = may_start.into_iter().flat_map(|may_start| {
            [true, false].map(|guests_take_part| Authority { may_start: may_start.clone(), guests_take_part })
        });
        both.collect()
    }

    /// Calls `holds` for every combination of person, settings, groups and presence.
    fn always(holds: impl Fn(&Authority, &ActorFacts<'_>)) {
        let user: UserId = "ana".into();
        let design = ["design".to_owned()];
        for person in everyone() {
            for authority in settings() {
                for groups in [&[][..], &design[..]] {
                    for in_channel in [None, Some(false), Some(true)] {
                        let facts = ActorFacts { user: &user, person: person.as_ref(), groups, in_channel };
                        holds(&authority, &facts);
                    }
                }
            }
        }
    }

    fn operations(organisers: &[UserId]) -> [Operation<'_>; 4] {
        [Operation::Start, Operation::Manage(organisers), Operation::TakePart, Operation::Give]
    }

    #[test]
    fn who_is_not_admitted_may_do_nothing() {
        always(|authority, facts| {
            let Err(denied) = admit(facts.person) else { return };
            for operation in operations(&["ana".into()]) {
                assert_eq!(
                    authority.decide(&operation, facts),
                    Decision::Denied(denied),
                    "{operation:?} {facts:?}"
                );
            }
        });
    }

    #[test]
    fn a_guest_never_starts() {
        always(|authority, facts| {
            if facts.person.is_some_and(|person| person.kind == PersonKind::Guest) {
                for operation in
                    [Operation::Start, Operation::Manage(&[]), Operation::Manage(&["ben".into()])]
                {
                    assert_ne!(
                        authority.decide(&operation, facts),
                        Decision::Allowed,
                        "{operation:?} {facts:?}"
                    );
                }
                let expected = if authority.guests_take_part || facts.person.is_some_and(|p| p.deactivated) {
                    admit(facts.person).map_or_else(Decision::Denied, |()| Decision::Allowed)
                } else {
                    Decision::Denied(Denied::Guest)
                };
                assert_eq!(authority.decide(&Operation::TakePart, facts), expected);
            }
        });
    }

    #[test]
    fn starting_needs_membership_of_the_channel() {
        always(|authority, facts| {
            if facts.in_channel != Some(true) {
                assert_ne!(authority.decide(&Operation::Start, facts), Decision::Allowed, "{facts:?}");
            }
        });
    }

    #[test]
    fn nothing_is_said_of_a_person_who_is_not_known() {
        always(|authority, facts| {
            if facts.person.is_none() {
                for operation in operations(&["ben".into()]) {
                    let decision = authority.decide(&operation, facts);
                    let hinges = matches!(operation, Operation::Start | Operation::Manage(_));
                    let expected = if hinges { Decision::Unknown } else { Decision::Allowed };
                    assert_eq!(decision, expected, "{operation:?}");
                }
            }
        });
    }

    #[test]
    fn an_organiser_and_an_admin_manage() {
        always(|authority, facts| {
            if admit(facts.person).is_err() {
                return;
            }
            let own = authority.decide(&Operation::Manage(&["ana".into()]), facts);
            assert_eq!(own, Decision::Allowed, "{facts:?}");
            if let Some(person) = facts.person {
                let of_others = authority.decide(&Operation::Manage(&["ben".into()]), facts);
                let expected =
                    if person.admin { Decision::Allowed } else { Decision::Denied(Denied::NotOrganiser) };
                assert_eq!(of_others, expected, "{facts:?}");
            }
        });
    }

    #[test]
    fn what_has_no_organiser_belongs_to_those_who_may_start() {
        always(|authority, facts| {
            assert_eq!(
                authority.decide(&Operation::Manage(&[]), facts),
                authority.decide(&Operation::Start, facts)
            );
        });
    }

    #[test]
    fn may_start_says_who_else_starts() {
        let user: UserId = "ana".into();
        let design = ["design".to_owned()];
        let may = |may_start: MayStart, admin: bool, groups: &[String]| {
            let person = Person {
                id: user.clone(),
                name: String::new(),
                zone: None,
                kind: PersonKind::Member,
                deactivated: false,
                admin,
            };
            let facts = ActorFacts { user: &user, person: Some(&person), groups, in_channel: Some(true) };
            Authority { may_start, guests_take_part: true }.decide(&Operation::Start, &facts)
        };
        let listed = |group: &str, person: &str| MayStart::Listed {
            groups: vec![group.to_owned()],
            people: vec![person.into()],
        };
        assert_eq!(may(MayStart::Everyone, false, &[]), Decision::Allowed);
        assert_eq!(may(MayStart::Admins, false, &design), Decision::Denied(Denied::NotAdmin));
        assert_eq!(may(MayStart::Admins, true, &[]), Decision::Allowed);
        assert_eq!(may(listed("design", "ben"), false, &design), Decision::Allowed);
        assert_eq!(may(listed("ops", "ana"), false, &[]), Decision::Allowed);
        assert_eq!(may(listed("ops", "ben"), false, &design), Decision::Denied(Denied::NotListed));
        assert_eq!(may(listed("ops", "ben"), true, &[]), Decision::Allowed);
    }
}
