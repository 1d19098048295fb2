//! Mutations of tickets.

mod converse;
mod enforcement;
mod open;
mod progress;
mod submit;

use app::tickets::{Target, TicketCode};
use async_graphql::{ID, MergedObject, Result, SimpleObject};

use crate::{id::parse, types::Ticket, user_error::user_errors};

/// Mutations of tickets.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct TicketsMutation(
    open::OpenMutation,
    progress::ProgressMutation,
    converse::ConverseMutation,
    submit::SubmitMutation,
    enforcement::EnforcementMutation,
);

user_errors! {
    /// Why work on a ticket was refused.
    TicketUserError, TicketErrorCode from TicketCode {
        /// There is no such client for you.
        ClientNotFound,
        /// The client has no such account.
        WabaNotFound,
        /// The client has no such number.
        PhoneNumberNotFound,
        /// The client has no such template.
        TemplateNotFound,
        /// The client has no such finding, or the findings come from several audits.
        FindingNotFound,
        /// The client has no such notice of enforcement.
        NoticeNotFound,
        /// There is no such member of staff.
        AssigneeNotFound,
        /// The title is empty or longer than 200 characters.
        TitleInvalid,
        /// The text is empty or longer than 20,000 characters.
        TextInvalid,
        /// The state machine does not allow the move.
        MoveRefused,
        /// The ticket is closed: reopen it first.
        TicketClosed,
        /// The instant lies in the future.
        InstantInFuture,
        /// The submission has its answer already.
        AlreadyAnswered,
        /// The word is empty or longer than 200 characters.
        WordInvalid,
        /// Neither an account nor a number is named.
        AssetMissing,
    }
}

/// The ticket after the change.
#[derive(Debug, SimpleObject)]
pub(crate) struct TicketPayload {
    /// The ticket; absent when the input was refused.
    ticket: Option<Ticket>,
    /// Why the input was refused.
    user_errors: Vec<TicketUserError>,
}

impl TicketPayload {
    fn new(
        op: &app::OpCtx,
        result: std::result::Result<domain::tickets::Ticket, app::OpError<TicketCode>>,
    ) -> Result<Self> {
        let (ticket, user_errors) = TicketUserError::split(op, result)?;
        Ok(Self { ticket: ticket.map(Ticket), user_errors })
    }
}

/// The ticket to change; an id that is none is as unknown as one that does not exist.
fn target(ticket_id: &ID, expected_version: Option<i32>) -> Result<Target> {
    Ok(Target { ticket: parse(ticket_id)?, expected_version })
}
