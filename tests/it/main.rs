//! The integration tests, in one binary: the shipped program over the real protocol, and the house's rules.

// These say `cfg(test)`, which always holds here, so that the lints know them for test code.
#[cfg(test)]
mod kudos;
#[cfg(test)]
mod pair;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tidy;
