//! What the surroundings say of single messages, looked up once: by the ids of the names, as moments.

use std::collections::{BTreeMap, HashMap};

use domain::traffic::{Category, DeclaredCampaign, PlatformEvent, PlatformEventKind, Surroundings, Thresholds};

use crate::{
    NameId, Names,
    events::{Account, Accounts, Barrier, Pause, TemplateKey, barriers, pauses},
    tally::{DAY, slot_of},
};

use super::known::Known;

/// A span of time, the first end included.
pub(super) type Stretch = (i64, i64);

/// The numbers that something concerns, by slot; `None` is every number.
type Concerned = Option<Vec<bool>>;

fn is_of(concerned: &Concerned, number: NameId) -> bool {
    concerns(concerned, slot_of(number))
}

fn concerns(concerned: &Concerned, slot: usize) -> bool {
    concerned.as_ref().is_none_or(|numbers| numbers.get(slot).copied().unwrap_or_default())
}

/// Stretches of time, and the numbers for which each holds.
type Stretches = Vec<(Stretch, Concerned)>;

fn hold(stretches: &[(Stretch, Concerned)], number: NameId, at: i64) -> bool {
    stretches.iter().any(|((from, until), concerned)| *from <= at && at < *until && is_of(concerned, number))
}

/// The surroundings by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    /// First use of each number, by slot.
    first_use: Vec<Option<i64>>,
    /// The last moment at which any number is still new.
    new_until: i64,
    /// When each template was paused or disabled, and for which numbers; empty when none ever was.
    barred: Vec<Stretches>,
    /// When Meta had rated each template, and for which numbers, as far as told; see [`Watch::is_rated`].
    rated: Option<Vec<Stretches>>,
    /// What Meta forbade, when, and to which numbers.
    barriers: Vec<(Barrier<'static>, Concerned)>,
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
        let accounts = Accounts::of(surroundings);
        let concerned =
            |account: Account<'_>| account.map(|_| by_slot(names, |number| accounts.concerns(account, number)));
        let may_concern =
            |account: Account<'_>| account.map(|_| by_slot(names, |number| accounts.may_concern(account, number)));
        Self {
            new_until: newest.map_or(i64::MIN, |first| first.saturating_add(new_days * DAY)),
            first_use,
            barred: barred(names, pauses(events, &thresholds.platform), concerned),
            rated: rated(names, surroundings, may_concern),
            barriers: barriers(events, thresholds.enforcement.grace_seconds)
                .into_iter()
                .map(|barrier| (barrier.of_all(), concerned(barrier.account)))
                .collect(),
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

    /// Whether Meta had paused or disabled the template in the account of the number.
    pub(super) fn is_barred(&self, template: NameId, number: NameId, at: i64) -> bool {
        self.barred.get(template as usize).is_some_and(|stretches| hold(stretches, number, at))
    }

    /// Whether Meta had rated the template in the account of the number by then; yes, when nobody tells of ratings at all.
    pub(super) fn is_rated(&self, template: NameId, number: NameId, at: i64) -> bool {
        let Some(rated) = &self.rated else { return true };
        rated.get(template as usize).is_some_and(|stretches| hold(stretches, number, at))
    }

    /// Whether something was tried that Meta had forbidden to the number then.
    pub(super) fn is_forbidden(
        &self,
        number: NameId,
        template: bool,
        category: Category,
        in_window: bool,
        at: i64,
    ) -> bool {
        let forbids = |(barrier, concerned): &(Barrier<'_>, Concerned)| {
            barrier.forbids(template, category, in_window, at) && is_of(concerned, number)
        };
        self.barriers.iter().any(forbids)
    }

    /// Whether anything is ever forbidden.
    pub(super) fn has_barriers(&self) -> bool {
        !self.barriers.is_empty()
    }

    /// Whether the client declares campaigns.
    pub(super) fn has_campaigns(&self) -> bool {
        self.declared.is_some()
    }

    /// Whether the campaign was declared, by name.
    pub(super) fn is_declared(&self, campaign: NameId) -> bool {
        let declared = self.declared.as_ref().and_then(|declared| declared.get(slot_of(campaign)));
        declared.copied().unwrap_or_default()
    }

    /// Whether the client declares campaigns, and a message of this one belongs to none of them by name.
    pub(super) fn is_undeclared(&self, campaign: NameId) -> bool {
        self.has_campaigns() && !self.is_declared(campaign)
    }
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

/// The numbers that something concerns, by slot. Messages of no number are of no account that is known.
fn by_slot(names: &Names, concerns: impl Fn(Option<&str>) -> bool) -> Vec<bool> {
    let numbers = names.numbers.iter().map(|number| Some(number.as_str()));
    std::iter::once(None).chain(numbers).map(concerns).collect()
}

fn barred(
    names: &Names,
    pauses: BTreeMap<TemplateKey<'_>, Vec<Pause<'_>>>,
    concerned: impl Fn(Account<'_>) -> Concerned,
) -> Vec<Stretches> {
    if pauses.is_empty() {
        return Vec::new();
    }
    let ids = templates_by_name(names);
    let mut barred = vec![Vec::new(); names.templates.len()];
    for (template, pauses) in pauses {
        if let Some(id) = ids.get(&template) {
            let stretch = |pause: Pause<'_>| ((pause.from, pause.until), concerned(pause.account));
            barred[*id] = pauses.into_iter().map(stretch).collect();
        }
    }
    barred
}

/// When templates had a rating, and for which numbers: from events of their accounts, and for numbers of accounts of which no
/// event tells, from what Meta says of the templates now. `None` when neither was given.
fn rated(
    names: &Names,
    surroundings: &Surroundings,
    concerned: impl Fn(Account<'_>) -> Concerned,
) -> Option<Vec<Stretches>> {
    let (events, contents) = (surroundings.events.as_deref(), surroundings.templates.as_deref());
    if events.is_none() && contents.is_none() {
        return None;
    }
    let ids = templates_by_name(names);
    let mut rated = vec![Stretches::new(); names.templates.len()];
    let mut told = BTreeMap::<usize, Vec<Concerned>>::new();
    for ((id, account), changes) in rating_changes(&ids, events.unwrap_or_default()) {
        let concerned = concerned(account);
        rated[id].extend(stretches(changes).into_iter().map(|stretch| (stretch, concerned.clone())));
        told.entry(id).or_default().push(concerned);
    }
    for content in contents.unwrap_or_default() {
        let Some(id) = ids.get(&(content.name.as_str(), content.language.as_str())) else { continue };
        if content.quality.as_deref().is_some_and(is_rating) {
            let since = content.quality_since.map_or(i64::MIN, |since| since.timestamp_micros());
            let others = told.get(id).map(|told| {
                (0..=names.numbers.len()).map(|slot| !told.iter().any(|one| concerns(one, slot))).collect()
            });
            rated[*id].push(((since, i64::MAX), others));
        }
    }
    Some(rated)
}

/// Changes of a template in an account, each with whether it is rated from then on.
type RatingChanges<'e> = BTreeMap<(usize, Account<'e>), Vec<(i64, bool)>>;

fn rating_changes<'e>(ids: &HashMap<(&str, &str), usize>, events: &'e [PlatformEvent]) -> RatingChanges<'e> {
    let mut changes = RatingChanges::new();
    for event in events {
        let PlatformEventKind::TemplateQuality { name, language, previous, score } = &event.kind else { continue };
        let Some(id) = ids.get(&(name.as_str(), language.as_str())) else { continue };
        let changes = changes.entry((*id, event.account.as_deref())).or_default();
        if changes.is_empty() && previous.as_deref().is_some_and(is_rating) {
            changes.push((i64::MIN, true));
        }
        changes.push((event.at.timestamp_micros(), is_rating(score)));
    }
    changes
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
