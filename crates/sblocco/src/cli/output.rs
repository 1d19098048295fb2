//! Standard output and standard error. A reader that went away (`sblocco … | head`) is no failure.

use std::{
    fmt,
    io::{self, ErrorKind, Write},
};

use crate::failure::{Failure, io_reason};

/// Prints `text`, as it is.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    finish(io::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().lock().flush()))
}

/// Prints `text` and ends the line.
pub(super) fn line(text: impl fmt::Display) -> Result<(), Failure> {
    print(&format!("{text}\n"))
}

/// Tells what went wrong; whether that can be read is no longer of use.
pub(super) fn error(failure: &Failure) {
    let mut stderr = io::stderr().lock();
    let written = writeln!(stderr, "sblocco: {failure}").and_then(|()| stderr.flush());
    drop(written);
}

/// Tells something that stops nothing.
pub(super) fn notice(message: impl fmt::Display) {
    let mut stderr = io::stderr().lock();
    let written = writeln!(stderr, "{message}").and_then(|()| stderr.flush());
    drop(written);
}

fn finish(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to standard output: {}", io_reason(&error))))
        }
        _ => Ok(()),
    }
}
