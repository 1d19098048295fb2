//! Measures the SLA engine: `sla_bench [--threads N]`.
//!
//! Adding and counting open time over ten years of a working calendar, on one thread; and judging 100,000 open tickets anew after
//! their calendar was edited, each with its whole log, on N threads (2 unless told). Numbers are made from a fixed seed.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use sla::{
    ALWAYS_OPEN, BUSINESS_HOURS, Calendar, CalendarSpec, Calendars, Event, EventKind, Owner, Policy, Priority, Scope,
    Terms, Version, Weekly, evaluate,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// 1 January 2020, 00:00 UTC.
const START: i64 = 1_577_836_800;
const DAY: i64 = 86_400;
const TEN_YEARS: i64 = 3_652 * DAY;
const QUESTIONS: u64 = 5_000_000;
const TICKETS: usize = 100_000;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "sla_bench: {failure}");
            ExitCode::from(2)
        }
    }
}

/// A small generator of numbers that look random; the same ones in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % end.unsigned_abs()).unwrap_or_default()
    }
}

fn at(second: i64) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_second(second)?)
}

/// Mon–Fri 9–13 and 14–18 in Rome, with fifteen holidays a year and short days before Christmas.
fn working_hours() -> Result<CalendarSpec, Failure> {
    let windows = ["09:00-13:00".parse()?, "14:00-18:00".parse()?];
    let mut spec = CalendarSpec::weekly("Europe/Rome", Weekly::monday_to_friday(&windows));
    for year in 2020..=2036_i16 {
        for month in 1..=12_i8 {
            spec.holidays.insert(jiff::civil::Date::new(year, month, 15)?, format!("holiday of month {month}"));
        }
        for day in [24, 31] {
            spec.overrides.insert(jiff::civil::Date::new(year, 12, day)?, vec![windows[0]]);
        }
    }
    Ok(spec)
}

fn measure() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let threads = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 2,
        (Some("--threads"), Some(threads)) => threads.parse()?,
        _ => return Err("usage: sla_bench [--threads N]".into()),
    };
    let mut out = io::stdout().lock();
    let calendar = Calendar::new(working_hours()?)?;
    // The years are resolved once; that is not what is measured.
    let open = calendar.between(at(START)?, at(START + TEN_YEARS)?);
    writeln!(out, "{open} open seconds in ten years")?;
    for (name, question) in [("between", between as fn(&Calendar, &mut Numbers) -> Result<u64, Failure>), ("add", add)]
    {
        let mut numbers = Numbers(1);
        let began = Instant::now();
        let mut sum = 0_u64;
        for _ in 0..QUESTIONS {
            sum = sum.wrapping_add(question(&calendar, &mut numbers)?);
        }
        let seconds = began.elapsed().as_secs_f64();
        let rate = QUESTIONS as f64 / seconds / 1e6;
        writeln!(out, "{name}: {rate:.2} million a second on one thread (control sum {sum})")?;
    }
    judge_all(&mut out, threads)
}

fn between(calendar: &Calendar, numbers: &mut Numbers) -> Result<u64, Failure> {
    let (a, b) = (numbers.below(TEN_YEARS), numbers.below(TEN_YEARS));
    Ok(calendar.between(at(START + a.min(b))?, at(START + a.max(b))?))
}

fn add(calendar: &Calendar, numbers: &mut Numbers) -> Result<u64, Failure> {
    let (start, years) = (numbers.below(TEN_YEARS), numbers.below(10));
    // Up to ten years of open time, some 2,000 hours each.
    let budget = years.unsigned_abs() * 2_000 * 3_600 + numbers.below(7_200_000).unsigned_abs();
    let due = calendar.add(at(START + start)?, budget).ok_or("the calendar opens for ever")?;
    Ok(due.as_second().unsigned_abs())
}

/// An open ticket: opened within thirty days, answered, handed to and fro.
fn log(numbers: &mut Numbers, now: i64) -> Result<(Vec<Event>, Priority), Failure> {
    let opened = now - 1 - numbers.below(30 * DAY);
    let mut events = vec![Event::new(at(opened)?, EventKind::Opened)];
    let mut second = opened;
    for turn in 0..8 {
        second += 1 + numbers.below(DAY);
        if second >= now {
            break;
        }
        let kind = match turn % 4 {
            0 => EventKind::PublicReplyByStaff,
            1 => EventKind::WaitingOn(Owner::Client),
            2 => EventKind::PublicReplyByClient,
            _ => EventKind::WaitingOn(Owner::Us),
        };
        events.push(Event::new(at(second)?, kind));
    }
    let priority = [Priority::P1, Priority::P2, Priority::P3, Priority::P4][usize::try_from(numbers.below(4))?];
    Ok((events, priority))
}

fn judge_all(out: &mut impl Write, threads: usize) -> Result<(), Failure> {
    let now = START + 6 * 365 * DAY;
    let mut numbers = Numbers(2);
    let tickets = (0..TICKETS).map(|_| log(&mut numbers, now)).collect::<Result<Vec<_>, Failure>>()?;
    let calendars = Calendars::new()
        .with(ALWAYS_OPEN, Calendar::new(CalendarSpec::always_open())?)
        .with(BUSINESS_HOURS, Calendar::new(working_hours()?)?);
    let mut edited = working_hours()?;
    edited.holidays.insert("2026-01-07".parse()?, "one more holiday".to_owned());
    let version =
        Version { effective_from: at(now)?, scope: Scope::RunningTimers, value: Arc::new(Calendar::new(edited)?) };
    let terms = Terms::new(Policy::default_policy(), calendars).with_calendar(BUSINESS_HOURS, version);
    let began = Instant::now();
    let share = tickets.len().div_ceil(threads.max(1));
    let timers = std::thread::scope(|scope| {
        let terms = &terms;
        let judge = |share| scope.spawn(move || count(share, terms, now));
        let workers: Vec<_> = tickets.chunks(share).map(judge).collect();
        let counts = workers.into_iter().map(|worker| worker.join().map_err(|_| Failure::from("a thread failed"))?);
        counts.sum::<Result<usize, Failure>>()
    })?;
    let seconds = began.elapsed().as_secs_f64();
    writeln!(out, "{TICKETS} open tickets, {timers} timers, judged in {seconds:.2} s on {threads} threads")?;
    Ok(())
}

fn count(tickets: &[(Vec<Event>, Priority)], terms: &Terms, now: i64) -> Result<usize, Failure> {
    let now = at(now)?;
    let mut timers = 0;
    for (events, priority) in tickets {
        timers += evaluate(events, terms, *priority, now)?.len();
    }
    Ok(timers)
}
