//! `slaPolicySet`, `slaCalendarSet`, `clientSlaTierSet`.

use app::sla::{CalendarDraft, Release, SlaCode};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    id,
    scalars::{DateTime, Json},
    types::{Client, SlaCalendarVersion, SlaPolicyVersion, SlaScope},
    user_error::user_errors,
};

user_errors! {
    /// Why SLA terms were refused.
    SlaUserError, SlaErrorCode from SlaCode {
        /// The definition has not the shape of one.
        DefinitionInvalid,
        /// A metric is listed twice, has no time, or pauses for us.
        MetricInvalid,
        /// The levels are out of range or order.
        LevelsInvalid,
        /// The goals for tiers name no tier, or one twice.
        TiersInvalid,
        /// An escalation stands at no level, does nothing, or gives the work to somebody who cannot take it.
        EscalationInvalid,
        /// A goal names a calendar that does not exist.
        CalendarUnknown,
        /// The key is none: 1 to 50 lower-case letters, digits and underscores.
        KeyInvalid,
        /// There is no such time zone.
        ZoneUnknown,
        /// A window is no window, is empty, or shares time with another.
        WindowsInvalid,
        /// A date is beyond the years that calendars know.
        DateOutOfRange,
        /// The calendar never opens.
        NeverOpen,
        /// The list of holidays cannot be read.
        HolidaysInvalid,
        /// A calendar names a list of holidays that does not exist.
        HolidayListUnknown,
        /// Nothing would change.
        NothingChanges,
        /// The reason is empty or longer than 1,000 characters.
        ReasonInvalid,
        /// It would hold from an instant that has passed.
        EffectiveInPast,
        /// It would hold before the version before it.
        EffectiveBeforeLatest,
        /// The tier is empty or longer than 50 characters.
        TierInvalid,
        /// A program has no quiet hours.
        NotAPerson,
        /// A time is none, or the quiet hours begin when they end.
        QuietHoursInvalid,
        /// A month is none, or the period ends before it begins or lasts more than 24 months.
        PeriodInvalid,
    }
}

/// A policy to be set.
#[derive(Debug, InputObject)]
pub(crate) struct SlaPolicySetInput {
    /// For this client; absent, for every client that has none of its own.
    client_id: Option<ID>,
    /// The whole policy, such as `{"metrics": [{"metric": "resolution", "goals": {"P1": {"target": {"seconds": 86400}, "calendar":
    /// "always_open"}}, "pauses_for": ["client", "meta"]}], "levels": [50, 75, 90, "due-1800", "due+3600"], "escalations": [{"at":
    /// "breach", "notify": ["owner", "lead", "manager"], "raise_priority": true}]}`.
    definition: Json,
    /// For which tickets.
    scope: SlaScope,
    /// From when it holds, not before now; absent, from now on.
    effective_from: Option<DateTime>,
    /// Why: 1 to 1,000 characters.
    reason: String,
    /// Number of the last version that you saw, 0 for none; absent, whatever stands.
    expected_version: Option<i32>,
}

/// A calendar to be set.
#[derive(Debug, InputObject)]
pub(crate) struct SlaCalendarSetInput {
    /// For this client; absent, for every client that has none of its own of the key.
    client_id: Option<ID>,
    /// The key by which policies name it, such as `business_hours`.
    key: String,
    /// The whole calendar, such as `{"zone": "Europe/Rome", "weekly": {"monday": [{"from": "08:00", "to": "18:00"}]}, "overrides":
    /// {"2026-12-24": [{"from": "08:00", "to": "12:00"}]}, "holidays": {"2026-12-25": "Natale"}, "holiday_lists": {"it": {}}}`.
    /// `holiday_lists` names lists that were set by `slaHolidayListSet`; their holidays are filled in.
    definition: Json,
    /// An iCalendar list (RFC 5545) whose holidays are added, for the next ten years.
    holidays: Option<String>,
    /// For which tickets.
    scope: SlaScope,
    /// From when it holds, not before now; absent, from now on.
    effective_from: Option<DateTime>,
    /// Why: 1 to 1,000 characters.
    reason: String,
    /// Number of the last version of the key that you saw, 0 for none; absent, whatever stands.
    expected_version: Option<i32>,
}

/// A tier to be given to a client.
#[derive(Debug, InputObject)]
pub(crate) struct ClientSlaTierSetInput {
    /// Which client.
    client_id: ID,
    /// The tier, by which policies choose goals, such as `gold`; absent, none.
    tier: Option<String>,
    /// The version of the client that you saw.
    expected_version: Option<i32>,
}

/// The version that was made.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaPolicySetPayload {
    /// The version; absent when the input was refused.
    version: Option<SlaPolicyVersion>,
    /// Why the input was refused.
    user_errors: Vec<SlaUserError>,
}

/// The version that was made.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaCalendarSetPayload {
    /// The version; absent when the input was refused.
    version: Option<SlaCalendarVersion>,
    /// Why the input was refused.
    user_errors: Vec<SlaUserError>,
}

/// The client with its tier.
#[derive(Debug, SimpleObject)]
pub(crate) struct ClientSlaTierSetPayload {
    /// The client; absent when the input was refused.
    client: Option<Client>,
    /// Why the input was refused.
    user_errors: Vec<SlaUserError>,
}

impl SlaPolicySetInput {
    /// What is asked, in the use case's words.
    pub(crate) fn parts(self) -> Result<(Release, serde_json::Value)> {
        let release = Release {
            client: id::optional(self.client_id.as_ref())?,
            scope: self.scope.into(),
            effective_from: self.effective_from.map(|at| at.0),
            reason: self.reason,
            expected_version: self.expected_version,
        };
        Ok((release, self.definition.0))
    }
}

impl SlaCalendarSetInput {
    /// What is asked, in the use case's words.
    pub(crate) fn parts(self) -> Result<(Release, CalendarDraft)> {
        let release = Release {
            client: id::optional(self.client_id.as_ref())?,
            scope: self.scope.into(),
            effective_from: self.effective_from.map(|at| at.0),
            reason: self.reason,
            expected_version: self.expected_version,
        };
        Ok((release, CalendarDraft { key: self.key, definition: self.definition.0, holidays: self.holidays }))
    }
}

/// Mutations of SLA terms.
#[derive(Debug, Default)]
pub(crate) struct SlaMutation;

#[Object]
impl SlaMutation {
    /// Sets an SLA policy from an instant on, as a new version. Requires `sla:write`.
    async fn sla_policy_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The policy.")] input: SlaPolicySetInput,
    ) -> Result<SlaPolicySetPayload> {
        let (release, definition) = input.parts()?;
        let result = app::sla::set_policy(ctx.op(), release, definition).await;
        let (version, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaPolicySetPayload { version: version.map(SlaPolicyVersion), user_errors })
    }

    /// Sets a calendar of working hours from an instant on, as a new version. Requires `sla:write`.
    async fn sla_calendar_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar.")] input: SlaCalendarSetInput,
    ) -> Result<SlaCalendarSetPayload> {
        let (release, draft) = input.parts()?;
        let result = app::sla::set_calendar(ctx.op(), release, draft).await;
        let (version, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaCalendarSetPayload { version: version.map(SlaCalendarVersion), user_errors })
    }

    /// Gives a client a tier, by which policies choose goals, or takes it away. Requires `sla:write`.
    async fn client_sla_tier_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The client and its tier.")] input: ClientSlaTierSetInput,
    ) -> Result<ClientSlaTierSetPayload> {
        let client = id::parse(&input.client_id)?;
        let result = app::sla::set_tier(ctx.op(), client, input.expected_version, input.tier.as_deref()).await;
        let (set, user_errors) = SlaUserError::split(ctx.op(), result)?;
        let client = match set {
            Some(()) => Client::load(ctx, client).await?,
            None => None,
        };
        Ok(ClientSlaTierSetPayload { client, user_errors })
    }
}
