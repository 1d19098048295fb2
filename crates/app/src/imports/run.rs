//! The import of a file, from its first byte to its publication.

use std::{path::PathBuf, sync::Arc};

use domain::{
    ClientId, ImportId, Instant,
    access::Permission,
    imports::{FileFormat, Import, ImportKind, ImportState, RowFormat},
    ports::{CancelFlag, ImportRequest, ProgressFn, StagedImport},
};
use store::{Tx, imports::Completion};

use super::{ImportCode, assets, content, heartbeat::Heartbeat, ledger, lines, stop::Stop, templates};
use crate::{OpCtx, OpError, Refusal, Services, audits, jobs};

/// Longest file name that is kept, in characters.
const LONGEST_NAME: usize = 255;

/// A file to be imported.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// Whose rows they are.
    pub client: ClientId,
    /// What the rows are.
    pub kind: ImportKind,
    /// The file, on a local disk; must not change until the end.
    pub path: PathBuf,
    /// Format and wrapping.
    pub format: FileFormat,
    /// What whoever sent it calls it.
    pub file_name: String,
    /// Refuse the file when one row is bad.
    pub strict: bool,
    /// Consents that do not say when they were recorded were recorded when they took effect, and not now.
    pub history: bool,
}

/// An import, and whether anything happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The import.
    pub import: Import,
    /// The same content had been imported before, by this import; nothing changed.
    pub is_unchanged: bool,
}

/// Imports a file. The future must run to its end: dropped, it leaves an import that [`super::fail_abandoned`] gives up.
///
/// # Errors
/// `NotFound` when there is no such client for the actor, `Forbidden` without `traffic:import` (consents: `consents:import`, assets:
/// `assets:write`);
/// refused with an [`ImportCode`]; `Unavailable` when the database or the lake is. Nothing of it is visible then.
pub async fn run(
    op: &OpCtx,
    input: NewImport,
    progress: ProgressFn,
    cancel: CancelFlag,
) -> Result<Imported, OpError<ImportCode>> {
    op.require_on(permission(input.kind), input.client)?;
    let is_of_documents = matches!(input.kind, ImportKind::Templates | ImportKind::Assets);
    if is_of_documents && input.format.rows != RowFormat::Ndjson {
        return Err(OpError::refused(Refusal::of(ImportCode::FormatNotForKind, "format")));
    }
    client_exists(op, input.client).await?;
    let content_sha256 = content::sha256(input.path.clone(), cancel.clone()).await?;
    let import = Import {
        id: ImportId::new(op.now(), op.random()),
        client: input.client,
        kind: input.kind,
        state: ImportState::Running,
        file_name: kept_name(&input.file_name),
        content_sha256,
        accepted: 0,
        rejected: 0,
        unknown_columns: Vec::new(),
        failure: None,
        created_by: op.actor().user(),
        created_at: op.services().clock.now(),
        finished_at: None,
    };
    let tx = op.write().await?;
    if let Some(twin) = twin(&tx, &import).await? {
        return Ok(Imported { import: twin, is_unchanged: true });
    }
    tx.about(import.id);
    store::imports::insert(&tx, &import).await?;
    tx.commit().await?;
    let running = Running { op, services: op.services(), import: &import, input: &input };
    match running.to_the_end(progress, cancel).await {
        Ok(import) => Ok(Imported { import, is_unchanged: false }),
        Err(stop) => running.give_up(stop).await,
    }
}

const fn permission(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Messages | ImportKind::Inbound | ImportKind::Templates => Permission::TrafficImport,
        ImportKind::Consents => Permission::ConsentsImport,
        ImportKind::Assets => Permission::AssetsWrite,
    }
}

/// In a transaction of its own: the operation's must not stay open while the file is read.
async fn client_exists(op: &OpCtx, client: ClientId) -> Result<(), OpError<ImportCode>> {
    let tx = op.services().store.read(op.visibility()).await?;
    let found = store::clients::by_id(&tx, client).await?;
    tx.rollback().await?;
    found.map(|_| ()).ok_or(OpError::NotFound)
}

async fn twin(tx: &Tx, import: &Import) -> Result<Option<Import>, OpError<ImportCode>> {
    Ok(store::imports::twin(tx, import.client, import.kind, &import.content_sha256).await?)
}

/// The name without folders and control characters.
fn kept_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|character| !character.is_control()).take(LONGEST_NAME).collect()
}

/// An import that runs.
struct Running<'r> {
    op: &'r OpCtx,
    services: &'r Arc<Services>,
    import: &'r Import,
    input: &'r NewImport,
}

impl Running<'_> {
    async fn to_the_end(&self, progress: ProgressFn, cancel: CancelFlag) -> Result<Import, Stop> {
        let (services, visibility) = (Arc::clone(self.services), self.op.visibility().clone());
        let _heartbeat = Heartbeat::begin(services, visibility, self.import.id, cancel.clone());
        let staged = match self.import.kind {
            ImportKind::Templates => lines::judge(self.input, cancel.clone(), templates::read).await?,
            ImportKind::Assets => {
                let staged = lines::judge(self.input, cancel.clone(), assets::read).await?;
                assets::stage(self.services, self.op.visibility(), self.import, self.input, cancel.clone()).await?;
                staged
            }
            ImportKind::Messages | ImportKind::Inbound | ImportKind::Consents => {
                self.through_the_lake(progress, cancel.clone()).await?
            }
        };
        self.complete(staged, cancel).await
    }

    async fn through_the_lake(&self, progress: ProgressFn, cancel: CancelFlag) -> Result<StagedImport, Stop> {
        let recorded_at: Option<Instant> = (!self.input.history).then(|| self.op.now());
        let request = ImportRequest {
            client: self.import.client,
            kind: self.import.kind,
            path: self.input.path.clone(),
            format: self.input.format,
            strict: self.input.strict,
            recorded_at,
        };
        let sink = (self.import.kind == ImportKind::Consents)
            .then(|| ledger::sink(Arc::clone(self.services), self.op.visibility().clone(), self.import, recorded_at));
        Ok(self.services.lake.import(request, sink, progress, cancel).await?)
    }

    /// Makes everything visible, in one small transaction.
    async fn complete(&self, staged: StagedImport, cancel: CancelFlag) -> Result<Import, Stop> {
        let visibility = self.op.visibility();
        let read_at = self.services.clock.now();
        let entered = match self.import.kind {
            ImportKind::Consents => ledger::settle(self.services, visibility, self.import, &cancel).await?,
            ImportKind::Messages | ImportKind::Inbound | ImportKind::Templates | ImportKind::Assets => 0,
        };
        let tx = self.services.store.write(self.op.visibility()).await?;
        let now = self.services.clock.now();
        let mut has_job = false;
        match self.import.kind {
            ImportKind::Templates => templates::upsert(self.op, &tx, self.input, now, cancel).await?,
            ImportKind::Assets => assets::upsert(self.op, &tx, self.import, self.input, (now, cancel)).await?,
            ImportKind::Messages | ImportKind::Inbound | ImportKind::Consents => {
                store::segments::publish(&tx, self.import.client, self.import.id, &staged.segments, now).await?;
                has_job = jobs::enqueue_compaction(self.op, &tx, self.import.client, self.import.kind).await?;
                if self.import.kind == ImportKind::Messages {
                    audits::watch_soon(self.op, &tx, self.import.client).await?;
                }
            }
        }
        if self.import.kind == ImportKind::Consents {
            store::consents::finish_settling(&tx, self.import, entered).await?;
        }
        let kept = staged.row_errors.len().min(StagedImport::ROW_ERRORS_KEPT);
        store::imports::add_row_errors(&tx, self.import, &staged.row_errors[..kept]).await?;
        let completion = Completion {
            accepted: staged.accepted,
            rejected: staged.rejected,
            unknown_columns: &staged.unknown_columns,
        };
        if !store::imports::complete(&tx, self.import.id, completion, now).await? {
            return Err(Stop::Abandoned);
        }
        tx.commit().await?;
        if has_job {
            self.services.job_signal.raise();
        }
        self.tell(staged.accepted, read_at);
        Ok(Import {
            state: ImportState::Completed,
            accepted: staged.accepted,
            rejected: staged.rejected,
            unknown_columns: staged.unknown_columns,
            finished_at: Some(now),
            ..self.import.clone()
        })
    }

    /// Tells the log how long the import took: reading up to `read_at`, and making visible since.
    fn tell(&self, rows: u64, read_at: Instant) {
        tracing::info!(
            import.id = %self.import.id,
            import.rows = rows,
            import.reading_ms = (read_at - self.import.created_at).num_milliseconds(),
            import.entering_ms = (self.services.clock.now() - read_at).num_milliseconds(),
            "an import was completed"
        );
    }

    /// Ends the import with nothing visible of it, and tells why; when another was first, tells that one.
    async fn give_up(&self, stop: Stop) -> Result<Imported, OpError<ImportCode>> {
        let stop = self.named(stop);
        let ended = self.end(&stop).await;
        match ended {
            // Somebody else ended it: the one who gave it up for its silence, and that is why it was asked to stop.
            Ok(false) if matches!(stop, Stop::Cancelled) => return Err(Stop::Abandoned.into()),
            Ok(_) => {}
            Err(error) => {
                tracing::error!(import.id = %self.import.id, error = %error, "an import could not be given up; the next sweep does it");
            }
        }
        if matches!(stop, Stop::Overtaken) {
            let tx = self.services.store.read(self.op.visibility()).await?;
            if let Some(import) = twin(&tx, self.import).await? {
                return Ok(Imported { import, is_unchanged: true });
            }
        }
        Err(stop.into())
    }

    async fn end(&self, stop: &Stop) -> Result<bool, store::StoreError> {
        let tx = self.services.store.write(self.op.visibility()).await?;
        let now = self.services.clock.now();
        let ended = store::imports::fail(&tx, self.import.id, &stop.failure(), now).await?;
        tx.commit().await?;
        match self.import.kind {
            ImportKind::Consents if ended => ledger::tidy(self.services, self.op.visibility()).await?,
            ImportKind::Assets if ended => assets::tidy(self.services, self.op.visibility()).await?,
            _ => {}
        }
        Ok(ended)
    }

    /// The lake knows a file by its path, people by its name.
    fn named(&self, stop: Stop) -> Stop {
        let path = self.input.path.file_name().map(|name| name.to_string_lossy().into_owned());
        match (stop, path) {
            (Stop::Unusable(detail), Some(path)) => Stop::Unusable(detail.replace(&path, &self.import.file_name)),
            (stop, _) => stop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_without_its_folders() {
        assert_eq!(kept_name("/srv/in/m.csv"), "m.csv");
        assert_eq!(kept_name("C:\\in\\m\u{0}.csv"), "m.csv");
        assert_eq!(kept_name(&"è".repeat(300)).chars().count(), 255);
    }
}
