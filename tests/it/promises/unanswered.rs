//! Requests without an answer: the owner is asked a second time, and then the request ends.

use super::*;

const ASK: &str = "/promise @ben mend the printer by 13 February";

fn asks_again(bot: &Bot, who: &str) -> usize {
    bot.reads_dm(who).iter().filter(|text| text.starts_with(":wave: ")).count()
}

each_store! {
    async fn the_answer_to_a_second_question_stands_there(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben mend the printer by 13 February").await;
        until(bot, "2026-01-09T12:00").await;
        presses(bot, "ben", "I'll do it").await;
        bot.says("ben", "#general", "/promise mine").await;
        let list = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").clicks(&list, "Done").await;
        bot.settle().await;
        let [first, second] = &bot.reads_dm("ben")[..] else { panic!("{:?}", bot.reads_dm("ben")) };
        assert_eq!(first, "I've asked you about this again: see below.\n>mend the printer");
        assert!(second.starts_with(":white_check_mark: Done, thank you:\n>mend the printer"), "{second}");
    }

    async fn an_owner_is_asked_a_second_time_and_no_more(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        until(bot, "2026-01-08T08:59").await;
        assert_eq!(asks_again(bot, "ben"), 0);
        until(bot, "2026-01-08T09:01").await;
        let [first, second] = &bot.reads_dm("ben")[..] else { panic!("two messages: {:?}", bot.reads_dm("ben")) };
        assert_eq!(first, "I've asked you about this again: see below.\n>mend the printer");
        assert!(second.starts_with(":wave: @ana still hopes for your answer. Will you do this by Friday, 13 February?\n>mend the printer\n"), "{second}");
        presses(bot, "ben", "I'll do it").await;
        assert_eq!(states(bot).await, ["open"]);
        let read = bot.reads_dm("ben").join("\n");
        assert_eq!(read.matches("Promised for Friday, 13 February").count(), 1, "{read}");
        until(bot, "2026-02-01T12:00").await;
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn a_time_that_is_over_is_not_asked_for_again(bot: &mut Bot) {
        until(bot, "2026-01-06T08:00").await;
        types(bot, "ana", "/promise @ben check the logs by today at 11:00").await;
        until(bot, "2026-01-06T13:00").await;
        let asked = bot.reads_last("ben", &bot.user.clone());
        assert!(asked.starts_with(":wave: @ana still hopes for your answer. It was asked for by Tuesday, 6 January at 11:00. By when could you do this?"), "{asked}");
    }

    async fn what_an_asker_has_read_follows_its_request(bot: &mut Bot) {
        types(bot, "ben", "/sync away until 6 January").await;
        until(bot, "2026-01-05T12:00").await;
        let dm = bot.user.clone();
        bot.says("ana", &dm, "/promise").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("what", "mend the printer") && ana.fills("who", bot.id("ben")) && ana.fills("date", "2026-02-13"));
        ana.submits().await;
        bot.settle().await;
        until(bot, "2026-01-06T12:00").await;
        types(bot, "ben", "/sync away until 8 January").await;
        until(bot, "2026-01-07T10:00").await;
        let waiting: Vec<String> = bot.reads_dm("ana").into_iter().filter(|text| text.contains("haven't asked @ben for this yet")).collect();
        assert_eq!(waiting.len(), 1, "{:?}", bot.reads_dm("ana"));
        until(bot, "2026-01-09T09:00").await;
        presses(bot, "ben", "I'll do it").await;
        let read = bot.reads_dm("ana").join("\n");
        assert!(!read.contains("haven't asked"), "{read}");
        assert!(read.contains("@ben was asked for this:\n>mend the printer\nThey said yes."), "{read}");
    }

    async fn a_request_without_an_answer_ends(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let question = with_control(bot, "ben", "I'll do it");
        until(bot, "2026-01-18T12:00").await;
        assert_eq!((states(bot).await, asks_again(bot, "ben")), (vec!["asked".to_owned()], 1));
        until(bot, "2026-01-20T12:00").await;
        assert_eq!(states(bot).await, ["lapsed"]);
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.starts_with("@ben hasn't answered, so this request has ended:\n>mend the printer\n"), "{heard}");
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("This request has ended, since it had no answer:"));
        bot.person("ben").clicks(&question, "I'll do it").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["lapsed"], "an old button");
        for list in ["/promise open", "/promise asked", "/promise mine"] {
            assert!(!types(bot, "ben", list).await.contains("mend the printer"), "{list}");
        }
        presses(bot, "ana", "Ask another person").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("who", bot.id("dee")));
        ana.submits().await;
        bot.settle().await;
        until(bot, "2026-01-21T05:00").await;
        presses(bot, "dee", "I'll do it").await;
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn an_asker_takes_a_request_over(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        until(bot, "2026-01-20T12:00").await;
        presses(bot, "ana", "I'll do it myself").await;
        let read = bot.reads_dm("ana").join("\n");
        assert!(read.contains("You took this on yourself:\n>mend the printer"), "{read}");
        assert_eq!(states(bot).await, ["open"]);
        until(bot, "2026-02-13T12:00").await;
        assert_eq!(reminders(bot, "ana").len(), 1);
    }

    async fn a_person_who_is_away_has_time_to_answer(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        bot.says("ben", "#general", "/sync away 7 to 30 January").await;
        until(bot, "2026-02-02T08:01").await;
        assert_eq!((states(bot).await, asks_again(bot, "ben")), (vec!["asked".to_owned()], 1), "asked again when back");
        bot.says("ben", "#general", "/sync away 9 to 20 February").await;
        until(bot, "2026-02-23T12:00").await;
        assert_eq!(states(bot).await, ["asked"], "their first day back");
        until(bot, "2026-02-27T12:00").await;
        assert_eq!(states(bot).await, ["lapsed"]);
    }

    async fn a_request_does_not_end_in_the_first_days_back(bot: &mut Bot) {
        bot.says("ben", "#general", "/sync away 12 to 23 January").await;
        types(bot, "ana", ASK).await;
        until(bot, "2026-01-26T12:00").await;
        assert_eq!(states(bot).await, ["asked"], "their first day back");
        until(bot, "2026-01-28T16:00").await;
        assert_eq!(states(bot).await, ["asked"], "their third");
        until(bot, "2026-01-29T12:00").await;
        assert_eq!(states(bot).await, ["lapsed"]);
    }

    async fn new_days_away_end_no_request_on_the_first_day_back(bot: &mut Bot) {
        bot.says("ben", "#general", "/sync away 12 to 23 January").await;
        types(bot, "ana", ASK).await;
        until(bot, "2026-01-26T12:00").await;
        bot.says("ben", "#general", "/sync away 27 to 30 January").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["asked"]);
        until(bot, "2026-02-02T12:00").await;
        assert_eq!(states(bot).await, ["asked"], "their first day back");
    }

    async fn a_second_question_comes_when_the_person_is_back(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        until(bot, "2026-01-07T12:00").await;
        bot.says("ben", "#general", "/sync away 8 to 30 January").await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(asks_again(bot, "ben"), 0);
        bot.says("ben", "#general", "/sync back").await;
        bot.settle().await;
        assert_eq!(asks_again(bot, "ben"), 1);
    }

    async fn a_short_date_is_asked_about_before_it(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben mend the printer by tomorrow").await;
        until(bot, "2026-01-06T07:59").await;
        assert_eq!(asks_again(bot, "ben"), 0, "not on the day of the first question");
        until(bot, "2026-01-06T08:01").await;
        assert_eq!(asks_again(bot, "ben"), 1);
    }

    async fn unanswered_requests_come_last(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben old request by Tuesday").await;
        types(bot, "ana", "/promise a thing of mine by 20 January").await;
        until(bot, "2026-01-08T12:00").await;
        let open = types(bot, "dee", "/promise open").await;
        let (own, asked) = (open.find("a thing of mine").unwrap(), open.find("old request").unwrap());
        assert!(own < asked, "{open}");
    }

    async fn of_many_processes_one_asks_again_and_one_ends_it(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        for time in ["2026-01-08T09:01", "2026-01-19T12:00"] {
            let at: Instant = format!("{time}:00Z").parse().unwrap();
            bot.sandbox.clock().advance_to(at.timestamp_millis());
            let tickers: Vec<_> = (2..5).map(|seed| reminding::replica(bot, seed)).collect();
            futures_util::future::join_all(tickers.iter().map(reminding::ticks)).await;
            bot.settle().await;
        }
        assert_eq!((states(bot).await, bot.reads_dm("ben").len()), (vec!["lapsed".to_owned()], 2));
        assert_eq!(bot.reads_dm("ana").len(), 1);
    }
}
