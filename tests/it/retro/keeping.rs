//! For how long answers are kept, and who reads of past retros.

use rondo::{
    cli::ledger::{LedgerFormat, write_ledger},
    rituals::retro::REGISTRATION,
};

use super::{pulse::open_pulse, *};

/// Has all of the team answer the first prompt, and reveals that.
async fn revealed(bot: &mut Bot) -> ChannelId {
    let channel = open(bot, &TEAM).await;
    for who in TEAM {
        answers(bot, who, &[("1", &format!("Idea of {who}"))]).await;
    }
    comes_to(bot, "close").await;
    let form = opens(bot, "ana", "Read and reveal").await;
    assert_eq!(form.submits().await, Submission::Updated);
    form.closes();
    bot.settle().await;
    channel
}

/// Has ana choose how long answers are kept.
async fn keeps(bot: &mut Bot, choice: &str) {
    bot.says("ana", "#team", "/retro").await;
    bot.clicks("ana", "#team", "Change").await;
    let ana = bot.person("ana");
    ana.sees_modal().await.expect("a form");
    assert!(ana.fills("kept", choice));
    assert_eq!(ana.submits().await, Submission::Updated);
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
}

/// Goes on by so many days, and does the night's work.
pub(super) async fn nights_later(bot: &Bot, days: i64) {
    bot.passes(chrono::Duration::days(days));
    let engine = &bot.parts.engine;
    assert!(engine.store.sweep(&engine.team, engine.clock.now()).await.unwrap());
}

/// Returns what `rondo export retro` prints, or one of its other tables, with names for ids.
pub(super) async fn exported(bot: &Bot, what: Option<&str>, format: LedgerFormat) -> String {
    let ledger = REGISTRATION.ledger.unwrap();
    let ledger = what.map_or(ledger, |what| ledger.named(what).unwrap());
    let mut output = Vec::new();
    let since = "2026-01-01".parse().unwrap();
    write_ledger(&ledger, &bot.parts.engine.store, since, format, &mut output).await.unwrap();
    let text = String::from_utf8(output).unwrap();
    TEAM.iter().fold(text, |text, name| text.replace(bot.id(name).as_str(), name))
}

/// How many rows say what the themes of all retros are.
async fn themes(bot: &Bot) -> usize {
    let rows = "SELECT theme_id FROM retro_theme UNION ALL SELECT theme_id FROM retro_theme_answer";
    bot.parts.engine.store.ask(rows, Vec::new()).await.unwrap().len()
}

async fn kept(bot: &Bot, retro: &Retro) -> usize {
    store::answers(&read_store(bot), &retro.id).await.unwrap().len()
}

each_store! {
    async fn answers_past_their_time_are_deleted(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let retro = last_retro(bot, &channel).await;
        nights_later(bot, 700).await;
        assert_eq!(kept(bot, &retro).await, 6, "no one asked for their deletion");
        keeps(bot, "24 months").await;
        nights_later(bot, 40).await;
        assert_eq!(kept(bot, &retro).await, 6, "two years aren't over");
        keeps(bot, "3 months").await;
        nights_later(bot, 0).await;
        assert_eq!(kept(bot, &retro).await, 0);
        let prompts = store::prompts(&read_store(bot), &retro.id).await.unwrap();
        assert_eq!(prompts[0].respondents, Some(6), "the numbers stay");
        let history = bot.says("ana", "#team", "/retro history").await;
        assert!(history.text.ends_with("6 people were asked; its answers are past their time and deleted"), "{}", history.text);
    }

    async fn themes_go_with_their_answers(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", "Have lunch together on Fridays")]).await;
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!(themes(bot).await, 7, "a theme, and six answers in it");
        keeps(bot, "3 months").await;
        nights_later(bot, 94).await;
        assert_eq!((kept(bot, &retro).await, themes(bot).await), (0, 0));
    }

    async fn a_new_retro_keeps_as_its_programme_says(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        keeps(bot, "6 months").await;
        comes_to(bot, "open").await;
        assert_eq!(last_retro(bot, &channel).await.kept_days, Some(186));
        bot.says("ana", "#team", "/retro").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        let form = ana.sees_modal().await.expect("a form");
        let field = form.blocks.iter().find(|block| block["block_id"] == "kept").unwrap();
        assert_eq!(field["element"]["initial_option"]["text"]["text"], "6 months");
        ana.closes();
        keeps(bot, "For ever").await;
        assert_eq!(last_retro(bot, &channel).await.kept_days, None);
    }

    async fn history_is_for_those_who_were_asked(bot: &mut Bot) {
        revealed(bot).await;
        bot.sandbox.invite("team", &bot.id("gus"));
        bot.hears_events().await;
        let history = bot.says("gus", "#team", "/retro history").await;
        assert_eq!(history.text, "*The last retros in which you were asked*\nNone so far.");
        let history = bot.says("fay", "#team", "/retro history").await;
        assert!(history.text.ends_with("6 answers shown, 6 people were asked"), "{}", history.text);
    }

    async fn revealed_answers_are_exported_without_people(bot: &mut Bot) {
        let channel = open_with(bot, &TEAM, &["1"]).await;
        for who in TEAM {
            let form = opens(bot, who, "Answer anonymously").await;
            assert!(form.fills("prompt_1", format!("=Idea of {who}")));
            assert_eq!(form.submits().await, Submission::Updated);
            form.closes();
        }
        let form = opens(bot, "ben", "Answer with your name").await;
        assert!(form.fills("prompt_3", "The *demo*"));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        comes_to(bot, "close").await;
        assert_eq!(exported(bot, None, LedgerFormat::Csv).await.lines().count(), 1, "the organiser reads them first");
        let form = opens(bot, "ana", "Read and reveal").await;
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        let lines: Vec<serde_json::Value> = serde_json::from_str(&exported(bot, None, LedgerFormat::Json).await).unwrap();
        let mut people: Vec<(&str, &str)> =
            lines.iter().map(|line| (line["person"].as_str().unwrap_or(""), line["words"].as_str().unwrap())).collect();
        people.sort_unstable();
        let ideas = TEAM.map(|who| format!("=Idea of {who}"));
        let mut expected: Vec<(&str, &str)> = ideas.iter().map(|idea| ("", idea.as_str())).collect();
        expected.push(("ben", "The *demo*"));
        assert_eq!(people, expected);
        assert!(lines.iter().all(|line| line["channel"] == channel.as_str() && line["local_date"] == "2026-01-06"), "{lines:#?}");
        let csv = exported(bot, None, LedgerFormat::Csv).await;
        assert!(csv.contains(",'=Idea of cy,") && csv.lines().count() == 8, "{csv}");
        let markdown = exported(bot, None, LedgerFormat::Markdown).await;
        assert!(markdown.contains("| The \\*demo\\* |") && markdown.lines().count() == 9, "{markdown}");
    }

    async fn pulses_are_exported(bot: &mut Bot) {
        open_pulse(bot, &TEAM).await;
        for (who, number) in TEAM.iter().zip(["4", "3", "3", "2", "4", "5"]) {
            answers(bot, who, &[("1", number)]).await;
        }
        answers(bot, "ana", &[("2", "1")]).await;
        comes_to(bot, "close").await;
        let csv = exported(bot, Some("pulses"), LedgerFormat::Csv).await;
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 2, "a scale that one person has answered isn't there: {csv}");
        assert!(lines[0].ends_with("prompt,low,high,median,spread,answers"), "{csv}");
        assert!(lines[1].contains(",2026-01-06,") && lines[1].ends_with(",3.5,1,6"), "{csv}");
        assert_eq!(exported(bot, None, LedgerFormat::Csv).await.lines().count(), 1, "no single answer is kept");
    }

    async fn those_who_were_not_asked_yet_hear_of_no_end(bot: &mut Bot) {
        bot.sandbox.add_person(NewPerson { zone: "America/Los_Angeles", ..NewPerson::named("zoe") });
        let people = ["ana", "ben", "cy", "dee", "eve", "zoe"];
        team(bot, &people).await;
        starts(bot, &["1"]).await;
        comes_to(bot, "open").await;
        all_are_asked(bot, &people[..2]).await;
        let waits = people.into_iter().filter(|who| question(bot, who).is_none());
        let (waiting, asked): (Vec<&str>, Vec<&str>) = (waits.collect(), people.into_iter().filter(|who| question(bot, who).is_some()).collect());
        assert!(waiting.contains(&"zoe") && asked.contains(&"ana"), "{waiting:?}");
        let dm = bot.user.clone();
        let opened = bot.person("ana").reads(&dm).into_iter().find(|message| message.has_button("Extend by a weekday")).unwrap();
        bot.person("ana").clicks(&opened, "Extend by a weekday").await;
        bot.settle().await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.settle().await;
        for who in asked {
            let told = bot.reads_dm(who);
            assert!(told.iter().any(|text| text.contains("may stay open until")), "{who}: {told:?}");
            assert!(told.iter().any(|text| text.contains("has ended before its time")), "{who}: {told:?}");
        }
        for who in waiting {
            assert_eq!(bot.reads_dm(who), Vec::<String>::new(), "{who}");
        }
    }
}

each_store! {
    with [("people.departments", r#"["engineering", "sales"]"#)];

    async fn departments_that_spoke_are_counted(bot: &mut Bot) {
        team(bot, &TEAM).await;
        bot.sandbox.add_user_group("engineering", "Engineering", &TEAM[..3]);
        bot.sandbox.add_user_group("sales", "Sales", &TEAM[3..]);
        bot.reads_the_workspace().await;
        let ana = bot.person("ana");
        ana.says("#team", "/retro").await;
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("anonymous_start-stop-continue", vec!["1"]) && ana.fills("threshold", "3"));
        assert!(ana.fills("when", "every Tuesday at 10:00"));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        comes_to(bot, "open").await;
        all_are_asked(bot, &TEAM).await;
        let form = opens(bot, "ben", "Answer with your name").await;
        assert!(form.fills("prompt_3", "The demo"));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        let form = opens(bot, "fay", "Answer anonymously").await;
        assert!(form.fills("prompt_1", "Demos"));
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        comes_to(bot, "close").await;
        let closed = reads_team(bot, "cy", ":mirror: The retro is closed.").pop().unwrap();
        assert!(closed.contains("\nPeople of 1 of 2 departments have answered with their names. I count departments of which 3 people or \
            more were asked."), "{closed}");
    }
}
