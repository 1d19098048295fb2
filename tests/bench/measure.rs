//! Runs commands and tells what they took: seconds, seconds of the processors, and peak resident memory.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often the memory of a running command is looked at.
const GLANCE: Duration = Duration::from_millis(5);

pub(crate) type Failure = Box<dyn std::error::Error>;

/// What one run of a command took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) seconds: f64,
    /// Of all processors, the system's work for the command included.
    pub(crate) processor_seconds: f64,
    pub(crate) megabytes: f64,
}

/// Runs a command to its end; its output goes to a file, or nowhere.
pub(crate) fn run(command: &[String], stdout: Option<&Path>) -> Result<Run, Failure> {
    let program = command.first().ok_or("an empty command")?;
    let output = match stdout {
        Some(path) => Stdio::from(std::fs::File::create(path)?),
        None => Stdio::null(),
    };
    let (before, started) = (processor_seconds()?, Instant::now());
    let child = Command::new(program)
        .args(&command[1..])
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    let kilobytes = watch(child, program)?;
    Ok(Run {
        seconds: started.elapsed().as_secs_f64(),
        processor_seconds: processor_seconds()? - before,
        megabytes: kilobytes as f64 * 1.024 / 1_000.0,
    })
}

/// Waits for a command; the most memory that it was resident with. The system keeps the peak, so that looking now and then
/// misses only what happens in the last moment.
#[expect(clippy::disallowed_methods, reason = "a program without a runtime watches another process")]
fn watch(mut child: Child, program: &str) -> Result<u64, Failure> {
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status_file) {
            peak = peak.max(field(&text, "VmHWM:").unwrap_or_default());
        }
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(peak) } else { Err(format!("{program} failed ({status})").into()) };
        }
        std::thread::sleep(GLANCE);
    }
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Seconds that commands which have ended took of all processors: fields 16 and 17 of the system's table, in hundredths.
fn processor_seconds() -> Result<f64, Failure> {
    let table = std::fs::read_to_string("/proc/self/stat")?;
    let fields = table.rsplit_once(')').ok_or("the system's table of processes is not readable")?.1;
    let ticks: f64 = fields.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

/// The value in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}
