//! `/sync decide`: the form, the message, and what stands in the way.

use super::*;

each_store! {
    async fn a_typed_decision_is_posted(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Use Postgres because two teams know it").await;
        let form = ben.modal().unwrap().raw.to_string();
        assert!(form.contains("Use Postgres") && form.contains("two teams know it"), "{form}");
        assert!(ben.fills("who", serde_json::json!(["@ana", "@ben"])) && ben.fills("turned_down", "MySQL"));
        assert!(ben.fills("review", "2026-03-03"));
        sends(bot, &ben).await;
        let posts = reads_team(bot, "ana", "*Decision*");
        assert_eq!(posts, ["*Decision* by @ana and @ben\n>Use Postgres\n*Why*\n>two teams know it\n*Turned down*\n>MySQL\n\
                            *To look at again* from Tuesday, 3 March 2026\nRecorded by @ben."]);
        assert_eq!(reads_team(bot, "ben", "I've recorded"), ["I've recorded this decision, and I'm posting it in #team."]);
        let [decision] = &stored(bot).await[..] else { panic!("one decision") };
        let posted = message(bot, "ana", "*Decision*");
        assert_eq!(decision.posted, Some((posted.channel.as_str().into(), posted.ts)));
        assert_eq!((decision.version, decision.decided_on.to_string().as_str()), (1, "2026-01-05"));
    }

    async fn without_a_sync_the_day_is_that_of_the_person(bot: &mut Bot) {
        crate::sync::team(bot, &["ana", "dee"]).await;
        // In Kolkata it's Tuesday.
        bot.passes(chrono::Duration::hours(12));
        let dee = opens(bot, "dee", "/sync decide Use Postgres").await;
        assert!(dee.fills("review", "2026-01-06"));
        let Submission::Errors(errors) = dee.submits().await else { panic!("the form stays open") };
        assert!(errors["review"].starts_with("That day isn't ahead."), "{errors:?}");
        assert!(dee.fills("review", "2026-01-07"));
        sends(bot, &dee).await;
        let [decision] = &stored(bot).await[..] else { panic!("one decision") };
        assert_eq!(decision.decided_on.to_string(), "2026-01-06");
    }

    async fn the_same_decision_twice_is_one(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        records(bot, "ben", "Use Postgres", "").await;
        let ben = opens(bot, "ben", "/sync decide use  POSTGRES").await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
        assert!(errors.values().any(|why| why.starts_with("You recorded this a few minutes ago, so it's there once already.")), "{errors:?}");
        ben.closes();
        assert_eq!(stored(bot).await.len(), 1);
        records(bot, "ana", "Use Postgres", "").await;
        bot.passes(chrono::Duration::minutes(11));
        records(bot, "ben", "Use Postgres", "").await;
        assert_eq!(stored(bot).await.len(), 3, "another person's, and one that is meant");
    }

    async fn an_empty_form_asks_what_was_decided(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for typed in ["/sync decide", "/sync DECIDE: ", "/sync decide \u{200b}"] {
            let ben = opens(bot, "ben", typed).await;
            assert!(ben.fills("what", "\u{3164} "));
            let Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
            assert_eq!(errors["what"], "What was decided? A sentence is enough.");
            ben.closes();
        }
        assert_eq!(stored(bot).await, []);
    }

    async fn a_bot_decides_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Use Postgres").await;
        for id in [bot.id("helper"), bot.user.clone()] {
            assert!(ben.fills("who", serde_json::json!([bot.id("ana"), id])));
            let Submission::Errors(errors) = ben.submits().await else { panic!("the form stays open") };
            assert_eq!(errors["who"], "Bots can't decide. Name the people who did.");
        }
        assert_eq!(stored(bot).await, []);
    }

    async fn days_that_are_not_ahead_are_told_at_the_field(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide a").await;
        for (day, told) in [
            ("2026-01-04", "That day isn't ahead."),
            ("2026-01-05", "That day isn't ahead."),
            ("2036-01-06", "That's more than ten years away."),
            ("9999-12-31", "That's more than ten years away."),
        ] {
            assert!(ben.fills("review", day), "{day}");
            let Submission::Errors(errors) = ben.submits().await else { panic!("{day}: the form stays open") };
            assert!(errors["review"].starts_with(told), "{day}: {errors:?}");
        }
        for vague in ["in spring", "6.1.2026", "06/01/2026", "2026-02-30"] {
            assert!(ben.fills("review", vague), "{vague}");
            let Submission::Errors(errors) = ben.submits().await else { panic!("{vague}: the form stays open") };
            assert!(errors["review"].starts_with("I couldn't read that as a day."), "{vague}: {errors:?}");
        }
        assert!(ben.fills("review", "2026-01-06"));
        sends(bot, &ben).await;
    }

    async fn a_long_decision_keeps_its_beginning_and_says_so(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", &format!("/sync decide {}END", "x".repeat(3_000))).await;
        let form = ben.modal().unwrap().raw.to_string();
        assert!(form.contains("the form holds the first 3,000 characters") && !form.contains("END"), "{form}");
        assert!(ben.fills("why", "y".repeat(3_000)) && ben.fills("turned_down", "z".repeat(3_000)));
        sends(bot, &ben).await;
        let post = message(bot, "ana", "*Decision*");
        let blocks = serde_json::to_string(&post.blocks).unwrap();
        for letter in ["x", "y", "z"] {
            let shown = blocks.matches(letter).count();
            assert!(shown >= 3_000, "all of it is shown: {shown} of {letter}");
        }
    }

    async fn broadcasts_and_links_are_harmless(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide <!channel> @ana #team https://a.example/?b&c ```x```").await;
        let form = ben.modal().unwrap().raw.to_string();
        assert!(form.contains("@Ana #team https://a.example/?b&c ```x```"), "{form}");
        assert!(ben.fills("why", "<!here> <@U0> <https://evil.example|bank> & *so*\u{202e}"));
        sends(bot, &ben).await;
        let raw = message(bot, "ana", "*Decision*").text;
        assert!(raw.contains("&lt;!here&gt; &lt;@U0&gt; &lt;https://evil.example|bank&gt; &amp; *so*"), "{raw}");
        assert!(!raw.contains("<!") && !raw.contains("<https"), "{raw}");
        let [line] = &finds(bot, "ana", "").await[..] else { panic!("one line") };
        assert!(!line.contains("<!channel>") && !line.contains("```"), "{line}");
    }

    async fn a_decision_goes_into_the_thread_of_the_open_sync(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        next_sync(bot).await;
        records(bot, "ben", "Use Postgres", "").await;
        let announcement = message(bot, "ana", "It's time for the sync");
        assert_eq!(message(bot, "ana", "*Decision*").thread_ts.as_ref(), Some(&announcement.ts));
        assert_eq!(reads_team(bot, "ben", "I've recorded"), ["I've recorded this decision, and I'm posting it in the thread of the sync in #team."]);
    }

    async fn the_form_that_closes_a_sync_takes_a_decision(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let lead = crate::sync::lead_of(&next_sync(bot).await);
        crate::coffee::comes_to(bot, "end").await;
        let dm = bot.user.clone();
        bot.clicks(&lead, &dm, "Close this sync").await;
        let person = bot.person(&lead);
        assert_eq!(person.sees_modal().await.expect("a form").title, "Close this sync");
        assert!(person.fills("decided_why", "two teams know it"));
        let Submission::Errors(errors) = person.submits().await else { panic!("the form stays open") };
        assert_eq!(errors["decided"], "What was decided? A sentence is enough.");
        assert!(person.fills("decided", "Use Postgres"));
        sends(bot, &person).await;
        let announcement = message(bot, "ana", "It's time for the sync");
        let posted = message(bot, "ana", "*Decision*");
        assert_eq!(posted.thread_ts.as_ref(), Some(&announcement.ts));
        assert_eq!(bot.as_read(&posted.text), format!("*Decision*\n>Use Postgres\n*Why*\n>two teams know it\nRecorded by @{lead}."));
        assert_eq!(finds(bot, "ana", "postgres").await.len(), 1);
    }

    async fn a_name_or_a_menu_says_which_sync_decided(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        let engine = bot.parts.engine.clone();
        let all = engine.store.programmes_in(&engine.team, "sync", &channel).await.unwrap();
        let id = |name: &str| all.iter().find(|programme| programme.name == name).unwrap().id.clone();
        records(bot, "ben", "Use Postgres called planning", "").await;
        let ben = opens(bot, "ben", "/sync decide Use the function called foo").await;
        assert!(ben.fills("occasion", "Planning"));
        sends(bot, &ben).await;
        let ben = opens(bot, "ben", "/sync decide Third").await;
        assert!(ben.fills("occasion", "The one without a name"));
        sends(bot, &ben).await;
        let programmes: Vec<(String, String)> = stored(bot).await.into_iter().map(|decision| (decision.what, decision.programme)).collect();
        let expected = [("Use Postgres", "Planning"), ("Use the function called foo", "Planning"), ("Third", "")];
        assert_eq!(programmes, expected.map(|(what, name)| (what.to_owned(), id(name))));
    }

    async fn a_form_that_is_sent_twice_records_once(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Use Postgres").await;
        let (one, other) = tokio::join!(ben.submits(), ben.submits());
        bot.settle().await;
        assert_eq!(stored(bot).await.len(), 1, "{one:?} {other:?}");
        assert_eq!(reads_team(bot, "ana", "*Decision*").len(), 1);
    }

    async fn a_channel_without_syncs_keeps_decisions_too(bot: &mut Bot) {
        bot.says("ana", "#general", "/sync decide Use Postgres because two teams know it").await;
        let ana = bot.person("ana");
        let form = ana.sees_modal().await.expect("a form").raw.to_string();
        assert!(form.contains("I post it in the channel, and everyone there can find it again."), "{form}");
        assert!(form.contains("This channel has no sync yet."), "{form}");
        assert!(ana.fills("review", "2026-01-06"));
        sends(bot, &ana).await;
        let list = bot.says("ben", "#general", "/sync decisions postgres").await;
        assert!(bot.as_read(&list.text).contains("Use Postgres (@ana, to look at again from"), "{list:?}");
        bot.says("ben", "#general", "/sync start every Wednesday at 15:00").await;
        bot.clicks("ben", "#general", "Start").await;
        crate::coffee::comes_to(bot, "start").await;
        let posts = bot.reads("ana", "#general");
        assert!(posts.iter().any(|text| text.starts_with("*To look at again*: Use Postgres")), "{posts:?}");
    }

    async fn where_no_decision_can_be_kept_the_next_step_is_told(bot: &mut Bot) {
        let dm = bot.user.clone();
        let answer = bot.says("ana", &dm, "/sync decide Use Postgres").await.text;
        assert!(answer.contains("Type `/sync decide …` or `/sync decisions` in the channel that decided."), "{answer}");
        bot.says("ana", "#lounge", "/sync decide Use Postgres").await;
        let told = bot.reads("ana", "#lounge").join("\n");
        assert!(told.contains("I'm not in this channel, so I can't keep its decisions."), "{told}");
        assert_eq!(stored(bot).await, []);
    }

    async fn the_form_says_where_the_decision_is_posted(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        next_sync(bot).await;
        let ben = opens(bot, "ben", "/sync decide quicker reviews").await;
        let form = ben.modal().unwrap().raw.to_string();
        assert!(form.contains("I post it in the thread of the sync on Tuesday, 6 January, which is open") && form.contains("quicker reviews"), "{form}");
        ben.closes();
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        let ben = opens(bot, "ben", "/sync decide Third").await;
        let form = ben.modal().unwrap().raw.to_string();
        assert!(form.contains("I post it in the thread of the sync while that's open, else in the channel."), "{form}");
    }

    async fn a_person_outside_is_told_before_the_form(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let answer = bot.says("cy", "#team", "/sync decide hacked").await.text;
        assert!(bot.as_read(&answer).starts_with("Its people alone record the decisions of #team, and as far as I know you aren't in it."), "{answer}");
        assert!(bot.person("cy").modal().is_none());
    }

    async fn a_name_that_no_sync_has_is_told(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Ship it because of money called Planning").await;
        let form = ben.modal().unwrap().raw.to_string();
        assert!(form.contains("No syncs here are called") && form.contains("of money called Planning"), "{form}");
    }

    async fn a_person_who_has_left_the_channel_records_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Use Postgres").await;
        ben.leaves("team");
        bot.hears_events().await;
        let Submission::Errors(errors) = ben.submits().await else { panic!("it is told at the field") };
        assert!(errors.values().any(|told| told.starts_with("Its people alone record the decisions of #team")), "{errors:?}");
        assert_eq!(stored(bot).await, []);
    }

    async fn a_decision_is_kept_where_it_cannot_be_posted(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Use Postgres").await;
        bot.expects_refusals();
        // It hasn't heard of it yet.
        bot.sandbox.faults().late_events(std::time::Duration::from_hours(1));
        bot.sandbox.kick("team", &bot.user);
        sends(bot, &ben).await;
        let told = bot.reads_dm("ben").pop().unwrap();
        assert!(told.starts_with("Your decision is recorded, but I couldn't post it in #team."), "{told}");
        assert_eq!(stored(bot).await.len(), 1);
    }

    async fn at_most_twenty_people_decide(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let ben = opens(bot, "ben", "/sync decide Use Postgres").await;
        assert!(ben.fills("who", serde_json::json!([])));
        sends(bot, &ben).await;
        assert_eq!(reads_team(bot, "ana", "*Decision*"), ["*Decision*\n>Use Postgres\nRecorded by @ben."]);
    }
}

each_store! {
    with [("people.guests_take_part", "false")];
    async fn guests_read_decisions_and_record_none(bot: &mut Bot) {
        running(bot, &["ana", "gus"]).await;
        records(bot, "ana", "Use Postgres", "").await;
        assert_eq!(bot.says("gus", "#team", "/sync decide a").await.text, "Guests don't take part in syncs in this workspace.");
        assert_eq!(finds(bot, "gus", "postgres").await.len(), 1);
        let gus = bot.person("gus");
        gus.clicks(&message(bot, "gus", "*Decision*"), "Supersede").await;
        bot.settle().await;
        assert_eq!(bot.reads_last("gus", "#team"), "Guests don't record decisions in this workspace, so nothing has changed.");
        assert!(gus.modal().is_none());
    }
}
