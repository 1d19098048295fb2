//! Who changes what of whom.

use domain::access::{Actor, Permission, Role};
use store::{both_stores, testing::TestStore};

use super::{PASSWORD, ana, refusals, secret};
use crate::{
    OpError,
    accounts::{
        AccountCode, UserChange, change_password, disable_user, enable_user, refresh, sign_in, update_own, update_user,
        users_by_ids,
    },
    testing::TestApp,
};

const OTHER: &str = "graffetta blu oltremare";

fn one(code: AccountCode, field: &str) -> Vec<(AccountCode, String)> {
    vec![(code, field.to_owned())]
}

fn role(role: Role) -> UserChange {
    UserChange { role: Some(role), ..UserChange::default() }
}

both_stores! {
    async fn name_language_and_role_are_changed_and_what_is_absent_stays(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await;
        let agent = app.user(Role::SupportAgent, None).await;
        let change = UserChange { name: Some(" Bea Rossi ".to_owned()), ..UserChange::default() };
        let renamed = update_user(&app.op(admin.actor()), agent.id, change).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.role, renamed.version), ("Bea Rossi", Role::SupportAgent, 2));
        let change = UserChange { language: Some("it".to_owned()), ..role(Role::Analyst) };
        let changed = update_user(&app.op(admin.actor()), agent.id, change).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.role, changed.language.as_str()), ("Bea Rossi", Role::Analyst, "it"));
        assert_eq!(users_by_ids(&app.op(admin.actor()), &[agent.id]).await.unwrap(), [changed], "as it is stored");
    }

    async fn an_older_version_changes_nothing(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await;
        let agent = app.user(Role::SupportAgent, None).await;
        let seen = UserChange { expected_version: Some(1), ..role(Role::Analyst) };
        update_user(&app.op(admin.actor()), agent.id, seen.clone()).await.unwrap();
        let late = update_user(&app.op(admin.actor()), agent.id, seen).await;
        assert!(matches!(late, Err(OpError::Conflict { current: 2 })), "{late:?}");
    }

    async fn nobody_raises_themselves_or_gives_more_than_they_have(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.user(Role::ClientAdmin, Some(alfa)).await;
        let op = || app.op(admin.actor());
        assert_eq!(refusals(update_user(&op(), admin.id, role(Role::ClientViewer)).await), one(AccountCode::RoleInvalid, "role"));
        let viewer = app.user(Role::ClientViewer, Some(alfa)).await;
        assert_eq!(refusals(update_user(&op(), viewer.id, role(Role::BspAdmin)).await), one(AccountCode::RoleInvalid, "role"));
        assert_eq!(update_user(&op(), viewer.id, role(Role::ClientAdmin)).await.unwrap().role, Role::ClientAdmin);
        let stranger = app.user(Role::ClientViewer, Some(beta)).await;
        assert!(matches!(update_user(&op(), stranger.id, role(Role::ClientAdmin)).await, Err(OpError::NotFound)));
        let better = app.user(Role::BspAdmin, None).await;
        let program = app.program(None, &[Permission::UsersWrite]);
        let lowered = update_user(&program, better.id, role(Role::Auditor)).await;
        assert_eq!(refusals(lowered), one(AccountCode::RoleInvalid, "userId"));
        let refused = update_user(&app.staff(Role::SupportAgent).await, viewer.id, role(Role::ClientViewer)).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::UsersWrite))));
    }

    async fn a_name_must_be_one_and_a_language_known(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.user(Role::BspAdmin, None).await;
        let blank = update_own(&app.op(admin.actor()), Some(" \n".to_owned()), None).await;
        assert_eq!(refusals(blank), one(AccountCode::NameInvalid, "name"));
        let unknown = update_own(&app.op(admin.actor()), None, Some("xx".to_owned())).await;
        assert_eq!(refusals(unknown), one(AccountCode::LanguageUnknown, "language"));
        let own = update_own(&app.op(admin.actor()), Some("Ugo".to_owned()), Some("it".to_owned())).await.unwrap();
        assert_eq!((own.name.as_str(), own.language.as_str()), ("Ugo", "it"));
        let nobody = update_own(&app.op(Actor::Anonymous), Some("Ugo".to_owned()), None).await;
        assert!(matches!(nobody, Err(OpError::Unauthenticated)));
    }

    async fn a_password_is_changed_by_who_knows_it_and_ends_what_is_open(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        let open = sign_in(&app.op(Actor::Anonymous), &user.email, secret(PASSWORD), None).await.unwrap();
        let own = || app.op(user.actor());
        let wrong = change_password(&own(), secret("not the password"), secret(OTHER)).await;
        assert!(matches!(wrong, Err(OpError::Refused(refused)) if refused[0].code == AccountCode::BadCredentials));
        let short = change_password(&own(), secret(PASSWORD), secret("short")).await;
        assert_eq!(refusals(short), one(AccountCode::PasswordInvalid, "password"));
        change_password(&own(), secret(PASSWORD), secret(OTHER)).await.unwrap();
        let ended = refresh(&app.op(Actor::Anonymous), open.refresh_token.reveal()).await;
        assert!(matches!(ended, Err(OpError::Unauthenticated)));
        assert!(sign_in(&app.op(Actor::Anonymous), &user.email, secret(PASSWORD), None).await.is_err());
        assert!(sign_in(&app.op(Actor::Anonymous), &user.email, secret(OTHER), None).await.is_ok());
        app.drain().await;
        assert_eq!(app.mails().sent().len(), 1, "the person is told");
    }

    async fn who_was_shut_out_is_let_in_again(store: TestStore) {
        let app = TestApp::new(store);
        let user = ana(&app).await;
        let admin = app.user(Role::BspAdmin, None).await;
        disable_user(&app.op(admin.actor()), user.id, None).await.unwrap();
        assert!(sign_in(&app.op(Actor::Anonymous), &user.email, secret(PASSWORD), None).await.is_err());
        let program = app.program(None, &[Permission::UsersWrite]);
        assert_eq!(refusals(enable_user(&program, user.id).await), one(AccountCode::RoleInvalid, "userId"));
        assert_eq!(enable_user(&app.op(admin.actor()), user.id).await.unwrap().disabled_at, None);
        assert!(sign_in(&app.op(Actor::Anonymous), &user.email, secret(PASSWORD), None).await.is_ok());
        assert_eq!(enable_user(&app.op(admin.actor()), user.id).await.unwrap().version, 3, "nothing to change");
    }
}
