//! Fills in, submits and closes modals.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::PersonHandle;
use super::forms::{filled, missing};
use crate::base::blocks::Surface;
use crate::base::limits::VIEW_STACK;
use crate::deliver;
use crate::types::answer::Submission;
use crate::types::shown::{Message, View};
use crate::types::traffic::{DeliveryKind, DeliveryReply};
use crate::workspace::World;
use crate::workspace::offers::OpenMenu;
use crate::workspace::view_check::check_content;
use crate::workspace::views::{Held, elements};

impl PersonHandle {
    /// Returns the modal on top in the tab in which they act.
    pub(super) fn top(&self, world: &World) -> Option<Held> {
        world.modals(&self.id, self.tab.as_deref()).last().copied().cloned()
    }

    /// Returns the modal on top.
    pub fn modal(&self) -> Option<View> {
        self.hub.look(|world| self.top(world).map(|held| world.view(&held)))
    }

    /// Waits for a modal to be open; `None` after five seconds of real time.
    pub async fn sees_modal(&self) -> Option<View> {
        self.hub.eventually(|| self.modal()).await
    }

    /// Presses a button that opens a modal, and returns the modal. `None` if the app answers this person in words instead, or not
    /// within five seconds of real time.
    pub async fn opens_modal(&self, message: &Message, button: &str) -> Option<View> {
        let before = self.answers_in(&message.channel);
        self.clicks(message, button).await;
        let seen = || match self.modal() {
            Some(modal) => Some(Some(modal)),
            None => (self.answers_in(&message.channel) > before).then_some(None),
        };
        self.hub.eventually(seen).await.flatten()
    }

    /// Returns how many messages of a conversation only this person reads.
    fn answers_in(&self, channel: &str) -> usize {
        self.hub.look(|world| {
            let posts = world.channels.get(channel).map_or(&[][..], |channel| channel.posts.as_slice());
            posts.iter().filter(|post| post.ephemeral_to.as_ref() == Some(&self.id)).count()
        })
    }

    /// Fills in a field of the modal on top, found by its block id, label or action id. The value is text, an
    /// option's text or value, or `@name` for people; several go in a list. Returns whether such a field exists and
    /// takes the value.
    pub fn fills(&self, field: &str, value: impl Into<Value>) -> bool {
        self.fills_view(|world| self.top(world), field, &value.into())
    }

    /// Fills in a field of the Home.
    pub(crate) fn fills_home(&self, field: &str, value: &Value) -> bool {
        self.fills_view(|world| world.home(&self.id).cloned(), field, value)
    }

    fn fills_view(&self, view: impl FnOnce(&World) -> Option<Held>, field: &str, value: &Value) -> bool {
        self.hub.with(|world| {
            let Some(held) = view(world) else {
                return false;
            };
            let all = elements(&held.view);
            if let Value::Object(actions) = value {
                let mut all_filled = true;
                for (action_id, value) in actions {
                    let named = |(block, element): &&(&Value, &Value)| {
                        block["block_id"] == field && element["action_id"] == *action_id
                    };
                    all_filled &=
                        all.iter().find(named).is_some_and(|found| fill(world, &held, *found, value));
                }
                return all_filled;
            }
            let named = |(block, element): &&(&Value, &Value)| {
                block["block_id"] == field || block["label"]["text"] == field || element["action_id"] == field
            };
            all.iter().find(named).is_some_and(|found| fill(world, &held, *found, value))
        })
    }

    /// Submits the modal on top. The app is not asked when the client itself refuses.
    pub async fn submits(&self) -> Submission {
        let prepared = self.changes(|world| {
            let held = self.top(world).ok_or("no_view")?;
            let missing = missing(&held);
            if !missing.is_empty() {
                return Ok(Err(missing));
            }
            let app = world.app(&held.app_id).ok_or("no_app")?.clone();
            let payload = world.submission(&self.hub.base, &app, &held);
            Ok(Ok((app, held, payload)))
        });
        let (app, held, payload) = match prepared {
            Err(_) => return Submission::NoAnswer,
            Ok(Err(missing)) => return Submission::Errors(missing),
            Ok(Ok(prepared)) => prepared,
        };
        let url = app.interaction_url.clone();
        let request = self.request(DeliveryKind::Interaction, &app, payload, url);
        let reply = deliver::send(&self.hub, &request).await;
        match reply {
            DeliveryReply::Acknowledged(said) => self.hub.with(|world| submitted(world, &held, &said)),
            DeliveryReply::NoAnswer | DeliveryReply::Failed(_) => Submission::NoAnswer,
        }
    }

    /// Closes the modal on top, or all modals if it says so. Tells the app if it asked for that.
    pub fn closes(&self) {
        let prepared = self.changes(|world| {
            let held = self.top(world).ok_or("no_view")?;
            let clears = held.view["clear_on_close"] == true;
            if clears {
                world.close_modals(&held.user, held.tab.as_deref());
            } else {
                world.views.retain(|view| view.id != held.id);
            }
            let app = world.app(&held.app_id).ok_or("no_app")?.clone();
            let payload = world.closing(&app, &held, clears);
            Ok((held.view["notify_on_close"] == true).then_some((app, payload)))
        });
        if let Ok(Some((app, payload))) = prepared {
            let url = app.interaction_url.clone();
            let request = self.request(DeliveryKind::Interaction, &app, payload, url);
            self.hub.runtime.spawn(deliver::send(&self.hub, &request));
        }
    }
}

/// Puts a value into an element of a view. Returns whether the element takes it.
fn fill(world: &mut World, held: &Held, (block, element): (&Value, &Value), value: &Value) -> bool {
    let menu = OpenMenu::new(&held.user, block, element);
    let (Ok(filled), Some(block_id), Some(action_id)) =
        (filled(world, &menu, element, value), block["block_id"].as_str(), element["action_id"].as_str())
    else {
        return false;
    };
    let mine = world.views.iter_mut().find(|view| view.id == held.id);
    mine.is_some_and(|view| {
        view.values.entry(block_id).or_insert_with(|| json!({}))[action_id] = filled;
        true
    })
}

/// Does what an app answers to a submission.
fn submitted(world: &mut World, held: &Held, said: &Value) -> Submission {
    let view = &said["view"];
    match said["response_action"].as_str() {
        None if said.is_null() || said.as_object().is_some_and(serde_json::Map::is_empty) => {
            world.views.retain(|view| view.id != held.id);
            Submission::Closed
        }
        Some("clear") => {
            world.close_modals(&held.user, held.tab.as_deref());
            Submission::Closed
        }
        Some("errors") => {
            let inputs: Vec<&str> =
                elements(&held.view).iter().filter_map(|(block, _)| block["block_id"].as_str()).collect();
            let said = said["errors"].as_object().into_iter().flatten();
            let errors: BTreeMap<String, String> =
                said.filter_map(|(block, error)| Some((block.clone(), error.as_str()?.to_owned()))).collect();
            // Slack shows "we had some trouble connecting" for errors it cannot put at a field.
            let placed = !errors.is_empty() && errors.keys().all(|block| inputs.contains(&block.as_str()));
            if placed { Submission::Errors(errors) } else { Submission::NoAnswer }
        }
        Some("update") if check_content(&world.views, view, Surface::Modal, Some(&held.id)).is_ok() => {
            world.replace_view(&held.id, view.clone());
            Submission::Updated
        }
        Some("push") if check_content(&world.views, view, Surface::Modal, None).is_ok() => {
            if world.modals(&held.user, held.tab.as_deref()).len() >= VIEW_STACK {
                return Submission::NoAnswer;
            }
            world.hold_view(&held.app_id, (&held.user, held.tab.as_deref()), view.clone(), Some(held));
            Submission::Pushed
        }
        _ => Submission::NoAnswer,
    }
}
