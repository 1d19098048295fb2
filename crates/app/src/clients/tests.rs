use domain::access::Role;
use store::{both_stores, testing::TestStore};

use super::*;
use crate::{audits::schedules_by_clients, testing::TestApp};

fn new(slug: &str) -> NewClient {
    NewClient {
        name: slug.to_owned(),
        slug: slug.to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        language: "it".to_owned(),
    }
}

both_stores! {
    async fn a_client_is_changed_and_its_nights_follow_its_zone(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await;
        let op = || app.op(admin.actor());
        let client = create(&op(), new("alfa")).await.unwrap();
        let before = schedules_by_clients(&op(), &[client.id]).await.unwrap();
        let change = ClientChange {
            name: Some(" Alfa S.p.A. ".to_owned()),
            time_zone: Some("America/New_York".to_owned()),
            expected_version: Some(1),
            ..ClientChange::default()
        };
        let changed = update(&op(), client.id, change.clone()).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.slug.as_str(), changed.version), ("Alfa S.p.A.", "alfa", 2));
        assert_eq!(by_ids(&op(), &[client.id]).await.unwrap(), [changed], "as it is stored");
        let after = schedules_by_clients(&op(), &[client.id]).await.unwrap();
        assert_eq!(after[0].time_zone, "America/New_York");
        assert_ne!(after[0].next_run_at, before[0].next_run_at);
        let late = update(&op(), client.id, change).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 2 })), "{late:?}");
    }

    async fn a_change_is_refused_as_a_new_client_is(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await;
        let op = || app.op(admin.actor());
        create(&op(), new("alfa")).await.unwrap();
        let beta = create(&op(), new("beta")).await.unwrap();
        let codes = |result: Result<Client, OpError<ClientCode>>| match result {
            Err(OpError::Refused(refusals)) => refusals.into_iter().map(|refusal| refusal.code).collect::<Vec<_>>(),
            other => panic!("{other:?} is no refusal"),
        };
        let taken = ClientChange { slug: Some("alfa".to_owned()), ..ClientChange::default() };
        assert_eq!(codes(update(&op(), beta.id, taken).await), [ClientCode::SlugTaken]);
        let wrong = ClientChange {
            name: Some(String::new()),
            time_zone: Some("Europe/Atlantis".to_owned()),
            language: Some("la".to_owned()),
            ..ClientChange::default()
        };
        let expected = [ClientCode::NameInvalid, ClientCode::TimeZoneUnknown, ClientCode::LanguageUnknown];
        assert_eq!(codes(update(&op(), beta.id, wrong).await), expected);
        let agent = app.staff(Role::SupportAgent).await;
        let refused = update(&agent, beta.id, ClientChange::default()).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::ClientsWrite))));
    }
}
