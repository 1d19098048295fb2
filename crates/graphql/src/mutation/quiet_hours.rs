//! `viewerQuietHoursSet`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::sla::SlaUserError;
use crate::{context::ContextExt as _, types::QuietHours};

/// Times of the day between which nobody is to be woken.
#[derive(Debug, InputObject)]
pub(crate) struct QuietHoursInput {
    /// IANA zone.
    time_zone: String,
    /// When they begin, such as `22:00`.
    begins: String,
    /// When they end, such as `08:00`; may lie on the next day.
    ends: String,
}

/// One's own quiet hours.
#[derive(Debug, InputObject)]
pub(crate) struct ViewerQuietHoursSetInput {
    /// The hours; absent, none.
    quiet_hours: Option<QuietHoursInput>,
}

/// What holds now.
#[derive(Debug, SimpleObject)]
pub(crate) struct ViewerQuietHoursSetPayload {
    /// The hours; absent when there are none, or the input was refused.
    quiet_hours: Option<QuietHours>,
    /// Why the input was refused.
    user_errors: Vec<SlaUserError>,
}

/// Mutations of quiet hours.
#[derive(Debug, Default)]
pub(crate) struct QuietHoursMutation;

#[Object]
impl QuietHoursMutation {
    /// Sets one's own quiet hours: mails about promises wait until they are over, those about P1 tickets excepted.
    async fn viewer_quiet_hours_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The hours.")] input: ViewerQuietHoursSetInput,
    ) -> Result<ViewerQuietHoursSetPayload> {
        let hours = input.quiet_hours.as_ref();
        let hours = hours.map(|hours| [hours.time_zone.as_str(), hours.begins.as_str(), hours.ends.as_str()]);
        let result = app::sla::set_quiet_hours(ctx.op(), hours).await;
        let (quiet_hours, user_errors) = SlaUserError::split(ctx.op(), result)?;
        Ok(ViewerQuietHoursSetPayload { quiet_hours: quiet_hours.flatten().map(Into::into), user_errors })
    }
}
