//! Dealing with what lies in the inbox, batch by batch.

use chrono::TimeDelta;
use domain::{Instant, access::Visibility};
use store::{Content, Delivery, Inbox, StoreError, Tx, webhooks};

use super::{notices, traffic};
use crate::{OpCtx, OpError, Services};

/// How long a process keeps the work without saying so again.
const HELD: TimeDelta = TimeDelta::seconds(30);
/// The work is kept anew when less than this is left.
const KEPT_ANEW: TimeDelta = TimeDelta::seconds(15);

/// What a consumer deals with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is told of messages.
    Traffic,
    /// Everything else.
    Notices,
}

impl Kind {
    /// Its name in the table of positions.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Traffic => "traffic",
            Self::Notices => "notices",
        }
    }

    pub(super) const fn content(self) -> Content {
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
}

impl Consumer {
    /// A consumer in the process `holder`.
    pub fn new(kind: Kind, holder: &str) -> Self {
        Self { kind, holder: holder.to_owned(), held_until: None, position: 0 }
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

    /// Deals with the next batch.
    ///
    /// # Errors
    /// The store or the lake is unavailable; the batch is dealt with again later.
    pub async fn step(&mut self, op: &OpCtx) -> Result<Consumed, OpError> {
        let services = op.services();
        let inbox = services.store.inbox().await?;
        if !self.hold(services, inbox).await? {
            return Ok(Consumed::Elsewhere);
        }
        let batch = inbox.after(self.position, self.kind.content(), self.kind.most()).await?;
        let Some(last) = batch.last().map(|delivery| delivery.position) else { return Ok(Consumed::Nothing) };
        let bodies = batch.len();
        let has_more = inbox.count_after(last, self.kind.content()).await? > 0;
        match self.deal_with(op, inbox, batch, last).await {
            Ok(true) => {
                self.position = last;
                Ok(Consumed::Some { bodies, has_more })
            }
            Ok(false) => {
                // Somebody else took the work while this process was silent; what it did counts, and this does not.
                self.held_until = None;
                Ok(Consumed::Elsewhere)
            }
            Err(error) => {
                self.held_until = None;
                Err(error)
            }
        }
    }

    async fn deal_with(&self, op: &OpCtx, inbox: &Inbox, batch: Vec<Delivery>, last: i64) -> Result<bool, OpError> {
        let services = op.services();
        match self.kind {
            Kind::Notices => {
                let staged = notices::stage(op, &batch).await?;
                let tx = services.store.write(&Visibility::System).await?;
                notices::apply(op, &tx, staged).await?;
                self.end(services, inbox, tx, last).await
            }
            Kind::Traffic => {
                let staged = traffic::stage(op, &batch).await?;
                let tx = services.store.write(&Visibility::System).await?;
                let has_job = traffic::publish(op, &tx, staged).await?;
                let done = self.end(services, inbox, tx, last).await?;
                if done && has_job {
                    services.job_signal.raise();
                }
                Ok(done)
            }
        }
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
