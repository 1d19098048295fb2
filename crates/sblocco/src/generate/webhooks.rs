//! webhooks.ndjson: what Meta told of a client's accounts in the period, a POST body a line and in order of time, as Meta's
//! documentation has them. Of everybody something good; of the client that Meta acts against, how that went.

use serde_json::{Value, json};

use super::calendar::Calendar;
use super::client::{Enforcement, LAID_OFF, MORNING, MOVED_TEMPLATE, Profile};
use super::spike::{limit_value, next_limit};
use super::truth::Facts;

/// The violation that Meta sees, twice.
pub(super) const VIOLATION: &str = "SPAM";
/// What it takes away for it.
pub(super) const TAKEN: &str = "RESTRICTED_BIZ_INITIATED_MESSAGING";
/// Why it raises no limit.
pub(super) const ALERT: &str = "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED";

/// Days from the start of the period on which Meta approves a template, tells a limit, moves a template, pauses another, lowers
/// the limit and puts off a higher one.
const APPROVED: i64 = 2;
const LIMIT_TOLD: i64 = 5;
const MOVED: i64 = 20;
const PAUSED: i64 = 30;
const LIMIT_LOST: i64 = 50;
const PUT_OFF: i64 = 51;
/// Days after the period until an account is disabled.
const DAYS_LEFT: i64 = 5;

/// Something that Meta tells of an account.
struct Told {
    at: i64,
    account: String,
    field: &'static str,
    value: Value,
}

impl Told {
    fn body(&self) -> Value {
        let change = json!({ "field": self.field, "value": self.value });
        let entry = json!({ "id": self.account, "time": self.at / 1_000_000, "changes": [change] });
        json!({ "object": "whatsapp_business_account", "entry": [entry] })
    }
}

/// The lines of webhooks.ndjson.
pub(super) fn bodies(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, calendar, limit, .. } = facts;
    let of_account = |day: i64, field: &'static str, value: Value| Told {
        at: calendar.at(day, MORNING),
        account: profile.waba_id(),
        field,
        value,
    };
    let capability = |day: i64, limit: Value| {
        let value = json!({ "max_daily_conversations_per_business": limit, "max_phone_numbers_per_business": 25 });
        of_account(day, "business_capability_update", value)
    };
    let mut told = vec![of_account(APPROVED, "message_template_status_update", approved(profile))];
    match profile.enforcement {
        None => told.push(capability(LIMIT_TOLD, limit_value(*limit))),
        Some(enforcement) => {
            told.push(capability(LIMIT_TOLD, next_limit(*limit).map_or_else(|| (-1).into(), limit_value)));
            told.push(of_account(MOVED, "template_category_update", moved(profile)));
            told.push(of_account(PAUSED, "message_template_status_update", paused(profile)));
            told.push(capability(LIMIT_LOST, limit_value(*limit)));
            told.push(of_account(PUT_OFF, "account_alerts", put_off(profile)));
            told.extend(enforced(profile, calendar, &enforcement));
        }
    }
    told.sort_by_key(|told| told.at);
    told.iter().map(Told::body).collect()
}

/// What is told of a template, by its place among those that are sent and those that are not.
fn of_template(profile: &Profile, place: usize, mut told: Value) -> Value {
    let idle = profile.idle.iter().map(|idle| idle.text);
    let text = profile.templates.iter().copied().chain(idle).nth(place);
    told["message_template_id"] = profile.template_id(place).into();
    told["message_template_name"] = text.map(|text| text.name).into();
    told["message_template_language"] = text.map(|text| text.language).into();
    told
}

fn approved(profile: &Profile) -> Value {
    of_template(profile, 0, json!({ "event": "APPROVED", "reason": "NONE" }))
}

fn moved(profile: &Profile) -> Value {
    let told = json!({ "previous_category": "UTILITY", "new_category": "MARKETING" });
    of_template(profile, usize::from(MOVED_TEMPLATE), told)
}

fn paused(profile: &Profile) -> Value {
    let why = json!({ "title": "FIRST_PAUSE", "description": "Your template was paused because of its quality." });
    let told = json!({ "event": "PAUSED", "reason": "NONE", "other_info": why });
    of_template(profile, profile.templates.len() + LAID_OFF, told)
}

fn put_off(profile: &Profile) -> Value {
    json!({ "entity_type": "WABA", "entity_id": profile.waba_id(), "alert_severity": "INFORMATIONAL",
            "alert_status": "ACTIVE", "alert_type": ALERT,
            "alert_description": "A higher messaging limit is put off until the quality is better." })
}

/// What Meta does to the account of one number: a warning, a flag, a block for the same violation, and the threat to disable it.
fn enforced(profile: &Profile, calendar: &Calendar, enforcement: &Enforcement) -> Vec<Told> {
    let told = |at: i64, field: &'static str, value: Value| Told {
        at,
        account: profile.waba_of(enforcement.number),
        field,
        value,
    };
    let on = |day: i64| calendar.at(day, MORNING);
    let (from, until) = enforcement.block(calendar);
    let violation = json!({ "violation_type": VIOLATION });
    let violated =
        |at: i64| told(at, "account_update", json!({ "event": "ACCOUNT_VIOLATION", "violation_info": violation }));
    let flag = |day: i64, event: &str| {
        let digits: String = profile.display_number(enforcement.number).chars().filter(char::is_ascii_digit).collect();
        told(on(day), "phone_number_quality_update", json!({ "display_phone_number": digits, "event": event }))
    };
    let (flagged, unflagged) = enforcement.flagged;
    let entry = json!({ "restriction_type": TAKEN, "expiration": until / 1_000_000 });
    let restriction =
        json!({ "event": "ACCOUNT_RESTRICTION", "violation_info": violation, "restriction_info": [entry] });
    let end = calendar.date(calendar.days() + DAYS_LEFT).format("%B %d, %Y").to_string();
    let ban = json!({ "waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": end });
    vec![
        violated(on(enforcement.warned)),
        flag(flagged, "FLAGGED"),
        violated(from),
        told(from, "account_update", restriction),
        flag(unflagged, "UNFLAGGED"),
        told(on(enforcement.threatened), "account_update", json!({ "event": "DISABLED_UPDATE", "ban_info": ban })),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::client::{AURORA, FENICE, NORDIC};
    use super::super::evidence::Evidence;
    use super::*;

    #[test]
    fn the_reader_understands_every_body_and_they_come_in_order() {
        for (profile, expected) in [(&NORDIC, 12), (&AURORA, 2), (&FENICE, 2)] {
            let calendar = Calendar::new("2026-09-01".parse().unwrap(), 60);
            let evidence = Evidence::new(profile, &calendar, 5);
            let facts =
                Facts { profile, calendar: &calendar, campaigns: &[], evidence: &evidence, crowd: None, limit: 2_000 };
            let bodies: Vec<Value> = bodies(&facts);
            assert_eq!(bodies.len(), expected, "{}", profile.folder);
            let mut last = None;
            for body in &bodies {
                let changes = meta::webhook::read(body.to_string().as_bytes()).unwrap();
                assert!(changes.iter().all(|change| change.odd.is_empty()), "{body}: {changes:?}");
                assert!(changes.len() == 1 && changes[0].at >= last, "{body}");
                last = changes[0].at;
            }
        }
    }
}
