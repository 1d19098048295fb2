//! Bad rows are told by line, column and reason and skipped; bad files are refused with what to do.

use std::fmt::Write as _;
use std::io::Write as _;

use lake::exchange::{ReadError, RowReason};
use lake::{LakeError, audit_files};

use super::traffic::{HEADER, Traffic, audit_messages, request};

fn row_errors(rows: &str) -> Vec<(u64, Option<&'static str>, RowReason)> {
    let outcome = audit_messages("m.csv", format!("{HEADER}{rows}").as_bytes()).unwrap();
    assert_eq!(outcome.files[0].rejected, outcome.files[0].row_errors.len() as u64);
    assert_eq!(outcome.report.rejected.messages, outcome.files[0].rejected);
    outcome.files[0].row_errors.iter().map(|error| (error.line, error.column, error.reason)).collect()
}

#[test]
fn each_bad_cell_is_told_with_its_line_and_column() {
    let good = "m1,1,393331234567,1788220800,template,promo,marketing\n";
    let rows = [
        good,
        ",1,393331234567,1788220800,template,promo,marketing\n",
        "m2,,393331234567,1788220800,template,promo,marketing\n",
        "m3,1,39333,1788220800,template,promo,marketing\n",
        "m4,1,393331234567,yesterday,template,promo,marketing\n",
        "m5,1,393331234567,1788220800,postcard,promo,marketing\n",
        "m6,1,393331234567,1788220800,template,,marketing\n",
        "m7,1,393331234567,1788220800,template,promo,\n",
        "m8,1,393331234567,1788220800,template,promo\n",
        good,
    ]
    .concat();
    assert_eq!(
        row_errors(&rows),
        [
            (3, Some("message_id"), RowReason::Missing),
            (4, Some("phone_number_id"), RowReason::Missing),
            (5, Some("recipient"), RowReason::NotARecipient),
            (6, Some("sent_at"), RowReason::NotAnInstant),
            (7, Some("type"), RowReason::UnknownType),
            (8, Some("template_name"), RowReason::Missing),
            (9, Some("category"), RowReason::Missing),
            (10, None, RowReason::FieldCount),
        ]
    );
}

#[test]
fn broken_quoting_costs_its_own_line_only() {
    let rows = "m1,1,393331234567,1788220800,template,\"promo,marketing\n\
                m2,1,393331234567,1788220800,template,pro\"mo,marketing\n\
                m3,1,393331234567,1788220800,template,\"promo\"x,marketing\n\
                m4,1,393331234567,1788220800,template,\"pro\"\"mo,\nx\",marketing\n\
                m5,1,39333,1788220800,template,promo,marketing\n";
    assert_eq!(
        row_errors(rows),
        [
            (2, None, RowReason::Quoting),
            (3, None, RowReason::Quoting),
            (4, None, RowReason::Quoting),
            (7, Some("recipient"), RowReason::NotARecipient),
        ],
        "lines are counted through the quoted line break of m4"
    );
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let mut rows = "m1,1,393331234567,1788220800,template,\"promo,marketing\n".to_owned();
    for n in 0..30_000 {
        writeln!(rows, "n{n},1,393331234567,1788220800,template,promo,marketing").unwrap();
    }
    let outcome = audit_messages("m.csv", format!("{HEADER}{rows}").as_bytes()).unwrap();
    assert_eq!((outcome.files[0].accepted, outcome.files[0].rejected), (30_000, 1));
}

#[test]
fn a_row_error_never_tells_the_value() {
    let outcome =
        audit_messages("m.csv", format!("{HEADER}m,1,3933312345x,1788220800,template,p,marketing\n").as_bytes())
            .unwrap();
    assert!(!format!("{:?} {}", outcome.files[0].row_errors, outcome.files[0].row_errors[0]).contains("39333"));
}

#[test]
fn strict_refuses_a_file_with_a_bad_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.csv");
    std::fs::write(&path, format!("{HEADER}m,1,1,1,template,p,marketing\n")).unwrap();
    let mut request = request(&[&path], &[], &[]);
    request.strict = true;
    assert!(matches!(audit_files(request), Err(LakeError::Refused { total: 1, .. })));
}

#[test]
fn a_missing_column_is_told_before_any_row_is_read() {
    let read = |name: &str, content: &str| match audit_messages(name, content.as_bytes()) {
        Err(LakeError::Read(ReadError::MissingColumns { columns, .. })) => columns,
        other => panic!("{other:?}"),
    };
    assert_eq!(read("m.csv", "message_id,phone_number_id,recipient,sent_at,category\nx\n"), ["type"]);
    assert_eq!(
        read("m.ndjson", "{\"message_id\":\"m\",\"phone_number_id\":\"1\",\"recipient\":\"393331234567\"}\n"),
        ["sent_at", "type", "category"]
    );
}

#[test]
fn headers_are_judged() {
    let error = |content: &str| match audit_messages("m.csv", content.as_bytes()) {
        Err(LakeError::Read(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(error(""), ReadError::Empty { .. }));
    assert!(matches!(error("\u{feff}\n"), ReadError::Empty { .. }));
    assert!(matches!(error("message_id,\"type\n"), ReadError::Header { .. }));
    assert!(matches!(error("message_id,message_id\n"), ReadError::DuplicateColumn { column: "message_id", .. }));
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_line() {
    let mut content = format!("{HEADER}m1,1,393331234567,1788220800,template,promo,marketing\n").into_bytes();
    content.extend_from_slice(b"m2,1,393331234567,1788220800,template,citt\xe0,marketing\n");
    assert!(matches!(audit_messages("m.csv", &content), Err(LakeError::Read(ReadError::NotUtf8 { line: 3, .. }))));
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_compressed_file_that_ends_early_is_refused() {
    let mut content = HEADER.to_owned();
    for n in 0..50_000 {
        writeln!(content, "m{n},1,393331{n:06},1788220800,template,promo,marketing").unwrap();
    }
    let gz = gzip(content.as_bytes());
    let cut = audit_messages("m.csv.gz", &gz[..gz.len() / 2]);
    assert!(matches!(cut, Err(LakeError::Read(ReadError::Truncated { .. }))), "{cut:?}");
    let zst = zstd::encode_all(content.as_bytes(), 3).unwrap();
    let cut = audit_messages("m.csv.zst", &zst[..zst.len() / 2]);
    assert!(matches!(cut, Err(LakeError::Read(ReadError::Truncated { .. }))), "{cut:?}");
    assert_eq!(audit_messages("m.csv.gz", &gz).unwrap().files[0].accepted, 50_000);
}

#[test]
fn a_file_that_is_not_compressed_as_its_name_says_is_refused() {
    for name in ["m.csv.gz", "m.csv.zst"] {
        let plain = audit_messages(name, HEADER.repeat(20).as_bytes());
        assert!(
            matches!(plain, Err(LakeError::Read(ReadError::Damaged { .. } | ReadError::Truncated { .. }))),
            "{plain:?}"
        );
    }
}

#[test]
fn parquet_with_other_types_and_what_is_no_parquet_are_refused() {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, StringArray};
    use arrow::record_batch::RecordBatch;

    let text = |value: &str| Arc::new(StringArray::from(vec![value])) as ArrayRef;
    let number = |value: i64| Arc::new(Int64Array::from(vec![value])) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("message_id", text("m")),
        ("phone_number_id", text("1")),
        ("recipient", number(393_331_234_567)),
        ("sent_at", number(1_788_220_800)),
        ("type", text("template")),
        ("category", text("marketing")),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let refused = audit_messages("m.parquet", &bytes);
    assert!(matches!(&refused, Err(LakeError::Read(ReadError::ColumnType { column: "recipient", .. }))), "{refused:?}");
    assert!(matches!(audit_messages("m.parquet", b"PAR1 not"), Err(LakeError::Read(ReadError::Parquet { .. }))));
    let cut = audit_messages("m.parquet", &bytes[..bytes.len() / 2]);
    assert!(matches!(cut, Err(LakeError::Read(ReadError::Parquet { .. }))), "{cut:?}");
}

#[test]
fn paths_that_lead_nowhere_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("none.csv");
    assert!(matches!(audit_files(request(&[&none], &[], &[])), Err(LakeError::Read(ReadError::Open { .. }))));
    let odd = folder.path().join("m.xlsx");
    assert!(matches!(audit_files(request(&[&odd], &[], &[])), Err(LakeError::Read(ReadError::UnknownFormat { .. }))));
}

#[test]
fn json_that_is_no_row_costs_its_line() {
    let good = r#"{"message_id":"m","phone_number_id":"1","recipient":"+39 333 1234567","sent_at":1788220800,"type":"free_form","category":"service","extra":[1]}"#;
    let content = format!("{good}\n\n[1]\n{{\"message_id\":\n{}\n", good.replace("\"m\"", "true"));
    let outcome = audit_messages("m.jsonl", content.as_bytes()).unwrap();
    let errors: Vec<_> =
        outcome.files[0].row_errors.iter().map(|error| (error.line, error.column, error.reason)).collect();
    assert_eq!(
        errors,
        [
            (3, None, RowReason::NotAnObject),
            (4, None, RowReason::NotAnObject),
            (5, Some("message_id"), RowReason::JsonType),
        ]
    );
    assert_eq!(outcome.files[0].accepted, 1);
    assert_eq!(outcome.files[0].unknown_columns, ["extra"]);
}

#[test]
fn an_unwritable_folder_of_temporary_files_is_a_typed_error() {
    let folder = tempfile::tempdir().unwrap();
    let files = Traffic::sample(3_000).write(folder.path(), "parquet");
    let mut request = files.request();
    request.memory = Some(1 << 12);
    request.temporary = Some(folder.path().join("none"));
    assert!(matches!(audit_files(request), Err(LakeError::Temporary { .. })));
}

#[test]
fn whoever_cancels_gets_no_result() {
    let folder = tempfile::tempdir().unwrap();
    let files = Traffic::sample(100).write(folder.path(), "csv");
    let request = files.request();
    request.cancel.cancel();
    assert!(matches!(audit_files(request), Err(LakeError::Cancelled)));
}
