//! Parts of the lake, one at a time, to be measured:
//!
//! `lake_bench import DATA LAKE`: messages, inbound and consents of DATA (`.parquet`) into sorted segments of a lake in the
//! folder LAKE, whose list stands in `LAKE/segments.json`; `import-messages`: the messages alone.
//! `lake_bench audit LAKE minimum|full`: the audit of those segments, as JSON on standard output.
//! `lake_bench remedies LAKE`: the search of what should not have been sent, over the rules of the profile `full`.
//! `lake_bench scan LAKE`: reads the columns that an audit reads, and nothing else: the floor.
//! `lake_bench files DATA EXTENSION`: the audit of the files.
//!
//! THREADS (2) and MEMORY_MIB (512) are taken from the environment. Seconds go to standard error.

use std::fs::File;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant as Stopwatch;

use domain::imports::{FileFormat, ImportKind};
use domain::ports::{
    AuditRequest, CancelFlag, ImportRequest, Lake as _, ManualClock, SeededRandom, SegmentMeta, Snapshot, WhatIfRequest,
};
use domain::traffic::{AuditParameters, Profile};
use domain::{ClientId, Instant, SegmentId};
use lake::{FilesAudit, Lake, LakeOptions, Location, audit_files};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error + std::marker::Send + Sync>;

const KINDS: [ImportKind; 3] = [ImportKind::Messages, ImportKind::Inbound, ImportKind::Consents];

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program to measure with")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument =
        |index: usize| arguments.get(index).map(String::as_str).ok_or("see the head of the source for usage");
    let started = Stopwatch::now();
    match argument(0)? {
        "import" => import(Path::new(argument(1)?), Path::new(argument(2)?), &KINDS).await?,
        "import-messages" => import(Path::new(argument(1)?), Path::new(argument(2)?), &KINDS[..1]).await?,
        "audit" => println!("{}", audit(Path::new(argument(1)?), argument(2)?).await?),
        "remedies" => println!("{}", remedies(Path::new(argument(1)?)).await?),
        "scan" => println!("{} rows", scan(Path::new(argument(1)?))?),
        "files" => println!("{}", files(Path::new(argument(1)?), argument(2)?)?),
        other => return Err(format!("{other} is unknown").into()),
    }
    eprintln!("{:.3} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn setting(name: &str, usual: usize) -> Result<usize, Failure> {
    Ok(match std::env::var(name) {
        Ok(value) => value.parse()?,
        Err(_) => usual,
    })
}

fn now() -> Instant {
    Instant::from_timestamp(1_790_812_800, 0).unwrap_or_default()
}

fn lake(folder: &Path) -> Result<Lake, Failure> {
    let options = LakeOptions {
        memory: Some(setting("MEMORY_MIB", 512)? << 20),
        threads: NonZero::new(setting("THREADS", 2)?),
        temporary: Some(folder.to_owned()),
    };
    std::fs::create_dir_all(folder)?;
    let seed = std::time::UNIX_EPOCH.elapsed()?.as_nanos() as u64;
    let random = Arc::new(SeededRandom::new(seed));
    Ok(Lake::open(&Location::Folder(folder.to_owned()), options, Arc::new(ManualClock::at(now())), random)?)
}

async fn import(data: &Path, folder: &Path, kinds: &[ImportKind]) -> Result<(), Failure> {
    let lake = lake(folder)?;
    let client = ClientId::new(now(), &SeededRandom::new(1));
    let mut segments = Vec::new();
    for kind in kinds {
        let path = data.join(format!("{}.parquet", kind.as_str()));
        let format = FileFormat::of(&path)?;
        let request = ImportRequest { client, kind: *kind, path, format, strict: false, recorded_at: None };
        segments.extend(lake.import(request, None, Arc::new(|_| {}), CancelFlag::default()).await?.segments);
    }
    let listed: Vec<Value> =
        segments.iter().map(|segment| json!([segment.kind.as_str(), segment.path, segment.rows])).collect();
    std::fs::write(folder.join("segments.json"), serde_json::to_vec(&listed)?)?;
    Ok(())
}

fn segments(folder: &Path) -> Result<Vec<SegmentMeta>, Failure> {
    let listed: Vec<(String, String, u64)> = serde_json::from_slice(&std::fs::read(folder.join("segments.json"))?)?;
    let segment = |(kind, path, rows): (String, String, u64)| SegmentMeta {
        id: SegmentId::new(now(), &SeededRandom::new(rows)),
        kind: KINDS.into_iter().find(|known| known.as_str() == kind).unwrap_or(ImportKind::Templates),
        path,
        rows,
        bytes: 0,
        least_time: now(),
        greatest_time: now(),
    };
    Ok(listed.into_iter().map(segment).collect())
}

fn request(folder: &Path, profile: Profile) -> Result<AuditRequest, Failure> {
    Ok(AuditRequest {
        client: ClientId::new(now(), &SeededRandom::new(1)),
        snapshot: Snapshot { segments: segments(folder)? },
        parameters: AuditParameters { from: None, to: None, profile, messaging_limit: None, as_of: now() },
        thresholds: domain::traffic::Thresholds::default(),
        surroundings: domain::traffic::Surroundings::default(),
    })
}

async fn audit(folder: &Path, profile: &str) -> Result<String, Failure> {
    let profile = if profile == "minimum" { Profile::Minimum } else { Profile::Full };
    let request = request(folder, profile)?;
    let report = lake(folder)?.audit(request, Arc::new(|_| {}), CancelFlag::default()).await?;
    Ok(serde_json::to_string_pretty(&report)?)
}

async fn remedies(folder: &Path) -> Result<String, Failure> {
    let request = WhatIfRequest { audit: request(folder, Profile::Full)?, without: Vec::new(), remedies: true };
    let found = lake(folder)?.what_if(request, Arc::new(|_| {}), CancelFlag::default()).await?;
    Ok(serde_json::to_string_pretty(&found.remedies)?)
}

/// The columns that an audit reads stand first.
fn scan(folder: &Path) -> Result<usize, Failure> {
    let segments = segments(folder)?;
    let mut groups: Vec<(PathBuf, usize, usize)> = Vec::new();
    for segment in &segments {
        let columns = match segment.kind {
            ImportKind::Messages => 9,
            ImportKind::Inbound => 5,
            _ => 10,
        };
        let path = folder.join(&segment.path);
        let count = ParquetRecordBatchReaderBuilder::try_new(File::open(&path)?)?.metadata().num_row_groups();
        groups.extend((0..count).map(|group| (path.clone(), group, columns)));
    }
    let next = AtomicUsize::new(0);
    let scan_some = || -> Result<usize, Failure> {
        let mut rows = 0;
        while let Some((path, group, columns)) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
            let projection = ProjectionMask::roots(builder.parquet_schema(), 0..*columns);
            for batch in
                builder.with_projection(projection).with_row_groups(vec![*group]).with_batch_size(1 << 20).build()?
            {
                rows += batch?.num_rows();
            }
        }
        Ok(rows)
    };
    let threads = setting("THREADS", 2)?;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(scan_some)).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".into()))).sum()
    })
}

fn files(data: &Path, extension: &str) -> Result<String, Failure> {
    let file = |name: &str| vec![data.join(format!("{name}.{extension}")).into()];
    let outcome = audit_files(FilesAudit {
        messages: file("messages"),
        inbound: file("inbound"),
        consents: file("consents"),
        strict: false,
        settings: audit::Settings::default(),
        inputs: audit::Inputs::default(),
        memory: Some(setting("MEMORY_MIB", 512)? << 20),
        threads: NonZero::new(setting("THREADS", 2)?),
        temporary: None,
        progress: &|_| {},
        cancel: CancelFlag::default(),
    })?;
    Ok(serde_json::to_string_pretty(&outcome.report)?)
}
