//! The directory: who is in the workspace, in a channel, in a group, and what keeps it fresh.
