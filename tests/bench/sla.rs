//! Measures the SLA through the real store, on SQLite and on PostgreSQL:
//!
//! `bench-sla [--tickets N] [--most-seconds S] [--most-lag MILLISECONDS] [--only sqlite|postgres]`
//!
//! Each database is made for it, filled with N open tickets (100,000 when absent), and thrown away. First every ticket is judged anew
//! because a calendar was edited, so that nearly every deadline of it moves and is journaled; the time counts for 100,000 open timers,
//! and must not be above S seconds (5). Then a worker runs as it does in the product, and mails about promises that come due are timed
//! from the instant of the effect until the mail server has them, also while a calendar edit is worked off; none may take longer than
//! MILLISECONDS (2,000).

use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Stopwatch};

use app::{
    OpCtx,
    sla::{CalendarDraft, Release, Scope, ensure_defaults, set_calendar, set_policy, tick},
    testing::{START, TestApp},
    tickets::{NewTicket, Target, assign, open},
};
use chrono::TimeDelta;
use domain::{
    ClientId, Instant, TicketId, UserId,
    access::{Actor, Role, Visibility},
    ports::SeededRandom,
    tickets::{Appealable, Ticket, TicketEventKind, TicketKind, TicketLevel, TicketPriority, TicketStatus, WaitingOn},
};
use jobs::{QueueAddress, Worker, WorkerConfig};
use mail::{Message, SendError, Transport};
use serde_json::json;
use store::testing::TestStore;

/// That of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error>;

const CLIENTS: u64 = 100;
/// Tickets that share their instants.
const TOGETHER: u64 = 50;
const DAY: i64 = 86_400;
/// Promises that are timed, each kept by a person of its own.
const PROMISES: i64 = 40;
/// Seconds that are promised of them.
const PROMISED: i64 = 10;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(measure())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            // Nobody to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "bench-sla: {failure}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    tickets: u64,
    most_seconds: f64,
    most_lag: f64,
    only: Option<String>,
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, Failure> {
    let mut arguments = Arguments { tickets: 100_000, most_seconds: 5.0, most_lag: 2_000.0, only: None };
    while let Some(name) = given.next() {
        let value = given.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--tickets" => arguments.tickets = value.parse()?,
            "--most-seconds" => arguments.most_seconds = value.parse()?,
            "--most-lag" => arguments.most_lag = value.parse()?,
            "--only" => arguments.only = Some(value),
            _ => return Err(format!("{name} is not known").into()),
        }
    }
    Ok(arguments)
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % bound.unsigned_abs().max(1)).unwrap_or_default()
    }
}

/// Takes mails, and notes when.
#[derive(Debug)]
struct Noted {
    begun: Stopwatch,
    taken: Mutex<Vec<(String, Duration)>>,
}

#[async_trait::async_trait]
impl Transport for Noted {
    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let taken = (message.to.email.clone(), self.begun.elapsed());
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
        Ok(())
    }

    async fn check(&self) -> Result<(), SendError> {
        Ok(())
    }
}

fn ticket(number: u64, client: ClientId, opened_at: Instant, dice: &mut Dice) -> Ticket {
    let priorities =
        [TicketPriority::P2, TicketPriority::P2, TicketPriority::P3, TicketPriority::P3, TicketPriority::P4];
    Ticket {
        id: TicketId::from_uuid(uuid::Uuid::from_u128(u128::from(number) << 64 | 1)),
        client,
        number: i64::try_from(number).unwrap_or_default() + 1_000_000,
        kind: TicketKind::TemplateRejected,
        level: TicketLevel::Template,
        priority: priorities[usize::try_from(dice.below(5)).unwrap_or_default()],
        status: TicketStatus::Triage,
        waiting_on: WaitingOn::Us,
        outcome: None,
        proposed_outcome: None,
        title: format!("Template rejected {number}"),
        waba: None,
        phone_number: None,
        template: None,
        opened_by: None,
        assignee: None,
        team: None,
        appeal_deadline: None,
        appealable: Appealable::Unknown,
        opened_at,
        updated_at: opened_at,
        closed_at: None,
        version: 1,
    }
}

/// What happened on the tickets of a group, with the seconds after their opening: half of them wait for their first answer, the
/// others were handed to and fro.
fn timeline(group: u64, dice: &mut Dice) -> Vec<(i64, TicketEventKind)> {
    let turn = |from, to| TicketEventKind::WaitingOnChanged { from, to };
    let mut events =
        vec![(60, TicketEventKind::StatusChanged { from: TicketStatus::New, to: TicketStatus::Triage, outcome: None })];
    if group.is_multiple_of(2) {
        return events;
    }
    let mut after = 60;
    for round in 0..=dice.below(2) {
        after += 1 + dice.below(3_600);
        if round == 0 {
            events.push((after, TicketEventKind::Replied { text: "We look at it.".to_owned(), by_staff: true }));
        }
        events.push((after, turn(WaitingOn::Us, WaitingOn::Client)));
        after += 1 + dice.below(3_600);
        events.push((after, turn(WaitingOn::Client, WaitingOn::Us)));
    }
    events
}

/// Fills the store with tickets on which nothing has come due yet.
async fn furnish(app: &TestApp, clients: &[ClientId], tickets: u64) -> Result<(), Failure> {
    let (random, mut dice) = (SeededRandom::new(99), Dice(7));
    let start = Instant::from_timestamp(START, 0).unwrap_or_default();
    let mut number = 0;
    while number < tickets {
        let tx = app.write(&Visibility::System).await?;
        for group in 0..100 {
            if number >= tickets {
                break;
            }
            // Early on a working day: what is promised in hours is still to come.
            let opened_at = start - TimeDelta::seconds(dice.below(3 * 3_600));
            let client = clients[usize::try_from(dice.below(i64::try_from(clients.len())?))?];
            let many: Vec<Ticket> =
                (0..TOGETHER).map(|place| ticket(number + place + 1, client, opened_at, &mut dice)).collect();
            number += TOGETHER;
            for ticket in &many {
                store::tickets::insert(&tx, ticket).await?;
            }
            let append = async |at, kind: &(dyn Fn(&Ticket) -> TicketEventKind + Sync)| {
                let kinds: Vec<[TicketEventKind; 1]> = many.iter().map(|ticket| [kind(ticket)]).collect();
                let events: Vec<_> = many.iter().zip(&kinds).map(|(ticket, kinds)| (ticket, &kinds[..])).collect();
                store::tickets::append_to_many(&tx, &Actor::System, at, &random, &events).await
            };
            append(opened_at, &|ticket| TicketEventKind::Opened { priority: ticket.priority }).await?;
            for (after, kind) in timeline(group, &mut dice) {
                append(opened_at + TimeDelta::seconds(after), &|_| kind.clone()).await?;
            }
            for ticket in &many {
                store::sla::wake(&tx, ticket.client, ticket.id, start).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Lets the clock look until nothing is left; how many tickets it looked at.
async fn look(app: &TestApp) -> Result<u64, Failure> {
    let mut all = 0;
    loop {
        match tick(&app.system()).await? {
            0 => return Ok(all),
            looked_at => all += looked_at,
        }
    }
}

fn release(client: Option<ClientId>, scope: Scope) -> Release {
    Release { client, scope, effective_from: None, reason: "A measurement.".to_owned(), expected_version: None }
}

/// Business hours that begin an hour later than before, and end at `end`.
async fn edit_calendar(admin: &OpCtx, end: &str) -> Result<(), Failure> {
    let day = json!([{ "from": "10:00", "to": end }]);
    let weekly =
        json!({ "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day });
    let definition = json!({ "zone": "Europe/Rome", "weekly": weekly });
    let draft = CalendarDraft { key: "business_hours".to_owned(), definition, holidays: None };
    set_calendar(admin, release(None, Scope::RunningTimers), draft).await?;
    Ok(())
}

/// Whether a calendar edit is worked off in time.
async fn edit(app: &TestApp, admin: &Actor, most: f64) -> Result<bool, Failure> {
    let open = timers(app).await?;
    let begun = Stopwatch::now();
    edit_calendar(&app.op(admin.clone()), "17:00").await?;
    let set = begun.elapsed().as_secs_f64();
    let looked_at = look(app).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let share = seconds * 100_000.0 / f64::from(u32::try_from(open)?);
    writeln!(
        io::stdout(),
        "  calendar edited: {looked_at} tickets with {open} open timers judged anew in {seconds:.2} s (the edit itself {set:.2} s); \
         {share:.2} s for 100,000 open timers"
    )?;
    Ok(share <= most)
}

/// Timers that are open, as the reports count them.
async fn timers(app: &TestApp) -> Result<u64, Failure> {
    let tx = app.read(&Visibility::System).await?;
    let (from, to) = (Instant::UNIX_EPOCH, Instant::from_timestamp(START + 365 * DAY, 0).unwrap_or_default());
    let counted = store::sla::promises(&tx, None, from, to, app.system().now()).await?;
    Ok(counted.iter().map(|promise| promise.open + promise.breached).sum())
}

/// Moves the clock as time goes by.
async fn follow(app: &TestApp, begun: Stopwatch, start: Instant) {
    loop {
        app.clock().set(start + TimeDelta::from_std(begun.elapsed()).unwrap_or_default());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Opens tickets on which a promise is broken after ten seconds, one each half second, and returns when whose mail is due.
async fn promise(app: &TestApp, admin: &Actor, client: ClientId) -> Result<HashMap<String, Instant>, Failure> {
    let goal = json!({ "target": { "seconds": PROMISED }, "calendar": "always_open" });
    let policy = json!({
        "metrics": [{ "metric": "resolution", "goals": { "P2": goal } }],
        "levels": [],
        "escalations": [{ "at": "breach", "notify": ["owner"] }],
    });
    set_policy(&app.op(admin.clone()), release(Some(client), Scope::NewTickets), policy).await?;
    let mut due = HashMap::new();
    for place in 0..PROMISES {
        let agent = app.user(Role::SupportAgent, None).await;
        let new = NewTicket {
            client,
            kind: TicketKind::Other,
            priority: Some(TicketPriority::P2),
            title: None,
            text: None,
            waba: None,
            phone_number: None,
            template: None,
            findings: Vec::new(),
            notice: None,
        };
        let ticket = open(&app.op(admin.clone()), new).await?;
        give(app, admin, &ticket, agent.id).await?;
        // Broken in the first whole second at which more was counted than was promised.
        let floor = Instant::from_timestamp(ticket.opened_at.timestamp(), 0).unwrap_or_default();
        due.insert(agent.email, floor + TimeDelta::seconds(PROMISED + 1));
        if place == PROMISES / 2 {
            edit_calendar(&app.op(admin.clone()), "16:30").await?;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tokio::time::sleep(Duration::from_secs(PROMISED.unsigned_abs() + 5)).await;
    Ok(due)
}

async fn give(app: &TestApp, admin: &Actor, ticket: &Ticket, agent: UserId) -> Result<(), Failure> {
    let target = Target { ticket: ticket.id, expected_version: None };
    assign(&app.op(admin.clone()), target, Some(agent)).await?;
    Ok(())
}

/// Whether mails about promises go out in time, by a worker as the product has it.
async fn deliver(app: &TestApp, admin: &Actor, noted: &Noted, most: f64) -> Result<bool, Failure> {
    let folder = tempfile::tempdir()?;
    let (owner, address) = if app.is_postgres() {
        (QueueAddress::Postgres(app.owner_url().to_owned()), QueueAddress::Postgres(app.url().to_owned()))
    } else {
        let file = QueueAddress::Sqlite(folder.path().join("queue.db"));
        (file.clone(), file)
    };
    jobs::setup(&owner, Some("sblocco_app")).await?;
    let client = app.client("prompt").await;
    let start = app.system().now();
    let worker = Worker::start(Arc::clone(app.services()), WorkerConfig::new(address, 2)).await?;
    let begun = Stopwatch::now();
    let offset = begun.duration_since(noted.begun);
    let due = tokio::select! {
        () = follow(app, begun, start) => return Ok(false),
        due = Box::pin(promise(app, admin, client)) => due?,
    };
    worker.stop().await;
    let taken = noted.taken.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let taken: HashMap<String, Duration> = taken.into_iter().collect();
    let mut lags = Vec::new();
    for (person, due) in &due {
        let at = taken.get(person).ok_or("a mail never came")?.saturating_sub(offset);
        lags.push((start + TimeDelta::from_std(at)? - *due).num_microseconds().unwrap_or(i64::MAX) as f64 / 1_000.0);
    }
    lags.sort_by(f64::total_cmp);
    let (middle, last) = (lags[lags.len() / 2], lags[lags.len() - 1]);
    writeln!(
        io::stdout(),
        "  {} mails about broken promises, from the instant of the breach: the middle after {middle:.0} ms, the last after {last:.0} ms",
        lags.len()
    )?;
    Ok(last <= most && lags[0] >= 0.0)
}

/// Whether everything was quick enough.
async fn measure() -> Result<bool, Failure> {
    let arguments = arguments(std::env::args().skip(1))?;
    let mut quick = true;
    for name in ["sqlite", "postgres"] {
        if arguments.only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let store = if name == "sqlite" { TestStore::sqlite().await } else { TestStore::postgres().await };
        let noted = Arc::new(Noted { begun: Stopwatch::now(), taken: Mutex::default() });
        let app = TestApp::with_transport(store, noted.clone());
        ensure_defaults(&app.system(), "Europe/Rome").await?;
        let admin = app.user(Role::BspAdmin, None).await.actor();
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            clients.push(app.client(&format!("client-{number}")).await);
        }
        let begun = Stopwatch::now();
        Box::pin(furnish(&app, &clients, arguments.tickets)).await?;
        app.analyze().await;
        writeln!(io::stdout(), "{name}: {} open tickets in {:.1} s", arguments.tickets, begun.elapsed().as_secs_f64())?;
        let begun = Stopwatch::now();
        let looked_at = look(&app).await?;
        writeln!(io::stdout(), "  first look at {looked_at} tickets in {:.2} s", begun.elapsed().as_secs_f64())?;
        quick &= Box::pin(edit(&app, &admin, arguments.most_seconds)).await?;
        quick &= Box::pin(deliver(&app, &admin, &noted, arguments.most_lag)).await?;
    }
    Ok(quick)
}
