//! Questions with a scale: what is asked, and what is shown of the answers.

use super::*;
use crate::support::dump::Dump;

/// Starts a pulse in `#team`, and goes to the first one.
pub(super) async fn open_pulse(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let channel = team(bot, people).await;
    let ana = bot.person("ana");
    ana.says("#team", "/retro").await;
    ana.sees_modal().await.expect("a form");
    assert!(ana.fills("retro:deck", "Trust check") && ana.fills("when", "every Tuesday at 10:00"));
    assert_eq!(ana.submits().await, Submission::Updated);
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
    comes_to(bot, "open").await;
    all_are_asked(bot, people).await;
    channel
}

/// Has these people answer the first question with these numbers.
async fn say(bot: &mut Bot, numbers: &[(&str, &str)]) {
    for (who, number) in numbers {
        answers(bot, who, &[("1", number)]).await;
    }
}

fn pulses(bot: &Bot) -> Vec<String> {
    reads_team(bot, "fay", ":mirror: The pulse of the retro")
}

each_store! {
    async fn a_pulse_shows_the_median_and_the_change(bot: &mut Bot) {
        let channel = open_pulse(bot, &TEAM).await;
        let asked = bot.as_read(&question(bot, "ben").unwrap().text);
        assert!(asked.contains("1. When something goes wrong, how early do we tell one another? _(anonymous, from 1 to 5)_"), "{asked}");
        let numbers = [("ana", "4"), ("ben", "3"), ("cy", "3"), ("dee", "2"), ("eve", "4"), ("fay", "5")];
        say(bot, &numbers).await;
        answers(bot, "fay", &[("2", "1")]).await;
        // A changed answer counts once, and a withdrawn one doesn't.
        say(bot, &[("fay", "1"), ("fay", "5")]).await;
        let form = opens(bot, "fay", "Answer").await;
        let field = form.modal().unwrap().blocks.into_iter().find(|block| block["block_id"] == "prompt_1").unwrap();
        assert_eq!(field["element"]["initial_option"]["text"]["text"], "5: As soon as we see it");
        assert!(form.fills("prompt_2", "No answer"));
        assert_eq!(form.submits().await, Submission::Updated);
        comes_to(bot, "close").await;
        let shown = pulses(bot).remove(0);
        assert!(shown.starts_with(":mirror: The pulse of the retro, from 1 to 5:\n*When something goes wrong, how early do we tell one another?*\n\
            1 When it's too late  `─────●───`  As soon as we see it 5\nMedian 3.5, spread 1, 6 answers\n\
            *When people see things differently, are they heard?*\n\
            Fewer than 5 people have answered, so the answers are deleted and nothing is shown."), "{shown}");
        assert_eq!(reads_team(bot, "fay", ":mirror: The retro is closed.").len(), 0, "there are no words to wait for");
        let retro = last_retro(bot, &channel).await;
        assert!(store::answers(&read_store(bot), &retro.id).await.unwrap().is_empty());
        assert!(!bot.person("ana").reads_dm().pop().unwrap().has_button("Read and reveal"));
        bot.passes(chrono::Duration::days(1));
        comes_to(bot, "open").await;
        // Cy is asked later than the others.
        comes_to(bot, "ask").await;
        say(bot, &[("ana", "2"), ("ben", "2"), ("cy", "2"), ("dee", "2"), ("eve", "2")]).await;
        comes_to(bot, "close").await;
        let shown = pulses(bot).remove(1);
        assert!(shown.contains("\n1 When it's too late  `──●──────`  As soon as we see it 5\nMedian 2 (1.5 lower than last time, 3.5), spread 0, 5 answers\n"), "{shown}");
    }

    async fn a_pulse_of_few_leaves_nothing(bot: &mut Bot) {
        open_pulse(bot, &TEAM).await;
        say(bot, &[("ana", "1"), ("ben", "1"), ("cy", "1"), ("dee", "1")]).await;
        let before = Dump::of(&bot.database()).await;
        assert!(before.rows("retro_scale").iter().all(|row| row.columns["median"].is_null()));
        comes_to(bot, "close").await;
        let after = Dump::of(&bot.database()).await;
        assert_eq!(after.rows("retro_slot"), []);
        assert!(after.rows("retro_scale").iter().all(|row| {
            ["median", "spread", "answers"].iter().all(|column| row.columns[*column].is_null())
        }));
        assert!(!pulses(bot)[0].contains("Median"), "{:?}", pulses(bot));
    }
}
