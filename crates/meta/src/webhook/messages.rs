//! `messages`: what became of messages that were sent, and messages that people wrote.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::traffic::Outcome;

use super::{
    Event,
    fields::Fields,
    identity::{self, IdentityChange, Sender},
    known::{HISTORIC_MESSAGE, HISTORY, INTERACTIVE, PRICING},
    words::{MESSAGE_TYPES, PRICING_CATEGORIES, STATUSES},
};

/// `messages`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    /// `metadata.phone_number_id`: Meta's id of our number.
    pub phone_number_id: Option<String>,
    /// `metadata.display_phone_number`.
    pub display_number: Option<String>,
    /// `statuses`, those without an id left out.
    pub statuses: Vec<Status>,
    /// `messages`, those without an id left out.
    pub inbound: Vec<Inbound>,
    /// People who are known by another user id from now on.
    pub identities: Vec<IdentityChange>,
    /// Codes of `errors` beside both.
    pub errors: Vec<u32>,
}

/// What became of a message that was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Status {
    /// `id`: of the message.
    pub id: String,
    /// `status`, lower case.
    pub status: String,
    /// What it says of the message; nothing for words that say nothing.
    pub outcome: Option<Outcome>,
    /// `timestamp`.
    pub at: Option<DateTime<Utc>>,
    /// `recipient_id`; may be missing when the person is known by a user id.
    pub recipient: Option<String>,
    /// `recipient_user_id`, or the contact's: a business-scoped user id.
    pub user_id: Option<String>,
    /// Codes of `errors`.
    pub errors: Vec<u32>,
    /// `pricing.category`, lower case.
    pub pricing_category: Option<String>,
}

/// A message that somebody wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// `id`.
    pub id: String,
    /// `from`; may be missing when the person is known by a user id.
    pub from: Option<String>,
    /// The contact's `user_id`.
    pub user_id: Option<String>,
    /// `timestamp`.
    pub at: Option<DateTime<Utc>>,
    /// `type`, lower case; `system` is a message of WhatsApp's own, which nobody wrote.
    pub kind: String,
    /// The text that the person wrote.
    pub text: Option<String>,
    /// What stands on the quick reply that the person pressed, and what the business put behind it.
    pub button: Vec<String>,
}

/// Says of what kind, not of whom.
impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, outcome, at, errors, .. } = self;
        f.debug_struct("Status")
            .field("status", status)
            .field("outcome", outcome)
            .field("at", at)
            .field("errors", errors)
            .finish_non_exhaustive()
    }
}

/// Says of what kind, not of whom or what.
impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound").field("kind", &self.kind).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Who a `contacts` entry says somebody is.
struct Contact {
    number: Option<String>,
    user_id: Option<String>,
}

/// Our number, which every value of messages names.
pub(super) fn our_number(fields: &mut Fields<'_>) -> Messages {
    let mut told = Messages::default();
    if let Some(object) = fields.object(&["metadata"]) {
        let mut within = fields.within("metadata", object);
        told.phone_number_id = within.text(&["phone_number_id"]);
        told.display_number = within.text(&["display_phone_number"]);
        within.end();
    }
    told.phone_number_id = fields.text(&["phone_number_id"]).or(told.phone_number_id);
    told
}

pub(super) fn messages(mut fields: Fields<'_>) -> Event {
    let mut told = our_number(&mut fields);
    let contacts: Vec<Contact> =
        fields.objects(&["contacts"]).into_iter().map(|object| contact(&mut fields, object)).collect();
    for object in fields.objects(&["statuses"]) {
        let read = status(fields.within("statuses", object), &contacts);
        told.statuses.extend(read);
    }
    for object in fields.objects(&["messages"]) {
        if let Some((message, identity)) = inbound(fields.within("messages", object), &contacts) {
            told.inbound.push(message);
            told.identities.extend(identity);
        }
    }
    told.errors = errors(&mut fields);
    fields.skip(&["messaging_product", "event"]);
    fields.end();
    Event::Messages(told)
}

/// `history`: what was said before a number of the WhatsApp Business app was connected, in chunks of any order. What people wrote is
/// told as any other message of theirs; what was written to them did not pass through here and has no row to be an outcome of.
pub(super) fn history(mut fields: Fields<'_>) -> Event {
    let mut told = our_number(&mut fields);
    for object in fields.objects(&["history"]) {
        let mut chunk = fields.within("history", object);
        chunk.look(HISTORY);
        for object in chunk.objects(&["threads"]) {
            let mut thread = chunk.within("threads", object);
            let person = digits(&mut thread, &["id"]);
            thread.skip(&["context"]);
            for object in thread.objects(&["messages"]) {
                let mut message = thread.within("messages", object);
                message.look(HISTORIC_MESSAGE);
                let read = inbound(message, &[]).map(|(message, _)| message);
                told.inbound.extend(read.filter(|message| person.is_some() && message.from == person));
            }
            thread.end();
        }
        told.errors.extend(errors(&mut chunk));
        chunk.end();
    }
    told.errors.extend(errors(&mut fields));
    fields.skip(&["messaging_product"]);
    fields.end();
    Event::Messages(told)
}

fn contact(fields: &mut Fields<'_>, object: crate::value::Object) -> Contact {
    let mut within = fields.within("contacts", object);
    let contact = Contact { number: digits(&mut within, &["wa_id"]), user_id: within.text(&["user_id"]) };
    within.skip(&["profile", "parent_user_id", "identity_key_hash", "input"]);
    within.end();
    contact
}

/// The digits of a number, without the plus that some feeds write.
pub(super) fn digits(fields: &mut Fields<'_>, names: &[&str]) -> Option<String> {
    fields.text(names).map(|number| number.trim().trim_start_matches('+').to_owned())
}

/// The user id of the contact with this number; of the only contact when no number is told.
fn user_of(contacts: &[Contact], number: Option<&str>) -> Option<String> {
    match (contacts, number) {
        ([only], None) => only.user_id.clone(),
        (_, None) => None,
        (contacts, Some(number)) => {
            contacts.iter().find(|contact| contact.number.as_deref() == Some(number))?.user_id.clone()
        }
    }
}

fn status(mut fields: Fields<'_>, contacts: &[Contact]) -> Option<Status> {
    let id = fields.text(&["id", "message_id"]);
    let word = fields.word(&["status"], STATUSES).map(|word| word.to_ascii_lowercase());
    let at = fields.instant(&["timestamp"]);
    let recipient = digits(&mut fields, &["recipient_id"]);
    let user_id = fields.text(&["recipient_user_id"]).or_else(|| user_of(contacts, recipient.as_deref()));
    let errors = errors(&mut fields);
    let pricing_category = fields.object(&["pricing"]).and_then(|object| {
        let mut within = fields.within("pricing", object);
        let category = within.word(&["category"], PRICING_CATEGORIES).map(|category| category.to_ascii_lowercase());
        within.look(PRICING);
        within.end();
        category
    });
    fields.skip(&[
        "conversation",
        "biz_opaque_callback_data",
        "recipient_type",
        "recipient_participant_id",
        "recipient_identity_key_hash",
        "recipient_participant_user_id",
        "parent_recipient_user_id",
        "message",
        "message_status",
        "template_id",
        "type",
        "payment",
    ]);
    let (Some(id), Some(status)) = (id, word) else {
        fields.missing("id");
        fields.end();
        return None;
    };
    fields.end();
    let outcome = match status.as_str() {
        "sent" => Some(Outcome::Sent),
        "delivered" => Some(Outcome::Delivered),
        "read" | "played" => Some(Outcome::Read),
        "failed" => Some(Outcome::Failed),
        _ => None,
    };
    Some(Status { id, status, outcome, at, recipient, user_id, errors, pricing_category })
}

fn errors(fields: &mut Fields<'_>) -> Vec<u32> {
    let mut codes = Vec::new();
    for object in fields.objects(&["errors", "error"]) {
        let mut within = fields.within("errors", object);
        let code = within.number(&["code", "error_code"]);
        codes.extend(code.and_then(|code| u32::try_from(code).ok()));
        within.skip(&["title", "message", "error_data", "href", "details", "type"]);
        within.end();
    }
    codes
}

/// A message, and what it says of who its sender is from now on.
fn inbound(mut fields: Fields<'_>, contacts: &[Contact]) -> Option<(Inbound, Option<IdentityChange>)> {
    let id = fields.text(&["id"]);
    let from = digits(&mut fields, &["from"]);
    let user_id = fields.text(&["from_user_id", "user_id"]).or_else(|| user_of(contacts, from.as_deref()));
    let at = fields.instant(&["timestamp"]);
    let kind = fields.word(&["type"], MESSAGE_TYPES).unwrap_or_default().to_ascii_lowercase();
    let text = fields.object(&["text"]).and_then(|object| {
        let mut within = fields.within("text", object);
        let text = within.text(&["body"]);
        within.end();
        text
    });
    let button = pressed(&mut fields);
    let identity = fields.object(&["system"]).and_then(|object| {
        let sender = Sender { number: from.clone(), user_id: user_id.clone(), at };
        identity::of_system(fields.within("system", object), sender)
    });
    fields.skip(&[
        "context",
        "referral",
        "image",
        "video",
        "audio",
        "voice",
        "document",
        "sticker",
        "reaction",
        "location",
        "contacts",
        "order",
        "edit",
        "revoke",
        "unsupported",
        "errors",
        "identity",
        "group_id",
        "history_context",
        "from_parent_user_id",
        "parent_user_id",
        "request_welcome",
    ]);
    let Some(id) = id else {
        fields.missing("id");
        fields.end();
        return None;
    };
    fields.end();
    Some((Inbound { id, from, user_id, at, kind, text, button }, identity))
}

/// What stands on, and behind, the quick reply or list entry that the person pressed.
fn pressed(fields: &mut Fields<'_>) -> Vec<String> {
    let mut pressed = Vec::new();
    if let Some(object) = fields.object(&["button"]) {
        let mut within = fields.within("button", object);
        pressed.extend(within.text(&["payload"]));
        pressed.extend(within.text(&["text"]));
        within.end();
    }
    if let Some(object) = fields.object(&["interactive"]) {
        let mut within = fields.within("interactive", object);
        for reply in within.objects(&["button_reply"]).into_iter().chain(within.objects(&["list_reply"])) {
            let mut reply = within.within("reply", reply);
            pressed.extend(reply.text(&["id"]));
            pressed.extend(reply.text(&["title"]));
            reply.skip(&["description"]);
            reply.end();
        }
        within.look(INTERACTIVE);
        within.end();
    }
    pressed
}
