//! Every kind has a letter in both languages, with the facts in it.

use domain::{
    AuditId, CorrectiveActionId, EnforcementNoticeId, Instant, TicketId, WebhookEndpointId,
    enforcement::RestrictionType,
    notifications::{
        DigestEntry, FindingLine, NotificationKind as Kind, OneTimeCode, SecurityEvent, SlaLine, TicketLabel,
    },
    ports::SeededRandom,
    tickets::{SubmissionChannel, SubmissionOutcome},
    traffic::{RuleId, Severity, Subject, SubjectKind},
};
use i18n::Lang;
use jiff::tz::TimeZone;

use super::*;

fn now() -> Instant {
    Instant::from_timestamp(1_795_420_800, 0).unwrap()
}

fn label() -> TicketLabel {
    let id = TicketId::new(now(), &SeededRandom::new(1));
    TicketLabel { id, reference: "T-00000042".to_owned(), title: "Blocked\nnumber".to_owned() }
}

/// Each kind, and what its letter must hold in both languages.
fn kinds() -> Vec<(Kind, &'static str)> {
    let mut kinds = of_accounts_and_reports();
    kinds.extend(of_tickets());
    kinds.extend(of_the_platform());
    kinds
}

fn of_the_platform() -> Vec<(Kind, &'static str)> {
    vec![
        (Kind::GraphTokenRefused { code: 190 }, "190"),
        (Kind::GraphAccountRefused { account: "Nordic".into(), code: 200 }, "Nordic"),
        (
            Kind::AccountLost { account: "Nordic".into(), words: "PARTNER_REMOVED CHANGE_NUMBER USER".into() },
            "PARTNER_REMOVED CHANGE_NUMBER USER",
        ),
        (
            Kind::SendingBlocked { account: "Nordic".into(), number: None, state: "BLOCKED 141006".into() },
            "BLOCKED 141006",
        ),
        (
            Kind::SendingBlocked {
                account: "Nordic".into(),
                number: Some("+39 06 555".into()),
                state: "BANNED".into(),
            },
            "+39 06 555",
        ),
        (Kind::UnknownTraffic { from: now(), counted_by_meta: 31, in_send_log: 17, account: None }, "14"),
        (
            Kind::UnknownTraffic { from: now(), counted_by_meta: 31, in_send_log: 17, account: Some("Nordic".into()) },
            "Nordic",
        ),
        (
            Kind::PlatformAlert {
                rule: RuleId::Tpl03,
                severity: Severity::Critical,
                account: Some("Nordic".into()),
                subject: Subject::of(SubjectKind::Template, Some("autumn/it")),
            },
            "autumn/it",
        ),
        (Kind::PlatformIncident { code: 131_000, clients: 12, messages: 345, since: now() }, "131000"),
    ]
}

fn of_accounts_and_reports() -> Vec<(Kind, &'static str)> {
    let random = SeededRandom::new(2);
    let code = || OneTimeCode::new("K7-4711".to_owned());
    let (ticket, at) = (label, now());
    vec![
        (Kind::Invitation { code: code(), invited_by: Some("Ada".into()), organisation: None, expires_at: at }, "Ada"),
        (Kind::PasswordReset { code: code(), expires_at: at }, "K7-4711"),
        (Kind::EmailChange { code: code(), expires_at: at }, "K7-4711"),
        (Kind::EmailChanged {}, "Sblocco"),
        (Kind::SignInLocked { until: at }, "2026"),
        (Kind::SecurityNotice { event: SecurityEvent::ApiTokenCreated }, "token"),
        (
            Kind::WebhookDisabled {
                endpoint: WebhookEndpointId::new(at, &random),
                host: "hooks.client.example".into(),
                since: at,
            },
            "hooks.client.example",
        ),
        (
            Kind::Digest {
                entries: vec![
                    DigestEntry { at, what: Kind::WaitingForYou { ticket: ticket(), text: None } },
                    DigestEntry { at, what: Kind::SignInLocked { until: at } },
                ],
            },
            "- 23 ",
        ),
        (
            Kind::AuditFindings {
                audit: AuditId::new(at, &random),
                findings: vec![FindingLine { rule: RuleId::Con01, severity: Severity::High, messages: 1_214 }; 12],
            },
            "1",
        ),
        (
            Kind::EnforcementNotice {
                notice: EnforcementNoticeId::new(at, &random),
                account: Some("Nordic".into()),
                restrictions: vec![RestrictionType::AddPhoneNumber],
                ticket: Some(ticket()),
            },
            "Nordic",
        ),
    ]
}

fn of_tickets() -> Vec<(Kind, &'static str)> {
    let (ticket, text, at) = (label, || "Please <b>look</b>".to_owned(), now());
    vec![
        (Kind::TicketOpened { ticket: ticket(), text: Some(text()) }, "> Please <b>look</b>"),
        (Kind::TicketReply { ticket: ticket(), author: Some("Ada".into()), text: text() }, "> Please <b>look</b>"),
        (Kind::WaitingForYou { ticket: ticket(), text: None }, "T-00000042"),
        (Kind::SlaWarning { ticket: ticket(), metric: "resolution".into(), percent: Some(75), due: at }, "75%"),
        (Kind::SlaBreach { ticket: ticket(), metric: "resolution".into(), due: at }, "2026"),
        (Kind::SlaReminder { ticket: ticket(), metric: None, expected_by: at }, "2026"),
        (
            Kind::SlaDigest {
                lines: ["75%", "breach", "due+3600"]
                    .map(|level| SlaLine { ticket: ticket(), metric: "resolution".into(), level: level.into() })
                    .into(),
            },
            "75%",
        ),
        (Kind::Escalation { ticket: ticket(), metric: Some("submission".into()), level: 2 }, "2"),
        (
            Kind::Submission {
                ticket: ticket(),
                attempt: 3,
                channel: SubmissionChannel::DirectSupport,
                expected_by: Some(at),
            },
            "3",
        ),
        (
            Kind::Outcome { ticket: ticket(), outcome: SubmissionOutcome::Reversed, note: Some(text()) },
            "> Please <b>look</b>",
        ),
        (
            Kind::ActionDue {
                ticket: ticket(),
                action: CorrectiveActionId::new(at, &SeededRandom::new(3)),
                title: text(),
                due: at,
            },
            "> Please <b>look</b>",
        ),
        (Kind::ReplyRefused { ticket: ticket() }, "T-00000042"),
    ]
}

#[test]
fn every_kind_has_a_letter_in_both_languages_with_its_facts_and_no_markup_of_others() {
    let site = Site { sender: "Sblocco".to_owned(), portal: Some("https://portal.example".to_owned()) };
    for (kind, fact) in kinds() {
        let mut texts = Vec::new();
        for lang in Lang::ALL {
            let letter = letter(&kind, "Zoe <x>", lang, &TimeZone::UTC, &site);
            let (text, html) = (letter.text(), letter.html());
            assert!(text.contains(fact), "{} {lang}: {text}", kind.as_str());
            assert!(text.contains("Zoe <x>,") && html.contains("Zoe &lt;x&gt;,"), "{html}");
            assert!(!html.contains("<b>look") && !letter.subject.contains('\n'), "{html}");
            for key in ["\nmail-", "sla-metric", "security-event", "{", "\u{2068}"] {
                assert!(!text.contains(key), "{} {lang} holds {key}: {text}", kind.as_str());
            }
            texts.push(text);
        }
        assert_ne!(texts[0], texts[1], "{}", kind.as_str());
    }
}

#[test]
fn letters_of_a_ticket_share_one_subject_and_link_to_it() {
    let site = Site { sender: "Sblocco".to_owned(), portal: Some("https://portal.example".to_owned()) };
    let kind = Kind::WaitingForYou { ticket: label(), text: None };
    let written = letter(&kind, "", Lang::En, &TimeZone::UTC, &site);
    assert_eq!(written.subject, "[T-00000042] Blocked number");
    assert!(written.text().contains("https://portal.example/tickets/T-00000042"));
    let without = letter(&kind, "", Lang::En, &TimeZone::UTC, &Site { portal: None, ..site });
    assert!(!without.text().contains("http") && without.text().starts_with("Hello,\n"), "{}", without.text());
}
