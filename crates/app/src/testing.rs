//! The product with a manual clock, seeded randomness and a lake that holds nothing, over a store of a test; and people to work as.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot begin has failed")]

use std::{ops::Deref, sync::Arc};

use async_trait::async_trait;
use domain::{
    ApiTokenId, ClientId, Instant, UserId,
    access::{Actor, Permission, PermissionSet, Role, Visibility},
    accounts::User,
    clients::Client,
    ports::{
        AuditRequest, CancelFlag, CompactRequest, ConsentSink, ImportRequest, Lake, LakeError, ManualClock, ProgressFn,
        SeededRandom, SegmentMeta, StagedImport, WhatIf, WhatIfRequest,
    },
    traffic::Report,
};
use i18n::Lang;
use store::testing::TestStore;

use crate::{
    OpCtx, Services, Settings,
    accounts::{PasswordHasher, TokenSigner},
    jobs::Signal,
};

/// When tests begin: 2026-11-23, a Monday, 09:00 in Rome.
pub const START: i64 = 1_795_420_800;

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
        let start = Instant::from_timestamp(START, 0).expect("the start is an instant");
        let clock = Arc::new(ManualClock::at(start));
        let random = Arc::new(SeededRandom::new(1));
        let services = Services {
            store: store.store(),
            lake,
            clock: clock.clone(),
            passwords: PasswordHasher::new(2, &*random).expect("the parameters are good"),
            random,
            tokens: TokenSigner::new(&[7; 32]).expect("the secret is long enough"),
            settings: Settings { access_token_seconds: 900, refresh_token_seconds: 1_209_600, jobs_per_client: 2 },
            job_signal: Signal::default(),
        };
        Self { services: Arc::new(services), clock, store }
    }

    /// The parts of the product.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The clock, which moves only when told.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
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
