//! What people read who are asked.

use super::{
    answering::{ANSWER_ANONYMOUS, ANSWER_NAMED, SKIP_TIME},
    control,
    notes::returned,
    own_button, the_retro, the_retro_first,
};
use crate::{
    common::{
        programmes::messages::when,
        promises::{self, PromiseReview},
    },
    model::{
        cadence::Occurrence,
        message::{Block, ButtonStyle, Message},
        people::ChannelId,
        text::{Markup, count, date},
    },
    rituals::retro::{
        plan::State,
        values::{AnswerKeys, AskedPrompt, Note, Retro},
    },
    say,
};

/// A retro as people are asked about it.
#[derive(Clone, Copy, Debug)]
pub struct AskedRetro<'r> {
    pub retro: &'r Retro,
    /// The name of its programme; empty without one.
    pub name: &'r str,
    pub channel: &'r ChannelId,
    /// When it closes.
    pub closes: &'r Occurrence,
}

/// What a person is asked, with what they noted. `keys` are those of the anonymous prompts.
pub fn ask(asked: AskedRetro<'_>, prompts: &[AskedPrompt], keys: &AnswerKeys, notes: &[Note]) -> Message {
    let AskedRetro { retro, name, channel, closes } = asked;
    let line = |prompt: &AskedPrompt| {
        let how = match (prompt.is_scale(), prompt.is_anonymous) {
            (true, _) => "anonymous, from 1 to 5",
            (false, true) => "anonymous",
            (false, false) => "with your name",
        };
        say!("{}. {} _({})_", Markup::plain(&prompt.place), Markup::plain(&prompt.words), how)
    };
    let lines: Vec<Markup> = prompts.iter().map(line).collect();
    let anonymous = prompts.iter().filter(|prompt| prompt.is_anonymous).count();
    let mut message = Message::new(say!(
        ":mirror: It's time for {} of {}. Would you answer {}? It's open until {}, or longer if I say so here.\n{}",
        the_retro(name),
        channel,
        count(prompts.len(), "prompt", "prompts"),
        when(closes),
        Markup::join(&lines, "\n")
    ));
    let named = anonymous < prompts.len();
    if let Some(notes) = returned(notes, (prompts.len() - anonymous, anonymous)) {
        message.text = say!("{}\n{}", &message.text, &notes);
        message.blocks.push(Block::Text(notes));
    }
    let message = message.with_context(who_sees(retro, anonymous, prompts.len()));
    let mut buttons = Vec::new();
    if anonymous > 0 {
        let label = if named { "Answer anonymously" } else { "Answer" };
        buttons.push(own_button(label, ANSWER_ANONYMOUS, &keys.expose(), ButtonStyle::Primary));
    }
    if named {
        let label = if anonymous > 0 { "Answer with your name" } else { "Answer" };
        buttons.push(own_button(label, ANSWER_NAMED, &retro.id, ButtonStyle::Primary));
    }
    buttons.push(own_button("Skip this time", SKIP_TIME, &retro.id, ButtonStyle::Plain));
    message.with_buttons(buttons)
}

/// Says who will see what, before a person answers.
fn who_sees(retro: &Retro, anonymous: usize, all: usize) -> Markup {
    let which = if anonymous == all { "What you write is anonymous" } else { "Anonymous answers stay so" };
    let anonymous = (anonymous > 0).then(|| {
        say!(
            "{}: I keep no mark of whose an answer is, or of who has given one. An anonymous prompt is shown only when {} people have \
             answered it; {} were asked. With fewer, its answers are deleted and never shown. Until the retro closes, I show your answers to you \
             alone, when you press the button again.",
            which,
            retro.threshold.people(),
            retro.asked
        )
    });
    let named = "An answer with your name is shown with it in the channel.";
    match anonymous {
        None => Markup::from(named),
        Some(anonymous) if which.starts_with('W') => anonymous,
        Some(anonymous) => say!("{} {}", anonymous, named),
    }
}

/// What everyone who was asked reads a day before the end.
pub fn remind(asked: AskedRetro<'_>) -> Message {
    let AskedRetro { name, channel, closes, .. } = asked;
    Message::new(say!(
        ":mirror: {} of {} closes on {} at the latest. As long as it's open, the button under its questions above takes your answer, or a \
         change of what you sent.",
        the_retro_first(name),
        channel,
        when(closes)
    ))
    .with_context("Everyone who was asked gets this, since I don't know who has answered.")
}

/// What everyone who was asked reads when a retro stays open for longer.
pub fn extended(asked: AskedRetro<'_>) -> Message {
    let AskedRetro { name, channel, closes, .. } = asked;
    Message::new(say!(
        ":mirror: {} of {} may stay open until {}. As long as it does, the button under its questions above works.",
        the_retro_first(name),
        channel,
        when(closes)
    ))
}

/// Says that an anonymous prompt needs an answer of each of so many people.
pub(super) fn all_needed(people: usize) -> Markup {
    say!("An anonymous prompt is shown only if all {} of them answer it.", people)
}

/// What the channel reads when a retro opens, with what became of promises; once it has closed or was stopped, that it has.
pub fn began(
    asked: AskedRetro<'_>,
    prompts: &[AskedPrompt],
    is_for_all: bool,
    review: &PromiseReview,
) -> Message {
    let AskedRetro { retro, name, closes, .. } = asked;
    let anonymous = prompts.iter().filter(|prompt| prompt.is_anonymous).count();
    let how = match anonymous {
        0 => "Answers are shown with names",
        anonymous if anonymous == prompts.len() => "Answers are anonymous",
        _ => "Each prompt says whether answers to it are anonymous or shown with names",
    };
    let people = count(retro.asked, "person", "people");
    let whom = if is_for_all {
        say!("everyone here who takes part ({})", people)
    } else {
        say!("{} of this channel who were chosen for it", people)
    };
    let mut message = Message::new(match retro.state {
        State::Open => say!(
            ":mirror: {} has begun: I'm asking {}, each in their own hours. It's open until {}. {}.",
            the_retro_first(name),
            whom,
            when(closes),
            how
        ),
        State::Cancelled => say!(":mirror: {} of {} was stopped.", the_retro_first(name), date(retro.date)),
        _ => say!(":mirror: {} of {} is closed.", the_retro_first(name), date(retro.date)),
    });
    if let Some(review) = promises::messages::in_review(review, retro.date) {
        message.text = say!("{}\n{}", &message.text, &review.text);
        message.blocks.extend(review.blocks);
    }
    message
}

/// What everyone who was asked reads when a retro ends with its programme.
pub fn ended(name: &str, channel: &ChannelId) -> Message {
    Message::new(say!(
        ":mirror: {} of {} has ended before its time, since the retros there were stopped. What was answered is deleted, and no \
         one reads it. There's nothing left for you to do.",
        the_retro_first(name),
        channel
    ))
}

/// What the organisers' messages about that retro become. What follows, they read as those who were asked.
pub fn was_stopped(retro: &Retro, (name, channel): (&str, &ChannelId)) -> Message {
    Message::new(say!(
        ":mirror: {} of {} in {} was stopped while it was open.",
        the_retro_first(name),
        date(retro.date),
        channel
    ))
}

/// What an organiser reads when a retro opens; `has_anonymous` says whether a prompt needs the threshold.
pub fn opened(asked: AskedRetro<'_>, has_anonymous: bool) -> Message {
    let AskedRetro { retro, name, channel, closes } = asked;
    let message = Message::new(say!(
        ":mirror: {} in {} is open until {}. I'm asking {}, each in their own hours.",
        the_retro_first(name),
        channel,
        when(closes),
        count(retro.asked, "person", "people")
    ));
    let message = if has_anonymous && retro.asked == retro.threshold.people() {
        message.with_context(all_needed(retro.asked))
    } else {
        message
    };
    message.with_buttons(control(retro))
}

/// What an organiser reads before the end where too few people have answered so far. It doesn't say which prompts, nor how many.
/// `can_answer` is how many people were asked or still will be.
pub fn too_few_answered(asked: AskedRetro<'_>, can_answer: usize) -> Message {
    let AskedRetro { retro, name, channel, closes } = asked;
    let needed = retro.threshold.people();
    let closes = say!(":mirror: {} in {} closes on {}", the_retro_first(name), channel, when(closes));
    let said = if can_answer < needed {
        say!(
            "{}. An anonymous prompt is shown only if {} people answer it, and {} can: so what is written there is deleted unread, and \
             more time doesn't help. Prompts with names are shown.",
            closes,
            needed,
            can_answer
        )
    } else {
        say!(
            "{}, and so far not every anonymous prompt has {} answers. One with fewer isn't shown. You can give people more time.",
            closes,
            needed
        )
    };
    Message::new(said).with_buttons(control(retro))
}
