//! A person, as Slack describes them in `users.list` and in events.

use serde_json::Value;

use super::PayloadFields;
use crate::model::people::{Person, PersonKind, TeamId};

/// Slackbot is in every workspace and is not marked as a bot.
const SLACKBOT: &str = "USLACKBOT";

/// Slack's flags of those who administer a workspace; an owner need not be flagged as an admin, too.
const ADMINS: [&str; 3] = ["/is_admin", "/is_owner", "/is_primary_owner"];

/// Reads a person as seen from the workspace `home`; `None` if they have no id.
pub(in crate::slack) fn person(user: &Value, home: &TeamId) -> Option<Person> {
    let fields = PayloadFields(user);
    let id = fields.id("/id")?;
    let name = ["/profile/display_name", "/profile/real_name", "/real_name", "/name"]
        .into_iter()
        .find_map(|pointer| fields.text(pointer));
    let kind = kind(fields, id, home);
    Some(Person {
        id: id.into(),
        name: name.unwrap_or(id).to_owned(),
        zone: fields.text("/tz").and_then(|zone| zone.parse().ok()),
        kind,
        deactivated: fields.is_set("/deleted"),
        // An admin of another workspace has no rights in this one.
        admin: kind == PersonKind::Member && ADMINS.iter().any(|pointer| fields.is_set(pointer)),
    })
}

fn kind(fields: PayloadFields<'_>, id: &str, home: &TeamId) -> PersonKind {
    if fields.is_set("/is_bot") || id == SLACKBOT {
        PersonKind::Bot
    } else if fields.is_set("/is_stranger") || is_foreign(fields, home) {
        PersonKind::Stranger
    } else if fields.is_set("/is_restricted") || fields.is_set("/is_ultra_restricted") {
        PersonKind::Guest
    } else {
        PersonKind::Member
    }
}

/// Whether a person belongs to another workspace and not to this one. In an organisation of several workspaces a person
/// names one of them, or the organisation, and lists the rest.
fn is_foreign(fields: PayloadFields<'_>, home: &TeamId) -> bool {
    let Some(team) = fields.text("/team_id") else { return false };
    let organisation = fields.text("/enterprise_user/enterprise_id");
    let others = fields.at("/enterprise_user/teams").and_then(Value::as_array);
    let is_listed = others.is_some_and(|teams| teams.iter().any(|team| team.as_str() == Some(home.as_str())));
    team != home.as_str() && organisation != Some(team) && !is_listed
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use serde_json::json;

    use super::*;

    fn read(user: &Value) -> Person {
        person(user, &"T1".into()).expect("a person")
    }

    #[test]
    fn a_member_is_read() {
        let user = json!({
            "id": "U1", "team_id": "T1", "name": "ana.b", "real_name": "Ana Bauer", "tz": "Europe/Berlin",
            "tz_offset": 7200, "deleted": false, "is_bot": false, "updated": 1_760_000_000,
            "profile": {"display_name": "ana", "real_name": "Ana Bauer", "fields": null, "status_expiration": 0},
        });
        let expected = Person {
            id: "U1".into(),
            name: "ana".into(),
            zone: Some(Tz::Europe__Berlin),
            kind: PersonKind::Member,
            deactivated: false,
            admin: false,
        };
        assert_eq!(read(&user), expected);
    }

    #[test]
    fn the_best_name_there_is_is_taken() {
        let name = |user: Value| read(&user).name;
        assert_eq!(
            name(json!({"id": "U1", "profile": {"display_name": "", "real_name": "Ana Bauer"}})),
            "Ana Bauer"
        );
        assert_eq!(name(json!({"id": "U1", "real_name": "Ana", "name": "ana.b"})), "Ana");
        assert_eq!(name(json!({"id": "U1", "name": "ana.b", "profile": null})), "ana.b");
        assert_eq!(name(json!({"id": "U1"})), "U1");
    }

    #[test]
    fn a_zone_that_is_not_known_is_none() {
        for zone in [json!(null), json!(""), json!("Mars/Olympus"), json!(3)] {
            assert_eq!(read(&json!({"id": "U1", "tz": zone})).zone, None);
        }
    }

    #[test]
    fn who_is_what() {
        let kind = |user: Value| read(&user).kind;
        assert_eq!(kind(json!({"id": "U1", "is_bot": true})), PersonKind::Bot);
        assert_eq!(kind(json!({"id": "USLACKBOT", "is_bot": false})), PersonKind::Bot);
        assert_eq!(
            kind(json!({"id": "U1", "is_stranger": true, "is_restricted": true})),
            PersonKind::Stranger
        );
        assert_eq!(kind(json!({"id": "U1", "team_id": "T2"})), PersonKind::Stranger);
        assert_eq!(kind(json!({"id": "U1", "is_restricted": true})), PersonKind::Guest);
        assert_eq!(kind(json!({"id": "U1", "is_ultra_restricted": true})), PersonKind::Guest);
        assert_eq!(kind(json!({"id": "U1", "team_id": null})), PersonKind::Member);
        assert!(read(&json!({"id": "U1", "deleted": true})).deactivated);
        assert_eq!(person(&json!({"name": "nobody"}), &"T1".into()), None);
    }

    #[test]
    fn admins_and_owners_of_this_workspace_are_known() {
        let admin = |user: Value| read(&user).admin;
        for word in ["is_admin", "is_owner", "is_primary_owner"] {
            assert!(admin(json!({"id": "U1", word: true})), "{word}");
            assert!(!admin(json!({"id": "U1", word: false})), "{word}");
            assert!(!admin(json!({"id": "U1", "team_id": "T2", word: true})), "{word} of another workspace");
            assert!(!admin(json!({"id": "U1", "is_bot": true, word: true})), "{word} is a bot");
        }
    }

    #[test]
    fn colleagues_in_an_organisation_are_not_strangers() {
        let kind = |user: Value| read(&user).kind;
        let enterprise = json!({"enterprise_id": "E1", "teams": ["T1", "T2"]});
        assert_eq!(
            kind(json!({"id": "W1", "team_id": "E1", "enterprise_user": enterprise})),
            PersonKind::Member
        );
        assert_eq!(
            kind(json!({"id": "W1", "team_id": "T2", "enterprise_user": enterprise})),
            PersonKind::Member
        );
        let elsewhere = json!({"enterprise_id": "E1", "teams": ["T2"]});
        assert_eq!(
            kind(json!({"id": "W1", "team_id": "T2", "enterprise_user": elsewhere})),
            PersonKind::Stranger
        );
    }
}
