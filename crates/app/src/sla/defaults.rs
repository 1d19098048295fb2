//! The terms that a deployment begins with.

use ::sla::{Calendar, CalendarSpec, Policy, Scope, Weekly};
use domain::{Instant, SlaCalendarId, SlaPolicyId};
use store::sla::{CalendarVersion, Origin, PolicyVersion};

use crate::{NoCode, OpCtx, OpError};

/// Makes the BSP's first policy and calendars, if there are none: the default promises, round the clock, and Monday to Friday from
/// 09:00 to 18:00 in `time_zone`. Safe when several processes do it at once.
///
/// # Errors
/// The store failed, or there is no such zone.
pub async fn ensure_defaults(op: &OpCtx, time_zone: &str) -> Result<(), OpError<NoCode>> {
    let failed = |error: &dyn std::fmt::Display| OpError::internal("making the first SLA policy", error);
    let hours = "09:00-18:00".parse().map_err(|error| failed(&error))?;
    let business = CalendarSpec::weekly(time_zone, Weekly::monday_to_friday(&[hours]));
    Calendar::new(business.clone()).map_err(|error| failed(&error))?;
    let tx = op.write_as_system().await?;
    // Round figures of the past: the first versions hold for every ticket that there is.
    let effective_from = Instant::UNIX_EPOCH;
    let origin = Origin { created_at: op.now(), author: None, reason: None };
    let policy = PolicyVersion {
        id: SlaPolicyId::new(op.now(), op.random()),
        client: None,
        version: 1,
        effective_from,
        scope: Scope::NewTickets,
        definition: serde_json::to_value(Policy::default_policy()).map_err(|error| failed(&error))?,
        origin: origin.clone(),
    };
    match store::sla::insert_policy(&tx, &policy).await {
        // Somebody else was first.
        Err(error) if error.is_conflict() => return Ok(()),
        result => result?,
    }
    for (key, spec) in [(::sla::ALWAYS_OPEN, CalendarSpec::always_open()), (::sla::BUSINESS_HOURS, business)] {
        let calendar = CalendarVersion {
            id: SlaCalendarId::new(op.now(), op.random()),
            client: None,
            key: key.to_owned(),
            version: 1,
            effective_from,
            scope: Scope::NewTickets,
            definition: serde_json::to_value(spec).map_err(|error| failed(&error))?,
            origin: origin.clone(),
        };
        store::sla::insert_calendar(&tx, &calendar).await?;
    }
    Ok(tx.commit().await?)
}
