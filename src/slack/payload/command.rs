//! Slash commands, which arrive as a form over HTTP and as JSON over a socket, with the same fields.

use super::{PayloadFields, Why};
use crate::model::event::{Command, Delivery, Event};

/// Reads a command. Its text stays as Slack escaped it.
pub(super) fn read(fields: PayloadFields<'_>) -> Result<Delivery, Why> {
    let team = fields.team(&["/team_id", "/team/id", "/authorizations/0/team_id"])?;
    let command = Command {
        user: fields.id("/user_id").ok_or("no_user")?.into(),
        user_name: fields.text("/user_name").map(str::to_owned),
        channel: fields.id("/channel_id").ok_or("no_channel")?.into(),
        name: fields.text("/command").ok_or("no_command")?.to_owned(),
        text: fields.words("/text"),
        trigger: fields.words("/trigger_id"),
        response_url: fields.words("/response_url"),
    };
    Ok(fields.delivery("/trigger_id", team, Event::Command(command)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::slack::payload::{Incoming, from_envelope, from_http};

    const FORM: &str = "token=gone&team_id=T024BE7LD&team_domain=harbour&enterprise_id=E01&channel_id=C2147483705\
        &channel_name=thanks&user_id=U2147483697&user_name=ana&command=%2Fkudos&text=%3C%40U0BEN%7Cben%3E+for+R%26amp%3BD\
        +%26lt%3B3&response_url=https%3A%2F%2Fhooks.example%2Fcommands%2F1%2F2&trigger_id=13345224609.738474920.8088930838d88\
        &api_app_id=A123456&is_enterprise_install=false";

    fn delivered(incoming: Incoming) -> Delivery {
        match incoming {
            Incoming::Deliver(delivery) => *delivery,
            other => panic!("{other:?}"),
        }
    }

    fn command(incoming: Incoming) -> Command {
        match delivered(incoming).event {
            Event::Command(command) => command,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_form_is_read_and_its_mentions_are_left_alone() {
        let incoming = from_http(Some("application/x-www-form-urlencoded"), FORM.as_bytes()).unwrap();
        let delivery = delivered(incoming.clone());
        assert_eq!(delivery.key, "13345224609.738474920.8088930838d88");
        assert_eq!(delivery.team.as_str(), "T024BE7LD");
        assert_eq!(
            command(incoming),
            Command {
                user: "U2147483697".into(),
                user_name: Some("ana".into()),
                channel: "C2147483705".into(),
                name: "/kudos".into(),
                text: "<@U0BEN|ben> for R&amp;D &lt;3".into(),
                trigger: "13345224609.738474920.8088930838d88".into(),
                response_url: "https://hooks.example/commands/1/2".into(),
            }
        );
    }

    #[test]
    fn an_envelope_says_the_same_as_a_form() {
        let fields: serde_json::Map<_, _> = form_urlencoded::parse(FORM.as_bytes())
            .map(|(name, value)| (name.into_owned(), json!(value)))
            .collect();
        let over_socket = from_envelope("slash_commands", &fields.into());
        let over_http = from_http(Some("application/x-www-form-urlencoded"), FORM.as_bytes()).unwrap();
        assert_eq!(over_socket, over_http);
    }

    #[test]
    fn a_bare_command_has_an_empty_text() {
        for text in [json!(""), json!(null), json!(7)] {
            let payload = json!({
                "team_id": "T1", "user_id": "W1", "channel_id": "D1", "command": "/rondo", "text": text,
            });
            let incoming = from_envelope("slash_commands", &payload);
            assert_eq!(command(incoming.clone()).text, "");
            assert!(delivered(incoming).key.starts_with("sha256:"));
        }
    }

    #[test]
    fn what_cannot_be_answered_is_unusable() {
        let whole = json!({"team_id": "T1", "user_id": "U1", "channel_id": "C1", "command": "/rondo"});
        for (field, why) in [
            ("team_id", "no_team"),
            ("user_id", "no_user"),
            ("channel_id", "no_channel"),
            ("command", "no_command"),
        ] {
            let mut part = whole.clone();
            part[field] = json!(null);
            assert_eq!(from_envelope("slash_commands", &part), Incoming::Unusable(why));
        }
    }
}
