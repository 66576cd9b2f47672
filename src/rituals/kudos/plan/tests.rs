//! Properties that hold for any text that people can type.

use proptest::prelude::*;

use super::*;
use crate::rituals::kudos::{
    messages,
    request::{Request, parse},
};

const GIVER: &str = "U0GIVER";

fn person(id: &UserId, kind: PersonKind, deactivated: bool) -> Person {
    Person { id: id.clone(), name: format!("<!{id}> & co"), zone: None, kind, deactivated, admin: false }
}

/// People by number: every fifth is a bot, every seventh has left, and of every third nothing is known.
fn directory() -> BTreeMap<UserId, Person> {
    let known = (0..120).filter(|n| n % 3 != 0).map(|n| {
        let id = UserId(format!("U{n}"));
        let kind = if n % 5 == 0 { PersonKind::Bot } else { PersonKind::Guest };
        (id.clone(), person(&id, kind, n % 7 == 0))
    });
    let giver = UserId::from(GIVER);
    known.chain([(giver.clone(), person(&giver, PersonKind::Member, false))]).collect()
}

/// A person, who is the giver now and then.
fn somebody() -> impl Strategy<Value = UserId> {
    prop_oneof![1 => Just(UserId::from(GIVER)), 12 => (0..120).prop_map(|n| UserId(format!("U{n}")))]
}

/// What a person may type: words, mentions whole and torn, and what is none.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        "[ ,;:+\n@#&<>|!*_`~-]{1,4}",
        (0..120, prop_oneof![Just(""), Just("|"), Just("|na<me"), Just("|ana b")])
            .prop_map(|(n, label)| format!("<@U{n}{label}>")),
        Just("<!channel> <!here|@here> ".to_owned()),
        Just("<!subteam^S1|@design> <!subteam^S2>".to_owned()),
        Just("<https://a.example/?x=1&amp;y|a label> <#C1|general> <mailto:a@b.example>".to_owned()),
        Just("&lt;!channel&gt; &amp;lt; for and help mine".to_owned()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn rules() -> impl Strategy<Value = Rules> {
    (prop::option::of(0..80_i64), any::<bool>())
        .prop_map(|(allowance, reason_required)| Rules { allowance, reason_required })
}

/// Every message that a reason or a name can come into.
fn messages_of(draft: &GiftDraft, outcome: &Result<Gift, Objection>) -> Vec<crate::model::message::Message> {
    let giver = UserId::from(GIVER);
    let handles = draft.groups.iter().map(|(_, handle)| Objection::UnknownGroup(handle.clone()));
    let mut all: Vec<_> = handles.map(|objection| messages::objection(&objection, "/kudos")).collect();
    match outcome {
        Err(objection) => all.push(messages::objection(objection, "/kudos")),
        Ok(gift) => {
            let kept = StoredGift {
                id: "1".to_owned(),
                giver: giver.clone(),
                channel: "C1".into(),
                reason: gift.reason.clone(),
                people: size(gift.receivers.len()),
                local_date: "2026-01-05".to_owned(),
                given_at: Instant::default(),
                undone_at: None,
            };
            all.push(messages::confirmation(gift, "1", 10, true));
            let name = known_as(directory().get(&giver), None);
            all.push(messages::announcement(name.as_deref(), &gift.receivers, &gift.reason));
            all.push(messages::private_announcement(name.as_deref(), &gift.receivers, &giver, &gift.reason));
            let sent = [(kept.clone(), gift.receivers.clone())];
            let (zone, today) = (chrono_tz::Tz::UTC, Instant::default().date_naive());
            let mine = messages::Mine {
                given_count: GivenCount { people: 1, gifts: 1 },
                got_count: 1,
                given: &sent,
                got: &[kept],
                left: Some((3, 9)),
                zone,
                today,
            };
            all.push(messages::mine(&mine, "/kudos"));
            all.push(messages::same_again(&gift.receivers, None));
            all.push(messages::told_privately(&gift.receivers, &"C1".into(), &giver, "not_in_channel"));
        }
    }
    all
}

/// The text without the mentions of people, which are the only thing in angle brackets that we make.
fn without_our_mentions(text: &str) -> String {
    let mut parts = text.split("<@");
    let mut left = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (id, rest) = part.split_once('>').expect("a mention ends");
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric()), "{id} is no id");
        left.push_str(rest);
    }
    left
}

fn check_what_is_rendered(draft: &GiftDraft, outcome: &Result<Gift, Objection>) {
    for message in messages_of(draft, outcome) {
        let wire = serde_json::json!(crate::slack::blocks::Ephemeral::new(&message));
        let mut texts = Vec::new();
        collect_texts(&wire, &mut texts);
        for text in texts {
            let left = without_our_mentions(&text);
            assert!(!left.contains('<'), "{left}");
        }
    }
}

fn collect_texts(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        serde_json::Value::Object(fields) => {
            if let Some(serde_json::Value::String(text)) = fields.get("text") {
                texts.push(text.clone());
            }
            fields.values().for_each(|field| collect_texts(field, texts));
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_text_is_understood_or_objected_to_and_rendered_safely(text in typed(), rules in rules()) {
        match parse(&text) {
            Ok(Request::Give(draft)) => {
                prop_assert!(!draft.people.is_empty() || !draft.groups.is_empty());
                let outcome = gift(&draft, &["U1".into(), "U2".into()], &GIVER.into(), &directory(), rules);
                check_what_is_rendered(&draft, &outcome);
            }
            Ok(Request::Form | Request::Help | Request::Mine) => {}
            Err(objection) => check_what_is_rendered(&GiftDraft::default(), &Err(objection)),
        }
    }

    #[test]
    fn any_bytes_at_all_are_understood_or_objected_to(text in any::<String>()) {
        if let Ok(Request::Give(draft)) = parse(&format!("<@U1>{text}")) {
            check_what_is_rendered(&draft, &gift(&draft, &[], &GIVER.into(), &directory(), Rules { allowance: None, reason_required: false }));
        }
    }

    #[test]
    fn whoever_is_thanked_may_be_and_is_named_once_and_people_come_before_groups(
        people in prop::collection::vec(somebody(), 0..60),
        members in prop::collection::vec(somebody(), 0..30),
        rules in rules(),
    ) {
        let (giver, directory) = (UserId::from(GIVER), directory());
        let draft = draft_of_form(people.clone(), "lunch");
        let Ok(gift) = gift(&draft, &members, &giver, &directory, rules) else { return Ok(()) };
        let distinct: BTreeSet<&UserId> = gift.receivers.iter().collect();
        prop_assert_eq!(distinct.len(), gift.receivers.len());
        prop_assert!((1..=MOST_PEOPLE).contains(&gift.receivers.len()));
        prop_assert!(rules.allowance.is_none_or(|allowance| size(gift.receivers.len()) <= allowance));
        for receiver in &gift.receivers {
            prop_assert_ne!(receiver, &giver);
            let known = directory.get(receiver);
            prop_assert!(known.is_none_or(|person| person.kind != PersonKind::Bot && !person.deactivated));
        }
        // Each person who was named is thanked or said to be left out; the named stand first, in their order.
        let mut named = people;
        let mut met = BTreeSet::new();
        named.retain(|person| met.insert(person.clone()));
        let (thanked, left_out): (Vec<_>, Vec<_>) = named.into_iter().partition(|person| distinct.contains(person));
        prop_assert_eq!(&gift.receivers[..thanked.len()], &thanked[..]);
        prop_assert_eq!(gift.left_out.iter().map(|(person, _)| person.clone()).collect::<Vec<_>>(), left_out);
        prop_assert!(gift.receivers[thanked.len()..].iter().all(|person| members.contains(person)));
    }

    #[test]
    fn a_gift_is_known_again_whatever_the_order_of_its_people(
        people in prop::collection::btree_set(somebody(), 1..20),
        turn in any::<prop::sample::Index>(),
        reason in "\\PC{0,20}",
    ) {
        let straight: Vec<UserId> = people.into_iter().collect();
        let mut turned = straight.clone();
        turned.rotate_left(turn.index(straight.len()));
        let of = |receivers: &[UserId], reason: &str| {
            fingerprint(&Gift { receivers: receivers.to_vec(), reason: reason.to_owned(), left_out: Vec::new(), aside: Vec::new() })
        };
        prop_assert_eq!(of(&straight, &reason), of(&turned, &reason));
        prop_assert_ne!(of(&straight, &reason), of(&straight, &format!("{reason}!")));
        prop_assert_ne!(of(&straight, &reason), of(&straight[1..], &reason));
    }

    #[test]
    fn what_is_refused_unseen_would_be_refused_after_a_look_too(
        people in prop::collection::vec((0..1_000).prop_map(|n| UserId(format!("U9{n}"))), 0..600),
    ) {
        let draft = GiftDraft { people, ..GiftDraft::default() };
        if let Some(objection) = oversized(&draft) {
            let rules = Rules { allowance: None, reason_required: false };
            prop_assert_eq!(gift(&draft, &[], &GIVER.into(), &BTreeMap::new(), rules), Err(objection));
        }
    }
}

#[test]
fn people_are_a_prefix_and_what_follows_is_the_reason() {
    let reason = |text: &str| match parse(text) {
        Ok(Request::Give(draft)) => {
            (draft.people.len() + draft.groups.len(), words(&draft.reason, &BTreeMap::new()))
        }
        other => panic!("{text}: {other:?}"),
    };
    for (text, people, expected) in [
        ("<@U1> for lunch", 1, "lunch"),
        ("<@U1>: lunch", 1, "lunch"),
        ("<@U1> – FOR lunch", 1, "lunch"),
        ("<@U1> :tada: for the launch", 1, ":tada: for the launch"),
        ("<@U1>:tada: nice", 1, ":tada: nice"),
        ("<@U1> : a colon", 1, ": a colon"),
        ("<@U1>\n- one\n- two", 1, "- one\n- two"),
        ("(<@U1>, <@U2>): lunch", 2, "lunch"),
        ("<@U1> (and [<@U2>]) for lunch", 2, "lunch"),
        ("<@U1> (<@U2> was ill) for lunch", 1, "(@someone was ill) for lunch"),
        ("<@U1> (<@U2>) (<@U3> was ill)", 2, "(@someone was ill)"),
        ("<@U1> e-mail me", 1, "e-mail me"),
        ("<@U1> andy <@U2>", 1, "andy @someone"),
        ("<@U1> \u{2066}UND\u{200d} <@U2> E <@U3> lunch", 3, "lunch"),
        ("<@U1> &amp;amp; <@!channel> <a b", 1, "&amp; <@!channel> <a b"),
        ("<@U1> for &amp;lt;3 and &amp;amp;amp; more;", 1, "&lt;3 and &amp;amp; more;"),
        ("<@U1> for \u{200b}\u{301}", 1, ""),
        ("<@U1>,<@W2>;<!subteam^S1> + <@U3> and <@U4> lunch", 5, "lunch"),
        ("<@U1> &amp; <@U2> for R&amp;D", 2, "R&D"),
        ("<@U1> and thanks for all", 1, "and thanks for all"),
        ("<@U1> for helping <@U2|ben>", 1, "helping @ben"),
        ("<@U1> forty times", 1, "forty times"),
        ("<@U1>\nfor\nlunch", 1, "lunch"),
        ("<@U1> 1 < 2 and <", 1, "1 < 2 and <"),
        ("<@U1> for", 1, ""),
    ] {
        assert_eq!(reason(text), (people, expected.to_owned()), "{text}");
    }
}

#[test]
fn wishes_are_told_apart() {
    for (text, wish) in [
        ("", Request::Form),
        (" \n\u{200b}", Request::Form),
        ("\u{feff}mine\u{202c}", Request::Mine),
        ("Help", Request::Help),
        ("?", Request::Help),
        ("me", Request::Mine),
    ] {
        assert_eq!(parse(text), Ok(wish), "{text:?}");
    }
    let unknown = |typed: &str, nearest| Err(Objection::Unknown(typed.to_owned(), nearest));
    assert_eq!(parse("help me"), unknown("help me", Some("help")));
    assert_eq!(parse("Mien"), unknown("Mien", Some("mine")));
    assert_eq!(parse("stauts"), unknown("stauts", None));
    assert_eq!(parse("R&amp;D"), unknown("R&D", None));
    assert_eq!(parse("thanks ben"), Err(Objection::Nobody));
    assert_eq!(parse("for <@U1>"), Err(Objection::NamedLater));
    assert_eq!(parse("@ana, for lunch"), Err(Objection::NotLinked("@ana".to_owned())));
    assert_eq!(parse("<@U1> AND @R&amp;D; lunch"), Err(Objection::NotLinked("@R&D;".to_owned())));
    assert_eq!(parse("@"), Err(Objection::NotLinked("@".to_owned())));
    assert_eq!(parse("<@U1> @Channel for lunch"), Err(Objection::Crowd("channel".to_owned())));
    assert_eq!(parse("<@U1> @here for lunch"), Err(Objection::Crowd("here".to_owned())));
    assert_eq!(parse(&format!("<@U{}> for lunch", "1".repeat(64))), Err(Objection::Nobody), "that is no id");
}
