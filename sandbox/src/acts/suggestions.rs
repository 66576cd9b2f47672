//! Menus whose options come from the app while a person types.

use serde_json::Value;

use super::PersonHandle;
use crate::base::blocks::find::{find_element, is_called, of_block};
use crate::deliver;
use crate::types::answer::Answer;
use crate::types::shown::Message;
use crate::types::traffic::DeliveryKind;
use crate::workspace::World;
use crate::workspace::apps::App;
use crate::workspace::offers::OpenMenu;

/// Where a menu is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    Message(&'a Message),
    Modal,
    Home,
}

impl PersonHandle {
    /// Types into a message's menu with this `action_id` or placeholder. The answer's `raw` has the options that the
    /// app offers; pass the text or the value of one of them to `picks`.
    pub async fn looks_for(&self, message: &Message, menu: &str, typed: &str) -> Answer {
        self.suggested(Place::Message(message), None, menu, typed).await
    }

    /// The same with a field of the modal on top; pass an option's text or value to `fills`.
    pub async fn looks_in_modal(&self, field: &str, typed: &str) -> Answer {
        self.suggested(Place::Modal, None, field, typed).await
    }

    pub(crate) async fn suggested(
        &self,
        place: Place<'_>,
        block_id: Option<&str>,
        menu: &str,
        typed: &str,
    ) -> Answer {
        let prepared = self.changes(|world| {
            let (app, mut payload, blocks) = self.suggestion(world, place)?;
            let (block, element) =
                find_element(&of_block(&blocks, block_id), |element| is_called(element, menu))
                    .ok_or("no_such_menu")?;
            payload["action_id"] = element["action_id"].clone();
            payload["block_id"] = block["block_id"].clone();
            payload["value"] = typed.into();
            Ok((app, payload, OpenMenu::new(&self.id, &block, &element)))
        });
        match prepared {
            Ok((app, payload, menu)) => {
                let url = app.options_url.clone();
                let request = self.request(DeliveryKind::Interaction, &app, payload, url);
                let answer = Answer::of_reply(deliver::send(&self.hub, &request).await);
                self.hub.look(|world| world.offers.keep(menu, &answer.raw));
                answer
            }
            Err(error) => Answer::refused(error),
        }
    }

    /// Returns the app to ask, what it is told about the place, and the blocks of that place.
    fn suggestion(
        &self,
        world: &mut World,
        place: Place<'_>,
    ) -> Result<(App, Value, Vec<Value>), &'static str> {
        if let Place::Message(message) = place {
            let channel = world.channels.get(&message.channel).filter(|channel| channel.is_open_to(&self.id));
            let post = channel.and_then(|channel| channel.post(&message.ts)).ok_or("message_not_found")?;
            let post = post.clone();
            let app = post.app_id.as_ref().and_then(|id| world.app(id)).ok_or("no_app")?.clone();
            let payload = world.suggestion_in_message(&app, &self.id, &message.channel, &post);
            return Ok((app, payload, post.all_blocks()));
        }
        let held = match place {
            Place::Modal => world.modals(&self.id, self.tab.as_deref()).last().copied(),
            _ => world.home(&self.id),
        };
        let held = held.ok_or("no_view")?.clone();
        let app = world.app(&held.app_id).ok_or("no_app")?.clone();
        let payload = world.suggestion_in_view(&app, &held);
        let blocks = held.view["blocks"].as_array().cloned().unwrap_or_default();
        Ok((app, payload, blocks))
    }
}
