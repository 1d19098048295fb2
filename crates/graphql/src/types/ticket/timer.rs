//! An SLA timer.

use std::collections::HashMap;

use app::sla::{Clock, Metric, TimerState};
use async_graphql::{Enum, Object};
use async_graphql::{Result, dataloader::Loader};
use domain::TicketId;

use crate::{error::FieldError, loaders::Reader, scalars::DateTime};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SlaMetric {
    /// Until the first public message by staff.
    FirstResponse,
    /// Until the request is filed with Meta.
    Submission,
    /// Until the account has recovered or the ticket is closed.
    Resolution,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SlaTimerState {
    /// Not fulfilled, not late.
    Running,
    /// Not fulfilled, not late, and somebody else has the turn.
    Paused,
    /// Fulfilled in time.
    Met,
    /// Late, whether fulfilled since or not.
    Breached,
    /// Fell away in time.
    Cancelled,
}

/// How a promise stands now, computed from the ticket's timeline.
#[derive(Debug, Clone)]
pub(crate) struct SlaTimer(pub(crate) app::sla::Timer);

fn date_time(timestamp: app::sla::Timestamp) -> DateTime {
    app::sla::instant(timestamp).into()
}

/// How a promise stands now, computed from the ticket's timeline.
#[Object]
impl SlaTimer {
    /// What is measured.
    async fn metric(&self) -> SlaMetric {
        match self.0.metric {
            Metric::FirstResponse => SlaMetric::FirstResponse,
            Metric::Submission => SlaMetric::Submission,
            Metric::Resolution => SlaMetric::Resolution,
        }
    }

    /// 1 from the opening; one more with each reopening after the resume window.
    async fn cycle(&self) -> i32 {
        i32::try_from(self.0.cycle).unwrap_or(i32::MAX)
    }

    /// How it stands.
    async fn state(&self) -> SlaTimerState {
        match self.0.state {
            TimerState::Running => SlaTimerState::Running,
            TimerState::Paused => SlaTimerState::Paused,
            TimerState::Met => SlaTimerState::Met,
            TimerState::Breached => SlaTimerState::Breached,
            TimerState::Cancelled => SlaTimerState::Cancelled,
        }
    }

    /// Whether time is being counted now.
    async fn is_ticking(&self) -> bool {
        self.0.clock == Clock::Ticking
    }

    /// When the cycle began.
    async fn started_at(&self) -> DateTime {
        date_time(self.0.started_at)
    }

    /// When the budget is used up, with every pause so far cut out; absent while a pause makes it uncertain.
    async fn due_at(&self) -> Option<DateTime> {
        self.0.due_at.map(date_time)
    }

    /// While the clock is paused: when it would be due if the pause ended now.
    async fn due_if_resumed_at(&self) -> Option<DateTime> {
        self.0.due_if_resumed.map(date_time)
    }

    /// The first second at which it was late; derived from the timeline, whoever looked when.
    async fn breached_at(&self) -> Option<DateTime> {
        self.0.breached_at.map(date_time)
    }

    /// When the clock was stopped for good.
    async fn stopped_at(&self) -> Option<DateTime> {
        self.0.stopped_at.map(date_time)
    }

    /// Seconds counted so far.
    async fn elapsed_seconds(&self) -> i32 {
        i32::try_from(self.0.elapsed_seconds).unwrap_or(i32::MAX)
    }

    /// Seconds of the budget that are left; negative when it is overdrawn.
    async fn remaining_seconds(&self) -> Option<i32> {
        self.0
            .remaining_seconds
            .map(|seconds| i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX }))
    }
}

/// Key of the timers of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TimersOf(pub(super) TicketId);

impl Loader<TimersOf> for Reader {
    type Value = Vec<SlaTimer>;
    type Error = FieldError;

    async fn load(&self, keys: &[TimersOf]) -> Result<HashMap<TimersOf, Vec<SlaTimer>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let timers = app::sla::of_tickets(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(timers
            .into_iter()
            .map(|(ticket, timers)| (TimersOf(ticket), timers.into_iter().map(SlaTimer).collect()))
            .collect())
    }
}
