//! The parts of the binary: configuration, telemetry, lifecycle, command line. It wires the crates of the product together and
//! holds no rule of its own.
// As deep as the merged roots of the schema.
#![recursion_limit = "256"]

pub mod cli;
pub mod config;
pub mod demo;
pub mod failure;
pub mod generate;
pub mod lifecycle;
pub mod secrets;
pub mod serving;
pub mod simulate;
pub mod system;
pub mod telemetry;
pub mod wiring;
