//! Events of the workspace that the directory follows.

use serde_json::Value;

use super::{Fields, LONGEST_ID, Why, person};
use crate::model::{
    event::{Delivery, Event, WorkspaceEvent},
    people::{ChannelId, GroupId, TeamId, UserId},
};

/// Reads an `event_callback`.
pub(super) fn read(fields: Fields<'_>) -> Result<Delivery, Why> {
    // In a channel shared with another workspace `team_id` may be theirs; the authorization says whose app it is.
    let team = fields.team(&["/authorizations/0/team_id", "/team_id", "/event/user/team_id"])?;
    let event = workspace_event(fields, &team)?;
    Ok(fields.delivery("/event_id", team, Event::Workspace(event)))
}

fn workspace_event(fields: Fields<'_>, home: &TeamId) -> Result<WorkspaceEvent, Why> {
    Ok(match fields.text("/event/type").ok_or("no_type")? {
        "team_join" | "user_change" | "user_profile_changed" => {
            let user = fields.at("/event/user").ok_or("no_user")?;
            WorkspaceEvent::PersonChanged(person(user, home).ok_or("no_user")?)
        }
        "member_joined_channel" => WorkspaceEvent::MemberJoined(channel(fields)?, user(fields)?),
        "member_left_channel" => WorkspaceEvent::MemberLeft(channel(fields)?, user(fields)?),
        "channel_rename" | "group_rename" => {
            let id = fields.id("/event/channel/id").ok_or("no_channel")?;
            let name = fields.text("/event/channel/name").ok_or("no_name")?;
            WorkspaceEvent::ChannelNamed(id.into(), name.to_owned())
        }
        "channel_archive" | "group_archive" | "channel_deleted" | "group_deleted" | "channel_left"
        | "group_left" => WorkspaceEvent::ChannelGone(channel(fields)?),
        "channel_unarchive" | "group_unarchive" => WorkspaceEvent::ChannelBack(channel(fields)?),
        "subteam_created" | "subteam_updated" => group(fields)?,
        "tokens_revoked" | "app_uninstalled" => WorkspaceEvent::Uninstalled,
        _ => return Err("unknown_event"),
    })
}

fn channel(fields: Fields<'_>) -> Result<ChannelId, Why> {
    fields.id("/event/channel").map(ChannelId::from).ok_or("no_channel")
}

fn user(fields: Fields<'_>) -> Result<UserId, Why> {
    fields.id("/event/user").map(UserId::from).ok_or("no_user")
}

/// A user group with everybody in it. (`subteam_members_changed` says only who came and who went; Slack sends
/// `subteam_updated` beside it.)
fn group(fields: Fields<'_>) -> Result<WorkspaceEvent, Why> {
    let members = fields.at("/event/subteam/users").and_then(Value::as_array);
    Ok(WorkspaceEvent::GroupChanged {
        group: fields.id("/event/subteam/id").map(GroupId::from).ok_or("no_group")?,
        handle: fields.text("/event/subteam/handle").ok_or("no_handle")?.to_owned(),
        // The instant of switching off; 0 while it is on.
        live: fields.at("/event/subteam/date_delete").and_then(Value::as_i64).unwrap_or(0) == 0,
        members: members.map(|users| {
            users
                .iter()
                .filter_map(Value::as_str)
                .filter(|id| id.len() <= LONGEST_ID)
                .map(UserId::from)
                .collect()
        }),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        model::people::Kind,
        slack::payload::{Incoming, from_envelope, from_http},
    };

    fn callback(event: &Value) -> Value {
        json!({
            "token": "gone", "team_id": "T024BE7LD", "context_team_id": "T024BE7LD", "api_app_id": "A1",
            "event": event, "type": "event_callback", "event_id": "Ev08MFMKH6", "event_time": 1_760_000_000,
            "authorizations": [{
                "enterprise_id": null, "team_id": "T024BE7LD", "user_id": "U0BOT", "is_bot": true,
                "is_enterprise_install": false,
            }],
        })
    }

    fn happened(event: &Value) -> WorkspaceEvent {
        match from_envelope("events_api", &callback(event)) {
            Incoming::Deliver(delivery) => match delivery.event {
                Event::Workspace(event) => event,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn people_come_and_change() {
        let user =
            json!({"id": "W1", "team_id": "T024BE7LD", "name": "ana", "tz": "Asia/Tokyo", "deleted": true});
        for kind in ["team_join", "user_change", "user_profile_changed"] {
            let event = happened(&json!({"type": kind, "user": user, "cache_ts": 1_760_000_000}));
            let WorkspaceEvent::PersonChanged(person) = event else { panic!("{event:?}") };
            assert_eq!((person.name.as_str(), person.kind, person.deactivated), ("ana", Kind::Member, true));
        }
    }

    #[test]
    fn channels_are_followed() {
        let in_channel = |kind| happened(&json!({"type": kind, "channel": "C1", "user": "U1", "team": "T1"}));
        assert_eq!(
            in_channel("member_joined_channel"),
            WorkspaceEvent::MemberJoined("C1".into(), "U1".into())
        );
        assert_eq!(in_channel("member_left_channel"), WorkspaceEvent::MemberLeft("C1".into(), "U1".into()));
        for kind in [
            "channel_archive",
            "group_archive",
            "channel_deleted",
            "group_deleted",
            "channel_left",
            "group_left",
        ] {
            assert_eq!(in_channel(kind), WorkspaceEvent::ChannelGone("C1".into()), "{kind}");
        }
        for kind in ["channel_unarchive", "group_unarchive"] {
            assert_eq!(in_channel(kind), WorkspaceEvent::ChannelBack("C1".into()), "{kind}");
        }
        let renamed = json!({"type": "channel_rename", "channel": {"id": "C1", "name": "tea", "created": 1}});
        assert_eq!(happened(&renamed), WorkspaceEvent::ChannelNamed("C1".into(), "tea".into()));
    }

    #[test]
    fn a_group_comes_with_everybody_in_it() {
        let event = |kind, subteam: &Value| happened(&json!({"type": kind, "subteam": subteam}));
        let whole =
            json!({"id": "S1", "handle": "design", "date_delete": 0, "users": ["U1", "W2"], "user_count": 2});
        assert_eq!(
            event("subteam_updated", &whole),
            WorkspaceEvent::GroupChanged {
                group: "S1".into(),
                handle: "design".into(),
                live: true,
                members: Some(vec!["U1".into(), "W2".into()]),
            }
        );
        assert_eq!(
            event("subteam_created", &json!({"id": "S1", "handle": "design", "date_delete": 1_760_000_000})),
            WorkspaceEvent::GroupChanged {
                group: "S1".into(),
                handle: "design".into(),
                live: false,
                members: None,
            }
        );
    }

    #[test]
    fn an_uninstall_needs_a_team() {
        for kind in ["tokens_revoked", "app_uninstalled"] {
            assert_eq!(happened(&json!({"type": kind})), WorkspaceEvent::Uninstalled);
            let mut nobody = callback(&json!({"type": kind}));
            nobody["team_id"] = json!(null);
            nobody["authorizations"] = json!([]);
            assert_eq!(from_envelope("events_api", &nobody), Incoming::Unusable("no_team"));
        }
    }

    #[test]
    fn an_event_is_known_by_its_id_through_either_door() {
        let payload = callback(&json!({"type": "app_uninstalled"}));
        let over_http = from_http(Some("application/json"), payload.to_string().as_bytes());
        assert_eq!(over_http, Ok(from_envelope("events_api", &payload)));
        let Ok(Incoming::Deliver(delivery)) = over_http else { panic!("{over_http:?}") };
        assert_eq!((delivery.key.as_str(), delivery.team.as_str()), ("Ev08MFMKH6", "T024BE7LD"));
    }

    #[test]
    fn what_nobody_follows_or_nobody_can_read_is_unusable() {
        let why = |event: Value| from_envelope("events_api", &callback(&event));
        assert_eq!(why(json!({"type": "reaction_added"})), Incoming::Unusable("unknown_event"));
        assert_eq!(why(json!({"type": "subteam_members_changed"})), Incoming::Unusable("unknown_event"));
        assert_eq!(why(json!({"type": "team_join", "user": "U1"})), Incoming::Unusable("no_user"));
        assert_eq!(why(json!({"type": "channel_archive"})), Incoming::Unusable("no_channel"));
        assert_eq!(why(json!(null)), Incoming::Unusable("no_type"));
    }
}
