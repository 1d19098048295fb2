//! From a request to findings, over real queues on both databases; the lake is a fake.

mod audits;
mod failures;
mod harness;
mod previews;
mod stops;
mod surroundings;
