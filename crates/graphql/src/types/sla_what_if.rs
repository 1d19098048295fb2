//! What other SLA terms would have made of the promises on tickets of the past.

use app::sla::{Outcomes, WhatIf, WhatIfDifference, WhatIfRow};
use async_graphql::{Context, Object, Result, SimpleObject};

use super::{SlaMetric, SlaTimerState, Ticket, ticket_words::TicketPriority};
use crate::scalars::DateTime;

fn count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What other terms would have made of the promises.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaWhatIf {
    /// Tickets that were looked at.
    tickets: i32,
    /// Promises that were broken, and would not have been.
    spared: i32,
    /// Promises that were not broken, and would have been.
    broken: i32,
    /// The promises by metric and priority.
    rows: Vec<SlaWhatIfRow>,
    /// The first of those that were broken on one side alone, at most 100.
    differences: Vec<SlaWhatIfDifference>,
}

/// The promises of a metric and priority, as they are and as they would be.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaWhatIfRow {
    /// Of which metric.
    metric: SlaMetric,
    /// By which priority they are judged.
    priority: TicketPriority,
    /// By the terms that held.
    actual: SlaOutcomes,
    /// By those that are supposed.
    supposed: SlaOutcomes,
}

/// How promises ended.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaOutcomes {
    /// Fulfilled in time.
    met: i32,
    /// Broken, whether fulfilled since or not.
    breached: i32,
    /// Fell away in time.
    cancelled: i32,
    /// Neither yet.
    open: i32,
}

/// A promise that was broken and would have been kept, or the reverse.
#[derive(Debug)]
pub(crate) struct SlaWhatIfDifference(WhatIfDifference);

/// A promise that was broken and would have been kept, or the reverse.
#[Object]
impl SlaWhatIfDifference {
    /// On which ticket.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        Ticket::load(ctx, self.0.ticket).await
    }

    /// Of which metric.
    async fn metric(&self) -> SlaMetric {
        self.0.metric.into()
    }

    /// Of which cycle.
    async fn cycle(&self) -> i32 {
        i32::try_from(self.0.cycle).unwrap_or(i32::MAX)
    }

    /// How it stands; `null`: nothing was promised.
    async fn actual_state(&self) -> Option<SlaTimerState> {
        self.0.actual.as_ref().map(|timer| timer.state.into())
    }

    /// How it would stand; `null`: nothing would have been promised.
    async fn supposed_state(&self) -> Option<SlaTimerState> {
        self.0.supposed.as_ref().map(|timer| timer.state.into())
    }

    /// When it is due, or was.
    async fn actual_due_at(&self) -> Option<DateTime> {
        Some(app::sla::instant(self.0.actual.as_ref()?.due_at?).into())
    }

    /// When it would be due, or would have been.
    async fn supposed_due_at(&self) -> Option<DateTime> {
        Some(app::sla::instant(self.0.supposed.as_ref()?.due_at?).into())
    }
}

impl From<Outcomes> for SlaOutcomes {
    fn from(outcomes: Outcomes) -> Self {
        let Outcomes { met, breached, cancelled, open } = outcomes;
        Self { met: count(met), breached: count(breached), cancelled: count(cancelled), open: count(open) }
    }
}

impl From<WhatIfRow> for SlaWhatIfRow {
    fn from(row: WhatIfRow) -> Self {
        Self {
            metric: row.metric.into(),
            priority: row.priority.into(),
            actual: row.actual.into(),
            supposed: row.supposed.into(),
        }
    }
}

impl From<WhatIf> for SlaWhatIf {
    fn from(what_if: WhatIf) -> Self {
        Self {
            tickets: count(what_if.tickets),
            spared: count(what_if.spared),
            broken: count(what_if.broken),
            rows: what_if.rows.into_iter().map(Into::into).collect(),
            differences: what_if.differences.into_iter().map(SlaWhatIfDifference).collect(),
        }
    }
}
