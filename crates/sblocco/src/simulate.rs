//! Meta, as far as it posts webhooks: signed bodies, in batches, out of order, some twice, again when they are not acknowledged, at a
//! given rate whatever the answers take.

pub mod bodies;
mod figures;
pub mod graph;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until},
};

use bodies::Cast;
pub use figures::Figures;

/// How a stream is sent.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where to.
    pub url: String,
    /// The app's secret.
    pub secret: String,
    /// Whom it is about.
    pub cast: Cast,
    /// Bodies a second.
    pub rate: f64,
    /// Updates in a body.
    pub batch: u64,
    /// Bodies in all.
    pub bodies: u64,
    /// Bodies that come at once.
    pub burst: u64,
    /// Of a hundred bodies so many are sent twice.
    pub duplicates: u64,
    /// How often a body that is not acknowledged is sent again.
    pub retries: u32,
    /// Connections at most.
    pub connections: usize,
    /// Whether Meta blocks the account in the middle.
    pub block: bool,
}

/// What is told of each body that was acknowledged: the numbers of its updates.
pub type Acknowledged = mpsc::UnboundedSender<(u64, u64)>;

/// Why a stream could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The address is unusable, or the client cannot be made.
    #[error("no requests can be made: {0}")]
    Client(String),
}

struct Sender {
    plan: Plan,
    client: reqwest::Client,
    next: AtomicU64,
    begun: Instant,
    figures: Mutex<Figures>,
    acknowledged: Option<Acknowledged>,
}

/// Sends a stream to its end, and tells how it was answered. `now` is the instant that the bodies of a block carry.
///
/// # Errors
/// [`SimulateError`]
pub async fn run(plan: Plan, acknowledged: Option<Acknowledged>, now: i64) -> Result<Figures, SimulateError> {
    let client = reqwest::Client::builder()
        .pool_max_idle_per_host(plan.connections)
        .timeout(Duration::from_secs(30))
        .build()
        .map_err(|error| SimulateError::Client(error.to_string()))?;
    let connections = plan.connections;
    let sender = Arc::new(Sender {
        plan,
        client,
        next: AtomicU64::new(0),
        begun: Instant::now(),
        figures: Mutex::default(),
        acknowledged,
    });
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let sender = Arc::clone(&sender);
        tasks.spawn(async move { sender.work(now).await });
    }
    while tasks.join_next().await.is_some() {}
    let mut figures = std::mem::take(&mut *sender.figures.lock().unwrap_or_else(PoisonError::into_inner));
    figures.seconds = sender.begun.elapsed().as_secs_f64();
    figures.settle();
    Ok(figures)
}

impl Sender {
    /// Sends the bodies that no other task has taken, each at its time.
    async fn work(&self, now: i64) {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.plan.bodies {
                return;
            }
            let together = number / self.plan.burst * self.plan.burst;
            let due = self.begun + Duration::from_secs_f64(together as f64 / self.plan.rate);
            sleep_until(due).await;
            self.note(|figures| figures.late(due.elapsed()));
            let (from, to) = (number * self.plan.batch, (number + 1) * self.plan.batch);
            let body = self.plan.cast.statuses(from, to);
            let is_stored = self.deliver(&body).await;
            if is_stored && let Some(acknowledged) = &self.acknowledged {
                // Whoever counts may have had enough.
                let _ = acknowledged.send((from, to));
            }
            if number % 100 < self.plan.duplicates {
                self.deliver(&body).await;
            }
            if self.plan.block && number == self.plan.bodies / 2 {
                for body in self.plan.cast.block(now) {
                    self.deliver(&body).await;
                }
            }
        }
    }

    /// Posts a body until it is acknowledged or given up; whether it was acknowledged.
    async fn deliver(&self, body: &[u8]) -> bool {
        let signature = meta::webhook::sign(body, &self.plan.secret);
        for attempt in 0..=self.plan.retries {
            let begun = Instant::now();
            let answer = self
                .client
                .post(&self.plan.url)
                .header(meta::webhook::SIGNATURE_HEADER, &signature)
                .header("content-type", "application/json")
                .body(body.to_vec())
                .send()
                .await;
            let status = match answer {
                Ok(answer) => answer.status().as_u16(),
                Err(_) => 0,
            };
            self.note(|figures| figures.answered(status, begun.elapsed()));
            if status == 200 {
                return true;
            }
            // At once, and then ever less often.
            sleep(Duration::from_millis(u64::from(attempt) * 200)).await;
        }
        self.note(Figures::gave_up);
        false
    }

    fn note(&self, note: impl FnOnce(&mut Figures)) {
        note(&mut self.figures.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
