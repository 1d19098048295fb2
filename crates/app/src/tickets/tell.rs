//! Who is told by mail of what happened on a ticket: the client of what it sees, staff of what the client does.

use domain::{
    notifications::{Notification, NotificationKind, Recipient, TicketLabel},
    tickets::{Ticket, TicketEventKind, WaitingOn},
};
use store::{StoreError, Tx};

use crate::{OpCtx, notifications::notify};

/// Writes the notifications of a change, in its transaction. The version that the change made says that each is written once.
pub(super) async fn tell(op: &OpCtx, tx: &Tx, ticket: &Ticket, events: &[TicketEventKind]) -> Result<(), StoreError> {
    let opened = events.iter().any(|event| matches!(event, TicketEventKind::Opened { .. }));
    for (place, event) in events.iter().enumerate() {
        // What is said with the opening is told with it.
        if opened && !matches!(event, TicketEventKind::Opened { .. }) {
            continue;
        }
        let Some((kind, recipients)) = told(tx, ticket, event, events).await? else { continue };
        let key = format!("{}:{}:{}:{place}", kind.as_str(), ticket.id, ticket.version);
        let notification =
            Notification { client: Some(ticket.client), kind, recipients, except: op.actor().user(), key };
        notify(op, tx, notification).await?;
    }
    Ok(())
}

async fn told(
    tx: &Tx,
    ticket: &Ticket,
    event: &TicketEventKind,
    events: &[TicketEventKind],
) -> Result<Option<(NotificationKind, Vec<Recipient>)>, StoreError> {
    let label = || TicketLabel::from(ticket);
    let client = || vec![Recipient::ClientUsers];
    Ok(match event {
        TicketEventKind::Opened { .. } => {
            let text = events.iter().find_map(|event| match event {
                TicketEventKind::Replied { text, .. } => Some(text.clone()),
                _ => None,
            });
            let everybody = vec![Recipient::ClientUsers, Recipient::Agents];
            Some((NotificationKind::TicketOpened { ticket: label(), text }, everybody))
        }
        TicketEventKind::Replied { text, by_staff } => {
            let kind = NotificationKind::TicketReply { ticket: label(), author: None, text: text.clone() };
            Some((kind, if *by_staff { client() } else { staff(tx, ticket).await? }))
        }
        TicketEventKind::WaitingOnChanged { to: WaitingOn::Client, .. } => {
            Some((NotificationKind::WaitingForYou { ticket: label(), text: None }, client()))
        }
        TicketEventKind::Submitted { submission, attempt, channel } => {
            let expected_by =
                store::submissions::by_ids(tx, &[*submission]).await?.pop().and_then(|found| found.expected_by);
            let kind =
                NotificationKind::Submission { ticket: label(), attempt: *attempt, channel: *channel, expected_by };
            Some((kind, client()))
        }
        TicketEventKind::SubmissionAnswered { submission, outcome } => {
            let note = store::submissions::by_ids(tx, &[*submission]).await?.pop().and_then(|found| found.outcome_note);
            Some((NotificationKind::Outcome { ticket: label(), outcome: *outcome, note }, client()))
        }
        _ => None,
    })
}

/// Whoever works on the ticket and those who watch it; all agents while nobody does.
async fn staff(tx: &Tx, ticket: &Ticket) -> Result<Vec<Recipient>, StoreError> {
    let mut users = store::ticket_watchers::of_tickets(tx, &[ticket.id])
        .await?
        .into_iter()
        .map(|(_, user)| user)
        .collect::<Vec<_>>();
    users.extend(ticket.assignee);
    users.sort_unstable();
    users.dedup();
    if ticket.assignee.is_none() {
        return Ok([Recipient::Agents]
            .into_iter()
            .chain(users.into_iter().map(|user| Recipient::User { user }))
            .collect());
    }
    Ok(users.into_iter().map(|user| Recipient::User { user }).collect())
}
