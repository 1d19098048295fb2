//! A partition of records, put in order and fed to the replay, person by person.

mod all;
pub(crate) mod merge;
pub(crate) mod order;
pub(crate) mod samples;
mod sink;

pub(crate) use all::{all, join};
pub(crate) use sink::{Collecting, Explained, Sink};

use std::sync::Arc;

use audit::{Consent, History, Inbound, NO_NAME, NameId, Names, Place, Send};
use domain::traffic::{ConsentSource, Outcome};

use self::merge::{Hashes, MessageLike};
use crate::decode::words::{SharedWords, Table};
use crate::decode::{AuditedMessage, ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
use crate::error::Result;
use crate::exchange::Kind;
use crate::exchange::identity::{USER_ID_BIT, write_number};
use crate::exchange::instant::ABSENT;
use crate::scatter::chunks::ChunkStore;
use crate::scatter::codec::Decoded;
use crate::scatter::ids::MessageIds;
use crate::scatter::{Partition, records};

/// What is needed beside the records to feed a replay.
#[derive(Debug)]
pub(crate) struct Lookups {
    /// The names behind the ids.
    pub(crate) names: Names,
    template_names: Vec<NameId>,
    sources: Vec<ConsentSource>,
    /// User ids by position.
    users: Vec<Arc<str>>,
}

impl Lookups {
    pub(crate) fn new(words: &SharedWords, users: &[Arc<str>]) -> Self {
        let names = words.names();
        let template_names = names.template_name_ids();
        let sources = words.words(Table::Sources).iter().map(|word| ConsentSource::of(Some(word.as_ref()))).collect();
        Self { names, template_names, sources, users: users.to_vec() }
    }

    /// Writes the recipient with this key.
    fn recipient(&self, key: u64, out: &mut String) {
        out.clear();
        if key & USER_ID_BIT == 0 {
            write_number(key, out);
        } else if let Some(user) = self.users.get((key & !USER_ID_BIT) as usize) {
            out.push_str(user);
        }
    }

    #[inline]
    fn send(&self, row: &AuditedMessage) -> Send<'static> {
        Send {
            message_id: &[],
            place: Place { hash: row.hash, at: row.place },
            sent_at: row.sent_at,
            number: row.number,
            template: row.template,
            template_name: self.template_name(row.template),
            list: row.list,
            campaign: row.campaign,
            error_code: (row.outcome == Outcome::Failed && row.error_code != NO_NUMBER).then_some(row.error_code),
            message_type: row.message_type,
            category: row.category,
            outcome: row.outcome,
        }
    }

    /// The name of a template, whatever its language.
    pub(crate) fn template_name(&self, template: NameId) -> NameId {
        self.template_names.get(template as usize).copied().unwrap_or(NO_NAME)
    }

    pub(crate) fn event(&self, event: &ConsentRecord) -> Consent {
        Consent {
            effective_at: event.effective_at,
            recorded_at: event.recorded_at,
            expires_at: (event.expires_at != ABSENT).then_some(event.expires_at),
            action: event.action,
            scope: event.scope,
            source: self.source(event.source),
            source_name: event.source,
            has_evidence: event.has_evidence,
            wording: event.wording,
            controller: event.controller,
            brand_shown: event.brand_shown,
            address: event.address,
        }
    }

    fn source(&self, id: NameId) -> ConsentSource {
        self.sources.get(id as usize).copied().unwrap_or(ConsentSource::Absent)
    }
}

/// Records of one kind in the order of their keys.
pub(crate) struct Ordered<R> {
    records: Vec<R>,
    /// Keys and places in the order of the keys; none when all records are of one person.
    order: Vec<(u64, u32)>,
    /// Space for ordering.
    other: Vec<(u64, u32)>,
    at: usize,
}

impl<R> Default for Ordered<R> {
    fn default() -> Self {
        Self { records: Vec::new(), order: Vec::new(), other: Vec::new(), at: 0 }
    }
}

impl<'c, R: Decoded<'c>> Ordered<R> {
    pub(crate) fn new(records: Vec<R>) -> Self {
        let mut ordered = Self { records, ..Self::default() };
        ordered.put_in_order();
        ordered
    }

    /// Puts other records in the place of those that it has; the space is used again.
    pub(crate) fn refill(&mut self, fill: impl FnOnce(&mut Vec<R>) -> Result<()>) -> Result<()> {
        self.records.clear();
        fill(&mut self.records)?;
        self.put_in_order();
        Ok(())
    }

    fn put_in_order(&mut self) {
        let Self { records, order, other, at } = self;
        *at = 0;
        let first = records.first().map(Decoded::key);
        if records.iter().all(|record| Some(record.key()) == first) {
            order.clear();
        } else {
            order::by_key(records.iter().map(Decoded::key), order, other);
        }
    }

    /// The next person's key.
    pub(crate) fn next_key(&self) -> Option<u64> {
        match self.order.get(self.at) {
            Some(pair) => Some(pair.0),
            None if self.order.is_empty() => self.records.first().map(Decoded::key),
            None => None,
        }
    }

    /// Moves the records of the person with this key, if it is the next, into `out`.
    pub(crate) fn take(&mut self, key: u64, out: &mut Vec<R>) {
        out.clear();
        if self.order.is_empty() {
            // One person may have very many, of which there is no second copy.
            if self.next_key() == Some(key) {
                std::mem::swap(out, &mut self.records);
            }
            return;
        }
        while let Some(&(next, place)) = self.order.get(self.at)
            && next == key
        {
            out.push(self.records[place as usize]);
            self.at += 1;
        }
    }
}

/// What feeding a partition found beside the tally.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Fed {
    /// Rows that contradicted the first row of their message.
    pub(crate) conflicts: u64,
}

/// Where a partition is put in order: memory that a thread asks for once, as far as nothing in it borrows of the partition.
#[derive(Default)]
pub(crate) struct Room {
    messages: Ordered<AuditedMessage>,
    consents: Ordered<ConsentRecord>,
}

/// Feeds everybody in a partition to a sink.
pub(crate) fn feed(
    mut partition: Partition,
    room: &mut Room,
    store: &ChunkStore,
    means: &Means<'_>,
    sink: &mut impl Sink,
    mut go_on: impl FnMut() -> Result<()>,
) -> Result<Fed> {
    let Room { messages, consents } = room;
    messages.refill(|records| partition.records(Kind::Messages, store, records))?;
    consents.refill(|records| partition.records(Kind::Consents, store, records))?;
    let inbound_chunks = partition.take(Kind::Inbound, store)?;
    let mut inbound = Ordered::new(records::<InboundRecord<'_>>(&inbound_chunks, store)?);
    let (mut person, mut facts) = (Person::default(), Facts::default());
    let mut fed = Fed::default();
    let mut count = 0_u32;
    while let Some(key) = [messages.next_key(), inbound.next_key(), consents.next_key()].into_iter().flatten().min() {
        messages.take(key, &mut person.messages);
        inbound.take(key, &mut person.inbound);
        consents.take(key, &mut person.consents);
        fed.conflicts += person.merge(means.ids)?;
        person.tell(means.lookups, &mut facts);
        facts.feed(key, means.lookups, sink);
        sink.settle(&means.lookups.names, means.ids)?;
        count += 1;
        if count.is_multiple_of(4_096) {
            go_on()?;
        }
    }
    Ok(fed)
}

/// What rows are replayed with.
#[derive(Clone, Copy)]
pub(crate) struct Means<'m> {
    pub(crate) lookups: &'m Lookups,
    pub(crate) ids: &'m dyn MessageIds,
}

/// One person's records; the space is used again for the next.
pub(crate) struct Person<'c, M = MessageRecord<'c>> {
    pub(crate) messages: Vec<M>,
    pub(crate) inbound: Vec<InboundRecord<'c>>,
    pub(crate) consents: Vec<ConsentRecord>,
    hashes: Hashes,
}

impl<M> Default for Person<'_, M> {
    fn default() -> Self {
        Self { messages: Vec::new(), inbound: Vec::new(), consents: Vec::new(), hashes: Hashes::default() }
    }
}

impl<'c, M: MessageLike> Person<'c, M> {
    /// Merges the rows of each message and puts all in order; how many rows contradicted the first of their message.
    pub(crate) fn merge(&mut self, ids: &dyn MessageIds) -> Result<u64> {
        let conflicts = merge::messages(&mut self.messages, &mut self.hashes, ids)?;
        merge::inbound(&mut self.inbound, &mut self.hashes);
        merge::consents(&mut self.consents);
        Ok(conflicts)
    }

    /// Makes the merged records the facts that an audit is fed with.
    pub(crate) fn tell(&self, lookups: &Lookups, facts: &mut Facts<'c>) {
        facts.clear();
        // What became of a message that no send log names is no message.
        let messages = self.messages.iter().map(MessageLike::audited).filter(|row| !row.is_outcome);
        facts.sends.extend(messages.map(|row| lookups.send(&row)));
        facts.inbound.extend(self.inbound.iter().map(|row| Inbound {
            received_at: row.received_at,
            number: row.number,
            text: (!row.text.is_empty()).then_some(row.text),
        }));
        facts.consents.extend(self.consents.iter().map(|event| lookups.event(event)));
    }
}

/// One person's history, in order and merged; the space is used again for the next.
#[derive(Default)]
pub(crate) struct Facts<'c> {
    pub(crate) sends: Vec<Send<'c>>,
    pub(crate) inbound: Vec<Inbound<'c>>,
    pub(crate) consents: Vec<Consent>,
    recipient: String,
}

impl Facts<'_> {
    /// Forgets the person.
    pub(crate) fn clear(&mut self) {
        self.sends.clear();
        self.inbound.clear();
        self.consents.clear();
    }

    /// Feeds the history of the person with this key to a sink.
    pub(crate) fn feed(&mut self, key: u64, lookups: &Lookups, sink: &mut impl Sink) {
        lookups.recipient(key, &mut self.recipient);
        let history = History {
            recipient: self.recipient.as_bytes(),
            sends: &self.sends,
            inbound: &self.inbound,
            consents: &self.consents,
        };
        sink.feed(&history, &lookups.names);
    }
}
