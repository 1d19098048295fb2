//! Samples of findings tell places of messages; the ids are put in their stead.

use domain::traffic::Report;

use crate::error::Result;
use crate::scatter::ids::MessageIds;

/// Puts the ids of messages where a report tells their places.
pub(crate) fn put_ids(report: &mut Report, ids: &dyn MessageIds) -> Result<()> {
    let mut samples: Vec<_> = report.findings.iter_mut().flat_map(|finding| &mut finding.sample).collect();
    let places: Vec<u64> = samples.iter().filter_map(|sample| sample.message_id.parse().ok()).collect();
    for (sample, id) in samples.iter_mut().zip(ids.ids(&places)?) {
        sample.message_id = String::from_utf8_lossy(&id).into_owned();
    }
    Ok(())
}
