//! Assets of a client: the lines of an assets file, `{"kind": …, …}`, exchange formats version 1.
//!
//! The formats name the kinds and what they tell; the fields are listed with each struct here, with the spellings of the
//! Graph API beside ours where Meta has a name for the thing. A line of an unknown kind is kept and counted, never
//! refused: a newer program may have written it.

mod kinds;
mod limit;
mod surroundings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use kinds::{Campaign, Client, Domain, Number, Portfolio, Suppression, Wording};
pub use limit::MessagingLimit;

use crate::ReadError;
use crate::value;

/// A line of a kind that is not known here.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownAsset {
    /// Its kind.
    pub kind: String,
    /// Its other fields.
    pub fields: Map<String, Value>,
}

/// One line of an assets file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Asset {
    /// Names, domains and permits of the client.
    Client(Client),
    /// A business portfolio and its messaging limit.
    Portfolio(Portfolio),
    /// A sending number.
    Number(Number),
    /// A version of the text that people consent to.
    Wording(Wording),
    /// A campaign declared beforehand.
    Campaign(Campaign),
    /// Recipients whom a former provider had suppressed.
    Suppression(Suppression),
    /// A domain of the client.
    Domain(Domain),
    /// Anything else.
    Unknown(UnknownAsset),
}

impl Asset {
    /// Reads one line of an assets file.
    ///
    /// # Errors
    /// When the text is not a JSON object, lacks `kind`, or a field of a known kind is absent or unreadable. The error
    /// names the field.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        Self::from_value(value::parse(text)?)
    }

    /// Reads one asset object.
    ///
    /// # Errors
    /// As [`Asset::from_json`].
    pub fn from_value(value: Value) -> Result<Self, ReadError> {
        let mut fields = value::object(value)?;
        let kind = value::require(value::take_string(&mut fields, &["kind"])?, "kind")?;
        Ok(match kind.as_str() {
            "client" => Self::Client(Client::read(fields)?),
            "portfolio" => Self::Portfolio(Portfolio::read(fields)?),
            "number" => Self::Number(Number::read(fields)?),
            "wording" => Self::Wording(Wording::read(fields)?),
            "campaign" => Self::Campaign(Campaign::read(fields)?),
            "suppression" => Self::Suppression(Suppression::read(fields)?),
            "domain" => Self::Domain(Domain::read(fields)?),
            _ => Self::Unknown(UnknownAsset { kind, fields }),
        })
    }
}

impl Asset {
    /// Its kind, and by what it is told from others of the kind; the client itself has no name. `None` for what has none of its own:
    /// suppressions, which are lists of people, and unknown kinds without an `id` or a `name`.
    #[must_use]
    pub fn identity(&self) -> Option<(&str, &str)> {
        Some(match self {
            Self::Client(_) => ("client", ""),
            Self::Portfolio(portfolio) => ("portfolio", &portfolio.id),
            Self::Number(number) => ("number", &number.id),
            Self::Wording(wording) => ("wording", &wording.version),
            Self::Campaign(campaign) => ("campaign", &campaign.id),
            Self::Domain(domain) => ("domain", &domain.domain),
            Self::Unknown(unknown) => {
                let name = ["id", "name"].iter().find_map(|field| unknown.fields.get(*field)?.as_str());
                (&unknown.kind, name?)
            }
            Self::Suppression(_) => return None,
        })
    }
}

/// The assets of a whole file, by kind, in file order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assets {
    /// Clients; a file of one client has one.
    pub clients: Vec<Client>,
    /// Portfolios.
    pub portfolios: Vec<Portfolio>,
    /// Numbers.
    pub numbers: Vec<Number>,
    /// Wording versions.
    pub wordings: Vec<Wording>,
    /// Declared campaigns.
    pub campaigns: Vec<Campaign>,
    /// Suppressions of former providers.
    pub suppressions: Vec<Suppression>,
    /// Domains.
    pub domains: Vec<Domain>,
    /// Lines of unknown kinds.
    pub unknown: Vec<UnknownAsset>,
}

impl Assets {
    /// Files an asset under its kind.
    pub fn push(&mut self, asset: Asset) {
        match asset {
            Asset::Client(asset) => self.clients.push(asset),
            Asset::Portfolio(asset) => self.portfolios.push(asset),
            Asset::Number(asset) => self.numbers.push(asset),
            Asset::Wording(asset) => self.wordings.push(asset),
            Asset::Campaign(asset) => self.campaigns.push(asset),
            Asset::Suppression(asset) => self.suppressions.push(asset),
            Asset::Domain(asset) => self.domains.push(asset),
            Asset::Unknown(asset) => self.unknown.push(asset),
        }
    }

    /// How many lines there are of each unknown kind, for the report.
    #[must_use]
    pub fn unknown_kinds(&self) -> BTreeMap<&str, usize> {
        let mut kinds = BTreeMap::new();
        for asset in &self.unknown {
            *kinds.entry(asset.kind.as_str()).or_default() += 1;
        }
        kinds
    }

    /// The least messaging limit of the portfolios that state one: the one to measure all numbers of the file against.
    #[must_use]
    pub fn least_messaging_limit(&self) -> Option<MessagingLimit> {
        self.portfolios.iter().filter_map(|portfolio| portfolio.messaging_limit).min()
    }
}

impl Extend<Asset> for Assets {
    fn extend<I: IntoIterator<Item = Asset>>(&mut self, assets: I) {
        for asset in assets {
            self.push(asset);
        }
    }
}

impl FromIterator<Asset> for Assets {
    fn from_iter<I: IntoIterator<Item = Asset>>(assets: I) -> Self {
        let mut all = Self::default();
        all.extend(assets);
        all
    }
}
