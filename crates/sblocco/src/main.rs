//! The program `sblocco`.
// As deep as the merged roots of the schema.
#![recursion_limit = "256"]

use std::process::ExitCode;

/// Answers are made of thousands of small pieces, by many threads (docs/dependencies.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Both providers of rustls are on the build path, so none is the default until one is chosen.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        return ExitCode::from(1);
    }
    sblocco::cli::run()
}
