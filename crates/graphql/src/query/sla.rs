//! Queries of SLA terms.

use app::sla::{CalendarDraft, Supposition, reports::ReportScope};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    context::ContextExt as _,
    error::IntoFieldError,
    id,
    mutation::{SlaCalendarSetInput, SlaPolicySetInput, SlaUserError},
    page::{Connection, PageArguments, connection},
    scalars::Json,
    types::{QuietHours, SlaCalendarVersion, SlaPolicyVersion, SlaPreview, SlaWhatIf},
};

/// Terms that are supposed to have held, and on which tickets they are tried.
#[derive(Debug, InputObject)]
pub(crate) struct SlaWhatIfInput {
    /// On the tickets of this client, whose own terms are supposed; absent, on all, and the BSP's terms are supposed: clients that have
    /// their own keep them.
    client_id: Option<ID>,
    /// Tickets that were opened from this month on, such as `2026-01`.
    from_month: String,
    /// Last month; at most 24 months in all.
    to_month: String,
    /// IANA zone in which months begin; absent, UTC.
    time_zone: Option<String>,
    /// The whole policy, as for `slaPolicySet`; absent, the real ones.
    policy: Option<Json>,
    /// Calendars, each in the place of the one of its key.
    calendars: Option<Vec<SlaWhatIfCalendarInput>>,
}

/// A calendar that is supposed.
#[derive(Debug, InputObject)]
pub(crate) struct SlaWhatIfCalendarInput {
    /// The key by which policies name it.
    key: String,
    /// The whole calendar, as for `slaCalendarSet`.
    definition: Json,
    /// An iCalendar list (RFC 5545) whose holidays are added.
    holidays: Option<String>,
}

impl SlaWhatIfInput {
    fn supposition(self) -> Result<Supposition> {
        let calendars = self.calendars.unwrap_or_default().into_iter();
        let draft = |calendar: SlaWhatIfCalendarInput| CalendarDraft {
            key: calendar.key,
            definition: calendar.definition.0,
            holidays: calendar.holidays,
        };
        Ok(Supposition {
            scope: ReportScope {
                client: id::optional(self.client_id.as_ref())?,
                from: self.from_month,
                to: self.to_month,
                time_zone: self.time_zone.unwrap_or_else(|| "UTC".to_owned()),
            },
            policy: self.policy.map(|policy| policy.0),
            calendars: calendars.map(draft).collect(),
        })
    }
}

/// What other terms would have made of the promises, or why they cannot be supposed.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaWhatIfPayload {
    /// What they would have made of them; absent when the input is refused.
    what_if: Option<SlaWhatIf>,
    /// Why the input is refused.
    user_errors: Vec<SlaUserError>,
}

/// What a version would do, or why it would be refused.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaPreviewPayload {
    /// What it would do; absent when the input would be refused.
    pub(super) preview: Option<SlaPreview>,
    /// Why the input would be refused.
    pub(super) user_errors: Vec<SlaUserError>,
}

/// Queries of SLA terms.
#[derive(Debug, Default)]
pub(crate) struct SlaQuery;

#[Object]
impl SlaQuery {
    /// Your own quiet hours, if you are a person and have some.
    async fn viewer_quiet_hours(&self, ctx: &Context<'_>) -> Result<Option<QuietHours>> {
        let hours = app::sla::quiet_hours(ctx.op()).await.map_err(IntoFieldError::into_field_error)?;
        Ok(hours.map(Into::into))
    }

    /// The versions of a client's SLA policy, or of the BSP's own, the latest first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn sla_policy_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, the BSP's own.")] client_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<SlaPolicyVersion>> {
        let client = id::optional(client_id.as_ref())?;
        let arguments = PageArguments::parse(&format!("slaPolicyVersions:{client:?}"), first, after)?.descending();
        let page = app::sla::policy_page(ctx.op(), client, arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, SlaPolicyVersion))
    }

    /// The versions of a client's calendars of working hours, or of the BSP's own, the latest first. Requires `tickets:read`.
    #[graphql(complexity = "5 + first.unwrap_or(25).max(1) as usize * child_complexity")]
    async fn sla_calendar_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this client; absent, the BSP's own.")] client_id: Option<ID>,
        #[graphql(desc = "Of this key; absent, of all.")] key: Option<String>,
        #[graphql(desc = "How many, 1 to 100; 25 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> Result<Connection<SlaCalendarVersion>> {
        let client = id::optional(client_id.as_ref())?;
        let list = format!("slaCalendarVersions:{client:?}:{key:?}");
        let arguments = PageArguments::parse(&list, first, after)?.descending();
        let page = app::sla::calendar_page(ctx.op(), client, key.as_deref(), arguments.keyset())
            .await
            .map_err(IntoFieldError::into_field_error)?;
        Ok(connection(&arguments, page, SlaCalendarVersion))
    }

    /// What `slaPolicySet` would do to the tickets that are open. Changes nothing. Requires `sla:write`.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn sla_policy_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As for `slaPolicySet`.")] input: SlaPolicySetInput,
    ) -> Result<SlaPreviewPayload> {
        let (release, definition) = input.parts()?;
        let result = app::sla::preview_policy(ctx.op(), release, definition).await;
        let (preview, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaPreviewPayload { preview: preview.map(Into::into), user_errors })
    }

    /// What `slaCalendarSet` would do to the tickets that are open. Changes nothing. Requires `sla:write`.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn sla_calendar_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As for `slaCalendarSet`.")] input: SlaCalendarSetInput,
    ) -> Result<SlaPreviewPayload> {
        let (release, draft) = input.parts()?;
        let result = app::sla::preview_calendar(ctx.op(), release, draft).await;
        let (preview, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaPreviewPayload { preview: preview.map(Into::into), user_errors })
    }

    /// What other terms would have made of the promises on tickets that were opened in a period, as if they had always held: closed
    /// tickets too. Changes nothing. Requires `sla:write`.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn sla_what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is supposed, and on which tickets.")] input: SlaWhatIfInput,
    ) -> Result<SlaWhatIfPayload> {
        let result = app::sla::what_if(ctx.op(), input.supposition()?).await;
        let (what_if, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(SlaWhatIfPayload { what_if: what_if.map(Into::into), user_errors })
    }
}
