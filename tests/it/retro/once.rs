//! A retro that is held once: right away, or on a date.

use rondo::rituals::retro::plan::State;

use super::{
    sorting::sorts,
    voting::{first_lines, themes_shown},
    *,
};

/// Opens the form by `/retro now`, all prompts anonymous.
async fn asks_now(bot: &Bot, who: &str, typed: &str) -> PersonHandle {
    let person = bot.person(who);
    person.says("#team", typed).await;
    let form = person.sees_modal().await.unwrap_or_else(|| panic!("{typed}: {:?}", bot.reads(who, "#team")));
    let when = form.blocks.iter().find(|block| block["block_id"] == "when").unwrap();
    assert_eq!(when["element"]["initial_value"], "now", "{typed}");
    assert!(person.fills("anonymous_start-stop-continue", vec!["1", "2", "3"]));
    person
}

/// Holds a retro right away.
pub(super) async fn holds_now(bot: &mut Bot, who: &str) {
    let person = asks_now(bot, who, "/retro now").await;
    assert_eq!(person.submits().await, Submission::Updated);
    assert_eq!(person.submits().await, Submission::Closed);
    bot.settle().await;
}

fn shown_in(form: &PersonHandle) -> String {
    form.modal().unwrap().blocks.iter().map(ToString::to_string).collect()
}

/// Has all of the team say one thing, and shows the themes.
pub(super) async fn goes_to_its_end(bot: &mut Bot, who: &str) {
    all_are_asked(bot, &TEAM).await;
    for (at, person) in TEAM.iter().enumerate() {
        answers(bot, person, &[("1", ["Lunch", "Hiring", "A desk"][at % 3])]).await;
    }
    comes_to(bot, "close").await;
    let form = opens(bot, who, "Read and reveal").await;
    assert_eq!(form.submits().await, Submission::Updated);
    form.closes();
    bot.settle().await;
    let messages = bot.person(who).reads_dm().into_iter();
    let next = messages.rev().find(|message| message.has_button("Show the themes")).unwrap();
    surely(bot, who, &next, "Show the themes").await;
}

async fn retros(bot: &Bot, channel: &ChannelId) -> Vec<Retro> {
    store::retros(&read_store(bot), &programme_in(bot, channel).await.id, 9).await.unwrap()
}

each_store! {
    async fn one_command_holds_one_retro(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let ana = asks_now(bot, "ana", "/retro now, once").await;
        assert_eq!(ana.submits().await, Submission::Updated);
        let preview = bot.as_read(&shown_in(&ana));
        assert!(preview.contains("*One retro in #team, as soon as you press Start.*"), "{preview}");
        assert!(preview.contains("6 people here would take part.") && preview.contains("Now, to 6 people in #team"), "{preview}");
        assert!(preview.contains("The retro has begun") && preview.contains("It's time for the retro of #team"), "{preview}");
        assert!(last_of(bot, &channel).await.is_none(), "a preview asks no one");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(reads_team(bot, "fay", ":mirror: The retro has begun:").len(), 1);
        let told = bot.reads_dm("ana").into_iter().find(|text| text.contains("I'm asking 6 people")).unwrap();
        assert!(told.starts_with(":mirror: The retro in #team is open until"), "{told}");
        goes_to_its_end(bot, "ana").await;
        let shown = themes_shown(bot);
        assert_eq!(shown.len(), 4, "{:?}", first_lines(&shown));
        sorts(bot, "ana", "Lunch", "Ours").await;
        let history = bot.says("fay", "#team", "/retro history").await.plain();
        assert!(history.contains("6 answers shown, 6 people were asked") && history.contains("Lunch, in our hands"), "{history}");
        let next = bot.says("ana", "#team", "/retro next").await.plain();
        assert_eq!(next.lines().next(), Some(":mirror: The retro of Monday, 5 January is done: its themes are in #team. Next: sort each there by its menu, *In our hands?*."));
        // Nothing comes by itself.
        bot.passes(chrono::Duration::days(60));
        bot.settle().await;
        assert_eq!(retros(bot, &channel).await.len(), 1);
    }

    async fn the_next_one_may_be_another_persons(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        let programme = programme_in(bot, &channel).await;
        goes_to_its_end(bot, "ana").await;
        bot.passes(chrono::Duration::days(7));
        // The form is offered as it was, and a retro of its own hands.
        let ben = bot.person("ben");
        ben.says("#team", "/retro").await;
        let form = ben.sees_modal().await.expect("a form, since nothing is planned");
        let when = form.blocks.iter().find(|block| block["block_id"] == "when").unwrap();
        assert_eq!(when["element"]["initial_value"], "last Friday of the month at 10:00");
        assert!(ben.fills("when", "now"));
        assert_eq!(ben.submits().await, Submission::Updated);
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let again = programme_in(bot, &channel).await;
        assert_eq!((again.id, again.organisers), (programme.id, vec![bot.id("ben").as_str().into()]));
        assert!(bot.reads_dm("ben").iter().any(|text| text.contains("I'm asking 6 people")));
        assert_eq!(retros(bot, &channel).await.len(), 2);
        all_are_asked(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", "LUNCH")]).await;
        }
        comes_to(bot, "close").await;
        let form = opens(bot, "ben", "Read and reveal").await;
        assert_eq!(form.submits().await, Submission::Updated);
        form.closes();
        bot.settle().await;
        surely(bot, "ben", &with_button(bot, "ben", "Show the themes"), "Show the themes").await;
        let shown = bot.reads("fay", "#team").pop().unwrap();
        assert!(shown.contains("Came up 2 times."), "{shown}");
    }

    async fn its_organiser_keeps_it_until_it_is_over(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        for typed in ["/retro stop", "/retro now", "/retro next", "/retro pause"] {
            let told = bot.says("ben", "#team", typed).await.plain();
            assert!(told.starts_with("@ana runs these retros"), "{typed}: {told}");
        }
        let told = bot.says("ana", "#team", "/retro now").await.plain();
        assert!(told.starts_with("A retro is open here until"), "{told}");
        let status = bot.says("ben", "#team", "/retro").await.plain();
        assert!(status.contains("is open until") && status.contains("Run by @ana"), "{status}");
        all_are_asked(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", "Lunch")]).await;
        }
        comes_to(bot, "close").await;
        let told = bot.says("ben", "#team", "/retro stop").await.plain();
        assert!(told.starts_with("@ana runs these retros"), "closed and not shown: {told}");
        let asked = bot.says("ana", "#team", "/retro stop").await.plain();
        assert!(asked.contains("aren't shown yet; *Read and reveal* still works afterwards."), "{asked}");
        assert_eq!(retros(bot, &channel).await[0].state, State::Closed);
    }

    async fn of_two_who_start_at_once_one_does(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let (ana, ben) = (asks_now(bot, "ana", "/retro now").await, asks_now(bot, "ben", "/retro once").await);
        assert_eq!([ana.submits().await, ben.submits().await], [Submission::Updated, Submission::Updated]);
        let (one, other) = tokio::join!(ana.submits(), ben.submits());
        bot.settle().await;
        assert_eq!([&one, &other].into_iter().filter(|sent| **sent == Submission::Closed).count(), 1, "{one:?} {other:?}");
        assert_eq!(retros(bot, &channel).await.len(), 1);
        assert_eq!(reads_team(bot, "fay", ":mirror: The retro has begun:").len(), 1);
    }

    async fn of_two_who_start_it_anew_one_does(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        goes_to_its_end(bot, "ana").await;
        bot.passes(chrono::Duration::days(1));
        let (ana, ben) = (asks_now(bot, "ana", "/retro now").await, asks_now(bot, "ben", "/retro now").await);
        assert_eq!([ana.submits().await, ben.submits().await], [Submission::Updated, Submission::Updated]);
        let (one, other) = tokio::join!(ana.submits(), ben.submits());
        bot.settle().await;
        assert_eq!([&one, &other].into_iter().filter(|sent| **sent == Submission::Closed).count(), 1, "{one:?} {other:?}");
        assert_eq!(retros(bot, &channel).await.len(), 2);
        assert_eq!(reads_team(bot, "fay", ":mirror: The retro has begun:").len(), 1);
    }

    async fn too_few_people_are_told_in_the_form(bot: &mut Bot) {
        let channel = team(bot, &TEAM[..3]).await;
        let ana = asks_now(bot, "ana", "/retro now").await;
        let Submission::Errors(errors) = ana.submits().await else { panic!("three people are asked") };
        assert!(errors["when"].starts_with("I haven't asked anyone in the retro of #team: 3 people would be asked"), "{errors:?}");
        assert!(last_of(bot, &channel).await.is_none());
        // With names it can be held.
        assert!(ana.fills("anonymous_start-stop-continue", Vec::<&str>::new()));
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(last_of(bot, &channel).await.is_some());
    }

    async fn a_second_one_on_a_day_is_refused(bot: &mut Bot) {
        team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        surely(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        let ana = asks_now(bot, "ana", "/retro now").await;
        let Submission::Errors(errors) = ana.submits().await else { panic!("a second one on that day") };
        assert!(errors["when"].starts_with("There was a retro here today already."), "{errors:?}");
    }

    async fn beside_a_cadence_it_is_one_more(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        starts(bot, &["1", "2", "3"]).await;
        let told = bot.says("ana", "#team", "/retro now, once").await.plain();
        assert!(told.starts_with("Hold a retro now? 6 people would be asked"), "{told}");
        bot.clicks("ana", "#team", "Ask them now").await;
        bot.settle().await;
        let retro = last_retro(bot, &channel).await;
        assert_eq!(retro.date.to_string(), "2026-01-05");
        assert!(programme_in(bot, &channel).await.cadence.unwrap().only().is_none());
    }

    async fn a_single_date_is_planned(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        let preview = bot.says("ana", "#team", "/retro start once on Thursday at 10:00").await.plain();
        assert!(preview.contains("once on 8 January 2026 at 10:00 (Europe/Lisbon)"), "{preview}");
        bot.clicks("ana", "#team", "Start").await;
        let planned = reads_team(bot, "fay", ":mirror: @ana has planned a retro here: Thursday, 8 January at 10:00").pop();
        assert!(planned.is_some(), "{:?}", bot.reads("fay", "#team"));
        bot.clicks("fay", "#team", "Skip it").await;
        comes_to(bot, "open").await;
        assert_eq!(last_retro(bot, &channel).await.asked, 5);
        surely(bot, "ana", &with_button(bot, "ana", "Close now"), "Close now").await;
        assert_eq!(last_retro(bot, &channel).await.state, State::Done, "there is nothing to show");
        let ben = asks_now(bot, "ben", "/retro now").await;
        ben.closes();
        // Typed times start it anew, and it's the other person's then.
        bot.says("ben", "#team", "/retro start every Friday at 10:00").await;
        bot.clicks("ben", "#team", "Start").await;
        let programme = programme_in(bot, &channel).await;
        assert_eq!(programme.organisers, [bot.id("ben").as_str().into()]);
        assert!(programme.cadence.unwrap().only().is_none());
    }

    async fn a_pause_keeps_no_notes_for_what_is_over(bot: &mut Bot) {
        team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        let noted = bot.says("ben", "#team", "/retro note Tea").await.plain();
        assert!(noted.starts_with(":memo: Noted"), "{noted}");
        goes_to_its_end(bot, "ana").await;
        bot.passes(chrono::Duration::days(1));
        for typed in ["/retro status", "/retro pause"] {
            bot.says("ana", "#team", typed).await;
            let refused = bot.says("ben", "#team", "/retro note Rain").await.plain();
            assert!(refused.starts_with("No further retro is planned for the retros in #team, so nothing is noted."), "{typed}: {refused}");
        }
        let rows = bot.parts.engine.store.ask("SELECT COUNT(*) FROM retro_note WHERE words = 'Rain'", Vec::new()).await.unwrap();
        assert_eq!(rows[0][0].int().unwrap(), 0);
    }

    async fn stopping_ends_it(bot: &mut Bot) {
        let channel = team(bot, &TEAM).await;
        holds_now(bot, "ana").await;
        all_are_asked(bot, &TEAM).await;
        answers(bot, "ben", &[("1", "Lunch")]).await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.settle().await;
        assert_eq!(retros(bot, &channel).await[0].state, State::Cancelled);
        let told = bot.reads_dm("ben").pop().unwrap();
        assert!(told.contains("has ended before its time"), "{told}");
    }
}

async fn last_of(bot: &Bot, channel: &ChannelId) -> Option<Retro> {
    let engine = &bot.parts.engine;
    let programme = engine.store.programmes_in(&engine.team, "retro", channel).await.unwrap().pop()?;
    store::retros(&read_store(bot), &programme.id, 1).await.unwrap().pop()
}
