//! Audits of traffic as if some of it had not been sent: the same histories are replayed again and again, several removals in
//! one pass.

use audit::{Alternatives, Contributors, Names, Removal, Replay, Search, Settings, Tally};
use domain::ports::WhatIf;
use domain::traffic::{Remedy, Report, Subject, Surroundings};

use crate::error::Result;
use crate::replay::{Explained, Sink};

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
        if let Some(report) = replayed(traffic, question, std::slice::from_ref(&without))?.pop() {
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
    while let Some(asked) = search.ask() {
        known += asked.sets.len() as u64;
        let settings = Settings { only: Some(asked.rules), ..question.settings.clone() };
        let question = Question { settings: &settings, ..*question };
        let reports = replayed(traffic, &question, &asked.sets)?;
        for (set, report) in asked.sets.into_iter().zip(reports) {
            search.take(set, &report);
            done += 1;
        }
        tell(done, known);
    }
    let chosen = search.chosen();
    let after = replayed(traffic, question, &chosen)?;
    Ok(search.finish(everything, &chosen.into_iter().zip(after).collect()))
}

/// The reports without each of some sets; in several passes when the memory does not suffice for one.
fn replayed<T: Traffic>(traffic: &mut T, question: &Question<'_>, sets: &[Vec<Subject>]) -> Result<Vec<Report>> {
    if sets.is_empty() {
        return Ok(Vec::new());
    }
    let Question { settings, surroundings, .. } = *question;
    let removals: Vec<Removal> = sets.iter().map(|set| Removal::of(set, traffic.names())).collect();
    let memory = question.memory / question.threads.max(1);
    let parts =
        traffic.feed(&|names: &Names| Alternatives::informed(settings, names, surroundings, &removals, memory))?;
    if let Some(tallies) = Alternatives::finish(parts) {
        return Ok(tallies.map(|tally| traffic.report(&tally, settings)).collect());
    }
    let (one, other) = sets.split_at(sets.len() / 2);
    let mut reports = replayed(traffic, question, one)?;
    reports.extend(replayed(traffic, question, other)?);
    Ok(reports)
}
