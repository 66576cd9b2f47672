//! What colleagues will do: their own rhythm, and what follows from what they hear. Values in, values out.

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

/// What somebody does on a day at most, answers to visitors aside.
pub const MOST_A_DAY: usize = 5;
/// What all do together on a day at most.
const MOST_OF_ALL_A_DAY: usize = 60;
/// Answers to visitors within a minute at most, so that nobody is flooded who writes much.
pub const MOST_ANSWERS: usize = 6;
/// Answers to visitors in one conversation of a few at most, until others have been answered.
const MOST_IN_A_TALK: usize = 3;
/// How soon a visitor is answered, in milliseconds.
pub const ANSWERS: std::ops::Range<i64> = 3_000..20_000;
/// How soon something happens for somebody who comes, in milliseconds, and how much later others join in.
const WELCOMES: std::ops::Range<i64> = 15_000..30_000;
const JOINS_IN: std::ops::Range<i64> = 8_000..25_000;
/// How long somebody counts as having just come.
const WELCOME_LASTS: Duration = Duration::minutes(1);
/// How soon colleagues put an emoji on something, in minutes.
const REACTS: std::ops::Range<i64> = 2..60;
/// How many do so for thanks and for what is said: one of these.
const FOR_KUDOS: [usize; 8] = [0, 1, 1, 2, 2, 2, 3, 4];
const FOR_TALK: [usize; 6] = [0, 0, 1, 1, 1, 2];
/// What was to be done so long ago, such as while all rested, is left.
const TOO_LATE: Duration = Duration::minutes(10);
const ONE_DAY: Duration = Duration::days(1);
/// Of so many visitors' kudos one is answered by an emoji alone.
const OF_KUDOS: u32 = 3;
/// Of so many coffee chats that a visitor starts somebody sits out the first round of one.
const OF_STARTS: u32 = 3;
/// The button that does.
const SKIP: &str = "Skip the first round";
/// Where everybody is.
const EVERYWHERE: &str = "#general";
/// Where somebody starts coffee chats before anybody visits.
const ORGANISER: usize = 0;

/// The life of the company from now on; the same for the same seed, people and what is heard.
pub struct CompanyLife {
    seed: u64,
    colleagues: Vec<Colleague>,
    rng: StdRng,
    /// By instant, and by which was planned first.
    planned: BTreeMap<(Instant, usize), PlannedAction>,
    count: usize,
    /// The first day whose rhythm is not planned yet.
    next_day: NaiveDate,
    /// What is planned for each, and for all, on which day.
    busy: HashMap<(Option<usize>, NaiveDate), usize>,
    /// When visitors were answered lately.
    answered: VecDeque<Instant>,
    /// The conversation of a few in which visitors were answered last, and how often.
    talk: (String, usize),
    /// Since when somebody is acted as.
    visited: Option<Instant>,
}

impl CompanyLife {
    /// A company whose life begins now, with somebody who starts coffee chats.
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

    /// Who works there.
    pub fn colleagues(&self) -> &[Colleague] {
        &self.colleagues
    }

    /// When somebody does something next.
    pub fn next_at(&mut self, now: Instant) -> Option<Instant> {
        // Each day's rhythm is known before it is passed, however far off the next action is.
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

    /// Takes out what is to be done now.
    pub fn due(&mut self, now: Instant) -> Vec<PlannedAction> {
        let later = self.planned.split_off(&(now + Duration::milliseconds(1), 0));
        let due = std::mem::replace(&mut self.planned, later);
        due.into_values().filter(|planned| now - planned.at < TOO_LATE).collect()
    }

    /// Takes in something that was said while these people were acted as.
    pub fn hears(&mut self, heard: &HeardMessage, now: Instant, controlled: &BTreeSet<usize>) {
        if now - heard.at > TOO_LATE {
            return;
        }
        let news = heard.news(&self.colleagues);
        if !matches!(news, HeardNews::Visitor(_)) {
            // What follows is drawn from what was said, so that it is the same whatever else happened before.
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

    /// Takes in who is acted as. Whoever comes into an empty house soon sees that somebody lives there.
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

    /// Some put an emoji on what a colleague said, in their own working hours.
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

    /// Two put an emoji on what is said while somebody has a first look.
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

    /// A visitor has thanked somebody: they say a word, and somebody else is glad, too.
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

    /// A visitor has started coffee chats: some are glad, and one says so.
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

    /// A visitor has said something.
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

    /// Those who are at work first, then those who are up, each in an order of the seed's.
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

    /// Answers a visitor soon, at any hour, unless they were answered a lot just now.
    fn answers(&mut self, who: usize, action: ColleagueAction, now: Instant) {
        self.answered.retain(|at| now - *at < Duration::minutes(1));
        if self.answered.len() < MOST_ANSWERS {
            self.answered.push_back(now);
            let at = now + Duration::milliseconds(self.rng.random_range(ANSWERS));
            self.puts(PlannedAction { at, who, action });
        }
    }

    /// Plans what nobody asked for, unless there is enough of it on that day.
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

/// A number that stands for a text.
fn sum_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
