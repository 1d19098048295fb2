//! One recipient's merged history: the only thing that [`crate::Replay`] is fed with.
//!
//! Who feeds it (the lake) has already joined identities, merged rows of the same message and put everything in order.
//! Times are microseconds since 1970-01-01 UTC. Names are ids into [`crate::Names`].

use domain::traffic::{Category, ConsentAction, ConsentScope, ConsentSource, MessageType, Outcome};

/// Id of a name in [`crate::Names`]; which table it belongs to is told by the field that holds it.
pub type NameId = u32;

/// Marks the absence of a name: a message without a list, a free-form message without a template.
pub const NO_NAME: NameId = NameId::MAX;

/// Where the feeder finds a message whose id it does not hand over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Hash of the message's id: samples take the messages with the lowest. See [`message_hash`].
    pub hash: u64,
    /// The place; means nothing to the audit.
    pub at: u64,
}

/// The hash by which samples choose messages.
pub fn message_hash(message_id: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(message_id)
}

/// One message to the recipient, its rows merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Send<'a> {
    /// Meta's id of the message, as in the file. Empty: [`Send::place`] stands for it, and samples tell that place, as a
    /// decimal number, for the feeder to put the id in its stead.
    pub message_id: &'a [u8],
    /// Where the message is found; looked at only when the id is empty.
    pub place: Place,
    /// When the send was accepted.
    pub sent_at: i64,
    /// The sending number: id in [`crate::Names::numbers`].
    pub number: NameId,
    /// (name, language): id in [`crate::Names::templates`], [`NO_NAME`] for free-form.
    pub template: NameId,
    /// The template's name, whatever its language: id in [`crate::Names::templates`] of the first template of that name
    /// (see [`crate::Names::template_name_ids`]), [`NO_NAME`] for free-form.
    pub template_name: NameId,
    /// The contact list: id in [`crate::Names::lists`], or [`NO_NAME`].
    pub list: NameId,
    /// The campaign: id in [`crate::Names::campaigns`], or [`NO_NAME`].
    pub campaign: NameId,
    /// Meta's error code, only when the outcome is failed.
    pub error_code: Option<u32>,
    /// Template or free text.
    pub message_type: MessageType,
    /// Category at the time of sending.
    pub category: Category,
    /// The strongest outcome that is known.
    pub outcome: Outcome,
}

/// One message that the recipient wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inbound<'a> {
    /// Meta's timestamp.
    pub received_at: i64,
    /// The number that was written to: id in [`crate::Names::numbers`].
    pub number: NameId,
    /// The text, when the file carries it.
    pub text: Option<&'a str>,
}

/// One event of the consent ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// When the person said so.
    pub effective_at: i64,
    /// When the ledger learned it.
    pub recorded_at: i64,
    /// When it ends, if it does.
    pub expires_at: Option<i64>,
    /// Opt-in or opt-out.
    pub action: ConsentAction,
    /// The purposes it speaks of.
    pub scope: ConsentScope,
    /// Where it comes from, as far as rules tell sources apart.
    pub source: ConsentSource,
    /// The same, as the row names it: id in [`crate::Names::sources`], or [`NO_NAME`].
    pub source_name: NameId,
    /// Whether the row locates the proof.
    pub has_evidence: bool,
    /// Which wording the person saw: id in [`crate::Names::wordings`], or [`NO_NAME`].
    pub wording: NameId,
    /// Who collected it: id in [`crate::Names::controllers`], or [`NO_NAME`].
    pub controller: NameId,
    /// The name that the text showed: id in [`crate::Names::brands`], or [`NO_NAME`].
    pub brand_shown: NameId,
    /// Hash of the address that it came from; 0 when the row has none. Equal addresses have equal hashes, within one
    /// audit and from one to the next.
    pub address: u64,
}

impl Consent {
    /// Whether the row names its source.
    pub fn has_source(&self) -> bool {
        self.source != ConsentSource::Absent
    }

    /// Whether the row names the wording that the person saw.
    pub fn has_wording_version(&self) -> bool {
        self.wording != NO_NAME
    }

    /// Whether the event can be proved: source, evidence and wording are named.
    pub fn is_complete(&self) -> bool {
        self.has_source() && self.has_evidence && self.has_wording_version()
    }
}

/// Everything known of one recipient.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The recipient, as in the exchange formats: digits, or a business-scoped user id. Rules read the country off it; only
    /// the ends of it reach a report.
    pub recipient: &'a [u8],
    /// By (sent_at, message_id).
    pub sends: &'a [Send<'a>],
    /// By received_at.
    pub inbound: &'a [Inbound<'a>],
    /// By (effective_at, recorded_at, ledger order).
    pub consents: &'a [Consent],
}
