//! People and user groups, and the objects Slack shows for them.

use chrono::{DateTime, Offset, TimeZone};
use serde_json::{Value, json};

use super::World;
use crate::types::people::PersonKind;

/// A member of the workspace, a bot included.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) real_name: String,
    pub(crate) display_name: String,
    pub(crate) zone: String,
    pub(crate) title: String,
    pub(crate) department: Option<String>,
    pub(crate) kind: PersonKind,
    pub(crate) deleted: bool,
    pub(crate) bot_id: Option<String>,
    pub(crate) app_id: Option<String>,
    pub(crate) updated_ms: i64,
}

impl User {
    pub(crate) fn is_bot(&self) -> bool {
        self.kind == PersonKind::Bot
    }

    /// Whether apps of this workspace may write to this person.
    pub(crate) fn is_ours(&self) -> bool {
        self.kind != PersonKind::Stranger
    }
}

/// A user group, such as a department.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) handle: String,
    pub(crate) name: String,
    pub(crate) members: Vec<String>,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) created_by: String,
    pub(crate) disabled_ms: i64,
}

const COLOURS: [&str; 8] = ["9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "2b6836", "5b89d5"];

/// Returns a colour that depends on the id alone.
pub(crate) fn colour(id: &str) -> &'static str {
    let sum: usize = id.bytes().map(usize::from).sum();
    COLOURS[sum % COLOURS.len()]
}

/// Returns the seconds east of Greenwich in a named zone at a moment, and the zone's abbreviation.
fn offset(zone: &str, now_ms: i64) -> (i32, String) {
    let Ok(zone) = zone.parse::<chrono_tz::Tz>() else {
        return (0, "Coordinated Universal Time".to_owned());
    };
    let now = DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
    let there = zone.offset_from_utc_datetime(&now.naive_utc());
    (there.fix().local_minus_utc(), there.to_string())
}

impl World {
    pub(crate) fn add_slackbot(&mut self) {
        let slackbot = User {
            id: "USLACKBOT".to_owned(),
            name: "slackbot".to_owned(),
            real_name: "Slackbot".to_owned(),
            display_name: "Slackbot".to_owned(),
            zone: "America/Los_Angeles".to_owned(),
            title: String::new(),
            department: None,
            kind: PersonKind::Member,
            deleted: false,
            bot_id: None,
            app_id: None,
            updated_ms: 0,
        };
        self.users.insert(slackbot.id.clone(), slackbot);
    }

    /// Returns the user object of `users.info`, `users.list` and `user_change`.
    pub(crate) fn user_json(&self, user: &User, with_email: bool) -> Value {
        let guest = matches!(user.kind, PersonKind::Guest | PersonKind::SingleChannelGuest);
        let owner = user.kind == PersonKind::Owner;
        let stranger = user.kind == PersonKind::Stranger;
        let team = if stranger { "T0STRANGER" } else { &self.team_id };
        let mut shown = json!({
            "id": user.id,
            "team_id": team,
            "name": user.name,
            "deleted": user.deleted,
            "is_bot": user.is_bot(),
            "is_app_user": false,
            "updated": user.updated_ms / 1_000,
            "profile": self.profile_json(user, with_email),
        });
        if stranger {
            shown["is_stranger"] = json!(true);
        }
        if !user.deleted {
            let (seconds, label) = offset(&user.zone, self.now_ms());
            shown["color"] = json!(colour(&user.id));
            shown["real_name"] = json!(user.real_name);
            shown["tz"] = json!(user.zone);
            shown["tz_label"] = json!(label);
            shown["tz_offset"] = json!(seconds);
            shown["is_admin"] = json!(owner || user.kind == PersonKind::Admin);
            shown["is_owner"] = json!(owner);
            shown["is_primary_owner"] = json!(false);
            shown["is_restricted"] = json!(guest);
            shown["is_ultra_restricted"] = json!(user.kind == PersonKind::SingleChannelGuest);
            shown["is_email_confirmed"] = json!(!user.is_bot());
            shown["who_can_share_contact_card"] = json!("EVERYONE");
        }
        shown
    }

    fn profile_json(&self, user: &User, with_email: bool) -> Value {
        let (first, last) = user.real_name.split_once(' ').unwrap_or((&user.real_name, ""));
        let mut profile = json!({
            "title": user.title,
            "phone": "",
            "skype": "",
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.display_name,
            "display_name_normalized": user.display_name,
            "status_text": "",
            "status_emoji": "",
            "status_emoji_display_info": [],
            "status_expiration": 0,
            "avatar_hash": "",
            "first_name": first,
            "last_name": last,
            "team": self.team_id,
        });
        if let Some(bot_id) = &user.bot_id {
            profile["bot_id"] = json!(bot_id);
            profile["api_app_id"] = json!(user.app_id);
            profile["always_active"] = json!(true);
        } else if with_email {
            profile["email"] = json!(format!("{}@{}.example", user.name, self.team_domain));
        }
        profile
    }

    /// Returns the profile with its custom fields, which only `users.profile.get` shows.
    pub(crate) fn full_profile_json(&self, user: &User, with_email: bool) -> Value {
        let mut profile = self.profile_json(user, with_email);
        profile["fields"] = match &user.department {
            Some(department) => {
                json!({ "Xf0DEPARTMENT": { "value": department, "alt": "", "label": "Department" } })
            }
            None => json!({}),
        };
        profile
    }

    /// Returns the user group object.
    pub(crate) fn group_json(&self, group: &Group, with_users: bool) -> Value {
        let mut shown = json!({
            "id": group.id,
            "team_id": self.team_id,
            "is_usergroup": true,
            "is_subteam": true,
            "name": group.name,
            "description": "",
            "handle": group.handle,
            "is_external": false,
            "date_create": group.created_ms / 1_000,
            "date_update": group.updated_ms / 1_000,
            "date_delete": group.disabled_ms / 1_000,
            "auto_type": null,
            "auto_provision": false,
            "enterprise_subteam_id": "",
            "created_by": group.created_by,
            "updated_by": group.created_by,
            "deleted_by": null,
            "prefs": { "channels": [], "groups": [] },
            "user_count": group.members.len(),
            "channel_count": 0,
        });
        if with_users {
            shown["users"] = json!(group.members);
        }
        shown
    }

    /// Returns the person called `name`, with or without the `@`, or with that id.
    pub(crate) fn find_user(&self, name: &str) -> Option<&User> {
        let name = name.strip_prefix('@').unwrap_or(name);
        self.users.get(name).or_else(|| self.users.values().find(|user| user.name == name))
    }
}
