//! What follows from what was told: since when it is so, whose the account is, and what a timeline shows.

use super::*;
use crate::{
    page::Span,
    timeline::{self, TimelineKind},
};

both_stores! {
    async fn an_audit_is_told_since_when_a_template_is_what_it_is(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        for (minutes, score) in [(5, "GREEN"), (8, "YELLOW"), (9, "YELLOW"), (7, "RED")] {
            scene.tell(template(minutes, "message_template_quality_update", json!({ "new_quality_score": score }))).await;
        }
        scene.tell(template(6, "message_template_status_update", json!({ "event": "APPROVED" }))).await;
        let asked = RequestAudit { client: scene.client, from: None, to: None, profile: Profile::Full };
        let audit = audits::request(&scene.app.system(), asked).await.unwrap();
        let tx = scene.app.store().read(&Visibility::System).await.unwrap();
        let known = audits::surroundings::gather(&tx, &audit).await.unwrap().templates.unwrap().remove(0);
        assert_eq!((known.quality.as_deref(), known.quality_since), (Some("YELLOW"), Some(minutes(8))));
        assert_eq!((known.status.as_deref(), known.status_since), (Some("APPROVED"), Some(minutes(6))));
    }

    async fn an_account_that_meta_takes_away_is_a_ticket_and_one_that_the_client_takes_is_told(store: TestStore) {
        let scene = Scene::new(store).await;
        let agent = scene.app.user(Role::SupportAgent, None).await;
        scene.app.clock().advance(3_600);
        let removed = |minutes, info: Value| {
            let mut told = body(minutes, "account_update", json!({
                "event": "PARTNER_REMOVED", "waba_info": { "waba_id": WABA, "owner_business_id": "9" }, "disconnection_info": info
            }));
            // Its entry is the portfolio of the partner.
            told["entry"][0]["id"] = json!("77");
            told
        };
        let mails = async |subject: &str| {
            scene.app.drain().await;
            let sent = scene.app.mails().sent();
            sent.iter().filter(|mail| mail.to.email == agent.email && mail.letter.subject.contains(subject)).count()
        };
        for _ in 0..2 {
            scene.tell(removed(1, json!({ "reason": "CHANGE_NUMBER", "initiated_by": "USER" }))).await;
        }
        assert_eq!((scene.tickets().await.len(), mails("no longer look after Main").await), (0, 1));
        scene.tell(removed(2, json!({ "reason": "ACCOUNT_DISCONNECTED", "initiated_by": "SYSTEM" }))).await;
        let tickets = scene.tickets().await;
        assert_eq!((tickets.len(), tickets[0].kind, tickets[0].priority), (1, TicketKind::AccountDisabled, TicketPriority::P1));
        assert_eq!((scene.episodes().await[0].episode.stage, mails("[T-").await), (EnforcementStage::Offboarded, 1));
        scene.tell(body(3, "account_update", json!({ "event": "ACCOUNT_RECONNECTED" }))).await;
        assert_eq!(scene.episodes().await[0].episode.ended, Some((minutes(3), EpisodeEnd::Lifted)));
        assert_eq!(mails("no longer look after Main").await, 1, "the ticket tells of what Meta did");
    }

    async fn a_timeline_shows_once_what_an_event_tells(store: TestStore) {
        let scene = Scene::new(store).await;
        scene.app.clock().advance(3_600);
        for told in [
            template(1, "message_template_status_update", json!({ "event": "PAUSED", "message_template_category": "MARKETING" })),
            template(2, "message_template_quality_update", json!({ "new_quality_score": "RED" })),
            template(3, "template_category_update", json!({ "previous_category": "MARKETING", "new_category": "UTILITY" })),
            template(4, "template_category_update", json!({ "new_category": "MARKETING" })),
            body(5, "business_capability_update", json!({ "max_daily_conversations_per_business": 250 })),
            body(6, "account_update", json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": "SCHEDULE_FOR_DISABLE" } })),
        ] {
            scene.tell(told).await;
        }
        let span = Span { from: minutes(0), to: minutes(60) };
        let (page, _) = timeline::of_waba(&scene.app.system(), scene.waba, span, &Keyset::first(100)).await.unwrap();
        let shown: Vec<_> = page
            .items
            .iter()
            .filter_map(|entry| match &entry.kind {
                TimelineKind::Asset(change) => Some((change.attribute.as_str(), change.value.as_str())),
                _ => None,
            })
            .collect();
        let alone = [("messaging_limit", "2000"), ("category", "MARKETING"), ("category", "MARKETING")];
        assert_eq!(shown, alone, "what was recorded before, and what no event tells");
        let told = page.items.iter().filter(|entry| matches!(entry.kind, TimelineKind::Platform(_))).count();
        assert_eq!(told, 5);
        let template = scene.templates().await.remove(0);
        let history = scene.history(AssetKind::Template, template.id.uuid()).await;
        assert!(history.iter().any(|(attribute, value)| (attribute.as_str(), value.as_str()) == ("quality", "RED")), "the history has all");
    }

    async fn a_violation_of_a_number_names_it_as_we_know_it(store: TestStore) {
        let scene = Scene::new(store).await;
        let new = NewPhoneNumber {
            waba: scene.waba, meta_id: "7".to_owned(), display_number: "+1 650-555-1111".to_owned(), verified_name: None
        };
        let number = create_phone_number(&scene.app.staff(Role::SupportAgent).await, new).await.unwrap();
        scene.app.clock().advance(3_600);
        for (minutes, named) in [(1, "16505551111"), (2, "PN")] {
            let value = json!({ "event": "ACCOUNT_VIOLATION", "phone_number": named, "violation_info": { "violation_type": "SPAM" } });
            scene.tell(body(minutes, "account_update", value)).await;
        }
        let tx = scene.app.store().read(&Visibility::System).await.unwrap();
        let notices = store::enforcement::of_waba(&tx, scene.waba).await.unwrap();
        assert_eq!(notices.iter().map(|notice| notice.phone_number).collect::<Vec<_>>(), [Some(number.id), None]);
    }
}
