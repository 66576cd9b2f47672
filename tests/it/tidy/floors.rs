//! The import law of both crates: everything has a floor, and imports run downwards.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Tree,
    code::{code, paths},
    example, none, tree,
};

/// A crate, with the law of its imports.
struct Crate {
    /// The folder of its sources, with a slash at the end.
    folder: &'static str,
    /// Its name in the paths of its own program.
    name: &'static str,
    /// The floors from the top, with the modules that live on each.
    floors: &'static [&'static [&'static str]],
    /// Modules that do not know the other, though they do not live below it.
    strangers: &'static [(&'static str, &'static str)],
}

const BOT: Crate = Crate {
    folder: "src/",
    name: "rondo",
    floors: &[
        &["main", "cli", "app"],
        &["config", "manifest", "engine", "status", "logging"],
        &["rituals"],
        &["common"],
        &["ritual"],
        &["slack", "store"],
        &["model"],
    ],
    strangers: &[("store", "slack"), ("slack", "store"), ("common", "slack"), ("ritual", "slack")],
};

const SANDBOX: Crate = Crate {
    folder: "sandbox/src/",
    name: "slack_sandbox",
    floors: &[
        &["main", "start"],
        &["server"],
        &["page"],
        &["control"],
        &["acts", "api"],
        &["deliver"],
        &["hub"],
        &["workspace"],
        &["types"],
        &["base"],
    ],
    strangers: &[("acts", "api"), ("api", "acts")],
};

/// What values and their words never touch: they neither wait nor keep nor call.
const EFFECTS: [&str; 5] = ["tokio", "sqlx", "reqwest", "slack_morphism", "hyper"];
const EFFECTFUL: [&str; 3] = ["store", "config", "app"];
/// The parts of a slice that take values and give values, each a file with a folder of its name beside it.
const PURE: [&str; 4] = ["plan", "messages", "request", "demo"];
/// The two files that exist in order to touch one such thing.
const WRAPPERS: [&str; 2] = ["src/model/clock.rs", "src/model/entropy.rs"];

impl Crate {
    fn floor(&self, module: &str) -> Option<usize> {
        self.floors.iter().position(|modules| modules.contains(&module))
    }

    /// `src/rituals/kudos/mod.rs` → `[rituals, kudos]`.
    fn module_of<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let inner = path.strip_prefix(self.folder)?.strip_suffix(".rs")?;
        let mut module: Vec<&str> = inner.split('/').collect();
        if module.last() == Some(&"mod") {
            module.pop();
        }
        Some(module)
    }

    /// Its files. The root, which only lists the modules, imports nothing.
    fn files<'t>(&self, tree: &'t Tree) -> Vec<File<'t>> {
        let files = tree.iter().filter_map(|(path, text)| Some((path.as_str(), self.module_of(path)?, text)));
        files
            .filter(|(_, module, _)| module[..] != ["lib"])
            .map(|(path, module, text)| {
                let code = code(text, false);
                let mut imports = paths(&code, "crate");
                if module[..] == ["main"] {
                    imports.extend(paths(&code, self.name));
                }
                imports.extend(paths(&code, "super").into_iter().map(|way| from_super(&module, &way)));
                File { path, module, imports }
            })
            .collect()
    }
}

/// A file of a crate.
struct File<'a> {
    path: &'a str,
    module: Vec<&'a str>,
    /// What it imports, as paths from the crate's root.
    imports: Vec<Vec<String>>,
}

/// `super::…` as seen from the crate's root.
fn from_super(module: &[&str], way: &[String]) -> Vec<String> {
    let ups = 1 + way.iter().take_while(|segment| *segment == "super").count();
    let base = &module[..module.len().saturating_sub(ups)];
    base.iter().map(|segment| (*segment).to_owned()).chain(way[ups - 1..].iter().cloned()).collect()
}

fn upward_imports(of: &Crate, tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for File { path, module, imports } in of.files(tree) {
        let Some(here) = of.floor(module[0]) else {
            faults.push(format!("{path}: `{}` has no floor; give it one in `floors`", module[0]));
            continue;
        };
        for target in &imports {
            let there = target.first().map_or("", String::as_str);
            if of.floor(there).is_some_and(|there| there < here) {
                faults.push(format!("{path}: imports `{there}`, which lives on a floor above"));
            }
            if of.strangers.contains(&(module[0], there)) {
                faults.push(format!("{path}: `{}` and `{there}` do not know each other", module[0]));
            }
        }
    }
    faults
}

/// Imports of names that the root gives on.
fn imports_of_the_root(of: &Crate, tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for File { path, imports, .. } in of.files(tree).into_iter().filter(|file| file.module[..] != ["main"]) {
        let names = imports.iter().filter_map(|target| target.first());
        for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
            faults.push(format!(
                "{path}: imports `{name}` from the root; import it from the module it lives in"
            ));
        }
    }
    faults
}

fn circles(of: &Crate, tree: &Tree) -> Vec<String> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for File { module, imports, .. } in of.files(tree) {
        let targets =
            imports.iter().filter_map(|target| target.first().filter(|name| of.floor(name).is_some()));
        let targets = targets.filter(|name| *name != module[0]).cloned();
        edges.entry(module[0].to_owned()).or_default().extend(targets);
    }
    // What imports nothing that is left cannot be part of a circle.
    loop {
        let done: Vec<String> = edges
            .iter()
            .filter(|(_, targets)| !targets.iter().any(|name| edges.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        if done.is_empty() {
            break;
        }
        edges.retain(|name, _| !done.contains(name));
    }
    if edges.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = edges.keys().map(String::as_str).collect();
    vec![format!("these modules import one another in a circle: {}", names.join(", "))]
}

/// The file in which a path from the crate's root ends: the longest part of it that names a module.
fn file_of<'f>(by_module: &BTreeMap<Vec<&'f str>, &'f str>, target: &[String]) -> Option<&'f str> {
    (1..=target.len()).rev().find_map(|length| {
        let module: Vec<&str> = target[..length].iter().map(String::as_str).collect();
        by_module.get(&module).copied()
    })
}

/// The files that stand on circles of imports or between two of them, with what they import of one another. A file that
/// imports from the folder of its own name is the face of that folder: what it takes from there does not count.
fn files_in_circles<'t>(of: &Crate, tree: &'t Tree) -> BTreeMap<&'t str, BTreeSet<&'t str>> {
    let files = of.files(tree);
    let by_module: BTreeMap<Vec<&str>, &str> =
        files.iter().map(|file| (file.module.clone(), file.path)).collect();
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for File { path, module, imports } in &files {
        let targets = imports.iter().filter(|target| {
            let is_below = target.len() > module.len() && target.iter().zip(module).all(|(a, b)| a == b);
            !is_below
        });
        let targets =
            targets.filter_map(|target| file_of(&by_module, target)).filter(|target| target != path);
        edges.entry(path).or_default().extend(targets);
    }
    // What nothing is left to import, or what imports nothing that is left, is on no circle.
    loop {
        let before = edges.len();
        let imported: BTreeSet<&str> = edges.values().flatten().copied().collect();
        edges.retain(|path, _| imported.contains(path));
        let left: BTreeSet<&str> = edges.keys().copied().collect();
        edges.retain(|_, targets| {
            targets.retain(|target| left.contains(target));
            !targets.is_empty()
        });
        if edges.len() == before {
            return edges;
        }
    }
}

/// A circle of files that import one another, if there is any.
fn circles_of_files(of: &Crate, tree: &Tree) -> Vec<String> {
    let edges = files_in_circles(of, tree);
    let Some(&first) = edges.keys().next() else { return Vec::new() };
    // Each file that is left imports another one that is left, so the way ends on a file that it has passed.
    let mut way = vec![first];
    loop {
        let next = way.last().and_then(|path| edges[path].first());
        let Some(&next) = next else { return Vec::new() };
        if let Some(at) = way.iter().position(|path| *path == next) {
            way.push(next);
            return vec![format!("these files import one another in a circle: {}", way[at..].join(" → "))];
        }
        way.push(next);
    }
}

fn rituals_that_meet(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for File { path, module, imports } in BOT.files(tree) {
        let ["rituals", own, ..] = module[..] else { continue };
        for target in imports.iter().filter(|target| target.first().is_some_and(|first| first == "rituals")) {
            let Some(other) = target.get(1) else { continue };
            let is_ritual = tree.keys().any(|path| path.starts_with(&format!("src/rituals/{other}")));
            if is_ritual && other != own {
                faults.push(format!("{path}: `{own}` imports `{other}`; a ritual knows no other ritual"));
            }
        }
    }
    faults
}

fn is_pure(path: &str) -> bool {
    let pure = path.starts_with("src/model/");
    let named = path.strip_prefix("src/ritual").is_some_and(|rest| {
        PURE.iter().any(|part| rest.contains(&format!("/{part}/")) || rest.ends_with(&format!("/{part}.rs")))
    });
    // What rituals share has its values in a file of its name, and the rest in a folder beside it.
    let shared = path.strip_prefix("src/common/").is_some_and(|rest| {
        !rest.contains('/') && rest != "mod.rs"
            || ["/form.rs", "/messages.rs", "/request.rs"].iter().any(|part| rest.ends_with(part))
            || rest.contains("/messages/")
    });
    (pure || named || shared) && !WRAPPERS.contains(&path)
}

fn values_that_act(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for File { path, imports, .. } in BOT.files(tree).into_iter().filter(|file| is_pure(file.path)) {
        let code = code(&tree[path], false);
        for name in EFFECTS.iter().filter(|name| !paths(&code, name).is_empty()) {
            faults.push(format!("{path}: uses `{name}`; what is pure takes values and gives values"));
        }
        let act =
            |target: &&Vec<String>| target.first().is_some_and(|first| EFFECTFUL.contains(&first.as_str()));
        for target in imports.iter().filter(act) {
            faults
                .push(format!("{path}: imports `{}`; what is pure takes values and gives values", target[0]));
        }
        // A ritual's own store is a store as well.
        let store = |target: &&Vec<String>| {
            target.len() > 2 && ["rituals", "common"].contains(&&*target[0]) && target[2] == "store"
        };
        for target in imports.iter().filter(store) {
            faults.push(format!(
                "{path}: imports `{}`; what is pure does not read the store",
                target.join("::")
            ));
        }
    }
    faults
}

#[test]
fn imports_run_downwards() {
    none(&upward_imports(&BOT, &tree()));
    none(&circles(&BOT, &tree()));
    none(&circles_of_files(&BOT, &tree()));
}

#[test]
fn imports_of_the_sandbox_run_downwards() {
    let tree = tree();
    none(&upward_imports(&SANDBOX, &tree));
    none(&circles(&SANDBOX, &tree));
    none(&circles_of_files(&SANDBOX, &tree));
    none(&imports_of_the_root(&SANDBOX, &tree));
}

#[test]
fn an_upward_import_in_the_sandbox_is_found() {
    let found = |path, text| upward_imports(&SANDBOX, &example([(path, text)]));
    for (path, text) in [
        ("sandbox/src/hub/steps.rs", "use crate::deliver;"),
        ("sandbox/src/workspace/apps.rs", "use crate::hub::Hub;"),
        ("sandbox/src/types/shown.rs", "use crate::workspace::World;"),
        ("sandbox/src/base/clock.rs", "use crate::{base::ids, types::steps};"),
        ("sandbox/src/control/faults.rs", "use super::super::page::routes;"),
        ("sandbox/src/api/chat.rs", "use crate::control::sandbox::Sandbox;"),
        ("sandbox/src/acts/modals.rs", "use crate::api::args::Args;"),
        ("sandbox/src/api/views.rs", "use crate::acts::PersonHandle;"),
        ("sandbox/src/helpers.rs", ""),
    ] {
        assert_eq!(found(path, text).len(), 1, "{path}: {text}");
    }
    for (path, text) in [
        ("sandbox/src/page/door.rs", "use crate::control::sandbox::Sandbox;"),
        ("sandbox/src/acts/modals.rs", "use crate::{deliver, hub::Hub};"),
        ("sandbox/src/main.rs", "use slack_sandbox::Sandbox;"),
    ] {
        assert!(found(path, text).is_empty(), "{path}: {text}");
    }
    let pair = [
        ("sandbox/src/workspace/apps.rs", "use super::files::File;"),
        ("sandbox/src/workspace/files.rs", "use crate::workspace::apps::App;"),
    ];
    assert_eq!(circles_of_files(&SANDBOX, &example(pair)).len(), 1);
}

/// The root gives names from all floors, so an import from there would hide where it goes.
#[test]
fn an_import_of_the_root_is_found() {
    let found = |path, text| imports_of_the_root(&SANDBOX, &example([(path, text)]));
    assert_eq!(found("sandbox/src/acts.rs", "fn a() { crate::Sandbox::start() }").len(), 1);
    assert_eq!(found("sandbox/src/acts.rs", "use super::Message;").len(), 1);
    assert!(found("sandbox/src/main.rs", "use slack_sandbox::Sandbox;").is_empty());
    assert!(found("sandbox/src/acts/modals.rs", "use super::PersonHandle;").is_empty());
}

#[test]
fn an_upward_import_is_found() {
    for text in
        ["use crate::engine::outbox;", "use crate::{model::text, engine};", "use super::super::engine::x;"]
    {
        assert_eq!(upward_imports(&BOT, &example([("src/rituals/kudos/mod.rs", text)])).len(), 1, "{text}");
    }
    assert_eq!(
        upward_imports(&BOT, &example([("src/store/mod.rs", "fn a() { crate::rituals::ALL; }")])).len(),
        1
    );
    assert_eq!(upward_imports(&BOT, &example([("src/store/mod.rs", "use crate::slack::client;")])).len(), 1);
    for text in ["use crate::rituals::kudos;", "use crate::engine::Engine;", "use crate::slack::Slack;"] {
        assert_eq!(upward_imports(&BOT, &example([("src/common/people/edit.rs", text)])).len(), 1, "{text}");
    }
    assert_eq!(upward_imports(&BOT, &example([("src/store/mod.rs", "use crate::common::people;")])).len(), 1);
    for above in ["common::people", "rituals::kudos"] {
        let text = format!("use crate::{above};");
        assert_eq!(upward_imports(&BOT, &example([("src/ritual/answer.rs", &text)])).len(), 1, "{text}");
    }
    assert!(
        upward_imports(&BOT, &example([("src/common/people/edit.rs", "use crate::ritual::Answer;")]))
            .is_empty()
    );
    assert!(
        upward_imports(&BOT, &example([("src/rituals/kudos/mod.rs", "use crate::common::people;")]))
            .is_empty()
    );
    assert!(
        upward_imports(&BOT, &example([("src/common/people/edit.rs", "use crate::store::outbox;")]))
            .is_empty()
    );
    assert_eq!(upward_imports(&BOT, &example([("src/helpers.rs", "")])).len(), 1);
    assert!(
        upward_imports(&BOT, &example([("src/engine/mod.rs", "use crate::{model, slack, store, rituals};")]))
            .is_empty()
    );
}

#[test]
fn a_circle_is_found() {
    let round = [("src/config.rs", "use crate::logging;"), ("src/logging.rs", "use crate::config;")];
    assert_eq!(
        circles(&BOT, &example(round)),
        ["these modules import one another in a circle: config, logging"]
    );
    assert!(
        circles(&BOT, &example([("src/config.rs", "use crate::logging;"), ("src/logging.rs", "")]))
            .is_empty()
    );
}

#[test]
fn a_circle_of_files_is_found() {
    let pair =
        |one, other| example([("src/model/a.rs", one), ("src/model/b.rs", other), ("src/model/mod.rs", "")]);
    assert_eq!(
        circles_of_files(&BOT, &pair("use super::b::B;", "use crate::model::a::A;")),
        ["these files import one another in a circle: src/model/a.rs → src/model/b.rs → src/model/a.rs"]
    );
    assert!(circles_of_files(&BOT, &pair("use super::b::B;", "")).is_empty());
    let face = |child| example([("src/model/a.rs", "use self::part::Part;"), ("src/model/a/part.rs", child)]);
    assert!(circles_of_files(&BOT, &face("use super::A;")).is_empty(), "a face and its folder are one thing");
    let three = [
        ("src/model/a.rs", "use super::b;"),
        ("src/model/b.rs", "use super::c;"),
        ("src/model/c.rs", "use super::a;"),
    ];
    assert_eq!(circles_of_files(&BOT, &example(three)).len(), 1);
}

#[test]
fn rituals_do_not_know_one_another() {
    none(&rituals_that_meet(&tree()));
}

#[test]
fn a_ritual_that_knows_another_is_found() {
    let two = |text| {
        example([("src/rituals/kudos/mod.rs", text), ("src/rituals/retro/mod.rs", ""), ("src/ritual.rs", "")])
    };
    assert_eq!(rituals_that_meet(&two("use crate::rituals::retro::plan;")).len(), 1);
    assert_eq!(rituals_that_meet(&two("use super::retro;")).len(), 1);
    assert!(
        rituals_that_meet(&two("use crate::ritual::Ritual; use crate::rituals::kudos::plan;")).is_empty()
    );
}

#[test]
fn plans_messages_and_the_model_are_pure() {
    none(&values_that_act(&tree()));
}

#[test]
fn a_plan_that_acts_is_found() {
    for text in
        ["use tokio::time;", "use crate::store::Store;", "use super::store;", "fn a() { sqlx::query(); }"]
    {
        for part in ["plan.rs", "plan/pairs.rs", "messages.rs", "messages/notice.rs", "request.rs"] {
            let path = format!("src/rituals/kudos/{part}");
            let text = text.replace("super::store", "crate::rituals::kudos::store");
            assert_eq!(values_that_act(&example([(&path, &text)])).len(), 1, "{path}: {text}");
        }
    }
    for path in [
        "src/common/people.rs",
        "src/common/people/form.rs",
        "src/common/people/messages.rs",
        "src/common/programmes/messages/moving.rs",
        "src/common/programmes/request.rs",
    ] {
        assert_eq!(values_that_act(&example([(path, "use crate::store::Store;")])).len(), 1, "{path}");
        assert_eq!(
            values_that_act(&example([(path, "use crate::common::people::store;")])).len(),
            1,
            "{path}"
        );
    }
    assert!(
        values_that_act(&example([("src/common/people/edit.rs", "use crate::store::Store;")])).is_empty()
    );
    assert_eq!(values_that_act(&example([("src/model/text.rs", "use tokio::time;")])).len(), 1);
    assert!(values_that_act(&example([("src/model/clock.rs", "use tokio::time;")])).is_empty());
    assert!(values_that_act(&example([("src/rituals/kudos/mod.rs", "use crate::store;")])).is_empty());
}
