//! Acts of one instant on one sync. Once all is quiet, what people read last about who leads is true, and no button is left of a date
//! that is gone.

use chrono::{Duration, NaiveDate};
use futures_util::future::join_all;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rondo::{
    model::clock::Instant,
    rituals::sync::{
        plan::Turn,
        store::{self, OfferState},
    },
};
use secrecy::ExposeSecret as _;
use slack_sandbox::Message;
use sqlx::Executor as _;

use super::{
    before::{until, weekly},
    swap::{NOTHING, OFFERS, fills, offers, people},
    truth::buttons,
    *,
};
use crate::support::stranger;

const PEOPLE: [&str; 3] = ["ana", "ben", "dee"];
const ROUNDS: usize = 36;

/// What a person does in the instant.
#[derive(Clone, Debug)]
enum Act {
    Types(&'static str, String),
    Presses(&'static str, Box<Message>, String),
}

struct Scene<'b> {
    bot: &'b mut Bot,
    channel: ChannelId,
    rng: StdRng,
    done: Vec<String>,
}

/// Returns the buttons of a message with this label.
fn labels(message: &Message) -> Vec<String> {
    let actions = message.blocks.iter().filter(|block| block["type"] == "actions");
    let buttons = actions.flat_map(|block| block["elements"].as_array().cloned().unwrap_or_default());
    buttons.filter_map(|button| Some(button["text"]["text"].as_str()?.to_owned())).collect()
}

/// Returns the instant that a text names first.
fn instant_in(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once("<!date^")?;
    rest.split('^').next()?.parse().ok()
}

impl Scene<'_> {
    /// Returns when the next sync begins, if one is planned.
    async fn next(&self) -> Option<Instant> {
        let programme = programme_in(self.bot, &self.channel).await;
        let pending = self.bot.parts.engine.context().store.pending_runs(&programme.id).await.unwrap();
        pending.into_iter().find(|run| run.kind == "start").map(|run| run.due.at)
    }

    /// Has the syncs run, and everyone take turns.
    async fn runs_again(&mut self) {
        let programme = programme_in(self.bot, &self.channel).await;
        if programme.ended_at.is_some() {
            starts(self.bot, WEEKLY).await;
        } else if programme.paused_at.is_some() {
            self.bot.says("ana", "#team", "/sync resume").await;
        }
        for who in PEOPLE {
            self.bot.says(who, "#team", "/sync join").await;
        }
    }

    /// Goes on to some days or to less than an hour before a sync.
    async fn comes_near(&mut self) {
        let now = self.bot.parts.engine.clock.now();
        let days_before = |at: Instant| at - Duration::hours(4 * 24 - 1);
        let mut at = self.next().await.expect("a sync is planned");
        let is_near = self.rng.random_bool(0.5);
        if !is_near && days_before(at) <= now || at - Duration::minutes(50) <= now {
            until(self.bot, &at.format("%Y-%m-%dT%H:%M").to_string()).await;
            at = self.next().await.expect("another is planned");
        }
        let when = if is_near { at - Duration::minutes(50) } else { days_before(at) };
        until(self.bot, &when.format("%Y-%m-%dT%H:%M").to_string()).await;
    }

    /// Returns the newest message of a person with a button of a label.
    fn with_button(&self, who: &'static str, place: &str, label: &str) -> Option<Act> {
        let messages = self.bot.person(who).reads(place);
        let found =
            messages.into_iter().rfind(|message| labels(message).iter().any(|known| known == label))?;
        Some(Act::Presses(who, Box::new(found), label.to_owned()))
    }

    /// Settles who leads, or asks for a swap, or leaves it as it is.
    async fn settles_a_turn(&mut self) {
        let dm = self.bot.user.clone();
        let label = *["I'll do it", "Can't this time", "Swap with…", ""].choose(&mut self.rng).unwrap();
        let asked = PEOPLE.into_iter().find(|who| self.with_button(who, &dm, label).is_some());
        let Some(asked) = asked else { return };
        self.done.push(format!("{asked} presses {label}"));
        if label == "Swap with…" {
            let with = *PEOPLE.iter().find(|who| **who != asked).unwrap();
            fills(self.bot, asked, with, NOTHING).await;
        } else {
            self.bot.clicks(asked, &dm, label).await;
        }
    }

    /// Returns all that could be done now about the lead of the next sync.
    async fn possible(&mut self) -> Vec<Act> {
        let dm = self.bot.user.clone();
        let mut acts = Vec::new();
        for who in PEOPLE {
            self.bot.says(who, "#team", "/sync next").await;
            acts.extend(self.with_button(who, "#team", "I'll do it"));
            for label in [
                "I'll do it",
                "Can't this time",
                "Can't after all",
                "Yes, I'll take it",
                "No",
                "Skip this sync",
            ] {
                acts.extend(self.with_button(who, &dm, label));
            }
            acts.push(Act::Types(
                who,
                ["/sync leave", "/sync skip"].choose(&mut self.rng).unwrap().to_string(),
            ));
        }
        let next = self.next().await.expect("a sync is planned");
        let day = next.format("%-d %B").to_string();
        let later = (next + Duration::days(1)).format("%-d %B").to_string();
        for typed in [
            format!("/sync cancel {day}"),
            format!("/sync move {day} to {later}"),
            format!("/sync move {day} to 18:00"),
            format!("/sync pause until {later}"),
            "/sync pause".to_owned(),
        ] {
            acts.push(Act::Types("ana", typed.clone()));
        }
        self.bot.says("ana", "#team", "/sync stop").await;
        acts.extend(self.with_button("ana", "#team", "Stop these syncs"));
        acts
    }

    /// Has two or three people act in one instant.
    async fn acts(&mut self) {
        let possible = self.possible().await;
        let is_of_all = |act: &Act| match act {
            Act::Types(_, typed) => !typed.ends_with("leave") && !typed.ends_with("skip"),
            Act::Presses(_, _, label) => label.starts_with("Stop") || label.starts_with("Skip"),
        };
        let (of_all, of_one): (Vec<Act>, Vec<Act>) = possible.into_iter().partition(is_of_all);
        let mut chosen = vec![of_all.choose(&mut self.rng).unwrap().clone()];
        for _ in 0..self.rng.random_range(1..3) {
            chosen.extend(of_one.choose(&mut self.rng).cloned());
        }
        if self.rng.random_bool(0.3) {
            chosen.extend(of_all.choose(&mut self.rng).cloned());
        }
        let bot = &*self.bot;
        for act in &chosen {
            self.done.push(match act {
                Act::Types(who, typed) => format!("at once: {who} {typed}"),
                Act::Presses(who, _, label) => format!("at once: {who} presses {label}"),
            });
        }
        let doing = chosen.into_iter().map(|act| async move {
            match act {
                Act::Types(who, typed) => bot.person(who).says("#team", &typed).await,
                Act::Presses(who, message, label) => bot.person(who).clicks(&message, &label).await,
            }
        });
        let answers = join_all(doing).await;
        self.done.extend(answers.iter().map(|answer| format!("reads: {}", bot.as_read(&answer.text))));
        self.bot.settle().await;
    }

    /// Returns the date of a sync that is planned for this instant.
    async fn planned_at(&self, seconds: i64) -> Option<NaiveDate> {
        let programme = programme_in(self.bot, &self.channel).await;
        let first = self.next().await?;
        let times = programme.cadence.filter(|_| programme.ended_at.is_none())?;
        if programme.paused_at.is_some() && seconds < first.timestamp() {
            return None;
        }
        let at = Instant::from_timestamp(seconds, 0)?;
        let next = times.next(at - Duration::seconds(1))?;
        (next.at == at && at >= first).then(|| next.wall.date())
    }

    async fn check(&self) {
        let bot = &*self.bot;
        let now = bot.parts.engine.clock.now().timestamp();
        let programme = programme_in(bot, &self.channel).await;
        let context = bot.parts.engine.context();
        let read = &context.store;
        let turns = store::turns_from(read, &programme.id, NaiveDate::MIN).await.unwrap();
        for who in PEOPLE {
            let id = UserId(bot.id(who));
            let mut has_buttons = Vec::new();
            for message in bot.person(who).reads_dm() {
                for button in buttons(&message) {
                    let value = button["value"].as_str().unwrap().to_owned();
                    let (_, rest) = value.split_once(' ').unwrap();
                    let date = if button["action_id"].as_str().unwrap().starts_with("sync:swap_") {
                        let (offer, state) = store::offer(read, rest).await.unwrap().unwrap();
                        assert_eq!(state, OfferState::Open, "{who}: {} {:#?}", message.text, self.done);
                        offer.date
                    } else {
                        let date = rest.split(' ').next().unwrap().parse().unwrap();
                        assert!(
                            turns[&date].is_of(&id),
                            "{who}: {} {:#?}",
                            bot.as_read(&message.text),
                            self.done
                        );
                        has_buttons.push(date);
                        date
                    };
                    let at = programme.cadence.as_ref().unwrap();
                    let at = at.next(
                        at.instant_of(date.and_hms_opt(0, 0, 0).unwrap()).unwrap() - Duration::seconds(1),
                    );
                    let planned = self.planned_at(at.map_or(0, |at| at.at.timestamp())).await;
                    assert_eq!(planned, Some(date), "{who}: {} {:#?}", bot.as_read(&message.text), self.done);
                }
                self.check_text(&message, (who, &id), now, &turns).await;
            }
            for (date, turn) in turns.iter().filter(|(_, turn)| turn.is_of(&id)) {
                assert!(
                    has_buttons.contains(date),
                    "{who} has {turn:?} of {date}, and no buttons: {:#?} {:#?}",
                    bot.reads_dm(who).into_iter().rev().take(6).collect::<Vec<_>>(),
                    self.done
                );
            }
            self.check_answers(who, &id, now, &turns).await;
        }
    }

    /// What a message says of who leads a sync that is to come is so.
    async fn check_text(
        &self,
        message: &Message,
        (who, id): (&str, &UserId),
        now: i64,
        turns: &std::collections::BTreeMap<NaiveDate, Turn>,
    ) {
        let text = message.text.as_str();
        let Some(seconds) = instant_in(text).filter(|seconds| *seconds > now) else { return };
        let (sentence, _) = text.split_once("<!date^").unwrap();
        let claims = ["You lead ", "*You lead ", "Please lead ", "It's your turn to lead "];
        let of_another =
            text.split('\n').next().unwrap().contains("in your place") && sentence.contains("> leads ");
        let planned = self.planned_at(seconds).await;
        let turn = planned.and_then(|date| turns.get(&date));
        if claims.iter().any(|claim| sentence.contains(claim)) && !sentence.contains(" whether ") {
            let is_theirs = turn.is_some_and(|turn| turn.is_of(id));
            assert!(is_theirs, "{who} reads {} {turn:?} {:#?}", self.bot.as_read(text), self.done);
        } else if of_another {
            let other = sentence.split_once("<@").unwrap().1.split('>').next().unwrap();
            let leads = turn.is_some_and(|turn| turn.is_of(&UserId(other.to_owned())));
            assert!(leads, "{who} reads {} {turn:?} {:#?}", self.bot.as_read(text), self.done);
        }
    }

    /// A person who has read an answer that they lead, and doesn't, reads so in a message or in the channel.
    async fn check_answers(
        &self,
        who: &str,
        id: &UserId,
        now: i64,
        turns: &std::collections::BTreeMap<NaiveDate, Turn>,
    ) {
        let bot = self.bot.person(who);
        let team = bot.reads("#team");
        for (place, answer) in
            team.iter().enumerate().filter(|(_, message)| message.text.starts_with("You lead "))
        {
            let Some(seconds) = instant_in(&answer.text).filter(|seconds| *seconds > now) else { continue };
            let planned = self.planned_at(seconds).await;
            if planned.and_then(|date| turns.get(&date)).is_some_and(|turn| turn.is_of(id)) {
                continue;
            }
            let of_that = |message: &Message| instant_in(&message.text) == Some(seconds);
            let in_dm = bot.reads_dm().iter().any(of_that);
            let later = team[place..].iter().any(|message| message.text.starts_with(":speech_balloon: <@"));
            // One who has stopped or changed the syncs in that instant knows.
            let own = self.done.iter().any(|done| {
                done.starts_with(&format!("at once: {who} "))
                    && (done.contains("/sync ") || done.contains("Stop"))
            });
            assert!(
                in_dm || later || own,
                "{who} reads only {} {:#?}",
                self.bot.as_read(&answer.text),
                self.done
            );
        }
    }
}

each_store! {
    async fn acts_of_one_instant_leave_everyone_with_the_truth(bot: &mut Bot) {
        let channel = running(bot, &PEOPLE).await;
        let mut scene = Scene { bot, channel, rng: StdRng::seed_from_u64(13), done: Vec::new() };
        for _ in 0..ROUNDS {
            scene.done.clear();
            scene.runs_again().await;
            scene.comes_near().await;
            scene.settles_a_turn().await;
            scene.acts().await;
            scene.check().await;
        }
    }

    async fn an_offer_and_a_cancellation_of_one_instant_leave_no_lead(bot: &mut Bot) {
        running(bot, &PEOPLE).await;
        until(bot, "2026-01-06T10:00").await;
        for day in ["20 January", "27 January", "3 February", "10 February"] {
            let who = "ben";
            bot.says(who, "#team", "/sync next").await;
            let shown = bot.person(who).reads("#team").pop().unwrap();
            let (ben, ana) = (bot.person(who), bot.person("ana"));
            let value = shown.blocks.iter().find_map(|block| {
                let button = block["elements"].as_array()?.iter().find(|button| button["action_id"] == "sync:volunteer")?;
                Some((button["text"]["text"].as_str()?.to_owned(), button["value"].as_str()?.to_owned()))
            });
            let (label, value) = value.expect("a turn that isn't settled");
            let date: NaiveDate = value.split(' ').nth(1).unwrap().parse().unwrap();
            let typed = format!("/sync cancel {}", date.format("%-d %B"));
            let (_, answer) = tokio::join!(ben.clicks(&shown, &label), ana.says("#team", &typed));
            bot.settle().await;
            assert!(answer.text.contains("cancelled"), "{}", answer.text);
            let leads = |text: &String| text.contains("You lead the sync") && text.contains(&date.format("%-d %B").to_string());
            assert!(!bot.reads_dm(who).iter().any(leads), "{day}: {:?}", bot.reads_dm(who));
        }
    }

    async fn a_refusal_that_a_move_did_not_see_stands(bot: &mut Bot) {
        weekly(bot, &PEOPLE).await;
        let (asked, [with, _]) = people(bot);
        offers(bot, asked, with, NOTHING).await;
        let question = bot.person(with).reads_dm().into_iter().rfind(|message| message.text.contains(OFFERS)).unwrap();
        // Both read before either is written, and the refusal comes first.
        let url = bot.config.store.url.expose_secret();
        let mut operator = stranger(url).await;
        let hold = if url.starts_with("sqlite") { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE sync_offer IN SHARE MODE" };
        operator.execute(sqlx::raw_sql(hold)).await.unwrap();
        let (refuses, ana) = (bot.person(with), bot.person("ana"));
        let later = |millis| tokio::time::sleep(std::time::Duration::from_millis(millis));
        let (_, moved, _) = tokio::join!(
            refuses.clicks(&question, "No"),
            async { later(100).await; ana.says("#team", "/sync move 13 January to 18:00").await },
            async { later(300).await; operator.execute(sqlx::raw_sql("COMMIT")).await.unwrap() },
        );
        bot.settle().await;
        assert!(moved.text.contains("18:00"), "{}", bot.as_read(&moved.text));
        let read = bot.person(with).reads_dm();
        assert!(read.iter().any(|message| message.text.contains("You've said no to leading ")), "{:?}", bot.reads_dm(with));
        let left: Vec<_> = read.iter().filter(|message| !buttons(message).is_empty()).map(|message| bot.as_read(&message.text)).collect();
        assert!(left.is_empty(), "{left:#?}");
    }
}
