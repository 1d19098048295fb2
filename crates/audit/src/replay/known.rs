//! What the surroundings say of single consents and recipients, looked up once: by the ids of the names.

use std::collections::HashSet;

use domain::traffic::{ConsentSource, Surroundings};
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    Consent, NameId, Names,
    wordings::{ClientNames, flawed_wordings},
};

/// The surroundings by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// People to whom nothing may be sent, by the hash of how the exchange formats write them.
    suppressed: HashSet<u64, foldhash::fast::FixedState>,
    /// Whether each controller, and each name that a text showed, is another than the client.
    foreign_controllers: Vec<bool>,
    foreign_brands: Vec<bool>,
    /// Whether each wording is known to say too little.
    flawed_wordings: Vec<bool>,
    /// Whether the client has permits that hold in some countries only.
    has_local_permits: bool,
}

impl Known {
    /// Looks up what concerns the traffic of these names.
    pub(super) fn new(names: &Names, surroundings: &Surroundings) -> Self {
        let suppressed = surroundings.suppressed.iter().flatten();
        let client = ClientNames::of(surroundings);
        let foreign = |names: &[String]| -> Vec<bool> {
            client.as_ref().map_or_else(Vec::new, |client| names.iter().map(|name| !client.is_own(name)).collect())
        };
        let mut permits = surroundings.client.iter().flat_map(|client| client.permits.iter().flatten());
        let flawed: HashSet<&str> =
            flawed_wordings(surroundings).unwrap_or_default().into_iter().map(|flawed| flawed.version).collect();
        Self {
            suppressed: suppressed.map(|recipient| xxh3_64(recipient.as_bytes())).collect(),
            foreign_controllers: foreign(&names.controllers),
            foreign_brands: foreign(&names.brands),
            flawed_wordings: names.wordings.iter().map(|version| flawed.contains(version.as_str())).collect(),
            has_local_permits: permits.any(|permit| !permit.countries.is_empty()),
        }
    }

    /// Whether it matters to which countries templates go.
    pub(super) fn has_local_permits(&self) -> bool {
        self.has_local_permits
    }

    /// Whether nothing may be sent to the recipient.
    pub(super) fn is_suppressed(&self, recipient: &[u8]) -> bool {
        !self.suppressed.is_empty() && self.suppressed.contains(&xxh3_64(recipient))
    }

    /// Whether somebody else collected the opt-in, or collected it for somebody else.
    pub(super) fn is_foreign(&self, opt_in: &Consent) -> bool {
        opt_in.source == ConsentSource::ThirdParty
            || holds(&self.foreign_controllers, opt_in.controller)
            || holds(&self.foreign_brands, opt_in.brand_shown)
    }

    /// Whether the text that the person saw says too little.
    pub(super) fn is_flawed(&self, opt_in: &Consent) -> bool {
        holds(&self.flawed_wordings, opt_in.wording)
    }
}

fn holds(of_names: &[bool], id: NameId) -> bool {
    of_names.get(id as usize).copied().unwrap_or_default()
}
