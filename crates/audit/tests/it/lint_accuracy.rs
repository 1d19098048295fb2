//! How often the lint is right, on templates that were labelled apart from its lexicons (`tests/data/README.md`).
//!
//! Half of the templates, by a hash of their ids, may be looked at while the lexicons are revised; the figures of
//! `docs/accuracy.md` are of the other half. The test fails when they fall below the floors, and when the page is stale:
//! `SBLOCCO_BLESS=1` writes it anew. With `SBLOCCO_MISTAKES=1` it prints the mistakes of the first half.

#![expect(clippy::print_stdout, reason = "figures and mistakes are for whoever revises the lexicons")]

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use audit::lint::{LintContext, Linter};
use domain::traffic::{ClientFacts, RuleId, TemplateContent};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

/// The rules that are labelled, and the least precision and recall on the half that was held back, by language.
const RULES: [(RuleId, Floors, Floors); 9] = [
    (RuleId::Con11, Floors(0.98, 0.98), Floors(0.98, 0.98)),
    (RuleId::Pro01, Floors(0.55, 0.4), Floors(0.7, 0.65)),
    (RuleId::Pro02, Floors(0.95, 0.68), Floors(0.95, 0.7)),
    (RuleId::Pro03, Floors(0.95, 0.68), Floors(0.9, 0.85)),
    (RuleId::Tpl05, Floors(0.85, 0.35), Floors(0.7, 0.22)),
    (RuleId::Tpl07, Floors(0.98, 0.98), Floors(0.98, 0.98)),
    (RuleId::Tpl08, Floors(0.98, 0.98), Floors(0.98, 0.98)),
    (RuleId::Tpl10, Floors(0.98, 0.98), Floors(0.98, 0.98)),
    (RuleId::Tpl13, Floors(0.95, 0.55), Floors(0.75, 0.58)),
];

/// Least precision and recall.
#[derive(Clone, Copy)]
struct Floors(f64, f64);

const FILES: [(&str, &str); 2] =
    [("it", include_str!("../data/templates.it.ndjson")), ("en", include_str!("../data/templates.en.ndjson"))];

struct Labelled {
    id: String,
    template: TemplateContent,
    client: ClientFacts,
    labels: Vec<RuleId>,
    tolerated: Vec<RuleId>,
    is_hard: bool,
}

impl Labelled {
    fn read(line: &str) -> Self {
        let value: Value = serde_json::from_str(line).unwrap();
        let rules = |key: &str| -> Vec<RuleId> {
            let list = value[key].as_array().into_iter().flatten();
            list.map(|rule| rule.as_str().unwrap().parse().unwrap()).collect()
        };
        let domains = value["domains"]
            .as_array()
            .map(|domains| domains.iter().map(|domain| domain.as_str().unwrap().to_owned()).collect());
        let (labels, tolerated) = (rules("labels"), rules("tolerated"));
        let is_hard = value["hard"] == true;
        let template = meta::template::Template::from_json(line).unwrap();
        let client = ClientFacts { verified_domains: domains, permits: Some(vec![]), ..ClientFacts::default() };
        Self { id: template.id.clone(), template: template.content(), client, labels, tolerated, is_hard }
    }

    /// Whether it may be looked at while lexicons are revised.
    fn is_for_development(&self) -> bool {
        xxh3_64(self.id.as_bytes()).is_multiple_of(2)
    }

    fn found(&self) -> Vec<RuleId> {
        let context = LintContext { client: Some(&self.client), ..LintContext::default() };
        let mut rules: Vec<RuleId> =
            Linter::new(&context).lint(&self.template).into_iter().map(|finding| finding.rule).collect();
        rules.dedup();
        rules
    }
}

/// What was right and wrong of one rule.
#[derive(Default, Clone, Copy)]
struct Score {
    right: u64,
    false_alarms: u64,
    missed: u64,
}

impl Score {
    fn precision(self) -> f64 {
        ratio(self.right, self.right + self.false_alarms)
    }

    fn recall(self) -> f64 {
        ratio(self.right, self.right + self.missed)
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// A half of a language's templates.
#[derive(Default)]
struct Half {
    templates: u64,
    rules: BTreeMap<RuleId, Score>,
    hard_negatives: u64,
    /// Hard negatives of which the lint says something that is no label.
    alarmed: u64,
}

fn score(labelled: &[Labelled], development: bool) -> Half {
    let mut half = Half::default();
    for one in labelled.iter().filter(|one| one.is_for_development() == development) {
        half.templates += 1;
        let found = one.found();
        let mut is_alarmed = false;
        for (rule, ..) in RULES.iter().filter(|(rule, ..)| !one.tolerated.contains(rule)) {
            let score = half.rules.entry(*rule).or_default();
            match (found.contains(rule), one.labels.contains(rule)) {
                (true, true) => score.right += 1,
                (true, false) => {
                    score.false_alarms += 1;
                    is_alarmed = true;
                }
                (false, true) => score.missed += 1,
                (false, false) => {}
            }
            if development && found.contains(rule) != one.labels.contains(rule) && wants_mistakes() {
                let kind = if found.contains(rule) { "false alarm" } else { "missed" };
                println!("{} {rule} {kind}: {}", one.id, told(&one.template));
            }
        }
        if one.is_hard && one.labels.is_empty() {
            half.hard_negatives += 1;
            half.alarmed += u64::from(is_alarmed);
        }
    }
    half
}

fn told(template: &TemplateContent) -> String {
    let header = template.header.as_ref().and_then(|header| header.text.clone()).unwrap_or_default();
    let buttons: Vec<&str> = template.buttons.iter().filter_map(|button| button.text.as_deref()).collect();
    let findings = audit::lint::lint(template, &LintContext::default());
    let said: Vec<String> =
        findings.iter().map(|finding| format!("{}={:?}", finding.place.code, finding.arguments.get("words"))).collect();
    format!(
        "{:?} {header:?} {:?} {:?} {buttons:?} -> {}",
        template.category,
        template.body.as_deref().unwrap_or_default(),
        template.footer.as_deref().unwrap_or_default(),
        said.join(", ")
    )
}

fn wants_mistakes() -> bool {
    std::env::var_os("SBLOCCO_MISTAKES").is_some()
}

#[test]
fn the_lint_is_as_right_as_the_page_says() {
    let mut table = String::from(
        "| | | templates with the label | precision | recall | false alarms | missed |\n|---|---|---|---|---|---|---|\n",
    );
    let mut below = Vec::new();
    let mut negatives = String::new();
    for (place, (language, file)) in FILES.iter().enumerate() {
        let labelled: Vec<Labelled> = file.lines().map(Labelled::read).collect();
        let (seen, held) = (score(&labelled, true), score(&labelled, false));
        for (rule, italian, english) in RULES {
            let floors = if place == 0 { italian } else { english };
            let score = held.rules[&rule];
            let development = seen.rules[&rule];
            println!(
                "{language} {rule} development {:.2} {:.2}, held back {:.2} {:.2}",
                development.precision(),
                development.recall(),
                score.precision(),
                score.recall()
            );
            if score.precision() < floors.0 || score.recall() < floors.1 {
                below.push(format!("{language} {rule}: {:.3} {:.3}", score.precision(), score.recall()));
            }
            writeln!(
                table,
                "| {rule} | {language} | {} | {:.2} | {:.2} | {} | {} |",
                score.right + score.missed,
                score.precision(),
                score.recall(),
                score.false_alarms,
                score.missed
            )
            .unwrap();
        }
        writeln!(
            negatives,
            "{language}: {} templates, of them {} that only look objectionable; the lint objects to {} of those ({:.0} %).",
            held.templates,
            held.hard_negatives,
            held.alarmed,
            100.0 * ratio(held.alarmed, held.hard_negatives)
        )
        .unwrap();
    }
    assert_eq!(below, [""; 0], "below the floors");
    hold(&format!("{table}\n{negatives}"));
}

/// Holds the section of the page to what was measured.
fn hold(section: &str) {
    const BEGIN: &str = "<!-- lint: measured -->\n";
    const END: &str = "<!-- /lint -->";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/accuracy.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has the section");
    let (written, after) = rest.split_once(END).expect("the section ends");
    if std::env::var_os("SBLOCCO_BLESS").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{section}{END}{after}")).unwrap();
    } else {
        assert_eq!(written, section, "docs/accuracy.md is stale: run this test with SBLOCCO_BLESS=1");
    }
}
