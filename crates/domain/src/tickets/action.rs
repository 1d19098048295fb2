//! Corrective actions: what has to be mended, by whom and until when, how it is shown to be done, and what a new audit says of it.

use std::collections::BTreeSet;

use crate::{
    AuditId, ClientId, CorrectiveActionId, FindingId, Instant, TicketId, UserId,
    audits::Finding,
    traffic::{Report, RuleState},
    words::words,
};

words! {
    /// Who has to act.
    ActionOwner {
        /// The client.
        Client = "client",
        /// The BSP.
        Us = "us",
    }
}

words! {
    /// Where an action stands.
    ActionState {
        /// To be done.
        Open = "open",
        /// Said to be done, with proof.
        Done = "done",
        /// A new audit looks whether it helped.
        Checking = "checking",
        /// The new audit no longer finds it.
        Resolved = "resolved",
        /// The new audit still finds it.
        Continuing = "continuing",
        /// The new audit had too little data to tell. Not a pass.
        Inconclusive = "inconclusive",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// What is done with an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionMove {
    /// Somebody says that it is done.
    Complete,
    /// A new audit is asked for.
    Check,
    /// The new audit has ended.
    Judge(CheckResult),
    /// It is to be done after all, or again.
    Reopen,
    /// It is called off.
    Cancel,
}

/// What a new audit says of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    /// None of its findings is there any more.
    Resolved,
    /// One of its findings is still there.
    Continuing,
    /// A rule had too little data, or none.
    Inconclusive,
}

impl ActionState {
    /// Whether somebody still has to do something.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Cancelled)
    }

    /// Where `wanted` leads; `None` when it is not allowed from here.
    pub const fn after(self, wanted: ActionMove) -> Option<Self> {
        match (self, wanted) {
            (Self::Open | Self::Continuing | Self::Inconclusive, ActionMove::Complete) => Some(Self::Done),
            // An audit that gave no result is asked for again.
            (Self::Done | Self::Checking | Self::Continuing | Self::Inconclusive, ActionMove::Check) => {
                Some(Self::Checking)
            }
            (Self::Checking, ActionMove::Judge(result)) => Some(match result {
                CheckResult::Resolved => Self::Resolved,
                CheckResult::Continuing => Self::Continuing,
                CheckResult::Inconclusive => Self::Inconclusive,
            }),
            (Self::Open, ActionMove::Reopen) | (Self::Resolved | Self::Cancelled, ActionMove::Cancel) => None,
            (_, ActionMove::Reopen) => Some(Self::Open),
            (_, ActionMove::Cancel) => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// A corrective action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectiveAction {
    /// Id.
    pub id: CorrectiveActionId,
    /// Whose account it is about.
    pub client: ClientId,
    /// The ticket that it belongs to.
    pub ticket: TicketId,
    /// What has to be done, in one line.
    pub title: String,
    /// The same at length.
    pub description: Option<String>,
    /// Who has to act.
    pub owner: ActionOwner,
    /// Until when.
    pub due_at: Option<Instant>,
    /// Where it stands.
    pub state: ActionState,
    /// What shows that it is done.
    pub proof: Option<String>,
    /// Who said so.
    pub done_by: Option<UserId>,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// The audit that looks whether it helped, or looked last.
    pub audit: Option<AuditId>,
    /// When that audit ended.
    pub checked_at: Option<Instant>,
    /// The findings that it is to mend.
    pub findings: Vec<FindingId>,
    /// Who added it.
    pub added_by: Option<UserId>,
    /// When.
    pub added_at: Instant,
    /// Counts changes.
    pub version: i32,
}

/// What a new audit says of the findings that an action is to mend.
pub fn check(findings: &[Finding], report: &Report) -> CheckResult {
    let still: BTreeSet<&str> = report.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    if findings.iter().any(|finding| still.contains(finding.found.fingerprint.as_str())) {
        return CheckResult::Continuing;
    }
    let judged = |rule| {
        let states = report.rules.iter().filter(|result| result.rule == rule).map(|result| result.state);
        states.into_iter().any(|state| matches!(state, RuleState::Clear | RuleState::Finding))
    };
    if !findings.is_empty() && findings.iter().all(|finding| judged(finding.found.rule)) {
        CheckResult::Resolved
    } else {
        CheckResult::Inconclusive
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_moves_the_named_ones_are_allowed_and_no_other() {
        use ActionMove::{Cancel, Check, Complete, Judge, Reopen};
        use ActionState::{Cancelled, Checking, Continuing, Done, Inconclusive, Open, Resolved};
        let moves = [Complete, Check, Judge(CheckResult::Resolved), Reopen, Cancel];
        let allowed: &[(ActionState, [Option<ActionState>; 5])] = &[
            (Open, [Some(Done), None, None, None, Some(Cancelled)]),
            (Done, [None, Some(Checking), None, Some(Open), Some(Cancelled)]),
            (Checking, [None, Some(Checking), Some(Resolved), Some(Open), Some(Cancelled)]),
            (Resolved, [None, None, None, Some(Open), None]),
            (Continuing, [Some(Done), Some(Checking), None, Some(Open), Some(Cancelled)]),
            (Inconclusive, [Some(Done), Some(Checking), None, Some(Open), Some(Cancelled)]),
            (Cancelled, [None, None, None, Some(Open), None]),
        ];
        assert_eq!(allowed.len(), ActionState::ALL.len());
        for (state, expected) in allowed {
            let found = moves.map(|wanted| state.after(wanted));
            assert_eq!(&found, expected, "{state}");
        }
    }
}
