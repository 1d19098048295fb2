//! Audits over GraphQL, in process, on both stores.
// As deep as the merged roots of the schema.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::Arc,
};

use app::{
    OpCtx, Services, Settings,
    accounts::{PasswordHasher, TokenSigner},
    jobs::Signal,
    notifications::Mailer,
};
use async_graphql::{Request, Variables};
use domain::{
    AuditId, ClientId, FindingId, Instant, UserId,
    access::{Actor, Role, Visibility},
    audits::{Audit, AuditState, Comparison, Finding},
    clients::Client,
    ports::{
        AuditRequest, CancelFlag, CompactRequest, ConsentSink, EvidenceRequest, EvidenceWritten, ImportRequest, Lake,
        LakeError, LakeErrorKind, ManualClock, ObjectReader, ProgressFn, SeededRandom, SegmentMeta, StagedImport,
        WhatIf, WhatIfRequest,
    },
    thresholds::UsedThresholds,
    traffic::{
        self, AuditParameters, Figure, ListFigures, Period, Profile, Report, RuleId, RuleResult, RuleState, Severity,
        Subject, SubjectKind, Surroundings, Verdict,
    },
};
use graphql::RequestId;
use i18n::Lang;
use serde_json::{Value, json};
use store::{
    audits::Completion,
    both_stores,
    testing::{TestStore, statements},
};

/// Nothing here reads the lake.
#[derive(Debug)]
struct NoLake;

#[async_trait::async_trait]
impl Lake for NoLake {
    async fn import(
        &self,
        _: ImportRequest,
        _: Option<ConsentSink>,
        _: ProgressFn,
        _: CancelFlag,
    ) -> Result<StagedImport, LakeError> {
        Err(none())
    }

    async fn audit(&self, _: AuditRequest, _: ProgressFn, _: CancelFlag) -> Result<Report, LakeError> {
        Err(none())
    }

    async fn compact(&self, _: CompactRequest, _: ProgressFn, _: CancelFlag) -> Result<Vec<SegmentMeta>, LakeError> {
        Ok(Vec::new())
    }

    async fn what_if(&self, _: WhatIfRequest, _: ProgressFn, _: CancelFlag) -> Result<WhatIf, LakeError> {
        Err(none())
    }

    async fn evidence(&self, _: EvidenceRequest, _: ProgressFn, _: CancelFlag) -> Result<EvidenceWritten, LakeError> {
        Err(none())
    }

    async fn recipients(
        &self,
        _: Vec<SegmentMeta>,
        _: Vec<String>,
        _: CancelFlag,
    ) -> Result<HashMap<String, String>, LakeError> {
        Err(none())
    }

    async fn put(&self, _: &str, _: std::path::PathBuf) -> Result<(), LakeError> {
        Err(none())
    }

    async fn open(&self, _: &str) -> Result<Box<dyn ObjectReader>, LakeError> {
        Err(none())
    }

    async fn sweep(&self, _: Vec<String>, _: Instant) -> Result<u64, LakeError> {
        Err(none())
    }

    async fn check(&self) -> Result<(), LakeError> {
        Err(none())
    }
}

fn none() -> LakeError {
    LakeError { kind: LakeErrorKind::Storage, message: "there is no lake".to_owned() }
}

fn now() -> Instant {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn id(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

struct Api {
    services: Arc<Services>,
    _store: TestStore,
}

impl Api {
    async fn new(store: TestStore) -> Self {
        let random = Arc::new(SeededRandom::new(1));
        let services = Arc::new(Services {
            store: store.store(),
            lake: Arc::new(NoLake),
            clock: Arc::new(ManualClock::at(now())),
            passwords: PasswordHasher::new(1, &*random).unwrap(),
            tokens: TokenSigner::new(&[7; 32]).unwrap(),
            random,
            webhooks: Arc::new(app::testing::MemorySender::default()),
            mailer: Mailer::into_folder(Path::new("mail")),
            settings: Settings {
                access_token_seconds: 60,
                refresh_token_seconds: 60,
                jobs_per_client: 2,
                staff_second_factor: false,
                template_tickets: Settings::TEMPLATE_TICKETS.to_vec(),
            },
            job_signal: Signal::default(),
            token_uses: app::accounts::TokenUses::default(),
            vault: app::vault::Vault::new(["a key of a test"]).unwrap(),
            ticket_feed: app::tickets::TicketFeed::default(),
            promises: app::sla::Remembered::default(),
        });
        let tx = services.store.write(&Visibility::System).await.unwrap();
        for (number, slug) in [(1, "aurora"), (2, "fenice")] {
            let client = Client {
                id: ClientId::from_uuid(id(number)),
                name: slug.to_owned(),
                slug: slug.to_owned(),
                time_zone: "Europe/Rome".to_owned(),
                language: "it".to_owned(),
                created_at: now(),
                version: 1,
            };
            store::clients::insert(&tx, &client).await.unwrap();
        }
        tx.commit().await.unwrap();
        Self { services, _store: store }
    }

    async fn ask(&self, actor: Actor, lang: Lang, query: &str, variables: Value) -> Value {
        let op = OpCtx::new(Arc::clone(&self.services), actor, lang);
        let request = Request::new(query).variables(Variables::from_json(variables));
        let response = graphql::schema().execute(graphql::prepare(request, op, RequestId("r".to_owned()))).await;
        serde_json::to_value(response).unwrap()
    }

    /// As staff.
    async fn staff(&self, query: &str, variables: Value) -> Value {
        let response = self.ask(staff(), Lang::En, query, variables).await;
        assert_eq!(response["errors"], Value::Null, "{response}");
        response["data"].clone()
    }
}

fn staff() -> Actor {
    Actor::Staff { user: UserId::from_uuid(id(1)), role: Role::SupportAgent, clients: None }
}

fn person(client: u128, role: Role) -> Actor {
    Actor::ClientUser { user: UserId::from_uuid(id(2)), role, client: ClientId::from_uuid(id(client)) }
}

fn finding(number: u128, audit: &Audit, list: &str) -> Finding {
    let subject = Subject::of(SubjectKind::List, Some(list));
    let figures = [("share", Figure::Value(0.25)), ("due", Figure::Count(12))];
    Finding {
        id: FindingId::from_uuid(id(number)),
        client: audit.client,
        audit: audit.id,
        ordinal: number as u32,
        comparison: Comparison::New,
        is_provisional: false,
        first_seen_at: audit.requested_at,
        found: traffic::Finding {
            rule: RuleId::Con01,
            fingerprint: traffic::Finding::fingerprint_of(RuleId::Con01, &subject),
            severity: Severity::Critical,
            subject,
            messages: 3,
            recipients: 2,
            figures: BTreeMap::from(figures.map(|(name, figure)| (name.to_owned(), figure))),
            breakdown: Vec::new(),
            places: Vec::new(),
            sample: Vec::new(),
        },
    }
}

/// What a report tells, one of each.
fn report() -> Report {
    let mut report = Report {
        period: Period { from: Some(now()), to: Some(now()) },
        rules: vec![RuleResult { rule: RuleId::Con01, state: RuleState::Finding, provisional: false }],
        ..Report::default()
    };
    report.totals.messages = 5_000_000_000;
    report.consent.by_list =
        vec![ListFigures { list_id: Some("fair".to_owned()), verdict: Verdict::OptedOut, messages: 3, recipients: 2 }];
    report.advice = vec![traffic::ListAdvice {
        list_id: Some("fair".to_owned()),
        sent: traffic::Count { messages: 9, recipients: 5 },
        remove: 2,
        ask_again: 1,
        rest: 0,
        warm_up: 1,
        keep: 1,
    }];
    report.attribution = vec![traffic::Attribution {
        outcome: traffic::BadOutcome::MetaChoice,
        cases: 60,
        messages: 1_000,
        factors: vec![traffic::Factor {
            dimension: traffic::Dimension::Template,
            value: Some("autumn_sale/it".to_owned()),
            messages: 100,
            cases: 50,
            rate: 0.5,
            rest_rate: 0.0125,
            lift: Some(40.0),
            p_value: 1e-9,
            q_value: 1e-8,
            adjusted: Some(traffic::Adjusted { within: traffic::Dimension::List, odds_ratio: None, lower_bound: 3.5 }),
        }],
    }];
    report
}

/// A completed audit of client 1, compared with `previous`.
async fn completed(api: &Api, number: u128, lists: &[&str], previous: Option<AuditId>) -> AuditId {
    let parameters =
        AuditParameters { from: None, to: None, profile: Profile::Full, messaging_limit: Some(250), as_of: now() };
    let audit = Audit {
        id: AuditId::from_uuid(id(number)),
        client: ClientId::from_uuid(id(1)),
        job: None,
        state: AuditState::Queued,
        parameters,
        thresholds: UsedThresholds::default(),
        period: Period::default(),
        is_provisional: false,
        requested_by: None,
        requested_at: now() + chrono::TimeDelta::seconds(number as i64),
        started_at: None,
        finished_at: None,
        previous: None,
        failure: None,
    };
    let report = report();
    let findings: Vec<_> = (0..).zip(lists).map(|(place, list)| finding(number * 100 + place, &audit, list)).collect();
    let tx = api.services.store.write(&Visibility::System).await.unwrap();
    store::audits::insert(&tx, &audit).await.unwrap();
    let completion = Completion {
        report: &report,
        is_provisional: false,
        previous,
        segments: &[],
        surroundings: &Surroundings::default(),
    };
    store::audits::complete(&tx, &audit, completion, now()).await.unwrap();
    store::findings::insert_all(&tx, &findings, now()).await.unwrap();
    tx.commit().await.unwrap();
    audit.id
}

const REQUEST: &str = "mutation($input: AuditRequestInput!) { auditRequest(input: $input) {
    audit { id state client { slug } parameters { from to profile } progress { done } failure { code } figures { totals { messages } } }
    userErrors { code field message } } }";
const CANCEL: &str = "mutation($input: AuditCancelInput!) { auditCancel(input: $input) {
    audit { state finishedAt } userErrors { code field message } } }";

fn client(number: u128) -> String {
    ClientId::from_uuid(id(number)).to_string()
}

both_stores! {
    async fn an_audit_is_asked_for_once_and_called_off(store: TestStore) {
        let api = Api::new(store).await;
        let input = json!({ "input": { "clientId": client(1), "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00+01:00" } });
        let first = api.staff(REQUEST, input.clone()).await["auditRequest"].clone();
        assert_eq!(first["userErrors"], json!([]));
        let audit = &first["audit"];
        assert_eq!((&audit["state"], &audit["client"]["slug"]), (&json!("QUEUED"), &json!("aurora")));
        let parameters = json!({ "from": "2026-10-01T00:00:00Z", "to": "2026-10-31T23:00:00Z", "profile": "FULL" });
        assert_eq!(audit["parameters"], parameters);
        assert_eq!((&audit["progress"], &audit["figures"], &audit["failure"]), (&Value::Null, &Value::Null, &Value::Null));
        let again = api.staff(REQUEST, input).await["auditRequest"].clone();
        assert_eq!(again["audit"]["id"], audit["id"]);
        let input = json!({ "input": { "auditId": audit["id"] } });
        let cancelled = api.staff(CANCEL, input.clone()).await["auditCancel"].clone();
        assert_eq!(cancelled["audit"], json!({ "state": "CANCELLED", "finishedAt": "2026-11-22T10:00:00Z" }));
        let twice = api.staff(CANCEL, input).await["auditCancel"].clone();
        assert_eq!(twice["audit"], Value::Null);
        assert_eq!((&twice["userErrors"][0]["code"], &twice["userErrors"][0]["field"]), (&json!("ENDED"), &json!(["auditId"])));
        let jobs = api.staff("{ jobs(state: CANCELLED) { nodes { kind state client { slug } attemptCount lastError } } }", json!({})).await;
        let job = json!({ "kind": "audit.run.v1", "state": "CANCELLED", "client": { "slug": "aurora" }, "attemptCount": 0, "lastError": null });
        assert_eq!(jobs["jobs"]["nodes"], json!([job]));
    }

    async fn what_can_be_mended_is_said_in_the_reader_s_language(store: TestStore) {
        let api = Api::new(store).await;
        let input = json!({ "input": { "clientId": client(1), "from": "2026-11-01T00:00:00Z", "to": "2026-11-01T00:00:00Z" } });
        let refused = api.ask(staff(), Lang::It, REQUEST, input).await["data"]["auditRequest"].clone();
        assert_eq!(refused["userErrors"][0]["code"], json!("PERIOD_EMPTY"));
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("periodo"), "{refused}");
        let set = "mutation($input: AuditScheduleSetInput!) { auditScheduleSet(input: $input) {
            schedule { localTime timeZone isEnabled nextRunAt client { slug } } userErrors { code field } } }";
        let input = json!({ "input": { "clientId": client(1), "localTime": "25:00" } });
        let refused = api.staff(set, input).await["auditScheduleSet"].clone();
        assert_eq!(refused, json!({ "schedule": null, "userErrors": [{ "code": "LOCAL_TIME_INVALID", "field": ["localTime"] }] }));
        let input = json!({ "input": { "clientId": client(1), "localTime": "03:30" } });
        let schedule = api.staff(set, input).await["auditScheduleSet"]["schedule"].clone();
        let expected = json!({ "localTime": "03:30", "timeZone": "Europe/Rome", "isEnabled": true,
            "nextRunAt": "2026-11-23T02:30:00Z", "client": { "slug": "aurora" } });
        assert_eq!(schedule, expected);
        let off = json!({ "input": { "clientId": client(1), "enabled": false } });
        assert_eq!(api.staff(set, off).await["auditScheduleSet"]["schedule"]["nextRunAt"], Value::Null);
        let read = api.staff("query($id: ID!) { auditSchedule(clientId: $id) { localTime isEnabled } }", json!({ "id": client(1) })).await;
        assert_eq!(read["auditSchedule"], json!({ "localTime": "03:30", "isEnabled": false }));
    }

    async fn figures_rules_and_findings_are_read(store: TestStore) {
        let api = Api::new(store).await;
        let first = completed(&api, 1, &["fair", "shop"], None).await;
        let second = completed(&api, 2, &["shop", "web"], Some(first)).await;
        let query = "query($id: ID!) { audit(id: $id) {
            figures { totals { messages } consent { byList(verdicts: [OPTED_OUT]) { listId messages } } peak24h { recipients at } }
            rules { rule state name isProvisional }
            findings(first: 1, filter: { severities: [CRITICAL], rules: [\"CON-01\"] }) {
                nodes { rule severity subject { kind id text } figures { name count value } title explanation remedy audit { state } }
                pageInfo { hasNextPage endCursor } }
            findingCounts { severity comparison count }
            previousAudit { id } resolvedFindings { subject { id } } } }";
        let audit = api.staff(query, json!({ "id": second.to_string() })).await["audit"].clone();
        assert_eq!(audit["figures"]["totals"]["messages"], json!("5000000000"));
        assert_eq!(audit["figures"]["consent"]["byList"], json!([{ "listId": "fair", "messages": "3" }]));
        assert_eq!((&audit["rules"][0]["rule"], &audit["rules"][0]["state"]), (&json!("CON-01"), &json!("FINDING")));
        let found = &audit["findings"]["nodes"][0];
        assert_eq!((&found["severity"], &found["subject"]["kind"], &found["subject"]["id"]), (&json!("CRITICAL"), &json!("LIST"), &json!("shop")));
        let figures = json!([{ "name": "due", "count": "12", "value": null }, { "name": "share", "count": null, "value": 0.25 }]);
        assert_eq!((&found["figures"], &found["audit"]["state"]), (&figures, &json!("COMPLETED")));
        assert!(!found["title"].as_str().unwrap().is_empty() && !found["explanation"].as_str().unwrap().is_empty());
        assert!(!found["remedy"].as_array().unwrap().is_empty());
        assert_eq!(audit["findings"]["pageInfo"]["hasNextPage"], json!(true));
        assert_eq!(audit["findingCounts"], json!([{ "severity": "CRITICAL", "comparison": "NEW", "count": 2 }]));
        assert_eq!(audit["previousAudit"]["id"], json!(first.to_string()));
        assert_eq!(audit["resolvedFindings"], json!([{ "subject": { "id": "fair" } }]));
        let cursor = json!({ "id": second.to_string(), "after": audit["findings"]["pageInfo"]["endCursor"] });
        let other_list = "query($id: ID!, $after: String) { audit(id: $id) { findings(after: $after) { nodes { id } } } }";
        let refused = api.ask(staff(), Lang::En, other_list, cursor).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], json!("BAD_USER_INPUT"), "another filter: {refused}");
    }

    async fn what_explains_failures_and_what_to_do_with_lists_is_read(store: TestStore) {
        let api = Api::new(store).await;
        let audit = completed(&api, 1, &["fair"], None).await;
        let query = "query($id: ID!) { audit(id: $id) { figures {
            attribution { outcome cases messages factors { dimension value messages cases rate restRate lift pValue qValue
                adjusted { within oddsRatio lowerBound } } }
            listAdviceCount listAdvice { listId messages recipients remove askAgain rest warmUp keep } } } }";
        let figures = api.staff(query, json!({ "id": audit.to_string() })).await["audit"]["figures"].clone();
        let factor = json!({ "dimension": "TEMPLATE", "value": "autumn_sale/it", "messages": "100", "cases": "50", "rate": 0.5,
            "restRate": 0.0125, "lift": 40.0, "pValue": 1e-9, "qValue": 1e-8,
            "adjusted": { "within": "LIST", "oddsRatio": null, "lowerBound": 3.5 } });
        assert_eq!(figures["attribution"],
            json!([{ "outcome": "META_CHOICE", "cases": "60", "messages": "1000", "factors": [factor] }]));
        assert_eq!(figures["listAdviceCount"], json!(1));
        assert_eq!(figures["listAdvice"], json!([{ "listId": "fair", "messages": "9", "recipients": "5", "remove": "2",
            "askAgain": "1", "rest": "0", "warmUp": "1", "keep": "1" }]));
    }

    async fn a_page_of_audits_takes_a_statement_a_relation_and_not_a_row(store: TestStore) {
        let api = Api::new(store).await;
        let mut previous = None;
        for number in 1..=12 {
            previous = Some(completed(&api, number, &["fair"], previous).await);
        }
        let query = "query($first: Int) { audits(first: $first) { nodes { id client { slug } figures { totals { messages } }
            rules { rule } findingCounts { count } previousAudit { id state } resolvedFindings { id } } } }";
        let store = api.services.store.clone();
        let (few, for_few) = statements(&store, api.staff(query, json!({ "first": 2 }))).await;
        let (many, for_many) = statements(&store, api.staff(query, json!({ "first": 12 }))).await;
        assert_eq!((few["audits"]["nodes"].as_array().unwrap().len(), many["audits"]["nodes"].as_array().unwrap().len()), (2, 12));
        assert!(for_many <= for_few, "{for_many} statements for 12 audits, {for_few} for 2");
        assert_eq!(many["audits"]["nodes"][0]["id"], json!(previous.unwrap().to_string()), "the latest first");
    }

    async fn what_one_may_not_know_of_is_null_and_what_one_may_not_do_is_refused(store: TestStore) {
        let api = Api::new(store).await;
        let audit = completed(&api, 1, &["fair"], None).await;
        let finding = FindingId::from_uuid(id(100)).to_string();
        let query = "query($audit: ID!, $finding: ID!) { audit(id: $audit) { id } audits { nodes { id } }
            nodes(ids: [$audit, $finding]) { id } }";
        let variables = json!({ "audit": audit.to_string(), "finding": finding });
        let own = api.ask(person(1, Role::ClientViewer), Lang::It, query, variables.clone()).await["data"].clone();
        assert_eq!(own["nodes"], json!([{ "id": audit.to_string() }, { "id": finding }]));
        let foreign = api.ask(person(2, Role::ClientAdmin), Lang::It, query, variables).await["data"].clone();
        assert_eq!(foreign, json!({ "audit": null, "audits": { "nodes": [] }, "nodes": [null, null] }));
        let nobody = api.ask(Actor::Anonymous, Lang::En, "{ audits { nodes { id } } }", json!({})).await;
        assert_eq!(nobody["errors"][0]["extensions"]["code"], json!("UNAUTHENTICATED"));
        let input = json!({ "input": { "clientId": client(1) } });
        let viewer = api.ask(person(1, Role::ClientViewer), Lang::En, REQUEST, input.clone()).await;
        assert_eq!(viewer["errors"][0]["extensions"]["code"], json!("FORBIDDEN"));
        let foreign = api.ask(person(2, Role::ClientAdmin), Lang::En, REQUEST, input).await;
        assert_eq!(foreign["errors"][0]["extensions"]["code"], json!("NOT_FOUND"));
        let input = json!({ "input": { "auditId": audit.to_string() } });
        let foreign = api.ask(person(2, Role::ClientAdmin), Lang::En, CANCEL, input).await;
        assert_eq!(foreign["errors"][0]["extensions"]["code"], json!("NOT_FOUND"));
        let jobs = api.ask(person(1, Role::ClientAdmin), Lang::En, "{ jobs { nodes { id } } }", json!({})).await;
        assert_eq!(jobs["errors"][0]["extensions"]["code"], json!("FORBIDDEN"));
        for bad in ["", "aud_x", &client(1), "AUD_01J00000000000000000000000"] {
            let none = api.staff("query($id: ID!) { audit(id: $id) { id } }", json!({ "id": bad })).await;
            assert_eq!(none["audit"], Value::Null, "{bad}");
        }
    }
}
