//! Mutations of tickets.

mod actions;
mod appeal;
mod converse;
mod correct;
mod enforcement;
mod evidence;
mod link;
mod open;
mod organise;
mod progress;
mod submit;

use app::{
    NoCode, OpCtx, OpError,
    tickets::{Target, TicketCode},
};
use async_graphql::{ErrorExtensions as _, ID, MergedObject, Result, SimpleObject, Value};

use crate::{
    error::IntoFieldError,
    id::parse,
    types::{Ticket, TicketEvent},
    user_error::user_errors,
};

/// Mutations of tickets.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct TicketsMutation(
    open::OpenMutation,
    progress::ProgressMutation,
    converse::ConverseMutation,
    correct::CorrectMutation,
    submit::SubmitMutation,
    enforcement::EnforcementMutation,
    appeal::AppealMutation,
    actions::ActionsMutation,
    organise::OrganiseMutation,
    link::LinkMutation,
    evidence::EvidenceMutation,
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
        /// Meta does not take this appeal, or no longer; `ticketAppealSet` changes what is known of it.
        AppealClosed,
        /// The last submission has no refusal by Meta yet, after which another could follow.
        AttemptUnanswered,
        /// The instant lies before what it follows.
        InstantOutOfOrder,
        /// A duplicate, and nothing else, names the ticket that goes on.
        OriginalInvalid,
        /// The client has no such ticket.
        TicketNotFound,
        /// The tickets cannot be tied so, or are not.
        LinkRefused,
        /// The action does not stand where this can be done.
        ActionMoveRefused,
        /// What the BSP has to do is done by staff.
        ActionOfStaff,
        /// The action names no finding that an audit could look for.
        ActionWithoutFinding,
        /// The client has no such preview, or it left nothing out.
        PreviewNotFound,
        /// The preview has no remedy for that rule: it did not search, or nothing that was tried clears the rule.
        RemedyNotFound,
        /// The ticket has no such action.
        ActionNotFound,
        /// The ticket has no such submission.
        SubmissionNotFound,
        /// Nothing is left of the file's name.
        FileNameInvalid,
        /// The file is larger than is taken.
        FileTooLarge,
        /// The file is of a type that is not taken.
        FileTypeRefused,
        /// The ticket has as many files as it may.
        TooManyFiles,
        /// There is no such team.
        TeamNotFound,
        /// The name is empty or longer than 100 characters.
        NameInvalid,
        /// Another one has this name.
        NameTaken,
        /// The tag has other signs than letters, digits, `-` and `_`, or more than 40.
        TagInvalid,
        /// The ticket has as many tags as it may.
        TooManyTags,
        /// A place in the text stands for nothing.
        PlaceUnknown,
        /// The list is too long to be kept.
        ViewInvalid,
        /// As many lists are kept as may be.
        TooManyViews,
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
    fn new(op: &OpCtx, result: Outcome<domain::tickets::Ticket>) -> Result<Self> {
        let (ticket, user_errors) = TicketUserError::split(op, result)?;
        Ok(Self { ticket: ticket.map(Into::into), user_errors })
    }

    /// The same of a change of `target`: a lost race shows what the others did.
    async fn of(op: &OpCtx, target: Target, result: Outcome<domain::tickets::Ticket>) -> Result<Self> {
        Self::new(op, shown(op, target, result).await?)
    }
}

/// What a use case of tickets came to.
type Outcome<T> = std::result::Result<T, OpError<TicketCode>>;

/// The same, unless somebody else was first: then the top-level error, with the events since the version that the caller saw.
async fn shown<T>(op: &OpCtx, target: Target, result: Outcome<T>) -> Result<Outcome<T>> {
    let Err(OpError::Conflict { current }) = result else { return Ok(result) };
    let seen = target.expected_version.unwrap_or(current - 1);
    let changes =
        app::tickets::changes_since(op, target.ticket, seen).await.map_err(IntoFieldError::into_field_error)?;
    let changes: Vec<Value> = changes.into_iter().map(|change| TicketEvent(change).as_extension()).collect();
    let conflict = OpError::<NoCode>::Conflict { current }.into_field_error();
    Err(conflict.extend_with(|_, extensions| extensions.set("changes", changes)))
}

/// The ticket to change; an id that is none is as unknown as one that does not exist.
fn target(ticket_id: &ID, expected_version: Option<i32>) -> Result<Target> {
    Ok(Target { ticket: parse(ticket_id)?, expected_version })
}
