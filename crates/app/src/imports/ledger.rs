//! Consents on their way to the ledger: received from a thread of the lake, staged in the database, entered in small steps.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    ConsentEventId, Instant,
    access::Visibility,
    imports::{Import, ImportFailure, ImportFailureKind},
    ports::{CancelFlag, ConsentSink, LakeError, LakeErrorKind, LedgerEvent},
};
use sha2::{Digest as _, Sha256};
use store::{
    StoreError,
    consents::{Entered, Staged, Turn},
};
use tokio::runtime::Handle;

use super::stop::Stop;
use crate::Services;

/// Events of one transaction, so that none holds the writer for long.
const BATCH: usize = 5_000;
/// The same of those that enter the ledger, whose indexes are many: well under a second.
const STEP: u32 = 5_000;
/// Imports that are tidied up at a time.
const LEFT: u64 = 50;
/// Pause between two questions whether it is an import's turn.
const TURN_PAUSE: Duration = Duration::from_millis(200);
/// Silence after which an import that enters the ledger is gone: each of its steps is a sign of life.
const TURN_SILENCE: TimeDelta = TimeDelta::seconds(30);

/// Stages what it is given for `import`. `recorded_at` is what stands in events that carried none; absent, their `effective_at`.
pub(super) fn sink(
    services: Arc<Services>,
    visibility: Visibility,
    import: &Import,
    recorded_at: Option<Instant>,
) -> ConsentSink {
    let (client, import) = (import.client, import.id);
    let runtime = Handle::current();
    let mut ordinal = 0;
    Box::new(move |events| {
        let mut events = events.into_iter().map(|event| {
            ordinal += 1;
            let event = storable(event);
            Staged {
                id: ConsentEventId::new(services.clock.now(), &*services.random),
                ordinal,
                content_hash: content_hash(&event, recorded_at.unwrap_or(event.effective_at)),
                event,
            }
        });
        loop {
            let batch: Vec<_> = events.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let staged: Result<bool, StoreError> = runtime.block_on(async {
                let tx = services.store.write(&visibility).await?;
                // Of an import that was given up nothing more may be left.
                if !store::imports::heartbeat(&tx, import, services.clock.now()).await? {
                    return Ok(false);
                }
                store::consents::stage(&tx, client, import, batch).await?;
                tx.commit().await?;
                Ok(true)
            });
            match staged {
                Ok(true) => {}
                Ok(false) => {
                    let message = "the import was given up meanwhile".to_owned();
                    return Err(LakeError { kind: LakeErrorKind::Cancelled, message });
                }
                Err(error) => {
                    return Err(LakeError { kind: LakeErrorKind::Storage, message: error.to_string() });
                }
            }
        }
    })
}

/// Enters what waits for `import` into the ledger, where nobody sees it yet, and returns how many events are new to it. Waits for its
/// turn among the client's imports.
pub(super) async fn settle(
    services: &Services,
    visibility: &Visibility,
    import: &Import,
    cancel: &CancelFlag,
) -> Result<u64, Stop> {
    wait_for_turn(services, visibility, import, cancel).await?;
    let mut entered = Entered::default();
    loop {
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let tx = services.store.write(visibility).await?;
        let step = store::consents::settle(&tx, import, entered, STEP, services.clock.now()).await?;
        let Some(step) = step else { return Err(Stop::Abandoned) };
        tx.commit().await?;
        entered = Entered { taken: entered.taken + step.taken, moved: entered.moved + step.moved };
        if step.taken < u64::from(STEP) {
            return Ok(entered.moved);
        }
    }
}

async fn wait_for_turn(
    services: &Services,
    visibility: &Visibility,
    import: &Import,
    cancel: &CancelFlag,
) -> Result<(), Stop> {
    let mut told = false;
    loop {
        let now = services.clock.now();
        let tx = services.store.write(visibility).await?;
        match store::consents::begin_settling(&tx, import.id, now).await? {
            Turn::Now => return Ok(tx.commit().await?),
            Turn::Never => return Err(Stop::Abandoned),
            Turn::Later => tx.rollback().await?,
        }
        if cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        if !told {
            tracing::info!(import.id = %import.id, "another import enters the client's ledger; waiting for its end");
            told = true;
        }
        // Whose process was killed does not enter any more, and is not waited for until the next sweep.
        let failure = ImportFailure::of(ImportFailureKind::Abandoned);
        let tx = services.store.write(visibility).await?;
        store::consents::evict_silent(&tx, import.client, now - TURN_SILENCE, &failure, now).await?;
        tx.commit().await?;
        tidy(services, visibility).await?;
        tokio::time::sleep(TURN_PAUSE).await;
    }
}

/// Throws away, in small steps, what imports left that ended without being completed.
pub(super) async fn tidy(services: &Services, visibility: &Visibility) -> Result<(), StoreError> {
    loop {
        let look = services.store.read(visibility).await?;
        let left = store::consents::left(&look, LEFT).await?;
        look.rollback().await?;
        if left.is_empty() {
            return Ok(());
        }
        for (import, client) in left {
            loop {
                let tx = services.store.write(visibility).await?;
                let done = store::consents::tidy(&tx, client, import, STEP).await?;
                tx.commit().await?;
                if done {
                    break;
                }
            }
        }
    }
}

/// PostgreSQL keeps no NUL in a text.
fn storable(mut event: LedgerEvent) -> LedgerEvent {
    let texts = [
        &mut event.source,
        &mut event.evidence,
        &mut event.wording_version,
        &mut event.ip,
        &mut event.controller,
        &mut event.brand_shown,
    ];
    for text in texts.into_iter().flatten() {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}");
        }
    }
    event
}

/// Hash of what an event says. When it was learned counts only where the file said so: the same file, imported with others a day
/// later, must not say everything anew.
fn content_hash(event: &LedgerEvent, stand_in: Instant) -> String {
    let mut hasher = Sha256::new();
    let mut add = |field: Option<&[u8]>| match field {
        // Lengths before values: no two lists of fields have the same bytes.
        Some(bytes) => {
            hasher.update([1]);
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        }
        None => hasher.update([0]),
    };
    let micros = |instant: Instant| instant.timestamp_micros().to_le_bytes();
    add(Some(event.recipient.as_bytes()));
    add(Some(event.action.as_str().as_bytes()));
    add(Some(event.scope.as_str().as_bytes()));
    add(Some(&micros(event.effective_at)));
    add((event.recorded_at != stand_in).then(|| micros(event.recorded_at)).as_ref().map(<[u8; 8]>::as_slice));
    add(event.expires_at.map(micros).as_ref().map(<[u8; 8]>::as_slice));
    for text in
        [&event.source, &event.evidence, &event.wording_version, &event.ip, &event.controller, &event.brand_shown]
    {
        add(text.as_deref().map(str::as_bytes));
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use domain::traffic::{ConsentAction, ConsentScope};

    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    fn event() -> LedgerEvent {
        LedgerEvent {
            recipient: "393331234567".to_owned(),
            action: ConsentAction::OptIn,
            scope: ConsentScope::All,
            effective_at: at(1),
            recorded_at: at(9),
            expires_at: None,
            source: Some("paper".to_owned()),
            evidence: None,
            wording_version: None,
            ip: None,
            controller: None,
            brand_shown: None,
        }
    }

    #[test]
    fn an_event_without_its_own_record_time_is_the_same_whenever_it_is_imported() {
        let first = content_hash(&event(), at(9));
        let later = content_hash(&LedgerEvent { recorded_at: at(50), ..event() }, at(50));
        let history = content_hash(&LedgerEvent { recorded_at: at(1), ..event() }, at(1));
        assert_eq!(first, later);
        assert_eq!(first, history);
        assert_ne!(first, content_hash(&event(), at(50)), "the file says when it was recorded");
    }

    #[test]
    fn every_word_counts_and_stands_in_its_place() {
        let hash = |event: &LedgerEvent| content_hash(event, at(0));
        let moved = LedgerEvent { source: None, evidence: Some("paper".to_owned()), ..event() };
        let others = [
            LedgerEvent { recipient: "393331234568".to_owned(), ..event() },
            LedgerEvent { action: ConsentAction::OptOut, ..event() },
            LedgerEvent { scope: ConsentScope::Marketing, ..event() },
            LedgerEvent { effective_at: at(2), ..event() },
            LedgerEvent { recorded_at: at(8), ..event() },
            LedgerEvent { expires_at: Some(at(90)), ..event() },
            LedgerEvent { ip: Some("192.0.2.1".to_owned()), ..event() },
            LedgerEvent { brand_shown: Some("Rossi".to_owned()), ..event() },
            moved,
        ];
        for other in others {
            assert_ne!(hash(&other), hash(&event()), "{other:?}");
        }
    }

    #[test]
    fn a_nul_does_not_reach_the_database() {
        let stored = storable(LedgerEvent { evidence: Some("a\0b".to_owned()), ..event() });
        assert_eq!(stored.evidence.as_deref(), Some("a\u{fffd}b"));
    }
}
