//! Assets of a client on the platform: accounts, numbers, templates. Words of Meta's are kept as Meta writes them: its lists are open.

use crate::{
    AssetChangeId, ClientId, DeclaredAssetId, ImportId, Instant, PhoneNumberId, TemplateId, WabaId, words::words,
};

/// A WhatsApp Business Account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waba {
    /// Id.
    pub id: WabaId,
    /// Whose.
    pub client: ClientId,
    /// Meta's id.
    pub meta_id: String,
    /// Name.
    pub name: String,
    /// Meta's id of the business portfolio.
    pub portfolio_meta_id: Option<String>,
    /// The portfolio's messaging limit, in unique people in a moving 24 h; [`Waba::UNLIMITED`] without limit, absent when unknown.
    pub messaging_limit: Option<i64>,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i32,
}

impl Waba {
    /// A portfolio without limit.
    pub const UNLIMITED: i64 = i64::MAX;
}

/// A sending number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// Id.
    pub id: PhoneNumberId,
    /// Whose.
    pub client: ClientId,
    /// Of which account.
    pub waba: WabaId,
    /// Meta's id.
    pub meta_id: String,
    /// The number, as people write it.
    pub display_number: String,
    /// The name that people see.
    pub verified_name: Option<String>,
    /// Meta's `quality_rating`.
    pub quality_rating: Option<String>,
    /// Meta's `status`.
    pub status: Option<String>,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i32,
}

/// A message template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Id.
    pub id: TemplateId,
    /// Whose.
    pub client: ClientId,
    /// Of which account, when known.
    pub waba: Option<WabaId>,
    /// Meta's id.
    pub meta_id: String,
    /// Name.
    pub name: String,
    /// Language code.
    pub language: String,
    /// Meta's `category`.
    pub category: String,
    /// Meta's `status`.
    pub status: String,
    /// Meta's `quality_score`.
    pub quality: Option<String>,
    /// Header, body, footer and buttons, as the Graph API returns them.
    pub components: serde_json::Value,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i32,
}

words! {
    /// What an asset is.
    AssetKind {
        /// A WhatsApp Business Account.
        Waba = "waba",
        /// A sending number.
        PhoneNumber = "phone_number",
        /// A message template.
        Template = "template",
    }
}

words! {
    /// How a change was learned.
    ChangeSource {
        /// A webhook told.
        Webhook = "webhook",
        /// The Graph API answered.
        Graph = "graph",
        /// It stood in the records before there was a history.
        Record = "record",
    }
}

/// What became of an attribute of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetChange {
    /// Id.
    pub id: AssetChangeId,
    /// Whose.
    pub client: ClientId,
    /// Of which account.
    pub waba: Option<WabaId>,
    /// What the asset is.
    pub asset: AssetKind,
    /// Its id, without its type.
    pub asset_id: uuid::Uuid,
    /// The attribute, as we call it: `status`, `quality`, `category`, `messaging_limit`, ….
    pub attribute: String,
    /// What it became, in Meta's words.
    pub value: String,
    /// When.
    pub at: Instant,
    /// How it was learned.
    pub source: ChangeSource,
    /// When it was learned.
    pub recorded_at: Instant,
}

/// What a client, or somebody for it, declares of itself: names and permits, a domain, a wording, a campaign, a number's first use.
/// Kept as it came, for kinds and fields are an open list, and read as it was when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredAsset {
    /// Id.
    pub id: DeclaredAssetId,
    /// Whose.
    pub client: ClientId,
    /// What it is: `client`, `wording`, `campaign`, `domain`, …; an open list.
    pub kind: String,
    /// By what it is told from others of its kind; empty where there is only one.
    pub name: String,
    /// All its fields: each as the last line that carried it told it.
    pub body: serde_json::Value,
    /// The import that last told of it.
    pub import: ImportId,
    /// When it was first told.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i32,
}
