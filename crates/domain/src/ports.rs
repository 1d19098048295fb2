//! The ports: what leaves the process. Each has a real implementation outside this crate and a fake for tests.

mod clock;
mod lake;
mod random;

pub use clock::{Clock, ManualClock};
pub use lake::{
    AuditRequest, CancelFlag, CompactRequest, ConsentSink, EvidenceRequest, EvidenceWritten, ImportRequest, Lake,
    LakeError, LakeErrorKind, LedgerEvent, ObjectReader, Progress, ProgressFn, RowError, SegmentMeta, Snapshot,
    StagedImport, WhatIf, WhatIfRequest,
};
pub use random::{Random, SeededRandom};
