//! Webhooks, from the simulated Meta to what becomes of them, and through a SIGKILL: what was acknowledged is there, once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use serde_json::{Value, json};

use crate::{
    harness::{Furnished, Http, PASSWORD, Process, Site, on_both, until},
    serving::finished,
};

pub(crate) const SECRET: &str = "the-new-secret";
const WABA: &str = "102290129340398";
const NUMBER: &str = "106540352242922";

/// A deployment that takes webhooks of an account of `aurora`, and somebody of the BSP who looks at it.
pub(crate) struct Scene {
    pub(crate) site: Site,
    made: Furnished,
    pub(crate) server: Process,
    address: String,
    ada: Http,
}

impl Scene {
    pub(crate) fn new(site: Site) -> Self {
        let site = site.with("SBLOCCO_META__APP_SECRETS", &format!("the-old-secret {SECRET}"));
        let site = site.with("SBLOCCO_META__COLLECT_SECONDS", "1");
        let made = site.furnish();
        let server = site.serve();
        let address = server.ready().http.address.clone();
        let token = server.http.sign_in("ada@bsp.example", PASSWORD).unwrap();
        let ada = server.http.with(&token);
        let create = "mutation($i: WabaCreateInput!) { wabaCreate(input: $i) { waba { id } userErrors { message } } }";
        let waba = json!({ "i": { "clientId": made.aurora, "metaId": WABA, "name": "Main" } });
        assert!(ada.data(create, &waba)["wabaCreate"]["waba"]["id"].is_string());
        Self { site, made, server, address, ada }
    }

    /// The simulated Meta.
    pub(crate) fn meta(&self, arguments: &[&str]) -> std::process::Command {
        self.meta_with(SECRET, arguments)
    }

    fn meta_with(&self, secret: &str, arguments: &[&str]) -> std::process::Command {
        let url = format!("http://{}/webhooks/meta", self.address);
        let fixed = ["simulate", "meta", "--url", &url, "--secret", secret, "--waba", WABA, "--phone-number", NUMBER];
        self.site.command(&[&fixed[..], arguments].concat())
    }

    fn tickets(&self) -> Vec<Value> {
        let document = "{ tickets(first: 10) { nodes { priority status } } }";
        self.ada.data(document, &Value::Null)["tickets"]["nodes"].as_array().unwrap().clone()
    }

    /// An audit counts exactly what the file names as acknowledged.
    pub(crate) fn everything_is_there_once(&self, told: &Path) {
        let acknowledged = std::fs::read_to_string(told).unwrap();
        let mut statuses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for line in acknowledged.lines() {
            let (message, status) = line.split_once(' ').unwrap();
            statuses.entry(message).or_default().insert(status);
        }
        assert!(statuses.len() > 1_000, "{}", statuses.len());
        let mut log =
            "message_id,phone_number_id,recipient,sent_at,type,template_name,template_language,category\n".to_owned();
        for message in statuses.keys() {
            let number = u64::from_str_radix(message.trim_start_matches("wamid.SIM"), 16).unwrap();
            let recipient = 3_300_000_000 + number % 1_000_000;
            writeln!(log, "{message},{NUMBER},39{recipient:010},2026-09-01T08:00:00Z,template,news,it,marketing")
                .unwrap();
        }
        self.site.import("messages", &self.site.file("log.csv", log)).ok();
        let having =
            |wanted: &[&str]| statuses.values().filter(|told| wanted.iter().any(|word| told.contains(word))).count();
        let (delivered, read) = (having(&["delivered", "read"]), having(&["read"]));
        let failed = having(&["delivered", "read", "failed"]) - delivered;
        let expected = json!({
            "sent": statuses.len().to_string(), "delivered": delivered.to_string(),
            "read": read.to_string(), "failed": failed.to_string()
        });
        let http = self.server.ready().http.with(&self.made.aurora_token);
        let figures = until(60, "the figures", || {
            let request = "mutation($c: ID!) { auditRequest(input: { clientId: $c }) { audit { id } } }";
            let answer = http.data(request, &json!({ "c": self.made.aurora }));
            let id = answer["auditRequest"]["audit"]["id"].as_str().unwrap().to_owned();
            assert_eq!(finished(&http, &id, 40)["state"], "COMPLETED");
            let document =
                "query($id: ID!) { audit(id: $id) { figures { templates { sent delivered read failed } } } }";
            let figures = http.data(document, &json!({ "id": id }))["audit"]["figures"]["templates"][0].take();
            (figures == expected).then_some(figures)
        });
        assert_eq!(figures, expected);
    }
}

on_both! {
    fn a_block_becomes_one_ticket_within_seconds_while_statuses_pour_in(site: Site) {
        let scene = Scene::new(site);
        let sent = scene.meta(&["--rate", "50", "--seconds", "4", "--batch", "10", "--block"]).output().unwrap();
        assert!(sent.status.success(), "{sent:?}");
        let tickets = until(5, "the ticket", || Some(scene.tickets()).filter(|tickets| !tickets.is_empty() && tickets[0]["priority"] == "P1"));
        assert_eq!(tickets.len(), 1);
        let forged = scene.meta_with("not-it", &["--rate", "1", "--seconds", "1", "--retries", "0", "--duplicates", "0"]).output().unwrap();
        assert!(String::from_utf8(forged.stdout).unwrap().contains("401: 1"));
    }

    fn what_was_acknowledged_outlives_a_kill_and_is_there_once(site: Site) {
        let mut scene = Scene::new(site);
        let told = scene.site.path("acknowledged");
        let arguments = ["--rate", "120", "--seconds", "6", "--batch", "7", "--retries", "40", "--acknowledged", told.to_str().unwrap()];
        let mut meta = Process::begin(scene.meta(&arguments));
        for pause in [1_100, 900] {
            std::thread::park_timeout(std::time::Duration::from_millis(pause));
            scene.server.signal("KILL");
            assert_eq!(scene.server.wait().code(), None);
            scene.server = Process::start(scene.site.command(&["serve", "--listen", &scene.address]));
        }
        assert!(meta.wait().unwrap().success(), "every body is acknowledged in the end");
        scene.everything_is_there_once(&told);
    }

    fn a_recorded_stream_is_replayed_on_the_same_way(site: Site) {
        let scene = Scene::new(site);
        let block = json!({ "entry": [{ "id": WABA, "time": 1_795_420_800, "changes": [{ "field": "account_update", "value": {
            "event": "ACCOUNT_RESTRICTION", "restriction_info": [{ "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING" }]
        }}]}]});
        let foreign = json!({ "entry": [{ "id": "555", "time": 1, "changes": [{ "field": "account_review_update", "value": { "decision": "APPROVED" } }] }] });
        let file = scene.site.file("stream.ndjson", format!("{block}\nnothing\n\n{block}\n{foreign}\n"));
        let done = scene.site.run(&["import", "webhooks", file.to_str().unwrap()]);
        assert!(done.stderr.contains("line 2") && done.stderr.contains("555"), "{done:?}");
        assert!(done.ok().contains("3 webhooks stored, 1 refused"));
        let tickets = until(10, "the ticket", || Some(scene.tickets()).filter(|tickets| !tickets.is_empty()));
        assert_eq!((tickets.len(), &tickets[0]["priority"]), (1, &json!("P2")));
        let doctor = scene.site.run(&["doctor"]);
        assert!(doctor.stdout.contains("555"), "{doctor:?}");
        scene.site.run(&["import", "webhooks", file.to_str().unwrap(), "--client", "aurora"]).fails(2, &["leave --client out"]);
    }
}
