//! Whether anybody changed the log: every sealed entry is hashed anew, every node and head of every tree computed anew.

use std::fmt;

use domain::{
    ActivityId,
    access::Actor,
    merkle::{Growth, Hash, Place},
};
use store::{Tx, merkle::Head};

use crate::{NoCode, OpCtx, OpError};

/// Leaves that are looked at together.
const STEP: u64 = 500;
/// Faults that are listed; a log that was tampered with in more places is no better known by more lines.
const FAULTS: usize = 1_000;

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
    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS {
            self.faults.push(fault);
        }
    }
}

/// Looks at every log, and at heads that were kept elsewhere. Reads at one moment, and in steps.
///
/// # Errors
/// `NotFound` for anybody but the system; the database is unavailable.
pub async fn verify(op: &OpCtx, expected: &[Expected]) -> Result<Verified, OpError<NoCode>> {
    if *op.actor() != Actor::System {
        return Err(OpError::NotFound);
    }
    let tx = op.services().store.read(op.visibility()).await?;
    let mut found = Verified::default();
    let logs = store::merkle::logs(&tx).await?;
    for log in &logs {
        let kept: Vec<&Expected> = expected.iter().filter(|head| head.log == *log).collect();
        verify_log(&tx, log, &kept, &mut found).await?;
    }
    for head in expected.iter().filter(|head| !logs.contains(&head.log)) {
        found.fault(Fault::Unexpected { log: head.log.clone(), size: head.size });
    }
    for entry in store::activities::outside(&tx, FAULTS as u64).await? {
        found.fault(Fault::Outside { entry });
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
        let leaves = step_leaves(tx, log, first, end, found).await?;
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
