//! What an organiser may do by mistake, or what happens to them: two at once, a group that empties, a lead who goes, a private channel, odd
//! links and numbers, and words too many. Nothing breaks, and nothing is done that was not said.

use rondo::ritual::Ritual as _;
use slack_sandbox::{NewPerson, PersonHandle, PersonKind, Submission};

use super::{
    before::{ASKS, answers, only, told, until, weekly},
    handing_over::hands_over,
    setup::{modal, opens},
    *,
};

/// Opens the form that changes the sync.
async fn changes(bot: &mut Bot, who: &str) -> PersonHandle {
    bot.says(who, "#team", "/sync").await;
    bot.clicks(who, "#team", "Change").await;
    let person = bot.person(who);
    person.sees_modal().await.expect("a form");
    person
}

each_store! {
    async fn of_two_organisers_who_change_it_at_once_one_reads_so(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson { kind: PersonKind::Admin, ..NewPerson::named("boss") });
        let channel = team(bot, &["ana", "ben", "boss"]).await;
        starts(bot, WEEKLY).await;
        let (ana, other) = (changes(bot, "ana").await, changes(bot, "boss").await);
        assert!(ana.fills("minutes", "45 minutes") && other.fills("minutes", "60 minutes"));
        assert_eq!((ana.submits().await, other.submits().await), (Submission::Updated, Submission::Updated));
        tokio::join!(ana.submits(), other.submits());
        bot.settle().await;
        let left: Vec<String> = [&ana, &other].iter().filter_map(|person| person.modal()).map(|modal| modal.plain()).collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert!(left[0].contains("These syncs were changed while you had the form open, so nothing is saved yet."), "{left:?}");
        let settings = programme_in(bot, &channel).await.settings;
        assert!(settings.contains("45") != settings.contains("60"), "{settings}");
    }

    async fn a_form_says_in_which_zone_its_times_are(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben").await;
        let shown = modal(bot, &ben);
        assert!(shown.contains("I read them in Europe/Berlin, unless you name another zone."), "{shown}");
        ben.closes();
        starts(bot, WEEKLY).await;
        hands_over(bot, "ana", "/sync hand over to @ben").await;
        let ben = changes(bot, "ben").await;
        let shown = modal(bot, &ben);
        assert!(shown.contains("I read them in Europe/Lisbon, unless you name another zone."), "{shown}");
        assert!(ben.fills("when", "every Tuesday at 11:00"));
        assert_eq!(ben.submits().await, Submission::Updated);
        let preview = modal(bot, &ben);
        assert!(preview.contains("every Tuesday at 11:00 (Europe/Lisbon)"), "{preview}");
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(programme_in(bot, &channel).await.cadence.expect("times").zone, chrono_tz::Europe::Lisbon);
    }

    async fn a_group_that_empties_leaves_no_turn(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy"]).await;
        let ana = opens(bot, "ana").await;
        let offered = ana.looks_in_modal("sync:group", "design").await.raw["options"].clone();
        assert!(ana.fills("sync:group", offered));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        until(bot, "2026-01-05T15:00").await;
        let asked = only(bot, ASKS);
        answers(bot, asked, "I'll do it").await;
        bot.sandbox.set_group_members("design", &[]);
        bot.hears_events().await;
        let shown = says(bot, "ana", "/sync next").await;
        assert!(shown.contains("no one can lead") && !shown.contains("Something went wrong"), "{shown}");
        until(bot, "2026-01-06T10:00").await;
        let began = announced(bot).pop().unwrap();
        assert!(began.contains("goes on without a lead"), "{began}");
        bot.clicks(asked, "#team", "I'll lead").await;
        let told = bot.reads_last(asked, "#team");
        assert!(!told.contains("Something went wrong") && announced(bot).pop().unwrap().contains("without a lead"), "{told}");
        bot.sandbox.set_group_members("design", &["ben", "cy"]);
        bot.hears_events().await;
        // Newcomers don't lead the first sync that they could come to.
        let shown = leads_shown(bot, "ana").await;
        assert!(shown[1..].iter().all(|lead| lead == "ben" || lead == "cy"), "{shown:?}");
    }

    async fn a_lead_who_goes_a_minute_before_is_not_announced(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let lead = only(bot, ASKS);
        answers(bot, lead, "I'll do it").await;
        until(bot, "2026-01-13T09:59").await;
        bot.sandbox.deactivate(lead);
        bot.hears_events().await;
        until(bot, "2026-01-13T10:00").await;
        let began = announced_to(bot, if lead == "ana" { "ben" } else { "ana" });
        assert!(!began.contains(&format!("@{lead}")), "{began}");
        assert!(began.contains(" leads") || began.contains("without a lead"), "{began}");
    }

    async fn a_channel_that_becomes_private_keeps_its_sync_and_its_secrets(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let lead = only(bot, ASKS);
        bot.sandbox.make_private("team");
        bot.hears_events().await;
        answers(bot, lead, "I'll do it").await;
        let answer = bot.reads_dm(lead).pop().unwrap();
        assert!(answer.contains("You lead the sync in #team on Tuesday, 13 January at 10:00"), "{answer}");
        // A person who is outside learns nothing of it.
        for typed in ["/sync next", "/sync agenda", "/sync status"] {
            let said = bot.says("cy", "#general", typed).await.text;
            assert!(!said.contains("#team") && !said.contains("13 January"), "{typed}: {said}");
        }
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
    }

    async fn odd_links_are_refused_or_shown_as_they_are(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        let ana = opens(bot, "ana").await;
        for wrong in [
            "https://ana@meet.example/room",
            "https://meet.example/my room",
            "https:// meet.example",
            "https://meet.example/\u{202e}moor",
            "https://meet.example/a\nhttps://evil.example",
            "https://",
            "//meet.example/room",
            "meet.example/room",
            "https://meet.example:99999/",
            "<https://meet.example|safe>",
            "https://meet.example/a|https://evil.example",
        ] {
            assert!(ana.fills("link", wrong));
            match ana.submits().await {
                Submission::Errors(errors) => assert!(!errors["link"].is_empty(), "{wrong:?}"),
                Submission::Updated => {
                    let preview = ana.modal().expect("the preview").plain();
                    assert!(!preview.contains('\u{202e}') && !preview.contains("|safe>"), "{wrong:?}: {preview}");
                    assert!(preview.contains("meet.example") && !preview.contains("|evil.example"), "{wrong:?}: {preview}");
                    ana.clicks_in_modal("Back").await;
                    let is_back = || async { ana.modal().is_some_and(|form| !form.plain().contains(&preview)) };
                    bot.eventually("the form is back", is_back).await;
                }
                other => panic!("{wrong:?}: {other:?}"),
            }
        }
        assert!(ana.fills("link", format!("https://meet.example/{}", "a".repeat(478))));
        assert!(matches!(ana.submits().await, Submission::Updated | Submission::Errors(_)));
    }

    async fn odd_digits_are_read_or_refused(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let before = programme_in(bot, &channel).await;
        for typed in [
            "/sync next \u{663}",
            "/sync next \u{ff13}",
            "/sync history \u{966}",
            "/sync cancel \u{661}\u{663} January",
            "/sync move 13 January to \u{661}\u{665}:00",
            "/sync pause until \u{662}\u{660} January",
            "/sync start every Tuesday at \u{661}\u{660}:00",
            "/sync next -0",
            "/sync next 3.5",
            "/sync next 1e3",
        ] {
            let said = says(bot, "ana", typed).await;
            assert!(!said.is_empty() && !said.contains("Something went wrong"), "{typed}: {said}");
            let now = programme_in(bot, &channel).await;
            assert_eq!((now.version, now.paused_at), (before.version, None), "{typed}: {said}");
        }
        for point in ["\u{663} items \u{2066}abc\u{2069} \u{202e}cba", "\u{200f}\u{5e9}\u{5dc}\u{5d5}\u{5dd} 12/15"] {
            let said = says(bot, "ben", &format!("/sync add {point}")).await;
            assert!(said.starts_with("This point is on the agenda"), "{said}");
        }
        let shown = agenda(bot, "ana").await;
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(shown.iter().all(|line| !line.contains(['\u{202e}', '\u{2066}'])), "{shown:?}");
    }

    async fn words_too_many_do_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let before = programme_in(bot, &channel).await;
        let ritual = sync::Syncs::new(sync::SyncSettings::default(), "/sync".to_owned());
        for (way, _) in ritual.command().ways {
            // What follows these is any words, or a date with words that are read.
            if ["add", "decide", "decisions", "help"].iter().any(|word| way.starts_with(word)) {
                continue;
            }
            for rest in ["xyzzy", "and then some", "<!channel>", "; drop"] {
                let said = says(bot, "ana", &format!("/sync {way} {rest}")).await;
                bot.person("ana").closes();
                assert!(!said.contains("Something went wrong"), "{way} {rest}: {said}");
                let now = programme_in(bot, &channel).await;
                let is_same = (now.ended_at, now.paused_at, &now.cadence, &now.organisers) == (None, None, &before.cadence, &before.organisers);
                assert!(is_same, "{way} {rest}: {said}");
            }
        }
    }

    async fn a_form_of_a_person_who_organises_no_more_changes_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let ana = changes(bot, "ana").await;
        assert!(ana.fills("minutes", "45 minutes"));
        assert_eq!(ana.submits().await, Submission::Updated);
        hands_over(bot, "ana", "/sync hand over to @ben").await;
        let before = programme_in(bot, &channel).await;
        ana.submits().await;
        bot.settle().await;
        assert_eq!(programme_in(bot, &channel).await.settings, before.settings);
        let read = modal(bot, &ana);
        assert!(read.contains("@Ben runs these syncs."), "{read}");
    }

    async fn a_swap_with_a_person_who_is_named_shows_the_buttons(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for typed in ["/sync swap @ben", "/sync swap with @ben", "/sync next with @ben"] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with("*Next turns of the syncs*"), "{typed}: {said}");
        }
    }

    async fn a_lead_who_is_asked_an_hour_before_the_last_step_is_told_the_truth(bot: &mut Bot) {
        // Started on a Sunday for Tuesday: the question waits for Monday at nine, when there's no other day to answer.
        until(bot, "2026-01-11T08:00").await;
        team(bot, &["ana", "ben"]).await;
        starts(bot, WEEKLY).await;
        until(bot, "2026-01-12T09:30").await;
        let lead = only(bot, ASKS);
        let asked = bot.reads_dm(lead).pop().unwrap();
        assert!(asked.contains("If I don't hear from you, I'll announce you as the lead."), "{asked}");
        until(bot, "2026-01-12T12:00").await;
        let sheet = bot.reads_dm(lead).pop().unwrap();
        assert!(sheet.contains("• When: Tuesday, 13 January at 10:00, 30 minutes") && sheet.contains("It's your first time."), "{sheet}");
        assert_eq!(told(bot, "• When: Tuesday, 13 January"), [(lead, 1)]);
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[0]), lead);
    }
}

/// Returns the newest announcement, as a person reads it.
fn announced_to(bot: &Bot, who: &str) -> String {
    bot.reads(who, "#team").into_iter().rfind(|text| text.starts_with(BEGINS)).expect("an announcement")
}
