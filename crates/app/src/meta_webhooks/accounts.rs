//! Whose a change is: by Meta's id of the account, or of the number.

use std::collections::{BTreeSet, HashMap};

use domain::{ClientId, assets::Waba};
use meta::webhook::{Change, Event};
use sha2::{Digest as _, Sha256};
use store::{Delivery, StoreError, Tx, webhooks::Unclaimed};

/// Names in a statement: databases bear some ten thousands.
const NAMES: usize = 5_000;

/// The accounts and numbers that changes name, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    wabas: HashMap<String, Waba>,
    numbers: HashMap<String, ClientId>,
}

impl Accounts {
    /// Looks up all that `changes` name, thousands in a statement.
    pub(super) async fn named_by(
        tx: &Tx,
        changes: impl Iterator<Item = &Change> + Clone + Send,
    ) -> Result<Self, StoreError> {
        let wabas: BTreeSet<&str> = changes.clone().filter_map(|change| change.account.as_deref()).collect();
        let numbers: BTreeSet<&str> = changes.filter_map(number).collect();
        let mut found = Self::default();
        for names in chunks(wabas) {
            let wabas = store::wabas::named(tx, names).await?;
            found.wabas.extend(wabas.into_iter().map(|waba| (waba.meta_id.clone(), waba)));
        }
        for names in chunks(numbers) {
            let numbers = store::phone_numbers::named(tx, names).await?;
            found.numbers.extend(numbers.into_iter().map(|number| (number.meta_id, number.client)));
        }
        Ok(found)
    }

    /// The account that a change is about.
    pub(super) fn waba(&self, change: &Change) -> Option<&Waba> {
        self.wabas.get(change.account.as_deref()?)
    }

    /// The clients whose they are.
    pub(super) fn clients(&self) -> Vec<ClientId> {
        let clients = self.wabas.values().map(|waba| waba.client).chain(self.numbers.values().copied());
        clients.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whose a change is.
    pub(super) fn client(&self, change: &Change) -> Option<ClientId> {
        self.waba(change).map(|waba| waba.client).or_else(|| self.numbers.get(number(change)?).copied())
    }
}

/// As many as a statement takes.
fn chunks(names: BTreeSet<&str>) -> Vec<Vec<&str>> {
    let names: Vec<&str> = names.into_iter().collect();
    names.chunks(NAMES).map(<[&str]>::to_vec).collect()
}

fn number(change: &Change) -> Option<&str> {
    match &change.event {
        Event::Messages(messages) => messages.phone_number_id.as_deref(),
        _ => None,
    }
}

/// A change of a body that belongs to nobody, as it is kept apart.
pub(super) fn unclaimed(delivery: &Delivery, ordinal: usize, change: &Change) -> Option<Unclaimed> {
    let account = change.account.clone().or_else(|| number(change).map(str::to_owned))?;
    let body = meta::webhook::isolate(&delivery.body, ordinal)?;
    Some(Unclaimed {
        id: 0,
        account,
        received_at: delivery.received_at,
        content_hash: hex::encode(Sha256::digest(&body)),
        body,
    })
}
