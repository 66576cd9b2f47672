//! The integration tests, in one binary: the program over the real protocol, and the project's rules.

// These say `cfg(test)`, which always holds here, so that the lints know them for test code.
#[cfg(test)]
mod authority;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod coffee;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod direct_messages;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod drill;
#[cfg(test)]
mod incoming;
#[cfg(test)]
mod kudos;
#[cfg(test)]
mod later;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod pair;
#[cfg(test)]
mod person;
#[cfg(test)]
mod programmes;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod retro;
#[cfg(test)]
mod rota;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod slack;
#[cfg(test)]
mod startup;
#[cfg(test)]
mod store;
#[cfg(test)]
mod support;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod third_party;
#[cfg(test)]
mod ticker;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod toy;
#[cfg(test)]
mod unrecorded;
