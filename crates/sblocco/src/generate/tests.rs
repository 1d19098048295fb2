use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use super::*;

type Change = fn(&mut Options);

fn options(out: &Path, messages: u64, format: Format) -> Options {
    let start = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
    Options { out: out.to_owned(), messages, seed: 7, days: DEFAULT_DAYS, start, format }
}

fn generate(change: impl FnOnce(&mut Options)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(&folder.path().join("out"), 3_000, Format::Csv);
    change(&mut options);
    run(&options, &|_| {}).unwrap();
    folder
}

/// Path within the output folder and content of every file.
fn files(folder: &tempfile::TempDir) -> BTreeMap<String, Vec<u8>> {
    let out = folder.path().join("out");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&out).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_file() {
            files.insert(name, fs::read(entry.path()).unwrap());
            continue;
        }
        for file in fs::read_dir(entry.path()).unwrap().map(Result::unwrap) {
            let path = format!("{name}/{}", file.file_name().into_string().unwrap());
            files.insert(path, fs::read(file.path()).unwrap());
        }
    }
    files
}

#[test]
fn the_same_options_make_the_same_bytes_in_every_format() {
    for format in [Format::Csv, Format::Ndjson, Format::Parquet] {
        let (one, two) = (generate(|options| options.format = format), generate(|options| options.format = format));
        let (one, two) = (files(&one), files(&two));
        assert_eq!(one.len(), 3 * 6 + 1);
        assert!(one.contains_key(&format!("libreria-fenice/messages.{format}")));
        for (path, content) in &one {
            assert!(two[path] == *content, "{path} differs");
        }
    }
}

#[test]
fn another_seed_start_or_length_makes_other_traffic() {
    let usual = files(&generate(|_| {}));
    let changes: [Change; 3] = [
        |options| options.seed = 8,
        |options| options.start = NaiveDate::from_ymd_opt(2026, 9, 2).unwrap(),
        |options| options.days = 60,
    ];
    for change in changes {
        let other = files(&generate(change));
        for client in ["nordic-shoes", "farmacia-aurora", "libreria-fenice"] {
            for file in ["messages.csv", "inbound.csv", "consents.csv"] {
                let path = format!("{client}/{file}");
                assert!(other[&path] != usual[&path], "{path} is the same");
            }
        }
    }
}

fn rows(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(files[path].as_slice());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn exactly_as_many_messages_are_made_as_asked_for_in_order_of_time_and_within_the_period() {
    let files = files(&generate(|options| options.messages = 3_001));
    let (mut total, mut ids) = (0, HashSet::new());
    let inside = |time: &str| ("2026-09-01".."2026-11-15").contains(&time);
    for client in ["nordic-shoes", "farmacia-aurora", "libreria-fenice"] {
        let messages = rows(&files, &format!("{client}/messages.csv"));
        total += messages.len();
        assert!(messages.is_sorted_by_key(|row| row["sent_at"].clone()));
        for row in &messages {
            assert!(ids.insert(row["message_id"].clone()), "{row:?}");
            assert!(inside(&row["sent_at"]), "{row:?}");
            for time in ["delivered_at", "read_at", "failed_at"] {
                assert!(row[time].is_empty() || inside(&row[time]) && row[time] > row["sent_at"], "{row:?}");
            }
            assert_eq!(row["type"] == "template", !row["template_name"].is_empty(), "{row:?}");
            assert_eq!(row["status"] == "failed", !row["error_code"].is_empty(), "{row:?}");
            assert_eq!(row["status"] == "read", !row["read_at"].is_empty(), "{row:?}");
        }
        let inbound = rows(&files, &format!("{client}/inbound.csv"));
        assert!(!inbound.is_empty() && inbound.iter().all(|row| inside(&row["received_at"])));
        let consents = rows(&files, &format!("{client}/consents.csv"));
        assert!(consents.is_sorted_by_key(|row| row["recorded_at"].clone()));
        assert!(consents.iter().all(|row| row["effective_at"] <= row["recorded_at"]));
        assert!(consents.iter().all(|row| row["recorded_at"].as_str() < "2026-11-15"));
        assert!(consents.iter().all(|row| row["effective_at"].as_str() > "2025-09-01"), "no consent is a year old");
    }
    assert_eq!(total, 3_001);
}

#[test]
fn marketing_keeps_the_quiet_hours_of_rome_but_where_it_shall_not() {
    let files = files(&generate(|_| {}));
    for client in ["nordic-shoes", "farmacia-aurora", "libreria-fenice"] {
        let rows = rows(&files, &format!("{client}/messages.csv"));
        let is_late = |row: &&BTreeMap<String, String>| {
            row["category"] == "marketing" && !("07".."19").contains(&&row["sent_at"][11..13])
        };
        let late = rows.iter().filter(is_late).count();
        assert_eq!(late > 0, client == "nordic-shoes", "{client}: {late}");
    }
}

#[test]
fn templates_and_assets_are_read_without_a_rejected_line() {
    let files = files(&generate(|_| {}));
    for client in ["nordic-shoes", "farmacia-aurora", "libreria-fenice"] {
        let lines = |name: &str| String::from_utf8(files[&format!("{client}/{name}")].clone()).unwrap();
        let templates: Vec<_> =
            lines("templates.ndjson").lines().map(|line| meta::template::Template::from_json(line).unwrap()).collect();
        assert!((20..=60).contains(&templates.len()));
        assert!(templates.iter().all(|template| template.components.unread == 0 && template.body_text().is_some()));
        let known: HashSet<_> =
            templates.iter().map(|template| (template.name.clone(), template.language.clone())).collect();
        let messages = rows(&files, &format!("{client}/messages.csv"));
        for row in messages.iter().filter(|row| row["type"] == "template") {
            assert!(known.contains(&(row["template_name"].clone(), row["template_language"].clone())), "{row:?}");
        }

        let assets: meta::asset::Assets =
            lines("assets.ndjson").lines().map(|line| meta::asset::Asset::from_json(line).unwrap()).collect();
        assert!(assets.unknown.is_empty());
        assert_eq!((assets.clients.len(), assets.portfolios.len()), (1, 1));
        assert!(assets.least_messaging_limit().is_some());
        let numbers: HashSet<_> = assets.numbers.iter().map(|number| number.id.clone()).collect();
        assert!(messages.iter().all(|row| numbers.contains(&row["phone_number_id"])));
        let wordings: HashSet<_> = assets.wordings.iter().map(|wording| wording.version.clone()).collect();
        for row in rows(&files, &format!("{client}/consents.csv")) {
            assert!(row["wording_version"].is_empty() || wordings.contains(&row["wording_version"]), "{row:?}");
        }
    }
}

#[test]
fn the_truth_names_a_fault_for_every_rule_and_a_client_with_none() {
    let files = files(&generate(|_| {}));
    let truth: serde_json::Value = serde_json::from_slice(&files["truth.json"]).unwrap();
    let clients = truth["clients"].as_array().unwrap();
    let mut planted = HashSet::new();
    for client in clients {
        let faults = client["faults"].as_array().unwrap();
        assert_eq!(client["clean"] == true, faults.is_empty());
        for fault in faults {
            planted.insert(fault["rule"].as_str().unwrap().to_owned());
            assert!(!client["clear"].as_array().unwrap().contains(&fault["rule"]));
        }
    }
    assert_eq!(planted.len(), domain::traffic::RULES.len());
    assert_eq!(clients[2]["clear"].as_array().unwrap().len(), planted.len());
    assert_eq!(truth["largeEnough"], false);
}

#[test]
fn what_is_in_the_folder_is_never_touched() {
    let folder = generate(|_| {});
    let before = files(&folder);
    let again = run(&options(&folder.path().join("out"), 3_000, Format::Csv), &|_| {});
    assert!(matches!(&again, Err(error @ GenerateError::NotEmpty { .. }) if error.is_usage()));
    assert_eq!(files(&folder), before);
}

#[test]
fn options_out_of_range_are_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let changes: [(&str, Change); 5] = [
        ("days", |options| options.days = 59),
        ("days", |options| options.days = 367),
        ("messages", |options| options.messages = 999),
        ("messages", |options| options.messages = u64::MAX),
        ("start", |options| options.start = NaiveDate::MIN),
    ];
    for (name, change) in changes {
        let mut options = options(&folder.path().join("out"), 3_000, Format::Csv);
        change(&mut options);
        let error = run(&options, &|_| {}).unwrap_err();
        assert!(error.to_string().starts_with(name), "{error}");
        assert!(!options.out.exists());
    }
    assert!("xlsx".parse::<Format>().is_err());
    assert_eq!("ndjson".parse::<Format>().unwrap(), Format::Ndjson);
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = run(&options(&file.join("out"), 3_000, Format::Csv), &|_| {}).unwrap_err();
    assert!(matches!(&error, GenerateError::Io { .. }) && !error.is_usage(), "{error}");
}

#[test]
fn every_size_and_length_that_is_allowed_works() {
    for (messages, days) in [(MIN_MESSAGES, MIN_DAYS), (MIN_MESSAGES, MAX_DAYS), (20_000, MIN_DAYS), (5_000, MAX_DAYS)]
    {
        let folder = generate(|options| {
            options.messages = messages;
            options.days = days;
        });
        assert_eq!(files(&folder).len(), 19);
    }
}

#[test]
fn progress_never_passes_the_total_and_reaches_it() {
    let folder = tempfile::tempdir().unwrap();
    let seen = Mutex::new(Vec::new());
    run(&options(&folder.path().join("out"), 3_000, Format::Csv), &|progress| seen.lock().unwrap().push(progress))
        .unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.iter().all(|progress| progress.done <= progress.total && progress.total == 3_000));
    assert_eq!(seen.iter().map(|progress| progress.done).max(), Some(3_000));
}
