//! CON-05: texts under which people opted in, but which do not name the business, or do not say that the person agrees to be
//! written to.
//!
//! Versions that the ledger names and nobody told the text of are not judged: CON-04 says what proof is lacking.

use domain::traffic::{Severity, Subject, SubjectKind};

use crate::wordings::flawed_wordings;

use super::{Case, Draft, Judgement};

/// Any such text is a finding, whether or not messages of the period rest on it.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let surroundings = &case.inputs.surroundings;
    let Some(flawed) = flawed_wordings(surroundings) else { return Judgement::NotFed };
    if surroundings.wordings.as_ref().is_none_or(Vec::is_empty) {
        return Judgement::Insufficient;
    }
    let drafts = flawed.into_iter().map(|wording| {
        let resting = case.names.wordings.iter().position(|version| version == wording.version);
        let resting = resting.and_then(|id| case.tally.wordings.get(id));
        let count = resting.map(|resting| resting.count).unwrap_or_default();
        let draft = Draft::new(Severity::High, Subject::of(SubjectKind::Wording, Some(wording.version)), count)
            .count("namesBusiness", wording.said.names_business.is_some().into())
            .count("saysAgreement", wording.said.says_agreement.is_some().into())
            .count("saysMessages", wording.said.says_messages.is_some().into());
        match resting {
            Some(resting) => draft.sample(case, &resting.evidence),
            None => draft,
        }
    });
    Judgement::Judged(drafts.collect())
}
