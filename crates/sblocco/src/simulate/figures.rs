//! How a stream was answered.

use std::{collections::BTreeMap, fmt, time::Duration};

/// How a stream was answered.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Answers by status; 0 stands for none at all.
    pub answers: BTreeMap<u16, u64>,
    /// Bodies that were given up.
    pub given_up: u64,
    /// The whole stream took so long.
    pub seconds: f64,
    /// By how much the latest body was sent after its time: the sender could not keep the rate.
    pub behind: Duration,
    /// Of every acknowledged body, in microseconds; in order once settled.
    taken: Vec<u32>,
}

impl Figures {
    pub(super) fn answered(&mut self, status: u16, taken: Duration) {
        *self.answers.entry(status).or_default() += 1;
        if status == 200 {
            self.taken.push(u32::try_from(taken.as_micros()).unwrap_or(u32::MAX));
        }
    }

    pub(super) fn gave_up(&mut self) {
        self.given_up += 1;
    }

    pub(super) fn late(&mut self, late: Duration) {
        self.behind = self.behind.max(late);
    }

    pub(super) fn settle(&mut self) {
        self.taken.sort_unstable();
    }

    /// Bodies that were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.taken.len() as u64
    }

    /// The time, in milliseconds, within which so many of a thousand acknowledged bodies were answered.
    pub fn milliseconds(&self, per_thousand: usize) -> f64 {
        let place = (self.taken.len() * per_thousand / 1_000).min(self.taken.len().saturating_sub(1));
        self.taken.get(place).map_or(0.0, |taken| f64::from(*taken) / 1_000.0)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} bodies acknowledged in {:.1} s ({:.0} a second); latest sent {:.0} ms after its time",
            self.acknowledged(),
            self.seconds,
            self.acknowledged() as f64 / self.seconds.max(0.001),
            self.behind.as_secs_f64() * 1_000.0
        )?;
        write!(
            f,
            "answered within {:.1} ms (half), {:.1} ms (99 %), {:.1} ms (all)",
            self.milliseconds(500),
            self.milliseconds(990),
            self.milliseconds(1_000)
        )?;
        for (status, answers) in self.answers.iter().filter(|(status, _)| **status != 200) {
            match status {
                0 => write!(f, "\nno answer: {answers}")?,
                status => write!(f, "\n{status}: {answers}")?,
            }
        }
        if self.given_up > 0 {
            write!(f, "\ngiven up: {}", self.given_up)?;
        }
        Ok(())
    }
}
