//! Dealing with what lies in the inbox, batch by batch.

use chrono::TimeDelta;
use domain::{Instant, access::Visibility};
use store::{Content, Delivery, Inbox, StoreError, Tx, webhooks};

use super::{notices, oddities::Oddities, traffic};
use crate::{InternalError, OpCtx, OpError, Services};

/// How long a process keeps the work without saying so again.
const HELD: TimeDelta = TimeDelta::seconds(30);
/// The work is kept anew when less than this is left.
const KEPT_ANEW: TimeDelta = TimeDelta::seconds(15);

/// Bodies that are tried where one cannot be dealt with.
const OTHERS: u64 = 20;

/// What a consumer deals with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is told of messages.
    Traffic,
    /// Everything else.
    Notices,
}

impl Kind {
    /// Its name in the table of positions, and in measurements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Traffic => "traffic",
            Self::Notices => "notices",
        }
    }

    /// Which bodies hold it.
    pub const fn content(self) -> Content {
        match self {
            Self::Traffic => Content::Traffic,
            Self::Notices => Content::Notices,
        }
    }

    /// Bodies of a batch. One transaction deals with all notices of one, and holds the writer of an embedded database meanwhile.
    const fn most(self) -> u64 {
        match self {
            Self::Traffic => 50_000,
            Self::Notices => 100,
        }
    }
}

/// What a look into the inbox led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumed {
    /// So many bodies were dealt with.
    Some {
        /// How many.
        bodies: usize,
        /// Whether more than that wait already.
        has_more: bool,
        /// How long the oldest of them had waited when it was done.
        delay: std::time::Duration,
    },
    /// There was nothing.
    Nothing,
    /// Another process has the work.
    Elsewhere,
}

/// One of the consumers, in this process.
#[derive(Debug)]
pub struct Consumer {
    kind: Kind,
    /// This process, which no other and no other start of this one is called.
    holder: String,
    held_until: Option<Instant>,
    position: i64,
    /// Bodies of the next batch.
    most: u64,
}

impl Consumer {
    /// A consumer in the process `holder`.
    pub fn new(kind: Kind, holder: &str) -> Self {
        Self { kind, holder: holder.to_owned(), held_until: None, position: 0, most: kind.most() }
    }

    fn consumer<'c>(&'c self, inbox: &'c Inbox) -> webhooks::Consumer<'c> {
        webhooks::Consumer { name: self.kind.name(), inbox: inbox.id(), holder: &self.holder }
    }

    /// Keeps the work, or takes it; false when another process has it.
    async fn hold(&mut self, services: &Services, inbox: &Inbox) -> Result<bool, StoreError> {
        let now = services.clock.now();
        if self.held_until.is_some_and(|until| until - now > KEPT_ANEW) {
            return Ok(true);
        }
        let tx = services.store.write(&Visibility::System).await?;
        let held = webhooks::hold(&tx, self.consumer(inbox), now, now + HELD).await?;
        tx.commit().await?;
        self.held_until = held.is_some().then_some(now + HELD);
        self.position = held.unwrap_or_default();
        Ok(held.is_some())
    }

    /// Deals with the next batch. One that cannot be dealt with is halved until a single body is left; it stays in the inbox, is counted,
    /// and keeps no other up.
    ///
    /// # Errors
    /// The store or the lake is unavailable, or nothing at all can be dealt with; the batch is tried again later.
    pub async fn step(&mut self, op: &OpCtx) -> Result<Consumed, OpError> {
        let services = op.services();
        let inbox = services.store.inbox().await?;
        loop {
            if !self.hold(services, inbox).await? {
                return Ok(Consumed::Elsewhere);
            }
            let batch = inbox.after(self.position, self.kind.content(), self.most).await?;
            let Some(last) = batch.last().map(|delivery| delivery.position) else { return Ok(Consumed::Nothing) };
            let bodies = batch.len();
            let oldest = batch.iter().map(|delivery| delivery.received_at).min();
            let done = match self.deal_with(op, inbox, batch, last).await {
                Err(OpError::Internal(error)) if bodies > 1 => {
                    tracing::warn!(error = %error, webhooks = bodies, "a batch of webhooks cannot be dealt with: it is halved");
                    self.most = (bodies as u64).div_ceil(2);
                    continue;
                }
                Err(OpError::Internal(error)) => self.pass_over(op, inbox, last, error).await,
                done => done,
            };
            if !matches!(done, Ok(true)) {
                // Where it failed, or somebody else took the work while this process was silent: what it did does not count.
                self.held_until = None;
                return done.map(|_| Consumed::Elsewhere);
            }
            self.position = last;
            self.most = (self.most * 2).min(self.kind.most());
            let delay = oldest.and_then(|oldest| (services.clock.now() - oldest).to_std().ok()).unwrap_or_default();
            let has_more = inbox.has_after(last, self.kind.content()).await?;
            return Ok(Consumed::Some { bodies, has_more, delay });
        }
    }

    async fn deal_with(&self, op: &OpCtx, inbox: &Inbox, batch: Vec<Delivery>, last: i64) -> Result<bool, OpError> {
        let tx = self.effects(op, batch).await?;
        self.end(op.services(), inbox, tx, last).await
    }

    /// What a batch leads to, in a transaction that is not committed yet.
    async fn effects(&self, op: &OpCtx, batch: Vec<Delivery>) -> Result<Tx, OpError> {
        let store = &op.services().store;
        match self.kind {
            Kind::Notices => {
                let staged = notices::stage(op, batch).await?;
                let tx = store.write(&Visibility::System).await?;
                notices::apply(op, &tx, staged).await?;
                Ok(tx)
            }
            Kind::Traffic => {
                let staged = traffic::stage(op, batch).await?;
                let tx = store.write(&Visibility::System).await?;
                traffic::publish(op, &tx, staged).await?;
                Ok(tx)
            }
        }
    }

    /// Goes on behind a body that cannot be dealt with, if others can: else the fault is not the body's, and it waits.
    async fn pass_over(&self, op: &OpCtx, inbox: &Inbox, last: i64, error: InternalError) -> Result<bool, OpError> {
        for other in inbox.after(last, self.kind.content(), OTHERS).await? {
            let Ok(tx) = self.effects(op, vec![other]).await else { continue };
            tx.rollback().await?;
            tracing::error!(error = %error, position = last, "a webhook cannot be dealt with: it stays in the inbox");
            let services = op.services();
            let tx = services.store.write(&Visibility::System).await?;
            let mut oddities = Oddities::default();
            oddities.add("not_dealt_with", self.kind.name(), "", 1);
            oddities.count(&tx, services.clock.now()).await?;
            return self.end(services, inbox, tx, last).await;
        }
        Err(OpError::Internal(error))
    }

    /// Commits the effects and the position together, if the work is still this process's.
    async fn end(&self, services: &Services, inbox: &Inbox, tx: Tx, last: i64) -> Result<bool, OpError> {
        if !webhooks::advance(&tx, self.consumer(inbox), self.position, last).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.commit().await?;
        services.job_signal.raise();
        services.ticket_feed.nudge();
        Ok(true)
    }

    /// Gives the work up, so that another process need not wait for it.
    ///
    /// # Errors
    /// The database is unavailable; then the work is free after a while.
    pub async fn release(&mut self, services: &Services) -> Result<(), StoreError> {
        if self.held_until.take().is_none() {
            return Ok(());
        }
        let inbox = services.store.inbox().await?;
        let tx = services.store.write(&Visibility::System).await?;
        webhooks::release(&tx, self.consumer(inbox)).await?;
        tx.commit().await
    }
}
