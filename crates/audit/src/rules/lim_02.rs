//! LIM-02: a declared campaign that does not fit into what the messaging limit leaves.

use domain::traffic::{Count, DeclaredCampaign, Severity, Subject, SubjectKind};

use crate::tally::DAY;

use super::{Case, Draft, Judgement};

/// Adds each campaign of the period, or after it, to the people who were reached in the 24 hours before its start. That all
/// of a campaign's people are new to the day is the worst case, and the only one that a plan can rely on. A campaign of which
/// sends are known is judged by what it did (LIM-01), not by its plan.
pub(super) fn judge(case: &Case<'_>) -> Judgement {
    let surroundings = &case.inputs.surroundings;
    let (Some(limit), Some(campaigns)) = (surroundings.messaging_limit, surroundings.campaigns.as_deref()) else {
        return Judgement::NotFed;
    };
    let from = case.tally.period_from().unwrap_or(i64::MIN);
    let is_open = |campaign: &&DeclaredCampaign| campaign.start >= from && !has_begun(case, campaign);
    let mut planned = campaigns.iter().filter(is_open).peekable();
    if planned.peek().is_none() || limit == u64::MAX {
        return Judgement::Judged(Vec::new());
    }
    let (mut drafts, mut judged) = (Vec::new(), false);
    for (campaign, size) in planned.filter_map(|campaign| Some((campaign, campaign.size?))) {
        judged = true;
        let before = case.tally.activity.active_at(campaign.start.saturating_sub(1));
        let others = others(case, campaigns, campaign);
        let reached = before.saturating_add(others).saturating_add(size);
        if reached <= limit {
            continue;
        }
        let subject = Subject::of(SubjectKind::Campaign, campaign.id.as_deref());
        let draft = Draft::new(Severity::High, subject, Count { messages: 0, recipients: size })
            .count("limit", limit)
            .count("reachedBefore", before)
            .count("otherCampaigns", others)
            .count("reached", reached)
            .count("excess", reached - limit);
        drafts.push(draft);
    }
    if judged { Judgement::Judged(drafts) } else { Judgement::Insufficient }
}

fn has_begun(case: &Case<'_>, campaign: &DeclaredCampaign) -> bool {
    let slot = campaign.id.as_ref().and_then(|id| case.names.campaigns.iter().position(|name| name == id));
    let cell = slot.and_then(|id| case.tally.campaigns.get(id + 1));
    cell.is_some_and(|cell| cell.delivered.messages > 0)
}

/// People of other campaigns that start in the 24 hours up to this one's start and of which no send is known yet.
fn others(case: &Case<'_>, campaigns: &[DeclaredCampaign], own: &DeclaredCampaign) -> u64 {
    let known_until = case.tally.period_to().unwrap_or(i64::MIN);
    let near = campaigns.iter().filter(|campaign| {
        !std::ptr::eq(*campaign, own)
            && campaign.start >= known_until
            && campaign.start <= own.start
            && own.start.saturating_sub(campaign.start) < DAY
    });
    near.filter_map(|campaign| campaign.size).fold(0, u64::saturating_add)
}
