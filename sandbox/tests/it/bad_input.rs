//! Bad input is refused in Slack's words, and the workspace goes on.

mod apps;
mod calls;
mod doors;
mod words;
