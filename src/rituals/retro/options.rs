//! What the organiser of retros may choose: the settings of one programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    NAME,
    deck::{Deck, Decks, PromptKind},
    messages::{DECK, KEPT, KEPT_FOR_EVER, OPEN_FOR, THRESHOLD, anonymous_field, wrong_threshold},
    plan::Threshold,
    values::AskedPrompt,
};
use crate::{
    common::{
        programmes::audience::{self, Audience},
        setup::Complaints,
    },
    model::{event::FieldValue, failure::Failure},
};

/// The greatest threshold.
pub const MOST_THRESHOLD: usize = 50;
/// For how many days a retro may be open.
pub const DAYS_OPEN: [u32; 6] = [1, 2, 3, 5, 7, 14];
const USUAL_DAYS: u32 = 3;
/// For how many months answers may be kept after a close, other than for ever.
pub const MONTHS_KEPT: [u32; 4] = [3, 6, 12, 24];
/// A month, and so that none is kept for less.
const DAYS_OF_A_MONTH: u32 = 31;

/// The choices of one programme, as the store keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The version of this form.
    pub v: u32,
    /// The code of the deck; empty is the first one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub deck: String,
    /// The places of the prompts that are answered with names, all others being anonymous; `None` is as the deck says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Vec<usize>>,
    /// For how many days a retro is open.
    #[serde(default = "usual_days")]
    pub days: u32,
    /// How many people must answer an anonymous prompt; `None` is what the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<usize>,
    /// For how many months answers are kept after a close; `None` is for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<u32>,
    /// Who is asked; `None` is everyone in the channel. Shared code reads it from the stored settings, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
}

fn usual_days() -> u32 {
    USUAL_DAYS
}

impl Default for Options {
    fn default() -> Options {
        Options {
            v: 1,
            deck: String::new(),
            named: None,
            days: USUAL_DAYS,
            threshold: None,
            kept: None,
            audience: None,
        }
    }
}

impl Options {
    /// Reads the settings of a programme. What this release cannot read is as it is by default.
    pub fn read(settings: &str) -> Options {
        let read = serde_json::from_str::<Options>(settings).unwrap_or_default();
        Options {
            days: Some(read.days).filter(|days| DAYS_OPEN.contains(days)).unwrap_or(USUAL_DAYS),
            threshold: read.threshold.filter(|people| threshold_of(*people).is_some()),
            kept: read.kept.filter(|months| MONTHS_KEPT.contains(months)),
            ..read
        }
    }

    pub fn as_stored(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::Fail(error.into()))
    }

    /// Returns the deck; one that is gone counts as the first.
    pub fn deck<'d>(&self, decks: &'d Decks) -> Option<&'d Deck> {
        decks.get(&self.deck).or_else(|| decks.all().first())
    }

    /// Returns the prompts of a retro with these options.
    pub fn prompts(&self, decks: &Decks) -> Vec<AskedPrompt> {
        let Some(deck) = self.deck(decks) else { return Vec::new() };
        let prompts = deck.prompts.iter().enumerate().map(|(at, prompt)| AskedPrompt {
            place: (at + 1).to_string(),
            words: prompt.text.clone(),
            kind: prompt.kind.clone(),
            is_anonymous: match &self.named {
                Some(named) if prompt.kind == PromptKind::Text => !named.contains(&(at + 1)),
                _ => prompt.is_anonymous,
            },
            respondents: None,
        });
        prompts.collect()
    }

    /// Returns for how many days answers are kept after a close.
    pub fn kept_days(&self) -> Option<u32> {
        self.kept.map(|months| months * DAYS_OF_A_MONTH)
    }

    /// Returns how many people must have answered an anonymous prompt, as was chosen; `usual` is what the configuration sets.
    pub fn threshold(&self, usual: usize) -> Threshold {
        threshold_of(self.threshold.unwrap_or(usual)).unwrap_or_default()
    }

    /// Returns how many it takes with these prompts: from the median and spread of fewer than five numbers these can often be told.
    pub fn threshold_that_holds(&self, (decks, usual): (&Decks, usize)) -> Threshold {
        let chosen = self.threshold(usual);
        let has_scales = self.prompts(decks).iter().any(AskedPrompt::is_scale);
        if has_scales { chosen.max(Threshold::default()) } else { chosen }
    }

    /// Returns the same with what a form answers, and complains about a threshold that is none. A field that the form doesn't have
    /// stays as it is. `usual` is the threshold that the configuration sets: programmes with it follow it.
    #[must_use]
    pub fn answered(
        self,
        answers: &BTreeMap<String, FieldValue>,
        (decks, usual): (&Decks, usize),
        complaints: &mut Complaints,
    ) -> Options {
        let deck = match answers.get(DECK) {
            Some(FieldValue::Choice(chosen)) => {
                let chosen = decks.all().iter().skip(1).find(|deck| deck.code == *chosen);
                chosen.map(|deck| deck.code.clone()).unwrap_or_default()
            }
            Some(_) => String::new(),
            None => self.deck.clone(),
        };
        let usual_prompts = Options { deck: deck.clone(), named: None, ..Options::default() };
        let (prompts, after) = (usual_prompts.prompts(decks), usual_prompts.deck(decks));
        // Each deck has a field of its own, since its prompts are others.
        let ticked = match after.and_then(|deck| answers.get(&anonymous_field(&deck.code))) {
            Some(FieldValue::Choices(chosen)) => Some(chosen.as_slice()),
            Some(_) => Some(&[][..]),
            None => None,
        };
        let named = match ticked {
            None => self.named.clone().filter(|_| after == self.deck(decks)),
            Some(ticked) => {
                let is_as_usual =
                    |prompt: &AskedPrompt| prompt.is_anonymous == ticked.contains(&prompt.place);
                // A scale has no box.
                let mut boxes = prompts.iter().enumerate().filter(|(_, prompt)| !prompt.is_scale());
                let is_usual = boxes.clone().all(|(_, prompt)| is_as_usual(prompt));
                let named = boxes.by_ref().filter(|(_, prompt)| !ticked.contains(&prompt.place));
                Some(named.map(|(at, _)| at + 1).collect()).filter(|_| !is_usual)
            }
        };
        let days = match answers.get(OPEN_FOR) {
            Some(FieldValue::Choice(days)) => {
                days.parse().ok().filter(|days| DAYS_OPEN.contains(days)).unwrap_or(USUAL_DAYS)
            }
            _ => self.days,
        };
        let threshold = match answers.get(THRESHOLD) {
            Some(FieldValue::Number(number)) => match usize::try_from(*number) {
                Ok(number) if number == usual => None,
                Ok(number) if threshold_of(number).is_some() => Some(number),
                _ => {
                    complaints.add(THRESHOLD, wrong_threshold(Threshold::LEAST.people(), MOST_THRESHOLD));
                    self.threshold
                }
            },
            Some(FieldValue::Text(text)) if !text.trim().is_empty() => {
                complaints.add(THRESHOLD, wrong_threshold(Threshold::LEAST.people(), MOST_THRESHOLD));
                self.threshold
            }
            Some(_) => None,
            None => self.threshold,
        };
        let kept = match answers.get(KEPT) {
            Some(FieldValue::Choice(months)) if months == KEPT_FOR_EVER => None,
            Some(FieldValue::Choice(months)) => {
                months.parse().ok().filter(|months| MONTHS_KEPT.contains(months)).or(self.kept)
            }
            _ => self.kept,
        };
        let audience = audience::answered(NAME, self.audience, answers, complaints);
        Options { deck, named, days, threshold, kept, audience, ..self }
    }
}

/// Returns a threshold of so many people, unless that is too few or too many.
pub fn threshold_of(people: usize) -> Option<Threshold> {
    Threshold::new(people).filter(|_| people <= MOST_THRESHOLD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::message::Block,
        rituals::retro::{deck, messages::fields},
    };

    /// The field of the first deck.
    const ANONYMOUS: &str = "anonymous_start-stop-continue";

    fn decks() -> Decks {
        deck::read(None).0
    }

    fn as_they_stand(options: &Options, usual: usize) -> BTreeMap<String, FieldValue> {
        let answer = |block: Block| match block {
            Block::Input(input) | Block::LiveInput(input) => Some((input.name, input.field.answer())),
            _ => None,
        };
        fields(options, (&decks(), usual)).into_iter().filter_map(answer).collect()
    }

    fn answered(answers: &[(&str, FieldValue)]) -> (Options, bool) {
        let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut complaints = Complaints::default();
        let options = Options::default().answered(&answers, (&decks(), 5), &mut complaints);
        (options, complaints.is_empty())
    }

    #[test]
    fn fields_sent_as_they_stand_change_nothing() {
        let all = Some(vec![1, 2, 3]);
        for (deck, named, days, kept) in [
            ("", None, 3, None),
            ("glad-sad-mad", None, 7, Some(3)),
            ("trust", None, 7, Some(24)),
            ("", all, 14, None),
        ] {
            for threshold in [None, Some(3), Some(50)] {
                let deck = deck.to_owned();
                let named = named.clone();
                let options = Options { deck, named, days, threshold, kept, ..Options::default() };
                let mut complaints = Complaints::default();
                let answers = as_they_stand(&options, 5);
                let again = options.clone().answered(&answers, (&decks(), 5), &mut complaints);
                assert_eq!((again, complaints.is_empty()), (options.clone(), true));
                assert_eq!(Options::read(&options.as_stored().unwrap()), options);
            }
        }
    }

    #[test]
    fn a_threshold_below_three_is_refused() {
        let numbers = [2, -1, 51].map(FieldValue::Number);
        for wrong in numbers.into_iter().chain([FieldValue::Text("x".into())]) {
            assert_eq!(answered(&[(THRESHOLD, wrong)]), (Options::default(), false));
        }
        assert_eq!(answered(&[(THRESHOLD, FieldValue::Number(3))]).0.threshold, Some(3));
        assert_eq!(Options::read(r#"{"v":1,"threshold":1,"days":400,"kept":1}"#), Options::default());
        assert_eq!(Options::default().threshold(1), Threshold::default());
    }

    #[test]
    fn unticked_prompts_are_named() {
        let anonymous = |options: &Options| -> Vec<bool> {
            options.prompts(&decks()).iter().map(|prompt| prompt.is_anonymous).collect()
        };
        let (options, _) =
            answered(&[(ANONYMOUS, FieldValue::Choices(vec!["2".to_owned(), "9".to_owned()]))]);
        assert_eq!(anonymous(&options), [false, true, false]);
        let decks = decks();
        let usual: Vec<bool> = decks.all()[0].prompts.iter().map(|prompt| prompt.is_anonymous).collect();
        assert_eq!(anonymous(&Options::default()), usual);
    }

    #[test]
    fn another_deck_is_named_as_it_says() {
        let before = Options { named: Some(vec![1, 2, 3]), ..Options::default() };
        let after = |answers: &[(&str, FieldValue)]| {
            let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            before.clone().answered(&answers, (&decks(), 5), &mut Complaints::default())
        };
        let chosen = (DECK, FieldValue::Choice("glad-sad-mad".to_owned()));
        let of_before = (ANONYMOUS, FieldValue::Choices(vec!["1".to_owned()]));
        assert_eq!(after(&[chosen.clone(), of_before]).named, None, "the boxes were those of another deck");
        let all = ["1", "2", "3"].map(str::to_owned).into();
        let of_it = ("anonymous_glad-sad-mad", FieldValue::Choices(all));
        assert_eq!(after(&[chosen, of_it]).named, Some(Vec::new()));
        assert_eq!(after(&[]), before);
    }

    #[test]
    fn settings_have_a_form_that_stays() {
        assert_eq!(Options::default().as_stored().unwrap(), r#"{"v":1,"days":3}"#);
        let stored = r#"{"v":1,"deck":"glad-sad-mad","named":[1],"days":7,"threshold":4,"kept":6,"audience":{"people":["U1"]}}"#;
        assert_eq!(Options::read(stored).as_stored().unwrap(), stored);
        for other in ["not JSON", "", "[]", r#"{"v":1}"#] {
            assert_eq!(Options::read(other), Options::default(), "{other}");
        }
        let gone = Options { deck: "gone".to_owned(), ..Options::default() };
        assert_eq!(gone.prompts(&decks()), Options::default().prompts(&decks()));
    }
}
