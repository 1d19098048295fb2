//! `sblocco migrate`.

use std::process::ExitCode;

use super::{Invocation, block_on, output};
use crate::{failure::Failure, wiring};

pub(super) fn run(invocation: &Invocation) -> Result<ExitCode, Failure> {
    let config = invocation.config()?;
    let applied = block_on(wiring::migrate(&config))?;
    if applied.is_empty() {
        output::line("The database is up to date.")?;
    }
    for name in applied {
        output::line(format_args!("applied {name}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
