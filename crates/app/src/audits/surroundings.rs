//! What is known around a client's messages: templates, numbers, enforcement, and what it declares of itself, as the database has
//! them when an audit runs. An audit keeps what it was given, so that it can be repeated as it was.

use std::collections::HashMap;

use domain::{
    ClientId, ImportId, WabaId,
    assets::{AssetKind, PhoneNumber, Template},
    audits::Audit,
    enforcement::EnforcementNotice,
    traffic::{NumberFacts, PlatformEvent, PlatformEventKind, Surroundings, TemplateContent},
};
use meta::asset::{Asset, Assets};
use serde_json::json;
use store::{StoreError, Tx};

use crate::jobs::JobError;

/// What is known now of the client of `audit`.
pub(crate) async fn gather(tx: &Tx, audit: &Audit) -> Result<Surroundings, JobError> {
    of_client(tx, audit.client, audit.parameters.messaging_limit).await
}

/// What is known now of a client with this messaging limit.
pub(super) async fn of_client(tx: &Tx, client: ClientId, limit: Option<u64>) -> Result<Surroundings, JobError> {
    let templates = store::templates::of_client(tx, client).await?;
    let numbers = store::phone_numbers::of_client(tx, client).await?;
    let accounts = Accounts::of(tx, client).await?;
    let events = events(tx, client, &accounts).await?;
    let declared = declared(tx, client).await?;
    let known_numbers = known_numbers(declared.numbers.unwrap_or_default(), &numbers, &accounts);
    Ok(Surroundings {
        given: store::imports::kinds_given(tx, client).await?,
        messaging_limit: limit.or(declared.messaging_limit),
        // A client whose templates were never imported may have any: nothing is known of them.
        templates: if templates.is_empty() { None } else { Some(contents(tx, client, &templates).await?) },
        numbers: (!known_numbers.is_empty()).then_some(known_numbers),
        // Webhooks of the client's accounts may never have come here: nothing told is no proof that there was nothing to tell.
        events: (!events.is_empty()).then_some(events),
        stop_words: store::stop_words::of_clients(tx, &[client]).await?.remove(&client).unwrap_or_default(),
        ..declared
    })
}

/// The client's accounts, by what Meta calls them.
struct Accounts(HashMap<WabaId, String>);

impl Accounts {
    async fn of(tx: &Tx, client: ClientId) -> Result<Self, StoreError> {
        let wabas = store::wabas::of_client(tx, client).await?;
        Ok(Self(wabas.into_iter().map(|waba| (waba.id, waba.meta_id)).collect()))
    }

    fn name(&self, waba: Option<WabaId>) -> Option<String> {
        self.0.get(&waba?).cloned()
    }
}

/// The numbers that the client declares, and those on record; the record knows their accounts.
fn known_numbers(mut declared: Vec<NumberFacts>, numbers: &[PhoneNumber], accounts: &Accounts) -> Vec<NumberFacts> {
    for number in numbers {
        let account = accounts.name(Some(number.waba));
        match declared.iter_mut().find(|known| known.id == number.meta_id) {
            Some(known) => known.account = account.or(known.account.take()),
            None => declared.push(NumberFacts { id: number.meta_id.clone(), account, first_used_at: None }),
        }
    }
    declared
}

/// What the client declares of itself: read as lines of an assets file are. A row that the reader refuses was written by a newer
/// release.
async fn declared(tx: &Tx, client: ClientId) -> Result<Surroundings, JobError> {
    let rows = store::declared_assets::of_client(tx, client).await?;
    let assets: Assets = rows.into_iter().filter_map(|row| Asset::from_value(row.body).ok()).collect();
    let suppressed_by = store::suppressed_recipients::imports(tx, client).await?;
    let suppressed = suppressed(tx, client, &suppressed_by).await?;
    Ok(Surroundings { suppressed, suppressed_by, ..assets.surroundings() })
}

async fn suppressed(tx: &Tx, client: ClientId, imports: &[ImportId]) -> Result<Option<Vec<String>>, JobError> {
    if imports.is_empty() {
        return Ok(None);
    }
    Ok(Some(store::suppressed_recipients::of_imports(tx, client, imports).await?))
}

/// What an audit was given, when it ran; for one that did not keep it, what is known of its parameters.
pub(super) async fn kept(tx: &Tx, audit: &Audit) -> Result<Surroundings, JobError> {
    let Some(mut kept) = store::audits::surroundings(tx, audit.id).await? else {
        return Ok(Surroundings { messaging_limit: audit.parameters.messaging_limit, ..Surroundings::default() });
    };
    if !kept.suppressed_by.is_empty() {
        kept.suppressed = suppressed(tx, audit.client, &kept.suppressed_by).await?;
    }
    Ok(kept)
}

/// A client's templates as rules read them, with what their history says of since when they are what they are.
pub(crate) async fn contents(
    tx: &Tx,
    client: ClientId,
    templates: &[Template],
) -> Result<Vec<TemplateContent>, StoreError> {
    let mut standing = store::asset_changes::standing(tx, client, AssetKind::Template, &["status", "quality"]).await?;
    let mut since = |template: &Template, attribute: &str, stands: &str| {
        let known = standing.remove(&(template.id.uuid(), attribute.to_owned()));
        known.filter(|(value, _)| value == stands).map(|(_, at)| at)
    };
    let with_history = |template: &Template| TemplateContent {
        status_since: since(template, "status", &template.status),
        quality_since: template.quality.as_ref().and_then(|quality| since(template, "quality", quality)),
        ..content(template)
    };
    Ok(templates.iter().map(with_history).collect())
}

/// A template as rules read it. What the Graph API said of it is kept whole, and read as it was when it came.
fn content(template: &Template) -> TemplateContent {
    let told = json!({
        "id": template.meta_id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "quality_score": template.quality,
        "components": template.components,
    });
    match meta::template::Template::from_value(told) {
        Ok(read) => read.content(),
        // Every field was read by the same reader when it was imported, so this is a template without anything to read.
        Err(_) => {
            TemplateContent { name: template.name.clone(), language: template.language.clone(), ..Default::default() }
        }
    }
}

/// Events that an audit is given.
const MOST_EVENTS: u64 = 20_000;

/// What Meta told of the client's assets, by time: by webhooks and the Graph API, and what people recorded by hand.
pub(crate) async fn told_of(tx: &Tx, client: ClientId) -> Result<Vec<PlatformEvent>, StoreError> {
    events(tx, client, &Accounts::of(tx, client).await?).await
}

async fn events(tx: &Tx, client: ClientId, accounts: &Accounts) -> Result<Vec<PlatformEvent>, StoreError> {
    let told = store::platform_events::of_client(tx, client, MOST_EVENTS).await?;
    let mut events: Vec<_> = told.into_iter().map(|told| told.event.of(accounts.name(told.waba))).collect();
    let notices = store::enforcement::of_client(tx, client).await?;
    for notice in notices.iter().filter(|notice| notice.source.is_by_hand()) {
        let told = events_of_notices(std::slice::from_ref(notice)).into_iter();
        events.extend(told.map(|event| event.of(accounts.name(notice.waba))));
    }
    events.sort_by_key(|event| event.at);
    tell_previous_limits(&mut events);
    Ok(events)
}

/// Meta tells a limit without the one before it: that is the one that was told of the account before.
fn tell_previous_limits(events: &mut [PlatformEvent]) {
    let mut before = HashMap::new();
    for event in events {
        if let PlatformEventKind::MessagingLimit { previous, limit } = &mut event.kind {
            let before = before.insert(event.account.clone(), *limit);
            *previous = previous.or(before);
        }
    }
}

/// What notices tell, by time: the violation when one is named, and the restrictions when there are any.
pub(crate) fn events_of_notices(notices: &[EnforcementNotice]) -> Vec<PlatformEvent> {
    let mut events = Vec::new();
    for notice in notices {
        let at = notice.noticed_at;
        let violation = notice.violation_type.as_ref().map(|word| word.to_ascii_uppercase());
        if let Some(violation) = violation.clone() {
            events.push(PlatformEvent::new(at, PlatformEventKind::Violation { violation }));
        }
        if !notice.restrictions.is_empty() {
            let restrictions = notice.restrictions.clone();
            events.push(PlatformEvent::new(at, PlatformEventKind::Restriction { violation, restrictions }));
        }
    }
    events.sort_by_key(|event| event.at);
    events
}
