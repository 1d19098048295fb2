//! The words by which people of each client say stop.

use std::collections::HashMap;

use audit::StopWords;
use domain::ClientId;
use store::{StoreError, Tx};

/// Those of everybody, and those of clients that have words of their own.
#[derive(Debug)]
pub(super) struct Words {
    common: StopWords,
    own: HashMap<ClientId, StopWords>,
}

impl Words {
    /// Those of these clients, in one statement.
    pub(super) async fn of(tx: &Tx, clients: &[ClientId]) -> Result<Self, StoreError> {
        let own = store::stop_words::of_clients(tx, clients).await?;
        let own = own.into_iter().map(|(client, words)| (client, StopWords::with(&words))).collect();
        Ok(Self { common: StopWords::default(), own })
    }

    /// Those of a client.
    pub(super) fn of_client(&mut self, client: ClientId) -> &mut StopWords {
        self.own.get_mut(&client).unwrap_or(&mut self.common)
    }
}
