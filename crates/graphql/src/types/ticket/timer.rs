//! An SLA timer.

use std::{collections::HashMap, sync::Arc};

use app::sla::{Clock, Metric, Standing, TimerState};
use async_graphql::{Context, Enum, Object, Result, SimpleObject, dataloader::Loader};
use domain::TicketId;

use super::words::{TicketPriority, WaitingOn};
use crate::{
    at_once::AtOnce,
    context::ContextExt as _,
    error::FieldError,
    loaders::Reader,
    scalars::{BigInt, DateTime},
    types::Client,
};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SlaMetric {
    /// Until the first public message by staff.
    FirstResponse,
    /// After the first response: from the oldest unanswered message of the client until the next public message by staff. Each such
    /// wait is a cycle.
    NextReply,
    /// From one public message by staff to the next, until the ticket is closed. Each such stretch is a cycle.
    KeepPosted,
    /// Until the request is filed with Meta.
    Submission,
    /// Until the account has recovered or the ticket is closed.
    Resolution,
}

impl From<Metric> for SlaMetric {
    fn from(metric: Metric) -> Self {
        match metric {
            Metric::FirstResponse => Self::FirstResponse,
            Metric::NextReply => Self::NextReply,
            Metric::KeepPosted => Self::KeepPosted,
            Metric::Submission => Self::Submission,
            Metric::Resolution => Self::Resolution,
        }
    }
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

impl From<TimerState> for SlaTimerState {
    fn from(state: TimerState) -> Self {
        match state {
            TimerState::Running => Self::Running,
            TimerState::Paused => Self::Paused,
            TimerState::Met => Self::Met,
            TimerState::Breached => Self::Breached,
            TimerState::Cancelled => Self::Cancelled,
        }
    }
}

/// How a promise stands now, computed from the ticket's timeline.
#[derive(Debug, Clone)]
pub(crate) struct SlaTimer {
    standing: Arc<Standing>,
    place: usize,
}

impl SlaTimer {
    fn timer(&self) -> &app::sla::Timer {
        &self.standing.timers[self.place]
    }
}

fn date_time(timestamp: app::sla::Timestamp) -> DateTime {
    app::sla::instant(timestamp).into()
}

fn seconds(seconds: u64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

/// How a promise stands now, computed from the ticket's timeline.
#[Object]
impl SlaTimer {
    /// What is measured.
    async fn metric(&self) -> SlaMetric {
        self.timer().metric.into()
    }

    /// 1 from the opening; one more with each reopening after the resume window, and with each wait that is measured anew.
    async fn cycle(&self) -> i32 {
        i32::try_from(self.timer().cycle).unwrap_or(i32::MAX)
    }

    /// The priority that it is judged by, or was when the clock was stopped.
    async fn priority(&self) -> TicketPriority {
        app::sla::ticket_priority(self.timer().priority).into()
    }

    /// How it stands.
    async fn state(&self) -> SlaTimerState {
        self.timer().state.into()
    }

    /// Whether time is being counted now.
    async fn is_ticking(&self) -> bool {
        self.timer().clock == Clock::Ticking
    }

    /// When the cycle began.
    async fn started_at(&self) -> DateTime {
        date_time(self.timer().started_at)
    }

    /// When the budget is used up, with every pause so far cut out; absent while a pause makes it uncertain.
    async fn due_at(&self) -> Option<DateTime> {
        self.timer().due_at.map(date_time)
    }

    /// While the clock is paused: when it would be due if the pause ended now.
    async fn due_if_resumed_at(&self) -> Option<DateTime> {
        self.timer().due_if_resumed.map(date_time)
    }

    /// The first second at which it was late; derived from the timeline, whoever looked when.
    async fn breached_at(&self) -> Option<DateTime> {
        self.timer().breached_at.map(date_time)
    }

    /// When the clock was stopped for good.
    async fn stopped_at(&self) -> Option<DateTime> {
        self.timer().stopped_at.map(date_time)
    }

    /// Seconds counted so far.
    async fn elapsed_seconds(&self) -> i32 {
        seconds(self.timer().elapsed_seconds)
    }

    /// Seconds of the budget that are left; negative when it is overdrawn.
    async fn remaining_seconds(&self) -> Option<i32> {
        self.timer()
            .remaining_seconds
            .map(|seconds| i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX }))
    }

    /// What was promised, how it stands and where every second went, in the reader's language and the client's zone.
    #[graphql(complexity = "10 + 10 * child_complexity")]
    async fn explanation(&self, ctx: &Context<'_>) -> Result<SlaExplanation> {
        let client = Client::load(ctx, self.standing.client).await?;
        let zone = client.map(|client| client.0.time_zone).unwrap_or_default();
        let explained = app::sla::explain(ctx.op().lang(), self.timer(), &app::sla::zone(&zone));
        Ok(SlaExplanation {
            summary: explained.summary,
            segments: explained.segments.into_iter().map(Into::into).collect(),
        })
    }
}

/// A timer in words.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaExplanation {
    /// What was promised and how it stands: a few sentences.
    summary: Vec<String>,
    /// Where the time went: without gap or overlap from the start to now, or to when the clock was stopped. The counted ones sum to
    /// the elapsed seconds.
    segments: Vec<SlaSegment>,
}

/// A stretch of time, and why it counts or not.
#[derive(Debug, SimpleObject)]
pub(crate) struct SlaSegment {
    /// First second.
    start_at: DateTime,
    /// First second after.
    end_at: DateTime,
    /// Whether its seconds are counted.
    is_counted: bool,
    /// Place in the timeline of what made the clock stand still, from 1.
    event_sequence: Option<i32>,
    /// All of it as a sentence.
    text: String,
}

impl From<app::sla::ExplainedSegment> for SlaSegment {
    fn from(segment: app::sla::ExplainedSegment) -> Self {
        Self {
            start_at: segment.start.into(),
            end_at: segment.end.into(),
            is_counted: segment.counted,
            event_sequence: segment.sequence.and_then(|sequence| i32::try_from(sequence).ok()),
            text: segment.text,
        }
    }
}

/// For how long somebody had the ball, by the clock on the wall: shows whose delay a delay is.
#[derive(Debug, SimpleObject)]
pub(crate) struct TicketTurnTotal {
    /// Who.
    waiting_on: WaitingOn,
    /// How long so far, in seconds.
    seconds: BigInt,
}

/// The timers of a standing, of `metrics` alone when they are given.
pub(super) fn timers(standing: &Arc<Standing>, metrics: Option<&[SlaMetric]>) -> Vec<AtOnce<SlaTimer>> {
    let wanted = |timer: &app::sla::Timer| metrics.is_none_or(|metrics| metrics.contains(&timer.metric.into()));
    let places = standing.timers.iter().enumerate().filter(|(_, timer)| wanted(timer)).map(|(place, _)| place);
    places.map(|place| AtOnce(SlaTimer { standing: Arc::clone(standing), place })).collect()
}

/// How long each had the ball, in the order of the words; those who never had it are left out.
pub(super) fn turn_totals(standing: &Arc<Standing>) -> Vec<TicketTurnTotal> {
    let total = |owner: domain::tickets::WaitingOn| TicketTurnTotal {
        waiting_on: owner.into(),
        seconds: BigInt(standing.seconds_with(owner)),
    };
    let totals = domain::tickets::WaitingOn::ALL.iter().copied().map(total);
    totals.filter(|total| total.seconds.0 > 0).collect()
}

/// Key of how the promises of a ticket stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StandingOf(pub(super) TicketId);

impl Loader<StandingOf> for Reader {
    type Value = Arc<Standing>;
    type Error = FieldError;

    async fn load(&self, keys: &[StandingOf]) -> Result<HashMap<StandingOf, Arc<Standing>>, FieldError> {
        let ids: Vec<TicketId> = keys.iter().map(|key| key.0).collect();
        let standings = app::sla::of_tickets(&self.0, &ids).await.map_err(FieldError::new)?;
        Ok(standings.into_iter().map(|(ticket, standing)| (StandingOf(ticket), standing)).collect())
    }
}
