//! The names behind the ids of a history, interned by whoever feeds the replay.

use std::collections::HashMap;

use crate::NameId;

/// A template is known by its name and language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateName {
    /// Name, as Meta knows it.
    pub name: String,
    /// Language code, as Meta knows it; empty when the file had none.
    pub language: String,
}

impl TemplateName {
    /// How a finding names it: `name/language`, or the name alone when the file had no language.
    pub fn label(&self) -> String {
        if self.language.is_empty() { self.name.clone() } else { format!("{}/{}", self.name, self.language) }
    }
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
    /// Versions of the wordings that consents name.
    pub wordings: Vec<String>,
    /// Who collected consents.
    pub controllers: Vec<String>,
    /// Names that the texts of consents showed.
    pub brands: Vec<String>,
    /// Sources of consents.
    pub sources: Vec<String>,
}

impl Names {
    /// For each template, the id of the first template of the same name: what [`crate::Send::template_name`] holds. Names
    /// that are appended later do not change earlier entries.
    pub fn template_name_ids(&self) -> Vec<NameId> {
        let mut first = HashMap::new();
        (0..).zip(&self.templates).map(|(id, template)| *first.entry(template.name.as_str()).or_insert(id)).collect()
    }

    /// The list of a slot of the tally; `None` for slot 0, the messages of no list.
    pub(crate) fn list(&self, slot: usize) -> Option<&str> {
        self.lists.get(slot.checked_sub(1)?).map(String::as_str)
    }

    /// The campaign of a slot of the tally; `None` for slot 0, the messages of no campaign.
    pub(crate) fn campaign(&self, slot: usize) -> Option<&str> {
        self.campaigns.get(slot.checked_sub(1)?).map(String::as_str)
    }

    /// A template: its name, and its language when it has one.
    pub(crate) fn template(&self, id: usize) -> Option<String> {
        self.templates.get(id).map(TemplateName::label)
    }

    /// The number of a slot of the tally.
    pub(crate) fn number(&self, slot: usize) -> Option<&str> {
        self.numbers.get(slot.checked_sub(1)?).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_one_template_share_the_id_of_its_name() {
        let template = |name: &str, language: &str| TemplateName { name: name.into(), language: language.into() };
        let names = Names {
            templates: vec![template("promo", "it"), template("code", "it"), template("promo", "en")],
            ..Names::default()
        };
        assert_eq!(names.template_name_ids(), [0, 1, 0]);
    }
}
