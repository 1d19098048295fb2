//! From a merged tally to the report.

use domain::traffic::{
    ConsentFigures, ErrorFigures, Flooding, ListAdvice, ListFigures, Outcome, Peak, Period, Recipients, Report, RuleId,
    TemplateFigures, Thresholds, Totals, Verdict, VerdictFigures, instant_of_micros,
};

use crate::{Inputs, Names, Settings, Tally, attribution::attributions, rules, tally::ListCell};

/// All verdicts, in the order of their definition, which is that of the tally's arrays.
const VERDICTS: [Verdict; 6] =
    [Verdict::Valid, Verdict::OptedOut, Verdict::Expired, Verdict::Retroactive, Verdict::ScopeMismatch, Verdict::None];

/// The release that judges.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// Rules whose findings count days from the moment of the audit, or end with them.
const COUNTS_DAYS: [RuleId; 4] = [RuleId::Enf01, RuleId::Enf02, RuleId::Enf04, RuleId::Tpl12];

/// Whether the same data, period, thresholds and surroundings would give the same report at any later moment, judged by this
/// release: nothing can arrive late any more, and no finding looks at the clock.
pub fn still_holds(report: &Report, thresholds: &Thresholds) -> bool {
    // OPS-01 leaves out the newest sends.
    let settled = i64::from(thresholds.silence.settle_minutes) * 60_000_000 <= rules::LATE;
    let is_final = !report.rules.is_empty() && report.rules.iter().all(|result| !result.provisional);
    let is_timeless = report.findings.iter().all(|finding| !COUNTS_DAYS.contains(&finding.rule));
    report.release == RELEASE && settled && is_final && is_timeless
}

/// The report of an audit: the figures, and what the rules of the profile make of them. `names` are those that the replays
/// were fed with, `settings` those that the replays got.
pub fn report(tally: &Tally, names: &Names, inputs: &Inputs, settings: &Settings) -> Report {
    let peak = tally.activity.peak();
    let (rules, findings) = rules::evaluate(&rules::Case {
        tally,
        names,
        inputs,
        thresholds: &settings.thresholds,
        settings,
        peak,
        content: &rules::Content::default(),
    });
    Report {
        release: RELEASE.to_owned(),
        period: Period {
            from: tally.period_from().map(instant_of_micros),
            to: tally.period_to().map(instant_of_micros),
        },
        totals: totals(tally),
        rejected: inputs.rejected,
        consent: consent(tally, names),
        templates: templates(tally, names),
        free_form_outside_window: tally.outside_window.count.into(),
        peak24h: Peak {
            recipients: peak.map_or(0, |(recipients, _)| recipients),
            at: peak.map(|(_, at)| instant_of_micros(at)),
        },
        flooding: Flooding {
            day_messages: tally.flooding_day.messages,
            day_recipients: tally.flooding_day.recipients,
            week_messages: tally.flooding_week.messages,
            week_recipients: tally.flooding_week.recipients,
        },
        dead_audience: Recipients { recipients: tally.dead.count.recipients },
        undeliverable_resends: tally.resends.count.into(),
        retries: tally.retries.into(),
        advice: advice(tally, names),
        attribution: attributions(tally, names, &settings.thresholds.list),
        rules,
        findings,
    }
}

fn totals(tally: &Tally) -> Totals {
    Totals {
        messages: tally.messages.messages,
        templates: tally.templates_sent,
        free_form: tally.messages.messages - tally.templates_sent,
        in_window: tally.in_window,
        counted: tally.counted,
        recipients: tally.messages.recipients,
        inbound: tally.received.within(tally.span()),
        unknown_category: tally.unknown_category,
        unknown_error: tally.unknown_error,
    }
}

fn consent(tally: &Tally, names: &Names) -> ConsentFigures {
    let by_verdict = VERDICTS.into_iter().zip(tally.verdicts).filter(|(_, count)| count.messages > 0);
    let mut by_list: Vec<ListFigures> = Vec::new();
    for (slot, list) in tally.lists.iter().enumerate() {
        let verdicts = VERDICTS.into_iter().zip(list.verdicts).filter(|(_, count)| count.messages > 0);
        by_list.extend(verdicts.map(|(verdict, count)| ListFigures {
            list_id: names.list(slot).map(str::to_owned),
            verdict,
            messages: count.messages,
            recipients: count.recipients,
        }));
    }
    by_list.sort_by(|one, other| {
        (one.list_id.is_none(), &one.list_id, one.verdict).cmp(&(
            other.list_id.is_none(),
            &other.list_id,
            other.verdict,
        ))
    });
    ConsentFigures {
        due: tally.due(),
        by_verdict: by_verdict
            .map(|(verdict, count)| VerdictFigures { verdict, messages: count.messages, recipients: count.recipients })
            .collect(),
        by_list,
    }
}

/// What to do with each list's people, by list; lists where everybody may be kept are left out.
fn advice(tally: &Tally, names: &Names) -> Vec<ListAdvice> {
    let of = |(slot, list): (usize, &ListCell)| {
        let [remove, ask_again, rest, warm_up, keep] = list.advice.map(|count| count.recipients);
        (remove + ask_again + rest + warm_up > 0).then(|| ListAdvice {
            list_id: names.list(slot).map(str::to_owned),
            sent: domain::traffic::Count { messages: list.sent, recipients: list.recipients.recipients },
            remove,
            ask_again,
            rest,
            warm_up,
            keep,
        })
    };
    let mut advice: Vec<ListAdvice> = tally.lists.iter().enumerate().filter_map(of).collect();
    advice.sort_by(|one, other| (one.list_id.is_none(), &one.list_id).cmp(&(other.list_id.is_none(), &other.list_id)));
    advice
}

fn templates(tally: &Tally, names: &Names) -> Vec<TemplateFigures> {
    let mut figures: Vec<(usize, TemplateFigures)> = Vec::new();
    for (id, template) in tally.templates.iter().enumerate().filter(|(_, template)| template.all.messages > 0) {
        let Some(name) = names.templates.get(id) else { continue };
        figures.push((
            id,
            TemplateFigures {
                name: name.name.clone(),
                language: name.language.clone(),
                sent: template.all.messages,
                delivered: template.ended(Outcome::Delivered) + template.ended(Outcome::Read),
                read: template.ended(Outcome::Read),
                failed: template.ended(Outcome::Failed),
                errors: Vec::new(),
            },
        ));
    }
    let mut errors: Vec<(usize, ErrorFigures)> = tally
        .errors
        .iter()
        .map(|((id, code), messages)| (*id as usize, ErrorFigures { code: *code, messages: *messages }))
        .collect();
    errors.sort_unstable_by_key(|(id, error)| (*id, error.code));
    for (id, figures) in &mut figures {
        let first = errors.partition_point(|(of, _)| of < id);
        figures.errors = errors[first..].iter().take_while(|(of, _)| of == id).map(|(_, error)| *error).collect();
    }
    let mut figures: Vec<TemplateFigures> = figures.into_iter().map(|(_, figures)| figures).collect();
    figures.sort_by(|one, other| (&one.name, &one.language).cmp(&(&other.name, &other.language)));
    figures
}
