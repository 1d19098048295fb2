//! A submission to Meta.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{SubmissionId, TicketId};

use super::{
    Attachment,
    attachment::AttachmentsOf,
    words::{SubmissionChannel, SubmissionOutcome},
};
use crate::{context::ContextExt as _, error::FieldError, loaders::Reader, scalars::DateTime, types::User};

/// Something that was handed to Meta, by a person in Meta's interface.
#[derive(Debug, Clone)]
pub(crate) struct Submission(pub(crate) domain::tickets::Submission);

impl Submission {
    /// One of a ticket, if the actor may know of it.
    pub(super) async fn of_ticket(ctx: &Context<'_>, ticket: TicketId, id: SubmissionId) -> Result<Option<Self>> {
        let all = ctx.loader().load_one(SubmissionsOf(ticket)).await.map_err(FieldError::show)?;
        Ok(all.unwrap_or_default().into_iter().find(|submission| submission.0.id == id))
    }
}

/// Something that was handed to Meta, by a person in Meta's interface.
#[Object]
impl Submission {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Which attempt, from 1.
    async fn attempt(&self) -> i32 {
        self.0.attempt
    }

    /// The way it went.
    async fn channel(&self) -> SubmissionChannel {
        self.0.channel.into()
    }

    /// Who recorded it, when you may see users.
    async fn submitted_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.submitted_by {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Who filed it, when that was not whoever recorded it.
    async fn filed_by(&self) -> Option<&str> {
        self.0.filed_by.as_deref()
    }

    /// When it was filed.
    async fn submitted_at(&self) -> DateTime {
        self.0.submitted_at.into()
    }

    /// Meta's reference, when it gave one.
    async fn meta_reference(&self) -> Option<&str> {
        self.0.meta_reference.as_deref()
    }

    /// When an answer is to be expected.
    async fn expected_at(&self) -> Option<DateTime> {
        self.0.expected_by.map(Into::into)
    }

    /// Meta's answer.
    async fn outcome(&self) -> Option<SubmissionOutcome> {
        self.0.outcome.map(Into::into)
    }

    /// When the answer came.
    async fn outcome_at(&self) -> Option<DateTime> {
        self.0.outcome_at.map(Into::into)
    }

    /// What Meta said.
    async fn outcome_note(&self) -> Option<&str> {
        self.0.outcome_note.as_deref()
    }

    /// The files that show what was filed and how Meta answered (`submission=` of an upload), oldest first.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn evidence(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let files = ctx.loader().load_one(AttachmentsOf(self.0.ticket)).await.map_err(FieldError::show)?;
        let mut files = files.unwrap_or_default();
        files.retain(|file| file.0.submission == Some(self.0.id));
        Ok(files)
    }
}

/// Key of the submissions of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SubmissionsOf(pub(super) TicketId);

impl Loader<SubmissionsOf> for Reader {
    type Value = Vec<Submission>;
    type Error = FieldError;

    async fn load(&self, keys: &[SubmissionsOf]) -> Result<HashMap<SubmissionsOf, Vec<Submission>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let submissions = app::tickets::submissions_of(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(submissions
            .into_iter()
            .map(|(ticket, submissions)| (SubmissionsOf(ticket), submissions.into_iter().map(Submission).collect()))
            .collect())
    }
}
