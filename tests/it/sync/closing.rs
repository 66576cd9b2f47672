//! After a sync: its lead closes it, what was not reached moves on, and the scribe is thanked.

use slack_sandbox::{PersonHandle, Submission};

use super::*;

const ASKED: &str = "Thanks for leading the sync in #team on Tuesday, 6 January! What did you get to?";

/// Starts a weekly sync with a scribe in `#team`.
pub(super) async fn with_scribe(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let channel = team(bot, people).await;
    let ana = bot.person("ana");
    ana.says("#team", "/sync").await;
    ana.sees_modal().await.expect("a form");
    assert!(ana.fills("scribe", "A scribe takes notes, in turn too"));
    assert_eq!(ana.submits().await, Submission::Updated);
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
    channel
}

/// Returns the label of the button that thanks a scribe: a name begins with a capital.
fn thank(scribe: &str) -> String {
    format!("Thank @{}{}", scribe[..1].to_uppercase(), &scribe[1..])
}

async fn adds(bot: &mut Bot, points: &[&str]) {
    for point in points {
        bot.says("ben", "#team", &format!("/sync add {point}")).await;
    }
}

/// Goes to the end of the next sync, and returns its lead.
async fn ends(bot: &mut Bot) -> String {
    let lead = lead_of(&next_sync(bot).await);
    comes_to(bot, "end").await;
    lead
}

/// Opens the form of the newest question.
async fn opens(bot: &mut Bot, who: &str) -> PersonHandle {
    let dm = bot.user.clone();
    bot.clicks(who, &dm, "Close this sync").await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Close this sync");
    person
}

/// Nothing more comes of the sync of this date: no end and no reminder.
async fn comes_no_more(bot: &Bot, channel: &ChannelId, date: &str) {
    let (engine, programme) = (&bot.parts.engine, programme_in(bot, channel).await);
    let pending = engine.store.pending_runs(&engine.team, &programme.id).await.unwrap();
    let more: Vec<_> = pending.iter().filter(|run| run.occasion.starts_with(date)).collect();
    assert!(more.is_empty(), "{more:?}");
}

each_store! {
    async fn a_lead_closes_a_sync(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        adds(bot, &["Budget", "On call", "Party"]).await;
        let lead = ends(bot).await;
        let asked = bot.reads_dm(&lead).pop().unwrap();
        assert!(asked.starts_with(ASKED), "{asked}");
        let form = opens(bot, &lead).await;
        assert!(form.fills("reached", vec!["Budget", "Party"]) && form.fills("notes", "Ship it\n<!channel>"));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        let posts = bot.person("ana").reads("#team");
        let announcement = posts.iter().rfind(|post| post.text.starts_with(BEGINS)).unwrap();
        let summary = posts.iter().find(|post| post.text.contains("has closed this sync.")).unwrap();
        assert_eq!(summary.thread_ts.as_ref(), Some(&announcement.ts));
        assert_eq!(bot.as_read(&summary.text), format!(
            "@{lead} has closed this sync.\n*Reached*\n• Budget (@ben)\n• Party (@ben)\n*Moves on to the next sync*\n\
             • On call (@ben, moved on once)\n*Notes*\n>Ship it\n>&lt;!channel&gt;"
        ));
        assert_eq!(bot.reads_dm(&lead).pop().unwrap(), "The sync on Tuesday, 6 January is closed; its thread has the summary. 1 point moves on to the next sync.");
        assert_eq!(agenda(bot, "ben").await, ["On call (@ben, moved on once)"]);
        // It moves on until it is reached.
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(agenda(bot, "ben").await, ["On call (@ben, moved on twice)"]);
        comes_no_more(bot, &channel, "2026-01-13").await;
    }

    async fn of_two_closings_one_counts(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, &["Budget"]).await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        let (one, other) = tokio::join!(form.submits(), form.submits());
        bot.settle().await;
        let summaries = reads_team(bot, "ana", &format!("@{lead} has closed this sync."));
        assert_eq!(summaries.len(), 1, "{one:?} {other:?}");
        assert_eq!(agenda(bot, "ben").await, ["Budget (@ben, moved on once)"]);
    }

    async fn silence_is_nudged_once_and_then_closes(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, &["Budget"]).await;
        let lead = ends(bot).await;
        comes_to(bot, "nudge").await;
        let now = bot.parts.engine.clock.now();
        let zone: chrono_tz::Tz = if lead == "ana" { chrono_tz::Europe::Lisbon } else { chrono_tz::Europe::Berlin };
        assert_eq!(now.with_timezone(&zone).format("%a %H:%M").to_string(), "Wed 09:00");
        let nudge = bot.reads_dm(&lead).pop().unwrap();
        assert!(nudge.starts_with("The sync in #team on Tuesday, 6 January is still open. What did you get to?"), "{nudge}");
        assert!(bot.reads_dm(&lead).iter().any(|text| text == "I've asked you again about the sync on Tuesday, 6 January: see below."));
        comes_to(bot, "lapse").await;
        let summary = reads_team(bot, "ana", "This sync closes by itself").pop().unwrap();
        assert_eq!(summary, "This sync closes by itself, so I don't know what you reached.\n*Moves on to the next sync*\n• Budget (@ben, moved on once)");
        let dm = bot.reads_dm(&lead);
        assert_eq!(dm[dm.len() - 2..], ["The sync on Tuesday, 6 January is closed: see below.", "The sync on Tuesday, 6 January has closed by itself."]);
        assert_eq!(agenda(bot, "ben").await, ["Budget (@ben, moved on once)"]);
    }

    async fn an_answer_to_the_reminder_answers_both(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "cy"]).await;
        let lead = ends(bot).await;
        comes_to(bot, "nudge").await;
        let form = opens(bot, &lead).await;
        assert!(form.modal().unwrap().plain().contains("Nothing was on its agenda."));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        let dm: Vec<_> = bot.person(&lead).reads_dm();
        let [question, reminder] = &dm[dm.len() - 2..] else { panic!("two messages") };
        assert_eq!(bot.as_read(&question.text), "The sync on Tuesday, 6 January is closed: see below.");
        let read = bot.as_read(&reminder.text);
        assert!(read.starts_with("The sync on Tuesday, 6 January is closed; its thread has the summary."), "{read}");
        assert!(!question.blocks.iter().any(|block| block["type"] == "actions") && reminder.blocks.iter().any(|block| block["type"] == "actions"), "the thanks are below");
    }

    async fn a_lead_closes_with_the_command(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let none = bot.says("ana", "#team", "/sync close").await.text;
        assert!(none.starts_with("There's no sync to close here: none has begun that is still open."), "{none}");
        adds(bot, &["Budget"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let other = ["ben", "cy"].into_iter().find(|name| *name != lead).unwrap();
        let refused = bot.says(other, "#team", "/sync close").await.text;
        let refused = bot.as_read(&refused);
        assert!(refused.starts_with("You can't close the sync on Tuesday, 6 January, so nothing has changed.") && refused.contains("@ana (its organisers)"), "{refused}");
        assert!(bot.person(other).modal().is_none());
        // It may also end before its time, and no question follows.
        bot.says(&lead, "#team", "/sync close").await;
        let form = bot.person(&lead);
        form.sees_modal().await.expect("a form");
        assert!(form.fills("reached", vec!["Budget"]));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(reads_team(bot, &lead, "The sync on"), ["The sync on Tuesday, 6 January is closed; its thread has the summary."]);
        assert_eq!(reads_team(bot, "ana", &format!("@{lead} has closed this sync.")).len(), 1);
        comes_no_more(bot, &channel, "2026-01-06").await;
        let closed = bot.says(&lead, "#team", "/sync close").await.text;
        assert!(bot.as_read(&closed).contains(&format!("The last one, on Tuesday, 6 January, was closed by @{lead}.")), "{closed}");
    }

    async fn an_organiser_closes_a_sync_that_its_lead_forgot(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Tuesday at 11:00 called Planning").await;
        next_sync(bot).await;
        next_sync(bot).await;
        let which = bot.says("ana", "#team", "/sync close").await.text;
        assert!(which.starts_with("Several syncs here are open."), "{which}");
        bot.clicks("ana", "#team", "Close Planning of Tuesday, 6 January").await;
        let ana = bot.person("ana");
        assert!(ana.sees_modal().await.expect("a form").plain().contains("*Planning* on Tuesday, 6 January"));
        ana.closes();
        bot.says("ana", "#team", "/sync close planning").await;
        assert!(ana.sees_modal().await.expect("a form").plain().contains("*Planning* on Tuesday, 6 January"));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        bot.says("ana", "#team", "/sync close").await;
        assert!(ana.sees_modal().await.expect("a form").plain().contains("The sync on Tuesday, 6 January"), "only that is open");
        ana.closes();
        let unknown = bot.says("ana", "#team", "/sync close the window").await.text;
        assert!(unknown.starts_with("No syncs here are called \"the window\"."), "{unknown}");
    }

    async fn long_notes_keep_the_form_open(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        form.fills("notes", "&".repeat(3_001));
        assert!(matches!(form.submits().await, Submission::Errors(_)));
        assert!(form.fills("notes", "&".repeat(3_000)));
        // Three presses are one.
        let (first, ..) = tokio::join!(form.submits(), form.submits(), form.submits());
        assert_eq!(first, Submission::Closed);
        bot.settle().await;
        assert!(!bot.reads_dm(&lead).iter().any(|text| text.contains("closed already")), "{:?}", bot.reads_dm(&lead));
        let summary = reads_team(bot, "ana", &format!("@{lead} has closed")).pop().unwrap();
        assert_eq!(summary.matches("&amp;").count(), 3_000);
    }

    async fn a_form_that_is_sent_after_the_end_changes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, &["Budget"]).await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        assert!(form.fills("reached", vec!["Budget"]));
        comes_to(bot, "lapse").await;
        form.submits().await;
        bot.settle().await;
        assert!(bot.reads_dm(&lead).pop().unwrap().starts_with("This sync is closed already, so nothing has changed."));
        assert_eq!(agenda(bot, "ben").await, ["Budget (@ben, moved on once)"]);
    }

    async fn a_form_that_comes_late_is_added(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        adds(bot, &["Budget"]).await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        assert!(form.fills("reached", vec!["Budget"]) && form.fills("notes", "Ship it"));
        assert!(form.fills("decided", "We keep Mondays free"));
        comes_to(bot, "lapse").await;
        form.submits().await;
        bot.settle().await;
        let adds = format!("@{lead} adds to this sync.");
        assert_eq!(reads_team(bot, "ana", &adds), [format!("{adds}\n*Notes*\n>Ship it")]);
        assert!(bot.reads("ana", "#team").iter().any(|text| text.contains("We keep Mondays free")));
        let told = bot.reads_dm(&lead).pop().unwrap();
        assert!(told.starts_with("The sync on Tuesday, 6 January had closed by itself already, so I've added what you wrote to its thread."), "{told}");
        assert_eq!(agenda(bot, "ben").await, ["Budget (@ben, moved on once)"]);
    }

    async fn the_same_promise_twice_in_a_form_is_one(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        let other = if lead == "cy" { "ben" } else { "cy" };
        for (field, words) in [("promised_1", "paint the door"), ("promised_2", "Paint  the Door")] {
            assert!(form.fills(field, words) && form.fills(&format!("{field}_who"), bot.id(other)));
            assert!(form.fills(&format!("{field}_date"), "2026-01-09"));
        }
        assert!(form.fills("notes", "Ship it"));
        form.submits().await;
        bot.settle().await;
        let closed = reads_team(bot, "ana", &format!("@{lead} has closed this sync."));
        let [summary] = &closed[..] else { panic!("it is closed: {:?}", bot.reads_dm(&lead)) };
        assert!(summary.contains(">Ship it") && summary.to_lowercase().matches("paint").count() == 1, "{summary}");
    }

    async fn the_second_of_two_forms_is_added(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        bot.says("ana", "#team", "/sync close").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(form.fills("notes", "First") && ana.fills("notes", "Second"));
        let (one, other) = tokio::join!(form.submits(), ana.submits());
        bot.settle().await;
        let thread: Vec<String> = bot.reads("ben", "#team").into_iter().filter(|text| text.contains("*Notes*")).collect();
        assert_eq!(thread.len(), 2, "{one:?} {other:?}: {thread:?}");
        let of = |words: &str| thread.iter().find(|text| text.contains(words)).unwrap_or_else(|| panic!("{words}: {thread:?}"));
        let (closed, _) = (of(" has closed this sync."), of(" adds to this sync."));
        assert!([">First", ">Second"].iter().all(|notes| thread.join(" ").contains(notes)), "{thread:?}");
        let (first, second) = if closed.contains(">First") { ("First", "Second") } else { ("Second", "First") };
        let added = if second == "Second" { "ana" } else { &*lead };
        let history = says(bot, "ben", "/sync history").await;
        assert!(history.ends_with(&format!("led.\n>Notes: {first}\n>Added by @{added}: {second}")), "{history}");
        let csv = super::ledgers::table(bot, "additions", LedgerFormat::Csv, "2026-01-06").await;
        assert!(csv.lines().count() == 2 && csv.contains(&format!(",{added},{second},2026-01-06T")), "{csv}");
        assert_eq!(super::ledgers::table(bot, "additions", LedgerFormat::Csv, "2026-01-07").await.lines().count(), 1);
    }

    async fn a_reminder_names_the_next_sync_if_that_closes_it(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every weekday at 14:00").await;
        adds(bot, &["Budget"]).await;
        let lead = lead_of(&next_sync(bot).await);
        comes_to(bot, "nudge").await;
        let asked = bot.reads_dm(&lead).pop().unwrap();
        let at = "It closes by itself Tuesday, 6 January 2026 at 14:00 (Europe/Lisbon), and its point moves on.";
        assert!(asked.contains(at), "{asked}");
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "This sync closes by itself").len(), 1);
    }

    async fn a_reminder_that_would_come_too_late_stands_in_the_question(bot: &mut Bot) {
        team(bot, &["ana", "cy"]).await;
        starts(bot, "/sync start every weekday at 10:00").await;
        bot.says("ana", "#team", "/sync leave").await;
        adds(bot, &["Budget"]).await;
        // Her day begins hours after the next sync.
        assert_eq!(ends(bot).await, "cy");
        let asked = bot.reads_dm("cy").pop().unwrap();
        assert!(asked.contains("What did you get to?") && asked.contains("It closes by itself "), "{asked}");
        let before = bot.reads_dm("cy").len();
        next_sync(bot).await;
        let open: Vec<String> = bot.reads_dm("cy").into_iter().skip(before).filter(|text| text.contains("It closes by itself")).collect();
        assert_eq!(open, [""; 0], "nothing is asked that can't be done");
        assert_eq!(reads_team(bot, "ana", "This sync closes by itself").len(), 1);
    }

    async fn a_sync_with_a_scribe_that_has_begun_hinders_nothing(bot: &mut Bot) {
        let channel = with_scribe(bot, &["ana", "ben", "cy"]).await;
        let announcement = next_sync(bot).await;
        let scribe = announcement.split(", @").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        let memo = "It has begun.";
        let before = bot.reads_dm(&scribe);
        assert!(before.iter().any(|text| text.contains(":memo:") && text.contains(memo)), "{before:?}");
        for (typed, answer) in [
            ("/sync pause", "I've paused the syncs."),
            ("/sync resume", "I've resumed the syncs."),
            ("/sync pause until 14 January", "I've paused the syncs."),
            ("/sync resume", "I've resumed the syncs."),
        ] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
        for times in ["every Tuesday at 11:00", "every Thursday at 11:00", "every Tuesday at 15:00"] {
            says(bot, "ana", &format!("/sync start {times}")).await;
            bot.clicks("ana", "#team", "Change the times").await;
            assert!(programme_in(bot, &channel).await.cadence.unwrap().say().starts_with(times), "{times}");
        }
        let now = bot.reads_dm(&scribe);
        assert!(now.iter().any(|text| text.contains(":memo:") && text.contains(memo)), "{now:?}");
        says(bot, "ana", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        assert!(programme_in(bot, &channel).await.ended_at.is_some());
    }

    async fn the_next_sync_closes_the_one_before(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every weekday at 10:00").await;
        adds(bot, &["Budget"]).await;
        let lead = ends(bot).await;
        comes_to(bot, "nudge").await;
        let nudge = bot.reads_dm(&lead).pop().unwrap();
        assert!(nudge.contains("It closes by itself Wednesday, 7 January 2026 at 10:00 "), "the next one begins then: {nudge}");
        adds(bot, &["Party"]).await;
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "*Agenda*").pop().unwrap(), "*Agenda*\n1. Budget (@ben, moved on once)\n2. Party (@ben)");
        assert_eq!(reads_team(bot, "ana", "This sync closes by itself").len(), 1);
    }

    async fn without_a_lead_the_organisers_close(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        bot.says("ben", "#team", "/sync skip").await;
        comes_to(bot, "end").await;
        let asked = bot.reads_dm("ana").pop().unwrap();
        assert!(asked.starts_with("The sync in #team on Tuesday, 6 January had no lead, so I'm asking you"), "{asked}");
        let form = opens(bot, "ana").await;
        assert!(form.fills("notes", "We went on"));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(reads_team(bot, "ben", "@ana has closed"), ["@ana has closed this sync.\n*Notes*\n>We went on"]);
    }

    async fn a_lead_who_has_left_closes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        let lead = ends(bot).await;
        bot.person(&lead).leaves("team");
        bot.hears_events().await;
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "Close this sync").await;
        let told = bot.reads_dm(&lead).pop().unwrap();
        assert!(told.starts_with("You can't close the sync on Tuesday, 6 January, so nothing has changed."), "{told}");
        assert!(bot.person(&lead).modal().is_none());
    }

    async fn a_form_that_is_open_over_a_stop_closes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = ends(bot).await;
        let form = opens(bot, &lead).await;
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_dm(&lead).iter().any(|text| text.starts_with("These syncs have ended")));
    }

    async fn a_scribe_is_thanked_once(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "cy"]).await;
        let announcement = next_sync(bot).await;
        let lead = lead_of(&announcement);
        let scribe = announcement.split(", @").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        comes_to(bot, "end").await;
        let form = opens(bot, &lead).await;
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        let person = bot.person(&lead);
        let closed = person.reads_dm().pop().unwrap();
        let label = thank(&scribe);
        let (first, second) = tokio::join!(person.clicks(&closed, &label), person.clicks(&closed, &label));
        assert!(first.is_answered() && second.is_answered());
        bot.settle().await;
        bot.passes(chrono::Duration::minutes(1));
        person.clicks(&closed, &label).await;
        bot.settle().await;
        assert_eq!(bot.thanked().await, std::slice::from_ref(&scribe));
        let thanked = bot.reads("ana", "#team").into_iter().filter(|text| text.starts_with(":tada:")).collect::<Vec<_>>();
        assert!(thanked.len() == 1 && thanked[0].contains(&format!("thanks @{scribe}")) && thanked[0].contains("taking notes"), "{thanked:?}");
        assert!(bot.reads_dm(&lead).iter().any(|text| text.starts_with("You've given these kudos already")), "{:?}", bot.reads_dm(&lead));
    }
}

each_store! {
    with [("kudos.daily_allowance", "1")];
    async fn thanks_respect_the_allowance(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "cy"]).await;
        let announcement = next_sync(bot).await;
        let lead = lead_of(&announcement);
        let scribe = announcement.split(", @").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        comes_to(bot, "end").await;
        let form = opens(bot, &lead).await;
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        let other = ["ana", "ben", "cy"].into_iter().find(|name| *name != lead).unwrap();
        bot.says(&lead, "#general", &format!("/kudos @{other} for lunch")).await;
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, &thank(&scribe)).await;
        assert_eq!(bot.thanked().await.len(), 1);
        let told = bot.reads_dm(&lead).pop().unwrap();
        assert_eq!(told, "You've used today's kudos, so this one wasn't sent. You get another one after midnight.");
    }

    async fn stopping_syncs_ends_the_one_that_is_not_closed(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        super::agenda::adds(bot, "ben", "Budget").await;
        let lead = lead_of(&next_sync(bot).await);
        super::before::until(bot, "2026-01-06T16:00").await;
        says(bot, "ana", "/sync stop").await;
        let asked = bot.reads_last("ana", "#team");
        assert!(asked.contains("The one on Tuesday, 6 January isn't closed yet; close it first if there's something to note."), "{asked}");
        bot.clicks("ana", "#team", "Stop these syncs").await;
        let closed = "The sync on Tuesday, 6 January is closed: @ana has stopped the syncs.";
        assert_eq!(bot.reads_dm(&lead).iter().filter(|text| text.starts_with(closed)).count(), 1, "{:?}", bot.reads_dm(&lead));
        assert!(!bot.reads_dm(&lead).iter().any(|text| text.contains("What did you")), "no question is left open");
        super::before::until(bot, "2026-01-09T16:00").await;
        starts(bot, WEEKLY).await;
        assert_eq!(agenda(bot, "ana").await, ["Budget (@ben)"]);
    }

}
