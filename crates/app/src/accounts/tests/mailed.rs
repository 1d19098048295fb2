//! Codes by mail: each opens what it is for, once, in its time.

use domain::{
    access::{Actor, Permission, PermissionSet, Role, Visibility},
    accounts::{CodeKind, User},
    jobs::JobLane,
};
use store::{both_stores, testing::TestStore};

use super::{PASSWORD, ana, new_user, refusals, secret};
use crate::{
    OpCtx, OpError,
    accounts::{
        AccountCode, NewApiToken, NewUser, confirm_email, create_api_token, create_user, invite_again,
        mailed::send_password_reset, refresh, request_email_change, request_password_reset, set_password_by_code,
        sign_in,
    },
    jobs,
    testing::TestApp,
};

const OTHER: &str = "tutt’altra parola d’ordine";

fn nobody(app: &TestApp) -> OpCtx {
    let mut op = app.op(Actor::Anonymous);
    op.address = Some("192.0.2.9".parse().unwrap());
    op
}

/// Mails what is due; the last mail's address and code.
async fn mailed(app: &TestApp) -> (String, String) {
    for job in jobs::dispatch(app.services(), JobLane::Quick, 100).await.unwrap() {
        app.work(Some(job)).await;
    }
    let message = app.mails().sent().pop().expect("a mail was sent");
    let text = format!("{:?}", message.letter);
    let code: String = text
        .split_once("sbm_")
        .map(|(_, rest)| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect())
        .unwrap_or_default();
    (message.to.email, format!("sbm_{code}"))
}

async fn enters(app: &TestApp, email: &str, password: &str) -> bool {
    sign_in(&nobody(app), email, secret(password), None).await.is_ok()
}

fn codes<T: std::fmt::Debug>(result: Result<T, OpError<AccountCode>>) -> Vec<AccountCode> {
    refusals(result).into_iter().map(|(code, _)| code).collect()
}

both_stores! {
    async fn somebody_is_invited_and_chooses_a_password(store: TestStore) {
        let app = TestApp::new(store);
        let client = app.client("alfa").await;
        let admin = app.client_user(Role::ClientAdmin, client).await;
        let new = NewUser { password: None, ..new_user("bea@alfa.example", Role::ClientViewer, None) };
        let bea = create_user(&admin, new).await.unwrap();
        let (to, first) = mailed(&app).await;
        assert_eq!(to, "bea@alfa.example");
        assert!(!enters(&app, "bea@alfa.example", "").await);
        // Invited again: the code of before has ended.
        invite_again(&admin, bea.id).await.unwrap();
        let (_, second) = mailed(&app).await;
        assert_ne!(first, second);
        let accept = async |code: &str, password: &str| {
            set_password_by_code(&nobody(&app), CodeKind::Invitation, code, secret(password)).await
        };
        assert_eq!(codes(accept(&first, PASSWORD).await), [AccountCode::CodeInvalid]);
        assert_eq!(codes(accept(&second, "short").await), [AccountCode::PasswordInvalid]);
        let reset = set_password_by_code(&nobody(&app), CodeKind::PasswordReset, &second, secret(PASSWORD)).await;
        assert_eq!(codes(reset), [AccountCode::CodeInvalid], "a code opens what it is for alone");
        assert_eq!(accept(&second, PASSWORD).await.unwrap().id, bea.id);
        assert!(enters(&app, "bea@alfa.example", PASSWORD).await);
        assert_eq!(codes(accept(&second, OTHER).await), [AccountCode::CodeInvalid], "once");
        assert!(matches!(invite_again(&admin, bea.id).await, Err(OpError::NotFound)));
    }

    async fn a_lost_password_is_replaced_and_ends_what_was_open(store: TestStore) {
        let app = TestApp::new(store);
        let user: User = ana(&app).await;
        let open = sign_in(&nobody(&app), &user.email, secret(PASSWORD), None).await.unwrap();
        send_password_reset(&nobody(&app), " Ana@BSP.example").await.unwrap();
        let (to, code) = mailed(&app).await;
        assert_eq!(to, user.email);
        set_password_by_code(&nobody(&app), CodeKind::PasswordReset, &code, secret(OTHER)).await.unwrap();
        assert!(!enters(&app, &user.email, PASSWORD).await);
        assert!(enters(&app, &user.email, OTHER).await);
        let again = crate::accounts::refresh(&nobody(&app), open.refresh_token.reveal()).await;
        assert!(matches!(again, Err(OpError::Unauthenticated)));
        let (told, _) = mailed(&app).await;
        assert_eq!(told, user.email, "the person is told");
        // Too late.
        send_password_reset(&nobody(&app), &user.email).await.unwrap();
        let (_, code) = mailed(&app).await;
        app.clock().advance(3_601);
        let late = set_password_by_code(&nobody(&app), CodeKind::PasswordReset, &code, secret(PASSWORD)).await;
        assert_eq!(codes(late), [AccountCode::CodeInvalid]);
    }

    async fn a_request_for_a_new_password_tells_nothing_and_has_a_limit(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        for email in ["ana@bsp.example", "nobody@bsp.example", "no address", ""] {
            request_password_reset(&nobody(&app), email).await.unwrap();
        }
        send_password_reset(&nobody(&app), "nobody@bsp.example").await.unwrap();
        let mut limited = None;
        for _ in 0..7 {
            limited = request_password_reset(&nobody(&app), "nobody@bsp.example").await.err();
        }
        assert!(matches!(limited, Some(OpError::RateLimited { .. })), "{limited:?}");
        // Nobody is locked out by it.
        assert!(enters(&app, "ana@bsp.example", PASSWORD).await);
    }

    async fn an_address_is_changed_once_its_owner_confirms(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        create_user(&app.system(), new_user("bea@bsp.example", Role::Analyst, None)).await.unwrap();
        let own = app.op(user.actor());
        let wrong = request_email_change(&own, "new@bsp.example", secret("not the password")).await;
        assert_eq!(codes(wrong), [AccountCode::BadCredentials]);
        request_email_change(&own, "New@bsp.example", secret(PASSWORD)).await.unwrap();
        let (to, code) = mailed(&app).await;
        assert_eq!(to, "new@bsp.example");
        let changed = confirm_email(&nobody(&app), &code).await.unwrap();
        assert_eq!((changed.id, changed.email.as_str()), (user.id, "new@bsp.example"));
        assert_eq!(mailed(&app).await.0, "ana@bsp.example", "the old address is told");
        assert!(enters(&app, "new@bsp.example", PASSWORD).await && !enters(&app, "ana@bsp.example", PASSWORD).await);
        // An address that is taken is answered alike, and nothing is mailed.
        let before = app.mails().sent().len();
        request_email_change(&app.op(user.actor()), "bea@bsp.example", secret(PASSWORD)).await.unwrap();
        for job in jobs::dispatch(app.services(), JobLane::Quick, 100).await.unwrap() {
            app.work(Some(job)).await;
        }
        assert_eq!(app.mails().sent().len(), before);
        let program = app.program(None, &[]);
        let refused = request_email_change(&program, "x@bsp.example", secret(PASSWORD)).await;
        assert!(matches!(refused, Err(OpError::Unauthenticated)));
    }

    async fn codes_are_kept_as_hashes(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        send_password_reset(&nobody(&app), &user.email).await.unwrap();
        let (_, code) = mailed(&app).await;
        let tx = app.write(&Visibility::System).await.unwrap();
        let by_code = store::account_codes::spend(&tx, CodeKind::PasswordReset, &code, app.system().now()).await.unwrap();
        assert_eq!(by_code, None);
    }

    async fn people_are_told_of_what_happens_to_their_account(store: TestStore) {
        let app = TestApp::new(store);
        ana(&app).await;
        let from = |address: &str| {
            let mut op = app.op(Actor::Anonymous);
            op.address = Some(address.parse().unwrap());
            op
        };
        let enter = async |address: &str| sign_in(&from(address), "ana@bsp.example", secret(PASSWORD), None).await.unwrap();
        let told = async || -> Vec<String> {
            let before = app.mails().sent().len();
            for job in jobs::dispatch(app.services(), JobLane::Quick, 100).await.unwrap() {
                app.work(Some(job)).await;
            }
            app.mails().sent().split_off(before).iter().map(|mail| format!("{:?}", mail.letter)).collect()
        };
        enter("192.0.2.1").await;
        enter("192.0.2.1").await;
        assert_eq!(told().await, [""; 0], "the first sign-in is no news, and the same address is none");
        let entered = enter("198.51.100.7").await;
        let mails = told().await;
        assert!(matches!(&mails[..], [mail] if mail.contains("da un indirizzo nuovo")), "{mails:?}");
        let next = refresh(&from("198.51.100.7"), entered.refresh_token.reveal()).await.unwrap();
        assert!(refresh(&from("203.0.113.5"), entered.refresh_token.reveal()).await.is_err());
        assert!(refresh(&from("198.51.100.7"), next.refresh_token.reveal()).await.is_err(), "the sign-in is ended");
        let mails = told().await;
        assert!(matches!(&mails[..], [mail] if mail.contains("copiata")), "{mails:?}");
        let new = NewApiToken {
            client: None,
            name: "Gateway".to_owned(),
            permissions: PermissionSet::of(&[Permission::TicketsRead]),
            expires_at: None,
        };
        let admin = app.user(Role::BspAdmin, None).await;
        create_api_token(&app.op(admin.actor()), new.clone()).await.unwrap();
        let mails = told().await;
        assert!(matches!(&mails[..], [mail] if mail.contains("token for programs")), "{mails:?}");
        // Whoever works for some clients alone makes no token that knows of all.
        let alfa = app.client("alfa").await;
        let limited = User { assigned: Some(vec![alfa]), ..admin };
        let refused = codes(create_api_token(&app.op(limited.actor()), new).await);
        assert_eq!(refused, [AccountCode::ClientNotFound]);
    }
}
