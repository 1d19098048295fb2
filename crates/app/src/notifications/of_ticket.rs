//! What was mailed about a ticket, and what became of it: whoever works on it is asked whether the client knows.

use domain::{
    Instant, NotificationId, TicketId,
    access::{Permission, Visibility},
    notifications::Delivery,
};
use store::page::{Keyset, Page};

use crate::{OpCtx, OpError};

/// Something that people were told of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketMail {
    /// Stable name of what was told.
    pub kind: &'static str,
    /// When it happened.
    pub at: Instant,
    /// To whom it goes, and where each mail stands; nobody until the job has found out.
    pub deliveries: Vec<Delivery>,
}

/// A page of what was mailed about a ticket, by when it happened; nothing for who may not see what is internal. What was told in a
/// digest is its own mail, and stands as such; what is old is forgotten.
///
/// # Errors
/// `NotFound`; `Forbidden` without `tickets:read`; the database is unavailable.
pub async fn of_ticket(op: &OpCtx, ticket: TicketId, keyset: &Keyset) -> Result<Page<TicketMail>, OpError> {
    op.require(Permission::TicketsRead)?;
    let tx = op.reader().await?;
    if store::tickets::by_ids(&tx, &[ticket]).await?.is_empty() {
        return Err(OpError::NotFound);
    }
    if !op.actor().may(Permission::TicketsInternal) {
        return Ok(Page { items: Vec::new(), cursors: Vec::new(), has_next: false });
    }
    let told = store::notifications::page_of_ticket(&tx, ticket, keyset).await?;
    let ids: Vec<NotificationId> = told.items.iter().map(|kept| kept.id).collect();
    // Of a ticket that the actor may know of; the addresses themselves are system rows, and are not shown.
    let all = op.services().store.read(&Visibility::System).await?;
    let mut deliveries = store::deliveries::of_notifications(&all, &ids).await?;
    all.rollback().await?;
    Ok(told.map(|kept| TicketMail {
        kind: kept.notification.kind.as_str(),
        at: kept.created_at,
        deliveries: deliveries.extract_if(.., |delivery| delivery.notification == kept.id).collect(),
    }))
}
