//! User errors: what the person can mend, as data in the payload, with a code enum for each family of mutations.

use app::{Code, OpError, Refusal};
use async_graphql::Interface;
use i18n::Lang;

use crate::{
    error::IntoFieldError as _,
    mutation::{
        AccountUserError, AssetUserError, AuditUserError, ClientUserError, ExportUserError, NotificationUserError,
        SlaUserError, StopWordsUserError, ThresholdUserError, TicketUserError, WebhookUserError,
    },
};

/// Why an input was refused, whatever the mutation. Each family of mutations has a type of its own, with its `code`.
#[derive(Debug, Interface)]
#[graphql(
    field(name = "field", ty = "&Vec<String>", desc = "Path into the input, empty when the whole input is refused."),
    field(name = "message", ty = "&String", desc = "What is wrong and what to do, in the reader's language.")
)]
pub(crate) enum UserError {
    /// Of accounts.
    Account(AccountUserError),
    /// Of what Meta knows of a client.
    Asset(AssetUserError),
    /// Of audits.
    Audit(AuditUserError),
    /// Of clients.
    Client(ClientUserError),
    /// Of files of evidence.
    Export(ExportUserError),
    /// Of notifications.
    Notification(NotificationUserError),
    /// Of terms of SLA.
    Sla(SlaUserError),
    /// Of stop words.
    StopWords(StopWordsUserError),
    /// Of thresholds.
    Threshold(ThresholdUserError),
    /// Of tickets.
    Ticket(TicketUserError),
    /// Of webhooks.
    Webhook(WebhookUserError),
}

/// Splits a use case's result: refusals become user errors of the payload, everything else a top-level error.
pub(crate) fn split<T, C: Code, E>(
    result: Result<T, OpError<C>>,
    user_error: impl Fn(Refusal<C>) -> E,
) -> async_graphql::Result<(Option<T>, Vec<E>)> {
    use app::NoCode;
    let other: OpError<NoCode> = match result {
        Ok(value) => return Ok((Some(value), Vec::new())),
        Err(OpError::Refused(refusals)) => return Ok((None, refusals.into_iter().map(user_error).collect())),
        Err(OpError::NotFound) => OpError::NotFound,
        Err(OpError::Unauthenticated) => OpError::Unauthenticated,
        Err(OpError::Forbidden(permission)) => OpError::Forbidden(permission),
        Err(OpError::Conflict { current }) => OpError::Conflict { current },
        Err(OpError::Cursor) => OpError::Cursor,
        Err(OpError::RateLimited { retry_after }) => OpError::RateLimited { retry_after },
        Err(OpError::Unavailable(error)) => OpError::Unavailable(error),
        Err(OpError::Internal(error)) => OpError::Internal(error),
    };
    Err(other.into_field_error())
}

/// The message of a refusal in the reader's language.
pub(crate) fn message<C: Code>(lang: Lang, refusal: &Refusal<C>) -> String {
    i18n::text_with(lang, refusal.code.key(), &refusal.arguments)
}

/// Declares the user error of a family: the GraphQL enum of its codes, the object, and the way from `app`'s refusal.
macro_rules! user_errors {
    ($(#[$doc:meta])* $error:ident, $graphql_code:ident from $app_code:path { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        /// Why the input was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $graphql_code {
            $($(#[$variant_doc])* $variant,)*
        }

        impl From<$app_code> for $graphql_code {
            fn from(code: $app_code) -> Self {
                match code {
                    $(<$app_code>::$variant => Self::$variant,)*
                }
            }
        }

        $(#[$doc])*
        #[derive(Debug, Clone, async_graphql::SimpleObject)]
        pub(crate) struct $error {
            /// Path into the input, empty when the whole input is refused.
            pub(crate) field: Vec<String>,
            /// What is wrong and what to do, in the reader's language.
            pub(crate) message: String,
            /// What is wrong, for programs.
            code: $graphql_code,
        }

        impl $error {
            /// Splits the result of a use case for a payload.
            pub(crate) fn split<T>(
                op: &app::OpCtx,
                result: Result<T, app::OpError<$app_code>>,
            ) -> async_graphql::Result<(Option<T>, Vec<Self>)> {
                op.refuse(&result);
                $crate::user_error::split(result, |refusal| Self {
                    message: $crate::user_error::message(op.lang(), &refusal),
                    field: refusal.field,
                    code: refusal.code.into(),
                })
            }
        }
    };
}

pub(crate) use user_errors;
