//! What is said of a retro that isn't held, or is open, or has moved on.

use super::*;

#[test]
fn what_is_asked_is_said_beforehand() {
    let asked = |anonymous: [bool; 3]| {
        let prompts: Vec<AskedPrompt> = ["1", "2", "3"]
            .into_iter()
            .zip(anonymous)
            .map(|(place, is)| prompt(place, "What?", is))
            .collect();
        asks("Glad", &prompts, Threshold::LEAST).as_str().to_owned()
    };
    insta::assert_snapshot!(asked([true; 3]), @"I ask *Glad*: answers are anonymous, and a prompt is shown only when 3 people have answered it.");
    insta::assert_snapshot!(asked([false; 3]), @"I ask *Glad*: answers are shown with names.");
    insta::assert_snapshot!(asked([true, true, false]), @"I ask *Glad*: answers to prompt 3 are shown with names, the others are anonymous, and such a prompt is shown only when 3 people have answered it.");
    insta::assert_snapshot!(asked([false, true, false]), @"I ask *Glad*: answers to prompts 1 and 3 are shown with names, the others are anonymous, and such a prompt is shown only when 3 people have answered it.");
    let both: [(String, Vec<UserId>); 2] =
        [("Ops".to_owned(), vec!["ANA".into()]), (String::new(), vec!["BEN".into(), "CY".into()])];
    insta::assert_snapshot!(read(&led_by_others(&both)), @"Only those who run a retro, or a workspace admin, can lead it on: <@ANA> runs *Ops* and <@BEN> and <@CY> run the retros without a name. Nothing has changed.");
}

#[test]
fn what_is_not_held_is_explained() {
    let not_held_with = |numbers, why| read(&super::not_held("", &"TEAM".into(), numbers, why));
    let not_held = |why| not_held_with((3, 1, Threshold::default()), why);
    insta::assert_snapshot!(not_held_with((2, 0, Threshold::LEAST), TOO_FEW), @r"
    I haven't asked anyone in the retro of <#TEAM>: 2 people would be asked, and an anonymous prompt is shown only when 3 have answered.
    (Invite more people, or ask with names: the channel's status has *Change*.)
    ");
    insta::assert_snapshot!(not_held(TOO_FEW), @r"
    I haven't asked anyone in the retro of <#TEAM>: 3 people would be asked, and an anonymous prompt is shown only when 5 have answered. 1 other is away, skips it, or doesn't work while it's open.
    (Invite more people, ask with names, or lower the threshold (3 at least): the channel's status has *Change*.)
    ");
    insta::assert_snapshot!(not_held(STILL_OPEN), @"The retro of <#TEAM> wasn't held: the retro before was still open.");
    insta::assert_snapshot!(about("", |asked| read(&still_open(asked.retro, asked.closes))), @r"
    A retro is open here until Friday, 9 January at 10:00. Close it first, or wait until it's over.
    [Extend by a weekday] [Close now]
    ");
    insta::assert_snapshot!(read(&had_one_today()), @"There was a retro here today already. One a day is as many as I hold, so that answers stay apart.");
    insta::assert_snapshot!(read(&under_way(&retro(), &closes())), @"I'm asking 8 people now, each in their own hours. It's open until Friday, 9 January at 10:00.");
    let asked =
        |name, day| read(&ask_now(&retro(), (name, &closes()), (Markup::from("I ask …"), day), "P 1"));
    insta::assert_snapshot!(asked("", None), @r"
    Hold a retro now? 8 people would be asked, each in their own hours, and could answer until Friday, 9 January at 10:00.
    I ask …
    [Ask them now] [Not now]
    ");
    insta::assert_snapshot!(asked("Ops", chrono::NaiveDate::from_ymd_opt(2026, 1, 10)), @r"
    Hold *Ops* now? 8 people would be asked, each in their own hours, and could answer until Friday, 9 January at 10:00.
    I ask …
    (Saturday, 10 January is on a weekend: those who don't work then are asked on their next working day.)
    [Ask them now] [Not now]
    ");
    insta::assert_snapshot!(read(&changed_since_asked("/retro")), @"These retros have changed since I asked, so no one is asked yet. `/retro now` asks you anew.");
    insta::assert_snapshot!(read(&moved_on("/retro")), @"This retro has moved on since that message, so nothing has changed. `/retro next` shows how it stands, with the buttons that work.");
    insta::assert_snapshot!(about("", |asked| read(&extended_as_far(asked.closes, "/retro"))), @"The next retro begins Friday, 9 January at 10:00, and one is open at a time, so nothing has changed. `/retro cancel 9 January` leaves the next one out.");
    insta::assert_snapshot!(read(&opened_over(&retro(), ("", &"TEAM".into()))), @":mirror: The retro of Tuesday, 6 January in <#TEAM> is closed.");
    insta::assert_snapshot!(read(&Message::new(shortened(14, &closes()))), @"One retro is open at a time, so the first closes when the next begins, Friday, 9 January at 10:00, and not after 14 days.");
    insta::assert_snapshot!(read(&closes_soon()), @"The retro before is just closing, so nothing has changed. Please try again in a moment.");
    insta::assert_snapshot!(read(&long_enough()), @"This retro has been open for four weeks, which is as long as I keep one open. Close it, and hold another.");
    insta::assert_snapshot!(read(&now_which(&["Ops".to_owned(), String::new()], "/retro")), @"Several retros run here. Which do you mean? `/retro now Ops`");
}
