//! Mutations of audits.

use app::audits::{AuditCode, RequestAudit, ScheduleAudits};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    id,
    scalars::DateTime,
    types::{Audit, AuditProfile, AuditSchedule},
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
    /// The audit; the one at work, when one of the same client, period and profile is. Absent when the input was refused.
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
}

/// When a client's audits run by themselves.
#[derive(Debug, SimpleObject)]
pub(crate) struct AuditScheduleSetPayload {
    /// The schedule; absent when the input was refused.
    schedule: Option<AuditSchedule>,
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
        let AuditScheduleSetInput { client_id, local_time, enabled } = input;
        let schedule = ScheduleAudits { client: id::parse(&client_id)?, local_time, enabled };
        let result = app::audits::set_schedule(ctx.op(), schedule).await;
        let (schedule, user_errors) = AuditUserError::split(ctx.op(), result)?;
        Ok(AuditScheduleSetPayload { schedule: schedule.map(AuditSchedule), user_errors })
    }
}
