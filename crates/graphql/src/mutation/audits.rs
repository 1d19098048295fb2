//! Mutations of audits.

use app::audits::{AuditCode, RequestAudit, RequestPreview, ScheduleAudits};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use domain::traffic::{Subject, SubjectKind};

use crate::{
    context::ContextExt as _,
    id,
    scalars::{DateTime, Json},
    types::{Audit, AuditPreview, AuditProfile, AuditSchedule},
    user_error::user_errors,
};

user_errors! {
    /// Why an audit, its cancellation or its schedule was refused.
    AuditUserError, AuditErrorCode from AuditCode {
        /// The period ends before it begins, or with its beginning.
        PeriodEmpty,
        /// The audit has ended already.
        Ended,
        /// The time of the day is none: write `HH:MM`.
        LocalTimeInvalid,
        /// The audit has no result that could be previewed.
        NotCompleted,
        /// A threshold is none, or cannot have this value.
        ThresholdInvalid,
        /// Only lists, and templates and numbers by their id, can be left out.
        NotRemovable,
    }
}

/// An audit to be run.
#[derive(Debug, InputObject)]
pub(crate) struct AuditRequestInput {
    /// Whose traffic.
    client_id: ID,
    /// Start of the period; absent, the first message.
    from: Option<DateTime>,
    /// End of the period, excluded; absent, just after the last message.
    to: Option<DateTime>,
    /// The rules to run; absent, all.
    profile: Option<AuditProfile>,
}

/// The audit that was asked for.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditRequestPayload {
    /// The audit; the one at work, when one of the same client, period, profile and thresholds is. Absent when the input was refused.
    audit: Option<Audit>,
    /// Why the input was refused.
    user_errors: Vec<AuditUserError>,
}

/// An audit to be called off.
#[derive(Debug, InputObject)]
pub(crate) struct AuditCancelInput {
    /// The audit.
    audit_id: ID,
}

/// The audit that was called off.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditCancelPayload {
    /// The audit; it may run for some seconds yet. Absent when the input was refused.
    audit: Option<Audit>,
    /// Why the input was refused.
    user_errors: Vec<AuditUserError>,
}

/// When a client's audits shall run by themselves.
#[derive(Debug, InputObject)]
pub(crate) struct AuditScheduleSetInput {
    /// Whose.
    client_id: ID,
    /// Time of the day in the client's zone, `HH:MM`; absent, as it was.
    local_time: Option<String>,
    /// Whether they run; absent, as it was.
    enabled: Option<bool>,
    /// The version that you saw.
    expected_version: Option<i32>,
}

/// When a client's audits run by themselves.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditScheduleSetPayload {
    /// The schedule; absent when the input was refused.
    schedule: Option<AuditSchedule>,
    /// Why the input was refused.
    user_errors: Vec<AuditUserError>,
}

/// A preview to be run.
#[derive(Debug, InputObject)]
pub(crate) struct AuditPreviewRequestInput {
    /// The audit whose traffic, period and profile are looked at again; it must be completed.
    audit_id: ID,
    /// Partial values over the thresholds of the audit, nested by family; `null` takes a value back to its default. Absent, the
    /// thresholds of the audit.
    values: Option<Json>,
    /// Lists, templates and numbers whose messages are left out, at most 100: what the audit would say had they not been sent.
    without: Option<Vec<LeftOutInput>>,
    /// Whether to search, for each rule with findings, the least that should not have been sent. Takes many replays.
    #[graphql(default)]
    remedies: bool,
}

/// What kind of messages can be left out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum LeftOutKind {
    /// Of a contact list.
    List,
    /// Of a template.
    Template,
    /// Of a sending number.
    Number,
}

/// Messages to be left out.
#[derive(Debug, InputObject)]
pub(crate) struct LeftOutInput {
    /// What they have in common.
    kind: LeftOutKind,
    /// The list's id, the template's `name/language`, Meta's id of the number; absent, the messages of no list.
    id: Option<String>,
}

impl From<LeftOutInput> for Subject {
    fn from(input: LeftOutInput) -> Self {
        let kind = match input.kind {
            LeftOutKind::List => SubjectKind::List,
            LeftOutKind::Template => SubjectKind::Template,
            LeftOutKind::Number => SubjectKind::Number,
        };
        Self::of(kind, input.id.as_deref())
    }
}

/// The preview that was asked for.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditPreviewRequestPayload {
    /// The preview; the one at work, when one of the same audit and thresholds is. Absent when the input was refused.
    preview: Option<AuditPreview>,
    /// Why the input was refused; `field` leads into `values`.
    user_errors: Vec<AuditUserError>,
}

/// A preview to be called off.
#[derive(Debug, InputObject)]
pub(crate) struct AuditPreviewCancelInput {
    /// The preview.
    preview_id: ID,
}

/// The preview that was called off.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditPreviewCancelPayload {
    /// The preview; it may run for some seconds yet. Absent when the input was refused.
    preview: Option<AuditPreview>,
    /// Why the input was refused.
    user_errors: Vec<AuditUserError>,
}

/// Mutations of audits.
#[derive(Debug, Default)]
pub(crate) struct AuditsMutation;

#[Object]
impl AuditsMutation {
    /// Asks for an audit, which a worker runs; follow its `state` and `progress`. Requires `audits:write`.
    async fn audit_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The audit.")] input: AuditRequestInput,
    ) -> Result<AuditRequestPayload> {
        let request = RequestAudit {
            client: id::parse(&input.client_id)?,
            from: input.from.map(|from| from.0),
            to: input.to.map(|to| to.0),
            profile: input.profile.map(Into::into).unwrap_or_default(),
        };
        let result = app::audits::request(ctx.op(), request).await;
        let (audit, user_errors) = AuditUserError::split(ctx.op(), result)?;
        Ok(AuditRequestPayload { audit: audit.map(Audit), user_errors })
    }

    /// Calls an audit off: one that waits at once, one that runs within seconds. Requires `audits:write`.
    async fn audit_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The audit.")] input: AuditCancelInput,
    ) -> Result<AuditCancelPayload> {
        let result = app::audits::cancel(ctx.op(), id::parse(&input.audit_id)?).await;
        let (audit, user_errors) = AuditUserError::split(ctx.op(), result)?;
        Ok(AuditCancelPayload { audit: audit.map(Audit), user_errors })
    }

    /// Sets when a client's audits run by themselves. Requires `audits:write`.
    async fn audit_schedule_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The schedule.")] input: AuditScheduleSetInput,
    ) -> Result<AuditScheduleSetPayload> {
        let AuditScheduleSetInput { client_id, local_time, enabled, expected_version } = input;
        let schedule = ScheduleAudits { client: id::parse(&client_id)?, local_time, enabled, expected_version };
        let result = app::audits::set_schedule(ctx.op(), schedule).await;
        let (schedule, user_errors) = AuditUserError::split(ctx.op(), result)?;
        Ok(AuditScheduleSetPayload { schedule: schedule.map(AuditSchedule), user_errors })
    }

    /// Asks what other thresholds would find on the traffic of an audit, or what it would say without some messages; a worker runs it. Nothing of it counts as the client's.
    /// Requires `audits:write`.
    async fn audit_preview_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The preview.")] input: AuditPreviewRequestInput,
    ) -> Result<AuditPreviewRequestPayload> {
        let request = RequestPreview {
            audit: id::parse(&input.audit_id)?,
            values: input.values.map_or_else(|| serde_json::json!({}), |values| values.0),
            without: input.without.unwrap_or_default().into_iter().map(Into::into).collect(),
            remedies: input.remedies,
        };
        let result = app::audits::request_preview(ctx.op(), request).await;
        let (preview, user_errors) = AuditUserError::split(ctx.op(), result)?;
        Ok(AuditPreviewRequestPayload { preview: preview.map(AuditPreview), user_errors })
    }

    /// Calls a preview off: one that waits at once, one that runs within seconds. Requires `audits:write`.
    async fn audit_preview_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: AuditPreviewCancelInput,
    ) -> Result<AuditPreviewCancelPayload> {
        let result = app::audits::cancel_preview(ctx.op(), id::parse(&input.preview_id)?).await;
        let (preview, user_errors) = AuditUserError::split(ctx.op(), result)?;
        Ok(AuditPreviewCancelPayload { preview: preview.map(AuditPreview), user_errors })
    }
}
