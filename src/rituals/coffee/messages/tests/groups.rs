//! What groups read, and how chats are called.

use super::*;
use crate::common::programmes::messages::{no_such_name, resumed};

#[test]
fn introductions() {
    insta::assert_snapshot!(read(&introduction(&group(&["ANA", "BEN"]), "")), @r"
    :coffee: Hi <@ANA> and <@BEN>! You're matched for a coffee chat from <#CAFE>. Find a time that suits you both.
    *Icebreaker:* What are you looking forward to?
    (Half an hour is plenty. Afterwards, press *We met*. The ⋯ menu lets you skip the next round or leave.)
    [We met] [Not yet] [⋯ Skip the next round | Leave these chats]
    ");
    insta::assert_snapshot!(read(&introduction_met(&group(&["ANA", "BEN", "CY"]), "", &"CY".into())), @r"
    :coffee: Hi <@ANA>, <@BEN> and <@CY>! You're matched for a coffee chat from <#CAFE>. Find a time that suits you all.
    *Icebreaker:* What are you looking forward to?
    (:white_check_mark: <@CY> says you met. The ⋯ menu lets you skip the next round or leave.)
    [We haven't met yet] [⋯ Skip the next round | Leave these chats]
    ");
    insta::assert_snapshot!(read(&no_rush(None)), @"No rush. A good first step: suggest two times that suit you.");
    insta::assert_snapshot!(read(&thanks(true)), @"Great! Next round, I'll look for someone new for each of you.");
    insta::assert_snapshot!(read(&thanks(false)), @"Great, I'm glad you met!");
    insta::assert_snapshot!(read(&no_rush(Some(&next()))), @"No rush: you have until the next round on Tuesday, 6 January at 10:00. A good first step: suggest two times that suit you.");
    insta::assert_snapshot!(read(&not_introduced(&people(&["BEN"]), &"CAFE".into())), @r"
    :coffee: I wanted to introduce you to <@BEN> for a coffee chat from <#CAFE>, but Slack won't let me message you together.
    (A message from you may well get through.)
    ");
}

#[test]
fn chats_go_by_their_name() {
    let (cafe, ana) = (ChannelId::from("CAFE"), UserId::from("ANA"));
    let announced = announcement(&ana, ("Lunch *x* `y`", "P"), &weekly(), &next(), "/coffee");
    insta::assert_snapshot!(read(&announced), @r"
    :coffee: <@ANA> has started coffee chats here (*Lunch x y*): every Tuesday at 10:00 (Europe/Berlin). I'll introduce you to each other in small groups. First round: Tuesday, 6 January at 10:00.
    (Everyone here takes part. Rather not? Press *Skip the first round* or *Leave*, or type `/coffee skip` or `/coffee leave`.)
    [Skip the first round] [Leave]
    ");
    insta::assert_snapshot!(read(&introduction(&group(&["ANA", "BEN"]), "Lunch")), @r"
    :coffee: Hi <@ANA> and <@BEN>! You're matched for *Lunch*, a coffee chat from <#CAFE>. Find a time that suits you both.
    *Icebreaker:* What are you looking forward to?
    (Half an hour is plenty. Afterwards, press *We met*. The ⋯ menu lets you skip the next round or leave.)
    [We met] [Not yet] [⋯ Skip the next round | Leave these chats]
    ");
    insta::assert_snapshot!(read(&introduction_over(&group(&["ANA", "BEN"]), "Lunch")), @r"
    :coffee: Hi <@ANA> and <@BEN>! Just as I introduced you, *Lunch* in <#CAFE> came to an end. You can still meet, of course.
    *Icebreaker:* What are you looking forward to?
    ");
    insta::assert_snapshot!(read(&left(&WORDS, ("Lunch", &cafe), "P")), @r"
    You've left *Lunch* in <#CAFE>. I won't tell anyone.
    (You stay in the channel. If I've just introduced you to someone, you can still meet.)
    [Join again]
    ");
    insta::assert_snapshot!(read(&announcement_of_stop(&WORDS, &ana, ("Lunch", false), false, "/coffee")), @r"
    <@ANA> has stopped *Lunch*.
    (`/coffee start called Lunch` starts them again at the same times. I'll remember who has met.)
    ");
    insta::assert_snapshot!(read(&no_such_name(&WORDS, "Dinner", &["Lunch", "Tea"])), @r#"
    No coffee chats here are called "Dinner".
    (There are *Lunch* and *Tea*.)
    "#);
    insta::assert_snapshot!(read(&resumed(&WORDS, "Lunch", &next())), @"I've resumed *Lunch*. Next round: Tuesday, 6 January at 10:00.");
}

#[test]
fn the_end_of_a_round() {
    let two = group(&["ANA", "BEN"]);
    insta::assert_snapshot!(read(&ask_whether_met(&two, "Lunch")), @r"
    :coffee: Did you two get to meet for *Lunch*, your coffee chat from <#CAFE>?
    (One press from either of you is enough. If it didn't work out, that's fine too.)
    [We met] [Not this time]
    ");
    insta::assert_snapshot!(read(&question_declined(&two, "", &"BEN".into())), @r"
    :coffee: Did you two get to meet for your coffee chat from <#CAFE>?
    (<@BEN> says it didn't work out this time.)
    [We met after all]
    ");
    insta::assert_snapshot!(read(&noted()), @"Thanks for telling me, no problem. The next round is another chance.");
}
