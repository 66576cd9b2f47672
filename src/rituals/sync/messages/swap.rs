//! What people read when they swap turns.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    WORDS,
    before::{SyncPlace, answers, moved_to, ways_out},
};
use crate::{
    common::{
        programmes::messages::{way_of, when},
        setup::messages::input,
    },
    model::{
        cadence::Occurrence,
        message::{Block, Button, ButtonStyle, Field, Message, Modal, SelectOption, Shape},
        people::{Person, UserId},
        text::{Markup, date, one_line, shorten},
    },
    say,
};

/// The form's callback.
pub const FORM: &str = "sync:swap";
/// Its fields: the person, and what they get for it.
pub const PERSON: &str = "person";
pub const IN_RETURN: &str = "in_return";
/// The options of the second field.
pub const THEIR_NEXT: &str = "next";
const NOTHING: &str = "nothing";

/// The actions of the person who is asked. The value is the programme and the offer.
pub const YES: &str = "sync:swap_yes";
pub const NO: &str = "sync:swap_no";

/// How many options Slack takes in a menu, and how long each may be.
pub const MOST_OPTIONS: usize = 100;
const LONGEST_OPTION: usize = 75;

/// Returns the menu of those who can lead instead; where it can't hold them or tell them apart, a picker of everyone.
fn with_whom(others: &BTreeSet<UserId>, known: &BTreeMap<UserId, Person>) -> Field {
    let option = |user: &UserId| {
        let label = shorten(&one_line(&known.get(user)?.name), LONGEST_OPTION);
        Some((label.to_lowercase(), SelectOption { label, value: user.as_str().to_owned() }))
    };
    let by_name: BTreeMap<String, SelectOption> = others.iter().filter_map(option).collect();
    if by_name.len() < others.len() || others.len() > MOST_OPTIONS {
        return Field::Person { chosen: None };
    }
    Field::Choice { options: by_name.into_values().collect(), chosen: None, shape: Shape::Menu }
}

/// The form that asks with which of the others.
pub fn form(
    place: &SyncPlace<'_>,
    (others, known): (&BTreeSet<UserId>, &BTreeMap<UserId, Person>),
    private: String,
) -> Modal {
    let option = |label: &str, value: &str| SelectOption { label: label.to_owned(), value: value.to_owned() };
    let in_return = Field::Choice {
        options: vec![
            option("I take their next turn", THEIR_NEXT),
            option("Nothing: my own turn comes later", NOTHING),
        ],
        chosen: Some(THEIR_NEXT.to_owned()),
        shape: Shape::Open,
    };
    Modal {
        callback: FORM.to_owned(),
        title: "Swap your turn".to_owned(),
        submit: "Ask them".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks: vec![
            Block::Text(say!("Who could lead {} in your place? I'll ask them.", place.say())),
            input(PERSON, "With whom?", None, false, with_whom(others, known)),
            input(IN_RETURN, "In return", None, false, in_return),
        ],
        tell_closed: false,
    }
}

/// What a person reads where no one else can lead.
pub fn no_one_else(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("No one else can lead {}, so there's no one to swap with.", place.say()))
}

/// What stands at the person where they can't take the turn.
pub const NO_PERSON: &str = "Choose a person.";
pub const YOURSELF: &str = "That's you. Choose a colleague.";
pub const CANNOT_LEAD: &str =
    "They don't take part in that sync, or aren't there that day. Choose another colleague.";

/// What the other person reads. `in_return` is the date of theirs that the first one takes.
pub fn offer(place: &SyncPlace<'_>, from: &UserId, in_return: Option<NaiveDate>, value: &str) -> Message {
    let button = |label: &str, action: &str, look| Button {
        label: label.to_owned(),
        action: action.to_owned(),
        value: value.to_owned(),
        look,
    };
    let counts = match in_return {
        Some(day) => say!("In return, {} leads on {} in your place.", from, date(day)),
        None => Markup::from("It counts as your turn, so your next one comes later."),
    };
    Message::new(say!(
        "{} {} asks whether you'd lead {} in their place. {}",
        WORDS.emoji,
        Markup::first(from),
        place.say(),
        counts
    ))
    .with_context("Nothing changes unless you say yes.")
    .with_buttons(vec![
        button("Yes, I'll take it", YES, ButtonStyle::Primary),
        button("No", NO, ButtonStyle::Plain),
    ])
}

/// What the person reads who has asked for a swap; `later` is when the other is asked, if that isn't now.
pub fn offered(
    place: &SyncPlace<'_>,
    to: &UserId,
    in_return: (bool, Option<NaiveDate>),
    later: Option<&Occurrence>,
) -> Message {
    let message = Message::new(say!(
        "{} {} to lead {}. Until they say yes, it's still your turn.",
        if later.is_some() { "I'll ask" } else { "I've asked" },
        to,
        place.say()
    ));
    let message = match later {
        Some(later) => {
            message.with_context(say!("They aren't at work now, so I'll ask them on {}.", when(later)))
        }
        None => message,
    };
    match in_return {
        (_, Some(day)) => message.with_context(say!("In return, you'd lead on {}.", date(day))),
        (true, None) => message.with_context(
            "They have no turn after the next sync that you could take in return: your own turn comes later.",
        ),
        (false, None) => message,
    }
}

/// What they read once when no answer came while another would have been asked.
pub fn unanswered(place: &SyncPlace<'_>, to: &UserId, value: &str) -> Message {
    Message::new(say!("{} hasn't answered yet whether they'd lead {}. It's still your turn.", Markup::first(to), place.say()))
        .with_context(
            "They can still say yes until it begins. Without a yes, I'll announce you as the lead; *Swap with…* asks another \
             colleague, and with *Can't this time* I'll ask the next in line.",
        )
        .with_buttons(answers(value))
}

/// What the messages about the former date become once a sync moves that another leads in the person's place.
pub fn moved(old: &SyncPlace<'_>, new: &Occurrence, to: &UserId) -> Message {
    Message::new(say!("{} You've swapped this turn with {}.", moved_to(old, new), to))
}

/// What a person can do who leads on a date in return, and can't.
pub fn if_return_fails(day: NaiveDate) -> Markup {
    say!("If something comes up on {}, press *Swap with…* or *Can't after all*.", date(day))
}

/// What the person reads who has said yes.
pub fn taken(place: &SyncPlace<'_>, from: &UserId, in_return: Option<NaiveDate>, value: &str) -> Message {
    let message =
        Message::new(say!(":white_check_mark: You lead {} in place of {}. Thank you!", place.say(), from));
    let message = match in_return {
        Some(day) => message.with_context(say!("{} leads on {} in your place.", from, date(day))),
        None => message,
    };
    message.with_buttons(ways_out(value))
}

/// What the person reads who has said no.
pub fn refused(place: &SyncPlace<'_>, from: &UserId) -> Message {
    Message::new(say!("You've said no to leading {}. I've told {}.", place.say(), from))
}

/// What the person reads who has asked, and the other said no.
pub fn refused_by(place: &SyncPlace<'_>, to: &UserId, value: &str) -> Message {
    Message::new(say!(
        "{} can't lead {} in your place, so it's still your turn.",
        Markup::first(to),
        place.say()
    ))
    .with_context("Press *Swap with…* to ask another colleague.")
    .with_buttons(ways_out(value))
}

/// What the question to the other becomes, as the person reads it who has asked.
pub fn said_no(place: &SyncPlace<'_>, to: &UserId) -> Message {
    Message::new(say!("I asked {} to lead {}, and they said no.", to, place.say()))
}

/// The same where they said yes, or this person leads without having waited for them.
pub fn answered(place: &SyncPlace<'_>, to: &UserId, lead: &UserId) -> Message {
    if to == lead {
        return Message::new(say!("I asked {} to lead {}, and they said yes.", to, place.say()));
    }
    Message::new(say!(
        "I asked {} to lead {}. {} leads it now, so I've withdrawn the question.",
        to,
        place.say(),
        Markup::first(lead)
    ))
}

/// What a person reads who has led for another, who doesn't lead in return after all.
pub fn return_given_back(place: &SyncPlace<'_>, from: &UserId, led: NaiveDate) -> Message {
    Message::new(say!(
        "{} can't lead {} after all, which was in return for {}. Thanks again for leading then!",
        Markup::first(from),
        place.say(),
        date(led)
    ))
    .with_context("Your turn of then counts all the same, so your next one comes later.")
}

/// The same where the question was withdrawn before, and the turn has changed since.
pub fn over(place: &SyncPlace<'_>, to: &UserId) -> Message {
    Message::new(say!(
        "I had asked {} to lead {}. That question is over, and the turn has changed since.",
        to,
        place.say()
    ))
}

/// The same where they have kept the turn.
pub fn kept(place: &SyncPlace<'_>, to: &UserId) -> Message {
    Message::new(say!(
        "I asked {} to lead {}. You've said that you do it yourself, so I've withdrawn the question.",
        to,
        place.say()
    ))
}

/// The same where the other isn't there.
pub fn withdrawn(place: &SyncPlace<'_>, to: &UserId) -> Message {
    Message::new(say!(
        "I asked {} to lead {}. They aren't there, so I've withdrawn the question.",
        to,
        place.say()
    ))
}

/// What the person reads who has asked, and the other isn't there that day.
pub fn not_there(place: &SyncPlace<'_>, to: &UserId, value: &str) -> Message {
    Message::new(say!(
        "{} won't be there for {}, so I've withdrawn your question. It's still your turn.",
        Markup::first(to),
        place.say()
    ))
    .with_context("Press *Swap with…* to ask another colleague.")
    .with_buttons(ways_out(value))
}

/// The same where the other said yes, and doesn't lead after all.
pub fn given_up(place: &SyncPlace<'_>, to: &UserId) -> Message {
    Message::new(say!(
        "{} was to lead {} in your place, and doesn't any more.",
        Markup::first(to),
        place.say()
    ))
}

/// What the question becomes for the person who was asked, once it needs no answer.
pub fn settled(place: &SyncPlace<'_>, from: &UserId) -> Message {
    if from.is_pseudonym() {
        return Message::new(say!(
            "You were asked whether you'd lead {} in another person's place. That's settled, so there's nothing to do.",
            place.say()
        ));
    }
    Message::new(say!(
        "{} asked whether you'd lead {}. That's settled, so there's nothing to do.",
        from,
        place.say()
    ))
}

/// What a person reads who answers an offer that was answered or has been settled otherwise. `holder` has the turn now, and leads or is
/// asked.
pub fn void(place: &SyncPlace<'_>, holder: Option<&UserId>, leads: bool) -> Message {
    match holder {
        Some(lead) if leads => {
            Message::new(say!("That swap isn't needed any more: {} leads {}. Thank you!", lead, place.say()))
        }
        Some(asked) => Message::new(say!(
            "That swap isn't needed any more: it's {}'s turn to lead {}. Thank you!",
            asked,
            place.say()
        )),
        None => Message::new("That swap isn't needed any more, so nothing has changed. Thank you!"),
    }
}

/// What a person reads whose swap is about a sync that isn't planned any more.
pub fn no_sync(command: &str) -> Message {
    Message::new("The sync of this swap isn't planned any more, so nothing has changed.")
        .with_context(say!("{} shows who leads the next eight times.", way_of(command, "next")))
}

/// What a person reads who answers an offer that was made to another person.
pub fn not_asked() -> Message {
    Message::new("I didn't ask you for that swap, so nothing has changed.")
}

/// What a person reads who has said yes when the turn that they would give in return is not theirs any more.
pub fn return_changed() -> Message {
    Message::new(
        "The turn that you'd have been given in return has changed, so I've left everything as it is. \
                  Nothing is asked of you.",
    )
}

/// What the question becomes for the person who was asked, once the turn of a date has changed that they'd have given in return.
pub fn without_return(place: &SyncPlace<'_>, (from, day): (&UserId, NaiveDate)) -> Message {
    Message::new(say!(
        "{} asked whether you'd lead {}, for your turn on {}. That turn has changed, so the question is over and there's nothing \
         to do.",
        Markup::first(from),
        place.say(),
        date(day)
    ))
}

/// What stands below it in a new message.
pub const ASK_AGAIN: &str = "It's still your turn. Press *Swap with…* to ask again.";

/// The same for the person who has asked.
pub fn return_gone(place: &SyncPlace<'_>, (to, day): (&UserId, NaiveDate)) -> Message {
    Message::new(say!(
        "I asked {} to lead {}, for their turn on {}. That turn has changed, so I've withdrawn the question.",
        to,
        place.say(),
        date(day)
    ))
}

/// What a person reads who asks the same colleague again.
pub fn asked_already(to: &UserId) -> Message {
    Message::new(say!(
        "You've asked {} for this turn already. Press *Swap with…* again to ask another colleague.",
        to
    ))
}
