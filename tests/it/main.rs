//! The integration tests, in one binary: the shipped program over the real protocol, and the house's rules.

// It says `cfg(test)`, which always holds here, so that the lints know it for test code.
#[cfg(test)]
mod support;
