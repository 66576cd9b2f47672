//! The set-up form.

use super::*;
use crate::{
    common::programmes::messages::{
        Changes, announcement_of_change, changed_meanwhile, name_taken, saved, stopped_meanwhile, summary,
        summary_of_change, times_over,
    },
    common::setup::{
        Preview, Purpose, SetupDraft,
        messages::{form, preview as preview_of},
    },
    model::message::reading::read_modal,
    rituals::coffee::options::Options,
};

fn fortnightly() -> Cadence {
    cadence("every 2 weeks on Thursday at 15:30")
}

fn changing() -> Purpose {
    Purpose::Change { programme: "P".to_owned(), version: 1 }
}

fn draft(name: &str) -> SetupDraft {
    let when = "every Tuesday at 10:00".to_owned();
    SetupDraft { name: name.to_owned(), channel: Some("CAFE".into()), when, ..SetupDraft::default() }
}

#[test]
fn the_form_asks_for_little() {
    let fields = fields(&Options::default(), 2);
    let modal = form(&WORDS, &draft(""), &Purpose::Start, fields, None, String::new());
    insta::assert_snapshot!(read_modal(&modal), @r"
    Set up coffee chats:
    Channel: CAFE (I have to be in it: /invite me there first.)
    When: every Tuesday at 10:00 (In plain words: every Tuesday at 10:00, last Friday of the month at 16:00 in New York, every weekday at 9:30 except 24 December.)
    Around each round: notice, close
    How many people meet at a time?: 2
    Name:  (Only needed if several run in one channel.)
    (Everyone in the channel takes part, and anyone can skip a round or leave.)
    [Cancel] [Preview]
    ");
    assert!(modal.title.len() <= 24 && WORDS.change.len() <= 24);
    let options = Options { notice: false, group_size: Some(4), ..Options::default() };
    let fields = self::fields(&options, 2);
    let notice = changed_meanwhile(&WORDS, &fortnightly(), false, Some(&next()));
    let modal = form(&WORDS, &draft("R&D <!here>"), &changing(), fields, Some(notice), String::new());
    insta::assert_snapshot!(read_modal(&modal), @r"
    Change coffee chats:
    :warning: These chats were changed while you had the form open, so nothing is saved yet. Their times now: every 2 weeks on Thursday at 15:30 (Europe/Berlin). Next round: Tuesday, 6 January at 10:00. What you typed is below: check it, and press *Preview* again.
    In <#CAFE>
    When: every Tuesday at 10:00 (In plain words: every Tuesday at 10:00, last Friday of the month at 16:00 in New York, every weekday at 9:30 except 24 December.)
    Around each round: close
    How many people meet at a time?: 4
    Name: R&D <!here> (Only needed if several run in one channel.)
    (Everyone in the channel takes part, and anyone can skip a round or leave.)
    [Cancel] [Preview]
    ");
}

#[test]
fn the_preview_shows_each_message_and_to_how_many() {
    let (channel, cadence, people) = ("CAFE".into(), weekly(), there(5));
    let dates = cadence.upcoming(monday(), 3);
    let proposal = Proposal { channel: Some(&channel), name: "Lunch", ..proposal(&cadence, &people, &dates) };
    let day = |at: usize, before: i64| dates[at].wall - chrono::Duration::days(before);
    let showing = Showing {
        now: Some(announcement(&"ANA".into(), ("Lunch", "P"), &cadence, &dates[0], "/coffee")),
        notice: Some((day(1, 1), notice(&dates[1], 5, "Lunch", "P"))),
        round: Some((day(0, 0), Some(2), introduction(&group(&["ANA", "BEN"]), ""))),
        close: Some((day(1, 1), ask_whether_met(&group(&["ANA", "BEN"]), ""))),
    };
    let preview = Preview { summary: summary(&WORDS, &proposal), shown: shown(&channel, 6, showing) };
    let modal = preview_of(&WORDS, &Purpose::Start, preview, String::new());
    insta::assert_snapshot!(read_modal(&modal), @r"
    Set up coffee chats:
    *Lunch: coffee chats in <#CAFE>, every Tuesday at 10:00 (Europe/Berlin).*
    5 people here would take part.
    (First rounds: Tuesday, 6 January; Tuesday, 13 January; Tuesday, 20 January.)
    [Back]
    *Now, to 6 people in <#CAFE>*
    (:coffee: <@ANA> has started coffee chats here (*Lunch*): every Tuesday at 10:00 (Europe/Berlin). I'll introduce you to each other in small groups. First round: Tuesday, 6 January at 10:00.
    Everyone here takes part. Rather not? Press *Skip the first round* or *Leave*, or type `/coffee skip` or `/coffee leave`.)
    (Buttons: Skip the first round | Leave)
    *Tuesday, 6 January at 10:00, to each of 2 groups, for example*
    (:coffee: Hi <@ANA> and <@BEN>! You're matched for a coffee chat from <#CAFE>. Find a time that suits you both.
    *Icebreaker:* What are you looking forward to?
    Half an hour is plenty. Afterwards, press *We met*. The ⋯ menu lets you skip the next round or leave.)
    (Buttons: We met | Not yet | Skip the next round | Leave these chats)
    *Monday, 12 January at 10:00, to 6 people in <#CAFE>*
    (:coffee: Tomorrow's the next round of *Lunch*: on Tuesday, 13 January at 10:00 I'll introduce 5 people here to each other.
    No time then? Press *Skip this time*: you're back in after that, and I won't tell anyone.)
    (Buttons: Skip this time | Leave)
    *Monday, 12 January at 10:00, to each group that hasn't said that it met*
    (:coffee: Did you two get to meet for your coffee chat from <#CAFE>?
    One press from either of you is enough. If it didn't work out, that's fine too.)
    (Buttons: We met | Not this time)
    [Cancel] [Start]
    ");
}

#[test]
fn a_change_says_what_differs() {
    let (channel, old, new) = ("CAFE".into(), weekly(), fortnightly());
    let dates = new.upcoming(monday(), 2);
    let (as_usual, other) =
        (Options::default(), Options { v: 1, notice: false, close: false, group_size: Some(3) });
    let changes = Changes {
        channel: &channel,
        name: ("", "Early birds"),
        cadence: (&old, &new),
        options: changed_options(&as_usual, &other, 2),
        dates: (&dates, today()),
        holidays: NONE,
        after: AfterMove { announced: Some(next().wall), next: Some(dates[0]) },
    };
    insta::assert_snapshot!(read(&summary_of_change(&WORDS, &changes)), @r"
    *Change the coffee chats in <#CAFE>?*
    Name so far: none
    New name: Early birds
    Times so far: every Tuesday at 10:00 (Europe/Berlin)
    New times: every 2 weeks on Thursday at 15:30 (Europe/Berlin)
    I don't tell the channel on the day before any more.
    I don't ask groups any more whether they met.
    3 people meet at a time, instead of 2.
    The round on Tuesday, 6 January at 10:00 stays as announced.
    (First rounds: Thursday, 8 January; Thursday, 22 January.)
    ");
    let back = Changes {
        name: ("Early birds", "Early birds"),
        cadence: (&old, &old),
        options: changed_options(&other, &as_usual, 2),
        after: AfterMove { announced: None, next: None },
        ..changes
    };
    insta::assert_snapshot!(read(&summary_of_change(&WORDS, &back)), @r"
    *Change Early birds in <#CAFE>?*
    Times, as so far: every Tuesday at 10:00 (Europe/Berlin)
    From now on, I tell the channel on the day before.
    From now on, I ask each group at the end whether they met.
    2 people meet at a time, instead of 3.
    (First rounds: Thursday, 8 January; Thursday, 22 January.)
    (They're paused, so there are no rounds until they're resumed.)
    ");
}

#[test]
fn what_stands_in_the_way_of_a_form() {
    insta::assert_snapshot!(read(&name_taken(&WORDS, "", Some(&weekly()))), @"Coffee chats run in that channel already, every Tuesday at 10:00 (Europe/Berlin). Give these a name.");
    insta::assert_snapshot!(read(&name_taken(&WORDS, "R&D", None)), @r#"Coffee chats called "R&amp;D" are there already. Choose another name."#);
    insta::assert_snapshot!(changed_meanwhile(&WORDS, &weekly(), true, None).as_str(), @"These chats were changed while you had the form open, so nothing is saved yet. Their times now: every Tuesday at 10:00 (Europe/Berlin). They're paused now. What you typed is below: check it, and press *Preview* again.");
    insta::assert_snapshot!(stopped_meanwhile(&WORDS).as_str(), @"These chats were stopped while you had the form open, so nothing is saved. What you typed is below: *Preview* and then *Start* begins them anew.");
    insta::assert_snapshot!(read(&times_over(&WORDS)), @"No round comes at these times any more. Choose later ones.");
}

#[test]
fn what_was_saved_is_said() {
    let (channel, after) = ("CAFE".into(), then_comes(next()));
    insta::assert_snapshot!(read(&saved(&WORDS, ("", &channel), (false, false), &after)), @"I've changed the coffee chats in <#CAFE>. Next round: Tuesday, 6 January at 10:00.");
    let announced = AfterMove { announced: Some(next().wall), next: fortnightly().next(next().at) };
    insta::assert_snapshot!(read(&saved(&WORDS, ("Lunch", &channel), (true, true), &announced)), @"I've changed *Lunch* in <#CAFE>, and I'm announcing the new times there. The round on Tuesday, 6 January at 10:00 stays as announced. The one after it: Thursday, 8 January at 15:30.");
    let by = "ANA".into();
    let told = |old: &Cadence, new: &Cadence, options: &[Markup]| {
        announcement_of_change(&WORDS, &by, ("", ""), (old, new), options, &after).map(|told| read(&told))
    };
    let bigger = [Markup::from("3 people meet at a time, instead of 2.")];
    insta::assert_snapshot!(told(&weekly(), &weekly(), &bigger).unwrap(), @r"
    :coffee: <@ANA> has changed the coffee chats.
    3 people meet at a time, instead of 2.
    Next round: Tuesday, 6 January at 10:00.
    ");
    assert!(
        told(&weekly(), &fortnightly(), &bigger)
            .unwrap()
            .ends_with("\n(3 people meet at a time, instead of 2.)")
    );
    assert_eq!(told(&weekly(), &weekly(), &[]), None);
    let paused = AfterMove { announced: None, next: None };
    insta::assert_snapshot!(read(&announcement_of_move(&WORDS, &"ANA".into(), ("Lunch", "Tea"), &weekly(), &fortnightly(), &paused)), @r"
    :coffee: <@ANA> has moved *Lunch*.
    Old times: every Tuesday at 10:00 (Europe/Berlin)
    New times: every 2 weeks on Thursday at 15:30 (Europe/Berlin)
    They're paused, so there are no rounds until they're resumed.
    (Their name from now on: *Tea*.)
    ");
}
