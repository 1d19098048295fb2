//! Whom a change of a ticket concerns, and what they are told: the client's people of what they may see, our own of what is theirs
//! to do. Written with the change.

use domain::{
    access::Actor,
    enforcement::EnforcementNotice,
    notifications::{Notification, NotificationKind, Recipient, TicketLabel},
    tickets::{Submission, Ticket, TicketEventKind, WaitingOn},
    webhooks::WebhookEventType,
};
use serde_json::{Value, json};
use store::{StoreError, Tx};

use crate::{OpCtx, notifications::notify, webhooks::publish};

/// Tells of what was just written to the timeline. Raise the job signal after the commit.
pub(crate) async fn tell(op: &OpCtx, tx: &Tx, ticket: &Ticket, events: &[TicketEventKind]) -> Result<(), StoreError> {
    let mut spoken = words_of(events);
    for event in events {
        let told = match event {
            TicketEventKind::Opened { .. } => {
                let kind = NotificationKind::TicketOpened { ticket: TicketLabel::from(ticket), text: spoken.take() };
                let told = new(ticket, kind).to(Recipient::ClientUsers);
                // Whoever of the staff opened it has it; what opens by itself waits for somebody.
                if matches!(op.actor(), Actor::Staff { .. }) { told } else { told.to(ours(ticket)) }
            }
            TicketEventKind::Replied { text, by_staff } if spoken.is_some() => {
                let kind = NotificationKind::TicketReply {
                    ticket: TicketLabel::from(ticket),
                    author: author(op, tx).await?,
                    text: text.clone(),
                };
                if *by_staff {
                    new(ticket, kind).to(Recipient::ClientUsers)
                } else {
                    let watchers = store::ticket_watchers::of_tickets(tx, &[ticket.id]).await?;
                    new(ticket, kind).to(ours(ticket)).to_users(watchers.into_iter().map(|(_, user)| user))
                }
            }
            TicketEventKind::WaitingOnChanged { to: WaitingOn::Client, .. } => {
                let kind = NotificationKind::WaitingForYou { ticket: TicketLabel::from(ticket), text: None };
                new(ticket, kind).to(Recipient::ClientUsers)
            }
            TicketEventKind::Submitted { submission, .. } | TicketEventKind::SubmissionAnswered { submission, .. } => {
                let found = store::submissions::by_ids(tx, &[*submission]).await?.pop();
                let Some(kind) = found.and_then(|found| of_submission(ticket, event, found)) else { continue };
                new(ticket, kind).to(Recipient::ClientUsers)
            }
            _ => continue,
        };
        notify(op, tx, told.except(op.actor().user())).await?;
    }
    for event in events {
        if let Some((event_type, more)) = of_event(event) {
            publish(op, tx, ticket.client, event_type, facts(ticket, more)).await?;
        }
    }
    Ok(())
}

/// What the client's systems are told of an event; nothing that is internal.
fn of_event(event: &TicketEventKind) -> Option<(WebhookEventType, Value)> {
    Some(match event {
        TicketEventKind::Opened { .. } => (WebhookEventType::TicketOpened, json!({})),
        TicketEventKind::Replied { by_staff, .. } => (WebhookEventType::TicketReplied, json!({ "byStaff": by_staff })),
        TicketEventKind::StatusChanged { from, .. } => (WebhookEventType::TicketStatusChanged, json!({ "from": from })),
        TicketEventKind::WaitingOnChanged { from, .. } => {
            (WebhookEventType::TicketTurnChanged, json!({ "from": from }))
        }
        TicketEventKind::Submitted { submission, attempt, channel } => (
            WebhookEventType::TicketSubmitted,
            json!({ "submissionId": submission, "attempt": attempt, "channel": channel }),
        ),
        TicketEventKind::SubmissionAnswered { submission, outcome } => {
            let more = json!({ "submissionId": submission, "submissionOutcome": outcome });
            (WebhookEventType::TicketAnswered, more)
        }
        _ => return None,
    })
}

/// The ticket as it is after the change, with what the event adds. Texts are asked for over GraphQL.
fn facts(ticket: &Ticket, more: Value) -> Value {
    let mut facts = json!({
        "ticketId": ticket.id,
        "reference": ticket.reference(),
        "kind": ticket.kind,
        "priority": ticket.priority,
        "status": ticket.status,
        "waitingOn": ticket.waiting_on,
        "outcome": ticket.outcome,
        "version": ticket.version,
    });
    if let (Some(facts), Value::Object(more)) = (facts.as_object_mut(), more) {
        facts.extend(more);
    }
    facts
}

/// Tells the client's people of a notice of enforcement.
pub(crate) async fn tell_of_notice(op: &OpCtx, tx: &Tx, notice: &EnforcementNotice) -> Result<(), StoreError> {
    let account = match notice.waba {
        Some(waba) => store::wabas::by_ids(tx, &[waba]).await?.pop().map(|waba| waba.name),
        None => None,
    };
    let ticket = match notice.ticket {
        Some(ticket) => store::tickets::by_ids(tx, &[ticket]).await?.pop(),
        None => None,
    };
    let kind = NotificationKind::EnforcementNotice {
        notice: notice.id,
        account,
        restrictions: notice.restrictions.iter().map(|restriction| restriction.restriction_type).collect(),
        ticket: ticket.as_ref().map(TicketLabel::from),
    };
    let told = Notification::new(kind, format!("enforcement_notice:{}", notice.id)).of(notice.client);
    notify(op, tx, told.to(Recipient::ClientUsers)).await?;
    let facts = json!({
        "enforcementNoticeId": notice.id,
        "wabaId": notice.waba,
        "phoneNumberId": notice.phone_number,
        "violationType": notice.violation_type,
        "restrictions": notice.restrictions,
        "noticedAt": notice.noticed_at,
    });
    publish(op, tx, notice.client, WebhookEventType::EnforcementNoticed, facts).await
}

/// One notification of each kind for each version of a ticket: a version is one change.
fn new(ticket: &Ticket, kind: NotificationKind) -> Notification {
    let key = format!("{}:{}:{}", kind.as_str(), ticket.id, ticket.version);
    Notification::new(kind, key).of(ticket.client)
}

/// Who of the staff answers for the ticket.
fn ours(ticket: &Ticket) -> Recipient {
    ticket.assignee.map_or(Recipient::Agents, |user| Recipient::User { user })
}

/// The public words among what was written.
fn words_of(events: &[TicketEventKind]) -> Option<String> {
    events.iter().find_map(|event| match event {
        TicketEventKind::Replied { text, .. } => Some(text.clone()),
        _ => None,
    })
}

/// The name of the person who acts.
async fn author(op: &OpCtx, tx: &Tx) -> Result<Option<String>, StoreError> {
    let (Actor::Staff { user, .. } | Actor::ClientUser { user, .. }) = op.actor() else { return Ok(None) };
    Ok(store::users::by_ids(tx, &[*user]).await?.pop().map(|user| user.name))
}

fn of_submission(ticket: &Ticket, event: &TicketEventKind, submission: Submission) -> Option<NotificationKind> {
    let ticket = TicketLabel::from(ticket);
    match event {
        TicketEventKind::Submitted { attempt, channel, .. } => Some(NotificationKind::Submission {
            ticket,
            attempt: *attempt,
            channel: *channel,
            expected_by: submission.expected_by,
        }),
        TicketEventKind::SubmissionAnswered { outcome, .. } => {
            Some(NotificationKind::Outcome { ticket, outcome: *outcome, note: submission.outcome_note })
        }
        _ => None,
    }
}
