//! From compact records to rows of the exchange formats, into their files.

use std::path::Path;

use domain::traffic::{Category, ConsentAction, MessageType, Outcome};
use lake::exchange::{ConsentRow, InboundRow, MessageRow};
use lake::export::{ExportError, RowWriter};

use super::client::{INBOUND_TEXTS, KEYWORD, PARTNER, PARTNER_NAME, Profile, SOURCES, WORDINGS};
use super::history::{Consent, Inbound, Message};
use super::identity::{Identities, Kind};
use super::spill::Spill;
use super::{Format, GenerateError};

/// Writes a client's rows.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) profile: &'a Profile,
    pub(super) identities: Identities,
    pub(super) numbers: Vec<String>,
    pub(super) campaigns: &'a [String],
}

fn create<R: lake::exchange::ExchangeRow>(
    folder: &Path,
    name: &str,
    format: Format,
) -> Result<RowWriter<R>, ExportError> {
    RowWriter::create(&folder.join(format!("{name}.{}", format.extension())))
}

impl Rows<'_> {
    pub(super) fn messages(
        &self,
        folder: &Path,
        format: Format,
        messages: Spill<Message>,
        mut written: impl FnMut(),
    ) -> Result<u64, GenerateError> {
        let mut writer: RowWriter<MessageRow<'static>> = create(folder, "messages", format)?;
        let (mut id, mut recipient) = (String::new(), String::new());
        messages.drain(|message| {
            self.identities.message(Kind::Message, message.person, message.serial, &mut id);
            self.identities.number(message.person, &mut recipient);
            writer.write(&self.message_row(message, &id, &recipient))?;
            written();
            Ok::<(), GenerateError>(())
        })?;
        Ok(writer.finish()?)
    }

    fn message_row<'r>(&'r self, message: &Message, id: &'r str, recipient: &'r str) -> MessageRow<'r> {
        let template = self.profile.templates.get(usize::from(message.template));
        let after = |delay: u32| message.sent_at + i64::from(delay) * 1_000;
        let reached = message.reached();
        let failed = message.outcome == Outcome::Failed;
        MessageRow {
            message_id: id,
            phone_number_id: &self.numbers[usize::from(message.number)],
            recipient,
            user_id: None,
            sent_at: message.sent_at,
            message_type: if template.is_some() { MessageType::Template } else { MessageType::FreeForm },
            template_name: template.map(|template| template.name),
            template_language: template.map(|template| template.language),
            category: template.map_or(Category::Service, |template| template.category),
            list_id: self.profile.lists.get(usize::from(message.list)).map(|list| list.id),
            campaign_id: self.campaigns.get(usize::from(message.campaign)).map(String::as_str),
            status: Some(message.outcome),
            delivered_at: reached.then(|| after(message.delivered_after)),
            read_at: (message.outcome == Outcome::Read).then(|| after(message.read_after)),
            failed_at: failed.then(|| after(message.delivered_after)),
            error_code: failed.then_some(message.error_code),
        }
    }

    pub(super) fn inbound(&self, folder: &Path, format: Format, inbound: Spill<Inbound>) -> Result<u64, GenerateError> {
        let mut writer: RowWriter<InboundRow<'static>> = create(folder, "inbound", format)?;
        let (mut id, mut sender) = (String::new(), String::new());
        inbound.drain(|inbound| {
            self.identities.message(Kind::Inbound, inbound.person, inbound.serial, &mut id);
            self.identities.number(inbound.person, &mut sender);
            let (message_type, text) = INBOUND_TEXTS[usize::from(inbound.text)];
            writer.write(&InboundRow {
                message_id: &id,
                phone_number_id: &self.numbers[usize::from(inbound.number)],
                sender: &sender,
                user_id: None,
                received_at: inbound.received_at,
                message_type: Some(message_type),
                text: Some(text),
            })?;
            Ok::<(), GenerateError>(())
        })?;
        Ok(writer.finish()?)
    }

    pub(super) fn consents(
        &self,
        folder: &Path,
        format: Format,
        consents: Spill<Consent>,
    ) -> Result<u64, GenerateError> {
        let mut writer: RowWriter<ConsentRow<'static>> = create(folder, "consents", format)?;
        let (mut proof, mut recipient) = (String::new(), String::new());
        consents.drain(|consent| {
            self.identities.proof(consent.person, consent.serial, &mut proof);
            self.identities.number(consent.person, &mut recipient);
            // Who leaves by a word sees no text and needs no proof.
            let proven = consent.proven && consent.source != KEYWORD;
            let (controller, brand) = match consent.source {
                PARTNER => (PARTNER_NAME, PARTNER_NAME),
                _ => (self.profile.legal_name, self.profile.name),
            };
            let shown = proven && consent.action == ConsentAction::OptIn;
            writer.write(&ConsentRow {
                recipient: &recipient,
                user_id: None,
                action: consent.action,
                scope: consent.scope,
                effective_at: consent.effective_at,
                recorded_at: Some(consent.recorded_at),
                source: Some(SOURCES[usize::from(consent.source)]),
                evidence: proven.then_some(proof.as_str()),
                wording_version: proven.then(|| WORDINGS[usize::from(consent.source)]),
                expires_at: (consent.expires_at != 0).then_some(consent.expires_at),
                ip: None,
                controller: shown.then_some(controller),
                brand_shown: shown.then_some(brand),
            })?;
            Ok::<(), GenerateError>(())
        })?;
        Ok(writer.finish()?)
    }
}
