//! What the page of tickets costs in statements, from the credential on: it is what a console asks most.

use app::accounts::{authenticate, sign_in};
use async_graphql::{Request, Variables};
use domain::access::{Actor, Role};
use graphql::RequestId;
use i18n::Lang;
use serde_json::{Value, json};
use store::{
    both_stores,
    testing::{TestStore, statements},
};
use zeroize::Zeroizing;

use crate::world::{Who, World};

const PAGE: &str = "query ($first: Int!, $after: String) {
    tickets(filter: { status: { in: [NEW] } }, first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
            id ref title status
            client { id name }
            phoneNumber { id displayNumber }
            slaTimers { metric state elapsedSeconds dueAt }
            two: slaTimers(metrics: [RESOLUTION, FIRST_RESPONSE]) { metric }
            turnTotals { waitingOn }
        }
    }
}";
const PASSWORD: &str = "corretto cavallo batteria";

/// Signs an agent in; its access token.
async fn token(world: &World) -> String {
    let new = app::accounts::NewUser {
        client: None,
        email: "agent@bsp.example".to_owned(),
        name: "Agent".to_owned(),
        role: Role::SupportAgent,
        language: "en".to_owned(),
        password: Some(Zeroizing::new(PASSWORD.to_owned())),
    };
    app::accounts::create_user(&world.app.system(), new).await.unwrap();
    let op = world.app.op(Actor::Anonymous);
    let entered = sign_in(&op, "agent@bsp.example", Zeroizing::new(PASSWORD.to_owned()), None).await.unwrap();
    entered.access_token
}

/// Asks for a page with a credential, as a request does; the answer, and how many statements it took.
async fn ask(world: &World, token: &str, first: i32, after: &Value) -> (Value, u64) {
    let work = async {
        let op = authenticate(world.app.services(), token, Lang::En).await.unwrap();
        let variables = Variables::from_json(json!({ "first": first, "after": after }));
        let request = graphql::prepare(Request::new(PAGE).variables(variables), op, RequestId("test".to_owned()));
        serde_json::to_value(graphql::schema().execute(request).await).unwrap()
    };
    let (mut answer, count) = statements(&world.app, work).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    (answer["data"]["tickets"].take(), count)
}

/// Opens tickets, each of a client and about a number of its own, under the SLA that every deployment begins with.
async fn open(world: &World, count: usize) {
    const ASSETS: &str =
        "mutation ($waba: WabaCreateInput!) { wabaCreate(input: $waba) { waba { id } userErrors { code } } }";
    const NUMBER: &str = "mutation ($input: PhoneNumberCreateInput!) {
        phoneNumberCreate(input: $input) { phoneNumber { id } userErrors { code } }
    }";
    const OPEN: &str =
        "mutation ($input: TicketOpenInput!) { ticketOpen(input: $input) { ticket { id } userErrors { code } } }";
    app::sla::ensure_defaults(&world.app.system(), "Europe/Rome").await.unwrap();
    for number in 0..count {
        let client = world.app.client(&format!("client-{number}")).await.to_string();
        let waba = json!({ "waba": { "clientId": client, "metaId": format!("{}", 100_000 + number), "name": "Shop" } });
        let waba = world.data(Who::BspAdmin, ASSETS, waba).await["wabaCreate"]["waba"]["id"].clone();
        let phone =
            json!({ "wabaId": waba, "metaId": format!("{}", 200_000 + number), "displayNumber": "+39 06 5550100" });
        let phone = world.data(Who::BspAdmin, NUMBER, json!({ "input": phone })).await;
        let phone = phone["phoneNumberCreate"]["phoneNumber"]["id"].clone();
        assert!(phone.is_string());
        let input = json!({ "clientId": client, "kind": "OTHER", "priority": "P3", "phoneNumberId": phone });
        world.data(Who::SupportAgent, OPEN, json!({ "input": input })).await;
    }
}

both_stores! {
    async fn a_page_of_tickets_costs_four_selects_whatever_its_size(store: TestStore) {
        let world = World::new(store).await;
        open(&world, 15).await;
        let token = token(&world).await;
        // Once for the process: the terms of SLA.
        ask(&world, &token, 1, &Value::Null).await;
        let (page, large) = ask(&world, &token, 10, &Value::Null).await;
        assert_eq!(page["nodes"].as_array().unwrap().len(), 10);
        let node = &page["nodes"][0];
        assert!(node["client"]["name"].is_string() && node["phoneNumber"]["displayNumber"].is_string(), "{node}");
        assert!(node["slaTimers"].as_array().unwrap().len() >= 2, "{node}");
        assert_eq!(node["two"], json!([{ "metric": "FIRST_RESPONSE" }, { "metric": "RESOLUTION" }]), "{node}");
        let (next, small) = ask(&world, &token, 2, &page["pageInfo"]["endCursor"]).await;
        assert_eq!(next["nodes"].as_array().unwrap().len(), 2);
        let (_, again) = ask(&world, &token, 10, &Value::Null).await;
        // Who asks, whether few are meant, the tickets with clients and numbers, what happened on those that are new to the process. On
        // SQLite the number of the terms comes beside them, as there is no statement that scopes a transaction to tell it.
        let most = if world.app.store().is_postgres() { 4 } else { 5 };
        assert_eq!((large, small, again), (most, most, most - 1));
    }

    async fn what_the_process_remembers_is_never_old(store: TestStore) {
        const REPLY: &str = "mutation ($input: TicketReplyInput!) { ticketReply(input: $input) { ticket { slaTimers { metric state } } userErrors { code } } }";
        const POLICY: &str = "mutation ($input: SlaPolicySetInput!) { slaPolicySet(input: $input) { version { id } userErrors { code message } } }";
        let world = World::new(store).await;
        open(&world, 1).await;
        let token = token(&world).await;
        let timers = async || ask(&world, &token, 1, &Value::Null).await.0["nodes"][0]["slaTimers"].clone();
        let state = |timers: &Value, metric: &str| {
            let timer = timers.as_array().unwrap().iter().find(|timer| timer["metric"] == metric).cloned();
            timer.unwrap_or_else(|| panic!("{metric} in {timers}"))
        };
        let before = timers().await;
        assert_eq!(state(&before, "FIRST_RESPONSE")["state"], "RUNNING");
        world.app.clock().advance(60);
        let later = timers().await;
        assert_ne!(state(&later, "RESOLUTION")["elapsedSeconds"], state(&before, "RESOLUTION")["elapsedSeconds"]);
        let (page, _) = ask(&world, &token, 1, &Value::Null).await;
        let ticket = page["nodes"][0]["id"].clone();
        let reply = json!({ "input": { "ticketId": ticket, "text": "We look into it." } });
        world.data(Who::SupportAgent, REPLY, reply).await;
        assert_eq!(state(&timers().await, "FIRST_RESPONSE")["state"], "MET");
        // Other terms, which hold for what runs: they count from now on.
        let due = state(&timers().await, "RESOLUTION")["dueAt"].clone();
        let goal = json!({ "target": { "seconds": 7_200 }, "calendar": "always_open" });
        let definition = json!({ "metrics": [{ "metric": "resolution", "goals": { "P3": goal } }] });
        let input = json!({ "input": { "definition": definition, "scope": "RUNNING_TIMERS", "reason": "A test." } });
        let set = world.data(Who::BspAdmin, POLICY, input).await;
        assert_eq!(set["slaPolicySet"]["userErrors"], json!([]));
        assert_ne!(state(&timers().await, "RESOLUTION")["dueAt"], due);
    }
}
