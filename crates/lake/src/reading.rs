//! Reads files or segments, on several threads, into partitions.

use std::sync::{Mutex, PoisonError};

use domain::ports::{ConsentSink, LedgerEvent};

use crate::control::{Control, Phase, on_threads};
use crate::decode::{ConsentRecord, Decoder, Shared};
use crate::error::{LakeError, Result};
use crate::exchange::columns::consent as column;
use crate::exchange::instant::{self, ABSENT};
use crate::exchange::read::batch::SourceBatch;
use crate::exchange::read::{Cursor, Source};
use crate::exchange::{Kind, RowErrors, identity};
use crate::scatter::chunks::ChunkStore;
use crate::scatter::ids::IdStore;
use crate::scatter::sample::Budget;
use crate::scatter::{self, Partition, Ranges, Scatterer};

/// Most ledger events that are handed over at once.
const EVENTS: usize = 5_000;

/// Work of reading.
pub(crate) struct Reading<'r> {
    pub(crate) sources: &'r [Source],
    pub(crate) threads: usize,
    pub(crate) budget: Budget,
    pub(crate) store: &'r ChunkStore,
    pub(crate) shared: &'r Shared,
    pub(crate) control: Control<'r>,
    /// Where ids of messages go, for audits: their rows then carry neither the id nor the times of delivery, reading and
    /// failure, on which no figure depends. None when segments are written, which hold all of it.
    pub(crate) ids: Option<&'r IdStore>,
    /// `recorded_at` of consents without one; none: their `effective_at`.
    pub(crate) recorded_at: Option<i64>,
    /// Who receives ledger events; in file order only when there is one thread.
    pub(crate) consents: Option<&'r Mutex<ConsentSink>>,
}

/// What one thread, or all, read of a file.
#[derive(Debug, Default)]
pub(crate) struct FileRead {
    pub(crate) accepted: u64,
    pub(crate) errors: RowErrors,
}

impl FileRead {
    fn merge(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.errors.merge(&other.errors);
    }
}

impl Reading<'_> {
    /// Reads everything.
    pub(crate) fn scatter(&self, ranges: &Ranges) -> Result<(Vec<Partition>, Vec<FileRead>)> {
        let results = on_threads(self.threads, || self.scatter_some(ranges))?;
        let mut joined: Vec<FileRead> = self.sources.iter().map(|_| FileRead::default()).collect();
        let mut partitions = Vec::new();
        for (scattered, read) in results {
            partitions.push(scattered);
            for (file, read) in joined.iter_mut().zip(&read) {
                file.merge(read);
            }
        }
        Ok((scatter::join(partitions), joined))
    }

    /// One thread's share: of each file in turn, the rows that no other thread took.
    fn scatter_some(&self, ranges: &Ranges) -> Result<(Vec<Partition>, Vec<FileRead>)> {
        let chunk = self.budget.chunk(ranges.count(), self.threads);
        let mut scatterer = Scatterer::new(self.store, ranges.clone(), chunk).with_ids(self.ids);
        let mut decoder = Decoder::new(self.shared);
        let mut files = Vec::with_capacity(self.sources.len());
        for (file, source) in self.sources.iter().enumerate() {
            decoder.set_file(file);
            let (mut read, mut cursor) = (FileRead::default(), Cursor::default());
            while let Some(batch) = source.next(&mut cursor)? {
                self.batch(source.kind(), &batch, &mut decoder, &mut scatterer, &mut read)?;
                self.control.go_on()?;
                self.tell();
            }
            files.push(read);
        }
        Ok((scatterer.finish()?, files))
    }

    fn batch(
        &self,
        kind: Kind,
        batch: &SourceBatch,
        decoder: &mut Decoder<'_>,
        scatterer: &mut Scatterer<'_>,
        read: &mut FileRead,
    ) -> Result<()> {
        let mut result = Ok(());
        let mut events = Vec::new();
        let mut keep = |pushed: Result<()>| {
            read.accepted += 1;
            if result.is_ok() {
                result = pushed;
            }
        };
        match kind {
            Kind::Messages => decoder.messages(batch, &mut read.errors, |record| keep(scatterer.message(&record))),
            Kind::Inbound => decoder.inbound(batch, &mut read.errors, |record| keep(scatterer.inbound(&record))),
            Kind::Consents => decoder.consents(batch, self.recorded_at, &mut read.errors, |record| {
                keep(scatterer.consent(&record));
                if self.consents.is_some() {
                    events.extend(ledger_event(batch, &record));
                }
            }),
        }
        result?;
        self.hand_over(events)
    }

    fn hand_over(&self, mut events: Vec<LedgerEvent>) -> Result<()> {
        let Some(sink) = self.consents else { return Ok(()) };
        let mut sink = sink.lock().unwrap_or_else(PoisonError::into_inner);
        while !events.is_empty() {
            let rest = events.split_off(events.len().min(EVENTS));
            sink(std::mem::replace(&mut events, rest)).map_err(LakeError::Sink)?;
        }
        Ok(())
    }

    fn tell(&self) {
        let done = self.sources.iter().map(Source::bytes_read).sum();
        let total = self.sources.iter().map(Source::size).sum();
        self.control.tell(Phase::Reading, done, total);
    }
}

/// The ledger's view of a row. Instants were judged when the record was made.
fn ledger_event(batch: &SourceBatch, record: &ConsentRecord) -> Option<LedgerEvent> {
    let text = |position: usize| {
        let text = batch.columns[position].text(record.row);
        (!text.is_empty()).then(|| text.to_owned())
    };
    Some(LedgerEvent {
        recipient: match identity::number_key(batch.columns[column::RECIPIENT].text(record.row)) {
            Some(key) => identity::number_of(key),
            None => text(column::RECIPIENT)?,
        },
        action: record.action,
        scope: record.scope,
        effective_at: instant::to_domain(record.effective_at)?,
        recorded_at: instant::to_domain(record.recorded_at)?,
        expires_at: if record.expires_at == ABSENT { None } else { Some(instant::to_domain(record.expires_at)?) },
        source: text(column::SOURCE),
        evidence: text(column::EVIDENCE),
        wording_version: text(column::WORDING_VERSION),
        ip: text(column::IP),
        controller: text(column::CONTROLLER),
        brand_shown: text(column::BRAND_SHOWN),
    })
}
