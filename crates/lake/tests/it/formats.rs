//! The same rows in every format give the same figures.

use super::traffic::{HEADER, Traffic, audit_messages};

#[test]
fn all_formats_give_the_same_figures() {
    let folder = tempfile::tempdir().unwrap();
    let traffic = Traffic::sample(2_000);
    let expected = traffic.write(folder.path(), "parquet").audit();
    assert_eq!(expected.report.totals.messages, 2_000);
    assert!(expected.files.iter().all(|file| file.rejected == 0), "{:?}", expected.files);
    for extension in ["csv", "csv.gz", "csv.zst", "ndjson", "jsonl.gz", "ndjson.zst"] {
        let outcome = traffic.write(folder.path(), extension).audit();
        assert_eq!(outcome.report, expected.report, "{extension}");
        assert_eq!(outcome.contradicting_rows, expected.contradicting_rows, "{extension}");
    }
}

#[test]
fn marks_separators_and_line_ends_do_not_matter() {
    let row = "m1,1,393331234567,2026-09-01T00:00:00Z,template,promo,marketing\n";
    let plain = audit_messages("m.csv", format!("{HEADER}{row}").as_bytes()).unwrap();
    assert_eq!(plain.report.totals.messages, 1);
    for content in [
        format!("\u{feff}{HEADER}{row}"),
        format!("{HEADER}{row}").replace(',', ";"),
        format!("{HEADER}{row}").replace('\n', "\r\n"),
        format!("{HEADER}\n{}", row.trim_end()),
        format!("\u{feff}\"message_id\"{}\"m1\"{}", &HEADER[10..], &row[2..]),
    ] {
        let outcome = audit_messages("m.csv", content.as_bytes()).unwrap();
        assert_eq!(outcome.report, plain.report, "{content:?}");
    }
}

#[test]
fn unknown_columns_are_named() {
    let content = format!("cost,{HEADER}1,m1,1,393331234567,1788220800,template,promo,marketing\n");
    let outcome = audit_messages("m.csv", content.as_bytes()).unwrap();
    assert_eq!(outcome.files[0].unknown_columns, ["cost"]);
    assert_eq!(outcome.files[0].accepted, 1);
}
