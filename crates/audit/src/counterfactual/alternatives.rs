//! Several removals replayed in one pass.
//!
//! Two removals that take the same of a person's messages leave the same rest. So each history is replayed once for every
//! different rest, not for every removal, into the tally of the histories that hold the same of what is removed and lose the
//! same of it; the tally of a removal is the sum of those that it leads to.

use std::collections::HashMap;

use domain::traffic::Surroundings;
use foldhash::fast::FixedState;

use crate::{History, Names, Replay, Send, Settings, Tally, tally::slot_of};

use super::Removal;

/// Bytes of a tally, about, beside the edges of active days.
const TALLY_BYTES: usize = 256 << 10;
/// Bytes of those edges for each message, about.
const MESSAGE_BYTES: usize = 8;

/// What is told apart of what removals take, a bit each: elements that the same removals take are one.
type Bits = u64;

/// Replays each history once for every different rest that the removals leave of it.
#[derive(Debug)]
pub struct Alternatives {
    replay: Replay,
    settings: Settings,
    taking: Taking,
    /// Tallies by what histories hold of the elements, and what of that was taken from them.
    tallies: HashMap<(Bits, Bits), Tally, FixedState>,
    /// By what a history holds: the different takings from it.
    takings: HashMap<Bits, Vec<Bits>, FixedState>,
    /// Bytes that may still be used; none are left when they did not suffice.
    room: Option<usize>,
}

impl Alternatives {
    /// Of these removals, in about so many bytes of `memory`. Samples are not kept: a counterfactual has no evidence.
    pub fn new(settings: &Settings, removals: &[Removal], memory: usize) -> Self {
        Self::of(settings, removals, memory, Replay::new)
    }

    /// Of these removals, by a replay that knows what surrounds the messages: see [`Replay::informed`].
    pub fn informed(
        settings: &Settings,
        names: &Names,
        surroundings: &Surroundings,
        removals: &[Removal],
        memory: usize,
    ) -> Self {
        Self::of(settings, removals, memory, |settings| Replay::informed(settings, names, surroundings))
    }

    fn of(settings: &Settings, removals: &[Removal], memory: usize, replay: impl FnOnce(&Settings) -> Replay) -> Self {
        let settings = Settings { sample_size: 0, ..settings.clone() };
        let taking = Taking::of(removals);
        // One removal is replayed in whatever it takes.
        let room = if removals.len() > 1 { memory } else { usize::MAX };
        Self {
            replay: replay(&settings),
            settings,
            room: taking.is_told_apart.then_some(room),
            taking,
            tallies: HashMap::default(),
            takings: HashMap::default(),
        }
    }

    /// Replays everything known of one recipient, without what each removal takes. As with [`Replay::feed`], each recipient
    /// is fed once.
    pub fn feed(&mut self, history: &History<'_>) {
        if self.room.is_none() {
            return;
        }
        let held = history.sends.iter().fold(0, |held, send| held | self.taking.bits(send));
        let takings = self.takings.entry(held).or_insert_with(|| self.taking.takings(held));
        let edges = if self.replay.counts_volume() { MESSAGE_BYTES * history.sends.len() } else { 0 };
        let mut rest: Vec<Send<'_>> = Vec::new();
        for taken in takings {
            let mut needed = edges;
            let tally = self.tallies.entry((held, *taken)).or_insert_with(|| {
                needed += TALLY_BYTES;
                Tally::new(&self.settings)
            });
            self.room = self.room.and_then(|room| room.checked_sub(needed));
            if *taken == 0 {
                self.replay.feed_into(tally, history);
            } else {
                rest.clear();
                rest.extend(history.sends.iter().filter(|send| self.taking.bits(send) & *taken == 0));
                self.replay.feed_into(tally, &History { sends: &rest, ..*history });
            }
        }
        if self.room.is_none() {
            self.tallies = HashMap::default();
        }
    }

    /// The tallies, in the order of the removals; `None` when the memory did not suffice for so many removals at once, as it
    /// always does for one. `parts` are alternatives of the same removals over disjoint recipients, at least one. One whole
    /// tally is made at a time.
    pub fn finish(parts: Vec<Self>) -> Option<impl Iterator<Item = Tally>> {
        if parts.iter().any(|part| part.room.is_none()) {
            return None;
        }
        let removals = parts.first().map_or_else(Vec::new, |part| part.taking.removals.clone());
        Some(removals.into_iter().filter_map(move |removal| {
            let mut tally = Tally::new(&parts.first()?.settings);
            for ((held, taken), own) in parts.iter().flat_map(|part| &part.tallies) {
                if *taken == removal & held {
                    tally.merge(own.clone());
                }
            }
            Some(tally)
        }))
    }
}

/// What removals take, told apart as far as they differ.
#[derive(Debug)]
struct Taking {
    /// By slot, the bit of each element that is taken at all.
    lists: Vec<Bits>,
    templates: Vec<Bits>,
    numbers: Vec<Bits>,
    /// What each removal takes.
    removals: Vec<Bits>,
    /// Whether the bits suffice.
    is_told_apart: bool,
}

impl Taking {
    fn of(removals: &[Removal]) -> Self {
        let mut classes: Vec<Vec<usize>> = Vec::new();
        let mut of_kind = |marks: fn(&Removal) -> &[bool]| -> Vec<Bits> {
            let slots = removals.iter().map(|removal| marks(removal).len()).max().unwrap_or_default();
            let takes = |removal: &Removal, slot: usize| marks(removal).get(slot).copied().unwrap_or_default();
            let bit = |slot: usize| {
                let by: Vec<usize> = (0..removals.len()).filter(|at| takes(&removals[*at], slot)).collect();
                if by.is_empty() {
                    return 0;
                }
                let class = classes.iter().position(|class| *class == by).unwrap_or_else(|| {
                    classes.push(by);
                    classes.len() - 1
                });
                Bits::from(1_u8).checked_shl(class as u32).unwrap_or_default()
            };
            (0..slots).map(bit).collect()
        };
        let (lists, templates, numbers) =
            (of_kind(Removal::lists), of_kind(Removal::templates), of_kind(Removal::numbers));
        let takes = |at: usize| {
            let own = classes.iter().take(Bits::BITS as usize).enumerate().filter(|(_, class)| class.contains(&at));
            own.fold(0, |bits, (class, _)| bits | 1 << class)
        };
        Self {
            lists,
            templates,
            numbers,
            removals: (0..removals.len()).map(takes).collect(),
            is_told_apart: classes.len() <= Bits::BITS as usize,
        }
    }

    /// What a message belongs to, of what is taken at all.
    fn bits(&self, send: &Send<'_>) -> Bits {
        let of = |bits: &[Bits], slot: usize| bits.get(slot).copied().unwrap_or_default();
        of(&self.lists, slot_of(send.list))
            | of(&self.templates, slot_of(send.template))
            | of(&self.numbers, slot_of(send.number))
    }

    /// The different takings from a history that holds this.
    fn takings(&self, held: Bits) -> Vec<Bits> {
        let mut takings: Vec<Bits> = self.removals.iter().map(|removal| removal & held).collect();
        takings.sort_unstable();
        takings.dedup();
        takings
    }
}
