//! `ticketSubmissionRecord` and `ticketSubmissionAnswer`.

use app::tickets::{NewSubmission, SubmissionAnswer};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::{Outcome, TicketUserError, shown, target};
use crate::{
    context::ContextExt as _,
    id::parse,
    scalars::DateTime,
    types::{
        Submission, Ticket,
        ticket_words::{SubmissionChannel, SubmissionOutcome},
    },
};

/// A submission that somebody filed with Meta.
#[derive(Debug, InputObject)]
pub(crate) struct TicketSubmissionRecordInput {
    /// The ticket; it must be ready.
    ticket_id: ID,
    /// The way it went.
    channel: SubmissionChannel,
    /// Who filed it, when that was not you: the admin of the client's portfolio, say.
    filed_by: Option<String>,
    /// Meta's reference, when it gave one.
    meta_reference: Option<String>,
    /// When it was filed; absent, now.
    submitted_at: Option<DateTime>,
    /// When an answer is to be expected; absent, after the channel's usual time.
    expected_at: Option<DateTime>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// What Meta said.
#[derive(Debug, InputObject)]
pub(crate) struct TicketSubmissionAnswerInput {
    /// The submission.
    submission_id: ID,
    /// How it ended.
    outcome: SubmissionOutcome,
    /// When the answer came; absent, now.
    answered_at: Option<DateTime>,
    /// What Meta wrote; the client sees it.
    note: Option<String>,
    /// The version of the ticket that you saw.
    expected_version: Option<i32>,
}

/// The ticket and the submission after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct TicketSubmissionPayload {
    /// The ticket; absent when the input was refused.
    ticket: Option<Ticket>,
    /// The submission; absent when the input was refused.
    submission: Option<Submission>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

/// Submissions to Meta.
#[derive(Debug, Default)]
pub(crate) struct SubmitMutation;

#[Object]
impl SubmitMutation {
    /// Records what was filed with Meta, and moves the ticket to submitted. Requires `tickets:write`.
    async fn ticket_submission_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission.")] input: TicketSubmissionRecordInput,
    ) -> Result<TicketSubmissionPayload> {
        let target = target(&input.ticket_id, input.expected_version)?;
        let new = NewSubmission {
            channel: input.channel.into(),
            filed_by: input.filed_by,
            meta_reference: input.meta_reference,
            submitted_at: input.submitted_at.map(|instant| instant.0),
            expected_by: input.expected_at.map(|instant| instant.0),
        };
        payload(ctx, shown(ctx.op(), target, app::tickets::submit(ctx.op(), target, new).await).await?)
    }

    /// Records Meta's answer, or that none came. The ticket stays where it is: move it on. Requires `tickets:write`.
    async fn ticket_submission_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: TicketSubmissionAnswerInput,
    ) -> Result<TicketSubmissionPayload> {
        let answer = SubmissionAnswer {
            outcome: input.outcome.into(),
            answered_at: input.answered_at.map(|instant| instant.0),
            note: input.note,
        };
        let id = parse(&input.submission_id)?;
        payload(ctx, app::tickets::answer(ctx.op(), id, input.expected_version, answer).await)
    }
}

type Answered = (domain::tickets::Ticket, domain::tickets::Submission);

fn payload(ctx: &Context<'_>, result: Outcome<Answered>) -> Result<TicketSubmissionPayload> {
    let (answered, user_errors) = TicketUserError::split(ctx.op(), result)?;
    let (ticket, submission) =
        answered.map(|(ticket, submission)| (Ticket::from(ticket), Submission(submission))).unzip();
    Ok(TicketSubmissionPayload { ticket, submission, user_errors })
}
