//! Odd words behind `/sync`, and odd presses: each is answered, and none changes what it doesn't say.

use super::*;
use crate::coffee::answers_to;

each_store! {
    async fn a_date_with_slashes_is_explained(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for typed in ["/sync cancel 12/15", "/sync move 12/15 to 12/16", "/sync move Tuesday to 12/16", "/sync away 12/15", "/sync pause until 12/15"] {
            let said = says(bot, "ana", typed).await;
            assert!(said.contains("Write it as `15 December` or `2026-12-15`"), "{typed}: {said}");
        }
    }

    async fn a_cancelled_date_comes_back_in_the_form(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync cancel 13 January").await;
        let said = says(bot, "ana", "/sync uncancel 13 January").await;
        assert!(said.starts_with("Want a sync back? Press *Change* in `/sync status` and untick its date."), "{said}");
    }

    async fn odd_words_change_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let before = programme_in(bot, &channel).await;
        for typed in [
            "/sync next 0",
            "/sync next 99999999999999999999",
            "/sync history -1",
            "/sync move 6 January to 2026-01-06T10:00",
            "/sync cancel 6 January 13 January",
            "/sync cancel every Tuesday",
            "/sync hand over to @ben @cy",
            "/sync hand over to <!channel>",
            "/sync move to",
            "/sync skip skip",
            "/sync add \u{200b}",
            "/sync swap with @ben",
            "/sync \u{1f600}",
            "/sync stop; /sync start",
        ] {
            let said = says(bot, "ana", typed).await;
            assert!(!said.is_empty() && !said.contains("Something went wrong"), "{typed}: {said}");
            let now = programme_in(bot, &channel).await;
            assert_eq!((now.cadence, now.organisers, now.ended_at), (before.cadence.clone(), before.organisers.clone(), None), "{typed}: {said}");
        }
    }

    async fn many_open_turns_are_in_a_menu(bot: &mut Bot) {
        team(bot, &["ana", "ben", "dee"]).await;
        for (name, day) in [("Red", "Tuesday"), ("Green", "Wednesday"), ("Blue", "Thursday"), ("Grey", "Friday")] {
            starts(bot, &format!("/sync start every {day} at 10:00 called {name}")).await;
        }
        let shown = bot.says("dee", "#team", "/sync swap").await;
        let blocks = format!("{:?}", shown.blocks);
        let offers = blocks.matches("sync:volunteer").count();
        assert!(blocks.contains("sync:volunteer_for") && offers == 1, "{offers}: {blocks}");
        assert!(blocks.contains(" January at "), "each has its time: {blocks}");
        let (dee, message) = (bot.person("dee"), bot.person("dee").reads("#team").pop().expect("an answer"));
        let menu = message.blocks.iter().find_map(|block| block["elements"][0]["options"].as_array().cloned());
        let options = menu.unwrap_or_else(|| panic!("no menu: {blocks}"));
        let chosen = options[0]["text"]["text"].as_str().expect("a label").to_owned();
        assert!(dee.picks(&message, "I'll do it…", chosen.as_str()).await.is_answered(), "{chosen}");
        bot.settle().await;
        let leads = bot.reads_last("dee", "#team");
        let name = chosen.split(':').next().unwrap();
        assert!(leads.starts_with(&format!("You lead *{name}* in #team on ")), "{chosen}: {leads}");
    }

    async fn a_menu_without_a_choice_is_answered(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for value in ["-", "", "P 2026-01-06 0", "P 2026-02-30 0"] {
            let answers = answers_to(bot, "ben", "sync:volunteer_for", value).await;
            assert!(!answers.is_empty() && answers.iter().all(|text| !text.contains("Something went wrong")), "{value}: {answers:?}");
        }
    }

    async fn nearly_right_words_name_what_works(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for (typed, meant) in [
            ("ageda", "agenda"),
            ("nxt", "next"),
            ("agenda all", "agenda"),
            ("close please", "close"),
            ("stats me", "stats"),
            ("decided Use Postgres", "decide Use Postgres"),
            ("decision Postgres", "decisions Postgres"),
            ("decision we release on Tuesdays", "decisions we release on Tuesdays"),
            ("histroy", "history"),
        ] {
            let said = says(bot, "ana", &format!("/sync {typed}")).await;
            let asked = format!("I don't know \"{typed}\". Did you mean `/sync {meant}`?");
            assert!(said.starts_with(&asked), "{typed}: {said}");
        }
    }

    async fn a_swap_with_a_person_shows_the_turn_with_its_buttons(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for typed in ["swap with @ben", "swap with ben", "swap"] {
            let said = says(bot, "ana", &format!("/sync {typed}")).await;
            assert!(said.starts_with("*Next turns of the syncs*"), "{typed}: {said}");
        }
    }

    async fn what_only_the_form_sets_is_said(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        for typed in ["start every Tuesday at 10:00 for 45 minutes", "start every Tuesday at 10:00 with a scribe"] {
            let said = says(bot, "ana", &format!("/sync {typed}")).await;
            assert!(said.contains("other options are set in the form, not typed: `/sync` opens it"), "{typed}: {said}");
        }
    }

}
