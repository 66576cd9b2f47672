//! Parses the arguments and hands over to [`rondo::cli`]; there is no logic here.

use std::process::ExitCode;

fn main() -> ExitCode {
    rondo::cli::main(std::env::args_os(), rondo::rituals::ALL)
}
