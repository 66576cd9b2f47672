//! Notes between retros: they are their author's alone, and come back in the next question.

use super::{answering::written, *};

/// Types a command in `#team`, and returns the answer.
async fn says(bot: &mut Bot, who: &str, typed: &str) -> String {
    let answer = bot.says(who, "#team", typed).await;
    bot.as_read(&answer.text)
}

async fn notes_stored(bot: &Bot) -> i64 {
    let rows = bot.parts.engine.store.ask("SELECT COUNT(*) FROM retro_note", Vec::new()).await.unwrap();
    rows[0][0].int().unwrap()
}

/// Waits until a person reads that a note is gone.
async fn is_gone(bot: &Bot, who: &str) {
    let says_so = || async {
        bot.reads(who, "#general").iter().any(|text| text.starts_with("That note is gone already."))
    };
    bot.eventually("the press is answered", says_so).await;
}

each_store! {
    async fn a_note_comes_back_and_is_deleted_at_the_close(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1", "2"]).await;
        let noted = says(bot, "ben", "/retro note The review took a week").await;
        assert!(noted.starts_with(":memo: Noted for the next retro of #team: The review took a week"), "{noted}");
        assert_eq!(says(bot, "cy", "/retro notes").await, "You have no notes for the next retro here. `/retro note the review took a week` keeps one for you alone.");
        comes_to(bot, "open").await;
        all_are_asked(bot, &TEAM).await;
        let asked = |bot: &Bot, who: &str| bot.reads_dm(who).into_iter().rfind(|text| text.starts_with(":mirror:")).unwrap();
        assert!(asked(bot, "ben").contains("*Your notes since the last retro*\n• The review took a week"), "{}", asked(bot, "ben"));
        assert!(!asked(bot, "cy").contains("notes"), "{}", asked(bot, "cy"));
        let anonymous = opens(bot, "ben", "Answer anonymously").await;
        assert_eq!((written(&anonymous, "1"), written(&anonymous, "2")), (String::new(), String::new()), "it would say whose the answer is");
        anonymous.closes();
        let named = opens(bot, "ben", "Answer with your name").await;
        assert_eq!(written(&named, "3"), "", "a note isn't praise that a person sends by mistake");
        named.closes();
        // What is noted now is for the next one.
        says(bot, "ben", "/retro note Tea").await;
        comes_to(bot, "close").await;
        assert_eq!(notes_stored(bot).await, 1);
        assert!(says(bot, "ben", "/retro notes").await.contains("• Tea"));
    }

    async fn a_deleted_note_is_nowhere(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        says(bot, "ben", "/retro note The zebra was late").await;
        assert!(says(bot, "ben", "/retro notes").await.contains("zebra"));
        bot.clicks("ben", "#team", "Delete").await;
        assert_eq!(notes_stored(bot).await, 0);
        let dump = crate::support::dump::Dump::of(&bot.database()).await;
        for (table, rows) in &dump.0 {
            assert!(!rows.iter().any(|row| row.mentions("zebra")), "{table} has the words of a note that is deleted");
        }
    }

    async fn notes_are_their_authors_alone(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        let posts = bot.reads("cy", "#team").len();
        says(bot, "ben", "/retro note The review").await;
        assert_eq!(bot.reads("cy", "#team").len(), posts, "the channel reads nothing");
        let rows = bot.parts.engine.store.ask("SELECT note_id FROM retro_note", Vec::new()).await.unwrap();
        let id = rows[0][0].clone().text().unwrap();
        crate::coffee::answers_to(bot, "cy", "retro:delete_note", &id).await;
        is_gone(bot, "cy").await;
        assert_eq!(notes_stored(bot).await, 1);
        bot.clicks("ben", "#team", "Delete").await;
        assert_eq!(notes_stored(bot).await, 0);
    }

    async fn odd_notes_are_refused(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        for (typed, answer) in [
            ("/retro note".to_owned(), "What should I note?"),
            ("/retro note \u{200b}\u{202e}".to_owned(), "What should I note?"),
            (format!("/retro note {}", "x".repeat(1_001)), "That's longer than 1000 characters"),
        ] {
            let said = says(bot, "ben", &typed).await;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
        assert_eq!(notes_stored(bot).await, 0);
        let said = says(bot, "ben", "/retro note <!channel> & *bold* <https://example.org|here>").await;
        assert!(said.contains("&lt;!channel&gt;") || said.contains("@channel"), "{said}");
        for number in 1..20 {
            says(bot, "ben", &format!("/retro note {number}")).await;
        }
        let full = says(bot, "ben", "/retro note one more").await;
        assert!(full.starts_with("That wasn't noted: I keep 20 notes of yours"), "{full}");
        assert_eq!(notes_stored(bot).await, 20);
        let other = says(bot, "cy", "/retro note mine").await;
        assert!(other.starts_with(":memo: Noted"), "{other}");
    }

    async fn a_message_is_saved_as_a_note(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        bot.person("cy").says("#team", "The build is slow again").await;
        let ben = bot.person("ben");
        let message = ben.reads("#team").into_iter().rfind(|post| post.text.contains("slow again")).unwrap();
        assert!(ben.uses_shortcut_on(&message, "Save for…").await.is_answered());
        ben.sees_modal().await.expect("a form");
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(notes_stored(bot).await, 1);
        assert!(says(bot, "ben", "/retro notes").await.contains("• The build is slow again"));
    }

    async fn notes_are_sent_only_if_ticked(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts(bot, &["1"]).await;
        says(bot, "ben", "/retro note The review took a week").await;
        let again = says(bot, "ben", "/retro note the review took a WEEK").await;
        assert!(again.starts_with("You've noted that already: The review took a week"), "{again}");
        says(bot, "ben", "/retro note Tea").await;
        comes_to(bot, "open").await;
        all_are_asked(bot, &TEAM).await;
        let form = opens(bot, "ben", "Answer with your name").await;
        let blocks = form.modal().unwrap().blocks;
        let field = blocks.iter().find(|block| block["block_id"] == "taken_notes").expect("the notes are offered");
        assert!(field["element"]["initial_options"].is_null(), "{field}");
        let review = field["element"]["options"][0]["value"].as_str().unwrap().to_owned();
        assert!(form.fills("taken_notes", vec![review]) && form.fills("prompt_3", "Lunch"));
        let Submission::Errors(said) = form.submits().await else { panic!("no prompt was chosen") };
        assert_eq!(said["taken_for"], "To which prompt do your notes belong?");
        assert!(form.fills("taken_for", "3"));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        let form = opens(bot, "ben", "Answer with your name").await;
        assert_eq!(written(&form, "3"), "Lunch\nThe review took a week");
        let offered = form.modal().unwrap().blocks.iter().map(ToString::to_string).collect::<String>();
        says(bot, "ben", "/retro note Rain").await;
        let shown = says(bot, "ben", "/retro notes").await;
        let parts: Vec<&str> = ["for the next retro*, for you alone\n• Rain", "for the retro that is open*", "• Tea", "sent with your name*", "• The review took a week"].into();
        let places: Vec<Option<usize>> = parts.iter().map(|part| shown.find(part)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{shown}");
        assert!(offered.contains("\"Tea\"") && !offered.contains("\"text\":\"The review took a week\""), "{offered}");
    }
}
