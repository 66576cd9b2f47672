//! The fields with which another form asks for promises.

use crate::{
    common::setup::messages::input,
    model::{
        event::LONGEST_WORDS,
        message::{Block, Field},
        people::UserId,
    },
};

/// The names of the fields of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFields {
    pub what: String,
    pub who: String,
    pub date: String,
}

impl RequestFields {
    /// Those of all requests that a form takes.
    pub fn all() -> [RequestFields; 2] {
        [1, 2].map(|number| RequestFields {
            what: format!("promised_{number}"),
            who: format!("promised_{number}_who"),
            date: format!("promised_{number}_date"),
        })
    }
}

/// The fields with which the form of an occasion asks for promises. `owner` is chosen as the person of the first one, which has to be filled
/// in then: the form is for nothing else.
pub fn request_fields(owner: Option<&UserId>) -> Vec<Block> {
    let [first, second] = RequestFields::all();
    let what = || Field::Text {
        written: String::new(),
        placeholder: "Send the report to finance".to_owned(),
        multiline: true,
        limit: LONGEST_WORDS,
    };
    let asked = "I ask the person below by DM. Nothing is promised until they say yes.";
    let (who, when) = (
        "Without a name I ask you. With your own it's your promise, if you choose a date.",
        "Without a date they choose one.",
    );
    let fields =
        |fields: &RequestFields, (label, may_be_empty), owner, [asked, who, when]: [Option<&str>; 3]| {
            let person = Field::Person { chosen: owner };
            [
                input(&fields.what, label, asked, may_be_empty, what()),
                input(&fields.who, "Who'll do it?", who, true, person),
                input(&fields.date, "By when?", when, true, Field::Date { chosen: None }),
            ]
        };
    [
        fields(
            &first,
            ("What should be done next?", owner.is_none()),
            owner.cloned(),
            [Some(asked), Some(who), Some(when)],
        ),
        fields(&second, ("What else?", true), None, [None; 3]),
    ]
    .concat()
}
