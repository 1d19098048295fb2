//! The names behind the ids of a segment's rows, as its metadata hold them.

use audit::{NO_NAME, NameId};
use serde::{Deserialize, Serialize};

use crate::decode::words::{SharedWords, Table, WordCache};
use crate::exchange::Kind;

/// Tables of names; an id is an index. Those that a kind does not need are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct Tables {
    /// Whether a row names a user id. The rows of such a segment may belong to people who are known by other keys elsewhere.
    pub(in super::super) has_users: bool,
    numbers: Vec<String>,
    /// Name and language.
    templates: Vec<(String, Option<String>)>,
    lists: Vec<String>,
    campaigns: Vec<String>,
    inbound_types: Vec<String>,
    sources: Vec<String>,
    wordings: Vec<String>,
    controllers: Vec<String>,
    brands: Vec<String>,
}

impl Tables {
    /// The tables that rows of a kind refer to.
    pub(in super::super) fn of(kind: Kind, words: &SharedWords) -> Self {
        let owned = |table| words.words(table).iter().map(ToString::to_string).collect();
        let table = |table, of: Kind| if kind == of { owned(table) } else { Vec::new() };
        let templates = || {
            let (names, languages) = (words.words(Table::TemplateNames), words.words(Table::Languages));
            let pair = |(name, language): (NameId, NameId)| {
                (names[name as usize].to_string(), languages.get(language as usize).map(ToString::to_string))
            };
            words.templates().into_iter().map(pair).collect()
        };
        Self {
            has_users: false,
            numbers: if kind == Kind::Consents { Vec::new() } else { owned(Table::Numbers) },
            templates: if kind == Kind::Messages { templates() } else { Vec::new() },
            lists: table(Table::Lists, Kind::Messages),
            campaigns: table(Table::Campaigns, Kind::Messages),
            inbound_types: table(Table::InboundTypes, Kind::Inbound),
            sources: table(Table::Sources, Kind::Consents),
            wordings: table(Table::Wordings, Kind::Consents),
            controllers: table(Table::Controllers, Kind::Consents),
            brands: table(Table::Brands, Kind::Consents),
        }
    }

    /// The ids that these names have among those of others.
    pub(in super::super) fn translate(&self, cache: &mut WordCache<'_>) -> Translation {
        let mut of = |table, words: &[String]| Ids(words.iter().map(|word| cache.id(table, word)).collect());
        Translation {
            numbers: of(Table::Numbers, &self.numbers),
            lists: of(Table::Lists, &self.lists),
            campaigns: of(Table::Campaigns, &self.campaigns),
            inbound_types: of(Table::InboundTypes, &self.inbound_types),
            sources: of(Table::Sources, &self.sources),
            wordings: of(Table::Wordings, &self.wordings),
            controllers: of(Table::Controllers, &self.controllers),
            brands: of(Table::Brands, &self.brands),
            templates: Ids(self
                .templates
                .iter()
                .map(|(name, language)| {
                    let name = cache.id(Table::TemplateNames, name);
                    let language = language.as_deref().map_or(NO_NAME, |word| cache.id(Table::Languages, word));
                    cache.template(name, language)
                })
                .collect()),
        }
    }
}

/// What each id of one table is called elsewhere.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Ids(Vec<NameId>);

impl Ids {
    /// The id elsewhere; [`NO_NAME`] stays itself.
    pub(in super::super) fn of(&self, id: NameId) -> NameId {
        self.0.get(id as usize).copied().unwrap_or(NO_NAME)
    }
}

/// What the ids of one segment are called in a snapshot.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Translation {
    pub(in super::super) numbers: Ids,
    pub(in super::super) templates: Ids,
    pub(in super::super) lists: Ids,
    pub(in super::super) campaigns: Ids,
    pub(in super::super) inbound_types: Ids,
    pub(in super::super) sources: Ids,
    pub(in super::super) wordings: Ids,
    pub(in super::super) controllers: Ids,
    pub(in super::super) brands: Ids,
}
