//! Quiet hours: mails wait until they are over, unless nothing can be sent at all.

use domain::{
    Instant, UserId,
    access::{Actor, Visibility},
    jobs::LocalTime,
    notifications::{Delivery, Notification, Topic},
    sla::QuietHours,
};
use jiff::tz::TimeZone;
use store::{StoreError, Tx};

use super::{SlaCode, timestamp};
use crate::{OpCtx, OpError, Refusal, jobs::civil};

/// The quiet hours of whoever asks, if it is a person and has some.
///
/// # Errors
/// `Unauthenticated`; the database is unavailable.
pub async fn quiet_hours(op: &OpCtx) -> Result<Option<QuietHours>, OpError> {
    if *op.actor() == Actor::Anonymous {
        return Err(OpError::Unauthenticated);
    }
    let Some(user) = op.actor().user() else { return Ok(None) };
    // One's own hours, which no wall hides from oneself.
    let tx = op.services().store.read(&Visibility::System).await?;
    let hours = store::sla::quiet_hours(&tx, &[user]).await?.remove(&user);
    tx.rollback().await?;
    Ok(hours)
}

/// Sets one's own quiet hours, or takes them away. `begins` and `ends` are times of the day.
///
/// # Errors
/// `NotAPerson`, `ZoneUnknown`, `QuietHoursInvalid`; `Unauthenticated`.
pub async fn set_quiet_hours(op: &OpCtx, hours: Option<[&str; 3]>) -> Result<Option<QuietHours>, OpError<SlaCode>> {
    if *op.actor() == Actor::Anonymous {
        return Err(OpError::Unauthenticated);
    }
    let user = op.actor().user().ok_or_else(|| OpError::refused(Refusal::new(SlaCode::NotAPerson)))?;
    let hours = hours.map(read).transpose()?;
    let tx = op.write_as_system().await?;
    store::sla::set_quiet_hours(&tx, user, hours.as_ref()).await?;
    tx.commit().await?;
    Ok(hours)
}

fn read([time_zone, begins, ends]: [&str; 3]) -> Result<QuietHours, OpError<SlaCode>> {
    let refuse = |code, field| OpError::refused(Refusal::of(code, field).with("subject", time_zone));
    if TimeZone::get(time_zone).is_err() {
        return Err(refuse(SlaCode::ZoneUnknown, "timeZone"));
    }
    let time = |text: &str, field| text.parse::<LocalTime>().map_err(|_| refuse(SlaCode::QuietHoursInvalid, field));
    let hours =
        QuietHours { time_zone: time_zone.to_owned(), begins: time(begins, "begins")?, ends: time(ends, "ends")? };
    if hours.begins == hours.ends { Err(refuse(SlaCode::QuietHoursInvalid, "ends")) } else { Ok(hours) }
}

/// When the quiet hours end that hold at an instant; `None` when none do.
fn end_of(hours: &QuietHours, at: Instant) -> Option<Instant> {
    let zone = TimeZone::get(&hours.time_zone).ok()?;
    let local = zone.to_datetime(timestamp(at));
    let minutes = |time: LocalTime| u16::from(time.hour()) * 60 + u16::from(time.minute());
    let now = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
    let (begins, ends) = (minutes(hours.begins), minutes(hours.ends));
    let is_quiet = if begins < ends { (begins..ends).contains(&now) } else { now >= begins || now < ends };
    if is_quiet { civil::next_run(&hours.time_zone, hours.ends, at).ok() } else { None }
}

/// Lets mails wait for the end of their recipients' quiet hours. Those about the own account do not wait.
pub(crate) async fn defer(tx: &Tx, notification: &Notification, deliveries: &mut [Delivery]) -> Result<(), StoreError> {
    if notification.kind.topic() == Some(Topic::Security) {
        return Ok(());
    }
    let users: Vec<UserId> = deliveries.iter().filter_map(|delivery| delivery.user).collect();
    let hours = store::sla::quiet_hours(tx, &users).await?;
    for delivery in deliveries {
        let end = delivery.user.and_then(|user| end_of(hours.get(&user)?, delivery.next_attempt_at));
        delivery.next_attempt_at = end.unwrap_or(delivery.next_attempt_at);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_ends_in_the_morning_and_the_day_is_not_quiet() {
        let hours = |begins: &str, ends: &str| read(["Europe/Rome", begins, ends]).unwrap();
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let night = hours("22:00", "08:00");
        assert_eq!(end_of(&night, at("2026-11-23T21:30:00Z")), Some(at("2026-11-24T07:00:00Z")), "22:30 in Rome");
        assert_eq!(end_of(&night, at("2026-11-24T06:59:59Z")), Some(at("2026-11-24T07:00:00Z")));
        assert_eq!(end_of(&night, at("2026-11-24T07:00:00Z")), None);
        assert_eq!(end_of(&night, at("2026-11-24T20:59:59Z")), None);
        let noon = hours("12:00", "13:30");
        assert_eq!(end_of(&noon, at("2026-07-01T10:15:00Z")), Some(at("2026-07-01T11:30:00Z")), "summer time");
        for bad in [["Europe/Atlantis", "22:00", "08:00"], ["UTC", "24:00", "08:00"], ["UTC", "08:00", "08:00"]] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
