//! `sblocco import` and `/v1/imports`: every format into the store, bad input out of it.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{CONSENTS, Furnished, Http, MESSAGES, Site, gzip, messages, on_both, opt_ins, zst};

/// The imports of a client, the newest first.
fn imports(http: &Http) -> Vec<Value> {
    let document =
        "{ imports(first: 100) { nodes { id kind state acceptedRows rejectedRows fileName unknownColumns } } }";
    http.data(document, &Value::Null)["imports"]["nodes"].as_array().unwrap().clone()
}

/// The id in `… rows imported, … rejected (imp_…)`.
fn id(told: &str) -> String {
    told.split(['(', ')']).nth(1).unwrap().to_owned()
}

on_both! {
    fn every_format_is_imported_once(site: Site) {
        let made = site.furnish();
        let csv = messages(1, 400);
        site.run(&["generate", "g", "--messages", "21000", "--seed", "3", "--format", "parquet"]).ok();
        let files = [
            ("messages", site.file("m.csv", &csv), 400),
            ("messages", site.file("m.csv.gz", gzip(csv.as_bytes())), 400),
            ("messages", site.file("m.csv.zst", zst(csv.as_bytes())), 400),
            ("consents", site.file("c.csv.gz", gzip(opt_ins(1, 50).as_bytes())), 50),
            ("messages", site.path("g/nordic-shoes/messages.parquet"), 8_400),
            ("inbound", site.path("g/nordic-shoes/inbound.parquet"), 0),
            ("consents", site.path("g/nordic-shoes/consents.parquet"), 0),
            ("templates", site.path("g/nordic-shoes/templates.ndjson"), 0),
        ];
        for (kind, file, rows) in &files {
            let told = site.import(kind, file).ok();
            assert!(*rows == 0 || told.contains(&format!("{rows} rows imported, 0 rejected")), "{told}");
            let again = site.import(kind, file).ok();
            assert!(again.contains(&format!("imported before as {}; nothing changed", id(&told))), "{again}");
        }
        let server = site.serve();
        let all = imports(&server.http.with(&made.aurora_token));
        assert_eq!(all.len(), files.len());
        assert!(all.iter().all(|import| import["state"] == "COMPLETED" && import["rejectedRows"] == "0"), "{all:?}");
        assert_eq!(imports(&server.http.with(&made.borea_token)), Vec::<Value>::new(), "another client sees none");
    }

    fn an_upload_is_imported_and_can_be_looked_at(site: Site) {
        let Furnished { aurora, aurora_token, borea_token, .. } = site.furnish();
        let server = site.serve();
        let (http, other) = (server.http.with(&aurora_token), server.http.with(&borea_token));
        let file = messages(1, 40) + "wamid.x,1002,39333,2026-09-01T08:00:00Z,template,news,it,marketing,,\n";
        let parameters = format!("client={aurora}&kind=messages&file_name=september.csv.gz");
        let answer = http.upload(&parameters, &gzip(file.as_bytes()));
        assert_eq!(answer.status, 201, "{answer:?}");
        let import = &answer.json()["import"];
        assert_eq!((&import["accepted"], &import["rejected"], &import["fileName"]),
            (&json!(40), &json!(1), &json!("september.csv.gz")));
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        assert_eq!(http.get(&path).json()["state"], "completed");
        let error: Value = serde_json::from_str(&http.get(&format!("{path}/errors")).body).unwrap();
        assert_eq!((&error["line"], &error["column"]), (&json!(42), &json!("recipient")));
        let again = http.upload(&parameters, &gzip(file.as_bytes()));
        assert_eq!((again.status, &again.json()["isUnchanged"]), (200, &json!(true)));
        // To another client neither the import nor the client is there, and nobody is told otherwise.
        let not_found = |answer: crate::harness::Answer| {
            let (status, code, message) = answer.error();
            assert_eq!((status, code.as_str()), (404, "NOT_FOUND"), "{message}");
            message
        };
        assert_eq!(not_found(other.get(&path)), not_found(other.get("/v1/imports/imp_01M82HSEAACKPVTKMR8XX36F9B")));
        assert_eq!(not_found(other.get(&format!("{path}/errors"))), "there is no such import");
        assert_eq!(not_found(other.upload(&parameters, file.as_bytes())), "there is no such client");
        assert_eq!(not_found(other.get("/v1/imports/nonsense")), "there is no such import");
        let (status, code, _) = server.http.upload(&parameters, file.as_bytes()).error();
        assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"));
    }

    fn a_file_that_cannot_be_used_leaves_nothing_and_says_what_to_do(site: Site) {
        let made = site.furnish();
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        let whole = gzip(messages(1, 2_000).as_bytes());
        let types = include_bytes!("files/other_types.parquet").to_vec();
        let cases: [(&str, Vec<u8>, &[&str]); 6] = [
            ("missing.csv", b"message_id,recipient\n1,2\n".to_vec(), &["sent_at", "missing", "header"]),
            ("latin.csv", [MESSAGES.as_bytes(), b"w\xe8,1002\n"].concat(), &["line 2 is not UTF-8", "CSV UTF-8"]),
            ("cut.csv.gz", whole[..whole.len() / 2].to_vec(), &["end too early", "after line"]),
            ("no.parquet", messages(1, 3).into_bytes(), &["is not a Parquet file"]),
            ("types.parquet", types, &["the column recipient is of type Int64"]),
            ("empty.csv", Vec::new(), &["is empty"]),
        ];
        for (name, content, words) in cases {
            let path = site.file(name, &content);
            let done = site.import("messages", &path).fails(2, words);
            assert!(done.stderr.contains(name) && done.stderr.contains("nothing of it was imported"), "{done:?}");
            let (status, code, message) = http.upload(&format!("client=aurora&kind=messages&file_name={name}"), &content).error();
            assert_eq!((status, code.as_str()), (422, "BAD_USER_INPUT"), "{message}");
            assert!(words.iter().all(|word| message.contains(word)) && message.contains(name), "{message}");
        }
        site.import("messages", Path::new("nowhere.csv")).fails(2, &["nowhere.csv: cannot be opened (no such file"]);
        site.run(&["import", "messages", "m.csv", "--client", "nobody"]).fails(2, &["m.csv"]);
        let good = site.file("good.csv", messages(1, 3));
        site.run(&["import", "messages", good.to_str().unwrap(), "--client", &made.borea[..9]])
            .fails(2, &["there is no client"]);
        site.import("templates", &good).fails(2, &["NDJSON"]);
        assert!(imports(&http).iter().all(|import| import["state"] == "FAILED"));
        assert!(site.files_below("data/lake").is_empty(), "{:?}", site.files_below("data/lake"));
        assert!(site.files_below("data/tmp").is_empty(), "{:?}", site.files_below("data/tmp"));
    }

    fn bad_rows_are_told_by_line_and_the_rest_is_kept_unless_the_import_is_strict(site: Site) {
        let made = site.furnish();
        let header = MESSAGES.replacen("status\n", "status,colour\n", 1);
        let row = |recipient: &str, at: &str, template: &str| {
            format!("wamid.{recipient}{at},1002,{recipient},{at},template,{template},it,marketing,spring,sent,red\n")
        };
        let file = header
            + &row("393331234567", "2026-09-01T08:00:00Z", "news")
            + &row("39333", "2026-09-01T08:00:00Z", "news")
            + &row("393331234567", "2026-09-01", "news")
            + &row("393331234567", "2026-09-02T08:00:00Z", "\"new\"s");
        let path = site.file("bad.csv", &file);
        let strict = site.run(&["import", "messages", path.to_str().unwrap(), "--client", "aurora", "--strict"]);
        strict.fails(2, &["3 rows are bad", "line 3", "nothing of it was imported"]);
        let done = site.import("messages", &path);
        for told in ["unknown columns ignored: colour", "line 3: recipient ", "line 4: sent_at ", "line 5: a quote"] {
            assert!(done.stderr.contains(told), "{told}: {done:?}");
        }
        assert!(done.ok().contains("1 rows imported, 3 rejected"));
        let server = site.serve();
        let all = imports(&server.http.with(&made.aurora_token));
        let states: Vec<_> = all.iter().map(|import| import["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["COMPLETED", "FAILED"]);
        assert_eq!(all[0]["unknownColumns"], json!(["colour"]));
    }

    fn an_import_that_is_asked_to_stop_leaves_nothing(site: Site) {
        let made = site.furnish();
        let path = site.file("long.csv", CONSENTS.to_owned() + &opt_ins(1, 60_000)[CONSENTS.len()..]);
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        let child = crate::harness::Process::begin(site.command(&["import", "consents", path.to_str().unwrap(), "--client", "aurora"]));
        crate::harness::until(30, "the import", || imports(&http).iter().any(|import| import["state"] == "RUNNING").then_some(()));
        crate::harness::signal(&child, "TERM");
        let done: crate::harness::Done = child.wait_with_output().unwrap().into();
        done.fails(1, &["SIGTERM", "nothing of this file will be visible"]);
        assert_eq!(imports(&http)[0]["state"], "FAILED");
        assert!(site.import("consents", &path).ok().contains("60000 rows imported"));
    }
}
