//! TPL-05: a utility template that reads as marketing.
//!
//! Source: Meta, *Template categorization* (September 2026): utility is not promotional, and specific to or requested by
//! the person, or essential. Two of five signals are our own threshold.

use domain::traffic::{Category, LintCode};

use super::{Case, Objection};
use crate::lint::lexicon::Topic;

/// The signals that words give.
const SIGNALS: [(Topic, LintCode); 4] = [
    (Topic::Promotion, LintCode::PromotionalWords),
    (Topic::Discount, LintCode::Discount),
    (Topic::Urgency, LintCode::Urgency),
    (Topic::Shop, LintCode::ShopCall),
];

/// Counts the signals; when there are enough, each is an objection of its own.
pub(super) fn judge(case: &mut Case<'_>) {
    if case.template.category != Some(Category::Utility) || case.texts.parts.is_empty() {
        return;
    }
    let found = case.found;
    let signals: Vec<_> = SIGNALS
        .into_iter()
        .map(|(topic, code)| (found.enough(topic), code))
        .filter(|(hits, _)| !hits.is_empty())
        .collect();
    let has_reference = found.all(Topic::Reference).next().is_some();
    let score = signals.len() + usize::from(!has_reference);
    if signals.is_empty() || score < case.thresholds().marketing_signals as usize {
        return;
    }
    for (hits, code) in signals {
        case.object_to(&hits, code);
    }
    if !has_reference {
        case.object(Objection::whole(LintCode::NoReference));
    }
}
