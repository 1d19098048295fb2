//! Lists of tickets: every filter finds what it says, in every order, page by page.

use domain::{
    TicketId, UserId,
    access::Visibility,
    tickets::{Appealable, Ticket, TicketKind, TicketLevel, TicketOutcome, TicketPriority, TicketStatus, WaitingOn},
};

use super::{id, now, only, three_clients};
use crate::{
    Store, both_stores,
    page::{Direction, Keyset},
    testing::TestStore,
    tickets::{COUNTED, TicketCondition as Is, TicketFilter, TicketInstant, TicketOrder, count, insert, page},
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
        insert(&tx, ticket, None).await.unwrap();
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
            Is::Within(what, from, before) => match what {
                TicketInstant::Opened => within(Some(ticket.opened_at), from, before),
                TicketInstant::Updated => within(Some(ticket.updated_at), from, before),
                TicketInstant::Closed => within(ticket.closed_at, from, before),
                TicketInstant::AppealDeadline => within(ticket.appeal_deadline, from, before),
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

both_stores! {
    async fn every_filter_finds_the_tickets_of_which_it_holds_in_order_and_counts_them(store: TestStore) {
        let tickets = furnish(&store).await;
        for filter in filters() {
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

    async fn every_order_sorts_and_leaves_out_what_lacks_it(store: TestStore) {
        let tickets = furnish(&store).await;
        let key = |order: TicketOrder, ticket: &Ticket| match order {
            TicketOrder::Updated => Some(ticket.updated_at.to_rfc3339()),
            TicketOrder::Opened => Some(ticket.opened_at.to_rfc3339()),
            TicketOrder::Closed => ticket.closed_at.map(|at| at.to_rfc3339()),
            TicketOrder::AppealDeadline => ticket.appeal_deadline.map(|at| at.to_rfc3339()),
            TicketOrder::Priority => Some(ticket.priority.as_str().to_owned()),
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
