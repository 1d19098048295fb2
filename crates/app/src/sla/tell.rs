//! Telling people of what came due: one mail for each thing, or one digest where there would be a flood of them.

use std::collections::BTreeMap;

use ::sla::{Level, Recipient};
use domain::{
    notifications::{self, Notification, NotificationKind, SlaLine, TicketLabel},
    tickets::TicketPriority,
};
use store::Tx;

use super::{effects::What, escalate::Escalated, staff::Staff};
use crate::{OpCtx, OpError};

/// More than so many mails to one recipient at once become a digest. What is P1 always has a mail of its own.
const FLOOD: usize = 5;

/// Tells whoever is to be told, if the transaction is committed; each thing once.
pub(super) async fn tell(op: &OpCtx, tx: &Tx, staff: &Staff, escalated: &[Escalated]) -> Result<(), OpError> {
    let mut by_recipient: BTreeMap<String, (notifications::Recipient, Vec<&Escalated>)> = BTreeMap::new();
    for one in escalated {
        for recipient in recipients(staff, one) {
            let key = match &recipient {
                notifications::Recipient::User { user } => user.to_string(),
                notifications::Recipient::ClientUsers => format!("client:{}", one.ticket.client),
                _ => "agents".to_owned(),
            };
            by_recipient.entry(key).or_insert_with(|| (recipient, Vec::new())).1.push(one);
        }
    }
    for (name, (recipient, all)) in by_recipient {
        let (urgent, usual): (Vec<&Escalated>, Vec<&Escalated>) =
            all.into_iter().partition(|one| one.ticket.priority == TicketPriority::P1);
        let is_flood = usual.len() > FLOOD;
        for one in urgent.into_iter().chain(usual.iter().copied().filter(|_| !is_flood)) {
            crate::notifications::notify(op, tx, notification(one, &name).to(recipient.clone())).await?;
        }
        if is_flood {
            crate::notifications::notify(op, tx, digest(op, &usual, &name).to(recipient)).await?;
        }
    }
    Ok(())
}

fn recipients(staff: &Staff, one: &Escalated) -> Vec<notifications::Recipient> {
    let mut told = Vec::new();
    for recipient in &one.recipients {
        let found: Vec<notifications::Recipient> = match recipient {
            Recipient::Client => vec![notifications::Recipient::ClientUsers],
            Recipient::Owner if one.ticket.assignee.is_none() => vec![notifications::Recipient::Agents],
            other => {
                let people = staff.people(&one.ticket, *other).into_iter();
                people.map(|user| notifications::Recipient::User { user }).collect()
            }
        };
        for recipient in found {
            if !told.contains(&recipient) {
                told.push(recipient);
            }
        }
    }
    told
}

fn notification(one: &Escalated, recipient: &str) -> Notification {
    let ticket = TicketLabel::from(&one.ticket);
    let kind = match &one.what {
        What::Level { metric, level, due, .. } => {
            let (metric, due) = (metric.as_str().to_owned(), due.unwrap_or(one.reached_at));
            match level {
                Level::Percent(percent) => {
                    NotificationKind::SlaWarning { ticket, metric, percent: Some(u32::from(*percent)), due }
                }
                Level::BeforeDue(_) => NotificationKind::SlaWarning { ticket, metric, percent: None, due },
                Level::Breach => NotificationKind::SlaBreach { ticket, metric, due },
                Level::AfterDue(_) => NotificationKind::SlaReminder { ticket, metric: Some(metric), expected_by: due },
            }
        }
        What::AnswerExpected { expected_by } => {
            NotificationKind::SlaReminder { ticket, metric: None, expected_by: *expected_by }
        }
        What::ActionDue { action, title, due, .. } => {
            NotificationKind::ActionDue { ticket, action: *action, title: title.clone(), due: *due }
        }
        What::ClientWaits { .. } | What::Moved { .. } => NotificationKind::WaitingForYou { ticket, text: None },
    };
    let key = &one.key;
    let name = format!("sla:{}:{}:{}:{}:{}:{recipient}", one.ticket.id, key.metric, key.cycle, key.level, key.due);
    Notification::new(kind, name).of(one.ticket.client)
}

fn digest(op: &OpCtx, all: &[&Escalated], recipient: &str) -> Notification {
    let line = |one: &&Escalated| SlaLine {
        ticket: TicketLabel::from(&one.ticket),
        metric: one.key.metric.clone(),
        level: one.key.level.clone(),
    };
    let kind = NotificationKind::SlaDigest { lines: all.iter().map(line).collect() };
    // A client has but its own tickets in its digest.
    let client = all.first().map(|one| one.ticket.client).filter(|_| recipient.starts_with("client:"));
    let digest = Notification::new(kind, format!("sla_digest:{recipient}:{}", op.now().timestamp_micros()));
    match client {
        Some(client) => digest.of(client),
        None => digest,
    }
}
