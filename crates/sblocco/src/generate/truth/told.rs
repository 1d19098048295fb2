//! What was planted among what Meta told: one account that Meta warns, blocks and threatens, while its number sends on; a limit
//! that is lost, and a template that is paused.

use serde_json::{Value, json};

use super::super::client::{Enforcement, LAID_OFF};
use super::super::evidence::Count;
use super::super::spike::next_limit;
use super::super::webhooks::{ALERT, TAKEN, VIOLATION};
use super::{Facts, counted, fault, the_client};

/// Days before a block by whose median the days after it are judged, and how many of these are.
const BASE_DAYS: i64 = 28;
const WATCHED_DAYS: i64 = 7;
/// Share of the usual day above which a day after a block is too much.
const TOO_MUCH: f64 = 0.25;

pub(super) fn faults(facts: &Facts<'_>) -> Vec<Value> {
    let Some(enforcement) = facts.profile.enforcement else { return Vec::new() };
    let mut faults = enforced(facts, &enforcement);
    faults.extend(assets(facts, &enforcement));
    faults.extend(recovery(facts, &enforcement));
    faults
}

fn enforced(facts: &Facts<'_>, enforcement: &Enforcement) -> Vec<Value> {
    let account = facts.profile.waba_of(enforcement.number);
    let notice = |word: &str| json!({"kind": "notice", "id": format!("{word}/{account}")});
    let between = (enforcement.blocked.0 - enforcement.warned) as f64;
    vec![
        fault("ENF-01", notice(VIOLATION), "Meta holds that it sends spam", json!({"messages": 0, "times": 2})),
        fault("ENF-02", notice(TAKEN), "Meta forbids what the business starts", json!({"messages": 0, "times": 1})),
        fault("ENF-03", the_client(), "the number sends on while Meta forbids it", counted(facts.evidence.forbidden)),
        fault(
            "ENF-04",
            json!({"kind": "account", "id": account}),
            "Meta has set a day on which it disables the account",
            json!({"messages": 0, "disabled": 0, "reinstated": 0}),
        ),
        fault(
            "ENF-05",
            notice(VIOLATION),
            "the same violation weeks after the warning",
            json!({"messages": 0, "repeats": 1, "daysSince": between}),
        ),
    ]
}

fn assets(facts: &Facts<'_>, enforcement: &Enforcement) -> Vec<Value> {
    let Facts { profile, limit, .. } = facts;
    let paused = profile.idle[LAID_OFF].text;
    let flagged = (enforcement.flagged.1 - enforcement.flagged.0) as f64;
    let lost = match next_limit(*limit) {
        Some(before) => json!({"messages": 0, "before": before, "limit": limit}),
        None => json!({"messages": 0, "wasUnlimited": 1, "limit": limit}),
    };
    vec![
        fault(
            "TPL-03",
            json!({"kind": "template", "id": format!("{}/{}", paused.name, paused.language)}),
            "Meta has paused it once",
            json!({"messages": 0, "pauses": 1, "disabled": 0}),
        ),
        fault(
            "QLT-01",
            facts.number(enforcement.number),
            "Meta flags the number for some days",
            json!({"messages": 0, "days": flagged}),
        ),
        fault("LIM-03", json!({"kind": "portfolio", "id": null}), "Meta lowers the messaging limit", lost),
        fault(
            "LIM-04",
            json!({"kind": "notice", "id": format!("{ALERT}/{}", profile.waba_id())}),
            "Meta puts off a higher limit",
            json!({"messages": 0, "times": 1}),
        ),
    ]
}

/// The days after the block on which the number is back at its old volume.
fn recovery(facts: &Facts<'_>, enforcement: &Enforcement) -> Vec<Value> {
    let days = &facts.evidence.enforced_days;
    let (from, until) = enforcement.blocked;
    let Some(usual) = median(&days[(from - BASE_DAYS) as usize..from as usize]).filter(|usual| *usual > 0.0) else {
        return Vec::new();
    };
    let after = (until..until + WATCHED_DAYS).map(|day| (day, days[day as usize]));
    let too_much = after.filter(|(_, count)| count.messages as f64 / usual > TOO_MUCH);
    let planted = |(day, count): (i64, Count)| {
        let expected = json!({"messages": count.messages, "recipients": count.recipients, "day": count.messages,
                              "usual": usual});
        fault(
            "WRM-06",
            facts.number_on(enforcement.number, day),
            "back at the old volume at once, after a block has ended",
            expected,
        )
    };
    too_much.map(planted).collect()
}

fn median(days: &[Count]) -> Option<f64> {
    let mut messages: Vec<u64> = days.iter().map(|count| count.messages).collect();
    messages.sort_unstable();
    let middle = messages.len() / 2;
    let upper = *messages.get(middle)?;
    let lower = if messages.len().is_multiple_of(2) { messages[middle - 1] } else { upper };
    Some((lower + upper) as f64 / 2.0)
}
