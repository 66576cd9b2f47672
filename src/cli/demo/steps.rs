//! What to try first: the steps of the page's card, which tick themselves off.

use slack_sandbox::{Step, Watch};

/// The way through all that Rondo offers so far. Colleagues go by these names, whom the company has in every size.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(
            "Thank somebody",
            "Type /kudos @ben for lending a hand, in any channel.",
            Watch::Sends("/kudos".to_owned()),
        ),
        Step::new(
            "Change your mind",
            "Press Undo under the answer that only you see.",
            Watch::Presses("Undo".to_owned()),
        ),
        Step::new(
            "Thank with a form",
            "Type /kudos and nothing else, choose somebody, and press Give.",
            Watch::Presses("Give".to_owned()),
        ),
        Step::new(
            "See your kudos",
            "Type /kudos mine, in any channel.",
            Watch::Sends("/kudos mine".to_owned()),
        ),
        Step::new(
            "Start coffee chats",
            "Type /coffee start every Tuesday at 10:00 in #general.",
            Watch::Sends("/coffee".to_owned()),
        ),
        Step::new("Say yes", "Press Start under the preview.", Watch::Presses("Start".to_owned())),
        Step::new("See Tuesday come", "Press Next in the header.", Watch::JumpsOn),
        Step::new(
            "Meet somebody",
            "Open the newest group conversation on the left and press We met.",
            Watch::Presses("We met".to_owned()),
        ),
        Step::new(
            "See who takes part",
            "Type /coffee status in #general.",
            Watch::Sends("/coffee status".to_owned()),
        ),
        Step::new(
            "Skip a round",
            "Type /coffee skip in #general. Leave, join and stop work like this, too.",
            Watch::Sends("/coffee skip".to_owned()),
        ),
        Step::new(
            "Be somebody else",
            "Choose another person in the header and see what they read.",
            Watch::BecomesSomebodyElse,
        ),
    ]
}
