//! The states of a retro: what may be done in each, by which people, and what follows.

use std::collections::BTreeSet;

use chrono::Duration;

use super::threshold::Threshold;
use crate::model::clock::Instant;

/// The longest time for which a retro may be open, all extensions included.
pub const LONGEST_OPEN: Duration = Duration::days(28);
/// How many people a retro has at least.
const FEWEST_PEOPLE: usize = 2;

/// Where a retro stands. It only goes forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// People were asked, and answer.
    Open,
    /// No answer changes any more. Anonymous ones have lost what belonged to a person.
    Closed,
    /// An organiser has before them what will be shown, and can hide and group answers.
    Checked,
    /// All people who were asked see the answers.
    Revealed,
    /// They vote, and no one sees another's votes.
    Voting,
    /// The top themes are known.
    Done,
    /// It was called off, and nothing of it is shown.
    Cancelled,
}

impl State {
    /// All states, in their order.
    pub const ALL: [State; 7] = [
        State::Open,
        State::Closed,
        State::Checked,
        State::Revealed,
        State::Voting,
        State::Done,
        State::Cancelled,
    ];

    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Closed => "closed",
            State::Checked => "checked",
            State::Revealed => "revealed",
            State::Voting => "voting",
            State::Done => "done",
            State::Cancelled => "cancelled",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing can happen to it any more.
    pub fn is_over(self) -> bool {
        matches!(self, State::Done | State::Cancelled)
    }

    /// Whether the votes are shown.
    pub fn shows_votes(self) -> bool {
        self == State::Done
    }
}

/// What can be done to a retro.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A person answers, or changes or withdraws an answer.
    Answer,
    /// More time is given.
    Extend,
    /// It closes: an organiser wants it now, or its time is over.
    Close,
    /// What will be shown is looked at.
    Check,
    /// An answer is hidden, or shown again, before the reveal or after it.
    Hide,
    /// Answers are put together as themes.
    Group,
    /// The answers are shown.
    Reveal,
    BeginVoting,
    /// A person gives a vote to a theme, or takes one back.
    Vote,
    /// The votes are counted: an organiser wants it now, or their time is over.
    EndVoting,
    /// It ends without a vote.
    Finish,
    /// It ends since nothing of it may be shown.
    EndUnshown,
    Cancel,
}

impl Act {
    /// All acts.
    pub const ALL: [Act; 13] = [
        Act::Answer,
        Act::Extend,
        Act::Close,
        Act::Check,
        Act::Hide,
        Act::Group,
        Act::Reveal,
        Act::BeginVoting,
        Act::Vote,
        Act::EndVoting,
        Act::Finish,
        Act::EndUnshown,
        Act::Cancel,
    ];

    /// The states in which it may be done.
    fn states(self) -> &'static [State] {
        match self {
            Act::Answer | Act::Extend | Act::Close => &[State::Open],
            Act::Check | Act::EndUnshown => &[State::Closed],
            // A programme that is stopped takes its retro along, whose answers stay in the channel.
            Act::Hide => &[State::Checked, State::Revealed, State::Voting, State::Done, State::Cancelled],
            Act::Reveal => &[State::Checked],
            Act::Group => &[State::Checked, State::Revealed],
            Act::BeginVoting | Act::Finish => &[State::Revealed],
            Act::Vote | Act::EndVoting => &[State::Voting],
            Act::Cancel => &[State::Open, State::Closed, State::Checked, State::Revealed, State::Voting],
        }
    }

    /// The state that it leads to, if it leads on.
    fn leads_to(self) -> Option<State> {
        match self {
            Act::Answer | Act::Extend | Act::Hide | Act::Group | Act::Vote => None,
            Act::Close => Some(State::Closed),
            Act::Check => Some(State::Checked),
            Act::Reveal => Some(State::Revealed),
            Act::BeginVoting => Some(State::Voting),
            Act::EndVoting | Act::Finish | Act::EndUnshown => Some(State::Done),
            Act::Cancel => Some(State::Cancelled),
        }
    }

    fn may_be_done_by(self, by: Actor) -> bool {
        match self {
            Act::Answer | Act::Vote => by.was_asked(),
            Act::EndUnshown => by == Actor::Run,
            // A retro that is left lying, or whose programme ends, is called off by a run.
            Act::Close | Act::EndVoting | Act::Finish | Act::Cancel => by.is_organiser() || by == Actor::Run,
            Act::Extend | Act::Check | Act::Hide | Act::Group | Act::Reveal | Act::BeginVoting => {
                by.is_organiser()
            }
        }
    }

    fn follows(self) -> Option<Follow> {
        match self {
            Act::Answer | Act::Hide | Act::Group | Act::Vote => None,
            Act::Extend => Some(Follow::TellNewEnd),
            Act::Close => Some(Follow::SealAnswers),
            Act::Check => Some(Follow::ShowToOrganiser),
            Act::Reveal => Some(Follow::ShowAnswers),
            Act::BeginVoting => Some(Follow::AskForVotes),
            Act::EndVoting => Some(Follow::ShowThemes),
            Act::Finish => Some(Follow::TellEnd),
            Act::EndUnshown => Some(Follow::TellUnshown),
            Act::Cancel => Some(Follow::TellCancelled),
        }
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Organiser {
        was_asked: bool,
    },
    /// A person who was asked and doesn't organise the retro.
    Asked,
    /// Another person.
    Stranger,
    /// A run that is due.
    Run,
}

impl Actor {
    fn was_asked(self) -> bool {
        matches!(self, Actor::Asked | Actor::Organiser { was_asked: true })
    }

    fn is_organiser(self) -> bool {
        matches!(self, Actor::Organiser { .. })
    }
}

/// What is to be done after an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// All who were asked hear until when they can answer.
    TellNewEnd,
    /// The answers are copied without what belongs to a person, what was there is wiped, and the organisers are told.
    SealAnswers,
    ShowToOrganiser,
    ShowAnswers,
    AskForVotes,
    ShowThemes,
    TellEnd,
    /// All who were asked hear that too few answered.
    TellUnshown,
    /// All who were asked hear that nothing will be shown. The answers are wiped.
    TellCancelled,
}

/// What comes of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The state afterwards; often the same.
    pub state: State,
    pub follows: Option<Follow>,
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Others may do it.
    NotTheirs,
    /// Something has to come first.
    TooEarly,
    /// The retro has gone on, or is over.
    TooLate,
}

/// Decides whether an act may be done in a state, and what comes of it. A person who may not do it at all hears so,
/// in any state.
pub fn decide(state: State, act: Act, by: Actor) -> Result<Outcome, Refused> {
    if !act.may_be_done_by(by) {
        return Err(Refused::NotTheirs);
    }
    let states = act.states();
    if !states.contains(&state) {
        let is_ahead = states.iter().any(|allowed| state < *allowed);
        return Err(if is_ahead { Refused::TooEarly } else { Refused::TooLate });
    }
    Ok(Outcome { state: act.leads_to().unwrap_or(state), follows: act.follows() })
}

/// Why the time cannot be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotExtend {
    /// The new end is no later.
    NotLater,
    /// It would be open for too long; until when it can be.
    TooLong(Instant),
}

/// Decides whether an open retro may close at a new end.
pub fn extended(opened: Instant, closes: Instant, new_end: Instant) -> Result<Instant, CannotExtend> {
    let last = opened + LONGEST_OPEN;
    match new_end {
        _ if new_end <= closes => Err(CannotExtend::NotLater),
        _ if new_end > last => Err(CannotExtend::TooLong(last)),
        _ => Ok(new_end),
    }
}

/// A prompt while a retro is open, and how many people have answered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub is_anonymous: bool,
    /// Counted by key: a person has one for each prompt.
    pub people: usize,
}

/// Returns the numbers of the anonymous prompts that would not be shown if the retro closed now, counted from 0. How many
/// people are missing is not told, and it's for an instant that was planned when people were asked, not for any that an organiser
/// chooses: a person who watches could tell who answered when.
pub fn would_be_missed(prompts: &[Answered], threshold: Threshold) -> BTreeSet<usize> {
    let is_missed = |prompt: &Answered| prompt.is_anonymous && !threshold.is_met_by(prompt.people);
    prompts.iter().enumerate().filter(|(_, prompt)| is_missed(prompt)).map(|(number, _)| number).collect()
}

/// A retro would ask too few people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    /// How many can be asked.
    pub people: usize,
    /// How many it takes.
    pub needed: usize,
    /// Whether it could be held if each prompt was named.
    pub could_be_named: bool,
}

/// Decides before a person is asked whether so many people are enough.
pub fn may_ask(people: usize, has_anonymous_prompt: bool, threshold: Threshold) -> Result<(), TooFew> {
    let needed = if has_anonymous_prompt { threshold.people() } else { FEWEST_PEOPLE };
    if people >= needed {
        return Ok(());
    }
    Err(TooFew { people, needed, could_be_named: has_anonymous_prompt && people >= FEWEST_PEOPLE })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ORGANISER: Actor = Actor::Organiser { was_asked: true };

    fn done(state: State, acts: &[(Act, Actor)]) -> Result<State, Refused> {
        acts.iter().try_fold(state, |state, (act, by)| decide(state, *act, *by).map(|outcome| outcome.state))
    }

    #[test]
    fn a_retro_goes_from_open_to_done() {
        let acts = [
            (Act::Answer, Actor::Asked),
            (Act::Extend, ORGANISER),
            (Act::Close, Actor::Run),
            (Act::Check, ORGANISER),
            (Act::Hide, ORGANISER),
            (Act::Group, ORGANISER),
            (Act::Reveal, ORGANISER),
            (Act::Group, ORGANISER),
            (Act::BeginVoting, ORGANISER),
            (Act::Vote, Actor::Asked),
            (Act::EndVoting, Actor::Run),
        ];
        assert_eq!(done(State::Open, &acts), Ok(State::Done));
    }

    #[test]
    fn an_answer_after_the_close_is_too_late() {
        for state in State::ALL.into_iter().filter(|state| *state != State::Open) {
            assert_eq!(decide(state, Act::Answer, Actor::Asked), Err(Refused::TooLate), "{state:?}");
        }
    }

    #[test]
    fn answers_are_shown_only_after_a_check() {
        assert_eq!(decide(State::Open, Act::Reveal, ORGANISER), Err(Refused::TooEarly));
        assert_eq!(decide(State::Closed, Act::Reveal, ORGANISER), Err(Refused::TooEarly));
        assert_eq!(
            decide(State::Checked, Act::Reveal, ORGANISER).unwrap().follows,
            Some(Follow::ShowAnswers)
        );
    }

    #[test]
    fn the_second_of_two_reveals_is_too_late() {
        assert_eq!(
            done(State::Checked, &[(Act::Reveal, ORGANISER), (Act::Reveal, ORGANISER)]),
            Err(Refused::TooLate)
        );
    }

    #[test]
    fn an_answer_can_be_hidden_once_it_is_read() {
        assert_eq!(decide(State::Closed, Act::Hide, ORGANISER), Err(Refused::TooEarly));
        for state in [State::Checked, State::Revealed, State::Voting, State::Done] {
            assert_eq!(decide(state, Act::Hide, ORGANISER), Ok(Outcome { state, follows: None }));
            assert_eq!(decide(state, Act::Hide, Actor::Asked), Err(Refused::NotTheirs));
        }
    }

    #[test]
    fn organisers_who_were_not_asked_dont_answer() {
        let outsider = Actor::Organiser { was_asked: false };
        assert_eq!(decide(State::Open, Act::Answer, outsider), Err(Refused::NotTheirs));
        assert_eq!(decide(State::Voting, Act::Vote, outsider), Err(Refused::NotTheirs));
        assert!(decide(State::Open, Act::Close, outsider).is_ok());
    }

    #[test]
    fn a_close_and_an_extension_are_for_organisers() {
        for act in [Act::Close, Act::Extend, Act::Cancel] {
            assert_eq!(decide(State::Open, act, Actor::Asked), Err(Refused::NotTheirs), "{act:?}");
        }
        let outcome = decide(State::Open, Act::Extend, ORGANISER).unwrap();
        assert_eq!(outcome, Outcome { state: State::Open, follows: Some(Follow::TellNewEnd) });
        assert_eq!(decide(State::Open, Act::Extend, Actor::Run), Err(Refused::NotTheirs));
    }

    #[test]
    fn a_retro_of_too_few_answers_ends_by_itself() {
        let outcome = decide(State::Closed, Act::EndUnshown, Actor::Run).unwrap();
        assert_eq!(outcome, Outcome { state: State::Done, follows: Some(Follow::TellUnshown) });
        assert_eq!(decide(State::Closed, Act::EndUnshown, ORGANISER), Err(Refused::NotTheirs));
        assert_eq!(decide(State::Checked, Act::EndUnshown, Actor::Run), Err(Refused::TooLate));
    }

    #[test]
    fn votes_are_shown_at_the_end_alone() {
        let shown = State::ALL.into_iter().filter(|state| state.shows_votes());
        assert_eq!(shown.collect::<Vec<_>>(), [State::Done]);
    }

    #[test]
    fn a_retro_is_open_for_four_weeks_at_most() {
        let opened: Instant = "2026-01-05T09:00:00Z".parse().unwrap();
        let day = |days| opened + Duration::days(days);
        assert_eq!(extended(opened, day(3), day(5)), Ok(day(5)));
        assert_eq!(extended(opened, day(3), day(3)), Err(CannotExtend::NotLater));
        assert_eq!(extended(opened, day(3), day(29)), Err(CannotExtend::TooLong(day(28))));
    }

    #[test]
    fn only_anonymous_prompts_can_be_missed() {
        let prompt = |is_anonymous, people| Answered { is_anonymous, people };
        let prompts = [prompt(true, 5), prompt(true, 4), prompt(false, 0), prompt(true, 0)];
        assert_eq!(would_be_missed(&prompts, Threshold::default()), BTreeSet::from([1, 3]));
    }

    #[test]
    fn too_few_people_are_not_asked_without_their_names() {
        let threshold = Threshold::default();
        assert_eq!(may_ask(5, true, threshold), Ok(()));
        assert_eq!(may_ask(4, true, threshold), Err(TooFew { people: 4, needed: 5, could_be_named: true }));
        assert_eq!(may_ask(1, true, threshold), Err(TooFew { people: 1, needed: 5, could_be_named: false }));
        assert_eq!(may_ask(2, false, threshold), Ok(()));
        assert_eq!(may_ask(1, false, threshold), Err(TooFew { people: 1, needed: 2, could_be_named: false }));
    }

    #[test]
    fn stored_words_of_states_stay() {
        let words = State::ALL.map(State::as_str);
        assert_eq!(words, ["open", "closed", "checked", "revealed", "voting", "done", "cancelled"]);
        assert!(State::ALL.into_iter().all(|state| State::parse(state.as_str()) == Some(state)));
        assert_eq!(State::parse("Open"), None);
    }

    fn actor() -> impl Strategy<Value = Actor> {
        prop::sample::select(vec![
            ORGANISER,
            Actor::Organiser { was_asked: false },
            Actor::Asked,
            Actor::Stranger,
            Actor::Run,
        ])
    }

    proptest! {
        #[test]
        fn a_retro_never_goes_back(acts in prop::collection::vec((prop::sample::select(Act::ALL.to_vec()), actor()), 0..60)) {
            let mut state = State::Open;
            for (act, by) in acts {
                if let Ok(outcome) = decide(state, act, by) {
                    prop_assert!(outcome.state >= state && (!state.is_over() || act == Act::Hide) && by != Actor::Stranger);
                    prop_assert!(outcome.state == State::Cancelled || outcome.state < State::Revealed || state >= State::Closed);
                    // What leads on can be done once.
                    prop_assert!(outcome.state == state || decide(outcome.state, act, by).is_err());
                    state = outcome.state;
                }
            }
        }

        #[test]
        fn organisers_can_always_bring_it_to_an_end(state in prop::sample::select(State::ALL.to_vec())) {
            prop_assert_eq!(decide(state, Act::Cancel, ORGANISER).is_ok(), !state.is_over());
            let goes_on = Act::ALL.into_iter().any(|act| decide(state, act, ORGANISER).is_ok_and(|outcome| outcome.state > state));
            prop_assert_eq!(goes_on, !state.is_over());
        }
    }
}
