//! The directory: who is in the workspace, in each channel and in each group. It is read every night and when something
//! may have been missed; events keep it fresh in between.

mod asked;
mod calls;
mod changes;
mod hearing;
mod hold;
mod lists;
mod readings;

pub use self::{
    asked::{RefreshError, refresh_person},
    changes::{change, told, without_suppressed},
    hearing::Hearing,
    hold::{Hold, LeaseClaim},
    lists::{LOOP as LISTS, Lists, refresh_groups},
    readings::{LOOP as READINGS, Readings},
};
