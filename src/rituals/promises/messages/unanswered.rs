//! What people read of a request that its owner doesn't answer.

use chrono::{NaiveDate, NaiveDateTime};

use super::{DONE, take_back_button, who_asked};
use crate::{
    common::promises::{
        AskedLater, MOST_LISTED, Promise, PromiseState,
        messages::{DECLINE, MOVE, answers, asked_later, button, due_at, due_or_over, quoted, value_of},
        when::is_over,
    },
    model::{
        message::{ButtonStyle, Message},
        text::Markup,
    },
    say,
};

/// What an owner is asked a second time.
pub fn nudge(promise: &Promise, now: NaiveDateTime) -> Message {
    let asks = match promise.due {
        Some(due) if is_over(&due, now) => {
            say!("It was asked for by {}. By when could you do this?", due_at(&due, now.date()))
        }
        Some(due) => say!("Will you do this by {}?", due_at(&due, now.date())),
        None => Markup::from("Will you do this?"),
    };
    let hopes = if promise.asker.is_pseudonym() {
        Markup::from("This still waits for your answer, though the person who asked has left.")
    } else if promise.is_asker_gone {
        say!("This still waits for your answer, though {}, who asked, has left.", &promise.asker)
    } else {
        say!("{} still hopes for your answer.", &promise.asker)
    };
    Message::new(say!(":wave: {} {}\n{}", hopes, asks, quoted(promise)))
        .with_context("A no is fine, too. I won't ask again; without an answer the request ends by itself.")
        .with_controls(answers(promise))
}

/// What the question becomes once the second one is sent.
pub fn asked_again(promise: &Promise) -> Message {
    Message::new(say!("I've asked you about this again: see below.\n{}", quoted(promise)))
}

/// What the owner reads in place of the question once the request has ended.
pub fn lapsed(promise: &Promise) -> Message {
    let after_all = if promise.asker.is_pseudonym() || promise.is_asker_gone {
        Markup::default()
    } else {
        say!(" If you'd like to do it after all, tell {}.", &promise.asker)
    };
    Message::new(say!("This request has ended, since it had no answer:\n{}", quoted(promise)))
        .with_context(say!("There's nothing you have to do.{}", after_all))
}

/// What the asker reads when an owner should have been asked who isn't at work by now.
pub fn delayed(promise: &Promise, later: &AskedLater, today: NaiveDate) -> Message {
    Message::new(say!(
        "I haven't asked {} for this yet:\n{}\n{}",
        &promise.owner,
        quoted(promise),
        asked_later(later, today)
    ))
    .with_buttons(vec![take_back_button(promise)])
}

/// What the asker reads in place of that they've asked, or haven't yet, once the request isn't open any more.
pub fn no_longer_asked(promise: &Promise, state: PromiseState) -> Message {
    let ended = match state {
        PromiseState::Open | PromiseState::Kept => "They said yes.",
        PromiseState::Dropped => "They couldn't do it.",
        PromiseState::Withdrawn => "You took it back.",
        PromiseState::Lapsed => "It had no answer, so it ended.",
        PromiseState::Asked | PromiseState::Returned => "They left, or took no part any more.",
    };
    Message::new(say!("{} was asked for this:\n{}", &promise.owner, quoted(promise))).with_context(ended)
}

/// What the owner is asked of a promise that has come up often.
pub fn still_wanted(promise: &Promise, today: NaiveDate) -> Message {
    let was = promise
        .due
        .map_or_else(Markup::default, |due| say!(" It {}.", due_or_over("is promised for", &due, today)));
    let value = value_of(promise);
    let no = if promise.is_own() { "Drop it" } else { "Can't" };
    Message::new(say!("Is this still wanted?{}\n{}", was, quoted(promise)))
        .with_context(say!(
            "It came up {} times, so the next syncs don't list it any more. It stays on your list until you answer.{}",
            MOST_LISTED,
            who_asked(promise)
        ))
        .with_controls(vec![
            button("Done", DONE, &value, ButtonStyle::Primary),
            button("Another date", MOVE, &value, ButtonStyle::Plain),
            button(no, DECLINE, &value, ButtonStyle::Plain),
        ])
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::{common::promises::Due, model::message::reading::read};

    #[test]
    fn an_owner_is_asked_again_kindly() {
        let promise = Promise::asked("7".to_owned(), "UBEN".into(), "UANA".into(), "send <it>".to_owned());
        let now = "2026-12-02T10:30:00".parse().unwrap();
        let dated = promise.clone().due(Due::on("2026-12-04".parse().unwrap()));
        let messages = [nudge(&dated, now), nudge(&promise, now), asked_again(&promise), lapsed(&promise)];
        let at_ten = Due { date: "2026-12-02".parse().unwrap(), time: Some("10:00:00".parse().unwrap()) };
        assert_snapshot!(read(&nudge(&promise.clone().due(at_ten), now)), @"
        :wave: <@UANA> still hopes for your answer. It was asked for by Wednesday, 2 December at 10:00. By when could you do this?
        >send &lt;it&gt;
        (A no is fine, too. I won't ask again; without an answer the request ends by itself.)
        [I'll do it] [Another date] [Can't]
        ");
        assert_snapshot!(messages.map(|message| read(&message)).join("\n\n"), @"
        :wave: <@UANA> still hopes for your answer. Will you do this by Friday, 4 December?
        >send &lt;it&gt;
        (A no is fine, too. I won't ask again; without an answer the request ends by itself.)
        [I'll do it] [Another date] [Can't]

        :wave: <@UANA> still hopes for your answer. Will you do this?
        >send &lt;it&gt;
        (A no is fine, too. I won't ask again; without an answer the request ends by itself.)
        [When will you do it? ▾] [Can't]

        I've asked you about this again: see below.
        >send &lt;it&gt;

        This request has ended, since it had no answer:
        >send &lt;it&gt;
        (There's nothing you have to do. If you'd like to do it after all, tell <@UANA>.)
        ");
    }
}
