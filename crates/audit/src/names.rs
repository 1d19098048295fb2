//! The names behind the ids of a history, interned by whoever feeds the replay.

/// A template is known by its name and language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateName {
    /// Name, as Meta knows it.
    pub name: String,
    /// Language code, as Meta knows it; empty when the file had none.
    pub language: String,
}

/// Tables of names; an id is an index. Two replays whose tallies are merged share one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Meta's ids of sending numbers.
    pub numbers: Vec<String>,
    /// Templates.
    pub templates: Vec<TemplateName>,
    /// Contact lists.
    pub lists: Vec<String>,
    /// Campaigns.
    pub campaigns: Vec<String>,
}
