//! What happens on tickets, as it happens: first what is there after a place, then what comes. Entries are read from the store, by
//! place; whatever wakes the reader only says that there may be something. So no entry is lost, whichever process wrote it and
//! however slowly it is taken.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    access::{Permission, Visibility},
    tickets::TicketEvent,
};
use futures::stream::{self, Stream};
pub use store::ticket_stream::{StreamFilter, StreamPlace};
use tokio::sync::{Notify, watch};

use crate::{NoCode, OpCtx, OpError, Services};

/// How soon what another process wrote is seen.
const POLL: Duration = Duration::from_millis(500);
/// How long the feed waits when the store cannot be read.
const TROUBLE: Duration = Duration::from_secs(5);
/// Entries that are read at a time.
const BATCH: u64 = 100;
/// Entries that may wait for a reader who had caught up before.
const BEHIND: usize = 1_000;

/// Tells the readers of a process that the stream has grown. It looks into the store while there are readers, and only then.
#[derive(Debug, Clone, Default)]
pub struct TicketFeed(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    end: Mutex<Option<watch::Sender<StreamPlace>>>,
    nudge: Notify,
}

impl TicketFeed {
    /// Somebody in this process may have written: look now.
    pub fn nudge(&self) {
        self.0.nudge.notify_one();
    }

    fn follow(&self, services: &Arc<Services>) -> watch::Receiver<StreamPlace> {
        let mut end = self.0.end.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*end {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(StreamPlace::default());
        *end = Some(sender);
        tokio::spawn(look(Arc::clone(&self.0), Arc::clone(services)));
        receiver
    }
}

impl Shared {
    /// Tells the readers; `false` when there are none, and the feed is to end.
    fn tell(&self, place: Option<StreamPlace>) -> bool {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        match &*end {
            Some(sender) if sender.receiver_count() > 0 => {
                if let Some(place) = place {
                    sender.send_if_modified(|known| std::mem::replace(known, place) != place);
                }
                true
            }
            _ => {
                *end = None;
                false
            }
        }
    }
}

async fn look(shared: Arc<Shared>, services: Arc<Services>) {
    // Who has no readers leaves the store alone: it may be closed already.
    while shared.tell(None) {
        let pause = match end(&services).await {
            Ok(place) => {
                shared.tell(Some(place));
                POLL
            }
            Err(error) => {
                tracing::warn!(%error, "the stream of ticket events could not be read");
                TROUBLE
            }
        };
        tokio::select! {
            () = shared.nudge.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn end(services: &Services) -> Result<StreamPlace, store::StoreError> {
    store::ticket_stream::end(&services.store.read(&Visibility::System).await?).await
}

/// What a reader of the stream is told.
#[derive(Debug, Clone)]
pub enum StreamItem {
    /// An entry, and the place after which to go on.
    Event(StreamPlace, Box<TicketEvent>),
    /// The reader takes entries more slowly than they come. It ends here, and is to begin again after this place.
    Behind(StreamPlace),
}

struct Reader {
    op: OpCtx,
    filter: StreamFilter,
    place: StreamPlace,
    waiting: VecDeque<(StreamPlace, TicketEvent)>,
    feed: watch::Receiver<StreamPlace>,
    /// Whether it has seen everything there was once.
    caught_up: bool,
    ended: bool,
}

/// The entries after `after` (absent: those that come from now on), as the actor may see them.
///
/// # Errors
/// `Forbidden` without `tickets:read`.
pub async fn events(
    op: OpCtx,
    filter: StreamFilter,
    after: Option<StreamPlace>,
) -> Result<impl Stream<Item = Result<StreamItem, OpError<NoCode>>> + Send + use<>, OpError<NoCode>> {
    op.require(Permission::TicketsRead)?;
    let filter = StreamFilter { internal: op.actor().may(Permission::TicketsInternal), ..filter };
    let feed = op.services().ticket_feed.follow(op.services());
    let place = match after {
        Some(place) => place,
        None => store::ticket_stream::end(&*op.reader::<NoCode>().await?).await?,
    };
    let caught_up = after.is_none();
    let reader = Reader { op, filter, place, waiting: VecDeque::new(), feed, caught_up, ended: false };
    Ok(stream::unfold(reader, |mut reader| async move {
        let item = reader.next().await.transpose()?;
        Some((item, reader))
    }))
}

impl Reader {
    async fn next(&mut self) -> Result<Option<StreamItem>, OpError<NoCode>> {
        // What was read for the entry before is of its moment.
        self.op.let_go().await;
        while !self.ended {
            if let Some((place, event)) = self.waiting.pop_front() {
                self.place = place;
                // The entry may have come long after the one before.
                self.op.renew().await;
                return Ok(Some(StreamItem::Event(place, Box::new(event))));
            }
            self.feed.mark_unchanged();
            let found = self.read().await.inspect_err(|_| self.ended = true)?;
            if self.caught_up && found.len() > BEHIND {
                self.ended = true;
                return Ok(Some(StreamItem::Behind(self.place)));
            }
            if found.is_empty() {
                self.caught_up = true;
                // Only the end of the process closes the feed.
                self.ended = self.feed.changed().await.is_err();
            }
            self.waiting = found.into();
        }
        Ok(None)
    }

    async fn read(&self) -> Result<Vec<(StreamPlace, TicketEvent)>, OpError<NoCode>> {
        // One more than may wait tells whether too many do.
        let limit = if self.caught_up { BEHIND as u64 + 1 } else { BATCH };
        let services = self.op.services();
        let tx = services.store.read(self.op.visibility()).await?;
        Ok(store::ticket_stream::after(&tx, self.place, &self.filter, limit).await?)
    }
}
