//! Signing in, renewing, ending.

use std::net::IpAddr;

use domain::access::{Actor, Role};
use i18n::Lang;
use store::{both_stores, testing::TestStore};

use super::{PASSWORD, ana, new_user, refusals, secret};
use crate::{
    OpCtx, OpError,
    accounts::{
        AccountCode, Credentials, Secret, authenticate, create_user, disable_user, forget_old, refresh, set_password,
        sign_in, sign_out,
    },
    testing::TestApp,
};

fn from(app: &TestApp, address: &str) -> OpCtx {
    let mut op = app.op(Actor::Anonymous);
    op.address = Some(address.parse::<IpAddr>().unwrap());
    op
}

async fn enter(app: &TestApp) -> Credentials {
    sign_in(&from(app, "192.0.2.1"), "ana@bsp.example", secret(PASSWORD), None).await.unwrap()
}

async fn actor(app: &TestApp, credential: &str) -> Option<Actor> {
    match authenticate(app.services(), credential, Lang::En).await {
        Ok(op) => Some(op.actor().clone()),
        Err(OpError::Unauthenticated) => None,
        Err(other) => panic!("{other}"),
    }
}

fn wait<T>(result: &Result<T, OpError<AccountCode>>) -> Option<u32> {
    match result {
        Err(OpError::RateLimited { retry_after }) => Some(*retry_after),
        _ => None,
    }
}

both_stores! {
    async fn a_person_signs_in_and_works_until_the_token_ends(store: TestStore) {
        let app = TestApp::new(store);
        let ana = ana(&app).await;
        let entered = sign_in(&from(&app, "192.0.2.1"), "  Ana@BSP.example ", secret(PASSWORD), None).await.unwrap();
        assert_eq!((entered.user.id, entered.expires_in), (ana.id, 900));
        assert_eq!(actor(&app, &entered.access_token).await, Some(ana.actor()));
        let op = authenticate(app.services(), &entered.access_token, Lang::En).await.unwrap();
        assert_eq!(op.lang(), Lang::It, "in its own language");
        app.clock().advance(899);
        assert!(actor(&app, &entered.access_token).await.is_some());
        app.clock().advance(1);
        assert_eq!(actor(&app, &entered.access_token).await, None);
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_alike(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let client = app.client("alfa").await;
        let shut = create_user(&app.system(), new_user("shut@alfa.example", Role::ClientViewer, Some(client))).await.unwrap();
        disable_user(&app.system(), shut.id, None).await.unwrap();
        let op = from(&app, "192.0.2.1");
        let long = "a".repeat(100_000) + "@example.com";
        for (email, password) in [
            ("ana@bsp.example", "another password"),
            ("ana@bsp.example", ""),
            ("nobody@bsp.example", PASSWORD),
            ("shut@alfa.example", PASSWORD),
            ("no address", PASSWORD),
            ("nul\0@bsp.example", PASSWORD),
            ("", ""),
            (&long, PASSWORD),
        ] {
            let refused = refusals(sign_in(&op, email, secret(password), None).await);
            assert_eq!(refused, [(AccountCode::BadCredentials, String::new())], "{email:.40}");
        }
    }

    async fn after_five_failures_an_account_waits_for_the_address_that_failed(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let fail = async |address: &str| {
            wait(&sign_in(&from(&app, address), "ana@bsp.example", secret("another password"), None).await)
        };
        for _ in 0..5 {
            assert_eq!(fail("192.0.2.1").await, None);
        }
        // The fifth made it wait for a second; even the right password waits, and the wait does not grow meanwhile.
        for _ in 0..3 {
            let right = sign_in(&from(&app, "192.0.2.1"), "ANA@bsp.example", secret(PASSWORD), None).await;
            assert_eq!(wait(&right), Some(2));
        }
        // Neither another address nor another account does.
        assert_eq!(fail("192.0.2.2").await, None);
        let other = sign_in(&from(&app, "192.0.2.1"), "bea@bsp.example", secret(PASSWORD), None).await;
        assert_eq!(refusals(other)[0].0, AccountCode::BadCredentials);
        app.clock().advance(1);
        assert_eq!(fail("192.0.2.1").await, None);
        assert_eq!(fail("192.0.2.1").await, Some(3), "twice as long");
        app.clock().advance(2);
        assert!(sign_in(&from(&app, "192.0.2.1"), "ana@bsp.example", secret(PASSWORD), None).await.is_ok());
        for _ in 0..5 {
            assert_eq!(fail("192.0.2.1").await, None, "who got in begins anew");
        }
    }

    async fn addresses_of_one_ipv6_network_are_one(store: TestStore) {
        let app = TestApp::new(store);
        let fail = async |address: &str| {
            wait(&sign_in(&from(&app, address), "nobody@bsp.example", secret("another password"), None).await)
        };
        for host in 1..=5 {
            assert_eq!(fail(&format!("2001:db8:0:1::{host}")).await, None);
        }
        assert_eq!(fail("2001:db8:0:1:ffff::6").await, Some(2));
        assert_eq!(fail("2001:db8:0:2::6").await, None);
        for _ in 0..5 {
            assert_eq!(fail("::ffff:192.0.2.9").await, None);
        }
        assert_eq!(fail("192.0.2.9").await, Some(2), "the same address in another coat");
    }

    async fn many_attempts_at_once_are_many(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let attempts = (0..12).map(|_| async {
            let op = from(&app, "192.0.2.1");
            wait(&sign_in(&op, "ana@bsp.example", secret("another password"), None).await)
        });
        let waited = futures::future::join_all(attempts).await;
        assert_eq!(waited.iter().filter(|wait| wait.is_none()).count(), 5);
    }

    async fn a_sign_in_is_renewed_and_lasts_from_then_on(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let first = enter(&app).await;
        app.clock().advance(1_209_599);
        let second = refresh(&app.op(Actor::Anonymous), first.refresh_token.reveal()).await.unwrap();
        assert_ne!(second.refresh_token.reveal(), first.refresh_token.reveal());
        assert!(actor(&app, &second.access_token).await.is_some());
        app.clock().advance(1_209_599);
        let third = refresh(&app.op(Actor::Anonymous), second.refresh_token.reveal()).await.unwrap();
        app.clock().advance(1_209_600);
        let late = refresh(&app.op(Actor::Anonymous), third.refresh_token.reveal()).await;
        assert!(matches!(late, Err(OpError::Unauthenticated)));
    }

    async fn a_refresh_token_that_is_shown_again_ends_the_sign_in(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let other = enter(&app).await;
        let first = enter(&app).await;
        let second = refresh(&app.op(Actor::Anonymous), first.refresh_token.reveal()).await.unwrap();
        let third = refresh(&app.op(Actor::Anonymous), second.refresh_token.reveal()).await.unwrap();
        assert!(actor(&app, &third.access_token).await.is_some());
        // A copy from two renewals ago.
        let again = refresh(&app.op(Actor::Anonymous), first.refresh_token.reveal()).await;
        assert!(matches!(again, Err(OpError::Unauthenticated)));
        for credentials in [&first, &second, &third] {
            assert_eq!(actor(&app, &credentials.access_token).await, None);
            let renewed = refresh(&app.op(Actor::Anonymous), credentials.refresh_token.reveal()).await;
            assert!(matches!(renewed, Err(OpError::Unauthenticated)));
        }
        assert!(actor(&app, &other.access_token).await.is_some(), "the person's other sign-ins stay");
    }

    async fn of_two_renewals_at_once_at_most_one_wins(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let first = enter(&app).await;
        let (one, two) = (app.op(Actor::Anonymous), app.op(Actor::Anonymous));
        let token = first.refresh_token.reveal();
        let results = futures::future::join(refresh(&one, token), refresh(&two, token)).await;
        assert!(!(results.0.is_ok() && results.1.is_ok()));
        assert!(results.0.is_ok() || results.1.is_ok());
    }

    async fn forged_and_foreign_credentials_are_nobodys(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let entered = enter(&app).await;
        let forged = crate::accounts::TokenSigner::new(&[8; 32]).unwrap();
        let claims = app.services().tokens.check(&entered.access_token, app.op(Actor::Anonymous).now()).unwrap();
        let forged = forged.sign(claims.sub, claims.sid, app.op(Actor::Anonymous).now(), 900).unwrap();
        let api_token = Secret::api_token(&domain::ports::SeededRandom::new(9));
        for credential in [forged.as_str(), api_token.reveal(), entered.refresh_token.reveal(), "", "sbt_", "a.b.c", "\0"] {
            assert_eq!(actor(&app, credential).await, None, "{credential}");
        }
        for token in ["", "sbr_", "sbr_x.y", entered.access_token.as_str(), api_token.reveal()] {
            let refused = refresh(&app.op(Actor::Anonymous), token).await;
            assert!(matches!(refused, Err(OpError::Unauthenticated)), "{token}");
        }
        assert!(actor(&app, &entered.access_token).await.is_some());
    }

    async fn signing_out_ends_the_sign_in_at_once(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let entered = enter(&app).await;
        for _ in 0..2 {
            sign_out(&app.op(Actor::Anonymous), entered.refresh_token.reveal()).await.unwrap();
        }
        sign_out(&app.op(Actor::Anonymous), "sbr_nothing").await.unwrap();
        assert_eq!(actor(&app, &entered.access_token).await, None);
        let renewed = refresh(&app.op(Actor::Anonymous), entered.refresh_token.reveal()).await;
        assert!(matches!(renewed, Err(OpError::Unauthenticated)));
    }

    async fn a_new_password_ends_all_sign_ins_and_the_old_password(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let entered = enter(&app).await;
        set_password(&app.system(), "ANA@bsp.example", secret("una nuova password")).await.unwrap();
        assert_eq!(actor(&app, &entered.access_token).await, None);
        let op = from(&app, "192.0.2.1");
        assert!(sign_in(&op, "ana@bsp.example", secret(PASSWORD), None).await.is_err());
        assert!(sign_in(&op, "ana@bsp.example", secret("una nuova password"), None).await.is_ok());
        let short = set_password(&app.system(), "ana@bsp.example", secret("short")).await;
        assert_eq!(refusals(short)[0].0, AccountCode::PasswordInvalid);
        let unknown = set_password(&app.system(), "nobody@bsp.example", secret(PASSWORD)).await;
        assert!(matches!(unknown, Err(OpError::NotFound)));
        let by_staff = set_password(&app.staff(Role::BspAdmin).await, "ana@bsp.example", secret(PASSWORD)).await;
        assert!(matches!(by_staff, Err(OpError::Forbidden(_))));
    }

    async fn whoever_is_shut_out_is_out_at_once(store: TestStore) {
        let app = TestApp::new(store);
        let ana = ana(&app).await;
        let entered = enter(&app).await;
        let admin = app.staff(Role::BspAdmin).await;
        let shut = disable_user(&admin, ana.id, None).await.unwrap();
        assert_eq!(shut.disabled_at, Some(admin.now()));
        assert_eq!(actor(&app, &entered.access_token).await, None);
        let renewed = refresh(&app.op(Actor::Anonymous), entered.refresh_token.reveal()).await;
        assert!(matches!(renewed, Err(OpError::Unauthenticated)));
        let again = disable_user(&admin, ana.id, None).await.unwrap();
        assert_eq!(again, shut);
    }

    async fn old_failures_and_sign_ins_are_forgotten(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        enter(&app).await;
        let failed = sign_in(&from(&app, "192.0.2.1"), "bea@bsp.example", secret(PASSWORD), None).await;
        assert!(failed.is_err());
        assert_eq!(forget_old(&app.system()).await.unwrap(), 0);
        app.clock().advance(86_401);
        assert_eq!(forget_old(&app.system()).await.unwrap(), 1);
        app.clock().advance(1_209_600 + 30 * 86_400);
        assert_eq!(forget_old(&app.system()).await.unwrap(), 1);
        assert!(forget_old(&app.staff(Role::BspAdmin).await).await.is_err());
    }
}
