//! Who leads, and when a sync is announced.

use std::collections::BTreeSet;

use chrono::Duration;
use rondo::{
    common::people::{Away, PersonSettings, store as settings},
    engine::{person::PersonData, turns::Turn},
    model::clock::{Clock, Instant},
    rituals::sync::{plan::HeldSync, store},
    store::unit::{Outcome, UnitOfWork},
};

use super::*;

/// Returns when the next sync begins.
async fn start_at(bot: &Bot) -> Instant {
    let engine = &bot.parts.engine;
    let programmes = engine.store.programme_ids(&engine.team).await.unwrap();
    let pending = engine.store.pending_runs(&engine.team, &programmes[0]).await.unwrap();
    pending.iter().find(|run| run.kind == "start").unwrap().due.at
}

/// Goes to the next sync without a bot that runs, and further by this much.
async fn comes_late(bot: &mut Bot, late: Duration) {
    let next = start_at(bot).await;
    bot.sandbox.clock().advance_to((next + late).timestamp_millis());
    bot.settle().await;
}

/// Erases the person who leads the next sync, by a program whose clock is so many days ahead: another person is asked at once.
async fn erases_the_lead(bot: &mut Bot, days: i64) {
    super::before::weekly(bot, &["ana", "ben", "dee"]).await;
    let asked = super::before::only(bot, super::before::ASKS);
    super::before::answers(bot, asked, "I'll do it").await;
    // All of them work at this hour, wherever they are.
    super::before::until(bot, "2026-01-08T10:05").await;
    let at = bot.parts.engine.clock.now_ms() + Duration::days(days).num_milliseconds();
    let data = PersonData { clock: Clock::watched(move || at), ..PersonData::of(&bot.parts.engine) };
    assert!(data.erase(&UserId(bot.id(asked)), &[], false).await.unwrap().is_clean);
    bot.settle().await;
    assert_ne!(super::before::only(bot, super::before::ASKS), asked);
}

each_store! {
    async fn the_lead_goes_round(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let told = bot.reads_last("ben", "#team");
        assert!(told.starts_with(
            ":speech_balloon: @ana has started a sync here: every Tuesday at 10:00 (Europe/Lisbon), 30 minutes. You lead in turn, \
             and I announce whose turn it is. First sync: Tuesday, 6 January at 10:00."
        ), "{told}");
        let mut leads = BTreeSet::new();
        for _ in 0..4 {
            let shown = leads_shown(bot, "ben").await;
            assert_eq!(shown.len(), 8);
            let announcement = next_sync(bot).await;
            let lead = lead_of(&announcement);
            assert_eq!(
                announcement.lines().next().unwrap(),
                format!("{BEGINS}the sync: 30 minutes. @{lead} leads.")
            );
            assert_eq!(shown[0], lead, "what next shows comes true");
            leads.insert(lead);
        }
        assert_eq!(leads.len(), 4, "{leads:?}");
        let status = bot.says("ben", "#team", "/sync status").await;
        let status = bot.as_read(&status.text);
        assert!(status.starts_with("*Syncs run here, every Tuesday at 10:00 (Europe/Lisbon), 30 minutes.*"), "{status}");
        assert_eq!(status.matches(" led.").count(), 2, "the one that is on isn't past: {status}");
        let csv = exported(bot).await;
        assert_eq!(csv.lines().count(), 5, "{csv}");
        assert!(csv.contains(",2026-01-06,") && csv.contains(",lead,") && csv.contains(",assigned,"), "{csv}");
    }

    async fn a_repeated_tick_announces_once(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        next_sync(bot).await;
        for _ in 0..3 {
            assert_ne!(bot.parts.ticker.tick_once().await.unwrap(), Turn::Worked);
            bot.settle().await;
        }
        assert_eq!(announced(bot).len(), 1);
        let (engine, now) = (&bot.parts.engine, bot.parts.engine.clock.now());
        let programme = programme_in(bot, &channel).await;
        let date = "2026-01-06".parse().unwrap();
        let mut again = UnitOfWork::new();
        store::put_sync(&mut again, &engine.team, &HeldSync::announced((&programme.id, date), now, now, 30), now);
        assert_eq!(engine.store.commit(again).await.unwrap(), Outcome::Refused(store::HELD));
    }

    async fn a_late_sync_says_so(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        comes_late(bot, Duration::hours(3)).await;
        let late = announced(bot).pop().unwrap();
        assert!(late.contains("This comes late: it was due Tuesday, 6 January 2026 at 10:00 (Europe/Lisbon)."), "{late}");
        bot.clicks("ben", "#team", "I'll take over").await;
        assert!(bot.reads_last("ben", "#team").starts_with("You"), "the lead can still be taken over");
    }

    async fn a_sync_is_not_announced_after_four_hours(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        comes_late(bot, Duration::hours(5)).await;
        assert_eq!(announced(bot), [""; 0]);
        let status = bot.says("ana", "#team", "/sync").await.text;
        assert!(status.contains("• Tuesday, 6 January: not announced. I wasn't running at the time"), "{status}");
        next_sync(bot).await;
    }

    async fn without_people_it_goes_on_without_a_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("ben", "#team", "/sync skip").await;
        assert_eq!(leads_shown(bot, "ana").await[..4], ["-", "ben", "ben", "ben"]);
        let announcement = next_sync(bot).await;
        assert!(announcement.contains("No one's free to lead, so it goes on without a lead."), "{announcement}");
        bot.clicks("ana", "#team", "I'll lead").await;
        assert_eq!(announced(bot)[0].lines().next().unwrap(), format!("{BEGINS}the sync: 30 minutes. @ana leads."));
        assert_eq!(lead_of(&next_sync(bot).await), "ben");
    }

    async fn a_sync_of_one_has_a_lead(bot: &mut Bot) {
        running(bot, &["ana"]).await;
        for _ in 0..3 {
            assert_eq!(lead_of(&next_sync(bot).await), "ana");
        }
    }

    async fn absent_people_do_not_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        let left = bot.says("ben", "#team", "/sync leave").await;
        let left = bot.as_read(&left.text);
        assert!(left.starts_with("You've left the syncs in #team. I won't tell anyone."), "{left}");
        let engine = bot.parts.engine.clone();
        let (from, to) = ("2026-01-06".parse().unwrap(), "2026-01-13".parse().unwrap());
        let own = PersonSettings { away: vec![Away { from, to }], ..PersonSettings::default() };
        let mut unit = UnitOfWork::new();
        let dee = UserId(bot.id("dee"));
        settings::put(&mut unit, &engine.team, &dee, (&PersonSettings::default(), &own), engine.clock.now()).unwrap();
        engine.store.commit(unit).await.unwrap();
        let skips = bot.says("cy", "#team", "/sync skip").await.text;
        assert!(skips.contains("You're skipping the sync on "), "{skips}");
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
        // It's at night for cy, who skipped the first one and owes nothing of it.
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
        // cy owes half a turn by now, and dee, who was away, owes nothing of those two.
        assert_eq!(lead_of(&next_sync(bot).await), "cy");
        assert_eq!(lead_of(&next_sync(bot).await), "dee");
        bot.says("ben", "#team", "/sync join").await;
        let shown = leads_shown(bot, "ana").await;
        assert!(shown[0] != "ben" && shown[1..].contains(&"ben".to_owned()), "a newcomer does not lead at once: {shown:?}");
    }

    async fn deactivated_people_do_not_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        assert_eq!(leads_shown(bot, "ana").await, ["ana"; 8]);
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
    }

    async fn two_syncs_run_in_one_channel(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        let shown = |answer: &str| answer.matches("*Next turns of ").count();
        let both = bot.says("ben", "#team", "/sync next").await.text;
        assert_eq!(shown(&both), 2, "{both}");
        let planning = bot.says("ben", "#team", "/sync next planning").await.text;
        assert!(planning.starts_with("*Next turns of Planning*") && shown(&planning) == 1, "{planning}");
        let none = bot.says("ben", "#team", "/sync next Retro").await.text;
        assert!(none.starts_with("No syncs here are called \"Retro\"."), "{none}");
        assert!(next_sync(bot).await.starts_with(&format!("{BEGINS}the sync: ")));
        assert!(next_sync(bot).await.starts_with(&format!("{BEGINS}*Planning*: ")));
        assert_eq!(exported(bot).await.lines().count(), 3);
    }

    async fn a_pause_and_a_stop_bring_no_sync(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync pause").await;
        let shown = bot.says("ben", "#team", "/sync next").await.text;
        assert!(shown.starts_with("*Next turns of the syncs*\nThey're paused."), "{shown}");
        bot.says("ana", "#team", "/sync resume").await;
        next_sync(bot).await;
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        let farewell = bot.reads("ben", "#team").into_iter().rfind(|text| text.contains("has stopped")).unwrap();
        assert!(farewell.starts_with("@ana has stopped the syncs. Thanks to everyone who led!"), "{farewell}");
        // The one that wasn't closed yet is over with them.
        assert!(announced(bot)[0].contains("This sync is over."), "{:?}", announced(bot));
        bot.passes(Duration::days(15));
        bot.settle().await;
        assert_eq!(announced(bot).len(), 1);
        let none = bot.says("ben", "#team", "/sync next").await.text;
        assert!(none.starts_with("The syncs in this channel were stopped on "), "{none}");
    }

    async fn a_stop_withdraws_what_waits(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let next = start_at(bot).await;
        bot.person("ana").says("#team", "/sync stop").await;
        let question = bot.person("ana").reads("#team").pop().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        assert_eq!(bot.parts.ticker.tick_once().await.unwrap(), Turn::Worked);
        bot.person("ana").clicks(&question, "Stop these syncs").await;
        bot.settle().await;
        assert_eq!(announced(bot), [""; 0]);
        assert!(programme_in(bot, &channel).await.ended_at.is_some());
    }

    async fn an_organiser_hears_that_the_bot_is_gone(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.sandbox.kick("team", &bot.user);
        bot.hears_events().await;
        comes_to(bot, "start").await;
        let told = bot.reads_dm("ana").pop().unwrap();
        assert!(told.starts_with("I couldn't announce the sync in #team"), "{told}");
    }

    async fn the_next_in_line_is_asked_when_a_lead_is_erased(bot: &mut Bot) {
        erases_the_lead(bot, -200).await;
    }

    async fn a_program_whose_clock_is_ahead_erases_a_lead(bot: &mut Bot) {
        erases_the_lead(bot, 100).await;
    }

    async fn an_erased_lead_stays_counted(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let erased = PersonData::of(&bot.parts.engine).erase(&UserId(bot.id(&lead)), &[], false).await.unwrap();
        assert!(erased.is_clean, "{erased:?}");
        for table in ["sync_duty", "sync_availability"] {
            assert!(erased.rows.contains(&(table, 1)), "{table}: {erased:?}");
        }
        let csv = exported(bot).await;
        assert!(csv.contains(",lead,erased-") && !csv.contains(&lead), "{csv}");
        let shown = leads_shown(bot, if lead == "ana" { "ben" } else { "ana" }).await;
        assert!(!shown.contains(&lead) && !shown.contains(&"-".to_owned()), "{shown:?}");
    }
}
