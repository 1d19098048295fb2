//! A product with a lake in a folder, two clients, and files to import.

use std::{
    collections::HashMap,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use app::{
    Code as _, OpCtx, OpError,
    imports::{self, ImportCode, Imported, NewImport},
    testing::{START, TestApp},
};
use async_trait::async_trait;
use domain::{
    ClientId, Instant,
    access::{Permission, Visibility},
    imports::{FileFormat, Import, ImportKind},
    ports::{
        AuditRequest, CancelFlag, CompactRequest, ConsentSink, EvidenceRequest, EvidenceWritten, ImportRequest,
        Lake as LakePort, LakeError, ManualClock, ObjectReader, ProgressFn, RowError, SeededRandom, SegmentMeta,
        StagedImport, WhatIf, WhatIfRequest,
    },
    traffic::Report,
};
use lake::{Lake, LakeOptions, Location};
use store::{consents::Recorded, page::Keyset, testing::TestStore};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// What a test does to the lake's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mischief {
    /// Nothing.
    None,
    /// Each segment stands twice in the answer, so that the transaction that publishes them fails.
    Twice,
    /// The answer waits until the test lets it go.
    Waits,
}

/// The real lake, with mischief.
#[derive(Debug)]
pub(crate) struct TestLake {
    lake: Lake,
    mischief: Mischief,
    /// One permit when the lake has read the file.
    pub(crate) reached: Semaphore,
    /// One permit lets one answer go.
    pub(crate) go: Semaphore,
}

#[async_trait]
impl LakePort for TestLake {
    async fn import(
        &self,
        request: ImportRequest,
        consents: Option<ConsentSink>,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<StagedImport, LakeError> {
        let mut staged = self.lake.import(request, consents, progress, cancel).await?;
        match self.mischief {
            Mischief::None => {}
            Mischief::Twice => staged.segments.extend(staged.segments.clone()),
            Mischief::Waits => {
                self.reached.add_permits(1);
                self.go.acquire().await.unwrap().forget();
            }
        }
        Ok(staged)
    }

    async fn audit(
        &self,
        request: AuditRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<Report, LakeError> {
        self.lake.audit(request, progress, cancel).await
    }

    async fn compact(
        &self,
        request: CompactRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<Vec<SegmentMeta>, LakeError> {
        self.lake.compact(request, progress, cancel).await
    }

    async fn what_if(
        &self,
        request: WhatIfRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<WhatIf, LakeError> {
        self.lake.what_if(request, progress, cancel).await
    }

    async fn evidence(
        &self,
        request: EvidenceRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<EvidenceWritten, LakeError> {
        self.lake.evidence(request, progress, cancel).await
    }

    async fn recipients(
        &self,
        segments: Vec<SegmentMeta>,
        message_ids: Vec<String>,
        cancel: CancelFlag,
    ) -> Result<HashMap<String, String>, LakeError> {
        self.lake.recipients(segments, message_ids, cancel).await
    }

    async fn put(&self, path: &str, file: std::path::PathBuf) -> Result<(), LakeError> {
        self.lake.put(path, file).await
    }

    async fn open(&self, path: &str) -> Result<Box<dyn ObjectReader>, LakeError> {
        self.lake.open(path).await
    }

    async fn sweep(&self, known: Vec<String>, before: Instant) -> Result<u64, LakeError> {
        self.lake.sweep(known, before).await
    }

    async fn check(&self) -> Result<(), LakeError> {
        self.lake.check().await
    }
}

pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) lake: Arc<TestLake>,
    pub(crate) client: ClientId,
    pub(crate) other: ClientId,
    folder: TempDir,
}

/// Everything that imports need.
const IMPORTER: [Permission; 4] =
    [Permission::TrafficImport, Permission::ConsentsImport, Permission::AssetsWrite, Permission::ImportsRead];

impl World {
    pub(crate) async fn new(store: TestStore) -> Self {
        Self::with(store, Mischief::None).await
    }

    pub(crate) async fn with(store: TestStore, mischief: Mischief) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start = Instant::from_timestamp(START, 0).unwrap();
        let lake = Lake::open(
            &Location::Folder(folder.path().join("lake")),
            LakeOptions { memory: Some(1 << 20), threads: std::num::NonZero::new(1), temporary: None },
            Arc::new(ManualClock::at(start)),
            Arc::new(SeededRandom::new(2)),
        )
        .unwrap();
        let lake = Arc::new(TestLake { lake, mischief, reached: Semaphore::new(0), go: Semaphore::new(0) });
        let app = TestApp::with_lake(store, lake.clone());
        let (client, other) = (app.client("aurora").await, app.client("borea").await);
        Self { app, lake, client, other, folder }
    }

    /// A program of the client.
    pub(crate) fn importer(&self) -> OpCtx {
        self.app.program(Some(self.client), &IMPORTER)
    }

    /// A program of the other client.
    pub(crate) fn stranger(&self) -> OpCtx {
        self.app.program(Some(self.other), &IMPORTER)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file; gzipped when its name says so.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        let bytes = if Path::new(name).extension().is_some_and(|extension| extension == "gz") {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            gzip.write_all(content.as_bytes()).unwrap();
            gzip.finish().unwrap()
        } else {
            content.as_bytes().to_vec()
        };
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn input(&self, kind: ImportKind, path: &Path) -> NewImport {
        NewImport {
            client: self.client,
            kind,
            path: path.to_owned(),
            format: FileFormat::of(path).unwrap(),
            file_name: format!("as sent {}", path.file_name().unwrap().to_string_lossy()),
            strict: false,
            history: false,
        }
    }

    pub(crate) async fn import(&self, kind: ImportKind, path: &Path) -> Result<Imported, OpError<ImportCode>> {
        run(&self.importer(), self.input(kind, path)).await
    }

    pub(crate) async fn segments(&self) -> Vec<SegmentMeta> {
        let tx = self.app.read(&Visibility::System).await.unwrap();
        store::segments::snapshot(&tx, self.client).await.unwrap().segments
    }

    pub(crate) async fn ledger(&self, recipient: &str) -> Vec<Recorded> {
        let tx = self.app.read(&Visibility::System).await.unwrap();
        store::consents::of_recipient(&tx, self.client, recipient, 100).await.unwrap()
    }

    /// All imports of the client, the oldest first.
    pub(crate) async fn imports(&self) -> Vec<Import> {
        imports::page(&self.importer(), Some(self.client), &Keyset::first(100)).await.unwrap().items
    }

    pub(crate) async fn row_errors(&self, import: &Import) -> Vec<RowError> {
        imports::row_errors(&self.importer(), import.id, &Keyset::first(100)).await.unwrap().items
    }
}

pub(crate) async fn run(op: &OpCtx, input: NewImport) -> Result<Imported, OpError<ImportCode>> {
    imports::run(op, input, Arc::new(|_| {}), CancelFlag::default()).await
}

/// The code of a refusal, and its message.
#[track_caller]
pub(crate) fn refusal(result: Result<Imported, OpError<ImportCode>>) -> (ImportCode, String) {
    match result {
        Err(OpError::Refused(refusals)) => {
            let refusal = &refusals[0];
            let arguments =
                refusal.arguments.iter().fold(i18n::Args::new(), |args, (name, value)| args.text(*name, value.clone()));
            (refusal.code, i18n::text(i18n::Lang::En, refusal.code.key(), &arguments))
        }
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) const MESSAGES: &str =
    "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category\n";
pub(crate) const CONSENTS: &str = "recipient,action,scope,effective_at,source\n";

/// Messages `from` to `to`, without the header.
pub(crate) fn messages(from: u32, to: u32) -> String {
    let line =
        |n: u32| format!("wamid.{n},1002,39333{n:07},2026-09-01T08:{:02}:00Z,template,news,it,marketing\n", n % 60);
    (from..=to).map(line).collect::<Vec<_>>().concat()
}

/// Opt-ins of people `from` to `to`, without the header.
pub(crate) fn opt_ins(from: u32, to: u32) -> String {
    let line = |n: u32| format!("{},opt_in,marketing,2026-08-01T08:00:00Z,web_form\n", person(n));
    (from..=to).map(line).collect::<Vec<_>>().concat()
}

pub(crate) fn person(n: u32) -> String {
    format!("39333{n:07}")
}
