//! Opening a ticket: by hand, from findings of an audit, or from a notice of enforcement.

use chrono::TimeDelta;
use domain::{
    AuditId, ClientId, EnforcementNoticeId, FindingId, PhoneNumberId, TemplateId, TicketId, WabaId,
    access::Permission,
    enforcement::{APPEAL_DAYS, EnforcementNotice, proposed_priority},
    tickets::{Appealable, Ticket, TicketEventKind, TicketKind, TicketLevel, TicketPriority, TicketStatus},
};
use store::Tx;

use super::{
    TicketCode,
    change::{refuse, text},
    converse::LONGEST_TEXT,
    telling::tell,
};
use crate::{OpCtx, OpError};

/// A ticket to be opened.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// Whose account it is about.
    pub client: ClientId,
    /// What is blocked or refused.
    pub kind: TicketKind,
    /// How much stands still; staff alone may say, else it is proposed from the notice.
    pub priority: Option<TicketPriority>,
    /// One line for people; absent, the kind in the actor's language.
    pub title: Option<String>,
    /// First message, which the client sees.
    pub text: Option<String>,
    /// The account, when one is meant.
    pub waba: Option<WabaId>,
    /// The number, when one is meant.
    pub phone_number: Option<PhoneNumberId>,
    /// The template, when one is meant.
    pub template: Option<TemplateId>,
    /// Findings of one audit, as evidence.
    pub findings: Vec<FindingId>,
    /// The notice of enforcement that it deals with.
    pub notice: Option<EnforcementNoticeId>,
}

/// Longest title, in characters.
pub(super) const LONGEST_TITLE: usize = 200;

/// Days within which a category review is taken (BSPs' published word).
const CATEGORY_REVIEW_DAYS: i64 = 60;

fn level(input: &NewTicket) -> TicketLevel {
    match input.kind {
        TicketKind::TemplateRejected | TicketKind::TemplatePaused | TicketKind::TemplateCategory => {
            TicketLevel::Template
        }
        TicketKind::NumberRestricted | TicketKind::DisplayName => TicketLevel::Number,
        TicketKind::MessagingLimit => TicketLevel::Portfolio,
        TicketKind::AccountDisabled | TicketKind::AccountRestricted | TicketKind::Other => TicketLevel::Waba,
    }
}

async fn check_assets(tx: &Tx, input: &NewTicket) -> Result<(), OpError<TicketCode>> {
    if let Some(waba) = input.waba
        && !store::wabas::by_ids(tx, &[waba]).await?.iter().any(|found| found.client == input.client)
    {
        return refuse(TicketCode::WabaNotFound, "wabaId");
    }
    if let Some(number) = input.phone_number
        && !store::phone_numbers::by_ids(tx, &[number]).await?.iter().any(|found| found.client == input.client)
    {
        return refuse(TicketCode::PhoneNumberNotFound, "phoneNumberId");
    }
    if let Some(template) = input.template
        && !store::templates::by_ids(tx, &[template]).await?.iter().any(|found| found.client == input.client)
    {
        return refuse(TicketCode::TemplateNotFound, "templateId");
    }
    Ok(())
}

/// The audit that all the findings come from.
async fn audit_of(tx: &Tx, input: &NewTicket) -> Result<Option<AuditId>, OpError<TicketCode>> {
    if input.findings.is_empty() {
        return Ok(None);
    }
    let found = store::findings::by_ids(tx, &input.findings).await?;
    let audit = found.first().map(|finding| finding.audit);
    let all = found.len() == input.findings.len()
        && found.iter().all(|finding| finding.client == input.client && Some(finding.audit) == audit);
    if all { Ok(audit) } else { refuse(TicketCode::FindingNotFound, "findingIds") }
}

async fn notice_of(tx: &Tx, input: &NewTicket) -> Result<Option<EnforcementNotice>, OpError<TicketCode>> {
    let Some(id) = input.notice else { return Ok(None) };
    match store::enforcement::by_ids(tx, &[id]).await?.pop() {
        Some(notice) if notice.client == input.client => Ok(Some(notice)),
        _ => refuse(TicketCode::NoticeNotFound, "enforcementNoticeId"),
    }
}

/// Opens a ticket with its timeline, and ties evidence to it.
///
/// # Errors
/// Refused with a [`TicketCode`]; `Forbidden` without `tickets:open`.
pub async fn open(op: &OpCtx, mut input: NewTicket) -> Result<Ticket, OpError<TicketCode>> {
    op.require(Permission::TicketsOpen)?;
    if !op.visibility().includes(input.client) {
        return refuse(TicketCode::ClientNotFound, "clientId");
    }
    if !op.actor().may(Permission::TicketsWrite) {
        input.priority = None;
    }
    input.findings.sort_unstable();
    input.findings.dedup();
    let tx = op.write().await?;
    let ticket = open_within(op, &tx, input).await?;
    tx.about(ticket.id);
    tx.commit().await?;
    op.services().job_signal.raise();
    op.services().ticket_feed.nudge();
    Ok(ticket)
}

/// Opens a ticket with the rest of a transaction.
pub(crate) async fn open_within(op: &OpCtx, tx: &Tx, input: NewTicket) -> Result<Ticket, OpError<TicketCode>> {
    if store::clients::by_id(tx, input.client).await?.is_none() {
        return refuse(TicketCode::ClientNotFound, "clientId");
    }
    check_assets(tx, &input).await?;
    let audit = audit_of(tx, &input).await?;
    let notice = notice_of(tx, &input).await?;
    let ticket = decide(op, &input, notice.as_ref(), store::counters::next_ticket(tx).await?)?;
    let events = first_events(op, &input, &ticket, audit)?;
    store::tickets::insert(tx, &ticket).await?;
    store::tickets::append_events(tx, &ticket, op.actor(), op.now(), op.random(), &events).await?;
    store::tickets::link_findings(tx, &ticket, &input.findings).await?;
    if let Some(notice) = notice {
        store::enforcement::set_ticket(tx, notice.id, ticket.id).await?;
    }
    tell(op, tx, &ticket, &events).await?;
    Ok(ticket)
}

fn decide(
    op: &OpCtx,
    input: &NewTicket,
    notice: Option<&EnforcementNotice>,
    number: i64,
) -> Result<Ticket, OpError<TicketCode>> {
    let title = match &input.title {
        Some(title) => text(title, LONGEST_TITLE, TicketCode::TitleInvalid, "title")?,
        None => i18n::word(op.lang(), i18n::Group::TicketKind, input.kind.as_str()),
    };
    let days = if input.kind == TicketKind::TemplateCategory { CATEGORY_REVIEW_DAYS } else { APPEAL_DAYS };
    let priority = input
        .priority
        .unwrap_or_else(|| notice.map_or(TicketPriority::P3, |notice| proposed_priority(&notice.restrictions)));
    Ok(Ticket {
        id: TicketId::new(op.now(), op.random()),
        client: input.client,
        number,
        kind: input.kind,
        level: level(input),
        priority,
        status: TicketStatus::New,
        waiting_on: TicketStatus::New.waiting_on(),
        outcome: None,
        proposed_outcome: None,
        title,
        waba: input.waba.or_else(|| notice.and_then(|notice| notice.waba)),
        phone_number: input.phone_number.or_else(|| notice.and_then(|notice| notice.phone_number)),
        template: input.template,
        opened_by: op.actor().user(),
        assignee: None,
        team: None,
        appeal_deadline: notice.map(|notice| notice.noticed_at + TimeDelta::days(days)),
        appealable: Appealable::Unknown,
        opened_at: op.now(),
        updated_at: op.now(),
        closed_at: None,
        version: 1,
    })
}

fn first_events(
    op: &OpCtx,
    input: &NewTicket,
    ticket: &Ticket,
    audit: Option<AuditId>,
) -> Result<Vec<TicketEventKind>, OpError<TicketCode>> {
    let mut events = vec![TicketEventKind::Opened { priority: ticket.priority }];
    if let Some(words) = &input.text {
        let text = text(words, LONGEST_TEXT, TicketCode::TextInvalid, "text")?;
        let by_staff = op.actor().may(Permission::TicketsInternal);
        events.push(TicketEventKind::Replied { text, by_staff });
    }
    events.extend(audit.map(|audit| TicketEventKind::FindingsLinked { audit, findings: input.findings.clone() }));
    events.extend(input.notice.map(|notice| TicketEventKind::EnforcementLinked { notice }));
    Ok(events)
}
