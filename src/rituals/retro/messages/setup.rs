//! What people read of retros in the set-up form.

use chrono::{NaiveDate, NaiveDateTime};

use super::{asking::all_needed, days_of};
use crate::{
    common::{
        programmes::{
            audience,
            messages::{on_the_wall, when},
        },
        setup::{
            PreviewMessage,
            messages::{input, live_input},
        },
        words::Words,
    },
    model::{
        cadence::Occurrence,
        message::{Block, Field, Message, SelectOption, Shape},
        people::ChannelId,
        text::{Markup, all_of, count, date, shorten},
    },
    rituals::retro::{
        NAME,
        deck::Decks,
        options::{DAYS_OPEN, MONTHS_KEPT, Options},
        plan::Threshold,
        values::AskedPrompt,
    },
    say,
};

/// What retros are called.
pub const WORDS: Words = Words {
    ritual: NAME,
    plural: "retros",
    short: "retros",
    occasion: "retro",
    occasions: "retros",
    emoji: ":mirror:",
    fewest: (1, "one"),
    usual_times: "last Friday of the month at 10:00",
    pace: "Every two weeks or once a month suits most channels.",
    thanks: "Thanks to everyone who answered!",
    remembered: "what was shown",
    at_once: "Or now, for one retro right away.",
    set_up: "Set up retros",
    change: "Change the retros",
    who: "Everyone in the channel, or everyone you choose, is asked in a message of their own. Anyone can skip a retro or leave.",
    share: "part",
    deed: "hold a retro",
    left_out: "no retro",
    takers: "the people I can ask",
    strangers: "I can't ask people of other workspaces.",
    after_leaving: "If you were asked in one that is open, you can still answer it.",
    name: "Team health",
};

/// The fields for the deck, for how long a retro is open, for the threshold, and for how long answers are kept. The choice of a deck is an
/// action, too.
pub const DECK: &str = "retro:deck";
pub const OPEN_FOR: &str = "days";
pub const THRESHOLD: &str = "threshold";
pub const KEPT: &str = "kept";
/// The choice that keeps answers for as long as the database is.
pub const KEPT_FOR_EVER: &str = "for_ever";

/// How many characters of a prompt stand at its box.
const LONGEST_BOX: usize = 75;

/// The field for the prompts of a deck that are anonymous.
pub fn anonymous_field(deck: &str) -> String {
    format!("anonymous_{deck}")
}

/// The fields of a programme's options; `usual` is the threshold that the configuration sets.
pub fn fields(options: &Options, (decks, usual): (&Decks, usize)) -> Vec<Block> {
    let option = |label: String, value: &str| SelectOption { label, value: value.to_owned() };
    let asked = options.deck(decks);
    let deck = Field::Choice {
        options: decks.all().iter().map(|deck| option(deck.name.clone(), &deck.code)).collect(),
        chosen: asked.map(|deck| deck.code.clone()),
        shape: Shape::Menu,
    };
    let prompts = options.prompts(decks);
    let box_of = |prompt: &AskedPrompt| {
        option(shorten(&format!("{}. {}", prompt.place, prompt.words), LONGEST_BOX), &prompt.place)
    };
    let anonymous = Field::Choices {
        options: prompts.iter().filter(|prompt| !prompt.is_scale()).map(box_of).collect(),
        chosen: prompts
            .iter()
            .filter(|prompt| prompt.is_anonymous)
            .map(|prompt| prompt.place.clone())
            .collect(),
        shape: Shape::Open,
    };
    let days = Field::Choice {
        options: DAYS_OPEN.map(|days| option(days_of(days).as_str().to_owned(), &days.to_string())).into(),
        chosen: Some(options.days.to_string()),
        shape: Shape::Menu,
    };
    let months = MONTHS_KEPT.map(|months| option(months_of(months).as_str().to_owned(), &months.to_string()));
    let kept = Field::Choice {
        options: std::iter::once(option("For ever".to_owned(), KEPT_FOR_EVER)).chain(months).collect(),
        chosen: Some(options.kept.map_or_else(|| KEPT_FOR_EVER.to_owned(), |months| months.to_string())),
        shape: Shape::Menu,
    };
    let threshold = Field::Number {
        written: i64::try_from(options.threshold(usual).people()).ok(),
        least: i64::try_from(Threshold::LEAST.people()).ok(),
        most: None,
    };
    let mut fields = vec![
        live_input(DECK, "What do you ask?", asked.map(|deck| deck.description.as_str()), deck),
        input(
            &anonymous_field(asked.map_or("", |deck| &deck.code)),
            "Which prompts are anonymous?",
            Some("People answer the others with their names. This is fixed once a retro is open."),
            true,
            anonymous,
        ),
        input(
            OPEN_FOR,
            "How long can people answer?",
            Some("It closes on a weekday, and when the next one begins at the latest."),
            false,
            days,
        ),
        input(
            THRESHOLD,
            "Show an anonymous prompt when this many have answered",
            Some("With fewer, its answers are deleted and never shown. Scales take at least 5."),
            false,
            threshold,
        ),
        input(
            KEPT,
            "How long do I keep the answers?",
            Some("Counted from each close. The numbers stay, and so does what was shown in the channel."),
            false,
            kept,
        ),
    ];
    fields.extend(audience::fields(NAME, options.audience.as_ref()));
    fields
}

/// Says how many months.
fn months_of(months: u32) -> Markup {
    count(usize::try_from(months).unwrap_or_default(), "month", "months")
}

/// What stands at a threshold that is none.
pub fn wrong_threshold(least: usize, most: usize) -> String {
    format!(
        "Write a number from {least} to {most}. With fewer than {least} people, anyone could guess who wrote what."
    )
}

/// What a preview says where too few people would be asked, or just enough; nothing if there are more.
pub fn too_few_people(people: usize, threshold: Threshold) -> Markup {
    if people == threshold.people() {
        return say!("{} Invite more people, and not everyone has to.", all_needed(people));
    }
    if threshold.is_met_by(people) {
        return Markup::default();
    }
    say!(
        "With fewer than {} people I ask no one, since an anonymous prompt couldn't be shown: invite more, or ask with names.",
        threshold.people()
    )
}

/// Says what retros ask, and who reads of an answer whose it is.
pub fn asks(deck: &str, prompts: &[AskedPrompt], threshold: Threshold) -> Markup {
    let named = prompts.iter().filter(|prompt| !prompt.is_anonymous);
    let named: Vec<Markup> = named.map(|prompt| Markup::plain(&prompt.place)).collect();
    let deck = Markup::bold(deck);
    if named.len() == prompts.len() {
        return say!("I ask {}: answers are shown with names.", deck);
    }
    let how = match named.as_slice() {
        [] => Markup::from("answers are anonymous, and a prompt"),
        [one] => say!(
            "answers to prompt {} are shown with names, the others are anonymous, and such a prompt",
            one
        ),
        named => say!(
            "answers to prompts {} are shown with names, the others are anonymous, and such a prompt",
            all_of(named)
        ),
    };
    say!("I ask {}: {} is shown only when {} people have answered it.", deck, how, threshold.people())
}

/// What a preview says of how long people can answer.
pub fn open_for(days: u32) -> Markup {
    say!("People have {} to answer.", days_of(days))
}

/// What is said of a retro that begins on a weekend.
pub fn on_a_weekend(day: NaiveDate) -> Markup {
    say!("{} is on a weekend: those who don't work then are asked on their next working day.", date(day))
}

/// What a preview says of a retro that closes before the days for it are over.
pub fn shortened(days: u32, closes: &Occurrence) -> Markup {
    say!(
        "One retro is open at a time, so the first closes when the next begins, {}, and not after {}.",
        when(closes),
        days_of(days)
    )
}

/// What follows the time of the next retro in a status, if another one is still open then.
pub fn left_out_while_open() -> Markup {
    Markup::from(" (left out, unless the one that is open closes before)")
}

/// The messages in the order in which people read them, each with when. `readers` is how many people are in the channel, `asked`
/// how many are asked.
pub fn shown(
    channel: &ChannelId,
    (readers, asked): (usize, usize),
    now: Option<Message>,
    example: Option<(NaiveDateTime, Message)>,
) -> Vec<PreviewMessage> {
    let readers = count(readers, "person", "people");
    let now =
        now.map(|message| PreviewMessage { when: say!("Now, to {} in {}", &readers, channel), message });
    let example = example.map(|(wall, message)| PreviewMessage {
        when: say!(
            "From {} on, to each of {} in their own hours",
            on_the_wall(wall),
            count(asked, "person", "people")
        ),
        message,
    });
    now.into_iter().chain(example).collect()
}

/// What a person reads of each option that changes; `usual` is the threshold that the configuration sets.
pub fn changed_options(old: &Options, new: &Options, (decks, usual): (&Decks, usize)) -> Vec<Markup> {
    let mut changed = Vec::new();
    if let Some(deck) = new.deck(decks).filter(|deck| old.deck(decks) != Some(deck)) {
        changed.push(say!("From the next retro on, I ask: {}.", Markup::plain(&deck.name)));
    }
    if old.named != new.named {
        let anonymous: Vec<Markup> = new
            .prompts(decks)
            .iter()
            .filter(|prompt| prompt.is_anonymous)
            .map(|prompt| Markup::plain(&prompt.place))
            .collect();
        changed.push(if anonymous.is_empty() {
            Markup::from("From the next retro on, all prompts are answered with names.")
        } else {
            say!("From the next retro on, these prompts are anonymous: {}.", Markup::join(&anonymous, ", "))
        });
    }
    if old.days != new.days {
        changed.push(say!("People have {} to answer, instead of {}.", days_of(new.days), days_of(old.days)));
    }
    let threshold = |options: &Options| options.threshold_that_holds((decks, usual)).people();
    if threshold(old) != threshold(new) {
        changed.push(say!(
            "From the next retro on, an anonymous prompt is shown when {} people have answered, instead of {}.",
            threshold(new),
            threshold(old)
        ));
    }
    if old.kept != new.kept {
        changed.push(match new.kept {
            None => Markup::from("I keep all answers from now on."),
            Some(months) => say!(
                "I delete answers {} after the close of their retro, those of earlier retros too.",
                months_of(months)
            ),
        });
    }
    if old.audience != new.audience {
        changed.push(match &new.audience {
            None => Markup::from("Everyone in the channel is asked from now on."),
            Some(audience) => say!("Only some are asked from now on: {}.", audience.named()),
        });
    }
    changed
}
