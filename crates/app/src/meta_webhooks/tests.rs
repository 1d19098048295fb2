//! From a body to its effects, on both stores.

use chrono::TimeDelta;
use domain::{
    ClientId, Instant, WabaId,
    access::{Role, Visibility},
    assets::{AssetKind, PhoneNumber, Template},
    enforcement::{EnforcementStage, EpisodeEnd, NoticeSource, RecordedEpisode},
    tickets::{Ticket, TicketEventKind, TicketKind, TicketOutcome, TicketPriority},
    traffic::Profile,
};
use serde_json::{Value, json};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::*;
use crate::{
    assets::{NewPhoneNumber, NewWaba, create_phone_number, create_waba},
    audits::{self, RequestAudit},
    testing::{START, TestApp},
    tickets,
};

mod told;

const WABA: &str = "102290129340398";

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
        let waba = claim_waba(&app, client, WABA).await;
        Self { app, client, waba }
    }

    async fn receive(&self, body: &Value) {
        receive(self.app.services(), body.to_string().into_bytes()).await.unwrap();
    }

    /// Deals with all that lies in the inbox, as another process each time.
    async fn consume(&self) {
        for kind in [Kind::Notices, Kind::Traffic] {
            let mut consumer = Consumer::new(kind, "a process");
            while matches!(consumer.step(&self.app.system()).await.unwrap(), Consumed::Some { .. }) {}
            consumer.release(self.app.services()).await.unwrap();
        }
    }

    async fn tell(&self, body: Value) {
        self.receive(&body).await;
        self.consume().await;
    }

    async fn tickets(&self) -> Vec<Ticket> {
        tickets::page(
            &self.app.system(),
            &tickets::TicketFilter::default(),
            tickets::TicketOrder::Updated,
            &Keyset::first(100),
        )
        .await
        .unwrap()
        .items
    }

    async fn events(&self, ticket: &Ticket) -> Vec<TicketEventKind> {
        let page = tickets::timeline_page(&self.app.system(), ticket.id, &Keyset::first(100)).await.unwrap();
        page.items.into_iter().map(|event| event.kind).collect()
    }

    async fn episodes(&self) -> Vec<RecordedEpisode> {
        let tx = self.app.store().read(&Visibility::System).await.unwrap();
        store::episodes::of_waba(&tx, self.waba).await.unwrap()
    }

    async fn templates(&self) -> Vec<Template> {
        let tx = self.app.store().read(&Visibility::System).await.unwrap();
        store::templates::of_client(&tx, self.client).await.unwrap()
    }

    async fn history(&self, kind: AssetKind, asset: uuid::Uuid) -> Vec<(String, String)> {
        let tx = self.app.store().read(&Visibility::System).await.unwrap();
        let page = store::asset_changes::page(&tx, kind, asset, &Keyset::first(100)).await.unwrap();
        page.items.into_iter().map(|change| (change.attribute, change.value)).collect()
    }
}

async fn claim_waba(app: &TestApp, client: ClientId, meta_id: &str) -> WabaId {
    let new = NewWaba {
        client,
        meta_id: meta_id.to_owned(),
        name: "Main".to_owned(),
        portfolio_meta_id: None,
        messaging_limit: Some(2_000),
    };
    create_waba(&app.staff(Role::SupportAgent).await, new).await.unwrap().id
}

/// A body with one change, `minutes` after the start.
fn body(minutes: i64, field: &str, value: Value) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{
        "id": WABA, "time": START + minutes * 60, "changes": [{ "field": field, "value": value }]
    }]})
}

fn violation(minutes: i64) -> Value {
    body(
        minutes,
        "account_update",
        json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "SPAM" } }),
    )
}

fn restriction(minutes: i64, until: i64) -> Value {
    let entry = |kind: &str| json!({ "restriction_type": kind, "expiration": START + until * 60 });
    body(
        minutes,
        "account_update",
        json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [
            entry("RESTRICTED_BIZ_INITIATED_MESSAGING"),
            entry("RESTRICTED_CUSTOMER_INITIATED_MESSAGING"),
            entry("RESTRICTED_ADD_PHONE_NUMBER_ACTION")
        ]}),
    )
}

fn reinstated(minutes: i64) -> Value {
    body(
        minutes,
        "account_update",
        json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": "REINSTATE", "waba_ban_date": "April 17, 2025" } }),
    )
}

fn template(minutes: i64, field: &str, mut value: Value) -> Value {
    let named = json!({
        "message_template_id": 594_425_479_261_596_u64, "message_template_name": "autumn", "message_template_language": "it"
    });
    value.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
    body(minutes, field, value)
}

fn minutes(minutes: i64) -> Instant {
    Instant::from_timestamp(START + minutes * 60, 0).unwrap()
}

both_stores! {
    async fn a_violation_and_three_restrictions_are_one_ticket_of_the_first_priority(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        scene.tell(violation(0)).await;
        let tickets = scene.tickets().await;
        assert_eq!((tickets.len(), tickets[0].priority), (1, TicketPriority::P3));
        assert_eq!(tickets[0].appeal_deadline, Some(minutes(0) + TimeDelta::days(90)));
        let told = async || {
            let counts = crate::jobs::counts(&scene.app.system()).await.unwrap();
            counts.iter().filter(|count| count.kind.starts_with("mail.deliver")).map(|count| count.jobs).sum::<u64>()
        };
        let before = told().await;
        scene.tell(restriction(1, 5_000)).await;
        scene.tell(restriction(1, 5_000)).await;
        scene.tell(violation(0)).await;
        assert_eq!((before > 0, told().await), (true, before + 1), "people are told at once, and once");
        let tickets = scene.tickets().await;
        assert_eq!((tickets.len(), tickets[0].priority), (1, TicketPriority::P1));
        assert_eq!(tickets[0].waba, Some(scene.waba));
        let linked = |event: &&TicketEventKind| matches!(event, TicketEventKind::EnforcementLinked { .. });
        assert_eq!(scene.events(&tickets[0]).await.iter().filter(linked).count(), 2);
        let episodes = scene.episodes().await;
        assert_eq!(episodes.len(), 1);
        assert_eq!((episodes[0].episode.stage, episodes[0].ticket), (EnforcementStage::FullBlock, Some(tickets[0].id)));
        assert_eq!(episodes[0].episode.ends_at(), Some(minutes(5_000)));
    }

    async fn the_clients_people_are_told_of_a_notice_once_and_our_own_of_the_ticket(store: TestStore) {
        let scene = Scene::new(store).await;
        let admin = scene.app.user(Role::ClientAdmin, Some(scene.client)).await;
        let agent = scene.app.user(Role::SupportAgent, None).await;
        scene.app.clock().advance(3_600);
        for _ in 0..2 {
            scene.tell(restriction(1, 5_000)).await;
        }
        scene.app.drain().await;
        let sent = scene.app.mails().sent();
        let told = |email: &str, subject: &str| {
            sent.iter().filter(|mail| mail.to.email == email && mail.letter.subject.starts_with(subject)).count()
        };
        assert_eq!(told(&admin.email, "Notice of enforcement by Meta: Main"), 1);
        assert_eq!((told(&admin.email, "[T-"), told(&agent.email, "[T-")), (1, 1));
    }

    async fn the_order_in_which_it_is_learned_changes_nothing(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        for told in [reinstated(30), restriction(1, 5_000), violation(0), restriction(1, 5_000)] {
            scene.tell(told).await;
        }
        let (tickets, episodes) = (scene.tickets().await, scene.episodes().await);
        assert_eq!((tickets.len(), episodes.len()), (1, 1));
        assert_eq!(episodes[0].episode.opened_at, minutes(0));
        assert_eq!(episodes[0].episode.ended, Some((minutes(30), EpisodeEnd::Lifted)));
    }

    async fn a_lift_proposes_that_meta_took_it_back_and_a_person_confirms(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        for told in [violation(0), restriction(1, 5_000), reinstated(30), reinstated(30)] {
            scene.tell(told).await;
        }
        let ticket = scene.tickets().await.remove(0);
        assert!(ticket.status.is_open());
        let proposals: Vec<_> = scene
            .events(&ticket)
            .await
            .into_iter()
            .filter_map(|event| match event {
                TicketEventKind::OutcomeProposed { outcome } => Some(outcome),
                _ => None,
            })
            .collect();
        assert_eq!(proposals, [TicketOutcome::Reversed]);
    }

    async fn what_runs_out_is_noticed_though_meta_tells_nobody(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        scene.tell(restriction(1, 120)).await;
        assert_eq!(crate::enforcement::run_out(&scene.app.system()).await.unwrap(), 0);
        scene.app.clock().advance(3_600);
        assert_eq!(crate::enforcement::run_out(&scene.app.system()).await.unwrap(), 1);
        assert_eq!(crate::enforcement::run_out(&scene.app.system()).await.unwrap(), 0);
        assert_eq!(scene.episodes().await[0].episode.ended, Some((minutes(120), EpisodeEnd::Expired)));
        let ticket = scene.tickets().await.remove(0);
        let expired = TicketEventKind::OutcomeProposed { outcome: TicketOutcome::Expired };
        assert!(scene.events(&ticket).await.contains(&expired));
        // What comes after that is another episode, and joins the ticket as long as it is open.
        scene.app.clock().advance(3_600);
        scene.tell(violation(150)).await;
        assert_eq!((scene.episodes().await.len(), scene.tickets().await.len()), (2, 1));
    }

    async fn assets_stand_as_what_happened_last_says_and_keep_their_history(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        for told in [
            template(10, "message_template_status_update", json!({ "event": "PAUSED", "other_info": { "title": "FIRST_PAUSE" } })),
            template(5, "message_template_status_update", json!({ "event": "APPROVED", "message_template_category": "UTILITY" })),
            template(8, "message_template_quality_update", json!({ "previous_quality_score": "GREEN", "new_quality_score": "RED" })),
            template(7, "message_template_quality_update", json!({ "previous_quality_score": "GREEN", "new_quality_score": "YELLOW" })),
            template(9, "template_category_update", json!({ "previous_category": "UTILITY", "new_category": "MARKETING" })),
            template(2, "message_template_components_update", json!({ "message_template_element": "Ciao {{1}}" })),
            body(3, "business_capability_update", json!({ "max_daily_conversations_per_business": "TIER_10K" })),
            body(4, "business_capability_update", json!({ "max_daily_conversations_per_business": 2000 })),
        ] {
            scene.tell(told).await;
        }
        let template = scene.templates().await.remove(0);
        assert_eq!((template.status.as_str(), template.category.as_str()), ("PAUSED", "MARKETING"));
        assert_eq!((template.quality.as_deref(), &template.components[0]["text"]), (Some("RED"), &json!("Ciao {{1}}")));
        let history = scene.history(AssetKind::Template, template.id.uuid()).await;
        let of = |attribute: &str| -> Vec<&str> {
            history.iter().filter(|(name, _)| name == attribute).map(|(_, value)| value.as_str()).collect()
        };
        assert_eq!((of("status"), of("quality"), of("category")), (vec!["APPROVED", "PAUSED"], vec!["YELLOW", "RED"], vec!["UTILITY", "MARKETING"]));
        let limits = scene.history(AssetKind::Waba, scene.waba.uuid()).await;
        let limits: Vec<_> = limits.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(limits, ["2000", "10000", "2000"], "the one that was recorded at first, and those that were told");
    }

    async fn templates_that_meta_stops_are_one_ticket_for_each_account_and_kind(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        let pause = |minutes| template(minutes, "message_template_status_update", json!({ "event": "PAUSED", "other_info": { "title": "FIRST_PAUSE" } }));
        for told in [
            pause(10),
            pause(10),
            template(20, "message_template_status_update", json!({ "event": "DISABLED" })),
            template(15, "message_template_status_update", json!({ "event": "APPROVED" })),
            template(30, "template_category_update", json!({ "previous_category": "UTILITY", "new_category": "MARKETING" })),
            template(-20_000, "message_template_status_update", json!({ "event": "REJECTED" })),
        ] {
            scene.tell(told).await;
        }
        let mut tickets = scene.tickets().await;
        tickets.sort_by_key(|ticket| ticket.number);
        let kinds: Vec<_> = tickets.iter().map(|ticket| ticket.kind).collect();
        assert_eq!(kinds, [TicketKind::TemplatePaused, TicketKind::TemplateCategory], "what is weeks old is history");
        let notes: Vec<_> = scene
            .events(&tickets[0])
            .await
            .into_iter()
            .filter_map(|event| match event {
                TicketEventKind::Noted { text } => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(notes, ["autumn (it): PAUSED FIRST_PAUSE", "autumn (it): DISABLED"]);
    }

    async fn a_flagged_number_is_found_as_people_write_it(store: TestStore) {
        let scene = Scene::new(store).await;
        let new = NewPhoneNumber {
            waba: scene.waba,
            meta_id: "106540352242922".to_owned(),
            display_number: "+1 650-555-1111".to_owned(),
            verified_name: None,
        };
        let number = create_phone_number(&scene.app.staff(Role::SupportAgent).await, new).await.unwrap();
        scene.tell(body(1, "phone_number_quality_update", json!({ "display_phone_number": "16505551111", "event": "FLAGGED" }))).await;
        scene.tell(body(2, "phone_number_name_update", json!({
            "display_phone_number": "16505551111", "decision": "APPROVED", "requested_verified_name": "Nordic Shoes"
        }))).await;
        let tx = scene.app.store().read(&Visibility::System).await.unwrap();
        let found: PhoneNumber = store::phone_numbers::by_ids(&tx, &[number.id]).await.unwrap().remove(0);
        assert_eq!((found.status.as_deref(), found.verified_name.as_deref()), (Some("FLAGGED"), Some("Nordic Shoes")));
    }

    async fn what_belongs_to_nobody_waits_until_somebody_claims_the_account(store: TestStore) {
        let app = TestApp::new(store);
        crate::sla::ensure_defaults(&app.system(), "Europe/Rome").await.unwrap();
        let client = app.client("nordic-shoes").await;
        app.clock().advance(3_600);
        let other = claim_waba(&app, client, "777").await;
        let scene = Scene { app, client, waba: other };
        scene.tell(violation(0)).await;
        scene.tell(violation(0)).await;
        assert!(scene.tickets().await.is_empty());
        assert_eq!(insight(&scene.app.system()).await.unwrap().unclaimed, [(WABA.to_owned(), 1)]);
        assert_eq!(claim(&scene.app.system()).await.unwrap(), 0);
        claim_waba(&scene.app, client, WABA).await;
        assert_eq!(claim(&scene.app.system()).await.unwrap(), 1);
        scene.consume().await;
        assert_eq!(scene.tickets().await.len(), 1);
        assert!(insight(&scene.app.system()).await.unwrap().unclaimed.is_empty());
    }

    async fn what_nobody_knows_is_counted_and_keeps_nothing_up(store: TestStore) {
        let scene = Scene::new(store).await;
        for _ in 0..2 {
            scene.tell(json!({ "entry": [{ "id": WABA, "time": START, "changes": [
                { "field": "account_update", "value": { "event": "ACCOUNT_TELEPORTED" } },
                { "field": "brand_new", "value": 7 },
                { "field": "account_update", "value": { "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "NEW_SIN" } } }
            ]}]})).await;
        }
        let known = insight(&scene.app.system()).await.unwrap();
        let words: Vec<_> = known.oddities.iter().map(|odd| (odd.what.word.as_str(), odd.count)).collect();
        assert!(words.contains(&("ACCOUNT_TELEPORTED", 2)) && words.contains(&("NEW_SIN", 2)), "{words:?}");
        assert_eq!((known.notices_waiting, scene.tickets().await.len()), (0, 1));
    }

    async fn a_clock_that_is_years_off_makes_nothing_the_last_word(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        let (a_year, at) = (365 * 24 * 60, |history: Vec<(String, String)>| history.into_iter().map(|(_, value)| value).collect::<Vec<_>>());
        for told in [
            template(a_year, "message_template_quality_update", json!({ "new_quality_score": "GREEN" })),
            template(-60 * a_year, "message_template_quality_update", json!({ "new_quality_score": "YELLOW" })),
        ] {
            scene.tell(told).await;
        }
        scene.app.clock().advance(3_600);
        scene.tell(template(119, "message_template_quality_update", json!({ "new_quality_score": "RED" }))).await;
        let stands = scene.templates().await.remove(0);
        assert_eq!(stands.quality.as_deref(), Some("RED"));
        assert_eq!(at(scene.history(AssetKind::Template, stands.id.uuid()).await).last().map(String::as_str), Some("RED"));
        let known = insight(&scene.app.system()).await.unwrap();
        let impossible: Vec<_> = known.oddities.iter().filter(|odd| odd.what.kind == "impossible_time").map(|odd| odd.count).collect();
        assert_eq!(impossible, [2]);
    }

    async fn a_body_that_cannot_be_dealt_with_keeps_no_other_up(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        // A name that is too long for an index of PostgreSQL, and does not compress.
        let digits: Vec<String> = (1..2_000_u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_string()).collect();
        let name = digits.concat();
        let poison = body(2, "message_template_status_update", json!({ "event": "APPROVED", "message_template_id": 900, "message_template_name": name, "message_template_language": "it" }));
        let quality = |minutes, score: &str| template(minutes, "message_template_quality_update", json!({ "new_quality_score": score }));
        for told in [quality(1, "RED"), poison.clone(), poison, quality(3, "YELLOW"), violation(4), quality(5, "GREEN")] {
            scene.receive(&told).await;
        }
        scene.consume().await;
        let autumn = scene.templates().await.into_iter().find(|template| template.name == "autumn").unwrap();
        assert_eq!((autumn.quality.as_deref(), scene.tickets().await.len()), (Some("GREEN"), 1));
        let known = insight(&scene.app.system()).await.unwrap();
        let passed_over: u64 = known.oddities.iter().filter(|odd| odd.what.kind == "not_dealt_with").map(|odd| odd.count).sum();
        assert_eq!((known.notices_waiting, passed_over), (0, if scene.app.store().is_postgres() { 2 } else { 0 }));
    }

    async fn one_process_at_a_time_deals_with_the_inbox(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.receive(&violation(0)).await;
        let (mut one, mut other) = (Consumer::new(Kind::Notices, "one"), Consumer::new(Kind::Notices, "other"));
        assert!(matches!(one.step(&scene.app.system()).await.unwrap(), Consumed::Some { bodies: 1, has_more: false, .. }));
        scene.receive(&violation(1)).await;
        assert_eq!(other.step(&scene.app.system()).await.unwrap(), Consumed::Elsewhere);
        // The first fell silent: the other goes on where it ended, and the first finds that its work is gone.
        scene.app.clock().advance(40);
        assert!(matches!(other.step(&scene.app.system()).await.unwrap(), Consumed::Some { .. }));
        scene.receive(&violation(2)).await;
        assert_eq!(one.step(&scene.app.system()).await.unwrap(), Consumed::Elsewhere);
    }

    async fn an_audit_is_told_of_which_account_meta_spoke(store: TestStore) {
        let scene = Scene::new(store).await;
        let agent = scene.app.staff(Role::SupportAgent).await;
        let other = claim_waba(&scene.app, scene.client, "777").await;
        let number = |waba, meta_id: &str| NewPhoneNumber {
            waba, meta_id: meta_id.to_owned(), display_number: meta_id.to_owned(), verified_name: None
        };
        create_phone_number(&agent, number(scene.waba, "39060001")).await.unwrap();
        let second = create_phone_number(&agent, number(other, "39060002")).await.unwrap();
        scene.app.clock().advance(3_600);
        scene.tell(violation(0)).await;
        let by_hand = tickets::NewEnforcementNotice {
            client: scene.client, waba: None, phone_number: Some(second.id), violation_type: Some("SCAM".to_owned()), opens_ticket: false,
            source: NoticeSource::Email, noticed_at: minutes(1), restrictions: Vec::new(), note: None,
        };
        tickets::record_notice(&scene.app.staff(Role::SupportAgent).await, by_hand).await.unwrap();
        let asked = RequestAudit { client: scene.client, from: None, to: None, profile: Profile::Full };
        let audit = audits::request(&scene.app.system(), asked).await.unwrap();
        let tx = scene.app.store().read(&Visibility::System).await.unwrap();
        let known = audits::surroundings::gather(&tx, &audit).await.unwrap();
        let told: Vec<_> = known.events.iter().flatten().map(|event| event.account.as_deref()).collect();
        assert_eq!(told, [Some(WABA), Some("777")], "{:?}", known.events);
        let numbers: Vec<_> =
            known.numbers.iter().flatten().map(|number| (number.id.as_str(), number.account.as_deref())).collect();
        assert_eq!(numbers, [("39060001", Some(WABA)), ("39060002", Some("777"))]);
    }

    async fn bodies_are_kept_until_they_are_old_and_dealt_with(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.tell(violation(0)).await;
        scene.receive(&violation(1)).await;
        let later = |days| scene.app.system().now() + TimeDelta::days(days);
        assert_eq!(prune(&scene.app.system(), later(-1)).await.unwrap(), 0);
        assert_eq!(prune(&scene.app.system(), later(1)).await.unwrap(), 1);
        assert_eq!(insight(&scene.app.system()).await.unwrap().notices_waiting, 1);
    }
}
