//! A file on a ticket.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{AttachmentId, TicketId};

use super::{CorrectiveAction, Submission, Ticket, words::TicketEventVisibility};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{BigInt, DateTime},
    types::User,
};

/// A file on a ticket. It is added by `POST /v1/tickets/{id}/attachments` and read at `path`.
#[derive(Debug, Clone)]
pub(crate) struct Attachment(pub(crate) domain::tickets::Attachment);

impl Attachment {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<AttachmentId>() else { return Ok(None) };
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A file on a ticket. It is added by `POST /v1/tickets/{id}/attachments` and read at `path`.
#[Object]
impl Attachment {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The ticket.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        Ticket::load(ctx, self.0.ticket).await
    }

    /// Who may see it.
    async fn visibility(&self) -> TicketEventVisibility {
        self.0.visibility.into()
    }

    /// Its name, without any folder.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// What its bytes say that it is.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// Its length in bytes.
    async fn bytes(&self) -> BigInt {
        BigInt(self.0.bytes)
    }

    /// SHA-256 of its bytes, in hexadecimal.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Where it is read, on the server of this API, with the same credential.
    async fn path(&self) -> String {
        format!("/v1/attachments/{}", self.0.id)
    }

    /// The corrective action that it shows to be done.
    async fn corrective_action(&self, ctx: &Context<'_>) -> Result<Option<CorrectiveAction>> {
        match self.0.action {
            Some(id) => CorrectiveAction::fetch(ctx, &id.into()).await,
            None => Ok(None),
        }
    }

    /// The submission whose outcome it proves.
    async fn submission(&self, ctx: &Context<'_>) -> Result<Option<Submission>> {
        match self.0.submission {
            Some(id) => Submission::of_ticket(ctx, self.0.ticket, id).await,
            None => Ok(None),
        }
    }

    /// Who added it, when you may see users.
    async fn added_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.added_by {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When it was added.
    async fn added_at(&self) -> DateTime {
        self.0.added_at.into()
    }
}

impl Loader<AttachmentId> for Reader {
    type Value = Attachment;
    type Error = FieldError;

    async fn load(&self, ids: &[AttachmentId]) -> Result<HashMap<AttachmentId, Attachment>, FieldError> {
        let attachments = app::tickets::attachments_by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(attachments.into_iter().map(|attachment| (attachment.id, Attachment(attachment))).collect())
    }
}

/// Key of the files of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AttachmentsOf(pub(super) TicketId);

impl Loader<AttachmentsOf> for Reader {
    type Value = Vec<Attachment>;
    type Error = FieldError;

    async fn load(&self, keys: &[AttachmentsOf]) -> Result<HashMap<AttachmentsOf, Vec<Attachment>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let attachments = app::tickets::attachments_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(attachments
            .into_iter()
            .map(|(ticket, files)| (AttachmentsOf(ticket), files.into_iter().map(Attachment).collect()))
            .collect())
    }
}
