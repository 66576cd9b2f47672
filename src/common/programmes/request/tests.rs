//! What people type, as it is understood.

use proptest::prelude::*;

use super::*;
use crate::model::people::UserId;

#[test]
fn each_request_is_understood() {
    let start = |times: &str| Request::Start(times.to_owned());
    for (sent, request) in [
        ("", Request::Bare),
        (" \u{200b}", Request::Bare),
        ("?", Request::Help),
        ("  HELP me", Request::Help),
        ("start every  Tuesday at 10:00", start("every Tuesday at 10:00")),
        ("start: weekly", start("weekly")),
        ("Start", start("")),
        ("move &lt;3", Request::Move("<3".to_owned())),
        ("Move.", Request::Move(String::new())),
        ("start <@U1|ana>", start("@ana")),
        ("stop", Request::Stop),
        ("End.", Request::Stop),
        ("status", Request::Status),
        ("“status”", Request::Status),
        ("join!", Request::Join),
        ("LEAVE.", Request::Leave),
        ("\u{200b}leave\u{202e}", Request::Leave),
        ("snooze", Request::Skip),
        ("away", Request::Away(String::new())),
        ("AWAY until Friday!", Request::Away("until Friday!".to_owned())),
        ("back.", Request::Back),
        ("stop Weekly", Request::Named(Verb::Stop, "Weekly".to_owned())),
        ("end Weekly", Request::Named(Verb::Stop, "Weekly".to_owned())),
        ("cancel 6 January", Request::Cancel("6 January".to_owned())),
    ] {
        assert_eq!(parse(sent), request, "{sent:?}");
    }
}

#[test]
fn what_is_not_understood_to_its_end_is_unknown() {
    for (sent, meant) in [
        ("stop?", Some(Verb::Stop)),
        ("end of the month at 10:00", Some(Verb::Start)),
        ("status?", Some(Verb::Status)),
        ("stauts", Some(Verb::Status)),
        ("jion", Some(Verb::Join)),
        ("puase", Some(Verb::Pause)),
        ("awya", Some(Verb::Away)),
        ("OOO", Some(Verb::Away)),
        ("bakc", Some(Verb::Back)),
        ("every Tuesday", None),
        ("0 10 * * 2", None),
        ("🦀", None),
        ("<@U1|stop>", Some(Verb::Stop)),
    ] {
        assert_eq!(parse(sent), Request::Unknown(meant), "{sent:?}");
    }
}

#[test]
fn a_move_says_from_and_to() {
    for (text, parts) in [
        ("8 December to 9 December at 15:00", ("8 December", "9 December at 15:00")),
        ("today to tomorrow", ("today", "tomorrow")),
        ("Tuesday TO 15:00", ("Tuesday", "15:00")),
        ("to Friday", ("", "Friday")),
        ("Tuesday", ("Tuesday", "")),
        ("", ("", "")),
    ] {
        assert_eq!(from_and_to(text), parts, "{text}");
    }
}

#[test]
fn a_number_and_a_name_stand_behind_a_rituals_own_word() {
    for (text, parts) in [
        ("", ("", None)),
        ("3", ("", Some(3))),
        ("called Lunch", ("Lunch", None)),
        ("3 called Lunch", ("Lunch", Some(3))),
        ("@ben", ("", None)),
        ("with @ben", ("", None)),
        ("with @U1 called Lunch", ("Lunch", None)),
        ("Without", ("Without", None)),
        ("Lunch", ("Lunch", None)),
        ("3 birds", ("3 birds", None)),
        ("5000", ("5000", None)),
    ] {
        assert_eq!(name_and_number(text), parts, "{text}");
    }
}

#[test]
fn a_programme_is_handed_over_to_a_person() {
    for (sent, rest, person) in [
        ("hand over to <@U1|ben>", "to @ben", Some("U1")),
        ("Hand over <@U1>", "@U1", Some("U1")),
        ("handover to <@U1|ben> called Lunch", "to @ben called Lunch", Some("U1")),
        ("hand over", "", None),
        ("hand over to ben", "to ben", None),
        ("hand over <!here>", "@here", None),
    ] {
        assert_eq!(parse(sent), Request::HandOver(rest.to_owned()), "{sent}");
        assert_eq!(person_in(sent), person.map(UserId::from), "{sent}");
    }
    assert_eq!(parse("hand overalls"), Request::Unknown(None));
}

#[test]
fn a_pause_says_how_long_and_which() {
    for (text, parts) in [
        ("until 7 January", ("until 7 January", "")),
        ("UNTIL 7 January called Lunch", ("UNTIL 7 January", "Lunch")),
        ("called Lunch until 7 January", ("until 7 January", "Lunch")),
        ("Lunch until 7 January", ("until 7 January", "Lunch")),
        ("for 2 weeks", ("for 2 weeks", "")),
        ("until", ("until", "")),
        ("called Early birds", ("", "Early birds")),
        ("Coffee for two", ("", "Coffee for two")),
        ("forever", ("", "forever")),
        ("", ("", "")),
    ] {
        assert_eq!(span_and_name(text), parts, "{text}");
    }
}

#[test]
fn what_follows_a_word_may_be_a_name() {
    for (sent, word, name) in [
        ("leave Lunch", Verb::Leave, "Lunch"),
        ("leave <@U1|hugo>", Verb::Leave, "@hugo"),
        ("stop, please", Verb::Stop, "please"),
        ("skip 2026-12-25", Verb::Skip, "2026-12-25"),
        ("pause early birds", Verb::Pause, "early birds"),
    ] {
        assert_eq!(parse(sent), Request::Named(word, name.to_owned()), "{sent:?}");
    }
}

#[test]
fn a_rituals_own_word_may_have_a_name_behind_it() {
    for (sent, name) in [
        ("next", Some("")),
        (" NEXT. ", Some("")),
        ("next !", Some("")),
        ("next Early birds", Some("Early birds")),
        ("nextdoor", None),
        ("what is next", None),
        ("next?", None),
        ("", None),
    ] {
        assert_eq!(behind(sent, "next").as_deref(), name, "{sent:?}");
    }
}

#[test]
fn a_name_stands_behind_called() {
    for (text, times, name) in [
        ("every Tuesday at 10:00 called Lunch", "every Tuesday at 10:00", "Lunch"),
        ("weekly CALLED early birds", "weekly", "early birds"),
        ("called Lunch", "", "Lunch"),
        ("recalled Lunch", "recalled Lunch", ""),
        ("weekly called", "weekly called", ""),
        ("É called ÉÉ", "É", "ÉÉ"),
        ("every called called called", "every", "called called"),
    ] {
        assert_eq!(times_and_name(text), (times, name), "{text}");
    }
}

#[test]
fn a_cancellation_has_a_date_and_perhaps_a_name_and_a_reason() {
    for (text, parts) in [
        ("13 January", ("13 January", "", "")),
        ("13 January called Early birds", ("13 January", "Early birds", "")),
        ("13 January BECAUSE of it", ("13 January", "", "of it")),
        ("Tuesday called Lunch because it is called off", ("Tuesday", "Lunch", "it is called off")),
        ("because", ("because", "", "")),
        ("", ("", "", "")),
    ] {
        assert_eq!(date_name_and_reason(text), parts, "{text}");
    }
    assert_eq!(kept_reason(" of\u{202e} it. ").as_deref(), Some("of it"));
    assert_eq!(kept_reason(&"x".repeat(201)), None);
}

#[test]
fn times_are_told_from_other_words() {
    for times in ["every Blursday", "0 10 * * 2", "at 9", "Monday", "last Fri", "the 1st"] {
        assert!(says_times(times), "{times}");
    }
    for other in ["", "hello there", "🦀", "please", "@hugo"] {
        assert!(!says_times(other), "{other}");
    }
}

#[test]
fn a_text_is_what_was_typed() {
    for (sent, text) in [
        ("<@U1|hugo> &amp;amp; <#C1|general>", "@hugo &amp; #general"),
        ("<!subteam^S1|@design> <!here> <!channel|channel>", "@design @here @channel"),
        (
            "<https://a.example/?a&amp;b> <mailto:a@b.example|a@b.example>",
            "https://a.example/?a&b a@b.example",
        ),
        ("&lt;@U1&gt; <@U2>", "<@U1> @U2"),
        ("a\n\tb <c", "a b <c"),
        ("<> <é|> <|x>", " é x".trim()),
    ] {
        assert_eq!(typed(sent), text, "{sent}");
    }
}

fn acts(request: &Request) -> bool {
    !matches!(
        request,
        Request::Unknown(_)
            | Request::Named(..)
            | Request::Bare
            | Request::Help
            | Request::Start(_)
            | Request::Away(_)
            | Request::Cancel(_)
            | Request::Move(_)
    )
}

proptest! {
    #[test]
    fn no_text_behind_a_word_is_passed_over(word in 0..WORDS.len(), rest in "(\\PC|[<>&@#|!?\u{200b}\u{202e}\n]){1,40}") {
        let (word, _) = WORDS[word];
        let request = parse(&format!("{word} {rest}"));
        let says_more = typed(&rest).chars().any(|letter| !letter.is_whitespace() && !HARMLESS.contains(letter));
        prop_assert!(!acts(&request) || !says_more, "{:?}", request);
    }

    #[test]
    fn any_text_has_times_and_perhaps_a_name(text in "(\\PC|called |é|🦀){0,20}") {
        let (times, name) = times_and_name(&text);
        prop_assert!(text.contains(times) && text.contains(name));
    }

    #[test]
    fn any_text_is_read(text in "(\\PC|[<>&@#|!\u{200b}\u{202e}\n\0]){0,80}") {
        if acts(&parse(&text)) {
            let bare: String = typed(&text).chars().filter(|letter| letter.is_alphanumeric()).collect();
            prop_assert!(known(&bare.to_lowercase()).is_some(), "{:?}", text);
        }
    }
}
