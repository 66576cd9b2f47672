# List what can be done.
list:
    @just --list --unsorted

# Everything that must hold before a change is taken.
test:
    scripts/test

# A Slack workspace in a box with the bot in it, in a browser.
demo *arguments:
    cargo run --release -- demo {{arguments}}

# Build the container image and try it out.
image *arguments:
    scripts/image {{arguments}}

# Take the pictures of the README anew.
pictures:
    cargo test --test it browser::pictures
    cp target/screenshots/rituals.png docs/demo.png

# Each figure beside that of its plain alternative.
bench:
    cargo bench

# Kill the running bot so many times on each store and look for losses and doubles.
crash kills="20":
    RONDO_CRASH_KILLS={{kills}} cargo test --release --test it crash -- --nocapture

# Formatting and lints alone.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# The documentation of every module, private ones too.
doc:
    cargo doc --workspace --no-deps --document-private-items --open
