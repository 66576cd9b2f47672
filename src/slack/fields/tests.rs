//! A field that is written is read back, as Slack's client would send it untouched.

use chrono::Timelike as _;
use proptest::{collection::vec, option::of, prelude::*, sample::subsequence};

use super::*;
use crate::{model::clock::from_ms, model::people::UserId};

fn user() -> impl Strategy<Value = UserId> {
    "[UW][A-Z0-9]{8,10}".prop_map(UserId)
}

fn conversation() -> impl Strategy<Value = ChannelId> {
    "[CG][A-Z0-9]{8,10}".prop_map(ChannelId)
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (1..=9_999_i32, 1..=366_u32).prop_filter_map("a day", |(year, day)| NaiveDate::from_yo_opt(year, day))
}

fn time() -> impl Strategy<Value = NaiveTime> {
    (0..24_u32, 0..60_u32)
        .prop_filter_map("a time", |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0))
}

/// Options of different values, and how many of them are chosen.
fn some_options() -> impl Strategy<Value = (Vec<SelectOption>, Vec<String>)> {
    vec("\\PC{0,20}", 1..30).prop_flat_map(|labels| {
        let options: Vec<SelectOption> = labels
            .into_iter()
            .enumerate()
            .map(|(n, label)| SelectOption { value: format!("{n} {label}"), label })
            .collect();
        let values: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
        let many = 0..=values.len();
        (Just(options), subsequence(values, many))
    })
}

/// Every kind of field, empty and filled, within its limits.
pub(super) fn field() -> impl Strategy<Value = Field> {
    let shape = || prop_oneof![Just(Shape::Menu), Just(Shape::Open)];
    let chosen_first = |chosen: Vec<String>| chosen.into_iter().next();
    let as_options = |(options, chosen): (Vec<SelectOption>, Vec<String>)| -> Vec<SelectOption> {
        options.into_iter().filter(|option| chosen.contains(&option.value)).collect()
    };
    prop_oneof![
        vec(user(), 0..5).prop_map(|chosen| Field::People { chosen, limit: 5 }),
        ("(\\PC|\n){0,60}", any::<bool>()).prop_map(|(written, multiline)| Field::Text {
            written,
            placeholder: String::new(),
            multiline,
            limit: 3_000
        }),
        of(any::<i64>()).prop_map(|written| Field::Number { written, least: Some(i64::MIN), most: None }),
        "([a-z]{1,8}@[a-z]{1,8}\\.org)?".prop_map(|written| Field::Email { written }),
        "(https?://[a-z]{1,8}\\.org/[a-z?&=%<>]{0,9})?".prop_map(|written| Field::Url { written }),
        of(date()).prop_map(|chosen| Field::Date { chosen }),
        of(time()).prop_map(|chosen| Field::Time { chosen }),
        of(1_000_000_000..=9_999_999_999_i64)
            .prop_map(|at| Field::Instant { chosen: at.map(|at| from_ms(at * 1_000)) }),
        (some_options(), shape()).prop_map(move |((options, chosen), shape)| Field::Choice {
            options,
            chosen: chosen_first(chosen),
            shape
        }),
        (some_options(), shape()).prop_map(|((options, chosen), shape)| Field::Choices {
            options,
            chosen,
            shape
        }),
        some_options()
            .prop_map(move |chosen| Field::Fed { chosen: as_options(chosen).pop(), least_typed: 2 }),
        some_options().prop_map(move |chosen| Field::FedMany {
            chosen: as_options(chosen),
            limit: 100,
            least_typed: 0
        }),
        of(user()).prop_map(|chosen| Field::Person { chosen }),
        of(conversation()).prop_map(|chosen| Field::Channel { chosen }),
        vec(conversation(), 0..5).prop_map(|chosen| Field::Channels { chosen, limit: 5 }),
    ]
}

/// The state that Slack's client sends for an untouched element.
fn untouched(element: &Value) -> Value {
    let mut state = json!({ "type": element["type"] });
    for (key, value) in element.as_object().expect("an element") {
        let key = match key.strip_prefix("initial_") {
            Some("value") => "value".to_owned(),
            Some(rest) => format!("selected_{rest}"),
            None => continue,
        };
        state[key] = value.clone();
    }
    state
}

proptest! {
    #[test]
    fn a_field_that_is_written_is_read_back(field in field()) {
        let element = json!(element(&field, "name").expect("an element"));
        prop_assert_eq!(&element["action_id"], "name");
        let state = json!({ "block": { "name": untouched(&element) } });
        prop_assert_eq!(answers(Some(&state)), BTreeMap::from([("name".to_owned(), field.answer())]));
    }

    #[test]
    fn no_state_makes_the_reader_fall(
        kind in "(multi_)?(static|external|users|channels|conversations)_select|checkboxes|number_input|datepicker|timepicker|datetimepicker",
        key in "(selected_)?(option|options|user|users|date|time|date_time|conversation|value)",
        text in ".{0,30}", number in any::<i64>(),
    ) {
        for held in [json!(text), json!(number), json!([text]), json!({ "value": text }), json!([{ "value": number }])] {
            let mut state = json!({ "type": kind });
            state[&key] = held;
            answer(&state);
        }
    }
}

#[test]
fn a_number_beyond_all_integers_stays_what_was_typed() {
    let typed = |text: &str| answer(&json!({ "type": "number_input", "value": text }));
    assert_eq!(typed("-7"), Some(FieldValue::Number(-7)));
    assert_eq!(typed("99999999999999999999"), Some(FieldValue::Text("99999999999999999999".to_owned())));
    assert_eq!(typed("1.5"), Some(FieldValue::Text("1.5".to_owned())));
}

#[test]
fn what_slack_would_refuse_is_left_out() {
    let option = |label: &str, value: &str| SelectOption { label: label.to_owned(), value: value.to_owned() };
    let choice =
        |options: Vec<SelectOption>, shape| Field::Choice { options, chosen: Some("v".into()), shape };
    assert_eq!(element(&choice(Vec::new(), Shape::Menu), "x"), None);
    assert_eq!(
        element(&choice(vec![option("a", ""), option("b", &"v".repeat(151))], Shape::Menu), "x"),
        None
    );
    let many: Vec<_> = (0..200).map(|n| option("", &n.to_string())).collect();
    for shape in [Shape::Menu, Shape::Open] {
        let menu = json!(element(&choice(many.clone(), shape), "x"));
        assert_eq!(
            (&menu["type"], menu["options"].as_array().unwrap().len()),
            (&json!("static_select"), 100)
        );
        assert_eq!(
            (&menu["initial_option"], &menu["options"][0]["text"]["text"]),
            (&Value::Null, &json!("–"))
        );
    }
    let open = json!(element(&choice(vec![option("V", "v")], Shape::Open), "x"));
    assert_eq!((&open["type"], &open["initial_option"]["value"]), (&json!("radio_buttons"), &json!("v")));
    let far = NaiveDate::from_ymd_opt(12_026, 1, 1);
    assert_eq!(json!(element(&Field::Date { chosen: far }, "x")).get("initial_date"), None);
    let long_ago = Field::Instant { chosen: Some(from_ms(5_000)) };
    assert_eq!(json!(element(&long_ago, "x")).get("initial_date_time"), None);
    let seconds = NaiveTime::from_hms_opt(9, 30, 59).unwrap().with_nanosecond(7);
    assert_eq!(json!(element(&Field::Time { chosen: seconds }, "x"))["initial_time"], "09:30");
}
