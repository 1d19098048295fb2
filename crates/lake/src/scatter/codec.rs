//! Records as bytes: order and times as differences from the record before, names plus one so that absence is zero. Messages,
//! which are most records, begin with a [`Head`]; other numbers are LEB128. Each chunk starts anew.

use super::head::Head;
use crate::decode::people::{Aliases, NO_USER};
use crate::decode::{AuditedMessage, ConsentRecord, InboundRecord, MessageRecord, NO_NUMBER};
use crate::exchange::instant::ABSENT;

/// What the differences of the next record are taken from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Previous {
    order: u64,
    time: i64,
    place: u64,
}

/// What can be read back from a chunk.
pub(crate) trait Decoded<'a>: Copy {
    /// The key by which records are ordered.
    fn key(&self) -> u64;

    /// Takes a record off the front; none when the bytes are damaged.
    fn decode(from: &mut &'a [u8], previous: &mut Previous) -> Option<Self>;
}

/// A record that can be written into a chunk and read back.
pub(crate) trait Record<'a>: Decoded<'a> {
    /// The same record under its person's own key.
    fn settled(self, aliases: &Aliases) -> Self;

    /// Appends the record.
    fn encode(&self, out: &mut Vec<u8>, previous: &mut Previous);
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn get(from: &mut &[u8]) -> Option<u64> {
    let (&first, rest) = from.split_first()?;
    *from = rest;
    if first < 0x80 {
        return Some(u64::from(first));
    }
    let (mut value, mut shift) = (u64::from(first & 0x7f), 7);
    loop {
        let (&byte, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
        shift += 7;
        if shift > 63 {
            return None;
        }
    }
}

fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn get_signed(from: &mut &[u8]) -> Option<i64> {
    let value = get(from)?;
    Some((value >> 1) as i64 ^ -((value & 1) as i64))
}

/// Names and user ids: absence is the greatest value, and becomes zero.
fn put_name(out: &mut Vec<u8>, id: u32) {
    put(out, u64::from(id.wrapping_add(1)));
}

fn get_name(from: &mut &[u8]) -> Option<u32> {
    Some((get(from)? as u32).wrapping_sub(1))
}

fn put_key(out: &mut Vec<u8>, key: u64) {
    out.extend_from_slice(&key.to_le_bytes());
}

fn get_key(from: &mut &[u8]) -> Option<u64> {
    let (key, rest) = from.split_first_chunk::<8>()?;
    *from = rest;
    Some(u64::from_le_bytes(*key))
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn get_bytes<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = get(from)? as usize;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

/// An instant near another one, or none.
fn put_near(out: &mut Vec<u8>, instant: i64, near: i64) {
    if instant == ABSENT {
        put(out, 0);
    } else {
        let difference = instant - near;
        put(out, (((difference << 1) ^ (difference >> 63)) as u64).wrapping_add(1));
    }
}

fn get_near(from: &mut &[u8], near: i64) -> Option<i64> {
    Some(match get(from)? {
        0 => ABSENT,
        value => {
            let value = value - 1;
            near.wrapping_add((value >> 1) as i64 ^ -((value & 1) as i64))
        }
    })
}

impl Previous {
    fn put(&mut self, out: &mut Vec<u8>, order: u64, time: i64) {
        put_signed(out, order.wrapping_sub(self.order) as i64);
        put_signed(out, time.wrapping_sub(self.time));
        (self.order, self.time) = (order, time);
    }

    /// How far a message is from the one before.
    fn steps(&mut self, order: u64, place: u64, time: i64) -> [i64; 3] {
        let steps = [
            order.wrapping_sub(self.order) as i64,
            place.wrapping_sub(self.place) as i64,
            time.wrapping_sub(self.time),
        ];
        *self = Self { order, time, place };
        steps
    }

    /// Goes to the message that is so far from the one before.
    fn go(&mut self, [order, place, time]: [i64; 3]) -> Self {
        *self = Self {
            order: self.order.wrapping_add(order as u64),
            time: self.time.wrapping_add(time),
            place: self.place.wrapping_add(place as u64),
        };
        *self
    }

    fn get(&mut self, from: &mut &[u8]) -> Option<(u64, i64)> {
        self.order = self.order.wrapping_add(get_signed(from)? as u64);
        self.time = self.time.wrapping_add(get_signed(from)?);
        Some((self.order, self.time))
    }
}

/// Bits beside the kinds of a message: whether it has times of its outcome, and a user id.
const HAS_TIMES: u8 = 1 << 6;
const HAS_USER: u8 = 1 << 7;

/// Bits beside the width of a head: whether an error code follows, and the message's id.
const HAS_ERROR: u8 = 1 << 1;
const HAS_ID: u8 = 1 << 2;

/// Bit beside the kinds of a consent.
const HAS_ADDRESS: u8 = 1 << 4;

const fn bit(is_set: bool, bit: u8) -> u8 {
    if is_set { bit } else { 0 }
}

impl<'a> Record<'a> for MessageRecord<'a> {
    fn settled(self, aliases: &Aliases) -> Self {
        let (key, user) = aliases.settled(self.key, self.user);
        Self { key, user, ..self }
    }

    fn encode(&self, out: &mut Vec<u8>, previous: &mut Previous) {
        let times = [self.delivered_at, self.read_at, self.failed_at];
        let (has_times, has_user) = (times != [ABSENT; 3], self.user != NO_USER);
        let (has_error, has_id) = (self.error_code != NO_NUMBER, !self.message_id.is_empty());
        let head = Head {
            bits: self.kinds() | bit(has_times, HAS_TIMES) | bit(has_user, HAS_USER),
            form: bit(has_error, HAS_ERROR) | bit(has_id, HAS_ID),
            key: self.key,
            hash: self.hash,
            steps: previous.steps(self.order, self.place, self.sent_at),
            names: [self.number, self.template, self.list, self.campaign].map(|name| name.wrapping_add(1)),
        };
        head.encode(out);
        if has_error {
            out.extend_from_slice(&self.error_code.to_le_bytes());
        }
        if has_user {
            put_name(out, self.user);
        }
        if has_times {
            for instant in times {
                put_near(out, instant, self.sent_at);
            }
        }
        if has_id {
            put_bytes(out, self.message_id);
        }
    }
}

impl<'a> Decoded<'a> for MessageRecord<'a> {
    fn key(&self) -> u64 {
        self.key
    }

    #[inline]
    fn decode(from: &mut &'a [u8], previous: &mut Previous) -> Option<Self> {
        let head = Head::decode(from)?;
        let Previous { order, time: sent_at, place } = previous.go(head.steps);
        let [number, template, list, campaign] = head.names.map(|name| name.wrapping_sub(1));
        let (message_type, category, outcome) = Self::of_kinds(head.bits);
        let mut record = Self {
            key: head.key,
            hash: head.hash,
            order,
            place,
            sent_at,
            message_type,
            category,
            outcome,
            is_outcome: Self::is_outcome_of(head.bits),
            number,
            template,
            list,
            campaign,
            error_code: NO_NUMBER,
            user: NO_USER,
            delivered_at: ABSENT,
            read_at: ABSENT,
            failed_at: ABSENT,
            message_id: &[],
        };
        if head.form & HAS_ERROR != 0 {
            let (code, rest) = from.split_first_chunk()?;
            *from = rest;
            record.error_code = u32::from_le_bytes(*code);
        }
        if head.bits & HAS_USER != 0 {
            record.user = get_name(from)?;
        }
        if head.bits & HAS_TIMES != 0 {
            for instant in [&mut record.delivered_at, &mut record.read_at, &mut record.failed_at] {
                *instant = get_near(from, sent_at)?;
            }
        }
        if head.form & HAS_ID != 0 {
            record.message_id = get_bytes(from)?;
        }
        Some(record)
    }
}

impl Decoded<'_> for AuditedMessage {
    fn key(&self) -> u64 {
        self.key
    }

    #[inline]
    fn decode(from: &mut &[u8], previous: &mut Previous) -> Option<Self> {
        MessageRecord::decode(from, previous).map(|record| Self::from(&record))
    }
}

impl<'a> Record<'a> for InboundRecord<'a> {
    fn settled(self, aliases: &Aliases) -> Self {
        let (key, user) = aliases.settled(self.key, self.user);
        Self { key, user, ..self }
    }

    fn encode(&self, out: &mut Vec<u8>, previous: &mut Previous) {
        put_key(out, self.key);
        put_key(out, self.hash);
        previous.put(out, self.order, self.received_at);
        for name in [self.number, self.message_type, self.user] {
            put_name(out, name);
        }
        put_bytes(out, self.message_id);
        put_bytes(out, self.text.as_bytes());
    }
}

impl<'a> Decoded<'a> for InboundRecord<'a> {
    fn key(&self) -> u64 {
        self.key
    }

    fn decode(from: &mut &'a [u8], previous: &mut Previous) -> Option<Self> {
        let (key, hash) = (get_key(from)?, get_key(from)?);
        let (order, received_at) = previous.get(from)?;
        Some(Self {
            key,
            hash,
            order,
            received_at,
            number: get_name(from)?,
            message_type: get_name(from)?,
            user: get_name(from)?,
            message_id: get_bytes(from)?,
            text: std::str::from_utf8(get_bytes(from)?).ok()?,
        })
    }
}

impl Record<'_> for ConsentRecord {
    fn settled(self, aliases: &Aliases) -> Self {
        let (key, user) = aliases.settled(self.key, self.user);
        Self { key, user, ..self }
    }

    fn encode(&self, out: &mut Vec<u8>, previous: &mut Previous) {
        put_key(out, self.key);
        previous.put(out, self.order, self.effective_at);
        out.push(self.kinds() | if self.address == 0 { 0 } else { HAS_ADDRESS });
        put_near(out, self.recorded_at, self.effective_at);
        put_near(out, self.expires_at, self.effective_at);
        for name in [self.source, self.wording, self.controller, self.brand_shown, self.user] {
            put_name(out, name);
        }
        if self.address != 0 {
            put_key(out, self.address);
        }
    }
}

impl Decoded<'_> for ConsentRecord {
    fn key(&self) -> u64 {
        self.key
    }

    fn decode(from: &mut &[u8], previous: &mut Previous) -> Option<Self> {
        let key = get_key(from)?;
        let (order, effective_at) = previous.get(from)?;
        let (&bits, rest) = from.split_first()?;
        *from = rest;
        let (action, scope, has_evidence) = Self::of_kinds(bits);
        Some(Self {
            key,
            order,
            row: 0,
            effective_at,
            action,
            scope,
            has_evidence,
            recorded_at: get_near(from, effective_at)?,
            expires_at: get_near(from, effective_at)?,
            source: get_name(from)?,
            wording: get_name(from)?,
            controller: get_name(from)?,
            brand_shown: get_name(from)?,
            user: get_name(from)?,
            address: if bits & HAS_ADDRESS == 0 { 0 } else { get_key(from)? },
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const INSTANT: std::ops::Range<i64> = -62_135_596_800_000_000..253_402_300_800_000_000;

    proptest! {
        #[test]
        fn messages_come_back(
            key: u64, order in 0_u64..1 << 45, times in proptest::array::uniform4(INSTANT), names: [u32; 6],
            id in proptest::collection::vec(any::<u8>(), 0..200), kinds: u8,
        ) {
            let (message_type, category, outcome) = MessageRecord::of_kinds(kinds);
            let record = MessageRecord {
                key, order, hash: key ^ 7, place: order ^ 9, message_id: &id, sent_at: times[0], delivered_at: times[1], read_at: times[2],
                failed_at: ABSENT, number: names[0], template: names[1], list: names[2], campaign: names[3],
                error_code: names[4], user: names[5], message_type, category, outcome,
                is_outcome: MessageRecord::is_outcome_of(kinds),
            };
            let (mut bytes, mut previous) = (Vec::new(), Previous::default());
            record.encode(&mut bytes, &mut previous);
            record.encode(&mut bytes, &mut previous);
            let (mut from, mut previous) = (bytes.as_slice(), Previous::default());
            prop_assert_eq!(MessageRecord::decode(&mut from, &mut previous), Some(record));
            prop_assert_eq!(MessageRecord::decode(&mut from, &mut previous), Some(record));
            prop_assert!(from.is_empty());
            let mut cut = &bytes[..bytes.len() / 4];
            prop_assert_eq!(MessageRecord::decode(&mut cut, &mut Previous::default()), None);
        }

        #[test]
        fn consents_come_back(
            key: u64, order in 0_u64..1 << 45, times in proptest::array::uniform3(INSTANT), names: [u32; 5],
            address: u64, kinds: u8,
        ) {
            let (action, scope, has_evidence) = ConsentRecord::of_kinds(kinds);
            let record = ConsentRecord {
                key, order, row: 0, effective_at: times[0], recorded_at: times[1], expires_at: times[2], source: names[0],
                wording: names[1], controller: names[2], brand_shown: names[3], user: names[4], address, action, scope,
                has_evidence,
            };
            for record in [record, ConsentRecord { address: 0, expires_at: ABSENT, ..record }] {
                let mut bytes = Vec::new();
                record.encode(&mut bytes, &mut Previous::default());
                let mut from = bytes.as_slice();
                prop_assert_eq!(ConsentRecord::decode(&mut from, &mut Previous::default()), Some(record));
                prop_assert!(from.is_empty());
            }
        }
    }
}
