//! What organisers are asked before a step that can't be taken back.

use chrono::NaiveDate;

use super::{the_retro, the_retro_first};
use crate::{
    common::programmes::messages::when,
    model::{
        cadence::Occurrence,
        message::{Block, Modal},
        people::ChannelId,
        text::{Markup, count, date},
    },
    rituals::retro::values::Retro,
    say,
};

/// The forms that ask.
pub const CLOSE_FORM: &str = "retro:close_sure";
pub const FINISH_FORM: &str = "retro:finish_sure";
pub const END_VOTE_FORM: &str = "retro:end_vote_sure";

/// Asks before a retro closes; so many people haven't been asked yet. `has_anonymous` says whether a prompt needs the threshold.
pub fn ask_to_close(
    retro: &Retro,
    name: &str,
    (waiting, has_anonymous, closes): (usize, bool, &Occurrence),
    private: String,
) -> Modal {
    let asked = retro.asked.saturating_sub(waiting);
    let lost = if has_anonymous && !retro.threshold.is_met_by(asked) {
        say!(
            "\n:warning: Anonymous answers are shown from {} people on, and {} been asked so far. *If you close now, all of them are deleted, and no one reads them.*",
            retro.threshold.people(),
            count(asked, "person has", "people have")
        )
    } else {
        Markup::default()
    };
    let waiting = match waiting {
        0 => Markup::default(),
        waiting => say!(
            "\n*{} of {} haven't been asked yet*, since it's outside their hours. They wouldn't be.",
            waiting,
            retro.asked
        ),
    };
    let question = say!(
        "Close {} of {} now? It's open until {}. After the close no one can answer, and it can't be opened again.{}{}",
        the_retro(name),
        date(retro.date),
        when(closes),
        waiting,
        lost
    );
    form(CLOSE_FORM, ("Close the retro", "Close now"), question, private)
}

/// Asks before the themes are shown. `newer` is the date of a newer retro, if there is one.
pub fn ask_to_finish(
    retro: &Retro,
    (name, channel): (&str, &ChannelId),
    (themes, newer): (usize, Option<NaiveDate>),
    private: String,
) -> Modal {
    if themes == 0 {
        let question = say!(
            "End {} of {} now? No answer is left to show, and nothing is posted.{}",
            the_retro(name),
            date(retro.date),
            older(newer)
        );
        return form(FINISH_FORM, ("End the retro", "End the retro"), question, private);
    }
    let question = say!(
        "Show the {} of {} of {} in {} now? There's no vote after that, and they stay as they are.{}",
        count(themes, "theme", "themes"),
        the_retro(name),
        date(retro.date),
        channel,
        older(newer)
    );
    form(FINISH_FORM, ("Show the themes", "Show the themes"), question, private)
}

/// Asks before a vote ends.
pub fn ask_to_end_vote(retro: &Retro, name: &str, ends: &Occurrence, private: String) -> Modal {
    let question = say!(
        "End the vote of {} of {} now? It runs until {}. After the end no one can vote, and I count and post the themes.",
        the_retro(name),
        date(retro.date),
        when(ends)
    );
    form(END_VOTE_FORM, ("End the vote", "End the vote now"), question, private)
}

/// Says that there is a newer retro: a paragraph, or nothing.
fn older(newer: Option<NaiveDate>) -> Markup {
    newer.map_or_else(Markup::default, |newer| {
        say!("\n:warning: There has been a newer retro since, on {}. Is this the one you mean?", date(newer))
    })
}

/// Says at the top of a form which retro it is about.
pub fn which_one(name: &str, day: NaiveDate, newer: Option<NaiveDate>) -> Markup {
    say!("{}{}", of_day(name, day), older(newer))
}

/// What stands below messages about a retro that may be some time ago.
pub fn of_day(name: &str, day: NaiveDate) -> Markup {
    say!("{} of {}.", the_retro_first(name), date(day))
}

fn form(callback: &str, (title, submit): (&str, &str), question: Markup, private: String) -> Modal {
    Modal {
        callback: callback.to_owned(),
        title: title.to_owned(),
        submit: submit.to_owned(),
        close: "Not yet".to_owned(),
        private,
        blocks: vec![Block::Text(question)],
        tell_closed: false,
    }
}
