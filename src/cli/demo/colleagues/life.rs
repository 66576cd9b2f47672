//! Plans what colleagues do: their own routine, and reactions to what they hear. Pure: values in, values out.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use chrono::{Duration, NaiveDate};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _, seq::SliceRandom as _};

use super::{
    actions::{Colleague, ColleagueAction, PlannedAction, Spot},
    hearing::{HeardIn, HeardMessage, HeardNews, greets, mentions},
    introductions, routine,
    words::{
        COUNT_ME_IN, HELLO, IN_DIRECT, IN_GROUP, IN_PASSING, MENTIONED, ON_COFFEE, ON_KUDOS, ON_QUESTION,
        ON_TALK, ON_THANKS, ON_WORDS, OUT_OF_HOURS, THANKS, WAVE, filled,
    },
};
use crate::model::clock::Instant;

/// A colleague's actions on one day at most, without answers to visitors.
pub const MOST_A_DAY: usize = 5;
/// All colleagues' actions on one day at most.
const MOST_OF_ALL_A_DAY: usize = 60;
/// Answers to visitors within a minute at most, so that a person who writes a lot is not flooded.
pub const MOST_ANSWERS: usize = 6;
/// Answers to visitors in one group conversation at most, until another is answered.
const MOST_IN_A_TALK: usize = 3;
/// Milliseconds until a visitor is answered.
pub const ANSWERS: std::ops::Range<i64> = 3_000..20_000;
/// Milliseconds until a new visitor is greeted, and from then until others join in.
const WELCOMES: std::ops::Range<i64> = 15_000..30_000;
const JOINS_IN: std::ops::Range<i64> = 8_000..25_000;
/// How long a visitor counts as new.
const WELCOME_LASTS: Duration = Duration::minutes(1);
/// Minutes until colleagues react to a message.
const REACTS: std::ops::Range<i64> = 2..60;
/// The number of reactions to kudos and to other messages is one of these.
const FOR_KUDOS: [usize; 8] = [0, 1, 1, 2, 2, 2, 3, 4];
const FOR_TALK: [usize; 6] = [0, 0, 1, 1, 1, 2];
/// An action that is overdue by this much, for example because the colleagues were switched off, is dropped.
const TOO_LATE: Duration = Duration::minutes(10);
const ONE_DAY: Duration = Duration::days(1);
/// One in this many kudos of visitors gets only an emoji.
const OF_KUDOS: u32 = 3;
/// In one of this many starts by visitors, a colleague skips the first round.
const OF_STARTS: u32 = 3;
/// The button for that.
const SKIP: &str = "Skip the first round";
/// The channel that all are in.
const EVERYWHERE: &str = "#general";
/// The index of the colleague who starts coffee chats before the first visit.
const ORGANISER: usize = 0;

/// The plan of the company from now on. It depends only on the seed, the people and what they hear.
pub struct CompanyLife {
    seed: u64,
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
    /// Plans a company from now on; one colleague starts coffee chats.
    pub fn new(seed: u64, colleagues: Vec<Colleague>, now: Instant) -> CompanyLife {
        let mut life = CompanyLife {
            seed,
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
        if let Some(organiser) = life.colleagues.get(ORGANISER) {
            let at = organiser.at_work_from(now, 0);
            life.puts(PlannedAction { at, who: ORGANISER, action: ColleagueAction::StartsCoffee });
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
            let todays = routine::day(self.seed, self.next_day, &self.colleagues);
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
        let news = heard.news(&self.colleagues);
        if !matches!(news, HeardNews::Visitor(_)) {
            // The random numbers come from the message, so that they do not depend on what else happened before.
            self.rng = StdRng::seed_from_u64(self.seed ^ sum_of(&heard.text));
        }
        match news {
            HeardNews::Kudos { giver, receivers } if controlled.contains(&giver) => {
                self.thanks_back(heard, giver, &receivers, now, controlled);
            }
            HeardNews::Kudos { giver, .. } => {
                let others = heard.others(controlled).into_iter().filter(|who| *who != giver).collect();
                self.like(heard, others, &FOR_KUDOS, &ON_KUDOS, now);
            }
            HeardNews::Coffee(starter) if controlled.contains(&starter) => {
                self.join_in(heard, starter, now, controlled);
            }
            HeardNews::Coffee(starter) => {
                let others = heard.others(controlled).into_iter().filter(|who| *who != starter).collect();
                self.like(heard, others, &FOR_KUDOS, &ON_COFFEE, now);
            }
            HeardNews::Introduction => self.are_introduced(heard, now, controlled),
            HeardNews::Visitor(visitor) => self.answer(heard, visitor, now, controlled),
            HeardNews::Colleague(_) if heard.place == HeardIn::Channel && heard.thread.is_none() => {
                let others = heard.others(controlled);
                if self.visited.is_some_and(|came| now - came < WELCOME_LASTS) {
                    self.like_at_once(heard, others, now);
                } else {
                    self.like(heard, others, &FOR_TALK, &ON_TALK, now);
                }
            }
            HeardNews::Colleague(_) | HeardNews::Nothing => {}
        }
    }

    /// Notes who is controlled. The first visitor is greeted soon.
    pub fn sees(&mut self, controlled: &BTreeSet<usize>, now: Instant) {
        let comes = !controlled.is_empty() && self.visited.is_none();
        self.visited = (!controlled.is_empty()).then_some(self.visited.unwrap_or(now));
        let at_home =
            self.nearest((0..self.colleagues.len()).filter(|who| !controlled.contains(who)).collect(), now);
        let Some(who) = at_home.first().copied().filter(|_| comes) else {
            return;
        };
        let at_work = self.colleagues[who].is_at_work(now);
        let text = if at_work { self.one_of(&IN_PASSING) } else { self.one_of(&OUT_OF_HOURS) }.to_owned();
        let at = now + Duration::milliseconds(self.rng.random_range(WELCOMES));
        self.puts(PlannedAction { at, who, action: ColleagueAction::Says(EVERYWHERE.to_owned(), text) });
    }

    /// Plans reactions to a colleague's message, in working hours.
    fn like(
        &mut self,
        heard: &HeardMessage,
        others: Vec<usize>,
        many: &[usize],
        emoji: &[&'static str],
        now: Instant,
    ) {
        let most = many.choose(&mut self.rng).copied().unwrap_or_default();
        for who in self.nearest(others, now).into_iter().take(most) {
            let at = now + Duration::minutes(self.rng.random_range(REACTS));
            let action = ColleagueAction::Reacts(heard.spot.clone(), self.one_of(emoji));
            if self.colleagues[who].is_at_work(at) {
                self.plans(PlannedAction { at, who, action });
            }
        }
    }

    /// Plans two reactions while a new visitor looks around.
    fn like_at_once(&mut self, heard: &HeardMessage, others: Vec<usize>, now: Instant) {
        for who in self.nearest(others, now).into_iter().take(2) {
            let at = now + Duration::milliseconds(self.rng.random_range(JOINS_IN));
            let action = ColleagueAction::Reacts(heard.spot.clone(), self.one_of(&ON_TALK));
            self.plans(PlannedAction { at, who, action });
        }
    }

    fn are_introduced(&mut self, heard: &HeardMessage, now: Instant, controlled: &BTreeSet<usize>) {
        let visitor = heard.members.iter().copied().find(|who| controlled.contains(who));
        let Some(visitor) = visitor else {
            let dialogue =
                introductions::dialogue(&self.colleagues, &heard.members, &heard.spot, now, &mut self.rng);
            for planned in dialogue {
                self.plans(planned);
            }
            return;
        };
        let Some(greeter) = self.nearest(heard.others(controlled), now).first().copied() else {
            return;
        };
        let others = heard.members.iter().copied().filter(|who| *who != greeter && *who != visitor);
        let group: Vec<usize> = [greeter, visitor].into_iter().chain(others).collect();
        let action = introductions::welcome(&self.colleagues, &group, &heard.spot, now, &mut self.rng);
        self.answers(greeter, action, now);
    }

    /// Plans the thanks for a visitor's kudos, and another colleague's reaction.
    fn thanks_back(
        &mut self,
        heard: &HeardMessage,
        giver: usize,
        receivers: &[usize],
        now: Instant,
        controlled: &BTreeSet<usize>,
    ) {
        let mut thanked: Vec<usize> =
            receivers.iter().copied().filter(|who| !controlled.contains(who)).collect();
        thanked.truncate(2);
        for (n, who) in thanked.iter().copied().enumerate() {
            if n == 0 && self.rng.random_range(0..OF_KUDOS) > 0 {
                let text = filled(self.one_of(&THANKS), self.colleagues[giver].first, "");
                self.answers(who, ColleagueAction::Replies(heard.spot.clone(), text), now);
            }
            let emoji = self.one_of(&ON_THANKS);
            self.answers(who, ColleagueAction::Reacts(heard.spot.clone(), emoji), now);
        }
        let others: Vec<usize> = heard
            .others(controlled)
            .into_iter()
            .filter(|who| !receivers.contains(who) && *who != giver)
            .collect();
        if let Some(who) = self.nearest(others, now).first().copied() {
            let emoji = self.one_of(&ON_KUDOS);
            self.answers(who, ColleagueAction::Reacts(heard.spot.clone(), emoji), now);
        }
    }

    /// Plans the reactions to coffee chats that a visitor started.
    fn join_in(&mut self, heard: &HeardMessage, starter: usize, now: Instant, controlled: &BTreeSet<usize>) {
        let others = heard.others(controlled).into_iter().filter(|who| *who != starter).collect();
        let most = self.rng.random_range(2..4);
        let mut nearest = self.nearest(others, now);
        if let Some(who) = nearest.pop().filter(|_| self.rng.random_range(0..OF_STARTS) == 0) {
            let at =
                self.colleagues[who].at_work_from(now + Duration::minutes(self.rng.random_range(REACTS)), 0);
            self.plans(PlannedAction { at, who, action: ColleagueAction::Presses(heard.spot.clone(), SKIP) });
        }
        for (n, who) in nearest.into_iter().take(most).enumerate() {
            let emoji = self.one_of(&ON_COFFEE);
            self.answers(who, ColleagueAction::Reacts(heard.spot.clone(), emoji), now);
            if n == 0 {
                let text = filled(self.one_of(&COUNT_ME_IN), self.colleagues[starter].first, "");
                self.answers(who, ColleagueAction::Replies(heard.spot.clone(), text), now);
            }
        }
    }

    /// Plans the answers to a visitor's message.
    fn answer(&mut self, heard: &HeardMessage, visitor: usize, now: Instant, controlled: &BTreeSet<usize>) {
        let name = self.colleagues[visitor].first;
        let others = heard.others(controlled);
        let mentioned: Vec<usize> =
            mentions(&heard.text, &self.colleagues).into_iter().filter(|who| others.contains(who)).collect();
        let nearest = self.nearest(others, now);
        let Some(first) = mentioned.first().or(nearest.first()).copied() else {
            return;
        };
        let in_thread =
            Spot { ts: heard.thread.clone().unwrap_or_else(|| heard.spot.ts.clone()), ..heard.spot.clone() };
        match heard.place {
            HeardIn::Direct | HeardIn::Group => self.answers_in_talk(heard, first, name, now),
            HeardIn::Channel if !mentioned.is_empty() => {
                let text = filled(self.one_of(&MENTIONED), name, "");
                self.answers(first, ColleagueAction::Replies(in_thread, text), now);
            }
            HeardIn::Channel if greets(&heard.text) && heard.thread.is_none() => {
                let text = filled(self.one_of(&HELLO), name, "");
                self.answers(first, ColleagueAction::Says(heard.spot.place.clone(), text), now);
                if let Some(second) = nearest.get(1).copied() {
                    self.answers(second, ColleagueAction::Reacts(heard.spot.clone(), WAVE), now);
                }
            }
            HeardIn::Channel => {
                let emoji: &[&'static str] = if heard.text.contains('?') { &ON_QUESTION } else { &ON_WORDS };
                let most = self.rng.random_range(1..3);
                for who in nearest.into_iter().take(most) {
                    let emoji = self.one_of(emoji);
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
        let text = if heard.place == HeardIn::Direct { IN_DIRECT[before] } else { self.one_of(&IN_GROUP) };
        self.answers(who, ColleagueAction::Says(place.clone(), filled(text, name, "")), now);
    }

    /// Sorts people who are at work first, then those who are awake, in a random order among equals.
    fn nearest(&mut self, mut people: Vec<usize>, now: Instant) -> Vec<usize> {
        people.shuffle(&mut self.rng);
        let far =
            |who: &usize| (!self.colleagues[*who].is_at_work(now), !self.colleagues[*who].is_awake(now));
        people.sort_by_key(far);
        people
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts.choose(&mut self.rng).copied().unwrap_or_default()
    }

    /// Answers a visitor soon, at any hour, unless they had many answers within the last minute.
    fn answers(&mut self, who: usize, action: ColleagueAction, now: Instant) {
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

/// Returns a hash of a text.
fn sum_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
