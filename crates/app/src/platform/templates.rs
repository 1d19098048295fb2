//! What is told of templates. One that is not known yet becomes known by it.

use domain::{
    TemplateId,
    assets::{AssetKind, Template},
    tickets::TicketKind,
    traffic::{Category, PlatformEventKind},
};
use meta::webhook::{TemplateCategory, TemplateComponents, TemplateQuality, TemplateRef, TemplateStatus};
use store::Tx;

use super::{
    Told,
    history::{Asset, changed, changed_by_event, event},
    template_tickets::{kind_of, open_or_join},
};
use crate::{OpCtx, OpError};

/// The template that is meant, by Meta's id, else by name and language; made when it is not known and can be.
async fn meant(op: &OpCtx, tx: &Tx, told: &Told, which: &TemplateRef) -> Result<Option<Template>, OpError> {
    if let Some(id) = &which.id
        && let Some(known) = store::templates::by_meta_ids(tx, told.client, std::slice::from_ref(id)).await?.pop()
    {
        return Ok(Some(known));
    }
    if let (Some(name), Some(language)) = (&which.name, &which.language)
        && let Some(known) = store::templates::named(tx, told.waba, name, language).await?
    {
        return Ok(Some(known));
    }
    let (Some(id), Some(name)) = (&which.id, &which.name) else { return Ok(None) };
    let now = op.services().clock.now();
    let template = Template {
        id: TemplateId::new(now, op.random()),
        client: told.client,
        waba: Some(told.waba),
        meta_id: id.clone(),
        name: name.clone(),
        language: which.language.clone().unwrap_or_default(),
        category: String::new(),
        status: String::new(),
        quality: None,
        components: serde_json::Value::Array(Vec::new()),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    store::templates::insert(tx, &template).await?;
    Ok(Some(template))
}

fn asset(template: &Template) -> Asset {
    Asset { kind: AssetKind::Template, id: template.id.uuid(), known_at: template.updated_at }
}

async fn save(op: &OpCtx, tx: &Tx, before: &Template, after: Template) -> Result<(), OpError> {
    if after != *before {
        let after = Template { updated_at: op.services().clock.now(), ..after };
        store::templates::update(tx, &after).await?;
    }
    Ok(())
}

/// `message_template_status_update`.
pub(super) async fn status(op: &OpCtx, tx: &Tx, told: &Told, status: &TemplateStatus) -> Result<(), OpError> {
    let (Some(word), Some(before)) = (&status.status, meant(op, tx, told, &status.template).await?) else {
        return Ok(());
    };
    let kind = PlatformEventKind::TemplateStatus {
        name: before.name.clone(),
        language: before.language.clone(),
        status: word.clone(),
        reason: status.reason.clone(),
    };
    if event(op, tx, told, kind).await?
        && let Some(kind) = kind_of(word)
    {
        let what = status.reason.as_ref().map_or_else(|| word.clone(), |reason| format!("{word} {reason}"));
        open_or_join(op, tx, told, &before, (kind, &what)).await?;
    }
    let mut after = before.clone();
    after.status = changed_by_event(op, tx, told, asset(&before), ("status", Some(&before.status), word)).await?;
    if let Some(reason) = &status.reason {
        changed_by_event(op, tx, told, asset(&before), ("status_reason", None, reason)).await?;
    }
    if let Some(category) = &status.category {
        after.category = changed(op, tx, told, asset(&before), ("category", Some(&before.category), category)).await?;
    }
    save(op, tx, &before, after).await
}

/// `message_template_quality_update`.
pub(super) async fn quality(op: &OpCtx, tx: &Tx, told: &Told, quality: &TemplateQuality) -> Result<(), OpError> {
    let (Some(score), Some(before)) = (&quality.score, meant(op, tx, told, &quality.template).await?) else {
        return Ok(());
    };
    let kind = PlatformEventKind::TemplateQuality {
        name: before.name.clone(),
        language: before.language.clone(),
        previous: quality.previous.clone(),
        score: score.clone(),
    };
    event(op, tx, told, kind).await?;
    let stands = changed_by_event(op, tx, told, asset(&before), ("quality", before.quality.as_deref(), score)).await?;
    save(op, tx, &before, Template { quality: Some(stands), ..before.clone() }).await
}

fn category_of(word: &str) -> Category {
    match word {
        "MARKETING" => Category::Marketing,
        "UTILITY" => Category::Utility,
        "AUTHENTICATION" => Category::Authentication,
        _ => Category::Unknown,
    }
}

/// `template_category_update`: done, or announced.
pub(super) async fn category(op: &OpCtx, tx: &Tx, told: &Told, category: &TemplateCategory) -> Result<(), OpError> {
    let Some(before) = meant(op, tx, told, &category.template).await? else { return Ok(()) };
    if let Some(announced) = &category.announced {
        changed(op, tx, told, asset(&before), ("announced_category", None, announced)).await?;
    }
    let Some(word) = &category.category else { return Ok(()) };
    if let Some(previous) = &category.previous {
        let kind = PlatformEventKind::TemplateCategory {
            name: before.name.clone(),
            language: before.language.clone(),
            previous: category_of(previous),
            category: category_of(word),
        };
        if event(op, tx, told, kind).await? {
            let what = format!("{previous} → {word}");
            open_or_join(op, tx, told, &before, (TicketKind::TemplateCategory, &what)).await?;
        }
    }
    let attribute = ("category", Some(before.category.as_str()), word.as_str());
    // Without the category before there is no event.
    let stands = match &category.previous {
        Some(_) => changed_by_event(op, tx, told, asset(&before), attribute).await?,
        None => changed(op, tx, told, asset(&before), attribute).await?,
    };
    save(op, tx, &before, Template { category: stands, ..before.clone() }).await
}

/// `message_template_components_update`.
pub(super) async fn components(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    components: &TemplateComponents,
) -> Result<(), OpError> {
    let Some(before) = meant(op, tx, told, &components.template).await? else { return Ok(()) };
    let known = before.components.as_array().filter(|known| !known.is_empty()).map(|_| before.components.to_string());
    let text = components.as_components().to_string();
    let stands = changed(op, tx, told, asset(&before), ("components", known.as_deref(), &text)).await?;
    let components =
        serde_json::from_str(&stands).map_err(|error| OpError::internal("components of a template", error))?;
    save(op, tx, &before, Template { components, ..before.clone() }).await
}
