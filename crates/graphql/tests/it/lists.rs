//! Pages: bounds, cursors, and what they cost.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::access::Role;
use serde_json::{Value, json};
use store::{
    both_stores,
    testing::{TestStore, statements},
};

use crate::{
    sdl::Sdl,
    world::{Who, World, none},
};

const USERS: &str = "query ($client: ID, $first: Int, $after: String) {
    users(clientId: $client, first: $first, after: $after) { nodes { id email } pageInfo { hasNextPage endCursor } }
}";

fn altered(cursor: &str, change: impl Fn(&mut Value)) -> String {
    let mut wire: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).unwrap()).unwrap();
    change(&mut wire);
    URL_SAFE_NO_PAD.encode(wire.to_string())
}

both_stores! {
    async fn pages_follow_each_other_without_gap_or_repetition(store: TestStore) {
        let world = World::new(store).await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = world.data(Who::BspAdmin, USERS, json!({ "first": 2, "after": after })).await;
            let page = &data["users"];
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["email"].as_str().unwrap().to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.is_sorted(), "{seen:?}");
        let own = world.data(Who::ClientAdmin, USERS, none()).await;
        assert_eq!(own["users"]["nodes"].as_array().unwrap().len(), 2);
        let other = world.data(Who::ClientAdmin, USERS, json!({ "client": world.beta.to_string() })).await;
        assert_eq!(other["users"]["nodes"], json!([]));
    }

    async fn every_list_has_bounds_and_refuses_cursors_of_others(store: TestStore) {
        let world = World::new(store).await;
        let data = world.data(Who::BspAdmin, USERS, json!({ "first": 1 })).await;
        let foreign = data["users"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let lists: Vec<_> = Sdl::load().root("Query").into_iter().filter(|field| field.document.contains("nodes {")).collect();
        assert!(lists.len() > 3);
        for list in &lists {
            // One line of the generated document: the list with its required arguments.
            let ask = async |first: i64, after: Option<&str>| {
                let extra = match after {
                    Some(after) => format!("first: {first}, after: {}", json!(after)),
                    None => format!("first: {first}"),
                };
                let (head, tail) = list.document.split_once(&format!("{{ {}", list.name)).unwrap();
                let tail = match tail.strip_prefix('(') {
                    Some(rest) => format!("({extra}, {rest}"),
                    None => format!("({extra}){tail}"),
                };
                world.execute(Who::BspAdmin, &format!("{head}{{ {}{tail}", list.name), list.variables.clone()).await
            };
            for first in [0, -1, 101, 2_147_483_647] {
                let answer = ask(first, None).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{} {first} {answer}", list.name);
            }
            for after in ["", "x", "AAAA", "é", &"A".repeat(5_000)] {
                let answer = ask(1, Some(after)).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{} {after:.20} {answer}", list.name);
            }
            if list.name != "users" {
                let answer = ask(1, Some(&foreign)).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{} {answer}", list.name);
            }
            let answer = ask(100, None).await;
            assert_eq!(answer.get("errors"), None, "{}", list.name);
        }
    }

    async fn a_cursor_serves_the_filter_that_it_was_made_for(store: TestStore) {
        let world = World::new(store).await;
        let client = world.alfa.to_string();
        let data = world.data(Who::BspAdmin, USERS, json!({ "client": client, "first": 1 })).await;
        let cursor = data["users"]["pageInfo"]["endCursor"].as_str().unwrap();
        let next = world.data(Who::BspAdmin, USERS, json!({ "client": client, "after": cursor })).await;
        assert_eq!(next["users"]["nodes"].as_array().unwrap().len(), 1);
        let other = json!({ "client": world.beta.to_string(), "after": cursor });
        assert_eq!(world.code(Who::BspAdmin, USERS, other).await, "BAD_USER_INPUT");
        assert_eq!(world.code(Who::BspAdmin, USERS, json!({ "after": cursor })).await, "BAD_USER_INPUT");
    }

    async fn a_forged_cursor_opens_nothing_and_breaks_nothing(store: TestStore) {
        let world = World::new(store).await;
        let data = world.data(Who::BspAdmin, USERS, json!({ "first": 1 })).await;
        let cursor = data["users"]["pageInfo"]["endCursor"].as_str().unwrap();
        for key in [json!({ "number": 1 }), json!({ "instant": "2026-01-01T00:00:00Z" }), json!({ "text": "a\u{0}b" }), json!(1)] {
            let forged = altered(cursor, |wire| wire["c"]["key"] = key.clone());
            assert_eq!(world.code(Who::BspAdmin, USERS, json!({ "after": forged })).await, "BAD_USER_INPUT", "{key}");
        }
        // The same list of another actor: the place is taken, the rows are its own.
        let start = altered(cursor, |wire| wire["c"]["key"] = json!({ "text": "" }));
        let data = world.data(Who::OtherAdmin, USERS, json!({ "after": start })).await;
        assert_eq!(data["users"]["nodes"].as_array().unwrap().len(), 1);
    }

    async fn a_page_costs_the_same_statements_whatever_its_size(store: TestStore) {
        const DOCUMENT: &str = "{
            users(first: 100) { nodes { email client { id name } } }
            apiTokens(first: 100) { nodes { name client { name } createdBy { name client { name } } } }
        }";
        let world = World::new(store).await;
        let few = statements(&world.app, world.data(Who::BspAdmin, DOCUMENT, none())).await.1;
        for number in 0..12 {
            let client = world.app.client(&format!("client-{number}")).await;
            world.app.user(Role::ClientAdmin, Some(client)).await;
        }
        let (data, many) = statements(&world.app, world.data(Who::BspAdmin, DOCUMENT, none())).await;
        assert_eq!(data["users"]["nodes"].as_array().unwrap().len(), 18);
        // Two lists, the clients of both (which may come in two batches), the people of the second.
        assert!(few <= 5 && many <= 5, "{few} {many}");
    }
}
