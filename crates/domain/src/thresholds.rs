//! Thresholds of the rules as versioned data: the defaults, the BSP's versions over them, a client's versions over those.
//!
//! A version is never changed and never deleted; an audit names the versions that it used. Everything works on keys such as
//! `consent.noneCriticalShare`, which come from [`crate::traffic::Thresholds`] itself, so a new threshold needs no change here.

mod catalogue;
mod change;

pub use catalogue::{Bounds, ThresholdKey, catalogue, key};
pub use change::{Change, FaultKind, Overrides, ThresholdFault, json_of};

use serde_json::Value;

use crate::{ClientId, Instant, ThresholdVersionId, UserId, traffic::Thresholds};

/// A version of the BSP's thresholds, or of one client's.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdVersion {
    /// Id.
    pub id: ThresholdVersionId,
    /// Whose; absent for the BSP's own, which hold for every client.
    pub client: Option<ClientId>,
    /// Counts the versions of the same owner, from 1.
    pub version: i32,
    /// What it sets, and nothing else: the rest comes from the version of the BSP, and from the defaults.
    pub overrides: Overrides,
    /// From when it holds. Never before that of the version before, so at any instant the latest that holds is the last one.
    pub effective_at: Instant,
    /// When it was made.
    pub created_at: Instant,
    /// Who made it; absent for a program.
    pub author: Option<UserId>,
    /// Where the values come from, or why they were chosen.
    pub reason: String,
}

/// What the thresholds of an audit came from, as the audit keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsedThresholds {
    /// The versions, the BSP's before the client's; none when the defaults alone held.
    pub versions: Vec<ThresholdVersionId>,
    /// Every value that held, as JSON of [`Thresholds`]; null for an audit that was asked for before versions existed.
    pub values: Value,
}

/// The versions that hold at an instant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InForce {
    /// The BSP's.
    pub bsp: Option<ThresholdVersion>,
    /// The client's.
    pub client: Option<ThresholdVersion>,
}

impl InForce {
    /// The versions, weakest first.
    pub fn versions(&self) -> impl Iterator<Item = &ThresholdVersion> {
        self.bsp.iter().chain(&self.client)
    }

    /// The version that sets `key`; `None` where the default holds.
    pub fn setter(&self, key: &str) -> Option<&ThresholdVersion> {
        self.client.iter().chain(&self.bsp).find(|version| version.overrides.get(key).is_some())
    }

    /// The thresholds that hold.
    ///
    /// # Errors
    /// A version sets a value that this release cannot take: a newer or older release wrote it.
    pub fn effective(&self) -> Result<Thresholds, ThresholdFault> {
        effective(self.versions().map(|version| &version.overrides))
    }

    /// What an audit keeps of them.
    ///
    /// # Errors
    /// As [`InForce::effective`].
    pub fn used(&self) -> Result<UsedThresholds, ThresholdFault> {
        let values = json_of(&self.effective()?);
        Ok(UsedThresholds { versions: self.versions().map(|version| version.id).collect(), values })
    }
}

/// The thresholds of the defaults and of `layers` over them, weakest first. Keys that this release does not have move nothing.
///
/// # Errors
/// A layer sets a value that this release cannot take.
pub fn effective<'o>(layers: impl IntoIterator<Item = &'o Overrides>) -> Result<Thresholds, ThresholdFault> {
    let mut all = Overrides::default();
    for layer in layers {
        all = all.with(layer);
    }
    all.over_defaults()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(client: Option<u128>, values: Value) -> ThresholdVersion {
        let at = Instant::from_timestamp(1_790_000_000, 0).unwrap();
        ThresholdVersion {
            id: ThresholdVersionId::from_uuid(uuid::Uuid::from_u128(client.unwrap_or(9))),
            client: client.map(|number| ClientId::from_uuid(uuid::Uuid::from_u128(number))),
            version: 1,
            overrides: Overrides::stored(&values),
            effective_at: at,
            created_at: at,
            author: None,
            reason: "a test".to_owned(),
        }
    }

    #[test]
    fn a_client_stands_over_the_bsp_and_the_bsp_over_the_defaults() {
        let bsp = version(None, serde_json::json!({ "consent": { "incompleteShare": 0.1, "retroactiveShare": 0.2 } }));
        let client = version(Some(1), serde_json::json!({ "consent": { "incompleteShare": 0.3 } }));
        let in_force = InForce { bsp: Some(bsp.clone()), client: Some(client.clone()) };
        let thresholds = in_force.effective().unwrap();
        let expected = Thresholds {
            consent: crate::traffic::ConsentThresholds {
                incomplete_share: 0.3,
                retroactive_share: 0.2,
                ..Thresholds::default().consent
            },
            ..Thresholds::default()
        };
        assert_eq!(thresholds, expected);
        assert_eq!(in_force.setter("consent.incompleteShare").unwrap().id, client.id);
        assert_eq!(in_force.setter("consent.retroactiveShare").unwrap().id, bsp.id);
        assert_eq!(in_force.setter("consent.noneCriticalShare"), None);
        let used = in_force.used().unwrap();
        assert_eq!(used.versions, [bsp.id, client.id]);
        assert_eq!(serde_json::from_value::<Thresholds>(used.values).unwrap(), expected);
    }

    #[test]
    fn without_versions_the_defaults_hold() {
        assert_eq!(InForce::default().effective().unwrap(), Thresholds::default());
    }
}
