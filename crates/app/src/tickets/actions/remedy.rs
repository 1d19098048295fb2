//! Actions that follow from a remedy: what a preview found that should not have been sent, and the rule that it clears.

use std::collections::HashMap;

use domain::{
    AuditId, AuditPreviewId, FindingId,
    access::Permission::{AuditsRead, TicketsRead},
    previews::AuditPreview,
    tickets::{CorrectiveAction, Ticket},
    traffic::{RuleId, Subject},
};
use store::Tx;

use super::super::{TicketCode, change::refuse};
use crate::{NoCode, OpCtx, OpError};

/// The remedies of audits by their rule.
pub type RemedyOf = (AuditId, RuleId);

/// The actions that are to mend what rules found in audits, oldest first.
///
/// # Errors
/// `Forbidden` without `tickets:read` and `audits:read`.
pub async fn actions_of_remedies(
    op: &OpCtx,
    remedies: &[RemedyOf],
) -> Result<HashMap<RemedyOf, Vec<CorrectiveAction>>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    op.require(AuditsRead)?;
    let tx = op.reader().await?;
    let (mut audits, mut rules): (Vec<AuditId>, Vec<RuleId>) = remedies.iter().copied().unzip();
    audits.sort_unstable();
    audits.dedup();
    rules.sort_unstable();
    rules.dedup();
    let findings = store::findings::of_rules(&tx, &audits, &rules).await?;
    let of_finding: HashMap<FindingId, RemedyOf> =
        findings.iter().map(|finding| (finding.id, (finding.audit, finding.found.rule))).collect();
    let ids: Vec<FindingId> = findings.iter().map(|finding| finding.id).collect();
    let mut answer: HashMap<RemedyOf, Vec<CorrectiveAction>> = HashMap::new();
    for action in store::corrective_actions::of_findings(&tx, &ids).await? {
        let mut own: Vec<RemedyOf> = action.findings.iter().filter_map(|id| of_finding.get(id)).copied().collect();
        own.sort_unstable();
        own.dedup();
        for remedy in own {
            answer.entry(remedy).or_default().push(action.clone());
        }
    }
    Ok(answer)
}

/// What the remedy of a rule leaves out, as a preview of the ticket's client found it.
pub(super) async fn left_out(
    tx: &Tx,
    ticket: &Ticket,
    preview: AuditPreviewId,
    rule: Option<RuleId>,
) -> Result<(AuditPreview, Vec<Subject>), OpError<TicketCode>> {
    let found = store::previews::by_ids(tx, &[preview]).await?.pop().filter(|found| found.client == ticket.client);
    let Some(preview) = found else { return refuse(TicketCode::PreviewNotFound, "auditPreviewId") };
    let Some(rule) = rule else {
        let without = preview.without.clone();
        return if without.is_empty() {
            refuse(TicketCode::PreviewNotFound, "auditPreviewId")
        } else {
            Ok((preview, without))
        };
    };
    let remedies = store::previews::what_would_be(tx, preview.id).await?.unwrap_or_default().remedies;
    let remedy = remedies.into_iter().find(|remedy| remedy.rule == rule).and_then(|remedy| remedy.counterfactual);
    match remedy {
        Some(remedy) => Ok((preview, remedy.without)),
        None => refuse(TicketCode::RemedyNotFound, "rule"),
    }
}

/// The findings that the remedy of a rule clears; `most` at most.
pub(super) async fn cleared(
    tx: &Tx,
    audit: AuditId,
    rule: RuleId,
    most: usize,
) -> Result<Vec<FindingId>, OpError<TicketCode>> {
    let findings = store::findings::of_rules(tx, &[audit], &[rule]).await?;
    Ok(findings.into_iter().map(|finding| finding.id).take(most).collect())
}
