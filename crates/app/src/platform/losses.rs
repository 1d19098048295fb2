//! Accounts that we no longer look after: taken away by Meta, given to somebody else by the client, or deleted. Without them webhooks
//! end, and silence looks like peace: whoever looks after the client must know.

use chrono::TimeDelta;
use domain::notifications::{Notification, NotificationKind, Recipient};
use meta::webhook::AccountUpdate;
use store::Tx;

use super::Told;
use crate::{OpCtx, OpError, notifications::notify};

/// What happened longer ago when it was learned is history, and no news.
const HISTORY: TimeDelta = TimeDelta::days(7);

/// Whether Meta itself took the account away, which can be enforcement. Whatever else disconnects an account (a new number, a phone that
/// is silent) is no punishment.
pub(super) fn is_by_meta(update: &AccountUpdate) -> bool {
    update.event == "PARTNER_REMOVED"
        && update.disconnection.as_deref() == Some("ACCOUNT_DISCONNECTED")
        && update.disconnected_by.as_deref() == Some("SYSTEM")
}

/// Tells those who look after the client that the account is lost, once. What Meta itself did opens a ticket, which tells it.
pub(super) async fn tell(op: &OpCtx, tx: &Tx, told: &Told, update: &AccountUpdate) -> Result<(), OpError> {
    let is_lost = matches!(update.event.as_str(), "ACCOUNT_DELETED" | "PARTNER_APP_UNINSTALLED" | "PARTNER_REMOVED");
    let now = op.services().clock.now();
    if !is_lost || is_by_meta(update) || now - told.at > HISTORY {
        return Ok(());
    }
    let Some(waba) = store::wabas::by_ids(tx, &[told.waba]).await?.pop() else { return Ok(()) };
    let words = [Some(&update.event), update.disconnection.as_ref(), update.disconnected_by.as_ref()];
    let kind = NotificationKind::AccountLost {
        account: waba.name,
        words: words.into_iter().flatten().cloned().collect::<Vec<_>>().join(" "),
    };
    let key = format!("account_lost:{}:{}:{}", told.waba, update.event, told.at.timestamp());
    notify(op, tx, Notification::new(kind, key).of(told.client).to(Recipient::Agents)).await?;
    Ok(())
}
