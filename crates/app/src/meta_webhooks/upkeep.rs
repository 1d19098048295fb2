//! What keeps the inbox small, and those who look after it informed.

use domain::{Instant, access::Permission};
use store::{NewDelivery, webhooks};

use super::Kind;
use crate::{OpCtx, OpError};

/// Changes that are put in again at a time.
const CLAIMED: u64 = 500;
/// Bodies that are deleted at a time.
const PRUNED: u64 = 500;
/// Things not understood that are shown.
const SHOWN: u64 = 20;

/// Puts changes of accounts that somebody claims by now into the inbox again. Returns how many. A crash in between puts some in twice,
/// which changes nothing.
///
/// # Errors
/// The store is unavailable, or the inbox full; what is left waits.
pub async fn claim(op: &OpCtx) -> Result<usize, OpError> {
    let services = op.services();
    let look = services.store.read(op.visibility()).await?;
    let claimed = webhooks::claimed(&look, CLAIMED).await?;
    look.rollback().await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    let inbox = services.store.inbox().await?;
    let (ids, count) = (claimed.iter().map(|change| change.id).collect(), claimed.len());
    for change in claimed {
        let survey = meta::webhook::survey(&change.body);
        let Ok(survey) = survey else { continue };
        let delivery = NewDelivery {
            received_at: change.received_at,
            has_traffic: survey.has_traffic,
            has_notices: survey.has_notices,
            body: change.body,
        };
        inbox.append(delivery).await.map_err(|error| OpError::internal("claimed webhooks", error))?;
    }
    let tx = services.store.write(op.visibility()).await?;
    webhooks::delete_unclaimed(&tx, ids).await?;
    tx.commit().await?;
    Ok(count)
}

/// Deletes bodies that came before `before` and were dealt with, and what nobody has claimed or placed for as long. Returns how many
/// bodies.
///
/// # Errors
/// The store is unavailable.
pub async fn prune(op: &OpCtx, before: Instant) -> Result<u64, OpError> {
    let services = op.services();
    let inbox = services.store.inbox().await?;
    let tx = services.store.write(op.visibility()).await?;
    webhooks::prune_unclaimed(&tx, before).await?;
    store::webhook_unplaced::prune(&tx, before).await?;
    let traffic = webhooks::position(&tx, Kind::Traffic.name(), inbox.id()).await?;
    let notices = webhooks::position(&tx, Kind::Notices.name(), inbox.id()).await?;
    tx.commit().await?;
    let mut pruned = 0;
    loop {
        let step = inbox.prune(before, traffic, notices, PRUNED).await?;
        pruned += step;
        if step < PRUNED {
            return Ok(pruned);
        }
    }
}

/// How it stands with webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insight {
    /// Bodies with traffic that are not dealt with yet.
    pub traffic_waiting: u64,
    /// Bodies with anything else that are not.
    pub notices_waiting: u64,
    /// Accounts that nobody claims, and how many changes each has.
    pub unclaimed: Vec<(String, u64)>,
    /// Statuses that do not say to whom the message went, and wait until it is known.
    pub unplaced: u64,
    /// What was not understood, the latest first.
    pub oddities: Vec<webhooks::CountedOddity>,
}

impl Insight {
    /// Bodies that wait for one of the consumers.
    pub const fn waiting(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Traffic => self.traffic_waiting,
            Kind::Notices => self.notices_waiting,
        }
    }
}

/// How it stands with webhooks: for whoever watches the deployment.
///
/// # Errors
/// `Forbidden` without `jobs:read`; `NotFound` for whoever may not know of all clients.
pub async fn insight(op: &OpCtx) -> Result<Insight, OpError> {
    op.require(Permission::JobsRead)?;
    if !op.sees_all() {
        return Err(OpError::NotFound);
    }
    let inbox = op.services().store.inbox().await?;
    let tx = op.services().store.read(op.visibility()).await?;
    let waiting = async |kind: Kind| {
        let position = webhooks::position(&tx, kind.name(), inbox.id()).await?;
        inbox.count_after(position, kind.content()).await
    };
    let insight = Insight {
        traffic_waiting: waiting(Kind::Traffic).await?,
        notices_waiting: waiting(Kind::Notices).await?,
        unclaimed: webhooks::unclaimed_accounts(&tx).await?,
        unplaced: store::webhook_unplaced::count(&tx).await?,
        oddities: webhooks::oddities(&tx, SHOWN).await?,
    };
    tx.rollback().await?;
    Ok(insight)
}
