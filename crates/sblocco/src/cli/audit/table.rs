//! The report for people: figures, findings with what to do about them, and how each rule stands.

use std::fmt::Write as _;

use comfy_table::{Cell, CellAlignment, Table, presets::UTF8_FULL_CONDENSED};
use domain::traffic::{Finding, Report, RuleState, Subject, SubjectKind, Verdict};
use i18n::{Args, FindingFacts, Group, Lang, date_time, finding, number, remedy, rule_name, subject, text, word};
use jiff::tz::TimeZone;

/// The whole report.
pub(super) fn render(lang: Lang, report: &Report) -> String {
    let mut out = String::new();
    let say = |key: &str| text(lang, key, &Args::new());
    if let (Some(from), Some(to)) = (report.period.from, report.period.to) {
        let when = |instant| date_time(lang, instant, &TimeZone::UTC);
        paragraph(&mut out, &format!("{} {} – {}", say("report-period"), when(from), when(to)));
    }
    paragraph(&mut out, &figures(lang, report).to_string());
    if report.findings.is_empty() {
        paragraph(&mut out, &say("report-no-findings"));
    }
    let mut told = Vec::new();
    for (place, finding) in report.findings.iter().enumerate() {
        paragraph(&mut out, &one(lang, place + 1, finding, &mut told));
    }
    if !report.advice.is_empty() {
        paragraph(&mut out, &advice(lang, report));
    }
    paragraph(&mut out, &rules(lang, report));
    out
}

fn paragraph(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\n\n");
}

fn figures(lang: Lang, report: &Report) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED);
    let say = |key: &str| text(lang, key, &Args::new());
    table.set_header([String::new(), say("report-messages"), say("report-recipients")]);
    let mut row = |label: String, messages: Option<u64>, recipients: Option<u64>| {
        let figure = |value: Option<u64>| {
            let shown = value.map_or_else(String::new, |value| number(lang, i64::try_from(value).unwrap_or(i64::MAX)));
            Cell::new(shown).set_alignment(CellAlignment::Right)
        };
        table.add_row([Cell::new(label), figure(messages), figure(recipients)]);
    };
    let totals = &report.totals;
    row(say("report-sent"), Some(totals.messages), Some(totals.recipients));
    row(say("report-in-window"), Some(totals.in_window), None);
    row(say("report-inbound"), Some(totals.inbound), None);
    row(say("report-due"), Some(report.consent.due), None);
    for verdict in &report.consent.by_verdict {
        let label = format!("  {}", word(lang, Group::Verdict, verdict_key(verdict.verdict)));
        row(label, Some(verdict.messages), Some(verdict.recipients));
    }
    let failed = report.templates.iter().map(|template| template.failed).sum();
    row(say("report-template-failures"), Some(failed), None);
    let outside = report.free_form_outside_window;
    row(say("report-free-form-outside-window"), Some(outside.messages), Some(outside.recipients));
    row(say("report-peak"), None, Some(report.peak24h.recipients));
    row(say("report-flooding-day"), Some(report.flooding.day_messages), Some(report.flooding.day_recipients));
    row(say("report-flooding-week"), Some(report.flooding.week_messages), Some(report.flooding.week_recipients));
    row(say("report-dead-audience"), None, Some(report.dead_audience.recipients));
    let resends = report.undeliverable_resends;
    row(say("report-undeliverable-resends"), Some(resends.messages), Some(resends.recipients));
    row(say("report-retries"), Some(report.retries.messages), Some(report.retries.recipients));
    row(say("report-unknown-category"), Some(report.totals.unknown_category), None);
    row(say("report-unknown-error"), Some(report.totals.unknown_error), None);
    let rejected = report.rejected.messages + report.rejected.inbound + report.rejected.consents;
    row(say("report-rejected"), Some(rejected), None);
    table
}

const fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "valid",
        Verdict::OptedOut => "opted_out",
        Verdict::Expired => "expired",
        Verdict::Retroactive => "retroactive",
        Verdict::ScopeMismatch => "scope_mismatch",
        Verdict::None => "none",
    }
}

fn one(lang: Lang, place: usize, found: &Finding, told: &mut Vec<domain::traffic::RuleId>) -> String {
    let severity = word(lang, Group::Severity, found.severity.as_str());
    let mut block = format!("{place}. {} [{severity}] {}", found.rule, finding(lang, &FindingFacts::from(found)));
    // What to do is the same for all findings of a rule: said once.
    if !told.contains(&found.rule) {
        told.push(found.rule);
        for action in remedy(lang, found.rule) {
            // Writing to a text cannot fail.
            let written = write!(block, "\n   → {action}");
            debug_assert!(written.is_ok());
        }
    }
    block
}

fn advice(lang: Lang, report: &Report) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED);
    let say = |key: &str| text(lang, key, &Args::new());
    table.set_header(
        ["list", "people", "remove", "ask-again", "rest", "warm-up", "keep"]
            .map(|column| say(&format!("report-advice-{column}"))),
    );
    for advice in &report.advice {
        let name = subject(lang, &Subject::of(SubjectKind::List, advice.list_id.as_deref()));
        let counts =
            [advice.sent.recipients, advice.remove, advice.ask_again, advice.rest, advice.warm_up, advice.keep];
        let figure = |count: u64| {
            Cell::new(number(lang, i64::try_from(count).unwrap_or(i64::MAX))).set_alignment(CellAlignment::Right)
        };
        table.add_row(std::iter::once(Cell::new(name)).chain(counts.map(figure)));
    }
    format!("{}\n{table}", say("report-advice"))
}

fn rules(lang: Lang, report: &Report) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED);
    let say = |key: &str| text(lang, key, &Args::new());
    table.set_header([say("report-rule"), String::new(), say("report-state")]);
    for result in &report.rules {
        let mut state = word(lang, Group::RuleState, result.state.as_str());
        if result.provisional && result.state != RuleState::NotFed {
            state = format!("{state} ({})", say("report-provisional"));
        }
        table.add_row([result.rule.to_string(), rule_name(lang, result.rule), state]);
    }
    table.to_string()
}
