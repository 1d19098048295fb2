//! What is told at once, on both stores.

use domain::{
    ClientId, WabaId,
    access::Role,
    jobs::JobPayload,
    traffic::{PlatformEvent, PlatformEventKind},
};
use meta::webhook::{Event, TemplateQuality, TemplateRef, TemplateStatus};
use store::{both_stores, testing::TestStore};

use super::*;
use crate::{
    assets::{NewWaba, create_waba},
    platform::{Source, Told, tell as tell_platform},
    testing::TestApp,
};

struct Scene {
    app: TestApp,
    client: ClientId,
    waba: WabaId,
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
        Self { app, client, waba }
    }

    async fn told(&self, event: Event) {
        let op = self.app.system();
        let tx = self.app.write(&Visibility::System).await.unwrap();
        let told = Told { client: self.client, waba: self.waba, at: op.now(), event, source: Source::Webhook };
        tell_platform(&op, &tx, &told).await.unwrap();
        judge_events(&op, &tx, self.client, Some("Main")).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Subjects of the alerts that were mailed so far.
    async fn alerts(&self) -> Vec<String> {
        self.app.drain().await;
        let mails = self.app.mails().sent();
        mails
            .into_iter()
            .map(|mail| mail.letter.subject)
            .filter(|subject| subject.starts_with("Needs attention"))
            .collect()
    }
}

fn template() -> TemplateRef {
    let word = |word: &str| Some(word.to_owned());
    TemplateRef { id: word("9"), name: word("autumn"), language: word("it") }
}

fn score(score: &str) -> Event {
    Event::TemplateQuality(TemplateQuality { template: template(), previous: None, score: Some(score.to_owned()) })
}

both_stores! {
    async fn what_a_rule_calls_high_is_told_at_once_and_once(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.told(score("YELLOW")).await;
        assert!(scene.alerts().await.is_empty(), "yellow can wait for the night");
        scene.app.clock().advance(60);
        scene.told(score("RED")).await;
        assert_eq!(scene.alerts().await.len(), 1);
        scene.app.clock().advance(60);
        scene.told(score("RED")).await;
        assert_eq!(scene.alerts().await.len(), 1, "the same finding of the same week");
        let status = TemplateStatus { template: template(), status: Some("DISABLED".to_owned()), ..TemplateStatus::default() };
        scene.told(Event::TemplateStatus(status)).await;
        assert_eq!(scene.alerts().await.len(), 2, "another finding");
    }

    async fn the_thresholds_of_the_client_decide(store: TestStore) {
        let scene = Scene::new(store).await;
        let admin = scene.app.staff(Role::BspAdmin).await;
        let now = scene.app.system().now();
        let paused = |minutes| {
            let kind = PlatformEventKind::TemplateStatus {
                name: "autumn".into(), language: "it".into(), status: "PAUSED".into(), reason: None,
            };
            PlatformEvent::new(now - TimeDelta::minutes(minutes), kind)
        };
        let tx = scene.app.write(&Visibility::System).await.unwrap();
        for (place, event) in [paused(30), paused(20)].into_iter().enumerate() {
            let told = store::platform_events::Told {
                id: domain::PlatformEventId::new(now, &*scene.app.services().random),
                client: scene.client,
                waba: Some(scene.waba),
                event,
                source: "webhook".to_owned(),
                content_hash: place.to_string(),
                recorded_at: now,
            };
            store::platform_events::insert(&tx, &told).await.unwrap();
        }
        tx.commit().await.unwrap();
        let set = crate::thresholds::SetThresholds {
            client: Some(scene.client),
            values: serde_json::json!({ "platform": { "highPauses": 3 } }),
            reason: "a lenient client".to_owned(),
            effective_at: None,
            expected_version: None,
        };
        crate::thresholds::set(&admin, set).await.unwrap();
        let judge = async || {
            let tx = scene.app.write(&Visibility::System).await.unwrap();
            judge_events(&scene.app.system(), &tx, scene.client, None).await.unwrap();
            tx.commit().await.unwrap();
        };
        judge().await;
        assert!(scene.alerts().await.is_empty(), "two pauses are not many for this client");
        let back = crate::thresholds::SetThresholds {
            client: Some(scene.client),
            values: serde_json::json!({ "platform": null }),
            reason: "no longer".to_owned(),
            effective_at: None,
            expected_version: None,
        };
        scene.app.clock().advance(1);
        crate::thresholds::set(&scene.app.staff(Role::BspAdmin).await, back).await.unwrap();
        judge().await;
        assert_eq!(scene.alerts().await.len(), 1);
    }

    async fn a_limit_is_the_portfolio_s_and_holds_for_all_its_accounts(store: TestStore) {
        let scene = Scene::new(store).await;
        let agent = scene.app.staff(Role::SupportAgent).await;
        let account = async |meta_id: &str, portfolio: &str| {
            let new = NewWaba {
                client: scene.client,
                meta_id: meta_id.to_owned(),
                name: meta_id.to_owned(),
                portfolio_meta_id: Some(portfolio.to_owned()),
                messaging_limit: Some(10_000),
            };
            create_waba(&agent, new).await.unwrap().id
        };
        let (one, same, other) = (account("201", "77").await, account("202", "77").await, account("203", "78").await);
        scene.app.clock().advance(60);
        let op = scene.app.system();
        let tx = scene.app.write(&Visibility::System).await.unwrap();
        let event = Event::Capability { limit: Some(meta::asset::MessagingLimit::Recipients(2_000)), numbers: None };
        let told = Told { client: scene.client, waba: one, at: op.now(), event, source: Source::Webhook };
        tell_platform(&op, &tx, &told).await.unwrap();
        judge_events(&op, &tx, scene.client, None).await.unwrap();
        tx.commit().await.unwrap();
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let found = store::wabas::by_ids(&tx, &[one, same, other]).await.unwrap();
        drop(tx);
        let limit = |waba: WabaId| found.iter().find(|found| found.id == waba).unwrap().messaging_limit;
        assert_eq!([limit(one), limit(same), limit(other)], [Some(2_000), Some(2_000), Some(10_000)]);
    }

    async fn what_comes_is_counted_soon_and_a_count_is_kept(store: TestStore) {
        let scene = Scene::new(store).await;
        let op = scene.app.system();
        let tx = scene.app.write(&Visibility::System).await.unwrap();
        watch_soon(&op, &tx, scene.client).await.unwrap();
        watch_soon(&op, &tx, scene.client).await.unwrap();
        tx.commit().await.unwrap();
        let waiting = async || {
            let counts = crate::jobs::counts(&scene.app.system()).await.unwrap();
            let kind = JobPayload::TrafficWatch { client: scene.client }.kind();
            counts.iter().filter(|count| count.kind == kind && !count.state.is_final()).map(|count| count.jobs).sum::<u64>()
        };
        assert_eq!(waiting().await, 1, "one look for all that comes meanwhile");
        scene.app.drain().await;
        assert_eq!(waiting().await, 1, "it is collected first");
        scene.app.clock().advance(121);
        scene.app.drain().await;
        assert_eq!(waiting().await, 0);
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let counted = store::traffic_watches::of_clients(&tx, &[scene.client]).await.unwrap();
        assert_eq!((counted[0].limit, counted[0].used, counted[0].left()), (Some(2_000), 0, Some(2_000)));
    }
}
