//! What every operation is given: who asks, what it may know of, and the parts of the product.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, Ordering},
};

use domain::{
    ClientId, Instant,
    access::{Actor, Permission, Visibility},
    ports::{Clock, Lake, Random},
    tickets::TicketKind,
};
use i18n::Lang;
use store::{Store, Tx};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    accounts::{PasswordHasher, TokenSigner, TokenUses},
    activity::Doing,
    error::{Code, OpError},
    jobs::Signal,
    notifications::Mailer,
    sla::Remembered,
    tickets::TicketFeed,
    vault::Vault,
};

/// Durations and limits of use cases, from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long an access token is good, in seconds.
    pub access_token_seconds: u32,
    /// How long a sign-in lasts without being refreshed, in seconds.
    pub refresh_token_seconds: u32,
    /// Jobs of one client that run at the same time.
    pub jobs_per_client: u32,
    /// Whether staff sign in with a second factor alone.
    pub staff_second_factor: bool,
    /// What Meta does to templates that is a ticket.
    pub template_tickets: Vec<TicketKind>,
}

impl Settings {
    /// What Meta may do to templates that can be a ticket.
    pub const TEMPLATE_TICKETS: [TicketKind; 3] =
        [TicketKind::TemplateRejected, TicketKind::TemplatePaused, TicketKind::TemplateCategory];
}

/// The parts of the product; one for the whole process.
#[derive(Debug)]
pub struct Services {
    /// SQL.
    pub store: Store,
    /// Parquet.
    pub lake: Arc<dyn Lake>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness fit for secrets.
    pub random: Arc<dyn Random>,
    /// Hashes and checks passwords, a bounded number at a time.
    pub passwords: PasswordHasher,
    /// Signs and checks access tokens.
    pub tokens: TokenSigner,
    /// When programs were last seen, until it is written.
    pub token_uses: TokenUses,
    /// Seals the secrets that are kept.
    pub vault: Vault,
    /// Mails.
    pub mailer: Mailer,
    /// Carries webhooks.
    pub webhooks: Arc<dyn hooks::Sender>,
    /// Durations and limits.
    pub settings: Settings,
    /// Wakes the relay of jobs: raised after the commit of whatever puts a job in.
    pub job_signal: Signal,
    /// Wakes who follows tickets.
    pub ticket_feed: TicketFeed,
    /// What the process remembers of promises.
    pub promises: Remembered,
}

/// One operation: built at the edge, passed first to every use case.
#[derive(Debug, Clone)]
pub struct OpCtx {
    services: Arc<Services>,
    actor: Actor,
    visibility: Visibility,
    lang: Lang,
    /// In microseconds of Unix; shared by the clones of one operation.
    now: Arc<AtomicI64>,
    /// The transaction in which the whole operation reads; dropped by each write, so that what follows sees it.
    reader: Arc<Mutex<Option<Arc<Tx>>>>,
    /// With what its transactions are marked, when it is to be done once.
    mark: Arc<OnceLock<Uuid>>,
    /// What it is doing, for the activity log.
    doing: Doing,
    /// Where the operation came from: the address of whoever asks, for throttling and for the activity log.
    pub address: Option<std::net::IpAddr>,
    /// Id of the request, for the activity log.
    pub request: Option<String>,
}

impl OpCtx {
    /// An operation of `actor`, who reads `lang`, that begins now.
    pub fn new(services: Arc<Services>, actor: Actor, lang: Lang) -> Self {
        let visibility = actor.visibility();
        let now = Arc::new(AtomicI64::new(services.clock.now().timestamp_micros()));
        Self {
            services,
            actor,
            visibility,
            lang,
            now,
            reader: Arc::default(),
            mark: Arc::default(),
            doing: Doing::default(),
            address: None,
            request: None,
        }
    }

    /// The same operation, as a member of staff who looks at what `client` sees: as itself, and changing nothing.
    ///
    /// # Errors
    /// `NotFound` for a client that it may not know of; `Forbidden` without `clients:view_as`.
    pub async fn view_as(&self, client: ClientId) -> Result<Self, OpError> {
        self.require_on(Permission::ClientsViewAs, client)?;
        // A program has nobody whose view it would be.
        let user = self.actor.user().ok_or(OpError::Forbidden(Permission::ClientsViewAs))?;
        if store::clients::by_id(&*self.reader().await?, client).await?.is_none() {
            return Err(OpError::NotFound);
        }
        self.let_go().await;
        Ok(self.entered(Actor::Viewing { user, client }))
    }

    /// The same operation, of somebody who has just shown who it is: what it writes is entered in the activity log under that name.
    pub(crate) fn entered(&self, actor: Actor) -> Self {
        let visibility = actor.visibility();
        Self { actor, visibility, reader: Arc::default(), ..self.clone() }
    }

    /// An operation of the product itself: for jobs and the command line alone.
    pub fn system(services: Arc<Services>) -> Self {
        Self::new(services, Actor::System, Lang::En)
    }

    /// The parts of the product.
    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// An operation of its own, of somebody else, that comes of this one: it has its own entry in the activity log.
    pub(crate) fn apart(&self, actor: Actor, action: &str) -> Self {
        let apart = Self { doing: Doing::default(), ..self.entered(actor) };
        apart.begin(action, Vec::new());
        apart
    }

    /// A transaction that was begun before it was known who acts, recorded as this operation's.
    pub(crate) fn recorded(&self, tx: Tx) -> Tx {
        match self.record() {
            Some(record) => tx.recording(record),
            None => tx,
        }
    }

    pub(crate) const fn doing(&self) -> &Doing {
        &self.doing
    }

    /// What it may know of.
    pub fn visibility(&self) -> &Visibility {
        &self.visibility
    }

    /// Whether it may know of every client.
    pub fn sees_all(&self) -> bool {
        matches!(self.visibility, Visibility::System | Visibility::AllClients)
    }

    /// The language of texts for whoever asks.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The instant at which the operation began.
    pub fn now(&self) -> Instant {
        // Made of an instant, so it is one.
        Instant::from_timestamp_micros(self.now.load(Ordering::Relaxed)).unwrap_or_default()
    }

    /// Begins anew: for operations that live as long as somebody follows them. What is read from here on is of this moment.
    pub async fn renew(&self) {
        *self.reader.lock().await = None;
        self.now.store(self.services.clock.now().timestamp_micros(), Ordering::Relaxed);
    }

    /// Randomness.
    pub fn random(&self) -> &dyn Random {
        &*self.services.random
    }

    /// Refuses whoever lacks `permission`.
    ///
    /// # Errors
    /// `Unauthenticated` for nobody, else `Forbidden`.
    pub fn require<C: Code>(&self, permission: Permission) -> Result<(), OpError<C>> {
        if self.actor.may(permission) {
            Ok(())
        } else if self.actor == Actor::Anonymous {
            Err(OpError::Unauthenticated)
        } else {
            Err(OpError::Forbidden(permission))
        }
    }

    /// Refuses whoever may not know of `client` (as not found) or lacks `permission`.
    ///
    /// # Errors
    /// `NotFound`, `Unauthenticated` or `Forbidden`.
    pub fn require_on<C: Code>(&self, permission: Permission, client: ClientId) -> Result<(), OpError<C>> {
        if self.actor != Actor::Anonymous && !self.visibility.includes(client) {
            return Err(OpError::NotFound);
        }
        self.require(permission)
    }

    /// The transaction in which the whole operation reads, under the actor's visibility.
    pub async fn reader<C: Code>(&self) -> Result<Arc<Tx>, OpError<C>> {
        let mut reader = self.reader.lock().await;
        if let Some(tx) = &*reader {
            return Ok(Arc::clone(tx));
        }
        let store = &self.services.store;
        // Nobody waits for what the product does by itself, and it may take its time.
        let tx = match self.actor {
            Actor::System => store.read(&self.visibility).await?,
            _ => store.read_for_answer(&self.visibility).await?,
        };
        let tx = Arc::new(tx);
        *reader = Some(Arc::clone(&tx));
        Ok(tx)
    }

    /// Marks everything that the operation writes from here on: see [`idempotency`](crate::idempotency).
    pub(crate) fn mark_writes(&self, id: Uuid) {
        // An operation is begun once; were it begun twice, the first mark is the right one.
        let _ = self.mark.set(id);
    }

    /// Lets go of the transaction in which the operation reads: for operations that wait for somebody else between their reads.
    pub async fn let_go(&self) {
        *self.reader.lock().await = None;
    }

    /// A transaction that writes, under the actor's visibility.
    pub async fn write<C: Code>(&self) -> Result<Tx, OpError<C>> {
        self.write_as(&self.visibility).await
    }

    /// A transaction that writes where the actor itself may not look, such as the job ledger: for use cases that have checked
    /// what they do there.
    pub async fn write_as_system<C: Code>(&self) -> Result<Tx, OpError<C>> {
        self.write_as(&Visibility::System).await
    }

    /// The same, for what is no deed of anybody, such as counting an attempt: it is not entered in the activity log.
    pub(crate) async fn unrecorded_as_system<C: Code>(&self) -> Result<Tx, OpError<C>> {
        *self.reader.lock().await = None;
        Ok(self.services.store.write(&Visibility::System).await?)
    }

    /// What is written is entered in the activity log, when it is committed and in the same transaction.
    async fn write_as<C: Code>(&self, visibility: &Visibility) -> Result<Tx, OpError<C>> {
        *self.reader.lock().await = None;
        let tx = self.services.store.write(visibility).await?;
        if let Some(id) = self.mark.get() {
            store::idempotency::mark(&tx, *id, self.now()).await?;
        }
        Ok(self.recorded(tx))
    }
}
