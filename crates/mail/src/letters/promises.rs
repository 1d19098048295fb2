//! Letters about promises: at risk, broken, in need of somebody above.

use domain::{
    Instant,
    notifications::{SlaLine, TicketLabel},
};
use i18n::{Args, Group, percent, word};

use super::Said;
use crate::letter::{Block, Reader};

fn due(reader: &Reader<'_>, key: &str, metric: &str, due: Instant) -> Block {
    let metric = word(reader.lang, Group::SlaMetric, metric);
    reader.paragraph(key, Args::new().text("metric", metric).moment("due", due, reader.zone.clone()))
}

fn metric_line(reader: &Reader<'_>, metric: Option<&str>) -> Option<Block> {
    let metric = word(reader.lang, Group::SlaMetric, metric?);
    Some(reader.named("mail-sla-metric", "metric", &metric))
}

pub(super) fn warning(
    reader: &Reader<'_>,
    ticket: &TicketLabel,
    metric: &str,
    used: Option<u32>,
    due_at: Instant,
) -> Said {
    let mut blocks = vec![due(reader, "mail-sla-warning-text", metric, due_at)];
    blocks.extend(used.map(|used| {
        let used = percent(reader.lang, f64::from(used) / 100.0);
        reader.named("mail-sla-warning-percent", "percent", &used)
    }));
    Said::about(reader, ticket, blocks)
}

pub(super) fn breach(reader: &Reader<'_>, ticket: &TicketLabel, metric: &str, due_at: Instant) -> Said {
    Said::about(reader, ticket, vec![due(reader, "mail-sla-breach-text", metric, due_at)])
}

pub(super) fn reminder(reader: &Reader<'_>, ticket: &TicketLabel, metric: Option<&str>, expected_by: Instant) -> Said {
    let mut blocks = vec![reader.dated("mail-sla-reminder-text", "expected", expected_by)];
    blocks.extend(metric_line(reader, metric));
    Said::about(reader, ticket, blocks)
}

pub(super) fn escalation(reader: &Reader<'_>, ticket: &TicketLabel, metric: Option<&str>, level: u32) -> Said {
    let args = Args::new().count("level", u64::from(level));
    let mut blocks = vec![reader.paragraph("mail-escalation-text", args)];
    blocks.extend(metric_line(reader, metric));
    Said::about(reader, ticket, blocks)
}

/// Promises that a digest lists; of the others it says how many there are.
const LISTED: usize = 50;

pub(super) fn digest(reader: &Reader<'_>, lines: &[SlaLine]) -> Said {
    let count = |count: usize| Args::new().count("count", count as u64);
    let line = |line: &SlaLine| {
        let args = Args::new()
            .text("reference", line.ticket.reference.as_str())
            .text("title", line.ticket.title.as_str())
            .text("metric", word(reader.lang, Group::SlaMetric, &line.metric));
        match line.level.strip_suffix('%') {
            Some(percent) => reader.say("mail-sla-digest-percent", args.text("percent", percent)),
            None if line.level == "breach" => reader.say("mail-sla-digest-breach", args),
            None => reader.say("mail-sla-digest-line", args),
        }
    };
    let mut listed: Vec<_> = lines.iter().take(LISTED).map(line).collect();
    let more = lines.len().saturating_sub(LISTED);
    if more > 0 {
        listed.push(reader.say("mail-sla-digest-more", count(more)));
    }
    let blocks = vec![reader.paragraph("mail-sla-digest-text", count(lines.len())), Block::List(listed)];
    Said { subject: reader.say("mail-sla-digest-subject", count(lines.len())), blocks }
}
