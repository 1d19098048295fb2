//! Audits of traffic as if some of it had not been sent: the same histories are replayed again and again, several removals in
//! one pass.

use audit::{Alternatives, Contributors, Names, Removal, Replay, Search, Settings, Tally};
use domain::ports::WhatIf;
use domain::traffic::{Remedy, Report, Subject, Surroundings};

use crate::error::Result;
use crate::replay::{Explained, Sink};

/// Bytes of an alternative for each message, about: the edges of its recipients' active days.
const MESSAGE_BYTES: u64 = 16;
/// Bytes of an alternative beside.
const TALLY_BYTES: u64 = 1 << 20;
/// Most alternatives of one pass.
const MOST: u64 = 64;

/// Traffic that can be replayed more than once.
pub(crate) trait Traffic {
    /// Feeds everybody's history to sinks, one for each thread.
    fn feed<S: Sink>(&mut self, make: &(dyn Fn(&Names) -> S + Sync)) -> Result<Vec<S>>;

    /// The names behind the ids of the histories; known once the traffic was fed.
    fn names(&self) -> &Names;

    /// The report of a tally over it, which was made with these settings.
    fn report(&self, tally: &Tally, settings: &Settings) -> Report;
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'q> {
    pub(crate) settings: &'q Settings,
    pub(crate) surroundings: &'q Surroundings,
    /// What is left out.
    pub(crate) without: &'q [Subject],
    /// Whether to search what should not have been sent.
    pub(crate) remedies: bool,
    /// Bytes of memory to keep to, about.
    pub(crate) memory: usize,
    /// Threads that replay.
    pub(crate) threads: usize,
}

/// The answer, beside the audit of everything. Samples of findings tell places, not ids, in the report of everything; in the
/// other there are none.
pub(crate) struct Answer {
    pub(crate) everything: Report,
    pub(crate) what_if: WhatIf,
}

/// Replays the traffic as often as the question needs. `tell` is told how many alternatives were replayed, of how many.
pub(crate) fn answer<T: Traffic>(
    traffic: &mut T,
    question: &Question<'_>,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<Answer> {
    let settings = question.settings;
    let explained = |names: &Names| Explained {
        replay: Replay::informed(settings, names, question.surroundings),
        contributors: Contributors::new(settings),
    };
    let (mut tally, mut contributors) = (Tally::new(settings), Contributors::new(settings));
    for sink in traffic.feed(&explained)? {
        tally.merge(sink.replay.finish());
        contributors.merge(sink.contributors);
    }
    let everything = traffic.report(&tally, settings);
    drop(tally);
    let mut what_if = WhatIf { report: everything.clone(), ..WhatIf::default() };
    if !question.without.is_empty() {
        let without = question.without.to_vec();
        if let Some(report) = replayed(traffic, question, std::slice::from_ref(&without), &everything)?.pop() {
            what_if.counterfactual = Some(audit::compare(without, &everything, &report));
            what_if.report = report;
        }
    }
    if question.remedies {
        what_if.remedies = remedies(traffic, question, (&everything, &contributors), tell)?;
    }
    Ok(Answer { everything, what_if })
}

/// Searches what should not have been sent.
fn remedies<T: Traffic>(
    traffic: &mut T,
    question: &Question<'_>,
    (everything, contributors): (&Report, &Contributors),
    tell: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Remedy>> {
    let mut search = Search::new(everything, contributors, traffic.names());
    let (mut done, mut known) = (0, 0);
    loop {
        let sets = search.next_sets();
        if sets.is_empty() {
            break;
        }
        known += sets.len() as u64;
        // Only the rules whose search goes on are judged.
        let settings = Settings { only: Some(search.open()), ..question.settings.clone() };
        let question = Question { settings: &settings, ..*question };
        for sets in sets.chunks(at_once(&question, everything)) {
            for (set, report) in sets.iter().zip(replayed(traffic, &question, sets, everything)?) {
                search.take(set.clone(), &report);
            }
            done += sets.len() as u64;
            tell(done, known);
        }
    }
    let chosen = search.chosen();
    let after = replayed(traffic, question, &chosen, everything)?;
    Ok(search.finish(everything, &chosen.into_iter().zip(after).collect()))
}

/// How many alternatives fit into memory at once.
fn at_once(question: &Question<'_>, everything: &Report) -> usize {
    let one = TALLY_BYTES + MESSAGE_BYTES * everything.totals.messages;
    (question.memory as u64 / one / question.threads.max(1) as u64).clamp(1, MOST) as usize
}

fn replayed<T: Traffic>(
    traffic: &mut T,
    question: &Question<'_>,
    sets: &[Vec<Subject>],
    everything: &Report,
) -> Result<Vec<Report>> {
    let mut reports = Vec::with_capacity(sets.len());
    for sets in sets.chunks(at_once(question, everything)) {
        let removals: Vec<Removal> = sets.iter().map(|set| Removal::of(set, traffic.names())).collect();
        let alternatives =
            |names: &Names| Alternatives::informed(question.settings, names, question.surroundings, removals.clone());
        let parts = traffic.feed(&alternatives)?;
        reports.extend(Alternatives::finish(parts).map(|tally| traffic.report(&tally, question.settings)));
    }
    Ok(reports)
}
