//! VOL-04: marketing that comes too thick to one person, over all numbers of the client.

use domain::traffic::{Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any flooding is a finding, and so is a person whom one number pressed until Meta refused it again and again. It counts the
/// messages of both, each once.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let tally = case.tally;
    let pressing = &tally.pressing;
    if pressing.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let draft = Draft::new(Severity::Medium, Subject::client(), pressing.count)
        .count("dayMessages", tally.flooding_day.messages)
        .count("dayRecipients", tally.flooding_day.recipients)
        .count("weekMessages", tally.flooding_week.messages)
        .count("weekRecipients", tally.flooding_week.recipients)
        .count("pairLimitMessages", tally.pair_limit.messages)
        .count("pairLimitRecipients", tally.pair_limit.recipients)
        .sample(case, &pressing.evidence);
    Judgement::Judged(vec![draft])
}
