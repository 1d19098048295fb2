//! What is told of numbers, which webhooks name as people write them.

use domain::{
    assets::{AssetKind, PhoneNumber},
    traffic::PlatformEventKind,
};
use meta::webhook::{NumberName, NumberQuality, NumberSecurity};
use store::Tx;

use super::{
    Told, events,
    history::{Asset, changed, changed_by_event, event, of_waba},
};
use crate::{OpCtx, OpError};

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The number of the account that is written like this. Meta also writes `PN` for one that it does not name.
pub(super) async fn written(tx: &Tx, told: &Told, display: Option<&str>) -> Result<Option<PhoneNumber>, OpError> {
    let Some(display) = display.map(digits).filter(|digits| !digits.is_empty()) else { return Ok(None) };
    let numbers = store::phone_numbers::of_waba(tx, told.waba).await?;
    Ok(numbers.into_iter().find(|number| digits(&number.display_number) == display))
}

fn asset(number: &PhoneNumber) -> Asset {
    Asset { kind: AssetKind::PhoneNumber, id: number.id.uuid(), known_at: number.updated_at }
}

/// `phone_number_quality_update`.
pub(super) async fn quality(op: &OpCtx, tx: &Tx, told: &Told, quality: &NumberQuality) -> Result<(), OpError> {
    if let Some(limit) = quality.limit {
        events::limit(op, tx, told, limit).await?;
    }
    let Some(word) = quality.event.as_deref() else { return Ok(()) };
    let Some(number) = written(tx, told, quality.display_number.as_deref()).await? else {
        return of_waba(op, tx, told, "number_event", word).await;
    };
    match word {
        "FLAGGED" | "UNFLAGGED" => {
            let status = if word == "FLAGGED" { "FLAGGED" } else { "CONNECTED" };
            let kind = PlatformEventKind::NumberQuality {
                number: number.meta_id.clone(),
                previous: None,
                rating: word.to_owned(),
            };
            event(op, tx, told, kind).await?;
            let attribute = ("status", number.status.as_deref(), status);
            let stands = changed_by_event(op, tx, told, asset(&number), attribute).await?;
            save(op, tx, PhoneNumber { status: Some(stands), ..number }).await
        }
        "THROUGHPUT_UPGRADE" | "THROUGHPUT_DOWNGRADE" => {
            let level = if word == "THROUGHPUT_UPGRADE" { "HIGH" } else { "STANDARD" };
            changed(op, tx, told, asset(&number), ("throughput", None, level)).await.map(drop)
        }
        word => changed(op, tx, told, asset(&number), ("event", None, word)).await.map(drop),
    }
}

/// `phone_number_name_update`.
pub(super) async fn name(op: &OpCtx, tx: &Tx, told: &Told, name: &NumberName) -> Result<(), OpError> {
    let (Some(decision), Some(number)) =
        (name.decision.as_deref(), written(tx, told, name.display_number.as_deref()).await?)
    else {
        return Ok(());
    };
    let status = match &name.reason {
        Some(reason) => format!("{decision} {reason}"),
        None => decision.to_owned(),
    };
    changed(op, tx, told, asset(&number), ("name_status", None, &status)).await?;
    if decision == "APPROVED"
        && let Some(requested) = &name.requested_name
    {
        let known = number.verified_name.clone();
        let stands = changed(op, tx, told, asset(&number), ("verified_name", known.as_deref(), requested)).await?;
        return save(op, tx, PhoneNumber { verified_name: Some(stands), ..number }).await;
    }
    Ok(())
}

/// `security`.
pub(super) async fn security(op: &OpCtx, tx: &Tx, told: &Told, security: &NumberSecurity) -> Result<(), OpError> {
    let (Some(word), Some(number)) =
        (security.event.as_deref(), written(tx, told, security.display_number.as_deref()).await?)
    else {
        return Ok(());
    };
    changed(op, tx, told, asset(&number), ("security", None, word)).await.map(drop)
}

async fn save(op: &OpCtx, tx: &Tx, number: PhoneNumber) -> Result<(), OpError> {
    Ok(store::phone_numbers::update(tx, &PhoneNumber { updated_at: op.services().clock.now(), ..number }).await?)
}
