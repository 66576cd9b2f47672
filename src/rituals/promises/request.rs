//! What a person asks for who types the command.

mod objection;

use chrono::NaiveDate;

pub use self::objection::Objection;
use crate::model::{
    cadence::{DaySpan, WrongDays},
    event::LONGEST_WORDS,
    people::UserId,
    text::{clean, has_visible_text, nearest, unescape},
};

/// What a person asks of the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Nothing was typed: the form.
    Form,
    Help,
    /// What waits for me.
    Mine,
    /// What I asked of others.
    Asked,
    /// That the one of this number in my list is done.
    Done(usize),
    /// To see those of these numbers in my list, several of which are done or which I give up.
    Pick(Purpose, Vec<usize>),
    /// What was promised in this channel and is open.
    Open,
    /// What was kept.
    Kept,
    /// That I'm away on these days, and that I'm back: the same as behind every other command.
    Away(String),
    Back,
    /// To promise something, or to ask a person for it.
    Promise(Draft),
}

/// What promises of the list are picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Done,
    Drop,
}

/// A promise as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The person who is asked, if one was named.
    pub owner: Option<UserId>,
    /// What stands behind the name, as Slack sends it.
    pub text: String,
}

/// The words behind the command, apart from promises.
const WORDS: [(&str, Request); 7] = [
    ("mine", Request::Mine),
    ("asked of me", Request::Mine),
    ("asked", Request::Asked),
    ("open", Request::Open),
    ("kept", Request::Kept),
    ("back", Request::Back),
    ("help", Request::Help),
];
/// A shorter word is not compared with ours.
const SHORTEST_COMPARED: usize = 4;
/// How many digits a number of the list has, and how many numbers can be picked.
const LONGEST_NUMBER: usize = 3;
const MOST_PICKED: usize = 8;
/// Words before the numbers of promises that a person gives up.
const DROP: [&str; 4] = ["drop", "cancel", "delete", "remove"];
/// How many characters a date in a text has at most, with the words that lead over to it.
const LONGEST_DATE: usize = 200;
/// Slack's ids have a dozen characters.
const LONGEST_ID: usize = 64;

/// Reads what was typed behind the command.
pub fn parse(text: &str) -> Result<Request, Objection> {
    let text = clean(text);
    let text = text.trim();
    if !has_visible_text(text) {
        return Ok(Request::Form);
    }
    let low = text.to_lowercase();
    let low = low.strip_suffix(" please").map_or(low.as_str(), str::trim_end).to_owned();
    match low.as_str() {
        "me" | "list" => return Ok(Request::Mine),
        "?" => return Ok(Request::Help),
        _ => {}
    }
    if let Some((_, request)) = WORDS.iter().find(|(word, _)| *word == low) {
        return Ok(request.clone());
    }
    if low == "undo" {
        return Err(Objection::Undo);
    }
    if let Some(days) = days_away(text) {
        return Ok(Request::Away(days.to_owned()));
    }
    if let Some(wrong) = wrong_days_away(text) {
        return Err(wrong);
    }
    if let Some(picked) = picked(&low) {
        return picked;
    }
    if let Some(near) = way_to_change(&low) {
        return Err(Objection::HasButtons(unescape(text), near));
    }
    let length = unescape(text).chars().count();
    // A date among the words doesn't count, so those that are a little longer are read first.
    if length > LONGEST_WORDS + LONGEST_DATE {
        return Err(Objection::Long(length));
    }
    let is_compared = !low.contains(char::is_whitespace) && low.chars().count() >= SHORTEST_COMPARED;
    if is_compared && let Some(near) = nearest(&low, WORDS.iter().map(|(word, _)| *word)) {
        return Err(Objection::Unknown(unescape(text), near));
    }
    draft(text).map(Request::Promise)
}

/// Reads the days of `away until Friday`. `away kit for the team` is a promise.
fn days_away(text: &str) -> Option<&str> {
    let (first, days) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first.eq_ignore_ascii_case("away") && are_days(days)).then(|| days.trim())
}

/// Reads `back tomorrow`, `away @dan until Friday` and `@dan away until Friday`.
fn wrong_days_away(text: &str) -> Option<Objection> {
    let (first, days) = text.split_once(char::is_whitespace)?;
    let days = days.trim_start();
    if first.eq_ignore_ascii_case("back") {
        let day = ["on ", "by "].iter().find_map(|lead| days.strip_prefix(lead)).unwrap_or(days);
        return are_days(day).then_some(Objection::BackOn);
    }
    if first.eq_ignore_ascii_case("away") {
        let (person, days) = mention(days)?;
        return are_days(days).then_some(Objection::AwayThem(person?));
    }
    let (person, behind) = mention(text)?;
    let days = days_away(behind).filter(|days| !days.is_empty());
    days.and(person).map(Objection::AwayThem)
}

/// Whether a text is days. Which ones they are depends on today, but not whether they are.
fn are_days(text: &str) -> bool {
    !matches!(DaySpan::parse(text, NaiveDate::default()), Err(WrongDays::Unknown(_)))
}

/// Reads `done 1`, `done 1 and 2` and `drop 1`; `None` for other words.
fn picked(low: &str) -> Option<Result<Request, Objection>> {
    let (word, rest) = low.split_once(char::is_whitespace).unwrap_or((low, ""));
    let Some(purpose) = purpose_of(word) else {
        // `don 1` is no promise.
        let near = nearest(word, std::iter::once("done").chain(DROP)).and_then(purpose_of)?;
        return number(rest.trim()).map(|_| Err(which_of(near)));
    };
    let which = which_of(purpose);
    let words = rest.split(|letter: char| letter.is_whitespace() || letter == ',');
    let words: Vec<&str> = words.filter(|word| !matches!(*word, "" | "and" | "&")).collect();
    if let [only] = words[..]
        && (matches!(only, "one" | "all" | "everything" | "it") || is_range(only))
    {
        return Some(Err(which));
    }
    let mut numbers = words.iter().map(|word| number(word)).collect::<Option<Vec<_>>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    Some(match (purpose, &numbers[..]) {
        (_, []) => Err(which),
        (_, [first, ..]) if *first < 1 => Err(which),
        (_, all) if all.len() > MOST_PICKED => Err(which),
        (Purpose::Done, [only]) => Ok(Request::Done(usize::try_from(*only).unwrap_or_default())),
        _ => Ok(Request::Pick(
            purpose,
            numbers.into_iter().filter_map(|one| usize::try_from(one).ok()).collect(),
        )),
    })
}

fn purpose_of(word: &str) -> Option<Purpose> {
    match word {
        "done" => Some(Purpose::Done),
        word => DROP.contains(&word).then_some(Purpose::Drop),
    }
}

fn which_of(purpose: Purpose) -> Objection {
    match purpose {
        Purpose::Done => Objection::DoneWhich,
        Purpose::Drop => Objection::DropWhich,
    }
}

/// Reads `done send the report`: what is to become of a promise, and its words. They may also be those of a new one.
pub fn named_by_words(text: &str) -> Option<(Purpose, &str)> {
    let (word, rest) = text.split_once(char::is_whitespace)?;
    let rest = rest.trim().trim_matches(['"', '“', '”', '„', '\'', '‘', '’', '«', '»']);
    Some((purpose_of(&word.to_lowercase())?, rest.trim()))
}

/// Whether a word is two numbers, as `1-3`.
fn is_range(word: &str) -> bool {
    word.split_once(['-', '–']).is_some_and(|(first, last)| number(first).is_some() && number(last).is_some())
}

/// Returns the list that has the buttons for what was typed of one of its numbers, as in `move 1 to Friday`; `None` for other words.
fn way_to_change(low: &str) -> Option<&'static str> {
    let words: Vec<&str> = low.split_whitespace().collect();
    let (list, behind) = match words[..] {
        ["take", "back", one, ref behind @ ..] => number(one).map(|_| ("asked", behind))?,
        ["later" | "move" | "postpone" | "accept" | "decline", one, ref behind @ ..] => {
            number(one).map(|_| ("mine", behind))?
        }
        _ => return None,
    };
    matches!(behind.first(), None | Some(&("to" | "until" | "by"))).then_some(list)
}

/// Reads `1`, `#12.` and `-1`.
fn number(word: &str) -> Option<i64> {
    let digits = word.trim_start_matches('#').trim_end_matches('.');
    let unsigned = digits.trim_start_matches(['-', '+']);
    let is_number = (1..=LONGEST_NUMBER).contains(&unsigned.len())
        && digits.len() <= unsigned.len() + 1
        && unsigned.chars().all(|letter| letter.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// Reads the owner at the beginning of a text, and what is behind.
fn draft(text: &str) -> Result<Draft, Objection> {
    if let Some((person, what)) = asks(text) {
        return Err(Objection::AskThem(person, what));
    }
    let polite = ["please ", "pls ", "kindly "].iter().find_map(|word| text.strip_prefix(word));
    let text = polite.filter(|rest| mention(rest.trim_start()).is_some()).map_or(text, str::trim_start);
    let (owner, text) = match mention(text) {
        Some((Some(owner), rest)) => (Some(owner), rest),
        Some((None, _)) => return Err(Objection::Crowd),
        None => (None, text),
    };
    if owner.is_some() && mention(text.trim_start_matches("and ")).is_some() {
        return Err(Objection::TwoOwners);
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.starts_with('@') && first.len() > 1 {
        return Err(Objection::NotLinked(unescape(first)));
    }
    Ok(Draft { owner, text: text.to_owned() })
}

/// Reads `ask @ben to send it`: the person, and what they would do, as it reads.
fn asks(text: &str) -> Option<(UserId, String)> {
    let (word, rest) = text.split_once(char::is_whitespace)?;
    let is_asked = matches!(word.to_lowercase().as_str(), "ask" | "tell" | "get" | "remind");
    let (person, rest) = mention(rest.trim_start()).filter(|_| is_asked)?;
    Some((person?, unescape(rest.strip_prefix("to ")?.trim())))
}

/// The person whom a text ends with, and what is before them.
pub fn named_last(text: &str) -> Option<(UserId, &str)> {
    let (before, last) = text.trim_end().rsplit_once('<')?;
    match mention(&text[before.len()..]) {
        Some((Some(person), "")) if last.ends_with('>') => Some((person, before.trim_end())),
        _ => None,
    }
}

/// The mention that a text begins with, `None` for a group or a crowd, and what is behind it.
fn mention(text: &str) -> Option<(Option<UserId>, &str)> {
    let (inside, rest) = text.strip_prefix('<')?.split_once('>')?;
    let rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || ",:;-–—".contains(letter));
    if inside.starts_with("!subteam^") || matches!(inside, "!channel" | "!here" | "!everyone") {
        return Some((None, rest));
    }
    let id = inside.strip_prefix('@')?.split('|').next()?;
    let is_id = id.starts_with(['U', 'W'])
        && id.len() <= LONGEST_ID
        && id.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_id.then(|| (Some(UserId::from(id)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(owner: Option<&str>, text: &str) -> Request {
        Request::Promise(Draft { owner: owner.map(UserId::from), text: text.to_owned() })
    }

    #[test]
    fn each_way_of_typing_is_known() {
        assert_eq!(parse(""), Ok(Request::Form));
        assert_eq!(parse(" \u{200b} "), Ok(Request::Form));
        assert_eq!(parse("Mine"), Ok(Request::Mine));
        assert_eq!(parse("ASKED"), Ok(Request::Asked));
        assert_eq!(parse(" open "), Ok(Request::Open));
        assert_eq!(parse("kept"), Ok(Request::Kept));
        assert_eq!(parse("?"), Ok(Request::Help));
        assert_eq!(parse("done 1"), Ok(Request::Done(1)));
        assert_eq!(parse("Done  #12."), Ok(Request::Done(12)));
        assert_eq!(parse("done"), Err(Objection::DoneWhich));
        for picked in ["done 1 2", "done 2, #1.", "Done 1 and 2", "done 1,2,2"] {
            assert_eq!(parse(picked), Ok(Request::Pick(Purpose::Done, vec![1, 2])), "{picked}");
        }
        for picked in ["drop 1", "cancel #1", "Remove 1."] {
            assert_eq!(parse(picked), Ok(Request::Pick(Purpose::Drop, vec![1])), "{picked}");
        }
        for unclear in ["done 0", "done -1", "done 1 -2", "done 1 2 3 4 5 6 7 8 9", "done and"] {
            assert_eq!(parse(unclear), Err(Objection::DoneWhich), "{unclear}");
        }
        for unclear in ["done one", "done all", "done 1-3", "done it please"] {
            assert_eq!(parse(unclear), Err(Objection::DoneWhich), "{unclear}");
        }
        for (typed, list) in [("move 1 to Friday", "mine"), ("later #2", "mine"), ("take back 1", "asked")] {
            assert_eq!(parse(typed), Err(Objection::HasButtons(typed.to_owned(), list)));
        }
        assert_eq!(parse("mine please"), Ok(Request::Mine));
        assert_eq!(parse("Asked of me"), Ok(Request::Mine));
        assert_eq!(
            (parse("don 1"), parse("dorp #2")),
            (Err(Objection::DoneWhich), Err(Objection::DropWhich))
        );
        for typed in ["Done send  it", "done \"send  it\"", "done “send  it”"] {
            assert_eq!(named_by_words(typed), Some((Purpose::Done, "send  it")), "{typed}");
        }
        assert_eq!((named_by_words("send it"), named_by_words("done")), (None, None));
        for (typed, days) in [
            ("away until Friday", "until Friday"),
            ("Away 3 to 10 December", "3 to 10 December"),
            ("away", ""),
        ] {
            assert_eq!(parse(typed), Ok(Request::Away(days.to_owned())), "{typed}");
        }
        assert_eq!(parse("back"), Ok(Request::Back));
        for typed in ["back tomorrow", "Back on Friday", "back 4 December"] {
            assert_eq!(parse(typed), Err(Objection::BackOn), "{typed}");
        }
        for typed in ["away <@U1|dan> until Friday", "<@U1> away until Friday"] {
            assert_eq!(parse(typed), Err(Objection::AwayThem("U1".into())), "{typed}");
        }
        assert_eq!(parse("<@U1> away"), Ok(promise(Some("U1"), "away")));
        assert_eq!(parse("drop"), Err(Objection::DropWhich));
        assert_eq!(parse("Undo"), Err(Objection::Undo));
        for words in [
            "done 1 by Friday",
            "done deal",
            "away kit for the team by Friday",
            "back up the disk",
            "done 1000",
            "donee",
            "drop the ball",
            "drop 1 box",
            "undo the change",
            "move 1 box to Ben",
            "take back 3 books",
        ] {
            assert_eq!(parse(words), Ok(promise(None, words)), "{words}");
        }
        assert_eq!(parse("send it by Friday"), Ok(promise(None, "send it by Friday")));
        assert_eq!(parse("<@U1|ben>: send it"), Ok(promise(Some("U1"), "send it")));
        assert_eq!(parse("<@U1>"), Ok(promise(Some("U1"), "")));
        assert_eq!(parse("ask <@U1> for it"), Ok(promise(None, "ask <@U1> for it")));
        assert_eq!(parse("please <@U1> send it"), Ok(promise(Some("U1"), "send it")));
        assert_eq!(parse("please send it"), Ok(promise(None, "please send it")));
        let asks = Objection::AskThem("U1".into(), "send it & go by Friday".to_owned());
        assert_eq!(parse("Ask <@U1|ben> to send it &amp; go by Friday"), Err(asks));
        assert_eq!(parse("<#C1|team> clean up"), Ok(promise(None, "<#C1|team> clean up")));
        assert_eq!(parse("open the office"), Ok(promise(None, "open the office")));
    }

    #[test]
    fn a_promise_has_one_owner() {
        assert_eq!(parse("<@U1> <@U2> send it"), Err(Objection::TwoOwners));
        assert_eq!(parse("<@U1> and <@U2> send it"), Err(Objection::TwoOwners));
        assert_eq!(parse("<!subteam^S1|@design> send it"), Err(Objection::Crowd));
        assert_eq!(parse("<!channel> send it"), Err(Objection::Crowd));
        assert_eq!(parse("@ben send it"), Err(Objection::NotLinked("@ben".to_owned())));
    }

    #[test]
    fn a_name_at_the_end_is_found() {
        assert_eq!(named_last("clean by Friday <@U1|ben> "), Some((UserId::from("U1"), "clean by Friday")));
        for text in
            ["clean by Friday", "send it to <@U1> by Friday", "clean <!channel>", "a &lt; b>", "<@U1|"]
        {
            assert_eq!(named_last(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told() {
        assert_eq!(parse("opne"), Err(Objection::Unknown("opne".to_owned(), "open")));
        assert_eq!(parse(&"x".repeat(3_201)), Err(Objection::Long(3_201)));
        assert!(matches!(parse(&"x".repeat(3_200)), Ok(Request::Promise(_))), "a date may be among them");
        assert!(matches!(parse(&format!("a {}", "x".repeat(2_998))), Ok(Request::Promise(_))));
    }
}
