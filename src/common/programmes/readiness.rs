//! Whether an occasion can be held: the bot is in the channel and knows who else is.

use chrono::Duration;

use crate::{
    model::{failure::Failure, people::ChannelState},
    ritual::{Context, Ran},
    store::{people::channels, programmes::Programme, unit::UnitOfWork},
};

/// How long an occasion waits for a channel that is still being read before it looks again, in seconds.
const READING_SECONDS: i64 = 5;

/// What is known of a programme's channel when an occasion is due.
pub enum Readiness {
    Ready,
    /// The channel is archived, or the bot is not in it.
    Closed,
    /// The channel or its people are still being read, so the run waits.
    BeingRead(Ran),
}

/// Looks at the channel of a programme. One that was never read is read at once.
pub async fn readiness(context: &Context, programme: &Programme) -> Result<Readiness, Failure> {
    let (store, channel) = (&context.store, &programme.channel);
    let soon = context.now + Duration::seconds(READING_SECONDS);
    match store.channel_state(channel).await? {
        ChannelState::Open { .. } => {}
        ChannelState::Closed(_) => return Ok(Readiness::Closed),
        ChannelState::Unread { .. } => {
            let mut unit = UnitOfWork::new();
            channels::want_for_person(&mut unit, &context.team, channel, context.now);
            return Ok(Readiness::BeingRead(Ran::snoozed(unit, soon, "the channel is still being read")));
        }
    }
    if store.members_still_unread(channel, &context.bot).await?.is_some() {
        let why = "the people of the channel are still being read";
        return Ok(Readiness::BeingRead(Ran::snoozed(UnitOfWork::new(), soon, why)));
    }
    Ok(Readiness::Ready)
}
