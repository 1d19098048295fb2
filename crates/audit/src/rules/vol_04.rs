//! VOL-04: marketing that comes too thick to one person, over all numbers of the client.

use domain::traffic::{Severity, Subject};

use super::{Case, Draft, Judgement};

/// Any flooding is a finding, and so is a person whom one number pressed until Meta refused it again and again.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let tally = case.tally;
    let (flooding, refused) = (&tally.flooding, &tally.pair_limit);
    if flooding.count.messages == 0 && refused.count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let main = if flooding.count.messages > 0 { flooding } else { refused };
    let draft = Draft::new(Severity::Medium, Subject::client(), main.count)
        .count("dayMessages", tally.flooding_day.messages)
        .count("dayRecipients", tally.flooding_day.recipients)
        .count("weekMessages", tally.flooding_week.messages)
        .count("weekRecipients", tally.flooding_week.recipients)
        .count("pairLimitMessages", refused.count.messages)
        .count("pairLimitRecipients", refused.count.recipients)
        .sample(case, &main.evidence);
    Judgement::Judged(vec![draft])
}
