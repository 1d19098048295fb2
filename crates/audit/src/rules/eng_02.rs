//! ENG-02: campaigns after which too many said stop.

use domain::traffic::{OptOutThresholds, Severity, Subject, SubjectKind};

use crate::{
    statistics::{share, wilson},
    tally::CampaignCell,
};

use super::{Case, Draft, Judgement};

/// Judges each campaign by the rate of people who said stop, of those whom it reached.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let (tally, thresholds) = (case.tally, &case.thresholds.opt_out);
    let speechless = tally.texts == 0 && tally.textless > 0 && tally.preference_stops == 0;
    if speechless {
        return Judgement::NotFed;
    }
    let mut drafts = Vec::new();
    let mut judged = false;
    for (slot, campaign) in tally.campaigns.iter().enumerate() {
        let (stops, reached) = (campaign.stops.count.recipients, campaign.delivered.recipients);
        let (lower, upper) = wilson(stops, reached);
        let Some(severity) = severity(campaign, thresholds) else {
            judged |= reached >= thresholds.enough_recipients.max(1) || upper < thresholds.medium_rate;
            continue;
        };
        let subject = Subject::of(SubjectKind::Campaign, case.names.campaign(slot));
        let draft = Draft::new(severity, subject, campaign.stops.count)
            .count("reached", reached)
            .count("stops", stops)
            .value("rate", share(stops, reached))
            .value("lowerBound", lower)
            .value("threshold", thresholds.medium_rate)
            .sample(case, &campaign.stops.evidence);
        drafts.push(draft);
    }
    if drafts.is_empty() && !judged { Judgement::Insufficient } else { Judgement::Judged(drafts) }
}

/// The highest step that the rate reaches, if enough people were reached for the rate to be believed.
fn severity(campaign: &CampaignCell, thresholds: &OptOutThresholds) -> Option<Severity> {
    let (stops, reached) = (campaign.stops.count.recipients, campaign.delivered.recipients);
    let (rate, (lower, _)) = (share(stops, reached), wilson(stops, reached));
    let believed = |step: f64| rate >= step && (lower >= step || reached >= thresholds.enough_recipients);
    let steps = [
        (thresholds.critical_rate, Severity::Critical),
        (thresholds.high_rate, Severity::High),
        (thresholds.medium_rate, Severity::Medium),
    ];
    steps.into_iter().find(|(step, _)| stops > 0 && believed(*step)).map(|(_, severity)| severity)
}
