//! Values that all parts of the sandbox share, most of them public.

pub(crate) mod answer;
pub(crate) mod colleagues;
pub(crate) mod install;
pub(crate) mod people;
pub(crate) mod schedule;
pub(crate) mod shown;
pub(crate) mod steps;
pub(crate) mod traffic;
