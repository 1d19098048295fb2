use domain::access::Role;
use store::{both_stores, testing::TestStore};

use super::*;
use crate::{
    assets::{NewPhoneNumber, NewWaba, create_phone_number, create_waba, phone_numbers_by_ids, wabas_by_ids},
    testing::TestApp,
};

fn codes<T: std::fmt::Debug>(result: Result<T, OpError<AssetCode>>) -> Vec<AssetCode> {
    match result {
        Err(OpError::Refused(refusals)) => refusals.into_iter().map(|refusal| refusal.code).collect(),
        other => panic!("{other:?} is no refusal"),
    }
}

both_stores! {
    async fn what_is_wrong_of_an_account_is_corrected_and_the_rest_stays(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("alfa").await;
        let agent = app.user(Role::SupportAgent, None).await;
        let op = || app.op(agent.actor());
        let portfolio = Some("777".to_owned());
        let new = NewWaba { client, meta_id: "1".to_owned(), name: "a".to_owned(), portfolio_meta_id: portfolio, messaging_limit: Some(250) };
        let waba = create_waba(&op(), new).await.unwrap();
        let change = WabaChange { messaging_limit: Some(None), expected_version: Some(1), ..WabaChange::default() };
        let changed = update_waba(&op(), waba.id, change.clone()).await.unwrap();
        assert_eq!((changed.messaging_limit, changed.portfolio_meta_id.as_deref(), changed.version), (None, Some("777"), 2));
        assert_eq!(wabas_by_ids(&op(), &[waba.id]).await.unwrap(), [changed], "as it is stored");
        assert!(matches!(update_waba(&op(), waba.id, change).await, Err(OpError::Conflict { current: 2 })));
        let wrong = WabaChange {
            name: Some(" ".to_owned()),
            portfolio_meta_id: Some(Some("x".to_owned())),
            messaging_limit: Some(Some(0)),
            expected_version: None,
        };
        let expected = [AssetCode::NameInvalid, AssetCode::MetaIdInvalid, AssetCode::MessagingLimitInvalid];
        assert_eq!(codes(update_waba(&op(), waba.id, wrong).await), expected);
        let viewer = app.client_user(Role::ClientViewer, client).await;
        let refused = update_waba(&viewer, waba.id, WabaChange::default()).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::AssetsWrite))));
    }

    async fn what_is_wrong_of_a_number_is_corrected_and_the_rest_stays(store: TestStore) {
        let app = TestApp::new(store);
        let (client, other) = (app.client("alfa").await, app.client("beta").await);
        let agent = app.user(Role::SupportAgent, None).await;
        let op = || app.op(agent.actor());
        let new = NewWaba { client, meta_id: "1".to_owned(), name: "a".to_owned(), portfolio_meta_id: None, messaging_limit: None };
        let waba = create_waba(&op(), new).await.unwrap();
        let name = Some("Alfa".to_owned());
        let new = NewPhoneNumber { waba: waba.id, meta_id: "2".to_owned(), display_number: "+39 06 123456".to_owned(), verified_name: name };
        let number = create_phone_number(&op(), new).await.unwrap();
        let change = PhoneNumberChange { display_number: Some("+39 06 654321".to_owned()), ..PhoneNumberChange::default() };
        let changed = update_phone_number(&op(), number.id, change).await.unwrap();
        assert_eq!((changed.display_number.as_str(), changed.verified_name.as_deref()), ("+39 06 654321", Some("Alfa")));
        assert_eq!(phone_numbers_by_ids(&op(), &[number.id]).await.unwrap(), [changed], "as it is stored");
        let old = PhoneNumberChange { expected_version: Some(1), ..PhoneNumberChange::default() };
        assert!(matches!(update_phone_number(&op(), number.id, old).await, Err(OpError::Conflict { current: 2 })));
        let wrong = PhoneNumberChange { display_number: Some("CALL-US".to_owned()), ..PhoneNumberChange::default() };
        assert_eq!(codes(update_phone_number(&op(), number.id, wrong).await), [AssetCode::NumberInvalid]);
        let stranger = app.client_user(Role::ClientAdmin, other).await;
        let hidden = update_phone_number(&stranger, number.id, PhoneNumberChange::default()).await;
        assert!(matches!(hidden, Err(OpError::NotFound | OpError::Forbidden(_))), "{hidden:?}");
    }
}
