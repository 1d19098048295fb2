//! Adding an action: in words of one's own, from the remedy of a rule that found something, or from what a preview left out.

use domain::{
    AuditPreviewId, CorrectiveActionId, FindingId, Instant,
    access::Permission::TicketsWrite,
    audits::Finding,
    tickets::{ActionOwner, ActionState, CorrectiveAction, Ticket, TicketEventKind},
    traffic::{RuleId, Subject},
};
use store::Tx;

use super::{
    super::{
        TicketCode,
        change::{Target, begin, finish, refuse, text},
        converse::LONGEST_TEXT,
    },
    remedy::{cleared, left_out},
};
use crate::{OpCtx, OpError};

/// An action to be added.
#[derive(Debug, Clone)]
pub struct NewAction {
    /// What has to be done, in one line; absent, the remedy of the findings' rule, or to leave out what the preview left out.
    pub title: Option<String>,
    /// The same at length.
    pub description: Option<String>,
    /// Who has to act.
    pub owner: ActionOwner,
    /// Until when.
    pub due_at: Option<Instant>,
    /// The findings that it is to mend.
    pub findings: Vec<FindingId>,
    /// The preview that shows what would help.
    pub preview: Option<AuditPreviewId>,
    /// Of a preview that searched remedies, the rule whose remedy it is. Without `findings`, it is to mend those of the rule.
    pub rule: Option<RuleId>,
}

/// Most findings that an action is to mend.
pub const MOST_FINDINGS: usize = 100;

/// Longest title in characters.
pub(super) const LONGEST_TITLE: usize = 200;

/// Adds an action to a ticket.
///
/// # Errors
/// `TicketClosed`, `FindingNotFound`, `PreviewNotFound`, `RemedyNotFound`, `TitleInvalid`, `TextInvalid`, `InstantOutOfOrder`.
pub async fn add_action(
    op: &OpCtx,
    target: Target,
    mut input: NewAction,
) -> Result<CorrectiveAction, OpError<TicketCode>> {
    let (tx, ticket) = begin(op, TicketsWrite, target).await?;
    if !ticket.status.is_open() {
        return refuse(TicketCode::TicketClosed, "ticketId");
    }
    if input.due_at.is_some_and(|due| due < op.now()) {
        return refuse(TicketCode::InstantOutOfOrder, "dueAt");
    }
    input.findings.sort_unstable();
    input.findings.dedup();
    let without = match input.preview {
        Some(preview) => {
            let (preview, without) = left_out(&tx, &ticket, preview, input.rule).await?;
            if let (Some(rule), true) = (input.rule, input.findings.is_empty()) {
                input.findings = cleared(&tx, preview.audit, rule, MOST_FINDINGS).await?;
            }
            Some(without)
        }
        None if input.rule.is_some() => return refuse(TicketCode::PreviewNotFound, "auditPreviewId"),
        None => None,
    };
    let findings = findings(&tx, &ticket, &input.findings).await?;
    let description = input
        .description
        .map(|words| text(&words, LONGEST_TEXT, TicketCode::TextInvalid, "description"))
        .transpose()?;
    let title = match &input.title {
        Some(title) => title.clone(),
        None => proposed(op, &findings, without.as_deref())?,
    };
    let action = CorrectiveAction {
        id: CorrectiveActionId::new(op.now(), op.random()),
        client: ticket.client,
        ticket: ticket.id,
        title: text(&title, LONGEST_TITLE, TicketCode::TitleInvalid, "title")?,
        description,
        owner: input.owner,
        due_at: input.due_at,
        state: ActionState::Open,
        proof: None,
        done_by: None,
        done_at: None,
        audit: None,
        checked_at: None,
        findings: input.findings,
        added_by: op.actor().user(),
        added_at: op.now(),
        version: 1,
    };
    store::corrective_actions::insert(&tx, &action).await?;
    let added = TicketEventKind::ActionAdded { action: action.id, title: action.title.clone(), owner: action.owner };
    finish(op, tx, &ticket, Ok((ticket.clone(), vec![added]))).await?;
    Ok(action)
}

/// The findings, if all are the client's; of several audits where somebody wants it so.
async fn findings(tx: &Tx, ticket: &Ticket, ids: &[FindingId]) -> Result<Vec<Finding>, OpError<TicketCode>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::findings::by_ids(tx, ids).await?;
    let all = found.len() == ids.len() && found.iter().all(|finding| finding.client == ticket.client);
    if all { Ok(found) } else { refuse(TicketCode::FindingNotFound, "findingIds") }
}

/// What to do, in the actor's language: what a preview left out, else the first remedy of the first finding's rule.
fn proposed(op: &OpCtx, findings: &[Finding], without: Option<&[Subject]>) -> Result<String, OpError<TicketCode>> {
    let lang = op.lang();
    if let Some(without) = without {
        let named: Vec<String> = without.iter().map(|subject| i18n::subject(lang, subject)).collect();
        let what = shortened(&named.join(", "), LONGEST_TITLE / 2);
        return Ok(i18n::text(lang, "action-leave-out", &i18n::Args::new().text("what", what)));
    }
    let Some(finding) = findings.first() else { return refuse(TicketCode::TitleInvalid, "title") };
    let remedy = i18n::remedy(lang, finding.found.rule).into_iter().next();
    let remedy = remedy.unwrap_or_else(|| i18n::rule_name(lang, finding.found.rule));
    let title = format!("{}: {remedy}", i18n::subject(lang, &finding.found.subject));
    Ok(shortened(&title, LONGEST_TITLE))
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
