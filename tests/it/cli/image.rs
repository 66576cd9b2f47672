//! The container image's parts agree with the rest of the project.

use std::{fs, path::Path};

use rondo::config::Environment;

fn read(name: &str) -> String {
    let environment = Environment::of_process();
    let root = environment.get("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(Path::new(root).join(name)).unwrap()
}

fn after<'a>(text: &'a str, before: &str) -> &'a str {
    let at = text.find(before).unwrap_or_else(|| panic!("{before} is missing")) + before.len();
    text[at..].split(|letter: char| !(letter.is_ascii_digit() || letter == '.')).next().unwrap()
}

#[test]
fn one_rust_is_named_everywhere() {
    let (toolchain, cargo, image) = (read("rust-toolchain.toml"), read("Cargo.toml"), read("Dockerfile"));
    let pinned = after(&toolchain, "channel = \"");
    let promised = after(&cargo, "rust-version = \"");
    assert_eq!(after(&image, "FROM rust:"), promised);
    assert!(
        pinned == promised || pinned.starts_with(&format!("{promised}.")),
        "{pinned} is not a {promised}"
    );
}

#[test]
fn examples_publish_no_port() {
    for name in ["Dockerfile", "README.md", "docs/OPERATIONS.md"] {
        let text = read(name);
        let published = text.split_whitespace().collect::<Vec<_>>();
        let is_port =
            |word: &str| word.contains(':') && word.ends_with(|letter: char| letter.is_ascii_digit());
        for pair in
            published.windows(2).filter(|pair| matches!(pair[0], "-p" | "--publish") && is_port(pair[1]))
        {
            assert!(pair[1].starts_with("127.0.0.1:"), "{name}: {} {}", pair[0], pair[1]);
        }
    }
}

#[test]
fn the_image_says_whether_it_has_the_demo() {
    let (image, script) = (read("Dockerfile"), read("scripts/image"));
    assert!(image.contains("\nARG FEATURES=demo\n"), "the usual image has the demo");
    // A stage knows an argument only if it names it.
    let stages = image.split("\nFROM ").skip(1).collect::<Vec<_>>();
    for (at, use_of_it) in
        [(0, "--no-default-features --features \"$FEATURES\""), (1, "rondo.features=\"$FEATURES\"")]
    {
        let (named, used) = (stages[at].find("\nARG FEATURES\n"), stages[at].find(use_of_it));
        assert!(named.is_some() && named < used, "{use_of_it} of stage {at}: {named:?}, {used:?}");
    }
    assert!(script.contains("rondo.features"), "scripts/image compares the label with the program");
}
