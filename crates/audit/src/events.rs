//! What Meta's events mean for messages: when a template could not be sent, and what an account might not do.
//!
//! An event that names an account is of that account only: what Meta does to one of a client's accounts does not concern the
//! numbers of another.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    Instant,
    enforcement::{Restriction, RestrictionType, is_lifted_by},
    traffic::{Category, PlatformEvent, PlatformEventKind, PlatformThresholds, Surroundings},
};

/// Microseconds of an hour and of a second.
const HOUR: i64 = 3_600_000_000;
const SECOND: i64 = 1_000_000;

/// A template: name and language.
pub(crate) type TemplateKey<'a> = (&'a str, &'a str);

/// An account, by Meta's id; `None` stands for events that name none.
pub(crate) type Account<'a> = Option<&'a str>;

/// Which number belongs to which of the client's accounts.
#[derive(Debug)]
pub(crate) struct Accounts<'s> {
    of_number: HashMap<&'s str, &'s str>,
    /// Whether more than one account is known of.
    are_several: bool,
}

impl<'s> Accounts<'s> {
    pub(crate) fn of(surroundings: &'s Surroundings) -> Self {
        let numbers = surroundings.numbers.iter().flatten();
        let of_number: HashMap<&str, &str> =
            numbers.filter_map(|number| Some((number.id.as_str(), number.account.as_deref()?))).collect();
        let named = surroundings.events.iter().flatten().filter_map(|event| event.account.as_deref());
        let known: BTreeSet<&str> = of_number.values().copied().chain(named).collect();
        Self { of_number, are_several: known.len() > 1 }
    }

    /// Whether what Meta told of an account concerns a number. A number of which nobody knows the account belongs to the only one
    /// that there is; where there are several, nothing is held against it.
    pub(crate) fn concerns(&self, account: Account<'_>, number: Option<&str>) -> bool {
        let Some(account) = account else { return true };
        let own = number.and_then(|number| self.of_number.get(number));
        own.map_or(!self.are_several, |own| *own == account)
    }

    /// Whether what Meta told of an account may concern a number, for what speaks in favour of it: a number of which nobody knows
    /// the account may be of any.
    pub(crate) fn may_concern(&self, account: Account<'_>, number: Option<&str>) -> bool {
        let own = number.and_then(|number| self.of_number.get(number));
        account.zip(own).is_none_or(|(account, own)| *own == account)
    }
}

/// A stretch of time in which a template was paused or disabled: from the first moment after Meta told to the end, excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pause<'e> {
    /// In which account.
    pub(crate) account: Account<'e>,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

/// When each template was paused or disabled.
///
/// That lasts until the template is approved or reinstated. A pause that nothing ends lasts as long as Meta says that pauses do:
/// a template comes back by itself.
pub(crate) fn pauses<'e>(
    events: &'e [PlatformEvent],
    thresholds: &PlatformThresholds,
) -> BTreeMap<TemplateKey<'e>, Vec<Pause<'e>>> {
    let mut pauses = BTreeMap::<TemplateKey<'e>, Vec<Pause<'e>>>::new();
    for ((template, account), states) in statuses(events) {
        let mut earlier = 0;
        for (position, (at, status)) in states.iter().enumerate() {
            let ends =
                |(_, status): &&(i64, &str)| matches!(*status, "APPROVED" | "REINSTATED" | "PAUSED" | "DISABLED");
            let next = states[position + 1..].iter().find(ends).map_or(i64::MAX, |(at, _)| *at);
            let until = match *status {
                "DISABLED" => next,
                "PAUSED" => {
                    let first = earlier == 0;
                    earlier += 1;
                    let hours = if first { thresholds.first_pause_hours } else { thresholds.later_pause_hours };
                    next.min(at.saturating_add(i64::from(hours) * HOUR))
                }
                _ => continue,
            };
            pauses.entry(template).or_default().push(Pause { account, from: at.saturating_add(1), until });
        }
    }
    pauses
}

/// The statuses of a template in an account, by time.
type Statuses<'e> = BTreeMap<(TemplateKey<'e>, Account<'e>), Vec<(i64, &'e str)>>;

/// The statuses of each template in each account; what was told twice stands once.
pub(crate) fn statuses(events: &[PlatformEvent]) -> Statuses<'_> {
    let mut statuses = Statuses::new();
    for event in events {
        if let PlatformEventKind::TemplateStatus { name, language, status, .. } = &event.kind {
            let of_template = statuses.entry(((name, language), event.account.as_deref())).or_default();
            of_template.push((event.at.timestamp_micros(), status));
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
pub(crate) struct Barrier<'e> {
    pub(crate) account: Account<'e>,
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

impl Barrier<'_> {
    /// The same, whosever it is.
    pub(crate) fn of_all(self) -> Barrier<'static> {
        Barrier { account: None, what: self.what, after: self.after, until: self.until }
    }

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
    /// From which account; `None` from all.
    pub(crate) account: Account<'e>,
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
        let (from, account) = (micros(event.at), event.account.as_deref());
        match &event.kind {
            PlatformEventKind::Restriction { violation, restrictions } => {
                imposed.extend(restrictions.iter().map(|entry| Imposed {
                    account,
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
                    account,
                    restriction,
                    word: restriction.as_str(),
                    violation: None,
                    from,
                    until: i64::MAX,
                });
            }
            PlatformEventKind::Ban { state, .. } if state == "REINSTATE" => {
                lift(&mut imposed, account, from, |_| true);
            }
            PlatformEventKind::RestrictionLifted { violation, restrictions } => {
                lift(&mut imposed, account, from, |entry| gives_back(violation.as_deref(), restrictions, entry));
            }
            _ => {}
        }
    }
    imposed
}

/// Ends what stands in an account, of what a lift gives back.
fn lift<'e>(imposed: &mut [Imposed<'e>], account: Account<'_>, at: i64, gives_back: impl Fn(&Imposed<'e>) -> bool) {
    for entry in imposed {
        let may_be = entry.account.is_none() || account.is_none() || entry.account == account;
        if may_be && gives_back(entry) {
            entry.until = entry.until.min(at);
        }
    }
}

/// Whether a lift gives back what was taken away: what it names; else, what its ladder takes, when its word is one of a ladder
/// (`…_UNBAN`, `…_RECOVERY`, which no violation is called); else, what the same violation led to. Where either side names none, there is
/// no telling them apart.
fn gives_back(violation: Option<&str>, named: &[RestrictionType], entry: &Imposed<'_>) -> bool {
    if !named.is_empty() {
        return named.contains(&entry.restriction);
    }
    let is_of_ladder = |word: &&str| word.ends_with("_UNBAN") || word.ends_with("_RECOVERY");
    if violation.as_ref().is_some_and(is_of_ladder) {
        return is_lifted_by(violation, entry.restriction);
    }
    violation.is_none() || entry.violation.is_none() || violation == entry.violation
}

fn word(entry: &Restriction) -> &str {
    entry.raw_type.as_deref().unwrap_or_else(|| entry.restriction_type.as_str())
}

/// What restrictions and bans forbade to send, and when. A send may still be on its way for `grace` seconds.
pub(crate) fn barriers(events: &[PlatformEvent], grace: u32) -> Vec<Barrier<'_>> {
    let barriers = imposed(events).into_iter().filter_map(|entry| {
        let after = entry.from.saturating_add(i64::from(grace) * SECOND);
        Some(Barrier { account: entry.account, what: forbidden(entry.restriction)?, after, until: entry.until })
    });
    barriers.filter(|barrier| barrier.after < barrier.until).collect()
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

/// When blocks on sending began and ended in the accounts that `concerns` picks: restrictions and bans that forbid what the business
/// starts, joined where they overlap. The end is `i64::MAX` while it lasts.
pub(crate) fn blocks(barriers: &[Barrier<'_>], concerns: impl Fn(Account<'_>) -> bool) -> Vec<(i64, i64)> {
    let mut blocks: Vec<(i64, i64)> = barriers
        .iter()
        .filter(|barrier| concerns(barrier.account))
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
        PlatformEvent::new(instant_of_micros(hour * HOUR), kind)
    }

    fn ban(hour: i64, state: &str) -> PlatformEvent {
        event(hour, PlatformEventKind::Ban { state: state.into(), date: None })
    }

    fn restricted(hour: i64, restriction_type: RestrictionType, end: i64) -> PlatformEvent {
        let ends_at = Some(instant_of_micros(end * HOUR));
        let restrictions = vec![Restriction { restriction_type, raw_type: None, ends_at }];
        event(hour, PlatformEventKind::Restriction { violation: None, restrictions })
    }

    fn all_blocks(events: &[PlatformEvent]) -> Vec<(i64, i64)> {
        blocks(&barriers(events, 0), |_| true)
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
        assert_eq!(all_blocks(&events), [(HOUR, 8 * HOUR), (40 * HOUR, 50 * HOUR)]);
    }

    #[test]
    fn a_recovery_ends_what_its_ladder_took_and_a_lift_what_it_names() {
        use RestrictionType::{AddPhoneNumber, BusinessInitiatedMessaging as Initiated, UtilityTemplates};
        let abuse = |restriction_type| {
            let restrictions = vec![Restriction { restriction_type, raw_type: None, ends_at: None }];
            let violation = Some("UTILITY_TEMPLATE_ABUSE".into());
            event(1, PlatformEventKind::Restriction { violation, restrictions })
        };
        let lifted = |violation: Option<&str>, restrictions| {
            let violation = violation.map(str::to_owned);
            event(3, PlatformEventKind::RestrictionLifted { violation, restrictions })
        };
        let until = |lift: PlatformEvent| {
            let events = [abuse(UtilityTemplates), restricted(1, Initiated, 9), restricted(1, AddPhoneNumber, 9), lift];
            imposed(&events).into_iter().map(|entry| entry.until).collect::<Vec<_>>()
        };
        let (lifted_at, end) = (3 * HOUR, 9 * HOUR);
        assert_eq!(until(lifted(Some("UTILITY_TEMPLATE_ABUSE_UNBAN"), Vec::new())), [lifted_at, end, end]);
        assert_eq!(until(lifted(None, vec![Initiated])), [i64::MAX, lifted_at, end]);
        assert_eq!(until(lifted(None, Vec::new())), [lifted_at; 3]);
    }

    #[test]
    fn events_may_come_in_any_order() {
        let events = [ban(50, "REINSTATE"), ban(40, "DISABLE")];
        assert_eq!(all_blocks(&events), [(40 * HOUR, 50 * HOUR)]);
    }

    #[test]
    fn a_block_without_end_lasts() {
        assert_eq!(all_blocks(&[ban(40, "DISABLE")]), [(40 * HOUR, i64::MAX)]);
        assert_eq!(all_blocks(&[ban(40, "SCHEDULE_FOR_DISABLE")]), []);
    }

    #[test]
    fn one_account_is_not_another() {
        let of = |event: PlatformEvent, account: &str| event.of(Some(account.into()));
        let events = [of(ban(1, "DISABLE"), "A"), of(ban(2, "DISABLE"), "B"), of(ban(9, "REINSTATE"), "B")];
        let barriers = barriers(&events, 0);
        assert_eq!(blocks(&barriers, |account| account == Some("A")), [(HOUR, i64::MAX)]);
        assert_eq!(blocks(&barriers, |account| account == Some("B")), [(2 * HOUR, 9 * HOUR)]);
        // What names no account may end what was imposed on any.
        let unnamed = [of(ban(1, "DISABLE"), "A"), ban(3, "REINSTATE")];
        assert_eq!(all_blocks(&unnamed), [(HOUR, 3 * HOUR)]);
    }

    #[test]
    fn a_number_of_an_unknown_account_is_of_the_only_one() {
        let number = |id: &str, account: Option<&str>| domain::traffic::NumberFacts {
            id: id.into(),
            account: account.map(str::to_owned),
            first_used_at: None,
        };
        let one = Surroundings { numbers: Some(vec![number("1", Some("A")), number("2", None)]), ..Default::default() };
        let events = Some(vec![ban(1, "DISABLE").of(Some("B".into()))]);
        let two = Surroundings { events, ..one.clone() };
        let (one, two) = (Accounts::of(&one), Accounts::of(&two));
        assert!(one.concerns(Some("A"), Some("1")) && one.concerns(Some("A"), Some("2")) && one.concerns(None, None));
        assert!(two.concerns(Some("A"), Some("1")) && !two.concerns(Some("B"), Some("1")));
        assert!(!two.concerns(Some("A"), Some("2")) && !two.concerns(Some("B"), None) && two.concerns(None, Some("2")));
        // What speaks in its favour may be meant for it.
        assert!(two.may_concern(Some("A"), Some("1")) && !two.may_concern(Some("B"), Some("1")));
        assert!(
            two.may_concern(Some("A"), Some("2")) && two.may_concern(Some("B"), None) && two.may_concern(None, None)
        );
    }
}
