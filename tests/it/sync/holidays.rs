//! Public holidays: a person whose region has one has no duty on that day, and takes part in no coffee round.

use rondo::common::people::{PersonSettings, store as settings};
use rondo::store::unit::UnitOfWork;

use super::{
    before::{ASKS, until},
    *,
};

/// Sets where a person is.
async fn is_in(bot: &Bot, who: &str, region: &str) {
    let engine = &bot.parts.engine;
    let own = PersonSettings { region: Some(region.to_owned()), ..PersonSettings::default() };
    let mut unit = UnitOfWork::new();
    settings::put(
        &mut unit,
        &engine.team,
        &UserId(bot.id(who)),
        (&PersonSettings::default(), &own),
        engine.clock.now(),
    )
    .unwrap();
    engine.store.commit(unit).await.unwrap();
}

async fn adds_a_point(bot: &mut Bot) {
    bot.says("ana", "#team", "/sync add Budget").await;
}

each_store! {
    // Tuesday, 6 January 2026 is Epiphany in Austria, Italy and Spain, and no holiday in Portugal.
    async fn a_person_on_a_holiday_does_not_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        is_in(bot, "ana", "Graz, Austria").await;
        is_in(bot, "ben", "Österreich").await;
        is_in(bot, "cy", "Portugal").await;
        let shown = leads_shown(bot, "ana").await;
        assert_eq!(shown[0], "cy", "{shown:?}");
        assert!(shown.contains(&"ana".to_owned()) && shown.contains(&"ben".to_owned()), "{shown:?}");
        let status = bot.says("ana", "#team", "/sync status").await.text;
        assert!(status.contains("1 person takes turns so far.\n2 people skip the next sync."), "{status}");
        assert!(status.contains("That day is a public holiday in your country or region"), "{status}");
        let joined = bot.says("ana", "#team", "/sync join").await;
        assert!(joined.text.starts_with("You're in, from the sync after the next on."), "{}", joined.text);
        let told = format!("{} {:?}", joined.text, joined.raw);
        assert!(told.contains("Heilige Drei Könige"), "{told}");
        assert_eq!(lead_of(&next_sync(bot).await), "cy");
        assert_ne!(lead_of(&next_sync(bot).await), "cy", "the others have a turn on the 13th");
    }

    async fn where_all_are_on_a_holiday_no_one_leads(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        is_in(bot, "ana", "es").await;
        is_in(bot, "ben", "ITALIA").await;
        assert_eq!(leads_shown(bot, "ana").await[0], "-");
        assert!(next_sync(bot).await.contains("No one's free to lead, so it goes on without a lead."));
    }

    async fn no_one_is_asked_to_lead_on_a_holiday(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for who in ["ana", "ben"] {
            is_in(bot, who, "Austria").await;
        }
        let asked = |bot: &Bot| ["ana", "ben"].map(|who| bot.reads_dm(who)).concat().iter().filter(|text| text.contains(ASKS)).count();
        next_sync(bot).await;
        until(bot, "2026-01-06T22:00").await;
        assert_eq!(asked(bot), 0, "{:?} {:?}", bot.reads_dm("ana"), bot.reads_dm("ben"));
        until(bot, "2026-01-07T16:00").await;
        assert_eq!(asked(bot), 1, "{:?} {:?}", bot.reads_dm("ana"), bot.reads_dm("ben"));
    }

    async fn the_reminder_to_close_waits_for_one_who_is_away_by_then(bot: &mut Bot) {
        running(bot, &["ana", "cy"]).await;
        adds_a_point(bot).await;
        let lead = lead_of(&next_sync(bot).await);
        comes_to(bot, "end").await;
        bot.says(&lead, "#team", "/sync away tomorrow until 9 January").await;
        let open = |bot: &Bot| bot.reads_dm(&lead).iter().filter(|text| text.contains("is still open")).count();
        until(bot, "2026-01-11T22:00").await;
        assert_eq!((open(bot), reads_team(bot, "ana", "This sync closes by itself").len()), (0, 0), "{:?}", bot.reads_dm(&lead));
        until(bot, "2026-01-12T18:00").await;
        assert_eq!(open(bot), 1, "{:?}", bot.reads_dm(&lead));
        until(bot, "2026-01-13T18:00").await;
        assert_eq!(reads_team(bot, "ana", "This sync closes by itself").len(), 1);
    }

    async fn the_question_to_close_comes_once_after_a_holiday(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        is_in(bot, "ana", "Austria").await;
        bot.says("ben", "#team", "/sync skip").await;
        comes_to(bot, "end").await;
        let read = |bot: &Bot| bot.reads_dm("ana").into_iter().filter(|text| text.contains("What did you get to?") || text.contains("what did you get to?") || text.contains("asked you again")).collect::<Vec<_>>();
        until(bot, "2026-01-06T22:00").await;
        assert_eq!(read(bot), [""; 0], "it's a holiday");
        until(bot, "2026-01-07T22:00").await;
        assert!(read(bot).len() == 1 && read(bot)[0].contains("had no lead, so I'm asking you: what did you get to?"), "{:?}", read(bot));
        until(bot, "2026-01-08T16:00").await;
        assert!(read(bot).len() == 2 && read(bot)[1].contains("is still open. What did you get to?"), "{:?}", read(bot));
    }

    async fn a_region_that_is_not_known_has_no_holidays(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for (who, region) in [("ana", "Atlantis <!here>"), ("ben", "🦀, at the sea")] {
            is_in(bot, who, region).await;
        }
        assert_ne!(leads_shown(bot, "ana").await[0], "-");
    }

    async fn a_coffee_round_leaves_out_people_on_a_holiday(bot: &mut Bot) {
        let id = bot.sandbox.add_channel("cafe", false, &["ana", "ben", "cy"]);
        bot.sandbox.invite("cafe", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#cafe", "/coffee start every Tuesday at 10:00").await;
        bot.clicks("ana", "#cafe", "Start").await;
        is_in(bot, "cy", "AT").await;
        crate::coffee::comes_round(bot).await;
        let engine = bot.parts.engine.clone();
        let chats = engine.store.programmes_in(&engine.team, "coffee", &ChannelId(id)).await.unwrap();
        let (store, known) = (engine.context().store.clone(), (9, chrono::NaiveDate::MIN));
        let rounds = rondo::rituals::coffee::store::history(&store, &chats[0].id, known).await.unwrap();
        let people: Vec<UserId> = rounds.concat().concat();
        assert_eq!(people.len(), 2, "{people:?}");
        assert!(!people.contains(&UserId(bot.id("cy"))));
    }

    async fn the_form_points_out_the_organisers_holidays(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        let proposed = bot.says("ana", "#team", "/sync start every Tuesday at 10:00").await.text;
        assert!(!proposed.contains("holiday"), "{proposed}");
        is_in(bot, "ana", "Austria").await;
        let proposed = bot.says("ana", "#team", "/sync start every Tuesday at 10:00").await;
        let told = format!("{} {:?}", proposed.text, proposed.raw);
        assert!(told.contains("Tuesday, 6 January is a holiday for many people."), "{told}");
        assert!(told.contains("except 6 January"), "{told}");
    }
}
