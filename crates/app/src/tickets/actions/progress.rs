//! Doing actions: completed with proof by whoever owns them, changed, reopened and called off by staff.

use domain::{
    Instant,
    access::Permission::{self, TicketsOpen, TicketsWrite},
    tickets::{ActionMove, ActionOwner, CorrectiveAction},
};

use super::{
    super::{
        TicketCode,
        change::{refuse, text},
        converse::LONGEST_TEXT,
    },
    ActionTarget,
    add::LONGEST_TITLE,
    begin, moved, write,
};
use crate::{OpCtx, OpError};

/// That an action is done.
#[derive(Debug, Clone)]
pub struct ActionDone {
    /// What shows it, in words; not needed where a file does.
    pub proof: Option<String>,
    /// When it was done; absent, now.
    pub done_at: Option<Instant>,
}

/// What staff may change of an action; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ActionTerms {
    /// What has to be done, in one line.
    pub title: Option<String>,
    /// Who has to act.
    pub owner: Option<ActionOwner>,
    /// Until when.
    pub due_at: Option<Instant>,
}

/// Says that an action is done. The client's users say so of what the client has to do, staff of all.
///
/// # Errors
/// `ActionMoveRefused`, `ActionOfStaff`, `TextInvalid` without proof in words or by a file, `InstantInFuture`, `InstantOutOfOrder` before it was added.
pub async fn complete_action(
    op: &OpCtx,
    target: ActionTarget,
    done: ActionDone,
) -> Result<CorrectiveAction, OpError<TicketCode>> {
    let (tx, before, ticket) = begin(op, TicketsOpen, target).await?;
    if before.owner == ActionOwner::Us && !op.actor().may(Permission::TicketsWrite) {
        return refuse(TicketCode::ActionOfStaff, "actionId");
    }
    let done_at = done.done_at.unwrap_or(op.now());
    if done_at > op.now() {
        return refuse(TicketCode::InstantInFuture, "doneAt");
    }
    if done_at < before.added_at {
        return refuse(TicketCode::InstantOutOfOrder, "doneAt");
    }
    let proof = done.proof.map(|proof| text(&proof, LONGEST_TEXT, TicketCode::TextInvalid, "proof")).transpose()?;
    if proof.is_none() && !store::attachments::proves(&tx, before.id).await? {
        return refuse(TicketCode::TextInvalid, "proof");
    }
    let action = CorrectiveAction {
        proof,
        done_by: op.actor().user(),
        done_at: Some(done_at),
        ..moved(&before, ActionMove::Complete)?
    };
    let action = write(op, &tx, &ticket, &before, action).await?;
    tx.commit().await?;
    Ok(action)
}

/// Changes what has to be done, by whom, until when.
///
/// # Errors
/// `TitleInvalid`, `InstantOutOfOrder` for a due date that has passed.
pub async fn change_action(
    op: &OpCtx,
    target: ActionTarget,
    terms: ActionTerms,
) -> Result<CorrectiveAction, OpError<TicketCode>> {
    let (tx, before, ticket) = begin(op, TicketsWrite, target).await?;
    if terms.due_at.is_some_and(|due| due < op.now()) {
        return refuse(TicketCode::InstantOutOfOrder, "dueAt");
    }
    let title = terms.title.map(|title| text(&title, LONGEST_TITLE, TicketCode::TitleInvalid, "title")).transpose()?;
    let action = CorrectiveAction {
        title: title.unwrap_or_else(|| before.title.clone()),
        owner: terms.owner.unwrap_or(before.owner),
        due_at: terms.due_at.or(before.due_at),
        ..before.clone()
    };
    let action = write(op, &tx, &ticket, &before, action).await?;
    tx.commit().await?;
    Ok(action)
}

/// Has an action done after all, or again: its proof is not enough, or did not help. The timeline keeps what was.
///
/// # Errors
/// `ActionMoveRefused`.
pub async fn reopen_action(op: &OpCtx, target: ActionTarget) -> Result<CorrectiveAction, OpError<TicketCode>> {
    let (tx, before, ticket) = begin(op, TicketsWrite, target).await?;
    let action = CorrectiveAction { proof: None, done_by: None, done_at: None, ..moved(&before, ActionMove::Reopen)? };
    let action = write(op, &tx, &ticket, &before, action).await?;
    tx.commit().await?;
    Ok(action)
}

/// Calls an action off.
///
/// # Errors
/// `ActionMoveRefused`.
pub async fn cancel_action(op: &OpCtx, target: ActionTarget) -> Result<CorrectiveAction, OpError<TicketCode>> {
    let (tx, before, ticket) = begin(op, TicketsWrite, target).await?;
    let action = write(op, &tx, &ticket, &before, moved(&before, ActionMove::Cancel)?).await?;
    tx.commit().await?;
    Ok(action)
}
