//! Watches a server while it is under load: its memory, its processor time, and how far its consumers are behind.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{JoinHandle, sleep},
    time::{Duration, Instant},
};

use crate::{Failure, deployment::Server, http};

const GLANCE: Duration = Duration::from_millis(500);

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    seconds: f64,
    processor_seconds: f64,
    megabytes: f64,
    /// Bodies that were stored and not dealt with yet, at most; of a server that says.
    waiting: u64,
    /// How long the oldest body of a batch had waited, at most.
    delay: f64,
    /// Whether the server says how far it is behind.
    has_consumers: bool,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seconds, processor_seconds, megabytes, .. } = self;
        write!(f, "{:.2} processors, {megabytes:.0} MB at most", processor_seconds / seconds)?;
        if self.has_consumers {
            write!(f, "; at most {} bodies waited, the oldest {:.1} s", self.waiting, self.delay)?;
        }
        Ok(())
    }
}

/// A thread that looks now and then.
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    looking: JoinHandle<Result<Seen, String>>,
}

impl Watch {
    /// Begins; a server with `metrics` says at that address how far it is behind.
    pub(crate) fn begin(server: &Server, metrics: Option<&'static str>) -> Self {
        let (stop, process) = (Arc::new(AtomicBool::new(false)), server.id());
        let ended = Arc::clone(&stop);
        let looking = std::thread::spawn(move || look(process, metrics, &ended).map_err(|error| error.to_string()));
        Self { stop, looking }
    }

    pub(crate) fn end(self) -> Result<Seen, Failure> {
        self.stop.store(true, Ordering::Relaxed);
        Ok(self.looking.join().map_err(|_| "whoever watches panicked")??)
    }
}

fn look(process: u32, metrics: Option<&str>, stop: &AtomicBool) -> Result<Seen, Failure> {
    let (begun, before) = (Instant::now(), processor_seconds(process)?);
    let mut seen = Seen { has_consumers: metrics.is_some(), ..Seen::default() };
    loop {
        let is_last = stop.load(Ordering::Relaxed);
        seen.megabytes = peak_megabytes(process)?;
        if let Some(address) = metrics {
            let text = http::ask(address, "GET /metrics HTTP/1.1", "")?;
            seen.waiting = seen.waiting.max(behind(&text));
            seen.delay = seen.delay.max(value(&text, "sblocco_webhooks_delay_seconds{consumer=\"traffic\"}"));
        }
        if is_last {
            seen.seconds = begun.elapsed().as_secs_f64();
            seen.processor_seconds = processor_seconds(process)? - before;
            return Ok(seen);
        }
        sleep(GLANCE);
    }
}

/// Bodies that were stored and not dealt with yet.
pub(crate) fn waiting(address: &str) -> Result<u64, Failure> {
    Ok(behind(&http::ask(address, "GET /metrics HTTP/1.1", "")?))
}

fn behind(metrics: &str) -> u64 {
    let stored = value(metrics, "sblocco_webhooks_total{outcome=\"stored\"}");
    let dealt_with: f64 = ["traffic", "notices"]
        .iter()
        .map(|consumer| value(metrics, &format!("sblocco_webhooks_dealt_with_total{{consumer=\"{consumer}\"}}")))
        .sum();
    (stored - dealt_with).max(0.0) as u64
}

fn value(metrics: &str, name: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or_default()
}

fn peak_megabytes(process: u32) -> Result<f64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("a process that has ended")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1.024 / 1_000.0)
}

/// Fields 14 and 15 of the system's table, in hundredths.
fn processor_seconds(process: u32) -> Result<f64, Failure> {
    let table = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields = table.rsplit_once(')').ok_or("the system's table of processes is not readable")?.1;
    let ticks: f64 = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}
