//! What the product promises until somebody says otherwise.

use std::collections::BTreeSet;

use super::{Escalation, Goal, Level, Metric, MetricPolicy, Owner, Policy, Priority, Recipient, Target};

/// The key of the round-the-clock calendar in [`Policy::default_policy`].
pub const ALWAYS_OPEN: &str = "always_open";
/// The key of the working hours in [`Policy::default_policy`].
pub const BUSINESS_HOURS: &str = "business_hours";

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

pub(super) fn resume_window_seconds() -> u64 {
    24 * HOUR
}

fn always(priority: Priority, minutes: u64) -> (Priority, Goal) {
    (priority, Goal::new(Target::Seconds(minutes * MINUTE), ALWAYS_OPEN))
}

fn business(priority: Priority, hours: u64) -> (Priority, Goal) {
    (priority, Goal::new(Target::Seconds(hours * HOUR), BUSINESS_HOURS))
}

fn days(priority: Priority, days: u32) -> (Priority, Goal) {
    (priority, Goal::new(Target::WorkingDays(days), BUSINESS_HOURS))
}

fn metric<const N: usize>(metric: Metric, goals: [(Priority, Goal); N], pauses_for: &[Owner]) -> MetricPolicy {
    let pauses_for = pauses_for.iter().copied().collect();
    MetricPolicy { metric, for_tiers: Vec::new(), goals: goals.into(), pauses_for }
}

fn escalation(at: Level, notify: &[Recipient]) -> Escalation {
    Escalation {
        at,
        metrics: BTreeSet::new(),
        notify: notify.iter().copied().collect(),
        raise_priority: false,
        reassign_to: None,
    }
}

impl Policy {
    /// The product's defaults. First responses never pause; submission and resolution pause while the client or Meta has the
    /// turn, keeping posted while the client has it. Next reply and keep posted promise nothing until goals are given.
    ///
    /// | | P1 | P2 | P3 | P4 |
    /// |---|---|---|---|---|
    /// | first response | 30 min, 24/7 | 2 h | 4 h | 8 h |
    /// | submission | 4 h, 24/7 | 8 h | 16 h | – |
    /// | resolution | 24 h, 24/7 | 48 h, 24/7 | 5 working days | 10 working days |
    ///
    /// At 50 % the owner is told, at 75 % the lead, at 90 % the manager, and all three of a breach.
    pub fn default_policy() -> Self {
        use Priority::{P1, P2, P3, P4};
        use Recipient::{Lead, Manager, Owner as Assignee};
        let others = [Owner::Client, Owner::Meta];
        let first_response = [always(P1, 30), business(P2, 2), business(P3, 4), business(P4, 8)];
        let submission = [always(P1, 4 * 60), business(P2, 8), business(P3, 16)];
        let resolution = [always(P1, 24 * 60), always(P2, 48 * 60), days(P3, 5), days(P4, 10)];
        Self {
            metrics: vec![
                metric(Metric::FirstResponse, first_response, &[]),
                metric(Metric::NextReply, [], &[]),
                metric(Metric::KeepPosted, [], &[Owner::Client]),
                metric(Metric::Submission, submission, &others),
                metric(Metric::Resolution, resolution, &others),
            ],
            levels: [50, 75, 90].map(Level::Percent).into(),
            escalations: vec![
                escalation(Level::Percent(50), &[Assignee]),
                escalation(Level::Percent(75), &[Lead]),
                escalation(Level::Percent(90), &[Manager]),
                escalation(Level::Breach, &[Assignee, Lead, Manager]),
            ],
            resume_window_seconds: resume_window_seconds(),
        }
    }
}
