//! What to try first: the steps of the page's card, which tick themselves off.

use slack_sandbox::{Step, Watch};

/// The way through all that Rondo offers so far. Colleagues go by these names, whom the company has in every size.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(
            "Thank somebody",
            "In any channel, type: /kudos @ben for lending a hand",
            Watch::Sends("/kudos".to_owned()),
        ),
        Step::new(
            "Change your mind",
            "Press Undo under the answer that only you see.",
            Watch::Presses("Undo".to_owned()),
        ),
        Step::new(
            "Thank with a form",
            "Type /kudos with nothing behind it, choose somebody, and press Give.",
            Watch::Presses("Give".to_owned()),
        ),
        Step::new(
            "See your kudos",
            "In any channel, type: /kudos mine",
            Watch::Sends("/kudos mine".to_owned()),
        ),
        Step::new(
            "Start coffee chats",
            "In #general, type: /coffee start every Tuesday at 10:00",
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
            "In #general, type: /coffee status",
            Watch::Sends("/coffee status".to_owned()),
        ),
        Step::new(
            "Skip a round",
            "In #general, type: /coffee skip (leave, join and stop work like this, too)",
            Watch::Sends("/coffee skip".to_owned()),
        ),
        Step::new(
            "Be somebody else",
            "Choose another person in the header and see what they read.",
            Watch::BecomesSomebodyElse,
        ),
    ]
}
