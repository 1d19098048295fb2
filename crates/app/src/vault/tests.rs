//! What is sealed opens for whom it is meant alone, and keys are changed without anybody noticing.

use std::sync::Arc;

use domain::{
    UserId, WebhookEndpointId,
    access::{Role, Visibility},
    ports::SeededRandom,
    webhooks::WebhookEventType,
};
use store::{both_stores, testing::TestStore};

use super::{Purpose, Sealing, Vault, examine, reseal};
use crate::{
    OpCtx, Services,
    accounts::{NewUser, begin_second_factor, create_user},
    testing::TestApp,
    webhooks::{NewEndpoint, create},
};

const PASSWORD: &str = "corretto cavallo batteria";

fn vault(keys: &[&str]) -> Vault {
    Vault::new(keys).unwrap()
}

fn user(number: u128) -> Purpose {
    Purpose::SecondFactor(UserId::from_uuid(uuid::Uuid::from_u128(number)))
}

#[test]
fn a_secret_opens_for_what_it_is_meant_and_under_its_key_alone() {
    let random = SeededRandom::new(1);
    let first = vault(&["first"]);
    let kept = first.seal(&random, user(1), "JBSWY3DP").unwrap();
    assert!(kept.starts_with("v1.") && !kept.contains("JBSWY3DP"), "{kept}");
    assert_eq!(*first.open(user(1), &kept).unwrap(), "JBSWY3DP");
    assert!(first.open(user(2), &kept).is_err(), "another person's");
    let webhook = Purpose::Webhook(WebhookEndpointId::from_uuid(uuid::Uuid::from_u128(1)));
    assert!(first.open(webhook, &kept).is_err(), "another purpose");
    assert!(vault(&["second"]).open(user(1), &kept).is_err(), "another key");
    assert_eq!(*vault(&["second", "first"]).open(user(1), &kept).unwrap(), "JBSWY3DP");
    let altered = format!("{}A", &kept[..kept.len() - 1]);
    assert!(altered == kept || first.open(user(1), &altered).is_err(), "a changed byte");
    assert_ne!(kept, first.seal(&random, user(1), "JBSWY3DP").unwrap());
    assert_eq!(*first.open(user(1), "JBSWY3DP").unwrap(), "JBSWY3DP", "what was never sealed");
    assert!(Vault::new::<&str>([]).is_err());
}

/// The same product with other keys.
fn with_keys(app: &TestApp, keys: &[&str]) -> OpCtx {
    let services = app.services();
    OpCtx::system(Arc::new(Services {
        store: services.store.clone(),
        lake: Arc::clone(&services.lake),
        clock: Arc::clone(&services.clock),
        random: Arc::clone(&services.random),
        passwords: services.passwords.clone(),
        tokens: services.tokens.clone(),
        token_uses: crate::accounts::TokenUses::default(),
        vault: vault(keys),
        mailer: services.mailer.clone(),
        settings: services.settings.clone(),
        job_signal: services.job_signal.clone(),
        ticket_feed: services.ticket_feed.clone(),
        webhooks: Arc::clone(&services.webhooks),
        promises: crate::sla::Remembered::default(),
    }))
}

async fn looked(op: &OpCtx) -> Sealing {
    let tx = op.services().store.read(&Visibility::System).await.unwrap();
    examine(&tx, &op.services().vault).await.unwrap()
}

both_stores! {
    async fn keys_are_changed_and_what_was_never_sealed_is(store: TestStore) {
        let app = TestApp::new(store);
        let new = NewUser {
            client: None,
            email: "ana@bsp.example".to_owned(),
            name: "Ana".to_owned(),
            role: Role::SupportAgent,
            language: "it".to_owned(),
            password: Some(zeroize::Zeroizing::new(PASSWORD.to_owned())),
        };
        let ana = create_user(&app.system(), new).await.unwrap();
        let password = zeroize::Zeroizing::new(PASSWORD.to_owned());
        let begun = begin_second_factor(&app.op(domain::access::Actor::Anonymous), "ana@bsp.example", password).await.unwrap();
        let client = app.client("alfa").await;
        let new = NewEndpoint {
            client,
            url: "https://hooks.example.com/".to_owned(),
            description: String::new(),
            events: vec![WebhookEventType::TicketOpened],
        };
        let (endpoint, secret) = create(&app.staff(Role::BspAdmin).await, new).await.unwrap();
        assert_eq!(looked(&app.system()).await, Sealing { current: 2, ..Sealing::default() });
        // A row as a release before this one left it.
        let tx = app.store().write(&Visibility::System).await.unwrap();
        let kept = store::second_factors::of(&tx, ana.id).await.unwrap().unwrap().secret;
        assert!(!kept.contains(&**begun.secret), "{kept}");
        assert!(store::second_factors::replace_secret(&tx, ana.id, &kept, &begun.secret).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(looked(&app.system()).await, Sealing { current: 1, old: 1, unreadable: 0 });
        assert_eq!(reseal(&app.system()).await.unwrap(), 1);
        assert_eq!(reseal(&app.system()).await.unwrap(), 0, "once");
        // Another key is put before the one of the test; then that one goes.
        let both = with_keys(&app, &["another key", crate::testing::VAULT_KEY]);
        assert_eq!(reseal(&both).await.unwrap(), 2);
        let alone = with_keys(&app, &["another key"]);
        assert_eq!(looked(&alone).await, Sealing { current: 2, ..Sealing::default() });
        assert_eq!(looked(&app.system()).await, Sealing { unreadable: 2, ..Sealing::default() });
        let tx = app.store().read(&Visibility::System).await.unwrap();
        let kept = store::webhook_endpoints::secrets(&tx, endpoint.id, app.system().now()).await.unwrap();
        let opened = alone.services().vault.open(Purpose::Webhook(endpoint.id), &kept[0]).unwrap();
        assert_eq!(*opened, *secret.reveal());
        assert!(reseal(&app.staff(Role::BspAdmin).await).await.is_err());
    }
}
