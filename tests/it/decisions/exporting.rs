//! `rondo export decisions`, and people who are erased.

use rondo::{
    cli::ledger::{LedgerFormat, write_ledger},
    common,
    engine::person::PersonData,
    model::people::UserId,
};

use super::*;

async fn exported(bot: &Bot, format: LedgerFormat) -> String {
    let (_, ledger) = common::LEDGERS.iter().find(|(name, _)| *name == "decisions").unwrap();
    let mut output = Vec::new();
    let since = chrono::NaiveDate::default();
    write_ledger(ledger, &bot.parts.engine.store, since, format, &mut output).await.unwrap();
    let text = String::from_utf8(output).unwrap();
    ["ana", "ben", "cy"]
        .iter()
        .fold(text, |text, name| text.replace(bot.id(name).as_str(), &format!("<{name}>")))
}

/// Records a decision and supersedes it, and records another one.
async fn two(bot: &mut Bot) {
    running(bot, &["ana", "ben"]).await;
    records(bot, "ana", "Use MySQL because it's there", "").await;
    let ben = supersedes(bot, "ben", "*Decision*").await;
    assert!(ben.fills("what", "=Use *Postgres*\n# now") && ben.fills("review", "2026-03-03"));
    assert!(ben.fills("who", serde_json::json!(["@ana", "@ben"])));
    sends(bot, &ben).await;
    records(bot, "ben", "Ask @ana first", "").await;
}

each_store! {
    async fn every_format_has_every_version(bot: &mut Bot) {
        two(bot).await;
        let csv = exported(bot, LedgerFormat::Csv).await;
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let states: Vec<(&str, &str)> = rows.iter().map(|row| (&row[1], &row[2])).collect();
        assert_eq!(states, [("1", "superseded"), ("2", "current"), ("1", "current")]);
        assert_eq!((&rows[1][7], &rows[1][10], &rows[1][11]), ("'=Use *Postgres*\n# now", "<ana>,<ben>", "Ana, Ben"));
        let json: Vec<serde_json::Value> = serde_json::from_str(&exported(bot, LedgerFormat::Json).await).unwrap();
        assert_eq!((json.len(), json[1]["what"].as_str().unwrap()), (3, "=Use *Postgres*\n# now"));
        let markdown = exported(bot, LedgerFormat::Markdown).await;
        let headings: Vec<&str> = markdown.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(headings, [
            "# Decisions", "## 2026-01-05: \\=Use \\*Postgres\\* \\# now", "### Version 1, superseded: 2026-01-05, Ana",
            "## 2026-01-05: Ask @Ana first",
        ]);
        assert!(markdown.contains("- Decided by: Ana, Ben\n- Recorded by: Ben, 2026-01-05\n- Look at it again: 2026-03-03\n"), "{markdown}");
        assert!(markdown.contains("> \\=Use \\*Postgres\\*  \n> \\# now"), "{markdown}");
    }

    async fn an_erased_person_leaves_the_decision(bot: &mut Bot) {
        two(bot).await;
        let ana = bot.id("ana");
        let person = PersonData::of(&bot.parts.engine);
        let mut sections = Vec::new();
        person.export::<rondo::store::StoreError>(&UserId(ana.clone()), |section, row| {
            sections.push((section, row));
            Ok(())
        }).await.unwrap();
        let decisions = sections.iter().filter(|(section, _)| *section == "decisions").count();
        assert_eq!(decisions, 2, "what she recorded, and what she decided");
        assert!(person.erase(&UserId(ana.clone()), &[], false).await.unwrap().is_clean);
        let all = stored(bot).await;
        assert_eq!(all.iter().map(|decision| decision.what.as_str()).collect::<Vec<_>>(), ["Use MySQL", "=Use *Postgres*\n# now", "Ask @someone first"]);
        let people: Vec<Vec<bool>> = all.iter().map(|decision| decision.decided_by.iter().map(UserId::is_pseudonym).collect()).collect();
        assert_eq!(people, [vec![true], vec![true, false], vec![false]]);
        assert!(all[0].recorded_by.is_pseudonym());
        let rows = bot.parts.engine.store.ask("SELECT words || ' ' || more FROM decision_words", Vec::new()).await.unwrap();
        let words: Vec<String> = rows.into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect();
        assert!(words.iter().all(|text| !text.contains("ana") && !text.contains(&ana.to_lowercase())), "{words:?}");
        assert_eq!(finds(bot, "ben", "ana").await, [""; 0]);
        let lines = finds(bot, "ben", "postgres").await;
        assert!(lines[0].contains("someone and @ben"), "{lines:?}");
        let markdown = exported(bot, LedgerFormat::Markdown).await;
        assert!(!markdown.contains("Ana"), "{markdown}");
        assert!(markdown.contains("someone") && !markdown.contains("erased-"), "{markdown}");
        let json = exported(bot, LedgerFormat::Json).await;
        assert!(json.contains("\"recorder\": \"someone\"") || json.contains("\"recorder\":\"someone\""), "{json}");
        assert!(json.contains("erased-"), "ids stay pseudonyms: {json}");
    }
}

each_store! {
    async fn an_erased_person_is_not_named(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let cy = UserId(bot.id("cy"));
        assert!(PersonData::of(&bot.parts.engine).erase(&cy, &[], false).await.unwrap().is_clean);
        let ben = opens(bot, "ben", "/sync decide Use Postgres").await;
        assert!(ben.fills("who", serde_json::json!(["@cy", "@ben"])));
        let Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
        assert!(errors["who"].starts_with("One of these people wants me to keep nothing about them."), "{errors:?}");
        assert_eq!(stored(bot).await, []);
    }
}
