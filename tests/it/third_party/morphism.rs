//! slack-morphism for Rust, over sockets: its own listener and client, and nothing of the bot.

use std::{collections::HashMap, sync::Arc};

use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use slack_morphism::prelude::*;
use slack_sandbox::{Install, Sandbox};

use super::{company, install, within, works};

type Connector = SlackClientHyperConnector<HttpConnector>;
type Client = Arc<SlackClient<Connector>>;
type Kept = SlackClientEventsUserState;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_library_works_over_sockets() {
    let sandbox = company().await;
    let installed = install(&sandbox, None);
    let bot = starts(&sandbox, &installed).await;
    assert!(within(20, || sandbox.open_sockets() > 0).await, "the library opens a socket");
    works(&sandbox).await;
    bot.shutdown().await;
}

/// Starts the bot in this process.
async fn starts(sandbox: &Sandbox, installed: &Install) -> SlackClientSocketModeListener<Connector> {
    let connector = SlackClientHyperConnector::with_connector(HttpConnector::new());
    let client = Arc::new(SlackClient::new(connector.with_slack_api_url(&sandbox.api_url())));
    let token = |value: &str| SlackApiToken::new(value.into());
    let environment =
        SlackClientEventsListenerEnvironment::new(client).with_user_state(token(&installed.bot_token));
    let callbacks = SlackSocketModeListenerCallbacks::new()
        .with_command_events(commanded)
        .with_interaction_events(interacted);
    let config = SlackClientSocketModeConfig::new().with_initial_backoff_in_seconds(0);
    let listener = SlackClientSocketModeListener::new(&config, Arc::new(environment), callbacks);
    listener.listen_for(&token(&installed.app_token)).await.unwrap();
    listener.start().await;
    listener
}

async fn token_of(kept: &Kept) -> SlackApiToken {
    kept.read().await.get_user_state::<SlackApiToken>().expect("the bot's token").clone()
}

async fn commanded(
    command: SlackCommandEvent,
    client: Client,
    kept: Kept,
) -> UserCallbackResult<SlackCommandEventResponse> {
    let token = token_of(&kept).await;
    let session = client.open_session(&token);
    let mut answer = SlackMessageContent::new();
    match command.command.value().as_str() {
        "/hello" => {
            let text = format!("Hello <@{}>", command.user_id);
            let button = json!({ "type": "button", "action_id": "wave", "text": { "type": "plain_text", "text": "Wave" } });
            let blocks = json!([
                { "type": "section", "text": { "type": "mrkdwn", "text": text } },
                { "type": "actions", "elements": [button] },
            ]);
            answer = answer.with_text(text).with_blocks(serde_json::from_value(blocks)?);
        }
        "/people" => {
            let request = SlackApiUsersListRequest::new().with_limit(3);
            let (mut people, mut pages, mut scroller) = (0, 0, request.scroller());
            while let Ok(page) = scroller.next_mut(&session).await {
                (people, pages) = (people + page.members.len(), pages + 1);
                if !scroller.has_next() {
                    break;
                }
            }
            let said = SlackMessageContent::new().with_text(format!("{people} people on {pages} pages"));
            let said = SlackApiPostWebhookMessageRequest::new(said);
            client.respond_to_event(&command.response_url, &said).await?;
        }
        _ => {
            let words = json!({
                "type": "input", "block_id": "words", "label": { "type": "plain_text", "text": "Words" },
                "element": { "type": "plain_text_input", "action_id": "text" },
            });
            let view = json!({
                "type": "modal", "callback_id": "form", "private_metadata": command.channel_id.value(),
                "title": { "type": "plain_text", "text": "A form" },
                "submit": { "type": "plain_text", "text": "Send" }, "blocks": [words],
            });
            let view: SlackView = serde_json::from_value(view)?;
            session.views_open(&SlackApiViewsOpenRequest::new(command.trigger_id, view)).await?;
        }
    }
    Ok(SlackCommandEventResponse::new(answer))
}

async fn interacted(
    event: SlackInteractionEvent,
    client: Client,
    kept: Kept,
) -> UserCallbackResult<SlackInteractionResponse> {
    let token = token_of(&kept).await;
    let (channel, text) = match event {
        SlackInteractionEvent::BlockActions(pressed) => {
            let (Some(user), Some(channel)) = (pressed.user, pressed.channel) else { return Ok(().into()) };
            (channel.id, format!("<@{}> waves", user.id))
        }
        SlackInteractionEvent::ViewSubmission(sent) => {
            let words = sent
                .view
                .state_params
                .state
                .and_then(|state| state.values.get(&"words".into())?.get(&"text".into())?.value.clone());
            let words = words.unwrap_or_default();
            if words.chars().count() < 3 {
                let errors = HashMap::from([("words".to_owned(), "More words, please.".to_owned())]);
                let errors = SlackViewSubmissionErrorsResponse::new(errors);
                return Ok(SlackViewSubmissionResponse::Errors(errors).into());
            }
            let SlackView::Modal(view) = sent.view.view else { return Ok(().into()) };
            let channel = view.private_metadata.unwrap_or_default();
            (channel.into(), format!("Somebody wrote: {words}"))
        }
        _ => return Ok(().into()),
    };
    let message = SlackMessageContent::new().with_text(text);
    client
        .open_session(&token)
        .chat_post_message(&SlackApiChatPostMessageRequest::new(channel, message))
        .await?;
    Ok(().into())
}
