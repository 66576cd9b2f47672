//! Promises inside a sync: on the run sheet, in the thread, and in the form that closes it.

use rondo::{
    common::promises::{Due, Owner, Promise, PromiseOrigin, make},
    store::unit::UnitOfWork,
};

use slack_sandbox::{PersonHandle, Submission};

use super::{before::until, *};

/// Stores a promise of this sync that its owner has made.
async fn promised(bot: &mut Bot, channel: &ChannelId, (owner, words, due): (&str, &str, &str)) {
    let programme = programme_in(bot, channel).await;
    let context = bot.parts.engine.context();
    let (owner_id, asker) = (UserId(bot.id(owner)), UserId(bot.id("ana")));
    let owner = Owner::load(&context, &owner_id).await.unwrap();
    let request = Promise {
        origin: PromiseOrigin { channel: Some(channel.clone()), programme: programme.id, occasion: None },
        ..Promise::asked(context.id(), owner_id, asker, words.to_owned())
    };
    let promise = request.promised_for(Due::on(due.parse().unwrap()), context.now);
    let mut unit = UnitOfWork::new();
    make(&mut unit, &context, &promise, &owner);
    bot.parts.engine.store.commit(unit).await.unwrap();
}

/// Has a person say yes to the promise that they were asked for last.
async fn accepts(bot: &mut Bot, who: &str) {
    let (dm, has_it) = (bot.user.clone(), |message: &slack_sandbox::Message| {
        message.blocks.iter().any(|block| block.to_string().contains("promises:accept"))
    });
    let asked = bot.person(who).reads(&dm).into_iter().rfind(has_it).expect("a question");
    bot.person(who).clicks(&asked, "I'll do it").await;
    bot.settle().await;
}

/// Returns what stands in the thread of the last sync, oldest first.
fn thread(bot: &Bot) -> Vec<String> {
    let posts = bot.person("ana").reads("#team");
    let announcement = posts.iter().rfind(|post| post.text.starts_with(BEGINS)).expect("an announcement");
    let in_thread = posts.iter().filter(|post| post.thread_ts.as_ref() == Some(&announcement.ts));
    in_thread.map(|post| bot.as_read(&post.text)).collect()
}

fn sheet_of(bot: &Bot, who: &str) -> String {
    bot.reads_dm(who).into_iter().rfind(|text| text.contains("*You lead")).expect("a run sheet")
}

each_store! {
    async fn due_promises_open_a_sync(bot: &mut Bot) {
        let team = running(bot, &["ana", "cy"]).await;
        promised(bot, &team, ("cy", "send the report", "2026-01-06")).await;
        promised(bot, &team, ("ana", "book the room", "2026-01-13")).await;
        bot.says("cy", "#team", "/sync add Budget").await;
        let lead = lead_of(&next_sync(bot).await);
        let sheet = sheet_of(bot, &lead);
        assert!(sheet.contains("• Promises to look at:\n◦ send the report (@cy, promised for Tuesday, 6 January)\n• Agenda so far:"), "{sheet}");
        assert!(!sheet.contains("book the room"), "{sheet}");
        assert_eq!(thread(bot), [
            "*Promised for today or before*\n• send the report (@cy, promised for Tuesday, 6 January)\nThis is how it stood at the start.",
            "*Agenda*\n1. Budget (@cy)",
        ]);
        next_sync(bot).await;
        assert_eq!(thread(bot)[0],
            "*Promised for today or before*\n• send the report (@cy, was due Tuesday, 6 January)\n\
             • book the room (@ana, promised for Tuesday, 13 January)\nThis is how it stood at the start.",
            "the date is said, and no days are counted"
        );
    }

    async fn a_promise_that_came_up_three_times_is_asked_about_and_rests(bot: &mut Bot) {
        let team = running(bot, &["ana", "cy"]).await;
        promised(bot, &team, ("cy", "send the report", "2026-01-06")).await;
        let asked = |bot: &Bot| bot.reads_dm("cy").into_iter().filter(|text| text.starts_with("Is this still wanted?")).collect::<Vec<_>>();
        for _ in 0..3 {
            assert!(asked(bot).is_empty());
            next_sync(bot).await;
            assert!(thread(bot)[0].contains("send the report"), "{:?}", thread(bot));
        }
        let lead = lead_of(&next_sync(bot).await);
        let [question] = &asked(bot)[..] else { panic!("one question: {:?}", bot.reads_dm("cy")) };
        assert!(question.starts_with("Is this still wanted? It was due Tuesday, 6 January.\n>send the report\nIt came up 3 times, so the next syncs don't list it any more."), "{question}");
        assert!(thread(bot).iter().all(|post| !post.contains("send the report")), "{:?}", thread(bot));
        assert!(!sheet_of(bot, &lead).contains("send the report"));
        let mine = bot.says("cy", "#team", "/promise mine").await.text;
        assert!(mine.contains("send the report"), "it stays on the list: {mine}");
        let dm = bot.user.clone();
        bot.clicks("cy", &dm, "Another date").await;
        let cy = bot.person("cy");
        cy.sees_modal().await.expect("a form");
        assert!(cy.fills("date", "2026-02-10"));
        assert_eq!(sends(bot, &cy).await, Submission::Closed);
        assert!(asked(bot).is_empty(), "the question has its answer");
        while bot.parts.engine.clock.now().date_naive() < "2026-02-10".parse().unwrap() {
            next_sync(bot).await;
        }
        assert!(thread(bot)[0].contains("send the report (@cy, moved to Tuesday, 10 February)"), "{:?}", thread(bot));
    }

    async fn a_promise_without_an_owner_is_taken_in_the_thread(bot: &mut Bot) {
        let team = running(bot, &["ana", "ben", "cy"]).await;
        promised(bot, &team, ("cy", "send the report", "2026-02-20")).await;
        bot.sandbox.deactivate("cy");
        bot.hears_events().await;
        bot.settle().await;
        let lead = lead_of(&next_sync(bot).await);
        let sheet = sheet_of(bot, &lead);
        assert!(sheet.contains("◦ send the report (looking for an owner, for Friday, 20 February)"), "{sheet}");
        assert_eq!(thread(bot), ["*Looking for an owner*\n• send the report (looking for an owner, for Friday, 20 February)\nThis is how it stood at the start."]);
        bot.clicks("ben", "#team", "I'll take it").await;
        next_sync(bot).await;
        assert_eq!(thread(bot), [""; 0], "it is promised again, and not due");
    }

    async fn a_sync_with_a_due_promise_is_not_empty(bot: &mut Bot) {
        let team = running(bot, &["ana", "ben"]).await;
        promised(bot, &team, ("ben", "send the report", "2026-01-06")).await;
        next_sync(bot).await;
        for who in ["ana", "ben"] {
            assert!(bot.reads_dm(who).iter().all(|text| !text.contains("Nothing is on the agenda")), "{who}");
        }
    }

    async fn another_sync_takes_over_the_promises_of_a_stopped_one(bot: &mut Bot) {
        let channel = team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        promised(bot, &channel, ("ben", "send the report", "2026-01-06")).await;
        starts(bot, "/sync start every Thursday at 10:00 called Weekly").await;
        bot.says("ana", "#team", "/sync stop Planning").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        next_sync(bot).await;
        assert_eq!(thread(bot), ["*Promised for today or before*\n• send the report (@ben, was due Tuesday, 6 January)\nThis is how it stood at the start."]);
    }
}

/// Goes to the end of the next sync, and opens the form that closes it.
async fn closing(bot: &mut Bot) -> PersonHandle {
    let lead = lead_of(&next_sync(bot).await);
    comes_to(bot, "end").await;
    opens(bot, &lead).await
}

async fn opens(bot: &mut Bot, who: &str) -> PersonHandle {
    let dm = bot.user.clone();
    bot.clicks(who, &dm, "Close this sync").await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Close this sync");
    person
}

/// Fills in a request of the form; what is empty stays so.
fn wants(bot: &Bot, form: &PersonHandle, number: usize, [what, who, date]: [&str; 3]) {
    assert!(form.fills(&format!("promised_{number}"), what));
    if !who.is_empty() {
        assert!(form.fills(&format!("promised_{number}_who"), bot.id(who)));
    }
    if !date.is_empty() {
        assert!(form.fills(&format!("promised_{number}_date"), date));
    }
}

async fn sends(bot: &mut Bot, form: &PersonHandle) -> Submission {
    let sent = form.submits().await;
    bot.settle().await;
    sent
}

/// Sends a form that is refused, and returns what stands at its fields.
async fn refused(bot: &mut Bot, form: &PersonHandle) -> Vec<String> {
    let Submission::Errors(errors) = sends(bot, form).await else { panic!("it was sent") };
    errors.into_iter().map(|(field, words)| format!("{field}: {words}")).collect()
}

/// Returns the promises as owner, words, state and date, by their words.
async fn stored(bot: &Bot) -> Vec<String> {
    let text = "SELECT o.owner_id, p.words, o.state, o.due_on FROM promise p \
                JOIN promise_owner o ON o.team_id = p.team_id AND o.promise_id = p.promise_id ORDER BY p.words";
    let rows = bot.parts.engine.store.ask(text, Vec::new()).await.unwrap();
    let line = |row: Vec<rondo::store::unit::Value>| {
        let columns: Vec<String> = row.into_iter().filter_map(rondo::store::unit::Value::text).collect();
        columns.join(" ")
    };
    let names = ["ana", "ben", "cy", "dee", "gus"];
    let with_names =
        |line: String| names.iter().fold(line, |line, name| line.replace(bot.id(name).as_str(), name));
    rows.into_iter().map(line).map(with_names).collect()
}

/// Returns the summary in the thread of the last sync.
fn summary(bot: &Bot) -> String {
    thread(bot).into_iter().find(|text| text.contains("has closed this sync.")).expect("a summary")
}

each_store! {
    async fn the_closing_form_asks_for_promises(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        wants(bot, &form, 1, ["send the <report>\nto <!channel>", "cy", "2026-01-09"]);
        wants(bot, &form, 2, ["tidy up", "", ""]);
        assert_eq!(sends(bot, &form).await, Submission::Closed);
        assert_eq!(summary(bot), format!(
            "@{lead} has closed this sync.\n*Asked for*\n\
             • send the &lt;report&gt; to &lt;!channel&gt; (asked of @cy, by Friday, 9 January)\n• tidy up (asked of @{lead}, no date yet)"
        ));
        assert_eq!(stored(bot).await, ["cy send the <report>\nto <!channel> asked 2026-01-09".to_owned(), format!("{lead} tidy up asked ")]);
        let told = bot.reads_dm(&lead).join("\n");
        let later = "Not everyone you asked for a promise is at work now:\n• I'll ask @cy on Tuesday, 6 January at 09:00, @cy's time.";
        assert!(told.contains(later) || lead == "cy", "{told}");
        until(bot, "2026-01-06T14:01").await;
        let asked = bot.reads_dm("cy").into_iter().rfind(|text| text.starts_with(":handshake:")).expect("a question");
        let words = format!("@{lead} asks you for a promise by Friday, 9 January, from #team:\n>send the &lt;report&gt;");
        assert!(asked.contains(&words) || lead == "cy", "{asked}");
        accepts(bot, "cy").await;
        next_sync(bot).await;
        let due = thread(bot).remove(0);
        assert!(due.starts_with("*Promised for today or before*\n• send the") && due.ends_with("(@cy, was due Friday, 9 January)\nThis is how it stood at the start."), "{due}");
    }

    async fn what_is_wrong_stands_at_its_field(bot: &mut Bot) {
        running(bot, &["ana", "ben", "gus"]).await;
        bot.says("gus", "#team", "/sync leave").await;
        let form = closing(bot).await;
        // One's own name without words is no request.
        let other = if lead_of(&announced(bot).pop().unwrap()) == "ben" { "ana" } else { "ben" };
        wants(bot, &form, 1, ["", other, ""]);
        wants(bot, &form, 2, ["tea", "", "2026-01-05"]);
        assert_eq!(refused(bot, &form).await, [
            "promised_1: What is it about? Write a few words.",
            "promised_2_date: That day is over. Choose today or a later one.",
        ]);
        wants(bot, &form, 1, [&"é".repeat(3_001), "ben", ""]);
        assert!(matches!(sends(bot, &form).await, Submission::Errors(_)), "Slack takes 3,000 characters");
        wants(bot, &form, 1, ["tea", "ben", "2028-01-06"]);
        wants(bot, &form, 2, ["\u{3164}", "", "2026-01-06"]);
        assert_eq!(refused(bot, &form).await, [
            "promised_1_date: That's more than a year ahead. Choose an earlier day.",
            "promised_2: What is it about? Write a few words.",
        ]);
        for (who, words) in [
            ("helper", "@Helper is a bot, and can't promise anything."),
            ("left", "@Left's account is deactivated, so I haven't asked them."),
            ("gus", "@Gus is a guest here."),
            ("dee", "@Dee isn't in this channel, so I haven't asked them."),
        ] {
            wants(bot, &form, 1, ["tea", who, "2026-01-06"]);
            assert!(form.fills("promised_2", "coffee"));
            let errors = refused(bot, &form).await;
            assert!(errors.iter().any(|error| error.to_lowercase().starts_with(&format!("promised_1_who: {}", words.to_lowercase()))), "{who}: {errors:?}");
        }
        let me = bot.user.clone();
        assert!(form.fills("promised_1_who", me));
        assert!(refused(bot, &form).await.iter().any(|error| error.starts_with("promised_1_who: I can't promise anything myself.")));
        assert_eq!(stored(bot).await, [""; 0]);
        assert!(thread(bot).iter().all(|text| !text.contains("has closed this sync.")), "it is still open");
    }

    async fn the_same_words_twice_are_one_promise(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        for number in [1, 2] {
            wants(bot, &form, number, ["make tea", "ben", "2026-01-06"]);
        }
        let (one, other) = tokio::join!(form.submits(), form.submits());
        bot.settle().await;
        let state = if lead == "ben" { "open" } else { "asked" };
        assert_eq!(stored(bot).await, [format!("ben make tea {state} 2026-01-06")], "{one:?} {other:?}");
        assert_eq!(summary(bot).matches("make tea").count(), 1);
    }

    async fn a_request_of_today_is_not_repeated_by_the_form(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        let other = if lead == "cy" { "ben" } else { "cy" };
        bot.says(&lead, "#team", &format!("/promise @{other} make tea by 6 January")).await;
        wants(bot, &form, 1, ["make coffee", other, "2026-01-06"]);
        wants(bot, &form, 2, ["Make  TEA", other, "2026-01-06"]);
        let twice = "promised_2: You asked for this a few minutes ago, so it's recorded already. Leave it empty here.";
        assert_eq!(refused(bot, &form).await, [twice]);
        assert_eq!(stored(bot).await.len(), 1);
        assert!(form.fills("promised_2", "") && form.fills("promised_2_who", "") && form.fills("promised_2_date", ""));
        assert_eq!(sends(bot, &form).await, Submission::Closed);
        assert_eq!(stored(bot).await.len(), 2);
    }

    async fn the_form_asks_no_more_than_a_day_allows(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        let other = if lead == "cy" { "ben" } else { "cy" };
        for number in 1..=19 {
            bot.says(&lead, "#team", &format!("/promise @{other} thing {number} by 6 January")).await;
        }
        wants(bot, &form, 1, ["thing 20", other, ""]);
        wants(bot, &form, 2, ["thing 21", other, ""]);
        let often = "You can ask others for 20 promises a day, and this would be one more. Leave it empty, and ask again tomorrow.";
        assert_eq!(refused(bot, &form).await, [format!("promised_1: {often}"), format!("promised_2: {often}")]);
        assert_eq!(stored(bot).await.len(), 19);
        assert!(form.fills("promised_2_who", bot.id(&lead)), "one's own are no requests");
        assert_eq!(sends(bot, &form).await, Submission::Closed);
        assert_eq!(stored(bot).await.len(), 21);
    }

    async fn the_form_asks_no_one_for_a_fifty_first_of_their_own(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        for number in 1..=50 {
            bot.says(&lead, "#team", &format!("/promise thing {number} by 6 January")).await;
        }
        wants(bot, &form, 1, ["thing 51", "", ""]);
        let errors = refused(bot, &form).await;
        assert!(errors[0].starts_with("promised_1: You have 50 open promises, and this would be one more."), "{errors:?}");
        assert!(thread(bot).iter().all(|text| !text.contains("has closed this sync.")), "it is still open");
    }

    async fn of_two_who_close_at_once_both_ask(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        bot.says("ana", "#team", "/sync skip").await;
        let lead = closing(bot).await;
        bot.says("ana", "#team", "/sync close").await;
        let ana = bot.person("ana");
        assert!(ana.sees_modal().await.is_some());
        wants(bot, &lead, 1, ["from the lead", "cy", ""]);
        wants(bot, &ana, 1, ["from ana", "cy", ""]);
        let (one, other) = tokio::join!(lead.submits(), ana.submits());
        bot.settle().await;
        let mut stored = stored(bot).await;
        stored.sort();
        assert_eq!(stored, ["cy from ana asked ", "cy from the lead asked "], "{one:?} {other:?}");
        let texts = bot.reads("ben", "#team");
        for words in [" has closed this sync.", " adds to this sync."] {
            assert_eq!(texts.iter().filter(|text| text.contains(words)).count(), 1, "{words}: {texts:?}");
        }
    }

    async fn a_stopped_sync_asks_for_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let form = closing(bot).await;
        wants(bot, &form, 1, ["make tea", "ben", ""]);
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        form.submits().await;
        bot.settle().await;
        assert_eq!(stored(bot).await, [""; 0]);
    }

    async fn an_owner_who_left_meanwhile_is_not_asked(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        bot.says("cy", "#team", "/sync skip").await;
        let form = closing(bot).await;
        wants(bot, &form, 1, ["make tea", "cy", ""]);
        bot.sandbox.deactivate("cy");
        bot.hears_events().await;
        let errors = refused(bot, &form).await;
        assert!(errors[0].contains("account is deactivated"), "{errors:?}");
        assert_eq!(stored(bot).await, [""; 0]);
    }

    async fn who_names_themselves_and_a_date_has_promised(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        wants(bot, &form, 1, ["make tea", &lead, "2026-01-09"]);
        wants(bot, &form, 2, ["make coffee", &lead, ""]);
        assert_eq!(sends(bot, &form).await, Submission::Closed);
        assert_eq!(stored(bot).await, [format!("{lead} make coffee asked "), format!("{lead} make tea open 2026-01-09")]);
        let told = bot.reads_dm(&lead).join("\n\n");
        assert!(told.contains(":handshake: Promised for Friday, 9 January:\n>make tea\nI'll remind you on Friday, 9 January 2026 at 09:00"), "{told}");
        assert!(told.contains(":handshake: When will you do this?\n>make coffee"), "{told}");
        assert!(summary(bot).contains(&format!("• make tea (@{lead}, promised for Friday, 9 January)")), "{}", summary(bot));
        until(bot, "2026-01-09T10:00").await;
        assert_eq!(bot.reads_dm(&lead).iter().filter(|text| text.starts_with(":bell:")).count(), 1);
    }

    async fn a_request_without_a_date_asks_when(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let form = closing(bot).await;
        let lead = lead_of(&announced(bot).pop().unwrap());
        wants(bot, &form, 1, ["make tea", "", "2026-01-06"]);
        wants(bot, &form, 2, ["make coffee", "", ""]);
        assert_eq!(sends(bot, &form).await, Submission::Closed);
        let mut asked: Vec<String> = bot.reads_dm(&lead).into_iter().filter(|text| text.starts_with(":handshake:")).collect();
        asked.sort_by_key(|text| text.contains("coffee"));
        assert!(asked[0].starts_with(":handshake: Will you do this by Tuesday, 6 January?\n>make tea"), "{asked:?}");
        assert!(asked[1].starts_with(":handshake: When will you do this?\n>make coffee"), "{asked:?}");
    }
}

each_store! {
    async fn organisers_alone_read_the_kept_rate(bot: &mut Bot) {
        let team = running(bot, &["ana", "ben", "cy"]).await;
        next_sync(bot).await;
        let rate = "Promises of the last 90 days: ";
        for who in ["ana", "ben", "cy"] {
            promised(bot, &team, (who, "make tea", "2026-01-07")).await;
        }
        super::before::until(bot, "2026-01-07T12:00").await;
        let dm = bot.user.clone();
        bot.clicks("ben", &dm, "Done").await;
        assert!(!says(bot, "ana", "/sync stats").await.contains(rate), "it would be a person's");
        super::before::until(bot, "2026-01-08T12:00").await;
        let stats = says(bot, "ana", "/sync stats").await;
        assert!(stats.contains("Promises of the last 90 days: 1 of 3 were kept."), "{stats}");
        assert!(!says(bot, "ben", "/sync stats").await.contains(rate));
    }
}
