//! What a person reads who is back, of what they had promised before their account was off.

use chrono::NaiveDate;

use crate::{
    common::promises::{
        Promise, PromiseState,
        messages::{asker_of, due_at, quoted, take},
    },
    model::{message::Message, text::Markup},
    say,
};

/// What they had promised or were asked for, and no one has taken on since.
pub fn lost_meanwhile(promise: &Promise, today: NaiveDate) -> Message {
    let head = say!(
        "While your account was off, this lost its owner, and no one has taken it on since:\n{}",
        quoted(promise)
    );
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

/// What becomes of it once it has an owner again, or is taken back.
pub fn lost_no_more(before: &Promise, after: &Promise) -> Message {
    let said = match after.state {
        PromiseState::Withdrawn => say!("{} has taken this back:", asker_of(after)),
        _ if after.owner == before.owner => Markup::from("You've taken this on again:"),
        PromiseState::Asked => say!("{} is asked for this now:", &after.owner),
        _ => say!("{} has taken this on:", &after.owner),
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
        While your account was off, this lost its owner, and no one has taken it on since:
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
        You've taken this on again:
        <@UCY> is asked for this now:
        <@UCY> has taken this on:
        <@UANA> has taken this back:
        ");
    }
}
