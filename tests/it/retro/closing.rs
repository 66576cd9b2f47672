//! A retro closes once: what holds the threshold is kept, all else is deleted.

use rondo::{engine::ticker::Ticker, rituals::retro::plan::State};

use super::{keeping::nights_later, *};

/// Has the first people of the team answer the first prompt.
pub(super) async fn some_answer(bot: &mut Bot, people: usize) {
    for who in TEAM.iter().take(people) {
        answers(bot, who, &[("1", &format!("Idea of {who}"))]).await;
    }
}

/// Returns the kinds of the runs for people that a retro still has.
async fn planned(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let retro = last_retro(bot, channel).await;
    let sql = "SELECT kind FROM run WHERE owner LIKE 'person/%' AND subject = $1 AND done_at IS NULL";
    let rows = read_store(bot).ask(sql, rondo::values![retro.id.as_str()]).await.unwrap();
    rows.into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect()
}

async fn kept(bot: &Bot, channel: &ChannelId) -> Vec<String> {
    let retro = last_retro(bot, channel).await;
    let answers = store::answers(&read_store(bot), &retro.id).await.unwrap();
    let mut words: Vec<String> = answers.into_iter().map(|answer| answer.words).collect();
    words.sort();
    words
}

each_store! {
    async fn enough_answers_are_kept(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        answers(bot, "fay", &[("2", "Only mine")]).await;
        comes_to(bot, "close").await;
        assert_eq!(kept(bot, &channel).await, ["Idea of ana", "Idea of ben", "Idea of cy", "Idea of dee", "Idea of eve"]);
        let retro = last_retro(bot, &channel).await;
        assert_eq!(retro.state, State::Closed);
        assert!(store::slots(&read_store(bot), &retro.id).await.unwrap().is_empty());
        let closed = reads_team(bot, "cy", ":mirror: The retro is closed.").pop().unwrap();
        assert_eq!(closed, ":mirror: The retro is closed. Its organiser reads the answers first and then shows them here.\n\
            Fewer than 5 people have answered these prompts, so their answers are deleted and never shown:\n\
            • What should we stop doing, even if it once made sense?\n• What went well and should go on? You can name the people who made it work.");
        let told = bot.reads_dm("ana").pop().unwrap();
        assert!(told.starts_with(":mirror: The retro of Tuesday, 6 January in #team is closed. 6 people were asked; this many have answered:\n\
            • 5 people: What should we start doing?\n• fewer than 5, deleted: What should we stop doing, even if it once made sense?"), "{told}");
        let prompts = store::prompts(&read_store(bot), &retro.id).await.unwrap();
        let counted: Vec<_> = prompts.iter().map(|prompt| prompt.respondents).collect();
        assert_eq!(counted, [Some(5), Some(0), Some(0)], "how few have answered isn't kept either");
    }

    async fn answers_below_the_threshold_are_deleted(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 4).await;
        comes_to(bot, "close").await;
        assert_eq!(kept(bot, &channel).await, Vec::<String>::new());
        assert!(reads_team(bot, "cy", ":mirror: The retro is closed. There's nothing to show this time.").len() == 1);
        assert!(!bot.person("ana").reads_dm().pop().unwrap().has_button("Read and reveal"));
    }

    async fn an_organiser_closes_early(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        surely(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        assert_eq!(kept(bot, &channel).await.len(), 5);
        assert_eq!(reads_team(bot, "cy", ":mirror: The retro is closed.").len(), 1);
        // The usual close finds nothing left to do.
        bot.passes(chrono::Duration::days(4));
        bot.settle().await;
        assert_eq!(reads_team(bot, "cy", ":mirror: The retro is closed.").len(), 1);
    }

    async fn a_question_has_no_buttons_after_the_close(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 2).await;
        surely(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        for who in TEAM {
            let told = bot.person(who).reads_dm();
            let over = told.iter().find(|message| bot.as_read(&message.text) ==
                ":mirror: The retro of Tuesday, 6 January in #team has closed, so nothing more goes in. What was sent before counts where enough people have answered.");
            let over = over.unwrap_or_else(|| panic!("{who}: {told:?}"));
            assert!(!over.has_button("Answer") && !over.has_button("Skip this time"), "{who}");
        }
        assert_eq!(planned(bot, &channel).await, Vec::<String>::new(), "no one is reminded of it");
    }

    async fn a_question_is_changed_after_an_extension_and_a_night(bot: &mut Bot) {
        open(bot, &TEAM).await;
        for _ in 0..2 {
            let opened = with_button(bot, "ana", "Extend by a weekday");
            bot.person("ana").clicks(&opened, "Extend by a weekday").await;
            bot.settle().await;
        }
        nights_later(bot, 4).await;
        bot.settle().await;
        assert!(question(bot, "cy").is_some());
        comes_to(bot, "close").await;
        assert!(question(bot, "cy").is_none(), "{:?}", bot.reads_dm("cy"));
    }

    async fn the_last_retro_stays_its_organisers(bot: &mut Bot) {
        team(bot, &TEAM).await;
        starts_at(bot, &["1", "2", "3"], "every Tuesday at 10:00 until 2026-01-06").await;
        comes_to(bot, "open").await;
        all_are_asked(bot, &TEAM).await;
        some_answer(bot, 5).await;
        comes_to(bot, "close").await;
        let ana = bot.says("ana", "#team", "/retro next").await.plain();
        let ben = bot.says("ben", "#team", "/retro next").await.plain();
        assert!(ana.contains("is closed"), "{ana}");
        assert!(ben.contains("runs these"), "{ben}");
        reveals(bot).await;
    }

    async fn an_extension_is_told_to_all(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        let before = last_retro(bot, &channel).await;
        let dm = bot.user.clone();
        let opened = bot.person("ana").reads(&dm).into_iter().find(|message| message.has_button("Extend by a weekday")).unwrap();
        bot.person("ana").clicks(&opened, "Extend by a weekday").await;
        bot.settle().await;
        assert_eq!(last_retro(bot, &channel).await.closes_at, before.closes_at + chrono::Duration::days(3), "not on a weekend");
        let hears = |bot: &Bot, who: &str| bot.reads_dm(who).iter().any(|text| text.contains("may stay open until Monday, 12 January at 10:00"));
        assert!(hears(bot, "ana"));
        let began = bot.as_read(&reads_team(bot, "cy", ":mirror: The retro has begun").pop().unwrap());
        assert!(began.contains("It's open until Monday, 12 January at 10:00."), "{began}");
        let stands = bot.reads_dm("ana").into_iter().find(|text| text.starts_with(":mirror: The retro in ")).unwrap();
        assert!(bot.as_read(&stands).contains("is open until Monday, 12 January at 10:00."), "{stands}");
        // The same button again is of the state before.
        bot.person("ana").clicks(&opened, "Extend by a weekday").await;
        bot.settle().await;
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("This retro has moved on")));
        assert_eq!(last_retro(bot, &channel).await.closes_at, before.closes_at + chrono::Duration::days(3));
        // The run of the former close waits.
        bot.sandbox.clock().advance_to(before.closes_at.timestamp_millis());
        bot.settle().await;
        for who in TEAM {
            assert!(hears(bot, who), "{who} hears of it in their own hours");
        }
        answers(bot, "ana", &[("1", "In time")]).await;
        comes_to(bot, "close").await;
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
    }

    async fn an_extension_stands_in_place_of_the_next_step(bot: &mut Bot) {
        open(bot, &TEAM).await;
        bot.says("ana", "#team", "/retro next").await;
        let before = bot.reads("ana", "#team").len();
        bot.clicks("ana", "#team", "Extend by a weekday").await;
        let now = bot.person("ana").reads("#team");
        assert_eq!(now.len(), before, "{:?}", bot.reads("ana", "#team"));
        let control: Vec<_> = now.iter().filter(|message| message.has_button("Extend by a weekday")).collect();
        let [one] = control[..] else { panic!("{now:?}") };
        assert!(bot.as_read(&one.text).contains("is open until Monday, 12 January at 10:00."), "{}", one.text);
    }

    async fn the_last_answer_is_in_or_refused(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        let form = opens(bot, "fay", "Answer").await;
        assert!(form.fills("prompt_1", "The last one"));
        let ana = asks(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        let (sent, _) = tokio::join!(form.submits(), ana.submits());
        let is_told_in = sent == Submission::Updated;
        if let Submission::Errors(said) = &sent {
            assert!(said["prompt_1"].starts_with("This retro has closed, so this isn't saved."), "{said:?}");
        } else {
            let shown = form.modal().unwrap().blocks.iter().map(ToString::to_string).collect::<String>();
            assert!(shown.contains("1 answer is saved"), "{shown}");
        }
        bot.settle().await;
        assert_eq!(kept(bot, &channel).await.contains(&"The last one".to_owned()), is_told_in);
    }

    async fn two_replicas_close_once(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        let closes = last_retro(bot, &channel).await.closes_at;
        bot.settle_within(chrono::Duration::hours(1)).await;
        loop {
            let next = bot.parts.engine.store.next_run_at(&bot.parts.engine.team).await.unwrap().unwrap();
            if next >= closes {
                break;
            }
            bot.sandbox.clock().advance_to(next.timestamp_millis());
            bot.settle().await;
        }
        bot.sandbox.clock().advance_to(closes.timestamp_millis());
        let other = Ticker::new(bot.parts.engine.clone());
        for _ in 0..4 {
            let (one, two) = tokio::join!(bot.parts.ticker.tick_once(), other.tick_once());
            one.unwrap();
            two.unwrap();
        }
        bot.settle().await;
        assert_eq!(kept(bot, &channel).await.len(), 5);
        assert_eq!(reads_team(bot, "cy", ":mirror: The retro is closed.").len(), 1);
    }

    async fn a_crash_between_close_and_summary_loses_nothing(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 5).await;
        let keys = keys_of(bot, "fay");
        let retro = last_retro(bot, &channel).await;
        bot.settle().await;
        let engine = bot.parts.engine.clone();
        loop {
            let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
            bot.sandbox.clock().advance_to(next.timestamp_millis());
            if next >= retro.closes_at {
                break;
            }
            bot.settle().await;
        }
        // The process dies after its first step: what is due next is the sorting.
        bot.parts.ticker.tick_once().await.unwrap();
        let closed = last_retro(bot, &channel).await;
        assert_eq!((closed.state, closed.is_sorted), (State::Closed, false));
        assert_eq!(store::slots(&read_store(bot), &retro.id).await.unwrap().len(), 5);
        let dm = bot.user.clone();
        bot.person("fay").clicks(&question(bot, "fay").unwrap(), "Answer").await;
        bot.eventually("fay reads that it's over", || async {
            bot.reads("fay", &dm).iter().any(|text| text.starts_with(":mirror: The retro of Tuesday, 6 January in #team has closed"))
        }).await;
        assert!(question(bot, "fay").is_none(), "it has no buttons any more");
        assert!(!keys.keys.is_empty());
        bot.passes(chrono::Duration::hours(30));
        bot.settle().await;
        assert_eq!(kept(bot, &channel).await.len(), 5);
        assert_eq!(reads_team(bot, "cy", ":mirror: The retro is closed.").len(), 1);
    }

    async fn an_erased_person_leaves_their_answer(bot: &mut Bot) {
        let channel = open_with(bot, &TEAM, &["1"]).await;
        for who in ["ana", "ben", "cy", "dee", "eve"] {
            let form = opens(bot, who, "Answer anonymously").await;
            assert!(form.fills("prompt_1", format!("Idea of {who}")));
            assert_eq!(form.submits().await, Submission::Updated);
        }
        let form = opens(bot, "ben", "Answer with your name").await;
        assert!(form.fills("prompt_3", "Mine"));
        assert_eq!(form.submits().await, Submission::Updated);
        let ben = bot.id("ben").as_str().into();
        let erased = rondo::engine::person::PersonData::of(&bot.parts.engine).erase(&ben, &[], false).await.unwrap();
        assert!(erased.is_clean, "{erased:?}");
        comes_to(bot, "close").await;
        assert_eq!(kept(bot, &channel).await.len(), 5, "an anonymous answer can't be found by its person");
        assert!(!kept(bot, &channel).await.contains(&"Mine".to_owned()));
    }

    async fn a_pause_does_not_keep_answers(bot: &mut Bot) {
        let channel = open(bot, &TEAM).await;
        some_answer(bot, 2).await;
        bot.says("ana", "#team", "/retro pause").await;
        bot.passes(chrono::Duration::days(4));
        bot.settle().await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!(retro.state, State::Done, "there is nothing to show");
        assert!(store::slots(&read_store(bot), &retro.id).await.unwrap().is_empty());
    }
}
