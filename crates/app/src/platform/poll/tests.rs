//! Asking the Graph API, on both stores.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    ClientId, WabaId,
    access::{Role, Visibility},
    assets::AssetKind,
    enforcement::{EnforcementStage, EpisodeEnd, NoticeSource, RecordedEpisode},
    graph::{GraphAccess, GraphAccount},
    tickets::{Ticket, TicketPriority},
};
use meta::graph::{GraphClient, GraphError, fake::FakeGraph};
use serde_json::{Value, json};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{due, poll};
use crate::{
    assets::{NewWaba, create_waba},
    meta_webhooks::{self, Consumed, Consumer, Kind},
    testing::TestApp,
    tickets,
};

const EVERY: TimeDelta = TimeDelta::minutes(30);

struct Scene {
    app: TestApp,
    client: ClientId,
    waba: WabaId,
    fake: FakeGraph,
    graph: GraphClient,
}

impl Scene {
    async fn new(store: TestStore) -> Self {
        let app = TestApp::new(store);
        crate::sla::ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic-shoes").await;
        let new = NewWaba {
            client,
            meta_id: "102".to_owned(),
            name: "Main".to_owned(),
            portfolio_meta_id: None,
            messaging_limit: Some(2_000),
        };
        let waba = create_waba(&app.staff(Role::SupportAgent).await, new).await.unwrap().id;
        // What is recorded is older than what is told of it.
        app.clock().advance(60);
        let fake = FakeGraph::default();
        let graph = GraphClient::new(Arc::new(fake.clone()), Duration::from_millis(1));
        let scene = Self { app, client, waba, fake, graph };
        scene.says("AVAILABLE", json!([]), "GREEN", "APPROVED");
        scene
    }

    fn says(&self, can_send: &str, errors: Value, quality: &str, template: &str) {
        self.fake.says(
            "102",
            json!({
                "id": "102", "whatsapp_business_manager_messaging_limit": "TIER_10K", "owner_business_info": { "id": "77" },
                "health_status": { "can_send_message": can_send, "entities": [
                    { "entity_type": "WABA", "id": "102", "can_send_message": can_send, "errors": errors }
                ]},
                "analytics": { "data_points": [
                    { "start": 1_795_305_600_i64, "end": 1_795_392_000_i64, "sent": 40, "delivered": 35 }
                ]}
            }),
        );
        self.fake.says("102/phone_numbers", json!({ "data": [
            { "id": "7", "display_phone_number": "+39 333 1234567", "verified_name": "Nordic", "quality_rating": quality, "status": "CONNECTED" }
        ]}));
        self.fake.says(
            "102/message_templates",
            json!({ "data": [
                { "id": "9", "name": "autumn", "language": "it", "category": "UTILITY", "correct_category": "MARKETING",
                  "status": template, "components": [{ "type": "BODY", "text": "Ciao" }] }
            ]}),
        );
    }

    /// Asks about the account, when it is due.
    async fn poll(&self) -> Result<(), GraphError> {
        let op = self.app.system();
        let waba = due(&op, "a process").await.unwrap().remove(0);
        poll(&op, &self.graph, &waba, EVERY).await.unwrap()
    }

    fn later(&self) {
        self.app.clock().advance(1_801);
    }

    async fn account(&self) -> GraphAccount {
        let tx = self.app.read(&Visibility::System).await.unwrap();
        store::graph_accounts::of_wabas(&tx, &[self.waba]).await.unwrap().remove(0)
    }

    async fn history(&self, kind: AssetKind, asset: uuid::Uuid) -> Vec<(String, String)> {
        let tx = self.app.read(&Visibility::System).await.unwrap();
        let page = store::asset_changes::page(&tx, kind, asset, &Keyset::first(100)).await.unwrap();
        page.items.into_iter().map(|change| (change.attribute, change.value)).collect()
    }

    /// A webhook told that nothing may be sent first for a week.
    async fn restricted(&self) {
        let body = json!({ "entry": [{ "id": "102", "time": self.app.system().now().timestamp(), "changes": [{
            "field": "account_update",
            "value": { "event": "ACCOUNT_RESTRICTION", "restriction_info": [
                { "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": self.app.system().now().timestamp() + 604_800 }
            ]}
        }]}]});
        meta_webhooks::receive(self.app.services(), body.to_string().into_bytes()).await.unwrap();
        let mut consumer = Consumer::new(Kind::Notices, "a process");
        while matches!(consumer.step(&self.app.system()).await.unwrap(), Consumed::Some { .. }) {}
        assert_eq!(self.episodes().await.len(), 1);
    }

    async fn episodes(&self) -> Vec<RecordedEpisode> {
        let tx = self.app.read(&Visibility::System).await.unwrap();
        store::episodes::of_waba(&tx, self.waba).await.unwrap()
    }

    /// How the only episode ended.
    async fn ended(&self) -> Option<EpisodeEnd> {
        self.episodes().await.remove(0).episode.ended.map(|(_, how)| how)
    }

    async fn tickets(&self) -> Vec<Ticket> {
        let (filter, order) = (tickets::TicketFilter::default(), tickets::TicketOrder::default());
        tickets::page(&self.app.system(), &filter, order, &Keyset::first(10)).await.unwrap().items
    }

    /// How many mails of a kind were written.
    async fn mails(&self, word: &str) -> usize {
        self.app.drain().await;
        self.app.mails().sent().iter().filter(|mail| mail.letter.subject.contains(word)).count()
    }
}

both_stores! {
    async fn what_stands_becomes_known_and_what_differs_is_written_down(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.poll().await.unwrap();
        scene.later();
        scene.poll().await.unwrap();
        scene.later();
        scene.says("AVAILABLE", json!([]), "RED", "PAUSED");
        scene.poll().await.unwrap();
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let number = store::phone_numbers::of_client(&tx, scene.client).await.unwrap().remove(0);
        let template = store::templates::of_client(&tx, scene.client).await.unwrap().remove(0);
        let waba = store::wabas::by_ids(&tx, &[scene.waba]).await.unwrap().remove(0);
        let events = store::platform_events::of_client(&tx, scene.client, 100).await.unwrap();
        drop(tx);
        assert_eq!((number.quality_rating.as_deref(), template.status.as_str(), waba.messaging_limit), (Some("RED"), "PAUSED", Some(10_000)));
        assert_eq!((waba.portfolio_meta_id.as_deref(), template.components[0]["text"].as_str()), (Some("77"), Some("Ciao")));
        let colours: Vec<_> = scene.history(AssetKind::PhoneNumber, number.id.uuid()).await;
        let colours: Vec<_> = colours.iter().filter(|(name, _)| name == "quality_rating").map(|(_, value)| value.as_str()).collect();
        assert_eq!(colours, ["GREEN", "RED"]);
        let announced = scene.history(AssetKind::Template, template.id.uuid()).await;
        assert_eq!(announced.iter().filter(|(name, _)| name == "announced_category").count(), 1);
        assert_eq!(events.len(), 5, "a limit, two states of the template, two colours: {events:?}");
    }

    async fn a_ban_that_no_webhook_told_opens_a_ticket_and_its_end_proposes_to_close_it(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.says("BLOCKED", json!([{ "error_code": 141_014 }]), "GREEN", "APPROVED");
        scene.poll().await.unwrap();
        scene.later();
        scene.poll().await.unwrap();
        let list = async || tickets::page(&scene.app.system(), &tickets::TicketFilter::default(), tickets::TicketOrder::default(), &Keyset::first(10)).await.unwrap().items;
        assert_eq!(list().await.len(), 1);
        scene.later();
        scene.says("AVAILABLE", json!([]), "GREEN", "APPROVED");
        scene.poll().await.unwrap();
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let episodes = store::episodes::of_waba(&tx, scene.waba).await.unwrap();
        drop(tx);
        assert_eq!((episodes.len(), episodes[0].episode.stage), (1, EnforcementStage::Disabled));
        assert_eq!(episodes[0].episode.ended.map(|(_, how)| how), Some(EpisodeEnd::Lifted));
        assert_eq!(list().await.len(), 1);
        let health = scene.history(AssetKind::Waba, scene.waba.uuid()).await;
        let health: Vec<_> = health.iter().filter(|(name, _)| name == "health").map(|(_, value)| value.as_str()).collect();
        assert_eq!(health, ["BLOCKED 141014", "AVAILABLE"]);
    }

    async fn a_restriction_that_showed_and_shows_no_more_was_lifted_before_its_end(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.poll().await.unwrap();
        scene.restricted().await;
        scene.later();
        scene.poll().await.unwrap();
        assert_eq!(scene.ended().await, None, "it does not show: that says nothing of its end");
        scene.later();
        scene.says("LIMITED", json!([]), "GREEN", "APPROVED");
        scene.poll().await.unwrap();
        assert_eq!(scene.ended().await, None);
        scene.later();
        scene.says("AVAILABLE", json!([]), "GREEN", "APPROVED");
        scene.poll().await.unwrap();
        assert_eq!(scene.ended().await, Some(EpisodeEnd::Lifted));
        assert_eq!(scene.tickets().await.len(), 1);
    }

    async fn a_payment_that_is_mended_lifts_no_restriction(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.restricted().await;
        for (can_send, errors) in [("BLOCKED", json!([{ "error_code": 141_006 }])), ("AVAILABLE", json!([]))] {
            scene.says(can_send, errors, "GREEN", "APPROVED");
            scene.poll().await.unwrap();
            scene.later();
        }
        assert_eq!(scene.ended().await, None);
    }

    async fn a_lock_opens_a_ticket_of_the_first_priority_and_ends_when_the_account_can_send(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.says("BLOCKED", json!([{ "error_code": 141_008 }]), "GREEN", "APPROVED");
        for _ in 0..2 {
            scene.poll().await.unwrap();
            scene.later();
        }
        let tickets = scene.tickets().await;
        assert_eq!((tickets.len(), tickets[0].priority), (1, TicketPriority::P1));
        assert_eq!(scene.episodes().await[0].episode.stage, EnforcementStage::Locked);
        scene.says("AVAILABLE", json!([]), "GREEN", "APPROVED");
        scene.poll().await.unwrap();
        assert_eq!(scene.ended().await, Some(EpisodeEnd::Lifted));
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let events = store::platform_events::of_client(&tx, scene.client, 100).await.unwrap();
        let notices = store::enforcement::of_waba(&tx, scene.waba).await.unwrap();
        drop(tx);
        let told: Vec<_> = events.iter().filter(|told| domain::enforcement::is_sign(&told.event)).collect();
        assert_eq!((told.len(), notices.len(), notices[0].source), (2, 1, NoticeSource::Graph), "{told:?}");
    }

    async fn what_keeps_an_account_or_a_number_from_sending_is_told_once_and_is_no_enforcement(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.user(Role::ClientAdmin, Some(scene.client)).await;
        scene.poll().await.unwrap();
        scene.later();
        scene.says("BLOCKED", json!([{ "error_code": 141_006 }]), "GREEN", "APPROVED");
        scene.fake.says("102/phone_numbers", json!({ "data": [
            { "id": "7", "display_phone_number": "+39 333 1234567", "quality_rating": "GREEN", "status": "BANNED" }
        ]}));
        for _ in 0..2 {
            scene.poll().await.unwrap();
            scene.later();
        }
        assert_eq!((scene.mails("Main cannot send").await, scene.mails("+39 333 1234567 cannot send").await), (2, 2));
        assert!(scene.tickets().await.is_empty() && scene.episodes().await.is_empty());
    }

    async fn a_token_that_has_ended_is_told_once_to_those_who_can_renew_it(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.user(Role::BspAdmin, None).await;
        scene.poll().await.unwrap();
        assert_eq!(scene.account().await.access, GraphAccess::Open);
        scene.fake.expects("another");
        for waited in [30, 60] {
            scene.later();
            assert_eq!(scene.poll().await, Err(GraphError::Token { code: 190 }));
            let account = scene.account().await;
            assert_eq!((account.access, account.code), (GraphAccess::Token, Some(190)));
            assert_eq!((account.next_at - account.asked_at).num_minutes(), waited, "who does not answer is asked less");
            scene.later();
        }
        let access: Vec<_> = scene.history(AssetKind::Waba, scene.waba.uuid()).await;
        let access: Vec<_> = access.iter().filter(|(name, _)| name == "graph_access").map(|(_, value)| value.as_str()).collect();
        assert_eq!(access, ["open", "token"]);
        assert_eq!(scene.mails("token").await, 1, "once, to the administrator alone");
    }

    async fn an_account_that_is_not_shared_is_told_to_those_who_look_after_its_client(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.user(Role::BspAdmin, None).await;
        scene.fake.fails_once(403, 200);
        assert_eq!(scene.poll().await, Err(GraphError::Permission { code: 200 }));
        assert_eq!(scene.mails("Main").await, 1, "to the agent");
        scene.later();
        scene.poll().await.unwrap();
        assert_eq!(scene.account().await.access, GraphAccess::Open);
    }

    async fn meta_is_left_alone_for_as_long_as_it_says(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.fake.is_tired_once(Duration::from_mins(90));
        assert!(matches!(scene.poll().await, Err(GraphError::TooMany { .. })));
        scene.app.clock().advance(80 * 60);
        assert!(due(&scene.app.system(), "a process").await.unwrap().is_empty());
        scene.app.clock().advance(11 * 60);
        scene.poll().await.unwrap();
    }

    async fn one_process_at_a_time_asks_and_each_account_when_its_time_has_come(store: TestStore) {
        let scene = Scene::new(store).await;
        assert_eq!(due(&scene.app.system(), "one").await.unwrap().len(), 1);
        assert!(due(&scene.app.system(), "other").await.unwrap().is_empty());
        scene.app.clock().advance(601);
        let waba = due(&scene.app.system(), "other").await.unwrap().remove(0);
        poll(&scene.app.system(), &scene.graph, &waba, EVERY).await.unwrap().unwrap();
        assert!(due(&scene.app.system(), "other").await.unwrap().is_empty(), "it was asked about just now");
        let now = scene.app.system().now();
        let tx = scene.app.write(&Visibility::System).await.unwrap();
        store::graph_accounts::ask_soon(&tx, scene.waba, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(&scene.app.system(), "other").await.unwrap().len(), 1, "a restriction has just run out");
    }

    async fn what_meta_counted_is_kept_and_compared_with_the_send_log_once_a_day(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.poll().await.unwrap();
        scene.later();
        scene.poll().await.unwrap();
        let asked = scene.fake.asked();
        assert_eq!(asked.iter().filter(|path| path.contains("analytics")).count(), 1, "once a day");
        let compared = async || {
            scene.later();
            scene.app.drain().await;
            let tx = scene.app.read(&Visibility::System).await.unwrap();
            store::graph_accounts::checks(&tx, scene.client, 10).await.unwrap()
        };
        let checks = compared().await;
        assert_eq!(checks.len(), 1);
        assert_eq!((checks[0].counted_by_meta, checks[0].in_send_log), (40, 0));
        assert_eq!(scene.mails("not sent through us").await, 0, "a send log without a message was not given");
    }
}
