//! Compares the coffee planner with a plain shuffle: time, repeats, the shortest gap and meetings across departments.

use std::{collections::HashMap, hint::black_box, process::ExitCode, time::Instant};

use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use rondo::{
    model::people::UserId,
    rituals::coffee::plan::{Participant, RoundInput, pair},
};

/// The share of people in each of eight departments, in percent.
const DEPARTMENTS: [(&str, usize); 8] = [
    ("Engineering", 30),
    ("Sales", 20),
    ("Support", 15),
    ("Marketing", 10),
    ("Design", 10),
    ("Finance", 5),
    ("People", 5),
    ("Legal", 5),
];
/// Numbers of people and of rounds.
const CASES: [(usize, usize); 6] = [(20, 19), (20, 38), (50, 26), (200, 26), (1_000, 26), (5_000, 26)];
/// Runs of each case, each with its own seed.
const SEEDS: u64 = 5;

/// A way to make a round.
type Planner = fn(&RoundInput, u64) -> Vec<Vec<UserId>>;

/// The totals of a run of rounds.
#[derive(Default)]
struct Tally {
    seconds: Vec<f64>,
    pairs: usize,
    repeats: usize,
    groups: usize,
    across: usize,
    shortest_gap: Option<usize>,
}

fn main() -> ExitCode {
    let mut out = String::new();
    out.push_str(
        "people  rounds  planner  median ms  slowest ms  repeats  shortest gap  across departments\n",
    );
    for (people, rounds) in CASES {
        for (name, planner) in [("rondo", ours as Planner), ("shuffle", shuffled)] {
            let mut tally = Tally::default();
            for seed in 0..SEEDS {
                tally.play(people, rounds, seed, planner);
            }
            out.push_str(&tally.line(people, rounds, name));
        }
    }
    match std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn ours(input: &RoundInput, seed: u64) -> Vec<Vec<UserId>> {
    pair(input, seed).groups
}

/// The method of many bots: shuffle, then take two at a time.
fn shuffled(input: &RoundInput, seed: u64) -> Vec<Vec<UserId>> {
    let mut people: Vec<UserId> = input.members.iter().map(|member| member.id.clone()).collect();
    people.shuffle(&mut StdRng::seed_from_u64(seed));
    people.chunks(2).map(<[UserId]>::to_vec).collect()
}

fn members(people: usize) -> Vec<Participant> {
    let share = |at: usize| {
        DEPARTMENTS
            .iter()
            .scan(0, |sum, (name, percent)| {
                *sum += percent;
                Some((*name, *sum))
            })
            .find(|(_, sum)| at * 100 < sum * people)
            .map(|(name, _)| name.to_owned())
    };
    (0..people)
        .map(|at| Participant {
            id: UserId(format!("U{at:05}")),
            department: share(at),
            utc_offset_minutes: None,
        })
        .collect()
}

impl Tally {
    /// Plays this many rounds, each with the earlier ones as its history.
    fn play(&mut self, people: usize, rounds: usize, seed: u64, planner: Planner) {
        let mut input =
            RoundInput { members: members(people), history: Vec::new(), apart: Vec::new(), size: 2 };
        let departments: HashMap<UserId, Option<String>> =
            input.members.iter().map(|member| (member.id.clone(), member.department.clone())).collect();
        let mut last: HashMap<(UserId, UserId), usize> = HashMap::new();
        for round in 0..rounds {
            let began = Instant::now();
            let groups = black_box(planner(black_box(&input), seed * 1_000 + round as u64));
            self.seconds.push(began.elapsed().as_secs_f64());
            for group in &groups {
                let mut names: Vec<&UserId> = group.iter().collect();
                names.sort();
                self.groups += 1;
                self.across +=
                    usize::from(names.iter().any(|name| departments[*name] != departments[names[0]]));
                for (at, one) in names.iter().enumerate() {
                    for other in &names[at + 1..] {
                        self.pairs += 1;
                        if let Some(before) = last.insert(((*one).clone(), (*other).clone()), round) {
                            self.repeats += 1;
                            let gap = round - before;
                            self.shortest_gap = Some(self.shortest_gap.map_or(gap, |known| known.min(gap)));
                        }
                    }
                }
            }
            input.history.push(groups);
        }
    }

    fn line(&mut self, people: usize, rounds: usize, name: &str) -> String {
        self.seconds.sort_by(f64::total_cmp);
        let median = self.seconds[self.seconds.len() / 2] * 1e3;
        let slowest = self.seconds[self.seconds.len() - 1] * 1e3;
        let gap = self.shortest_gap.map_or_else(|| "none".to_owned(), |gap| gap.to_string());
        let share = |part: usize, whole: usize| {
            let tenths = (1_000 * part + whole / 2) / whole.max(1);
            format!("{}.{} %", tenths / 10, tenths % 10)
        };
        let (repeats, across) = (share(self.repeats, self.pairs), share(self.across, self.groups));
        format!(
            "{people:>6}  {rounds:>6}  {name:<7}  {median:>9.2}  {slowest:>10.2}  {repeats:>7}  {gap:>12}  {across:>18}\n"
        )
    }
}
