//! What a channel reads of the answers to scales.

use super::the_retro;
use crate::{
    model::{
        message::{Chart, ChartKind, Message, Series},
        text::{Markup, count},
    },
    rituals::retro::{
        deck::PromptKind,
        plan::{HIGHEST, Halves, LOWEST, Pulse, Threshold},
        values::AskedPrompt,
    },
    say,
};

/// What the answers to a scale came to.
#[derive(Clone, Debug)]
pub struct ShownPulse<'p> {
    pub prompt: &'p AskedPrompt,
    /// `None` if too few people have answered.
    pub pulse: Option<Pulse>,
    /// The median of last time.
    pub before: Option<Halves>,
}

/// What the channel reads of all scales of a retro.
pub fn pulses(name: &str, threshold: Threshold, shown: &[ShownPulse<'_>]) -> Message {
    let paragraphs: Vec<Markup> = shown.iter().map(|shown| paragraph(shown, threshold)).collect();
    let message = Message::new(say!(
        ":mirror: The pulse of {}, from 1 to 5:\n{}",
        the_retro(name),
        Markup::join(&paragraphs, "\n")
    ));
    if shown.iter().all(|shown| shown.pulse.is_none()) {
        return message;
    }
    let message = match chart(shown) {
        Some(chart) => message.with_drawing(chart),
        None => message,
    };
    message.with_context(
        "Half of the answers are at the median or below it, half at it or above it. A spread of 0 means that most agree. No single answer is \
         kept. Talk about it in the thread.",
    )
}

/// Draws the medians that are shown, beside those of last time if each has one.
fn chart(shown: &[ShownPulse<'_>]) -> Option<Chart> {
    let drawn: Vec<(&ShownPulse<'_>, Pulse)> =
        shown.iter().filter_map(|shown| Some((shown, shown.pulse?))).collect();
    let values =
        |medians: Vec<Halves>| medians.into_iter().map(|Halves(halves)| i64::from(halves) * 5).collect();
    let now = Series {
        name: "This time".to_owned(),
        values: values(drawn.iter().map(|(_, pulse)| pulse.median).collect()),
    };
    let before: Option<Vec<Halves>> = drawn.iter().map(|(shown, _)| shown.before).collect();
    let before = before.map(|medians| Series { name: "Last time".to_owned(), values: values(medians) });
    let label =
        |(shown, _): &(&ShownPulse<'_>, Pulse)| format!("{}. {}", shown.prompt.place, shown.prompt.words);
    (!drawn.is_empty()).then(|| Chart {
        title: "Median of each question, from 1 to 5".to_owned(),
        kind: ChartKind::Bar,
        categories: drawn.iter().map(label).collect(),
        series: before.into_iter().chain([now]).collect(),
        decimals: 1,
    })
}

fn paragraph(shown: &ShownPulse<'_>, threshold: Threshold) -> Markup {
    let heading = Markup::bold(&shown.prompt.words);
    let Some(pulse) = &shown.pulse else {
        return say!(
            "{}\nFewer than {} people have answered, so the answers are deleted and nothing is shown.",
            heading,
            threshold.people()
        );
    };
    let change = match shown.before.map(|before| (before, pulse.median.since(before))) {
        None => Markup::default(),
        Some((_, Halves(0))) => Markup::from(" (as last time)"),
        Some((before, change)) => {
            let by = Halves(change.0.abs());
            let direction = if change.0 > 0 { "higher" } else { "lower" };
            say!(" ({} {} than last time, {})", number(by), direction, number(before))
        }
    };
    let (low, high) = match &shown.prompt.kind {
        PromptKind::Scale { low, high } => (low.as_str(), high.as_str()),
        PromptKind::Text => ("", ""),
    };
    say!(
        "{}\n{} {}  `{}`  {} {}\nMedian {}{}, spread {}, {}",
        heading,
        i64::from(LOWEST),
        Markup::plain(low),
        bar(pulse.median),
        Markup::plain(high),
        i64::from(HIGHEST),
        number(pulse.median),
        change,
        number(pulse.spread),
        count(pulse.answers, "answer", "answers")
    )
}

/// The scale with a mark at the median, a step for each half.
fn bar(median: Halves) -> Markup {
    let steps = i32::from(LOWEST) * 2..=i32::from(HIGHEST) * 2;
    let bar: String = steps.map(|step| if step == median.0 { '●' } else { '─' }).collect();
    Markup::words(&bar)
}

fn number(halves: Halves) -> Markup {
    Markup::words(&halves.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::message::reading::read;

    #[test]
    fn a_pulse_is_shown_beside_the_last_one() {
        let prompt = |place: &str| AskedPrompt {
            place: place.to_owned(),
            words: format!("Are people <heard> {place}?"),
            kind: PromptKind::Scale { low: "Hardly ever".to_owned(), high: "Nearly *always*".to_owned() },
            is_anonymous: true,
            respondents: Some(6),
        };
        let pulse = Some(Pulse { median: Halves(7), spread: Halves(2), answers: 6 });
        let prompts = ["1", "2", "3", "4", "5"].map(prompt);
        let befores = [Some(Halves(6)), Some(Halves(10)), Some(Halves(7)), None];
        let mut shown: Vec<ShownPulse<'_>> = prompts
            .iter()
            .zip(befores)
            .map(|(prompt, before)| ShownPulse { prompt, pulse, before })
            .collect();
        shown.push(ShownPulse { prompt: &prompts[4], pulse: None, before: Some(Halves(7)) });
        insta::assert_snapshot!(read(&pulses("", Threshold::default(), &shown)), @r"
        :mirror: The pulse of the retro, from 1 to 5:
        *Are people &lt;heard&gt; 1?*
        1 Hardly ever  `─────●───`  Nearly always 5
        Median 3.5 (0.5 higher than last time, 3), spread 1, 6 answers
        *Are people &lt;heard&gt; 2?*
        1 Hardly ever  `─────●───`  Nearly always 5
        Median 3.5 (1.5 lower than last time, 5), spread 1, 6 answers
        *Are people &lt;heard&gt; 3?*
        1 Hardly ever  `─────●───`  Nearly always 5
        Median 3.5 (as last time), spread 1, 6 answers
        *Are people &lt;heard&gt; 4?*
        1 Hardly ever  `─────●───`  Nearly always 5
        Median 3.5, spread 1, 6 answers
        *Are people &lt;heard&gt; 5?*
        Fewer than 5 people have answered, so the answers are deleted and nothing is shown.
        *Median of each question, from 1 to 5*
        1. Are people &lt;heard&gt; 1?: 3.5
        2. Are people &lt;heard&gt; 2?: 3.5
        3. Are people &lt;heard&gt; 3?: 3.5
        4. Are people &lt;heard&gt; 4?: 3.5
        (Half of the answers are at the median or below it, half at it or above it. A spread of 0 means that most agree. No single answer is kept. Talk about it in the thread.)
        ");
        let few = read(&pulses("Ops", Threshold::default(), &shown[4..]));
        assert!(few.starts_with(":mirror: The pulse of *Ops*") && !few.contains("median"), "{few}");
    }
}
