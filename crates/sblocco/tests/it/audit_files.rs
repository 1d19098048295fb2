//! `sblocco audit`: files in, figures and findings out, and the three statuses of the contract.

use std::{path::PathBuf, process::Stdio};

use serde_json::{Value, json};

use crate::harness::{Done, MESSAGES, Process, Site, gzip, messages, opt_ins, until, zst};

const INBOUND: &str =
    "message_id,phone_number_id,sender,received_at\nwamid.in,1002,393330000001,2026-09-30T08:00:00Z\n";

/// A Parquet file of one row, with `recipient` as a whole number and `sent_at` as a truth value.
const OTHER_TYPES: &[u8] = include_bytes!("files/other_types.parquet");

fn audit(site: &Site, arguments: &[&str]) -> Done {
    site.run(&[&["audit", "--format", "json"], arguments].concat())
}

#[test]
fn figures_are_the_same_in_every_format_and_wrapping() {
    let site = Site::sqlite();
    let csv = messages(1, 300);
    let ndjson: String = csv.lines().skip(1).fold(String::new(), |text, line| {
        let row: serde_json::Map<String, Value> =
            MESSAGES.trim_end().split(',').map(str::to_owned).zip(line.split(',').map(|cell| json!(cell))).collect();
        text + &Value::Object(row).to_string() + "\n"
    });
    site.file("m.csv", &csv);
    site.file("semicolons.csv", format!("\u{feff}{}", csv.replace(',', ";")));
    site.file("m.csv.gz", gzip(csv.as_bytes()));
    site.file("m.csv.zst", zst(csv.as_bytes()));
    site.file("m.ndjson", &ndjson);
    site.file("m.jsonl.gz", gzip(ndjson.as_bytes()));
    site.file("m.ndjson.zst", zst(ndjson.as_bytes()));
    site.file("c.csv", opt_ins(1, 100));
    site.file("i.csv", INBOUND);
    let of = |file: &str| audit(&site, &["--messages", file, "--consents", "c.csv", "--inbound", "i.csv"]).ok();
    let report = of("m.csv");
    for file in ["semicolons.csv", "m.csv.gz", "m.csv.zst", "m.ndjson", "m.jsonl.gz", "m.ndjson.zst"] {
        assert_eq!(of(file), report, "{file}");
    }
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["totals"]["messages"], &report["consent"]["due"]), (&json!(300), &json!(300)));
    let without = json!({ "verdict": "none", "messages": 200, "recipients": 200 });
    assert!(report["consent"]["byVerdict"].as_array().unwrap().contains(&without), "{report}");
    let finding = &report["findings"][0];
    assert_eq!((&finding["rule"], &finding["messages"]), (&json!("CON-01"), &json!(200)));
    assert!(!site.path("data").exists(), "no data folder is left behind");
}

#[test]
fn parquet_reads_as_csv_does() {
    let site = Site::sqlite();
    let report = |format: &str| {
        site.run(&["generate", format, "--messages", "21000", "--seed", "3", "--format", format]).ok();
        let file = |name: &str| format!("{format}/nordic-shoes/{name}.{format}");
        let (messages, inbound, consents) = (file("messages"), file("inbound"), file("consents"));
        audit(&site, &["--messages", &messages, "--inbound", &inbound, "--consents", &consents]).ok()
    };
    assert_eq!(report("parquet"), report("csv"));
}

#[test]
fn it_ends_with_0_whatever_it_finds_and_says_what_it_left_out() {
    let site = Site::sqlite();
    let bad = "wamid.y,1002,393331234567,yesterday,template,news,it,marketing,,\n\
               wamid.q,1002,393331234567,2026-09-01T08:00:00Z,template,\"news,it,marketing,,\n";
    site.file(
        "m.csv",
        messages(1, 3).replacen("status\n", "status,colour\n", 1).replace("delivered\n", "delivered,red\n") + bad,
    );
    let done = audit(&site, &["--messages", "m.csv", "--evidence", "out"]);
    assert!(
        done.stderr.contains("2 rows are bad") && done.stderr.contains("unknown columns ignored: colour"),
        "{done:?}"
    );
    let report: Value = serde_json::from_str(&done.ok()).unwrap();
    assert_eq!(report["rejected"]["messages"], json!(2));
    let rejected = std::fs::read_to_string(site.path("out/rejected.ndjson")).unwrap();
    assert_eq!(rejected.lines().count(), 2, "{rejected}");
    for lang in ["it", "en"] {
        assert!(site.run(&["audit", "--messages", "m.csv", "--language", lang]).ok().contains("CON-01"), "{lang}");
    }
}

#[test]
fn input_that_cannot_be_used_ends_with_2_and_says_what_to_do() {
    let site = Site::sqlite();
    let whole = gzip(messages(1, 2_000).as_bytes());
    let cases: [(&str, Vec<u8>, &[&str]); 8] = [
        ("missing.csv", b"message_id,recipient\n1,2\n".to_vec(), &["sent_at", "missing", "header"]),
        ("twice.csv", b"message_id,message_id\n1,2\n".to_vec(), &["message_id stands twice"]),
        ("empty.csv", Vec::new(), &["is empty", "header"]),
        ("latin.csv", [MESSAGES.as_bytes(), b"w\xe8,1002\n"].concat(), &["line 2 is not UTF-8", "CSV UTF-8"]),
        ("cut.csv.gz", whole[..whole.len() / 2].to_vec(), &["end too early", "after line"]),
        ("no.csv.zst", messages(1, 3).into_bytes(), &["compress"]),
        ("no.parquet", messages(1, 3).into_bytes(), &["is not a Parquet file"]),
        ("types.parquet", OTHER_TYPES.to_vec(), &["types.parquet", "the column recipient is of type Int64", "text"]),
    ];
    for (name, content, words) in cases {
        site.file(name, content);
        let done = audit(&site, &["--messages", name]).fails(2, words);
        assert!(done.stderr.contains(name) && done.stdout.is_empty(), "{done:?}");
    }
    audit(&site, &["--messages", "nowhere.csv"]).fails(2, &["nowhere.csv: cannot be opened", "check the path"]);
    site.file("m.txt", messages(1, 3));
    audit(&site, &["--messages", "m.txt"]).fails(2, &["the name tells no format"]);
    site.file("m.csv", messages(1, 3));
    let backwards = ["--messages", "m.csv", "--from", "2026-09-02T00:00:00Z", "--to", "2026-09-01T00:00:00Z"];
    audit(&site, &backwards).fails(2, &["--from must be before --to"]);
}

#[test]
fn what_is_no_fault_of_the_input_ends_with_1() {
    let mut site = Site::sqlite();
    site.file("m.csv", messages(1, 20_000));
    site.file("file", "");
    audit(&site, &["--messages", "m.csv", "--evidence", "file/out"]).fails(1, &["cannot make the folder", "file/out"]);
    site.set("SBLOCCO_LAKE__TEMP_DIR", "nowhere");
    audit(&site, &["--messages", "m.csv", "--memory", "1MiB"]).fails(1, &["nowhere", "give a writable folder"]);
}

/// Traffic that takes a debug build some seconds to audit.
fn long(site: &Site) -> PathBuf {
    let file = site.file("long.csv", messages(1, 150_000));
    std::fs::create_dir(site.path("tmp")).unwrap();
    file
}

/// Begins an audit of it and returns when it is at work.
fn begin(site: &Site, file: &std::path::Path) -> std::process::Child {
    let mut command =
        site.command(&["audit", "--memory", "1MiB", "--threads", "1", "--messages", file.to_str().unwrap()]);
    command.env("SBLOCCO_LAKE__TEMP_DIR", site.path("tmp")).stdin(Stdio::null());
    let child = Process::begin(command);
    // The temporary file has no name; its process has it open.
    let open = format!("/proc/{}/fd", child.id());
    until(30, "the audit's temporary file", || {
        let links = std::fs::read_dir(&open).ok()?;
        links.flatten().find(|link| std::fs::read_link(link.path()).is_ok_and(|to| to.starts_with(site.path("tmp"))))
    });
    child
}

#[test]
fn a_signal_ends_an_audit_with_1_and_leaves_nothing() {
    let site = Site::sqlite();
    let file = long(&site);
    for name in ["TERM", "INT"] {
        let child = begin(&site, &file);
        crate::harness::signal(&child, name);
        let done: Done = child.wait_with_output().unwrap().into();
        let done = done.fails(1, &["stopping the audit", &format!("SIG{name}"), "stopped before its end", "no result"]);
        assert_eq!(done.stdout, "");
        assert_eq!(site.files_below("tmp"), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_second_signal_ends_an_audit_at_once() {
    let site = Site::sqlite();
    let file = long(&site);
    let child = begin(&site, &file);
    // Held still, it receives both before it can do anything about the first.
    crate::harness::signal(&child, "STOP");
    crate::harness::signal(&child, "TERM");
    crate::harness::signal(&child, "INT");
    crate::harness::signal(&child, "CONT");
    let done: Done = child.wait_with_output().unwrap().into();
    assert_eq!(done.status, Some(1), "{done:?}");
    assert_eq!(site.files_below("tmp"), Vec::<PathBuf>::new());
}
