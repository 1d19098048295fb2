//! `thresholdsSet`.

use app::thresholds::{SetThresholds, ThresholdCode};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    id,
    scalars::{DateTime, Json},
    types::ThresholdVersion,
    user_error::user_errors,
};

user_errors! {
    /// Why thresholds were refused.
    ThresholdUserError, ThresholdErrorCode from ThresholdCode {
        /// There is no such threshold.
        Unknown,
        /// The value is of another kind than the threshold.
        WrongKind,
        /// The value is beyond its bounds.
        OutOfRange,
        /// Lines of rising severity would lose their order.
        OrderBroken,
        /// Nothing would change.
        NothingChanges,
        /// The reason is empty or longer than 1,000 characters.
        ReasonInvalid,
        /// It would hold from an instant that has passed.
        EffectiveInPast,
        /// It would hold before the version before it.
        EffectiveBeforeLatest,
    }
}

/// Thresholds to be set.
#[derive(Debug, InputObject)]
pub(crate) struct ThresholdsSetInput {
    /// For this client; absent, for every client that has none of its own.
    client_id: Option<ID>,
    /// Partial values, nested by family, such as `{"consent": {"incompleteShare": 0.1}}`; `null` for a value, or for a family, takes
    /// it back. What is not named stays as it is.
    values: Json,
    /// Where the values come from, or why they were chosen: 1 to 1,000 characters.
    reason: String,
    /// From when they hold, not before now; absent, from now on.
    effective_at: Option<DateTime>,
    /// Number of the last version that you saw, 0 for none; absent, whatever stands.
    expected_version: Option<i32>,
}

/// The version that was made.
#[derive(Debug, SimpleObject)]
pub(crate) struct ThresholdsSetPayload {
    /// The version; absent when the input was refused.
    version: Option<ThresholdVersion>,
    /// Why the input was refused; `field` leads into `values`.
    user_errors: Vec<ThresholdUserError>,
}

/// Mutations of thresholds.
#[derive(Debug, Default)]
pub(crate) struct ThresholdsMutation;

#[Object]
impl ThresholdsMutation {
    /// Sets thresholds of the rules from an instant on, as a new version; audits that were asked for before keep theirs.
    /// Requires `thresholds:write`.
    async fn thresholds_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The thresholds.")] input: ThresholdsSetInput,
    ) -> Result<ThresholdsSetPayload> {
        let ThresholdsSetInput { client_id, values, reason, effective_at, expected_version } = input;
        let set = SetThresholds {
            client: id::optional(client_id.as_ref())?,
            values: values.0,
            reason,
            effective_at: effective_at.map(|at| at.0),
            expected_version,
        };
        let (version, user_errors) = ThresholdUserError::split(ctx.op(), app::thresholds::set(ctx.op(), set).await)?;
        Ok(ThresholdsSetPayload { version: version.map(ThresholdVersion), user_errors })
    }
}
