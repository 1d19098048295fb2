//! Compaction: no figure changes, nothing is lost, and whatever goes wrong leaves orphans only.

use std::num::NonZero;

use domain::imports::ImportKind;
use domain::ports::{CancelFlag, CompactRequest, Lake as _, LakeErrorKind, SegmentMeta};
use domain::{Instant, traffic::Report};
use proptest::prelude::*;

use super::segments::World;
use super::traffic::{T0, Traffic};

const KINDS: [ImportKind; 3] = [ImportKind::Messages, ImportKind::Inbound, ImportKind::Consents];

/// Imports the traffic in parts, as a gateway would from day to day; segments in the order of their publication.
async fn import_parts(world: &World, traffic: &Traffic, parts: usize) -> Vec<SegmentMeta> {
    let folder = world.folder.path().join("parts");
    std::fs::create_dir_all(&folder).unwrap();
    let mut segments = Vec::new();
    for part in 0..parts {
        let share = |length: usize| length * part / parts..length * (part + 1) / parts;
        let some = Traffic {
            messages: traffic.messages[share(traffic.messages.len())].to_vec(),
            inbound: traffic.inbound[share(traffic.inbound.len())].to_vec(),
            consents: traffic.consents[share(traffic.consents.len())].to_vec(),
        };
        segments.extend(world.import_all(&some.write(&folder, "ndjson")).await);
    }
    segments
}

/// Puts what a compaction of `first..end` of a kind's segments made in the place of the first of them, as the manifest does.
async fn compact(
    world: &World,
    segments: &[SegmentMeta],
    kind: ImportKind,
    first: usize,
    end: usize,
) -> Vec<SegmentMeta> {
    let of_kind: Vec<SegmentMeta> = segments.iter().filter(|segment| segment.kind == kind).cloned().collect();
    let end = end.min(of_kind.len());
    let old = &of_kind[first.min(end)..end];
    if old.is_empty() {
        return segments.to_vec();
    }
    let request = CompactRequest { client: world.client, segments: old.to_vec() };
    let new = world.lake.compact(request, std::sync::Arc::new(|_| {}), CancelFlag::default()).await.unwrap();
    assert!(new.len() <= old.len(), "{} became {}", old.len(), new.len());
    let place = segments.iter().position(|segment| *segment == old[0]).unwrap();
    let mut replaced: Vec<SegmentMeta> = segments.iter().filter(|segment| !old.contains(segment)).cloned().collect();
    replaced.splice(place..place, new);
    replaced
}

async fn compact_all(world: &World, segments: &[SegmentMeta]) -> Vec<SegmentMeta> {
    let mut segments = segments.to_vec();
    for kind in KINDS {
        segments = compact(world, &segments, kind, 0, usize::MAX).await;
    }
    segments
}

fn without_users(mut traffic: Traffic) -> Traffic {
    traffic.inbound.retain(|row| !row.sender.starts_with("IT"));
    for message in &mut traffic.messages {
        message.user_id = None;
    }
    traffic
}

async fn report_before_and_after(world: &World, traffic: &Traffic, parts: usize) -> (Report, Report) {
    let segments = import_parts(world, traffic, parts).await;
    let before = world.audit(segments.clone()).await.unwrap();
    let compacted = compact_all(world, &segments).await;
    assert!(compacted.len() < segments.len());
    (before, world.audit(compacted).await.unwrap())
}

#[tokio::test]
async fn an_audit_after_compaction_is_the_audit_before_it() {
    for traffic in [Traffic::sample(3_000), without_users(Traffic::sample(3_000))] {
        let world = World::new();
        let (before, after) = report_before_and_after(&world, &traffic, 9).await;
        assert_eq!(before.totals.messages, 3_000);
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn rows_of_one_message_become_one_row() {
    let world = World::new();
    let traffic = without_users(Traffic::sample(900));
    let mut twice = traffic.clone();
    twice.messages.extend(traffic.messages.clone());
    let segments = import_parts(&world, &twice, 6).await;
    let rows = |segments: &[SegmentMeta]| -> u64 {
        segments.iter().filter(|segment| segment.kind == ImportKind::Messages).map(|segment| segment.rows).sum()
    };
    assert!(rows(&segments) > 900);
    let compacted = compact_all(&world, &segments).await;
    assert_eq!(rows(&compacted), 900);
}

#[tokio::test]
async fn what_is_imported_meanwhile_is_not_lost_and_still_comes_later() {
    let world = World::new();
    let traffic = without_users(Traffic::sample(2_000));
    let early = import_parts(&world, &traffic, 8).await;
    // While the early ones are compacted, the same messages come again with other facts: the first row's count.
    let mut late = traffic.clone();
    for message in &mut late.messages {
        message.list = Some("late".to_owned());
    }
    let request = CompactRequest {
        client: world.client,
        segments: early.iter().filter(|segment| segment.kind == ImportKind::Messages).cloned().collect(),
    };
    let folder = world.folder.path().join("late");
    std::fs::create_dir_all(&folder).unwrap();
    let files = late.write(&folder, "csv");
    let (compacted, meanwhile) = tokio::join!(
        world.lake.compact(request, std::sync::Arc::new(|_| {}), CancelFlag::default()),
        world.import(ImportKind::Messages, &files.messages)
    );
    let others = early.iter().filter(|segment| segment.kind != ImportKind::Messages).cloned();
    let after: Vec<SegmentMeta> =
        compacted.unwrap().into_iter().chain(others).chain(meanwhile.segments.clone()).collect();
    let before: Vec<SegmentMeta> = early.into_iter().chain(meanwhile.segments).collect();
    assert_eq!(world.audit(after).await.unwrap(), world.audit(before).await.unwrap());
}

#[tokio::test]
async fn a_compaction_that_stops_leaves_orphans_only() {
    let world = World::new();
    let traffic = without_users(Traffic::sample(4_000));
    let segments = import_parts(&world, &traffic, 6).await;
    let before = world.audit(segments.clone()).await.unwrap();
    let cancel = CancelFlag::default();
    let stop = {
        let cancel = cancel.clone();
        std::sync::Arc::new(move |_| cancel.cancel())
    };
    let messages = segments.iter().filter(|segment| segment.kind == ImportKind::Messages).cloned().collect();
    let request = CompactRequest { client: world.client, segments: messages };
    let stopped = world.lake.compact(request, stop, cancel).await;
    // Work so small may be over before it looks at the flag; then what it wrote is an orphan.
    if let Err(error) = stopped {
        assert_eq!(error.kind, LakeErrorKind::Cancelled);
    }
    assert_eq!(world.audit(segments.clone()).await.unwrap(), before);
    let known: Vec<String> = segments.iter().map(|segment| segment.path.clone()).collect();
    world.lake.sweep(known, Instant::from_timestamp_micros(T0 * 2).unwrap()).await.unwrap();
    assert_eq!(world.objects().len(), segments.len());
    assert_eq!(world.audit(segments).await.unwrap(), before);
}

#[tokio::test]
async fn a_damaged_segment_is_not_compacted_and_is_named() {
    let world = World::new();
    let segments = import_parts(&world, &without_users(Traffic::sample(900)), 3).await;
    let victim = segments.iter().find(|segment| segment.kind == ImportKind::Messages).unwrap();
    let path = world.folder.path().join("lake").join(&victim.path);
    let whole = std::fs::read(&path).unwrap();
    // One bit anywhere in the columns.
    for at in [8, whole.len() / 4, whole.len() / 2] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        let request = CompactRequest {
            client: world.client,
            segments: segments.iter().filter(|segment| segment.kind == ImportKind::Messages).cloned().collect(),
        };
        let error = world.lake.compact(request, std::sync::Arc::new(|_| {}), CancelFlag::default()).await.unwrap_err();
        assert_eq!(error.kind, LakeErrorKind::Storage, "byte {at}");
        assert!(error.message.contains(&victim.path), "{}", error.message);
    }
}

#[tokio::test]
async fn threads_and_memory_change_no_figure() {
    let traffic = Traffic::sample(6_000);
    let mut reports = Vec::new();
    for (threads, memory) in [(1, 64 << 20), (2, 1 << 20), (4, 1 << 16)] {
        let world = World::with(NonZero::new(threads), memory);
        let (before, after) = report_before_and_after(&world, &traffic, 8).await;
        assert_eq!(before, after);
        reports.push(after);
    }
    assert!(reports.iter().all(|report| *report == reports[0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_consecutive_segments_can_be_compacted(
        parts in 2_usize..7, first in 0_usize..6, count in 1_usize..7, kind in 0_usize..3, users: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (before, after) = runtime.block_on(async {
            let world = World::new();
            let sample = Traffic::sample(400);
            let traffic = if users { sample } else { without_users(sample) };
            let segments = import_parts(&world, &traffic, parts).await;
            let compacted = compact(&world, &segments, KINDS[kind], first, first + count).await;
            (world.audit(segments).await.unwrap(), world.audit(compacted).await.unwrap())
        });
        prop_assert_eq!(before, after);
    }
}
