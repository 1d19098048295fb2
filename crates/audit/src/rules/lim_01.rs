//! LIM-01: the busiest moving 24 hours came near the portfolio's messaging limit.
//!
//! The limit holds for the portfolio (Meta, since October 2025), so the peak is that of all numbers together: one person who
//! hears from two of them counts once.

use domain::traffic::{Count, Severity, Subject, SubjectKind};

use super::{Case, Draft, Judgement};

/// Compares the peak with the limit; an unlimited portfolio is clear. Where nothing was counted there is no peak.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(limit) = case.inputs.surroundings.messaging_limit else { return Judgement::NotFed };
    let thresholds = &case.thresholds.limit;
    let Some((recipients, _)) = case.peak else { return Judgement::Insufficient };
    let used = recipients as f64 / limit.max(1) as f64;
    if limit == u64::MAX || used < thresholds.medium_share {
        return Judgement::Judged(Vec::new());
    }
    let severity = if used >= thresholds.high_share { Severity::High } else { Severity::Medium };
    let subject = Subject { kind: SubjectKind::Portfolio, id: None, day: None };
    let draft = Draft::new(severity, subject, Count { messages: case.tally.counted, recipients })
        .count("limit", limit)
        .value("used", used)
        .value("threshold", thresholds.medium_share);
    Judgement::Judged(vec![draft])
}
