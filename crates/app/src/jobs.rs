//! Jobs: what is done outside of a request. The SQL ledger is the truth; whatever executes jobs is only told that there is something
//! to claim, and calls [`Executor::deliver`]. Names no queue.

pub mod civil;
mod compact;
mod error;
mod execute;
mod ledger;
mod read;
mod schedules;
mod upkeep;

pub(crate) use compact::enqueue_if_due as enqueue_compaction;
pub use error::JobError;
pub use execute::{Delivery, Executor, Phase, Run, Timing};
pub use ledger::{Signal, dispatch, enqueue, enqueue_at, return_failed};
pub use read::{by_ids, counts, page};
pub use schedules::{ensure_own_schedules, run_due};
pub use upkeep::{Swept, prune, sweep};
