//! The section of `docs/accuracy.md`.

use std::fmt::Write as _;
use std::path::Path;

use super::RUNS;
use super::score::{Scores, is_statistical};

const BEGIN: &str = "<!-- traffic: measured -->\n";
const END: &str = "<!-- /traffic -->";

fn section(scores: &Scores) -> String {
    let runs: Vec<String> = RUNS
        .iter()
        .map(|(messages, days, seed, _)| format!("{messages} messages over {days} days (seed {seed})"))
        .collect();
    let mut text = format!("Runs: {}.\n\n", runs.join(", "));
    text.push_str("| rule | judges | planted | found | right | precision | recall |\n|---|---|---|---|---|---|---|\n");
    for (rule, score) in scores.rules.values() {
        let judges = if is_statistical(*rule) { "by statistics" } else { "exactly" };
        writeln!(
            text,
            "| {rule} | {judges} | {} | {} | {} | {:.2} | {:.2} |",
            score.planted,
            score.found,
            score.right,
            score.precision(),
            score.recall()
        )
        .unwrap();
    }
    text
}

/// Holds the page to what was measured.
pub(super) fn hold(scores: &Scores) {
    let section = section(scores);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/accuracy.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has the section");
    let (written, after) = rest.split_once(END).expect("the section ends");
    if std::env::var_os("SBLOCCO_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{section}{END}{after}")).unwrap();
    } else {
        assert_eq!(written, section, "docs/accuracy.md is stale: run this test with SBLOCCO_BLESS=1");
    }
}
