//! The shape that the consent rules share: the client's share decides, and each list concerned is a finding.

use domain::traffic::{Severity, Verdict};

use crate::{
    statistics::share,
    tally::{Count, Evidence, ListCell},
};

use super::{Case, Draft, Judgement};

/// What one consent rule looks at.
pub(super) struct View {
    /// The messages of a list that the rule counts.
    pub(super) count: fn(&ListCell) -> Count,
    /// Their sample.
    pub(super) evidence: fn(&ListCell) -> &Evidence,
    /// The messages of a list that they are a share of.
    pub(super) whole: fn(&ListCell) -> u64,
}

impl View {
    /// The messages that the rule counts, and those that they are a share of, over all lists.
    pub(super) fn totals(&self, case: &Case<'_>) -> (u64, u64) {
        let lists = &case.tally.lists;
        (lists.iter().map(|list| (self.count)(list).messages).sum(), lists.iter().map(self.whole).sum())
    }

    /// One finding for each list that has messages of the rule. Of nothing there is no share: too little to judge, and no pass.
    pub(super) fn by_list(
        &self,
        case: &Case<'_>,
        severity: impl Fn(&ListCell) -> Severity,
        explain: impl Fn(&ListCell, Draft) -> Draft,
    ) -> Judgement {
        let (part, whole) = self.totals(case);
        if whole == 0 {
            return Judgement::Insufficient;
        }
        let lists = case.tally.lists.iter().enumerate().filter(|(_, list)| (self.count)(list).messages > 0);
        let draft = |(slot, list): (usize, &ListCell)| {
            let count = (self.count)(list);
            let draft = Draft::new(severity(list), case.list(slot), count)
                .value("share", share(count.messages, (self.whole)(list)))
                .value("clientShare", share(part, whole))
                .sample(case, (self.evidence)(list));
            explain(list, draft)
        };
        Judgement::Judged(lists.map(draft).collect())
    }
}

/// Due messages of a list.
pub(super) fn due(list: &ListCell) -> u64 {
    list.verdicts.iter().map(|count| count.messages).sum()
}

/// Due messages of a list with a verdict.
pub(super) fn of(list: &ListCell, verdict: Verdict) -> Count {
    list.verdicts[verdict as usize]
}
