//! What each kind of notification says.

mod accounts;
mod platform;
mod promises;
mod reports;
mod tickets;

use domain::notifications::{NotificationKind as Kind, TicketLabel};
use i18n::{Args, Lang};
use jiff::tz::TimeZone;

use crate::letter::{Block, Letter, Reader, Site};

/// The letter about a notification to somebody of this name, with instants in `zone`.
pub fn letter(kind: &Kind, name: &str, lang: Lang, zone: &TimeZone, site: &Site) -> Letter {
    let reader = Reader { lang, zone, site };
    let said = said(&reader, kind);
    finished(&reader, name, said)
}

/// A letter that only shows that mail arrives.
pub fn test_letter(lang: Lang, site: &Site) -> Letter {
    let reader = Reader { lang, zone: &TimeZone::UTC, site };
    let said =
        Said { subject: reader.say("mail-test-subject", Args::new()), blocks: vec![reader.plain("mail-test-text")] };
    finished(&reader, "", said)
}

/// Subject and middle part.
struct Said {
    subject: String,
    blocks: Vec<Block>,
}

impl Said {
    /// Under a subject without facts.
    fn new(reader: &Reader<'_>, subject: &str, blocks: Vec<Block>) -> Self {
        Self { subject: reader.say(subject, Args::new()), blocks }
    }

    /// A letter of a ticket's conversation: one subject for all, so that programs keep them together.
    fn about(reader: &Reader<'_>, ticket: &TicketLabel, mut blocks: Vec<Block>) -> Self {
        blocks.extend(reader.link("mail-ticket-action", &format!("tickets/{}", ticket.reference)));
        Self { subject: format!("[{}] {}", ticket.reference, ticket.title), blocks }
    }
}

fn said(reader: &Reader<'_>, kind: &Kind) -> Said {
    match kind {
        Kind::Invitation { code, invited_by, organisation, expires_at } => {
            accounts::invitation(reader, code, invited_by.as_deref(), organisation.as_deref(), *expires_at)
        }
        Kind::PasswordReset { code, expires_at } => accounts::password_reset(reader, code, *expires_at),
        Kind::EmailChange { code, expires_at } => accounts::email_change(reader, code, *expires_at),
        Kind::EmailChanged {} => {
            Said::new(reader, "mail-email-changed-subject", vec![reader.plain("mail-email-changed-text")])
        }
        Kind::SignInLocked { until } => {
            let blocks = vec![reader.dated("mail-sign-in-locked-text", "until", *until)];
            Said::new(reader, "mail-sign-in-locked-subject", blocks)
        }
        Kind::SecurityNotice { event } => accounts::security_notice(reader, *event),
        Kind::TicketOpened { ticket, text } => tickets::opened(reader, ticket, text.as_deref()),
        Kind::TicketReply { ticket, author, text } => tickets::reply(reader, ticket, author.as_deref(), text),
        Kind::WaitingForYou { ticket, text } => tickets::waiting(reader, ticket, text.as_deref()),
        Kind::Submission { ticket, attempt, channel, expected_by } => {
            tickets::submission(reader, ticket, *attempt, *channel, *expected_by)
        }
        Kind::Outcome { ticket, outcome, note } => tickets::outcome(reader, ticket, *outcome, note.as_deref()),
        Kind::SlaWarning { ticket, metric, percent, due } => promises::warning(reader, ticket, metric, *percent, *due),
        Kind::SlaBreach { ticket, metric, due } => promises::breach(reader, ticket, metric, *due),
        Kind::SlaReminder { ticket, metric, expected_by } => {
            promises::reminder(reader, ticket, metric.as_deref(), *expected_by)
        }
        Kind::ActionDue { ticket, title, due, .. } => tickets::action_due(reader, ticket, title, *due),
        Kind::Escalation { ticket, metric, level } => promises::escalation(reader, ticket, metric.as_deref(), *level),
        Kind::WebhookDisabled { host, since, .. } => accounts::webhook_disabled(reader, host, *since),
        Kind::Digest { entries } => reports::digest(reader, entries),
        Kind::ReplyRefused { ticket } => Said::about(reader, ticket, vec![reader.plain("mail-reply-refused-text")]),
        Kind::SlaDigest { lines } => promises::digest(reader, lines),
        Kind::AuditFindings { audit, findings } => reports::findings(reader, *audit, findings),
        Kind::EnforcementNotice { account, restrictions, ticket, .. } => {
            reports::enforcement(reader, account.as_deref(), restrictions, ticket.as_ref())
        }
        Kind::GraphTokenRefused { code } => platform::token_refused(reader, *code),
        Kind::GraphAccountRefused { account, code } => platform::account_refused(reader, account, *code),
        Kind::AccountLost { account, words } => platform::account_lost(reader, account, words),
        Kind::SendingBlocked { account, number, state } => {
            platform::sending_blocked(reader, account, number.as_deref(), state)
        }
        Kind::UnknownTraffic { from, counted_by_meta, in_send_log, account } => {
            platform::unknown_traffic(reader, *from, (*counted_by_meta, *in_send_log), account.as_deref())
        }
        Kind::PlatformAlert { rule, severity, account, subject } => {
            platform::alert(reader, (*rule, *severity), account.as_deref(), subject)
        }
        Kind::PlatformIncident { code, clients, messages, since } => {
            platform::incident(reader, *code, *clients, *messages, *since)
        }
    }
}

fn finished(reader: &Reader<'_>, name: &str, said: Said) -> Letter {
    let greeting = match name.trim() {
        "" => reader.plain("mail-greeting-plain"),
        name => reader.named("mail-greeting", "name", name),
    };
    let blocks = std::iter::once(greeting).chain(said.blocks).collect();
    // A header is one line, whatever a title holds.
    let subject = said.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Letter { subject, blocks, footer: vec![reader.plain("mail-footer")], lang: reader.lang }
}

#[cfg(test)]
mod tests;
