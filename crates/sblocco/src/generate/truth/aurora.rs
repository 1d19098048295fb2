//! What was planted at Farmacia Aurora: records that prove too little, and one day of a crowd.

use serde_json::{Value, json};

use super::super::client::{COUNTER, DIGITAL_PRESCRIPTION, HEALTH_PROGRAMME, LOYALTY_CARD, UNREAD_TEMPLATE};
use super::super::scenario::Cohort;
use super::super::spike::Crowd;
use super::{Facts, counted, fault, the_client};

pub(super) fn faults(facts: &Facts<'_>) -> Vec<Value> {
    let mut faults = consent(facts);
    faults.extend(service(facts));
    if let Some(crowd) = facts.crowd {
        faults.extend(spike(facts, &crowd));
    }
    faults
}

fn consent(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, evidence, .. } = facts;
    let cohort = |cohort| counted(evidence.cohort(cohort));
    let flawed = profile.flawed_wording.map(|(version, _)| {
        let expected = json!({"messages": evidence.flawed.messages, "recipients": evidence.flawed.recipients,
                              "namesBusiness": 0, "saysAgreement": 0});
        let why = "the text at the checkout neither names the pharmacy nor says what one agrees to";
        fault("CON-05", json!({"kind": "wording", "id": version}), why, expected)
    });
    let mut faults = vec![
        fault(
            "CON-03",
            facts.list(LOYALTY_CARD),
            "agreed to notices about orders, gets promotions",
            cohort(Cohort::ScopeMismatch),
        ),
        fault(
            "CON-04",
            facts.list(COUNTER),
            "opt-ins without evidence and without the wording",
            cohort(Cohort::Unproven),
        ),
        fault("CON-06", facts.list(HEALTH_PROGRAMME), "agreed for half a year, which is over", cohort(Cohort::Expired)),
        fault(
            "CON-07",
            facts.list(DIGITAL_PRESCRIPTION),
            "opt-ins put on file weeks after the messages",
            cohort(Cohort::Retroactive),
        ),
        fault(
            "CON-10",
            the_client(),
            "so much of the sending lacks a consent",
            counted(evidence.cohorts(&[Cohort::ScopeMismatch, Cohort::Expired, Cohort::Retroactive])),
        ),
    ];
    faults.extend(flawed);
    faults
}

fn service(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, evidence, .. } = facts;
    let cohort = |cohort| counted(evidence.cohort(cohort));
    let disagreements = evidence.cohort(Cohort::ClockDisagrees);
    let (silent, ..) = profile.mishaps.silent;
    vec![
        fault(
            "WIN-02",
            the_client(),
            "answers are refused though the question is some hours old",
            json!({"messages": disagreements.messages, "recipients": disagreements.recipients,
                   "refusedInside": disagreements.messages, "acceptedOutside": 0}),
        ),
        fault("QLT-02", the_client(), "all of this together", json!({})),
        fault("WIN-03", the_client(), "promotions in reply to questions", cohort(Cohort::Pitched)),
        fault(
            "ENG-01",
            facts.template(UNREAD_TEMPLATE),
            "hardly anybody reads it",
            counted(evidence.templates[usize::from(UNREAD_TEMPLATE)].unread),
        ),
        fault(
            "LST-05",
            the_client(),
            "a third of the people never reads and never writes",
            json!({"recipients": evidence.dead, "judgedRecipients": evidence.courted}),
        ),
        fault("LST-06", facts.list(0), "the former provider had suppressed them", cohort(Cohort::Suppressed)),
        fault(
            "OPS-01",
            facts.number(silent),
            "no status of this number's messages came back for two days",
            json!({"silences": 1, "atLeast": evidence.unheard}),
        ),
    ]
}

fn spike(facts: &Facts<'_>, crowd: &Crowd) -> Vec<Value> {
    let Facts { profile, evidence, .. } = facts;
    let (week, day) = (crowd.day / 7 + 1, facts.date(crowd.day));
    let pair = profile.marketing[week as usize % profile.marketing.len()];
    let undeclared = pair.map(|index| evidence.templates[usize::from(index)].undeclared);
    let name = profile.templates[usize::from(pair[0])].name;
    vec![
        fault(
            "VOL-01",
            facts.number_on(crowd.number, crowd.day),
            "one number writes to a crowd on one day, without a declared campaign",
            json!({"atLeast": evidence.cohort(Cohort::SpikeDay).messages}),
        ),
        fault(
            "VOL-03",
            json!({"kind": "template", "id": name}),
            "hundreds of one template within an hour, without a declared campaign",
            counted(undeclared[0].and(undeclared[1])),
        ),
        fault(
            "LIM-01",
            json!({"kind": "portfolio", "id": null}),
            "the day of the spike nearly uses up the messaging limit",
            json!({"limit": facts.limit, "day": day}),
        ),
        fault("LIM-05", facts.number(crowd.number), "faster than Meta takes them", counted(evidence.throttled)),
    ]
}
