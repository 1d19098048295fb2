//! The dependency graph, as `cargo metadata` tells it for this machine's platform.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// When a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Build,
    Development,
}

impl Kind {
    fn of(value: &Value) -> Self {
        match value.as_str() {
            None => Self::Normal,
            Some("build") => Self::Build,
            Some("dev") => Self::Development,
            Some(other) => panic!("cargo metadata has a dependency kind that this test does not know: {other}"),
        }
    }
}

/// Packages and what they depend on.
pub(super) struct Graph {
    /// By package id.
    packages: BTreeMap<String, Value>,
    /// By package id: ids of its normal dependencies that are really built.
    edges: BTreeMap<String, Vec<String>>,
    /// By name.
    members: BTreeMap<String, String>,
}

impl Graph {
    /// Asks cargo; reads no network.
    pub(super) fn load(root: &Path) -> Self {
        let metadata = cargo_metadata(root);
        let packages: BTreeMap<String, Value> =
            list(&metadata["packages"]).iter().map(|package| (text(&package["id"]), package.clone())).collect();
        let edges = list(&metadata["resolve"]["nodes"])
            .iter()
            .map(|node| {
                let id = text(&node["id"]);
                let edges = normal_edges(&packages, &packages[&id], node);
                (id, edges)
            })
            .collect();
        let members = list(&metadata["workspace_members"])
            .iter()
            .map(|id| (text(&packages[&text(id)]["name"]), text(id)))
            .collect();
        Self { packages, edges, members }
    }

    /// Names of the workspace's crates.
    pub(super) fn members(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Paths of the workspace's manifests.
    pub(super) fn manifests(&self) -> impl Iterator<Item = String> {
        self.members.values().map(|id| text(&self.packages[id]["manifest_path"]))
    }

    /// What a crate's manifest names.
    pub(super) fn declared(&self, member: &str, kinds: &[Kind]) -> BTreeSet<String> {
        list(&self.packages[&self.members[member]]["dependencies"])
            .iter()
            .filter(|dependency| kinds.contains(&Kind::of(&dependency["kind"])))
            .map(|dependency| text(&dependency["name"]))
            .collect()
    }

    /// Names of everything that a crate's library is built with, itself left out.
    pub(super) fn reachable(&self, member: &str) -> BTreeSet<String> {
        self.walk(member).keys().filter(|id| **id != self.members[member]).map(|id| self.name(id)).collect()
    }

    /// A shortest chain of names from a crate to what it reaches; for messages.
    pub(super) fn path(&self, member: &str, target: &str) -> Vec<String> {
        let cameby = self.walk(member);
        let mut at = cameby.keys().find(|id| self.name(id) == target);
        let mut chain = Vec::new();
        while let Some(id) = at {
            chain.push(self.name(id));
            at = cameby[id].as_ref();
        }
        chain.reverse();
        chain
    }

    /// Breadth first from a crate: package id → the package through which it was first reached.
    fn walk(&self, member: &str) -> BTreeMap<String, Option<String>> {
        let start = self.members.get(member).unwrap_or_else(|| panic!("{member} is no crate of the workspace")).clone();
        let mut cameby = BTreeMap::from([(start.clone(), None)]);
        let mut queue = VecDeque::from([start]);
        while let Some(id) = queue.pop_front() {
            for next in &self.edges[&id] {
                if !cameby.contains_key(next) {
                    cameby.insert(next.clone(), Some(id.clone()));
                    queue.push_back(next.clone());
                }
            }
        }
        cameby
    }

    fn name(&self, id: &str) -> String {
        text(&self.packages[id]["name"])
    }
}

/// Cargo lists optional dependencies of weak features (`library?/feature`) even where no feature turns them on; those are
/// not built, and are left out here.
fn normal_edges(packages: &BTreeMap<String, Value>, package: &Value, node: &Value) -> Vec<String> {
    let manifest = list(&package["dependencies"]);
    list(&node["deps"])
        .iter()
        .filter(|edge| list(&edge["dep_kinds"]).iter().any(|kind| Kind::of(&kind["kind"]) == Kind::Normal))
        .filter(|edge| {
            let name = text(&packages[&text(&edge["pkg"])]["name"]);
            let mut declared = manifest
                .iter()
                .filter(|line| line["name"] == name && Kind::of(&line["kind"]) == Kind::Normal)
                .peekable();
            declared.peek().is_none()
                || declared.any(|line| line["optional"] == false || turned_on(package, node, line))
        })
        .map(|edge| text(&edge["pkg"]))
        .collect()
}

/// Whether one of a package's active features turns an optional dependency on.
fn turned_on(package: &Value, node: &Value, dependency: &Value) -> bool {
    let key = dependency["rename"].as_str().or(dependency["name"].as_str()).expect("a dependency has a name");
    list(&node["features"]).iter().any(|feature| {
        list(&package["features"][feature.as_str().expect("a feature is a string")]).iter().any(|effect| {
            let effect = effect.as_str().expect("a feature's effect is a string");
            effect.strip_prefix("dep:") == Some(key)
                || effect.strip_prefix(key).is_some_and(|rest| rest.starts_with('/'))
        })
    })
}

fn cargo_metadata(root: &Path) -> Value {
    let rustc = run(Command::new("rustc").arg("-vV"));
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc -vV names its host");
    let json = run(Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(root));
    serde_json::from_str(&json).expect("cargo metadata prints JSON")
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed; `cargo fetch` mends it when a package is not there yet.\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().expect("cargo metadata has a string here").to_owned()
}
