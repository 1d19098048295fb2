//! What people correct of assets. What the platform tells later stands over it.

use domain::{
    PhoneNumberId, WabaId,
    access::Permission,
    assets::{PhoneNumber, Waba},
};

use super::{AssetCode, meta_id_ok, number_ok, refused};
use crate::{OpCtx, OpError, words::is_name};

/// What is to be changed of an account; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct WabaChange {
    /// Name.
    pub name: Option<String>,
    /// Meta's id of the portfolio; `Some(None)` when it is unknown.
    pub portfolio_meta_id: Option<Option<String>>,
    /// The portfolio's messaging limit; `Some(None)` when it is unknown.
    pub messaging_limit: Option<Option<i64>>,
    /// The version that the change was made for.
    pub expected_version: Option<i32>,
}

/// What is to be changed of a number; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct PhoneNumberChange {
    /// The number, as people write it.
    pub display_number: Option<String>,
    /// The name that people see; `Some(None)` when it has none.
    pub verified_name: Option<Option<String>>,
    /// The version that the change was made for.
    pub expected_version: Option<i32>,
}

/// Corrects an account.
///
/// # Errors
/// `NotFound`; refused with an [`AssetCode`]; `Conflict` when somebody else changed it meanwhile; `Forbidden` without `assets:write`.
pub async fn update_waba(op: &OpCtx, id: WabaId, change: WabaChange) -> Result<Waba, OpError<AssetCode>> {
    op.require(Permission::AssetsWrite)?;
    let portfolio = change.portfolio_meta_id.as_ref().and_then(Option::as_deref);
    refused([
        (change.name.as_deref().is_none_or(is_name), AssetCode::NameInvalid, "name"),
        (portfolio.is_none_or(meta_id_ok), AssetCode::MetaIdInvalid, "portfolioMetaId"),
        (
            change.messaging_limit.flatten().is_none_or(|limit| limit > 0),
            AssetCode::MessagingLimitInvalid,
            "messagingLimit",
        ),
    ])?;
    let tx = op.write().await?;
    let mut waba = store::wabas::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    tx.concerns(waba.client);
    if change.expected_version.is_some_and(|seen| seen != waba.version) {
        return Err(OpError::Conflict { current: waba.version });
    }
    if let Some(name) = change.name {
        name.trim().clone_into(&mut waba.name);
    }
    waba.portfolio_meta_id = change.portfolio_meta_id.unwrap_or(waba.portfolio_meta_id);
    waba.messaging_limit = change.messaging_limit.unwrap_or(waba.messaging_limit);
    waba.updated_at = op.now();
    if !store::wabas::correct(&tx, &waba).await? {
        return Err(OpError::Conflict { current: waba.version + 1 });
    }
    tx.commit().await?;
    Ok(Waba { version: waba.version + 1, ..waba })
}

/// Corrects a number.
///
/// # Errors
/// `NotFound`; refused with an [`AssetCode`]; `Conflict` when somebody else changed it meanwhile; `Forbidden` without `assets:write`.
pub async fn update_phone_number(
    op: &OpCtx,
    id: PhoneNumberId,
    change: PhoneNumberChange,
) -> Result<PhoneNumber, OpError<AssetCode>> {
    op.require(Permission::AssetsWrite)?;
    let name = change.verified_name.as_ref().and_then(Option::as_deref);
    refused([
        (change.display_number.as_deref().is_none_or(number_ok), AssetCode::NumberInvalid, "displayNumber"),
        (name.is_none_or(is_name), AssetCode::NameInvalid, "verifiedName"),
    ])?;
    let tx = op.write().await?;
    let mut number = store::phone_numbers::by_ids(&tx, &[id]).await?.pop().ok_or(OpError::NotFound)?;
    tx.concerns(number.client);
    if change.expected_version.is_some_and(|seen| seen != number.version) {
        return Err(OpError::Conflict { current: number.version });
    }
    if let Some(display) = change.display_number {
        display.trim().clone_into(&mut number.display_number);
    }
    number.verified_name = change.verified_name.unwrap_or(number.verified_name);
    number.updated_at = op.now();
    if !store::phone_numbers::correct(&tx, &number).await? {
        return Err(OpError::Conflict { current: number.version + 1 });
    }
    tx.commit().await?;
    Ok(PhoneNumber { version: number.version + 1, ..number })
}

#[cfg(test)]
mod tests;
