//! The phrases that a refusal offers: each was parsed before it is offered.

use super::{NotUnderstood, examples::SURE, reader::ReadingContext, say, typed::Typed, words::ReadRefusal};

/// More unknown words than this are no typing errors.
const MOST_SLIPS: usize = 4;
/// Up to this length a corrected phrase is offered as it was typed, beyond it as it was understood.
const LONGEST_PHRASE: usize = 100;

/// Words of the grammar that typing errors are compared with.
const WORDS: [&str; 45] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "every",
    "other",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "fortnightly",
    "week",
    "weeks",
    "month",
    "months",
    "weekday",
    "first",
    "second",
    "third",
    "fourth",
    "last",
    "until",
    "except",
    "starting",
    "noon",
    "midnight",
];

/// Keeps only those phrases of a refusal that are understood.
pub(super) fn tried(refusal: NotUnderstood, context: ReadingContext) -> NotUnderstood {
    refusal.keep(|phrase| context.parse(phrase).is_ok(), SURE)
}

/// The same for unknown words: if they are typing errors, the whole corrected text is offered.
pub(super) fn corrected(
    refusal: NotUnderstood,
    typed: &Typed,
    unknown: &[usize],
    context: ReadingContext,
) -> NotUnderstood {
    let slips: Vec<(usize, &str)> = unknown
        .iter()
        .take(MOST_SLIPS + 1)
        .filter_map(|at| typed.words.get(*at).and_then(|word| Some((*at, meant(&word.low)?))))
        .collect();
    if slips.is_empty() || unknown.len() > MOST_SLIPS {
        return tried(refusal, context);
    }
    let text = typed.with(&slips);
    let text = text.trim();
    match context.parse(text) {
        Ok(_) if text.chars().count() <= LONGEST_PHRASE => refusal.meant(text.to_owned()),
        Ok(cadence) => refusal.meant(say::occasions(
            &cadence.days,
            cadence.step.map_or(1, |step| step.every),
            &cadence.times,
        )),
        Err(ReadRefusal::Plain(other)) => match tried(other, context).nearest().first() {
            Some(phrase) => refusal.meant(phrase.clone()),
            None => tried(refusal, context),
        },
        Err(ReadRefusal::Unknown { .. }) => tried(refusal, context),
    }
}

/// Returns the word that a person meant with one typing error, or two in a long word.
fn meant(word: &str) -> Option<&'static str> {
    let letters = word.chars().count();
    let most = match letters {
        3..=4 => 1,
        5..=12 => 2,
        _ => return None,
    };
    let distance = |other: &str| strsim::damerau_levenshtein(&other.to_lowercase(), word);
    let nearest = WORDS.into_iter().min_by_key(|other| distance(other))?;
    (distance(nearest) <= most).then_some(nearest)
}
