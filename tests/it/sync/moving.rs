//! `/sync move 6 January to 7 January`: one sync comes at another time, with all that was settled for it.

use rondo::{
    rituals::sync::{
        plan::{How, TurnState},
        store,
    },
    store::{
        runs,
        unit::{Outcome, UnitOfWork},
    },
};

use slack_sandbox::Submission;

use super::{
    before::{ASKS, answers, only, told, until, weekly},
    setup::modal,
    swap::{NOTHING, OFFERS, offers, people},
    *,
};

/// Returns the dates of all turns that are recorded.
async fn dates_of_turns(bot: &Bot) -> Vec<String> {
    let rows =
        bot.parts.engine.store.ask("SELECT local_date FROM sync_turn ORDER BY local_date", Vec::new()).await;
    rows.unwrap().into_iter().filter_map(|row| row.into_iter().next()?.text()).collect()
}

/// Returns the days of the next syncs that `/sync next` shows.
async fn next_dates(bot: &mut Bot, number: usize) -> Vec<String> {
    let shown = says(bot, "ana", &format!("/sync next {number}")).await;
    let days =
        shown.lines().filter_map(|line| line.strip_prefix("• ")?.split_once(", ")?.1.split_once(" 2026"));
    days.map(|(day, _)| day.to_owned()).collect()
}

fn news(bot: &Bot) -> Vec<String> {
    bot.reads("ben", "#team").into_iter().filter(|text| text.contains(" has moved the sync")).collect()
}

each_store! {
    async fn a_no_to_a_sync_that_has_just_moved_stands_in_the_message_they_have(bot: &mut Bot) {
        super::before::weekly(bot, &["ana", "ben", "dee"]).await;
        for _ in 0..2 {
            let asked = super::before::only(bot, super::before::ASKS);
            if asked != "dee" {
                super::before::answers(bot, asked, "Can't this time").await;
            }
        }
        super::before::until(bot, "2026-01-06T20:00").await;
        let question = bot.person("dee").reads_dm().pop().unwrap();
        says(bot, "ana", "/sync move 13 January to 15:00").await;
        bot.person("dee").clicks(&question, "Can't this time").await;
        bot.settle().await;
        let read = bot.reads_dm("dee");
        assert!(read.iter().all(|text| !text.contains("I'll write to you about it")), "{read:?}");
        assert_eq!(read.iter().filter(|text| text.starts_with("Thanks for telling me: you don't lead the sync in #team on Tuesday, 13 January at 15:00.")).count(), 1, "{read:?}");
        super::before::until(bot, "2026-01-07T04:00").await;
        assert!(bot.reads_dm("dee").iter().all(|text| !text.contains("Will you?")));
    }

    async fn a_lead_at_night_reads_when_they_hear_of_a_move(bot: &mut Bot) {
        super::before::weekly(bot, &["ana", "ben", "dee"]).await;
        for _ in 0..2 {
            let asked = super::before::only(bot, super::before::ASKS);
            if asked != "dee" {
                super::before::answers(bot, asked, "Can't this time").await;
            }
        }
        assert_eq!(super::before::only(bot, super::before::ASKS), "dee");
        super::before::until(bot, "2026-01-06T20:00").await;
        for time in ["15:00", "16:00"] {
            says(bot, "ana", &format!("/sync move 13 January to {time}")).await;
            let read = bot.reads_dm("dee");
            let told = read.iter().filter(|text| text.contains("I'll write to you about it on Wednesday, 7 January at 03:30, unless something changes before."));
            assert_eq!(told.count(), 1, "{read:?}");
            assert_eq!(super::before::told(bot, super::before::ASKS), []);
        }
        super::before::until(bot, "2026-01-07T03:30").await;
        assert!(bot.reads_dm("dee").pop().unwrap().contains("Tuesday, 13 January at 16:00. Will you?"));
    }

    async fn a_moved_date_says_where_it_went(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync move 13 January to 14 January").await;
        for typed in ["/sync cancel 13 January", "/sync move 13 January to 15 January"] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with("The sync of Tuesday, 13 January 2026 was moved to Wednesday, 14 January at 10:00, so nothing has changed."), "{said}");
        }
    }

    async fn a_question_after_a_move_waits_for_their_hours(bot: &mut Bot) {
        running(bot, &["ben", "cy", "ana"]).await;
        bot.says("ana", "#team", "/sync leave").await;
        until(bot, "2026-01-06T15:00").await;
        if told(bot, "on Tuesday, 13 January at 10:00. Will you?") == [("ben", 1)] {
            answers(bot, "ben", "Can't this time").await;
        }
        assert_eq!(only(bot, ASKS), "cy");
        until(bot, "2026-01-07T09:30").await;
        says(bot, "ana", "/sync move 13 January to 14 January").await;
        assert_eq!(told(bot, ASKS), [], "it's four in the morning in New York");
        until(bot, "2026-01-07T14:00").await;
        assert_eq!(only(bot, ASKS), "cy");
    }

    // It is Monday, 5 January 2026; the syncs are on Tuesdays.
    async fn what_cannot_move_stays(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let before = programme_in(bot, &channel).await;
        for (typed, answer) in [
            ("/sync move", "Which sync? The next ones: Tuesday, 6 January 2026; Tuesday, 13 January 2026;"),
            ("/sync move 6 January", "To when shall the sync on Tuesday, 6 January at 10:00 move?"),
            ("/sync move 6 January to blursday", "I don't know the date \"blursday\"."),
            ("/sync move 6 January to 25:00", "I don't know the time \"25:00\"."),
            ("/sync move 6 January to 10.05", "\"10.05\" could be a day or a time."),
            ("/sync move 6 January to 7 to 9 January", "A sync takes place on one day."),
            ("/sync move 6 January to 30.2.", "There's no 30 February."),
            ("/sync move 6 January to yesterday", "Sunday, 4 January 2026 is over."),
            ("/sync move 6 January to today at 8:00", "Monday, 5 January 2026 at 08:00 is over."),
            ("/sync move 6 January to 1 January", "Do you mean Friday, 1 January 2027? Then type it with the year: `2027-01-01`."),
            ("/sync move 6 January to 2027-12-25", "Saturday, 25 December 2027 is more than a year ahead."),
            ("/sync move 6 January to 2026-03-29 at 1:30", "The clocks skip Sunday, 29 March 2026 at 01:30."),
            ("/sync move 6 January to 13 January", "Tuesday, 13 January 2026 has a sync already, and one a day is enough."),
            ("/sync move 6 January to 6 January", "That sync is on Tuesday, 6 January at 10:00 already."),
            ("/sync move 7 January to 8 January", "A sync on Wednesday, 7 January 2026 isn't planned, so nothing has changed. The next ones: "),
            ("/sync move 6 to 13 January", "I don't know the date \"6\"."),
        ] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
        let not_yours = says(bot, "ben", "/sync move 6 January to 7 January").await;
        assert!(not_yours.contains("@ana"), "only an organiser may: {not_yours}");
        for typed in ["/sync move every Monday at 10:00", "/sync move to every Monday at 10:00"] {
            let all = says(bot, "ana", typed).await;
            assert!(all.starts_with("*Change the times of the syncs here?*"), "{all}");
        }
        says(bot, "ana", "/sync pause").await;
        let paused = says(bot, "ana", "/sync move 6 January to 7 January").await;
        assert!(paused.starts_with("They're paused, so there's no sync to move."), "{paused}");
        assert_eq!(programme_in(bot, &channel).await.cadence, before.cadence);
        assert_eq!(news(bot), [""; 0]);
    }

    async fn a_moved_sync_keeps_its_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let asked = only(bot, ASKS);
        let said = says(bot, "ana", "/sync move Tuesday to Wednesday because of the <!here> fair").await;
        assert!(said.starts_with("I've moved the sync on Tuesday, 6 January at 10:00 to Wednesday, 7 January at 10:00 because of the \
            &lt;!here&gt; fair. All others stay as they are. I'm announcing it here."), "{said}");
        assert!(said.contains("Want it back? Type `/sync move 2026-01-07 to 2026-01-06`."), "{said}");
        assert_eq!(news(bot), [":speech_balloon: @ana has moved the sync on Tuesday, 6 January at 10:00 to Wednesday, 7 January at 10:00 \
            because of the &lt;!here&gt; fair."]);
        let dm = bot.reads_dm(asked);
        assert!(dm.iter().any(|text| text.starts_with(":speech_balloon: Moved to Wednesday, 7 January at 10:00: the sync in \
            #team on Tuesday, 6 January at 10:00. Your turn has moved with it: my message about it is below.")), "{dm:?}");
        assert_eq!(only(bot, ASKS), asked);
        let question = dm.iter().find(|text| text.contains(ASKS)).unwrap();
        assert!(question.contains("Wednesday, 7 January at 10:00. Will you?"), "{question}");
        assert!(question.contains("It has moved: it was planned for Tuesday, 6 January at 10:00."), "{question}");
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
        let status = says(bot, "ana", "/sync status").await;
        assert!(status.contains("except 6 January 2026, also on 7 January 2026 at 10:00"), "{status}");
        assert!(status.contains("Next sync: Wednesday, 7 January 2026 at 10:00"), "{status}");
        answers(bot, asked, "I'll do it").await;
        until(bot, "2026-01-06T12:00").await;
        assert_eq!(announced(bot), [""; 0], "it doesn't come at its old time");
        until(bot, "2026-01-07T10:00").await;
        assert_eq!((announced(bot).len(), lead_of(&announced(bot)[0])), (1, asked.to_owned()));
        let next = next_sync(bot).await;
        assert_ne!(lead_of(&next), asked);
        let csv = exported(bot).await;
        assert!(csv.contains(",2026-01-07,") && csv.contains(",2026-01-13,") && !csv.contains(",2026-01-06,"), "{csv}");
        let begun = says(bot, "ana", "/sync move 13 January to 15 January").await;
        assert!(begun.starts_with("A sync on Tuesday, 13 January 2026 has begun already, so nothing has changed."), "{begun}");
        let taken = says(bot, "ana", "/sync move 20 January to 13 January at 15:00").await;
        assert!(taken.starts_with("Tuesday, 13 January 2026 has a sync already"), "{taken}");
    }

    async fn a_sync_may_move_behind_others_and_before_them(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let lead = only(bot, ASKS);
        answers(bot, lead, "I'll do it").await;
        let said = says(bot, "ana", "/sync move 13 January to 21 January").await;
        assert!(said.contains("All others stay as they are. Next sync: Tuesday, 20 January at 10:00."), "{said}");
        assert!(leads_shown(bot, "ana").await[1] == lead);
        assert!(bot.reads_dm(lead).iter().any(|text| text.starts_with(":white_check_mark: You lead the sync in #team on Wednesday, 21 January at 10:00.")));
        let said = says(bot, "ana", "/sync move 27 January to 14 January at 15:00").await;
        assert!(said.contains("on Tuesday, 27 January at 10:00 to Wednesday, 14 January at 15:00."), "{said}");
        for date in ["2026-01-14T15:00", "2026-01-20T10:00"] {
            next_sync(bot).await;
            assert_eq!(bot.parts.engine.clock.now().format("%Y-%m-%dT%H:%M").to_string(), date);
        }
        assert_eq!(lead_of(&next_sync(bot).await), lead, "the person who said yes leads at the new date");
        let csv = exported(bot).await;
        for date in ["2026-01-14", "2026-01-20", "2026-01-21"] {
            assert_eq!(csv.lines().filter(|line| line.contains(&format!(",{date},"))).count(), 1, "{csv}");
        }
        next_sync(bot).await;
        assert!(exported(bot).await.contains(",2026-02-03,"), "the one of 27 January was held before");
    }

    async fn a_sync_moves_within_its_day_and_back(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let before = programme_in(bot, &channel).await.cadence;
        let lead = only(bot, ASKS);
        let said = says(bot, "ana", "/sync move 13 January to 15:00").await;
        assert!(said.contains("Type `/sync move 2026-01-13 to 10:00`."), "{said}");
        let question = bot.reads_dm(lead).into_iter().find(|text| text.contains(ASKS)).unwrap();
        assert!(question.contains("Tuesday, 13 January at 15:00. Will you?"), "{question}");
        answers(bot, lead, "I'll do it").await;
        assert_eq!(leads_shown(bot, "ana").await[0], lead);
        says(bot, "ana", "/sync move 2026-01-13 to 10:00").await;
        assert_eq!(programme_in(bot, &channel).await.cadence, before);
        says(bot, "ana", "/sync move 13 January to 16 January at 9:00").await;
        says(bot, "ana", "/sync move 16 January to 15 January at 9:00").await;
        let back = says(bot, "ana", "/sync move 15 January to 13 January at 10:00").await;
        assert!(back.starts_with("I've moved the sync on Thursday, 15 January at 09:00 to Tuesday, 13 January at 10:00."), "{back}");
        assert_eq!(programme_in(bot, &channel).await.cadence, before);
        assert_eq!(news(bot).len(), 5);
        until(bot, "2026-01-13T10:00").await;
        assert_eq!((announced(bot).len(), lead_of(&announced(bot)[1])), (2, lead.to_owned()));
        assert_eq!(lead_of(&announced(bot)[1]), lead);
        let next = says(bot, "ana", "/sync status").await;
        assert!(next.contains("Next sync: Tuesday, 20 January 2026 at 10:00"), "{next}");
    }

    async fn refusals_and_offers_move_along(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let first = only(bot, ASKS);
        answers(bot, first, "Can't this time").await;
        let second = only(bot, ASKS);
        let (_, others) = people(bot);
        let third = others.into_iter().find(|who| *who != first).unwrap();
        offers(bot, second, third, NOTHING).await;
        says(bot, "ana", "/sync move 13 January to 14 January").await;
        let offer = bot.reads_dm(third).into_iter().rfind(|text| text.contains(OFFERS)).unwrap();
        assert!(offer.contains("on Wednesday, 14 January at 10:00 in their place."), "{offer}");
        answers(bot, third, "Yes, I'll take it").await;
        assert_eq!(leads_shown(bot, "ana").await[0], third);
        answers(bot, third, "Can't after all").await;
        until(bot, "2026-01-09T12:00").await;
        assert_ne!(only(bot, ASKS), first, "a no for the sync counts at its new date");
        until(bot, "2026-01-14T10:00").await;
        assert_eq!(announced(bot).len(), 2);
    }

    async fn the_run_sheet_says_the_new_time(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let lead = only(bot, ASKS);
        answers(bot, lead, "I'll do it").await;
        until(bot, "2026-01-12T11:00").await;
        let sheets = |bot: &Bot| -> Vec<String> {
            let read = bot.reads_dm(lead).into_iter();
            read.filter(|text| text.starts_with(":clipboard: ") && text.contains("• When: ")).collect()
        };
        assert!(sheets(bot).pop().unwrap().contains("• When: Tuesday, 13 January at 10:00"));
        says(bot, "ana", "/sync move 13 January to 16:00").await;
        assert!(sheets(bot).pop().unwrap().contains("• When: Tuesday, 13 January at 16:00"), "{:?}", sheets(bot));
        says(bot, "ana", "/sync move 13 January to 15 January at 10:00").await;
        until(bot, "2026-01-14T11:00").await;
        let now = sheets(bot);
        assert!(now.iter().all(|sheet| !sheet.contains("13 January at")), "{now:?}");
        assert!(now.iter().any(|sheet| sheet.contains("• When: Thursday, 15 January at 10:00")), "{now:?}");
    }

    async fn a_moved_sync_can_be_cancelled(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync move 6 January to 7 January").await;
        let said = says(bot, "ana", "/sync cancel Wednesday").await;
        assert!(said.starts_with("I've cancelled the sync on Wednesday, 7 January at 10:00. Next sync: Tuesday, 13 January at 10:00."), "{said}");
        next_sync(bot).await;
        let csv = exported(bot).await;
        assert!(csv.contains(",2026-01-13,") && !csv.contains(",2026-01-07,") && !csv.contains(",2026-01-06,"), "{csv}");
    }

    async fn new_times_end_what_was_moved(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync move 6 January to 7 January").await;
        says(bot, "ana", "/sync start every Thursday at 10:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        assert!(programme_in(bot, &channel).await.cadence.unwrap().also.is_empty());
        next_sync(bot).await;
        next_sync(bot).await;
        let csv = exported(bot).await;
        assert!(csv.contains(",2026-01-08,") && csv.contains(",2026-01-15,") && !csv.contains(",2026-01-07,"), "{csv}");
    }

    async fn changed_times_keep_single_dates(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync cancel 13 January").await;
        says(bot, "ana", "/sync move 20 January to 21 January at 15:00").await;
        let preview = says(bot, "ana", "/sync start every Tuesday at 11:00").await;
        let kept = "These dates stay as they were changed: not on Tuesday, 13 January; on Wednesday, 21 January at 15:00, not on Tuesday, 20 January.";
        assert!(preview.contains(kept), "{preview}");
        bot.clicks("ana", "#team", "Change the times").await;
        let said = bot.reads_last("ana", "#team");
        assert!(said.contains(kept) || bot.reads("ana", "#team").iter().any(|text| text.starts_with("I've changed") && text.contains(kept)), "{said}");
        let times = programme_in(bot, &channel).await.cadence.unwrap();
        assert_eq!(times.say(), "every Tuesday at 11:00 (Europe/Lisbon), except 13 January 2026 and 20 January 2026, also on 21 January 2026 at 15:00");
        let same = says(bot, "ana", "/sync start every Tuesday at 11:00").await;
        assert!(same.starts_with("Syncs already run here, every Tuesday at 11:00 (Europe/Lisbon), except 13 January 2026"), "{same}");
        assert_eq!(next_dates(bot, 4).await, ["6 January", "21 January", "27 January", "3 February"]);
    }

    async fn a_form_keeps_single_dates_but_the_unticked(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync cancel 13 January").await;
        says(bot, "ana", "/sync move 20 January to 21 January at 15:00").await;
        says(bot, "ana", "/sync status").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        let form = modal(bot, &ana);
        assert!(!form.contains("except 13 January"), "{form}");
        for label in ["Not on Tuesday, 13 January", "On Wednesday, 21 January at 15:00, not on Tuesday, 20 January"] {
            assert!(form.contains(label), "{form}");
        }
        assert!(ana.fills("when", "every Tuesday at 11:00"));
        assert!(ana.fills("single_dates", vec!["2026-01-21T15:00"]));
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = modal(bot, &ana);
        assert!(preview.contains("These dates stay as they were changed: on Wednesday, 21 January at 15:00, not on Tuesday, 20 January."), "{preview}");
        assert!(preview.contains("These changes of single dates fall away with the new times: not on Tuesday, 13 January."), "{preview}");
        ana.clicks_in_modal("Back").await;
        bot.eventually("the form is back", || async { modal(bot, &ana).contains("Untick one") }).await;
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let times = programme_in(bot, &channel).await.cadence.unwrap();
        assert_eq!(times.say(), "every Tuesday at 11:00 (Europe/Lisbon), except 20 January 2026, also on 21 January 2026 at 15:00");
        assert_eq!(next_dates(bot, 3).await, ["6 January", "13 January", "21 January"]);
    }

    async fn two_organisers_move_once(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let (ana, again) = (bot.person("ana"), bot.person("ana"));
        let (one, other) = tokio::join!(
            ana.says("#team", "/sync move 6 January to 7 January"),
            again.says("#team", "/sync move 6 January to 8 January")
        );
        bot.settle().await;
        let texts = [one.text, other.text];
        assert_eq!(texts.iter().filter(|text| text.starts_with("I've moved")).count(), 1, "{texts:?}");
        assert_eq!(texts.iter().filter(|text| text.contains(" was moved to ")).count(), 1, "{texts:?}");
        assert_eq!(programme_in(bot, &channel).await.cadence.unwrap().also.len(), 1);
        assert_eq!(news(bot).len(), 1);
    }

    async fn a_turn_that_has_moved_leaves_none_behind(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let programme = programme_in(bot, &channel).await;
        let (engine, key) = (bot.parts.engine.clone(), (programme.id.as_str(), "2026-01-13".parse().unwrap()));
        let asked = store::turn(&engine.context().store, key.0, key.1).await.unwrap();
        let id = UserId(bot.id(only(bot, ASKS)));
        let mut yes = UnitOfWork::new();
        let accepted = asked.then(Some(&id), TurnState::Accepted, How::Assigned, engine.clock.now());
        store::put_turn(&mut yes, &engine.team, key, &accepted);
        says(bot, "ana", "/sync move 13 January to 14 January").await;
        assert_eq!(engine.store.commit(yes).await.unwrap(), Outcome::Refused(runs::OUTDATED));
        assert_eq!(dates_of_turns(bot).await, ["2026-01-06", "2026-01-14"]);
    }

    async fn a_first_turn_and_a_move_at_once_leave_one_turn(bot: &mut Bot) {
        let (lead, [other, _]) = {
            weekly(bot, &["ana", "ben", "dee"]).await;
            people(bot)
        };
        answers(bot, lead, "I'll do it").await;
        let volunteer = if other == "ana" { "dee" } else { other };
        bot.says(volunteer, "#team", "/sync next").await;
        let shown = bot.person(volunteer).reads("#team").pop().unwrap();
        let (person, ana) = (bot.person(volunteer), bot.person("ana"));
        tokio::join!(person.clicks(&shown, "I'll do it"), ana.says("#team", "/sync move 20 January to 21 January"));
        bot.settle().await;
        let dates = dates_of_turns(bot).await;
        assert!(!dates.contains(&"2026-01-20".to_owned()), "{dates:?}");
    }

    async fn a_person_who_skips_it_skips_it_at_its_new_time(bot: &mut Bot) {
        running(bot, &["ana", "ben", "dee"]).await;
        says(bot, "dee", "/sync skip").await;
        says(bot, "ana", "/sync move 6 January to 8 January").await;
        next_sync(bot).await;
        let csv = exported(bot).await;
        assert!(!csv.lines().any(|line| line.contains(",2026-01-08,") && line.contains("dee")), "{csv}");
    }

    async fn a_weekday_is_that_of_the_moved_sync(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let said = says(bot, "ana", "/sync move next Tuesday to Wednesday").await;
        assert!(said.starts_with("I've moved the sync on Tuesday, 13 January at 10:00 to Wednesday, 14 January at 10:00."), "{said}");
        let said = says(bot, "ana", "/sync move 20 January to Monday at 9:00").await;
        assert!(said.starts_with("I've moved the sync on Tuesday, 20 January at 10:00 to Monday, 19 January at 09:00."), "{said}");
    }

    async fn a_round_moves_until_people_are_told(bot: &mut Bot) {
        bot.sandbox.add_channel("cafe", false, &["ana", "ben"]);
        bot.sandbox.invite("cafe", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#cafe", "/coffee start every Thursday at 10:00").await;
        bot.clicks("ana", "#cafe", "Start").await;
        let said = bot.says("ana", "#cafe", "/coffee move Thursday to Friday at 11:00").await;
        let said = bot.as_read(&said.text);
        assert!(said.starts_with("I've moved the round on Thursday, 8 January at 10:00 to Friday, 9 January at 11:00."), "{said}");
        crate::coffee::comes_to(bot, "notice").await;
        assert_eq!(bot.parts.engine.clock.now().format("%d").to_string(), "08");
        let told = bot.says("ana", "#cafe", "/coffee move 9 January to 12 January").await;
        let told = bot.as_read(&told.text);
        assert!(told.starts_with("I've told people of the round on Friday, 9 January at 11:00 already, so it stays the next one"), "{told}");
        let before = bot.says("ana", "#cafe", "/coffee move 15 January to 9 January at 9:00").await.text;
        assert!(before.contains("has a round already"), "{before}");
        crate::coffee::comes_round(bot).await;
        assert_eq!(bot.parts.engine.clock.now().format("%d %H").to_string(), "09 11");
        crate::coffee::comes_round(bot).await;
        assert_eq!(bot.parts.engine.clock.now().format("%d %H").to_string(), "15 10");
    }
}
