//! A played season: what people read of the next round comes true, and after each act each message about a group is true.

use std::collections::BTreeMap;

use chrono::{Days, Duration};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rondo::{model::clock::Instant, store::unit::Value};
use slack_sandbox::NewPerson;

use super::*;

const PEOPLE: [&str; 5] = ["ana", "ben", "cy", "dee", "eva"];
const ROUNDS: usize = 40;
/// For how long an answer changes the messages of a group: a little less than what the ritual keeps.
const CHANGES: Duration = Duration::days(58);

struct Season<'b> {
    bot: &'b mut Bot,
    channel: ChannelId,
    rng: StdRng,
    off: BTreeSet<&'static str>,
    outside: BTreeSet<&'static str>,
    /// The group of each message that has had a button, by its conversation and its time stamp.
    groups: BTreeMap<(String, String), String>,
    told: Vec<String>,
    /// How many rounds had people to introduce, and how many buttons were pressed.
    held: usize,
    pressed: usize,
}

/// Returns the buttons of a message: label, action and value.
fn buttons(message: &Message) -> Vec<(String, String, String)> {
    let elements = message.blocks.iter().filter_map(|block| block["elements"].as_array()).flatten();
    let of = |element: &serde_json::Value| {
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        Some((text(&element["text"]["text"])?, text(&element["action_id"])?, text(&element["value"])?))
    };
    elements.filter_map(of).collect()
}

impl Season<'_> {
    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of.choose(&mut self.rng).unwrap().clone()
    }

    fn now(&self) -> Instant {
        self.bot.parts.engine.clock.now()
    }

    async fn next_round(&self) -> Option<Instant> {
        let programme = programme_in(self.bot, &self.channel).await?;
        if programme.ended_at.is_some() || programme.paused_at.is_some() {
            return None;
        }
        let engine = &self.bot.parts.engine;
        let pending = engine.context().store.pending_runs(&programme.id).await.unwrap();
        pending.into_iter().find(|run| run.kind == "round").map(|run| run.due.at)
    }

    async fn goes_to(&mut self, end: Instant) {
        self.bot.travels_to(end, Duration::seconds(20)).await;
    }

    fn speaks(&self, who: &str) -> bool {
        !self.off.contains(who) && !self.outside.contains(who)
    }

    async fn types(&mut self, who: &str, typed: &str) {
        let answer = self.bot.says(who, "#cafe", typed).await;
        let read = self.bot.as_read(&answer.text);
        self.told.push(format!("{who}: {typed}: {read}"));
    }

    async fn acts(&mut self) {
        let who = self.one(&PEOPLE);
        let day = |time: Instant| time.date_naive().format("%-d %B").to_string();
        match self.rng.random_range(0..100) {
            0..30 if self.speaks(who) => {
                let until = self.now().date_naive() + Days::new(self.rng.random_range(1..20));
                let away = format!("away until {until}");
                let words =
                    self.one(&["join", "leave", "skip", away.as_str(), "back", "join"].map(str::to_owned));
                self.types(who, &format!("/coffee {words}")).await;
            }
            30..50 if self.speaks("ana") => {
                let Some(next) = self.next_round().await else {
                    return self.begins_again().await;
                };
                let (days, hours) = (self.rng.random_range(1..9), self.rng.random_range(8..18));
                let words = [
                    format!("cancel {}", day(next)),
                    format!("move {} to {}", day(next), day(next + Duration::days(days))),
                    format!("move {} to {hours}:30", day(next)),
                    format!("pause until {}", day(next + Duration::days(days))),
                    "pause".to_owned(),
                    "stop".to_owned(),
                    format!("start every {} at {hours}:00", self.one(&["Tuesday", "Friday", "weekday"])),
                ];
                let words = self.one(&words);
                self.types("ana", &format!("/coffee {words}")).await;
                self.confirms().await;
            }
            50..75 => self.presses().await,
            75..82 => {
                if self.off.contains(who) {
                    return self.comes_back(who).await;
                }
                self.told.push(format!("{who} is off"));
                self.off.insert(who);
                self.bot.sandbox.deactivate(who);
                self.bot.hears_events().await;
            }
            82..88 if !self.off.contains(who) => {
                if self.outside.contains(who) {
                    return self.comes_back(who).await;
                }
                self.told.push(format!("{who} is out"));
                self.outside.insert(who);
                self.bot.sandbox.kick("cafe", &self.bot.id(who));
                self.bot.hears_events().await;
            }
            88..92 => {
                let zone = self.one(&["Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"]);
                self.told.push(format!("{who} is in {zone}"));
                self.bot.sandbox.set_zone(who, zone);
                self.bot.hears_events().await;
            }
            _ => {
                let hours = self.one(&[1, 7, 20, 30, 50, 100]);
                self.told.push(format!("{hours} hours"));
                self.goes_to(self.now() + Duration::hours(hours)).await;
            }
        }
        self.bot.settle().await;
    }

    /// Has a person's account on, and the person in the channel.
    async fn comes_back(&mut self, who: &'static str) {
        self.told.push(format!("{who} is back"));
        if self.off.remove(who) {
            self.bot.sandbox.reactivate(who);
        }
        if self.outside.remove(who) {
            self.bot.sandbox.invite("cafe", &self.bot.id(who));
        }
        self.bot.hears_events().await;
    }

    /// Presses what a preview or a question asks for.
    async fn confirms(&mut self) {
        for label in ["Change the times", "Start", "Stop these chats"] {
            let last = self.bot.person("ana").reads("#cafe").pop().unwrap();
            if last.has_button(label) {
                self.told.push(format!("ana presses {label}"));
                self.bot.person("ana").clicks(&last, label).await;
                self.bot.settle().await;
            }
        }
    }

    async fn begins_again(&mut self) {
        self.comes_back("ana").await;
        let programme = programme_in(self.bot, &self.channel).await;
        let is_paused = programme.is_some_and(|programme| programme.ended_at.is_none());
        self.types("ana", if is_paused { "/coffee resume" } else { WEEKLY }).await;
        self.confirms().await;
    }

    /// Presses a button of a group or of the channel, or chooses from a menu.
    async fn presses(&mut self) {
        let mut found = Vec::new();
        for who in PEOPLE.into_iter().filter(|who| !self.off.contains(who)) {
            let person = self.bot.person(who);
            let mut places = person.group_dms();
            places.extend(self.speaks(who).then(|| "#cafe".to_owned()));
            for message in places.iter().flat_map(|place| person.reads(place)) {
                let fits = |label: &str| message.has_button(label);
                let labels = [
                    "We met",
                    "Not yet",
                    "We haven't met yet",
                    "Not this time",
                    "We met after all",
                    "Skip this time",
                ];
                found.extend(
                    labels.into_iter().filter(|label| fits(label)).map(|label| (who, message.clone(), label)),
                );
                if message.blocks.iter().any(|block| block.to_string().contains("overflow")) {
                    found.push((who, message.clone(), "Skip the next round"));
                }
            }
        }
        let Some((who, message, label)) = found.choose(&mut self.rng).cloned() else { return };
        let person = self.bot.person(who);
        let answer = match label {
            "Skip the next round" => person.picks(&message, "coffee:more", label).await,
            _ => person.clicks(&message, label).await,
        };
        self.told.push(format!("{who} presses {label}: {}", self.bot.as_read(&message.text)));
        assert!(answer.is_answered(), "{answer:?} {:#?}", self.told);
        self.pressed += 1;
    }

    async fn has_met(&self, group: &str) -> bool {
        let sql = "SELECT met_at FROM coffee_group WHERE group_id = $1";
        let rows = self.bot.parts.engine.store.ask(sql, vec![Value::from(group)]).await.unwrap();
        rows[0][0].int().is_some()
    }

    /// Each message about a group says what is so, and offers what can be said.
    async fn check_groups(&mut self) {
        let since = self.now() - CHANGES;
        for who in PEOPLE {
            let person = self.bot.person(who);
            for message in person.group_dms().iter().flat_map(|group| person.reads(group)) {
                let seconds: i64 = message.ts.split('.').next().unwrap().parse().unwrap();
                if message.ephemeral_to.is_some() || seconds < since.timestamp() {
                    continue;
                }
                let key = (message.channel.clone(), message.ts.clone());
                let buttons = buttons(&message);
                let of_group = buttons.iter().find(|(_, action, _)| action.starts_with("coffee:"));
                if let Some((.., group)) = of_group {
                    self.groups.insert(key.clone(), group.clone());
                }
                let Some(group) = self.groups.get(&key) else { continue };
                let text = self.bot.as_read(&message.plain());
                let has_met = self.has_met(group).await;
                let says = |words: &str| text.contains(words);
                let offers = |label: &str| buttons.iter().any(|(known, ..)| known == label);
                assert_eq!(says("says you met"), has_met, "{text} {:#?}", self.told);
                let asks = ["We met", "We met after all", "Not yet", "Not this time"].into_iter().any(offers);
                assert!(!(asks && has_met), "{text} {buttons:?} {:#?}", self.told);
                assert!(has_met || !offers("We haven't met yet"), "{text} {buttons:?} {:#?}", self.told);
            }
        }
    }

    /// What people read of the next round just before it is what happens.
    async fn holds_the_next(&mut self) {
        let Some(at) = self.next_round().await else { return self.begins_again().await };
        if self.now() < at - Duration::minutes(1) {
            self.goes_to(at - Duration::minutes(1)).await;
        }
        if self.next_round().await != Some(at) {
            return;
        }
        let (mut expected, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        let here: Vec<&str> = PEOPLE.into_iter().filter(|who| self.speaks(who)).collect();
        for who in here {
            let status = status(self.bot, who).await;
            if status.contains("skips the next round, ") {
                expected.insert(who.to_owned());
            }
            let line = status.lines().find(|line| line.contains(" part")).unwrap_or_default().to_owned();
            self.told.push(format!("{who} reads: {line}"));
            numbers.insert(line.split(' ').next().unwrap_or_default().to_owned());
        }
        let before = rounds(self.bot, &self.channel).await.len();
        self.told.push("the round".to_owned());
        self.goes_to(at).await;
        let held = rounds(self.bot, &self.channel).await;
        let last = held.last().filter(|_| held.len() > before);
        let introduced: Vec<String> = last.into_iter().flatten().flatten().cloned().collect();
        let distinct: BTreeSet<String> = introduced.iter().cloned().collect();
        assert_eq!(
            distinct.len(),
            introduced.len(),
            "no one is in two groups: {introduced:?} {:#?}",
            self.told
        );
        self.held += usize::from(expected.len() >= 2);
        if expected.len() < 2 {
            assert!(introduced.is_empty(), "{introduced:?} {:#?}", self.told);
        } else {
            assert_eq!(distinct, expected, "{:#?}", self.told);
        }
        let number = match expected.len() {
            0 => "No".to_owned(),
            some => some.to_string(),
        };
        assert!(numbers.iter().all(|said| *said == number), "{numbers:?} {expected:?} {:#?}", self.told);
        for group in last.into_iter().flatten() {
            let others = &group[1..];
            let read = reads_group(self.bot, &group[0], others);
            assert!(
                read.iter().any(|text| text.contains("You're matched for")),
                "{group:?} {:#?}",
                self.told
            );
        }
    }
}

each_store! {
    async fn what_people_read_of_their_chats_comes_true(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.add_person(NewPerson::named("eva"));
        let channel = running_cafe(bot, &PEOPLE).await;
        let rng = StdRng::seed_from_u64(2);
        let (off, outside, groups, told, held, pressed) = Default::default();
        let mut season = Season { bot, channel, rng, off, outside, groups, told, held, pressed };
        for _ in 0..ROUNDS {
            season.told.clear();
            for _ in 0..season.rng.random_range(1..8) {
                season.acts().await;
                season.check_groups().await;
            }
            season.holds_the_next().await;
            season.check_groups().await;
        }
        assert!(season.held >= ROUNDS / 4 && season.pressed >= ROUNDS / 2, "{} {}", season.held, season.pressed);
    }
}
