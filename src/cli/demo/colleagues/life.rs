//! Plans what colleagues do: their own routine, and reactions to what they hear. Pure: values in, values out.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use chrono::{Duration, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{
    routine,
    words::{
        HELLO, IN_DIRECT, IN_GROUP, IN_PASSING, MENTIONED, ON_QUESTION, ON_TALK, ON_WORDS, OUT_OF_HOURS, WAVE,
    },
};
use crate::{
    model::clock::Instant,
    ritual::demo::{
        Colleague, ColleagueAction, Company, Demo, HeardIn, HeardMessage, LIVELY_WEEKS, PlannedAction,
        Reaction, Spot, filled, mentions, one_of,
    },
};

/// A colleague's actions on one day at most, without answers to visitors.
pub const MOST_A_DAY: usize = 5;
/// All colleagues' actions on one day at most.
const MOST_OF_ALL_A_DAY: usize = 60;
/// Answers to visitors within a minute at most, so that a person who writes a lot is not flooded.
pub const MOST_ANSWERS: usize = 6;
/// Answers to visitors in one group conversation at most, until another is answered.
const MOST_IN_A_TALK: usize = 3;
/// Milliseconds until a form is sent that a visitor waits for, such as a vote.
pub const FORMS: std::ops::Range<i64> = 1_500..8_000;
/// Milliseconds until a visitor is answered.
pub const ANSWERS: std::ops::Range<i64> = 3_000..20_000;
/// Milliseconds until a new visitor is greeted, and from then until others join in.
const WELCOMES: std::ops::Range<i64> = 15_000..30_000;
const JOINS_IN: std::ops::Range<i64> = 8_000..25_000;
/// How long a visitor counts as new.
const WELCOME_LASTS: Duration = Duration::minutes(1);
/// The number of reactions to small talk is one of these.
const FOR_TALK: [usize; 6] = [0, 0, 1, 1, 1, 2];
/// An action that is overdue by this much, for example because the colleagues were switched off, is dropped.
const TOO_LATE: Duration = Duration::minutes(10);
const ONE_DAY: Duration = Duration::days(1);
/// The channel that all are in.
const EVERYWHERE: &str = "#general";

/// The plan of the company from now on. It depends only on the seed, the people and what they hear.
pub struct CompanyLife {
    seed: u64,
    /// What rituals add to it.
    demos: Vec<Demo>,
    /// When the history ends and visitors may come.
    present: Instant,
    colleagues: Vec<Colleague>,
    rng: StdRng,
    /// By instant, then in the order of planning.
    planned: BTreeMap<(Instant, usize), PlannedAction>,
    count: usize,
    /// The first day whose routine is not planned yet.
    next_day: NaiveDate,
    /// The number of planned actions of each colleague, and of all, by day.
    busy: HashMap<(Option<usize>, NaiveDate), usize>,
    /// The times of recent answers to visitors.
    answered: VecDeque<Instant>,
    /// The group conversation of the last answers to visitors, and their number.
    talk: (String, usize),
    /// Since when a person is controlled.
    visited: Option<Instant>,
}

impl CompanyLife {
    /// Plans a company from now on, of which so many weeks are its history. Without any no ritual has begun.
    pub fn new(
        seed: u64,
        demos: Vec<Demo>,
        colleagues: Vec<Colleague>,
        (now, weeks): (Instant, i64),
    ) -> CompanyLife {
        let present = now + Duration::weeks(weeks);
        let mut life = CompanyLife {
            seed,
            demos,
            present,
            rng: StdRng::seed_from_u64(seed),
            planned: BTreeMap::new(),
            count: 0,
            next_day: now.date_naive(),
            busy: HashMap::new(),
            answered: VecDeque::new(),
            talk: (String::new(), 0),
            visited: None,
            colleagues,
        };
        let begun = if weeks > 0 { life.demos.clone() } else { Vec::new() };
        for demo in begun {
            for planned in (demo.begin)(&life.colleagues, present - Duration::weeks(demo.weeks)) {
                life.puts(planned);
            }
        }
        life
    }

    pub fn colleagues(&self) -> &[Colleague] {
        &self.colleagues
    }

    /// Returns when a colleague acts next.
    pub fn next_at(&mut self, now: Instant) -> Option<Instant> {
        // Each day's routine is planned before it is over, however far away the next action is.
        while self.first_at().is_none_or(|first| self.next_day <= first.max(now).date_naive() + ONE_DAY) {
            let has_begun = |weeks| self.next_day >= (self.present - Duration::weeks(weeks)).date_naive();
            let demos: Vec<Demo> = self.demos.iter().copied().filter(|demo| has_begun(demo.weeks)).collect();
            let talks = has_begun(LIVELY_WEEKS);
            let todays = routine::day(self.seed, self.next_day, &demos, &self.colleagues, talks);
            for planned in todays.into_iter().filter(|planned| planned.at >= now) {
                self.plans(planned);
            }
            self.next_day += ONE_DAY;
            self.busy.retain(|(_, day), _| *day >= now.date_naive() - ONE_DAY);
        }
        self.first_at()
    }

    fn first_at(&self) -> Option<Instant> {
        self.planned.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the actions that are due.
    pub fn due(&mut self, now: Instant) -> Vec<PlannedAction> {
        let later = self.planned.split_off(&(now + Duration::milliseconds(1), 0));
        let due = std::mem::replace(&mut self.planned, later);
        due.into_values().filter(|planned| now - planned.at < TOO_LATE).collect()
    }

    /// Plans the reactions to a message; `controlled` people do not react.
    pub fn hears(&mut self, heard: &HeardMessage, now: Instant, controlled: &BTreeSet<usize>) {
        if now - heard.at > TOO_LATE {
            return;
        }
        if let Some(visitor) = heard.author.filter(|_| !heard.simulated) {
            return self.answer(heard, visitor, now, controlled);
        }
        // The random numbers come from the message, so that they do not depend on what else happened before.
        let mut rng = StdRng::seed_from_u64(self.seed ^ sum_of(&heard.text));
        let company = Company { colleagues: &self.colleagues, controlled, now };
        let reactions = if heard.author.is_none() {
            self.demos.iter().find_map(|demo| (demo.hear)(heard, &company, &mut rng)).unwrap_or_default()
        } else if heard.place == HeardIn::Channel && heard.thread.is_none() {
            let readers = company.readers(heard, &[]);
            if self.visited.is_some_and(|came| now - came < WELCOME_LASTS) {
                like_at_once(heard, readers, &company, &mut rng)
            } else {
                company.like(heard, readers, &FOR_TALK, &ON_TALK, &mut rng)
            }
        } else {
            Vec::new()
        };
        self.rng = rng;
        for reaction in reactions {
            match reaction {
                Reaction::Planned(planned) => self.plans(planned),
                Reaction::Answer { who, action } => self.answers(who, action, now),
            }
        }
    }

    /// Notes who is controlled. The first visitor is greeted soon.
    pub fn sees(&mut self, controlled: &BTreeSet<usize>, now: Instant) {
        let comes = !controlled.is_empty() && self.visited.is_none();
        self.visited = (!controlled.is_empty()).then_some(self.visited.unwrap_or(now));
        let free = (0..self.colleagues.len()).filter(|who| !controlled.contains(who)).collect();
        let company = Company { colleagues: &self.colleagues, controlled, now };
        let nearest = company.nearest(free, &mut self.rng);
        let Some(who) = nearest.first().copied().filter(|_| comes) else {
            return;
        };
        let at_work = self.colleagues[who].is_at_work(now);
        let text =
            if at_work { one_of(&IN_PASSING, &mut self.rng) } else { one_of(&OUT_OF_HOURS, &mut self.rng) }
                .to_owned();
        let at = now + Duration::milliseconds(self.rng.random_range(WELCOMES));
        self.puts(PlannedAction { at, who, action: ColleagueAction::Says(EVERYWHERE.to_owned(), text) });
    }

    /// Plans the answers to a visitor's message.
    fn answer(&mut self, heard: &HeardMessage, visitor: usize, now: Instant, controlled: &BTreeSet<usize>) {
        let name = self.colleagues[visitor].first;
        let company = Company { colleagues: &self.colleagues, controlled, now };
        let others = company.readers(heard, &[]);
        let mentioned: Vec<usize> =
            mentions(&heard.text, &self.colleagues).into_iter().filter(|who| others.contains(who)).collect();
        let nearest = company.nearest(others, &mut self.rng);
        let Some(first) = mentioned.first().or(nearest.first()).copied() else {
            return;
        };
        let in_thread =
            Spot { ts: heard.thread.clone().unwrap_or_else(|| heard.spot.ts.clone()), ..heard.spot.clone() };
        match heard.place {
            HeardIn::Direct | HeardIn::Group => self.answers_in_talk(heard, first, name, now),
            HeardIn::Channel if !mentioned.is_empty() => {
                let text = filled(one_of(&MENTIONED, &mut self.rng), name, "");
                self.answers(first, ColleagueAction::Replies(in_thread, text), now);
            }
            HeardIn::Channel if greets(&heard.text) && heard.thread.is_none() => {
                let text = filled(one_of(&HELLO, &mut self.rng), name, "");
                self.answers(first, ColleagueAction::Says(heard.spot.place.clone(), text), now);
                if let Some(second) = nearest.get(1).copied() {
                    self.answers(second, ColleagueAction::Reacts(heard.spot.clone(), WAVE), now);
                }
            }
            HeardIn::Channel => {
                let emoji: &[&'static str] = if heard.text.contains('?') { &ON_QUESTION } else { &ON_WORDS };
                let most = self.rng.random_range(1..3);
                for who in nearest.into_iter().take(most) {
                    let emoji = one_of(emoji, &mut self.rng);
                    self.answers(who, ColleagueAction::Reacts(heard.spot.clone(), emoji), now);
                }
            }
        }
    }

    fn answers_in_talk(&mut self, heard: &HeardMessage, who: usize, name: &str, now: Instant) {
        let place = &heard.spot.place;
        if self.talk.0 != *place {
            self.talk = (place.clone(), 0);
        }
        let before = self.talk.1;
        if before >= MOST_IN_A_TALK {
            return;
        }
        self.talk.1 += 1;
        let text =
            if heard.place == HeardIn::Direct { IN_DIRECT[before] } else { one_of(&IN_GROUP, &mut self.rng) };
        self.answers(who, ColleagueAction::Says(place.clone(), filled(text, name, "")), now);
    }

    /// Answers a visitor soon, at any hour, unless they had many answers within the last minute. Forms, of which each message brings one,
    /// don't count as answers.
    fn answers(&mut self, who: usize, action: ColleagueAction, now: Instant) {
        if matches!(action, ColleagueAction::SendsForm { .. }) {
            let at = now + Duration::milliseconds(self.rng.random_range(FORMS));
            return self.puts(PlannedAction { at, who, action });
        }
        self.answered.retain(|at| now - *at < Duration::minutes(1));
        if self.answered.len() < MOST_ANSWERS {
            self.answered.push_back(now);
            let at = now + Duration::milliseconds(self.rng.random_range(ANSWERS));
            self.puts(PlannedAction { at, who, action });
        }
    }

    /// Plans an unprompted action, unless there are enough on that day.
    fn plans(&mut self, planned: PlannedAction) {
        let day = self.colleagues[planned.who].day(planned.at);
        let (own, all) = ((Some(planned.who), day), (None, day));
        let of = |key| self.busy.get(key).copied().unwrap_or_default();
        if of(&own) < MOST_A_DAY && of(&all) < MOST_OF_ALL_A_DAY {
            for key in [own, all] {
                *self.busy.entry(key).or_default() += 1;
            }
            self.puts(planned);
        }
    }

    fn puts(&mut self, planned: PlannedAction) {
        self.count += 1;
        self.planned.insert((planned.at, self.count), planned);
    }
}

/// Has two people react while a new visitor looks around.
fn like_at_once(
    heard: &HeardMessage,
    readers: Vec<usize>,
    company: &Company<'_>,
    rng: &mut StdRng,
) -> Vec<Reaction> {
    let nearest = company.nearest(readers, rng).into_iter().take(2);
    let liked = nearest.map(|who| {
        let at = company.now + Duration::milliseconds(rng.random_range(JOINS_IN));
        let action = ColleagueAction::Reacts(heard.spot.clone(), one_of(&ON_TALK, rng));
        Reaction::Planned(PlannedAction { at, who, action })
    });
    liked.collect()
}

/// Whether a text greets.
pub fn greets(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.split(|letter: char| !letter.is_alphabetic()).find(|word| !word.is_empty());
    matches!(first, Some("hi" | "hello" | "hey" | "hallo" | "morning")) || lower.starts_with("good ")
}

/// Returns a hash of a text.
fn sum_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
