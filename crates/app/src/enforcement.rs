//! Enforcement followed: from what Meta told of an account to its episodes, and from an episode to its one ticket.

mod read;
mod tickets;

use chrono::TimeDelta;
use domain::{
    ClientId, EnforcementEpisodeId, Instant, WabaId,
    enforcement::{Episode, RecordedEpisode, episodes},
    traffic::{PlatformEvent, PlatformEventKind},
};
use store::Tx;

use crate::{OpCtx, OpError};

pub use read::{Standing, episodes_page, standings};

/// Events of an account that are looked at.
const MOST_EVENTS: u64 = 1_000;
/// An episode that was over for longer when it was learned of gets no ticket: it is history.
const HISTORY: TimeDelta = TimeDelta::days(7);
/// Accounts of one look at what has run out.
const MOST_DUE: u64 = 200;

/// What people recorded by hand of an account, as events.
async fn by_hand(tx: &Tx, waba: WabaId) -> Result<Vec<PlatformEvent>, OpError> {
    let notices = store::enforcement::of_waba(tx, waba).await?;
    let by_hand: Vec<_> = notices.into_iter().filter(|notice| notice.source.is_by_hand()).collect();
    let mut events = crate::audits::events_of_notices(&by_hand);
    // A notice that names nothing at all is a warning all the same.
    events.extend(
        by_hand.iter().filter(|notice| notice.violation_type.is_none() && notice.restrictions.is_empty()).map(
            |notice| {
                let violation = "UNKNOWN".to_owned();
                PlatformEvent::new(notice.noticed_at, PlatformEventKind::Violation { violation })
            },
        ),
    );
    Ok(events)
}

/// How the latest of what is known of an account came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Learned {
    /// Meta told.
    Told,
    /// Somebody recorded it, who says whether it opens a ticket.
    ByHand { opens_ticket: bool },
}

/// Folds what is known of an account anew, and lets its episodes and their tickets follow.
pub(crate) async fn follow(op: &OpCtx, tx: &Tx, client: ClientId, waba: WabaId) -> Result<(), OpError> {
    fold(op, tx, (client, waba), Learned::Told).await
}

/// The same after somebody recorded a notice by hand. A ticket that is open follows in any case.
pub(crate) async fn note(
    op: &OpCtx,
    tx: &Tx,
    client: ClientId,
    waba: WabaId,
    opens_ticket: bool,
) -> Result<(), OpError> {
    fold(op, tx, (client, waba), Learned::ByHand { opens_ticket }).await
}

async fn fold(op: &OpCtx, tx: &Tx, (client, waba): (ClientId, WabaId), learned: Learned) -> Result<(), OpError> {
    let opens_ticket = learned != Learned::ByHand { opens_ticket: false };
    let now = op.services().clock.now();
    let mut events = store::platform_events::of_standing(tx, waba, MOST_EVENTS).await?;
    events.extend(by_hand(tx, waba).await?);
    let mut recorded = store::episodes::of_waba(tx, waba).await?;
    for episode in episodes(&events, now) {
        let place = recorded.iter().position(|known| overlap(&known.episode, &episode));
        match place.map(|place| recorded.swap_remove(place)) {
            // What was recorded by hand is a notice of its own, also when it says what is known of the episode that lasts.
            Some(before) if before.episode == episode && (learned == Learned::Told || episode.ended.is_some()) => {}
            Some(before) => {
                let mut after = RecordedEpisode { episode, ..before.clone() };
                tickets::follow(op, tx, Some(&before.episode), &mut after, opens_ticket).await?;
                store::episodes::update(tx, &after, now).await?;
            }
            None => {
                let id = EnforcementEpisodeId::new(now, op.random());
                let mut new = RecordedEpisode { id, client, waba, ticket: None, episode };
                if !is_history(&new.episode, now) {
                    tickets::follow(op, tx, None, &mut new, opens_ticket).await?;
                }
                store::episodes::insert(tx, &new, now).await?;
            }
        }
    }
    Ok(())
}

fn is_history(episode: &Episode, now: Instant) -> bool {
    episode.ended.is_some_and(|(ended, _)| now - ended > HISTORY)
}

/// Whether two foldings speak of the same episode.
fn overlap(one: &Episode, other: &Episode) -> bool {
    let end = |episode: &Episode| episode.ended.map_or(Instant::MAX_UTC, |(at, _)| at.max(episode.last_sign_at));
    one.opened_at <= end(other) && other.opened_at <= end(one)
}

/// Ends episodes whose restrictions have run out, which Meta tells nobody. Returns how many accounts were looked at.
///
/// # Errors
/// The database is unavailable.
pub async fn run_out(op: &OpCtx) -> Result<usize, OpError> {
    let now = op.services().clock.now();
    let look = op.services().store.read(op.visibility()).await?;
    let due = store::episodes::due(&look, now, MOST_DUE).await?;
    let wabas = store::wabas::by_ids(&look, &due).await?;
    look.rollback().await?;
    for waba in &wabas {
        let tx = op.services().store.write(op.visibility()).await?;
        follow(op, &tx, waba.client, waba.id).await?;
        // Whether it is really over, Meta is asked.
        store::graph_accounts::ask_soon(&tx, waba.id, now).await?;
        tx.commit().await?;
        op.services().job_signal.raise();
        op.services().ticket_feed.nudge();
    }
    Ok(wabas.len())
}
