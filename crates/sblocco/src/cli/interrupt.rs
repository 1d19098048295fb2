//! Work that a person may stop: the first SIGTERM or Ctrl-C asks it to give up and tidy, the second ends the process at once.

use std::{pin::pin, thread};

use domain::ports::CancelFlag;
use tokio::sync::{mpsc, oneshot};

use super::{block_on, output};
use crate::{
    failure::{Failure, io_reason},
    lifecycle,
};

/// SIGTERM and Ctrl-C, from the call on.
pub(super) fn signals() -> Result<mpsc::Receiver<&'static str>, Failure> {
    lifecycle::signals().map_err(|error| Failure::failed(format!("signals cannot be received: {}", io_reason(&error))))
}

/// Awaits `work`, which looks at `cancel`. At the first signal `notice` is told and `work` asked to stop; at the second it is
/// left where it stands.
///
/// # Errors
/// [`Failure`] at the second signal.
pub(super) async fn stoppable<T>(
    signals: &mut mpsc::Receiver<&'static str>,
    cancel: &CancelFlag,
    notice: &str,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            signal = signals.recv() => {
                let signal = signal.unwrap_or("a signal");
                if cancel.is_cancelled() {
                    return Err(Failure::failed(format!("ended at once by a second {signal}")));
                }
                output::notice(format_args!("{signal}: {notice} (once more ends it at once)"));
                cancel.cancel();
            }
        }
    }
}

/// Runs `work`, which blocks, on a thread of its own, as [`stoppable`].
///
/// # Errors
/// [`Failure`] at the second signal, or when `work` panicked.
pub(super) fn stoppable_blocking<T: Send + 'static>(
    cancel: &CancelFlag,
    notice: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let cannot = |error: &std::io::Error| Failure::failed(format!("a thread cannot be started: {}", io_reason(error)));
    block_on(async {
        let mut signals = signals()?;
        let (done, finished) = oneshot::channel();
        let run = move || {
            // Whoever no longer waits has ended the process.
            let _ = done.send(work());
        };
        thread::Builder::new().name("work".to_owned()).spawn(run).map_err(|error| cannot(&error))?;
        let finished = stoppable(&mut signals, cancel, notice, finished).await?;
        finished.map_err(|_| Failure::failed("the work ended unexpectedly; please report this with what stands above"))
    })
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn work_that_hears_ends_by_itself_and_work_that_does_not_is_left_at_the_second_signal() {
        let (sender, mut signals) = mpsc::channel(4);
        let cancel = CancelFlag::default();
        assert_eq!(stoppable(&mut signals, &cancel, "stopping", ready(1)).await.unwrap(), 1);
        sender.send("SIGTERM").await.unwrap();
        let hears = async {
            while !cancel.is_cancelled() {
                tokio::task::yield_now().await;
            }
            2
        };
        assert_eq!(stoppable(&mut signals, &cancel, "stopping", hears).await.unwrap(), 2);
        let cancel = CancelFlag::default();
        sender.send("SIGTERM").await.unwrap();
        sender.send("SIGINT").await.unwrap();
        let left = stoppable(&mut signals, &cancel, "stopping", pending::<()>()).await.unwrap_err();
        assert!(cancel.is_cancelled());
        assert_eq!(left.to_string(), "ended at once by a second SIGINT");
    }

    #[test]
    fn work_that_panics_is_told_as_a_failure() {
        let panics = || assert!(std::hint::black_box(false), "a defect");
        let failed = stoppable_blocking(&CancelFlag::default(), "stopping", panics).unwrap_err();
        assert!(failed.to_string().contains("unexpectedly"), "{failed}");
    }
}
