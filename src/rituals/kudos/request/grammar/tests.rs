//! What holds for any command: who is thanked, what the reason keeps, and that no text takes long.

use proptest::prelude::*;

use super::*;
use crate::{
    model::{
        message::Message,
        text::{Markup, clean, escape, one_line, shorten},
    },
    rituals::kudos::{
        messages,
        plan::Objection,
        request::{Request, parse},
    },
};

fn person(n: usize) -> Mention {
    Mention::Person(UserId(format!("U{n}")))
}

/// A mention as Slack sends it, with and without a label.
fn mentioned() -> impl Strategy<Value = (usize, String)> {
    (0..99_usize, prop_oneof![Just(""), Just("|"), Just("|ana.b")])
        .prop_map(|(n, label)| (n, format!("<@U{n}{label}>")))
}

/// What may stand between two people.
fn joiner() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        prop::sample::select(vec![",", ";", ":", "/", "+", "&amp;", "-", "–", "—", "|", "·"])
            .prop_map(str::to_owned),
        prop::sample::select(vec![
            " ", "\n", "\t", "\u{a0}", "\u{3000}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}",
            "\u{200f}", "\u{202a}", "\u{202e}", "\u{2066}", "\u{2069}", "\u{feff}",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![" and ", " AND ", " plus ", " und ", " et ", " y ", " E ", ",und "])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(sign, 0..4).prop_map(|signs| signs.concat())
}

/// Words that begin with one that joins nothing.
fn words() -> impl Strategy<Value = String> {
    ("[b-df-xz]{4,7}", "[a-zé🦀&<>;: ]{0,20}").prop_map(|(first, more)| format!("{first} {more}"))
}

/// A reason with mentions in it, as typed, and without them.
fn reason() -> impl Strategy<Value = (String, String)> {
    let more = prop::collection::vec((mentioned(), words()), 0..4);
    (words(), more).prop_map(|(first, more)| {
        let (mut wire, mut plain) = (escape(&first), first);
        for ((n, mention), words) in more {
            wire += &mention;
            wire += &escape(&words);
            plain = format!("{plain}@{n}{words}");
        }
        (wire, plain)
    })
}

/// A reason with each mention as its number.
fn plain(reason: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Person(person, _) => format!("@{}", person.as_str().trim_start_matches('U')),
    };
    reason.iter().map(piece).collect()
}

/// What people see of a message: Slack's three escapes undone, once.
fn shown(message: &Message) -> String {
    unescape(message.text.as_str())
}

proptest! {
    #[test]
    fn each_mention_before_the_reason_is_a_receiver_none_after_and_no_word_is_lost(
        before in prop::sample::select(vec!["", " ", "\u{200f}", "\u{feff} "]),
        first in mentioned(),
        others in prop::collection::vec((joiner(), mentioned()), 0..6),
        (wire, expected) in reason(),
    ) {
        let mut text = format!("{before}{}", first.1);
        let mut people = vec![person(first.0)];
        for (between, (n, mention)) in others {
            text = format!("{text}{between}{mention}");
            people.push(person(n));
        }
        let parts = read(&clean(&format!("{text} {wire}")));
        prop_assert_eq!(parts.people, people);
        prop_assert_eq!(parts.unlinked, None);
        prop_assert_eq!(plain(&parts.reason), clean(&expected));
    }

    #[test]
    fn what_is_typed_comes_back_as_it_was_typed(typed in "[a-zA-Z&;<>#!|^@éß\u{301}\u{202e}🦀]{0,80}") {
        // A person types it, Slack escapes it, it is read, answered, and Slack shows the answer.
        let name = format!("@x{typed}");
        let Err(objection @ Objection::NotLinked(_)) = parse(&escape(&name)) else { panic!("{name}") };
        let quoted = shorten(&one_line(&name), 60);
        let answer = shown(&messages::objection(&objection, "/kudos"));
        prop_assert!(answer.starts_with(&format!("I don't know \"{quoted}\". ")), "{answer}");
        let word = format!("x{typed}x");
        if let Err(objection @ Objection::Unknown(..)) = parse(&escape(&word)) {
            let answer = shown(&messages::objection(&objection, "/kudos"));
            prop_assert!(answer.starts_with(&format!("I don't know \"{}\". ", shorten(&one_line(&word), 60))), "{answer}");
        }
        let Ok(Request::Give(draft)) = parse(&format!("<@U1> for {}", escape(&word))) else { panic!("{word}") };
        let [Piece::Words(reason)] = &draft.reason[..] else { panic!("{draft:?}") };
        let told = shown(&messages::announcement(Some(&word), &[], reason));
        let name = shorten(&clean(&word), 80);
        prop_assert_eq!(told, format!(":tada: *{name}* thanks \n>{}", clean(&word)));
    }

    #[test]
    fn any_bytes_between_people_are_read_without_losing_a_mention(between in "\\PC{0,12}", n in 0..9_usize) {
        let parts = read(&clean(&format!("<@U1>{}<@U{n}>", escape(&between))));
        let in_reason = parts.reason.iter().filter(|piece| matches!(piece, Piece::Person(..))).count();
        prop_assert!(parts.unlinked.is_some() || parts.people.len() + in_reason == 2, "{parts:?}");
    }
}

#[test]
fn a_mention_right_behind_the_people_is_set_aside() {
    let aside = |text: &str| read(text).aside;
    for text in
        ["<@U1> via <@U2>", "<@U1> (with <@U2>)", "<@U1> as well as <@U2> for lunch", "<@U1> & you, <@U2>"]
    {
        assert_eq!(aside(text), [person(2)], "{text}");
    }
    assert_eq!(aside("<@U1> with <@U2>, <!here> and <@U3|cy> for <@U4>"), [person(2), person(3)]);
    for text in
        ["<@U1> for <@U2>", "<@U1> helped me for <@U2>", "<@U1> did it so well that <@U2> laughed", "<@U1> x"]
    {
        assert_eq!(aside(text), [], "{text}");
    }
}

/// A text that is read in more than linear time would keep this test for many minutes.
#[test]
fn two_hundred_thousand_characters_are_read_at_once() {
    const MANY: usize = 200_000;
    for piece in [
        "<",
        "<@",
        "<@U1",
        "<@U1>",
        "<@U1>, ",
        "(",
        "(<@U1>",
        "<@U1> and ",
        "and ",
        ", ",
        "@",
        "@a",
        ":",
        ":a",
        "e",
        "e ",
        "x ",
        "&amp;",
        "&",
        "\u{200d}",
        "\u{301}",
        "\u{3164}",
        "9",
        "for ",
        "\r\n",
        "<@U1> (",
    ] {
        let text = piece.repeat(MANY / piece.len());
        for typed in
            [text.clone(), format!("<@U1> {text}"), format!("<@U1> via {text}>"), format!("{text}<@U1> x")]
        {
            let answer = match parse(&typed) {
                Ok(Request::Give(draft)) => {
                    assert!(draft.people.len() + draft.reason.len() <= MANY, "{piece}");
                    continue;
                }
                Ok(_) => continue,
                Err(objection) => messages::objection(&objection, "/kudos"),
            };
            assert!(answer.text.as_str().len() < 1_000, "{piece}");
        }
    }
    assert_eq!(Markup::quoted(&"9".repeat(MANY)).as_str().chars().count(), 62);
}
