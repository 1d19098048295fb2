//! A file with all messages of a finding, and the record of who was shown recipients in clear.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, dataloader::Loader};
use domain::{EvidenceExportId, evidence};

use super::{
    ApiToken, Client, Finding, User,
    audit::{AuditFailure, words::AuditState},
};
use crate::{
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{BigInt, DateTime},
    words::graphql_words,
};

graphql_words! {
    /// How a file of evidence is written. Its columns are those of messages in the exchange formats.
    EvidenceFormat = domain::evidence::EvidenceFormat {
        /// Comma-separated values with a header.
        Csv,
        /// One JSON object a line.
        Ndjson,
        /// Parquet.
        Parquet,
    }
}

graphql_words! {
    /// How recipients came to be shown in clear.
    UnmaskingKind = domain::evidence::UnmaskingKind {
        /// Somebody asked for a file with recipients in clear.
        Requested,
        /// Somebody downloaded it.
        Downloaded,
    }
}

/// A file with all messages of a finding.
#[derive(Debug, Clone)]
pub(crate) struct EvidenceExport(pub(crate) evidence::EvidenceExport);

impl EvidenceExport {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<EvidenceExportId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: EvidenceExportId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// A file with all messages of a finding.
#[Object]
impl EvidenceExport {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The finding.
    async fn finding(&self, ctx: &Context<'_>) -> Result<Option<Finding>> {
        Finding::load(ctx, self.0.finding).await
    }

    /// Where it stands.
    async fn state(&self) -> AuditState {
        self.0.state.into()
    }

    /// How it is written.
    async fn format(&self) -> EvidenceFormat {
        self.0.format.into()
    }

    /// Whether recipients are masked.
    async fn is_masked(&self) -> bool {
        self.0.is_masked
    }

    /// Why they are not.
    async fn unmask_reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// Who asked for it; `null` for a program, and for those who may not see users.
    async fn requested_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.requested_by {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime {
        self.0.requested_at.into()
    }

    /// When it ended, however it did.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(Into::into)
    }

    /// Rows of the file: as many as the finding has messages. `null` until it is written.
    async fn row_count(&self) -> Option<BigInt> {
        self.0.file.as_ref().map(|file| BigInt(file.rows))
    }

    /// Bytes of the file; `null` until it is written.
    async fn bytes(&self) -> Option<BigInt> {
        self.0.file.as_ref().map(|file| BigInt(file.bytes))
    }

    /// SHA-256 of the file, in hexadecimal; `null` until it is written.
    async fn sha256(&self) -> Option<&str> {
        self.0.file.as_ref().map(|file| file.sha256.as_str())
    }

    /// When the file is deleted; `null` until it is written.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.file.as_ref().map(|file| file.expires_at.into())
    }

    /// Where the file is downloaded, with the same credential; `null` until it is written, and once it is deleted.
    async fn path(&self, ctx: &Context<'_>) -> Option<String> {
        let file = self.0.file.as_ref()?;
        (file.expires_at > ctx.op().now()).then(|| format!("/v1/exports/{}", self.0.id))
    }

    /// Why there is no file; `null` unless it failed.
    async fn failure(&self, ctx: &Context<'_>) -> Option<AuditFailure> {
        self.0.failure.map(|failure| AuditFailure::new(ctx.op().lang(), failure))
    }
}

/// A record that somebody was shown recipients in clear. It is never changed and never deleted.
#[derive(Debug, Clone)]
pub(crate) struct Unmasking(pub(crate) evidence::Unmasking);

/// A record that somebody was shown recipients in clear. It is never changed and never deleted.
#[Object]
impl Unmasking {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose recipients.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// In which file; `null` for those who may not see audits.
    async fn export(&self, ctx: &Context<'_>) -> Result<Option<EvidenceExport>> {
        if ctx.op().actor().may(domain::access::Permission::AuditsRead) {
            EvidenceExport::load(ctx, self.0.export).await
        } else {
            Ok(None)
        }
    }

    /// How.
    async fn kind(&self) -> UnmaskingKind {
        self.0.kind.into()
    }

    /// The person who did it; `null` for a program, and for those who may not see users.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.0.user {
            Some(id) => User::load_if_visible(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The program that did it; `null` for a person, and for those who may not see tokens.
    async fn api_token(&self, ctx: &Context<'_>) -> Result<Option<ApiToken>> {
        match self.0.token {
            Some(id) if ctx.op().actor().may(domain::access::Permission::TokensWrite) => {
                ctx.loader().load_one(id).await.map_err(FieldError::show)
            }
            _ => Ok(None),
        }
    }

    /// Why, in the words of who asked.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// How many rows.
    async fn row_count(&self) -> BigInt {
        BigInt(self.0.rows)
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }
}

impl Loader<EvidenceExportId> for Reader {
    type Value = EvidenceExport;
    type Error = FieldError;

    async fn load(&self, ids: &[EvidenceExportId]) -> Result<HashMap<EvidenceExportId, EvidenceExport>, FieldError> {
        let exports = app::exports::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(exports.into_iter().map(|export| (export.id, EvidenceExport(export))).collect())
    }
}
