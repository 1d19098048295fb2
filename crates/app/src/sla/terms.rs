//! The terms by which tickets of clients are judged, made from the versions that are stored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use ::sla::{Calendar, Calendars, Policy, Terms, Version};
use domain::ClientId;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{
    Tx,
    sla::{CalendarVersion, PolicyVersion, TierChange},
};

use super::timestamp;
use crate::{Code, OpError};

/// The terms of some clients: read once, for many tickets. A calendar that several share is made once.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    pub(crate) policies: Vec<(PolicyVersion, Arc<Policy>)>,
    pub(crate) calendars: Vec<(CalendarVersion, Arc<Calendar>)>,
    tiers: HashMap<ClientId, Vec<TierChange>>,
}

/// What a stored definition says.
pub(crate) fn read<T: DeserializeOwned, C: Code>(definition: Value) -> Result<T, OpError<C>> {
    serde_json::from_value(definition).map_err(|error| OpError::internal("reading SLA terms", error))
}

/// The calendar of a version.
pub(crate) fn calendar<C: Code>(version: &CalendarVersion) -> Result<Calendar, OpError<C>> {
    Calendar::new(read(version.definition.clone())?).map_err(|error| OpError::internal("reading SLA terms", error))
}

impl Book {
    /// Reads the terms of `clients`.
    ///
    /// # Errors
    /// The database is unavailable, or what it holds is no policy or calendar.
    pub(crate) async fn open<C: Code>(
        tx: &Tx,
        clients: impl IntoIterator<Item = ClientId>,
    ) -> Result<Self, OpError<C>> {
        let clients: BTreeSet<ClientId> = clients.into_iter().collect();
        let clients: Vec<ClientId> = clients.into_iter().collect();
        Self::of(store::sla::Terms {
            tiers: store::sla::tier_changes(tx, &clients).await?,
            policies: store::sla::policies(tx, &clients).await?,
            calendars: store::sla::calendars(tx, &clients).await?,
        })
    }

    /// The terms of these versions.
    ///
    /// # Errors
    /// One is no policy or calendar.
    pub(super) fn of<C: Code>(stored: store::sla::Terms) -> Result<Self, OpError<C>> {
        let mut book = Self { policies: Vec::new(), calendars: Vec::new(), tiers: stored.tiers };
        for version in stored.policies {
            let policy = Arc::new(read(version.definition.clone())?);
            book.policies.push((version, policy));
        }
        for version in stored.calendars {
            let calendar = calendar(&version)?;
            book.calendars.push((version, Arc::new(calendar)));
        }
        Ok(book)
    }

    /// The clients that had a tier, or have a policy or calendar of their own.
    pub(super) fn owners(&self) -> HashSet<ClientId> {
        let policies = self.policies.iter().filter_map(|(version, _)| version.client);
        let calendars = self.calendars.iter().filter_map(|(version, _)| version.client);
        policies.chain(calendars).chain(self.tiers.keys().copied()).collect()
    }

    /// The versions of the policy that can concern a client: the BSP's, then its own, which hold before them.
    pub(crate) fn policies_of(&self, client: ClientId) -> Vec<&(PolicyVersion, Arc<Policy>)> {
        let mut versions: Vec<_> =
            self.policies.iter().filter(|(version, _)| version.client.is_none_or(|owner| owner == client)).collect();
        versions.sort_by_key(|(version, _)| (version.client.is_some(), version.version));
        versions
    }

    fn calendars_of(&self, client: ClientId) -> Calendars {
        let mut by_key: BTreeMap<&str, Vec<&(CalendarVersion, Arc<Calendar>)>> = BTreeMap::new();
        for entry in &self.calendars {
            if entry.0.client.is_none_or(|owner| owner == client) {
                by_key.entry(&entry.0.key).or_default().push(entry);
            }
        }
        let mut calendars = Calendars::new();
        for (key, mut versions) in by_key {
            versions.sort_by_key(|(version, _)| (version.client.is_some(), version.version));
            for (place, (version, calendar)) in versions.into_iter().enumerate() {
                let mut version = version_of(version.effective_from, version.scope, calendar);
                if place == 0 {
                    // Before it there was none. A policy that names it may hold for tickets older than it, or sooner than it does.
                    version.effective_from = Timestamp::MIN;
                }
                calendars = calendars.with_version(key, version);
            }
        }
        calendars
    }

    /// What tickets of a client are judged by.
    pub(crate) fn terms_of(&self, client: ClientId) -> Terms {
        let policies = self.policies_of(client).into_iter();
        let policies =
            policies.map(|(version, policy)| version_of(version.effective_from, version.scope, policy)).collect();
        let terms = Terms::of_versions(policies, self.calendars_of(client));
        let changes = self.tiers.get(&client).into_iter().flatten();
        changes.fold(terms, |terms, change| terms.with_tier(timestamp(change.effective_from), change.tier.clone()))
    }
}

fn version_of<T>(effective_from: domain::Instant, scope: ::sla::Scope, value: &Arc<T>) -> Version<Arc<T>> {
    Version { effective_from: timestamp(effective_from), scope, value: Arc::clone(value) }
}
