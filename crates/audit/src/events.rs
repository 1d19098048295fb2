//! What Meta's events mean for messages: when a template could not be sent, and what an account might not do.

use std::collections::BTreeMap;

use domain::{
    Instant,
    enforcement::{Restriction, RestrictionType},
    traffic::{Category, PlatformEvent, PlatformEventKind, PlatformThresholds},
};

/// Microseconds of an hour and of a second.
const HOUR: i64 = 3_600_000_000;
const SECOND: i64 = 1_000_000;

/// A template: name and language.
pub(crate) type TemplateKey<'a> = (&'a str, &'a str);

/// When each template was paused or disabled: the first moment after Meta told, and the end (excluded).
///
/// That lasts until the template is approved or reinstated. A pause that nothing ends lasts as long as Meta says that pauses do:
/// a template comes back by itself.
pub(crate) fn pauses<'e>(
    events: &'e [PlatformEvent],
    thresholds: &PlatformThresholds,
) -> BTreeMap<TemplateKey<'e>, Vec<(i64, i64)>> {
    let mut pauses = BTreeMap::new();
    for (template, states) in statuses(events) {
        let mut earlier = 0;
        let mut stretches = Vec::new();
        for (position, (at, status)) in states.iter().enumerate() {
            let ends =
                |(_, status): &&(i64, &str)| matches!(*status, "APPROVED" | "REINSTATED" | "PAUSED" | "DISABLED");
            let next = states[position + 1..].iter().find(ends).map_or(i64::MAX, |(at, _)| *at);
            let after = at.saturating_add(1);
            match *status {
                "DISABLED" => stretches.push((after, next)),
                "PAUSED" => {
                    let first = earlier == 0;
                    earlier += 1;
                    let hours = if first { thresholds.first_pause_hours } else { thresholds.later_pause_hours };
                    stretches.push((after, next.min(at.saturating_add(i64::from(hours) * HOUR))));
                }
                _ => {}
            }
        }
        if !stretches.is_empty() {
            pauses.insert(template, stretches);
        }
    }
    pauses
}

/// The statuses of each template, by time; what was told twice stands once.
pub(crate) fn statuses(events: &[PlatformEvent]) -> BTreeMap<TemplateKey<'_>, Vec<(i64, &str)>> {
    let mut statuses: BTreeMap<TemplateKey<'_>, Vec<(i64, &str)>> = BTreeMap::new();
    for event in events {
        if let PlatformEventKind::TemplateStatus { name, language, status, .. } = &event.kind {
            statuses.entry((name, language)).or_default().push((event.at.timestamp_micros(), status));
        }
    }
    for states in statuses.values_mut() {
        states.sort_by_key(|(at, _)| *at);
        states.dedup();
    }
    statuses
}

/// Something that the account might not do for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Barrier {
    what: Forbidden,
    /// Until when sends may still have been on their way.
    after: i64,
    /// When it ended, excluded.
    until: i64,
}

/// What restrictions forbid to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Forbidden {
    Everything,
    /// What the business starts: whatever is not in the window.
    Initiated,
    /// Replies in the window.
    Replies,
    UtilityTemplates,
}

impl Barrier {
    /// Whether it forbids such a message at this time.
    pub(crate) fn forbids(&self, template: bool, category: Category, in_window: bool, at: i64) -> bool {
        let concerned = match self.what {
            Forbidden::Everything => true,
            Forbidden::Initiated => !in_window,
            Forbidden::Replies => in_window,
            Forbidden::UtilityTemplates => template && category == Category::Utility,
        };
        concerned && self.after < at && at < self.until
    }
}

/// A capability that Meta took away, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Imposed<'e> {
    pub(crate) restriction: RestrictionType,
    /// Meta's word for it.
    pub(crate) word: &'e str,
    /// The violation that it follows from, when told.
    pub(crate) violation: Option<&'e str>,
    pub(crate) from: i64,
    /// When it ended, or was lifted before; excluded, `i64::MAX` without end.
    pub(crate) until: i64,
}

/// Everything that restrictions and bans took away, by time.
pub(crate) fn imposed(events: &[PlatformEvent]) -> Vec<Imposed<'_>> {
    let mut imposed: Vec<Imposed<'_>> = Vec::new();
    for event in by_time(events) {
        let from = micros(event.at);
        match &event.kind {
            PlatformEventKind::Restriction { violation, restrictions } => {
                imposed.extend(restrictions.iter().map(|entry| Imposed {
                    restriction: entry.restriction_type,
                    word: word(entry),
                    violation: violation.as_deref(),
                    from,
                    until: entry.ends_at.map_or(i64::MAX, micros),
                }));
            }
            PlatformEventKind::Ban { state, .. } if state == "DISABLE" => {
                let restriction = RestrictionType::Disabled;
                imposed.push(Imposed {
                    restriction,
                    word: restriction.as_str(),
                    violation: None,
                    from,
                    until: i64::MAX,
                });
            }
            PlatformEventKind::Ban { state, .. } if state == "REINSTATE" => lift(&mut imposed, None, from),
            PlatformEventKind::RestrictionLifted { violation } => lift(&mut imposed, violation.as_deref(), from),
            _ => {}
        }
    }
    imposed
}

/// Ends what stands because of a violation; where either side names none, there is no telling them apart.
fn lift(imposed: &mut [Imposed<'_>], violation: Option<&str>, at: i64) {
    for entry in imposed {
        if violation.is_none() || entry.violation.is_none() || entry.violation == violation {
            entry.until = entry.until.min(at);
        }
    }
}

fn word(entry: &Restriction) -> &str {
    entry.raw_type.as_deref().unwrap_or_else(|| entry.restriction_type.as_str())
}

/// What restrictions and bans forbade to send, and when. A send may still be on its way for `grace` seconds.
pub(crate) fn barriers(events: &[PlatformEvent], grace: u32) -> Vec<Barrier> {
    let barrier = |entry: Imposed<'_>| {
        let after = entry.from.saturating_add(i64::from(grace) * SECOND);
        Some(Barrier { what: forbidden(entry.restriction)?, after, until: entry.until })
    };
    imposed(events).into_iter().filter_map(barrier).filter(|barrier| barrier.after < barrier.until).collect()
}

fn forbidden(restriction: RestrictionType) -> Option<Forbidden> {
    match restriction {
        RestrictionType::Disabled => Some(Forbidden::Everything),
        RestrictionType::BusinessInitiatedMessaging => Some(Forbidden::Initiated),
        RestrictionType::CustomerInitiatedMessaging => Some(Forbidden::Replies),
        RestrictionType::UtilityTemplates => Some(Forbidden::UtilityTemplates),
        _ => None,
    }
}

/// When blocks on sending began and ended: restrictions and bans that forbid what the business starts, joined where they
/// overlap. The end is `i64::MAX` while it lasts.
pub(crate) fn blocks(events: &[PlatformEvent]) -> Vec<(i64, i64)> {
    let mut blocks: Vec<(i64, i64)> = barriers(events, 0)
        .into_iter()
        .filter(|barrier| matches!(barrier.what, Forbidden::Everything | Forbidden::Initiated))
        .map(|barrier| (barrier.after, barrier.until))
        .collect();
    blocks.sort_unstable();
    blocks.dedup_by(|next, block| {
        let overlaps = next.0 <= block.1;
        if overlaps {
            block.1 = block.1.max(next.1);
        }
        overlaps
    });
    blocks
}

/// The events in the order in which they happened.
pub(crate) fn by_time(events: &[PlatformEvent]) -> Vec<&PlatformEvent> {
    let mut events: Vec<&PlatformEvent> = events.iter().collect();
    events.sort_by_key(|event| event.at);
    events
}

/// Microseconds since 1970-01-01 UTC.
pub(crate) fn micros(at: Instant) -> i64 {
    at.timestamp_micros()
}

#[cfg(test)]
mod tests {
    use domain::traffic::instant_of_micros;

    use super::*;

    fn event(hour: i64, kind: PlatformEventKind) -> PlatformEvent {
        PlatformEvent { at: instant_of_micros(hour * HOUR), kind }
    }

    fn ban(hour: i64, state: &str) -> PlatformEvent {
        event(hour, PlatformEventKind::Ban { state: state.into(), date: None })
    }

    fn restricted(hour: i64, restriction_type: RestrictionType, end: i64) -> PlatformEvent {
        let ends_at = Some(instant_of_micros(end * HOUR));
        let restrictions = vec![Restriction { restriction_type, raw_type: None, ends_at }];
        event(hour, PlatformEventKind::Restriction { violation: None, restrictions })
    }

    #[test]
    fn blocks_that_overlap_are_one() {
        use RestrictionType::{AddPhoneNumber, BusinessInitiatedMessaging as Initiated};
        let events = [
            restricted(1, Initiated, 5),
            restricted(4, Initiated, 8),
            restricted(20, AddPhoneNumber, 30),
            ban(40, "DISABLE"),
            ban(50, "REINSTATE"),
        ];
        assert_eq!(blocks(&events), [(HOUR, 8 * HOUR), (40 * HOUR, 50 * HOUR)]);
    }

    #[test]
    fn events_may_come_in_any_order() {
        let events = [ban(50, "REINSTATE"), ban(40, "DISABLE")];
        assert_eq!(blocks(&events), [(40 * HOUR, 50 * HOUR)]);
    }

    #[test]
    fn a_block_without_end_lasts() {
        assert_eq!(blocks(&[ban(40, "DISABLE")]), [(40 * HOUR, i64::MAX)]);
        assert_eq!(blocks(&[ban(40, "SCHEDULE_FOR_DISABLE")]), []);
    }
}
