//! Reading actions.

use std::collections::HashMap;

use domain::{CorrectiveActionId, TicketId, access::Permission::TicketsRead, tickets::CorrectiveAction};
pub use store::corrective_actions::ActionFilter;
use store::page::{Keyset, Page};

use crate::{NoCode, OpCtx, OpError};

/// The actions of many tickets, by ticket, oldest first.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn actions_of(
    op: &OpCtx,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, Vec<CorrectiveAction>>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    let mut answer: HashMap<TicketId, Vec<CorrectiveAction>> = HashMap::new();
    for action in store::corrective_actions::of_tickets(&*op.reader().await?, tickets).await? {
        answer.entry(action.ticket).or_default().push(action);
    }
    Ok(answer)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn actions_by_ids(op: &OpCtx, ids: &[CorrectiveActionId]) -> Result<Vec<CorrectiveAction>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    Ok(store::corrective_actions::by_ids(&*op.reader().await?, ids).await?)
}

/// A page of actions over all tickets, last added first or as the page says.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn actions_page(
    op: &OpCtx,
    filter: &ActionFilter,
    keyset: &Keyset,
) -> Result<Page<CorrectiveAction>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    Ok(store::corrective_actions::page(&*op.reader().await?, filter, keyset).await?)
}
