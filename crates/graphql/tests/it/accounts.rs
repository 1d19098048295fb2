//! Signing in, people and tokens over the API.

use app::accounts::{NewUser, authenticate, create_user};
use domain::access::Role;
use i18n::Lang;
use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World, code};

const PASSWORD: &str = "corretto cavallo batteria";

const SIGN_IN: &str = "mutation ($input: SignInInput!) { signIn(input: $input) {
    accessToken expiresIn refreshToken
    viewer { user { email client { slug } } client { slug } permissions }
    userErrors { field message code }
} }";
const REFRESH: &str = "mutation ($input: SignInRefreshInput!) { signInRefresh(input: $input) {
    accessToken refreshToken viewer { user { email } }
} }";
const SIGN_OUT: &str =
    "mutation ($input: SignOutInput!) { signOut(input: $input) { isSignedOut userErrors { code } } }";
const CREATE_USER: &str = "mutation ($input: UserCreateInput!) { userCreate(input: $input) {
    user { id email role client { slug } } userErrors { field code message }
} }";
const CREATE_TOKEN: &str = "mutation ($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) {
    apiToken { id permissions isGood client { slug } createdBy { name } } secret userErrors { field code }
} }";

/// Bea of Alfa, who has a password.
async fn bea(world: &World) {
    let input = NewUser {
        client: Some(world.alfa),
        email: "bea@alfa.example".to_owned(),
        name: "Bea".to_owned(),
        role: Role::ClientViewer,
        language: "it".to_owned(),
        password: Some(PASSWORD.to_owned().into()),
    };
    create_user(&world.app.system(), input).await.unwrap();
}

fn input(value: Value) -> Value {
    json!({ "input": value })
}

both_stores! {
    async fn a_person_signs_in_renews_and_signs_out(store: TestStore) {
        let world = World::new(store).await;
        bea(&world).await;
        let credentials = input(json!({ "email": "Bea@alfa.example", "password": PASSWORD }));
        let entered = world.data(Who::Anonymous, SIGN_IN, credentials).await["signIn"].take();
        assert_eq!(entered["expiresIn"], 900);
        assert_eq!(entered["userErrors"], json!([]));
        assert_eq!(entered["viewer"]["user"], json!({ "email": "bea@alfa.example", "client": { "slug": "alfa" } }));
        assert_eq!(entered["viewer"]["client"]["slug"], "alfa");
        let op = authenticate(world.app.services(), entered["accessToken"].as_str().unwrap(), Lang::En).await.unwrap();
        assert_eq!(op.lang(), Lang::It);

        let renew = input(json!({ "refreshToken": entered["refreshToken"] }));
        let renewed = world.data(Who::Anonymous, REFRESH, renew.clone()).await["signInRefresh"].take();
        assert_eq!(renewed["viewer"]["user"]["email"], "bea@alfa.example");
        let end = input(json!({ "refreshToken": renewed["refreshToken"] }));
        for _ in 0..2 {
            let data = world.data(Who::Anonymous, SIGN_OUT, end.clone()).await;
            assert_eq!(data["signOut"], json!({ "isSignedOut": true, "userErrors": [] }));
        }
        assert!(authenticate(world.app.services(), renewed["accessToken"].as_str().unwrap(), Lang::En).await.is_err());
        for gone in [renew, end, input(json!({ "refreshToken": "sbr_x" }))] {
            assert_eq!(world.code(Who::Anonymous, REFRESH, gone).await, "UNAUTHENTICATED");
        }
    }

    async fn wrong_credentials_are_told_alike_and_then_have_to_wait(store: TestStore) {
        let world = World::new(store).await;
        bea(&world).await;
        let wrong = input(json!({ "email": "bea@alfa.example", "password": "another password" }));
        let unknown = input(json!({ "email": "nobody@alfa.example", "password": PASSWORD }));
        let refused = world.data(Who::Anonymous, SIGN_IN, wrong.clone()).await["signIn"].take();
        assert_eq!(refused, world.data(Who::Anonymous, SIGN_IN, unknown).await["signIn"].take());
        assert_eq!(refused["accessToken"], Value::Null);
        assert_eq!(refused["userErrors"][0]["code"], "BAD_CREDENTIALS");
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("password"), "{refused}");
        for _ in 0..4 {
            world.data(Who::Anonymous, SIGN_IN, wrong.clone()).await;
        }
        let answer = world.execute(Who::Anonymous, SIGN_IN, wrong).await;
        assert_eq!(code(&answer), Some("RATE_LIMITED"));
        assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], 2);
    }

    async fn a_clients_admin_creates_its_own_people_alone(store: TestStore) {
        let world = World::new(store).await;
        let person = |client: Value, role: &str| {
            input(json!({ "clientId": client, "email": "New@alfa.example", "name": "New", "role": role, "password": PASSWORD }))
        };
        let beta = json!(world.beta.to_string());
        let refused = world.data(Who::ClientAdmin, CREATE_USER, person(beta, "CLIENT_VIEWER")).await["userCreate"].take();
        assert_eq!(refused["user"], Value::Null);
        assert_eq!((&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]), (&json!("CLIENT_NOT_FOUND"), &json!(["clientId"])));
        let refused = world.data(Who::ClientAdmin, CREATE_USER, person(Value::Null, "BSP_ADMIN")).await["userCreate"].take();
        assert_eq!(refused["userErrors"][0]["code"], "ROLE_INVALID");
        let made = world.data(Who::ClientAdmin, CREATE_USER, person(Value::Null, "CLIENT_VIEWER")).await["userCreate"].take();
        assert_eq!(made["user"]["client"]["slug"], "alfa");
        assert_eq!((&made["user"]["email"], &made["user"]["role"]), (&json!("new@alfa.example"), &json!("CLIENT_VIEWER")));
        let twice = world.data(Who::OtherAdmin, CREATE_USER, person(Value::Null, "CLIENT_VIEWER")).await["userCreate"].take();
        assert_eq!(twice["userErrors"][0]["code"], "EMAIL_TAKEN");
        let malformed = person(json!("nonsense"), "CLIENT_VIEWER");
        assert_eq!(world.code(Who::ClientAdmin, CREATE_USER, malformed).await, "NOT_FOUND");

        let disable = "mutation ($input: UserDisableInput!) { userDisable(input: $input) { user { disabledAt version } } }";
        let target = input(json!({ "userId": made["user"]["id"] }));
        assert_eq!(world.code(Who::OtherAdmin, disable, target.clone()).await, "NOT_FOUND");
        let data = world.data(Who::ClientAdmin, disable, target).await;
        assert_eq!(data["userDisable"]["user"], json!({ "disabledAt": "2026-11-23T08:00:00Z", "version": 2 }));
    }

    async fn a_tokens_secret_is_shown_once(store: TestStore) {
        let world = World::new(store).await;
        world.app.clock().advance(1);
        let new = |permissions: Value| input(json!({ "name": "Gateway", "permissions": permissions }));
        let made = world.data(Who::ClientAdmin, CREATE_TOKEN, new(json!(["traffic:import", "consents:import"]))).await["apiTokenCreate"].take();
        let token = &made["apiToken"];
        assert_eq!(token["permissions"], json!(["traffic:import", "consents:import"]));
        assert_eq!((&token["isGood"], &token["client"]["slug"]), (&json!(true), &json!("alfa")));
        let secret = made["secret"].as_str().unwrap();
        assert!(authenticate(world.app.services(), secret, Lang::En).await.is_ok());
        for permissions in [json!([]), json!(["rule:world"]), json!(["traffic:import", "jobs:read"])] {
            let refused = world.data(Who::ClientAdmin, CREATE_TOKEN, new(permissions)).await["apiTokenCreate"].take();
            assert_eq!(refused["secret"], Value::Null);
            assert_eq!(refused["userErrors"], json!([{ "field": ["permissions"], "code": "PERMISSIONS_INVALID" }]));
        }
        let many = new(json!(vec!["traffic:import"; 101]));
        assert_eq!(world.code(Who::ClientAdmin, CREATE_TOKEN, many).await, "BAD_USER_INPUT");

        let revoke = "mutation ($input: ApiTokenRevokeInput!) { apiTokenRevoke(input: $input) { apiToken { isGood revokedAt } } }";
        let target = input(json!({ "apiTokenId": token["id"] }));
        assert_eq!(world.code(Who::OtherAdmin, revoke, target.clone()).await, "NOT_FOUND");
        let data = world.data(Who::ClientAdmin, revoke, target).await;
        assert_eq!(data["apiTokenRevoke"]["apiToken"]["isGood"], false);
        assert!(authenticate(world.app.services(), secret, Lang::En).await.is_err());
        let listed = world.data(Who::ClientAdmin, "{ apiTokens { nodes { id isGood } } }", json!({})).await;
        assert_eq!(listed["apiTokens"]["nodes"][0], json!({ "id": token["id"], "isGood": false }), "newest first");
    }

    async fn messages_speak_the_readers_language(store: TestStore) {
        let world = World::new(store).await;
        let person = input(json!({ "email": "x", "name": "New", "role": "CLIENT_VIEWER", "password": PASSWORD }));
        let refused = world.data(Who::ClientAdmin, CREATE_USER, person).await["userCreate"].take();
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().starts_with("This is not an e-mail address"), "{refused}");
    }
}
