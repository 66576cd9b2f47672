//! What nobody should send, and what comes of it: a refusal in Slack's words, and a workspace that goes on.

mod apps;
mod calls;
mod doors;
mod words;
