//! Assets of clients on the platform: accounts, numbers, templates.

mod changes;
mod lint;

use domain::{
    ClientId, DeclaredAssetId, PhoneNumberId, TemplateId, WabaId,
    access::Permission,
    assets::{AssetChange, AssetKind, DeclaredAsset, PhoneNumber, Template, Waba},
    graph::{GraphAccount, Headroom, VolumeCheck},
};
use store::page::{Keyset, Page};

pub use changes::{PhoneNumberChange, WabaChange, update_phone_number, update_waba};
pub use lint::{LintTemplate, TemplateLint, lint_template};

use crate::{Code, NoCode, OpCtx, OpError, Refusal, words::is_name};

/// Days of comparisons that are shown.
const VOLUME_CHECKS: u64 = 30;

/// Why an asset cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssetCode {
    /// There is no such client for the actor.
    ClientNotFound,
    /// The client has no such account.
    WabaNotFound,
    /// The name is empty or longer than 200 characters.
    NameInvalid,
    /// Meta's id is not 1 to 32 digits.
    MetaIdInvalid,
    /// The id of Meta's is recorded already.
    MetaIdTaken,
    /// The number is not 7 to 15 digits, with `+`, blanks, dots, dashes and parentheses between.
    NumberInvalid,
    /// The messaging limit is not a number above zero.
    MessagingLimitInvalid,
}

impl Code for AssetCode {
    fn key(self) -> &'static str {
        match self {
            Self::ClientNotFound => "error-client-not-found",
            Self::WabaNotFound => "error-waba-not-found",
            Self::NameInvalid => "error-name-invalid",
            Self::MetaIdInvalid => "error-meta-id-invalid",
            Self::MetaIdTaken => "error-meta-id-taken",
            Self::NumberInvalid => "error-number-invalid",
            Self::MessagingLimitInvalid => "error-messaging-limit-invalid",
        }
    }
}

/// An account to be recorded.
#[derive(Debug, Clone)]
pub struct NewWaba {
    /// Whose.
    pub client: ClientId,
    /// Meta's id.
    pub meta_id: String,
    /// Name.
    pub name: String,
    /// Meta's id of the portfolio.
    pub portfolio_meta_id: Option<String>,
    /// The portfolio's messaging limit; [`Waba::UNLIMITED`] without limit, absent when unknown.
    pub messaging_limit: Option<i64>,
}

/// A number to be recorded.
#[derive(Debug, Clone)]
pub struct NewPhoneNumber {
    /// Of which account.
    pub waba: WabaId,
    /// Meta's id.
    pub meta_id: String,
    /// The number, as people write it.
    pub display_number: String,
    /// The name that people see.
    pub verified_name: Option<String>,
}

fn meta_id_ok(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn number_ok(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && number.chars().all(|character| character.is_ascii_digit() || " +.-()".contains(character))
}

fn refused<const N: usize>(checks: [(bool, AssetCode, &str); N]) -> Result<(), OpError<AssetCode>> {
    let refusals: Vec<_> =
        checks.into_iter().filter(|(ok, ..)| !ok).map(|(_, code, field)| Refusal::of(code, field)).collect();
    if refusals.is_empty() { Ok(()) } else { Err(OpError::Refused(refusals)) }
}

/// Records an account.
///
/// # Errors
/// Refused with an [`AssetCode`]; `Forbidden` without `assets:write`.
pub async fn create_waba(op: &OpCtx, input: NewWaba) -> Result<Waba, OpError<AssetCode>> {
    op.require(Permission::AssetsWrite)?;
    refused([
        (is_name(&input.name), AssetCode::NameInvalid, "name"),
        (meta_id_ok(&input.meta_id), AssetCode::MetaIdInvalid, "metaId"),
        (input.portfolio_meta_id.as_deref().is_none_or(meta_id_ok), AssetCode::MetaIdInvalid, "portfolioMetaId"),
        (input.messaging_limit.is_none_or(|limit| limit > 0), AssetCode::MessagingLimitInvalid, "messagingLimit"),
    ])?;
    let tx = op.write().await?;
    if store::clients::by_id(&tx, input.client).await?.is_none() {
        return Err(OpError::refused(Refusal::of(AssetCode::ClientNotFound, "clientId")));
    }
    let waba = Waba {
        id: WabaId::new(op.now(), op.random()),
        client: input.client,
        meta_id: input.meta_id,
        name: input.name.trim().to_owned(),
        portfolio_meta_id: input.portfolio_meta_id,
        messaging_limit: input.messaging_limit,
        created_at: op.now(),
        updated_at: op.now(),
        version: 1,
    };
    tx.about(waba.id);
    match store::wabas::insert(&tx, &waba).await {
        Err(error) if error.is_conflict() => {
            return Err(OpError::refused(Refusal::of(AssetCode::MetaIdTaken, "metaId")));
        }
        result => result?,
    }
    tx.commit().await?;
    Ok(waba)
}

/// Records a number.
///
/// # Errors
/// Refused with an [`AssetCode`]; `Forbidden` without `assets:write`.
pub async fn create_phone_number(op: &OpCtx, input: NewPhoneNumber) -> Result<PhoneNumber, OpError<AssetCode>> {
    op.require(Permission::AssetsWrite)?;
    refused([
        (meta_id_ok(&input.meta_id), AssetCode::MetaIdInvalid, "metaId"),
        (number_ok(&input.display_number), AssetCode::NumberInvalid, "displayNumber"),
        (input.verified_name.as_deref().is_none_or(is_name), AssetCode::NameInvalid, "verifiedName"),
    ])?;
    let tx = op.write().await?;
    let Some(waba) = store::wabas::by_ids(&tx, &[input.waba]).await?.pop() else {
        return Err(OpError::refused(Refusal::of(AssetCode::WabaNotFound, "wabaId")));
    };
    let number = PhoneNumber {
        id: PhoneNumberId::new(op.now(), op.random()),
        client: waba.client,
        waba: waba.id,
        meta_id: input.meta_id,
        display_number: input.display_number.trim().to_owned(),
        verified_name: input.verified_name,
        quality_rating: None,
        status: None,
        created_at: op.now(),
        updated_at: op.now(),
        version: 1,
    };
    tx.about(number.id);
    match store::phone_numbers::insert(&tx, &number).await {
        Err(error) if error.is_conflict() => {
            return Err(OpError::refused(Refusal::of(AssetCode::MetaIdTaken, "metaId")));
        }
        result => result?,
    }
    tx.commit().await?;
    Ok(number)
}

/// Declares the reads of one kind of asset.
macro_rules! reads {
    ($asset:ident, $id:ident, $module:ident, $page:ident, $by_ids:ident) => {
        /// A page, of one client when `client` names it.
        ///
        /// # Errors
        /// `Forbidden` without `assets:read`.
        pub async fn $page(
            op: &OpCtx,
            client: Option<ClientId>,
            keyset: &Keyset,
        ) -> Result<Page<$asset>, OpError<NoCode>> {
            op.require(Permission::AssetsRead)?;
            Ok(store::$module::page(&*op.reader().await?, client, keyset).await?)
        }

        /// Those of `ids` that the actor may know of.
        ///
        /// # Errors
        /// `Forbidden` without `assets:read`.
        pub async fn $by_ids(op: &OpCtx, ids: &[$id]) -> Result<Vec<$asset>, OpError<NoCode>> {
            op.require(Permission::AssetsRead)?;
            Ok(store::$module::by_ids(&*op.reader().await?, ids).await?)
        }
    };
}

reads!(Waba, WabaId, wabas, wabas_page, wabas_by_ids);
reads!(PhoneNumber, PhoneNumberId, phone_numbers, phone_numbers_page, phone_numbers_by_ids);
reads!(Template, TemplateId, templates, templates_page, templates_by_ids);

/// A page of what clients declare of themselves; of one client and one kind when they are named.
///
/// # Errors
/// `Forbidden` without `assets:read`.
pub async fn declared_page(
    op: &OpCtx,
    client: Option<ClientId>,
    kind: Option<&str>,
    keyset: &Keyset,
) -> Result<Page<DeclaredAsset>, OpError<NoCode>> {
    op.require(Permission::AssetsRead)?;
    Ok(store::declared_assets::page(&*op.reader().await?, client, kind, keyset).await?)
}

/// Those of `ids` that the actor may know of.
///
/// # Errors
/// `Forbidden` without `assets:read`.
pub async fn declared_by_ids(op: &OpCtx, ids: &[DeclaredAssetId]) -> Result<Vec<DeclaredAsset>, OpError<NoCode>> {
    op.require(Permission::AssetsRead)?;
    Ok(store::declared_assets::by_ids(&*op.reader().await?, ids).await?)
}

/// How many people a client's former providers had suppressed, as far as told; `None` when nobody told.
///
/// # Errors
/// `Forbidden` without `assets:read`.
pub async fn suppressed_count(op: &OpCtx, client: ClientId) -> Result<Option<u64>, OpError<NoCode>> {
    op.require(Permission::AssetsRead)?;
    let tx = op.reader().await?;
    let imports = store::suppressed_recipients::imports(&tx, client).await?;
    if imports.is_empty() {
        return Ok(None);
    }
    Ok(Some(store::suppressed_recipients::count(&tx, client, &imports).await?))
}

/// A page of what became of an account, number or template, by time; of nothing, an empty one.
///
/// # Errors
/// `Forbidden` without `assets:read`.
pub async fn changes_page(
    op: &OpCtx,
    asset: Option<(AssetKind, uuid::Uuid)>,
    keyset: &Keyset,
) -> Result<Page<AssetChange>, OpError<NoCode>> {
    op.require(Permission::AssetsRead)?;
    let Some((kind, asset)) = asset else {
        return Ok(Page { items: Vec::new(), cursors: Vec::new(), has_next: false });
    };
    Ok(store::asset_changes::page(&*op.reader().await?, kind, asset, keyset).await?)
}

/// How asking Meta about accounts goes, those of which the actor may know.
///
/// # Errors
/// `Forbidden` without `assets:read`.
pub async fn graph_accounts(op: &OpCtx, wabas: &[WabaId]) -> Result<Vec<GraphAccount>, OpError<NoCode>> {
    op.require(Permission::AssetsRead)?;
    Ok(store::graph_accounts::of_wabas(&*op.reader().await?, wabas).await?)
}

/// How much of the messaging limit of clients is used, those of which the actor may know.
///
/// # Errors
/// `Forbidden` without `assets:read`.
pub async fn headrooms(op: &OpCtx, clients: &[ClientId]) -> Result<Vec<Headroom>, OpError<NoCode>> {
    op.require(Permission::AssetsRead)?;
    Ok(store::traffic_watches::of_clients(&*op.reader().await?, clients).await?)
}

/// What Meta counted of a client's accounts beside what the send log holds, the latest days first; each day with the same of each account
/// that can be told apart.
///
/// # Errors
/// `Forbidden` without `audits:read`.
pub async fn volume_checks(
    op: &OpCtx,
    client: ClientId,
) -> Result<Vec<(VolumeCheck, Vec<VolumeCheck>)>, OpError<NoCode>> {
    op.require(Permission::AuditsRead)?;
    let tx = op.reader().await?;
    let days = store::graph_accounts::checks(&tx, client, VOLUME_CHECKS).await?;
    let Some(first) = days.last().map(|day| day.from) else { return Ok(Vec::new()) };
    let accounts = store::graph_accounts::account_checks(&tx, client, first).await?;
    let of_day = |day: &VolumeCheck| accounts.iter().filter(|check| check.from == day.from).copied().collect();
    Ok(days.into_iter().map(|day| (day, of_day(&day))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_meta_are_digits_and_numbers_are_numbers() {
        assert!(meta_id_ok("102290129340398"));
        assert!(!meta_id_ok("") && !meta_id_ok("12a") && !meta_id_ok(&"1".repeat(33)));
        assert!(number_ok("+39 06 1234-5678") && number_ok("393331234567"));
        assert!(!number_ok("123456") && !number_ok("+39 06 CALL-US"));
    }
}
