//! Made-up traffic, and the means to write and audit it.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use domain::ports::CancelFlag;
use domain::traffic::{Category, ConsentAction, ConsentScope, MessageType, Outcome};
use lake::exchange::{ConsentRow, InboundRow, InputFile, MessageRow};
use lake::export::RowWriter;
use lake::{AuditOutcome, FilesAudit, LakeError, audit_files};

/// 2026-09-01T00:00:00Z.
pub(crate) const T0: i64 = 1_788_220_800_000_000;
pub(crate) const HOUR: i64 = 3_600_000_000;

/// Rows of the three kinds, owned.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traffic {
    pub(crate) messages: Vec<Message>,
    pub(crate) inbound: Vec<Inbound>,
    pub(crate) consents: Vec<Event>,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) recipient: String,
    pub(crate) user_id: Option<String>,
    pub(crate) sent_at: i64,
    pub(crate) template: Option<String>,
    pub(crate) category: Category,
    pub(crate) list: Option<String>,
    pub(crate) status: Option<Outcome>,
    pub(crate) read_at: Option<i64>,
    pub(crate) error_code: Option<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Inbound {
    pub(crate) id: String,
    pub(crate) sender: String,
    pub(crate) received_at: i64,
    pub(crate) text: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) recipient: String,
    pub(crate) action: ConsentAction,
    pub(crate) scope: ConsentScope,
    pub(crate) effective_at: i64,
    pub(crate) recorded_at: Option<i64>,
    pub(crate) ip: Option<String>,
}

impl Traffic {
    /// Deterministic traffic: some people write, some have consents, some messages have several rows.
    pub(crate) fn sample(messages: u32) -> Self {
        let mut traffic = Self::default();
        for n in 0..messages {
            let person = n * 7 % (messages / 5 + 1);
            let id = format!("wamid.{n:08}");
            let recipient = format!("39333{person:07}");
            let failed = n % 11 == 0;
            traffic.messages.push(Message {
                id: id.clone(),
                recipient: recipient.clone(),
                user_id: person.is_multiple_of(13).then(|| format!("IT.{person}")),
                sent_at: T0 + i64::from(n) * 60_000_000 + i64::from(n % 3),
                template: (n % 5 != 0).then(|| format!("tpl_{}", n % 4)),
                category: [Category::Marketing, Category::Utility, Category::Service][n as usize % 3],
                list: (n % 2 == 0).then(|| format!("list \"{}\", {}", n % 3, n % 2)),
                status: if failed { Some(Outcome::Failed) } else { [None, Some(Outcome::Delivered)][n as usize % 2] },
                read_at: (n % 4 == 1 && !failed).then_some(T0 + i64::from(n) * 60_000_000 + HOUR),
                error_code: failed.then_some([131_026, 131_049, 132_012][n as usize % 3]),
            });
            if n % 9 == 0 {
                let mut later = traffic.messages[n as usize / 2].clone();
                later.status = Some(Outcome::Read);
                traffic.messages.push(later);
            }
            if n % 6 == 0 {
                traffic.inbound.push(Inbound {
                    id: format!("in.{n}"),
                    sender: if person.is_multiple_of(26) { format!("IT.{person}") } else { recipient.clone() },
                    received_at: T0 + i64::from(n) * 60_000_000 - HOUR,
                    text: (n % 12 == 0).then(|| "line one\nline \"two\"; stop".to_owned()),
                });
            }
            if n % 3 == 0 {
                traffic.consents.push(Event {
                    recipient,
                    action: if n % 15 == 0 { ConsentAction::OptOut } else { ConsentAction::OptIn },
                    scope: [ConsentScope::All, ConsentScope::Marketing][n as usize % 2],
                    effective_at: T0 + i64::from(n) * 30_000_000,
                    recorded_at: (n % 4 == 0).then_some(T0 + i64::from(n) * 45_000_000),
                    ip: (n % 2 == 0).then(|| format!("192.0.2.{}", n % 7)),
                });
            }
        }
        traffic
    }

    /// Writes the three files with this extension.
    pub(crate) fn write(&self, folder: &Path, extension: &str) -> Files {
        let path = |name: &str| folder.join(format!("{name}.{extension}"));
        let files = Files { messages: path("messages"), inbound: path("inbound"), consents: path("consents") };
        let mut writer = RowWriter::create(&files.messages).unwrap();
        for row in &self.messages {
            writer.write(&row.row()).unwrap();
        }
        writer.finish().unwrap();
        let mut writer = RowWriter::create(&files.inbound).unwrap();
        for row in &self.inbound {
            writer
                .write(&InboundRow {
                    message_id: &row.id,
                    phone_number_id: "1002",
                    sender: &row.sender,
                    user_id: None,
                    received_at: row.received_at,
                    message_type: Some("text"),
                    text: row.text.as_deref(),
                })
                .unwrap();
        }
        writer.finish().unwrap();
        let mut writer = RowWriter::create(&files.consents).unwrap();
        for row in &self.consents {
            writer.write(&row.row()).unwrap();
        }
        writer.finish().unwrap();
        files
    }
}

impl Message {
    fn row(&self) -> MessageRow<'_> {
        MessageRow {
            message_id: &self.id,
            phone_number_id: "1002",
            recipient: &self.recipient,
            user_id: self.user_id.as_deref(),
            sent_at: self.sent_at,
            message_type: if self.template.is_some() { MessageType::Template } else { MessageType::FreeForm },
            template_name: self.template.as_deref(),
            template_language: self.template.as_ref().map(|_| "it"),
            category: self.category,
            list_id: self.list.as_deref(),
            campaign_id: None,
            status: self.status,
            delivered_at: None,
            read_at: self.read_at,
            failed_at: None,
            error_code: self.error_code,
        }
    }
}

impl Event {
    fn row(&self) -> ConsentRow<'_> {
        ConsentRow {
            recipient: &self.recipient,
            user_id: None,
            action: self.action,
            scope: self.scope,
            effective_at: self.effective_at,
            recorded_at: self.recorded_at,
            source: Some("web_form"),
            evidence: Some("urn:proof:1"),
            wording_version: Some("v1"),
            expires_at: None,
            ip: self.ip.as_deref(),
            controller: Some("Rossi S.p.A."),
            brand_shown: self.ip.as_ref().map(|_| "Rossi"),
        }
    }
}

/// Where the three files are.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) messages: PathBuf,
    pub(crate) inbound: PathBuf,
    pub(crate) consents: PathBuf,
}

/// An audit of some files with everything else as usual.
pub(crate) fn request(messages: &[&Path], inbound: &[&Path], consents: &[&Path]) -> FilesAudit<'static> {
    let inputs = |paths: &[&Path]| paths.iter().map(|path| InputFile::from(path.to_path_buf())).collect();
    FilesAudit {
        messages: inputs(messages),
        inbound: inputs(inbound),
        consents: inputs(consents),
        strict: false,
        settings: audit::Settings::default(),
        inputs: audit::Inputs::default(),
        memory: None,
        threads: NonZero::new(2),
        temporary: None,
        progress: &|_| {},
        cancel: CancelFlag::default(),
    }
}

impl Files {
    pub(crate) fn request(&self) -> FilesAudit<'static> {
        request(&[&self.messages], &[&self.inbound], &[&self.consents])
    }

    pub(crate) fn audit(&self) -> AuditOutcome {
        audit_files(self.request()).unwrap()
    }
}

/// Audits one file of messages with this content.
pub(crate) fn audit_messages(name: &str, content: &[u8]) -> Result<AuditOutcome, LakeError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    audit_files(request(&[&path], &[], &[]))
}

/// The header of a small file of messages.
pub(crate) const HEADER: &str = "message_id,phone_number_id,recipient,sent_at,type,template_name,category\n";
