//! What replays count. Tallies over disjoint recipients merge in any order to the same tally.

mod breakdown;
mod cells;
mod cluster;
mod count;
mod evidence;
mod minutes;
mod opt_ins;
mod peak;
mod received;
mod sending;
mod timeline;

use std::collections::HashMap;

use domain::traffic::Category;

use crate::{NO_NAME, NameId, Settings};

pub(crate) use breakdown::{Breakdown, ByDimension, Slots, Tallied};
pub(crate) use cells::{CampaignCell, ListCell, NumberDay, PartDay, ReadDay, TemplateCell, TemplateDay, WindowDay};
pub(crate) use count::Count;
pub use evidence::mask;
pub(crate) use evidence::{Evidence, Kept, Traced};
pub(crate) use minutes::{Minutes, busiest, busy_hours};
pub(crate) use opt_ins::OptIns;
pub(crate) use peak::{Activity, DAY};
pub(crate) use received::{Received, Span};
pub(crate) use sending::{HeardMinutes, NumberSends, Sending, TemplateSends, Thick};
pub(crate) use timeline::Timeline;

/// The counts of a replay. It holds nothing per recipient beyond the edges of `Activity`; its size follows the names,
/// days and hours of the traffic.
#[derive(Debug, Clone)]
pub struct Tally {
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
    pub(crate) sample_size: usize,
    /// The least and the greatest sent_at that were fed.
    pub(crate) sent: Option<(i64, i64)>,
    pub(crate) messages: Count,
    pub(crate) templates_sent: u64,
    pub(crate) in_window: u64,
    /// Sends of an unknown category, and failures with a code that Meta does not document.
    pub(crate) unknown_category: u64,
    pub(crate) unknown_error: u64,
    pub(crate) counted: u64,
    pub(crate) received: Received,
    /// Inbound messages that carry their text, and those that do not.
    pub(crate) texts: u64,
    pub(crate) textless: u64,
    /// Opt-outs that Meta's own switch reported.
    pub(crate) preference_stops: u64,
    pub(crate) verdicts: [Count; 6],
    /// By list; slot 0 is for messages of no list, see [`slot_of`].
    pub(crate) lists: Vec<ListCell>,
    pub(crate) templates: Vec<TemplateCell>,
    /// Failures by (template, Meta's code).
    pub(crate) errors: HashMap<(NameId, u32), u64>,
    pub(crate) outside_window: Traced,
    /// Free-form messages outside of the window, by number.
    pub(crate) outside_window_numbers: Vec<Count>,
    pub(crate) window_days: Timeline<WindowDay>,
    pub(crate) activity: Activity,
    /// By number, then day.
    pub(crate) number_days: Vec<Timeline<NumberDay>>,
    pub(crate) flooding_day: Count,
    pub(crate) flooding_week: Count,
    /// Messages that Meta refused again and again for coming too fast to one person.
    pub(crate) pair_limit: Count,
    /// Messages of any of these.
    pub(crate) pressing: Traced,
    pub(crate) dead: Traced,
    /// Recipients with enough marketing messages to be judged dead or alive.
    pub(crate) judged_dead: u64,
    pub(crate) resends: Traced,
    pub(crate) retries: Count,
    pub(crate) storms: Traced,
    /// Messages of storms by template name.
    pub(crate) storm_templates: Vec<Count>,
    /// By campaign; slot 0 is for messages of no campaign.
    pub(crate) campaigns: Vec<CampaignCell>,
    pub(crate) thick: Thick,
    pub(crate) sending: Sending,
    /// Due sends, and of them the valid ones, by day; those of the look-back of CON-10 too.
    pub(crate) coverage: Timeline<PartDay>,
    /// Due sends without a valid consent.
    pub(crate) uncovered: Count,
    /// Valid sends whose opt-in names who collected it, or the name that it showed.
    pub(crate) controlled: u64,
    /// Valid sends by wording, of those wordings that say too little.
    pub(crate) wordings: Vec<Traced>,
    /// Opt-ins of the whole ledger.
    pub(crate) opt_ins: OptIns,
    /// Delivered templates by template and category (see [`reading_of`]), then day; those of the look-back of ENG-01 too.
    pub(crate) readings: Vec<Timeline<ReadDay>>,
    /// Of the period's, those that nobody read.
    pub(crate) unread: Vec<Count>,
    /// Marketing templates, and of them those that Meta chose not to deliver, by day; those of the look-back of ENG-03 too.
    pub(crate) choices: Timeline<PartDay>,
    /// Marketing that Meta chose not to deliver.
    pub(crate) not_delivered: Traced,
    /// Marketing to numbers of the United States.
    pub(crate) to_united_states: Traced,
    /// What went wrong, by list, template, ….
    pub(crate) breakdown: Breakdown,
    /// Whether a replay that did not know the surroundings added to it.
    pub(crate) uninformed: bool,
}

/// Categories, [`domain::traffic::Category::Unknown`] included.
pub(crate) const CATEGORIES: usize = 5;

/// The slot of a template's sends of one category.
pub(crate) fn reading_of(template: NameId, category: Category) -> usize {
    template as usize * CATEGORIES + category as usize
}

/// The slot of a name that may be absent.
pub(crate) fn slot_of(id: NameId) -> usize {
    if id == NO_NAME { 0 } else { id as usize + 1 }
}

/// The cell at an index, made when it is missing.
#[inline]
pub(crate) fn cell<T: Default>(cells: &mut Vec<T>, index: usize) -> &mut T {
    #[cold]
    fn make<T: Default>(cells: &mut Vec<T>, index: usize) {
        cells.resize_with(index + 1, T::default);
    }
    if index >= cells.len() {
        make(cells, index);
    }
    &mut cells[index]
}

/// Adds cells over other recipients, index by index.
fn merge_cells<T: Default>(into: &mut Vec<T>, other: Vec<T>, mut merge: impl FnMut(&mut T, T)) {
    if into.len() < other.len() {
        into.resize_with(other.len(), T::default);
    }
    for (cell, added) in into.iter_mut().zip(other) {
        merge(cell, added);
    }
}

impl Tally {
    /// A tally of nothing: the neutral element of [`Tally::merge`].
    pub fn new(settings: &Settings) -> Self {
        Self {
            from: settings.from,
            to: settings.to,
            sample_size: settings.sample_size,
            sent: None,
            messages: Count::default(),
            templates_sent: 0,
            in_window: 0,
            unknown_category: 0,
            unknown_error: 0,
            counted: 0,
            received: Received::default(),
            texts: 0,
            textless: 0,
            preference_stops: 0,
            verdicts: [Count::default(); 6],
            lists: Vec::new(),
            templates: Vec::new(),
            errors: HashMap::new(),
            outside_window: Traced::default(),
            outside_window_numbers: Vec::new(),
            window_days: Timeline::default(),
            activity: Activity::default(),
            number_days: Vec::new(),
            flooding_day: Count::default(),
            flooding_week: Count::default(),
            pair_limit: Count::default(),
            pressing: Traced::default(),
            dead: Traced::default(),
            judged_dead: 0,
            resends: Traced::default(),
            retries: Count::default(),
            storms: Traced::default(),
            storm_templates: Vec::new(),
            campaigns: Vec::new(),
            thick: Thick::of(&settings.thresholds),
            sending: Sending::default(),
            coverage: Timeline::default(),
            uncovered: Count::default(),
            controlled: 0,
            wordings: Vec::new(),
            opt_ins: OptIns::default(),
            readings: Vec::new(),
            unread: Vec::new(),
            choices: Timeline::default(),
            not_delivered: Traced::default(),
            to_united_states: Traced::default(),
            breakdown: Breakdown::default(),
            uninformed: false,
        }
    }

    /// Adds the tally of other recipients, replayed with the same settings and the same names. Any split of the recipients
    /// and any order of merging gives the same report.
    pub fn merge(&mut self, other: Self) {
        let limit = self.sample_size;
        if let Some((least, greatest)) = other.sent {
            self.widen(least, greatest);
        }
        self.messages.merge(other.messages);
        self.templates_sent += other.templates_sent;
        self.in_window += other.in_window;
        self.unknown_category += other.unknown_category;
        self.unknown_error += other.unknown_error;
        self.counted += other.counted;
        self.received.merge(other.received, self.span());
        self.texts += other.texts;
        self.textless += other.textless;
        self.preference_stops += other.preference_stops;
        for (count, added) in self.verdicts.iter_mut().zip(other.verdicts) {
            count.merge(added);
        }
        merge_cells(&mut self.lists, other.lists, |cell, added| cell.merge(limit, added));
        merge_cells(&mut self.templates, other.templates, |cell, added| cell.merge(limit, added));
        for (key, messages) in other.errors {
            *self.errors.entry(key).or_default() += messages;
        }
        self.outside_window.merge(limit, other.outside_window);
        merge_cells(&mut self.outside_window_numbers, other.outside_window_numbers, Count::merge);
        self.window_days.merge(other.window_days);
        self.activity.merge(other.activity);
        merge_cells(&mut self.number_days, other.number_days, Timeline::merge);
        self.flooding_day.merge(other.flooding_day);
        self.flooding_week.merge(other.flooding_week);
        self.pair_limit.merge(other.pair_limit);
        self.pressing.merge(limit, other.pressing);
        self.dead.merge(limit, other.dead);
        self.judged_dead += other.judged_dead;
        self.resends.merge(limit, other.resends);
        self.retries.merge(other.retries);
        self.storms.merge(limit, other.storms);
        merge_cells(&mut self.storm_templates, other.storm_templates, Count::merge);
        merge_cells(&mut self.campaigns, other.campaigns, |cell, added| cell.merge(limit, added));
        self.sending.merge(limit, self.thick, other.sending);
        self.coverage.merge(other.coverage);
        self.uncovered.merge(other.uncovered);
        self.controlled += other.controlled;
        merge_cells(&mut self.wordings, other.wordings, |cell, added| cell.merge(limit, added));
        self.opt_ins.merge(other.opt_ins);
        merge_cells(&mut self.readings, other.readings, Timeline::merge);
        merge_cells(&mut self.unread, other.unread, Count::merge);
        self.choices.merge(other.choices);
        self.not_delivered.merge(limit, other.not_delivered);
        self.to_united_states.merge(limit, other.to_united_states);
        self.breakdown.merge(other.breakdown);
        self.uninformed |= other.uninformed;
    }

    /// Takes note of sends between two times.
    pub(crate) fn widen(&mut self, least: i64, greatest: i64) {
        self.sent = Some(self.sent.map_or((least, greatest), |(low, high)| (low.min(least), high.max(greatest))));
    }

    /// Due sends.
    pub(crate) fn due(&self) -> u64 {
        self.verdicts.iter().map(|count| count.messages).sum()
    }

    /// Start of the period.
    pub(crate) fn period_from(&self) -> Option<i64> {
        self.from.or(self.sent.map(|(least, _)| least))
    }

    /// End of the period, excluded.
    pub(crate) fn period_to(&self) -> Option<i64> {
        self.to.or(self.sent.map(|(_, greatest)| greatest.saturating_add(1)))
    }

    /// The period as far as it is known.
    pub(crate) fn span(&self) -> Option<Span> {
        Some(Span { from: self.period_from()?, to: self.period_to()? })
    }
}
