//! A slow second implementation that shares no code with the engine: it walks minute by minute and asks each minute for its
//! local time, so that it never converts civil time to instants.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZoneDatabase;
use jiff::{Timestamp, ToSpan};
use sla::{CalendarSpec, EventKind, Owner, Window};

/// The minutes of some weeks in a zone with their local times.
pub(crate) struct Walk {
    pub(crate) zone: String,
    start: i64,
    /// Seconds of a step; the walk goes by minutes unless all edges and changes of the clock lie on coarser steps.
    step: i64,
    locals: Vec<DateTime>,
    first: HashMap<DateTime, usize>,
}

impl fmt::Debug for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.zone, self.at(0))
    }
}

impl Walk {
    pub(crate) fn new(zone: &str, from: &str, days: usize) -> Self {
        Self::by_steps(zone.to_owned(), from.parse().unwrap(), days, 60)
    }

    pub(crate) fn by_steps(zone: String, from: Timestamp, days: usize, step: i64) -> Self {
        let start = from.as_second();
        let rules = TimeZoneDatabase::bundled().get(&zone).unwrap();
        let local = |minute| rules.to_datetime(Timestamp::from_second(start + step * i64::from(minute)).unwrap());
        let locals: Vec<DateTime> =
            (0..u32::try_from(i64::try_from(days).unwrap() * 86_400 / step).unwrap()).map(local).collect();
        let mut first = HashMap::new();
        for (minute, &local) in locals.iter().enumerate() {
            first.entry(local).or_insert(minute);
        }
        Self { zone, start, step, locals, first }
    }

    pub(crate) fn len(&self) -> usize {
        self.locals.len()
    }

    pub(crate) fn at(&self, minute: usize) -> Timestamp {
        self.at_second(minute, 0)
    }

    pub(crate) fn at_second(&self, minute: usize, second: i64) -> Timestamp {
        Timestamp::from_second(self.start + self.step * i64::try_from(minute).unwrap() + second).unwrap()
    }

    pub(crate) fn date(&self, minute: usize) -> Date {
        self.locals[minute].date()
    }

    /// The minute of an edge: the first one with that local time; if there is none, of the local time moved by the gap.
    fn edge(&self, edge: DateTime) -> Option<usize> {
        self.first.get(&edge).copied().or_else(|| {
            let jump = self.locals.windows(2).find(|pair| pair[0] < edge && edge < pair[1])?;
            let gap = jump[1].duration_since(jump[0]) - jiff::SignedDuration::from_secs(self.step);
            self.first.get(&(edge + gap)).copied()
        })
    }

    fn exists(&self, date: Date) -> bool {
        self.locals.iter().any(|local| local.date() == date)
    }

    /// The windows that begin on `date`, as minutes of the walk.
    fn windows_on(&self, spec: &CalendarSpec, date: Date) -> Vec<(usize, usize)> {
        let weekday = match date.weekday().to_monday_zero_offset() {
            0 => &spec.weekly.monday,
            1 => &spec.weekly.tuesday,
            2 => &spec.weekly.wednesday,
            3 => &spec.weekly.thursday,
            4 => &spec.weekly.friday,
            5 => &spec.weekly.saturday,
            _ => &spec.weekly.sunday,
        };
        let closed = Vec::new();
        let holiday = if spec.holidays.contains_key(&date) { &closed } else { weekday };
        let windows = spec.overrides.get(&date).unwrap_or(holiday);
        if !self.exists(date) {
            return Vec::new();
        }
        let edges = windows.iter().filter_map(|Window { from, to }| {
            let civil = |date: Date, minutes: u16| date.at(0, 0, 0, 0) + i64::from(minutes).minutes();
            let closes_on = if to.minutes() <= from.minutes() { date.tomorrow().unwrap() } else { date };
            Some((self.edge(civil(date, from.minutes()))?, self.edge(civil(closes_on, to.minutes()))?))
        });
        edges.filter(|(open, close)| open < close).collect()
    }

    pub(crate) fn dates(&self) -> BTreeSet<Date> {
        self.locals.iter().map(|local| local.date()).collect()
    }

    /// Of each minute, whether it is open. Not to be trusted within two days of the ends.
    pub(crate) fn open(&self, spec: &CalendarSpec) -> Vec<bool> {
        let mut open = vec![false; self.len()];
        for (from, to) in self.dates().into_iter().flat_map(|date| self.windows_on(spec, date)) {
            open[from..to].fill(true);
        }
        open
    }

    /// By the definition of working days: the end of day number `days` after the date of `start`, days with no minute outside
    /// `paused` left out. `None`: not within the walk.
    pub(crate) fn end_of_working_day(
        &self,
        spec: &CalendarSpec,
        start: usize,
        days: usize,
        paused: &[bool],
    ) -> Option<usize> {
        let (mut end, mut worked) = (0, 0);
        for date in self.dates().into_iter().filter(|date| *date > self.date(start)) {
            let windows = self.windows_on(spec, date);
            end = windows.iter().map(|&(_, to)| to).fold(end, usize::max);
            let mut minutes = windows.iter().flat_map(|&(from, to)| from..to);
            if minutes.any(|minute| !paused.get(minute).copied().unwrap_or(false)) {
                worked += 1;
            }
            if worked == days {
                return Some(end);
            }
        }
        None
    }
}

/// What the walk finds about one promise whose owners Client and Meta pause; events by minute, opened at the first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) elapsed: u64,
    pub(crate) breached: Option<Timestamp>,
    pub(crate) stopped: Option<usize>,
    /// The minutes in which somebody else had the turn.
    pub(crate) paused: Vec<bool>,
    pub(crate) paused_at_the_end: bool,
}

/// A promise of whole minutes by the open minutes of two priorities.
pub(crate) struct Goals<'a> {
    pub(crate) raised: (u64, &'a [bool]),
    pub(crate) usual: (u64, &'a [bool]),
}

/// Walks a resolution from its opening to `now`, minute by minute.
pub(crate) fn account(walk: &Walk, goals: &Goals<'_>, events: &[(usize, EventKind)], now: usize) -> Account {
    let mut account = Account { paused: vec![false; walk.len()], ..Account::default() };
    let (mut owner, mut goal) = (Owner::Us, &goals.usual);
    let opened = events[0].0;
    for minute in opened..=now {
        for (_, kind) in events.iter().filter(|(at, _)| *at == minute) {
            match kind {
                EventKind::WaitingOn(next) => owner = *next,
                EventKind::PriorityChanged(sla::Priority::P1) => goal = &goals.raised,
                EventKind::PriorityChanged(_) => goal = &goals.usual,
                EventKind::Closed => account.stopped = Some(minute),
                _ => {}
            }
        }
        account.paused_at_the_end = matches!(owner, Owner::Client | Owner::Meta);
        if account.breached.is_none() && account.elapsed > goal.0 {
            account.breached = Some(walk.at(minute));
        }
        if account.stopped.is_some() || minute == now {
            break;
        }
        account.paused[minute] = account.paused_at_the_end;
        if !account.paused_at_the_end && goal.1[minute] {
            if account.breached.is_none() && account.elapsed == goal.0 {
                account.breached = Some(walk.at_second(minute, 1));
            }
            account.elapsed += 60;
        }
    }
    account
}
