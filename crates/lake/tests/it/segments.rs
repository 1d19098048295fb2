//! Import into segments, audits of snapshots, and what is left over.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use domain::imports::{FileFormat, ImportKind};
use domain::ports::{
    AuditRequest, CancelFlag, ImportRequest, Lake as _, LakeErrorKind, LedgerEvent, ManualClock, SeededRandom,
    SegmentMeta, Snapshot, StagedImport,
};
use domain::traffic::{AuditParameters, Profile, Report, Surroundings, Thresholds};
use domain::{ClientId, Instant};
use lake::{Lake, LakeOptions, Location};

use super::traffic::{Files, T0, Traffic};

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) lake: Lake,
    pub(crate) client: ClientId,
}

fn now() -> Instant {
    Instant::from_timestamp_micros(T0).unwrap()
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(std::num::NonZero::new(2), 1 << 20)
    }

    pub(crate) fn with(threads: Option<std::num::NonZero<usize>>, memory: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, random) = (ManualClock::at(now()), SeededRandom::new(1));
        let client = ClientId::new(now(), &random);
        let options = LakeOptions { memory: Some(memory), threads, temporary: None };
        let location = Location::Folder(folder.path().join("lake"));
        let lake = Lake::open(&location, options, Arc::new(clock), Arc::new(random)).unwrap();
        Self { folder, lake, client }
    }

    fn request(&self, kind: ImportKind, path: &Path) -> ImportRequest {
        ImportRequest {
            client: self.client,
            kind,
            path: path.to_owned(),
            format: FileFormat::of(path).unwrap(),
            strict: false,
            recorded_at: None,
        }
    }

    pub(crate) async fn import(&self, kind: ImportKind, path: &Path) -> StagedImport {
        self.lake.import(self.request(kind, path), None, Arc::new(|_| {}), CancelFlag::default()).await.unwrap()
    }

    pub(crate) async fn import_all(&self, files: &Files) -> Vec<SegmentMeta> {
        let mut segments = self.import(ImportKind::Messages, &files.messages).await.segments;
        segments.extend(self.import(ImportKind::Inbound, &files.inbound).await.segments);
        segments.extend(self.import(ImportKind::Consents, &files.consents).await.segments);
        segments
    }

    pub(crate) async fn audit(&self, segments: Vec<SegmentMeta>) -> Result<Report, domain::ports::LakeError> {
        let parameters =
            AuditParameters { from: None, to: None, profile: Profile::Full, messaging_limit: None, as_of: now() };
        let request = AuditRequest {
            client: self.client,
            snapshot: Snapshot { segments },
            parameters,
            thresholds: Thresholds::default(),
            surroundings: Surroundings::default(),
        };
        self.lake.audit(request, Arc::new(|_| {}), CancelFlag::default()).await
    }

    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.folder.path().join("lake")]);
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            for entry in entries {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }
}

fn report_of_files(files: &Files) -> Report {
    let mut request = files.request();
    request.inputs.as_of = Some(T0);
    lake::audit_files(request).unwrap().report
}

#[tokio::test]
async fn an_audit_of_segments_is_the_audit_of_their_files() {
    let world = World::new();
    let files = Traffic::sample(20_000).write(world.folder.path(), "ndjson.zst");
    let segments = world.import_all(&files).await;
    assert_eq!(world.audit(segments).await.unwrap(), report_of_files(&files));
}

#[tokio::test]
async fn the_same_file_twice_changes_no_figure_of_messages() {
    let world = World::new();
    let files = Traffic::sample(500).write(world.folder.path(), "csv");
    let once = world.import_all(&files).await;
    let mut twice = once.clone();
    twice.extend(world.import(ImportKind::Messages, &files.messages).await.segments);
    twice.extend(world.import(ImportKind::Inbound, &files.inbound).await.segments);
    assert_ne!(once.len(), twice.len());
    assert_eq!(world.audit(once).await.unwrap(), world.audit(twice).await.unwrap());
}

#[tokio::test]
async fn outcomes_that_arrive_in_a_later_import_join_their_message() {
    let world = World::new();
    let traffic = Traffic::sample(3_000);
    let whole = report_of_files(&traffic.write(world.folder.path(), "csv"));
    let (mut segments, part) = (Vec::new(), world.folder.path().join("part"));
    std::fs::create_dir(&part).unwrap();
    for messages in traffic.messages.chunks(700) {
        let files = Traffic { messages: messages.to_vec(), ..Traffic::default() }.write(&part, "parquet");
        segments.extend(world.import(ImportKind::Messages, &files.messages).await.segments);
    }
    let rest = Traffic { messages: Vec::new(), ..traffic }.write(&part, "parquet");
    segments.extend(world.import(ImportKind::Inbound, &rest.inbound).await.segments);
    segments.extend(world.import(ImportKind::Consents, &rest.consents).await.segments);
    assert_eq!(world.audit(segments).await.unwrap(), whole);
}

#[tokio::test]
async fn segments_are_sorted_by_recipient_and_time() {
    use arrow::array::AsArray;
    use arrow::datatypes::{TimestampMicrosecondType, UInt64Type};

    let world = World::new();
    let files = Traffic::sample(5_000).write(world.folder.path(), "parquet");
    let staged = world.import(ImportKind::Messages, &files.messages).await;
    let mut rows = Vec::new();
    for segment in &staged.segments {
        let file = std::fs::File::open(world.folder.path().join("lake").join(&segment.path)).unwrap();
        let before = rows.len();
        for batch in parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 1_000).unwrap() {
            let batch = batch.unwrap();
            let keys = batch.column_by_name("recipient_key").unwrap().as_primitive::<UInt64Type>();
            let times = batch.column_by_name("sent_at").unwrap().as_primitive::<TimestampMicrosecondType>();
            rows.extend(keys.values().iter().copied().zip(times.values().iter().copied()));
        }
        assert_eq!((rows.len() - before) as u64, segment.rows);
        assert!(rows[before..].iter().all(|(_, time)| {
            (segment.least_time.timestamp_micros()..=segment.greatest_time.timestamp_micros()).contains(time)
        }));
    }
    assert!(rows.is_sorted());
    assert_eq!(rows.len(), 5_000, "rows of one message are one row");
}

#[tokio::test]
async fn ledger_events_come_in_the_order_of_the_file_in_bounded_batches() {
    let world = World::new();
    let traffic = Traffic::sample(40_000);
    let files = traffic.write(world.folder.path(), "csv");
    let seen: Arc<Mutex<Vec<Vec<LedgerEvent>>>> = Arc::default();
    let sink = {
        let seen = Arc::clone(&seen);
        Box::new(move |events| {
            seen.lock().unwrap().push(events);
            Ok(())
        })
    };
    let mut request = world.request(ImportKind::Consents, &files.consents);
    request.recorded_at = Some(now());
    let staged = world.lake.import(request, Some(sink), Arc::new(|_| {}), CancelFlag::default()).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|batch| batch.len() <= 5_000));
    let events: Vec<&LedgerEvent> = seen.iter().flatten().collect();
    assert_eq!(events.len() as u64, staged.accepted);
    for (event, row) in events.iter().zip(&traffic.consents) {
        assert_eq!(event.recipient, row.recipient);
        assert_eq!(event.effective_at.timestamp_micros(), row.effective_at);
        assert_eq!(event.recorded_at.timestamp_micros(), row.recorded_at.unwrap_or(T0));
        assert_eq!((&event.ip, event.controller.as_deref()), (&row.ip, Some("Rossi S.p.A.")));
        assert_eq!(event.brand_shown.is_some(), row.ip.is_some());
    }
}

#[tokio::test]
async fn a_sink_that_refuses_ends_the_import_with_its_own_error() {
    let world = World::new();
    let files = Traffic::sample(100).write(world.folder.path(), "csv");
    let refusal = domain::ports::LakeError { kind: LakeErrorKind::Storage, message: "the ledger is away".to_owned() };
    let sink = {
        let refusal = refusal.clone();
        Box::new(move |_| Err(refusal.clone()))
    };
    let request = world.request(ImportKind::Consents, &files.consents);
    let result = world.lake.import(request, Some(sink), Arc::new(|_| {}), CancelFlag::default()).await;
    assert_eq!(result.unwrap_err(), refusal);
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_strict_import_of_a_bad_file_and_a_cancelled_one_leave_nothing() {
    let world = World::new();
    let path = world.folder.path().join("m.csv");
    std::fs::write(&path, "message_id,phone_number_id,recipient,sent_at,type,category\nm,1,1,1,free_form,service\n")
        .unwrap();
    let mut request = world.request(ImportKind::Messages, &path);
    request.strict = true;
    let refused = world.lake.import(request, None, Arc::new(|_| {}), CancelFlag::default()).await.unwrap_err();
    assert_eq!(refused.kind, LakeErrorKind::Input);
    assert!(refused.message.contains("line 2"), "{}", refused.message);

    let files = Traffic::sample(20_000).write(world.folder.path(), "parquet");
    let cancel = CancelFlag::default();
    // Cancelled in the middle: when half of the work, the reading, is told to be over.
    let progress = {
        let cancel = cancel.clone();
        Arc::new(move |told: domain::ports::Progress| {
            if told.total > 0 && told.done * 2 > told.total {
                cancel.cancel();
            }
        })
    };
    let request = world.request(ImportKind::Messages, &files.messages);
    let stopped = world.lake.import(request, None, progress, cancel).await;
    // Work so small may be over before it looks at the flag; then its segments are orphans.
    if let Err(error) = stopped {
        assert_eq!(error.kind, LakeErrorKind::Cancelled);
        assert!(world.objects().len() <= 1, "{:?}", world.objects());
    }
}

#[tokio::test]
async fn the_sweep_deletes_what_the_manifest_does_not_name_and_nothing_young() {
    let world = World::new();
    let files = Traffic::sample(200).write(world.folder.path(), "csv");
    let kept = world.import(ImportKind::Messages, &files.messages).await.segments;
    let orphans = world.import(ImportKind::Messages, &files.messages).await.segments;
    std::fs::write(world.folder.path().join("lake/staging/.tmp-of-a-killed-process"), "half").unwrap();
    let known: Vec<String> = kept.iter().map(|segment| segment.path.clone()).collect();
    let long_ago = Instant::from_timestamp_micros(0).unwrap();
    assert_eq!(world.lake.sweep(known.clone(), long_ago).await.unwrap(), 0);
    let far_ahead = Instant::from_timestamp_micros(T0 * 2).unwrap();
    assert_eq!(world.lake.sweep(known, far_ahead).await.unwrap(), orphans.len() as u64 + 1);
    assert_eq!(world.objects().len(), kept.len());
    assert!(world.audit(kept).await.is_ok());
    let missing = world.audit(orphans.clone()).await.unwrap_err();
    assert_eq!(missing.kind, LakeErrorKind::Storage);
    assert!(missing.message.contains(&orphans[0].path) && missing.message.contains("missing"), "{}", missing.message);
}

#[tokio::test]
async fn damage_of_a_segment_is_told_with_its_name() {
    let world = World::new();
    let files = Traffic::sample(2_000).write(world.folder.path(), "csv");
    let segments = world.import(ImportKind::Messages, &files.messages).await.segments;
    let path = world.folder.path().join("lake").join(&segments[0].path);
    let whole = std::fs::read(&path).unwrap();

    let mut flipped = whole.clone();
    for byte in &mut flipped[100..400] {
        *byte ^= 0x5a;
    }
    for damage in [&whole[..whole.len() / 2], &flipped] {
        std::fs::write(&path, damage).unwrap();
        let error = world.audit(segments.clone()).await.unwrap_err();
        assert_eq!(error.kind, LakeErrorKind::Storage);
        assert!(error.message.contains(&segments[0].path), "{}", error.message);
    }
    std::fs::write(&path, &whole).unwrap();
    let mut fewer = segments.clone();
    fewer[0].rows += 1;
    assert!(world.audit(fewer).await.unwrap_err().message.contains(&segments[0].path));

    std::fs::remove_file(&path).unwrap();
    let error = world.audit(segments.clone()).await.unwrap_err();
    assert_eq!(error.kind, LakeErrorKind::Storage);
    assert!(error.message.contains(&segments[0].path) && error.message.contains("missing"), "{}", error.message);
}

#[tokio::test]
async fn a_lake_that_can_be_used_passes_its_check_and_another_fails_it() {
    let world = World::new();
    world.lake.check().await.unwrap();
    assert!(world.objects().is_empty(), "the check leaves nothing");
    let file = world.folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let location = Location::Folder(file.join("lake"));
    let lake =
        Lake::open(&location, LakeOptions::default(), Arc::new(ManualClock::at(now())), Arc::new(SeededRandom::new(2)))
            .unwrap();
    assert_eq!(lake.check().await.unwrap_err().kind, LakeErrorKind::Storage);
}

#[tokio::test]
async fn templates_never_reach_the_lake() {
    let world = World::new();
    let path = world.folder.path().join("t.ndjson");
    std::fs::write(&path, "{}").unwrap();
    let request = world.request(ImportKind::Templates, &path);
    let error = world.lake.import(request, None, Arc::new(|_| {}), CancelFlag::default()).await.unwrap_err();
    assert_eq!(error.kind, LakeErrorKind::Input);
}

/// Set for the process that is to be killed: where its lake and its file are.
const VICTIM: &str = "SBLOCCO_LAKE_VICTIM";

/// Imports the same file again and again, until it is killed.
async fn import_forever(folder: &Path) {
    let (clock, random) = (Arc::new(ManualClock::at(now())), Arc::new(SeededRandom::new(3)));
    let location = Location::Folder(folder.join("lake"));
    let lake = Lake::open(&location, LakeOptions::default(), clock, Arc::clone(&random) as _).unwrap();
    let path = folder.join("messages.parquet");
    loop {
        let request = ImportRequest {
            client: ClientId::new(now(), random.as_ref()),
            kind: ImportKind::Messages,
            format: FileFormat::of(&path).unwrap(),
            path: path.clone(),
            strict: false,
            recorded_at: None,
        };
        lake.import(request, None, Arc::new(|_| {}), CancelFlag::default()).await.unwrap();
    }
}

#[tokio::test]
async fn a_killed_import_leaves_whole_segments_or_orphans_that_the_sweep_deletes() {
    if let Some(folder) = std::env::var_os(VICTIM) {
        return import_forever(Path::new(&folder)).await;
    }
    let world = World::new();
    let files = Traffic::sample(5_000).write(world.folder.path(), "parquet");
    let kept = world.import_all(&files).await;
    let before = world.audit(kept.clone()).await.unwrap();
    let mut victim = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "segments::a_killed_import_leaves_whole_segments_or_orphans_that_the_sweep_deletes"])
        .env(VICTIM, world.folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while world.objects().len() < kept.len() + 2 {
        assert!(victim.try_wait().unwrap().is_none(), "the process ended by itself");
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    victim.kill().unwrap();
    victim.wait().unwrap();

    assert_eq!(world.audit(kept.clone()).await.unwrap(), before, "what was not published does not count");
    let known: Vec<String> = kept.iter().map(|segment| segment.path.clone()).collect();
    let orphans = world.objects().len() - kept.len();
    let far_ahead = Instant::from_timestamp_micros(T0 * 2).unwrap();
    assert_eq!(world.lake.sweep(known, far_ahead).await.unwrap(), orphans as u64);
    assert_eq!(world.audit(kept).await.unwrap(), before);
}
