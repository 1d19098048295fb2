//! People, sign-ins, the throttle, API tokens.

use domain::{
    ApiTokenId, Instant, SignInId, UserId,
    access::{Permission, PermissionSet, Role, Visibility},
    accounts::{ApiToken, SignIn, User},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{id, now, only, three_clients};
use crate::{
    Store, StoreError, api_tokens, both_stores, login_attempts,
    login_attempts::Attempter,
    page::{Direction, Keyset},
    sign_ins,
    testing::{TestStore, statements},
    users,
};

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

fn user_id(number: u128) -> UserId {
    UserId::from_uuid(uuid(number))
}

fn sign_in_id(number: u128) -> SignInId {
    SignInId::from_uuid(uuid(number))
}

fn token_id(number: u128) -> ApiTokenId {
    ApiTokenId::from_uuid(uuid(number))
}

fn later(seconds: i64) -> Instant {
    now() + chrono::TimeDelta::seconds(seconds)
}

fn user(number: u128, client: Option<u128>) -> User {
    User {
        id: user_id(number),
        client: client.map(id),
        email: format!("user-{number}@example.com"),
        name: format!("User {number}"),
        role: if client.is_some() { Role::ClientAdmin } else { Role::SupportAgent },
        assigned: None,
        language: "it".to_owned(),
        disabled_at: None,
        created_at: now(),
        version: 1,
    }
}

/// Staff 1, client 1's 11 and 12, client 2's 21.
async fn people(store: &Store) {
    three_clients(store).await;
    let tx = store.write(&Visibility::System).await.unwrap();
    for (number, client) in [(1, None), (11, Some(1)), (12, Some(1)), (21, Some(2))] {
        users::insert(&tx, &user(number, client), &format!("hash-{number}")).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn sign_in(number: u128, of: u128) -> SignIn {
    SignIn {
        id: sign_in_id(number),
        user: user_id(of),
        refresh_hash: format!("refresh-{number}"),
        previous_refresh_hash: None,
        generation: 1,
        created_at: now(),
        last_used_at: now(),
        expires_at: later(100),
        revoked_at: None,
        address: None,
    }
}

fn token(number: u128, client: Option<u128>) -> ApiToken {
    ApiToken {
        id: token_id(number),
        client: client.map(id),
        name: format!("Token {number}"),
        permissions: PermissionSet::of(&[Permission::TrafficImport, Permission::ConsentsImport]),
        created_by: Some(user_id(1)),
        created_at: later(i64::try_from(number).unwrap()),
        expires_at: Some(later(1_000)),
        last_used_at: None,
        revoked_at: None,
    }
}

fn attempter(account: &str) -> Attempter {
    Attempter { account: account.to_owned(), address: "192.0.2.1".to_owned() }
}

both_stores! {
    async fn a_person_reads_back_as_it_was_written(store: TestStore) {
        people(&store).await;
        let tx = store.read(&Visibility::System).await.unwrap();
        assert_eq!(users::by_ids(&tx, &[user_id(11)]).await.unwrap(), [user(11, Some(1))]);
        let found = users::for_sign_in(&tx, "user-1@example.com").await.unwrap();
        assert_eq!(found, Some((user(1, None), "hash-1".to_owned())));
        assert_eq!(users::for_sign_in(&tx, "nobody@example.com").await.unwrap(), None);
    }

    async fn people_of_other_clients_and_staff_do_not_exist_for_a_client(store: TestStore) {
        people(&store).await;
        let tx = store.read(&only(1)).await.unwrap();
        let all = [1, 11, 12, 21].map(user_id);
        let found = users::by_ids(&tx, &all).await.unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|user| user.client == Some(id(1))));
        assert_eq!(users::page(&tx, None, &Keyset::first(10)).await.unwrap().items.len(), 2);
        assert!(users::page(&tx, Some(id(2)), &Keyset::first(10)).await.unwrap().items.is_empty());
        assert_eq!(users::for_sign_in(&tx, "user-21@example.com").await.unwrap(), None);
        drop(tx);
        let tx = store.write(&only(1)).await.unwrap();
        assert_eq!(users::insert(&tx, &user(22, Some(2)), "-").await, Err(StoreError::NotVisible));
        assert_eq!(users::insert(&tx, &user(2, None), "-").await, Err(StoreError::NotVisible));
        let missed = Err(StoreError::RowsAffected { table: "users", expected: 1, actual: 0 });
        assert_eq!(users::set_password(&tx, user_id(21), "-").await, missed);
        let missed = Err(StoreError::NotFound { table: "users" });
        assert_eq!(users::set_disabled(&tx, user_id(1), 1, Some(now())).await, missed);
    }

    async fn people_are_paged_by_address_and_by_client(store: TestStore) {
        people(&store).await;
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        let first = users::page(&tx, None, &Keyset::first(3)).await.unwrap();
        assert_eq!(first.items.iter().map(|user| user.id).collect::<Vec<_>>(), [11, 12, 1].map(user_id));
        assert!(first.has_next);
        let rest = users::page(&tx, None, &Keyset::first(3).after(first.cursors[2].clone())).await.unwrap();
        assert_eq!(rest.items.iter().map(|user| user.id).collect::<Vec<_>>(), [user_id(21)]);
        let (own, count) = statements(&store, users::page(&tx, Some(id(1)), &Keyset::first(3))).await;
        assert_eq!((own.unwrap().items.len(), count), (2, 1));
    }

    async fn an_address_belongs_to_one_person_over_all_clients(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        let twin = User { email: "user-11@example.com".to_owned(), ..user(23, Some(2)) };
        let error = users::insert(&tx, &twin, "-").await.unwrap_err();
        assert!(error.is_conflict_on("users_email_key"), "{error}");
    }

    async fn a_role_of_a_newer_release_is_told_by_its_place(store: TestStore) {
        use crate::entity::users::{ActiveModel, Column, Entity};
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        let role = ActiveModel { role: Set("emperor".to_owned()), ..ActiveModel::default() };
        let update = Entity::update_many().set(role).filter(Column::Id.eq(uuid(11)));
        update.exec(tx.connection()).await.unwrap();
        let error = users::by_ids(&tx, &[user_id(11)]).await.unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent { table: "users", column: "role", .. }), "{error}");
    }

    async fn the_person_of_a_good_sign_in_costs_one_statement(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        sign_ins::insert(&tx, &sign_in(1, 11)).await.unwrap();
        sign_ins::insert(&tx, &sign_in(2, 21)).await.unwrap();
        tx.commit().await.unwrap();
        let (found, count) = statements(&store, users::of_sign_in(&store, sign_in_id(1), now())).await;
        assert_eq!((found.unwrap(), count), (Some(user(11, Some(1))), 1));
        assert_eq!(users::of_sign_in(&store, sign_in_id(1), later(99)).await.unwrap().map(|user| user.id), Some(user_id(11)));
        assert_eq!(users::of_sign_in(&store, sign_in_id(1), later(100)).await.unwrap(), None);
        assert_eq!(users::of_sign_in(&store, sign_in_id(9), now()).await.unwrap(), None);
        let tx = store.write(&Visibility::System).await.unwrap();
        sign_ins::revoke(&tx, sign_in_id(2), later(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(users::of_sign_in(&store, sign_in_id(2), now()).await.unwrap(), None);
    }

    async fn a_person_changes_its_password_and_is_shut_out(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        users::set_password(&tx, user_id(11), "new").await.unwrap();
        let lost = users::set_disabled(&tx, user_id(11), 1, Some(later(5))).await;
        assert_eq!(lost, Err(StoreError::Stale { current: 2 }));
        users::set_disabled(&tx, user_id(11), 2, Some(later(5))).await.unwrap();
        let (found, hash) = users::for_sign_in(&tx, "user-11@example.com").await.unwrap().unwrap();
        assert_eq!((found.disabled_at, found.version, hash.as_str()), (Some(later(5)), 3, "new"));
        let (other, hash) = users::for_sign_in(&tx, "user-12@example.com").await.unwrap().unwrap();
        assert_eq!((other.disabled_at, other.version, hash.as_str()), (None, 1, "hash-12"));
        users::set_disabled(&tx, user_id(11), 3, None).await.unwrap();
        assert_eq!(users::by_ids(&tx, &[user_id(11)]).await.unwrap()[0].disabled_at, None);
    }

    async fn a_sign_in_is_renewed_once_for_each_generation(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        sign_ins::insert(&tx, &sign_in(1, 11)).await.unwrap();
        let next = SignIn {
            refresh_hash: "next".to_owned(),
            previous_refresh_hash: Some("refresh-1".to_owned()),
            generation: 2,
            last_used_at: later(10),
            expires_at: later(110),
            ..sign_in(1, 11)
        };
        assert!(sign_ins::renew(&tx, &next, 1).await.unwrap());
        assert!(!sign_ins::renew(&tx, &next, 1).await.unwrap(), "the race is lost");
        assert_eq!(sign_ins::by_id(&tx, sign_in_id(1)).await.unwrap(), Some(next.clone()));
        sign_ins::revoke(&tx, sign_in_id(1), later(20)).await.unwrap();
        sign_ins::revoke(&tx, sign_in_id(1), later(30)).await.unwrap();
        let ended = sign_ins::by_id(&tx, sign_in_id(1)).await.unwrap().unwrap();
        assert_eq!(ended.revoked_at, Some(later(20)), "the first end stands");
        let again = SignIn { refresh_hash: "again".to_owned(), generation: 3, ..next };
        assert!(!sign_ins::renew(&tx, &again, 2).await.unwrap(), "what has ended is not renewed");
    }

    async fn all_sign_ins_of_a_person_end_and_old_ones_are_forgotten(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        for (number, of) in [(1, 11), (2, 11), (3, 12)] {
            sign_ins::insert(&tx, &sign_in(number, of)).await.unwrap();
        }
        sign_ins::revoke(&tx, sign_in_id(1), later(1)).await.unwrap();
        assert_eq!(sign_ins::revoke_all(&tx, user_id(11), later(2)).await, Ok(1));
        assert!(sign_ins::by_id(&tx, sign_in_id(3)).await.unwrap().unwrap().is_good(now()));
        assert_eq!(sign_ins::purge(&tx, later(100)).await, Ok(0));
        assert_eq!(sign_ins::purge(&tx, later(101)).await, Ok(3));
    }

    async fn sign_ins_and_attempts_are_the_systems_own(store: TestStore) {
        people(&store).await;
        let tx = store.write(&only(1)).await.unwrap();
        let hidden = StoreError::NotVisible;
        assert_eq!(sign_ins::insert(&tx, &sign_in(1, 11)).await, Err(hidden.clone()));
        assert_eq!(sign_ins::by_id(&tx, sign_in_id(1)).await, Err(hidden.clone()));
        assert_eq!(sign_ins::revoke(&tx, sign_in_id(1), now()).await, Err(hidden.clone()));
        assert_eq!(login_attempts::clear(&tx, &attempter("a")).await, Err(hidden.clone()));
        assert_eq!(login_attempts::count(&tx, &attempter("a"), now(), now()).await, Err(hidden));
    }

    async fn failures_are_counted_within_their_window(store: TestStore) {
        let tx = store.write(&Visibility::System).await.unwrap();
        let who = attempter("ana");
        for failures in 1..=3 {
            let counted = login_attempts::count(&tx, &who, later(i64::from(failures)), now()).await.unwrap();
            assert_eq!((counted.failures, counted.blocked_until), (failures, None));
        }
        login_attempts::block(&tx, &who, later(60)).await.unwrap();
        let counted = login_attempts::count(&tx, &who, later(4), now()).await.unwrap();
        assert_eq!((counted.failures, counted.blocked_until), (4, Some(later(60))));
        let other = login_attempts::count(&tx, &attempter("bea"), later(4), now()).await.unwrap();
        assert_eq!((other.failures, other.blocked_until), (1, None));
        // A window that began before the one asked for is over.
        let counted = login_attempts::count(&tx, &who, later(100), later(50)).await.unwrap();
        assert_eq!(counted.failures, 1);
        assert_eq!(login_attempts::count(&tx, &who, later(101), later(50)).await.unwrap().failures, 2);
        login_attempts::clear(&tx, &who).await.unwrap();
        assert_eq!(login_attempts::count(&tx, &who, later(102), now()).await.unwrap(), login_attempts::Attempts { failures: 1, blocked_until: None });
        assert_eq!(login_attempts::purge(&tx, later(102)).await, Ok(1));
    }

    async fn attempts_at_the_same_time_are_counted_one_by_one(store: TestStore) {
        let attempts = (0..8).map(|_| async {
            let tx = store.write(&Visibility::System).await.unwrap();
            let counted = login_attempts::count(&tx, &attempter("ana"), now(), now()).await.unwrap();
            tx.commit().await.unwrap();
            counted.failures
        });
        let mut counted = futures::future::join_all(attempts).await;
        counted.sort_unstable();
        assert_eq!(counted, [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    async fn a_token_reads_back_and_is_found_by_the_hash_of_its_secret(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        api_tokens::insert(&tx, &token(1, Some(1)), "secret-1").await.unwrap();
        api_tokens::insert(&tx, &token(2, None), "secret-2").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(api_tokens::by_secret_hash(&store, "secret-1", now()).await.unwrap(), Some(token(1, Some(1))));
        assert_eq!(api_tokens::by_secret_hash(&store, "secret-9", now()).await.unwrap(), None);
        let tx = store.write(&Visibility::System).await.unwrap();
        api_tokens::used(&tx, token_id(1), later(3)).await.unwrap();
        api_tokens::revoke(&tx, token_id(1), later(4)).await.unwrap();
        tx.commit().await.unwrap();
        let ended = api_tokens::by_secret_hash(&store, "secret-1", now()).await.unwrap().unwrap();
        assert_eq!((ended.last_used_at, ended.revoked_at), (Some(later(3)), Some(later(4))));
        let tx = store.read(&Visibility::System).await.unwrap();
        assert_eq!(api_tokens::by_ids(&tx, &[token_id(2)]).await.unwrap(), [token(2, None)]);
    }

    async fn tokens_of_others_do_not_exist_for_a_client(store: TestStore) {
        people(&store).await;
        let tx = store.write(&Visibility::System).await.unwrap();
        for (number, client) in [(1, Some(1)), (2, None), (3, Some(2)), (4, Some(1))] {
            api_tokens::insert(&tx, &token(number, client), &format!("secret-{number}")).await.unwrap();
        }
        tx.commit().await.unwrap();
        let tx = store.write(&only(1)).await.unwrap();
        let newest = Keyset::first(10).direction(Direction::Descending);
        let page = api_tokens::page(&tx, None, &newest).await.unwrap();
        assert_eq!(page.items.iter().map(|token| token.id).collect::<Vec<_>>(), [4, 1].map(token_id));
        assert!(api_tokens::page(&tx, Some(id(2)), &newest).await.unwrap().items.is_empty());
        assert!(api_tokens::by_ids(&tx, &[2, 3].map(token_id)).await.unwrap().is_empty());
        let missed = Err(StoreError::RowsAffected { table: "api_tokens", expected: 1, actual: 0 });
        assert_eq!(api_tokens::revoke(&tx, token_id(3), now()).await, missed);
        assert_eq!(api_tokens::insert(&tx, &token(5, None), "secret-5").await, Err(StoreError::NotVisible));
        drop(tx);
        let tx = store.read(&Visibility::AllClients).await.unwrap();
        assert_eq!(api_tokens::page(&tx, None, &newest).await.unwrap().items.len(), 4);
    }
}
