//! Files: uploaded in three steps, then shared as a message.

use serde_json::{Value, json};

use super::World;
use super::messages::Post;

/// A file, from the moment its upload is announced.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) alt_text: String,
    /// The path to upload it to.
    pub(crate) upload_path: String,
    pub(crate) length: usize,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) created_ms: i64,
}

impl File {
    /// Returns the media type for its name.
    pub(crate) fn media_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("png") => "image/png",
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("gif") => "image/gif",
            Some("csv") => "text/csv",
            Some("txt" | "md") => "text/plain",
            Some("json") => "application/json",
            _ => "application/octet-stream",
        }
    }
}

impl World {
    /// Keeps a file that a person uploaded and returns its object.
    pub(crate) fn uploaded_by(&mut self, base: &str, user: &str, name: &str, content: Vec<u8>) -> Value {
        let file = File {
            id: self.ids.id("F"),
            app_id: String::new(),
            user: user.to_owned(),
            name: name.to_owned(),
            title: name.to_owned(),
            alt_text: String::new(),
            upload_path: String::new(),
            length: content.len(),
            content: Some(content),
            created_ms: self.now_ms(),
        };
        let shown = self.file_json(base, &file);
        self.files.insert(file.id.clone(), file);
        shown
    }

    /// Returns the ids of the conversations in which a file was shared.
    pub(crate) fn channels_with_file(&self, id: &str) -> Vec<&str> {
        let has = |post: &Post| !post.deleted && post.files.iter().any(|file| file["id"] == id);
        let with = self.channels.values().filter(|channel| channel.posts.iter().any(has));
        with.map(|channel| channel.id.as_str()).collect()
    }

    /// Deletes a file. Messages that had it keep a mark in its place.
    pub(crate) fn remove_file(&mut self, id: &str) {
        self.files.remove(id);
        for channel in self.channels.values_mut() {
            let has = |post: &&Post| !post.deleted && post.files.iter().any(|file| file["id"] == id);
            let shared: Vec<String> = channel.posts.iter().filter(has).map(|post| post.ts.clone()).collect();
            for ts in shared {
                let files = channel.post_mut(&ts).map(|post| &mut post.files);
                for file in files.into_iter().flatten().filter(|file| file["id"] == id) {
                    *file = json!({ "id": id, "mode": "tombstone" });
                }
            }
        }
    }

    /// Returns the file object.
    pub(crate) fn file_json(&self, base: &str, file: &File) -> Value {
        let url = format!("{base}/files/{}", file.id);
        json!({
            "id": file.id, "created": file.created_ms / 1_000, "timestamp": file.created_ms / 1_000,
            "name": file.name, "title": file.title, "mimetype": file.media_type(),
            "filetype": file.name.rsplit_once('.').map(|(_, ending)| ending), "user": file.user,
            "user_team": self.team_id, "size": file.length, "mode": "hosted", "is_external": false,
            "is_public": true, "alt_txt": file.alt_text, "url_private": url, "url_private_download": url,
            "permalink": url,
        })
    }
}
