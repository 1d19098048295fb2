//! SLA over GraphQL: terms, previews, and timers in words.

use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World};

const POLICY_SET: &str = "mutation ($input: SlaPolicySetInput!) { slaPolicySet(input: $input) {
    version { id version scope effectiveFrom definition reason client { slug } author { id } }
    userErrors { code field message } } }";
const PREVIEW: &str = "query ($input: SlaPolicySetInput!) { slaPolicyPreview(input: $input) {
    preview { tickets deadlinesMoved breached moves { ticket { ref } metric cycle fromAt toAt isBreached } }
    userErrors { code } } }";
const OPEN: &str =
    "mutation ($input: TicketOpenInput!) { ticketOpen(input: $input) { ticket { id ref } userErrors { code } } }";

fn policy(hours: u64) -> Value {
    let goal = json!({ "target": { "seconds": hours * 3_600 }, "calendar": "always_open" });
    json!({ "metrics": [{ "metric": "resolution", "goals": { "P1": goal, "P2": goal, "P3": goal, "P4": goal } }] })
}

fn input(definition: &Value) -> Value {
    json!({ "input": { "definition": definition, "scope": "RUNNING_TIMERS", "reason": "Agreed." } })
}

async fn with_defaults(store: TestStore) -> World {
    let world = World::new(store).await;
    app::sla::ensure_defaults(&world.app.system(), "Europe/Rome").await.unwrap();
    world
}

async fn open(world: &World) -> Value {
    let input = json!({ "input": { "clientId": world.alfa.to_string(), "kind": "OTHER" } });
    world.data(Who::SupportAgent, OPEN, input).await["ticketOpen"]["ticket"].take()
}

both_stores! {
    async fn a_policy_is_previewed_and_set_in_versions(store: TestStore) {
        let world = with_defaults(store).await;
        let ticket = open(&world).await;
        let preview = world.data(Who::BspAdmin, PREVIEW, input(&policy(6))).await["slaPolicyPreview"].take();
        assert_eq!(preview["userErrors"], json!([]));
        let preview = &preview["preview"];
        assert_eq!((&preview["tickets"], &preview["breached"]), (&json!(1), &json!(0)));
        let resolution = preview["moves"].as_array().unwrap().iter().find(|moved| moved["metric"] == "RESOLUTION").unwrap();
        assert_eq!(resolution["ticket"]["ref"], ticket["ref"]);
        let set = world.data(Who::BspAdmin, POLICY_SET, input(&policy(6))).await["slaPolicySet"].take();
        let version = &set["version"];
        assert_eq!((&version["version"], &version["scope"], &version["reason"]), (&json!(2), &json!("RUNNING_TIMERS"), &json!("Agreed.")));
        let list = "query { slaPolicyVersions { nodes { id version } } slaCalendarVersions(key: \"business_hours\") { nodes { key version definition } } }";
        let listed = world.data(Who::ClientViewer, list, json!({})).await;
        assert_eq!(listed["slaPolicyVersions"]["nodes"][0], json!({ "id": version["id"], "version": 2 }));
        assert_eq!(listed["slaCalendarVersions"]["nodes"][0]["definition"]["zone"], "Europe/Rome");
        let node = "query ($id: ID!) { node(id: $id) { __typename id } }";
        let found = world.data(Who::OtherAdmin, node, json!({ "id": version["id"] })).await;
        assert_eq!(found["node"]["__typename"], "SlaPolicyVersion");
    }

    async fn what_is_wrong_is_said_in_the_reader_s_words(store: TestStore) {
        let world = with_defaults(store).await;
        let mut unknown = policy(6);
        unknown["metrics"][0]["goals"]["P1"]["calendar"] = json!("lunar");
        let refused = world.data(Who::BspAdmin, POLICY_SET, input(&unknown)).await["slaPolicySet"].take();
        assert_eq!((&refused["version"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("CALENDAR_UNKNOWN")));
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("lunar"));
        let calendar = "mutation ($input: SlaCalendarSetInput!) { slaCalendarSet(input: $input) { version { id } userErrors { code message } } }";
        let input = json!({ "input": { "key": "nights", "scope": "NEW_TICKETS", "reason": "x",
            "definition": { "zone": "UTC", "weekly": { "monday": [{ "from": "10:00", "to": "10:00" }] } } } });
        let refused = world.data(Who::BspAdmin, calendar, input).await["slaCalendarSet"].take();
        assert_eq!(refused["userErrors"][0]["code"], "WINDOWS_INVALID");
    }

    async fn a_timer_says_in_words_where_its_time_went(store: TestStore) {
        let world = with_defaults(store).await;
        let ticket = open(&world).await;
        world.app.clock().advance(20 * 3_600);
        let ask = "query ($id: ID!) { node(id: $id) { ... on Ticket { turnTotals { waitingOn seconds }
            slaTimers { metric state priority explanation { summary segments { startAt endAt isCounted eventSequence text } } } } } }";
        let found = world.data(Who::ClientViewer, ask, json!({ "id": ticket["id"] })).await;
        assert_eq!(found["node"]["turnTotals"], json!([{ "waitingOn": "US", "seconds": "72000" }]));
        let timers = found["node"]["slaTimers"].as_array().unwrap();
        let first = timers.iter().find(|timer| timer["metric"] == "FIRST_RESPONSE").unwrap();
        let summary = first["explanation"]["summary"].as_array().unwrap();
        assert_eq!(summary[0], "First response (cycle 1): promised within 4 h of the hours “business_hours”.");
        assert_eq!(summary[2], "Missed since 23 November 2026, 13:00:01 CET.");
        let segments = first["explanation"]["segments"].as_array().unwrap();
        assert_eq!(segments.len(), 2);
        assert_eq!((&segments[0]["isCounted"], &segments[1]["isCounted"]), (&json!(true), &json!(false)));
        assert_eq!(segments[0]["text"], "23 November 2026, 09:00 CET to 23 November 2026, 18:00 CET: Opening hours. 9 h, counted.");
    }

    async fn the_account_of_a_ticket_is_exported_and_sums_up(store: TestStore) {
        let world = with_defaults(store).await;
        let ticket = open(&world).await;
        world.app.clock().advance(20 * 3_600);
        let ask = "query ($id: ID!) { node(id: $id) { ... on Ticket { slaExplanationCsv slaTimers { metric elapsedSeconds } } } }";
        let found = world.data(Who::ClientViewer, ask, json!({ "id": ticket["id"] })).await;
        let csv = found["node"]["slaExplanationCsv"].as_str().unwrap();
        let rows: Vec<&str> = csv.split_terminator("\r\n").skip(1).collect();
        let begins = format!("{},first_response,1,p3,breached,2026-11-23T08:00:00Z,", ticket["ref"].as_str().unwrap());
        assert!(rows[0].starts_with(&begins), "{csv}");
        assert!(rows[0].contains("Opening hours. 9 h, counted.") && rows[0].ends_with(",32400,32400"), "{csv}");
        for timer in found["node"]["slaTimers"].as_array().unwrap() {
            let metric = timer["metric"].as_str().unwrap().to_lowercase();
            let own = rows.iter().filter(|row| row.split(',').nth(1) == Some(metric.as_str()));
            let counted: u64 = own.map(|row| row.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
            assert_eq!(json!(counted), timer["elapsedSeconds"], "{metric}");
        }
    }

    async fn other_terms_are_tried_on_the_past(store: TestStore) {
        const ASK: &str = "query ($input: SlaWhatIfInput!) { slaWhatIf(input: $input) {
            whatIf { tickets spared broken rows { metric priority actual { breached open } supposed { breached open } }
                differences { ticket { ref } metric cycle actualState supposedState actualDueAt supposedDueAt } }
            userErrors { code field message } } }";
        let world = with_defaults(store).await;
        let ticket = open(&world).await;
        world.app.clock().advance(20 * 3_600);
        let input = |policy: &Value| json!({ "input": {
            "fromMonth": "2026-11", "toMonth": "2026-11", "timeZone": "Europe/Rome", "policy": policy } });
        let answer = world.data(Who::BspAdmin, ASK, input(&policy(6))).await["slaWhatIf"].take();
        assert_eq!(answer["userErrors"], json!([]));
        let what_if = &answer["whatIf"];
        assert_eq!((&what_if["tickets"], &what_if["broken"]), (&json!(1), &json!(1)));
        let resolution = what_if["rows"].as_array().unwrap().iter().find(|row| row["metric"] == "RESOLUTION").unwrap();
        assert_eq!(resolution["actual"], json!({ "breached": 0, "open": 1 }));
        assert_eq!(resolution["supposed"], json!({ "breached": 1, "open": 0 }));
        let differences = what_if["differences"].as_array().unwrap();
        let broken = differences.iter().find(|found| found["metric"] == "RESOLUTION").unwrap();
        assert_eq!((&broken["ticket"]["ref"], &broken["cycle"]), (&ticket["ref"], &json!(1)));
        assert_eq!((&broken["actualState"], &broken["supposedState"]), (&json!("RUNNING"), &json!("BREACHED")));
        assert_eq!(broken["supposedDueAt"], "2026-11-23T14:00:00Z");
        // Where nothing would be promised there is nothing to say.
        let spared = differences.iter().find(|found| found["metric"] == "FIRST_RESPONSE").unwrap();
        assert_eq!((&spared["actualState"], &spared["supposedState"]), (&json!("BREACHED"), &Value::Null));
        let mut unknown = policy(6);
        unknown["metrics"][0]["goals"]["P1"]["calendar"] = json!("lunar");
        let refused = world.data(Who::BspAdmin, ASK, input(&unknown)).await["slaWhatIf"].take();
        assert_eq!((&refused["whatIf"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("CALENDAR_UNKNOWN")));
        assert_eq!(refused["userErrors"][0]["field"], json!(["policy"]));
        let nothing = world.data(Who::BspAdmin, ASK, input(&Value::Null)).await["slaWhatIf"].take();
        assert_eq!(nothing["userErrors"][0]["code"], "NOTHING_CHANGES");
        assert_eq!(world.code(Who::SupportAgent, ASK, input(&policy(6))).await, "FORBIDDEN");
    }

    async fn a_client_s_tier_is_set_and_read(store: TestStore) {
        let world = with_defaults(store).await;
        let set = "mutation ($input: ClientSlaTierSetInput!) { clientSlaTierSet(input: $input) { client { slug slaTier } userErrors { code } } }";
        let gold = json!({ "input": { "clientId": world.alfa.to_string(), "tier": "gold" } });
        let answer = world.data(Who::BspAdmin, set, gold.clone()).await["clientSlaTierSet"].take();
        assert_eq!(answer, json!({ "client": { "slug": "alfa", "slaTier": "gold" }, "userErrors": [] }));
        assert_eq!(world.code(Who::SupportAgent, set, gold.clone()).await, "FORBIDDEN");
        assert_eq!(world.code(Who::OtherAdmin, set, gold).await, "NOT_FOUND");
    }
}
