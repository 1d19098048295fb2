//! The invariants of `docs/architecture.md`, held against the dependency graph and the sources.

mod graph;
pub(crate) mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use graph::{Graph, Kind};

/// The repository's top folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests package has a parent folder").to_owned()
}

/// Fails with all that is wrong at once: `rule` says what must hold, each line where it does not.
#[track_caller]
fn none_of(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}\n\n  {}\n", violations.join("\n  "));
}

/// Crates of the outside and the only crates of ours that may name them.
const OWNED: &[(&[&str], &[&str])] = &[
    (&["sea-orm", "sea-orm-migration", "sea-query"], &["store", "migrations"]),
    (&["apalis", "apalis-core", "apalis-sql", "apalis-postgres", "apalis-sqlite", "apalis-cron"], &["jobs"]),
    (&["arrow", "arrow-array", "arrow-schema", "parquet", "object_store"], &["lake"]),
    (&["async-graphql"], &["graphql", "web"]),
    (&["axum"], &["web"]),
    (&["lettre"], &["mail"]),
];

/// Never in the graph of any crate of ours.
const REFUSED: &[(&str, &str)] = &[
    ("async-graphql-axum", "it serves mutations over GET and sets no limits; `web` has a handler of its own"),
    ("datafusion", "an audit is a replay, not a query"),
    ("openssl-sys", "rustls is the only TLS implementation"),
    ("native-tls", "rustls is the only TLS implementation"),
];

/// What a crate that does no I/O must not reach, not even through others.
const INPUT_AND_OUTPUT: &[&str] = &[
    "async-std",
    "hyper",
    "lettre",
    "mio",
    "object_store",
    "parquet",
    "reqwest",
    "rustls",
    "sea-orm",
    "smol",
    "socket2",
    "sqlx",
    "sqlx-core",
    "tokio",
    "ureq",
];

/// Crates that compute and do nothing else.
const PURE: &[&str] = &["audit", "domain", "sla"];

#[test]
fn a_library_of_the_outside_is_named_only_by_the_crate_that_owns_it() {
    let graph = Graph::load(&root());
    let mut violations = Vec::new();
    for (libraries, owners) in OWNED {
        for member in graph.members() {
            for library in graph.declared(member, &[Kind::Normal, Kind::Build, Kind::Development]) {
                if libraries.contains(&library.as_str()) && !owners.contains(&member) {
                    violations.push(format!("{member} names {library}; only {} may", owners.join(" and ")));
                }
            }
        }
    }
    none_of("Move the code to the crate that owns the library, and call that crate (invariant 1).", &violations);
}

#[test]
fn crates_use_only_what_the_table_of_crates_lets_them_use() {
    let root = root();
    let graph = Graph::load(&root);
    let table = table_of_crates(&root);
    let members: BTreeSet<&str> = graph.members().collect();
    let mut violations = Vec::new();
    for member in members.iter().filter(|member| !matches!(**member, "tests" | "migrations")) {
        let Some(allowed) = table.get(*member) else {
            violations.push(format!("{member} has no row in the table of crates of docs/architecture.md"));
            continue;
        };
        for used in graph.declared(member, &[Kind::Normal, Kind::Build]) {
            if members.contains(used.as_str()) && !allowed.contains("all") && !allowed.contains(&used) {
                violations.push(format!("{member} uses {used}, which its row of the table does not name"));
            }
        }
    }
    for listed in table.keys().filter(|listed| !members.contains(listed.as_str())) {
        violations.push(format!("docs/architecture.md lists {listed}, which is no crate of the workspace"));
    }
    for used in graph.declared("migrations", &[Kind::Normal, Kind::Build]) {
        if members.contains(used.as_str()) {
            violations.push(format!("migrations uses {used}: an applied migration must not change with the code"));
        }
    }
    none_of("Dependencies run one way, as docs/architecture.md (Crates) says.", &violations);
}

#[test]
fn domain_sla_and_audit_reach_no_input_or_output() {
    let root = root();
    let graph = Graph::load(&root);
    let mut violations = Vec::new();
    for pure in PURE {
        let reached = graph.reachable(pure);
        for library in INPUT_AND_OUTPUT.iter().filter(|library| reached.contains(**library)) {
            violations.push(format!("{pure} reaches {library}"));
        }
        violations.extend(sources::lines_with(
            &root.join("crates").join(pure).join("src"),
            &["std::fs", "std::net", "std::process", "std::env", "std::thread", "Instant::now", "SystemTime"],
        ));
    }
    none_of("These crates compute: time, chance and data come in as arguments (invariant 2).", &violations);
}

#[test]
fn the_lake_is_not_on_the_build_path_of_the_api() {
    let graph = Graph::load(&root());
    let mut violations = Vec::new();
    for member in ["app", "graphql", "web"] {
        let reached = graph.reachable(member);
        for library in ["arrow", "arrow-schema", "parquet", "object_store", "lake"] {
            if reached.contains(library) {
                violations.push(format!("{member} reaches {library}: {}", graph.path(member, library).join(" → ")));
            }
        }
    }
    none_of("`lake` implements ports of `domain`, and the binary wires it in (invariant 7).", &violations);
}

#[test]
fn what_was_decided_against_is_not_in_the_graph() {
    let graph = Graph::load(&root());
    let mut violations = Vec::new();
    for member in graph.members() {
        let reached = graph.reachable(member);
        for (library, reason) in REFUSED {
            if reached.contains(*library) {
                violations.push(format!("{}: {reason}", graph.path(member, library).join(" → ")));
            }
        }
    }
    none_of("Some libraries are refused on purpose (docs/dependencies.md).", &violations);
}

#[test]
fn every_crate_follows_the_lints_of_the_workspace() {
    let root = root();
    let graph = Graph::load(&root);
    let violations: Vec<String> = graph
        .manifests()
        .filter(|manifest| !std::fs::read_to_string(manifest).unwrap().contains("[lints]\nworkspace = true"))
        .map(|manifest| format!("{manifest} lacks `[lints] workspace = true`"))
        .collect();
    none_of("Lints are the workspace's, for every crate.", &violations);
}

#[test]
fn the_top_level_holds_nothing_but_what_the_architecture_lists() {
    const LISTED: &[&str] = &[
        ".cargo",
        ".ci",
        ".clippy.toml",
        ".config",
        ".gitattributes",
        ".gitignore",
        ".rustfmt.toml",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "crates",
        "deploy",
        "docs",
        "migrations",
        "schema.graphql",
        "tests",
    ];
    let violations: Vec<String> = sources::top_level(&root())
        .into_iter()
        .filter(|name| !LISTED.contains(&name.as_str()))
        .map(|name| format!("{name} stands at the top level"))
        .collect();
    none_of("Each file has a folder where it belongs (docs/architecture.md, Crates).", &violations);
}

#[test]
fn files_stay_short_enough_to_be_one_thing() {
    const MOST_LINES: usize = 600;
    let root = root();
    let violations: Vec<String> = sources::rust_files(&root)
        .into_iter()
        .filter_map(|file| {
            let lines = std::fs::read_to_string(&file).unwrap().lines().count();
            (lines > MOST_LINES).then(|| format!("{}: {lines} lines", file.strip_prefix(&root).unwrap().display()))
        })
        .collect();
    none_of("A file over 600 lines is more than one thing: split it (400 is the aim).", &violations);
}

#[test]
fn nothing_is_unfinished_and_no_test_is_ignored() {
    // Put together here, so that this file does not hold what it looks for.
    let marks = [concat!("#[", "ignore"), concat!("to", "do!("), concat!("unimpl", "emented!("), concat!("FIX", "ME")];
    let violations = sources::lines_with(&root(), &marks);
    none_of("Finish it, or take it out and open an issue.", &violations);
}

/// The table of crates of `docs/architecture.md`: crate → what it may use. The page is the rule; this test reads it.
fn table_of_crates(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(root.join("docs/architecture.md")).expect("docs/architecture.md can be read");
    let rows = page
        .lines()
        .skip_while(|line| !line.starts_with("## Crates"))
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let table: BTreeMap<_, _> = rows
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let [name, _, uses] = cells[..] else { panic!("a row of the table of crates has three cells: {row}") };
            (
                name.trim_matches('`').to_owned(),
                uses.split(',').map(|used| used.trim().trim_matches('`').to_owned()).collect(),
            )
        })
        .collect();
    assert!(!table.is_empty(), "docs/architecture.md has no table under '## Crates'");
    table
}
