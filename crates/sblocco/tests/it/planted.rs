//! What the generator plants, through the whole product: imported, told by webhooks, and audited by the server. The audit of files
//! is held to the same truth beside the generator; here is whether nothing is lost on the longer way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    harness::{Http, PASSWORD, Site, on_both},
    serving::finished,
};

/// The careless client's folder.
const FOLDER: &str = "g/nordic-shoes";

fn read(site: &Site, name: &str) -> String {
    std::fs::read_to_string(site.path(name)).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Records the accounts and numbers that assets.ndjson names.
fn record(site: &Site, staff: &Http, client: &str) {
    let create_account =
        "mutation($i: WabaCreateInput!) { wabaCreate(input: $i) { waba { id } userErrors { message } } }";
    let create_number = "mutation($i: PhoneNumberCreateInput!) { phoneNumberCreate(input: $i) \
                         { phoneNumber { id } userErrors { message } } }";
    let mut accounts = BTreeMap::<String, String>::new();
    for line in read(site, &format!("{FOLDER}/assets.ndjson")).lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["kind"] != "number" {
            continue;
        }
        let account = accounts.entry(text(&line["waba_id"])).or_insert_with_key(|account| {
            let input = json!({ "i": { "clientId": client, "metaId": account, "name": account } });
            text(&staff.data(create_account, &input)["wabaCreate"]["waba"]["id"])
        });
        let input =
            json!({ "i": { "wabaId": account, "metaId": line["id"], "displayNumber": line["display_phone_number"] } });
        text(&staff.data(create_number, &input)["phoneNumberCreate"]["phoneNumber"]["id"]);
    }
    assert_eq!(accounts.len(), 2);
}

/// Rule and subject, in the words of `truth.json`.
fn about(rule: &Value, subject: &Value) -> String {
    let kind = text(&subject["kind"]).to_lowercase();
    let part = |name: &str| subject[name].as_str().unwrap_or_default().to_owned();
    format!("{} {kind} {} {}", text(rule), part("id"), part("day"))
}

on_both! {
    fn a_server_finds_what_was_planted_and_nothing_else(site: Site) {
        let made = site.furnish();
        site.run(&["generate", "g", "--messages", "40000", "--seed", "11", "--start", "2026-09-01"]).ok();
        let server = site.serve();
        let token = server.ready().http.sign_in("ada@bsp.example", PASSWORD).unwrap();
        record(&site, &server.http.with(&token), &made.aurora);
        for (kind, file) in [
            ("templates", "templates.ndjson"), ("assets", "assets.ndjson"), ("consents", "consents.parquet"),
            ("inbound", "inbound.parquet"), ("messages", "messages.parquet"),
        ] {
            let told = site.import(kind, &site.path(&format!("{FOLDER}/{file}"))).ok();
            assert!(told.contains(", 0 rejected"), "{told}");
        }
        let webhooks = site.path(&format!("{FOLDER}/webhooks.ndjson"));
        let told = site.run(&["import", "webhooks", webhooks.to_str().unwrap()]).ok();
        assert!(told.contains("12 webhooks stored, 0 refused"), "{told}");

        let http = server.http.with(&made.aurora_token);
        let request = "mutation($c: ID!) { auditRequest(input: { clientId: $c }) { audit { id } userErrors { message } } }";
        let id = text(&http.data(request, &json!({ "c": made.aurora }))["auditRequest"]["audit"]["id"]);
        assert_eq!(finished(&http, &id, 60)["state"], "COMPLETED");
        let document = "query($id: ID!) { audit(id: $id) { rules { rule state } findings(first: 100) \
                        { nodes { rule messages recipients subject { kind id day } } } } }";
        let audit = http.data(document, &json!({ "id": id }))["audit"].take();

        let truth: Value = serde_json::from_str(&read(&site, "g/truth.json")).unwrap();
        let truth = &truth["clients"][0];
        let findings = audit["findings"]["nodes"].as_array().unwrap();
        let found: BTreeMap<String, &Value> =
            findings.iter().map(|finding| (about(&finding["rule"], &finding["subject"]), finding)).collect();
        let faults = truth["faults"].as_array().unwrap();
        let planted: BTreeSet<String> = faults.iter().map(|fault| about(&fault["rule"], &fault["subject"])).collect();
        assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), planted);
        for fault in faults {
            let finding = found[&about(&fault["rule"], &fault["subject"])];
            for name in ["messages", "recipients"].into_iter().filter(|name| fault["expected"].get(name).is_some()) {
                assert_eq!(text(&finding[name]), fault["expected"][name].to_string(), "{name} of {finding}");
            }
        }
        let clear = truth["clear"].as_array().unwrap();
        for result in audit["rules"].as_array().unwrap().iter().filter(|result| clear.contains(&result["rule"])) {
            assert!(["CLEAR", "INSUFFICIENT_DATA"].contains(&result["state"].as_str().unwrap()), "{result}");
        }
    }
}
