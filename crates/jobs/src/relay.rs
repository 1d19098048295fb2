//! The relay: from the outbox to the queue. Looks when it is nudged, and every so often.

use std::{sync::Arc, time::Duration};

use app::{Services, jobs};
use tokio_util::sync::CancellationToken;

use crate::{health::Pulse, queue::Queue};

/// Hands over until `stop`.
pub(crate) async fn run(
    services: Arc<Services>,
    queue: Queue,
    room: u32,
    poll: Duration,
    pulse: Pulse,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        match hand_over(&services, &queue, room).await {
            Ok(()) => pulse.beat(),
            Err(error) => tracing::error!(%error, "jobs could not be handed over; trying again"),
        }
        tokio::select! {
            () = services.job_signal.wait() => {}
            () = tokio::time::sleep(poll) => {}
            () = stop.cancelled() => {}
        }
    }
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

async fn hand_over(services: &Services, queue: &Queue, room: u32) -> Result<(), AnyError> {
    let due = jobs::dispatch(services, room).await?;
    if due.is_empty() {
        return Ok(());
    }
    if let Err(error) = queue.push(&due).await {
        jobs::return_failed(services, &due).await?;
        return Err(error.into());
    }
    tracing::debug!(jobs = due.len(), "jobs were handed over");
    Ok(())
}
