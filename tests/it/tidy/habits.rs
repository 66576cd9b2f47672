//! Habits of every file: it says what it is for, stays small, and has nothing unfinished in it.

use super::{
    Tree,
    code::{code, comments, words},
    example, is_a, is_shipped, none, tree,
};

const LONGEST_FILE: usize = 400;
/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

/// Put together, so that this file does not find itself.
const UNFINISHED: [&str; 2] = [concat!("todo", "!"), concat!("unimplemented", "!")];
const SILENCED: [&str; 2] = [concat!("#[", "allow"), concat!("#![", "allow")];

/// Words that make a reader translate: a comment says who or what it means.
const MANNERED: [&str; 10] = [
    "anybody",
    "everybody",
    "nobody",
    "somebody",
    "whatever",
    "wherever",
    "whichever",
    "whoever",
    "whom",
    "whomever",
];
/// How many of them 10,000 words of comments may have.
const MOST_MANNERED: usize = 5;

/// The mannered words of all comments, each with its place, where there are more than may be.
fn mannered(tree: &Tree) -> Vec<String> {
    let (mut all, mut faults) = (0, Vec::new());
    for (path, text) in rust(tree) {
        let comments = comments(text);
        for (line, word) in words(&comments).into_iter().filter(|(_, word)| !word.is_empty()) {
            all += 1;
            if MANNERED.contains(&word.to_lowercase().as_str()) {
                faults.push(format!("{path}:{line}: \"{word}\": say who or what it is"));
            }
        }
    }
    if faults.len() * 10_000 > all * MOST_MANNERED { faults } else { Vec::new() }
}

fn rust(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.iter().filter(|(path, _)| is_a(path, "rs")).map(|(path, text)| (path.as_str(), text.as_str()))
}

fn modules_without_purpose(tree: &Tree) -> Vec<String> {
    let mute =
        |text: &str| !text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 10);
    let files = rust(tree).filter(|(_, text)| mute(text));
    files.map(|(path, _)| format!("{path}: begins without a `//!` line that says what it is for")).collect()
}

fn long_files(tree: &Tree) -> Vec<String> {
    let shipped = rust(tree).filter(|(path, _)| is_shipped(path)).map(|(path, text)| {
        // The tests at the end of a file are not shipped.
        let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
        (path, text[..end].lines().count())
    });
    let too_long = shipped.filter(|(path, lines)| {
        *lines > LONGEST_FILE && !LONGER.iter().any(|(longer, reason)| longer == path && !reason.is_empty())
    });
    too_long
        .map(|(path, lines)| {
            format!("{path}: {lines} lines; split it by what it does ({LONGEST_FILE} at most)")
        })
        .collect()
}

fn unfinished(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in rust(tree) {
        let code = code(text, false);
        for (at, line) in code.lines().enumerate() {
            let at = at + 1;
            for name in UNFINISHED.iter().filter(|name| line.contains(**name)) {
                faults.push(format!("{path}:{at}: `{name}` is not finished"));
            }
            for name in SILENCED.iter().filter(|name| line.contains(**name)) {
                faults.push(format!(
                    "{path}:{at}: `{name}` silences a lint; mend it, or expect it with a reason"
                ));
            }
        }
    }
    faults
}

/// Code that behaves otherwise under test is not what was tested. Modules may be for tests alone.
fn flows_that_know_of_tests(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in rust(tree).filter(|(path, _)| is_shipped(path)) {
        let code = code(text, false);
        let lines: Vec<&str> = code.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            let knows = ["cfg!(test", "cfg_attr(test", "not(test"].iter().any(|part| line.contains(part));
            let item = lines[at + 1..].iter().find(|line| !line.is_empty() && !line.starts_with("#["));
            let of_a_module =
                item.is_some_and(|item| item.starts_with("mod ") || item.starts_with("pub mod "));
            if knows || (line.contains("cfg(test") && !of_a_module) {
                faults.push(format!("{path}:{}: what is shipped does not know that it is tested", at + 1));
            }
        }
    }
    faults
}

#[test]
fn every_module_says_what_it_is_for() {
    none(&modules_without_purpose(&tree()));
    assert_eq!(modules_without_purpose(&example([("src/a.rs", "use std::fmt;\n//! Late.")])).len(), 1);
    assert_eq!(modules_without_purpose(&example([("src/a.rs", "")])).len(), 1);
    assert!(modules_without_purpose(&example([("src/a.rs", "//! Says what it is for.\n")])).is_empty());
}

#[test]
fn comments_are_in_plain_words() {
    none(&mannered(&tree()));
    let planted = "//! Tells whoever asks.\n// Nobody is asked.\nfn nobody() { say(\"somebody\") }";
    assert_eq!(
        mannered(&example([("src/a.rs", planted)])),
        ["src/a.rs:1: \"whoever\": say who or what it is", "src/a.rs:2: \"Nobody\": say who or what it is"]
    );
    assert!(mannered(&example([("src/a.rs", "//! Tells the organiser.")])).is_empty());
}

#[test]
fn no_file_is_long() {
    none(&long_files(&tree()));
    let long = "//! Long.\n".repeat(401);
    assert_eq!(long_files(&example([("src/a.rs", &long)])).len(), 1);
    assert!(long_files(&example([("tests/it/a.rs", &long)])).is_empty());
    let tested = format!("//! Short.\n#[cfg(test)]\nmod tests {{\n{long}}}");
    assert!(long_files(&example([("src/a.rs", &tested)])).is_empty());
}

#[test]
fn nothing_is_unfinished_or_silenced() {
    none(&unfinished(&tree()));
    let bad = [UNFINISHED[0], UNFINISHED[1], SILENCED[0], SILENCED[1]].join("()\n");
    assert_eq!(unfinished(&example([("src/a.rs", &bad)])).len(), 4);
    assert!(unfinished(&example([("src/a.rs", &format!("// {}", UNFINISHED[0]))])).is_empty());
}

#[test]
fn what_is_shipped_does_not_know_that_it_is_tested() {
    none(&flows_that_know_of_tests(&tree()));
    for bad in [
        "if cfg!(test) {}",
        "#[cfg(test)]\nfn a() {}",
        "#[cfg(not(test))]\nmod a;",
        "#[cfg(test)]\nlet a = 1;",
    ] {
        assert_eq!(flows_that_know_of_tests(&example([("src/a.rs", bad)])).len(), 1, "{bad}");
    }
    assert!(flows_that_know_of_tests(&example([("src/a.rs", "#[cfg(test)]\nmod tests {}")])).is_empty());
}
