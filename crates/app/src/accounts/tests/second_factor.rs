//! The second factor, sign-ins, roles and tokens as they grew.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::access::{Actor, Permission, PermissionSet, Role, Visibility};
use i18n::Lang;
use store::{both_stores, testing::TestStore};

use super::{PASSWORD, ana, new_user, refusals, secret};
use crate::{
    OpCtx, OpError, Services, Settings,
    accounts::{
        AccountCode, NewApiToken, assign_user, authenticate, begin_second_factor, code_at, confirm_second_factor,
        create_api_token, create_user, disable_second_factor, own_sign_ins, replace_recovery_codes, revoke_sign_ins,
        revoke_sign_ins_of, rotate_api_token, sign_in, users_by_ids,
    },
    testing::TestApp,
};

fn nobody(app: &TestApp) -> OpCtx {
    let mut op = app.op(Actor::Anonymous);
    op.address = Some("192.0.2.9".parse().unwrap());
    op
}

fn codes<T: std::fmt::Debug>(result: Result<T, OpError<AccountCode>>) -> Vec<AccountCode> {
    refusals(result).into_iter().map(|(code, _)| code).collect()
}

const EMAIL: &str = "ana@bsp.example";

/// Sets a second factor up; its secret and recovery codes.
async fn with_factor(app: &TestApp) -> (String, Vec<String>) {
    let begun = begin_second_factor(&nobody(app), EMAIL, secret(PASSWORD)).await.unwrap();
    assert!(begun.uri.starts_with("otpauth://totp/"), "{}", *begun.uri);
    let code = code_at(&begun.secret, app.system().now());
    let recovery = confirm_second_factor(&nobody(app), EMAIL, secret(PASSWORD), &code).await.unwrap();
    (begun.secret.to_string(), recovery.iter().map(|code| code.reveal().to_owned()).collect())
}

both_stores! {
    async fn a_second_factor_is_asked_for_once_it_is_confirmed_and_no_code_is_taken_twice(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        let enter = async |code: Option<&str>| sign_in(&nobody(&app), EMAIL, secret(PASSWORD), code).await;
        begin_second_factor(&nobody(&app), EMAIL, secret(PASSWORD)).await.unwrap();
        assert!(enter(None).await.is_ok(), "not confirmed, not asked for");
        let wrong = confirm_second_factor(&nobody(&app), EMAIL, secret(PASSWORD), "000000").await;
        assert_eq!(codes(wrong), [AccountCode::SecondFactorInvalid]);
        let (factor, recovery) = with_factor(&app).await;
        assert_eq!(recovery.len(), 10);
        assert_eq!(codes(enter(None).await), [AccountCode::SecondFactorRequired]);
        // The code that confirmed it was taken; one of the next step is good, once; one of before it no more.
        let used = code_at(&factor, app.system().now());
        assert_eq!(codes(enter(Some(&used)).await), [AccountCode::SecondFactorInvalid]);
        app.clock().advance(30);
        let next = code_at(&factor, app.system().now());
        assert!(enter(Some(&next)).await.is_ok());
        assert_eq!(codes(enter(Some(&next)).await), [AccountCode::SecondFactorInvalid]);
        assert_eq!(codes(enter(Some(&used)).await), [AccountCode::SecondFactorInvalid]);
        // A code of ten minutes ago is none, whatever was taken.
        app.clock().advance(600);
        assert_eq!(codes(enter(Some(&next)).await), [AccountCode::SecondFactorInvalid]);
        assert!(enter(Some(&recovery[0])).await.is_ok());
        assert_eq!(codes(enter(Some(&recovery[0])).await), [AccountCode::SecondFactorInvalid]);
        // Without the password a code opens nothing, and says nothing.
        let code = code_at(&factor, app.system().now());
        let wrong = sign_in(&nobody(&app), EMAIL, secret("not the password"), Some(&code)).await;
        assert_eq!(codes(wrong), [AccountCode::BadCredentials]);
        let exists = begin_second_factor(&nobody(&app), EMAIL, secret(PASSWORD)).await;
        assert_eq!(codes(exists), [AccountCode::SecondFactorExists]);
        disable_second_factor(&app.op(user.actor()), secret(PASSWORD), &recovery[1]).await.unwrap();
        assert!(enter(None).await.is_ok());
    }

    async fn guesses_of_a_code_have_to_wait(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        with_factor(&app).await;
        let mut last = None;
        for _ in 0..7 {
            last = sign_in(&nobody(&app), EMAIL, secret(PASSWORD), Some("123456")).await.err();
        }
        assert!(matches!(last, Some(OpError::RateLimited { .. })), "{last:?}");
    }

    async fn staff_may_have_to_have_one(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let client = app.client("alfa").await;
        create_user(&app.system(), new_user("bea@alfa.example", Role::ClientAdmin, Some(client))).await.unwrap();
        let services = app.services();
        let strict = Arc::new(Services {
            store: services.store.clone(),
            lake: Arc::clone(&services.lake),
            clock: Arc::clone(&services.clock),
            random: Arc::clone(&services.random),
            passwords: services.passwords.clone(),
            tokens: services.tokens.clone(),
            mailer: services.mailer.clone(),
            settings: Settings { staff_second_factor: true, ..services.settings.clone() },
            job_signal: services.job_signal.clone(),
            token_uses: crate::accounts::TokenUses::default(),
            vault: crate::vault::Vault::new([crate::testing::VAULT_KEY]).unwrap(),
            ticket_feed: services.ticket_feed.clone(),
            webhooks: Arc::clone(&services.webhooks),
            promises: crate::sla::Remembered::default(),
        });
        let op = || OpCtx::new(Arc::clone(&strict), Actor::Anonymous, Lang::En);
        assert_eq!(codes(sign_in(&op(), EMAIL, secret(PASSWORD), None).await), [AccountCode::SecondFactorSetupRequired]);
        assert!(sign_in(&op(), "bea@alfa.example", secret(PASSWORD), None).await.is_ok());
        let (factor, _) = with_factor(&app).await;
        app.clock().advance(60);
        let code = code_at(&factor, app.system().now());
        assert!(sign_in(&op(), EMAIL, secret(PASSWORD), Some(&code)).await.is_ok());
    }

    async fn people_see_and_end_their_own_sign_ins(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        let other = create_user(&app.system(), new_user("bea@bsp.example", Role::Analyst, None)).await.unwrap();
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(sign_in(&nobody(&app), EMAIL, secret(PASSWORD), None).await.unwrap().access_token);
            app.clock().advance(1);
        }
        let op = app.op(user.actor());
        let own = own_sign_ins(&op).await.unwrap();
        assert_eq!(own.len(), 3);
        let good = async |token: &String| authenticate(app.services(), token, Lang::En).await.is_ok();
        assert_eq!(revoke_sign_ins(&op, Some(own[0].id)).await.unwrap(), 1);
        assert!(!good(&tokens[2]).await && good(&tokens[1]).await);
        let again = revoke_sign_ins(&op, Some(own[0].id)).await;
        assert!(matches!(again, Err(OpError::NotFound)));
        let foreign = revoke_sign_ins(&app.op(other.actor()), Some(own[1].id)).await;
        assert!(matches!(foreign, Err(OpError::NotFound)));
        assert_eq!(revoke_sign_ins(&op, None).await.unwrap(), 2);
        assert!(!good(&tokens[0]).await);
        assert_eq!(own_sign_ins(&app.op(user.actor())).await.unwrap(), []);
        let viewing = Actor::Viewing { user: user.id, client: app.client("alfa").await };
        assert!(matches!(own_sign_ins(&app.op(viewing)).await, Err(OpError::Unauthenticated)));
    }

    async fn staff_of_some_clients_know_of_no_other(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.staff(Role::BspAdmin).await;
        let agent = ana(&app).await;
        let limited = assign_user(&admin, agent.id, None, Some(vec![alfa])).await.unwrap();
        assert_eq!(limited.actor().visibility(), Visibility::Clients(vec![alfa]));
        let op = app.op(limited.actor());
        assert_eq!(crate::clients::by_ids(&op, &[alfa, beta]).await.unwrap().len(), 1);
        assert_eq!(users_by_ids(&op, &[agent.id]).await.unwrap()[0].assigned, Some(vec![alfa]), "it knows of itself");
        let entered = sign_in(&nobody(&app), EMAIL, secret(PASSWORD), None).await.unwrap();
        let op = authenticate(app.services(), &entered.access_token, Lang::En).await.unwrap();
        assert_eq!(op.visibility(), &Visibility::Clients(vec![alfa]));
        let everyone = assign_user(&app.staff(Role::BspAdmin).await, agent.id, None, None).await.unwrap();
        assert_eq!(everyone.actor().visibility(), Visibility::AllClients);
        let own = admin.actor().user().unwrap();
        assert_eq!(codes(assign_user(&admin, own, None, Some(vec![alfa])).await), [AccountCode::AssignmentInvalid]);
        let nothing = domain::ClientId::from_uuid(uuid::Uuid::nil());
        assert_eq!(codes(assign_user(&admin, agent.id, None, Some(vec![nothing])).await), [AccountCode::ClientNotFound]);
    }

    async fn staff_view_as_a_client_as_themselves_and_change_nothing(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let agent = app.staff(Role::SupportAgent).await;
        let viewing = agent.view_as(alfa).await.unwrap();
        assert_eq!(viewing.actor().user(), agent.actor().user());
        assert_eq!(crate::clients::by_ids(&viewing, &[alfa, beta]).await.unwrap().len(), 1);
        assert!(!viewing.actor().may(Permission::TicketsWrite) && !viewing.actor().may(Permission::TicketsInternal));
        for (op, refused) in [
            (app.client_user(Role::ClientAdmin, alfa).await, "clients:view_as"),
            (app.program(None, &[Permission::ClientsViewAs]), "clients:view_as"),
        ] {
            match op.view_as(alfa).await {
                Err(OpError::Forbidden(permission)) => assert_eq!(permission.as_str(), refused),
                other => panic!("{other:?}"),
            }
        }
        let own = app.client_user(Role::ClientAdmin, beta).await;
        assert!(matches!(own.view_as(alfa).await, Err(OpError::NotFound)));
    }

    async fn a_token_is_rotated_with_an_overlap(store: TestStore) {
        let app = TestApp::new(store);
        let alfa = app.client("alfa").await;
        let admin = app.client_user(Role::ClientAdmin, alfa).await;
        let permissions = PermissionSet::of(&[Permission::TrafficImport]);
        let new = NewApiToken { client: None, name: "Gateway".to_owned(), permissions, expires_at: None };
        let (token, first) = create_api_token(&admin, new).await.unwrap();
        let good = async |secret: &str| authenticate(app.services(), secret, Lang::En).await.is_ok();
        let (same, second) = rotate_api_token(&admin, token.id, TimeDelta::hours(1)).await.unwrap();
        assert_eq!(same.id, token.id);
        assert!(good(first.reveal()).await && good(second.reveal()).await);
        app.clock().advance(3_600);
        assert!(!good(first.reveal()).await && good(second.reveal()).await);
        let (_, third) = rotate_api_token(&admin, token.id, TimeDelta::zero()).await.unwrap();
        assert!(!good(second.reveal()).await && good(third.reveal()).await);
        for hours in [-1, 721] {
            let refused = rotate_api_token(&admin, token.id, TimeDelta::hours(hours)).await;
            assert_eq!(codes(refused.map(drop)), [AccountCode::OverlapInvalid]);
        }
        let developer = app.client_user(Role::ClientDeveloper, alfa).await;
        assert!(rotate_api_token(&developer, token.id, TimeDelta::zero()).await.is_ok());
        let other = app.client_user(Role::ClientAdmin, app.client("beta").await).await;
        assert!(matches!(rotate_api_token(&other, token.id, TimeDelta::zero()).await, Err(OpError::NotFound)));
    }

    async fn recovery_codes_are_replaced_with_password_and_code(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        let (_, old) = with_factor(&app).await;
        let own = || {
            let mut op = app.op(user.actor());
            op.address = Some("192.0.2.9".parse().unwrap());
            op
        };
        let wrong = replace_recovery_codes(&own(), secret(PASSWORD), "sbc_00000000000000000000").await;
        assert_eq!(codes(wrong), [AccountCode::SecondFactorInvalid]);
        let wrong = replace_recovery_codes(&own(), secret("another password"), &old[0]).await;
        assert_eq!(codes(wrong), [AccountCode::BadCredentials]);
        let new = replace_recovery_codes(&own(), secret(PASSWORD), &old[0]).await.unwrap();
        assert_eq!(new.len(), 10);
        let enter = async |code: &str| sign_in(&nobody(&app), EMAIL, secret(PASSWORD), Some(code)).await;
        assert_eq!(codes(enter(&old[1]).await), [AccountCode::SecondFactorInvalid], "those before are good for nothing");
        assert!(enter(new[0].reveal()).await.is_ok());
        let program = app.program(None, &[Permission::UsersWrite]);
        assert!(matches!(replace_recovery_codes(&program, secret(PASSWORD), &old[1]).await, Err(OpError::Unauthenticated)));
    }

    async fn an_administrator_ends_the_sign_ins_of_others(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        let first = sign_in(&nobody(&app), EMAIL, secret(PASSWORD), None).await.unwrap();
        sign_in(&nobody(&app), EMAIL, secret(PASSWORD), None).await.unwrap();
        let admin = app.staff(Role::BspAdmin).await;
        let (_, ended) = revoke_sign_ins_of(&admin, user.id).await.unwrap();
        assert_eq!(ended, 2);
        let access = authenticate(app.services(), &first.access_token, Lang::En).await;
        assert!(matches!(access, Err(OpError::Unauthenticated)));
        let own = admin.actor().user().unwrap();
        assert_eq!(codes(revoke_sign_ins_of(&admin, own).await), [AccountCode::RoleInvalid]);
        let client = app.client("alfa").await;
        let stranger = app.client_user(Role::ClientAdmin, client).await;
        assert!(matches!(revoke_sign_ins_of(&stranger, user.id).await, Err(OpError::NotFound)));
        let lost = assign_user(&app.staff(Role::BspAdmin).await, user.id, Some(9), None).await;
        assert!(matches!(lost, Err(OpError::Conflict { current: 1 })), "{lost:?}");
    }
}
