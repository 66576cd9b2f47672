//! Who is in the workspace, in a channel, in a group: read when something may have been missed and every night, kept fresh by
//! events between.

mod asked;
mod calls;
mod changes;
mod hearing;
mod hold;
mod lists;
mod readings;

pub use self::{
    asked::{RefreshError, refresh_person},
    changes::{change, without_suppressed},
    hearing::Hearing,
    hold::{Hold, LeaseClaim},
    lists::{LOOP as LISTS, Lists, refresh_groups},
    readings::{LOOP as READINGS, Readings},
};
