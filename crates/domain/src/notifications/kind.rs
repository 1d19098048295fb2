//! What people are told, with the facts of each kind.

use std::fmt;

use crate::{
    AuditId, CorrectiveActionId, EnforcementNoticeId, Instant, TicketId, WebhookEndpointId,
    enforcement::RestrictionType,
    tickets::{SubmissionChannel, SubmissionOutcome, Ticket},
    traffic::{RuleId, Severity, Subject},
    words::words,
};

words! {
    /// What a person may want to be told of, or not.
    Topic {
        /// The own account: cannot be turned off.
        Security = "security",
        /// Tickets: opened, answered, submitted, decided.
        Tickets = "tickets",
        /// Promises: warnings, breaches, reminders, escalations.
        Sla = "sla",
        /// New findings of audits.
        Audits = "audits",
        /// Notices of enforcement by Meta.
        Enforcement = "enforcement",
    }
}

words! {
    /// A change of somebody's account that the person must learn of.
    SecurityEvent {
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// A second factor is asked for from now on.
        SecondFactorEnabled = "second_factor_enabled",
        /// No second factor is asked for any more.
        SecondFactorDisabled = "second_factor_disabled",
        /// The recovery codes were replaced.
        RecoveryCodesReplaced = "recovery_codes_replaced",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery_code_used",
        /// Somebody signed in from an address that was never seen.
        NewSignIn = "new_sign_in",
        /// A copied credential was shown, and the sign-in ended.
        CredentialCopied = "credential_copied",
        /// An API token was made.
        ApiTokenCreated = "api_token_created",
    }
}

/// A secret that is mailed to one person and good once. Kept until the mail is sent, and shown in no log.
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct OneTimeCode(String);

impl OneTimeCode {
    /// The secret as a code.
    pub const fn new(code: String) -> Self {
        Self(code)
    }

    /// The secret, for the text of the mail.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

/// The ticket that a mail speaks of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TicketLabel {
    /// Which.
    pub id: TicketId,
    /// As people call it.
    pub reference: String,
    /// One line for people.
    pub title: String,
}

impl From<&Ticket> for TicketLabel {
    fn from(ticket: &Ticket) -> Self {
        Self { id: ticket.id, reference: ticket.reference(), title: ticket.title.clone() }
    }
}

/// A promise that reached a level.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SlaLine {
    /// On which ticket.
    pub ticket: TicketLabel,
    /// Stable name of the metric, or of what else is watched.
    pub metric: String,
    /// The level as policies write it: `75%`, `due-1800`, `breach`, `due+3600`.
    pub level: String,
}

/// A finding that was not there before.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FindingLine {
    /// The rule.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// Messages that it counts.
    pub messages: u64,
}

/// Something that was held back for a digest.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DigestEntry {
    /// When it happened.
    pub at: Instant,
    /// What happened.
    pub what: NotificationKind,
}

/// What happened. Stored as JSON with a `kind`; variants and fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields say it")]
pub enum NotificationKind {
    /// Somebody is asked to make an account. `organisation` is the client's or the BSP's name.
    Invitation { code: OneTimeCode, invited_by: Option<String>, organisation: Option<String>, expires_at: Instant },
    /// Somebody forgot a password.
    PasswordReset { code: OneTimeCode, expires_at: Instant },
    /// An address is to be confirmed; goes to the new one.
    EmailChange { code: OneTimeCode, expires_at: Instant },
    /// The address was changed; goes to the old one.
    EmailChanged {},
    /// Signing in was locked after failures.
    SignInLocked { until: Instant },
    /// The account was changed in a way that its person must learn of.
    SecurityNotice { event: SecurityEvent },
    /// A ticket was opened.
    TicketOpened { ticket: TicketLabel, text: Option<String> },
    /// Somebody wrote a public reply. `author` is a name for people.
    TicketReply { ticket: TicketLabel, author: Option<String>, text: String },
    /// The client has the ball.
    WaitingForYou { ticket: TicketLabel, text: Option<String> },
    /// A promise is at risk. `metric` is a stable name; `percent` of the time is used up.
    SlaWarning { ticket: TicketLabel, metric: String, percent: Option<u32>, due: Instant },
    /// A promise was broken.
    SlaBreach { ticket: TicketLabel, metric: String, due: Instant },
    /// An answer was expected by now, from whoever has the ball.
    SlaReminder { ticket: TicketLabel, metric: Option<String>, expected_by: Instant },
    /// A corrective action is to be done soon, or was to be done by now.
    ActionDue { ticket: TicketLabel, action: CorrectiveActionId, title: String, due: Instant },
    /// The ticket needs somebody above.
    Escalation { ticket: TicketLabel, metric: Option<String>, level: u32 },
    /// Many promises reached levels at once.
    SlaDigest { lines: Vec<SlaLine> },
    /// Something was handed to Meta.
    Submission { ticket: TicketLabel, attempt: u32, channel: SubmissionChannel, expected_by: Option<Instant> },
    /// Meta answered, or did not.
    Outcome { ticket: TicketLabel, outcome: SubmissionOutcome, note: Option<String> },
    /// An audit found what the one before had not; the worst first.
    AuditFindings { audit: AuditId, findings: Vec<FindingLine> },
    /// What was held back, the oldest first.
    Digest { entries: Vec<DigestEntry> },
    /// An answer by mail came too late: the ticket is closed.
    ReplyRefused { ticket: TicketLabel },
    /// An endpoint for webhooks was turned off, because it took nothing since then.
    WebhookDisabled { endpoint: WebhookEndpointId, host: String, since: Instant },
    /// Meta took something away, or warns.
    EnforcementNotice {
        notice: EnforcementNoticeId,
        account: Option<String>,
        restrictions: Vec<RestrictionType>,
        ticket: Option<TicketLabel>,
    },
    /// The token of the Graph API is not good any more. `code` is Meta's.
    GraphTokenRefused { code: i64 },
    /// The token of the Graph API may not look at an account. `code` is Meta's.
    GraphAccountRefused { account: String, code: i64 },
    /// We no longer look after an account. `words` are Meta's: what happened, why, and by whom.
    AccountLost { account: String, words: String },
    /// Meta says that an account, or one of its numbers, cannot send. `state` is Meta's word, with the codes against it.
    SendingBlocked { account: String, number: Option<String>, state: String },
    /// Meta counted more messages of a client's accounts on a day than the send log holds.
    UnknownTraffic {
        from: Instant,
        counted_by_meta: u64,
        in_send_log: u64,
        /// The one account that it is about; absent, all together.
        #[serde(default)]
        account: Option<String>,
    },
    /// A rule found something that cannot wait for the nightly audit.
    PlatformAlert { rule: RuleId, severity: Severity, account: Option<String>, subject: Subject },
    /// One error is far more frequent than usual at many clients at once.
    PlatformIncident { code: u32, clients: u64, messages: u64, since: Instant },
}

impl NotificationKind {
    /// Stable name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::PasswordReset { .. } => "password_reset",
            Self::EmailChange { .. } => "email_change",
            Self::EmailChanged {} => "email_changed",
            Self::SignInLocked { .. } => "sign_in_locked",
            Self::SecurityNotice { .. } => "security_notice",
            Self::TicketOpened { .. } => "ticket_opened",
            Self::TicketReply { .. } => "ticket_reply",
            Self::WaitingForYou { .. } => "waiting_for_you",
            Self::SlaWarning { .. } => "sla_warning",
            Self::SlaBreach { .. } => "sla_breach",
            Self::SlaReminder { .. } => "sla_reminder",
            Self::ActionDue { .. } => "action_due",
            Self::Escalation { .. } => "escalation",
            Self::SlaDigest { .. } => "sla_digest",
            Self::Submission { .. } => "submission",
            Self::Outcome { .. } => "outcome",
            Self::AuditFindings { .. } => "audit_findings",
            Self::Digest { .. } => "digest",
            Self::ReplyRefused { .. } => "reply_refused",
            Self::WebhookDisabled { .. } => "webhook_disabled",
            Self::EnforcementNotice { .. } => "enforcement_notice",
            Self::GraphTokenRefused { .. } => "graph_token_refused",
            Self::GraphAccountRefused { .. } => "graph_account_refused",
            Self::AccountLost { .. } => "account_lost",
            Self::SendingBlocked { .. } => "sending_blocked",
            Self::UnknownTraffic { .. } => "unknown_traffic",
            Self::PlatformAlert { .. } => "platform_alert",
            Self::PlatformIncident { .. } => "platform_incident",
        }
    }

    /// What it is about, for those who choose what they are told; a digest is about what was chosen already.
    pub const fn topic(&self) -> Option<Topic> {
        Some(match self {
            Self::Digest { .. } => return None,
            Self::Invitation { .. }
            | Self::PasswordReset { .. }
            | Self::EmailChange { .. }
            | Self::EmailChanged {}
            | Self::SignInLocked { .. }
            | Self::SecurityNotice { .. }
            | Self::WebhookDisabled { .. }
            | Self::GraphTokenRefused { .. } => Topic::Security,
            Self::TicketOpened { .. }
            | Self::TicketReply { .. }
            | Self::WaitingForYou { .. }
            | Self::ActionDue { .. }
            | Self::Submission { .. }
            | Self::Outcome { .. }
            | Self::ReplyRefused { .. } => Topic::Tickets,
            Self::SlaWarning { .. }
            | Self::SlaBreach { .. }
            | Self::SlaReminder { .. }
            | Self::SlaDigest { .. }
            | Self::Escalation { .. } => Topic::Sla,
            Self::AuditFindings { .. } | Self::UnknownTraffic { .. } => Topic::Audits,
            Self::EnforcementNotice { .. }
            | Self::GraphAccountRefused { .. }
            | Self::AccountLost { .. }
            | Self::SendingBlocked { .. }
            | Self::PlatformAlert { .. }
            | Self::PlatformIncident { .. } => Topic::Enforcement,
        })
    }

    /// The ticket whose conversation the mail belongs to.
    pub const fn ticket(&self) -> Option<&TicketLabel> {
        match self {
            Self::TicketOpened { ticket, .. }
            | Self::TicketReply { ticket, .. }
            | Self::WaitingForYou { ticket, .. }
            | Self::SlaWarning { ticket, .. }
            | Self::SlaBreach { ticket, .. }
            | Self::SlaReminder { ticket, .. }
            | Self::ActionDue { ticket, .. }
            | Self::Escalation { ticket, .. }
            | Self::Submission { ticket, .. }
            | Self::Outcome { ticket, .. }
            | Self::ReplyRefused { ticket } => Some(ticket),
            Self::EnforcementNotice { ticket, .. } => ticket.as_ref(),
            Self::Invitation { .. }
            | Self::PasswordReset { .. }
            | Self::EmailChange { .. }
            | Self::EmailChanged {}
            | Self::SignInLocked { .. }
            | Self::SecurityNotice { .. }
            | Self::SlaDigest { .. }
            | Self::AuditFindings { .. }
            | Self::Digest { .. }
            | Self::WebhookDisabled { .. }
            | Self::GraphTokenRefused { .. }
            | Self::GraphAccountRefused { .. }
            | Self::AccountLost { .. }
            | Self::SendingBlocked { .. }
            | Self::UnknownTraffic { .. }
            | Self::PlatformAlert { .. }
            | Self::PlatformIncident { .. } => None,
        }
    }

    /// The secret that the mail carries.
    pub const fn code(&self) -> Option<&OneTimeCode> {
        match self {
            Self::Invitation { code, .. } | Self::PasswordReset { code, .. } | Self::EmailChange { code, .. } => {
                Some(code)
            }
            _ => None,
        }
    }

    /// The same without its secret, as it is kept once the mail is sent.
    #[must_use]
    pub fn without_code(mut self) -> Self {
        if let Self::Invitation { code, .. } | Self::PasswordReset { code, .. } | Self::EmailChange { code, .. } =
            &mut self
        {
            *code = OneTimeCode::default();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_kind_is_what_its_rows_hold_and_its_secret_is_never_shown() {
        let kind = NotificationKind::PasswordReset {
            code: OneTimeCode::new("4711".to_owned()),
            expires_at: Instant::default(),
        };
        assert!(!format!("{kind:?}").contains("4711"));
        let json = serde_json::to_value(&kind).unwrap();
        assert_eq!((json["kind"].as_str(), json["code"].as_str()), (Some(kind.as_str()), Some("4711")));
        assert_eq!(serde_json::from_value::<NotificationKind>(json).unwrap(), kind);
        assert_eq!(kind.clone().without_code().code(), Some(&OneTimeCode::default()));
        assert_eq!(kind.topic(), Some(Topic::Security));
    }
}
