//! Submissions to Meta: recorded after a person filed them in Meta's interface, for no interface of Meta's takes them from programs.

use chrono::TimeDelta;
use domain::{
    Instant, SubmissionId,
    access::Permission::TicketsWrite,
    tickets::{Move, Submission, SubmissionChannel, SubmissionOutcome, Ticket, TicketEventKind, TicketStatus},
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
/// `MoveRefused` unless the ticket is ready; `InstantInFuture`; `WordInvalid` for the reference.
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
    let meta_reference = input
        .meta_reference
        .map(|reference| text(&reference, 200, TicketCode::WordInvalid, "metaReference"))
        .transpose()?;
    let attempt =
        i32::try_from(store::submissions::of_tickets(&tx, &[ticket.id]).await?.len()).unwrap_or(i32::MAX - 1) + 1;
    let submission = Submission {
        id: SubmissionId::new(op.now(), op.random()),
        client: ticket.client,
        ticket: ticket.id,
        attempt,
        channel: input.channel,
        submitted_by: op.actor().user(),
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

/// Records Meta's answer to a submission, or that none came. The ticket is moved by people: the answer only proposes where to.
///
/// # Errors
/// `AlreadyAnswered`.
pub async fn answer(
    op: &OpCtx,
    submission: SubmissionId,
    answer: SubmissionAnswer,
) -> Result<(Ticket, Submission), OpError<TicketCode>> {
    op.require(TicketsWrite)?;
    let found =
        store::submissions::by_ids(&*op.reader().await?, &[submission]).await?.pop().ok_or(OpError::NotFound)?;
    let (tx, ticket) = begin(op, TicketsWrite, Target { ticket: found.ticket, expected_version: None }).await?;
    // Read again under the write lock: another answer may have come first.
    let mut submission = store::submissions::by_ids(&tx, &[submission]).await?.pop().ok_or(OpError::NotFound)?;
    if submission.outcome.is_some() {
        return refuse(TicketCode::AlreadyAnswered, "submissionId");
    }
    submission.outcome = Some(answer.outcome);
    submission.outcome_at = Some(op.now());
    submission.outcome_note = answer
        .note
        .map(|note| text(&note, super::converse::LONGEST_TEXT, TicketCode::TextInvalid, "note"))
        .transpose()?;
    store::submissions::answer(&tx, &submission).await?;
    let event = TicketEventKind::SubmissionAnswered { submission: submission.id, outcome: answer.outcome };
    let ticket = finish(op, tx, &ticket, Ok((ticket.clone(), vec![event]))).await?;
    Ok((ticket, submission))
}
