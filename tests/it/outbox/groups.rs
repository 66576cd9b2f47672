//! Introductions: a group DM is opened and then posted into, each at its own pace, and once.

use rondo::{
    engine::turns::Turn,
    model::{effect::DeliveryOutcome, failure::Failure},
    ritual::{Context, Settled},
};
use slack_sandbox::NewPerson;

use super::{
    reacting::{self, outbox_of},
    takeover::{claim_end, other, settle_with},
    *,
};
use crate::each_store;

/// Groups in the test of the pace.
const GROUPS: usize = 200;
/// Slack's limit a minute.
const A_MINUTE: usize = 50;

fn together(bot: &Bot, people: &[&str]) -> Target {
    Target::Group(people.iter().map(|name| UserId(bot.person(name).id())).collect())
}

/// Returns a round's greeting of a group.
fn greeting(bot: &Bot, key: &str, people: &[&str], text: &str) -> NewEffect {
    let work = Effect::Post { to: together(bot, people), message: Markup::words(text).into() };
    NewEffect { lane: Lane::Bulk, effect: work, ..post(bot, key, &ChannelId(String::new()), "") }
}

/// Returns what a person reads in all their group DMs.
fn reads_in_groups(bot: &Bot, who: &str) -> Vec<String> {
    let person = bot.person(who);
    let groups = person.group_dms();
    groups.iter().flat_map(|group| person.reads(group)).map(|message| message.text).collect()
}

/// Returns how many times each of these methods was called.
fn counts<const N: usize>(bot: &Bot, methods: [&str; N]) -> [usize; N] {
    methods.map(|method| calls(bot, method).len())
}

/// Takes the steps that are due now.
async fn steps(bot: &Bot, count: usize) {
    for _ in 0..count {
        let mut tries = 0;
        while bot.parts.outbox.deliver_once().await.unwrap() != Turn::Worked {
            bot.passes(Duration::milliseconds(250));
            tries += 1;
            assert!(tries < 100, "there is something to do");
        }
    }
}

/// Returns a pairing ritual's reaction: if one of a pair cannot be written to, the other is told.
fn tells_the_other(
    context: &Context,
    origin: &Origin,
    outcome: &DeliveryOutcome,
) -> Result<Settled, Failure> {
    let DeliveryOutcome::Refused(_, error) = outcome else { return Ok(Settled::given_up()) };
    let mut unit = UnitOfWork::new();
    let told = NewEffect::post(
        origin.clone(),
        format!("instead of {}", origin.note),
        Target::Person(UserId(origin.note.clone())),
        Markup::words(&format!("We look for somebody else ({error}).")).into(),
        context.now,
    );
    context.enqueue(&mut unit, &told)?;
    Ok(Settled::with(unit))
}

each_store! {
    async fn introductions_are_private(bot: &mut Bot) {
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "Meet each other")]).await;
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "ana"), ["Meet each other"]);
        assert_eq!(reads_in_groups(bot, "ben"), ["Meet each other"]);
        assert!(reads_in_groups(bot, "cy").is_empty());
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage"]), [1, 1]);
        assert_eq!(words_kept(bot).await, 0, "what is said is erased");
        // A message there is changed without opening anything.
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "Have a good time")]).await;
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "ben"), ["Have a good time"]);
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage", "chat.update"]), [1, 1, 1]);
    }

    async fn a_group_gets_ordered_messages(bot: &mut Bot) {
        let mut effects = Vec::new();
        for (at, text) in ["one", "two", "three"].into_iter().enumerate() {
            let people: &[&str] = if at == 1 { &["dee", "cy", "ana"] } else { &["ana", "cy", "dee"] };
            let not_before = now(bot) + Duration::milliseconds(i64::try_from(at).unwrap());
            effects.push(NewEffect { not_before, ..greeting(bot, text, people, text) });
        }
        effects.reverse();
        enqueue(bot, &effects).await;
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "cy"), ["one", "two", "three"]);
        assert_eq!(bot.person("cy").group_dms().len(), 1, "in any order of names");
        let times: Vec<i64> = calls(bot, "chat.postMessage").iter().map(|call| call.at_ms).collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1_000), "{times:?}");
    }

    async fn groups_are_greeted_in_order(bot: &mut Bot) {
        let pairs = [["ana", "ben"], ["cy", "dee"], ["ana", "cy"], ["ben", "dee"], ["ana", "dee"], ["ben", "cy"]];
        let one = |(at, pair): (usize, &[&str; 2])| {
            let not_before = now(bot) + Duration::milliseconds(i64::try_from(at).unwrap());
            NewEffect { not_before, ..greeting(bot, &at.to_string(), pair, &at.to_string()) }
        };
        enqueue(bot, &pairs.iter().enumerate().map(one).collect::<Vec<_>>()).await;
        bot.settle().await;
        let said: Vec<String> =
            calls(bot, "chat.postMessage").iter().map(|call| call.args["text"].as_str().unwrap().to_owned()).collect();
        assert_eq!(said, ["0", "1", "2", "3", "4", "5"]);
    }

    async fn a_kill_before_posting_posts_once(bot: &mut Bot) {
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "hello")]).await;
        steps(bot, 1).await;
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage"]), [1, 0]);
        settle_with(bot, &other(bot)).await;
        assert_eq!(reads_in_groups(bot, "ana"), ["hello"]);
        let methods = ["conversations.open", "chat.postMessage", "conversations.history"];
        assert_eq!(counts(bot, methods), [1, 1, 0], "what was opened is known, and nothing is in doubt");
    }

    async fn a_kill_while_opening_is_safe(bot: &mut Bot) {
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "hello")]).await;
        let engine = &bot.parts.engine;
        let due = engine.store.due_effect(&engine.team, Lane::Bulk, "", now(bot), HeldUp::default()).await.unwrap();
        let mut due = due.expect("an effect is due").expect("it can be read");
        assert!(engine.store.claim_effect(&engine.team, &mut due, None, claim_end(bot)).await.unwrap());
        settle_with(bot, &other(bot)).await;
        assert_eq!(reads_in_groups(bot, "ana"), ["hello"]);
        assert_eq!(counts(bot, ["chat.postMessage", "conversations.history"]), [1, 0]);
    }

    async fn a_kill_while_posting_posts_once(bot: &mut Bot) {
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "hello")]).await;
        steps(bot, 1).await;
        let engine = &bot.parts.engine;
        let due = engine.store.due_effect(&engine.team, Lane::Bulk, "", now(bot), HeldUp::default()).await.unwrap();
        let mut due = due.expect("the post is due").expect("it can be read");
        assert!(engine.store.claim_effect(&engine.team, &mut due, Some(now(bot)), claim_end(bot)).await.unwrap());
        let (Effect::Post { message, .. }, Some(group)) = (&due.effect, &due.conversation) else { panic!("{due:?}") };
        engine.slack.post(group.as_str(), message, &due.key).await.unwrap();
        settle_with(bot, &other(bot)).await;
        assert_eq!(reads_in_groups(bot, "ana"), ["hello"]);
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage", "conversations.history"]), [1, 1, 1]);
    }

    async fn a_doubtful_opening_is_repeated(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.faults().lose_answer("conversations.open", 1);
        bot.sandbox.faults().fail_5xx("conversations.open", 1);
        bot.sandbox.faults().fail("conversations.open", 1, "internal_error");
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "hello")]).await;
        bot.settle_within(Duration::seconds(20)).await;
        assert_eq!(reads_in_groups(bot, "ana"), ["hello"]);
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage", "conversations.history"]), [4, 1, 0]);
    }

    async fn a_doubtful_group_post_is_found(bot: &mut Bot) {
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "hello")]).await;
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "ana"), ["hello"]);
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage", "conversations.history"]), [1, 1, 1]);
    }

    async fn a_lost_group_post_is_repeated(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        enqueue(bot, &[greeting(bot, "k", &["ana", "ben"], "hello")]).await;
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "ana"), ["hello"]);
        assert_eq!(counts(bot, ["conversations.open", "chat.postMessage", "conversations.history"]), [1, 2, 2]);
    }

    async fn changes_reach_their_group(bot: &mut Bot) {
        enqueue(bot, &[greeting(bot, "words", &["ana", "ben"], "one")]).await;
        steps(bot, 1).await;
        enqueue(bot, &[greeting(bot, "words", &["ana", "ben"], "two")]).await;
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "ben"), ["two"]);
        // A conversation with some is of no use for others.
        enqueue(bot, &[greeting(bot, "people", &["ana", "ben"], "three")]).await;
        steps(bot, 1).await;
        enqueue(bot, &[greeting(bot, "people", &["cy", "dee"], "three")]).await;
        bot.settle().await;
        assert_eq!((reads_in_groups(bot, "ben"), reads_in_groups(bot, "dee")), (vec!["two".to_owned()], vec!["three".to_owned()]));
    }

    async fn withdrawn_effects_are_never_sent(bot: &mut Bot) {
        let effect = greeting(bot, "k", &["ana", "ben"], "hello");
        enqueue(bot, std::slice::from_ref(&effect)).await;
        steps(bot, 1).await;
        let mut unit = UnitOfWork::new();
        outbox::amend(&mut unit, &bot.parts.engine.team, "k", &effect.effect, now(bot)).unwrap();
        bot.parts.engine.store.commit(unit).await.unwrap();
        bot.settle().await;
        assert_eq!((reads_in_groups(bot, "ana").len(), words_kept(bot).await), (0, 0));
    }

    async fn expired_greetings_are_not_sent(bot: &mut Bot) {
        let effect = greeting(bot, "k", &["ana", "ben"], "hello");
        enqueue(bot, &[NewEffect { expires_at: Some(now(bot) + Duration::minutes(5)), ..effect }]).await;
        steps(bot, 1).await;
        bot.passes(Duration::minutes(5));
        bot.settle().await;
        assert_eq!((reads_in_groups(bot, "ana").len(), depth(bot).await), (0, (0, 0)));
    }

    async fn an_unreachable_person_is_reported(bot: &mut Bot) {
        bot.expects_refusals();
        let outbox = outbox_of(bot, tells_the_other);
        let ana = bot.person("ana").id();
        let origin = Origin::new(reacting::NAME, ana);
        enqueue(bot, &[NewEffect { origin, ..greeting(bot, "k", &["ana", "left"], "hello") }]).await;
        settle_with(bot, &outbox).await;
        let told: Vec<String> = bot.person("ana").reads_dm().iter().map(|message| message.text.clone()).collect();
        assert_eq!(told, ["We look for somebody else (user_disabled)."]);
        assert!(reads_in_groups(bot, "ana").is_empty());
        assert_eq!((depth(bot).await, words_kept(bot).await), ((0, 0), 0));
        // The bot's outbox takes over when this one's lease ends.
        bot.passes(Duration::minutes(1));
    }

    async fn unreachable_people_are_visible(bot: &mut Bot) {
        bot.expects_refusals();
        let many: Vec<String> = (0..9).map(|n| format!("p{n}")).collect();
        for name in &many {
            bot.sandbox.add_person(NewPerson::named(name));
        }
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let missing = Target::Group(vec![UserId(bot.person("ana").id()), "U0NOBODY".into()]);
        let missing = Effect::Post { to: missing, message: "secret words".into() };
        let effects = [
            greeting(bot, "disabled", &["left", "ana"], "secret words"),
            greeting(bot, "bot", &["ana", "helper"], "secret words"),
            greeting(bot, "many", &many, "secret words"),
            NewEffect { effect: missing, ..greeting(bot, "nobody", &[], "") },
            greeting(bot, "empty", &[], "secret words"),
        ];
        enqueue(bot, &effects).await;
        bot.settle().await;
        assert_eq!((depth(bot).await, counts(bot, ["chat.postMessage"])), ((0, 5), [0]));
        let store = bot.parts.engine.store.clone();
        let listed = store.outbox_list(10).await.unwrap();
        let why = |key: &str| {
            let line = listed.iter().find(|line| line.key == key).unwrap();
            assert!(line.discarded && line.kind == "group", "{line:?}");
            (line.last_error.as_deref().unwrap(), line.target.as_str())
        };
        assert_eq!(why("disabled"), ("user_disabled", &*together(bot, &["ana", "left"]).to_string()));
        assert_eq!(why("bot").0, "cannot_dm_bot");
        assert_eq!(why("many").0, "too_many_users");
        assert_eq!(why("nobody").0, "user_not_found");
        assert_eq!(why("empty").0, "users_list_not_supplied");
        assert!(!format!("{listed:?}").contains("secret words"));
        bot.sandbox.reactivate("left");
        assert_eq!(store.outbox_retry(Some("disabled"), now(bot)).await.unwrap(), 1);
        assert_eq!(store.outbox_drop(None).await.unwrap(), 4);
        bot.settle().await;
        assert_eq!(reads_in_groups(bot, "ana"), ["secret words"]);
    }

    async fn a_429_blocks_only_openings(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().rate_limit("conversations.open", 1, 30);
        enqueue(bot, &[greeting(bot, "one", &["ana", "ben"], "one"), greeting(bot, "two", &["ana", "cy"], "two")])
            .await;
        bot.settle_within(Duration::seconds(5)).await;
        enqueue(bot, &[NewEffect { lane: Lane::Bulk, ..post(bot, "news", &news, "news") }]).await;
        bot.settle_within(Duration::seconds(5)).await;
        assert_eq!(said(bot), ["news"]);
        assert!(reads_in_groups(bot, "ana").is_empty());
        bot.settle().await;
        let mut read = reads_in_groups(bot, "ana");
        read.sort();
        assert_eq!(read, ["one", "two"]);
        let opened: Vec<i64> = calls(bot, "conversations.open").iter().map(|call| call.at_ms).collect();
        assert!(opened.len() == 3 && opened[1] - opened[0] >= 30_000, "{opened:?}");
    }

    async fn many_groups_keep_slacks_pace(bot: &mut Bot) {
        let news = news(bot);
        let names: Vec<String> = (0..21).map(|n| format!("p{n:02}")).collect();
        for name in &names {
            bot.sandbox.add_person(NewPerson::named(name));
        }
        let pairs = (0..names.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
        let pairs: Vec<(usize, usize)> = pairs.take(GROUPS).collect();
        let effects: Vec<NewEffect> = pairs
            .iter()
            .map(|(one, other)| greeting(bot, &format!("{one}/{other}"), &[&names[*one], &names[*other]], "hello"))
            .collect();
        let began = now(bot);
        enqueue(bot, &effects).await;
        bot.settle_within(Duration::minutes(2)).await;
        // Meanwhile people wait for a post, for an answer in a DM, and for an introduction.
        let asked = now(bot).timestamp_millis();
        let dm = Effect::Post { to: Target::Person(UserId(bot.person("ben").id())), message: "quick".into() };
        let quick = NewEffect { lane: Lane::Interactive, ..greeting(bot, "quick group", &["ana", "dee"], "quick group") };
        let quick = [post(bot, "quick", &news, "quick"), NewEffect { effect: dm, ..post(bot, "dm", &news, "") }, quick];
        enqueue(bot, &quick).await;
        bot.settle_within(Duration::seconds(2)).await;
        let posts = calls(bot, "chat.postMessage");
        let quick = posts.iter().filter(|call| call.args["text"].as_str().unwrap().starts_with("quick"));
        let waited: Vec<i64> = quick.map(|call| call.at_ms - asked).collect();
        assert!(waited.len() == 3 && waited.iter().all(|ms| *ms <= 1_000), "{waited:?}");
        bot.settle_within(Duration::minutes(10)).await;
        assert_eq!((depth(bot).await, calls(bot, "chat.postMessage").len()), ((0, 0), GROUPS + 3));
        for name in &names {
            assert_eq!(reads_in_groups(bot, name).len(), bot.person(name).group_dms().len(), "once in each group");
        }
        let opened: Vec<i64> = calls(bot, "conversations.open").iter().map(|call| call.at_ms).collect();
        assert_eq!(opened.len(), GROUPS + 1);
        assert!(opened.windows(A_MINUTE + 1).all(|calls| calls[A_MINUTE] - calls[0] >= 60_000));
        let floor = i64::try_from(GROUPS * 60_000 / A_MINUTE).unwrap();
        let took = calls(bot, "chat.postMessage").last().unwrap().at_ms - began.timestamp_millis();
        assert!(took <= floor * 21 / 20, "{took} ms, where Slack asks for {floor} ms");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubtful_greetings_need_history() {
    let mut bot = Bot::with(None, &[("without", "mpim:history")]).await;
    bot.expects_refusals();
    bot.sandbox.faults().lose_answer("chat.postMessage", 1);
    enqueue(&bot, &[greeting(&bot, "k", &["ana", "ben"], "hello")]).await;
    bot.settle().await;
    assert_eq!((reads_in_groups(&bot, "ana").len(), depth(&bot).await), (1, (0, 1)), "at most once");
    assert_eq!(bot.parts.engine.store.outbox_drop(None).await.unwrap(), 1);
    bot.finish().await;
}
