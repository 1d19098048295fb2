//! The consent ledger as it is sealed: events by their positions, many to a leaf of the client's Merkle log, for a ledger has
//! millions.

use crate::{
    ClientId, ConsentEventId, ImportId, Instant,
    merkle::{self, Hash},
    ports::LedgerEvent,
};

/// Events of one leaf at most.
pub const LEAF: u64 = 1_000;

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Id.
    pub id: ConsentEventId,
    /// Position in the client's ledger, from 1 without gaps.
    pub sequence: i64,
    /// The import that brought it, if one did.
    pub import: Option<ImportId>,
    /// The person's business-scoped user id, where it is known beside the number.
    pub user_id: Option<String>,
    /// What it says.
    pub event: LedgerEvent,
    /// Hash of what it says; equal for the same event.
    pub content_hash: String,
}

impl Recorded {
    /// The hash of every value that it has.
    fn hash(&self, client: ClientId) -> Hash {
        let micros = |at: Instant| at.timestamp_micros().to_string();
        let event = &self.event;
        merkle::leaf(&merkle::record([
            Some("consent.v1".to_owned()),
            Some(self.id.to_string()),
            Some(client.to_string()),
            Some(self.sequence.to_string()),
            self.import.map(|import| import.to_string()),
            Some(event.recipient.clone()),
            self.user_id.clone(),
            Some(event.action.to_string()),
            Some(event.scope.to_string()),
            Some(micros(event.effective_at)),
            Some(micros(event.recorded_at)),
            event.expires_at.map(micros),
            event.source.clone(),
            event.evidence.clone(),
            event.wording_version.clone(),
            event.ip.clone(),
            event.controller.clone(),
            event.brand_shown.clone(),
            Some(self.content_hash.clone()),
        ]))
    }
}

/// The leaf of events that follow each other in a client's ledger.
pub fn leaf(client: ClientId, events: &[Recorded]) -> Hash {
    let hashes: Vec<u8> = events.iter().flat_map(|event| event.hash(client)).collect();
    merkle::leaf(&hashes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;

    use super::*;
    use crate::traffic::{ConsentAction, ConsentScope};

    fn client() -> ClientId {
        ClientId::from_uuid(uuid::Uuid::from_u128(7))
    }

    fn event() -> Recorded {
        Recorded {
            id: ConsentEventId::from_uuid(uuid::Uuid::from_u128(1)),
            sequence: 1,
            import: None,
            user_id: None,
            event: LedgerEvent {
                recipient: "393330000001".to_owned(),
                action: ConsentAction::OptIn,
                scope: ConsentScope::Marketing,
                effective_at: Instant::default(),
                recorded_at: Instant::default(),
                expires_at: None,
                source: Some("web_form".to_owned()),
                evidence: None,
                wording_version: None,
                ip: None,
                controller: None,
                brand_shown: None,
            },
            content_hash: "a".to_owned(),
        }
    }

    #[test]
    fn the_leaf_is_of_every_value_of_every_event_and_of_whose_they_are() {
        let text = || Some("x".to_owned());
        let later = Instant::default() + TimeDelta::microseconds(1);
        let changes: &[&dyn Fn(&mut Recorded)] = &[
            &|own| own.id = ConsentEventId::from_uuid(uuid::Uuid::from_u128(2)),
            &|own| own.sequence = 2,
            &|own| own.import = Some(ImportId::from_uuid(uuid::Uuid::from_u128(3))),
            &|own| own.user_id = text(),
            &|own| own.event.recipient.push('1'),
            &|own| own.event.action = ConsentAction::OptOut,
            &|own| own.event.scope = ConsentScope::All,
            &|own| own.event.effective_at = later,
            &|own| own.event.recorded_at = later,
            &|own| own.event.expires_at = Some(later),
            &|own| own.event.source = text(),
            &|own| own.event.evidence = text(),
            &|own| own.event.wording_version = text(),
            &|own| own.event.ip = text(),
            &|own| own.event.controller = text(),
            &|own| own.event.brand_shown = text(),
            &|own| own.content_hash.push('b'),
            // What moves from one value to the next is a change too.
            &|own| (own.event.source, own.event.evidence) = (None, Some("web_form".to_owned())),
        ];
        let mut leaves = BTreeSet::from([
            leaf(client(), &[event()]),
            leaf(ClientId::from_uuid(uuid::Uuid::from_u128(8)), &[event()]),
            leaf(client(), &[]),
            leaf(client(), &[event(), event()]),
        ]);
        for change in changes {
            let mut changed = event();
            change(&mut changed);
            leaves.insert(leaf(client(), &[changed]));
        }
        assert_eq!(leaves.len(), changes.len() + 4);
    }
}
