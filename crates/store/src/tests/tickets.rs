//! Lists of tickets: every filter finds what it says, in every order, page by page.

use domain::{
    TeamId, TicketId, UserId,
    access::{Actor, Visibility},
    ports::SeededRandom,
    tickets::{
        Appealable, Ticket, TicketEventKind, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus,
        WaitingOn,
    },
};

use super::{id, now, only, three_clients};
use crate::{
    Store, both_stores,
    page::{Direction, Keyset},
    sla::{CachedTimer, Look},
    testing::TestStore,
    tickets::{
        COUNTED, TicketCondition as Is, TicketFilter, TicketInstant, TicketOrder, TicketSearch, append_events, count,
        insert, page,
    },
};

fn ticket(number: i64) -> Ticket {
    // Each field turns at a pace of its own, so that every combination comes about.
    let turn = |list: usize, pace: i64| usize::try_from(number / pace).unwrap() % list;
    let status = TicketStatus::ALL[turn(TicketStatus::ALL.len(), 1)];
    let opened_at = now() + chrono::TimeDelta::seconds(number);
    Ticket {
        id: TicketId::from_uuid(uuid::Uuid::from_u128(u128::from(number.unsigned_abs()))),
        client: id(u128::from(number.unsigned_abs()) % 2 + 1),
        number,
        kind: TicketKind::ALL[turn(TicketKind::ALL.len(), 3)],
        level: TicketLevel::ALL[turn(TicketLevel::ALL.len(), 5)],
        priority: TicketPriority::ALL[turn(TicketPriority::ALL.len(), 7)],
        status,
        waiting_on: if status.is_open() { WaitingOn::ALL[turn(WaitingOn::ALL.len(), 11)] } else { WaitingOn::Us },
        outcome: (!status.is_open()).then(|| TicketOutcome::ALL[turn(TicketOutcome::ALL.len(), 13)]),
        proposed_outcome: (status == TicketStatus::Recovery).then_some(TicketOutcome::Reversed),
        title: format!("Ticket {number}"),
        waba: None,
        phone_number: None,
        template: None,
        opened_by: None,
        assignee: None,
        team: None,
        appeal_deadline: (number % 3 == 0).then(|| opened_at + chrono::TimeDelta::days(90)),
        appealable: Appealable::ALL[turn(Appealable::ALL.len(), 17)],
        opened_at,
        updated_at: opened_at + chrono::TimeDelta::seconds(1_000 - 2 * number),
        closed_at: (!status.is_open()).then_some(opened_at + chrono::TimeDelta::seconds(5)),
        version: 1,
    }
}

const TICKETS: i64 = 240;

async fn furnish(store: &Store) -> Vec<Ticket> {
    three_clients(store).await;
    let tickets: Vec<Ticket> = (1..=TICKETS).map(ticket).collect();
    let tx = store.write(&Visibility::System).await.unwrap();
    for ticket in &tickets {
        insert(&tx, ticket).await.unwrap();
    }
    tx.commit().await.unwrap();
    tickets
}

/// All numbers of a list, page by page.
async fn listed(store: &Store, visibility: &Visibility, filter: &TicketFilter, order: TicketOrder) -> Vec<i64> {
    let tx = store.read(visibility).await.unwrap();
    let (mut numbers, mut after) = (Vec::new(), None);
    loop {
        let keyset = Keyset::first(7).direction(Direction::Descending).after(after);
        let page = page(&tx, filter, order, &keyset).await.unwrap();
        numbers.extend(page.items.iter().map(|ticket| ticket.number));
        after = page.cursors.last().cloned();
        if !page.has_next {
            return numbers;
        }
    }
}

/// What a filter says, told by looking at every ticket.
fn holds(filter: &TicketFilter, ticket: &Ticket) -> bool {
    let within = |at: Option<domain::Instant>, from: &Option<domain::Instant>, before: &Option<domain::Instant>| {
        at.is_some_and(|at| from.is_none_or(|from| at >= from) && before.is_none_or(|before| at < before))
    };
    match filter {
        TicketFilter::All(parts) => parts.iter().all(|part| holds(part, ticket)),
        TicketFilter::Any(parts) => parts.iter().any(|part| holds(part, ticket)),
        TicketFilter::Not(part) => !holds(part, ticket),
        TicketFilter::Is(condition) => match condition {
            Is::Client(list) => list.contains(&ticket.client),
            Is::Kind(list) => list.contains(&ticket.kind),
            Is::Level(list) => list.contains(&ticket.level),
            Is::Priority(list) => list.contains(&ticket.priority),
            Is::Status(list) => list.contains(&ticket.status),
            Is::WaitingOn(list) => list.contains(&ticket.waiting_on),
            Is::Outcome(list) => ticket.outcome.is_some_and(|outcome| list.contains(&outcome)),
            Is::ProposedOutcome(list) => ticket.proposed_outcome.is_some_and(|outcome| list.contains(&outcome)),
            Is::Appealable(list) => list.contains(&ticket.appealable),
            Is::Waba(list) => ticket.waba.is_some_and(|id| list.contains(&id)),
            Is::PhoneNumber(list) => ticket.phone_number.is_some_and(|id| list.contains(&id)),
            Is::Template(list) => ticket.template.is_some_and(|id| list.contains(&id)),
            Is::OpenedBy(list) => ticket.opened_by.is_some_and(|id| list.contains(&id)),
            Is::Assignee(list) => ticket.assignee.is_some_and(|id| list.contains(&id)),
            Is::Assigned => ticket.assignee.is_some(),
            Is::Unassigned => ticket.assignee.is_none(),
            Is::Number(list) => list.contains(&ticket.number),
            Is::Team(list) => ticket.team.is_some_and(|id| list.contains(&id)),
            Is::Tag(_) | Is::Watcher(_) => false,
            Is::Search(_) => panic!("texts are searched in a test of their own"),
            Is::Within(what, from, before) => match what {
                TicketInstant::Opened => within(Some(ticket.opened_at), from, before),
                TicketInstant::Updated => within(Some(ticket.updated_at), from, before),
                TicketInstant::Closed => within(ticket.closed_at, from, before),
                TicketInstant::AppealDeadline => within(ticket.appeal_deadline, from, before),
                TicketInstant::Due | TicketInstant::Breach => panic!("promises are told in a test of their own"),
            },
        },
    }
}

fn filters() -> Vec<TicketFilter> {
    let some = || now() + chrono::TimeDelta::seconds(60);
    let ones: Vec<TicketFilter> = [
        Is::Client(vec![id(1)]),
        Is::Client(vec![id(1), id(2)]),
        Is::Kind(vec![TicketKind::Other, TicketKind::TemplatePaused]),
        Is::Level(vec![TicketLevel::Waba]),
        Is::Priority(vec![TicketPriority::P1, TicketPriority::P3]),
        Is::Status(vec![TicketStatus::Closed]),
        Is::Status(vec![TicketStatus::New, TicketStatus::Recovery]),
        Is::Status(Vec::new()),
        Is::WaitingOn(vec![WaitingOn::Client, WaitingOn::Meta]),
        Is::Outcome(vec![TicketOutcome::Resolved, TicketOutcome::Expired]),
        Is::ProposedOutcome(vec![TicketOutcome::Reversed]),
        Is::Appealable(vec![Appealable::No]),
        Is::Assignee(vec![UserId::from_uuid(uuid::Uuid::nil())]),
        Is::Assigned,
        Is::Team(vec![TeamId::from_uuid(uuid::Uuid::nil())]),
        Is::Tag(vec!["vip".to_owned()]),
        Is::Watcher(vec![UserId::from_uuid(uuid::Uuid::nil())]),
        Is::Unassigned,
        Is::Number(vec![5, 6, 9_999]),
        Is::Within(TicketInstant::Opened, Some(some()), None),
        Is::Within(TicketInstant::Updated, None, Some(some())),
        Is::Within(TicketInstant::Closed, Some(some()), Some(some() + chrono::TimeDelta::seconds(40))),
        Is::Within(TicketInstant::AppealDeadline, None, None),
    ]
    .into_iter()
    .map(TicketFilter::Is)
    .collect();
    let not = |filter: &TicketFilter| TicketFilter::Not(Box::new(filter.clone()));
    let mut filters = vec![TicketFilter::default(), TicketFilter::Any(Vec::new())];
    for (place, one) in ones.iter().enumerate() {
        let other = &ones[(place * 7 + 3) % ones.len()];
        filters.extend([one.clone(), not(one)]);
        filters.push(TicketFilter::All(vec![one.clone(), other.clone()]));
        filters.push(TicketFilter::Any(vec![one.clone(), not(other)]));
        filters.push(TicketFilter::All(vec![TicketFilter::Any(vec![one.clone(), other.clone()]), not(&ones[5])]));
    }
    filters
}

/// Each word of a ticket alone.
fn words() -> impl Iterator<Item = TicketFilter> {
    let kinds = TicketKind::ALL.iter().map(|kind| Is::Kind(vec![*kind]));
    let levels = TicketLevel::ALL.iter().map(|level| Is::Level(vec![*level]));
    let priorities = TicketPriority::ALL.iter().map(|priority| Is::Priority(vec![*priority]));
    let statuses = TicketStatus::ALL.iter().map(|status| Is::Status(vec![*status]));
    let owners = WaitingOn::ALL.iter().map(|owner| Is::WaitingOn(vec![*owner]));
    let outcomes = TicketOutcome::ALL.iter().map(|outcome| Is::Outcome(vec![*outcome]));
    let answers = Appealable::ALL.iter().map(|answer| Is::Appealable(vec![*answer]));
    let words = kinds.chain(levels).chain(priorities).chain(statuses).chain(owners).chain(outcomes).chain(answers);
    // Not by an index: SQLite judges the opposite by its facets alone.
    words.flat_map(|word| [TicketFilter::Is(word.clone()), TicketFilter::Not(Box::new(word.into()))])
}

/// The numbers of the tickets that a search finds.
async fn found(store: &Store, visibility: &Visibility, text: &str, internal: bool) -> Vec<i64> {
    let search = TicketSearch::new(text).unwrap();
    let search = if internal { search.with_internal() } else { search };
    listed(store, visibility, &Is::Search(search).into(), TicketOrder::Opened).await
}

async fn say(store: &Store, seed: u64, ticket: &Ticket, kind: TicketEventKind) {
    let tx = store.write(&Visibility::System).await.unwrap();
    append_events(&tx, ticket, &Actor::System, now(), &SeededRandom::new(seed), &[kind]).await.unwrap();
    tx.commit().await.unwrap();
}

both_stores! {
    async fn a_search_finds_all_its_words_wherever_they_are(store: TestStore) {
        let tickets = furnish(&store).await;
        let replied = |text: &str| TicketEventKind::Replied { text: text.to_owned(), by_staff: true };
        say(&store, 1, &tickets[0], replied("Perché l’account è bloccato? “Nike” OR *")).await;
        say(&store, 2, &tickets[0], replied("La richiesta è la 4711.")).await;
        say(&store, 3, &tickets[1], replied("L'ACCOUNT funziona.")).await;
        say(&store, 4, &tickets[1], TicketEventKind::Noted { text: "They bought this list.".to_owned() }).await;
        let all = Visibility::AllClients;
        assert_eq!(found(&store, &all, "account", false).await, [2, 1]);
        assert_eq!(found(&store, &all, "BLOCCATO perche 4711", false).await, [1], "in several texts");
        assert_eq!(found(&store, &all, "bloc", false).await, [1], "a beginning");
        assert_eq!(found(&store, &all, "ticket 17", false).await, [179, 178, 177, 176, 175, 174, 173, 172, 171, 170, 17]);
        assert_eq!(found(&store, &all, "nike OR funziona", false).await, Vec::<i64>::new());
        assert_eq!(found(&store, &all, "bought", false).await, Vec::<i64>::new(), "what is internal is not public");
        assert_eq!(found(&store, &all, "bought account", true).await, [2]);
        assert_eq!(found(&store, &only(2), "account", false).await, [1], "of one client alone");
        assert_eq!(found(&store, &only(3), "account", false).await, Vec::<i64>::new());
        assert_eq!(found(&store, &Visibility::Clients(Vec::new()), "account", false).await, Vec::<i64>::new());
        if store.is_postgres() {
            assert_eq!(found(&store, &all, "bloccati", false).await, [1], "by its stem");
        }
        let both = TicketFilter::All(vec![
            Is::Search(TicketSearch::new("account").unwrap()).into(),
            TicketFilter::Not(Box::new(Is::Search(TicketSearch::new("funziona").unwrap()).into())),
        ]);
        assert_eq!(listed(&store, &all, &both, TicketOrder::Opened).await, [1]);
    }

    async fn every_filter_finds_the_tickets_of_which_it_holds_in_order_and_counts_them(store: TestStore) {
        let tickets = furnish(&store).await;
        for filter in filters().into_iter().chain(words()) {
            for visibility in [Visibility::AllClients, only(2)] {
                let mut expected: Vec<&Ticket> = tickets
                    .iter()
                    .filter(|ticket| visibility.includes(ticket.client) && holds(&filter, ticket))
                    .collect();
                expected.sort_by_key(|ticket| std::cmp::Reverse((ticket.updated_at, ticket.id)));
                let expected: Vec<i64> = expected.iter().map(|ticket| ticket.number).collect();
                let found = listed(&store, &visibility, &filter, TicketOrder::Updated).await;
                assert_eq!(found, expected, "{filter:?} for {visibility:?}");
                let tx = store.read(&visibility).await.unwrap();
                assert_eq!(count(&tx, &filter).await.unwrap(), expected.len() as u64, "{filter:?}");
            }
        }
        const { assert!(COUNTED > TICKETS.unsigned_abs()) };
    }

    async fn tickets_are_listed_by_what_is_due_first_and_by_what_is_broken(store: TestStore) {
        let tickets = furnish(&store).await;
        let at = |hours: i64| now() + chrono::TimeDelta::hours(hours);
        let timer = |metric, due: i64, stopped: Option<i64>| CachedTimer {
            metric,
            cycle: 1,
            priority: "p1",
            state: "running",
            started_at: now(),
            due_at: Some(at(due)),
            breach_at: Some(at(due) + chrono::TimeDelta::seconds(1)),
            stopped_at: stopped.map(at),
        };
        let open: Vec<&Ticket> = tickets.iter().filter(|ticket| ticket.status.is_open()).take(3).collect();
        let look = |place: usize, timers| Look {
            client: open[place].client,
            ticket: open[place].id,
            timers: Some(timers),
            wakeup_at: None,
        };
        let keep = async |looks: &[Look]| {
            let tx = store.write(&Visibility::System).await.unwrap();
            crate::sla::keep(&tx, looks).await.unwrap();
            tx.commit().await.unwrap();
        };
        keep(&[
            look(0, vec![timer("resolution", 9, None), timer("submission", 2, None)]),
            look(1, vec![timer("resolution", 5, None), timer("first_response", 1, Some(1))]),
            look(2, vec![timer("first_response", 1, Some(1))]),
        ])
        .await;
        let listed = async |filter: TicketFilter| listed(&store, &Visibility::AllClients, &filter, TicketOrder::Due).await;
        let broken = |by: i64| TicketFilter::Is(Is::Within(TicketInstant::Breach, None, Some(at(by))));
        let [first, second] = [open[0].number, open[1].number];
        assert_eq!(listed(TicketFilter::default()).await, [second, first], "the last one first");
        assert_eq!(listed(broken(3)).await, [first]);
        assert_eq!(listed(broken(1)).await, Vec::<i64>::new());
        // What is said again is not written again; what is said no more is gone.
        keep(&[look(0, vec![timer("resolution", 9, None)]), look(1, Vec::new())]).await;
        assert_eq!(listed(broken(24)).await, [first]);
        assert_eq!(listed(broken(3)).await, Vec::<i64>::new());
    }

    async fn every_order_sorts_and_leaves_out_what_lacks_it(store: TestStore) {
        let tickets = furnish(&store).await;
        let key = |order: TicketOrder, ticket: &Ticket| match order {
            TicketOrder::Updated => Some(ticket.updated_at.to_rfc3339()),
            TicketOrder::Opened => Some(ticket.opened_at.to_rfc3339()),
            TicketOrder::Closed => ticket.closed_at.map(|at| at.to_rfc3339()),
            TicketOrder::AppealDeadline => ticket.appeal_deadline.map(|at| at.to_rfc3339()),
            TicketOrder::Priority => Some(ticket.priority.as_str().to_owned()),
            TicketOrder::Due => panic!("promises are told in a test of their own"),
        };
        for order in [
            TicketOrder::Updated,
            TicketOrder::Opened,
            TicketOrder::Closed,
            TicketOrder::AppealDeadline,
            TicketOrder::Priority,
        ] {
            let mut expected: Vec<_> =
                tickets.iter().filter_map(|ticket| Some((key(order, ticket)?, ticket.id, ticket.number))).collect();
            expected.sort_unstable_by(|one, other| other.cmp(one));
            let expected: Vec<i64> = expected.into_iter().map(|(_, _, number)| number).collect();
            let found = listed(&store, &Visibility::AllClients, &TicketFilter::default(), order).await;
            assert_eq!(found, expected, "{order:?}");
        }
    }
}
