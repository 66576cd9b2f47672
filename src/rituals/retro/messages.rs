//! Every word that people read about retros.

mod answering;
mod asking;
mod closing;
mod grouping;
mod hints;
mod history;
mod next;
mod notes;
mod pulse;
mod revealing;
mod setup;
mod sorting;
mod sure;
#[cfg(test)]
mod tests;
mod thanking;
mod themes;
mod voting;

pub use self::{
    answering::{
        ANSWER_ANONYMOUS, ANSWER_NAMED, ENDED_UNREAD, FORM_ANONYMOUS, FORM_NAMED, IS_OVER, LONGEST_FIELD,
        NO_PROMPT_CHOSEN, SKIP_TIME, SavedAnswers, TAKEN_FOR, TAKEN_NOTES, as_form, long_answer, long_notes,
        not_asked, not_yours, open_form, prompt_field, question_is_over, question_was_stopped, saved,
        sent_meanwhile, skipped, too_many_answers, with_notes,
    },
    asking::{AskedRetro, ask, began, ended, extended, opened, remind, too_few_answered, was_stopped},
    closing::{
        ASK_NOW, ClosedPrompt, HAS_LEFT, IS_AWAY, NO_ONE_TO_ASK, NOT_IN_CHANNEL, OVER, STILL_OPEN, TOO_FEW,
        ask_now, changed_since_asked, closed, closed_for_organiser, closes_now, closes_soon, ends_unfinished,
        extended_as_far, extended_for_organiser, had_one_today, held_once, long_enough, moved_on, not_held,
        now_which, opened_over, still_open, under_way,
    },
    grouping::{
        GROUP, GROUPED, MOST_CHOSEN, NEW_THEME, NO_ANSWER_CHOSEN, THEME, THEME_ANSWERS, THEME_NAME,
        answer_option, group_form, grouped_meanwhile, long_name, theme_gone, theme_saved, themes_full,
    },
    hints::HINTS,
    history::{PastRetro, held, history, status},
    next::{
        led_by_another, led_by_others, next_is_close, next_is_reveal, not_led, nothing_next, nothing_to_hide,
        several_next, still_unread, waits_for_you,
    },
    notes::{
        DELETE_NOTE, NotesShown, long_note, no_note, no_retros_there, note_deleted, note_gone, note_has_left,
        note_not_chosen, note_place, note_which, noted, noted_before, noted_same, notes, notes_full,
        retros_are_over,
    },
    pulse::{ShownPulse, pulses},
    revealing::{
        EARLIER_ANSWERS, HIDE, REVEAL_FORM, REVIEW, ReviewPage, fitting_answers, hidden_since, is_revealed,
        more_answers, nothing_to_reveal, revealed, review_form, review_pages, shown_prompt,
    },
    setup::{
        DECK, KEPT, KEPT_FOR_EVER, OPEN_FOR, THRESHOLD, WORDS, anonymous_field, asks, changed_options,
        fields, left_out_while_open, on_a_weekend, open_for, shortened, shown, too_few_people,
        wrong_threshold,
    },
    sorting::{
        HANDS, LONGEST_PASSED, NOT_IN_THAT_CHANNEL, NOTHING_ASKED, PASS, PASS_FORM, PASS_TO, PASS_WORDS,
        PASSED_THERE, PROMISE, PROMISE_FORM, SAME_CHANNEL, asked_for_promises, no_promise_from_it,
        not_of_the_retro, not_passed, not_sorting, pass_form, passed, passed_on, promise_form,
        sorted_meanwhile, theme_is_past, wrong_words,
    },
    sure::{
        CLOSE_FORM, END_VOTE_FORM, FINISH_FORM, ask_to_close, ask_to_end_vote, ask_to_finish, of_day,
        which_one,
    },
    thanking::offer_of_thanks,
    themes::{
        FINISH, ShownRetro, ThemeOrder, answers_read, answers_shown, finished, hidden_theme, stands, theme,
        themes, themes_changed, themes_shown, what_next, with_hiding,
    },
    voting::{
        BALLOT, END_VOTE, NO_THEME, START_VOTE, VOTE, VOTE_FOR, VOTE_SETUP, VOTES, ballot_form,
        enough_for_one, few_themes, few_voters, may_not_vote, vote_began, vote_called_off, vote_ends_now,
        vote_field, vote_for_organiser, vote_is_over, vote_over, vote_setup, vote_started, voted,
    },
};
use crate::{
    common::programmes::{
        messages::{button, way_of, when},
        press::{Press, value_on},
    },
    model::{
        cadence::{Cadence, Occurrence},
        message::{Button, ButtonStyle, Message},
        people::UserId,
        text::{Markup, count},
    },
    rituals::retro::values::Retro,
    say,
};

/// What `help` says.
pub fn help(command: &str) -> Message {
    let way = |way: &str| way_of(command, way);
    Message::new(say!(
        "*Retros ask everyone in this channel a few prompts, each person in their own hours. Each prompt is anonymous or named, as you \
         choose.*\n\
         {} opens a form that sets them up; where retros run, it shows how they stand.\n\
         {} starts them in one line, or changes their times.\n\
         {} asks everyone right away: once, or beside the usual times.\n\
         {} keeps a note for the next retro, for you alone; {} shows yours.\n\
         {} shows an organiser how the last retro goes on.\n\
         {} shows the last retros, and what became of the themes of those in which you were asked.\n\
         {} shows the next retro and how many are asked.\n\
         {} leaves you out of the next one.\n\
         {} takes you out for good, {} brings you back.\n\
         {} leaves you out until then, {} ends that.\n\
         {} cancels the retro of that day for everyone.\n\
         {} stops retros for a while, {} brings them back.\n\
         {} ends them for the whole channel. I'll ask you first.",
        Markup::code(command),
        way(&WORDS.start()),
        way("now"),
        way("note the review took a week"),
        way("notes"),
        way("next"),
        way("history"),
        way("status"),
        way("skip"),
        way("leave"),
        way("join"),
        way("away until Friday"),
        way("back"),
        way("cancel Tuesday"),
        way("pause"),
        way("resume"),
        way("stop")
    ))
    .with_context(
        "I keep no mark of who answers. Answers to an anonymous prompt are shown only when enough people have answered it; otherwise \
         they're deleted when the retro closes, and never shown.",
    )
}

/// Retros as their channel is told of them.
#[derive(Clone, Debug)]
pub struct AnnouncedRetros<'a> {
    /// The name of the deck.
    pub deck: &'a str,
    /// For how many days people can answer; `None` is until the next retro begins.
    pub days: Option<u32>,
    /// Who is asked; `None` is everyone in the channel.
    pub audience: Option<Markup>,
}

/// What the channel reads when retros begin.
pub fn announcement(
    organiser: &UserId,
    (name, programme): (&str, &str),
    (cadence, first): (&Cadence, &Occurrence),
    about: &AnnouncedRetros<'_>,
    command: &str,
) -> Message {
    let AnnouncedRetros { deck, days, audience } = about;
    let (whom, they_have) = match audience {
        None => (Markup::from("each of you"), "you have"),
        Some(chosen) => (say!("only {}, each", chosen), "they have"),
    };
    let hours = if audience.is_none() { "your" } else { "their" };
    let days = days.map_or_else(|| Markup::from("time until the next one begins"), days_of);
    let name = if name.is_empty() { Markup::default() } else { say!(" ({})", Markup::bold(name)) };
    if cadence.only().is_some() {
        let skip = value_on(programme, first.wall.date());
        return Message::new(say!(
            ":mirror: {} has planned a retro here{}: {}, {}. I'll ask {} in a message of {} own, in {} working hours, and {} {} to answer.",
            organiser,
            name,
            when(first),
            Markup::plain(deck),
            &whom,
            hours,
            hours,
            they_have,
            days
        ))
        .with_context(say!("Rather not? Press *Skip it*, or type {}.", way_of(command, "skip")))
        .with_buttons(vec![button(&WORDS, "Skip it", Press::Skip, &skip, ButtonStyle::Plain)]);
    }
    Message::new(say!(
        ":mirror: {} has started retros here{}: {}, {}. I'll ask {} in a message of {} own, in {} working hours, and {} {} to \
         answer. First retro: {}.",
        organiser,
        name,
        Markup::words(&cadence.say()),
        Markup::plain(deck),
        &whom,
        hours,
        hours,
        they_have,
        days,
        when(first)
    ))
    .with_context(say!(
        "Rather not? Press *Skip the first retro* or *Leave*, or type {} or {}.",
        way_of(command, "skip"),
        way_of(command, "leave")
    ))
    .with_buttons(vec![
        button(
            &WORDS,
            "Skip the first retro",
            Press::Skip,
            &value_on(programme, first.wall.date()),
            ButtonStyle::Plain,
        ),
        button(&WORDS, "Leave", Press::Leave, programme, ButtonStyle::Plain),
    ])
}

/// Says how many days.
fn days_of(days: u32) -> Markup {
    count(usize::try_from(days).unwrap_or_default(), "day", "days")
}

/// What a retro is called in a sentence.
fn the_retro(name: &str) -> Markup {
    if name.is_empty() { Markup::from("the retro") } else { Markup::bold(name) }
}

/// The same at its beginning.
fn the_retro_first(name: &str) -> Markup {
    if name.is_empty() { Markup::from("The retro") } else { Markup::bold(name) }
}

/// A button of a retro's own; its value is what the ritual needs to handle it.
fn own_button(label: &str, action: &str, value: &str, look: ButtonStyle) -> Button {
    Button { label: label.to_owned(), action: action.to_owned(), value: value.to_owned(), look }
}

/// The organiser's buttons while a retro is open; their value is the retro and its version.
pub const CLOSE_NOW: &str = "retro:close_now";
pub const EXTEND: &str = "retro:extend";

fn control(retro: &Retro) -> Vec<Button> {
    let value = format!("{} {}", retro.id, retro.version);
    vec![
        own_button("Extend by a weekday", EXTEND, &value, ButtonStyle::Plain),
        own_button("Close now", CLOSE_NOW, &value, ButtonStyle::Plain),
    ]
}
