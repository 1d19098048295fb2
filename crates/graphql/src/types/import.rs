//! An import of a file, and its bad rows.

use std::collections::HashMap;

use app::imports;
use async_graphql::{Context, ID, Object, Result, SimpleObject, dataloader::Loader};
use domain::ImportId;
use i18n::{Group, word};

use super::Client;
use crate::{
    context::ContextExt as _,
    error::{FieldError, IntoFieldError},
    loaders::Reader,
    page::{Connection, PageArguments, connection},
    scalars::{BigInt, DateTime},
    words::graphql_words,
};

graphql_words! {
    /// What the rows of a file are.
    ImportKind = domain::imports::ImportKind {
        /// Outbound messages.
        Messages,
        /// Messages that people wrote.
        Inbound,
        /// Events of the consent ledger.
        Consents,
        /// Message templates, as the Graph API returns them.
        Templates,
        /// What a client declares of itself: names, domains, permits, wordings, campaigns, people who were suppressed.
        Assets,
    }
}

graphql_words! {
    /// Where an import stands.
    ImportState = domain::imports::ImportState {
        /// Being read; nothing of it is visible.
        Running,
        /// Published.
        Completed,
        /// Given up; nothing of it is visible.
        Failed,
    }
}

graphql_words! {
    /// Why an import was given up.
    ImportFailureCode = domain::imports::ImportFailureKind {
        /// The file cannot be used as a whole.
        Unusable,
        /// Somebody asked to stop.
        Cancelled,
        /// The process that read it fell silent.
        Abandoned,
        /// Another import of the same content was completed first.
        Overtaken,
        /// The service could not store the rows.
        Storage,
    }
}

/// Why an import was given up.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ImportFailure {
    /// Why, for programs.
    code: ImportFailureCode,
    /// Why, in the reader's language.
    message: String,
    /// What exactly is wrong with the file and what to do, in English; present for `UNUSABLE`.
    detail: Option<String>,
}

/// A row that was refused. What it says is not kept.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ImportRowError {
    /// Line in the file, from 1 (the header of a CSV is line 1); the row's number for Parquet.
    line: BigInt,
    /// The column at fault; absent when the whole row is.
    column: Option<String>,
    /// Why, in the reader's language; goes on after the column's name.
    reason: String,
    /// Why, for programs: a stable word such as `not_an_instant`.
    code: String,
}

/// An import of one file.
#[derive(Debug, Clone)]
pub(crate) struct Import(pub(crate) domain::imports::Import);

impl Import {
    /// By its id, if the actor may know of it.
    pub(crate) async fn fetch(ctx: &Context<'_>, id: &ID) -> Result<Option<Self>> {
        let Ok(id) = id.parse::<ImportId>() else { return Ok(None) };
        Self::load(ctx, id).await
    }

    /// By its id, batched.
    pub(crate) async fn load(ctx: &Context<'_>, id: ImportId) -> Result<Option<Self>> {
        ctx.loader().load_one(id).await.map_err(FieldError::show)
    }
}

/// An import of one file.
#[Object]
impl Import {
    /// Id.
    pub(crate) async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose rows they are.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>> {
        Client::load(ctx, self.0.client).await
    }

    /// What the rows are.
    async fn kind(&self) -> ImportKind {
        self.0.kind.into()
    }

    /// Where it stands.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// The file's name, as whoever sent it calls it.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// Rows kept; 0 until it is completed.
    async fn accepted_rows(&self) -> BigInt {
        BigInt(self.0.accepted)
    }

    /// Rows refused; 0 until it is completed.
    async fn rejected_rows(&self) -> BigInt {
        BigInt(self.0.rejected)
    }

    /// Columns of the file that nobody knows; they were ignored.
    async fn unknown_columns(&self) -> &[String] {
        &self.0.unknown_columns
    }

    /// Why it was given up, if it was.
    async fn failure(&self, ctx: &Context<'_>) -> Option<ImportFailure> {
        self.0.failure.as_ref().map(|failure| ImportFailure {
            code: failure.kind.into(),
            message: word(ctx.op().lang(), Group::ImportFailure, failure.kind.as_str()),
            detail: failure.detail.clone(),
        })
    }

    /// When it began.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was completed or given up.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(Into::into)
    }

    /// Refused rows in the order of the file; the first 1,000 are kept. Requires `imports:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn row_errors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<ImportRowError>> {
        let arguments = PageArguments::parse(&format!("import_row_errors:{}", self.0.id), first, after)?;
        let page = imports::row_errors(ctx.op(), self.0.id, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        let lang = ctx.op().lang();
        Ok(connection(&arguments, page, |error| ImportRowError {
            line: BigInt(error.line),
            column: Some(error.column).filter(|column| !column.is_empty()),
            reason: word(lang, Group::RowReason, &error.reason),
            code: error.reason,
        }))
    }
}

impl Loader<ImportId> for Reader {
    type Value = Import;
    type Error = FieldError;

    async fn load(&self, ids: &[ImportId]) -> Result<HashMap<ImportId, Import>, FieldError> {
        let imports = imports::by_ids(&self.0, ids).await.map_err(FieldError::new)?;
        Ok(imports.into_iter().map(|import| (import.id, Import(import))).collect())
    }
}
