//! How much memory one person with very many messages takes. Measured in a process of its own, where nothing else runs.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use lake::audit_files;

use super::traffic::{HEADER, request};

/// Where the process that is measured finds the file to audit, and beside it writes what it took.
const MEASURED: &str = "SBLOCCO_TEST_MEASURED_FILE";

/// Messages to one person; a quarter as many go to others.
const MESSAGES: u64 = 200_000;

/// Bytes for each of them: the row and the fact made of it, one of each, and what is counted in passing.
const BYTES_OF_EACH: u64 = 300;

#[test]
fn one_person_takes_memory_for_one_copy_of_its_rows() {
    if let Some(path) = std::env::var_os(MEASURED) {
        let path = Path::new(&path);
        let before = most_resident();
        let mut request = request(&[path], &[], &[]);
        request.memory = Some(8 << 20);
        let outcome = audit_files(request).unwrap();
        assert_eq!(outcome.report.totals.messages, MESSAGES + MESSAGES / 4);
        std::fs::write(path.with_extension("bytes"), (most_resident() - before).to_string()).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.csv");
    write_messages(&path);
    let this = ["memory::one_person_takes_memory_for_one_copy_of_its_rows", "--exact"];
    let run = Command::new(std::env::current_exe().unwrap()).args(this).env(MEASURED, &path).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let taken: u64 = std::fs::read_to_string(path.with_extension("bytes")).unwrap().parse().unwrap();
    assert!(taken < MESSAGES * BYTES_OF_EACH, "{} bytes for each message of one person", taken / MESSAGES);
}

fn write_messages(path: &Path) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    out.write_all(HEADER.as_bytes()).unwrap();
    let mut row = |id: u64, recipient: u64| {
        let second = 1_788_220_800 + id * 7;
        writeln!(out, "wamid.{id:08},1002,{recipient},{second},template,promo,marketing").unwrap();
    };
    for n in 0..MESSAGES {
        row(n, 393_331_234_567);
        if n % 4 == 0 {
            row(MESSAGES + n, 393_330_000_000 + n * 37);
        }
    }
    out.flush().unwrap();
}

/// The most bytes that this process has had in memory at once.
fn most_resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}
