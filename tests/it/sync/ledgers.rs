//! `rondo export sync --what agenda` and `--what closings`.

use rondo::cli::ledger::LedgerError;
use slack_sandbox::Submission;

use super::*;

/// Returns a table of the ledger with names for ids, and `-` for instants and ids of points.
pub(super) async fn table(bot: &Bot, what: &str, format: LedgerFormat, since: &str) -> String {
    let ledger = sync::REGISTRATION.ledger.unwrap().named(what).unwrap();
    let mut output = Vec::new();
    write_ledger(&ledger, &bot.parts.engine.store, since.parse().unwrap(), format, &mut output)
        .await
        .unwrap();
    let names = ["ana", "ben", "cy"];
    let text = String::from_utf8(output).unwrap();
    names.iter().fold(text, |text, name| text.replace(bot.id(name).as_str(), name))
}

each_store! {
    async fn points_and_closings_are_exported(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        for point in ["=1+1", "a | b\n*c*", "Party"] {
            bot.says("ben", "#team", &format!("/sync add {point}")).await;
        }
        let lead = lead_of(&next_sync(bot).await);
        bot.says("ben", "#team", "/sync add Later").await;
        bot.says(&lead, "#team", "/sync close").await;
        let form = bot.person(&lead);
        assert!(form.fills("reached", vec!["Party"]) && form.fills("notes", "-1, said\n@ana"));
        assert_eq!(form.submits().await, Submission::Closed);
        bot.settle().await;
        let programme = programme_in(bot, &channel).await.id;
        let json: Vec<serde_json::Value> =
            serde_json::from_str(&table(bot, "agenda", LedgerFormat::Json, "2026-01-05").await).unwrap();
        let of = |line: &serde_json::Value| {
            ["words", "person", "local_date", "state", "times_moved"].map(|key| match &line[key] {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Number(number) => number.to_string(),
                _ => "-".to_owned(),
            })
        };
        let mut points: Vec<[String; 5]> = json.iter().map(of).collect();
        points.sort();
        assert_eq!(points, [
            ["=1+1", "ben", "-", "waiting", "1"],
            ["Later", "ben", "-", "waiting", "0"],
            ["Party", "ben", "2026-01-06", "reached", "0"],
            ["a | b\n*c*", "ben", "-", "waiting", "1"],
        ]);
        assert!(json[0]["added_at"].as_str().unwrap().starts_with("2026-01-05T09:0"), "{:?}", json[0]);
        assert_eq!(json[0]["programme_id"].as_str().unwrap(), programme);
        assert!(json[0]["times_moved"].is_number(), "{:?}", json[0]);
        let names = ["channel_name", "person_name", "name"].map(|key| json[0][key].clone());
        assert_eq!(names, ["team".into(), "Ben".into(), serde_json::Value::Null]);
        let later: Vec<serde_json::Value> =
            serde_json::from_str(&table(bot, "agenda", LedgerFormat::Json, "2026-01-06").await).unwrap();
        assert_eq!(later.iter().map(|line| line["words"].as_str().unwrap()).collect::<Vec<_>>(), ["Later"]);
        let csv = table(bot, "agenda", LedgerFormat::Csv, "2026-01-05").await;
        assert!(csv.contains(",'=1+1,"), "{csv}");
        let markdown = table(bot, "agenda", LedgerFormat::Markdown, "2026-01-05").await;
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines.len(), 6, "{markdown}");
        assert!(markdown.contains("| a \\| b<br>\\*c\\* |"), "{markdown}");
        let closings = table(bot, "closings", LedgerFormat::Csv, "2026-01-06").await;
        assert!(closings.contains(&format!("{programme},2026-01-06,{channel},closed,{lead},\"'-1, said\n'@ana\",2026-01-06T")), "{closings}");
        assert_eq!(table(bot, "closings", LedgerFormat::Csv, "2026-01-07").await.lines().count(), 1);
        assert!(sync::REGISTRATION.ledger.unwrap().named("agendas").is_none());
    }

    async fn a_reader_who_has_read_enough_is_told_of_no_other_error(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for number in 0..8 {
            bot.says("ben", "#team", &format!("/sync add {number} {}", "long ".repeat(500))).await;
        }
        let ledger = sync::REGISTRATION.ledger.unwrap().named("agenda").unwrap();
        for format in [LedgerFormat::Csv, LedgerFormat::Json, LedgerFormat::Markdown] {
            let store = &bot.parts.engine.store;
            let written = write_ledger(&ledger, store, chrono::NaiveDate::default(), format, ReadsLittle(9_000)).await;
            let Err(LedgerError::Output(error)) = written else { panic!("{format:?}: {written:?}") };
            assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{format:?}");
        }
    }
}

/// A pipe whose reader closes it after so many bytes.
struct ReadsLittle(usize);

impl std::io::Write for ReadsLittle {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let left = self.0.checked_sub(bytes.len());
        self.0 = left.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
