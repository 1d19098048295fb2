//! The lake: Parquet segments under names that are never used twice. Which of them count is for the manifest to say, which
//! stands in SQL; whatever it does not name is an orphan and is swept.

mod compact;
mod evidence;
mod import;
mod location;
mod objects;
mod recipients;
mod segment;
mod snapshot;

use std::collections::{HashMap, HashSet};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use async_trait::async_trait;
use domain::Instant;
use domain::ports::{
    AuditRequest, CancelFlag, Clock, CompactRequest, ConsentSink, EvidenceRequest, EvidenceWritten, ImportRequest,
    Lake as LakePort, LakeError as PortError, ObjectReader, ProgressFn, Random, SegmentMeta, StagedImport, WhatIf,
    WhatIfRequest,
};
use domain::traffic::Report;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use self::import::lake_kind as kind_of;
pub use self::location::{Location, LocationError};
use self::objects::Objects;
use crate::audit_files::DEFAULT_MEMORY;
use crate::error::{LakeError, Result};

/// How a lake works.
#[derive(Debug, Clone, Default)]
pub struct LakeOptions {
    /// Bytes of memory that one import or audit keeps to, about; `None` for 512 MiB.
    pub memory: Option<usize>,
    /// Threads of one import or audit; `None` for one per core.
    pub threads: Option<NonZero<usize>>,
    /// Where what does not fit into memory goes; `None` for the system's folder of temporary files.
    pub temporary: Option<PathBuf>,
}

/// A lake.
#[derive(Debug, Clone)]
pub struct Lake {
    objects: Objects,
    memory: usize,
    threads: usize,
    temporary: PathBuf,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

/// What a thread of the lake works with.
struct Engine {
    objects: Objects,
    memory: usize,
    threads: usize,
    temporary: PathBuf,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    runtime: Handle,
}

impl Lake {
    /// The lake at a location. Nothing is read or written yet: see [`LakePort::check`].
    pub fn open(
        location: &Location,
        options: LakeOptions,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> std::result::Result<Self, LocationError> {
        let temporary = options.temporary.unwrap_or_else(std::env::temp_dir);
        Ok(Self {
            objects: Objects::open(location, &temporary)?,
            memory: options.memory.unwrap_or(DEFAULT_MEMORY),
            threads: options.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get),
            temporary,
            clock,
            random,
        })
    }

    /// Runs `work` on a thread of its own. When nobody waits any more, it is asked to stop.
    async fn on_own_thread<T: Send + 'static>(
        &self,
        cancel: CancelFlag,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, PortError> {
        let engine = Engine {
            objects: self.objects.clone(),
            memory: self.memory,
            threads: self.threads,
            temporary: self.temporary.clone(),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            runtime: Handle::current(),
        };
        let mut abandoned = CancelOnDrop(Some(cancel));
        let (answer, answered) = oneshot::channel();
        let spawned = thread::Builder::new().name("lake".to_owned()).spawn(move || {
            // Whoever asked may be gone.
            let _ = answer.send(work(&engine));
        });
        let result = match spawned {
            Ok(_) => answered.await.unwrap_or(Err(LakeError::Worker)),
            Err(_) => Err(LakeError::Worker),
        };
        abandoned.0 = None;
        result.map_err(PortError::from)
    }
}

/// Asks to stop when it is dropped with its flag.
struct CancelOnDrop(Option<CancelFlag>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(cancel) = &self.0 {
            cancel.cancel();
        }
    }
}

#[async_trait]
impl LakePort for Lake {
    fn temporary(&self) -> Option<PathBuf> {
        Some(self.temporary.clone())
    }

    async fn import(
        &self,
        request: ImportRequest,
        consents: Option<ConsentSink>,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> std::result::Result<StagedImport, PortError> {
        self.on_own_thread(cancel.clone(), move |engine| {
            import::import(engine, &request, consents, progress.as_ref(), &cancel)
        })
        .await
    }

    async fn audit(
        &self,
        request: AuditRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> std::result::Result<Report, PortError> {
        self.on_own_thread(cancel.clone(), move |engine| snapshot::audit(engine, &request, progress.as_ref(), &cancel))
            .await
    }

    async fn compact(
        &self,
        request: CompactRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> std::result::Result<Vec<SegmentMeta>, PortError> {
        self.on_own_thread(cancel.clone(), move |engine| compact::compact(engine, &request, progress.as_ref(), &cancel))
            .await
    }

    async fn what_if(
        &self,
        request: WhatIfRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> std::result::Result<WhatIf, PortError> {
        self.on_own_thread(cancel.clone(), move |engine| {
            snapshot::what_if(engine, &request, progress.as_ref(), &cancel)
        })
        .await
    }

    async fn evidence(
        &self,
        request: EvidenceRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> std::result::Result<EvidenceWritten, PortError> {
        self.on_own_thread(cancel.clone(), move |engine| evidence::write(engine, &request, progress.as_ref(), &cancel))
            .await
    }

    async fn recipients(
        &self,
        segments: Vec<SegmentMeta>,
        message_ids: Vec<String>,
        cancel: CancelFlag,
    ) -> std::result::Result<HashMap<String, String>, PortError> {
        self.on_own_thread(cancel.clone(), move |engine| recipients::find(engine, &segments, &message_ids, &cancel))
            .await
    }

    async fn put(&self, path: &str, file: PathBuf) -> std::result::Result<(), PortError> {
        let path = path.to_owned();
        self.on_own_thread(CancelFlag::default(), move |engine| {
            let unreadable = |source| LakeError::Temporary { folder: file.clone(), source };
            let mut from = std::fs::File::open(&file).map_err(unreadable)?;
            let mut object = engine.objects.begin()?;
            std::io::copy(&mut from, object.as_file_mut()).map_err(|error| engine.objects.failed(&error))?;
            engine.objects.publish(object, &path, &engine.runtime).map(drop)
        })
        .await
    }

    async fn open(&self, path: &str) -> std::result::Result<Box<dyn ObjectReader>, PortError> {
        Ok(Box::new(self.objects.reader(path).await?))
    }

    async fn sweep(&self, known: Vec<String>, before: Instant) -> std::result::Result<u64, PortError> {
        let known: HashSet<String> = known.into_iter().collect();
        Ok(self.objects.sweep(|path| known.contains(path), before).await?)
    }

    async fn check(&self) -> std::result::Result<(), PortError> {
        Ok(self.objects.check(&format!("check-{:032x}", self.random.number())).await?)
    }
}
