//! *I'll take over*: by one person, by two at once, by the lead, and too late.

use chrono::Duration;
use slack_sandbox::Message;

use super::{
    before::{SHEET_OF_13, until, weekly},
    closing::with_scribe,
    swap::{NOTHING, offers, people},
    *,
};

/// Returns the newest announcement, as Slack has it.
fn announcement(bot: &Bot) -> Message {
    let is_one = |message: &Message| message.text.starts_with(BEGINS);
    bot.person("ana").reads("#team").into_iter().rfind(is_one).unwrap()
}

/// Returns those of these people who don't lead.
pub(super) fn others(lead: &str) -> Vec<&'static str> {
    ["ana", "ben", "cy", "dee"].into_iter().filter(|name| *name != lead).collect()
}

each_store! {
    async fn a_volunteer_leads_and_it_counts(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let volunteer = others(&lead)[0];
        bot.clicks(volunteer, "#team", "I'll take over").await;
        assert_eq!(
            bot.reads_last(volunteer, "#team"),
            "You lead this sync now, and it counts as your turn. Thank you!"
        );
        assert_eq!(
            bot.reads_dm(&lead).pop().unwrap(),
            format!("@{volunteer} has taken over and leads the sync in #team, so you don't have to.\nThe turn counts as theirs, \
                     and yours comes later.")
        );
        let [now] = &announced(bot)[..] else { panic!("it is amended") };
        assert!(now.contains(&format!("@{volunteer} has taken over and leads.")), "{now}");
        let csv = exported(bot).await;
        assert!(csv.contains(&format!(",lead,{volunteer},volunteered,")) && csv.lines().count() == 2, "{csv}");
        let shown = leads_shown(bot, "ana").await;
        assert!(!shown[..3].contains(&volunteer.to_owned()), "{shown:?}");
    }

    async fn a_scribe_who_takes_over_takes_no_notes(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "cy"]).await;
        let announcement = next_sync(bot).await;
        let lead = lead_of(&announcement);
        let scribe = announcement.split(", @").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        bot.clicks(&scribe, "#team", "I'll take over").await;
        assert_eq!(
            bot.reads_last(&scribe, "#team"),
            "You lead this sync now, and it counts as your turn. Thank you!\nYou don't take notes as well: ask who writes down \
             what matters."
        );
        let now = announced(bot).pop().unwrap();
        assert!(now.contains(&format!("@{scribe} has taken over and leads.")), "{now}");
        assert!(now.contains("No one takes notes now: ask who writes down what matters."), "{now}");
        assert!(bot.reads_dm(&scribe).iter().all(|text| !text.contains(":memo: You take notes")), "{:?}", bot.reads_dm(&scribe));
        let csv = exported(bot).await;
        assert!(!csv.contains(",scribe,"), "{csv}");
        // The lead reads of it once.
        let of_it = bot.reads_dm(&lead).into_iter().filter(|text| text.contains("has taken over")).count();
        assert_eq!(of_it, 1, "{:?}", bot.reads_dm(&lead));
        bot.clicks(&lead, "#team", "I'll take over").await;
        let now = announced(bot).pop().unwrap();
        assert!(now.contains(&format!("@{lead} has taken over and leads, @{scribe} takes notes.")), "{now}");
        assert!(!now.contains("No one takes notes"), "{now}");
        let told = bot.reads_dm(&scribe);
        assert!(told.last().unwrap().ends_with("You take notes again, as it was planned."), "{told:?}");
        assert!(told.iter().any(|text| text.starts_with(":memo: You take notes at the sync in #team")), "{told:?}");
        assert!(!told.iter().any(|text| text.contains("so you don't take notes there")), "{told:?}");
        let csv = exported(bot).await;
        assert!(csv.contains(&format!(",scribe,{scribe},")), "{csv}");
    }

    async fn a_lead_who_takes_it_back_has_the_run_sheet_again(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        bot.says("ana", "#team", "/sync add Budget").await;
        until(bot, "2026-01-13T10:01").await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        let sheet = |bot: &Bot| bot.reads_dm(&lead).into_iter().find(|text| text.contains(SHEET_OF_13));
        let before = sheet(bot).expect("a run sheet");
        let other = ["ana", "ben", "dee"].into_iter().find(|who| *who != lead).unwrap();
        bot.clicks(other, "#team", "I'll take over").await;
        assert_eq!(sheet(bot), None, "it's another's to lead");
        bot.clicks(&lead, "#team", "I'll take over").await;
        let again = sheet(bot).expect("the run sheet");
        assert!(again.contains("Budget") && before.contains("Budget"), "{before}\n{again}");
    }

    async fn who_had_asked_for_a_swap_reads_who_leads_now(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        until(bot, "2026-01-13T10:00").await;
        let says_so = |bot: &Bot| bot.reads_dm(asked).iter().filter(|text| text.contains("You lead the sync in #team on Tuesday, 13 January")).count();
        assert!(says_so(bot) > 0, "{:?}", bot.reads_dm(asked));
        bot.clicks(third, "#team", "I'll take over").await;
        assert_eq!(says_so(bot), 0, "{:?}", bot.reads_dm(asked));
    }

    async fn a_lead_who_has_left_hears_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let lead = lead_of(&next_sync(bot).await);
        bot.sandbox.kick("team", &bot.id(&lead));
        bot.hears_events().await;
        let volunteer = others(&lead)[0];
        let before = bot.reads_dm(&lead).len();
        bot.clicks(volunteer, "#team", "I'll take over").await;
        assert_eq!(bot.reads_dm(&lead).len(), before, "{:?}", bot.reads_dm(&lead));
    }

    async fn a_person_outside_the_channel_takes_nothing_over(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let value = format!("{} 2026-01-06 1", programme_in(bot, &channel).await.id);
        let answers = crate::coffee::answers_to(bot, "dee", "sync:take_over", &value).await;
        assert!(answers.iter().any(|text| text.starts_with("Syncs are for people in #team.")), "{answers:?}");
        assert_eq!(lead_of(&announced(bot)[0]), lead);
    }

    async fn a_closed_sync_is_not_taken_over(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let lead = lead_of(&next_sync(bot).await);
        bot.says(&lead, "#team", "/sync close").await;
        let person = bot.person(&lead);
        person.sees_modal().await.expect("the form");
        assert_eq!(person.submits().await, slack_sandbox::Submission::Closed);
        bot.settle().await;
        assert!(announced(bot)[0].contains("This sync is over."), "{:?}", announced(bot));
        let status = bot.says("ana", "#team", "/sync status").await.text;
        let status = bot.as_read(&status);
        assert!(!status.contains("It's on now") && status.contains(&format!("@{lead} led.")), "{status}");
        let value = format!("{} 2026-01-06 1", programme_in(bot, &channel).await.id);
        let answers = crate::coffee::answers_to(bot, others(&lead)[0], "sync:take_over", &value).await;
        assert!(answers.iter().any(|text| text.starts_with("This sync is over")), "{answers:?}");
        assert_eq!(lead_of(&announced(bot)[0]), lead);
    }

    async fn of_two_volunteers_at_once_one_leads(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let message = announcement(bot);
        let (one, other) = (bot.person(others(&lead)[0]), bot.person(others(&lead)[1]));
        let (first, second) =
            tokio::join!(one.clicks(&message, "I'll take over"), other.clicks(&message, "I'll take over"));
        assert!(first.is_answered() && second.is_answered());
        bot.settle().await;
        let answers: Vec<String> = others(&lead)[..2].iter().map(|who| bot.reads_last(who, "#team")).collect();
        let leads = answers.iter().filter(|answer| answer.starts_with("You lead this sync now")).count();
        let later = answers.iter().filter(|answer| answer.contains("was quicker and leads this sync now")).count();
        assert_eq!((leads, later), (1, 1), "{answers:?}");
        assert_eq!(exported(bot).await.lines().count(), 2);
    }

    async fn an_outdated_message_takes_nothing_over(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let (outdated, volunteers) = (announcement(bot), others(&lead));
        bot.clicks(volunteers[0], "#team", "I'll take over").await;
        bot.person(volunteers[1]).clicks(&outdated, "I'll take over").await;
        bot.settle().await;
        let answer = bot.reads_last(volunteers[1], "#team");
        assert_eq!(answer, format!("@{} was quicker and leads this sync now. Thanks for offering!", volunteers[0]));
        // With the message as it is now, a further person may take over.
        bot.clicks(volunteers[1], "#team", "I'll take over").await;
        assert_eq!(lead_of(&announced(bot)[0]), volunteers[1]);
    }

    async fn the_lead_takes_nothing_over(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = lead_of(&next_sync(bot).await);
        bot.clicks(&lead, "#team", "I'll take over").await;
        assert_eq!(bot.reads_last(&lead, "#team"), "You lead this sync already, so nothing has changed.");
        assert!(exported(bot).await.contains(",assigned,"));
    }

    async fn after_the_sync_its_lead_stays(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let other = if lead == "ana" { "ben" } else { "ana" };
        bot.passes(Duration::minutes(31));
        bot.clicks(other, "#team", "I'll take over").await;
        assert!(bot.reads_last(other, "#team").starts_with("This sync is over, so its lead stays as it is."));
        assert_eq!(lead_of(&announced(bot)[0]), lead);
    }
}

each_store! {
    with [("people.guests_take_part", "false")];
    async fn a_guest_takes_nothing_over(bot: &mut Bot) {
        running(bot, &["ana", "gus"]).await;
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
        bot.clicks("gus", "#team", "I'll take over").await;
        assert_eq!(bot.reads_last("gus", "#team"), "Guests don't take part in syncs in this workspace.");
    }
}
