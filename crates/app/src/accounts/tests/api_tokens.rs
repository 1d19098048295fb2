//! Programs' tokens.

use domain::{
    ClientId,
    access::{Actor, Permission, PermissionSet, Role},
};
use i18n::Lang;
use store::{
    both_stores,
    page::{Direction, Keyset},
    testing::{TestStore, statements},
};

use super::refusals;
use crate::{
    OpError,
    accounts::{
        AccountCode, NewApiToken, api_tokens_by_ids, api_tokens_page, authenticate, create_api_token, keep_token_uses,
        revoke_api_token,
    },
    testing::TestApp,
};

fn new_token(client: Option<ClientId>, permissions: &[Permission]) -> NewApiToken {
    NewApiToken { client, name: "Gateway".to_owned(), permissions: PermissionSet::of(permissions), expires_at: None }
}

both_stores! {
    async fn a_program_works_with_its_token_until_it_is_revoked(store: TestStore) {
        let app = TestApp::new(store);
        let alfa = app.client("alfa").await;
        let admin = app.client_user(Role::ClientAdmin, alfa).await;
        let (token, secret) = create_api_token(&admin, new_token(None, &[Permission::TrafficImport])).await.unwrap();
        assert_eq!(token.client, Some(alfa), "its own side is meant");
        let op = authenticate(app.services(), secret.reveal(), Lang::It).await.unwrap();
        assert_eq!((op.actor(), op.lang()), (&token.actor(), Lang::It));
        assert!(op.actor().may(Permission::TrafficImport) && !op.actor().may(Permission::ConsentsImport));
        assert!(!op.visibility().includes(app.client("beta").await));
        let revoked = revoke_api_token(&admin, token.id).await.unwrap();
        assert_eq!(revoked.revoked_at, Some(admin.now()));
        assert_eq!(revoke_api_token(&admin, token.id).await.unwrap().revoked_at, Some(admin.now()));
        let ended = authenticate(app.services(), secret.reveal(), Lang::It).await;
        assert!(matches!(ended, Err(OpError::Unauthenticated)));
    }

    async fn last_uses_are_written_together_and_cost_no_request_anything(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.staff(Role::BspAdmin).await;
        let (token, secret) = create_api_token(&admin, new_token(None, &[Permission::AuditsRead])).await.unwrap();
        let used = async || api_tokens_by_ids(&app.op(admin.actor().clone()), &[token.id]).await.unwrap()[0].last_used_at;
        for _ in 0..3 {
            app.clock().advance(1);
            let (_, count) = statements(&app, authenticate(app.services(), secret.reveal(), Lang::En)).await;
            assert_eq!(count, 1);
        }
        let last = app.system().now();
        assert_eq!(used().await, None);
        assert_eq!(keep_token_uses(&app.system()).await.unwrap(), 1);
        assert_eq!(used().await, Some(last));
        assert_eq!(keep_token_uses(&app.system()).await.unwrap(), 0);
        // Another process, which saw the token later, was first.
        let tx = app.store().write(&domain::access::Visibility::System).await.unwrap();
        let later = last + chrono::TimeDelta::minutes(5);
        store::api_tokens::used(&tx, token.id, later).await.unwrap();
        store::api_tokens::used(&tx, token.id, last).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(used().await, Some(later));
        assert!(keep_token_uses(&admin).await.is_err());
    }

    async fn a_token_ends_when_it_was_said_to(store: TestStore) {
        let app = TestApp::new(store);
        let admin = app.staff(Role::BspAdmin).await;
        let end = admin.now() + chrono::TimeDelta::seconds(60);
        let input = NewApiToken { expires_at: Some(end), ..new_token(None, &[Permission::AuditsRead]) };
        let (_, secret) = create_api_token(&admin, input).await.unwrap();
        app.clock().advance(59);
        assert!(authenticate(app.services(), secret.reveal(), Lang::En).await.is_ok());
        app.clock().advance(1);
        assert!(authenticate(app.services(), secret.reveal(), Lang::En).await.is_err());
        let input = NewApiToken { expires_at: Some(end), ..new_token(None, &[Permission::AuditsRead]) };
        let past = create_api_token(&app.op(admin.actor().clone()), input).await;
        assert_eq!(refusals(past), [(AccountCode::ExpiryInPast, "expiresAt".to_owned())]);
    }

    async fn a_token_may_nothing_that_its_maker_may_not(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.client_user(Role::ClientAdmin, alfa).await;
        let invalid = [(AccountCode::PermissionsInvalid, "permissions".to_owned())];
        for permissions in [&[][..], &[Permission::JobsRead], &[Permission::TrafficImport, Permission::TicketsInternal]] {
            assert_eq!(refusals(create_api_token(&admin, new_token(None, permissions)).await), invalid);
        }
        // Not even the BSP's admin gives a client's program what is the BSP's.
        let staff = app.staff(Role::BspAdmin).await;
        let internal = new_token(Some(alfa), &[Permission::TicketsInternal]);
        assert_eq!(refusals(create_api_token(&staff, internal).await), invalid);
        assert!(create_api_token(&staff, new_token(Some(alfa), &[Permission::ConsentsImport])).await.is_ok());
        let ghost = ClientId::from_uuid(uuid::Uuid::nil());
        for (op, client) in [(&admin, beta), (&admin, ghost), (&staff, ghost)] {
            let unknown = create_api_token(op, new_token(Some(client), &[Permission::TrafficImport])).await;
            assert_eq!(refusals(unknown), [(AccountCode::ClientNotFound, "clientId".to_owned())]);
        }
        let viewer = app.client_user(Role::ClientViewer, alfa).await;
        let refused = create_api_token(&viewer, new_token(None, &[Permission::AuditsRead])).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::TokensWrite))));
        let refused = create_api_token(&app.op(Actor::Anonymous), new_token(None, &[Permission::AuditsRead])).await;
        assert!(matches!(refused, Err(OpError::Unauthenticated)));
    }

    async fn tokens_of_others_do_not_exist(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let staff = app.staff(Role::BspAdmin).await;
        let mut ids = Vec::new();
        for client in [None, Some(alfa), Some(beta)] {
            app.clock().advance(1);
            let op = app.op(staff.actor().clone());
            ids.push(create_api_token(&op, new_token(client, &[Permission::AuditsRead])).await.unwrap().0.id);
        }
        let admin = app.client_user(Role::ClientAdmin, alfa).await;
        let newest = Keyset::first(10).direction(Direction::Descending);
        let own: Vec<_> = api_tokens_page(&admin, None, &newest).await.unwrap().items.into_iter().map(|token| token.id).collect();
        assert_eq!(own, [ids[1]]);
        assert_eq!(api_tokens_page(&app.op(staff.actor().clone()), None, &newest).await.unwrap().items.len(), 3);
        assert_eq!(api_tokens_by_ids(&admin, &ids).await.unwrap().len(), 1);
        for id in [ids[0], ids[2]] {
            assert!(matches!(revoke_api_token(&admin, id).await, Err(OpError::NotFound)));
        }
        let viewer = app.client_user(Role::ClientViewer, alfa).await;
        assert!(matches!(api_tokens_page(&viewer, None, &newest).await, Err(OpError::Forbidden(_))));
    }
}
