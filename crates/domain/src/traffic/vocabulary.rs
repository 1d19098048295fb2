//! The closed sets of values that rows of the exchange formats may carry.

use crate::words::words;

/// Category of a message at the time of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Category {
    /// Promotes; needs an opt-in.
    Marketing,
    /// Follows up on something the person asked for; needs an opt-in.
    Utility,
    /// One-time codes.
    Authentication,
    /// Replies inside the customer service window.
    Service,
    /// Any other value of the file; never due.
    Unknown,
}

/// Whether a message was a template or free text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum MessageType {
    /// A message made from a template that Meta approved.
    Template,
    /// Any other message; allowed only inside the window.
    FreeForm,
}

/// Outcome of a message, weakest first: the strongest that any of its rows tells is the message's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Outcome {
    /// Accepted or sent; nothing stronger is known.
    Sent,
    /// Failed and never delivered.
    Failed,
    /// Delivered to the person's device.
    Delivered,
    /// Read, or played.
    Read,
}

words! {
    /// What a consent event says.
    ConsentAction {
        /// The person agreed.
        OptIn = "opt_in",
        /// The person withdrew.
        OptOut = "opt_out",
    }
}

words! {
    /// The purposes that a consent event speaks of.
    ConsentScope {
        /// Marketing messages.
        Marketing = "marketing",
        /// Utility messages.
        Utility = "utility",
        /// Authentication messages.
        Authentication = "authentication",
        /// Every purpose.
        All = "all",
    }
}

/// Verdict on the consent behind a due send; the first of formats.md's table that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Verdict {
    /// An unexpired opt-in was known.
    Valid,
    /// An opt-out was known.
    OptedOut,
    /// The opt-in had expired.
    Expired,
    /// An opt-in effective then was recorded only later.
    Retroactive,
    /// The only known opt-in was for another purpose.
    ScopeMismatch,
    /// No opt-in of any kind.
    None,
}

/// Where a consent event comes from, as far as an audit cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ConsentSource {
    /// The row names none.
    Absent,
    /// Outside of WhatsApp: a form, a checkout, paper, a call, an import.
    OffChannel,
    /// The person wrote it on WhatsApp: `whatsapp` or `keyword`.
    WhatsApp,
    /// The person set it in WhatsApp's own switch, and Meta told: `meta_preference`.
    MetaPreference,
    /// Somebody else collected it, or nobody asked: `purchased`, `partner`, `scraped`.
    ThirdParty,
}

impl ConsentSource {
    /// The source that a row of the consents names.
    pub fn of(source: Option<&str>) -> Self {
        match source {
            None | Some("") => Self::Absent,
            Some("whatsapp" | "keyword") => Self::WhatsApp,
            Some("meta_preference") => Self::MetaPreference,
            Some("purchased" | "partner" | "scraped") => Self::ThirdParty,
            Some(_) => Self::OffChannel,
        }
    }

    /// Whether the person said it on WhatsApp, where it takes effect at once.
    pub const fn is_native(self) -> bool {
        matches!(self, Self::WhatsApp | Self::MetaPreference)
    }
}
