//! The story of the first client: Meta blocks it, and support takes it from there.

use app::{
    OpCtx,
    tickets::{self, NewEnforcementNotice, NewTicket, Target},
};
use chrono::TimeDelta;
use domain::{
    enforcement::{NoticeSource, Restriction, RestrictionType},
    tickets::{Ticket, TicketKind, TicketStatus},
    traffic::Severity,
};

use super::{DemoClient, DemoError, during};

/// Most findings that the ticket is opened with.
const EVIDENCE: usize = 10;

/// Records Meta's notice, opens the ticket with the audit's gravest findings, answers the client, and hands it the ball.
pub(super) async fn blocked(agent: &OpCtx, client: &DemoClient) -> Result<String, DemoError> {
    let noticed_at = agent.now() - TimeDelta::hours(3);
    let until = |days| Some(noticed_at + TimeDelta::days(days));
    let restriction = |restriction_type, ends_at| Restriction { restriction_type, raw_type: None, ends_at };
    let notice = NewEnforcementNotice {
        client: client.id,
        waba: Some(client.waba),
        phone_number: None,
        violation_type: Some("SPAM".to_owned()),
        source: NoticeSource::Email,
        noticed_at,
        restrictions: vec![
            restriction(RestrictionType::BusinessInitiatedMessaging, until(7)),
            restriction(RestrictionType::AddPhoneNumber, until(7)),
        ],
        note: None,
        opens_ticket: false,
    };
    let notice = during("recording the notice", tickets::record_notice(agent, notice).await)?;
    let grave = client.findings.iter().filter(|finding| finding.found.severity >= Severity::High);
    let new = NewTicket {
        client: client.id,
        kind: TicketKind::AccountRestricted,
        priority: None,
        title: None,
        text: None,
        waba: Some(client.waba),
        phone_number: None,
        template: None,
        findings: grave.take(EVIDENCE).map(|finding| finding.id).collect(),
        notice: Some(notice.id),
    };
    let ticket = during("opening the ticket", tickets::open(agent, new).await)?;
    let target = |ticket: &Ticket| Target { ticket: ticket.id, expected_version: Some(ticket.version) };
    let ticket = during("triaging", tickets::move_to(agent, target(&ticket), TicketStatus::Triage).await)?;
    let words = "Abbiamo trovato invii a persone senza consenso. Sospendete le liste indicate nei risultati e rispondete qui \
                 quando è fatto: poi prepariamo la richiesta a Meta.";
    let ticket = during("replying", tickets::reply(agent, target(&ticket), words).await)?;
    let ticket =
        during("asking for remediation", tickets::move_to(agent, target(&ticket), TicketStatus::Remediation).await)?;
    Ok(ticket.reference())
}
