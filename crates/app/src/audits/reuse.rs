//! Audits that were made before: whoever asks again for what has not changed gets the same report, and the lake rests.

use domain::{
    SegmentId,
    audits::Audit,
    ports::{AuditRequest, Snapshot},
    traffic::{AuditParameters, Report, Surroundings},
};
use store::Tx;

use crate::jobs::JobError;

/// Audits among which the same one is looked for.
const CANDIDATES: u64 = 10;

/// The report of an earlier audit of the same segments, period, profile, thresholds and surroundings, if it would be the same
/// today.
pub(super) async fn made_before(
    tx: &Tx,
    audit: &Audit,
    request: &AuditRequest,
    surroundings: &Surroundings,
) -> Result<Option<Report>, JobError> {
    let segments = ids(&request.snapshot);
    // A client without any traffic is looked at again: there is nothing to save.
    if segments.is_empty() {
        return Ok(None);
    }
    for candidate in store::audits::completed(tx, audit.client, CANDIDATES).await? {
        let is_same = asks(&candidate.parameters) == asks(&audit.parameters)
            && candidate.thresholds.values == audit.thresholds.values
            && ids(&store::segments::snapshot_of(tx, candidate.id).await?) == segments
            && store::audits::surroundings(tx, candidate.id).await?.as_ref() == Some(surroundings);
        let report = if is_same { report(tx, &candidate).await? } else { None };
        if let Some(report) = report.filter(|report| audit::still_holds(report, &request.thresholds)) {
            return Ok(Some(report));
        }
    }
    Ok(None)
}

fn ids(snapshot: &Snapshot) -> Vec<SegmentId> {
    let mut ids: Vec<_> = snapshot.segments.iter().map(|segment| segment.id).collect();
    ids.sort_unstable();
    ids
}

/// What is asked, whenever it is.
fn asks(parameters: &AuditParameters) -> impl PartialEq {
    (parameters.from, parameters.to, parameters.profile, parameters.messaging_limit)
}

/// The whole report of an audit; its findings are kept apart.
async fn report(tx: &Tx, audit: &Audit) -> Result<Option<Report>, JobError> {
    let report = store::audits::reports(tx, &[audit.id]).await?.pop();
    let findings = store::findings::all(tx, audit.id).await?;
    let findings = findings.into_iter().map(|finding| finding.found).collect();
    Ok(report.map(|(_, report)| Report { findings, ..report }))
}
