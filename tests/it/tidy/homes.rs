//! What has one home: SQL, Slack's wire, the sandbox, and the names of metrics.

use super::{
    Tree,
    code::{code, paths, texts, words},
    example, is_a, is_shipped, none, tree,
};

/// Names that only Slack's wire speaks, as they stand in texts.
const WIRE_NAMES: [&str; 29] = [
    "apps.connections.open",
    "auth.test",
    "block_actions",
    "block_suggestion",
    "chat.delete",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.join",
    "conversations.info",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "conversations.setTopic",
    "mrkdwn",
    "pins.add",
    "url_verification",
    "usergroups.list",
    "usergroups.users",
    "users.info",
    "users.list",
    "view_submission",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
    "x-slack-",
];

fn is_of_the_bot(path: &str) -> bool {
    path.starts_with("src/") && is_shipped(path)
}

/// The words that statements begin with.
const STATEMENTS: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];

/// The word that begins a text, if it begins a statement of SQL.
fn statement(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let first = words.next().filter(|word| STATEMENTS.contains(word))?;
    words.next().map(|_| first)
}

fn sql_elsewhere(tree: &Tree) -> Vec<String> {
    let elsewhere = |path: &str| {
        is_of_the_bot(path)
            && !path.starts_with("src/store/")
            && path != "src/store.rs"
            && !path.ends_with("/store.rs")
            && !path.contains("/store/")
    };
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| elsewhere(path)) {
        let home = "SQL lives in src/store and in files named store.rs, or folders named store";
        if mentions(text, "sqlx") {
            faults.push(format!("{path}: speaks `sqlx`; {home}"));
        }
        for (line, word) in texts(text).iter().filter_map(|(line, text)| Some((line, statement(text)?))) {
            faults.push(format!("{path}:{line}: says `{word} …`; {home}"));
        }
    }
    faults
}

/// What makes a text for people: a call whose first argument is a text.
const SAYERS: [&str; 6] = [
    "Message::new(\"",
    "Markup::from(\"",
    "Failure::refuse(\"",
    "Ran::skipped(\"",
    "with_context(\"",
    "say!(",
];

/// What speaks to operators, and the grammar of schedules, whose refusals quote what they did not understand.
const SPEAKS_ITSELF: [&str; 9] = [
    "src/app.rs",
    "src/cli.rs",
    "src/cli/",
    "src/config.rs",
    "src/config/",
    "src/logging.rs",
    "src/status.rs",
    "src/main.rs",
    "src/model/cadence/",
];

/// Whether a text is a sentence: a capital letter first, several words, and a mark at its end.
fn is_sentence(text: &str) -> bool {
    text.starts_with(char::is_uppercase) && text.contains(' ') && text.ends_with(['.', '?', '!', '…'])
}

/// Rituals, the engine and what rituals share say what people read in their messages alone, so that all of it is found
/// there; and no other part has a sentence among its texts. A demo has what its simulated colleagues type.
fn texts_elsewhere(tree: &Tree) -> Vec<String> {
    let is_silent = |path: &str| {
        is_of_the_bot(path)
            && !path.ends_with("/messages.rs")
            && !path.contains("/messages/")
            && !path.ends_with("/demo.rs")
            && !path.contains("/demo/")
            && !SPEAKS_ITSELF.iter().any(|own| path.starts_with(own))
    };
    let says = |path: &str| {
        ["src/rituals/", "src/ritual/", "src/engine/", "src/common/"]
            .iter()
            .any(|floor| path.starts_with(floor))
    };
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_silent(path)) {
        let text = without_tests(text);
        let sentences: Vec<_> = texts(text).into_iter().filter(|(_, text)| is_sentence(text)).collect();
        for (line, sentence) in &sentences {
            let begin: String = sentence.chars().take(30).collect();
            faults.push(format!("{path}:{line}: \"{begin}…\" is a text for people; it lives in messages"));
        }
        // A long text stands on a line of its own.
        let code: String = code(text, true).split_whitespace().collect();
        let found = |sayer: &&&str| sentences.is_empty() && says(path) && code.contains(**sayer);
        for sayer in SAYERS.iter().filter(found) {
            faults.push(format!("{path}: `{sayer}…` is a text for people; it lives in messages"));
        }
    }
    faults
}

/// The file without the tests at its end, which say what they like.
fn without_tests(text: &str) -> &str {
    &text[..text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len())]
}

fn wire_elsewhere(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_of_the_bot(path) && !path.starts_with("src/slack/"))
    {
        if mentions(text, "slack_morphism") {
            faults.push(format!("{path}: speaks `slack_morphism`, which lives in src/slack"));
        }
        let with_texts = code(text, true);
        let texts = text_parts(&with_texts, &code(text, false));
        for name in WIRE_NAMES.iter().filter(|name| texts.contains(**name)) {
            faults.push(format!("{path}: says `{name}`; the names of Slack's wire live in src/slack"));
        }
    }
    faults
}

/// The code with its texts, where it has any: `users.list` may be a field in code.
fn text_parts(with_texts: &str, without: &str) -> String {
    let lines = with_texts.lines().zip(without.lines());
    lines
        .filter(|(with, without)| with != without)
        .flat_map(|(with, _)| quoted(with))
        .collect::<Vec<_>>()
        .join("\n")
}

fn quoted(line: &str) -> Vec<&str> {
    line.split('"').skip(1).step_by(2).collect()
}

fn crates_that_meet(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree {
        let of_the_cli = path == "src/cli.rs" || path.starts_with("src/cli/");
        if path.starts_with("src/") && !of_the_cli && mentions(text, "slack_sandbox") {
            faults.push(format!("{path}: knows the sandbox; only `demo`, in cli, starts it"));
        }
        if path.starts_with("sandbox/") && is_a(path, "rs") && !paths(&code(text, false), "rondo").is_empty()
        {
            faults.push(format!("{path}: knows the bot; the sandbox knows Slack's protocol alone"));
        }
        if path == "sandbox/Cargo.toml" && text.lines().any(|line| line.trim_start().starts_with("rondo")) {
            faults.push(format!("{path}: depends on the bot; the sandbox knows Slack's protocol alone"));
        }
    }
    faults
}

fn metrics_without_words(tree: &Tree) -> Vec<String> {
    let described = tree.get("src/status.rs").cloned().unwrap_or_default();
    let mut faults = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| is_of_the_bot(path) && *path != "src/status.rs") {
        let code = code(text, true);
        for macro_name in ["counter!(", "gauge!(", "histogram!("] {
            for (at, _) in code.match_indices(macro_name) {
                let name = code[at + macro_name.len()..].trim_start().trim_start_matches('"');
                let name = name.split('"').next().unwrap_or_default();
                if name.starts_with("rondo_") && !described.contains(&format!("\"{name}\"")) {
                    faults.push(format!("{path}: measures `{name}`, which src/status.rs does not describe"));
                }
            }
        }
    }
    faults
}

fn mentions(text: &str, word: &str) -> bool {
    words(&code(text, false)).iter().any(|(_, found)| *found == word)
}

#[test]
fn sql_lives_in_the_store() {
    none(&sql_elsewhere(&tree()));
    assert_eq!(sql_elsewhere(&example([("src/engine/outbox.rs", "use sqlx::Row;")])).len(), 1);
    assert_eq!(sql_elsewhere(&example([("src/rituals/kudos/mod.rs", "fn a() -> sqlx::Error {}")])).len(), 1);
    assert!(sql_elsewhere(&example([("src/rituals/kudos/store.rs", "use sqlx::Row;")])).is_empty());
    assert_eq!(sql_elsewhere(&example([("src/common/people.rs", "use sqlx::Row;")])).len(), 1);
    assert!(sql_elsewhere(&example([("src/common/people/store.rs", "use sqlx::Row;")])).is_empty());
    assert!(sql_elsewhere(&example([("src/store/runs.rs", "use sqlx::Row;")])).is_empty());
}

#[test]
fn sql_in_a_text_is_found() {
    let planted = "fn a(unit: &mut Unit) { unit.run(\"UPDATE gift SET reason = ''\", values![]); }";
    assert_eq!(sql_elsewhere(&example([("src/rituals/kudos/mod.rs", planted)])).len(), 1);
    assert!(sql_elsewhere(&example([("src/rituals/kudos/store/holdings.rs", planted)])).is_empty());
    assert!(sql_elsewhere(&example([("src/rituals/kudos/mod.rs", "// \"UPDATE gift\"")])).is_empty());
    for planted in ["\"\n    SELECT 1\"", "r#\"DELETE FROM gift\"#", "\"WITH a AS (SELECT 1) SELECT 1\""] {
        assert_eq!(sql_elsewhere(&example([("src/rituals/kudos/mod.rs", planted)])).len(), 1, "{planted}");
    }
    assert!(sql_elsewhere(&example([("src/slack/http.rs", "method(\"DELETE\")")])).is_empty());
}

#[test]
fn what_people_read_lives_in_messages() {
    none(&texts_elsewhere(&tree()));
    for planted in [
        "fn a() { Message::new(\"Done.\") }",
        "fn a() { Message::new(\n    \"Done.\",\n) }",
        "fn a() { Err(Failure::refuse(\"No.\")) }",
        "fn a() { say!(\"Hi {}\", you) }",
    ] {
        for path in ["src/rituals/kudos/mod.rs", "src/engine/dispatch.rs", "src/common/people/edit.rs"] {
            assert_eq!(texts_elsewhere(&example([(path, planted)])).len(), 1, "{path}: {planted}");
        }
        assert!(texts_elsewhere(&example([("src/rituals/kudos/messages/mine.rs", planted)])).is_empty());
    }
}

#[test]
fn a_sentence_outside_messages_is_found() {
    let found = |path, planted| texts_elsewhere(&example([(path, planted)]));
    for planted in [
        "const LATE: &str = \"The form is late. Please try again.\";",
        "static LATE: [&str; 1] = [\"Is it late?\"];",
        "fn a() { Message::new(\"It is late.\") }",
        "fn words(self) -> &'static str { \"It could not be \\\n    saved.\" }",
    ] {
        for path in
            ["src/engine/dispatch.rs", "src/store/mod.rs", "src/rituals/kudos/plan.rs", "src/slack/call.rs"]
        {
            assert_eq!(found(path, planted).len(), 1, "{path}: {planted}");
        }
        for path in [
            "src/engine/messages.rs",
            "src/rituals/coffee/messages/moving.rs",
            "src/rituals/kudos/demo.rs",
            "src/config/error.rs",
        ] {
            assert!(found(path, planted).is_empty(), "{path}: {planted}");
        }
    }
    assert_eq!(
        found("src/engine/dispatch.rs", "\nconst LATE: &str = \"It is late.\";"),
        ["src/engine/dispatch.rs:2: \"It is late.…\" is a text for people; it lives in messages"]
    );
    for silent in
        ["tracing::warn!(\"it failed\")", "\"UPDATE a SET b = 'c'\"", "\"Rondo\"", "/// \"It is late.\""]
    {
        assert!(found("src/engine/dispatch.rs", silent).is_empty(), "{silent}");
    }
    assert!(
        found("src/engine/a.rs", "\n#[cfg(test)]\nmod tests {\n    const A: &str = \"It is late.\";\n}")
            .is_empty()
    );
}

#[test]
fn slacks_wire_lives_in_slack() {
    none(&wire_elsewhere(&tree()));
    assert_eq!(wire_elsewhere(&example([("src/engine/outbox.rs", "use slack_morphism::api;")])).len(), 1);
    assert_eq!(wire_elsewhere(&example([("src/engine/outbox.rs", "call(\"chat.postMessage\")")])).len(), 1);
    assert!(
        wire_elsewhere(&example([("src/engine/outbox.rs", "/// `chat.update`\nlet n = users.list;")]))
            .is_empty()
    );
    assert!(wire_elsewhere(&example([("src/slack/client.rs", "call(\"chat.postMessage\")")])).is_empty());
}

#[test]
fn the_bot_and_the_sandbox_know_the_protocol_alone() {
    none(&crates_that_meet(&tree()));
    assert_eq!(crates_that_meet(&example([("src/app.rs", "use slack_sandbox::Sandbox;")])).len(), 1);
    assert_eq!(crates_that_meet(&example([("sandbox/src/web.rs", "use rondo::model;")])).len(), 1);
    assert_eq!(
        crates_that_meet(&example([("sandbox/Cargo.toml", "[dependencies]\nrondo = \"1\"")])).len(),
        1
    );
    assert!(crates_that_meet(&example([("src/cli/demo.rs", "use slack_sandbox::Sandbox;")])).is_empty());
}

#[test]
fn what_is_measured_is_described() {
    none(&metrics_without_words(&tree()));
    let measured = ("src/engine/outbox.rs", "metrics::gauge!(\n    \"rondo_new_total\", \"a\" => b)");
    assert_eq!(metrics_without_words(&example([measured])).len(), 1);
    assert!(
        metrics_without_words(&example([measured, ("src/status.rs", "(\"rondo_new_total\", \"New.\")")]))
            .is_empty()
    );
}
