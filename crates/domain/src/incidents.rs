//! Incidents of the platform: one error far more frequent than usual at many clients at once (rule OPS-03). Meta is the cause, and not
//! the clients, so they are one matter and not one for each client.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::{ClientId, Instant, PlatformIncidentId};

/// Errors are counted by slots of this length.
pub const SLOT: TimeDelta = TimeDelta::minutes(15);
/// What is usual is what came in this time before.
pub const USUAL: TimeDelta = TimeDelta::hours(24);
/// The count of all statuses, among those of errors.
pub const ALL_STATUSES: u32 = 0;

/// So many times more than usual.
const FACTOR: u64 = 5;
/// At so many of a hundred clients with traffic.
const PERCENT_OF_CLIENTS: u64 = 20;
/// And at so many clients at least; fewer are no sign of the platform.
const CLIENTS: u64 = 3;
/// Errors of one client in a slot, below which nothing can be said.
const ERRORS: u64 = 5;

/// How often something came at a client in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCount {
    /// At whom.
    pub client: ClientId,
    /// The start of the slot.
    pub slot: Instant,
    /// Meta's code; [`ALL_STATUSES`] for all statuses.
    pub code: u32,
    /// Messages.
    pub messages: u64,
}

/// An error that is up at many clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outbreak {
    /// Meta's code.
    pub code: u32,
    /// Clients at which it is up.
    pub clients: u64,
    /// Messages that failed with it at them.
    pub messages: u64,
}

/// An incident, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlatformIncident {
    /// Id.
    pub id: PlatformIncidentId,
    /// Meta's code.
    pub code: u32,
    /// The first slot in which it was seen.
    pub began_at: Instant,
    /// The last slot in which it was seen.
    pub last_at: Instant,
    /// When it was over.
    pub ended_at: Option<Instant>,
    /// Clients at which it was up, at most.
    pub clients: u64,
    /// Messages that failed with it, over its slots.
    pub messages: u64,
}

/// The errors that are frequent enough at enough clients, in any slot of `counts`, to be looked at.
pub fn suspects(counts: &[ErrorCount]) -> BTreeSet<u32> {
    let mut frequent: BTreeMap<(Instant, u32), u64> = BTreeMap::new();
    for count in counts.iter().filter(|count| count.code != ALL_STATUSES && count.messages >= ERRORS) {
        *frequent.entry((count.slot, count.code)).or_default() += 1;
    }
    frequent.into_iter().filter(|(_, clients)| *clients >= CLIENTS).map(|((_, code), _)| code).collect()
}

/// The errors that are up in the slot at `slot`, by code. `counts` are those of the slot and of the [`USUAL`] time before it.
pub fn outbreaks(counts: &[ErrorCount], slot: Instant) -> Vec<Outbreak> {
    let slots = (USUAL.num_minutes() / SLOT.num_minutes()).unsigned_abs();
    let mut usual: BTreeMap<(u32, ClientId), u64> = BTreeMap::new();
    let mut now: BTreeMap<u32, BTreeMap<ClientId, u64>> = BTreeMap::new();
    let mut active: BTreeSet<ClientId> = BTreeSet::new();
    for count in counts {
        if count.slot == slot {
            active.insert(count.client);
            if count.code != ALL_STATUSES {
                *now.entry(count.code).or_default().entry(count.client).or_default() += count.messages;
            }
        } else if count.slot < slot && count.slot >= slot - USUAL {
            *usual.entry((count.code, count.client)).or_default() += count.messages;
        }
    }
    let is_up = |code: u32, client: ClientId, messages: u64| {
        let before = usual.get(&(code, client)).copied().unwrap_or_default();
        // More than FACTOR times the mean of the slots before.
        messages >= ERRORS && messages * slots > FACTOR * before
    };
    let mut outbreaks = Vec::new();
    for (code, of_clients) in now {
        let up: Vec<u64> = of_clients
            .into_iter()
            .filter(|(client, messages)| is_up(code, *client, *messages))
            .map(|(_, messages)| messages)
            .collect();
        let clients = up.len() as u64;
        if clients >= CLIENTS && clients * 100 >= PERCENT_OF_CLIENTS * active.len() as u64 {
            outbreaks.push(Outbreak { code, clients, messages: up.iter().sum() });
        }
    }
    outbreaks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(number: i32) -> Instant {
        Instant::default() + SLOT * number
    }

    fn count(client: u128, at: i32, code: u32, messages: u64) -> ErrorCount {
        let client = ClientId::from_uuid(uuid::Uuid::from_u128(client));
        ErrorCount { client, slot: slot(at), code, messages }
    }

    /// Ten clients with traffic, at the first `ill` of which the code comes `messages` times, after `before` in each of the 96 slots before.
    fn scene(ill: u128, messages: u64, before: u64) -> Vec<ErrorCount> {
        let mut counts: Vec<_> = (0..10).map(|client| count(client, 96, ALL_STATUSES, 100)).collect();
        for client in 0..ill {
            counts.push(count(client, 96, 131_000, messages));
            counts.extend((0..96).filter(|_| before > 0).map(|at| count(client, at, 131_000, before)));
        }
        counts
    }

    #[test]
    fn one_error_up_at_many_clients_is_an_outbreak() {
        let found = outbreaks(&scene(4, 60, 2), slot(96));
        assert_eq!(found, [Outbreak { code: 131_000, clients: 4, messages: 240 }]);
        assert_eq!(suspects(&scene(4, 60, 2)), [131_000].into());
        assert!(suspects(&scene(2, 60, 2)).is_empty() && suspects(&scene(4, 4, 2)).is_empty());
    }

    #[test]
    fn an_error_that_is_usual_or_rare_or_at_few_clients_is_none() {
        assert!(outbreaks(&scene(4, 60, 12), slot(96)).is_empty(), "five times as many is not more");
        assert!(outbreaks(&scene(4, 4, 0), slot(96)).is_empty(), "a handful says nothing");
        assert!(outbreaks(&scene(2, 60, 0), slot(96)).is_empty(), "two clients are a coincidence");
        let mut many: Vec<_> = (100..200).map(|client| count(client, 96, ALL_STATUSES, 100)).collect();
        many.extend(scene(4, 60, 0));
        assert!(outbreaks(&many, slot(96)).is_empty(), "4 of 110 clients are not a fifth");
        assert!(outbreaks(&[], slot(96)).is_empty());
    }

    #[test]
    fn what_came_longer_ago_is_not_what_is_usual() {
        let mut counts = scene(4, 60, 0);
        counts.extend((0..4).map(|client| count(client, -1, 131_000, 10_000)));
        assert_eq!(outbreaks(&counts, slot(96)).len(), 1);
    }
}
