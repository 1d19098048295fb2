//! Incidents of the platform, seen in what statuses tell: kept, and told once to those who look after clients, instead of a finding or a
//! ticket for each.

use chrono::DurationRound as _;
use domain::{
    Instant, PlatformIncidentId,
    access::{Permission, Visibility},
    incidents::{Outbreak, PlatformIncident, SLOT, USUAL, outbreaks, suspects},
    notifications::{Notification, NotificationKind, Recipient},
};
use store::{
    Tx,
    page::{Keyset, Page, Span},
};

use crate::{NoCode, OpCtx, OpError, notifications::notify};

/// Looks at the slot that runs and at the one before it: which errors are up, and which no longer are. Returns how many incidents last.
///
/// # Errors
/// The database is unavailable.
pub async fn look(op: &OpCtx) -> Result<usize, OpError> {
    let now = op.services().clock.now();
    let slot = now.duration_trunc(SLOT).map_err(|error| OpError::internal("slots of incidents", error))?;
    let tx = op.services().store.write(&Visibility::System).await?;
    let recent = Span { from: slot - SLOT, to: slot + SLOT };
    let mut counts = store::incidents::errors(&tx, recent, None).await?;
    let mut open = store::incidents::open(&tx).await?;
    let mut codes = suspects(&counts);
    codes.extend(open.iter().map(|incident| incident.code));
    if !codes.is_empty() {
        let before = Span { from: recent.from - USUAL, to: recent.from };
        counts.extend(store::incidents::errors(&tx, before, Some(&codes)).await?);
    }
    // The slot before may have been completed since.
    for at in [slot - SLOT, slot] {
        for outbreak in outbreaks(&counts, at) {
            match open.iter_mut().find(|incident| incident.code == outbreak.code) {
                Some(incident) => {
                    incident.clients = incident.clients.max(outbreak.clients);
                    incident.last_at = incident.last_at.max(at);
                }
                None => open.extend(begin(op, &tx, outbreak, at).await?),
            }
        }
    }
    for incident in &mut open {
        let own = counts.iter().filter(|count| count.code == incident.code && count.slot >= incident.began_at);
        incident.messages = incident.messages.max(own.map(|count| count.messages).sum());
        // Two slots without it.
        if incident.last_at < slot - SLOT {
            incident.ended_at = Some(incident.last_at + SLOT);
        }
        store::incidents::update(&tx, incident).await?;
    }
    store::incidents::forget_errors(&tx, slot - USUAL - SLOT * 4).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(open.iter().filter(|incident| incident.ended_at.is_none()).count())
}

async fn begin(op: &OpCtx, tx: &Tx, outbreak: Outbreak, at: Instant) -> Result<Option<PlatformIncident>, OpError> {
    let incident = PlatformIncident {
        id: PlatformIncidentId::new(op.services().clock.now(), op.random()),
        code: outbreak.code,
        began_at: at,
        last_at: at,
        ended_at: None,
        clients: outbreak.clients,
        messages: outbreak.messages,
    };
    if !store::incidents::insert(tx, &incident).await? {
        // Another process was first.
        return Ok(None);
    }
    let kind = NotificationKind::PlatformIncident {
        code: incident.code,
        clients: incident.clients,
        messages: incident.messages,
        since: incident.began_at,
    };
    let told = Notification::new(kind, format!("platform_incident:{}", incident.id)).to(Recipient::Agents);
    notify(op, tx, told).await?;
    Ok(Some(incident))
}

/// A page of incidents, by their beginning.
///
/// # Errors
/// `Forbidden` without `jobs:read`; `NotFound` for whoever may not know of all clients.
pub async fn page(op: &OpCtx, keyset: &Keyset) -> Result<Page<PlatformIncident>, OpError<NoCode>> {
    op.require(Permission::JobsRead)?;
    if !op.sees_all() {
        return Err(OpError::NotFound);
    }
    Ok(store::incidents::page(&*op.reader().await?, keyset).await?)
}

#[cfg(test)]
mod tests {
    use domain::{
        ClientId,
        access::Role,
        incidents::{ALL_STATUSES, ErrorCount},
    };
    use store::{both_stores, testing::TestStore};

    use super::*;
    use crate::testing::TestApp;

    async fn comes(app: &TestApp, clients: &[ClientId], code: u32, messages: u64) {
        let slot = app.system().now().duration_trunc(SLOT).unwrap();
        let count = |client: &ClientId| ErrorCount { client: *client, slot, code, messages };
        let tx = app.write(&Visibility::System).await.unwrap();
        store::incidents::add_errors(&tx, &clients.iter().map(count).collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
    }

    both_stores! {
        async fn an_error_up_at_many_clients_is_one_incident_told_once_and_ends(store: TestStore) {
            let app = TestApp::new(store);
            app.staff(Role::SupportAgent).await;
            let mut clients = Vec::new();
            for slug in ["alfa", "beta", "gamma", "delta"] {
                clients.push(app.client(slug).await);
            }
            comes(&app, &clients, ALL_STATUSES, 100).await;
            comes(&app, &clients[..3], 131_000, 4).await;
            assert_eq!(look(&app.system()).await.unwrap(), 0);
            comes(&app, &clients[..3], 131_000, 16).await;
            assert_eq!(look(&app.system()).await.unwrap(), 1);
            app.clock().advance(60);
            comes(&app, &clients[..2], 131_000, 5).await;
            assert_eq!(look(&app.system()).await.unwrap(), 1, "the same incident still");
            app.drain().await;
            assert_eq!(app.mails().sent().len(), 1);
            // An operation reads as of its beginning: each look is one.
            let listed = async || page(&app.staff(Role::BspAdmin).await, &Keyset::first(10)).await.unwrap().items;
            assert_eq!(listed().await.len(), 1);
            let begun = listed().await[0];
            assert_eq!((begun.code, begun.clients, begun.messages, begun.ended_at), (131_000, 3, 70, None));
            app.clock().advance(3_600);
            assert_eq!(look(&app.system()).await.unwrap(), 0);
            assert_eq!(listed().await[0].ended_at, Some(begun.last_at + SLOT));
        }
    }
}
