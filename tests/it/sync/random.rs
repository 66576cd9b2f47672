//! Random acts of random people on a weekly sync. After each, what people are told about turns is true.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rondo::rituals::sync::{
    plan::{Turn, TurnState},
    store::{self, OfferState},
};

use super::{before::until, closing::with_scribe, truth::buttons, *};

const PEOPLE: [&str; 4] = ["ana", "ben", "cy", "dee"];
const ACTS: usize = 150;

/// A sync that people act on, and what they did.
struct Scene<'b> {
    bot: &'b mut Bot,
    channel: ChannelId,
    rng: StdRng,
    acts: Vec<String>,
}

impl Scene<'_> {
    async fn act(&mut self) {
        let who = *PEOPLE.choose(&mut self.rng).unwrap();
        let now = self.bot.parts.engine.clock.now();
        match self.rng.random_range(0..22) {
            0..=7 => self.presses(who).await,
            8 => self.types(who, "/sync skip").await,
            9 => self.types(who, "/sync leave").await,
            10 | 11 => self.types(who, "/sync join").await,
            12 => {
                let (from, days) = (self.rng.random_range(1..12), self.rng.random_range(0..4));
                let from = now.date_naive() + Duration::days(from);
                let typed = format!("/sync away {from} to {}", from + Duration::days(days));
                self.types(who, &typed).await;
            }
            13 => self.types(who, "/sync back").await,
            14 if self.rng.random_bool(0.3) => {
                let shown = self.bot.says("ana", "#team", "/sync next").await.text;
                let day = self.bot.as_read(&shown).lines().find_map(|line| {
                    let (day, _) = line.strip_prefix("• ")?.split_once(" at ")?;
                    Some(day.split_once(", ")?.1.to_owned())
                });
                if let Some(day) = day {
                    self.types("ana", &format!("/sync cancel {day}")).await;
                }
            }
            15 if self.rng.random_bool(0.3) => {
                self.types("ana", "/sync pause").await;
                self.types("ana", "/sync resume").await;
            }
            16 => {
                self.types(who, "/sync next").await;
                self.clicks_in_team(who, "I'll do it").await;
            }
            18 if self.rng.random_bool(0.5) => {
                let day = now.date_naive() + Duration::days(self.rng.random_range(1..14));
                self.types("ana", &format!("/sync pause until {day}")).await;
            }
            19 if self.rng.random_bool(0.3) => self.types("ana", "/sync resume").await,
            17 => self.clicks_in_team(who, "I'll take over").await,
            _ => {
                let later = now + Duration::minutes(self.rng.random_range(60..2_400));
                self.acts.push(format!("until {later}"));
                until(self.bot, &later.format("%Y-%m-%dT%H:%M").to_string()).await;
            }
        }
    }

    async fn types(&mut self, who: &str, text: &str) {
        self.acts.push(format!("{who} {text}"));
        self.bot.says(who, "#team", text).await;
    }

    async fn clicks_in_team(&mut self, who: &str, button: &str) {
        let has_it = |message: &slack_sandbox::Message| {
            message
                .blocks
                .iter()
                .any(|block| block["type"] == "actions" && block.to_string().contains(button))
        };
        if self.bot.person(who).reads("#team").iter().any(has_it) {
            self.acts.push(format!("{who} presses {button} in #team"));
            self.bot.clicks(who, "#team", button).await;
        }
    }

    /// Presses a button about a turn in a person's DM, and fills in the form that it opens.
    async fn presses(&mut self, who: &str) {
        let person = self.bot.person(who);
        let messages = person.reads_dm();
        let all: Vec<_> = messages
            .iter()
            .flat_map(|message| buttons(message).into_iter().map(move |button| (message, button)))
            .collect();
        let Some((message, button)) = all.choose(&mut self.rng) else { return };
        let label = button["text"]["text"].as_str().unwrap().to_owned();
        self.acts.push(format!("{who} presses {label} {}", button["value"]));
        person.clicks(message, &label).await;
        self.bot.settle().await;
        if label != "Swap with…" || person.sees_modal().await.is_none() {
            return;
        }
        let with = *PEOPLE.choose(&mut self.rng).unwrap();
        let options = ["I take their next turn", "Nothing: my own turn comes later"];
        let in_return = *options.choose(&mut self.rng).unwrap();
        self.acts.push(format!("{who} asks {with}: {in_return}"));
        if person.fills("person", self.bot.id(with)) && person.fills("in_return", in_return) {
            person.submits().await;
        }
        self.bot.settle().await;
    }

    /// Whether a message whose key begins so waits for its time.
    async fn waits(&self, key: &str) -> bool {
        let sql = "SELECT key FROM outbox WHERE key LIKE $1 AND ts IS NULL AND visible_at IS NOT NULL";
        let rows = self.bot.parts.engine.store.ask(sql, vec![format!("{key}%").into()]).await;
        !rows.unwrap().is_empty()
    }

    /// No two messages in a row say the same, but that the newest does.
    fn check_repeats(&self, who: &str) {
        let read = self.bot.reads_dm(who);
        // Two questions of one day may end alike, and two presses may be refused alike.
        let ends = [
            "There's news below",
            "You've answered",
            "Thanks for telling me",
            "That's settled",
            "paused the syncs",
            "You've asked",
        ];
        let leads_on = |text: &str| ends.iter().any(|end| text.contains(end));
        for pair in read.windows(2) {
            assert!(pair[0] != pair[1] || leads_on(&pair[0]), "{who}: {read:#?} {:#?}", self.acts);
        }
    }

    /// A run sheet, also of a sync that has begun, names the person who takes notes.
    fn check_notes(&self, who: &str, text: &str, turns: &BTreeMap<NaiveDate, Turn>) {
        let Some((_, rest)) = text.split_once("• When: <!date^") else { return };
        let seconds: i64 = rest.split('^').next().unwrap().parse().unwrap();
        let date = chrono::DateTime::from_timestamp(seconds, 0).unwrap().date_naive();
        let Some(turn) =
            turns.get(&date).filter(|turn| turn.user.as_ref().is_some_and(|id| id.0 == self.bot.id(who)))
        else {
            return;
        };
        let named = text.split_once("• Notes: <@").and_then(|(_, rest)| rest.split('>').next());
        let scribe = turn.scribe.as_ref().map(|id| &*id.0);
        assert_eq!(named, scribe, "{who}'s sheet of {date}: {turn:?} {text} {:#?}", self.acts);
    }

    /// Each person who has a turn has a message with its buttons, and no one else has.
    async fn check(&self) {
        let bot = &*self.bot;
        let programme = programme_in(bot, &self.channel).await;
        let read = &bot.parts.engine.context().store;
        let turns: BTreeMap<NaiveDate, Turn> =
            store::turns_from(read, &programme.id, NaiveDate::MIN).await.unwrap();
        let mut open: BTreeMap<(NaiveDate, String), usize> = BTreeMap::new();
        let mut noted = BTreeSet::new();
        for who in PEOPLE {
            self.check_repeats(who);
            for message in bot.person(who).reads_dm() {
                self.check_notes(who, &message.text, &turns);
                for button in buttons(&message) {
                    let value = button["value"].as_str().unwrap();
                    let (_, rest) = value.split_once(' ').unwrap();
                    if button["action_id"].as_str().unwrap().starts_with("sync:swap_") {
                        let (offer, state) = store::offer(read, rest).await.unwrap().unwrap();
                        assert_eq!(state, OfferState::Open, "{who}: {} {:#?}", message.text, self.acts);
                        assert!(turns[&offer.date].is_of(&offer.from), "{:#?}", self.acts);
                        continue;
                    }
                    let date: NaiveDate = rest.split(' ').next().unwrap().parse().unwrap();
                    let turn = &turns[&date];
                    if button["action_id"] == "sync:no_notes" {
                        let scribe = turn.scribe.as_ref().filter(|_| turn.state != TurnState::Begun);
                        assert_eq!(scribe.map(|id| &*id.0), Some(&*bot.id(who)), "{date}: {:#?}", self.acts);
                        noted.insert(date);
                        continue;
                    }
                    *open.entry((date, bot.id(who))).or_default() += 1;
                }
            }
        }
        for (date, turn) in &turns {
            if let Some(scribe) = turn.scribe.as_ref().filter(|_| turn.state != TurnState::Begun) {
                assert_ne!(turn.holder(), Some(scribe), "{date}: {:#?}", self.acts);
                let is_told =
                    noted.contains(date) || self.waits(&format!("sync/notes/{}/{date}/", programme.id)).await;
                assert!(is_told, "{} takes notes on {date}: {:#?}", bot.person(&scribe.0).name(), self.acts);
            }
            if let Some(holder) = turn.holder() {
                let own = open.remove(&(*date, holder.0.clone()));
                assert!(
                    own.is_some(),
                    "{} has {turn:?} of {date} and no buttons: {:#?}",
                    bot.person(&holder.0).name(),
                    self.acts
                );
            }
            if let Some(held) = store::held(read, &programme.id, *date).await.unwrap()
                && let (Some(lead), Some(settled)) = (held.lead.filter(|lead| lead.version == 1), &turn.user)
            {
                assert_eq!(lead.user, *settled, "the lead of {date} is the settled one: {:#?}", self.acts);
            }
        }
        assert!(open.is_empty(), "buttons of turns that aren't theirs: {open:?} {turns:#?} {:#?}", self.acts);
    }
}

/// Has people act at random, and checks after each act what they read.
async fn acts(bot: &mut Bot, seed: u64) {
    let channel = with_scribe(bot, &PEOPLE).await;
    let mut scene = Scene { bot, channel, rng: StdRng::seed_from_u64(seed), acts: Vec::new() };
    for _ in 0..ACTS {
        scene.act().await;
        scene.check().await;
    }
}

each_store! {
    async fn random_acts_leave_everyone_with_the_truth(bot: &mut Bot) {
        acts(bot, 20).await;
    }

    async fn the_only_person_there_reads_who_takes_notes(bot: &mut Bot) {
        acts(bot, 3).await;
    }

    async fn who_waits_for_an_answer_takes_no_notes(bot: &mut Bot) {
        acts(bot, 48).await;
    }
}
