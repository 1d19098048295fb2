//! Following an audit to its end.

use std::time::Duration;

use domain::{
    AuditId,
    audits::{Audit, AuditState},
    ports::Progress,
};
use futures::stream::{self, Stream};

use super::by_ids;
use crate::{OpCtx, OpError};

/// How soon a change is seen. Workers say how far they have come about as often.
const LOOK: Duration = Duration::from_secs(1);

struct Follower {
    op: OpCtx,
    audit: AuditId,
    /// What was told last.
    told: Option<(AuditState, Option<Progress>)>,
}

/// The audit as it stands, again whenever its state or progress changes, to its end.
///
/// # Errors
/// `Forbidden` without `audits:read`; `NotFound`.
pub async fn follow(
    op: OpCtx,
    audit: AuditId,
) -> Result<impl Stream<Item = Result<Audit, OpError>> + Send + use<>, OpError> {
    by_ids(&op, &[audit]).await?.pop().ok_or(OpError::NotFound)?;
    let follower = Follower { op, audit, told: None };
    Ok(stream::unfold(follower, |mut follower| async move {
        let item = follower.next().await.transpose()?;
        Some((item, follower))
    }))
}

impl Follower {
    async fn next(&mut self) -> Result<Option<Audit>, OpError> {
        loop {
            if self.told.is_some_and(|(state, _)| state.is_final()) {
                return Ok(None);
            }
            self.op.renew().await;
            let audit = by_ids(&self.op, &[self.audit]).await?.pop().ok_or(OpError::NotFound)?;
            let progress = match audit.job {
                Some(job) if audit.state == AuditState::Running => {
                    crate::jobs::by_ids(&self.op, &[job]).await?.pop().map(|job| job.progress)
                }
                _ => None,
            };
            if self.told != Some((audit.state, progress)) {
                self.told = Some((audit.state, progress));
                return Ok(Some(audit));
            }
            // No transaction is kept while there is nothing to tell.
            self.op.renew().await;
            tokio::time::sleep(LOOK).await;
        }
    }
}
