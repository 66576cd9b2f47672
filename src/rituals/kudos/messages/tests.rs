//! Each message, as the person reads it who gets it: a paragraph, then (small lines), then [buttons].

use super::*;
use crate::model::{clock::Instant, message::reading::read};

fn people(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::from(*name)).collect()
}

fn a_gift(left_out: &[(&str, LeftOut)]) -> Gift {
    let left_out = left_out.iter().map(|(name, why)| (UserId::from(*name), *why)).collect();
    Gift { receivers: people(&["BEN", "CY"]), reason: "lunch".to_owned(), left_out }
}

fn given(giver: &str, reason: &str) -> Given {
    Given {
        id: "0199".to_owned(),
        giver: giver.into(),
        channel: "C1".into(),
        reason: reason.to_owned(),
        people: 2,
        local_date: "2026-01-05".to_owned(),
        given_at: Instant::default(),
        undone_at: None,
    }
}

#[test]
fn help_message() {
    insta::assert_snapshot!(read(&help("/kudos", Some(10), 10)), @r"
    *Kudos: thank somebody, and say what for.*
    `/kudos @ana @ben for unblocking the release` thanks both, here in the channel. User groups work too.
    `/kudos` opens a form.
    `/kudos mine` shows, to you alone, what you gave and got.
    (You can thank 10 people a day. Changed your mind? There is an Undo for 10 minutes.)
    ");
    insta::assert_snapshot!(read(&help("/thanks", None, 0)), @r"
    *Kudos: thank somebody, and say what for.*
    `/thanks @ana @ben for unblocking the release` thanks both, here in the channel. User groups work too.
    `/thanks` opens a form.
    `/thanks mine` shows, to you alone, what you gave and got.
    (Thank as many people as you like.)
    ");
}

#[test]
fn confirmation_message() {
    insta::assert_snapshot!(read(&confirmation(&a_gift(&[]), "0199", 10, false)), @r"
    Kudos to <@BEN> and <@CY>! :tada:
    (You can take it back for 10 minutes.)
    [Undo]
    ");
    let all = [("ANA", LeftOut::Giver), ("ROBOT", LeftOut::Bot), ("LEFT", LeftOut::Gone)];
    insta::assert_snapshot!(read(&confirmation(&a_gift(&all), "0199", 1, true)), @r"
    Kudos to <@BEN> and <@CY>! :tada:
    (This conversation is private, so I tell them in a direct message.)
    (I left you out: kudos go to others.)
    (I left out <@ROBOT>: bots do not mind either way.)
    (I left out <@LEFT>: they are no longer in this workspace.)
    (You can take it back for 1 minute.)
    [Undo]
    ");
    insta::assert_snapshot!(read(&confirmation(&a_gift(&[]), "0199", 0, false)), @"Kudos to <@BEN> and <@CY>! :tada:");
}

#[test]
fn announcement_message() {
    let (ana, receivers) = ("ANA".into(), people(&["BEN", "CY", "DEE"]));
    insta::assert_snapshot!(read(&announcement(&ana, &receivers, "lunch,\nand <!here> & now")), @r"
    :tada: <@ANA> thanks <@BEN>, <@CY> and <@DEE>
    >lunch,
    >and &lt;!here&gt; &amp; now
    ");
    insta::assert_snapshot!(read(&announcement(&ana, &people(&["BEN"]), "")), @":tada: <@ANA> thanks <@BEN>");
    insta::assert_snapshot!(read(&private_announcement(&ana, &receivers, &"CY".into(), "lunch")), @r"
    :tada: <@ANA> thanks you, together with <@BEN> and <@DEE>
    >lunch
    ");
    insta::assert_snapshot!(read(&private_announcement(&ana, &people(&["BEN"]), &"BEN".into(), "lunch")), @r"
    :tada: <@ANA> thanks you
    >lunch
    ");
    insta::assert_snapshot!(read(&announcement_undone(&ana)), @"_<@ANA> took a kudos back._");
}

#[test]
fn undo_message() {
    let (ana, ben) = ("ANA".into(), "BEN".into());
    insta::assert_snapshot!(read(&undone()), @"Taken back. It no longer counts for anybody, nor towards your daily allowance.");
    insta::assert_snapshot!(read(&cannot_undo(None, &ana, 10)), @"I cannot find that kudos any more, so there is nothing to take back.");
    insta::assert_snapshot!(read(&cannot_undo(Some(&given("ANA", "lunch")), &ben, 10)), @"Only the person who gave it can take it back.");
    let taken_back = Given { undone_at: Some(Instant::default()), ..given("ANA", "lunch") };
    insta::assert_snapshot!(read(&cannot_undo(Some(&taken_back), &ana, 10)), @"That one is taken back already. All is well.");
    insta::assert_snapshot!(read(&cannot_undo(Some(&given("ANA", "lunch")), &ana, 10)), @"It has been more than 10 minutes, so this kudos stays. A word to the person usually mends it.");
}

#[test]
fn told_privately_message() {
    let told = |channel: &str, error| {
        read(&told_privately(&people(&["BEN", "CY"]), &channel.into(), &"RONDO".into(), error))
    };
    insta::assert_snapshot!(told("C1", "not_in_channel"), @r"
    I cannot post here, so I told <@BEN> and <@CY> in a direct message.
    (To let everybody see it next time, invite me: `/invite` <@RONDO>)
    ");
    insta::assert_snapshot!(told("C1", "is_archived"), @"I cannot post here, so I told <@BEN> and <@CY> in a direct message. This channel is archived.");
    insta::assert_snapshot!(told("C1", "restricted_action"), @r"
    I cannot post here, so I told <@BEN> and <@CY> in a direct message.
    (Posting is restricted here; a workspace admin can change that.)
    ");
}

#[test]
fn mine_message() {
    let latest = [given("ANA", "the <release>\nand more"), given("CY", ""), given("DEE", &"ü".repeat(201))];
    insta::assert_snapshot!(read(&mine(12, 3, &latest, Some(1), "/kudos")), @r"
    You have given 12 kudos and received 3.
    • 2026-01-05 <@ANA>: the &lt;release&gt; and more
    • 2026-01-05 <@CY>
    • 2026-01-05 <@DEE>: üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü…
    (You can thank 1 more person today.)
    ");
    insta::assert_snapshot!(read(&mine(0, 0, &[], Some(10), "/kudos")), @r"
    You have neither given nor received kudos yet.
    (You can thank 10 more people today.)
    ");
    insta::assert_snapshot!(read(&mine(3, 0, &[], Some(0), "/kudos")), @r"
    You have given 3 kudos, and received none yet.
    (All of today's kudos are given. There are new ones after midnight, your time.)
    ");
    insta::assert_snapshot!(read(&mine(0, 1, &[], None, "/thanks")), @r"
    You have received 1 kudos, and given none yet.
    (Anybody come to mind? `/thanks @name for …`)
    ");
}

#[test]
fn objection_message() {
    insta::assert_snapshot!(read(&objection(&Objection::Nobody, "/kudos")), @r"
    Who would you like to thank? Name them first: `/kudos @ana @ben for unblocking the release`
    (`/kudos help` shows all that it can do.)
    ");
    insta::assert_snapshot!(read(&objection(&Objection::NoReason, "/kudos")), @r"
    What for? A few words make it worth reading.
    (For example: `/kudos @ana @ben for unblocking the release`)
    ");
    let all = [
        Objection::Nobody,
        Objection::NotLinked("b<en".to_owned()),
        Objection::Crowd("here".to_owned()),
        Objection::UnknownGroup(Some("design".to_owned())),
        Objection::UnknownGroup(None),
        Objection::EmptyGroup,
        Objection::OnlyLeftOut(LeftOut::Giver),
        Objection::OnlyLeftOut(LeftOut::Bot),
        Objection::OnlyLeftOut(LeftOut::Gone),
        Objection::NoReason,
        Objection::LongReason(1_001),
        Objection::Crowded(51),
        Objection::OverAllowance(6, 5),
    ];
    let lines: Vec<String> = all.iter().map(|objection| objection_line(objection).to_string()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    Choose at least one person to thank.
    I do not know who @b&lt;en is. Pick the name from the list that Slack shows after you type the @.
    @here would ring for everybody, and a thank-you to all reaches nobody. Name the people or their user group.
    I do not know the user group @design yet. I am looking for it: try again in a minute, or name its people.
    I do not know the user group you named yet. I am looking for it: try again in a minute, or name its people.
    There is nobody else in that group to thank.
    That is kind to yourself, and kudos are for the others. Who helped you?
    Bots are glad without kudos. Is there a person behind it to thank?
    They are no longer in this workspace, so a kudos would not reach them.
    What for? A few words make it worth reading.
    The reason has 1001 characters, and 1000 fit. What is the heart of it?
    That would be 51 people, and one kudos thanks up to 50. Who did the most for it?
    That would be 6 people, and a day's allowance is 5. Name fewer, or go on tomorrow.
    ");
}

#[test]
fn spent_message() {
    insta::assert_snapshot!(read(&spent(3, 1, 10)), @r"
    That would be 3 people, and you can thank 1 more person today.
    (There is a new allowance after midnight, your time. Nothing was counted.)
    ");
    insta::assert_snapshot!(read(&spent(1, 0, 1)), @r"
    That is all for today: you have thanked 1 person, as many as a day allows.
    (There is a new allowance after midnight, your time. Nothing was counted.)
    ");
}

#[test]
fn same_again_message() {
    insta::assert_snapshot!(read(&same_again(&people(&["BEN"]), Some("<@BEN> lunch".to_owned()))), @r"
    You have just thanked <@BEN> in the same words, and that one arrived. I have not counted it twice.
    [Give it once more]
    ");
    insta::assert_snapshot!(read(&same_again(&people(&["BEN", "CY"]), None)), @r"
    You have just thanked <@BEN> and <@CY> in the same words, and that one arrived. I have not counted it twice.
    (If you mean it twice, send it again in half a minute.)
    ");
    insta::assert_snapshot!(SAME_AGAIN_IN_FORM, @"You have just thanked them in the same words, and that one arrived. You can close this form.");
    insta::assert_snapshot!(STALE_FORM, @"This form is from before an update. Please close it and open a new one.");
}

#[test]
fn the_form_itself() {
    let shown = |form: &Modal| {
        let inputs = form.blocks.iter().filter_map(|block| match block {
            Block::Input(input) => Some(format!(
                "{}{} ({})",
                input.label,
                if input.optional { " (optional)" } else { "" },
                input.hint.as_deref().unwrap_or("no hint"),
            )),
            _ => None,
        });
        let inputs = inputs.collect::<Vec<_>>().join("\n");
        format!("{}\n{inputs}\n[{}] [{}]", form.title, form.close, form.submit)
    };
    insta::assert_snapshot!(shown(&form("{}".to_owned(), true)), @r"
    Give kudos
    Who would you like to thank? (no hint)
    What for? (It is shown together with your name.)
    [Not now] [Give]
    ");
    insta::assert_snapshot!(shown(&form("{}".to_owned(), false)), @r"
    Give kudos
    Who would you like to thank? (no hint)
    What for? (optional) (It is shown together with your name.)
    [Not now] [Give]
    ");
}
