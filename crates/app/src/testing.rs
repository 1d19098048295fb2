//! The product with a manual clock, seeded randomness and a lake that holds nothing, over a store of a test; and people to work as.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot begin has failed")]

use std::{collections::HashMap, ops::Deref, path::Path, sync::Arc};

use async_trait::async_trait;
use domain::{
    ApiTokenId, AuditId, ClientId, FindingId, Instant, JobId, UserId,
    access::{Actor, Permission, PermissionSet, Role, Visibility},
    accounts::User,
    audits::{Audit, AuditState, Comparison, Finding},
    clients::Client,
    jobs::JobLane,
    notifications::Notification,
    ports::{
        AuditRequest, CancelFlag, CompactRequest, ConsentSink, EvidenceRequest, EvidenceWritten, ImportRequest, Lake,
        LakeError, ManualClock, ObjectReader, ProgressFn, SeededRandom, SegmentMeta, StagedImport, WhatIf,
        WhatIfRequest,
    },
    thresholds::UsedThresholds,
    traffic::{
        self, AuditParameters, Period, Profile, Report, RuleId, Severity, Subject, SubjectKind, Surroundings, Totals,
    },
};
pub use hooks::MemorySender;
use i18n::Lang;
use mail::{MemoryTransport, Transport};
use store::{audits::Completion, testing::TestStore};

use crate::{
    OpCtx, Services, Settings,
    accounts::{PasswordHasher, TokenSigner, TokenUses},
    jobs::{Executor, Signal, Timing},
    notifications::{Mailer, notify},
    tickets::TicketFeed,
    vault::Vault,
};

/// What seals the secrets of a test.
pub const VAULT_KEY: &str = "a key of a test";

/// When tests begin: 2026-11-23, a Monday, 09:00 in Rome.
pub const START: i64 = 1_795_420_800;

/// SHA-256 of nothing.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// An object whose pieces are here already, the last one first.
#[derive(Debug, Default)]
pub struct Bytes(pub Vec<Vec<u8>>);

#[async_trait]
impl ObjectReader for Bytes {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, LakeError> {
        Ok(self.0.pop())
    }
}

/// A lake that holds nothing, and does nothing well.
#[derive(Debug)]
pub struct EmptyLake;

#[async_trait]
impl Lake for EmptyLake {
    async fn import(
        &self,
        _: ImportRequest,
        _: Option<ConsentSink>,
        _: ProgressFn,
        _: CancelFlag,
    ) -> Result<StagedImport, LakeError> {
        Ok(StagedImport::default())
    }

    async fn audit(&self, _: AuditRequest, _: ProgressFn, _: CancelFlag) -> Result<Report, LakeError> {
        Ok(Report::default())
    }

    async fn compact(&self, _: CompactRequest, _: ProgressFn, _: CancelFlag) -> Result<Vec<SegmentMeta>, LakeError> {
        Ok(Vec::new())
    }

    async fn what_if(&self, _: WhatIfRequest, _: ProgressFn, _: CancelFlag) -> Result<WhatIf, LakeError> {
        Ok(WhatIf::default())
    }

    async fn evidence(&self, _: EvidenceRequest, _: ProgressFn, _: CancelFlag) -> Result<EvidenceWritten, LakeError> {
        Ok(EvidenceWritten { rows: 0, bytes: 0, sha256: EMPTY_SHA256.to_owned() })
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

    async fn open(&self, _: &str) -> Result<Box<dyn ObjectReader>, LakeError> {
        Ok(Box::new(Bytes::default()))
    }

    async fn sweep(&self, _: Vec<String>, _: Instant) -> Result<u64, LakeError> {
        Ok(0)
    }

    async fn check(&self) -> Result<(), LakeError> {
        Ok(())
    }
}

/// The product over a store of a test.
#[derive(Debug)]
pub struct TestApp {
    services: Arc<Services>,
    clock: Arc<ManualClock>,
    mails: Arc<MemoryTransport>,
    webhooks: Arc<MemorySender>,
    store: TestStore,
}

impl Deref for TestApp {
    type Target = TestStore;

    fn deref(&self) -> &TestStore {
        &self.store
    }
}

impl TestApp {
    /// The product over `store`, with a lake that holds nothing.
    pub fn new(store: TestStore) -> Self {
        Self::with_lake(store, Arc::new(EmptyLake))
    }

    /// The product over `store` and `lake`.
    pub fn with_lake(store: TestStore, lake: Arc<dyn Lake>) -> Self {
        Self::with(store, lake, None)
    }

    /// The product over `store`, with mails that go by `transport`.
    pub fn with_transport(store: TestStore, transport: Arc<dyn Transport>) -> Self {
        Self::with(store, Arc::new(EmptyLake), Some(transport))
    }

    fn with(store: TestStore, lake: Arc<dyn Lake>, transport: Option<Arc<dyn Transport>>) -> Self {
        let start = Instant::from_timestamp(START, 0).expect("the start is an instant");
        let clock = Arc::new(ManualClock::at(start));
        let random = Arc::new(SeededRandom::new(1));
        let mails = Arc::new(MemoryTransport::default());
        let webhooks = Arc::new(MemorySender::default());
        let services = Services {
            store: store.store(),
            lake,
            clock: clock.clone(),
            passwords: PasswordHasher::new(2, &*random).expect("the parameters are good"),
            random,
            tokens: TokenSigner::new(&[7; 32]).expect("the secret is long enough"),
            webhooks: webhooks.clone(),
            mailer: Mailer {
                transport: transport.unwrap_or_else(|| mails.clone()),
                from: "sblocco@bsp.example".to_owned(),
                server: Some("https://sblocco.example".to_owned()),
                reply: Some("reply@bsp.example".to_owned()),
                ..Mailer::into_folder(Path::new(""))
            },
            settings: Settings {
                access_token_seconds: 900,
                refresh_token_seconds: 1_209_600,
                jobs_per_client: 2,
                staff_second_factor: false,
                template_tickets: Settings::TEMPLATE_TICKETS.to_vec(),
            },
            job_signal: Signal::default(),
            token_uses: TokenUses::default(),
            vault: Vault::new([VAULT_KEY]).expect("the key is good"),
            ticket_feed: TicketFeed::default(),
            promises: crate::sla::Remembered::default(),
        };
        Self { services: Arc::new(services), clock, mails, webhooks, store }
    }

    /// The parts of the product.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The clock, which moves only when told.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// What takes the mails: nothing leaves the process.
    pub fn mails(&self) -> &MemoryTransport {
        &self.mails
    }

    /// What takes the webhooks: nothing leaves the process.
    pub fn webhooks(&self) -> &Arc<MemorySender> {
        &self.webhooks
    }

    /// An operation of `actor`, in English, that begins now.
    pub fn op(&self, actor: Actor) -> OpCtx {
        OpCtx::new(Arc::clone(&self.services), actor, Lang::En)
    }

    /// An operation of the product itself.
    pub fn system(&self) -> OpCtx {
        OpCtx::system(Arc::clone(&self.services))
    }

    /// A client, named after its slug.
    pub async fn client(&self, slug: &str) -> ClientId {
        let now = self.services.clock.now();
        let client = Client {
            id: ClientId::new(now, &*self.services.random),
            name: slug.to_owned(),
            slug: slug.to_owned(),
            time_zone: "Europe/Rome".to_owned(),
            language: "it".to_owned(),
            created_at: now,
            version: 1,
        };
        let tx = self.store.write(&Visibility::System).await.expect("the store can be written");
        store::clients::insert(&tx, &client).await.expect("the client is new");
        tx.commit().await.expect("the transaction can end");
        client.id
    }

    /// A person, of a client or of the staff, whose address begins with the role; it has no password.
    pub async fn user(&self, role: Role, client: Option<ClientId>) -> User {
        let now = self.services.clock.now();
        let id = UserId::new(now, &*self.services.random);
        let user = User {
            id,
            client,
            email: format!("{role}.{}@example.com", id.to_string().to_lowercase()),
            name: format!("Test {role}"),
            role,
            assigned: None,
            language: "en".to_owned(),
            disabled_at: None,
            created_at: now,
            version: 1,
        };
        let tx = self.store.write(&Visibility::System).await.expect("the store can be written");
        store::users::insert(&tx, &user, "no password").await.expect("the person is new");
        tx.commit().await.expect("the transaction can end");
        user
    }

    /// A finding of `messages` messages without consent, in an audit of the client that has ended.
    pub async fn finding(&self, client: ClientId, messages: u64) -> Finding {
        let (now, random) = (self.services.clock.now(), &*self.services.random);
        let parameters =
            AuditParameters { from: None, to: None, profile: Profile::Full, messaging_limit: None, as_of: now };
        let audit = Audit {
            id: AuditId::new(now, random),
            client,
            job: None,
            state: AuditState::Completed,
            parameters,
            thresholds: UsedThresholds::default(),
            period: Period::default(),
            is_provisional: false,
            requested_by: None,
            requested_at: now,
            started_at: None,
            finished_at: None,
            previous: None,
            failure: None,
        };
        let subject = Subject::of(SubjectKind::List, Some("fair"));
        let finding = Finding {
            id: FindingId::new(now, random),
            client,
            audit: audit.id,
            ordinal: 0,
            comparison: Comparison::New,
            is_provisional: false,
            first_seen_at: now,
            found: traffic::Finding {
                rule: RuleId::Con01,
                fingerprint: traffic::Finding::fingerprint_of(RuleId::Con01, &subject),
                severity: Severity::High,
                subject,
                messages,
                recipients: messages,
                figures: [].into(),
                breakdown: Vec::new(),
                places: Vec::new(),
                sample: Vec::new(),
            },
        };
        let tx = self.store.write(&Visibility::System).await.expect("the store can be written");
        store::audits::insert(&tx, &audit).await.expect("the audit is new");
        store::findings::insert_all(&tx, std::slice::from_ref(&finding), now).await.expect("the finding is new");
        let report = Report { totals: Totals { messages, ..Totals::default() }, ..Report::default() };
        let completion = Completion {
            report: &report,
            is_provisional: false,
            previous: None,
            segments: &[],
            surroundings: &Surroundings::default(),
        };
        store::audits::complete(&tx, &audit, completion, now).await.expect("the audit can end");
        tx.commit().await.expect("the transaction can end");
        finding
    }

    /// Runs a job, as a worker would.
    pub async fn work(&self, job: Option<JobId>) {
        let executor = Executor::new(Arc::clone(&self.services), "a worker", Timing::default());
        executor.deliver(job.expect("there is a job")).await.expect("the ledger can be reached");
    }

    /// Runs whatever is due, as workers would, until nothing is; says how many jobs ran.
    pub async fn drain(&self) -> usize {
        let mut ran = 0;
        loop {
            let mut due = Vec::new();
            for lane in JobLane::ALL {
                due.extend(crate::jobs::dispatch(&self.services, *lane, 100).await.expect("the ledger can be reached"));
            }
            if due.is_empty() {
                return ran;
            }
            for job in due {
                self.work(Some(job)).await;
                ran += 1;
            }
        }
    }

    /// Notifies in a transaction of its own, and says whether that was new.
    pub async fn tell(&self, notification: Notification) -> bool {
        let op = self.system();
        let tx = self.store.write(&Visibility::System).await.expect("the store can be written");
        let new = notify(&op, &tx, notification).await.expect("it can be written down");
        tx.commit().await.expect("the transaction can end");
        new
    }

    /// An operation of a new member of staff.
    pub async fn staff(&self, role: Role) -> OpCtx {
        self.op(self.user(role, None).await.actor())
    }

    /// An operation of a new person of a client.
    pub async fn client_user(&self, role: Role, client: ClientId) -> OpCtx {
        self.op(self.user(role, Some(client)).await.actor())
    }

    /// An operation of a program.
    pub fn program(&self, client: Option<ClientId>, permissions: &[Permission]) -> OpCtx {
        let token = ApiTokenId::new(self.services.clock.now(), &*self.services.random);
        self.op(Actor::Token { token, client, permissions: PermissionSet::of(permissions) })
    }
}
