//! Letters about what audits found, and what Meta did.

use domain::{
    AuditId,
    enforcement::RestrictionType,
    notifications::{DigestEntry, FindingLine, TicketLabel},
};
use i18n::{Args, Group, date_time, rule_name, word};

use super::{Said, said};
use crate::letter::{Block, Reader};

/// Findings that a letter lists; of the others it says how many there are.
const LISTED: usize = 10;
/// Entries of a digest, likewise.
const ENTRIES: usize = 100;

/// What was held back, a line each: the subject that its own letter would have had, and how it would have begun.
pub(super) fn digest(reader: &Reader<'_>, entries: &[DigestEntry]) -> Said {
    let count = |count: usize| Args::new().count("count", count as u64);
    let line = |entry: &DigestEntry| {
        let Said { subject, blocks } = said(reader, &entry.what);
        let at = date_time(reader.lang, entry.at, reader.zone);
        match blocks.into_iter().next() {
            Some(Block::Text(first)) => format!("{at} · {subject} · {first}"),
            _ => format!("{at} · {subject}"),
        }
    };
    let mut lines: Vec<_> = entries.iter().take(ENTRIES).map(line).collect();
    let more = entries.len().saturating_sub(ENTRIES);
    if more > 0 {
        lines.push(reader.say("mail-digest-more", count(more)));
    }
    Said {
        subject: reader.say("mail-digest-subject", count(entries.len())),
        blocks: vec![reader.plain("mail-digest-text"), Block::List(lines)],
    }
}

pub(super) fn findings(reader: &Reader<'_>, audit: AuditId, findings: &[FindingLine]) -> Said {
    let count = |count: usize| Args::new().count("count", count as u64);
    let line = |found: &FindingLine| {
        let args = Args::new()
            .text("severity", word(reader.lang, Group::Severity, found.severity.as_str()))
            .text("rule", rule_name(reader.lang, found.rule))
            .count("messages", found.messages);
        reader.say("mail-audit-findings-line", args)
    };
    let mut lines: Vec<_> = findings.iter().take(LISTED).map(line).collect();
    let more = findings.len().saturating_sub(LISTED);
    if more > 0 {
        lines.push(reader.say("mail-audit-findings-more", count(more)));
    }
    let mut blocks = vec![reader.paragraph("mail-audit-findings-text", count(findings.len())), Block::List(lines)];
    blocks.extend(reader.link("mail-audit-findings-action", &format!("audits/{audit}")));
    Said { subject: reader.say("mail-audit-findings-subject", count(findings.len())), blocks }
}

pub(super) fn enforcement(
    reader: &Reader<'_>,
    account: Option<&str>,
    restrictions: &[RestrictionType],
    ticket: Option<&TicketLabel>,
) -> Said {
    let mut blocks = vec![reader.plain("mail-enforcement-notice-text")];
    blocks.extend(account.map(|name| reader.named("mail-enforcement-notice-account", "account", name)));
    let lines: Vec<_> = restrictions.iter().map(|kind| word(reader.lang, Group::Restriction, kind.as_str())).collect();
    if !lines.is_empty() {
        blocks.push(Block::List(lines));
    }
    let subject = match account {
        Some(name) => reader.say("mail-enforcement-notice-subject-account", Args::new().text("account", name)),
        None => reader.say("mail-enforcement-notice-subject", Args::new()),
    };
    let Some(ticket) = ticket else { return Said { subject, blocks } };
    blocks.push(reader.named("mail-enforcement-notice-ticket", "reference", &ticket.reference));
    Said { subject, ..Said::about(reader, ticket, blocks) }
}
