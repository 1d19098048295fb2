//! Setting thresholds: a new version over the last one of the same owner.

use domain::{
    ClientId, Instant, ThresholdVersionId,
    access::{Actor, Permission},
    thresholds::{Change, Overrides, ThresholdVersion},
};
use serde_json::Value;
use store::Tx;

use super::{ThresholdCode, code::refusal};
use crate::{OpCtx, OpError, Refusal};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// Thresholds to be set.
#[derive(Debug, Clone)]
pub struct SetThresholds {
    /// Whose; absent for the BSP's own, which hold for every client.
    pub client: Option<ClientId>,
    /// Partial values, nested by family; null takes a value, or a family, back.
    pub values: Value,
    /// Where the values come from, or why they were chosen.
    pub reason: String,
    /// From when they hold; absent, from now on.
    pub effective_at: Option<Instant>,
    /// Number of the owner's last version that the actor saw (0: none); absent, whatever stands.
    pub expected_version: Option<i32>,
}

/// Sets thresholds from an instant on, and returns the version that does.
///
/// # Errors
/// Refused with a [`ThresholdCode`]; `NotFound` for an unknown client; `Forbidden` without `thresholds:write`, and for the BSP's own
/// to whoever may not know of all clients; `Conflict` when somebody else set them meanwhile.
pub async fn set(op: &OpCtx, input: SetThresholds) -> Result<ThresholdVersion, OpError<ThresholdCode>> {
    match input.client {
        Some(client) => op.require_on(Permission::ThresholdsWrite, client)?,
        // Whoever may not know of every client does not set what holds for all.
        None if !op.sees_all() && *op.actor() != Actor::Anonymous => {
            return Err(OpError::Forbidden(Permission::ThresholdsWrite));
        }
        None => op.require(Permission::ThresholdsWrite)?,
    }
    let now = op.services().clock.now();
    let (change, effective_at) = read(&input, now)?;
    let tx = op.write().await?;
    if let Some(client) = input.client
        && store::clients::by_id(&tx, client).await?.is_none()
    {
        return Err(OpError::NotFound);
    }
    let latest = store::thresholds::latest(&tx, input.client).await?;
    let stands = latest.as_ref().map_or(0, |latest| latest.version);
    if input.expected_version.is_some_and(|expected| expected != stands) {
        return Err(OpError::Conflict { current: stands });
    }
    if latest.as_ref().is_some_and(|latest| effective_at < latest.effective_at) {
        let code = ThresholdCode::EffectiveBeforeLatest;
        return Err(OpError::refused(Refusal::of(code, "effectiveAt")));
    }
    let before = latest.map(|latest| latest.overrides).unwrap_or_default();
    let overrides = before.after(&change);
    judge(&tx, input.client, effective_at, &before, &overrides).await?;
    let version = ThresholdVersion {
        id: ThresholdVersionId::new(now, op.random()),
        client: input.client,
        version: stands + 1,
        overrides,
        effective_at,
        created_at: now,
        author: op.actor().user(),
        reason: input.reason.trim().to_owned(),
    };
    tx.about(version.id);
    match store::thresholds::insert(&tx, &version).await {
        Ok(()) => {}
        Err(error) if error.is_conflict() => return Err(OpError::Conflict { current: stands + 1 }),
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    Ok(version)
}

/// What is asked, as far as the input alone tells.
fn read(input: &SetThresholds, now: Instant) -> Result<(Change, Instant), OpError<ThresholdCode>> {
    let change = Change::parse(&input.values);
    let mut refusals: Vec<Refusal<ThresholdCode>> = match &change {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| refusal(fault, |code| code)).collect(),
    };
    if !(1..=LONGEST_REASON).contains(&input.reason.trim().chars().count()) {
        refusals.push(Refusal::of(ThresholdCode::ReasonInvalid, "reason").with("maximum", LONGEST_REASON));
    }
    let effective_at = input.effective_at.unwrap_or(now);
    if effective_at < now {
        refusals.push(Refusal::of(ThresholdCode::EffectiveInPast, "effectiveAt"));
    }
    match change {
        Ok(change) if refusals.is_empty() => Ok((change, effective_at)),
        _ => Err(OpError::Refused(refusals)),
    }
}

/// Refuses what changes nothing, and what breaks the order of lines, seen over what holds below it.
async fn judge(
    tx: &Tx,
    client: Option<ClientId>,
    at: Instant,
    before: &Overrides,
    after: &Overrides,
) -> Result<(), OpError<ThresholdCode>> {
    if before == after {
        return Err(OpError::refused(Refusal::of(ThresholdCode::NothingChanges, "values")));
    }
    let below = match client {
        Some(_) => store::thresholds::in_force(tx, None, at).await?.bsp.map(|bsp| bsp.overrides).unwrap_or_default(),
        None => Overrides::default(),
    };
    let all = below.with(after);
    if let Err(faults) = all.check_order() {
        return Err(OpError::Refused(faults.iter().map(|fault| refusal(fault, |code| code)).collect()));
    }
    all.over_defaults().map(drop).map_err(|fault| OpError::internal("thresholds", fault))
}
