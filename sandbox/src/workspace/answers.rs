//! What apps answer to commands and interactions, as messages.

use serde_json::Value;

use super::World;
use super::apps::ResponseUrl;
use super::attachments::Said;
use super::messages::Post;
use crate::base::blocks::given::{attachments_of, blocks_of};
use crate::base::blocks::{self, Surface};
use crate::base::limits::TEXT_CUT;

impl World {
    /// Carries out an answer: an acknowledgement with a payload, or a post to a `response_url`.
    pub(crate) fn answer(&mut self, held: &ResponseUrl, said: &Value) -> Result<(), &'static str> {
        let original = held.original.as_ref().map(|original| original.ts.clone());
        if said["delete_original"] == true {
            let ts = original.ok_or("message_not_found")?;
            self.remove(&held.channel, &ts);
            return Ok(());
        }
        let blocks = blocks_of(said.get("blocks"))?;
        let attachments = attachments_of(said.get("attachments"))?.unwrap_or_default();
        let text = said["text"].as_str().unwrap_or_default();
        if text.is_empty() && blocks.is_empty() && attachments.is_empty() {
            return Err("no_text");
        }
        let fits = blocks::check(&blocks, Surface::Message).is_empty();
        if !fits || !blocks::check_attachments(&attachments).is_empty() {
            return Err("invalid_blocks");
        }
        let text: String = text.chars().take(TEXT_CUT).collect();
        if let (true, Some(ts)) = (said["replace_original"] == true, &original) {
            let said = Said { text, blocks: Some(blocks), attachments: Some(attachments) };
            return self.revise(&held.channel, ts, said).map(|_| ());
        }
        let in_channel = said["response_type"] == "in_channel";
        let Some(app) = self.app(&held.app_id) else {
            return Err("invalid_token");
        };
        let post = Post {
            user: app.bot_user.clone(),
            app_id: Some(app.id.clone()),
            text,
            blocks,
            attachments,
            thread_ts: said["thread_ts"].as_str().map(str::to_owned),
            ephemeral_to: (!in_channel).then(|| held.user.clone()),
            metadata: said.get("metadata").cloned(),
            ..Post::default()
        };
        self.post(&held.channel, post);
        Ok(())
    }
}
