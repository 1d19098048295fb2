//! Tickets about templates: one for each account and what befalls its templates (rejected, paused, recategorised), which every further
//! template joins, so that a wave of decisions by Meta is one piece of work.

use chrono::TimeDelta;
use domain::{
    assets::Template,
    tickets::{Ticket, TicketEventKind, TicketKind, TicketPriority},
};
use i18n::Lang;
use store::Tx;

use super::Told;
use crate::{
    OpCtx, OpError,
    tickets::{NewTicket, open_within},
};

/// What happened longer ago when it was learned is history, and nobody's work.
const HISTORY: TimeDelta = TimeDelta::days(7);

/// The kind of ticket that a status of a template asks for.
pub(super) fn kind_of(status: &str) -> Option<TicketKind> {
    match status {
        "REJECTED" => Some(TicketKind::TemplateRejected),
        "PAUSED" | "DISABLED" => Some(TicketKind::TemplatePaused),
        _ => None,
    }
}

/// Opens the account's ticket of this kind, or tells the one that is open; where the deployment wants such tickets.
pub(super) async fn open_or_join(
    op: &OpCtx,
    tx: &Tx,
    told: &Told,
    template: &Template,
    (kind, what): (TicketKind, &str),
) -> Result<(), OpError> {
    let now = op.services().clock.now();
    if now - told.at > HISTORY || !op.services().settings.template_tickets.contains(&kind) {
        return Ok(());
    }
    // Names and words of Meta's: no language needs another.
    let text = format!("{} ({}): {what}", template.name, template.language);
    let ticket = if let Some(ticket) = store::tickets::open_of_kinds(tx, told.waba, &[kind]).await? {
        ticket
    } else {
        let client = store::clients::by_id(tx, told.client).await?.ok_or(OpError::NotFound)?;
        let lang: Lang = client.language.parse().unwrap_or_default();
        let new = NewTicket {
            client: told.client,
            kind,
            priority: Some(TicketPriority::P3),
            title: Some(i18n::word(lang, i18n::Group::TicketKind, kind.as_str())),
            text: None,
            waba: Some(told.waba),
            phone_number: None,
            template: Some(template.id),
            findings: Vec::new(),
            notice: None,
        };
        open_within(op, tx, new).await.map_err(|error| OpError::internal("a ticket of a template", error))?
    };
    let after = Ticket { updated_at: now, ..ticket.clone() };
    if !store::tickets::update(tx, &after).await? {
        return Err(OpError::Conflict { current: ticket.version + 1 });
    }
    let after = Ticket { version: after.version + 1, ..after };
    let note = [TicketEventKind::Noted { text }];
    Ok(store::tickets::append_events(tx, &after, op.actor(), now, op.random(), &note).await?)
}
