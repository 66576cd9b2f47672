//! What a person reads who is back, of what they had promised before their account was off.

use chrono::NaiveDate;

use super::{
    ALL, MORE_ASKED, MORE_LOST,
    together::{LONGEST, MOST_LINES, list_button},
};
use crate::{
    common::promises::{
        Promise, PromiseState,
        messages::{asker_of, button, due_at, quoted, take},
    },
    model::{
        message::{ButtonStyle, Message},
        people::UserId,
        text::{Markup, count},
    },
    say,
};

/// What they had promised or were asked for, and no one has taken on since.
pub fn lost_meanwhile(promise: &Promise, today: NaiveDate) -> Message {
    let lost =
        if promise.promised_at.is_some() { "this lost its owner" } else { "I took this off your list" };
    let head =
        say!("While your account was off, {}, and no one has taken it on since:\n{}", lost, quoted(promise));
    let due = |lead: &'static str| {
        promise.due.map_or_else(Markup::default, |due| say!(" {} {}", lead, due_at(&due, today)))
    };
    let was = match promise.promised_at {
        Some(_) if promise.is_own() => say!("You had promised it{}.", due("for")),
        Some(_) => say!("You had promised it{}; {} had asked for it.", due("for"), asker_of(promise)),
        None => say!("{} had asked you for it{}.", asker_of(promise), due("by")),
    };
    Message::new(head).with_context(was).with_controls(vec![take(promise)])
}

/// The same of several, which a list has with their buttons.
pub fn several_lost(promises: &[Promise]) -> Message {
    let lines = promises.iter().map(|promise| say!("• {}", Markup::line_of(&promise.words, LONGEST)));
    Message::new(say!(
        "While your account was off, {} of yours lost their owner:\n{}",
        count(promises.len(), "promise or request", "promises and requests"),
        some_of(lines)
    ))
    .with_context("The list has those that no one has taken on since, to take them on again.")
    .with_buttons(vec![list_button("Show what I can take on again", MORE_LOST, "")])
}

/// What an asker reads of changes while their account was off, beside those that have a message of their own.
pub fn unheard_since(promises: &[&Promise]) -> Message {
    let line = |promise: &&Promise| {
        let words = Markup::line_of(&promise.words, LONGEST);
        let owner = &promise.owner;
        match promise.state {
            PromiseState::Open => say!("• {}: {} promised it", words, owner),
            PromiseState::Kept => say!("• {}: {} did it", words, owner),
            PromiseState::Dropped => say!("• {}: {} couldn't do it", words, owner),
            PromiseState::Lapsed => say!("• {}: it had no answer", words),
            _ => say!("• {}: it lost its owner", words),
        }
    };
    Message::new(say!(
        "While your account was off, {} that you had asked for changed, too:\n{}",
        count(promises.len(), "thing", "things"),
        some_of(promises.iter().map(line))
    ))
    .with_context("The list has what is open of it.")
    .with_buttons(vec![list_button("Show what I asked of others", MORE_ASKED, "0")])
}

/// What owners read once a person who had asked them for this has left.
pub fn asker_left(asker: &UserId, promises: &[&Promise]) -> Message {
    Message::new(say!("{} has left. They had asked you for this:\n{}", asker, words_of(promises)))
        .with_context(
            "It stays on your list, since others may need it. If it isn't wanted any more, the list has *Can't*.",
        )
        .with_controls(vec![button("Show all that waits for me", ALL, "all", ButtonStyle::Plain)])
}

/// What it becomes once they are back, with what is still to do.
pub fn asker_back(asker: &UserId, promises: &[&Promise]) -> Message {
    let head = say!("{} had left, and is back.", asker);
    if promises.is_empty() {
        return Message::new(head);
    }
    Message::new(say!("{} They had asked you for this:\n{}", head, words_of(promises)))
}

fn words_of(promises: &[&Promise]) -> Markup {
    some_of(promises.iter().map(|promise| say!("• {}", Markup::line_of(&promise.words, LONGEST))))
}

/// Returns the first lines, and how many there are beyond them.
fn some_of(lines: impl ExactSizeIterator<Item = Markup>) -> Markup {
    let more = lines.len().saturating_sub(MOST_LINES);
    let more = (more > 0).then(|| say!("• and {}", count(more, "more", "more")));
    Markup::join(&lines.take(MOST_LINES).chain(more).collect::<Vec<_>>(), "\n")
}

/// What becomes of it once it has an owner again, or is taken back. It's said as past, since it doesn't follow what comes then.
pub fn lost_no_more(before: &Promise, after: &Promise) -> Message {
    let said = match after.state {
        PromiseState::Withdrawn => say!("{} took this back:", asker_of(after)),
        _ if after.owner == before.owner => Markup::from("You took this on again:"),
        PromiseState::Asked => say!("Then {} was asked for this:", &after.owner),
        _ => say!("{} took this on:", &after.owner),
    };
    Message::new(say!("{}\n{}", said, quoted(after)))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::{
        common::promises::Due,
        model::{clock::from_ms, message::reading::read},
    };

    #[test]
    fn a_person_who_is_back_reads_what_is_free() {
        let today = "2026-12-02".parse().unwrap();
        let asked = Promise::asked("7".to_owned(), "UBEN".into(), "UANA".into(), "send it".to_owned());
        let due = asked.clone().due(Due::on("2026-12-04".parse().unwrap()));
        let gone = |promise: &Promise| promise.then(PromiseState::Returned, from_ms(2));
        let own = Promise { asker: "UBEN".into(), ..due.clone() };
        let all = [
            gone(&asked),
            gone(&due.then(PromiseState::Open, from_ms(1))),
            gone(&own.then(PromiseState::Open, from_ms(1))),
        ];
        let shown = all.map(|promise| read(&lost_meanwhile(&promise, today)));
        assert_snapshot!(shown.join("\n"), @"
        While your account was off, I took this off your list, and no one has taken it on since:
        >send it
        (<@UANA> had asked you for it.)
        [I'll take it]
        While your account was off, this lost its owner, and no one has taken it on since:
        >send it
        (You had promised it for Friday, 4 December; <@UANA> had asked for it.)
        [I'll take it]
        While your account was off, this lost its owner, and no one has taken it on since:
        >send it
        (You had promised it for Friday, 4 December.)
        [I'll take it]
        ");
        let returned = gone(&asked);
        let cy = Promise { owner: "UCY".into(), ..returned.clone() };
        let said = [
            returned.then(PromiseState::Open, from_ms(3)),
            cy.then(PromiseState::Asked, from_ms(3)),
            cy.then(PromiseState::Open, from_ms(3)),
            returned.then(PromiseState::Withdrawn, from_ms(3)),
        ];
        let said = said.map(|after| read(&lost_no_more(&returned, &after)).replace("\n>send it", ""));
        assert_snapshot!(said.join("\n"), @"
        You took this on again:
        Then <@UCY> was asked for this:
        <@UCY> took this on:
        <@UANA> took this back:
        ");
    }
}
