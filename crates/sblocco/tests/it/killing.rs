//! SIGKILL: nothing half visible, jobs run again, the same file again changes nothing.

use serde_json::{Value, json};

use crate::{
    harness::{PASSWORD, Process, Site, messages, on_both, opt_ins, signal, until},
    serving::{INBOUND, assert_found, audit, finished, import_traffic, request_audit},
};

fn imports(http: &crate::harness::Http) -> Vec<Value> {
    let document = "{ imports(first: 100) { nodes { kind state acceptedRows } } }";
    http.data(document, &Value::Null)["imports"]["nodes"].as_array().unwrap().clone()
}

on_both! {
    fn an_import_that_was_killed_leaves_nothing_visible_and_can_be_made_anew(site: Site) {
        let made = site.furnish();
        let server = site.serve();
        let http = server.ready().http.with(&made.aurora_token);
        // Without any ledger nobody could say who is missing in it.
        site.import("consents", &site.file("others.csv", opt_ins(100_001, 100_010))).ok();
        let file = site.file("c.csv", opt_ins(1, 60_000));
        let mut child = Process::begin(site.command(&["import", "consents", file.to_str().unwrap(), "--client", "aurora"]));
        until(30, "the import", || imports(&http).iter().any(|import| import["state"] == "RUNNING").then_some(()));
        signal(&child, "KILL");
        assert_eq!(child.wait().unwrap().code(), None, "it was killed in the middle of it");
        assert!(!imports(&http).iter().any(|import| import["acceptedRows"] == "60000"));
        // Who has no opt-in on file has none, although most of them were staged.
        site.import("messages", &site.file("m.csv", messages(1, 300))).ok();
        site.import("inbound", &site.file("i.csv", INBOUND)).ok();
        let without = finished(&http, &request_audit(&http, &made.aurora), 40);
        let finding = &without["findings"]["nodes"][0];
        assert_eq!((&finding["rule"], &finding["messages"]), (&json!("CON-01"), &json!("300")), "{without}");
        assert!(site.import("consents", &file).ok().contains("60000 rows imported"));
        assert!(site.import("consents", &file).ok().contains("nothing changed"));
        let with = finished(&http, &request_audit(&http, &made.aurora), 40);
        let findings = with["findings"]["nodes"].as_array().unwrap();
        assert!(!findings.iter().any(|finding| finding["rule"] == "CON-01"), "{with}");
    }

    fn an_audit_whose_server_was_killed_is_run_by_the_next(site: Site) {
        let site = site.with("SBLOCCO_WORKER__TAKEOVER_SECONDS", "5");
        let made = site.furnish();
        // Large enough that it runs when it is killed: others' messages do not count for the finding below.
        let noise = messages(1_000, 60_000).replace(",marketing,", ",authentication,");
        site.import("messages", &site.file("noise.csv", noise)).ok();
        import_traffic(&site);
        let mut server = site.serve();
        let http = server.ready().http.with(&made.aurora_token);
        let id = request_audit(&http, &made.aurora);
        until(30, "that the audit runs", || (audit(&http, &id)["state"] == "RUNNING").then_some(()));
        server.signal("KILL");
        assert_eq!(server.wait().code(), None);
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        assert_eq!(audit(&http, &id)["findings"]["nodes"], json!([]), "nothing of it is visible");
        assert_eq!(audit(&http, &id)["state"], "RUNNING", "it is not lost");
        until(60, "that it was taken over", || (audit(&http, &id)["state"] == "COMPLETED").then_some(()));
        assert!(server.log().contains("a worker fell silent"), "{}", server.log());
        let due = audit(&http, &id);
        let findings = due["findings"]["nodes"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["rule"] == "CON-01"), "{due}");
        // A second audit finds the same: nothing was doubled.
        let again = finished(&http, &request_audit(&http, &made.aurora), 40);
        assert_eq!(again["findings"], due["findings"]);
    }

    fn a_compaction_whose_server_was_killed_is_made_by_the_next(site: Site) {
        let site = site.with("SBLOCCO_WORKER__TAKEOVER_SECONDS", "5");
        let made = site.furnish();
        import_traffic(&site);
        // Enough segments to be worth it, large enough that it runs when it is killed; none of these messages is due.
        for part in 1..=8_u32 {
            let noise = messages(part * 30_000, part * 30_000 + 29_999).replace(",marketing,", ",authentication,");
            site.import("messages", &site.file("noise.csv", noise)).ok();
        }
        let mut server = site.serve();
        // The gauge of jobs is counted every ten seconds: a compaction may have come and gone.
        let ada = server.ready().http.with(&server.http.sign_in("ada@bsp.example", PASSWORD).unwrap());
        until(60, "that the compaction runs", || {
            let jobs = ada.data("{ jobs(first: 100) { nodes { kind state } } }", &Value::Null);
            let is_it = |job: &Value| job["kind"] == "lake.compact.v1" && job["state"] == "RUNNING";
            jobs["jobs"]["nodes"].as_array().unwrap().iter().any(is_it).then_some(())
        });
        server.signal("KILL");
        assert_eq!(server.wait().code(), None);
        let server = site.serve();
        let http = server.ready().http.with(&made.aurora_token);
        // Meanwhile the old segments count, and imports go on.
        assert_found(&finished(&http, &request_audit(&http, &made.aurora), 60));
        site.import("messages", &site.file("late.csv", messages(301, 310))).ok();
        until(120, "that it was made", || server.log().contains("segments were compacted").then_some(()));
        assert!(server.log().contains("a worker fell silent"), "{}", server.log());
        let after = finished(&http, &request_audit(&http, &made.aurora), 60);
        let findings = after["findings"]["nodes"].as_array().unwrap();
        let opt_in = findings.iter().find(|finding| finding["rule"] == "CON-01").unwrap();
        assert_eq!((&after["figures"]["consent"]["due"], &opt_in["messages"]), (&json!("310"), &json!("210")), "{after}");
    }
}
