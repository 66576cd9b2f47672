//! What a preview says of retros: whether enough people are asked, what they're asked and for how long, and the messages that they'd read.

use super::{
    Retros,
    messages::{self, AskedRetro},
    options::Options,
    plan::may_ask,
    programmes::{closing_of, is_on_a_weekend},
    values::AnswerKeys,
};
use crate::{
    common::{programmes::Upcoming, setup::PreviewMessage},
    model::{cadence::Occurrence, text::Markup},
    store::programmes::Programme,
};

impl Retros {
    /// Whether so many people are enough for the prompts of a programme.
    pub(super) fn is_enough(&self, programme: &Programme, people: usize) -> bool {
        let options = Options::read(&programme.settings);
        may_ask(people, self.has_anonymous(&options), self.threshold(&options)).is_ok()
    }

    fn has_anonymous(&self, options: &Options) -> bool {
        options.prompts(&self.decks).iter().any(|prompt| prompt.is_anonymous)
    }

    /// Says that so many people are too few for anonymous prompts, or just enough: sentences, or nothing.
    pub(super) fn too_few(&self, programme: &Programme, people: usize) -> Markup {
        let options = Options::read(&programme.settings);
        if !self.has_anonymous(&options) {
            return Markup::default();
        }
        messages::too_few_people(people, self.threshold(&options))
    }

    /// Says what these options ask, and who reads of an answer whose it is.
    pub(super) fn asks(&self, options: &Options) -> Markup {
        let deck = options.deck(&self.decks).map_or("", |deck| &deck.name);
        messages::asks(deck, &options.prompts(&self.decks), self.threshold(options))
    }

    /// Returns what a preview says beside how many people are asked: whether they're enough, what they're asked, and for how long.
    pub(super) fn remarks(
        &self,
        programme: &Programme,
        people: usize,
        first: Option<Occurrence>,
    ) -> Vec<Markup> {
        let options = Options::read(&programme.settings);
        let shortened = first.map_or_else(Markup::default, |first| Retros::shortened(programme, first));
        let days = if shortened.as_str().is_empty() { messages::open_for(options.days) } else { shortened };
        let weekend = first.map(|first| first.wall.date()).filter(|date| is_on_a_weekend(*date));
        let weekend = weekend.map_or_else(Markup::default, messages::on_a_weekend);
        let all = [self.too_few(programme, people), self.asks(&options), days, weekend];
        all.into_iter().filter(|remark| !remark.as_str().is_empty()).collect()
    }

    /// Says that a retro closes earlier than was chosen, since the next one begins: a sentence, or nothing.
    fn shortened(programme: &Programme, first: Occurrence) -> Markup {
        let Some(cadence) = &programme.cadence else { return Markup::default() };
        let options = Options::read(&programme.settings);
        let closes = closing_of(&options, first, cadence, cadence.next(first.at));
        if closes == closing_of(&options, first, cadence, None) {
            return Markup::default();
        }
        messages::shortened(options.days, &closes)
    }

    /// Returns the messages that people will read of these retros.
    pub(super) fn preview(&self, upcoming: Upcoming<'_>) -> Vec<PreviewMessage> {
        let Upcoming { programme, dates, participants, unread, now, .. } = upcoming;
        let options = Options::read(&programme.settings);
        let asked = unread.unwrap_or(participants.here.len());
        // Where too few would be asked, no one reads a question.
        let first = dates.first().filter(|_| self.is_enough(programme, asked));
        let example = first.zip(programme.cadence.as_ref()).map(|(first, cadence)| {
            let closes = closing_of(&options, *first, cadence, cadence.next(first.at));
            let retro = self.retro_of(String::new(), programme, &options, (asked, *first, closes.at));
            let about = AskedRetro {
                retro: &retro,
                name: &programme.name,
                channel: &programme.channel,
                closes: &closes,
            };
            let keys = AnswerKeys { retro: String::new(), keys: Vec::new() };
            (first.wall, messages::ask(about, &options.prompts(&self.decks), &keys, &[]))
        });
        let readers = unread.unwrap_or(participants.in_the_channel());
        messages::shown(&programme.channel, (readers, asked), now, example)
    }
}
