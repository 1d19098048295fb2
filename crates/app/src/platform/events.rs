//! What is told of an account: its standing, its limit, and what stands against a higher one.

use std::str::FromStr as _;

use chrono::TimeDelta;
use domain::{
    EnforcementNoticeId, Instant,
    assets::{AssetKind, Waba},
    enforcement::{EnforcementNotice, NoticeSource, Restriction, RestrictionType},
    traffic::PlatformEventKind,
};
use meta::{
    asset::MessagingLimit,
    webhook::{AccountUpdate, Alert, RestrictionInfo},
};
use store::Tx;

use super::{
    Source, Told,
    history::{Asset, changed, changed_by_event, event, of_waba, of_waba_by_event},
    losses, numbers,
};
use crate::{OpCtx, OpError, tickets::tell_of_notice};

/// What happened longer ago when it was learned is history, and no news.
const HISTORY: TimeDelta = TimeDelta::days(7);
/// What a violation is called that Meta does not name.
const UNNAMED: &str = "UNKNOWN";

/// `account_update`; whether the account's standing may be another now.
pub(super) async fn account(op: &OpCtx, tx: &Tx, told: &Told, update: &AccountUpdate) -> Result<bool, OpError> {
    let mut is_new = false;
    losses::tell(op, tx, told, update).await?;
    let number = numbers::written(tx, told, update.display_number.as_deref()).await?.map(|number| number.id);
    for kind in standing(update) {
        let notice = notice(op, told, &kind, update).map(|notice| EnforcementNotice { phone_number: number, ..notice });
        if event(op, tx, told, kind).await? {
            is_new = true;
            if let Some(notice) = notice {
                store::enforcement::insert(tx, &notice).await?;
                // At once, and not of what was learned long after.
                if notice.recorded_at - notice.noticed_at < HISTORY {
                    tell_of_notice(op, tx, &notice).await?;
                }
            }
        }
    }
    status(op, tx, told, update).await?;
    if let Some(reason) = &update.disconnection {
        let by = update.disconnected_by.as_deref().unwrap_or(UNNAMED);
        of_waba(op, tx, told, "disconnection", &format!("{reason} {by}")).await?;
    }
    Ok(is_new)
}

/// What stands of the account after an update.
async fn status(op: &OpCtx, tx: &Tx, told: &Told, update: &AccountUpdate) -> Result<(), OpError> {
    let (status, has_event) = match update.event.as_str() {
        "ACCOUNT_DELETED" => ("DELETED", false),
        "ACCOUNT_OFFBOARDED" => ("OFFBOARDED", true),
        "ACCOUNT_RECONNECTED" => ("RECONNECTED", true),
        "PARTNER_REMOVED" => ("PARTNER_REMOVED", losses::is_by_meta(update)),
        "PARTNER_ADDED" => ("PARTNER_ADDED", true),
        "PARTNER_APP_UNINSTALLED" => ("APP_UNINSTALLED", false),
        "DISABLED_UPDATE" => match &update.ban {
            Some(ban) => (ban.state.as_str(), true),
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    if has_event {
        of_waba_by_event(op, tx, told, "status", status).await
    } else {
        of_waba(op, tx, told, "status", status).await
    }
}

/// What an update says of the account's standing.
fn standing(update: &AccountUpdate) -> Vec<PlatformEventKind> {
    let mut told = Vec::new();
    if let Some(ban) = &update.ban {
        told.push(PlatformEventKind::Ban { state: ban.state.clone(), date: ban.date });
    }
    let offboards = |word: &String| word.ends_with("_OFFBOARD");
    if update.event == "ACCOUNT_OFFBOARDED" || update.violation.as_ref().is_some_and(offboards) {
        told.push(ban("OFFBOARDED"));
    }
    if losses::is_by_meta(update) {
        told.push(ban("DISCONNECTED"));
    }
    // Also of an account that is ours for the first time: then there is nothing that it ends.
    if matches!(update.event.as_str(), "ACCOUNT_RECONNECTED" | "PARTNER_ADDED") {
        told.push(ban("RECONNECTED"));
    }
    let violation = update.violation.clone();
    let lifts = violation.as_ref().is_some_and(|word| word.ends_with("_UNBAN") || word.ends_with("_RECOVERY"));
    if lifts {
        told.push(PlatformEventKind::RestrictionLifted { violation, restrictions: Vec::new() });
        return told;
    }
    let restrictions: Vec<Restriction> = update.restrictions.iter().map(restriction).collect();
    let is_bare =
        restrictions.is_empty() && matches!(update.event.as_str(), "ACCOUNT_RESTRICTION" | "ACCOUNT_VIOLATION");
    // Without entries a restriction is a warning, named or not: a sign too many is looked at, a missing one is not.
    if is_bare || update.event == "ACCOUNT_VIOLATION" {
        let violation = violation.clone().unwrap_or_else(|| UNNAMED.to_owned());
        told.push(PlatformEventKind::Violation { violation });
    }
    if !restrictions.is_empty() {
        told.push(PlatformEventKind::Restriction { violation, restrictions });
    }
    told
}

fn ban(state: &str) -> PlatformEventKind {
    PlatformEventKind::Ban { state: state.to_owned(), date: None }
}

fn restriction(told: &RestrictionInfo) -> Restriction {
    let word = match told.restriction_type.as_str() {
        "RESTRICTION_ON_ADD_PHONE_NUMBER_ACTION" => "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        word => word,
    };
    let known = RestrictionType::from_str(word).ok();
    Restriction {
        restriction_type: known.unwrap_or(RestrictionType::Unknown),
        raw_type: known.is_none().then(|| told.restriction_type.clone()),
        ends_at: told.expires_at,
    }
}

/// The notice that a sign is; a lift is none.
fn notice(op: &OpCtx, told: &Told, kind: &PlatformEventKind, update: &AccountUpdate) -> Option<EnforcementNotice> {
    let (violation, restrictions) = match kind {
        PlatformEventKind::Violation { violation } => (Some(violation.clone()), Vec::new()),
        PlatformEventKind::Restriction { violation, restrictions } => (violation.clone(), restrictions.clone()),
        PlatformEventKind::Ban { state, .. } if matches!(state.as_str(), "DISABLE" | "OFFBOARDED" | "DISCONNECTED") => {
            (update.violation.clone(), vec![disabled()])
        }
        PlatformEventKind::Ban { state, .. } if state == "SCHEDULE_FOR_DISABLE" => (Some(state.clone()), Vec::new()),
        _ => return None,
    };
    Some(EnforcementNotice {
        id: EnforcementNoticeId::new(op.now(), op.random()),
        client: told.client,
        waba: Some(told.waba),
        phone_number: None,
        violation_type: violation.filter(|word| word != UNNAMED),
        source: match told.source {
            Source::Webhook => NoticeSource::Webhook,
            Source::Graph => NoticeSource::Graph,
            Source::Record => NoticeSource::Other,
        },
        noticed_at: told.at,
        restrictions,
        note: remediation(update),
        recorded_by: None,
        recorded_at: op.services().clock.now(),
        ticket: None,
    })
}

/// What Meta asks for, of the violation or else of what it takes away.
fn remediation(update: &AccountUpdate) -> Option<String> {
    let entries = update.restrictions.iter().filter_map(|entry| entry.remediation.as_ref());
    update.remediation.iter().chain(entries).next().cloned()
}

fn disabled() -> Restriction {
    Restriction { restriction_type: RestrictionType::Disabled, raw_type: None, ends_at: None }
}

/// `account_alerts`.
pub(super) async fn alert(op: &OpCtx, tx: &Tx, told: &Told, alert: &Alert) -> Result<(), OpError> {
    let Some(word) = &alert.alert_type else { return Ok(()) };
    if word.starts_with("INCREASED_CAPABILITIES_ELIGIBILITY") && alert.status.as_deref() != Some("NONE") {
        event(op, tx, told, PlatformEventKind::ScalingAlert { alert: word.clone() }).await?;
        return of_waba_by_event(op, tx, told, "alert", word).await;
    }
    of_waba(op, tx, told, "alert", word).await
}

/// The portfolio's messaging limit. What it was before is told by the events before it.
pub(super) async fn limit(op: &OpCtx, tx: &Tx, told: &Told, limit: MessagingLimit) -> Result<(), OpError> {
    let limit = limit.recipients().unwrap_or(u64::MAX);
    event(op, tx, told, PlatformEventKind::MessagingLimit { previous: None, limit }).await?;
    let Some(waba) = store::wabas::by_ids(tx, &[told.waba]).await?.pop() else { return Ok(()) };
    // The limit is the portfolio's: it holds for its other accounts too.
    let mut wabas = match &waba.portfolio_meta_id {
        Some(portfolio) => store::wabas::of_portfolio(tx, told.client, portfolio).await?,
        None => Vec::new(),
    };
    wabas.retain(|other| other.id != waba.id);
    wabas.push(waba);
    let value = i64::try_from(limit).unwrap_or(Waba::UNLIMITED).to_string();
    for waba in wabas {
        let known = waba.messaging_limit.map(|limit| limit.to_string());
        let asset = Asset { kind: AssetKind::Waba, id: waba.id.uuid(), known_at: waba.updated_at };
        let attribute = ("messaging_limit", known.as_deref(), value.as_str());
        // The event is of the account that was told of.
        let stands = if waba.id == told.waba {
            changed_by_event(op, tx, told, asset, attribute).await?
        } else {
            changed(op, tx, &Told { waba: waba.id, ..told.clone() }, asset, attribute).await?
        };
        set_limit(op.services().clock.now(), tx, waba, stands.parse().ok()).await?;
    }
    Ok(())
}

async fn set_limit(now: Instant, tx: &Tx, waba: Waba, limit: Option<i64>) -> Result<(), OpError> {
    if waba.messaging_limit != limit && limit.is_some() {
        store::wabas::set_messaging_limit(tx, waba.id, limit, now).await?;
    }
    Ok(())
}
