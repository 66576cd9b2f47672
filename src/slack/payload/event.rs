//! Events: changes of the workspace for the directory, messages to the bot, reactions, visits of its Home.

use serde_json::Value;

use super::{
    LONGEST_ID, PayloadFields, Why, person,
    place::{view_at, words_of},
};
use crate::model::{
    event::{Delivery, Event, HomeOpened, Mentioned, MessagePlace, Reaction, WorkspaceEvent},
    people::{ChannelId, Closed, GroupId, TeamId, UserId},
};

/// Slackbot writes to bots, too.
const SLACKBOT: &str = "USLACKBOT";

/// Reads an `event_callback`.
pub(super) fn read(fields: PayloadFields<'_>) -> Result<Delivery, Why> {
    // In a channel shared with another workspace `team_id` may be theirs; the authorization names the app's own.
    let team = fields.team(&["/authorizations/0/team_id", "/team_id", "/event/user/team_id"])?;
    let event = match fields.text("/event/type") {
        Some("message") => direct_message(fields)?,
        Some("app_mention") => Event::Mention(mention(fields)?),
        Some("reaction_added") => Event::Reaction(reaction(fields, true)?),
        Some("reaction_removed") => Event::Reaction(reaction(fields, false)?),
        Some("app_home_opened") => Event::HomeOpened(home_opened(fields)?),
        _ => Event::Workspace { event: workspace_event(fields, &team)?, at_us: at_us(fields) },
    };
    Ok(fields.delivery("/event_id", team, event))
}

/// Returns when something happened, in microseconds: `event_ts` counts them behind its point, `event_time` has seconds
/// only.
fn at_us(fields: PayloadFields<'_>) -> Option<i64> {
    const A_SECOND: i64 = 1_000_000;
    let seconds = || fields.at("/event_time").and_then(Value::as_i64)?.checked_mul(A_SECOND);
    fields.text("/event/event_ts").and_then(microseconds).or_else(seconds)
}

/// Reads `1760000000.123456`.
fn microseconds(ts: &str) -> Option<i64> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.is_empty() || fraction.len() > 6 || !is_digits(seconds) || !is_digits(fraction) {
        return None;
    }
    format!("{seconds}{fraction:0<6}").parse().ok()
}

/// Reads a person's message to the bot alone. A bot's message, an edit, a deletion or a reply in a thread does not
/// count: answering those could go on without end.
fn direct_message(fields: PayloadFields<'_>) -> Result<Event, Why> {
    if fields.text("/event/channel_type") != Some("im") {
        return Err("not_a_dm");
    }
    let user = author(fields)?;
    if fields.text("/event/thread_ts").is_some() {
        return Err("message_in_a_thread");
    }
    let (ts, text) = (fields.words("/event/ts"), words_of(fields, "/event/text"));
    Ok(Event::DirectMessage { user, channel: channel(fields)?, ts, text })
}

/// Returns the person who has just written a message; an error if a bot did, or if it is an edit or a deletion.
fn author(fields: PayloadFields<'_>) -> Result<UserId, Why> {
    let is_written = matches!(fields.text("/event/subtype"), None | Some("file_share"));
    let is_of_a_bot = ["/event/bot_id", "/event/bot_profile", "/event/app_id"]
        .iter()
        .any(|pointer| fields.at(pointer).is_some_and(|value| !value.is_null()));
    let user = user(fields)?;
    if !is_written || fields.is_set("/event/hidden") || fields.at("/event/edited").is_some() {
        return Err("message_subtype");
    }
    if is_of_a_bot || user.as_str() == SLACKBOT || is_our_own(fields, &user) {
        return Err("message_of_a_bot");
    }
    Ok(user)
}

/// Whether the bot itself caused an event, as far as the event says which bot it is for.
fn is_our_own(fields: PayloadFields<'_>, user: &UserId) -> bool {
    let authorizations = fields.at("/authorizations").and_then(Value::as_array);
    authorizations
        .into_iter()
        .flatten()
        .map(PayloadFields)
        .any(|one| one.is_set("/is_bot") && one.text("/user_id") == Some(user.as_str()))
}

/// Reads a message in a channel that mentions the bot. The bot's answer may go into its thread, since the bot's own
/// messages are ignored here.
fn mention(fields: PayloadFields<'_>) -> Result<Mentioned, Why> {
    let user = author(fields)?;
    let message = MessagePlace {
        channel: channel(fields)?,
        ts: fields.id("/event/ts").ok_or("no_message")?.to_owned(),
        thread_ts: fields.id("/event/thread_ts").map(str::to_owned),
        ephemeral: false,
    };
    Ok(Mentioned { user, message, text: words_of(fields, "/event/text") })
}

fn reaction(fields: PayloadFields<'_>, added: bool) -> Result<Reaction, Why> {
    let user = user(fields)?;
    if is_our_own(fields, &user) {
        return Err("reaction_of_the_bot");
    }
    if fields.text("/event/item/type") != Some("message") {
        return Err("reaction_elsewhere");
    }
    Ok(Reaction {
        user,
        emoji: fields.id("/event/reaction").ok_or("no_emoji")?.to_owned(),
        added,
        channel: fields.id("/event/item/channel").map(ChannelId::from).ok_or("no_channel")?,
        ts: fields.id("/event/item/ts").ok_or("no_message")?.to_owned(),
        author: fields.id("/event/item_user").map(UserId::from),
        at_us: at_us(fields),
    })
}

/// Reads a visit of the Home; opening the app's messages sends the same event.
fn home_opened(fields: PayloadFields<'_>) -> Result<HomeOpened, Why> {
    match fields.text("/event/tab") {
        Some("home") => Ok(HomeOpened { user: user(fields)?, view: view_at(fields, "/event/view") }),
        _ => Err("not_the_home"),
    }
}

fn workspace_event(fields: PayloadFields<'_>, home: &TeamId) -> Result<WorkspaceEvent, Why> {
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
        "channel_archive" | "group_archive" => {
            WorkspaceEvent::ChannelGone(channel(fields)?, Closed::Archived)
        }
        "channel_deleted" | "group_deleted" | "channel_left" | "group_left" => {
            WorkspaceEvent::ChannelGone(channel(fields)?, Closed::NotIn)
        }
        "channel_id_changed" => WorkspaceEvent::ChannelMoved {
            from: fields.id("/event/old_channel_id").ok_or("no_channel")?.into(),
            to: fields.id("/event/new_channel_id").ok_or("no_channel")?.into(),
        },
        "channel_unarchive" | "group_unarchive" => WorkspaceEvent::ChannelBack(channel(fields)?),
        "subteam_created" | "subteam_updated" => group(fields)?,
        "app_uninstalled" => WorkspaceEvent::Uninstalled,
        "tokens_revoked" => WorkspaceEvent::TokensRevoked(revoked_bots(fields)),
        _ => return Err("unknown_event"),
    })
}

/// Returns the bots whose tokens were revoked; `None` if neither list names a token.
fn revoked_bots(fields: PayloadFields<'_>) -> Option<Vec<UserId>> {
    let named = |pointer| -> Vec<UserId> {
        let list = fields.at(pointer).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).filter(|id| id.len() <= LONGEST_ID).map(UserId::from).collect()
    };
    let (bots, people) = (named("/event/tokens/bot"), named("/event/tokens/oauth"));
    (!bots.is_empty() || !people.is_empty()).then_some(bots)
}

fn channel(fields: PayloadFields<'_>) -> Result<ChannelId, Why> {
    fields.id("/event/channel").map(ChannelId::from).ok_or("no_channel")
}

fn user(fields: PayloadFields<'_>) -> Result<UserId, Why> {
    fields.id("/event/user").map(UserId::from).ok_or("no_user")
}

/// Reads a user group with all its members. (`subteam_members_changed` only names those who were added and removed;
/// Slack sends `subteam_updated` beside it.)
fn group(fields: PayloadFields<'_>) -> Result<WorkspaceEvent, Why> {
    let members = fields.at("/event/subteam/users").and_then(Value::as_array);
    Ok(WorkspaceEvent::GroupChanged {
        group: fields.id("/event/subteam/id").map(GroupId::from).ok_or("no_group")?,
        handle: fields.text("/event/subteam/handle").ok_or("no_handle")?.to_owned(),
        // When it was disabled; 0 while it is enabled.
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
        model::people::PersonKind,
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
                Event::Workspace { event, .. } => event,
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
            assert_eq!(
                (person.name.as_str(), person.kind, person.deactivated),
                ("ana", PersonKind::Member, true)
            );
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
        for kind in ["channel_archive", "group_archive"] {
            assert_eq!(
                in_channel(kind),
                WorkspaceEvent::ChannelGone("C1".into(), Closed::Archived),
                "{kind}"
            );
        }
        for kind in ["channel_deleted", "group_deleted", "channel_left", "group_left"] {
            assert_eq!(in_channel(kind), WorkspaceEvent::ChannelGone("C1".into(), Closed::NotIn), "{kind}");
        }
        let moved = json!({"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1"});
        assert_eq!(happened(&moved), WorkspaceEvent::ChannelMoved { from: "G1".into(), to: "C1".into() });
        for kind in ["channel_unarchive", "group_unarchive"] {
            assert_eq!(in_channel(kind), WorkspaceEvent::ChannelBack("C1".into()), "{kind}");
        }
        let renamed = json!({"type": "channel_rename", "channel": {"id": "C1", "name": "tea", "created": 1}});
        assert_eq!(happened(&renamed), WorkspaceEvent::ChannelNamed("C1".into(), "tea".into()));
    }

    #[test]
    fn a_group_comes_with_all_its_members() {
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
            let uninstalled = match kind {
                "app_uninstalled" => WorkspaceEvent::Uninstalled,
                _ => WorkspaceEvent::TokensRevoked(None),
            };
            assert_eq!(happened(&json!({"type": kind})), uninstalled);
            let mut teamless = callback(&json!({"type": kind}));
            teamless["team_id"] = json!(null);
            teamless["authorizations"] = json!([]);
            assert_eq!(from_envelope("events_api", &teamless), Incoming::Unusable("no_team"));
        }
    }

    #[test]
    fn revoked_tokens_are_read_by_their_owners() {
        let revoked = |tokens: Value| happened(&json!({"type": "tokens_revoked", "tokens": tokens}));
        let bots = |ids: &[&str]| {
            WorkspaceEvent::TokensRevoked(Some(ids.iter().map(|id| UserId::from(*id)).collect()))
        };
        assert_eq!(revoked(json!({"oauth": ["U1"], "bot": ["U0BOT"]})), bots(&["U0BOT"]));
        assert_eq!(revoked(json!({"oauth": ["U1"]})), bots(&[]));
        assert_eq!(revoked(json!({"bot": ["U7", 3, null]})), bots(&["U7"]));
        for nothing in
            [json!(null), json!({}), json!({"oauth": [], "bot": []}), json!("x"), json!({"bot": "U0BOT"})]
        {
            assert_eq!(revoked(nothing.clone()), WorkspaceEvent::TokensRevoked(None), "{nothing}");
        }
    }

    #[test]
    fn slacks_time_is_read_to_the_microsecond() {
        for (ts, us) in [
            ("1760000000.123456", Some(1_760_000_000_123_456)),
            ("1760000000.5", Some(1_760_000_000_500_000)),
            ("1760000000", Some(1_760_000_000_000_000)),
            ("1760000000.1234567", None),
            ("99999999999999999999", None),
            ("-1.5", None),
            ("", None),
            (".", None),
            ("soon", None),
        ] {
            assert_eq!(microseconds(ts), us, "{ts}");
        }
        let at = |event: &Value| match from_envelope("events_api", &callback(event)) {
            Incoming::Deliver(delivery) => match delivery.event {
                Event::Workspace { at_us, .. } => at_us,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let event = json!({"type": "app_uninstalled", "event_ts": "1760000001.000002"});
        assert_eq!(at(&event), Some(1_760_000_001_000_002));
        assert_eq!(
            at(&json!({"type": "app_uninstalled"})),
            Some(1_760_000_000_000_000),
            "the wrapper's seconds"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_time_is_read_without_a_panic(ts in ".{0,40}") {
            microseconds(&ts);
        }
    }

    /// A message in a DM, with some of its fields changed.
    fn message(changed: &Value) -> Incoming {
        let mut event = json!({
            "type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": "hello",
            "ts": "1760000000.000100", "event_ts": "1760000000.000100", "team": "T024BE7LD",
        });
        for (name, value) in changed.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        from_envelope("events_api", &callback(&event))
    }

    #[test]
    fn what_a_person_writes_in_the_dm_is_heard() {
        let long = "x".repeat(40_000);
        for written in [
            json!({}),
            json!({"text": ":wave:"}),
            json!({"text": long}),
            json!({"text": ""}),
            json!({"text": null}),
            json!({"subtype": "file_share", "files": [{"id": "F1"}]}),
        ] {
            let read = message(&written);
            let Incoming::Deliver(delivery) = read else { panic!("{read:?}") };
            let Event::DirectMessage { user, channel, ts, text } = delivery.event else {
                panic!("{:?}", delivery.event)
            };
            assert_eq!((user.as_str(), channel.as_str(), &*ts), ("U1", "D1", "1760000000.000100"));
            let said = written.get("text").map_or("hello", |text| text.as_str().unwrap_or_default());
            assert_eq!(text, said.chars().take(3_000).collect::<String>(), "{written}");
        }
    }

    #[test]
    fn what_could_be_answered_without_end_is_not_heard() {
        for (written, why) in [
            (json!({"channel_type": "channel"}), "not_a_dm"),
            (json!({"channel_type": "mpim"}), "not_a_dm"),
            (json!({"channel_type": null}), "not_a_dm"),
            (json!({"subtype": "message_changed"}), "message_subtype"),
            (json!({"subtype": "message_deleted"}), "message_subtype"),
            (json!({"subtype": "bot_message"}), "message_subtype"),
            (json!({"subtype": "thread_broadcast"}), "message_subtype"),
            (json!({"hidden": true}), "message_subtype"),
            (json!({"edited": {"user": "U1", "ts": "1.2"}}), "message_subtype"),
            (json!({"bot_id": "B1"}), "message_of_a_bot"),
            (json!({"app_id": "A1"}), "message_of_a_bot"),
            (json!({"user": "USLACKBOT"}), "message_of_a_bot"),
            (json!({"thread_ts": "1.2"}), "message_in_a_thread"),
            (json!({"user": null}), "no_user"),
            (json!({"channel": null}), "no_channel"),
        ] {
            assert_eq!(message(&written), Incoming::Unusable(why), "{written}");
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
    fn an_unknown_event_is_unusable() {
        let why = |event: Value| from_envelope("events_api", &callback(&event));
        assert_eq!(why(json!({"type": "star_added"})), Incoming::Unusable("unknown_event"));
        assert_eq!(why(json!({"type": "reaction_added"})), Incoming::Unusable("no_user"));
        assert_eq!(why(json!({"type": "subteam_members_changed"})), Incoming::Unusable("unknown_event"));
        assert_eq!(why(json!({"type": "team_join", "user": "U1"})), Incoming::Unusable("no_user"));
        assert_eq!(why(json!({"type": "channel_archive"})), Incoming::Unusable("no_channel"));
        assert_eq!(why(json!(null)), Incoming::Unusable("no_type"));
    }

    fn read_event(event: &Value) -> Result<Event, &'static str> {
        match from_envelope("events_api", &callback(event)) {
            Incoming::Deliver(delivery) => Ok(delivery.event),
            Incoming::Unusable(why) => Err(why),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_mention_by_a_person_is_heard() {
        let said = json!({
            "type": "app_mention", "channel": "C1", "user": "U1", "text": "<@U0BOT> who is next?", "ts": "2.5",
            "thread_ts": "1.5", "event_ts": "2.5", "team": "T024BE7LD",
        });
        let Ok(Event::Mention(mention)) = read_event(&said) else { panic!("{:?}", read_event(&said)) };
        assert_eq!((mention.user.as_str(), mention.text.as_str()), ("U1", "<@U0BOT> who is next?"));
        assert_eq!(mention.message.thread_ts.as_deref(), Some("1.5"));
        for (changed, why) in [
            (json!({"bot_id": "B1"}), "message_of_a_bot"),
            (json!({"user": "U0BOT"}), "message_of_a_bot"),
            (json!({"edited": {"user": "U1"}}), "message_subtype"),
            (json!({"ts": null}), "no_message"),
            (json!({"channel": 7}), "no_channel"),
        ] {
            let mut said = said.clone();
            said.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
            assert_eq!(read_event(&said), Err(why), "{changed}");
        }
    }

    #[test]
    fn a_reaction_of_a_person_to_a_message_is_heard() {
        let put = json!({
            "type": "reaction_added", "user": "U1", "reaction": "wave::skin-tone-2", "item_user": "U2",
            "item": {"type": "message", "channel": "C1", "ts": "2.5"}, "event_ts": "3.000001",
        });
        let expected = Reaction {
            user: "U1".into(),
            emoji: "wave::skin-tone-2".into(),
            added: true,
            channel: "C1".into(),
            ts: "2.5".into(),
            author: Some("U2".into()),
            at_us: Some(3_000_001),
        };
        assert_eq!(read_event(&put), Ok(Event::Reaction(expected.clone())));
        let mut taken = put.clone();
        taken["type"] = json!("reaction_removed");
        taken["item_user"] = json!(null);
        let expected = Reaction { added: false, author: None, ..expected };
        assert_eq!(read_event(&taken), Ok(Event::Reaction(expected)));
        for (field, value, why) in [
            ("user", json!("U0BOT"), "reaction_of_the_bot"),
            ("item", json!({"type": "file", "file": "F1"}), "reaction_elsewhere"),
            ("item", json!({"type": "message", "channel": "C1"}), "no_message"),
            ("reaction", json!(""), "no_emoji"),
        ] {
            let mut put = put.clone();
            put[field] = value;
            assert_eq!(read_event(&put), Err(why));
        }
    }

    #[test]
    fn only_a_visit_of_the_home_is_read() {
        let mut opened = json!({
            "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home",
            "view": {"id": "V1", "type": "home", "hash": "1.a", "callback_id": "rondo:home"},
        });
        let Ok(Event::HomeOpened(look)) = read_event(&opened) else { panic!("{:?}", read_event(&opened)) };
        let view = look.view.expect("a view");
        assert_eq!((view.id.as_str(), view.hash.as_str(), view.home), ("V1", "1.a", true));
        opened["view"] = json!(null);
        let first = HomeOpened { user: "U1".into(), view: None };
        assert_eq!(read_event(&opened), Ok(Event::HomeOpened(first)));
        opened["tab"] = json!("messages");
        assert_eq!(read_event(&opened), Err("not_the_home"));
    }

    #[test]
    fn a_cut_does_not_tear_a_mention() {
        let long = format!("{}<@U0BEN> & more", "x".repeat(2_995));
        let Ok(Event::DirectMessage { text, .. }) = read_event(
            &json!({"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "text": long}),
        ) else {
            panic!("a message")
        };
        assert_eq!(text, "x".repeat(2_995));
    }
}
