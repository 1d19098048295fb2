//! What the webhooks of a folder mean for an audit.
//!
//! They are read by the product's reader. What the server makes of them goes further (histories, tickets) and is held by tests
//! of its own; here is the part that rules look at.

use domain::enforcement::Restriction;
use domain::traffic::{Category, PlatformEvent, PlatformEventKind};
use meta::asset::Assets;
use meta::webhook::{AccountUpdate, Event, NumberQuality, TemplateCategory, TemplateStatus};

/// The events of POST bodies.
pub(super) fn events(bodies: &[String], assets: &Assets) -> Vec<PlatformEvent> {
    let mut events = Vec::new();
    for body in bodies {
        for change in meta::webhook::read(body.as_bytes()).unwrap() {
            assert_eq!(change.odd, [], "{body}");
            let kinds = match change.event {
                Event::Account(update) => standing(update),
                Event::Alert(alert) => vec![PlatformEventKind::ScalingAlert { alert: alert.alert_type.unwrap() }],
                Event::Capability { limit, .. } => {
                    let limit = limit.unwrap().recipients().unwrap_or(u64::MAX);
                    vec![PlatformEventKind::MessagingLimit { previous: None, limit }]
                }
                Event::NumberQuality(quality) => vec![flag(quality, assets)],
                Event::TemplateCategory(category) => vec![moved(category)],
                Event::TemplateStatus(status) => vec![template(status)],
                other => panic!("{other:?} is not generated"),
            };
            let told = |kind| PlatformEvent::new(change.at.unwrap(), kind).of(change.account.clone());
            events.extend(kinds.into_iter().map(told));
        }
    }
    events
}

fn standing(update: AccountUpdate) -> Vec<PlatformEventKind> {
    let mut kinds = Vec::new();
    if let Some(ban) = update.ban {
        kinds.push(PlatformEventKind::Ban { state: ban.state, date: ban.date });
    }
    if update.event == "ACCOUNT_VIOLATION" {
        kinds.push(PlatformEventKind::Violation { violation: update.violation.clone().unwrap() });
    }
    if !update.restrictions.is_empty() {
        let entries = update.restrictions.into_iter().map(|entry| Restriction {
            restriction_type: entry.restriction_type.parse().unwrap(),
            raw_type: None,
            ends_at: entry.expires_at,
        });
        kinds.push(PlatformEventKind::Restriction { violation: update.violation, restrictions: entries.collect() });
    }
    kinds
}

fn flag(quality: NumberQuality, assets: &Assets) -> PlatformEventKind {
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    let written = quality.display_number.unwrap();
    let display = |number: &&meta::asset::Number| {
        number.display_phone_number.as_deref().is_some_and(|display| digits(display) == written)
    };
    let number = assets.numbers.iter().find(display).unwrap().id.clone();
    PlatformEventKind::NumberQuality { number, previous: None, rating: quality.event.unwrap() }
}

fn template(status: TemplateStatus) -> PlatformEventKind {
    PlatformEventKind::TemplateStatus {
        name: status.template.name.unwrap(),
        language: status.template.language.unwrap(),
        status: status.status.unwrap(),
        reason: status.reason,
    }
}

fn moved(told: TemplateCategory) -> PlatformEventKind {
    let category = |word: Option<String>| match word.as_deref() {
        Some("UTILITY") => Category::Utility,
        Some("MARKETING") => Category::Marketing,
        other => panic!("{other:?} is not generated"),
    };
    PlatformEventKind::TemplateCategory {
        name: told.template.name.unwrap(),
        language: told.template.language.unwrap(),
        previous: category(told.previous),
        category: category(told.category),
    }
}
