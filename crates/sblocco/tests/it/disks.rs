//! A disk that is full, really: nothing is half written, it is said what is full, and with room the same works.

use serde_json::{Value, json};

use crate::{
    harness::{Site, SmallDisk, messages, on_both, opt_ins},
    serving::{INBOUND, assert_found, finished, request_audit},
};

/// Rows of an audit's segments and of imports that are completed.
fn completed(site: &Site, token: &str) -> Vec<Value> {
    let server = site.serve();
    let document = "{ imports(first: 100) { nodes { state acceptedRows } } }";
    let all = server.http.with(token).data(document, &Value::Null);
    let all = all["imports"]["nodes"].as_array().unwrap().iter();
    all.filter(|import| import["state"] == "COMPLETED").map(|import| import["acceptedRows"].clone()).collect()
}

on_both! {
    fn a_lake_that_is_full_takes_no_import_and_later_takes_it(site: Site) {
        let mut site = site;
        let disk = SmallDisk::mount(&mut site, "lake", 4_096);
        let url = format!("file://{}", site.path("lake").display());
        let site = site.with("SBLOCCO_LAKE__URL", &url);
        let made = site.furnish();
        disk.fill(8);
        let file = site.file("m.csv", messages(1, 20_000));
        site.import("messages", &file).fails(1, &["lake", "room"]);
        assert_eq!(completed(&site, &made.aurora_token), Vec::<Value>::new());
        disk.make_room();
        assert!(site.import("messages", &file).ok().contains("20000 rows imported"));
        assert_eq!(completed(&site, &made.aurora_token), [json!("20000")]);
    }

    fn an_upload_that_finds_no_room_is_refused_as_such(site: Site) {
        let mut site = site.with("SBLOCCO_LAKE__TEMP_DIR", "tmp");
        let disk = SmallDisk::mount(&mut site, "tmp", 1_024);
        let made = site.furnish();
        disk.fill(100);
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        let file = messages(1, 20_000);
        let (status, code, message) = http.upload("client=aurora&kind=messages&format=csv", file.as_bytes()).error();
        assert_eq!((status, code.as_str()), (507, "UNAVAILABLE"), "{message}");
        assert!(message.contains("no space") && message.contains("nothing was imported"), "{message}");
        assert!(disk.names("uploads").is_empty(), "half a file does not stay");
        disk.make_room();
        let small = messages(1, 2_000);
        assert_eq!(http.upload("client=aurora&kind=messages&format=csv", small.as_bytes()).status, 201);
    }
}

#[test]
fn a_database_that_is_full_takes_no_import_and_later_takes_it() {
    let mut site = Site::sqlite();
    let disk = SmallDisk::mount(&mut site, "disk", 64 << 10);
    let url = format!("sqlite://{}", site.path("disk/sblocco.db").display());
    let site = site.with("SBLOCCO_DATABASE__URL", &url);
    let made = site.furnish();
    disk.fill(700);
    let file = site.file("c.csv", opt_ins(1, 20_000));
    site.import("consents", &file).fails(1, &["database", "room"]);
    disk.make_room();
    assert_eq!(completed(&site, &made.aurora_token), Vec::<Value>::new());
    assert!(site.import("consents", &file).ok().contains("20000 rows imported"));
    assert!(site.import("consents", &file).ok().contains("nothing changed"));
    // The ledger and its projection in the lake say the same as if nothing had happened.
    site.import("messages", &site.file("m.csv", messages(19_901, 20_200))).ok();
    site.import("inbound", &site.file("i.csv", INBOUND)).ok();
    let server = site.serve();
    let http = server.ready().http.with(&made.aurora_token);
    assert_found(&finished(&http, &request_audit(&http, &made.aurora), 40));
}

#[test]
fn an_audit_without_room_for_temporary_files_ends_with_1_and_leaves_none() {
    let mut site = Site::sqlite().with("SBLOCCO_LAKE__TEMP_DIR", "tmp");
    let disk = SmallDisk::mount(&mut site, "tmp", 1_024);
    disk.fill(60);
    site.file("m.csv", messages(1, 40_000));
    let audit = ["audit", "--messages", "m.csv", "--memory", "1MiB", "--format", "json"];
    let done = site.run(&audit).fails(1, &["tmp: temporary files cannot be used", "No space left", "more room"]);
    assert_eq!(done.stdout, "");
    disk.make_room();
    assert_eq!(disk.names("."), Vec::<String>::new());
}
