//! Batched reads of audits and what belongs to them.

use std::{collections::HashMap, sync::Arc};

use app::audits;
use async_graphql::dataloader::Loader;
use domain::{AuditId, JobId, jobs::Job, traffic::Report};

use super::{super::Finding, Audit};
use crate::{error::FieldError, loaders::Reader};

/// The report of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReportOf(pub(crate) AuditId);

/// The job of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct JobOf(pub(crate) JobId);

/// The numbers of findings of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CountsOf(pub(crate) AuditId);

/// The findings that an audit resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ResolvedBy(pub(crate) AuditId);

impl Loader<AuditId> for Reader {
    type Value = Audit;
    type Error = FieldError;

    async fn load(&self, ids: &[AuditId]) -> Result<HashMap<AuditId, Audit>, FieldError> {
        let audits = audits::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(audits.into_iter().map(|audit| (audit.id, Audit(audit))).collect())
    }
}

impl Loader<ReportOf> for Reader {
    type Value = Arc<Report>;
    type Error = FieldError;

    async fn load(&self, keys: &[ReportOf]) -> Result<HashMap<ReportOf, Arc<Report>>, FieldError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let reports = audits::reports(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(reports.into_iter().map(|(id, report)| (ReportOf(id), Arc::new(report))).collect())
    }
}

impl Loader<JobOf> for Reader {
    type Value = Arc<Job>;
    type Error = FieldError;

    async fn load(&self, keys: &[JobOf]) -> Result<HashMap<JobOf, Arc<Job>>, FieldError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let jobs = app::jobs::by_ids(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(jobs.into_iter().map(|job| (JobOf(job.id), Arc::new(job))).collect())
    }
}

impl Loader<CountsOf> for Reader {
    type Value = Vec<audits::FindingCount>;
    type Error = FieldError;

    async fn load(&self, keys: &[CountsOf]) -> Result<HashMap<CountsOf, Vec<audits::FindingCount>>, FieldError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut counts: HashMap<CountsOf, Vec<_>> = HashMap::new();
        for count in audits::finding_counts(&self.0, &ids).await.map_err(FieldError::new)? {
            counts.entry(CountsOf(count.audit)).or_default().push(count);
        }
        for counts in counts.values_mut() {
            counts.sort_by_key(|count| (std::cmp::Reverse(count.severity), count.comparison));
        }
        Ok(counts)
    }
}

impl Loader<ResolvedBy> for Reader {
    type Value = Vec<Finding>;
    type Error = FieldError;

    async fn load(&self, keys: &[ResolvedBy]) -> Result<HashMap<ResolvedBy, Vec<Finding>>, FieldError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut resolved: HashMap<ResolvedBy, Vec<Finding>> = HashMap::new();
        for (audit, finding) in audits::resolved_findings(&self.0, &ids).await.map_err(FieldError::new)? {
            resolved.entry(ResolvedBy(audit)).or_default().push(Finding(finding));
        }
        Ok(resolved)
    }
}
