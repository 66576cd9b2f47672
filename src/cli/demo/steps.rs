//! What to try first: the steps of the page's card, which are ticked when they are done.

use slack_sandbox::{Step, Watch};

/// Returns steps through all that Rondo offers so far. A company of any size has the colleagues that they name.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(
            "Thank somebody",
            "In any channel, type: /kudos @ben for lending a hand",
            Watch::Reads("Kudos to".to_owned()),
        ),
        Step::new(
            "Change your mind",
            "Press Undo under the answer that only you see.",
            Watch::Reads("Taken back".to_owned()),
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
            "Set up coffee chats",
            "In #general, type: /coffee (a form opens)",
            Watch::Sends("/coffee".to_owned()),
        ),
        Step::new("See it first", "Press Preview in the form.", Watch::Presses("Preview".to_owned())),
        Step::new("Say yes", "Press Start in the preview.", Watch::Presses("Start".to_owned())),
        Step::new(
            "Hear of a round",
            "In #coffee-chats, press Next in the header until a round comes tomorrow, and press Skip this time.",
            Watch::Presses("Skip this time".to_owned()),
        ),
        Step::new(
            "Come back",
            "In #coffee-chats, type: /coffee join (leave, pause and stop work like this, too)",
            Watch::Sends("/coffee join".to_owned()),
        ),
        Step::new(
            "Meet somebody",
            "Press Next until a round has come, open the newest group conversation on the left, and press Not yet.",
            Watch::Presses("Not yet".to_owned()),
        ),
        Step::new(
            "Say that you met",
            "Press Next until the same conversation asks whether you met, and press We met.",
            Watch::Presses("We met".to_owned()),
        ),
        Step::new(
            "See who takes part",
            "In #coffee-chats, type: /coffee status",
            Watch::Sends("/coffee status".to_owned()),
        ),
        Step::new(
            "Be somebody else",
            "Choose another person in the header and see what they read.",
            Watch::SwitchesPerson,
        ),
    ]
}
