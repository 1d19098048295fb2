//! Following tickets: nothing is missed, whatever ends first and whoever reads slowly; and nobody sees more than they may.

use std::{pin::pin, time::Duration};

use domain::{
    access::{Actor, Role, Visibility},
    ports::Clock as _,
    tickets::TicketEventKind,
};
use futures::{Stream, StreamExt as _};
use store::{both_stores, testing::TestStore};
use tokio::time::timeout;

use super::{Scene, any};
use crate::{
    NoCode, OpError,
    testing::TestApp,
    tickets::{StreamFilter, StreamItem, StreamPlace, events, note, reply},
};

/// The next entry's text, and its place.
async fn next(stream: &mut (impl Stream<Item = Result<StreamItem, OpError<NoCode>>> + Unpin)) -> (String, StreamPlace) {
    let item = timeout(Duration::from_secs(20), stream.next()).await.expect("an entry comes in time");
    match item.unwrap().unwrap() {
        StreamItem::Event(place, event) => match event.kind {
            TicketEventKind::Noted { text } | TicketEventKind::Replied { text, .. } => (text, place),
            TicketEventKind::Opened { .. } => ("opened".to_owned(), place),
            other => panic!("{other:?}"),
        },
        StreamItem::Behind(_) => panic!("nobody was behind"),
    }
}

/// Waits until `count` entries are settled: other databases of the server may hold the end of the stream up.
async fn settled(scene: &Scene, count: usize) {
    let mut all = pin!(events(scene.agent(), StreamFilter::default(), Some(StreamPlace::default())).await.unwrap());
    for _ in 0..count {
        next(&mut all).await;
    }
}

both_stores! {
    async fn entries_come_as_they_are_written_and_again_after_a_place(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let op = scene.agent();
        let mut live = pin!(events(op.clone(), StreamFilter::default(), None).await.unwrap());
        assert!(timeout(Duration::from_millis(100), live.next()).await.is_err());
        scene.app.clock().advance(3_600);
        let ticket = scene.ticket().await;
        assert_eq!(next(&mut live).await.0, "opened");
        // Who shows the entry looks at its moment, not at that of the subscription.
        assert_eq!(op.now(), scene.app.clock().now());
        reply(&scene.agent(), any(&ticket), "one").await.unwrap();
        note(&scene.agent(), any(&ticket), "two").await.unwrap();
        let (text, place) = next(&mut live).await;
        assert_eq!((text.as_str(), next(&mut live).await.0.as_str()), ("one", "two"));

        let mut again = pin!(events(scene.agent(), StreamFilter::default(), Some(place)).await.unwrap());
        assert_eq!(next(&mut again).await.0, "two");
        let mut all = pin!(events(scene.agent(), StreamFilter::default(), Some(StreamPlace::default())).await.unwrap());
        for wanted in ["opened", "one", "two"] {
            assert_eq!(next(&mut all).await.0, wanted);
        }
        let other = StreamFilter { ticket: Some(scene.ticket().await.id), ..StreamFilter::default() };
        let mut of_other = pin!(events(scene.agent(), other, Some(place)).await.unwrap());
        assert_eq!(next(&mut of_other).await.0, "opened");
    }

    async fn a_client_follows_its_own_tickets_without_what_is_internal(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        note(&scene.agent(), any(&ticket), "among us").await.unwrap();
        reply(&scene.agent(), any(&ticket), "to you").await.unwrap();
        let from_the_start = Some(StreamPlace::default());
        // Whoever asks for what is internal does not thereby get it.
        let filter = StreamFilter { internal: true, ..StreamFilter::default() };
        let mut own = pin!(events(scene.admin(), filter, from_the_start).await.unwrap());
        assert_eq!((next(&mut own).await.0.as_str(), next(&mut own).await.0.as_str()), ("opened", "to you"));

        let other = scene.app.client("libreria-fenice").await;
        let stranger = scene.app.client_user(Role::ClientAdmin, other).await;
        let mut foreign = pin!(events(stranger, StreamFilter::default(), from_the_start).await.unwrap());
        assert!(timeout(Duration::from_millis(900), foreign.next()).await.is_err());
        let nobody = scene.app.op(Actor::Anonymous);
        assert!(matches!(events(nobody, StreamFilter::default(), None).await.map(drop), Err(OpError::Unauthenticated)));
    }

    async fn who_cannot_keep_up_is_told_where_to_go_on(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let ticket = scene.ticket().await;
        settled(&scene, 1).await;
        let mut live = pin!(events(scene.agent(), StreamFilter::default(), None).await.unwrap());
        reply(&scene.agent(), any(&ticket), "first").await.unwrap();
        let (_, place) = next(&mut live).await;
        let notes: Vec<_> = (0..1_001).map(|n| TicketEventKind::Noted { text: format!("{n}") }).collect();
        let (op, tx) = (scene.agent(), scene.app.write(&Visibility::System).await.unwrap());
        store::tickets::append_events(&tx, &ticket, op.actor(), op.now(), op.random(), &notes).await.unwrap();
        tx.commit().await.unwrap();
        let told = timeout(Duration::from_secs(20), live.next()).await.unwrap().unwrap().unwrap();
        assert!(matches!(told, StreamItem::Behind(at) if at == place), "{told:?}");
        assert!(live.next().await.is_none());
        let mut again = pin!(events(scene.agent(), StreamFilter::default(), Some(place)).await.unwrap());
        for n in 0..1_001 {
            assert_eq!(next(&mut again).await.0, n.to_string());
        }
    }
}

#[tokio::test]
async fn a_transaction_that_began_first_and_ends_last_is_not_passed_over() {
    let scene = Scene::new(TestApp::new(TestStore::postgres().await)).await;
    let (slow_ticket, ticket) = (scene.ticket().await, scene.ticket().await);
    settled(&scene, 2).await;
    let mut live = pin!(events(scene.agent(), StreamFilter::default(), None).await.unwrap());
    let op = scene.agent();
    let slow = scene.app.write(&Visibility::System).await.unwrap();
    let slow_note = [TicketEventKind::Noted { text: "slow".to_owned() }];
    store::tickets::append_events(&slow, &slow_ticket, op.actor(), op.now(), op.random(), &slow_note).await.unwrap();
    reply(&scene.agent(), any(&ticket), "fast").await.unwrap();
    assert!(timeout(Duration::from_millis(1_200), live.next()).await.is_err(), "it waits for the one before");
    slow.commit().await.unwrap();
    assert_eq!((next(&mut live).await.0.as_str(), next(&mut live).await.0.as_str()), ("slow", "fast"));
}
