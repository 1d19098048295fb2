//! Looking whether an action helped: a new audit is asked for, and says so when it ends.

use domain::{
    Instant,
    access::Permission::AuditsWrite,
    audits::Audit,
    tickets::{ActionMove, CorrectiveAction, check},
    traffic::{Profile, Report},
};
use store::Tx;

use super::{
    super::{TicketCode, change::refuse},
    ActionTarget, begin, moved, write,
};
use crate::{
    NoCode, OpCtx, OpError,
    audits::{RequestAudit, request_in},
};

/// Asks for an audit of what was sent from `from` on, absent since the action was done, that says whether the action helped.
///
/// # Errors
/// `ActionMoveRefused` before the action is done; `ActionWithoutFinding`; `InstantInFuture`.
pub async fn check_action(
    op: &OpCtx,
    target: ActionTarget,
    from: Option<Instant>,
) -> Result<CorrectiveAction, OpError<TicketCode>> {
    let (tx, before, ticket) = begin(op, AuditsWrite, target).await?;
    if before.findings.is_empty() {
        return refuse(TicketCode::ActionWithoutFinding, "actionId");
    }
    if from.is_some_and(|from| from > op.now()) {
        return refuse(TicketCode::InstantInFuture, "from");
    }
    let action = moved(&before, ActionMove::Check)?;
    let wanted =
        RequestAudit { client: before.client, from: from.or(before.done_at), to: None, profile: Profile::Full };
    let audit = request_in(op, &tx, wanted).await?;
    let action = CorrectiveAction { audit: Some(audit.id), checked_at: None, ..action };
    let action = write(op, &tx, &ticket, &before, action).await?;
    tx.commit().await?;
    op.services().job_signal.raise();
    Ok(action)
}

/// Records what an audit that has ended says of the actions that wait for it, in the audit's own transaction.
pub(crate) async fn judge(op: &OpCtx, tx: &Tx, audit: &Audit, report: &Report) -> Result<(), OpError<NoCode>> {
    for before in store::corrective_actions::to_be_judged(tx, audit.id).await? {
        let findings = store::findings::by_ids(tx, &before.findings).await?;
        let Some(ticket) = store::tickets::for_change(tx, before.ticket).await? else { continue };
        let Ok(action) = moved(&before, ActionMove::Judge(check(&findings, report))) else { continue };
        let action = CorrectiveAction { checked_at: Some(op.services().clock.now()), ..action };
        write(op, tx, &ticket, &before, action).await.map_err(|error| match error {
            OpError::Unavailable(error) => OpError::Unavailable(error),
            other => OpError::internal("judging a corrective action", other),
        })?;
    }
    Ok(())
}
