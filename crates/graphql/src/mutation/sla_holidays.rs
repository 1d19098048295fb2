//! `slaHolidayListSet`.

use app::sla::{HolidayListDraft, Release};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::SlaUserError;
use crate::{
    context::ContextExt as _,
    id,
    scalars::{DateTime, Json},
    types::{SlaCalendarVersion, SlaHolidayListVersion, SlaScope},
};

/// A list of holidays to be set.
#[derive(Debug, InputObject)]
pub(crate) struct SlaHolidayListSetInput {
    /// For this client's calendars; absent, for every calendar whose client has no list of its own of the key.
    client_id: Option<ID>,
    /// The key by which calendars name it, such as `it`.
    key: String,
    /// The name of each date, such as `{"2026-12-25": "Natale"}`.
    holidays: Option<Json>,
    /// An iCalendar list (RFC 5545) whose holidays are added, for the next ten years.
    icalendar: Option<String>,
    /// For which tickets the calendars that name it change.
    scope: SlaScope,
    /// From when they change, not before now; absent, from now on.
    effective_from: Option<DateTime>,
    /// Why: 1 to 1,000 characters.
    reason: String,
    /// Number of the last version of the key that you saw, 0 for none; absent, whatever stands.
    expected_version: Option<i32>,
}

impl SlaHolidayListSetInput {
    /// What is asked, in the use case's words.
    pub(crate) fn parts(self) -> Result<(Release, HolidayListDraft)> {
        let release = Release {
            client: id::optional(self.client_id.as_ref())?,
            scope: self.scope.into(),
            effective_from: self.effective_from.map(|at| at.0),
            reason: self.reason,
            expected_version: self.expected_version,
        };
        let holidays = self.holidays.map(|holidays| holidays.0);
        Ok((release, HolidayListDraft { key: self.key, holidays, icalendar: self.icalendar }))
    }
}

/// The versions that were made.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaHolidayListSetPayload {
    /// The version of the list; absent when the input was refused.
    version: Option<SlaHolidayListVersion>,
    /// The versions of the calendars that name it.
    calendar_versions: Vec<SlaCalendarVersion>,
    /// Why the input was refused.
    user_errors: Vec<SlaUserError>,
}

/// Mutations of lists of holidays.
#[derive(Debug, Default)]
pub(crate) struct SlaHolidaysMutation;

#[Object]
impl SlaHolidaysMutation {
    /// Sets a list of holidays that calendars share, as a new version; each calendar that names it gets a new version with it.
    /// Requires `sla:write`.
    async fn sla_holiday_list_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list.")] input: SlaHolidayListSetInput,
    ) -> Result<SlaHolidayListSetPayload> {
        let (release, draft) = input.parts()?;
        let result = app::sla::set_holiday_list(ctx.op(), release, draft).await;
        let (set, user_errors) = SlaUserError::split(ctx.op(), result)?;
        let (version, calendars) = set.map_or((None, Vec::new()), |(list, calendars)| (Some(list), calendars));
        Ok(SlaHolidayListSetPayload {
            version: version.map(SlaHolidayListVersion),
            calendar_versions: calendars.into_iter().map(SlaCalendarVersion).collect(),
            user_errors,
        })
    }
}
