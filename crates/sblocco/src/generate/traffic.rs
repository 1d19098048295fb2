//! One client's files: people are made one after the other, put in order of time, and written.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::calendar::{Calendar, DAY};
use super::client::{AURORA, FAILING_TEMPLATE, NORDIC, Profile, SPIKE_NUMBER};
use super::dice::Dice;
use super::evidence::Evidence;
use super::history::{Consent, History, Inbound, Message, NONE};
use super::identity::Identities;
use super::person::{Person, Responses};
use super::rows::Rows;
use super::scenario::{Cohort, cohort_of};
use super::spike::{Spike, limit_value, roomy_limit};
use super::spill::Spill;
use super::{ClientSummary, GenerateError, Options, listing, truth};

/// Share of delivered messages that people read.
const READS: f64 = 0.62;
/// From this many messages before the end on, nothing goes wrong any more: no story is cut off.
const MARGIN: u64 = 64;

/// One client's generation.
#[derive(Debug)]
pub(super) struct Traffic<'a> {
    pub(super) profile: &'static Profile,
    pub(super) options: &'a Options,
    /// How many messages there will be.
    pub(super) messages: u64,
    /// Where the client's folder is made.
    pub(super) folder: PathBuf,
}

/// What was made of one client.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) summary: ClientSummary,
    /// Its entry in `truth.json`.
    pub(super) truth: Value,
}

struct Spills {
    messages: Spill<Message>,
    inbound: Spill<Inbound>,
    consents: Spill<Consent>,
}

impl Traffic<'_> {
    /// Writes the client's folder. `step` is called twice for each message: when it is made, and when it is written.
    pub(super) fn write(&self, step: &(dyn Fn(u64) + Sync)) -> Result<Made, GenerateError> {
        let io = |source| GenerateError::Io { path: self.folder.clone(), source };
        std::fs::create_dir(&self.folder).map_err(io)?;
        let calendar = Calendar::new(self.options.start, self.options.days);
        let spike =
            (self.profile.folder == AURORA.folder).then(|| Spike::plan(&calendar, self.messages, self.profile.numbers));
        let campaigns = self.campaigns(&calendar, spike);
        let (spills, evidence) = self.make(&calendar, spike, campaigns.len(), step)?;

        let rows = Rows {
            profile: self.profile,
            identities: Identities::new(self.options.seed, self.profile.stream),
            numbers: (0..self.profile.numbers).map(|number| self.profile.number_id(number)).collect(),
            campaigns: &campaigns,
        };
        let format = self.options.format;
        let messages = rows.messages(&self.folder, format, spills.messages, || step(1))?;
        let inbound = rows.inbound(&self.folder, format, spills.inbound)?;
        let consents = rows.consents(&self.folder, format, spills.consents)?;

        let limit = spike.map_or_else(|| roomy_limit(evidence.most_in_a_day()), |spike| limit_value(spike.limit));
        let assets = listing::assets(self.profile, &calendar, &campaigns, &evidence, &limit);
        write_lines(&self.folder.join("assets.ndjson"), &assets)?;
        write_lines(&self.folder.join("templates.ndjson"), &listing::templates(self.profile, &calendar))?;

        let truth = truth::client(&truth::Facts {
            profile: self.profile,
            calendar: &calendar,
            campaigns: &campaigns,
            evidence: &evidence,
            spike,
            rows: json!({"messages": messages, "inbound": inbound, "consents": consents}),
        });
        let summary = ClientSummary { folder: self.profile.folder.to_owned(), messages, inbound, consents };
        Ok(Made { summary, truth })
    }

    /// Ids of the campaigns: those of the calendar, and behind them that of the spike.
    fn campaigns(&self, calendar: &Calendar, spike: Option<Spike>) -> Vec<String> {
        let names = self.profile.campaigns;
        let id = |name: &str, day: i64| format!("{name}_{}", calendar.date(day).format("%Y%m%d"));
        let mut ids: Vec<String> = (0..calendar.campaigns())
            .map(|index| id(names[index % names.len()], index as i64 * super::calendar::CAMPAIGN_DAYS))
            .collect();
        ids.extend(spike.map(|spike| id("campagna_lampo", spike.day)));
        ids
    }

    fn make(
        &self,
        calendar: &Calendar,
        spike: Option<Spike>,
        campaigns: usize,
        step: &(dyn Fn(u64) + Sync),
    ) -> Result<(Spills, Evidence), GenerateError> {
        let mut spills = self.spills(calendar)?;
        let mut evidence = Evidence::new(self.profile, calendar, campaigns);
        let mut responses = vec![Responses::default(); campaigns];
        let mut history = History::default();
        let spiked = spike.map_or(0, |spike| spike.people);
        let mut person = 0;
        while evidence.messages < self.messages {
            let room = self.messages - evidence.messages;
            history.clear();
            let cohort = match spike {
                Some(spike) if u64::from(person) < spiked => {
                    let campaign = calendar.campaigns() as u8;
                    self.person(person, (Cohort::SpikeDay, Some(0)), calendar, &mut history)
                        .gets_spike(spike.day, campaign);
                    Cohort::SpikeDay
                }
                _ => {
                    let place = if room > MARGIN { cohort_of(self.profile, person) } else { (Cohort::Ordinary, None) };
                    self.person(person, place, calendar, &mut history).lives(place.0, &mut responses);
                    place.0
                }
            };
            history.settle(calendar, room);
            evidence.add(self.profile, calendar, cohort, &history);
            step(history.messages.len() as u64);
            spills.add(&history)?;
            person += 1;
        }
        Ok((spills, evidence))
    }

    fn spills(&self, calendar: &Calendar) -> Result<Spills, GenerateError> {
        let (start, end) = (calendar.start(), calendar.end());
        Ok(Spills {
            messages: Spill::new(&self.folder, (start, end), self.messages)?,
            inbound: Spill::new(&self.folder, (start, end), self.messages / 10)?,
            consents: Spill::new(&self.folder, (start - 335 * DAY, end), self.messages / 4)?,
        })
    }

    fn person<'h>(
        &self,
        id: u32,
        (cohort, list): (Cohort, Option<u8>),
        calendar: &Calendar,
        history: &'h mut History,
    ) -> Person<'h> {
        let profile = self.profile;
        let mut dice = Dice::of(self.options.seed, profile.stream, u64::from(id));
        let number = match cohort {
            Cohort::SpikeDay => SPIKE_NUMBER,
            _ => dice.below(u64::from(profile.numbers)) as u8,
        };
        let list = list.unwrap_or_else(|| dice.below(profile.ordinary_lists as u64) as u8);
        let language = usize::from(dice.below(100) < u64::from(profile.english));
        Person {
            profile,
            calendar: *calendar,
            dice,
            id,
            number,
            list,
            language,
            reads: if cohort == Cohort::Dormant { 0.0 } else { READS },
            silent: !matches!(cohort, Cohort::Ordinary | Cohort::Unproven | Cohort::OutsideWindow),
            proven: cohort != Cohort::Unproven,
            failing_template: if profile.folder == NORDIC.folder { FAILING_TEMPLATE } else { NONE },
            history,
        }
    }
}

impl Spills {
    fn add(&mut self, history: &History) -> Result<(), GenerateError> {
        for message in &history.messages {
            self.messages.push(*message)?;
        }
        for inbound in &history.inbound {
            self.inbound.push(*inbound)?;
        }
        for consent in &history.consents {
            self.consents.push(*consent)?;
        }
        Ok(())
    }
}

/// Writes one JSON value a line.
fn write_lines(path: &Path, lines: &[Value]) -> Result<(), GenerateError> {
    let write = || {
        let mut out = BufWriter::new(File::create(path)?);
        for line in lines {
            serde_json::to_writer(&mut out, line)?;
            out.write_all(b"\n")?;
        }
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    };
    write().map_err(|source| GenerateError::Io { path: path.to_owned(), source })
}
