//! The workspace from outside: who is in it, what time it is, who acts by themselves, what goes wrong.

pub(crate) mod faults;
pub(crate) mod population;
pub(crate) mod sandbox;
pub(crate) mod simulation;
pub(crate) mod steps;
pub(crate) mod time_travel;
