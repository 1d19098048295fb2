//! A timer in words: what was promised, how it stands, and where every second went; to be shown, or as a table to be kept.

use ::sla::{Clock, Owner, Reason, Segment, Target, Timer, TimerState};
use domain::{Instant, access::Permission, tickets::Ticket};
use i18n::{Args, Group, Lang};
use jiff::tz::TimeZone;

use super::{Book, Metric, instant, ticket_priority, timers, waiting_on};
use crate::{OpCtx, OpError, csv::Table};

/// A stretch of time in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedSegment {
    /// First second.
    pub start: Instant,
    /// First second after.
    pub end: Instant,
    /// Whether its seconds are counted.
    pub counted: bool,
    /// Place in the timeline of the event that made the clock stand still, from 1.
    pub sequence: Option<i64>,
    /// All of it as a sentence.
    pub text: String,
}

/// A timer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What is measured.
    pub metric: Metric,
    /// Which cycle.
    pub cycle: u32,
    /// What was promised and how it stands: a few sentences.
    pub summary: Vec<String>,
    /// Where the time went: tiles the time from the start to now, or to when the clock was stopped.
    pub segments: Vec<ExplainedSegment>,
}

/// Says a timer in words, with times in `zone`.
pub fn explain(lang: Lang, timer: &Timer, zone: &TimeZone) -> Explained {
    let words = Words { lang, zone };
    Explained {
        metric: timer.metric,
        cycle: timer.cycle,
        summary: words.summary(timer),
        segments: timer.segments.iter().map(|segment| words.segment(segment)).collect(),
    }
}

/// The header of [`explanation_csv`]. Columns are only ever added, at the end.
const COLUMNS: [&str; 16] = [
    "ticket",
    "metric",
    "cycle",
    "priority",
    "state",
    "started_at",
    "due_at",
    "breached_at",
    "stopped_at",
    "summary",
    "from",
    "to",
    "event",
    "explanation",
    "seconds",
    "counted_seconds",
];

/// Says timers of a ticket as a table, with a row for each stretch of time. Names and instants (UTC) are for programs, `summary` and
/// `explanation` for people, with times in `zone`. Of a timer, `counted_seconds` sum to the elapsed ones.
pub fn explanation_csv(lang: Lang, ticket: &Ticket, timers: &[Timer], zone: &TimeZone) -> String {
    let mut table = Table::new(&COLUMNS);
    let at = |timestamp: Option<jiff::Timestamp>| timestamp.map(|at| at.to_string()).unwrap_or_default();
    for timer in timers {
        let explained = explain(lang, timer, zone);
        let promise = [
            ticket.reference(),
            timer.metric.as_str().to_owned(),
            timer.cycle.to_string(),
            ticket_priority(timer.priority).as_str().to_owned(),
            timer.state.as_str().to_owned(),
            at(Some(timer.started_at)),
            at(timer.due_at),
            at(timer.breached_at),
            at(timer.stopped_at),
            explained.summary.join(" "),
        ];
        let mut row = |stretch: [String; 4], figures: [u64; 2]| {
            let texts: Vec<&str> = promise.iter().chain(&stretch).map(String::as_str).collect();
            table.row(&texts, &figures);
        };
        if timer.segments.is_empty() {
            // It began this second.
            row(<[String; 4]>::default(), [0, 0]);
        }
        for (segment, said) in timer.segments.iter().zip(explained.segments) {
            let length = segment.end.as_second().abs_diff(segment.start.as_second());
            let event = said.sequence.map(|sequence| sequence.to_string()).unwrap_or_default();
            let stretch = [at(Some(segment.start)), at(Some(segment.end)), event, said.text];
            row(stretch, [length, if segment.counted { length } else { 0 }]);
        }
    }
    table.written()
}

/// The ticket of this reference, such as `T-00001234`, with its timers and its client's zone, for [`explain`] and [`explanation_csv`].
///
/// # Errors
/// `NotFound`; `Forbidden` without `tickets:read`.
pub async fn of_reference(op: &OpCtx, reference: &str) -> Result<(Ticket, Vec<Timer>, TimeZone), OpError> {
    op.require(Permission::TicketsRead)?;
    let number = Ticket::number_of(reference).ok_or(OpError::NotFound)?;
    let tx = op.reader().await?;
    let ticket = store::tickets::by_number(&tx, number).await?.ok_or(OpError::NotFound)?;
    let timeline =
        store::tickets::sla_timelines(&tx, &[ticket.id]).await?.remove(&ticket.id).ok_or(OpError::NotFound)?;
    let book = Book::open(&tx, [ticket.client]).await?;
    let timers = timers(&timeline.events, &book.terms_of(ticket.client), op.now())
        .map_err(|error| OpError::internal("evaluating SLA timers", error))?;
    let client = store::clients::by_id(&tx, ticket.client).await?.ok_or(OpError::NotFound)?;
    let zone = zone(&client.time_zone);
    Ok((ticket, timers, zone))
}

/// The zone of this name; that of UTC where the tz database does not have it.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

struct Words<'a> {
    lang: Lang,
    zone: &'a TimeZone,
}

impl Words<'_> {
    fn say(&self, key: &str, args: Args) -> String {
        i18n::text(self.lang, key, &args)
    }

    fn at(&self, args: Args, name: &'static str, at: jiff::Timestamp) -> Args {
        args.exact_moment(name, instant(at), self.zone.clone())
    }

    fn summary(&self, timer: &Timer) -> Vec<String> {
        let metric = i18n::word(self.lang, Group::SlaMetric, timer.metric.as_str());
        let mut sentences = vec![self.promise(&metric, timer)];
        let started =
            self.at(Args::new(), "start", timer.started_at).exact_duration("elapsed", seconds(timer.elapsed_seconds));
        sentences.push(self.say("sla-counted", started));
        sentences.extend(self.standing(timer));
        sentences
    }

    fn promise(&self, metric: &str, timer: &Timer) -> String {
        let args = Args::new().text("metric", metric).count("cycle", timer.cycle.into());
        let Some(goal) = &timer.goal else { return self.say("sla-promised-nothing", args) };
        let args = args.text("calendar", goal.calendar.as_str());
        match goal.target {
            Target::Seconds(target) => self.say("sla-promised-time", args.exact_duration("target", seconds(target))),
            Target::WorkingDays(days) => self.say("sla-promised-days", args.count("days", days.into())),
        }
    }

    fn standing(&self, timer: &Timer) -> Vec<String> {
        let at = |key, name, at| self.say(key, self.at(Args::new(), name, at));
        let left = timer.remaining_seconds.unwrap_or_default();
        let over = || self.say("sla-over", Args::new().exact_duration("over", left.saturating_neg()));
        let in_hand = || self.say("sla-left", Args::new().exact_duration("left", left));
        if let Some(breached) = timer.breached_at {
            let done = timer.stopped_at.map(|stopped| at("sla-done-at", "at", stopped));
            return [at("sla-breached-since", "at", breached)].into_iter().chain(done).chain([over()]).collect();
        }
        match (timer.state, timer.stopped_at, timer.due_at) {
            (TimerState::Met, Some(stopped), _) => vec![at("sla-met-at", "at", stopped), in_hand()],
            (TimerState::Cancelled, ..) => vec![self.say("sla-fell-away", Args::new())],
            (_, _, Some(due)) => vec![at("sla-due-at", "at", due), in_hand()],
            _ if timer.clock == Clock::Paused => {
                let paused = self.say("sla-paused-remaining", Args::new().exact_duration("remaining", left));
                let if_resumed = timer.due_if_resumed.map(|due| at("sla-due-if-resumed", "at", due));
                [paused].into_iter().chain(if_resumed).collect()
            }
            _ => vec![self.say("sla-never-due", Args::new())],
        }
    }

    fn segment(&self, segment: &Segment) -> ExplainedSegment {
        let length = segment.end.as_second() - segment.start.as_second();
        let sequence = segment.event.and_then(|place| i64::try_from(place + 1).ok());
        let args = self.at(self.at(Args::new(), "start", segment.start), "end", segment.end);
        let args = args.exact_duration("length", length).text("reason", self.reason(&segment.reason));
        let text = match (segment.counted, sequence) {
            (true, _) => self.say("sla-stretch-counted", args),
            (false, None) => self.say("sla-stretch-not-counted", args),
            (false, Some(sequence)) => {
                self.say("sla-stretch-not-counted-since", args.text("sequence", sequence.to_string()))
            }
        };
        let (start, end) = (instant(segment.start), instant(segment.end));
        ExplainedSegment { start, end, counted: segment.counted, sequence, text }
    }

    fn reason(&self, reason: &Reason) -> String {
        match reason {
            Reason::OpenHours => self.say("sla-reason-open-hours", Args::new()),
            Reason::OutsideHours => self.say("sla-reason-outside-hours", Args::new()),
            Reason::Holiday(name) => self.say("sla-reason-holiday", Args::new().text("name", name.as_str())),
            Reason::Waiting(owner) => self.waiting(*owner),
            Reason::NoGoal => self.say("sla-reason-no-goal", Args::new()),
            Reason::Ended => self.say("sla-reason-ended", Args::new()),
        }
    }

    fn waiting(&self, owner: Owner) -> String {
        i18n::word(self.lang, Group::SlaWaiting, waiting_on(owner).as_str())
    }
}

fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
