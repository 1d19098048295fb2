//! VOL-03: a burst of one template that no declared campaign explains.

use std::collections::BTreeMap;

use domain::traffic::{DeclaredCampaign, Severity, Subject, SubjectKind};

use crate::tally::{Minutes, busiest, busy_hours};

use super::{Case, Draft, Judgement};

/// Microseconds of an hour and of a minute.
const HOUR: i64 = 3_600_000_000;
const MINUTE: i64 = HOUR / 60;

/// Looks for each template's busiest hour, over all numbers and languages. Sends of a campaign that was declared by name are
/// not in the counts; those that a declared campaign covers by template, number and time are left out here.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let Some(campaigns) = case.inputs.surroundings.campaigns.as_deref().filter(|_| !case.tally.uninformed) else {
        return Judgement::NotFed;
    };
    let templates = case.tally.sending.bursts.iter().enumerate();
    Judgement::Judged(templates.filter_map(|(id, numbers)| draft(case, id, numbers, campaigns)).collect())
}

fn draft(case: &Case<'_>, id: usize, numbers: &[Minutes], campaigns: &[DeclaredCampaign]) -> Option<Draft> {
    let thresholds = &case.thresholds.campaign;
    let name = case.names.templates.get(id).map(|template| template.name.as_str());
    let lasting = i64::from(thresholds.declared_hours) * HOUR;
    let length = thresholds.minutes.max(1).into();
    let mut hours = BTreeMap::new();
    for minutes in numbers {
        minutes.by_hour(&mut hours);
    }
    let busy = busy_hours(&hours, length, thresholds.messages.max(1));
    if busy.is_empty() {
        return None;
    }
    let mut series = BTreeMap::new();
    for (slot, minutes) in numbers.iter().enumerate() {
        let number = case.names.number(slot);
        let concerned: Vec<i64> = campaigns
            .iter()
            .filter(|campaign| campaign.template_name.is_none() || campaign.template_name.as_deref() == name)
            .filter(|campaign| campaign.number.is_none() || campaign.number.as_deref() == number)
            .map(|campaign| campaign.start)
            .collect();
        let covered = |minute: i64| {
            concerned.iter().any(|start| minute > start - MINUTE && minute < start.saturating_add(lasting))
        };
        minutes.pour(&mut series, |hour| busy.contains(&hour), covered);
    }
    let (messages, since) = busiest(&series, length)?;
    if messages < thresholds.messages {
        return None;
    }
    let sends = case.tally.sending.undeclared.get(id).copied().unwrap_or_default();
    let subject = Subject::of(SubjectKind::Template, name);
    let draft = Draft::new(Severity::Low, subject, sends)
        .count("busiest", messages)
        .count("minutes", thresholds.minutes.into())
        .count("threshold", thresholds.messages)
        .count("startedAt", (since / 1_000_000).max(0).unsigned_abs());
    Some(draft)
}
