//! What is known around a client's messages: templates, numbers, enforcement, as the database has them when an audit runs. An audit
//! keeps what it was given, so that it can be repeated as it was.

use domain::{
    assets::Template,
    audits::Audit,
    enforcement::EnforcementNotice,
    traffic::{NumberFacts, PlatformEvent, PlatformEventKind, Surroundings, TemplateContent},
};
use serde_json::json;
use store::Tx;

use crate::jobs::JobError;

/// What is known now of the client of `audit`.
pub(super) async fn gather(tx: &Tx, audit: &Audit) -> Result<Surroundings, JobError> {
    let templates = store::templates::of_client(tx, audit.client).await?;
    let numbers = store::phone_numbers::of_client(tx, audit.client).await?;
    let notices = store::enforcement::of_client(tx, audit.client).await?;
    Ok(Surroundings {
        given: store::imports::kinds_given(tx, audit.client).await?,
        messaging_limit: audit.parameters.messaging_limit,
        // A client whose templates were never imported may have any: nothing is known of them.
        templates: (!templates.is_empty()).then(|| templates.iter().map(content).collect()),
        numbers: (!numbers.is_empty()).then(|| {
            numbers.into_iter().map(|number| NumberFacts { id: number.meta_id, first_used_at: None }).collect()
        }),
        // Notices are recorded by hand: none of them is no proof that Meta told nothing.
        events: (!notices.is_empty()).then(|| events(&notices)),
        ..Surroundings::default()
    })
}

/// What an audit was given, when it ran; for one that did not keep it, what is known of its parameters.
pub(super) async fn kept(tx: &Tx, audit: &Audit) -> Result<Surroundings, JobError> {
    let kept = store::audits::surroundings(tx, audit.id).await?;
    let limit = audit.parameters.messaging_limit;
    Ok(kept.unwrap_or_else(|| Surroundings { messaging_limit: limit, ..Surroundings::default() }))
}

/// A template as rules read it. What the Graph API said of it is kept whole, and read as it was when it came.
pub(crate) fn content(template: &Template) -> TemplateContent {
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

/// What notices tell, by time: the violation when one is named, and the restrictions when there are any.
fn events(notices: &[EnforcementNotice]) -> Vec<PlatformEvent> {
    let mut events = Vec::new();
    for notice in notices {
        let at = notice.noticed_at;
        let violation = notice.violation_type.as_ref().map(|word| word.to_ascii_uppercase());
        if let Some(violation) = violation.clone() {
            events.push(PlatformEvent { at, kind: PlatformEventKind::Violation { violation } });
        }
        if !notice.restrictions.is_empty() {
            let restrictions = notice.restrictions.clone();
            events.push(PlatformEvent { at, kind: PlatformEventKind::Restriction { violation, restrictions } });
        }
    }
    events.sort_by_key(|event| event.at);
    events
}
