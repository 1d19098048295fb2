//! The relay: from the outbox to the queue. Looks when it is nudged, and every so often.

use std::{sync::Arc, time::Duration};

use app::{Services, jobs};
use domain::jobs::JobLane;
use tokio_util::sync::CancellationToken;

use crate::{
    health::Pulse,
    queue::{QUICK, Queue},
};

/// Quick jobs that are handed over and not yet claimed, at most.
const QUICK_ROOM: u32 = 4 * QUICK as u32;

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
    for (lane, room) in [(JobLane::Quick, QUICK_ROOM), (JobLane::Long, room)] {
        let due = jobs::dispatch(services, lane, room).await?;
        if due.is_empty() {
            continue;
        }
        if let Err(error) = queue.push(lane, &due).await {
            jobs::return_failed(services, &due).await?;
            return Err(error.into());
        }
        tracing::debug!(jobs = due.len(), lane = lane.as_str(), "jobs were handed over");
    }
    Ok(())
}
