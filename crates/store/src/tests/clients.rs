//! The example area.

use domain::access::Visibility;

use super::{client, id, only, three_clients};
use crate::{
    StoreError, both_stores, clients,
    page::{Cursor, Direction, Key, Keyset},
    testing::{TestStore, statements},
};

both_stores! {
    async fn a_client_reads_back_as_it_was_written(store: TestStore) {
        three_clients(&store).await;
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        assert_eq!(clients::by_id(&tx, id(2)).await.unwrap(), Some(client(2, "B")));
        assert_eq!(clients::by_slug(&tx, "client-3").await.unwrap(), Some(client(3, "C")));
        assert_eq!(clients::by_id(&tx, id(9)).await.unwrap(), None);
        assert_eq!(clients::by_ids(&tx, &[id(1), id(3), id(9)]).await.unwrap().len(), 2);
    }

    async fn what_is_not_committed_did_not_happen(store: TestStore) {
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        clients::insert(&tx, &client(1, "A")).await.unwrap();
        drop(tx);
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        assert_eq!(clients::by_id(&tx, id(1)).await.unwrap(), None);
    }

    async fn other_clients_do_not_exist(store: TestStore) {
        three_clients(&store).await;
        let tx = store.read(&only(2)).await.unwrap();
        assert_eq!(clients::by_id(&tx, id(1)).await.unwrap(), None);
        assert_eq!(clients::by_slug(&tx, "client-1").await.unwrap(), None);
        assert_eq!(clients::by_ids(&tx, &[id(1), id(2), id(3)]).await.unwrap(), [client(2, "B")]);
        assert_eq!(clients::page(&tx, &Keyset::first(10)).await.unwrap().items, [client(2, "B")]);
        drop(tx);
        let tx = store.read(&Visibility::Clients(Vec::new())).await.unwrap();
        assert!(clients::page(&tx, &Keyset::first(10)).await.unwrap().items.is_empty());
        drop(tx);
        let tx = store.write(&only(2)).await.unwrap();
        assert_eq!(clients::insert(&tx, &client(4, "D")).await, Err(StoreError::NotVisible));
        let stolen = clients::update(&tx, &client(1, "Mine now"), 1).await;
        assert_eq!(stolen, Err(StoreError::NotFound { table: "clients" }));
    }

    async fn pages_follow_each_other_in_both_directions(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        // Equal names: the id decides.
        clients::insert(&tx, &client(5, "B")).await.unwrap();
        clients::insert(&tx, &client(4, "B")).await.unwrap();
        for (direction, expected) in [(Direction::Ascending, [1, 2, 4, 5, 3]), (Direction::Descending, [3, 5, 4, 2, 1])] {
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let page = clients::page(&tx, &Keyset::first(2).direction(direction).after(cursor)).await.unwrap();
                assert_eq!(page.items.len(), page.cursors.len());
                seen.extend(page.items.iter().map(|client| client.id));
                cursor = page.cursors.last().cloned();
                if !page.has_next {
                    break;
                }
            }
            assert_eq!(seen, expected.map(id));
        }
    }

    async fn a_cursor_of_another_list_is_refused(store: TestStore) {
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        let foreign = Cursor { key: Key::Number(7), id: id(1).uuid() };
        assert_eq!(clients::page(&tx, &Keyset::first(2).after(foreign)).await, Err(StoreError::Cursor));
        assert_eq!(Keyset::first(1_000).limit(), 100);
        assert_eq!(Keyset::first(0).limit(), 1);
    }

    async fn a_second_client_of_a_slug_is_a_conflict_by_name(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        let twin = domain::clients::Client { slug: "client-1".to_owned(), ..client(7, "Twin") };
        let error = clients::insert(&tx, &twin).await.unwrap_err();
        assert!(error.is_conflict_on("clients_slug_key"), "{error}");
        assert!(!error.is_transient());
        assert_eq!(error.to_string(), "another row has the same key (clients_slug_key)");
    }

    async fn a_lost_race_shows_the_version_that_stands(store: TestStore) {
        three_clients(&store).await;
        let tx = store.write(&Visibility::AllClients).await.unwrap();
        assert_eq!(clients::update(&tx, &client(1, "First"), 1).await, Ok(2));
        let lost = clients::update(&tx, &client(1, "Second"), 1).await.unwrap_err();
        assert_eq!(lost.stale_version(), Some(2));
        tx.commit().await.unwrap();
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        let stands = clients::by_id(&tx, id(1)).await.unwrap().unwrap();
        assert_eq!((stands.name.as_str(), stands.version), ("First", 2));
    }

    async fn a_batch_is_one_statement(store: TestStore) {
        three_clients(&store).await;
        let (found, count) = statements(&store, async {
            let tx = store.read(&Visibility::AllClients).await.unwrap();
            clients::by_ids(&tx, &[id(1), id(2), id(3)]).await.unwrap()
        })
        .await;
        assert_eq!((found.len(), count), (3, 1));
    }

    async fn a_transaction_that_reads_cannot_write(store: TestStore) {
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        assert!(matches!(clients::insert(&tx, &client(1, "A")).await, Err(StoreError::Refused(_))));
    }
}
