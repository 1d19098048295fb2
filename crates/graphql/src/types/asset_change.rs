//! The history of assets.

use async_graphql::{ID, Object};
use domain::{PhoneNumberId, TemplateId, WabaId, assets};

use crate::{scalars::DateTime, words::graphql_words};

graphql_words! {
    /// How a change was learned.
    ChangeSource = assets::ChangeSource {
        /// A webhook told.
        Webhook,
        /// The Graph API answered.
        Graph,
        /// It stood in the records before there was a history.
        Record,
    }
}

/// What became of an attribute of an account, number or template.
#[derive(Debug, Clone)]
pub(crate) struct AssetChange(pub(crate) assets::AssetChange);

/// What became of an attribute of an account, number or template.
#[Object]
impl AssetChange {
    /// Id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Id of the account, number or template.
    async fn asset_id(&self) -> ID {
        match self.0.asset {
            assets::AssetKind::Waba => WabaId::from_uuid(self.0.asset_id).into(),
            assets::AssetKind::PhoneNumber => PhoneNumberId::from_uuid(self.0.asset_id).into(),
            assets::AssetKind::Template => TemplateId::from_uuid(self.0.asset_id).into(),
        }
    }

    /// The attribute: `status`, `quality`, `category`, `messaging_limit`, `components`, …
    async fn attribute(&self) -> &str {
        &self.0.attribute
    }

    /// What it became, in Meta's words.
    async fn value(&self) -> &str {
        &self.0.value
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// How it was learned.
    async fn source(&self) -> ChangeSource {
        self.0.source.into()
    }
}
