//! Syncs in the demo: the steps of the card, and colleagues who start one and like what is announced.

use rand::rngs::StdRng;

use crate::{
    model::clock::Instant,
    ritual::demo::{
        Colleague, ColleagueAction, Company, Demo, DemoStep, HeardIn, HeardMessage, ON_NEWS, PlannedAction,
        Reaction, StepTick,
    },
};

/// The part of syncs in the demo.
pub const DEMO: Demo = Demo { order: 3, steps: &STEPS, begin, hear, ..Demo::QUIET };

const STEPS: [DemoStep; 4] = [
    DemoStep {
        title: "Set up a sync",
        hint: "In #general, type: /sync (a form opens)",
        ticked_by: StepTick::Sends("/sync"),
    },
    DemoStep {
        title: "Start the sync",
        hint: "Press Preview in the form, and then press Start.",
        ticked_by: StepTick::Reads("has started a sync here"),
    },
    DemoStep {
        title: "See who leads next",
        hint: "In #engineering, type: /sync next",
        ticked_by: StepTick::Sends("/sync next"),
    },
    DemoStep {
        title: "Lead a sync",
        hint: "In #engineering, press Next in the header until a sync is announced, and press I'll take over.",
        ticked_by: StepTick::Presses("I'll take over"),
    },
];

/// The index of the colleague who starts a sync before the first visit. They are an engineer.
const ORGANISER: usize = 5;
/// How many colleagues put an emoji on an announced sync: one of these numbers.
const ON_START: [usize; 4] = [0, 0, 1, 2];
/// Reactions to the start of syncs, and to an announced one.
const ON_SYNC: [&str; 4] = ["+1", "wave", "calendar", "muscle"];

fn begin(colleagues: &[Colleague], now: Instant) -> Vec<PlannedAction> {
    let start = |organiser: &Colleague| PlannedAction {
        at: organiser.at_work_from(now, 0),
        who: ORGANISER,
        action: ColleagueAction::SetsUp {
            place: "#engineering",
            command: "/sync start every Tuesday and Thursday at 13:00",
            preview: "Syncs in this channel",
            button: "Start",
        },
    };
    colleagues.get(ORGANISER).map(start).into_iter().collect()
}

fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    if heard.place != HeardIn::Channel {
        return None;
    }
    let counts: &[usize] = if heard.first_line().contains(" has started a sync here") {
        &ON_NEWS
    } else if heard.first_line().contains(" It's time for ") {
        &ON_START
    } else {
        return None;
    };
    Some(company.like(heard, company.readers(heard, &[]), counts, &ON_SYNC, rng))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng as _;

    use super::*;
    use crate::ritual::demo::fixtures::{colleagues, heard, sunday_night, undrawn};

    fn reacts(text: &str, seed: u64) -> Option<Vec<Reaction>> {
        let (colleagues, controlled) = (colleagues(24), BTreeSet::from([1]));
        // Monday, 12:00 UTC.
        let now = sunday_night() + chrono::Duration::minutes(33 * 60 + 30);
        let company = Company { colleagues: &colleagues, controlled: &controlled, now };
        hear(&heard(now, text, None), &company, &mut StdRng::seed_from_u64(seed))
    }

    #[test]
    fn colleagues_like_an_announced_sync() {
        let liked =
            (0..20).map(|seed| reacts(":speech_balloon: It's time for the sync: 30 minutes.", seed).unwrap());
        let counts: BTreeSet<usize> = liked.map(|reactions| reactions.len()).collect();
        assert_eq!(counts, [0, 1, 2].into());
        assert!(reacts(":speech_balloon: <@U1> has started a sync here: weekly", 1).is_some());
    }

    #[test]
    fn other_messages_are_left_to_others() {
        for text in ["", ":coffee: <@U1> has started coffee chats here: weekly", "Time for tea?"] {
            assert_eq!(reacts(text, 1), None, "{text}");
        }
    }

    #[test]
    fn an_engineer_starts_the_sync() {
        let planned = begin(&colleagues(6), sunday_night());
        assert!(planned.iter().all(|planned| planned.who == ORGANISER) && planned.len() == 1);
        assert_eq!(begin(&colleagues(5), sunday_night()), []);
    }

    #[test]
    fn the_page_draws_every_emoji() {
        assert_eq!(undrawn(&ON_SYNC), [""; 0]);
    }
}
