//! Segments that name user ids: every row goes to the person's own key, as the rows of files do, and is replayed from there.

use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{Array, AsArray, StringArray};

use audit::Names;

use super::super::Engine;
use super::super::segment::rows::{ConsentRows, InboundRows, MessageRows, Origin, Rows};
use super::super::segment::{audited, consent, inbound, message, width};
use super::merge::{Columns, Opened};
use crate::control::{Control, Phase, on_threads};
use crate::decode::people::{Aliases, NO_USER, People, Tables, UserId, user_key};
use crate::decode::{ConsentRecord, InboundRecord, MessageRecord, Shared};
use crate::error::Result;
use crate::exchange::Kind;
use crate::exchange::identity::USER_ID_BIT;
use crate::reading::Reading;
use crate::replay::{self, Lookups, Means, Sink};
use crate::scatter::chunks::ChunkStore;
use crate::scatter::sample::Budget;
use crate::scatter::{self, Partition, Ranges, Scatterer};

/// Encoded bytes of a row, about.
const ROW_BYTES: u64 = 64;

/// Every how many rows a key is looked at beforehand.
const SAMPLED: usize = 64;

/// Rows of segments by the ranges of their recipients, and who is who.
pub(in super::super) struct Scattered {
    pub(in super::super) partitions: Vec<Partition>,
    pub(in super::super) ranges: Ranges,
    pub(in super::super) aliases: Aliases,
}

/// Feeds segments to sinks by way of partitions.
pub(super) fn replay<S: Sink>(
    engine: &Engine,
    opened: &Opened,
    shared: &Shared,
    control: Control<'_>,
    make: &(dyn Fn(&Names) -> S + Sync),
) -> Result<(Vec<S>, Lookups)> {
    let budget = Budget::of(engine.memory, engine.threads);
    let store = ChunkStore::new(&engine.temporary, budget.held);
    let scattering = Scattering {
        engine,
        opened,
        people: &shared.people,
        store: &store,
        budget,
        control,
        columns: Columns::Audited,
    };
    let Scattered { partitions, ranges, aliases } = scattering.all()?;
    let lookups = Lookups::new(&shared.words, shared.people.lock().texts());
    let reading = Reading {
        sources: &[],
        threads: engine.threads,
        budget,
        store: &store,
        shared,
        control,
        ids: None,
        recorded_at: None,
        consents: None,
    };
    let means = Means { lookups: &lookups, ids: opened };
    let (sinks, _) = replay::all(&reading, partitions, &ranges, aliases, &means, make)?;
    Ok((sinks, lookups))
}

/// The scattering of all rows of a snapshot.
pub(in super::super) struct Scattering<'s> {
    pub(in super::super) engine: &'s Engine,
    pub(in super::super) opened: &'s Opened,
    pub(in super::super) people: &'s People,
    pub(in super::super) store: &'s ChunkStore,
    pub(in super::super) budget: Budget,
    pub(in super::super) control: Control<'s>,
    pub(in super::super) columns: Columns,
}

impl Scattering<'_> {
    /// Scatters the rows of all segments.
    pub(in super::super) fn all(&self) -> Result<Scattered> {
        let Self { engine, opened, budget, .. } = self;
        let ranges = ranges(opened, budget)?;
        let groups: Vec<(usize, u64, u64)> = (opened.segments.iter().enumerate())
            .flat_map(|(place, segment)| segment.starts().windows(2).map(move |pair| (place, pair[0], pair[1])))
            .collect();
        let next = AtomicUsize::new(0);
        let threads = on_threads(engine.threads, || {
            let chunk = budget.chunk(ranges.count(), engine.threads);
            let mut scatterer = Scatterer::new(self.store, ranges.clone(), chunk);
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(group) = groups.get(place) else { return scatterer.finish() };
                self.control.go_on()?;
                group_rows(opened, *group, self.people, &mut scatterer, self.columns)?;
                self.control.tell(Phase::Reading, place as u64 + 1, groups.len() as u64);
            }
        })?;
        Ok(Scattered { partitions: scatter::join(threads), ranges, aliases: self.people.lock().aliases() })
    }
}

fn ranges(opened: &Opened, budget: &Budget) -> Result<Ranges> {
    let mut keys = Vec::new();
    for segment in &opened.segments {
        for group in segment.starts().windows(2) {
            let batch = segment.read(&[0], group[0], group[1])?;
            let of_group = batch.column(0).as_primitive::<arrow::datatypes::UInt64Type>().values();
            keys.extend(of_group.iter().step_by(SAMPLED).filter(|key| **key & USER_ID_BIT == 0));
        }
    }
    let count = (opened.rows() * ROW_BYTES / budget.partition as u64 + 1).min(1_024) as usize;
    Ok(Ranges::of_sample(keys, count))
}

/// Scatters one row group.
fn group_rows(
    opened: &Opened,
    (place, from, to): (usize, u64, u64),
    people: &People,
    scatterer: &mut Scatterer<'_>,
    columns: Columns,
) -> Result<()> {
    let segment = &opened.segments[place];
    let kind = segment.kind();
    let (user, known_by) = match kind {
        Kind::Messages => (message::USER, message::KNOWN_BY),
        Kind::Inbound => (inbound::USER, inbound::KNOWN_BY),
        Kind::Consents => (consent::USER, consent::KNOWN_BY),
    };
    let end = if columns == Columns::All { width(kind) } else { audited(kind) };
    let batch = segment.read(&(0..end).collect::<Vec<_>>(), from, to)?;
    let texts = segment.read(&[user, known_by], from, to)?;
    let identities =
        Identities { people, users: texts.column(0).as_string::<i32>(), known_by: texts.column(1).as_string::<i32>() };
    let origin = Origin { segment: place, first: from, names: &opened.translations[place] };
    match kind {
        Kind::Messages => {
            let rows = MessageRows::of(&batch, origin);
            identities
                .each(rows.keys(), |row, key, user| scatterer.message(&MessageRecord { key, user, ..rows.record(row) }))
        }
        Kind::Inbound => {
            let rows = InboundRows::of(&batch, origin);
            identities
                .each(rows.keys(), |row, key, user| scatterer.inbound(&InboundRecord { key, user, ..rows.record(row) }))
        }
        Kind::Consents => {
            let rows = ConsentRows::of(&batch, origin);
            identities
                .each(rows.keys(), |row, key, user| scatterer.consent(&ConsentRecord { key, user, ..rows.record(row) }))
        }
    }
}

/// Who the rows of a group are about.
struct Identities<'i> {
    people: &'i People,
    users: &'i StringArray,
    known_by: &'i StringArray,
}

impl Identities<'_> {
    /// Shows each row with its key and user id in this snapshot; rows with both join them.
    fn each(&self, keys: &[u64], mut show: impl FnMut(usize, u64, UserId) -> Result<()>) -> Result<()> {
        let mut tables = self.people.lock();
        for (row, key) in keys.iter().enumerate() {
            let key = if self.known_by.is_valid(row) { user_key(tables.user(self.known_by.value(row))) } else { *key };
            show(row, key, self.user(row, key, &mut tables))?;
        }
        Ok(())
    }

    fn user(&self, row: usize, key: u64, tables: &mut Tables) -> UserId {
        if !self.users.is_valid(row) {
            return NO_USER;
        }
        let user = tables.user(self.users.value(row));
        if user_key(user) != key {
            tables.link(user, key);
        }
        user
    }
}
