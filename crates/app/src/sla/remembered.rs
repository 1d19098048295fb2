//! What a process remembers of promises, so that a page of tickets asks the database for none of it again.
//!
//! Nothing here can be old. Terms are kept with the number that grows with every change of them, and a timeline, which is only ever
//! added to, with the place of its last entry: both numbers are read in the reader's own transaction. What the engine said is kept with
//! the second for which it said it, and the engine knows no finer time. Who may see what is decided before: here one asks only
//! about tickets that the reader has seen, and terms are shared among those who may know of the same clients.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use ::sla::{Event, Priority, Terms};
use domain::{ClientId, Instant, TicketId, access::Visibility};
use store::Tx;

use super::{Book, Standing, log, opened_with, timestamp};
use crate::{Code, OpError};

/// Entries of all timelines that are kept in each of the two generations.
const ENTRIES: usize = 250_000;
/// What a ticket takes beside its timeline, in entries.
const BESIDE: usize = 10;
/// Entries of the longest timeline that is kept.
const LONGEST: usize = 500;
/// Visibilities whose terms are kept; one more, and all are read anew.
const VISIBILITIES: usize = 256;

/// What a process remembers of promises.
#[derive(Debug, Default)]
pub struct Remembered {
    /// By the clients that may be known of; `None`: all.
    terms: Mutex<HashMap<Option<Vec<ClientId>>, Arc<Known>>>,
    tickets: Mutex<Generations>,
}

/// The terms of all clients of a visibility, as they stood at one number.
#[derive(Debug)]
pub(super) struct Known {
    number: i64,
    book: Book,
    /// The clients that are judged otherwise than those who have nothing of their own.
    own: HashSet<ClientId>,
    /// Made when first asked for. Clients without terms of their own share those under `None`.
    made: Mutex<HashMap<Option<ClientId>, Arc<Terms>>>,
}

impl Known {
    fn new(number: i64, book: Book) -> Self {
        Self { number, own: book.owners(), book, made: Mutex::default() }
    }

    pub(super) fn terms_of(&self, client: ClientId) -> Arc<Terms> {
        let key = self.own.contains(&client).then_some(client);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(key).or_insert_with(|| Arc::new(self.book.terms_of(client))))
    }
}

/// A ticket's timeline as the engine reads it, and what the engine last said of it.
#[derive(Debug)]
pub(super) struct Timeline {
    last_sequence: i64,
    pub(super) log: Vec<Event>,
    pub(super) opened_with: Option<Priority>,
    said: Mutex<Option<Said>>,
}

/// What the engine said, of which terms, and for which second.
#[derive(Debug)]
struct Said {
    terms: Arc<Terms>,
    second: i64,
    standing: Arc<Standing>,
}

impl Timeline {
    /// What the engine said by these terms for this second, or says now.
    pub(super) fn standing<C: Code>(
        &self,
        client: ClientId,
        terms: &Arc<Terms>,
        now: Instant,
    ) -> Result<Arc<Standing>, OpError<C>> {
        let second = now.timestamp();
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(said) = &*said
            && said.second == second
            && Arc::ptr_eq(&said.terms, terms)
        {
            return Ok(Arc::clone(&said.standing));
        }
        let timers = match self.opened_with {
            Some(priority) => ::sla::evaluate(&self.log, terms, priority, timestamp(now))
                .map_err(|error| OpError::internal("evaluating SLA timers", error))?,
            None => Vec::new(),
        };
        let standing = Arc::new(Standing { client, timers, turns: ::sla::turns(&self.log, timestamp(now)) });
        *said = Some(Said { terms: Arc::clone(terms), second, standing: Arc::clone(&standing) });
        Ok(standing)
    }
}

/// The timelines that were used of late: when the younger generation is full, it takes the place of the older one.
#[derive(Debug, Default)]
struct Generations {
    /// Of the younger one.
    entries: usize,
    young: HashMap<TicketId, Arc<Timeline>>,
    old: HashMap<TicketId, Arc<Timeline>>,
}

impl Generations {
    fn get(&mut self, ticket: TicketId, last_sequence: i64) -> Option<Arc<Timeline>> {
        let found = if let Some(found) = self.young.get(&ticket) {
            Arc::clone(found)
        } else {
            let found = self.old.remove(&ticket)?;
            self.keep(ticket, Arc::clone(&found));
            found
        };
        (found.last_sequence == last_sequence).then_some(found)
    }

    fn keep(&mut self, ticket: TicketId, timeline: Arc<Timeline>) {
        let weight = |timeline: &Timeline| timeline.log.len() + BESIDE;
        if self.entries + weight(&timeline) > ENTRIES {
            self.old = std::mem::take(&mut self.young);
            self.entries = 0;
        }
        self.entries += weight(&timeline);
        self.entries -= self.young.insert(ticket, timeline).map_or(0, |before| weight(&before));
    }
}

impl Remembered {
    /// The terms as they stand for `tx`; read when they have changed since they were read last.
    pub(super) async fn terms<C: Code>(&self, tx: &Tx) -> Result<Arc<Known>, OpError<C>> {
        let number = store::counters::sla_terms(tx).await?;
        let visibility = match tx.visibility() {
            Visibility::System | Visibility::AllClients => None,
            Visibility::Clients(clients) => Some(clients.clone()),
        };
        if let Some(known) = self.terms.lock().unwrap_or_else(PoisonError::into_inner).get(&visibility)
            && known.number == number
        {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(Known::new(number, Book::of(store::sla::everything(tx).await?)?));
        let mut terms = self.terms.lock().unwrap_or_else(PoisonError::into_inner);
        if terms.len() >= VISIBILITIES {
            terms.clear();
        }
        terms.insert(visibility, Arc::clone(&known));
        Ok(known)
    }

    /// The timelines of tickets, of which the places of the last entries are given; those that are not known yet are read.
    pub(super) async fn timelines<C: Code>(
        &self,
        tx: &Tx,
        tickets: &HashMap<TicketId, (ClientId, i64)>,
    ) -> Result<HashMap<TicketId, Arc<Timeline>>, OpError<C>> {
        let mut answer = HashMap::with_capacity(tickets.len());
        let mut missing = Vec::new();
        {
            let mut kept = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
            for (ticket, (_, last_sequence)) in tickets {
                match kept.get(*ticket, *last_sequence) {
                    Some(timeline) => drop(answer.insert(*ticket, timeline)),
                    None => missing.push(*ticket),
                }
            }
        }
        if missing.is_empty() {
            return Ok(answer);
        }
        let mut read = store::tickets::timed_events(tx, &missing).await?;
        let mut kept = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        for ticket in missing {
            let events = read.remove(&ticket).unwrap_or_default();
            let timeline = Arc::new(Timeline {
                last_sequence: tickets.get(&ticket).map_or(0, |(_, last)| *last),
                log: log(&events),
                opened_with: opened_with(&events),
                said: Mutex::default(),
            });
            if events.len() <= LONGEST {
                kept.keep(ticket, Arc::clone(&timeline));
            }
            answer.insert(ticket, timeline);
        }
        Ok(answer)
    }
}
