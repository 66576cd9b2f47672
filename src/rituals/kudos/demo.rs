//! Kudos in the demo: the steps of the card, and colleagues who thank each other and a visitor.

mod gifts;
#[cfg(test)]
mod tests;

use rand::{RngExt as _, rngs::StdRng};

use self::gifts::GIFTS;
use crate::ritual::demo::{
    Colleague, ColleagueAction, Company, Demo, DemoStep, HeardIn, HeardMessage, ON_NEWS, Reaction, StepTick,
    Workday, filled, mentions, one_of,
};

/// The part of kudos in the demo.
pub const DEMO: Demo = Demo { order: 1, steps: &STEPS, first_steps: &STEPS, day, hear, ..Demo::QUIET };

const STEPS: [DemoStep; 4] = [
    DemoStep {
        title: "Thank a colleague",
        hint: "In any channel, type: /kudos @ben for helping me with the release",
        ticked_by: StepTick::PressesOrSends(&["Give"], "/kudos", "Kudos to"),
        forms: &[],
    },
    DemoStep {
        title: "Take it back",
        hint: "Press Undo under the answer that only you see.",
        ticked_by: StepTick::Presses("Undo", "Taken back"),
        forms: &[],
    },
    DemoStep {
        title: "Thank with a form",
        hint: "Type /kudos with nothing behind it, choose a colleague, write a reason, and press Give.",
        ticked_by: StepTick::Presses("Give", "Kudos to"),
        forms: &["Give kudos"],
    },
    DemoStep {
        title: "See your kudos",
        hint: "In any channel, type: /kudos mine",
        ticked_by: StepTick::Sends("/kudos mine", "given"),
        forms: &[],
    },
];

/// The number of working days in which each gift is given once: thirteen weeks, as long as the history.
const GIFT_DAYS: usize = 65;
/// One in this many kudos of visitors gets only an emoji.
const ONLY_EMOJI: u32 = 3;
/// How many of the thanked people answer a visitor.
const MOST_THANKS: usize = 2;
/// Answers of thanked colleagues to a visitor.
const THANKS: [&str; 6] = [
    "Thank you, {name}, that made my day.",
    "That's kind of you, {name}. Any time!",
    "Thanks, {name}! It was fun, too.",
    "Happy to help, {name}. Thank you for noticing.",
    "Oh! Thank you, {name}.",
    "I'm keeping this one. Thank you, {name}!",
];
/// Reactions to kudos for others.
const ON_KUDOS: [&str; 8] = ["tada", "clap", "heart", "raised_hands", "star", "sparkles", "muscle", "100"];
/// Reactions to kudos for oneself.
const ON_THANKS: [&str; 5] = ["heart", "pray", "blue_heart", "green_heart", "smile"];

fn day(day: &Workday<'_>) -> Vec<(usize, ColleagueAction)> {
    let colleagues = day.colleagues;
    let works_here = |who: &usize| *who < colleagues.len();
    let gifts =
        GIFTS.iter().filter(|(giver, receivers, ..)| works_here(giver) && receivers.iter().all(works_here));
    let typed = |(giver, receivers, channel, reason): &(usize, &[usize], &str, &str)| {
        let names: Vec<String> =
            receivers.iter().map(|who| format!("@{}", colleagues[*who].handle)).collect();
        let command = format!("/kudos {} for {reason}", names.join(" "));
        (*giver, ColleagueAction::Says(format!("#{channel}"), command))
    };
    day.share(gifts.collect(), GIFT_DAYS).into_iter().map(typed).collect()
}

fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    let (giver, receivers) = gift(heard, company.colleagues)?;
    Some(if company.controlled.contains(&giver) {
        thanks_back(heard, giver, &receivers, company, rng)
    } else {
        company.like(heard, company.readers(heard, &[giver]), &ON_NEWS, &ON_KUDOS, rng)
    })
}

/// Returns the giver and the receivers of an announcement. The giver is named, not mentioned.
fn gift(heard: &HeardMessage, colleagues: &[Colleague]) -> Option<(usize, Vec<usize>)> {
    let (before, receivers) = heard.first_line().split_once("* thanks ")?;
    let (_, name) = before.rsplit_once('*')?;
    let giver = colleagues.iter().position(|person| person.name == name)?;
    (heard.place == HeardIn::Channel).then(|| (giver, mentions(receivers, colleagues)))
}

/// The thanked colleagues answer a visitor, and another colleague reacts.
fn thanks_back(
    heard: &HeardMessage,
    giver: usize,
    receivers: &[usize],
    company: &Company<'_>,
    rng: &mut StdRng,
) -> Vec<Reaction> {
    let mut reactions = Vec::new();
    let thanked = receivers.iter().copied().filter(|who| !company.controlled.contains(who));
    for (n, who) in thanked.take(MOST_THANKS).enumerate() {
        if n == 0 && rng.random_range(0..ONLY_EMOJI) > 0 {
            let text = filled(one_of(&THANKS, rng), company.colleagues[giver].first, "");
            reactions
                .push(Reaction::Answer { who, action: ColleagueAction::Replies(heard.spot.clone(), text) });
        }
        let action = ColleagueAction::Reacts(heard.spot.clone(), one_of(&ON_THANKS, rng));
        reactions.push(Reaction::Answer { who, action });
    }
    let others: Vec<usize> = receivers.iter().copied().chain([giver]).collect();
    let others = company.nearest(company.readers(heard, &others), rng);
    reactions.extend(others.first().map(|who| Reaction::Answer {
        who: *who,
        action: ColleagueAction::Reacts(heard.spot.clone(), one_of(&ON_KUDOS, rng)),
    }));
    reactions
}
