//! `rondo demo` in a build without the feature `demo`: it says so, and how to get one that has it.

use std::{
    ffi::OsString,
    future::{Ready, ready},
    process::ExitCode,
};

use clap::Args;

use super::{Ended, Signals};
use crate::ritual::Registration;

/// Takes any arguments of the demo, so that all of them get the same answer.
#[derive(Args)]
pub(super) struct Options {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _of_the_demo: Vec<OsString>,
}

/// Answers at once; a future, like the demo's own.
pub(super) fn run(_: Options, _: &'static [Registration], _: &Signals) -> Ready<Result<ExitCode, Ended>> {
    ready(Err(Ended::Usage(
        "this rondo was built without its demo: build one with `cargo build --release`, or take the image that has it"
            .to_owned(),
    )))
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches as _};

    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options, clap::Error> {
        let command = Options::augment_args(Command::new("demo"));
        let matches = command.try_get_matches_from([&["demo"], arguments].concat())?;
        Options::from_arg_matches(&matches)
    }

    #[tokio::test]
    async fn a_missing_demo_is_said() {
        let signals = Signals::listen().unwrap();
        for arguments in [&[][..], &["--port", "4000"], &["--listen", "0.0.0.0", "--headless"]] {
            let options = parsed(arguments).unwrap();
            let Err(Ended::Usage(line)) = run(options, &[], &signals).await else {
                panic!("{arguments:?} is no mistake");
            };
            assert!(line.contains("built without its demo"), "{line}");
            assert!(line.contains("cargo build --release"), "{line}");
        }
        assert_eq!(parsed(&["--help"]).err().map(|help| help.exit_code()), Some(0));
    }
}
