//! The ports: what leaves the process. Each has a real implementation outside this crate and a fake for tests.

mod clock;
mod random;

pub use clock::{Clock, ManualClock};
pub use random::{Random, SeededRandom};
