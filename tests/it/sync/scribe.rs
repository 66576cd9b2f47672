//! Who takes notes: told ahead, shown to the lead, announced, and settled anew if they can't.

use super::{
    before::{ASKS, answers, only, told, until},
    closing::with_scribe,
    swap::{NOTHING, offers},
    truth::open_to,
    *,
};

/// What a person reads who takes notes.
const NOTES: &str = ":memo: You take notes at the sync in #team on ";
const PEOPLE: [&str; 3] = ["ana", "ben", "dee"];

/// Starts a sync with a scribe, whose lead says yes, and goes to the working day before at ten. Returns the lead, the scribe and
/// the third person.
async fn settled(bot: &mut Bot) -> (&'static str, &'static str, &'static str) {
    with_scribe(bot, &PEOPLE).await;
    let lead = only(bot, ASKS);
    answers(bot, lead, "I'll do it").await;
    until(bot, "2026-01-05T10:00").await;
    let scribe = only(bot, NOTES);
    assert_ne!(lead, scribe);
    let third = PEOPLE.into_iter().find(|who| *who != lead && *who != scribe).unwrap();
    (lead, scribe, third)
}

/// Returns what the newest run sheet of a person says of notes; empty if it says nothing.
fn sheet_says(bot: &Bot, lead: &str) -> String {
    let sheet = bot.reads_dm(lead).into_iter().rfind(|text| text.contains("• When: ")).expect("a run sheet");
    sheet.lines().find(|line| line.starts_with("• Notes: ")).unwrap_or_default().to_owned()
}

fn has(bot: &Bot, who: &str, words: &str) -> bool {
    bot.reads_dm(who).iter().any(|text| text.contains(words))
}

each_store! {
    async fn the_scribe_who_is_told_is_announced(bot: &mut Bot) {
        let (lead, scribe, _) = settled(bot).await;
        assert_eq!(sheet_says(bot, lead), format!("• Notes: @{scribe} takes them"));
        let next = says(bot, "ana", "/sync next").await;
        assert!(next.lines().nth(1).unwrap().ends_with(&format!("@{lead} leads, @{scribe} takes notes")), "{next}");
        until(bot, "2026-01-06T10:00").await;
        assert!(announced(bot)[0].contains(&format!("@{lead} leads, @{scribe} takes notes.")), "{:?}", announced(bot));
        assert!(has(bot, scribe, "It has begun.") && open_to(bot, scribe).iter().all(|text| !text.contains("notes")));
    }

    async fn a_scribe_is_told_when_no_one_answers_who_leads(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben"]).await;
        until(bot, "2026-01-12T12:00").await;
        let [(lead, _)] = told(bot, "Please lead the sync in #team on Tuesday, 13 January")[..] else { panic!("one leads") };
        let scribe = only(bot, ":memo: You take notes at the sync in #team on Tuesday, 13 January");
        assert!(lead != scribe && sheet_says(bot, lead) == format!("• Notes: @{scribe} takes them"));
    }

    async fn a_scribe_who_cannot_is_replaced(bot: &mut Bot) {
        let (lead, scribe, third) = settled(bot).await;
        answers(bot, scribe, "Can't this time").await;
        assert!(has(bot, scribe, "Thanks for telling me: you don't take notes at the sync in #team on "));
        assert_eq!((only(bot, NOTES), sheet_says(bot, lead)), (third, format!("• Notes: @{third} takes them")));
        answers(bot, third, "Can't this time").await;
        assert_eq!((told(bot, NOTES), sheet_says(bot, lead)), (vec![], String::new()), "no one is asked twice");
        assert!(has(bot, third, "There's no one else to ask, so it goes on without a scribe."));
        assert!(has(bot, lead, &format!("@{third} can't, and there's no one else to ask.")));
        until(bot, "2026-01-06T10:00").await;
        assert!(!announced(bot)[0].contains("takes notes"), "{:?}", announced(bot));
    }

    async fn a_scribe_who_goes_is_replaced(bot: &mut Bot) {
        let (lead, scribe, third) = settled(bot).await;
        says(bot, scribe, "/sync skip").await;
        assert!(has(bot, scribe, "You don't take notes at the sync in #team on ") && has(bot, scribe, "you're skipping it."));
        assert_eq!((only(bot, NOTES), sheet_says(bot, lead)), (third, format!("• Notes: @{third} takes them")));
        assert_eq!(open_to(bot, scribe), [""; 0]);
    }

    async fn a_scribe_who_takes_the_lead_takes_no_notes(bot: &mut Bot) {
        let (lead, scribe, third) = settled(bot).await;
        offers(bot, lead, scribe, NOTHING).await;
        answers(bot, scribe, "Yes, I'll take it").await;
        assert!(has(bot, scribe, "so you don't take notes there."));
        let now = only(bot, NOTES);
        assert!(now == lead || now == third, "{now}");
        assert_eq!(sheet_says(bot, scribe), format!("• Notes: @{now} takes them"));
        until(bot, "2026-01-06T10:00").await;
        assert!(announced(bot)[0].contains(&format!("@{scribe} leads in place of @{lead}, @{now} takes notes."))
            || announced(bot)[0].contains(&format!("@{scribe} leads, @{now} takes notes.")), "{:?}", announced(bot));
    }

    async fn a_pause_leaves_no_scribe(bot: &mut Bot) {
        let (_, scribe, _) = settled(bot).await;
        says(bot, "ana", "/sync pause").await;
        assert!(has(bot, scribe, "paused the syncs.") && told(bot, NOTES).is_empty());
        says(bot, "ana", "/sync resume").await;
        only(bot, NOTES);
    }

    async fn a_sync_that_is_on_stays_as_it_is(bot: &mut Bot) {
        let (_, scribe, _) = settled(bot).await;
        until(bot, "2026-01-06T10:05").await;
        let memo = |bot: &Bot| bot.reads_dm(scribe).into_iter().rfind(|text| text.contains("take notes")).unwrap();
        let before = memo(bot);
        assert!(before.contains("It has begun."), "{before}");
        bot.says("ana", "#team", "/sync start every Tuesday at 11:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        bot.settle().await;
        assert_eq!(memo(bot), before);
        assert!(says(bot, "ana", "/sync status").await.contains("every Tuesday at 11:00"));
        says(bot, "ana", "/sync pause").await;
        assert!(says(bot, "ana", "/sync status").await.contains("paused"));
        says(bot, "ana", "/sync resume").await;
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        bot.settle().await;
        assert!(says(bot, "ana", "/sync status").await.contains("were stopped"));
        assert_eq!(memo(bot), before);
    }

    async fn a_cancelled_sync_has_no_scribe(bot: &mut Bot) {
        let (_, scribe, _) = settled(bot).await;
        says(bot, "ana", "/sync cancel 6 January").await;
        assert!(has(bot, scribe, "cancelled it.") && told(bot, NOTES).is_empty());
        assert_eq!(open_to(bot, scribe), [""; 0]);
    }

    async fn a_moved_sync_settles_its_scribe_anew(bot: &mut Bot) {
        let (lead, scribe, _) = settled(bot).await;
        says(bot, "ana", "/sync move 6 January to 15:00").await;
        assert!(has(bot, scribe, &format!("{NOTES}Tuesday, 6 January at 15:00.")), "{:?}", bot.reads_dm(scribe));
        says(bot, "ana", "/sync move 6 January to 8 January").await;
        assert!(told(bot, NOTES).is_empty() && has(bot, scribe, ":speech_balloon: Moved to "));
        until(bot, "2026-01-07T10:00").await;
        let now = only(bot, NOTES);
        assert_eq!(sheet_says(bot, lead), format!("• Notes: @{now} takes them"));
    }

    async fn a_scribe_is_told_in_their_hours(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "cy"]).await;
        says(bot, "ana", "/sync leave").await;
        if told(bot, ASKS) == [("ben", 1)] {
            answers(bot, "ben", "I'll do it").await;
        } else {
            says(bot, "ben", "/sync next").await;
            bot.clicks("ben", "#team", "I'll do it").await;
        }
        // In New York it is five in the morning.
        until(bot, "2026-01-05T13:50").await;
        assert_eq!((told(bot, NOTES), sheet_says(bot, "ben")), (vec![], "• Notes: @cy takes them".to_owned()));
        until(bot, "2026-01-05T14:00").await;
        assert_eq!(only(bot, NOTES), "cy");
        assert!(has(bot, "cy", "For you that's at 05:00, outside your usual hours."), "{:?}", bot.reads_dm("cy"));
    }

    async fn without_scribes_no_one_takes_notes(bot: &mut Bot) {
        let (lead, scribe, _) = settled(bot).await;
        let ana = bot.person("ana");
        bot.says("ana", "#team", "/sync status").await;
        bot.clicks("ana", "#team", "Change").await;
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("scribe", "No second role"));
        ana.submits().await;
        ana.submits().await;
        bot.settle().await;
        assert_eq!((told(bot, NOTES), sheet_says(bot, lead)), (vec![], String::new()));
        assert!(has(bot, scribe, "You don't take notes at the sync in #team on "));
    }
}
