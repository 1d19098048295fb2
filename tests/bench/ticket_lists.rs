//! Measures lists of tickets by filters of all kinds, in every order, on SQLite and on PostgreSQL:
//!
//! `bench-ticket-lists [--tickets N] [--most MILLISECONDS] [--every N]`
//!
//! Each database is made for it, filled with N tickets (200,000 when absent), and thrown away. The time is that of the whole read:
//! the statements, and what is made of their rows. Fails when a list takes longer than MILLISECONDS (20 when absent). With `--every`
//! only each N-th pair of conditions is measured.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use domain::access::Visibility;
use domain::tickets::{
    Appealable, Ticket, TicketEventKind, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus,
    WaitingOn,
};
use domain::{ClientId, TicketId, UserId, WabaId};
use store::page::{Direction, Keyset};
use store::sla::{CachedTimer, Look};
use store::testing::TestStore;
use store::tickets::{TicketCondition as Is, TicketFilter, TicketInstant, TicketOrder, TicketSearch, count, page};

type Failure = Box<dyn std::error::Error>;

/// Clients, the first of which have most of the tickets.
const CLIENTS: u64 = 400;
/// Members of staff.
const STAFF: u64 = 30;
/// Seconds between openings.
const PACE: i64 = 200;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::from);
    match runtime.and_then(|runtime| runtime.block_on(measure())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            // Nobody to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "bench-ticket-lists: {failure}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    tickets: u64,
    most: f64,
    every: usize,
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, Failure> {
    let mut arguments = Arguments { tickets: 200_000, most: 20.0, every: 1 };
    while let Some(name) = given.next() {
        let value = given.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--tickets" => arguments.tickets = value.parse()?,
            "--most" => arguments.most = value.parse()?,
            "--every" => arguments.every = value.parse::<usize>()?.max(1),
            _ => return Err(format!("{name} is not known; known are --tickets, --most and --every").into()),
        }
    }
    Ok(arguments)
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// One of `list`, by their weights.
    fn of<T: Copy>(&mut self, list: &[(T, u64)]) -> T {
        let mut left = self.below(list.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in list {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *value,
            }
        }
        list[0].0
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or_default()]
    }
}

fn client(number: u64) -> ClientId {
    ClientId::from_uuid(uuid::Uuid::from_u128(u128::from(number) + 1))
}

fn user(number: u64) -> UserId {
    UserId::from_uuid(uuid::Uuid::from_u128(u128::from(number) + 1))
}

fn start() -> domain::Instant {
    domain::Instant::from_timestamp(1_760_000_000, 0).unwrap_or_default()
}

/// A ticket as there are in years of work: nearly all are closed, few are urgent, some clients have many.
fn ticket(number: u64, tickets: u64, dice: &mut Dice) -> Ticket {
    let opened_at = start() + chrono::TimeDelta::seconds(i64::try_from(number).unwrap_or_default() * PACE);
    let updated_at = opened_at + chrono::TimeDelta::seconds(i64::try_from(dice.below(1_000_000)).unwrap_or_default());
    let is_late = number > tickets - tickets / 20;
    let closed = dice.below(100) < if is_late { 30 } else { 98 };
    let status = if closed { TicketStatus::Closed } else { dice.one(&TicketStatus::ALL[..7]) };
    let kinds = [1, 10, 10, 40, 10, 15, 5, 5, 4];
    let kinds: Vec<_> = TicketKind::ALL.iter().copied().zip(kinds).collect();
    let priorities: Vec<_> = TicketPriority::ALL.iter().copied().zip([2, 18, 60, 20]).collect();
    // The square makes the first ones frequent.
    let whose = dice.below(CLIENTS) * dice.below(CLIENTS) / CLIENTS;
    Ticket {
        id: TicketId::from_uuid(uuid::Uuid::from_u128(u128::from(number) << 80 | u128::from(dice.below(1 << 30)))),
        client: client(whose),
        number: i64::try_from(number).unwrap_or_default(),
        kind: dice.of(&kinds),
        level: dice.one(TicketLevel::ALL),
        priority: dice.of(&priorities),
        status,
        waiting_on: if closed { WaitingOn::Us } else { dice.one(WaitingOn::ALL) },
        outcome: closed.then(|| dice.one(TicketOutcome::ALL)),
        proposed_outcome: (!closed && dice.below(10) == 0).then_some(TicketOutcome::Reversed),
        title: format!("Account restricted {number} {}", dice.one(&["template", "number", "list", "limit"])),
        waba: None,
        phone_number: None,
        template: None,
        opened_by: Some(user(dice.below(STAFF))),
        assignee: None,
        team: None,
        appeal_deadline: (dice.below(3) == 0).then(|| opened_at + chrono::TimeDelta::days(90)),
        appealable: dice.one(Appealable::ALL),
        opened_at,
        updated_at,
        closed_at: closed.then_some(updated_at),
        version: 1,
    }
}

async fn furnish(store: &TestStore, tickets: u64) -> Result<(), Failure> {
    let random = domain::ports::SeededRandom::new(1);
    let mut dice = Dice(7);
    let tx = store.write(&Visibility::System).await?;
    for number in 0..CLIENTS {
        let client = domain::clients::Client {
            id: client(number),
            name: format!("Client {number}"),
            slug: format!("client-{number}"),
            time_zone: "Europe/Rome".to_owned(),
            language: "it".to_owned(),
            created_at: start(),
            version: 1,
        };
        store::clients::insert(&tx, &client).await?;
    }
    tx.commit().await?;
    let mut number = 0;
    while number < tickets {
        let tx = store.write(&Visibility::System).await?;
        let mut looks = Vec::new();
        for _ in 0..5_000.min(tickets - number) {
            number += 1;
            let ticket = ticket(number, tickets, &mut dice);
            looks.extend(ticket.closed_at.is_none().then(|| look(&ticket)));
            store::tickets::insert(&tx, &ticket).await?;
            let text = format!("We wrote to everybody on the list, and Meta says {}.", dice.below(tickets));
            let said = [TicketEventKind::Replied { text, by_staff: true }];
            if number % 10 == 0 {
                let actor = domain::access::Actor::System;
                store::tickets::append_events(&tx, &ticket, &actor, ticket.opened_at, &random, &said).await?;
            }
        }
        store::sla::keep(&tx, &looks).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What the SLA engine said of an open ticket: due within ten days.
fn look(ticket: &Ticket) -> Look {
    let due = ticket.opened_at + chrono::TimeDelta::hours(ticket.number % 240);
    let timer = CachedTimer {
        metric: "resolution",
        cycle: 1,
        priority: ticket.priority.as_str(),
        state: "running",
        started_at: ticket.opened_at,
        due_at: Some(due),
        breach_at: Some(due + chrono::TimeDelta::seconds(1)),
        stopped_at: None,
    };
    Look { client: ticket.client, ticket: ticket.id, timers: Some(vec![timer]), wakeup_at: None }
}

/// What lists are asked for: each condition alone, and each pair.
fn filters() -> Vec<TicketFilter> {
    let search = |text: &str| TicketSearch::new(text).map(|search| Is::Search(search.with_internal()));
    let mut ones: Vec<Is> = Vec::new();
    ones.extend(TicketKind::ALL.iter().map(|kind| Is::Kind(vec![*kind])));
    ones.extend(TicketLevel::ALL.iter().take(2).map(|level| Is::Level(vec![*level])));
    ones.extend(TicketPriority::ALL.iter().map(|priority| Is::Priority(vec![*priority])));
    ones.extend(TicketStatus::ALL.iter().map(|status| Is::Status(vec![*status])));
    ones.extend(WaitingOn::ALL.iter().map(|owner| Is::WaitingOn(vec![*owner])));
    ones.extend(TicketOutcome::ALL.iter().take(3).map(|outcome| Is::Outcome(vec![*outcome])));
    ones.push(Is::ProposedOutcome(vec![TicketOutcome::Reversed]));
    ones.extend(Appealable::ALL.iter().take(2).map(|answer| Is::Appealable(vec![*answer])));
    ones.extend([Is::Client(vec![client(0)]), Is::Client(vec![client(399)]), Is::Client(vec![client(3), client(7)])]);
    ones.extend([Is::OpenedBy(vec![user(3)]), Is::OpenedBy(vec![user(99)]), Is::Unassigned, Is::Assigned]);
    ones.push(Is::Waba(vec![WabaId::from_uuid(uuid::Uuid::nil())]));
    let day = |days: i64| Some(start() + chrono::TimeDelta::days(days));
    ones.push(Is::Within(TicketInstant::Opened, day(100), day(101)));
    ones.push(Is::Within(TicketInstant::Closed, day(200), None));
    ones.push(Is::Within(TicketInstant::AppealDeadline, None, day(91)));
    ones.push(Is::Within(TicketInstant::Breach, None, day(460)));
    ones.extend(["restricted", "template wrote", "77777", "nowhere"].iter().filter_map(|text| search(text)));
    let mut filters = vec![TicketFilter::default()];
    for (place, one) in ones.iter().enumerate() {
        filters.push(one.clone().into());
        filters.push(TicketFilter::Not(Box::new(one.clone().into())));
        for other in &ones[place + 1..] {
            filters.push(TicketFilter::All(vec![one.clone().into(), other.clone().into()]));
        }
        let other = &ones[(place * 7 + 3) % ones.len()];
        filters.push(TicketFilter::Any(vec![one.clone().into(), other.clone().into()]));
    }
    filters
}

const ORDERS: [TicketOrder; 6] = [
    TicketOrder::Updated,
    TicketOrder::Opened,
    TicketOrder::Closed,
    TicketOrder::AppealDeadline,
    TicketOrder::Due,
    TicketOrder::Priority,
];

/// One list, and the milliseconds that it took.
struct Taken {
    milliseconds: f64,
    what: String,
}

async fn lists(store: &TestStore, every: usize) -> Result<Vec<Taken>, Failure> {
    let mut taken = Vec::new();
    let keyset = Keyset::first(25).direction(Direction::Descending);
    for filter in filters().into_iter().step_by(every) {
        for order in ORDERS {
            let mut best = f64::MAX;
            // The first time reads what no other list has read yet; whoever works on tickets asks more than once.
            for _ in 0..2 {
                let tx = store.read(&Visibility::AllClients).await?;
                let begun = Instant::now();
                page(&tx, &filter, order, &keyset).await?;
                best = best.min(begun.elapsed().as_secs_f64() * 1_000.0);
            }
            taken.push(Taken { milliseconds: best, what: format!("{order:?} {filter:?}") });
        }
    }
    taken.sort_by(|one, other| other.milliseconds.total_cmp(&one.milliseconds));
    Ok(taken)
}

/// Prints how long lists took, the slowest first.
fn tell(name: &str, taken: &[Taken], slow: usize, most: f64) -> io::Result<()> {
    let middle = taken.get(taken.len() / 2).map_or(0.0, |taken| taken.milliseconds);
    let mut out = io::stdout().lock();
    writeln!(out, "{name}: {} lists, the middle {middle:.1} ms, {slow} over {most} ms", taken.len())?;
    for Taken { milliseconds, what } in taken.iter().take(15) {
        writeln!(out, "  {milliseconds:.1} ms  {what:.200}")?;
    }
    Ok(())
}

/// Whether every list was quick enough.
async fn measure() -> Result<bool, Failure> {
    let arguments = arguments(std::env::args().skip(1))?;
    let mut quick = true;
    for (name, store) in [("SQLite", TestStore::sqlite().await), ("PostgreSQL", TestStore::postgres().await)] {
        furnish(&store, arguments.tickets).await?;
        store.analyze().await;
        let taken = lists(&store, arguments.every).await?;
        let slow = taken.iter().filter(|taken| taken.milliseconds > arguments.most).count();
        quick &= slow == 0;
        tell(name, &taken, slow, arguments.most)?;
        let tx = store.read(&Visibility::AllClients).await?;
        let begun = Instant::now();
        let counted = count(&tx, &TicketFilter::default()).await?;
        writeln!(io::stdout(), "  counted to {counted} in {:.1} ms", begun.elapsed().as_secs_f64() * 1_000.0)?;
    }
    Ok(quick)
}
