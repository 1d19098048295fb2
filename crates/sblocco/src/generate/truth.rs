//! `truth.json`: what was planted, for whoever checks an audit against it.
//!
//! What is expected of a finding is named as in the finding itself: `messages`, `recipients`, and its figures.

use serde_json::{Value, json};

use super::DEFAULT_DAYS;
use super::calendar::Calendar;
use super::client::{
    AURORA, COUNTER, DIGITAL_PRESCRIPTION, FAILING_TEMPLATE, FAIR, FENICE, LOYALTY_CARD, NORDIC, Profile, RETRIED,
    SPIKE_NUMBER, SPRING_IMPORT, UNWANTED_CAMPAIGN,
};
use super::evidence::{Count, Evidence};
use super::scenario::Cohort;
use super::spike::Spike;

/// The rules that an audit of this traffic can be held to.
const RULES: [&str; 15] = [
    "CON-01", "CON-02", "CON-03", "CON-04", "CON-07", "TPL-01", "WIN-01", "VOL-01", "VOL-04", "VOL-05", "LIM-01",
    "ENG-02", "LST-01", "LST-02", "LST-05",
];

/// Whether every planted fault is large enough for its rule to judge, and the clean client large enough to be found clean:
/// from 20,000 messages over all clients on, and more for periods longer than the usual, which hold fewer people.
pub(super) fn is_large_enough(messages: u64, days: u32) -> bool {
    messages * u64::from(DEFAULT_DAYS) >= 20_000 * u64::from(days.max(DEFAULT_DAYS))
}

/// What is known of one client once its traffic is written.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) profile: &'a Profile,
    pub(super) calendar: &'a Calendar,
    pub(super) campaigns: &'a [String],
    pub(super) evidence: &'a Evidence,
    pub(super) spike: Option<Spike>,
    pub(super) rows: Value,
}

/// The entry of one client.
pub(super) fn client(facts: &Facts<'_>) -> Value {
    let faults = match facts.profile.folder {
        folder if folder == NORDIC.folder => nordic(facts),
        folder if folder == AURORA.folder => aurora(facts),
        _ => Vec::new(),
    };
    let planted = |rule: &str| faults.iter().any(|fault| fault["rule"] == rule);
    json!({
        "folder": facts.profile.folder,
        "name": facts.profile.name,
        "rows": facts.rows,
        "clean": facts.profile.folder == FENICE.folder,
        "clear": RULES.into_iter().filter(|rule| !planted(rule)).collect::<Vec<_>>(),
        "faults": faults,
    })
}

fn fault(rule: &str, subject: Value, why: &str, expected: Value) -> Value {
    json!({"rule": rule, "subject": subject, "why": why, "expected": expected})
}

fn counted(count: Count) -> Value {
    json!({"messages": count.messages, "recipients": count.recipients})
}

fn list(profile: &Profile, list: u8) -> Value {
    json!({"kind": "list", "id": profile.lists[usize::from(list)].id})
}

fn template(profile: &Profile, template: u8) -> Value {
    let text = &profile.templates[usize::from(template)];
    json!({"kind": "template", "id": format!("{}/{}", text.name, text.language)})
}

fn the_client() -> Value {
    json!({"kind": "client", "id": null})
}

fn nordic(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, evidence, campaigns, .. } = facts;
    let cohort = |cohort| counted(evidence.cohort(cohort));
    let (sent, failed) = evidence.templates[usize::from(FAILING_TEMPLATE)];
    let retries = evidence.cohort(Cohort::RetryStorm);
    let stops = evidence.stops.get(UNWANTED_CAMPAIGN);
    let (listed, undeliverable) = evidence.lists[usize::from(FAIR)];
    vec![
        fault(
            "CON-01",
            list(profile, SPRING_IMPORT),
            "most people of this list never agreed to anything",
            cohort(Cohort::Unconsented),
        ),
        fault(
            "CON-02",
            list(profile, 0),
            "newsletters go on after an opt-out on the web site",
            cohort(Cohort::OptOutIgnored),
        ),
        fault(
            "TPL-01",
            template(profile, FAILING_TEMPLATE),
            "parameters in a wrong format: 132012",
            json!({"sent": sent, "messages": failed, "topCode": 132_012, "topCodeMessages": failed}),
        ),
        fault(
            "WIN-01",
            the_client(),
            "agents answer more than 24 hours after the last question",
            cohort(Cohort::OutsideWindow),
        ),
        fault("VOL-04", the_client(), "five promotions within a day", cohort(Cohort::Flooded)),
        fault(
            "VOL-05",
            the_client(),
            "a loop re-sends a notice that cannot be delivered",
            json!({
                "retryMessages": retries.messages, "retryRecipients": retries.recipients, "recipients": retries.recipients,
                "templates": RETRIED.map(|index| template(profile, index)["id"].clone()),
            }),
        ),
        fault(
            "ENG-02",
            json!({"kind": "campaign", "id": campaigns.get(UNWANTED_CAMPAIGN)}),
            "one person in twenty answers STOP",
            json!({"messages": stops, "recipients": stops, "stops": stops, "reached": evidence.reached.get(UNWANTED_CAMPAIGN)}),
        ),
        fault(
            "LST-01",
            the_client(),
            "people are written to again after being undeliverable on two days",
            cohort(Cohort::Resent),
        ),
        fault(
            "LST-02",
            list(profile, FAIR),
            "typed from cards at a fair: many numbers are wrong",
            json!({"sent": listed, "messages": undeliverable}),
        ),
    ]
}

fn aurora(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, evidence, calendar, .. } = facts;
    let cohort = |cohort| counted(evidence.cohort(cohort));
    let mut faults = vec![
        fault(
            "CON-03",
            list(profile, LOYALTY_CARD),
            "agreed to notices about orders, gets promotions",
            cohort(Cohort::ScopeMismatch),
        ),
        fault(
            "CON-04",
            list(profile, COUNTER),
            "opt-ins without evidence and without the wording",
            cohort(Cohort::Unproven),
        ),
        fault(
            "CON-07",
            list(profile, DIGITAL_PRESCRIPTION),
            "opt-ins put on file weeks after the messages",
            cohort(Cohort::Retroactive),
        ),
        fault(
            "LST-05",
            the_client(),
            "a third of the people never reads and never writes",
            json!({"recipients": evidence.dead, "judgedRecipients": evidence.courted}),
        ),
    ];
    if let Some(spike) = facts.spike {
        let day = calendar.date(spike.day).to_string();
        let number = json!({"kind": "number", "id": profile.number_id(SPIKE_NUMBER), "day": day});
        faults.push(fault(
            "VOL-01",
            number,
            "one number writes to a crowd on one day, without a declared campaign",
            json!({"atLeast": evidence.cohort(Cohort::SpikeDay).messages}),
        ));
        faults.push(fault(
            "LIM-01",
            json!({"kind": "portfolio", "id": null}),
            "the day of the spike nearly uses up the messaging limit",
            json!({"limit": spike.limit, "day": day}),
        ));
    }
    faults
}
