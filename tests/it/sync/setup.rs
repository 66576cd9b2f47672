//! Setting a sync up with the form.

use slack_sandbox::{PersonHandle, Submission};

use super::*;

/// Opens the form with the bare command.
pub(super) async fn opens(bot: &Bot, who: &str) -> PersonHandle {
    let person = bot.person(who);
    let answer = person.says("#team", "/sync").await;
    assert!(answer.is_answered() && answer.text.is_empty(), "{}", answer.text);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Set up a sync");
    person
}

pub(super) fn modal(bot: &Bot, person: &PersonHandle) -> String {
    bot.as_read(&person.modal().expect("a modal is open").plain())
}

const SAFE: &str = "Use an address that begins with https://, without spaces or a password.";

each_store! {
    async fn two_presses_start_a_sync(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy"]).await;
        let ana = opens(bot, "ana").await;
        assert!(ana.fills("minutes", "45 minutes") && ana.fills("link", "https://meet.example/a?b=c&d=e"));
        assert!(ana.fills("scribe", "A scribe takes notes, in turn too"));
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        for words in [
            "Syncs in #team, every Tuesday at 10:00 (Europe/Lisbon).",
            "3 people here would take part. First turns, as things stand: @",
            "Now, to everyone in #team",
            "@ana has started a sync here: every Tuesday at 10:00 (Europe/Lisbon), 45 minutes. You lead and take notes in turn",
            "Buttons: I'll take over",
        ] {
            assert!(preview.contains(words), "{words}: {preview}");
        }
        // The example is the first of these turns.
        let first = preview.split("as things stand: @").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        let example = format!("Tuesday, 6 January at 10:00, to everyone in #team, for example if @{first} leads");
        assert!(preview.contains(&example), "{example}: {preview}");
        let example = format!("It's time for the sync: 45 minutes. @{first} leads, @");
        assert!(preview.contains(&example), "{example}: {preview}");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let announcement = next_sync(bot).await;
        assert!(announcement.starts_with(&format!("{BEGINS}the sync: 45 minutes. @")), "{announcement}");
        assert!(announcement.contains(" takes notes.\nJoin: <https://meet.example/a?b=c&amp;d=e|meet.example>"), "{announcement}");
        let csv = exported(bot).await;
        assert!(csv.contains(",lead,") && csv.contains(",scribe,"), "{csv}");
    }

    async fn a_sync_is_set_up_in_three_acts(bot: &mut Bot) {
        team(bot, &["ana", "ben", "dee"]).await;
        // The bare command, the form as it stands, and Start.
        let ana = opens(bot, "ana").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        for usual in [
            "Syncs in #team, every Tuesday at 10:00 (Europe/Lisbon).",
            "3 people here would take part. First turns, as things stand: @",
            "30 minutes. You lead in turn, and I announce whose turn it is.",
        ] {
            assert!(preview.contains(usual), "{usual}: {preview}");
        }
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let told = bot.reads_last("ana", "#team");
        assert!(told.starts_with("Syncs are on in #team. First sync: Tuesday, 6 January at 10:00."), "{told}");
        let asked = super::before::only(bot, super::before::ASKS);
        assert_eq!(leads_shown(bot, "ana").await[0], asked, "and the first lead is asked");
    }

    async fn a_renamed_channel_keeps_its_syncs(bot: &mut Bot) {
        running(bot, &["ana", "ben", "dee"]).await;
        bot.says("ben", "#team", "/sync add Budget").await;
        let lead = super::before::only(bot, super::before::ASKS);
        bot.sandbox.rename("team", "crew");
        bot.hears_events().await;
        // What was sent before links the channel, so it says the new name, too.
        let asked = bot.reads_dm(lead).pop().unwrap();
        assert!(asked.contains("lead the sync in #crew on Tuesday, 6 January at 10:00"), "{asked}");
        super::before::answers(bot, lead, "I'll do it").await;
        super::before::until(bot, "2026-01-06T12:00").await;
        bot.says("ana", "#crew", "/sync cancel 13 January").await;
        super::before::until(bot, "2026-01-07T12:00").await;
        let mut read: Vec<String> = ["ana", "ben", "dee"].iter().flat_map(|who| bot.reads_dm(who)).collect();
        read.extend(bot.reads("ben", "#crew"));
        assert!(read.iter().any(|text| text.starts_with(BEGINS)), "{read:?}");
        assert!(read.iter().any(|text| text.contains("What did you get to?") && text.contains("#crew")), "{read:?}");
        assert!(!read.iter().any(|text| text.contains("#team")), "{read:?}");
        let status = bot.says("ana", "#crew", "/sync status").await;
        assert!(!bot.as_read(&status.text).contains("#team"), "{}", status.text);
        let table = super::ledgers::table(bot, "closings", LedgerFormat::Csv, "2026-01-06").await;
        assert!(table.contains(",crew,"), "{table}");
    }

    async fn only_safe_links_are_taken(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana").await;
        for wrong in ["http://meet.example/a", "javascript:alert(1)", "https://ana:hush@meet.example/", "the usual room"] {
            assert!(ana.fills("link", wrong));
            let errors = [("link".to_owned(), SAFE.to_owned())].into();
            assert_eq!(ana.submits().await, Submission::Errors(errors), "{wrong}");
        }
        assert!(ana.fills("link", format!("https://meet.example/{}", "a".repeat(500))));
        let errors = [("link".to_owned(), "Please shorten this to 500 characters or less.".to_owned())].into();
        assert_eq!(ana.submits().await, Submission::Errors(errors));
        assert!(!ana.fills("minutes", "31 minutes"), "there is no such option");
        assert!(ana.fills("link", "https://meet.example/a"));
        assert_eq!(ana.submits().await, Submission::Updated);
    }

    async fn the_preview_names_the_first_leads(bot: &mut Bot) {
        let rosters: [&[&str]; 4] = [&["ana", "ben", "cy", "dee"], &["ana", "ben", "dee"], &["ana", "cy"], &["ana", "ben", "cy"]];
        let first = |text: &str| -> Vec<String> {
            let (_, rest) = text.split_once("First turns, as things stand: ").unwrap_or_else(|| panic!("{text}"));
            let names = rest.split_once('.').unwrap().0.replace(" and ", ", ");
            names.split(", ").map(|name| name.trim_start_matches('@').split(' ').next().unwrap().to_owned()).collect()
        };
        for (number, people) in rosters.into_iter().enumerate() {
            let channel = format!("team-{number}");
            bot.sandbox.add_channel(&channel, false, people);
            bot.sandbox.invite(&channel, &bot.user);
            bot.hears_events().await;
            let place = format!("#{channel}");
            // The sync of today is too near.
            for (name, times) in [("", "every Tuesday at 10:00"), ("Daily", "every day at 9:30"), ("Planning", "every 2 weeks on Friday at 10:00")] {
                let called = if name.is_empty() { String::new() } else { format!(" called {name}") };
                let preview = bot.says("ana", &place, &format!("/sync start {times}{called}")).await.text;
                let promised = first(&bot.as_read(&preview));
                bot.clicks("ana", &place, "Start").await;
                let next = bot.says("ana", &place, &format!("/sync next 4{called}")).await.text;
                let next = bot.as_read(&next);
                let shown: Vec<String> = next
                    .lines()
                    .filter(|line| line.starts_with("• "))
                    .map(super::lead_of)
                    .collect();
                assert_eq!(shown, promised, "{people:?} {times}: {next}");
                bot.says("ana", &place, &format!("/sync stop{called}")).await;
                bot.clicks("ana", &place, "Stop these syncs").await;
            }
        }
    }

    async fn an_archived_channel_starts_nothing(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana").await;
        assert_eq!(ana.submits().await, Submission::Updated, "the preview");
        bot.passes(chrono::Duration::seconds(1));
        bot.sandbox.archive("team");
        bot.hears_events().await;
        assert_eq!(ana.submits().await, Submission::Updated, "the form comes back");
        let read = modal(bot, &ana);
        assert!(read.contains("As far as I know this channel is archived, so syncs can't start here."), "{read}");
        let engine = &bot.parts.engine;
        assert!(engine.store.programmes_in(&engine.team, "sync", &channel).await.unwrap().is_empty());
    }

    async fn the_name_stands_behind_any_word(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        next_sync(bot).await;
        for (typed, begins, lines) in [
            ("/sync next called Planning", "*Next turns of Planning*", 8),
            ("/sync next planning", "*Next turns of Planning*", 8),
            ("/sync next 3 called Planning", "*Next turns of Planning*", 3),
            ("/sync next 3", "*Next turns of the syncs*", 6),
            ("/sync next 99", "*Next turns of the syncs*", 16),
            ("/sync history 1", "*Last times of the syncs*", 1),
            ("/sync history called Planning", "*Last times of Planning*", 0),
            ("/sync stats called Planning", "*Turns in Planning*", 0),
            ("/sync stats @ben", "*Turns in the syncs since", 2),
            ("/sync agenda called Planning", "", 0),
            ("/sync status called Planning", "*Planning: syncs run here", 0),
            ("/sync skip called Planning", "", 0),
            ("/sync next called Retro", "No syncs here are called \"Retro\".", 0),
            ("/sync next 3 birds", "No syncs here are called \"3 birds\".", 0),
        ] {
            let said = says(bot, "ben", typed).await;
            assert!(said.starts_with(begins) && !said.contains("I don't know"), "{typed}: {said}");
            if lines > 0 {
                assert_eq!(said.lines().filter(|line| line.starts_with("• ")).count(), lines, "{typed}: {said}");
            }
        }
    }

    async fn a_stop_tells_of_open_points(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let question = says(bot, "ana", "/sync stop").await;
        assert!(!question.contains("agenda"), "{question}");
        for (point, kept) in [("Rent", "1 point on the agenda is open; I keep it in case"), ("Heating", "2 points on the agenda are open; I keep them in case")] {
            says(bot, "ben", &format!("/sync add {point}")).await;
            let question = says(bot, "ana", "/sync stop").await;
            assert!(question.contains(kept), "{question}");
        }
        bot.clicks("ana", "#team", "Stop these syncs").await;
        starts(bot, WEEKLY).await;
        assert_eq!(agenda(bot, "ana").await, ["Rent (@ben)", "Heating (@ben)"], "they were kept");
    }

    async fn options_are_changed(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        assert_eq!(ana.sees_modal().await.expect("a form").title, "Change the syncs");
        assert!(ana.fills("minutes", "15 minutes"));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert!(modal(bot, &ana).contains("A sync is 15 minutes long, instead of 30."), "{}", modal(bot, &ana));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let told = bot.reads("ben", "#team").pop().unwrap();
        assert!(told.starts_with(":speech_balloon: @ana has changed the syncs.\nA sync is 15 minutes long, instead of 30.\n"), "{told}");
        assert!(next_sync(bot).await.starts_with(&format!("{BEGINS}the sync: 15 minutes. ")));
    }

    async fn what_is_not_understood_changes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for (typed, answer) in [
            ("/sync nxt", "I don't know \"nxt\"."),
            ("/sync leave @hugo", "I don't know \"leave @hugo\". Did you mean `/sync leave`?"),
            ("/sync every Tuesday at 10:00 and 12:00", "That's more than one sync a day"),
            ("/sync help", "*Syncs are regular meetings"),
        ] {
            let said = bot.says("ben", "#team", typed).await.text;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
        let elsewhere = bot.says("ana", "#general", "/sync next").await;
        assert!(bot.as_read(&elsewhere.text).starts_with("There are no syncs in this channel. Yours are in #team"));
    }
}

each_store! {
    with [("sync.duration_minutes", "25")];
    async fn the_configuration_sets_the_duration(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        assert!(next_sync(bot).await.starts_with(&format!("{BEGINS}the sync: 25 minutes. ")));
    }
}
