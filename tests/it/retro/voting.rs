//! Those who were asked vote on the themes, and the top ones are shown in the order of the votes.

use rondo::{engine::ticker::Ticker, rituals::retro::plan::State};

use super::*;

/// Shows the answers of a retro in which each of the team said one thing, two of them nearly the same.
pub async fn revealed(bot: &mut Bot) -> ChannelId {
    let channel = open(bot, &TEAM).await;
    let said =
        ["Too many meetings", "The build is slow", "Lunch", "too many meetings!", "Hiring", "A <new> desk"];
    for (who, words) in TEAM.iter().zip(said) {
        answers(bot, who, &[("1", words)]).await;
    }
    comes_to(bot, "close").await;
    reveals(bot).await;
    channel
}

/// Has ana start a vote as its form stands.
pub async fn starts_vote(bot: &mut Bot) {
    let form = opens(bot, "ana", "Start the vote").await;
    assert_eq!(form.submits().await, Submission::Updated);
    form.closes();
    bot.settle().await;
}

/// Has a person fill in their ballot with these themes, and send it.
pub async fn votes(bot: &Bot, who: &str, themes: &[&str]) -> Submission {
    let form = ballot(bot, who).await;
    chooses(&form, themes);
    let sent = form.submits().await;
    form.closes();
    sent
}

pub fn chooses(form: &PersonHandle, themes: &[&str]) {
    let modal = form.modal().unwrap();
    for (number, theme) in (1..).zip(themes) {
        let name = format!("vote_{number}");
        let field = modal.blocks.iter().find(|block| block["block_id"] == name).expect("a field");
        let options = field["element"]["options"].as_array().unwrap().iter();
        let labels: Vec<&str> = options.map(|option| option["text"]["text"].as_str().unwrap()).collect();
        let label = labels
            .iter()
            .find(|label| label.contains(theme))
            .unwrap_or_else(|| panic!("{theme}: {labels:?}"));
        assert!(form.fills(&name, *label), "{label}");
    }
}

/// Opens the ballot of a person.
pub async fn ballot(bot: &Bot, who: &str) -> PersonHandle {
    let person = bot.person(who);
    person.clicks(&vote_message(bot, who), "Vote").await;
    assert!(person.sees_modal().await.is_some(), "{who} sees no ballot: {:?}", bot.reads(who, "#team"));
    person
}

pub fn vote_message(bot: &Bot, who: &str) -> slack_sandbox::Message {
    let messages = bot.person(who).reads("#team").into_iter();
    messages.rev().find(|message| message.has_button("Vote")).expect("a vote is on")
}

/// Returns ana's newest message with a button.
pub fn control(bot: &Bot, button: &str) -> slack_sandbox::Message {
    let messages = bot.person("ana").reads_dm().into_iter();
    messages.rev().find(|message| message.has_button(button)).expect("a message with this button")
}

/// Returns what the channel reads of themes: the list, then each theme.
pub fn themes_shown(bot: &Bot) -> Vec<String> {
    let texts = bot.reads("fay", "#team").into_iter();
    let texts = texts.skip_while(|text| !text.starts_with(":mirror: *The themes of "));
    texts.filter(|text| text.starts_with(":mirror: *")).collect()
}

pub fn first_lines(texts: &[String]) -> Vec<&str> {
    texts.iter().filter_map(|text| text.lines().next()).collect()
}

pub fn shown_in(form: &PersonHandle) -> String {
    form.modal().unwrap().blocks.iter().map(ToString::to_string).collect()
}

each_store! {
    async fn the_theme_with_most_votes_comes_first(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let next = bot.reads_dm("ana").pop().unwrap();
        assert_eq!(next, ":mirror: The answers of the retro of Tuesday, 6 January are in #team. Next: what do you talk about? There are 5 themes. \
            Some answers say nearly the same, so I've put them together as one.\n\
            *Group into themes* changes what belongs together. *Start the vote* lets everyone who was asked choose. \
            *Show the themes* posts them right away, without a vote.");
        starts_vote(bot).await;
        let status = bot.says("ben", "#team", "/retro status").await.text;
        assert!(status.contains(" asked, and the vote is on"), "{status}");
        let asked = reads_team(bot, "fay", ":mirror: *What should we talk about?*").pop().unwrap();
        assert!(asked.contains("\n1. ") && asked.contains("oo many meetings") && asked.contains(" (2 answers)\n2. "), "{asked}");
        assert!(asked.ends_with("Everyone who was asked has 3 votes, at most two for one theme, until Monday, 12 January at 10:00. \
            The votes count if 5 people vote. Who votes for what is never shown, and you can change your votes until then.\nThe retro of Tuesday, 6 January."), "{asked}");
        let before = bot.reads_dm("ben").len();
        for (who, themes) in [
            ("ana", &["Lunch", "Lunch", "Hiring"][..]),
            ("ben", &["Lunch", "desk"]),
            ("cy", &["Hiring", "Hiring"]),
            ("dee", &["desk"]),
            ("eve", &["oo many meetings", "Lunch"]),
        ] {
            assert_eq!(votes(bot, who, themes).await, Submission::Updated, "{who}");
        }
        bot.settle().await;
        assert_eq!(bot.reads_dm("ben").len(), before, "no message says that a person has voted");
        assert!(themes_shown(bot).is_empty());
        comes_to(bot, "votes").await;
        let shown = themes_shown(bot);
        assert_eq!(first_lines(&shown), [
            ":mirror: *The themes of the retro*",
            ":mirror: *1. Lunch*: 4 votes",
            ":mirror: *2. Hiring*: 3 votes",
            ":mirror: *3. A &lt;new&gt; desk*: 2 votes",
            &format!(":mirror: *4. {}*: 1 vote", if shown[0].contains("Too many") { "Too many meetings" } else { "too many meetings!" }),
        ]);
        assert!(shown[0].contains("\nAlso named, without a vote: The build is slow\n5 people voted. The first 4 follow, each with a thread to talk in."), "{}", shown[0]);
        assert!(shown[4].contains("• Too many meetings") && shown[4].contains("• too many meetings!"), "{}", shown[4]);
        assert!(shown[1].contains("Lunch*: 4 votes\n_What should we start doing?_\nFrom the retro of Tuesday, 6 January. Talk about it in the thread."), "{}", shown[1]);
        let retro = last_retro(bot, &channel).await;
        assert_eq!(retro.state, State::Done);
        assert!(store::voting::ballots(&read_store(bot), &retro.id).await.unwrap().is_empty());
        assert_eq!(reads_team(bot, "fay", ":mirror: The vote on the 5 themes of the retro is over.").len(), 1);
    }

    async fn opposites_stay_apart_and_keep_their_numbers(bot: &mut Bot) {
        open(bot, &TEAM).await;
        for who in TEAM {
            let own = format!("Idea of {who}");
            answers(bot, who, &[("1", "Meetings on Thursday"), ("2", "Meetings on Thursday"), ("3", &own)]).await;
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        starts_vote(bot).await;
        let asked = reads_team(bot, "fay", ":mirror: *What should we talk about?*").pop().unwrap();
        let numbered: Vec<&str> = asked.lines().filter(|line| line.starts_with(|letter: char| letter.is_ascii_digit())).collect();
        assert_eq!(numbered.len(), 8, "{asked}");
        assert!(asked.contains("*What should we start doing?*\n1. Meetings on Thursday (6 answers)\n*What should we stop doing"), "{asked}");
        let form = ballot(bot, "ben").await;
        let shown = shown_in(&form);
        for line in numbered {
            assert!(shown.contains(line), "the form has another number: {line} {shown}");
        }
    }

    async fn a_vote_of_few_people_does_not_count(bot: &mut Bot) {
        revealed(bot).await;
        starts_vote(bot).await;
        for who in ["ana", "ben", "cy", "dee"] {
            assert_eq!(votes(bot, who, &["Lunch", "Lunch"]).await, Submission::Updated);
        }
        comes_to(bot, "votes").await;
        let shown = themes_shown(bot);
        assert!(first_lines(&shown)[1].to_lowercase().starts_with(":mirror: *1. too many meetings"), "{shown:?}");
        assert!(shown[0].contains("Fewer than 5 people voted, so the votes don't count and are deleted. Those with most answers come first. \
            Each follows with a thread to talk in."), "{}", shown[0]);
        assert!(!shown.iter().any(|text| text.contains(": 8 votes") || text.contains(": 0 votes")), "{shown:?}");
    }

    async fn votes_are_changed_until_the_end(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        assert_eq!(votes(bot, "ben", &["Lunch", "Hiring", "desk"]).await, Submission::Updated);
        let form = ballot(bot, "ben").await;
        assert!(shown_in(&form).contains("initial_option"), "the form has what was voted");
        chooses(&form, &["desk", "desk", "desk"]);
        let Submission::Errors(errors) = form.submits().await else { panic!("three votes for one theme") };
        assert_eq!(errors.into_iter().collect::<Vec<_>>(), [(
            "vote_3".to_owned(), "This theme has 2 of your votes, which is the most. Choose another one.".to_owned()
        )]);
        chooses(&form, &["desk", "desk", "Lunch"]);
        // Two forms at once: the whole ballot counts, the one or the other.
        let (one, other) = tokio::join!(form.submits(), form.submits());
        assert!([&one, &other].into_iter().any(|sent| *sent == Submission::Updated), "{one:?} {other:?}");
        let retro = last_retro(bot, &channel).await;
        let ballots = store::voting::ballots(&read_store(bot), &retro.id).await.unwrap();
        assert_eq!(ballots.iter().map(|(_, ballot)| ballot.given()).collect::<Vec<_>>(), [3]);
    }

    async fn an_empty_ballot_is_sent_by_one_who_takes_their_votes_back(bot: &mut Bot) {
        revealed(bot).await;
        starts_vote(bot).await;
        let Submission::Errors(errors) = votes(bot, "ben", &[]).await else { panic!("no theme is chosen") };
        let told = "Choose a theme for at least one of your votes.";
        assert_eq!(errors.into_iter().collect::<Vec<_>>(), [("vote_1".to_owned(), told.to_owned())]);
        votes(bot, "ben", &["Lunch"]).await;
        let form = ballot(bot, "ben").await;
        assert!(form.fills("vote_1", serde_json::Value::Null));
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("You've given no vote."), "{}", shown_in(&form));
    }

    async fn only_those_who_were_asked_vote(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        bot.sandbox.invite("team", "gus");
        bot.settle().await;
        let gus = bot.person("gus");
        gus.clicks(&vote_message(bot, "gus"), "Vote").await;
        bot.eventually("gus reads why", || async {
            bot.reads("gus", "#team").iter().any(|text| text.starts_with("Only those who were asked in this retro vote."))
        }).await;
        assert!(gus.modal().is_none());
        // A form that was open when the vote ended changes nothing.
        let form = ballot(bot, "ben").await;
        chooses(&form, &["Lunch"]);
        surely(bot, "ana", &control(bot, "End the vote now"), "End the vote now").await;
        bot.settle().await;
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
        assert_eq!(form.submits().await, Submission::Updated);
        assert!(shown_in(&form).contains("This vote is over, so nothing has changed."), "{}", shown_in(&form));
        let retro = last_retro(bot, &channel).await;
        assert!(store::voting::ballots(&read_store(bot), &retro.id).await.unwrap().is_empty());
    }

    async fn a_vote_ends_once(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        for who in TEAM {
            assert_eq!(votes(bot, who, &["Lunch"]).await, Submission::Updated);
        }
        let ends = last_retro(bot, &channel).await.vote.unwrap().ends_at;
        let control = control(bot, "End the vote now");
        let ana = asks(bot, "ana", &control, "End the vote now").await;
        bot.sandbox.clock().advance_to(ends.timestamp_millis());
        let other = Ticker::new(bot.parts.engine.clone());
        let (_, one, two) =
            tokio::join!(ana.submits(), bot.parts.ticker.tick_once(), other.tick_once());
        one.unwrap();
        two.unwrap();
        ana.closes();
        bot.settle().await;
        let shown = themes_shown(bot);
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(shown[0].contains("6 people voted. The first follows, with a thread to talk in.\nThe retro of Tuesday, 6 January."), "{}", shown[0]);
        ana.clicks(&control, "End the vote now").await;
        bot.settle().await;
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("This retro is done: its themes")), "{:?}", bot.reads_dm("ana"));
        assert_eq!(themes_shown(bot).len(), 2);
    }

    async fn votes_of_people_who_have_left_go(bot: &mut Bot) {
        revealed(bot).await;
        starts_vote(bot).await;
        for who in TEAM {
            assert_eq!(votes(bot, who, &["Lunch"]).await, Submission::Updated);
        }
        bot.sandbox.deactivate("ben");
        bot.sandbox.deactivate("cy");
        bot.settle().await;
        comes_to(bot, "votes").await;
        assert!(themes_shown(bot)[0].contains("Fewer than 5 people voted"), "{:?}", themes_shown(bot));
    }

    async fn a_stop_calls_off_the_vote(bot: &mut Bot) {
        let channel = revealed(bot).await;
        starts_vote(bot).await;
        assert_eq!(votes(bot, "ben", &["Lunch"]).await, Submission::Updated);
        let retro = last_retro(bot, &channel).await;
        bot.says("ana", "#team", "/retro stop").await;
        bot.clicks("ana", "#team", "Stop these retros").await;
        bot.settle().await;
        let after = store::retro(&read_store(bot), &retro.id).await.unwrap().unwrap();
        assert_eq!(after.state, State::Cancelled);
        assert!(store::voting::ballots(&read_store(bot), &retro.id).await.unwrap().is_empty());
        bot.passes(chrono::Duration::days(9));
        bot.settle().await;
        assert!(themes_shown(bot).is_empty());
    }

    async fn themes_are_shown_without_a_vote(bot: &mut Bot) {
        let channel = revealed(bot).await;
        let ana = bot.person("ana");
        let next = control(bot, "Show the themes");
        let form = asks(bot, "ana", &next, "Show the themes").await;
        tokio::join!(form.submits(), form.submits());
        form.closes();
        bot.settle().await;
        let shown = themes_shown(bot);
        assert_eq!(shown.len(), 6, "{shown:?}");
        assert!(shown[0].contains("Those with most answers come first. Each follows with a thread to talk in."), "{}", shown[0]);
        assert_eq!(last_retro(bot, &channel).await.state, State::Done);
        ana.clicks(&next, "Start the vote").await;
        bot.settle().await;
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("This retro is done")), "{:?}", bot.reads_dm("ana"));
        assert!(ana.modal().is_none());
    }

    async fn an_organiser_finds_what_comes_next(bot: &mut Bot) {
        open(bot, &TEAM).await;
        for who in TEAM {
            answers(bot, who, &[("1", &format!("Idea of {who}"))]).await;
        }
        let next = async |bot: &mut Bot, who: &str| bot.says(who, "#team", "/retro next").await.text;
        assert!(next(bot, "ana").await.contains("is open until"));
        assert!(next(bot, "ben").await.contains("runs these retros."), "ben isn't an organiser");
        comes_to(bot, "close").await;
        assert!(next(bot, "ana").await.contains("Next: read the answers, and show them."));
        reveals(bot).await;
        assert!(next(bot, "ana").await.contains("Next: what do you talk about? There are 6 themes."));
        starts_vote(bot).await;
        assert!(next(bot, "ana").await.contains("The vote of the retro of Tuesday, 6 January runs until"));
        comes_to(bot, "votes").await;
        assert!(next(bot, "ana").await.contains("The retro of Tuesday, 6 January is done: its themes are in"));
    }

    async fn two_themes_need_no_vote(bot: &mut Bot) {
        open(bot, &TEAM).await;
        for (at, who) in TEAM.iter().enumerate() {
            answers(bot, who, &[("1", ["Lunch", "Hiring"][at % 2])]).await;
        }
        comes_to(bot, "close").await;
        reveals(bot).await;
        let next = control(bot, "Show the themes");
        bot.person("ana").clicks(&next, "Start the vote").await;
        bot.settle().await;
        assert!(bot.reads_dm("ana").iter().any(|text| text.starts_with("There are 2 themes, so there's nothing to choose between.")), "{:?}", bot.reads_dm("ana"));
        surely(bot, "ana", &next, "Show the themes").await;
        assert_eq!(themes_shown(bot).len(), 3);
    }
}
