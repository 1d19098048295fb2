//! Stop words, on both stores.

use domain::access::{Role, Visibility};
use store::{both_stores, testing::TestStore};

use super::*;
use crate::testing::TestApp;

both_stores! {
    async fn words_are_the_bsp_s_for_all_and_the_client_s_for_one(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.staff(Role::BspAdmin).await;
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(set(&admin, None, words(&["Genug", " genug "])).await.unwrap(), ["genug"]);
        set(&admin, Some(alfa), words(&["niente offerte"])).await.unwrap();
        set(&admin, Some(alfa), words(&["nie wieder", "niente offerte"])).await.unwrap();
        let tx = app.read(&Visibility::System).await.unwrap();
        let mut held = store::stop_words::of_clients(&tx, &[alfa, beta]).await.unwrap();
        drop(tx);
        assert_eq!(held.remove(&alfa).unwrap(), ["nie wieder", "niente offerte", "genug"]);
        assert_eq!(held.remove(&beta).unwrap(), ["genug"]);
        let theirs = app.client_user(Role::ClientAdmin, beta).await;
        assert!(matches!(own(&theirs, Some(alfa)).await, Err(OpError::NotFound)));
        assert_eq!(own(&theirs, None).await.unwrap(), ["genug"]);
        assert!(matches!(set(&theirs, None, Vec::new()).await, Err(OpError::Forbidden(_))));
        for (bad, code) in [(vec![String::new()], StopWordsCode::WordInvalid), ((0..101).map(|n| n.to_string()).collect(), StopWordsCode::TooMany)] {
            match set(&admin, None, bad).await {
                Err(OpError::Refused(refusals)) => assert_eq!(refusals[0].code, code),
                other => panic!("{other:?}"),
            }
        }
    }
}
