//! Setting policies and calendars: a new version over the last one of the same owner.

use std::collections::{BTreeMap, BTreeSet};

use ::sla::{Calendar, CalendarSpec, Policy, Scope};
use domain::{
    ClientId, Instant, SlaCalendarId, SlaPolicyId,
    access::{Actor, Permission},
};
use serde_json::Value;
use store::{
    StoreError, Tx,
    sla::{CalendarVersion, Origin, PolicyVersion, TierChange},
};

use super::{SlaCode, code, timestamp};
use crate::{OpCtx, OpError, Refusal};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;
/// Longest key of a calendar, and longest name of a tier, in characters.
const LONGEST_NAME: usize = 50;
/// Years ahead for which holidays are read from a list.
const YEARS_OF_HOLIDAYS: i16 = 10;

/// How a version is brought out.
#[derive(Debug, Clone)]
pub struct Release {
    /// Whose; absent for the BSP's own, which holds for every client that has none.
    pub client: Option<ClientId>,
    /// For which tickets.
    pub scope: Scope,
    /// From when it holds; absent, from now on.
    pub effective_from: Option<Instant>,
    /// Why.
    pub reason: String,
    /// Number of the owner's last version that the actor saw (0: none); absent, whatever stands.
    pub expected_version: Option<i32>,
}

/// A calendar to be set.
#[derive(Debug, Clone)]
pub struct CalendarDraft {
    /// The key by which policies name it.
    pub key: String,
    /// Zone, weekly windows, overrides and holidays, as the engine writes them.
    pub definition: Value,
    /// An iCalendar list whose holidays are added.
    pub holidays: Option<String>,
}

/// Sets a policy, and returns the version that was made.
///
/// # Errors
/// Refused with a [`SlaCode`]; `NotFound` for an unknown client; `Forbidden` without `sla:write`, and for the BSP's own to whoever
/// may not know of all clients; `Conflict` when somebody else set it meanwhile.
pub async fn set_policy(op: &OpCtx, release: Release, definition: Value) -> Result<PolicyVersion, OpError<SlaCode>> {
    admit(op, release.client)?;
    let tx = op.write().await?;
    let version = draft_policy(op, &tx, &release, definition).await?;
    insert(store::sla::insert_policy(&tx, &version).await, version.version)?;
    tx.about(version.id);
    publish(op, &tx, &release).await?;
    tx.commit().await?;
    Ok(version)
}

/// Sets a calendar, and returns the version that was made.
///
/// # Errors
/// As [`set_policy`].
pub async fn set_calendar(
    op: &OpCtx,
    release: Release,
    draft: CalendarDraft,
) -> Result<CalendarVersion, OpError<SlaCode>> {
    admit(op, release.client)?;
    let tx = op.write().await?;
    let version = draft_calendar(op, &tx, &release, draft).await?;
    insert(store::sla::insert_calendar(&tx, &version).await, version.version)?;
    tx.about(version.id);
    publish(op, &tx, &release).await?;
    tx.commit().await?;
    Ok(version)
}

/// Gives a client a tier, by which policies choose goals, or takes it away. It holds from now on, for timers that run too; what was
/// counted and judged before stays.
///
/// # Errors
/// `TierInvalid`; `NotFound`; `Forbidden` without `sla:write`.
pub async fn set_tier(
    op: &OpCtx,
    client: ClientId,
    expected_version: Option<i32>,
    tier: Option<&str>,
) -> Result<(), OpError<SlaCode>> {
    op.require_on(Permission::SlaWrite, client)?;
    let tier = tier.map(str::trim);
    let is_name =
        |tier: &str| (1..=LONGEST_NAME).contains(&tier.chars().count()) && !tier.chars().any(char::is_control);
    if tier.is_some_and(|tier| !is_name(tier)) {
        return Err(OpError::refused(Refusal::of(SlaCode::TierInvalid, "tier").with("maximum", LONGEST_NAME)));
    }
    let tx = op.write().await?;
    let found = store::clients::by_id(&tx, client).await?.ok_or(OpError::NotFound)?;
    let change = TierChange { effective_from: op.now(), tier: tier.map(str::to_owned) };
    store::sla::set_tier(&tx, client, expected_version.unwrap_or(found.version), change).await?;
    tx.concerns(client);
    store::sla::mark_stale(&tx, Some(client), op.now()).await?;
    Ok(tx.commit().await?)
}

/// Whoever may not know of every client does not set what holds for all.
pub(super) fn admit(op: &OpCtx, client: Option<ClientId>) -> Result<(), OpError<SlaCode>> {
    match client {
        Some(client) => op.require_on(Permission::SlaWrite, client),
        None if !op.sees_all() && *op.actor() != Actor::Anonymous => Err(OpError::Forbidden(Permission::SlaWrite)),
        None => op.require(Permission::SlaWrite),
    }
}

/// What was asked as a version, if it can be one.
pub(super) async fn draft_policy(
    op: &OpCtx,
    tx: &Tx,
    release: &Release,
    definition: Value,
) -> Result<PolicyVersion, OpError<SlaCode>> {
    let policy = read_policy(definition, "definition")?;
    let latest = store::sla::latest_policy(tx, release.client).await?;
    let stands = latest.as_ref().map(|latest| (latest.version, latest.effective_from));
    let effective_from = judge(op, tx, release, stands).await?;
    check_calendars(tx, release.client, (&policy, "definition"), &[]).await?;
    let definition = write(&policy)?;
    refuse_idle(latest.is_some_and(|latest| latest.definition == definition && latest.scope == release.scope))?;
    Ok(PolicyVersion {
        id: SlaPolicyId::new(op.now(), op.random()),
        client: release.client,
        version: stands.map_or(0, |(version, _)| version) + 1,
        effective_from,
        scope: release.scope,
        definition,
        origin: origin(op, release),
    })
}

/// What a definition of the outside says as a policy, if it can be meant.
pub(super) fn read_policy(definition: Value, field: &str) -> Result<Policy, OpError<SlaCode>> {
    let policy: Policy = read(definition, field)?;
    policy.check().map_err(|error| OpError::refused(code::of_policy(&error, field)))?;
    Ok(policy)
}

/// Refuses a policy of `client` that names a calendar which is neither stored nor among `others`.
pub(super) async fn check_calendars(
    tx: &Tx,
    client: Option<ClientId>,
    (policy, field): (&Policy, &str),
    others: &[&str],
) -> Result<(), OpError<SlaCode>> {
    let clients: Vec<ClientId> = client.into_iter().collect();
    let calendars = store::sla::calendars(tx, &clients).await?;
    let stored = calendars.iter().map(|calendar| calendar.key.as_str());
    let known: BTreeSet<&str> = stored.chain(others.iter().copied()).collect();
    match policy.calendar_keys().into_iter().find(|key| !known.contains(key)) {
        Some(key) => Err(OpError::refused(Refusal::of(SlaCode::CalendarUnknown, field).with("subject", key))),
        None => Ok(()),
    }
}

/// What a draft of a calendar of `client` says, with the holidays that it names, if it can be meant.
pub(super) async fn read_calendar(
    op: &OpCtx,
    tx: &Tx,
    client: Option<ClientId>,
    draft: CalendarDraft,
) -> Result<(String, CalendarSpec), OpError<SlaCode>> {
    let CalendarDraft { key, definition, holidays } = draft;
    check_key(&key)?;
    let mut spec: CalendarSpec = read(definition, "definition")?;
    if let Some(list) = holidays {
        // What somebody entered by hand stays as it was named.
        for (date, name) in read_icalendar(op, &list, "holidays")? {
            spec.holidays.entry(date).or_insert(name);
        }
    }
    super::holiday_lists::fill(tx, client, &mut spec).await?;
    Calendar::new(spec.clone()).map_err(|error| OpError::refused(code::of_calendar(&error)))?;
    Ok((key, spec))
}

/// What was asked as a version, if it can be one.
pub(super) async fn draft_calendar(
    op: &OpCtx,
    tx: &Tx,
    release: &Release,
    draft: CalendarDraft,
) -> Result<CalendarVersion, OpError<SlaCode>> {
    let (key, spec) = read_calendar(op, tx, release.client, draft).await?;
    let latest = store::sla::latest_calendar(tx, release.client, &key).await?;
    let stands = latest.as_ref().map(|latest| (latest.version, latest.effective_from));
    let effective_from = judge(op, tx, release, stands).await?;
    let definition = write(&spec)?;
    refuse_idle(latest.is_some_and(|latest| latest.definition == definition && latest.scope == release.scope))?;
    Ok(CalendarVersion {
        id: SlaCalendarId::new(op.now(), op.random()),
        client: release.client,
        key,
        version: stands.map_or(0, |(version, _)| version) + 1,
        effective_from,
        scope: release.scope,
        definition,
        origin: origin(op, release),
    })
}

/// A key by which calendars, or lists of holidays, are named.
pub(super) fn check_key(key: &str) -> Result<(), OpError<SlaCode>> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=LONGEST_NAME).contains(&key.len()) && key.bytes().all(plain) {
        Ok(())
    } else {
        Err(OpError::refused(Refusal::of(SlaCode::KeyInvalid, "key")))
    }
}

/// The holidays of an iCalendar list, from the last year on.
pub(super) fn read_icalendar(
    op: &OpCtx,
    text: &str,
    field: &str,
) -> Result<BTreeMap<jiff::civil::Date, String>, OpError<SlaCode>> {
    if let Some(line) = text.lines().position(|line| line.contains('\0')) {
        let refusal = Refusal::of(SlaCode::HolidaysInvalid, field).with("line", line + 1);
        return Err(OpError::refused(refusal.with("detail", "the line holds a NUL")));
    }
    let this_year = timestamp(op.now()).to_zoned(jiff::tz::TimeZone::UTC).year();
    ::sla::read_holidays(text, this_year - 1..=this_year + YEARS_OF_HOLIDAYS).map_err(|error| {
        let refusal = Refusal::of(SlaCode::HolidaysInvalid, field);
        OpError::refused(refusal.with("line", error.line).with("detail", &error.problem))
    })
}

/// From when it holds, if that can be.
pub(super) async fn judge(
    op: &OpCtx,
    tx: &Tx,
    release: &Release,
    stands: Option<(i32, Instant)>,
) -> Result<Instant, OpError<SlaCode>> {
    if let Some(client) = release.client
        && store::clients::by_id(tx, client).await?.is_none()
    {
        return Err(OpError::NotFound);
    }
    let reason = release.reason.trim();
    if !(1..=LONGEST_REASON).contains(&reason.chars().count()) || reason.contains('\0') {
        return Err(OpError::refused(Refusal::of(SlaCode::ReasonInvalid, "reason").with("maximum", LONGEST_REASON)));
    }
    let number = stands.map_or(0, |(version, _)| version);
    if release.expected_version.is_some_and(|expected| expected != number) {
        return Err(OpError::Conflict { current: number });
    }
    let effective_from = release.effective_from.unwrap_or(op.now());
    if effective_from < op.now() {
        return Err(OpError::refused(Refusal::of(SlaCode::EffectiveInPast, "effectiveFrom")));
    }
    if stands.is_some_and(|(_, latest)| effective_from < latest) {
        return Err(OpError::refused(Refusal::of(SlaCode::EffectiveBeforeLatest, "effectiveFrom")));
    }
    Ok(effective_from)
}

pub(super) fn origin(op: &OpCtx, release: &Release) -> Origin {
    Origin { created_at: op.now(), author: op.actor().user(), reason: Some(release.reason.trim().to_owned()) }
}

pub(super) fn refuse_idle(idle: bool) -> Result<(), OpError<SlaCode>> {
    if idle { Err(OpError::refused(Refusal::of(SlaCode::NothingChanges, "definition"))) } else { Ok(()) }
}

/// What a definition of the outside says.
pub(super) fn read<T: serde::de::DeserializeOwned>(definition: Value, field: &str) -> Result<T, OpError<SlaCode>> {
    if definition.to_string().contains("\\u0000") {
        let refusal = Refusal::of(SlaCode::DefinitionInvalid, field).with("detail", "a text holds a NUL");
        return Err(OpError::refused(refusal));
    }
    serde_json::from_value(definition)
        .map_err(|error| OpError::refused(Refusal::of(SlaCode::DefinitionInvalid, field).with("detail", error)))
}

pub(super) fn write(definition: &impl serde::Serialize) -> Result<Value, OpError<SlaCode>> {
    serde_json::to_value(definition).map_err(|error| OpError::internal("writing SLA terms", error))
}

pub(super) fn insert(inserted: Result<(), StoreError>, version: i32) -> Result<(), OpError<SlaCode>> {
    match inserted {
        Err(error) if error.is_conflict() => Err(OpError::Conflict { current: version }),
        result => Ok(result?),
    }
}

/// Has the tickets looked at that the version concerns: they learn when it begins to hold.
pub(super) async fn publish(op: &OpCtx, tx: &Tx, release: &Release) -> Result<(), OpError<SlaCode>> {
    if release.scope == Scope::RunningTimers {
        store::sla::mark_stale(tx, release.client, op.now()).await?;
    }
    Ok(())
}
