//! What has come due on a ticket and was not done: worked out from the log and from what was written down, and nothing else. So it
//! does not matter when somebody looks, or how often.

use std::collections::HashSet;

use ::sla::{EvaluateError, Level, Metric, Owner, Terms, Timer, Turn};
use domain::{
    CorrectiveActionId, Instant,
    sla::{SlaEffectKey, SlaEffectOutcome},
    tickets::{
        ActionOwner, CorrectiveAction, DeadlineCause, DeadlineMove, Submission, TicketEventKind, TimedTicketEvent,
        WaitingOn,
    },
};

use super::{instant, log, opened_with, timestamp};

/// How long the client has had the ball when it is reminded, in seconds: after one day, three and seven.
const REMIND_CLIENT_AFTER: [i64; 3] = [86_400, 3 * 86_400, 7 * 86_400];

/// How long before it is due an action is reminded of, in seconds: a day.
const REMIND_OF_ACTION_BEFORE: i64 = 86_400;

/// Something that came due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrived {
    pub(super) key: SlaEffectKey,
    pub(super) reached_at: Instant,
    pub(super) outcome: SlaEffectOutcome,
    pub(super) what: What,
}

/// What it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A promise reached a level.
    Level {
        metric: Metric,
        cycle: u32,
        level: Level,
        due: Option<Instant>,
        /// The version of the policy that says whom to tell.
        policy: usize,
    },
    /// Meta's answer was expected by now.
    AnswerExpected { expected_by: Instant },
    /// The client has had the ball for long.
    ClientWaits { since: Instant },
    /// A corrective action is to be done soon, or was to be done by now.
    ActionDue { action: CorrectiveActionId, title: String, owner: ActionOwner, due: Instant },
    /// Deadlines moved.
    Moved { cause: DeadlineCause, moves: Vec<DeadlineMove> },
}

/// A ticket, as far as effects need it.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) timeline: &'a [TimedTicketEvent],
    pub(super) terms: &'a Terms,
    pub(super) submissions: &'a [Submission],
    /// Corrective actions that are to be done.
    pub(super) actions: &'a [CorrectiveAction],
    pub(super) waiting_on: WaitingOn,
    pub(super) is_open: bool,
    pub(super) known: &'a HashSet<SlaEffectKey>,
    pub(super) now: Instant,
}

impl Case<'_> {
    /// What came due and was not written down, in the order in which it came.
    pub(super) fn arrived(&self, timers: &[Timer], turns: &[Turn]) -> Result<Vec<Arrived>, EvaluateError> {
        let mut arrived = self.moved_by_terms()?;
        arrived.extend(self.moved_by_priority()?);
        arrived.extend(timers.iter().flat_map(|timer| self.levels(timer)));
        arrived.extend(self.answers());
        arrived.extend(self.client_waits(turns));
        arrived.extend(self.actions.iter().flat_map(|action| self.action_due(action)));
        arrived.sort_by_key(|arrived| arrived.reached_at);
        Ok(arrived)
    }

    /// The earliest later instant at which a reminder comes due.
    pub(super) fn next_reminder(&self, turns: &[Turn]) -> Option<Instant> {
        let answers = self.expected().map(|(_, expected_by)| expected_by);
        let client = self.reminders(turns).map(|(at, ..)| at);
        let actions = self.actions.iter().flat_map(|action| self.action_reminders(action)).map(|(at, ..)| at);
        answers.chain(client).chain(actions).filter(|at| *at > self.now).min()
    }

    fn is_new(&self, key: &SlaEffectKey) -> bool {
        !self.known.contains(key)
    }

    /// The levels of a timer and its breach. Warnings of what is done come to nothing; of several that came due together the last
    /// one stands for all.
    fn levels(&self, timer: &Timer) -> Vec<Arrived> {
        let reached = timer.levels.iter().map(|reached| (reached.level, reached.at, reached.due_at));
        let breach = timer.breached_at.map(|at| (Level::Breach, at, Some(at)));
        let mut arrived: Vec<Arrived> = reached
            .chain(breach)
            .map(|(level, at, due)| {
                let key = SlaEffectKey {
                    metric: timer.metric.as_str().to_owned(),
                    cycle: i32::try_from(timer.cycle).unwrap_or(i32::MAX),
                    level: level.to_string(),
                    due: due.map_or_else(|| "-".to_owned(), |due| due.to_string()),
                };
                let over = timer.stopped_at.is_some() && level != Level::Breach;
                let outcome = if over { SlaEffectOutcome::Moot } else { SlaEffectOutcome::Done };
                let (metric, cycle, policy) = (timer.metric, timer.cycle, timer.policy);
                let due = timer.due_at.or(due).map(instant);
                let what = What::Level { metric, cycle, level, due, policy };
                Arrived { key, reached_at: instant(at), outcome, what }
            })
            .filter(|arrived| self.is_new(&arrived.key))
            .collect();
        arrived.sort_by_key(|arrived| arrived.reached_at);
        supersede(&mut arrived);
        arrived
    }

    /// Submissions whose answer is still to come, with the instant by which it was expected.
    fn expected(&self) -> impl Iterator<Item = (i32, Instant)> {
        let waits = self.is_open && self.waiting_on == WaitingOn::Meta;
        let open = self.submissions.iter().filter(move |submission| waits && submission.outcome.is_none());
        open.filter_map(|submission| Some((submission.attempt, submission.expected_by?)))
    }

    fn answers(&self) -> impl Iterator<Item = Arrived> {
        let due = self.expected().filter(move |(_, expected_by)| *expected_by <= self.now);
        let arrived = due.map(|(attempt, expected_by)| Arrived {
            key: SlaEffectKey {
                metric: "submission_answer".to_owned(),
                cycle: attempt,
                level: "expected".to_owned(),
                due: timestamp(expected_by).to_string(),
            },
            reached_at: expected_by,
            outcome: SlaEffectOutcome::Done,
            what: What::AnswerExpected { expected_by },
        });
        arrived.filter(move |arrived| self.is_new(&arrived.key))
    }

    /// Every reminder of the client's present turn: when, which turn, after how long, since when.
    fn reminders(&self, turns: &[Turn]) -> impl Iterator<Item = (Instant, usize, i64, Instant)> {
        let theirs = turns.iter().filter(|turn| turn.owner == Owner::Client).count();
        let waits = self.is_open && self.waiting_on == WaitingOn::Client;
        let present = turns.last().filter(|turn| waits && turn.owner == Owner::Client).map(|turn| instant(turn.start));
        present.into_iter().flat_map(move |since| {
            let at = move |after| (since + chrono::TimeDelta::seconds(after), theirs, after, since);
            REMIND_CLIENT_AFTER.into_iter().map(at)
        })
    }

    fn client_waits(&self, turns: &[Turn]) -> Vec<Arrived> {
        let due = self.reminders(turns).filter(|(at, ..)| *at <= self.now);
        let mut arrived: Vec<Arrived> = due
            .map(|(at, turn, after, since)| Arrived {
                key: SlaEffectKey {
                    metric: "client_turn".to_owned(),
                    cycle: i32::try_from(turn).unwrap_or(i32::MAX),
                    level: format!("after+{after}"),
                    due: timestamp(since).to_string(),
                },
                reached_at: at,
                outcome: SlaEffectOutcome::Done,
                what: What::ClientWaits { since },
            })
            .filter(|arrived| self.is_new(&arrived.key))
            .collect();
        supersede(&mut arrived);
        arrived
    }

    /// The reminders of an action that has a due date: when, at which level, by when it is due.
    fn action_reminders(&self, action: &CorrectiveAction) -> impl Iterator<Item = (Instant, String, Instant)> {
        let due = action.due_at.filter(|_| self.is_open);
        let (id, added_at) = (action.id, action.added_at);
        due.into_iter().flat_map(move |due| {
            let soon = due - chrono::TimeDelta::seconds(REMIND_OF_ACTION_BEFORE);
            let soon = Some((soon, format!("{id} due-{REMIND_OF_ACTION_BEFORE}"), due)).filter(|_| added_at < soon);
            soon.into_iter().chain([(due, format!("{id} due"), due)])
        })
    }

    /// What of an action came due: of both reminders, the later one.
    fn action_due(&self, action: &CorrectiveAction) -> Vec<Arrived> {
        let mut arrived: Vec<Arrived> = self
            .action_reminders(action)
            .filter(|(at, ..)| *at <= self.now)
            .map(|(at, level, due)| Arrived {
                key: SlaEffectKey {
                    metric: "corrective_action".to_owned(),
                    cycle: 0,
                    level,
                    due: timestamp(due).to_string(),
                },
                reached_at: at,
                outcome: SlaEffectOutcome::Done,
                what: What::ActionDue { action: action.id, title: action.title.clone(), owner: action.owner, due },
            })
            .filter(|arrived| self.is_new(&arrived.key))
            .collect();
        supersede(&mut arrived);
        arrived
    }

    /// The versions that began to hold while the ticket ran: what they moved, judged at their instants.
    fn moved_by_terms(&self) -> Result<Vec<Arrived>, EvaluateError> {
        let Some(opened) = self.timeline.first().map(|event| event.at) else { return Ok(Vec::new()) };
        let mut arrived = Vec::new();
        for at in self.terms.changes(timestamp(opened), timestamp(self.now)) {
            let key = SlaEffectKey {
                metric: "terms".to_owned(),
                cycle: 0,
                level: "effective".to_owned(),
                due: at.to_string(),
            };
            if self.is_new(&key) {
                let before = ask(self.timeline, &self.terms.before(at), at)?;
                let after = ask(self.timeline, self.terms, at)?;
                arrived.push(moved(key, instant(at), DeadlineCause::Terms, &before, &after));
            }
        }
        Ok(arrived)
    }

    /// The changes of priority: what they moved, judged at their instants.
    fn moved_by_priority(&self) -> Result<Vec<Arrived>, EvaluateError> {
        let mut arrived = Vec::new();
        for (place, event) in self.timeline.iter().enumerate() {
            if !matches!(event.kind, TicketEventKind::PriorityChanged { .. }) {
                continue;
            }
            let key = SlaEffectKey {
                metric: "priority".to_owned(),
                cycle: i32::try_from(place + 1).unwrap_or(i32::MAX),
                level: "changed".to_owned(),
                due: "-".to_owned(),
            };
            if self.is_new(&key) {
                let at = timestamp(event.at);
                let before = ask(&self.timeline[..place], self.terms, at)?;
                let after = ask(&self.timeline[..=place], self.terms, at)?;
                arrived.push(moved(key, event.at, DeadlineCause::Priority, &before, &after));
            }
        }
        Ok(arrived)
    }
}

fn ask(timeline: &[TimedTicketEvent], terms: &Terms, at: jiff::Timestamp) -> Result<Vec<Timer>, EvaluateError> {
    match opened_with(timeline) {
        Some(priority) => ::sla::evaluate(&log(timeline), terms, priority, at),
        None => Ok(Vec::new()),
    }
}

/// Of what is to be done, the last one stands for all before it.
fn supersede(arrived: &mut [Arrived]) {
    let mut to_do = arrived.iter_mut().rev().filter(|arrived| arrived.outcome == SlaEffectOutcome::Done);
    to_do.next();
    to_do.for_each(|earlier| earlier.outcome = SlaEffectOutcome::Superseded);
}

fn moved(key: SlaEffectKey, at: Instant, cause: DeadlineCause, before: &[Timer], after: &[Timer]) -> Arrived {
    let moves: Vec<DeadlineMove> = ::sla::moved(before, after)
        .into_iter()
        .map(|moved| DeadlineMove {
            metric: moved.metric.as_str().to_owned(),
            cycle: moved.cycle,
            from: moved.from.map(instant),
            to: moved.to.map(instant),
            breached: moved.breached,
        })
        .collect();
    let outcome = if moves.is_empty() { SlaEffectOutcome::Moot } else { SlaEffectOutcome::Done };
    Arrived { key, reached_at: at, outcome, what: What::Moved { cause, moves } }
}
