//! What webhooks promise, on both stores.

use std::sync::Arc;

use domain::{
    ClientId,
    access::{Permission, Role},
    webhooks::{WebhookDelivery, WebhookDeliveryState, WebhookDisabled, WebhookEndpoint, WebhookEventType},
};
use hooks::{PostError, Secret, sign};
use serde_json::{Value, json};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::*;
use crate::{OpCtx, OpError, testing::TestApp};

struct Scene {
    app: TestApp,
    client: ClientId,
    admin: OpCtx,
    endpoint: WebhookEndpoint,
    secret: Secret,
}

fn new(client: ClientId, url: &str) -> NewEndpoint {
    NewEndpoint {
        client,
        url: url.to_owned(),
        description: "CRM".to_owned(),
        events: vec![WebhookEventType::TicketOpened, WebhookEventType::TicketReplied],
    }
}

impl Scene {
    async fn new(store: TestStore) -> Self {
        let app = TestApp::new(store);
        let client = app.client("nordic").await;
        let admin = app.client_user(Role::ClientAdmin, client).await;
        let (endpoint, secret) = create(&admin, new(client, "https://hooks.client.example/in")).await.unwrap();
        Self { app, client, admin, endpoint, secret }
    }

    fn op(&self) -> OpCtx {
        self.app.op(self.admin.actor().clone())
    }

    async fn publish(&self, event_type: WebhookEventType, data: Value) {
        let op = self.app.system();
        let tx = op.write::<WebhookCode>().await.unwrap();
        publish(&op, &tx, self.client, event_type, data).await.unwrap();
        tx.commit().await.unwrap();
        self.app.drain().await;
    }

    async fn deliveries(&self) -> Vec<WebhookDelivery> {
        deliveries_page(&self.op(), self.endpoint.id, &Keyset::first(50)).await.unwrap().items
    }

    async fn now(&self) -> WebhookEndpoint {
        by_ids(&self.op(), &[self.endpoint.id]).await.unwrap().pop().unwrap()
    }
}

both_stores! {
    async fn an_event_is_carried_signed_to_those_who_want_it(store: TestStore) {
        let scene = Scene::new(store).await;
        let other = scene.app.client("aurora").await;
        let others = scene.app.client_user(Role::ClientAdmin, other).await;
        create(&others, new(other, "https://other.example/")).await.unwrap();
        scene.publish(WebhookEventType::TicketOpened, json!({ "ticketId": "x" })).await;
        scene.publish(WebhookEventType::AuditCompleted, json!({})).await;
        let sent = scene.app.webhooks().sent();
        assert_eq!(sent.len(), 1);
        let body: Value = serde_json::from_slice(&sent[0].body).unwrap();
        assert_eq!((&body["type"], &body["data"]["ticketId"]), (&json!("ticket.opened"), &json!("x")));
        assert_eq!(sent[0].url, "https://hooks.client.example/in");
        assert!(sent[0].id.starts_with("whe_"));
        let expected = sign(std::slice::from_ref(&scene.secret), &sent[0].id, sent[0].at, &sent[0].body);
        assert_eq!(sign(&sent[0].secrets, &sent[0].id, sent[0].at, &sent[0].body), expected);
        let deliveries = scene.deliveries().await;
        assert_eq!(deliveries.len(), 1);
        assert_eq!((deliveries[0].state, deliveries[0].attempts), (WebhookDeliveryState::Delivered, 1));
        assert!(scene.now().await.last_success_at.is_some());
    }

    async fn what_is_not_taken_is_tried_again_under_the_same_id_and_in_the_end_given_up(store: TestStore) {
        let scene = Scene::new(store).await;
        let sender = Arc::clone(scene.app.webhooks());
        sender.fail_with(Some(PostError::Status(503)));
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        assert_eq!(scene.deliveries().await[0].state, WebhookDeliveryState::Pending);
        assert_eq!(scene.now().await.last_error.as_deref(), Some("the endpoint answered with status 503"));
        scene.app.clock().advance(4);
        assert_eq!(scene.app.drain().await, 0);
        for wait in [1, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 72_000, 86_400] {
            scene.app.clock().advance(wait);
            assert_eq!(scene.app.drain().await, 1, "after {wait} s");
        }
        let given_up = scene.deliveries().await;
        assert_eq!((given_up[0].state, given_up[0].attempts), (WebhookDeliveryState::Failed, 10));
        scene.app.clock().advance(10 * 86_400);
        assert_eq!(scene.app.drain().await, 0);
        // Back again, it can have what it missed.
        sender.fail_with(None);
        assert_eq!(replay_since(&scene.op(), scene.endpoint.id, given_up[0].created_at).await.unwrap(), 1);
        scene.app.drain().await;
        assert_eq!(sender.sent().len(), 1);
        assert_eq!(sender.sent()[0].id, given_up[0].event.to_string());
        let anew = scene.deliveries().await.remove(0);
        assert_eq!((anew.state, anew.attempts), (WebhookDeliveryState::Delivered, 1));
        // A delivery that was taken can be had once more, and one that is on its way cannot.
        replay(&scene.op(), anew.id).await.unwrap();
        assert!(matches!(replay(&scene.op(), anew.id).await, Err(OpError::Refused(_))));
        scene.app.drain().await;
        assert_eq!(sender.sent().len(), 2);
        assert!(scene.now().await.failing_since.is_none());
    }

    async fn an_endpoint_that_takes_nothing_for_days_is_turned_off_and_its_admin_is_told(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.webhooks().fail_with(Some(PostError::Unreachable));
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        scene.app.clock().advance(5 * 86_400);
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        assert_eq!(scene.now().await.disabled, Some(WebhookDisabled::Failing));
        scene.app.drain().await;
        let told = scene.app.mails().sent();
        assert_eq!(told.len(), 1);
        assert!(told[0].letter.text().contains("hooks.client.example"), "{}", told[0].letter.text());
        scene.app.webhooks().fail_with(None);
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        assert!(scene.app.webhooks().sent().is_empty());
        assert!(matches!(test(&scene.op(), scene.endpoint.id).await, Err(OpError::Refused(_))));
        let on = EndpointChange { is_enabled: Some(true), ..EndpointChange::default() };
        update(&scene.op(), scene.endpoint.id, on).await.unwrap();
        test(&scene.op(), scene.endpoint.id).await.unwrap();
        scene.app.drain().await;
        assert_eq!(scene.app.webhooks().sent().len(), 1);
    }

    async fn an_endpoint_that_says_gone_is_turned_off_at_once(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.webhooks().fail_with(Some(PostError::Status(410)));
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        assert_eq!(scene.now().await.disabled, Some(WebhookDisabled::Failing));
        assert_eq!(scene.deliveries().await[0].state, WebhookDeliveryState::Failed);
    }

    async fn a_changed_secret_signs_at_once_and_the_one_before_for_a_day(store: TestStore) {
        let scene = Scene::new(store).await;
        let lost = rotate_secret(&scene.op(), scene.endpoint.id, Some(scene.endpoint.version + 1)).await;
        assert!(matches!(lost, Err(OpError::Conflict { .. })), "{lost:?}");
        let (_, secret) = rotate_secret(&scene.op(), scene.endpoint.id, None).await.unwrap();
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        assert_eq!(scene.app.webhooks().sent()[0].secrets, [secret.clone(), scene.secret.clone()]);
        scene.app.clock().advance(24 * 3_600);
        scene.publish(WebhookEventType::TicketOpened, json!({})).await;
        assert_eq!(scene.app.webhooks().sent()[1].secrets, [secret]);
    }

    async fn another_clients_endpoints_do_not_exist_and_addresses_within_are_refused(store: TestStore) {
        let scene = Scene::new(store).await;
        let other = scene.app.client("aurora").await;
        let stranger = scene.app.client_user(Role::ClientAdmin, other).await;
        assert!(by_ids(&stranger, &[scene.endpoint.id]).await.unwrap().is_empty());
        assert!(matches!(rotate_secret(&stranger, scene.endpoint.id, None).await, Err(OpError::NotFound)));
        assert!(matches!(delete(&stranger, scene.endpoint.id, 1).await, Err(OpError::NotFound)));
        assert!(matches!(test(&stranger, scene.endpoint.id).await, Err(OpError::NotFound)));
        assert!(matches!(create(&stranger, new(scene.client, "https://x.example/")).await, Err(OpError::Refused(_))));
        let viewer = scene.app.client_user(Role::ClientViewer, scene.client).await;
        let denied = create(&viewer, new(scene.client, "https://x.example/")).await;
        assert!(matches!(denied, Err(OpError::Forbidden(Permission::WebhooksWrite))));
        for (url, code) in [
            ("https://10.0.0.1/", WebhookCode::UrlPrivate),
            ("https://169.254.169.254/latest/meta-data", WebhookCode::UrlPrivate),
            ("http://hooks.client.example/", WebhookCode::UrlInsecure),
            ("hooks", WebhookCode::UrlMalformed),
        ] {
            let refused = create(&scene.op(), new(scene.client, url)).await;
            assert!(matches!(&refused, Err(OpError::Refused(why)) if why[0].code == code), "{url}: {refused:?}");
        }
        let none = NewEndpoint { events: Vec::new(), ..new(scene.client, "https://x.example/") };
        assert!(matches!(create(&scene.op(), none).await, Err(OpError::Refused(_))));
        assert!(matches!(delete(&scene.op(), scene.endpoint.id, 7).await, Err(OpError::Conflict { current: 1 })));
        delete(&scene.op(), scene.endpoint.id, 1).await.unwrap();
        assert!(by_ids(&scene.op(), &[scene.endpoint.id]).await.unwrap().is_empty());
    }
}
