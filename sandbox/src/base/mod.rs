//! What knows nothing of the workspace: the clock, ids, Slack's limits and scopes, the checks of blocks.

pub(crate) mod blocks;
pub(crate) mod clock;
pub(crate) mod ids;
pub(crate) mod limits;
pub(crate) mod scopes;
