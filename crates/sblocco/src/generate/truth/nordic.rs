//! What was planted at Nordic Shoes: lists without consent, templates that fail, and a new number that begins too fast.

use serde_json::{Value, json};

use super::super::client::{
    FAILING_TEMPLATE, FAIR, MOVED_TEMPLATE, PARTNER_CONTEST, PAUSED_TEMPLATE, RATED_BADLY, RETRIED, SPRING_IMPORT,
    UNWANTED_CAMPAIGN,
};
use super::super::scenario::Cohort;
use super::{Facts, counted, fault, overplanned, the_client};

pub(super) fn faults(facts: &Facts<'_>) -> Vec<Value> {
    let mut faults = consent(facts);
    faults.extend(templates(facts));
    faults.extend(sending(facts));
    faults.extend(campaigns(facts));
    faults.extend(lists(facts));
    faults
}

fn consent(facts: &Facts<'_>) -> Vec<Value> {
    let cohort = |cohort| counted(facts.evidence.cohort(cohort));
    vec![
        fault(
            "CON-01",
            facts.list(SPRING_IMPORT),
            "most people of this list never agreed to anything",
            cohort(Cohort::Unconsented),
        ),
        fault(
            "CON-02",
            facts.list(0),
            "newsletters go on after an opt-out on the web site",
            cohort(Cohort::OptOutIgnored),
        ),
        fault(
            "CON-08",
            the_client(),
            "all opt-ins of the fair carry the moment of their import",
            json!({"messages": 0, "recipients": facts.evidence.stamped, "atOneMoment": facts.evidence.stamped}),
        ),
        fault(
            "CON-09",
            facts.list(PARTNER_CONTEST),
            "people agreed to the messages of a contest's organiser",
            cohort(Cohort::Partner),
        ),
        fault(
            "CON-10",
            the_client(),
            "so much of the sending lacks a consent",
            counted(facts.evidence.cohorts(&[Cohort::Unconsented, Cohort::OptOutIgnored])),
        ),
    ]
}

fn templates(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { profile, evidence, .. } = facts;
    let failing = evidence.templates[usize::from(FAILING_TEMPLATE)];
    let (sent, failed) = (failing.sent.messages, failing.mismatched.messages);
    let rated = RATED_BADLY.map(|index| {
        let text = profile.idle[index].text;
        let subject = json!({"kind": "template", "id": format!("{}/{}", text.name, text.language)});
        fault("TPL-04", subject, "Meta rates it YELLOW or RED", json!({"messages": 0}))
    });
    let mut faults = vec![
        fault(
            "TPL-01",
            facts.template(FAILING_TEMPLATE),
            "parameters in a wrong format: 132012",
            json!({"sent": sent, "messages": failed, "topCode": 132_012, "topCodeMessages": failed}),
        ),
        fault(
            "TPL-02",
            facts.template(PAUSED_TEMPLATE),
            "a campaign goes on while Meta has paused its template for some hours",
            json!({"messages": evidence.cohort(Cohort::Paused).messages,
                   "recipients": evidence.cohort(Cohort::Paused).recipients,
                   "refusedPaused": evidence.templates[usize::from(PAUSED_TEMPLATE)].refused.messages}),
        ),
        fault(
            "TPL-06",
            facts.template(MOVED_TEMPLATE),
            "Meta moved it from utility to marketing",
            json!({"messages": 0, "flips": 1}),
        ),
        fault(
            "TPL-09",
            facts.template(FAILING_TEMPLATE),
            "parameters in a wrong format: 132012",
            json!({"sent": sent, "messages": failed, "recipients": failing.mismatched.recipients, "wrongFormat": failed,
                   "wrongCount": 0}),
        ),
    ];
    faults.extend(rated);
    faults
}

fn sending(facts: &Facts<'_>) -> Vec<Value> {
    let cohort = |cohort| counted(facts.evidence.cohort(cohort));
    let retries = facts.evidence.cohort(Cohort::RetryStorm);
    vec![
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
                "templates": RETRIED.map(|index| facts.template(index)["id"].clone()),
            }),
        ),
        fault("QLT-02", the_client(), "all of this together", json!({})),
        fault("VOL-07", the_client(), "promotions late in the evening", cohort(Cohort::Night)),
    ]
}

fn campaigns(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { evidence, campaigns, .. } = facts;
    let stops = evidence.stops.get(UNWANTED_CAMPAIGN);
    let mut faults = vec![
        fault(
            "ENG-02",
            json!({"kind": "campaign", "id": campaigns.get(UNWANTED_CAMPAIGN)}),
            "one person in twenty answers STOP",
            json!({"messages": stops, "recipients": stops, "stops": stops, "reached": evidence.reached.get(UNWANTED_CAMPAIGN)}),
        ),
        fault(
            "ENG-03",
            the_client(),
            "for two weeks Meta withholds one promotion in eight",
            counted(evidence.withheld),
        ),
    ];
    faults.extend(overplanned(facts).map(|plan| {
        let expected = json!({"recipients": plan.size, "limit": facts.limit, "reachedBefore": 0, "otherCampaigns": 0,
                              "excess": plan.size - facts.limit});
        let why = "more people than the messaging limit lets be written to in a day";
        fault("LIM-02", json!({"kind": "campaign", "id": plan.id}), why, expected)
    }));
    if let Some(crowd) = facts.crowd {
        let reached = evidence.cohort(Cohort::Launch);
        let day = json!({"messages": reached.messages, "recipients": reached.recipients, "day": reached.messages,
                         "before": 0, "age": 0});
        let all =
            json!({"messages": reached.messages, "recipients": reached.recipients, "reached": reached.recipients});
        let early =
            json!({"messages": reached.messages, "recipients": reached.recipients, "counted": reached.messages});
        faults.extend([
            fault(
                "WRM-01",
                facts.number_on(crowd.number, crowd.day),
                "the new number writes to a crowd on its first day",
                day,
            ),
            fault("WRM-02", facts.number(crowd.number), "to people who neither wrote nor ordered", all),
            fault("WRM-03", facts.number(crowd.number), "with a template that Meta has not rated", early),
        ]);
    }
    faults
}

fn lists(facts: &Facts<'_>) -> Vec<Value> {
    let Facts { evidence, .. } = facts;
    let cohort = |cohort| counted(evidence.cohort(cohort));
    let (listed, undeliverable) = evidence.lists[usize::from(FAIR)];
    vec![
        fault(
            "LST-01",
            the_client(),
            "people are written to again after being undeliverable on two days",
            cohort(Cohort::Resent),
        ),
        fault(
            "LST-02",
            facts.list(FAIR),
            "typed from cards at a fair: many numbers are wrong",
            json!({"sent": listed, "messages": undeliverable}),
        ),
        fault(
            "LST-03",
            facts.list(FAIR),
            "far more of this list cannot be reached than of all others",
            json!({"sent": listed, "messages": undeliverable, "failures": undeliverable}),
        ),
        fault(
            "LST-04",
            facts.list(FAIR),
            "fixed lines were typed for mobiles",
            json!({"sent": listed, "messages": evidence.landlines.messages,
                   "recipients": evidence.landlines.recipients, "fixedLines": evidence.landlines.messages,
                   "impossible": 0, "duplicates": 0}),
        ),
        fault("LST-07", the_client(), "promotions to the United States", cohort(Cohort::American)),
    ]
}
