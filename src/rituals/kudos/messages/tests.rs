//! Each message, as the person reads it who gets it: a paragraph, then (small lines), then [buttons].

use super::*;
use crate::{
    model::{clock::Instant, message::reading::read},
    rituals::kudos::plan::GivenCount,
};

fn people(names: &[&str]) -> Vec<UserId> {
    names.iter().map(|name| UserId::from(*name)).collect()
}

fn a_gift(left_out: &[(&str, LeftOut)]) -> Gift {
    let left_out = left_out.iter().map(|(name, why)| (UserId::from(*name), *why)).collect();
    Gift { receivers: people(&["BEN", "CY"]), reason: "lunch".to_owned(), left_out, aside: Vec::new() }
}

fn given(giver: &str, reason: &str) -> StoredGift {
    StoredGift {
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
    *Kudos: thank someone, and say what for.*
    `/kudos @ana @ben for unblocking the release` thanks them both in this channel. User groups work too.
    `/kudos` opens a form.
    `/kudos mine` shows what you've given and received. Only you see it.
    (You can thank 10 people a day. Changed your mind? Press Undo within 10 minutes.)
    ");
    insta::assert_snapshot!(read(&help("/thanks", None, 0)), @r"
    *Kudos: thank someone, and say what for.*
    `/thanks @ana @ben for unblocking the release` thanks them both in this channel. User groups work too.
    `/thanks` opens a form.
    `/thanks mine` shows what you've given and received. Only you see it.
    (You can thank as many people as you like.)
    ");
}

#[test]
fn confirmation_message() {
    insta::assert_snapshot!(read(&confirmation(&a_gift(&[]), "0199", 10, false)), @r"
    Kudos to <@BEN> and <@CY>! :tada:
    (You can undo this for 10 minutes.)
    [Undo]
    ");
    let all = [("ANA", LeftOut::Giver), ("ROBOT", LeftOut::Bot), ("LEFT", LeftOut::Gone)];
    insta::assert_snapshot!(read(&confirmation(&a_gift(&all), "0199", 1, true)), @r"
    Kudos to <@BEN> and <@CY>! :tada:
    (This conversation is private, so I'm telling them in a direct message.)
    (I left you out: you can't give kudos to yourself.)
    (I left out <@ROBOT>: kudos are for people, not for bots.)
    (I left out <@LEFT>: that account is deactivated.)
    (You can undo this for 1 minute.)
    [Undo]
    ");
    insta::assert_snapshot!(read(&confirmation(&a_gift(&[]), "0199", 0, false)), @"Kudos to <@BEN> and <@CY>! :tada:");
}

#[test]
fn aside_message() {
    let shown = |aside: Vec<Mention>| read(&confirmation(&Gift { aside, ..a_gift(&[]) }, "0199", 10, false));
    let (dee, design) = (Mention::Person("DEE".into()), Mention::Group("S1".into(), Some("R&D".to_owned())));
    insta::assert_snapshot!(shown(vec![dee.clone()]), @r"
    Kudos to <@BEN> and <@CY>! :tada:
    (<@DEE> is part of the reason, so I haven't thanked them. To do that, send a kudos that starts with their names.)
    (You can undo this for 10 minutes.)
    [Undo]
    ");
    insta::assert_snapshot!(shown(vec![dee, design]), @r"
    Kudos to <@BEN> and <@CY>! :tada:
    (<@DEE> and @R&amp;D are part of the reason, so I haven't thanked them. To do that, send a kudos that starts with their names.)
    (You can undo this for 10 minutes.)
    [Undo]
    ");
}

#[test]
fn announcement_message() {
    let receivers = people(&["BEN", "CY", "DEE"]);
    insta::assert_snapshot!(read(&announcement(Some("Ana"), &receivers, "lunch,\nand <!here> & now")), @r"
    :tada: *Ana* thanks <@BEN>, <@CY> and <@DEE>
    >lunch,
    >and &lt;!here&gt; &amp; now
    ");
    insta::assert_snapshot!(read(&announcement(Some("<@U1> & *co*"), &people(&["BEN"]), "")), @":tada: &lt;@U1&gt; &amp; *co* thanks <@BEN>");
    insta::assert_snapshot!(read(&announcement(None, &people(&["BEN"]), "")), @":tada: *A colleague* thanks <@BEN>");
    insta::assert_snapshot!(read(&private_announcement(Some("Ana"), &receivers, &"CY".into(), "lunch")), @r"
    :tada: *Ana* thanks you, together with <@BEN> and <@DEE>
    >lunch
    ");
    insta::assert_snapshot!(read(&private_announcement(Some("Ana"), &people(&["BEN"]), &"BEN".into(), "lunch")), @r"
    :tada: *Ana* thanks you
    >lunch
    ");
}

#[test]
fn undo_message() {
    let (ana, ben) = ("ANA".into(), "BEN".into());
    insta::assert_snapshot!(read(&undone(true)), @"Taken back. It no longer counts for them, or toward your daily limit.");
    insta::assert_snapshot!(read(&undone(false)), @"Taken back. It no longer counts for them.");
    insta::assert_snapshot!(read(&cannot_undo(Some(&given("ANA", "lunch")), &ana, 0)), @"Undo is switched off here, so this kudos stays.");
    insta::assert_snapshot!(read(&cannot_undo(None, &ana, 10)), @"I can't find that kudos any more, so there's nothing to take back.");
    insta::assert_snapshot!(read(&cannot_undo(Some(&given("ANA", "lunch")), &ben, 10)), @"Only the person who gave this kudos can take it back.");
    let taken_back = StoredGift { undone_at: Some(Instant::default()), ..given("ANA", "lunch") };
    insta::assert_snapshot!(read(&cannot_undo(Some(&taken_back), &ana, 10)), @"You've already taken this kudos back.");
    insta::assert_snapshot!(read(&cannot_undo(Some(&given("ANA", "lunch")), &ana, 10)), @"It's been more than 10 minutes, so this kudos stays. If it was a mistake, have a word with the person.");
}

#[test]
fn told_privately_message() {
    let told = |channel: &str, error| {
        read(&told_privately(&people(&["BEN", "CY"]), &channel.into(), &"RONDO".into(), error))
    };
    insta::assert_snapshot!(told("C1", "not_in_channel"), @r"
    I can't post here, so I'm telling <@BEN> and <@CY> in a direct message.
    (To let everyone here see the next one, invite me: `/invite` <@RONDO>)
    ");
    insta::assert_snapshot!(told("C1", "is_archived"), @"I can't post here, so I'm telling <@BEN> and <@CY> in a direct message. This channel is archived.");
    insta::assert_snapshot!(told("C1", "restricted_action"), @r"
    I can't post here, so I'm telling <@BEN> and <@CY> in a direct message.
    (Posting is restricted here. A workspace admin can change that.)
    ");
    insta::assert_snapshot!(told("C1", "invalid_blocks"), @r"
    I can't post here, so I'm telling <@BEN> and <@CY> in a direct message.
    (Slack's reason: `invalid_blocks`. If it happens again, tell the people who run me.)
    ");
}

#[test]
fn mine_message() {
    let at = |date: &str| format!("{date}T23:30:00Z").parse::<Instant>().unwrap();
    let gift = |giver, reason: &str, date| StoredGift { given_at: at(date), ..given(giver, reason) };
    let got = [
        gift("ANA", "the <release>\nand more", "2026-11-30"),
        gift("CY", "", "2026-01-05"),
        gift("DEE", &"ü".repeat(201), "2025-12-24"),
    ];
    let to = |names: &[&str]| (gift("ME", "lunch", "2026-11-27"), people(names));
    let sent = [to(&["BEN"]), to(&["A", "B", "C", "D"]), to(&["A", "B", "C", "D", "E"])];
    let (zone, today) = (chrono_tz::Tz::Europe__Berlin, at("2026-12-01").date_naive());
    let in_all = |people, gifts| GivenCount { people, gifts };
    let all = Mine {
        given_count: in_all(12, 3),
        got_count: 3,
        given: &sent,
        got: &got,
        left: Some((1, 10)),
        zone,
        today,
    };
    insta::assert_snapshot!(read(&mine(&all, "/kudos")), @r"
    You've given 12 kudos in 3 messages and received 3.
    *Received*
    • Tuesday, 1 December, from <@ANA>: the &lt;release&gt; and more
    • Tuesday, 6 January, from <@CY>
    • Thursday, 25 December 2025, from <@DEE>: üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü…
    *Given*
    • Saturday, 28 November, to <@BEN>: lunch
    • Saturday, 28 November, to <@A>, <@B>, <@C> and <@D>: lunch
    • Saturday, 28 November, to <@A>, <@B>, <@C> and 2 others: lunch
    (You can thank 1 more person today.)
    ");
    let none = Mine {
        given_count: in_all(0, 0),
        got_count: 0,
        given: &[],
        got: &[],
        left: Some((10, 10)),
        zone,
        today,
    };
    insta::assert_snapshot!(read(&mine(&none, "/kudos")), @r"
    You haven't given or received any kudos yet.
    (You can thank 10 more people today.)
    ");
    let given_only = Mine { given_count: in_all(3, 3), given: &sent[..1], left: Some((0, 3)), ..none };
    insta::assert_snapshot!(read(&mine(&given_only, "/kudos")), @r"
    You've given 3 kudos. You haven't received any yet.
    *Given*
    • Saturday, 28 November, to <@BEN>: lunch
    (You've used today's 3 kudos. You get 3 more after midnight.)
    ");
    let got_only =
        Mine { got_count: 1, got: &got[..1], left: None, given_count: in_all(0, 0), given: &[], zone, today };
    insta::assert_snapshot!(read(&mine(&got_only, "/thanks")), @r"
    You've received 1 kudos. You haven't given any yet.
    *Received*
    • Tuesday, 1 December, from <@ANA>: the &lt;release&gt; and more
    (To thank someone, type `/thanks @name for …`)
    ");
}

#[test]
fn objection_message() {
    insta::assert_snapshot!(read(&objection(&Objection::Nobody, "/kudos")), @r"
    Who would you like to thank? Start with their names, each with an @: `/kudos @ana @ben for unblocking the release`
    (`/kudos help` shows everything you can do.)
    ");
    insta::assert_snapshot!(read(&objection(&Objection::NoReason, "/kudos")), @r"
    What for? Add a few words, so that it means something.
    (For example: `/kudos @ana @ben for unblocking the release`)
    ");
    insta::assert_snapshot!(read(&objection(&Objection::Unknown("stau<ts".to_owned(), None), "/kudos")), @r#"I don't know "stau&lt;ts". Try `/kudos @ana @ben for unblocking the release`, `/kudos mine` or `/kudos help`."#);
    insta::assert_snapshot!(read(&objection(&Objection::Unknown("mine please".to_owned(), Some("mine")), "/kudos")), @r#"I don't know "mine please". Did you mean `/kudos mine`?"#);
    let all = [
        Objection::Nobody,
        Objection::NamedLater,
        Objection::NotLinked("@b<en".to_owned()),
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
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Choose at least one person to thank.
    Start with the names of the people you want to thank, then say what for.
    I don't know "@b&lt;en". Pick the name from the list that Slack shows when you type @.
    I can't thank @here. Name people or a user group, so it means something.
    Slack doesn't tell me who's in "@design". Name its people instead.
    Slack doesn't tell me who's in that user group. Name its people instead.
    There's no one else in that user group to thank.
    You can't give kudos to yourself. Who helped you?
    Kudos are for people, not for bots. Is there a person behind it to thank?
    That account is deactivated, so your kudos wouldn't reach anyone.
    What for? Add a few words, so that it means something.
    That reason has 1001 characters, and 1000 fit. Please shorten it.
    That's 51 people, and one kudos can thank 50. Name those who did the most.
    That's 6 people, and you can thank 5 a day. Name fewer, and thank the others tomorrow.
    "#);
}

#[test]
fn spent_message() {
    let read = |line: Markup| read(&line.into());
    insta::assert_snapshot!(read(spent(1, 0, 10)), @"You've used today's 10 kudos, so this one wasn't sent. You get 10 more after midnight.");
    insta::assert_snapshot!(read(spent(3, 1, 10)), @"That's 3 people, and you can thank 1 more person today, so this one wasn't sent. You get 10 more after midnight.");
    insta::assert_snapshot!(read(spent(1, 0, 1)), @"You've used today's kudos, so this one wasn't sent. You get another one after midnight.");
}

#[test]
fn same_again_message() {
    insta::assert_snapshot!(read(&same_again(&people(&["BEN"]), Some("<@BEN> lunch".to_owned()))), @r"
    You just thanked <@BEN> in the same words. That one counted, so I haven't sent it again.
    [Send it again]
    ");
    insta::assert_snapshot!(read(&same_again(&people(&["BEN", "CY"]), None)), @r"
    You just thanked <@BEN> and <@CY> in the same words. That one counted, so I haven't sent it again.
    (If you mean it twice, type it again in 30 seconds.)
    ");
    insta::assert_snapshot!(SAME_AGAIN_IN_FORM, @"You just thanked them in the same words, and that one counted. You can close this form.");
    insta::assert_snapshot!(STALE_FORM, @"This form is from before an update, so I can't read it. Copy your text and open a new form.");
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
    What for? (It's shown with your name.)
    [Cancel] [Give]
    ");
    insta::assert_snapshot!(shown(&form("{}".to_owned(), false)), @r"
    Give kudos
    Who would you like to thank? (no hint)
    What for? (optional) (It's shown with your name.)
    [Cancel] [Give]
    ");
}
