//! The product with a manual clock and seeded randomness, over a store and a lake of a test.

use std::{ops::Deref, sync::Arc};

use app::{
    OpCtx, Services, Settings,
    accounts::{PasswordHasher, TokenSigner},
};
use domain::{
    ApiTokenId, ClientId, Instant,
    access::{Actor, Permission, PermissionSet, Visibility},
    clients::Client,
    ports::{Lake, ManualClock, SeededRandom},
};
use i18n::Lang;
use store::testing::TestStore;

/// When tests begin: 2026-11-23, a Monday, 09:00 in Rome.
pub(crate) const START: i64 = 1_795_420_800;

pub(crate) struct TestApp {
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
    pub(crate) fn with_lake(store: TestStore, lake: Arc<dyn Lake>) -> Self {
        let clock = Arc::new(ManualClock::at(Instant::from_timestamp(START, 0).unwrap()));
        let random = Arc::new(SeededRandom::new(1));
        let services = Services {
            store: store.store(),
            lake,
            clock: clock.clone(),
            passwords: PasswordHasher::new(1, &*random).unwrap(),
            random,
            tokens: TokenSigner::new(&[7; 32]).unwrap(),
            settings: Settings { access_token_seconds: 900, refresh_token_seconds: 1_209_600, jobs_per_client: 2 },
            job_signal: app::jobs::Signal::default(),
        };
        Self { services: Arc::new(services), clock, store }
    }

    pub(crate) fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// An operation of the product itself.
    pub(crate) fn system(&self) -> OpCtx {
        OpCtx::system(Arc::clone(&self.services))
    }

    /// A new client, named after its slug.
    pub(crate) async fn client(&self, slug: &str) -> ClientId {
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
        let tx = self.store.write(&Visibility::System).await.unwrap();
        store::clients::insert(&tx, &client).await.unwrap();
        tx.commit().await.unwrap();
        client.id
    }

    /// An operation of a program, in English.
    pub(crate) fn program(&self, client: Option<ClientId>, permissions: &[Permission]) -> OpCtx {
        let token = ApiTokenId::new(self.services.clock.now(), &*self.services.random);
        let actor = Actor::Token { token, client, permissions: PermissionSet::of(permissions) };
        OpCtx::new(Arc::clone(&self.services), actor, Lang::En)
    }
}
