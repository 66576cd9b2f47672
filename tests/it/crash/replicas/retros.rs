//! Retros that close, and votes that end, at the same time in several channels, with three replicas: one is killed after its first
//! post, one is stopped. Each summary is posted once, with every answer and every ballot in it.

use rondo::{
    model::{catch_up::CatchUp, entropy::Entropy, owner::Owner},
    rituals::retro::{
        deck::PromptKind,
        plan::{Ballot, Budget, Change, State, Threshold},
        store,
        theme::Theme,
        values::{AnswerKey, AskedPrompt, Retro, RetroAnswer, Written},
    },
    store::{
        reading::ReadStore,
        runs::{self, NewRun},
    },
};

use super::*;
use crate::crash::PATIENCE_FOR_A_POST;

const CLOSED: &str = ":mirror: The retro is closed.";
const THEMES: &str = ":mirror: *The themes of the retro*";
/// How many themes people vote on.
const CHOICES: usize = 4;

fn retro_id(channel: usize) -> String {
    format!("retro{channel}")
}

fn retro_of(channel: usize, state: State, now: Instant) -> Retro {
    Retro {
        id: retro_id(channel),
        programme: format!("retros{channel}"),
        date: now.date_naive(),
        deck: String::new(),
        state,
        threshold: Threshold::new(3).unwrap(),
        asked: IN_A_CHANNEL,
        opened_at: now - chrono::Duration::days(3),
        closes_at: now,
        is_sorted: state > State::Closed,
        version: 1,
        kept_days: None,
        vote: None,
    }
}

impl Rounds {
    fn members_of(&self, channel: usize) -> Vec<UserId> {
        members(channel).map(|number| self.person(number)).collect()
    }

    /// Adds to a unit a retro of a channel with one anonymous prompt, and the work that is due now.
    fn put_retro(
        &self,
        unit: &mut UnitOfWork,
        retro: &Retro,
        (channel, kind): (usize, &'static str),
        now: Instant,
    ) {
        let organiser = self.person(channel % PEOPLE);
        let place = self.channel(channel);
        let programme = Programme::new(retro.programme.clone(), "retro", place, organiser, None, now);
        programmes::start(unit, &self.team, &programme).unwrap();
        let prompt = AskedPrompt {
            place: "1".to_owned(),
            words: "What should we start doing?".to_owned(),
            kind: PromptKind::Text,
            is_anonymous: true,
            respondents: None,
        };
        store::put_retro(unit, &self.team, retro, &[prompt], &self.members_of(channel));
        let run = NewRun {
            owner: Owner::None,
            ritual: "retro",
            occasion: None,
            kind,
            subject: &retro.id,
            due: Occurrence { at: now, wall: now.naive_utc() },
            late: CatchUp::Within(chrono::Duration::days(1)),
            payload: "",
        };
        runs::put(unit, &self.team, &run, now);
    }

    /// Has retros in all channels that all have answered, and that close now.
    async fn retros_close(&self) {
        let (now, entropy) = (Clock::machine().now(), Entropy::seeded(7));
        let mut unit = UnitOfWork::new();
        for channel in 0..CHANNELS {
            let retro = retro_of(channel, State::Open, now);
            self.put_retro(&mut unit, &retro, (channel, "close"), now);
            let keys: Vec<(String, AnswerKey)> =
                (0..IN_A_CHANNEL).map(|_| ("1".to_owned(), AnswerKey::new(entropy.key()))).collect();
            store::put_slots(&mut unit, &self.team, &retro.id, &keys, || entropy.key());
            for (number, (place, key)) in keys.iter().enumerate() {
                let words = format!("answer {number}");
                let written = Written { words, mark: entropy.key(), room: 0 };
                store::fill(&mut unit, &self.team, (&retro.id, place), key, &written);
            }
        }
        self.store.commit(unit).await.unwrap();
    }

    /// Has votes in all channels in which all have voted, and that end now.
    async fn votes_end(&self) {
        let now = Clock::machine().now();
        let before = now - chrono::Duration::hours(1);
        let mut unit = UnitOfWork::new();
        for channel in 0..CHANNELS {
            let retro = retro_of(channel, State::Revealed, now);
            self.put_retro(&mut unit, &retro, (channel, "votes"), now);
            let answer = |number: usize| RetroAnswer {
                id: format!("{channel}-answer-{number}"),
                place: "1".to_owned(),
                prompt: String::new(),
                user: None,
                words: format!("answer {number}"),
                is_hidden: false,
            };
            store::put_answers(&mut unit, &self.team, &retro.id, (0..CHOICES).map(answer).collect());
            for number in 0..CHOICES {
                let theme = Theme::unnamed(format!("{channel}-theme-{number}"), vec![answer(number)]);
                store::themes::put(&mut unit, &self.team, &retro.id, &theme);
            }
            let budget = Budget::default();
            store::voting::begin(&mut unit, &self.team, &retro, budget.votes(), now);
            for (number, voter) in self.members_of(channel).iter().enumerate() {
                let give = |ballot: Ballot, theme: usize| {
                    ballot.changed(&format!("{channel}-theme-{theme}"), Change::Give, budget).unwrap()
                };
                let ballot = give(give(Ballot::default(), 0), number);
                store::voting::put_ballot(&mut unit, &self.team, (&retro.id, voter), &ballot, before);
            }
        }
        self.store.commit(unit).await.unwrap();
    }

    /// Returns how many messages that begin so the people of each channel read.
    fn summaries(&self, begins: &str) -> Vec<usize> {
        let read = |channel: usize| {
            let reader = members(channel).next().unwrap();
            let place = format!("#{}", load::channel(channel));
            let messages = self.campaign.sandbox.person(&load::name(reader)).reads(&place);
            messages.iter().filter(|message| message.text.starts_with(begins)).count()
        };
        (0..CHANNELS).map(read).collect()
    }

    /// Kills one of three replicas after its first post and stops another; the third one finishes, and the stopped one goes on.
    async fn one_is_killed_while(&self, begins: &str, work: impl AsyncFn()) {
        let replicas = [self.start(), self.start(), self.start()];
        for replica in &replicas {
            replica.ready().await;
        }
        let [killed, stopped, working] = replicas;
        work().await;
        self.campaign.wire.next_post(PATIENCE_FOR_A_POST).await;
        killed.kill();
        stopped.stands_still();
        self.claims_run_out().await;
        self.until("all is posted", async || self.summaries(begins).iter().all(|read| *read > 0)).await;
        stopped.goes_on();
        self.campaign.empty_the_outbox("PostgreSQL, three processes").await;
        assert_eq!(self.summaries(begins), [1; CHANNELS]);
        for bot in [stopped, working] {
            bot.stops_cleanly().await;
        }
    }

    fn reading(&self) -> ReadStore {
        ReadStore::new(self.store.clone(), self.team.clone())
    }

    async fn ends(self) {
        self.store.close().await;
        self.campaign.sandbox.shutdown();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_retro_is_closed_once_with_every_answer() {
    let Some(url) = postgres::fresh_database().await else { return };
    let rounds = Rounds::prepare(Some(url)).await;
    rounds.one_is_killed_while(CLOSED, async || rounds.retros_close().await).await;
    let read = rounds.reading();
    for channel in 0..CHANNELS {
        let id = retro_id(channel);
        let mut kept: Vec<String> =
            store::answers(&read, &id).await.unwrap().into_iter().map(|answer| answer.words).collect();
        kept.sort();
        let expected: Vec<String> = (0..IN_A_CHANNEL).map(|number| format!("answer {number}")).collect();
        assert_eq!(kept, expected, "{id}");
        assert!(store::slots(&read, &id).await.unwrap().is_empty());
        assert_eq!(store::retro(&read, &id).await.unwrap().unwrap().state, State::Closed);
    }
    rounds.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_vote_is_counted_once_with_every_ballot() {
    let Some(url) = postgres::fresh_database().await else { return };
    let rounds = Rounds::prepare(Some(url)).await;
    rounds.one_is_killed_while(THEMES, async || rounds.votes_end().await).await;
    let read = rounds.reading();
    for channel in 0..CHANNELS {
        let id = retro_id(channel);
        let themes = store::themes::grouped(&read, &id).await.unwrap().themes;
        let votes: Vec<u32> = themes.iter().filter_map(|theme| theme.votes).collect();
        // All have given one to the first theme, and each one to another of the four.
        assert_eq!(votes, [5, 1, 1, 1], "{id}");
        assert!(store::voting::ballots(&read, &id).await.unwrap().is_empty());
        assert_eq!(store::retro(&read, &id).await.unwrap().unwrap().state, State::Done);
    }
    for rank in 1..=CHOICES {
        assert_eq!(rounds.summaries(&format!(":mirror: *{rank}. ")), [1; CHANNELS], "{rank}");
    }
    rounds.ends().await;
}
