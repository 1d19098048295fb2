//! The files of the repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rust files below a folder, in order; of the whole repository: of its crates, migrations and tests.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let parts: Vec<PathBuf> = ["crates", "migrations", "tests"].iter().map(|part| folder.join(part)).collect();
    let starts = if parts.iter().all(|part| part.is_dir()) { parts } else { vec![folder.to_owned()] };
    let mut files = Vec::new();
    for start in starts {
        collect(&start, &mut files);
    }
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Lines of Rust files below a folder that hold one of the needles, comments left out, as `file:line: text`.
pub(crate) fn lines_with(folder: &Path, needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files(folder) {
        let source = std::fs::read_to_string(&file).unwrap();
        for (index, line) in source.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") && needles.iter().any(|needle| code.contains(needle)) {
                found.push(format!("{}:{}: {code}", file.display(), index + 1));
            }
        }
    }
    found
}

/// Names at the top level: what git keeps, or what is there when this is no checkout of git.
pub(crate) fn top_level(root: &Path) -> BTreeSet<String> {
    let tracked = Command::new("git").arg("-C").arg(root).args(["ls-files"]).output();
    if let Ok(output) = tracked
        && output.status.success()
    {
        let paths = String::from_utf8(output.stdout).expect("paths of the repository are UTF-8");
        return paths.lines().filter_map(|path| path.split('/').next()).map(str::to_owned).collect();
    }
    let ignored = std::fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !ignored.lines().any(|line| line.trim_start_matches('/') == name))
        .collect()
}
