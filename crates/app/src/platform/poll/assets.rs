//! What the Graph API said of an account, its numbers and templates, beside what is known.

use domain::{
    PhoneNumberId,
    assets::{AssetKind, PhoneNumber, Template, Waba},
    traffic::PlatformEventKind,
};
use meta::{
    graph::{AccountState, NumberState, TemplateState},
    webhook::{Event, TemplateCategory, TemplateQuality, TemplateRef, TemplateStatus},
};
use store::Tx;

use super::{
    super::{
        Told, events,
        history::{Asset, changed, changed_by_event, event, of_waba},
        tell,
    },
    standing,
};
use crate::{OpCtx, OpError};

/// The account itself.
pub(super) async fn account(
    op: &OpCtx,
    tx: &Tx,
    waba: &Waba,
    state: &AccountState,
    told: &Told,
) -> Result<(), OpError> {
    if let Some(limit) = state.messaging_limit {
        let number = limit.recipients().and_then(|limit| i64::try_from(limit).ok()).unwrap_or(Waba::UNLIMITED);
        if waba.messaging_limit != Some(number) {
            events::limit(op, tx, told, limit).await?;
        }
    }
    if let Some(portfolio) = state.portfolio.as_ref().filter(|known| waba.portfolio_meta_id.as_ref() != Some(known)) {
        of_waba(op, tx, told, "portfolio", portfolio).await?;
        store::wabas::set_portfolio(tx, waba.id, portfolio, op.services().clock.now()).await?;
    }
    let health_before = store::asset_changes::latest(tx, waba.id.uuid(), "health").await?.map(|before| before.value);
    let attributes = [
        ("review_status", state.review_status.clone()),
        ("verification_status", state.verification_status.clone()),
        ("account_status", state.status.clone()),
        ("health", state.health.of_account()),
    ];
    for (attribute, value) in attributes {
        let Some(value) = value else { continue };
        let before = store::asset_changes::latest(tx, waba.id.uuid(), attribute).await?;
        if before.is_none_or(|before| before.value != value) {
            of_waba(op, tx, told, attribute, &value).await?;
        }
    }
    standing::reconcile(op, tx, waba, (&state.health, health_before.as_deref()), told).await
}

/// A number as it stands; one that is not known yet becomes known.
pub(super) async fn number(op: &OpCtx, tx: &Tx, told: &Told, state: &NumberState) -> Result<(), OpError> {
    let known = match store::phone_numbers::named(tx, [state.id.as_str()]).await?.pop() {
        Some(known) => known,
        None => new_number(op, tx, told, state).await?,
    };
    if known.waba != told.waba {
        // Meta moved it; whose it is now is for a person to record.
        return Ok(());
    }
    let asset = Asset { kind: AssetKind::PhoneNumber, id: known.id.uuid(), known_at: known.updated_at };
    let mut after = known.clone();
    if let Some(quality) = differs(state.quality.as_ref(), known.quality_rating.as_ref()) {
        let kind = PlatformEventKind::NumberQuality {
            number: known.meta_id.clone(),
            previous: known.quality_rating.clone(),
            rating: quality.clone(),
        };
        event(op, tx, told, kind).await?;
        let before = known.quality_rating.as_deref();
        after.quality_rating = Some(changed_by_event(op, tx, told, asset, ("quality_rating", before, quality)).await?);
    }
    if let Some(status) = differs(state.status.as_ref(), known.status.as_ref()) {
        after.status = Some(changed(op, tx, told, asset, ("status", known.status.as_deref(), status)).await?);
        standing::of_number(op, tx, &known, status, told).await?;
    }
    if let Some(name) = differs(state.verified_name.as_ref(), known.verified_name.as_ref()) {
        let before = known.verified_name.as_deref();
        after.verified_name = Some(changed(op, tx, told, asset, ("verified_name", before, name)).await?);
    }
    let attributes =
        [("name_status", &state.name_status), ("throughput", &state.throughput), ("health", &state.health)];
    for (attribute, value) in attributes {
        let Some(value) = value else { continue };
        let before = store::asset_changes::latest(tx, asset.id, attribute).await?;
        if before.is_none_or(|before| before.value != *value) {
            changed(op, tx, told, asset, (attribute, None, value)).await?;
            standing::of_number(op, tx, &known, value, told).await?;
        }
    }
    if after != known {
        store::phone_numbers::update(tx, &PhoneNumber { updated_at: op.services().clock.now(), ..after }).await?;
    }
    Ok(())
}

async fn new_number(op: &OpCtx, tx: &Tx, told: &Told, state: &NumberState) -> Result<PhoneNumber, OpError> {
    let now = op.services().clock.now();
    let number = PhoneNumber {
        id: PhoneNumberId::new(now, op.random()),
        client: told.client,
        waba: told.waba,
        meta_id: state.id.clone(),
        display_number: state.display_number.clone(),
        verified_name: None,
        quality_rating: None,
        status: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    store::phone_numbers::insert(tx, &number).await?;
    Ok(number)
}

/// What is told, when it is not what is known.
fn differs<'t, T: PartialEq>(told: Option<&'t T>, known: Option<&T>) -> Option<&'t T> {
    told.filter(|told| known != Some(*told))
}

/// A template as it stands; one that is not known yet becomes known by what is told of it.
pub(super) async fn template(
    op: &OpCtx,
    tx: &Tx,
    waba: &Waba,
    state: TemplateState,
    told: &Told,
) -> Result<(), OpError> {
    let read = state.template;
    let known = store::templates::by_meta_ids(tx, waba.client, std::slice::from_ref(&read.id)).await?.pop();
    let which =
        TemplateRef { id: Some(read.id.clone()), name: Some(read.name.clone()), language: Some(read.language.clone()) };
    let content = read.content();
    let category = read.category.as_ref().map(|category| category.as_str().to_ascii_uppercase());
    let announced = read.correct_category.as_ref().map(|category| category.as_str().to_ascii_uppercase());
    if let Some(status) = differs(content.status.as_ref(), known.as_ref().map(|known| &known.status)) {
        let status = TemplateStatus {
            template: which.clone(),
            status: Some(status.clone()),
            reason: read.rejected_reason.clone(),
            ..TemplateStatus::default()
        };
        tell(op, tx, &told.saying(Event::TemplateStatus(status))).await?;
    }
    if let Some(category) = differs(category.as_ref(), known.as_ref().map(|known| &known.category)) {
        let previous = known.as_ref().map(|known| known.category.clone()).filter(|before| !before.is_empty());
        let (template, category) = (which.clone(), Some(category.clone()));
        let category = TemplateCategory { template, category, previous, ..TemplateCategory::default() };
        tell(op, tx, &told.saying(Event::TemplateCategory(category))).await?;
    }
    if let Some(score) = differs(content.quality.as_ref(), known.as_ref().and_then(|known| known.quality.as_ref())) {
        let previous = known.as_ref().and_then(|known| known.quality.clone());
        let quality = TemplateQuality { template: which.clone(), previous, score: Some(score.clone()) };
        tell(op, tx, &told.saying(Event::TemplateQuality(quality))).await?;
    }
    let now_known = store::templates::by_meta_ids(tx, waba.client, std::slice::from_ref(&read.id)).await?.pop();
    let Some(now_known) = now_known else { return Ok(()) };
    if let Some(announced) = announced.filter(|announced| Some(announced) != category.as_ref()) {
        let before = store::asset_changes::latest(tx, now_known.id.uuid(), "announced_category").await?;
        if before.is_none_or(|before| before.value != announced) {
            let announced = Some(announced);
            let category = TemplateCategory { template: which, announced, ..TemplateCategory::default() };
            tell(op, tx, &told.saying(Event::TemplateCategory(category))).await?;
        }
    }
    match state.components.filter(|components| *components != now_known.components) {
        Some(components) => self::components(op, tx, told, now_known, &components).await,
        None => Ok(()),
    }
}

/// The content of a template, which the Graph API tells whole and webhooks in part.
async fn components(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    known: Template,
    components: &serde_json::Value,
) -> Result<(), OpError> {
    let asset = Asset { kind: AssetKind::Template, id: known.id.uuid(), known_at: known.updated_at };
    let before = known.components.as_array().filter(|known| !known.is_empty()).map(|_| known.components.to_string());
    let value = components.to_string();
    let stands = changed(op, tx, told, asset, ("components", before.as_deref(), &value)).await?;
    let components =
        serde_json::from_str(&stands).map_err(|error| OpError::internal("components of a template", error))?;
    let after = Template { components, updated_at: op.services().clock.now(), ..known };
    Ok(store::templates::update(tx, &after).await?)
}
