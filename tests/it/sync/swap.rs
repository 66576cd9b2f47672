//! Swapping a turn: with a yes, a no, the wrong people, twice, at once, and too late.

use slack_sandbox::{PersonHandle, Submission};

use super::{
    before::{ASKS, SHEET_OF_13, answers, only, until, weekly},
    *,
};
use crate::coffee::answers_to;

pub(super) const OFFERS: &str = "asks whether you'd lead ";
pub(super) const NEXT: &str = "I take their next turn";
pub(super) const NOTHING: &str = "Nothing: my own turn comes later";

/// Opens the form from the newest message with the button.
async fn opens(bot: &mut Bot, who: &str) -> PersonHandle {
    let (person, dm) = (bot.person(who), bot.user.clone());
    let has_it = |message: &slack_sandbox::Message| {
        message
            .blocks
            .iter()
            .any(|block| block["type"] == "actions" && block.to_string().contains("sync:swap"))
    };
    let message = person.reads(&dm).into_iter().rfind(has_it).expect("a turn to swap");
    person.clicks(&message, "Swap with…").await;
    bot.settle().await;
    assert_eq!(person.sees_modal().await.expect("a form").title, "Swap your turn");
    person
}

/// Opens the form, and fills it in.
pub(super) async fn fills(bot: &mut Bot, who: &str, with: &str, in_return: &str) -> Submission {
    let person = opens(bot, who).await;
    assert!(person.fills("person", bot.id(with)) && person.fills("in_return", in_return));
    let sent = person.submits().await;
    bot.settle().await;
    sent
}

/// Asks for a swap, and returns the offer as the other person reads it.
pub(super) async fn offers(bot: &mut Bot, who: &str, with: &str, in_return: &str) -> String {
    assert_eq!(fills(bot, who, with, in_return).await, Submission::Closed);
    bot.reads_dm(with).into_iter().rfind(|text| text.contains(OFFERS)).expect("an offer")
}

fn errors(why: &str) -> Submission {
    Submission::Errors([("person".to_owned(), why.to_owned())].into())
}

/// Returns the person who is asked, and the other two.
pub(super) fn people(bot: &Bot) -> (&'static str, [&'static str; 2]) {
    let asked = only(bot, ASKS);
    let others: Vec<&str> = ["ana", "ben", "dee"].into_iter().filter(|who| *who != asked).collect();
    (asked, [others[0], others[1]])
}

/// Returns the person who is asked, another with a turn soon, the third person, and the date of that turn.
async fn with_return(bot: &mut Bot) -> (&'static str, &'static str, &'static str, chrono::NaiveDate) {
    let (asked, [one, two]) = people(bot);
    let shown = leads_shown(bot, "ana").await;
    let place = shown.iter().skip(1).position(|lead| lead != asked).unwrap() + 1;
    let (other, third) = if shown[place] == one { (one, two) } else { (two, one) };
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 13).unwrap();
    (asked, other, third, first + chrono::Duration::weeks(i64::try_from(place).unwrap()))
}

fn says(bot: &Bot, who: &str, words: &str) -> bool {
    bot.reads_dm(who).iter().any(|text| text.starts_with(words))
}

/// Checks what the person reads who has asked two colleagues, of whom one leads now.
fn assert_one_yes(bot: &Bot, asked: &str, (lead, other): (&str, &str)) {
    let sync = "the sync in #team on Tuesday, 13 January at 10:00";
    let settled =
        format!("I asked @{other} to lead {sync}. @{lead} leads it now, so I've withdrawn the question.");
    let said_yes = format!("I asked @{lead} to lead {sync}, and they said yes.");
    assert!(says(bot, asked, &settled) && says(bot, asked, &said_yes), "{:?}", bot.reads_dm(asked));
}

each_store! {
    async fn a_person_without_a_turn_reads_why_they_cannot_swap(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        let other = ["ana", "ben", "dee"].into_iter().find(|who| *who != asked).unwrap();
        let said = bot.says(other, "#team", "/sync swap").await.text;
        assert!(said.contains("A turn can be swapped once I've asked you"), "{said}");
        let shown = bot.says(asked, "#team", "/sync swap").await;
        let blocks = format!("{:?}", shown.blocks);
        assert!(!shown.text.contains("no turn of yours") && blocks.contains("I'll do it on 20 January"), "{blocks}");
    }

    async fn a_swap_is_answered_where_its_button_was(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        bot.says(asked, "#team", "/sync swap").await;
        let before = bot.reads(asked, "#team").len();
        bot.clicks(asked, "#team", "Swap with…").await;
        assert_eq!(bot.person(asked).sees_modal().await.expect("a form").title, "Swap your turn");
        assert!(bot.person(asked).fills("person", bot.id(other)) && bot.person(asked).fills("in_return", NOTHING));
        assert_eq!(bot.person(asked).submits().await, Submission::Closed);
        bot.settle().await;
        let read = bot.reads(asked, "#team");
        assert_eq!(read.len(), before, "{read:?}");
        let answer = format!("I've asked @{other} to lead the sync in #team on Tuesday, 13 January at 10:00. ");
        assert!(read.last().unwrap().starts_with(&answer), "{read:?}");
        assert!(!says(bot, asked, "I've asked "), "once is enough");
        assert!(says(bot, other, &format!(":speech_balloon: @{asked} {OFFERS}")));
    }

    async fn a_swapped_turn_counts_before_it_comes(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        let shown = leads_shown(bot, "ana").await;
        let taker = shown.iter().skip(1).find(|who| **who != asked).unwrap().clone();
        offers(bot, asked, &taker, "I take their next turn").await;
        answers(bot, &taker, "Yes, I'll take it").await;
        let shown = leads_shown(bot, "ana").await;
        let back = shown.iter().position(|who| who == asked).unwrap();
        let next = bot.says("ana", "#team", "/sync next").await.text;
        let next = bot.as_read(&next);
        let line = next.lines().filter(|line| line.starts_with("• ")).nth(back).unwrap();
        assert!(line.ends_with(&format!("@{asked} leads")), "their first turn is the one in return: {next}");
    }

    async fn a_swap_counts_for_the_person_who_leads(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        let offer = offers(bot, asked, other, NOTHING).await;
        assert!(offer.starts_with(&format!(
            ":speech_balloon: @{asked} asks whether you'd lead the sync in #team on Tuesday, 13 January at 10:00 in \
             their place. It counts as your turn, so your next one comes later."
        )), "{offer}");
        assert!(says(bot, asked, &format!("I've asked @{other} to lead ")));
        assert_eq!(leads_shown(bot, "ana").await[0], asked, "nothing changes before the yes");
        answers(bot, other, "Yes, I'll take it").await;
        assert_eq!(leads_shown(bot, "ana").await[0], other);
        assert!(says(bot, asked, &format!(":white_check_mark: @{other} leads the sync in #team on ")));
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), other);
        let csv = exported(bot).await;
        assert!(csv.contains(&format!(",lead,{other},swapped,")), "{csv}");
    }

    async fn a_later_turn_is_taken_in_return(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, others) = people(bot);
        let shown = leads_shown(bot, "ana").await;
        let place = shown.iter().skip(1).position(|lead| others.contains(&lead.as_str())).unwrap() + 1;
        let other = others.into_iter().find(|who| *who == shown[place]).unwrap();
        let offer = offers(bot, asked, other, NEXT).await;
        assert!(offer.contains(&format!("In return, @{asked} leads on Tuesday, ")), "{offer}");
        answers(bot, other, "Yes, I'll take it").await;
        let swapped = leads_shown(bot, "ana").await;
        assert_eq!((swapped[0].as_str(), swapped[place].as_str()), (other, asked), "{shown:?} {swapped:?}");
        assert!(says(bot, asked, &format!(":white_check_mark: @{other} leads ")));
        for number in 1..=place {
            next_sync(bot).await;
            assert_eq!(lead_of(&announced(bot)[number]), swapped[number - 1]);
        }
    }

    async fn a_swap_that_a_pause_ends_says_so(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, other, _, day) = with_return(bot).await;
        offers(bot, asked, other, NEXT).await;
        answers(bot, other, "Yes, I'll take it").await;
        bot.says("ana", "#team", "/sync pause").await;
        let by = if asked == "ana" { "you've".to_owned() } else { "@ana has".to_owned() };
        let over = format!(
            "You don't lead the sync in #team on {} at 10:00 in return: @{other} doesn't lead the one on Tuesday, 13 January, \
             since {by} paused the syncs. So your swap is over.\nIf it's your turn when they're back, I'll ask you again.",
            day.format("%A, %-d %B")
        );
        assert!(says(bot, asked, &over), "{over}: {:?}", bot.reads_dm(asked));
    }

    async fn a_question_ends_once_its_return_is_anothers(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, other, third, day) = with_return(bot).await;
        offers(bot, asked, other, NEXT).await;
        let offer = bot.person(other).reads_dm().into_iter().rfind(|message| message.text.contains(OFFERS)).unwrap();
        let value = format!("{} {day} 0", programme_in(bot, &channel).await.id);
        answers_to(bot, third, "sync:volunteer", &value).await;
        assert!(!says(bot, other, &format!(":speech_balloon: @{asked} asks")), "{:?}", bot.reads_dm(other));
        let over = bot.reads_dm(other).pop().unwrap();
        assert!(over.contains("That turn has changed, so the question is over"), "{over}");
        assert!(!says(bot, asked, "I've asked "), "{:?}", bot.reads_dm(asked));
        let told = bot.reads_dm(asked).pop().unwrap();
        assert!(told.starts_with(&format!("I asked @{other} to lead ")), "{told}");
        assert!(told.contains("withdrawn the question.\nIt's still your turn."), "{told}");
        bot.person(other).clicks(&offer, "Yes, I'll take it").await;
        bot.settle().await;
        assert!(says(bot, other, &format!("That swap isn't needed any more: it's @{asked}'s turn to lead ")));
        offers(bot, asked, other, NOTHING).await;
    }

    async fn a_turn_that_its_owner_has_accepted_is_still_given_in_return(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, other, _, day) = with_return(bot).await;
        offers(bot, asked, other, NEXT).await;
        let value = format!("{} {day} 0", programme_in(bot, &channel).await.id);
        answers_to(bot, other, "sync:volunteer", &value).await;
        answers(bot, other, "Yes, I'll take it").await;
        let shown = leads_shown(bot, "ana").await;
        let back = day.signed_duration_since(chrono::NaiveDate::from_ymd_opt(2026, 1, 13).unwrap()).num_weeks();
        assert_eq!((shown[0].as_str(), shown[usize::try_from(back).unwrap()].as_str()), (other, asked), "{shown:?}");
    }

    async fn a_swap_that_is_asked_for_is_no_silence(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        until(bot, "2026-01-09T12:00").await;
        assert_eq!(only(bot, ASKS), asked, "it's still their turn");
        assert!(!bot.reads_dm(asked).iter().any(|text| text.contains("haven't heard")), "{:?}", bot.reads_dm(asked));
        let waits = format!("@{other} hasn't answered yet whether they'd lead ");
        until(bot, "2026-01-12T08:00").await;
        assert_eq!(bot.reads_dm(asked).iter().filter(|text| text.starts_with(&waits)).count(), 1, "{:?}", bot.reads_dm(asked));
        until(bot, "2026-01-12T12:00").await;
        assert_eq!(only(bot, SHEET_OF_13), asked);
        answers(bot, other, "Yes, I'll take it").await;
        assert!(says(bot, asked, &format!(":white_check_mark: @{other} leads ")) && !says(bot, asked, &waits));
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), other);
    }

    async fn a_swap_is_asked_for_in_working_hours(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "cy"]).await;
        let asked = only(bot, ASKS);
        if asked == "cy" {
            return;
        }
        // It is 05:00 in New York.
        assert_eq!(fills(bot, asked, "cy", NOTHING).await, Submission::Closed);
        assert_eq!(bot.reads_dm("cy").iter().filter(|text| text.contains(OFFERS)).count(), 0);
        let told = bot.reads_dm(asked).pop().unwrap();
        assert!(told.starts_with("I'll ask @cy to lead ") && told.contains("\nThey aren't at work now, so I'll ask them on "), "{told}");
        bot.passes(chrono::Duration::hours(4));
        bot.settle().await;
        assert_eq!(bot.reads_dm("cy").iter().filter(|text| text.contains(OFFERS)).count(), 1);
    }

    async fn after_a_no_the_turn_stays(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        answers(bot, other, "No").await;
        assert!(says(bot, asked, &format!("@{other} can't lead the sync in #team on ")));
        assert!(says(bot, other, "You've said no to leading "));
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
        assert_eq!(fills(bot, asked, other, NOTHING).await, Submission::Closed);
        assert!(says(bot, asked, &format!("You've asked @{other} for this turn already.")));
        offers(bot, asked, third, NOTHING).await;
        answers(bot, third, "Yes, I'll take it").await;
        assert_eq!(leads_shown(bot, "ana").await[0], third);
    }

    async fn only_people_who_can_lead_are_offered(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        bot.says(other, "#team", "/sync leave").await;
        let form = opens(bot, asked).await;
        for who in ["cy", "helper", "left", other, asked] {
            assert!(!form.fills("person", bot.id(who)), "{who}");
        }
        assert!(form.fills("person", bot.id(third)) && form.fills("in_return", NEXT));
        bot.says(third, "#team", "/sync skip").await;
        let cannot = "They don't take part in that sync, or aren't there that day. Choose another colleague.";
        assert_eq!(form.submits().await, errors(cannot));
        form.closes();
        answers(bot, asked, "Swap with…").await;
        assert!(says(bot, asked, "No one else can lead the sync in #team on Tuesday, 13 January at 10:00, so there's no one to swap with."));
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
    }

    async fn of_two_who_are_asked_the_first_yes_counts(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [one, two]) = people(bot);
        offers(bot, asked, one, NOTHING).await;
        offers(bot, asked, two, NOTHING).await;
        answers(bot, one, "Yes, I'll take it").await;
        assert_one_yes(bot, asked, (one, two));
    }

    async fn of_two_who_say_yes_at_once_one_leads(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [one, two]) = people(bot);
        offers(bot, asked, one, NOTHING).await;
        offers(bot, asked, two, NOTHING).await;
        let place = bot.user.clone();
        let offer = |who: &str| bot.person(who).reads(&place).into_iter().rfind(|message| message.text.contains(OFFERS)).unwrap();
        let (first, second) = (offer(one), offer(two));
        let (one_handle, two_handle) = (bot.person(one), bot.person(two));
        tokio::join!(one_handle.clicks(&first, "Yes, I'll take it"), two_handle.clicks(&second, "Yes, I'll take it"));
        bot.settle().await;
        let lead = leads_shown(bot, "ana").await.remove(0);
        assert!(lead == one || lead == two, "{lead}");
        let other = if lead == one { two } else { one };
        assert!(says(bot, other, &format!("That swap isn't needed any more: @{lead} leads the sync in #team")));
        assert_one_yes(bot, asked, if lead == one { (one, two) } else { (two, one) });
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
        assert_eq!(exported(bot).await.matches(",swapped,").count(), 1);
    }

    async fn a_yes_and_a_no_at_once_are_one_answer(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        let place = bot.user.clone();
        let offer = bot.person(other).reads(&place).into_iter().rfind(|message| message.text.contains(OFFERS)).unwrap();
        let (phone, laptop) = (bot.person(other), bot.person(other));
        tokio::join!(
            phone.clicks(&offer, "Yes, I'll take it"), laptop.clicks(&offer, "No"), phone.clicks(&offer, "Yes, I'll take it")
        );
        bot.settle().await;
        let said_yes = says(bot, asked, &format!(":white_check_mark: @{other} leads "));
        let said_no = says(bot, asked, &format!("@{other} can't lead "));
        assert!(said_yes != said_no);
        assert_eq!(leads_shown(bot, "ana").await[0], if said_yes { other } else { asked });
    }

    async fn an_answer_that_comes_too_late_changes_nothing(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, third]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        bot.person(third).clicks(&bot.person(other).reads(&bot.user).pop().unwrap(), "Yes, I'll take it").await;
        bot.settle().await;
        assert_eq!(leads_shown(bot, "ana").await[0], asked, "it was not offered to them");
        let offer = bot.person(other).reads_dm().into_iter().rfind(|message| message.text.contains(OFFERS)).unwrap();
        answers(bot, asked, "Can't this time").await;
        bot.person(other).clicks(&offer, "Yes, I'll take it").await;
        bot.settle().await;
        let lead = leads_shown(bot, "ana").await.remove(0);
        if lead == other {
            assert!(says(bot, other, "You're down to lead the sync in #team"));
        } else {
            assert!(says(bot, other, &format!("That swap isn't needed any more: it's @{lead}'s turn to lead the sync in #team")));
        }
        until(bot, "2026-01-13T10:00").await;
        let lead = lead_of(&announced(bot)[1]);
        bot.person(other).clicks(&offer, "Yes, I'll take it").await;
        bot.settle().await;
        assert!(says(bot, other, "Nothing has changed: the sync on Tuesday, 13 January has begun, or falls out."));
        assert_eq!(lead_of(&announced(bot)[1]), lead);
    }

    async fn a_form_that_is_sent_too_late_asks_nobody(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        answers(bot, asked, "Swap with…").await;
        let person = bot.person(asked);
        assert!(person.sees_modal().await.is_some() && person.fills("person", bot.id(other)));
        answers(bot, asked, "Can't this time").await;
        let sent = person.submits().await;
        bot.settle().await;
        let is_told = match &sent {
            Submission::Errors(errors) => errors.values().any(|why| why.starts_with("This turn isn't yours any more")),
            _ => says(bot, asked, "This turn isn't yours any more"),
        };
        assert!(is_told, "{sent:?} {:?}", bot.reads_dm(asked));
        assert!(bot.reads_dm(other).iter().all(|text| !text.contains(OFFERS)));
    }

    async fn a_person_who_has_left_takes_no_turn(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        let offer = bot.person(other).reads_dm().into_iter().rfind(|message| message.text.contains(OFFERS)).unwrap();
        bot.says(other, "#team", "/sync leave").await;
        bot.person(other).clicks(&offer, "Yes, I'll take it").await;
        bot.settle().await;
        assert!(says(bot, other, &format!("That swap isn't needed any more: it's @{asked}'s turn to lead the sync in #team")));
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
    }

    async fn a_withdrawn_question_stays_withdrawn(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let (asked, [other, _]) = people(bot);
        offers(bot, asked, other, NOTHING).await;
        answers(bot, asked, "I'll do it").await;
        assert!(bot.reads_dm(asked).iter().any(|text| text.contains("yourself, so I've withdrawn the question.")));
        offers(bot, asked, other, NOTHING).await;
        answers(bot, other, "Yes, I'll take it").await;
        let over = format!("I had asked @{other} to lead the sync in #team on Tuesday, 13 January at 10:00. That question is over,");
        assert!(says(bot, asked, &over), "{:?}", bot.reads_dm(asked));
    }

}
