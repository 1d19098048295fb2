//! What an audit would have said without some messages, as sentences.

use domain::traffic::{Counterfactual, Outline, Remedy};

use crate::{Args, Lang, rules, text};

/// One sentence: what is left out, and what changes.
pub fn counterfactual(lang: Lang, found: &Counterfactual) -> String {
    let subjects: Vec<String> = found.without.iter().map(|subject| rules::subject(lang, subject)).collect();
    let share =
        |part: u64, outline: &Outline| if outline.messages == 0 { 0.0 } else { part as f64 / outline.messages as f64 };
    let (before, after) = (&found.before, &found.after);
    let args = Args::new()
        .text("subjects", subjects.join(", "))
        .count("removed", found.removed)
        .percent("failedBefore", share(before.failed, before))
        .percent("failedAfter", share(after.failed, after))
        .count("consentBefore", before.without_consent)
        .count("consentAfter", after.without_consent)
        .count("peakBefore", before.peak_recipients)
        .count("peakAfter", after.peak_recipients)
        .count("findingsBefore", before.findings)
        .count("findingsAfter", after.findings);
    text(lang, "counterfactual", &args)
}

/// The corrective action that a search found for a rule, or that it found none.
pub fn remedy_found(lang: Lang, remedy: &Remedy) -> String {
    match &remedy.counterfactual {
        None => text(lang, "counterfactual-none", &Args::new()),
        Some(found) => counterfactual(lang, found),
    }
}
