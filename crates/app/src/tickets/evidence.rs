//! Findings of audits as evidence on a ticket that is open already: most tickets open by themselves, and are looked into afterwards.

use std::collections::{BTreeMap, HashMap};

use domain::{
    AuditId, FindingId,
    access::Permission::TicketsWrite,
    tickets::{Ticket, TicketEventKind},
};

use super::{
    TicketCode,
    actions::MOST_FINDINGS,
    change::{Target, begin, finish, refuse},
};
use crate::{OpCtx, OpError};

/// Ties findings to a ticket; those that are tied already stay so, and the timeline tells of the others, audit by audit.
///
/// # Errors
/// `FindingNotFound` when one is not the client's, or when there are none or more than [`MOST_FINDINGS`].
pub async fn link_findings(
    op: &OpCtx,
    target: Target,
    mut findings: Vec<FindingId>,
) -> Result<Ticket, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    findings.sort_unstable();
    findings.dedup();
    if !(1..=MOST_FINDINGS).contains(&findings.len()) {
        return refuse(TicketCode::FindingNotFound, "findingIds");
    }
    let found = store::findings::by_ids(&tx, &findings).await?;
    if found.len() != findings.len() || found.iter().any(|finding| finding.client != ticket.client) {
        return refuse(TicketCode::FindingNotFound, "findingIds");
    }
    let tied = store::tickets::findings_of(&tx, &[ticket.id]).await?;
    findings.retain(|finding| !tied.contains(&(ticket.id, *finding)));
    store::tickets::link_findings(&tx, &ticket, &findings).await?;
    let audits: HashMap<FindingId, AuditId> = found.into_iter().map(|finding| (finding.id, finding.audit)).collect();
    let mut by_audit: BTreeMap<AuditId, Vec<FindingId>> = BTreeMap::new();
    for finding in findings {
        if let Some(audit) = audits.get(&finding) {
            by_audit.entry(*audit).or_default().push(finding);
        }
    }
    let events = by_audit.into_iter().map(|(audit, findings)| TicketEventKind::FindingsLinked { audit, findings });
    finish(op, tx, &ticket, Ok((ticket.clone(), events.collect()))).await
}
