//! `truth.json`: what was planted, for whoever checks an audit against it.
//!
//! What is expected of a finding is named as in the finding itself: `messages`, `recipients`, and its figures.

mod aurora;
mod nordic;
mod told;

use domain::traffic::RULES;
use serde_json::{Value, json};

use super::DEFAULT_DAYS;
use super::calendar::{Calendar, DAY, HOUR};
use super::client::{AURORA, FENICE, NORDIC, Profile};
use super::evidence::{Count, Evidence};
use super::spike::Crowd;

/// Whether every planted fault is large enough for its rule to judge, and the clean client large enough to be found clean:
/// from 40,000 messages over all clients on, and more for periods longer than the usual, which hold fewer people.
pub(super) fn is_large_enough(messages: u64, days: u32) -> bool {
    messages * u64::from(DEFAULT_DAYS) >= 40_000 * u64::from(days.max(DEFAULT_DAYS))
}

/// What is known of one client once its traffic is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) profile: &'a Profile,
    pub(super) calendar: &'a Calendar,
    pub(super) campaigns: &'a [String],
    pub(super) evidence: &'a Evidence,
    pub(super) crowd: Option<Crowd>,
    /// The portfolio's messaging limit.
    pub(super) limit: u64,
}

/// A campaign that is planned for after the period, and too large for the limit.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) starts_at: i64,
    pub(super) size: u64,
}

/// The shoe shop's Black Friday.
pub(super) fn overplanned(facts: &Facts<'_>) -> Option<Plan> {
    const DAYS_AHEAD: i64 = 10;
    let Facts { profile, calendar, limit, .. } = facts;
    (profile.folder == NORDIC.folder).then(|| Plan {
        id: format!("black_friday_{}", calendar.date(calendar.days() + DAYS_AHEAD).format("%Y%m%d")),
        starts_at: calendar.end() + DAYS_AHEAD * DAY + 7 * HOUR,
        size: limit * 3 / 2,
    })
}

/// The entry of one client. `rows` counts the rows of its files.
pub(super) fn client(facts: &Facts<'_>, rows: &Value) -> Value {
    let mut faults = match facts.profile.folder {
        folder if folder == NORDIC.folder => nordic::faults(facts),
        folder if folder == AURORA.folder => aurora::faults(facts),
        _ => Vec::new(),
    };
    faults.extend(facts.profile.content_faults.iter().map(|content| {
        let sent = facts.evidence.templates[usize::from(content.template)].sent;
        fault(content.rule, template(facts.profile, content.template), content.why, counted(sent))
    }));
    faults.extend(told::faults(facts));
    let planted = |rule: &str| faults.iter().any(|fault| fault["rule"] == rule);
    // With the templates, assets and webhooks beside the traffic an audit can be held to every rule.
    let clear = RULES.iter().map(|spec| spec.id.as_str()).filter(|rule| !planted(rule));
    json!({
        "folder": facts.profile.folder,
        "name": facts.profile.name,
        "rows": rows,
        "clean": facts.profile.folder == FENICE.folder,
        "clear": clear.collect::<Vec<_>>(),
        "faults": faults,
    })
}

impl Facts<'_> {
    fn date(&self, day: i64) -> String {
        self.calendar.date(day).to_string()
    }

    fn number_on(&self, number: u8, day: i64) -> Value {
        json!({"kind": "number", "id": self.profile.number_id(number), "day": self.date(day)})
    }

    fn number(&self, number: u8) -> Value {
        json!({"kind": "number", "id": self.profile.number_id(number)})
    }

    fn list(&self, list: u8) -> Value {
        json!({"kind": "list", "id": self.profile.lists[usize::from(list)].id})
    }

    fn template(&self, index: u8) -> Value {
        template(self.profile, index)
    }
}

fn fault(rule: &str, subject: Value, why: &str, expected: Value) -> Value {
    json!({"rule": rule, "subject": subject, "why": why, "expected": expected})
}

fn counted(count: Count) -> Value {
    json!({"messages": count.messages, "recipients": count.recipients})
}

fn template(profile: &Profile, template: u8) -> Value {
    let text = &profile.templates[usize::from(template)];
    json!({"kind": "template", "id": format!("{}/{}", text.name, text.language)})
}

fn the_client() -> Value {
    json!({"kind": "client", "id": null})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_periods_need_more_messages() {
        assert!(is_large_enough(40_000, 60) && is_large_enough(40_000, DEFAULT_DAYS));
        assert!(!is_large_enough(39_999, 60) && !is_large_enough(40_000, 76) && is_large_enough(64_000, 120));
    }
}
