//! A deployment for a test: a store, a queue, a fake lake, a clock that moves when told.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use app::{
    OpCtx, Services, Settings,
    accounts::{PasswordHasher, TokenSigner},
    audits::RequestAudit,
    jobs::{Signal, Timing},
    notifications::Mailer,
    testing::{Bytes, MemorySender},
};
use domain::{
    AuditId, ClientId, ImportId, Instant, JobId, SegmentId,
    access::Visibility,
    audits::{Audit, AuditState},
    clients::Client,
    imports::{Import, ImportKind, ImportState},
    jobs::Job,
    ports::{
        AuditRequest, CancelFlag, Clock, CompactRequest, ConsentSink, EvidenceRequest, EvidenceWritten, ImportRequest,
        Lake, LakeError, LakeErrorKind, ManualClock, ObjectReader, Progress, ProgressFn, SeededRandom, SegmentMeta,
        StagedImport, WhatIf, WhatIfRequest,
    },
    traffic::{
        Counterfactual, Finding, Period, Profile, Remedy, Report, RuleId, RuleResult, RuleState, Severity, Subject,
        SubjectKind,
    },
};
use store::testing::TestStore;
use tempfile::TempDir;

use crate::{QueueAddress, Worker, WorkerConfig, setup};

/// What the fake lake does with the next audit; without any, it finds [`Harness::finds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Works until it is told to stop.
    Hang,
    /// Cannot reach its store.
    Storage,
    /// Cannot read a segment.
    Input,
    /// Has a defect.
    Panic,
}

#[derive(Debug, Default)]
pub(super) struct FakeLake {
    pub(super) next: Mutex<VecDeque<Next>>,
    pub(super) lists: Mutex<Vec<&'static str>>,
    /// Whether what is asked within seven days of the period's end is provisional.
    pub(super) waits: AtomicBool,
    pub(super) audits: Mutex<Vec<AuditRequest>>,
    pub(super) exports: Mutex<Vec<EvidenceRequest>>,
    /// Rows of every file of evidence.
    pub(super) rows: AtomicU64,
    pub(super) known: Mutex<Vec<String>>,
    pub(super) sweeps: Mutex<Vec<Instant>>,
}

fn finding(list: &str) -> Finding {
    let subject = Subject::of(SubjectKind::List, Some(list));
    Finding {
        rule: RuleId::Con01,
        fingerprint: Finding::fingerprint_of(RuleId::Con01, &subject),
        severity: Severity::High,
        subject,
        messages: 3,
        recipients: 2,
        figures: [].into(),
        breakdown: Vec::new(),
        places: Vec::new(),
        sample: Vec::new(),
    }
}

#[async_trait::async_trait]
impl Lake for FakeLake {
    async fn import(
        &self,
        _: ImportRequest,
        _: Option<ConsentSink>,
        _: ProgressFn,
        _: CancelFlag,
    ) -> Result<StagedImport, LakeError> {
        Ok(StagedImport::default())
    }

    async fn audit(
        &self,
        request: AuditRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<Report, LakeError> {
        let error = |kind| Err(LakeError { kind, message: "the fake lake was told to fail".to_owned() });
        progress(Progress { done: 1, total: 4 });
        let parameters = request.parameters.clone();
        self.audits.lock().unwrap().push(request);
        let next = self.next.lock().unwrap().pop_front();
        match next {
            Some(Next::Hang) => {
                while !cancel.is_cancelled() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                return error(LakeErrorKind::Cancelled);
            }
            Some(Next::Storage) => return error(LakeErrorKind::Storage),
            Some(Next::Input) => return error(LakeErrorKind::Input),
            Some(Next::Panic) => panic!("a defect"),
            None => {}
        }
        let findings: Vec<_> = self.lists.lock().unwrap().iter().map(|list| finding(list)).collect();
        let state = if findings.is_empty() { RuleState::Clear } else { RuleState::Finding };
        let to = parameters.to.unwrap_or_else(start);
        let provisional = self.waits.load(Ordering::Relaxed) && parameters.as_of - to < chrono::TimeDelta::days(7);
        Ok(Report {
            release: env!("CARGO_PKG_VERSION").to_owned(),
            period: Period { from: parameters.from.or(Some(start())), to: Some(to) },
            rules: vec![RuleResult { rule: RuleId::Con01, state, provisional }],
            findings,
            ..Report::default()
        })
    }

    async fn compact(&self, _: CompactRequest, _: ProgressFn, _: CancelFlag) -> Result<Vec<SegmentMeta>, LakeError> {
        Ok(Vec::new())
    }

    async fn what_if(
        &self,
        request: WhatIfRequest,
        progress: ProgressFn,
        cancel: CancelFlag,
    ) -> Result<WhatIf, LakeError> {
        let remedies = if request.remedies {
            vec![Remedy { rule: RuleId::Con01, is_least: false, counterfactual: None }]
        } else {
            Vec::new()
        };
        let counterfactual = (!request.without.is_empty())
            .then(|| Counterfactual { without: request.without.clone(), ..Counterfactual::default() });
        Ok(WhatIf { report: self.audit(request.audit, progress, cancel).await?, counterfactual, remedies })
    }

    async fn evidence(
        &self,
        request: EvidenceRequest,
        _: ProgressFn,
        _: CancelFlag,
    ) -> Result<EvidenceWritten, LakeError> {
        self.exports.lock().unwrap().push(request);
        let rows = self.rows.load(Ordering::Relaxed);
        Ok(EvidenceWritten { rows, bytes: 40 * rows, sha256: format!("{rows:064x}") })
    }

    async fn recipients(
        &self,
        _: Vec<SegmentMeta>,
        _: Vec<String>,
        _: CancelFlag,
    ) -> Result<HashMap<String, String>, LakeError> {
        Ok(HashMap::new())
    }

    async fn put(&self, _: &str, _: std::path::PathBuf) -> Result<(), LakeError> {
        Ok(())
    }

    async fn open(&self, path: &str) -> Result<Box<dyn ObjectReader>, LakeError> {
        Ok(Box::new(Bytes(vec![path.as_bytes().to_vec()])))
    }

    async fn sweep(&self, known: Vec<String>, before: Instant) -> Result<u64, LakeError> {
        *self.known.lock().unwrap() = known;
        self.sweeps.lock().unwrap().push(before);
        Ok(0)
    }

    async fn check(&self) -> Result<(), LakeError> {
        Ok(())
    }
}

/// Where the clock stands at first: a Sunday in November, 10:00 UTC.
pub(super) fn start() -> Instant {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

pub(super) struct Harness {
    pub(super) services: Arc<Services>,
    pub(super) lake: Arc<FakeLake>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) config: WorkerConfig,
    pub(super) client: ClientId,
    _store: TestStore,
    _folder: TempDir,
}

impl Harness {
    pub(super) async fn new(store: TestStore) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (owner, address) = if store.is_postgres() {
            (QueueAddress::Postgres(store.owner_url().to_owned()), QueueAddress::Postgres(store.url().to_owned()))
        } else {
            let file = QueueAddress::Sqlite(folder.path().join("queue.db"));
            (file.clone(), file)
        };
        setup(&owner, Some("sblocco_app")).await.unwrap();
        let random = Arc::new(SeededRandom::new(rand_seed()));
        let (lake, clock) = (Arc::<FakeLake>::default(), Arc::new(ManualClock::at(start())));
        let services = Arc::new(Services {
            store: store.store(),
            lake: Arc::clone(&lake) as Arc<dyn Lake>,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            passwords: PasswordHasher::new(1, &*random).unwrap(),
            tokens: TokenSigner::new(&[7; 32]).unwrap(),
            random,
            webhooks: Arc::new(MemorySender::default()),
            mailer: Mailer::into_folder(&folder.path().join("mail")),
            settings: Settings {
                access_token_seconds: 60,
                refresh_token_seconds: 60,
                jobs_per_client: 2,
                staff_second_factor: false,
                template_tickets: Settings::TEMPLATE_TICKETS.to_vec(),
            },
            job_signal: Signal::default(),
            token_uses: app::accounts::TokenUses::default(),
            vault: app::vault::Vault::new(["a key of a test"]).expect("the key is good"),
            ticket_feed: app::tickets::TicketFeed::default(),
            promises: app::sla::Remembered::default(),
        });
        let timing = Timing {
            heartbeat: Duration::from_millis(50),
            stale_after: Duration::from_mins(1),
            redeliver_after: Duration::from_mins(2),
        };
        let fast = Duration::from_millis(50);
        let config = WorkerConfig {
            poll: fast,
            schedules_every: fast,
            sweep_every: fast,
            timing,
            grace: Duration::from_millis(300),
            ..WorkerConfig::new(address, 4)
        };
        let client = client(&services, "aurora").await;
        Self { services, lake, clock, config, client, _store: store, _folder: folder }
    }

    pub(super) fn op(&self) -> OpCtx {
        OpCtx::system(Arc::clone(&self.services))
    }

    pub(super) async fn worker(&self) -> Worker {
        Worker::start(Arc::clone(&self.services), self.config.clone()).await.unwrap()
    }

    pub(super) fn finds(&self, lists: &[&'static str]) {
        *self.lake.lists.lock().unwrap() = lists.to_vec();
    }

    pub(super) fn next(&self, next: Next) {
        self.lake.next.lock().unwrap().push_back(next);
    }

    pub(super) fn audited(&self) -> usize {
        self.lake.audits.lock().unwrap().len()
    }

    pub(super) async fn request(&self) -> Audit {
        self.request_of(self.client, None).await
    }

    /// Asks for an audit of a client, up to a time.
    pub(super) async fn request_of(&self, client: ClientId, to: Option<Instant>) -> Audit {
        let input = RequestAudit { client, from: None, to, profile: Profile::Full };
        app::audits::request(&self.op(), input).await.unwrap()
    }

    /// Another client.
    pub(super) async fn client(&self, slug: &str) -> ClientId {
        client(&self.services, slug).await
    }

    pub(super) async fn audit(&self, id: AuditId) -> Audit {
        let tx = self.services.store.read(&Visibility::System).await.unwrap();
        store::audits::by_id(&tx, id).await.unwrap().unwrap()
    }

    pub(super) async fn job(&self, id: JobId) -> Job {
        let tx = self.services.store.read(&Visibility::System).await.unwrap();
        store::jobs::by_id(&tx, id).await.unwrap().unwrap()
    }

    /// An import of the client, for segments to belong to.
    pub(super) async fn import(&self, number: u128) -> ImportId {
        let import = Import {
            id: ImportId::from_uuid(uuid::Uuid::from_u128(number)),
            client: self.client,
            kind: ImportKind::Messages,
            state: ImportState::Running,
            file_name: "messages.csv".to_owned(),
            content_sha256: number.to_string(),
            accepted: 0,
            rejected: 0,
            unknown_columns: Vec::new(),
            failure: None,
            created_by: None,
            created_at: start(),
            finished_at: None,
        };
        let tx = self.services.store.write(&Visibility::System).await.unwrap();
        store::imports::insert(&tx, &import).await.unwrap();
        tx.commit().await.unwrap();
        import.id
    }

    /// Publishes a segment of messages of the client.
    pub(super) async fn publish(&self, number: u128) {
        let import = self.import(number).await;
        let segment = SegmentMeta {
            id: SegmentId::from_uuid(uuid::Uuid::from_u128(number)),
            kind: ImportKind::Messages,
            path: format!("segment-{number}"),
            rows: 1,
            bytes: 1,
            least_time: start(),
            greatest_time: start(),
        };
        let tx = self.services.store.write(&Visibility::System).await.unwrap();
        store::segments::publish(&tx, self.client, import, &[segment], start()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Waits until the audit is in this state.
    pub(super) async fn until(&self, id: AuditId, state: AuditState) -> Audit {
        for _ in 0..400 {
            let audit = self.audit(id).await;
            if audit.state == state {
                return audit;
            }
            assert!(!audit.state.is_final(), "it ended as {:?} {:?}", audit.state, audit.failure);
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the audit never came to {state:?}: {:?}", self.audit(id).await)
    }

    /// Waits until `condition` holds.
    pub(super) async fn until_true(&self, condition: impl AsyncFn() -> bool) {
        for _ in 0..400 {
            if condition().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it never came to be");
    }
}

/// Names of workers must differ over the tests that share nothing but the process.
fn rand_seed() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

async fn client(services: &Services, slug: &str) -> ClientId {
    let id = ClientId::new(start(), &*services.random);
    let client = Client {
        id,
        name: slug.to_owned(),
        slug: slug.to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        language: "it".to_owned(),
        created_at: start(),
        version: 1,
    };
    let tx = services.store.write(&Visibility::System).await.unwrap();
    store::clients::insert(&tx, &client).await.unwrap();
    tx.commit().await.unwrap();
    id
}
