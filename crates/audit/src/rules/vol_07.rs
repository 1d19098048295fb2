//! VOL-07: marketing outside of the hours in which it is welcome where the person is.

use domain::traffic::{Severity, Subject, SubjectKind};

use crate::{numbering::Country, statistics::share};

use super::{Case, Draft, Judgement};

/// Any message is a finding. Whoever's country the number does not tell is not judged.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let sending = &case.tally.sending;
    if sending.timed == 0 {
        return Judgement::Insufficient;
    }
    let count = sending.untimely.count;
    if count.messages == 0 {
        return Judgement::Judged(Vec::new());
    }
    let countries = sending.untimely_countries.iter().enumerate();
    let parts = countries.map(|(index, count)| (Subject::of(SubjectKind::Country, Country::code_of(index)), *count));
    let draft = Draft::new(Severity::Low, Subject::client(), count)
        .count("judged", sending.timed)
        .value("share", share(count.messages, sending.timed))
        .parts(parts)
        .sample(case, &sending.untimely.evidence);
    Judgement::Judged(vec![draft])
}
