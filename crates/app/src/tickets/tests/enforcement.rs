//! Notices of enforcement, and the tickets that deal with them.

use chrono::TimeDelta;
use domain::{
    access::Visibility,
    enforcement::{EnforcementStage, NoticeSource, Restriction, RestrictionType},
    tickets::TicketPriority,
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::Scene;
use crate::{
    OpError,
    testing::TestApp,
    tickets::{NewEnforcementNotice, NewTicket, TicketCode, notices_page, open, record_notice},
};

fn notice(scene: &Scene) -> NewEnforcementNotice {
    let noticed_at = scene.agent().now() - TimeDelta::hours(2);
    NewEnforcementNotice {
        client: scene.client,
        waba: Some(scene.waba),
        phone_number: None,
        violation_type: Some("SPAM".to_owned()),
        source: NoticeSource::AccountQuality,
        noticed_at,
        restrictions: vec![Restriction {
            restriction_type: RestrictionType::BusinessInitiatedMessaging,
            raw_type: None,
            ends_at: Some(noticed_at + TimeDelta::days(7)),
        }],
        note: None,
        opens_ticket: false,
    }
}

both_stores! {
    async fn a_notice_decides_priority_and_appeal_deadline_of_its_ticket(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let notice = record_notice(&scene.agent(), notice(&scene)).await.unwrap();
        let ticket = open(&scene.agent(), NewTicket { notice: Some(notice.id), waba: None, ..scene.new_ticket() }).await.unwrap();
        assert_eq!(ticket.priority, TicketPriority::P2);
        assert_eq!(ticket.appeal_deadline, Some(notice.noticed_at + TimeDelta::days(90)));
        assert_eq!(ticket.waba, Some(scene.waba));
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let episodes = store::episodes::of_waba(&tx, scene.waba).await.unwrap();
        drop(tx);
        assert_eq!(episodes.len(), 1, "what is recorded by hand is an episode too");
        assert_eq!((episodes[0].episode.stage, episodes[0].ticket), (EnforcementStage::ShortBlock, None));
        let listed = notices_page(&scene.admin(), Some(scene.client), &Keyset::first(10)).await.unwrap().items;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].ticket, Some(ticket.id));
        assert_eq!(listed[0].restrictions, notice.restrictions);
    }

    async fn notices_by_hand_open_one_ticket_and_move_it(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let agent = scene.agent();
        let told = || NewEnforcementNotice { opens_ticket: true, ..notice(&scene) };
        let first = record_notice(&agent, told()).await.unwrap();
        let id = first.ticket.expect("it opens a ticket");
        let ticket = async || {
            let tx = scene.app.read(&Visibility::System).await.unwrap();
            store::tickets::by_ids(&tx, &[id]).await.unwrap().remove(0)
        };
        assert_eq!(ticket().await.priority, TicketPriority::P2);
        let again = record_notice(&agent, told()).await.unwrap();
        assert_eq!(again.ticket, Some(id), "a notice that says what is known joins");
        let disabled = Restriction { restriction_type: RestrictionType::Disabled, raw_type: None, ends_at: None };
        let worse = NewEnforcementNotice { restrictions: vec![disabled], noticed_at: agent.now(), ..notice(&scene) };
        assert_eq!(record_notice(&agent, worse).await.unwrap().ticket, Some(id), "it follows though it is to open none");
        assert_eq!(ticket().await.priority, TicketPriority::P1);
        let tx = scene.app.read(&Visibility::System).await.unwrap();
        let episodes = store::episodes::of_waba(&tx, scene.waba).await.unwrap();
        drop(tx);
        assert_eq!((episodes.len(), episodes[0].episode.stage, episodes[0].ticket), (1, EnforcementStage::Disabled, Some(id)));
    }

    async fn a_notice_needs_an_account_and_a_past(store: TestStore) {
        let scene = Scene::new(TestApp::new(store)).await;
        let code = |result: Result<_, OpError<TicketCode>>| match result {
            Err(OpError::Refused(refusals)) => refusals[0].code,
            other => panic!("{other:?}"),
        };
        let none = NewEnforcementNotice { waba: None, ..notice(&scene) };
        assert_eq!(code(record_notice(&scene.agent(), none).await), TicketCode::AssetMissing);
        let future = NewEnforcementNotice { noticed_at: scene.agent().now() + TimeDelta::seconds(1), ..notice(&scene) };
        assert_eq!(code(record_notice(&scene.agent(), future).await), TicketCode::InstantInFuture);
        let by_client = record_notice(&scene.admin(), notice(&scene)).await;
        assert!(matches!(by_client, Err(OpError::Forbidden(_))));
    }
}
