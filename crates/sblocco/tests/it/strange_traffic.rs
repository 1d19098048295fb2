//! Traffic as it should not be, through the program: what files say of it and what the store says of it is the same, nothing is
//! lost in silence, and an audit that cannot read a segment does not pretend that it could.

use std::{fmt::Write as _, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    harness::{Http, PASSWORD, Site, on_both, until},
    serving::{assert_found, finished, import_traffic, request_audit},
};

const HEADER: &str = "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category,list_id,\
                      status,delivered_at,read_at,failed_at,error_code\n";
/// Messages to one person.
const HOT: u64 = 20_000;

/// A name of the length that Meta allows.
fn long_name() -> String {
    "n".repeat(512)
}

/// Messages that contradict each other, from far-off times, with clocks that jump, names without end and unknown words.
fn strange() -> String {
    let long = long_name();
    let mut rows = HEADER.to_owned();
    rows += "w1,1,393330000001,2026-09-01T08:00:00Z,template,first,it,marketing,a,failed,,,2026-09-01T08:00:01Z,131026\n\
             w1,2,393330000001,2026-09-02T08:00:00Z,template,second,en,utility,b,delivered,,,,\n\
             w2,1,393330000002,2026-09-01T08:00:00Z,template,first,it,marketing,a,sent,,2026-09-01T09:00:00Z,,\n\
             past,1,393330000003,1999-12-31T23:59:59Z,template,first,it,marketing,a,delivered,,,,\n\
             older,1,393330000003,-86400,template,first,it,marketing,a,delivered,,,,\n\
             future,1,393330000003,2150-01-01T00:00:00Z,template,first,it,marketing,a,delivered,,,,\n\
             jump,1,393330000004,2026-09-01T08:00:00Z,template,first,it,marketing,a,read,2020-01-01T00:00:00Z,2019-01-01T00:00:00Z,,\n\
             code,1,393330000005,2026-09-01T08:00:00Z,template,first,it,marketing,a,failed,,,,999999\n\
             word,1,393330000006,2026-09-01T08:00:00Z,template,first,it,promozionale,a,delivered,,,,\n";
    writeln!(rows, "long,1,393330000007,2026-09-01T08:00:00Z,template,{long},it,marketing,{long},delivered,,,,")
        .unwrap();
    for n in 0..HOT {
        let (day, hour, minute) = (n / 1_440 % 28 + 1, n / 60 % 24, n % 60);
        writeln!(
            rows,
            "hot{n},1,393330000009,2026-09-{day:02}T{hour:02}:{minute:02}:00Z,template,second,it,marketing,a,delivered,,,,"
        )
        .unwrap();
    }
    rows
}

/// Whether two texts or numbers are the same number.
fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_else(|| panic!("{value} is no count"))
}

/// What is certain of it, whichever way it came.
fn assert_strange(totals: &Value, templates: &[Value]) {
    let count = |name: &str| number(&totals[name]);
    assert_eq!((count("messages"), count("templates"), count("recipients")), (HOT + 9, HOT + 9, 8), "{totals}");
    assert_eq!((count("unknownCategory"), count("unknownError")), (1, 1), "{totals}");
    let of = |name: &str| {
        let found = templates.iter().find(|one| one["name"] == *name && one["language"] == "it").unwrap();
        ["sent", "delivered", "read", "failed"].map(|figure| number(&found[figure]))
    };
    // The first row names the message, the strongest outcome is its own: w1 was delivered, w2 was read.
    assert_eq!(of("first"), [8, 7, 2, 1]);
    assert_eq!(of("second"), [HOT, HOT, 0, 0]);
    assert_eq!(of(&long_name()), [1, 1, 0, 0]);
    let first = templates.iter().find(|one| one["name"] == "first").unwrap();
    let errors: Vec<(u64, u64)> = first["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (number(&error["code"]), number(&error["messages"])))
        .collect();
    assert_eq!(errors, [(999_999, 1)], "kept as it came");
}

/// The audit of everything that there is of `aurora`, ended.
fn audited(http: &Http, client: &str) -> Value {
    let request = "mutation($c: ID!) { auditRequest(input: { clientId: $c }) { audit { id } userErrors { message } } }";
    let id = http.data(request, &json!({ "c": client }))["auditRequest"]["audit"]["id"].as_str().unwrap().to_owned();
    assert_eq!(finished(http, &id, 60)["state"], "COMPLETED");
    let document = "query($id: ID!) { audit(id: $id) { period { from to } rules { rule state } figures { \
                    totals { messages templates recipients unknownCategory unknownError } \
                    templates { name language sent delivered read failed errors { code messages } } } } }";
    http.data(document, &json!({ "id": id }))["audit"].take()
}

/// Segments of messages in the lake of the site.
fn segments(site: &Site) -> Vec<PathBuf> {
    let files = site.files_below("data/lake").into_iter();
    files.filter(|file| file.extension().is_some_and(|extension| extension == "parquet")).collect()
}

#[test]
fn files_of_strange_traffic_are_audited() {
    let site = Site::sqlite();
    site.file("m.csv", strange());
    let done = site.run(&["audit", "--format", "json", "--messages", "m.csv", "--profile", "full"]);
    assert!(done.stderr.contains("1 rows contradict the first row of their message"), "{}", done.stderr);
    let report: Value = serde_json::from_str(&done.ok()).unwrap();
    assert_strange(&report["totals"], report["templates"].as_array().unwrap());
    assert_eq!(report["period"]["from"], "1969-12-31T00:00:00Z");
    assert_eq!(report["rejected"]["messages"], 0);
    let table = site.run(&["audit", "--messages", "m.csv", "--language", "en"]).ok();
    assert!(table.contains("unknown category") && table.contains("unknown code"), "{table}");
}

#[test]
fn empty_tables_pass_nothing() {
    let site = Site::sqlite();
    site.file("m.csv", HEADER);
    site.file("i.csv", "message_id,phone_number_id,sender,received_at\n");
    site.file("c.csv", "recipient,action,scope,effective_at\n");
    let arguments = [
        "audit",
        "--format",
        "json",
        "--profile",
        "full",
        "--messages",
        "m.csv",
        "--inbound",
        "i.csv",
        "--consents",
        "c.csv",
    ];
    let report: Value = serde_json::from_str(&site.run(&arguments).ok()).unwrap();
    assert_eq!((&report["period"]["from"], &report["totals"]["messages"]), (&Value::Null, &json!(0)));
    let rules = report["rules"].as_array().unwrap();
    assert!(
        rules.len() > 50 && rules.iter().all(|rule| rule["state"] != "CLEAR" && rule["state"] != "FINDING"),
        "{rules:?}"
    );
}

on_both! {
    fn strange_traffic_is_audited_from_the_store(site: Site) {
        let made = site.furnish();
        let told = site.import("messages", &site.file("m.csv", strange()));
        assert!(told.ok().contains("0 rejected"));
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        let audit = audited(&http, &made.aurora);
        assert_strange(&audit["figures"]["totals"], audit["figures"]["templates"].as_array().unwrap());
    }

    fn empty_tables_of_the_store_pass_nothing(site: Site) {
        let made = site.furnish();
        site.import("messages", &site.file("m.csv", HEADER)).ok();
        site.import("inbound", &site.file("i.csv", "message_id,phone_number_id,sender,received_at\n")).ok();
        site.import("consents", &site.file("c.csv", "recipient,action,scope,effective_at\n")).ok();
        let server = site.serve();
        let audit = audited(&server.http.with(&made.aurora_token), &made.aurora);
        assert_eq!(audit["period"]["from"], Value::Null);
        let rules = audit["rules"].as_array().unwrap();
        assert!(rules.iter().all(|rule| rule["state"] != "CLEAR" && rule["state"] != "FINDING"), "{rules:?}");
    }

    fn a_segment_that_is_gone_or_damaged_fails_the_audit_by_name(site: Site) {
        let made = site.furnish();
        import_traffic(&site);
        let all = segments(&site);
        assert!(all.len() >= 3, "{all:?}");
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        let ada = server.http.with(&server.http.sign_in("ada@bsp.example", PASSWORD).unwrap());
        for segment in &all {
            let whole = std::fs::read(segment).unwrap();
            let name = segment.file_name().unwrap().to_str().unwrap();
            let mut flipped = whole.clone();
            flipped[8..whole.len() / 2].iter_mut().for_each(|byte| *byte ^= 0x5a);
            for damage in [None, Some(&whole[..whole.len() / 2]), Some(&flipped[..])] {
                match damage {
                    None => std::fs::remove_file(segment).unwrap(),
                    Some(bytes) => std::fs::write(segment, bytes).unwrap(),
                }
                let id = request_audit(&http, &made.aurora);
                let document = "{ jobs(first: 10) { nodes { kind lastError createdAt } } }";
                until(30, "that it fails by name", || {
                    let jobs = ada.data(document, &Value::Null)["jobs"]["nodes"].take();
                    let job = jobs.as_array().unwrap().iter().find(|job| job["kind"] == "audit.run.v1").unwrap().clone();
                    job["lastError"].as_str().filter(|error| error.contains(name)).map(drop)
                });
                assert_ne!(crate::serving::audit(&http, &id)["state"], "COMPLETED", "{name} was left out");
                let cancel = "mutation($id: ID!) { auditCancel(input: { auditId: $id }) { userErrors { message } } }";
                assert_eq!(ada.data(cancel, &json!({ "id": id }))["auditCancel"]["userErrors"], json!([]));
                std::fs::write(segment, &whole).unwrap();
            }
        }
        let id = request_audit(&http, &made.aurora);
        assert_found(&finished(&http, &id, 40));
    }
}
