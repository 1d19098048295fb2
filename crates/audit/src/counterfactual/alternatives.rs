//! Several removals replayed in one pass.

use domain::traffic::Surroundings;

use crate::{History, Names, Replay, Send, Settings, Tally};

use super::Removal;

/// Replays each history once for every removal that it matters to. Whoever got none of the messages that any removal takes is
/// replayed once for all.
#[derive(Debug)]
pub struct Alternatives {
    /// What any of the removals takes.
    any: Removal,
    untouched: Replay,
    replays: Vec<(Removal, Replay)>,
}

impl Alternatives {
    /// Of these removals. Samples are not kept: a counterfactual has no evidence.
    pub fn new(settings: &Settings, removals: Vec<Removal>) -> Self {
        Self::of(settings, removals, Replay::new)
    }

    /// Of these removals, by replays that know what surrounds the messages: see [`Replay::informed`].
    pub fn informed(settings: &Settings, names: &Names, surroundings: &Surroundings, removals: Vec<Removal>) -> Self {
        Self::of(settings, removals, |settings| Replay::informed(settings, names, surroundings))
    }

    fn of(settings: &Settings, removals: Vec<Removal>, replay: impl Fn(&Settings) -> Replay) -> Self {
        let settings = Settings { sample_size: 0, ..settings.clone() };
        let mut any = Removal::default();
        for removal in &removals {
            any.extend(removal);
        }
        let replays = removals.into_iter().map(|removal| (removal, replay(&settings))).collect();
        Self { any, untouched: replay(&settings), replays }
    }

    /// Replays everything known of one recipient, without what each removal takes. As with [`Replay::feed`], each recipient
    /// is fed once.
    pub fn feed(&mut self, history: &History<'_>) {
        if !history.sends.iter().any(|send| self.any.takes(send)) {
            self.untouched.feed(history);
            return;
        }
        let mut rest: Vec<Send<'_>> = Vec::with_capacity(history.sends.len());
        for (removal, replay) in &mut self.replays {
            rest.clear();
            rest.extend(history.sends.iter().filter(|send| !removal.takes(send)));
            replay.feed(&History { sends: &rest, ..*history });
        }
    }

    /// The tallies, in the order of the removals. `parts` are alternatives of the same removals over disjoint recipients. One
    /// whole tally is made at a time.
    pub fn finish(parts: Vec<Self>) -> impl Iterator<Item = Tally> {
        let mut untouched: Option<Tally> = None;
        let mut tallies: Vec<Tally> = Vec::new();
        for part in parts {
            merge(&mut untouched, part.untouched.finish());
            let of_part = part.replays.into_iter().map(|(_, replay)| replay.finish());
            if tallies.is_empty() {
                tallies.extend(of_part);
            } else {
                tallies.iter_mut().zip(of_part).for_each(|(tally, other)| tally.merge(other));
            }
        }
        tallies.into_iter().map(move |mut tally| {
            if let Some(untouched) = &untouched {
                tally.merge(untouched.clone());
            }
            tally
        })
    }
}

fn merge(into: &mut Option<Tally>, other: Tally) {
    match into {
        Some(tally) => tally.merge(other),
        None => *into = Some(other),
    }
}
