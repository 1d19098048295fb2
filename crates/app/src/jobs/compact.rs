//! Compaction of the lake: when an import has left a client with many small segments, a job makes them fewer and larger. It holds
//! no lock while the lake works, so that imports go on.

use domain::{
    ClientId,
    access::Visibility,
    imports::ImportKind,
    jobs::JobPayload,
    ports::{CompactRequest, SegmentMeta},
};
use store::{StoreError, Tx};

use super::{JobError, Run, enqueue};
use crate::OpCtx;

/// So many segments are worth it.
const MANY: usize = 8;
/// A segment this many times as large as all that follow it together is left as it is: every row is then written again only a
/// few times, however many imports there are.
const MUCH_LARGER: u64 = 4;

/// Neighbours among the segments of a kind that had better be fewer, the latest that are; empty when there are none. Few small
/// ones at the end keep none before them from it.
fn due(segments: &[SegmentMeta], kind: ImportKind) -> Vec<SegmentMeta> {
    let of_kind: Vec<&SegmentMeta> = segments.iter().filter(|segment| segment.kind == kind).collect();
    let mut runs = (0..=of_kind.len()).rev().map(|end| alike(&of_kind[..end]));
    let worth = runs.find(|run| run.len() >= MANY && !large(run)).unwrap_or_default();
    worth.iter().map(|segment| (*segment).clone()).collect()
}

/// The last segments, up to one that is much larger than all after it.
fn alike<'s, 'm>(segments: &'s [&'m SegmentMeta]) -> &'s [&'m SegmentMeta] {
    let mut rows = 0;
    let mut start = segments.len();
    for segment in segments.iter().rev() {
        if start < segments.len() && segment.rows > rows * MUCH_LARGER {
            break;
        }
        rows += segment.rows;
        start -= 1;
    }
    &segments[start..]
}

/// Whether the segments are as large already as a compaction makes them.
fn large(segments: &[&SegmentMeta]) -> bool {
    const LARGE: u64 = 500_000;
    segments.iter().filter(|segment| segment.rows < LARGE).count() < MANY
}

/// Puts a compaction in, when there is something to compact, with the rest of the transaction; whether it did. Raise
/// [`crate::Services::job_signal`] after the commit.
///
/// # Errors
/// The database is unavailable.
pub(crate) async fn enqueue_if_due(
    op: &OpCtx,
    tx: &Tx,
    client: ClientId,
    kind: ImportKind,
) -> Result<bool, StoreError> {
    let snapshot = store::segments::snapshot(tx, client).await?;
    if due(&snapshot.segments, kind).is_empty() {
        return Ok(false);
    }
    let key = format!("{client}/{kind}");
    enqueue(op, tx, JobPayload::LakeCompact { client, rows: kind }, Some(key)).await?;
    Ok(true)
}

/// Compacts the segments of a kind.
pub(super) async fn run(op: &OpCtx, run: &Run, client: ClientId, kind: ImportKind) -> Result<(), JobError> {
    let services = op.services();
    let tx = services.store.read(&Visibility::System).await?;
    let segments = due(&store::segments::snapshot(&tx, client).await?.segments, kind);
    // Nothing is held while the lake works.
    tx.rollback().await?;
    let old: Vec<_> = segments.iter().map(|segment| segment.id).collect();
    let new = if segments.is_empty() {
        Vec::new()
    } else {
        let request = CompactRequest { client, segments };
        services.lake.compact(request, run.progress(), run.cancel.clone()).await?
    };
    let tx = services.store.write(&Visibility::System).await?;
    // Refused when somebody else compacted meanwhile: what was written now is then swept.
    if !old.is_empty() && store::segments::replace(&tx, client, &old, &new, services.clock.now()).await? {
        tracing::info!(client.id = %client, lake.kind = %kind, lake.before = old.len(), lake.after = new.len(), "segments were compacted");
    }
    run.finish(op, tx).await
}

#[cfg(test)]
mod tests {
    use domain::{Instant, SegmentId, ports::SeededRandom};

    use super::*;

    fn segments(rows: &[u64]) -> Vec<SegmentMeta> {
        let random = SeededRandom::new(1);
        let segment = |rows: &u64| SegmentMeta {
            id: SegmentId::new(Instant::default(), &random),
            kind: ImportKind::Messages,
            path: String::new(),
            rows: *rows,
            bytes: 0,
            least_time: Instant::default(),
            greatest_time: Instant::default(),
        };
        rows.iter().map(segment).collect()
    }

    fn rows_due(rows: &[u64]) -> Vec<u64> {
        due(&segments(rows), ImportKind::Messages).iter().map(|segment| segment.rows).collect()
    }

    #[test]
    fn few_segments_and_those_of_another_kind_are_left() {
        assert!(rows_due(&[10; 7]).is_empty());
        assert_eq!(rows_due(&[10; 8]), [10; 8]);
        assert!(due(&segments(&[10; 20]), ImportKind::Inbound).is_empty());
    }

    #[test]
    fn what_is_much_larger_than_all_that_follows_is_left_with_all_before_it() {
        let mut rows = vec![10, 1_000_000, 1_000_000];
        rows.extend([10; 9]);
        assert_eq!(rows_due(&rows), [10; 9]);
        rows.splice(3..3, [400_000; 9]);
        assert_eq!(rows_due(&rows), [10; 9]);
        assert_eq!(rows_due(&[300, 100, 100, 100, 100, 10, 10, 10, 10, 10]).len(), 10);
    }

    #[test]
    fn large_segments_are_not_written_again() {
        assert!(rows_due(&[1_200_000; 20]).is_empty());
    }
}
