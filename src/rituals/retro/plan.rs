//! Decides what becomes of a retro: values in, values out.
//!
//! What people said without their names is shown only where enough of them said something ([`Threshold`]), in an order that
//! tells nothing, and never in parts from which a smaller number of people could be told by subtraction.

mod asking;
mod closing;
mod grouping;
mod paging;
mod pulse;
mod recurring;
mod showing;
mod similarity;
mod state;
mod thanking;
mod threshold;
mod vote_time;
mod voting;

pub use self::{
    asking::{Schedule, ask_at, remind_at, schedule},
    closing::{closing, look_at, on_a_weekday},
    grouping::proposed_groups,
    paging::{PagePart, PageRoom, fitting, pages},
    pulse::{HIGHEST, Halves, LOWEST, Parts, Pulse, pulse, pulse_of_parts},
    recurring::{CameUp, MOST_RETROS, ThemeWords, came_up},
    showing::{Answer, Departments, Shown, Verdict, departments, shown, verdict},
    similarity::TokenSet,
    state::{
        Act, Actor, Answered, CannotExtend, Follow, LONGEST_OPEN, Outcome, Refused, State, TooFew, decide,
        extended, may_ask, would_be_missed,
    },
    thanking::{MOST_THANKED, named},
    threshold::Threshold,
    vote_time::{MOST_DISCUSSED, NO_VOTE_UP_TO, VoteTime, voters_needed},
    voting::{Ballot, Budget, Change, MOST_VOTES, Tallied, VoteRefused, tally, top},
};
