//! What apalis delivers, and to whom.

use apalis::prelude::{BoxDynError, Data};
use app::jobs::Executor;
use domain::JobId;

/// Says that there is a job to claim, and nothing else: the ledger knows the rest.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct Trigger {
    job: JobId,
}

impl Trigger {
    pub(crate) const fn new(job: JobId) -> Self {
        Self { job }
    }

    /// As apalis keeps it, which is what its JSON codec reads.
    pub(crate) fn encode(self) -> Vec<u8> {
        format!(r#"{{"job":"{}"}}"#, self.job).into_bytes()
    }
}

/// Delivers a trigger. Always a success for apalis, which so never tries again: that is the ledger's to decide, and a job that
/// could not even be claimed is handed over anew.
pub(crate) async fn deliver(trigger: Trigger, executor: Data<Executor>) -> Result<(), BoxDynError> {
    if let Err(error) = executor.deliver(trigger.job).await {
        tracing::error!(job.id = %trigger.job, %error, "the job ledger cannot be reached; the job will be delivered again");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_reads_back() {
        let job = JobId::from_uuid(uuid::Uuid::from_u128(7));
        let read: Trigger = serde_json::from_slice(&Trigger::new(job).encode()).unwrap();
        assert_eq!(read.job, job);
    }
}
