//! What decides between people whose turns don't: other duties that week, departments, and days on which they don't work.

use chrono::{NaiveDate, Weekday, WeekdaySet};
use rondo::{
    common::people::{PersonSettings, store as settings},
    rituals::sync::{
        plan::{HeldSync, How, Lead},
        store,
    },
    store::unit::UnitOfWork,
};
use serde_json::json;
use slack_sandbox::Submission;

use super::{
    setup::{modal, opens},
    *,
};

async fn sets(bot: &Bot, who: &str, own: &PersonSettings) {
    let engine = &bot.parts.engine;
    let mut unit = UnitOfWork::new();
    settings::put(
        &mut unit,
        &engine.team,
        &UserId(bot.id(who)),
        (&PersonSettings::default(), own),
        engine.clock.now(),
    )
    .unwrap();
    engine.store.commit(unit).await.unwrap();
}

/// Starts a sync with the form, in which these fields are filled.
async fn starts_with(bot: &mut Bot, fields: &[(&str, serde_json::Value)]) -> String {
    let ana = opens(bot, "ana").await;
    for (field, value) in fields {
        assert!(ana.fills(field, value.clone()), "{field} takes {value}");
    }
    assert_eq!(ana.submits().await, Submission::Updated);
    let preview = modal(bot, &ana);
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
    preview
}

/// Gives a person the lead of a date in another sync.
async fn leads_elsewhere(bot: &Bot, programme: &str, who: &str, date: NaiveDate) {
    let (engine, now) = (&bot.parts.engine, bot.parts.engine.clock.now());
    let lead = Lead { user: UserId(bot.id(who)), how: How::Assigned, version: 1 };
    let held = HeldSync { lead: Some(lead), ..HeldSync::announced((programme, date), now, now, 30) };
    let mut unit = UnitOfWork::new();
    store::put_sync(&mut unit, &engine.team, &held, now);
    engine.store.commit(unit).await.unwrap();
}

each_store! {
    async fn two_syncs_in_a_week_have_different_leads(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy", "dee"]).await;
        starts(bot, "/sync start every Thursday at 15:00 called Planning").await;
        for _ in 0..3 {
            let (one, other) = (lead_of(&next_sync(bot).await), lead_of(&next_sync(bot).await));
            assert_ne!(one, other);
        }
    }

    async fn a_coming_duty_elsewhere_counts(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        // The lead of the 6th is asked already; that of the 20th isn't.
        let third = leads_shown(bot, "ana").await.remove(2);
        starts(bot, "/sync start every Friday at 15:00 called Planning").await;
        let engine = bot.parts.engine.clone();
        let all = engine.store.programmes_in(&engine.team, "sync", &channel).await.unwrap();
        let other = all.iter().find(|programme| programme.name == "Planning").unwrap();
        // The Friday of the same week.
        leads_elsewhere(bot, &other.id, &third, "2026-01-23".parse().unwrap()).await;
        let text = bot.says("ana", "#team", "/sync next").await.text;
        let text = bot.as_read(&text);
        let line = text.lines().filter(|line| line.starts_with("• ")).nth(2).unwrap();
        assert!(line.contains("20 January") && !line.contains(&format!("@{third}")), "{text}");
        bot.says("ana", "#team", "/sync stop Planning").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        assert_eq!(leads_shown(bot, "ana").await[2], third, "a stopped sync has no duties to come");
    }

    async fn a_sync_of_one_in_two_syncs_leads_both(bot: &mut Bot) {
        running(bot, &["ana"]).await;
        starts(bot, "/sync start every Thursday at 15:00 called Planning").await;
        assert_eq!((lead_of(&next_sync(bot).await), lead_of(&next_sync(bot).await)), ("ana".into(), "ana".into()));
    }

    async fn departments_lead_in_turn(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy", "dee"]).await;
        for (who, department) in [("ana", "Ops"), ("ben", "ops"), ("cy", "Design"), ("dee", "Design")] {
            let department = Some(department.to_owned());
            sets(bot, who, &PersonSettings { department, ..PersonSettings::default() }).await;
        }
        starts_with(bot, &[("departments", json!(["Departments lead in turn, where that's fair"]))]).await;
        let is_ops = |lead: &String| ["ana", "ben"].contains(&lead.as_str());
        let shown: Vec<bool> = leads_shown(bot, "ana").await.iter().map(is_ops).collect();
        assert!(shown.windows(2).all(|two| two[0] != two[1]), "{shown:?}");
    }

    async fn round_robin_keeps_the_order(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy"]).await;
        starts_with(bot, &[("order", json!("One after the other, always in the same order"))]).await;
        let mut leads = Vec::new();
        for _ in 0..6 {
            leads.push(lead_of(&next_sync(bot).await));
        }
        assert_eq!(leads[..3], leads[3..], "{leads:?}");
        assert_eq!(leads[..3].iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }

    async fn people_lead_in_the_order_in_which_they_were_chosen(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy", "dee"]).await;
        let chosen = ["dee", "ana", "cy", "ben"];
        let ids: Vec<String> = chosen.iter().map(|who| bot.id(who)).collect();
        let order = json!("One after the other, always in the same order");
        let preview = starts_with(bot, &[("sync:people", json!(ids)), ("order", order)]).await;
        let said = "One after the other, in this order: @dee, @ana, @cy and @ben.";
        assert!(preview.contains(said), "{preview}");
        let told = reads_team(bot, "ben", ":speech_balloon: @ana has started").pop().unwrap();
        assert!(told.contains("These people lead in turn, in this order: @dee, @ana, @cy and @ben."), "{told}");
        assert_eq!(leads_shown(bot, "ana").await[..4], chosen);
        for command in ["/sync next", "/sync status"] {
            let shown = super::says(bot, "ben", command).await;
            assert!(shown.contains(said), "{shown}");
        }
    }

    async fn nobody_leads_on_a_day_they_do_not_work(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        let days_out = WeekdaySet::single(Weekday::Tue);
        sets(bot, "ben", &PersonSettings { days_out, ..PersonSettings::default() }).await;
        let preview = starts_with(bot, &[]).await;
        assert!(preview.contains("First turns, as things stand: @ana on 6 January, @ana on 13 January, @ana on 20 January and @ana on 27 January."), "{preview}");
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
        sets(bot, "ana", &PersonSettings { days_out, ..PersonSettings::default() }).await;
        assert!(next_sync(bot).await.contains("No one's free to lead, so it goes on without a lead."));
    }
}

each_store! {
    with [("people.departments", "[\"design\"]")];

    async fn groups_are_departments_too(bot: &mut Bot) {
        // The group @design is ben and cy.
        team(bot, &["ana", "ben", "cy", "dee"]).await;
        for who in ["ana", "dee"] {
            let department = Some("Ops".to_owned());
            sets(bot, who, &PersonSettings { department, ..PersonSettings::default() }).await;
        }
        starts_with(bot, &[("departments", json!(["Departments lead in turn, where that's fair"]))]).await;
        let shown = leads_shown(bot, "ana").await;
        let is_design: Vec<bool> = shown.iter().map(|lead| ["ben", "cy"].contains(&lead.as_str())).collect();
        assert!(is_design.windows(2).all(|two| two[0] != two[1]), "{shown:?}");
    }
}
