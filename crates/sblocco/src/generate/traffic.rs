//! One client's files: people are made one after the other, put in order of time, and written.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::calendar::{Calendar, DAY};
use super::client::Profile;
use super::dice::Dice;
use super::evidence::Evidence;
use super::history::{Consent, History, Inbound, Message};
use super::identity::Identities;
use super::person::{Person, Responses};
use super::rows::Rows;
use super::scenario::{Cohort, cohort_of, list_of_somebody};
use super::spike::{Crowd, roomy_limit};
use super::spill::Spill;
use super::truth::Facts;
use super::{ClientSummary, GenerateError, Options, listing, truth, webhooks};

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
        let crowd = Crowd::plan(self.profile, &calendar, self.messages);
        let campaigns = self.campaigns(&calendar, crowd);
        let (spills, evidence) = self.make(&calendar, crowd, campaigns.len(), step)?;

        let identities = Identities::new(self.options.seed, self.profile.stream);
        let rows = Rows {
            profile: self.profile,
            identities,
            numbers: (0..self.profile.all_numbers()).map(|number| self.profile.number_id(number)).collect(),
            campaigns: &campaigns,
        };
        let format = self.options.format;
        let messages = rows.messages(&self.folder, format, spills.messages, || step(1))?;
        let inbound = rows.inbound(&self.folder, format, spills.inbound)?;
        let consents = rows.consents(&self.folder, format, spills.consents)?;

        let limit = crowd.and_then(|crowd| crowd.limit).unwrap_or_else(|| roomy_limit(evidence.most_planned()));
        let facts = Facts {
            profile: self.profile,
            calendar: &calendar,
            campaigns: &campaigns,
            evidence: &evidence,
            crowd,
            limit,
        };
        let assets = listing::assets(&facts, &identities);
        write_lines(&self.folder.join("assets.ndjson"), &assets)?;
        write_lines(&self.folder.join("templates.ndjson"), &listing::templates(self.profile, &calendar))?;
        write_lines(&self.folder.join("webhooks.ndjson"), &webhooks::bodies(&facts))?;

        let rows = json!({"messages": messages, "inbound": inbound, "consents": consents});
        let truth = truth::client(&facts, &rows);
        let summary = ClientSummary { folder: self.profile.folder.to_owned(), messages, inbound, consents };
        Ok(Made { summary, truth })
    }

    /// Ids of the campaigns: those of the calendar, and behind them that of the crowd.
    fn campaigns(&self, calendar: &Calendar, crowd: Option<Crowd>) -> Vec<String> {
        let names = self.profile.campaigns;
        let id = |name: &str, day: i64| format!("{name}_{}", calendar.date(day).format("%Y%m%d"));
        let mut ids: Vec<String> = (0..calendar.campaigns())
            .map(|index| id(names[index % names.len()], index as i64 * super::calendar::CAMPAIGN_DAYS))
            .collect();
        ids.extend(crowd.map(|crowd| id(crowd.campaign, crowd.day)));
        ids
    }

    fn make(
        &self,
        calendar: &Calendar,
        crowd: Option<Crowd>,
        campaigns: usize,
        step: &(dyn Fn(u64) + Sync),
    ) -> Result<(Spills, Evidence), GenerateError> {
        let mut spills = self.spills(calendar)?;
        let mut evidence = Evidence::new(self.profile, calendar, campaigns);
        let mut responses = vec![Responses::default(); campaigns];
        let mut history = History::default();
        let mut person = 0;
        while evidence.messages < self.messages {
            let room = self.messages - evidence.messages;
            history.clear();
            let cohort = if let Some(crowd) = crowd.filter(|crowd| u64::from(person) < crowd.people) {
                let mut one = self.person(person, (crowd.cohort, Some(0)), calendar, &mut history);
                one.number = crowd.number;
                // Its campaign follows those of the calendar.
                let campaign = calendar.campaigns() as u8;
                match crowd.cohort {
                    Cohort::Launch => one.gets_launch(crowd.day, campaign),
                    _ => one.gets_spike(crowd.day, campaign),
                }
                crowd.cohort
            } else {
                let place = if room > MARGIN { cohort_of(self.profile, person) } else { (Cohort::Ordinary, None) };
                self.person(person, place, calendar, &mut history).lives(place.0, &mut responses);
                place.0
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
        let number = dice.below(u64::from(profile.numbers)) as u8;
        let ordinary = dice.below(profile.ordinary_lists as u64) as u8;
        let borrowed =
            list.or_else(|| (cohort == Cohort::Unreachable).then(|| list_of_somebody(profile, id)).flatten());
        let language = usize::from(dice.below(100) < u64::from(profile.english));
        Person {
            profile,
            calendar: *calendar,
            dice,
            id: cohort.line(list, profile).mark(id),
            number,
            list: borrowed.unwrap_or(ordinary),
            language,
            reads: if cohort == Cohort::Dormant { 0.0 } else { READS },
            silent: !cohort.is_talkative(),
            proven: cohort != Cohort::Unproven,
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
