//! Evidence: all messages that findings count, written down while an audit is replayed.
//!
//! A replay shows every message that some rule would count. What belongs to a finding that was asked for is written as a message of
//! the exchange formats, recipients masked unless told otherwise. Memory does not grow with the rows.

mod folder;
mod selection;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use audit::{NO_NAME, NameId, Names, Send};
use domain::Instant;
use domain::imports::{Compression, FileFormat, RowFormat};
use domain::traffic::{Category, Finding, MessageType, Outcome, RuleId, Subject};

use self::folder::Folder;
pub use self::folder::Written;
use self::selection::Selection;
use crate::error::{LakeError, Result};
use crate::exchange::MessageRow;
use crate::export::{ExportError, RowWriter};
use crate::scatter::ids::MessageIds;

/// Rows that wait to be written.
const PENDING: usize = 8_192;

/// A finding whose messages are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its rule.
    pub rule: RuleId,
    /// What it is about.
    pub subject: Subject,
    /// The time of its messages, the end excluded, where neither rule nor subject tells.
    pub within: Option<(Instant, Instant)>,
    /// Whether they failed, where the rule does not tell; `None` for either.
    pub failed: Option<bool>,
}

impl From<&Finding> for Wanted {
    fn from(finding: &Finding) -> Self {
        let (within, failed) = (finding.within(), finding.failed());
        Self { rule: finding.rule, subject: finding.subject.clone(), within, failed }
    }
}

/// Collects the messages of findings. Shared by the threads of a replay.
#[derive(Debug)]
pub struct Evidence {
    wanted: Vec<Wanted>,
    masked: bool,
    selection: OnceLock<Selection>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    pending: Vec<Pending>,
    sink: Option<Sink>,
}

#[derive(Debug)]
enum Sink {
    /// One finding, one file.
    One(Box<RowWriter<MessageRow<'static>>>),
    /// Each finding in a file of its own.
    Folder(Folder),
}

/// A message that belongs to a finding.
#[derive(Debug)]
struct Pending {
    finding: usize,
    /// Empty where the row does not carry it: then it is found at the place.
    message_id: Box<[u8]>,
    place: u64,
    recipient: Box<str>,
    sent_at: i64,
    number: NameId,
    template: NameId,
    list: NameId,
    campaign: NameId,
    message_type: MessageType,
    category: Category,
    outcome: Outcome,
    error_code: Option<u32>,
}

impl Evidence {
    /// The messages of one finding, into a file of this format.
    pub(crate) fn file(wanted: Wanted, masked: bool, path: &Path, rows: RowFormat) -> Result<Arc<Self>> {
        let format = FileFormat { rows, compression: Compression::None };
        let writer = RowWriter::create_as(path, format).map_err(LakeError::Export)?;
        Ok(Arc::new(Self::new(vec![wanted], masked, Sink::One(Box::new(writer)))))
    }

    /// The messages of several findings, each into a file of this folder (NDJSON), named as given.
    ///
    /// # Errors
    /// A file cannot be made.
    pub fn folder(
        folder: &Path,
        findings: Vec<(String, Wanted)>,
        masked: bool,
    ) -> std::result::Result<Arc<Self>, LakeError> {
        let paths: Vec<PathBuf> = findings.iter().map(|(name, _)| folder.join(name)).collect();
        let wanted = findings.into_iter().map(|(_, wanted)| wanted).collect();
        Ok(Arc::new(Self::new(wanted, masked, Sink::Folder(Folder::create(paths)?))))
    }

    fn new(wanted: Vec<Wanted>, masked: bool, sink: Sink) -> Self {
        let inner = Inner { pending: Vec::new(), sink: Some(sink) };
        Self { wanted, masked, selection: OnceLock::new(), inner: Mutex::new(inner) }
    }

    /// The rules of the findings.
    pub(crate) fn rules(&self) -> impl Iterator<Item = RuleId> {
        self.wanted.iter().map(|wanted| wanted.rule)
    }

    /// Offers a message that `rule` counts. Of the findings that were asked for, those that it belongs to get it.
    pub(crate) fn offer(&self, rule: RuleId, send: &Send<'_>, recipient: &str, names: &Names) {
        let selection = self.selection.get_or_init(|| Selection::of(&self.wanted, names));
        selection.each(rule, send, |finding| {
            let recipient = if self.masked {
                audit::mask_recipient(recipient.as_bytes()).unwrap_or_default()
            } else {
                recipient.into()
            };
            let pending = Pending {
                finding,
                message_id: send.message_id.into(),
                place: send.place.at,
                recipient,
                sent_at: send.sent_at,
                number: send.number,
                template: send.template,
                list: send.list,
                campaign: send.campaign,
                message_type: send.message_type,
                category: send.category,
                outcome: send.outcome,
                error_code: send.error_code,
            };
            self.inner().pending.push(pending);
        });
    }

    /// Writes what waits, when it is enough or `all` of it is wanted. Rows that do not carry their message's id get it from `ids`.
    pub(crate) fn settle(&self, names: &Names, ids: &dyn MessageIds, all: bool) -> Result<()> {
        let mut inner = self.inner();
        if inner.pending.is_empty() || (inner.pending.len() < PENDING && !all) {
            return Ok(());
        }
        let mut pending = std::mem::take(&mut inner.pending);
        let without: Vec<usize> = (0..pending.len()).filter(|row| pending[*row].message_id.is_empty()).collect();
        let places: Vec<u64> = without.iter().map(|row| pending[*row].place).collect();
        for (row, id) in without.into_iter().zip(ids.ids(&places)?) {
            pending[row].message_id = id.into();
        }
        pending.iter().try_for_each(|pending| inner.row(pending, names))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends a single file; its rows.
    pub(crate) fn finish_file(&self) -> Result<u64> {
        match self.inner().sink.take() {
            Some(Sink::One(writer)) => writer.finish().map_err(LakeError::Export),
            _ => Err(LakeError::Worker),
        }
    }

    /// Ends the files of a folder; what was written of each finding, in the order that was given.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish_folder(&self) -> std::result::Result<Vec<Written>, LakeError> {
        match self.inner().sink.take() {
            Some(Sink::Folder(folder)) => folder.finish(),
            _ => Err(LakeError::Worker),
        }
    }
}

impl Inner {
    fn row(&mut self, pending: &Pending, names: &Names) -> Result<()> {
        let name = |list: &'_ [String], id: NameId| (id != NO_NAME).then(|| list.get(id as usize).cloned()).flatten();
        let template = names.templates.get(pending.template as usize).filter(|_| pending.template != NO_NAME);
        let (number, list) = (name(&names.numbers, pending.number), name(&names.lists, pending.list));
        let campaign = name(&names.campaigns, pending.campaign);
        let message_id = String::from_utf8_lossy(&pending.message_id);
        let row = MessageRow {
            message_id: &message_id,
            phone_number_id: number.as_deref().unwrap_or_default(),
            recipient: &pending.recipient,
            user_id: None,
            sent_at: pending.sent_at,
            message_type: pending.message_type,
            template_name: template.map(|template| template.name.as_str()),
            template_language: template.map(|template| template.language.as_str()),
            category: pending.category,
            list_id: list.as_deref(),
            campaign_id: campaign.as_deref(),
            status: Some(pending.outcome),
            delivered_at: None,
            read_at: None,
            failed_at: None,
            error_code: pending.error_code,
        };
        match &mut self.sink {
            Some(Sink::One(writer)) => writer.write(&row).map_err(LakeError::Export),
            Some(Sink::Folder(folder)) => folder.write(pending.finding, &row),
            None => Err(LakeError::Worker),
        }
    }
}

/// What a folder's files fail with.
fn failed(path: &Path, source: std::io::Error) -> LakeError {
    LakeError::Export(ExportError::Io { path: path.to_owned(), source })
}
