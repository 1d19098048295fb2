//! Corrective actions of tickets: added by staff, done by whoever owns them, checked by a new audit.

mod add;
mod check;
mod progress;
mod read;
mod remedy;

use domain::{
    CorrectiveActionId,
    access::Permission,
    tickets::{ActionMove, CorrectiveAction, Ticket, TicketEventKind},
};
use store::Tx;

use super::{
    TicketCode,
    change::{refuse, save},
};
use crate::{OpCtx, OpError};

pub use add::{MOST_FINDINGS, NewAction, add_action};
pub use check::check_action;
pub(crate) use check::judge;
pub use progress::{ActionDone, ActionTerms, cancel_action, change_action, complete_action, reopen_action};
pub use read::{ActionFilter, actions_by_ids, actions_of, actions_page};
pub use remedy::{RemedyOf, actions_of_remedies};

/// An action to be changed, and the version that the actor saw.
#[derive(Debug, Clone, Copy)]
pub struct ActionTarget {
    /// Which.
    pub action: CorrectiveActionId,
    /// The version that the actor saw; absent, whatever stands.
    pub expected_version: Option<i32>,
}

/// Reads an action for a change, with its ticket, which nobody else changes meanwhile.
async fn begin(
    op: &OpCtx,
    permission: Permission,
    target: ActionTarget,
) -> Result<(Tx, CorrectiveAction, Ticket), OpError<TicketCode>> {
    op.require(permission)?;
    let tx = op.write().await?;
    let ticket = find(&tx, target.action).await?.ticket;
    let ticket = store::tickets::for_change(&tx, ticket).await?.ok_or(OpError::NotFound)?;
    // Read again: whoever held the ticket may have changed it.
    let action = find(&tx, target.action).await?;
    match target.expected_version {
        Some(expected) if expected != action.version => Err(OpError::Conflict { current: action.version }),
        _ => Ok((tx, action, ticket)),
    }
}

async fn find(tx: &Tx, id: CorrectiveActionId) -> Result<CorrectiveAction, OpError<TicketCode>> {
    store::corrective_actions::by_ids(tx, &[id]).await?.pop().ok_or(OpError::NotFound)
}

/// The action after a move that is allowed.
fn moved(action: &CorrectiveAction, wanted: ActionMove) -> Result<CorrectiveAction, OpError<TicketCode>> {
    match action.state.after(wanted) {
        Some(state) => Ok(CorrectiveAction { state, ..action.clone() }),
        None => refuse(TicketCode::ActionMoveRefused, "actionId"),
    }
}

/// Writes a changed action, and the change of its state into the ticket's timeline.
async fn write(
    op: &OpCtx,
    tx: &Tx,
    ticket: &Ticket,
    before: &CorrectiveAction,
    mut action: CorrectiveAction,
) -> Result<CorrectiveAction, OpError<TicketCode>> {
    if action == *before {
        return Ok(action);
    }
    if !store::corrective_actions::update(tx, &action).await? {
        let current = store::corrective_actions::version(tx, action.id).await?.unwrap_or(before.version);
        return Err(OpError::Conflict { current });
    }
    action.version += 1;
    if action.state != before.state {
        let changed = TicketEventKind::ActionChanged { action: action.id, from: before.state, to: action.state };
        save(op, tx, ticket, Ok((ticket.clone(), vec![changed]))).await?;
    } else if action.due_at != before.due_at {
        // Somebody is to be reminded at another time.
        store::sla::wake(tx, ticket.client, ticket.id, op.now()).await?;
    }
    Ok(action)
}
