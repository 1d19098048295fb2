//! Who creates, sees and shuts out whom.

use domain::{
    UserId,
    access::{Actor, Permission, Role},
};
use store::{both_stores, page::Keyset, testing::TestStore};

use super::{new_user, refusals, secret};
use crate::{
    OpError,
    accounts::{AccountCode, NewUser, create_user, disable_user, users_by_ids, users_page},
    testing::TestApp,
};

fn one(code: AccountCode, field: &str) -> Vec<(AccountCode, String)> {
    vec![(code, field.to_owned())]
}

both_stores! {
    async fn the_command_line_creates_the_first_member_of_staff(store: TestStore) {
        let app = TestApp::new(store);
        let user = create_user(&app.system(), new_user("  Capo@BSP.example", Role::BspAdmin, None)).await.unwrap();
        assert_eq!((user.email.as_str(), user.client), ("capo@bsp.example", None));
        assert!(matches!(user.actor(), Actor::Staff { role: Role::BspAdmin, .. }));
        let twin = create_user(&app.system(), new_user("capo@bsp.example", Role::Analyst, None)).await;
        assert_eq!(refusals(twin), one(AccountCode::EmailTaken, "email"));
    }

    async fn every_fault_of_the_input_is_told_at_once(store: TestStore) {
        let app = TestApp::new(store);
        let input = NewUser {
            name: " \0 ".to_owned(),
            language: "de".to_owned(),
            password: Some(secret("short")),
            ..new_user("no address", Role::ClientAdmin, None)
        };
        let fields: Vec<String> =
            refusals(create_user(&app.system(), input).await).into_iter().map(|(_, field)| field).collect();
        assert_eq!(fields, ["email", "name", "password", "role", "language"]);
        let ghost = domain::ClientId::from_uuid(uuid::Uuid::nil());
        let unknown = create_user(&app.system(), new_user("a@b.example", Role::ClientAdmin, Some(ghost))).await;
        assert_eq!(refusals(unknown), one(AccountCode::ClientNotFound, "clientId"));
    }

    async fn a_clients_admin_creates_people_of_its_own_client_alone(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.client_user(Role::ClientAdmin, alfa).await;
        let own = create_user(&admin, new_user("one@alfa.example", Role::ClientViewer, Some(alfa))).await.unwrap();
        assert_eq!(own.client, Some(alfa));
        let unnamed = create_user(&admin, new_user("two@alfa.example", Role::ClientAdmin, None)).await.unwrap();
        assert_eq!(unnamed.client, Some(alfa), "its own side is meant");
        let other = create_user(&admin, new_user("one@beta.example", Role::ClientViewer, Some(beta))).await;
        assert_eq!(refusals(other), one(AccountCode::ClientNotFound, "clientId"));
        for client in [None, Some(alfa)] {
            let staff = create_user(&admin, new_user("staff@alfa.example", Role::SupportAgent, client)).await;
            assert_eq!(refusals(staff), one(AccountCode::RoleInvalid, "role"));
        }
    }

    async fn nobody_gives_more_than_they_have(store: TestStore) {
        let app = TestApp::new(store);
        let alfa = app.client("alfa").await;
        let program = app.program(Some(alfa), &[Permission::UsersWrite]);
        let risen = create_user(&program, new_user("one@alfa.example", Role::ClientAdmin, None)).await;
        assert_eq!(refusals(risen), one(AccountCode::RoleInvalid, "role"));
        let program = app.program(None, &[Permission::UsersWrite]);
        let risen = create_user(&program, new_user("one@bsp.example", Role::BspAdmin, None)).await;
        assert_eq!(refusals(risen), one(AccountCode::RoleInvalid, "role"));
        for role in [Role::SupportAgent, Role::Analyst, Role::Auditor] {
            let refused = create_user(&app.staff(role).await, new_user("a@b.example", Role::Analyst, None)).await;
            assert!(matches!(refused, Err(OpError::Forbidden(Permission::UsersWrite))));
        }
        let viewer = app.client_user(Role::ClientViewer, alfa).await;
        let refused = create_user(&viewer, new_user("a@b.example", Role::ClientViewer, None)).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::UsersWrite))));
        let refused = create_user(&app.op(Actor::Anonymous), new_user("a@b.example", Role::BspAdmin, None)).await;
        assert!(matches!(refused, Err(OpError::Unauthenticated)));
    }

    async fn people_see_their_own_side(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let agent = app.user(Role::SupportAgent, None).await;
        let admin = app.user(Role::ClientAdmin, Some(alfa)).await;
        let viewer = app.user(Role::ClientViewer, Some(alfa)).await;
        let other = app.user(Role::ClientAdmin, Some(beta)).await;
        let ids = [agent.id, admin.id, viewer.id, other.id];
        let seen = async |actor: Actor| {
            let mut seen: Vec<UserId> =
                users_by_ids(&app.op(actor), &ids).await.unwrap().into_iter().map(|user| user.id).collect();
            seen.sort();
            seen
        };
        let sorted = |mut ids: Vec<UserId>| {
            ids.sort();
            ids
        };
        assert_eq!(seen(agent.actor()).await, sorted(ids.to_vec()));
        assert_eq!(seen(admin.actor()).await, sorted(vec![admin.id, viewer.id]));
        assert_eq!(seen(viewer.actor()).await, [viewer.id], "everybody knows themselves");
        let page = users_page(&app.op(admin.actor()), None, &Keyset::first(10)).await.unwrap();
        assert_eq!(page.items.len(), 2);
        let page = users_page(&app.op(admin.actor()), Some(beta), &Keyset::first(10)).await.unwrap();
        assert!(page.items.is_empty());
        let refused = users_page(&app.op(viewer.actor()), None, &Keyset::first(10)).await;
        assert!(matches!(refused, Err(OpError::Forbidden(Permission::UsersRead))));
        let refused = users_by_ids(&app.op(Actor::Anonymous), &ids).await;
        assert!(matches!(refused, Err(OpError::Unauthenticated)));
    }

    async fn nobody_shuts_out_themselves_their_betters_or_strangers(store: TestStore) {
        let app = TestApp::new(store);
        let (alfa, beta) = (app.client("alfa").await, app.client("beta").await);
        let admin = app.user(Role::ClientAdmin, Some(alfa)).await;
        // An operation each: on SQLite one reads as of its first read.
        let op = || app.op(admin.actor());
        assert_eq!(refusals(disable_user(&op(), admin.id, None).await), one(AccountCode::RoleInvalid, "userId"));
        for stranger in [app.user(Role::ClientViewer, Some(beta)).await, app.user(Role::Analyst, None).await] {
            assert!(matches!(disable_user(&op(), stranger.id, None).await, Err(OpError::NotFound)));
        }
        let colleague = app.user(Role::ClientViewer, Some(alfa)).await;
        assert!(disable_user(&op(), colleague.id, None).await.unwrap().disabled_at.is_some());
        let better = app.user(Role::BspAdmin, None).await;
        let program = app.program(None, &[Permission::UsersWrite]);
        assert_eq!(refusals(disable_user(&program, better.id, None).await), one(AccountCode::RoleInvalid, "userId"));
    }
}
