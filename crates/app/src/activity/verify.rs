//! Whether anybody changed the log: every sealed entry is hashed anew, every node and head of every tree computed anew.

use std::fmt;

use domain::{
    ActivityId, ClientId,
    access::Actor,
    merkle::{Growth, Hash, Place},
};
use store::{Tx, consents::Leaf, merkle::Head};

use super::seal::LOG;
use crate::{NoCode, OpCtx, OpError, ledger};

/// Leaves that are looked at together.
const STEP: u64 = 500;

/// A head that somebody kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The log's name.
    pub log: String,
    /// Leaves that it had.
    pub size: u64,
    /// The hash that stood for them.
    pub root: Hash,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The entry is no longer what was sealed.
    Changed {
        /// Which.
        entry: ActivityId,
        /// Its log.
        log: String,
        /// Its leaf.
        place: u64,
    },
    /// The entry that was sealed is gone.
    Gone {
        /// Which; unknown when even its place is gone.
        entry: Option<ActivityId>,
        /// Its log.
        log: String,
        /// Its leaf.
        place: u64,
    },
    /// Events of the consent ledger are no longer what was sealed, or some are gone.
    Events {
        /// The log.
        log: String,
        /// The leaf that stands for them.
        place: u64,
        /// Position of the first in the ledger.
        first: i64,
        /// Position of the last.
        last: i64,
    },
    /// An event was put beside the consent ledger: no leaf stands for it, and none will.
    Beside {
        /// The log.
        log: String,
        /// Position of the event.
        position: i64,
    },
    /// A node of the tree is missing, or not what it must be.
    Node {
        /// The log.
        log: String,
        /// Which.
        place: Place,
    },
    /// A head is not what it must be.
    Head {
        /// The log.
        log: String,
        /// The head of so many leaves.
        size: u64,
    },
    /// A head that was kept elsewhere is not that of this log.
    Unexpected {
        /// The log.
        log: String,
        /// The head of so many leaves.
        size: u64,
    },
    /// The entry was put beside the log, or taken out of it.
    Outside {
        /// Which.
        entry: ActivityId,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { entry, log, place } => {
                write!(f, "{entry}, leaf {place} of {log}, was changed after it was sealed")
            }
            Self::Gone { entry: Some(entry), log, place } => write!(f, "{entry}, leaf {place} of {log}, was deleted"),
            Self::Gone { entry: None, log, place } => write!(f, "the entry of leaf {place} of {log} was deleted"),
            Self::Events { log, place, first, last } => write!(
                f,
                "of the events {first} to {last}, leaf {place} of {log}, one was changed or deleted after they were sealed"
            ),
            Self::Beside { log, position } => {
                write!(f, "the event {position} is in no leaf of {log}, and not waiting to be")
            }
            Self::Node { log, place } => {
                write!(f, "the node {} of level {} of {log} is not what its leaves make it", place.index, place.level)
            }
            Self::Head { log, size } => write!(f, "the head of {log} at {size} leaves is not what they make it"),
            Self::Unexpected { log, size } => {
                write!(f, "{log} is not the log that had the expected root at {size} leaves")
            }
            Self::Outside { entry } => write!(f, "{entry} is in no log, and not waiting to be"),
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Entries that were hashed anew.
    pub entries: u64,
    /// The last head of each log: to be kept elsewhere.
    pub heads: Vec<(String, Head)>,
    /// What is wrong, at most a thousand.
    pub faults: Vec<Fault>,
}

impl Verified {
    /// Faults that are listed: a log that was tampered with in more places is no better known by more lines.
    pub(crate) const MOST_FAULTS: u64 = 1_000;

    pub(crate) fn fault(&mut self, fault: Fault) {
        if (self.faults.len() as u64) < Self::MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}

/// Looks at the log of every client and of the BSP, and at heads that were kept elsewhere. Reads at one moment, and in steps.
///
/// # Errors
/// `NotFound` for anybody but the system; the database is unavailable.
pub async fn verify(op: &OpCtx, expected: &[Expected]) -> Result<Verified, OpError<NoCode>> {
    let mut found = verify_logs(op, LOG, expected).await?;
    let tx = op.services().store.read(op.visibility()).await?;
    for entry in store::activities::outside(&tx, Verified::MOST_FAULTS).await? {
        found.fault(Fault::Outside { entry });
    }
    Ok(found)
}

/// Looks at the logs whose names begin so.
pub(crate) async fn verify_logs(op: &OpCtx, prefix: &str, expected: &[Expected]) -> Result<Verified, OpError<NoCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::NotFound);
    }
    let tx = op.services().store.read(op.visibility()).await?;
    let mut found = Verified::default();
    let mut logs = store::merkle::logs(&tx).await?;
    logs.retain(|log| log.starts_with(prefix));
    for log in &logs {
        let kept: Vec<&Expected> = expected.iter().filter(|head| head.log == *log).collect();
        verify_log(&tx, log, &kept, &mut found).await?;
    }
    for head in expected.iter().filter(|head| !logs.contains(&head.log)) {
        found.fault(Fault::Unexpected { log: head.log.clone(), size: head.size });
    }
    Ok(found)
}

async fn verify_log(tx: &Tx, log: &str, expected: &[&Expected], found: &mut Verified) -> Result<(), OpError<NoCode>> {
    let Some(last) = store::merkle::head(tx, log).await? else { return Ok(()) };
    let mut growth = Growth::default();
    let mut heads = Vec::new();
    while growth.size() < last.size {
        let (first, end) = (growth.size(), (growth.size() + STEP).min(last.size));
        if heads.is_empty() {
            heads = store::merkle::heads(tx, log, first, STEP).await?;
            heads.reverse();
        }
        let leaves = match log.strip_prefix(ledger::LOG).and_then(|client| client.parse().ok()) {
            Some(client) => ledger_leaves(tx, client, first, end, found).await?,
            None => step_leaves(tx, log, first, end, found).await?,
        };
        let mut completed = Vec::with_capacity(leaves.len() * 2);
        for leaf in leaves {
            completed.extend(growth.append(leaf));
            if heads.is_empty() {
                heads = store::merkle::heads(tx, log, growth.size() - 1, STEP).await?;
                heads.reverse();
            }
            if let Some(head) = heads.pop_if(|head| head.size <= growth.size())
                && (head.size, head.root) != (growth.size(), growth.root())
            {
                found.fault(Fault::Head { log: log.to_owned(), size: head.size });
            }
            for head in expected.iter().filter(|head| head.size == growth.size() && head.root != growth.root()) {
                found.fault(Fault::Unexpected { log: log.to_owned(), size: head.size });
            }
        }
        check_nodes(tx, log, &completed, found).await?;
    }
    for head in expected.iter().filter(|head| head.size > last.size || head.size == 0) {
        found.fault(Fault::Unexpected { log: log.to_owned(), size: head.size });
    }
    found.heads.push((log.to_owned(), last));
    Ok(())
}

/// The hashes of the leaves: of those that were changed or deleted, what the tree kept, so that only they are named.
async fn step_leaves(
    tx: &Tx,
    log: &str,
    first: u64,
    end: u64,
    found: &mut Verified,
) -> Result<Vec<Hash>, OpError<NoCode>> {
    let places: Vec<Place> = (first..end).map(|index| Place { level: 0, index }).collect();
    let kept = store::merkle::nodes(tx, log, &places).await?;
    let mut entries = store::activities::leaves(tx, log, first, end).await?.into_iter().peekable();
    let mut hashes = Vec::with_capacity(places.len());
    for at in places {
        let entry = entries.next_if(|(place, ..)| *place == at.index);
        let known = entry.as_ref().map(|(_, id, _)| *id);
        let hash = match entry {
            Some((_, _, Some(entry))) => {
                found.entries += 1;
                // One that no longer reads as an entry was changed too.
                Some(entry.map_or_else(|_| Hash::default(), |entry| entry.seal()))
            }
            _ => None,
        };
        let sealed = kept.get(&at).copied();
        let (log, place) = (log.to_owned(), at.index);
        match (hash, sealed, known) {
            (Some(hash), Some(sealed), Some(entry)) if hash != sealed => {
                found.fault(Fault::Changed { entry, log, place });
            }
            (None, _, entry) => found.fault(Fault::Gone { entry, log, place }),
            _ => {}
        }
        hashes.push(sealed.or(hash).unwrap_or_default());
    }
    Ok(hashes)
}

/// The same of a client's consent ledger.
async fn ledger_leaves(
    tx: &Tx,
    client: ClientId,
    first: u64,
    end: u64,
    found: &mut Verified,
) -> Result<Vec<Hash>, OpError<NoCode>> {
    let log = ledger::log_of(client);
    let places: Vec<Place> = (first..end).map(|index| Place { level: 0, index }).collect();
    let kept = store::merkle::nodes(tx, &log, &places).await?;
    let mut leaves = store::consents::leaves(tx, client, first, end).await?.into_iter().peekable();
    let mut hashes = Vec::with_capacity(places.len());
    for at in places {
        let place = at.index;
        let sealed = kept.get(&at).copied();
        let Some(Leaf { first, last, .. }) = leaves.next_if(|leaf| leaf.place == place) else {
            found.fault(Fault::Gone { entry: None, log: log.clone(), place });
            hashes.push(sealed.unwrap_or_default());
            continue;
        };
        let events = store::consents::range(tx, client, first, last).await?;
        found.entries += events.len() as u64;
        // Positions have no gaps: one was deleted, maybe before it was sealed.
        let is_whole = events.len() as i64 == last - first + 1;
        // One that no longer reads as an event was changed too.
        let events: Option<Vec<_>> = events.into_iter().map(Result::ok).collect();
        let hash = events.map(|events| domain::ledger::leaf(client, &events));
        if !is_whole || hash.is_none() || (sealed.is_some() && hash != sealed) {
            found.fault(Fault::Events { log: log.clone(), place, first, last });
        }
        hashes.push(sealed.or(hash).unwrap_or_default());
    }
    Ok(hashes)
}

async fn check_nodes(
    tx: &Tx,
    log: &str,
    completed: &[(Place, Hash)],
    found: &mut Verified,
) -> Result<(), OpError<NoCode>> {
    let places: Vec<Place> = completed.iter().map(|(place, _)| *place).collect();
    let kept = store::merkle::nodes(tx, log, &places).await?;
    for (place, hash) in completed {
        if kept.get(place) != Some(hash) {
            found.fault(Fault::Node { log: log.to_owned(), place: *place });
        }
    }
    Ok(())
}
