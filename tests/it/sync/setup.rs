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
            "Now, to 3 people in #team",
            "@ana has started a sync here: every Tuesday at 10:00 (Europe/Lisbon), 45 minutes. You lead and take notes in turn",
            "Tuesday, 6 January at 10:00, to 3 people in #team, for example",
            "It's time for the sync: 45 minutes. @ana leads, @ben takes notes.",
            "Buttons: I'll take over",
        ] {
            assert!(preview.contains(words), "{words}: {preview}");
        }
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let announcement = next_sync(bot).await;
        assert!(announcement.starts_with(&format!("{BEGINS}the sync: 45 minutes. @")), "{announcement}");
        assert!(announcement.contains(" takes notes.\nJoin: <https://meet.example/a?b=c&amp;d=e|meet.example>"), "{announcement}");
        let csv = exported(bot).await;
        assert!(csv.contains(",lead,") && csv.contains(",scribe,"), "{csv}");
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
        let errors = [("link".to_owned(), "That link is too long. Up to 500 characters fit.".to_owned())].into();
        assert_eq!(ana.submits().await, Submission::Errors(errors));
        assert!(!ana.fills("minutes", "31 minutes"), "there is no such option");
        assert!(ana.fills("link", "https://meet.example/a"));
        assert_eq!(ana.submits().await, Submission::Updated);
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
