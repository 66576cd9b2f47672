//! Odd inputs for agendas, closing, times away and saving: nothing breaks, and nothing is said that isn't so.

use slack_sandbox::Submission;

use super::{
    agenda::{MENU, adds, fields, orders},
    *,
};

/// Texts that are hard to show: each can be seen.
const ODD: [&str; 12] = [
    "🎉",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "<!channel> <!here> <!everyone>",
    "``` let x = 1;",
    "> quoted\n> twice",
    "*bold _and `code",
    "<https://a.example|here> http://b.example/?x=<y>&z",
    "شكرا \u{202e}evil\u{202c} مرحبا",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "'; DROP TABLE sync_point; --",
    "=HYPERLINK(\"http://a.example\")",
    "\\n\\t\\0 {} %s {{x}}",
];

each_store! {
    async fn any_words_are_a_point(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        for (number, words) in ODD.iter().enumerate() {
            let answer = adds(bot, ["ben", "cy"][number % 2], words).await;
            assert!(answer.starts_with("This point is on the agenda of the sync"), "{words:?}: {answer}");
        }
        assert_eq!(agenda(bot, "ana").await.len(), ODD.len());
        // They are shown, ordered, reached and summed up like any others.
        let ana = orders(bot, "ana").await;
        assert_eq!(fields(&ana).len(), ODD.len());
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        next_sync(bot).await;
        bot.says("ana", "#team", "/sync close").await;
        let form = bot.person("ana");
        let reached: Vec<String> = form.modal().unwrap().blocks.iter()
            .filter(|block| block["block_id"] == "reached")
            .flat_map(|block| block["element"]["options"].as_array().unwrap().clone())
            .map(|option| option["value"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(reached.len(), ODD.len());
        assert!(form.fills("reached", reached) && form.fills("notes", ODD.join("\n")));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        let summary = bot.person("cy").reads("#team").into_iter().rfind(|post| post.text.contains("has closed this sync.")).unwrap().text;
        assert!(!summary.contains("<!") && summary.matches("\n• ").count() == ODD.len(), "{summary}");
        assert!(!summary.contains('\u{202e}'), "{summary}");
        assert_eq!(agenda(bot, "ana").await, [""; 0]);
    }

    async fn ten_thousand_characters_are_cut_once(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for letter in ["x", "&", "🎉", "<", "é"] {
            let answer = adds(bot, "ben", &letter.repeat(10_000)).await;
            assert!(answer.contains("I've kept the first 3,000 characters."), "{letter}: {answer}");
        }
        // Also where the cut is between two words.
        let words = format!("{} and more", "y".repeat(2_999));
        let answer = adds(bot, "ben", &words).await;
        assert!(answer.contains("I've kept the first 3,000 characters."), "{answer}");
        let answer = adds(bot, "ben", &"z".repeat(600)).await;
        assert!(answer.contains("This shows the beginning. The agenda has all of it."), "{answer}");
        let again = adds(bot, "ben", &"x".repeat(3_000)).await;
        assert!(again.starts_with("This point is on the agenda already: @ben added it."), "{again}");
        bot.says("ben", "#team", "/sync agenda").await;
        bot.clicks("ben", "#team", "Show in full").await;
        let ben = bot.person("ben");
        let form = ben.sees_modal().await.expect("the agenda in full");
        assert_eq!(form.plain().matches('🎉').count(), 3_000);
        ben.closes();
        next_sync(bot).await;
        assert_eq!(reads_team(bot, "ana", "*Agenda*").len(), 1);
        assert_eq!(reads_team(bot, "ana", "*3.* @ben:")[0].matches('🎉').count(), 3_000);
    }

    async fn a_stopped_sync_takes_no_point_and_is_not_closed(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        let ana = orders(bot, "ana").await;
        bot.says("ben", "#team", "/sync agenda").await;
        let bens = bot.person("ben").reads("#team").pop().unwrap();
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        for way in ["add Budget", "add", "agenda", "close"] {
            let answer = bot.says("ben", "#team", &format!("/sync {way}")).await.text;
            assert!(answer.contains("/sync start"), "{way}: {answer}");
        }
        ana.submits().await;
        bot.settle().await;
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("These syncs have ended")), "{:?}", bot.reads_dm("ana"));
        // One's own words can go all the same.
        assert!(bot.person("ben").picks(&bens, MENU, "Budget").await.is_answered());
        bot.settle().await;
        assert_eq!(reads_team(bot, "ben", "I've taken the point off the agenda:\n>Budget").len(), 1);
    }

    async fn a_point_that_goes_while_the_form_is_open_is_not_reached(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        adds(bot, "ben", "Party").await;
        next_sync(bot).await;
        bot.says("ana", "#team", "/sync close").await;
        let form = bot.person("ana");
        form.sees_modal().await.expect("a form");
        assert!(form.fills("reached", vec!["Budget", "Party"]) && form.fills("notes", "\u{202e}\u{200b}"));
        bot.says("ben", "#team", "/sync agenda").await;
        let bens = bot.person("ben").reads("#team").pop().unwrap();
        bot.person("ben").picks(&bens, MENU, "Budget").await;
        bot.settle().await;
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(reads_team(bot, "ben", "@ana has closed"), ["@ana has closed this sync.\n*Reached*\n• Party (@ben)"]);
    }

    async fn of_two_open_forms_one_closes(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        adds(bot, "ben", "Budget").await;
        assert_eq!(lead_of(&next_sync(bot).await), "ben");
        for who in ["ana", "ben"] {
            bot.says(who, "#team", "/sync close").await;
            bot.person(who).sees_modal().await.expect("a form");
        }
        for who in ["ben", "ana"] {
            assert_eq!(bot.person(who).submits().await, Submission::Closed, "{who}");
            bot.settle().await;
        }
        assert!(bot.reads_dm("ana").pop().unwrap().starts_with("This sync is closed already, so nothing has changed."));
        assert_eq!(reads_team(bot, "ana", "@ben has closed").len(), 1);
        assert_eq!(agenda(bot, "ben").await, ["Budget (@ben, moved on once)"]);
    }

    async fn closing_where_nothing_runs_says_so(bot: &mut Bot) {
        for (place, typed) in [("#general", "/sync close"), ("#general", "/sync CLOSE."), ("#general", "/rondo sync close")] {
            let answer = bot.says("ana", place, typed).await.text;
            assert!(answer.contains("/sync start"), "{typed}: {answer}");
        }
        running(bot, &["ana", "ben"]).await;
        for typed in ["/sync close <!channel>", "/sync close \u{202e}x", "/sync close 🎉"] {
            let answer = bot.says("ana", "#team", typed).await.text;
            assert!(answer.starts_with("I don't know \"") && !answer.contains("<!channel>"), "{typed}: {answer}");
        }
    }

    async fn buttons_of_other_places_tell_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "velvet words").await;
        let programme = programme_in(bot, &channel).await.id;
        for (action, value) in [
            ("sync:in_full", programme.as_str()), ("sync:in_full", ""), ("sync:in_full", "0198"),
            ("sync:take_one_back", programme.as_str()), ("sync:take_back", ""), ("sync:close", programme.as_str()),
            ("sync:close", "0198 2026-01-06"), ("sync:order", "\u{0}"), ("people:drop", "2026-01-06/2026-01-05"), ("people:drop", ""),
        ] {
            let answers = crate::coffee::answers_to(bot, "cy", action, value).await;
            assert!(answers.len() == 1 && !answers[0].contains("velvet"), "{action} {value:?}: {answers:?}");
            assert!(bot.person("cy").modal().is_none(), "{action} {value:?}");
        }
        assert_eq!(agenda(bot, "ana").await, ["velvet words (@ben)"]);
    }

    async fn times_away_stay_within_their_bounds(bot: &mut Bot) {
        for day in (1..=28).step_by(2).map(|day| format!("{day} February")).chain((1..=20).step_by(2).map(|day| format!("{day} March"))) {
            bot.says("ben", "#general", &format!("/sync away {day}")).await;
            bot.passes(chrono::Duration::seconds(1));
        }
        let full = bot.says("ben", "#general", "/sync away 30 April").await.text;
        assert!(full.starts_with("You have 20 times away ahead already"), "{full}");
        assert_eq!(full.lines().filter(|line| line.starts_with("• ")).count(), 20);
        // The form has the same bounds.
        bot.says("ben", "#general", "/rondo me").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("away_from", "2026-01-08") && ben.fills("away_to", "9999-12-31"));
        assert!(matches!(ben.submits().await, Submission::Errors(_)));
        assert!(ben.fills("away_from", "0001-01-01") && ben.fills("away_to", "2026-03-31"));
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let told = bot.says("ben", "#general", "/sync back <!channel>").await.text;
        assert!(told.starts_with("Nothing has changed") && !told.contains("<!"), "{told}");
        let back = bot.says("ben", "#general", "/sync back").await.text;
        let words = "Welcome back! You're in again from today, and not away until Tuesday, 31 March any more.\nAll of those days are gone.";
        assert!(back.starts_with(words), "the long time took the place of all others: {back}");
    }

    async fn odd_messages_are_saved_or_refused(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for words in ODD {
            let ben = bot.person("ben");
            ben.says("#team", words).await;
            let message = ben.reads("#team").pop().unwrap();
            assert!(ben.uses_shortcut_on(&message, "Save for…").await.is_answered(), "{words:?}");
            assert!(ben.sees_modal().await.is_some(), "{words:?}");
            if let Submission::Errors(errors) = ben.submits().await {
                assert!(errors["place"].starts_with("You have 10 points on this agenda already"), "{words:?}: {errors:?}");
                ben.closes();
                continue;
            }
            bot.settle().await;
            let told = bot.reads_last("ben", "#team");
            assert!(told.starts_with("This point is on the agenda of the sync"), "{words:?}: {told}");
        }
        assert_eq!(agenda(bot, "ana").await.len(), 10);
    }

    async fn a_time_that_the_clocks_skip_is_said_as_it_will_be(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        let once = says(bot, "ana", "/sync start once on 29 March at 1:30 called Gone").await;
        assert!(once.contains("29 March 2026 at 02:00") && !once.contains("01:30"), "{once}");
        bot.sandbox.clock().advance_to("2026-03-23T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis());
        let weekly = says(bot, "ana", "/sync start every Sunday at 1:30 called Gap").await;
        assert!(weekly.contains("On 29 March the clocks skip 01:30, so it's at 02:00 then."), "{weekly}");
    }
}
