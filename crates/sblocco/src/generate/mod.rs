//! Synthetic traffic in the exchange formats, with labelled, planted faults: for trying Sblocco out, for its tests, and
//! for measuring it.
//!
//! Three clients come out: a shoe shop with a list without consent, a failing template and more; a pharmacy with bad
//! records and one day of a crowd; and a book shop that is clean. `truth.json` says what was planted where, with exact
//! counts where a count is exact: a fault for every rule. Beside the traffic stand the templates and assets, and the webhooks
//! by which Meta tells the rest: violations, restrictions, changes of quality and of limits.
//!
//! The same options make the same bytes, on every machine and with any number of threads. Memory does not grow with the
//! number of messages: what is made goes through a temporary file in the output folder. The folder's contents appear
//! only when everything is written.

mod calendar;
mod client;
mod dice;
mod evidence;
mod history;
mod identity;
mod listing;
mod person;
mod rows;
mod scenario;
mod spike;
mod spill;
mod story;
mod traffic;
mod truth;
mod webhooks;

#[cfg(test)]
mod accuracy;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use client::{AURORA, FENICE, NORDIC, Profile};
use traffic::{Made, Traffic};

/// Fewest days: four weeks of history before the day of the spike, and some on both sides.
pub const MIN_DAYS: u32 = 60;
/// Most days.
pub const MAX_DAYS: u32 = 366;
/// Days, unless told otherwise.
pub const DEFAULT_DAYS: u32 = 75;
/// Fewest messages over all clients. Below 40,000 (more for more days than the usual), some faults
/// are too small for their rules to judge; `truth.json` says so.
pub const MIN_MESSAGES: u64 = 1_000;
/// Most messages over all clients.
pub const MAX_MESSAGES: u64 = 2_000_000_000;

/// Format of the three files of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    #[default]
    Parquet,
}

impl Format {
    /// The files' extension, which is also the format's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.extension())
    }
}

impl FromStr for Format {
    type Err = GenerateError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Csv, Self::Ndjson, Self::Parquet]
            .into_iter()
            .find(|format| format.extension() == word)
            .ok_or(GenerateError::Option { name: "format", expected: "csv, ndjson or parquet" })
    }
}

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Folder to write to; it is made if need be, and must be empty.
    pub out: PathBuf,
    /// Messages over all clients: exactly as many are made. [`MIN_MESSAGES`] to [`MAX_MESSAGES`].
    pub messages: u64,
    /// Seed of everything random.
    pub seed: u64,
    /// Length of the period: [`MIN_DAYS`] to [`MAX_DAYS`].
    pub days: u32,
    /// First day of the period (UTC), from 2000 to 2100. Nothing is later than `start` + `days`; consents begin up to a
    /// year earlier.
    pub start: NaiveDate,
    /// Format of messages, inbound and consents.
    pub format: Format,
}

/// How far a generation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Messages done.
    pub done: u64,
    /// Messages to do.
    pub total: u64,
}

/// What was written of one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSummary {
    /// Its folder within the output folder.
    pub folder: String,
    /// Rows of messages.
    pub messages: u64,
    /// Rows of inbound messages.
    pub inbound: u64,
    /// Rows of consents.
    pub consents: u64,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The clients.
    pub clients: Vec<ClientSummary>,
    /// The file that says what was planted.
    pub truth: PathBuf,
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// An option is out of its range.
    #[error("{name} must be {expected}")]
    Option {
        /// The option.
        name: &'static str,
        /// Its range, in words.
        expected: &'static str,
    },
    /// There is something in the output folder.
    #[error("{} is not empty: name a new or an empty folder", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{}: {source}; check that the folder is writable and has room", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The temporary file failed.
    #[error("temporary file in the output folder: {0}; check that its disk has room")]
    Temporary(#[from] io::Error),
    /// A file of rows failed.
    #[error(transparent)]
    Export(#[from] lake::export::ExportError),
}

impl GenerateError {
    /// Whether the caller asked for something impossible, rather than something having failed.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Option { .. } | Self::NotEmpty { .. })
    }
}

/// Generates traffic. `progress` is called from several threads, about a thousand times in all.
///
/// # Errors
/// When an option is out of its range, the folder is not empty, or writing fails. The folder is then left as it was.
pub fn run(options: &Options, progress: &(dyn Fn(Progress) + Sync)) -> Result<Summary, GenerateError> {
    check(options)?;
    prepare(&options.out)?;
    let at_out = |source| GenerateError::Io { path: options.out.clone(), source };
    // Dropped with everything in it unless all goes well.
    let workshop = tempfile::Builder::new().prefix(".generating-").tempdir_in(&options.out).map_err(at_out)?;
    let made = make_clients(options, workshop.path(), progress)?;

    let truth = workshop.path().join("truth.json");
    fs::write(&truth, truth_text(options, &made)).map_err(at_out)?;
    for client in &made {
        let folder = &client.summary.folder;
        fs::rename(workshop.path().join(folder), options.out.join(folder)).map_err(at_out)?;
    }
    let published = options.out.join("truth.json");
    fs::rename(truth, &published).map_err(at_out)?;
    Ok(Summary { clients: made.into_iter().map(|client| client.summary).collect(), truth: published })
}

fn check(options: &Options) -> Result<(), GenerateError> {
    let refused = |name, expected| Err(GenerateError::Option { name, expected });
    if !(MIN_DAYS..=MAX_DAYS).contains(&options.days) {
        return refused("days", "from 60 to 366");
    }
    if !(MIN_MESSAGES..=MAX_MESSAGES).contains(&options.messages) {
        return refused("messages", "from 1000 to 2000000000");
    }
    if !(2000..=2100).contains(&options.start.year()) {
        return refused("start", "a date from 2000-01-01 to 2100-12-31");
    }
    Ok(())
}

fn prepare(out: &Path) -> Result<(), GenerateError> {
    let at_out = |source| GenerateError::Io { path: out.to_owned(), source };
    fs::create_dir_all(out).map_err(at_out)?;
    match fs::read_dir(out).map_err(at_out)?.next() {
        None => Ok(()),
        Some(_) => Err(GenerateError::NotEmpty { path: out.to_owned() }),
    }
}

fn make_clients(
    options: &Options,
    workshop: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Vec<Made>, GenerateError> {
    let half_steps = AtomicU64::new(0);
    let total = options.messages;
    let every = (total / 500).max(1);
    let step = |count: u64| {
        let before = half_steps.fetch_add(count, Ordering::Relaxed);
        if before / every != (before + count) / every {
            let half_steps = before + count;
            progress(Progress { done: half_steps / 2, total });
        }
    };
    let step: &(dyn Fn(u64) + Sync) = &step;
    let made: Vec<Result<Made, GenerateError>> = std::thread::scope(|scope| {
        let clients: Vec<_> = shares(options.messages)
            .into_iter()
            .map(|(profile, messages)| {
                let traffic = Traffic { profile, options, messages, folder: workshop.join(profile.folder) };
                scope.spawn(move || traffic.write(step))
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    made.into_iter().collect()
}

/// How many messages each client gets; all of them together.
fn shares(messages: u64) -> [(&'static Profile, u64); 3] {
    let (nordic, aurora) = (messages * NORDIC.share / 100, messages * AURORA.share / 100);
    [(&NORDIC, nordic), (&AURORA, aurora), (&FENICE, messages - nordic - aurora)]
}

fn truth_text(options: &Options, made: &[Made]) -> String {
    let truth = json!({
        "version": 1,
        "messages": options.messages,
        "seed": options.seed,
        "start": options.start.to_string(),
        "days": options.days,
        "format": options.format.extension(),
        "largeEnough": truth::is_large_enough(options.messages, options.days),
        "clients": made.iter().map(|client| &client.truth).collect::<Vec<_>>(),
    });
    format!("{truth:#}\n")
}
