//! Files on tickets: kept as they came, in the object store; handed out to who may see them, and never opened.

mod look;

use std::{collections::HashMap, path::PathBuf};

use domain::{
    AttachmentId, CorrectiveActionId, SubmissionId, TicketId,
    access::Permission::{TicketsInternal, TicketsOpen, TicketsRead, TicketsWrite},
    ports::ObjectReader,
    tickets::{Attachment, Ticket, TicketEventKind, TicketEventVisibility, kept_file_name},
};
use store::Tx;

use super::{
    TicketCode,
    change::{Target, begin, finish, refuse},
};
use crate::{NoCode, OpCtx, OpError};
use look::{Look, look};

/// Largest file, in bytes.
pub const LARGEST_ATTACHMENT: u64 = 25 << 20;

/// Files of one ticket at most.
pub(super) const MOST_ATTACHMENTS: usize = 200;

/// A file to be added.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    /// On which ticket.
    pub ticket: TicketId,
    /// Who may see it.
    pub visibility: TicketEventVisibility,
    /// What the sender calls it.
    pub file_name: String,
    /// Where it waits.
    pub file: PathBuf,
    /// The corrective action that it shows to be done.
    pub action: Option<CorrectiveActionId>,
    /// The submission whose outcome it proves.
    pub submission: Option<SubmissionId>,
}

/// A file that may be read now.
pub struct AttachmentDownload {
    /// The file.
    pub attachment: Attachment,
    /// Its bytes.
    pub reader: Box<dyn ObjectReader>,
}

impl std::fmt::Debug for AttachmentDownload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AttachmentDownload").field("attachment", &self.attachment.id).finish_non_exhaustive()
    }
}

/// Whether the actor may add to the ticket at all: asked before the first byte is taken.
///
/// # Errors
/// `TicketClosed`; `NotFound`; `Forbidden` without `tickets:open`, and without `tickets:write` for what is internal.
pub async fn may_attach(
    op: &OpCtx,
    ticket: TicketId,
    visibility: TicketEventVisibility,
) -> Result<Ticket, OpError<TicketCode>> {
    op.require(TicketsOpen)?;
    if visibility == TicketEventVisibility::Internal {
        op.require(TicketsWrite)?;
    }
    let found = store::tickets::by_ids(&*op.reader().await?, &[ticket]).await?.pop().ok_or(OpError::NotFound)?;
    if found.status.is_open() { Ok(found) } else { refuse(TicketCode::TicketClosed, "ticketId") }
}

/// Adds a file to a ticket. It is stored first: a failure leaves an object that nothing names, which is swept.
///
/// # Errors
/// As [`may_attach`]; `FileNameInvalid`, `FileTooLarge`, `FileTypeRefused`, `TooManyFiles`, `ActionNotFound`, `SubmissionNotFound`.
pub async fn attach(op: &OpCtx, input: NewAttachment) -> Result<Attachment, OpError<TicketCode>> {
    let ticket = may_attach(op, input.ticket, input.visibility).await?;
    let attachment = put(op, &ticket, input).await?;
    record(op, &attachment).await?;
    Ok(attachment)
}

/// Looks at a file and stores it; nothing names it yet.
pub(super) async fn put(op: &OpCtx, ticket: &Ticket, input: NewAttachment) -> Result<Attachment, OpError<TicketCode>> {
    let Some(file_name) = kept_file_name(&input.file_name) else {
        return refuse(TicketCode::FileNameInvalid, "file_name");
    };
    let file = input.file.clone();
    let looked = tokio::task::spawn_blocking(move || look(&file))
        .await
        .map_err(|error| OpError::internal("looking at a file", error))?
        .map_err(|error| OpError::internal("looking at a file", error))?;
    let Look { bytes, sha256, media_type } = looked;
    if bytes > LARGEST_ATTACHMENT {
        return refuse(TicketCode::FileTooLarge, "file");
    }
    let Some(media_type) = media_type else { return refuse(TicketCode::FileTypeRefused, "file") };
    let id = AttachmentId::new(op.now(), op.random());
    let attachment = Attachment {
        id,
        client: ticket.client,
        ticket: ticket.id,
        visibility: input.visibility,
        media_type: text_type(media_type, &file_name).to_owned(),
        file_name,
        bytes,
        sha256,
        path: format!("{}/attachments/{id}", ticket.client),
        action: input.action,
        submission: input.submission,
        added_by: op.actor().user(),
        added_at: op.now(),
    };
    op.services().lake.put(&attachment.path, input.file).await?;
    Ok(attachment)
}

/// Text of tables is told from other text by its name alone.
fn text_type<'a>(media_type: &'a str, file_name: &str) -> &'a str {
    let is_table = file_name.to_ascii_lowercase().ends_with(".csv");
    if media_type == look::TEXT && is_table { "text/csv" } else { media_type }
}

/// Writes a stored file and its event.
async fn record(op: &OpCtx, attachment: &Attachment) -> Result<(), OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsOpen, Target { ticket: attachment.ticket, expected_version: None }).await?;
    if !ticket.status.is_open() {
        return refuse(TicketCode::TicketClosed, "ticketId");
    }
    if store::attachments::of_tickets(&tx, &[ticket.id], true).await?.len() >= MOST_ATTACHMENTS {
        return refuse(TicketCode::TooManyFiles, "ticketId");
    }
    check_purpose(&tx, attachment).await?;
    store::attachments::insert(&tx, attachment).await?;
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![added(attachment)]))).await.map(drop)
}

/// What the timeline says of a file.
pub(super) fn added(attachment: &Attachment) -> TicketEventKind {
    TicketEventKind::FileAdded {
        attachment: attachment.id,
        file_name: attachment.file_name.clone(),
        internal: attachment.visibility == TicketEventVisibility::Internal,
    }
}

async fn check_purpose(tx: &Tx, attachment: &Attachment) -> Result<(), OpError<TicketCode>> {
    if let Some(action) = attachment.action {
        let found = store::corrective_actions::by_ids(tx, &[action]).await?;
        if !found.iter().any(|found| found.ticket == attachment.ticket) {
            return refuse(TicketCode::ActionNotFound, "action");
        }
    }
    if let Some(submission) = attachment.submission {
        let found = store::submissions::by_ids(tx, &[submission]).await?;
        if !found.iter().any(|found| found.ticket == attachment.ticket) {
            return refuse(TicketCode::SubmissionNotFound, "submission");
        }
    }
    Ok(())
}

/// Opens a file that the actor may see.
///
/// # Errors
/// `NotFound`; `Forbidden` without `tickets:read`; `Unavailable` when the object store cannot be read.
pub async fn download_attachment(op: &OpCtx, id: AttachmentId) -> Result<AttachmentDownload, OpError<NoCode>> {
    let attachment = attachments_by_ids(op, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    let reader = op.services().lake.open(&attachment.path).await?;
    Ok(AttachmentDownload { attachment, reader })
}

/// Those of `ids` that the actor may see.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn attachments_by_ids(op: &OpCtx, ids: &[AttachmentId]) -> Result<Vec<Attachment>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    Ok(store::attachments::by_ids(&*op.reader().await?, ids, op.actor().may(TicketsInternal)).await?)
}

/// The files of many tickets that the actor may see, by ticket, oldest first.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn attachments_of(
    op: &OpCtx,
    tickets: &[TicketId],
) -> Result<HashMap<TicketId, Vec<Attachment>>, OpError<NoCode>> {
    op.require(TicketsRead)?;
    let internal = op.actor().may(TicketsInternal);
    let mut answer: HashMap<TicketId, Vec<Attachment>> = HashMap::new();
    for attachment in store::attachments::of_tickets(&*op.reader().await?, tickets, internal).await? {
        answer.entry(attachment.ticket).or_default().push(attachment);
    }
    Ok(answer)
}
