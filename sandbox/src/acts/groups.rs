//! Group conversations: finding, reading and using the one that an app opened with some people.

use std::collections::BTreeSet;

use super::PersonHandle;
use crate::types::answer::Answer;
use crate::types::shown::Message;

impl PersonHandle {
    /// Returns the group conversation of this person, these others (by handle or id) and the bot of the first
    /// installed app.
    pub fn group_dm(&self, others: &[&str]) -> Option<String> {
        self.hub.look(|world| {
            let mut people = BTreeSet::from([self.id.clone(), world.apps.first()?.bot_user.clone()]);
            for other in others {
                people.insert(world.find_user(other)?.id.clone());
            }
            world.directs.get(&people).cloned()
        })
    }

    /// Returns what this person sees in their group conversation with these others. Empty until it is opened.
    pub fn reads_group(&self, others: &[&str]) -> Vec<Message> {
        self.group_dm(others).map(|group| self.reads(&group)).unwrap_or_default()
    }

    /// Waits for the newest message there that contains `text`; `None` after five seconds of real time.
    pub async fn sees_in_group(&self, others: &[&str], text: &str) -> Option<Message> {
        let newest =
            || self.reads_group(others).into_iter().rev().find(|message| message.plain().contains(text));
        self.hub.eventually(newest).await
    }

    /// Clicks the button with this text (or this `action_id`) in the newest message there that has it.
    pub async fn clicks_in_group(&self, others: &[&str], button: &str) -> Answer {
        match self.reads_group(others).into_iter().rev().find(|message| message.has_button(button)) {
            Some(message) => self.clicks(&message, button).await,
            None => Answer::refused("no_such_button"),
        }
    }
}
