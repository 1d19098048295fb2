//! Lists of tickets by filter and order, what a lost race shows, and what a ticket tells.

use app::tickets::{self, NewSubmission, SubmissionAnswer, Target};
use domain::{
    AttachmentId,
    access::Visibility,
    tickets::{Attachment, SubmissionChannel, SubmissionOutcome, TicketEventVisibility, TicketStatus},
};
use serde_json::{Value, json};
use store::{both_stores, testing::TestStore};

use crate::world::{Who, World, none};

const OPEN: &str = "mutation ($input: TicketOpenInput!) { ticketOpen(input: $input) { ticket { id ref version } userErrors { code } } }";
const LIST: &str = "query ($filter: TicketFilter, $order: TicketOrder, $first: Int, $after: String) {
    tickets(filter: $filter, orderBy: $order, first: $first, after: $after) {
        totalCount nodes { id ref } pageInfo { hasNextPage endCursor }
    }
}";

async fn open(world: &World, client: domain::ClientId, kind: &str, priority: &str) -> Value {
    let input = json!({ "clientId": client.to_string(), "kind": kind, "priority": priority });
    // Lists begin with the latest: what comes in the same instant stands in any order.
    world.app.clock().advance(1);
    let mut data = world.data(Who::SupportAgent, OPEN, json!({ "input": input })).await;
    data["ticketOpen"]["ticket"].take()
}

async fn listed(world: &World, who: Who, filter: Value) -> Vec<String> {
    let data = world.data(who, LIST, json!({ "filter": filter })).await;
    let nodes = data["tickets"]["nodes"].as_array().unwrap();
    assert_eq!(data["tickets"]["totalCount"], nodes.len(), "{filter}");
    nodes.iter().map(|node| node["ref"].as_str().unwrap().to_owned()).collect()
}

both_stores! {
    async fn filters_nest_and_orders_page(store: TestStore) {
        let world = World::new(store).await;
        let (alfa, beta) = (world.alfa, world.beta);
        open(&world, alfa, "ACCOUNT_DISABLED", "P1").await;
        open(&world, alfa, "DISPLAY_NAME", "P4").await;
        open(&world, beta, "DISPLAY_NAME", "P2").await;
        let kind = json!({ "kind": { "eq": "DISPLAY_NAME" } });
        assert_eq!(listed(&world, Who::SupportAgent, kind.clone()).await.len(), 2);
        assert_eq!(listed(&world, Who::ClientAdmin, kind).await, ["T-00000002"]);
        let nested = json!({ "or": [
            { "priority": { "in": ["P1"] }, "client": { "eq": alfa.to_string() } },
            { "not": { "priority": { "notIn": ["P2"] } } },
        ] });
        assert_eq!(listed(&world, Who::SupportAgent, nested).await, ["T-00000003", "T-00000001"]);
        assert_eq!(listed(&world, Who::SupportAgent, json!({ "refIn": ["T-00000002", "x"] })).await, ["T-00000002"]);
        assert_eq!(listed(&world, Who::SupportAgent, json!({ "isOpen": false })).await, Vec::<String>::new());
        let order = json!({ "field": "PRIORITY", "direction": "ASC" });
        let mut after = Value::Null;
        for expected in ["T-00000001", "T-00000003", "T-00000002"] {
            let data = world.data(Who::SupportAgent, LIST, json!({ "order": order, "first": 1, "after": after })).await;
            assert_eq!(data["tickets"]["nodes"][0]["ref"], expected);
            after = data["tickets"]["pageInfo"]["endCursor"].clone();
        }
        // A cursor serves the order that it was made for.
        assert_eq!(world.code(Who::SupportAgent, LIST, json!({ "first": 1, "after": after })).await, "BAD_USER_INPUT");
    }

    async fn filters_have_bounds_and_show_nothing_internal(store: TestStore) {
        let world = World::new(store).await;
        let code = async |who: Who, filter: Value| world.code(who, LIST, json!({ "filter": filter })).await;
        let mut deep = json!({ "isOpen": true });
        for _ in 0..4 {
            deep = json!({ "not": deep });
        }
        assert_eq!(code(Who::SupportAgent, deep).await, "BAD_USER_INPUT");
        let many = json!({ "or": vec![json!({ "isOpen": true }); 51] });
        assert_eq!(code(Who::SupportAgent, many).await, "BAD_USER_INPUT");
        for bad in [json!({ "kind": {} }), json!({ "openedAt": {} }), json!({ "kind": { "eq": "OTHER", "in": [] } })] {
            assert_eq!(code(Who::SupportAgent, bad.clone()).await, "BAD_USER_INPUT", "{bad}");
        }
        for internal in [json!({ "isAssigned": true }), json!({ "not": { "proposedOutcome": { "eq": "REVERSED" } } })] {
            assert_eq!(code(Who::ClientAdmin, internal.clone()).await, "FORBIDDEN", "{internal}");
            listed(&world, Who::SupportAgent, internal).await;
        }
    }

    async fn a_lost_race_shows_what_the_others_did(store: TestStore) {
        const MOVE: &str = "mutation ($input: TicketMoveInput!) { ticketMove(input: $input) { ticket { status } userErrors { code message } } }";
        let world = World::new(store).await;
        let ticket = open(&world, world.alfa, "OTHER", "P3").await;
        let input = |status: &str| json!({ "input": { "ticketId": ticket["id"], "status": status, "expectedVersion": 1 } });
        world.data(Who::SupportAgent, MOVE, input("TRIAGE")).await;
        let answer = world.execute(Who::SupportAgent, MOVE, input("TRIAGE")).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["currentVersion"]), (&json!("CONFLICT"), &json!(2)));
        assert_eq!(extensions["changes"][0]["type"], "STATUS_CHANGED");
        // A move that is not allowed is named in words.
        let refused = json!({ "input": { "ticketId": ticket["id"], "status": "RECOVERY" } });
        let data = world.data(Who::SupportAgent, MOVE, refused).await;
        let error = &data["ticketMove"]["userErrors"][0];
        assert_eq!(error["code"], "MOVE_REFUSED");
        assert!(error["message"].as_str().unwrap().contains("Being examined"), "{error}");
    }

    async fn a_ticket_of_another_client_is_in_no_list(store: TestStore) {
        let world = World::new(store).await;
        open(&world, world.alfa, "OTHER", "P3").await;
        let filter = json!({ "client": { "eq": world.alfa.to_string() } });
        assert!(listed(&world, Who::OtherAdmin, filter).await.is_empty());
        let data = world.data(Who::OtherAdmin, "{ tickets { totalCount } }", none()).await;
        assert_eq!(data["tickets"]["totalCount"], 0);
    }

    async fn every_entry_of_a_timeline_is_a_sentence_in_the_reader_s_language(store: TestStore) {
        const READ: &str = "query ($id: ID!) { node(id: $id) { ... on Ticket { timeline(first: 50) { nodes { type sentence } } } } }";
        let world = World::new(store).await;
        let ticket = open(&world, world.alfa, "OTHER", "P3").await;
        let change = async |name: &str, input: Value| {
            let mut input = input;
            input["ticketId"] = ticket["id"].clone();
            let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            let document = format!("mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
            let data = world.data(Who::SupportAgent, &document, json!({ "input": input })).await;
            assert_eq!(data[name]["userErrors"], json!([]), "{name}");
        };
        change("ticketCorrect", json!({ "title": "Nome rifiutato", "kind": "DISPLAY_NAME", "level": "NUMBER" })).await;
        change("ticketPrioritize", json!({ "priority": "P2" })).await;
        change("ticketMove", json!({ "status": "TRIAGE" })).await;
        change("ticketAppealSet", json!({ "appealable": "YES", "deadlineAt": "2030-01-02T03:04:05Z" })).await;
        change("ticketActionAdd", json!({ "title": "Change the name", "owner": "CLIENT" })).await;
        change("ticketReply", json!({ "text": "We look." })).await;
        change("ticketNoteAdd", json!({ "text": "Careful." })).await;
        change("ticketTag", json!({ "add": ["vip"] })).await;
        change("ticketMove", json!({ "status": "READY" })).await;
        change("ticketSubmissionRecord", json!({ "channel": "DIRECT_SUPPORT" })).await;
        change("ticketClose", json!({ "outcome": "WITHDRAWN" })).await;
        let data = world.data(Who::SupportAgent, READ, json!({ "id": ticket["id"] })).await;
        let nodes = data["node"]["timeline"]["nodes"].as_array().unwrap().clone();
        let said: Vec<&str> = nodes.iter().map(|node| node["sentence"].as_str().unwrap()).collect();
        let has = |part: &str| assert!(said.iter().any(|said| said.contains(part)), "{part}: {said:#?}");
        for part in [
            "became “Nome rifiutato”",
            "to “Display name”",
            "P2: you cannot write first",
            "Being examined",
            "ends on 2 January 2030",
            "by the client: Change the name",
            "The provider wrote",
            "Tags given: vip",
            "attempt 1, Direct Support",
            "was closed: Withdrawn",
        ] {
            has(part);
        }
        assert!(said.iter().all(|said| said.ends_with(['.']) && !said.contains("event-")), "{said:#?}");
        let data = world.data(Who::ClientAdmin, READ, json!({ "id": ticket["id"] })).await;
        let theirs = data["node"]["timeline"]["nodes"].to_string();
        assert!(!theirs.contains("vip") && !theirs.contains("note"), "{theirs}");
    }

    async fn staff_see_what_was_mailed_about_a_ticket(store: TestStore) {
        const READ: &str = "query ($id: ID!) { node(id: $id) { ... on Ticket { mails(first: 5) { nodes { kind at
            recipients { user { id } state attempts lastError settledAt } } pageInfo { hasNextPage } } } } }";
        let world = World::new(store).await;
        let ticket = open(&world, world.alfa, "OTHER", "P3").await;
        world.app.drain().await;
        let data = world.data(Who::SupportAgent, READ, json!({ "id": ticket["id"] })).await;
        let [mail] = &data["node"]["mails"]["nodes"].as_array().unwrap()[..] else { panic!("{data}") };
        assert_eq!(mail["kind"], "ticket_opened");
        let recipients = mail["recipients"].as_array().unwrap();
        assert_eq!(recipients.len(), 2, "the admin and the viewer of the client");
        assert!(recipients.iter().all(|one| one["state"] == "SENT" && one["attempts"] == 1), "{mail}");
        let data = world.data(Who::ClientAdmin, READ, json!({ "id": ticket["id"] })).await;
        assert_eq!(data["node"]["mails"]["nodes"], json!([]));
    }

    async fn a_submission_shows_the_files_that_prove_it_to_who_may_see_them(store: TestStore) {
        const READ: &str = "query ($id: ID!) { node(id: $id) { ... on Ticket { attachments { fileName }
            submissions { attempt evidence { fileName submission { attempt } } } } } }";
        let world = World::new(store).await;
        let ticket = open(&world, world.alfa, "OTHER", "P3").await;
        let target = Target { ticket: ticket["id"].as_str().unwrap().parse().unwrap(), expected_version: None };
        let agent = || world.app.op(world.actor(Who::SupportAgent));
        let filed = || NewSubmission {
            channel: SubmissionChannel::DirectSupport,
            filed_by: None,
            meta_reference: None,
            submitted_at: None,
            expected_by: None,
        };
        tickets::move_to(&agent(), target, TicketStatus::Triage).await.unwrap();
        tickets::move_to(&agent(), target, TicketStatus::Ready).await.unwrap();
        let (_, first) = tickets::submit(&agent(), target, filed()).await.unwrap();
        tickets::move_to(&agent(), target, TicketStatus::InReview).await.unwrap();
        let said = SubmissionAnswer { outcome: SubmissionOutcome::Unchanged, answered_at: None, note: None };
        tickets::answer(&agent(), first.id, None, said).await.unwrap();
        tickets::move_to(&agent(), target, TicketStatus::Ready).await.unwrap();
        let (_, second) = tickets::submit(&agent(), target, filed()).await.unwrap();
        let file = |name: &str, visibility, submission| Attachment {
            id: AttachmentId::new(agent().now(), agent().random()),
            client: world.alfa,
            ticket: target.ticket,
            visibility,
            file_name: name.to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: 1,
            sha256: "0".repeat(64),
            path: format!("alfa/attachments/{name}"),
            action: None,
            submission,
            added_by: None,
            added_at: agent().now(),
        };
        let (public, internal) = (TicketEventVisibility::Public, TicketEventVisibility::Internal);
        let tx = world.app.write(&Visibility::System).await.unwrap();
        for file in [
            file("refusal.pdf", public, Some(first.id)),
            file("chat.pdf", internal, Some(first.id)),
            file("request.pdf", public, Some(second.id)),
            file("unrelated.pdf", public, None),
        ] {
            store::attachments::insert(&tx, &file).await.unwrap();
        }
        tx.commit().await.unwrap();
        let evidence = async |who| {
            let data = world.data(who, READ, json!({ "id": ticket["id"] })).await;
            let node = &data["node"];
            let names = |files: &Value| -> Vec<String> {
                let names = files.as_array().unwrap().iter().map(|file| file["fileName"].as_str().unwrap().to_owned());
                let mut names: Vec<String> = names.collect();
                names.sort_unstable();
                names
            };
            let submissions = node["submissions"].as_array().unwrap();
            assert_eq!(submissions[0]["evidence"][0]["submission"]["attempt"], 1, "and a file leads back");
            (names(&submissions[0]["evidence"]), names(&submissions[1]["evidence"]), names(&node["attachments"]).len())
        };
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (one, two) = (of(&["chat.pdf", "refusal.pdf"]), of(&["request.pdf"]));
        assert_eq!(evidence(Who::SupportAgent).await, (one, two.clone(), 4));
        assert_eq!(evidence(Who::ClientViewer).await, (of(&["refusal.pdf"]), two, 3), "what is internal stays so");
    }
}
