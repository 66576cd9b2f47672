//! Each date is reminded once: through replicas, kills, moved clocks and days off.

use rondo::{
    engine::{Engine, ticker::Ticker, turns::Turn},
    model::entropy::Entropy,
    store::unit::UnitOfWork,
};

use super::*;

/// Returns another process's ticker on the same database.
pub(super) fn replica(bot: &Bot, seed: u64) -> Ticker {
    Ticker::new(Engine { entropy: Entropy::seeded(seed), ..bot.parts.engine.clone() })
}

pub(super) async fn ticks(ticker: &Ticker) {
    while ticker.tick_once().await.unwrap() == Turn::Worked {}
}

fn goes_to(bot: &Bot, time: &str) {
    let at: Instant = format!("{time}:00Z").parse().unwrap();
    bot.sandbox.clock().advance_to(at.timestamp_millis());
}

async fn outcomes(bot: &Bot) -> Vec<String> {
    let text = "SELECT outcome FROM run WHERE ritual = 'promises' AND kind = 'remind' AND done_at IS NOT NULL ORDER BY due_at";
    let rows = bot.parts.engine.store.ask(text, Vec::new()).await.unwrap();
    rows.into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect()
}

each_store! {
    async fn of_many_processes_one_reminds(bot: &mut Bot) {
        for number in 1..=10 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        goes_to(bot, "2026-01-09T08:01");
        let tickers: Vec<Ticker> = (2..6).map(|seed| replica(bot, seed)).collect();
        futures_util::future::join_all(tickers.iter().map(ticks)).await;
        bot.settle().await;
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert!(all.starts_with(":bell: *10 promises of yours*"), "{all}");
        let outcomes = outcomes(bot).await;
        let count = |ended: &str| outcomes.iter().filter(|outcome| *outcome == ended).count();
        assert_eq!((count("done"), count("skipped")), (1, 9), "the others find their promises reminded");
    }

    async fn a_claim_that_was_lost_is_taken_up_again(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        goes_to(bot, "2026-01-09T08:01");
        // A process claims the run and is killed before it commits.
        let Engine { store, team, clock, .. } = bot.parts.engine.clone();
        let mut run = store.due_runs(&team, clock.now(), 10).await.unwrap().runs.remove(0);
        let lease = clock.now() + Duration::seconds(60);
        assert!(store.claim_run(&team, &mut run, 7, lease).await.unwrap());
        ticks(&replica(bot, 2)).await;
        bot.settle_within(Duration::seconds(10)).await;
        assert!(reminders(bot, "ben").is_empty(), "the claim holds");
        bot.passes(Duration::minutes(2));
        ticks(&replica(bot, 3)).await;
        bot.settle().await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_clock_that_goes_back_reminds_no_one_again(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        let back: Instant = "2026-01-08T08:00:00Z".parse().unwrap();
        bot.sandbox.clock().set(back.timestamp_millis());
        bot.parts.ticker.repair().await.unwrap();
        bot.settle().await;
        until(bot, "2026-01-12T10:00").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_clock_that_jumps_reminds_once_of_each_date(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        until(bot, "2026-01-09T07:59").await;
        let set = |bot: &Bot, time: &str| {
            let at: Instant = format!("{time}:00Z").parse().unwrap();
            bot.sandbox.clock().set(at.timestamp_millis());
        };
        set(bot, "2026-01-07T09:00");
        bot.parts.ticker.repair().await.unwrap();
        bot.settle().await;
        assert!(reminders(bot, "ben").is_empty(), "it's Wednesday again");
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        picks(bot, "ben", "Later…", "In three days").await;
        set(bot, "2026-01-08T09:00");
        bot.parts.ticker.repair().await.unwrap();
        bot.settle().await;
        until(bot, "2026-01-09T12:00").await;
        assert!(reminders(bot, "ben").is_empty(), "the first date was moved");
        until(bot, "2026-01-13T12:00").await;
        assert_eq!(reminders(bot, "ben").len(), 1, "the second date, once");
    }

    async fn a_date_that_moved_is_reminded_once_in_its_place(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Wednesday").await;
        for choice in ["In three days", "Next week"] {
            bot.says("ben", "#general", "/promise mine").await;
            let list = bot.person("ben").reads("#general").pop().unwrap();
            bot.person("ben").picks(&list, "Later…", choice).await;
            bot.settle().await;
        }
        until(bot, "2026-01-15T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 0);
        until(bot, "2026-01-16T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        until(bot, "2026-01-20T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_reminder_that_is_kept_no_more_says_what_was_pressed(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        let mut unit = UnitOfWork::new();
        unit.run("DELETE FROM outbox WHERE key LIKE 'promises/reminded/%'", Vec::new());
        bot.parts.engine.store.commit(unit).await.unwrap();
        presses(bot, "ben", "Done").await;
        assert_eq!(states(bot).await, ["kept"]);
        assert_eq!(bot.reads_dm("ben"), [":white_check_mark: Done, thank you:\n>send it"]);
    }

    async fn an_older_reminder_follows_its_promise(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Wednesday").await;
        until(bot, "2026-01-07T09:00").await;
        picks(bot, "ben", "Later…", "In three days").await;
        let only = |bot: &Bot| {
            let read = bot.reads_dm("ben").into_iter().filter(|text| text.contains(">send it"));
            let [one] = &read.collect::<Vec<_>>()[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
            one.clone()
        };
        assert!(only(bot).starts_with("Moved to Monday, 12 January:\n>send it\nI'll remind you on Monday, 12 January 2026 at 09:00"), "{}", only(bot));
        // In a list, which changes no message by itself.
        bot.says("ben", "#general", "/promise mine").await;
        let list = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").picks(&list, "Later…", "Next week").await;
        bot.settle().await;
        assert!(only(bot).starts_with("Moved to Friday, 16 January:\n>send it\nI'll remind you on Friday, 16 January 2026 at 09:00"), "{}", only(bot));
        bot.says("ben", "#general", "/sync away 15 to 20 January").await;
        assert!(only(bot).contains("I'll remind you on Wednesday, 14 January 2026 at 09:00"), "{}", only(bot));
        types(bot, "ben", "/promise done 1").await;
        assert!(only(bot).starts_with(":white_check_mark: Done, thank you:\n>send it"), "{}", only(bot));
    }

    async fn a_new_time_zone_moves_the_reminder(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday at 22:00").await;
        bot.sandbox.set_zone("ben", "America/New_York");
        bot.hears_events().await;
        bot.settle().await;
        let told = bot.reads_dm("ben").join("\n");
        assert!(told.contains("or your time zone have changed, so I moved these reminders:\n• send it: "), "{told}");
        until(bot, "2026-01-09T13:00").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-09T14:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1, "when their day begins there");
    }

    async fn a_person_who_is_away_is_reminded_before(bot: &mut Bot) {
        bot.says("ben", "#general", "/sync away 8 to 14 January").await;
        types(bot, "ben", "/promise send it by Friday").await;
        until(bot, "2026-01-07T07:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-07T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_person_who_will_be_away_is_told_when_reminders_come(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        types(bot, "ben", "/promise another by 20 January").await;
        bot.says("ben", "#general", "/sync away 8 to 14 January").await;
        let told = bot.reads_last("ben", &bot.user.clone());
        assert!(told.starts_with("Your days away, your working days or your time zone have changed, so I moved these reminders:\n• send it: Wednesday, 7 January 2026 at 09:00 (Europe/Berlin)\n"), "{told}");
        assert!(!told.contains("another:"), "{told}");
        until(bot, "2026-01-07T07:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-07T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        until(bot, "2026-01-16T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_person_who_is_away_at_once_is_reminded_when_back(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        bot.says("ben", "#general", "/sync away until 14 February").await;
        let told = bot.reads_last("ben", &bot.user.clone());
        assert!(told.contains("• send it: Monday, 16 February 2026 at 09:00"), "{told}");
        until(bot, "2026-02-16T07:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-02-16T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn an_asker_is_told_of_a_reminder_after_its_date(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send it by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        bot.says("ben", "#general", "/sync away 8 to 14 January").await;
        assert_eq!(bot.reads_dm("ana").len(), 1, "he is reminded before");
        let answer = &bot.reads_dm("ben")[0];
        assert!(answer.contains("I'll remind you on Wednesday, 7 January 2026 at 09:00"), "the answer says so, too: {answer}");
        bot.says("ben", "#general", "/sync away until 14 January").await;
        let told = bot.reads_last("ana", &bot.user.clone());
        assert!(told.starts_with("@ben won't be at work for some days, so I'll remind them of this on Thursday, 15 January, which is promised for Friday, 9 January:\n>send it"), "{told}");
        until(bot, "2026-01-15T08:01").await;
        let [reminder] = &reminders(bot, "ben")[..] else { panic!("one reminder") };
        assert!(reminder.starts_with(":bell: Promised for Friday, 9 January:"), "{reminder}");
        assert!(reminder.contains("That day is over; I only remind you in your working hours."), "{reminder}");
    }

    async fn an_asker_reads_that_a_reminder_comes_in_time_after_all(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send it by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        bot.says("ben", "#general", "/sync away until 14 January").await;
        assert!(bot.reads_last("ana", &bot.user.clone()).starts_with("@ben won't be at work"), "{:?}", bot.reads_dm("ana"));
        bot.says("ben", "#general", "/sync back").await;
        let told = bot.reads_last("ana", &bot.user.clone());
        assert!(told.starts_with("@ben is at work before this is due after all, so I'll remind them in time:\n>send it"), "{told}");
        until(bot, "2026-01-09T08:01").await;
        presses(bot, "ben", "Done").await;
        let read = bot.reads_dm("ana").join("\n");
        assert!(read.contains("@ben had promised you this:\n>send it\nThey said that it's done.") && !read.contains("in time"), "{read}");
    }

    async fn a_person_who_comes_back_early_is_reminded_in_time(bot: &mut Bot) {
        bot.says("ben", "#general", "/sync away until 14 January").await;
        types(bot, "ben", "/promise send it by Friday").await;
        bot.says("ben", "#general", "/sync back").await;
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_reminder_comes_late_rather_than_never(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        // No process runs over the weekend.
        goes_to(bot, "2026-01-11T20:00");
        bot.settle().await;
        assert!(reminders(bot, "ben").is_empty(), "not on a Sunday night");
        until(bot, "2026-01-12T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn the_clocks_change_and_the_hour_stays(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by 30 March").await;
        until(bot, "2026-03-30T06:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-03-30T07:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1, "nine o'clock in summer time");
    }
}
