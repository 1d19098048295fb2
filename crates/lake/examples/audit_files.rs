//! Audits `messages`, `inbound` and `consents` of a folder and prints the report as JSON:
//! `audit_files FOLDER [THREADS] [MEMORY_MIB] [EXTENSION]`.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use lake::{FilesAudit, audit_files};

#[expect(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, reason = "a program to try the crate with")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    let threads = arguments.next().map_or(2, |threads| threads.parse().unwrap());
    let memory = arguments.next().map(|mebibytes| mebibytes.parse::<usize>().unwrap() << 20);
    let extension = arguments.next().unwrap_or_else(|| "parquet".to_owned());
    let file = |name: &str| vec![folder.join(Path::new(name).with_extension(&extension)).into()];
    let outcome = audit_files(FilesAudit {
        messages: file("messages"),
        inbound: file("inbound"),
        consents: file("consents"),
        strict: false,
        settings: audit::Settings::default(),
        inputs: audit::Inputs::default(),
        memory,
        threads: NonZero::new(threads),
        temporary: None,
        progress: &|_| {},
        cancel: domain::ports::CancelFlag::default(),
    })
    .unwrap();
    for file in &outcome.files {
        eprintln!("{}: {} accepted, {} rejected", file.file, file.accepted, file.rejected);
    }
    println!("{}", serde_json::to_string_pretty(&outcome.report).unwrap());
}
