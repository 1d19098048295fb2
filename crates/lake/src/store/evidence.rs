//! Objects of evidence: an audit of a snapshot is repeated, and the messages of one finding are written down.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use domain::evidence::EvidenceFormat;
use domain::imports::RowFormat;
use domain::ports::{CancelFlag, EvidenceRequest, EvidenceWritten, Progress as PortProgress};
use sha2::{Digest as _, Sha256};

use super::{Engine, snapshot};
use crate::error::Result;
use crate::evidence::{Evidence, Wanted};

/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 16;

/// Writes the messages of a finding, by recipient and time: on one thread, so that the same evidence makes the same file.
pub(super) fn write(
    engine: &Engine,
    request: &EvidenceRequest,
    progress: &(dyn Fn(PortProgress) + Sync),
    cancel: &CancelFlag,
) -> Result<EvidenceWritten> {
    let file = engine.objects.begin()?;
    let rows = match request.format {
        EvidenceFormat::Csv => RowFormat::Csv,
        EvidenceFormat::Ndjson => RowFormat::Ndjson,
        EvidenceFormat::Parquet => RowFormat::Parquet,
    };
    let wanted = Wanted::from(&request.finding);
    let evidence = Evidence::file(wanted, request.masked, file.path(), rows)?;
    let one = Engine {
        objects: engine.objects.clone(),
        memory: engine.memory,
        threads: 1,
        temporary: engine.temporary.clone(),
        clock: Arc::clone(&engine.clock),
        random: Arc::clone(&engine.random),
        runtime: engine.runtime.clone(),
    };
    snapshot::collect(&one, &request.audit, progress, cancel, &evidence)?;
    let rows = evidence.finish_file()?;
    let sha256 = hash(file.path()).map_err(|error| engine.objects.failed(&error))?;
    let bytes = engine.objects.publish(file, &request.path, &engine.runtime)?;
    Ok(EvidenceWritten { rows, bytes, sha256 })
}

fn hash(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut piece) = (File::open(path)?, Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(&piece[..read]),
        }
    }
}
