//! What webhooks failed to tell of where an account stands: that it is banned or locked, that either is over, that restrictions were
//! lifted before their end. And what nobody would tell at all: that Meta keeps an account or a number from sending.

use chrono::DurationRound as _;
use domain::{
    assets::{PhoneNumber, Waba},
    enforcement::EnforcementStage,
    notifications::{Notification, NotificationKind, Recipient},
    traffic::PlatformEventKind,
};
use meta::{
    graph::Health,
    webhook::{AccountUpdate, Ban, Event, RestrictionInfo},
};
use store::Tx;

use super::super::{Told, history::event, tell};
use crate::{OpCtx, OpError, notifications::notify};

/// Meta's code for an account that is banned.
const BANNED: i64 = 141_014;
/// Meta's code for an account that is locked: it can send nothing, and nobody says until when.
const LOCKED: i64 = 141_008;
/// Codes of what keeps an account from sending and is no enforcement: the payment method, a verification that is not finished.
const OWN_REASONS: [&str; 2] = ["141006", "141010"];
/// Restrictions of everything that is sent.
const OF_MESSAGES: [&str; 2] = ["RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"];

/// Compares what Meta says of the account's health, now and before, with the episode that lasts.
pub(super) async fn reconcile(
    op: &OpCtx,
    tx: &Tx,
    waba: &Waba,
    (health, before): (&Health, Option<&str>),
    told: &Told,
) -> Result<(), OpError> {
    let episode = store::episodes::open_of(tx, &[waba.id]).await?.pop().map(|known| known.episode);
    let episode = episode.as_ref();
    let stage = episode.map(|known| known.stage);
    let lifted = episode.map(|known| known.given_back_with_messages(told.at)).unwrap_or_default();
    if health.account_errors.contains(&BANNED) {
        return if stage >= Some(EnforcementStage::Disabled) { Ok(()) } else { ban(op, tx, told, "DISABLE").await };
    }
    if health.account_can_send.as_deref() == Some("AVAILABLE") {
        if stage == Some(EnforcementStage::Disabled) {
            return ban(op, tx, told, "REINSTATE").await;
        }
        // Not every restriction shows here: what never showed does not end by not showing.
        if !lifted.is_empty() && before.is_some_and(shows_enforcement) {
            let kind = PlatformEventKind::RestrictionLifted { violation: None, restrictions: lifted };
            event(op, tx, told, kind).await?;
        }
        return Ok(());
    }
    // Everything below is known already.
    if stage >= Some(EnforcementStage::Disabled) || !lifted.is_empty() {
        return Ok(());
    }
    if health.account_errors.contains(&LOCKED) {
        return lock(op, tx, told).await;
    }
    let state = health.of_account();
    match state.filter(|state| state.starts_with("BLOCKED") && before != Some(state.as_str())) {
        Some(state) => tell_of(op, tx, told, (waba, None), state).await,
        None => Ok(()),
    }
}

/// Whether a health that was written down (`BLOCKED 141014`) speaks of something that Meta took away.
fn shows_enforcement(health: &str) -> bool {
    !health.starts_with("AVAILABLE") && !health.split_whitespace().any(|word| OWN_REASONS.contains(&word))
}

async fn ban(op: &OpCtx, tx: &Tx, told: &Told, state: &str) -> Result<(), OpError> {
    let update = AccountUpdate {
        event: "DISABLED_UPDATE".to_owned(),
        ban: Some(Ban { state: state.to_owned(), date: None }),
        ..AccountUpdate::default()
    };
    tell(op, tx, &told.saying(Event::Account(update))).await.map(drop)
}

/// A lock is a restriction of all messages without end, whether Meta has said why or not.
async fn lock(op: &OpCtx, tx: &Tx, told: &Told) -> Result<(), OpError> {
    let entry = |word: &str| RestrictionInfo { restriction_type: word.to_owned(), expires_at: None, remediation: None };
    let update = AccountUpdate {
        event: "ACCOUNT_RESTRICTION".to_owned(),
        restrictions: OF_MESSAGES.iter().map(|word| entry(word)).collect(),
        ..AccountUpdate::default()
    };
    tell(op, tx, &told.saying(Event::Account(update))).await.map(drop)
}

/// A number that Meta keeps from sending, by its status or its health, which no webhook tells.
pub(super) async fn of_number(
    op: &OpCtx,
    tx: &Tx,
    number: &PhoneNumber,
    status: &str,
    told: &Told,
) -> Result<(), OpError> {
    let keeps = matches!(status, "BANNED" | "FLAGGED" | "RESTRICTED") || status.starts_with("BLOCKED");
    if !keeps {
        return Ok(());
    }
    match store::wabas::by_ids(tx, &[number.waba]).await?.pop() {
        Some(waba) => tell_of(op, tx, told, (&waba, Some(number)), status.to_owned()).await,
        None => Ok(()),
    }
}

/// Tells the client's people and those who look after them, of the same state once a day.
async fn tell_of(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    (waba, number): (&Waba, Option<&PhoneNumber>),
    state: String,
) -> Result<(), OpError> {
    let day = told.at.duration_trunc(chrono::TimeDelta::days(1)).unwrap_or(told.at);
    let asset = number.map_or_else(|| waba.id.to_string(), |number| number.id.to_string());
    let key = format!("sending_blocked:{asset}:{state}:{}", day.format("%Y-%m-%d"));
    let number = number.map(|number| number.display_number.clone());
    let kind = NotificationKind::SendingBlocked { account: waba.name.clone(), number, state };
    let notification = Notification::new(kind, key).of(told.client);
    notify(op, tx, notification.to(Recipient::ClientUsers).to(Recipient::Agents)).await?;
    Ok(())
}
