//! Submissions to Meta: recorded after a person filed them in Meta's interface, for no interface of Meta's takes them from programs.

use chrono::TimeDelta;
use domain::{
    Instant, SubmissionId,
    access::Permission::TicketsWrite,
    tickets::{
        Move, Submission, SubmissionChannel, SubmissionOutcome, Ticket, TicketEventKind, TicketOutcome, TicketStatus,
    },
};

use super::{
    TicketCode,
    change::{Target, begin, finish, refuse, text},
};
use crate::{OpCtx, OpError, Refusal};

/// A submission that somebody filed.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// The way it went.
    pub channel: SubmissionChannel,
    /// Who filed it, when that was not whoever records it.
    pub filed_by: Option<String>,
    /// Meta's reference, when it gave one.
    pub meta_reference: Option<String>,
    /// When it was filed; absent, now.
    pub submitted_at: Option<Instant>,
    /// When an answer is to be expected; absent, after the channel's usual time.
    pub expected_by: Option<Instant>,
}

/// What Meta said.
#[derive(Debug, Clone)]
pub struct SubmissionAnswer {
    /// How it ended.
    pub outcome: SubmissionOutcome,
    /// When the answer came; absent, now.
    pub answered_at: Option<Instant>,
    /// What Meta wrote.
    pub note: Option<String>,
}

/// Hours in which Meta usually answers: 48 for a review in Business Support Home, 24 for Direct Support and template appeals
/// (Meta's policy enforcement page of November 2025, and its support page).
fn usual_answer(channel: SubmissionChannel) -> Option<TimeDelta> {
    match channel {
        SubmissionChannel::BusinessSupportHome => Some(TimeDelta::hours(48)),
        SubmissionChannel::DirectSupport | SubmissionChannel::WhatsappManager => Some(TimeDelta::hours(24)),
        SubmissionChannel::Email | SubmissionChannel::Other => None,
    }
}

/// Records a submission and moves the ticket to submitted.
///
/// # Errors
/// `MoveRefused` unless the ticket is ready; `AppealClosed` when Meta does not take it, or no longer; `InstantInFuture`;
/// `InstantOutOfOrder` before the last attempt, or with an answer expected before; `WordInvalid`.
pub async fn submit(
    op: &OpCtx,
    target: Target,
    input: NewSubmission,
) -> Result<(Ticket, Submission), OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    let submitted_at = input.submitted_at.unwrap_or(op.now());
    if submitted_at > op.now() {
        return refuse(TicketCode::InstantInFuture, "submittedAt");
    }
    if !ticket.may_appeal(submitted_at) {
        return refuse(TicketCode::AppealClosed, "ticketId");
    }
    let word =
        |word: Option<String>, field| word.map(|word| text(&word, 200, TicketCode::WordInvalid, field)).transpose();
    let (meta_reference, filed_by) = (word(input.meta_reference, "metaReference")?, word(input.filed_by, "filedBy")?);
    let last = store::submissions::of_tickets(&tx, &[ticket.id]).await?.pop();
    if last.as_ref().is_some_and(|last| submitted_at < last.submitted_at) {
        return refuse(TicketCode::InstantOutOfOrder, "submittedAt");
    }
    if input.expected_by.is_some_and(|expected| expected < submitted_at) {
        return refuse(TicketCode::InstantOutOfOrder, "expectedAt");
    }
    let attempt = last.map_or(0, |last| last.attempt) + 1;
    let submission = Submission {
        id: SubmissionId::new(op.now(), op.random()),
        client: ticket.client,
        ticket: ticket.id,
        attempt,
        channel: input.channel,
        submitted_by: op.actor().user(),
        filed_by,
        submitted_at,
        meta_reference,
        expected_by: input.expected_by.or_else(|| Some(submitted_at + usual_answer(input.channel)?)),
        outcome: None,
        outcome_at: None,
        outcome_note: None,
    };
    let (moved, moves) = ticket.clone().moved(Move::To(TicketStatus::Submitted), op.now()).map_err(|refused| {
        OpError::refused(
            Refusal::of(TicketCode::MoveRefused, "ticketId").with("from", refused.from).with("to", refused.to),
        )
    })?;
    let attempt = u32::try_from(attempt).unwrap_or_default();
    let mut events =
        vec![TicketEventKind::Submitted { submission: submission.id, attempt, channel: submission.channel }];
    events.extend(moves);
    store::submissions::insert(&tx, &submission).await?;
    let ticket = finish(op, tx, &ticket, Ok((moved, events))).await?;
    Ok((ticket, submission))
}

/// Records Meta's answer to a submission, or that none came. The ticket is moved by people: that Meta took its decision back only
/// proposes how it will have ended.
///
/// # Errors
/// `AlreadyAnswered`; `InstantInFuture`; `InstantOutOfOrder` before the submission.
pub async fn answer(
    op: &OpCtx,
    submission: SubmissionId,
    expected_version: Option<i32>,
    answer: SubmissionAnswer,
) -> Result<(Ticket, Submission), OpError<TicketCode>> {
    op.require(TicketsWrite)?;
    let found =
        store::submissions::by_ids(&*op.reader().await?, &[submission]).await?.pop().ok_or(OpError::NotFound)?;
    let (tx, ticket) = begin(op, TicketsWrite, Target { ticket: found.ticket, expected_version }).await?;
    // Read again under the write lock: another answer may have come first.
    let mut submission = store::submissions::by_ids(&tx, &[submission]).await?.pop().ok_or(OpError::NotFound)?;
    if submission.outcome.is_some() {
        return refuse(TicketCode::AlreadyAnswered, "submissionId");
    }
    let answered_at = answer.answered_at.unwrap_or(op.now());
    if answered_at > op.now() {
        return refuse(TicketCode::InstantInFuture, "answeredAt");
    }
    if answered_at < submission.submitted_at {
        return refuse(TicketCode::InstantOutOfOrder, "answeredAt");
    }
    submission.outcome = Some(answer.outcome);
    submission.outcome_at = Some(answered_at);
    submission.outcome_note = answer
        .note
        .map(|note| text(&note, super::converse::LONGEST_TEXT, TicketCode::TextInvalid, "note"))
        .transpose()?;
    store::submissions::answer(&tx, &submission).await?;
    let mut events = vec![TicketEventKind::SubmissionAnswered { submission: submission.id, outcome: answer.outcome }];
    let mut answered = ticket.clone();
    if answer.outcome == SubmissionOutcome::Reversed && ticket.status.is_open() {
        let (proposed, event) = answered.proposed(TicketOutcome::Reversed, op.now());
        answered = proposed;
        events.extend(event);
    }
    let ticket = finish(op, tx, &ticket, Ok((answered, events))).await?;
    Ok((ticket, submission))
}
