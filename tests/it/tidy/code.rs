//! Reads Rust just well enough for the rules: takes comments and texts away, and finds paths.

/// The code without its comments, and without what stands in quotes unless `texts` are wanted. Line
/// breaks stay, so that line numbers hold.
pub fn code(source: &str, texts: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let (length, kept) = piece(rest, letter, out.chars().last());
        let taken = &rest[..length];
        match kept {
            Kept::Code => out.push_str(taken),
            Kept::Text if texts => out.push_str(taken),
            Kept::Text => {
                out.push('"');
                out.extend(taken.chars().filter(|letter| *letter == '\n'));
                out.push('"');
            }
            Kept::Comment => out.extend(taken.chars().filter(|letter| *letter == '\n')),
        }
        rest = &rest[length..];
    }
    out
}

/// The comments of the code, on the lines they stand on.
pub fn comments(source: &str) -> String {
    let mut out = String::new();
    let (mut rest, mut before) = (source, None);
    while let Some(letter) = rest.chars().next() {
        let (length, kept) = piece(rest, letter, before);
        let taken = &rest[..length];
        match kept {
            Kept::Comment => out.push_str(taken),
            Kept::Code | Kept::Text => out.extend(taken.chars().filter(|letter| *letter == '\n')),
        }
        before = taken.chars().last();
        rest = &rest[length..];
    }
    out
}

/// The quoted texts of the code, each with the line that it begins on, counted from 1. A text that is continued on the
/// next line by a backslash is joined.
pub fn texts(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut rest, mut before, mut line) = (source, None, 1);
    while let Some(letter) = rest.chars().next() {
        let (length, kept) = piece(rest, letter, before);
        let taken = &rest[..length];
        if let (Kept::Text, Some(begin), Some(end)) = (kept, taken.find('"'), taken.rfind('"'))
            && begin < end
        {
            let parts = taken[begin + 1..end].split("\\\n").map(str::trim_start);
            found.push((line, parts.collect()));
        }
        line += taken.matches('\n').count();
        before = taken.chars().last();
        rest = &rest[length..];
    }
    found
}

enum Kept {
    Code,
    Text,
    Comment,
}

/// How long the piece at the start of `rest` is, in bytes, and what it is.
fn piece(rest: &str, letter: char, before: Option<char>) -> (usize, Kept) {
    let in_word = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Kept::Comment);
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |at| at + 2), Kept::Comment);
    }
    if letter == '"' {
        return (quoted_length(rest), Kept::Text);
    }
    let hashes =
        rest.strip_prefix('r').map_or(0, |after| after.bytes().take_while(|byte| *byte == b'#').count());
    if letter == 'r' && !in_word && rest[1 + hashes..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(hashes));
        let inner = hashes + 2;
        return (rest[inner..].find(&end).map_or(rest.len(), |at| inner + at + end.len()), Kept::Text);
    }
    if letter == '\'' {
        // A letter in quotes, not a lifetime: `'"'` would otherwise open a text.
        let mut letters = rest.char_indices().skip(1);
        if let Some((_, first)) = letters.next() {
            let closing = if first == '\\' { rest[3..].find('\'').map(|at| at + 4) } else { None };
            let closing =
                closing.or_else(|| letters.next().filter(|(_, next)| *next == '\'').map(|(at, _)| at + 1));
            if let Some(length) = closing {
                return (length, Kept::Text);
            }
        }
    }
    (letter.len_utf8(), Kept::Code)
}

fn quoted_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The words of code, with the line each stands on, counted from 1.
pub fn words(code: &str) -> Vec<(usize, &str)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let lines = code.lines().enumerate();
    lines
        .flat_map(|(at, line)| line.split(move |letter| !is_word(letter)).map(move |word| (at + 1, word)))
        .collect()
}

/// Every path in the code that begins with `start`, such as `crate::store::writer`, as the segments
/// after it. A path that ends in braces gives one for each branch.
pub fn paths(code: &str, start: &str) -> Vec<Vec<String>> {
    let head = format!("{start}::");
    let mut found = Vec::new();
    for (at, _) in code.match_indices(&head) {
        let before = code[..at].chars().next_back();
        if before
            .is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':' || before == '$')
        {
            continue;
        }
        branches(&code[at + head.len()..], &mut Vec::new(), &mut found);
    }
    found
}

/// Follows one path, into its braces where it has some, and returns what comes after it.
fn branches<'a>(rest: &'a str, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            inner = inner.trim_start().trim_start_matches(',').trim_start();
            if let Some(after) = inner.strip_prefix('}') {
                return after;
            }
            let before = inner.len();
            inner = branches(inner, &mut way.clone(), found);
            // What is not a path ends the reading, rather than turning in place.
            if inner.is_empty() || inner.len() == before {
                return inner;
            }
        }
    }
    let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if word.is_empty() {
        found.push(way.clone());
        return after.strip_prefix('*').unwrap_or(after);
    }
    way.push(word.to_owned());
    if let Some(next) = after.strip_prefix("::") {
        return branches(next, way, found);
    }
    found.push(way.clone());
    // `x as y` is one branch.
    let name = after.trim_start().strip_prefix("as ").map(str::trim_start);
    name.map_or(after, |name| {
        name.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_')
    })
}

#[test]
fn comments_and_texts_are_not_code() {
    let source = "let a = \"crate::web // no\"; // crate::web\nlet q = '\"'; /* crate::web */ let r = r#\"a\"b\"#; b('\\'')";
    assert_eq!(code(source, false), "let a = \"\"; \nlet q = \"\";  let r = \"\"; b(\"\")");
    assert!(code(source, true).contains("crate::web // no"));
    assert_eq!(code("fn a<'a>(b: &'a str) {}", false), "fn a<'a>(b: &'a str) {}");
}

#[test]
fn texts_are_found_on_their_lines() {
    let source = "// \"no\"\nlet a = \"one \\\n    two\";\nlet b = ('\"', r#\"th\"ree\"#, \"\");";
    let found = texts(source);
    let found: Vec<(usize, &str)> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(found, [(2, "one two"), (4, "th\"ree"), (4, "")]);
}

#[test]
fn comments_are_found_on_their_lines() {
    assert_eq!(comments("let a = \"// no\"; // one\n/// two\nfn b() {}"), "// one\n/// two\n");
}

#[test]
fn paths_are_followed_into_their_braces() {
    let code =
        "use crate::{model::{clock::Clock, text as words}, store};\nlet a = crate::config::Config::load();";
    let found: Vec<String> = paths(code, "crate").iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["model::clock::Clock", "model::text", "store", "config::Config::load"]);
    assert!(paths("$crate::store; mycrate::store", "crate").is_empty());
}
