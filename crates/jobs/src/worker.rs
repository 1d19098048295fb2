//! A worker: apalis under supervision, the relay, the upkeep; and its soft stop.

use std::{sync::Arc, time::Duration};

use app::{
    OpCtx, OpError, Services,
    jobs::{self, Executor, Phase},
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    QueueError, Unhealthy, WorkerConfig, clock,
    health::Pulse,
    queue::{ALIVE_SECONDS, Queue},
    relay, upkeep,
};

/// Silence of a loop that means something.
const SILENCE: Duration = Duration::from_mins(1);
/// How long jobs have to notice that they are to be given back.
const GIVING_BACK: Duration = Duration::from_secs(5);
/// Apalis is begun again after a failure: at first soon, then ever later.
const LEAST_PAUSE: Duration = Duration::from_secs(1);
const GREATEST_PAUSE: Duration = Duration::from_secs(30);

/// A worker that runs. Dropped without [`stop`](Worker::stop), it takes no more jobs, and leaves those at work to themselves.
#[derive(Debug)]
pub struct Worker {
    executor: Executor,
    queue: Queue,
    grace: Duration,
    relay: (Pulse, AbortOnDropHandle<()>),
    upkeep: (Pulse, AbortOnDropHandle<()>),
    clock: (Pulse, AbortOnDropHandle<()>),
    delivery: AbortOnDropHandle<()>,
    /// Ends relay and upkeep, and lets apalis fetch no more.
    stop: CancellationToken,
}

impl Worker {
    /// Starts. The queue's tables must have been made by [`setup`](crate::setup).
    ///
    /// # Errors
    /// The queue cannot be opened.
    pub async fn start(services: Arc<Services>, config: WorkerConfig) -> Result<Self, QueueError> {
        let queue = Queue::open(&config.address).await?;
        let op = OpCtx::system(Arc::clone(&services));
        if let Err(error) = own_schedules(&op).await {
            tracing::error!(%error, "the schedules of the deployment could not be made; the next start tries again");
        }
        // Never the same twice: apalis would take the jobs of an earlier start for those of this one, and never free them.
        let name = format!("{}-{:032x}", std::process::id(), services.random.number());
        let executor = Executor::new(Arc::clone(&services), &name, config.timing);
        let stop = CancellationToken::new();
        let room = u32::try_from(config.concurrency).unwrap_or(u32::MAX).saturating_mul(2);
        let (relay_pulse, upkeep_pulse) = (Pulse::new(), Pulse::new());
        let relay = relay::run(
            Arc::clone(&services),
            queue.clone(),
            room,
            config.poll,
            relay_pulse.clone(),
            stop.child_token(),
        );
        let clock_pulse = Pulse::new();
        let clock = clock::run(Arc::clone(&services), config.clock_every, clock_pulse.clone(), stop.child_token());
        let upkeep = upkeep::run(services, queue.clone(), config.clone(), upkeep_pulse.clone(), stop.child_token());
        let delivery = supervise(queue.clone(), executor.clone(), config.concurrency, config.poll, stop.child_token());
        tracing::info!(worker.name = name, worker.concurrency = config.concurrency, "the worker has started");
        Ok(Self {
            executor,
            queue,
            grace: config.grace,
            relay: (relay_pulse, spawn(relay)),
            upkeep: (upkeep_pulse, spawn(upkeep)),
            clock: (clock_pulse, spawn(clock)),
            delivery: spawn(delivery),
            stop,
        })
    }

    /// Jobs at work.
    pub fn running(&self) -> usize {
        self.executor.running()
    }

    /// Whether it does all its work.
    ///
    /// # Errors
    /// What it does not.
    pub async fn check(&self) -> Result<(), Unhealthy> {
        if !self.relay.0.is_heard(SILENCE) || self.relay.1.is_finished() {
            return Err(Unhealthy::Relay);
        }
        if !self.upkeep.0.is_heard(SILENCE) || self.upkeep.1.is_finished() {
            return Err(Unhealthy::Upkeep);
        }
        if !self.clock.0.is_heard(SILENCE) || self.clock.1.is_finished() {
            return Err(Unhealthy::Clock);
        }
        let alive = self.queue.is_alive(self.executor.worker()).await;
        if self.delivery.is_finished() || !matches!(alive, Ok(true)) {
            return Err(Unhealthy::Delivery);
        }
        Ok(())
    }

    /// Stops softly: nothing more is claimed; what runs may finish within the grace, and is then given back, to be claimed by
    /// another worker at once. A second thought is to drop the future.
    pub async fn stop(self) {
        self.executor.enter(Phase::Draining);
        self.stop.cancel();
        if tokio::time::timeout(self.grace, self.executor.idle()).await.is_err() {
            tracing::warn!(
                worker.jobs = self.executor.running(),
                "jobs still run after the grace; they are given back"
            );
            self.executor.enter(Phase::GivingBack);
            if tokio::time::timeout(GIVING_BACK, self.executor.idle()).await.is_err() {
                tracing::error!(
                    worker.jobs = self.executor.running(),
                    "jobs do not stop; they are taken over when their silence is noticed"
                );
            }
        }
        let Self { relay, upkeep, clock, mut delivery, queue, .. } = self;
        // The loops end by themselves; apalis waits for its last jobs, which may be those that do not stop.
        let ended = async {
            let _ = tokio::join!(relay.1, upkeep.1, clock.1);
            let _ = (&mut delivery).await;
        };
        if tokio::time::timeout(GIVING_BACK, ended).await.is_err() {
            delivery.abort();
        }
        let _ = tokio::time::timeout(GIVING_BACK, queue.close()).await;
        tracing::info!("the worker has stopped");
    }
}

fn spawn(work: impl Future<Output = ()> + Send + 'static) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(work))
}

async fn own_schedules(op: &OpCtx) -> Result<(), OpError> {
    jobs::ensure_own_schedules(op).await
}

/// Runs apalis, and begins it again under another name when it fails. Its own way to begin again has no pause, and would spin
/// while the database is away.
async fn supervise(queue: Queue, executor: Executor, concurrency: usize, poll: Duration, stop: CancellationToken) {
    let mut pause = LEAST_PAUSE;
    for start in 0_u64.. {
        let name = format!("{}-{start}", executor.worker());
        let monitor = queue.monitor(&executor, &name, concurrency, poll);
        let began = tokio::time::Instant::now();
        let stopped = stop.clone();
        let signal = async move {
            stopped.cancelled().await;
            Ok(())
        };
        // Two ways to end: told to, and then after the last job; or by a failure, which must not wait for being told.
        let result = run_until(monitor, signal).await;
        if stop.is_cancelled() {
            return;
        }
        tracing::error!(error = ?result.err(), "the delivery of jobs ended; it is begun again");
        if began.elapsed() > Duration::from_secs(ALIVE_SECONDS.unsigned_abs()) {
            pause = LEAST_PAUSE;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        pause = (pause * 2).min(GREATEST_PAUSE);
    }
}

async fn run_until(
    monitor: apalis::prelude::Monitor,
    signal: impl Future<Output = std::io::Result<()>> + Send,
) -> Result<(), apalis::prelude::MonitorError> {
    let context = monitor.context();
    let run = monitor.run();
    tokio::pin!(run);
    tokio::select! {
        result = &mut run => return result,
        _ = signal => {}
    }
    context.shutdown()?;
    run.await
}
