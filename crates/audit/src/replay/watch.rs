//! What the surroundings say of single messages, looked up once: by the ids of the names, as moments.

use std::collections::HashMap;

use domain::traffic::{Category, DeclaredCampaign, PlatformEvent, PlatformEventKind, Surroundings, Thresholds};

use crate::{
    NameId, Names,
    events::{Barrier, barriers, pauses},
    tally::{DAY, slot_of},
};

use super::known::Known;

/// A span of time, the first end included.
pub(super) type Stretch = (i64, i64);

/// The surroundings by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    /// First use of each number, by slot.
    first_use: Vec<Option<i64>>,
    /// The last moment at which any number is still new.
    new_until: i64,
    /// When each template was paused or disabled; empty when none ever was.
    barred: Vec<Vec<Stretch>>,
    /// When Meta had rated each template, as far as told; see [`Watch::is_rated`].
    rated: Option<Vec<Vec<Stretch>>>,
    /// What Meta forbade, and when.
    barriers: Vec<Barrier>,
    /// Whether each campaign was declared, by slot; `None` when the client declares none at all.
    declared: Option<Vec<bool>>,
    /// What concerns consents and recipients.
    known: Known,
}

impl Watch {
    /// Looks up what concerns the traffic of these names.
    pub(super) fn new(names: &Names, surroundings: &Surroundings, thresholds: &Thresholds) -> Self {
        let first_use = first_use(names, surroundings);
        let warm_up = &thresholds.warm_up;
        let new_days = i64::from(warm_up.cold_days.max(warm_up.unrated_days));
        let newest = first_use.iter().flatten().max();
        let events = surroundings.events.as_deref().unwrap_or_default();
        Self {
            new_until: newest.map_or(i64::MIN, |first| first.saturating_add(new_days * DAY)),
            first_use,
            barred: barred(names, events, thresholds),
            rated: rated(names, surroundings),
            barriers: barriers(events, thresholds.enforcement.grace_seconds),
            declared: surroundings.campaigns.as_deref().map(|campaigns| declared(names, campaigns)),
            known: Known::new(names, surroundings),
        }
    }

    /// What concerns consents and recipients.
    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    /// How old a number is at a time, in microseconds; `None` when nobody knows when it was first used, or when it is used
    /// before that.
    pub(super) fn age(&self, number: NameId, at: i64) -> Option<i64> {
        let first = (*self.first_use.get(slot_of(number))?)?;
        Some(at.saturating_sub(first)).filter(|age| *age >= 0)
    }

    /// Whether any number may be new at this time or later.
    pub(super) fn has_new_numbers(&self, at: i64) -> bool {
        at <= self.new_until
    }

    /// Whether Meta ever paused or disabled a template.
    pub(super) fn has_barred(&self) -> bool {
        !self.barred.is_empty()
    }

    /// Whether Meta had paused or disabled the template.
    pub(super) fn is_barred(&self, template: NameId, at: i64) -> bool {
        self.barred.get(template as usize).is_some_and(|stretches| holds(stretches, at))
    }

    /// Whether Meta had rated the template by then; yes, when nobody tells of ratings at all.
    pub(super) fn is_rated(&self, template: NameId, at: i64) -> bool {
        let Some(rated) = &self.rated else { return true };
        rated.get(template as usize).is_some_and(|stretches| holds(stretches, at))
    }

    /// Whether something that Meta had forbidden then was tried.
    pub(super) fn is_forbidden(&self, template: bool, category: Category, in_window: bool, at: i64) -> bool {
        self.barriers.iter().any(|barrier| barrier.forbids(template, category, in_window, at))
    }

    /// Whether anything is ever forbidden.
    pub(super) fn has_barriers(&self) -> bool {
        !self.barriers.is_empty()
    }

    /// Whether the client declares campaigns.
    pub(super) fn has_campaigns(&self) -> bool {
        self.declared.is_some()
    }

    /// Whether the client declares campaigns, and a message of this one belongs to none of them by name.
    pub(super) fn is_undeclared(&self, campaign: NameId) -> bool {
        let Some(declared) = &self.declared else { return false };
        !declared.get(slot_of(campaign)).copied().unwrap_or_default()
    }
}

fn holds(stretches: &[Stretch], at: i64) -> bool {
    stretches.iter().any(|(from, until)| *from <= at && at < *until)
}

fn first_use(names: &Names, surroundings: &Surroundings) -> Vec<Option<i64>> {
    let told = surroundings.numbers.as_deref().unwrap_or_default();
    let known: HashMap<&str, i64> =
        told.iter().filter_map(|number| Some((number.id.as_str(), number.first_used_at?.timestamp_micros()))).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let of = |number: &String| known.get(number.as_str()).copied();
    std::iter::once(None).chain(names.numbers.iter().map(of)).collect()
}

/// Ids of templates by name and language.
fn templates_by_name(names: &Names) -> HashMap<(&str, &str), usize> {
    let named = names.templates.iter().enumerate();
    named.map(|(id, template)| ((template.name.as_str(), template.language.as_str()), id)).collect()
}

fn barred(names: &Names, events: &[PlatformEvent], thresholds: &Thresholds) -> Vec<Vec<Stretch>> {
    let pauses = pauses(events, &thresholds.platform);
    if pauses.is_empty() {
        return Vec::new();
    }
    let ids = templates_by_name(names);
    let mut barred = vec![Vec::new(); names.templates.len()];
    for ((name, language), stretches) in pauses {
        if let Some(id) = ids.get(&(name, language)) {
            barred[*id] = stretches;
        }
    }
    barred
}

/// When templates had a rating: from events, and for templates of which no event tells, from what Meta says of them now.
/// `None` when neither was given.
fn rated(names: &Names, surroundings: &Surroundings) -> Option<Vec<Vec<Stretch>>> {
    let (events, contents) = (surroundings.events.as_deref(), surroundings.templates.as_deref());
    if events.is_none() && contents.is_none() {
        return None;
    }
    let ids = templates_by_name(names);
    let mut changes: Vec<Vec<(i64, bool)>> = vec![Vec::new(); names.templates.len()];
    for event in events.unwrap_or_default() {
        let PlatformEventKind::TemplateQuality { name, language, previous, score } = &event.kind else { continue };
        let Some(id) = ids.get(&(name.as_str(), language.as_str())) else { continue };
        if changes[*id].is_empty() && previous.as_deref().is_some_and(is_rating) {
            changes[*id].push((i64::MIN, true));
        }
        changes[*id].push((event.at.timestamp_micros(), is_rating(score)));
    }
    for content in contents.unwrap_or_default() {
        let Some(id) = ids.get(&(content.name.as_str(), content.language.as_str())) else { continue };
        if changes[*id].is_empty() && content.quality.as_deref().is_some_and(is_rating) {
            changes[*id].push((content.quality_since.map_or(i64::MIN, |since| since.timestamp_micros()), true));
        }
    }
    Some(changes.into_iter().map(stretches).collect())
}

fn is_rating(score: &str) -> bool {
    matches!(score, "GREEN" | "YELLOW" | "RED")
}

fn stretches(mut changes: Vec<(i64, bool)>) -> Vec<Stretch> {
    changes.sort_by_key(|(at, _)| *at);
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([i64::MAX]);
    changes.iter().zip(ends).filter(|((_, rated), _)| *rated).map(|((at, _), end)| (*at, end)).collect()
}

fn declared(names: &Names, campaigns: &[DeclaredCampaign]) -> Vec<bool> {
    let ids: std::collections::HashSet<&str> = campaigns.iter().filter_map(|campaign| campaign.id.as_deref()).collect();
    std::iter::once(false).chain(names.campaigns.iter().map(|name| ids.contains(name.as_str()))).collect()
}
