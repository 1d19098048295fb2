//! `sblocco serve` and `sblocco worker`: an audit from the request to the findings, credentials, being watched, being stopped.

use app::accounts::TokenSigner;
use chrono::TimeDelta;
use domain::ports::Clock as _;
use sblocco::system::SystemClock;
use serde_json::{Value, json};

use crate::harness::{Furnished, Http, PASSWORD, Process, Site, messages, on_both, opt_ins, until};

pub(crate) const INBOUND: &str =
    "message_id,phone_number_id,sender,received_at\nwamid.in,1002,393330000001,2026-09-30T08:00:00Z\n";

/// Messages, consents and inbound messages of `aurora`: 200 of 300 without an opt-in.
pub(crate) fn import_traffic(site: &Site) {
    site.import("messages", &site.file("m.csv", messages(1, 300))).ok();
    site.import("consents", &site.file("c.csv", opt_ins(1, 100))).ok();
    site.import("inbound", &site.file("i.csv", INBOUND)).ok();
}

/// Asks for an audit and returns its id.
#[track_caller]
pub(crate) fn request_audit(http: &Http, client: &str) -> String {
    let document = "mutation($c: ID!) { auditRequest(input: { clientId: $c, from: \"2026-09-01T00:00:00Z\", \
                    to: \"2026-10-01T00:00:00Z\" }) { audit { id state } userErrors { code message } } }";
    let answer = http.data(document, &json!({ "c": client }));
    let audit = &answer["auditRequest"]["audit"];
    assert!(audit["id"].is_string(), "{answer}");
    audit["id"].as_str().unwrap().to_owned()
}

/// An audit, with its state, findings and what became of its job.
pub(crate) fn audit(http: &Http, id: &str) -> Value {
    let document = "query($id: ID!) { audit(id: $id) { state failure { code message } figures { consent { due } } \
                    findings(first: 10) { nodes { rule messages recipients subject { kind id } } } } }";
    http.data(document, &json!({ "id": id }))["audit"].take()
}

#[track_caller]
pub(crate) fn finished(http: &Http, id: &str, seconds: u64) -> Value {
    until(seconds, "the audit", || {
        let audit = audit(http, id);
        (!matches!(audit["state"].as_str(), Some("QUEUED" | "RUNNING"))).then_some(audit)
    })
}

#[track_caller]
pub(crate) fn assert_found(audit: &Value) {
    assert_eq!(audit["state"], "COMPLETED", "{audit}");
    assert_eq!(audit["figures"]["consent"]["due"], "300", "{audit}");
    let findings = audit["findings"]["nodes"].as_array().unwrap();
    let opt_in = findings.iter().find(|finding| finding["rule"] == "CON-01").unwrap();
    let expected = json!({ "rule": "CON-01", "messages": "200", "recipients": "200", "subject": { "kind": "LIST", "id": "spring" } });
    assert_eq!(*opt_in, expected);
}

/// The value of a metric with all of these labels.
pub(crate) fn metric(http: &Http, name: &str, labels: &[&str]) -> Option<f64> {
    let text = http.get("/metrics").body;
    let line = text.lines().find(|line| line.starts_with(name) && labels.iter().all(|label| line.contains(label)))?;
    line.rsplit(' ').next()?.parse().ok()
}

on_both! {
    fn an_audit_goes_from_the_request_to_its_findings(site: Site) {
        let Furnished { aurora, aurora_token, borea_token, .. } = site.furnish();
        import_traffic(&site);
        let server = site.serve();
        let http = server.ready().http.with(&aurora_token);
        let id = request_audit(&http, &aurora);
        assert_found(&finished(&http, &id, 40));
        assert_eq!(audit(&server.http.with(&borea_token), &id), Value::Null, "another client's is not found");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(server.http.with(&borea_token).data(node, &json!({ "id": id }))["node"], Value::Null);
        let theirs = "mutation($c: ID!) { auditRequest(input: { clientId: $c }) { audit { id } userErrors { code } } }";
        let refused = server.http.with(&borea_token).graphql(theirs, &json!({ "c": aurora }));
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
    }

    fn a_server_without_a_worker_leaves_jobs_to_one_elsewhere(site: Site) {
        let Furnished { aurora, aurora_token, .. } = site.furnish();
        import_traffic(&site);
        let server = site.serve_with(&["--no-worker"]);
        let http = server.ready().http.with(&aurora_token);
        let id = request_audit(&http, &aurora);
        let queued = || metric(&http, "sblocco_jobs{", &["kind=\"audit.run.v1\"", "state=\"queued\""]);
        until(30, "the gauge of the jobs", || (queued() == Some(1.0)).then_some(()));
        assert_eq!(audit(&http, &id)["state"], "QUEUED", "nobody works");
        let mut worker = Process::start({
            let mut command = site.command(&["worker"]);
            command.env("SBLOCCO_WORKER__LISTEN", "127.0.0.1:0");
            command
        });
        assert_found(&finished(&http, &id, 40));
        // The worker can be watched, and answers nobody else.
        worker.ready();
        assert_eq!(worker.http.get("/healthz").status, 200);
        assert_eq!(worker.http.get("/graphql").status, 404);
        assert!(metric(&worker.http, "sblocco_build_info{", &["version="]).is_some());
        until(30, "the gauge of the jobs", || (queued() == Some(0.0)).then_some(()));
        worker.signal("TERM");
        assert_eq!(worker.wait().code(), Some(0), "{}", worker.log());
    }

    fn credentials_that_are_not_good_are_refused_whatever_is_wrong_with_them(site: Site) {
        let secret = "correct horse battery staple, and more";
        let mut site = site;
        site.set("SBLOCCO_AUTH__JWT_SECRET", secret);
        let made = site.furnish();
        let server = site.serve();
        let http = &server.http;
        // The same words whether the person, the password or both are wrong.
        let refused = |email, password| {
            let answer = http.sign_in(email, password).unwrap_err();
            answer["data"]["signIn"]["userErrors"][0].clone()
        };
        let wrong = refused("ada@bsp.example", "wrong horse battery staple");
        assert_eq!(wrong["code"], "BAD_CREDENTIALS", "{wrong}");
        assert!(wrong["message"].as_str().unwrap().contains("password"), "{wrong}");
        assert_eq!(refused("nobody@bsp.example", "wrong horse battery staple"), wrong);
        let token = http.sign_in("ada@bsp.example", PASSWORD).unwrap();
        let viewer = |token: &str| http.with(token).ask("POST", "/graphql", "application/json",
            json!({ "query": "{ viewer { user { email } } }" }).to_string().as_bytes()).unwrap();
        assert_eq!(viewer(&token).json()["data"]["viewer"]["user"]["email"], "ada@bsp.example");
        let now = SystemClock.now();
        let ours = TokenSigner::new(secret.as_bytes()).unwrap();
        let claims = ours.check(&token, now).unwrap();
        let of = |signer: &TokenSigner, ago| signer.sign(claims.sub, claims.sid, now - TimeDelta::minutes(ago), 900).unwrap();
        assert_eq!(viewer(&of(&ours, 1)).status, 200, "what the next ones lack is only what is wrong with them");
        let theirs = TokenSigner::new(b"another secret of at least 32 bytes").unwrap();
        let (head, rest) = token.split_once('.').unwrap();
        let (body, _) = rest.split_once('.').unwrap();
        for (what, bad) in [
            ("expired", of(&ours, 16)),
            ("of the future", of(&ours, -16)),
            ("forged", of(&theirs, 1)),
            ("without its signature", format!("{head}.{body}.")),
            ("a token of nobody", format!("{}x", made.aurora_token)),
            ("nonsense", "nonsense".to_owned()),
        ] {
            let (status, code, message) = viewer(&bad).error();
            assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"), "{what}: {message}");
            assert!(message.contains("sign in again"), "{what}: {message}");
        }
    }

    fn what_cannot_be_read_is_refused_with_what_to_give(site: Site) {
        let made = site.furnish();
        let server = site.serve();
        let http = server.http.with(&made.aurora_token);
        let code = |document: &str, variables: Value| {
            let answer = http.graphql(document, &variables);
            let error = &answer["errors"][0];
            assert!(error["message"].as_str().is_some_and(|text| text.len() > 10), "{answer}");
            error["extensions"]["code"].as_str().unwrap_or_default().to_owned()
        };
        let audit = "query($id: ID!) { audit(id: $id) { id } }";
        for id in ["", "nonsense", "aud_", "aud_01M82HSEAACKPVTKMR8XX36F9!", &made.aurora] {
            let answer = http.graphql(audit, &json!({ "id": id }));
            let is_absent = answer["errors"].is_null() && answer["data"]["audit"].is_null();
            let is_refused = answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT";
            assert!(is_absent || is_refused, "{id}: {answer}");
        }
        let page = "query($a: String) { imports(first: 2, after: $a) { nodes { id } } }";
        for cursor in ["", "nonsense", "AAAA"] {
            assert_eq!(code(page, json!({ "a": cursor })), "BAD_USER_INPUT", "{cursor}");
        }
        assert_eq!(code("{ imports(first: 0) { nodes { id } } }", Value::Null), "BAD_USER_INPUT");
        let ask = "mutation($c: ID!, $f: DateTime) { auditRequest(input: { clientId: $c, from: $f }) { audit { id } userErrors { code } } }";
        for date in ["yesterday", "2026-02-30T00:00:00Z", "2026-09-01", "2026-09-01T00:00:00"] {
            assert_eq!(code(ask, json!({ "c": made.aurora, "f": date })), "BAD_USER_INPUT", "{date}");
        }
        for client in ["nonsense", "cli_01M82HSEAACKPVTKMR8XX36F9B", &made.borea] {
            let answer = http.graphql(ask, &json!({ "c": client }));
            let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
            assert!(["NOT_FOUND", "BAD_USER_INPUT"].contains(&code.as_str()), "{client}: {answer}");
        }
        let bad = [
            ("client=aurora&kind=songs&format=csv", "kind must be"),
            ("client=aurora&kind=messages&format=xls", "format must be"),
            ("client=aurora&kind=messages&format=csv&colour=red", "known are"),
        ];
        for (parameters, words) in bad {
            let (status, code, message) = http.upload(parameters, b"").error();
            assert_eq!((status, code.as_str()), (400, "BAD_REQUEST"), "{parameters}: {message}");
            assert!(message.contains(words), "{message}");
        }
    }

    fn when_a_program_was_last_seen_is_written_by_the_end_of_the_process(site: Site) {
        let made = site.furnish();
        let mut server = site.serve_with(&["--no-worker"]);
        server.ready().http.with(&made.aurora_token).data("{ viewer { permissions } }", &Value::Null);
        server.signal("TERM");
        assert_eq!(server.wait().code(), Some(0), "{}", server.log());
        let server = site.serve_with(&["--no-worker"]);
        let http = &server.ready().http;
        let token = http.sign_in("ada@bsp.example", PASSWORD).unwrap();
        let tokens = http.with(&token).data("{ apiTokens { nodes { lastUsedAt client { slug } } } }", &Value::Null);
        let last_used = |slug: &str| {
            let mut tokens = tokens["apiTokens"]["nodes"].as_array().unwrap().iter();
            tokens.find(|token| token["client"]["slug"] == slug).unwrap()["lastUsedAt"].is_string()
        };
        assert!(last_used("aurora"), "{tokens}");
        assert!(!last_used("borea"), "{tokens}");
    }

    fn a_consent_ledger_is_sealed_by_itself_and_can_be_verified(site: Site) {
        site.furnish();
        site.import("consents", &site.file("c.csv", opt_ins(1, 1_200))).ok();
        assert_eq!(site.run(&["admin", "verify-ledger"]).ok(), "", "nothing is sealed yet");
        let server = site.serve();
        server.ready();
        let head = until(30, "the seal", || Some(site.run(&["admin", "verify-ledger"]).ok()).filter(|text| !text.is_empty()));
        assert!(head.starts_with("consents/cli_") && head.contains("@2="), "two leaves: {head}");
        site.import("consents", &site.file("d.csv", opt_ins(1_201, 1_210))).ok();
        until(30, "the seal", || site.run(&["admin", "verify-ledger"]).ok().contains("@3=").then_some(()));
        let kept = site.run(&["admin", "verify-ledger", "--expect", &head]);
        assert!(kept.stderr.contains("1210 entries of 1 logs"), "{kept:?}");
        kept.ok();
        let (log, _) = head.split_once('=').unwrap();
        let other = format!("{log}={}", "0".repeat(64));
        site.run(&["admin", "verify-ledger", "--expect", &other]).fails(1, &["the consent ledger was changed", log.split('@').next().unwrap()]);
    }

    fn a_signal_lets_a_server_end_its_work_and_a_second_does_not(site: Site) {
        let made = site.furnish();
        for name in ["TERM", "INT"] {
            let mut server = site.serve();
            server.ready().signal(name);
            assert_eq!(server.wait().code(), Some(0), "{}", server.log());
            assert!(server.log().contains("stopping") && server.log().contains("stopped"), "{}", server.log());
        }
        // A request that does not end keeps a softly stopped server until it is told again.
        let mut server = site.serve();
        let mut upload = std::net::TcpStream::connect(&server.http.address).unwrap();
        let head = format!("POST /v1/imports?client=aurora&kind=messages&format=csv HTTP/1.1\r\nHost: x\r\n\
                            Authorization: Bearer {}\r\nContent-Length: 1000\r\n\r\nmessage_id", made.aurora_token);
        std::io::Write::write_all(&mut upload, head.as_bytes()).unwrap();
        until(20, "the upload", || (!site.files_below("data/tmp/uploads").is_empty()).then_some(()));
        server.signal("TERM");
        until(20, "the soft stop", || server.log().contains("\"stopping\"").then_some(()));
        std::thread::park_timeout(std::time::Duration::from_millis(700));
        assert_eq!(server.ended(), None, "it waits for what runs: {}", server.log());
        server.signal("TERM");
        let begun = std::time::Instant::now();
        assert_eq!(server.wait().code(), Some(1), "{}", server.log());
        assert!(begun.elapsed().as_secs() < 10, "{}", server.log());
        assert!(server.log().contains("stopped before these ended: http"), "{}", server.log());
        assert!(site.files_below("data/tmp/uploads").is_empty(), "half an upload does not stay");
    }
}
